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


@pytest.mark.parametrize(
    "units", [["ML"], ["ML-2017/segou/niono", "ML-2017/koulikoro/kangaba/narena"]], ids=str
)
def test_units_of_any_level(tmp_path: Path, units: list[str]) -> None:
    text = TEXT.replace('["ML-2017/segou"]', str(units).replace("'", '"'))
    assert read_coverage(write(tmp_path, text)).units == tuple(units)


def test_units_that_the_frame_does_not_have_are_named(tmp_path: Path) -> None:
    text = TEXT.replace('["ML-2017/segou"]', '["ML-2017/segou", "Ségou", "ML-2023/segou", ""]')
    with pytest.raises(ReadError) as refused:
        read_coverage(write(tmp_path, text))
    said = str(refused.value)
    assert "does not have 'Ségou' (perhaps ML-2017/segou or ML-2017/segou/segou or " in said
    assert said.endswith("), 'ML-2023/segou', ''")


def test_a_frame_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"no frame 'mars-2050'.*mali-2017"):
        read_coverage(write(tmp_path, TEXT.replace("mali-2017", "mars-2050")))


def test_the_mark_of_utf8_is_no_error(tmp_path: Path) -> None:
    assert read_coverage(write(tmp_path, "\ufeff" + TEXT)).name == "press"


@pytest.mark.parametrize(
    "content",
    [b"name = " + b"[" * 5000 + b"]" * 5000, b"name = '\xff'", "name = 'x'".encode("utf-16")],
    ids=["deep", "bytes", "utf-16"],
)
def test_what_is_no_coverage_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "coverage.toml").write_bytes(content)
    with pytest.raises(ReadError, match=r"cannot read the coverage file .*coverage\.toml"):
        coverage_beside(tmp_path / "incidents.csv")


def test_a_folder_of_that_name_is_not_ignored(tmp_path: Path) -> None:
    (tmp_path / "coverage.toml").mkdir()
    with pytest.raises(ReadError, match="cannot read the coverage file"):
        coverage_beside(tmp_path / "incidents.csv")


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
