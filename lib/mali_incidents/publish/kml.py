"""KML, for Google Earth and phones.

Written here, as no kept library does what a hostile text needs: Google Earth shows a description
as HTML after it has filled in ``$[name]`` of it, so texts are escaped twice and hold no ``$``.
"""

import datetime as dt
import html
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.maps.messages import message
from mali_incidents.maps.palette import SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.row_words import date_words, toll_words, type_words
from mali_incidents.publish.markup import own_line, xml_text
from mali_incidents.publish.shapes import drawn
from mali_incidents.tables import EVENT_TYPES, POINT_LEVELS

_FOLDERS: Final = ("points", "areas", "unplaced")


def write_kml(
    located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path, *, lang: str = "en"
) -> None:
    """Write folders of points, of areas and of what is not located, a placemark a row.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    flat : pandas.DataFrame
        What :func:`mali_incidents.publish.files.flat_table` gives for it.
    draft : pathlib.Path
        The file to write.
    lang : {"en", "fr"}
        The language of names and descriptions.

    Notes
    -----
    Coordinates are longitude and latitude in EPSG:4326. Every value of the table is in the
    placemark's ``ExtendedData``, which the balloon does not show.
    """
    shapes, of_row = drawn(located)
    places = [_geometry(shape) for shape in shapely.orient_polygons(shapes)]
    pinned = located["level"].isin(POINT_LEVELS).to_numpy()
    known = np.array([place is not None for place in places], dtype=bool)[of_row]
    folders = dict(zip(_FOLDERS, (pinned & known, ~pinned & known, ~known), strict=True))
    plain = flat.astype("object").where(flat.notna(), None)
    rows = plain.to_dict("records")
    placemark = partial(_placemark, lang=lang)
    with draft.open("wb") as file:
        file.write(
            b'<?xml version="1.0" encoding="UTF-8"?>\n'
            b'<kml xmlns="http://www.opengis.net/kml/2.2">\n<Document>\n'
        )
        _write(file.write, _leaf("name", message("title.whole", lang)))
        for number, colour in enumerate([*_colours(), UNKNOWN_SYMBOL.colour]):
            _write(file.write, _style(number, colour))
        for name, chosen in folders.items():
            if chosen.any():
                file.write(b"<Folder>\n")
                _write(file.write, _leaf("name", message(f"kml.{name}", lang)))
                for row in np.flatnonzero(chosen):
                    _write(file.write, placemark(rows[row], places[of_row[row]]))
                file.write(b"</Folder>\n")
        file.write(b"</Document>\n</kml>\n")


def _write(write: Callable[[bytes], object], element: ET.Element) -> None:
    """Write an element and a line end."""
    text = ET.tostring(element, encoding="utf-8", xml_declaration=False)
    # As it stands, a reader of XML would take it for a line feed.
    write(text.replace(b"\r", b"&#13;") + b"\n")


def _leaf(tag: str, text: object, **attributes: str) -> ET.Element:
    """Make an element of a text."""
    element = ET.Element(tag, attributes)
    element.text = xml_text(str(text))
    return element


def _node(tag: str, *children: ET.Element, **attributes: str) -> ET.Element:
    """Make an element of others."""
    element = ET.Element(tag, attributes)
    element.extend(children)
    return element


def _colours() -> list[str]:
    """Give the colour of each event type."""
    return [SYMBOLS[kind].colour for kind in EVENT_TYPES]


def _style(number: int, colour: str) -> ET.Element:
    """Make the style of an event type; KML writes a colour as opacity, blue, green, red."""
    red, green, blue = colour[1:3], colour[3:5], colour[5:7]
    solid, faint = f"ff{blue}{green}{red}".lower(), f"2e{blue}{green}{red}".lower()
    return _node(
        "Style",
        _node("IconStyle", _leaf("color", solid)),
        _node("LineStyle", _leaf("color", solid), _leaf("width", 1.5)),
        _node("PolyStyle", _leaf("color", faint)),
        # Only the description: Google Earth would show the data as HTML.
        _node("BalloonStyle", _leaf("text", "$[description]")),
        id=f"type-{number}",
    )


def _placemark(row: Mapping[Hashable, Any], place: ET.Element | None, *, lang: str) -> ET.Element:
    """Make a row's placemark."""
    kind = row["event_type"]
    number = EVENT_TYPES.index(kind) if kind in EVENT_TYPES else len(EVENT_TYPES)
    first, last = (_day(row[name]) for name in ("date_start", "date_end"))
    when = date_words(first, last, row["date_precision"], lang=lang)
    parts = [
        _leaf("name", f"{when} · {type_words(kind, lang=lang)}"),
        _leaf("Snippet", "", maxLines="0"),
        _leaf("description", _description(row, when, lang)),
    ]
    if first is not None:
        span = [_leaf("begin", first), _leaf("end", last or first)]
        parts.append(_node("TimeSpan", *span))
    parts.append(_leaf("styleUrl", f"#type-{number}"))
    data = [
        _node("Data", _leaf("value", value), name=str(name))
        for name, value in row.items()
        if value is not None
    ]
    parts.append(_node("ExtendedData", *data))
    if place is not None:
        parts.append(place)
    return _node("Placemark", *parts)


def _day(text: str | None) -> dt.date | None:
    """Read a day that the flat table writes."""
    return None if text is None else dt.date.fromisoformat(text)


def _description(row: Mapping[Hashable, Any], when: str, lang: str) -> str:
    """Say what a reader should know of a row, as HTML that holds no text but the row's."""
    toll = toll_words(*(row[f"fatalities_{end}"] for end in ("low", "best", "high")), lang=lang)
    facts = {
        "table.date": when,
        "card.deaths": toll,
        "card.target": row["target"],
        "card.actor": row["actor"],
        "card.reported": row["location_text"],
        "card.why": row["reason"],
    }
    lines = [_inert(row["summary"])] if row["summary"] else []
    lines += [
        f"<b>{_inert(message(key, lang))}</b> {_inert(said)}" for key, said in facts.items() if said
    ]
    return "<br>".join(lines)


def _inert(text: str) -> str:
    """Write a text as HTML that shows it and does nothing."""
    return html.escape(own_line(text)).replace("$", "&#36;")


def _geometry(shape: shapely.Geometry | None) -> ET.Element | None:
    """Write a shape; None for none."""
    if shape is None or shapely.is_empty(shape):
        return None
    if isinstance(shape, shapely.Point):
        return _node("Point", _coordinates(shape))
    parts = [_polygon(part) for part in shapely.get_parts(shape)]
    return parts[0] if len(parts) == 1 else _node("MultiGeometry", *parts)


def _polygon(shape: shapely.Polygon) -> ET.Element:
    """Write a polygon."""
    rings = [("outerBoundaryIs", shape.exterior)]
    rings += [("innerBoundaryIs", ring) for ring in shape.interiors]
    edges = [_node(tag, _node("LinearRing", _coordinates(ring))) for tag, ring in rings]
    return _node("Polygon", _leaf("tessellate", 1), *edges)


def _coordinates(shape: shapely.Geometry) -> ET.Element:
    """Write longitudes and latitudes to about a metre."""
    pairs = (f"{x:.5f},{y:.5f}" for x, y in shapely.get_coordinates(shape))
    return _leaf("coordinates", " ".join(pairs))
