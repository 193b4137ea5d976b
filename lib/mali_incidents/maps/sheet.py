"""A sheet of paper to draw a map on, and names that never cover one another.

Everything is measured in the sheet's own units: it is 1400 wide, whatever its size in pixels, and
y grows downwards.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle, Wedge
from matplotlib.path import Path
from matplotlib.patheffects import withStroke
from matplotlib.textpath import TextToPath
from pyproj import Transformer

from mali_incidents.maps.messages import set_name

WIDTH: Final = 1400.0
_INCHES: Final = 14.0
_POINTS_PER_UNIT: Final = 72 * _INCHES / WIDTH
_TEXT_TO_PATH: Final = TextToPath()
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

    def _flat(self, points: np.ndarray) -> np.ndarray:
        """Put an array of longitudes and latitudes, shape (n, 2), on the sheet."""
        metres = np.column_stack(self.transformer.transform(*points.T))
        return metres * [self.units_per_m, -self.units_per_m] + [self.x, self.y]


def fit(
    bounds: tuple[float, float, float, float], *, centre: tuple[float, float], into: Box
) -> Projection:
    """Fit a window into a box of the sheet.

    Parameters
    ----------
    bounds : tuple of float
        South, west, north, east in degrees.
    centre : tuple of float
        Latitude and longitude of the projection's centre.
    into : Box
        Where it goes; the window is seen whole, in the middle.

    Returns
    -------
    Projection
        Azimuthal equidistant: distances and bearings from the centre are true (Snyder, USGS
        Professional Paper 1395, pp. 191-202), so rings round it are circles.
    """
    south, west, north, east = bounds
    transformer = Transformer.from_crs(
        "EPSG:4326",
        f"+proj=aeqd +lat_0={centre[0]} +lon_0={centre[1]} +datum=WGS84",
        always_xy=True,
    )
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


class Sheet:
    """A figure measured in sheet units, and the boxes on it that no name may cover.

    Parameters
    ----------
    width_px, height_px : int
        The figure's size in pixels.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure drawn on.
    height : float
        Its height in sheet units.
    taken : list of Box
        What no name may cover.
    """

    def __init__(self, *, width_px: int, height_px: int) -> None:
        self.height = WIDTH * height_px / width_px
        self.figure = Figure(
            figsize=(_INCHES, _INCHES * height_px / width_px), dpi=width_px / _INCHES
        )
        FigureCanvasAgg(self.figure)
        self.taken: list[Box] = []
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, WIDTH), ylim=(self.height, 0))
        self._axes.set_axis_off()
        self._window: Box | None = None
        self._clip: Rectangle | None = None
        self._drawn = 0

    def open_window(self, box: Box) -> None:
        """Cut everything drawn from now on at the edge of a box."""
        self._window = box
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
            self._add(PathPatch(Path.make_compound_path(*paths), **look))

    def lines(self, geometries: Iterable[shapely.Geometry], **look: Any) -> None:
        """Draw lines with matplotlib's patch properties."""
        paths = [
            Path(shapely.get_coordinates(part))
            for geometry in self._seen(geometries)
            for part in shapely.get_parts(geometry)
        ]
        if paths:
            look = {"fill": False, "joinstyle": "round", "capstyle": "round", **look}
            self._add(PathPatch(Path.make_compound_path(*paths), **look))

    def rectangle(self, box: Box, **look: Any) -> None:
        """Draw a rectangle with matplotlib's patch properties."""
        self._add(Rectangle((box.left, box.top), box.width, box.height, **look))

    def circle(self, x: float, y: float, radius: float, **look: Any) -> None:
        """Draw a circle with matplotlib's patch properties."""
        self._add(Circle((x, y), radius, **look))

    def symbol(
        self, x: float, y: float, *, radius: float, shape: str, colour: str, filled: bool = True
    ) -> None:
        """Draw one incident; empty in a white edge where nothing is known of the deaths."""
        if not filled:
            self.symbol(x, y, radius=radius + 1.6, shape=shape, colour="white")
        look = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.9}
        if not filled:
            look = {"facecolor": "white", "edgecolor": colour, "linewidth": 1.5}
        if shape in _CORNERS:
            corners = np.array(_CORNERS[shape]) * radius + [x, y]
            self._add(Polygon(corners, closed=True, joinstyle="miter", **look))
        else:
            self.circle(x, y, radius, **look)

    def counted(
        self, x: float, y: float, *, radius: float, parts: Sequence[tuple[str, int]]
    ) -> None:
        """Draw several incidents at one place: a ring in their colours, their number inside."""
        total = sum(count for _, count in parts)
        self.circle(x, y, radius + 1.3, facecolor="white", edgecolor="none")
        start = -90.0
        for colour, count in parts:
            end = start + 360 * count / total
            # A white edge parts neighbours that look alike in grey.
            look: dict[str, Any] = {"facecolor": colour, "edgecolor": "white", "linewidth": 0.7}
            self._add(Wedge((x, y), radius, start, end, **look))
            start = end
        self.circle(x, y, radius * 0.66, facecolor="white", edgecolor="none")
        self.text(
            x, y, str(total), style=Style(radius * 0.78, weight=700), align="center", middle=True
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        style: Style,
        align: str = "left",
        middle: bool = False,
    ) -> None:
        """Set a line of text with its baseline, or its middle, at a height."""
        self._drawn += 1
        artist = self._axes.text(
            x,
            y,
            _spaced(text) if style.spaced else text,
            color=style.colour,
            fontproperties=_font(style),
            horizontalalignment=align,
            verticalalignment="center_baseline" if middle else "baseline",
            # A dollar sign in a name is a dollar sign.
            parse_math=False,
            zorder=self._drawn,
            clip_on=self._clip is not None,
        )
        if style.halo:
            artist.set_path_effects([withStroke(linewidth=2.2, foreground=HALO)])
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
        """Cut geometries a little outside the window, so that no cut edge shows."""
        shapes = np.asarray(list(geometries), dtype=object)
        if self._window is not None:
            shapes = shapely.clip_by_rect(shapes, *self._window.grown(30))
        return [shape for shape in shapes if not shape.is_empty]

    def _add(self, artist: Artist) -> None:
        """Put an artist over all that is there already."""
        self._drawn += 1
        artist.set_zorder(self._drawn)
        self._axes.add_artist(artist)
        if self._clip is not None:
            artist.set_clip_path(self._clip)


@cache
def measure(text: str, *, style: Style) -> float:
    """Give the width of a line of text in sheet units."""
    shown = _spaced(text) if style.spaced else text
    points, _, _ = _TEXT_TO_PATH.get_text_width_height_descent(shown, _font(style), ismath=False)
    return float(points) / _POINTS_PER_UNIT


def wrap(text: str, *, style: Style, width: float) -> list[str]:
    """Break a text into lines no wider than a width, at blanks."""
    lines: list[str] = []
    # Only at plain blanks: French sets no-break blanks before its high punctuation.
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, style=style) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _spaced(text: str) -> str:
    """Space out the letters of a text with hair spaces."""
    return "\u200a\u200a".join(text)


def _font(style: Style) -> FontProperties:
    """Give the font of a style: the one that comes with matplotlib, the same everywhere."""
    return FontProperties(
        family="DejaVu Sans", weight=style.weight, size=style.size * _POINTS_PER_UNIT
    )
