"""A map as a part of a page of others: in a frame, in Markdown, or in the page itself."""

import base64
import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote

from mali_incidents.errors import PublishError
from mali_incidents.maps.fragment import fragment_of
from mali_incidents.maps.framed import as_srcdoc, framed_map
from mali_incidents.maps.messages import LANGUAGES, message

if TYPE_CHECKING:
    from mali_incidents.maps.incident_map import IncidentMap

KINDS: Final = ("frame", "inline", "markdown", "fragment")
"""How a map may be embedded."""

_LEAST_HEIGHT: Final = 240
# What may end a word of Markdown early, or begin something else.
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$@^'\"])")
# All that is read of a page's head; what follows is long.
_HEAD: Final = 20_000


class _Subject(NamedTuple):
    """A map to embed: its page, and what is said of it."""

    page: str
    title: str
    alt: str
    lang: str
    at: str | None
    picture: str | None


def embed(
    maps: "IncidentMap | str | Path | Sequence[IncidentMap | str | Path]",
    *,
    kind: str = "frame",
    at: str | None = None,
    picture: str | Path | None = None,
    height: int = 640,
    libraries: bool = True,
) -> str:
    """Write what puts a map into a page of others.

    Parameters
    ----------
    maps : IncidentMap, str, pathlib.Path, or several of them
        The map, or the file it was saved to; several only as a fragment.
    kind : {"frame", "inline", "markdown", "fragment"}
        ``frame`` shows a file that stands beside the page; ``inline`` carries the whole map in the
        frame; ``markdown`` gives the live map where pandoc or Quarto writes HTML and the picture
        where it writes PDF or DOCX; ``fragment`` puts the maps into the page itself, several
        sharing one copy of what is the same in all.
    at : str, optional
        The address of the file as the page finds it; for a file its name by default. A map that
        was not saved needs it for ``frame`` and ``markdown``.
    picture : str or pathlib.Path, optional
        The address of the still picture as the page finds it. By default that of a build
        (``pictures/NAME.png`` beside the file, if it is there); a map that was not saved carries
        its own, except in Markdown, which needs a file.
    height : int
        How tall the map is, in CSS pixels; its width is that of the page. A frame in a narrow
        column is less tall, a fragment is not.
    libraries : bool
        Whether a fragment brings the scripts and styles that all maps need; a page needs them once,
        before its first map.

    Returns
    -------
    str
        HTML, or Markdown for ``markdown``.

    Raises
    ------
    PublishError
        When there is no such kind, a file is not a map of this suite, or an address is missing.
    MapError
        When a map for a fragment was saved by another version.
    """
    several = list(maps) if isinstance(maps, Sequence) and not isinstance(maps, str) else [maps]
    _check(several, kind=kind, at=at, height=height)
    subjects = [_subject(one, at=at, picture=picture) for one in several]
    if kind == "fragment":
        pages = [subject.page for subject in subjects]
        return fragment_of(pages, height=height, libraries=libraries)
    (subject,) = subjects
    if kind == "inline":
        return _frame(subject, as_srcdoc(subject.page), height=height, at=at)
    if subject.at is None:
        raise PublishError(
            f"kind={kind!r} shows a file beside the page: say in `at` where the page finds it, "
            "e.g. at='maps/bamako.html'"
        )
    source = f'src="{html.escape(subject.at)}"'
    if kind == "frame":
        return _frame(subject, source, height=height, at=subject.at)
    return _markdown(subject, source, height=height)


def _check(several: Sequence[object], *, kind: str, at: str | None, height: int) -> None:
    """Refuse what cannot be embedded so, all at once."""
    wrong = []
    if kind not in KINDS:
        wrong.append(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    elif len(several) != 1 and kind != "fragment":
        wrong.append(f"kind={kind!r} embeds one map, got {len(several)}; a fragment holds several")
    if not several:
        wrong.append("there is no map to embed")
    if height < _LEAST_HEIGHT:
        wrong.append(f"height must be at least {_LEAST_HEIGHT} pixels, got {height}")
    if at is not None and re.match(r"\s*(?!https?:)[a-z][a-z0-9+.-]*:", at, re.IGNORECASE):
        wrong.append(f"at must be a path or an http(s) address, got {at!r}")
    if wrong:
        raise PublishError("; ".join(wrong))


def _subject(
    one: "IncidentMap | str | Path", *, at: str | None, picture: str | Path | None
) -> _Subject:
    """Gather what is embedded, of a map or of a file."""
    address = None if picture is None else quote(Path(picture).as_posix(), safe="/:?&=%#~+")
    if not isinstance(one, str | Path):
        if address is None:
            address = "data:image/png;base64," + base64.b64encode(one.picture()).decode()
        return _Subject(one.page(), one.title, one.alt_text, one.lang, at, address)
    file = Path(one)
    try:
        page = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PublishError(
            f"{file} cannot be read as a map: give the HTML file of one, e.g. out/bamako.html"
        ) from error
    head = page[:_HEAD]
    lang = re.search(r'<html lang="(\w+)">', head)
    title = re.search(r"<title>(.*?)</title>", head, re.DOTALL)
    told = re.search(r'<meta name="description" content="(.*?)">', head, re.DOTALL)
    if not (lang and title and told and 'class="mali-map"' in page):
        raise PublishError(f"{file} is not a map that this suite saved")
    beside = file.with_name("pictures") / file.with_suffix(".png").name
    place = quote(file.name) if at is None else at
    if address is None and beside.is_file():
        # It stands beside the map, wherever the page finds that.
        address = place.rpartition("/")[0]
        address = f"{address}{'/' if address else ''}pictures/{quote(beside.name)}"
    name, alt = (html.unescape(found[1]) for found in (title, told))
    return _Subject(page, name, alt, lang[1], place, address)


def _frame(subject: _Subject, source: str, *, height: int, at: str | None) -> str:
    """Write a frame with its title, its picture and a link for readers without frames."""
    lang = subject.lang if subject.lang in LANGUAGES else "en"
    return framed_map(
        source=source,
        title=f"{message('map.alt_live', lang)}: {subject.title}",
        alt=subject.alt,
        picture=subject.picture,
        height=height,
        link=at,
        link_words=message("map.open_alone", lang, title=subject.title),
    )


def _markdown(subject: _Subject, source: str, *, height: int) -> str:
    """Write a block of Markdown: the picture, and over it, in HTML alone, the live map."""
    if subject.picture is None or subject.picture.startswith("data:"):
        raise PublishError(
            "paper needs the picture as a file: say where Markdown finds it in `picture`, e.g. "
            " picture='pictures/bamako.png' (map.picture() gives its bytes)"
        )
    before, image, after = _frame(subject, source, height=height, at=subject.at).partition(
        f'<a href="{html.escape(str(subject.at))}"><img'
    )
    # The picture's own markup gives way to Markdown's, which every format has.
    after = (image + after).split("</a>", 1)[1]
    title = _MARKDOWN.sub(r"\\\1", " ".join(subject.title.split()))
    alt = " ".join(subject.alt.split()).replace("\\", "").replace('"', "”")
    # Quarto has a name of its own for what pandoc calls alt.
    shown = f'![{title}](<{subject.picture}>){{width=100% alt="{alt}" fig-alt="{alt}"}}'
    return f"```{{=html}}\n{before}\n```\n\n{shown}\n\n```{{=html}}\n{after}\n```\n"
