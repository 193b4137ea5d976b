"""One HTML file from a folium figure: everything inside, nothing asked of any network.

Folium links Leaflet and its companions from CDNs, gives every element a random id, and has no
policy of what a page may do. Here what PyPI packages carry is put into the page, ids are derived
from the order of elements, and a Content-Security-Policy names all that it may do.
"""

import base64
import html
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Final, NamedTuple

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink
from folium.folium import _default_css, _default_js  # folium's own list has no public name

from mali_incidents.maps.policy import policy_of

# In the order they need one another.
_SCRIPTS: Final = (
    "payload.js",
    "state.js",
    "address.js",
    "text.js",
    "words.js",
    "elements.js",
    "frame.js",
    "units.js",
    "canvas.js",
    "labels.js",
    "basemap.js",
    "rings.js",
    "card.js",
    "choropleth.js",
    "signs.js",
    "incidents.js",
    "popups.js",
    "options.js",
    "facets.js",
    "time.js",
    "table.js",
    "download.js",
    "panel.js",
    "start.js",
)
# Links of folium's that this page answers with what it carries, by their names in folium.
_CARRIED: Final = ("leaflet", "jquery", "leaflet_css")
# How a block of the suite's own data begins (layers.MapData).
DATA_TAG: Final = '<script type="application/json" id="map_data_'
# What folium.Icon draws with; no PyPI package carries it.
_ICON_LINKS: Final = tuple(
    link for link in (*_default_js, *_default_css) if link[0] not in {*_CARRIED, "bootstrap"}
)


# Where its script did not come, an icon is Leaflet's own marker.
_ICON_OFFLINE: Final = (
    "L.AwesomeMarkers = L.AwesomeMarkers || {icon: function () { return new L.Icon.Default(); }};"
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
    added = _added(figure)
    with _as_it_was(figure):
        for child in list(figure._children.values()):
            child.render()
        links, header = _sorted_header(figure)
        body = figure.html.render()
        script = _script_of(figure, guarded=bool(links))
        markup = _foreign_markup(figure)
        elements = {element._id for element in _walk(figure)}
    parts = [
        f"<style>{_leaflet_css()}</style>",
        f"<script>{_leaflet_js()}</script>",
        # folium's own layers use jQuery; the suite's never do.
        f"<script>{_package_file('XStatic-jQuery', 'jquery.min.js')}</script>"
        if "$(" in script or "$." in script
        else "",
        f"<style>{_viewer_file('viewer.css')}</style>",
        f"<script>{viewer_script()}</script>",
        *(_link(kind, url) for kind, url in links),
        f"<script>{_ICON_OFFLINE}</script>" if any(map(_is_font_icon, added)) else "",
        *header,
    ]
    content = "\n".join(part for part in parts if part)
    main = f"{content}\n</head>\n<body>\n{body}\n<script>\n{script}\n</script>\n</body>\n</html>\n"
    blocks, rest = data_blocks(main.replace("\r\n", "\n"))
    rest = _derived_ids(rest, elements)
    policy = policy_of(rest, links=links, added=added, markup=markup)
    main = with_blocks(rest, blocks)
    head = (
        f'<!DOCTYPE html>\n<html lang="{html.escape(lang)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{html.escape(policy.text)}">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<meta name="description" content="{html.escape(description)}">\n'
    )
    online = dict.fromkeys([*(url for _, url in links), *policy.hosts])
    return Page(head + main, tuple(online))


@cache
def own_length() -> int:
    """Tell how many characters the suite's own page has before there is any data in it."""
    return len(_leaflet_css() + _leaflet_js() + _viewer_file("viewer.css") + viewer_script())


@cache
def viewer_script() -> str:
    """Join the viewer's scripts, in the order they need one another.

    Each is a function of its own, strict, that is given what all of them share.
    """
    begin, end = '(function (viewer) {\n"use strict";\n', "})(window.maliIncidents ||= {});"
    return "\n".join(begin + _viewer_file(name) + end for name in _SCRIPTS)


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
    if any(map(_is_font_icon, _walk(figure))):
        scripts = {name for name, _ in _default_js}
        links += [("script" if name in scripts else "style", url) for name, url in _ICON_LINKS]
    return list(dict.fromkeys(links)), content


def _script_of(figure: Figure, *, guarded: bool) -> str:
    """Write a rendered figure's scripts; guarded, one that fails does not stop the next.

    What an added element needs from the network may not come: then an empty group stands for it,
    which takes what is added to it.
    """
    own = {one.get_name() for one in _walk(figure) if _is_own(one)}
    scripts = []
    for name, child in figure.script._children.items():
        script = child.render()
        if guarded and name not in own:
            variable = f"window[{json.dumps(name)}]"
            script = (
                f"try {{\n{script}\n}} catch (error) {{\n"
                f"console.warn(String(error));\n{variable} = {variable} || L.layerGroup();\n}}"
            )
        scripts.append(script)
    return "\n".join(scripts)


def _link(kind: str, url: str) -> str:
    """Write a link that stays a link."""
    address = html.escape(url)
    if kind == "script":
        return f'<script src="{address}"></script>'
    return f'<link rel="stylesheet" href="{address}">'


def data_blocks(page: str) -> tuple[list[str], str]:
    """Take out the contents of a page's blocks of data: they are long, and nothing but data."""
    first, *others = page.split(DATA_TAG)
    parts = [other.partition("</script>") for other in others]
    tags = [part[0].partition(">") for part in parts]
    rest = "".join(
        f"{DATA_TAG}{tag}></script>{after}"
        for (tag, _, _), (_, _, after) in zip(tags, parts, strict=True)
    )
    return [content for _, _, content in tags], first + rest


def with_blocks(page: str, blocks: list[str]) -> str:
    """Put the contents of a page's blocks of data back."""
    first, *others = page.split(DATA_TAG)
    filled = (
        DATA_TAG + other.replace("></script>", f">{block}</script>", 1)
        for block, other in zip(blocks, others, strict=True)
    )
    return "".join([first, *filled])


def _derived_ids(page: str, random: set[str]) -> str:
    """Replace folium's random ids by the order in which they first stand in the page."""
    numbers: dict[str, str] = {}

    def derived(match: re.Match[str]) -> str:
        found = match.group()
        if found not in random:
            return found
        return numbers.setdefault(found, f"{len(numbers) + 1}")

    return re.sub(r"[0-9a-f]{32}", derived, page)


@contextmanager
def _as_it_was(figure: Figure) -> Iterator[None]:
    """Take out again what rendering adds to elements: a map may be saved and shown many times."""
    before = [(element, dict(element._children)) for element in _walk(figure)]
    try:
        yield
    finally:
        for element, children in before:
            element._children.clear()
            element._children.update(children)


def _added(figure: Figure) -> list[Element]:
    """List what a user added to a figure, before it is rendered."""
    bare = [figure, figure.header, figure.html, figure.script, figure.header._children["meta_http"]]
    return [one for one in _walk(figure) if not _is_own(one) and one not in bare]


def _is_own(element: Element) -> bool:
    """Tell whether an element is the suite's own."""
    return type(element).__module__.startswith(f"{__package__}.")


def _is_font_icon(element: Element) -> bool:
    """Tell whether an element is drawn with folium's icon fonts."""
    return isinstance(element, folium.Icon) and not isinstance(element, folium.CustomIcon)


def _foreign_markup(figure: Figure) -> str:
    """Give all that elements which are not the suite's own wrote into a rendered figure."""
    own = {one.get_name() for one in _walk(figure) if _is_own(one)}
    return "\n".join(
        child.render()
        for part in (figure.header, figure.html, figure.script)
        for name, child in part._children.items()
        if name not in own and not isinstance(child, JavascriptLink | CssLink)
    )


def _walk(element: Element) -> Iterator[Element]:
    """Go through an element and all that it holds."""
    yield element
    held = [getattr(element, name, None) for name in ("html", "script", "header")]
    for child in (*element._children.values(), *held):
        if isinstance(child, Element):
            yield from _walk(child)


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
