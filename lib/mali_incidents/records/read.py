"""Files of incidents to the incident table, every row kept, all that is wrong listed."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd

from mali_incidents.errors import ReadError
from mali_incidents.records.check import check_incidents, sort_findings
from mali_incidents.records.fields import (
    Interval,
    Reading,
    UnreadableError,
    fold_word,
    is_blank,
    read_choice,
    read_count,
    read_date,
    read_degrees,
)
from mali_incidents.records.files import Row, read_rows
from mali_incidents.records.sources import SOURCE_COLUMN, as_source, sources_from_columns
from mali_incidents.tables import (
    ACTOR_TYPES,
    ATTRIBUTIONS,
    DATE_PRECISIONS,
    EVENT_TYPES,
    FINDINGS,
    INCIDENTS,
    LOCATED,
    REQUIRED_IN_FILES,
    SUB_EVENT_TYPES,
    VERIFICATIONS,
)

_CHOICES: Final = {
    "date_precision": DATE_PRECISIONS,
    "event_type": EVENT_TYPES,
    "sub_event_type": tuple(sub for subs in SUB_EVENT_TYPES.values() for sub in subs),
    "actor_type": ACTOR_TYPES,
    "attribution": ATTRIBUTIONS,
    "verification": VERIFICATIONS,
}
_COUNTS: Final = ("fatalities_low", "fatalities_best", "fatalities_high", "injured", "abducted")
_DEGREES: Final = {"latitude": 90.0, "longitude": 180.0}
_DATES: Final = ("date_start", "date_end")
_TEXTS: Final = tuple(
    name
    for name in INCIDENTS.columns
    if name not in {*_CHOICES, *_COUNTS, *_DEGREES, *_DATES, "sources", "dataset_row"}
)
# What this suite adds when it writes a table, and need not be told of when it is read again.
_OWN_RESULTS: Final = (set(LOCATED.columns) - set(INCIDENTS.columns)) | {
    "dataset_row",
    "located_latitude",
    "located_longitude",
    "review_why",
}
# Written before a text that a spreadsheet would take for a formula.
_DEFUSED: Final = re.compile(r"'(?=[=+\-@\t\r])")

# Control and direction marks: text that does not show, or shows as other than it is.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


class Found(NamedTuple):
    """One finding; ``at`` is the row's position in the table, None for the whole file."""

    column: str
    value: str
    severity: str
    code: str
    message: str
    at: int | None = None


Findings = list[Found]


def read_incidents(path: str | Path, *, dates: str = "iso") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a file of incident records.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV, XLSX, JSON, GeoJSON or Parquet file with the columns of the incident table.
    dates : {"iso", "day-first"}
        How dates are written: ``2025-05-11``, or also ``11/05/2025``.

    Returns
    -------
    incidents : pandas.DataFrame
        The incident table: every row of the file, in its order. What could not be read is
        missing.
    findings : pandas.DataFrame
        The findings table: what was wrong, where, and what was expected.

    Raises
    ------
    ReadError
        When the file is no file of incidents at all: not there, empty, of another format, or
        without a required column. The message lists all that is wrong.
    """
    if dates not in {"iso", "day-first"}:
        raise ReadError(f"dates must be 'iso' or 'day-first', got {dates!r}")
    file = Path(path).name
    header, numbered = read_rows(path)
    names = _known_columns(header, file=file, empty=not numbered)
    found: Findings = []
    rows = [row for _, row in numbered]
    raw = pd.DataFrame(
        {
            name: pd.Series([_undefused(row.get(column)) for row in rows], dtype="object")
            for column, name in names.items()
        }
    )
    raw["dataset_row"] = pd.array([number for number, _ in numbered], dtype="Int64")
    found += _ignored(rows, header, names)
    incidents = _typed(raw, day_first=dates == "day-first", found=found)
    return incidents, _findings(found, incidents, names=names, file=file)


def _known_columns(header: list[str], *, file: str, empty: bool) -> dict[str, str]:
    """Match the header to the table's columns, whatever its case, accents and blanks."""
    known = set(INCIDENTS.columns) - {"dataset_row"}
    matched = {}
    for column in header:
        name = _column_name(column)
        if name in known or SOURCE_COLUMN.fullmatch(name):
            matched[column] = name
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    twice += [
        name for name, count in Counter(matched.values()).items() if count > 1 and name not in twice
    ]
    missing = [name for name in REQUIRED_IN_FILES if name not in matched.values()]
    wrong = []
    if missing:
        wrong.append(f"is without the required column(s) {', '.join(missing)}")
    if twice:
        wrong.append(f"has more than one column called {', '.join(twice)}")
    if empty:
        wrong.append("has a header but no rows")
    if wrong:
        raise ReadError(
            f"{file} {' and '.join(wrong)}. It has: {', '.join(header) or 'no columns'}. "
            "Mend the header, with at least one row below it; "
            "data/incidents/codebook.md describes the columns."
        )
    return matched


def _undefused(cell: Any) -> Any:
    """Take off the apostrophe that this suite writes before a text like a formula."""
    return (
        _DEFUSED.sub("", cell, count=1) if isinstance(cell, str) and _DEFUSED.match(cell) else cell
    )


def _ignored(rows: list[Row], header: list[str], names: dict[str, str]) -> Findings:
    """Note the columns and cells that no column of the table takes."""
    extras = ("", "cell beyond the header", "geometry that is no point")
    unknown = "no column of the incident table; not read"
    notes = [
        Found(column, "", "note", "unknown-column", unknown)
        for column in header
        if column not in {*names, *extras} and _column_name(column) not in _OWN_RESULTS
    ]
    for extra in extras:
        said = f"{extra or 'column without a name'}: not read"
        notes += [
            Found(extra, str(row[extra]), "warning", "not-read", said, position)
            for position, row in enumerate(rows)
            if extra in row
        ]
    return notes


def _column_name(column: str) -> str:
    """Fold a column's name as the file writes it to the way the table writes it."""
    return fold_word(column).replace(" ", "_").replace("-", "_")


def _typed(raw: pd.DataFrame, *, day_first: bool, found: Findings) -> pd.DataFrame:
    """Read every column of text into its type."""
    blank = pd.Series([None] * len(raw), dtype="object")
    column = {name: raw.get(name, blank) for name in INCIDENTS.columns}
    table: dict[str, Any] = {name: _as_text(column[name], name, found) for name in _TEXTS}
    for name, allowed in _CHOICES.items():
        table[name] = _read_all(column[name], name, partial(read_choice, allowed=allowed), found)
    for name in _COUNTS:
        table[name] = pd.array(_read_all(column[name], name, read_count, found), dtype="Int64")
    for name, limit in _DEGREES.items():
        table[name] = _read_all(column[name], name, partial(read_degrees, limit=limit), found)
    as_date = partial(read_date, day_first=day_first)
    intervals = {name: _read_all(column[name], name, as_date, found) for name in _DATES}
    table |= _dates(intervals, given=table["date_precision"], found=found)
    table["sources"] = _sources(raw, found)
    table["dataset_row"] = raw["dataset_row"]
    table["incident_id"] = _unique_ids(table["incident_id"], raw["dataset_row"], found)
    incidents = pd.DataFrame(table)[list(INCIDENTS.columns)]
    _drop_contradictions(incidents, found)
    typed: pd.DataFrame = INCIDENTS.validate(incidents, lazy=True)
    return typed


def _read_all(
    cells: pd.Series, name: str, reader: Callable[[str], Reading], found: Findings
) -> list[Any]:
    """Read every cell of a column; each distinct text is read once."""
    known: dict[str, tuple[Any, str | None, str | None]] = {}
    values: list[Any] = []
    for position, cell in enumerate(cells):
        if not isinstance(cell, str) or is_blank(cell):
            values.append(None)
            continue
        if cell not in known:
            known[cell] = _attempt(cell, reader)
        value, severity, said = known[cell]
        if severity is not None:
            code = "not-readable" if severity == "error" else "read-as"
            found.append(Found(name, cell, severity, code, said or "", position))
        values.append(value)
    return values


def _attempt(cell: str, reader: Callable[[str], Reading]) -> tuple[Any, str | None, str | None]:
    """Read one text: its value, and the severity and message of what was found."""
    try:
        reading = reader(cell)
    except UnreadableError as expected:
        return None, "error", f"left missing; expected {expected}"
    return reading.value, None if reading.note is None else "note", reading.note


def _as_text(cells: pd.Series, name: str, found: Findings) -> list[str | None]:
    """Keep text as it is; note characters that do not show."""
    said = "characters that do not show (control or direction marks); kept as they are"
    texts = [cell if isinstance(cell, str) and cell.strip() else None for cell in cells]
    found += [
        Found(name, text, "note", "hidden-characters", said, position)
        for position, text in enumerate(texts)
        if text and _HIDDEN.search(text)
    ]
    return texts


def _dates(
    intervals: dict[str, list[Interval | None]], *, given: list[str | None], found: Findings
) -> dict[str, Any]:
    """Put start, end and precision together from what the two date cells say."""
    starts: list[pd.Timestamp | None] = []
    ends: list[pd.Timestamp | None] = []
    precisions: list[str | None] = []
    pairs = zip(intervals["date_start"], intervals["date_end"], given, strict=True)
    for position, (start, end, stated) in enumerate(pairs):
        if start and end and end.end < start.start:
            said = f"left missing; expected a day on or after date_start ({start.start.date()})"
            day = str(end.end.date())
            found.append(Found("date_end", day, "error", "out-of-order", said, position))
            ends.append(None)
        else:
            last = end or start
            ends.append(last.end if last else None)
        starts.append(start.start if start else None)
        precisions.append(_precision(start, end, stated, found=found, at=position))
    return {
        "date_start": pd.Series(starts, dtype="datetime64[ns]"),
        "date_end": pd.Series(ends, dtype="datetime64[ns]"),
        "date_precision": precisions,
    }


def _precision(
    start: Interval | None, end: Interval | None, stated: str | None, *, found: Findings, at: int
) -> str | None:
    """Give the precision stated, or the coarser of the two dates."""
    written = [each.precision for each in (start, end) if each]
    coarsest = max(written, key=DATE_PRECISIONS.index, default=None)
    if stated == "day" and coarsest in {"month", "year"}:
        said = f"read as {coarsest!r}: the date names no day"
        found.append(Found("date_precision", stated, "note", "read-as", said, at))
        return coarsest
    return stated or coarsest


def _sources(raw: pd.DataFrame, found: Findings) -> pd.Series:
    """Gather the sources, whether a list or numbered columns."""
    flat = sources_from_columns(raw)
    if "sources" not in raw:
        return flat
    gathered = []
    for position, (cell, numbered) in enumerate(zip(raw["sources"], flat, strict=True)):
        listed = cell if isinstance(cell, list) else []
        read = [as_source(part) if isinstance(part, dict) else None for part in listed]
        if (isinstance(cell, str) and cell.strip()) or None in read:
            said = "left out; expected a list of objects with name, url and published"
            found.append(Found("sources", str(cell), "error", "not-readable", said, position))
        gathered.append([source for source in read if source] or numbered)
    return pd.Series(gathered, index=raw.index, dtype="object")


def _unique_ids(ids: list[str | None], numbers: pd.Series, found: Findings) -> list[str]:
    """Give every row an id of its own; the first row with an id keeps it."""
    taken = {name for name in ids if name}
    seen: set[str] = set()
    unique = []
    for position, (name, number) in enumerate(zip(ids, numbers, strict=True)):
        if name and name not in seen:
            seen.add(name)
            unique.append(name)
            continue
        fresh = f"{name}#row{number}" if name else f"row-{number}"
        while fresh in taken:
            fresh += "+"
        taken.add(fresh)
        code, said = (
            ("id-repeated", "an id that no other row has") if name else ("id-missing", "an id")
        )
        said = f"expected {said}; the row goes by {fresh}"
        found.append(Found("incident_id", name or "", "error", code, said, position))
        unique.append(fresh)
    return unique


def _drop_contradictions(incidents: pd.DataFrame, found: Findings) -> None:
    """Leave missing what contradicts the rest of its row; which side is wrong cannot be told."""
    low, best, high = (incidents[name] for name in _COUNTS[:3])
    crossed = (low > high).fillna(value=False)
    outside = ((best < low) | (best > high)).fillna(value=False) & ~crossed
    owner = {sub: kind for kind, subs in SUB_EVENT_TYPES.items() for sub in subs}
    kind = incidents["sub_event_type"].map(owner)
    foreign = kind.notna() & incidents["event_type"].notna() & (kind != incidents["event_type"])
    halved = incidents["latitude"].isna() != incidents["longitude"].isna()
    rules: tuple[tuple[pd.Series, list[str], str], ...] = (
        (crossed, [*_COUNTS[:3]], "fatalities_low not above fatalities_high"),
        (outside, ["fatalities_best"], "a figure from fatalities_low to fatalities_high"),
        (foreign, ["sub_event_type"], "a sub-event type of the row's event type"),
        (halved, ["latitude", "longitude"], "both a latitude and a longitude"),
    )
    for wrong, names, expected in rules:
        said = f"left missing; expected {expected}"
        for position in np.flatnonzero(wrong).tolist():
            values = ", ".join(str(incidents[name].iloc[position]) for name in names)
            found.append(Found(names[0], values, "error", "contradiction", said, position))
        for name in names:
            incidents[name] = incidents[name].mask(wrong)


def _findings(
    found: Findings, incidents: pd.DataFrame, *, names: dict[str, str], file: str
) -> pd.DataFrame:
    """Name the rows and columns as the file does, and add what the typed table shows."""
    called = {name: column for column, name in names.items()}
    rows, ids = incidents["dataset_row"].tolist(), incidents["incident_id"].tolist()
    listed = pd.DataFrame(
        [
            one._asdict()
            | {
                "value": one.value[:200],
                "dataset_row": None if one.at is None else rows[one.at],
                "incident_id": None if one.at is None else ids[one.at],
            }
            for one in found
        ],
        columns=list(FINDINGS.columns),
        dtype="object",
    ).assign(file=file)
    checked = check_incidents(incidents, file=file).astype("object")
    both = pd.concat([listed, checked], ignore_index=True)
    return sort_findings(both.assign(column=both["column"].replace(called)))
