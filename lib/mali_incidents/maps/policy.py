"""What a page may do: a Content-Security-Policy that names exactly what it was written with.

Inline scripts and styles are named by their hashes. What layers added by a user fetch is allowed
by its host and no more, and listed, so that whoever saves the page can be told.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import folium
from branca.element import Element
from folium.raster_layers import ImageOverlay, TileLayer, VideoOverlay, WmsTileLayer

# The directive that governs what an element shows from another address.
_DIRECTIVE_OF_TAG: Final = {
    "img": "img-src",
    "iframe": "frame-src",
    "audio": "media-src",
    "video": "media-src",
    "source": "media-src",
}
# Markup in a script stands in a string, some of its characters written as JSON writes them.
_ESCAPES: Final = {"\\u003c": "<", "\\u003e": ">", "\\u0026": "&", "\\u0027": "'", '\\"': '"'}
_SHOWN: Final = re.compile(
    r"<(img|iframe|audio|video|source)\b[^>]*?\ssrc\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE
)
_FRAMED: Final = re.compile(r"data:text/html;charset=utf-8;base64,([A-Za-z0-9+/=]+)")


class Policy(NamedTuple):
    """What a page may do.

    Attributes
    ----------
    text : str
        The policy, as a page's head carries it.
    hosts : tuple of str
        The hosts that added layers may ask for pictures, frames, media or data.
    """

    text: str
    hosts: tuple[str, ...]


def policy_of(
    page: str, *, links: list[tuple[str, str]], added: list[Element], markup: str
) -> Policy:
    """Name all that a page may do; the browser forbids the rest.

    Parameters
    ----------
    page : str
        The whole page, its scripts and styles inside.
    links : list of (str, str)
        The scripts and styles that stay links: "script" or "style", and the address.
    added : list of branca.element.Element
        The elements that a user added.
    markup : str
        What these wrote into the page: markup and scripts.

    Returns
    -------
    Policy
        With nothing added, the strictest: the page's own scripts and styles, pictures as data.
    """
    frames = [base64.b64decode(frame).decode() for frame in _FRAMED.findall(markup)]
    scripts, styles = _inline_hashes([page, *frames])
    online = {kind: [url for of, url in links if of == kind] for kind in ("script", "style")}
    hosts = _hosts(added, [markup, *frames])
    fonts = sorted({_host(url) for url in online["style"]})
    rules = {
        "default-src": ["'none'"],
        "script-src": [*scripts, *online["script"]],
        # For browsers that do not know the two finer rules below.
        "style-src": ["'unsafe-inline'", *online["style"]],
        "style-src-elem": [*styles, *online["style"]],
        # folium's elements carry style attributes; the suite's own have none.
        "style-src-attr": ["'unsafe-inline'" if added else "'none'"],
        "font-src": fonts or ["'none'"],
        **hosts,
        "img-src": ["data:", *hosts.get("img-src", []), *fonts],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    if frames:
        rules["frame-src"] = ["data:", *hosts.get("frame-src", [])]
    text = "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())
    return Policy(text, tuple(dict.fromkeys(host for named in hosts.values() for host in named)))


def _hosts(added: list[Element], texts: Iterable[str]) -> dict[str, list[str]]:
    """Give the hosts that added elements ask, by the directive that must allow them."""
    asked = [pair for element in added for pair in _addresses(element)]
    for text in texts:
        plain = text
        for written, character in _ESCAPES.items():
            plain = plain.replace(written, character)
        asked += [
            (_DIRECTIVE_OF_TAG[tag.lower()], html.unescape(url))
            for tag, url in _SHOWN.findall(plain)
        ]
    hosts: dict[str, set[str]] = {}
    for directive, url in asked:
        if url.lower().startswith(("http:", "https:", "//")):
            hosts.setdefault(directive, set()).add(_host(url))
    return {directive: sorted(named) for directive, named in sorted(hosts.items())}


def _addresses(element: Element) -> list[tuple[str, str]]:
    """Give the addresses that an element of folium's asks, with their directives."""
    match element:
        case TileLayer():
            return [("img-src", str(element.tiles))]
        case WmsTileLayer() | ImageOverlay():
            return [("img-src", str(element.url))]
        case VideoOverlay():
            return [("media-src", str(element.video_url))]
        case folium.CustomIcon():
            return [
                ("img-src", str(element.options.get(name))) for name in ("icon_url", "shadow_url")
            ]
        case folium.GeoJson():
            return [("connect-src", str(element.embed_link))]
    return []


def _host(url: str) -> str:
    """Give an address's origin, any sub-domain where Leaflet fills one in."""
    parts = urlsplit(url.replace("{s}", "*"))
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme else parts.netloc


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


def _inline_hashes(pages: list[str]) -> tuple[list[str], list[str]]:
    """Hash every inline script and style of a page and of the pages framed in it."""
    scripts: list[str] = []
    styles: list[str] = []
    for page in pages:
        parser = _InlineContent()
        parser.feed(page)
        parser.close()
        scripts += parser.scripts
        styles += parser.styles
    return _hashes(scripts), _hashes(styles)


def _hashes(texts: list[str]) -> list[str]:
    """Write the sources of a policy that allow exactly these texts."""
    digests = (hashlib.sha256(text.encode()).digest() for text in texts)
    return list(
        dict.fromkeys(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    )
