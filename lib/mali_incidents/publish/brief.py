"""The report itself: what a brief of located incidents says, as a Word document."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
from docx.document import Document

from mali_incidents.maps.captions import (
    coverage_note,
    deaths_of,
    rings_caption,
    types_of,
    where_most,
)
from mali_incidents.maps.columns import place_names
from mali_incidents.maps.figure_words import period_of
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.palette import SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.row_words import date_words, day_words, toll_words, type_words
from mali_incidents.maps.summary import Summary
from mali_incidents.maps.view import View
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.publish.document import (
    Coloured,
    Column,
    Content,
    Link,
    add_figures,
    add_page_numbers,
    add_picture,
    add_table,
    add_text,
    save_document,
    start_document,
)
from mali_incidents.publish.markup import own_line
from mali_incidents.publish.styles import FIGURE, LABEL, NOTICE, SMALL
from mali_incidents.publish.tallies import (
    Tally,
    count_between,
    last_year,
    regions_covered,
    tally_all,
    tally_rings,
    tally_types,
    tally_units,
    tally_years,
)
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import AREA_METHODS, LEVELS, VERIFICATIONS

MOST_LISTED: Final = 1000
"""How many incidents the document lists; all are in the data."""

# A sign for each shape of the map, as letters have them.
_SIGNS: Final = {
    "diamond": "◆",
    "triangle": "▲",
    "circle": "●",
    "square": "■",
    "triangle-down": "▼",
    "cross": "✚",
}
_WIDTH_CM: Final = 17.0
# How high a map may be: the first so that it stands on the first page with what is said in brief.
_FIRST_CM: Final = 11.3
# What the lines on what changed need of it.
_CHANGES_CM: Final = 1.5
_OTHER_CM: Final = 14.0


class Plate(NamedTuple):
    """A map for the document.

    Attributes
    ----------
    png : bytes
        The map alone, without its legend.
    alt : str
        What it shows, in words.
    view : View
        What it frames.
    summary : Summary
        Its numbers.
    hatched : bool
        Whether what is not covered is hatched on it.
    """

    png: bytes
    alt: str
    view: View
    summary: Summary
    hatched: bool


class Facts(NamedTuple):
    """What a brief is made from, beside its maps.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        The located table.
    title : str
        The title.
    lang : {"en", "fr"}
        The language.
    frame : AdminFrame
        The units.
    coverage : Coverage or None
        What the records claim to cover.
    as_of : datetime.date or None
        The day the records were closed.
    notice, statement : str or None
        The line on the face of the document, and what was left out or coarsened.
    changes : str or None
        What changed since the last edition.
    files : sequence of (str, str)
        The files of the pack, and what each is.
    """

    located: gpd.GeoDataFrame
    title: str
    lang: str
    frame: AdminFrame
    coverage: Coverage | None
    as_of: dt.date | None
    notice: str | None
    statement: str | None
    changes: str | None
    files: Sequence[tuple[str, str]]


def write_brief(
    draft: Path,
    facts: Facts,
    *,
    whole: Plate,
    around: Plate | None = None,
    template: str | Path | None = None,
) -> None:
    """Write the report as a Word document.

    Parameters
    ----------
    draft : pathlib.Path
        The file to write.
    facts : Facts
        What it says.
    whole : Plate
        The map of all incidents.
    around : Plate, optional
        The map round a place.
    template : str or pathlib.Path, optional
        A house's own DOCX, for its page, header, footer and styles.

    Raises
    ------
    PublishError
        When the template is no Word document.
    """
    document = start_document(lang=facts.lang, template=template)
    _properties(document, facts, alt=whole.alt)
    _head(document, facts, whole)
    _in_brief(document, facts, whole)
    heading = message("report.map", facts.lang)
    room = _FIRST_CM - (_CHANGES_CM if facts.changes else 0)
    _map_section(document, facts, whole, heading=heading, most_cm=room)
    if around is not None:
        _around(document, facts, around)
    if not facts.located.empty:
        _types(document, facts)
        _units(document, facts)
        _years(document, facts)
        _list(document, facts)
    _method(document, facts)
    _not_located(document, facts)
    _pack(document, facts)
    day = None if facts.as_of is None else facts.as_of.isoformat()
    save_document(document, draft, day=day)


def _properties(document: Document, facts: Facts, *, alt: str) -> None:
    """Fill in what programs show of a document, and its header and footer."""
    core = document.core_properties
    # The format has room for 255 characters in each.
    core.title, core.comments = (own_line(text)[:255] for text in (facts.title, alt))
    core.subject = ""
    core.author = core.last_modified_by = "mali-incidents"
    core.keywords, core.category, core.revision = "", "", 1
    section = document.sections[0]
    if facts.notice:
        add_text(section.header, facts.notice, style="Header")
        empty = section.header.paragraphs[0]
        if not empty.text and len(section.header.paragraphs) > 1:
            empty._p.getparent().remove(empty._p)
    footer = section.footer.paragraphs[-1]
    if footer.text:
        footer = section.footer.add_paragraph()
    footer.style = "Footer"
    add_page_numbers(footer, before=f"{facts.title} · ")


def _head(document: Document, facts: Facts, whole: Plate) -> None:
    """Write the title, the line of the release, and the key figures."""
    say, lang = partial(message, lang=facts.lang), facts.lang
    if facts.notice:
        add_text(document, facts.notice, style=NOTICE)
    add_text(document, facts.title, style="Title")
    closed = say("report.as_of", day=day_words(facts.as_of, lang=lang)) if facts.as_of else ""
    facts_said = [period_of(facts.located, lang=lang), closed]
    add_text(document, " · ".join(filter(None, facts_said)), style="Subtitle")
    if facts.located.empty:
        # Noughts in large figures would say that nothing happened.
        return
    total = tally_all(facts.located, lang=lang)
    count = partial(number_words, lang=lang)
    approximate, unplaced = whole.summary.approximate, whole.summary.unplaced
    rest = say("report.key.unknown", n=total.unknown, count=count(total.unknown))
    deaths = say("report.key.deaths") + (f" {rest}" if total.unknown else "")
    coarse = say("report.key.approximate", total=count(total.incidents or 0))
    if unplaced:
        coarse = f"{coarse} {say('report.key.unplaced', n=unplaced, count=count(unplaced))}"
    figures = [
        (count(total.incidents or 0), say("report.key.incidents", n=total.incidents)),
        (count(total.attacks or 0), say("report.key.attacks", n=total.attacks)),
        (total.deaths, deaths),
        (count(approximate), coarse),
    ]
    add_figures(document, figures, widths=(2.8, 3.9, 5.8, 4.5), styles=(FIGURE, LABEL))


def _in_brief(document: Document, facts: Facts, whole: Plate) -> None:
    """Write what a reader should take away."""
    say, lang = partial(message, lang=facts.lang), facts.lang
    summary, view = whole.summary, whole.view
    add_text(document, say("report.brief"), style="Heading 1")
    lines: list[str | None] = [say("report.none") if facts.located.empty else None]
    if summary.types:
        lines.append(types_of(summary, view, lang=lang))
    most = where_most(summary, lang=lang)
    if most:
        lines.append(f"{most} {say('report.most_note')}")
    lines.append(deaths_of(summary, lang=lang))
    lines.append(_lately(facts))
    lines.append(facts.changes)
    covered, beyond = regions_covered(facts.frame, facts.coverage)
    if covered:
        lines.append(say("report.covered", units=_listed(covered, lang)))
    if beyond:
        lines.append(say("report.beyond", units=_listed(beyond, lang)))
    lines.append(coverage_note(facts.coverage, lang=lang))
    for line in filter(None, lines):
        add_text(document, line, style="List Bullet")


def _lately(facts: Facts) -> str | None:
    """Say how many fell in the last twelve months, for certain and possibly."""
    say, lang = partial(message, lang=facts.lang), facts.lang
    year = last_year(facts.located, as_of=facts.as_of)
    if year is None:
        return None
    first, last = year
    certain, possible = count_between(facts.located, first, last)
    count = partial(number_words, lang=lang)
    said = say(
        "report.lately",
        n=certain,
        count=count(certain),
        first=day_words(first, lang=lang),
        last=day_words(last, lang=lang),
    )
    if possible:
        said += say("report.lately_possibly", n=possible, count=count(possible))
    coverage = facts.coverage
    if coverage is not None and (first < coverage.period_start or last > coverage.period_end):
        said += say("report.lately_uncovered")
    return f"{said}."


def _map_section(
    document: Document, facts: Facts, plate: Plate, *, heading: str, most_cm: float
) -> None:
    """Write a map with what its signs mean."""
    say, summary = partial(message, lang=facts.lang), plate.summary
    add_text(document, heading, style="Heading 1")
    signs = [] if facts.located.empty else [say("report.signs")]
    if summary.shaded:
        signs.append(f"{say('legend.areas', n=summary.shaded)}")
    if summary.outlined:
        signs.append(f"{say('legend.outlines', n=summary.outlined)}.")
    if plate.hatched:
        signs.append(f"{say('coverage.hatched')}.")
    add_picture(
        document,
        plate.png,
        alt=plate.alt,
        width_cm=_WIDTH_CM,
        most_cm=most_cm,
        caption=" ".join(signs),
    )


def _around(document: Document, facts: Facts, plate: Plate) -> None:
    """Write the map round a place, and what lies within each distance."""
    say, lang = partial(message, lang=facts.lang), facts.lang
    centre = plate.view.centre
    if centre is None:
        return
    heading = rings_caption(plate.view, lang=lang)
    _map_section(document, facts, plate, heading=heading, most_cm=_OTHER_CM)
    rings = tally_rings(facts.located, centre=centre, radii_km=plate.view.rings_km, lang=lang)
    count = partial(number_words, lang=lang)
    columns = [
        Column(say("report.within"), 4.4),
        Column(say("report.certain"), 2.6, numbers=True),
        Column(say("report.possible"), 3.2, numbers=True),
        Column(say("report.certain_attacks"), 3.2, numbers=True),
        Column(say("report.certain_deaths"), 3.6, numbers=True),
    ]
    rows = [
        (
            say("ring.km", km=f"{ring.radius_km:g}"),
            count(ring.certain),
            count(ring.possible),
            count(ring.attacks),
            ring.deaths,
        )
        for ring in rings
    ]
    add_table(document, columns, rows, about=heading)
    add_text(document, say("rings.note"), style=SMALL)


def _types(document: Document, facts: Facts) -> None:
    """Write the table by type, which is the legend of the map's colours too."""
    say = partial(message, lang=facts.lang)
    add_text(document, say("report.by_type"), style="Heading 1")
    tallies = tally_types(facts.located, lang=facts.lang)
    rows = [_tally_row(tally, _sign(tally), lang=facts.lang) for tally in tallies]
    add_table(document, _tally_columns(say("report.type"), say), rows, about=say("report.by_type"))
    add_text(document, say("report.deaths_note"), style=SMALL)


def _units(document: Document, facts: Facts) -> None:
    """Write the table by region and cercle."""
    say = partial(message, lang=facts.lang)
    add_text(document, say("report.by_unit"), style="Heading 1")
    tallies = tally_units(
        facts.located, frame=facts.frame, coverage=facts.coverage, lang=facts.lang
    )
    names = [
        tally.name or say("report.no_cercle" if tally.rank else "report.no_region")
        for tally in tallies
    ]
    indent = "\N{EM SPACE}"
    rows = [
        _tally_row(tally, f"{indent * tally.rank}{name}", lang=facts.lang)
        for tally, name in zip(tallies, names, strict=True)
    ]
    bold = [number for number, tally in enumerate(tallies) if not tally.rank]
    columns = _tally_columns(say("report.unit"), say)
    add_table(document, columns, rows, about=say("report.by_unit"), bold=bold)
    add_text(document, say("report.unit_note", units=facts.frame.credit), style=SMALL)


def _years(document: Document, facts: Facts) -> None:
    """Write the table by year."""
    say = partial(message, lang=facts.lang)
    add_text(document, say("report.by_year"), style="Heading 1")
    rows, notes = [], set()
    for tally, partial_year, uncovered in tally_years(
        facts.located, coverage=facts.coverage, lang=facts.lang
    ):
        name = tally.name or say("report.no_year")
        # Without a coverage no year is known to be whole, and a mark on each would say nothing.
        if facts.coverage is not None and (partial_year or uncovered):
            key = "report.partial" if partial_year else "report.uncovered"
            name = f"{name} ({say(key)})"
            notes.add(key)
        rows.append(_tally_row(tally, name, lang=facts.lang))
    add_table(document, _tally_columns(say("report.year"), say), rows, about=say("report.by_year"))
    add_text(document, say("report.year_note"), style=SMALL)


def _list(document: Document, facts: Facts) -> None:
    """Write the list of incidents, the latest first."""
    say, lang = partial(message, lang=facts.lang), facts.lang
    located = facts.located
    add_text(document, say("report.incidents"), style="Heading 1")
    placed = pd.Series(place_names(located), index=located.index, dtype="object")
    order = located.sort_values(["date_start", "incident_id"], ascending=[False, True])
    shown = order.head(MOST_LISTED)
    said = say("report.list_note")
    if len(located) > len(shown):
        count, total = (number_words(len(table), lang=lang) for table in (shown, located))
        said = f"{say('report.list_cut', count=count, total=total)} {said}"
    add_text(document, said, style=SMALL)
    columns = [
        Column(say("table.date"), 2.5),
        Column(say("report.place"), 3.5),
        Column(say("report.what"), 6.1),
        Column(say("table.deaths"), 2.1),
        Column(say("card.sources"), 2.8),
    ]
    rows = (
        _incident_row(row, placed[number], lang)
        for number, row in zip(shown.index, shown.to_dict("records"), strict=True)
    )
    add_table(document, columns, rows, about=say("report.incidents"), whole=False)


def _incident_row(row: Mapping[Any, Any], placed: str | None, lang: str) -> list[Content]:
    """Write an incident."""
    say = partial(message, lang=lang)
    when = date_words(row["date_start"], row["date_end"], row["date_precision"], lang=lang)
    known = say(f"level.{row['level']}")
    # It is no town that lies near one.
    if row["method"] in AREA_METHODS and pd.notna(row["uncertainty_m"]):
        known = say("report.told", km=max(1, round(row["uncertainty_m"] / 1000)))
    place = f"{placed or _known(row['location_text']) or say('level.none')} ({known.lower()})"
    kind = row["event_type"] if isinstance(row["event_type"], str) else None
    symbol = SYMBOLS.get(kind or "", UNKNOWN_SYMBOL)
    what: list[Any] = [
        Coloured(_SIGNS[symbol.shape], symbol.colour, f"{type_words(kind, lang=lang)}. "),
        _known(row["summary"]),
    ]
    if actor := _known(row["actor"]):
        what.append(f" {say('card.actor')}{say('report.colon')}{actor}.")
    toll = toll_words(*(row[f"fatalities_{end}"] for end in ("low", "best", "high")), lang=lang)
    sources: list[Any] = []
    for source in row["sources"]:
        sources += [", "] if sources else []
        sources.append(Link(source.name, source.url))
    return [when, place, what, toll, sources or "–"]


def _method(document: Document, facts: Facts) -> None:
    """Write how it was made and what it cannot say."""
    say, lang, located = partial(message, lang=facts.lang), facts.lang, facts.located
    add_text(document, say("report.method"), style="Heading 1")
    if facts.statement:
        add_text(document, say("report.release"), style="Heading 2")
        for line in facts.statement.splitlines():
            if line.strip():
                add_text(document, line.strip(), style="Normal")
    if located.empty:
        return
    add_text(document, say("report.places"), style="Heading 2")
    levels = _counted(located["level"], LEVELS, "gallery.level", lang)
    lines = [say("report.method.levels", counts=levels), say("report.method.area")]
    add_lines(document, lines)
    add_text(document, say("report.records"), style="Heading 2")
    checks = _counted_words(located["verification"], VERIFICATIONS, "verification", lang)
    lines = [say("report.method.attack"), say("report.method.toll"), say("report.method.date")]
    if checks:
        lines.append(say("report.method.verification", counts=checks))
    lines.append(say("report.method.words"))
    add_lines(document, lines)


def add_lines(document: Document, lines: Iterable[str]) -> None:
    """Add a list of lines."""
    for line in lines:
        add_text(document, line, style="List Bullet")


def _not_located(document: Document, facts: Facts) -> None:
    """List what has no place on the map, with the reason."""
    say, lang = partial(message, lang=facts.lang), facts.lang
    drawn = facts.located["level"].isin(["none", "country"])
    lost = facts.located[drawn].head(MOST_LISTED)
    if lost.empty:
        return
    add_text(document, say("report.not_located"), style="Heading 2")
    columns = [
        Column(say("table.date"), 3),
        Column(say("card.reported"), 6),
        Column(say("report.why"), 8),
    ]
    rows = [
        (
            date_words(row["date_start"], row["date_end"], row["date_precision"], lang=lang),
            _known(row["location_text"]) or "–",
            reason_sentence(row["reason"], lang=lang),
        )
        for row in lost.to_dict("records")
    ]
    add_table(document, columns, rows, about=say("report.not_located"), whole=False)


def _pack(document: Document, facts: Facts) -> None:
    """Write what else is in the pack, and the last words."""
    say = partial(message, lang=facts.lang)
    add_text(document, say("report.pack"), style="Heading 1")
    columns = [Column(say("report.file"), 5), Column(say("report.content"), 12)]
    add_table(document, columns, facts.files, about=say("report.pack"))
    add_text(document, f"{say('disclaimer')}", style=SMALL)
    add_text(document, say("credits", boundaries=facts.frame.credit), style=SMALL)


def _tally_columns(head: str, say: Any) -> list[Column]:
    """Give the columns of a table of tallies."""
    return [
        Column(head, 7),
        Column(say("report.count"), 2.2, numbers=True),
        Column(say("report.attacks"), 2.2, numbers=True),
        Column(say("report.deaths"), 3.2, numbers=True),
        Column(say("report.unknown"), 2.4, numbers=True),
    ]


def _tally_row(tally: Tally, name: Content, *, lang: str) -> list[Content]:
    """Write a tally; a dash where nothing is known."""
    if tally.incidents is None:
        return [name, "–", "–", "–", "–"]
    numbers = (number_words(one or 0, lang=lang) for one in (tally.incidents, tally.attacks))
    return [name, *numbers, tally.deaths, number_words(tally.unknown, lang=lang)]


def _sign(tally: Tally) -> Coloured:
    """Give the sign of an event type as the map draws it."""
    symbol = SYMBOLS.get(tally.code or "", UNKNOWN_SYMBOL)
    return Coloured(_SIGNS[symbol.shape], symbol.colour, tally.name)


def _counted(column: pd.Series, values: Iterable[str], key: str, lang: str) -> str:
    """List how many there are of each value, by messages that hold the number."""
    counts = column.value_counts()
    said = [message(f"{key}.{one}", lang, n=int(counts[one])) for one in values if one in counts]
    return _listed(said, lang)


def _counted_words(column: pd.Series, values: Iterable[str], key: str, lang: str) -> str:
    """List how many there are of each value, the number after its words."""
    counts = column.value_counts()
    said = [
        f"{message(f'{key}.{one}', lang)}{message('report.colon', lang)}{counts[one]}"
        for one in values
        if one in counts
    ]
    return message("figure.alt.separator", lang).join(said)


def _listed(names: Sequence[str], lang: str) -> str:
    """List names with "and" before the last."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {message('report.and', lang)} {names[-1]}"


def _known(text: Any) -> str:
    """Give a text, or an empty one where it is missing."""
    return text if isinstance(text, str) else ""
