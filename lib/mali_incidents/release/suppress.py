"""Small counts left out of a table, with those that would give them away.

After the rules of statistical disclosure control for tables (Hundepool et al., Statistical
Disclosure Control, Wiley 2012, chapters 4 and 5): a small cell is left out, and so many others of
its total that what is left out cannot be told from the rest, from the smallest up.
"""

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd

from mali_incidents.errors import ReleaseError

_FEWEST: Final = 2


def suppress_small(
    counts: pd.DataFrame,
    *,
    smallest: int,
    total: str = "incidents",
    parts: Sequence[str] = ("attacks",),
    within: str | None = None,
) -> pd.DataFrame:
    """Leave small counts out of a table of counts.

    Parameters
    ----------
    counts : pandas.DataFrame
        A table with whole numbers in the column ``total``, a row a group, as ``count_by_unit`` and
        ``count_by_period`` give it.
    smallest : int
        Counts above 0 and below it are left out; 1 leaves out none.
    total : str
        The column that is counted.
    parts : sequence of str
        Columns that count some of the same incidents.
    within : str, optional
        The column of the larger group that rows belong to, such as a region, whose total a reader
        may know; by default only the total of all rows is known.

    Returns
    -------
    pandas.DataFrame
        A new table. Where a row's count is left out so are its other numbers (people counted too),
        <NA>; a part that is small, or leaves a small rest, is left out alone. In each larger group,
        and over all rows, either nothing is left out, or at least two counts are whose sum leaves
        each of them a range as wide as ``smallest``. Where a group has no such second count, its
        whole total is below it, and is not to be given.

    Raises
    ------
    ReleaseError
        When there is no such column, or ``smallest`` is not a whole number above 0.
    """
    wanted = [total, *parts, *([within] if within else [])]
    missing = [name for name in wanted if name not in counts]
    if missing or isinstance(smallest, bool) or not isinstance(smallest, int) or smallest < 1:
        wrong = [f"the table has no column {name}" for name in missing]
        if not missing:
            wrong = [f"smallest must be a whole number above 0, got {smallest!r}"]
        raise ReleaseError("; ".join(wrong))
    given = counts.copy()
    if smallest == 1:
        return given
    groups = [pd.Series("", index=counts.index)]
    if within:
        groups.append(counts[within].astype("object").where(counts[within].notna(), ""))
    whole = counts[total].astype("Int64")
    hidden = _hidden(whole, _is_small(whole, smallest), groups, smallest)
    numbers = [
        name
        for name in counts.columns
        if pd.api.types.is_integer_dtype(counts[name]) and name not in (within, *parts)
    ]
    for name in numbers:
        given[name] = counts[name].astype("Int64").mask(hidden)
    for name in parts:
        part = counts[name].astype("Int64")
        small = _is_small(part, smallest) | _is_small(whole - part, smallest)
        also = _hidden(part, small | hidden, groups, smallest)
        given[name] = part.mask(also)
    return given


def _is_small(numbers: pd.Series, smallest: int) -> pd.Series:
    """Tell counts above 0 and below a limit."""
    return ((numbers > 0) & (numbers < smallest)).fillna(value=False).astype(bool)


def _hidden(
    numbers: pd.Series, small: pd.Series, groups: list[pd.Series], smallest: int
) -> pd.Series:
    """Tell which counts are left out so that the small ones cannot be told from any total."""
    hidden = small.copy()
    while True:
        more = [
            at
            for group in groups
            for name in group[hidden].unique()
            if (at := _one_more(numbers, hidden, group == name, smallest)) is not None
        ]
        if not more:
            return hidden
        hidden = hidden | hidden.index.isin(more)


def _one_more(numbers: pd.Series, hidden: pd.Series, members: pd.Series, smallest: int) -> Any:
    """Give one more count of a group to leave out, or None where enough are."""
    out = numbers[members & hidden].dropna()
    if not len(out):
        return None
    # What a reader knows is the sum; each is at least 1 for all that is seen.
    if len(out) >= _FEWEST and int(out.sum()) - len(out) >= smallest - 1:
        return None
    left = numbers[members & ~hidden & numbers.notna()]
    if not len(left):
        return None
    # The smallest that is a count at all, else a zero.
    some = left[left > 0]
    chosen = some if len(some) else left
    return chosen.sort_values(kind="stable").index[0]
