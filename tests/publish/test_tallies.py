"""The numbers of a report: the last twelve months are the same wherever they are spoken of."""

import datetime as dt

import pandas as pd
import pytest
from made_located import located_table

from mali_incidents.publish.tallies import count_between, last_year


def dated(*days: tuple[str | None, str | None, str | None]) -> pd.DataFrame:
    """Rows with a first and last day, and how well these are known."""
    rows = [
        {
            "incident_id": f"i{number}",
            "date_start": pd.Timestamp(first) if first else pd.NaT,
            "date_end": pd.Timestamp(last) if last else pd.NaT,
            "date_precision": precision,
        }
        for number, (first, last, precision) in enumerate(days)
    ]
    return located_table(rows)


@pytest.mark.parametrize(
    ("as_of", "first", "last"),
    [
        (dt.date(2026, 1, 31), dt.date(2025, 2, 1), dt.date(2026, 1, 31)),
        # The day the records were closed may be long after the newest, or before.
        (dt.date(2028, 2, 29), dt.date(2027, 3, 1), dt.date(2028, 2, 29)),
        (None, dt.date(2024, 5, 13), dt.date(2025, 5, 12)),
    ],
)
def test_twelve_months_end_with_the_editions_day_else_with_the_newest_incident(
    as_of, first, last
) -> None:
    table = dated(("2025-05-11", "2025-05-12", "day"), ("2024-01-01", None, "day"))
    assert last_year(table, as_of=as_of) == (first, last)


def test_without_a_date_there_are_no_last_months() -> None:
    for table in (dated((None, None, None)), dated().head(0)):
        assert last_year(table, as_of=dt.date(2026, 1, 31)) is None


def test_what_may_lie_between_two_days_is_counted_apart() -> None:
    table = dated(
        ("2025-01-01", "2025-01-01", "day"),
        # It lasted, and is known to have begun inside.
        ("2025-12-30", "2026-01-05", "day"),
        ("2025-12-01", "2026-01-31", "month"),
        ("2024-12-31", "2024-12-31", "day"),
        (None, None, None),
    )
    assert count_between(table, dt.date(2025, 1, 1), dt.date(2025, 12, 31)) == (2, 1)
