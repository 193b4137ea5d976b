"""Names of places as reports write them: folded, keyed by their sound, parted from type words."""

import re
import unicodedata
from functools import lru_cache
from typing import Final, NamedTuple

_SMALL_WORDS: Final = r"(?:d|de|du|des|of|the|la|le|les|l)"

# Words that say what a name is, in English and French, folded. The longer first.
_TYPE_WORDS: Final[dict[str, tuple[str, ...]]] = {
    # Mali's one district of a region's rank; elsewhere the word means a quarter of a town.
    "region": ("region", "regions", "district(?= (?:d|de|du|of) bamako$)", "(?<=^bamako )district"),
    "cercle": ("cercle", "cercles", "circle", "circles"),
    "commune": (
        "commune rurale",
        "commune urbaine",
        "rural commune",
        "urban commune",
        "rural municipality",
        "communes",
        "commune",
        "municipality",
        "municipalite",
        # Of before 1999, about as large, and called after what is now a commune's seat.
        "arrondissement",
        "mairie",
    ),
    "quarter": (
        "quartier",
        "quarter",
        "neighbourhood",
        "neighborhood",
        "district",
        "suburb",
        "faubourg",
    ),
    "well": ("waterhole", "water hole", "point d eau", "borehole", "forage", "puits", "wells?"),
    "water": ("ponds?", "mare", "lake", "lac", "wadi", "oued", "river", "fleuve", "riviere"),
    "relief": (
        "mountain range",
        "mountains?",
        "massif",
        "montagnes?",
        "hills?",
        "collines?",
        "valley",
        "vallee",
        "dunes?",
        "plain",
        "plaine",
    ),
    "forest": (
        "foret classee",
        "classified forest",
        "forest",
        "foret",
        "woods?",
        "bush",
        "brousse",
    ),
    "structure": ("bridge", "pont", "crossroads?", "carrefour", "junction", "ferry", "bac"),
    "works": (
        "gold mines?",
        "mine d or",
        "mines?",
        "gold site",
        "site d orpaillage",
        "factory",
        "plant",
        "usine",
        "quarry",
    ),
    "place": (
        "village de culture",
        "villages?",
        "villes?",
        "towns?",
        "city centre",
        "city center",
        "city",
        "localites?",
        "localit(?:y|ies)",
        "locations?",
        "hamlets?",
        "hameaux?",
        "settlement",
        "bourg",
    ),
}
UNIT_WORDS: Final = ("region", "cercle", "commune")

# What stands in a town or village and is named after it. Mines, plants and forests are not here:
# they are named after towns that they may lie far from.
_FEATURES: Final = frozenset(
    "airport army base barracks border brigade bureau camp campement centre center checkpoint city"
    " customs detachment forestry garrison gendarmerie guard market military national office police"
    " post poste posts prison school security station toll".split()
)
# Before a name they say the same: "camp de Kati", "poste de X".
_FEATURE_BEFORE: Final = re.compile(
    r"""
    (?:(?:(?:minusma|military|army|refugee|fama)\ camp|camp|campement|base|poste|barrage|garnison
        |caserne|marche|foire|aeroport|airport|prison|brigade|gendarmerie|check\ ?point|outpost
        |ecole|school|lycee|college|mosquee|mosque|hopital|hospital|cscom|(?:sous\ )?prefecture|gare
        |centre\ de\ sante|health\ cent(?:re|er)|(?:site|camp)\ (?:de|des)\ deplaces
        |(?:idp|displaced)\ (?:site|camp)
       |fama\ (?:post|base))
       (?:\ (?:militaire|hebdomadaire|international
        |de\ (?:gendarmerie|police|controle|peage|securite)|des\ douanes
        |de\ l\ armee|at|in|(?:des\ )?famas?|(?:de\ la\ |of\ )?minusma))*\ )
    (?:(?:d|de|du|des|of|the|la|le|l|at|in|a)\ )*(.+)
    """,
    re.VERBOSE,
)
# Words that say what stood or happened somewhere, and never where.
_NO_NAMES: Final = _FEATURES | frozenset(
    "a an and area barkhane building convoy fama famas farm fields forested french gold hamlet"
    " fleuve house houses in locality malian minusma mosque of outpost palace peacekeepers river"
    " riviere road rural site state surrounding terrain the town troops tv two un vehicle village"
    " villages wooded".split()
)
# Words after a village's name that part it from its twin (a people, a number, an island):
# reports leave them out.
_QUALIFIERS: Final = frozenset(
    "peulh peul peuhl peuls peulhs foulbe fulbe dogon habe habbe bambara bamanan bamana bozo marka "
    "rimaibe maure maures bella sonrhai sonrai songhai songhoy haoussa gourma ile iles village "
    "ville centre 1 2 3 4 5 i ii iii iv a b c ke".split()
)


class ReadName(NamedTuple):
    """A segment of a report's place, taken apart.

    Attributes
    ----------
    name : str
        The folded name without type and feature words.
    level : str or None
        What a type word says the name is: "region", "cercle", "commune", "place", "quarter",
        "well", "water", "relief", "forest", "structure" or "works".
    feature : bool
        Whether something in a town was named after it (a camp, a post), so that the town is meant.
    """

    name: str
    level: str | None
    feature: bool


_NO_LETTERS: Final = re.compile(r"[\W_]+")


@lru_cache(maxsize=100_000)
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
    bare = text.lower()
    if not text.isascii():
        # Before and after: letters of other styles have a case only once they are plain.
        small = unicodedata.normalize("NFKD", text).casefold()
        plain = unicodedata.normalize("NFKD", small)
        bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(_NO_LETTERS.sub(" ", bare).split())


# In this order: each rule sees what the one before it left.
_SOUNDS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"ph", "f"),
        (r"tch", "ti"),
        (r"[ct]h(?=[^aeiouy]|$)|th", "t"),
        (r"[cs]h", "s"),
        (r"(?<=[gk])h", ""),
        (r"ck|qu|q|c", "k"),
        (r"x", "ks"),
        (r"ou|oo|w", "u"),
        (r"y", "i"),
        (r"gu(?=[ei])", "g"),
        (r"gn(?=[aeiou])", "ni"),
        (r"dj|d(?=i[aeou])", "j"),
        (r"ji(?=[aeou])", "j"),
        (r"n(?=[bp])", "m"),
        (r"h", ""),
        (r"(.)(?=\1)", ""),
        (r"(?<=..)e$", ""),
    )
)


_NUMERALS: Final = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}


def spelling_key(name: str) -> str:
    """Give one key to the spellings of a name that Mali's languages and clerks mix.

    Parameters
    ----------
    name : str
        A name.

    Returns
    -------
    str
        Without blanks, so that "Tin-Zaouatene", "Ti-n-Zaouatene" and "Tinzawatene" are one; c, k
        and q are one, so are dj, j and di before a vowel, gu and g before e and i, ou and w,
        y and i, th and t, ch and sh; doubled letters are single, h and a last e are not heard.
    """
    return _key_of_folded(fold(name))


@lru_cache(maxsize=200_000)
def _key_of_folded(name: str) -> str:
    """Give the key of a folded name."""
    first, *others = name.split() or [""]
    # "Commune II" is not "Commune I", whatever becomes of doubled letters.
    key = "".join([first, *(_NUMERALS.get(word, word) for word in others)])
    for pattern, sound in _SOUNDS:
        key = pattern.sub(sound, key)
    return key


_NO_VOWELS: Final = str.maketrans("", "", "aeiou")


def consonants(key: str) -> str:
    """Give the first letter and the consonants of a key: vowels are what spellings vary most."""
    return key[:1] + key[1:].translate(_NO_VOWELS)


_BETWEEN_NAMES: Final = re.compile(r"\s+ou\s+|[/()]")


@lru_cache(maxsize=100_000)
def keys_of(name: str) -> tuple[str, ...]:
    """Give the keys a gazetteer's name is found under, its own first.

    Parameters
    ----------
    name : str
        A name, perhaps with others: ``"X (Y)"``, ``"X ou Y"``, ``"X/Y"``.

    Returns
    -------
    tuple of str
        The key of the whole; of its parts; of what is left without words that reports leave out
        ("Mondoro-Habé" is also found as "Mondoro"), and without type words ("Mine de Morila").
    """
    parts = [part for part in _BETWEEN_NAMES.split(name) if part.strip()]
    keys = [spelling_key(name)]
    for part in parts if len(parts) > 1 else [name]:
        folded = fold(part)
        core = " ".join(word for word in folded.split() if word not in _QUALIFIERS)
        keys += map(_key_of_folded, (folded, core, read_name(part).name))
    return tuple(key for key in dict.fromkeys(keys) if key)


@lru_cache(maxsize=50_000)
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
    if " " not in name:
        return ReadName(name, None, feature=False)
    if match := _FEATURE_BEFORE.fullmatch(name):
        held = read_name(match[1])
        return ReadName(held.name, held.level, feature=True)
    for level, words in _TYPE_PATTERNS.items():
        before, after = words
        if match := before.fullmatch(name) or after.fullmatch(name):
            inner = _without_features(match[1])
            return ReadName(inner, level, feature=level == "place" or inner != match[1])
    bare = _without_features(name)
    return ReadName(bare, None, feature=bare != name)


def is_unit_word(segment: str) -> bool:
    """Tell whether a segment is nothing but a word for a unit: "région", "commune rurale"."""
    return any(fold(segment) in _TYPE_WORDS[level] for level in UNIT_WORDS)


def says_no_name(segment: str) -> bool:
    """Tell whether a segment has only words for what stands anywhere: "the army camp"."""
    return all(word in _NO_NAMES or word.isdigit() for word in fold(segment).split())


_TYPE_PATTERNS: Final = {
    level: (
        re.compile(rf"(?:{'|'.join(words)}) (?:{_SMALL_WORDS} )*(.+)"),
        # As little as is left by the longest type word: "X rural commune".
        re.compile(rf"(.+?) (?:{'|'.join(words)})"),
    )
    for level, words in _TYPE_WORDS.items()
}


def _without_features(name: str) -> str:
    """Take off the words for what stands in a town, but for the last one left."""
    words = name.split()
    while len(words) > 1 and words[-1] in _FEATURES:
        words.pop()
    return " ".join(words)
