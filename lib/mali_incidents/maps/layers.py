"""What a map carries as data, and the folium layers that draw it.

Everything a record says travels in one JSON block as data; the viewer's scripts turn it into text
nodes. Nothing of a record ever enters a script, markup or a template.
"""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.map import Layer
from folium.template import Template

from mali_incidents.counts.units import covered_units
from mali_incidents.maps.arcs import frame_arcs
from mali_incidents.maps.basemap import read_basemap, spelled_as_unit
from mali_incidents.maps.captions import (
    coverage_note,
    records_of,
    rings_caption,
    subtitle_of,
    types_heading,
)
from mali_incidents.maps.messages import message, read_messages, set_name
from mali_incidents.maps.palette import AREA_COLOUR, AREA_STEPS, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.signs import outlined, shaded_units, unit_labels
from mali_incidents.maps.summary import Summary
from mali_incidents.maps.verbatim import VerbatimMacros
from mali_incidents.maps.view import Spot, View, ring
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import AREA_METHODS, POINT_LEVELS

# Areas drawn from words are no finer than this, in degrees (500 m).
_OUTLINE_DEGREES: Final = 0.005
# Least zoom at which names show, and the order in which they are placed.
_NAMES: Final = {"region": (5.0, 40), "cercle": (8.0, 60), "commune": (9.5, 80)}


def page_data(
    located: gpd.GeoDataFrame,
    *,
    frame: AdminFrame,
    view: View,
    summary: Summary,
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
    summary : Summary
        The numbers of this view.
    title : str
        The map's title.
    coverage : Coverage or None
        What the records cover; the rest is hatched.
    lang : {"en", "fr"}
        The page's language.

    Returns
    -------
    dict
        Ready for JSON.
    """
    kinds = _event_types(located, lang)
    gaps = uncovered_units(frame, coverage)
    return {
        "lang": lang,
        "messages": read_messages(lang),
        "topology": frame_arcs(frame),
        "basemap": _ground(frame, view, gaps, lang),
        "incidents": {
            "types": kinds,
            "columns": _columns(located, kinds, lang),
            "outlines": _outlines(located),
            "names": {unit: unit_labels(frame)[unit] for unit, _ in shaded_units(located)},
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
            "subtitle": subtitle_of(summary, view, lang=lang),
            "records": records_of(located, lang=lang),
            "heading": types_heading(view, lang=lang),
            "types": [[_position(kinds, kind), count] for kind, count in summary.types],
            "shaded": summary.shaded,
            "outlined": summary.outlined,
            "around": rings_caption(view, lang=lang),
            "rings": [
                {
                    "km": float(row.radius_km),
                    "certain": int(row.certain),
                    "possible": int(row.possible),
                }
                for row in _rows(summary.rings)
            ],
            "hatched": bool(gaps),
            "coverage": coverage_note(coverage, lang=lang),
        },
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
    order: list[str | None] = sorted(SYMBOLS, key=lambda kind: -int(counts.get(kind, 0)))
    return [
        {
            "key": kind,
            "name": message(f"type.{kind or 'unknown'}", lang),
            "colour": SYMBOLS.get(kind or "", UNKNOWN_SYMBOL).colour,
            "shape": SYMBOLS.get(kind or "", UNKNOWN_SYMBOL).shape,
        }
        for kind in [*order, None]
    ]


def _position(kinds: list[dict[str, Any]], key: Any) -> int:
    """Give where in the list of types a type stands."""
    return next(
        number
        for number, kind in enumerate(kinds)
        if kind["key"] == (None if pd.isna(key) else key)
    )


def _columns(
    located: gpd.GeoDataFrame, kinds: list[dict[str, Any]], lang: str
) -> dict[str, list[Any]]:
    """Turn the located table into columns of plain values."""
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
        "type": [_position(kinds, kind) for kind in located["event_type"]],
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
        "outline": _outline_numbers(located),
        "how": [_how(row.method, row.level) for row in _rows(located)],
    }


def _how(method: str, level: str) -> str:
    """Say which words tell how finely a place is known: its level, or how it was told."""
    if method not in AREA_METHODS:
        return level
    return "near" if level in POINT_LEVELS else "area"


def _outline_numbers(located: gpd.GeoDataFrame) -> list[int | None]:
    """Give the areas of their own a number each, the same area the same."""
    own = outlined(located)
    shapes = located["footprint"].map(shapely.to_wkb, na_action="ignore")
    codes, _ = pd.factorize(shapes.where(own, None))
    return [None if code < 0 else int(code) for code in codes]


def _outlines(located: gpd.GeoDataFrame) -> list[list[list[list[float]]]]:
    """Give the rings of the areas of their own, by their numbers, latitude first."""
    numbers = pd.Series(_outline_numbers(located), index=located.index, dtype="Int64")
    first = numbers.dropna().drop_duplicates()
    shapes = shapely.simplify(located.loc[first.index, "footprint"].array, _OUTLINE_DEGREES)
    return [
        [ring for part in shapely.get_parts(shape) for ring in _rings(part)] for shape in shapes
    ]


def _placed(located: gpd.GeoDataFrame) -> list[str | None]:
    """Name where each incident was located, finest first: "Narena, Kangaba, Koulikoro"."""
    # The place itself is known to the reason alone: Mourdiah lies in the commune of Niamana.
    reasons = located["reason"]
    places = [reason.values.get("place") if reason.code == "place" else None for reason in reasons]
    units = located[["admin3_name", "admin2_name", "admin1_name"]].itertuples(index=False)
    names = []
    for place, row in zip(places, units, strict=True):
        distinct = dict.fromkeys(name for name in (place, *row) if not pd.isna(name))
        names.append(set_name(", ".join(distinct)) or None)
    return names


def _units(located: gpd.GeoDataFrame) -> list[str | None]:
    """Give the id of the unit each incident is known to, where only a unit is known."""
    column = {"commune": "admin3_id", "cercle": "admin2_id", "region": "admin1_id"}
    ids: list[str | None] = []
    for row in _rows(located):
        if row.level == "country":
            ids.append(COUNTRY)
        else:
            ids.append(getattr(row, column[row.level]) if row.level in column else None)
    return ids


def uncovered_units(frame: AdminFrame, coverage: Coverage | None) -> list[str]:
    """List what the records do not cover, as the largest units of which nothing is covered.

    Parameters
    ----------
    frame : AdminFrame
        The units.
    coverage : Coverage or None
        What the records claim to cover; without it nothing is known, so nothing is listed.

    Returns
    -------
    list of str
        Unit ids, in the frame's order.
    """
    if coverage is None:
        return []
    finest = pd.Index(frame.simplified["unit_id"])
    covered = covered_units(finest, frame=frame, coverage=coverage)
    reached = {unit for one in finest[covered] for unit in frame.chain(one)}
    return list(
        dict.fromkeys(
            next(unit for unit in frame.chain(one) if unit not in reached)
            for one in finest[~covered]
        )
    )


def _ground(frame: AdminFrame, view: View, gaps: list[str], lang: str) -> dict[str, Any]:
    """Gather the base map."""
    labels = [*_town_labels(frame, view), *_country_labels(lang), *_unit_labels(frame)]
    return {
        "paper": PAPER,
        **_shapes(),
        "uncovered": gaps,
        "labels": [{**label, "text": set_name(label["text"])} for label in labels],
    }


@cache
def _shapes() -> dict[str, Any]:
    """Gather what of the base map is the same on every map."""
    basemap = read_basemap()
    return {
        "land": [_rings(shape) for shape in basemap.land.explode()],
        "frontiers": _lines(basemap.frontiers),
        "lakes": [_rings(shape) for shape in basemap.lakes.explode()],
        "rivers": _lines(basemap.rivers),
    }


def _town_labels(frame: AdminFrame, view: View) -> list[dict[str, Any]]:
    """Name towns but the centre: the capital first, then by rank and population."""
    towns = read_basemap().towns.sort_values(["rank", "population"], ascending=[True, False])
    zooms = {1: 0.0, 2: 5.0}
    labels = [
        {
            "lat": round(town.latitude, 4),
            "lon": round(town.longitude, 4),
            "text": spelled_as_unit(town.name, frame=frame),
            "kind": "capital" if town.rank == 1 else "town",
            # The shades' counts come between the capital and the other towns.
            "rank": (10 if town.rank == 1 else 30) + number / 100,
            "zoom": zooms.get(town.rank, 6.5) + (0 if town.country == "ML" else 1),
        }
        for number, town in enumerate(_rows(towns))
    ]
    return [label for label in labels if view.centre is None or label["text"] != view.centre.name]


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


@cache
def _unit_labels(frame: AdminFrame) -> list[dict[str, Any]]:
    """Name regions, cercles and communes on a point inside each."""
    units = frame.units[frame.units["level"].isin(list(_NAMES))]
    points = shapely.point_on_surface(units.geometry.to_numpy())
    names = unit_labels(frame)
    return [
        {
            "lat": round(point.y, 3),
            "lon": round(point.x, 3),
            "text": names[unit],
            "unit": unit,
            "kind": level,
            "rank": _NAMES[level][1],
            "zoom": _NAMES[level][0],
        }
        for unit, level, point in zip(units.index, units["level"], points, strict=True)
    ]


def _distances(view: View) -> dict[str, Any] | None:
    """Gather the rings and the way, or nothing for a map without a centre."""
    if view.centre is None:
        return None
    way = view.way
    return {
        "colour": PAPER["ring"],
        "centre": _spot(view.centre),
        "rings": [
            {"km": km, "line": _latitude_first(ring(view.centre, km))} for km in view.rings_km
        ],
        "way": None if way is None else {"to": _spot(way.to), "km": way.distance_km},
    }


def _spot(spot: Spot) -> dict[str, Any]:
    """Give a spot's name and point."""
    return {"name": set_name(spot.name), "lat": spot.latitude, "lon": spot.longitude}


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
