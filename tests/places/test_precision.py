"""Precision codes of other datasets: what they let coordinates be taken for, and back again."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_located import disc, in_unit, located_table, small_frame

from mali_incidents.errors import LocateError
from mali_incidents.places.precision import (
    DATE_PRECISION_OF_CODE,
    ReportedPrecision,
    precision_codes,
    reported_level,
)
from mali_incidents.tables import DATE_PRECISIONS, LEVELS, POINT_LEVELS

CODES = [f"ucdp:{n}" for n in range(1, 8)] + [f"acled:{n}" for n in range(1, 4)]


def place(radius_m: float, **values: object) -> dict[str, object]:
    """A row known to a circle."""
    row = {"footprint": disc(-8, 12.6, radius_m), "uncertainty_m": radius_m}
    return row | {"level": "place", "method": "coordinates", "date_precision": "day"} | values


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ucdp:1", ("place", 3_000)),
        ("ucdp:2", ("place", 25_000)),
        ("ucdp:3", ("cercle", None)),
        ("ucdp:4", ("region", None)),
        ("ucdp:5", (None, None)),
        ("ucdp:6", ("country", None)),
        ("ucdp:7", ("none", None)),
        ("acled:1", ("place", 3_000)),
        ("acled:2", ("place", 25_000)),
        ("acled:3", ("region", None)),
    ],
)
def test_what_a_code_says(code: str, expected: tuple[str | None, float | None]) -> None:
    assert reported_level(code) == ReportedPrecision(*expected)


@pytest.mark.parametrize("code", CODES)
def test_a_stand_in_has_no_radius_and_a_point_has_one(code: str) -> None:
    meaning = reported_level(code)
    assert meaning is not None
    assert meaning.level in {None, *LEVELS}
    assert (meaning.radius_m is not None) == (meaning.level in POINT_LEVELS)


@given(st.one_of(st.none(), st.text(), st.just(float("nan")), st.just(pd.NA)))
def test_any_other_code_says_nothing(code: object) -> None:
    assert str(code) in CODES or reported_level(code) is None


@pytest.mark.parametrize("code", [code for code in CODES if code not in {"ucdp:5", "ucdp:7"}])
def test_what_was_read_from_a_code_is_written_as_that_code(code: str) -> None:
    scheme, number = code.split(":")
    meaning = reported_level(code)
    frame = small_frame()
    units = {"cercle": "ML-2017/east/north", "region": "ML-2017/east", "country": "ML"}
    row = in_unit(frame, units[meaning.level]) if meaning.level in units else place(25_000)
    radius = meaning.radius_m or frame.circle(units[meaning.level]).radius_m
    written = precision_codes(located_table([row | {"uncertainty_m": radius}]), scheme=scheme)
    assert written.iloc[0, 0] == int(number)


@pytest.mark.parametrize(
    ("row", "ucdp", "acled"),
    [
        (place(250, level="site"), 1, 1),
        (place(12_000, method="place"), 1, 1),
        (place(10_000, method="near"), 2, 2),
        (place(25_000.3), 2, 2),
        (place(40_000, method="offset"), 5, 3),
        (place(30_000, method="between", level="cercle"), 5, 3),
        (place(90_000, method="part", level="region"), 5, 3),
        (place(12_000, method="unit", level="commune"), 5, 2),
        ({"level": "none"}, None, None),
    ],
)
def test_how_finely_a_place_is_known_in_their_codes(
    row: dict[str, object], ucdp: int | None, acled: int | None
) -> None:
    located = located_table([row])
    for scheme, column, expected in (
        ("ucdp", "where_prec", ucdp),
        ("acled", "geo_precision", acled),
    ):
        written = precision_codes(located, scheme=scheme)[column].iloc[0]
        assert written is pd.NA if expected is None else written == expected


def test_dates_are_known_in_their_codes() -> None:
    located = located_table([place(250, date_precision=each) for each in DATE_PRECISIONS])
    located.index = pd.Index(range(10, 15))
    ucdp = precision_codes(located, scheme="ucdp")
    assert ucdp.index.equals(located.index)
    assert ucdp["date_prec"].tolist() == [1, 2, 3, 4, 5]
    acled = precision_codes(located, scheme="acled")["time_precision"]
    assert acled.tolist() == [1, 2, 2, 3, pd.NA]


@pytest.mark.parametrize("scheme", ["ucdp", "acled"])
def test_a_code_of_dates_is_written_as_it_was_read(scheme: str) -> None:
    codes = DATE_PRECISION_OF_CODE[scheme]
    located = located_table([place(250, date_precision=each) for each in codes.values()])
    assert precision_codes(located, scheme=scheme).iloc[:, 1].tolist() == [int(n) for n in codes]


def test_codes_of_nobody_are_refused() -> None:
    with pytest.raises(LocateError, match="ucdp or acled, got 'gdelt'"):
        precision_codes(located_table([place(250)]), scheme="gdelt")
