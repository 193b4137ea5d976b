"""Which regions of 2023 the units of a frame lie in, where that can be told."""

from functools import cache
from typing import Final, NamedTuple

import pandas as pd

from mali_incidents.places.names import fold
from mali_incidents.storage import shipped

_YEAR: Final = 2023
# A frame with this many of the regions that the reform made is one of today's.
_ENOUGH: Final = 5


class Reform(NamedTuple):
    """The regions since 2023 and the cercles in them, by folded names.

    Attributes
    ----------
    regions : dict of str to str
        How each region since 2023 is spelt.
    new : frozenset of str
        The regions that were none in 2017.
    old_cercles : dict of str to tuple of str
        The region that holds each cercle of before; two where they share its ground.
    new_cercles : dict of str to tuple of str
        The region that holds each cercle since 2023 whose name is that of one only.
    notes : dict of str to str
        What a reader must know of an old cercle whose ground two regions share.
    """

    regions: dict[str, str]
    new: frozenset[str]
    old_cercles: dict[str, tuple[str, ...]]
    new_cercles: dict[str, tuple[str, ...]]
    notes: dict[str, str]


@cache
def read_reform() -> Reform:
    """Read what ships of the reform of 2023."""
    table = pd.read_csv(shipped("boundaries", "region-2023.csv"), keep_default_na=False)
    old: dict[str, tuple[str, ...]] = {}
    new: dict[str, set[str]] = {}
    notes: dict[str, str] = {}
    for row in table.to_dict("records"):
        old[fold(row["cercle"])] = tuple(filter(None, (row["region_2023"], row["or_region_2023"])))
        if row["or_region_2023"]:
            notes[fold(row["cercle"])] = row["note"]
        for cercle in row["cercles_2023"].split("; "):
            new.setdefault(fold(cercle), set()).add(row["region_2023"])
    regions = {fold(name): name for held in old.values() for name in held}
    return Reform(
        regions=regions,
        new=frozenset(set(regions) - set(map(fold, table["region_2017"]))),
        old_cercles=old,
        new_cercles={cercle: tuple(held) for cercle, held in new.items() if len(held) == 1},
        notes=notes,
    )


def regions_since_2023(units: pd.DataFrame, *, vintage: int | None) -> dict[str, tuple[str, ...]]:
    """Tell the regions of 2023 that the units of a frame lie in.

    Parameters
    ----------
    units : pandas.DataFrame
        level and name by unit_id; ids nested by ``/``.
    vintage : int or None
        The year of the units; asked only where there are no regions to tell the reform by.

    Returns
    -------
    dict of str to tuple of str
        For each region, cercle and commune the regions of 2023 it lies in; () where they cannot
        be told. Before 2023 a cercle is told by its name, a commune by its cercle, and a region by
        all its cercles, that of its own name first: if one of them is not known, none is said. The
        old cercle of Tombouctou lies in Tombouctou or Taoudénit.
    """
    reform = read_reform()
    names: dict[str, dict[str, str]] = {"region": {}, "cercle": {}, "commune": {}}
    for unit, level, name in units[["level", "name"]].sort_index().itertuples():
        names.setdefault(level, {})[unit] = name
    regions, cercles = names["region"], names["cercle"]
    there = reform.new & set(map(fold, regions.values()))
    today = len(there) >= _ENOUGH or (not regions and (vintage or 0) >= _YEAR)
    told: dict[str, tuple[str, ...]] = {
        unit: (reform.regions.get(fold(name), name),)
        for unit, name in regions.items()
        if today or fold(name) in there
    }
    known = reform.new_cercles if today else reform.old_cercles
    for unit, name in cercles.items():
        first, *others = known.get(fold(name), ("",))
        # A frame that has the region carved out of a cercle has in the cercle what was left.
        rest = [one for one in others if fold(one) not in there]
        told[unit] = told.get(_holder(unit)) or tuple(filter(None, (first, *rest)))
    for unit in names["commune"]:
        told[unit] = told.get(_holder(unit), ())
    for unit in regions.keys() - told.keys():
        held = [told[cercle] for cercle in cercles if _holder(cercle) == unit]
        every = dict.fromkeys(one for several in held for one in several)
        # What is left of the region first, then what it gave up.
        order = sorted(every, key=lambda one: (fold(one) != fold(regions[unit]), fold(one)))
        told[unit] = tuple(order) if all(held) else ()
    return told


def _holder(unit_id: str) -> str:
    """Give the id of the unit that holds a unit."""
    return unit_id.rpartition("/")[0]
