"""Reading files of records: every format, every row, every problem said."""

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mali_incidents.errors import ReadError
from mali_incidents.records.read import read_incidents
from mali_incidents.records.sources import sources_to_columns
from mali_incidents.tables import EVENT_TYPES, FINDINGS, INCIDENTS, SUB_EVENT_TYPES, Source

HOSTILE = (
    "</script><img src=x onerror=alert(1)>",
    "${alert(1)} `x`",
    "=HYPERLINK(1)",
    "\u202egnp.exe",
    "nul\x00here",
    "ligne\nligne",
    "é\u00a0ë ' \" ; , \\",
    "9" * 400,
)
RECORD = {
    "incident_id": "i1",
    "date_start": "2025-05-11",
    "event_type": "Battles",
    "fatalities_best": "3",
    "location_text": "Ségou, marché",
    "latitude": "13.44",
    "longitude": "-6.26",
    "source_1_name": "A paper",
    "source_1_url": "https://example.org/a",
}


def write_csv(
    folder: Path, *records: dict[str, str], encoding: str = "utf-8", sep: str = ","
) -> Path:
    path = folder / "records.csv"
    path.write_bytes(pd.DataFrame(records).to_csv(index=False, sep=sep).encode(encoding))
    return path


def read_one(folder: Path, **cells: str) -> tuple[pd.Series, pd.DataFrame]:
    incidents, findings = read_incidents(write_csv(folder, RECORD | cells))
    return incidents.iloc[0], findings


def is_the_record(path: Path) -> None:
    incidents, findings = read_incidents(path)
    assert findings.empty, findings.to_string()
    row = incidents.iloc[0]
    assert row["location_text"] == "Ségou, marché"
    assert row["date_start"] == row["date_end"] == pd.Timestamp("2025-05-11")
    assert row["date_precision"] == "day"
    assert row["fatalities_best"] == 3
    assert (row["latitude"], row["longitude"]) == (13.44, -6.26)
    assert row["sources"] == [Source("A paper", "https://example.org/a")]
    assert row["dataset_row"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("sep", [",", ";", "\t"])
def test_delimited_text(tmp_path: Path, encoding: str, sep: str) -> None:
    is_the_record(write_csv(tmp_path, RECORD, encoding=encoding, sep=sep))


def test_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(RECORD))
    typed = {"date_start": pd.Timestamp("2025-05-11").to_pydatetime(), "fatalities_best": 3}
    typed |= {"latitude": 13.44, "longitude": -6.26}
    book.active.append(list((RECORD | typed).values()))
    book.save(tmp_path / "records.xlsx")
    is_the_record(tmp_path / "records.xlsx")


@pytest.mark.parametrize("wrap", [list, lambda records: {"incidents": records}])
@pytest.mark.parametrize("listed", [True, False])
def test_json(tmp_path: Path, wrap, listed: bool) -> None:
    record = {name: text for name, text in RECORD.items() if not (listed and "source" in name)}
    if listed:
        record["sources"] = [{"name": "A paper", "url": "https://example.org/a"}]
    path = tmp_path / "records.json"
    path.write_text(json.dumps(wrap([record | {"fatalities_best": 3, "latitude": 13.44}])))
    is_the_record(path)


def feature(geometry: object, **changes: object) -> dict[str, object]:
    properties = {name: text for name, text in RECORD.items() if "itude" not in name}
    return {"type": "Feature", "properties": properties | changes, "geometry": geometry}


def write_geojson(folder: Path, *features: object) -> Path:
    path = folder / "records.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


@pytest.mark.parametrize("blank", [{}, {"latitude": None, "longitude": ""}])
def test_geojson(tmp_path: Path, blank: dict[str, object]) -> None:
    point = {"type": "Point", "coordinates": [-6.26, 13.44]}
    is_the_record(write_geojson(tmp_path, feature(point, **blank)))


def test_geojson_geometry_that_is_no_point_is_found(tmp_path: Path) -> None:
    path = write_geojson(tmp_path, feature({"type": "Polygon", "coordinates": []}))
    incidents, findings = read_incidents(path)
    assert pd.isna(incidents.at[0, "latitude"])
    assert findings[["dataset_row", "value", "code"]].to_numpy().tolist() == [
        [1, "Polygon", "not-read"]
    ]


def test_parquet_flat(tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([RECORD]), tmp_path / "records.parquet")
    is_the_record(tmp_path / "records.parquet")


def test_parquet_of_the_typed_table(tmp_path: Path) -> None:
    incidents, _ = read_incidents(write_csv(tmp_path, RECORD))
    listed = incidents["sources"].map(lambda cell: [source._asdict() for source in cell])
    incidents.assign(sources=listed).to_parquet(tmp_path / "records.parquet")
    is_the_record(tmp_path / "records.parquet")


def test_header_is_matched_loosely_and_named_as_written(tmp_path: Path) -> None:
    text = (
        "\ufeffIncident ID; DATE_START ;Locatïon Text;Fatalities-Best;colour\n"
        "x;2020-01-01;Gao;3 dead;red\n"
    )
    path = tmp_path / "records.csv"
    path.write_text(text, encoding="utf-8")
    incidents, findings = read_incidents(path)
    assert incidents.at[0, "location_text"] == "Gao"
    read = findings.set_index("code")
    assert read.at["not-readable", "column"] == "Fatalities-Best"
    assert read.at["not-readable", "file"] == "records.csv"
    assert read.at["unknown-column", "column"] == "colour"


def test_blank_lines_and_quoted_newlines_keep_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "records.csv"
    path.write_text('incident_id,date_start,location_text\na,2020,"x\ny"\n,,\nb,2021,z,more\n')
    incidents, findings = read_incidents(path)
    assert incidents["dataset_row"].tolist() == [1, 3]
    assert incidents.at[0, "location_text"] == "x\ny"
    assert findings.loc[
        findings["code"] == "not-read", ["dataset_row", "value"]
    ].to_numpy().tolist() == [[3, "more"]]


@pytest.mark.parametrize(
    ("written", "start", "end", "precision"),
    [
        ("2020", "2020-01-01", "2020-12-31", "year"),
        ("2020-02", "2020-02-01", "2020-02-29", "month"),
        ("2020-02-03T10:00:00Z", "2020-02-03", "2020-02-03", "day"),
    ],
)
def test_partial_dates(tmp_path: Path, written: str, start: str, end: str, precision: str) -> None:
    row, findings = read_one(tmp_path, date_start=written)
    assert (row["date_start"], row["date_end"]) == (pd.Timestamp(start), pd.Timestamp(end))
    assert row["date_precision"] == precision
    assert findings.empty


def test_a_year_is_not_known_to_the_day(tmp_path: Path) -> None:
    row, findings = read_one(tmp_path, date_start="2020", date_precision="day")
    assert row["date_precision"] == "year"
    assert findings["column"].tolist() == ["date_precision"]


def test_day_first_only_when_declared(tmp_path: Path) -> None:
    path = write_csv(tmp_path, RECORD | {"date_start": "11/05/2025"})
    undeclared, findings = read_incidents(path)
    assert pd.isna(undeclared.at[0, "date_start"])
    assert findings["message"].str.contains("dates='day-first'").any()
    declared, findings = read_incidents(path, dates="day-first")
    assert declared.at[0, "date_start"] == pd.Timestamp("2025-05-11")
    assert findings.empty


@pytest.mark.parametrize("written", ["2025-00-00", "2025-05-00", "2025-00-10", "00/05/2025"])
def test_a_day_or_month_of_zero_is_none(tmp_path: Path, written: str) -> None:
    path = write_csv(tmp_path, RECORD | {"date_start": written})
    incidents, findings = read_incidents(path, dates="day-first")
    assert incidents[["date_start", "date_end", "date_precision"]].isna().all(axis=None)
    (said,) = findings.loc[findings["code"] == "not-readable", "message"]
    assert "YYYY-MM or YYYY" in said


@pytest.mark.parametrize("written", ["11/05/2025 08:00", "11.05.2025 8:00:30", "11/05/2025T08:00"])
def test_day_first_with_a_time(tmp_path: Path, written: str) -> None:
    path = write_csv(tmp_path, RECORD | {"date_start": written})
    declared, findings = read_incidents(path, dates="day-first")
    assert declared.at[0, "date_start"] == pd.Timestamp("2025-05-11")
    assert findings.empty
    assert read_incidents(path)[1]["message"].str.contains("dates='day-first'").any()


def test_the_way_of_writing_dates_that_was_declared_is_the_one_asked_for(tmp_path: Path) -> None:
    path = write_csv(tmp_path, RECORD | {"date_start": "soon"})
    for dates, expected in (("iso", "a date as YYYY-MM-DD,"), ("day-first", "DD/MM/YYYY")):
        assert read_incidents(path, dates=dates)[1]["message"].str.contains(expected).any()


@pytest.mark.parametrize("written", ["١١/٠٥/٢٠٢٥", "٢٠٢٥-٠٥-١١"])
def test_digits_of_another_script_in_a_date_are_noted(tmp_path: Path, written: str) -> None:
    path = write_csv(tmp_path, RECORD | {"date_start": written})
    incidents, findings = read_incidents(path, dates="day-first")
    assert incidents.at[0, "date_start"] == pd.Timestamp("2025-05-11")
    assert findings[["column", "code", "message"]].to_numpy().tolist() == [
        ["date_start", "read-as", "read as 2025-05-11"]
    ]


def test_a_last_day_that_is_rejected_says_nothing_of_the_precision(tmp_path: Path) -> None:
    row, _ = read_one(tmp_path, date_start="2025-05-11", date_end="2024")
    assert row["date_precision"] == "day"


def test_a_last_day_alone_is_not_said_to_be_left_out_of_counts(tmp_path: Path) -> None:
    row, findings = read_one(tmp_path, date_start="", date_end="2025-05-11")
    assert row["date_end"] == pd.Timestamp("2025-05-11")
    (said,) = findings.loc[findings["code"] == "no-date", "message"]
    assert "its last day" in said


@pytest.mark.parametrize(
    ("given", "column", "value"),
    [({"latitude": ""}, "longitude", "-6.26"), ({"longitude": "x"}, "latitude", "13.44")],
)
def test_half_a_pair_is_named_by_the_half_that_is_there(
    tmp_path: Path, given: dict[str, str], column: str, value: str
) -> None:
    _, findings = read_one(tmp_path, **given)
    found = findings[findings["code"] == "contradiction"]
    assert found[["column", "value"]].to_numpy().tolist() == [[column, value]]


def test_unknown_way_of_writing_dates(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="'month-first'"):
        read_incidents(write_csv(tmp_path, RECORD), dates="month-first")


@pytest.mark.parametrize(
    ("column", "written"),
    [("fatalities_best", text) for text in ("3 dead", "1,5", "-2", "1e3", "9" * 30, "1.5")]
    + [("latitude", text) for text in ("north", "91", "inf", "12.6392.1", "12°38'N")]
    + [("longitude", "181")]
    + [("date_start", text) for text in ("yesterday", "2025-02-30", "2025-13-01", "0999", "45000")]
    + [("event_type", "attack on a mine"), ("attribution", "maybe"), ("verification", "sure")],
)
def test_unreadable_becomes_missing_and_is_found(tmp_path: Path, column: str, written: str) -> None:
    row, findings = read_one(tmp_path, **{column: written})
    assert pd.isna(row[column])
    found = findings[(findings["column"] == column) & (findings["code"] == "not-readable")]
    assert found[["dataset_row", "incident_id", "value"]].to_numpy().tolist() == [
        [1, "i1", written]
    ]
    assert found["severity"].tolist() == ["error"]
    assert "expected" in found["message"].iloc[0]


@pytest.mark.parametrize(
    ("column", "written", "value"),
    [
        ("event_type", " bättles ", "Battles"),
        ("latitude", "12,6392", 12.6392),
        ("fatalities_best", "١٢", 12),
    ],
)
def test_understood_with_a_note(tmp_path: Path, column: str, written: str, value: object) -> None:
    row, findings = read_one(tmp_path, **{column: written})
    assert row[column] == value
    assert findings[["column", "severity", "code"]].to_numpy().tolist() == [
        [column, "note", "read-as"]
    ]


@pytest.mark.parametrize(
    ("cells", "missing", "code"),
    [
        ({"date_end": "2025-05-10"}, ["date_end"], "out-of-order"),
        ({"fatalities_low": "5", "fatalities_high": "9"}, ["fatalities_best"], "contradiction"),
        (
            {"fatalities_low": "5", "fatalities_high": "4"},
            ["fatalities_low", "fatalities_best", "fatalities_high"],
            "contradiction",
        ),
        ({"sub_event_type": "Suicide bomb"}, ["sub_event_type"], "contradiction"),
        ({"latitude": ""}, ["latitude", "longitude"], "contradiction"),
    ],
)
def test_contradictions(
    tmp_path: Path, cells: dict[str, str], missing: list[str], code: str
) -> None:
    row, findings = read_one(tmp_path, **cells)
    assert row[missing].isna().all()
    assert findings.loc[findings["severity"] == "error", "code"].tolist() == [code]


def test_ids_are_made_unique_and_the_first_keeps_its_own(tmp_path: Path) -> None:
    ids = ["a", "a", "", "a#row2", "row-3"]
    path = write_csv(
        tmp_path,
        *(RECORD | {"incident_id": name, "date_start": f"202{n}"} for n, name in enumerate(ids)),
    )
    incidents, findings = read_incidents(path)
    assert incidents["incident_id"].tolist() == ["a", "a#row2+", "row-3+", "a#row2", "row-3"]
    assert findings[["dataset_row", "code"]].to_numpy().tolist() == [
        [2, "id-repeated"],
        [3, "id-missing"],
    ]


def test_links_and_marks_are_kept_and_found(tmp_path: Path) -> None:
    row, findings = read_one(tmp_path, source_1_url="javascript:alert(1)", summary="a\u202eb")
    assert row["sources"] == [Source("A paper", "javascript:alert(1)")]
    assert row["summary"] == "a\u202eb"
    assert findings["code"].tolist() == ["no-web-address", "hidden-characters"]


def test_sources_that_are_no_list_of_objects_are_found(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps([RECORD | {"sources": ["Reuters", {"name": "AFP"}]}]))
    incidents, findings = read_incidents(path)
    assert incidents.at[0, "sources"] == [Source("AFP")]
    assert findings["code"].tolist() == ["not-readable"]


def test_half_a_pair_in_json_is_no_character(tmp_path: Path) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps([RECORD | {"summary": "x \ud800", "actor": "\U0001f600"}]))
    incidents, _ = read_incidents(path)
    assert incidents.loc[0, ["summary", "actor"]].tolist() == ["x ?", "\U0001f600"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b" \n ", "is empty"),
        (
            "a.csv",
            b"incident_id,incident_id,colour\n",
            "date_start, location_text.*more than one.*no rows",
        ),
        ("a.csv", b"PK\x03\x04rest", "is a workbook"),
        ("a.csv", bytes(range(256)), "required column"),
        ("a.xlsx", b"PK\x03\x04rest", "cannot be opened|can be opened"),
        ("a.xlsx", bytes.fromhex("D0CF11E0A1B11AE1"), "password"),
        ("a.json", b"{", "is not JSON"),
        ("a.json", b"[]", "no rows"),
        ("a.json", b"[1]", "list of objects"),
        ("a.json", b'{"type": "FeatureCollection", "features": 5}', "list of objects"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [5]}', "no GeoJSON feature"),
        ("a.parquet", b"PAR1", "not a Parquet"),
        ("a.docx", b"x", "must be a file of records"),
    ],
)
def test_files_that_are_no_files_of_records(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ReadError, match=f"{name}.*({said})"):
        read_incidents(path)


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="there is no file"):
        read_incidents(tmp_path / "none.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ReadError, match="is a folder"):
        read_incidents(tmp_path / "folder.csv")


CELLS = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(
        ["2020", "2025-05-11", "Battles", "Attack", "1", "7", "-6,2", "1e400", "NaN", "", "-"]
    ),
    st.text(max_size=12),
)
COLUMNS = [
    *(name for name in INCIDENTS.columns if name != "sources"),
    "source_1_name",
    "source_1_url",
]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, CELLS)), min_size=1, max_size=4))
def test_any_table_of_text_survives(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    path = tmp_path / "records.json"
    path.write_text(json.dumps(rows))
    incidents, findings = read_incidents(path)
    assert incidents["dataset_row"].tolist() == list(range(1, len(rows) + 1))
    assert incidents["location_text"].fillna("").tolist() == [
        row["location_text"] if row["location_text"].strip() else "" for row in rows
    ]
    INCIDENTS.validate(incidents, lazy=True)
    FINDINGS.validate(findings, lazy=True)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_written_table_reads_the_same(tmp_path: Path, hostile: str) -> None:
    kinds = [*EVENT_TYPES]
    table = pd.DataFrame(
        {
            "incident_id": [f"i{n}" for n in range(len(kinds))],
            "date_start": [
                pd.Timestamp("2025-05-11") + pd.Timedelta(days=n) for n in range(len(kinds))
            ],
            "date_end": pd.Timestamp("2025-05-31"),
            "date_precision": "week",
            "event_type": kinds,
            "sub_event_type": [SUB_EVENT_TYPES[kind][0] for kind in kinds],
            "fatalities_low": 1,
            "fatalities_best": pd.array([2, None, 2, 0, 1, 3], dtype="Int64"),
            "injured": pd.array([None] * 6, dtype="Int64"),
            "sources": [[Source(hostile.strip("\x00"), "https://x.org", "2025-05-12")], *[[]] * 5],
            "summary": hostile,
            "location_text": "Narena",
            "latitude": [12.25, None, -0.1 + 0.3, 1e-3, 11, 12],
            "longitude": [-8.5, None, -8.123456789012345, 1, -8, -8],
            "dataset_row": range(1, 7),
        }
    ).reindex(columns=list(INCIDENTS.columns))
    table.loc[3, "fatalities_low"] = 0
    typed = INCIDENTS.validate(table, lazy=True)
    flat = pd.concat([typed.drop(columns="sources"), sources_to_columns(typed["sources"])], axis=1)
    flat.to_csv(tmp_path / "records.csv", index=False)
    incidents, findings = read_incidents(tmp_path / "records.csv")
    pd.testing.assert_frame_equal(incidents, typed)
    assert set(findings["code"]) <= {"no-toll", "no-source", "hidden-characters"}
