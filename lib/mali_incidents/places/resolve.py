"""From what a report says of a place to where that is: a place, an area, a unit, or a refusal.

A name is a place only where one candidate fits well and leads clearly. Else the answer is what is
told beside it ("near X", "30 km south of X"), else the unit that is said to hold it.
"""

from typing import Final, NamedTuple

import shapely
from pyproj import Geod

from mali_incidents.places.answers import (
    UNCONFIRMED,
    Answer,
    Note,
    address,
    addresses,
    no_answer,
    units_answer,
)
from mali_incidents.places.candidates import EXACT, NameIndex, Rival, Scope, Spot
from mali_incidents.places.footprint import NEAR_KM, clip_to, disc
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.names import UNIT_WORDS, ReadName, fold, is_unit_word, read_name
from mali_incidents.places.naming import (
    ambiguous,
    find_named,
    inside_reason,
    kept_inside,
    list_candidates,
    not_chosen,
    whole_unit,
    why_refused,
)
from mali_incidents.places.phrases import Clause, Statement, bare_name, plain, read_phrases
from mali_incidents.places.relations import (
    RELATIONS,
    areas_of,
    check_against,
    find_anchor,
    spots_of,
    together,
)
from mali_incidents.places.scopes import WHOLE_COUNTRY, narrowed
from mali_incidents.places.wording import NEIGHBOURS
from mali_incidents.tables import POINT_LEVELS

_UNREAD: Final = frozenset({"not-read", "not-found"})
_MISPLACED: Final = frozenset({"elsewhere", "units-unknown", "clash-unit"})
_TROUBLE: Final = _MISPLACED | {"clash", "clash-near"}
_GEOD: Final = Geod(ellps="WGS84")


class Asked(NamedTuple):
    """What a record says of its place.

    Attributes
    ----------
    text : str
        The place in the reporter's words.
    units : tuple of (str, str)
        The unit columns that are filled: a name and the level it is a name of.
    """

    text: str
    units: tuple[tuple[str, str], ...] = ()


def resolve(asked: Asked, index: NameIndex) -> tuple[Answer, ...]:
    """Find what a record says of its place.

    Parameters
    ----------
    asked : Asked
        The text and the units named in columns of their own.
    index : NameIndex
        The names of places and units.

    Returns
    -------
    tuple of Answer
        The main answer, then other places named in the same text. The first is of level "none"
        where nothing was found.
    """
    scope, notes = narrowed(WHOLE_COUNTRY, asked.units, index)
    told = [_statement_answers(one, scope, index) for one in read_phrases(asked.text)]
    answers = [answer for statement in told for answer in statement]
    unread = [note for one in answers for note in one.notes if note[0] in _UNREAD]
    firsts = [statement[0] for statement in told if statement and statement[0].level != "none"]
    if not firsts:
        held = kept_inside(None, scope, index)
        said = [answer.reason for answer in answers if answer.reason != held.reason]
        if held.level == "none" and said:
            held = held._replace(reason=said.pop(0))
        every = [*said, *(note for answer in answers for note in answer.notes)]
        listed = next((answer.candidates for answer in answers if answer.candidates), ())
        return (held.noting([*notes, *every])._replace(candidates=listed),)
    main = firsts[0]
    for answer in firsts[1:]:
        main = answer if _narrows(answer, main, index) else main
    others = [one for one in answers if one is not main and _is_apart(one, main)]
    return (main.noting([*notes, *unread]), *others)


def _is_apart(answer: Answer, main: Answer) -> bool:
    """Tell whether an answer is another place than the main one, and not what holds it."""
    if answer.footprint is None or main.footprint is None or answer.point == main.point:
        return False
    return not shapely.covers(answer.footprint, main.footprint)


def _narrows(answer: Answer, main: Answer, index: NameIndex) -> bool:
    """Tell whether a later statement says more closely, or more surely, where the first one is.

    "Mopti; near Dogo, cercle of Youwarou" begins with the region and goes on with the place in it.
    """
    frame = index.frame
    if answer.unit is None or main.footprint is None or answer.point is None:
        return False
    if any(code in _MISPLACED for code, _ in main.notes):
        return not any(code in _TROUBLE for code, _ in answer.notes)
    town = _unit_of_town(main, index)
    if town is not None:
        elsewhere = answer.method != "unit" and _unit_of_town(answer, index) is None
        return elsewhere and frame.holds(town, answer.unit)
    coarse = main.level not in POINT_LEVELS and answer.level in POINT_LEVELS
    return coarse and bool(shapely.intersects(main.footprint, answer.footprint))


def _unit_of_town(answer: Answer, index: NameIndex) -> str | None:
    """Give the region or cercle that an answer is the town of, by its name."""
    if answer.method not in {"place", "near"} or answer.point is None:
        return None
    name = fold(str(answer.reason[1].get("place", "")))
    frame = index.frame
    (home,) = frame.units_at(*shapely.get_coordinates(answer.point).T)
    chain = frame.chain(home) if home is not None else []
    called = (unit for unit in chain if fold(frame.label(unit)) == name)
    return next((unit for unit in called if frame.level(unit) in {"region", "cercle"}), None)


def _statement_answers(statement: Statement, scope: Scope, index: NameIndex) -> list[Answer]:
    """Answer one statement: the place it speaks of, and others named with it."""
    # "Mali, Gao"
    statement = tuple(clause for clause in statement if not _is_mali(clause)) or statement
    if abroad := _said_abroad(statement):
        return [no_answer(reason=abroad)]
    statement = tuple(
        clause._replace(relation="unread") if _says_nothing(clause) else clause
        for clause in statement
    )
    statement = tuple(_as_area(clause, scope, index) for clause in statement)
    units = [clause for clause in statement if clause.is_name and _is_unit(clause)]
    typed = [(clause.names[0], str(read_name(clause.names[0]).level)) for clause in units]
    joined = {clause.names[0] for clause in units if clause.relation == "also"}
    whole, (scope, notes) = scope, narrowed(scope, typed, index, joined=joined)
    told = _told_finest(units, notes)
    rest = [clause for clause in statement if not (clause.is_name and _is_unit(clause))]
    named = [clause for clause in rest if clause.is_name]
    related = [clause for clause in rest if clause.relation in RELATIONS]
    notes += [("not-read", {"text": clause.text}) for clause in rest if clause.relation == "unread"]
    if statement[0].relation == "at" and _is_unit(statement[0]):
        # "Commune IV, Bamako": what follows a unit and holds it is no place in it.
        named = [clause for clause in named if not _holds_scope(clause, whole, scope, index)]
    subject = _commune_told_first(statement, told, scope, index)
    if subject is not None and not named:
        answers = [subject.noting(check_against(subject, related, scope, index))]
    elif related and (not named or rest.index(related[0]) < rest.index(named[0])):
        answers = _relation_first(named, related, scope, index)
    else:
        answers = _name_first(named, related, scope, index)
    if not answers and typed and scope != WHOLE_COUNTRY:
        answers = [_named_unit(told, scope, index)]
    if not answers:
        return [no_answer(notes=notes)] if notes else []
    return [answers[0].noting(notes), *answers[1:]]


def _is_mali(clause: Clause) -> bool:
    """Tell whether a clause names the whole country."""
    return clause.is_name and fold(clause.names[0]) == "mali"


def _said_abroad(statement: Statement) -> Note | None:
    """Tell which name a statement puts into which country: "Gao, Niger", "Niger, Gao"."""
    for at, clause in enumerate(statement):
        after = statement[at + 1] if at + 1 < len(statement) else None
        place = statement[at - 1] if at else after
        # "Niger and Burkina Faso" are told of a border.
        joined = clause.relation == "also" or (after is not None and after.relation == "also")
        if not _is_neighbour(clause) or joined or place is None or _is_neighbour(place):
            continue
        if place.is_name:
            return ("abroad", {"name": place.text, "country": clause.text})
    return None


def _says_nothing(clause: Clause) -> bool:
    """Tell whether a clause has a country beside Mali for a name, or no more than "commune"."""
    return clause.is_name and (_is_neighbour(clause) or is_unit_word(clause.names[0]))


def _is_neighbour(clause: Clause) -> bool:
    """Tell whether a clause is the name of a country beside Mali and nothing else."""
    if not clause.is_name:
        return False
    said = plain(clause.names[0]).strip()
    return any(country.fullmatch(said) for country in NEIGHBOURS)


def _named_unit(name: str, scope: Scope, index: NameIndex) -> Answer:
    """Answer with the unit, or the cercles of a region of 2023, that a text names."""
    if len({index.frame.label(unit) for unit in scope.units}) < len(scope.units):
        rivals = tuple(map(index.unit_rival, scope.units))
        return ambiguous(name, rivals, WHOLE_COUNTRY, index)
    said = addresses(scope.units, index.frame)
    values = {"name": name, "level": index.frame.level(scope.units[0]), "unit": said}
    return units_answer(scope.units, index.frame, reason=("unit", values), score=UNCONFIRMED)


def _told_finest(units: list[Clause], notes: list[Note]) -> str:
    """Give the words that name the finest of the units named by their type, as far as known."""
    unknown = {values["text"] for code, values in notes if code == "units-unknown"}
    level = {clause: read_name(clause.names[0]).level for clause in units}
    known = [clause for clause in units if clause.names[0] not in unknown]
    for finest in reversed(UNIT_WORDS):
        if told := [clause.text for clause in known if level[clause] == finest]:
            return ", ".join(dict.fromkeys(told))
    return ""


def _commune_told_first(
    statement: Statement, told: str, scope: Scope, index: NameIndex
) -> Answer | None:
    """Answer with the commune that a statement begins with: what follows only checks it."""
    first = statement[0]
    if first.relation != "at" or not _is_unit(first) or len(scope.units) != 1:
        return None
    if index.frame.level(scope.units[0]) != "commune":
        return None
    return _named_unit(told, scope, index)


def _holds_scope(clause: Clause, whole: Scope, scope: Scope, index: NameIndex) -> bool:
    """Tell whether a name is that of a unit which holds the units named by their type."""
    units = index.units_called(read_name(clause.names[0]), level=None, within=whole)
    return any(index.frame.holds(unit, one) for unit in units for one in scope.units)


def _as_area(clause: Clause, scope: Scope, index: NameIndex) -> Clause:
    """Take "the region of X" for the country round X where no unit is called so.

    So "the bridge of X" or "X mine", near X where the gazetteer has none, and "X-Y" for between
    two towns where it has no place of that name.
    """
    whole = read_name(bare_name(clause.text))
    if index.area_called(whole, within=scope):
        return clause._replace(relation="at", names=(whole.name.title(),))
    if not clause.is_name:
        return clause
    read = read_name(clause.names[0])
    if ends := _ends_of(clause.names[0], scope, index):
        return clause._replace(relation="between", names=ends)
    if read.level in {"structure", "works"}:
        lost = not index.rank(read, within=scope).certain
        near = clause._replace(relation="near", names=(read.name,))
        return near if lost and find_anchor(read.name, scope, index) else clause
    if read.level != "region":
        return clause
    name = read.name
    _, notes = narrowed(scope, [(clause.names[0], "region")], index)
    unknown = any(code == "units-unknown" for code, _ in notes)
    known_elsewhere = index.units_called(
        ReadName(name, "region", feature=False), level="region", within=WHOLE_COUNTRY
    )
    if unknown and not known_elsewhere and not index.frame.region_2023_holds(name):
        return clause._replace(relation="near", names=(name,))
    return clause


def _ends_of(name: str, scope: Scope, index: NameIndex) -> tuple[str, ...]:
    """Part "Mopti-Sévaré", no place itself, into the two places that it joins."""
    ends = tuple(name.split("-"))
    if len(ends) != 2 or _known(name, scope, index):
        return ()
    anchors = [find_anchor(end, scope, index) for end in ends]
    return ends if all(anchor and anchor.score >= EXACT for anchor in anchors) else ()


def _known(name: str, scope: Scope, index: NameIndex) -> bool:
    """Tell whether a name may well be that of a place or unit."""
    read = read_name(name)
    namesakes = index.rivals(index.rank(read, within=scope), least=EXACT)
    return bool(namesakes or index.finest_called(read, within=scope))


def _is_unit(clause: Clause) -> bool:
    """Tell whether a clause names a unit by its type word."""
    return read_name(clause.names[0]).level in UNIT_WORDS


def _relation_first(
    named: list[Clause], related: list[Clause], scope: Scope, index: NameIndex
) -> list[Answer]:
    """Answer a statement that begins with a relation: "near X, Y", "on the X-Y road, at Z"."""
    if related[0].relation == "between" and named:
        beside = tuple(spots_of(related, scope, index))
        for clause in named:
            # "axis X-Y, at the level of Z": Z says it better.
            if not {"level", "hauteur", "niveau"} & set(fold(clause.text).split()):
                continue
            answer = find_named(clause.names[0], scope, index, beside).answer
            if answer is not None and answer.level in POINT_LEVELS:
                return [answer]
    first, *others = related
    # "Near X, Y and Z" goes on with places; "near X, Y" with what holds it, where that meets it.
    several = any(clause.relation == "also" for clause in named)
    held = scope if several else _held_by(named, scope, index)
    # "Near X, east of Y": how far east is not said, so that it only helps where X is known.
    bounded = [clause for clause in others if _is_bounded(clause)]
    answers, notes = areas_of([first], held, index, told=related)
    if not answers and held != scope:
        held, several = scope, True
        answers, notes = areas_of([first], held, index, told=related)
    # "Near X and Y" may be near one of them.
    listed = [clause for clause in bounded if answers and clause.text == first.text]
    cutting = [clause for clause in bounded if clause not in listed]
    more, unread = areas_of(cutting, held, index, told=related, of_unknown=not answers)
    also, lost = areas_of(listed, held, index, told=related)
    notes += [*unread, *lost]
    if answers or more:
        for clause in named:
            found = find_named(clause.names[0], scope, index).answer if several else None
            also += [found] if found is not None else []
            if found is None and (several or not _known(clause.names[0], scope, index)):
                notes.append(("not-read", {"text": clause.names[0]}))
        return [together([*answers, *more], index.frame).noting(notes), *also]
    holder = _holder(None, named, scope, index)
    return [(holder or kept_inside(None, scope, index)).noting(notes)]


def _is_bounded(clause: Clause) -> bool:
    """Tell whether a relation says how far away something is, be it by "near"."""
    return clause.offset is None or clause.offset.distance is not None


def _held_by(named: list[Clause], scope: Scope, index: NameIndex) -> Scope:
    """Narrow a scope by names told after a place, where they can be those of units that hold it."""
    for clause in named:
        read = read_name(clause.names[0])
        units = index.units_called(read, level=None, within=scope)
        units = [unit for unit in units if unit != COUNTRY]
        # The coarsest of a name is certain to hold what a finer one of the name holds.
        coarsest = [
            unit
            for unit in units
            if not any(other != unit and index.frame.holds(other, unit) for other in units)
        ]
        if len(coarsest) == 1:
            region = index.frame.chain(coarsest[0])[0]
            scope = Scope((coarsest[0],), (region,))
    return scope


def _name_first(
    named: list[Clause], related: list[Clause], scope: Scope, index: NameIndex
) -> list[Answer]:
    """Answer a statement that begins with a name, or has only names."""
    if not named:
        return []
    first, *others = _finest_first(named, scope, index)
    listed = [clause for clause in others if clause.relation == "also"]
    holders = [clause for clause in others if clause.relation == "at"]
    told = tuple(spots_of(holders, scope, index))
    beside = (*told, *spots_of([*related, *listed], scope, index))
    held = _held_by(holders, scope, index)
    answers: list[Answer] = []
    refusals: list[Note] = [
        ("not-read", {"text": clause.text})
        for clause in holders
        if fold(clause.text) != "mali"
        and find_anchor(clause.names[0], scope, index) is None
        and not index.units_called(read_name(clause.names[0]), level=None, within=WHOLE_COUNTRY)
    ]
    rivals: dict[str, tuple[Rival, ...]] = {}
    for clause in (first, *listed):
        name = clause.names[0]
        found = find_named(name, scope, index, beside, held=held)
        checks = check_against(found.answer, related, scope, index) if found.answer else []
        if part := _part_of_unit(found.answer, checks, related, index):
            answers.append(part)
        elif found.answer is not None and not _strained(found.answer, checks):
            if held != scope and not _lies_in_or_beside(found.answer, held, told, index.frame):
                checks += [("not-read", {"text": one.text}) for one in holders]
            answers.append(found.answer.noting(checks))
        else:
            rivals[name] = found.rivals
            refusals += why_refused(name, found, scope, index)
    first_lost = first.names[0] in rivals
    several = rivals.get(first.names[0], ())
    if first_lost and not several:
        answers = [_listed_with(answer, index.frame) for answer in answers]
    if answers:
        said = {values.get("name") for _, values in refusals}
        refusals += [not_chosen(name, rivals[name], index) for name in rivals if name not in said]
        return [answers[0].noting(refusals), *answers[1:]]
    unknown = first.names[0]
    # "X, north of Y": how far north is not said, and X is not known.
    bounded = [clause for clause in related if _is_bounded(clause)]
    answers, notes = areas_of(bounded, held, index, of_unknown=True)
    refusals += notes
    refusals += [("not-read", {"text": one.text}) for one in related if one not in bounded]
    if answers:
        answer = together(answers, index.frame)
        return [answer.noting([("not-found", {"name": unknown}), *refusals])]
    if len(several) > 1:
        return [ambiguous(unknown, several, held, index).noting(refusals)]
    candidates = list_candidates(several, index.frame)
    holder = _holder(unknown, holders, scope, index)
    answer = holder if holder is not None else kept_inside(unknown, scope, index)
    return [answer.noting(refusals)._replace(candidates=candidates)]


def _part_of_unit(
    answer: Answer | None, checks: list[Note], related: list[Clause], index: NameIndex
) -> Answer | None:
    """Take "Sikasso near the border of Ivory Coast" for the region, where the town lies farther."""
    unit = _unit_of_town(answer, index) if answer is not None else None
    if answer is None or unit is None or not any(code == "clash-near" for code, _ in checks):
        return None
    borders = [clause for clause in related if clause.relation == "border"]
    held = Scope((unit,), (index.frame.chain(unit)[0],))
    answers, _ = areas_of(borders, held, index)
    if not answers:
        return None
    values = {"name": answer.reason[1]["name"], "level": index.frame.level(unit)}
    named: Note = ("unit", {**values, "unit": address(unit, index.frame)})
    return together(answers, index.frame).noting([named])


def _finest_first(named: list[Clause], scope: Scope, index: NameIndex) -> list[Clause]:
    """Turn round "Gao, Ansongo, Labbezanga", which goes from the region to the place.

    So it is where the second name is that of something in the region or cercle that the first is
    the name of, and of nothing that holds it.
    """
    if len(named) < 2 or any(clause.relation != "at" for clause in named):
        return named
    coarse, fine = (read_name(clause.names[0]) for clause in named[:2])
    units = [
        unit
        for unit in index.units_called(coarse, level=None, within=WHOLE_COUNTRY)
        if index.frame.level(unit) in {"region", "cercle"} and index.is_called(unit, coarse)
    ]
    if not units:
        return named
    largest = min(units, key=lambda unit: len(index.frame.chain(unit)))
    within = scope
    if not all(index.frame.holds(largest, unit) for unit in scope.units):
        within = Scope((largest,), (index.frame.chain(largest)[0],))
    ranked = index.rank(fine, within=within)
    inside = index.finest_called(fine, within=within)
    if ranked.certain and ranked.scores[0] >= EXACT:
        inside.append(index.homes[ranked.rows[0]] or COUNTRY)
    holders = index.units_called(fine, level=None, within=WHOLE_COUNTRY)
    if any(index.frame.holds(one, largest) for one in holders):
        return named
    lies_in = any(index.frame.holds(largest, one) and one != largest for one in inside)
    return named[::-1] if lies_in else named


def _lies_in_or_beside(
    answer: Answer, held: Scope, beside: tuple[Spot, ...], frame: AdminFrame
) -> bool:
    """Tell whether "X, Y" can be: X lies in Y or, where Y is a town, not far from it."""
    if any(frame.holds(unit, answer.unit or COUNTRY) for unit in held.units):
        return True
    at = answer.point
    return at is not None and any(
        _GEOD.inv(at.x, at.y, spot.longitude, spot.latitude)[2] <= 1000 * spot.farthest_km
        for spot in beside
    )


def _listed_with(answer: Answer, frame: AdminFrame) -> Answer:
    """Take a place for what is near it, where the one named before it is not known."""
    if answer.level not in POINT_LEVELS or answer.point is None:
        return answer
    radius = max(answer.radius_m or 0.0, 1000 * NEAR_KM)
    area = clip_to(disc(answer.point.x, answer.point.y, radius), frame.polygon(COUNTRY))
    return answer._replace(method="near", footprint=area, radius_m=radius)


def _strained(answer: Answer, checks: list[Note]) -> bool:
    """Tell whether an answer is not quite the name and not quite where the text puts it."""
    return answer.reason[0] == "spelt-nearly" and any(code in _TROUBLE for code, _ in checks)


def _holder(
    unknown: str | None, holders: list[Clause], scope: Scope, index: NameIndex
) -> Answer | None:
    """Answer with what an unknown place is said to lie in: the coarsest unit of that name."""
    frame = index.frame
    for clause in holders:
        held = _held_by([clause], scope, index)
        if held == scope:
            if index.units_called(read_name(clause.names[0]), level=None, within=scope):
                # Named is what holds the units named besides.
                return kept_inside(unknown, scope, index)
            answer = find_named(clause.names[0], scope, index).answer
            if answer is None or answer.unit is None or answer.level not in POINT_LEVELS:
                continue
            held = Scope((answer.unit,), scope.regions)
        unit = held.units[0]
        # Narrowed to the unit named besides, where that is finer.
        if scope.units != (COUNTRY,) and frame.holds(unit, frame.common(scope.units)):
            return kept_inside(unknown, scope, index)
        return whole_unit(unit, inside_reason(unknown, address(unit, frame)), index)
    return None
