"""Areas are measured in metres on the ellipsoid, hold what was meant, and hold their centres."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from mali_incidents.errors import LocateError
from mali_incidents.places.footprint import (
    FURTHEST_KM,
    HEADINGS,
    MIDDLE_OF_MALI,
    NEAR_KM,
    between_area,
    border_area,
    centre_in,
    clip,
    clip_to,
    disc,
    distance_range_km,
    enclosing_radius_m,
    implied_precision_m,
    near_area,
    offset_area,
    offset_span,
    part_area,
    point_radius,
)
from mali_incidents.places.frames import COUNTRY, read_frame

GEOD = Geod(ellps="WGS84")
BAMAKO = (-8.0029, 12.6392)
longitudes, latitudes = st.floats(-12, 4), st.floats(10, 25)
azimuths = st.floats(0, 360)
shares = st.floats(0, 1)


def point_at(longitude: float, latitude: float, azimuth_deg: float, km: float) -> shapely.Point:
    """The point at a bearing and distance."""
    return shapely.Point(GEOD.fwd(longitude, latitude, azimuth_deg, 1000 * km)[:2])


def unit_area(name: str, level: str) -> shapely.Geometry:
    """The polygon of a shipped unit."""
    frame = read_frame()
    (unit,) = frame.find(name, level=level)
    return frame.polygon(unit)


MALI = read_frame().polygon(COUNTRY)
MENAKA = unit_area("Ménaka", "cercle")
areas = st.sampled_from(
    [
        MALI,
        MENAKA,
        unit_area("Narena", "commune"),
        unit_area("Gao", "region"),
        shapely.box(-8, 12, -7, 13) - shapely.box(-7.9, 12.1, -7, 13),
        shapely.union_all([shapely.box(-8, 12, -7, 13), shapely.box(-5, 14, -4.5, 15)]),
    ]
)


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


# --- Offsets -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "azimuth", "half_angle"),
    [
        ("N", 0, 45),
        ("NE", 45, 22.5),
        ("NNE", 22.5, 11.25),
        ("SW", 225, 22.5),
        ("NNW", 337.5, 11.25),
    ],
)
def test_a_heading_is_as_fine_as_its_name(name: str, azimuth: float, half_angle: float) -> None:
    assert HEADINGS[name] == (azimuth, half_angle)
    assert len(HEADINGS) == 16


@pytest.mark.parametrize(
    ("written", "low", "high"),
    [
        ({"value": 7}, 5.95, 8.05),
        ({"value": 10}, 7.5, 12.5),
        ({"value": 30}, 25, 35),
        ({"value": 30, "about": True}, 20, 40),
        ({"value": 85}, 72.25, 97.75),
        ({"value": 100}, 85, 115),
        ({"value": 100, "about": True}, 75, 125),
        ({"value": 85, "upper": 100}, 72.25, 115),
        ({"value": 100, "upper": 85}, 72.25, 115),
        ({"value": 0.5}, 0.375, 0.625),
        ({"value": 0}, 0, 0.05),
        ({"value": 20, "unit": "mile"}, 15 * 1.609344, 25 * 1.609344),
        ({"value": 500, "unit": "m"}, 0.425, 0.575),
    ],
)
def test_a_distance_is_as_rough_as_its_number(written: dict, low: float, high: float) -> None:
    assert distance_range_km(**written) == pytest.approx((low, high))


@given(value=st.floats(0, 2_000), upper=st.none() | st.floats(0, 2_000))
def test_a_distance_range_holds_what_was_written_and_about_widens_it(
    value: float, upper: float | None
) -> None:
    low, high = distance_range_km(value, upper=upper)
    wide_low, wide_high = distance_range_km(value, upper=upper, about=True)
    ends = [value, value if upper is None else upper]
    assert 0 <= wide_low <= low <= min(ends)
    assert max(ends) < high < wide_high


@given(
    longitude=longitudes,
    latitude=latitudes,
    shortest=st.floats(0, 300),
    width=st.floats(1, 200),
    name=st.sampled_from(sorted(HEADINGS)),
    extent_km=st.floats(0, 20),
    far=shares,
    aside=st.floats(-1, 1),
)
def test_an_offset_at_a_heading_holds_what_was_meant(
    longitude: float,
    latitude: float,
    shortest: float,
    width: float,
    name: str,
    extent_km: float,
    far: float,
    aside: float,
) -> None:
    heading, longest = HEADINGS[name], shortest + width
    area = offset_area(
        longitude,
        latitude,
        distance_km=(shortest, longest),
        heading=heading,
        extent_km=extent_km,
    )
    assert shapely.is_valid(area)
    # Arcs are drawn with straight edges, a thousandth short of the circle.
    km = shortest + (0.001 + 0.997 * far) * width - 0.001 * far * shortest
    azimuth = heading.azimuth_deg + 0.99 * aside * heading.half_angle_deg
    assert area.covers(point_at(longitude, latitude, azimuth, max(km, shortest)))
    beyond = 1.01 * longest + extent_km
    assert not area.covers(point_at(longitude, latitude, azimuth, beyond))
    assert not area.covers(point_at(longitude, latitude, azimuth + 180, 1.01 * extent_km + 0.01))
    before = 0.99 * shortest - extent_km
    assert before < 0.001 or not area.covers(point_at(longitude, latitude, azimuth, before))


@given(
    longitude=longitudes,
    latitude=latitudes,
    shortest=st.floats(0, 300),
    width=st.floats(1, 200),
    extent_km=st.floats(0, 20),
    azimuth=azimuths,
    far=st.floats(0.01, 0.9),
)
def test_an_offset_without_a_heading_is_a_ring(
    longitude: float,
    latitude: float,
    shortest: float,
    width: float,
    extent_km: float,
    azimuth: float,
    far: float,
) -> None:
    area = offset_area(
        longitude, latitude, distance_km=(shortest, shortest + width), extent_km=extent_km
    )
    assert shapely.is_valid(area)
    place = shapely.Point(longitude, latitude)
    assert area.covers(place) == (shortest - extent_km < 0.0001)
    inside = min(shortest + far * width, 0.999 * (shortest + width + extent_km))
    assert area.covers(point_at(longitude, latitude, azimuth, inside))
    beyond = 1.001 * (shortest + width + extent_km)
    assert not area.covers(point_at(longitude, latitude, azimuth, beyond))
    hole = 0.998 * (shortest - extent_km)
    assert hole < 0.001 or not area.covers(point_at(longitude, latitude, azimuth, hole))
    point, radius = point_radius(area, centre=place)
    assert point == place
    assert radius == pytest.approx(1000 * (shortest + width + extent_km))


def test_narena_lies_about_100_km_south_west_of_bamako() -> None:
    area = offset_area(
        *BAMAKO,
        distance_km=distance_range_km(100, about=True),
        heading=HEADINGS["SW"],
        extent_km=10,
    )
    assert clip_to(area, unit_area("Narena", "commune"), MALI) is not None
    assert clip_to(area, unit_area("Gao", "region"), MALI) is None


@pytest.mark.parametrize(
    "distance_km", [(5, 5), (10, 5), (-1, 5), (0, FURTHEST_KM + 1), (0, math.inf), (0, math.nan)]
)
def test_distances_that_cannot_be_are_refused(distance_km: tuple[float, float]) -> None:
    with pytest.raises(LocateError, match="shorter and a longer distance from 0 to 5,000 km, not"):
        offset_area(*BAMAKO, distance_km=distance_km)


# --- Near and between ----------------------------------------------------------------------------


@given(longitude=longitudes, latitude=latitudes, extent_km=st.floats(0, 20))
def test_near_reaches_out_from_the_edge(
    longitude: float, latitude: float, extent_km: float
) -> None:
    area = near_area(longitude, latitude, extent_km=extent_km)
    radius = enclosing_radius_m(shapely.Point(longitude, latitude), area)
    assert radius == pytest.approx(1000 * (extent_km + NEAR_KM))


@given(
    longitude=longitudes,
    latitude=latitudes,
    azimuth=azimuths,
    km=st.floats(0, 600),
    extents_km=st.tuples(st.floats(0, 15), st.floats(0, 15)),
    along=st.floats(0.001, 0.999),
    aside=st.floats(-0.98, 0.98),
)
def test_between_is_a_corridor_with_both_ends(
    longitude: float,
    latitude: float,
    azimuth: float,
    km: float,
    extents_km: tuple[float, float],
    along: float,
    aside: float,
) -> None:
    first = (longitude, latitude)
    second = GEOD.fwd(longitude, latitude, azimuth, 1000 * km)[:2]
    area = between_area(first, second, extents_km=extents_km)
    assert shapely.is_valid(area)
    assert area.geom_type == "Polygon"
    for place, extent in zip((first, second), extents_km, strict=True):
        assert area.covers(disc(*place, 990 * extent))
    on_way = point_at(*first, azimuth, along * km)
    # The bearing along a geodesic changes on the way.
    toward = GEOD.inv(on_way.x, on_way.y, *second)[0]
    half_width = max(0.2 * km, 5)
    assert area.covers(on_way)
    if km > 50:
        assert area.covers(point_at(on_way.x, on_way.y, toward + 90, 0.99 * aside * half_width))
        outside = 1.02 * max(half_width, *extents_km)
        assert not area.covers(point_at(on_way.x, on_way.y, toward + 90, outside))
    beyond = 1.02 * max(5, *extents_km)
    assert not area.covers(point_at(*first, azimuth + 180, beyond))


def test_between_a_place_and_itself_is_that_place() -> None:
    area = between_area(BAMAKO, BAMAKO, extents_km=(10, 10))
    assert enclosing_radius_m(shapely.Point(BAMAKO), area) == pytest.approx(10_000, rel=0.001)


# --- Parts and borders ---------------------------------------------------------------------------


@given(area=areas, name=st.sampled_from(sorted(HEADINGS)))
def test_opposite_parts_cover_the_area(area: shapely.Geometry, name: str) -> None:
    azimuth = HEADINGS[name].azimuth_deg
    one, other = part_area(area, azimuth), part_area(area, azimuth + 180)
    both = shapely.union_all([one, other])
    assert shapely.difference(area, both).area < 1e-9
    assert shapely.difference(both, area).area < 1e-9
    assert 0 < one.area < area.area
    assert shapely.intersection(one, other).area < 1e-4


def test_the_northern_part_lies_north() -> None:
    north, south = part_area(MENAKA, 0), part_area(MENAKA, 180)
    assert north.centroid.y > MENAKA.centroid.y > south.centroid.y
    assert north.bounds[3] == MENAKA.bounds[3]
    assert south.bounds[1] == MENAKA.bounds[1]
    assert part_area(MENAKA, 90).bounds[2] == MENAKA.bounds[2]


@given(area=areas)
def test_the_middle_part_lies_in_the_area_round_its_centre(area: shapely.Geometry) -> None:
    middle = part_area(area, None)
    centre = centre_in(area)
    assert middle.area > 0
    assert shapely.difference(middle, area).area < 1e-9
    assert enclosing_radius_m(centre, middle) <= enclosing_radius_m(centre, area) / 3 + 0.01


@pytest.mark.parametrize(
    ("azimuth", "longitude", "latitude"),
    [
        (0, -0.05, 16.27),  # Gao
        (0, -3.0, 16.77),  # Tombouctou
        (180, *BAMAKO),
        (180, -5.67, 11.32),  # Sikasso
        (270, -11.44, 14.45),  # Kayes
        (90, 2.40, 15.92),  # Ménaka
        (None, -4.19, 14.49),  # Mopti
    ],
)
def test_the_parts_of_mali_hold_the_towns_told_in_them(
    azimuth: float | None, longitude: float, latitude: float
) -> None:
    part = part_area(MALI, azimuth, middle=MIDDLE_OF_MALI)
    assert part.covers(shapely.Point(longitude, latitude))


@given(
    along=shares, azimuth=azimuths, km=st.floats(0, 200), shortest=st.sampled_from([0, 1, 20, 40])
)
def test_a_border_strip_holds_what_lies_so_far_from_the_line(
    along: float, azimuth: float, km: float, shortest: float
) -> None:
    country = shapely.box(-8, 12, -4, 16)
    border = shapely.LineString([(-8, 12), (-6, 12), (-4, 12)])
    strip = border_area(country, border, distance_km=(shortest, 60))
    fine = shapely.get_coordinates(shapely.segmentize(border, 0.01))
    point = point_at(-8 + 4 * along, 12, azimuth, km)
    far = min(GEOD.inv(np.full(len(fine), point.x), np.full(len(fine), point.y), *fine.T)[2]) / 1000
    if country.contains(point) and shortest + 0.5 < far < 59.5:
        assert strip.covers(point)
    if far > 67 or far < shortest - 6.5 or not country.covers(point):
        assert not strip.covers(point)


# --- Points, radii, spans ------------------------------------------------------------------------


@given(area=areas, extent_km=st.floats(0, 20))
def test_a_footprint_lies_in_the_radius_round_a_point_in_it(
    area: shapely.Geometry, extent_km: float
) -> None:
    point, radius = point_radius(area, extent_km=extent_km)
    assert area.covers(point)
    fine = shapely.get_coordinates(shapely.segmentize(area, 0.05))
    count = len(fine)
    _, _, metres = GEOD.inv(np.full(count, point.x), np.full(count, point.y), *fine.T)
    assert metres.max() <= radius - 1000 * extent_km + 0.01


def test_narena_spans_the_distances_and_bearings_of_the_issue() -> None:
    shortest, longest, first, last = offset_span(*BAMAKO, unit_area("Narena", "commune"))
    assert (round(shortest), round(longest)) == (62, 101)
    assert (round(first), round(last)) == (226, 245)


@pytest.mark.parametrize(
    ("area", "bearings"),
    [
        (shapely.box(-1, 1, 1, 2), (315, 45)),
        (shapely.box(-1, -1, 1, 1), (0, 360)),
        (shapely.box(-2, -2, 2, 2) - shapely.box(-1, -1, 1, 1), (0, 360)),
        (shapely.box(-2, -2, 2, 2) - shapely.box(-1, -1, 1, 2), (45, 315)),
        (shapely.union_all([shapely.box(-1, 1, 0, 2), shapely.box(0.5, 0, 1, 1)]), (315, 90)),
        (shapely.union_all([shapely.box(0.5, 0, 1, 1), shapely.box(-1, 1, 0, 2)]), (315, 90)),
    ],
)
def test_bearings_go_clockwise_over_north(
    area: shapely.Geometry, bearings: tuple[float, float]
) -> None:
    shortest, longest, *found = offset_span(0, 0, area)
    assert 0 <= shortest < longest
    assert found == pytest.approx(bearings, abs=27)


@given(area=areas, longitude=longitudes, latitude=latitudes, pick=shares)
@settings(max_examples=50)
def test_a_span_holds_every_corner(
    area: shapely.Geometry, longitude: float, latitude: float, pick: float
) -> None:
    shortest, longest, first, last = offset_span(longitude, latitude, area)
    corners = shapely.get_coordinates(area)
    corner = corners[int(pick * (len(corners) - 1))]
    azimuth, _, metres = GEOD.inv(longitude, latitude, *corner)
    assert shortest - 0.01 <= metres / 1000 <= longest + 0.01
    assert (azimuth - first + 1e-6) % 360 <= (last - first) % 360 + 2e-6 or last - first == 360
    assert (shortest == 0) == area.intersects(shapely.Point(longitude, latitude))


# --- Clipping ------------------------------------------------------------------------------------


@given(longitude=longitudes, latitude=latitudes, radius_m=st.floats(250, 200_000), unit=areas)
def test_what_is_clipped_lies_in_both(
    longitude: float, latitude: float, radius_m: float, unit: shapely.Geometry
) -> None:
    area = disc(longitude, latitude, radius_m)
    kept = clip_to(area, unit, MALI)
    if kept is None:
        assert shapely.intersection(area, shapely.intersection(unit, MALI)).area < 1e-12
        return
    assert kept.geom_type in {"Polygon", "MultiPolygon"}
    for whole in (area, unit, MALI):
        assert shapely.difference(kept, whole).area < 1e-9


def test_an_area_wholly_inside_is_kept_as_it_is() -> None:
    area = near_area(*BAMAKO)
    assert clip_to(area, MALI) == area
    assert clip_to(area) == area


def test_a_shared_edge_is_no_common_ground() -> None:
    west, east = shapely.box(-8, 12, -7, 13), shapely.box(-7, 12, -6, 13)
    assert clip_to(west, east) is None
    tongue = shapely.union_all([east, shapely.box(-7.5, 12.2, -7, 12.4)])
    kept = clip_to(west, tongue)
    assert kept.geom_type == "Polygon"
    assert kept.bounds == (-7.5, 12.2, -7, 12.4)


# --- Written precision ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("latitude", "longitude", "metres"),
    [
        (0.1, 0.0, 15_691),
        (10.27, -123.6, 1_557),
        ("30.001", "-8.0", 147),
        ("30.0010", "-8.0", 14.7),
        ("30", "-8", 146_962),
    ],
)
def test_decimals_imply_a_radius(
    latitude: float | str, longitude: float | str, metres: float
) -> None:
    assert implied_precision_m(latitude, longitude) == pytest.approx(metres, rel=0.02)
