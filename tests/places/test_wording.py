"""The words for numbers and directions, English and French."""

import pytest

from mali_incidents.places.wording import heading_of, is_rough, number_of, says_outskirts


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("30", (30, 30)),
        ("2.5", (2.5, 2.5)),
        ("2,5", (2.5, 2.5)),
        ("1,000", (1000, 1000)),
        ("1 000", (1000, 1000)),
        ("1.500", (1500, 1500)),
        ("twenty-five", (25, 25)),
        ("one hundred", (100, 100)),
        ("quinze", (15, 15)),
        ("vingt-cinq", (25, 25)),
        ("soixante-dix", (70, 70)),
        ("quatre-vingt-dix", (90, 90)),
        ("trentaine", (30, 30)),
        ("dozen", (12, 12)),
        ("few", (2, 8)),
        ("quelques dizaines de", (20, 60)),
        ("gao", None),
        ("", None),
    ],
)
def test_numbers_in_digits_and_words(words: str, number: tuple[float, float] | None) -> None:
    assert number_of(words) == number


@pytest.mark.parametrize(
    ("words", "heading"),
    [
        ("north", "n"),
        ("nord-est", "ne"),
        ("south south west", "ssw"),
        ("ouest-nord-ouest", "wnw"),
        ("so", "sw"),
        ("nno", "nnw"),
        ("north-south", None),
        ("up", None),
    ],
)
def test_headings(words: str, heading: str | None) -> None:
    assert heading_of(words) == heading


def test_vague_numbers_and_the_edge_of_a_place() -> None:
    assert is_rough("about ", "30")
    assert is_rough("", "trentaine")
    assert not is_rough("a ", "30")
    assert says_outskirts("on the outskirts of x")
    assert says_outskirts("a la peripherie de x")
    assert not says_outskirts("near x")
