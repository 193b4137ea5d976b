"""A located table as the columns that a page carries, in no language of its own."""

import re
from functools import cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.errors import LocateError
from mali_incidents.maps.messages import LANGUAGES, set_name
from mali_incidents.maps.payload import (
    Column,
    pack_line,
    pack_numbers,
    pack_records,
    pack_texts,
    pack_together,
)
from mali_incidents.maps.signs import outlined
from mali_incidents.places.frames import COUNTRY
from mali_incidents.places.reasons import reason_words
from mali_incidents.tables import AREA_METHODS, INCIDENTS, POINT_LEVELS, Reason

# Coordinates at 5 decimals, about a metre.
_PARTS: Final = 100_000
# Lines of the ground and outlines, in parts of a degree.
LINE_PARTS: Final = 10_000
# Areas drawn from words are no finer than this, in degrees (500 m).
_OUTLINE_DEGREES: Final = 0.005
_TEXTS: Final = {
    "id": "incident_id",
    "event": "event_type",
    "subEvent": "sub_event_type",
    "dataset": "dataset",
    "precision": "date_precision",
    "summary": "summary",
    "target": "target",
    "actor": "actor",
    "attribution": "attribution",
    "verification": "verification",
    "reported": "location_text",
    "level": "level",
}
_NUMBERS: Final = {
    "low": "fatalities_low",
    "best": "fatalities_best",
    "high": "fatalities_high",
    "injured": "injured",
    "abducted": "abducted",
}
_UNITS: Final = {"admin1": "admin1_id", "admin2": "admin2_id", "admin3": "admin3_id"}
_DAYS: Final = {"start": "date_start", "end": "date_end"}
_PLACES: Final = {
    "placed": "located",
    "lat": "located_latitude",
    "lon": "located_longitude",
    "radius": "uncertainty_m",
}
_FIELDS: Final = {
    column: field
    for fields in (_TEXTS, _DAYS, _NUMBERS, _PLACES, _UNITS)
    for field, column in fields.items()
}
# What a reader may take along, in the order of the table: columns, and the page's fields for them.
DOWNLOADED: Final = {
    name: _FIELDS[name] for name in (*INCIDENTS.columns, *_FIELDS) if name in _FIELDS
}
_UNIT_OF_LEVEL: Final = {"commune": "admin3_id", "cercle": "admin2_id", "region": "admin1_id"}


def incident_columns(
    located: gpd.GeoDataFrame,
) -> tuple[dict[str, Column], dict[str, list[str]]]:
    """Pack a located table.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.

    Returns
    -------
    (dict of str to dict, dict of str to list of str)
        Columns as :mod:`mali_incidents.maps.payload` packs them, by the names the viewer's rows
        have, and the tables that some of them share.

    Raises
    ------
    LocateError
        When a reason is none that can be said.
    """
    pinned = located["level"].isin(POINT_LEVELS).to_numpy()
    latitude, longitude = _points(located)
    units = located[list(_UNITS.values())].set_axis(list(_UNITS), axis=1)
    units["unit"] = _units(located)
    shared, table = pack_together(units, name="units")
    columns = {
        **{name: pack_texts(located[column]) for name, column in _TEXTS.items()},
        **{name: pack_numbers(_days(located[column])) for name, column in _DAYS.items()},
        **{name: pack_numbers(located[column]) for name, column in _NUMBERS.items()},
        "placed": pack_texts(pd.Series(place_names(located), dtype="object")),
        "reason": pack_records(map(_reason, located["reason"]), fields=1 + _most_slots()),
        "sources": pack_records(located["sources"], fields=3),
        **{
            name: pack_numbers(np.where(kept, degrees, np.nan), parts=_PARTS)
            for name, degrees, kept in (
                ("lat", latitude, pinned),
                ("lon", longitude, pinned),
                ("labelLat", latitude, ~pinned),
                ("labelLon", longitude, ~pinned),
            )
        },
        "radius": pack_numbers(located["uncertainty_m"].round().astype("Int64")),
        **shared,
        "outline": pack_numbers(_outline_numbers(located)),
        "how": pack_texts(_how(located)),
    }
    return columns, {"units": table}


def outlines(located: gpd.GeoDataFrame) -> list[list[list[int]]]:
    """Give the packed rings of the areas of their own, by the numbers in the column."""
    numbers = _outline_numbers(located)
    first = pd.Series(numbers).dropna().drop_duplicates().index
    shapes = shapely.simplify(located["footprint"].to_numpy()[first], _OUTLINE_DEGREES)
    parts, owners = shapely.get_parts(shapes, return_index=True)
    rings: list[list[list[int]]] = [[] for _ in first]
    for part, owner in zip(parts, owners, strict=True):
        rings[owner] += rings_of(part)
    return rings


def rings_of(polygon: shapely.Polygon) -> list[list[int]]:
    """Pack a polygon's rings."""
    return [line_of(line) for line in (polygon.exterior, *polygon.interiors)]


def line_of(line: shapely.LineString) -> list[int]:
    """Pack a line to 4 decimals, about 10 m."""
    return pack_line(shapely.get_coordinates(line), parts=LINE_PARTS)


def reason_tables(located: gpd.GeoDataFrame) -> dict[str, dict[str, Any]]:
    """Give the words of the reasons there are, by language, and what fills their slots in turn."""
    codes = sorted({code for reason in located["reason"] for code, _ in _said(reason)})
    tables: dict[str, dict[str, Any]] = {}
    for lang in LANGUAGES:
        words = reason_words(lang)
        tables[lang] = {
            "sentences": {code: words["sentences"][code] for code in codes},
            "slots": {code: _slots_of(code) for code in codes},
            "words": words["words"],
        }
    return tables


def _points(located: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give latitudes and longitudes, NaN where there is no point."""
    points = located.geometry.to_numpy()
    return shapely.get_y(points), shapely.get_x(points)


def _days(moments: pd.Series) -> pd.Series:
    """Count the days since 1970-01-01."""
    days: pd.Series = (moments - pd.Timestamp(0)).dt.days
    return days


def _how(located: gpd.GeoDataFrame) -> pd.Series:
    """Say which words tell how finely a place is known: its level, or how it was told."""
    told = located["method"].isin(AREA_METHODS)
    pinned = located["level"].isin(POINT_LEVELS)
    how: pd.Series = located["level"].mask(told & pinned, "near").mask(told & ~pinned, "area")
    return how


def _units(located: gpd.GeoDataFrame) -> pd.Series:
    """Give the id of the unit each incident is known to, where only a unit is known."""
    units = pd.Series(None, index=located.index, dtype="object")
    for level, column in _UNIT_OF_LEVEL.items():
        units = units.mask(located["level"] == level, located[column])
    return units.mask(located["level"] == "country", COUNTRY)


def _outline_numbers(located: gpd.GeoDataFrame) -> np.ndarray:
    """Give the areas of their own a number each, the same area the same; NaN for the others."""
    own = outlined(located).to_numpy()
    numbers = np.full(len(located), None, dtype=object)
    if own.any():
        shapes = shapely.to_wkb(located["footprint"].to_numpy()[own])
        numbers[own], _ = pd.factorize(shapes)
    return numbers


def place_names(located: gpd.GeoDataFrame) -> list[str | None]:
    """Name where each incident was located, finest first: "Narena, Kangaba, Koulikoro"."""
    # The place itself is known to the reason alone: Mourdiah lies in the commune of Niamana.
    reasons = located["reason"]
    places = [reason.values.get("place") if reason.code == "place" else None for reason in reasons]
    units = located[["admin3_name", "admin2_name", "admin1_name"]].astype("object")
    held = (units[one].where(units[one].notna(), None) for one in units)
    rows = list(zip(places, *held, strict=True))
    joined = {
        names: set_name(", ".join(dict.fromkeys(name for name in names if name))) or None
        for names in dict.fromkeys(rows)
    }
    return [joined[names] for names in rows]


def _said(reason: Reason) -> list[tuple[str, dict[str, Any]]]:
    """Give the codes of a reason with their values, its notes after it."""
    return [(reason.code, reason.values), *reason.values.get("notes", [])]


def _reason(reason: Reason) -> list[tuple[str | None, ...]]:
    """Give a reason's code and what fills the slots of its sentence, and so its notes."""
    return [
        (code, *[str(values.get(name, "")) for name in _slots_of(code)], *_blanks_of(code))
        for code, values in _said(reason)
    ]


@cache
def _blanks_of(code: str) -> list[None]:
    """Give what is missing to the most slots that any sentence has."""
    return [None] * (_most_slots() - len(_slots_of(code)))


@cache
def _most_slots() -> int:
    """Count the most slots that any sentence has."""
    return max(len(_slots_of(code)) for code in reason_words("en")["sentences"])


@cache
def _slots_of(code: str) -> tuple[str, ...]:
    """Name the values that the sentences of a code have places for."""
    texts = [reason_words(lang)["sentences"].get(code) for lang in LANGUAGES]
    if None in texts:
        raise LocateError(f"there is no sentence for the reason {code!r}")
    return tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", " ".join(map(str, texts)))))
