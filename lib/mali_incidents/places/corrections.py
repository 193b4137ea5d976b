"""The analyst's own answers: kept in a file beside the records, applied before anything else."""

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from mali_incidents.errors import LocateError
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.names import fold
from mali_incidents.storage import decoded, defused, undefused, write_bytes

FILE: Final = "corrections.csv"
_ASKED: Final = ("text", "admin1", "admin2", "admin3")
_TEXTS: Final = (*_ASKED, "name", "unit_id", "who", "when", "why")
USUAL_KM: Final = 3.0
FURTHEST_KM: Final = 2_000.0
_LIMITS: Final = {
    "latitude": (-90.0, 90.0, "degrees from -90 to 90"),
    "longitude": (-180.0, 180.0, "degrees from -180 to 180"),
    "radius_km": (0.0, FURTHEST_KM, f"kilometres above 0 and up to {FURTHEST_KM:g}"),
}
COLUMNS: Final = (*_TEXTS[:6], *_LIMITS, *_TEXTS[6:])

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


def read_corrections(path: str | Path, *, frame: AdminFrame | None = None) -> dict[Key, Correction]:
    """Read a file of corrections.

    Parameters
    ----------
    path : str or pathlib.Path
        A CSV with the columns text, admin1, admin2, admin3 (as the records write them), name,
        unit_id, latitude, longitude, radius_km (3 km where it is blank), who, when, why; parted by
        commas, or by semicolons with decimal commas, as some spreadsheets save it.
    frame : AdminFrame, optional
        The units that every correction must name or lie in; not looked at by default.

    Returns
    -------
    dict
        The corrections by what they correct; of two that say the same of one text, the later.

    Raises
    ------
    LocateError
        When it cannot be read, rows of it make no sense or contradict each other, or cannot be used
        with the frame; all that is wrong at once, with the number of each row.
    """
    file = Path(path)
    table = _read_table(file)
    numbers = table[list(_LIMITS)].apply(pd.to_numeric, errors="coerce")
    for column, (least, most, _) in _LIMITS.items():
        numbers[column] = numbers[column].where(numbers[column].between(least, most))
    numbers["radius_km"] = numbers["radius_km"].where(numbers["radius_km"] > 0)
    wrong: list[tuple[int, str]] = []
    found: dict[int, tuple[Key, Correction]] = {}
    rows = zip(table.to_dict("records"), numbers.to_dict("records"), strict=True)
    for number, (row, read) in enumerate(rows, start=1):
        if not any(row[column] for column in COLUMNS):
            # Spreadsheets leave such rows below the last one.
            continue
        key = key_of(*(row[column] for column in _ASKED))
        nowhere = pd.isna(read["latitude"]) or pd.isna(read["longitude"])
        unread = [
            f"{column} must be {wanted}, got {row[column]!r}"
            for column, (_, _, wanted) in _LIMITS.items()
            if row[column] and pd.isna(read[column])
        ]
        if not any(key):
            unread.append("it needs the text, or a unit, as the records write it")
        if not unread and nowhere and not row["unit_id"]:
            unread.append("it needs a unit_id, or a latitude and a longitude")
        wrong += [(number, why) for why in unread]
        if not unread:
            found[number] = (
                key,
                Correction(
                    name=row["name"] or row["text"],
                    unit_id=row["unit_id"],
                    latitude=None if nowhere else float(read["latitude"]),
                    longitude=None if nowhere else float(read["longitude"]),
                    radius_km=USUAL_KM if pd.isna(read["radius_km"]) else float(read["radius_km"]),
                    who=row["who"],
                    when=row["when"],
                    why=row["why"],
                ),
            )
    wrong += _contradictions(found)
    if frame is not None:
        reasons = ((number, _why_unusable(one, frame)) for number, (_, one) in found.items())
        wrong += [(number, why) for number, why in reasons if why]
    if wrong:
        said = "".join(f"\n- row {number}: {why}" for number, why in sorted(wrong))
        raise LocateError(
            f"the corrections {file} cannot be used; mend or delete these rows:{said}"
        )
    return dict(found.values())


def _read_table(file: Path) -> pd.DataFrame:
    """Read the rows of a file of corrections as texts, without the marks that made them safe."""
    try:
        text = decoded(file.read_bytes())
        header = text.partition("\n")[0]
        by = ";" if header.count(";") > header.count(",") else ","
        table = pd.read_csv(io.StringIO(text), sep=by, dtype="str", keep_default_na=False)
    except OSError as error:
        raise LocateError(
            f"cannot read the corrections {file}: {error.strerror or error}. Check the file's name "
            "and its folder"
        ) from error
    except ValueError as error:
        raise LocateError(
            f"cannot read the corrections {file}: {str(error).strip()}. It must be a CSV with the "
            f"columns {', '.join(COLUMNS)}"
        ) from error
    missing = [column for column in COLUMNS if column not in table]
    if missing:
        raise LocateError(
            f"the corrections {file} lack the column(s) {', '.join(missing)}: the file must have "
            f"{', '.join(COLUMNS)}"
        )
    for column in _TEXTS:
        table[column] = table[column].map(undefused)
    if by == ";":
        for column in _LIMITS:
            table[column] = table[column].str.replace(",", ".")
    return table


def _contradictions(found: Mapping[int, tuple[Key, Correction]]) -> list[tuple[int, str]]:
    """Say which rows answer otherwise than an earlier row for the same text and units."""
    first: dict[Key, int] = {}
    wrong = []
    for number, (key, correction) in found.items():
        earlier = first.setdefault(key, number)
        # Who said it, when and why may differ.
        if correction[1:5] != found[earlier][1][1:5]:
            text = next(filter(None, key))
            wrong.append(
                (number, f"it answers otherwise than row {earlier} for the same {text!r}: keep one")
            )
    return wrong


def check_corrections(corrections: Mapping[Key, Correction], *, frame: AdminFrame) -> None:
    """Refuse corrections that units have no place for.

    Parameters
    ----------
    corrections : mapping
        What :func:`read_corrections` gives.
    frame : AdminFrame
        The units that they must name or lie in.

    Raises
    ------
    LocateError
        When some name another unit or lie outside; all of them at once.
    """
    reasons = ((key, _why_unusable(one, frame)) for key, one in corrections.items())
    said = "".join(f"\n- {' '.join(key).strip()!r}: {why}" for key, why in reasons if why)
    if said:
        raise LocateError(f"these corrections cannot be used with {frame.name}:{said}")


def _why_unusable(correction: Correction, frame: AdminFrame) -> str:
    """Say why a correction cannot be used with some units; "" where it can."""
    unit_id, latitude, longitude = correction.unit_id, correction.latitude, correction.longitude
    if latitude is None or longitude is None:
        if unit_id in frame.units.index:
            return ""
        named = frame.find(unit_id) or frame.find(correction.name)
        perhaps = f", perhaps {' or '.join(named)}" if named else ""
        return (
            f"unit_id must be the id of a unit of {frame.name}{perhaps}, got {unit_id!r}; "
            "or give a latitude and a longitude"
        )
    turned = np.array([longitude, latitude])
    home, swapped = frame.units_at(turned, turned[::-1])
    if home is not None:
        return ""
    hint = "; latitude and longitude look swapped" if swapped is not None else ""
    return (
        f"latitude {latitude:g}, longitude {longitude:g} lies outside the units of {frame.name}: "
        f"give a point inside them{hint}"
    )


def corrections_beside(records: str | Path) -> Path:
    """Give where the corrections of a file of records stand: ``corrections.csv`` beside it."""
    return Path(records).parent / FILE


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
        ``path``; what stood in it stays, but an earlier answer for the same text and units. A text
        that a spreadsheet would take for a formula has an apostrophe before it, which
        ``read_corrections`` takes off again.

    Raises
    ------
    LocateError
        When what stands in the file cannot be read as corrections.
    PublishError
        When it cannot be written.
    """
    file = Path(path)
    rows = pd.DataFrame(columns=list(COLUMNS), dtype="str")
    if file.exists():
        read_corrections(file)
        rows = _read_table(file)
        asked = zip(*(rows[column] for column in _ASKED), strict=True)
        rows = rows[[key_of(*one) != key_of(*key) for one in asked]]
    new = dict(zip(_ASKED, key, strict=True))
    new |= {
        name: "" if value is None else str(value) for name, value in correction._asdict().items()
    }
    rows = pd.concat([rows, pd.DataFrame([new])], ignore_index=True)[list(COLUMNS)]
    for column in _TEXTS:
        rows[column] = rows[column].map(defused)
    # With its mark, so that spreadsheets read accents; line ends as RFC 4180 has them, for only
    # then does the writer quote a text with a bare carriage return, which would begin a row.
    return write_bytes(file, rows.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"))


def today() -> str:
    """Give today's date, for a correction made now."""
    return dt.datetime.now(tz=dt.UTC).date().isoformat()
