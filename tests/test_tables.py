"""What a table must be is said in words, to whoever hands over another."""

import geopandas as gpd
import pandas as pd
import pytest
from made_located import disc, located_table, small_frame

from mali_incidents.counts.around import count_around
from mali_incidents.counts.units import count_by_unit
from mali_incidents.errors import CountError, LocateError, MapError, PublishError
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.places.locate import locate_incidents
from mali_incidents.publish.files import write_files, write_located
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import as_located


@pytest.fixture
def incidents() -> pd.DataFrame:
    return read_incidents(shipped("incidents", "incidents.csv"))[0].head(3)


@pytest.mark.parametrize(
    ("use", "error"),
    [
        (incident_map, MapError),
        (incident_figure, MapError),
        (lambda table: count_around(table, latitude=12, longitude=-8), CountError),
        (lambda table: count_by_unit(table, frame=small_frame()), CountError),
        (lambda table: write_files(table, "nowhere"), PublishError),
        (lambda table: write_located(table, "nowhere.csv"), PublishError),
    ],
    ids=["map", "figure", "around", "units", "files", "file"],
)
def test_incidents_that_were_not_located_are_refused(incidents, use, error) -> None:
    with pytest.raises(
        error, match=r"locate_incidents.* geometry, footprint, uncertainty_m, level"
    ):
        use(incidents)


@pytest.mark.parametrize("ignore_index", [True, False])
def test_two_files_with_the_same_ids_are_refused_in_words(incidents, ignore_index: bool) -> None:
    twice = pd.concat([incidents, incidents], ignore_index=ignore_index)
    with pytest.raises(LocateError) as refused:
        locate_incidents(twice)
    said = str(refused.value)
    assert f"more than one row has the incident_id {incidents['incident_id'].iloc[0]}" in said
    assert "before putting tables together" in said
    assert "{" not in said


def test_all_that_is_wrong_in_a_table_is_said_at_once() -> None:
    located = located_table([{"footprint": disc(-8, 12, 1000)} for _ in range(5)])
    wrong = located.assign(
        fatalities_low=pd.array([-1] * 5, dtype="Int64"),
        fatalities_best=pd.array([9] * 5, dtype="Int64"),
        fatalities_high=pd.array([3] * 5, dtype="Int64"),
        level=["nowhere", "place", "place", "place", "place"],
    )
    with pytest.raises(LocateError) as refused:
        as_located(gpd.GeoDataFrame(wrong.drop(columns="summary")))
    said = str(refused.value)
    for part in (
        "it lacks the column summary",
        "level: isin",
        "got nowhere",
        "fatalities_best is greater than fatalities_high: made-0, made-1, made-2 and 2 more",
    ):
        assert part in said
