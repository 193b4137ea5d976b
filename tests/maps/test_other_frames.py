"""Maps of incidents located in frames that do not ship: fewer levels, borders that do not meet."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from made_boundaries import boundaries, today, write_geojson
from made_located import COVERAGE, HOSTILE, located_table
from playwright.sync_api import Browser

from mali_incidents.errors import MapError
from mali_incidents.maps.arcs import frame_arcs
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.incident_map import IncidentMap, incident_map
from mali_incidents.places.frame_files import read_frame_files
from mali_incidents.places.frames import AdminFrame, Origin
from mali_incidents.places.locate import locate_incidents
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import Reason


def frame_of(levels: dict[int, gpd.GeoDataFrame], folder: Path, **options) -> AdminFrame:
    files = read_frame_files(write_geojson(levels, folder, stem="ADM"), name="other", **options)
    return AdminFrame(
        name="other",
        units=files.units,
        simplified=files.simplified,
        origin=Origin(HOSTILE, None, files.vintage),
    )


def rough() -> dict[int, gpd.GeoDataFrame]:
    """Cercles and communes that overlap, leave gaps and do not fill their cercles."""
    communes = boundaries(3)
    shapes = communes.geometry.to_numpy(copy=True)
    shapes[0] = shapely.union(shapes[0], shapely.box(-9.52, 12.4, -9.43, 12.61))
    shapes[1] = shapely.difference(shapes[1], shapely.box(-9.3, 12.4, -9.2, 12.6))
    shapes[2] = shapely.buffer(shapes[2], 0.0123)
    return {2: boundaries(2), 3: communes.set_geometry(shapes).iloc[:-2]}


LEVELS = {
    "regions and cercles": today,
    "communes only": lambda: {3: boundaries(3, fields="geoboundaries")},
    "regions and communes": lambda: {
        depth: boundaries(depth, fields="geoboundaries") for depth in (1, 3)
    },
    "rough": rough,
}


@pytest.fixture(params=LEVELS)
def frame(request, tmp_path: Path) -> AdminFrame:
    return frame_of(LEVELS[request.param](), tmp_path / "in")


def located_in(frame: AdminFrame) -> gpd.GeoDataFrame:
    """One incident known to the finest unit at a point, one to the coarsest, one to the country."""
    (finest,) = frame.units_at(np.array([-9.75]), np.array([12.5]))
    depths = {"region": 1, "cercle": 2, "commune": 3}
    rows = []
    for unit in (finest, frame.chain(finest)[0], "ML"):
        row = {"level": frame.level(unit), "footprint": frame.polygon(unit)}
        row |= {"frame": frame.name, "reason": Reason("none", {})}
        for level, one in frame.chain_levels(unit).items():
            row |= {f"admin{depths[level]}_id": one, f"admin{depths[level]}_name": frame.label(one)}
        rows.append(row)
    return located_table(rows)


def test_arcs_give_every_unit_of_any_frame_back(frame):
    topology = frame_arcs(frame)
    drawn = set(topology["units"])
    assert drawn == set(frame.units.index)
    depths = {level: depth for depth, level in enumerate(("region", "cercle", "commune"), start=1)}
    assert set(topology["border"]) == {0, *(depths[level] for level in frame.levels)}


def test_the_still_picture_is_drawn(frame):
    drawn = incident_map(located_in(frame), frame=frame)
    assert drawn.picture().startswith(b"\x89PNG")


@pytest.mark.browser
def test_the_page_draws_says_nothing_and_asks_nothing(frame, browser: Browser, tmp_path):
    path = tmp_path / "map.html"
    incident_map(located_in(frame), frame=frame).save(path)
    context = browser.new_context(viewport={"width": 1200, "height": 800}, offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda entry: said.append(entry.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto(path.as_uri())
    page.wait_for_selector(".mi-panel")
    credit = page.locator(".leaflet-control-attribution")
    assert "</script><img src=x" in credit.inner_text()
    assert credit.locator("img").count() == 0
    context.close()
    assert said == []


def test_a_coverage_of_other_units_is_refused(tmp_path):
    frame = frame_of(today(), tmp_path / "in")
    located = located_in(frame)
    for draw in (incident_map, incident_figure):
        with pytest.raises(MapError, match="names units of mali-2017, not of other"):
            draw(located, frame=frame, coverage=COVERAGE)


def test_a_map_says_whose_boundaries_it_shows(tmp_path):
    frame = frame_of(today(), tmp_path / "in")
    drawn: IncidentMap = incident_map(located_in(frame), frame=frame)
    assert drawn.credits.startswith("Boundaries: &lt;/script&gt;")
    assert ", 2025 · Rivers" in drawn.credits


@pytest.mark.shared
def test_the_shipped_incidents_are_located_and_drawn_in_the_cod_of_2015(shared):
    files = read_frame_files(shared / "data" / "cod-ab-mli-2015")
    frame = AdminFrame(name=files.name, units=files.units, simplified=files.simplified)
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    located = locate_incidents(incidents, frame=frame)
    ids = located[["admin1_id", "admin2_id", "admin3_id"]].stack().dropna()
    assert set(ids) <= set(frame.units.index)
    assert set(frame_arcs(frame)["units"]) == set(frame.units.index)
    assert incident_map(located, frame=frame, around="Bamako").picture().startswith(b"\x89PNG")
