import json

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from made_located import HOSTILE, disc, in_unit, located_table, small_frame

from mali_incidents.errors import PublishError
from mali_incidents.publish import files
from mali_incidents.tables import Source


@pytest.fixture
def located(monkeypatch):
    """A place, a unit and an unlocated row, every text hostile."""
    monkeypatch.setattr(files, "reason_sentence", lambda reason, *, lang: f"{lang}: {HOSTILE}")
    return located_table(
        [
            {
                "footprint": disc(-8, 12.5, 2000),
                "sources": [Source("=HYPERLINK(1)", "javascript:alert(1)", None)],
            },
            in_unit(small_frame(), "ML-2017/east/south"),
            {"summary": "@SUM(A1)", "target": "-2+3", "actor": "+1"},
        ]
    )


def test_the_same_table_gives_the_same_bytes(located, tmp_path):
    first = files.write_files(located, tmp_path / "a")
    second = files.write_files(located, tmp_path / "b")
    assert [path.name for path in first] == [
        "incidents.csv",
        "incidents.geojson",
        "incidents.gpkg",
    ]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()


def test_only_known_places_have_coordinates(located):
    flat = files.flat_table(located)
    assert flat["located_latitude"].notna().tolist() == [True, False, False]
    assert not {"geometry", "footprint", "sources"} & set(flat.columns)
    assert len(flat) == len(located)


def test_no_cell_of_the_csv_is_a_formula(located, tmp_path):
    path = files.write_table(files.flat_table(located), tmp_path / "incidents.csv")
    cells = pd.read_csv(path, dtype="str", keep_default_na=False)
    texts = cells.drop(columns=["located_latitude", "located_longitude"])
    assert not texts.map(lambda cell: cell.startswith(("=", "+", "-", "@", "\t", "\r"))).any(
        axis=None
    )
    assert cells.loc[2, ["summary", "target", "actor"]].tolist() == ["'@SUM(A1)", "'-2+3", "'+1"]
    assert float(cells.loc[0, "located_longitude"]) < 0


def test_geojson_has_a_point_an_area_and_a_null(located, tmp_path):
    files.write_files(located, tmp_path)
    features = json.loads((tmp_path / "incidents.geojson").read_text("utf-8"))["features"]
    kinds = [feature["geometry"] and feature["geometry"]["type"] for feature in features]
    assert kinds == ["Point", "Polygon", None]
    assert features[0]["properties"]["summary"] == HOSTILE


def test_geopackage_has_three_layers_and_every_row(located, tmp_path):
    files.write_files(located, tmp_path)
    path = tmp_path / "incidents.gpkg"
    assert [name for name, _ in pyogrio.list_layers(path)] == ["points", "areas", "incidents"]
    rows = {name: len(gpd.read_file(path, layer=name)) for name, _ in pyogrio.list_layers(path)}
    assert rows == {"points": 1, "areas": 1, "incidents": 3}


def test_a_folder_that_is_a_file_is_refused(located, tmp_path):
    (tmp_path / "out").write_text("in the way")
    with pytest.raises(PublishError, match="cannot write"):
        files.write_files(located, tmp_path / "out")
