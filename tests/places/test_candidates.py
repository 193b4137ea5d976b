"""Candidates for a name, on small gazetteers: ranked, and certain only with a clear lead."""

from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from made_places import made_gazetteer
from rapidfuzz import fuzz

from mali_incidents.places.candidates import (
    CALIBRATED,
    NameIndex,
    Ranked,
    Scope,
    Spot,
    compare_keys,
)
from mali_incidents.places.frames import COUNTRY, read_frame
from mali_incidents.places.names import read_name, spelling_key

GAO, NIONO, KATI = "ML-2017/gao/gao", "ML-2017/segou/niono", "ML-2017/koulikoro/kati"
ANYWHERE = Scope((COUNTRY,), (COUNTRY,))
# In the cercles of Gao, Niono and Kati.
IN_GAO = {"latitude": 16.0, "longitude": 0.1}
IN_NIONO = {"latitude": 14.7, "longitude": -5.8}
IN_KATI = {"latitude": 12.6, "longitude": -8.2}


def index_of(*rows: dict[str, Any]) -> NameIndex:
    return NameIndex(made_gazetteer(*rows), read_frame())


def within(unit: str) -> Scope:
    return Scope((unit,), (read_frame().chain(unit)[0],))


def rank(
    index: NameIndex, name: str, scope: Scope = ANYWHERE, beside: tuple[Spot, ...] = ()
) -> Ranked:
    return index.rank(read_name(name), within=scope, beside=beside)


def test_the_made_places_lie_where_they_are_said_to() -> None:
    index = index_of(*({"name": "X", **at} for at in (IN_GAO, IN_NIONO, IN_KATI)))
    homes = [read_frame().chain(unit)[1] for unit in index.homes]
    assert homes == [GAO, NIONO, KATI]


@pytest.mark.parametrize("written", ["Tin-Boukari", "TINBOUKARI", "Ti-n-Bukari", "Tin Boucary"])
def test_one_place_of_a_name_is_certain_however_it_is_spelt(written: str) -> None:
    ranked = rank(index_of({"name": "Tin-Boukari", **IN_GAO}), written)
    assert ranked.rows == (0,)
    assert ranked.certain
    assert ranked.scores[0] >= CALIBRATED.least_score


# "Tata" and "taat": letters in common in another order; "ø" and "ŋ" are beyond ASCII.
@given(names=st.lists(st.text("atbkoøŋ", min_size=1), min_size=3, max_size=3))
def test_whatever_is_spelt_alike_is_a_candidate(names: list[str]) -> None:
    asked, *listed = names
    places = ({"name": name, **at} for name, at in zip(listed, (IN_GAO, IN_NIONO), strict=True))
    keys = [spelling_key(read_name(asked).name), *map(spelling_key, listed)]
    alike = {row for row, key in enumerate(keys[1:]) if fuzz.ratio(keys[0], key) >= 60}
    assert alike <= set(rank(index_of(*places), asked).rows)


def test_other_names_and_parts_of_names_are_found() -> None:
    index = index_of(
        {"name": "Tabakoro", "other_names": "Wolosso;Dankan", **IN_GAO},
        {"name": "Sirifila-Habé", **IN_NIONO},
    )
    assert rank(index, "Dankan").rows[:1] == (0,)
    assert rank(index, "Sirifila").rows[:1] == (1,)
    assert rank(index, "Sirifila").scores[0] < rank(index, "Sirifila-Habé").scores[0]


def test_of_two_places_of_a_name_none_is_certain_unless_a_unit_is_named() -> None:
    index = index_of({"name": "Tabakoro", **IN_GAO}, {"name": "Tabakoro", **IN_NIONO})
    everywhere = rank(index, "Tabakoro")
    assert sorted(everywhere.rows) == [0, 1]
    assert everywhere.margin == 0
    assert not everywhere.certain
    assert [rival.name for rival in index.rivals(everywhere)] == ["Tabakoro", "Tabakoro"]
    told = rank(index, "Tabakoro", within(NIONO))
    assert told.rows[0] == 1
    assert told.certain
    assert told.margin >= CALIBRATED.least_margin


def test_a_seat_goes_before_a_hamlet_of_its_name() -> None:
    index = index_of(
        {"name": "Tabakoro", **IN_GAO}, {"name": "Tabakoro", "seat": "cercle", **IN_NIONO}
    )
    ranked = rank(index, "Tabakoro")
    assert ranked.rows[0] == 1
    assert ranked.certain


def test_places_of_a_name_within_five_kilometres_are_one() -> None:
    near = {"latitude": IN_GAO["latitude"] + 0.02, "longitude": IN_GAO["longitude"]}
    far = {"latitude": IN_GAO["latitude"] + 0.1, "longitude": IN_GAO["longitude"]}
    index = index_of({"name": "Tabakoro", **IN_GAO}, {"name": "Tabakoro", **near})
    assert len(rank(index, "Tabakoro").rows) == 1
    index = index_of({"name": "Tabakoro", **IN_GAO}, {"name": "Tabakoro", **far})
    assert len(rank(index, "Tabakoro").rows) == 2


def test_the_more_there_is_to_choose_from_the_less_a_spelling_may_differ() -> None:
    index = index_of({"name": "Kourmabougou", **IN_NIONO})
    scores = [
        rank(index, "Kourmadougou", scope).scores[0]
        for scope in (within(NIONO), within("ML-2017/segou"), ANYWHERE)
    ]
    assert scores[0] >= CALIBRATED.least_score > scores[1] > scores[2]


@pytest.mark.parametrize(
    ("written", "other"), [("Mondoro", "Nioro"), ("Farabougou", "Bougouni"), ("Niono", "Nioro")]
)
def test_what_is_ruled_out_is_no_candidate_at_all(written: str, other: str) -> None:
    assert rank(index_of({"name": other, **IN_GAO}), written).rows == ()


def test_the_place_that_the_text_puts_near_is_taken() -> None:
    index = index_of({"name": "Tabakoro", **IN_GAO}, {"name": "Tabakoro", **IN_NIONO})
    spot = Spot(IN_NIONO["longitude"], IN_NIONO["latitude"] + 0.2, 0.0, 80.0, must=False)
    ranked = rank(index, "Tabakoro", beside=(spot,))
    assert ranked.rows[0] == 1
    assert ranked.certain


def test_a_place_that_must_lie_elsewhere_is_not_certain() -> None:
    index = index_of({"name": "Tabakoro", **IN_GAO})
    far = Spot(IN_NIONO["longitude"], IN_NIONO["latitude"], 0.0, 80.0, must=True)
    assert rank(index, "Tabakoro").certain
    assert not rank(index, "Tabakoro", beside=(far,)).certain
    helpful = far._replace(must=False)
    assert rank(index, "Tabakoro", beside=(helpful,)).certain


def test_a_place_just_over_the_border_of_its_unit_is_nearly_in_it() -> None:
    corners = shapely.get_coordinates(read_frame().polygon(KATI))
    longitude, north = corners[corners[:, 1].argmax()]
    index = index_of(
        {"name": "Tabakoro", "longitude": longitude, "latitude": north + 0.03},
        {"name": "Wolosso", "longitude": longitude, "latitude": north + 0.3},
    )
    assert rank(index, "Tabakoro", within(KATI)).certain
    assert not rank(index, "Wolosso", within(KATI)).certain
    assert not rank(index, "Tabakoro", within(GAO)).certain


def test_a_place_filed_elsewhere_than_it_lies_has_the_radius_of_the_gap() -> None:
    astray = {"problem": "outside-its-commune", "off_km": 12.0}
    index = index_of({"name": "Tabakoro", **IN_GAO}, {"name": "Wolosso", **IN_GAO, **astray})
    assert index.radius_km(1) == pytest.approx(index.radius_km(0) + 12)
    assert rank(index, "Wolosso").certain


def test_what_ships_is_where_it_says() -> None:
    index = index_of(
        {"name": "Tabakoro", **IN_GAO, "source": "shipped"}, {"name": "Wolosso", **IN_GAO}
    )
    assert index.radius_km(0) == 1.5
    assert index.radius_km(1) > 1.5


@pytest.mark.parametrize(
    ("written", "kind", "found"),
    [
        ("Wagadou forest", "forest", True),
        ("Wagadou forest", "village", False),
        ("Wagadou village", "forest", False),
        ("Wagadou", "forest", True),
        ("Wagadou district", "district of a city", True),
        ("Wagadou district", "village", True),
        ("Wagadou district", "forest", False),
        ("lac Wagadou", "lake", True),
        ("lac Wagadou", "town", False),
        ("Wagadou well", "village", True),
    ],
)
def test_a_type_word_asks_for_its_kind_of_place(written: str, kind: str, found: bool) -> None:
    index = index_of({"name": "Wagadou", "kind": kind, **IN_NIONO})
    assert bool(rank(index, written).rows) == found


def test_units_are_found_by_name_and_level_in_what_is_named() -> None:
    index = index_of({"name": "Tabakoro", **IN_GAO})
    gao = read_name("Gao")
    assert index.units_called(gao, level="region", within=ANYWHERE) == ["ML-2017/gao"]
    assert index.units_called(gao, level="cercle", within=ANYWHERE) == [GAO]
    assert index.finest_called(gao, within=ANYWHERE) == [f"{GAO}/gao"]
    assert index.units_called(gao, level="cercle", within=within(NIONO)) == []
    benkadi = index.units_called(read_name("Benkadi"), level="commune", within=ANYWHERE)
    assert len(benkadi) > 2
    near = index.units_called(read_name("Kangabba"), level="cercle", within=ANYWHERE)
    assert near == ["ML-2017/koulikoro/kangaba"]
    tombouctou = index.units_called(read_name("Timbuktu"), level="region", within=ANYWHERE)
    assert tombouctou == ["ML-2017/tombouctou"]


@pytest.mark.parametrize("name", ["", "’", "cercle de", "東京", "x" * 3000])
def test_what_is_no_name_has_no_certain_candidate(name: str) -> None:
    index = index_of({"name": "Tabakoro", **IN_GAO})
    assert not rank(index, name).certain
    assert not index.units_called(read_name(name), level="region", within=ANYWHERE)


def test_an_empty_gazetteer_still_has_its_units() -> None:
    index = NameIndex(made_gazetteer(), read_frame())
    assert rank(index, "Gao").rows == ()
    assert index.finest_called(read_name("Gao"), within=ANYWHERE)


def test_likeness_is_the_same_both_ways() -> None:
    one, other = spelling_key("Indelimane"), spelling_key("Yélimané")
    assert compare_keys(one, one) == 1
    assert compare_keys(one, other) == compare_keys(other, one) < CALIBRATED.least_score
