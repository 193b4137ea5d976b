"""The sentences of a figure, made from its numbers."""

from typing import Final

import pandas as pd

from mali_incidents.counts.totals import totals_by
from mali_incidents.maps.figure_words import period_of
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.summary import Summary
from mali_incidents.maps.view import View
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import is_attack

# How a language writes what Python has in numbers.
_SIGNS: Final = {"en": {}, "fr": {",": "\N{NARROW NO-BREAK SPACE}", ".": ","}}


def title_of(view: View, *, lang: str) -> str:
    """Title a figure by what it frames."""
    if view.centre is None:
        return message("title.whole", lang)
    name = view.centre.name
    return message("title.around", lang, place=name, of_place=of_name(name, lang=lang))


def subtitle_of(summary: Summary, view: View, *, lang: str) -> str:
    """Say how many incidents a figure frames, how surely, and when they fell."""
    facts = [how_many(summary, view, lang=lang)]
    if summary.approximate:
        facts.append(message("subtitle.approximate", lang, n=summary.approximate))
    if period := period_of(summary.framed, lang=lang):
        facts.append(period)
    return " · ".join(facts)


def how_many(summary: Summary, view: View, *, lang: str) -> str:
    """Count the incidents framed: round a centre the certain ones, and then the possible."""
    total = len(summary.framed)
    if view.centre is None or view.radius_km is None or summary.certain is None:
        return message("subtitle.incidents", lang, n=total)
    within = message(
        "figure.within",
        lang,
        n=summary.certain,
        km=kilometres(view.radius_km, lang=lang),
        of_place=of_name(view.centre.name, lang=lang),
    )
    if summary.certain == total:
        return within
    return within + message("figure.possibly", lang, n=total - summary.certain)


def records_of(located: pd.DataFrame, *, lang: str) -> str:
    """Count all the records, and the attacks among them."""
    return message(
        "subtitle.records",
        lang,
        incidents=message("subtitle.incidents", lang, n=len(located)),
        attacks=message("subtitle.attacks", lang, n=int(is_attack(located).sum())),
    )


def rings_caption(view: View, *, lang: str) -> str:
    """Say what the rings of a view are drawn round; nothing without a centre."""
    if view.centre is None:
        return ""
    name = view.centre.name
    return message("rings.caption", lang, place=name, of_place=of_name(name, lang=lang))


def types_heading(view: View, *, lang: str) -> str:
    """Say what the counts by type count."""
    if view.radius_km is None:
        return message("figure.types", lang)
    return message("figure.types_within", lang, km=kilometres(view.radius_km, lang=lang))


def types_of(summary: Summary, view: View, *, lang: str) -> str:
    """List the event types with their counts."""
    names = [(message(f"type.{kind or 'unknown'}", lang), count) for kind, count in summary.types]
    separator = message("figure.alt.separator", lang)
    listed = separator.join(f"{name} {number_words(count, lang=lang)}" for name, count in names)
    return f"{message('figure.alt.types', lang, heading=types_heading(view, lang=lang))} {listed}."


def where_most(summary: Summary, *, lang: str) -> str | None:
    """Name the cercle with the most incidents; None when no single one leads."""
    counts = summary.framed["admin2_name"].value_counts()
    if counts.empty or counts.iloc[0] == 1 or (counts == counts.iloc[0]).sum() > 1:
        return None
    of_cercle = of_name(str(counts.index[0]), lang=lang)
    return message("figure.alt.most", lang, of_cercle=of_cercle, count=int(counts.iloc[0]))


def deaths_of(summary: Summary, *, lang: str) -> str | None:
    """Say how many deaths are reported, and for how many incidents none are; None if unknown."""
    incidents = summary.framed
    if incidents.empty:
        return None
    total = totals_by(incidents, incidents["frame"].mask(incidents["frame"].notna(), "")).iloc[0]
    if total["toll_unknown"] == len(incidents):
        return None
    low, high = int(total["fatalities_low"]), int(total["fatalities_high"])
    # "At least ten": a lower end without an upper one.
    if (incidents["fatalities_low"].notna() & incidents["fatalities_high"].isna()).any():
        key = "figure.alt.deaths_open"
    else:
        key = "figure.alt.deaths" if low == high else "figure.alt.deaths_range"
    said = message(key, lang, low=low, high=high)
    if not total["toll_unknown"]:
        return f"{said}."
    return f"{said} {message('figure.alt.toll_unknown', lang, n=int(total['toll_unknown']))}."


def coverage_note(coverage: Coverage | None, *, lang: str) -> str:
    """Say what the records cover and how they were chosen, or that it is not known."""
    if coverage is None:
        return message("figure.coverage_unknown", lang)
    return coverage.selection[lang]


def noticed(text: str, *, notice: str) -> str:
    """Put a notice before a text, as a sentence of its own."""
    stop = "" if notice.endswith((".", "!", "?")) else "."
    return f"{notice}{stop} {text}"


def kilometres(km: float, *, lang: str) -> str:
    """Write kilometres with as many digits as they have, in the language's way."""
    return "".join(_SIGNS[lang].get(one, one) for one in f"{km:,g}")


def of_name(name: str, *, lang: str) -> str:
    """Put "of" before a place's name; French elides before a vowel (d’Ansongo)."""
    if lang != "fr":
        return f"of {name}"
    return f"d’{name}" if name[:1].upper() in set("AEIOUÉÈÊÎÔ") else f"de {name}"
