"""Sources as lists and as numbered columns."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.records.sources import sources_from_columns, sources_to_columns
from mali_incidents.tables import Source

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=9).map(str.strip).filter(bool)
SOURCES = st.builds(Source, WORDS, st.none() | WORDS, st.none() | WORDS)


@given(st.lists(st.lists(SOURCES, max_size=3), max_size=4))
def test_there_and_back(lists: list[list[Source]]) -> None:
    sources = pd.Series(lists, index=range(5, 5 + len(lists)), dtype="object")
    pd.testing.assert_series_equal(sources_from_columns(sources_to_columns(sources)), sources)


def test_a_source_without_a_name_goes_by_its_address() -> None:
    rows = pd.DataFrame(
        {"source_10_url": ["https://b.org"], "source_2_name": ["A"], "other": ["x"]}
    )
    assert sources_from_columns(rows)[0] == [Source("A"), Source("https://b.org", "https://b.org")]
