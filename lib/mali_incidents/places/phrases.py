"""Reading a report's place, French or English: names, and how the event lies to them.

One small grammar. A text is cut into statements (lines, ``;``, ``///``), a statement into segments
(commas and brackets), and each segment is read as a name or as a relation to names (offset, near,
between, part, border). What a clause means on the ground is for ``relations`` and ``resolve``; the
words themselves are in ``wording``.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from mali_incidents.places.names import UNIT_WORDS, is_unit_word, read_name, says_no_name
from mali_incidents.places.wording import (
    AFTER_BORDER,
    AFTER_NAME,
    BEFORE_BORDER,
    BEFORE_NAME,
    BEFORE_RELATION,
    BETWEEN,
    BORDER,
    BOUNDARY,
    COUNTRIES,
    FROM_TO,
    HEADING,
    HELD,
    NEAR,
    NEAR_AFTER,
    OFFSET,
    ONLY_DIRECTIONS,
    PART,
    ROAD,
    SEVERAL_UNITS,
    heading_of,
    is_most,
    is_rough,
    number_of,
)

# A report names its place in a few words, 250 letters at most; a note of pages is no place. A
# segment is read from its end by recursion, so that its length bounds the depth.
_LONGEST: Final = 500
_LONGEST_SEGMENT: Final = 200
_MOST_CLAUSES: Final = 24
_SHOWN_UNREAD: Final = 60
_EDGES: Final = " .:-'"
# A record's own columns are for coordinates: in words they are not read, and named.
_COORDINATES: Final = re.compile(
    r"[+-]?\d{1,3}\.\d{2,}\s?°?\s?[NSns]?\s*[,;/\s]\s*[+-]?\d{1,3}\.\d{2,}\s?°?\s?(?:[EWOewo]\b)?"
)
_SEGMENT_ENDS: Final = re.compile(
    r",(?!\d)|[()\[\]]|\s\.\s|\.$"
    r"|(?<!\d)\s(?:and|et)\s(?=\d+(?:[.,]\d+)?\s?(?:kms?\b|kilomet|miles?\b))"
)
_JOINER: Final = re.compile(r"\s+(?:and|et|&)\s+|\s*/\s*")
_FROM_COUNTRY: Final = re.compile(
    rf"(?:the )?(?:{'|'.join(names.pattern for names in COUNTRIES.values())})(?: line| frontier)?"
)
# "6 miles (10 km) north": the same twice.
_SAID_AGAIN: Final = re.compile(
    r"(?<=\d)(\s?(?:kms?|kilomet(?:er|re)s?|miles?|mi))"
    r"\s*\((?:about\s|environ\s)?\s*[\d.,]+\s*(?:kms?|kilomet(?:er|re)s?|miles?|mi)\s*\)",
    re.IGNORECASE,
)
_PARTS: Final = {"¼": ".25", "½": ".5", "¾": ".75"}
_SPAN: Final = re.compile(
    r"\s+[-\u2013\u2014]\s+|\s*[\u2013\u2014]\s*|\s+(?:to|a|à|et|and|vers)\s+"
)


class Offset(NamedTuple):
    """How far and which way an event lies from a place.

    Attributes
    ----------
    distance : (float, float) or None
        The number written, and the upper one of a range (equal where there is no range); None
        where only a heading is given.
    unit : {"km", "mile", "m"}
        What it counts.
    about : bool
        Whether a word such as "about" or "une trentaine" makes the number vaguer.
    heading : str or None
        One of sixteen: "n", "nne", "ne" …; "centre" for the middle of an area; None where none is
        given.
    """

    distance: tuple[float, float] | None = None
    unit: Literal["km", "mile", "m"] = "km"
    about: bool = False
    heading: str | None = None


class Clause(NamedTuple):
    """One thing that a text says of a place.

    Attributes
    ----------
    relation : str
        "at" (a name), "also" (a name joined to one before it), "offset", "near", "between",
        "part", "border" or "unread".
    names : tuple of str
        The names it relates to, as written; two for "between" (more where a hyphen may join or
        part, one where its other end is not told); an ISO 3166-1 code for "border". Empty where a
        bracket speaks of the name before it ("Gao (near)").
    text : str
        The words it was read from.
    offset : Offset or None
        For "offset"; and the heading of a "part".
    """

    relation: str
    names: tuple[str, ...]
    text: str
    offset: Offset | None = None

    @property
    def is_name(self) -> bool:
        """Whether it is a name and no relation to one."""
        return self.relation in {"at", "also"}


Statement = tuple[Clause, ...]


@lru_cache(maxsize=20_000)
def read_phrases(text: str) -> tuple[Statement, ...]:
    """Read what a report says of a place.

    Parameters
    ----------
    text : str
        French or English, e.g. ``"Boya, municipality of Gabero, in the northern region of Gao"``.

    Returns
    -------
    tuple of tuple of Clause
        One tuple a statement, in the order of the text; each clause with what it says. Of several
        places named together ("X, Y and Z") the first is "at", the others are "also". Of a text
        longer than any place the first statement ends with an "unread" clause.
    """
    read, beyond = _cut(text, _LONGEST)
    statements: list[Statement] = []
    unread = [found[0] for found in _COORDINATES.finditer(read)]
    read = _COORDINATES.sub(" ", read)
    left = _MOST_CLAUSES
    # A line that goes on in small letters is the same sentence.
    whole = re.sub(r"[\n\r](?=[a-zà-ÿ])", " ", _tidied(read))
    for line in re.split(r"[\n\r;]+|/{2,}|\s\|\s", whole):
        clauses: list[Clause] = []
        for segment in _segments(line):
            said, rest = _cut(segment, _LONGEST_SEGMENT if len(clauses) < left else 0)
            clauses += _read_segment(said)
            unread.append(rest)
        left -= len(clauses)
        if clauses:
            resolved = _with_brackets_resolved(tuple(clauses))
            statements.append(_with_types_shared(_with_lists_joined(resolved)))
    return _with_unread(statements, [*unread, beyond])


def _cut(text: str, longest: int) -> tuple[str, str]:
    """Part a text that is too long at a blank, where it has one."""
    if len(text) <= longest:
        return text, ""
    at = text.rfind(" ", 0, longest + 1)
    at = at if at > 0 else longest
    return text[:at], text[at:]


def _with_unread(statements: list[Statement], unread: list[str]) -> tuple[Statement, ...]:
    """Say of a text that is too long where it was not read any more."""
    rest = " ".join(" ".join(unread).split())
    if not rest:
        return tuple(statements)
    shown = rest if len(rest) <= _SHOWN_UNREAD else f"{rest[:_SHOWN_UNREAD].rstrip()} …"
    first, *others = statements or [()]
    return ((*first, Clause("unread", (), shown)), *others)


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Write a text in lower case, letter for letter, without accents or apostrophes."""
    letters = (unicodedata.normalize("NFKD", letter)[:1] or " " for letter in text)
    bare = "".join(letters).lower()
    return bare.replace("'", " ") if len(bare) == len(text) else text.lower()


def _tidied(text: str) -> str:
    """Take out addresses, hash signs and quotes, and write one kind of apostrophe and blank."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"https?://\S+|(?<!\w)@\w+", " ", text)
    text = re.sub(r"(\d*)([¼½¾])", lambda found: f"{found[1] or 0}{_PARTS[found[2]]}", text)
    text = re.sub(r"[\u2018\u2019\u02bc`\u00b4]", "'", text)
    text = re.sub(r"(?<!\w)'|'(?!\w)|[\"“”«»#*]", " ", text)
    text = _SAID_AGAIN.sub(r"\1", text)
    # Bamako's communes have numbers: "Commune VI de Bamako".
    text = re.sub(r"(?i)\b(commune\s+[ivx]+)\s+(?:de|du|of)\s+", r"\1, ", text)
    return re.sub(r"[^\S\n\r]+", " ", text.replace("_", " "))


def _segments(line: str) -> list[str]:
    """Part a line at commas and brackets, but not inside a number; and before another distance."""
    return [part for part in _SEGMENT_ENDS.split(line) if part.strip(_EDGES)]


def _read_segment(segment: str) -> list[Clause]:
    """Read a segment as one clause, or as a name followed by a relation or by what holds it."""
    segment = segment.strip(_EDGES)
    words = plain(segment)
    if not re.search(r"[^\W_]", words):
        return []
    held = HELD.search(segment)
    name, holder = (segment[: held.start()], segment[held.end() :]) if held else ("", "")
    if name and ONLY_DIRECTIONS.fullmatch(plain(name)):
        # "in the northern region of X" says where the region is.
        return _read_segment(holder)
    # "la commune de X" has nothing before what holds it.
    if name and not BEFORE_NAME.fullmatch(f"{plain(name)} "):
        return _read_part(segment, words) or [*_read_segment(name), *_read_segment(holder)]
    for reader in _READERS:
        if clauses := reader(segment, words):
            return clauses
    return []


def _read_border(segment: str, words: str) -> list[Clause]:
    """Read "near the border with Mauritania", "30 km from Guinea", "frontière nigérienne"."""
    distance = _distance_in(words)
    from_country = distance and _FROM_COUNTRY.fullmatch(words[distance[0].end() :].strip())
    if not BORDER.search(words) and not from_country:
        return [Clause("unread", (), segment)] if BOUNDARY.search(words) else []
    countries = {code: names.search(words) for code, names in COUNTRIES.items()}
    told = {code: found for code, found in countries.items() if found}
    spans = [found.span() for found in (*told.values(), *BORDER.finditer(words))]
    start, end = min(first for first, _ in spans), max(last for _, last in spans)
    start -= len(end_of[0]) if (end_of := BEFORE_BORDER.search(words[:start])) else 0
    # "40 km north of X near the border of Y" tells how far X is.
    if distance and distance[0].end() >= start:
        start = min(start, distance[0].start())
    else:
        distance = None
    end += len(more[0]) if (more := AFTER_BORDER.match(words[end:])) else 0
    offset = distance[1] if distance else None
    said = segment[start:end].strip(_EDGES)
    borders = [Clause("border", (code,), said, offset) for code in told]
    if told:
        # "X near the border of Y", and what may come after it.
        return [*_before(segment[:start]), *borders, *_read_segment(segment[end:])]
    # "on the border between X and Y", two units, is not along the way between two towns.
    unread = [Clause("unread", (), segment[start:])]
    return [*_before(segment[:start]), *unread] if BOUNDARY.search(words) else []


def _read_offset(segment: str, words: str) -> list[Clause]:
    """Read "about 85-100 km south-west of X", "X, à une trentaine de kilomètres au nord"."""
    distance = _distance_in(words)
    if distance is None:
        return []
    found, offset = distance
    return _related("offset", segment, found, segment[found.end() :].strip(), offset)


def _distance_in(words: str) -> tuple[re.Match[str], Offset] | None:
    """Find a distance, and a direction where one is told."""
    for found in OFFSET.finditer(words):
        number = number_of(found["one"])
        # "15 km Gao" says nothing that can be relied on; "15 km from" in a bracket does.
        if number is None or (
            words[found.end() :].strip() and not found["dir"] and not found["of"]
        ):
            continue
        upper = number_of(found["two"]) if found["two"] else None
        unit = found["unit"]
        return found, Offset(
            distance=(
                0.0 if is_most(found["about"]) else number[0],
                max(number[1], upper[1] if upper else 0.0),
            ),
            unit="mile" if unit.startswith("mi") else "km" if unit.startswith("k") else "m",
            about=is_rough(found["about"], found["one"]),
            heading=heading_of(found["dir"]) if found["dir"] else None,
        )
    return None


def _read_heading(segment: str, words: str) -> list[Clause]:
    """Read "north of X", "au sud-est de X", "X (north of)"."""
    found = HEADING.search(words)
    heading = heading_of(found["dir"]) if found else None
    if found is None or heading is None:
        return []
    anchor = segment[found.end() :].strip()
    return _related("offset", segment, found, anchor, Offset(heading=heading))


def _related(
    relation: str, segment: str, found: re.Match[str], anchor: str, offset: Offset | None = None
) -> list[Clause]:
    """Make a clause of a relation, and read the name that stands before it."""
    name = bare_name(anchor)
    said = Clause(relation, (name,) if name else (), segment[found.start() :], offset)
    return [*_before(segment[: found.start()]), said]


def _read_part(segment: str, words: str) -> list[Clause]:
    """Read "northern Mali", "nord du Mali", "le sud de la région de X"."""
    found = PART.fullmatch(words)
    if found is None:
        return []
    heading = "centre" if found["centre"] else heading_of(found["dir"])
    name = bare_name(segment[found.start("name") :])
    if heading is None or (read_name(name).level not in UNIT_WORDS and plain(name) != "mali"):
        return []
    return [Clause("part", (name,), segment, Offset(heading=heading))]


def _read_between(segment: str, words: str) -> list[Clause]:
    """Read "between X and Y", "X and Y (between)", "axe X-Y", "on the X–Y road"."""
    if found := BETWEEN.search(words):
        rest = segment[found.end() :].strip()
        # "between X, in the hills of Y, and Z": its other end is still to come.
        ends = (_pair(rest) or (bare_name(rest),)) if rest else ()
        said = Clause("between", ends, segment[found.start() :])
        return [*_before(segment[: found.start()]), said]
    if found := ROAD.search(words):
        return _read_road(segment, found)
    dashed = re.search(
        r"\w\s*[\u2013\u2014]\s*\w|\w\s+-\s+\w|(?<!close)(?<!next) to [A-Z]", segment
    )
    way = FROM_TO.fullmatch(segment)
    names = way.groups() if way else _pair(segment) if dashed else None
    return [Clause("between", names, segment)] if names else []


def _read_road(segment: str, found: re.Match[str]) -> list[Clause]:
    """Read a segment with a word for a road."""
    pieces = map(_without_roads, (segment[: found.start()], segment[found.end() :]))
    pair = next((pair for pair in map(_pair, pieces) if pair is not None), None)
    if pair is None:
        rest = _without_roads(segment)
        way = re.search(r"\bfrom (.+) to (.+)|\bde (.+) (?:a|à|vers) (.+)", rest)
        ends = [bare_name(end) for end in way.groups() if end] if way else []
        pair = tuple(ends) if all(ends) and ends else _capitalized(rest)
    if pair:
        return [Clause("between", pair, segment)]
    # "RN16 near X", "X on RN15". "On the road to X" says where one was going, not where one was.
    before, after = segment[: found.start()], segment[found.end() :]
    first = _before(before) if re.match(r"on|along|sur|rn", found[0]) else []
    last = _read_segment(after) if NEAR.match(plain(after).strip()) else []
    start, end = found.start() if first else 0, found.end() if last else len(segment)
    return [*first, Clause("unread", (), segment[start:end].strip(_EDGES)), *last]


def _capitalized(text: str) -> tuple[str, ...] | None:
    """Part "Boni Hombori", two names with nothing between them, at each blank or hyphen."""
    words = re.split(r"[-\s]+", text)
    return tuple(words) if len(words) >= 2 and all(word[:1].isupper() for word in words) else None


def _read_near(segment: str, words: str) -> list[Clause]:
    """Read "near X", "outskirts of X", "à la périphérie de X", "X area", "X (near)"."""
    if found := NEAR.search(words):
        said = segment[found.start() :]
        names = [name for name in map(bare_name, _names_in(segment[found.end() :])) if name]
        near = [Clause("near", (name,), said) for name in names]
        return [*_before(segment[: found.start()]), *(near or [Clause("near", (), said)])]
    if found := NEAR_AFTER.fullmatch(words):
        names = [name for name in map(bare_name, _names_in(segment[: found.end(1)])) if name]
        return [Clause("near", (name,), segment) for name in names]
    return []


def _read_name(segment: str, words: str) -> list[Clause]:
    """Read a name, or several joined by "and"."""
    joined = bool(re.match(r"(?:and|et|&)\s", words))
    names = [name for name in map(bare_name, _names_in(segment)) if name and not says_no_name(name)]
    return [
        Clause("also" if number or joined else "at", (name,), segment)
        for number, name in enumerate(names)
    ]


_READERS: Final = (
    _read_border,
    _read_offset,
    _read_part,
    _read_heading,
    _read_between,
    _read_near,
    _read_name,
)


def _with_brackets_resolved(clauses: Statement) -> Statement:
    """Give a relation without a name the name before it: "Gao town (near)", "X and Y (between)"."""
    resolved: list[Clause] = []
    for clause in clauses:
        half = next((at for at, one in enumerate(resolved) if _lacks_its_end(one)), None)
        if half is not None and clause.relation == "also":
            resolved[half] = _joined(resolved[half], clause)
        elif clause.is_name and is_unit_word(clause.names[0]) and resolved and resolved[-1].is_name:
            # "Kayes (région)"
            name = f"{resolved[-1].names[0]} {clause.names[0]}"
            resolved[-1] = resolved[-1]._replace(names=(name,))
        elif clause.names or clause.relation == "unread":
            resolved.append(clause)
        else:
            resolved = _with_name_before(clause, resolved)
    return tuple(resolved)


def _lacks_its_end(clause: Clause) -> bool:
    """Tell whether a clause is a "between" with one end."""
    return clause.relation == "between" and len(clause.names) == 1


def _joined(between: Clause, end: Clause) -> Clause:
    """Give a "between" its other end."""
    names = (*between.names, *end.names)
    return between._replace(names=names, text=f"{between.text}, {end.text}")


def _with_name_before(clause: Clause, before: list[Clause]) -> list[Clause]:
    """Put a relation in the place of the name, or the two names, that it speaks of."""
    named = [at for at, one in enumerate(before) if one.is_name]
    taken = named[:2] if clause.relation == "between" else named[-1:]
    names = tuple(before[at].names[0] for at in taken)
    if clause.relation == "between" and len(names) == 1:
        names = _pair(names[0]) or ()
    if not names:
        return [*before, clause._replace(relation="unread")]
    words = ", ".join(dict.fromkeys(before[at].text for at in taken))
    said = clause._replace(names=names, text=f"{words} ({clause.text})")
    kept = [one for at, one in enumerate(before) if at not in taken[1:]]
    kept[taken[0]] = said
    return kept


def _with_lists_joined(clauses: Statement) -> Statement:
    """In "X, Y and Z" join Y to X as well: only the last comes with its "and"."""
    joined = [at for at, clause in enumerate(clauses) if clause.relation == "also"]
    if not joined or any(clause.relation != "at" for clause in clauses[: joined[0]]):
        return clauses
    return tuple(
        clause._replace(relation="also") if 0 < at < joined[0] else clause
        for at, clause in enumerate(clauses)
    )


def _with_types_shared(clauses: Statement) -> Statement:
    """Give every name of "régions de X et de Y", or of "X and Y regions", its type word."""
    shared = list(clauses)
    for at, clause in enumerate(clauses):
        found = SEVERAL_UNITS.fullmatch(plain(clause.names[0])) if clause.is_name else None
        if found is None:
            continue
        # The word stands before the first or after the last of the names.
        step = 1 if found["before"] else -1
        listed = sorted([at, *_listed_from(clauses, at, step)])
        if len(listed) == 1:
            continue
        level = (found["before"] or found["after"]).removesuffix("s")
        bare = clause.names[0][slice(*found.span("first" if found["before"] else "last"))]
        words = ", ".join(dict.fromkeys(clauses[one].text for one in listed))
        for one in listed:
            name = f"{level} {bare if one == at else clauses[one].names[0]}"
            shared[one] = clauses[one]._replace(names=(name,), text=words)
    return tuple(shared)


def _listed_from(clauses: Statement, at: int, step: int) -> Iterator[int]:
    """Give the numbers of names without a type word listed after, or before, a place."""
    last, other = at, at + step
    while 0 <= other < len(clauses):
        later = clauses[max(last, other)]
        name = clauses[other]
        if later.relation != "also" or not name.is_name or read_name(name.names[0]).level:
            return
        yield other
        last, other = other, other + step


def _before(text: str) -> list[Clause]:
    """Read what stands before a relation: mostly the name of the place itself."""
    words = plain(text)
    if ONLY_DIRECTIONS.fullmatch(words.strip()):
        return []
    end = BEFORE_RELATION.search(words.rstrip())
    return _read_segment(text[: end.start()] if end else text)


def bare_name(text: str) -> str:
    """Trim a text to what is a name: no small words before, no further clause after."""
    text = text.strip(_EDGES)
    if stop := AFTER_NAME.search(plain(text)):
        text = text[: stop.start()].strip(_EDGES)
    lead = BEFORE_NAME.match(f"{plain(text)} ")
    # A capital word may be a name's own: In Araban, La Terrasse.
    if lead and not re.match(r"(?:In|L[ae]s?) [A-Z]", text):
        text = text[lead.end() :] or text
    return text.strip(_EDGES)


def _names_in(text: str) -> list[str]:
    """Part names joined by "and", "et" or a stroke."""
    return [part for part in (one.strip(_EDGES) for one in _JOINER.split(text)) if part]


def _pair(text: str) -> tuple[str, ...] | None:
    """Part "X and Y", "X - Y", "X–Y" or "X-Y" into two names, more for a hyphen too many."""
    for cut in (_JOINER, _SPAN):
        parts = [part for part in map(bare_name, cut.split(text)) if part]
        if len(parts) >= 2:
            return (parts[0], parts[1])
    # Which of several hyphens joins and which parts cannot be told from the words alone.
    parts = [bare_name(part) for part in text.split("-")]
    return tuple(parts) if len(parts) >= 2 and all(parts) else None


def _without_roads(segment: str) -> str:
    """Take the words for a road out of a segment."""
    kept, start = [], 0
    for found in ROAD.finditer(plain(segment)):
        kept.append(segment[start : found.start()])
        start = found.end()
    return " ".join(" ".join([*kept, segment[start:]]).split())
