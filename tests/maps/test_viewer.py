"""What a reader sees and does in a saved map, in a real browser."""

import re
from itertools import combinations

import pytest
from made_located import in_unit, located_table, small_frame

from mali_incidents.maps.basemap import read_basemap
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.messages import LANGUAGES
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.view import View
from mali_incidents.tables import POINT_LEVELS, Reason

pytestmark = pytest.mark.browser
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}
SIZES = pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
FRAME = small_frame()
NOTHING = Reason("none", {})
# The centre, the way and every ring.
NAMED = {
    "mali": {"Bamako"},
    "bamako": {"Bamako", "50 km", "100 km", "150 km"},
    "narena": {"Narena", "Bamako, 82 km", "20 km", "40 km", "60 km"},
}


def box_of(opened, selector):
    """The rectangle of an element, in pixels of the window."""
    return opened.page.locator(selector).first.bounding_box()


def meet(one, other):
    """Whether two rectangles overlap."""
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def settle(opened):
    """Wait until the map stands still and what was closed has faded."""
    opened.incidents(
        "layer => new Promise((done) => { const look = () => layer._map._panAnim?._inProgress"
        " ? requestAnimationFrame(look) : done(); setTimeout(look, 20); })"
    )


@SIZES
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["mali", "bamako", "narena"])
def test_the_three_maps_work_offline(shipped_located, saved, open_page, viewport, lang, name):
    opened = open_page(saved(name, lang), viewport)
    assert opened.asked == []
    assert opened.said == []
    whole = View(bounds=(10, -13, 26, 5))
    unplaced = summarize(shipped_located, view=whole).unplaced
    drawn = opened.incidents("layer => layer.chosen.length - layer.unplaced.length")
    assert drawn == len(shipped_located) - unplaced
    assert opened.page.get_attribute("html", "lang") == lang
    assert opened.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert NAMED[name] <= set(opened.names())
    controls = [one.bounding_box() for one in opened.page.locator(".leaflet-control").all()]
    assert not any(meet(one, other) for one, other in combinations(controls, 2))
    scale = opened.page.locator(".leaflet-control-scale-line")
    assert scale.evaluate("one => one.scrollWidth <= one.clientWidth")
    for left, top, right, bottom in opened.incidents("layer => layer._names.boxes"):
        box = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        assert not any(meet(box, control) for control in controls)
        # No name is cut by the edge of the window.
        whole = left >= 0 and top >= 0 and right <= viewport["width"]
        assert (whole and bottom <= viewport["height"]) or not meet(
            box, {"x": 0, "y": 0, **viewport}
        )


def test_the_edge_of_what_is_drawn_never_shows(saved, open_page):
    opened = open_page(saved("narena"))
    opened.incidents("layer => { layer._map.setZoom(0, {animate: false}); }")
    west, east = opened.incidents(
        "layer => [layer._map.getBounds().getWest(), layer._map.getBounds().getEast()]"
    )
    ground = read_basemap().land.total_bounds
    assert east - west <= ground[2] - ground[0] + 0.1


def test_signs_that_would_hide_one_another_are_one(shipped_located, saved, open_page):
    opened = open_page(saved("bamako"))
    apart = """layer => layer.signs().every((one) => layer.signs().every((other) => {
      const at = (sign) => layer._map.latLngToContainerPoint(L.latLng(sign.group[0]));
      return one === other || at(one).distanceTo(at(other)) > 5;
    }))"""
    for zoom in (5, 8, 12):
        opened.incidents("(layer, zoom) => { layer._map.setZoom(zoom, {animate: false}); }", zoom)
        assert opened.incidents(apart)
    pinned = shipped_located["level"].isin(POINT_LEVELS).sum()
    signs = "layer => layer.signs().reduce((sum, sign) => sum + sign.group.length, 0)"
    assert opened.incidents(signs) == pinned


def test_a_shade_counts_all_that_may_lie_there_and_no_two_overlap(tmp_path, open_page):
    units = ["ML-2017/east", "ML-2017/east/north", "ML-2017/east/north/town"]
    rows = [{**in_unit(FRAME, unit), "reason": NOTHING} for unit in (*units, units[1], units[1])]
    incident_map(located_table(rows), frame=FRAME).save(tmp_path / "shades.html")
    opened = open_page(tmp_path / "shades.html")
    shades = opened.incidents("layer => layer._shades.map((one) => [one.unit, one.fillOpacity])")
    assert [unit for unit, _ in shades] == units
    assert [opacity for _, opacity in shades] == [0.1, 0.22, 0.38]
    for latitude, longitude, unit in ((13.5, -8.25, 2), (13.5, -8.75, 1), (12.5, -8.5, 0)):
        held = opened.incidents(
            "(layer, at) => layer._shades.map((one) => one.holds(L.latLng(at)))",
            [latitude, longitude],
        )
        assert held == [number == unit for number in range(3)]
    opened.incidents("layer => { layer.open(layer._shades[2], L.latLng(13.5, -8.25)); }")
    headings = opened.page.locator(".mi-popup h2").all_inner_texts()
    assert [heading.split(" · ")[0] for heading in headings] == [
        "1 incident",
        "3 incidents",
        "1 incident",
    ]


@pytest.mark.parametrize(
    ("name", "viewport"), [("mali", PHONE), ("bamako", WIDE), ("narena", WIDE), ("narena", PHONE)]
)
def test_popups_stay_in_the_window_and_clear_of_the_panel(saved, open_page, name, viewport):
    opened = open_page(saved(name), viewport)
    layers = opened.incidents("layer => layer.signs().length + layer._shades.length")
    for number in range(0, layers, layers // 4):
        opened.incidents(
            "(layer, n) => { const one = layer.signs().concat(layer._shades)[n];"
            " const row = one.group[0]; layer.open(one, L.latLng(row.labelLat, row.labelLon)); }",
            number,
        )
        settle(opened)
        entries = opened.page.locator(".mi-popup .mi-list button")
        if entries.count():
            entries.last.click()
            settle(opened)
        popup = box_of(opened, ".mi-popup")
        assert popup["x"] >= 0
        assert popup["y"] >= 0
        assert popup["x"] + popup["width"] <= viewport["width"]
        assert popup["y"] + popup["height"] <= viewport["height"]
        for control in (".mi-panel", ".leaflet-control-zoom"):
            assert not meet(popup, box_of(opened, control))
        opened.page.keyboard.press("Escape")
        opened.page.locator(".mi-popup").wait_for(state="detached")


def test_the_popup_of_narena_is_readable(saved, open_page):
    page = open_page(saved("narena")).page
    page.get_by_text(re.compile("incidents as a list")).click()
    entry = page.locator(".mi-inner .mi-list button", has_text="gold-panning").first
    while not entry.count():
        page.locator(".mi-inner").get_by_label("Next page").click()
    entry.click()
    card = page.locator(".mi-popup")
    text = card.inner_text()
    for expected in ("Narena", "Kangaba", "Koulikoro", "suspected", "commune", "May 2025"):
        assert expected in text
    assert card.bounding_box()["width"] > 250


def test_same_place_incidents_open_as_a_list(saved, open_page):
    opened = open_page(saved("bamako"))
    page = opened.page
    count = opened.incidents(
        "layer => { const sign = layer.signs().find((one) => one.group[0].lat === 12.6392);"
        " layer.open(sign); return sign.group.length; }"
    )
    assert count > 5
    assert page.locator(".mi-popup .mi-list li").count() == count
    opened.incidents("layer => { layer._map.on('popupclose', () => (window.closed = true)); }")
    page.evaluate("window.closed = false")
    page.locator(".mi-popup .mi-list button").first.click()
    assert page.locator(".mi-popup .mi-card").count() == 1
    page.locator(".mi-back").click()
    assert page.locator(".mi-popup .mi-list li").count() == count
    # A popup that was closed stays in the page while it fades.
    assert page.evaluate("window.closed") is False


def test_the_ring_of_uncertainty_is_that_of_the_incident_chosen(saved, open_page):
    opened = open_page(saved("bamako"))
    chosen = "layer => layer._selected.map((row) => row.radius)"
    drawn = "layer => layer._rings.getLayers().map((ring) => ring.getRadius())"
    opened.incidents("layer => { layer.open(layer.signs().find((one) => one.places.length > 1)); }")
    assert len(opened.incidents(drawn)) > 1
    for entry in range(3):
        opened.page.locator(".mi-popup .mi-list button").nth(entry).click()
        assert opened.incidents(drawn) == opened.incidents(chosen)
        opened.page.locator(".mi-back").click()


def test_everything_can_be_done_from_the_keyboard(saved, open_page):
    page = open_page(saved("bamako")).page
    page.get_by_text(re.compile("incidents as a list")).press("Enter")
    entry = page.locator(".mi-inner[open] .mi-list button").first
    entry.press("Enter")
    assert page.evaluate("document.activeElement.closest('.mi-popup') !== null")
    page.keyboard.press("Escape")
    page.locator(".mi-popup").wait_for(state="detached")
    assert entry.evaluate("one => one === document.activeElement")


def test_paging_through_a_list_keeps_the_focus(saved, open_page):
    opened = open_page(saved("bamako"))
    opened.incidents("layer => { layer.open(layer.signs().find((one) => one.group.length > 5)); }")
    entry = opened.page.locator(".mi-popup .mi-list button").nth(2)
    words = entry.inner_text()
    entry.press("Enter")
    assert opened.page.locator(".mi-back").evaluate("one => one === document.activeElement")
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("document.activeElement.innerText") == words


def test_what_is_listed_opens_clear_of_the_panel_on_a_phone(saved, open_page):
    opened = open_page(saved("narena"), PHONE)
    opened.page.get_by_text("Legend and counts").click()
    opened.page.get_by_text(re.compile("incidents as a list")).click()
    opened.page.locator(".mi-inner[open] .mi-list button").first.click()
    settle(opened)
    assert not opened.page.locator(".mi-panel .mi-body").is_visible()
    assert not meet(box_of(opened, ".mi-popup"), box_of(opened, ".mi-panel"))


def test_what_is_nowhere_on_the_map_points_nowhere(tmp_path, open_page):
    rows = [{"level": "none", "method": "none", "reason": NOTHING}]
    incident_map(located_table(rows), frame=FRAME).save(tmp_path / "nowhere.html")
    page = open_page(tmp_path / "nowhere.html").page
    page.get_by_text("could not be placed").click()
    page.locator(".mi-inner[open] .mi-list button").first.click()
    assert page.locator(".mi-popup .mi-card").is_visible()
    assert not page.locator(".leaflet-popup-tip").is_visible()


def test_no_hint_lies_under_an_open_popup(saved, open_page):
    opened = open_page(saved("narena"))
    at = opened.incidents("layer => layer._map.latLngToContainerPoint([12.0, -8.5])")
    opened.page.mouse.move(at["x"], at["y"])
    opened.page.locator(".mi-hint").wait_for()
    opened.page.mouse.click(at["x"], at["y"])
    opened.page.mouse.move(at["x"] + 2, at["y"] + 2)
    opened.page.locator(".mi-hint").wait_for(state="detached")
    opened.page.mouse.move(at["x"] + 4, at["y"] + 4)
    assert not opened.page.locator(".mi-hint").count()


def test_a_hint_goes_with_what_it_is_about(saved, open_page):
    opened = open_page(saved("narena"))
    at = opened.incidents("layer => layer._map.latLngToContainerPoint([12.0, -8.5])")
    opened.page.mouse.move(at["x"], at["y"])
    opened.page.locator(".mi-hint").wait_for()
    opened.page.locator(".mi-filters input[type=search]").evaluate(
        "one => { one.value = 'zzzz'; one.dispatchEvent(new Event('input')); }"
    )
    opened.page.locator(".mi-hint").wait_for(state="detached")


def test_what_changes_while_the_map_zooms_is_drawn_where_it_then_lies(saved, open_page):
    opened = open_page(saved("mali"))
    zooms = """async layer => {
      const { _painting: one, _map: map } = layer;
      map.zoomIn();
      await new Promise((done) => map.once("zoomanim", () => setTimeout(done, 40)));
      layer.show(layer.chosen.slice(0, 60), layer._state);
      const during = [one._zoom, one._renderer._zoom];
      await new Promise((done) => map.once("moveend", () => requestAnimationFrame(done)));
      return [...during, one._zoom, one._renderer._zoom, map.getZoom()];
    }"""
    drawn, canvas, *after = opened.incidents(zooms)
    assert drawn == canvas
    assert after[0] > canvas
    assert len(set(after)) == 1


def test_a_finger_beside_a_small_area_opens_it(saved, browser):
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, offline=True)
    page = context.new_page()
    page.goto(saved("mali").as_uri())
    page.wait_for_selector(".mi-panel")
    layer = "window[Object.keys(window).find((name) => name.startsWith('incident_layer_'))]"
    hit = f"""() => {{
      const layer = {layer};
      const small = (one) => one.bounds.getEast() - one.bounds.getWest() < 0.4;
      const area = layer._shades.find(small);
      const corner = layer._map.latLngToLayerPoint([
        area.bounds.getCenter().lat, area.bounds.getEast()]).add([4, 0]);
      layer._painting.signs = () => [];
      layer._painting.areas = [area];
      return [area.holds(layer._map.layerPointToLatLng(corner)),
        layer._painting._containsPoint(corner),
        layer._painting._containsPoint(corner.add([40, 0]))];
    }}"""
    assert page.evaluate(hit) == [False, True, False]
    context.close()


def test_without_a_coverage_the_panel_says_that_nothing_is_known_of_it(
    shipped_located, tmp_path, open_page
):
    incident_map(shipped_located.head(3)).save(tmp_path / "bare.html")
    panel = open_page(tmp_path / "bare.html").page.locator(".mi-panel")
    assert "Which area and period these records cover is not stated" in panel.inner_text()
    assert panel.locator(".mi-hatch").count() == 0


def test_the_panel_counts_what_is_framed_and_then_all(saved, open_page):
    panel = open_page(saved("narena")).page.locator(".mi-panel").inner_text()
    assert re.search(r"\d+ incidents within 60 km of Narena, \d+ more possibly", panel)
    assert "144 incidents in the records, 130 of them attacks" in panel
    assert "Certain or possible within 60 km" in panel


def test_an_unknown_toll_is_an_empty_symbol(tmp_path, open_page):
    point = {"footprint": FRAME.polygon("ML-2017/east/north/town"), "reason": NOTHING}
    rows = [point, {**point, "fatalities_low": 0, "fatalities_high": 0}]
    rows[1] |= {"footprint": FRAME.polygon("ML-2017/west/north/town")}
    incident_map(located_table(rows), frame=FRAME).save(tmp_path / "toll.html")
    opened = open_page(tmp_path / "toll.html")
    empty = opened.incidents("layer => layer.signs().map((one) => [one.group[0].id, one.open])")
    assert dict(empty) == {"made-0": True, "made-1": False}


def test_a_frame_without_a_size_is_fitted_when_it_has_one(saved, tmp_path, browser):
    page = browser.new_page(viewport=WIDE)
    (tmp_path / "holder.html").write_text(
        f"<iframe style='width:0;height:0' src='{saved('narena').as_uri()}'></iframe>"
    )
    page.goto((tmp_path / "holder.html").as_uri())
    frame = page.frames[1]
    frame.wait_for_selector(".mi-panel", state="attached")
    page.locator("iframe").evaluate("one => (one.style.cssText = 'width:1200px;height:640px')")
    page.wait_for_timeout(300)
    layer = "window[Object.keys(window).find((name) => name.startsWith('incident_layer_'))]"
    assert 8 < frame.evaluate(f"{layer}._map.getZoom()") < 10
    assert frame.locator(".mi-panel .mi-body").is_visible()
    page.close()


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("landscape", [False, True], ids=["portrait", "landscape"])
def test_a_notice_and_two_legends_stay_on_one_sheet(
    shipped_located, shipped_coverage, open_page, tmp_path, lang, landscape
):
    notice = {"en": "Internal: not for passing on", "fr": "Interne : ne pas diffuser"}
    incident_map(
        shipped_located,
        coverage=shipped_coverage,
        lang=lang,
        notice=notice,
        around="Narena",
        way_to="Bamako",
    ).save(tmp_path / "map.html")
    page = open_page(tmp_path / "map.html").page
    page.locator(".mi-options select").first.select_option("cercle")
    page.pdf(path=tmp_path / "map.pdf", format="A4", landscape=landscape)
    assert len(re.findall(rb"/Type\s*/Page\b", (tmp_path / "map.pdf").read_bytes())) == 1


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("landscape", [False, True], ids=["portrait", "landscape"])
def test_a_printed_map_fills_one_page_whichever_way_it_lies(
    saved, open_page, tmp_path, viewport, landscape
):
    for name, lang in (("narena", "fr"), ("bamako", "en")):
        opened = open_page(saved(name, lang), viewport)
        page = opened.page
        before = opened.incidents("layer => [layer._map.getCenter(), layer._map.getZoom()]")
        page.pdf(path=tmp_path / "map.pdf", format="A4", landscape=landscape)
        content = (tmp_path / "map.pdf").read_bytes()
        assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
        after = opened.incidents("layer => [layer._map.getCenter(), layer._map.getZoom()]")
        assert after == before
        assert page.locator(".mali-map").bounding_box() == {"x": 0, "y": 0, **viewport}
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        # A4 in CSS pixels; on a screen there are no margins of a page.
        wide, tall = (1123, 794) if landscape else (794, 1123)
        page.set_viewport_size({"width": wide, "height": tall})
        page.evaluate(f"document.body.style = 'margin: 38px; height: {tall - 76}px'")
        parts = (".mi-panel h1", ".mi-status", ".leaflet-map-pane", ".mi-legend", ".mi-foot")
        boxes = [page.locator(one).bounding_box() for one in parts]
        for number, one in enumerate(boxes):
            assert 38 <= one["x"] < one["x"] + one["width"] <= wide - 37
            assert 38 <= one["y"] < one["y"] + one["height"] <= tall - 37
            assert all(apart(one, other) for other in boxes[:number])
        assert max(one["x"] + one["width"] for one in boxes) > wide - 42
        assert max(one["y"] + one["height"] for one in boxes) > tall * 0.88
        for hidden in (".mi-tools", ".mi-time", ".mi-inner", ".mi-lang", ".leaflet-control-zoom"):
            assert not page.locator(hidden).first.is_visible()
        for shown in (".leaflet-control-scale", ".leaflet-control-attribution", ".mi-rings"):
            assert page.locator(shown).is_visible()


def apart(one: dict, other: dict) -> bool:
    return any(
        first[side] + first[size] <= second[side] + 1
        for first, second in ((one, other), (other, one))
        for side, size in (("x", "width"), ("y", "height"))
    )


def test_what_is_printed_is_drawn(saved, open_page):
    opened = open_page(saved("bamako"))
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert (
        opened.incidents(
            """layer => [...layer._map.getPane("mapPane").querySelectorAll("canvas")].map((one) =>
        one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some(Boolean))
        .filter(Boolean).length"""
        )
        >= 4
    )


def test_without_scripts_the_page_says_so(saved, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(saved("narena", "fr").as_uri())
    assert "JavaScript" in page.locator("noscript").inner_text()
    context.close()
