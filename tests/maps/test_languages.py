"""Both languages in one file: the switch says again all that is said."""

import re

import folium
import pytest
from made_located import HOSTILE, in_unit, located_table, small_frame
from playwright.sync_api import Browser

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.messages import LANGUAGES, message, viewer_messages
from mali_incidents.maps.page import viewer_script
from mali_incidents.maps.payload import read_block
from mali_incidents.tables import Reason, Source

pytestmark = pytest.mark.browser
FRAME = small_frame()
BLANKS = str.maketrans("\u00a0\u202f", "  ")


def switch(opened) -> None:
    """Press the switch by its key."""
    opened.page.locator(".mi-lang").press("Enter")


def test_the_switch_says_all_again_and_keeps_what_is_open(saved, open_page):
    opened = open_page(saved("narena"))
    page = opened.page
    page.locator(".mi-panel > details:has(.mi-types)").evaluate("one => { one.open = true; }")
    page.locator(".mi-inner").last.evaluate("one => { one.open = true; }")
    entry = page.locator(".mi-inner .mi-list button", has_text="gold-panning").first
    while not entry.count():
        page.locator(".mi-inner").get_by_label("Next page").click()
    entry.click()
    for _ in range(6):
        page.locator(".mi-inner .mi-list button").first.press("PageUp")
    before = {
        "panel": page.locator(".mi-panel").inner_text(),
        "card": page.locator(".mi-popup .mi-card").inner_text(),
        "label": page.locator("main").get_attribute("aria-label"),
        "credits": page.locator(".leaflet-control-attribution").inner_text(),
    }
    opened.incidents("layer => { layer._map.on('popupclose', () => (window.closed = true)); }")
    page.evaluate("window.closed = false")
    switch(opened)
    assert page.evaluate("document.activeElement.className") == "mi-lang"
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert page.evaluate("document.querySelector('main').lang") == "fr"
    assert page.title() == "Incidents autour de Narena"
    panel = page.locator(".mi-panel").inner_text().translate(BLANKS)
    for words in ("Légende et décomptes", "à moins de 60 km", "Combats", "Certain :", "EN"):
        assert words in panel
    assert page.locator(".mi-inner").last.evaluate("one => one.open")
    card = page.locator(".mi-popup .mi-card").inner_text().translate(BLANKS)
    for words in ("Violence contre les civils · Attaque", "mai 2025", "soupçonné", "« "):
        assert words in card
    assert page.locator(".leaflet-control-zoom-in").get_attribute("title") == "Zoom avant"
    assert "Limites" in page.locator(".leaflet-control-attribution").inner_text()
    assert str(page.locator("main").get_attribute("aria-label")).startswith("Incidents autour")
    switch(opened)
    assert page.locator(".mi-panel").inner_text() == before["panel"]
    assert page.locator(".mi-popup .mi-card").inner_text() == before["card"]
    assert page.locator("main").get_attribute("aria-label") == before["label"]
    assert page.locator(".leaflet-control-attribution").inner_text() == before["credits"]
    assert page.evaluate("window.closed") is False
    assert opened.said == []


def test_switched_pages_say_what_the_other_page_says(saved, open_page):
    said = {}
    for lang in LANGUAGES:
        opened = open_page(saved("mali", lang))
        for now in (lang, next(one for one in LANGUAGES if one != lang)):
            said[lang, now] = opened.page.locator(".mi-panel").inner_text(), opened.names()
            switch(opened)
    for lang in LANGUAGES:
        assert said["en", lang] == said["fr", lang]
    assert "MAURITANIE" in said["en", "fr"][1]


def test_a_list_at_one_place_is_said_again(saved, open_page):
    opened = open_page(saved("bamako", "fr"))
    opened.incidents("layer => { layer.open(layer.signs().find((one) => one.group.length > 5)); }")
    entries = opened.page.locator(".mi-popup .mi-list li").count()
    switch(opened)
    assert opened.page.locator(".mi-popup .mi-list li").count() == entries
    assert "incidents" in opened.page.locator(".mi-popup h2").first.inner_text()


def test_an_authors_title_in_both_languages_is_switched(tmp_path, open_page):
    rows = [{**in_unit(FRAME, "ML-2017/east"), "reason": Reason("none", {})}]
    titles = {"en": "Attacks in May", "fr": "Attaques en mai"}
    drawn = incident_map(located_table(rows), frame=FRAME, title=titles, lang="fr")
    assert drawn.title == "Attaques en mai"
    drawn.save(tmp_path / "mine.html")
    page = open_page(tmp_path / "mine.html").page
    for lang in ("fr", "en", "fr"):
        assert page.locator("h1").inner_text() == page.title() == titles[lang]
        assert page.evaluate("document.documentElement.lang") == lang
        page.locator(".mi-lang").press("Enter")


def test_an_authors_title_stays_as_it_is(tmp_path, open_page):
    rows = [{**in_unit(FRAME, "ML-2017/east"), "reason": Reason("none", {})}]
    drawn = incident_map(located_table(rows), frame=FRAME, title="Mine: {n}")
    folium.LayerControl(collapsed=False).add_to(drawn)
    drawn.save(tmp_path / "mine.html")
    opened = open_page(tmp_path / "mine.html")
    layers = opened.page.locator(".leaflet-control-layers-overlays")
    for lang in ("en", "fr", "en"):
        assert opened.page.title() == "Mine: {n}"
        assert opened.page.locator("h1").inner_text() == "Mine: {n}"
        names = [message(key, lang) for key in ("basemap.borders", "layer.incidents")]
        assert [name.strip() for name in layers.inner_text().splitlines()] == names
        switch(opened)


def test_hostile_records_change_nothing_but_text_in_either_language(tmp_path, open_page):
    told = {"name": HOSTILE, "place": HOSTILE, "unit": HOSTILE, "level": HOSTILE, "text": HOSTILE}
    reasons = [Reason(code, told) for code in ("place", "unit", "not-read")]
    notes = {"notes": [("also-named", told), ("also-unit", told)]}
    rows = [{**in_unit(FRAME, "ML-2017/east"), "reason": one} for one in reasons]
    rows.append({**rows[0], "reason": Reason("none", notes), "sources": [Source(HOSTILE, HOSTILE)]})
    for column in ("incident_id", "target", "location_text", "admin1_name", "dataset"):
        rows = [{**row, column: f"{HOSTILE} {n}"} for n, row in enumerate(rows)]
    incident_map(located_table(rows), frame=FRAME, title=HOSTILE).save(tmp_path / "hostile.html")
    opened = open_page(tmp_path / "hostile.html")
    page = opened.page
    page.locator(".mi-panel details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    for _ in LANGUAGES:
        for entry in range(len(rows)):
            page.locator(".mi-panel .mi-list button").nth(entry).click()
            card = page.locator(".mi-popup .mi-card").last
            assert card.inner_text().count(HOSTILE) > 5
            assert card.locator("img, script, a").count() == 0
        assert page.title() == HOSTILE
        switch(opened)
    assert opened.said == []
    assert opened.asked == []


def test_what_the_scripts_say_travels_in_both_languages():
    keys = set(re.findall(r'say\("([\w.]+[a-z])"', viewer_script()))
    assert len(keys) > 30
    for lang in LANGUAGES:
        carried = viewer_messages(lang)
        assert not [key for key in keys if key not in carried and f"{key}.other" not in carried]


def test_nothing_made_in_python_is_in_one_language_only(saved):
    block = saved("narena", "fr").read_text("utf-8").split('type="application/json"')[1]
    data = read_block(block[block.index(">") + 1 : block.index("</script>")])
    assert set(data["messages"]) == set(data["captions"]) == set(data["reasons"]) == set(LANGUAGES)
    for name, text in data["captions"]["en"].items():
        assert data["captions"]["fr"][name] != text, name
    assert not [key for key in data["messages"]["en"] if key.startswith(("figure.", "gallery."))]
    assert data["captions"]["en"]["title"] == "Incidents around Narena"


def test_a_browser_that_cannot_read_the_data_is_told_so(saved, browser: Browser):
    for lang in LANGUAGES:
        context = browser.new_context(offline=True)
        context.add_init_script("delete globalThis.DecompressionStream;")
        page = context.new_page()
        page.goto(saved("narena", lang).as_uri())
        page.wait_for_selector(".mi-panel")
        words = page.locator(".mi-panel [role=alert]").inner_text()
        assert words == message("data.unreadable", lang)
        context.close()
