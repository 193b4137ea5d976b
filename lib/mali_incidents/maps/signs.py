"""What a map draws for incidents: a sign for each place, a shade for each unit."""

from collections import Counter
from collections.abc import Callable
from math import dist, sqrt
from typing import Final, NamedTuple, TypeAlias

import geopandas as gpd
import pandas as pd

from mali_incidents.maps.palette import AREA_STEPS
from mali_incidents.places.frames import AdminFrame
from mali_incidents.tables import AREA_METHODS, POINT_LEVELS

XY: TypeAlias = tuple[float, float]
_ID_COLUMNS: Final = {"region": "admin1_id", "cercle": "admin2_id", "commune": "admin3_id"}


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
    """

    longitude: float
    latitude: float
    radius: float
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """How many incidents it stands for."""
        return sum(count for _, count in self.parts)

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
    points = pd.DataFrame(
        {
            # To 5 decimals, a metre: the same place is the same sign.
            "longitude": pinned.geometry.x.round(5),
            "latitude": pinned.geometry.y.round(5),
            "kind": pinned["event_type"].fillna(""),
            "deaths": pinned["fatalities_best"].fillna(pinned["fatalities_high"]).fillna(0),
        }
    )
    signs = []
    for _, here in points.groupby(["longitude", "latitude"]):
        kinds = here["kind"].value_counts().sort_index()
        radius = place_radius(len(here)) if len(here) > 1 else symbol_radius(here["deaths"].iloc[0])
        parts = tuple((str(kind), int(count)) for kind, count in kinds.items())
        longitude, latitude = here[["longitude", "latitude"]].to_numpy()[0]
        signs.append(Sign(longitude, latitude, radius, parts))
    return signs


def on_sheet(signs: list[Sign], *, place: Callable[[float, float], XY]) -> list[tuple[XY, Sign]]:
    """Put signs on a sheet, joining those that would hide one another.

    Parameters
    ----------
    signs : list of Sign
        What :func:`place_signs` gives.
    place : callable
        Gives the x and y on the sheet of a longitude and latitude.

    Returns
    -------
    list of ((float, float), Sign)
        The largest first, in the order to draw them. A sign whose middle would lie under one that
        stands for more incidents is joined to it.
    """
    placed: list[tuple[XY, Sign]] = []
    for sign in sorted(signs, key=lambda sign: (-sign.total, -sign.radius)):
        spot = place(sign.longitude, sign.latitude)
        under = next(
            (n for n, (other, over) in enumerate(placed) if dist(spot, other) < over.radius), None
        )
        if under is None:
            placed.append((spot, sign))
        else:
            other, over = placed[under]
            placed[under] = (other, over.with_parts_of(sign))
    return sorted(placed, key=lambda item: -item[1].radius)


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


def unit_label(unit: str, *, frame: AdminFrame) -> str:
    """Give a unit's name as maps write it: a region's in capitals, like no cercle's or commune's.

    Parameters
    ----------
    unit : str
        The unit's id.
    frame : AdminFrame
        The units.

    Returns
    -------
    str
    """
    name = frame.label(unit)
    return name.upper() if frame.level(unit) == "region" else name


def area_opacity(count: int) -> float:
    """Give the opacity of the shade that stands for a number of incidents."""
    return next(opacity for most, opacity, _ in AREA_STEPS if count <= most)


def symbol_radius(deaths: float) -> float:
    """Give the size of the symbol of one incident, by its deaths."""
    return min(5.5 + 1.3 * sqrt(deaths), 16)


def place_radius(incidents: int) -> float:
    """Give the size of the ring that stands for several incidents at one place."""
    return min(10 + 2.2 * sqrt(incidents), 22)
