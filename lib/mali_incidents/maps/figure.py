"""The still picture of a map, for reports and for readers without scripts."""

import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import matplotlib.style
import numpy as np
import pandas as pd
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from mali_incidents.counts.units import covered_units, other_units
from mali_incidents.errors import MapError
from mali_incidents.maps.captions import (
    coverage_note,
    deaths_of,
    how_many,
    noticed,
    subtitle_of,
    title_of,
    types_of,
    where_most,
)
from mali_incidents.maps.figure_words import period_of, projection_note
from mali_incidents.maps.furniture import (
    MARGIN,
    draw_header,
    draw_notes,
    notice_in,
    start_sheet,
)
from mali_incidents.maps.legend import Detail, Part, flow, key_in_words, legend_parts
from mali_incidents.maps.messages import message, read_messages
from mali_incidents.maps.palette import SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.paper import Paper, paper_of
from mali_incidents.maps.sheet import About, Box, SheetFigure, one_line, plain
from mali_incidents.maps.summary import Summary, summarize
from mali_incidents.maps.view import View, frame_view
from mali_incidents.maps.window import draw_map
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import why_not_located

# What the map leaves free for the degrees at its edges.
_DEGREES: Final = 13.0
_GUTTER: Final = 24.0
# Less than this is no map.
_LEAST_MAP: Final = 150.0
# How many of the colours seen most a PNG keeps as they are, of its 256.
_EXACT: Final = 120
# How many pixels of a picture are looked at together: what it takes of memory.
_AT_ONCE: Final = 2_000_000
_PACKED: Final = np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
_SYMBOL_COLOURS: Final = np.array(
    [list(bytes.fromhex(symbol.colour[1:])) for symbol in (*SYMBOLS.values(), UNKNOWN_SYMBOL)],
    dtype=np.uint8,
)

# Letters exactly as wide as they are measured.
LOOK: Final[list[str | Path | dict[str, Any]]] = ["default", {"text.hinting": "none"}]


class Drawing(NamedTuple):
    """A figure, and where on it the map itself stands.

    Attributes
    ----------
    figure : SheetFigure
        The whole sheet: title, map, legend and notes.
    window : Box
        The map's frame, in pixels from the sheet's top left.
    """

    figure: SheetFigure
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
    page: str | None = None,
    width_px: int = 1400,
    height_px: int = 900,
    filters: str | None = None,
    notice: Mapping[str, str] | None = None,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
) -> SheetFigure:
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
    page : {"a4", "a4-portrait", "slide"}, optional
        A page to draw on: A4 either way, or a slide of 16:9 with letters to be read from afar. By
        default a picture of the size below.
    width_px, height_px : int
        The picture's size in pixels; the height must be 0.6 to 1.5 times the width.
    filters : str, optional
        What was chosen of the records before they came here, in the words of whoever chose, e.g.
        ``"battles only"``; it stands below the title and in the alternative text.
    notice : mapping of str to str, optional
        A line by language in a band at the top, e.g.
        ``{"en": "Internal - not for publication", "fr": "Interne - ne pas publier"}``.
    frame : AdminFrame, optional
        The units the records were located in; the shipped ones by default.
    gazetteer : Gazetteer, optional
        Where ``around`` and ``way_to`` are looked up; the shipped one by default.

    Returns
    -------
    SheetFigure
        A ``matplotlib.figure.Figure``, free of pyplot's state; ``about`` has its title and its
        alternative text. The projection is UTM where the view lies in one zone, else Lambert's
        azimuthal equal-area; the small print names it. :func:`write_figure` writes it.

    Raises
    ------
    MapError
        When the table was not located, the size leaves no room for the map or its legend, a
        page, a radius or a language is not one, the notice is not in the language, or the table,
        the frame and the coverage do not name the same units.
    LocateError
        When ``around`` or ``way_to`` is not a place of the gazetteer.
    """
    paper = paper_of(page, width_px=width_px, height_px=height_px)
    view, units = asked_view(
        located,
        around=around,
        radius_km=radius_km,
        rings_km=rings_km,
        way_to=way_to,
        coverage=coverage,
        lang=lang,
        frame=frame,
        gazetteer=gazetteer,
    )
    return draw_figure(
        located,
        view=view,
        summary=summarize(located, view=view),
        title=title or title_of(view, lang=lang),
        coverage=coverage,
        lang=lang,
        frame=units,
        paper=paper,
        filters=filters,
        notice=notice_in(notice, lang=lang),
    ).figure


def asked_view(
    located: gpd.GeoDataFrame,
    *,
    around: str | tuple[float, float] | None,
    radius_km: float,
    rings_km: tuple[float, ...] | None,
    way_to: str | None,
    coverage: Coverage | None,
    lang: str,
    frame: AdminFrame | None,
    gazetteer: Gazetteer | None,
) -> tuple[View, AdminFrame]:
    """Check what a figure is asked for, and work out what it frames.

    Parameters
    ----------
    located, around, radius_km, rings_km, way_to, coverage, lang, frame, gazetteer
        As :func:`incident_figure` takes them.

    Returns
    -------
    (View, AdminFrame)
        What is framed, and the units it is drawn with.

    Raises
    ------
    MapError, LocateError
        As :func:`incident_figure` does.
    """
    if wrong := why_not_located(located):
        raise MapError(wrong)
    # A language that is none is refused before anything is drawn.
    read_messages(lang)
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
    return view, units


def draw_figure(
    located: gpd.GeoDataFrame,
    *,
    view: View,
    summary: Summary,
    title: str,
    coverage: Coverage | None,
    lang: str,
    frame: AdminFrame,
    paper: Paper | None = None,
    filters: str | None = None,
    notice: str | None = None,
    foot: str | None = None,
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
    paper : Paper, optional
        What to draw on; a picture of 1400 × 900 pixels by default.
    filters : str, optional
        What was chosen of the records, in words.
    notice : str, optional
        A line at the top.
    foot : str, optional
        A line at the bottom: the page's number.

    Returns
    -------
    Drawing

    Raises
    ------
    MapError
        When the size leaves no room for the map or its legend, or there is no such language.
    """
    paper = paper if paper is not None else paper_of(None)
    # A user's own style for charts is not for maps.
    with matplotlib.style.context(LOOK):
        sheet = start_sheet(paper)
        lines = [subtitle_of(summary, view, lang=lang)]
        if filters:
            lines.append(message("figure.filters", lang, filters=filters))
        # Where nothing is covered, a count of nought is none.
        silent = coverage is not None and not _covered_in(view, frame, coverage).any()
        if silent:
            lines.append(message("coverage.hatched", lang))
        top = draw_header(sheet, title=title, lines=lines, notice=notice, locator=(view, frame))
        gaps = has_gaps(view, frame=frame, coverage=coverage)
        notes = notes_of(view, coverage, frame=frame, lang=lang)
        if paper.terse:
            key = key_in_words(summary, hatched=gaps, lang=lang)
            notes = [" ".join([key, *notes])]
        bottom = draw_notes(sheet, notes, size=paper.note, foot=foot)
        make = partial(legend_parts, summary, view=view, lang=lang)
        body = Box(MARGIN, top, paper.width - MARGIN, bottom)
        window, columns, detail = share_body(body, paper, partial(make, hatched=gaps))
        hatched = draw_map(
            sheet, window, located, view=view, frame=frame, coverage=coverage, lang=lang
        )
        flow(sheet, columns, make(hatched=hatched, detail=detail))
    said = alt_text(summary, view=view, coverage=coverage, lang=lang, title=title, filters=filters)
    if silent:
        said = f"{said} {message('coverage.hatched', lang)}."
    if notice is not None:
        said = noticed(said, notice=notice)
    sheet.figure.about = About(plain(one_line(title)), said, lang)
    by = paper.points / 72 * paper.dpi
    return Drawing(sheet.figure, Box(*(edge * by for edge in window)))


def notes_of(view: View, coverage: Coverage | None, *, frame: AdminFrame, lang: str) -> list[str]:
    """Give the small print of a figure: what is covered, how it is drawn, whom it is owed to."""
    return [
        coverage_note(coverage, lang=lang),
        f"{projection_note(view, lang=lang)} {message('disclaimer', lang)}",
        message("credits", lang, boundaries=frame.credit),
    ]


def has_gaps(view: View, *, frame: AdminFrame, coverage: Coverage | None) -> bool:
    """Tell whether a coverage leaves out a part of what a view may show.

    Parameters
    ----------
    view : View
        What is framed; a sheet shows up to its size more on each side.
    frame : AdminFrame
        The units drawn.
    coverage : Coverage or None
        What the records claim to cover.

    Returns
    -------
    bool
    """
    return coverage is not None and not _covered_in(view, frame, coverage, beyond=1).all()


def _covered_in(
    view: View, frame: AdminFrame, coverage: Coverage, *, beyond: float = 0
) -> "pd.Series[bool]":
    """Tell of each unit in a view, and so many of its sizes beyond, whether it is covered."""
    south, west, north, east = view.bounds
    high, wide = (north - south) * beyond, (east - west) * beyond
    around = shapely.box(west - wide, south - high, east + wide, north + high)
    near = frame.simplified[shapely.intersects(frame.simplified.geometry.to_numpy(), around)]
    return covered_units(pd.Index(near["unit_id"]), frame=frame, coverage=coverage)


def share_body(
    body: Box, paper: Paper, make: Callable[..., list[Part]]
) -> tuple[Box, list[Box], Detail]:
    """Share what is left of a sheet between the map and its legend.

    Parameters
    ----------
    body : Box
        What is left between the header and the small print.
    paper : Paper
        Says where the legend stands.
    make : callable
        Gives the legend's parts for a ``detail``.

    Returns
    -------
    (Box, list of Box, {"full", "brief", "terse", "tight"})
        The map's window, the columns of the legend, and how much it explains: as much as there is
        room for.

    Raises
    ------
    MapError
        When there is no room.
    """
    tries: tuple[tuple[Detail, int], ...] = (("full", 1), ("brief", 1))
    if paper.terse:
        tries = (("terse", 1), ("tight", 1), ("terse", 2))
    over = 0.0
    for detail, beside in tries:
        window, columns = _places(body, paper, make(detail=detail), beside=beside)
        over = flow(None, columns, make(detail=detail))
        if over <= 0 and min(window.width, window.height) >= _LEAST_MAP:
            return window, columns, detail
    advice = "take a larger page, draw fewer rings, or shorten the title or the coverage's text"
    if over <= 0:
        raise MapError(f"a figure of {paper.says} has no room left for the map: {advice}")
    missing = over * paper.points / 72 * paper.dpi
    raise MapError(
        f"the legend is {missing:.0f} px longer than a figure of {paper.says} has room for: "
        f"{advice}"
    )


def _places(body: Box, paper: Paper, parts: list[Part], *, beside: int) -> tuple[Box, list[Box]]:
    """Give the map's window and the columns of the legend: beside it, or below in two."""
    if paper.column:
        # Two columns stand closer and are narrower than one.
        wide = paper.column if beside == 1 else paper.column * 0.84
        step = wide + 16
        lefts = [body.right - wide - step * place for place in reversed(range(beside))]
        window = Box(body.left + _DEGREES, body.top + _DEGREES, lefts[0] - _GUTTER, body.bottom)
        return window, [Box(left, window.top, left + wide, body.bottom) for left in lefts]
    half = (body.width - _GUTTER) / 2
    height = 60.0
    while True:
        top = body.bottom - height
        columns = [
            Box(left, top, left + half, body.bottom) for left in (body.left, body.right - half)
        ]
        if flow(None, columns, parts) <= 0 or height > body.height:
            break
        height += 6
    return Box(body.left + _DEGREES, body.top + _DEGREES, body.right, top - 14), columns


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


def figure_png(
    figure: Figure,
    *,
    dpi: float | None = None,
    texts: Mapping[str, str] | None = None,
    lang: str = "en",
) -> bytes:
    """Write a figure as a small PNG, the same bytes each time.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What :func:`incident_figure` gives.
    dpi : float, optional
        Dots per inch; by default as many as it was made with.
    texts : mapping of str to str, optional
        Texts that the file carries by their keywords, such as Description.
    lang : {"en", "fr"}
        The language of these texts.

    Returns
    -------
    bytes
        A PNG of at most 256 colours, without a date or the name of a program.
    """
    before = figure.dpi
    with matplotlib.style.context(LOOK):
        try:
            figure.set_dpi(dpi or before)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()  # type: ignore[no-untyped-call]
            pixels = np.asarray(canvas.buffer_rgba())[..., :3]  # type: ignore[no-untyped-call]
        finally:
            figure.set_dpi(before)
    info = PngInfo()
    for keyword, text in (texts or {}).items():
        info.add_itxt(keyword, text, lang=lang)
    small = io.BytesIO()
    how: dict[str, Any] = {"dpi": (dpi, dpi)} if dpi else {}
    _few_colours(pixels).save(small, format="png", pnginfo=info, **how)
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
    rows = max(1, _AT_ONCE // pixels.shape[1])
    bands = [pixels[top : top + rows] for top in range(0, len(pixels), rows)]
    found = [np.unique(band.astype(np.uint32) @ _PACKED, return_counts=True) for band in bands]
    seen, which = np.unique(np.concatenate([one for one, _ in found]), return_inverse=True)
    counts = np.bincount(which, weights=np.concatenate([count for _, count in found]))
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
    few = nearest.astype(np.uint8)
    picture = Image.fromarray(
        np.vstack([few[np.searchsorted(seen, band.astype(np.uint32) @ _PACKED)] for band in bands])
    )
    picture.putpalette(palette.tobytes())
    return picture


def alt_text(
    summary: Summary,
    *,
    view: View,
    coverage: Coverage | None = None,
    lang: str = "en",
    title: str | None = None,
    filters: str | None = None,
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
    title : str, optional
        The map's own title; made from the view by default.
    filters : str, optional
        What was chosen of the records, in words.

    Returns
    -------
    str
        A few plain sentences: how many, of which types, where most, how many deaths, how surely
        placed, and what is covered.
    """
    when = period_of(summary.framed, lang=lang)
    period = f", {when}" if when else ""
    named = one_line(title or title_of(view, lang=lang))
    sentences: list[str | None] = [
        named if named.endswith((".", "!", "?")) else f"{named}.",
        f"{how_many(summary, view, lang=lang)}{period}.",
    ]
    if filters:
        sentences.append(f"{message('figure.filters', lang, filters=filters)}.")
    if summary.types:
        sentences.append(types_of(summary, view, lang=lang))
    sentences += [where_most(summary, lang=lang), deaths_of(summary, lang=lang)]
    if summary.approximate:
        sentences.append(f"{message('subtitle.approximate', lang, n=summary.approximate)}.")
    if summary.unplaced:
        sentences.append(f"{message('unplaced', lang, n=summary.unplaced)}.")
    sentences.append(coverage_note(coverage, lang=lang))
    return plain(" ".join(sentence for sentence in sentences if sentence))
