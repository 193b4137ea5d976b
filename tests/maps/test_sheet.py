import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from pyproj import Geod

from mali_incidents.maps.sheet import (
    Box,
    Sheet,
    Style,
    box_around,
    fit,
    measure,
    plain,
    wrap,
)

PLAIN = Style(12)
WINDOW = Box(100, 100, 900, 700)
spots = st.tuples(st.floats(0, 1000), st.floats(0, 800))


def _written(sheet):
    return [text.get_text() for text in sheet.figure.findobj(Text) if text.get_text()]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.lists(spots, max_size=3), st.text("aé$W", min_size=1, max_size=9))))
def test_names_never_cover_one_another_and_stay_in_the_window(names):
    sheet = Sheet(width=1400, height=900)
    sheet.open_window(WINDOW)
    placed = [sheet.name(places, text, style=PLAIN) for places, text in names]
    assert len(_written(sheet)) == sum(placed)
    boxes = sheet.taken
    assert all(WINDOW.grown(1).holds(box) for box in boxes)
    assert not any(
        one.grown(-3).meets(other.grown(-3))
        for number, one in enumerate(boxes)
        for other in boxes[:number]
    )


def test_a_name_goes_to_the_first_place_that_is_free_and_nowhere_else():
    sheet = Sheet(width=1400, height=900)
    sheet.open_window(WINDOW)
    sheet.taken.append(box_around(300, 300, width=50, height=50))
    assert sheet.name([(300, 300), (300, 400)], "Ségou", style=PLAIN)
    assert box_around(300, 400, width=1, height=1).meets(sheet.taken[-1])
    assert not sheet.name([(300, 300), (300, 400), (5000, 400)], "Kati", style=PLAIN)
    assert _written(sheet) == ["Ségou"]


@settings(max_examples=50)
@given(st.text("abc é$", max_size=80), st.floats(30, 400))
def test_wrapped_lines_lose_no_word_and_are_no_wider_than_asked(text, width):
    lines = wrap(text, style=PLAIN, width=width)
    assert " ".join(lines) == text
    assert all(measure(line, style=PLAIN) <= width for line in lines if " " in line.strip())


@settings(max_examples=50)
@given(st.text("aé mW", max_size=60), st.floats(30, 200))
def test_a_word_wider_than_the_line_is_cut_where_asked(text, width):
    lines = wrap(text, style=PLAIN, width=width, hard=True)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(measure(line, style=PLAIN) <= width for line in lines if len(line) > 1)


def test_the_dot_between_two_facts_ends_a_line_and_begins_none():
    lines = wrap("aaa bbb · ccc ddd · eee", style=PLAIN, width=70)
    assert len(lines) > 1
    assert not [line for line in lines if line.startswith("·")]


def test_what_the_font_has_not_and_what_turns_writing_is_never_set():
    assert plain("a\u202eb\x1b[0m\tc\u2028d") == "ab [0m c d"
    assert plain("Ségou ≥ 3 \u200a–") == "Ségou ≥ 3 \u200a–"
    assert plain("\U0001f4a3 \u4e2d") == "\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}"


def test_a_line_is_not_broken_at_a_no_break_blank():
    assert wrap("deux\u00a0: trois", style=PLAIN, width=1) == ["deux\u00a0:", "trois"]


def test_a_text_is_as_wide_as_it_is_drawn():
    sheet = Sheet(width=1400, height=900)
    sheet.text(10, 50, "Koulikoro $x^2$", style=PLAIN)
    (text,) = sheet.figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_text())
    drawn = text.get_window_extent(sheet.figure.canvas.get_renderer()).width
    assert drawn == pytest.approx(measure("Koulikoro $x^2$", style=PLAIN), rel=0.04)


@given(st.floats(-12, 4), st.floats(10, 25), st.floats(0.1, 3), st.floats(0, 360))
def test_the_window_is_seen_whole_and_a_point_comes_back(longitude, latitude, reach, bearing):
    bounds = (latitude - reach, longitude - reach, latitude + reach, longitude + reach)
    projection = fit(bounds, crs=f"+proj=laea +lat_0={latitude} +lon_0={longitude}", into=WINDOW)
    corners = projection.place(shapely.box(bounds[1], bounds[0], bounds[3], bounds[2]))
    assert WINDOW.grown(0.001).holds(Box(*corners.bounds))
    east, north, _ = Geod(ellps="WGS84").fwd(longitude, latitude, bearing, 5000)
    x, y = projection.point(east, north)
    ((back_east,), (back_north,)) = projection.degrees([x], [y])
    assert (back_east, back_north) == pytest.approx((east, north), abs=1e-6)


def test_an_area_far_outside_the_window_draws_nothing():
    sheet = Sheet(width=1400, height=900)
    sheet.open_window(WINDOW)
    before = len(sheet.figure.axes[0].get_children())
    sheet.areas([shapely.box(2000, 0, 2100, 100)], facecolor="red")
    sheet.lines([shapely.LineString([(2000, 0), (2100, 100)])], edgecolor="red")
    assert len(sheet.figure.axes[0].get_children()) == before


def test_a_hole_is_not_painted():
    sheet = Sheet(width=1400, height=900, dpi=50)
    ring = shapely.box(100, 100, 800, 800) - shapely.box(300, 300, 600, 600)
    sheet.areas([ring], facecolor="red", edgecolor="none")
    sheet.figure.canvas.draw()
    pixels = np.asarray(sheet.figure.canvas.buffer_rgba())
    assert tuple(pixels[225, 225]) == (255, 255, 255, 255)
    assert tuple(pixels[100, 100]) == (255, 0, 0, 255)
