"""Areas that a record may mean, each as a polygon and as a point and a radius.

Geodesic throughout, never degrees: what is drawn in the plane is drawn in the azimuthal equidistant
projection round the place it is measured from, by pyproj's geodesics. Polygons are EPSG:4326,
longitude first; their curves are good to a thousandth of their radius.

The method is the point-radius of Chapman & Wieczorek, Georeferencing Best Practices (GBIF 2020,
doi 10.15468/doc-gg7h-s853), with Zermoglio et al., Georeferencing Quick Reference Guide (GBIF 2020,
doi 10.35035/e09p-h128): the point is the corrected centre, the radius that of the smallest circle
round it that holds the whole area. The constants say where press reports are taken to be looser
than a collector's notes.
"""

from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Geod

from mali_incidents.errors import LocateError

_Coordinates = npt.NDArray[np.float64]

_GEOD: Final = Geod(ellps="WGS84")
_STEPS: Final = 72
# A longer straight edge in degrees would stray too far from the geodesic it stands for.
_LONGEST_EDGE_M: Final = 20_000
_GRID_M: Final = 0.1
_METRES_A_DEGREE: Final = 111_320

FURTHEST_KM: Final = 5_000.0
"""No offset is longer: Mali is 1,900 km across, and far beyond this circles meet the poles."""

KM_A_UNIT: Final = {"km": 1.0, "mile": 1.609344, "m": 0.001}

# What a number may be rounded to: the largest of these that divides it and is at most half of it.
_ROUNDED_TO: Final = (10.0, 5.0, 1.0, 0.5, 0.25)
_FINEST_ROUNDING: Final = 0.1
# No reported distance is better than a share of itself: 15 % is that of Frazier et al. 2004
# (doi 10.5281/zenodo.3235003), which the best practices give beside the roundness.
_SHARE: Final = 0.15
_SHARE_ABOUT: Final = 0.25

NEAR_KM: Final = 25.0
"""How far "near" reaches from a place's edge: as far as UCDP's precision 2, "near" a known point.

The best practices give no number and ask for a judgement: reports name the nearest town that a
reader may know, and villages reported as near one lie some 5 to 30 km from it.
"""

OUTSKIRTS_KM: Final = 5.0
"""How far "the outskirts of" reaches from a place's edge."""

NEAR_BORDER_KM: Final = 50.0
"""How far "near the border" reaches: four in five of the places so told in Mali lie within it."""

# Of the distance told from a border, how closely its line is then followed.
_BORDER_LOSS: Final = 0.05

# A road a tenth longer than the straight line may stray from it by a fifth of its length.
_CORRIDOR_SHARE: Final = 0.2
_NARROWEST_KM: Final = 5.0

# Of the radius of an area, what "the centre of" it takes up.
_MIDDLE_SHARE: Final = 1 / 3

MIDDLE_OF_MALI: Final = shapely.Point(-4.0, 14.9)
"""Where reports divide Mali into north, south, east and west: between Mopti and Douentza.

The middle of its outline lies in the desert at 17.6° N: Gao and Tombouctou would be "the south".
"""


class Heading(NamedTuple):
    """A direction: clockwise from true north, and the angle to each side it may mean."""

    azimuth_deg: float
    half_angle_deg: float


# fmt: off
_COMPASS: Final = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE",
    "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)
# fmt: on

HEADINGS: Final = {
    name: Heading(22.5 * number, 45.0 / 2 ** (len(name) - 1))
    for number, name in enumerate(_COMPASS)
}
"""The 16 points of the compass: N means 45° to each side, NE 22.5°, NNE 11.25° (best practices)."""


def disc(longitude: float, latitude: float, radius_m: float) -> shapely.Polygon:
    """Draw a geodesic disc as a polygon that lies within it.

    Parameters
    ----------
    longitude, latitude : float
        The centre in WGS 84 degrees.
    radius_m : float
        The radius in metres.

    Returns
    -------
    shapely.Polygon
        72 points on the circle, longitude first.
    """
    azimuths = np.linspace(0, 360, _STEPS, endpoint=False)
    longitudes, latitudes, _ = _GEOD.fwd(
        np.full(_STEPS, longitude), np.full(_STEPS, latitude), azimuths, np.full(_STEPS, radius_m)
    )
    return shapely.Polygon(np.column_stack([longitudes, latitudes]))


def offset_area(
    longitude: float,
    latitude: float,
    *,
    distance_km: tuple[float, float],
    heading: Heading | None = None,
    extent_km: float = 0.0,
) -> shapely.Geometry:
    """Draw what lies at a distance from a place, in a direction or in any.

    Parameters
    ----------
    longitude, latitude : float
        The place's centre in WGS 84 degrees.
    distance_km : tuple of float
        The shortest and the longest distance in kilometres; see :func:`distance_range_km`.
    heading : Heading, optional
        The direction; any when it is not told.
    extent_km : float
        The place's own radius in kilometres. Reports measure from its middle, its edge or anywhere
        between and do not say which, so the area is what lies so far from any point of it.

    Returns
    -------
    shapely.Geometry
        A polygon: with a heading a sector of a ring, widened by the extent on all sides; else a
        ring, or a disc where its hole closes.

    Raises
    ------
    LocateError
        When the distances are not in order, or longer than ``FURTHEST_KM``.
    """
    shortest, longest = distance_km
    if not 0 <= shortest < longest <= FURTHEST_KM:
        raise LocateError(
            f"an offset needs a shorter and a longer distance from 0 to {FURTHEST_KM:,.0f} km, "
            f"not {shortest:g} and {longest:g}"
        )
    inner, outer, extent = 1000 * shortest, 1000 * longest, 1000 * extent_km
    if heading is None:
        whole = disc(longitude, latitude, outer + extent)
        if inner - extent < _GRID_M:
            return whole
        hole = disc(longitude, latitude, inner - extent)
        return shapely.Polygon(whole.exterior, [hole.exterior])
    azimuth, half_angle = heading
    steps = 2 + int(2 * half_angle * _STEPS / 360)
    angles = np.radians(np.linspace(azimuth - half_angle, azimuth + half_angle, steps))
    arc = np.column_stack([np.sin(angles), np.cos(angles)])
    sector = shapely.Polygon(np.vstack([outer * arc, inner * arc[::-1]]))
    return _onto_earth(shapely.buffer(sector, extent), longitude, latitude)


def distance_range_km(
    value: float,
    *,
    upper: float | None = None,
    unit: Literal["km", "mile", "m"] = "km",
    about: bool = False,
) -> tuple[float, float]:
    """Give the shortest and longest distance that a written number may mean.

    Parameters
    ----------
    value : float
        The number as written, in ``unit``.
    upper : float, optional
        The end of a range as written ("85–100 km").
    unit : {"km", "mile", "m"}
        The unit as written: what is round in miles is not in kilometres.
    about : bool
        Whether the report itself says that the number is rough: "about", "some", "une trentaine".

    Returns
    -------
    tuple of float
        Kilometres.

    Notes
    -----
    After the best practices, half of what the number is rounded to: "7" means 6.5 to 7.5, "30"
    means 25 to 35. Reports round more coarsely than collectors do (to fives too, and 100 is no
    better than 90), and measure by road and by eye, so that no distance is taken to be better than
    15 % of itself. The practices let "about" change nothing; here it makes both shares larger: the
    whole of what the number is rounded to, and at least 25 %.
    """
    numbers = sorted([value, value if upper is None else upper])
    low, high = (
        number + sign * _slack(number, about=about)
        for sign, number in zip((-1, 1), numbers, strict=True)
    )
    return max(0.0, low) * KM_A_UNIT[unit], high * KM_A_UNIT[unit]


def _slack(number: float, *, about: bool) -> float:
    """Give how far a distance may be from the number written, in its own unit."""
    rounded_to = next(
        (step for step in _ROUNDED_TO if step <= number / 2 and number % step == 0),
        _FINEST_ROUNDING,
    )
    if about:
        return max(rounded_to, _SHARE_ABOUT * number)
    return max(rounded_to / 2, _SHARE * number)


def near_area(
    longitude: float, latitude: float, *, extent_km: float = 0.0, reach_km: float = NEAR_KM
) -> shapely.Polygon:
    """Draw what is near a place, the place itself included.

    Parameters
    ----------
    longitude, latitude : float
        The place's centre in WGS 84 degrees.
    extent_km : float
        The place's own radius in kilometres.
    reach_km : float
        How far from its edge is near: ``NEAR_KM``, or ``OUTSKIRTS_KM``.

    Returns
    -------
    shapely.Polygon
        A disc.
    """
    return disc(longitude, latitude, 1000 * (extent_km + reach_km))


def between_area(
    first: tuple[float, float],
    second: tuple[float, float],
    *,
    extents_km: tuple[float, float] = (0.0, 0.0),
    share: float = _CORRIDOR_SHARE,
) -> shapely.Geometry:
    """Draw the corridor between two places, for "between X and Y" and "on the X-Y road".

    Parameters
    ----------
    first, second : tuple of float
        The places' centres, longitude and latitude in WGS 84 degrees.
    extents_km : tuple of float
        The places' own radii in kilometres.
    share : float
        Half the corridor's width, as a share of the distance; at least 5 km.

    Returns
    -------
    shapely.Geometry
        A polygon along the geodesic from one place to the other, both with their extents (at
        least 5 km) included.
    """
    azimuth, _, metres = _GEOD.inv(*first, *second)
    middle_longitude, middle_latitude, back = _GEOD.fwd(*first, azimuth, metres / 2)
    toward = np.radians(back)
    end = metres / 2 * np.array([np.sin(toward), np.cos(toward)])
    corridor = shapely.buffer(
        shapely.LineString([end, -end]),
        max(share * metres, 1000 * _NARROWEST_KM),
        cap_style="flat",
    )
    radii = 1000 * np.maximum(extents_km, _NARROWEST_KM)
    towns = shapely.buffer(shapely.points([end, -end]), radii)
    # To the metre: finer, two circles that all but coincide leave slivers.
    joined = shapely.union_all([corridor, *towns], grid_size=1.0)
    return _onto_earth(joined, middle_longitude, middle_latitude)


def part_area(
    area: shapely.Geometry, azimuth_deg: float | None, *, middle: shapely.Point | None = None
) -> shapely.Geometry:
    """Cut out a part of an area: its north, its south-west, its middle.

    Parameters
    ----------
    area : shapely.Geometry
        A polygon or polygons in EPSG:4326.
    azimuth_deg : float or None
        The direction of the part, clockwise from true north; None for the middle part.
    middle : shapely.Point, optional
        Where people divide it, such as ``MIDDLE_OF_MALI``; by default halfway of its extent in the
        direction, and for the middle part its corrected centre.

    Returns
    -------
    shapely.Geometry
        The half on that side, so that opposite parts cover the area; as the middle part what lies
        within a third of the area's own radius.
    """
    if azimuth_deg is None:
        centre, radius = point_radius(area)
        here = middle if middle is not None else centre
        return clip(area, disc(here.x, here.y, _MIDDLE_SHARE * radius))
    origin = middle if middle is not None else shapely.centroid(area)
    corners = _in_plane(shapely.get_coordinates(area), origin.x, origin.y)
    angle = np.radians(azimuth_deg)
    ahead = np.array([np.sin(angle), np.cos(angle)])
    beside = np.array([ahead[1], -ahead[0]])
    along = corners @ ahead
    cut = 0.0 if middle is not None else (np.min(along) + np.max(along)) / 2
    size = 1.1 * np.max(np.hypot(*corners.T))
    # Opposite halves overlap by a hair, so that rounding leaves no gap between them.
    cut -= _GRID_M
    left, right = cut * ahead - size * beside, cut * ahead + size * beside
    side = shapely.Polygon([left, right, right + 2 * size * ahead, left + 2 * size * ahead])
    return clip(area, _onto_earth(side, origin.x, origin.y))


def border_area(
    country: shapely.Geometry,
    border: shapely.Geometry,
    *,
    distance_km: tuple[float, float] = (0.0, NEAR_BORDER_KM),
) -> shapely.Geometry:
    """Draw the strip of a country along its border with a neighbour.

    Parameters
    ----------
    country : shapely.Geometry
        The country's polygon in EPSG:4326.
    border : shapely.Geometry
        The line it shares with the neighbour, as ``neighbours.read_neighbours`` gives it.
    distance_km : tuple of float
        The shortest and the longest distance from the border in kilometres; 0 to
        ``NEAR_BORDER_KM`` for "near the border".

    Returns
    -------
    shapely.Geometry
        A polygon or polygons that hold all that lies so far from the border, and nothing that is
        further off by a tenth of the longest distance; empty where there is no such ground.
    """
    middle = shapely.centroid(border)
    line = shapely.transform(border, lambda corners: _in_plane(corners, middle.x, middle.y))
    nearest, furthest = 1000 * distance_km[0], 1000 * distance_km[1]
    # A border follows rivers more closely than a report's distance from it means, at ten times the
    # cost; what the line loses, the strip gains.
    loss = _BORDER_LOSS * furthest
    line = shapely.simplify(line, loss)
    strip: shapely.Geometry = shapely.buffer(line, furthest + loss)
    if nearest > loss:
        strip = shapely.difference(strip, shapely.buffer(line, nearest - loss))
    return clip(country, _onto_earth(strip, middle.x, middle.y))


def offset_span(
    longitude: float, latitude: float, area: shapely.Geometry
) -> tuple[float, float, float, float]:
    """Measure at what distances and bearings from a point an area lies.

    Parameters
    ----------
    longitude, latitude : float
        The point in WGS 84 degrees.
    area : shapely.Geometry
        A polygon or polygons in EPSG:4326.

    Returns
    -------
    tuple of float
        The shortest and the longest distance in kilometres, and the bearings in degrees from true
        north that the area spans, clockwise from the first to the second; 0 and 360 where it lies
        all round the point.
    """
    flat = shapely.transform(area, lambda corners: _in_plane(corners, longitude, latitude))
    nearest = shapely.distance(flat, shapely.Point(0, 0))
    furthest = np.max(np.hypot(*shapely.get_coordinates(flat).T))
    first, last = _bearings(flat) if nearest > 0 else (0.0, 360.0)
    return float(nearest) / 1000, float(furthest) / 1000, first, last


def _bearings(flat: shapely.Geometry) -> tuple[float, float]:
    """Give the bearings that an area in the plane spans, seen from the origin outside it."""
    spans: list[tuple[float, float]] = []
    for part in shapely.get_parts(flat):
        x, y = shapely.get_coordinates(shapely.get_exterior_ring(part)).T
        # A corner never lies half a turn from the next, so that this follows the outline round.
        turned = np.unwrap(np.degrees(np.arctan2(x, y)), period=360)
        if abs(turned[-1] - turned[0]) > 180:
            return 0.0, 360.0
        first, last = float(np.min(turned)), float(np.max(turned))
        turns = 360 * round((spans[0][0] - first) / 360) if spans else 0
        spans.append((first + turns, last + turns))
    first, last = min(one for one, _ in spans), max(one for _, one in spans)
    return (first % 360, last % 360) if last - first < 360 else (0.0, 360.0)


def enclosing_radius_m(point: shapely.Point, area: shapely.Geometry) -> float:
    """Measure the geodesic radius in metres round a point that holds an area."""
    corners = shapely.get_coordinates(area)
    count = len(corners)
    _, _, metres = _GEOD.inv(np.full(count, point.x), np.full(count, point.y), *corners.T)
    return float(np.max(metres))


def centre_in(area: shapely.Geometry) -> shapely.Point:
    """Give the corrected centre of an area.

    Parameters
    ----------
    area : shapely.Geometry
        A polygon or polygons in EPSG:4326.

    Returns
    -------
    shapely.Point
        The centre of the smallest enclosing circle, found in the azimuthal equidistant projection
        round the area's centroid; where that lies outside, the nearest point inside.
    """
    middle = shapely.centroid(area)
    flat = shapely.transform(area, lambda corners: _in_plane(corners, middle.x, middle.y))
    circle = shapely.minimum_bounding_circle(flat)
    centre = shapely.get_coordinates(shapely.centroid(circle))
    back = shapely.Point(_in_degrees(centre, middle.x, middle.y)[0])
    if shapely.covers(area, back):
        return back
    # Shrunk a little, so that rounding cannot put the nearest point outside again.
    inner = shapely.buffer(area, -1e-6)
    return shapely.get_point(shapely.shortest_line(inner if not inner.is_empty else area, back), 0)


def point_radius(
    area: shapely.Geometry, *, centre: shapely.Point | None = None, extent_km: float = 0.0
) -> tuple[shapely.Point, float]:
    """Give a footprint as a point and a radius.

    Parameters
    ----------
    area : shapely.Geometry
        The footprint in EPSG:4326.
    centre : shapely.Point, optional
        The point to take: that of the place itself for a distance without a direction, though it
        lies in the hole of the ring. By default the corrected centre, which lies in the footprint.
    extent_km : float
        The radius in kilometres of the place, where the footprint was not yet widened by it.

    Returns
    -------
    tuple of shapely.Point and float
        The point, and the radius in metres of a circle round it that holds the footprint.
    """
    point = centre if centre is not None else centre_in(area)
    return point, enclosing_radius_m(point, area) + 1000 * extent_km


def clip(area: shapely.Geometry, within: shapely.Geometry) -> shapely.Geometry:
    """Cut an area to what lies within another."""
    return shapely.intersection(area, within)


def clip_to(area: shapely.Geometry, *units: shapely.Geometry) -> shapely.Geometry | None:
    """Cut an area to what lies in every one of some units.

    Parameters
    ----------
    area : shapely.Geometry
        A polygon or polygons in EPSG:4326.
    *units : shapely.Geometry
        The polygons of the units named, and of the country. They are prepared, so that the next
        cut with the same objects is quicker.

    Returns
    -------
    shapely.Geometry or None
        A Polygon or MultiPolygon; None where the area and the units have no common ground, which
        is a clash to be reported.
    """
    for unit in units:
        shapely.prepare(unit)
        # Most areas lie well within the country, whose outline is long to cut with.
        if not shapely.contains_properly(unit, area):
            area = clip(area, unit)
    # What only touches a unit leaves points and lines.
    parts = shapely.get_parts(area)
    grounds = parts[(shapely.get_dimensions(parts) == 2) & ~shapely.is_empty(parts)]
    if len(grounds) == 0:
        return None
    whole: shapely.Geometry = grounds[0] if len(grounds) == 1 else shapely.multipolygons(grounds)
    return whole


def implied_precision_m(latitude: float | str, longitude: float | str) -> float:
    """Give the radius that the written decimals of coordinates imply.

    Parameters
    ----------
    latitude, longitude : float or str
        WGS 84 degrees as written; text keeps the zeros at its end.

    Returns
    -------
    float
        Metres: the diagonal of one step of the last decimal of the finer of both, after the best
        practices on coordinate precision.
    """
    step = 10.0 ** -max(_decimals(latitude), _decimals(longitude))
    flattened = np.cos(np.radians(float(latitude)))
    return float(np.hypot(step, step * flattened) * _METRES_A_DEGREE)


def _decimals(degrees: float | str) -> int:
    """Count the decimals that a coordinate was written with."""
    written = degrees.strip() if isinstance(degrees, str) else f"{degrees:.10f}".rstrip("0")
    return len(written.partition(".")[2])


def _in_plane(degrees: _Coordinates, longitude: float, latitude: float) -> _Coordinates:
    """Project longitudes and latitudes to metres east and north of a point."""
    count = len(degrees)
    azimuths, _, metres = _GEOD.inv(np.full(count, longitude), np.full(count, latitude), *degrees.T)
    angles = np.radians(azimuths)
    return np.column_stack([metres * np.sin(angles), metres * np.cos(angles)])


def _in_degrees(metres: _Coordinates, longitude: float, latitude: float) -> _Coordinates:
    """Give the longitudes and latitudes of metres east and north of a point."""
    count = len(metres)
    longitudes, latitudes, _ = _GEOD.fwd(
        np.full(count, longitude),
        np.full(count, latitude),
        np.degrees(np.arctan2(*metres.T)),
        np.hypot(*metres.T),
    )
    return np.column_stack([longitudes, latitudes])


def _onto_earth(flat: shapely.Geometry, longitude: float, latitude: float) -> shapely.Geometry:
    """Lay an area drawn in metres round a point onto the earth."""
    # Corners closer than the grid could change places when they are rounded to degrees.
    fine = shapely.segmentize(shapely.set_precision(flat, _GRID_M), _LONGEST_EDGE_M)
    return shapely.transform(fine, lambda metres: _in_degrees(metres, longitude, latitude))
