import pandas as pd
import pytest
from made_located import located_table

from mali_incidents.maps.figure_words import (
    day_name,
    meridian,
    parallel,
    period_of,
    projection_note,
)
from mali_incidents.maps.projection import projection_for
from mali_incidents.maps.view import Spot, View


def _between(first, last):
    days = [
        {"date_start": pd.Timestamp(day), "date_end": pd.Timestamp(day)} for day in (first, last)
    ]
    return located_table(days)


@pytest.mark.parametrize(
    ("first", "last", "english", "french"),
    [
        ("2025-05-11", "2025-05-30", "May 2025", "mai 2025"),
        ("2025-01-02", "2025-06-30", "January–June 2025", "janvier–juin 2025"),
        ("2025-01-02", "2025-12-30", "2025", "2025"),
        ("2024-11-02", "2025-03-30", "November 2024 – March 2025", "novembre 2024 – mars 2025"),
        ("2012-03-22", "2026-01-31", "2012–2026", "2012–2026"),
    ],
)
def test_a_period_is_told_no_finer_than_is_of_use(first, last, english, french):
    said = {lang: period_of(_between(first, last), lang=lang) for lang in ("en", "fr")}
    assert said["en"].replace("\u00a0", " ") == english
    assert said["fr"].replace("\u00a0", " ") == french


def test_no_date_is_no_period():
    assert period_of(located_table([]), lang="en") == ""


def test_days_and_degrees_are_written_in_the_language():
    day = pd.Timestamp("2025-05-01")
    assert day_name(day, lang="en").replace("\u00a0", " ") == "1 May 2025"
    assert day_name(day, lang="fr").replace("\u00a0", " ") == "1er mai 2025"
    written = [meridian(-8.5, lang="en"), meridian(-8.5, lang="fr"), meridian(0, lang="fr")]
    assert [one.replace("\u00a0", " ") for one in written] == ["8.5° W", "8,5° O", "0°"]
    assert parallel(-0.25, lang="fr").replace("\u00a0", " ") == "0,25° S"


BAMAKO = View((11.2, -9.5, 14.1, -6.5), centre=Spot("Bamako", 12.64, -8.0), radius_km=150)
GAO = View((14.8, -1.6, 17.7, 1.5), centre=Spot("Gao", 16.27, -0.04), radius_km=150)
MALI = View((10.1, -12.3, 25.0, 4.3))


def test_a_view_in_one_zone_is_drawn_in_utm_and_any_other_with_true_areas():
    assert projection_for(BAMAKO).code == "EPSG:32629"
    assert projection_for(GAO).crs.startswith("+proj=laea +lat_0=16.27")
    assert projection_for(MALI).zone is None
    assert "zone 29N (EPSG:32629)" in projection_note(BAMAKO, lang="en")
    assert "centred on Gao" in projection_note(GAO, lang="en")
    said = projection_note(MALI, lang="fr").replace("\u00a0", " ")
    assert "équivalente" in said
    assert "17,6° N 4° O" in said
