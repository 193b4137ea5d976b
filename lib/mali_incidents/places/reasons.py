"""Why a record was located as it was, in one or two plain sentences, English or French."""

import re
from functools import cache
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
    "coded": {
        "en": "The source codes the place as known to {unit} only.",
        "fr": "La source ne situe le lieu que dans {unit}, d’après son code.",
    },
    "correction": {
        "en": "{who} placed “{name}” on {when}: {why}",
        "fr": "{who} a placé « {name} » le {when} : {why}",
    },
    "place": {
        "en": "“{name}” is {place}, in {unit}.",
        "fr": "« {name} » correspond à la localité {place}, dans {unit}.",
    },
    "spelt-nearly": {
        "en": "“{name}” is taken for {place}, which is spelt nearly so, in {unit}.",
        "fr": "« {name} » est pris pour {place}, d’orthographe voisine, dans {unit}.",
    },
    "town-unit": {
        "en": "“{name}” is both a town and its own unit; the whole of {unit} may be meant.",
        "fr": "« {name} » est une ville et sa propre unité ; il peut s’agir de tout {unit}.",
    },
    "unit": {
        "en": "“{name}” names {unit} ({level}).",
        "fr": "« {name} » désigne {unit} ({level}).",
    },
    "offset": {
        "en": "“{text}”: as far from {place}, and in that direction, as the words may mean.",
        "fr": "« {text} » : à la distance et dans la direction de {place} que ces mots permettent.",
    },
    "offset-any": {
        "en": "“{text}”: no farther from {place} than the words may mean, in any direction.",
        "fr": "« {text} » : pas plus loin de {place} que ces mots ne permettent, en tout sens.",
    },
    "near": {
        "en": "“{text}”: what may be called near {place}.",
        "fr": "« {text} » : ce qui peut être dit proche de {place}.",
    },
    "between": {
        "en": "“{text}”: along the way from {first} to {second}.",
        "fr": "« {text} » : le long du trajet de {first} à {second}.",
    },
    "part": {
        "en": "“{text}”: that part of the whole.",
        "fr": "« {text} » : cette partie de l’ensemble.",
    },
    "named-area": {
        "en": "“{name}” is the name of an area, in {units}.",
        "fr": "« {name} » est le nom d’une zone, dans : {units}.",
    },
    "border": {
        "en": "“{text}”: the land along that border.",
        "fr": "« {text} » : la bande de terre le long de cette frontière.",
    },
    "inside": {
        "en": "“{name}” is said to be in {unit}, where the gazetteer has no such place.",
        "fr": "« {name} » est situé dans {unit}, où le répertoire n’a pas de tel lieu.",
    },
    "admins": {
        "en": "The place is only known by what holds it: {unit}.",
        "fr": "Le lieu n’est connu que par ce qui le contient : {unit}.",
    },
    "none": {
        "en": "Nothing in the record could be found in the gazetteer or the units.",
        "fr": "Rien du relevé n’a été trouvé dans le répertoire ni les unités.",
    },
    "released-unit": {
        "en": "Given as {unit} for this edition; what is known more finely is withheld.",
        "fr": "Donné comme {unit} pour cette édition ; ce qui est plus précis n’est pas diffusé.",
    },
    "released-square": {
        "en": "Given as a square in {unit} for this edition; anything finer is withheld.",
        "fr": "Donné comme un carré dans {unit} pour cette édition ; rien de plus fin ne l’est.",
    },
    "agrees": {
        "en": "“{text}” agrees: it lies {nearest} to {farthest} km {heading} {place}.",
        "fr": "« {text} » concorde : c’est entre {nearest} et {farthest} km {heading} {place}.",
    },
    "clash": {
        "en": "“{text}” does not agree: it lies {nearest} to {farthest} km {heading} {place}.",
        "fr": (
            "« {text} » ne concorde pas : c’est entre {nearest} et {farthest} km {heading} {place}."
        ),
    },
    "clash-near": {
        "en": "“{text}” does not agree with this.",
        "fr": "« {text} » ne concorde pas avec cela.",
    },
    "clash-unit": {
        "en": "“{text}” lies outside {unit}, which the record names; not used.",
        "fr": "« {text} » est hors de {unit}, que nomme le relevé ; non utilisé.",
    },
    "also-told": {
        "en": "“{text}” agrees with this.",
        "fr": "« {text} » concorde avec cela.",
    },
    "abroad": {
        "en": "“{name}” is said to be in {country}, which is not Mali.",
        "fr": "« {name} » est dit être en dehors du Mali : {country}.",
    },
    "also-unit": {
        "en": "“{name}” is also the name of the {level} of {unit}.",
        "fr": "« {name} » est aussi le nom de : {unit} ({level}).",
    },
    "also-named": {
        "en": "The text also names {name}.",
        "fr": "Le texte nomme aussi {name}.",
    },
    "not-found": {
        "en": "“{name}” itself was not found.",
        "fr": "« {name} » n’a pas été trouvé.",
    },
    "ambiguous": {
        "en": "“{name}” may be any of: {candidates}; none was chosen.",
        "fr": "« {name} » peut désigner : {candidates} ; rien n’a été choisi.",
    },
    "not-read": {
        "en": "“{text}” could not be made use of.",
        "fr": "« {text} » n’a pas pu être interprété.",
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
        "en": "“{name}” is a region of 2023; in the units used here: {units}.",
        "fr": "« {name} » est une région de 2023 ; dans les unités employées ici : {units}.",
    },
    "cercle-2023": {
        "en": "“{name}” is a cercle of 2023; its region in the units used here: {units}.",
        "fr": "« {name} » est un cercle de 2023 ; sa région, dans les unités d’ici : {units}.",
    },
    "stand-in": {
        "en": "The source’s code says that the coordinates {text} stand for an area; not used.",
        "fr": "La source code les coordonnées {text} comme celles d’une zone ; non utilisées.",
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
_FRENCH_BLANK: Final = re.compile(r" (?=[:;!?»])|(?<=«) ")
_HEADINGS: Final = {
    "en": {
        "": "from",
        "n": "north of",
        "ne": "north-east of",
        "e": "east of",
        "se": "south-east of",
        "s": "south of",
        "sw": "south-west of",
        "w": "west of",
        "nw": "north-west of",
    },
    "fr": {
        "": "de",
        "n": "au nord de",
        "ne": "au nord-est de",
        "e": "à l’est de",
        "se": "au sud-est de",
        "s": "au sud de",
        "sw": "au sud-ouest de",
        "w": "à l’ouest de",
        "nw": "au nord-ouest de",
    },
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


def with_french_blanks(text: str) -> str:
    """Let no line break between a French sign and the word it is parted from by a blank."""
    return _FRENCH_BLANK.sub("\N{NO-BREAK SPACE}", text)


@cache
def reason_words(lang: str) -> dict[str, dict[str, Any]]:
    """Give the sentences of a language and the words in them, for those who fill them elsewhere.

    Parameters
    ----------
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    dict
        ``sentences``: by code; ``{name}`` stands for the value of that name. ``words``: for the
        slots whose values are codes, what to write for each. Slots are to be filled in one pass, so
        that braces in a record's own words stay as they are.

    Raises
    ------
    LocateError
        When the language is not known.
    """
    if lang not in _LEVELS:
        raise LocateError(f"there is no sentence in {lang!r}, only in {', '.join(_LEVELS)}")
    texts = {code: said[lang] for code, said in _SENTENCES.items()}
    if lang == "fr":
        texts = {code: with_french_blanks(one) for code, one in texts.items()}
    return {"sentences": texts, "words": {"level": _LEVELS[lang], "heading": _HEADINGS[lang]}}


def _sentence(code: str, values: dict[str, Any], lang: str) -> str:
    """Say one code in plain words."""
    said = reason_words(lang)
    if code not in said["sentences"]:
        raise LocateError(f"there is no sentence for the reason {code!r} in {lang!r}")
    words = dict(values)
    for slot, written in said["words"].items():
        words[slot] = written.get(str(values.get(slot, "")), "")
    # In one pass, so that braces in a record's own words stay as they are.
    return re.sub(r"\{(\w+)\}", lambda slot: str(words[slot[1]]), said["sentences"][code])
