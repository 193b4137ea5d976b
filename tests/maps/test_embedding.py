"""A saved map in other pages: frames of many sizes, sandboxes, a strict policy, two in one page."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import folium
import pytest
from playwright.sync_api import Browser, Frame, Page

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.maps.page import page_of

pytestmark = pytest.mark.browser
SIZES = [(320, 240), (300, 300), (480, 360), (800, 600), (1600, 900)]
# What stands on a map and must not lie on something else that does.
BUTTONS = ("zoom", "attribution", "scale")
PARTS = ", ".join([".mi-panel", ".mi-time", *(f".leaflet-control-{one}" for one in BUTTONS)])
CROSSING = f"""map => {{
    const boxes = [...map.querySelectorAll("{PARTS}")]
        .map((one) => [one.className, one.getBoundingClientRect()]).filter(([, box]) => box.width);
    return boxes.flatMap(([one, a], i) => boxes.slice(i + 1)
        .filter(([, b]) => a.left < b.right - 1 && b.left < a.right - 1)
        .filter(([, b]) => a.top < b.bottom - 1 && b.top < a.bottom - 1)
        .map(([other]) => one + " / " + other));
}}"""


class Outer(NamedTuple):
    """A page that holds maps, and what it said and asked for beyond its own files."""

    page: Page
    said: list[str]
    asked: list[str]

    def inner(self) -> list[Frame]:
        """The frames in it, each with its map drawn."""
        frames = self.page.frames[1:]
        for frame in frames:
            frame.wait_for_selector(".mi-status")
        return frames


@pytest.fixture
def outer(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Outer]]:
    """Open a page with this body, offline."""
    contexts = []

    def opened(body: str, *, head: str = "") -> Outer:
        path = tmp_path / "outer.html"
        path.write_text(
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Outer</title>{head}'
            f"</head><body>{body}</body></html>",
            "utf-8",
        )
        context = browser.new_context(viewport={"width": 1700, "height": 1900}, offline=True)
        contexts.append(context)
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda entry: said.append(entry.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        files = ("file:", "data:", "blob:", "about:")
        found = Outer(page, said, asked)
        found.inner()
        asked[:] = [url for url in asked if not url.startswith(files)]
        return found

    yield opened
    for context in contexts:
        context.close()


def frame_of(
    path: Path, size: tuple[int, int] = (800, 600), *, srcdoc: bool = False, **more: str
) -> str:
    """Write a frame that shows a file."""
    source = {"src": path.as_uri()}
    if srcdoc:
        text = path.read_text("utf-8")
        source = {"srcdoc": text.replace("&", "&amp;").replace('"', "&quot;")}
    given = source | {"width": str(size[0]), "height": str(size[1])} | more
    return (
        "<iframe " + " ".join(f'{name}="{value}"' for name, value in given.items()) + "></iframe>"
    )


def works(frame: Frame) -> None:
    """Filter by the panel, by the dates, and speak French; then all is as before."""
    assert frame.locator("main").evaluate(CROSSING) == []
    status = frame.locator(".mi-status")
    before = status.inner_text()
    frame.locator(".mi-fold > summary", has_text="Filters").click()
    frame.locator(".mi-filters summary", has_text="Type of incident").click()
    frame.locator(".mi-choices label", has_text="Riots").click()
    assert status.inner_text() != before
    frame.locator(".mi-tools button", has_text="Undo").click()
    assert status.inner_text() == before
    frame.locator(".mi-fold > summary", has_text="Filters").click()
    frame.get_by_label("First day").press("PageUp")
    assert status.inner_text() != before
    frame.locator(".mi-lang").click()
    assert " sur " in status.inner_text()
    assert frame.locator("html").get_attribute("lang") == "fr"
    frame.locator(".mi-lang").click()
    frame.locator(".mi-tools button", has_text="Table").click()
    assert frame.locator(".mi-drawer tbody tr").count() == 25
    frame.locator(".mi-close").click()
    frame.locator(".mi-tools button", has_text="Reset").click()
    assert status.inner_text() == before
    assert frame.locator("main").evaluate(CROSSING) == []


def in_address(page: Page | Frame) -> str:
    """What a page's address tells, once it is written."""
    told: str = page.evaluate(
        "() => new Promise((done) => setTimeout(() => done(location.hash), 300))"
    )
    return told


@pytest.mark.parametrize("size", SIZES, ids=lambda size: "{}x{}".format(*size))
def test_a_map_works_in_a_frame_of_any_size(saved, outer, size):
    opened = outer(frame_of(saved("bamako"), size))
    (frame,) = opened.inner()
    works(frame)
    assert opened.said == []
    assert opened.asked == []


@pytest.mark.parametrize("size", [(300, 300), (800, 600)], ids=["small", "large"])
@pytest.mark.parametrize("sandbox", [None, "allow-scripts", "allow-scripts allow-downloads"])
def test_a_map_in_the_source_of_a_page_keeps_its_state_in_memory(saved, outer, size, sandbox):
    more: dict[str, Any] = {} if sandbox is None else {"sandbox": sandbox}
    opened = outer(frame_of(saved("bamako"), size, srcdoc=True, **more))
    (frame,) = opened.inner()
    works(frame)
    frame.get_by_label("First day").press("PageUp")
    assert in_address(opened.page) == ""
    assert frame.evaluate("location.hash") == ""
    # A link to put behind the address of the page round it.
    frame.locator(".mi-fold > summary", has_text="Share").click()
    frame.evaluate(
        "() => { if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(); }"
    )
    frame.get_by_text("Copy link").click()
    assert frame.locator(".mi-copy").input_value().startswith("#m1.t=")
    assert opened.said == []
    assert opened.asked == []


def test_a_sandbox_without_downloads_offers_the_text(saved, outer):
    opened = outer(frame_of(saved("bamako"), srcdoc=True, sandbox="allow-scripts"))
    (frame,) = opened.inner()
    frame.locator(".mi-fold > summary", has_text="Share").click()
    frame.get_by_text("CSV", exact=True).click()
    assert "may forbid it" in frame.locator(".mi-offer").inner_text()
    assert frame.locator(".mi-copy").input_value().startswith("\ufeffincident_id,")
    # Chromium's own word, and nothing else.
    assert all("allow-downloads" in one for one in opened.said)


def test_a_sandbox_with_downloads_saves(saved, outer):
    sandbox = "allow-scripts allow-downloads"
    opened = outer(frame_of(saved("bamako"), srcdoc=True, sandbox=sandbox))
    (frame,) = opened.inner()
    frame.locator(".mi-fold > summary", has_text="Share").click()
    with opened.page.expect_download() as download:
        frame.get_by_text("CSV", exact=True).click()
    assert download.value.suggested_filename == "incidents.csv"
    assert opened.said == []


@pytest.mark.parametrize(
    ("srcdoc", "policy"),
    [(False, "default-src 'none'; frame-src file:"), (True, None)],
    ids=["file", "srcdoc"],
)
def test_a_strict_policy_of_the_page_round_it_leaves_a_map_whole(saved, outer, srcdoc, policy):
    path = saved("bamako")
    if policy is None:
        # A page in another's source is under the policies of both.
        text = path.read_text("utf-8")
        own = text.split('http-equiv="Content-Security-Policy" content="')[1].split('"')[0]
        policy = own
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    opened = outer(frame_of(path, srcdoc=srcdoc), head=head)
    (frame,) = opened.inner()
    works(frame)
    assert opened.said == []
    assert opened.asked == []


def test_two_frames_of_one_page_do_not_know_of_each_other(saved, outer):
    opened = outer(frame_of(saved("bamako")) + frame_of(saved("mali", "en")))
    one, other = opened.inner()
    before = other.locator(".mi-status").inner_text()
    one.get_by_label("First day").press("PageUp")
    assert in_address(one).startswith("#m1.t=")
    assert in_address(other) == ""
    assert other.locator(".mi-status").inner_text() == before
    works(other)
    assert opened.said == []
    assert opened.asked == []


def test_two_maps_of_one_figure_stand_below_each_other(shipped_located, tmp_path, open_page):
    figure = folium.Figure()
    for around in ("Bamako", None):
        figure.add_child(incident_map(shipped_located, around=around))
    written = page_of(figure, title="Two", lang="en", description="Two maps").html
    (tmp_path / "two.html").write_text(written, "utf-8")
    opened = open_page(tmp_path / "two.html")
    page = opened.page
    maps = page.locator("main")
    maps.last.locator(".mi-status").wait_for()
    above, below = (maps.nth(number).bounding_box() for number in range(2))
    assert above["height"] == below["height"] == 900
    assert below["y"] == above["y"] + 900
    for number in range(2):
        assert maps.nth(number).evaluate(CROSSING) == []
        maps.nth(number).get_by_label("First day").press("PageUp")
    told = [one.split("=")[0] for one in in_address(page).removeprefix("#").split("&")]
    assert sorted(told) == ["m1.t", "m2.t"]
    maps.last.locator(".mi-lang").click()
    assert " sur " in maps.last.locator(".mi-status").inner_text()
    assert " of " in maps.first.locator(".mi-status").inner_text()
    assert opened.said == []
