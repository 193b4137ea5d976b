"""Administrative units of one vintage: what they are called, what holds what, what lies where."""

from collections.abc import Iterable
from functools import cache, cached_property
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.errors import LocateError
from mali_incidents.places.footprint import centre_in, enclosing_radius_m
from mali_incidents.places.names import fold
from mali_incidents.storage import shipped
from mali_incidents.tables import CRS

COUNTRY: Final = "ML"
_SHIPPED: Final = ("mali-2017",)
_DEPTH: Final = {"country": 0, "region": 1, "cercle": 2, "commune": 3}


class Circle(NamedTuple):
    """A point inside a unit and the radius round it that holds the unit."""

    centre: shapely.Point
    radius_m: float


class AdminFrame:
    """The units of one vintage.

    Parameters
    ----------
    name : str
        What the vintage is called, e.g. ``"mali-2017"``.
    units : geopandas.GeoDataFrame
        One row a region, cercle or commune: unit_id (nested, ``"ML-2017/kayes/kita"``), level,
        name, region_2023, geometry in EPSG:4326. Communes are one coverage.
    simplified : geopandas.GeoDataFrame
        The communes simplified for maps: unit_id, geometry.

    Attributes
    ----------
    units : geopandas.GeoDataFrame
        The units by ``unit_id``, the country's row ``"ML"`` first.
    """

    def __init__(self, *, name: str, units: gpd.GeoDataFrame, simplified: gpd.GeoDataFrame) -> None:
        regions = units.loc[units["level"] == "region", "geometry"]
        country = gpd.GeoDataFrame(
            {"level": ["country"], "name": ["Mali"], "region_2023": [None]},
            geometry=[shapely.coverage_union_all(regions.to_numpy())],
            index=pd.Index([COUNTRY], name="unit_id"),
            crs=CRS,
        )
        self.name = name
        self.simplified = simplified
        self.units: gpd.GeoDataFrame = pd.concat([country, units.set_index("unit_id")])
        self._circles: dict[str, Circle] = {}

    @cached_property
    def _communes(self) -> gpd.GeoSeries:
        """The communes' polygons, in the order of their ids."""
        return self.units.loc[self.units["level"] == "commune", "geometry"].sort_index()

    @cached_property
    def _tree(self) -> shapely.STRtree:
        """The communes, ready to be asked what lies where."""
        return shapely.STRtree(self._communes.to_numpy())

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Unit ids by folded name."""
        ids: dict[str, list[str]] = {}
        for unit_id, name in self.units["name"].items():
            ids.setdefault(fold(name), []).append(str(unit_id))
        return ids

    def find(self, name: str, *, level: str | None = None) -> list[str]:
        """Find the units of a name.

        Parameters
        ----------
        name : str
            A name; accents, case, hyphens and apostrophes do not matter.
        level : {"region", "cercle", "commune"}, optional
            Only units of this level.

        Returns
        -------
        list of str
            Unit ids, sorted.
        """
        found = self._by_name.get(fold(name), [])
        return sorted(unit for unit in found if level in {None, self.level(unit)})

    def region_2023_holds(self, name: str) -> list[str]:
        """Give the cercles of this frame that a region of 2023 holds."""
        cercles = self.units[self.units["level"] == "cercle"]
        same = cercles["region_2023"].map(
            lambda region: fold(region) if isinstance(region, str) else ""
        )
        return sorted(cercles.index[same == fold(name)])

    def level(self, unit_id: str) -> str:
        """Give a unit's level."""
        return str(self.units.loc[unit_id, "level"])

    def label(self, unit_id: str) -> str:
        """Give a unit's name."""
        return str(self.units.loc[unit_id, "name"])

    def polygon(self, unit_id: str) -> shapely.Geometry:
        """Give a unit's polygon, EPSG:4326."""
        area: shapely.Geometry = self.units.loc[unit_id, "geometry"]
        return area

    def chain(self, unit_id: str) -> list[str]:
        """Give the units that hold a unit, the region first, the unit itself last."""
        parts = unit_id.split("/")
        return ["/".join(parts[: depth + 1]) for depth in range(1, len(parts))]

    def common(self, unit_ids: Iterable[str]) -> str:
        """Give the smallest unit that holds all of some units; the country where no other does."""
        chains = [self.chain(unit) for unit in unit_ids]
        shared = COUNTRY
        for level in zip(*chains, strict=False):
            if len(set(level)) > 1:
                break
            shared = level[0]
        return shared

    def holds(self, unit_id: str, other: str) -> bool:
        """Tell whether a unit is another or holds it."""
        return unit_id in {COUNTRY, other} or other.startswith(f"{unit_id}/")

    def circle(self, unit_id: str) -> Circle:
        """Give the point inside a unit that is nearest to all of it, and its radius."""
        if unit_id not in self._circles:
            area = self.polygon(unit_id)
            centre = centre_in(area)
            self._circles[unit_id] = Circle(centre, enclosing_radius_m(centre, area))
        return self._circles[unit_id]

    def communes_at(self, longitudes: np.ndarray, latitudes: np.ndarray) -> list[str | None]:
        """Tell which commune holds each point.

        Parameters
        ----------
        longitudes, latitudes : array of float, shape (n,)
            Points in WGS 84 degrees.

        Returns
        -------
        list of str or None
            A commune's id for each point, None outside the country. A point on a border goes to
            the commune whose id comes first, the same one every time.
        """
        points, communes = self._tree.query(
            shapely.points(longitudes, latitudes), predicate="intersects"
        )
        first = pd.Series(communes).groupby(points).min()
        ids = self._communes.index
        return [
            ids[first[number]] if number in first.index else None
            for number in range(len(longitudes))
        ]


@cache
def read_frame(name: str = "mali-2017") -> AdminFrame:
    """Read a frame of administrative units.

    Parameters
    ----------
    name : str
        The frame's name; ``"mali-2017"`` ships: 9 regions, 50 cercles, 701 communes.

    Returns
    -------
    AdminFrame

    Raises
    ------
    LocateError
        When there is no such frame.
    """
    if name not in _SHIPPED:
        raise LocateError(f"there is no frame {name!r}; known are: {', '.join(_SHIPPED)}")
    files = (
        shipped("boundaries", name, f"{level}.parquet")
        for level in ("regions", "cercles", "communes")
    )
    units = pd.concat([gpd.read_parquet(file) for file in files], ignore_index=True)
    simplified = gpd.read_parquet(shipped("boundaries", name, "map.parquet"))
    return AdminFrame(name=name, units=units, simplified=simplified)
