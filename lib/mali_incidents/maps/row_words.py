"""What a row says in words: its dates, its toll and how finely its place is known.

The page says the same of a row in ``viewer/text.js``, by the same messages.
"""

import datetime as dt
from typing import Final

import pandas as pd

from mali_incidents.maps.messages import message, number_words

_DAY: Final = dt.timedelta(days=1)
_MONTHS: Final[dict[str, tuple[str, ...]]] = {
    "en": tuple(
        "January February March April May June July August September October November "
        "December".split()
    ),
    "fr": tuple(
        "janvier février mars avril mai juin juillet août septembre octobre novembre "
        "décembre".split()
    ),
}


def day_words(day: dt.date, *, lang: str) -> str:
    """Write a day: ``"1 May 2025"``, ``"1er mai 2025"``."""
    return f"{_day(day, lang)} {_MONTHS[lang][day.month - 1]} {day.year}"


def date_words(
    start: dt.date | None, end: dt.date | None, precision: str | None, *, lang: str
) -> str:
    """Say when an event was, and no more than is known of it.

    Parameters
    ----------
    start, end : datetime.date or None
        The first and the last day; missing or NaT where not known.
    precision : str or None
        One of ``tables.DATE_PRECISIONS``.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str
        A month or a year is named only where the interval is exactly that.
    """
    if start is None or pd.isna(start):
        return message("date.unknown", lang)
    last = start if end is None or pd.isna(end) else end
    if precision is None or pd.isna(precision) or precision == "day":
        if start == last:
            return day_words(start, lang=lang)
        return _range("date.lasted", start, last, lang)
    # A lone day that is said to be no more than a month or a year stands for all of it.
    span = precision if start == last else _calendar(start, last)
    if span == "year":
        return str(start.year)
    if span == "month":
        return f"{_MONTHS[lang][start.month - 1]} {start.year}"
    if start == last:
        return message("date.about", lang, day=day_words(start, lang=lang))
    return _range("date.or" if last - start == _DAY else "date.between", start, last, lang)


def toll_words(low: int | None, best: int | None, high: int | None, *, lang: str) -> str:
    """Say a toll as a range, never more certain than the record: a missing end is open.

    Parameters
    ----------
    low, best, high : int or None
        People; missing where not known.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str
    """
    known = [None if pd.isna(one) else int(one) for one in (low, best, high)]
    least, told, most = known
    said = [None if one is None else number_words(one, lang=lang) for one in known]
    if least is None and most is None:
        if told is None:
            return message("toll.unknown", lang)
        return message("toll.best_only", lang, best=said[1])
    if least == most:
        return str(said[0])
    if most is None:
        reach = message("toll.at_least", lang, n=said[0])
    elif least is None:
        reach = message("toll.at_most", lang, n=said[2])
    else:
        reach = message("toll.range", lang, low=said[0], high=said[2])
    open_ended = most is None or least is None
    if told is None or (open_ended and told in {least, most}):
        return reach
    return message("toll.with_best", lang, reach=reach, best=said[1])


def type_words(event_type: str | None, *, lang: str) -> str:
    """Name an event type, or say that it is not stated."""
    unknown = event_type is None or pd.isna(event_type)
    return message(f"type.{'unknown' if unknown else event_type}", lang)


def _range(key: str, first: dt.date, last: dt.date, lang: str) -> str:
    """Say two days, the first without what it shares with the second."""
    if first.year != last.year:
        shorter = day_words(first, lang=lang)
    elif first.month != last.month:
        shorter = f"{_day(first, lang)} {_MONTHS[lang][first.month - 1]}"
    else:
        shorter = _day(first, lang)
    return message(key, lang, first=shorter, last=day_words(last, lang=lang))


def _day(day: dt.date, lang: str) -> str:
    """Write the day of a month; French writes the first as "1er"."""
    return message("date.first", lang) if day.day == 1 else str(day.day)


def _calendar(first: dt.date, last: dt.date) -> str | None:
    """Tell what two days are the first and the last of: a month, a year, or neither."""
    after = last + _DAY
    if first.day != 1 or after.day != 1:
        return None
    months = 12 * (after.year - first.year) + after.month - first.month
    if months == 1:
        return "month"
    return "year" if months == 12 and first.month == 1 else None
