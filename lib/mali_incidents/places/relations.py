"""Where something lies by its relation to places: offset, near, between, part, border.

Each relation becomes an area (Chapman & Wieczorek, Georeferencing Best Practices, GBIF 2020,
doi 10.15468/doc-gg7h-s853), clipped to the units named and to Mali.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

import shapely
from pyproj import Geod

from mali_incidents.places.answers import HOLDER, UNCONFIRMED, Answer, Note, addresses, area_answer
from mali_incidents.places.candidates import EXACT, NameIndex, Scope, Spot
from mali_incidents.places.footprint import (
    FURTHEST_KM,
    HEADINGS,
    MIDDLE_OF_MALI,
    NEAR_BORDER_KM,
    NEAR_KM,
    OUTSKIRTS_KM,
    between_area,
    border_area,
    clip_to,
    distance_range_km,
    near_area,
    offset_area,
    offset_span,
    part_area,
)
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.names import UNIT_WORDS, fold, read_name
from mali_incidents.places.neighbours import read_neighbours
from mali_incidents.places.phrases import Clause, plain
from mali_incidents.places.scopes import WHOLE_COUNTRY, narrowed
from mali_incidents.places.wording import says_outskirts

# How far a place told as "near" another may lie from it and still be the one that is meant.
_BESIDE_KM: Final = 80.0
# How far away something may be of which only the direction is told, or a town to find it by.
_SOMEWHERE_KM: Final = 60.0
# Two places with a road between them are the nearest two of their names, not farther apart.
_TOLD_TOGETHER_KM: Final = 200.0
# How good an answer is that lies by its relation to a place.
_RELATED: Final = 0.8
_GEOD: Final = Geod(ellps="WGS84")

RELATIONS: Final = ("offset", "near", "between", "border", "part")


class Anchor(NamedTuple):
    """A place that another is told by: its name, point, own radius and how sure it is."""

    name: str
    longitude: float
    latitude: float
    extent_km: float
    score: float

    @property
    def point(self) -> shapely.Point:
        """The place's point, longitude first."""
        return shapely.Point(self.longitude, self.latitude)


def spots_of(clauses: Iterable[Clause], scope: Scope, index: NameIndex) -> Iterator[Spot]:
    """Give the places told beside a name, and how far it may lie from each."""
    for clause in clauses:
        for name in clause.names:
            anchor = find_anchor(name, scope, index) if clause.relation != "border" else None
            if anchor is None:
                continue
            nearest, farthest = 0.0, _BESIDE_KM + anchor.extent_km
            if clause.relation == "offset" and clause.offset and clause.offset.distance:
                low, high = _stated_range(clause)
                # Roads are longer than the straight line, and words rounder than numbers.
                nearest, farthest = 0.6 * low - 10, high + anchor.extent_km + 10
            elif clause.relation == "between":
                farthest = 3 * _BESIDE_KM
            must = clause.relation in RELATIONS and anchor.score > HOLDER
            yield Spot(anchor.longitude, anchor.latitude, nearest, farthest, must)


class _Told(NamedTuple):
    """What else a text tells of the place that a relation is to."""

    scope: Scope
    beside: tuple[Spot, ...] = ()
    of_unknown: bool = False


def find_anchor(
    name: str, scope: Scope, index: NameIndex, *, beside: tuple[Spot, ...] = ()
) -> Anchor | None:
    """Find the place that another is told by: in the units named, else anywhere."""
    read = read_name(name)
    if read.level in UNIT_WORDS:
        units = index.units_called(read, level=read.level, within=WHOLE_COUNTRY)
        return _unit_anchor(units[0], index) if len(units) == 1 else None
    for within in dict.fromkeys((scope, WHOLE_COUNTRY)):
        ranked = index.rank(read, within=within, beside=beside)
        if beside and not ranked.certain:
            # What is told beside it helps to choose, and may itself not fit a town well known.
            alone = index.rank(read, within=within)
            ranked = alone if alone.certain and index.is_known(alone.rows[0]) else ranked
        # From elsewhere only what readers may know is told by: towns, not hamlets.
        if ranked.certain and (within == scope or index.is_known(ranked.rows[0])):
            return _place_anchor(ranked.rows[0], ranked.scores[0], index)
        units = index.finest_called(read, within=within)
        if len(units) == 1:
            return _unit_anchor(units[0], index)
    return None


def _place_anchor(row: int, score: float, index: NameIndex) -> Anchor:
    """Take a place of the gazetteer as an anchor."""
    return Anchor(
        index.name(row),
        float(index.longitudes[row]),
        float(index.latitudes[row]),
        index.extent_km(row),
        score,
    )


def _unit_anchor(unit: str, index: NameIndex) -> Anchor:
    """Take the whole of a unit as an anchor."""
    centre, radius_m = index.frame.circle(unit)
    return Anchor(index.frame.label(unit), centre.x, centre.y, radius_m / 1000, HOLDER)


def _two_anchors(
    first: str, second: str, scope: Scope, index: NameIndex
) -> tuple[Anchor, Anchor] | None:
    """Find two places told together: of several with their names, the two nearest each other."""
    ends = [find_anchor(name, scope, index) for name in (first, second)]
    several: list[list[Anchor]] = []
    for name, end in zip((first, second), ends, strict=True):
        ranked = index.rank(read_name(name), within=scope)
        good = [
            _place_anchor(row, score, index)
            for row, score, likely in zip(ranked.rows, ranked.scores, ranked.likely, strict=True)
            if score >= index.thresholds.least_score or likely >= EXACT
        ]
        several.append(good if end is None else [end])
    pairs = [
        (_GEOD.inv(one.longitude, one.latitude, other.longitude, other.latitude)[2], one, other)
        for one in several[0]
        for other in several[1]
    ]
    if not pairs:
        return None
    metres, one, other = min(pairs, key=lambda pair: pair[0])
    far = len(pairs) > 1 and metres > 1000 * _TOLD_TOGETHER_KM
    return None if far else (one, other)


def areas_of(
    related: list[Clause],
    scope: Scope,
    index: NameIndex,
    *,
    told: list[Clause] | None = None,
    of_unknown: bool = False,
) -> tuple[list[Answer], list[Note]]:
    """Draw the areas that relations mean.

    Parameters
    ----------
    related : list of Clause
        Clauses with a relation, in the order of the text.
    scope : Scope
        The units that hold what is meant.
    index : NameIndex
        The names of places and units.
    told : list of Clause, optional
        Every relation of the statement, where only some are to be drawn: they help to find the
        places that those are to.
    of_unknown : bool
        Whether they are told of a place with a name that is not known: "near" then reaches
        farther, as a reader is told the nearest town he may know.

    Returns
    -------
    answers : list of Answer
        One for each relation to something known, as far as it lies in the units and in Mali.
    notes : list of (str, dict)
        Relations to what is not known, and those that do not reach into the units.
    """
    answers: list[Answer] = []
    notes: list[Note] = []
    for clause in related:
        others = [other for other in (told or related) if other is not clause]
        known = _Told(scope, tuple(spots_of(others, scope, index)), of_unknown)
        drawn = _DRAWN[clause.relation](clause, known, index)
        if drawn is None:
            notes.append(("not-read", {"text": clause.text}))
            continue
        clipped = _clipped(drawn.area, scope, index.frame)
        if clipped is None:
            said = addresses(scope.units, index.frame)
            notes.append(("clash-unit", {"text": clause.text, "unit": said}))
            continue
        centre = drawn.centre
        inside = centre is not None and shapely.covers(clipped, centre)
        answers.append(
            area_answer(
                clipped,
                index.frame,
                method="part" if clause.relation == "border" else clause.relation,
                reason=drawn.reason,
                score=drawn.score,
                centre=centre if inside else None,
                within=index.frame.common((drawn.scope or scope).units),
            )
        )
    return answers, notes


def together(answers: list[Answer], frame: AdminFrame) -> Answer:
    """Answer with what several relations to places leave, as far as they can all hold.

    Parameters
    ----------
    answers : list of Answer
        An area for each relation, the first one first.
    frame : AdminFrame
        The units.

    Returns
    -------
    Answer
        The first, cut to the others; those that do not meet it are noted.
    """
    main, *others = answers
    for other in others:
        if main.footprint is None or other.footprint is None:
            continue
        text = {"text": other.reason[1]["text"]}
        shared = clip_to(main.footprint, other.footprint)
        if shared is None:
            main = main.noting([("clash-near", text)])
            continue
        main = main.noting([("also-told", text)])
        points = (main.point, other.point)
        centre = next((point for point in points if shapely.covers(shared, point)), None)
        if main.method == "near" and centre is not main.point:
            # Near a place is first of all at that place.
            continue
        cut = area_answer(
            shared,
            frame,
            method=main.method,
            reason=main.reason,
            score=min(main.score or 0.0, other.score or 0.0),
            centre=centre,
        )
        main = cut.noting(main.notes)
    return main


@cache
def _joined(units: tuple[str, ...], frame: AdminFrame) -> shapely.Geometry:
    """Join the polygons of units."""
    if len(units) == 1:
        return frame.polygon(units[0])
    return shapely.union_all([frame.polygon(unit) for unit in units])


def _clipped(area: shapely.Geometry, scope: Scope, frame: AdminFrame) -> shapely.Geometry | None:
    """Clip an area to the units named, and to Mali."""
    if scope.units == (COUNTRY,):
        return clip_to(area, frame.polygon(COUNTRY))
    return clip_to(area, _joined(scope.units, frame), frame.polygon(COUNTRY))


class _Drawn(NamedTuple):
    """An area that a relation means; the point to show it by, where it has one of its own.

    ``scope`` are the units it is a part of, where the relation itself names them.
    """

    area: shapely.Geometry
    centre: shapely.Point | None
    reason: Note
    score: float
    scope: Scope | None = None


def _draw_offset(clause: Clause, told: _Told, index: NameIndex) -> _Drawn | None:
    """Draw "30 km south of X", "20 km from X" or "north of X"."""
    anchor = find_anchor(clause.names[0], told.scope, index, beside=told.beside)
    if anchor is None or clause.offset is None:
        return None
    said = {"text": clause.text, "place": anchor.name}
    score = _RELATED * anchor.score
    heading = HEADINGS.get((clause.offset.heading or "").upper())
    if clause.offset.distance is None:
        if heading is None:
            return None
        # No distance: the half on that side of what is not far, the place itself included.
        near = near_area(
            anchor.longitude, anchor.latitude, extent_km=anchor.extent_km, reach_km=_SOMEWHERE_KM
        )
        half = part_area(near, heading.azimuth_deg, middle=anchor.point)
        own = near_area(anchor.longitude, anchor.latitude, extent_km=anchor.extent_km, reach_km=0.1)
        return _Drawn(shapely.union(half, own), anchor.point, ("offset", said), score)
    low, high = _stated_range(clause)
    if high > FURTHEST_KM:
        return None
    if heading is None:
        # By road or as the crow flies is not said, so that it may be nearer, never farther.
        area = offset_area(
            anchor.longitude, anchor.latitude, distance_km=(0.0, high), extent_km=anchor.extent_km
        )
        return _Drawn(area, anchor.point, ("offset-any", said), score)
    area = offset_area(
        anchor.longitude,
        anchor.latitude,
        distance_km=(low, high),
        heading=heading,
        extent_km=anchor.extent_km,
    )
    return _Drawn(area, None, ("offset", said), score)


def _stated_range(clause: Clause) -> tuple[float, float]:
    """Give the shortest and longest distance that an offset may mean, in kilometres."""
    assert clause.offset is not None  # noqa: S101 -- only offsets are asked
    assert clause.offset.distance is not None  # noqa: S101
    least, most = clause.offset.distance
    upper = most if most > least else None
    return distance_range_km(least, upper=upper, unit=clause.offset.unit, about=clause.offset.about)


def _draw_near(clause: Clause, told: _Told, index: NameIndex) -> _Drawn | None:
    """Draw "near X", "on the outskirts of X"."""
    anchor = find_anchor(clause.names[0], told.scope, index, beside=told.beside)
    if anchor is None:
        return None
    reach = (
        OUTSKIRTS_KM
        if says_outskirts(plain(clause.text))
        else _SOMEWHERE_KM
        if told.of_unknown
        else NEAR_KM
    )
    area = near_area(anchor.longitude, anchor.latitude, extent_km=anchor.extent_km, reach_km=reach)
    said = {"text": clause.text, "place": anchor.name}
    return _Drawn(area, anchor.point, ("near", said), _RELATED * anchor.score)


def _draw_between(clause: Clause, told: _Told, index: NameIndex) -> _Drawn | None:
    """Draw "between X and Y", "the X-Y road"."""
    for first, second in _pairs(clause.names):
        ends = _two_anchors(first, second, told.scope, index)
        if ends is not None:
            one, other = ends
            area = between_area(
                (one.longitude, one.latitude),
                (other.longitude, other.latitude),
                extents_km=(one.extent_km, other.extent_km),
            )
            said = {"text": clause.text, "first": one.name, "second": other.name}
            return _Drawn(area, None, ("between", said), _RELATED * min(one.score, other.score))
    # With one end known only, how far the other lies is not.
    return None


def _pairs(names: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Part names at each hyphen that may part them: "Gourma-Rharous-Gossi"."""
    for cut in range(1, len(names)):
        yield "-".join(names[:cut]), "-".join(names[cut:])
    if len(names) > 2:
        yield names[0], names[-1]


def _draw_part(clause: Clause, told: _Told, index: NameIndex) -> _Drawn | None:
    """Draw "northern Mali", "the south of X region"."""
    assert clause.offset is not None  # noqa: S101 -- every part has its heading
    heading = HEADINGS.get((clause.offset.heading or "").upper())
    azimuth = None if heading is None else heading.azimuth_deg
    name = clause.names[0]
    said = {"text": clause.text}
    if fold(name) == "mali":
        area = part_area(index.frame.polygon(COUNTRY), azimuth, middle=MIDDLE_OF_MALI)
        return _Drawn(area, None, ("part", said), UNCONFIRMED)
    narrow, _ = narrowed(told.scope, [(name, str(read_name(name).level))], index)
    if narrow == told.scope:
        return None
    area = part_area(_joined(narrow.units, index.frame), azimuth)
    return _Drawn(area, None, ("part", said), UNCONFIRMED, narrow)


def _draw_border(clause: Clause, told: _Told, index: NameIndex) -> _Drawn | None:  # noqa: ARG001
    """Draw "near the border with Mauritania"."""
    reach = (0.0, NEAR_BORDER_KM)
    if clause.offset is not None and clause.offset.distance is not None:
        # How far to the border a report says by road as often as not.
        reach = (0.0, _stated_range(clause)[1])
    area = _border(clause.names[0], reach, index.frame)
    return _Drawn(area, None, ("border", {"text": clause.text}), _RELATED)


@cache
def _border(code: str, reach_km: tuple[float, float], frame: AdminFrame) -> shapely.Geometry:
    """Draw the strip along the border with a neighbour."""
    border = read_neighbours(frame)[code]
    return border_area(frame.polygon(COUNTRY), border, distance_km=reach_km)


_DRAWN: Final = {
    "offset": _draw_offset,
    "near": _draw_near,
    "between": _draw_between,
    "part": _draw_part,
    "border": _draw_border,
}


def check_against(
    answer: Answer, related: list[Clause], scope: Scope, index: NameIndex
) -> list[Note]:
    """Check an answer against what else the text says of it."""
    return list(_checks(answer, related, scope, index))


def _checks(
    answer: Answer, related: list[Clause], scope: Scope, index: NameIndex
) -> Iterator[Note]:
    """Give a note for each relation that can be checked."""
    for clause in related:
        unread = ("not-read", {"text": clause.text})
        if answer.footprint is None:
            continue
        if clause.relation == "offset" and clause.offset and clause.offset.distance:
            anchor = find_anchor(clause.names[0], scope, index)
            if anchor is None:
                yield unread
                continue
            nearest, farthest, first, last = offset_span(
                anchor.longitude, anchor.latitude, answer.footprint
            )
            low, high = _stated_range(clause)
            extent = anchor.extent_km
            fits = nearest - extent <= high and farthest + extent >= low
            heading = HEADINGS.get((clause.offset.heading or "").upper())
            if heading is not None:
                fits = fits and _overlap(heading.azimuth_deg, heading.half_angle_deg, first, last)
            values = {
                "text": clause.text,
                "place": anchor.name,
                "nearest": round(nearest),
                "farthest": round(farthest),
                "heading": _heading_between(first, last),
            }
            yield ("agrees" if fits else "clash"), values
            continue
        drawn = _DRAWN[clause.relation](clause, _Told(scope, of_unknown=True), index)
        if drawn is None:
            yield unread
        elif not shapely.intersects(drawn.area, answer.footprint):
            yield "clash-near", {"text": clause.text}


def _heading_between(first: float, last: float) -> str:
    """Give the one of eight headings in the middle of some bearings; none where they go round."""
    if (first, last) == (0.0, 360.0):
        return ""
    middle = first + (last - first) % 360 / 2
    return ("n", "ne", "e", "se", "s", "sw", "w", "nw")[round(middle / 45) % 8]


def _overlap(azimuth: float, half_angle: float, first: float, last: float) -> bool:
    """Tell whether a heading may point into the bearings from the first clockwise to the last."""
    if (first, last) == (0.0, 360.0):
        return True
    width = (last - first) % 360
    away = (azimuth - first) % 360
    return away <= width + half_angle or away >= 360 - half_angle
