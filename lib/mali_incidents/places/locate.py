"""Where each incident was: a point where that is known, else the area that certainly holds it.

Better no answer than a wrong one: a name that could be two places is not guessed, coordinates
that cannot be right are not mended, and what was not read is said.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.places.answers import (
    Answer,
    Note,
    address,
    columns_of,
    no_answer,
    place_answer,
    unit_answer,
)
from mali_incidents.places.candidates import NameIndex, Scope
from mali_incidents.places.corrections import Correction, Key, check_corrections, key_of
from mali_incidents.places.footprint import implied_precision_m
from mali_incidents.places.frames import COUNTRY, AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.places.names import UNIT_WORDS, read_name
from mali_incidents.places.phrases import read_phrases
from mali_incidents.places.precision import ReportedPrecision, reported_level
from mali_incidents.places.resolve import Asked, resolve
from mali_incidents.places.scopes import WHOLE_COUNTRY, narrowed
from mali_incidents.tables import CRS, as_located

# Coordinates written with many decimals are still no better than the reporter's map.
_FINEST_M: Final = 250
_CONFIRMED, _UNCONFIRMED = 1.0, 0.8
_ASKED: Final = (
    "location_text",
    "admin1",
    "admin2",
    "admin3",
    "latitude",
    "longitude",
    "reported_precision",
)
_LEVEL_OF: Final = {"admin1": "region", "admin2": "cercle", "admin3": "commune"}


def locate_incidents(
    incidents: pd.DataFrame,
    *,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
    corrections: Mapping[Key, Correction] | None = None,
) -> gpd.GeoDataFrame:
    """Locate incidents in administrative units.

    Parameters
    ----------
    incidents : pandas.DataFrame
        An incident table.
    frame : AdminFrame, optional
        The units; the shipped ones of 2017 by default.
    gazetteer : Gazetteer, optional
        The places; those that ship and those added by default.
    corrections : mapping, optional
        What a person found, as ``read_corrections`` gives it; applied before anything else.

    Returns
    -------
    geopandas.GeoDataFrame
        The located table: every row, in its order, with the index of ``incidents``. A point lies in
        its footprint, and the footprint in the radius ``uncertainty_m`` round the point.

    Raises
    ------
    LocateError
        When a correction names no unit of the frame, or lies outside it; all of them at once.

    Notes
    -----
    Point and radius as in Chapman & Wieczorek, Georeferencing Best Practices (GBIF 2020,
    doi 10.15468/doc-gg7h-s853).
    """
    index = _index_of(gazetteer, frame)
    check_corrections(corrections or {}, frame=index.frame)
    asked = incidents[list(_ASKED)].astype("object")
    asked = asked.where(asked.notna(), None)
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    answers = []
    for question in asked.itertuples(index=False, name=None):
        if question not in known:
            answer = _locate(dict(zip(_ASKED, question, strict=True)), index, corrections or {})
            known[question] = columns_of(answer, index.frame)
        answers.append(known[question])
    columns = list(columns_of(no_answer(), index.frame))
    found = pd.DataFrame(answers, index=incidents.index, columns=columns, dtype="object")
    return as_located(pd.concat([incidents, found], axis=1))


def _index_of(gazetteer: Gazetteer | None, frame: AdminFrame | None) -> NameIndex:
    """Make the index of names, or take the one made before."""
    return _made_index(
        gazetteer if gazetteer is not None else read_gazetteer(),
        frame if frame is not None else read_frame(),
    )


@lru_cache(maxsize=4)
def _made_index(gazetteer: Gazetteer, frame: AdminFrame) -> NameIndex:
    """Make the index of names of a gazetteer and a frame once."""
    return NameIndex(gazetteer, frame)


def where(
    text: str,
    *,
    admin1: str | None = None,
    admin2: str | None = None,
    admin3: str | None = None,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Locate what a report says of a place.

    Parameters
    ----------
    text : str
        A place in words, French or English: ``"30 km south of In-Tellit"``.
    admin1, admin2, admin3 : str, optional
        The region, cercle and commune, where they are known.
    frame : AdminFrame, optional
        The units; the shipped ones of 2017 by default.
    gazetteer : Gazetteer, optional
        The places; those that ship and those added by default.

    Returns
    -------
    geopandas.GeoDataFrame
        A row for each place the text names, the main one first, with the columns that
        ``locate_incidents`` adds and ``location_text``.
    """
    index = _index_of(gazetteer, frame)
    named = zip(("region", "cercle", "commune"), (admin1, admin2, admin3), strict=True)
    units = tuple((name, level) for level, name in named if name)
    answers = resolve(Asked(text, units), index)
    table = pd.DataFrame([columns_of(answer, index.frame) for answer in answers], dtype="object")
    table.insert(0, "location_text", text)
    found = gpd.GeoDataFrame(table, geometry="geometry", crs=CRS)
    found["footprint"] = gpd.GeoSeries(found["footprint"], crs=CRS)
    return found


def _locate(
    asked: dict[str, Any], index: NameIndex, corrections: Mapping[Key, Correction]
) -> Answer:
    """Locate one record: as corrected, by coordinates where they can be right, or by names."""
    key = key_of(*(asked[column] for column in ("location_text", "admin1", "admin2", "admin3")))
    if key in corrections:
        return _as_corrected(asked["location_text"] or "", corrections[key], index.frame)
    units = tuple((asked[column], level) for column, level in _LEVEL_OF.items() if asked[column])
    question = Asked(asked["location_text"] or "", units)
    notes: list[Note] = []
    if asked["latitude"] is not None and asked["longitude"] is not None:
        point = shapely.Point(asked["longitude"], asked["latitude"])
        precision = reported_level(asked["reported_precision"])
        answer = _by_coordinates(point, precision, question, index, notes)
        if answer is not None:
            return answer
    main, *others = resolve(question, index)
    also = [("also-named", {"name": str(other.reason[1].get("name", ""))}) for other in others]
    return main.noting([*notes, *also])


def _as_corrected(text: str, correction: Correction, frame: AdminFrame) -> Answer:
    """Answer with what a person found."""
    said = {"name": text, "who": correction.who or "?", "when": correction.when or "?"}
    reason: Note = ("correction", {**said, "why": correction.why})
    if correction.latitude is None or correction.longitude is None:
        answer = unit_answer(correction.unit_id, frame, reason=reason, score=_CONFIRMED)
        return answer._replace(method="correction")
    point = shapely.Point(correction.longitude, correction.latitude)
    (home,) = frame.units_at(np.array([point.x]), np.array([point.y]))
    assert home is not None  # noqa: S101 -- check_corrections saw to it
    radius = 1000 * correction.radius_km
    return place_answer(
        point, home, frame, radius_m=radius, method="correction", reason=reason, score=_CONFIRMED
    )


def _by_coordinates(
    point: shapely.Point,
    precision: ReportedPrecision | None,
    question: Asked,
    index: NameIndex,
    notes: list[Note],
) -> Answer | None:
    """Take the coordinates given for what their code allows, or say why not and give None."""
    frame = index.frame
    text = {"text": f"{point.y:g}, {point.x:g}"}
    home, swapped = frame.units_at(np.array([point.x, point.y]), np.array([point.y, point.x]))
    scope, said = _named_units(question, index)
    least = _FINEST_M if precision is None else precision.radius_m
    if precision is not None and least is None:
        notes.append(("stand-in", text))
        coded = _by_code(precision, home, scope, index)
        return coded.noting(said) if coded is not None else None
    if home is None:
        notes.append(("swapped" if swapped else "outside", text))
        return None
    if precision is None and point.x.is_integer() and point.y.is_integer():
        notes.append(("rounded", text))
        return None
    if not any(frame.holds(one, home) for one in scope.units):
        named = ", ".join(frame.label(one) for one in scope.units)
        said.append(("other-unit", {"unit": address(home, frame), "named": named}))
    answer = place_answer(
        point,
        home,
        frame,
        radius_m=max(implied_precision_m(point.y, point.x), least or _FINEST_M),
        level="site" if precision is None else str(precision.level),
        method="coordinates",
        reason=("coordinates", {"unit": address(home, frame)}),
        score=_UNCONFIRMED if said else _CONFIRMED,
    )
    return answer.noting(said)


def _by_code(
    precision: ReportedPrecision, home: str | None, scope: Scope, index: NameIndex
) -> Answer | None:
    """Answer with the unit that a source's code says the place is known to."""
    frame = index.frame
    if precision.level is None:
        return None
    if precision.level == "none":
        return no_answer()
    if precision.level == "country":
        return unit_answer(COUNTRY, frame, reason=("coded", {"unit": "Mali"}), score=_UNCONFIRMED)
    named = frame.common(scope.units)
    for unit in (named, home):
        chain = frame.chain_levels(unit) if unit is not None else {}
        if precision.level in chain:
            held = chain[precision.level]
            reason = ("coded", {"unit": address(held, frame)})
            return unit_answer(held, frame, reason=reason, score=_UNCONFIRMED)
    return None


def _named_units(question: Asked, index: NameIndex) -> tuple[Scope, list[Note]]:
    """Narrow the country to the units that a record names, in columns and in its text."""
    typed = [
        (name, str(read_name(name).level))
        for statement in read_phrases(question.text)
        for clause in statement
        if clause.relation == "at"
        for name in clause.names
        if read_name(name).level in UNIT_WORDS
    ]
    return narrowed(WHOLE_COUNTRY, [*question.units, *typed], index)
