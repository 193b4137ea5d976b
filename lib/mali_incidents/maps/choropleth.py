"""How regions, cercles and communes are shaded by what happened in them: classes and colours.

The classes are quantiles of all records, so that a filter changes what is in a class and never
what a class means. Which shade a unit has is for the page to say: it follows the filter.
"""

import warnings
from typing import Any, Final

import geopandas as gpd
import mapclassify
import numpy as np
import pandas as pd

from mali_incidents.counts.totals import totals_by
from mali_incidents.maps.palette import PAPER
from mali_incidents.records.coverage import Coverage

# Earth colours, one hue from light to dark: in grey print as well, and apart from the violet of
# areas and the colours of event types.
COLOURS: Final = ("#EFDDB4", "#D9BA82", "#BB9257", "#8F6636", "#633F1E")
_ID_COLUMNS: Final = {"region": "admin1_id", "cercle": "admin2_id", "commune": "admin3_id"}
_MEASURES: Final = {"incidents": "incidents", "deaths": "fatalities_best"}


def choropleth(located: gpd.GeoDataFrame, *, coverage: Coverage | None) -> dict[str, Any]:
    """Give what a page needs to shade units.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    coverage : Coverage or None
        What the records cover: elsewhere a unit without incidents has no data, not zero.

    Returns
    -------
    dict
        ``edges``: for every level and measure (``cercle.deaths``) the most that each class but
        the last holds, which has no end; ``colours``, a class each where there are five;
        ``land`` and ``hatch``: the paper's, for zero and for no data; ``covered``: the ids of
        the units that cover themselves and all within.
    """
    edges = {}
    for level, column in _ID_COLUMNS.items():
        totals = totals_by(located, located[column])
        for measure, name in _MEASURES.items():
            edges[f"{level}.{measure}"] = class_edges(totals[name])
    covered = [] if coverage is None else list(coverage.units)
    return {
        "edges": edges,
        "colours": list(COLOURS),
        "land": PAPER["land"],
        "hatch": PAPER["hatch"],
        "covered": covered,
    }


def class_edges(values: pd.Series) -> list[int]:
    """Cut counts into up to five classes of about as many units each.

    Parameters
    ----------
    values : pandas.Series
        A whole number a unit; missing ones and zeros belong to no class.

    Returns
    -------
    list of int
        The most that each class but the last holds, rising: [2, 7] means 1–2, 3–7, 8 and more.
        Empty where one class, from 1, says all there is to say.
    """
    known = values.dropna().to_numpy(np.int64)
    known = known[known > 0]
    classes = min(len(COLOURS), len(np.unique(known)))
    if classes < 2:
        return []
    with warnings.catch_warnings():
        # Where many units have the same count, two quantiles are one.
        warnings.simplefilter("ignore", UserWarning)
        bins = np.floor(mapclassify.Quantiles(known, k=classes).bins).astype(int)
    return [int(edge) for edge in np.unique(bins) if 1 <= edge < known.max()]
