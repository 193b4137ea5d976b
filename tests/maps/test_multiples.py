"""Small maps: one scale, one legend, their counts, and no silence that looks like calm."""

import re

import pandas as pd
import pytest
from made_figures import FRAME, at, faults_of, many_rows, texts_of, words_of
from made_located import COVERAGE, in_unit, located_table

from mali_incidents.errors import MapError
from mali_incidents.maps.multiples import incident_multiples

ROWS = [
    at(-9.1, 13.1, date_start="2024-11-05"),
    at(-9.2, 13.3, date_start="2024-11-20", event_type="Riots", sub_event_type=None),
    at(-8.4, 12.3, date_start="2025-02-10"),
    in_unit(FRAME, "ML-2017/east/south") | {"date_start": "2025-02-11"},
    at(-8.5, 12.5, date_start="2025-06-01"),
    at(-8.5, 12.5, date_start="2024-12-30", date_end="2025-01-03", date_precision="days"),
    at(-8.5, 12.5, date_start=None, date_end=None, date_precision=None),
]


def _multiples(rows=ROWS, **asked):
    table = located_table(rows)
    return incident_multiples(table, **{"coverage": COVERAGE, "frame": FRAME, **asked})


def _said(figure):
    return [text.get_text().replace("\u00a0", " ") for text in texts_of(figure)]


def test_each_month_has_its_map_its_count_and_what_an_empty_one_means():
    (figure,) = _multiples(by="month", between=("2024-10", "2025-06"))
    said = _said(figure)
    # The coverage ends on 15 March 2025.
    names = ["October 2024", "November 2024", "December 2024", "January 2025", "February 2025"]
    names += ["March 2025 (in part)", "April 2025", "May 2025", "June 2025"]
    assert [one for one in said if one in names] == names
    counts = [said[said.index(name) + 1] for name in names]
    assert counts == ["0", "2", "0", "0", "2 (approx. 1)", "0", "–", "–", "1"]
    assert said.count("no incident shown") == 4
    assert said.count("not covered") == 2
    assert "2 incidents lie in no single month" in " ".join(said)
    assert said.count("Incidents by type") == 1
    assert "5 incidents · 1 located only to a commune or coarser" in " ".join(said)


def test_the_counts_add_up_and_are_those_of_the_table():
    pages = _multiples(many_rows(90), by="year")
    said = _said(pages[0])
    table = located_table(many_rows(90))
    for year, count in table["date_start"].dt.year.value_counts().items():
        names = [str(year), f"{year} (in part)"]
        (place,) = (at for at, one in enumerate(said) if one in names)
        assert said[place + 1].split(" ")[0] == str(count)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("page", ["a4", "a4-portrait", "slide"])
@pytest.mark.parametrize("by", ["month", "event_type"])
def test_how_many_are_approximate_is_said_of_each_map_and_explained(page, by, lang):
    # As many as leave no room beside the longest names.
    rows = [
        in_unit(FRAME, "ML-2017/east/south")
        | {"event_type": kind, "sub_event_type": None, "date_start": "2025-03-02"}
        for kind in ("Explosions/Remote violence", "Violence against civilians")
    ] * 60
    rows += many_rows(60)
    pages = _multiples(rows, by=by, page=page, lang=lang)
    table = located_table(rows)
    coarse = table[table["level"].isin(["region", "cercle", "commune"])]
    key = coarse["event_type"] if by == "event_type" else coarse["date_start"].dt.to_period("M")
    wanted = key.fillna("").value_counts() if by == "event_type" else key.value_counts()
    found = [n for one in pages for n in re.findall(r"approx\. (\d+)", " ".join(_said(one)))]
    assert sorted(map(int, found)) == sorted(wanted)
    assert all(re.search("approx. ?:", " ".join(_said(one))) for one in pages)
    faults = [fault for one in pages for fault in faults_of(one)]
    assert [fault for fault in faults if "approx" in fault] == []


def test_all_maps_of_all_pages_have_one_scale():
    pages = _multiples(many_rows(60), by="month")
    assert len(pages) > 2
    frames = {
        (round(one.get_width(), 3), round(one.get_height(), 3))
        for figure in pages
        for one in figure.axes[0].patches
        if type(one).__name__ == "Rectangle" and one.get_facecolor()[3] == 0
    }
    assert len({size for size in frames if size[0] > 60}) == 1


def test_months_of_a_year_stand_on_one_page():
    pages = _multiples(many_rows(60), by="month")
    for figure in pages[1:-1]:
        months = [
            one for one in _said(figure) if pd.Series([one]).str.match(r"[A-Z][a-z]+ \d{4}").item()
        ]
        years = {one.split(" ")[1] for one in months}
        assert len(years) == 1
        assert len(months) == 12


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("page", ["a4", "a4-portrait", "slide"])
@pytest.mark.parametrize("by", ["year", "event_type"])
def test_nothing_on_a_page_is_too_small_cut_off_or_covered(page, by, lang):
    for figure in _multiples(many_rows(60), by=by, page=page, lang=lang):
        apart = {repr(t.get_text()) for t in texts_of(figure) if not t.get_text().isdigit()}
        faults = faults_of(figure)
        assert [one for one in faults if " covers " not in one] == []
        assert [one for one in faults if set(one.split(" covers ")) <= apart] == []


def test_by_type_each_has_its_map_and_what_is_shown_is_said_in_words():
    (figure,) = _multiples(by="event_type", lang="fr", title="Essai")
    assert {"Combats", "Émeutes"} <= set(_said(figure))
    alt_text = figure.about.alt_text.replace("\u00a0", " ")
    assert alt_text.startswith("Essai. 7 incidents")
    assert "Combats : 6 (approx. 1); Émeutes : 1" in alt_text


def test_without_a_coverage_an_empty_period_is_in_no_record():
    (figure,) = _multiples(by="month", coverage=None, between=("2024-12", "2025-01"))
    assert _said(figure).count("no incident shown") == 2
    assert "Which area and period these records cover is not stated" in words_of(figure)


def test_an_empty_table_by_type_is_one_empty_map():
    (figure,) = _multiples([], by="event_type")
    assert "no incident shown" in _said(figure)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": "week"}, "by must be one of month, year, event_type, got 'week'"),
        ({"by": "month", "between": ("2025-02", "2025-01")}, "in their order, got '2025-02'"),
        ({"by": "month", "between": ("soon", "later")}, "last month written YYYY-MM for maps by"),
        ({"by": "month", "between": ("2025-01", "2025-13")}, "got '2025-01' and '2025-13'"),
        ({"by": "month", "between": ("2024", "2025")}, "written YYYY-MM for maps by month"),
        ({"by": "year", "between": ("2024-09", "2025-08")}, "written YYYY for maps by year, e.g."),
        ({"by": "year", "between": "2024"}, "got '2024'"),
        ({"by": "year", "between": ("2024",)}, "got '2024'"),
        ({"by": "event_type", "between": ("2025", "2026")}, "got '2025' and '2026' for maps by ev"),
        ({"page": "a5"}, "page must be"),
    ],
)
def test_what_is_asked_wrongly_is_refused(asked, said):
    with pytest.raises(MapError, match=said):
        _multiples(**asked)


def test_nothing_to_draw_by_month_is_refused():
    with pytest.raises(MapError, match="there is no month to draw"):
        _multiples([], by="month", coverage=None)
