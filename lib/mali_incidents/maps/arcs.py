"""Units as shared arcs, so that every border is carried and drawn once.

The idea is TopoJSON's (Bostock, topojson-specification 1.0): a border between two units is one
arc that both refer to, by its number, or by ``~number`` where they run along it backwards.
"""

from functools import cache
from itertools import pairwise, zip_longest
from typing import Any, TypeAlias

import geopandas as gpd
import numpy as np
import shapely

from mali_incidents.maps.payload import pack_line
from mali_incidents.places.frames import COUNTRY, FRAME_LEVELS, AdminFrame

# The simplified borders are rounded to 5 decimals: whole numbers at this scale, nothing lost.
_SCALE = 100_000
_LEVELS = ("country", *FRAME_LEVELS)

Step: TypeAlias = tuple[int, int]
Arc: TypeAlias = list[Step]


@cache
def frame_arcs(frame: AdminFrame) -> dict[str, Any]:
    """Turn the simplified units of a frame into shared arcs.

    Parameters
    ----------
    frame : AdminFrame
        Its ``simplified`` table must be a coverage: units that meet share their border's vertices.

    Returns
    -------
    dict
        ``scale``: parts of a degree the numbers count; ``arcs``: a flat list of integers an arc,
        longitude and latitude in turn, the first absolute and the others steps; ``border``: for
        every arc the coarsest level it bounds (0 country, 1 region, 2 cercle, 3 commune);
        ``units``: for every unit id its rings, each a list of arc numbers.
    """
    depths = {str(unit): _LEVELS.index(level) for unit, level in frame.units["level"].items()}
    shapes = united_units(frame)
    steps = {unit: _rings(shape) for unit, shape in shapes.items()}
    arcs, place_of = _split_into_arcs([ring for rings in steps.values() for ring in rings])
    units = {
        str(unit): [_follow(ring, place_of) for ring in rings] for unit, rings in steps.items()
    }
    owners: list[list[str]] = [[] for _ in arcs]
    for unit in frame.simplified["unit_id"]:
        for ring in units[unit]:
            for number in ring:
                owners[number if number >= 0 else ~number].append(unit)
    return {
        "scale": _SCALE,
        "arcs": [pack_line(np.array(arc), parts=1) for arc in arcs],
        "border": [_coarsest(pair, frame, depths) for pair in owners],
        "units": units,
    }


@cache
def united_units(frame: AdminFrame) -> gpd.GeoSeries:
    """Unite the simplified units of a frame into all that hold them, up to the country.

    Parameters
    ----------
    frame : AdminFrame
        Its ``simplified`` table must be a coverage.

    Returns
    -------
    geopandas.GeoSeries
        The polygons of the units that hold no others and of every unit above them, by id; the
        country's is ``"ML"``.
    """
    finest = frame.simplified.set_index("unit_id").geometry
    shapes = dict(finest.items())
    above = finest.index.to_series().str.rpartition("/")[0]
    while above.str.contains("/").any():
        held = above[above.str.contains("/")]
        for unit, rows in held.groupby(held):
            shapes[unit] = shapely.coverage_union_all(finest[rows.index].to_numpy())
        above = above.str.rpartition("/")[0]
    shapes[COUNTRY] = shapely.coverage_union_all(finest.to_numpy())
    return gpd.GeoSeries(shapes)


def _rings(shape: shapely.Geometry) -> list[list[Step]]:
    """Give every ring of a polygon as whole numbers, last point equal to the first."""
    rings = []
    for polygon in shapely.get_parts(shape):
        for line in (polygon.exterior, *polygon.interiors):
            whole = np.rint(shapely.get_coordinates(line) * _SCALE).astype(int)
            distinct = np.r_[True, (np.diff(whole, axis=0) != 0).any(axis=1)]
            ring = [(int(x), int(y)) for x, y in whole[distinct]]
            if len(ring) > 3:
                rings.append(ring)
    return rings


def _split_into_arcs(
    rings: list[list[Step]],
) -> tuple[list[Arc], dict[tuple[Step, Step], int]]:
    """Cut rings where three or more borders meet.

    Returns the arcs, and for every directed step between two points the arc it belongs to
    (``~arc`` against its direction).
    """
    neighbours: dict[Step, set[Step]] = {}
    for ring in rings:
        for one, other in pairwise(ring):
            neighbours.setdefault(one, set()).add(other)
            neighbours.setdefault(other, set()).add(one)
    nodes = {point for point, others in neighbours.items() if len(others) != 2}
    arcs: list[Arc] = []
    place_of: dict[tuple[Step, Step], int] = {}
    for ring in rings:
        for arc in _cut(ring, nodes):
            if (arc[0], arc[1]) in place_of:
                continue
            number = len(arcs)
            arcs.append(arc)
            for one, other in pairwise(arc):
                place_of[one, other] = number
                place_of[other, one] = ~number
    return arcs, place_of


def _cut(ring: list[Step], nodes: set[Step]) -> list[Arc]:
    """Cut one closed ring at its nodes; a ring without any stays whole."""
    at = [position for position, point in enumerate(ring[:-1]) if point in nodes]
    if not at:
        return [ring]
    turned = ring[at[0] : -1] + ring[: at[0] + 1]
    cuts = [position - at[0] for position in at] + [len(turned) - 1]
    return [turned[start : end + 1] for start, end in pairwise(cuts)]


def _follow(ring: list[Step], place_of: dict[tuple[Step, Step], int]) -> list[int]:
    """Name the arcs that a ring runs along, in order."""
    numbers: list[int] = []
    for one, other in pairwise(ring):
        number = place_of[one, other]
        if not numbers or numbers[-1] != number:
            numbers.append(number)
    if len(numbers) > 1 and numbers[0] == numbers[-1]:
        # The ring began in the middle of an arc: its two ends are one visit.
        numbers.pop()
    return numbers


def _coarsest(owners: list[str], frame: AdminFrame, depths: dict[str, int]) -> int:
    """Tell the coarsest level at which the units on the two sides of an arc differ."""
    if len(owners) < 2:
        return _LEVELS.index("country")
    one, other = (frame.chain(unit) for unit in owners[:2])
    differ = next(pair for pair in zip_longest(one, other) if pair[0] != pair[1])
    return min(depths[unit] for unit in differ if unit is not None)
