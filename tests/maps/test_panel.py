"""The panel, the dates and the address of a saved map, where a reader may stumble."""

import re

import pandas as pd
import pytest
from made_located import disc, located_table

from mali_incidents.counts.around import footprint_distances
from mali_incidents.errors import MapError
from mali_incidents.maps.incident_map import incident_map
from mali_incidents.tables import Reason

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
NOTICE = {"en": "Internal: not for publication", "fr": "Interne : ne pas publier"}
PLACE = {"footprint": disc(-8, 12.6, 1000), "reason": Reason("none", {})}


@pytest.fixture(scope="module")
def path(shipped_located, shipped_coverage, tmp_path_factory):
    """A map that opens with one month."""
    file = tmp_path_factory.mktemp("panel") / "bamako.html"
    drawn = incident_map(
        shipped_located,
        around="Bamako",
        coverage=shipped_coverage,
        opens_with=("2025-05-01", "2025-05-31"),
        notice=NOTICE,
    )
    drawn.save(file)
    return file


def at(opened, hash_):
    """Open the page anew at an address."""
    opened.page.goto("about:blank")
    opened.page.goto(f"{opened.path}#{hash_}")
    opened.page.wait_for_selector(".mi-status")


@pytest.fixture
def opened(path, open_page):
    """The page of one month."""
    one = open_page(path)
    one.path = path.as_uri()
    return one


def address(opened):
    """The page's address, once it is written."""
    return opened.page.evaluate(
        "() => new Promise((done) => setTimeout(() => done(location.hash), 300))"
    )


def status(opened):
    """How much is shown."""
    return opened.page.locator(".mi-status").inner_text()


def touching(located, first, last):
    """What may fall into a window of dates."""
    return (located["date_end"] >= first) & (located["date_start"] <= last)


def test_bars_of_types_follow_the_filter_as_pandas_counts(opened, shipped_located):
    centre = opened.page.evaluate(
        "() => { const name = Object.keys(window).find((one) => one.startsWith('map_data_'));"
        " return window[name].data.panel.centre; }"
    )
    reach = footprint_distances(shipped_located, latitude=centre["lat"], longitude=centre["lon"])
    near = shipped_located[reach["nearest_km"] <= 150]
    for hash_, ends in (("m1.t=..", None), ("m1.t=2020-01-01..2022-12-31", ("2020", "2022-12-31"))):
        at(opened, hash_)
        kept = near if ends is None else near[touching(near, *map(pd.Timestamp, ends))]
        counts = kept["event_type"].value_counts()
        told = opened.page.locator(".mi-types li").evaluate_all(
            "all => all.map((one) => [one.querySelector('b').textContent,"
            " one.querySelector('.mi-bar').style.width])"
        )
        assert sorted(int(number) for number, _ in told if number != "0") == sorted(counts)
        for number, width in told:
            assert float(width.removesuffix("%")) == pytest.approx(
                100 * int(number) / counts.max(), abs=0.01
            )


def test_a_window_of_a_day_can_be_taken_hold_of(opened, shipped_located):
    page = opened.page
    at(opened, "m1.t=2020-01-15..2020-01-15")
    boxes = {
        name: page.locator(f".mi-slide-{name}").bounding_box() for name in ("window", "from", "to")
    }
    assert boxes["window"]["width"] >= 24
    assert boxes["from"]["x"] + boxes["from"]["width"] <= boxes["window"]["x"] + 1
    assert boxes["to"]["x"] >= boxes["window"]["x"] + boxes["window"]["width"] - 1
    y = boxes["window"]["y"] + 20
    x = boxes["window"]["x"] + boxes["window"]["width"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 200, y, steps=4)
    page.mouse.up()
    first, last = re.match(r"#m1\.t=([\d-]+)\.\.([\d-]+)$", address(opened)).groups()
    assert first == last > "2021"
    for name, way in (("from", -1), ("to", 1)):
        box = page.locator(f".mi-slide-{name}").bounding_box()
        page.mouse.move(box["x"] + 9, y)
        page.mouse.down()
        page.mouse.move(box["x"] + 9 + way * 100, y, steps=4)
        page.mouse.up()
    start, end = re.match(r"#m1\.t=([\d-]+)\.\.([\d-]+)$", address(opened)).groups()
    assert start < first
    assert end > last
    kept = touching(shipped_located, pd.Timestamp(start), pd.Timestamp(end)).sum()
    assert status(opened).startswith(f"{kept} of 144")


def test_the_note_on_dates_is_reached_by_keys(opened):
    page = opened.page
    page.get_by_label("What the dates show").press("Enter")
    assert page.locator(".mi-about p").is_visible()
    assert "counted in the bar where it begins" in page.locator(".mi-about p").inner_text()


def test_the_other_language_keeps_the_table_and_the_dates_as_they_are(opened):
    page = opened.page
    at(opened, "m1.t=..")
    page.get_by_label("Step of the window").select_option("week")
    page.get_by_label("How the window moves").select_option("growing")
    page.get_by_label("Speed").select_option("4")
    page.locator(".mi-tools button", has_text="Table").click()
    page.locator(".mi-drawer thead button", has_text="Deaths").click()
    page.get_by_label("Next page").click()
    places = page.locator(".mi-drawer tbody td:nth-child(4)").all_inner_texts()
    page.locator(".mi-lang").click()
    assert page.locator(".mi-drawer h2").inner_text() == "Incidents affichés"
    assert page.locator(".mi-drawer tbody td:nth-child(4)").all_inner_texts() == places
    assert page.locator(".mi-page").inner_text() == "2 / 6"
    assert page.locator("th[aria-sort=descending]").inner_text() == "Morts"
    chosen = page.locator(".mi-steps select").evaluate_all("all => all.map((one) => one.value)")
    assert chosen == ["week", "growing", "4"]
    assert page.locator(".mi-tools button[aria-expanded=true]").inner_text() == "Tableau"
    assert opened.said == []


def test_what_plays_plays_on_in_the_other_language(opened):
    page = opened.page
    at(opened, "m1.t=2014-01-01..2014-01-31")
    page.get_by_label("Play", exact=True).click()
    page.locator(".mi-lang").click()
    page.wait_for_function("() => location.hash.includes('2014-03')")
    page.get_by_label("Pause").click()
    assert opened.said == []


def test_a_link_to_an_incident_that_is_left_out_says_so(opened, shipped_located):
    page = opened.page
    old = shipped_located[shipped_located["date_end"] < pd.Timestamp("2025-01-01")]
    shaded = old[old["level"] == "cercle"]["incident_id"].iloc[0]
    at(opened, f"m1.i={shaded}")
    note = page.locator(".mi-popup .mi-out")
    assert "leave this incident out" in note.inner_text()
    page.locator(".mi-lang").click()
    assert "écartent cet incident" in note.inner_text()
    page.locator(".mi-lang").click()
    note.get_by_role("button", name="All dates").click()
    note.wait_for(state="detached")
    assert page.locator(".mi-popup .mi-id").inner_text() == shaded
    assert opened.incidents("layer => layer._painting.marked.id") == shaded
    assert status(opened).startswith("144 of 144")
    # Left out by more than its date.
    at(opened, f"m1.q=nowhere&m1.i={shaded}")
    note.get_by_role("button", name="Show all incidents").click()
    # The card that was there fades out.
    note.wait_for(state="detached")
    assert status(opened).startswith("144 of 144")
    # What is taken out of the address by hand is closed.
    page.evaluate("location.hash = '#m1.t=..'")
    page.wait_for_function("() => !document.querySelector('.mi-popup')")
    assert opened.said == []


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ("m1.t=2031-01-01..2032-01-01", None),
        ("m1.t=1990-01-01..1991-01-01", None),
        ("m1.t=2025-05-31..2025-05-01", None),
        ("m1.t=1900-01-01..2999-12-31", 144),
        ("m1.t=..&m1.deaths=-5..", 144),
        ("m1.t=..&m1.deaths=99999999999..", 144),
        ("m1.t=..&m1.at=99,999,99", 144),
    ],
)
def test_an_address_out_of_all_bounds_leaves_no_empty_map(opened, shipped_located, told, count):
    month = touching(shipped_located, pd.Timestamp("2025-05-01"), pd.Timestamp("2025-05-31")).sum()
    at(opened, told)
    assert status(opened).startswith(f"{count or month} of 144")
    track, ends = (opened.page.locator(one).bounding_box() for one in (".mi-time", ".mi-slide-to"))
    assert ends["x"] + ends["width"] <= track["x"] + track["width"]
    assert opened.said == []


def test_the_address_keeps_where_a_reader_moved_the_map(opened):
    page = opened.page
    assert address(opened) == ""
    where = (
        "layer => [layer._map.getCenter().lat, layer._map.getCenter().lng, layer._map.getZoom()]"
    )
    page.mouse.move(800, 300)
    page.mouse.down()
    page.mouse.move(700, 380, steps=5)
    page.mouse.up()
    page.get_by_label("Zoom in").click()
    page.wait_for_timeout(500)
    told = re.match(r"^#m1\.at=(-?[\d.]+),(-?[\d.]+),([\d.]+)$", address(opened))
    assert [float(one) for one in told.groups()] == pytest.approx(opened.incidents(where), abs=0.01)
    assert len(told.group()) < 35
    again = address(opened).removeprefix("#")
    at(opened, again)
    moved = [float(one) for one in told.groups()]
    assert opened.incidents(where) == pytest.approx(moved, abs=0.01)
    assert address(opened) == f"#{again}"
    page.evaluate("location.hash = '#m1.at=14.5,-4.2,7'")
    page.wait_for_timeout(300)
    assert opened.incidents(where) == pytest.approx([14.5, -4.2, 7])
    assert opened.said == []


def test_numbers_are_written_in_fields_as_they_are_said(opened):
    page = opened.page
    page.locator("details:has(.mi-filters)").first.evaluate("one => { one.open = true; }")
    page.locator(".mi-filters > details", has_text="Distance").evaluate(
        "one => { one.open = true; }"
    )
    field = page.get_by_label("Kilometres from Bamako")
    field.fill("5000")
    field.press("Tab")
    assert field.input_value() == "5,000"
    assert "m1.km=5000" in address(opened)
    page.locator(".mi-lang").click()
    field = page.get_by_label("Kilomètres depuis Bamako")
    assert re.sub(r"\s", " ", field.input_value()) == "5 000"
    field.fill("12,5")
    assert "m1.km=12.5" in address(opened)
    field.fill("-3")
    assert "m1.km" not in address(opened)


def test_a_notice_stands_above_all_and_is_said_and_printed(opened, path):
    page = opened.page
    line = page.locator(".mi-panel > :first-child")
    assert line.inner_text() == NOTICE["en"]
    assert page.locator("main").get_attribute("aria-label").startswith(NOTICE["en"])
    described = page.locator("meta[name=description]").get_attribute("content")
    assert described.startswith(NOTICE["en"])
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert line.is_visible()
    foot = page.locator(".mi-foot").inner_text()
    for words in ("Date: 1 to 31 May 2025", "Data as of 31 January 2026", "Reports by "):
        assert words in foot
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.locator(".mi-lang").click()
    assert line.inner_text().replace("\u00a0", " ") == NOTICE["fr"]


def test_counts_say_whether_they_are_of_the_whole_map_or_of_the_ring(saved, open_page):
    opened = open_page(saved("narena"))
    counts = opened.page.locator(".mi-types b").all_inner_texts()
    heading = opened.page.locator(".mi-body h2").first.inner_text()
    assert heading == f"Certain or possible within 60 km: {sum(map(int, counts))}"
    assert status(opened).startswith("144 of 144 incidents on the whole map, of which ")
    assert status(open_page(saved("mali"))).startswith("144 of 144 incidents, of which ")


def test_in_a_small_frame_notice_and_status_take_one_line_each(
    shipped_located, tmp_path, open_page
):
    drawn = incident_map(shipped_located, around="Narena", radius_km=60, notice=NOTICE, lang="fr")
    drawn.save(tmp_path / "small.html")
    page = open_page(tmp_path / "small.html", {"width": 320, "height": 240}).page
    panel = page.locator(".mi-panel").bounding_box()
    for one in (".mi-notice", "h1", ".mi-status"):
        box = page.locator(f".mi-panel {one}").bounding_box()
        assert box["height"] < 24
        assert box["y"] + box["height"] <= panel["y"] + panel["height"]
    assert panel["height"] < 120
    # What is folded out says the notice in full.
    page.locator(".mi-fold > summary").first.press("Enter")
    line = page.locator(".mi-notice")
    assert line.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize("width", [320, 360, 390])
def test_no_word_of_a_button_is_wrapped_or_cut_on_a_phone(saved, open_page, width):
    for lang in ("en", "fr"):
        opened = open_page(saved("bamako", lang), {"width": width, "height": 844})
        page = opened.page
        page.get_by_label({"en": "Window of dates", "fr": "Fenêtre de dates"}[lang]).focus()
        page.keyboard.press("ArrowLeft")
        page.get_by_label({"en": "First day", "fr": "Premier jour"}[lang]).focus()
        page.keyboard.press("PageUp")
        assert page.locator(".mi-all").is_visible()
        for button in page.locator(".mi-time-bar button, .mi-panel > .mi-tools button").all():
            if button.is_visible():
                assert button.bounding_box()["height"] < 28
                assert button.evaluate("one => one.scrollWidth <= one.clientWidth")
        bar = page.locator(".mi-time-bar")
        assert bar.evaluate("one => one.scrollWidth <= one.clientWidth")


@pytest.mark.parametrize(
    "notice", [{"en": "One only"}, "text", {"en": "x", "fr": " "}, {"de": "x"}]
)
def test_a_notice_in_one_language_is_refused(shipped_located, notice):
    with pytest.raises(MapError, match="notice must be a line in each language"):
        incident_map(shipped_located.head(2), notice=notice)


def test_a_title_in_one_language_of_a_mapping_is_refused(shipped_located):
    with pytest.raises(MapError, match="title must be a line in each language"):
        incident_map(shipped_located.head(2), title={"en": "One only"})


@pytest.mark.parametrize("viewport", [{"width": 1400, "height": 900}, PHONE], ids=["desk", "phone"])
def test_a_title_of_one_long_word_stays_in_the_panel(tmp_path, open_page, viewport):
    table = located_table([PLACE])
    incident_map(table, title="Überwachungs" * 12, notice=NOTICE).save(tmp_path / "long.html")
    page = open_page(tmp_path / "long.html", viewport).page
    wide, needed = page.locator(".mi-panel").evaluate("one => [one.clientWidth, one.scrollWidth]")
    assert needed <= wide


def test_records_without_a_coverage_are_dated_by_the_newest(tmp_path, open_page):
    rows = [PLACE | {"dataset": name} for name in ("one", "other")]
    table = located_table(rows)
    days = [pd.Timestamp("2024-02-03"), pd.Timestamp("2023-01-01")]
    table["date_start"] = table["date_end"] = pd.Series(
        days, index=table.index, dtype=table["date_start"].dtype
    )
    incident_map(table).save(tmp_path / "plain.html")
    page = open_page(tmp_path / "plain.html").page
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    page.locator(".mi-panel summary", has_text="Share").click()
    page.get_by_text("Copy citation").click()
    line = page.locator(".mi-copy").input_value()
    assert "Data: one, other. Newest incident: 3 February 2024." in line
