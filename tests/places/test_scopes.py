"""The units named narrow the country, and what does not fit is said."""

import pytest
from made_places import made_gazetteer

from mali_incidents.places.candidates import NameIndex, Scope
from mali_incidents.places.frames import read_frame
from mali_incidents.places.scopes import WHOLE_COUNTRY, narrowed

KANGABA = Scope(("ML-2017/koulikoro/kangaba",), ("ML-2017/koulikoro",))


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return NameIndex(made_gazetteer(), read_frame())


@pytest.mark.parametrize(
    ("named", "scope"),
    [
        ([], WHOLE_COUNTRY),
        ([("Kangaba", "cercle")], KANGABA),
        ([("KANGABA", "cercle"), ("Koulikoro", "region")], KANGABA),
        ([("cercle de Kangaba", "cercle"), ("Koulikoro region", "region")], KANGABA),
        ([("Kangabba", "cercle")], KANGABA),
        ([("Bamako District", "region")], Scope(("ML-2017/bamako",), ("ML-2017/bamako",))),
        ([("Tombouctou", "region")], Scope(("ML-2017/tombouctou",), ("ML-2017/tombouctou",))),
        ([("Timbuktu", "region")], Scope(("ML-2017/tombouctou",), ("ML-2017/tombouctou",))),
    ],
)
def test_units_narrow_in_any_order_and_spelling(
    index: NameIndex, named: list[tuple[str, str]], scope: Scope
) -> None:
    assert narrowed(WHOLE_COUNTRY, named, index) == (scope, [])


def test_what_is_not_known_or_does_not_fit_is_said_and_leaves_the_rest(index: NameIndex) -> None:
    for odd in ("Atlantis", "Niono"):
        named = [("Koulikoro", "region"), (odd, "cercle")]
        scope, notes = narrowed(WHOLE_COUNTRY, named, index)
        assert scope.units == ("ML-2017/koulikoro",)
        assert notes == [("units-unknown", {"text": odd})]


def test_communes_of_a_name_are_all_kept(index: NameIndex) -> None:
    scope, notes = narrowed(WHOLE_COUNTRY, [("Benkadi", "commune")], index)
    assert len(scope.units) == 4
    assert len(scope.regions) == 2
    assert notes == []


def test_a_region_of_2023_is_the_cercles_in_it_and_narrows_further(index: NameIndex) -> None:
    scope, notes = narrowed(WHOLE_COUNTRY, [("Bougouni", "region")], index)
    assert len(scope.units) == 3
    assert notes == [
        ("region-2023", {"name": "Bougouni", "units": "Bougouni, Kolondiéba, Yanfolila"})
    ]
    named = [("Bougouni", "region"), ("Yanfolila", "cercle")]
    assert narrowed(WHOLE_COUNTRY, named, index)[0].units == ("ML-2017/sikasso/yanfolila",)


def test_a_region_of_2023_goes_by_the_other_names_of_its_town(index: NameIndex) -> None:
    scope, notes = narrowed(WHOLE_COUNTRY, [("Nioro du Sahel", "region")], index)
    assert scope.units == ("ML-2017/kayes/diema", "ML-2017/kayes/nioro")
    assert [code for code, _ in notes] == ["region-2023"]


def test_of_units_joined_by_and_each_may_be_meant(index: NameIndex) -> None:
    named = [("Gao", "region"), ("Ménaka", "region")]
    assert narrowed(WHOLE_COUNTRY, named, index)[0].units == ("ML-2017/gao/menaka",)
    scope, _ = narrowed(WHOLE_COUNTRY, named, index, joined={"Ménaka"})
    assert scope.units == ("ML-2017/gao", "ML-2017/gao/menaka")
    assert scope.regions == ("ML-2017/gao",)
