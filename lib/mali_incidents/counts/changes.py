"""What differs between two located tables: added, changed, withdrawn, and how far what moved."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from mali_incidents.errors import CountError
from mali_incidents.tables import CRS, POINT_LEVELS, why_not_located

CHANGES: Final = ("added", "changed", "withdrawn")
"""What may have happened to an incident, in the order of the table."""

_GEOD: Final = Geod(ellps="WGS84")
# What says how a place was found and not where it is, a row's place in its file, and what was done
# to make an edition, which is said in its language.
_NOT_COMPARED: Final = (
    *("dataset_row", "score", "margin", "candidates", "reason"),
    *("data_generalizations", "information_withheld"),
)
# Coordinates nearer than this, in degrees (about a metre), and distances in metres, are the same.
_SAME_DEGREES: Final = 1e-5
_SAME_M: Final = 1.0


def compare_located(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Compare two located tables by their incident ids.

    Parameters
    ----------
    before, after : geopandas.GeoDataFrame
        Located tables.

    Returns
    -------
    geopandas.GeoDataFrame
        One row an incident that differs, the added first, then the changed, then the withdrawn,
        each by its id, with a geometry in EPSG:4326:

        - ``incident_id``
        - ``change``: added, changed or withdrawn
        - ``columns``: the names of the columns that differ, parted by ``", "``; only of the changed
        - ``moved_m``: how far the representative point moved, metres on the WGS 84 ellipsoid;
          missing where it did not, or was not located before or after
        - ``between_areas``: whether that distance is between the middles of areas at least one of
          which is no known place
        - ``level_before``, ``level_after``
        - ``geometry``: what it is drawn as now (as it was, for the withdrawn): the point for site
          and place, else the footprint
        - ``point_before``, ``point_after``: its representative points

        A number or a text that is missing in both tables is the same. How a place was found
        (score, margin, candidates, reason), the row's number in its file, and what was done to make
        an edition (data_generalizations, information_withheld) are not compared.

    Raises
    ------
    CountError
        When a table was not located, or two of its rows have the same id.
    """
    for name, table in (("before", before), ("after", after)):
        if wrong := why_not_located(table):
            raise CountError(f"{name}: {wrong}")
        if not table["incident_id"].is_unique:
            raise CountError(f"{name}: more than one row has the same incident_id")
    old, new = (table.set_index("incident_id", drop=False) for table in (before, after))
    both = new.index.intersection(old.index, sort=True)
    kept_old, kept_new = old.loc[both], new.loc[both]
    differs = _differences(kept_old, kept_new)
    changed = both[differs.any(axis=1)]
    ids = {
        "added": sorted(new.index.difference(old.index)),
        "changed": list(changed),
        "withdrawn": sorted(old.index.difference(new.index)),
    }
    columns = {
        name: ", ".join(differs.columns[row])
        for name, row in zip(both, differs.to_numpy(), strict=True)
    }
    order = [(name, change) for change in CHANGES for name in ids[change]]
    names = [name for name, _ in order]
    table = pd.DataFrame(order, columns=["incident_id", "change"], dtype="str")
    said = [columns[name] if change == "changed" else None for name, change in order]
    table["columns"] = pd.Series(said, dtype="str")
    was, now = old.reindex(names), new.reindex(names)
    moved = _moved(was.geometry.to_numpy(), now.geometry.to_numpy())
    table["moved_m"] = moved
    pinned = was["level"].isin(POINT_LEVELS) & now["level"].isin(POINT_LEVELS)
    table["between_areas"] = ~np.isnan(moved) & ~pinned.to_numpy()
    table["level_before"] = was["level"].to_numpy()
    table["level_after"] = now["level"].to_numpy()
    table["point_before"] = gpd.GeoSeries(was.geometry.to_numpy(), crs=CRS)
    table["point_after"] = gpd.GeoSeries(now.geometry.to_numpy(), crs=CRS)
    shown = np.where([change == "withdrawn" for _, change in order], _shapes(was), _shapes(now))
    return gpd.GeoDataFrame(table, geometry=shown, crs=CRS)


def _differences(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    """Tell of two tables with the same index where each column differs."""
    columns = [name for name in new if name not in _NOT_COMPARED and name != "incident_id"]
    gone = [name for name in old if name not in new and name not in _NOT_COMPARED]
    found = {}
    for name in [*columns, *gone]:
        if name not in old or name not in new:
            there = (old if name in old else new)[name]
            found[name] = there.notna().to_numpy()
        elif name in {"geometry", "footprint"}:
            found[name] = ~_same_shapes(old[name].to_numpy(), new[name].to_numpy())
        else:
            found[name] = ~_same_values(old[name], new[name])
    return pd.DataFrame(found, index=new.index, columns=[*columns, *gone], dtype=bool)


def _same_values(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Tell where two columns say the same; missing is the same as missing."""
    left, right = (column.astype("object").where(column.notna(), None) for column in (old, new))
    pairs = zip(left, right, strict=True)
    return np.fromiter((one == other for one, other in pairs), dtype=bool, count=len(left))


def _same_shapes(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Tell where two columns have the same shape, to about a metre."""
    none = shapely.is_missing(old) & shapely.is_missing(new)
    same = shapely.equals_exact(
        shapely.normalize(old), shapely.normalize(new), tolerance=_SAME_DEGREES
    )
    return np.asarray(none | same)


def _moved(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Measure how far each point moved, in metres; NaN where it did not or there is none."""
    ends = [shapely.get_x(old), shapely.get_y(old), shapely.get_x(new), shapely.get_y(new)]
    known = ~np.isnan(ends).any(axis=0)
    metres = np.full(len(old), np.nan)
    if known.any():
        old_x, old_y, new_x, new_y = (part[known] for part in ends)
        metres[known] = _GEOD.inv(old_x, old_y, new_x, new_y)[2]
    return np.where(metres > _SAME_M, metres, np.nan)


def _shapes(table: gpd.GeoDataFrame) -> np.ndarray:
    """Give what each row is drawn as."""
    pinned = table["level"].isin(POINT_LEVELS)
    return np.asarray(table.geometry.where(pinned, table["footprint"]), dtype=object)
