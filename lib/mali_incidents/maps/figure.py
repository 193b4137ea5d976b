"""The still picture of a map, for reports and for readers without scripts."""

import io
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import matplotlib.style
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from mali_incidents.counts.units import other_units
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
from mali_incidents.maps.palette import SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.sheet import WIDTH, Box, Sheet, Style, measure, wrap
from mali_incidents.maps.summary import Summary, summarize
from mali_incidents.maps.view import View, frame_view
from mali_incidents.maps.window import draw_map
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import why_not_located

_MARGIN: Final = 28.0
_HEADER: Final = 86.0
_COLUMN: Final = 318.0
_LEAST_PX: Final = 600
_LEAST_SHAPE: Final = 0.6
_MOST_SHAPE: Final = 1.5
# How many of the colours seen most a PNG keeps as they are, of its 256.
_EXACT: Final = 120
_PACKED: Final = np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
_SYMBOL_COLOURS: Final = np.array(
    [list(bytes.fromhex(symbol.colour[1:])) for symbol in (*SYMBOLS.values(), UNKNOWN_SYMBOL)],
    dtype=np.uint8,
)

_TITLE: Final = Style(25, "#202124", weight=700)
_SUBTITLE: Final = Style(14, "#4A4740")
_NOTE: Final = Style(11.5, "#4F4B44")
# Letters exactly as wide as they are measured.
_LOOK: Final[list[str | Path | dict[str, Any]]] = ["default", {"text.hinting": "none"}]


class Drawing(NamedTuple):
    """A figure, and where on it the map itself stands.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The whole sheet: title, map, legend and notes.
    window : Box
        The map's frame, in pixels from the sheet's top left.
    """

    figure: Figure
    window: Box


def incident_figure(
    located: gpd.GeoDataFrame,
    *,
    around: str | tuple[float, float] | None = None,
    radius_km: float = 150,
    rings_km: tuple[float, ...] | None = None,
    way_to: str | None = None,
    title: str | None = None,
    coverage: Coverage | None = None,
    lang: str = "en",
    width_px: int = 1400,
    height_px: int = 900,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> Figure:
    """Draw located incidents as a still picture, with the look and content of the interactive map.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    around : str or (latitude, longitude), optional
        A place of the gazetteer, or a point in WGS 84 degrees, to centre on; the whole country
        by default.
    radius_km : float
        How far round the centre the view reaches, in kilometres.
    rings_km : tuple of float, optional
        Radii of the rings, in kilometres; by default even steps of a round length.
    way_to : str, optional
        A place of the gazetteer to draw the way to, with its distance.
    title : str, optional
        The map's title; made from ``around`` by default.
    coverage : Coverage, optional
        What the records claim to cover; the rest is hatched, never blank as if calm.
    lang : {"en", "fr"}
        The figure's language.
    width_px, height_px : int
        Its size in pixels; the height must be 0.6 to 1.5 times the width.
    frame : AdminFrame, optional
        The units the records were located in; the shipped ones by default.
    gazetteer : Gazetteer, optional
        Where ``around`` and ``way_to`` are looked up; the shipped one by default.

    Returns
    -------
    matplotlib.figure.Figure
        Free of pyplot's state. Its projection is azimuthal equidistant on the view's middle, as
        its small print says.

    Raises
    ------
    MapError
        When the table was not located, the size leaves no room for the map or its legend, a
        radius or a language is not one, or the table, the frame and the coverage do not name
        the same units.
    LocateError
        When ``around`` or ``way_to`` is not a place of the gazetteer.
    """
    if wrong := why_not_located(located):
        raise MapError(wrong)
    units = frame if frame is not None else read_frame()
    check_units(located, frame=units, coverage=coverage)
    view = frame_view(
        around,
        radius_km=radius_km,
        rings_km=rings_km,
        way_to=way_to,
        frame=units,
        gazetteer=gazetteer if gazetteer is not None else read_gazetteer(),
    )
    return draw_figure(
        located,
        view=view,
        summary=summarize(located, view=view),
        title=title or title_of(view, lang=lang),
        coverage=coverage,
        lang=lang,
        frame=units,
        width_px=width_px,
        height_px=height_px,
    ).figure


def draw_figure(
    located: gpd.GeoDataFrame,
    *,
    view: View,
    summary: Summary,
    title: str,
    coverage: Coverage | None,
    lang: str,
    frame: AdminFrame,
    width_px: int = 1400,
    height_px: int = 900,
) -> Drawing:
    """Draw what a view frames; see :func:`incident_figure`.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    view : View
        What the map frames.
    summary : Summary
        The numbers of this view.
    title : str
        The map's title.
    coverage : Coverage or None
        What the records claim to cover.
    lang : {"en", "fr"}
        The figure's language.
    frame : AdminFrame
        The units the records were located in.
    width_px, height_px : int
        Its size in pixels.

    Returns
    -------
    Drawing

    Raises
    ------
    MapError
        When the size leaves no room for the map or its legend, or there is no such language.
    """
    _check_size(width_px, height_px)
    # A user's own style for charts is not for maps.
    with matplotlib.style.context(_LOOK):
        sheet = Sheet(width_px=width_px, height_px=height_px)
        _draw_line(sheet, 46, title, style=_TITLE)
        _draw_line(sheet, 70, subtitle_of(summary, view, lang=lang), style=_SUBTITLE)
        bottom = _draw_notes(sheet, view, coverage, credit=frame.credit, lang=lang)
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
    return Drawing(sheet.figure, Box(*(edge * width_px / WIDTH for edge in window)))


def check_units(located: gpd.GeoDataFrame, *, frame: AdminFrame, coverage: Coverage | None) -> None:
    """Refuse to draw units of different vintages on one map: their ids do not compare.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    frame : AdminFrame
        The units to draw.
    coverage : Coverage or None
        What the records claim to cover.

    Raises
    ------
    MapError
        When the three do not name the same units.
    """
    if wrong := other_units(located, frame=frame, coverage=coverage):
        raise MapError("; ".join(wrong))


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
    canvas = FigureCanvasAgg(figure)
    with matplotlib.style.context(_LOOK):
        canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
    small = io.BytesIO()
    _few_colours(pixels).save(small, format="png")
    return small.getvalue()


def cut_out(png: bytes, box: Box) -> bytes:
    """Cut a box, in pixels, out of a PNG."""
    small = io.BytesIO()
    left, top, right, bottom = (round(edge) for edge in box)
    Image.open(io.BytesIO(png)).crop((left, top, right, bottom)).save(small, format="png")
    return small.getvalue()


def _few_colours(pixels: np.ndarray) -> Image.Image:
    """Make a picture of at most 256 colours from an array of shape (height, width, 3).

    The colours of symbols, however few their pixels, and those seen most are kept as they are;
    the rest of the palette stands for all others alike.
    """
    packed = pixels.astype(np.uint32) @ _PACKED
    seen, which, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([seen >> 16, seen >> 8 & 255, seen & 255], axis=-1).astype(np.uint8)
    by_count = np.argsort(-counts, kind="stable")
    palette = np.vstack([_SYMBOL_COLOURS, colours[by_count[:_EXACT]]])
    others = colours[by_count[_EXACT:]]
    if len(others):
        room = 256 - len(palette)
        cut = Image.fromarray(others[np.newaxis]).quantize(room, kmeans=2)
        rest = np.array(cut.getpalette(), dtype=np.uint8).reshape(-1, 3)
        palette = np.vstack([palette, rest[:room]])
    # Squared distances, without what is the same for every colour of the palette.
    there = palette.astype(np.float32)
    nearest = ((there**2).sum(axis=1) - 2 * colours.astype(np.float32) @ there.T).argmin(axis=1)
    picture = Image.fromarray(nearest.astype(np.uint8)[which].reshape(packed.shape))
    picture.putpalette(palette.tobytes())
    return picture


def alt_text(
    summary: Summary, *, view: View, coverage: Coverage | None = None, lang: str = "en"
) -> str:
    """Say in words what a map of located incidents shows.

    Parameters
    ----------
    summary : Summary
        The map's numbers.
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


def _draw_notes(
    sheet: Sheet, view: View, coverage: Coverage | None, *, credit: str, lang: str
) -> float:
    """Set the small print at the foot of the sheet; give the height it begins at."""
    notes = [
        coverage_note(coverage, lang=lang),
        f"{projection_note(view, lang=lang)} {message('disclaimer', lang)}",
        message("credits", lang, boundaries=credit),
    ]
    lines = [line for note in notes for line in wrap(note, style=_NOTE, width=WIDTH - 2 * _MARGIN)]
    leading = _NOTE.size * 1.45
    top = sheet.height - 18 - leading * len(lines)
    for number, line in enumerate(lines, start=1):
        sheet.text(_MARGIN, top + leading * number - 4, line, style=_NOTE)
    return top - 12
