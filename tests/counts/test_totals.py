import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import located_table

from mali_incidents.counts.totals import TOTALS, totals_by, zero_where_empty


def _in_order(ends):
    known = iter(sorted(end for end in ends if end is not None))
    low, best, high = (None if end is None else next(known) for end in ends)
    return {"fatalities_low": low, "fatalities_best": best, "fatalities_high": high}


tolls = st.lists(
    st.lists(st.none() | st.integers(0, 1000), min_size=3, max_size=3).map(
        # Sorted where known, as the contract asks, with the missing anywhere.
        _in_order
    ),
    max_size=8,
)


def _one_group(table):
    return pd.Series("all", index=table.index, dtype="str")


@settings(max_examples=30)
@given(tolls)
def test_sums_of_tolls_stay_in_order_and_unknown_ones_are_counted(rows):
    table = located_table(rows)
    totals = totals_by(table, _one_group(table))
    if not rows:
        assert totals.empty
        return
    total = totals.loc["all"]
    unknown = sum(all(end is None for end in row.values()) for row in rows)
    assert total["incidents"] == len(rows)
    assert total["toll_unknown"] == unknown
    if unknown == len(rows):
        assert total[["fatalities_low", "fatalities_best", "fatalities_high"]].isna().all()
    else:
        assert total["fatalities_low"] <= total["fatalities_best"] <= total["fatalities_high"]


def test_the_missing_ends_of_a_toll_come_from_the_known_one():
    table = located_table([{"fatalities_low": 2}, {"fatalities_best": 3}, {"fatalities_high": 7}])
    total = totals_by(table, _one_group(table)).loc["all"]
    assert list(total[["fatalities_low", "fatalities_best", "fatalities_high"]]) == [2, 5, 12]


def test_only_attacks_are_counted_as_attacks():
    table = located_table(
        [
            {},
            {"event_type": "Protests", "sub_event_type": "Peaceful protest"},
            {"actor_type": "State forces"},
            {"actor_type": None},
        ]
    )
    total = totals_by(table, _one_group(table)).loc["all"]
    assert (total["incidents"], total["attacks"]) == (4, 1)


def test_groups_come_sorted_and_rows_without_a_group_are_left_out():
    table = located_table([{}, {}, {}])
    group = pd.Series(["b", "a", None], index=table.index, dtype="str")
    totals = totals_by(table, group)
    assert list(totals.index) == ["a", "b"]
    assert list(totals.columns) == list(TOTALS)
    assert set(totals.dtypes.astype(str)) == {"Int64"}


def test_zero_goes_only_where_no_record_means_no_incident():
    table = located_table([{}])
    totals = totals_by(table, _one_group(table)).reindex(["all", "calm", "blank"])
    filled = zero_where_empty(totals, where=pd.Series([True, True, False], index=totals.index))
    assert list(filled.loc["calm"]) == [0] * len(TOTALS)
    assert filled.loc["blank"].isna().all()
    assert pd.isna(filled.loc["all", "fatalities_best"])
    assert totals.loc["calm"].isna().all()
