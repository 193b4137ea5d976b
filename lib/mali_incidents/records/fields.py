"""From the text of one cell to a value of its column, or a sentence that says what was expected."""

import datetime as dt
import re
import unicodedata
from typing import Any, Final, NamedTuple

import pandas as pd

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_LARGEST_COUNT: Final = 1_000_000_000
_NO_VALUE: Final = {"", "na", "n/a", "nan", "none", "null", "<na>", "-", "–", "?"}
_TIME: Final = r"(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?"
_DAY_TEXT: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?" + _TIME)
_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})" + _TIME)
# Days as pandas writes them to JSON: milliseconds since 1970.
_MILLISECONDS: Final = re.compile(r"\d{12,13}")
_DAY_MS: Final = 86_400_000


class Interval(NamedTuple):
    """The days that a written date may mean, and how precise it is."""

    start: pd.Timestamp
    end: pd.Timestamp
    precision: str


class Reading(NamedTuple):
    """A value read from a cell, and a note where it was not written as expected."""

    value: Any
    note: str | None = None


class UnreadableError(ValueError):
    """A cell whose text is no value of its column; the message says what was expected."""


def is_blank(text: str) -> bool:
    """Tell whether a cell says nothing."""
    return text.strip().casefold() in _NO_VALUE


def fold_word(text: str) -> str:
    """Fold case, accents and blanks, so that what differs only in these is equal."""
    plain = unicodedata.normalize("NFKD", text.replace("\ufeff", ""))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", bare).strip().casefold()


def read_date(text: str, *, day_first: bool) -> Reading:
    """Read a day, a month or a year.

    Parameters
    ----------
    text : str
        ISO 8601 (``2025-05-11``, ``2025-05``, ``2025``), or day first where that was declared.
    day_first : bool
        Whether ``11/05/2025`` is the 11th of May.

    Returns
    -------
    Reading
        Of an :class:`Interval`.

    Raises
    ------
    UnreadableError
        When it is none of these.
    """
    cell = text.strip()
    if match := _DAY_FIRST.fullmatch(cell):
        if not day_first:
            raise UnreadableError(
                "a date as YYYY-MM-DD; if this file writes the day first, read it with "
                "dates='day-first' (on the command line: --dates day-first)"
            )
        day, month, year = (int(part) for part in match.groups())
        interval = _interval(year, month, day)
    elif match := _DAY_TEXT.fullmatch(cell):
        written, *rest = match.groups()
        month_or_none, day_or_none = (int(part) if part else None for part in rest)
        interval = _interval(int(written), month_or_none, day_or_none)
    elif _MILLISECONDS.fullmatch(cell) and int(cell) % _DAY_MS == 0:
        moment = pd.Timestamp(int(cell), unit="ms")
        interval = _interval(moment.year, moment.month, moment.day)
        return Reading(interval, f"milliseconds since 1970, read as {moment.date()}")
    else:
        also = "DD/MM/YYYY, " if day_first else ""
        raise UnreadableError(f"a date as {also}YYYY-MM-DD, YYYY-MM or YYYY")
    # Other scripts' digits are numbers too, but worth a look.
    return Reading(interval, None if cell.isascii() else f"read as {interval.start.date()}")


def _interval(year: int, month: int | None, day: int | None) -> Interval:
    """Give the days from the first to the last that the parts allow."""
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise UnreadableError(f"a date between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    if 0 in {month, day}:
        raise UnreadableError("a day that exists; what is not known is left out: YYYY-MM or YYYY")
    try:
        start = dt.date(year, month or 1, day or 1)
    except ValueError as error:
        raise UnreadableError(f"a day that exists ({error})") from error
    first = pd.Timestamp(start)
    if day is not None:
        return Interval(first, first, "day")
    if month is not None:
        return Interval(first, first + pd.offsets.MonthEnd(0), "month")
    return Interval(first, pd.Timestamp(dt.date(year, 12, 31)), "year")


def read_count(text: str) -> Reading:
    """Read a number of people.

    Raises
    ------
    UnreadableError
        When it is not a whole number from 0 to a thousand million.
    """
    cell = text.strip().replace("\u202f", "").replace("\u00a0", "")
    expected = "a whole number of people, 0 or more, without words; unknown is left blank"
    if not re.fullmatch(r"\d{1,12}(\.0+)?", cell):
        raise UnreadableError(expected)
    value = int(cell.split(".")[0])
    if value > _LARGEST_COUNT:
        raise UnreadableError(expected)
    # Other scripts' digits are numbers too, but worth a look.
    return Reading(value, None if cell.isascii() else f"read as {value}")


def read_degrees(text: str, *, limit: float) -> Reading:
    """Read a latitude or longitude in decimal degrees, decimal comma understood.

    Raises
    ------
    UnreadableError
        When it is not a number from minus ``limit`` to ``limit``.
    """
    cell = text.strip().replace("\u2212", "-")
    expected = f"decimal degrees from -{limit:g} to {limit:g}, e.g. 12.6392"
    if not re.fullmatch(r"[+-]?\d{1,3}([.,]\d*)?", cell, flags=re.ASCII):
        raise UnreadableError(expected)
    value = float(cell.replace(",", "."))
    if abs(value) > limit:
        raise UnreadableError(expected)
    return Reading(value, f"decimal comma read as {value}" if "," in cell else None)


def read_choice(text: str, *, allowed: tuple[str, ...]) -> Reading:
    """Read one of the allowed values, whatever its case, accents and blanks.

    Raises
    ------
    UnreadableError
        When it is none of them.
    """
    if text in allowed:
        return Reading(text)
    folded = {fold_word(value): value for value in allowed}
    value = folded.get(fold_word(text))
    if value is None:
        raise UnreadableError(f"one of: {', '.join(allowed)}")
    return Reading(value, f"read as {value!r}")
