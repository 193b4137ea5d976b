"""Small counts left out of a table, with those that would give them away.

After the rules of statistical disclosure control for tables (Hundepool et al., Statistical
Disclosure Control, Wiley 2012, chapters 4 and 5): a small cell is left out, and so many others of
its total that what is left out cannot be told from the rest, from the smallest up. Where some of
what is counted is published row by row, a reader subtracts it: the rules hold for what it leaves.
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
    unknown: str | None = None,
    published: pd.DataFrame | None = None,
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
    unknown : str, optional
        The part of which no people were counted: where it is left out so are the sums of people,
        which may be those of few incidents.
    published : pandas.DataFrame, optional
        The same table, with the same index, of those of the incidents that are published one by
        one; by default none is.

    Returns
    -------
    pandas.DataFrame
        A new table. Where a row's count is left out so are its other numbers (people counted too),
        <NA>; a part that is small, or leaves a small rest, is left out alone. So is what is small
        once the published is subtracted. In each larger group, and over all rows, either nothing
        is left out, or at least two counts are whose sum leaves each of them a range as wide as
        ``smallest``. Where a group has no such second count, its whole total is below it, and is
        not to be given.

    Raises
    ------
    ReleaseError
        When there is no such column, ``published`` is of other rows, or ``smallest`` is not a
        whole number above 0.
    """
    wrong = [
        f"the table has no column {name}"
        for name in (total, *parts, *filter(None, [within]))
        if name not in counts
    ]
    if isinstance(smallest, bool) or not isinstance(smallest, int) or smallest < 1:
        wrong.append(f"smallest must be a whole number above 0, got {smallest!r}")
    if unknown is not None and unknown not in parts:
        wrong.append(f"unknown must be one of the parts, got {unknown!r}")
    if published is not None and not published.index.equals(counts.index):
        wrong.append("what is published must be counted in the same rows")
    if wrong:
        raise ReleaseError("; ".join(wrong))
    given = counts.copy()
    if smallest == 1:
        return given
    groups = [pd.Series("", index=counts.index)]
    if within:
        groups.insert(0, counts[within].astype("object").where(counts[within].notna(), ""))
    whole, held = counts[total].astype("Int64"), _held(counts, published, total)
    # Small only with what is published, a count is left out and gives nothing away.
    secret = _hidden(held, _is_small(smallest, held), groups, smallest)
    hidden = secret | _is_small(smallest, whole)
    without = hidden
    for name in parts:
        part, also = counts[name].astype("Int64"), _held(counts, published, name)
        # Where the whole is left out nothing tells the part.
        small = _is_small(smallest, also, held - also) & ~secret
        # Where nothing is held back the part is nought, which hides no other.
        some = also.mask(held.eq(0).fillna(value=False) & ~secret)
        out = _hidden(some, small, groups, smallest, out=secret)
        out = out | hidden | _is_small(smallest, part, whole - part)
        given[name] = part.mask(out)
        without = out if name == unknown else without
    for name in counts.columns:
        if name not in (within, *parts) and pd.api.types.is_integer_dtype(counts[name]):
            given[name] = counts[name].astype("Int64").mask(hidden if name == total else without)
    return given


def _held(counts: pd.DataFrame, published: pd.DataFrame | None, name: str) -> pd.Series:
    """Give a column without what a reader has row by row; missing where nothing is known."""
    column = counts[name].astype("Int64")
    return column if published is None else column - published[name].astype("Int64").fillna(0)


def _is_small(smallest: int, *columns: pd.Series) -> pd.Series:
    """Tell the rows where any of some counts is above 0 and below a limit."""
    small = [((one > 0) & (one < smallest)).fillna(value=False) for one in columns]
    return pd.concat(small, axis=1).any(axis=1).astype(bool)


def _hidden(
    numbers: pd.Series,
    small: pd.Series,
    groups: list[pd.Series],
    smallest: int,
    *,
    out: pd.Series | None = None,
) -> pd.Series:
    """Tell which counts are left out so that the small ones cannot be told from any total.

    ``out`` are left out anyway.
    """
    hidden = small.copy() if out is None else small | out
    while True:
        # One at a time, the smaller groups first: what a region needs is the country's too.
        more = next(
            (
                at
                for group in groups
                for name in group[small].unique()
                if (at := _one_more(numbers, hidden, group == name, smallest)) is not None
            ),
            None,
        )
        if more is None:
            return hidden
        hidden = hidden | (hidden.index == more)
        small = small | (hidden.index == more)


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
