"""What an edition says of itself."""

import pytest

from mali_incidents.release.words import day_words


@pytest.mark.parametrize(
    ("day", "lang", "said"),
    [
        ("2026-01-31", "en", "31 January 2026"),
        ("2026-01-31", "fr", "31 janvier 2026"),
        ("2025-08-01", "en", "1 August 2025"),
        ("2025-08-01", "fr", "1er août 2025"),
    ],
)
def test_a_day_is_written_as_a_reader_writes_it(day: str, lang: str, said: str) -> None:
    assert day_words(day, lang=lang) == said
