"""How a figure writes days, degrees and its projection."""

from typing import Final

import pandas as pd

from mali_incidents.maps.messages import message
from mali_incidents.maps.projection import middle_of, projection_for
from mali_incidents.maps.view import View

# From so many calendar years on, a period is told by its years alone.
_LONG_YEARS: Final = 3


def period_of(incidents: pd.DataFrame, *, lang: str) -> str:
    """Say from when to when incidents fell, no finer than is of use; nothing without a date."""
    first, last = incidents["date_start"].min(), incidents["date_end"].max()
    if pd.isna(first) or pd.isna(last):
        return ""
    if last.year - first.year + 1 >= _LONG_YEARS:
        return f"{first.year}–{last.year}"
    if first.year != last.year:
        return f"{month_name(first, lang=lang)}\N{NO-BREAK SPACE}– {month_name(last, lang=lang)}"
    if first.month == last.month:
        return month_name(first, lang=lang)
    if (first.month, last.month) == (1, 12):
        return f"{first.year}"
    return f"{_month(first, lang)}–{month_name(last, lang=lang)}"


def month_name(day: pd.Timestamp, *, lang: str) -> str:
    """Write a month and its year: "May 2025", "mai 2025"."""
    return f"{_month(day, lang)}\N{NO-BREAK SPACE}{day.year}"


def day_name(day: pd.Timestamp, *, lang: str, short: bool = False) -> str:
    """Write a day: "11 May 2025", "1er mai 2025"; its month shortened where asked."""
    number = "1er" if lang == "fr" and day.day == 1 else str(day.day)
    month = message(f"figure.month_short.{day.month:02d}", lang) if short else _month(day, lang)
    return "\N{NO-BREAK SPACE}".join((number, month, str(day.year)))


def projection_note(view: View, *, lang: str) -> str:
    """Name the projection a figure of a view is drawn in."""
    chosen = projection_for(view)
    if chosen.zone is not None:
        return message("figure.projection_utm", lang, zone=chosen.zone, code=chosen.code)
    if view.centre is not None:
        return message("figure.projection", lang, at=view.centre.name)
    latitude, longitude = middle_of(view)
    at = f"{parallel(round(latitude, 1), lang=lang)} {meridian(round(longitude, 1), lang=lang)}"
    return message("figure.projection", lang, at=at)


def parallel(latitude: float, *, lang: str) -> str:
    """Write a latitude: "12.5° N"."""
    side = "N" if latitude >= 0 else "S"
    return f"{decimal(f'{abs(latitude):g}', lang=lang)}°\N{NO-BREAK SPACE}{side}"


def meridian(longitude: float, *, lang: str) -> str:
    """Write a longitude: "8.5° W", in French "8,5° O"."""
    if not longitude:
        return "0°"
    side = "E" if longitude > 0 else ("O" if lang == "fr" else "W")
    return f"{decimal(f'{abs(longitude):g}', lang=lang)}°\N{NO-BREAK SPACE}{side}"


def decimal(text: str, *, lang: str) -> str:
    """Put the language's decimal sign into a number."""
    return text.replace(".", ",") if lang == "fr" else text


def _month(day: pd.Timestamp, lang: str) -> str:
    """Name a month."""
    return message(f"figure.month.{day.month:02d}", lang)
