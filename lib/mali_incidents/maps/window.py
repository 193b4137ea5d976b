"""What a figure shows of the ground and the incidents, inside the frame of its map."""

from itertools import product
from math import dist, hypot
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.counts.units import covered_units
from mali_incidents.maps.arcs import united_units
from mali_incidents.maps.basemap import read_basemap, spelled_as_unit
from mali_incidents.maps.captions import kilometres, middle_of
from mali_incidents.maps.messages import message
from mali_incidents.maps.palette import AREA_COLOUR, PAPER, SYMBOLS, UNKNOWN_SYMBOL
from mali_incidents.maps.sheet import (
    Box,
    Sheet,
    Style,
    box_around,
    fit,
    measure,
)
from mali_incidents.maps.signs import (
    XY,
    Shade,
    area_opacity,
    on_sheet,
    outlined,
    place_signs,
    shades_of,
    unit_labels,
)
from mali_incidents.maps.view import View
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.records.coverage import Coverage

_RING: Final = Style(11.5, PAPER["ring"], weight=700, halo=True)
_COUNT: Final = Style(12, "#3B1F5E", weight=700, halo=True)
_CAPITAL: Final = Style(14.5, PAPER["town"], weight=700, halo=True)
_TOWN: Final = Style(12, PAPER["town"], halo=True)
_COUNTRY: Final = Style(13, "#7A7363", weight=700, halo=True, spaced=True)
_UNIT: Final = {
    "region": Style(12.5, "#5A5448", weight=700, halo=True, spaced=True),
    "cercle": Style(11.5, "#5A5448", weight=700, halo=True),
    "commune": Style(11, "#5A5448", halo=True),
}
_SCALE: Final = Style(11, PAPER["ring"], halo=True)

# The most kilometres a sheet unit may stand for where the names of a level, the borders of
# communes and the towns of a rank are drawn: about those of the interactive map.
_UNIT_UP_TO: Final = {"region": 4.0, "cercle": 0.7, "commune": 0.3}
_COMMUNES_UP_TO: Final = 0.4
_TOWN_UP_TO: Final = {1: 9.0, 2: 4.0, 3: 1.2}
# Where on a ring its name is tried, north first.
_BEARINGS: Final = np.radians([0, 12, -12, 25, -25, 40, -40, 60, -60, 90, -90, 120, -120, 150, 180])
# Where a label inside a shape is tried besides its middle, in sheet units, the nearest first.
_SHIFTS: Final = np.array(
    sorted(
        product((0, -12, 12, -24, 24, -48, 48), (0, -9, 9, -18, 18, -36, 36)),
        key=lambda xy: (hypot(*xy), xy),
    )
)
_EDGES: Final = np.array([[-1, 0], [0, 0], [1, 0]])
# How near a town's point the incidents' sign must be, in sheet units, to mark the town as well.
_SAME_PLACE: Final = 8
# Between what the view frames and the edge of the map, in sheet units.
_ROOM: Final = 14


class _Map:
    """A window of the sheet, its projection and the units in it."""

    def __init__(self, sheet: Sheet, box: Box, *, view: View, frame: AdminFrame) -> None:
        self.sheet, self.box, self.view, self.frame = sheet, box, view, frame
        self.projection = fit(view.bounds, centre=middle_of(view), into=box.grown(-_ROOM))
        united = united_units(frame)
        places = self.projection.place(united.to_numpy())
        self.shapes: dict[str, shapely.Geometry] = dict(zip(united.index, places, strict=True))
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


def draw_map(
    sheet: Sheet,
    box: Box,
    located: gpd.GeoDataFrame,
    *,
    view: View,
    frame: AdminFrame,
    coverage: Coverage | None,
    lang: str,
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

    Returns
    -------
    bool
        Whether a part of the map is hatched as not covered.
    """
    drawn = _Map(sheet, box, view=view, frame=frame)
    sheet.open_window(box)
    _draw_ground(drawn)
    hatched = _draw_gaps(drawn, coverage)
    _draw_waters(drawn)
    _draw_borders(drawn)
    shades = {shade: _shown_of(drawn, shade) for shade in shades_of(located)}
    _draw_shades(drawn, shades)
    _draw_outlines(drawn, located)
    _draw_rings(drawn)
    _draw_signs(drawn, located)
    _draw_scale(drawn, lang)
    # Every name keeps clear of those before it: the more important come first.
    _name_rings(drawn, lang)
    _name_towns(drawn, ranks=(1,))
    _name_shades(drawn, shades)
    _name_towns(drawn, ranks=(2, 3))
    _name_countries(drawn, lang)
    for level in _UNIT:
        _name_units(drawn, level)
    sheet.close_window()
    sheet.rectangle(box, facecolor="none", edgecolor=PAPER["region_border"], linewidth=0.8)
    return hatched


def _draw_ground(drawn: _Map) -> None:
    """Draw water, the neighbours' land and their frontiers, and Mali."""
    basemap, place = read_basemap(), drawn.projection.place
    drawn.sheet.rectangle(drawn.box, facecolor=PAPER["water"], edgecolor="none")
    neighbours = place(basemap.land.to_numpy())
    drawn.sheet.areas(neighbours, facecolor=PAPER["neighbour"], edgecolor="none")
    frontiers = place(basemap.frontiers.to_numpy())
    look: dict[str, Any] = {"edgecolor": PAPER["country_border"], "alpha": 0.6}
    drawn.sheet.lines(frontiers, linewidth=0.6, linestyle=(0, (7, 3)), **look)
    drawn.sheet.areas([drawn.shapes[COUNTRY]], facecolor=PAPER["land"], edgecolor="none")


def _draw_gaps(drawn: _Map, coverage: Coverage | None) -> bool:
    """Hatch what the records do not cover; tell whether any of it is in the window."""
    if coverage is None:
        return False
    finest = pd.Index(drawn.frame.simplified["unit_id"])
    covered = covered_units(finest, frame=drawn.frame, coverage=coverage)
    gap = shapely.coverage_union_all([drawn.shapes[unit] for unit in finest[~covered]])
    look: dict[str, Any] = {"edgecolor": PAPER["hatch"], "linewidth": 0}
    drawn.sheet.areas([gap], facecolor="none", hatch="////", hatch_linewidth=0.7, **look)
    return bool(shapely.intersects(gap, shapely.box(*drawn.box)))


def _draw_waters(drawn: _Map) -> None:
    """Draw lakes and rivers."""
    basemap, place = read_basemap(), drawn.projection.place
    look: dict[str, Any] = {"edgecolor": PAPER["river"]}
    lakes = place(basemap.lakes.to_numpy())
    drawn.sheet.areas(lakes, facecolor=PAPER["water"], linewidth=0.4, **look)
    drawn.sheet.lines(place(basemap.rivers.to_numpy()), linewidth=1.0, **look)


def _draw_borders(drawn: _Map) -> None:
    """Draw the units' borders, the finest first."""
    widths = {"commune": 0.45, "cercle": 0.6, "region": 0.9, "country": 1.4}
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
        dashes = (0, (2, 3))
        drawn.sheet.circle(x, y, km / drawn.km, linewidth=0.9, linestyle=dashes, **look)
    if view.way is not None:
        end = drawn.projection.point(view.way.to.longitude, view.way.to.latitude)
        line = shapely.LineString([(x, y), end])
        drawn.sheet.lines([line], edgecolor=PAPER["ring"], linewidth=1.5, alpha=0.85)
    drawn.sheet.circle(x, y, 4, **{**look, "facecolor": "white", "linewidth": 1.2})


def _draw_signs(drawn: _Map, located: gpd.GeoDataFrame) -> None:
    """Draw the incidents whose place is known."""
    for (x, y), sign in on_sheet(place_signs(located), place=drawn.projection.point):
        symbols = [(SYMBOLS.get(kind, UNKNOWN_SYMBOL), count) for kind, count in sign.parts]
        if sign.total > 1:
            parts = [(symbol.colour, count) for symbol, count in symbols]
            drawn.sheet.counted(x, y, radius=sign.radius, parts=parts)
        else:
            colour, shape = symbols[0][0]
            drawn.sheet.symbol(
                x, y, radius=sign.radius, shape=shape, colour=colour, filled=sign.toll_known
            )
        drawn.signs.append((x, y, sign.radius))
        drawn.sheet.taken.append(
            box_around(x, y, width=2 * sign.radius + 2, height=2 * sign.radius + 2)
        )


def _draw_scale(drawn: _Map, lang: str) -> None:
    """Draw a bar of a round length."""
    most = 170 * drawn.km
    steps = [digit * 10**power for power in range(-1, 5) for digit in (1, 2, 5)]
    km = max(step for step in steps if step <= most)
    left, bottom = drawn.box.left + 16, drawn.box.bottom - 16
    right = left + km / drawn.km
    bar = shapely.LineString(
        [(left, bottom - 6), (left, bottom), (right, bottom), (right, bottom - 6)]
    )
    drawn.sheet.lines([bar], edgecolor="white", linewidth=3.2, alpha=0.85)
    drawn.sheet.lines([bar], edgecolor=PAPER["ring"], linewidth=1.3, joinstyle="miter")
    drawn.sheet.text(
        (left + right) / 2,
        bottom - 6,
        message("ring.km", lang, km=kilometres(km, lang=lang)),
        style=_SCALE,
        align="center",
    )
    drawn.sheet.taken.append(Box(left - 6, bottom - 24, right + 6, bottom + 6))


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
        radius = km / drawn.km
        places = [(x + radius * np.sin(turn), y - radius * np.cos(turn)) for turn in _BEARINGS]
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


def _name_shades(drawn: _Map, shades: dict[Shade, shapely.Geometry]) -> None:
    """Write the number of incidents known only to a unit inside it, the finest first."""
    for shade, shape in reversed(shades.items()):
        # With the unit's name where it has one at this scale: units lie within units.
        level = drawn.levels[shade.unit]
        if drawn.km <= _UNIT_UP_TO[level]:
            style = _UNIT[level]._replace(colour=_COUNT.colour)
            if _name_inside(drawn, shape, f"{drawn.labels[shade.unit]} · {shade.known}", style):
                drawn.labelled.add(shade.unit)
                continue
        drawn.sheet.name(_places_in(drawn, shape), str(shade.known), style=_COUNT)


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
    points = drawn.projection.place(countries.geometry.to_numpy())
    for name, point in zip(countries[f"name_{lang}"], points, strict=True):
        drawn.sheet.name([(point.x, point.y)], name.upper(), style=_COUNTRY)


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
