"""What an edition says of itself."""

import dataclasses
import re

import pytest

from mali_incidents.release.profiles import read_profile
from mali_incidents.release.words import day_words, notice_of, places_words, statement_of

PUBLIC = read_profile("public")


@pytest.mark.parametrize(
    ("day", "lang", "said"),
    [
        ("2026-01-31", "en", "31 January 2026"),
        ("2026-01-31", "fr", "31 janvier 2026"),
        ("2025-08-01", "en", "1 August 2025"),
        ("2025-08-01", "fr", "1er août 2025"),
    ],
)
def test_a_day_is_written_as_a_reader_writes_it(day: str, lang: str, said: str) -> None:
    assert day_words(day, lang=lang) == said


@pytest.mark.parametrize(
    ("decimals", "lang", "said"),
    [
        (0, "en", "Coordinates are given to whole degrees, about 110 km."),
        (1, "en", "Coordinates are given to 1 decimal of a degree, about 11 km."),
        (2, "en", "Coordinates are given to 2 decimals of a degree, about 1.1 km."),
        (3, "en", "Coordinates are given to 3 decimals of a degree, about 110 m."),
        (0, "fr", "Coordonnées au degré entier, soit environ 110 km."),
        (1, "fr", "Coordonnées à 1 décimale de degré, soit environ 11 km."),
        (2, "fr", "Coordonnées à 2 décimales de degré, soit environ 1,1 km."),
        (4, "fr", "Coordonnées à 4 décimales de degré, soit environ 11 m."),
    ],
)
def test_decimals_are_said_with_their_number(decimals: int, lang: str, said: str) -> None:
    profile = dataclasses.replace(PUBLIC, coarsen="decimals", decimals=decimals)
    assert re.sub(r"\s", " ", places_words(profile, lang)) == said


@pytest.mark.parametrize(("grid", "said"), [(0.5, "500 m"), (12.5, "12.5 km"), (25.0, "25 km")])
def test_a_cell_of_a_grid_is_as_long_as_it_is(grid: float, said: str) -> None:
    profile = dataclasses.replace(PUBLIC, coarsen="grid", grid_km=grid)
    assert f"squares of {said} or more" in re.sub(r"\s", " ", places_words(profile, "en"))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_an_edition_without_a_row_says_so_and_nothing_of_rows(lang: str) -> None:
    told = {"read": 10, "given": 0, "as_of": "2025-06-30"}
    notice = notice_of(PUBLIC, lang, **told)
    said = statement_of(PUBLIC, lang, why={"terms": 3, "embargo": 7}, found={}, **told)
    words = {
        "en": ("no incident is given", "No incident of the 10 read"),
        "fr": ("aucun incident", "Aucun des"),
    }
    assert words[lang][0] in notice
    assert words[lang][1] in said
    assert {"commune", "links", "liens"}.isdisjoint(re.findall(r"\w+", said + notice))
    assert "10" in notice
    none = {"read": 0, "given": 0, "as_of": "2025-06-30"}
    unread = {"en": "No incident was read", "fr": "Aucun incident n’a été lu"}[lang]
    assert statement_of(PUBLIC, lang, why={}, found={}, **none).startswith(unread)
    for profile in (PUBLIC, read_profile("internal")):
        assert unread.lower() in notice_of(profile, lang, **none).lower()


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "less than 1 day before"), ("fr", "moins de 1 jour avant")],
)
def test_one_of_what_is_counted_is_said_of_one(lang: str, said: str) -> None:
    profile = dataclasses.replace(PUBLIC, embargo_days=1, verification=("confirmed",))
    told = {"read": 3, "given": 1, "as_of": "2025-06-30", "found": {}}
    text = statement_of(profile, lang, why={"embargo": 1, "verification": 1}, **told)
    assert said in re.sub(r"\s", " ", text)
    assert text.startswith({"en": "1 of the 3 incidents read is", "fr": "Est donné 1"}[lang])
    assert {"en": "being confirmed: 1", "fr": "confirmé : 1"}[lang] in re.sub(r"\s", " ", text)
