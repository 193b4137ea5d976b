"""What is wrong with the units of a frame: invalid shapes, overlaps, gaps, parents too small."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

# Areas are measured in an equal-area projection.
EQUAL_AREA: Final = "EPSG:6933"
# Two drawings of one border differ by slivers; below this they say nothing of who owns the ground.
_SLIVER_M2: Final = 100
# A child may lie this far outside its parent, as a share of its area, before it is worth a look.
_OUTSIDE: Final = 0.01
_MOSTLY: Final = 0.5


class Check(NamedTuple):
    """Something found in the units of a frame.

    Attributes
    ----------
    level : str
        Of which units: region, cercle, commune; "" for all.
    unit : str
        The unit, by its name and code; "" for all of the level.
    severity : str
        error, warning or note, as in the table of findings.
    code : str
        What kind, for sorting.
    message : str
        What was found, and what was done.
    """

    level: str
    unit: str
    severity: str
    code: str
    message: str


def checks_table(checks: Iterable[Check]) -> pd.DataFrame:
    """Make a table of checks, one row each, in their order."""
    return pd.DataFrame(list(checks), columns=list(Check._fields), dtype="str")


def check_level(level: str, shapes: gpd.GeoSeries) -> list[Check]:
    """Measure where the units of one level overlap, and what they leave between them.

    Parameters
    ----------
    level : str
        The level, for the messages.
    shapes : geopandas.GeoSeries
        Valid polygons in EPSG:4326, indexed by how each unit is called.

    Returns
    -------
    list of Check
        One that counts the overlaps, and one the gaps that units enclose, each with its area and
        the largest; none where there are none above 100 m².
    """
    flat = shapes.to_crs(EQUAL_AREA).to_numpy()
    found = []
    one, other = shapely.STRtree(flat).query(flat, predicate="intersects")
    one, other = one[one < other], other[one < other]
    overlaps = shapely.area(shapely.intersection(flat[one], flat[other]))
    if (overlaps > _SLIVER_M2).any():
        worst = overlaps.argmax()
        where = f"{shapes.index[one[worst]]} and {shapes.index[other[worst]]}"
        message = (
            f"{_areas(overlaps, 'overlap')}, the largest between {where}; "
            "a point there goes to the unit whose id comes first"
        )
        found.append(Check(level, "", "warning", "overlap", message))
    union = shapely.get_parts(shapely.union_all(flat))
    holes = [shapely.Polygon(ring) for part in union for ring in part.interiors]
    gaps = shapely.area(np.array(holes, dtype=object))
    if (gaps > _SLIVER_M2).any():
        message = f"{_areas(gaps, 'gap')}; a point there is in no unit of this level"
        found.append(Check(level, "", "warning", "gap", message))
    return found


def check_parents(level: str, children: gpd.GeoSeries, parents: gpd.GeoSeries) -> list[Check]:
    """List the units that do not lie in the unit they belong to.

    Parameters
    ----------
    level : str
        The children's level, for the messages.
    children, parents : geopandas.GeoSeries
        Valid polygons in EPSG:4326, a child and its parent in each row; indexed by how each is
        called.

    Returns
    -------
    list of Check
        One for each child more than 1% of whose area lies outside its parent.
    """
    shapes, holders = children.to_crs(EQUAL_AREA).to_numpy(), parents.to_crs(EQUAL_AREA).to_numpy()
    share = shapely.area(shapely.difference(shapes, holders)) / shapely.area(shapes)
    return [
        Check(
            level,
            str(children.index[at]),
            "error" if share[at] > _MOSTLY else "warning",
            "outside-parent",
            f"{share[at]:.0%} of its area lies outside {parents.index[at]}, which it belongs to",
        )
        for at in np.flatnonzero(share > _OUTSIDE)
    ]


def _areas(squares: np.ndarray, what: str) -> str:
    """Say how many areas there are, and how large together."""
    some = squares[squares > _SLIVER_M2]
    plural = "" if len(some) == 1 else "s"
    return f"{len(some)} {what}{plural} of {some.sum() / 1e6:,.2f} km² together"
