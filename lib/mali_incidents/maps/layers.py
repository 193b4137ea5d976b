"""What a map carries as data, and the folium layers that draw it.

Everything a record says travels in one JSON block as data; the viewer's scripts turn it into text
nodes. Nothing of a record ever enters a script, markup or a template.
"""

import json
from collections.abc import Iterable
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.map import Layer
from folium.template import Template

from mali_incidents.counts.around import count_around
from mali_incidents.maps.arcs import frame_arcs
from mali_incidents.maps.basemap import read_basemap
from mali_incidents.maps.messages import message, read_messages
from mali_incidents.maps.palette import AREA_COLOUR, AREA_STEPS, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.verbatim import VerbatimMacros
from mali_incidents.maps.view import Spot, View, ring
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import POINT_LEVELS, is_attack

# Least zoom at which names show, and the order in which they are placed.
_NAMES: Final = {"region": (5.0, 40), "cercle": (8.0, 60), "commune": (10.0, 80)}


def page_data(
    located: gpd.GeoDataFrame,
    *,
    frame: AdminFrame,
    view: View,
    title: str,
    coverage: Coverage | None,
    lang: str,
) -> dict[str, Any]:
    """Gather everything a map's page carries.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    frame : AdminFrame
        The units the records were located in.
    view : View
        What the map frames.
    title : str
        The map's title.
    coverage : Coverage or None
        What the records cover; regions outside it are hatched.
    lang : {"en", "fr"}
        The page's language.

    Returns
    -------
    dict
        Ready for JSON.
    """
    kinds = _event_types(located, lang)
    return {
        "lang": lang,
        "messages": read_messages(lang),
        "topology": frame_arcs(frame),
        "basemap": _ground(frame, coverage, lang),
        "incidents": {
            "types": kinds,
            "columns": _columns(located, kinds, lang),
            "area": {
                "colour": AREA_COLOUR,
                "steps": [most for most, _, _ in AREA_STEPS],
                "opacities": [opacity for _, opacity, _ in AREA_STEPS],
                "labels": [name for _, _, name in AREA_STEPS],
                "tints": [_tint(opacity) for _, opacity, _ in AREA_STEPS],
            },
        },
        "rings": _distances(view),
        "panel": {
            "title": title,
            "total": len(located),
            "attacks": int(is_attack(located).sum()),
            "approximate": int((~located["level"].isin(POINT_LEVELS)).sum()),
            "first": _day(located["date_start"].min()),
            "last": _day(located["date_end"].max()),
            "types": [kind for kind in kinds if kind["count"]],
            "centre": view.centre.name if view.centre else None,
            "rings": _ring_counts(located, view),
            "coverage": coverage.selection[lang] if coverage else None,
        },
        "view": {"bounds": _corners(view)},
    }


def as_json(data: dict[str, Any]) -> str:
    """Write data as JSON that can stand inside a script element whatever it says."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


class MapData(VerbatimMacros):
    """The one block of data that a map's layers draw from."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <script type="application/json" id="{{ this.get_name() }}_json">{{ this.json }}</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = maliIncidents.read("{{ this.get_name() }}_json");
        {% endmacro %}
        """
    )

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapData"
        self.json = as_json(data)


class _ViewerLayer(Layer, VerbatimMacros):
    """A layer of the viewer: a Leaflet layer that one of its scripts makes from the data."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = {{ this.data.get_name() }}.{{ this.maker }}();
        {% endmacro %}
        """
    )
    maker = ""

    def __init__(self, data: MapData, *, name: str) -> None:
        super().__init__(name=name, overlay=True, control=True, show=True)
        self._name = type(self).__name__
        self.data = data


class BasemapLayer(_ViewerLayer):
    """Land, waters, borders and names, drawn from what ships."""

    maker = "basemap"


class RingsLayer(_ViewerLayer):
    """Rings round the centre and the way to another place."""

    maker = "rings"


class IncidentLayer(_ViewerLayer):
    """Incidents as points and shaded areas, with their cards and lists."""

    maker = "incidents"


class Panel(VerbatimMacros):
    """Title, legend, counts and coverage, folded on a phone."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        {{ this.data.get_name() }}.panel().addTo({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, data: MapData) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Panel"
        self.data = data


def _event_types(located: gpd.GeoDataFrame, lang: str) -> list[dict[str, Any]]:
    """Describe the event types, most frequent first, and the type not stated."""
    counts = located["event_type"].value_counts()
    order = sorted(SYMBOLS, key=lambda kind: -int(counts.get(kind, 0)))
    kinds = [
        {
            "key": kind,
            "name": message(f"type.{kind}", lang),
            "colour": SYMBOLS[kind].colour,
            "shape": SYMBOLS[kind].shape,
            "count": int(counts.get(kind, 0)),
        }
        for kind in order
    ]
    unknown = {
        "key": None,
        "name": message("type.unknown", lang),
        "colour": UNKNOWN_SYMBOL.colour,
        "shape": UNKNOWN_SYMBOL.shape,
        "count": int(located["event_type"].isna().sum()),
    }
    return [*kinds, unknown]


def _columns(
    located: gpd.GeoDataFrame, kinds: list[dict[str, Any]], lang: str
) -> dict[str, list[Any]]:
    """Turn the located table into columns of plain values."""
    position = {kind["key"]: number for number, kind in enumerate(kinds)}
    pinned = located["level"].isin(POINT_LEVELS)
    points = shapely.get_coordinates(np.where(located.geometry.isna(), None, located.geometry))
    has_point = located.geometry.notna().to_numpy()
    longitude = np.full(len(located), np.nan)
    latitude = np.full(len(located), np.nan)
    longitude[has_point], latitude[has_point] = points.T
    subtypes = [
        None if pd.isna(sub) else message(f"subtype.{sub}", lang)
        for sub in located["sub_event_type"]
    ]
    return {
        "id": _texts(located["incident_id"]),
        "type": [position[None if pd.isna(kind) else kind] for kind in located["event_type"]],
        "subType": subtypes,
        "start": [_day(day) for day in located["date_start"]],
        "end": [_day(day) for day in located["date_end"]],
        "precision": _texts(located["date_precision"]),
        "summary": _texts(located["summary"]),
        "target": _texts(located["target"]),
        "actor": _texts(located["actor"]),
        "attribution": _texts(located["attribution"]),
        "verification": _texts(located["verification"]),
        "low": _numbers(located["fatalities_low"]),
        "best": _numbers(located["fatalities_best"]),
        "high": _numbers(located["fatalities_high"]),
        "injured": _numbers(located["injured"]),
        "abducted": _numbers(located["abducted"]),
        "reported": _texts(located["location_text"]),
        "placed": _placed(located),
        "reason": [reason_sentence(reason, lang=lang) for reason in located["reason"]],
        "sources": [[list(source) for source in sources] for sources in located["sources"]],
        "level": _texts(located["level"]),
        "lat": _degrees(latitude, pinned),
        "lon": _degrees(longitude, pinned),
        "labelLat": _degrees(latitude, ~pinned),
        "labelLon": _degrees(longitude, ~pinned),
        "radius": [
            None if pd.isna(metres) else round(metres) for metres in located["uncertainty_m"]
        ],
        "unit": _units(located),
    }


def _placed(located: gpd.GeoDataFrame) -> list[str | None]:
    """Name where each incident was located, finest first: "Narena, Kangaba, Koulikoro"."""
    names = []
    for row in located[["admin3_name", "admin2_name", "admin1_name"]].itertuples(index=False):
        distinct = dict.fromkeys(name for name in row if not pd.isna(name))
        names.append(", ".join(distinct) or None)
    return names


def _units(located: gpd.GeoDataFrame) -> list[str | None]:
    """Give the id of the unit each incident is known to, where only a unit is known."""
    column = {"commune": "admin3_id", "cercle": "admin2_id", "region": "admin1_id"}
    ids: list[str | None] = []
    for row in _rows(located):
        if row.level == "country":
            ids.append("ML")
        else:
            ids.append(getattr(row, column[row.level]) if row.level in column else None)
    return ids


def _ground(frame: AdminFrame, coverage: Coverage | None, lang: str) -> dict[str, Any]:
    """Gather the base map."""
    basemap = read_basemap()
    regions = frame.units[frame.units["level"] == "region"]
    covered = set(regions.index) if coverage is None else set(coverage.units)
    return {
        "paper": PAPER,
        "land": [_rings(shape) for shape in basemap.land.explode()],
        "frontiers": _lines(basemap.frontiers),
        "lakes": [_rings(shape) for shape in basemap.lakes.explode()],
        "rivers": _lines(basemap.rivers),
        "uncovered": [unit for unit in regions.index if unit not in covered],
        "labels": [*_town_labels(), *_country_labels(lang), *_unit_labels(frame)],
    }


def _town_labels() -> list[dict[str, Any]]:
    """Name towns: the capital first, then by rank and population."""
    towns = read_basemap().towns.sort_values(["rank", "population"], ascending=[True, False])
    zooms = {1: 0.0, 2: 5.0}
    return [
        {
            "lat": round(town.latitude, 4),
            "lon": round(town.longitude, 4),
            "text": town.name,
            "kind": "capital" if town.rank == 1 else "town",
            "rank": 10 + number / 100,
            "zoom": zooms.get(town.rank, 6.5) + (0 if town.country == "ML" else 1),
        }
        for number, town in enumerate(_rows(towns))
    ]


def _rows(table: pd.DataFrame) -> Iterable[Any]:
    """Go through a table's rows, each cell by its column's name."""
    return table.itertuples(index=False)


def _country_labels(lang: str) -> list[dict[str, Any]]:
    """Name the neighbours."""
    countries = read_basemap().countries
    return [
        {
            "lat": point.y,
            "lon": point.x,
            "text": name.upper(),
            "kind": "country",
            "rank": 5,
            "zoom": 4.5,
        }
        for name, point in zip(countries[f"name_{lang}"], countries.geometry, strict=True)
    ]


def _unit_labels(frame: AdminFrame) -> list[dict[str, Any]]:
    """Name regions, cercles and communes on a point inside each."""
    units = frame.units[frame.units["level"].isin(list(_NAMES))]
    points = shapely.point_on_surface(units.geometry.to_numpy())
    return [
        {
            "lat": round(point.y, 3),
            "lon": round(point.x, 3),
            "text": name.upper() if level == "region" else name,
            "kind": level,
            "rank": _NAMES[level][1],
            "zoom": _NAMES[level][0],
        }
        for name, level, point in zip(units["name"], units["level"], points, strict=True)
    ]


def _distances(view: View) -> dict[str, Any] | None:
    """Gather the rings and the way, or nothing for a map without a centre."""
    if view.centre is None:
        return None
    way = view.way
    return {
        "colour": PAPER["ring"],
        "centre": [view.centre.latitude, view.centre.longitude],
        "rings": [
            {"km": km, "line": _latitude_first(ring(view.centre, km))} for km in view.rings_km
        ],
        "way": None if way is None else _way_line(view.centre, way.to, way.distance_km),
    }


def _way_line(start: Spot, to: Spot, distance_km: float) -> dict[str, Any]:
    """Draw the way; over such distances a straight line on the screen is the geodesic's."""
    line = [[start.latitude, start.longitude], [to.latitude, to.longitude]]
    middle = [round((one + other) / 2, 4) for one, other in zip(*line, strict=True)]
    return {"name": to.name, "km": distance_km, "line": line, "label": middle}


def _ring_counts(located: gpd.GeoDataFrame, view: View) -> list[dict[str, Any]]:
    """Count the incidents inside each ring, the certain and the possible."""
    if view.centre is None or not view.rings_km:
        return []
    counts = count_around(
        located,
        latitude=view.centre.latitude,
        longitude=view.centre.longitude,
        radii_km=view.rings_km,
    )
    return [
        {"km": float(row.radius_km), "certain": int(row.certain), "possible": int(row.possible)}
        for row in _rows(counts)
    ]


def _corners(view: View) -> list[list[float]]:
    """Give the view's south-west and north-east corners, latitude first as Leaflet takes them."""
    south, west, north, east = view.bounds
    return [[round(south, 5), round(west, 5)], [round(north, 5), round(east, 5)]]


def _rings(polygon: shapely.Polygon) -> list[list[list[float]]]:
    """Give a polygon's rings, latitude first."""
    return [
        _latitude_first(shapely.get_coordinates(line))
        for line in (polygon.exterior, *polygon.interiors)
    ]


def _lines(shapes: gpd.GeoSeries) -> list[list[list[float]]]:
    """Give lines, latitude first."""
    return [_latitude_first(shapely.get_coordinates(line)) for line in shapes.explode()]


def _latitude_first(points: np.ndarray) -> list[list[float]]:
    """Turn (n, 2) longitudes and latitudes into lists of latitude and longitude."""
    flipped: list[list[float]] = np.round(points[:, ::-1], 4).tolist()
    return flipped


def _texts(column: Iterable[Any]) -> list[str | None]:
    """Give texts, None where missing."""
    return [None if pd.isna(value) else str(value) for value in column]


def _numbers(column: Iterable[Any]) -> list[int | None]:
    """Give whole numbers, None where missing."""
    return [None if pd.isna(value) else int(value) for value in column]


def _degrees(values: np.ndarray, wanted: pd.Series) -> list[float | None]:
    """Give degrees at 5 decimals (1 m), None where missing or not wanted."""
    return [
        round(float(value), 5) if keep and not np.isnan(value) else None
        for value, keep in zip(values, wanted, strict=True)
    ]


def _day(moment: Any) -> int | None:
    """Count the days since 1970-01-01."""
    return None if pd.isna(moment) else int((moment - pd.Timestamp(0)).days)


def _tint(opacity: float) -> str:
    """Mix the area colour with paper, as it looks on the map."""
    channels = zip(bytes.fromhex(AREA_COLOUR[1:]), bytes.fromhex(PAPER["land"][1:]), strict=True)
    return "#" + "".join(
        f"{round(one * opacity + two * (1 - opacity)):02x}" for one, two in channels
    )
