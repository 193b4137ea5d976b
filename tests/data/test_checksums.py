"""Every file that ships: in the table that says where it is from, and as its checksum says."""

import re
import runpy
from pathlib import Path

import pytest

from mali_incidents.storage import shipped

SCRIPT = Path(__file__).parents[2] / "data" / "build" / "checksums.py"
COLUMNS = ["file", "what", "source", "vintage", "licence", "made by"]


@pytest.fixture(scope="module")
def summed() -> set[str]:
    lines = shipped("SHA256SUMS").read_text("utf-8").splitlines()
    return {line.split("  ", 1)[1] for line in lines}


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    page = shipped("README.md").read_text("utf-8")
    rows = [row.strip("| ").split(" | ") for row in re.findall(r"^\| .+ \|$", page, re.MULTILINE)]
    assert rows[0] == COLUMNS
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]


def test_checksums_are_those_of_the_files() -> None:
    made = runpy.run_path(str(SCRIPT))["make_checksums"]()
    assert shipped("SHA256SUMS").read_text("utf-8") == made, f"run {SCRIPT}"


def test_every_file_is_summed_but_the_page_and_the_list_themselves(summed: set[str]) -> None:
    there = {path.relative_to(shipped()) for path in shipped().rglob("*") if path.is_file()}
    names = {path.as_posix() for path in there if "__pycache__" not in path.parts}
    assert names - summed == {"README.md", "SHA256SUMS"}


def test_the_table_says_of_every_file_where_it_is_from(
    summed: set[str], table: list[dict[str, str]]
) -> None:
    cells = [cell for row in table for cell in (row["file"], row["made by"])]
    named = {name for cell in cells for name in cell.split(", ")} - {"by hand"}
    assert named == summed | {"SHA256SUMS"}
    assert all(all(row.values()) for row in table)


def test_all_that_ships_is_under_four_megabytes() -> None:
    assert sum(path.stat().st_size for path in shipped().rglob("*") if path.is_file()) < 4_000_000
