"""Places made coarser: the same place always in the same way, whatever else is in the table.

What a place becomes depends on the place alone: no random shift, which averages out over editions,
and no shape that a finer place can be read back from. The lengths are those of WGS 84.
"""

import math
from collections.abc import Hashable
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
import shapely.ops

from mali_incidents.places.answers import TOWN_UNIT_M, address
from mali_incidents.places.footprint import enclosing_radius_m
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.release.profiles import UNITS, Profile
from mali_incidents.tables import POINT_LEVELS, Reason

_KM_A_DEGREE: Final = 111.32
# A unit stands for a place that lies in it with nearly all it may mean, as when it is located.
_NEARLY_ALL: Final = 0.9
# What a place may mean round its point is rounded up to one of these shares of a cell.
_SHARES: Final = (0.05, 0.1, 0.25, 0.5, 1.0)
_DECIMALS: Final = 6
_IDS: Final = ("admin1_id", "admin2_id", "admin3_id")


class Square(NamedTuple):
    """A cell of a grid of degrees.

    Attributes
    ----------
    west, south, east, north : float
        WGS 84 degrees.
    """

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> shapely.Point:
        """Its middle."""
        return shapely.Point(
            round((self.west + self.east) / 2, _DECIMALS),
            round((self.south + self.north) / 2, _DECIMALS),
        )

    @property
    def width(self) -> float:
        """Its width where it is narrowest, in degrees of latitude."""
        narrowest = math.cos(math.radians(max(abs(self.south), abs(self.north))))
        return (self.east - self.west) * narrowest

    def grown(self, share: float) -> "Square":
        """Give the square with so much of its sides added on every side."""
        wide, high = share * (self.east - self.west), share * (self.north - self.south)
        return Square(self.west - wide, self.south - high, self.east + wide, self.north + high)


def cell_of(longitude: float, latitude: float, *, profile: Profile) -> Square:
    """Give the cell of a profile's grid that holds a point.

    Parameters
    ----------
    longitude, latitude : float
        WGS 84 degrees.
    profile : Profile
        One that coarsens to a grid or to decimals.

    Returns
    -------
    Square
        Cells are rows of one height from the equator, each parted from Greenwich into cells as wide
        as high in its middle; of decimals, all that rounds to one value.
    """
    if profile.decimals is not None:
        step = 10.0**-profile.decimals
        row, column = (math.floor(value / step + 0.5) for value in (latitude, longitude))
        return _rounded(
            (column - 0.5) * step, (row - 0.5) * step, (column + 0.5) * step, (row + 0.5) * step
        )
    assert profile.grid_km is not None  # noqa: S101 -- read_profile saw to it
    high = profile.grid_km / _KM_A_DEGREE
    row = math.floor(latitude / high)
    wide = high / max(math.cos(math.radians((row + 0.5) * high)), 0.01)
    column = math.floor(longitude / wide)
    return _rounded(column * wide, row * high, (column + 1) * wide, (row + 1) * high)


def coarsened(located: pd.DataFrame, *, profile: Profile, frame: AdminFrame) -> pd.DataFrame:
    """Make the places of a located table as coarse as a profile asks.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    profile : Profile
        What may be known.
    frame : AdminFrame
        The units it was located in.

    Returns
    -------
    pandas.DataFrame
        The columns of places with the table's index: geometry, footprint, uncertainty_m, level,
        method, score, margin, those of units, candidates, reason. What is coarse enough keeps its
        area; its candidates and the words of its reason are left out all the same.
    """
    known: dict[Hashable, dict[Hashable, Any]] = {}
    rows = []
    shapes: dict[int, bytes] = {}
    for row in located[[*_PLACE_COLUMNS]].to_dict("records"):
        shape = row["footprint"]
        # Rows of one unit share its shape, whose bytes may be many.
        drawn = shapes.setdefault(id(shape), b"" if shape is None else shapely.to_wkb(shape))
        point = row["geometry"]
        key = (
            None if point is None else (point.x, point.y),
            drawn,
            row["level"],
            row["method"],
            *(row[name] if isinstance(row[name], str) else None for name in _IDS),
        )
        if key not in known:
            known[key] = _coarsened(row, profile=profile, frame=frame)
        rows.append(known[key])
    columns = [name for name in _PLACE_COLUMNS if name != "frame"]
    return pd.DataFrame(rows, index=located.index, columns=columns, dtype="object")


_PLACE_COLUMNS: Final = (
    *("geometry", "footprint", "uncertainty_m", "level", "method", "score", "margin"),
    *("admin1_name", "admin1_id", "admin2_name", "admin2_id", "admin3_name", "admin3_id"),
    *("region_2023", "candidates", "reason", "frame"),
)


def _coarsened(
    row: dict[Hashable, Any], *, profile: Profile, frame: AdminFrame
) -> dict[Hashable, Any]:
    """Make one place coarser."""
    if row["level"] == "none" or row["geometry"] is None or row["footprint"] is None:
        return {**row, "score": None, "margin": None, "candidates": [], "reason": _NOTHING}
    unit = next((row[name] for name in reversed(_IDS) if isinstance(row[name], str)), COUNTRY)
    if profile.coarsen in UNITS:
        return _to_unit(row, unit, profile=profile, frame=frame)
    return _to_square(row, unit, profile=profile, frame=frame)


_NOTHING: Final = Reason("none", {"notes": []})


def _to_unit(
    row: dict[Hashable, Any], unit: str, *, profile: Profile, frame: AdminFrame
) -> dict[Hashable, Any]:
    """Give the unit of the wanted level that holds a place, or a larger one that does."""
    allowed = {*UNITS[UNITS.index(profile.coarsen) :], "country"}
    if row["level"] in allowed - {profile.coarsen} and _is_wide_part(row, profile.coarsen, frame):
        # "The north of Mali", "the centre of a cercle": no point can be read back from it.
        return {**row, **_scrubbed(unit, frame, "released-unit")}
    chain = [COUNTRY, *frame.chain(unit)]
    held = [one for one in chain if frame.level(one) in allowed]
    target = next(
        (one for one in reversed(held) if _holds_nearly_all(one, unit, row, frame)), COUNTRY
    )
    return _whole(target, frame)


def _whole(unit: str, frame: AdminFrame) -> dict[Hashable, Any]:
    """Give a whole unit for a place."""
    circle = frame.circle(unit)
    return {
        "geometry": circle.centre,
        "footprint": frame.polygon(unit),
        "uncertainty_m": circle.radius_m,
        "level": frame.level(unit),
        "method": "unit",
        **_units(unit, frame),
        **_scrubbed(unit, frame, "released-unit"),
    }


def _is_wide_part(row: dict[Hashable, Any], level: str, frame: AdminFrame) -> bool:
    """Tell a part of the country that is larger than the unit of a level in which it lies."""
    if row["method"] != "part":
        return False
    point = row["geometry"]
    (home,) = frame.units_at(np.array([point.x]), np.array([point.y]))
    unit = frame.chain_levels(home).get(level) if home is not None else None
    if unit is None:
        return False
    return bool(shapely.area(row["footprint"]) >= shapely.area(frame.polygon(unit)))


def _holds_nearly_all(target: str, unit: str, row: dict[Hashable, Any], frame: AdminFrame) -> bool:
    """Tell whether a unit has nearly all that a place may mean; in Mali shares of degrees do."""
    if target == COUNTRY or (row["method"] == "unit" and row["level"] not in POINT_LEVELS):
        return frame.holds(target, unit)
    area = row["footprint"]
    shared = shapely.area(shapely.intersection(frame.polygon(target), area))
    return bool(shared >= _NEARLY_ALL * shapely.area(area))


def _to_square(
    row: dict[Hashable, Any], unit: str, *, profile: Profile, frame: AdminFrame
) -> dict[Hashable, Any]:
    """Give the cell that holds a place, widened by what the place may mean."""
    point, radius = row["geometry"], float(row["uncertainty_m"])
    cell = cell_of(point.x, point.y, profile=profile)
    side_m = 1000 * _KM_A_DEGREE * min(cell.north - cell.south, cell.width)
    diagonal = side_m / math.sqrt(2)
    if row["method"] == "unit" and row["level"] not in POINT_LEVELS:
        # A unit smaller than a cell would be finer than allowed.
        held = [COUNTRY, *frame.chain(unit)]
        target = next(
            (one for one in reversed(held) if frame.circle(one).radius_m >= diagonal), COUNTRY
        )
        return _whole(target, frame)
    share = next((share for share in _SHARES if _is_cell(row, cell.grown(share))), None)
    if share is None and radius >= side_m:
        # No finer than a cell already: only its outline is, and where it is drawn.
        return {**row, **_snapped(row, cell, profile), **_scrubbed(unit, frame, "released-unit")}
    if share is None:
        share = next(share for share in _SHARES if share * side_m >= radius)
    area = shapely.box(*_rounded(*cell.grown(share)))
    reach = enclosing_radius_m(cell.centre, area)
    home = _home_of(area, cell.centre, frame)
    pinned = reach <= TOWN_UNIT_M
    return {
        "geometry": cell.centre,
        "footprint": area,
        "uncertainty_m": reach,
        "level": "place" if pinned else frame.level(home),
        "method": "near" if pinned else "part",
        **_units(home, frame),
        **_scrubbed(home, frame, "released-square"),
    }


def _snapped(row: dict[Hashable, Any], cell: Square, profile: Profile) -> dict[Hashable, Any]:
    """Give an area that is larger than a cell with its corners on a grid as fine."""
    km = profile.grid_km
    step = round(10.0 ** -(profile.decimals or 0) if km is None else km / _KM_A_DEGREE, _DECIMALS)
    area, point = row["footprint"], cell.centre
    corners = shapely.get_coordinates(area)
    if np.array_equal(corners, _nearest(corners, step)):
        if [row["geometry"].x, row["geometry"].y] in corners.tolist():
            # Released so before.
            point = row["geometry"]
    else:
        # Widened first, so that nothing that may be meant falls outside.
        area = _on_grid(shapely.buffer(area, step, join_style="mitre"), step)
    if not shapely.intersects(area, point):
        corner, _ = shapely.ops.nearest_points(area.boundary, point)
        at = np.abs(shapely.get_coordinates(area) - [corner.x, corner.y]).sum(axis=1).argmin()
        point = shapely.Point(shapely.get_coordinates(area)[at])
    return {
        "geometry": point,
        "footprint": area,
        "uncertainty_m": enclosing_radius_m(point, area),
    }


def _on_grid(area: shapely.Geometry, step: float) -> shapely.Geometry:
    """Put the corners of an area on a grid, so that the same is the same in its last digit."""
    drawn = shapely.set_precision(area, step)
    return shapely.transform(drawn, lambda corners: _nearest(corners, step))


def _nearest(corners: np.ndarray, step: float) -> np.ndarray:
    """Give the points of a grid that are nearest to points."""
    nearest: np.ndarray = np.round(np.round(corners / step) * step, _DECIMALS)
    return nearest


def _home_of(area: shapely.Geometry, point: shapely.Point, frame: AdminFrame) -> str:
    """Give the finest unit round a point that has nearly all of an area."""
    (home,) = frame.units_at(np.array([point.x]), np.array([point.y]))
    whole = shapely.area(area)
    chain = [] if home is None else frame.chain(home)
    for one in reversed(chain):
        if shapely.area(shapely.intersection(frame.polygon(one), area)) >= _NEARLY_ALL * whole:
            return one
    return COUNTRY


def _is_cell(row: dict[Hashable, Any], square: Square) -> bool:
    """Tell whether a place was released as this very square before."""
    return tuple(_rounded(*row["footprint"].bounds)) == tuple(_rounded(*square)) and bool(
        shapely.equals(row["footprint"], shapely.box(*_rounded(*square)))
    )


def _rounded(west: float, south: float, east: float, north: float) -> Square:
    """Give a square to a tenth of a metre, so that the same is the same in its last digit."""
    return Square(*(round(value, _DECIMALS) for value in (west, south, east, north)))


def _units(unit: str, frame: AdminFrame) -> dict[Hashable, Any]:
    """Give the columns of the units that hold a place."""
    held = frame.chain_levels(unit)
    ids = [held.get(level) for level in reversed(UNITS)]
    return {
        **{
            f"admin{depth}_name": frame.label(one) if one else None
            for depth, one in enumerate(ids, start=1)
        },
        **{f"admin{depth}_id": one for depth, one in enumerate(ids, start=1)},
        "region_2023": frame.regions_2023([unit]),
    }


def _scrubbed(unit: str, frame: AdminFrame, code: str) -> dict[Hashable, Any]:
    """Give what is said of how a place was found: nothing that names or weighs a finer one."""
    reason = Reason(code, {"unit": address(unit, frame), "notes": []})
    return {"score": None, "margin": None, "candidates": [], "reason": reason}
