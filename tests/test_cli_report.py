"""The command that writes a report pack."""

import sys

import pytest

from mali_incidents import cli

HEADER = "incident_id,date_start,location_text,summary\n"


def run(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["mali-incidents", "report", *map(str, words)])
    code = 0
    try:
        cli.main()
    except SystemExit as stopped:
        code = stopped.code or 0
    return code, capsys.readouterr()


def test_a_pack_is_written_and_said(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    records.write_text(HEADER + "a,2025-05-11,Narena,x\nb,2025,Kati,y\nc,2025,Xyzzy,z\n", "utf-8")
    out = tmp_path / "pack"
    words = [records, "--out", out, "--lang", "fr", "--as-of", "2026-01-31", "--title", "Essai"]
    code, said = run(monkeypatch, capsys, *words, "--around", "Bamako", "--radius-km", 90)
    assert code == 0
    assert "3 rows read" in said.out
    assert "writing the document …" in said.out
    assert f"hand over {out / 'mali-incidents-2026-01-31.zip'}" in said.out
    for name in ("rapport.docx", "carte.html", "carte-alentours.html", "donnees/incidents.kml"):
        assert (out / name).is_file()
        assert str(out / name) in said.out
    assert "<title>Essai</title>" in (out / "carte.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--lang", "de"], "lang must be one of en, fr"),
        (["--as-of", "soon"], "a day is YYYY-MM-DD"),
        (["--template", "none.docx"], "cannot use the template none.docx: it is not there"),
        (["--out", "."], "holds what is of no report"),
        (["--frame", "mali-1900"], "no frame 'mali-1900'"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_written(
    monkeypatch, capsys, tmp_path, words, said
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.txt").write_text("mine")
    code, printed = run(monkeypatch, capsys, *words)
    assert code == 2
    assert said in printed.err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_one_row_that_is_withheld_is_said_in_numbers(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    records.write_text(HEADER + "a,2026-01-30,Narena,x\n", "utf-8")
    words = [records, "--out", tmp_path / "pack", "--as-of", "2026-01-31", "--profile", "public"]
    code, said = run(monkeypatch, capsys, *words)
    assert code == 0
    assert "0 rows given" in said.out
    assert "located: none" in said.out
    assert "no incident is given: the 1 read is withheld." in said.out
