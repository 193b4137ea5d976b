"""How many incidents lie within circles round a point: for certain, and possibly."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from mali_incidents.counts.totals import totals_by
from mali_incidents.errors import CountError
from mali_incidents.tables import POINT_LEVELS, why_not_located


def count_around(
    located: gpd.GeoDataFrame,
    *,
    latitude: float,
    longitude: float,
    radii_km: Sequence[float] = (50, 100, 150),
) -> pd.DataFrame:
    """Count the incidents inside each circle round a point, the certain and the possible.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    latitude, longitude : float
        The centre, degrees on WGS 84.
    radii_km : sequence of float
        The circles' radii in kilometres.

    Returns
    -------
    pandas.DataFrame
        One row a circle, the smallest first:

        - ``radius_km``
        - ``certain``: incidents whose whole footprint lies within the circle
        - ``possible``: incidents whose footprint reaches into it, but not wholly
        - ``outside``, ``not_located``: the rest; the four add up to the rows of ``located``
        - ``approximate``: how many of the certain and possible are known only to a commune or
          a coarser unit
        - ``attacks``, ``fatalities_low``, ``fatalities_best``, ``fatalities_high``,
          ``toll_unknown``: of the certain ones, as in
          :func:`mali_incidents.counts.totals.totals_by`

    Raises
    ------
    CountError
        When the table was not located, or the centre or a radius is not one.
    """
    if wrong := why_not_located(located):
        raise CountError(wrong)
    radii = _checked_radii(latitude, longitude, radii_km)
    reach = footprint_distances(located, latitude=latitude, longitude=longitude)
    return count_reached(located, reach, radii_km=radii)


def count_reached(
    located: gpd.GeoDataFrame, reach: pd.DataFrame, *, radii_km: Sequence[float]
) -> pd.DataFrame:
    """Count as :func:`count_around` does, from distances that are measured already.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    reach : pandas.DataFrame
        What :func:`footprint_distances` gives for it and a point.
    radii_km : sequence of float
        The circles' radii in kilometres.

    Returns
    -------
    pandas.DataFrame
        As from :func:`count_around`, in the order of the radii.
    """
    approximate = ~located["level"].isin(POINT_LEVELS)
    rows = []
    for radius in radii_km:
        certain = reach["farthest_km"] <= radius
        touching = reach["nearest_km"] <= radius
        rows.append(
            {
                "radius_km": radius,
                "certain": certain.sum(),
                "possible": (touching & ~certain).sum(),
                "outside": (reach["nearest_km"] > radius).sum(),
                "not_located": reach["nearest_km"].isna().sum(),
                "approximate": (touching & approximate).sum(),
                **_certain_totals(located, certain),
            }
        )
    counts = pd.DataFrame(rows)
    return counts.astype(dict.fromkeys(counts.columns.drop("radius_km"), "Int64"))


def footprint_distances(
    located: gpd.GeoDataFrame, *, latitude: float, longitude: float
) -> pd.DataFrame:
    """Measure how near and how far each incident's footprint lies from a point.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    latitude, longitude : float
        The point, degrees on WGS 84.

    Returns
    -------
    pandas.DataFrame
        ``nearest_km`` and ``farthest_km`` with the table's index; missing where nothing is
        located. The nearest is 0 for a point inside the footprint.

    Notes
    -----
    Measured in the azimuthal equidistant projection centred on the point, where every distance
    from the centre is the geodesic one on the ellipsoid [1]_.

    .. [1] J. P. Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395 (1987),
       pp. 191-202; PROJ's ``aeqd``.
    """
    # Many incidents share the footprint of a commune or cercle: each is measured once.
    # The very same object first, as its bytes may be many.
    shapes = located["footprint"].to_numpy()
    objects, known = np.unique(list(map(id, shapes)), return_inverse=True)
    firsts = np.empty(len(objects), dtype=object)
    firsts[known] = shapes
    codes, distinct = pd.factorize(pd.Series(shapely.to_wkb(firsts)))
    codes = codes[known]
    areas = shapely.from_wkb(distinct)
    to_metres = _from_centre(latitude, longitude)
    flat = shapely.transform(areas, lambda points: np.column_stack(to_metres.transform(*points.T)))
    nearest = shapely.distance(shapely.Point(0, 0), flat) / 1000
    vertices, owner = shapely.get_coordinates(flat, return_index=True)
    away = pd.Series(np.hypot(*vertices.T)).groupby(owner).max() / 1000
    farthest = away.reindex(range(len(flat)))
    # factorize gives -1 to the missing, which the last, appended value answers.
    return pd.DataFrame(
        {
            "nearest_km": np.append(nearest, np.nan)[codes],
            "farthest_km": np.append(farthest, np.nan)[codes],
        },
        index=located.index,
    )


def _from_centre(latitude: float, longitude: float) -> Transformer:
    """Project longitude and latitude to metres east and north of a centre."""
    centred = CRS.from_proj4(f"+proj=aeqd +lat_0={latitude} +lon_0={longitude} +datum=WGS84")
    return Transformer.from_crs("EPSG:4326", centred, always_xy=True)


def _certain_totals(located: gpd.GeoDataFrame, certain: pd.Series) -> dict[str, object]:
    """Total the incidents that lie in a circle for certain."""
    totals = totals_by(located, certain.where(certain)).drop(columns="incidents")
    return dict(totals.iloc[0]) if len(totals) else dict.fromkeys(totals.columns, 0)


def _checked_radii(latitude: float, longitude: float, radii_km: Sequence[float]) -> list[float]:
    """Give the radii, sorted; refuse what is no place on Earth and no circle."""
    wrong = []
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        wrong.append(
            "latitude and longitude must be degrees (-90 to 90, -180 to 180), "
            f"got {latitude!r}, {longitude!r}"
        )
    if not radii_km or not all(0 < radius < np.inf for radius in radii_km):
        wrong.append(f"radii_km must be one or more numbers above 0, got {radii_km!r}")
    if wrong:
        raise CountError("; ".join(wrong))
    return sorted(set(radii_km))
