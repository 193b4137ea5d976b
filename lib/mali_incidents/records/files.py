"""Files of records as rows of text, whatever their format."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from mali_incidents.errors import ReadError
from mali_incidents.records.delimited import read_delimited
from mali_incidents.records.objects import read_json, read_parquet
from mali_incidents.records.rows import Rows
from mali_incidents.records.workbook import OLE, read_workbook


def read_rows(path: str | Path) -> Rows:
    """Read a file of records as rows of text.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV (also ``;`` or tabs, UTF-8, UTF-16 with its mark, or Windows-1252), XLSX (its first
        sheet), JSON, GeoJSON or Parquet file.

    Returns
    -------
    Rows
        The header, every row that says anything, and what the file holds that no cell does.

    Raises
    ------
    ReadError
        When the file is not there, empty, of another format, or damaged.
    """
    file = Path(path)
    known = ", ".join(_READERS)
    if file.is_dir():
        raise ReadError(f"{path} is a folder: name a file of records in it ({known})")
    reader = _READERS.get(file.suffix.lower())
    if reader is None:
        raise ReadError(
            f"{file.name} must be a file of records ({known}), got {file.suffix or 'no ending'!r}"
        )
    try:
        content = file.read_bytes()
    except FileNotFoundError as error:
        raise ReadError(
            f"there is no file {path} (looked for in {file.absolute().parent}): check its name "
            "and its folder"
        ) from error
    except OSError as error:
        raise ReadError(
            f"cannot read {path}: {error.strerror or error}. Check that you may read it and that "
            "no other program keeps it open."
        ) from error
    if not content.strip():
        raise ReadError(f"{file.name} is empty: it must have a header and at least one row")
    try:
        return reader(content)
    except ReadError as error:
        raise ReadError(f"{file.name} {error}") from error
    except RecursionError as error:
        raise ReadError(
            f"{file.name} is nested too deeply: a record is an object of plain values"
        ) from error


def _read_text(content: bytes) -> Rows:
    """Read delimited text, or say that it is none."""
    if content.startswith((b"PK\x03\x04", OLE)):
        raise ReadError("is a workbook, not text: give it its own ending, .xlsx")
    return read_delimited(content)


_READERS: Final[dict[str, Callable[[bytes], Rows]]] = {
    ".csv": _read_text,
    ".tsv": _read_text,
    ".txt": _read_text,
    ".xlsx": read_workbook,
    ".json": read_json,
    ".geojson": read_json,
    ".parquet": read_parquet,
}
