"""Files of incidents to the incident table, every row kept, all that is wrong listed."""

import re
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from mali_incidents.errors import ReadError
from mali_incidents.records.acled import ACLED
from mali_incidents.records.check import check_incidents, sort_findings
from mali_incidents.records.fields import (
    Interval,
    Reading,
    UnreadableError,
    is_blank,
    read_choice,
    read_count,
    read_date,
    read_degrees,
)
from mali_incidents.records.files import read_rows
from mali_incidents.records.findings import Findings, Found
from mali_incidents.records.mapping import Dataset, column_name, match_columns
from mali_incidents.records.rows import Row
from mali_incidents.records.sources import as_source, sources_from_columns
from mali_incidents.records.ucdp import UCDP_GED, UCDP_GED_EXPORT
from mali_incidents.tables import (
    ACTOR_TYPES,
    ATTRIBUTIONS,
    DATE_PRECISIONS,
    EVENT_TYPES,
    FINDINGS,
    INCIDENTS,
    LOCATED,
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
_DATASETS: Final = (UCDP_GED, UCDP_GED_EXPORT, ACLED)
# Control and direction marks: text that does not show, or shows as other than it is.
_HIDDEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


def read_incidents(
    path: str | Path, *, dates: str = "iso", columns: Mapping[str, str | None] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read a file of incident records.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV, XLSX, JSON, GeoJSON or Parquet file with the columns of the incident table, or as
        UCDP (GED, also the website's export of a country) or ACLED export it, known by their
        columns.
    dates : {"iso", "day-first"}
        How dates are written: ``2025-05-11``, or also ``11/05/2025``. UCDP's and ACLED's own ways
        are read whatever is said here.
    columns : mapping of str to str or None, optional
        For columns of the incident table the file's column to read, as it stands, or None to leave
        one out: ``{"location_text": "where_description", "admin2": None}``. It goes before what
        the header says.

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
        When the file is no file of incidents at all: not there, empty, of another format, without
        a required column, or without one that was asked for. The message lists all that is wrong.
    """
    if dates not in {"iso", "day-first"}:
        raise ReadError(f"dates must be 'iso' or 'day-first', got {dates!r}")
    file = Path(path).name
    header, numbers, rows, found = read_rows(path)
    dataset = _recognised(header)
    if dataset is not None:
        header, rows = _folded(header, rows)
    asked = dict(columns or {})
    names = match_columns(header, columns=asked, dataset=dataset, file=file, empty=not rows)
    raw = _cells(rows, names, asked=asked, dataset=dataset)
    if dataset is not None and "dataset" not in asked:
        raw["dataset"] = " ".join(filter(None, [dataset.name, dataset.version(file)]))
    raw["dataset_row"] = pd.array(numbers, dtype="Int64")
    found += _ignored(header, names, asked=asked, dataset=dataset)
    incidents = _typed(
        raw, day_first=dates == "day-first", best_stands=dataset is not None, found=found
    )
    return incidents, _findings(found, incidents, names=names, file=file)


def _recognised(header: list[str]) -> Dataset | None:
    """Tell by its columns which dataset a file is from; None for the incident table's own."""
    written = set(map(column_name, header))
    return next((dataset for dataset in _DATASETS if dataset.marks <= written), None)


def _folded(header: list[str], rows: list[Row]) -> tuple[list[str], list[Row]]:
    """Give header and rows the names of columns as the datasets are described by."""
    folded = [column_name(column) for column in header]
    called = dict(zip(header, folded, strict=True))
    return folded, [{called.get(name, name): cell for name, cell in row.items()} for row in rows]


def _cells(
    rows: list[Row], names: dict[str, str], *, asked: Collection[str], dataset: Dataset | None
) -> pd.DataFrame:
    """Gather the text for each column of the table."""
    derived = [dataset.derive(row) if dataset else {} for row in rows]
    cells = {
        name: [
            row.get(column) if name in asked else own.get(name, row.get(column))
            for row, own in zip(rows, derived, strict=True)
        ]
        for name, column in names.items()
    }
    return pd.DataFrame({name: pd.Series(column, dtype="object") for name, column in cells.items()})


def _ignored(
    header: list[str],
    names: dict[str, str],
    *,
    asked: Collection[str],
    dataset: Dataset | None,
) -> Findings:
    """Note the columns that no column of the table takes, those asked about aside."""
    if dataset is not None:
        said = "known by its columns; what the incident table has no column for was not read"
        return [Found("", dataset.name, "note", "known-dataset", said)]
    taken = {"", *names.values()}
    said = "no column of the incident table; not read"
    return [
        Found(column, "", "note", "unknown-column", said)
        for column in header
        if column not in taken
        and column_name(column) not in asked
        and column_name(column) not in _OWN_RESULTS
    ]


def _typed(
    raw: pd.DataFrame, *, day_first: bool, best_stands: bool, found: Findings
) -> pd.DataFrame:
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
    _drop_contradictions(incidents, best_stands=best_stands, found=found)
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
            end = None  # noqa: PLW2901 -- rejected, it says nothing of the precision either
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
        read = [as_source(part) for part in listed]
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


def _drop_contradictions(incidents: pd.DataFrame, *, best_stands: bool, found: Findings) -> None:
    """Leave missing what contradicts the rest of its row.

    Which side is wrong cannot be told, unless the best figure is a publisher's own: that stands.
    """
    low, best, high = (incidents[name] for name in _COUNTS[:3])
    stands = best.notna() & best_stands
    above, below = (low > best).fillna(value=False), (high < best).fillna(value=False)
    crossed = (low > high).fillna(value=False) & ~stands
    outside = (above | below) & ~crossed & ~stands
    owner = {sub: kind for kind, subs in SUB_EVENT_TYPES.items() for sub in subs}
    kind = incidents["sub_event_type"].map(owner)
    foreign = kind.notna() & incidents["event_type"].notna() & (kind != incidents["event_type"])
    halved = incidents["latitude"].isna() != incidents["longitude"].isna()
    rules: tuple[tuple[pd.Series, list[str], str], ...] = (
        (crossed, [*_COUNTS[:3]], "fatalities_low not above fatalities_high"),
        (outside, ["fatalities_best"], "a figure from fatalities_low to fatalities_high"),
        (above & stands, ["fatalities_low"], "a figure not above the best estimate"),
        (below & stands, ["fatalities_high"], "a figure not below the best estimate"),
        (foreign, ["sub_event_type"], "a sub-event type of the row's event type"),
        (halved, ["latitude", "longitude"], "both a latitude and a longitude"),
    )
    for wrong, names, expected in rules:
        said = f"left missing; expected {expected}"
        for position in np.flatnonzero(wrong).tolist():
            cells = {name: incidents[name].iloc[position] for name in names}
            known = {name: str(cell) for name, cell in cells.items() if not pd.isna(cell)}
            column, values = next(iter(known)), ", ".join(known.values())
            found.append(Found(column, values, "error", "contradiction", said, position))
        for name in names:
            incidents[name] = incidents[name].mask(wrong)


def _findings(
    found: Findings, incidents: pd.DataFrame, *, names: dict[str, str], file: str
) -> pd.DataFrame:
    """Name the rows and columns as the file does, and add what the typed table shows."""
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
    return sort_findings(both.assign(column=both["column"].replace(names)))
