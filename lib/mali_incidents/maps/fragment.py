"""Maps as parts of another page: their libraries once, and once what their data have in common."""

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Final

from mali_incidents.errors import MapError
from mali_incidents.maps.page import DATA_TAG, data_blocks, viewer_script, with_blocks
from mali_incidents.maps.payload import read_block, write_block

_ELEMENTS: Final = re.compile(r"<(style|script)\b[^>]*>.*?</\1>", re.DOTALL)
# The style of a page that is the map's alone: in another's it would be that of the other.
_PAGE_STYLE: Final = "<style>html, body"
_NAMES: Final = re.compile(r'\b(?:id="|var )(\w+?_\d+)(?=_json\b|\b)')


def fragment_of(pages: Sequence[str], *, height: int, libraries: bool) -> str:
    """Write saved maps as one piece of markup for another page.

    Parameters
    ----------
    pages : sequence of str
        The pages of the maps.
    height : int
        How tall each map is, in CSS pixels.
    libraries : bool
        Whether the scripts and styles that all maps need come with it.

    Returns
    -------
    str
        Markup; its ids are derived from the pages' contents, so that several fragments do not
        disturb one another.

    Raises
    ------
    MapError
        When a page has scripts of another version: what several share is only for these.
    """
    script = viewer_script()
    if not all(script in page for page in pages):
        raise MapError(
            "a map to put into a page itself must be of this version of the suite: save it again"
        )
    bodies = [page.partition("<body>")[2].rpartition("</body>")[0] for page in pages]
    taken = [data_blocks(body) for body in bodies]
    datas = [[read_block(block) for block in blocks] for blocks, _ in taken]
    common = _common([data for held in datas for data in held])
    name = f"mali_shared_{_digest(*pages)}"
    parts: list[str] = []
    if libraries:
        parts += dict.fromkeys(element for page in pages for element in _head(page))
    if common:
        parts.append(f'<script type="application/json" id="{name}">{write_block(common)}</script>')
    for number, (page, (blocks, rest), held) in enumerate(zip(pages, taken, datas, strict=True)):
        content = _renamed(rest, f"{_digest(page)}_{number}")
        # A page has one <main>, and it is not this.
        content = re.sub(
            r'<main class="mali-map"(.*?)></main>',
            r'<div class="mali-map" role="region" style="position:absolute;inset:0"\1></div>',
            content,
            flags=re.DOTALL,
        )
        if common:
            own = [write_block(_own(data, common)) for data in held]
            tag = DATA_TAG.replace("<script", f'<script data-shared="{name}"')
            content = with_blocks(content, own).replace(DATA_TAG, tag)
        else:
            content = with_blocks(content, blocks)
        look = f"position:relative;isolation:isolate;height:{height}px;margin:16px 0"
        parts.append(f'<div class="mali-fragment" style="{look}">{content}</div>')
    return "\n".join(parts) + "\n"


def _head(page: str) -> list[str]:
    """List the scripts and styles of a page's head, without what is only for the page."""
    head = page.partition("</head>")[0]
    elements = (found[0] for found in _ELEMENTS.finditer(head))
    return [element for element in elements if not element.startswith(_PAGE_STYLE)]


def _common(datas: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Give what several pages' data have in common, in the same places."""
    if len(datas) < 2:
        return {}
    common = {}
    for key, value in datas[0].items():
        if any(key not in other for other in datas):
            continue
        values = [other[key] for other in datas]
        if all(other == value for other in values):
            common[key] = value
        elif all(isinstance(other, dict) for other in values) and (inner := _common(values)):
            common[key] = inner
    return common


def _own(data: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """Give what of a page's data is not in the common part."""
    own = {}
    for key, value in data.items():
        if key not in common:
            own[key] = value
        elif value != common[key] and (inner := _own(value, common[key])):
            own[key] = inner
    return own


def _renamed(content: str, suffix: str) -> str:
    """Give the names of a page's elements and variables an ending of their own."""
    names = sorted(set(_NAMES.findall(content)), key=len, reverse=True)
    if not names:
        return content
    return re.sub(rf"\b({'|'.join(names)})(?=_json\b|\b)", rf"\1_{suffix}", content)


def _digest(*texts: str) -> str:
    """Name texts by their content."""
    return hashlib.sha256("".join(texts).encode()).hexdigest()[:8]
