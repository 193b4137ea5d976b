"""Areas are measured in metres on the ellipsoid, and their centres lie in them."""

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.places.footprint import centre_in, clip, disc, enclosing_radius_m

longitudes, latitudes = st.floats(-12, 4), st.floats(10, 25)


@given(longitude=longitudes, latitude=latitudes, radius_m=st.floats(250, 100_000))
def test_a_disc_has_its_radius(longitude: float, latitude: float, radius_m: float) -> None:
    area = disc(longitude, latitude, radius_m)
    centre = shapely.Point(longitude, latitude)
    assert enclosing_radius_m(centre, area) == pytest.approx(radius_m, abs=0.01)
    assert area.covers(centre)
    assert enclosing_radius_m(centre_in(area), area) == pytest.approx(radius_m, rel=0.01)


def test_the_centre_of_a_bent_area_lies_in_it() -> None:
    bent = shapely.box(-8, 12, -7, 13) - shapely.box(-7.9, 12.1, -7, 13)
    assert bent.covers(centre_in(bent))


def test_clip_keeps_what_lies_within() -> None:
    within = shapely.box(-8, 12, -7, 13)
    assert within.covers(clip(disc(-8, 12, 5_000), within))
