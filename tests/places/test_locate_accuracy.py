"""LOCATE with OCHA's settlements on UCDP's rows: as often right, and as seldom wrong, as promised.

Good is a place within 5 km of UCDP's point; wrong is a place more than 25 km off whose footprint
does not hold that point.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Geod

from mali_incidents.places.added_places import add_places
from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.places.locate import locate_incidents, where
from mali_incidents.records.read import read_incidents
from mali_incidents.tables import POINT_LEVELS

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def gazetteer(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gazetteer]:
    """What ships and OCHA's settlements."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MALI_INCIDENTS_HOME", str(tmp_path_factory.mktemp("settlements")))
        add_places(shared / "data" / "cod-places-mli-2015" / "settlements.csv.gz")
        yield read_gazetteer()


@pytest.mark.parametrize(
    ("column", "with_cercle", "good", "wrong"),
    [("where_coordinates", True, 0.62, 0.02), ("where_description", False, 0.48, 0.03)],
)
def test_ucdps_rows_are_located_as_well_as_promised(
    shared: Path, gazetteer: Gazetteer, column: str, with_cercle: bool, good: float, wrong: float
) -> None:
    file = shared / "data" / "ucdp-ged-mali" / "ged_mali_dev.csv"
    columns = {"location_text": column} | ({} if with_cercle else {"admin2": None})
    incidents, _ = read_incidents(file, columns=columns)
    given = pd.read_csv(file)
    fine = (given["where_prec"] <= 2).to_numpy()
    asked = incidents.assign(latitude=None, longitude=None, reported_precision=None)
    located = locate_incidents(asked[fine], gazetteer=gazetteer)

    answered = (located["level"] != "none").to_numpy()
    found, truth = located[answered], given.loc[fine, ["longitude", "latitude"]][answered]
    _, _, metres = Geod(ellps="WGS84").inv(
        found.geometry.x.to_numpy(), found.geometry.y.to_numpy(), *truth.to_numpy().T
    )
    pinned = found["level"].isin(POINT_LEVELS).to_numpy()
    held = shapely.covers(np.array(found["footprint"]), shapely.points(truth.to_numpy()))
    assert np.sum(pinned & (metres <= 5_000)) >= good * len(located)
    assert np.sum(pinned & (metres > 25_000) & ~held) <= wrong * len(located)
    assert np.mean(held | (metres <= found["uncertainty_m"].to_numpy())) >= 0.9


# What other tools answer with Nioro, Bougouni, Yélimané, Bamako and Burkina Faso; the points are
# those of the settlements.
@pytest.mark.parametrize(
    ("text", "latitude", "longitude"),
    [
        ("Mondoro", 14.674, -1.948),
        ("Farabougou, Niono cercle", 14.882, -6.144),
        ("Indelimane", 15.860, 1.518),
        ("100 km south-west of Bamako", 12.0, -8.65),
        ("entre Mondoro et Tiguila", 14.766, -1.926),
        ("Boya, municipality of Gabero, in the northern region of Gao", 15.866, 0.221),
    ],
)
def test_the_examples_of_the_plan_are_right_and_without_the_settlements_right_or_refused(
    gazetteer: Gazetteer, text: str, latitude: float, longitude: float
) -> None:
    point = shapely.Point(longitude, latitude)
    row = where(text, gazetteer=gazetteer).iloc[0]
    assert shapely.covers(row["footprint"], point)
    assert row["uncertainty_m"] < 60_000
    row = where(text, gazetteer=read_gazetteer("shipped")).iloc[0]
    assert row["level"] == "none" or shapely.covers(row["footprint"], point)


def test_a_name_of_nine_villages_is_refused_with_all_of_them(gazetteer: Gazetteer) -> None:
    row = where("Farabougou", gazetteer=gazetteer).iloc[0]
    assert (row["level"], row["reason"].code) == ("none", "ambiguous")
    assert {candidate.name for candidate in row["candidates"]} >= {"Farabougou"}
    assert any("Niono" in candidate.unit for candidate in row["candidates"])


def test_the_coordinates_of_mondoro_are_in_mali() -> None:
    row = where("Mondoro", gazetteer=read_gazetteer("shipped")).iloc[0]
    frame = read_frame()
    assert frame.units_at(np.array([-1.948]), np.array([14.674])) == [row["admin3_id"]]
    assert row["admin3_name"] == "Mondoro"
