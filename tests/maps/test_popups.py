"""Cards and lists: steps through time, pages, small frames; signs and rings beside pandas."""

import pytest
from made_located import disc, located_table
from playwright.sync_api import expect

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.tables import POINT_LEVELS, Reason

pytestmark = pytest.mark.browser
PLACE = {"footprint": disc(-8.0, 12.6, 2000), "reason": Reason("none", {})}


def draw(tmp_path, rows, **given):
    """A saved map of made rows."""
    incident_map(located_table(rows), **given).save(tmp_path / "made.html")
    return tmp_path / "made.html"


def active(page) -> str:
    """The words of what has the focus."""
    return page.evaluate("document.activeElement.textContent")


def step(page, key) -> None:
    """Press a key, and wait until the card before it has faded."""
    page.keyboard.press(key)
    expect(page.locator(".mi-popup")).to_have_count(1)


def test_arrow_keys_step_through_time(shipped_located, saved, open_page):
    opened = open_page(saved("bamako"))
    page = opened.page
    order = shipped_located.sort_values("date_start", kind="stable")["incident_id"].tolist()
    opened.incidents(
        "(layer, id) => layer.choose(layer.rows.find((row) => row.id === id))", order[5]
    )
    card = page.locator(".mi-popup .mi-id")
    for key, at in (("ArrowRight", 6), ("ArrowRight", 7), ("ArrowLeft", 6), ("ArrowLeft", 5)):
        step(page, key)
        assert card.inner_text() == order[at]
        where = f"{at + 1} of {len(order)}"
        assert page.locator(".mi-stepper span").inner_text() == where
        assert page.locator(".mi-said").inner_text().startswith(f"{where}: ")
        assert opened.incidents(
            "layer => layer._map.getBounds().contains(layer._popup.getLatLng())"
        )
        assert page.evaluate("document.activeElement.closest('.mi-popup') !== null")
    page.get_by_text("later →").focus()
    step(page, "Enter")
    assert card.inner_text() == order[6]
    assert active(page) == "later →"
    # What is filtered out is stepped over, and the ends are ends.
    battles = shipped_located.loc[shipped_located["event_type"] == "Riots", "incident_id"]
    # The address follows a moment after the last step.
    page.wait_for_timeout(300)
    page.goto(page.url.split("#")[0] + "#m1.type=Riots")
    expect(page.locator(".mi-popup")).to_have_count(0)
    ends = [one for one in order if one in set(battles)]
    opened.incidents(
        "(layer, id) => layer.choose(layer.rows.find((row) => row.id === id))", ends[0]
    )
    assert page.get_by_text("← earlier").is_disabled()
    step(page, "ArrowLeft")
    assert card.inner_text() == ends[0]
    for _ in ends:
        step(page, "ArrowRight")
    assert card.inner_text() == ends[-1]
    assert page.get_by_text("later →").is_disabled()
    assert opened.said == []


def test_arrow_keys_step_from_the_map_the_page_and_a_list(shipped_located, saved, open_page):
    opened = open_page(saved("bamako"))
    page = opened.page
    order = shipped_located.sort_values("date_start", kind="stable")["incident_id"].tolist()
    card = page.locator(".mi-popup .mi-id")
    centre = "layer => [layer._map.getCenter(), layer._map.getZoom()]"
    # The whole page is the map: nothing need be chosen first.
    step(page, "ArrowRight")
    assert card.inner_text() == order[0]
    page.keyboard.press("Escape")
    expect(page.locator(".mi-popup")).to_have_count(0)
    # On the map, on from where it was; with Shift the map is moved.
    page.locator("main").focus()
    step(page, "ArrowRight")
    assert card.inner_text() == order[1]
    page.keyboard.press("Escape")
    expect(page.locator(".mi-popup")).to_have_count(0)
    page.locator("main").focus()
    before = opened.incidents(centre)
    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_timeout(500)
    assert opened.incidents(centre)[0]["lng"] > before[0]["lng"]
    assert page.locator(".mi-popup").count() == 0
    # In a list, its first entry and then on.
    opened.incidents(
        "layer => layer.open(layer.signs().find((one) => one.group.length > 1), [0, 0])"
    )
    first = page.locator(".mi-popup .mi-list button").first.evaluate("one => one.incident.id")
    step(page, "ArrowLeft")
    assert card.inner_text() == first
    step(page, "ArrowLeft")
    assert card.inner_text() == order[order.index(first) - 1]
    assert opened.said == []


def test_arrow_keys_of_fields_and_sliders_are_their_own(saved, open_page):
    opened = open_page(saved("bamako"))
    page = opened.page
    page.locator(".mi-fold > summary").first.click()
    for one in (page.get_by_label("First day"), page.locator(".mi-filters input").first):
        if one.count():
            one.focus()
            page.keyboard.press("ArrowRight")
    page.locator(".mi-legend summary").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".mi-popup").count() == 0


def test_a_long_list_is_paged(tmp_path, open_page):
    rows = [{**PLACE, "date_start": f"2025-01-{1 + n % 28:02d}"} for n in range(60)]
    opened = open_page(draw(tmp_path, rows))
    page = opened.page
    opened.incidents("layer => layer.open(layer.signs()[0])")
    popup = page.locator(".mi-popup")
    entries = popup.locator(".mi-list button")
    assert entries.count() == 25
    entries.first.press("PageDown")
    assert popup.locator(".mi-pages span").inner_text() == "2 / 3"
    assert page.evaluate("document.activeElement.parentNode.parentNode.start") == 26
    popup.get_by_label("Next page").click()
    assert entries.count() == 10
    assert popup.get_by_label("Next page").is_disabled()
    entries.nth(3).press("PageDown")
    chosen = opened.incidents(
        "layer => [...document.querySelectorAll('.mi-popup .mi-list button')][3].incident.id"
    )
    entries.nth(3).click()
    assert popup.locator(".mi-id").inner_text() == chosen
    # The list comes back at the page it was left at, with the focus where it was.
    page.locator(".mi-back").click()
    assert popup.locator(".mi-pages span").inner_text() == "3 / 3"
    assert page.evaluate("document.activeElement.incident.id") == chosen
    page.keyboard.press("PageUp")
    assert popup.locator(".mi-pages span").inner_text() == "2 / 3"
    page.get_by_text("All 60 incidents as a list").click()
    expect(page.locator(".mi-panel .mi-list button")).to_have_count(25)
    assert opened.said == []


def test_the_number_on_a_sign_may_be_its_deaths(tmp_path, open_page):
    places = {
        "3–7": ([1, 2], [3, 4]), "5": ([2, 3], [2, 3]), "4+": ([4, 0], [None, 0]),
        "?": ([None, None], [None, None]), "1200–1900": ([600, 600], [900, 1000]),
    }  # fmt: skip
    rows = [
        {
            "footprint": disc(-9 + 2 * n, 13, 2000), "reason": Reason("none", {}),
            "fatalities_low": low, "fatalities_high": high,
        }
        for n, tolls in enumerate(places.values())
        for low, high in zip(*tolls, strict=True)
    ]  # fmt: skip
    opened = open_page(draw(tmp_path, rows))
    told = "layer => layer.signs().map((one) => [one.label, one.radius])"
    assert {label for label, _ in opened.incidents(told)} == {"2"}
    opened.page.get_by_label("Number on a sign").select_option("deaths")
    sizes = dict(opened.incidents(told))
    assert sizes.keys() == places.keys()
    assert sizes["1200–1900"] > sizes["5"] > 0


def test_rings_of_all_places_in_the_window(shipped_located, saved, open_page):
    opened = open_page(saved("mali"))
    drawn = "layer => layer._sure.getLayers().map((one) => one.getRadius())"
    assert opened.incidents(drawn) == []
    opened.page.get_by_label("Show how sure each place is").check()
    points = shipped_located[shipped_located["level"].isin(POINT_LEVELS)]
    keys = zip(
        points.geometry.x.round(5), points.geometry.y.round(5),
        points["uncertainty_m"].round(), strict=True,
    )  # fmt: skip
    assert sorted(opened.incidents(drawn)) == sorted(radius for *_, radius in set(keys))
    opened.incidents("layer => { layer._map.setView([22, -2], 9, {animate: false}); }")
    assert opened.incidents(drawn) == []
    opened.page.get_by_label("Show how sure each place is").uncheck()
    opened.incidents("layer => { layer._map.setView([13, -8], 6, {animate: false}); }")
    assert opened.incidents(drawn) == []


def test_too_many_rings_are_said_and_not_drawn(tmp_path, open_page):
    rows = [
        {"footprint": disc(-8 + n % 40 / 20, 12 + n // 40 / 20, 900), "reason": Reason("none", {})}
        for n in range(1520)
    ]
    opened = open_page(draw(tmp_path, rows))
    opened.page.get_by_label("Show how sure each place is").check()
    note = opened.page.locator(".mi-options [role=status]")
    assert note.inner_text().startswith("1,520 places here: too many")
    opened.incidents("layer => { layer._map.setView([12.5, -7.5], 13, {animate: false}); }")
    assert note.inner_text() == ""
    assert opened.incidents("layer => layer._sure.getLayers().length") > 0


def test_in_a_small_frame_a_card_lies_over_the_panel(saved, open_page):
    page = (opened := open_page(saved("bamako"), {"width": 300, "height": 300})).page
    opened.incidents("layer => layer.choose(layer.rows.find((row) => row.lat !== null))")
    # The map moves so that the card is in it.
    page.wait_for_timeout(500)
    box = page.locator(".mi-popup").bounding_box()
    assert min(box["x"], box["y"]) >= 0
    assert box["x"] + box["width"] <= 300
    assert box["y"] + box["height"] <= 300
    assert not page.locator(".mi-panel").is_visible()
    page.keyboard.press("Escape")
    page.locator(".mi-panel").wait_for()
    assert opened.said == []


def test_a_card_is_closed_in_the_language_spoken_and_no_word_widens_it(tmp_path, open_page):
    opened = open_page(draw(tmp_path, [{**PLACE, "actor": "x" * 10_000}], lang="fr"))
    page = opened.page
    opened.incidents("layer => layer.choose(layer.rows[0])")
    close = page.locator(".leaflet-popup-close-button")
    assert close.get_attribute("aria-label") == "Fermer"
    page.locator(".mi-lang").press("Enter")
    assert close.get_attribute("aria-label") == "Close"
    assert page.locator(".mi-popup").bounding_box()["width"] <= 420
    card = page.locator(".mi-content")
    assert card.evaluate("one => one.scrollWidth <= one.clientWidth")
