"""Relations drawn on the ground: as far, and on that side, as the words may mean."""

import pytest
import shapely
from made_places import made_gazetteer
from pyproj import Geod

from mali_incidents.places.candidates import NameIndex, Scope
from mali_incidents.places.frames import read_frame
from mali_incidents.places.phrases import read_phrases
from mali_incidents.places.relations import areas_of, check_against, find_anchor
from mali_incidents.places.resolve import Asked, resolve
from mali_incidents.places.scopes import WHOLE_COUNTRY

GAO = (-0.05, 16.267)
TOWN = {"name": "Gao", "longitude": GAO[0], "latitude": GAO[1], "kind": "town", "seat": "region"}
ANSONGO = {"name": "Ansongo", "longitude": 0.502, "latitude": 15.66, "seat": "cercle"}


@pytest.fixture(scope="module")
def index() -> NameIndex:
    hamlet = {"name": "Tabakoro", "longitude": -5.8, "latitude": 14.7, "kind": "hamlet"}
    return NameIndex(made_gazetteer(TOWN, ANSONGO, hamlet), read_frame())


def area(text: str, index: NameIndex, scope: Scope = WHOLE_COUNTRY) -> shapely.Geometry:
    """The one area that a text means."""
    (statement,) = read_phrases(text)
    (answer,), notes = areas_of(list(statement), scope, index)
    assert notes == []
    assert shapely.dwithin(answer.point, answer.footprint, 1e-9)
    return answer.footprint


def at(azimuth: float, km: float) -> shapely.Point:
    """A point so far from Gao, on that side."""
    longitude, latitude, _ = Geod(ellps="WGS84").fwd(*GAO, azimuth, km * 1000)
    return shapely.Point(longitude, latitude)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("30 km south of Gao", [(180, 30), (150, 30), (210, 33)], [(0, 30), (180, 60), (180, 5)]),
        ("20 miles south of Gao", [(180, 32)], [(180, 60)]),
        ("30–60 km east of Gao", [(90, 30), (90, 45), (90, 60)], [(270, 45), (90, 100)]),
        ("30 km from Gao", [(0, 30), (90, 10), (200, 30)], [(0, 50)]),
        ("30 km SSW of Gao", [(202, 30)], [(180 + 60, 30), (150, 30)]),
        ("south of Gao", [(180, 1), (180, 30)], [(0, 30), (180, 100)]),
        ("near Gao", [(0, 20)], [(0, 60)]),
        ("outskirts of Gao", [(0, 5)], [(0, 20)]),
        ("between Gao and Ansongo", [(138, 40)], [(318, 40), (138, 150)]),
        ("axe Gao-Ansongo", [(138, 40)], [(48, 60)]),
        ("northern Mali", [(0, 300)], [(240, 700)]),
        ("nord de la région de Gao", [(0, 150)], [(140, 80)]),
        ("border with Niger", [(120, 180)], [(0, 1), (270, 300)]),
    ],
)
def test_an_area_holds_what_the_words_may_mean_and_not_more(
    index: NameIndex,
    text: str,
    inside: list[tuple[float, float]],
    outside: list[tuple[float, float]],
) -> None:
    drawn = area(text, index)
    assert [shapely.covers(drawn, at(*one)) for one in inside] == [True] * len(inside)
    assert [shapely.covers(drawn, at(*one)) for one in outside] == [False] * len(outside)


def test_more_of_a_doubt_is_a_larger_area(index: NameIndex) -> None:
    sizes = [
        shapely.area(area(f"{words} south of Gao", index))
        for words in ("29 km", "30 km", "about 30 km")
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_an_area_is_clipped_to_the_units_named(index: NameIndex) -> None:
    cercle = Scope(("ML-2017/gao/gao",), ("ML-2017/gao",))
    drawn = area("100 km south of Gao", index)
    clipped = area("60 km south of Gao", index, cercle)
    assert not shapely.covers(read_frame().polygon("ML-2017/gao/gao"), drawn)
    assert shapely.covers(read_frame().polygon("ML-2017/gao/gao").buffer(1e-6), clipped)


def test_what_is_too_far_or_not_known_is_said(index: NameIndex) -> None:
    for text in ("9,000 km north of Gao", "near Xyzzy", "between Gao and Xyzzy"):
        (statement,) = read_phrases(text)
        answers, notes = areas_of(list(statement), WHOLE_COUNTRY, index)
        assert answers == []
        assert notes == [("not-read", {"text": text})]
    (statement,) = read_phrases("near Gao")
    kayes = Scope(("ML-2017/kayes",), ("ML-2017/kayes",))
    assert areas_of(list(statement), kayes, index)[1][0][0] == "clash-unit"


def test_from_elsewhere_only_towns_are_told_by(index: NameIndex) -> None:
    kayes = Scope(("ML-2017/kayes",), ("ML-2017/kayes",))
    assert find_anchor("Tabakoro", WHOLE_COUNTRY, index) is not None
    assert find_anchor("Tabakoro", kayes, index) is None
    town = find_anchor("Gao", kayes, index)
    assert town is not None
    assert town.point == shapely.Point(GAO)
    unit = find_anchor("cercle de Kangaba", kayes, index)
    assert unit is not None
    assert unit.name == "Kangaba"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("90 km south-east of Gao", ["agrees"]),
        ("90 km north of Gao", ["clash"]),
        ("200 km south-east of Gao", ["clash"]),
        ("90 km from Gao", ["agrees"]),
        ("near Tabakoro", ["clash-near"]),
        ("near Ansongo", []),
        ("90 km from Xyzzy", ["not-read"]),
    ],
)
def test_an_answer_is_checked_against_what_else_is_told(
    index: NameIndex, text: str, codes: list[str]
) -> None:
    (answer,) = resolve(Asked("Ansongo town"), index)
    (statement,) = read_phrases(text)
    notes = check_against(answer, list(statement), WHOLE_COUNTRY, index)
    assert [code for code, _ in notes] == codes
