"""Which projection a figure is drawn in: one of known faults, named in its small print."""

from typing import Final, NamedTuple

from mali_incidents.maps.view import View

# How far from its central meridian, in degrees, a UTM zone is drawn: the zone and half a degree,
# where lengths are wrong by less than 0.15 %.
_ZONE_REACH: Final = 3.5
# A view as high as this is no local map.
_MOST_HIGH: Final = 6.0


class Chosen(NamedTuple):
    """The projection of a view.

    Attributes
    ----------
    crs : str
        As PROJ or EPSG names it, in metres.
    zone : str or None
        The UTM zone, e.g. ``"29N"``; None for the equal-area one.
    code : str or None
        The EPSG code of the zone, e.g. ``"EPSG:32629"``.
    """

    crs: str
    zone: str | None = None
    code: str | None = None


def projection_for(view: View) -> Chosen:
    """Choose the projection a view is drawn in.

    Parameters
    ----------
    view : View
        What the map frames.

    Returns
    -------
    Chosen
        UTM on WGS 84 where the whole view lies in one zone, give or take half a degree: what
        paper maps and receivers use, so that a grid reference fits. Else Lambert's azimuthal
        equal-area projection on the middle of the view, in which shaded areas compare
        (Snyder, USGS Professional Paper 1395, pp. 57-64 and 182-190).
    """
    latitude, longitude = middle_of(view)
    south, west, north, east = view.bounds
    zone = int((longitude + 180) // 6) % 60 + 1
    meridian = zone * 6 - 183
    near = max(abs(west - meridian), abs(east - meridian)) <= _ZONE_REACH
    # UTM has no zone of its own beyond 80 degrees; a view over the equator has two.
    if near and north - south <= _MOST_HIGH and abs(latitude) < 70 and south * north > 0:
        letter, base = ("N", 32600) if latitude >= 0 else ("S", 32700)
        code = f"EPSG:{base + zone}"
        return Chosen(code, f"{zone}{letter}", code)
    return Chosen(f"+proj=laea +lat_0={latitude} +lon_0={longitude} +datum=WGS84")


def middle_of(view: View) -> tuple[float, float]:
    """Give the latitude and longitude in the middle of a view."""
    if view.centre is not None:
        return view.centre.latitude, view.centre.longitude
    south, west, north, east = view.bounds
    return (south + north) / 2, (west + east) / 2
