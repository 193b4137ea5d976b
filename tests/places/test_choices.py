"""What a person types: every form is read, and what is none says why, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.errors import LocateError
from mali_incidents.places.choices import Choice, read_choice
from mali_incidents.places.frames import read_frame
from mali_incidents.tables import Candidate

KANGABA = "ML-2017/koulikoro/kangaba"
UNIT = Candidate("Benkadi", "Kangaba", None, 1.0, unit_id=f"{KANGABA}/benkadi")
PLACE = Candidate("Boni", "Douentza", 5.0, 0.9, latitude=15.07, longitude=-2.22)


def read(said: str, lang: str = "en") -> Choice:
    return read_choice(said, candidates=(UNIT, PLACE), frame=read_frame(), lang=lang)


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        ("1", Choice("Benkadi", f"{KANGABA}/benkadi", None, None, 3.0)),
        (" 2 ", Choice("Boni", "", 15.07, -2.22, 3.0)),
        ("2, 5 km", Choice("Boni", "", 15.07, -2.22, 5.0)),
        ("2; 0,5km", Choice("Boni", "", 15.07, -2.22, 0.5)),
        ("12.2, -8.6", Choice("", "", 12.2, -8.6, 3.0)),
        ("12.2 \N{MINUS SIGN}8.6 7", Choice("", "", 12.2, -8.6, 7.0)),
        ("12.2;-8.6;7.5 km", Choice("", "", 12.2, -8.6, 7.5)),
        ("12,2; -8,6", Choice("", "", 12.2, -8.6, 3.0)),
        (KANGABA, Choice("Kangaba", KANGABA, None, None, 3.0)),
        ("kangaba", Choice("Kangaba", KANGABA, None, None, 3.0)),
        ("Cercle de KANGABA", Choice("Kangaba", KANGABA, None, None, 3.0)),
        ("Benkadi, Kangaba", Choice("Benkadi", f"{KANGABA}/benkadi", None, None, 3.0)),
        (
            "commune de Benkadi, cercle de Kangaba, Koulikoro",
            Choice("Benkadi", f"{KANGABA}/benkadi", None, None, 3.0),
        ),
        ("Mali", Choice("Mali", "ML", None, None, 3.0)),
    ],
)
def test_every_form_is_read(said: str, choice: Choice) -> None:
    assert read(said) == choice


@pytest.mark.parametrize(
    ("said", "english", "french"),
    [
        ("3", "numbers from 1 to 2", "va de 1 à 2"),
        ("0", "numbers from 1 to 2", "va de 1 à 2"),
        ("\N{SUPERSCRIPT TWO}", "neither a number of the list", "ni un numéro"),
        ("Xyzzy", "nor a unit of mali-2017", "ni une unité de mali-2017"),
        ("Benkadi, Gao", "nor a unit of mali-2017", "ni une unité de mali-2017"),
        ("région de Kangaba", "nor a unit", "ni une unité"),
        ("{0}", "'{0}' is no answer", "'{0}' n’est pas"),
        ("9" * 5000, "is no answer", "n’est pas"),
        ("", "'' is no answer", "'' n’est pas"),
        ("12.2", "no answer", "pas une réponse"),
        ("1 2 3 4", "no answer", "pas une réponse"),
        ("1234, 5", "latitude 1234, longitude 5 lies outside mali-2017", "est hors de mali-2017"),
        ("-8.6, 12.2", "latitude comes first", "la latitude vient en premier"),
        ("12.2, -8.6, 0", "above 0 and up to 2000 km, got 0", "dépasser 0"),
        ("2, 9999 km", "got 9999", "reçu 9999"),
        ("Benkadi", f"{KANGABA}/benkadi  (Benkadi, Kangaba, Koulikoro)", "désigne plusieurs"),
    ],
)
def test_what_is_no_answer_says_why(said: str, english: str, french: str) -> None:
    for lang, why in (("en", english), ("fr", french)):
        with pytest.raises(LocateError) as refused:
            read(said, lang)
        assert why in str(refused.value)


def test_without_a_list_no_number_is_an_answer() -> None:
    with pytest.raises(LocateError, match="neither"):
        read_choice("1", candidates=(), frame=read_frame())


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(said: str) -> None:
    try:
        choice = read(said)
    except LocateError:
        return
    assert choice.unit_id in read_frame().units.index or choice.latitude is not None
