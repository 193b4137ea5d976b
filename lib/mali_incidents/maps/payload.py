"""The data of a page as one short text: columns packed, then compressed where that is shorter.

The format, all of it JSON:

- a column of texts: ``{"table": [...], "at": numbers}``, each distinct text once, in the order they
  come; ``at`` is a column of positions in the table (-1 for nothing), and is left out where every
  cell is a text of its own. ``"of": name`` instead of ``table`` names a table that several columns
  share, found in ``tables``;
- a column of numbers: ``{"numbers": [...]}``, or ``{"steps": [...]}`` from each known number to the
  next where those are shorter (the first from 0); null for nothing; ``"parts": 100000`` where the
  whole numbers count such parts of one;
- a column of lists of records: ``{"lengths": numbers, "fields": [column, ...]}``, the records of
  all rows in turn, a column a field;
- a line: longitude and latitude of its first point as whole numbers, then steps from there.

The block is that JSON, or, where shorter, a JSON string: the base64 of its raw deflate (RFC 1951).
``viewer/payload.js`` reads it in the page; :func:`read_block` and :func:`unpack_table` do so here.
"""

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

Column: TypeAlias = dict[str, Any]

# Nine digits are more than a float carries to the page and back at any scale used here.
_POWERS: Final = 10 ** np.arange(1, 19, dtype=np.int64)
# What would end a script element, or a line of it, stands in JSON as an escape.
_ESCAPES: Final = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def pack_texts(values: pd.Series) -> Column:
    """Pack texts, each distinct one once.

    Parameters
    ----------
    values : pandas.Series
        Texts, missing where there is none.

    Returns
    -------
    dict
        A column of the format above.
    """
    codes, table = pd.factorize(values)
    column: Column = {"table": _plain(table)}
    # Where every cell is simply the next of the table, that goes without saying.
    return (
        column if (codes == np.arange(len(codes))).all() else {**column, "at": pack_numbers(codes)}
    )


def pack_together(columns: pd.DataFrame, *, name: str) -> tuple[dict[str, Column], list[str]]:
    """Pack columns of texts that share one table.

    Parameters
    ----------
    columns : pandas.DataFrame
        Texts, missing where there is none.
    name : str
        The table's name.

    Returns
    -------
    (dict of str to dict, list of str)
        The columns by name, and the table.
    """
    codes, table = pd.factorize(np.concatenate([columns[one].to_numpy(object) for one in columns]))
    parts = codes.reshape(len(columns.columns), len(columns))
    packed = {
        str(one): {"of": name, "at": pack_numbers(part)}
        for one, part in zip(columns, parts, strict=True)
    }
    return packed, _plain(table)


def pack_numbers(values: pd.Series | np.ndarray, *, parts: int = 1) -> Column:
    """Pack numbers as short whole numbers.

    Parameters
    ----------
    values : pandas.Series or numpy.ndarray
        Numbers, missing where there is none.
    parts : int
        Into how many parts one is cut; what is finer is rounded.

    Returns
    -------
    dict
        A column of the format above.
    """
    missing = pd.isna(values)
    known = np.asarray(values[~missing], dtype=np.float64 if parts > 1 else np.int64)
    whole = np.rint(known * parts).astype(np.int64)
    steps = np.diff(whole, prepend=0)
    shorter = _digits(steps) < _digits(whole)
    written = np.full(len(missing), None, dtype=object)
    written[~np.asarray(missing)] = steps if shorter else whole
    column: Column = {"steps" if shorter else "numbers": written.tolist()}
    return column | ({"parts": parts} if parts > 1 else {})


def pack_records(lists: Iterable[Sequence[Sequence[str | None]]], *, fields: int) -> Column:
    """Pack lists of records of texts.

    Parameters
    ----------
    lists : iterable
        For every row a list of records, each of as many texts or None as there are fields.
    fields : int
        How many fields a record has.

    Returns
    -------
    dict
        A column of the format above.
    """
    rows = list(lists)
    columns = list(zip(*chain.from_iterable(rows), strict=True)) or [()] * fields
    return {
        "lengths": pack_numbers(np.fromiter(map(len, rows), dtype=np.int64)),
        "fields": [pack_texts(pd.Series(column, dtype="object")) for column in columns],
    }


def pack_line(points: np.ndarray, *, parts: int) -> list[int]:
    """Pack a line as whole steps.

    Parameters
    ----------
    points : numpy.ndarray
        Longitudes and latitudes in degrees, of shape (n, 2).
    parts : int
        Into how many parts a degree is cut; what is finer is rounded.

    Returns
    -------
    list of int
        Longitude and latitude in turn: the first point's, then the steps from there.
    """
    whole = np.rint(points * parts).astype(np.int64)
    steps: list[int] = np.diff(whole, axis=0, prepend=0).ravel().tolist()
    return steps


def unpack_table(
    columns: dict[str, Column], *, tables: dict[str, list[str]] | None = None
) -> dict[str, list[Any]]:
    """Give the columns of a table back: the inverse of the packing.

    Parameters
    ----------
    columns : dict of str to dict
        Packed columns.
    tables : dict of str to list of str, optional
        The tables that columns share.

    Returns
    -------
    dict of str to list
        Plain values, None where there is nothing.
    """
    return {name: _unpack(column, tables or {}) for name, column in columns.items()}


def write_block(data: dict[str, Any]) -> str:
    """Write data as the text of a page's data block, safe inside a script element.

    Parameters
    ----------
    data : dict
        Ready for JSON.

    Returns
    -------
    str
        JSON: the data itself, or a string of its compressed bytes where that is shorter.
    """
    text = _JSON.encode(data)
    # A level more takes twice as long for 3 % less.
    short = _squeezed(text, 5)
    # Four letters for three bytes, and the quotes.
    if len(short) * 4 / 3 + 6 < len(text):
        return f'"{base64.b64encode(short).decode()}"'
    return text.translate(_ESCAPES)


def block_length(data: Any) -> int:
    """Tell about how many characters of a compressed block some data takes."""
    return len(_squeezed(_JSON.encode(data), 1)) * 4 // 3


def read_block(text: str) -> Any:
    """Read the data of a block: the inverse of :func:`write_block`."""
    data = json.loads(text)
    if isinstance(data, str):
        return json.loads(zlib.decompress(base64.b64decode(data), -zlib.MAX_WBITS))
    return data


def _squeezed(text: str, level: int) -> bytes:
    """Give the raw deflate of a text."""
    squeeze = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return squeeze.compress(text.encode()) + squeeze.flush()


def _plain(table: np.ndarray | pd.Index) -> list[str]:
    """Give texts as a list; going through an Arrow array one by one is slow."""
    texts: list[str] = np.asarray(table, dtype=object).tolist()
    return texts


def _digits(numbers: np.ndarray) -> int:
    """Count the characters of whole numbers."""
    digits = np.searchsorted(_POWERS, np.abs(numbers), side="right")
    return int(digits.sum() + (numbers < 0).sum())


def _unpack(column: Column, tables: dict[str, list[str]]) -> list[Any]:
    """Give one column back."""
    if "lengths" in column:
        fields = [_unpack(field, tables) for field in column["fields"]]
        records = [list(record) for record in zip(*fields, strict=True)]
        ends = list(accumulate(_unpack(column["lengths"], tables), initial=0))
        return [records[start:end] for start, end in pairwise(ends)]
    if "numbers" in column or "steps" in column:
        return _numbers(column)
    table: list[str] = column["table"] if "table" in column else tables[column["of"]]
    if "at" not in column:
        return list(table)
    return [None if at < 0 else table[at] for at in _numbers(column["at"])]


def _numbers(column: Column) -> list[Any]:
    """Give a column of numbers back."""
    parts = column.get("parts", 1)
    sum_so_far, numbers = 0, []
    for number in column["steps" if "steps" in column else "numbers"]:
        whole = number
        if number is not None and "steps" in column:
            whole = sum_so_far = sum_so_far + number
        numbers.append(whole if whole is None or parts == 1 else whole / parts)
    return numbers
