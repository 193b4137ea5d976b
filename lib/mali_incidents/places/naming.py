"""What a name means: one place or unit, several that cannot be told apart, or what holds it.

A name is a place only where one candidate fits well and leads clearly; that it is somewhere in the
country is no answer.
"""

from typing import Final, NamedTuple

import shapely
from pyproj import Geod

from mali_incidents.places.answers import (
    HOLDER,
    TOWN_UNIT_M,
    UNCONFIRMED,
    Answer,
    Note,
    address,
    addresses,
    no_answer,
    place_answer,
    town_answer,
    unit_answer,
    units_answer,
)
from mali_incidents.places.candidates import EXACT, NameIndex, Ranked, Rival, Scope, Spot
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.names import ReadName, fold, read_name
from mali_incidents.places.scopes import WHOLE_COUNTRY
from mali_incidents.tables import Candidate

# Types that name what is not a settlement, so that no unit is called so.
_NO_UNIT: Final = frozenset({"forest", "relief", "water", "structure", "works", "quarter"})
# Types that an area with a name of its own may be told by: "the Gourma", "the Gourma region".
_AREA_WORDS: Final = frozenset({None, "region", "relief"})
# Candidates listed beside an answer: so many, and none that is too unlike.
_SHOWN: Final = 5
_WORTH_SAYING: Final = 0.5
# Of the many that an ambiguous name may mean so many are named.
_LISTED: Final = 10
_GEOD: Final = Geod(ellps="WGS84")


class Found(NamedTuple):
    """What a name means, or else the several places or units that it may mean."""

    answer: Answer | None
    rivals: tuple[Rival, ...] = ()


def find_named(
    name: str,
    scope: Scope,
    index: NameIndex,
    beside: tuple[Spot, ...] = (),
    *,
    held: Scope | None = None,
) -> Found:
    """Find the one place or unit that a name means, or all that it may mean."""
    frame = index.frame
    within = held or scope
    read = read_name(name)
    if fold(name) == "mali":
        return Found(as_unit(name, COUNTRY, frame))
    area = index.area_called(read, within=within) if read.level in _AREA_WORDS else ()
    if area:
        said = ", ".join(index.frame.label(unit) for unit in area)
        reason = ("named-area", {"name": name, "units": said})
        return Found(units_answer(area, frame, reason=reason, score=UNCONFIRMED))
    ranked = _best(read, scope, within, beside, index)
    rivals = index.rivals(ranked)
    units = [] if read.level in _NO_UNIT else index.finest_called(read, within=within)
    if ranked.certain:
        home = index.homes[ranked.rows[0]]
        exact = ranked.scores[0] >= EXACT
        # An exact place does not hide a unit of the name elsewhere, unless the text tells it apart.
        hides = any(not frame.holds(unit, home or COUNTRY) for unit in units) and not beside
        at_home = any(frame.holds(unit, home) for unit in units if home)
        if not units or read.level == "place" or (exact and not hides) or (at_home and not exact):
            return Found(_place_answer(name, read, ranked, index), rivals)
    if read.level == "place":
        return Found(None, rivals)
    namesakes = index.rivals(ranked, least=EXACT)
    homes = [one.unit or COUNTRY for one in namesakes]
    held_by = [unit for unit in units if any(frame.holds(unit, home) for home in homes)]
    # A unit is meant where nothing else is called so, or only what lies in it.
    if namesakes and not (len(units) == 1 and all(frame.holds(units[0], one) for one in homes)):
        apart = [unit for unit in units if unit not in held_by]
        return Found(None, (*rivals, *map(index.unit_rival, apart)))
    if len(units) == 1:
        return Found(as_unit(name, units[0], frame), rivals)
    return Found(None, (*rivals, *map(index.unit_rival, units)))


def _best(
    read: ReadName, scope: Scope, held: Scope, beside: tuple[Spot, ...], index: NameIndex
) -> Ranked:
    """Rank what a name may mean: in the units named, in those told after it, without its "In"."""
    ranked = index.rank(read, within=scope, beside=beside)
    if not ranked.certain and held != scope:
        closer = index.rank(read, within=held, beside=beside)
        homes = [one.unit for one in index.rivals(closer)]
        fits = any(index.frame.holds(unit, home) for unit in held.units for home in homes if home)
        ranked = closer if closer.certain or fits else ranked
    if not ranked.certain and read.name.startswith("in "):
        bare = read._replace(name=read.name.removeprefix("in "))
        other = index.rank(bare, within=held, beside=beside)
        ranked = other if other.certain else ranked
    return ranked


def as_unit(name: str, unit: str, frame: AdminFrame) -> Answer:
    """Answer with the one unit that a name means."""
    values = {"name": name, "level": frame.level(unit), "unit": address(unit, frame)}
    return unit_answer(unit, frame, reason=("unit", values), score=UNCONFIRMED)


def _place_answer(name: str, read: ReadName, ranked: Ranked, index: NameIndex) -> Answer:
    """Answer with the place that leads."""
    frame = index.frame
    row, score = ranked.rows[0], ranked.scores[0]
    called = index.name(row)
    home = index.homes[row] or COUNTRY
    point = shapely.Point(index.longitudes[row], index.latitudes[row])
    own = [unit for unit in frame.chain(home) if index.is_called(unit, read, row)]
    values = {"name": name, "place": called, "unit": address(home, frame)}
    if own and not read.feature and frame.circle(own[-1]).radius_m <= TOWN_UNIT_M:
        reason = ("town-unit", {**values, "unit": address(own[-1], frame)})
        answer = town_answer(own[-1], point, frame, reason=reason, score=score)
    else:
        code = "place" if score >= EXACT else "spelt-nearly"
        answer = place_answer(
            point,
            home,
            frame,
            radius_m=1000 * index.radius_km(row),
            reason=(code, values),
            score=score,
        )
        if own and read.level is None and not read.feature:
            level = frame.level(own[-1])
            said = {"name": name, "level": level, "unit": address(own[-1], frame)}
            answer = answer.noting([("also-unit", said)])
    worth = tuple(one for one in index.listed(ranked) if one.score >= _WORTH_SAYING)
    candidates = list_candidates(worth[:_SHOWN], index.frame)
    return answer._replace(margin=ranked.margin, candidates=candidates)


def list_candidates(rivals: tuple[Rival, ...], frame: AdminFrame) -> tuple[Candidate, ...]:
    """List what a name may mean, ten at most, with distances from the first."""
    listed = []
    for number, rival in enumerate(rivals[:_LISTED]):
        first = rivals[0]
        _, _, metres = _GEOD.inv(first.longitude, first.latitude, rival.longitude, rival.latitude)
        unit = address(rival.unit, frame) if rival.unit else ""
        km = round(metres / 1000, 1) if number else None
        listed.append(
            Candidate(
                rival.name,
                unit,
                km,
                round(rival.score, 3),
                latitude=round(rival.latitude, 5),
                longitude=round(rival.longitude, 5),
                unit_id=rival.unit if rival.is_unit else None,
            )
        )
    return tuple(listed)


def why_refused(name: str, found: Found, scope: Scope, index: NameIndex) -> list[Note]:
    """Say what a name might have been and was not taken for."""
    known = found.rivals[0].unit if found.rivals else None
    if known is None and found.answer is not None:
        known = found.answer.unit
    if known is None and scope != WHOLE_COUNTRY:
        anywhere = index.rank(read_name(name), within=WHOLE_COUNTRY)
        known = index.homes[anywhere.rows[0]] if anywhere.certain else None
    if known is None or any(index.frame.holds(unit, known) for unit in scope.units):
        return []
    return [("elsewhere", {"name": name, "unit": address(known, index.frame)})]


def not_chosen(name: str, rivals: tuple[Rival, ...], index: NameIndex) -> Note:
    """Say of a name listed with others that it is not known, or what it may mean."""
    if len(rivals) < 2:
        return ("not-found", {"name": name})
    return ("ambiguous", {"name": name, "candidates": _said(rivals, index.frame)})


def _said(rivals: tuple[Rival, ...], frame: AdminFrame) -> str:
    """Write what a name may mean as a sentence lists it, and how many are left out."""
    names = [f"{one.name} ({one.unit})" for one in list_candidates(rivals, frame)]
    more = len(rivals) - len(names)
    # Two of a name in one commune are told apart by their points only.
    counted = {name: names.count(name) for name in names}
    listed = [f"{number} × {name}" if number > 1 else name for name, number in counted.items()]
    return "; ".join([*listed, f"+ {more}"] if more else listed)


def ambiguous(name: str, rivals: tuple[Rival, ...], scope: Scope, index: NameIndex) -> Answer:
    """Fall back to the smallest unit that holds every good candidate, or the unit named."""
    frame = index.frame
    shared = frame.common([rival.unit or COUNTRY for rival in rivals])
    named = frame.common(scope.units)
    unit = named if frame.holds(shared, named) else shared
    candidates = list_candidates(rivals, frame)
    note = ("ambiguous", {"name": name, "candidates": _said(rivals, frame)})
    if unit == COUNTRY:
        # That it is somewhere in the country is no answer.
        return no_answer(reason=note, candidates=candidates)
    reason = ("admins", {"unit": address(unit, frame)})
    answer = unit_answer(unit, frame, reason=reason, score=HOLDER).noting([note])
    return answer._replace(margin=0.0, candidates=candidates)


def kept_inside(unknown: str | None, scope: Scope, index: NameIndex) -> Answer:
    """Keep to the units named; no answer where none is."""
    frame = index.frame
    if scope.units == (COUNTRY,):
        return no_answer(notes=[("not-found", {"name": unknown})] if unknown else ())
    said = addresses(scope.units, frame)
    reason = inside_reason(unknown, said)
    if len(scope.units) == 1:
        return whole_unit(scope.units[0], reason, index)
    return units_answer(scope.units, frame, reason=reason, score=HOLDER)


def inside_reason(unknown: str | None, unit: str) -> Note:
    """Say that a place is known by what holds it only."""
    return ("inside", {"name": unknown, "unit": unit}) if unknown else ("admins", {"unit": unit})


def whole_unit(unit: str, reason: Note, index: NameIndex) -> Answer:
    """Answer with the unit that holds a place: as the town where it is one (Bamako)."""
    frame = index.frame
    if (
        frame.level(unit) in {"region", "cercle"}
        and frame.circle(unit).radius_m <= TOWN_UNIT_M * 1.2
    ):
        town = ReadName(fold(frame.label(unit)), None, feature=False)
        ranked = index.rank(town, within=Scope((unit,), (unit,)))
        if ranked.rows and ranked.scores[0] >= EXACT:
            row = ranked.rows[0]
            point = shapely.Point(index.longitudes[row], index.latitudes[row])
            if shapely.covers(frame.polygon(unit), point):
                return town_answer(unit, point, frame, reason=reason, score=HOLDER)
    return unit_answer(unit, frame, reason=reason, score=HOLDER)
