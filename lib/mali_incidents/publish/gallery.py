"""The first page of a build: a picture, a title and a link for each map, build facts below."""

import base64
import html
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

_WORDS: Final = {
    "en": {
        "open": "Open the map",
        "notebooks": "Notebooks",
        "files": "Files",
        "facts": "How this was built",
        "read": "incidents read",
        "attacks": "of them attacks",
        "for_review": "for a person to look at",
        "levels": "Located to",
        "units": "Units",
        "covers": "Covers",
        "python": "Made with",
        "level.site": "site",
        "level.place": "town or village",
        "level.commune": "commune",
        "level.cercle": "cercle",
        "level.region": "region",
        "level.country": "country",
        "level.none": "not located",
        "disclaimer": "Names and boundaries are those of the sources and imply no opinion on any "
        "status.",
    },
    "fr": {
        "open": "Ouvrir la carte",
        "notebooks": "Carnets (en anglais)",
        "files": "Fichiers (findings.csv est en anglais)",
        "facts": "Comment ceci a été produit",
        "read": "incidents lus",
        "attacks": "dont attaques",
        "for_review": "à revoir par une personne",
        "levels": "Localisés à",
        "units": "Unités",
        "covers": "Couvre",
        "python": "Produit avec",
        "level.site": "site",
        "level.place": "ville ou village",
        "level.commune": "commune",
        "level.cercle": "cercle",
        "level.region": "région",
        "level.country": "pays",
        "level.none": "non localisé",
        "disclaimer": "Les noms et les limites sont ceux des sources et n’impliquent aucune "
        "opinion sur un statut.",
    },
}
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
.maps { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 24px; }
.map {
  display: block; overflow: hidden; background: #fff; color: inherit; text-decoration: none;
  border-radius: 8px; box-shadow: 0 1px 4px rgba(32, 33, 36, .18);
}
.map:hover, .map:focus-visible { box-shadow: 0 2px 12px rgba(32, 33, 36, .3); }
.map img { display: block; width: 100%; height: auto; border-bottom: 1px solid #e8eaed; }
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
    title : str
        Its title.
    text : str
        What it shows, in words; its second sentence, with the count, stands under the title.
    picture : bytes
        A PNG of it.
    """

    file: str
    title: str
    text: str
    picture: bytes


def gallery_page(
    exhibits: Iterable[Exhibit], *, manifest: dict[str, Any], title: str, lead: str, lang: str
) -> str:
    """Write the first page of a build.

    Parameters
    ----------
    exhibits : iterable of Exhibit
        The maps, in order.
    manifest : dict
        What :func:`mali_incidents.publish.manifest.describe_build` says.
    title, lead : str
        The page's title and first words; plain text.
    lang : {"en", "fr"}
        The page's language.

    Returns
    -------
    str
        A whole HTML document without any script; its pictures are inside it.
    """
    say = _WORDS[lang]
    files = list(manifest["files"])
    notebooks = [name for name in files if name.startswith("notebooks/") and name[10:12].isdigit()]
    tables = [name for name in files if not name.endswith(".html")]
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{html.escape(title)}</h1>",
            f'<p class="lead">{html.escape(lead)}</p>',
            '<div class="maps">',
            *(_map(exhibit, say) for exhibit in exhibits),
            "</div>",
            *_links(say["notebooks"], notebooks),
            *_links(say["files"], [*tables, "manifest.json"]),
            f"<h2>{html.escape(say['facts'])}</h2>",
            _facts(manifest, say),
            f'<p class="note">{html.escape(say["disclaimer"])}</p>',
            "</main>\n</body>\n</html>\n",
        ]
    )


def _map(exhibit: Exhibit, say: dict[str, str]) -> str:
    """Write one map's card."""
    picture = base64.b64encode(exhibit.picture).decode()
    return (
        f'<a class="map" href="{html.escape(exhibit.file)}">'
        f'<img src="data:image/png;base64,{picture}" alt="{html.escape(exhibit.text)}" '
        'width="1400" height="900">'
        f"<strong>{html.escape(exhibit.title)}</strong><p>{html.escape(_count(exhibit.text))}</p>"
        f"<span>{html.escape(say['open'])} →</span></a>"
    )


def _count(text: str) -> str:
    """Take the sentence with the count from a text that begins with the title."""
    sentences = text.split(". ")
    return sentences[1].rstrip(".") + "." if len(sentences) > 1 else text


def _links(heading: str, names: list[str]) -> list[str]:
    """Write a list of links, or nothing."""
    if not names:
        return []
    items = (f'<li><a href="{html.escape(name)}">{html.escape(name)}</a></li>' for name in names)
    return [f"<h2>{html.escape(heading)}</h2>\n<ul>", *items, "</ul>"]


def _facts(manifest: dict[str, Any], say: dict[str, str]) -> str:
    """Write the build's facts."""
    rows, versions = manifest["rows"], manifest["versions"]
    levels = ", ".join(
        f"{say['level.' + level]} {count}" for level, count in rows["by_level"].items()
    )
    facts = [
        (say["read"], str(rows["read"])),
        (say["attacks"], str(rows["attacks"])),
        (say["levels"], levels),
        (say["for_review"], str(rows["for_review"])),
        (say["units"], ", ".join(manifest["frame"])),
        (
            say["python"],
            ", ".join(
                f"{name} {versions[name]}" for name in ("mali-incidents", "folium", "python")
            ),
        ),
        *((name, f"sha256 {digest}") for name, digest in manifest["inputs"].items()),
    ]
    if manifest["coverage"]:
        facts.insert(0, (say["covers"], " – ".join(manifest["coverage"]["period"])))
    pairs = (f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts)
    return "<dl>" + "".join(pairs) + "</dl>"
