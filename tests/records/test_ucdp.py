"""UCDP GED: the yearly file and the website's export, every row as UCDP means it."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mali_incidents.records.read import read_incidents
from mali_incidents.tables import FINDINGS, INCIDENTS, Source

EVENT = {
    "id": "901",
    "relid": "MLI-2022-1-1-1",
    "type_of_violence": "1",
    "side_a": "Government of Mali",
    "side_b": "JNIM",
    "source_article": '"Paper,2022-04-08,A headline"; "Radio,2022-04-09,Another"',
    "source_office": "Paper;Radio",
    "source_date": "2022-04-08;2022-04-09",
    "where_prec": "3",
    "where_coordinates": "Tominian cercle",
    "where_description": "around Mandiakui",
    "adm_1": "Segou region",
    "adm_2": "Tominian cercle",
    "latitude": "13.334181",
    "longitude": "-4.431595",
    "date_prec": "4",
    "date_start": "2022-03-22 00:00:00.000",
    "date_end": "2022-04-07 00:00:00.000",
    "best": "2",
    "high": "5",
    "low": "1",
}
RENAMED = {"best": "best_est", "high": "high_est", "low": "low_est"}


def write(folder: Path, *events: dict[str, str], name: str = "ged.csv") -> Path:
    path = folder / name
    pd.DataFrame(events).to_csv(path, index=False)
    return path


def read_one(folder: Path, **cells: str) -> tuple[pd.Series, pd.DataFrame]:
    incidents, findings = read_incidents(write(folder, EVENT | cells))
    return incidents.iloc[0], findings


def exported(event: dict[str, str]) -> dict[str, str]:
    """An event as the website's export writes it."""
    renamed = {RENAMED.get(name, name): cell for name, cell in event.items()}
    return renamed | {"date_start": "03/22/2022 00:00:00", "date_end": "04/07/2022 00:00:00"}


def test_an_event_in_the_table(tmp_path: Path) -> None:
    row, findings = read_one(tmp_path)
    expected = {
        "incident_id": "ucdp-901",
        "dataset": "UCDP GED",
        "dataset_id": "901",
        "date_start": pd.Timestamp("2022-03-22"),
        "date_end": pd.Timestamp("2022-04-07"),
        "date_precision": "month",
        "event_type": "Battles",
        "actor": "Government of Mali - JNIM",
        "fatalities_low": 1,
        "fatalities_best": 2,
        "fatalities_high": 5,
        "sources": [Source("Paper", None, "2022-04-08"), Source("Radio", None, "2022-04-09")],
        "location_text": "Tominian cercle",
        "admin1": "Segou region",
        "admin2": "Tominian cercle",
        "latitude": 13.334181,
        "longitude": -4.431595,
        "reported_precision": "ucdp:3",
        "dataset_row": 1,
    }
    assert {name: row[name] for name in expected} == expected
    assert row.drop(list(expected)).isna().all()
    assert findings[["severity", "code", "value"]].to_numpy().tolist() == [
        ["note", "known-dataset", "UCDP GED"]
    ]


def test_the_export_is_the_same_event(tmp_path: Path) -> None:
    yearly, _ = read_incidents(write(tmp_path, EVENT))
    path = tmp_path / "export.csv"
    event = exported(EVENT)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(event)
        writer.writerow([*event.values(), ""])
    export, findings = read_incidents(path)
    pd.testing.assert_frame_equal(export, yearly)
    assert findings["code"].tolist() == ["known-dataset"]


def test_the_version_is_in_the_name_of_the_file(tmp_path: Path) -> None:
    for name, version in (("GEDEvent_v25_1.csv", " 25.1"), ("gedevent_v25_0_11.csv", " 25.0.11")):
        incidents, _ = read_incidents(write(tmp_path, EVENT, name=name))
        assert incidents.at[0, "dataset"] == f"UCDP GED{version}"


@pytest.mark.parametrize(
    ("code", "precision"), [("1", "day"), ("2", "days"), ("3", "week"), ("4.0", "month")]
)
def test_precision_of_dates(tmp_path: Path, code: str, precision: str) -> None:
    row, _ = read_one(tmp_path, date_prec=code)
    assert row["date_precision"] == precision


@pytest.mark.parametrize(
    ("cells", "event_type", "actor", "actor_type", "target"),
    [
        ({"type_of_violence": "1"}, "Battles", "Government of Mali - JNIM", None, None),
        (
            {"type_of_violence": "2", "side_a": "IS"},
            "Battles",
            "IS - JNIM",
            None,
            None,
        ),
        (
            {"type_of_violence": "3", "side_b": "Civilians"},
            "Violence against civilians",
            "Government of Mali",
            "State forces",
            "Civilians",
        ),
        (
            {"type_of_violence": "3", "side_a": "IS", "side_b": "Civilians"},
            "Violence against civilians",
            "IS",
            None,
            "Civilians",
        ),
    ],
)
def test_who_did_it_is_said_only_where_ucdp_does(
    tmp_path: Path, cells: dict[str, str], event_type: str, actor: str, actor_type: str, target: str
) -> None:
    row, _ = read_one(tmp_path, **cells)
    said = row[["event_type", "actor", "actor_type", "target"]]
    assert said.where(said.notna(), None).tolist() == [event_type, actor, actor_type, target]


@pytest.mark.parametrize(
    ("cells", "sources"),
    [
        ({"source_office": "", "source_date": "", "source_article": "Le M"}, [Source("Le M")]),
        ({"source_office": "A;B", "source_date": "2022-01-01"}, [Source("A"), Source("B")]),
        (
            {"source_office": "A;;B", "source_date": "2022-01-01;;2022-01-03"},
            [Source("A", None, "2022-01-01"), Source("B", None, "2022-01-03")],
        ),
        ({"source_office": "", "source_date": "", "source_article": ""}, []),
    ],
)
def test_sources(tmp_path: Path, cells: dict[str, str], sources: list[Source]) -> None:
    row, _ = read_one(tmp_path, **cells)
    assert row["sources"] == sources


@pytest.mark.parametrize(
    ("low", "best", "high", "left", "column"),
    [("4", "4", "3", [4, 4, pd.NA], "high"), ("4", "1", "4", [pd.NA, 1, 4], "low")],
)
def test_a_bound_that_contradicts_the_best_estimate_goes(
    tmp_path: Path, low: str, best: str, high: str, left: list[object], column: str
) -> None:
    row, findings = read_one(tmp_path, low=low, best=best, high=high)
    assert row[["fatalities_low", "fatalities_best", "fatalities_high"]].tolist() == left
    found = findings[findings["severity"] == "error"]
    assert found[["column", "code"]].to_numpy().tolist() == [[column, "contradiction"]]


@pytest.mark.parametrize(
    ("column", "written", "target"),
    [
        ("type_of_violence", "four", "event_type"),
        ("date_start", "22/03/2022 00:00:00", "date_start"),
        ("latitude", "north", "latitude"),
        ("best", "several", "fatalities_best"),
    ],
)
def test_what_cannot_be_read_is_found_as_it_was_written(
    tmp_path: Path, column: str, written: str, target: str
) -> None:
    row, findings = read_one(tmp_path, **{column: written})
    assert pd.isna(row[target])
    found = findings[findings["code"] == "not-readable"]
    assert found[["column", "value"]].to_numpy().tolist() == [[column, written]]


def test_a_precision_of_dates_that_is_none_is_found(tmp_path: Path) -> None:
    _, findings = read_one(tmp_path, date_prec="9")
    found = findings[findings["code"] == "not-readable"]
    assert found[["column", "value"]].to_numpy().tolist() == [["date_prec", "9"]]


def test_a_precision_that_is_none_is_kept_and_found(tmp_path: Path) -> None:
    row, findings = read_one(tmp_path, where_prec="8")
    assert row["reported_precision"] == "ucdp:8"
    found = findings[findings["code"] == "unknown-precision"]
    assert found[["column", "value", "severity"]].to_numpy().tolist() == [
        ["where_prec", "ucdp:8", "warning"]
    ]


def test_a_mapping_chooses_other_columns(tmp_path: Path) -> None:
    asked = {"location_text": "where_description", "admin2": None, "source_1_name": "relid"}
    incidents, _ = read_incidents(write(tmp_path, EVENT), columns=asked)
    row = incidents.iloc[0]
    assert row["location_text"] == "around Mandiakui"
    assert pd.isna(row["admin2"])
    assert row["sources"] == [Source("MLI-2022-1-1-1")]
    assert row["date_precision"] == "month"


def test_names_of_columns_in_capitals(tmp_path: Path) -> None:
    loud = {name.upper(): cell for name, cell in EVENT.items()}
    incidents, _ = read_incidents(write(tmp_path, loud))
    assert incidents.at[0, "incident_id"] == "ucdp-901"


def test_ids_without_a_number_and_twice(tmp_path: Path) -> None:
    incidents, findings = read_incidents(write(tmp_path, EVENT, EVENT, EVENT | {"id": ""}))
    assert incidents["incident_id"].tolist() == ["ucdp-901", "ucdp-901#row2", "row-3"]
    assert {"id-repeated", "id-missing"} <= set(findings["code"])


CELLS = st.one_of(
    st.sampled_from(["=1+1", "${x}", "\u202ex", "\x00", "1", "3", "2022-13-40", "9" * 30, ";", ""]),
    st.text(max_size=8),
)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(st.fixed_dictionaries(dict.fromkeys(EVENT, CELLS)), min_size=1, max_size=4),
    as_export=st.booleans(),
)
def test_any_cells_survive(tmp_path: Path, rows: list[dict[str, str]], *, as_export: bool) -> None:
    named = [{RENAMED.get(k, k): v for k, v in row.items()} for row in rows] if as_export else rows
    path = tmp_path / "ged.json"
    path.write_text(json.dumps(named))
    incidents, findings = read_incidents(path)
    assert incidents["dataset_row"].tolist() == list(range(1, len(rows) + 1))
    assert incidents["location_text"].fillna("").tolist() == [
        row["where_coordinates"] if row["where_coordinates"].strip() else "" for row in rows
    ]
    INCIDENTS.validate(incidents, lazy=True)
    FINDINGS.validate(findings, lazy=True)


def cells_of(path: Path) -> pd.DataFrame:
    """The file as it is, by the yearly file's names."""
    with path.open(newline="", encoding="utf-8") as handle:
        table = pd.DataFrame(csv.DictReader(handle, restkey="beyond"))
    return table.rename(columns={new: old for old, new in RENAMED.items()})


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "rows"), [("ged_mali_dev.csv", 1097), ("ged_mali_country_export.csv", 300)]
)
def test_the_real_files_survive_whole(shared: Path, name: str, rows: int) -> None:
    path = shared / "data" / "ucdp-ged-mali" / name
    incidents, findings = read_incidents(path)
    written = cells_of(path)
    assert len(incidents) == rows == len(written)
    assert incidents["dataset_id"].tolist() == written["id"].tolist()
    assert incidents["location_text"].tolist() == written["where_coordinates"].tolist()
    assert incidents["fatalities_best"].astype(str).tolist() == written["best"].tolist()
    assert incidents["latitude"].tolist() == written["latitude"].astype(float).tolist()
    assert incidents["longitude"].tolist() == written["longitude"].astype(float).tolist()
    assert incidents["date_start"].dt.year.astype(str).tolist() == written["year"].tolist()
    assert (
        incidents[["date_start", "date_end", "date_precision", "event_type"]].notna().all(axis=None)
    )
    assert set(findings.loc[findings["severity"] != "note", "code"]) == {"contradiction"}


@pytest.mark.shared
def test_the_real_export_agrees_with_the_yearly_file(shared: Path) -> None:
    folder = shared / "data" / "ucdp-ged-mali"
    yearly, export = (
        read_incidents(folder / name)[0].set_index("dataset_id").drop(columns="dataset_row")
        for name in ("ged_mali_dev.csv", "ged_mali_country_export.csv")
    )
    pd.testing.assert_frame_equal(export, yearly.loc[export.index])


@pytest.mark.shared
def test_the_real_file_by_its_descriptions(shared: Path) -> None:
    path = shared / "data" / "ucdp-ged-mali" / "ged_mali_dev.csv"
    asked = {"location_text": "where_description", "admin2": None}
    incidents, _ = read_incidents(path, columns=asked)
    written = cells_of(path)["where_description"]
    assert incidents["location_text"].fillna("").tolist() == written.tolist()
    assert incidents["admin2"].isna().all()
