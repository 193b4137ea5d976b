"""What changed between two editions, as a layer over a map."""

import datetime as dt
from typing import Any, Final

import folium
import geopandas as gpd
import pandas as pd
import shapely

from mali_incidents.maps.messages import message, read_messages
from mali_incidents.maps.row_words import day_words

# Told apart by the line as well as by its colour.
_LOOKS: Final[dict[str, dict[str, Any]]] = {
    "added": {"color": "#00693E", "weight": 3},
    "changed": {"color": "#5B2A86", "weight": 3, "dash_array": "7 4"},
    "withdrawn": {"color": "#5F6368", "weight": 3, "dash_array": "1 5"},
}
_RADIUS_PX: Final = 17


def changes_layer(
    changes: gpd.GeoDataFrame, *, since: dt.date, lang: str = "en"
) -> folium.FeatureGroup:
    """Draw what changed, to be added to an incident map.

    Parameters
    ----------
    changes : geopandas.GeoDataFrame
        What :func:`mali_incidents.counts.changes.compare_located` gives.
    since : datetime.date
        The day of the older edition.
    lang : {"en", "fr"}
        The language of what is said when the pointer is over a mark.

    Returns
    -------
    folium.FeatureGroup
        A ring round each known place and an outline round each area, whole for what was added,
        dashed for what changed, dotted for what was withdrawn, and a line along which a place
        moved. It says nothing of a record's text, which folium would run.

    Raises
    ------
    MapError
        When there is no such language.
    """
    read_messages(lang)
    day = day_words(since, lang=lang)
    layer = folium.FeatureGroup(name=message("edition.layer", lang, day=day))
    for row in changes.itertuples(index=False):
        words = message(f"edition.mark.{row.change}", lang, day=day)
        for mark in _marks(row, _LOOKS[row.change]):
            folium.Tooltip(words).add_to(mark)
            layer.add_child(mark)
    return layer


def _marks(row: Any, look: dict[str, Any]) -> list[folium.MacroElement]:
    """Make what is drawn of a row; nothing for what is not located."""
    marks: list[folium.MacroElement] = []
    if row.change == "changed" and pd.notna(row.moved_m):
        ends = [(point.y, point.x) for point in (row.point_before, row.point_after)]
        marks.append(folium.PolyLine(ends, **look))  # type: ignore[no-untyped-call]
    if isinstance(row.geometry, shapely.Point):
        at = (row.geometry.y, row.geometry.x)
        marks.append(folium.CircleMarker(at, radius=_RADIUS_PX, fill=False, **look))
    elif row.geometry is not None:
        for part in shapely.get_parts(row.geometry):
            rings = [_latlon(ring) for ring in (part.exterior, *part.interiors)]
            marks.append(folium.Polygon(rings, fill=False, **look))
    return marks


def _latlon(ring: shapely.LinearRing) -> list[tuple[float, float]]:
    """Give a ring's corners as Leaflet has them, latitude first, to about 10 m."""
    return [(round(y, 4), round(x, 4)) for x, y in shapely.get_coordinates(ring)]
