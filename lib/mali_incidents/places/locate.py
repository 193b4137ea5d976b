"""Where each incident was: a point where that is known, else the area that certainly holds it.

Better no answer than a wrong one: a name that could be two places is not guessed, coordinates
that cannot be right are not mended, and what was not read is said.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from mali_incidents.places.footprint import clip, disc, enclosing_radius_m
from mali_incidents.places.frames import COUNTRY, FRAME_LEVELS, AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.places.names import fold, read_name, read_segments, says_relation
from mali_incidents.tables import Candidate, Reason, as_located

# A town that is its own unit is drawn as a place up to this radius; beyond it a point would say
# more than is known.
_TOWN_UNIT_M: Final = 15_000
# Coordinates written with many decimals are still no better than the reporter's map.
_FINEST_M: Final = 250
_METRES_A_DEGREE: Final = 111_320
# How good an answer is: the name found where the record puts it, found with no unit to confirm
# it, or only what is said to hold it.
_CONFIRMED, _UNCONFIRMED, _HOLDER = 1.0, 0.8, 0.6
_GEOD: Final = Geod(ellps="WGS84")
_ASKED: Final = ("location_text", "admin1", "admin2", "admin3", "latitude", "longitude")
_ADMINS: Final = {"admin1": "region", "admin2": "cercle", "admin3": "commune"}

Note = tuple[str, dict[str, Any]]


class _Scope(NamedTuple):
    """What the units named leave possible: the smallest unit named, and any of several allowed."""

    unit: str | None
    allowed: tuple[str, ...]
    notes: tuple[Note, ...]


class _Match(NamedTuple):
    """A place or unit that a name may mean; ``place`` is a gazetteer row or None for a unit."""

    name: str
    unit: str
    place: Any


def locate_incidents(
    incidents: pd.DataFrame,
    *,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> gpd.GeoDataFrame:
    """Locate incidents in administrative units.

    Parameters
    ----------
    incidents : pandas.DataFrame
        An incident table.
    frame : AdminFrame, optional
        The units; the shipped ones of 2017 by default.
    gazetteer : Gazetteer, optional
        The places; the shipped ones by default.

    Returns
    -------
    geopandas.GeoDataFrame
        The located table: every row, in its order, with the index of ``incidents``. A point lies in
        its footprint, and the footprint in the radius ``uncertainty_m`` round the point.

    Notes
    -----
    Point and radius as in Chapman & Wieczorek, Georeferencing Best Practices (GBIF 2020,
    doi 10.15468/doc-gg7h-s853).
    """
    units = frame if frame is not None else read_frame()
    places = gazetteer if gazetteer is not None else read_gazetteer()
    asked = incidents[list(_ASKED)].astype("object")
    asked = asked.where(asked.notna(), None)
    known: dict[tuple[Any, ...], dict[str, Any]] = {}
    answers = []
    for question in asked.itertuples(index=False, name=None):
        if question not in known:
            known[question] = _locate(dict(zip(_ASKED, question, strict=True)), units, places)
        answers.append(known[question])
    columns = list(_answer("none", "none", units, notes=()))
    found = pd.DataFrame(answers, index=incidents.index, columns=columns, dtype="object")
    return as_located(pd.concat([incidents, found], axis=1))


def _locate(asked: dict[str, Any], frame: AdminFrame, gazetteer: Gazetteer) -> dict[str, Any]:
    """Locate one record: by its coordinates where they can be right, else by its names."""
    text = asked["location_text"] or ""
    segments = read_segments(text)
    scope = _scope(asked, segments, frame)
    notes = list(scope.notes)
    if asked["latitude"] is not None and asked["longitude"] is not None:
        answer = _by_coordinates(asked["latitude"], asked["longitude"], scope, frame, notes)
        if answer is not None:
            return answer
    return _by_names(segments, scope, frame, gazetteer, notes)


def _scope(asked: dict[str, Any], segments: list[str], frame: AdminFrame) -> _Scope:
    """Narrow the country to the units that the record names."""
    named = [(asked[column], level) for column, level in _ADMINS.items() if asked[column]]
    for segment in segments:
        read = read_name(segment)
        if read.level is not None and read.level in _ADMINS.values() and not says_relation(segment):
            named.append((segment, read.level))
    allowed: tuple[str, ...] = (COUNTRY,)
    unit: str | None = None
    notes: list[Note] = []
    order = list(_ADMINS.values())
    for text, level in sorted(named, key=lambda pair: order.index(str(pair[1]))):
        found = _units_called(text, level, frame)
        fits = _within(found, allowed, frame)
        if not fits and level == "region":
            found = frame.region_2023_holds(read_name(text).name)
            fits = _within(found, allowed, frame)
            if fits:
                held = ", ".join(frame.label(cercle) for cercle in fits)
                notes.append(("region-2023", {"name": text, "units": held}))
        if not fits:
            notes.append(("units-unknown", {"text": text}))
            continue
        allowed = tuple(fits)
        unit = frame.common(fits)
    if unit == COUNTRY:
        unit = None
    return _Scope(unit, allowed, tuple(notes))


def _units_called(text: str, level: str | None, frame: AdminFrame) -> list[str]:
    """Find units by the whole of a name ("Commune IV"), else by what its type word leaves."""
    return frame.find(text, level=level) or frame.find(read_name(text).name, level=level)


def _within(units: Iterable[str], allowed: tuple[str, ...], frame: AdminFrame) -> list[str]:
    """Keep the units that lie in one of the allowed ones; a unit holding one is narrowed to it."""
    inside = [unit for unit in units if any(frame.holds(one, unit) for one in allowed)]
    holding = [one for one in allowed if any(frame.holds(unit, one) for unit in units)]
    return inside or holding


def _by_coordinates(
    latitude: float, longitude: float, scope: _Scope, frame: AdminFrame, notes: list[Note]
) -> dict[str, Any] | None:
    """Take the coordinates given, or say why they cannot be right and give None."""
    text = {"text": f"{latitude:g}, {longitude:g}"}
    commune, swapped = frame.units_at(
        np.array([longitude, latitude]), np.array([latitude, longitude])
    )
    if commune is None:
        notes.append(("swapped" if swapped else "outside", text))
        return None
    if float(latitude).is_integer() and float(longitude).is_integer():
        notes.append(("rounded", text))
        return None
    if not any(frame.holds(one, commune) for one in scope.allowed):
        named = ", ".join(frame.label(one) for one in scope.allowed)
        notes.append(("other-unit", {"unit": _address(commune, frame), "named": named}))
    radius = max(_implied_precision_m(latitude, longitude), _FINEST_M)
    point = shapely.Point(longitude, latitude)
    return _answer(
        "site",
        "coordinates",
        frame,
        unit=commune,
        point=point,
        area=clip(disc(longitude, latitude, radius), frame.polygon(COUNTRY)),
        radius=radius,
        score=_UNCONFIRMED if notes else _CONFIRMED,
        reason=("coordinates", {"unit": _address(commune, frame)}),
        notes=notes,
    )


def _implied_precision_m(latitude: float, longitude: float) -> float:
    """Give the radius that the written decimals imply, after the best practices' table 3."""
    decimals = max(
        len(f"{abs(value):.10f}".rstrip("0").split(".")[1]) for value in (latitude, longitude)
    )
    step = 10.0**-decimals
    return float(np.hypot(step, step * np.cos(np.radians(latitude))) * _METRES_A_DEGREE)


def _by_names(
    segments: list[str], scope: _Scope, frame: AdminFrame, gazetteer: Gazetteer, notes: list[Note]
) -> dict[str, Any]:
    """Find the finest segment that names one place or unit; else keep to the units named."""
    unknown: str | None = None
    for number, segment in enumerate(segments):
        if says_relation(segment):
            notes.append(("not-read", {"text": segment}))
            # What follows may be what it relates to ("between X and Y, Z"): only units are safe.
            if segment == segments[0]:
                break
            continue
        read = read_name(segment)
        if fold(segment) == "mali":
            continue
        matches = _matches(segment, scope, frame, gazetteer, notes)
        if not matches:
            # A unit named by its type has had its say in the scope.
            if read.level not in _ADMINS.values():
                unknown = unknown or segment
            continue
        if rest := ", ".join(filter(says_relation, segments[number + 1 :])):
            notes.append(("rest-not-read", {"text": rest}))
        if len(matches) > 1:
            return _ambiguous(segment, matches, scope, frame, notes)
        match = matches[0]
        if unknown is not None:
            return _holder(unknown, match, scope, frame, gazetteer, notes)
        return _single(segment, match, feature=read.feature, scope=scope, frame=frame, notes=notes)
    return _named_units(unknown, scope, segments, frame, gazetteer, notes)


def _matches(
    segment: str, scope: _Scope, frame: AdminFrame, gazetteer: Gazetteer, notes: list[Note]
) -> list[_Match]:
    """List what a segment may mean within the units named; a town and its own unit are one."""
    read = read_name(segment)
    found: list[_Match] = []
    if read.level in {None, "place"}:
        rows = gazetteer.find(segment)
        rows = rows if len(rows) else gazetteer.find(read.name)
        homes = (
            frame.units_at(rows["longitude"].to_numpy(), rows["latitude"].to_numpy())
            if len(rows)
            else []
        )
        pairs = zip(rows.to_dict("records"), homes, strict=True)
        found = [_Match(row["name"], home, row) for row, home in pairs if home is not None]
    inside = [
        match for match in found if any(frame.holds(one, match.unit) for one in scope.allowed)
    ]
    notes += [
        ("elsewhere", {"name": segment, "unit": _address(match.unit, frame)})
        for match in found
        if match not in inside
    ]
    units = _within(
        _units_called(segment, None if read.level == "place" else read.level, frame),
        scope.allowed,
        frame,
    )
    called = {fold(segment), read.name}
    units = [unit for unit in units if fold(frame.label(unit)) in called and unit != COUNTRY]
    own = [unit for unit in units if not any(frame.holds(unit, match.unit) for match in inside)]
    # Of a region, cercle and commune of one name, nested, the smallest is meant: any is certain
    # only of the largest, but reports name the town.
    smallest = [
        unit for unit in own if not any(other != unit and frame.holds(unit, other) for other in own)
    ]
    return inside + [_Match(frame.label(unit), unit, None) for unit in smallest]


def _single(
    segment: str,
    match: _Match,
    *,
    feature: bool,
    scope: _Scope,
    frame: AdminFrame,
    notes: list[Note],
) -> dict[str, Any]:
    """Answer with the one thing that a segment means."""
    score = _CONFIRMED if scope.unit else _UNCONFIRMED
    if match.place is None:
        values = {
            "name": segment,
            "level": frame.level(match.unit),
            "unit": _address(match.unit, frame),
        }
        return _unit_answer(match.unit, frame, reason=("unit", values), score=score, notes=notes)
    point = shapely.Point(match.place["longitude"], match.place["latitude"])
    own = _own_unit(match, frame)
    if own is not None and not feature:
        values = {"name": segment, "unit": _address(own, frame), "level": frame.level(own)}
        if frame.circle(own).radius_m > _TOWN_UNIT_M:
            return _unit_answer(own, frame, reason=("unit", values), score=score, notes=notes)
        reason = ("town-unit", values)
        return _town_answer(own, point, frame, reason=reason, score=score, notes=notes)
    radius = float(match.place["extent_km"]) * 1000
    area = clip(disc(point.x, point.y, radius), frame.polygon(COUNTRY))
    values = {"name": segment, "place": match.name, "unit": _address(match.unit, frame)}
    return _answer(
        "place", "place", frame, unit=match.unit, point=point, area=area, radius=radius,
        score=score, reason=("place", values), notes=notes,
    )  # fmt: skip


def _own_unit(match: _Match, frame: AdminFrame) -> str | None:
    """Give the smallest unit that holds a place and is called after it."""
    names = {fold(match.name), *(fold(name) for name in str(match.place["other_names"]).split(";"))}
    called = [unit for unit in frame.chain(match.unit) if fold(frame.label(unit)) in names]
    return called[-1] if called else None


def _holder(
    unknown: str,
    match: _Match,
    scope: _Scope,
    frame: AdminFrame,
    gazetteer: Gazetteer,
    notes: list[Note],
) -> dict[str, Any]:
    """Answer with what an unknown place is said to lie in."""
    unit = match.unit if match.place is None else (_own_unit(match, frame) or match.unit)
    # "X, Koulikoro" may be in the town, the cercle or the region of that name, and a village may
    # lie just outside the commune it is told with: the coarsest of that name is certain, within
    # the unit named.
    called = [one for one in frame.chain(unit) if frame.label(one) == frame.label(unit)]
    safe = called[0]
    if scope.unit and frame.holds(safe, scope.unit):
        safe = scope.unit
    reason = ("inside", {"name": unknown, "unit": _address(safe, frame)})
    return _whole_answer(safe, frame, gazetteer, reason=reason, notes=notes)


def _ambiguous(
    segment: str, matches: list[_Match], scope: _Scope, frame: AdminFrame, notes: list[Note]
) -> dict[str, Any]:
    """Fall back to the smallest unit that holds every candidate, or the unit named."""
    shared = frame.common([match.unit for match in matches])
    if scope.unit and frame.holds(shared, scope.unit):
        shared = scope.unit
    candidates = _candidates(matches, frame)
    said = "; ".join(f"{one.name} ({one.unit})" for one in candidates)
    notes = [*notes, ("ambiguous", {"name": segment, "candidates": said})]
    values = {"unit": _address(shared, frame)}
    answer = _unit_answer(shared, frame, reason=("admins", values), score=_UNCONFIRMED, notes=notes)
    return {**answer, "candidates": candidates, "margin": 0.0}


def _candidates(matches: list[_Match], frame: AdminFrame) -> list[Candidate]:
    """List what a name may mean, with distances from the first."""
    points = [
        frame.circle(match.unit).centre
        if match.place is None
        else shapely.Point(match.place["longitude"], match.place["latitude"])
        for match in matches
    ]
    apart = [_GEOD.inv(points[0].x, points[0].y, point.x, point.y)[2] / 1000 for point in points]
    return [
        Candidate(
            match.name, _address(match.unit, frame), round(km, 1) if number else None, _UNCONFIRMED
        )
        for number, (match, km) in enumerate(zip(matches, apart, strict=True))
    ]


def _named_units(
    unknown: str | None,
    scope: _Scope,
    segments: list[str],
    frame: AdminFrame,
    gazetteer: Gazetteer,
    notes: list[Note],
) -> dict[str, Any]:
    """Keep to the smallest unit that the record names, or say that nothing was found."""
    unit = scope.unit
    if unit is None and any(fold(segment) == "mali" for segment in segments):
        unit = COUNTRY
    if unit is None:
        return _answer("none", "none", frame, notes=notes)
    values = {"name": unknown, "unit": _address(unit, frame)}
    reason = ("inside" if unknown else "admins", values)
    return _whole_answer(unit, frame, gazetteer, reason=reason, notes=notes)


def _whole_answer(
    unit: str, frame: AdminFrame, gazetteer: Gazetteer, *, reason: Note, notes: list[Note]
) -> dict[str, Any]:
    """Answer with the unit that holds a place: as the town where it is one (Bamako)."""
    towns = gazetteer.find(frame.label(unit))
    if frame.level(unit) in {"region", "cercle"} and len(towns) == 1:
        town = shapely.Point(towns.iloc[0]["longitude"], towns.iloc[0]["latitude"])
        small = frame.circle(unit).radius_m <= _TOWN_UNIT_M
        if small and shapely.covers(frame.polygon(unit), town):
            return _town_answer(unit, town, frame, reason=reason, score=_HOLDER, notes=notes)
    return _unit_answer(unit, frame, reason=reason, score=_HOLDER, notes=notes)


def _town_answer(
    unit: str,
    point: shapely.Point,
    frame: AdminFrame,
    *,
    reason: Note,
    score: float,
    notes: Iterable[Note],
) -> dict[str, Any]:
    """Answer with a town that is its own unit: its point, and a radius that holds the unit."""
    area = frame.polygon(unit)
    return _answer(
        "place", "place", frame, unit=unit, point=point, area=area,
        radius=enclosing_radius_m(point, area), score=score, reason=reason, notes=notes,
    )  # fmt: skip


def _unit_answer(
    unit: str, frame: AdminFrame, *, reason: Note, score: float, notes: Iterable[Note]
) -> dict[str, Any]:
    """Answer with a whole unit."""
    circle = frame.circle(unit)
    return _answer(
        frame.level(unit), "unit", frame, unit=unit, point=circle.centre, area=frame.polygon(unit),
        radius=circle.radius_m, score=score, reason=reason, notes=notes,
    )  # fmt: skip


def _answer(
    level: str,
    method: str,
    frame: AdminFrame,
    *,
    notes: Iterable[Note],
    unit: str | None = None,
    point: shapely.Point | None = None,
    area: shapely.Geometry | None = None,
    radius: float | None = None,
    score: float | None = None,
    reason: Note = ("none", {}),
) -> dict[str, Any]:
    """Put an answer into the columns of the located table."""
    held = frame.chain_levels(unit) if unit is not None else {}
    ids = [held.get(level) for level in FRAME_LEVELS]
    code, values = reason
    return {
        "geometry": point,
        "footprint": area,
        "uncertainty_m": radius,
        "level": level,
        "method": method,
        "score": score,
        "margin": score,
        **{
            f"admin{depth + 1}_name": frame.label(one) if one else None
            for depth, one in enumerate(ids)
        },
        **{f"admin{depth + 1}_id": one for depth, one in enumerate(ids)},
        "region_2023": frame.regions_2023([unit]) if unit is not None else None,
        "frame": frame.name,
        "candidates": [],
        "reason": Reason(code, {**values, "notes": list(notes)}),
    }


def _address(unit: str, frame: AdminFrame) -> str:
    """Name a unit with the units that hold it, finest first."""
    names = dict.fromkeys(frame.label(one) for one in reversed(frame.chain(unit)))
    return ", ".join(names) or frame.label(unit)
