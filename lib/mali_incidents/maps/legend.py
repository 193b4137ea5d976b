"""The column beside a figure's map: what its signs mean, and how many there are."""

from typing import Any

from shapely import LineString

from mali_incidents.maps.captions import kilometres, rings_caption, types_heading
from mali_incidents.maps.messages import message
from mali_incidents.maps.palette import AREA_COLOUR, AREA_STEPS, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.sheet import Box, Sheet, Style, measure, wrap
from mali_incidents.maps.signs import place_radius, symbol_radius
from mali_incidents.maps.summary import Summary
from mali_incidents.maps.view import View

_HEADING = Style(12.5, "#202124", weight=700)
_TEXT = Style(12.5, "#3C3A36")
_NUMBER = Style(12.5, "#202124", weight=700)
_SMALL = Style(11.5, "#4F4B44")
_INDENT = 34.0
_DEATHS = (0, 10, 50)


class _Column:
    """A column of the sheet, filled from the top."""

    def __init__(self, sheet: Sheet, box: Box) -> None:
        self.sheet = sheet
        self.left, self.right = box.left, box.right
        self.y = box.top

    def heading(self, text: str) -> None:
        """Set a heading over a thin rule."""
        self.y += 14
        self.sheet.text(self.left, self.y, text, style=_HEADING)
        rule = LineString([(self.left, self.y + 7), (self.right, self.y + 7)])
        self.sheet.lines([rule], edgecolor="#BDB7AA", linewidth=0.7)
        self.y += 26

    def words(self, text: str, *, style: Style = _TEXT, indent: float = _INDENT) -> None:
        """Set a text in as many lines as it needs."""
        for line in wrap(text, style=style, width=self.right - self.left - indent):
            self.sheet.text(self.left + indent, self.y, line, style=style, middle=True)
            self.y += style.size * 1.38

    def number(self, text: str, *, right: float | None = None, style: Style = _NUMBER) -> None:
        """Set a number flush right on the present line."""
        edge = self.right if right is None else right
        self.sheet.text(edge, self.y, text, style=style, align="right", middle=True)

    def swatch(self, **look: Any) -> None:
        """Draw a patch of a ground on the present line, with matplotlib's patch properties."""
        box = Box(self.left, self.y - 8, self.left + 24, self.y + 8)
        self.sheet.rectangle(box, linewidth=0.8, **look)

    def gap(self, by: float) -> None:
        """Leave some room."""
        self.y += by


def draw_legend(
    sheet: Sheet, box: Box, *, summary: Summary, view: View, hatched: bool, lang: str
) -> float:
    """Draw what the signs of a map mean, with their counts.

    Parameters
    ----------
    sheet : Sheet
        The sheet to draw on.
    box : Box
        Where the column stands.
    summary : Summary
        The map's numbers.
    view : View
        What the map frames.
    hatched : bool
        Whether a part of the map is hatched as not covered.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    float
        How far down the sheet the column reaches.
    """
    column = _Column(sheet, box)
    _draw_types(column, summary, view, lang)
    _draw_sizes(column, lang)
    if summary.shaded:
        _draw_shades(column, summary, lang)
    if summary.outlined:
        _draw_outlines(column, summary, lang)
    if len(summary.rings):
        _draw_rings(column, summary, view, lang)
    _draw_gaps(column, summary, hatched=hatched, lang=lang)
    return column.y


def _draw_types(column: _Column, summary: Summary, view: View, lang: str) -> None:
    """Draw a symbol, name and count for each event type there is."""
    column.heading(types_heading(view, lang=lang))
    for kind, count in summary.types:
        colour, shape = SYMBOLS.get(kind or "", UNKNOWN_SYMBOL)
        column.sheet.symbol(column.left + 12, column.y, radius=7, shape=shape, colour=colour)
        column.number(str(count))
        column.words(message(f"type.{kind or 'unknown'}", lang))
        column.gap(5)


def _draw_sizes(column: _Column, lang: str) -> None:
    """Draw what the size of a symbol means, and a ring with a number."""
    column.gap(10)
    x = column.left + 12
    for deaths in _DEATHS:
        radius = symbol_radius(deaths)
        look = {"facecolor": "none", "edgecolor": "#5F5B53", "linewidth": 0.9}
        column.sheet.circle(x, column.y, radius, **look)
        label = message("figure.or_more", lang, n=deaths) if deaths == _DEATHS[-1] else str(deaths)
        column.sheet.text(x + radius + 5, column.y, label, style=_TEXT, middle=True)
        x += radius + measure(label, style=_TEXT) + 30
    column.sheet.text(x - 8, column.y, message("figure.deaths", lang), style=_TEXT, middle=True)
    column.gap(26)
    colour, shape = SYMBOLS["Battles"]
    column.sheet.symbol(
        column.left + 12, column.y, radius=7, shape=shape, colour=colour, filled=False
    )
    column.words(message("figure.open", lang))
    column.gap(9)
    parts = [(SYMBOLS["Battles"].colour, 2), (SYMBOLS["Violence against civilians"].colour, 1)]
    column.sheet.counted(column.left + 13, column.y + 8, radius=place_radius(3), parts=parts)
    column.words(message("figure.counted", lang))
    column.gap(12)


def _draw_shades(column: _Column, summary: Summary, lang: str) -> None:
    """Draw what a shaded area means."""
    swatch = 40.0
    top = column.y - 5
    left = column.left
    for _, opacity, name in AREA_STEPS:
        box = Box(left, top, left + swatch, top + 16)
        look = {"facecolor": AREA_COLOUR, "edgecolor": "none", "alpha": opacity}
        column.sheet.rectangle(box, **look)
        column.sheet.text(
            left + swatch / 2,
            top + 8,
            name,
            style=Style(11, "#3B1F5E", weight=700),
            align="center",
            middle=True,
        )
        left += swatch + 3
    column.gap(25)
    column.words(message("legend.areas", lang, n=summary.shaded), style=_SMALL, indent=0)


def _draw_outlines(column: _Column, summary: Summary, lang: str) -> None:
    """Draw what a dashed line round an area means."""
    column.gap(8)
    column.swatch(facecolor="none", edgecolor=AREA_COLOUR, linestyle=(0, (4, 3)))
    column.words(message("legend.outlines", lang, n=summary.outlined), style=_SMALL)


def _draw_rings(column: _Column, summary: Summary, view: View, lang: str) -> None:
    """Draw the counts inside each ring."""
    column.gap(14)
    column.heading(rings_caption(view, lang=lang))
    certain, possible = message("rings.certain", lang), message("rings.possible", lang)
    middle = column.right - measure(possible, style=_SMALL) - 22
    column.number(certain, right=middle, style=_SMALL)
    column.number(possible, style=_SMALL)
    column.gap(20)
    for ring in summary.rings.to_dict("records"):
        reach = message("ring.km", lang, km=kilometres(ring["radius_km"], lang=lang))
        column.number(str(ring["certain"]), right=middle)
        column.number(str(ring["possible"]))
        column.words(f"{message('rings.within', lang)} {reach}", indent=0)
        column.gap(3)
    column.gap(4)
    column.words(message("rings.note", lang), style=_SMALL, indent=0)


def _draw_gaps(column: _Column, summary: Summary, *, hatched: bool, lang: str) -> None:
    """Say what is not on the map: places not covered, incidents not placed."""
    column.gap(16)
    if hatched:
        look = {"facecolor": PAPER["land"], "edgecolor": PAPER["hatch"], "hatch": "////"}
        column.swatch(**look)
        column.words(message("coverage.hatched", lang), style=_SMALL)
        column.gap(9)
    column.swatch(facecolor=PAPER["neighbour"], edgecolor=PAPER["hatch"])
    column.words(message("figure.neighbours", lang), style=_SMALL)
    if summary.unplaced:
        column.gap(14)
        column.words(message("unplaced", lang, n=summary.unplaced), style=_SMALL, indent=0)
