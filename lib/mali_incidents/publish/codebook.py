"""What each column of the files means, made from the tables' own schema, French or English."""

import re
from collections.abc import Sequence
from typing import Any, Final

from mali_incidents.maps.messages import message
from mali_incidents.places.reasons import with_french_blanks
from mali_incidents.records.sources import SOURCE_COLUMN
from mali_incidents.tables import LOCATED

# What the schema says in English, in French; what stands only in files, in both.
_FRENCH: Final[dict[str, str]] = {
    "incident_id": "Stable à jamais ; l’identifiant d’une autre base est gardé dans dataset_id",
    "episode_id": "Relie les événements d’une même attaque (d’abord un magasin, ensuite une mine)",
    "date_start": "Premier jour de l’événement, ou de l’intervalle où il se situe",
    "date_end": "Dernier jour ; égal à date_start si un seul jour est connu",
    "date_precision": "day : les dates sont connues, un date_end ultérieur veut dire que "
    "l’événement a duré ; sinon il se situe quelque part dans l’intervalle (UCDP date_prec 1-5)",
    "event_type": "Type d’événement selon ACLED",
    "sub_event_type": "Sous-type d’événement selon ACLED",
    "target": "Qui ou quoi a été attaqué",
    "actor": "L’auteur, tel que rapporté",
    "actor_type": "Le genre d’acteur selon ACLED, ou Criminal group (groupe criminel)",
    "attribution": "Qui dit que c’était lui",
    "fatalities_low": "Le moins de morts rapportés",
    "fatalities_best": "Le chiffre le mieux étayé",
    "fatalities_high": "Le plus de morts rapportés",
    "injured": "Personnes blessées",
    "abducted": "Personnes enlevées ; non les disparus ni les assiégés",
    "summary": "Une phrase, dans les mots de qui a fait le relevé",
    "location_text": "Le lieu tel que rapporté, jamais modifié",
    "admin1": "La région telle que rapportée, jamais modifiée",
    "admin2": "Le cercle tel que rapporté, jamais modifié",
    "admin3": "La commune telle que rapportée, jamais modifiée",
    "latitude": "Telle que rapportée, jamais modifiée",
    "longitude": "Telle que rapportée, jamais modifiée",
    "reported_precision": "Le code de la source elle-même, p. ex. acled:2, ucdp:4",
    "verification": "Jusqu’où l’information est étayée",
    "dataset": "La base de données d’où vient la ligne",
    "dataset_id": "L’identifiant de la ligne dans celle-ci",
    "dataset_row": "Le numéro de la ligne dans le fichier lu, la première étant 1",
    "uncertainty_m": "Rayon d’un cercle autour du point représentatif qui contient toute la zone "
    "possible (Darwin Core coordinateUncertaintyInMeters)",
    "level": "Finesse à laquelle le lieu est connu",
    "method": "Comment il a été trouvé",
    "score": "Qualité de la correspondance, 0-1",
    "margin": "Avance sur la deuxième correspondance ; score et margin décident tous deux du refus",
    "admin1_name": "La région qui contient le lieu, ou qui a été nommée ; vide en deçà de ce qui "
    "est connu",
    "admin1_id": "Son identifiant dans le découpage",
    "admin2_name": "Le cercle",
    "admin2_id": "Son identifiant dans le découpage",
    "admin3_name": "La commune",
    "admin3_id": "Son identifiant dans le découpage",
    "region_2023": "La région depuis la réforme de 2023, là où l’on peut le dire",
    "frame": "Le millésime du découpage, p. ex. mali-2017",
    "data_generalizations": "Ce qui a été rendu plus grossier dans cette édition (Darwin Core "
    "dataGeneralizations)",
    "information_withheld": "Ce qui existe par ailleurs et a été laissé de côté (Darwin Core "
    "informationWithheld)",
}
# Of the schema's types; all others are text.
_KINDS: Final = {"Int64": "whole", "float64": "number", "datetime64[ns]": "day"}
_UNITS: Final = {
    "latitude": "degrees",
    "longitude": "degrees",
    "located_latitude": "degrees",
    "located_longitude": "degrees",
    "uncertainty_m": "metres",
    "fatalities_low": "people",
    "fatalities_best": "people",
    "fatalities_high": "people",
    "injured": "people",
    "abducted": "people",
}
# Columns of files that are none of the table, or otherwise there, and their kinds.
_OF_FILES: Final = {
    "located_latitude": "number",
    "located_longitude": "number",
    "candidates": "text",
    "reason": "text",
    "source_name": "text",
    "source_url": "text",
    "source_published": "text",
}


def codebook_rows(columns: Sequence[str], *, lang: str = "en") -> list[tuple[str, str, str, str]]:
    """Describe the columns of the files.

    Parameters
    ----------
    columns : sequence of str
        The columns of the flat table.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    list of (str, str, str, str)
        The heads, then for each column its name, what it means, its type with its unit and CRS,
        and the values allowed. The numbered columns of sources are described once.
    """
    heads = ("column", "meaning", "kind", "values")
    rows = {tuple(message(f"codebook.{head}", lang) for head in heads): None}
    for column in columns:
        rows[_row(column, lang)] = None
    return list(rows)  # type: ignore[arg-type]


def codebook_text(columns: Sequence[str], *, lang: str = "en", notice: str | None = None) -> str:
    """Write the codebook as a page of Markdown.

    Parameters
    ----------
    columns : sequence of str
        The columns of the flat table.
    lang : {"en", "fr"}
        The language.
    notice : str, optional
        A line at its head.

    Returns
    -------
    str
    """
    head, *rows = codebook_rows(columns, lang=lang)
    files = ("csv", "xlsx", "geojson", "gpkg", "kml", "parquet")
    lines = [
        f"# {message('codebook.title', lang)}",
        "",
        *([f"**{_escaped(notice)}**", ""] if notice else []),
        message("codebook.intro", lang),
        "",
        f"## {message('codebook.files', lang)}",
        "",
        *(f"- `incidents.{name}` – {message(f'codebook.file.{name}', lang)}" for name in files),
        "",
        f"## {message('codebook.columns', lang)}",
        "",
        _line(head),
        "|---" * len(head) + "|",
        *map(_line, rows),
    ]
    return "\n".join(lines) + "\n"


def _line(cells: Sequence[str]) -> str:
    """Write a line of a table of Markdown."""
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """Write a text on one line, with nothing in it that Markdown would take for a sign."""
    return re.sub(r"([|<*\\])", r"\\\1", " ".join(text.split()))


def _row(column: str, lang: str) -> tuple[str, str, str, str]:
    """Describe a column."""
    source = SOURCE_COLUMN.fullmatch(column)
    name = f"source_{source[2]}" if source else column
    shown = f"source_N_{source[2]}" if source else column
    schema: dict[str, Any] = LOCATED.columns
    values: tuple[str, ...] = ()
    if name in _OF_FILES:
        meaning, kind = message(f"codebook.of.{name}", lang), _OF_FILES[name]
    elif name in schema:
        described = schema[name]
        meaning = described.description if lang == "en" else with_french_blanks(_FRENCH[name])
        kind = _KINDS.get(str(described.dtype), "text")
        values = _allowed(described)
    else:
        meaning, kind = message("codebook.unknown", lang), "text"
    said = message(f"codebook.kind.{kind}", lang)
    if unit := _UNITS.get(name):
        said = f"{said}, {message(f'codebook.unit.{unit}', lang)}"
    return shown, meaning, said, "; ".join(values)


def _allowed(column: Any) -> tuple[str, ...]:
    """Give the values that a column's check allows; none where it has no such check."""
    for check in column.checks:
        if check.name == "isin":
            return tuple(check.statistics["allowed_values"])
    return ()
