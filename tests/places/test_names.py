"""Names are folded and parted from their type words, and nothing more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.places.names import fold, read_name, read_segments, says_relation


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert fold(text) == fold(f" {text}-")
    for segment in read_segments(text):
        assert read_name(segment).level in {None, "region", "cercle", "commune", "place"}
        assert says_relation(segment) in {True, False}


@pytest.mark.parametrize(
    ("segment", "name", "level"),
    [
        ("cercle de Kangaba", "kangaba", "cercle"),
        ("Région de Ségou", "segou", "region"),
        ("commune rurale de la Narena", "narena", "commune"),
        ("Banamba town", "banamba", "place"),
        ("Kati military camp", "kati", None),
        ("N'Tillit", "n tillit", None),
        ("Camp", "camp", None),
    ],
)
def test_type_words_decide_the_level(segment: str, name: str, level: str | None) -> None:
    assert read_name(segment)[:2] == (name, level)


@pytest.mark.parametrize(
    "segment", ["entre X et Y", "30 km south of X", "Kayes–Diéma", "près de X"]
)
def test_relations_are_told_from_names(segment: str) -> None:
    assert says_relation(segment)
    assert not says_relation("Kangaba")
