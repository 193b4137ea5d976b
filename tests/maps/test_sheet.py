import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from pyproj import Geod

from mali_incidents.maps.sheet import Box, Sheet, Style, box_around, fit, measure, wrap

PLAIN = Style(12)
WINDOW = Box(100, 100, 900, 700)
spots = st.tuples(st.floats(0, 1000), st.floats(0, 800))


def _written(sheet):
    return [text.get_text() for text in sheet.figure.findobj(Text) if text.get_text()]


@settings(max_examples=25)
@given(st.lists(st.tuples(st.lists(spots, max_size=3), st.text("aé$W", min_size=1, max_size=9))))
def test_names_never_cover_one_another_and_stay_in_the_window(names):
    sheet = Sheet(width_px=1400, height_px=900)
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
    sheet = Sheet(width_px=1400, height_px=900)
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


def test_a_line_is_not_broken_at_a_no_break_blank():
    assert wrap("deux\u00a0: trois", style=PLAIN, width=1) == ["deux\u00a0:", "trois"]


def test_a_text_is_as_wide_as_it_is_drawn():
    sheet = Sheet(width_px=1400, height_px=900)
    sheet.text(10, 50, "Koulikoro $x^2$", style=PLAIN)
    (text,) = sheet.figure.findobj(lambda artist: isinstance(artist, Text) and artist.get_text())
    drawn = text.get_window_extent(sheet.figure.canvas.get_renderer()).width
    assert drawn == pytest.approx(measure("Koulikoro $x^2$", style=PLAIN), rel=0.04)


@given(
    st.floats(-12, 4), st.floats(10, 25), st.floats(0.1, 3), st.floats(0, 360), st.floats(1, 200)
)
def test_distances_and_bearings_from_the_centre_are_true_and_the_window_is_seen_whole(
    longitude, latitude, reach, bearing, km
):
    bounds = (latitude - reach, longitude - reach, latitude + reach, longitude + reach)
    projection = fit(bounds, centre=(latitude, longitude), into=WINDOW)
    corners = projection.place(shapely.box(bounds[1], bounds[0], bounds[3], bounds[2]))
    assert WINDOW.grown(0.001).holds(Box(*corners.bounds))
    east, north, _ = Geod(ellps="WGS84").fwd(longitude, latitude, bearing, km * 1000)
    x0, y0 = projection.point(longitude, latitude)
    x, y = projection.point(east, north)
    assert np.hypot(x - x0, y - y0) == pytest.approx(km * 1000 * projection.units_per_m, rel=1e-5)
    turned = np.degrees(np.arctan2(x - x0, y0 - y)) - bearing
    assert (turned + 180) % 360 == pytest.approx(180, abs=0.01)


def test_an_area_far_outside_the_window_draws_nothing():
    sheet = Sheet(width_px=1400, height_px=900)
    sheet.open_window(WINDOW)
    before = len(sheet.figure.axes[0].get_children())
    sheet.areas([shapely.box(2000, 0, 2100, 100)], facecolor="red")
    sheet.lines([shapely.LineString([(2000, 0), (2100, 100)])], edgecolor="red")
    assert len(sheet.figure.axes[0].get_children()) == before


def test_a_hole_is_not_painted():
    sheet = Sheet(width_px=700, height_px=450)
    ring = shapely.box(100, 100, 800, 800) - shapely.box(300, 300, 600, 600)
    sheet.areas([ring], facecolor="red", edgecolor="none")
    sheet.figure.canvas.draw()
    pixels = np.asarray(sheet.figure.canvas.buffer_rgba())
    assert tuple(pixels[225, 225]) == (255, 255, 255, 255)
    assert tuple(pixels[100, 100]) == (255, 0, 0, 255)
