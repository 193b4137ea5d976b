"""What was written reads back as what was located."""

import csv
import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from made_located import HOSTILE
from shapely import geometry

from mali_incidents.errors import LocateError, PublishError
from mali_incidents.places.locate import locate_incidents
from mali_incidents.publish.files import write_files, write_located, write_table
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import INCIDENTS, POINT_LEVELS, Source


@pytest.fixture(scope="module")
def located() -> gpd.GeoDataFrame:
    """Some shipped incidents, one unlocated, one hostile."""
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    some = incidents.head(20).copy()
    some.loc[3, ["location_text", "admin1", "admin2"]] = ["=HYPERLINK(1)", None, None]
    some.loc[4, "summary"] = HOSTILE
    some.loc[5, "actor"] = "@SUM(1)"
    return locate_incidents(some)


def test_the_csv_reads_back_as_it_was(located: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_files(located, tmp_path)
    again, findings = read_incidents(tmp_path / "incidents.csv")
    assert set(findings["severity"]) <= {"note"}
    assert "unknown-column" not in set(findings["code"])
    kept = [column for column in INCIDENTS.columns if column != "dataset_row"]
    pd.testing.assert_frame_equal(again[kept], pd.DataFrame(located[kept]))


def test_no_cell_of_the_csv_is_a_formula(located: gpd.GeoDataFrame, tmp_path: Path) -> None:
    write_files(located, tmp_path)
    cells = pd.read_csv(tmp_path / "incidents.csv", dtype=str, keep_default_na=False)
    numbers = {"longitude", "located_longitude", "latitude", "located_latitude"}
    for column in cells.columns.difference(numbers):
        assert not cells[column].str.match(r"[=+\-@\t\r]").any(), column


@pytest.mark.parametrize("text", ["x\r=1+1", "x\n=1+1", '"\r"=1', "\r\n"])
def test_a_line_end_in_a_text_ends_no_row(tmp_path: Path, text: str) -> None:
    write_table(pd.DataFrame({"a": [text, "b"], "c": [1, 2]}), tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(newline="", encoding="utf-8-sig") as handle:
        rows = list(csv.reader(handle, strict=True))
    assert [len(row) for row in rows] == [2, 2, 2]
    assert rows[1][0].lstrip("'") == text


def test_nul_ends_no_text(located: gpd.GeoDataFrame, tmp_path: Path) -> None:
    hostile = located.head(2).copy()
    hostile["incident_id"] = ["a\x00b", "a\x00c"]
    hostile["sources"] = pd.Series([[Source("n\x00m")]] * 2, index=hostile.index)
    write_files(hostile, tmp_path)
    ids = ["a\ufffdb", "a\ufffdc"]
    rows = pyogrio.read_dataframe(tmp_path / "incidents.gpkg", layer="incidents")
    assert rows["incident_id"].tolist() == ids
    assert read_incidents(tmp_path / "incidents.csv")[0]["incident_id"].tolist() == ids
    features = json.loads((tmp_path / "incidents.geojson").read_text("utf-8"))["features"]
    assert [feature["properties"]["incident_id"] for feature in features] == ids
    write_table(pd.DataFrame({"a": ["\x00=1"]}), tmp_path / "t.csv")
    for name in ("incidents.csv", "t.csv"):
        assert b"\x00" not in (tmp_path / name).read_bytes()


def test_points_are_points_only_where_the_place_is_known(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_files(located, tmp_path)
    flat = pd.read_csv(tmp_path / "incidents.csv")
    pinned = located["level"].isin(POINT_LEVELS).to_numpy()
    assert (flat["located_latitude"].notna() == pinned).all()
    features = json.loads((tmp_path / "incidents.geojson").read_text("utf-8"))["features"]
    assert len(features) == len(located)
    for feature, point, level in zip(features, pinned, located["level"], strict=True):
        if level == "none":
            assert feature["geometry"] is None
        else:
            assert (feature["geometry"]["type"] == "Point") == point
    rows = {
        layer: len(pyogrio.read_dataframe(tmp_path / "incidents.gpkg", layer=layer))
        for layer in ("points", "areas", "incidents")
    }
    assert rows["points"] == pinned.sum()
    assert (
        rows["points"] + rows["areas"] + (located["level"] == "none").sum()
        == rows["incidents"]
        == len(located)
    )


def test_every_row_has_its_own_place_in_geojson_and_geopackage(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    twice = pd.concat([located, located.iloc[::-1]], ignore_index=True)
    twice["incident_id"] = [f"i{n}" for n in range(len(twice))]
    write_files(twice, tmp_path)
    pinned = twice["level"].isin(POINT_LEVELS)
    expected = twice.geometry.where(pinned, twice["footprint"])
    features = json.loads((tmp_path / "incidents.geojson").read_text("utf-8"))["features"]
    for feature, shape in zip(features, expected, strict=True):
        if shape is None:
            assert feature["geometry"] is None
        else:
            assert shapely.hausdorff_distance(geometry.shape(feature["geometry"]), shape) < 1e-4
    areas = pyogrio.read_dataframe(tmp_path / "incidents.gpkg", layer="areas")
    footprints = twice.set_index("incident_id").loc[areas["incident_id"], "footprint"]
    assert areas.geometry.geom_equals(gpd.GeoSeries(footprints.to_numpy(), crs=twice.crs)).all()
    for feature in features:
        if feature["geometry"] and "Polygon" in feature["geometry"]["type"]:
            exteriors = shapely.get_exterior_ring(
                shapely.get_parts(geometry.shape(feature["geometry"]))
            )
            assert shapely.is_ccw(exteriors).all()


def test_two_writes_are_the_same_bytes(located: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        write_files(located, tmp_path / folder, lang="fr")
    for name in ("incidents.csv", "incidents.geojson", "incidents.gpkg"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_what_cannot_be_written_is_said_and_the_old_file_stands(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("old")
    with pytest.raises(PublishError, match="cannot write"):
        write_table(pd.DataFrame({"a": [1]}), taken / "below.csv")
    assert taken.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg"])
def test_one_file_is_the_same_as_among_all(
    located: gpd.GeoDataFrame, tmp_path: Path, ending: str
) -> None:
    write_files(located, tmp_path / "all")
    name = f"incidents.{ending}"
    assert write_located(located, tmp_path / name) == tmp_path / name
    assert (tmp_path / name).read_bytes() == (tmp_path / "all" / name).read_bytes()


def test_geoparquet_has_a_point_only_where_the_place_is_known(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    path = write_located(located, tmp_path / "located.PARQUET")
    table = gpd.read_parquet(path)
    assert table["incident_id"].tolist() == located["incident_id"].tolist()
    assert table.crs == located.crs
    pinned = located["level"].isin(POINT_LEVELS).to_numpy()
    unknown = (located["level"] == "none").to_numpy()
    assert ((table.geom_type == "Point").to_numpy() == pinned).all()
    assert (table.geometry.isna().to_numpy() == unknown).all()
    path.rename(tmp_path / "again.parquet")
    again, _ = read_incidents(tmp_path / "again.parquet")
    kept = [column for column in INCIDENTS.columns if column != "dataset_row"]
    pd.testing.assert_frame_equal(again[kept], pd.DataFrame(located[kept]))


@pytest.mark.parametrize("ending", ["csv", "geojson", "gpkg", "parquet"])
def test_precision_codes_are_added_when_asked_for(
    located: gpd.GeoDataFrame, tmp_path: Path, ending: str
) -> None:
    path = write_located(located, tmp_path / f"located.{ending}", codes="acled")
    table = {
        "csv": pd.read_csv,
        "geojson": gpd.read_file,
        "gpkg": lambda file: pyogrio.read_dataframe(file, layer="incidents"),
        "parquet": gpd.read_parquet,
    }[ending](path)
    known = (located["level"] != "none").to_numpy()
    assert (table["geo_precision"].notna().to_numpy() == known).all()
    assert set(table["time_precision"].dropna()) <= {1, 2, 3}


def test_an_ending_or_codes_of_nobody_are_refused(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    for name in ("located.xls", "located", "csv"):
        with pytest.raises(PublishError, match=r"\.csv, \.xlsx, \.geojson, .*\.parquet, got"):
            write_located(located, tmp_path / name)
    with pytest.raises(PublishError, match=r"\.csv, \.xlsx.*incidents\.shp"):
        write_files(located, tmp_path, formats=("csv", "shp"))
    with pytest.raises(LocateError, match="ucdp or acled"):
        write_located(located, tmp_path / "located.csv", codes="gdelt")
    assert list(tmp_path.iterdir()) == []
