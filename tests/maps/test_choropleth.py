"""Units shaded by what happened in them: the classes, and the page beside pandas."""

import pandas as pd
import pytest
from made_located import COVERAGE, in_unit, located_table, small_frame

from mali_incidents.counts.units import count_by_unit
from mali_incidents.maps.choropleth import choropleth, class_edges
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.places.frames import read_frame
from mali_incidents.tables import Reason

FRAME = small_frame()
MEASURES = {"incidents": "incidents", "deaths": "fatalities_best"}
# Unit, what is shown in it, and how it is drawn.
SHAPES = """layer => layer.choropleth._shapes.map((shape) =>
    [shape.unit, shape.value, shape.kind, shape.fillOpacity, shape.hatch])"""


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([], []),
        ([0, 0, None], []),
        ([5, 5, 5], []),
        ([1, 1, 2], [1]),
        (range(1, 11), [2, 4, 6, 8]),
        ([1] * 50 + [2, 3, 400], [1]),
    ],
)
def test_classes_are_whole_rising_and_leave_out_zero(values, edges) -> None:
    assert class_edges(pd.Series(values, dtype="Int64")) == edges


def test_no_class_is_empty_of_all_records(shipped_located) -> None:
    made = choropleth(shipped_located, coverage=None)
    assert len(made["edges"]) == 6
    for key, edges in made["edges"].items():
        level, measure = key.split(".")
        values = count_by_unit(shipped_located, level=level, frame=read_frame())
        values = values.loc[values["level"] == level, MEASURES[measure]].dropna()
        counts = pd.cut(values[values > 0], [0, *edges, 10**9]).value_counts()
        assert (counts > 0).all()
        assert edges == sorted(set(edges))
        assert len(edges) < len(made["colours"]) + 1


def kinds(opened) -> dict:
    """The shades on the map: by unit the value and the kind."""
    return {unit: (value, kind) for unit, value, kind, *_ in opened.incidents(SHAPES)}


@pytest.mark.browser
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("level", ["region", "cercle", "commune"])
def test_shades_follow_the_filter_as_pandas_counts(
    shipped_located, shipped_coverage, saved, open_page, level, measure
):
    opened = open_page(saved("mali"))
    page = opened.page
    page.get_by_label("Shade by").select_option(level)
    page.get_by_label("What is counted").select_option(measure)
    edges = choropleth(shipped_located, coverage=shipped_coverage)["edges"][f"{level}.{measure}"]
    for chosen in (None, "Battles", "Riots"):
        if chosen:
            page.locator(".mi-panel > details:has(.mi-filters)").evaluate("one => (one.open = 1)")
            fold = page.locator(".mi-filters > details", has_text="Type of incident").first
            fold.evaluate("one => (one.open = true)")
            for box in fold.locator("input:checked").all():
                box.uncheck()
            fold.locator("label", has_text=chosen).first.locator("input").check()
        kept = shipped_located[(shipped_located["event_type"] == chosen) | (chosen is None)]
        counts = count_by_unit(kept, level=level, frame=read_frame(), coverage=shipped_coverage)
        units = counts[counts["level"] == level].set_index("unit_id")[MEASURES[measure]]
        expected = {
            unit: (None, "missing")
            if pd.isna(value)
            else (int(value), sum(value > edge for edge in edges) if value else "zero")
            for unit, value in units.items()
        }
        assert kinds(opened) == expected
        # The legend's numbers add up to all units, and its note to the rest of the incidents.
        legend = page.locator(".mi-options .mi-types b").all_inner_texts()
        assert sum(int(one) for one in legend) == len(units)
        assert len(legend) == len(edges) + 3
        left = int(counts.loc[counts["level"] != level, "incidents"].sum())
        note = page.locator(".mi-options .mi-note", has_text="in no shade")
        assert (f"{left} incident" in note.inner_text()) if left else not note.count()
    assert opened.said == []


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A map of the small frame: two in a commune, one in a cercle, one without a figure."""
    rows = [
        {**in_unit(FRAME, unit), "reason": Reason("none", {}), "fatalities_best": deaths}
        for unit, deaths in (
            ("ML-2017/east/north/town", 3),
            ("ML-2017/east/north/town", 2),
            ("ML-2017/east/north", 7),
            ("ML-2017/west/south/field", None),
        )
    ]
    path = tmp_path_factory.mktemp("shades") / "small.html"
    incident_map(located_table(rows), frame=FRAME, coverage=COVERAGE).save(path)
    return path


@pytest.mark.browser
def test_zero_is_paper_and_no_data_is_hatched(small, open_page):
    opened = open_page(small)
    assert opened.incidents("layer => layer.choropleth.told") is None
    opened.page.get_by_label("Shade by").select_option("commune")
    opened.page.get_by_label("What is counted").select_option("deaths")
    drawn = {unit: rest for unit, *rest in opened.incidents(SHAPES)}
    assert drawn["ML-2017/east/north/town"][0] == 5
    assert drawn["ML-2017/east/south/town"] == [0, "zero", 0, None]
    # Covered by nothing; and no figure, which is not zero.
    for unit in ("ML-2017/west/south/town", "ML-2017/west/south/field"):
        assert drawn[unit][:2] == [None, "missing"]
        assert drawn[unit][3]
    # The violet of areas steps back, its outlines stay, and both come back.
    opacity = "layer => layer._shades.map((one) => [one.fillOpacity, one.opacity])"
    assert {tuple(one) for one in opened.incidents(opacity)} == {(0, 0.55)}
    assert not opened.page.locator(".mi-shades").is_visible()
    opened.page.get_by_label("Shade by").select_option("")
    assert all(fill > 0 for fill, _ in opened.incidents(opacity))
    assert opened.page.locator(".mi-shades").is_visible()
    assert opened.incidents(SHAPES) == []


@pytest.mark.browser
def test_a_click_on_a_shaded_unit_lists_what_lies_in_it(small, open_page):
    opened = open_page(small)
    opened.page.get_by_label("Shade by").select_option("cercle")
    for latitude, longitude, selector, words in (
        (13.5, -8.25, ".mi-popup h2", "3 incidents · north"),
        (12.5, -9.5, ".mi-popup .mi-id", "made-3"),
    ):
        at = opened.incidents(
            "(layer, at) => layer._map.latLngToContainerPoint(at)", [latitude, longitude]
        )
        opened.page.mouse.click(at["x"], at["y"])
        assert opened.page.locator(selector).all_inner_texts() == [words]
        opened.page.keyboard.press("Escape")
        opened.page.locator(".mi-popup").wait_for(state="detached")
    at = opened.incidents("layer => layer._map.latLngToContainerPoint([12.5, -8.5])")
    opened.page.mouse.click(at["x"], at["y"])
    assert opened.page.locator(".mi-popup").count() == 0
    assert opened.said == []


@pytest.mark.browser
def test_the_address_brings_the_shades_back_and_they_are_no_filter(small, open_page):
    opened = open_page(small)
    page = opened.page
    page.get_by_label("Shade by").select_option("region")
    page.get_by_label("Number on a sign").select_option("deaths")
    page.get_by_label("Show how sure each place is").check()
    # The page writes it a moment after the last change.
    page.wait_for_timeout(400)
    assert page.evaluate("location.hash") == (
        "#m1.shade=region.incidents&m1.rings=1&m1.sign=deaths"
    )
    assert page.locator(".mi-panel > .mi-fold > summary .mi-set").inner_text() == ""
    page.reload()
    page.wait_for_selector(".mi-panel")
    again = {
        name: page.get_by_label(name).input_value()
        for name in ("Shade by", "What is counted", "Number on a sign")
    }
    assert list(again.values()) == ["region", "incidents", "deaths"]
    assert page.get_by_label("Show how sure each place is").is_checked()
    assert len(kinds(opened)) == 2
    page.goto(page.url.split("#")[0] + "#m1.shade=planet.hats&m1.rings=2")
    page.locator(".mi-options ul").wait_for(state="detached")
    assert not page.get_by_label("Show how sure each place is").is_checked()
    assert opened.said == []
