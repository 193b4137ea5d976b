"""The words of the phrases module, English and French, as patterns over plain lower-case text.

Plain text has no accents and no apostrophes: "à l'entrée" reads "a l entree".
"""

import re
from typing import Final

from text_to_num import text2num

# Mali's neighbours by their ISO 3166-1 codes: nouns and adjectives.
COUNTRIES: Final = {
    "MR": re.compile(r"\b(?:mauritani(?:a|an|e|enne?)|mauritanien)\b"),
    "DZ": re.compile(r"\b(?:algeri(?:a|an|e|enne?)|algerien)\b"),
    "NE": re.compile(r"\b(?:niger|nigerien(?:ne)?|nigerian)\b"),
    "BF": re.compile(r"\bburkina(?:be)?\b"),
    "CI": re.compile(r"\b(?:ivory coast|cote d ?ivoire|ivorian|ivoirien(?:ne)?)\b"),
    "GN": re.compile(r"\bguine(?:a|an|e|en|enne)\b"),
    "SN": re.compile(r"\bsenegal(?:ese|ais|aise)?\b"),
}
# Their names alone, as they stand after a place.
NEIGHBOURS: Final = tuple(
    re.compile(name)
    for name in (
        r"(?:la )?mauritani[ae]",
        r"(?:l )?algeri[ae]",
        r"(?:le )?niger",
        r"(?:le )?burkina(?: faso)?",
        r"ivory coast|(?:la )?cote d ?ivoire",
        r"(?:la )?guine(?:a|e)(?: conakry)?",
        r"(?:le )?senegal",
    )
)
BORDER: Final = re.compile(r"\b(?:border(?:s|line)?|frontiers?|frontieres?|frontalie?re?)\b")
# Of units, not of countries.
BOUNDARY: Final = re.compile(
    r"\b(?:limites?|boundar(?:y|ies)|(?:border|frontiere) (?:between|entre))\b"
)

# The four headings; the other twelve are made of them.
_QUARTERS: Final = {
    "north": "n",
    "nord": "n",
    "south": "s",
    "sud": "s",
    "east": "e",
    "est": "e",
    "west": "w",
    "ouest": "w",
}
_HEADINGS: Final = frozenset("n nne ne ene e ese se sse s ssw sw wsw w wnw nw nnw".split())
_WORD: Final = r"(?:north|south|nord|sud|east|west|est|ouest)"
_WORDS: Final = rf"{_WORD}(?:[- ]?{_WORD}){{0,2}}(?:ern)?"
# Short ones only before "of" or "de": "se" and "no" are words of their own. O is the French west.
_LETTERS: Final = r"(?:nne|ene|ese|sse|ss[wo]|[wo]s[wo]|[wo]n[wo]|nn[wo]|ne|se|s[wo]|n[wo]|[nsewo])"
_SHORT: Final = rf"{_LETTERS}(?=\ of\b|\ de\b|\ du\b|\ d\b)"
_DIRECTION: Final = rf"(?:{_WORDS}|{_SHORT})"
ONLY_DIRECTIONS: Final = re.compile(rf"(?:{_DIRECTION}|in|the|an?|\ )+", re.VERBOSE)

_TENS: Final = {
    "dizaine": 10.0,
    "douzaine": 12.0,
    "dozen": 12.0,
    "quinzaine": 15.0,
    "vingtaine": 20.0,
    "trentaine": 30.0,
    "quarantaine": 40.0,
    "cinquantaine": 50.0,
    "soixantaine": 60.0,
    "centaine": 100.0,
}
# Numbers that are none: what they may stand for.
_SOME: Final = {
    **dict.fromkeys(("few", "several", "some", "quelques"), (2.0, 8.0)),
    **dict.fromkeys(("few tens of", "tens of", "quelques dizaines de"), (20.0, 60.0)),
}
_ROUGH: Final = frozenset(
    "about approximately approx approx. around roughly some nearly almost over environ quelque "
    "pres plus ~ ± ≈".split()
)
# Three digits after a sign are thousands: no report gives a distance to the metre.
_THOUSANDS: Final = r"\d{1,3}(?:[.,\ ]\d{3})+(?!\d)"
_LESS: Final = (
    r"(?:less|not?\ more|fewer)\ than|up\ to|within|under|moins\ de|(?:dans\ )?un\ rayon\ de"
    r"|jusqu\ a"
)
# Of "3.5.2" no part is a number.
_DIGITS: Final = rf"(?<!\d)(?<!\d[.,/])(?:{_THOUSANDS}|\d+/\d+|\d+(?:[.,]\d+)?)(?![.,/]?\d)"
_NUMBER: Final = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|hundred|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze"
    "|seize|vingts?|trente|quarante|cinquante|soixante|cents?)"
)
_IN_WORDS: Final = rf"{_NUMBER}(?:(?:-et-|\ et\ |\ and\ |[-\ ]){_NUMBER}){{0,3}}"
_ONE: Final = r"(?:half(?:\ an?)?|(?:une?\ )?demie?|an?|une?)"
OFFSET: Final = re.compile(
    rf"""
    # Not the last letter of a name: "Fadimata 28 km".
    (?<![^\W_])(?P<about>(?:[~±≈]\ ?|(?:{_LESS}|more\ than|at\ least|au\ moins|about|approximately
        |approx\.?|around|roughly|some|nearly|almost|over|barely|only|at|an?|located|environ
        |a\ peu\ pres|pres\ de|plus\ de|quelque|a\ peine|une?|between|entre|from|de)\ )*)
    # A blank after words: else "a" of "after" is a number of metres.
    (?P<one>{_DIGITS}|(?:{_IN_WORDS}|{_ONE}|quelques\ dizaines\ de|(?:few\ )?tens\ of|few|several
        |some|quelques|dozen|[a-z]+aine)(?=[-\ ]))
    (?:(?:\ ?[-\u2013]\ ?|\ to\ |\ a\ |\ and\ |\ et\ )(?P<two>\d+(?:[.,]\d+)?))?
    [-\ ]?(?:of\ |de\ )?
    (?P<unit>kms?|kilomet(?:er|re)s?|k|miles?|mi|m|met(?:er|re)s?)(?![a-z])
    (?:\ (?:to|in|on|a|au|vers|the|l|le|direction)\b)*
    # After a distance they need no "of": "X, 20 km N".
    \ ?(?P<dir>{_DIRECTION}|(?<=\ ){_LETTERS}(?=\ ?$|\ from\b))?
    (?:\ ?(?P<of>outside(?:\ of)?|away(?:\ from)?|off|before|after|of|from
        |de\ la|de\ l|du|des|de|d|avant|apres)\b
       (?:\ (?:the|l|la|le|a|town|ville|city|village|centre|center|of|de|du|d|locality)\b)*)?
    (?![a-z])
    """,
    re.VERBOSE,
)
HEADING: Final = re.compile(
    rf"""
    (?:\b(?:just|far|to|on|in|au|a|the|l|le|dans)\ )*
    \b(?P<dir>{_DIRECTION})\ ?(?:of|from|de\ la|de\ l|du|des|de|d)\b
    (?:\ (?:the|l|la|le|town|ville|city|village|of|de|du|d)\b)*
    (?![a-z])
    """,
    re.VERBOSE,
)
PART: Final = re.compile(
    rf"""
    (?:(?:in|the|far|extreme|upper|le|la|l|au|dans)\ )*
    (?:(?P<centre>central|centre(?:\ (?:of|de|du|d))?)
      |(?P<dir>{_WORDS})(?:\ parts?)?(?:\ (?:of|de\ la|de\ l|du|de|d))?)
    [\ -](?:the\ |la\ |le\ )?(?P<name>.+)
    """,
    re.VERBOSE,
)
BETWEEN: Final = re.compile(
    r"\b(?:(?:(?:a )?mi[- ]?chemin |(?:half|mid)[- ]?way )?(?:between|entre|etween)"
    r"|(?:a )?mi[- ]?chemin (?:de|d))\b"
)
# What stands before a border and says no more than it does.
BEFORE_BORDER: Final = re.compile(
    r"(?:(?:^|(?<=[\s-]))(?:very|near|close|not|far|next|adjacent|just|at|along|on|in|to|towards?|by|from"
    r"|the|with|of|and|mali|malian|malien(?:ne)?|common|side|area|zone|a|aux?|la|les?|l|pres|proche"
    r"|proximite|vers|non|loin|de|du|d|dans|sur|et|entre|between)[\s-]+)+$"
)
# And after it.
AFTER_BORDER: Final = re.compile(
    r"^(?:[\s-]*\b(?:faso|conakry|border|line|areas?|zone|region|frontier|side|and|et|with|mali|malian"
    r"|malien(?:ne)?)\b)+"
)
# Where somebody was going: "de X à Y".
FROM_TO: Final = re.compile(r"(?:from|de) ([A-ZÀ-Þ].*?) (?:to|à|a|vers|jusqu'à) ([A-ZÀ-Þ].*)")
ROAD: Final = re.compile(
    r"""
    \b(?:(?:on|along|sur|the|la|le|l|of)\ )*
    (?:(?:main|national)\ )?
    (?:axis|axe|roads?|routes?|highway|section|stretch|troncon|piste|track|way|rn\ ?\d+)\b
    (?:\ (?:of|de|du|d)\b)?
    """,
    re.VERBOSE,
)
NEAR: Final = re.compile(
    r"""
    \b(?:
    in\ (?:and|or)\ (?:around|near)
    |in\ the\ (?:vicinity|area|zone|sector|surroundings)\ of
    |(?:in\ |on\ )?(?:the\ )?(?:outskirts|edges?|surroundings|suburbs|vicinity|periphery|entrance
        |exit|areas?|sector|zone|foothills)\ (?:of|to|from)
    |(?:very\ )?(?:near|close)(?:by)?(?:\ to)?
    |not\ far\ from|next\ to|adjacent\ to|(?:just\ )?outside(?:\ of)?|area\ around|around|towards?
    |a\ proximite|(?:aux\ )?environs|(?:aux\ )?alentours|autour|(?:non|pas)\ loin
    |(?:a\ la\ )?peripherie|(?:(?:dans|en)\ )?(?:la\ )?banlieue|(?:a\ l\ )?entree
    |(?:a\ la\ )?sortie|(?:aux\ )?abords
    |dans\ (?:la\ zone|le\ secteur|les\ environs)|zone|secteur|pres|proche|vers
    )(?:\ (?:of|de\ la|de\ l|du|des|de|d|the))*
    (?![a-z-])
    """,
    re.VERBOSE,
)
NEAR_AFTER: Final = re.compile(
    r"(.+?) (?:areas?|sectors?|zone|surroundings|outskirts|vicinity|environs|secteur"
    r"|surrounding area)(?: .*)?"
)
_OUTSKIRTS: Final = re.compile(
    r"\b(?:outskirts|edges?|suburbs|periphery|entrance|exit|peripherie|banlieue|entree|sortie"
    r"|abords)\b"
)

# One word for the type of several units: "régions de X et de Y", "X and Y regions".
SEVERAL_UNITS: Final = re.compile(
    r"(?P<before>regions|cercles|circles|communes)(?: (?:of|de|du|d|la|the))* (?P<first>.+)"
    r"|(?P<last>.+) (?P<after>regions|cercles|circles|communes)"
)
# What may stand before a name, and what may follow it, and is not part of it.
BEFORE_NAME: Final = re.compile(
    r"(?:(?:in|at|on|inside|within|into|the|a|an|of|from|located|situated|situe[es]?|dans|sur|aux?"
    r"|le|la|les|l|du|de|d|des|and|et|(?:near |at )?the level of|level of|along|some|few|ear"
    r"|one of|entre les localites de|mali s|northeastern|northern|southern|eastern|western"
    r"|central) )+"
)
AFTER_NAME: Final = re.compile(
    r"\s(?:on the (?:road|way|border|route)|on (?:the )?rn ?\d+|along the|on (?:the )?\S+ road"
    r"|in the (?:foothills|circle|cercle|region|state|direction)|in (?:mali|algeria|niger)\b"
    r"|located|situated|situee?|towards?|at the level|which|where|seen on|sur la route|sur l axe)"
    r"|\s(?:s|is|was|and especially)$"
)
BEFORE_RELATION: Final = re.compile(
    r"(?:^|\s)(?:is|was|which|an?|the|located|situated|situee?s?|just|at|on|in|and|et|est)$"
)
# What holds a place is told after it: "X in the circle of Y", "X commune of Y". "In the area of"
# and the like say something else.
HELD: Final = re.compile(
    r"""
    (?<=\w)(?<!\bof)(?<!\bfrom)(?<!\bde)\s+(?:in|at|within|inside|dans)\s+
    (?!(?:the\s+|la\s+|le\s+)?(?:level|vicinity|area|zone|sector|surroundings|outskirts|direction|and|or
        |foothills|secteur)\b)
    (?:the\s+|la\s+|le\s+|l')?
    |(?<=\w)(?<!\bet)(?<!\band)(?<!\bthe)(?<!\bof)(?<!\bfrom)(?<!\bde)(?<!\bla)(?<!\ble)(?<!\bdu)\s+
    (?=(?:(?:rural\ |urban\ )?commune|cercle|circle|municipality|region|région)\s(?:of|de|du|d')\s)
    """,
    re.IGNORECASE | re.VERBOSE,
)


def heading_of(words: str) -> str | None:
    """Give the short English name of a heading written in plain words: "nord-est" is "ne"."""
    short = "".join(_QUARTERS[word] for word in re.findall(_WORD, words))
    short = short or words.strip().replace("o", "w")
    return short if short in _HEADINGS else None


def number_of(words: str) -> tuple[float, float] | None:
    """Give the number written in digits or words, twice; of "a few" the least and the most."""
    text = words.strip()
    if re.fullmatch(_THOUSANDS, text):
        value = float(re.sub(r"\D", "", text))
        return (value, value)
    if re.fullmatch(_DIGITS, text):
        number, _, parts = text.replace(",", ".").partition("/")
        value = float(number) / (float(parts or 1) or 1)
        return (value, value)
    if re.fullmatch(_ONE, text, re.VERBOSE):
        value = 0.5 if "half" in text or "demi" in text else 1.0
        return (value, value)
    if text in _SOME:
        return _SOME[text]
    if text in _TENS:
        return (_TENS[text], _TENS[text])
    for lang in ("en", "fr"):
        try:
            value = float(text2num(text, lang))
        except ValueError:
            continue
        return (value, value)
    return None


def is_rough(before: str, number: str) -> bool:
    """Tell whether a number, or the words before it, say that it is only about so."""
    words = re.sub(r"([~±≈])", r" \1 ", before).split()
    return bool(set(words) & _ROUGH) or number in _TENS or number in _SOME


def is_most(before: str) -> bool:
    """Tell whether the words before a number say that it is the most: "less than", "within"."""
    return bool(re.search(_LESS, before, re.VERBOSE))


def says_outskirts(words: str) -> bool:
    """Tell whether plain words speak of the edge of a place and not of what is near it."""
    return bool(_OUTSKIRTS.search(words))
