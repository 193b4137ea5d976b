"""Maps in pages of others, opened in a browser, and what is left where little is allowed."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import docx
import pypandoc
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Frame, Page

from mali_incidents.cli import main
from mali_incidents.errors import MapError, PublishError
from mali_incidents.maps.incident_map import IncidentMap, incident_map
from mali_incidents.publish.embed import embed
from mali_incidents.storage import write_bytes

WIDTHS = (320, 390, 768, 1280, 1600)
HOSTILE = '"><script>document.title = "run"</script> *a* [b](javascript:c) `d` {e="f"} & <i>'


@pytest.fixture(scope="module")
def maps(shipped_located) -> dict[str, IncidentMap]:
    return {
        "bamako": incident_map(shipped_located, around="Bamako", title=HOSTILE, lang="fr"),
        "narena": incident_map(shipped_located, around="Narena", radius_km=60),
    }


@pytest.fixture(scope="module")
def folder(maps, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of saved maps with their pictures, as a build leaves it."""
    held = tmp_path_factory.mktemp("pages")
    for name, drawn in maps.items():
        drawn.save(held / f"{name}.html")
        write_bytes(held / "pictures" / f"{name}.png", drawn.picture())
    return held


class Host:
    """A page of others, opened from disk with the network off."""

    def __init__(self, browser: Browser, path: Path, width: int = 1000) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda entry: self.said.append(entry.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())

    def maps(self) -> list[Frame]:
        """The frames of the page, each with its map drawn."""
        self.page.wait_for_function("document.querySelectorAll('iframe').length")
        for frame in self.page.query_selector_all("iframe"):
            frame.scroll_into_view_if_needed()
        for child in self.page.frames[1:]:
            child.wait_for_selector(".mi-panel h1")
        return self.page.frames[1:]

    def is_quiet(self) -> bool:
        """Whether nothing was complained of and nothing but files asked for."""
        return not self.said and all(
            url.startswith(("file:", "data:", "about:")) for url in self.asked
        )


@pytest.fixture
def host(browser: Browser, folder: Path) -> Iterator:
    opened: list[Host] = []

    def make(body: str, *, head: str = "", width: int = 1000) -> Host:
        path = folder / f"host{len(opened)}.html"
        path.write_text(
            f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>A report</title>{head}"
            f"</head><body><h1>A report</h1><p>Before.</p>{body}<p id=after>After.</p>",
            "utf-8",
        )
        opened.append(Host(browser, path, width))
        return opened[-1]

    yield make
    for one in opened:
        one.context.close()


def chosen(page: Page | Frame) -> str:
    """What a map's panel says is shown."""
    return page.locator(".mi-status").first.inner_text()


@pytest.mark.browser
def test_a_picture_that_stands_alone_has_no_empty_room_round_it(host, folder) -> None:
    text = embed(folder / "narena.html")
    opened = host(text, width=390)
    # As paper has it, and a page that strips frames.
    for alone in ("page => page.style", "page => document.querySelector('iframe').remove()"):
        opened.page.evaluate(f"({alone})(document.body)")
        opened.page.emulate_media(media="print" if "style" in alone else "screen")
        boxes = [opened.page.locator(one).bounding_box() for one in (".mali-frame", "img")]
        assert boxes[0]["height"] == pytest.approx(boxes[1]["height"], abs=1)
        assert boxes[1]["height"] < 300


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", ["frame", "inline"])
def test_a_framed_map_works_at_any_width(host, folder, kind, width) -> None:
    opened = host(embed(folder / "narena.html", kind=kind), width=width)
    (frame,) = opened.maps()
    assert chosen(frame).startswith("144 of 144")
    box = opened.page.locator("iframe").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["height"] == (640 if width > 1000 else 560)
    # It covers its picture, and nothing lies on what comes after.
    picture = opened.page.locator("img").bounding_box()
    assert picture is not None
    assert picture["y"] >= box["y"]
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.is_quiet()


@pytest.mark.browser
def test_two_in_one_page_do_not_disturb_each_other(host, folder) -> None:
    both = [embed(folder / f"{name}.html", kind="inline") for name in ("bamako", "narena")]
    opened = host("".join(both))
    one, other = opened.maps()
    one.evaluate("document.querySelectorAll('.mi-fold')[0].open = true")
    one.locator(".mi-filters summary").first.click()
    one.locator(".mi-filters input[type=checkbox]").first.click()
    assert not chosen(one).startswith("144")
    assert chosen(other).startswith("144 of 144")
    assert opened.page.title() == "A report"
    assert opened.is_quiet()


@pytest.mark.browser
def test_what_strips_scripts_and_frames_keeps_the_picture_and_the_link(host, folder) -> None:
    soup = BeautifulSoup(embed(folder / "bamako.html"), "html.parser")
    for taken in soup.select("iframe, script, style"):
        taken.decompose()
    for tag in soup.select("[style]"):
        del tag["style"]
    opened = host(str(soup))
    assert opened.page.evaluate("document.querySelector('a img').naturalWidth") == 1400
    (address,) = {link["href"] for link in soup.select("a")}
    assert address == "bamako.html"
    assert str(soup.img["alt"]).startswith("Incidents autour de Bamako. 49 incidents")
    opened.page.locator("p a").click()
    opened.page.wait_for_selector(".mi-panel h1")
    assert opened.page.locator(".mi-panel h1").inner_text() == HOSTILE


@pytest.mark.browser
def test_a_map_that_was_not_saved_carries_all_in_itself(host, maps) -> None:
    opened = host(embed(maps["bamako"], kind="inline"))
    (frame,) = opened.maps()
    assert frame.locator(".mi-panel h1").inner_text() == HOSTILE
    assert opened.page.title() == "A report"
    assert opened.is_quiet()


@pytest.mark.browser
@pytest.mark.parametrize("width", WIDTHS)
def test_a_fragment_holds_several_maps_with_one_copy_of_what_they_share(
    host, folder, width
) -> None:
    files = [folder / "bamako.html", folder / "narena.html"]
    text = embed(files, kind="fragment", height=500)
    alone = [embed(file, kind="fragment") for file in files]
    assert len(text) < 0.6 * sum(map(len, alone))
    opened = host(text, width=width)
    opened.page.wait_for_function("document.querySelectorAll('.mi-panel h1').length === 2")
    page = opened.page
    assert page.locator(".mi-panel h1").all_inner_texts() == [HOSTILE, "Incidents around Narena"]
    boxes = page.locator(".mali-map").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().toJSON())"
    )
    assert [box["height"] for box in boxes] == [500, 500]
    assert boxes[0]["bottom"] <= boxes[1]["top"]
    assert page.locator("#after").bounding_box()["y"] >= boxes[1]["bottom"]
    # The page round them stays itself.
    assert page.title() == "A report"
    page.evaluate("document.querySelectorAll('.mi-lang')[0].click()")
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator(".mali-map").first.get_attribute("lang") == "en"
    assert all(
        said.startswith("144 of 144") for said in page.locator(".mi-status").all_inner_texts()
    )
    # What is folded out stays inside the map.
    page.locator(".mi-fold").evaluate_all("all => all.forEach(one => { one.open = true; })")
    ends = page.locator(".mi-panel").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().bottom)"
    )
    assert all(end <= box["bottom"] for end, box in zip(ends, boxes, strict=True))
    assert opened.is_quiet()


@pytest.mark.browser
def test_a_page_that_has_the_libraries_needs_them_once(host, folder) -> None:
    first = embed(folder / "bamako.html", kind="fragment", height=400)
    second = embed(folder / "narena.html", kind="fragment", height=400, libraries=False)
    assert len(second) < len(first) - 200_000
    opened = host(first + second)
    opened.page.wait_for_function("document.querySelectorAll('.mi-panel h1').length === 2")
    ids = opened.page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    assert opened.is_quiet()


@pytest.mark.browser
def test_markdown_is_live_in_html_and_a_picture_in_docx(host, folder, tmp_path: Path) -> None:
    text = f"# A report\n\n{embed(folder / 'bamako.html', kind='markdown')}\n\nAfter.\n"
    page = pypandoc.convert_text(text, "html", format="markdown")
    opened = host(page)
    (frame,) = opened.maps()
    assert frame.locator(".mi-panel h1").inner_text() == HOSTILE
    assert opened.is_quiet()
    made = tmp_path / "report.docx"
    told = [f"--resource-path={folder}"]
    pypandoc.convert_text(text, "docx", format="markdown", outputfile=made, extra_args=told)
    document = docx.Document(str(made))
    (drawn,) = document.inline_shapes
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words == ["A report", "", HOSTILE, "After."]
    assert drawn._inline.docPr.get("descr")
    assert not any("iframe" in word or "mali-live" in word for word in words)


def test_what_cannot_be_embedded_is_refused_all_at_once(maps, folder, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match=r"kind must be .*; height must be .*; at must be"):
        embed(maps["narena"], kind="fram", height=3, at="javascript:alert(1)")
    with pytest.raises(PublishError, match="one map, got 2"):
        embed([folder / "bamako.html", folder / "narena.html"])
    with pytest.raises(PublishError, match="say in `at`"):
        embed(maps["narena"])
    with pytest.raises(PublishError, match="needs the picture as a file"):
        embed(maps["narena"], kind="markdown", at="narena.html")
    with pytest.raises(PublishError, match="there is no map"):
        embed([], kind="fragment")
    with pytest.raises(PublishError, match="cannot be read as a map"):
        embed(tmp_path / "none.html")
    (tmp_path / "other.html").write_text("<html><title>No map</title></html>", "utf-8")
    with pytest.raises(PublishError, match="is not a map that this suite saved"):
        embed(tmp_path / "other.html")
    older = (folder / "narena.html").read_text("utf-8").replace("viewer.payload", "viewer.older")
    (tmp_path / "older.html").write_text(older, "utf-8")
    with pytest.raises(MapError, match="save it again"):
        embed(tmp_path / "older.html", kind="fragment")


@pytest.mark.parametrize("kind", ["frame", "markdown"])
def test_a_file_elsewhere_finds_the_map(folder, tmp_path: Path, monkeypatch, kind) -> None:
    out = tmp_path / "site" / "part.html"
    words = ["embed", folder / "narena.html", "--kind", kind, "--out", out]
    monkeypatch.setattr(sys, "argv", ["mali-incidents", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    found = re.search(r'src="([^"]+narena[.]html)"', out.read_text("utf-8"))
    assert (out.parent / unquote(found[1])).resolve() == (folder / "narena.html").resolve()


def test_addresses_are_those_the_page_finds(folder) -> None:
    text = embed(folder / "narena.html", at="../maps of may/narena.html")
    soup = BeautifulSoup(text, "html.parser")
    assert soup.iframe["src"] == "../maps of may/narena.html"
    assert soup.img["src"] == "../maps of may/pictures/narena.png"
    soup = BeautifulSoup(embed(folder / "narena.html", picture="a b.png"), "html.parser")
    assert (soup.iframe["src"], soup.img["src"]) == ("narena.html", "a%20b.png")
    assert re.search(r'loading="lazy" sandbox="allow-scripts', text)


def test_the_command_prints_it_or_writes_it(folder, tmp_path, monkeypatch, capsys) -> None:
    words = ["mali-incidents", "embed", str(folder / "narena.html")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert not ended.value.code
    assert capsys.readouterr().out == embed(folder / "narena.html")
    monkeypatch.setattr("sys.argv", [*words, "--kind", "inline", "-o", str(tmp_path / "a.html")])
    with pytest.raises(SystemExit):
        main()
    assert (tmp_path / "a.html").read_text("utf-8") == embed(folder / "narena.html", kind="inline")
