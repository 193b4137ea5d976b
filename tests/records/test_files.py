"""Nothing that a file holds is lost without a word: rows, texts, formulas, points."""

import json
import math
import re
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from mali_incidents.errors import ReadError
from mali_incidents.places.locate import locate_incidents
from mali_incidents.publish.files import write_files, write_located
from mali_incidents.records.files import read_rows
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import INCIDENTS

HEADER = "incident_id,date_start,location_text,summary"
KEPT = [column for column in INCIDENTS.columns if column != "dataset_row"]
PLAIN = {"incident_id": "a", "date_start": "2025-05-11", "location_text": "Narena"}


def write(folder: Path, content: bytes | str, name: str = "records.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def read(folder: Path, content: bytes | str, name: str = "records.csv"):
    return read_incidents(write(folder, content, name))


def found(findings: pd.DataFrame, *codes: str) -> list[list[object]]:
    """Row, column and value of the findings of some codes."""
    some = findings[findings["code"].isin(codes)]
    return some[["dataset_row", "column", "value"]].to_numpy().tolist()


# Delimited text


@pytest.mark.parametrize(
    ("rows", "line"),
    [
        ('a,2025,"Narena,x\nb,2025,Kangaba,y\n', 2),
        ('a,2025,Narena,x\nb,2025,"Kangaba,y\nc,2025,"Kati",z\n', 3),
        ('a,2025,"Nar"ena,x\n', 2),
    ],
)
def test_a_quotation_mark_that_is_not_closed_is_refused(
    tmp_path: Path, rows: str, line: int
) -> None:
    with pytest.raises(ReadError, match=f"quotation mark .* the row that begins on line {line}"):
        read(tmp_path, f"{HEADER}\n{rows}")


def test_rows_inside_a_cell_are_found(tmp_path: Path) -> None:
    incidents, findings = read(
        tmp_path, f'{HEADER}\na,2025,"Narena,x\nb,2025,Kangaba,",y\nc,2025,"one\ntwo, three",z\n'
    )
    assert len(incidents) == 2
    assert found(findings, "rows-in-a-cell") == [[1, "location_text", "Narena,x\nb,2025,Kangaba,"]]


def test_a_quotation_mark_inside_a_text_is_text(tmp_path: Path) -> None:
    incidents, _ = read(tmp_path, f'{HEADER}\na,2025,Nar"ena,"say ""no"""\n')
    assert incidents.loc[0, ["location_text", "summary"]].tolist() == ['Nar"ena', 'say "no"']


def test_a_bad_byte_in_utf8_is_mended_alone_and_found(tmp_path: Path) -> None:
    text = f"{HEADER}\na,2025,Kéniéba,déjà vu\nb,2025,Ségou,".encode() + b"caf\xe9\n"
    incidents, findings = read(tmp_path, text)
    assert incidents["location_text"].tolist() == ["Kéniéba", "Ségou"]
    assert incidents["summary"].tolist() == ["déjà vu", "café"]
    assert found(findings, "bad-bytes") == [[2, "summary", "café"]]


def test_a_byte_that_windows_has_no_character_for_is_found(tmp_path: Path) -> None:
    text = f"{HEADER}\na,2025,Kéniéba,x".encode("cp1252") + b"\x81\n"
    incidents, findings = read(tmp_path, text)
    assert incidents.loc[0, ["location_text", "summary"]].tolist() == ["Kéniéba", "x\ufffd"]
    assert found(findings, "bad-bytes") == [[1, "summary", "x\ufffd"]]


def test_windows_text_that_looks_like_utf8_here_and_there_is_said(tmp_path: Path) -> None:
    text = f"{HEADER}\na,2025,Kéniéba à Ségou,SÃ©gou\n".encode("cp1252")
    incidents, findings = read(tmp_path, text)
    assert incidents.loc[0, ["location_text", "summary"]].tolist() == ["Kéniéba à Ségou", "SÃ©gou"]
    assert [row[1:] for row in found(findings, "encoding")] == [["", ""]]


@pytest.mark.parametrize("mark", ["sep=;\n", "sep=;\r\n", '"sep=;"\n', "\ufeffsep=;\n"])
def test_the_first_line_that_excel_writes(tmp_path: Path, mark: str) -> None:
    text = f"{mark}{HEADER.replace(',', ';')}\na;2025;Narena;x, y, z\n"
    incidents, _ = read(tmp_path, text)
    assert incidents.loc[0, ["location_text", "summary"]].tolist() == ["Narena", "x, y, z"]
    assert incidents.at[0, "dataset_row"] == 1


def test_delimiters_inside_a_name_of_a_column_do_not_count(tmp_path: Path) -> None:
    incidents, _ = read(tmp_path, f'{HEADER.replace(",", ";")};"a,b,c,d,e"\na;2025;Narena;x;y\n')
    assert incidents.at[0, "location_text"] == "Narena"


def test_a_cell_without_an_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"cell of more than .* begins on line 2"):
        read(tmp_path, f"{HEADER}\na,2025,Narena,{'y' * 11_000_000}\n")


@pytest.mark.parametrize("name", ["records.csv", "records.json"])
def test_an_apostrophe_of_somebody_else_stays(tmp_path: Path, name: str) -> None:
    record = PLAIN | {"summary": "'=SUM(A1)", "actor": "'-1"}
    table = pd.DataFrame([record])
    text = table.to_csv(index=False) if name.endswith("csv") else json.dumps([record])
    incidents, _ = read(tmp_path, text, name)
    assert incidents.loc[0, ["summary", "actor"]].tolist() == ["'=SUM(A1)", "'-1"]


TRICKY = st.lists(st.sampled_from([*"'=+-@\t\r\n,;\"\\", "1", "é", "\x0b"]), max_size=6).map(
    "".join
)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(TRICKY, min_size=2, max_size=2))
@pytest.mark.parametrize("ending", ["csv", "geojson", "parquet"])
def test_what_was_written_is_read_again(tmp_path: Path, ending: str, texts: list[str]) -> None:
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    some = incidents.head(2).assign(actor=texts, summary=texts[::-1])
    some = some.where(some.map(lambda cell: not isinstance(cell, str) or bool(cell.strip())), None)
    located = locate_incidents(INCIDENTS.validate(some))
    again, _ = read_incidents(write_located(located, tmp_path / f"incidents.{ending}"))
    pd.testing.assert_frame_equal(again[KEPT], pd.DataFrame(located[KEPT]))


# Workbooks


def workbook(folder: Path, *lines: list[object], **cells: object) -> Path:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    for place, value in cells.items():
        book.active[place] = value
    book.save(folder / "records.xlsx")
    return folder / "records.xlsx"


def edited(path: Path, old: str, new: str) -> Path:
    """Replace text in every sheet of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            sheet = name.startswith("xl/worksheets/")
            text = re.sub(old.encode(), new.encode(), content) if sheet else content
            archive.writestr(name, text)
    return path


def test_rows_beyond_a_wrong_dimension_are_read(tmp_path: Path) -> None:
    rows = [[f"i{n}", "2025-05-11", "Narena"] for n in range(5)]
    path = workbook(tmp_path, HEADER.split(",")[:3], *rows)
    incidents, _ = read_incidents(edited(path, r'<dimension ref="[^"]*"', '<dimension ref="A1:B2"'))
    assert incidents["incident_id"].tolist() == [f"i{n}" for n in range(5)]
    assert incidents["location_text"].tolist() == ["Narena"] * 5


def test_a_formula_without_a_value_is_found(tmp_path: Path) -> None:
    header = [*HEADER.split(","), "fatalities_best"]
    path = workbook(tmp_path, header, ["a", "2025", '="Nar"&"ena"', "=text", "=1+1"])
    incidents, findings = read_incidents(path)
    assert incidents.loc[0, ["location_text", "summary", "fatalities_best"]].isna().all()
    assert found(findings, "not-calculated") == [
        [1, "fatalities_best", "=1+1"],
        [1, "location_text", '="Nar"&"ena"'],
        [1, "summary", "=text"],
    ]
    calculated = edited(path, r"<f>1\+1</f><v ?/?>(</v>)?", "<f>1+1</f><v>2</v>")
    assert read_incidents(calculated)[0].at[0, "fatalities_best"] == 2


def test_a_formula_whose_value_is_an_empty_text_was_calculated(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER.split(","), ["a", "2025", "Narena", '=IF(1,"","x")'])
    _, findings = read_incidents(edited(path, '<c r="D2"', '<c r="D2" t="str"'))
    assert not found(findings, "not-calculated")


def test_a_formula_over_several_cells_is_found_too(tmp_path: Path) -> None:
    formula = ArrayFormula("D2:D2", "=SUM(A1:A2*B1:B2)")
    path = workbook(tmp_path, HEADER.split(","), ["a", "2025", "Narena"], D2=formula)
    _, findings = read_incidents(path)
    assert found(findings, "not-calculated") == [[1, "summary", "=SUM(A1:A2*B1:B2)"]]


def test_a_stray_cell_far_away_is_found_and_fills_no_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER.split(","), ["a", "2025", "Narena"], XFD1048576="far")
    incidents, findings = read_incidents(path)
    assert len(incidents) == 2
    assert [row[0] for row in found(findings, "not-read")] == [1_048_575]


def test_other_sheets_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path, HEADER.split(","), ["a", "2025", "Narena"])
    book = openpyxl.load_workbook(path)
    book.create_sheet("Année 2024").append(["more"])
    book.save(path)
    _, findings = read_incidents(path)
    assert [row[2] for row in found(findings, "not-read")] == ["Année 2024"]


def test_a_workbook_of_charts_alone_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet()
    book.remove(book.worksheets[0])
    book.save(tmp_path / "records.xlsx")
    with pytest.raises(ReadError, match="opened"):
        read_incidents(tmp_path / "records.xlsx")


# GeoJSON and JSON


def geojson(folder: Path, *shapes: object, **properties: object) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": PLAIN | {"incident_id": f"i{n}"} | properties,
            "geometry": shape,
        }
        for n, shape in enumerate(shapes)
    ]
    return write(
        folder, json.dumps({"type": "FeatureCollection", "features": features}), "r.geojson"
    )


@pytest.mark.parametrize(
    "shape",
    [
        {"type": "Point", "coordinates": []},
        {"type": "Point", "coordinates": [None, None]},
        {"type": "Point", "coordinates": {"a": 1}},
        {"type": "Point", "coordinates": [[1, 2], [3]]},
        {"type": "Point"},
        {"type": "MultiPoint", "coordinates": [[-8.1, 12.1]]},
        {"type": "GeometryCollection", "geometries": []},
        {},
        "POINT(1 2)",
        [1, 2],
    ],
    ids=str,
)
def test_a_geometry_that_is_no_point_is_found(tmp_path: Path, shape: object) -> None:
    incidents, findings = read_incidents(geojson(tmp_path, shape))
    assert incidents[["latitude", "longitude"]].isna().all(axis=None)
    assert [row[:2] for row in found(findings, "not-read")] == [[1, "geometry"]]


@pytest.mark.parametrize(
    ("given", "conflict"),
    [
        ({"latitude": 12.1, "longitude": -8.1}, False),
        ({"Latitude": "12,1", "LONGITUDE": "-8.10"}, False),
        ({"latitude": 12.2, "longitude": -8.1}, True),
        ({"latitude": 12.1}, True),
        ({"latitude": [1], "longitude": {}}, True),
        ({"latitude": "north", "longitude": "west"}, True),
    ],
    ids=str,
)
def test_a_point_that_contradicts_its_properties_is_found(
    tmp_path: Path, given: dict[str, object], conflict: bool
) -> None:
    point = {"type": "Point", "coordinates": [-8.1, 12.1, 300]}
    incidents, findings = read_incidents(geojson(tmp_path, point, **given))
    expected = [[1, "geometry", "12.1, -8.1"]] if conflict else []
    assert [row for row in found(findings, "contradiction") if row[1] == "geometry"] == expected
    if not conflict:
        assert incidents.loc[0, ["latitude", "longitude"]].tolist() == [12.1, -8.1]


@pytest.mark.parametrize("ending", ["geojson", "parquet"])
def test_what_was_located_is_not_what_was_reported(tmp_path: Path, ending: str) -> None:
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    located = locate_incidents(incidents)
    path = write_located(located, tmp_path / f"incidents.{ending}")
    again, findings = read_incidents(path)
    pd.testing.assert_frame_equal(again[KEPT], pd.DataFrame(located[KEPT]))
    assert not found(findings, "not-read", "contradiction")
    assert locate_incidents(again)["level"].tolist() == located["level"].tolist()


def test_a_level_of_somebody_else_takes_no_point_away(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [-8.1, 12.1]}
    incidents, _ = read_incidents(geojson(tmp_path, point, level="high"))
    assert incidents.at[0, "latitude"] == 12.1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
        ('[{"a": ' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}]", "nested too deeply"),
        ('[{"incident_id": "a", "incident_id": "b"}]', "'incident_id' twice"),
        ("{", "line 1, column 2"),
        ('[{"incident_id": "K\u00e9niéba"}]'.encode("cp1252"), "UTF-8"),
    ],
    ids=["list", "object", "twice", "broken", "latin"],
)
def test_json_that_cannot_be_read(tmp_path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(ReadError, match=said) as refused:
        read(tmp_path, text, "r.json")
    assert "recursion" not in str(refused.value)


def test_json_in_utf16_and_numbers_without_an_end(tmp_path: Path) -> None:
    text = json.dumps([PLAIN | {"summary": "Kéniéba"}], ensure_ascii=False)
    text = text.replace('"a"', '"a", "fatalities_best": ' + "9" * 5000)
    incidents, findings = read(tmp_path, text.encode("utf-16"), "r.json")
    assert incidents.at[0, "summary"] == "Kéniéba"
    assert [row[:2] for row in found(findings, "not-readable")] == [[1, "fatalities_best"]]


# Our own table through other tools' writers


def own_table() -> pd.DataFrame:
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    return incidents


def test_parquet_as_pandas_writes_the_table(tmp_path: Path) -> None:
    incidents = own_table()
    incidents.to_parquet(tmp_path / "records.parquet")
    again, findings = read_incidents(tmp_path / "records.parquet")
    pd.testing.assert_frame_equal(again, incidents)
    assert "not-readable" not in set(findings["code"])


@pytest.mark.parametrize("date_format", ["iso", "epoch"])
def test_json_as_pandas_writes_the_table(tmp_path: Path, date_format: str) -> None:
    incidents = own_table()
    written = incidents.copy()
    for day in ("date_start", "date_end"):
        since = (incidents[day] - pd.Timestamp(0)).dt.total_seconds() * 1000
        written[day] = since.astype("int64") if date_format == "epoch" else incidents[day]
    text = written.to_json(orient="records", date_format="iso", double_precision=15)
    again, findings = read(tmp_path, text, "r.json")
    pd.testing.assert_frame_equal(again, incidents)
    assert "not-readable" not in set(findings["code"])
    assert ("read-as" in set(findings["code"])) == (date_format == "epoch")


# Parquet


def test_text_stored_as_bytes_is_read(tmp_path: Path) -> None:
    columns = {name: pa.array([text.encode()] * 2) for name, text in PLAIN.items()}
    columns |= {
        "incident_id": pa.array([b"a", b"b"]),
        "summary": pa.array(["Kéniéba".encode(), b"\xff\xfe"]),
    }
    pq.write_table(pa.table(columns), tmp_path / "r.parquet")
    incidents, findings = read_incidents(tmp_path / "r.parquet")
    assert incidents["location_text"].tolist() == ["Narena"] * 2
    assert incidents["summary"].fillna("").tolist() == ["Kéniéba", ""]
    assert [row[:2] for row in found(findings, "not-read")] == [[2, "summary"]]


@pytest.mark.parametrize("encoding", ["WKB", "geoarrow"])
def test_points_of_geoparquet_are_read(tmp_path: Path, encoding: str) -> None:
    points = gpd.points_from_xy([-8.1, -8.2], [12.1, 12.2])
    table = gpd.GeoDataFrame([PLAIN, PLAIN | {"incident_id": "b"}], geometry=points, crs=4326)
    table.to_parquet(tmp_path / "r.parquet", geometry_encoding=encoding)
    incidents, findings = read_incidents(tmp_path / "r.parquet")
    if encoding == "WKB":
        assert incidents["latitude"].tolist() == [12.1, 12.2]
        assert incidents["longitude"].tolist() == [-8.1, -8.2]
        assert not found(findings, "not-read", "unknown-column")
    else:
        assert [row[1] for row in found(findings, "not-read")] == ["geometry"]


def test_bytes_that_are_no_geometry_or_no_text_are_found(tmp_path: Path) -> None:
    points = gpd.points_from_xy([-8.1, -8.2], [12.1, 12.2])
    table = gpd.GeoDataFrame([PLAIN, PLAIN | {"incident_id": "b"}], geometry=points, crs=4326)
    table.assign(summary=[b"\xff", b"x"]).to_parquet(tmp_path / "r.parquet")
    stored = pq.read_table(tmp_path / "r.parquet")
    shapes = pa.array([b"no geometry", stored["geometry"][1].as_py()])
    place = stored.column_names.index("geometry")
    pq.write_table(stored.set_column(place, "geometry", shapes), tmp_path / "r.parquet")
    incidents, findings = read_incidents(tmp_path / "r.parquet")
    assert incidents["latitude"].fillna(0).tolist() == [0, 12.2]
    assert [row[:2] for row in found(findings, "not-read")] == [[1, "geometry"], [1, "summary"]]


def test_points_of_another_reference_system_are_found(tmp_path: Path) -> None:
    points = gpd.points_from_xy([611000], [1398000])
    table = gpd.GeoDataFrame([PLAIN], geometry=points, crs=32629)
    table.to_parquet(tmp_path / "r.parquet")
    incidents, findings = read_incidents(tmp_path / "r.parquet")
    assert pd.isna(incidents.at[0, "latitude"])
    assert [row[1] for row in found(findings, "not-read")] == ["geometry"]


def test_a_moment_beyond_all_time_is_found(tmp_path: Path) -> None:
    columns = {name: pa.array([text, text]) for name, text in PLAIN.items()}
    columns["date_start"] = pa.array([9 * 10**18, 0], pa.timestamp("us"))
    pq.write_table(pa.table(columns), tmp_path / "r.parquet")
    incidents, findings = read_incidents(tmp_path / "r.parquet")
    assert incidents["date_start"].isna().tolist() == [True, False]
    assert [row[:2] for row in found(findings, "not-readable")] == [[1, "date_start"]]


def test_two_columns_of_one_name_are_refused_in_our_words(tmp_path: Path) -> None:
    arrays = [pa.array([text]) for text in ("a", "b", "2025", "x")]
    names = ["incident_id", "incident_id", "date_start", "location_text"]
    pq.write_table(pa.Table.from_arrays(arrays, names=names), tmp_path / "r.parquet")
    with pytest.raises(ReadError, match="more than one column called incident_id") as refused:
        read_incidents(tmp_path / "r.parquet")
    assert "FieldRef" not in str(refused.value)


# What cannot be read at all


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "dir.csv").mkdir()
    for path in (tmp_path, tmp_path / "dir.csv"):
        with pytest.raises(ReadError, match=rf"{path} is a folder: name a file"):
            read_rows(path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ReadError, match=r"\. is a folder: name a file"):
        read_rows(".")
    with pytest.raises(ReadError, match=rf"no file none\.csv .*{tmp_path}.*check"):
        read_rows("none.csv")


def test_a_header_without_an_end_is_cut_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="and 1970 more") as refused:
        read(tmp_path, ",".join(f"column {n}" for n in range(2000)) + "\n1\n")
    assert len(str(refused.value)) < 2000
    with pytest.raises(ReadError) as refused:
        read(tmp_path, "x" * 2_000_000)
    assert len(str(refused.value)) < 2000


def test_files_written_by_the_job_say_nothing_of_their_own_columns(tmp_path: Path) -> None:
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    write_files(locate_incidents(incidents.head(3)), tmp_path)
    for name in ("incidents.csv", "incidents.geojson"):
        assert not found(read_incidents(tmp_path / name)[1], "unknown-column")


def test_nan_is_no_value(tmp_path: Path) -> None:
    record = PLAIN | {"latitude": math.nan, "longitude": math.nan}
    incidents, findings = read(tmp_path, json.dumps([record]), "r.json")
    assert pd.isna(incidents.at[0, "latitude"])
    assert not found(findings, "not-readable")
