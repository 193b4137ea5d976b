import datetime as dt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import COVERAGE, located_table
from pandas.testing import assert_frame_equal

from mali_incidents.counts.periods import count_by_period, period_of_each
from mali_incidents.errors import CountError

days = st.dates(dt.date(2015, 1, 1), dt.date(2026, 12, 31)).map(pd.Timestamp)


@st.composite
def dated_rows(draw):
    start = draw(st.none() | days)
    if start is None:
        return {"date_start": None, "date_end": None, "date_precision": None}
    end = start + pd.Timedelta(days=draw(st.sampled_from([0, 1, 6, 30, 364])))
    precision = draw(st.sampled_from(["day", "days", "week", "month", "year", None]))
    return {"date_start": start, "date_end": end, "date_precision": precision}


@settings(max_examples=40)
@given(
    st.lists(dated_rows(), max_size=8),
    st.sampled_from(["year", "month"]),
    st.sampled_from([None, COVERAGE]),
)
def test_every_row_is_counted_once_and_periods_have_no_gap(rows, by, coverage):
    table = located_table(rows)
    counts = count_by_period(table, by=by, coverage=coverage)
    assert counts["incidents"].sum() == len(rows)
    periods = pd.PeriodIndex(counts["period"].dropna(), freq=by[0].upper())
    if len(periods):
        assert list(periods) == list(pd.period_range(periods[0], periods[-1]))
    assert not (counts["covered"] & counts["partial"]).any()
    nowhere = counts.loc[counts["period"].isna(), "incidents"].sum()
    undated = sum(row["date_start"] is None for row in rows)
    assert counts["uncertain"].max(skipna=True) <= nowhere - undated if len(periods) else True


def _row(counts, period):
    return counts.set_index("period").loc[period]


def test_an_interval_across_two_years_is_counted_in_neither_and_said_in_both():
    table = located_table(
        [
            {"date_start": pd.Timestamp("2024-12-28"), "date_end": pd.Timestamp("2025-01-03"),
             "date_precision": "week"},
            {"date_start": pd.Timestamp("2025-02-01"), "date_end": pd.Timestamp("2025-02-28"),
             "date_precision": "month"},
        ]
    )  # fmt: skip
    counts = count_by_period(table)
    assert list(counts["uncertain"].head(2)) == [1, 1]
    assert _row(counts, "2025")["incidents"] == 1
    assert pd.isna(_row(counts, "2024")["incidents"])
    assert counts["incidents"].iloc[-1] == 1
    assert pd.isna(counts["period"].iloc[-1])


def test_what_lasted_across_two_years_is_counted_where_it_began():
    began, ended = pd.Timestamp("2024-12-31"), pd.Timestamp("2025-01-02")
    table = located_table([{"date_start": began, "date_end": ended, "date_precision": "day"}])
    counts = count_by_period(table)
    assert list(counts["period"]) == ["2024"]
    assert list(counts["incidents"]) == [1]
    assert list(counts["uncertain"]) == [0]


def test_the_coverage_makes_zeros_and_marks_the_broken_year():
    table = located_table([{"date_start": pd.Timestamp("2026-05-01")}])
    counts = count_by_period(table, coverage=COVERAGE).set_index("period")
    assert list(counts.index) == ["2023", "2024", "2025", "2026"]
    assert list(counts["covered"]) == [True, True, False, False]
    assert list(counts["partial"]) == [False, False, True, False]
    assert list(counts["incidents"].fillna(-1)) == [0, 0, -1, 1]


def test_months_are_whole_to_their_last_day():
    counts = count_by_period(located_table([]), by="month", coverage=COVERAGE).set_index("period")
    assert counts.index[0] == "2023-01"
    assert counts.loc["2025-02", "covered"]
    assert counts.loc["2025-03", "partial"]
    assert counts["incidents"].sum() == 0


def test_without_a_coverage_no_empty_year_is_zero():
    table = located_table(
        [{"date_start": pd.Timestamp("2021-05-01")}, {"date_start": pd.Timestamp("2023-05-01")}]
    )
    counts = count_by_period(table)
    assert list(counts["period"]) == ["2021", "2022", "2023"]
    assert pd.isna(_row(counts, "2022")["incidents"])
    assert not counts["covered"].any()


def test_no_rows_and_no_coverage_give_no_periods():
    assert count_by_period(located_table([])).empty


def test_the_table_is_not_edited():
    table = located_table([{}])
    before = table.copy()
    count_by_period(table, coverage=COVERAGE)
    assert_frame_equal(table, before)


def test_another_length_of_period_is_refused():
    with pytest.raises(CountError, match=r"year, month.*'week'"):
        count_by_period(located_table([]), by="week")


@settings(max_examples=40)
@given(st.lists(dated_rows(), max_size=8), st.sampled_from(["year", "month"]))
def test_each_incident_lies_in_the_period_it_is_counted_in(rows, by):
    table = located_table(rows)
    each = period_of_each(table, by=by)
    counted = count_by_period(table, by=by).dropna(subset="period")
    for period, count in counted.set_index("period")["incidents"].items():
        assert (each.astype("str") == period).sum() == (0 if pd.isna(count) else count)


def test_a_length_that_is_none_has_no_periods():
    with pytest.raises(CountError, match="by must be one of year, month; got 'week'"):
        period_of_each(located_table([]), by="week")
