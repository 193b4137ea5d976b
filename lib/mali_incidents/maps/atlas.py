"""An atlas: an overview, contents, and for each cercle its map, its counts and its incidents."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import matplotlib.style
import shapely

from mali_incidents.counts.units import covered_units
from mali_incidents.errors import MapError
from mali_incidents.maps.captions import deaths_of, of_name, subtitle_of
from mali_incidents.maps.figure import LOOK, asked_view, draw_figure, has_gaps, notes_of
from mali_incidents.maps.figure_files import Jump, figures_pdf
from mali_incidents.maps.furniture import MARGIN, draw_header, draw_notes, notice_in, start_sheet
from mali_incidents.maps.incident_lines import Line, draw_lines, incident_lines, share_lines
from mali_incidents.maps.legend import draw_counts, key_in_words
from mali_incidents.maps.messages import message, number_words, set_name
from mali_incidents.maps.paper import PAGES
from mali_incidents.maps.sheet import (
    About,
    Box,
    Nowhere,
    Sheet,
    SheetFigure,
    Style,
    measure,
    plain,
    wrap,
)
from mali_incidents.maps.summary import Summary, summarize
from mali_incidents.maps.view import View
from mali_incidents.maps.window import draw_map
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.names import fold
from mali_incidents.records.coverage import Coverage
from mali_incidents.storage import write_bytes

_PAPER: Final = PAGES["a4-portrait"]
_LEFT, _RIGHT = MARGIN, _PAPER.width - MARGIN
_ID_COLUMNS: Final = {"region": "admin1_id", "cercle": "admin2_id", "commune": "admin3_id"}
_MAP_HIGH: Final = 400.0
_DEGREES: Final = 13.0
# Room round a unit, as a share of it.
_ROOM: Final = 0.08
_REGION: Final = Style(11.5, "#202124", weight=700)
_ROW: Final = Style(11.5, "#3C3A36")
_ROW_HIGH: Final = 17.0
_PAGE_WIDE: Final = 46.0
_SMALL: Final = Style(11, "#4F4B44")


class Chapter(NamedTuple):
    """The pages of one unit.

    Attributes
    ----------
    unit : str or None
        Its id; None for the incidents whose unit is not known.
    name, region : str
        Its name and its region's.
    incidents : geopandas.GeoDataFrame
        Its incidents, a located table.
    pages : list of list of Line
        The list on each of its pages.
    start : int
        The number of its first page, from 0.
    """

    unit: str | None
    name: str
    region: str
    incidents: gpd.GeoDataFrame
    pages: list[list[Line]]
    start: int


class Row(NamedTuple):
    """A row of the contents: a region's name, or a unit's with its count and page."""

    name: str
    shown: int | None = None
    page: int | None = None


class Atlas(NamedTuple):
    """An atlas before it is drawn.

    Attributes
    ----------
    chapters : list of Chapter
        The units with incidents, by region and name; then those not known to one.
    contents : list of list of (Box, Row)
        The rows of each page of contents, and where they stand.
    silent : list of str
        Sentences on the units without incidents.
    total : int
        How many pages there are.
    """

    chapters: list[Chapter]
    contents: list[list[tuple[Box, Row]]]
    silent: list[str]
    total: int


class _Asked(NamedTuple):
    """What the pages of an atlas have in common."""

    located: gpd.GeoDataFrame
    whole: View
    title: str
    coverage: Coverage | None
    lang: str
    filters: str | None
    notice: str | None
    frame: AdminFrame


def incident_atlas(
    located: gpd.GeoDataFrame,
    *,
    title: str | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    filters: str | None = None,
    notice: Mapping[str, str] | None = None,
    frame: AdminFrame | None = None,
) -> Iterator[SheetFigure]:
    """Draw an atlas of located incidents, page by page.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    title : str, optional
        The atlas's title.
    coverage, lang, filters, notice, frame
        As :func:`mali_incidents.maps.figure.incident_figure` takes them.

    Returns
    -------
    iterator of SheetFigure
        A4 pages: the whole country, the contents, then each cercle with incidents (of a frame
        without cercles its finest units): its map, its counts and the list of its incidents with
        their sources, on as many pages as that takes. At the end those known to no single cercle:
        every incident stands in one list. A page is drawn when it is asked for.

    Raises
    ------
    MapError
        When the table was not located, there is no such language, the notice is not in it, or the
        table, the frame and the coverage do not name the same units.
    """
    asked = _asked(located, title, coverage, lang, filters, notice, frame)
    return _draw(asked, plan_atlas(asked))


def write_atlas(
    located: gpd.GeoDataFrame,
    path: str | Path,
    *,
    title: str | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    filters: str | None = None,
    notice: Mapping[str, str] | None = None,
    frame: AdminFrame | None = None,
) -> Path:
    """Write an atlas of located incidents as one PDF.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    path : str or pathlib.Path
        Where the file is to stand, ending in ``.pdf``.
    title, coverage, lang, filters, notice, frame
        As :func:`incident_atlas` takes them.

    Returns
    -------
    pathlib.Path
        ``path``: the pages of :func:`incident_atlas`, with bookmarks, and contents that lead to
        them. The same bytes for the same table.

    Raises
    ------
    MapError
        When the ending is another, and as :func:`incident_atlas` does.
    PublishError
        When the file cannot be written; what stood there before still stands.
    """
    file = Path(path)
    if file.suffix.lower() != ".pdf":
        raise MapError(f"an atlas is written as .pdf, got {file.name!r}")
    asked = _asked(located, title, coverage, lang, filters, notice, frame)
    atlas = plan_atlas(asked)
    chapters = [(message("figure.atlas.contents", lang), 1)]
    chapters += [(plain(chapter.name), chapter.start) for chapter in atlas.chapters]
    jumps = [
        Jump(1 + number, _in_points(box), row.page)
        for number, rows in enumerate(atlas.contents)
        for box, row in rows
        if row.page is not None
    ]
    pages = _draw(asked, atlas)
    return write_bytes(file, figures_pdf(pages, chapters=chapters, jumps=jumps))


def _asked(
    located: gpd.GeoDataFrame,
    title: str | None,
    coverage: Coverage | None,
    lang: str,
    filters: str | None,
    notice: Mapping[str, str] | None,
    frame: AdminFrame | None,
) -> _Asked:
    """Check what an atlas is asked for."""
    view, units = asked_view(
        located,
        around=None,
        radius_km=150,
        rings_km=None,
        way_to=None,
        coverage=coverage,
        lang=lang,
        frame=frame,
        gazetteer=None,
    )
    named = title or message("figure.atlas.title", lang)
    said = notice_in(notice, lang=lang)
    return _Asked(located, view, named, coverage, lang, filters, said, units)


def plan_atlas(asked: _Asked) -> Atlas:
    """Share the incidents among chapters and pages."""
    lang, frame = asked.lang, asked.frame
    level = "cercle" if "cercle" in frame.levels else frame.levels[-1]
    unit_of = asked.located[_ID_COLUMNS[level]]
    units = sorted(
        unit_of.dropna().unique(),
        key=lambda unit: (fold(_region(frame, unit)), fold(frame.label(unit))),
    )
    made: list[Chapter] = []
    for unit in [*units, None]:
        incidents = asked.located[unit_of.isna() if unit is None else unit_of == unit]
        if unit is None and not len(incidents):
            continue
        name = _name(frame, unit, level=level, lang=lang)
        region = "" if unit is None else _region(frame, unit)
        entries = incident_lines(incidents, width=_RIGHT - _LEFT, lang=lang)
        first, other = _room(asked, Chapter(unit, name, region, incidents, [], 0))
        made.append(
            Chapter(
                unit, name, region, incidents, share_lines(entries, first=first, other=other), 0
            )
        )
    silent = _silent(asked, level=level, found=set(units))
    # How many pages the contents take depends on no page's number.
    contents = _contents_pages(asked, _rows(made), silent)
    start = 1 + len(contents)
    chapters = []
    for chapter in made:
        chapters.append(chapter._replace(start=start))
        start += len(chapter.pages)
    contents = _contents_pages(asked, _rows(chapters), silent)
    return Atlas(chapters, contents, silent, start)


def _draw(asked: _Asked, atlas: Atlas) -> Iterator[SheetFigure]:
    """Draw the pages one by one."""
    yield _overview(asked, atlas)
    for number, rows in enumerate(atlas.contents):
        yield _contents(asked, atlas, rows, number=number)
    for chapter in atlas.chapters:
        for number in range(len(chapter.pages)):
            yield _chapter_page(asked, atlas, chapter, number=number)


def _overview(asked: _Asked, atlas: Atlas) -> SheetFigure:
    """Draw the first page: the whole country."""
    summary = summarize(asked.located, view=asked.whole)
    drawing = draw_figure(
        asked.located,
        view=asked.whole,
        summary=summary,
        title=asked.title,
        coverage=asked.coverage,
        lang=asked.lang,
        frame=asked.frame,
        paper=_PAPER,
        filters=asked.filters,
        notice=asked.notice,
        foot=_foot_words(asked, 0, atlas.total),
    )
    return drawing.figure


def _contents(
    asked: _Asked, atlas: Atlas, rows: list[tuple[Box, Row]], *, number: int
) -> SheetFigure:
    """Draw a page of contents."""
    lang = asked.lang
    with matplotlib.style.context(LOOK):
        sheet = start_sheet(_PAPER)
        top, bottom = _contents_edges(sheet, asked, number=number + 1, total=atlas.total)
        heads = message("figure.atlas.incidents", lang), message("figure.atlas.page", lang)
        for right in sorted({box.right for box, _ in rows}):
            for head, x in zip(heads, (right - _PAGE_WIDE, right), strict=True):
                sheet.text(x, top + 10, head, style=_SMALL, align="right")
        for box, row in rows:
            y = box.bottom - 5
            if row.page is None:
                sheet.text(box.left, y, row.name, style=_REGION)
                continue
            sheet.text(box.left + 10, y, row.name, style=_ROW)
            shown = number_words(row.shown or 0, lang=lang)
            sheet.text(box.right - _PAGE_WIDE, y, shown, style=_REGION, align="right")
            sheet.text(box.right, y, str(row.page + 1), style=_ROW, align="right")
            reach = box.left + 10 + measure(row.name, style=_ROW) + 8
            end = box.right - _PAGE_WIDE - measure(shown, style=_REGION) - 8
            if end > reach:
                dots = shapely.LineString([(reach, y), (end, y)])
                sheet.lines([dots], edgecolor="#BDB7AA", linewidth=0.6, linestyle=(0, (1, 3)))
        if number == 0:
            y = bottom - _silent_high(atlas.silent)
            for line in _silent_lines(atlas.silent):
                y += _ROW_HIGH
                sheet.text(_LEFT, y, line, style=_SMALL)
    named = [
        f"{row.name} {number_words(row.shown or 0, lang=lang)}"
        for _, row in rows
        if row.page is not None
    ]
    said = f"{message('figure.atlas.contents', lang)}. {'; '.join(named)}. {' '.join(atlas.silent)}"
    sheet.figure.about = About(plain(asked.title), plain(said).strip(), lang, is_read=True)
    return sheet.figure


def _chapter_page(asked: _Asked, atlas: Atlas, chapter: Chapter, *, number: int) -> SheetFigure:
    """Draw a page of a chapter: its map and counts on the first, its list on all."""
    lang = asked.lang
    page = chapter.start + number
    with matplotlib.style.context(LOOK):
        sheet = start_sheet(_PAPER)
        y, _ = _chapter_edges(
            sheet, asked, chapter, first=number == 0, page=page, total=atlas.total
        )
        draw_lines(sheet, chapter.pages[number], left=_LEFT, right=_RIGHT, y=y)
    summary = _summary(asked, chapter)
    said = [
        f"{chapter.name}.",
        f"{subtitle_of(summary, _view(asked, chapter), lang=lang)}.",
        deaths_of(summary, lang=lang),
    ]
    words = " ".join(one for one in said if one)
    sheet.figure.about = About(plain(chapter.name), plain(words), lang, is_read=True)
    return sheet.figure


def _chapter_edges(
    sheet: Sheet | Nowhere, asked: _Asked, chapter: Chapter, *, first: bool, page: int, total: int
) -> tuple[float, float]:
    """Draw what stands round the list of a chapter's page; give from where to where it may be."""
    lang = asked.lang
    view, summary = _view(asked, chapter), _summary(asked, chapter)
    title = chapter.name
    lines = []
    if first:
        region = f"{chapter.region} · " if chapter.region else ""
        lines.append(region + subtitle_of(summary, view, lang=lang))
        if may := _may_lie_here(asked, chapter):
            lines.append(message("figure.atlas.coarser", lang, n=may))
        if asked.filters:
            lines.append(message("figure.filters", lang, filters=asked.filters))
    else:
        title = message("figure.atlas.continued", lang, title=title)
    mapped = first and chapter.unit is not None
    locator = (view, asked.frame) if mapped else None
    y = draw_header(sheet, title=title, lines=lines, notice=asked.notice, locator=locator)
    notes = notes_of(view, asked.coverage, frame=asked.frame, lang=lang)
    if mapped:
        gaps = has_gaps(view, frame=asked.frame, coverage=asked.coverage)
        notes.insert(0, key_in_words(summary, hatched=gaps, lang=lang))
    else:
        notes = notes[:1]
    foot = _foot_words(asked, page, total)
    bottom = draw_notes(sheet, notes, size=_PAPER.note, foot=foot)
    if mapped:
        window = Box(_LEFT + _DEGREES, y + _DEGREES, _RIGHT, y + _DEGREES + _MAP_HIGH)
        if isinstance(sheet, Sheet):
            draw_map(
                sheet,
                window,
                chapter.incidents,
                view=view,
                frame=asked.frame,
                coverage=asked.coverage,
                lang=lang,
                focus=chapter.unit,
            )
        y = draw_counts(sheet, Box(_LEFT, window.bottom + 10, _RIGHT, bottom), summary, lang=lang)
    if first and (deaths := deaths_of(summary, lang=lang)):
        y += 16
        sheet.text(_LEFT, y, deaths, style=_SMALL)
        y += 4
    return y, bottom


def _room(asked: _Asked, chapter: Chapter) -> tuple[float, float]:
    """Measure how much room the list of a chapter has on its first page, and on another."""
    nowhere = Nowhere(_PAPER.width, _PAPER.height)
    rooms = []
    for first in (True, False):
        top, bottom = _chapter_edges(nowhere, asked, chapter, first=first, page=999, total=999)
        rooms.append(bottom - top)
    return rooms[0], rooms[1]


def _contents_edges(
    sheet: Sheet | Nowhere, asked: _Asked, *, number: int, total: int
) -> tuple[float, float]:
    """Draw what stands round the contents; give from where to where they may be."""
    title = message("figure.atlas.contents", asked.lang)
    top = draw_header(sheet, title=title, lines=[asked.title], notice=asked.notice)
    notes = notes_of(asked.whole, asked.coverage, frame=asked.frame, lang=asked.lang)[:1]
    foot = _foot_words(asked, number, total)
    return top, draw_notes(sheet, notes, size=_PAPER.note, foot=foot)


def _contents_pages(
    asked: _Asked, rows: list[Row], silent: list[str]
) -> list[list[tuple[Box, Row]]]:
    """Place the rows of the contents in two columns a page."""
    nowhere = Nowhere(_PAPER.width, _PAPER.height)
    top, bottom = _contents_edges(nowhere, asked, number=999, total=999)
    top += 16
    wide = (_RIGHT - _LEFT - 40) / 2
    pages: list[list[tuple[Box, Row]]] = []
    column, y, end = 2, top, top
    for number, row in enumerate(rows):
        # A region's name never ends a column.
        need = _ROW_HIGH * (2 if row.page is None and number + 1 < len(rows) else 1)
        if column == 2 or y + need > end:
            column, y = column + 1, top
            if column >= 2:
                pages.append([])
                column = 0
            end = bottom - (_silent_high(silent) if len(pages) == 1 else 0)
        left = _LEFT + column * (wide + 40)
        pages[-1].append((Box(left, y, left + wide, y + _ROW_HIGH), row))
        y += _ROW_HIGH
    return pages or [[]]


def _rows(chapters: list[Chapter]) -> list[Row]:
    """Give the rows of the contents: each region's name before its units."""
    rows: list[Row] = []
    region = ""
    for chapter in chapters:
        if chapter.region != region:
            region = chapter.region
            rows.append(Row(region))
        rows.append(Row(chapter.name, len(chapter.incidents), chapter.start))
    return rows


def _silent(asked: _Asked, *, level: str, found: set[str]) -> list[str]:
    """Say which units have no incident: covered, not covered, or not known which."""
    units = asked.frame.units
    others = units.index[(units["level"] == level) & ~units.index.isin(found)]
    if not len(others):
        return []
    covered = covered_units(others, frame=asked.frame, coverage=asked.coverage)
    groups = [("none", others[covered]), ("not_covered", others[~covered])]
    if asked.coverage is None:
        groups = [("no_record", others)]
    return [
        message(
            f"figure.atlas.{key}",
            asked.lang,
            names=", ".join(
                sorted((set_name(asked.frame.label(unit)) for unit in group), key=fold)
            ),
        )
        for key, group in groups
        if len(group)
    ]


def _silent_lines(silent: list[str]) -> list[str]:
    """Break the sentences on units without incidents into lines."""
    return [line for one in silent for line in wrap(one, style=_SMALL, width=_RIGHT - _LEFT)]


def _silent_high(silent: list[str]) -> float:
    """Give how much room these sentences take."""
    return _ROW_HIGH * len(_silent_lines(silent)) + (14 if silent else 0)


def _may_lie_here(asked: _Asked, chapter: Chapter) -> int:
    """Count the incidents known only to the region of a unit or more coarsely."""
    if chapter.unit is None:
        return 0
    region = chapter.unit.rsplit("/", 1)[0]
    coarser = asked.located[asked.located["level"].isin(["region", "country"])]
    return int((coarser["admin1_id"].isna() | (coarser["admin1_id"] == region)).sum())


def _view(asked: _Asked, chapter: Chapter) -> View:
    """Frame a unit, or the whole country."""
    if chapter.unit is None:
        return asked.whole
    west, south, east, north = map(float, shapely.bounds(asked.frame.polygon(chapter.unit)))
    high, wide = (north - south) * _ROOM, (east - west) * _ROOM
    return View((south - high, west - wide, north + high, east + wide))


def _summary(asked: _Asked, chapter: Chapter) -> Summary:
    """Count a chapter's incidents."""
    return summarize(chapter.incidents, view=_view(asked, chapter))


def _name(frame: AdminFrame, unit: str | None, *, level: str, lang: str) -> str:
    """Title a chapter."""
    if unit is None:
        return message(f"figure.atlas.unknown_{level}", lang)
    name = set_name(frame.label(unit))
    return message(f"figure.atlas.{level}", lang, name=name, of_name=of_name(name, lang=lang))


def _region(frame: AdminFrame, unit: str) -> str:
    """Name the region that holds a unit."""
    return set_name(frame.label(frame.chain(unit)[0]))


def _foot_words(asked: _Asked, page: int, total: int) -> str:
    """Give what stands at the foot of a page, counted from 0."""
    number = message("figure.page", asked.lang, n=page + 1, of=total)
    return f"{asked.title} · {number}"


def _in_points(box: Box) -> tuple[float, float, float, float]:
    """Give a box of a page as a PDF measures it."""
    by, high = _PAPER.points, _PAPER.height
    return box.left * by, (high - box.bottom) * by, box.right * by, (high - box.top) * by
