"""Files of boundaries, as others publish them, read into one table a layer.

Known are the field names of OCHA's Common Operational Datasets (COD-AB) in their three generations
(admin1Name and admin1Pcod; ADM1_FR and ADM1_PCODE; adm1_name, adm1_name1 and adm1_pcode) and those
of geoBoundaries (shapeName, shapeID, shapeType).
"""

import glob
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from mali_incidents.errors import LocateError
from mali_incidents.places.frame_checks import Check
from mali_incidents.places.frames import FRAME_LEVELS
from mali_incidents.places.names import fold
from mali_incidents.tables import CRS

# Whose field names are known.
COD_AB: Final = "OCHA COD-AB"
GEOBOUNDARIES: Final = "geoBoundaries"

# How each kind of file begins: GDAL would open whatever a file holds, under any name.
_BEGINNINGS: Final = {
    ".shp": b"\x00\x00\x27\x0a",
    ".gpkg": b"SQLite format 3\x00",
    ".geojson": b"{",
    ".json": b"{",
}
_PARTS: Final = {*_BEGINNINGS, ".zip", ".dbf", ".shx", ".prj", ".cpg"}
_KINDS: Final = "a shapefile (.shp), GeoJSON (.geojson), GeoPackage (.gpkg) or a .zip of them"
_AREAL: Final = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_MOST_BYTES: Final = 2_000_000_000

# The columns of a level n (1 region, 2 cercle, 3 commune), in lower case.
_CODES: Final = r"admin{n}pcode?|adm{n}_pcode"
_NAMES: Final = r"admin{n}name(?:_?(?:fr|en))?|admin{n}na_\d|adm{n}_(?:fr|en)|adm{n}_name\d?"
_OTHERS: Final = r"admin{n}(?:refn|altn|al_)\w*|adm{n}_?(?:ref|alt)\w*"
_VALID_ON: Final = r"valid_?on|valid_?from"
_DRAWN_ON: Final = r"date"


class Layer(NamedTuple):
    """The units of one level, as a file has them.

    Attributes
    ----------
    label : str
        The file, and the layer in it.
    level : str
        region, cercle or commune.
    publisher : str
        Whose field names it has.
    vintage : int or None
        The year that its dates say.
    units : geopandas.GeoDataFrame
        One row a unit, in EPSG:4326: for every level down to its own ``{level}_name`` and
        ``{level}_code``, other_names parted by ``;``, and geometry.
    """

    label: str
    level: str
    publisher: str
    vintage: int | None
    units: gpd.GeoDataFrame


class _File(NamedTuple):
    """A file of boundaries, how GDAL opens it, and how it begins."""

    label: str
    path: str
    start: bytes


class _Source(NamedTuple):
    """One layer of one file, and how to open it."""

    label: str
    path: str
    layer: str


def read_layers(path: Path) -> tuple[list[Layer], list[Check], list[str]]:
    """Read every layer of units in a file, a zip or a folder.

    Parameters
    ----------
    path : pathlib.Path
        A shapefile, GeoJSON or GeoPackage file, a zip of them, or a folder of any of these.

    Returns
    -------
    layers : list of Layer
        One a level at most, the coarsest first.
    checks : list of Check
        What was left out, mended or assumed.
    refused : list of str
        What makes a layer unusable.

    Raises
    ------
    LocateError
        When there is nothing to read.
    """
    if not path.exists():
        raise LocateError(f"there is no file or folder {path}")
    layers: list[Layer] = []
    checks: list[Check] = []
    refused: list[str] = []
    files = list(_files_in(path, refused))
    if not files and not refused:
        raise LocateError(f"{path.name} holds no boundaries to read: wanted is {_KINDS}")
    for source in (one for file in files for one in _layers_of(file, checks, refused)):
        try:
            table, said = _read(source)
        except (RuntimeError, ValueError) as error:
            refused.append(f"{source.label} cannot be read: {clean(error)}")
            continue
        checks += [_about(source, f"was read with a warning: {text}", "warning") for text in said]
        layer = _recognise(table, source, checks)
        if layer is not None:
            layers.append(layer)
    kept = _one_a_level(layers, checks, refused)
    mended = [_mend(layer, checks, refused) for layer in kept]
    return [layer for layer in mended if layer is not None], checks, refused


def files_of(path: Path) -> list[Path]:
    """List the files that a frame is read from: what a shapefile's stand beside it included."""
    found = [path]
    if path.is_dir():
        found = [file for file in path.rglob("*") if file.is_file()]
    elif path.suffix.lower() == ".shp":
        found = list(path.parent.glob(f"{glob.escape(path.stem)}.*"))
    return sorted(file for file in found if file.suffix.lower() in _PARTS)


def clean(text: object) -> str:
    """Write a text of a file on one line, without characters that cannot be printed."""
    return " ".join("".join(one if one.isprintable() else " " for one in str(text)).split())


def _files_in(path: Path, refused: list[str]) -> Iterator[_File]:
    """Find the files of boundaries in a file, a zip, which stays packed, or a folder."""
    for file in files_of(path):
        if file.suffix.lower() == ".zip":
            try:
                yield from _unpacked(file)
            except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
                refused.append(f"{clean(file.name)} cannot be unpacked: {clean(error)}")
        elif file.suffix.lower() in _BEGINNINGS:
            with file.open("rb") as handle:
                yield _File(file.name, str(file), handle.read(64))


def _unpacked(file: Path) -> Iterator[_File]:
    """List the files of boundaries in a zip."""
    with zipfile.ZipFile(file) as archive:
        members = [
            one
            for one in sorted(archive.infolist(), key=lambda one: one.filename)
            if Path(one.filename).suffix.lower() in _BEGINNINGS and "__MACOSX" not in one.filename
        ]
        if sum(one.file_size for one in members) > _MOST_BYTES:
            raise zipfile.BadZipFile("it would be more than 2 GB, which no boundaries are")
        for member in members:
            with archive.open(member) as handle:
                start = handle.read(64)
            inside = f"/vsizip/{{{file.resolve()}}}/{member.filename}"
            yield _File(f"{file.name}/{member.filename}", inside, start)


def _layers_of(file: _File, checks: list[Check], refused: list[str]) -> Iterator[_Source]:
    """List the layers of polygons in a file."""
    suffix = Path(file.label).suffix.lower()
    label = clean(file.label)
    json = suffix in {".geojson", ".json"}
    start = file.start.removeprefix(b"\xef\xbb\xbf").lstrip() if json else file.start
    wrong, listed = None, []
    if start.startswith(_BEGINNINGS[suffix]):
        try:
            listed = list(pyogrio.list_layers(file.path))
        except RuntimeError as error:
            wrong = f"{label} cannot be read: {clean(error)}"
    else:
        wrong = f"{label} is not what its ending {suffix} says: wanted is {_KINDS}"
    if wrong and suffix == ".json":
        # Publishers put what they say of their files beside them.
        checks.append(Check("", "", "note", "layer", f"{label} left out: it is no GeoJSON"))
    elif wrong:
        refused.append(wrong)
    for layer, kind in listed:
        # Lines and points come with many; what has no kind may hold polygons.
        if kind is not None and ("Polygon" in kind or kind == "Unknown"):
            named = label if len(listed) == 1 else f"{label}/{clean(layer)}"
            yield _Source(named, file.path, layer)


def _read(source: _Source) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Read a layer, and what GDAL warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = pyogrio.read_dataframe(source.path, layer=source.layer, force_2d=True)
    said = [clean(str(one.message).replace(source.path, source.label)) for one in caught]
    return table, list(dict.fromkeys(said))


def _recognise(table: gpd.GeoDataFrame, source: _Source, checks: list[Check]) -> Layer | None:
    """Find which level a layer is of, and its names and codes; None for what is left out."""
    columns = {str(column).casefold(): column for column in table.columns}
    if "shapename" in columns:
        return _geoboundaries(table, columns, source, checks)
    depths = [n for n in range(5) if _matching(columns, f"{_CODES}|{_NAMES}", n)]
    if not depths:
        listed = ", ".join(clean(column) for column in table.columns if column != "geometry")
        checks.append(
            _about(source, f"left out: no names of units are known among its fields ({listed})")
        )
        return None
    depth = max(depths)
    if not 1 <= depth <= len(FRAME_LEVELS):
        what = "the country's outline" if depth == 0 else "of units finer than communes"
        checks.append(_about(source, f"left out: it is {what}"))
        return None
    units = gpd.GeoDataFrame(geometry=table.geometry)
    for n, level in enumerate(FRAME_LEVELS[:depth], start=1):
        names = [_texts(table[column]) for column in _name_columns(table, columns, n)]
        codes = [_texts(table[column]) for column in _matching(columns, _CODES, n)]
        units[f"{level}_name"] = _first_of(names, table.index)
        units[f"{level}_code"] = _first_of(codes, table.index)
    written = [*_name_columns(table, columns, depth), *_matching(columns, _OTHERS, depth)]
    units["other_names"] = _other_names(units[f"{level}_name"], [_texts(table[c]) for c in written])
    return Layer(source.label, level, COD_AB, _year(table, columns), units)


def _geoboundaries(
    table: gpd.GeoDataFrame, columns: dict[str, str], source: _Source, checks: list[Check]
) -> Layer | None:
    """Take a layer of geoBoundaries, which says its level in every row or in its name."""
    kinds = set(_texts(table[columns["shapetype"]]).dropna()) if "shapetype" in columns else set()
    said = next(iter(kinds), source.label)
    depth = re.search(r"adm([1-3])(?!\d)", said.casefold())
    if depth is None or len(kinds) > 1:
        checks.append(_about(source, "left out: it does not say which of ADM1 to ADM3 it is"))
        return None
    level = FRAME_LEVELS[int(depth[1]) - 1]
    units = gpd.GeoDataFrame(geometry=table.geometry)
    units[f"{level}_name"] = _texts(table[columns["shapename"]])
    units[f"{level}_code"] = (
        _texts(table[columns["shapeid"]]) if "shapeid" in columns else _first_of([], table.index)
    )
    units["other_names"] = _first_of([], table.index)
    return Layer(source.label, level, GEOBOUNDARIES, None, units)


def _matching(columns: dict[str, str], pattern: str, n: int) -> list[str]:
    """Give the columns of level n that a pattern names, as the file spells them."""
    wanted = re.compile(pattern.replace("{n}", str(n)))
    return [column for lower, column in columns.items() if wanted.fullmatch(lower)]


def _name_columns(table: gpd.GeoDataFrame, columns: dict[str, str], n: int) -> list[str]:
    """Give the columns of level n's names, the French first: they are what reports write."""

    def rank(column: str) -> int:
        lower = column.casefold()
        numbered = re.fullmatch(r"adm\d_name(\d?)", lower)
        if numbered and (lang := columns.get(f"lang{numbered[1]}")):
            return 0 if "fr" in set(_texts(table[lang]).dropna().str.casefold()) else 1
        return {"fr": 0, "en": 2}.get(lower[-2:], 1)

    return sorted(_matching(columns, _NAMES, n), key=rank)


def _texts(column: pd.Series) -> pd.Series:
    """Give a column as text on one line, missing where nothing stands."""
    texts = [
        None if pd.isna(cell) else clean(int(cell) if _is_whole(cell) else cell) for cell in column
    ]
    return pd.Series([text or None for text in texts], index=column.index, dtype="str")


def _is_whole(cell: object) -> bool:
    """Tell whether a cell is a whole number that was read as a fraction."""
    return isinstance(cell, float) and cell.is_integer()


def _first_of(columns: Iterable[pd.Series], index: pd.Index) -> pd.Series:
    """Take in each row the first column that says something."""
    found = pd.Series(None, index=index, dtype="str")
    for column in columns:
        found = found.fillna(column)
    return found


def _other_names(names: pd.Series, columns: list[pd.Series]) -> pd.Series:
    """Join what else each unit is called."""
    joined = []
    for row in zip(names, *columns, strict=True):
        name, *others = [text for text in row if not pd.isna(text)] or [""]
        joined.append(
            ";".join({fold(one): one for one in others if fold(one) != fold(name)}.values())
        )
    return pd.Series([text or None for text in joined], index=names.index, dtype="str")


def _year(table: gpd.GeoDataFrame, columns: dict[str, str]) -> int | None:
    """Read the latest year among the days the units are valid from, else drawn on."""
    for pattern in (_VALID_ON, _DRAWN_ON):
        for lower, column in columns.items():
            if re.fullmatch(pattern, lower):
                years = table[column].astype("str").str.extract(r"\b((?:19|20)\d\d)\b")[0].dropna()
                if len(years):
                    return int(years.max())
    return None


def _one_a_level(layers: list[Layer], checks: list[Check], refused: list[str]) -> list[Layer]:
    """Keep one layer a level: the full one of a full and a simplified, one of several formats."""
    kept = []
    for level in FRAME_LEVELS:
        same = [layer for layer in layers if layer.level == level]
        full = [layer for layer in same if "simplified" not in layer.label.casefold()] or same
        stems = {Path(layer.label).with_suffix("").name.casefold() for layer in full}
        if len(full) > 1 and len(stems) > 1:
            refused.append(
                f"{len(full)} layers are of {level}s ({', '.join(one.label for one in full)}): "
                "put the one you mean into a folder of its own, with one a level"
            )
        checks += [
            Check(level, "", "note", "left-out", f"{one.label} left out: {full[0].label} was taken")
            for one in same
            if one is not full[0]
        ]
        kept += full[:1]
    return kept


def _mend(layer: Layer, checks: list[Check], refused: list[str]) -> Layer | None:
    """Bring a layer to WGS 84 and valid polygons, and say what had to be done."""
    units, level = layer.units, layer.level
    if units.crs is None:
        west, south, east, north = units.total_bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            refused.append(
                f"{layer.label} does not say its coordinate reference system, and its coordinates "
                f"are no degrees ({west:g} to {east:g}, {south:g} to {north:g}): add its .prj file"
            )
            return None
        units = units.set_crs(CRS)
        message = f"{layer.label} does not say its coordinate reference system: WGS 84 was assumed"
        checks.append(Check(level, "", "warning", "crs", message))
    elif not units.crs.equals(CRS, ignore_axis_order=True):
        message = f"{layer.label} was brought from {clean(units.crs.name)} to WGS 84"
        checks.append(Check(level, "", "note", "crs", message))
        units = units.to_crs(CRS)
    called = unit_labels(units, level)
    shapes = units.geometry.to_numpy(copy=True)
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    shapes[owner[~np.isfinite(corners).all(axis=1)]] = None
    invalid = ~shapely.is_valid(shapes) & ~shapely.is_missing(shapes)
    for unit, reason in zip(called[invalid], shapely.is_valid_reason(shapes[invalid]), strict=True):
        message = f"its outline is not valid ({reason}) and was mended"
        checks.append(Check(level, unit, "warning", "invalid", message))
    shapes[invalid] = shapely.make_valid(shapes[invalid], method="structure", keep_collapsed=False)
    areal = np.isin(shapely.get_type_id(shapes), _AREAL) & (shapely.area(shapes) > 0)
    checks += [
        Check(level, unit, "error", "no-area", "it has no area that can be read: left out")
        for unit in called[~areal]
    ]
    if not areal.any():
        refused.append(f"{layer.label} has no unit with an area")
        return None
    kept = units.set_geometry(shapes)[areal].reset_index(drop=True)
    return layer._replace(units=kept)


def unit_labels(units: gpd.GeoDataFrame, level: str) -> pd.Series:
    """Say how each unit is called in messages: its name and code, or its row."""
    rows = pd.Series([f"row {number}" for number in range(1, len(units) + 1)], index=units.index)
    names, codes = units[f"{level}_name"], units[f"{level}_code"]
    both = names + " (" + codes + ")"
    called: pd.Series = both.fillna(names).fillna(codes).fillna(rows)
    return called


def _about(source: _Source, message: str, severity: str = "note") -> Check:
    """Say something of a whole layer."""
    return Check("", "", severity, "layer", f"{source.label} {message}")
