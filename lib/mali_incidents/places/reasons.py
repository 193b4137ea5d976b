"""Why a record was located as it was, in one or two plain sentences, English or French."""

import re
from typing import Any, Final

from mali_incidents.errors import LocateError
from mali_incidents.tables import Reason

# One sentence a code and language; {name} stands for a value. The first group says how the place
# was found, the second what else a reader should know.
_SENTENCES: Final[dict[str, dict[str, str]]] = {
    "coordinates": {
        "en": "The record gives coordinates, which lie in {unit}.",
        "fr": "Le relevé donne des coordonnées, situées dans {unit}.",
    },
    "place": {
        "en": "“{name}” is {place}, in {unit}.",
        "fr": "« {name} » est {place}, dans {unit}.",
    },
    "town-unit": {
        "en": "“{name}” is both a town and its own unit; the whole of {unit} may be meant.",
        "fr": "« {name} » est une ville et sa propre unité ; tout {unit} peut être visé.",
    },
    "unit": {
        "en": "“{name}” names the {level} of {unit}.",
        "fr": "« {name} » désigne {unit} ({level}).",
    },
    "inside": {
        "en": "“{name}” itself is not in the gazetteer; it is said to be in {unit}.",
        "fr": "« {name} » n’est pas au répertoire ; le relevé le situe dans {unit}.",
    },
    "admins": {
        "en": "The place is only known by the units named: {unit}.",
        "fr": "Le lieu n’est connu que par les unités nommées : {unit}.",
    },
    "none": {
        "en": "Nothing in the record could be found in the gazetteer or the units.",
        "fr": "Rien du relevé n’a été trouvé dans le répertoire ni les unités.",
    },
    "ambiguous": {
        "en": "“{name}” may be any of: {candidates}; none was chosen.",
        "fr": "« {name} » peut désigner : {candidates} ; aucun n’a été choisi.",
    },
    "not-read": {
        "en": "“{text}” was not read.",
        "fr": "« {text} » n’a pas été lu.",
    },
    "rest-not-read": {
        "en": "What follows, “{text}”, was not checked against it.",
        "fr": "La suite, « {text} », n’a pas été confrontée à ce résultat.",
    },
    "elsewhere": {
        "en": "“{name}” is known in {unit}, not where the record puts it, so it was not taken.",
        "fr": "« {name} » est connu dans {unit}, ailleurs que ne le dit le relevé : non retenu.",
    },
    "units-unknown": {
        "en": "The unit “{text}” is not known or does not fit the others.",
        "fr": "L’unité « {text} » est inconnue ou ne s’accorde pas avec les autres.",
    },
    "region-2023": {
        "en": "“{name}” is a region of 2023; it holds the 2017 cercles {units}.",
        "fr": "« {name} » est une région de 2023 ; elle réunit les cercles de 2017 {units}.",
    },
    "swapped": {
        "en": "The coordinates {text} lie outside Mali, but inside once swapped; not used.",
        "fr": "Coordonnées {text} hors du Mali, dedans si on les échange ; non utilisées.",
    },
    "outside": {
        "en": "The coordinates {text} lie outside Mali; not used.",
        "fr": "Les coordonnées {text} sont hors du Mali ; non utilisées.",
    },
    "rounded": {
        "en": "The coordinates {text} are rounded to a degree (100 km); not used.",
        "fr": "Les coordonnées {text} sont arrondies au degré (100 km) ; non utilisées.",
    },
    "other-unit": {
        "en": "The coordinates lie in {unit}, not in {named}, which the record names.",
        "fr": "Les coordonnées sont dans {unit}, non dans {named}, que nomme le relevé.",
    },
}
_LEVELS: Final = {
    "en": {"region": "region", "cercle": "cercle", "commune": "commune", "country": "country"},
    "fr": {"region": "région", "cercle": "cercle", "commune": "commune", "country": "pays"},
}


def reason_sentence(reason: Reason, *, lang: str = "en") -> str:
    """Say a reason in plain words.

    Parameters
    ----------
    reason : Reason
        A code and its values; ``notes`` among them is a list of further codes and values.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    str
        Plain text, never markup.

    Raises
    ------
    LocateError
        When the language or a code is not known.
    """
    said = [_sentence(reason.code, reason.values, lang)]
    said += [_sentence(code, values, lang) for code, values in reason.values.get("notes", [])]
    return " ".join(said)


def _sentence(code: str, values: dict[str, Any], lang: str) -> str:
    """Say one code in plain words."""
    try:
        text = _SENTENCES[code][lang]
    except KeyError as error:
        raise LocateError(f"there is no sentence for the reason {code!r} in {lang!r}") from error
    words = {**values, "level": _LEVELS[lang].get(str(values.get("level")), "")}
    # In one pass, so that braces in a record's own words stay as they are.
    return re.sub(r"\{(\w+)\}", lambda slot: str(words[slot[1]]), text)
