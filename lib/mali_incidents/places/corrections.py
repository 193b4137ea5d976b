"""The analyst's own answers: kept in a file beside the records, applied before anything else."""

import datetime as dt
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from mali_incidents.errors import LocateError
from mali_incidents.places.names import fold
from mali_incidents.storage import defused, undefused, write_bytes

FILE: Final = "corrections.csv"
_TEXTS: Final = ("text", "admin1", "admin2", "admin3", "name", "unit_id", "who", "when", "why")
_NUMBERS: Final = ("latitude", "longitude", "radius_km")
COLUMNS: Final = (*_TEXTS[:6], *_NUMBERS, *_TEXTS[6:])
USUAL_KM: Final = 3.0
_LIMITS: Final = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0)}
_FURTHEST_KM: Final = 2_000.0

Key = tuple[str, str, str, str]


class Correction(NamedTuple):
    """Where a text of reports is, as a person found it.

    Attributes
    ----------
    name : str
        What the place is called.
    unit_id : str
        The unit it is, where it is one; else blank.
    latitude, longitude : float or None
        Its point in WGS 84 degrees; None for a unit.
    radius_km : float
        How far from the point it may lie.
    who, when, why : str
        Who said so, on which day (``YYYY-MM-DD``), and from what.
    """

    name: str
    unit_id: str
    latitude: float | None
    longitude: float | None
    radius_km: float
    who: str
    when: str
    why: str


def key_of(text: str | None, admin1: str | None, admin2: str | None, admin3: str | None) -> Key:
    """Fold a reported place and its units to what corrections are looked up by."""
    one, two, three, four = (fold(part or "") for part in (text, admin1, admin2, admin3))
    return one, two, three, four


def read_corrections(path: str | Path) -> dict[Key, Correction]:
    """Read a file of corrections.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV with the columns text, admin1, admin2, admin3 (as the records write them), name,
        unit_id, latitude, longitude, radius_km, who, when, why.

    Returns
    -------
    dict
        The corrections by what they correct; of two for the same the later holds.

    Raises
    ------
    LocateError
        When it cannot be read, or rows of it make no sense; all that is wrong at once.
    """
    file = Path(path)
    try:
        table = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise LocateError(f"cannot read the corrections {file}: {error}") from error
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise LocateError(
            f"the corrections {file.name} lack the column(s) {', '.join(missing)}: it must have "
            f"{', '.join(COLUMNS)}"
        )
    for column in _TEXTS:
        table[column] = table[column].map(undefused)
    numbers = table[list(_NUMBERS)].apply(pd.to_numeric, errors="coerce")
    for column, (least, most) in _LIMITS.items():
        numbers[column] = numbers[column].where(numbers[column].between(least, most))
    radius_km = numbers["radius_km"]
    numbers["radius_km"] = radius_km.where((radius_km > 0) & (radius_km <= _FURTHEST_KM))
    unreadable = (table[list(_NUMBERS)] != "") & numbers.isna()
    wrong: list[str] = []
    found: dict[Key, Correction] = {}
    rows = zip(table.to_dict("records"), numbers.itertuples(index=False), strict=True)
    for number, (row, (latitude, longitude, radius)) in enumerate(rows, start=1):
        nowhere = pd.isna(latitude) or pd.isna(longitude)
        if unreadable.iloc[number - 1].any():
            wrong.append(
                f"row {number}: latitude and longitude must be degrees and radius_km kilometres "
                f"above 0 and up to {_FURTHEST_KM:g}"
            )
        elif nowhere and not row["unit_id"]:
            wrong.append(f"row {number}: it needs a unit_id, or a latitude and a longitude")
        else:
            found[key_of(row["text"], row["admin1"], row["admin2"], row["admin3"])] = Correction(
                name=row["name"] or row["text"],
                unit_id=row["unit_id"],
                latitude=None if nowhere else float(latitude),
                longitude=None if nowhere else float(longitude),
                radius_km=USUAL_KM if pd.isna(radius) else float(radius),
                who=row["who"],
                when=row["when"],
                why=row["why"],
            )
    if wrong:
        raise LocateError(f"the corrections {file.name} are not complete: {'; '.join(wrong)}")
    return found


def corrections_beside(records: str | Path) -> Path:
    """Give where the corrections of a file of records stand: ``corrections.csv`` beside it."""
    return Path(records).with_name(FILE)


def corrections_for(records: str | Path, named: str | Path | None) -> Path | None:
    """Give the corrections to use: those named, else those beside the records, if there are any."""
    if named is not None:
        return Path(named)
    beside = corrections_beside(records)
    return beside if beside.is_file() else None


def add_correction(
    path: str | Path, key: tuple[str, str, str, str], correction: Correction
) -> Path:
    """Add a correction to a file of them, made when missing.

    Parameters
    ----------
    path : str or pathlib.Path
        The file.
    key : tuple of str
        The text and the region, cercle and commune as the record writes them.
    correction : Correction
        What holds for it.

    Returns
    -------
    pathlib.Path
        ``path``; what stood in it stays. A text that a spreadsheet would take for a formula has an
        apostrophe before it, which ``read_corrections`` takes off again.

    Raises
    ------
    PublishError
        When it cannot be written.
    """
    file = Path(path)
    rows = pd.DataFrame(columns=list(COLUMNS), dtype="str")
    if file.exists():
        read_corrections(file)
        rows = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    new = dict(zip(("text", "admin1", "admin2", "admin3"), key, strict=True))
    new |= {
        name: "" if value is None else str(value) for name, value in correction._asdict().items()
    }
    new |= {column: defused(new[column]) for column in _TEXTS}
    rows = pd.concat([rows, pd.DataFrame([new])], ignore_index=True)[list(COLUMNS)]
    # With its mark, so that spreadsheets read accents; line ends as RFC 4180 has them, for only
    # then does the writer quote a text with a bare carriage return, which would begin a row.
    return write_bytes(file, rows.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))


def today() -> str:
    """Give today's date, for a correction made now."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
