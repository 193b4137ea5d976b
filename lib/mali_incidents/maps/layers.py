"""What a map carries as data, and the folium layers that draw it.

Everything a record says travels in one block of data (see ``payload``); the viewer's scripts turn
it into text nodes. Nothing of a record ever enters a script, markup or a template.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

import geopandas as gpd
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
    title_of,
    types_heading,
)
from mali_incidents.maps.choropleth import choropleth
from mali_incidents.maps.columns import (
    DOWNLOADED,
    LINE_PARTS,
    incident_columns,
    line_of,
    outlines,
    reason_tables,
    rings_of,
)
from mali_incidents.maps.figure import alt_text
from mali_incidents.maps.messages import LANGUAGES, message, set_name, viewer_messages
from mali_incidents.maps.palette import AREA_COLOUR, AREA_STEPS, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.payload import pack_line, pack_numbers, write_block
from mali_incidents.maps.signs import shaded_units, unit_labels
from mali_incidents.maps.summary import Summary
from mali_incidents.maps.verbatim import VerbatimMacros
from mali_incidents.maps.view import Spot, View, ring
from mali_incidents.places.frames import AdminFrame
from mali_incidents.records.coverage import Coverage

# Distances from the centre to 10 m.
_KM_PARTS: Final = 100
# Least zoom at which names show, and the order in which they are placed.
_NAMES: Final = {"region": (5.0, 40), "cercle": (8.0, 60), "commune": (9.5, 80)}


def page_data(
    located: gpd.GeoDataFrame,
    *,
    frame: AdminFrame,
    view: View,
    summary: Summary,
    captions: dict[str, dict[str, str]],
    coverage: Coverage | None,
    lang: str,
    opens_with: tuple[pd.Timestamp, pd.Timestamp] | None = None,
    downloads: bool = True,
) -> dict[str, Any]:
    """Gather everything a map's page carries, in both languages.

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
    captions : dict
        The sentences of this map by language and name, as :func:`captions_of` gives them.
    coverage : Coverage or None
        What the records cover; the rest is hatched.
    lang : {"en", "fr"}
        The page's first language.
    opens_with : (pandas.Timestamp, pandas.Timestamp), optional
        The first and last day that the page opens with; all days by default.
    downloads : bool
        Whether the page offers what it shows as files.

    Returns
    -------
    dict
        Ready for :func:`mali_incidents.maps.payload.write_block`.
    """
    kinds = _event_types(located)
    gaps = uncovered_units(frame, coverage)
    columns, tables = incident_columns(located)
    if summary.reach is not None:
        for name in ("nearest", "farthest"):
            columns[name] = pack_numbers(summary.reach[f"{name}_km"], parts=_KM_PARTS)
    return {
        "lang": lang,
        "messages": {one: viewer_messages(one) for one in LANGUAGES},
        "reasons": reason_tables(located),
        "captions": captions,
        "topology": frame_arcs(frame),
        "parts": LINE_PARTS,
        "basemap": _ground(frame, view, gaps),
        "tables": tables,
        "incidents": {
            "types": kinds,
            "columns": columns,
            "outlines": outlines(located),
            "choropleth": choropleth(located, coverage=coverage),
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
        "start": {"from": _day(opens_with[0]), "to": _day(opens_with[1])} if opens_with else {},
        "downloads": DOWNLOADED if downloads else None,
        "panel": {
            "centre": None if view.centre is None else _spot(view.centre),
            "radius": view.radius_km,
            "types": _listed_types(located, kinds, summary),
            "shaded": summary.shaded,
            "outlined": summary.outlined,
            "rings": [
                {
                    "km": float(row.radius_km),
                    "certain": int(row.certain),
                    "possible": int(row.possible),
                }
                for row in _rows(summary.rings)
            ],
            "hatched": bool(gaps),
        },
    }


def captions_of(
    located: gpd.GeoDataFrame,
    *,
    view: View,
    summary: Summary,
    title: str | Mapping[str, str] | None,
    coverage: Coverage | None,
) -> dict[str, dict[str, str]]:
    """Say in both languages what stands round a map.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    view : View
        What the map frames.
    summary : Summary
        The numbers of this view.
    title : str, mapping of str to str, or None
        The author's own title, for both languages or by language; made from the view by default.
    coverage : Coverage or None
        What the records cover.

    Returns
    -------
    dict of dict of str to str
        Plain texts by language and name.
    """
    own = title if isinstance(title, Mapping) else dict.fromkeys(LANGUAGES, title)
    return {
        lang: {
            "title": own[lang] or title_of(view, lang=lang),
            "subtitle": subtitle_of(summary, view, lang=lang),
            "records": records_of(located, lang=lang),
            "heading": types_heading(view, lang=lang),
            "around": rings_caption(view, lang=lang),
            "coverage": coverage_note(coverage, lang=lang),
            "alt": alt_text(summary, view=view, coverage=coverage, lang=lang),
        }
        for lang in LANGUAGES
    }


class MapData(VerbatimMacros):
    """The one block of data that a map's layers draw from."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <script type="application/json" id="{{ this.get_name() }}_json"
            data-unreadable="{{ this.unreadable | e }}">{{ this.block }}</script>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = maliIncidents.read("{{ this.get_name() }}_json");
        {% endmacro %}
        """
    )

    def __init__(self, data: dict[str, Any], *, lang: str = "en") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "MapData"
        self.unreadable = message("data.unreadable", lang)
        self.block = write_block(data)


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


def _day(moment: pd.Timestamp) -> int:
    """Count the days since 1970-01-01."""
    return int((moment - pd.Timestamp(0)).days)


def _event_types(located: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Describe the event types, most frequent first, and the type not stated."""
    counts = located["event_type"].value_counts()
    order: list[str | None] = sorted(SYMBOLS, key=lambda kind: -int(counts.get(kind, 0)))
    return [
        {
            "key": kind,
            "colour": SYMBOLS.get(kind or "", UNKNOWN_SYMBOL).colour,
            "shape": SYMBOLS.get(kind or "", UNKNOWN_SYMBOL).shape,
        }
        for kind in [*order, None]
    ]


def _listed_types(
    located: gpd.GeoDataFrame, kinds: list[dict[str, Any]], summary: Summary
) -> list[list[int]]:
    """List the types of what is framed with their counts, then those drawn elsewhere with none."""
    framed = {_position(kinds, kind): count for kind, count in summary.types}
    drawn = {_position(kinds, kind) for kind in located["event_type"].unique()}
    return [[at, framed.get(at, 0)] for at in (*framed, *sorted(drawn - set(framed)))]


def _position(kinds: list[dict[str, Any]], key: Any) -> int:
    """Give where in the list of types a type stands."""
    return next(
        number
        for number, kind in enumerate(kinds)
        if kind["key"] == (None if pd.isna(key) else key)
    )


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


def _ground(frame: AdminFrame, view: View, gaps: list[str]) -> dict[str, Any]:
    """Gather the base map."""
    return {
        "paper": PAPER,
        **_shapes(),
        "uncovered": gaps,
        "labels": [*_town_labels(frame, view), *_country_labels(), *_unit_labels(frame)],
    }


@cache
def _shapes() -> dict[str, Any]:
    """Gather what of the base map is the same on every map."""
    basemap = read_basemap()
    return {
        "land": [rings_of(shape) for shape in basemap.land.explode()],
        "frontiers": _lines(basemap.frontiers),
        "lakes": [rings_of(shape) for shape in basemap.lakes.explode()],
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
            "text": set_name(spelled_as_unit(town.name, frame=frame)),
            "kind": "capital" if town.rank == 1 else "town",
            # The shades' counts come between the capital and the other towns.
            "rank": (10 if town.rank == 1 else 30) + number / 100,
            "zoom": zooms.get(town.rank, 6.5) + (0 if town.country == "ML" else 1),
        }
        for number, town in enumerate(_rows(towns))
    ]
    centre = None if view.centre is None else set_name(view.centre.name)
    return [label for label in labels if label["text"] != centre]


def _rows(table: pd.DataFrame) -> Iterable[Any]:
    """Go through a table's rows, each cell by its column's name."""
    return table.itertuples(index=False)


def _country_labels() -> list[dict[str, Any]]:
    """Name the neighbours in both languages."""
    countries = read_basemap().countries
    return [
        {
            "lat": round(row.geometry.y, 4),
            "lon": round(row.geometry.x, 4),
            "texts": {
                lang: set_name(str(getattr(row, f"name_{lang}")).upper()) for lang in LANGUAGES
            },
            "kind": "country",
            "rank": 5,
            "zoom": 4.5,
        }
        for row in _rows(countries)
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
            {"km": km, "line": pack_line(ring(view.centre, km), parts=LINE_PARTS)}
            for km in view.rings_km
        ],
        "way": None if way is None else {"to": _spot(way.to), "km": way.distance_km},
    }


def _spot(spot: Spot) -> dict[str, Any]:
    """Give a spot's name and point."""
    return {"name": set_name(spot.name), "lat": spot.latitude, "lon": spot.longitude}


def _lines(shapes: gpd.GeoSeries) -> list[list[int]]:
    """Pack lines."""
    return [line_of(line) for line in shapes.explode()]


def _tint(opacity: float) -> str:
    """Mix the area colour with paper, as it looks on the map."""
    channels = zip(bytes.fromhex(AREA_COLOUR[1:]), bytes.fromhex(PAPER["land"][1:]), strict=True)
    return "#" + "".join(
        f"{round(one * opacity + two * (1 - opacity)):02x}" for one, two in channels
    )
