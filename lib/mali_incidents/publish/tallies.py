"""The numbers of a report in words: never more certain than what was counted."""

import datetime as dt
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.counts.around import count_around
from mali_incidents.counts.periods import count_by_period
from mali_incidents.counts.totals import TOTALS, totals_by
from mali_incidents.counts.units import count_by_unit, covered_units
from mali_incidents.maps.messages import message, number_words
from mali_incidents.maps.row_words import type_words
from mali_incidents.maps.view import Spot
from mali_incidents.places.frames import AdminFrame
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import EVENT_TYPES


class Tally(NamedTuple):
    """What is counted of a group of incidents.

    Attributes
    ----------
    name : str
        What the group is.
    incidents, attacks : int or None
        How many; None where nothing is known.
    deaths : str
        Their deaths in words, as a range.
    unknown : int
        For how many of them no figure is given.
    rank : int
        0 for a group, 1 for a part of the group before it.
    code : str or None
        The event type, where that is the group.
    """

    name: str
    incidents: int | None
    attacks: int | None
    deaths: str
    unknown: int
    rank: int = 0
    code: str | None = None


class Ring(NamedTuple):
    """What lies within a distance: for certain, and possibly, in addition."""

    radius_km: float
    certain: int
    possible: int
    attacks: int
    deaths: str


def deaths_words(low: Any, high: Any, *, open_ended: bool, unknown: int, lang: str) -> str:
    """Say the deaths of a group of incidents.

    Parameters
    ----------
    low, high : int or missing
        The sums of the fewest and the most reported; missing where no incident has a figure.
    open_ended : bool
        Whether any of the incidents has a fewest and no most.
    unknown : int
        For how many no figure is given: they may add to the sums.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str
        ``"not known"``, ``"12"``, ``"12–20"``, ``"at least 12"`` or ``"12–20 or more"``.
    """
    if pd.isna(low) or pd.isna(high):
        return message("toll.unknown", lang)
    least, most = (number_words(int(one), lang=lang) for one in (low, high))
    open_ended = open_ended or unknown > 0
    if least == most:
        if not open_ended:
            return least
        # "At least 0" would say nothing.
        return message("toll.at_least" if int(low) else "figure.or_more", lang, n=least)
    reach = message("toll.range", lang, low=least, high=most)
    return message("figure.or_more", lang, n=reach) if open_ended else reach


def tally_all(located: pd.DataFrame, *, lang: str) -> Tally:
    """Count a whole table."""
    group = pd.Series("", index=located.index)
    tallies = _tallies(located, group, lang=lang)
    return tallies[0] if tallies else Tally("", 0, 0, number_words(0, lang=lang), 0)


def tally_types(located: pd.DataFrame, *, lang: str) -> list[Tally]:
    """Count each event type that occurs, the most frequent first."""
    kinds = located["event_type"].astype("object").where(located["event_type"].notna(), "")
    tallies = [
        tally._replace(name=type_words(tally.name or None, lang=lang), code=tally.name or None)
        for tally in _tallies(located, kinds, lang=lang)
    ]
    order = {kind: number for number, kind in enumerate(EVENT_TYPES)}
    return sorted(tallies, key=lambda one: (-(one.incidents or 0), order.get(one.code or "", 99)))


def tally_years(
    located: pd.DataFrame, *, coverage: Coverage | None, lang: str
) -> list[tuple[Tally, bool, bool]]:
    """Count each year: its tally, whether it is covered only in part, and whether not at all.

    A last one without a name is of those that lie in no single year.
    """
    counts = count_by_period(located, by="year", coverage=coverage)
    years = located["date_start"].dt.year.astype("Int64")
    opened = _open_ended(located).groupby(years).any()
    rows = []
    for row in counts.to_dict("records"):
        name = "" if pd.isna(row["period"]) else str(row["period"])
        open_ended = bool(opened.get(int(name), False)) if name else True
        partial = bool(pd.notna(row["partial"]) and row["partial"])
        covered = bool(pd.notna(row["covered"]) and row["covered"])
        tally = _tally(name, row, open_ended=open_ended, lang=lang)
        rows.append((tally, partial, not covered and not partial and bool(name)))
    return rows


def tally_units(
    located: gpd.GeoDataFrame, *, frame: AdminFrame, coverage: Coverage | None, lang: str
) -> list[Tally]:
    """Count each region with incidents, and below it each of its cercles with incidents.

    The cercles of a region and what is known to no cercle of it add up to the region; a last one
    without a name is of what is known to no region.
    """
    finest = "cercle" if "cercle" in frame.levels else "region"
    levels: tuple[str, ...] = ("region", finest) if finest != "region" else ("region",)
    by_level = {
        level: count_by_unit(located, level=level, frame=frame, coverage=coverage)  # type: ignore[arg-type]
        for level in levels
    }
    opened = _open_ended(located)
    regions = by_level["region"]
    listed: list[Tally] = []
    known = regions[(regions["level"] == "region") & (regions["incidents"].fillna(0) > 0)]
    order = known.sort_values(["incidents", "unit_id"], ascending=[False, True])
    for region in order.to_dict("records"):
        unit = region["unit_id"]
        here = opened[located["admin1_id"] == unit].any()
        listed.append(_tally(region["name"], region, open_ended=bool(here), lang=lang))
        if finest == "cercle":
            listed += _cercles(located, by_level[finest], unit, frame=frame, lang=lang)
    rest = regions[(regions["level"] != "region") & (regions["incidents"].fillna(0) > 0)]
    if len(rest):
        sums = rest[list(TOTALS)].sum(min_count=1)
        wide = opened[located["admin1_id"].isna()].any()
        listed.append(_tally("", sums.to_dict(), open_ended=bool(wide), lang=lang))
    return listed


def regions_covered(frame: AdminFrame, coverage: Coverage | None) -> tuple[list[str], list[str]]:
    """Name the regions that are covered wholly, and those that are not; none without a coverage."""
    if coverage is None:
        return [], []
    units = frame.units
    regions = units[units["level"] == "region"].sort_values("name")
    covered = covered_units(regions.index, frame=frame, coverage=coverage)
    return regions["name"][covered].tolist(), regions["name"][~covered].tolist()


def tally_rings(
    located: gpd.GeoDataFrame, *, centre: Spot, radii_km: Sequence[float], lang: str
) -> list[Ring]:
    """Count what lies within each distance of a place, for certain and possibly."""
    counts = count_around(
        located, latitude=centre.latitude, longitude=centre.longitude, radii_km=radii_km
    )
    rings = []
    for row in counts.to_dict("records"):
        # Whatever lies there only possibly may add to the deaths.
        deaths = deaths_words(
            row["fatalities_low"],
            row["fatalities_high"],
            open_ended=True,
            unknown=int(row["toll_unknown"]),
            lang=lang,
        )
        if not int(row["certain"]):
            deaths = number_words(0, lang=lang)
        rings.append(
            Ring(
                float(row["radius_km"]),
                int(row["certain"]),
                int(row["possible"]),
                int(row["attacks"]),
                deaths,
            )
        )
    return rings


def last_year(located: pd.DataFrame, *, as_of: dt.date | None) -> tuple[dt.date, dt.date] | None:
    """Give the first and last day of the last twelve months: one rule for maps and documents.

    Parameters
    ----------
    located : pandas.DataFrame
        An incident table.
    as_of : datetime.date or None
        The day that its records were closed.

    Returns
    -------
    (datetime.date, datetime.date) or None
        The twelve months that end with that day; where it is not known, with the last day of any
        incident. None where no incident is dated.
    """
    newest = located["date_end"].fillna(located["date_start"]).max()
    if pd.isna(newest):
        return None
    last = newest if as_of is None else pd.Timestamp(as_of)
    first = last - pd.DateOffset(years=1) + pd.Timedelta(days=1)
    return first.date(), last.date()


def count_between(located: pd.DataFrame, first: dt.date, last: dt.date) -> tuple[int, int]:
    """Count the incidents between two days, both included: the certain, the possible."""
    since, until = pd.Timestamp(first), pd.Timestamp(last)
    start = located["date_start"]
    stop = located["date_end"].fillna(start)
    # A known day is where it began, however long it lasted.
    stop = stop.mask(located["date_precision"] == "day", start)
    inside = (start >= since) & (stop <= until)
    touches = (start <= until) & (stop >= since) & ~inside
    return int(inside.sum()), int(touches.sum())


def _cercles(
    located: gpd.GeoDataFrame,
    counts: pd.DataFrame,
    region: str,
    *,
    frame: AdminFrame,
    lang: str,
) -> list[Tally]:
    """Count the cercles of a region, and what is known to none of them."""
    opened = _open_ended(located)
    there = counts[counts["incidents"].fillna(0) > 0]
    held = [
        isinstance(unit, str) and unit in frame.units.index and frame.holds(region, unit)
        for unit in there["unit_id"]
    ]
    there = there[held]
    order = there[there["level"] == "cercle"].sort_values(
        ["incidents", "unit_id"], ascending=[False, True]
    )
    parts = []
    for row in order.to_dict("records"):
        here = opened[located["admin2_id"] == row["unit_id"]].any()
        tally = _tally(row["name"], row, open_ended=bool(here), lang=lang)
        parts.append(tally._replace(rank=1))
    for row in there[there["level"] == "region"].to_dict("records"):
        wide = opened[(located["admin1_id"] == region) & located["admin2_id"].isna()].any()
        tally = _tally("", row, open_ended=bool(wide), lang=lang)
        parts.append(tally._replace(rank=1))
    return parts


def _tallies(located: pd.DataFrame, group: pd.Series, *, lang: str) -> list[Tally]:
    """Count each group."""
    opened = set(group[_open_ended(located)])
    return [
        _tally(str(name), dict(row), open_ended=name in opened, lang=lang)
        for name, row in totals_by(located, group).iterrows()
    ]


def _tally(name: str, values: Mapping[Hashable, Any], *, open_ended: bool, lang: str) -> Tally:
    """Put a row of totals into words."""
    if pd.isna(values["incidents"]):
        return Tally(name, None, None, "", 0)
    incidents, unknown = int(values["incidents"]), int(values["toll_unknown"])
    if not incidents:
        return Tally(name, 0, 0, number_words(0, lang=lang), 0)
    deaths = deaths_words(
        values["fatalities_low"],
        values["fatalities_high"],
        open_ended=open_ended,
        unknown=unknown,
        lang=lang,
    )
    return Tally(name, incidents, int(values["attacks"]), deaths, unknown)


def _open_ended(located: pd.DataFrame) -> pd.Series:
    """Tell which incidents have a fewest of deaths, or a figure alone, and no most."""
    low, best, high = (located[f"fatalities_{end}"] for end in ("low", "best", "high"))
    opened: pd.Series = (low.notna() | best.notna()) & high.isna()
    return opened
