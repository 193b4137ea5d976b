"""Where Mali meets each of its seven neighbours."""

import json
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

import shapely

from mali_incidents.places.frames import COUNTRY, AdminFrame, read_frame
from mali_incidents.storage import shipped

# About a centimetre, in degrees: without it an edge cut where two neighbours meet would no longer
# count as shared with either.
_GRID: Final = 1e-7


@cache
def read_neighbours(frame: AdminFrame | None = None) -> Mapping[str, shapely.Geometry]:
    """Read which part of Mali's outline it shares with which neighbour.

    Parameters
    ----------
    frame : AdminFrame, optional
        Whose outline; that of the shipped units of 2017 by default.

    Returns
    -------
    mapping of str to shapely.Geometry
        By ISO 3166-1 alpha-2 code (BF, CI, DZ, GN, MR, NE, SN), the lines of the outline that lie
        on the neighbour's side, EPSG:4326. Together they are the whole outline.

    Notes
    -----
    The outline of the units and that of the base map differ by kilometres, so it is not compared
    with the neighbours' own: the land outside it is divided by the frontiers that run up to it, and
    each piece belongs to the country whose name stands on it.
    """
    country = (frame or read_frame()).polygon(COUNTRY)
    features = json.loads(shipped("basemap", "land.geojson").read_text("utf-8"))["features"]
    shapes = [shapely.geometry.shape(feature["geometry"]) for feature in features]
    said = [feature["properties"] for feature in features]
    kinds = [properties["kind"] for properties in said]
    land = shapely.union_all(
        [one for one, kind in zip(shapes, kinds, strict=True) if kind == "land"]
    )
    frontiers = [one for one, kind in zip(shapes, kinds, strict=True) if kind == "border"]
    abroad = shapely.difference(land, country)
    lines = shapely.union_all([abroad.boundary, *frontiers])
    tree = shapely.STRtree(shapely.get_parts(shapely.polygonize([lines])))
    found = {}
    for label, properties in zip(shapes, said, strict=True):
        if properties.get("neighbour"):
            ground = tree.geometries[tree.query(label, predicate="within")[0]]
            shared = shapely.intersection(shapely.boundary(country), ground, grid_size=_GRID)
            found[properties["iso_a2"]] = shapely.line_merge(shared)
    return MappingProxyType(found)
