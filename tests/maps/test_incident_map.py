"""The saved map in a real browser: it draws, asks nothing, says nothing, runs no record."""

import html
import re
import warnings
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from folium.plugins import MarkerCluster
from folium.raster_layers import VideoOverlay
from made_located import COVERAGE, HOSTILE, small_frame
from playwright.sync_api import Browser

from mali_incidents.errors import LocateError, MapError
from mali_incidents.maps.arcs import frame_arcs
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.incident_map import OnlineContentWarning, incident_map
from mali_incidents.maps.layers import uncovered_units
from mali_incidents.maps.messages import LANGUAGES, message, read_messages
from mali_incidents.maps.payload import read_block
from mali_incidents.places.frames import read_frame
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import Source


@pytest.fixture(scope="module")
def located(shipped_located: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The shipped incidents, located."""
    return shipped_located


@pytest.mark.browser
def test_hostile_records_change_nothing_but_text(
    located: gpd.GeoDataFrame, tmp_path: Path, open_page
) -> None:
    hostile = located[located["level"] != "none"].head(3).copy()
    for column in (
        "incident_id",
        "target",
        "actor",
        "summary",
        "location_text",
        "admin1_name",
        "admin2_name",
        "admin3_name",
    ):
        hostile[column] = [f"{HOSTILE} {number}" for number in range(3)]
    sources = [
        Source(HOSTILE, "javascript:alert(1)", HOSTILE),
        Source("b", 'https://x.example/"onclick="alert(1)'),
    ]
    hostile["sources"] = pd.Series([sources] * 3, index=hostile.index)
    incident_map(hostile, title=HOSTILE).save(tmp_path / "hostile.html")
    opened = open_page(tmp_path / "hostile.html")
    opened.page.get_by_text(re.compile("incidents as a list")).click()
    for button in opened.page.locator(".mi-panel .mi-list button").all():
        button.click()
        card = opened.page.locator(".mi-popup .mi-card").last
        assert HOSTILE in card.inner_text()
        assert card.locator("img, script").count() == 0
        assert [link.get_attribute("rel") for link in card.locator("a").all()] == [
            "noopener noreferrer"
        ]
    assert opened.page.locator("h1").inner_text() == HOSTILE
    assert opened.said == []
    assert opened.asked == []


@pytest.mark.browser
def test_plain_folium_layers_work_offline(
    located: gpd.GeoDataFrame, tmp_path: Path, open_page
) -> None:
    drawn = incident_map(located.head(2))
    group = folium.FeatureGroup(name="mine").add_to(drawn)
    folium.Marker([12.6, -8.0], popup="a popup", tooltip="a tooltip").add_to(group)
    folium.Circle([12.6, -8.0], radius=5000).add_to(group)
    folium.PolyLine([[12.6, -8.0], [13, -8]]).add_to(group)
    folium.GeoJson({"type": "Point", "coordinates": [-8, 13]}).add_to(drawn)
    folium.LayerControl().add_to(drawn)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn.save(tmp_path / "plain.html")
    opened = open_page(tmp_path / "plain.html")
    opened.page.locator(".leaflet-marker-icon").first.click(force=True)
    assert opened.page.locator(".leaflet-popup-content").inner_text() == "a popup"
    assert opened.page.locator(".leaflet-control-layers").count() == 1
    assert opened.said == []
    assert opened.asked == []


@pytest.mark.browser
def test_styled_layers_of_folium_work_offline(
    located: gpd.GeoDataFrame, tmp_path: Path, open_page
) -> None:
    drawn = incident_map(located.head(2))
    folium.Marker(
        [12.6, -8.0],
        tooltip=folium.Tooltip("styled", style="color: rgb(1, 2, 3)", permanent=True),
        icon=folium.DivIcon(html='<b style="color: rgb(4, 5, 6)">here</b>'),
    ).add_to(drawn)
    frame = folium.IFrame("<style>p { color: rgb(7, 8, 9); }</style><p>in a frame</p>", height=90)
    folium.Marker(
        [12.8, -8.0],
        icon=folium.CustomIcon(np.zeros((2, 2, 4)), icon_size=(9, 9)),
        popup=folium.Popup(frame, show=True),
    ).add_to(drawn)
    drawn.get_root().html.add_child(folium.Element('<i id="mine" style="color: rgb(7, 7, 7)"></i>'))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn.save(tmp_path / "styled.html")
    opened = open_page(tmp_path / "styled.html")
    colour = "one => getComputedStyle(one).color"
    page = opened.page
    assert page.get_by_text("styled").evaluate(colour) == "rgb(1, 2, 3)"
    assert page.get_by_text("here", exact=True).evaluate(colour) == "rgb(4, 5, 6)"
    inside = page.frame_locator(".leaflet-popup iframe").get_by_text("in a frame")
    assert inside.evaluate(colour) == "rgb(7, 8, 9)"
    assert page.locator("#mine").evaluate(colour) == "rgb(7, 7, 7)"
    assert opened.said == []
    assert opened.asked == []


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::mali_incidents.maps.incident_map.OnlineContentWarning")
def test_what_does_not_come_offline_takes_nothing_else_with_it(
    located: gpd.GeoDataFrame, tmp_path: Path, open_page
) -> None:
    drawn = incident_map(located.head(2))
    folium.Marker([12.6, -8.0], icon=folium.Icon(color="red")).add_to(drawn)
    MarkerCluster([[12.7, -8.0]]).add_to(drawn)
    folium.Circle([12.6, -8.0], radius=5000).add_to(drawn)
    folium.LayerControl().add_to(drawn)
    drawn.save(tmp_path / "offline.html")
    page = open_page(tmp_path / "offline.html").page
    # Without its fonts an icon is Leaflet's own marker.
    assert page.locator(".leaflet-marker-icon").first.evaluate("one => one.naturalWidth") > 0
    assert page.locator(".leaflet-control-layers").count() == 1


def test_what_added_layers_fetch_is_named_and_allowed_by_name(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    drawn = incident_map(located.head(2))
    spot, bounds = [12.6, -8.0], [[12, -8], [13, -7]]
    frame = folium.IFrame('<img src="https://deep.example/a.png">')
    for layer in (
        folium.WmsTileLayer("https://wms.example/ows", layers="one"),
        VideoOverlay("https://video.example/a.webm", bounds),
        folium.Marker(spot, popup='<img src="https://popup.example/a.png">'),
        folium.Marker(spot, icon=folium.DivIcon("<img src='https://div.example/a.png'>")),
        folium.Marker(spot, icon=folium.CustomIcon("https://icon.example/a.png")),
        folium.Marker(spot, popup=folium.Popup(frame)),
        folium.Marker(spot, popup='<iframe src="https://frame.example/a"></iframe>'),
    ):
        layer.add_to(drawn)
    with pytest.warns(OnlineContentWarning) as warned:
        drawn.save(tmp_path / "online.html")
    said = str(warned[0].message)
    policy = policy_in(tmp_path / "online.html")
    for host in ("wms", "popup", "div", "icon", "deep"):
        assert f"https://{host}.example" in said
        assert f"https://{host}.example" in policy["img-src"]
    assert "https://video.example" in policy["media-src"]
    assert "https://frame.example" in policy["frame-src"]
    assert "https://frame.example" in said
    assert "awesome" not in said


def test_the_suites_own_page_may_do_nothing_but_its_own(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    incident_map(located.head(2)).save(tmp_path / "plain.html")
    policy = policy_in(tmp_path / "plain.html")
    assert policy["default-src"] == policy["style-src-attr"] == ["'none'"]
    assert policy["img-src"] == ["data:"]
    assert all(source.startswith("'sha256-") for source in policy["script-src"])


def test_data_that_a_user_adds_stays_where_it_is(located: gpd.GeoDataFrame, tmp_path: Path) -> None:
    block = '<script type="application/json" id="mine">{"a": "></script>'
    drawn = incident_map(located.head(2))
    drawn.get_root().html.add_child(folium.Element(block))
    drawn.save(tmp_path / "mine.html")
    page = (tmp_path / "mine.html").read_text("utf-8")
    assert page.count(block) == 1
    (data,) = re.findall(r'id="map_data_\d+_json"\s+data-unreadable="[^"]+">([^<]+)</script>', page)
    assert read_block(data)["lang"] == "en"


def policy_in(path: Path) -> dict[str, list[str]]:
    """The Content-Security-Policy of a page, by directive."""
    found = re.search(r'Content-Security-Policy" content="([^"]+)"', path.read_text("utf-8"))
    assert found
    rules = (rule.split() for rule in html.unescape(found[1]).split("; "))
    return {name: values for name, *values in rules}


def test_saving_and_showing_leave_a_map_as_it_was(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    once, twice = (incident_map(located.head(2)) for _ in range(2))
    twice.save(tmp_path / "first.html")
    twice._repr_html_()
    twice.save(tmp_path / "second.html")
    assert (tmp_path / "first.html").read_bytes() == (tmp_path / "second.html").read_bytes()
    for drawn in (once, twice):
        folium.Marker([12.6, -8.0], popup="later").add_to(drawn)
    once.save(tmp_path / "once.html")
    twice.save(tmp_path / "twice.html")
    assert (tmp_path / "once.html").read_bytes() == (tmp_path / "twice.html").read_bytes()


def test_what_no_package_carries_is_named_and_allowed_by_name(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    drawn = incident_map(located.head(2), tiles="Esri.WorldGrayCanvas")
    folium.Marker([12.6, -8.0], icon=folium.Icon(color="red")).add_to(drawn)
    with pytest.warns(OnlineContentWarning, match=r"awesome.*arcgisonline"):
        drawn.save(tmp_path / "icon.html")
    policy = policy_in(tmp_path / "icon.html")
    assert any("leaflet.awesome-markers.js" in source for source in policy["script-src"])
    assert "https://server.arcgisonline.com" in policy["img-src"]


@pytest.mark.parametrize(
    ("tiles", "said"),
    [
        ("Nothing.Such", "xyzservices"),
        ("OpenStreetMap.Mapnik", "refuse pages opened from disk"),
        ("openstreetmap mapnik", "refuse pages opened from disk"),
        ("MapBox", "needs a key"),
    ],
)
def test_online_maps_that_would_not_come_are_refused(
    located: gpd.GeoDataFrame, tiles: str, said: str
) -> None:
    with pytest.raises(MapError, match=said):
        incident_map(located.head(2), tiles=tiles)


@pytest.mark.browser
def test_in_a_notebook_a_picture_stands_under_the_live_map(
    located: gpd.GeoDataFrame, tmp_path: Path, browser: Browser
) -> None:
    shown = incident_map(located, around="Narena", radius_km=60)._repr_html_()
    (tmp_path / "output.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{shown}", "utf-8"
    )
    page = browser.new_page()
    page.goto((tmp_path / "output.html").as_uri())
    page.frame_locator("iframe").locator(".mi-panel").wait_for()
    picture = page.locator("img").first
    assert "Narena" in str(picture.get_attribute("alt"))
    assert picture.evaluate("one => one.naturalWidth") > 500
    page.emulate_media(media="print")
    assert not page.locator("iframe").is_visible()
    page.close()


def test_same_input_same_bytes(located: gpd.GeoDataFrame, tmp_path: Path) -> None:
    for name in ("one.html", "two.html"):
        drawn = incident_map(located, around="Bamako")
        folium.Marker([12.6, -8.0], popup="a popup").add_to(drawn)
        drawn.save(tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_a_map_cannot_be_asked_for_nonsense(located: gpd.GeoDataFrame) -> None:
    with pytest.raises(LocateError, match="Atlantis"):
        incident_map(located, around="Atlantis")
    with pytest.raises(MapError, match="is the order right"):
        incident_map(located, around=(120.0, -8.0))
    with pytest.raises(MapError, match="between 0 and"):
        incident_map(located, around="Bamako", radius_km=-1)
    with pytest.raises(MapError, match="needs a start"):
        incident_map(located, way_to="Bamako")
    with pytest.raises(MapError, match="lang"):
        incident_map(located, lang="de")


def test_units_of_different_vintages_are_not_drawn_on_one_map(
    located: gpd.GeoDataFrame, shipped_coverage: Coverage
) -> None:
    other = shipped_coverage._replace(frame="mali-2023")
    for draw in (incident_map, incident_figure):
        with pytest.raises(MapError, match=r"coverage names units of mali-2023, not of mali-2017"):
            draw(located, coverage=other)
        with pytest.raises(MapError, match=r"was located in mali-2023, not in mali-2017"):
            draw(located.assign(frame="mali-2023"))


@pytest.mark.parametrize(
    ("units", "gaps"),
    [
        (("ML",), []),
        (("ML-2017/east", "ML-2017/west"), []),
        (("ML-2017/east",), ["ML-2017/west"]),
        (("ML-2017/east", "ML-2017/west/north"), ["ML-2017/west/south"]),
        (
            ("ML-2017/east/north/town",),
            ["ML-2017/west", "ML-2017/east/south", "ML-2017/east/north/field"],
        ),
    ],
)
def test_all_that_is_not_covered_is_hatched(units: tuple[str, ...], gaps: list[str]) -> None:
    assert uncovered_units(small_frame(), COVERAGE._replace(units=units)) == gaps


def test_without_a_coverage_nothing_is_hatched() -> None:
    assert uncovered_units(small_frame(), None) == []


def test_arcs_give_every_unit_back() -> None:
    frame = read_frame()
    topology = frame_arcs(frame)
    assert set(topology["units"]) == set(frame.units.index)
    assert len(topology["arcs"]) == len(topology["border"])
    used = {
        number if number >= 0 else ~number
        for rings in topology["units"].values()
        for ring in rings
        for number in ring
    }
    assert used == set(range(len(topology["arcs"])))
    assert set(topology["border"]) == {0, 1, 2, 3}


def test_every_message_is_in_both_languages() -> None:
    english, french = (read_messages(lang) for lang in LANGUAGES)
    assert set(english) == set(french)
    # French says "de Kangaba" but "d'Ansongo": it takes the name with its word before it.
    same = english.keys() - {"title.around", "rings.caption"}
    places = re.compile(r"\{\w+\}")
    assert all(
        set(places.findall(english[key])) == set(places.findall(french[key])) for key in same
    )
    assert message("subtitle.incidents", "fr", n=0) == "0 incident"
    assert message("subtitle.incidents", "en", n=0) == "0 incidents"
