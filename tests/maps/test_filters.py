"""The filters of a saved map, driven in a browser beside pandas on the same records."""

import csv
import io
import json
import re
from urllib.parse import parse_qs, unquote

import folium
import pandas as pd
import pytest
from made_located import disc, located_table

from mali_incidents.counts.around import footprint_distances
from mali_incidents.errors import MapError
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.page import page_of
from mali_incidents.storage import defused
from mali_incidents.tables import Reason

pytestmark = pytest.mark.browser
WIDE = {"width": 1400, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def drawn(shipped_located, shipped_coverage):
    """A map with a centre, which opens with all dates."""
    return incident_map(shipped_located, around="Bamako", coverage=shipped_coverage)


@pytest.fixture(scope="module")
def path(drawn, tmp_path_factory):
    """Where it is saved."""
    file = tmp_path_factory.mktemp("filters") / "bamako.html"
    drawn.save(file)
    return file


def group(opened, name):
    """Open the filters, and one group of them."""
    for fold in (
        opened.page.locator(".mi-panel > details:has(.mi-filters)"),
        opened.page.locator(".mi-filters > details", has_text=name).first,
    ):
        fold.evaluate("one => { one.open = true; }")
    return opened.page.locator(".mi-filters > details", has_text=name).first


def choice(opened, name, label):
    """A choice in a group of filters: its box, and the count beside it."""
    text = re.compile(rf"^{re.escape(label)}[\d,]*$")
    return group(opened, name).locator("label", has_text=text).first


def count_beside(opened, name, label):
    """The count beside a choice."""
    return int(choice(opened, name, label).locator("b").inner_text().replace(",", ""))


def shown(opened):
    """The ids of the incidents that the map draws or lists as nowhere on it."""
    return set(opened.incidents("layer => layer.chosen.map((row) => row.id)"))


def table_ids(opened):
    """How many incidents the table has, page by page."""
    page = opened.page
    page.locator(".mi-tools button", has_text="Table").click()
    total = page.locator(".mi-drawer tbody tr").count()
    while page.get_by_label("Next page").is_enabled():
        page.get_by_label("Next page").click()
        total += page.locator(".mi-drawer tbody tr").count()
    page.locator(".mi-close").click()
    return total


def box_of(opened, selector):
    """The rectangle of an element, in pixels of the window."""
    return opened.page.locator(selector).first.bounding_box()


def in_address(opened):
    """The state in the page's address."""
    # The page writes it a moment after the last change, before a later timer of its own.
    written = opened.page.evaluate(
        "() => new Promise((done) => setTimeout(() => done(location.hash), 300))"
    )
    return parse_qs(written.removeprefix("#"))


def check(opened, expected, located):
    """Compare the map, the totals and the table with what pandas leaves."""
    kept = located[expected.fillna(value=False).astype(bool)]
    assert shown(opened) == set(kept["incident_id"])
    said = opened.page.locator(".mi-status").inner_text()
    coarse = int(kept["level"].isin(["cercle", "region", "country"]).sum())
    assert said.startswith(f"{len(kept)} of {len(located)} incidents")
    assert not coarse or f"of which {coarse} located only to a cercle or coarser" in said
    assert table_ids(opened) == len(kept)
    assert opened.said == []


def day(text):
    """Days since 1970-01-01."""
    return (pd.Timestamp(text) - pd.Timestamp(0)).days


@pytest.mark.parametrize(
    ("name", "label", "column", "value", "key"),
    [
        ("Type of incident", "Battles", "event_type", "Battles", "type"),
        ("Sub-type", "Abduction", "sub_event_type", "Abduction/forced disappearance", "sub"),
        ("Actor", "JNIM", "actor", "JNIM", "by"),
        ("Attribution", "claimed", "attribution", "claimed", "claim"),
        ("Verification", "one source", "verification", "reported", "info"),
        ("Region, cercle", "Kayes", "admin1_name", "Kayes", "in"),
        ("How finely", "Cercle", "level", "cercle", "level"),
    ],
)
def test_a_list_of_choices_filters_all_there_is(
    path, shipped_located, open_page, name, label, column, value, key
):
    opened = open_page(path)
    expected = shipped_located[column] == value
    assert count_beside(opened, name, label) == expected.sum()
    choice(opened, name, label).locator("input").check()
    check(opened, expected, shipped_located)
    assert in_address(opened).keys() == {f"m1.{key}"}
    # The counts of the same list do not follow it; those of another do.
    other = ("Type of incident", "Riots") if key != "type" else ("How finely", "Cercle")
    among = {"Riots": shipped_located["event_type"] == "Riots"}.get(
        other[1], shipped_located["level"] == "cercle"
    )
    assert count_beside(opened, *other) == (expected.fillna(value=False) & among).sum()
    assert count_beside(opened, name, label) == expected.sum()
    opened.page.get_by_text("Undo", exact=True).click()
    assert len(shown(opened)) == len(shipped_located)
    assert not choice(opened, name, label).locator("input").is_checked()
    assert in_address(opened) == {}


def test_numbers_and_words_filter_as_well(path, shipped_located, open_page):
    opened = open_page(path)
    group(opened, "Deaths")
    page = opened.page
    deaths = (
        shipped_located["fatalities_best"]
        .fillna(shipped_located["fatalities_high"])
        .fillna(shipped_located["fatalities_low"])
    )
    page.get_by_label("At least").fill("2")
    check(opened, deaths >= 2, shipped_located)
    page.get_by_label("At most").fill("10")
    check(opened, (deaths >= 2) & (deaths <= 10), shipped_located)
    group(opened, "Distance")
    page.get_by_label("Kilometres from Bamako").fill("150")
    near = footprint_distances(shipped_located, **centre_of(opened))["nearest_km"] <= 150
    check(opened, near & (deaths >= 2) & (deaths <= 10), shipped_located)
    assert in_address(opened) == {"m1.deaths": ["2..10"], "m1.km": ["150"]}
    page.get_by_text("Reset", exact=True).click()
    page.get_by_label("Search").fill("segou MARKALA")
    words = shipped_located[["summary", "location_text", "target"]].fillna("").agg(" ".join, axis=1)
    places = opened.incidents("layer => layer.rows.map((row) => row.placed || '')")
    plain = (
        (words + pd.Series(places, index=words.index))
        .str.normalize("NFKD")
        .str.encode("ascii", "ignore")
        .str.decode("ascii")
        .str.lower()
    )
    expected = plain.str.contains("segou") & plain.str.contains("markala")
    assert expected.any()
    check(opened, expected, shipped_located)


def centre_of(opened):
    """Where the map's centre is."""
    return opened.page.evaluate(
        "() => { const name = Object.keys(window).find((one) => one.startsWith('map_data_'));"
        " const at = window[name].data.panel.centre;"
        " return {latitude: at.lat, longitude: at.lon}; }"
    )


def test_a_window_of_dates_is_moved_by_keys_and_by_hand(path, shipped_located, open_page):
    opened = open_page(path)
    page = opened.page
    first, last = shipped_located["date_start"].min(), shipped_located["date_end"].max()
    start = first.replace(day=1)
    page.get_by_label("First day").press("PageUp")
    start += pd.DateOffset(months=12)
    touching = shipped_located["date_end"] >= start
    check(opened, touching, shipped_located)
    assert in_address(opened) == {"m1.t": [f"{start:%Y-%m-%d}..{month_end(last):%Y-%m-%d}"]}
    said = page.get_by_label("First day").get_attribute("aria-valuetext")
    assert said == f"1 {start:%B %Y}"
    page.get_by_label("Last day").press("ArrowLeft")
    end = month_end(last) - pd.offsets.MonthEnd(1)
    check(opened, touching & (shipped_located["date_start"] <= end), shipped_located)
    # What is known only to an interval is shown where that touches the window.
    track = box_of(opened, ".mi-track")
    handle = box_of(opened, ".mi-slide-from")
    page.mouse.move(handle["x"] + handle["width"] - 1, handle["y"] + 20)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] / 2, handle["y"] + 20, steps=5)
    page.mouse.up()
    since = int(page.get_by_label("First day").get_attribute("aria-valuenow"))
    assert pd.Timestamp(since, unit="D").day == 1
    middle = (day(first) + day(last)) / 2
    assert abs(since - middle) < 45
    start = pd.Timestamp(since, unit="D")
    moved = (shipped_located["date_end"] >= start) & (shipped_located["date_start"] <= end)
    check(opened, moved, shipped_located)
    page.get_by_text("Undo", exact=True).click()
    check(opened, touching & (shipped_located["date_start"] <= end), shipped_located)
    page.get_by_text("All dates", exact=True).click()
    assert len(shown(opened)) == len(shipped_located)


def month_end(moment):
    """The last day of a day's month."""
    return moment + pd.offsets.MonthEnd(0)


def test_play_moves_the_window_and_pause_stops_it(path, open_page):
    opened = open_page(path)
    page = opened.page
    page.get_by_label("Speed").select_option("4×")
    page.get_by_label("Play", exact=True).click()
    page.wait_for_function("() => location.hash.includes('m1.t=')")
    early = len(shown(opened))
    page.get_by_label("Pause").click()
    stopped = shown(opened)
    page.wait_for_timeout(500)
    assert shown(opened) == stopped
    page.get_by_label("How the window moves").select_option("growing")
    page.get_by_label("Play", exact=True).click()
    page.wait_for_timeout(1500)
    page.get_by_label("Pause").click()
    assert len(shown(opened)) >= early
    page.get_by_text("Undo", exact=True).click()
    assert shown(opened) == stopped


def test_an_address_brings_the_same_view_back(path, shipped_located, open_page):
    opened = open_page(path)
    choice(opened, "Type of incident", "Battles").locator("input").check()
    opened.page.get_by_label("Search").fill("kayes")
    expected = shown(opened)
    assert 0 < len(expected) < len(shipped_located)
    address = opened.page.evaluate(
        "() => new Promise((done) => setTimeout(() => done(location.href), 300))"
    )
    again = open_page(path)
    again.page.goto(address)
    again.page.reload()
    again.page.wait_for_selector(".mi-status")
    assert shown(again) == expected
    assert "m1.type=Battles" in unquote(address)
    # One incident has a link of its own.
    one = sorted(expected)[0]
    again.page.goto(f"{address}&m1.i={one}")
    again.page.wait_for_selector(".mi-popup .mi-id")
    assert again.page.locator(".mi-popup .mi-id").inner_text() == one
    again.page.keyboard.press("Escape")
    assert "m1.i" not in in_address(again)
    assert again.said == []


def test_maps_of_one_page_have_their_own_parts_of_its_address(shipped_located, tmp_path, open_page):
    figure = folium.Figure()
    for _ in range(2):
        figure.add_child(incident_map(shipped_located))
    (tmp_path / "two.html").write_text(
        page_of(figure, title="Two", lang="en", description="Two maps").html, "utf-8"
    )
    opened = open_page(tmp_path / "two.html")
    opened.page.goto(f"{opened.page.url}#m1.type=Riots&m2.type=Battles&other=1")
    opened.page.reload()
    opened.page.wait_for_function("() => document.querySelectorAll('.mi-status').length === 2")
    said = opened.page.locator(".mi-status").all_inner_texts()
    counts = shipped_located["event_type"].value_counts()
    assert [int(one.split()[0]) for one in said] == [counts["Riots"], counts["Battles"]]
    opened.page.locator(".mi-panel").nth(1).get_by_text("Reset", exact=True).evaluate(
        "one => one.click()"
    )
    assert in_address(opened) == {"m1.type": ["Riots"], "other": ["1"]}


@pytest.mark.parametrize("sandbox", ["allow-scripts", "allow-scripts allow-downloads"])
def test_in_a_frame_the_state_is_kept_in_memory(path, tmp_path, open_page, browser, sandbox):
    text = path.read_text("utf-8").replace("&", "&amp;").replace('"', "&quot;")
    outer = tmp_path / "outer.html"
    outer.write_text(
        f'<iframe sandbox="{sandbox}" srcdoc="{text}" width="1200" height="700"></iframe>', "utf-8"
    )
    context = browser.new_context(viewport=WIDE, offline=True)
    page = context.new_page()
    said = []
    page.on("console", lambda entry: said.append(entry.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(outer.as_uri())
    frame = page.frame_locator("iframe")
    before = frame.locator(".mi-status").inner_text()
    frame.get_by_label("First day").press("PageUp")
    assert frame.locator(".mi-status").inner_text() != before
    page.wait_for_timeout(300)
    frame.locator(".mi-panel summary", has_text="Share").click()
    frame.get_by_text("Copy link").click()
    link = frame.locator(".mi-copy")
    if link.count():
        assert link.input_value().startswith("#m1.t=")
    assert page.url == outer.as_uri()
    assert said == []
    context.close()


def test_the_table_is_sorted_paged_and_opens_an_incident(path, shipped_located, open_page):
    opened = open_page(path)
    page = opened.page
    page.locator(".mi-tools button", has_text="Table").click()
    assert page.locator(".mi-drawer tbody tr").count() == 25
    assert str(len(shipped_located)) in page.locator(".mi-drawer caption").inner_text()
    assert page.locator("th[aria-sort=descending]").inner_text() == "Date"
    page.locator(".mi-drawer thead button", has_text="Deaths").click()
    heading = page.locator(".mi-drawer th", has_text="Deaths")
    assert heading.get_attribute("aria-sort") == "descending"
    most = shipped_located[["fatalities_best", "fatalities_high"]].max().max()
    assert str(most) in page.locator(".mi-drawer tbody tr").first.inner_text()
    heading.locator("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    place = page.locator(".mi-drawer tbody tr td").nth(2).inner_text()
    page.locator(".mi-drawer tbody button").first.click()
    assert place in page.locator(".mi-popup .mi-card").inner_text()
    page.keyboard.press("Escape")
    page.locator(".mi-drawer h2").focus()
    page.keyboard.press("Escape")
    assert page.locator(".mi-drawer").is_hidden()
    assert page.evaluate("document.activeElement.textContent") == "Table"
    assert opened.said == []


def test_downloads_hold_what_is_shown_and_no_formula(tmp_path, open_page):
    hostile = ["=1+1", "+1", "-1", "@x", "'=1", "plain", 'a "b", c\nd', "\tx", "'plain"]
    rows = [
        {
            "summary": text, "actor": text, "target": text, "location_text": text,
            "footprint": disc(-8, 12.6, 1000), "fatalities_low": number,
            "reason": Reason("none", {}),
        }
        for number, text in enumerate(hostile)
    ]  # fmt: skip
    incident_map(located_table(rows)).save(tmp_path / "hostile.html")
    opened = open_page(tmp_path / "hostile.html")
    page = opened.page
    page.locator(".mi-panel summary", has_text="Share").click()
    with page.expect_download() as saved:
        page.get_by_text("CSV", exact=True).click()
    text = saved.value.path().read_bytes().decode("utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["summary"] for row in table] == [defused(one) for one in hostile]
    assert [row["fatalities_low"] for row in table] == [str(n) for n in range(len(hostile))]
    group(opened, "Deaths")
    page.get_by_label("At least").fill("7")
    with page.expect_download() as saved:
        page.get_by_text("GeoJSON", exact=True).click()
    features = json.loads(saved.value.path().read_text("utf-8"))["features"]
    assert [one["properties"]["incident_id"] for one in features] == ["made-7", "made-8"]
    assert features[0]["geometry"]["coordinates"] == pytest.approx([-8, 12.6], abs=0.01)
    assert opened.said == []


def test_a_map_may_be_written_without_downloads(shipped_located, tmp_path, open_page):
    incident_map(shipped_located.head(2), downloads=False).save(tmp_path / "kept.html")
    page = open_page(tmp_path / "kept.html").page
    page.locator(".mi-panel summary", has_text="Share").click()
    assert page.get_by_text("Copy citation").is_visible()
    assert page.get_by_text("CSV", exact=True).count() == 0


def test_a_citation_names_period_filters_sources_and_the_view(
    path, shipped_located, shipped_coverage, open_page
):
    opened = open_page(path)
    opened.page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    choice(opened, "Type of incident", "Riots").locator("input").check()
    opened.page.locator(".mi-panel summary", has_text="Share").click()
    opened.page.get_by_text("Copy citation").click()
    line = opened.page.locator(".mi-copy").input_value()
    riots = shipped_located[shipped_located["event_type"] == "Riots"]
    assert line.startswith(f"Incidents around Bamako. {len(riots)} of {len(shipped_located)}")
    assert "Type of incident: Riots" in line
    assert f"Data: {shipped_coverage.title['en']}. Data as of 31 January 2026." in line
    # A file is known by its name: its folder is one reader's own.
    assert line.endswith(" bamako.html#m1.type=Riots")


def test_a_map_opens_with_the_dates_it_was_given(shipped_located, tmp_path, open_page):
    window = ("2025-01-01", "2025-06-30")
    incident_map(shipped_located, opens_with=window).save(tmp_path / "window.html")
    opened = open_page(tmp_path / "window.html")
    first, last = map(pd.Timestamp, window)
    touching = (shipped_located["date_end"] >= first) & (shipped_located["date_start"] <= last)
    check(opened, touching, shipped_located)
    assert in_address(opened) == {}
    opened.page.get_by_text("All dates", exact=True).click()
    assert len(shown(opened)) == len(shipped_located)
    assert in_address(opened) == {"m1.t": [".."]}


@pytest.mark.parametrize("window", [("2025-06-30", "2025-01-01"), ("soon", "later"), "2025", (1,)])
def test_a_window_that_is_none_is_refused(shipped_located, window):
    with pytest.raises(MapError, match="opens_with must be a first day and a last day"):
        incident_map(shipped_located.head(2), opens_with=window)


@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["desk", "phone"])
def test_what_is_filtered_is_said_in_the_other_language_too(path, open_page, viewport):
    opened = open_page(path, viewport)
    page = opened.page
    choice(opened, "Type of incident", "Riots").locator("input").check()
    before = shown(opened)
    page.locator(".mi-lang").click()
    assert shown(opened) == before
    assert " sur " in page.locator(".mi-status").inner_text()
    assert page.get_by_label("Premier jour").count() == 1
    assert page.locator(".mi-drawer").count() == 1
    page.get_by_text("Annuler", exact=True).click()
    assert len(shown(opened)) > len(before)
    panel, dates = box_of(opened, ".mi-panel"), box_of(opened, ".mi-time")
    beside = panel["x"] + panel["width"] <= dates["x"]
    assert beside or panel["y"] + panel["height"] <= dates["y"]
    assert opened.said == []


def test_words_that_an_address_makes_up_leave_a_page_that_can_be_reset(path, open_page):
    opened = open_page(path)
    opened.page.evaluate("location.hash = 'm1.type=Foo,Bar&m1.level=nowhere,else'")
    status = opened.page.locator(".mi-status")
    status.get_by_text("0 of 144 incidents").wait_for()
    assert opened.said == []
    opened.page.locator(".mi-tools button", has_text="Reset").click()
    assert status.inner_text().startswith("144 of 144")


def test_the_legend_counts_what_the_map_draws(shipped_located, tmp_path, open_page):
    narena = incident_map(shipped_located, around="Narena", radius_km=60)
    narena.save(tmp_path / "narena.html")
    opened = open_page(tmp_path / "narena.html")
    said = opened.page.locator(".mi-body .mi-note").all_inner_texts()
    areas, outlined = opened.incidents("layer => [layer.areas.length, layer.outlined.length]")
    assert any(text.startswith(f"{areas} incidents are known only to") for text in said)
    assert any(text.startswith(f"{outlined} incidents are told by") for text in said)
    named = opened.page.locator(".mi-types li").all_inner_texts()
    assert len(named) == shipped_located["event_type"].nunique()


def test_an_open_end_and_a_missing_date_are_said(tmp_path, open_page):
    tolls = [{"fatalities_low": 5, "fatalities_high": 7}, {"fatalities_low": 5}]
    place = {"footprint": disc(-8, 12.6, 1000), "reason": Reason("none", {})}
    table = located_table([place | toll for toll in tolls])
    table.loc[table.index[1], ["date_start", "date_end"]] = pd.NaT
    incident_map(table).save(tmp_path / "open.html")
    opened = open_page(tmp_path / "open.html")
    opened.page.locator(".mi-tools button", has_text="Table").click()
    said = opened.page.locator(".mi-drawer caption").inner_text()
    assert "10 to 12 or more" in said
    assert "1 without a date" in said


def test_the_name_of_the_map_and_the_paper_say_what_is_chosen(path, open_page):
    opened = open_page(path)
    choice(opened, "Attribution", "claimed").click()
    label = opened.page.locator("main").get_attribute("aria-label")
    assert opened.page.locator(".mi-status").inner_text() in label
    opened.page.locator(".mi-legend").evaluate("one => { one.open = false; }")
    opened.page.emulate_media(media="print")
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.page.locator(".mi-legend .mi-types").is_visible()
    assert "claimed" in opened.page.locator(".mi-foot").inner_text()
    opened.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert not opened.page.locator(".mi-legend").evaluate("one => one.open")


def test_a_card_opens_clear_of_the_table(path, open_page):
    opened = open_page(path)
    opened.page.locator(".mi-tools button", has_text="Table").click()
    for row in range(4):
        opened.page.locator(".mi-drawer tbody button").nth(row).click()
        opened.page.wait_for_timeout(500)
        card, table = box_of(opened, ".leaflet-popup"), box_of(opened, ".mi-drawer")
        assert card["y"] >= 0
        assert card["y"] + card["height"] <= table["y"] + 2
