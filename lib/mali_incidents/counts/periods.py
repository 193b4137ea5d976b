"""How many incidents fall in each year or month, and how many cannot be told."""

from typing import Final, Literal

import pandas as pd

from mali_incidents.counts.totals import totals_by, zero_where_empty
from mali_incidents.errors import CountError
from mali_incidents.records.coverage import Coverage

_FREQUENCIES: Final = {"year": "Y", "month": "M"}


def count_by_period(
    located: pd.DataFrame,
    *,
    by: Literal["year", "month"] = "year",
    coverage: Coverage | None = None,
) -> pd.DataFrame:
    """Count the incidents of each year or month.

    An incident is counted where its day is known, or where the whole interval it lies in falls
    in one period. One that lasted days is counted where it began.

    Parameters
    ----------
    located : pandas.DataFrame
        A located table (an incident table will do).
    by : {"year", "month"}
        The length of a period.
    coverage : Coverage, optional
        What the records claim to cover. Without it no period is known to be complete, and one
        without incidents has missing counts.

    Returns
    -------
    pandas.DataFrame
        One row a period, in order and without gaps, from the first to the last of the records
        and the coverage:

        - ``period``: ``"2025"`` or ``"2025-05"``
        - ``covered``: whether the whole period lies in the coverage
        - ``partial``: whether only a part of it does: not to be compared with whole ones
        - ``incidents``, ``attacks``, ``fatalities_low``, ``fatalities_best``,
          ``fatalities_high``, ``toll_unknown``: as in
          :func:`mali_incidents.counts.totals.totals_by`; <NA>, not 0, where there is no record
          and the period is not wholly covered
        - ``uncertain``: incidents counted in no period that may lie in this one

        A last row with a missing ``period`` holds the incidents that lie in no single period or
        have no date, if there are any: ``incidents`` adds up to the rows of ``located``.

    Raises
    ------
    CountError
        When ``by`` is neither.
    """
    certain = period_of_each(located, by=by)
    first, last = _spans(located, frequency=_FREQUENCIES[by])
    periods = _periods(first, last, coverage=coverage, frequency=_FREQUENCIES[by])
    counts = totals_by(located, certain).reindex(periods)
    covered, partial = _cover(periods, coverage)
    counts = zero_where_empty(counts, where=covered)
    counts.insert(0, "period", periods.astype("str"))
    counts.insert(1, "covered", covered)
    counts.insert(2, "partial", partial)
    unsure = pd.DataFrame({"first": first, "last": last})[certain.isna() & first.notna()]
    counts["uncertain"] = [
        int(((unsure["first"] <= period) & (unsure["last"] >= period)).sum()) for period in periods
    ]
    nowhere = totals_by(located, certain.isna().where(certain.isna()))
    counts = pd.concat([counts, nowhere], ignore_index=True)
    return counts.astype({"covered": "boolean", "partial": "boolean", "uncertain": "Int64"})


def period_of_each(incidents: pd.DataFrame, *, by: Literal["year", "month"]) -> pd.Series:
    """Tell which year or month each incident is counted in, as :func:`count_by_period` counts.

    Parameters
    ----------
    incidents : pandas.DataFrame
        An incident table.
    by : {"year", "month"}
        The length of a period.

    Returns
    -------
    pandas.Series of pandas.Period
        With the table's index; missing for those that lie in no single period.

    Raises
    ------
    CountError
        When ``by`` is neither.
    """
    if by not in _FREQUENCIES:
        raise CountError(f"by must be one of {', '.join(_FREQUENCIES)}; got {by!r}")
    first, last = _spans(incidents, frequency=_FREQUENCIES[by])
    return first.where(first == last)


def _spans(incidents: pd.DataFrame, *, frequency: str) -> tuple[pd.Series, pd.Series]:
    """Give the first and the last period each incident may lie in; missing without a date."""
    start = incidents["date_start"].fillna(incidents["date_end"])
    end = incidents["date_end"].fillna(start)
    # A known day is where it began, however long it lasted.
    end = end.mask(incidents["date_precision"] == "day", start)
    return start.dt.to_period(frequency), end.dt.to_period(frequency)


def _periods(
    first: pd.Series, last: pd.Series, *, coverage: Coverage | None, frequency: str
) -> pd.PeriodIndex:
    """Give every period from the first to the last of the records and the coverage."""
    ends = [*first.dropna(), *last.dropna()]
    if coverage is not None:
        ends += [pd.Period(day, frequency) for day in (coverage.period_start, coverage.period_end)]
    if not ends:
        return pd.PeriodIndex([], freq=frequency)
    return pd.period_range(min(ends), max(ends), freq=frequency)


def _cover(periods: pd.PeriodIndex, coverage: Coverage | None) -> tuple[pd.Series, pd.Series]:
    """Tell which periods lie wholly in the coverage, and which only in part."""
    if coverage is None:
        none = pd.Series(data=False, index=periods)
        return none, none
    start, end = pd.Timestamp(coverage.period_start), pd.Timestamp(coverage.period_end)
    whole = (periods.start_time >= start) & (periods.end_time.normalize() <= end)
    some = (periods.end_time >= start) & (periods.start_time <= end)
    return pd.Series(whole, index=periods), pd.Series(some & ~whole, index=periods)
