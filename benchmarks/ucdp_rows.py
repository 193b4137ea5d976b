"""What the benchmarks of locating share: UCDP's rows, the settlements, and what a good answer is.

The rows are UCDP GED's for Mali of ``where_prec`` 1 and 2, whose points a person set: the truth
here. They lie beside the checkout, in ``shared/``, as do OCHA's settlements.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from mali_incidents.places.added_places import add_places
from mali_incidents.records.read import read_incidents

SHARED = Path(__file__).parents[2] / "shared" / "data"
UCDP = SHARED / "ucdp-ged-mali" / "ged_mali_dev.csv"
SETTLEMENTS = SHARED / "cod-places-mli-2015" / "settlements.csv.gz"
GOOD_KM, WRONG_KM = 5.0, 25.0
_GEOD = Geod(ellps="WGS84")


class Setting(NamedTuple):
    """What of a row is told: the column of the place, and whether its cercle is."""

    column: str
    with_cercle: bool

    def __str__(self) -> str:
        """Name it as in the tables."""
        return f"{self.column} with adm_1" + (" and adm_2" if self.with_cercle else "")


SETTINGS = (
    Setting("where_coordinates", with_cercle=True),
    Setting("where_description", with_cercle=False),
)


@contextmanager
def settlements_added() -> Iterator[None]:
    """Keep the user's own gazetteers out, and add OCHA's settlements to a folder of this run."""
    with tempfile.TemporaryDirectory() as home:
        before = os.environ.get("MALI_INCIDENTS_HOME")
        os.environ["MALI_INCIDENTS_HOME"] = home
        try:
            add_places(SETTLEMENTS)
            yield
        finally:
            if before is None:
                del os.environ["MALI_INCIDENTS_HOME"]
            else:
                os.environ["MALI_INCIDENTS_HOME"] = before


def read_rows(setting: Setting, *, worst_prec: int = 2) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the rows as a user would, without their coordinates; and the truth: UCDP's points."""
    raw = pd.read_csv(UCDP)
    fine = (raw["where_prec"] <= worst_prec).to_numpy()
    columns = {"location_text": setting.column}
    if not setting.with_cercle:
        columns["admin2"] = None
    incidents, _ = read_incidents(UCDP, columns=columns)
    asked = incidents.assign(latitude=None, longitude=None, reported_precision=None)
    truth = raw.loc[fine, ["longitude", "latitude"]].reset_index(drop=True)
    return asked[fine].reset_index(drop=True), truth


def judge(located: gpd.GeoDataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Compare answers with the truth.

    Returns
    -------
    pandas.DataFrame
        One row an answer: answered, inside (the truth lies in the footprint or the radius), good
        (answered with a place, within 5 km) and wrong (with a place more than 25 km off, and the
        truth outside the footprint).
    """
    answered = (located["level"] != "none").to_numpy()
    as_place = located["level"].isin(["site", "place"]).to_numpy()
    points = gpd.GeoSeries(located["geometry"])
    off_km = off_by_km(points.x.to_numpy(), points.y.to_numpy(), truth)
    where = shapely.points(truth["longitude"], truth["latitude"])
    footprints = np.array(located["footprint"], dtype=object)
    in_footprint = shapely.covers(footprints, where)
    in_radius = off_km * 1000 <= located["uncertainty_m"].to_numpy(dtype=float)
    return pd.DataFrame(
        {
            "answered": answered,
            "as_place": as_place,
            "inside": answered & (in_footprint | in_radius),
            "good": as_place & (off_km <= GOOD_KM),
            "wrong": as_place & (off_km > WRONG_KM) & ~in_footprint,
        }
    )


def off_by_km(longitudes: np.ndarray, latitudes: np.ndarray, truth: pd.DataFrame) -> np.ndarray:
    """Measure how far points are from the truth; NaN where there is no point."""
    _, _, metres = _GEOD.inv(
        longitudes, latitudes, truth["longitude"].to_numpy(), truth["latitude"].to_numpy()
    )
    return np.where(np.isnan(longitudes), np.nan, metres / 1000)
