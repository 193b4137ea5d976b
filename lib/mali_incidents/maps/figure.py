"""The still picture of a map, for reports and for readers without scripts."""

import io
from typing import Final

import geopandas as gpd
import matplotlib.style
from matplotlib.figure import Figure
from PIL import Image

from mali_incidents.errors import MapError
from mali_incidents.maps.captions import (
    coverage_note,
    deaths_of,
    how_many,
    projection_note,
    subtitle_of,
    title_of,
    types_of,
    where_most,
)
from mali_incidents.maps.legend import draw_legend
from mali_incidents.maps.messages import message
from mali_incidents.maps.sheet import WIDTH, Box, Sheet, Style, measure, wrap
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.view import View
from mali_incidents.maps.window import draw_map
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import why_not_located

_MARGIN: Final = 28.0
_HEADER: Final = 86.0
_COLUMN: Final = 318.0
_LEAST_PX: Final = 600
_LEAST_SHAPE: Final = 0.6
_MOST_SHAPE: Final = 1.5

_TITLE: Final = Style(25, "#202124", weight=700)
_SUBTITLE: Final = Style(14, "#4A4740")
_NOTE: Final = Style(10.5, "#5F5B53")


def incident_figure(
    located: gpd.GeoDataFrame,
    *,
    view: View,
    title: str | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    width_px: int = 1400,
    height_px: int = 900,
    frame: AdminFrame | None = None,
) -> Figure:
    """Draw located incidents as a still picture, with the look and content of the interactive map.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    view : View
        What the map frames.
    title : str, optional
        The map's title; made from the view by default.
    coverage : Coverage, optional
        What the records claim to cover; the rest is hatched, never blank as if calm.
    lang : {"en", "fr"}
        The figure's language.
    width_px, height_px : int
        Its size in pixels; the height must be 0.6 to 1.5 times the width.
    frame : AdminFrame, optional
        The units the records were located in; the shipped ones by default.

    Returns
    -------
    matplotlib.figure.Figure
        Free of pyplot's state. Its projection is azimuthal equidistant on the view's middle, as
        its small print says.

    Raises
    ------
    MapError
        When the size leaves no room for the map or its legend, or there is no such language.
    """
    if wrong := why_not_located(located):
        raise MapError(wrong)
    _check_size(width_px, height_px)
    frame = frame if frame is not None else read_frame()
    summary = summarize(located, view=view)
    # A user's own style for charts is not for maps.
    with matplotlib.style.context("default"):
        sheet = Sheet(width_px=width_px, height_px=height_px)
        _draw_line(sheet, 46, title or title_of(view, lang=lang), style=_TITLE)
        _draw_line(sheet, 70, subtitle_of(summary, view, lang=lang), style=_SUBTITLE)
        bottom = _draw_notes(sheet, view, coverage, lang)
        right = WIDTH - _MARGIN - _COLUMN
        window = Box(_MARGIN, _HEADER, right - 24, bottom)
        hatched = draw_map(
            sheet, window, located, view=view, frame=frame, coverage=coverage, lang=lang
        )
        column = Box(right, _HEADER, WIDTH - _MARGIN, bottom)
        reached = draw_legend(sheet, column, summary=summary, view=view, hatched=hatched, lang=lang)
    if reached > bottom:
        missing = (reached - bottom) * width_px / WIDTH
        raise MapError(
            f"the legend is {missing:.0f} px longer than a figure of {width_px} × {height_px} px "
            "has room for: make it higher, draw fewer rings or shorten the coverage's text"
        )
    return sheet.figure


def figure_png(figure: Figure) -> bytes:
    """Write a figure as a small PNG, the same bytes each time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What :func:`incident_figure` gives.

    Returns
    -------
    bytes
        A PNG of at most 256 colours, without a date or the name of a program.
    """
    raw, small = io.BytesIO(), io.BytesIO()
    with matplotlib.style.context("default"):
        figure.savefig(raw, format="png", metadata={"Software": None})
    picture = Image.open(raw).convert("RGB")
    # The rounds of k-means keep the colours of rare symbols what they are.
    few = picture.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    few.save(small, format="png", optimize=True)
    return small.getvalue()


def alt_text(
    located: gpd.GeoDataFrame, *, view: View, coverage: Coverage | None = None, lang: str = "en"
) -> str:
    """Say in words what a map of located incidents shows.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    view : View
        What the map frames.
    coverage : Coverage, optional
        What the records claim to cover.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str
        A few plain sentences: how many, of which types, where most, how many deaths, how surely
        placed, and what is covered.
    """
    summary = summarize(located, view=view)
    period = f", {summary.period}" if summary.period else ""
    sentences: list[str | None] = [
        f"{title_of(view, lang=lang)}.",
        f"{how_many(summary, view, lang=lang)}{period}.",
    ]
    if summary.types:
        sentences.append(types_of(summary, view, lang=lang))
    sentences += [where_most(summary, lang=lang), deaths_of(summary, lang=lang)]
    if summary.approximate:
        sentences.append(f"{message('subtitle.approximate', lang, n=summary.approximate)}.")
    if summary.unplaced:
        sentences.append(f"{message('unplaced', lang, n=summary.unplaced)}.")
    sentences.append(coverage_note(coverage, lang=lang))
    return " ".join(sentence for sentence in sentences if sentence)


def _check_size(width_px: int, height_px: int) -> None:
    """Refuse a size that leaves no room for the map, its legend and its notes."""
    if width_px < _LEAST_PX or not _LEAST_SHAPE <= height_px / width_px <= _MOST_SHAPE:
        raise MapError(
            f"a figure must be at least {_LEAST_PX} px wide and {_LEAST_SHAPE} to {_MOST_SHAPE} "
            f"times as high as wide, got {width_px} × {height_px} px; try 1400 × 900"
        )


def _draw_line(sheet: Sheet, baseline: float, text: str, *, style: Style) -> None:
    """Set one line across the sheet, as much smaller as it must be to fit."""
    line = " ".join(text.split())
    room = WIDTH - 2 * _MARGIN
    size = style.size * min(1, room / max(measure(line, style=style), 1))
    sheet.text(_MARGIN, baseline, line, style=style._replace(size=size))


def _draw_notes(sheet: Sheet, view: View, coverage: Coverage | None, lang: str) -> float:
    """Set the small print at the foot of the sheet; give the height it begins at."""
    notes = [
        coverage_note(coverage, lang=lang),
        f"{projection_note(view, lang=lang)} {message('disclaimer', lang)}",
        message("credits", lang),
    ]
    lines = [line for note in notes for line in wrap(note, style=_NOTE, width=WIDTH - 2 * _MARGIN)]
    leading = _NOTE.size * 1.45
    top = sheet.height - 18 - leading * len(lines)
    for number, line in enumerate(lines, start=1):
        sheet.text(_MARGIN, top + leading * number - 4, line, style=_NOTE)
    return top - 12
