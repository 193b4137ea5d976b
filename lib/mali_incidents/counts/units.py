"""How many incidents each region, cercle or commune has."""

from typing import Final, Literal

import geopandas as gpd
import pandas as pd

from mali_incidents.counts.totals import totals_by, zero_where_empty
from mali_incidents.errors import CountError
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import why_not_located

# The columns that name a unit, from the coarsest level to the finest.
_ID_COLUMNS: Final = {"region": "admin1_id", "cercle": "admin2_id", "commune": "admin3_id"}


def count_by_unit(
    located: gpd.GeoDataFrame,
    *,
    level: Literal["region", "cercle", "commune"] = "cercle",
    frame: AdminFrame,
    coverage: Coverage | None = None,
) -> pd.DataFrame:
    """Count the incidents of every unit of a level, and those known only more coarsely.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    level : {"region", "cercle", "commune"}
        Which units.
    frame : AdminFrame
        The units the table was located in.
    coverage : Coverage, optional
        What the records claim to cover. Without it no unit is known to be complete, and one
        without incidents has missing counts.

    Returns
    -------
    pandas.DataFrame
        One row a unit of the level, sorted by id, whether it has incidents or not:

        - ``unit_id``, ``level``, ``name``
        - ``covered``: whether the whole unit lies in the coverage
        - ``incidents``, ``attacks``, ``fatalities_low``, ``fatalities_best``,
          ``fatalities_high``, ``toll_unknown``: as in
          :func:`mali_incidents.counts.totals.totals_by`; <NA>, not 0, where there is no record
          and the unit is not covered

        Then one row for each coarser unit with incidents whose unit of this level is not known,
        and one of level ``none`` with a missing ``unit_id`` for those located nowhere, if there
        are any: ``incidents`` adds up to the rows of ``located``.

    Raises
    ------
    CountError
        When the level is none of these or the frame has none of it, or the table, the frame and
        the coverage do not name the same units.
    """
    if wrong := why_not_located(located):
        raise CountError(wrong)
    _check_frames(located, level=level, frame=frame, coverage=coverage)
    units = frame.units
    finest_known = _finest_known(located, level=level)
    counts = totals_by(located, finest_known)
    wanted = units.index[units["level"] == level].sort_values()
    coarser = counts.index.difference(wanted)
    counts = counts.reindex(wanted.append(coarser))
    covered = covered_units(counts.index, frame=frame, coverage=coverage)
    counts = zero_where_empty(counts, where=covered)
    counts.insert(0, "level", units["level"].reindex(counts.index))
    counts.insert(1, "name", units["name"].reindex(counts.index))
    counts.insert(2, "covered", covered)
    counts = counts.rename_axis("unit_id").reset_index()
    nowhere = totals_by(located, finest_known.isna().where(finest_known.isna()))
    return pd.concat([counts, nowhere.assign(level="none", covered=False)], ignore_index=True)


def covered_units(units: pd.Index, *, frame: AdminFrame, coverage: Coverage | None) -> pd.Series:
    """Tell which units lie wholly in the coverage.

    Parameters
    ----------
    units : pandas.Index
        Unit ids of the frame.
    frame : AdminFrame
        Tells which unit holds which.
    coverage : Coverage, optional
        Its units cover themselves and every unit in them.

    Returns
    -------
    pandas.Series of bool
        Indexed by ``units``; all False without a coverage.

    Raises
    ------
    CountError
        When the coverage names units of another frame.
    """
    if coverage is not None and (wrong := _other_frame(coverage, frame)):
        raise CountError(wrong)
    claimed = () if coverage is None else coverage.units
    covered = [any(frame.holds(whole, unit) for whole in claimed) for unit in units]
    return pd.Series(covered, index=units, dtype=bool)


def other_units(
    located: gpd.GeoDataFrame, *, frame: AdminFrame, coverage: Coverage | None
) -> list[str]:
    """Say where a table or a coverage names units that are not those of a frame.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    frame : AdminFrame
        The units that all should name.
    coverage : Coverage or None
        What the records claim to cover.

    Returns
    -------
    list of str
        What is wrong, in words; empty when all is well. Ids of different vintages do not compare.
    """
    wrong = []
    others = sorted(set(located["frame"].dropna()) - {frame.name})
    if others:
        wrong.append(f"the table was located in {', '.join(others)}, not in {frame.name}")
    if coverage is not None and (other := _other_frame(coverage, frame)):
        wrong.append(other)
    elif coverage is not None:
        unknown = [unit for unit in coverage.units if unit not in frame.units.index]
        if unknown:
            wrong.append(f"the coverage names units {frame.name} has not: {', '.join(unknown)}")
    return wrong


def _finest_known(located: gpd.GeoDataFrame, *, level: str) -> pd.Series:
    """Give each incident's unit at a level, or the finest coarser one that is known."""
    known = pd.Series(pd.NA, index=located.index, dtype="str")
    known = known.mask(located["level"] == "country", COUNTRY)
    for name, column in _ID_COLUMNS.items():
        known = located[column].fillna(known)
        if name == level:
            break
    return known


def _check_frames(
    located: gpd.GeoDataFrame, *, level: str, frame: AdminFrame, coverage: Coverage | None
) -> None:
    """Refuse a level that is none, and units of different vintages: their ids do not compare."""
    wrong = []
    if level not in _ID_COLUMNS:
        wrong.append(f"level must be one of {', '.join(_ID_COLUMNS)}, got {level!r}")
    elif level not in frame.levels:
        has = ", ".join(f"{one}s" for one in frame.levels)
        wrong.append(f"the frame {frame.name} has no {level}s to count by; it has {has}")
    wrong += other_units(located, frame=frame, coverage=coverage)
    if wrong:
        raise CountError("; ".join(wrong))


def _other_frame(coverage: Coverage, frame: AdminFrame) -> str | None:
    """Say that a coverage is of another vintage of units than a frame, or give None."""
    if coverage.frame == frame.name:
        return None
    return f"the coverage names units of {coverage.frame}, not of {frame.name}"
