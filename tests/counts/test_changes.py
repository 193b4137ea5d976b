"""What differs between two located tables."""

import geopandas as gpd
import pandas as pd
import pytest
from made_located import disc, in_unit, located_table, small_frame
from pyproj import Geod
from shapely import Point

from mali_incidents.counts.changes import compare_located
from mali_incidents.errors import CountError
from mali_incidents.tables import Reason, Source

NEAR = {"footprint": disc(-8, 12.6, 900), "geometry": Point(-8, 12.6), "incident_id": "near"}
FAR = {"footprint": disc(-7, 14, 900), "geometry": Point(-7, 14), "incident_id": "far"}
NOWHERE = {"incident_id": "nowhere"}


def compare(before: list[dict], after: list[dict]) -> gpd.GeoDataFrame:
    return compare_located(located_table(before), located_table(after))


def test_the_same_tables_do_not_differ_in_any_order() -> None:
    table = compare([NEAR, FAR, NOWHERE], [NOWHERE, FAR, NEAR])
    assert table.empty
    assert table.crs == "EPSG:4326"


def test_what_came_and_went_is_listed_in_order() -> None:
    table = compare([NEAR, FAR], [FAR | {"summary": "new"}, NOWHERE, NEAR | {"incident_id": "b"}])
    assert table[["incident_id", "change"]].to_numpy().tolist() == [
        ["b", "added"],
        ["nowhere", "added"],
        ["far", "changed"],
        ["near", "withdrawn"],
    ]
    assert table["columns"].dropna().tolist() == ["summary"]
    assert table.geometry.tolist() == [Point(-8, 12.6), None, Point(-7, 14), Point(-8, 12.6)]
    assert table["level_after"].tolist()[:3] == ["place", "none", "place"]
    assert table["level_after"].isna().tolist() == [False, False, False, True]


@pytest.mark.parametrize(
    ("values", "columns"),
    [
        ({"fatalities_low": 3}, "fatalities_low"),
        ({"fatalities_low": None}, ""),
        ({"sources": [Source("a", None, None)]}, "sources"),
        ({"date_end": pd.Timestamp("2025-06-01")}, "date_end"),
        ({"actor": None, "target": "x"}, "target, actor"),
        # How it was found is not what it says.
        ({"score": 0.5, "margin": 0.1, "reason": Reason("other", {}), "dataset_row": 9}, ""),
        # Less than a metre.
        ({"geometry": Point(-8.000001, 12.6)}, ""),
    ],
)
def test_the_columns_that_differ_are_named(values: dict, columns: str) -> None:
    table = compare([NEAR], [NEAR | values])
    assert ", ".join(table["columns"].tolist()) == columns


def test_what_moved_is_measured_on_the_ellipsoid() -> None:
    table = compare([NEAR], [NEAR | {"geometry": FAR["geometry"], "footprint": FAR["footprint"]}])
    metres = Geod(ellps="WGS84").inv(-8, 12.6, -7, 14)[2]
    assert table["moved_m"].tolist() == [pytest.approx(metres)]
    assert table["columns"].tolist() == ["geometry, footprint"]
    assert table["between_areas"].tolist() == [False]
    assert (table["point_before"][0], table["point_after"][0]) == (Point(-8, 12.6), Point(-7, 14))


def test_a_distance_to_the_middle_of_an_area_is_said_to_be_one() -> None:
    unit = in_unit(small_frame(), "ML-2017/east/north") | {"incident_id": "near"}
    table = compare([NEAR], [unit])
    assert table["between_areas"].tolist() == [True]
    assert table["moved_m"][0] > 1000
    assert table.geometry[0].geom_type == "Polygon"
    # What was not located did not move.
    assert compare([NEAR], [NOWHERE | {"incident_id": "near"}])["moved_m"].isna().all()


def test_a_column_that_only_one_has_differs_where_it_says_something() -> None:
    table = located_table([NEAR, FAR])
    table["informationWithheld"] = ["the day", None]
    for pair in ((table, located_table([NEAR, FAR])), (located_table([NEAR, FAR]), table)):
        changes = compare_located(*pair)
        assert changes["incident_id"].tolist() == ["near"]
        assert changes["columns"].tolist() == ["informationWithheld"]


def test_tables_that_cannot_be_compared_are_refused() -> None:
    table = located_table([NEAR])
    with pytest.raises(CountError, match=r"before: .*located table"):
        compare_located(table.drop(columns="level"), table)
    with pytest.raises(CountError, match="after: more than one row has the same incident_id"):
        compare_located(table, pd.concat([table, table]))
