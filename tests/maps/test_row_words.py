"""Dates and tolls in words, as the page says them."""

import pandas as pd
import pytest

from mali_incidents.maps.messages import number_words
from mali_incidents.maps.row_words import date_words, toll_words, type_words

BLANKS = str.maketrans("\u00a0\u202f", "  ")


@pytest.mark.parametrize(
    ("start", "end", "precision", "english", "french"),
    [
        ("2024-09-17", "2024-09-17", "day", "17 September 2024", "17 septembre 2024"),
        ("2024-07-01", None, None, "1 July 2024", "1er juillet 2024"),
        (
            "2012-04-30", "2012-05-01", "day",
            "30 April to 1 May 2012", "Du 30 avril au 1er mai 2012",
        ),
        ("2025-05-11", "2025-05-12", "days", "11 or 12 May 2025", "Le 11 ou le 12 mai 2025"),
        (
            "2024-12-31", "2025-01-01", "days",
            "31 December 2024 or 1 January 2025", "Le 31 décembre 2024 ou le 1er janvier 2025",
        ),
        (
            "2025-09-01", "2025-09-10", "month",
            "Between 1 and 10 September 2025", "Entre le 1er et le 10 septembre 2025",
        ),
        ("2024-02-01", "2024-02-29", "days", "February 2024", "février 2024"),
        ("2024-01-01", "2024-12-31", "year", "2024", "2024"),
        ("2024-02-11", "2024-02-11", "month", "February 2024", "février 2024"),
        ("2024-02-11", "2024-02-11", "week", "About 11 February 2024", "Vers le 11 février 2024"),
        (None, None, "day", "Date unknown", "Date inconnue"),
        (pd.NaT, pd.NaT, None, "Date unknown", "Date inconnue"),
    ],
)  # fmt: skip
def test_a_date_says_no_more_than_is_known(start, end, precision, english, french) -> None:
    first, last = (None if day is None else pd.Timestamp(day) for day in (start, end))
    assert date_words(first, last, precision, lang="en") == english
    assert date_words(first, last, precision, lang="fr") == french


@pytest.mark.parametrize(
    ("low", "best", "high", "english", "french"),
    [
        (None, None, None, "not known", "inconnu"),
        (3, 3, 3, "3", "3"),
        (0, None, 0, "0", "0"),
        (10, None, None, "at least 10", "au moins 10"),
        (10, 10, pd.NA, "at least 10", "au moins 10"),
        (None, None, 7, "at most 7", "au plus 7"),
        (None, 7, None, "7, range not given", "7, sans fourchette"),
        (1, 5, 35, "1–35, best supported 5", "1 à 35, chiffre le mieux étayé : 5"),
        (1200, None, 1500, "1,200–1,500", "1 200 à 1 500"),
    ],
)
def test_a_toll_is_a_range_and_a_missing_end_is_open(low, best, high, english, french) -> None:
    assert toll_words(low, best, high, lang="en") == english
    assert toll_words(low, best, high, lang="fr").translate(BLANKS) == french


def test_numbers_and_types_are_in_the_language() -> None:
    assert number_words(1234567, lang="en") == "1,234,567"
    assert number_words(1234567, lang="fr") == "1\u202f234\u202f567"
    assert type_words(None, lang="fr") == "Type non précisé"
    assert type_words("Riots", lang="fr") == "Émeutes"
