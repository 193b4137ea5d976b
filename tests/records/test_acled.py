"""ACLED's export: its own types, one figure of deaths, dates known to a week or month."""

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mali_incidents.records.read import read_incidents
from mali_incidents.tables import ACTOR_TYPES, FINDINGS, INCIDENTS, Source

# Made up: ACLED's rows are not ours to carry.
EVENT = {
    "event_id_cnty": "MLI9901",
    "event_date": "01 January 2025",
    "year": "2025",
    "time_precision": "1",
    "disorder_type": "Political violence",
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "actor1": "A made group",
    "assoc_actor_1": "",
    "inter1": "Rebel group",
    "actor2": "A made army",
    "assoc_actor_2": "",
    "inter2": "State forces",
    "interaction": "State forces-Rebel group",
    "civilian_targeting": "",
    "iso": "466",
    "region": "Western Africa",
    "country": "Mali",
    "admin1": "Segou",
    "admin2": "Niono",
    "admin3": "Sokolo",
    "location": "Sokolo",
    "latitude": "14.7330",
    "longitude": "-6.1220",
    "geo_precision": "2",
    "source": "A paper; A radio",
    "source_scale": "National",
    "notes": "On 1 January 2025, somebody made this up.",
    "fatalities": "3",
    "tags": "",
    "timestamp": "1736200000",
}
HOSTILE = [
    '=HYPERLINK("https://example.org")',
    "+1",
    "-2",
    "@SUM(1)",
    "'=1",
    "</script><img src=x onerror=alert(1)>",
    "${1}",
    "\u202egnp",
    "nul\x00",
]


def write(folder: Path, *events: dict[str, str]) -> Path:
    path = folder / "acled.csv"
    pd.DataFrame(events).to_csv(path, index=False)
    return path


def read_one(folder: Path, **cells: str) -> tuple[pd.Series, pd.DataFrame]:
    incidents, findings = read_incidents(write(folder, EVENT | cells))
    return incidents.iloc[0], findings


def test_an_event_in_the_table(tmp_path: Path) -> None:
    row, findings = read_one(tmp_path)
    expected = {
        "incident_id": "acled-MLI9901",
        "dataset": "ACLED",
        "dataset_id": "MLI9901",
        "date_start": pd.Timestamp("2025-01-01"),
        "date_end": pd.Timestamp("2025-01-01"),
        "date_precision": "day",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor": "A made group",
        "actor_type": "Rebel group",
        "target": "A made army",
        "fatalities_best": 3,
        "sources": [Source("A paper"), Source("A radio")],
        "summary": "On 1 January 2025, somebody made this up.",
        "location_text": "Sokolo",
        "admin1": "Segou",
        "admin2": "Niono",
        "admin3": "Sokolo",
        "latitude": 14.733,
        "longitude": -6.122,
        "reported_precision": "acled:2",
        "dataset_row": 1,
    }
    assert {name: row[name] for name in expected} == expected
    assert row.drop(list(expected)).isna().all()
    assert findings["code"].tolist() == ["known-dataset"]


@pytest.mark.parametrize(
    "written", ["2025-03-12", "12 March 2025", "12 MARCH 2025", " 12 march 2025"]
)
@pytest.mark.parametrize(
    ("code", "start", "end", "precision"),
    [
        ("1", "2025-03-12", "2025-03-12", "day"),
        ("2", "2025-03-09", "2025-03-15", "week"),
        ("3", "2025-03-01", "2025-03-31", "month"),
    ],
)
def test_dates_known_to_a_day_week_and_month(
    tmp_path: Path, written: str, code: str, start: str, end: str, precision: str
) -> None:
    row, _ = read_one(tmp_path, event_date=written, time_precision=code)
    assert (row["date_start"], row["date_end"]) == (pd.Timestamp(start), pd.Timestamp(end))
    assert row["date_precision"] == precision


@pytest.mark.parametrize("written", ["45 January 2025", "1 Janvier 2025", "soon", "1900-01-01"])
@pytest.mark.parametrize("code", ["1", "2", "3", "4"])
def test_dates_that_cannot_be_read_never_raise(tmp_path: Path, written: str, code: str) -> None:
    row, findings = read_one(tmp_path, event_date=written, time_precision=code)
    bad_day = pd.isna(row["date_start"])
    assert bad_day == (written != "1900-01-01" or code == "2")
    if bad_day:
        found = findings[findings["code"] == "not-readable"]
        assert "event_date" in set(found["column"])


@pytest.mark.parametrize(("number", "kind"), list(enumerate(ACTOR_TYPES[:8], start=1)))
def test_kinds_of_actor_by_number_or_name(tmp_path: Path, number: int, kind: str) -> None:
    assert read_one(tmp_path, inter1=str(number))[0]["actor_type"] == kind
    assert read_one(tmp_path, inter1=kind)[0]["actor_type"] == kind


def test_a_mapping_chooses_other_columns(tmp_path: Path) -> None:
    asked = {"location_text": "notes", "summary": None, "actor": "actor2"}
    incidents, _ = read_incidents(write(tmp_path, EVENT), columns=asked)
    row = incidents.iloc[0]
    assert row["location_text"] == EVENT["notes"]
    assert pd.isna(row["summary"])
    assert row["actor"] == "A made army"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(tmp_path: Path, hostile: str) -> None:
    texts = ["actor1", "actor2", "location", "admin1", "admin2", "admin3", "notes"]
    row, _ = read_one(tmp_path, **dict.fromkeys(texts, hostile), source=hostile)
    kept = ["actor", "target", "location_text", "admin1", "admin2", "admin3", "summary"]
    assert set(row[kept]) == {hostile}
    assert row["sources"] == [Source(hostile)]


CELLS = st.one_of(
    st.sampled_from([*HOSTILE, "1", "2", "3", "2025", "01 January 2025", "Attack", "9" * 30, ""]),
    st.text(max_size=8),
)


@settings(max_examples=20, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.fixed_dictionaries(dict.fromkeys(EVENT, CELLS)), min_size=1, max_size=4))
def test_any_cells_survive(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    path = tmp_path / "acled.json"
    path.write_text(json.dumps(rows))
    incidents, findings = read_incidents(path)
    assert incidents["dataset_row"].tolist() == list(range(1, len(rows) + 1))
    INCIDENTS.validate(incidents, lazy=True)
    FINDINGS.validate(findings, lazy=True)
