"""What a map is asked to frame is checked before anything is drawn."""

import math

import pytest

from mali_incidents.errors import LocateError, MapError
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.places.locate import locate_incidents
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"radius_km": "150"}, "radius.*'150'"),
        ({"radius_km": math.nan}, "radius.*nan"),
        ({"radius_km": None}, "radius.*None"),
        ({"rings_km": 50}, r"rings_km must be .*\(50, 100, 150\), got 50"),
        ({"rings_km": "50"}, r"rings_km must be .*, got '50'"),
        ({"rings_km": (50, "a")}, r"rings_km must be .*, got \(50, 'a'\)"),
        ({"around": ("a", "b")}, r"around must be .*\('a', 'b'\)"),
        ({"around": (1, 2, 3)}, r"around must be .*\(1, 2, 3\)"),
        ({"around": 5}, "around must be .*got 5"),
        ({"around": (math.nan, 1)}, "around must be .*nan"),
        ({"way_to": 3, "radius_km": "x"}, "way_to must be .*got 3; radius_km must be .*'x'"),
    ],
    ids=str,
)
def test_what_is_no_view_is_refused(asked: dict[str, object], said: str) -> None:
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    with pytest.raises(MapError, match=said):
        incident_map(locate_incidents(incidents.head(1)), **{"around": "Bamako"} | asked)


def test_a_list_of_rings_and_numbers_of_other_libraries_will_do() -> None:
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    located = locate_incidents(incidents.head(1))
    place = located.geometry.iloc[0]
    drawn = incident_map(located, around=[place.y, place.x], radius_km=60, rings_km=[20, 60])
    assert drawn.view.rings_km == (20, 60)
    with pytest.raises(LocateError, match="Atlantis"):
        incident_map(located, around="Bamako", way_to="Atlantis")
