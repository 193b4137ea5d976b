"""What stands in a file, whatever its format: every text, every table, every geometry.

For the leak check, which must see all that another could read: metadata, comments, what a page
carries compressed, what a database has not yet overwritten, files inside files.
"""

import base64
import binascii
import csv
import gzip
import hashlib
import html
import io
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from typing import Any, Final, TypeAlias
from urllib.parse import unquote_to_bytes
from xml.etree.ElementTree import ParseError, XMLPullParser

import numpy as np
import pandas as pd
import pyarrow.parquet
import shapely
from PIL import ExifTags, Image
from pyproj import CRS, Transformer

from mali_incidents.maps.payload import read_block, unpack_table
from mali_incidents.storage import decoded

_DEEPEST: Final = 6
_LARGEST: Final = 1_000_000_000
_DATA: Final = re.compile(r"data:([\w./+-]*)((?:;[\w=.-]+)*),([^\s\"'<>)\\]*)")
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
# Columns that hold ids of rows, and are no numbers that a format gives its own.
_IDS: Final = ("id", "incident_id", "dataset_id", "event_id", "event_id_cnty")
_PNG: Final = b"\x89PNG\r\n\x1a\n"


class UnreadableFileError(Exception):
    """A file, or a part of one, that could not be read."""


@dataclass
class Contents:
    """What was found in a file.

    Attributes
    ----------
    texts : list of str
        All texts, those of one record or paragraph together.
    tables : list of pandas.DataFrame
        Tables of any values.
    points : list of numpy.ndarray
        Coordinates of geometries, WGS 84 degrees, of shape (n, 2).
    numbers : list of numpy.ndarray
        Lists of numbers as they stand.
    cells : list of (str, str)
        Names and values of what may be an id.
    records : dict
        The numbers of objects of JSON, by their names.
    known : set of bytes
        The checksums of files that need not be read again where they stand inside this one.
    """

    texts: list[str] = field(default_factory=list)
    tables: list[pd.DataFrame] = field(default_factory=list)
    points: list[np.ndarray] = field(default_factory=list)
    numbers: list[np.ndarray] = field(default_factory=list)
    cells: list[tuple[str, str]] = field(default_factory=list)
    records: dict[tuple[str, ...], list[tuple[Any, ...]]] = field(default_factory=dict)
    known: Set[bytes] = frozenset()


def read_contents(file: Path, *, known: Set[bytes] = frozenset()) -> Contents:
    """Read all that stands in a file.

    Parameters
    ----------
    file : pathlib.Path
        Any file.
    known : set of bytes
        What :func:`checksum` gives for files that were read before and need not be read again:
        a pack's archive holds what stands beside it. Of these only the names are read.

    Returns
    -------
    Contents
        Pixels of pictures and outlines of drawn letters are not read.

    Raises
    ------
    UnreadableFileError
        When the file, or a file inside it, cannot be read or is of no known format.
    """
    found = Contents(known=known)
    _read(file.name, file.read_bytes(), found, 0)
    found.tables += [
        pd.DataFrame(list(dict.fromkeys(rows)), columns=list(names), dtype="object")
        for names, rows in found.records.items()
    ]
    return found


def checksum(name: str, content: bytes) -> bytes:
    """Tell files apart by all that decides how they are read: their ending and their bytes."""
    ending = PurePosixPath(name.lower()).suffix.encode()
    return hashlib.sha256(ending + b"\0" + content).digest()


def _read(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read bytes as what their name or their first bytes say."""
    if depth > _DEEPEST:
        raise UnreadableFileError(f"{name}: nested too deeply")
    found.texts.append(name)
    if found.known and checksum(name, content) in found.known:
        return
    reader = _reader_of(name, content)
    try:
        reader(name, content, found, depth)
    except UnreadableFileError:
        raise
    # Whatever a library says of a damaged file, it was not read.
    except Exception as error:
        raise UnreadableFileError(f"{name}: {type(error).__name__}: {error}") from error


def _reader_of(name: str, content: bytes) -> "Reader":
    """Choose how to read: by what the bytes are, then by the name."""
    for start, reader in _BY_START:
        if content.startswith(start):
            return reader
    ending = PurePosixPath(name.lower()).suffix
    if ending in _BY_ENDING:
        return _BY_ENDING[ending]
    return _text


def _text(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read plain text; bytes that are none are of no known format."""
    if b"\0" in content and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        raise UnreadableFileError(f"{name}: of no format that can be read")
    _add_text(decoded(content), found, depth)


def _add_text(text: str, found: Contents, depth: int) -> None:
    """Take a text, what it writes as escapes, and what it carries as data."""
    bare = _DATA.sub(lambda match: _add_data(match, found, depth), text)
    found.texts.append(bare)
    if "\\" in bare and _ESCAPED.search(bare):
        found.texts.append(_ESCAPED.sub(lambda match: chr(int(match[1] or match[2], 16)), bare))
    if "&" in bare and (plain := html.unescape(bare)) != bare:
        found.texts.append(plain)
    if re.search(r"%[0-9a-fA-F]{2}", bare):
        found.texts.append(unquote_to_bytes(bare).decode("utf-8", "replace"))


def _add_data(match: re.Match[str], found: Contents, depth: int) -> str:
    """Read what an address carries in itself."""
    kind, options, written = match.groups()
    if not kind and not options:
        return match[0]
    content = unquote_to_bytes(written)
    if ";base64" in options:
        try:
            content = base64.b64decode(content, validate=False)
        except binascii.Error as error:
            raise UnreadableFileError(f"data of the kind {kind} is damaged") from error
    if kind.startswith(("font/", "application/font", "application/x-font")):
        return " "
    ending = {"text/html": ".html", "image/svg+xml": ".svg", "application/json": ".json"}
    _read(f"data{ending.get(kind, '')}", content, found, depth + 1)
    return " "


def _csv(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read a table of text."""
    _text(name, content, found, depth)
    text = decoded(content)
    header = text.partition("\n")[0]
    by = max(",;\t", key=header.count)
    usual = csv.field_size_limit(_LARGEST)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=by))
    finally:
        # It holds for the whole process.
        csv.field_size_limit(usual)
    if rows:
        _add_rows(rows[0], rows[1:], found)


def _add_rows(header: list[Any], rows: list[list[Any]], found: Contents) -> None:
    """Take rows of cells; the texts of one row together."""
    wide = max(map(len, rows), default=len(header))
    names = [*map(str, header), *(f"column{at}" for at in range(len(header), wide))]
    names = [f"{name}#{at}" if name in names[:at] else name for at, name in enumerate(names)]
    filled = [[*row, *[None] * (len(names) - len(row))] for row in rows]
    table = pd.DataFrame(filled, columns=names, dtype="object")
    # What stands in the header may be a value too.
    table.loc[-1] = names
    _add_table(table, found)


def _add_table(table: pd.DataFrame, found: Contents) -> None:
    """Take a table: its numbers and its texts."""
    found.tables.append(table)
    for name in map(str, table.columns):
        if name.casefold() in _IDS:
            found.cells += [(name, str(cell)) for cell in table[name] if _is_known(cell)]
    for row in table.itertuples(index=False, name=None):
        for cell in row:
            if isinstance(cell, str) and cell:
                found.texts.append(cell)


def _is_known(cell: Any) -> bool:
    """Tell a cell with something in it."""
    return cell is not None and cell is not pd.NA and cell == cell  # noqa: PLR0124


def _json(name: str, content: bytes, found: Contents, depth: int) -> None:  # noqa: ARG001
    """Read JSON of any kind."""
    _walk(json.loads(decoded(content)), found, depth, "")


def _walk(value: Any, found: Contents, depth: int, key: str) -> None:
    """Go through the values of JSON."""
    if isinstance(value, str):
        _add_string(value, found, depth, key)
    elif isinstance(value, dict):
        _walk_object(value, found, depth)
    elif isinstance(value, list):
        flat = [one for one in value if isinstance(one, int | float) and one is not True]
        if flat and all(one is None or _is_number(one) for one in value):
            found.numbers.append(
                np.array([np.nan if one is None else one for one in value], dtype=float)
            )
        elif value and all(isinstance(one, str) for one in value) and key in _JOINED:
            _add_string("".join(value), found, depth, key)
        elif value and _are_corners(value):
            _add_corners(np.array(value, dtype=float), found)
        else:
            for one in value:
                _walk(one, found, depth, key)


_NUMBERS: Final = {int, float}


def _are_corners(value: list[Any]) -> bool:
    """Tell a list of pairs, or of triples, of numbers: a line or a ring."""
    wide = len(value[0]) if isinstance(value[0], list) else 0
    return wide in (2, 3) and all(
        isinstance(one, list) and len(one) == wide and {*map(type, one)} <= _NUMBERS
        for one in value
    )


def _add_corners(corners: np.ndarray, found: Contents) -> None:
    """Take the corners of a line; whole numbers may be parts of degrees or steps."""
    if (corners == np.rint(corners)).all():
        found.numbers += [*corners] if corners.shape[1] > 2 else [corners.ravel()]
    else:
        found.points += [corners[:, at : at + 2] for at in range(corners.shape[1] - 1)]


# Where notebooks keep a text as a list of its lines.
_JOINED: Final = ("source", "text", "text/html", "text/plain", "text/markdown", "image/svg+xml")


def _is_number(value: Any) -> bool:
    """Tell a number; True and False are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _add_string(value: str, found: Contents, depth: int, key: str) -> None:
    """Take a string of JSON, by what its key says it is."""
    if key in _IDS:
        found.cells.append((key, value))
    if key in ("text/html", "image/svg+xml"):
        _read(
            "output.html" if key == "text/html" else "output.svg", value.encode(), found, depth + 1
        )
    elif key in ("image/png", "image/jpeg"):
        _read("output.png", base64.b64decode(value), found, depth + 1)
    else:
        _add_text(value, found, depth)
        if value[:1] in "[{" and value:
            try:
                inner = json.loads(value)
            except ValueError:
                return
            if depth < _DEEPEST:
                _walk(inner, found, depth + 1, "")


def _walk_object(value: dict[str, Any], found: Contents, depth: int) -> None:
    """Go through an object of JSON; its numbers stand together."""
    record = {name: one for name, one in value.items() if _is_number(one)}
    if record:
        found.records.setdefault(tuple(record), []).append(tuple(record.values()))
    for name, one in value.items():
        if name == "columns" and isinstance(one, dict) and value.get("types") is not None:
            _packed(one, found)
        found.texts.append(str(name))
        if _is_number(one) and name in _IDS:
            found.cells.append((name, str(one)))
        _walk(one, found, depth, str(name))


def _packed(columns: dict[str, Any], found: Contents) -> None:
    """Read the columns of a page's data; what shares a table is numbers only."""
    own = {name: column for name, column in columns.items() if "of" not in column}
    values = unpack_table(own)
    plain = {name: cells for name, cells in values.items() if len(cells)}
    long = max(map(len, plain.values()), default=0)
    table = {
        name: [*cells, *[None] * (long - len(cells))]
        for name, cells in plain.items()
        if not isinstance(cells[0], list)
    }
    _add_table(pd.DataFrame(table, dtype="object"), found)
    found.texts += [
        " ".join(str(part) for record in cell for part in record if part is not None)
        for cells in plain.values()
        if isinstance(cells[0], list)
        for cell in cells
    ]


class _Page(HTMLParser):
    """Collects the texts, attributes, scripts and framed pages of a page."""

    def __init__(self, found: Contents, depth: int) -> None:
        super().__init__(convert_charrefs=True)
        self._found = found
        self._depth = depth
        self._inside = ""
        self._kind = ""
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        for name, value in given.items():
            if not value:
                continue
            if name == "srcdoc":
                _read("frame.html", value.encode(), self._found, self._depth + 1)
            elif name in _DRAWN:
                self._found.numbers.append(_numbers_in(value))
            else:
                _add_text(value, self._found, self._depth)
        if tag in ("script", "style"):
            self._flush()
            self._inside, self._kind = tag, given.get("type") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            text = "".join(self._parts)
            self._parts = []
            self._script(text)
            self._inside = ""
        elif tag in _BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def handle_comment(self, data: str) -> None:
        _add_text(data, self._found, self._depth)

    def handle_decl(self, decl: str) -> None:
        _add_text(decl, self._found, self._depth)

    def handle_pi(self, data: str) -> None:
        _add_text(data, self._found, self._depth)

    def unknown_decl(self, data: str) -> None:
        _add_text(data, self._found, self._depth)

    def close(self) -> None:
        super().close()
        self._flush()

    def _flush(self) -> None:
        text = "".join(self._parts)
        self._parts = []
        if text.strip():
            _add_text(text, self._found, self._depth)

    def _script(self, text: str) -> None:
        """Read a script: JSON, a block of our own, or code."""
        if "json" in self._kind and text.strip():
            try:
                data = read_block(text)
            except Exception as error:
                raise UnreadableFileError(f"a block of data: {error}") from error
            _walk(data, self._found, self._depth, "")
        else:
            _add_text(text, self._found, self._depth)


# Attributes of drawings: numbers of a page, not of the Earth, and many.
_DRAWN: Final = {"d", "points", "transform", "viewbox"}
_BLOCKS: Final = {
    *("p", "div", "td", "th", "tr", "li", "dd", "dt", "h1", "h2", "h3", "h4", "br", "text"),
    *("table", "section", "main", "figcaption", "title", "option", "label", "button", "pre"),
}
_NUMBER: Final = re.compile(r"-?\d+\.?\d*(?:e-?\d+)?", re.IGNORECASE)


def _numbers_in(text: str) -> np.ndarray:
    """Give the numbers in a text."""
    return np.array([float(one) for one in _NUMBER.findall(text)], dtype=float)


def _html(name: str, content: bytes, found: Contents, depth: int) -> None:  # noqa: ARG001
    """Read a page."""
    page = _Page(found, depth)
    page.feed(decoded(content))
    page.close()


def _xml(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read XML: attributes and texts, those of a paragraph or a placemark together."""
    try:
        _parse_xml(content, found, depth)
    except ParseError as error:
        raise UnreadableFileError(f"{name}: not XML: {error}") from error


def _parse_xml(content: bytes, found: Contents, depth: int) -> None:
    """Read XML with the standard library, which fetches nothing that it names."""
    if b"<!ENTITY" in content:
        raise UnreadableFileError("XML with entities of its own is not read")
    # Comments and instructions are text too, and the parser leaves them out.
    for comment in re.findall(rb"<!--(.*?)-->|<\?(.*?)\?>", content, flags=re.DOTALL):
        found.texts.append(b" ".join(comment).decode("utf-8", "replace"))
    parser: Any = XMLPullParser(["end"])
    parser.feed(content)
    parser.close()
    together: list[str] = []
    for element in (event[-1] for event in parser.read_events()):
        tag = str(element.tag).rpartition("}")[2].lower()
        for attribute, value in element.attrib.items():
            if attribute in _DRAWN:
                found.numbers.append(_numbers_in(value))
            else:
                _add_text(value, found, depth)
        if tag == "coordinates" and element.text:
            corners = _corners_in(element.text)
            if corners is not None:
                _add_corners(corners, found)
                # No words, and long.
                element.text = None
        together += [text for text in (element.text, element.tail) if text and text.strip()]
        if element.text and element.text.strip():
            _add_text(element.text, found, depth)
        if tag in _PARAGRAPHS:
            # Office files cut a word into runs wherever they like.
            runs = [one.text or "" for one in element.iter() if _tag(one) in ("t", "tab", "br")]
            found.texts.append("".join(runs) or "".join(element.itertext()))
    found.texts.append(" ".join(together))


_PARAGRAPHS: Final = {"p", "si", "placemark", "text", "a:p"}
# No number so long that it may be a telephone's.
_DEGREES: Final = re.compile(r"-?\d{1,3}(?:\.\d{1,7})?")


def _corners_in(text: str) -> np.ndarray | None:
    """Read a line as KML writes it, "longitude,latitude longitude,latitude"; None if it is none."""
    pairs = text.split()
    wide = pairs[0].count(",") + 1 if pairs else 0
    if wide not in (2, 3) or any(pair.count(",") + 1 != wide for pair in pairs):
        return None
    numbers = ",".join(pairs).split(",")
    if not all(map(_DEGREES.fullmatch, numbers)):
        return None
    return np.array(numbers, dtype=float).reshape(-1, wide)


def _tag(element: Any) -> str:
    """Give an element's name without its space."""
    return str(element.tag).rpartition("}")[2]


def _zip(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read every file of an archive; a workbook as a table too."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        _add_text(archive.comment.decode("utf-8", "replace"), found, depth)
        infos = archive.infolist()
        if sum(info.file_size for info in infos) > _LARGEST:
            raise UnreadableFileError(f"{name}: too large to read")
        for info in infos:
            found.texts.append(info.comment.decode("utf-8", "replace"))
            found.texts.append(info.filename)
            if not info.is_dir():
                _read(info.filename, archive.read(info), found, depth + 1)
        names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        _workbook(content, found)


def _workbook(content: bytes, found: Contents) -> None:
    """Read the sheets of a workbook."""
    # Imported where it is needed: it takes a while to load.
    import openpyxl  # noqa: PLC0415

    # Comments are parts of their own and were read as such.
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    for sheet in book.worksheets:
        # How large a sheet says it is may not be true.
        sheet.reset_dimensions()
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        if rows:
            _add_rows(rows[0], rows[1:], found)
    book.close()


def _gzip(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read what is compressed."""
    inner = gzip.decompress(content)
    _read(re.sub(r"(?i)\.svgz$", ".svg", name).removesuffix(".gz"), inner, found, depth + 1)


def _pdf(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read the texts of a PDF, its notes, links and attachments, and what is said of it."""
    # Imported where it is needed: it takes a while to load.
    import pypdf  # noqa: PLC0415

    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise UnreadableFileError(f"{name}: encrypted")
    for page in reader.pages:
        text = page.extract_text()
        found.texts.append(text)
        # A word cut at the end of a line.
        found.texts.append(re.sub(r"[-\u00ad\u2010]\n", "", text))
        for note in page.get("/Annots") or []:
            _pdf_object(note, found, set())
    found.texts += [f"{value}" for value in (reader.metadata or {}).values()]
    _pdf_object(reader.trailer.get("/Root", {}), found, set())
    for title, versions in reader.attachments.items():
        for inner in versions:
            _read(title, inner, found, depth + 1)


def _pdf_object(given: Any, found: Contents, seen: set[int]) -> None:
    """Take the strings of a PDF's objects: links, alternative texts, outlines, XMP."""
    value = given.get_object() if hasattr(given, "get_object") else given
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, dict):
        # Pages are read as text; their parent leads back to all of them.
        for key, one in value.items():
            if key not in ("/Parent", "/P", "/Pages", "/Contents", "/Resources", "/Font"):
                _pdf_object(one, found, seen)
        if hasattr(value, "get_data") and value.get("/Type") == "/Metadata":
            found.texts.append(value.get_data().decode("utf-8", "replace"))
    elif isinstance(value, list):
        for one in value:
            _pdf_object(one, found, seen)
    elif isinstance(value, str) and not value.startswith("/"):
        found.texts.append(str(value))


def _sqlite(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read every table of a database, and what it has not yet overwritten."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)

        tables = [
            str(row[0])
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        systems = _systems(connection) if "gpkg_spatial_ref_sys" in tables else {}
        shapes: set[bytes] = set()
        for table in tables:
            try:
                quoted = table.replace('"', '""')
                cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 -- its own
            except sqlite3.OperationalError as error:
                if table.startswith("rtree_"):
                    # A virtual table; its parts are tables of their own.
                    continue
                raise UnreadableFileError(f"{name}: table {table}: {error}") from error
            header = [column[0] for column in cursor.description]
            if table.startswith(("rtree_", "gpkg_", "sqlite_")):
                # Numbers that the format gives its own rows.
                header = [f"{table}.{column}" for column in header]
            rows = [[_cell(cell, found, systems, shapes) for cell in row] for row in cursor]
            _add_rows(header, rows, found)
    finally:
        connection.close()
    # Rows that were deleted stay in the file until their room is needed.
    _add_text("\n".join(one.decode() for one in _LETTERS.findall(content)), found, depth)


# Letters as UTF-8 writes them, so many that they may say something.
_LETTERS: Final = re.compile(
    rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}){4,}"
)


def _systems(connection: sqlite3.Connection) -> dict[int, str]:
    """Give the systems of coordinates of a GeoPackage that are not WGS 84."""
    rows = connection.execute(
        "SELECT srs_id, organization, organization_coordsys_id FROM gpkg_spatial_ref_sys"
    )
    return {
        int(number): f"{body}:{code}"
        for number, body, code in rows
        if str(body).upper() == "EPSG" and int(code) != 4326
    }


def _cell(cell: Any, found: Contents, systems: dict[int, str], shapes: set[bytes]) -> Any:
    """Take a cell of a database: a geometry's points, once each; a text, a number."""
    if not isinstance(cell, bytes):
        return cell
    if cell in shapes:
        return None
    shape = _geometry(cell, systems)
    if shape is None:
        text = cell.decode("utf-8", "ignore")
        return text if text.isprintable() else None
    shapes.add(cell)
    found.points.append(shape)
    return None


# How long the envelope in the head of a GeoPackage's geometry is, by its kind.
_ENVELOPES: Final = (0, 32, 48, 48, 64)


def _geometry(blob: bytes, systems: dict[int, str]) -> np.ndarray | None:
    """Read the points of a geometry as a GeoPackage or as WKB writes it."""
    system, boxes = "", np.empty((0, 2))
    # The version after the letters tells it from a text that begins so.
    framed = blob[:3] == b"GP\0" and len(blob) > 8
    if framed:
        order = "<" if blob[3] & 1 else ">"
        number = int(np.frombuffer(blob[4:8], dtype=f"{order}i4")[0])
        system = systems.get(number, "")
        size = _ENVELOPES[(blob[3] >> 1) & 7]
        box = np.frombuffer(blob[8 : 8 + size], dtype=f"{order}f8")
        if len(box) >= 4:
            boxes = np.array([[box[0], box[2]], [box[1], box[3]]])
        blob = blob[8 + size :]
    try:
        corners = np.vstack([shapely.get_coordinates(shapely.from_wkb(blob)), boxes])
    except (shapely.errors.GEOSException, NotImplementedError) as error:
        # Curves are geometries too, and cannot be read; other bytes may begin like one.
        if framed:
            raise UnreadableFileError(f"a geometry cannot be read: {error}") from error
        return None
    return _to_degrees(corners, system)


def _to_degrees(corners: np.ndarray, system: str) -> np.ndarray:
    """Give points of another system in degrees."""
    if not system or not len(corners):
        return corners
    to = Transformer.from_crs(CRS.from_user_input(system), "EPSG:4326", always_xy=True)
    return np.column_stack(to.transform(*corners.T))


def _parquet(name: str, content: bytes, found: Contents, depth: int) -> None:  # noqa: ARG001
    """Read a table, the geometries in it, and what is said of it."""
    file = pyarrow.parquet.ParquetFile(io.BytesIO(content))
    said = {
        key.decode("utf-8", "replace"): value.decode("utf-8", "replace")
        for key, value in (file.metadata.metadata or {}).items()
        # The schema again, as bytes.
        if key != b"ARROW:schema"
    }
    geo: dict[str, Any] = json.loads(said.get("geo", "{}")).get("columns", {})
    for key, value in said.items():
        _add_string(value, found, depth, key)
    columns = {}
    for column, values in file.read().to_pydict().items():
        shapes = [one for one in values if isinstance(one, bytes)]
        if shapes:
            crs = geo.get(column, {}).get("crs")
            system = "" if crs is None else _system_of(crs)
            corners = [_geometry(one, {}) for one in shapes]
            found.points += [_to_degrees(one, system) for one in corners if one is not None]
        columns[column] = [
            json.dumps(one, ensure_ascii=False, default=str)
            if isinstance(one, list | dict)
            else one
            for one in values
        ]
        if shapes:
            columns[column] = [None] * len(values)
    _add_table(pd.DataFrame(columns, dtype="object"), found)


def _system_of(crs: Any) -> str:
    """Name a system of coordinates that is not WGS 84."""
    system = CRS.from_user_input(crs)
    return "" if system.is_geographic else system.to_wkt()


def _picture(name: str, content: bytes, found: Contents, depth: int) -> None:
    """Read what is said in a picture, and where it was taken; not what it shows."""
    with Image.open(io.BytesIO(content)) as picture:
        said = dict(picture.info)
        exif = picture.getexif()
        places = exif.get_ifd(ExifTags.IFD.GPSInfo)
        said |= {str(key): value for key, value in exif.items()}
        said |= {str(key): value for key, value in exif.get_ifd(ExifTags.IFD.Exif).items()}
    for value in said.values():
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        _add_text(text, found, depth)
    if 2 in places and 4 in places:
        latitude, longitude = (_of_exif(places[at]) for at in (2, 4))
        latitude *= -1 if str(places.get(1, "N")).upper().startswith("S") else 1
        longitude *= -1 if str(places.get(3, "E")).upper().startswith("W") else 1
        found.points.append(np.array([[longitude, latitude]]))
    if content.startswith(_PNG):
        _png_chunks(name, content, found)


def _of_exif(parts: Any) -> float:
    """Give degrees, minutes and seconds as degrees."""
    degrees, minutes, seconds = map(float, parts)
    return degrees + minutes / 60 + seconds / 3600


def _png_chunks(name: str, content: bytes, found: Contents) -> None:
    """Read the chunks of a PNG that are no picture, and what comes after its end."""
    at = len(_PNG)
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        body = content[at + 8 : at + 8 + size]
        at += 12 + size
        if kind not in (b"IDAT", b"PLTE", b"IHDR", b"IEND"):
            found.texts.append(body.decode("utf-8", "replace"))
            found.texts += [part.decode("utf-8", "replace") for part in _inflated(body)]
        if kind == b"IEND":
            break
    if at < len(content):
        raise UnreadableFileError(f"{name}: something stands after the end of the picture")


def _inflated(body: bytes) -> Iterator[bytes]:
    """Give what is compressed in a chunk of text, wherever in it that begins."""
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]", body):
        try:
            yield zlib.decompress(body[match.start() :])
        except zlib.error:
            continue


def _damaged(name: str, content: bytes, found: Contents, depth: int) -> None:  # noqa: ARG001
    """Refuse a file that is not what its name says, or of a format that is not read."""
    raise UnreadableFileError(f"{name}: damaged, or of a format that cannot be read")


Reader: TypeAlias = Callable[[str, bytes, Contents, int], None]

_BY_START: Final[tuple[tuple[bytes, Reader], ...]] = (
    (b"PK\x03\x04", _zip),
    (b"PK\x05\x06", _zip),
    (b"\x1f\x8b", _gzip),
    (b"%PDF-", _pdf),
    (b"SQLite format 3\0", _sqlite),
    (b"PAR1", _parquet),
    (_PNG, _picture),
    (b"\xff\xd8\xff", _picture),
    (b"GIF8", _picture),
    (b"II*\0", _picture),
    (b"MM\0*", _picture),
    (b"RIFF", _picture),
)
_BY_ENDING: Final[dict[str, Reader]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".json": _json,
    ".geojson": _json,
    ".ipynb": _json,
    ".html": _html,
    ".htm": _html,
    ".xhtml": _html,
    ".xml": _xml,
    ".rels": _xml,
    ".kml": _xml,
    ".svg": _xml,
    ".gml": _xml,
    ".gpx": _xml,
    # Of these the first bytes tell; without them they are damaged.
    **dict.fromkeys(
        (
            *(".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".kmz", ".gz", ".pdf", ".gpkg"),
            *(".sqlite", ".db", ".parquet", ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff"),
            *(".webp", ".shp", ".dbf", ".fgb", ".woff", ".woff2", ".ttf"),
        ),
        _damaged,
    ),
}


def iterate_files(target: Path) -> Iterator[Path]:
    """Give the files below a folder, or the file itself."""
    if target.is_dir():
        yield from sorted(path for path in target.rglob("*") if path.is_file())
    else:
        yield target
