"""Files of incidents to the incident table, every row kept, all that is wrong listed."""

import re
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from mali_incidents.errors import ReadError
from mali_incidents.records.check import check_incidents, finding
from mali_incidents.records.fields import (
    Interval,
    Reading,
    Unreadable,
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

Findings = list[dict[str, Any]]


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
    names = _known_columns(header, file=file)
    if not numbered:
        raise ReadError(f"{file} has a header but no rows: it must hold at least one record")
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
    return incidents, _findings(found, incidents, file=file)


def _known_columns(header: list[str], *, file: str) -> dict[str, str]:
    """Match the header to the table's columns, whatever its case, accents and blanks."""
    known = {*INCIDENTS.columns, "sources"} - {"dataset_row"}
    matched = {}
    for column in header:
        name = fold_word(column).replace(" ", "_").replace("-", "_")
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
    if wrong:
        raise ReadError(
            f"{file} {' and '.join(wrong)}. It has: {', '.join(header) or 'no columns'}. "
            "Rename or add columns; data/incidents/codebook.md describes them."
        )
    return matched


def _undefused(cell: Any) -> Any:
    """Take off the apostrophe that this suite writes before a text like a formula."""
    return (
        _DEFUSED.sub("", cell, count=1) if isinstance(cell, str) and _DEFUSED.match(cell) else cell
    )


def _ignored(rows: list[Row], header: list[str], names: dict[str, str]) -> Findings:
    """Note the columns and cells that no column of the table takes."""
    notes = [
        finding(
            "", column, "", "note", "unknown-column", "no column of the incident table; not read"
        )
        for column in header
        if column
        and column not in names
        and fold_word(column).replace(" ", "_") not in _OWN_RESULTS
    ]
    for extra in ("cell beyond the header", "geometry that is no point"):
        notes += [
            finding("", extra, row[extra], "warning", "not-read", f"{extra}: not read", at=position)
            for position, row in enumerate(rows)
            if extra in row and extra not in header
        ]
    return notes


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
    table["sources"] = _sources(raw)
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
    values = []
    for position, cell in enumerate(cells):
        if not isinstance(cell, str) or is_blank(cell):
            values.append(None)
            continue
        if cell not in known:
            known[cell] = _attempt(cell, reader)
        value, severity, said = known[cell]
        if severity is not None:
            code = "not-readable" if severity == "error" else "read-as"
            found.append(finding("", name, cell, severity, code, said or "", at=position))
        values.append(value)
    return values


def _attempt(cell: str, reader: Callable[[str], Reading]) -> tuple[Any, str | None, str | None]:
    """Read one text: its value, and the severity and message of what was found."""
    try:
        reading = reader(cell)
    except Unreadable as expected:
        return None, "error", f"left missing; expected {expected}"
    return reading.value, None if reading.note is None else "note", reading.note


def _as_text(cells: pd.Series, name: str, found: Findings) -> list[str | None]:
    """Keep text as it is; note characters that do not show."""
    values = []
    for position, cell in enumerate(cells):
        text = cell if isinstance(cell, str) and cell.strip() else None
        # A lone surrogate is no character: no file could be written with it.
        clean = text.encode("utf-8", "replace").decode() if text else None
        if clean and not clean.isprintable():
            hidden = "characters that do not show (control or direction marks); kept as they are"
            found.append(finding("", name, clean, "note", "hidden-characters", hidden, at=position))
        values.append(clean)
    return values


def _dates(
    intervals: dict[str, list[Interval | None]], *, given: list[str | None], found: Findings
) -> dict[str, Any]:
    """Put start, end and precision together from what the two date cells say."""
    starts, ends, precisions = [], [], []
    for position, (start, end, precision) in enumerate(
        zip(intervals["date_start"], intervals["date_end"], given, strict=True)
    ):
        first = start.start if start else None
        last = end.end if end else (start.end if start else None)
        if first is not None and last is not None and last < first:
            said = f"left missing; expected a day on or after date_start ({first.date()})"
            found.append(
                finding(
                    "", "date_end", str(last.date()), "error", "out-of-order", said, at=position
                )
            )
            last = None
        starts.append(first)
        ends.append(last)
        precisions.append(precision or (start.precision if start else None))
    return {
        "date_start": pd.Series(starts, dtype="datetime64[ns]"),
        "date_end": pd.Series(ends, dtype="datetime64[ns]"),
        "date_precision": precisions,
    }


def _sources(raw: pd.DataFrame) -> pd.Series:
    """Gather the sources, whether numbered columns or lists."""
    flat = sources_from_columns(raw)
    if "sources" not in raw:
        return flat
    lists = [
        [
            source
            for source in map(as_source, (part for part in cell if isinstance(part, dict)))
            if source
        ]
        if isinstance(cell, list)
        else []
        for cell in raw["sources"]
    ]
    return pd.Series([one or other for one, other in zip(lists, flat, strict=True)], dtype="object")


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
        found.append(finding("", "incident_id", name or "", "error", code, said, at=position))
        unique.append(fresh)
    return unique


def _drop_contradictions(incidents: pd.DataFrame, found: Findings) -> None:
    """Leave missing what contradicts the rest of its row; which side is wrong cannot be told."""
    tolls = incidents[["fatalities_low", "fatalities_best", "fatalities_high"]]
    low, best, high = (tolls[name] for name in tolls)
    crossed = (low > high).fillna(value=False)
    outside = ((best < low) | (best > high)).fillna(value=False) & ~crossed
    owner = {sub: kind for kind, subs in SUB_EVENT_TYPES.items() for sub in subs}
    kind = incidents["sub_event_type"].map(owner)
    foreign = kind.notna() & incidents["event_type"].notna() & (kind != incidents["event_type"])
    halved = incidents["latitude"].isna() != incidents["longitude"].isna()
    rules = (
        (crossed, list(tolls), "fatalities_low not above fatalities_high"),
        (outside, ["fatalities_best"], "a figure from fatalities_low to fatalities_high"),
        (foreign, ["sub_event_type"], "a sub-event type of the row's event type"),
        (halved, ["latitude", "longitude"], "both a latitude and a longitude"),
    )
    for wrong, names, expected in rules:
        for position in incidents.index[wrong]:
            values = ", ".join(str(incidents.at[position, name]) for name in names)
            said = f"left missing; expected {expected}"
            found.append(finding("", names[0], values, "error", "contradiction", said, at=position))
        for name in names:
            incidents[name] = incidents[name].mask(wrong)


def _findings(found: Findings, incidents: pd.DataFrame, *, file: str) -> pd.DataFrame:
    """Sort the findings by row, name the rows, and add what the typed table shows."""
    for one in found:
        at = one.pop("at")
        if at is not None:
            one["dataset_row"] = incidents.at[at, "dataset_row"]
            one["incident_id"] = incidents.at[at, "incident_id"]
        one["file"] = file
    listed = pd.DataFrame(found, columns=list(FINDINGS.columns))
    read: pd.DataFrame = FINDINGS.validate(listed.astype("object"))
    both = pd.concat([read, check_incidents(incidents, file=file)], ignore_index=True)
    return both.sort_values("dataset_row", kind="stable", na_position="first", ignore_index=True)
