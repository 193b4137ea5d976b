"""The first page of a build: a picture, a title and a link for each map, build facts below."""

import base64
import html
from collections.abc import Iterable
from functools import partial
from typing import Any, Final, NamedTuple

from mali_incidents.maps.messages import message

_STYLE: Final = """
body {
  margin: 0; background: #f6f5f1; color: #202124;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
}
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 26px; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 17px; margin: 40px 0 10px; }
a { color: #0b57d0; }
ul { margin: 0; padding-left: 20px; columns: 2 260px; }
.lead { max-width: 68ch; color: #4a4d51; margin: 0 0 28px; }
.notice {
  margin: 0 0 20px; padding: 8px 14px; border-left: 4px solid #b3541e; background: #fff;
  color: #6b3410; font-weight: 600;
}
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 24px; }
.map {
  display: block; overflow: hidden; background: #fff; color: inherit; text-decoration: none;
  border-radius: 8px; box-shadow: 0 1px 4px rgba(32, 33, 36, .18);
}
.map:hover, .map:focus-visible { box-shadow: 0 2px 12px rgba(32, 33, 36, .3); }
.map img {
  display: block; width: 100%; aspect-ratio: 4 / 3; object-fit: cover;
  border-bottom: 1px solid #e8eaed;
}
.map strong { display: block; padding: 12px 16px 0; font-size: 16px; }
.map p { margin: 2px 16px 8px; color: #4a4d51; font-size: 13.5px; }
.map span { display: block; padding: 0 16px 14px; color: #0b57d0; font-size: 14px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; }
dt { color: #565a5f; }
dd { margin: 0; overflow-wrap: anywhere; }
.note { margin-top: 40px; color: #565a5f; font-size: 13px; }
@media (max-width: 480px) {
  main { padding: 24px 16px; }
  dl { grid-template-columns: 1fr; }
  dd { margin-bottom: 6px; }
}
@media print {
  body { background: #fff; }
  .map { box-shadow: none; border: 1px solid #dadce0; break-inside: avoid; }
}
"""


class Exhibit(NamedTuple):
    """A map of the gallery.

    Attributes
    ----------
    file : str
        The map's file, beside the gallery.
    title, subtitle : str
        Its title, and what it counts.
    text : str
        What it shows, in words.
    picture : bytes
        A PNG of the map alone.
    """

    file: str
    title: str
    subtitle: str
    text: str
    picture: bytes


def gallery_page(
    exhibits: Iterable[Exhibit],
    *,
    notebooks: Iterable[str],
    files: Iterable[str],
    manifest: dict[str, Any],
    title: str,
    lead: str,
    lang: str,
    notice: str = "",
    statement: str = "",
    changes: str = "",
) -> str:
    """Write the first page of a build.

    Parameters
    ----------
    exhibits : iterable of Exhibit
        The maps, in order.
    notebooks, files : iterable of str
        The executed notebooks and the other files to link, by their paths beside the gallery.
    manifest : dict
        What :func:`mali_incidents.publish.manifest.describe_build` says.
    title, lead : str
        The page's title and first words; plain text.
    lang : {"en", "fr"}
        The page's language.
    notice, statement : str
        What the edition is in one line, above all else, and what was done to make it.
    changes : str
        What changed since the last edition.

    Returns
    -------
    str
        A whole HTML document without any script; its pictures are inside it.
    """
    say = partial(message, lang=lang)
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            *([f'<p class="notice">{html.escape(notice)}</p>'] if notice else []),
            f"<h1>{html.escape(title)}</h1>",
            f'<p class="lead">{html.escape(lead)}</p>',
            '<div class="maps">',
            *(_map(exhibit, lang) for exhibit in exhibits),
            "</div>",
            *_links(say("gallery.notebooks"), notebooks),
            *_links(say("gallery.files"), files),
            *_section(say("gallery.changes"), changes),
            *_section(say("gallery.edition"), statement),
            f"<h2>{html.escape(say('gallery.facts'))}</h2>",
            _facts(manifest, lang),
            f'<p class="note">{html.escape(say("disclaimer"))}</p>',
            "</main>\n</body>\n</html>\n",
        ]
    )


def _map(exhibit: Exhibit, lang: str) -> str:
    """Write one map's card."""
    picture = base64.b64encode(exhibit.picture).decode()
    return (
        f'<a class="map" href="{html.escape(exhibit.file)}">'
        f'<img src="data:image/png;base64,{picture}" alt="{html.escape(exhibit.text)}">'
        f"<strong>{html.escape(exhibit.title)}</strong><p>{html.escape(exhibit.subtitle)}</p>"
        f"<span>{html.escape(message('gallery.open', lang))} →</span></a>"
    )


def _links(heading: str, names: Iterable[str]) -> list[str]:
    """Write a list of links, or nothing."""
    items = [f'<li><a href="{html.escape(name)}">{html.escape(name)}</a></li>' for name in names]
    return [f"<h2>{html.escape(heading)}</h2>\n<ul>", *items, "</ul>"] if items else []


def _section(heading: str, text: str) -> list[str]:
    """Write a text under its heading, or nothing."""
    if not text:
        return []
    return [f'<h2>{html.escape(heading)}</h2>\n<p class="lead">{html.escape(text)}</p>']


def _read(manifest: dict[str, Any], lang: str) -> str:
    """Say how many incidents were read, and how many of them an edition gives."""
    given = manifest["rows"]["read"]
    read = given + sum(manifest.get("release", {}).get("withheld", {}).values())
    return str(given) if given == read else message("gallery.given", lang, n=given, read=read)


def _facts(manifest: dict[str, Any], lang: str) -> str:
    """Write the build's facts."""
    rows, versions = manifest["rows"], manifest["versions"]
    levels = rows["by_level"].items()
    made_with = ("mali-incidents", "folium", "python")
    facts = {
        "covers": " – ".join(manifest["coverage"]["period"]) if manifest["coverage"] else "",
        "read": _read(manifest, lang),
        "attacks": str(rows["attacks"]),
        "levels": ", ".join(message(f"gallery.level.{level}", lang, n=n) for level, n in levels),
        "for_review": str(rows["for_review"]),
        "units": ", ".join(manifest["frame"]),
        "python": ", ".join(f"{name} {versions[name]}" for name in made_with),
    }
    said = [(message(f"gallery.{key}", lang), fact) for key, fact in facts.items() if fact]
    said += [(name, f"sha256 {digest}") for name, digest in manifest["inputs"].items()]
    pairs = (f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in said)
    return "<dl>" + "".join(pairs) + "</dl>"
