"""What a reader reads: dates, tolls, distances and cards on the saved page, in both languages."""

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from made_located import disc, located_table
from playwright.sync_api import Browser, Locator, Page
from shapely import Point

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.messages import LANGUAGES, read_messages
from mali_incidents.maps.payload import read_block
from mali_incidents.records.coverage import read_coverage
from mali_incidents.storage import shipped
from mali_incidents.tables import Reason, Source

# A French line never ends before high punctuation or inside guillemets.
LOOSE = re.compile(r" [:;!?»]|« ")
BLANKS = str.maketrans("\u00a0\u202f\u2009", "   ")

INCIDENTS = [
    {
        "event_type": "Strategic developments",
        "sub_event_type": "Other",
        "date_start": pd.Timestamp("2025-05-11"),
        "date_end": pd.Timestamp("2025-05-12"),
        "date_precision": "days",
        "fatalities_low": 0,
        "fatalities_best": 3,
        "fatalities_high": 3,
        "summary": "Made for this test.",
        "location_text": "Mourdiah",
        "footprint": disc(-7.47, 14.47, 250),
        "geometry": Point(-7.47, 14.47),
        "uncertainty_m": 250.0,
        "method": "place",
        "admin1_name": "Koulikoro",
        "admin2_name": "Nara",
        "admin3_name": "N'Gabacoro",
        "reason": Reason("place", {"name": "mourdiah", "place": "Mourdiah", "unit": "Nara"}),
        "sources": [Source("A report", None, "2025-05-13"), Source("Another", None, "in spring")],
    }
]


@pytest.fixture(scope="module")
def pages(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Page]]:
    """The page of one made incident, by language."""
    folder = tmp_path_factory.mktemp("words")
    context = browser.new_context(viewport={"width": 1400, "height": 900}, offline=True)
    opened = {}
    for lang in LANGUAGES:
        path = folder / f"{lang}.html"
        incident_map(located_table(INCIDENTS), lang=lang, around="Bamako").save(path)
        opened[lang] = context.new_page()
        opened[lang].goto(path.as_uri())
        opened[lang].wait_for_selector(".mi-panel")
    yield opened
    context.close()


def said(page: Page, call: str, *values: Any) -> str:
    """Let the page say something, with plain blanks."""
    words = page.evaluate(
        "([call, values]) => { const name = Object.keys(window)"
        ".find((one) => one.startsWith('map_data_')); return window[name].text[call](...values); }",
        [call, list(values)],
    )
    return words.translate(BLANKS)


def open_card(page: Page) -> Locator:
    """Open the one incident from the list."""
    page.locator(".mi-inner").last.evaluate("fold => { fold.open = true; }")
    page.locator(".mi-panel .mi-list button").click()
    return page.locator(".mi-popup .mi-card").last


def day(text: str) -> int:
    """Count the days since 1970-01-01, as the page does."""
    return (pd.Timestamp(text) - pd.Timestamp(0)).days


@pytest.mark.browser
@pytest.mark.parametrize(
    ("start", "end", "precision", "english", "french"),
    [
        ("2024-09-17", "2024-09-17", "day", "17 September 2024", "17 septembre 2024"),
        ("2024-07-01", "2024-07-01", "day", "1 July 2024", "1er juillet 2024"),
        (
            "2012-04-30", "2012-05-01", "day",
            "30 April to 1 May 2012", "Du 30 avril au 1er mai 2012",
        ),
        ("2025-05-11", "2025-05-12", "days", "11 or 12 May 2025", "Le 11 ou le 12 mai 2025"),
        (
            "2024-12-31", "2025-01-01", "days",
            "31 December 2024 or 1 January 2025", "Le 31 décembre 2024 ou le 1er janvier 2025",
        ),
        (
            "2025-09-01", "2025-09-10", "month",
            "Between 1 and 10 September 2025", "Entre le 1er et le 10 septembre 2025",
        ),
        (
            "2025-04-25", "2025-05-10", "month",
            "Between 25 April and 10 May 2025", "Entre le 25 avril et le 10 mai 2025",
        ),
        (
            "2024-12-20", "2025-01-12", "year",
            "Between 20 December 2024 and 12 January 2025",
            "Entre le 20 décembre 2024 et le 12 janvier 2025",
        ),
        ("2024-02-01", "2024-02-29", "month", "February 2024", "février 2024"),
        ("2024-02-01", "2024-02-29", "days", "February 2024", "février 2024"),
        ("2024-01-01", "2024-12-31", "year", "2024", "2024"),
        ("2024-01-01", "2024-12-31", "day", "1 January to 31 December 2024", None),
        # A lone day that is said to be no more than a month or a year.
        ("2024-02-11", "2024-02-11", "month", "February 2024", "février 2024"),
        ("2024-02-11", "2024-02-11", "year", "2024", "2024"),
        ("2024-02-11", "2024-02-11", "week", "About 11 February 2024", "Vers le 11 février 2024"),
    ],
)  # fmt: skip
def test_dates_say_what_is_known_and_no_more(
    pages: dict[str, Page], start: str, end: str, precision: str, english: str, french: str | None
) -> None:
    assert said(pages["en"], "date", day(start), day(end), precision) == english
    if french:
        assert said(pages["fr"], "date", day(start), day(end), precision) == french


@pytest.mark.browser
@pytest.mark.parametrize(
    ("toll", "english", "french"),
    [
        ((3, 3, 3), "3", "3"),
        ((0, 3, 3), "0–3, best supported 3", "0 à 3, chiffre le mieux étayé : 3"),
        ((77, 77, 100), "77–100, best supported 77", "77 à 100, chiffre le mieux étayé : 77"),
        ((2, None, 5), "2–5", "2 à 5"),
        ((10, 10, None), "at least 10", "au moins 10"),
        ((10, None, None), "at least 10", "au moins 10"),
        ((2, 3, None), "at least 2, best supported 3", "au moins 2, chiffre le mieux étayé : 3"),
        ((None, 5, 5), "at most 5", "au plus 5"),
        ((None, None, 5), "at most 5", "au plus 5"),
        ((None, 4, 5), "at most 5, best supported 4", "au plus 5, chiffre le mieux étayé : 4"),
        ((None, 4, None), "4, range not given", "4, sans fourchette"),
        ((None, None, None), "not known", "inconnu"),
    ],
)
def test_a_toll_is_never_more_certain_than_the_record(
    pages: dict[str, Page], toll: tuple[int | None, ...], english: str, french: str
) -> None:
    assert said(pages["en"], "toll", *toll) == english
    assert said(pages["fr"], "toll", *toll) == french


@pytest.mark.browser
def test_a_short_distance_is_said_in_metres(pages: dict[str, Page]) -> None:
    metres = (249.6, 999, 1000, 2340, 43210)
    assert [said(pages["en"], "distance", one) for one in metres] == [
        "250 m", "999 m", "1 km", "2.3 km", "43 km",
    ]  # fmt: skip
    assert said(pages["fr"], "distance", 2340) == "2,3 km"


@pytest.mark.browser
@pytest.mark.parametrize(
    ("lang", "expected"),
    {
        "en": (
            "Strategic developments · Other",
            "11 or 12 May 2025",
            "0–3, best supported 3",
            "Mourdiah, N’Gabacoro, Nara, Koulikoro",
            "within 250 m of the point",
            "A report 13 May 2025",
            "Another in spring",
        ),
        "fr": (
            "Développements stratégiques · Autre",
            "Le 11 ou le 12 mai 2025",
            "à moins de 250 m du point",
            "A report 13 mai 2025",
        ),
    }.items(),
)
def test_a_card_says_type_place_dates_and_precision_in_words(
    pages: dict[str, Page], lang: str, expected: tuple[str, ...]
) -> None:
    page = pages[lang]
    card = open_card(page).inner_text().translate(BLANKS)
    for words in expected:
        assert words in card


@pytest.mark.browser
def test_names_are_set_with_the_apostrophe_of_print(pages: dict[str, Page]) -> None:
    data = read_block(pages["fr"].locator("script[type='application/json']").inner_text())
    labels = data["basemap"]["labels"]
    names = [label.get("text") or label["texts"]["fr"] for label in labels]
    assert [name for name in names if "'" in name] == []
    assert {"CÔTE D’IVOIRE", "N’Tillit", "M’Pessoba"} <= set(names)


@pytest.mark.browser
def test_the_buttons_of_the_map_speak_its_language(pages: dict[str, Page]) -> None:
    page = pages["fr"]
    assert page.locator(".leaflet-control-zoom-in").get_attribute("title") == "Zoom avant"
    assert page.locator(".leaflet-control-zoom-out").get_attribute("aria-label") == "Zoom arrière"
    open_card(page)
    close = page.locator(".leaflet-popup-close-button").last
    assert close.get_attribute("aria-label") == "Fermer"


def test_french_punctuation_never_begins_a_line() -> None:
    coverage = read_coverage(shipped("incidents", "coverage.toml"))
    texts = [*read_messages("fr").values(), *coverage.selection.values(), *coverage.title.values()]
    assert [text for text in texts if LOOSE.search(text)] == []
    assert any("\u00a0:" in text for text in texts)


def test_english_is_left_as_it_is_written() -> None:
    assert not any("\u00a0" in text for text in read_messages("en").values())
