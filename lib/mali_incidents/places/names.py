"""Names of places as reports write them, folded, and parted from the words round them."""

import re
import unicodedata
from typing import Final, NamedTuple

# Words that say of what level a named unit is, in English and French, folded. The longer first.
_TYPE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    # Mali's one district of a region's rank; elsewhere the word means a quarter of a town.
    "region": ("region", "district(?= (?:d|de|du|of) bamako$)", "(?<=^bamako )district"),
    "cercle": ("cercle", "circle"),
    "commune": (
        "commune rurale",
        "commune urbaine",
        "rural commune",
        "urban commune",
        "commune",
        "municipality",
    ),
    "place": ("village", "ville", "town", "localite", "city"),
}
# What stands in a town or village and is named after it. Mines, plants and forests are not here:
# they are named after towns that they may lie far from.
_FEATURES: Final = frozenset(
    {
        "army",
        "barracks",
        "base",
        "border",
        "brigade",
        "bureau",
        "camp",
        "checkpoint",
        "customs",
        "detachment",
        "forestry",
        "garrison",
        "gendarmerie",
        "guard",
        "military",
        "national",
        "office",
        "police",
        "post",
        "posts",
        "prison",
        "security",
        "station",
        "toll",
    }
)
_SMALL_WORDS: Final = r"(?:d|de|du|des|of|the|la|le|l)"
# A text with one of these says where something lies from a name, not that it is the name.
_RELATIONS: Final = re.compile(
    r"\b(?:between|entre|near|nearby|pres|environs|proche|road|route|axe|axis|highway|km|kilometres?|"
    r"kilometers?|miles?|from|outskirts|peripherie|edge|entrance|sortie|north|south|east|west|nord|sud|est|"
    r"ouest|stretch|way|to|vers|from|and|et)\b"
)


class ReadName(NamedTuple):
    """A segment of a report's place, taken apart.

    Attributes
    ----------
    name : str
        The folded name without type and feature words.
    level : str or None
        "region", "cercle", "commune" or "place" where a type word says so.
    feature : bool
        Whether something in a town was named after it (a camp, a post), so that the town is meant.
    """

    name: str
    level: str | None
    feature: bool


def fold(text: str) -> str:
    """Fold accents, case, apostrophes, hyphens and blanks, so that spellings can be compared.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Lower-case letters and digits, words parted by one blank: ``"Ménaka-Nord"`` and
        ``"menaka nord"`` fold to the same.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def read_segments(text: str) -> list[str]:
    """Part a report's place at commas, semicolons and brackets: what it names, finest first."""
    return [part.strip() for part in re.split(r"[,;()\[\]]", text) if part.strip()]


def says_relation(segment: str) -> bool:
    """Tell whether a segment places something by distance, direction or neighbours."""
    # "Diéma–Sandaré" names a road as much as the word would.
    return bool(_RELATIONS.search(fold(segment))) or "\u2013" in segment


def read_name(segment: str) -> ReadName:
    """Take a segment's name apart from the words that say what it is.

    Parameters
    ----------
    segment : str
        One part of a place, e.g. ``"cercle de Kangaba"``, ``"Narena commune"``, ``"Kati camp"``.

    Returns
    -------
    ReadName
    """
    name = fold(segment)
    for level, words in _TYPE_WORDS.items():
        for word in words:
            before = re.fullmatch(rf"{word} (?:{_SMALL_WORDS} )*(.+)", name)
            after = re.fullmatch(rf"(.+) {word}", name)
            if match := before or after:
                return ReadName(match[1], level, feature=level == "place")
    words_left = name.split()
    while len(words_left) > 1 and words_left[-1] in _FEATURES:
        words_left.pop()
    return ReadName(" ".join(words_left), None, feature=len(words_left) < len(name.split()))
