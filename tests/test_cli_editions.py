"""The commands for editions."""

import shutil
import sys

import pytest

from mali_incidents import cli
from mali_incidents.storage import shipped

HEADER = "incident_id,date_start,location_text,summary\n"


def run(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["mali-incidents", "editions", *map(str, words)])
    code = 0
    try:
        cli.main()
    except SystemExit as stopped:
        code = stopped.code or 0
    return code, capsys.readouterr()


@pytest.fixture
def kept(monkeypatch, capsys, tmp_path):
    """Two editions of a small file, by the command."""
    records, folder = tmp_path / "records.csv", tmp_path / "editions"
    for day, rows in (
        ("2026-01-31", "a,2025-05-11,Narena,x\nb,2025,Kati,y\nc,2025,Bamako,z\n"),
        ("2026-02-28", "a,2025-05-11,Narena,x\nb,2025,Kita,[y]\nd,2025,Bamako,z\n"),
    ):
        records.write_text(HEADER + rows, "utf-8")
        words = ["keep", records, "--editions", folder, "--as-of", day]
        code, said = run(monkeypatch, capsys, *words)
        assert code == 0
        assert f"kept as the edition {day}" in said.out
    return folder


def test_editions_are_listed_and_compared(monkeypatch, capsys, tmp_path, kept):
    _, said = run(monkeypatch, capsys, "list", "--editions", kept)
    assert said.out == (
        "2026-01-31: 3 incidents, as of 2026-01-31, internal\n"
        "2026-02-28: 3 incidents, as of 2026-02-28, internal\n"
    )
    files = [tmp_path / "changes.csv", tmp_path / "changes.html"]
    words = ["compare", "2026-01-31", "2026-02-28", "--editions", kept, "--lang", "fr"]
    code, said = run(monkeypatch, capsys, *words, "-o", files[0], "--map", files[1])
    assert code == 0
    assert said.out.startswith("Depuis l’édition du 31 janvier 2026\u00a0: 1 ajouté, 1 modifié, 1")
    rows = files[0].read_text("utf-8-sig").splitlines()
    assert rows[2].startswith('b,changed,"summary, location_text, geometry')
    page = files[1].read_text("utf-8")
    assert "Ajouté depuis le 31 janvier 2026" in page
    assert "<title>Depuis l’édition du 31 janvier 2026" in page
    assert "INTERNE" in page
    words[1:3] = reversed(words[1:3])
    code, said = run(monkeypatch, capsys, *words)
    assert code == 2
    assert "name the older one first" in said.err


def test_what_ships_has_its_day_and_other_records_need_one(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "editions"
    _, said = run(monkeypatch, capsys, "list", "--editions", folder)
    assert said.out.startswith("no editions in ")
    assert run(monkeypatch, capsys, "keep", "--editions", folder)[0] == 0
    assert [path.name for path in folder.iterdir()] == ["2026-01-31"]
    shutil.copy(shipped("incidents", "incidents.csv"), tmp_path / "mine.csv")
    code, said = run(monkeypatch, capsys, "keep", tmp_path / "mine.csv", "--editions", folder)
    assert code == 2
    assert "no clock is read" in said.err
    code, said = run(monkeypatch, capsys, "keep", "--as-of", "31/01/2026", "--editions", folder)
    assert code == 2
    assert "a day is YYYY-MM-DD" in said.err
    for words in (["keep"], ["list"]):
        code, said = run(monkeypatch, capsys, *words, "--editions", tmp_path / "mine.csv")
        assert code == 2
        assert "is a file, and editions are kept in a folder" in said.err
    code, said = run(monkeypatch, capsys, "compare", "a", "2026-01-31", "--editions", folder)
    assert code == 2
    assert "there are: 2026-01-31" in said.err
