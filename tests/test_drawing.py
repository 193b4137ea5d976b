"""The job and the command that draw: what was asked for is what is written, or nothing is."""

import sys

import pandas as pd
import pytest
from pypdf import PdfReader

from mali_incidents import cli
from mali_incidents.drawing import draw_file
from mali_incidents.errors import MapError
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped


@pytest.fixture
def records(tmp_path):
    """A few of the shipped records, as a user has them; no coverage beside them."""
    table = pd.read_csv(shipped("incidents", "incidents.csv"), dtype="str").tail(25)
    path = tmp_path / "records.csv"
    table.to_csv(path, index=False)
    return path


def _words(file):
    return [" ".join(page.extract_text().split()) for page in PdfReader(file).pages]


def test_a_file_of_records_becomes_a_page(records, tmp_path):
    report = draw_file(records, out=tmp_path / "map.pdf", lang="fr", notice="Interne")
    (words,) = _words(tmp_path / "map.pdf")
    assert report.files == (tmp_path / "map.pdf",)
    assert len(report.located) == len(read_incidents(records)[0]) == 25
    assert "Incidents au Mali" in words
    assert "Interne" in words
    assert "25 incidents" in words


def test_the_shipped_records_are_drawn_with_their_coverage(tmp_path):
    draw_file(out=tmp_path / "map.pdf", around="Bamako", radius_km=100)
    (words,) = _words(tmp_path / "map.pdf")
    assert "within 100 km of Bamako" in words
    assert "a selection, not a census" in words


def test_a_point_in_degrees_is_a_place(records, tmp_path):
    draw_file(records, out=tmp_path / "map.pdf", around="12.64, -8.0", page="slide")
    (words,) = _words(tmp_path / "map.pdf")
    assert "12.6400, -8.0000" in words


def test_small_maps_and_an_atlas(records, tmp_path):
    draw_file(records, out=tmp_path / "years.pdf", by="year", between=("2024", "2025"))
    (words,) = _words(tmp_path / "years.pdf")
    assert "Incidents in Mali by year" in words
    draw_file(records, out=tmp_path / "atlas.pdf", by="cercle", title="Made atlas")
    pages = _words(tmp_path / "atlas.pdf")
    assert "Made atlas" in pages[0]
    assert pages[1].startswith("Contents")
    assert len(pages) > 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "week"}, "by must be one of month, year, event_type, cercle, got 'week'"),
        ({"by": "cercle", "around": "Kati"}, "leave out the rest"),
        ({"by": "cercle", "out": "a.png"}, r"an atlas by cercle is written as \.pdf"),
        ({"out": "a.doc", "dpi": 1}, r"got 'a\.doc'; dpi must be 36 to 600"),
        ({"between": ("2025", "2026")}, "for maps by month or year"),
        ({"by": "year", "way_to": "Kati"}, "the way to a place"),
        ({"lang": "de"}, "lang must be"),
        ({"page": "a5"}, "page must be"),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_written(records, tmp_path, asked, said):
    out = tmp_path / "out"
    with pytest.raises(MapError, match=said):
        draw_file(records, **{**asked, "out": out / str(asked.get("out", "a.pdf"))})
    assert not out.exists()


def _run(monkeypatch, *words):
    monkeypatch.setattr(sys, "argv", ["mali-incidents", "figure", *map(str, words)])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    return stopped.value.code


def test_the_command_says_what_it_read_and_wrote(monkeypatch, capsys, records, tmp_path):
    out = tmp_path / "map.png"
    asked = ("--out", out, "--dpi", 50, "--by", "month", "--between", "2025-06", "2025-07")
    assert _run(monkeypatch, records, *asked, "--page", "slide", "--lang", "fr") == 0
    said = capsys.readouterr().out
    assert "25 rows read" in said
    assert str(out) in said
    assert out.stat().st_size > 5_000


def test_a_refusal_is_a_message(monkeypatch, capsys, records, tmp_path):
    assert _run(monkeypatch, records, "--out", tmp_path / "map.txt") == 2
    assert "a figure is written as .pdf, .svg, .png, got 'map.txt'" in capsys.readouterr().err
