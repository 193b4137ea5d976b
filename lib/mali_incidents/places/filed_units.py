"""The units that places are filed under, found in a frame that may spell them otherwise."""

from collections.abc import Iterable
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process

from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.names import fold, read_name

_LEVELS: Final = {"admin1": "region", "admin2": "cercle", "admin3": "commune"}
# Of the 36 communes of OCHA's 2015 that the units of 2017 spell otherwise, the 35 whose spelling
# tells score 84 or more; two different communes of a cercle score 63 or less.
_ALIKE: Final = 80
# Fewer places than these say nothing of where their unit lies.
_FEWEST: Final = 3

Path = tuple[str, ...]


def find_filed_units(
    filed: pd.DataFrame, *, at: Iterable[str | None], frame: AdminFrame
) -> pd.Series:
    """Find the finest unit of a frame that each place is filed under.

    Parameters
    ----------
    filed : pandas.DataFrame
        Places with ``admin1``, ``admin2`` and ``admin3``, names as filed; blank where unknown.
    at : iterable of str or None
        The finest unit that holds each place's point.
    frame : AdminFrame
        The units.

    Returns
    -------
    pandas.Series
        A unit id for each place; None where no unit it is filed under is known. Within the unit
        found above it, a unit is the one of that name; else the one spelled most alike; else the
        one that holds more than half of the places filed so.
    """
    columns = [column for column, level in _LEVELS.items() if level in frame.levels]
    paths = pd.Series(
        list(filed[columns].itertuples(index=False, name=None)), index=filed.index, dtype="object"
    )
    homes = list(at)
    found: dict[Path, str] = {}
    for depth, column in enumerate(columns, start=1):
        held: dict[Path, list[str | None]] = {}
        for path, home in zip(paths, homes, strict=True):
            held.setdefault(path[:depth], []).append(home)
        units = frame.units.index[frame.units["level"] == _LEVELS[column]]
        by_holder: dict[str, list[Path]] = {}
        for head in held:
            if head[-1]:
                by_holder.setdefault(_finest(head[:-1], found), []).append(head)
        for holder, asked in by_holder.items():
            names = {
                str(unit): fold(frame.label(unit)) for unit in units if frame.holds(holder, unit)
            }
            found |= _by_name(asked, holder, _LEVELS[column], frame)
            # Across the country too much is alike, and too much is near.
            if holder != COUNTRY or depth == 1:
                found |= _by_spelling([one for one in asked if one not in found], names, found)
                left = {one: held[one] for one in asked if one not in found}
                found |= _by_places(left, names, frame)
    finest = {path: _finest(path, found) for path in paths.unique()}
    return paths.map({path: None if unit == COUNTRY else unit for path, unit in finest.items()})


def _finest(path: Path, found: dict[Path, str]) -> str:
    """Give the finest unit found for a path of names, the country where none is."""
    heads = (path[:depth] for depth in range(len(path), 0, -1))
    return next((found[head] for head in heads if head in found), COUNTRY)


def _by_name(asked: list[Path], holder: str, level: str, frame: AdminFrame) -> dict[Path, str]:
    """Find units by their names, type words ("Kita Commune") aside."""
    called: dict[Path, str] = {}
    for path in asked:
        for name in (path[-1], read_name(path[-1]).name):
            own = [unit for unit in frame.find(name, level=level) if frame.holds(holder, unit)]
            if len(own) == 1:
                called.setdefault(path, own[0])
    return called


def _by_spelling(
    asked: list[Path], names: dict[str, str], found: dict[Path, str]
) -> dict[Path, str]:
    """Find units by the spelling most alike, among those that no other path has taken."""
    taken = set(found.values())
    free = {unit: name for unit, name in names.items() if unit not in taken}
    alike = {}
    for path in asked:
        best = process.extract(
            read_name(path[-1]).name, free, scorer=fuzz.token_sort_ratio,
            score_cutoff=_ALIKE, limit=2,
        )  # fmt: skip
        if best and (len(best) == 1 or best[0][1] > best[1][1]):
            alike[path] = best[0][2]
    return alike


def _by_places(
    held: dict[Path, list[str | None]], names: dict[str, str], frame: AdminFrame
) -> dict[Path, str]:
    """Find units by where most of the places filed under them lie."""
    most = {}
    for path, homes in held.items():
        units = [unit for home in homes if home for unit in names if frame.holds(unit, home)]
        commonest = pd.Series(units, dtype="object").value_counts()
        if len(homes) >= _FEWEST and len(commonest) and commonest.iloc[0] * 2 > len(homes):
            most[path] = str(commonest.index[0])
    return most
