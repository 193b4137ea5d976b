"""The data annex: every format says the same as the table, does nothing, and never changes."""

import csv
import datetime as dt
import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from made_located import HOSTILE, disc, located_table
from openpyxl.cell.cell import TYPE_FORMULA

from mali_incidents.maps.messages import LANGUAGES
from mali_incidents.publish import codebook
from mali_incidents.publish.codebook import codebook_rows, codebook_text
from mali_incidents.publish.files import FORMATS, flat_table, write_annex
from mali_incidents.publish.workbook import MOST_LETTERS
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import undefused
from mali_incidents.tables import INCIDENTS, LOCATED, POINT_LEVELS, Candidate, Source

KML = {"k": "http://www.opengis.net/kml/2.2"}
RUNS = "$[description] $[incident_id] <script>alert(1)</script>\r]]> \x01 &amp; line\nline"


def with_reasons(located: gpd.GeoDataFrame, like: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """A made table whose reasons can be said."""
    return located.assign(reason=[like["reason"].iloc[0]] * len(located))


@pytest.fixture(scope="module")
def located(shipped_located: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """All that ships, and hostile rows: known to a place, in two parts, and not at all."""
    near = disc(-8, 12.6, 5000)
    parts = shapely.MultiPolygon([near, disc(-6, 13, 9000)])
    found = Candidate("=1+1", "<b>", 12.5, 0.5, 12.6, -8.0, None)
    rows = [
        {"footprint": near, "summary": RUNS, "actor": "=HYPERLINK(1)", "candidates": [found]},
        {"footprint": parts, "level": "commune", "method": "unit", "actor": "\t=1"},
        {"summary": "x" * (MOST_LETTERS + 1), "event_type": None, "sub_event_type": None},
        {"sources": [Source("@SUM(1)", "javascript:alert(1)", None)], "date_end": None},
    ]
    made = with_reasons(located_table(rows), shipped_located)
    made.loc[3, ["date_start", "date_precision"]] = [pd.NaT, None]
    return pd.concat([shipped_located, made], ignore_index=True)


@pytest.fixture(scope="module")
def annex(located: gpd.GeoDataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annex")
    write_annex(located, folder, lang="fr")
    return folder


@pytest.fixture(scope="module")
def expected(located: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """What every file should say of each row: the table's values, None for what is missing."""
    flat = flat_table(located, lang="fr")
    return flat.astype("object").where(flat.notna(), None).to_dict("records")


def placemarks(annex: Path) -> Iterator[ET.Element]:
    return ET.parse(annex / "incidents.kml").iterfind(".//k:Placemark", KML)


def test_every_file_is_there_and_the_table_is_as_it_was(
    shipped_located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    before = shipped_located.copy(deep=True)
    written = write_annex(shipped_located, tmp_path)
    names = [*(f"incidents.{name}" for name in FORMATS), "codebook.md"]
    assert [path.name for path in written] == names
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names)
    pd.testing.assert_frame_equal(shipped_located, before)


def test_the_same_table_gives_the_same_bytes(
    located: gpd.GeoDataFrame, annex: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    for path in write_annex(located, tmp_path, lang="fr"):
        assert path.read_bytes() == (annex / path.name).read_bytes(), path.name
        assert dt.date.today().isoformat().encode() not in path.read_bytes()
    with zipfile.ZipFile(tmp_path / "incidents.xlsx") as book:
        assert {entry.date_time for entry in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        said = re.findall(r"W3CDTF\">([^<]*)", book.read("docProps/core.xml").decode())
    assert said == ["2000-01-01T00:00:00Z"] * 2


def test_the_csv_says_what_the_table_says(annex: Path, expected: list[dict[str, Any]]) -> None:
    with (annex / "incidents.csv").open(newline="", encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle, strict=True))
    assert len(rows) == len(expected)
    for row, wanted in zip(rows, expected, strict=True):
        for name, value in wanted.items():
            read = undefused(row[name])
            if isinstance(value, float):
                assert float(read) == value
            else:
                assert read == ("" if value is None else str(value))


def test_the_workbook_says_what_the_table_says(annex: Path, expected: list[dict[str, Any]]) -> None:
    sheet = openpyxl.load_workbook(annex / "incidents.xlsx")["incidents"]
    head, *lines = sheet.iter_rows()
    assert sheet.freeze_panes == "B2"
    names = [cell.value for cell in head]
    assert len(lines) == len(expected)
    for line, wanted in zip(lines, expected, strict=True):
        assert TYPE_FORMULA not in {cell.data_type for cell in line}
        for name, cell in zip(names, line, strict=True):
            value = wanted[name]
            if name in {"date_start", "date_end"} and value is not None:
                assert cell.value.date().isoformat() == value
            elif isinstance(value, str):
                assert not re.match(r"[=+\-@\t\r\n]", cell.value)
                held = value.replace("\x01", "\ufffd")
                cut = held if len(held) <= MOST_LETTERS else f"{held[: MOST_LETTERS - 1]}…"
                assert undefused(cell.value) == cut
            else:
                assert cell.value == value


def test_the_workbook_reads_back_as_incidents(
    shipped_located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    write_annex(shipped_located, tmp_path)
    again, findings = read_incidents(tmp_path / "incidents.xlsx")
    assert set(findings["severity"]) <= {"note"}
    kept = [column for column in INCIDENTS.columns if column != "dataset_row"]
    pd.testing.assert_frame_equal(again[kept], pd.DataFrame(shipped_located[kept]))


def test_the_geopackage_and_the_geoparquet_say_what_the_table_says(
    annex: Path, expected: list[dict[str, Any]]
) -> None:
    tables = [
        pyogrio.read_dataframe(annex / "incidents.gpkg", layer="incidents"),
        gpd.read_parquet(annex / "incidents.parquet").drop(columns="geometry"),
    ]
    for table in tables:
        read = table.astype("object").where(table.notna(), None).to_dict("records")
        # GDAL and Arrow have no whole numbers with gaps but as numbers.
        assert read == expected


def test_the_layers_of_the_geopackage_are_the_rows_of_their_kind(
    located: gpd.GeoDataFrame, annex: Path
) -> None:
    layers = {
        name: pyogrio.read_dataframe(annex / "incidents.gpkg", layer=name)
        for name in ("points", "areas")
    }
    pinned = located["level"].isin(POINT_LEVELS)
    assert layers["points"]["incident_id"].tolist() == located["incident_id"][pinned].tolist()
    rest = located[~pinned & (located["level"] != "none")]
    assert layers["areas"]["incident_id"].tolist() == rest["incident_id"].tolist()
    assert layers["points"].geometry.geom_equals(located.geometry[pinned], align=False).all()
    assert {str(one) for one in layers["areas"].geom_type} == {"MultiPolygon"}
    assert all(layer.crs == "EPSG:4326" for layer in layers.values())


def test_the_kml_says_what_the_table_says(annex: Path, expected: list[dict[str, Any]]) -> None:
    wanted = {row["incident_id"]: row for row in expected}
    found = {}
    for placemark in placemarks(annex):
        data = {
            one.get("name"): one.findtext("k:value", None, KML)
            for one in placemark.iterfind(".//k:Data", KML)
        }
        found[data["incident_id"]] = data
    assert found.keys() == wanted.keys()
    for name, row in wanted.items():
        said = {
            key: str(value).replace("\x01", "\ufffd")
            for key, value in row.items()
            if value is not None
        }
        assert {key: value or "" for key, value in found[name].items()} == said


def test_the_kml_has_points_only_where_the_place_is_known(
    located: gpd.GeoDataFrame, annex: Path
) -> None:
    level = dict(zip(located["incident_id"], located["level"], strict=True))
    shape = dict(zip(located["incident_id"], located["footprint"], strict=True))
    for placemark in placemarks(annex):
        name = placemark.findtext(".//k:Data[@name='incident_id']/k:value", None, KML)
        point = placemark.find("k:Point", KML) is not None
        rings = placemark.findall(".//k:outerBoundaryIs//k:coordinates", KML)
        assert point == (level[name] in POINT_LEVELS)
        assert bool(rings) == (level[name] not in {*POINT_LEVELS, "none"})
        if rings:
            parts = shapely.get_parts(shape[name])
            assert len(rings) == len(parts)
            for text in rings:
                corners = [tuple(map(float, pair.split(","))) for pair in text.text.split()]
                drawn = shapely.LinearRing(corners)
                assert shapely.is_ccw(drawn)
                near = min(shapely.hausdorff_distance(drawn, part.exterior) for part in parts)
                assert near < 1e-4


def test_the_kml_shows_hostile_text_and_does_nothing(annex: Path) -> None:
    for placemark in placemarks(annex):
        description = placemark.findtext("k:description", None, KML)
        # What Google Earth takes for markup is ours alone, and there is nothing for it to fill in.
        assert set(re.findall(r"</?\w+", description)) <= {"<br", "<b", "</b"}
        assert "$" not in description
        assert "\u202e" not in description
    text = (annex / "incidents.kml").read_text("utf-8")
    assert "<script" not in text
    shown = [html.unescape(one.findtext("k:description", "", KML)) for one in placemarks(annex)]
    assert any(HOSTILE.split("$")[0] in one for one in shown)
    balloons = ET.parse(annex / "incidents.kml").iterfind(".//k:BalloonStyle/k:text", KML)
    assert {one.text for one in balloons} == {"$[description]"}


def test_the_codebook_has_each_column_once_in_both_languages(located: gpd.GeoDataFrame) -> None:
    columns = list(flat_table(located))
    for lang in LANGUAGES:
        head, *rows = codebook_rows(columns, lang=lang)
        names = [row[0] for row in rows]
        assert len(set(names)) == len(names)
        numbered = {re.sub(r"source_\d+_", "source_N_", column) for column in columns}
        assert set(names) == numbered
        assert len(head) == 4
        assert all(meaning for _, meaning, _, _ in rows)
    english, french = (
        {row[0]: row for row in codebook_rows(columns, lang=lang)} for lang in LANGUAGES
    )
    for name, column in LOCATED.columns.items():
        if name in english and name not in {"candidates", "reason"}:
            assert english[name][1] == column.description
    assert english["uncertainty_m"][2] == "number, metres"
    assert french["located_latitude"][2] == "nombre, degrés, WGS 84 (EPSG:4326)"
    assert english["level"][3] == "; ".join(LOCATED.columns["level"].checks[0].statistics[
        "allowed_values"
    ])  # fmt: skip
    said = {name for name in english if name in codebook._FRENCH}
    assert [name for name in said if english[name][1] == french[name][1]] == []


def test_a_column_of_the_users_own_is_in_the_codebook_and_breaks_no_table() -> None:
    page = codebook_text(["incident_id", "mine|<b>\nx"], lang="en")
    line = page.splitlines()[-1]
    assert line.startswith("| mine\\|\\<b> x | A column of the file read |")
