import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_located import COVERAGE, in_unit, located_table, small_frame
from pandas.testing import assert_frame_equal

from mali_incidents.counts.units import count_by_unit, covered_units
from mali_incidents.errors import CountError
from mali_incidents.places.frames import AdminFrame

FRAME = small_frame()
NOWHERE = {"level": "none", "method": "none"}
SOMEWHERE = {"level": "country", "method": "unit"}

rows = st.sampled_from(
    [NOWHERE, SOMEWHERE, *(in_unit(FRAME, unit) for unit in FRAME.units.index[1:])]
)


@settings(max_examples=40)
@given(
    st.lists(rows, max_size=8),
    st.sampled_from(["region", "cercle", "commune"]),
    st.sampled_from([None, COVERAGE]),
)
def test_every_row_is_counted_once_and_every_unit_is_listed(filled, level, coverage):
    table = located_table(filled)
    counts = count_by_unit(table, level=level, frame=FRAME, coverage=coverage)
    assert counts["incidents"].sum() == len(filled)
    units = FRAME.units.index[FRAME.units["level"] == level]
    assert list(counts.loc[counts["level"] == level, "unit_id"]) == sorted(units)
    assert counts["unit_id"].dropna().is_unique


def test_a_unit_counts_what_is_known_to_it_or_more_finely_and_lists_the_rest():
    table = located_table(
        [
            in_unit(FRAME, "ML-2017/east/north/town"),
            in_unit(FRAME, "ML-2017/east/north"),
            in_unit(FRAME, "ML-2017/east"),
            SOMEWHERE,
            NOWHERE,
        ]
    )
    counts = count_by_unit(table, frame=FRAME, coverage=COVERAGE)
    assert list(zip(counts["unit_id"].fillna("-"), counts["level"], strict=True)) == [
        ("ML-2017/east/north", "cercle"),
        ("ML-2017/east/south", "cercle"),
        ("ML-2017/west/north", "cercle"),
        ("ML-2017/west/south", "cercle"),
        ("ML", "country"),
        ("ML-2017/east", "region"),
        ("-", "none"),
    ]
    assert list(counts["incidents"].fillna(-1)) == [2, 0, 0, -1, 1, 1, 1]
    assert list(counts["covered"]) == [True, True, True, False, False, True, False]
    assert list(counts["name"].head(2)) == ["north", "south"]


def test_outside_the_coverage_a_count_is_missing_unless_there_are_records():
    table = located_table([in_unit(FRAME, "ML-2017/west/south/field")])
    counts = count_by_unit(table, level="region", frame=FRAME, coverage=COVERAGE)
    counts = counts.set_index("unit_id")
    # Half of it is covered: not the whole, so no zero, but the record that is there is counted.
    assert not counts.loc["ML-2017/west", "covered"]
    assert counts.loc["ML-2017/west", "incidents"] == 1
    alone = count_by_unit(located_table([]), level="region", frame=FRAME, coverage=COVERAGE)
    assert list(alone["incidents"].fillna(-1)) == [0, -1]


def test_without_a_coverage_no_unit_is_zero():
    counts = count_by_unit(located_table([]), frame=FRAME)
    assert counts["incidents"].isna().all()
    assert not counts["covered"].any()


def test_a_coverage_of_the_country_covers_every_unit():
    whole = COVERAGE._replace(units=("ML",))
    assert covered_units(FRAME.units.index, frame=FRAME, coverage=whole).all()


def test_a_unit_does_not_cover_another_whose_id_begins_with_its_own():
    table = covered_units(
        pd.Index(["ML-2017/eastern", "ML-2017/east"]), frame=FRAME, coverage=COVERAGE
    )
    assert list(table) == [False, True]


def test_the_table_is_not_edited():
    table = located_table([in_unit(FRAME, "ML-2017/east")])
    before = table.copy()
    count_by_unit(table, frame=FRAME, coverage=COVERAGE)
    assert_frame_equal(table, before)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"level": "village"}, r"region, cercle, commune.*'village'"),
        ({"coverage": COVERAGE._replace(frame="mali-2023")}, "mali-2023"),
        ({"coverage": COVERAGE._replace(units=("ML-2017/nowhere",))}, "ML-2017/nowhere"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_what_came(asked, said):
    with pytest.raises(CountError, match=said):
        count_by_unit(located_table([]), **{"frame": FRAME, **asked})


def test_a_level_that_the_frame_has_not_is_refused():
    units = FRAME.units[FRAME.units["level"].isin(["region", "cercle"])].reset_index()
    coarse = AdminFrame(name=FRAME.name, units=units, simplified=FRAME.simplified)
    with pytest.raises(CountError, match="has no communes to count by; it has regions, cercles"):
        count_by_unit(located_table([]), level="commune", frame=coarse)
    assert len(count_by_unit(located_table([]), frame=coarse)) == 4


def test_a_table_of_another_vintage_is_refused_and_all_is_said_at_once():
    table = located_table([{"frame": "mali-2023"}])
    with pytest.raises(CountError, match=r"'x'.*located in mali-2023, not in mali-2017"):
        count_by_unit(table, level="x", frame=FRAME)
