"""Small counts left out, and not to be had from totals."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.errors import ReleaseError
from mali_incidents.release.suppress import suppress_small


def table(counts: list[tuple[str, int, int]]) -> pd.DataFrame:
    """Counts of units: region, incidents, how many of them are attacks."""
    frame = pd.DataFrame(counts, columns=["region", "incidents", "attacks"])
    frame["fatalities_low"] = frame["incidents"] * 2
    return frame.astype(dict.fromkeys(["incidents", "attacks", "fatalities_low"], "Int64"))


ROWS = st.lists(
    st.tuples(st.sampled_from("xyz"), st.integers(0, 9), st.integers(0, 9)).map(
        lambda row: (row[0], row[1], min(row[1], row[2]))
    ),
    min_size=1,
    max_size=9,
)


@given(ROWS, st.integers(2, 5))
def test_no_small_count_is_given_or_can_be_told(
    rows: list[tuple[str, int, int]], least: int
) -> None:
    counts = table(rows)
    given_out = suppress_small(counts, smallest=least, within="region")
    known = given_out["incidents"].dropna()
    assert not ((known > 0) & (known < least)).any()
    assert (known == counts["incidents"][known.index]).all()
    hidden = given_out["incidents"].isna()
    assert given_out.loc[hidden, ["attacks", "fatalities_low"]].isna().all(axis=None)
    rest = (given_out["incidents"] - given_out["attacks"]).dropna()
    for column in (given_out["attacks"].dropna(), rest):
        assert not ((column > 0) & (column < least)).any()
    for _, group in counts[hidden].groupby("region"):
        whole = counts[counts["region"] == group["region"].iloc[0]]
        if len(group) == len(whole):
            continue
        # A reader who knows the total still has as many values for each as are small: one count may
        # be from 1 to what the others leave it.
        assert len(group) >= 2
        assert int(group["incidents"].sum()) - len(group) + 1 >= least


def test_one_small_count_takes_the_next_with_it() -> None:
    counts = table([("x", 1, 0), ("x", 9, 4), ("x", 4, 4), ("y", 7, 0)])
    given_out = suppress_small(counts, smallest=3, within="region")
    assert given_out["incidents"].isna().tolist() == [True, False, True, False]
    pd.testing.assert_frame_equal(suppress_small(counts, smallest=1), counts)


def test_what_is_no_table_of_counts_is_refused() -> None:
    with pytest.raises(ReleaseError, match="no column deaths; the table has no column cercle"):
        suppress_small(table([("x", 1, 0)]), smallest=3, total="deaths", within="cercle")
    with pytest.raises(ReleaseError, match="whole number above 0, got 0"):
        suppress_small(table([("x", 1, 0)]), smallest=0)
