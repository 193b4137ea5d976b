import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_located import small_frame

from mali_incidents.maps.view import frame_view
from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import read_gazetteer

FRAME = small_frame()


def _view(around=(13.0, -9.0), *, radius_km=150, rings_km=None, way_to=None, frame=FRAME):
    return frame_view(
        around,
        radius_km=radius_km,
        rings_km=rings_km,
        way_to=way_to,
        frame=frame,
        gazetteer=read_gazetteer(),
    )


@pytest.mark.parametrize(
    ("radius_km", "rings"),
    [
        (150, (50, 100, 150)),
        (60, (20, 40, 60)),
        (100, (25, 50, 75, 100)),
        (50, (25, 50)),
        (125, (25, 50, 75, 100, 125)),
        (0.6, (0.2, 0.4, 0.6)),
        (101, (50.5, 101)),
    ],
)
def test_rings_are_round_numbers(radius_km, rings):
    assert _view(radius_km=radius_km).rings_km == pytest.approx(rings)


@given(st.floats(0.1, 1000))
def test_the_last_ring_is_the_radius(radius_km):
    rings = _view(radius_km=radius_km).rings_km
    assert list(rings) == sorted(rings)
    assert rings[-1] == pytest.approx(radius_km, abs=0.001)
    assert 2 <= len(rings) <= 5


def test_a_place_is_spelled_as_its_unit():
    view = _view("Naréna", way_to="Bamako", frame=read_frame())
    assert view.centre.name == "Narena"
    assert view.way.to.name == "Bamako"
    assert _view("Narena").centre.name == "Naréna"


def test_the_whole_country_is_framed_without_a_centre():
    assert _view(None).bounds == (12, -10, 14, -8)
