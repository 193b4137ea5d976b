import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import disc, located_table
from pandas.testing import assert_frame_equal
from pyproj import Geod
from shapely import Polygon, box

from mali_incidents.counts.around import count_around, footprint_distances
from mali_incidents.errors import CountError

BAMAKO = {"latitude": 12.6392, "longitude": -8.0029}

discs = st.builds(disc, st.floats(-12, 4), st.floats(10, 24), st.floats(100, 200_000))
footprints = st.lists(st.none() | discs, max_size=6)
radii = st.lists(st.floats(0.001, 3000), min_size=1, max_size=4, unique=True)


@settings(max_examples=30)
@given(footprints, radii)
def test_rows_are_conserved_and_counts_grow_with_the_radius(areas, radii_km):
    table = located_table([{"footprint": area} for area in areas])
    counts = count_around(table, radii_km=radii_km, **BAMAKO)
    four = counts[["certain", "possible", "outside", "not_located"]]
    assert list(counts["radius_km"]) == sorted(radii_km)
    assert (four >= 0).all(axis=None)
    assert (four.sum(axis=1) == len(areas)).all()
    assert counts["certain"].is_monotonic_increasing
    assert (counts["certain"] + counts["possible"]).is_monotonic_increasing


@settings(max_examples=30)
@given(st.floats(-12, 4), st.floats(10, 24), st.floats(10, 150_000))
def test_the_near_and_far_edge_of_a_disc_are_its_centre_less_and_plus_its_radius(x, y, radius_m):
    table = located_table([{"footprint": disc(x, y, radius_m)}])
    measured = footprint_distances(table, **BAMAKO).iloc[0]
    _, _, away_m = Geod(ellps="WGS84").inv(BAMAKO["longitude"], BAMAKO["latitude"], x, y)
    # A disc of 60 corners lies within a few thousandths of the true one.
    slack = radius_m / 1000 * 0.006
    assert measured["farthest_km"] == pytest.approx((away_m + radius_m) / 1000, abs=slack + 0.001)
    nearest = max(0, away_m - radius_m) / 1000
    assert measured["nearest_km"] == pytest.approx(nearest, abs=slack + 0.001)


def test_certain_possible_and_outside_of_three_known_places():
    table = located_table(
        [
            {"footprint": disc(-8.0029, 12.6392, 13_000), "fatalities_best": 4},
            {"footprint": box(-8.6, 12.0, -8.2, 12.4), "level": "commune", "fatalities_best": 1},
            {"footprint": disc(-3.0, 16.77, 5_000)},
            {"footprint": None},
            {"footprint": Polygon()},
        ]
    )
    (counts,) = count_around(table, radii_km=[50], **BAMAKO).to_dict("records")
    assert counts == {
        "radius_km": 50,
        "certain": 1,
        "possible": 1,
        "outside": 1,
        "not_located": 2,
        "approximate": 1,
        "attacks": 1,
        "fatalities_low": 0,
        "fatalities_best": 4,
        "fatalities_high": 4,
        "toll_unknown": 0,
    }


def test_a_cercle_round_the_centre_is_possible_until_the_circle_holds_it():
    cercle = box(-9, 12, -7, 13.5)
    table = located_table([{"footprint": cercle, "level": "cercle"}])
    counts = count_around(table, radii_km=[1, 50, 200], **BAMAKO)
    assert list(counts["certain"]) == [0, 0, 1]
    assert list(counts["possible"]) == [1, 1, 0]
    assert list(counts["approximate"]) == [1, 1, 1]


def test_the_default_circles_are_50_100_and_150_km_and_an_empty_table_counts_nothing():
    counts = count_around(located_table([]), **BAMAKO)
    assert list(counts["radius_km"]) == [50, 100, 150]
    assert (counts.drop(columns="radius_km") == 0).all(axis=None)


def test_the_table_is_not_edited_and_its_index_is_kept():
    table = located_table([{"footprint": disc(-8, 12, 1000)}, {"footprint": None}])
    table.index = pd.Index([7, 3])
    before = table.copy()
    assert list(footprint_distances(table, **BAMAKO).index) == [7, 3]
    count_around(table, **BAMAKO)
    assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"radii_km": []}, "radii_km"),
        ({"radii_km": [50, -1]}, "-1"),
        ({"radii_km": [float("nan")]}, "nan"),
        ({"radii_km": [float("inf")]}, "inf"),
        ({"latitude": 126.392}, "126.392"),
        ({"longitude": float("nan")}, "nan"),
    ],
)
def test_what_is_no_circle_is_refused_with_what_came(asked, said):
    with pytest.raises(CountError, match=said):
        count_around(located_table([]), **{**BAMAKO, **asked})


def test_everything_wrong_is_said_at_once():
    with pytest.raises(CountError, match=r"latitude.*radii_km"):
        count_around(located_table([]), latitude=91, longitude=0, radii_km=[0])
