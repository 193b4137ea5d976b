"""What a figure shows of the ground and the incidents, inside the frame of its map."""

from functools import lru_cache
from itertools import product
from math import degrees, dist, hypot
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.counts.units import covered_units
from mali_incidents.maps.arcs import united_units
from mali_incidents.maps.basemap import read_basemap, spelled_as_unit
from mali_incidents.maps.captions import kilometres
from mali_incidents.maps.figure_words import meridian, parallel
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.palette import AREA_COLOUR, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.projection import projection_for
from mali_incidents.maps.sheet import (
    Box,
    Projection,
    Sheet,
    Style,
    box_around,
    fit,
    measure,
    transformer_to,
)
from mali_incidents.maps.signs import (
    LARGEST,
    XY,
    Shade,
    area_opacity,
    on_sheet,
    outlined,
    place_signs,
    shades_of,
    unit_labels,
)
from mali_incidents.maps.view import View, ring
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.records.coverage import Coverage

_RING: Final = Style(11.5, PAPER["ring"], weight=700, halo=True)
_COUNT: Final = Style(12, "#3B1F5E", weight=700, halo=True)
_CAPITAL: Final = Style(14.5, PAPER["town"], weight=700, halo=True)
_TOWN: Final = Style(12, PAPER["town"], halo=True)
_COUNTRY: Final = Style(13, "#7A7363", weight=700, halo=True, spaced=True)
_COUNTRY_TIGHT: Final = Style(11.5, "#7A7363", weight=700, halo=True)
_UNIT: Final = {
    "region": Style(12.5, "#5A5448", weight=700, halo=True, spaced=True),
    "cercle": Style(11.5, "#5A5448", weight=700, halo=True),
    "commune": Style(11, "#5A5448", halo=True),
}
_SCALE: Final = Style(11, PAPER["ring"], halo=True)
_DEGREES: Final = Style(10, "#5A5448")
_NORTH: Final = Style(12, PAPER["ring"], weight=700, halo=True)
# Degrees between the lines of the graticule, and the least number of them across the window.
_STEPS_DEG: Final = (5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01)
_LEAST_LINES: Final = 3
# Nothing finer than this is drawn, in sheet units.
_FINE: Final = 0.12
_FINE_SMALL: Final = 0.3
# From how many signs on none may touch another, and how large rings may be on a small map.
_CROWDED: Final = 120
_LARGEST_SMALL: Final = 14.0

# The most kilometres a sheet unit may stand for where the names of a level, the borders of
# communes and the towns of a rank are drawn: about those of the interactive map.
_UNIT_UP_TO: Final = {"region": 4.0, "cercle": 0.7, "commune": 0.3}
_COMMUNES_UP_TO: Final = 0.4
_TOWN_UP_TO: Final = {1: 9.0, 2: 4.0, 3: 1.2}
# At which of a ring's 96 corners its name is tried, north first.
_BEARINGS: Final = np.array([0, 3, 93, 7, 89, 11, 85, 16, 80, 24, 72, 32, 64, 40, 48])
# Where a label inside a shape is tried besides its middle, in sheet units, the nearest first.
_SHIFTS: Final = np.array(
    sorted(
        product((0, -12, 12, -24, 24, -48, 48), (0, -9, 9, -18, 18, -36, 36)),
        key=lambda xy: (hypot(*xy), xy),
    )
)
# How near a town's point the incidents' sign must be, in sheet units, to mark the town as well.
_SAME_PLACE: Final = 8
# Between what the view frames and the edge of the map, in sheet units.
_ROOM: Final = 14


class Ground(NamedTuple):
    """The units and the base map in one projection: metres east and south."""

    units: dict[str, shapely.Geometry]
    land: np.ndarray
    frontiers: np.ndarray
    lakes: np.ndarray
    rivers: np.ndarray
    countries: np.ndarray


@lru_cache(maxsize=8)
def ground_in(frame: AdminFrame, crs: str) -> Ground:
    """Project the units of a frame and the base map; the maps of one zone share them."""
    flat = Projection(transformer_to(crs), 1.0, 0.0, 0.0)
    basemap, united = read_basemap(), united_units(frame)

    return Ground(
        dict(zip(united.index, flat.place(united.to_numpy()), strict=True)),
        flat.place(basemap.land.to_numpy()),
        flat.place(basemap.frontiers.to_numpy()),
        flat.place(basemap.lakes.to_numpy()),
        flat.place(basemap.rivers.to_numpy()),
        flat.place(basemap.countries.geometry.to_numpy()),
    )


@lru_cache(maxsize=16)
def gap_in(frame: AdminFrame, crs: str, units: tuple[str, ...]) -> shapely.Geometry:
    """Unite units of the finest level as they are: simplified, they would not fit together."""
    flat = Projection(transformer_to(crs), 1.0, 0.0, 0.0)
    shapes = frame.simplified.set_index("unit_id").geometry.loc[list(units)]
    gap: shapely.Geometry = flat.place(shapely.coverage_union_all(shapes.to_numpy()))
    return gap


class _Map:
    """A window of the sheet, its projection and the units in it."""

    def __init__(
        self, sheet: Sheet, box: Box, *, view: View, frame: AdminFrame, room: float = _ROOM
    ) -> None:
        self.sheet, self.box, self.view, self.frame = sheet, box, view, frame
        self.crs = projection_for(view).crs
        self.projection = fit(view.bounds, crs=self.crs, into=box.grown(-room))
        self.ground = ground_in(frame, self.crs)
        shapes = self.scaled(np.array(list(self.ground.units.values()), dtype=object))
        self.shapes: dict[str, shapely.Geometry] = dict(zip(self.ground.units, shapes, strict=True))
        self.levels: dict[str, str] = dict(frame.units["level"].items())
        self.labels = unit_labels(frame)
        self.units: dict[str, dict[str, shapely.Geometry]] = {}
        for unit, shape in self.shapes.items():
            self.units.setdefault(self.levels[unit], {})[unit] = shape
        self.km = 0.001 / self.projection.units_per_m
        self.signs: list[tuple[float, float, float]] = []
        # The centre and the towns: no unit of the same name is named beside them.
        self.named: set[str] = set()
        self.labelled: set[str] = set()

    def scaled(self, geometries: Any) -> Any:
        """Put geometries in metres of the projection on the sheet; an array or one."""
        by, x, y = self.projection.units_per_m, self.projection.x, self.projection.y
        return shapely.transform(geometries, lambda points: points * by + [x, y])

    def corner(self, width: float, height: float, corners: str) -> Box:
        """Give the corner of the window where a box covers nothing, or the least.

        The corners are named by letters: ``"se nw"`` is the lower right, then the upper left, and
        the first goes before the others.
        """
        boxes = []
        for place in corners.split():
            left = self.box.left + 12 if "w" in place else self.box.right - 12 - width
            top = self.box.top + 12 if "n" in place else self.box.bottom - 12 - height
            boxes.append(Box(left, top, left + width, top + height))
        return min(boxes, key=lambda box: sum(box.shared(other) for other in self.sheet.taken))


def draw_map(
    sheet: Sheet,
    box: Box,
    located: gpd.GeoDataFrame,
    *,
    view: View,
    frame: AdminFrame,
    coverage: Coverage | None,
    lang: str,
    focus: str | None = None,
) -> bool:
    """Draw the map of a figure.

    Parameters
    ----------
    sheet : Sheet
        The sheet to draw on.
    box : Box
        Where the map stands; it is filled to its edges.
    located : geopandas.GeoDataFrame
        A located table.
    view : View
        What the map frames.
    frame : AdminFrame
        The units the records were located in.
    coverage : Coverage or None
        What the records claim to cover.
    lang : {"en", "fr"}
        The language of names and labels.
    focus : str, optional
        The id of a unit that the map is about: the rest is drawn paler.

    Returns
    -------
    bool
        Whether a part of the map is hatched as not covered.
    """
    drawn = _Map(sheet, box, view=view, frame=frame)
    sheet.open_window(box, fine=_FINE)
    _draw_ground(drawn)
    hatched = _draw_gaps(drawn, coverage)
    _draw_waters(drawn)
    degrees_at = _draw_graticule(drawn, lang)
    _draw_borders(drawn)
    if focus is not None:
        veil = shapely.difference(shapely.box(*box.grown(30)), drawn.shapes[focus])
        sheet.areas([veil], facecolor="#FFFFFF99", edgecolor="none")
        edge = shapely.boundary(drawn.shapes[focus])
        sheet.lines([edge], edgecolor=PAPER["country_border"], linewidth=1.6)
    shades = {shade: _shown_of(drawn, shade) for shade in shades_of(located)}
    _draw_shades(drawn, shades)
    _draw_outlines(drawn, located)
    _draw_rings(drawn)
    _draw_signs(drawn, located, lang)
    _draw_scale(drawn, lang)
    _draw_north(drawn)
    # Every name keeps clear of those before it: the more important come first.
    _name_rings(drawn, lang)
    _name_towns(drawn, ranks=(1,))
    _name_shades(drawn, shades, lang)
    _name_towns(drawn, ranks=(2, 3))
    _name_countries(drawn, lang)
    for level in _UNIT:
        _name_units(drawn, level)
    sheet.close_window()
    sheet.rectangle(box, facecolor="none", edgecolor=PAPER["region_border"], linewidth=0.8)
    for x, y, turned, text in degrees_at:
        sheet.text(x, y, text, style=_DEGREES, align="center", turned=turned)
    return hatched


def draw_panel(
    sheet: Sheet,
    box: Box,
    located: gpd.GeoDataFrame,
    *,
    view: View,
    frame: AdminFrame,
    coverage: Coverage | None,
    covered: bool,
    lang: str,
    scale: bool,
) -> bool:
    """Draw one small map among others: signs and shades without names.

    Parameters
    ----------
    sheet : Sheet
        The sheet to draw on.
    box : Box
        Where the map stands; it is filled to its edges.
    located : geopandas.GeoDataFrame
        The incidents of this panel, a located table.
    view : View
        What the map frames.
    frame : AdminFrame
        The units the records were located in.
    coverage : Coverage or None
        What the records claim to cover.
    covered : bool
        Whether the records cover the panel's period; else all of it is hatched.
    lang : {"en", "fr"}
        The language of numbers and of the scale bar.
    scale : bool
        Whether there is a scale bar.

    Returns
    -------
    bool
        Whether a part of it is hatched as not covered.
    """
    # Of several rings the widest says how far the view reaches.
    view = view._replace(rings_km=(max(view.rings_km),) if view.rings_km else ())
    drawn = _Map(sheet, box, view=view, frame=frame, room=4)
    sheet.open_window(box, fine=_FINE_SMALL)
    _draw_ground(drawn)
    hatched = _draw_gaps(drawn, coverage if covered else coverage and coverage._replace(units=()))
    _draw_borders(drawn, up_to="cercle")
    shades = {shade: _shown_of(drawn, shade) for shade in shades_of(located)}
    _draw_shades(drawn, shades)
    _draw_outlines(drawn, located)
    _draw_rings(drawn)
    _draw_signs(drawn, located, lang, crowded=10_000, largest=_LARGEST_SMALL)
    if scale:
        _draw_scale(drawn, lang, most=70)
    _name_shades(drawn, shades, lang, numbers_only=True)
    sheet.close_window()
    sheet.rectangle(box, facecolor="none", edgecolor=PAPER["region_border"], linewidth=0.6)
    return hatched


def _draw_ground(drawn: _Map) -> None:
    """Draw water, the neighbours' land and their frontiers, and Mali."""
    drawn.sheet.rectangle(drawn.box, facecolor=PAPER["water"], edgecolor="none")
    neighbours = drawn.scaled(drawn.ground.land)
    drawn.sheet.areas(neighbours, facecolor=PAPER["neighbour"], edgecolor="none")
    frontiers = drawn.scaled(drawn.ground.frontiers)
    look: dict[str, Any] = {"edgecolor": PAPER["country_border"], "alpha": 0.6}
    drawn.sheet.lines(frontiers, linewidth=0.6, linestyle=(0, (7, 3)), **look)
    drawn.sheet.areas([drawn.shapes[COUNTRY]], facecolor=PAPER["land"], edgecolor="none")


def _draw_gaps(drawn: _Map, coverage: Coverage | None) -> bool:
    """Hatch what the records do not cover; tell whether any of it is in the window."""
    if coverage is None:
        return False
    finest = pd.Index(drawn.frame.simplified["unit_id"])
    covered = covered_units(finest, frame=drawn.frame, coverage=coverage)
    gap = drawn.scaled(gap_in(drawn.frame, drawn.crs, tuple(finest[~covered])))
    look: dict[str, Any] = {"edgecolor": PAPER["hatch"], "linewidth": 0}
    drawn.sheet.areas([gap], facecolor="none", hatch="////", hatch_linewidth=0.7, **look)
    return bool(shapely.intersects(gap, shapely.box(*drawn.box)))


def _draw_waters(drawn: _Map) -> None:
    """Draw lakes and rivers."""
    look: dict[str, Any] = {"edgecolor": PAPER["river"]}
    lakes = drawn.scaled(drawn.ground.lakes)
    drawn.sheet.areas(lakes, facecolor=PAPER["water"], linewidth=0.4, **look)
    drawn.sheet.lines(drawn.scaled(drawn.ground.rivers), linewidth=1.0, **look)


def _draw_graticule(drawn: _Map, lang: str) -> list[tuple[float, float, float, str]]:
    """Draw meridians and parallels; give where outside the frame to write which, how turned."""
    box, flat = drawn.box, drawn.projection
    left, top, right, bottom = box
    edges = shapely.segmentize(shapely.box(*box), box.width / 12)
    longitudes, latitudes = flat.degrees(*shapely.get_coordinates(edges).T)
    west, east = longitudes.min(), longitudes.max()
    south, north = latitudes.min(), latitudes.max()
    least = min(east - west, north - south)
    step = next((one for one in _STEPS_DEG if least / one >= _LEAST_LINES), _STEPS_DEG[-1])
    # A little beyond the edges: between the points looked at they bulge.
    along = np.linspace(-0.05, 1.05, 25)
    upper = shapely.LineString([(left + 20, top), (right - 20, top)])
    side = shapely.LineString([(left, top + 20), (left, bottom - 20)])
    lines, written = [], []
    for degree in _round_degrees(west, east, step):
        line = shapely.LineString(flat.points(np.full(25, degree), south + along * (north - south)))
        lines.append(line)
        crossing = shapely.get_coordinates(shapely.intersection(line, upper))
        written += [(x, top - 4, 0.0, meridian(degree, lang=lang)) for x, _ in crossing[:1]]
    for degree in _round_degrees(south, north, step):
        line = shapely.LineString(flat.points(west + along * (east - west), np.full(25, degree)))
        lines.append(line)
        crossing = shapely.get_coordinates(shapely.intersection(line, side))
        written += [(left - 4, y, 90.0, parallel(degree, lang=lang)) for _, y in crossing[:1]]
    drawn.sheet.lines(lines, edgecolor="#6F6A5E", linewidth=0.35, alpha=0.45)
    return written


def _round_degrees(least: float, most: float, step: float) -> list[float]:
    """Give the whole steps between two degrees."""
    # Counted, as sums of fractions drift.
    numbers = range(int(np.ceil(least / step)), int(np.floor(most / step)) + 1)
    return [round(number * step, 6) for number in numbers]


def _draw_borders(drawn: _Map, *, up_to: str = "commune") -> None:
    """Draw the units' borders, the finest first."""
    widths = {"commune": 0.45, "cercle": 0.6, "region": 0.9, "country": 1.4}
    if up_to == "cercle":
        widths = {"cercle": 0.25, "region": 0.45, "country": 0.9}
    for level, width in widths.items():
        shapes = list(drawn.units.get(level, {}).values())
        if shapes and (level != "commune" or drawn.km <= _COMMUNES_UP_TO):
            lines = shapely.boundary(shapes)
            drawn.sheet.lines(lines, edgecolor=PAPER[f"{level}_border"], linewidth=width)


def _shown_of(drawn: _Map, shade: Shade) -> shapely.Geometry:
    """Give what of a unit has its shade: not the units in it that have their own."""
    holes = shapely.union_all([drawn.shapes[unit] for unit in shade.holes])
    return shapely.difference(drawn.shapes[shade.unit], holes)


def _draw_shades(drawn: _Map, shades: dict[Shade, shapely.Geometry]) -> None:
    """Shade the units of incidents known only to a unit, the more may lie there the darker."""
    for shade, shape in shades.items():
        opacity = area_opacity(shade.may_lie_there)
        drawn.sheet.areas([shape], facecolor=AREA_COLOUR, edgecolor="none", alpha=opacity)
        edge = shapely.boundary(drawn.shapes[shade.unit])
        drawn.sheet.lines([edge], edgecolor=AREA_COLOUR, linewidth=0.7, alpha=0.55)


def _draw_outlines(drawn: _Map, located: gpd.GeoDataFrame) -> None:
    """Draw a dashed line round the areas that words tell and no unit is."""
    shapes = drawn.projection.place(located.loc[outlined(located), "footprint"].to_numpy())
    edges = [shapely.boundary(shape) for shape in shapes]
    look: dict[str, Any] = {"linewidth": 0.7, "alpha": 0.6, "linestyle": (0, (6, 4))}
    drawn.sheet.lines(edges, edgecolor=AREA_COLOUR, **look)


def _draw_rings(drawn: _Map) -> None:
    """Draw the rings round the centre and the way to another place."""
    view = drawn.view
    if view.centre is None:
        return
    x, y = drawn.projection.point(view.centre.longitude, view.centre.latitude)
    look: dict[str, Any] = {"edgecolor": PAPER["ring"], "facecolor": "none"}
    for km in view.rings_km:
        # Measured on the ellipsoid: no projection has every circle round.
        outline = shapely.LineString(drawn.projection.points(*ring(view.centre, km).T))
        dotted = {"linewidth": 0.9, "linestyle": (0, (2, 3)), "capstyle": "butt"}
        drawn.sheet.lines([outline], edgecolor=PAPER["ring"], **dotted)
    if view.way is not None:
        end = drawn.projection.point(view.way.to.longitude, view.way.to.latitude)
        line = shapely.LineString([(x, y), end])
        drawn.sheet.lines([line], edgecolor=PAPER["ring"], linewidth=1.5, alpha=0.85)
    drawn.sheet.circle(x, y, 4, **{**look, "facecolor": "white", "linewidth": 1.2})


def _draw_signs(
    drawn: _Map,
    located: gpd.GeoDataFrame,
    lang: str,
    *,
    crowded: int = _CROWDED,
    largest: float = LARGEST,
) -> None:
    """Draw the incidents whose place is known."""
    signs = place_signs(located)
    spots = drawn.projection.points(
        np.array([sign.longitude for sign in signs]), np.array([sign.latitude for sign in signs])
    )
    # Those far outside would be joined with those at the edge, and make the file large.
    left, top, right, bottom = drawn.box.grown(40)
    seen = (spots >= [left, top]).all(axis=1) & (spots <= [right, bottom]).all(axis=1)
    shown = [signs[number] for number in np.flatnonzero(seen)]
    for (x, y), sign in on_sheet(
        shown, place=drawn.projection.point, crowded=crowded, largest=largest
    ):
        symbols = [(SYMBOLS.get(kind, UNKNOWN_SYMBOL), count) for kind, count in sign.parts]
        if sign.total > 1:
            parts = [(symbol.colour, count) for symbol, count in symbols]
            number = number_words(sign.total, lang=lang)
            drawn.sheet.counted(x, y, radius=sign.radius, parts=parts, number=number)
        else:
            colour, shape = symbols[0][0]
            drawn.sheet.symbol(
                x, y, radius=sign.radius, shape=shape, colour=colour, filled=sign.toll_known
            )
        drawn.signs.append((x, y, sign.radius))
        drawn.sheet.taken.append(
            box_around(x, y, width=2 * sign.radius + 2, height=2 * sign.radius + 2)
        )


def _draw_scale(drawn: _Map, lang: str, *, most: float = 170) -> None:
    """Draw a bar of a round length."""
    # matplotlib-scalebar has no French, and says where its bar stands only once it is drawn: then
    # names are placed already.
    steps = [digit * 10**power for power in range(-1, 5) for digit in (1, 2, 5)]
    km = max(step for step in steps if step <= min(most, drawn.box.width * 0.3) * drawn.km)
    words = message("ring.km", lang, km=kilometres(km, lang=lang))
    wide = max(km / drawn.km, measure(words, style=_SCALE)) + 8
    box = drawn.corner(wide, 28, "sw se")
    left, bottom = (box.left + box.right - km / drawn.km) / 2, box.bottom - 4
    right = left + km / drawn.km
    bar = shapely.LineString(
        [(left, bottom - 6), (left, bottom), (right, bottom), (right, bottom - 6)]
    )
    drawn.sheet.lines([bar], edgecolor="white", linewidth=3.2, alpha=0.85)
    drawn.sheet.lines([bar], edgecolor=PAPER["ring"], linewidth=1.3, joinstyle="miter")
    drawn.sheet.text((left + right) / 2, bottom - 6, words, style=_SCALE, align="center")
    drawn.sheet.taken.append(box)


def _draw_north(drawn: _Map) -> None:
    """Draw an arrow to the north of the place where it stands."""
    box = drawn.corner(26, 44, "ne nw se")
    x, y = (box.left + box.right) / 2, box.bottom - 15
    longitude, latitude = (float(one[0]) for one in drawn.projection.degrees([x], [y]))
    north = drawn.projection.point(longitude, latitude + 0.05)
    turned = np.arctan2(north[0] - x, y - north[1])
    turn = np.array([[np.cos(turned), np.sin(turned)], [-np.sin(turned), np.cos(turned)]])
    for side, colour in ((-1, PAPER["ring"]), (1, "white")):
        half = np.array([[0, -15], [side * 6.5, 10], [0, 5]]) @ turn + [x, y]
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": PAPER["ring"], "linewidth": 0.8}
        drawn.sheet.areas([shapely.Polygon(half)], **look)
    tip = np.array([0, -19]) @ turn + [x, y]
    drawn.sheet.text(
        float(tip[0]), float(tip[1]), "N", style=_NORTH, align="center", turned=-degrees(turned)
    )
    drawn.sheet.taken.append(box)


def _name_rings(drawn: _Map, lang: str) -> None:
    """Name the centre, the way and the rings."""
    view = drawn.view
    if view.centre is None:
        return
    x, y = drawn.projection.point(view.centre.longitude, view.centre.latitude)
    mark = _mark_at(drawn, x, y) or 6
    drawn.sheet.taken.append(box_around(x, y, width=12, height=12))
    drawn.named.add(view.centre.name)
    places = _beside(x, y, mark, view.centre.name, _CAPITAL)
    drawn.sheet.name(places, view.centre.name, style=_CAPITAL)
    if view.way is not None:
        words = message("way.label", lang, place=view.way.to.name, km=round(view.way.distance_km))
        end = drawn.projection.point(view.way.to.longitude, view.way.to.latitude)
        _name_way(drawn, (x, y), end, words)
    for km in view.rings_km:
        outline = drawn.projection.points(*ring(view.centre, km).T)
        # The ring's corners are evenly spread over the bearings, from the north.
        places = [(float(px), float(py)) for px, py in outline[_BEARINGS]]
        words = message("ring.km", lang, km=kilometres(km, lang=lang))
        drawn.sheet.name(places, words, style=_RING)


def _name_way(drawn: _Map, start: XY, end: XY, words: str) -> None:
    """Write on the way what it is, and keep other names off it."""
    line = shapely.LineString([start, end])
    shares = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2)
    middles = shapely.line_interpolate_point(line, shares, normalized=True)
    drawn.sheet.name([(point.x, point.y) for point in middles], words, style=_RING)
    beads = shapely.line_interpolate_point(line, np.arange(0, line.length, 6))
    drawn.sheet.taken += [box_around(bead.x, bead.y, width=6, height=6) for bead in beads]


def _name_shades(
    drawn: _Map, shades: dict[Shade, shapely.Geometry], lang: str, *, numbers_only: bool = False
) -> None:
    """Write the number of incidents known only to a unit inside it, the finest first."""
    for shade, shape in reversed(shades.items()):
        # With the unit's name where it has one at this scale: units lie within units.
        level, known = drawn.levels[shade.unit], number_words(shade.known, lang=lang)
        if drawn.km <= _UNIT_UP_TO[level] and not numbers_only:
            style = _UNIT[level]._replace(colour=_COUNT.colour)
            if _name_inside(drawn, shape, f"{drawn.labels[shade.unit]} · {known}", style):
                drawn.labelled.add(shade.unit)
                continue
        drawn.sheet.name(_places_in(drawn, shape), known, style=_COUNT)


def _name_towns(drawn: _Map, *, ranks: tuple[int, ...]) -> None:
    """Mark and name the towns of some ranks, the first and the most populous before others."""
    towns = read_basemap().towns.sort_values(["rank", "population"], ascending=[True, False])
    for town in towns[towns["rank"].isin(ranks)].to_dict("records"):
        name, rank = spelled_as_unit(town["name"], frame=drawn.frame), town["rank"]
        # Abroad only the larger: the map is of Mali.
        reach = _TOWN_UP_TO[rank] * (1 if town["country"] == "ML" else 0.5)
        if drawn.km > reach or name in drawn.named:
            continue
        x, y = drawn.projection.point(town["longitude"], town["latitude"])
        sign = _mark_at(drawn, x, y)
        dot = box_around(x, y, width=7, height=7)
        # Where there were incidents, their own sign marks the town.
        if sign is None and not drawn.sheet.is_free(dot):
            continue
        style = _CAPITAL if rank == 1 else _TOWN
        if not drawn.sheet.name(_beside(x, y, sign or 3, name, style), name, style=style):
            continue
        if sign is None:
            look = {"facecolor": PAPER["town"], "edgecolor": "white", "linewidth": 0.7}
            drawn.sheet.circle(x, y, 3.5 if rank == 1 else 2.7, **look)
            drawn.sheet.taken.append(dot)
        drawn.named.add(name)


def _mark_at(drawn: _Map, x: float, y: float) -> float | None:
    """Give the size of the incidents' sign that marks a place; None where there is none."""
    here = (radius for *spot, radius in drawn.signs if dist(spot, (x, y)) < _SAME_PLACE)
    return next(here, None)


def _name_countries(drawn: _Map, lang: str) -> None:
    """Name the neighbours."""
    countries = read_basemap().countries
    points = drawn.scaled(drawn.ground.countries)
    own = drawn.shapes[COUNTRY]
    shapely.prepare(own)
    for name, point in zip(countries[f"name_{lang}"], points, strict=True):
        for style in (_COUNTRY, _COUNTRY_TIGHT):
            wide = measure(name.upper(), style=style)
            box = box_around(point.x, point.y, width=wide + 4, height=style.size)
            # A long name beside a small country would run into Mali.
            if not shapely.intersects(own, shapely.box(*box)):
                drawn.sheet.name([(point.x, point.y)], name.upper(), style=style)
                break


def _name_units(drawn: _Map, level: str) -> None:
    """Name the units of a level inside each, where there is room."""
    if drawn.km > _UNIT_UP_TO[level]:
        return
    for unit, shape in drawn.units.get(level, {}).items():
        if unit not in drawn.labelled and drawn.labels[unit] not in drawn.named:
            _name_inside(drawn, shape, drawn.labels[unit], _UNIT[level])


def _name_inside(drawn: _Map, shape: shapely.Geometry, text: str, style: Style) -> bool:
    """Write a text where it lies inside a shape from its beginning to its end."""
    half = measure(text, style=style) / 2
    left, _, right, _ = shapely.bounds(shapely.clip_by_rect(shape, *drawn.box))
    if not right - left >= 2 * half:
        return False
    return drawn.sheet.name(_places_in(drawn, shape, half=half), text, style=style)


def _places_in(
    drawn: _Map, shape: shapely.Geometry, *, half: float = 0
) -> list[tuple[float, float]]:
    """Give places for a label inside what the window shows of a shape, the roomiest first."""
    seen = shapely.clip_by_rect(shape, *drawn.box.grown(-10))
    if shapely.area(seen) == 0:
        return []
    largest = max(shapely.get_parts(seen), key=shapely.area)
    middle = shapely.Point(shapely.maximum_inscribed_circle(largest, tolerance=2).coords[0])
    shapely.prepare(seen)
    places = _SHIFTS + np.array([middle.x, middle.y])
    inside = np.all(
        [
            shapely.contains_xy(seen, places[:, 0] + reach, places[:, 1])
            for reach in (-half, 0, half)
        ],
        axis=0,
    )
    return [(float(x), float(y)) for x, y in places[inside]]


def _beside(
    x: float, y: float, radius: float, name: str, style: Style
) -> list[tuple[float, float]]:
    """Give places for a town's name: right, left, above, below its mark, then a little off."""
    half = measure(name, style=style) / 2
    return [
        place
        for gap in (radius + 4, radius + 10, radius + 16)
        for place in (
            (x + gap + half, y),
            (x - gap - half, y),
            (x, y - gap - style.size / 2),
            (x, y + gap + style.size / 2),
            (x + gap + half, y - gap),
            (x + gap + half, y + gap),
            (x - gap - half, y - gap),
            (x - gap - half, y + gap),
        )
    ]
