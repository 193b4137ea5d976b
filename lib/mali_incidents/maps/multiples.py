"""Small maps side by side, one a month, a year or a type, in one scale and with one legend."""

import re
from collections.abc import Mapping, Sequence
from functools import partial
from math import ceil
from typing import Any, Final, Literal, NamedTuple

import geopandas as gpd
import matplotlib.style
import pandas as pd

from mali_incidents.counts.periods import count_by_period, period_of_each
from mali_incidents.errors import MapError
from mali_incidents.maps.captions import subtitle_of, title_of
from mali_incidents.maps.figure import (
    LOOK,
    asked_view,
    has_gaps,
    notes_of,
    share_body,
)
from mali_incidents.maps.figure_words import month_name
from mali_incidents.maps.furniture import MARGIN, draw_header, draw_notes, notice_in, start_sheet
from mali_incidents.maps.legend import flow, key_in_words, legend_parts
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.paper import Paper, paper_of
from mali_incidents.maps.sheet import (
    About,
    Box,
    Sheet,
    SheetFigure,
    Style,
    box_around,
    measure,
    plain,
    wrap,
)
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.view import View
from mali_incidents.maps.window import draw_panel
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import UNIT_LEVELS

_BY: Final = ("month", "year", "event_type")
# How a period is written, and an example of a first and a last.
_PERIODS: Final = {
    "month": ("YYYY-MM", re.compile(r"\d{4}-\d{2}"), "'2024-09' and '2025-08'"),
    "year": ("YYYY", re.compile(r"\d{4}"), "'2023' and '2025'"),
}
_GAP: Final = 14.0
_HEADING: Final = 22.0
_NAME: Final = Style(12.5, "#202124", weight=700)
_COUNT: Final = Style(12, "#3C3A36")
_EMPTY: Final = Style(11, "#4F4B44")
_LEADING: Final = 15.0


class Panel(NamedTuple):
    """One of the small maps.

    Attributes
    ----------
    name : str
        Its heading.
    incidents : geopandas.GeoDataFrame
        What is drawn, a located table.
    shown : int
        How many of them the view frames.
    approximate : int
        How many of these are known only to a commune or coarser.
    covered : bool or None
        Whether the records cover its period; None where that is not known.
    period : pandas.Period or None
        Its period; None for a type.
    """

    name: str
    incidents: gpd.GeoDataFrame
    shown: int
    approximate: int
    covered: bool | None
    period: pd.Period | None = None


class Heading(NamedTuple):
    """What stands over each map of a page.

    Attributes
    ----------
    height : float
        How high it is, in sheet units.
    apart : bool
        Whether how many are approximate stands in a line of its own, the last.
    """

    height: float
    apart: bool


def incident_multiples(
    located: gpd.GeoDataFrame,
    *,
    by: Literal["month", "year", "event_type"] = "month",
    between: tuple[str, str] | None = None,
    around: str | tuple[float, float] | None = None,
    radius_km: float = 150,
    rings_km: tuple[float, ...] | None = None,
    title: str | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    page: str = "a4",
    filters: str | None = None,
    notice: Mapping[str, str] | None = None,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> list[SheetFigure]:
    """Draw small maps of located incidents, one a month, a year or an event type.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    by : {"month", "year", "event_type"}
        What each map shows.
    between : (first, last), optional
        The first and the last month, ``("2024-09", "2025-08")``, or year, ``("2023", "2025")``;
        by default all of the records and the coverage.
    around, radius_km, rings_km, title, coverage, lang, filters, notice, frame, gazetteer
        As :func:`mali_incidents.maps.figure.incident_figure` takes them.
    page : {"a4", "a4-portrait", "slide"}
        The page to draw on.

    Returns
    -------
    list of SheetFigure
        As many pages as are readable: 12 maps on A4, 6 on a slide, months of one year together.
        Their scale, signs and shades are the same throughout. A period of the coverage without
        incidents is said to show none, one outside it is hatched as not covered.

    Raises
    ------
    MapError
        When ``by`` or ``between`` is not one, or as ``incident_figure`` does.
    LocateError
        When ``around`` is not a place of the gazetteer.
    """
    if by not in _BY:
        raise MapError(f"by must be one of {', '.join(_BY)}, got {by!r}")
    if wrong := wrong_with_between(between, by=by):
        raise MapError("; ".join(wrong))
    ends = None
    if between is not None:
        ends = pd.period_range(between[0], between[1], freq=by[0].upper())
    paper = paper_of(page)
    said = notice_in(notice, lang=lang)
    view, units = asked_view(
        located,
        around=around,
        radius_km=radius_km,
        rings_km=rings_km,
        way_to=None,
        coverage=coverage,
        lang=lang,
        frame=frame,
        gazetteer=gazetteer,
    )
    panels, left_out = _panels(located, view, by=by, ends=ends, coverage=coverage, lang=lang)
    named = title or message(f"figure.by.{by}", lang, title=title_of(view, lang=lang))
    room = paper.panels[0] * paper.panels[1]
    pages = _pages(panels, room, by=by)
    shown = located[located.index.isin([i for panel in panels for i in panel.incidents.index])]
    # One scale on all pages: the grid is that of the fullest.
    grid = _grid(max(map(len, pages)), paper)
    return [
        _draw_page(
            shown,
            on_page,
            all_panels=panels,
            grid=grid,
            number=(number, len(pages)),
            view=view,
            title=named,
            coverage=coverage,
            lang=lang,
            frame=units,
            paper=paper,
            filters=filters,
            notice=said,
            left_out=message(f"figure.left_out.{by}", lang, n=left_out) if left_out else None,
        )
        for number, on_page in enumerate(pages, start=1)
    ]


def wrong_with_between(between: Any, *, by: str | None) -> list[str]:
    """Say why a first and a last period are none for the small maps asked for.

    Parameters
    ----------
    between : (first, last) or None
        What was asked for.
    by : str or None
        What each map shows; None for one map alone.

    Returns
    -------
    list of str
        What is wrong, in words; empty when all is well.
    """
    if between is None:
        return []
    if by not in _PERIODS:
        drawn = f"maps by {by}" if by else "one map"
        return [f"between is for maps by month or year, got {_both(between)} for {drawn}"]
    form, pattern, example = _PERIODS[by]
    try:
        first, last = (pd.Period(end, by[0].upper()) for end in between if pattern.fullmatch(end))
    except (TypeError, ValueError):
        # One that is none, or of the other kind: a month would stand for its whole year.
        wanted = f"between must be a first and a last {by} written {form} for maps by {by}"
        return [f"{wanted}, e.g. {example}, got {_both(between)}"]
    if first > last:
        return [f"between must be a first and a last {by} in their order, got {_both(between)}"]
    return []


def _both(between: Any) -> str:
    """Write a first and a last period as they came."""
    if isinstance(between, Sequence) and not isinstance(between, str):
        return " and ".join(map(repr, between))
    return repr(between)


def _panels(
    located: gpd.GeoDataFrame,
    view: View,
    *,
    by: Literal["month", "year", "event_type"],
    ends: pd.PeriodIndex | None,
    coverage: Coverage | None,
    lang: str,
) -> tuple[list[Panel], int]:
    """Share the incidents among the maps; give also how many that are framed are on none."""
    framed = summarize(located, view=view).framed.index
    if by == "event_type":
        kinds = located["event_type"].fillna("")
        counts = kinds[framed].value_counts()
        order = sorted(counts.index, key=lambda kind: (-counts[kind], kind))
        return [
            _panel(
                located[kinds == kind],
                framed,
                name=message(f"type.{kind or 'unknown'}", lang),
                covered=True,
            )
            for kind in order
        ] or [_panel(located, framed, name=message("figure.types", lang), covered=True)], 0
    each = period_of_each(located, by=by)
    periods = count_by_period(located, by=by, coverage=coverage).dropna(subset="period")
    frequency = "M" if by == "month" else "Y"
    periods = periods.set_index(pd.PeriodIndex(periods["period"], freq=frequency))
    if ends is not None:
        periods = periods.reindex(ends).fillna({"covered": False, "partial": False})
    if periods.empty:
        raise MapError(
            f"there is no {by} to draw: no incident has a date and no coverage says a period"
        )
    panels = []
    for period, whole, part in zip(
        pd.PeriodIndex(periods.index), periods["covered"], periods["partial"], strict=True
    ):
        name = month_name(period.start_time, lang=lang) if by == "month" else str(period)
        if part:
            name = message("figure.panel.partial", lang, period=name)
        covered = None if coverage is None else bool(whole or part)
        panel = _panel(located[each == period], framed, name=name, covered=covered)
        panels.append(panel._replace(period=period))
    return panels, len(framed) - sum(panel.shown for panel in panels)


def _panel(
    incidents: gpd.GeoDataFrame, framed: pd.Index, *, name: str, covered: bool | None
) -> Panel:
    """Count what a panel shows."""
    counted = incidents[incidents.index.isin(framed)]
    approximate = int(counted["level"].isin(UNIT_LEVELS).sum())
    return Panel(name, incidents, len(counted), approximate, covered)


def _pages(panels: list[Panel], room: int, *, by: str) -> list[list[Panel]]:
    """Share the panels among pages: months of a year together, others evenly."""
    if len(panels) <= room:
        return [panels]
    if by == "month":
        # The first may begin in the middle of a year; a page never does, but for the first.
        first = _months_before(panels[0]) % room
        starts = [0, *range(room - first, len(panels), room)]
    else:
        each = ceil(len(panels) / ceil(len(panels) / room))
        starts = list(range(0, len(panels), each))
    return [panels[start:end] for start, end in zip(starts, [*starts[1:], None], strict=True)]


def _months_before(panel: Panel) -> int:
    """Count the months of its year before a panel's."""
    return 0 if panel.period is None else int(panel.period.month) - 1


def _grid(count: int, paper: Paper) -> tuple[int, int]:
    """Choose how many panels stand side by side and one over another: as large as can be."""
    most_wide, most_high = paper.panels
    width, height = paper.width - paper.column, paper.height * (0.75 if paper.column else 0.6)
    grids = [
        (wide, high)
        for wide in range(1, most_wide + 1)
        for high in range(1, most_high + 1)
        if wide * high >= count
    ]
    return max(grids, key=lambda grid: (min(width / grid[0], height / grid[1]), -grid[0] * grid[1]))


def _draw_page(
    located: gpd.GeoDataFrame,
    panels: list[Panel],
    *,
    all_panels: list[Panel],
    grid: tuple[int, int],
    number: tuple[int, int],
    view: View,
    title: str,
    coverage: Coverage | None,
    lang: str,
    frame: AdminFrame,
    paper: Paper,
    filters: str | None,
    notice: str | None,
    left_out: str | None,
) -> SheetFigure:
    """Draw one page of panels.

    ``located`` and ``all_panels`` are what all pages show: their headings and legends are alike,
    and so is the scale of their maps.
    """
    summary = summarize(located, view=view)._replace(rings=pd.DataFrame())
    with matplotlib.style.context(LOOK):
        sheet = start_sheet(paper)
        lines = [subtitle_of(summary, view, lang=lang)]
        if filters:
            lines.append(message("figure.filters", lang, filters=filters))
        if number[1] > 1:
            lines[-1] += f" · {message('figure.page', lang, n=number[0], of=number[1])}"
        top = draw_header(sheet, title=title, lines=lines, notice=notice, locator=(view, frame))
        notes = notes_of(view, coverage, frame=frame, lang=lang)
        if any(panel.approximate for panel in all_panels):
            notes.insert(0, message("figure.panel.approximate_note", lang))
        if left_out:
            notes.insert(0, left_out)
        gaps = has_gaps(view, frame=frame, coverage=coverage) or any(
            panel.covered is False for panel in all_panels
        )
        if paper.terse:
            notes = [" ".join([key_in_words(summary, hatched=gaps, lang=lang), *notes])]
        bottom = draw_notes(sheet, notes, size=paper.note)
        make = partial(legend_parts, summary, view=view, lang=lang, hatched=gaps)
        body = Box(MARGIN, top, paper.width - MARGIN, bottom)
        window, columns, detail = share_body(body, paper, make)
        area = Box(body.left, body.top, window.right, window.bottom)
        heading = _heading(all_panels, width=_cell(area, grid, 0).width, lang=lang)
        for place, panel in enumerate(panels):
            box = _cell(area, grid, place)
            _draw_panel(
                sheet,
                box,
                panel,
                view=view,
                frame=frame,
                coverage=coverage,
                lang=lang,
                heading=heading,
                scale=place == 0,
            )
        flow(sheet, columns, make(detail=detail))
    said = [_in_words(panel, lang=lang) for panel in panels]
    alt_text = f"{title}. {lines[0]}. {'; '.join(said)}. {' '.join(notes[: bool(left_out)])}"
    sheet.figure.about = About(plain(title), plain(alt_text).strip(), lang)
    return sheet.figure


def _cell(area: Box, grid: tuple[int, int], place: int) -> Box:
    """Give the place of one panel, its heading included."""
    wide = (area.width - _GAP * (grid[0] - 1)) / grid[0]
    high = (area.height - _GAP * (grid[1] - 1)) / grid[1]
    row, column = divmod(place, grid[0])
    left, top = area.left + column * (wide + _GAP), area.top + row * (high + _GAP)
    return Box(left, top, left + wide, top + high)


def _draw_panel(
    sheet: Sheet,
    cell: Box,
    panel: Panel,
    *,
    view: View,
    frame: AdminFrame,
    coverage: Coverage | None,
    lang: str,
    heading: Heading,
    scale: bool,
) -> None:
    """Draw a panel under its name and its count."""
    count = _counted(panel, lang=lang, apart=heading.apart)
    y = cell.top + 14
    for number, name in enumerate(_name_lines(panel, count, width=cell.width)):
        sheet.text(cell.left, y + _LEADING * number, name, style=_NAME)
    sheet.text(cell.right, y, count, style=_COUNT, align="right")
    if heading.apart and panel.approximate:
        below = y + heading.height - _HEADING
        sheet.text(cell.right, below, _approximate(panel, lang=lang), style=_COUNT, align="right")
    box = Box(cell.left, cell.top + heading.height, cell.right, cell.bottom)
    draw_panel(
        sheet,
        box,
        panel.incidents,
        view=view,
        frame=frame,
        coverage=coverage,
        covered=panel.covered is not False,
        lang=lang,
        scale=scale,
    )
    if not panel.shown and (words := _why_empty(panel, lang=lang)):
        x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        wide = measure(words, style=_EMPTY) + 14
        plate = box_around(x, y, width=wide, height=20)
        sheet.rectangle(plate, facecolor="#FFFFFFE0", edgecolor="none")
        sheet.text(x, y, words, style=_EMPTY, align="center", middle=True)


def _name_lines(panel: Panel, count: str, *, width: float) -> list[str]:
    """Break a panel's name into the lines it needs beside its count."""
    return wrap(panel.name, style=_NAME, width=_beside(count, width=width))


def _beside(count: str, *, width: float) -> float:
    """Give the room for a name beside a count."""
    return width - measure(count, style=_COUNT) - 8


def _heading(panels: list[Panel], *, width: float, lang: str) -> Heading:
    """Give the headings of all panels one height, so that the maps are alike.

    How many are approximate is never left out: where it has no room beside a name and its count,
    it stands below the count, and below all of the name where it has no room beside that either.
    """
    apart = any(
        panel.approximate and not _fits(panel.name, _counted(panel, lang=lang), width=width)
        for panel in panels
    )
    lines = 1
    for panel in panels:
        count = _counted(panel, lang=lang, apart=apart)
        names = _name_lines(panel, count, width=width)
        words = _approximate(panel, lang=lang) if apart and panel.approximate else None
        if words is not None:
            beside = len(names) == 1 or all(_fits(one, words, width=width) for one in names[1:])
            names = [*names, ""] if len(names) == 1 or not beside else names
        lines = max(lines, len(names))
    return Heading(_HEADING + _LEADING * (lines - 1), apart)


def _approximate(panel: Panel, *, lang: str) -> str:
    """Write how many of a panel's incidents are approximate."""
    return message("figure.panel.approximate", lang, n=panel.approximate)


def _fits(name: str, beside: str, *, width: float) -> bool:
    """Tell whether a name has room in one line beside what stands at its right."""
    return measure(name, style=_NAME) <= _beside(beside, width=width)


def _counted(panel: Panel, *, lang: str, apart: bool = False) -> str:
    """Write a panel's count, and how many of them are approximate unless that stands apart."""
    count = number_words(panel.shown, lang=lang)
    if panel.approximate and not apart:
        words = _approximate(panel, lang=lang)
        return message("figure.panel.count", lang, count=count, approximate=words)
    return count if panel.shown or panel.covered else "–"


def _why_empty(panel: Panel, *, lang: str) -> str:
    """Say what an empty panel means."""
    # No more than what is drawn is said: an edition may hold back what was recorded.
    key = "figure.panel.not_covered" if panel.covered is False else "figure.panel.none"
    return message(key, lang)


def _in_words(panel: Panel, *, lang: str) -> str:
    """Say a panel in words."""
    said = _counted(panel, lang=lang) if panel.shown else _why_empty(panel, lang=lang)
    return message("figure.panel.words", lang, name=panel.name, said=said)
