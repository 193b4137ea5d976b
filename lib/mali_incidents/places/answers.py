"""Answers: what is put into the located table for one record."""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import shapely

from mali_incidents.places.footprint import clip_to, disc, enclosing_radius_m, point_radius
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.tables import Candidate, Reason

Note = tuple[str, dict[str, Any]]

# How good an answer is that nothing confirms, and one that only says what holds the place.
UNCONFIRMED: Final = 0.9
HOLDER: Final = 0.6
# A town that is its own unit may be anywhere in it; a unit up to this radius is still the town.
TOWN_UNIT_M: Final = 15_000
# What lies near a place is known as finely as a place; what is farther off only as an area.
_VICINITY_M: Final = 32_000
# An area is counted in the finest unit with so much of it.
_NEARLY_ALL: Final = 0.9
_DECIMALS: Final = 4


class Answer(NamedTuple):
    """Where a record was located; None throughout where it was not.

    Attributes
    ----------
    level, method : str
        As in the located table.
    point : shapely.Point or None
        The representative point, EPSG:4326.
    footprint : shapely.Geometry or None
        All that may be meant.
    radius_m : float or None
        The circle round the point that holds the footprint.
    unit : str or None
        The finest unit known to hold it; the country where none is.
    score, margin : float or None
        How good, and how far ahead.
    reason : (str, dict)
        The code and values of the first sentence.
    notes : tuple of (str, dict)
        Codes and values of further sentences.
    candidates : tuple of Candidate
        What else it might have been.
    units : tuple of str
        The units that make it up together, where it is several.
    """

    level: str
    method: str
    point: shapely.Point | None = None
    footprint: shapely.Geometry | None = None
    radius_m: float | None = None
    unit: str | None = None
    score: float | None = None
    margin: float | None = None
    reason: Note = ("none", {})
    notes: tuple[Note, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    units: tuple[str, ...] = ()

    def noting(self, notes: Iterable[Note]) -> "Answer":
        """Give the answer with further notes, each once."""
        unique = [*self.notes]
        for note in notes:
            if note not in unique:
                unique.append(note)
        return self._replace(notes=tuple(unique))


def no_answer(
    *, reason: Note = ("none", {}), notes: Iterable[Note] = (), candidates: Iterable[Candidate] = ()
) -> Answer:
    """Answer with no place: that nothing was found, by default."""
    return Answer("none", "none", reason=reason, notes=tuple(notes), candidates=tuple(candidates))


def unit_answer(unit: str, frame: AdminFrame, *, reason: Note, score: float) -> Answer:
    """Answer with a whole unit."""
    circle = frame.circle(unit)
    return Answer(
        level=frame.level(unit),
        method="unit",
        point=circle.centre,
        footprint=frame.polygon(unit),
        radius_m=circle.radius_m,
        unit=unit,
        score=score,
        margin=score,
        reason=reason,
    )


def units_answer(
    units: tuple[str, ...], frame: AdminFrame, *, reason: Note, score: float
) -> Answer:
    """Answer with several units together, such as the cercles of a region of 2023."""
    if len(units) == 1:
        return unit_answer(units[0], frame, reason=reason, score=score)
    area = shapely.union_all([frame.polygon(unit) for unit in units])
    shared = frame.common(units)
    point, radius = point_radius(area)
    return Answer(
        frame.level(shared),
        "part",
        point,
        area,
        radius,
        shared,
        score,
        score,
        reason,
        units=units,
    )


def town_answer(
    unit: str, point: shapely.Point, frame: AdminFrame, *, reason: Note, score: float
) -> Answer:
    """Answer with a town that is its own unit: its point, and a radius that holds the unit."""
    area = frame.polygon(unit)
    radius = enclosing_radius_m(point, area)
    return Answer("place", "place", point, area, radius, unit, score, score, reason)


def place_answer(
    point: shapely.Point,
    unit: str,
    frame: AdminFrame,
    *,
    radius_m: float,
    level: str = "place",
    method: str = "place",
    reason: Note,
    score: float,
) -> Answer:
    """Answer with a point and a disc round it, as far as that lies in the country."""
    area = clip_to(disc(point.x, point.y, radius_m), frame.polygon(COUNTRY))
    return Answer(level, method, point, area, radius_m, unit, score, score, reason)


def area_answer(
    area: shapely.Geometry,
    frame: AdminFrame,
    *,
    method: str,
    reason: Note,
    score: float,
    centre: shapely.Point | None = None,
    within: str = COUNTRY,
) -> Answer:
    """Answer with any area: a place where it is small, else as fine as the unit that holds it.

    Its unit is the finest round its point that has nearly all of it: the commune of a town is not
    that of all that is near the town.

    ``within`` is a unit that the area was clipped to: what it touches beyond is the border's line.
    """
    point, radius = point_radius(area, centre=centre)
    homes = [unit for unit in frame.units_touched(area) if frame.holds(within, unit)]
    unit = frame.common(homes) if homes else within
    (home,) = frame.units_at(*shapely.get_coordinates(point).T)
    finer = [one for one in frame.chain(home or unit) if frame.holds(unit, one)]
    unit = next((one for one in reversed(finer) if _has_nearly_all(one, area, frame)), unit)
    # A part of an area is never a place, however small.
    small = radius <= _VICINITY_M and method != "part"
    level = "place" if small else frame.level(unit)
    return Answer(level, method, point, area, radius, unit, score, score, reason)


def _has_nearly_all(unit: str, area: shapely.Geometry, frame: AdminFrame) -> bool:
    """Tell whether a unit has nearly all of an area; in Mali shares of degrees will do."""
    shared = shapely.intersection(frame.polygon(unit), area)
    return bool(shapely.area(shared) >= _NEARLY_ALL * shapely.area(area))


def columns_of(answer: Answer, frame: AdminFrame) -> dict[str, Any]:
    """Put an answer into the columns of the located table."""
    known = answer.unit if answer.unit is not None else COUNTRY
    held = {frame.level(one): one for one in frame.chain(known)}
    ids = [held.get(level) for level in ("region", "cercle", "commune")]
    code, values = answer.reason
    return {
        "geometry": answer.point,
        "footprint": answer.footprint,
        "uncertainty_m": answer.radius_m,
        "level": answer.level,
        "method": answer.method,
        "score": _rounded(answer.score),
        "margin": _rounded(answer.margin),
        **{
            f"admin{depth}_name": frame.label(one) if one else None
            for depth, one in enumerate(ids, start=1)
        },
        **{f"admin{depth}_id": one for depth, one in enumerate(ids, start=1)},
        "region_2023": frame.regions_2023(answer.units or [known]),
        "frame": frame.name,
        "candidates": list(answer.candidates),
        "reason": Reason(code, {**values, "notes": list(answer.notes)}),
    }


def _rounded(share: float | None) -> float | None:
    """Round a score to what can be read."""
    return None if share is None else round(float(share), _DECIMALS)


def address(unit: str, frame: AdminFrame) -> str:
    """Name a unit with the units that hold it, finest first."""
    names = dict.fromkeys(frame.label(one) for one in reversed(frame.chain(unit)))
    return ", ".join(names) or frame.label(unit)


def addresses(units: Iterable[str], frame: AdminFrame) -> str:
    """Name several units with those that hold them, parted by another sign than within each."""
    return "; ".join(address(unit, frame) for unit in units)
