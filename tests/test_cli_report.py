"""The command that writes a report pack."""

import json
import sys

import docx
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


CHECKED = "incident_id,date_start,location_text,verification\n"
ROWS = [
    f"{name},2025-0{month}-11,{place},reported\n"
    for name, month, place in (("a", 5, "Narena"), ("b", 4, "Kati"), ("c", 6, "Bamako"))
]


def test_a_pack_says_what_changed_since_the_last_edition_and_is_kept_as_one(
    monkeypatch, capsys, tmp_path
):
    records, kept = tmp_path / "records.csv", tmp_path / "editions"
    for day, rows, said_so in (
        ("2026-01-31", ROWS[:2], "no edition of the profile public and an earlier day"),
        ("2026-02-28", ROWS, "Since the edition of 31 January 2026: 1 added, 0 changed, 0"),
    ):
        records.write_text(CHECKED + "".join(rows), "utf-8")
        words = [records, "--out", tmp_path / "pack", "--profile", "public", "--as-of", day]
        code, said = run(monkeypatch, capsys, *words, "--editions", kept)
        assert code == 0
        assert f"kept as the edition {day}-public" in said.out
        assert said_so in said.out
    first, second = ("Since the edition of 31 January 2026", "2 are as they were.")
    document = docx.Document(str(tmp_path / "pack" / "report.docx"))
    (line,) = [one.text for one in document.paragraphs if one.text.startswith(first)]
    assert line.endswith(second)
    manifest = json.loads((tmp_path / "pack" / "manifest.json").read_text("utf-8"))
    assert manifest["changes"]["since"] == "2026-01-31-public"
    assert manifest["changes"]["said"]["en"] == line
    assert manifest["changes"]["said"]["fr"].startswith("Depuis l’édition du 31 janvier 2026")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    # The same again is the same, and other records under the same day are refused.
    assert run(monkeypatch, capsys, *words, "--editions", kept)[0] == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    records.write_text(CHECKED + "".join(ROWS[1:]), "utf-8")
    code, said = run(monkeypatch, capsys, *words, "--editions", kept)
    assert code == 2
    assert "editions are never changed. Give another day" in said.err
    del before[records]
    assert {path: path.read_bytes() for path in before} == before


def test_an_edition_needs_a_day_and_leaves_nothing_without_one(monkeypatch, capsys, tmp_path):
    records = tmp_path / "records.csv"
    records.write_text(CHECKED + ROWS[0], "utf-8")
    words = [records, "--out", tmp_path / "pack", "--editions", tmp_path / "editions"]
    code, said = run(monkeypatch, capsys, *words)
    assert code == 2
    assert "e.g. --as-of 2026-01-31" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["records.csv"]


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
