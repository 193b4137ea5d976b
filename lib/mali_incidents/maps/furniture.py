"""What stands round the maps of a sheet: a notice, the title, where the view lies, small print."""

from collections.abc import Mapping, Sequence
from typing import Final

import shapely

from mali_incidents.errors import MapError
from mali_incidents.maps.arcs import united_units
from mali_incidents.maps.paper import Paper
from mali_incidents.maps.sheet import Box, Nowhere, Sheet, Style, fit, measure, one_line, wrap
from mali_incidents.maps.view import View, ring
from mali_incidents.places.frames import COUNTRY, AdminFrame

MARGIN: Final = 28.0
_BAND: Final = 24.0
_LOCATOR: Final = 66.0
# A view as large as this, as a share of the country, is told by itself where it lies.
_LARGE: Final = 0.75
_NOTICE: Final = Style(12, "#6B4E12", weight=700)
_TITLE: Final = Style(25, "#202124", weight=700)
# How much smaller a long title is set before it is broken into lines.
_LEAST_TITLE: Final = 0.7
_SUBTITLE: Final = Style(14, "#4A4740")
_NOTE: Final = Style(11.5, "#4F4B44")
_HERE: Final = "#B3261E"


def start_sheet(paper: Paper) -> Sheet:
    """Begin a sheet of a paper."""
    return Sheet(width=paper.width, height=paper.height, points=paper.points, dpi=paper.dpi)


def notice_in(notice: Mapping[str, str] | None, *, lang: str) -> str | None:
    """Give a notice in a language.

    Parameters
    ----------
    notice : mapping of str to str, optional
        The notice by language.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str or None

    Raises
    ------
    MapError
        When there is a notice, but not in this language.
    """
    if notice is None:
        return None
    words = notice.get(lang) if isinstance(notice, Mapping) else None
    if not isinstance(words, str) or not words.strip():
        raise MapError(
            f"notice must have a text in {lang!r}, e.g. {{'en': 'Internal', 'fr': 'Interne'}}, "
            f"got {notice!r}"
        )
    return one_line(words)


def draw_header(
    sheet: Sheet | Nowhere,
    *,
    title: str,
    lines: Sequence[str],
    notice: str | None = None,
    locator: tuple[View, AdminFrame] | None = None,
) -> float:
    """Set a notice, the title and the lines below it, and draw where the view lies.

    Parameters
    ----------
    sheet : Sheet
        The sheet to draw on.
    title : str
        The title; set smaller and then broken into lines where it is long.
    lines : sequence of str
        What stands below it, each broken into lines where it is long.
    notice : str, optional
        A line in a band at the top of the sheet.
    locator : (View, AdminFrame), optional
        A view to be shown in the country, at the right.

    Returns
    -------
    float
        How far down the sheet the header reaches.
    """
    top = 0.0
    if notice is not None:
        top = _draw_notice(sheet, notice)
    room = sheet.width - 2 * MARGIN
    reached = top + 46.0
    if locator is not None and _is_part(*locator):
        wide = _draw_locator(sheet, top + 12, *locator)
        room -= wide + 18
        reached = top + 12 + _LOCATOR - 26
    y = top + 21
    line = one_line(title)
    share = min(1.0, room / max(measure(line, style=_TITLE), 1))
    style = _TITLE._replace(size=_TITLE.size * max(share, _LEAST_TITLE))
    for part in wrap(line, style=style, width=room + 0.5, hard=True):
        y += 25 if share >= _LEAST_TITLE else 23
        sheet.text(MARGIN, y, part, style=style)
    y += 5
    for words in lines:
        for part in wrap(one_line(words), style=_SUBTITLE, width=room, hard=True):
            y += 19
            sheet.text(MARGIN, y, part, style=_SUBTITLE)
    return max(y + 16, reached + 26)


def draw_notes(
    sheet: Sheet | Nowhere, notes: Sequence[str], *, size: float, foot: str | None = None
) -> float:
    """Set the small print at the foot of a sheet.

    Parameters
    ----------
    sheet : Sheet
        The sheet to draw on.
    notes : sequence of str
        Each begins a line of its own.
    size : float
        The size of the letters in sheet units.
    foot : str, optional
        A last line, at the right: the page's number.

    Returns
    -------
    float
        How far up the sheet they begin.
    """
    style = _NOTE._replace(size=size)
    room = sheet.width - 2 * MARGIN
    lines = [line for note in notes for line in wrap(note, style=style, width=room, hard=True)]
    leading = size * 1.45
    end = sheet.height - 18
    if foot is not None:
        line = wrap(one_line(foot), style=style, width=room, hard=True)[-1]
        sheet.text(sheet.width - MARGIN, end - 4, line, style=style, align="right")
        end -= leading + 2
    top = end - leading * len(lines)
    for number, line in enumerate(lines, start=1):
        sheet.text(MARGIN, top + leading * number - 4, line, style=style)
    return top - 12


def _draw_notice(sheet: Sheet | Nowhere, words: str) -> float:
    """Set a notice in a quiet band across the top; give the height of the band."""
    lines = wrap(words, style=_NOTICE, width=sheet.width - 2 * MARGIN, hard=True)
    height = _BAND + 15 * (len(lines) - 1)
    band = Box(0, 0, sheet.width, height)
    sheet.rectangle(band, facecolor="#FBF1DA", edgecolor="none")
    for number, line in enumerate(lines):
        y = 12.5 + 15 * number
        sheet.text(sheet.width / 2, y, line, style=_NOTICE, align="center", middle=True)
    return height


def _is_part(view: View, frame: AdminFrame) -> bool:
    """Tell whether a view shows so little of the country that one must say where it lies."""
    west, south, east, north = shapely.bounds(frame.polygon(COUNTRY))
    seen_south, seen_west, seen_north, seen_east = view.bounds
    wide = (seen_east - seen_west) / (east - west)
    high = (seen_north - seen_south) / (north - south)
    return bool(max(wide, high) < _LARGE)


def _draw_locator(sheet: Sheet | Nowhere, top: float, view: View, frame: AdminFrame) -> float:
    """Draw the country and what of it the view shows, at the right; give the width."""
    west, south, east, north = map(float, shapely.bounds(frame.polygon(COUNTRY)))
    seen = view.bounds
    # A view that reaches abroad is seen whole as well.
    bounds = (
        min(south, seen[0]),
        min(west, seen[1]),
        max(north, seen[2]),
        max(east, seen[3]),
    )
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    crs = f"+proj=laea +lat_0={middle[0]} +lon_0={middle[1]} +datum=WGS84"
    right = sheet.width - MARGIN
    box = Box(right - _LOCATOR * 1.12, top, right, top + _LOCATOR)
    flat = fit(bounds, crs=crs, into=box.grown(-2))
    united = united_units(frame)
    levels = frame.units["level"].reindex(united.index)
    regions = flat.place(united[levels == frame.levels[0]].to_numpy())
    country = flat.place(united[COUNTRY])
    sheet.areas([country], facecolor="#E9E6DD", edgecolor="#6F6A5E", linewidth=0.7)
    sheet.lines(shapely.boundary(regions), edgecolor="#B9B3A5", linewidth=0.35)
    if view.centre is not None and view.radius_km is not None and view.way is None:
        outline = shapely.Polygon(flat.points(*ring(view.centre, view.radius_km).T))
    else:
        edge = shapely.segmentize(shapely.box(seen[1], seen[0], seen[3], seen[2]), 0.5)
        outline = flat.place(edge)
    # As small as a view may be, it is found at a glance.
    if shapely.area(outline) < 20:
        outline = shapely.Point(shapely.centroid(outline)).buffer(3)
    look = {"edgecolor": _HERE, "linewidth": 1.1}
    sheet.areas([outline], facecolor="#B3261E40", **look)
    return box.width
