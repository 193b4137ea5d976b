"""Boundaries that others publish, made into the nested units of a frame, and checked."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd
import shapely

from mali_incidents.errors import LocateError
from mali_incidents.places.frame_checks import (
    EQUAL_AREA,
    Check,
    check_level,
    check_parents,
    checks_table,
)
from mali_incidents.places.frame_layers import (
    COD_AB,
    GEOBOUNDARIES,
    Layer,
    read_layers,
    unit_labels,
)
from mali_incidents.places.frames import COUNTRY, FRAME_LEVELS, read_frame
from mali_incidents.places.names import fold
from mali_incidents.tables import CRS

_SLUGS: Final = {COD_AB: "cod-ab", GEOBOUNDARIES: "geoboundaries"}
_NOT_IN_IDS: Final = r"[^\w-]+"
# As the maps that ship: borders move by 170 m at most, two pixels at zoom 11.
_MAP_TOLERANCE_DEGREES: Final = 0.002
# A unit that has to be given to the one it lies in should lie in it by more than this share.
_SURE: Final = 0.5
# Frontiers are drawn differently; units farther out than this are not Mali's.
_ROOM_DEGREES: Final = 1.0


class FrameFiles(NamedTuple):
    """The units of a frame as read from files.

    Attributes
    ----------
    name : str
        What it is called.
    units : geopandas.GeoDataFrame
        unit_id, level, name, pcode, other_names and geometry, the country's row first; as
        ``AdminFrame`` takes them.
    simplified : geopandas.GeoDataFrame
        unit_id and geometry of the units that hold no others, one coverage, for maps.
    checks : pandas.DataFrame
        What was found: level, unit, severity (error, warning, note), code, message.
    publisher : str
        Whose field names the files have: OCHA COD-AB or geoBoundaries.
    vintage : int or None
        The year the units are of.
    """

    name: str
    units: gpd.GeoDataFrame
    simplified: gpd.GeoDataFrame
    checks: pd.DataFrame
    publisher: str
    vintage: int | None


def read_frame_files(
    path: str | Path, *, name: str | None = None, vintage: int | None = None
) -> FrameFiles:
    """Read files of boundaries into the units of a frame.

    Parameters
    ----------
    path : str or pathlib.Path
        A shapefile, GeoJSON or GeoPackage file, a zip of them, or a folder of any of these; a
        layer a level, or the finest alone where it says what its units belong to.
    name : str, optional
        The frame's name, with which every unit's id begins: a code means nothing without it. By
        default who publishes it and the vintage, e.g. ``"cod-ab-2015"``.
    vintage : int, optional
        The year the units are of; by default the one they are said to be valid from.

    Returns
    -------
    FrameFiles

    Raises
    ------
    LocateError
        When the files cannot be made into a frame; everything that stands against it at once.
    """
    file = Path(path)
    layers, checks, refused = read_layers(file)
    if not layers:
        refused += [one.message for one in checks] or ["it has no layer of units"]
    refused += [text for layer in layers for text in _elsewhere(layer)]
    _refuse(refused, file)
    years = [layer.vintage for layer in layers if layer.vintage is not None]
    vintage = vintage or max(years, default=None)
    if vintage is None:
        message = "no year of the units is known, which their regions of 2023 may depend on"
        checks.append(Check("", "", "warning", "vintage", f"{message}: give it with --vintage"))
    publisher = layers[-1].publisher
    name = name or (f"{_SLUGS[publisher]}-{vintage}" if vintage else _SLUGS[publisher])
    tables: list[gpd.GeoDataFrame] = []
    for layer in _with_coarser(layers, checks):
        holder = tables[-1] if tables else None
        table = _nested(layer, holder, name=name, checks=checks)
        if table.empty:
            _refuse(
                [f"no {layer.level} lies in a {tables[-1]['level'].iloc[0]} of its files"], file
            )
        called = table["called"]
        checks += check_level(layer.level, table.geometry.set_axis(called))
        if holder is not None:
            holders = holder.loc[table["holder"]]
            outlines = holders.geometry.set_axis(holders["called"])
            checks += check_parents(layer.level, table.geometry.set_axis(called), outlines)
            checks += _childless(holder, table)
        tables.append(table)
    units = pd.concat(tables)
    return FrameFiles(
        name=name,
        units=_with_country(units),
        simplified=_simplified(units, checks),
        checks=checks_table(checks),
        publisher=publisher,
        vintage=vintage,
    )


def _refuse(reasons: list[str], file: Path) -> None:
    """Refuse files for everything that makes them no frame."""
    if reasons:
        why = "".join(f"\n- {reason}" for reason in reasons)
        raise LocateError(f"{file.name} cannot be made into a frame of units:{why}")


def _elsewhere(layer: Layer) -> list[str]:
    """Say so where most units of a layer do not lie in Mali."""
    mali = shapely.buffer(
        shapely.box(*shapely.bounds(read_frame().polygon(COUNTRY))), _ROOM_DEGREES
    )
    inside = shapely.contains(mali, shapely.centroid(layer.units.geometry.to_numpy()))
    if inside.mean() > 0.5:
        return []
    west, south, east, north = layer.units.total_bounds
    spans = f"longitudes from {west:.6g} to {east:.6g}, latitudes from {south:.6g} to {north:.6g}"
    return [
        f"{layer.label} does not lie in Mali ({spans}): another country's, swapped, or not degrees"
    ]


def _with_coarser(layers: list[Layer], checks: list[Check]) -> list[Layer]:
    """Make the coarser levels that no layer has from what the finer units say they belong to."""
    found = {layer.level: layer for layer in layers}
    for depth in (1, 0):
        level = FRAME_LEVELS[depth]
        finer = next((found[one] for one in FRAME_LEVELS[depth + 1 :] if one in found), None)
        if level in found or finer is None or f"{level}_name" not in finer.units:
            continue
        key = finer.units[f"{level}_code"].fillna(finer.units[f"{level}_name"])
        if key.notna().any():
            found[level] = _united(finer, level, key)
            message = f"there is no layer of {level}s: they were made of their {finer.level}s"
            checks.append(Check(level, "", "note", "made", message))
    return [found[level] for level in FRAME_LEVELS if level in found]


def _united(finer: Layer, level: str, key: pd.Series) -> Layer:
    """Unite units into the coarser ones they say they belong to."""
    above = FRAME_LEVELS[: FRAME_LEVELS.index(level) + 1]
    columns = [column for one in above for column in (f"{one}_name", f"{one}_code")]
    rows = finer.units[[*columns, "geometry"]].assign(key=key)
    united = rows.dissolve("key", aggfunc="first").reset_index(drop=True)
    units = united.assign(other_names=pd.Series(None, index=united.index, dtype="str"))
    return Layer(finer.label, level, finer.publisher, finer.vintage, units)


def _nested(
    layer: Layer, holders: gpd.GeoDataFrame | None, *, name: str, checks: list[Check]
) -> gpd.GeoDataFrame:
    """Give the units of a layer their ids, each below that of the unit it belongs to.

    Returns a table by unit_id: level, name, pcode, other_names, geometry, and for the checks
    code, holder and called.
    """
    units, level = layer.units, layer.level
    called = unit_labels(units, level)
    codes, names = units[f"{level}_code"], units[f"{level}_name"]
    checks += _missing(level, called, codes=codes, names=names)
    by_name = _mapped(names, fold)
    parts = codes.fillna(by_name).fillna(called).str.replace(_NOT_IN_IDS, "-", regex=True)
    held_by = pd.Series(name, index=units.index, dtype="str")
    if holders is not None:
        held_by = _held_by(layer, holders, checks)
    table = gpd.GeoDataFrame(
        {
            "unit_id": held_by + "/" + parts,
            "level": level,
            "name": names.fillna(codes).fillna(called),
            # The ids of geoBoundaries are no p-codes.
            "pcode": codes if layer.publisher == COD_AB else None,
            "other_names": units["other_names"],
            "code": codes,
            "holder": held_by,
            "called": called,
        },
        geometry=units.geometry,
        crs=CRS,
    )
    return _distinct(table[held_by.notna()], level, checks)


def _missing(level: str, called: pd.Series, *, codes: pd.Series, names: pd.Series) -> list[Check]:
    """List the units without a code or a name."""
    found = []
    for what, column, instead in (("code", codes, "name"), ("name", names, "code")):
        if column.isna().all():
            message = f"no {level} has a {what}: each is known by its {instead}"
            found.append(Check(level, "", "warning", f"no-{what}", message))
        else:
            message = f"it has no {what}: it is known by its {instead}, or its row"
            found += [
                Check(level, unit, "warning", f"no-{what}", message)
                for unit in called[column.isna()]
            ]
    return found


def _held_by(layer: Layer, holders: gpd.GeoDataFrame, checks: list[Check]) -> pd.Series:
    """Tell which unit holds each unit: by code, else by name, else by where most of it lies."""
    units, level = layer.units, layer.level
    above = str(holders["level"].iloc[0])
    called = unit_labels(units, level)
    nothing = pd.Series(None, index=units.index, dtype="str")
    codes, names = (units.get(f"{above}_{what}", nothing) for what in ("code", "name"))
    by_code, by_name = _unambiguous(holders["code"]), _unambiguous(_mapped(holders["name"], fold))
    found = _mapped(codes, by_code.get).fillna(_mapped(_mapped(names, fold), by_name.get))
    said = names.fillna(codes)
    unknown = found.isna()
    if not unknown.any():
        return found
    where, share = _largest_overlap(units.geometry[unknown], holders.geometry)
    found[unknown] = where
    if said.isna().all():
        message = f"no {level} says its {above}: each was given to the one most of it lies in"
        checks.append(Check(level, "", "note", "by-place", message))
    for at in units.index[unknown & found.notna()]:
        if said.isna().all() and share[at] > _SURE:
            continue
        told = "says no" if pd.isna(said[at]) else f"says {said[at]}, which is no known"
        holder = holders["called"][found[at]]
        message = f"it {told} {above}: given to {holder}, where {share[at]:.0%} of it lies"
        checks.append(Check(level, called[at], "warning", "by-place", message))
    message = f"it belongs to no known {above} and lies in none: left out"
    checks += [Check(level, unit, "error", "nowhere", message) for unit in called[found.isna()]]
    return found


def _unambiguous(keys: pd.Series) -> dict[str, str]:
    """Give unit ids by what is that of one unit only."""
    once = keys[keys.notna() & ~keys.duplicated(keep=False)]
    return dict(zip(once, once.index, strict=True))


def _mapped(texts: pd.Series, by: Callable[[str], str | None]) -> pd.Series:
    """Map texts to texts, missing where there was none or comes none."""
    mapped = [None if pd.isna(text) else by(text) or None for text in texts]
    return pd.Series(mapped, index=texts.index, dtype="str")


def _largest_overlap(shapes: gpd.GeoSeries, holders: gpd.GeoSeries) -> tuple[pd.Series, pd.Series]:
    """Give for each shape the holder most of it lies in, and the share of it that does."""
    flat, into = shapes.to_crs(EQUAL_AREA).to_numpy(), holders.to_crs(EQUAL_AREA).to_numpy()
    one, holder = shapely.STRtree(into).query(flat, predicate="intersects")
    shared = shapely.area(shapely.intersection(flat[one], into[holder]))
    pairs = pd.DataFrame({"shape": one, "holder": holder, "area": shared}).query("area > 0")
    largest = pairs.sort_values("area").drop_duplicates("shape", keep="last").set_index("shape")
    largest.index = shapes.index[largest.index]
    where = pd.Series(holders.index[largest["holder"]], index=largest.index, dtype="str")
    areas = pd.Series(shapely.area(flat), index=shapes.index)
    return where.reindex(shapes.index), largest["area"] / areas


def _distinct(table: gpd.GeoDataFrame, level: str, checks: list[Check]) -> gpd.GeoDataFrame:
    """Unite units drawn in several rows, part those that share a code; index them by unit_id."""
    if table.empty:
        return table
    same = table.assign(named=table["name"].map(fold), coded=table["code"].fillna(""))
    united = []
    for _, rows in same.groupby(["unit_id", "named", "coded"], sort=False):
        if len(rows) > 1:
            message = f"it is drawn in {len(rows)} rows: taken as one unit"
            checks.append(Check(level, rows["called"].iloc[0], "note", "several-rows", message))
        shape = rows.geometry.union_all() if len(rows) > 1 else rows.geometry.iloc[0]
        united.append(rows.head(1).set_geometry([shape]))
    whole = gpd.GeoDataFrame(pd.concat(united), crs=CRS)
    for code, rows in whole.groupby("code"):
        if len(rows) > 1:
            message = f"the code {code} is that of several units: {', '.join(rows['called'])}"
            checks.append(Check(level, "", "error", "code-repeated", message))
    ids = whole["unit_id"]
    while (again := ids.groupby(ids).cumcount()).any():
        ids = ids + (again + 1).astype("str").radd("-").where(again > 0, "")
    return whole.assign(unit_id=ids).set_index("unit_id").sort_index()


def _childless(holders: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> list[Check]:
    """List the units that hold none of the finer units."""
    level = str(holders["level"].iloc[0])
    without = holders.loc[holders.index.difference(units["holder"]), "called"]
    return [
        Check(level, unit, "warning", "holds-none", f"it holds no {units['level'].iloc[0]}")
        for unit in without
    ]


def _with_country(units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the country before its units: all the ground that a unit of any level has."""
    outline = gpd.GeoDataFrame(
        {"unit_id": [COUNTRY], "level": ["country"], "name": ["Mali"]},
        geometry=[shapely.union_all(units.geometry.to_numpy())],
        crs=CRS,
    )
    columns = ["unit_id", "level", "name", "pcode", "other_names", "geometry"]
    return pd.concat([outline, units.reset_index()[columns]], ignore_index=True)


def _simplified(units: gpd.GeoDataFrame, checks: list[Check]) -> gpd.GeoDataFrame:
    """Simplify the units that hold no others into one coverage, in which neighbours meet.

    Visvalingam and Whyatt's method on the borders of a coverage. What is none is made one first
    (shapely.coverage_clean), for maps only: the units themselves stay as they were drawn.
    """
    finest = units[~units.index.isin(units["holder"])].sort_index()
    shapes = finest.geometry.to_numpy()
    if not shapely.coverage_is_valid(shapes):
        shapes = shapely.coverage_clean(shapes)  # type: ignore[attr-defined]
        message = "the units do not meet exactly: for maps their borders were joined"
        checks.append(Check("", "", "note", "map", message))
    drawn = shapely.coverage_simplify(shapes, _MAP_TOLERANCE_DEGREES)
    checks += [
        Check(str(row.level), row.called, "warning", "map", "others cover it: no map can show it")
        for row in finest[shapely.is_empty(drawn)].itertuples()
    ]
    return gpd.GeoDataFrame({"unit_id": finest.index}, geometry=drawn, crs=CRS)
