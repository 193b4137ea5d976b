"""What a map draws for incidents: a sign for each place, a shade for each unit."""

from collections import Counter
from collections.abc import Callable
from functools import cache
from math import sqrt
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.maps.messages import set_name
from mali_incidents.maps.palette import AREA_STEPS
from mali_incidents.places.frames import AdminFrame
from mali_incidents.tables import AREA_METHODS, POINT_LEVELS

XY: TypeAlias = tuple[float, float]
# How far a symbol's corners reach, as a share of its size.
_CORNER: Final = 1.25
# How much of a sign must be seen, the number of a counted one above all, as a share of its size.
_CORE: Final = 0.6
_MOST_JOINS: Final = 8
LARGEST: Final = 22.0
# How much of a ring's size a digit of its number takes: letters of 7 points on paper.
_DIGIT: Final = 5.9
_ID_COLUMNS: Final = {"region": "admin1_id", "cercle": "admin2_id", "commune": "admin3_id"}


class Shade(NamedTuple):
    """The shade of a unit that incidents are known only to.

    Attributes
    ----------
    unit : str
        The unit's id.
    known : int
        How many incidents are known to it and no finer: the number written in it.
    may_lie_there : int
        How many may lie in it: these and those known only to a unit that holds it. The shade.
    holes : tuple of str
        The shaded units within it, which have shades of their own.
    """

    unit: str
    known: int
    may_lie_there: int
    holes: tuple[str, ...]


class Sign(NamedTuple):
    """The sign for the incidents at one place.

    Attributes
    ----------
    longitude, latitude : float
        Where, in WGS 84 degrees.
    radius : float
        Its size in sheet units.
    parts : tuple of (str, int)
        The event types there (``""`` for one not stated) and how many of each.
    toll_known : bool
        Whether any report gives a figure of the deaths of at least one.
    """

    longitude: float
    latitude: float
    radius: float
    parts: tuple[tuple[str, int], ...]
    toll_known: bool

    @property
    def total(self) -> int:
        """How many incidents it stands for."""
        return sum(count for _, count in self.parts)

    @property
    def reach(self) -> float:
        """How far it covers what is under it: to its rim, or to the corners of its symbol."""
        return self.radius if self.total > 1 else self.radius * _CORNER

    def no_larger_than(self, largest: float) -> "Sign":
        """Give the sign made smaller, but not so small that its number has no room."""
        if self.total == 1:
            return self
        digits = len(str(self.total))
        # What parts thousands is half as wide as a digit.
        least = _DIGIT * (digits + (digits - 1) // 3 / 2)
        return self._replace(radius=max(min(self.radius, largest), least))

    def with_parts_of(self, other: "Sign") -> "Sign":
        """Give the sign for the incidents of two places, at the place of this one."""
        counts = Counter(dict(self.parts)) + Counter(dict(other.parts))
        parts = tuple(sorted(counts.items()))
        return self._replace(radius=place_radius(counts.total()), parts=parts)


def place_signs(located: gpd.GeoDataFrame) -> list[Sign]:
    """Make one sign for each place with incidents.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table; only level site and place have a point on a map.

    Returns
    -------
    list of Sign
        Sorted by longitude and latitude.
    """
    pinned = located[located["level"].isin(POINT_LEVELS) & located.geometry.notna()]
    deaths = (
        pinned["fatalities_best"]
        .fillna(pinned["fatalities_high"])
        .fillna(pinned["fatalities_low"])
        .to_numpy("float64", na_value=np.nan)
    )
    # To 5 decimals, a metre: the same place is the same sign.
    spots = shapely.get_coordinates(pinned.geometry.to_numpy()).round(5).tolist()
    places: dict[XY, list[tuple[str, float]]] = {}
    for (x, y), kind, dead in zip(spots, pinned["event_type"].fillna(""), deaths, strict=True):
        places.setdefault((x, y), []).append((str(kind), dead))
    signs = []
    for (longitude, latitude), here in sorted(places.items()):
        known = [not np.isnan(dead) for _, dead in here]
        first = here[0][1] if known[0] else 0
        radius = place_radius(len(here)) if len(here) > 1 else symbol_radius(first)
        parts = tuple(sorted(Counter(kind for kind, _ in here).items()))
        signs.append(Sign(longitude, latitude, radius, parts, any(known)))
    return signs


def on_sheet(
    signs: list[Sign],
    *,
    place: Callable[[float, float], XY],
    crowded: int = 120,
    largest: float = LARGEST,
) -> list[tuple[XY, Sign]]:
    """Put signs on a sheet, joining those that would hide one another.

    Parameters
    ----------
    signs : list of Sign
        What :func:`place_signs` gives.
    place : callable
        Gives the x and y on the sheet of a longitude and latitude.
    crowded : int
        From how many signs on they are joined as soon as they touch.
    largest : float
        How large a ring with a number may be, as long as the number has room in it.

    Returns
    -------
    list of ((float, float), Sign)
        The largest first, in the order to draw them. Where one would cover the core of another, the
        two are joined at the place of the one that stands for more incidents.
    """
    placed = [
        (place(sign.longitude, sign.latitude), sign.no_larger_than(largest)) for sign in signs
    ]
    core = _CORE if len(signs) <= crowded else 1.0
    # A joined sign is larger, and may hide what none did before.
    for _ in range(_MOST_JOINS):
        before = len(placed)
        placed = _joined(placed, core=core, largest=largest)
        if len(placed) == before:
            break
    return sorted(placed, key=lambda item: -item[1].radius)


def _joined(signs: list[tuple[XY, Sign]], *, core: float, largest: float) -> list[tuple[XY, Sign]]:
    """Join each sign with the first, of those that stand for more, that hides it or is hidden."""
    by_size = sorted(signs, key=lambda item: (-item[1].total, -item[1].radius))
    placed: list[tuple[XY, Sign]] = []
    # Where each placed sign stands, how far it reaches and how large it is.
    there = np.full((len(signs), 4), np.nan)
    for spot, sign in by_size:
        x, y, reaches, radii = there[: len(placed)].T
        least = np.maximum(reaches + sign.radius * core, sign.reach + radii * core)
        hidden = np.hypot(x - spot[0], y - spot[1]) < least
        if not hidden.any():
            there[len(placed)] = (*spot, sign.reach, sign.radius)
            placed.append((spot, sign))
            continue
        under = int(hidden.argmax())
        other, over = placed[under]
        both = over.with_parts_of(sign).no_larger_than(largest)
        there[under, 2:] = both.reach, both.radius
        placed[under] = other, both
    return placed


def outlined(located: gpd.GeoDataFrame) -> pd.Series:
    """Tell which incidents are drawn as an area of their own: by a distance, a way, a part.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.

    Returns
    -------
    pandas.Series of bool
        Those with an area that is neither a place's nor a whole unit's.
    """
    told = located["method"].isin(AREA_METHODS) & located["footprint"].notna()
    drawn: pd.Series = told & ~located["level"].isin(POINT_LEVELS)
    return drawn


def shaded_units(located: gpd.GeoDataFrame) -> list[tuple[str, int]]:
    """Count the incidents known only to a unit.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.

    Returns
    -------
    list of (str, int)
        Unit ids and their incidents, coarse units first, in the order to draw them.
    """
    units = located[~outlined(located)]
    return [
        (str(unit), int(count))
        for level, column in _ID_COLUMNS.items()
        for unit, count in units.loc[units["level"] == level, column]
        .value_counts()
        .sort_index()
        .items()
    ]


def shades_of(located: gpd.GeoDataFrame) -> list[Shade]:
    """Make the shade of each unit that incidents are known only to.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.

    Returns
    -------
    list of Shade
        Coarse units first. No two lie on one another: what a reader sees is one shade.
    """
    counts = dict(shaded_units(located))
    shades = []
    for unit, count in counts.items():
        around = [n for other, n in counts.items() if unit.startswith(f"{other}/")]
        within = [other for other in counts if other.startswith(f"{unit}/")]
        holes = [one for one in within if not any(one.startswith(f"{two}/") for two in within)]
        shades.append(Shade(unit, count, count + sum(around), tuple(holes)))
    return shades


@cache
def unit_labels(frame: AdminFrame) -> dict[str, str]:
    """Give the units' names as maps write them: a region's in capitals, so that it is told apart.

    Parameters
    ----------
    frame : AdminFrame
        The units.

    Returns
    -------
    dict of str to str
        Names by unit id.
    """
    return {
        str(unit): set_name(name.upper() if level == "region" else name)
        for unit, name, level in zip(
            frame.units.index, frame.units["name"], frame.units["level"], strict=True
        )
    }


def area_opacity(count: int) -> float:
    """Give the opacity of the shade that stands for a number of incidents."""
    return next(opacity for most, opacity, _ in AREA_STEPS if count <= most)


def symbol_radius(deaths: float) -> float:
    """Give the size of the symbol of one incident, by its deaths."""
    return min(5.5 + 1.3 * sqrt(deaths), 16)


def place_radius(incidents: int) -> float:
    """Give the size of the ring that stands for several incidents at one place."""
    return min(10 + 2.2 * sqrt(incidents), LARGEST)
