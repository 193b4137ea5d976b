"""The command for gazetteers: what it keeps, what it says, what it refuses."""

import sys
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from made_places import GEONAMES, MENAKA, NARENA, write_csv

from mali_incidents import cli


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has added nothing yet."""
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> object:
    """Run the command; its exit code."""
    monkeypatch.setattr(sys, "argv", ["mali-incidents", "places", *words])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code


def test_a_file_is_added_by_a_mapping_and_listed(
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = {"name": "Lieu, officiel", "latitude": "Y1", "longitude": "X1"}
    rows = [
        {names.get(field, field): cell for field, cell in row.items()}
        for row in (NARENA, MENAKA, {**NARENA, "name": '=HYPERLINK("x")', "latitude": "0"})
    ]
    file = write_csv(tmp_path / "a.csv", rows)
    mapping = ",".join(f"{field}={column}" for field, column in names.items())
    asked = ("--name", "mine", "--source", "[red]A survey", "--licence", "ODbL")
    assert run(monkeypatch, "add", str(file), "--columns", mapping, *asked) == 0
    said = capsys.readouterr().out
    assert "mine: 2 places kept of 3 rows; 1 mended, 0 flagged" in said
    assert "sign-mended: 1" in said
    assert "source: [red]A survey; licence: ODbL" in said
    findings = pd.read_csv(home / "places" / "mine" / "findings.csv")
    assert findings["code"].tolist() == ["sign-mended", "outside-mali"]
    assert findings["name"].tolist() == ["Menaka", '\'=HYPERLINK("x")']
    assert str(home / "places" / "mine" / "findings.csv") in said
    assert run(monkeypatch, "list") == 0
    said = capsys.readouterr().out
    assert "shipped  155 places of 155 rows; 0 mended, 0 flagged" in said
    assert "mine  2 places of 3 rows; 1 mended, 0 flagged" in said
    assert "[red]A survey; ODbL; 20" in said


def test_what_is_there_already_is_refused_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(write_csv(tmp_path / "a.csv", [NARENA]))
    assert run(monkeypatch, "add", file) == 0
    assert run(monkeypatch, "add", file) == 2
    assert "there is a gazetteer 'a' already" in capsys.readouterr().err
    assert run(monkeypatch, "add", file, "--replace") == 0


@pytest.mark.parametrize("columns", ["", "name", "=", "nom=name,latitude=lat"])
def test_a_mapping_that_says_nothing_is_refused(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    columns: str,
) -> None:
    file = str(write_csv(tmp_path / "a.csv", [NARENA]))
    assert run(monkeypatch, "add", file, "--columns", columns) == 2
    message = capsys.readouterr().err
    assert "fields are place_id, name" in message
    assert "Traceback" not in message


def test_geonames_without_a_network_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    # A port that nothing listens on.
    assert run(monkeypatch, "fetch", "geonames", "--url", "http://127.0.0.1:9/ML.zip") == 2
    message = capsys.readouterr().err
    assert "mali-incidents places add ML.zip" in message
    with zipfile.ZipFile(tmp_path / "ML.zip", "w") as archive:
        archive.writestr("ML.txt", GEONAMES)
    assert run(monkeypatch, "add", str(tmp_path / "ML.zip")) == 0
    assert "geonames: 4 places kept of 7 rows" in capsys.readouterr().out
