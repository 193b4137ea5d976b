"""The column beside a figure's map: what its signs mean, and how many there are."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, Literal, TypeAlias

from shapely import LineString

from mali_incidents.maps.captions import kilometres, rings_caption, types_heading
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.palette import AREA_COLOUR, AREA_STEPS, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.sheet import Box, Nowhere, Sheet, Style, measure, wrap
from mali_incidents.maps.signs import place_radius, symbol_radius
from mali_incidents.maps.summary import Summary
from mali_incidents.maps.view import View

Detail: TypeAlias = Literal["full", "brief", "terse", "tight"]
# In these a slide's small print explains what the labels leave out.
_LABELS: Final = ("terse", "tight")

_HEADING = Style(12.5, "#202124", weight=700)
_TEXT = Style(12.5, "#3C3A36")
# On a slide the counts are what is read from afar.
_SIZES: Final[dict[Detail, float]] = {"full": 12.5, "brief": 12.5, "terse": 14.0, "tight": 12.0}
_NUMBER = Style(12.5, "#202124", weight=700)
_SMALL = Style(11.5, "#4F4B44")
_INDENT = 34.0
_DEATHS = (0, 10, 50)


class _Column:
    """A column of the sheet, filled from the top."""

    def __init__(self, sheet: Any, box: Box) -> None:
        self.sheet = sheet
        self.left, self.right = box.left, box.right
        self.top = self.y = box.top

    def heading(self, text: str) -> None:
        """Set a heading over a thin rule."""
        for line in wrap(text, style=_HEADING, width=self.right - self.left):
            self.y += 14 if line == text else 15.5
            self.sheet.text(self.left, self.y, line, style=_HEADING)
        rule = LineString([(self.left, self.y + 7), (self.right, self.y + 7)])
        self.sheet.lines([rule], edgecolor="#BDB7AA", linewidth=0.7)
        self.y += 26

    def words(
        self, text: str, *, style: Style = _TEXT, indent: float = _INDENT, beside: float = 0
    ) -> None:
        """Set a text in as many lines as it needs, beside what has its place at the right."""
        for line in wrap(text, style=style, width=self.right - self.left - indent - beside):
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

    @property
    def filled(self) -> bool:
        """Whether anything stands above the present line."""
        return self.y > self.top

    def gap(self, by: float) -> None:
        """Leave some room."""
        self.y += by


Part: TypeAlias = Callable[[_Column], None]

_NOWHERE: Final = Nowhere(0, 0)
# How much of the room between the lines of a full legend is left.
_AIR: Final[dict[Detail, float]] = {"full": 1.0, "brief": 0.5, "terse": 0.4, "tight": 0.15}
_AREAS: Final[dict[Detail, str]] = {
    "full": "legend.areas",
    "brief": "figure.areas_brief",
    **dict.fromkeys(_LABELS, "figure.areas_terse"),
}
_OUTLINES: Final[dict[Detail, str]] = {
    "full": "legend.outlines",
    "brief": "figure.outlines_brief",
    **dict.fromkeys(_LABELS, "figure.outlines_terse"),
}
_HATCHED: Final[dict[Detail, str]] = {
    "full": "coverage.hatched",
    "brief": "figure.hatched_brief",
    **dict.fromkeys(_LABELS, "figure.hatched_terse"),
}


def legend_parts(
    summary: Summary, *, view: View, hatched: bool, lang: str, detail: Detail = "full"
) -> list[Part]:
    """Give the parts of a legend: what the signs of a map mean, with their counts.

    Parameters
    ----------
    summary : Summary
        The map's numbers.
    view : View
        What the map frames.
    hatched : bool
        Whether a part of the map is hatched as not covered.
    lang : {"en", "fr"}
        The language.
    detail : {"full", "brief", "terse", "tight"}
        Whether to explain all in sentences, in short ones, or in labels, large or closer set: a
        slide's small print then holds what :func:`key_in_words` says.

    Returns
    -------
    list of callable
        In their order, for :func:`flow`.
    """
    parts: list[Part] = [partial(_draw_types, summary=summary, view=view, lang=lang, detail=detail)]
    if detail not in _LABELS:
        parts.append(partial(_draw_sizes, lang=lang, brief=detail == "brief"))
    if summary.shaded:
        parts.append(partial(_draw_shades, summary=summary, lang=lang, detail=detail))
    if summary.outlined:
        parts.append(partial(_draw_outlines, summary=summary, lang=lang, detail=detail))
    if len(summary.rings):
        parts.append(partial(_draw_rings, summary=summary, view=view, lang=lang, detail=detail))
    parts.append(partial(_draw_gaps, summary=summary, hatched=hatched, lang=lang, detail=detail))
    return parts


def draw_counts(sheet: Sheet | Nowhere, box: Box, summary: Summary, *, lang: str) -> float:
    """Draw the event types with their counts side by side, three in a row.

    Parameters
    ----------
    sheet : Sheet or Nowhere
        The sheet to draw on.
    box : Box
        Where they stand, from its top.
    summary : Summary
        The map's numbers.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    float
        How far down the sheet they reach.
    """
    wide, y = box.width / 3, box.top + 8
    for place, (kind, count) in enumerate(summary.types):
        row, beside = divmod(place, 3)
        left, y = box.left + beside * wide, box.top + 8 + row * 20
        colour, shape = SYMBOLS.get(kind or "", UNKNOWN_SYMBOL)
        name = message(f"type.{kind or 'unknown'}", lang)
        sheet.symbol(left + 8, y, radius=6, shape=shape, colour=colour)
        sheet.text(left + 22, y, name, style=_SMALL, middle=True)
        after = left + 22 + measure(name, style=_SMALL) + 8
        sheet.text(after, y, number_words(count, lang=lang), style=_NUMBER, middle=True)
    return y + 10


def key_in_words(summary: Summary, *, hatched: bool, lang: str) -> str:
    """Say in sentences what the labels of a terse legend leave out.

    Parameters
    ----------
    summary : Summary
        The map's numbers.
    hatched : bool
        Whether a part of the map may be hatched.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str
    """
    said = {
        "signs": True,
        "shaded": summary.shaded > 0,
        "dashed": summary.outlined > 0,
        "hatched": hatched,
    }
    return " ".join(message(f"figure.key.{name}", lang) for name, there in said.items() if there)


def flow(sheet: Sheet | None, boxes: Sequence[Box], parts: Sequence[Part]) -> float:
    """Set the parts of a legend one below the other, and on in the next box.

    Parameters
    ----------
    sheet : Sheet or None
        The sheet to draw on; None only to measure.
    boxes : sequence of Box
        Where the columns stand; all of one width.
    parts : sequence of callable
        What :func:`legend_parts` gives.

    Returns
    -------
    float
        By how much the last box is too short, in sheet units; negative where there is room left.
    """
    places = iter(boxes)
    box = next(places)
    on: Any = sheet if sheet is not None else _NOWHERE
    column = _Column(on, box)
    for part in parts:
        trial = _Column(_NOWHERE, box)
        trial.y = column.y
        part(trial)
        if trial.y > box.bottom and column.y > box.top and (following := next(places, None)):
            box = following
            column = _Column(on, box)
        part(column)
    # The last line of a part leaves its leading below it.
    return column.y - 4 - box.bottom


def _draw_types(
    column: _Column, *, summary: Summary, view: View, lang: str, detail: Detail
) -> None:
    """Draw a symbol, name and count for each event type there is."""
    column.heading(types_heading(view, lang=lang))
    style, bold = _styles(detail)
    for kind, count in summary.types:
        colour, shape = SYMBOLS.get(kind or "", UNKNOWN_SYMBOL)
        column.sheet.symbol(column.left + 12, column.y, radius=7, shape=shape, colour=colour)
        number = number_words(count, lang=lang)
        column.number(number, style=bold)
        beside = measure(number, style=bold) + 8
        column.words(message(f"type.{kind or 'unknown'}", lang), style=style, beside=beside)
        column.gap(5 * _AIR[detail])


def _styles(detail: Detail) -> tuple[Style, Style]:
    """Give how the texts and the numbers of a table of counts are set."""
    return _TEXT._replace(size=_SIZES[detail]), _NUMBER._replace(size=_SIZES[detail])


def _draw_sizes(column: _Column, *, lang: str, brief: bool) -> None:
    """Draw what the size of a symbol means, and a ring with a number."""
    column.gap(5 if brief else 10)
    x = column.left + 12
    for deaths in _DEATHS:
        radius = symbol_radius(deaths)
        look = {"facecolor": "none", "edgecolor": "#5F5B53", "linewidth": 0.9}
        column.sheet.circle(x, column.y, radius, **look)
        label = message("figure.or_more", lang, n=deaths) if deaths == _DEATHS[-1] else str(deaths)
        column.sheet.text(x + radius + 5, column.y, label, style=_TEXT, middle=True)
        x += radius + measure(label, style=_TEXT) + 30
    column.sheet.text(x - 8, column.y, message("figure.deaths", lang), style=_TEXT, middle=True)
    column.gap(20 if brief else 26)
    colour, shape = SYMBOLS["Battles"]
    column.sheet.symbol(
        column.left + 12, column.y, radius=7, shape=shape, colour=colour, filled=False
    )
    column.words(message("figure.open", lang))
    column.gap(9)
    parts = [(SYMBOLS["Battles"].colour, 2), (SYMBOLS["Violence against civilians"].colour, 1)]
    words = message("figure.counted_brief" if brief else "figure.counted", lang)
    lines = wrap(words, style=_TEXT, width=column.right - column.left - _INDENT)
    middle = column.y + (len(lines) - 1) * _TEXT.size * 0.69
    column.sheet.counted(column.left + 13, middle, radius=place_radius(3), parts=parts, number="3")
    column.words(words)
    column.gap(8 if brief else 12)


def _draw_shades(column: _Column, *, summary: Summary, lang: str, detail: Detail) -> None:
    """Draw what a shaded area means."""
    column.gap(0 if column.filled and detail not in _LABELS else 6)
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
    column.words(message(f"{_AREAS[detail]}", lang, n=summary.shaded), style=_SMALL, indent=0)


def _draw_outlines(column: _Column, *, summary: Summary, lang: str, detail: Detail) -> None:
    """Draw what a dashed line round an area means."""
    column.gap(8 * _AIR[detail])
    column.swatch(facecolor="none", edgecolor=AREA_COLOUR, linestyle=(0, (4, 3)))
    column.words(message(_OUTLINES[detail], lang, n=summary.outlined), style=_SMALL)


def _draw_rings(
    column: _Column, *, summary: Summary, view: View, lang: str, detail: Detail
) -> None:
    """Draw the counts inside each ring."""
    column.gap(14 * _AIR[detail])
    if detail in _LABELS:
        column.gap(10)
    else:
        column.heading(rings_caption(view, lang=lang))
    certain = message("rings.certain", lang)
    possible = message("figure.possible_terse" if detail in _LABELS else "rings.possible", lang)
    style, bold = _styles(detail)
    middle = column.right - measure(possible, style=_SMALL) - 22
    within = message("rings.within", lang)
    column.number(certain, right=middle, style=_SMALL)
    column.number(possible, style=_SMALL)
    column.gap(20)
    for ring in summary.rings.to_dict("records"):
        reach = message("ring.km", lang, km=kilometres(ring["radius_km"], lang=lang))
        column.number(number_words(ring["certain"], lang=lang), right=middle, style=bold)
        column.number(number_words(ring["possible"], lang=lang), style=bold)
        label = f"{'≤' if detail == 'terse' else within} {reach}"
        column.words(label, style=style, indent=0)
        column.gap(3)
    if detail == "full":
        column.gap(4)
        column.words(message("rings.note", lang), style=_SMALL, indent=0)


def _draw_gaps(
    column: _Column, *, summary: Summary, hatched: bool, lang: str, detail: Detail
) -> None:
    """Say what is not on the map: places not covered, incidents not placed."""
    column.gap(16 * _AIR[detail])
    if hatched:
        look = {"facecolor": PAPER["land"], "edgecolor": PAPER["hatch"], "hatch": "////"}
        column.swatch(**look)
        column.words(message(_HATCHED[detail], lang), style=_SMALL)
        column.gap(9 * _AIR[detail])
    if detail not in _LABELS or not hatched:
        column.swatch(facecolor=PAPER["neighbour"], edgecolor=PAPER["hatch"])
        column.words(message("figure.neighbours", lang), style=_SMALL)
    if summary.unplaced:
        column.gap(14 * _AIR[detail])
        column.words(message("unplaced", lang, n=summary.unplaced), style=_SMALL, indent=0)
