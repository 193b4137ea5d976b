"""Records as objects: JSON, GeoJSON and Parquet, with their points."""

import io
import json
import math
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet
import pyproj
import shapely

from mali_incidents.errors import ReadError
from mali_incidents.records.fields import UnreadableError, fold_word, read_degrees
from mali_incidents.records.findings import Findings, Found
from mali_incidents.records.rows import Row, Rows, cell_text, is_own, rows_of_objects

_LONGEST_NUMBER: Final = 400
_WGS84: Final = pyproj.CRS("OGC:CRS84")
# About a tenth of a metre: the same point written with fewer decimals.
_SAME_DEGREES: Final = 1e-6


def read_json(content: bytes) -> Rows:
    """Read a list of objects, one under "incidents", or a GeoJSON FeatureCollection."""
    try:
        text = content.decode(json.detect_encoding(content))
        given = json.loads(text, object_pairs_hook=_object, parse_int=_whole_number)
        if rb"\ud" in content.lower():  # half an escaped pair is no character: "?" stands for it
            whole = json.dumps(given, ensure_ascii=False).encode("utf-8", "replace")
            given = json.loads(whole)
    except UnicodeDecodeError as error:
        raise ReadError(
            f"is not JSON in UTF-8 (at byte {error.start}): save it in UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ReadError(f"is not JSON ({where}: {error.msg})") from error
    features: list[Any] | None = None
    if isinstance(given, dict) and given.get("type") == "FeatureCollection":
        features = given.get("features")
        given = list(map(_properties, features)) if isinstance(features, list) else None
    elif isinstance(given, dict):
        given = given.get("incidents")
    if not isinstance(given, list) or not all(isinstance(row, dict) for row in given):
        raise ReadError(
            'must hold a list of objects, an object with a list under "incidents", or a '
            "GeoJSON FeatureCollection"
        )
    shapes = [feature.get("geometry") for feature in features or []]
    found = _take_points(given, shapes)
    table = rows_of_objects(given)
    table.found.extend(found)
    return table


def _object(pairs: list[tuple[str, Any]]) -> Row:
    """Make an object of its members, none of which may be there twice."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ReadError(f"has an object with {twice!r} twice: one of the two values would be lost")
    return made


def _whole_number(digits: str) -> int | str:
    """Read a whole number; one too long for any column stays text."""
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _properties(feature: Any) -> Row:
    """Take a GeoJSON feature's properties."""
    if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
        raise ReadError("has a feature that is no GeoJSON feature with properties")
    return dict(feature.get("properties") or {})


def _take_points(rows: list[Row], shapes: list[Any]) -> Findings:
    """Fill latitude and longitude from GeoJSON geometries; give what could not be taken.

    A row that this suite located keeps its reported coordinates: the point beside it is a result.
    """
    found = []
    for at, (row, shape) in enumerate(zip(rows, shapes, strict=False)):
        if shape is None or is_own(row):
            continue
        position = _position(shape)
        if position is None:
            kind = shape.get("type") if isinstance(shape, dict) else None
            written = kind if kind and kind != "Point" else cell_text(shape) or ""
            said = "not read: expected a point with [longitude, latitude] in degrees"
            found.append(Found("geometry", str(written), "warning", "not-read", said, at))
            continue
        spelled = {fold_word(str(name)): name for name in row}
        names = [spelled.get(name, name) for name in ("latitude", "longitude")]
        stated = [cell_text(row.get(name)) for name in names]
        if stated == [None, None]:
            row.update(zip(names, position, strict=True))
        elif not all(map(_same_degrees, stated, position)):
            said = "not read: the row's own latitude and longitude, which stand, say otherwise"
            point = ", ".join(str(degrees) for degrees in position)
            found.append(Found("geometry", point, "warning", "contradiction", said, at))
    return found


def _position(shape: Any) -> tuple[Any, Any] | None:
    """Give a GeoJSON point's latitude and longitude; None where it is no point."""
    if not isinstance(shape, dict) or shape.get("type") != "Point":
        return None
    match shape.get("coordinates"):
        case [int() | float() | str() as longitude, int() | float() | str() as latitude, *_]:
            return latitude, longitude
    return None


def _same_degrees(stated: str | None, degrees: Any) -> bool:
    """Tell whether a cell and a geometry say the same."""
    try:
        one, other = (read_degrees(text or "", limit=180).value for text in (stated, str(degrees)))
        return math.isclose(one, other, rel_tol=0, abs_tol=_SAME_DEGREES)
    except UnreadableError:
        return stated == str(degrees)


def read_parquet(content: bytes) -> Rows:
    """Read a Parquet table, flat or with a list of sources, and the points of a GeoParquet one."""
    try:
        table = pa.parquet.ParquetFile(io.BytesIO(content)).read()
    except (pa.ArrowException, OSError) as error:
        raise ReadError("is not a Parquet table that can be opened: save it again") from error
    geometry, unread = _geometry(table)
    names = [name for name in table.column_names if name != geometry]
    columns, found = [], [] if unread is None else [unread]
    for number, name in enumerate(table.column_names):
        if name != geometry:
            values, lost = _values(table.column(number), name)
            columns.append(values)
            found += lost
    rows = [dict(zip(names, cells, strict=True)) for cells in zip(*columns, strict=True)]
    if geometry is not None and unread is None:
        found += _take_points(rows, _points(table.column(geometry)))
    # The header as the file writes it: a name that is there twice is refused with all else.
    made = rows_of_objects(rows, header=names)
    made.found.extend(found)
    return made


def _values(column: pa.ChunkedArray, name: str) -> tuple[list[Any], Findings]:
    """Give a column's values; what Python has no value for stays as the number that is stored."""
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return _texts(column.to_pylist(), name)
    try:
        return column.to_pylist(), []
    except (OverflowError, ValueError, pa.ArrowException):
        return [_value(scalar) for scalar in column], []


def _value(scalar: Any) -> Any:
    """Give one value, or the number that is stored for it."""
    try:
        return scalar.as_py()
    except (OverflowError, ValueError, pa.ArrowException):
        return str(scalar.value)


def _texts(values: list[bytes | None], name: str) -> tuple[list[str | None], Findings]:
    """Read bytes as text in UTF-8."""
    texts: list[str | None] = []
    found = []
    for at, value in enumerate(values):
        try:
            texts.append(None if value is None else value.decode())
        except UnicodeDecodeError:
            texts.append(None)
            said = "left missing: bytes that are no text in UTF-8"
            found.append(Found(name, repr(value), "warning", "not-read", said, at))
    return texts, found


def _geometry(table: pa.Table) -> tuple[str | None, Found | None]:
    """Name the geometry column of a GeoParquet table, and say why its points cannot be read."""
    try:
        about = json.loads((table.schema.metadata or {})[b"geo"])
        name = about["primary_column"]
        encoding, given = about["columns"][name]["encoding"], about["columns"][name].get("crs")
        same = given is None or pyproj.CRS(given).equals(_WGS84, ignore_axis_order=True)
    except (KeyError, TypeError, ValueError, pyproj.exceptions.CRSError):
        return None, None
    if name not in table.column_names:
        return None, None
    if encoding == "WKB" and same:
        return name, None
    said = f"not read: expected points as WKB in degrees on WGS 84, got {encoding}"
    said += "" if same else " in another reference system"
    return name, Found(name, "", "warning", "not-read", said)


def _points(column: pa.ChunkedArray) -> list[Any]:
    """Give WKB geometries as GeoJSON's, an empty object for what is no geometry."""
    stored = column.to_pylist()
    texts = shapely.to_geojson(shapely.from_wkb(stored, on_invalid="ignore")).tolist()
    return [
        None if wkb is None else json.loads(text or "{}")
        for wkb, text in zip(stored, texts, strict=True)
    ]
