"""Rulings on names that no rule finds: other names, names that never match, names of areas."""

from functools import cache
from typing import NamedTuple

import pandas as pd

from mali_incidents.places.names import spelling_key
from mali_incidents.storage import shipped


class Alias(NamedTuple):
    """Another name of a place or unit; ``level`` is that of the unit, or blank for any."""

    name: str
    level: str


@cache
def read_aliases() -> dict[str, tuple[Alias, ...]]:
    """Read other names that reports use, by the key of the name proper."""
    table = pd.read_csv(shipped("places", "aliases.csv"), keep_default_na=False)
    found: dict[str, list[Alias]] = {}
    for row in table.to_dict("records"):
        alias = Alias(row["alias"], row["level"])
        found.setdefault(spelling_key(row["name"]), []).append(alias)
    return {key: tuple(aliases) for key, aliases in found.items()}


@cache
def read_never() -> dict[tuple[str, str], str]:
    """Read which names must never be taken for which.

    Returns
    -------
    dict of (str, str) to str
        The keys of both names, in either order, and the id of the unit within which the ruling
        holds; blank where it holds everywhere.
    """
    table = pd.read_csv(shipped("places", "never.csv"), keep_default_na=False)
    pairs = {
        (spelling_key(written), spelling_key(other)): within
        for written, other, within in table[["written", "not", "within"]].itertuples(index=False)
    }
    return pairs | {(other, written): within for (written, other), within in pairs.items()}


def read_named_areas() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Read the areas that have a name and are no unit, such as the Gourma.

    Returns
    -------
    dict of str to (str, tuple of str)
        By the key of each name the level and the names of the units that hold the area.
    """
    table = pd.read_csv(shipped("places", "areas.csv"), keep_default_na=False)
    return {
        spelling_key(name): (row["level"], tuple(row["units"].split(";")))
        for row in table.to_dict("records")
        for name in filter(None, (row["name"], *row["other_names"].split(";")))
    }
