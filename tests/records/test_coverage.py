"""Coverage files: read whole, or refused with everything that is wrong."""

import datetime as dt
from pathlib import Path

import pytest

from mali_incidents.errors import ReadError
from mali_incidents.records.coverage import coverage_beside, read_coverage

TEXT = """
name = "press"
frame = "mali-2017"
units = ["ML-2017/segou"]
period_start = 2012-01-01
period_end = 2026-01-31
as_of = 2026-01-31
census = false
selection = {en = "found in the press", fr = "trouvés dans la presse"}
title = {en = "Attacks", fr = "Attaques"}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "coverage.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_read(tmp_path: Path) -> None:
    write(tmp_path, TEXT)
    coverage = coverage_beside(tmp_path / "incidents.csv")
    assert coverage is not None
    assert coverage.units == ("ML-2017/segou",)
    assert coverage.period_start == dt.date(2012, 1, 1)
    assert coverage.selection["fr"] == "trouvés dans la presse"
    assert coverage.census is False


def test_none_beside(tmp_path: Path) -> None:
    assert coverage_beside(tmp_path / "incidents.csv") is None


def test_everything_wrong_at_once(tmp_path: Path) -> None:
    text = (
        TEXT.replace("false", '"no"').replace('name = "press"', "").replace(', fr = "Attaques"', "")
    )
    text = text.replace('["ML-2017/segou"]', "[]").replace(
        "as_of = 2026-01-31", "as_of = 2026-01-31T10:00:00"
    )
    with pytest.raises(ReadError) as refused:
        read_coverage(write(tmp_path, text))
    for key in (
        "name must",
        "census must",
        "units must",
        "as_of must",
        "title must have a text in 'fr'",
    ):
        assert key in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace("2012-01-01", "2030-01-01"), "period_start is after"),
        ("name =", "cannot read"),
    ],
)
def test_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ReadError, match=said):
        read_coverage(write(tmp_path, text))
