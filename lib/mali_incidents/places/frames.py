"""Administrative units of one vintage: what they are called, what holds what, what lies where."""

import json
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from mali_incidents.errors import LocateError
from mali_incidents.places.footprint import centre_in, enclosing_radius_m
from mali_incidents.places.grid import UnitGrid, read_grid
from mali_incidents.places.names import fold
from mali_incidents.places.reform import read_reform, regions_since_2023
from mali_incidents.storage import shipped, user_folder
from mali_incidents.tables import CRS

COUNTRY: Final = "ML"
# From the coarsest to the finest, as ids are nested; the country holds them all.
FRAME_LEVELS: Final = ("region", "cercle", "commune")
# Beside the files of a frame that was added: where it comes from and what was found in it.
ABOUT: Final = "frame.json"
MAP_FILE: Final = "map.parquet"

# A grid takes over a second to build once: so many points are found sooner without.
_WORTH_A_GRID: Final = 20_000
# So small a share of an area is no part of it.
_SLIVER: Final = 0.001


class Origin(NamedTuple):
    """Where a frame comes from; None for what is not known.

    Attributes
    ----------
    source, licence : str or None
        Who made it, and under which terms it may be used.
    vintage : int or None
        The year that the units are of.
    """

    source: str | None = None
    licence: str | None = None
    vintage: int | None = None


_NOT_KNOWN: Final = Origin()
SHIPPED: Final = {"mali-2017": Origin("geoBoundaries", "CC BY 4.0", 2017)}


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
        One row a region, cercle or commune: unit_id, level, name, geometry in EPSG:4326, and
        where they are known pcode and other_names (parted by ``;``). Ids are nested, one part a
        level that the frame has: ``"ML-2017/kayes/kita"``. A row ``"ML"`` of level country is the
        country's outline; without it the coarsest level must be a coverage, which is united.
    simplified : geopandas.GeoDataFrame
        The units that hold no others, simplified for maps into a coverage: unit_id, geometry.
    origin : Origin
        Where the units come from.
    grid : pathlib.Path, optional
        Where the grid that finds the unit of a point is kept; built anew each time by default.

    Attributes
    ----------
    units : geopandas.GeoDataFrame
        The units by ``unit_id``, the country's row ``"ML"`` first, with pcode, other_names and
        region_2023: the regions of 2023 that a unit lies in, parted by ``"; "``, missing where
        they cannot be told.
    levels : tuple of str
        The levels it has, the coarsest first: some of region, cercle, commune.
    """

    def __init__(
        self,
        *,
        name: str,
        units: gpd.GeoDataFrame,
        simplified: gpd.GeoDataFrame,
        origin: Origin = _NOT_KNOWN,
        grid: Path | None = None,
    ) -> None:
        rows = units.set_index("unit_id")
        found = set(rows["level"])
        self.name = name
        self.origin = origin
        self.simplified = simplified
        self.levels = tuple(level for level in FRAME_LEVELS if level in found)
        if COUNTRY not in rows.index:
            coarsest = rows.loc[rows["level"] == self.levels[0], "geometry"]
            outline = gpd.GeoDataFrame(
                {"level": ["country"], "name": ["Mali"]},
                geometry=[shapely.coverage_union_all(coarsest.to_numpy())],
                index=pd.Index([COUNTRY], name="unit_id"),
                crs=CRS,
            )
            rows = pd.concat([outline, rows])
        self._regions_2023 = regions_since_2023(rows[["level", "name"]], vintage=origin.vintage)
        told = {unit: "; ".join(regions) or None for unit, regions in self._regions_2023.items()}
        rows["region_2023"] = pd.Series(told, dtype="str").reindex(rows.index)
        for column in ("pcode", "other_names"):
            if column not in rows:
                rows[column] = pd.Series(pd.NA, index=rows.index, dtype="str")
        self.units: gpd.GeoDataFrame = rows
        # Asked for each candidate of each text: a cell of a table costs a hundred times as much.
        self._levels: dict[str, str] = dict(zip(rows.index, map(str, rows["level"]), strict=True))
        self._labels: dict[str, str] = dict(zip(rows.index, map(str, rows["name"]), strict=True))
        outlines = rows.geometry.to_numpy()
        self._outlines: dict[str, shapely.Geometry] = dict(zip(rows.index, outlines, strict=True))
        self._grid_file = grid
        self._circles: dict[str, Circle] = {}

    @property
    def credit(self) -> str:
        """Whom the boundaries are owed to, in one line for maps."""
        return _credit(self.name, self.origin)

    @cached_property
    def _finest(self) -> tuple[np.ndarray, list[shapely.Geometry]]:
        """The ids of the finest units, in order, and their areas, the country's last."""
        finest = self.units.loc[self.units["level"] == self.levels[-1], "geometry"].sort_index()
        return finest.index.to_numpy(), [*finest.to_numpy(), self.polygon(COUNTRY)]

    @cached_property
    def _grid(self) -> UnitGrid:
        """The grid that finds the areas of the finest level."""
        _, areas = self._finest
        if self._grid_file is None:
            return UnitGrid.build(areas)
        return read_grid(self._grid_file, polygons=areas)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        """The areas of the finest level, ready to be asked for a few points."""
        _, areas = self._finest
        shapely.prepare(areas)
        return shapely.STRtree(areas)

    def _tree_find(self, longitudes: np.ndarray, latitudes: np.ndarray) -> np.ndarray:
        """Find the areas of a few points as the grid does: the first, -1 for none."""
        known = np.isfinite(longitudes) & np.isfinite(latitudes)
        points = np.full(len(longitudes), None, dtype=object)
        points[known] = shapely.points(longitudes[known], latitudes[known])
        at, area = self._tree.query(points)
        # The areas are prepared; the tree itself would prepare the points, at ten times the cost.
        hits = shapely.intersects(self._tree.geometries[area], points[at])
        at, area = at[hits], area[hits]
        first = np.full(len(longitudes), len(self._finest[1]))
        np.minimum.at(first, at, area)
        return np.where(first == len(self._finest[1]), -1, first)

    @cached_property
    def _coarser(self) -> tuple[np.ndarray, shapely.STRtree]:
        """The units of the other levels, the finer first, for where there is none of the finest."""
        ids = self.units.index[self.units["level"].isin(self.levels[:-1])]
        finer_first = sorted(ids, key=lambda unit: (-unit.count("/"), unit))
        areas = self.units.loc[finer_first, "geometry"].to_numpy()
        return np.array(finer_first, dtype=object), shapely.STRtree(areas)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        """Unit ids by folded name, other names included."""
        ids: dict[str, list[str]] = {}
        for unit, name, others in self.units[["name", "other_names"]].itertuples():
            also = others.split(";") if isinstance(others, str) else []
            for key in dict.fromkeys(map(fold, (name, *also))):
                ids.setdefault(key, []).append(str(unit))
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

    def find_pcode(self, pcode: str) -> list[str]:
        """Find the units of a p-code: none or one, more only where the frame repeats a code.

        A code is only meaningful with its frame: ML0501 was Mopti in one and Bandiagara in another.
        """
        return sorted(self.units.index[self.units["pcode"] == pcode])

    @cached_property
    def _cercles_2023(self) -> dict[str, list[str]]:
        """The cercles that each region of 2023 holds, by its folded name."""
        held: dict[str, list[str]] = {}
        for unit in sorted(self.units.index[self.units["level"] == "cercle"]):
            for region in dict.fromkeys(map(fold, self._regions_2023[unit])):
                held.setdefault(region, []).append(unit)
        return held

    def region_2023_holds(self, name: str) -> list[str]:
        """Give the cercles of this frame that a region of 2023 holds, wholly or in part."""
        return list(self._cercles_2023.get(fold(name), ()))

    def regions_2023(self, unit_ids: Iterable[str]) -> str | None:
        """Name the regions of 2023 that units lie in.

        Parameters
        ----------
        unit_ids : iterable of str
            Ids of units; what is asked for may lie in any of them.

        Returns
        -------
        str or None
            The regions parted by ``"; "``: of a region of before 2023 all that its cercles lie in.
            None where they cannot be told for every one of the units, and for the country.
        """
        told = [self._regions_2023.get(unit, ()) for unit in unit_ids]
        regions = dict.fromkeys(one for several in told for one in several)
        return "; ".join(regions) if regions and all(told) else None

    @cached_property
    def shared_2023(self) -> dict[str, tuple[str, ...]]:
        """The cercles whose ground several regions of 2023 share, and those regions."""
        cercles = self.units.index[self.units["level"] == "cercle"]
        told = {str(unit): self._regions_2023[unit] for unit in cercles}
        return {unit: regions for unit, regions in told.items() if len(regions) > 1}

    @property
    def caveats(self) -> tuple[str, ...]:
        """What a reader must know of these units, in English: ground that 2023 shared out."""
        notes = read_reform().notes
        return tuple(notes[fold(self.label(unit))] for unit in self.shared_2023)

    def level(self, unit_id: str) -> str:
        """Give a unit's level."""
        return self._levels[unit_id]

    def label(self, unit_id: str) -> str:
        """Give a unit's name."""
        return self._labels[unit_id]

    def polygon(self, unit_id: str) -> shapely.Geometry:
        """Give a unit's polygon, EPSG:4326."""
        return self._outlines[unit_id]

    def chain(self, unit_id: str) -> list[str]:
        """Give the units that hold a unit, the coarsest first, the unit itself last."""
        parts = unit_id.split("/")
        return ["/".join(parts[: depth + 1]) for depth in range(1, len(parts))]

    def chain_levels(self, unit_id: str) -> dict[str, str]:
        """Give the units that hold a unit, and itself, by their levels."""
        return {self.level(unit): unit for unit in self.chain(unit_id)}

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

    def units_touched(self, area: shapely.Geometry) -> list[str]:
        """Tell which units an area lies in, the finest there are, by more than a sliver of it.

        Parameters
        ----------
        area : shapely.Geometry
            A polygon, EPSG:4326.

        Returns
        -------
        list of str
            Ids of units, sorted; those it only borders on are left out.
        """
        ids, _ = self._finest
        shapely.prepare(area)
        there = np.sort(self._tree.query(area, predicate="intersects"))
        there = there[there < len(ids)]
        outlines = self._tree.geometries[there]
        shared = shapely.area(outlines)
        # Those wholly inside need no cutting, which costs most.
        cut = ~shapely.contains_properly(area, outlines)
        shared[cut] = shapely.area(shapely.intersection(area, outlines[cut]))
        whole = shapely.area(area)
        # Where a line is drawn twice, the two differ by slivers.
        least = _SLIVER * whole
        found = {str(unit) for unit in ids[there[shared > least]]}
        if shared.sum() < whole - least:
            # Some of it has no unit of the finest level.
            corners = shapely.get_coordinates(area)
            found |= {unit for unit in self.units_at(*corners.T) if unit is not None}
        return sorted(found)

    def units_at(self, longitudes: np.ndarray, latitudes: np.ndarray) -> list[str | None]:
        """Tell which unit holds each point, the finest that the frame has there.

        Parameters
        ----------
        longitudes, latitudes : array of float, shape (n,)
            Points in WGS 84 degrees.

        Returns
        -------
        list of str or None
            A unit's id for each point, None outside the country. A point on a border, or where
            units overlap, goes to the unit of its level whose id comes first, the same one every
            time.
        """
        ids, _ = self._finest
        worth_a_grid = len(longitudes) >= _WORTH_A_GRID or "_grid" in self.__dict__
        stored = self._grid_file is not None and self._grid_file.is_file()
        find = self._grid.find if worth_a_grid or stored else self._tree_find
        first = find(longitudes, latitudes)
        # The country's place holds what has no unit of the finest level; last comes no unit at all.
        found = np.append(ids, [None, None])[first]
        left = np.flatnonzero(first == len(ids))
        if len(left):
            others, tree = self._coarser
            points = shapely.points(np.asarray(longitudes)[left], np.asarray(latitudes)[left])
            at, held_by = tree.query(points, predicate="intersects")
            finest = pd.Series(held_by).groupby(left[at]).min()
            found[finest.index] = others[finest]
        return list(found)


def read_frame(name: str = "mali-2017") -> AdminFrame:
    """Read a frame of administrative units.

    Parameters
    ----------
    name : str
        The frame's name; ``"mali-2017"`` ships: 9 regions, 50 cercles, 701 communes. Others are
        those added with ``mali-incidents frames add``.

    Returns
    -------
    AdminFrame

    Raises
    ------
    LocateError
        When there is no such frame, or its files are damaged.
    """
    if name in SHIPPED:
        return _read_files(name, shipped("boundaries", name), FRAME_LEVELS, SHIPPED[name], 0)
    known = known_frames()
    if name not in known:
        raise LocateError(
            f"there is no frame {name!r}; known are: {', '.join(known)}. To add one: "
            "mali-incidents frames add FILE --name NAME"
        )
    about = _read_about(name)
    folder = user_folder("frames", name)
    # Whoever replaces a frame gets the new one, in a long session too.
    written = (folder / ABOUT).stat().st_mtime_ns
    return _read_files(name, folder, ("country", *about["levels"]), _origin(about), written)


def _credit(name: str, origin: Origin) -> str:
    """Say whom a frame is owed to."""
    year = f", {origin.vintage}" if origin.vintage else ""
    return (origin.source or name) + year + (f" ({origin.licence})" if origin.licence else "")


def level_file(level: str) -> str:
    """Name the file that holds the units of a level in a frame's folder."""
    return "country.parquet" if level == "country" else f"{level}s.parquet"


def known_frames() -> list[str]:
    """List the names of the frames that ship, then of those added."""
    added = (file.parent.name for file in user_folder("frames").glob(f"*/{ABOUT}"))
    return [*SHIPPED, *sorted(added)]


def list_frames() -> pd.DataFrame:
    """List the frames that ship and those added.

    Returns
    -------
    pandas.DataFrame
        One row a frame: name, region, cercle, commune (how many of each), credit (source, year
        and terms in one line), and added (the day; "" for what ships).

    Raises
    ------
    LocateError
        When the files of one that was added are damaged.
    """
    rows: list[dict[str, Any]] = []
    for name in known_frames():
        if name in SHIPPED:
            counts = read_frame(name).units["level"].value_counts().to_dict()
            origin, added = SHIPPED[name], ""
        else:
            about = _read_about(name)
            counts, origin, added = about["levels"], _origin(about), about["added"]
        has = {level: counts.get(level, 0) for level in FRAME_LEVELS}
        rows.append({"name": name, **has, "credit": _credit(name, origin), "added": added})
    return pd.DataFrame(rows)


def _origin(about: dict[str, Any]) -> Origin:
    """Give where a frame that was added comes from."""
    return Origin(**{key: about[key] for key in Origin._fields})


def _read_about(name: str) -> dict[str, Any]:
    """Read what is known of a frame that was added."""
    file = user_folder("frames", name, ABOUT)
    try:
        about: dict[str, Any] = json.loads(file.read_text("utf-8"))
        missing = {"levels", "added", *Origin._fields} - set(about)
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(name, error) from error
    if missing:
        raise _damaged(name, f"{ABOUT} lacks {', '.join(sorted(missing))}")
    return about


@cache
def _read_files(
    name: str,
    folder: Path,
    levels: tuple[str, ...],
    origin: Origin,
    written: int,  # noqa: ARG001 -- part of what the cache knows a frame by
) -> AdminFrame:
    """Read the files of a frame: one a level, and one for maps."""
    try:
        units = [gpd.read_parquet(folder / level_file(level)) for level in levels]
        return AdminFrame(
            name=name,
            units=pd.concat(units, ignore_index=True),
            simplified=gpd.read_parquet(folder / MAP_FILE),
            origin=origin,
            grid=user_folder("frames", name, "grid.npz"),
        )
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise _damaged(name, error) from error


def _damaged(name: str, why: object) -> LocateError:
    """Make the error of a frame whose files cannot be read."""
    folder = user_folder("frames", name)
    return LocateError(
        f"the files of the frame {name!r} in {folder} are damaged ({why}): add it again with "
        "--replace, or delete that folder"
    )
