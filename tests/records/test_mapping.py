"""Which column of a file fills which of the table: by name, as asked, or all that is wrong."""

from pathlib import Path

import pandas as pd
import pytest

from mali_incidents.errors import ReadError
from mali_incidents.records.mapping import columns_from_words
from mali_incidents.records.read import read_incidents
from mali_incidents.tables import Source

OTHERS = {
    "No": "7",
    "When": "2025-05-11",
    "Where it was": "Narena",
    "Cercle": "Kangaba",
    "Outlet": "A paper",
    "Lat": "12.2",
    "Lon": "-8.5",
}
ASKED = {
    "incident_id": "No",
    "date_start": "When",
    "location_text": "where-it-was",
    "admin2": "Cercle",
    "latitude": "Lat",
    "longitude": "Lon",
    "source_1_name": "Outlet",
}
OWN = {
    "incident_id": "a",
    "date_start": "2025",
    "location_text": "Gao",
    "admin1": "Gao",
    "note": "Narena",
}


def write(folder: Path, *records: dict[str, str], name: str = "records.csv") -> Path:
    path = folder / name
    pd.DataFrame(records).to_csv(path, index=False)
    return path


def test_any_file_is_read_as_it_is_mapped(tmp_path: Path) -> None:
    incidents, findings = read_incidents(write(tmp_path, OTHERS), columns=ASKED)
    row = incidents.iloc[0]
    assert row[["incident_id", "location_text", "admin2"]].tolist() == ["7", "Narena", "Kangaba"]
    assert (row["latitude"], row["longitude"]) == (12.2, -8.5)
    assert row["sources"] == [Source("A paper")]
    assert findings["code"].tolist() == ["no-type", "no-toll"]


def test_findings_name_the_column_of_the_file(tmp_path: Path) -> None:
    _, findings = read_incidents(write(tmp_path, OTHERS | {"Lat": "north"}), columns=ASKED)
    found = findings[findings["code"] == "not-readable"]
    assert found[["column", "value"]].to_numpy().tolist() == [["Lat", "north"]]


def test_what_is_asked_goes_before_what_the_header_says(tmp_path: Path) -> None:
    path = write(tmp_path, OWN)
    incidents, findings = read_incidents(path, columns={"location_text": "note", "admin1": None})
    assert incidents.at[0, "location_text"] == "Narena"
    assert pd.isna(incidents.at[0, "admin1"])
    assert "unknown-column" not in set(findings["code"])


def test_one_column_can_fill_two(tmp_path: Path) -> None:
    path = write(tmp_path, OWN)
    incidents, _ = read_incidents(path, columns={"location_text": "admin1", "summary": "admin1"})
    assert incidents.loc[0, ["location_text", "summary", "admin1"]].tolist() == ["Gao"] * 3


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    asked = {"place": "When", "dataset_row": "No", "location_text": "nowhere", "admin1": "nil"}
    with pytest.raises(ReadError) as refused:
        read_incidents(write(tmp_path, OTHERS), columns=asked)
    said = str(refused.value)
    assert "without the required column(s) incident_id, date_start and" in said
    assert "does not have the column(s) asked for, nowhere, nil and" in said
    assert "no column of the incident table, place, dataset_row." in said
    assert "It has: No, When" in said
    assert "--column" in said


def test_a_required_column_cannot_be_left_out(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"required column\(s\) location_text"):
        read_incidents(write(tmp_path, OWN), columns={"location_text": None})


def test_a_file_without_our_columns_says_how_to_map_them(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="--column location_text=place"):
        read_incidents(write(tmp_path, OTHERS))


def test_words_of_the_command_line() -> None:
    words = ["location_text=where = here", " admin2 =", "source_1_name=Outlet"]
    assert columns_from_words(words) == {
        "location_text": "where = here",
        "admin2": None,
        "source_1_name": "Outlet",
    }
    assert columns_from_words([]) == {}


def test_words_that_map_nothing_are_all_named() -> None:
    with pytest.raises(ReadError) as refused:
        columns_from_words(["admin1", "=x", "admin2=a", "admin2=b"])
    said = str(refused.value)
    assert "'admin1' is no mapping; '=x' is no mapping; 'admin2' is mapped 2 times" in said
