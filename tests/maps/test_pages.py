"""Figures on pages: nothing too small, cut off or covered; the words are those of the data."""

import pytest
from made_figures import FRAME, at, faults_of, many_rows, texts_of, words_of
from made_located import COVERAGE, in_unit, located_table

from mali_incidents.errors import MapError
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.paper import PAGES

NOTICE = {"en": "Internal - not for publication", "fr": "Interne - ne pas publier"}
SIZES = {"a4": (297, 210), "a4-portrait": (210, 297), "slide": (338.67, 190.5)}


def _page(rows, **asked):
    given = {"coverage": COVERAGE, "frame": FRAME, **asked}
    return incident_figure(located_table(rows), **given)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("count", [3, 40, 400])
@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("around", [None, (13.0, -9.0)])
def test_nothing_on_a_page_is_too_small_cut_off_or_covered(page, count, lang, around):
    asked = {"page": page, "lang": lang, "around": around, "radius_km": 60, "notice": NOTICE}
    figure = _page(many_rows(count), filters="words " * 12, **asked)
    width, height = figure.get_size_inches() * 25.4
    assert (width, height) == pytest.approx(SIZES[page], abs=0.01)
    # The numbers in rings are placed by the signs, which may touch.
    assert [fault for fault in faults_of(figure) if "covers" not in fault] == []
    apart = [text for text in texts_of(figure) if not text.get_text().isdigit()]
    covered = [fault for fault in faults_of(figure) if "covers" in fault]
    names = {repr(text.get_text()) for text in apart}
    both = [fault for fault in covered if set(fault.split(" covers ")) <= names]
    assert both == []


def test_a_page_says_notice_filters_period_projection_and_sources():
    rows = [at(-9.1, 13.1, date_start="2025-01-11"), at(-9.2, 13.2, date_start="2025-06-02")]
    figure = _page(rows, page="a4", notice=NOTICE, filters="battles only", around=(13.0, -9.0))
    words = words_of(figure).replace("\u00a0", " ")
    for said in (
        "Internal - not for publication",
        "Chosen: battles only",
        "2 incidents within 150 km of 13.0000, -9.0000 · January–June 2025",
        "WGS 84 / UTM zone 29N (EPSG:32629)",
        "imply no opinion on any status",
        "Boundaries: geoBoundaries",
        "13° N",
        "9° W",
    ):
        assert said in words
    assert [text.get_text() for text in texts_of(figure)].count("N") == 1
    assert _page(rows, page="a4", lang="fr", notice=NOTICE).about.lang == "fr"
    assert "Interne - ne pas publier" in words_of(_page(rows, page="a4", lang="fr", notice=NOTICE))


def test_what_a_figure_shows_travels_with_it_in_words():
    rows = [
        at(-9.1, 13.1, date_start="2025-01-11", admin2_name="north"),
        at(-9.2, 13.2, date_start="2025-06-02", admin2_name="north"),
        in_unit(FRAME, "ML-2017/east") | {"date_start": "2025-03-01", "date_end": "2025-03-01"},
    ]
    about = _page(rows, around=(13.0, -9.0), radius_km=40, filters="of 2025", title="Made").about
    assert about.title == "Made"
    assert about.alt_text.replace("\u00a0", " ").startswith(
        "Made. 2 incidents within 40 km of 13.0000, -9.0000, 1 more possibly, January–June 2025. "
        "Chosen: of 2025."
    )
    assert "Most in the cercle of north: 2." in about.alt_text


def test_where_the_view_lies_is_drawn_unless_it_is_the_whole():
    def red(figure):
        wanted = pytest.approx((0.7020, 0.1490, 0.1176), abs=0.01)
        return [one for one in figure.axes[0].patches if one.get_edgecolor()[:3] == wanted]

    assert len(red(_page([], page="a4", around=(13.0, -9.0), radius_km=20))) == 1
    assert red(_page([], page="a4")) == []


@pytest.mark.parametrize("notice", [{"fr": "Interne"}, {"en": " "}, "Internal"])
def test_a_notice_that_is_not_in_the_language_is_refused(notice):
    with pytest.raises(MapError, match="notice must have a text in 'en'"):
        _page([], page="a4", notice=notice)


def test_a_page_there_is_not_is_refused():
    with pytest.raises(MapError, match="page must be one of a4, a4-portrait, slide, got 'a5'"):
        _page([], page="a5")


def test_a_sheet_without_room_is_refused():
    with pytest.raises(MapError, match=r"no room left for the map|longer than"):
        _page([], page="slide", title="word " * 400)


def test_what_is_hatched_is_explained_on_a_slide_only_where_it_may_be_seen():
    west = COVERAGE._replace(units=("ML-2017/west",))
    shown = {"page": "slide", "coverage": west, "radius_km": 10}
    assert "Hatched: no data" in words_of(_page([], around=(13.0, -8.9), **shown))
    assert "Hatched: no data" not in words_of(_page([], around=(13.0, -9.8), **shown))
