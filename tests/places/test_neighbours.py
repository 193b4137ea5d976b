"""Each of Mali's seven neighbours has its part of the outline, and together they are the whole."""

import pytest
import shapely
from pyproj import Geod

from mali_incidents.places.footprint import border_area
from mali_incidents.places.frames import COUNTRY, read_frame
from mali_incidents.places.neighbours import read_neighbours

GEOD = Geod(ellps="WGS84")


@pytest.mark.parametrize(
    ("code", "km"),
    [("MR", 2236), ("DZ", 1359), ("BF", 1325), ("GN", 1062), ("NE", 838), ("CI", 599), ("SN", 489)],
)
def test_a_border_is_about_as_long_as_it_is_said_to_be(code: str, km: float) -> None:
    assert GEOD.geometry_length(read_neighbours()[code]) / 1000 == pytest.approx(km, rel=0.1)


def test_the_borders_are_the_whole_outline_and_do_not_overlap() -> None:
    outline = read_frame().polygon(COUNTRY).boundary
    lines = list(read_neighbours().values())
    assert {line.geom_type for line in lines} == {"LineString"}
    assert sum(map(GEOD.geometry_length, lines)) == pytest.approx(
        GEOD.geometry_length(outline), rel=1e-4
    )
    assert shapely.hausdorff_distance(shapely.union_all(lines), outline) < 1e-5


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [
        ("DZ", 2.92, 19.97),  # Tin-Zaouatène
        ("NE", 3.02, 15.43),  # Andéramboukane
        ("GN", -8.71, 12.22),  # Narena
        ("MR", -7.28, 15.17),  # Nara
        ("CI", -5.77, 10.55),  # Kadiolo
        ("SN", -12.2, 14.45),  # Diboli
        ("BF", -2.95, 14.07),  # Koro
    ],
)
def test_a_town_near_a_border_lies_in_its_strip(
    code: str, longitude: float, latitude: float
) -> None:
    mali = read_frame().polygon(COUNTRY)
    corner = {"CI": {"BF"}, "SN": {"MR"}}
    town = shapely.Point(longitude, latitude)
    strips = {key: border_area(mali, line) for key, line in read_neighbours().items()}
    held = {key for key, strip in strips.items() if strip.covers(town)}
    # Kadiolo and Diboli lie near a corner where three countries meet.
    assert held - corner.get(code, set()) == {code}
    assert all(shapely.difference(strip, mali).area < 1e-9 for strip in strips.values())
