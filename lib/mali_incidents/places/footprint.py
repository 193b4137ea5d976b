"""Areas that a record may mean, as a point and a radius; geodesic throughout, never degrees.

The method is the point-radius of Chapman & Wieczorek, Georeferencing Best Practices (GBIF 2020,
doi 10.15468/doc-gg7h-s853): the point is the corrected centre, the radius that of the smallest
circle round it that holds the whole area.
"""

from typing import Final

import numpy as np
import shapely
from pyproj import CRS, Geod, Transformer

_GEOD: Final = Geod(ellps="WGS84")
_STEPS: Final = 72


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
    flat_crs = CRS.from_proj4(f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84")
    there = Transformer.from_crs("EPSG:4326", flat_crs, always_xy=True)
    flat = shapely.multipoints(np.column_stack(there.transform(*shapely.get_coordinates(area).T)))
    centre = shapely.get_coordinates(shapely.centroid(shapely.minimum_bounding_circle(flat)))[0]
    back = shapely.Point(*there.transform(centre[0], centre[1], direction="INVERSE"))
    if shapely.covers(area, back):
        return back
    # Shrunk a little, so that rounding cannot put the nearest point outside again.
    inner = shapely.buffer(area, -1e-6)
    return shapely.get_point(shapely.shortest_line(inner if not inner.is_empty else area, back), 0)


def clip(area: shapely.Geometry, within: shapely.Geometry) -> shapely.Geometry:
    """Cut an area to what lies within another."""
    return shapely.intersection(area, within)
