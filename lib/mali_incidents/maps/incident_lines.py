"""Incidents as lines of a printed list: when, what, where, how many deaths, who reported it."""

from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.maps.figure_words import day_name, month_name
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.palette import SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.sheet import Sheet, Style, measure, one_line, plain, wrap

_DATE: Final = Style(10.5, "#202124", weight=700)
_WHAT: Final = Style(10.5, "#202124", weight=700)
_TEXT: Final = Style(10.5, "#3C3A36")
_SOURCE: Final = Style(10, "#4F4B44")
_LINKED: Final = Style(10, "#1F4E79")
_LEADING: Final = 14.0
_AFTER: Final = 9.0
_DATES: Final = 112.0
_MARK: Final = 18.0
# What a record can make a page of is cut here: a list is no place for an essay.
_MOST_LETTERS: Final = 1200
_MOST_SOURCES: Final = 12


class Run(NamedTuple):
    """A piece of text on a line, from the list's left edge or flush with its right."""

    x: float
    text: str
    style: Style
    align: Literal["left", "right"] = "left"
    link: str | None = None


class Line(NamedTuple):
    """A line of a list.

    Attributes
    ----------
    runs : tuple of Run
        What stands on it.
    symbol : tuple of (str, str, bool) or None
        The colour and shape of an event's symbol and whether it is filled; None for no symbol.
    first : bool
        Whether an incident begins here.
    """

    runs: tuple[Run, ...]
    symbol: tuple[str, str, bool] | None = None
    first: bool = False

    @property
    def height(self) -> float:
        """How much of a page it takes, the room before a new incident included."""
        return _LEADING + (_AFTER if self.first else 0)


def incident_lines(incidents: gpd.GeoDataFrame, *, width: float, lang: str) -> list[list[Line]]:
    """Set incidents as lines.

    Parameters
    ----------
    incidents : geopandas.GeoDataFrame
        A located table.
    width : float
        How wide the list is, in sheet units.
    lang : {"en", "fr"}
        The language of what is not the record's own text.

    Returns
    -------
    list of list of Line
        The lines of each incident, the earliest first; those without a date at the end.
    """
    order = incidents.sort_values(["date_start", "date_end", "incident_id"], na_position="last")
    return [_lines(row, width=width, lang=lang) for row in order.to_dict("records")]


def share_lines(
    entries: Sequence[Sequence[Line]], *, first: float, other: float
) -> list[list[Line]]:
    """Share the lines of incidents among pages; one is broken only where no page would hold it.

    Parameters
    ----------
    entries : sequence of sequence of Line
        What :func:`incident_lines` gives.
    first, other : float
        How much room the first page has, and every other, in sheet units.

    Returns
    -------
    list of list of Line
        The lines of each page; at least one page.
    """
    pages: list[list[Line]] = [[]]
    room = first
    for entry in entries:
        high = sum(line.height for line in entry)
        if high > room and high <= other:
            pages.append([])
            room = other
        for line in entry:
            if line.height > room:
                pages.append([])
                room = other
            pages[-1].append(line)
            room -= line.height
    return pages


def draw_lines(sheet: Sheet, lines: Sequence[Line], *, left: float, right: float, y: float) -> None:
    """Draw lines of a list from a height on.

    Parameters
    ----------
    sheet : Sheet
        The sheet to draw on.
    lines : sequence of Line
        What stands on this page.
    left, right : float
        The list's edges.
    y : float
        Where it begins.
    """
    for line in lines:
        y += line.height
        if line.symbol is not None:
            colour, shape, filled = line.symbol
            at = left + _DATES + 6
            sheet.symbol(at, y - 4, radius=5, shape=shape, colour=colour, filled=filled)
        for run in line.runs:
            x = right if run.align == "right" else left + run.x
            sheet.text(x, y, run.text, style=run.style, align=run.align, link=run.link)


def _lines(row: dict[str, Any], *, width: float, lang: str) -> list[Line]:
    """Set one incident."""
    indent = _DATES + _MARK
    deaths = _deaths(row, lang=lang)
    room = width - indent
    what = _what(row, lang=lang)
    head_room = room - measure(deaths, style=_TEXT) - 14
    heads = wrap(what, style=_WHAT, width=head_room, hard=True)
    kind = row["event_type"]
    colour, shape = SYMBOLS.get("" if pd.isna(kind) else str(kind), UNKNOWN_SYMBOL)
    known = any(not pd.isna(row[f"fatalities_{end}"]) for end in ("low", "best", "high"))
    lines = [
        Line(
            (
                Run(0, _when(row, lang=lang), _DATE),
                Run(indent, heads[0], _WHAT),
                Run(0, deaths, _TEXT, "right"),
            ),
            (colour, shape, known),
            first=True,
        )
    ]
    lines += [Line((Run(indent, more, _WHAT),)) for more in heads[1:]]
    for text in (_where(row, lang=lang), _said(row["summary"])):
        if text:
            lines += [
                Line((Run(indent, part, _TEXT),))
                for part in wrap(text, style=_TEXT, width=room, hard=True)
            ]
    return [*lines, *_source_lines(row["sources"], indent=indent, width=width, lang=lang)]


def _what(row: dict[str, Any], *, lang: str) -> str:
    """Name what happened, as finely as it is known."""
    kind, sub = row["event_type"], row["sub_event_type"]
    if pd.isna(kind):
        return message("type.unknown", lang)
    named = message(f"type.{kind}", lang)
    return named if pd.isna(sub) else f"{named} · {message(f'subtype.{sub}', lang)}"


def _where(row: dict[str, Any], *, lang: str) -> str:
    """Say the place as reported, and how finely it is known."""
    known = message(f"figure.known.{row['level']}", lang)
    told = _said(row["location_text"])
    return f"{told} ({known})" if told else known[:1].upper() + known[1:]


def _said(text: Any) -> str:
    """Give a record's own text in one piece, cut where it is a page long."""
    if not isinstance(text, str):
        return ""
    words = one_line(plain(text))
    return words if len(words) <= _MOST_LETTERS else f"{words[:_MOST_LETTERS].rstrip()}…"


def _deaths(row: dict[str, Any], *, lang: str) -> str:
    """Write the deaths reported: one number, a range, or at least."""
    low, best, high = (
        None if pd.isna(row[f"fatalities_{end}"]) else int(row[f"fatalities_{end}"])
        for end in ("low", "best", "high")
    )
    known = [number for number in (low, best, high) if number is not None]
    if not known:
        return message("figure.open", lang)
    least, most = min(known), max(known)
    if high is None and low is not None:
        return message("figure.list.at_least", lang, n=least)
    if low is None and best is None:
        return message("figure.list.at_most", lang, n=most)
    ends = dict.fromkeys(number_words(one, lang=lang) for one in (least, most))
    count = "–".join(ends)
    return message("figure.list.deaths", lang, count=count)


def _when(row: dict[str, Any], *, lang: str) -> str:
    """Write the days an incident fell on or between, no finer than they are known."""
    first, last = row["date_start"], row["date_end"]
    first, last = (last if pd.isna(first) else first), (first if pd.isna(last) else last)
    if pd.isna(first):
        return message("figure.list.no_date", lang)
    if row["date_precision"] == "year" and first.year == last.year:
        return str(first.year)
    if row["date_precision"] == "month" and (first.year, first.month) == (last.year, last.month):
        return month_name(first, lang=lang)
    if first == last:
        return day_name(first, lang=lang, short=True)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day_name(last, lang=lang, short=True)}"
    return f"{_numbers(first, lang)}–{_numbers(last, lang)}"


def _numbers(day: pd.Timestamp, lang: str) -> str:
    """Write a day in numbers, as short as can be."""
    return f"{day:%d/%m/%y}" if lang == "fr" else f"{day:%Y-%m-%d}"[2:]


def _source_lines(sources: Any, *, indent: float, width: float, lang: str) -> list[Line]:
    """Set the names of the reports, each leading to its address where it has one."""
    named = [source for source in sources if _said(source.name)] if len(sources) else []
    if not named:
        return []
    head = message("figure.list.sources", lang)
    x = indent + measure(f"{head} ", style=_SOURCE)
    runs, lines = [Run(indent, head, _SOURCE)], []
    for number, source in enumerate(named[:_MOST_SOURCES], start=1):
        name = _said(source.name)
        text = f"{name};" if number < min(len(named), _MOST_SOURCES) else name
        link = source.url if str(source.url or "").startswith(("http://", "https://")) else None
        for part in wrap(text, style=_SOURCE, width=width - indent, hard=True):
            wide = measure(part, style=_SOURCE)
            if x + wide > width and x > indent:
                lines.append(Line(tuple(runs)))
                runs, x = [], indent
            runs.append(Run(x, part, _LINKED if link else _SOURCE, link=link))
            x += wide + measure(" ", style=_SOURCE)
    more = len(named) - _MOST_SOURCES
    if more > 0:
        lines.append(Line(tuple(runs)))
        runs = [Run(indent, message("figure.list.more", lang, n=more), _SOURCE)]
    return [*lines, Line(tuple(runs))]
