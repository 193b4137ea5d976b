"""What a map frames: its centre, radius, rings and the way to another place."""

from collections.abc import Sequence
from math import isclose
from numbers import Real
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from pyproj import Geod

from mali_incidents.errors import MapError
from mali_incidents.maps.basemap import spelled_as_unit
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.gazetteer import Gazetteer

_GEOD: Final = Geod(ellps="WGS84")
# Room around what is framed, as a share of it.
_ROOM: Final = 1.06
# Into how many steps a radius is cut, the best number first.
_STEPS: Final = (3, 4, 2, 5)


class Spot(NamedTuple):
    """A named point: latitude and longitude in WGS 84 degrees."""

    name: str
    latitude: float
    longitude: float


class Way(NamedTuple):
    """The way from a map's centre to another place, along the geodesic.

    Attributes
    ----------
    to : Spot
        Where it leads.
    distance_km : float
        Its length in kilometres.
    bearing_deg : float
        Its bearing at the centre, degrees clockwise from north.
    """

    to: Spot
    distance_km: float
    bearing_deg: float


class View(NamedTuple):
    """What a map frames.

    Attributes
    ----------
    bounds : tuple of float
        South, west, north, east in degrees.
    centre : Spot or None
        What it is centred on; None for a map of a whole country.
    radius_km : float or None
        How far round the centre it reaches.
    rings_km : tuple of float
        Radii of the rings drawn and counted round the centre.
    way : Way or None
        The way to another place, drawn as a line.
    """

    bounds: tuple[float, float, float, float]
    centre: Spot | None = None
    radius_km: float | None = None
    rings_km: tuple[float, ...] = ()
    way: Way | None = None


def named_points(view: View) -> list[tuple[float, float]]:
    """Give the points that a map shows on purpose, latitude first: its centre, a way's end."""
    spots = [view.centre, view.way.to if view.way is not None else None]
    return [(spot.latitude, spot.longitude) for spot in spots if spot is not None]


def frame_view(
    around: str | tuple[float, float] | None,
    *,
    radius_km: float,
    rings_km: tuple[float, ...] | None,
    way_to: str | None,
    frame: AdminFrame,
    gazetteer: Gazetteer,
) -> View:
    """Work out what a map frames.

    Parameters
    ----------
    around : str, (latitude, longitude) or None
        A place of the gazetteer or a point in degrees; None frames the whole country.
    radius_km : float
        How far round the centre the map reaches, in kilometres.
    rings_km : tuple of float, optional
        Radii of the rings; by default even steps of a round length up to ``radius_km``.
    way_to : str, optional
        A place of the gazetteer to draw the way to; it is always in view.
    frame : AdminFrame
        The units, whose spelling of a name goes before the gazetteer's.
    gazetteer : Gazetteer
        Where names of places are looked up.

    Returns
    -------
    View

    Raises
    ------
    MapError
        When a radius is not a positive number, a point is none or off the globe, or a way has no
        start.
    """
    _check_kinds(around, way_to, radius_km=radius_km, rings_km=rings_km)
    rings = tuple(rings_km) if rings_km is not None else _even_rings(radius_km)
    wrong = [f"{km!r} km" for km in (radius_km, *rings) if not 0 < km < 20_000]
    if wrong:
        raise MapError(f"a radius must be between 0 and 20 000 km, got {', '.join(wrong)}")
    if around is None:
        if way_to is not None:
            raise MapError(f"the way to {way_to!r} needs a start: give around= a place")
        west, south, east, north = map(float, shapely.bounds(frame.polygon(COUNTRY)))
        return View(bounds=(south, west, north, east))
    centre = _spot(around, frame, gazetteer)
    way = None if way_to is None else _way(centre, _spot(way_to, frame, gazetteer))
    return View(
        bounds=_bounds(centre, radius_km, way),
        centre=centre,
        radius_km=radius_km,
        rings_km=rings,
        way=way,
    )


def ring(centre: Spot, radius_km: float) -> np.ndarray:
    """Give a geodesic ring as an array of shape (97, 2): longitude, latitude in degrees."""
    azimuths = np.linspace(0, 360, 97)
    longitudes, latitudes, _ = _GEOD.fwd(
        np.full(97, centre.longitude),
        np.full(97, centre.latitude),
        azimuths,
        np.full(97, radius_km * 1000),
    )
    return np.column_stack([longitudes, latitudes])


def _even_rings(radius_km: float) -> tuple[float, ...]:
    """Give rings in even steps up to the radius, of two digits where that can be."""
    round_steps = [n for n in _STEPS if isclose(float(f"{radius_km / n:.2g}"), radius_km / n)]
    steps = round_steps[0] if round_steps else 2
    return tuple(round(radius_km * step / steps, 3) for step in range(1, steps + 1))


def _spot(around: str | tuple[float, float], frame: AdminFrame, gazetteer: Gazetteer) -> Spot:
    """Look a place up, or check a point."""
    if isinstance(around, str):
        place = gazetteer.place(around)
        name = spelled_as_unit(str(place["name"]), frame=frame)
        return Spot(name, float(place["latitude"]), float(place["longitude"]))
    latitude, longitude = around
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise MapError(
            f"around must be a place or (latitude, longitude) in degrees, got {around!r}: "
            "is the order right?"
        )
    return Spot(f"{latitude:.4f}, {longitude:.4f}", float(latitude), float(longitude))


def _way(start: Spot, to: Spot) -> Way:
    """Measure the geodesic from one spot to another."""
    bearing, _, metres = _GEOD.inv(start.longitude, start.latitude, to.longitude, to.latitude)
    return Way(to, metres / 1000, bearing % 360)


def _bounds(centre: Spot, radius_km: float, way: Way | None) -> tuple[float, float, float, float]:
    """Frame the radius, and the end of the way, with the centre kept in the middle."""
    outline = ring(centre, radius_km)
    reach = np.abs(outline - [centre.longitude, centre.latitude]).max(axis=0)
    if way is not None:
        end = np.abs([way.to.longitude - centre.longitude, way.to.latitude - centre.latitude])
        reach = np.maximum(reach, end * 1.1)
    east, north = reach * _ROOM
    return (
        centre.latitude - north,
        centre.longitude - east,
        centre.latitude + north,
        centre.longitude + east,
    )


def _check_kinds(around: Any, way_to: Any, *, radius_km: Any, rings_km: Any) -> None:
    """Refuse what is no place, point or radius, all at once."""
    wrong = []
    if not (around is None or isinstance(around, str) or _are_numbers(around, 2)):
        wrong.append(f"around must be a place or (latitude, longitude) in degrees, got {around!r}")
    if not (way_to is None or isinstance(way_to, str)):
        wrong.append(f"way_to must be a place, got {way_to!r}")
    if not _are_numbers([radius_km], 1):
        wrong.append(f"radius_km must be a number of kilometres, got {radius_km!r}")
    if rings_km is not None and not _are_numbers(rings_km):
        wrong.append(f"rings_km must be radii in kilometres, e.g. (50, 100, 150), got {rings_km!r}")
    if wrong:
        raise MapError("; ".join(wrong))


def _are_numbers(given: Any, count: int | None = None) -> bool:
    """Tell whether something is a sequence of numbers, of so many where that is said."""
    if isinstance(given, str | bytes) or not isinstance(given, Sequence | np.ndarray):
        return False
    return count in {None, len(given)} and all(
        isinstance(one, Real) and not isinstance(one, bool) for one in given
    )
