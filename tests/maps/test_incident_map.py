"""The saved map in a real browser: it draws, asks nothing, says nothing, runs no record."""

import re
import warnings
from collections.abc import Iterator
from pathlib import Path

import folium
import geopandas as gpd
import pandas as pd
import pytest
from made_located import HOSTILE
from playwright.sync_api import Browser, Page

from mali_incidents.errors import LocateError, MapError
from mali_incidents.maps.arcs import frame_arcs
from mali_incidents.maps.incident_map import IncidentMap, OnlineContentWarning, incident_map
from mali_incidents.maps.messages import LANGUAGES, message, read_messages
from mali_incidents.places.frames import read_frame
from mali_incidents.places.locate import locate_incidents
from mali_incidents.records.coverage import read_coverage
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import POINT_LEVELS, Source

WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def located() -> gpd.GeoDataFrame:
    """The shipped incidents, located."""
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    return locate_incidents(incidents)


@pytest.fixture(scope="module")
def narena(located: gpd.GeoDataFrame) -> IncidentMap:
    """The map of Narena."""
    coverage = read_coverage(shipped("incidents", "coverage.toml"))
    return incident_map(located, around="Narena", radius_km=60, way_to="Bamako", coverage=coverage)


class Opened:
    """A page opened from disk with the network off, and all that it asked and said."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", lambda entry: self.said.append(entry.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: self.said.append(f"dialog {dialog.message}"))
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_selector(".mi-panel")
        self.asked = [
            url for url in self.asked if url != path.as_uri() and not url.startswith("data:")
        ]


@pytest.fixture
def open_page(browser: Browser) -> Iterator:
    """Open written files, offline."""
    contexts = []

    def opened(path: Path, viewport: dict = WIDE) -> Opened:
        context = browser.new_context(viewport=viewport, offline=True)
        contexts.append(context)
        return Opened(context.new_page(), path)

    yield opened
    for context in contexts:
        context.close()


def layer_of(page: Page) -> str:
    """The script's name of the page's layer of incidents."""
    return page.evaluate("Object.keys(window).find((name) => name.startsWith('incident_layer_'))")


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_three_maps_work_offline(
    located: gpd.GeoDataFrame, tmp_path: Path, open_page, viewport, lang
) -> None:
    for name, options in {
        "mali": {},
        "bamako": {"around": "Bamako"},
        "narena": {"around": "Narena", "radius_km": 60, "way_to": "Bamako"},
    }.items():
        path = tmp_path / f"{name}.html"
        incident_map(located, lang=lang, **options).save(path)
        opened = open_page(path, viewport)
        assert opened.asked == []
        assert opened.said == []
        pinned = located[located["level"].isin(POINT_LEVELS)]
        places = pinned.geometry.to_wkb().nunique()
        units = located.loc[located["level"].isin(["commune", "cercle", "region"])]
        finest = units["admin3_id"].fillna(units["admin2_id"]).fillna(units["admin1_id"]).nunique()
        assert opened.page.evaluate(f"window['{layer_of(opened.page)}'].shown") == places + finest
        assert opened.page.get_attribute("html", "lang") == lang
        assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.browser
def test_the_popup_of_narena_is_readable(narena: IncidentMap, tmp_path: Path, open_page) -> None:
    narena.save(tmp_path / "narena.html")
    page = open_page(tmp_path / "narena.html").page
    page.get_by_text(re.compile("incidents as a list")).click()
    page.locator(".mi-list button", has_text="gold-panning").first.click()
    card = page.locator(".mi-popup")
    text = card.inner_text()
    for expected in ("Narena", "Kangaba", "Koulikoro", "0–3", "suspected", "commune", "May 2025"):
        assert expected in text
    box = card.bounding_box()
    assert box
    assert box["width"] > 250


@pytest.mark.browser
def test_same_place_incidents_open_as_a_list(
    located: gpd.GeoDataFrame, tmp_path: Path, open_page
) -> None:
    incident_map(located, around="Bamako").save(tmp_path / "bamako.html")
    page = open_page(tmp_path / "bamako.html").page
    layer = layer_of(page)
    count = page.evaluate(
        f"(() => {{ const layer = window['{layer}'];"
        " const sign = layer._signs.find((one) => one.group[0].lat === 12.6392);"
        " layer.open(sign.group, sign.getLatLng(), sign); return sign.group.length; })()"
    )
    assert count > 5
    assert page.locator(".mi-popup .mi-list li").count() == count
    closed = f"window['{layer}']._map.on('popupclose', () => (window.closed = true))"
    page.evaluate(f"() => {{ window.closed = false; {closed}; }}")
    page.locator(".mi-popup .mi-list button").first.click()
    assert page.locator(".mi-popup .mi-card").count() == 1
    page.locator(".mi-back").click()
    assert page.locator(".mi-popup .mi-list li").count() == count
    # A popup that was closed stays in the page while it fades.
    assert page.evaluate("window.closed") is False


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


def test_what_no_package_carries_is_named_and_allowed_by_name(
    located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    drawn = incident_map(located.head(2), tiles="Esri.WorldGrayCanvas")
    folium.Marker([12.6, -8.0], icon=folium.Icon(color="red")).add_to(drawn)
    with pytest.warns(OnlineContentWarning, match=r"awesome.*arcgisonline"):
        drawn.save(tmp_path / "icon.html")
    page = (tmp_path / "icon.html").read_text("utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "leaflet.awesome-markers.js" in policy[1]
    assert "https://server.arcgisonline.com" in policy[1]
    assert "script-src &#x27;sha256-" in policy[1]
    with pytest.raises(MapError, match="xyzservices"):
        incident_map(located.head(2), tiles="Nothing.Such")


@pytest.mark.browser
def test_in_a_notebook_a_picture_stands_under_the_live_map(
    narena: IncidentMap, tmp_path: Path, browser: Browser
) -> None:
    shown = narena._repr_html_()
    (tmp_path / "output.html").write_text(
        f"<!DOCTYPE html><meta charset=utf-8><body>{shown}", "utf-8"
    )
    page = browser.new_page()
    page.goto((tmp_path / "output.html").as_uri())
    page.frame_locator("iframe").locator(".mi-panel").wait_for()
    picture = page.locator("img").first
    assert "Narena" in str(picture.get_attribute("alt")) or "Naréna" in str(
        picture.get_attribute("alt")
    )
    assert picture.evaluate("one => one.naturalWidth") > 500
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
