"""One HTML file from a folium figure: everything inside, nothing asked of any network.

Folium links Leaflet and its companions from CDNs, gives every element a random id, and has no
policy of what a page may do. Here what PyPI packages carry is put into the page, ids are derived
from the order of elements, and a Content-Security-Policy names exactly the scripts and styles the
page was written with.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from importlib import metadata, resources
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.folium import _default_css, _default_js  # folium's own list has no public name
from folium.raster_layers import ImageOverlay, TileLayer

# In the order they need one another.
_SCRIPTS: Final = (
    "text.js",
    "units.js",
    "canvas.js",
    "labels.js",
    "basemap.js",
    "rings.js",
    "card.js",
    "incidents.js",
    "panel.js",
    "start.js",
)
# Links of folium's that this page answers with what it carries, by their names in folium.
_CARRIED: Final = ("leaflet", "jquery", "leaflet_css")
# What folium.Icon draws with; no PyPI package carries it.
_ICON_LINKS: Final = tuple(
    link for link in (*_default_js, *_default_css) if link[0] not in {*_CARRIED, "bootstrap"}
)


class Page(NamedTuple):
    """A page, and what it still asks of the network.

    Attributes
    ----------
    html : str
        The whole document.
    online : tuple of str
        Addresses that a layer added by the user needs; empty for the suite's own maps.
    """

    html: str
    online: tuple[str, ...]


def page_of(figure: Figure, *, title: str, lang: str, description: str) -> Page:
    """Write a folium figure as one self-contained page.

    Parameters
    ----------
    figure : branca.element.Figure
        The figure that holds the map.
    title : str
        The page's title; plain text.
    lang : str
        The page's language, BCP 47.
    description : str
        What the page shows, in a sentence; plain text.

    Returns
    -------
    Page
        The same bytes for the same content: nothing random, no clock.
    """
    for child in list(figure._children.values()):
        child.render()
    links, header = _sorted_header(figure)
    body = figure.html.render()
    script = figure.script.render()
    online = [url for _, url in links]
    # folium's own layers use jQuery for popups; the suite's never do.
    needs_jquery = "$(" in script
    parts = [
        f"<style>{_leaflet_css()}</style>",
        f"<script>{_leaflet_js()}</script>",
        f"<script>{_package_file('XStatic-jQuery', 'jquery.min.js')}</script>"
        if needs_jquery
        else "",
        f"<style>{_viewer_file('viewer.css')}</style>",
        f"<script>{viewer_script()}</script>",
        *(_link(kind, url) for kind, url in links),
        *header,
    ]
    content = "\n".join(part for part in parts if part)
    main = f"{content}\n</head>\n<body>\n{body}\n<script>\n{script}\n</script>\n</body>\n</html>\n"
    main = _derived_ids(main.replace("\r\n", "\n"), figure)
    policy = _policy(main, links=links, figure=figure, foreign=needs_jquery or bool(links))
    head = (
        f'<!DOCTYPE html>\n<html lang="{html.escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy)}">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<meta name="description" content="{html.escape(description)}">\n'
    )
    tiles = [host for host in _image_hosts(figure) if host not in online]
    return Page(head + main, (*online, *tiles))


@cache
def viewer_script() -> str:
    """Join the viewer's scripts, in the order they need one another."""
    return "\n".join(_viewer_file(name) for name in _SCRIPTS)


def _sorted_header(figure: Figure) -> tuple[list[tuple[str, str]], list[str]]:
    """Split a rendered figure's header into links that stay and content that stays."""
    links: list[tuple[str, str]] = []
    content: list[str] = []
    for name, child in figure.header._children.items():
        if name in _CARRIED or name == "meta_http":
            continue
        if isinstance(child, JavascriptLink):
            links.append(("script", child.url))
        elif isinstance(child, CssLink):
            links.append(("style", child.url))
        else:
            content.append(child.render())
    if any(isinstance(element, folium.Icon) for element in _walk(figure)):
        scripts = {name for name, _ in _default_js}
        links += [("script" if name in scripts else "style", url) for name, url in _ICON_LINKS]
    return list(dict.fromkeys(links)), content


def _link(kind: str, url: str) -> str:
    """Write a link that stays a link."""
    address = html.escape(url)
    if kind == "script":
        return f'<script src="{address}"></script>'
    return f'<link rel="stylesheet" href="{address}">'


def _policy(page: str, *, links: list[tuple[str, str]], figure: Figure, foreign: bool) -> str:
    """Name all that the page may do; the browser forbids the rest."""
    scripts, styles = _inline_hashes(page)
    online_scripts = [url for kind, url in links if kind == "script"]
    online_styles = [url for kind, url in links if kind == "style"]
    fonts = sorted({_host(url) for url in online_styles})
    rules = {
        "default-src": ["'none'"],
        "script-src": [*scripts, *online_scripts],
        # For browsers that do not know the two finer rules below.
        "style-src": ["'unsafe-inline'", *online_styles],
        "style-src-elem": [*styles, *online_styles],
        # folium's popups carry style attributes; the suite's own content has none.
        "style-src-attr": ["'unsafe-inline'" if foreign else "'none'"],
        "img-src": ["data:", *_image_hosts(figure), *fonts],
        "font-src": fonts or ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


class _InlineContent(HTMLParser):
    """Collect the exact text of inline scripts and styles, as a browser would hash it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self._into: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._into = None
        if tag == "script" and "src" not in given and given.get("type") != "application/json":
            self._into = self.scripts
        elif tag == "style":
            self._into = self.styles
        if self._into is not None:
            self._into.append("")

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into[-1] += data

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self._into = None


def _inline_hashes(page: str) -> tuple[list[str], list[str]]:
    """Hash every inline script and style of a page."""
    parser = _InlineContent()
    parser.feed(page)
    parser.close()
    return _hashes(parser.scripts), _hashes(parser.styles)


def _hashes(texts: list[str]) -> list[str]:
    """Write the sources of a policy that allow exactly these texts."""
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return list(
        dict.fromkeys(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    )


def _derived_ids(page: str, figure: Figure) -> str:
    """Replace folium's random ids by the order in which they first stand in the page."""
    random = {element._id for element in _walk(figure)}
    numbers: dict[str, str] = {}

    def derived(match: re.Match[str]) -> str:
        found = match.group()
        if found not in random:
            return found
        return numbers.setdefault(found, f"{len(numbers) + 1}")

    return re.sub(r"[0-9a-f]{32}", derived, page)


def _walk(element: Element) -> Iterator[Element]:
    """Go through an element and all that it holds."""
    yield element
    held = [getattr(element, name, None) for name in ("html", "script", "header")]
    for child in (*element._children.values(), *held):
        if isinstance(child, Element):
            yield from _walk(child)


def _image_hosts(figure: Figure) -> list[str]:
    """Name the hosts that tiles and pictures of added layers come from."""
    addresses = [
        str(layer.tiles if isinstance(layer, TileLayer) else layer.url)
        for layer in _walk(figure)
        if isinstance(layer, TileLayer | ImageOverlay)
    ]
    return sorted({_host(url) for url in addresses if url.startswith("http")})


def _host(url: str) -> str:
    """Give an address's origin, any sub-domain where Leaflet fills one in."""
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}"


@cache
def _package_file(package: str, name: str) -> str:
    """Read a file that a PyPI package carries, without importing the package."""
    for file in metadata.files(package) or ():
        if file.name == name:
            text = Path(str(file.locate())).read_text("utf-8")
            # The map is for debugging the library, and is not there.
            return re.sub(r"\n?//# sourceMappingURL=.*", "", text)
    raise FileNotFoundError(f"{name} is not in the package {package}: install requirements.txt")


@cache
def _data_uri(name: str) -> str:
    """Read one of Leaflet's images as a data URI."""
    file = next(file for file in metadata.files("XStatic-Leaflet") or () if file.name == name)
    content = base64.b64encode(Path(str(file.locate())).read_bytes()).decode()
    return f"data:image/png;base64,{content}"


@cache
def _leaflet_css() -> str:
    """Read Leaflet's style with its images inside."""
    style = _package_file("XStatic-Leaflet", "leaflet.css")
    return re.sub(
        r"url\((?:images/)([\w.-]+)\)", lambda found: f"url({_data_uri(found[1])})", style
    )


@cache
def _leaflet_js() -> str:
    """Read Leaflet, its default marker's images inside."""
    icons = {
        "iconUrl": _data_uri("marker-icon.png"),
        "iconRetinaUrl": _data_uri("marker-icon-2x.png"),
        "shadowUrl": _data_uri("marker-shadow.png"),
    }
    given = ",".join(f'{name}:"{uri}"' for name, uri in icons.items())
    return (
        _package_file("XStatic-Leaflet", "leaflet.js")
        + "\ndelete L.Icon.Default.prototype._getIconUrl;"
        + f"L.Icon.Default.mergeOptions({{{given}}});"
    )


@cache
def _viewer_file(name: str) -> str:
    """Read one of the viewer's own files."""
    return (resources.files("mali_incidents.maps") / "viewer" / name).read_text("utf-8")
