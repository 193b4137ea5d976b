"""What the rows of a located table are drawn as in files, each shape once."""

import geopandas as gpd
import numpy as np
import shapely

from mali_incidents.tables import POINT_LEVELS


def drawn(located: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give what rows are drawn as, to about a metre, and which of it each row has.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.

    Returns
    -------
    (numpy.ndarray, numpy.ndarray)
        Distinct shapes in EPSG:4326, and for each row the number of its own: the point for site
        and place, else the footprint, None where nothing is located.
    """
    pinned = located["level"].isin(POINT_LEVELS)
    shapes, of_row = distinct(located.geometry.where(pinned, located["footprint"]))
    return shapely.set_precision(shapes, 1e-5), of_row


def distinct(shapes: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    """Give the distinct shapes and which of them each row has: rows of one unit share its own."""
    ids = [id(shape) for shape in np.asarray(shapes)]
    _, first, of_row = np.unique(ids, return_index=True, return_inverse=True)
    return np.asarray(shapes)[first], of_row
