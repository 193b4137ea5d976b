"""Units and places by name and by point, and refusals that say what to do."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_located import small_frame
from shapely import Point

from mali_incidents.errors import LocateError
from mali_incidents.places.frames import COUNTRY, AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer

NARENA = "ML-2017/koulikoro/kangaba/narena"


def test_units_are_nested() -> None:
    frame = read_frame()
    assert frame.units["level"].value_counts().to_dict() == {
        "commune": 701,
        "cercle": 50,
        "region": 9,
        "country": 1,
    }
    assert frame.chain(NARENA) == ["ML-2017/koulikoro", "ML-2017/koulikoro/kangaba", NARENA]
    assert frame.common([NARENA, "ML-2017/koulikoro/kati"]) == "ML-2017/koulikoro"
    assert frame.common([NARENA, "ML-2017/kayes"]) == COUNTRY


def test_a_point_outside_is_in_no_unit() -> None:
    inside, outside = read_frame().units_at(np.array([-8.62, 2.35]), np.array([12.23, 48.85]))
    assert (inside, outside) == (NARENA, None)


def test_units_are_found_by_level_and_code() -> None:
    frame = small_frame()
    assert frame.levels == ("region", "cercle", "commune")
    assert frame.chain_levels("ML-2017/east/south") == {
        "region": "ML-2017/east",
        "cercle": "ML-2017/east/south",
    }
    assert frame.find_pcode("ML01") == []
    units = frame.units.drop(index=COUNTRY).reset_index()
    units["pcode"] = [f"P{number}" for number in range(len(units))]
    units["other_names"] = "Elsewhere;Ailleurs"
    coded = AdminFrame(name="coded", units=units, simplified=frame.simplified)
    assert coded.find_pcode("P0") == ["ML-2017/west/south/field"]
    assert len(coded.find("ailleurs", level="region")) == 2
    assert coded.credit == "coded"


def test_a_region_of_2017_is_not_claimed_to_be_todays() -> None:
    frame = read_frame()
    assert frame.regions_2023(["ML-2017/koulikoro"]) == "Koulikoro; Dioïla; Nara"
    assert frame.regions_2023(["ML-2017/koulikoro/nara"]) == "Nara"
    two = ["ML-2017/segou/san", "ML-2017/segou/tominian"]
    assert frame.regions_2023(two) == "San"
    assert frame.regions_2023([*two, "ML-2017/kidal"]) == "San; Kidal"
    assert frame.regions_2023([]) is frame.regions_2023([COUNTRY]) is None
    assert frame.units.loc["ML-2017/gao", "region_2023"] == "Gao; Ménaka"
    assert frame.region_2023_holds("nioro") == ["ML-2017/kayes/diema", "ML-2017/kayes/nioro"]


def test_ground_that_2023_shared_out_is_said() -> None:
    frame = read_frame()
    tombouctou = "ML-2017/tombouctou/tombouctou"
    assert frame.shared_2023 == {tombouctou: ("Tombouctou", "Taoudénit")}
    assert frame.region_2023_holds("Taoudénit") == [tombouctou]
    assert frame.regions_2023([f"{tombouctou}/salam"]) == "Tombouctou; Taoudénit"
    assert len(frame.caveats) == 1
    assert "cannot be told apart" in frame.caveats[0]


points = st.tuples(st.floats(-10.5, -7.5), st.floats(11.5, 14.5))


@given(st.lists(points, min_size=1))
def test_a_point_is_in_the_first_of_the_finest_units_that_hold_it(some) -> None:
    frame = small_frame()
    for (x, y), unit in zip(some, frame.units_at(*np.array(some).T), strict=True):
        held_by = [
            one
            for one in sorted(frame.units.index)
            if frame.level(one) == "commune" and frame.polygon(one).intersects(Point(x, y))
        ]
        assert unit == next(iter(held_by), None)


def test_an_unknown_frame_is_refused() -> None:
    with pytest.raises(LocateError, match=r"no frame 'mali-1960'; known are: mali-2017"):
        read_frame("mali-1960")


def test_a_place_is_one_or_refused() -> None:
    assert read_gazetteer().place("BAMAKO")["name"] == "Bamako"
    with pytest.raises(LocateError, match="no place called"):
        read_gazetteer().place("<img onerror>")
    places = read_gazetteer().places
    twice = Gazetteer(name="twice", places=pd.concat([places, places.assign(latitude=12)]))
    with pytest.raises(LocateError, match="more than one place"):
        twice.place("Kati")
    with pytest.raises(LocateError, match=r"lacks the column\(s\) name, extent_km"):
        Gazetteer(name="bare", places=places.drop(columns=["name", "extent_km"]))


def test_an_enclave_is_touched_though_no_corner_lies_in_it() -> None:
    frame = read_frame()
    bamako = frame.circle("ML-2017/bamako").centre
    touched = frame.units_touched(bamako.buffer(0.6))
    assert {"ML-2017/bamako", "ML-2017/koulikoro"} <= {
        unit for one in touched for unit in frame.chain(one)
    }


def test_a_unit_touches_none_but_its_own() -> None:
    frame = read_frame()
    for unit in ("ML-2017/gao/ansongo", "ML-2017/bamako"):
        touched = frame.units_touched(frame.polygon(unit))
        assert touched
        assert all(frame.holds(unit, one) for one in touched)
