"""The job and the command that draw: what was asked for is what is written, or nothing is."""

import datetime as dt
import sys

import pandas as pd
import pytest
from pypdf import PdfReader

from mali_incidents import cli
from mali_incidents.drawing import draw_file
from mali_incidents.errors import MapError, PublishError, ReleaseError
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped

DAY = dt.date(2026, 1, 31)


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
    steps = []
    done = draw_file(records, out=tmp_path / "map.pdf", lang="fr", progress=steps.append)
    (words,) = _words(tmp_path / "map.pdf")
    assert done.files == (tmp_path / "map.pdf",)
    assert len(done.release.located) == len(read_incidents(records)[0]) == 25
    assert steps == ["read", "release", "draw"]
    assert "Incidents au Mali" in words
    assert "25 incidents" in words
    assert [path.name for path in tmp_path.iterdir()] == ["records.csv", "map.pdf"]


@pytest.mark.parametrize(
    ("lang", "says"), [("en", "INTERNAL – not for passing on"), ("fr", "INTERNE – ne pas diffuser")]
)
@pytest.mark.parametrize("by", [None, "year", "cercle"])
def test_every_page_says_on_its_face_that_it_is_internal(records, tmp_path, by, lang, says):
    draw_file(records, out=tmp_path / "map.pdf", by=by, lang=lang)
    for words in _words(tmp_path / "map.pdf"):
        assert words.startswith(says)


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_a_profile_is_applied_before_anything_is_drawn(records, tmp_path, ending):
    steps = []
    given = {"profile": "public", "as_of": DAY, "progress": steps.append, "dpi": 60}
    done = draw_file(records, out=tmp_path / f"map.{ending}", by="month", **given)
    assert steps == ["read", "release", "draw", "leaks"]
    assert {"site", "place"}.isdisjoint(done.release.located["level"])
    assert len(done.release.located) < 25
    assert all(file.exists() and file.parent == tmp_path for file in done.files)


def test_an_embargo_is_counted_from_a_day_that_somebody_gave(records, tmp_path):
    # A date typed wrong, far in the future, would lift it.
    with pytest.raises(ReleaseError, match=r"nothing says what day .* --as-of"):
        draw_file(records, out=tmp_path / "out" / "map.pdf", profile="public")
    assert not (tmp_path / "out").exists()


def test_the_edition_of_a_day_is_drawn(records, tmp_path):
    day = dt.date(2025, 6, 30)
    draw_file(records, out=tmp_path / "map.pdf", profile="public", as_of=day, lang="fr")
    (words,) = _words(tmp_path / "map.pdf")
    assert "Au 30 juin 2025" in words


@pytest.mark.parametrize("ending", ["pdf", "svg", "png"])
def test_what_is_withheld_and_written_all_the_same_stops_the_figure(tmp_path, ending):
    table = pd.read_csv(shipped("incidents", "incidents.csv"), dtype="str").tail(25)
    secret = "The caravan of made salt left at dawn"
    table.loc[table.index[3], "summary"] = secret
    table.loc[table.index[3], "verification"] = "unverified"
    table.to_csv(tmp_path / "records.csv", index=False)
    out = tmp_path / "out" / f"map.{ending}"
    # A title is the user's own words: only the check of what was written can find it.
    given = {"profile": "public", "as_of": DAY, "title": secret, "dpi": 60}
    with pytest.raises(ReleaseError, match="withholds stands in what was written"):
        draw_file(tmp_path / "records.csv", out=out, **given)
    assert not out.parent.exists()


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
    assert " Contents Made atlas " in pages[1]
    assert len(pages) > 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "week"}, "by must be one of month, year, event_type, cercle, got 'week'"),
        ({"by": "cercle", "around": "Kati"}, "leave out around and page"),
        ({"by": "cercle", "out": "a.png"}, r"an atlas by cercle is written as \.pdf"),
        ({"out": "a.doc", "dpi": 1}, r"got 'a\.doc'; dpi must be 36 to 600"),
        ({"between": ("2025", "2026")}, "for maps by month or year, got '2025' and '2026' for one"),
        ({"by": "year", "between": ("2025-01", "2025-06")}, "written YYYY for maps by year"),
        ({"by": "year", "way_to": "Kati"}, "the way to a place"),
        ({"way_to": "Kati"}, "the way to 'Kati' needs a start: give around as well"),
        ({"radius_km": 20}, "how far a map reaches round a place: give around as well"),
        ({"lang": "de"}, "lang must be"),
        ({"page": "a5"}, "page must be one of a4, a4-portrait, slide, got 'a5'"),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_written(records, tmp_path, asked, said):
    out = tmp_path / "out"
    with pytest.raises(MapError, match=said):
        draw_file(records, **{**asked, "out": out / str(asked.get("out", "a.pdf"))})
    assert not out.exists()


def test_a_profile_that_is_none_and_a_folder_are_refused_before_any_work(records, tmp_path):
    steps = []
    with pytest.raises(ReleaseError, match="profile"):
        draw_file(records, out=tmp_path / "a.pdf", profile="secret", progress=steps.append)
    (tmp_path / "b.pdf").mkdir()
    with pytest.raises(MapError, match=r"b\.pdf is a folder: name a file in it"):
        draw_file(records, out=tmp_path / "b.pdf", progress=steps.append)
    with pytest.raises(PublishError, match="cannot write"):
        draw_file(records, out=records / "c.pdf", progress=steps.append)
    assert steps == []


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
    assert "INTERNAL – not for passing on" in said
    assert str(out) in said
    assert out.stat().st_size > 5_000


def test_the_command_takes_a_profile_and_a_day(monkeypatch, capsys, records, tmp_path):
    asked = ("--out", tmp_path / "map.pdf", "--around", "Bamako", "--radius-km", 90)
    public = ("--profile", "public", "--as-of", "2025-06-30")
    assert _run(monkeypatch, records, *asked, *public) == 0
    said = capsys.readouterr().out
    assert "rows given" in said
    assert "looking in every file for what is withheld" in said
    (words,) = _words(tmp_path / "map.pdf")
    assert "within 90 km of Bamako" in words
    assert "As of 30 June 2025" in words
    assert _run(monkeypatch, records, *asked, "--as-of", "June") == 2
    assert "a day is YYYY-MM-DD, got 'June'" in capsys.readouterr().err


def test_a_refusal_is_a_message(monkeypatch, capsys, records, tmp_path):
    assert _run(monkeypatch, records, "--out", tmp_path / "map.txt") == 2
    assert "a figure is written as .pdf, .svg, .png, got 'map.txt'" in capsys.readouterr().err
