"""What a map frames, in numbers: said in its legend, its subtitle and its alternative text."""

from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.counts.around import count_reached, footprint_distances
from mali_incidents.maps.signs import outlined
from mali_incidents.maps.view import View
from mali_incidents.tables import POINT_LEVELS, UNIT_LEVELS

SHADED_LEVELS: Final = ("commune", "cercle", "region")


class Summary(NamedTuple):
    """The numbers of a map.

    Attributes
    ----------
    framed : geopandas.GeoDataFrame
        The incidents that may lie within the view's radius; all of them for a map of the whole.
    certain : int or None
        How many of them lie there for certain; None for a map of the whole.
    approximate : int
        How many of them are known only to a commune or a coarser unit; those located nowhere are
        not among them.
    types : list of (str or None, int)
        Their event types, the most frequent first; None for a type not stated.
    shaded : int
        How many of them are shaded as a unit.
    outlined : int
        How many of them are outlined as an area of their own.
    unplaced : int
        How many incidents of the whole table are nowhere on the map.
    reach : pandas.DataFrame or None
        What :func:`mali_incidents.counts.around.footprint_distances` gives for the centre.
    rings : pandas.DataFrame
        What :func:`mali_incidents.counts.around.count_around` gives for the rings.
    """

    framed: gpd.GeoDataFrame
    certain: int | None
    approximate: int
    types: list[tuple[str | None, int]]
    shaded: int
    outlined: int
    unplaced: int
    reach: pd.DataFrame | None
    rings: pd.DataFrame


def summarize(located: gpd.GeoDataFrame, *, view: View) -> Summary:
    """Count what a view frames.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    view : View
        What the map frames.

    Returns
    -------
    Summary
    """
    framed, certain, reach, rings = located, None, None, pd.DataFrame()
    if view.centre is not None and view.radius_km is not None:
        centre = {"latitude": view.centre.latitude, "longitude": view.centre.longitude}
        reach = footprint_distances(located, **centre)
        framed = located[reach["nearest_km"] <= view.radius_km]
        certain = int((reach["farthest_km"] <= view.radius_km).sum())
        if view.rings_km:
            rings = count_reached(located, reach, radii_km=sorted(set(view.rings_km)))
    drawn = located["level"].isin([*POINT_LEVELS, *SHADED_LEVELS]) | outlined(located)
    kinds = framed["event_type"].value_counts(dropna=False)
    order = sorted(kinds.items(), key=lambda item: (-item[1], str(item[0])))
    return Summary(
        framed=framed,
        certain=certain,
        approximate=int(framed["level"].isin(UNIT_LEVELS).sum()),
        types=[(None if pd.isna(kind) else str(kind), int(count)) for kind, count in order],
        shaded=int((framed["level"].isin(SHADED_LEVELS) & ~outlined(framed)).sum()),
        outlined=int(outlined(framed).sum()),
        unplaced=int((~drawn).sum()),
        reach=reach,
        rings=rings,
    )
