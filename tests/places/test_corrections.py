"""Corrections: read with all that is wrong, safe in a spreadsheet, and the same when read again."""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.errors import LocateError
from mali_incidents.places.corrections import (
    COLUMNS,
    USUAL_KM,
    Correction,
    add_correction,
    check_corrections,
    corrections_for,
    key_of,
    read_corrections,
)
from mali_incidents.places.frames import read_frame

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


def test_a_new_answer_takes_the_place_of_an_earlier_one(tmp_path: Path) -> None:
    file = add_correction(tmp_path / "c.csv", ("Boni", "", "", ""), POINT)
    add_correction(file, ("=Narena", "", "", ""), UNIT)
    add_correction(file, ("BÓNI", "", "", ""), POINT._replace(latitude=15.5))
    assert read_corrections(file) == {
        key_of("=Narena", "", "", ""): UNIT,
        key_of("Boni", "", "", ""): POINT._replace(latitude=15.5),
    }
    assert len(file.read_text("utf-8-sig").splitlines()) == 3


def test_of_two_that_say_the_same_the_later_holds_others_are_refused(tmp_path: Path) -> None:
    row = {"text": "Boni", "latitude": "15.07", "longitude": "-2.22", "who": "me"}
    file = write(tmp_path / "c.csv", row, row | {"who": "you", "text": "bóni"})
    assert [one.who for one in read_corrections(file).values()] == ["you"]
    write(file, row, {"text": "Gao", "unit_id": "x"}, row | {"radius_km": "9"})
    with pytest.raises(LocateError, match=r"row 3: it answers otherwise than row 1 .*'boni'"):
        read_corrections(file)


def test_columns_in_any_order_and_a_name_and_radius_that_are_not_told(tmp_path: Path) -> None:
    row = {"text": "Boni", "latitude": "15.07", "longitude": "-2.22"}
    file = write(tmp_path / "c.csv", row, columns=(*reversed(COLUMNS), "colour"))
    (found,) = read_corrections(file).values()
    assert (found.name, found.radius_km) == ("Boni", USUAL_KM)


def test_rows_without_a_cell_are_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path / "c.csv", {}, {"text": "Boni", "latitude": "1", "longitude": "2"}, {})
    assert list(read_corrections(file)) == [key_of("Boni", None, None, None)]
    add_correction(file, ("Boni", "", "", ""), POINT)
    assert list(read_corrections(file).values()) == [POINT]


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    good = {"text": "Boni", "latitude": "15.07", "longitude": "-2.22"}
    wrong = [
        ({"text": "a"}, "it needs a unit_id, or a latitude and a longitude"),
        ({"text": "b", "latitude": "15"}, "it needs a unit_id, or a latitude and a longitude"),
        (good | {"latitude": "north"}, "latitude must be degrees from -90 to 90, got 'north'"),
        (good | {"latitude": "95"}, "latitude must be degrees from -90 to 90, got '95'"),
        (good | {"longitude": "inf"}, "longitude must be degrees from -180 to 180, got 'inf'"),
        (good | {"radius_km": "0"}, "radius_km must be kilometres above 0 and up to 2000, got '0'"),
        (good | {"radius_km": "nan"}, "got 'nan'"),
        (good | {"text": " - "}, "it needs the text, or a unit, as the records write it"),
        ({"text": "c", "unit_id": "Narena"}, f"perhaps {UNIT.unit_id}, got 'Narena'"),
        ({"text": "d", "unit_id": "x"}, "must be the id of a unit of mali-2017, got 'x'"),
        (
            good | {"text": "e", "latitude": "48.85"},
            "latitude 48.85, longitude -2.22 lies outside the units of mali-2017",
        ),
        (good | {"text": "f", "latitude": "-2.22", "longitude": "15"}, "look swapped"),
        (good | {"latitude": "15.5"}, "it answers otherwise than row 1 for the same 'boni'"),
    ]
    file = write(tmp_path / "c.csv", good, *(row for row, _ in wrong))
    with pytest.raises(LocateError) as refused:
        read_corrections(file, frame=read_frame())
    lines = str(refused.value).splitlines()
    assert len(lines) == 1 + len(wrong)
    for number, (line, (_, why)) in enumerate(zip(lines[1:], wrong, strict=True), start=2):
        assert line.startswith(f"- row {number}: ")
        assert why in line


def test_corrections_made_in_code_are_checked_too() -> None:
    corrections = {
        key_of("Boni", None, None, None): POINT,
        key_of("Here", None, None, None): UNIT._replace(unit_id="x"),
        key_of("", "There", None, None): POINT._replace(latitude=48.0),
    }
    with pytest.raises(LocateError, match=r"(?s)'here': unit_id .*'there': latitude 48") as refused:
        check_corrections(corrections, frame=read_frame())
    assert len(str(refused.value).splitlines()) == 3


def test_what_a_spreadsheet_of_french_habits_saves_is_read(tmp_path: Path) -> None:
    file = add_correction(tmp_path / "c.csv", ("Boni; près", "Ségou", "", ""), POINT)
    table = pd.read_csv(file)
    table.to_csv(file, sep=";", decimal=",", index=False, encoding="cp1252")
    assert read_corrections(file) == {key_of("Boni; près", "Ségou", "", ""): POINT}
    add_correction(file, ("Narena", "", "", ""), UNIT)
    assert list(read_corrections(file).values()) == [POINT, UNIT]


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


def test_a_file_without_rows_can_be_added_to(tmp_path: Path) -> None:
    file = write(tmp_path / "c.csv")
    assert read_corrections(file, frame=read_frame()) == {}
    add_correction(file, ("Boni", "", "", ""), POINT)
    assert read_corrections(file) == {key_of("Boni", "", "", ""): POINT}


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
texts = words.filter(lambda text: any(key_of(text, "", "", "")))


@given(texts, words, words, st.floats(-90, 90), st.floats(-180, 180), st.floats(0.01, 2000))
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
