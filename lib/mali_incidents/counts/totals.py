"""What is counted of a group of incidents: how many, how many attacks, how many deaths."""

from typing import Final

import pandas as pd

from mali_incidents.tables import is_attack

TOTALS: Final = (
    "incidents",
    "attacks",
    "fatalities_low",
    "fatalities_best",
    "fatalities_high",
    "toll_unknown",
)


def totals_by(incidents: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Count the incidents, attacks and deaths of each group.

    Parameters
    ----------
    incidents : pandas.DataFrame
        An incident table.
    group : pandas.Series
        The group of each incident, same index; missing for those left out.

    Returns
    -------
    pandas.DataFrame
        One row a group, indexed and sorted by it, with Int64 columns ``incidents``, ``attacks``,
        ``fatalities_low``, ``fatalities_best``, ``fatalities_high`` (people) and ``toll_unknown``
        (incidents with no figure at all; they add nothing to the sums). A sum is <NA> when no
        incident of the group has a figure. Where only one end of a toll is known, its best is
        that of ``fatalities_low``, its high that of its best, and its low 0, so that the three
        sums stay in order.
    """
    each = _tolls(incidents)
    each.insert(0, "incidents", 1)
    each.insert(1, "attacks", is_attack(incidents))
    each = each.astype("Int64")
    return each.groupby(group, sort=True).sum(min_count=1)[list(TOTALS)]


def zero_where_empty(totals: pd.DataFrame, *, where: pd.Series) -> pd.DataFrame:
    """Put 0 in the covered rows without incidents; the others stay <NA>.

    Parameters
    ----------
    totals : pandas.DataFrame
        What :func:`totals_by` gives, reindexed: rows without incidents are <NA>.
    where : pandas.Series of bool
        What is covered, same index: there, 0 says that no incident was recorded (whether that
        means none happened depends on the coverage's ``census``).

    Returns
    -------
    pandas.DataFrame
        A new table. A toll that is unknown because no figure was reported stays <NA>.
    """
    calm = totals["incidents"].isna() & where
    return totals.mask(calm, 0)


def _tolls(incidents: pd.DataFrame) -> pd.DataFrame:
    """Give low, best and high of each incident, in order, and whether there is no figure at all."""
    low, best, high = (incidents[f"fatalities_{end}"] for end in ("low", "best", "high"))
    known = low.notna() | best.notna() | high.notna()
    low = low.fillna(0)
    best = best.fillna(low)
    high = high.fillna(best)
    tolls = pd.DataFrame({"fatalities_low": low, "fatalities_best": best, "fatalities_high": high})
    return tolls.where(known).assign(toll_unknown=~known)
