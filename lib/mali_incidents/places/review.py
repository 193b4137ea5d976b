"""Rows that a person should look at, and why."""

from typing import Final

import geopandas as gpd
import pandas as pd

from mali_incidents.places.reasons import reason_sentence

# Notes of the reason that a person can settle.
_OPEN: Final = {
    "abroad",
    "also-named",
    "ambiguous",
    "clash",
    "clash-near",
    "clash-unit",
    "elsewhere",
    "not-found",
    "not-read",
    "other-unit",
    "outside",
    "rounded",
    "swapped",
    "units-unknown",
}


def rows_for_review(located: gpd.GeoDataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Choose the located rows that a person should look at.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    lang : {"en", "fr"}
        The language of ``review_why``.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows not located, known only by what holds them, taken by a spelling that is not quite
        theirs, ambiguous, or with something in them that was not read or does not fit; with the
        column ``review_why``.
    """
    coarse = located["reason"].map(
        lambda reason: reason.code in {"admins", "inside", "spelt-nearly"}
    )
    open_notes = located["reason"].map(
        lambda reason: any(code in _OPEN for code, _ in reason.values.get("notes", []))
    )
    chosen = located[(located["level"] == "none") | coarse | open_notes]
    why = [reason_sentence(reason, lang=lang) for reason in chosen["reason"]]
    reviewed: pd.DataFrame = chosen.assign(
        review_why=pd.Series(why, index=chosen.index, dtype="str")
    )
    return reviewed
