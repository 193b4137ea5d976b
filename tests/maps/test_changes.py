"""What changed, drawn over a map."""

import datetime as dt
from pathlib import Path

import folium
import pytest
from made_located import FRAME, disc, in_unit, located_table, small_frame
from playwright.sync_api import Browser
from shapely import Point

from mali_incidents.counts.changes import compare_located
from mali_incidents.errors import MapError
from mali_incidents.maps.changes import changes_layer
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.tables import Reason

DAY = dt.date(2026, 1, 31)
REASON = {"reason": Reason("none", {})}
FIRST = REASON | {"footprint": disc(-8.4, 12.6, 900), "geometry": Point(-8.4, 12.6)}
SECOND = REASON | {"footprint": disc(-9.4, 13.6, 900), "geometry": Point(-9.4, 13.6)}


@pytest.fixture
def changes():
    """One incident of each kind: withdrawn, moved, added with an area."""
    hostile = "a`${alert(1)}{{ 7*7 }}</script>"
    before = [FIRST | {"incident_id": hostile}, FIRST | {"incident_id": "b"}]
    area = REASON | in_unit(small_frame(), "ML-2017/east/north") | {"incident_id": "c"}
    after = located_table([SECOND | {"incident_id": "b"}, area])
    return compare_located(located_table(before), after), after


def test_each_change_has_its_marks(changes) -> None:
    layer = changes_layer(changes[0], since=DAY, lang="fr")
    kinds = [type(mark) for mark in layer._children.values()]
    assert kinds == [folium.Polygon, folium.PolyLine, folium.CircleMarker, folium.CircleMarker]
    said = [next(iter(mark._children.values())).text for mark in layer._children.values()]
    assert said == [
        "Ajouté depuis le 31 janvier 2026",
        *["Modifié depuis le 31 janvier 2026"] * 2,
        "Retiré depuis le 31 janvier 2026",
    ]
    looks = {
        tuple(mark.options.get(name) for name in ("color", "dash_array"))
        for mark in layer._children.values()
    }
    assert len(looks) == 3
    assert layer.layer_name == "Changements depuis le 31 janvier 2026"
    with pytest.raises(MapError, match="lang must be"):
        changes_layer(changes[0], since=DAY, lang="de")


@pytest.mark.browser
def test_the_marks_are_on_the_saved_page_and_run_nothing(
    changes, browser: Browser, tmp_path: Path
) -> None:
    table, after = changes
    drawn = incident_map(after, frame=small_frame())
    changes_layer(table, since=DAY).add_to(drawn)
    drawn.save(tmp_path / "map.html")
    assert "7*7" not in (tmp_path / "map.html").read_text("utf-8")
    assert after["frame"].eq(FRAME).all()
    assert reason_sentence(REASON["reason"])
    context = browser.new_context(offline=True)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda entry: said.append(entry.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    page.goto((tmp_path / "map.html").as_uri())
    page.wait_for_selector(".mi-panel")
    drawn_marks = page.locator("path.leaflet-interactive[stroke='#5F6368']")
    assert drawn_marks.count() == 1
    assert said == []
    context.close()
