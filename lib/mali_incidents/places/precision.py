"""The precision codes of UCDP and ACLED: what they say of a place and a date, and back again.

A code decides what coordinates may be taken for. UCDP writes the centroid of a region beside an
event known only to the region, ACLED the town's point beside one somewhere near the town: drawn as
points, both would say more than is known.

The meanings are those of the codebooks (UCDP GED Codebook, where_prec and date_prec; ACLED
Codebook, geo_precision and time_precision), in our own words. Where a codebook gives no distance,
the figure here is ours and says why.
"""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from mali_incidents.errors import LocateError
from mali_incidents.tables import POINT_LEVELS

# A named town or village, its own extent included: what the gazetteer gives a town, and more than
# lies between the points of two gazetteers for 95 in 100 of the places UCDP codes in Mali.
_PLACE_M: Final = 3_000.0
# UCDP's "near": about 25 km round a known point. ACLED gives no distance; we read it the same way.
_NEAR_M: Final = 25_000.0
# A town drawn as a place may be as wide as the unit that it is.
_WIDEST_PLACE_M: Final = 15_000.0


class ReportedPrecision(NamedTuple):
    """What a code lets coordinates be taken for.

    Attributes
    ----------
    level : str or None
        One of the levels; None where the code fits no one level (a road, a border, part of the
        country), so that only the names of the record can tell the area.
    radius_m : float or None
        Metres round the coordinates within which the event lies. None where they are only a
        stand-in: the area is then the unit of that level, named or holding the point, and the
        record has no pin.
    """

    level: str | None
    radius_m: float | None


_MEANINGS: Final = {
    "ucdp:1": ReportedPrecision("place", _PLACE_M),  # the place itself
    "ucdp:2": ReportedPrecision("place", _NEAR_M),  # near a known place
    "ucdp:3": ReportedPrecision("cercle", None),  # the second order of units, by its centroid
    "ucdp:4": ReportedPrecision("region", None),  # the first order of units, by its centroid
    "ucdp:5": ReportedPrecision(None, None),  # a line or a loosely bounded area, by some point
    "ucdp:6": ReportedPrecision("country", None),  # the country, by its centroid
    "ucdp:7": ReportedPrecision("none", None),  # on the open sea or in the air
    "acled:1": ReportedPrecision("place", _PLACE_M),  # a particular town
    "acled:2": ReportedPrecision("place", _NEAR_M),  # near a town, or a small part of a region
    "acled:3": ReportedPrecision("region", None),  # a larger region, often by its capital
}
_COLUMNS: Final = {
    "ucdp": ("where_prec", "date_prec"),
    "acled": ("geo_precision", "time_precision"),
}
DATE_PRECISION_OF_CODE: Final = {
    "ucdp": {"1": "day", "2": "days", "3": "week", "4": "month", "5": "year"},
    "acled": {"1": "day", "2": "week", "3": "month"},
}
"""The date_precision that each scheme's code of dates says."""

# By level, what is no place: UCDP codes communes as areas without an order of their own.
_AREA_CODES: Final = {
    "ucdp": {"commune": 5, "cercle": 3, "region": 4, "country": 6},
    "acled": {"commune": 2, "cercle": 2, "region": 3, "country": 3},
}
_LOOSE_CODE: Final = {"ucdp": 5, "acled": 3}
# ACLED has no code for a few days known, which a week holds, and none for a year.
_DATE_CODES: Final = {
    "ucdp": {"day": 1, "days": 2, "week": 3, "month": 4, "year": 5},
    "acled": {"day": 1, "days": 2, "week": 2, "month": 3},
}


def reported_level(reported_precision: str | None) -> ReportedPrecision | None:
    """Tell what a record's precision code lets its coordinates be taken for.

    Parameters
    ----------
    reported_precision : str or None
        The source's own code, e.g. ``"ucdp:4"`` or ``"acled:2"``.

    Returns
    -------
    ReportedPrecision or None
        None where there is no code, or none that is known: the coordinates are then as precise as
        they are written.
    """
    return _MEANINGS.get(reported_precision) if isinstance(reported_precision, str) else None


def check_scheme(scheme: str | None) -> None:
    """Refuse a scheme of codes that is not known; None asks for none."""
    if scheme is not None and scheme not in _COLUMNS:
        raise LocateError(f"codes must be those of {' or '.join(_COLUMNS)}, got {scheme!r}")


def precision_codes(located: gpd.GeoDataFrame, *, scheme: str) -> pd.DataFrame:
    """Say how finely places and dates are known in the codes of another dataset.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    scheme : {"ucdp", "acled"}
        Whose codes.

    Returns
    -------
    pandas.DataFrame
        ``where_prec`` and ``date_prec`` (UCDP) or ``geo_precision`` and ``time_precision``
        (ACLED), whole numbers, with the index of ``located``; missing where the place is not
        known or the scheme has no code.

    Raises
    ------
    LocateError
        When there is no such scheme.
    """
    check_scheme(scheme)
    level, radius = located["level"], located["uncertainty_m"].round()
    loose = located["method"].isin(["near", "offset", "between", "part"])
    pinned = level.isin(POINT_LEVELS)
    conditions = [
        level == "none",
        pinned & ~loose & (radius <= _WIDEST_PLACE_M),
        (pinned | loose) & (radius <= _NEAR_M),
        pinned | loose,
    ]
    places = np.select(
        conditions, [0, 1, 2, _LOOSE_CODE[scheme]], level.map(_AREA_CODES[scheme]).fillna(0)
    )
    codes = {
        _COLUMNS[scheme][0]: pd.Series(places, index=located.index).replace(0, pd.NA),
        _COLUMNS[scheme][1]: located["date_precision"].map(_DATE_CODES[scheme]),
    }
    return pd.DataFrame(codes).astype("Int64")
