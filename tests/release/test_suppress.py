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


@given(ROWS, st.data(), st.integers(2, 5))
def test_what_is_withheld_is_not_to_be_had_by_subtracting_what_is_published(
    rows: list[tuple[str, int, int]], data: st.DataObject, least: int
) -> None:
    withheld = table(rows)
    seen = st.tuples(st.integers(0, 9), st.integers(0, 9)).map(lambda two: (max(two), min(two)))
    shown = data.draw(st.lists(seen, min_size=len(rows), max_size=len(rows)))
    published = table([(row[0], *one) for row, one in zip(rows, shown, strict=True)])
    counts = published.assign(
        **{name: published[name] + withheld[name] for name in withheld.columns if name != "region"}
    )
    given_out = suppress_small(counts, smallest=least, within="region", published=published)
    left = given_out["incidents"] - published["incidents"]
    known = left.dropna()
    assert (known == withheld["incidents"][known.index]).all()
    rest = left - (given_out["attacks"] - published["attacks"])
    for column in (known, (given_out["attacks"] - published["attacks"]).dropna(), rest.dropna()):
        assert not ((column > 0) & (column < least)).any()
    # Who knows how many were withheld in a region, and in all, learns no small count either.
    for whole in [withheld, *(group for _, group in withheld.groupby("region"))]:
        group = whole.loc[left[whole.index].isna(), "incidents"]
        if group.between(1, least - 1).any() and len(group) < len(whole):
            assert len(group) >= 2
            assert int(group.sum()) - int((group > 0).sum()) + 1 >= least


def test_a_withheld_incident_beside_many_published_is_left_out() -> None:
    published = table([("x", 9, 9), ("x", 4, 0), ("x", 7, 0)])
    counts = table([("x", 10, 10), ("x", 4, 0), ("x", 12, 5)])
    given_out = suppress_small(counts, smallest=3, published=published)
    assert given_out["incidents"].isna().tolist() == [True, False, True]
    assert given_out["attacks"].isna().tolist() == [True, False, True]
    with pytest.raises(ReleaseError, match="counted in the same rows"):
        suppress_small(counts, smallest=3, published=published.head(2))


def test_no_more_is_left_out_than_a_small_count_needs() -> None:
    counts = table([("x", 6, 0), ("y", 1, 0), ("y", 9, 9), ("z", 7, 7)])
    given_out = suppress_small(counts, smallest=3, within="region")
    assert given_out["incidents"].isna().tolist() == [False, True, True, False]
    assert given_out["attacks"].isna().tolist() == [False, True, True, False]


def test_small_counts_of_what_is_published_anyway_take_no_others_with_them() -> None:
    published = table([("x", 1, 1), ("x", 2, 0), ("x", 9, 3)])
    counts = table([("x", 1, 1), ("x", 2, 0), ("x", 14, 6)])
    given_out = suppress_small(counts, smallest=3, published=published)
    assert given_out["incidents"].isna().tolist() == [True, True, False]


def test_the_deaths_of_few_are_not_given_where_most_tolls_are_unknown() -> None:
    counts = table([("x", 9, 9), ("x", 9, 9), ("x", 9, 9)]).assign(uncounted=[8, 0, 3])
    given_out = suppress_small(
        counts, smallest=3, parts=("attacks", "uncounted"), unknown="uncounted"
    )
    assert given_out["incidents"].notna().all()
    assert given_out["uncounted"].isna().tolist() == [True, False, True]
    assert given_out["fatalities_low"].isna().tolist() == [True, False, True]
    with pytest.raises(ReleaseError, match="unknown must be one of the parts"):
        suppress_small(counts, smallest=3, unknown="uncounted")


@pytest.mark.parametrize(
    ("whole", "seen"),
    [
        # What a row without a withheld incident has beside is nought, whether it is given or not.
        ([("y", 6, 4), ("y", 4, 1), ("x", 4, 0)], [("y", 0, 0), ("y", 4, 1), ("x", 0, 0)]),
        ([("x", 2, 2), ("x", 6, 5), ("y", 4, 0)], [("x", 2, 2), ("x", 0, 0), ("y", 0, 0)]),
    ],
)
def test_what_can_only_be_nought_hides_no_part(
    whole: list[tuple[str, int, int]], seen: list[tuple[str, int, int]]
) -> None:
    given_out = suppress_small(table(whole), smallest=3, within="region", published=table(seen))
    # Who knows how many attacks were withheld would have them where they were.
    assert given_out["attacks"].isna().all()
