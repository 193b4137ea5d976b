"""A sheet of paper to draw a map on, and names that never cover one another.

Everything is measured in the sheet's own units, so many points each, and y grows downwards.
"""

import base64
import html
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.patheffects import Stroke
from matplotlib.text import Text
from matplotlib.textpath import TextToPath
from pyproj import Transformer

from mali_incidents.maps.messages import set_name

# A sheet unit in points at which line widths are stated; on another page they grow with it.
POINTS: Final = 0.72
FAMILY: Final = "DejaVu Sans"
_TEXT_TO_PATH: Final = TextToPath()
# All blanks but those that do not break, which French sets before its signs and in numbers.
_BREAKING: Final = re.compile(r"[^\S\u00a0\u202f]+")
HALO: Final = "#FFFFFFD9"

# The corners of each shape round (0, 0) for a radius of 1, as in the interactive map.
_CORNERS: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "diamond": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "triangle": ((0, -1.2), (1.1, 0.8), (-1.1, 0.8)),
    "triangle-down": ((0, 1.2), (1.1, -0.8), (-1.1, -0.8)),
    "cross": (
        *((-0.4, -1.1), (0.4, -1.1), (0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)),
        *((0.4, 1.1), (-0.4, 1.1), (-0.4, 0.4), (-1.1, 0.4), (-1.1, -0.4), (-0.4, -0.4)),
    ),
}


class Box(NamedTuple):
    """A rectangle on the sheet."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Tell whether two boxes overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def shared(self, other: "Box") -> float:
        """Give the area that two boxes share."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)

    def holds(self, other: "Box") -> bool:
        """Tell whether another box lies wholly inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def grown(self, by: float) -> "Box":
        """Give the box with a margin round it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top


def box_around(x: float, y: float, *, width: float, height: float) -> Box:
    """Give the box of a width and height round a point."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


class Style(NamedTuple):
    """How a text is set: its size in sheet units, weight, colour, halo and letter spacing."""

    size: float
    colour: str = "#202124"
    weight: int = 400
    halo: bool = False
    spaced: bool = False


class Projection(NamedTuple):
    """From longitude and latitude to the sheet, by way of metres east and north of a centre."""

    transformer: Transformer
    units_per_m: float
    x: float
    y: float

    def place(self, geometries: Any) -> Any:
        """Put geometries (longitude, latitude in EPSG:4326) on the sheet; an array or one."""
        return shapely.transform(geometries, self._flat)

    def point(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Put a point on the sheet."""
        ((x, y),) = self._flat(np.array([[longitude, latitude]]))
        return float(x), float(y)

    def points(self, longitudes: np.ndarray, latitudes: np.ndarray) -> np.ndarray:
        """Put points on the sheet, given by arrays of shape (n,); an array of shape (n, 2)."""
        return self._flat(np.column_stack([longitudes, latitudes]))

    def degrees(self, xs: Any, ys: Any) -> tuple[np.ndarray, np.ndarray]:
        """Give the longitudes and latitudes of points of the sheet, arrays of shape (n,)."""
        east = (np.asarray(xs, dtype=float) - self.x) / self.units_per_m
        north = (self.y - np.asarray(ys, dtype=float)) / self.units_per_m
        longitudes, latitudes = self.transformer.transform(east, north, direction="INVERSE")
        return longitudes, latitudes

    def _flat(self, points: np.ndarray) -> np.ndarray:
        """Put an array of longitudes and latitudes, shape (n, 2), on the sheet."""
        metres = np.column_stack(self.transformer.transform(*points.T))
        return metres * [self.units_per_m, -self.units_per_m] + [self.x, self.y]


@lru_cache(maxsize=64)
def transformer_to(crs: str) -> Transformer:
    """Give what takes longitude and latitude in WGS 84 to a projection, x first."""
    return Transformer.from_crs("EPSG:4326", crs, always_xy=True)


def fit(bounds: tuple[float, float, float, float], *, crs: str, into: Box) -> Projection:
    """Fit a window into a box of the sheet.

    Parameters
    ----------
    bounds : tuple of float
        South, west, north, east in degrees.
    crs : str
        The projection, in metres, as PROJ or EPSG names it.
    into : Box
        Where it goes; the window is seen whole, in the middle.

    Returns
    -------
    Projection
    """
    south, west, north, east = bounds
    transformer = transformer_to(crs)
    steps = np.linspace(0, 1, 9)
    longitudes, latitudes = np.meshgrid(
        west + steps * (east - west), south + steps * (north - south)
    )
    xs, ys = transformer.transform(longitudes, latitudes)
    scale = min(into.width / np.ptp(xs), into.height / np.ptp(ys))
    return Projection(
        transformer,
        scale,
        (into.left + into.right) / 2 - scale * (xs.max() + xs.min()) / 2,
        (into.top + into.bottom) / 2 + scale * (ys.max() + ys.min()) / 2,
    )


class About(NamedTuple):
    """What a figure is, in words that travel with its file.

    Attributes
    ----------
    title : str
        Its title.
    alt_text : str
        What it shows, for those who do not see it.
    lang : str
        The language of both: "en" or "fr".
    is_read : bool
        Whether it is a text to be read, such as a list, that the alternative text does not replace.
    """

    title: str
    alt_text: str
    lang: str
    is_read: bool = False


class SheetFigure(Figure):
    """A matplotlib figure that knows in words what it shows.

    Attributes
    ----------
    about : About or None
        What it is; None while it is being drawn.
    """

    about: About | None = None

    def _repr_html_(self) -> str:
        """Show the page in a notebook, and what it shows in words."""
        drawn = io.BytesIO()
        self.savefig(drawn, format="png", dpi=120, metadata={"Software": None})
        data = base64.b64encode(drawn.getvalue()).decode()
        alt = html.escape(self.about.alt_text if self.about else "")
        return f'<img src="data:image/png;base64,{data}" alt="{alt}" width="100%">'


class _Haloed(Text):
    """A text over a light edge of its own; the text itself stays text in a PDF or SVG."""

    halo: Stroke

    def draw(self, renderer: Any) -> None:
        """Draw the edge as a shape and the letters as letters over it."""
        self.set_path_effects([self.halo])
        super().draw(renderer)
        # With an effect the letters would be shapes, which nobody can select or search.
        self.set_path_effects([])
        super().draw(renderer)


class Sheet:
    """A figure measured in sheet units, and the boxes on it that no name may cover.

    Parameters
    ----------
    width, height : float
        The sheet's size in sheet units.
    points : float
        How many points a sheet unit has: the size of everything on paper.
    dpi : float
        The dots per inch of the figure when it is drawn as it is.

    Attributes
    ----------
    figure : SheetFigure
        The figure drawn on.
    width, height : float
        Its size in sheet units.
    points : float
        How many points a sheet unit has.
    taken : list of Box
        What no name may cover.
    """

    def __init__(
        self, *, width: float, height: float, points: float = POINTS, dpi: float = 100
    ) -> None:
        self.width, self.height, self.points = width, height, points
        self.figure = SheetFigure(figsize=(width * points / 72, height * points / 72), dpi=dpi)
        FigureCanvasAgg(self.figure)
        self.taken: list[Box] = []
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()
        self._window: Box | None = None
        self._fine = 0.0
        self._clip: Rectangle | None = None
        self._drawn = 0

    def open_window(self, box: Box, *, fine: float = 0) -> None:
        """Cut everything drawn from now on at the edge of a box; leave out what is finer."""
        self._window, self._fine = box, fine
        self._clip = Rectangle(
            (box.left, box.top), box.width, box.height, transform=self._axes.transData
        )

    def close_window(self) -> None:
        """Cut nothing any more."""
        self._window = self._clip = None

    def areas(self, geometries: Iterable[shapely.Geometry], **look: Any) -> None:
        """Draw polygons with matplotlib's patch properties."""
        for geometry in self._seen(geometries):
            rings = [
                shapely.get_coordinates(ring)
                for part in shapely.get_parts(geometry)
                for ring in (part.exterior, *part.interiors)
            ]
            paths = [Path(ring, closed=True) for ring in rings if len(ring)]
            self._add(PathPatch(Path.make_compound_path(*paths), **self._weighed(look)))

    def lines(self, geometries: Iterable[shapely.Geometry], **look: Any) -> None:
        """Draw lines with matplotlib's patch properties."""
        paths = [
            Path(shapely.get_coordinates(part))
            for geometry in self._seen(geometries)
            for part in shapely.get_parts(geometry)
        ]
        if paths:
            look = {"fill": False, "joinstyle": "round", "capstyle": "round", **look}
            self._add(PathPatch(Path.make_compound_path(*paths), **self._weighed(look)))

    def rectangle(self, box: Box, **look: Any) -> None:
        """Draw a rectangle with matplotlib's patch properties."""
        corner = (box.left, box.top)
        self._add(Rectangle(corner, box.width, box.height, **self._weighed(look)))

    def circle(self, x: float, y: float, radius: float, **look: Any) -> None:
        """Draw a circle with matplotlib's patch properties."""
        self._add(Circle((x, y), radius, **self._weighed(look)))

    def symbol(
        self, x: float, y: float, *, radius: float, shape: str, colour: str, filled: bool = True
    ) -> None:
        """Draw one incident; empty in a white edge where nothing is known of the deaths."""
        if not filled:
            self.symbol(x, y, radius=radius + 1.6, shape=shape, colour="white")
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.9}
        if not filled:
            look = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.5}
        if shape in _CORNERS:
            corners = np.array(_CORNERS[shape]) * radius + [x, y]
            look = self._weighed(look)
            self._add(Polygon(corners, closed=True, joinstyle="miter", **look))
        else:
            self.circle(x, y, radius, **look)

    def counted(
        self, x: float, y: float, *, radius: float, parts: Sequence[tuple[str, int]], number: str
    ) -> None:
        """Draw several incidents at one place: a ring in their colours, their number inside."""
        total = sum(count for _, count in parts)
        self.circle(x, y, radius + 1.3, facecolor="white", edgecolor="none")
        start = -90.0
        for colour, count in parts:
            end = start + 360 * count / total
            # A white edge parts neighbours that look alike in grey.
            look: dict[str, Any] = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.7}
            self._add(Wedge((x, y), radius, start, end, **self._weighed(look)))
            start = end
        self.circle(x, y, radius * 0.66, facecolor="white", edgecolor="none")
        style = Style(radius * 0.78, weight=700)
        # Three digits and more are set smaller, to stay in the ring.
        room = 1.18 * radius / measure(number, style=style)
        style = style._replace(size=style.size * min(1, room))
        self.text(x, y, number, style=style, align="center", middle=True)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        style: Style,
        align: Literal["left", "center", "right"] = "left",
        middle: bool = False,
        turned: float = 0,
        link: str | None = None,
    ) -> None:
        """Set a line of text with its baseline, or its middle, at a height.

        A text may be turned, in degrees against the clock, and lead to an address.
        """
        self._drawn += 1
        kind = _Haloed if style.halo else Text
        artist = kind(
            x,
            y,
            _shown(text, style),
            color=style.colour,
            fontproperties=font_of(style, self.points),
            horizontalalignment=align,
            verticalalignment="center_baseline" if middle else "baseline",
            rotation=turned,
            rotation_mode="anchor",
            # A dollar sign in a name is a dollar sign.
            parse_math=False,
            zorder=self._drawn,
            clip_on=self._clip is not None,
            url=link,
        )
        if isinstance(artist, _Haloed):
            artist.halo = Stroke(
                linewidth=2.2 * self.points / POINTS, foreground=HALO, joinstyle="round"
            )
        self._axes.add_artist(artist)
        if self._clip is not None:
            artist.set_clip_path(self._clip)

    def name(
        self,
        places: Iterable[tuple[float, float]],
        text: str,
        *,
        style: Style,
    ) -> bool:
        """Write a name at the first of the places (its middles) where it covers nothing."""
        text = set_name(text)
        width, height = measure(text, style=style), style.size * 1.2
        for x, y in places:
            box = box_around(x, y, width=width, height=height)
            if self.is_free(box):
                self.taken.append(box.grown(3))
                self.text(x, y, text, style=style, align="center", middle=True)
                return True
        return False

    def is_free(self, box: Box) -> bool:
        """Tell whether nothing stands in a box and it lies wholly in the window."""
        inside = self._window is None or self._window.grown(-4).holds(box)
        return inside and not any(box.meets(other) for other in self.taken)

    def _seen(self, geometries: Iterable[shapely.Geometry]) -> list[shapely.Geometry]:
        """Cut geometries a little outside the window, and to what can be seen of their course."""
        shapes = np.asarray(list(geometries), dtype=object)
        if self._window is not None:
            # A little outside, so that no cut edge shows.
            shapes = shapely.clip_by_rect(shapes, *self._window.grown(30))
            shapes = shapely.simplify(shapes, self._fine)
        return [shape for shape in shapes if not shape.is_empty]

    def _weighed(self, look: dict[str, Any]) -> dict[str, Any]:
        """Make lines as much heavier as the sheet's units are larger."""
        by = self.points / POINTS
        names = {"linewidth", "hatch_linewidth"} & look.keys()
        return {**look, **{name: look[name] * by for name in names}}

    def _add(self, artist: Artist) -> None:
        """Put an artist over all that is there already."""
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self._axes.add_artist(artist)
        if self._clip is not None:
            artist.set_clip_path(self._clip)


class Nowhere:
    """A sheet of a size that nothing is drawn on: to see how much room things take."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height

    def __getattr__(self, name: str) -> Any:
        """Take any order to draw, and do nothing."""
        return lambda *_, **__: None


@lru_cache(maxsize=20_000)
def measure(text: str, *, style: Style) -> float:
    """Give the width of a line of text in sheet units."""
    points, _, _ = _TEXT_TO_PATH.get_text_width_height_descent(
        _shown(text, style), font_of(style), ismath=False
    )
    return float(points) / POINTS


def wrap(text: str, *, style: Style, width: float, hard: bool = False) -> list[str]:
    """Break a text into lines no wider than a width, at blanks.

    A word that is wider stays whole and sticks out, unless ``hard`` has it cut.
    """
    lines: list[str] = []
    reached = 0.0
    blank = measure(" ", style=style)
    # Only at plain blanks: French sets no-break blanks before its high punctuation.
    # A dot between two facts stays with the first.
    for word in text.replace(" · ", "\0· ").split(" "):
        word = word.replace("\0", " ")  # noqa: PLW2901 -- the same word
        for piece in _pieces(word, style=style, width=width) if hard else [word]:
            wide = measure(piece, style=style)
            # Letters move together across a blank by less than this.
            fits = reached + blank + wide <= width - 0.5
            if not fits and lines and reached + blank + wide <= width + 2:
                fits = measure(f"{lines[-1]} {piece}", style=style) <= width
            if lines and fits:
                lines[-1] = f"{lines[-1]} {piece}"
                reached += blank + wide
            else:
                lines.append(piece)
                reached = wide
    return lines


def _pieces(word: str, *, style: Style, width: float) -> list[str]:
    """Cut a word into pieces no wider than a width."""
    if measure(word, style=style) <= width:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and measure(pieces[-1] + letter, style=style) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def one_line(text: str) -> str:
    """Make one plain blank of each run of them, and leave those that keep words together."""
    return _BREAKING.sub(" ", text).strip()


def plain(text: str) -> str:
    """Give a text as it can be set in one line: no control signs, none the font has not."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_letter, text))


def _letter(one: str) -> str:
    """Give the letter that is set for one of a text."""
    kind = unicodedata.category(one)
    if kind in {"Cc", "Zl", "Zp"}:
        return " "
    # Signs that turn the direction of writing would show another text than there is.
    if kind == "Cf":
        return ""
    return one if ord(one) in _letters() else "\N{REPLACEMENT CHARACTER}"


@cache
def _letters() -> frozenset[int]:
    """Give the code points that the font has in both its weights."""
    fonts = (findfont(font_of(Style(10, weight=weight))) for weight in (400, 700))
    regular, bold = (frozenset(get_font(font).get_charmap()) for font in fonts)
    return regular & bold


def _shown(text: str, style: Style) -> str:
    """Give a text as it is set: spaced out with hair spaces where its style asks."""
    text = plain(text)
    return "\u200a\u200a".join(text) if style.spaced else text


@cache
def font_of(style: Style, points: float = POINTS) -> FontProperties:
    """Give the font of a style: the one that comes with matplotlib, the same everywhere."""
    return FontProperties(family=FAMILY, weight=style.weight, size=style.size * points)
