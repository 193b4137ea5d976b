"""Corrections: read with all that is wrong, safe in a spreadsheet, and the same when read again."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.errors import LocateError
from mali_incidents.places.corrections import (
    COLUMNS,
    USUAL_KM,
    Correction,
    add_correction,
    corrections_for,
    key_of,
    read_corrections,
)

POINT = Correction("Boni", "", 15.07, -2.22, 2.5, "A. B.", "2025-01-02", "the mayor said so")
UNIT = Correction("Narena", "ML-2017/koulikoro/kangaba/narena", None, None, 3.0, "", "", "")


def write(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    """Write a file of corrections by hand."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_what_is_added_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "corrections.csv"
    assert add_correction(file, ("Boni", "Mopti", "", ""), POINT) == file
    add_correction(file, ("Narena", "", "Kangaba", ""), UNIT)
    assert read_corrections(file) == {
        key_of("Boni", "Mopti", None, None): POINT,
        key_of("Narena", "", "Kangaba", ""): UNIT,
    }


def test_they_are_looked_up_whatever_the_accents(tmp_path: Path) -> None:
    file = add_correction(tmp_path / "c.csv", ("BONI", "Mopti", "", ""), POINT)
    assert key_of("Bóni", "MOPTI", None, "") in read_corrections(file)
    assert key_of("Boni", None, None, None) not in read_corrections(file)


def test_of_two_the_later_holds(tmp_path: Path) -> None:
    file = add_correction(tmp_path / "c.csv", ("Boni", "", "", ""), POINT)
    add_correction(file, ("Boni", "", "", ""), POINT._replace(latitude=15.5))
    assert [one.latitude for one in read_corrections(file).values()] == [15.5]
    assert len(file.read_text("utf-8-sig").splitlines()) == 3


def test_columns_in_any_order_and_a_name_and_radius_that_are_not_told(tmp_path: Path) -> None:
    row = {"text": "Boni", "latitude": "15.07", "longitude": "-2.22"}
    file = write(tmp_path / "c.csv", row, columns=(*reversed(COLUMNS), "colour"))
    (found,) = read_corrections(file).values()
    assert (found.name, found.radius_km) == ("Boni", USUAL_KM)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    good = {"text": "Boni", "latitude": "15.07", "longitude": "-2.22"}
    file = write(
        tmp_path / "c.csv",
        good,
        {"text": "a"},
        {"text": "b", "latitude": "15"},
        good | {"latitude": "north"},
        good | {"latitude": "95"},
        good | {"longitude": "inf"},
        good | {"radius_km": "0"},
        good | {"radius_km": "nan"},
    )
    with pytest.raises(LocateError) as refused:
        read_corrections(file)
    said = str(refused.value)
    assert "row 1" not in said
    assert [number for number in range(2, 9) if f"row {number}:" in said] == [*range(2, 9)]
    assert "needs a unit_id, or a latitude and a longitude" in said
    assert "kilometres above 0" in said


@pytest.mark.parametrize("content", [b"", b"text,who\nBoni,me\n", b"\xff\xfe\x00", b'"a\n"b","'])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes(content)
    with pytest.raises(LocateError, match=r"c\.csv"):
        read_corrections(file)
    before = file.read_bytes()
    with pytest.raises(LocateError):
        add_correction(file, ("Boni", "", "", ""), POINT)
    assert file.read_bytes() == before
    with pytest.raises(LocateError, match="cannot read"):
        read_corrections(tmp_path / "none.csv")


def test_those_named_go_before_those_beside_the_records(tmp_path: Path) -> None:
    records = tmp_path / "records.csv"
    assert corrections_for(records, None) is None
    beside = add_correction(tmp_path / "corrections.csv", ("Boni", "", "", ""), POINT)
    assert corrections_for(records, None) == beside
    assert corrections_for(records, "other.csv") == Path("other.csv")


@pytest.mark.parametrize(
    "text", ["=1+1", "+33", "-Boni", "@SUM(A1)", "\t=1", "\r=1", "'=1", '=HYPERLINK("x";"y")']
)
def test_no_text_is_a_formula_in_a_spreadsheet(tmp_path: Path, text: str) -> None:
    hostile = POINT._replace(name=text, who=text, why=text, longitude=-2.0)
    file = add_correction(tmp_path / "c.csv", (text, text, text, text), hostile)
    with file.open(newline="", encoding="utf-8-sig") as opened:
        (row,) = csv.DictReader(opened)
    numbers = {"latitude", "longitude", "radius_km"}
    assert all(row[column][:1] not in set("=+-@\t\r\n") for column in set(COLUMNS) - numbers)
    assert row["longitude"] == "-2.0"
    (again,) = read_corrections(file).values()
    assert again == hostile
    add_correction(file, ("Boni", "", "", ""), POINT)
    assert read_corrections(file)[key_of(text, text, text, text)] == again


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(words, words, words, st.floats(-90, 90), st.floats(-180, 180), st.floats(0.01, 2000))
def test_any_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    name: str,
    why: str,
    latitude: float,
    longitude: float,
    radius_km: float,
) -> None:
    given_one = Correction(name, "", latitude, longitude, radius_km, "me", "2025-01-01", why)
    file = tmp_path_factory.mktemp("c") / "c.csv"
    add_correction(file, (text, "", "", ""), given_one)
    assert read_corrections(file) == {key_of(text, "", "", ""): given_one}
