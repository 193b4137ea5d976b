import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_figures import at
from made_located import HOSTILE, located_table

from mali_incidents.maps.incident_lines import Line, Run, incident_lines, share_lines
from mali_incidents.maps.sheet import Style, measure
from mali_incidents.tables import Source

WIDTH = 760.0


def _lines(lang="en", **values):
    table = located_table([at(-8.4, 12.3, **values)])
    (entry,) = incident_lines(table, width=WIDTH, lang=lang)
    return entry


def _texts(entry):
    return [run.text.replace("\u00a0", " ") for line in entry for run in line.runs]


@pytest.mark.parametrize(
    ("tolls", "english", "french"),
    [
        ((None, None, None), "deaths not known", "nombre de morts inconnu"),
        ((0, 0, 0), "deaths: 0", "morts : 0"),
        ((2, 3, 5), "deaths: 2–5", "morts : 2–5"),
        ((10, 12, None), "deaths: at least 10", "morts : au moins 10"),
        ((None, None, 4), "deaths: at most 4", "morts : au plus 4"),
        ((None, 7, None), "deaths: 7", "morts : 7"),
    ],
)
def test_the_toll_claims_no_more_than_the_reports(tolls, english, french):
    values = dict(zip(("fatalities_low", "fatalities_best", "fatalities_high"), tolls, strict=True))
    assert english in _texts(_lines(**values))
    assert french in _texts(_lines("fr", **values))


@pytest.mark.parametrize(
    ("first", "last", "precision", "said"),
    [
        ("2025-05-11", "2025-05-11", "day", "11 May 2025"),
        ("2025-05-11", "2025-05-14", "days", "11–14 May 2025"),
        ("2025-05-28", "2025-06-02", "week", "25-05-28–25-06-02"),
        ("2025-05-01", "2025-05-31", "month", "May 2025"),
        ("2025-01-01", "2025-12-31", "year", "2025"),
        (None, None, None, "no date"),
    ],
)
def test_a_day_is_written_no_finer_than_it_is_known(first, last, precision, said):
    entry = _lines(
        date_start=first and pd.Timestamp(first),
        date_end=last and pd.Timestamp(last),
        date_precision=precision,
    )
    assert _texts(entry)[0] == said


def test_only_addresses_of_the_web_are_led_to():
    sources = [Source("A", "https://a.org"), Source("B", "javascript:alert(1)"), Source("C", None)]
    runs = [run for line in _lines(sources=sources) for run in line.runs]
    assert {run.text: run.link for run in runs if run.text.rstrip(";") in {"A", "B", "C"}} == {
        "A;": "https://a.org",
        "B;": None,
        "C": None,
    }


def test_more_sources_than_a_list_has_room_for_are_counted():
    said = _texts(_lines(sources=[Source(f"Paper {n}") for n in range(30)]))
    assert "and 18 more sources" in said
    assert "Paper 11" in said


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_no_line_is_wider_than_the_list(lang):
    sources = [Source(HOSTILE * 3, "https://a.org"), Source("word " * 60), Source("y" * 400)]
    entry = _lines(lang, sources=sources, summary="x" * 900, location_text="w " * 500)
    for line in entry:
        for run in line.runs:
            assert "\u202e" not in run.text
            assert run.x + measure(run.text, style=run.style) <= WIDTH + 0.01


def test_they_come_in_the_order_of_their_days_and_those_without_last():
    days = ["2025-05-01", None, "2024-01-01"]
    rows = [
        at(-8.4, 12.3, date_start=day and pd.Timestamp(day), date_end=None, location_text=str(day))
        for day in days
    ]
    entries = incident_lines(located_table(rows), width=WIDTH, lang="en")
    heads = [_texts(entry)[0] for entry in entries]
    assert heads == ["1 Jan 2024", "1 May 2025", "no date"]


@settings(max_examples=60)
@given(st.lists(st.integers(1, 12), max_size=20), st.integers(20, 120), st.integers(60, 160))
def test_pages_hold_every_line_in_order_and_break_an_incident_only_where_they_must(
    sizes, first, other
):
    entries = [
        [Line((Run(0, f"{n}.{k}", Style(10)),), first=k == 0) for k in range(size)]
        for n, size in enumerate(sizes)
    ]
    pages = share_lines(entries, first=float(first), other=float(other))
    assert [line for page in pages for line in page] == [line for one in entries for line in one]
    for number, page in enumerate(pages):
        assert sum(line.height for line in page) <= (first if number == 0 else other)
    for entry in entries:
        on = {number for number, page in enumerate(pages) for line in page if line in entry}
        assert len(on) == 1 or sum(line.height for line in entry) > other
