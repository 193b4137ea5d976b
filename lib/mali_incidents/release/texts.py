"""What must not stand in free text: coordinates as people write them, phones, links, names.

What is found is replaced by a plain mark. What cannot be found by its form is not: a person named
without a title, a village described and not named. An edition says so.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import cache
from typing import Final, NamedTuple

from pyproj import Transformer

from mali_incidents.places.names import fold

MARK: Final = "[…]"

_MINUS: Final = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2011": "-", "\u00a0": " "})
_NUMBER: Final = r"[-+\u2212\u2013]?\d{1,3}[.,]\d{1,12}"
_DEGREE: Final = r"(?:°|º|˚|\bdeg(?:rees|rés|ré|\.)?|\bdegr[ée]s?)"
_SIDE: Final = r"[NSEWOnsewo](?![a-zà-ÿ])"
_LABEL: Final = r"(?:lat(?:itude)?|lng|lon(?:g(?:itude)?)?)\.?[\"']?\s*[:=]?\s*[\"']?"
_JOIN: Final = r"\s*(?:[,;/|&]|%2C|\bet\b|\band\b|\s)\s*"
_PAIR: Final = re.compile(
    rf"(?<![\w.,])(?P<label>{_LABEL})?(?P<ns>{_SIDE}\s*)?(?P<lat>{_NUMBER})\s*"
    rf"(?P<sign>{_DEGREE})?\s*(?P<ns2>{_SIDE})?"
    rf"{_JOIN}(?:{_LABEL})?(?P<ew>{_SIDE}\s*)?(?P<lon>{_NUMBER})\s*(?:{_DEGREE})?\s*"
    rf"(?P<ew2>{_SIDE})?(?![\w%])",
    re.IGNORECASE,
)
# One coordinate alone, where a word, a sign or a side says that it is one.
_SINGLE: Final = re.compile(
    rf"(?<!\w){_LABEL}{_NUMBER}(?!\w)"
    rf"|(?<![\w.,]){_NUMBER}\s*{_DEGREE}(?!\s*[CF]\b)\s*(?:{_SIDE})?"
    rf"|(?<![\w.,]){_NUMBER}\s?[NSEWO]\b"
    rf"|\b[NSEWO]\s?\d{{1,3}}[.,]\d{{2,}}\b",
    re.IGNORECASE,
)
_MINUTES: Final = r"(?:['’′`´]|\bmin(?:utes?)?\b\.?|m\b)"
_SECONDS: Final = r"(?:[\"”″]|''|’’|′′|\bsec(?:ondes?|onds?)?\b\.?|s\b)"
_ANGLE: Final = (
    rf"(?:{_SIDE}\s*)?[-+\u2212]?\d{{1,3}}\s*(?:{_DEGREE}|d(?=\s*\d))\s*\d{{1,2}}(?:[.,]\d+)?"
    rf"\s*(?:{_MINUTES}\s*(?:\d{{1,2}}(?:[.,]\d+)?\s*{_SECONDS})?)?\s*(?:{_SIDE})?"
)
_DMS: Final = re.compile(rf"(?<![\w.,]){_ANGLE}(?:{_JOIN}{_ANGLE})?", re.IGNORECASE)
_ANGLE_PARTS: Final = re.compile(
    rf"(?P<side>{_SIDE})?\s*(?P<sign>[-+\u2212])?(?P<d>\d{{1,3}})\s*(?:{_DEGREE}|d)\s*"
    rf"(?P<m>\d{{1,2}}(?:[.,]\d+)?)\s*(?:{_MINUTES}\s*(?:(?P<s>\d{{1,2}}(?:[.,]\d+)?)\s*"
    rf"{_SECONDS})?)?(?(side)|(?:\s*(?P<side2>{_SIDE}))?)",
    re.IGNORECASE,
)
_PACKED: Final = re.compile(
    r"(?<![\w.])(\d{2})(\d{2})(\d{2})?([NS])[\s,/-]*(\d{3}|\d{2})(\d{2})(\d{2})?([EWO])\b"
)
_UTM: Final = re.compile(
    r"(?<![\w.])(?:UTM\s*(?:zone\s*)?)?(?P<zone>2[89]|3[01])\s*(?P<band>[NPQR])?[\s,:]+"
    r"(?:E\s*)?(?P<east>\d{6}(?:[.,]\d+)?)\s*(?:m\s*)?E?[\s,;/]+(?:N\s*)?"
    r"(?P<north>\d{7}(?:[.,]\d+)?)(?:\s*m)?(?:\s*N\b)?"
)
_BARE_UTM: Final = re.compile(
    r"(?<![\w.])E?\s?\d{6}\s?(?:m\s?)?E\b[\s,;/]+\d{7}\s?(?:m\s?)?N\b"
    r"|(?<!\w)E\s?\d{6}[\s,;/]+N\s?\d{7}\b"
)
_MGRS: Final = re.compile(
    r"(?<![\w.])(?P<zone>2[89]|3[01])\s?(?P<band>[NPQR])\s?(?P<square>[A-HJ-NP-Z][A-HJ-NP-V])\s?"
    r"(?P<digits>\d{5}\s?\d{5}|\d{4}\s?\d{4}|\d{3}\s?\d{3}|\d{2}\s?\d{2})\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b|///[^\W\d]+\.[^\W\d]+\.[^\W\d]+"
)
_COORDINATES: Final = (_DMS, _PACKED, _MGRS, _UTM, _BARE_UTM, _CODE, _SINGLE)

_PHONES: Final = (
    re.compile(
        r"(?<![\w.])(?:\(?\s?(?:\+|00)\s?\(?\d{1,3}\)?|\(223\))(?:[\s.\-/()]{0,3}\d){6,13}(?!\d)"
    ),
    # Malian numbers have eight digits, written in twos or as one; 2025-05-11 is none. A slash may
    # part two of them.
    re.compile(r"(?<![\w.\-])[24-9]\d(?:(?:[\s.\-]\d\d){3}|(?:/\d\d){3})(?![\w\-]|\.\d)"),
    re.compile(r"(?<![\w.\-])(?<!\D/)[24-9]\d{3}[\s.\-]\d{4}(?![\w\-]|\.\d)"),
    re.compile(
        r"(?<![\w.\-])(?<!\D/)(?!(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d)[24-9]\d{7}(?![\w\-]|\.\d)"
    ),
    re.compile(
        r"(?i)\b(?:t[ée]l(?:[ée]phone)?|phone|cell|mobile|whatsapp|contact|portable)\b"
        r"[\s.:°n]{0,4}\d(?:[\s.\-/]{0,2}\d){5,14}"
    ),
)
_YEARS: Final = re.compile(r"(?:19|20)\d\d[\s.\-](?:19|20)\d\d")
# No address is longer (RFC 5321); without an end a cell full of signs would take a minute.
_EMAILS: Final = (
    re.compile(
        r"[\w.+%\-]{1,254}\s?(?:@|\(at\)|\[at\]|%40)\s?[\w\-]+(?:\s?(?:\.|\(dot\)|\[dot\])\s?[\w\-]+)+"
    ),
    re.compile(
        r"[\w.+\-]{1,254}\s(?:at\s[\w\-]+\sdot|arobase\s[\w\-]+\s(?:dot|point))\s\w+", re.IGNORECASE
    ),
)

# Up to a blank, a quote or a bracket; the stop of a sentence is none of it.
_SIGN: Final = r"[^\s<>\"'`«»“”(){}\0]"
_BRACKETED: Final = rf"\({_SIGN}*\)"
_REST: Final = rf"(?:{_SIGN}|{_BRACKETED})*(?:(?![.,;:!?\]]){_SIGN}|{_BRACKETED})"
_DOT: Final = r"(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\))"
_HOST: Final = rf"(?<![\w@.\-])(?=[\w\-]*[a-z])[\w\-]+(?:{_DOT}[\w\-]+)*{_DOT}"
_LINKS: Final = (
    re.compile(r"=\s*(?:HYPERLINK|WEBSERVICE|IMAGE|IMPORT\w+)\s*\((?:[^()]*\)|\S*)", re.IGNORECASE),
    re.compile(rf"(?<!\w)[a-z][a-z0-9+.\-]{{0,63}}\s?:\s?(?://|\\\\){_REST}", re.IGNORECASE),
    re.compile(
        rf"(?<!\w)(?:mailto|tel|sms|geo|callto|javascript|vbscript|data):{_REST}", re.IGNORECASE
    ),
    re.compile(rf"(?<!\w)(?:h[tx]{{2}}ps?|ftp)\s?:\s?/\s?/\s?{_REST}", re.IGNORECASE),
    re.compile(rf"(?<!\w)www\d?\s?{_DOT}\s?{_REST}", re.IGNORECASE),
    # With a path any ending is one, in small letters: "Pierre/Paul" is none.
    re.compile(rf"{_HOST}[a-z]{{2,24}}(?::\d+)?/{_REST}"),
    re.compile(rf"{_HOST}[a-z]{{2,24}}(?::\d+)?/(?=\s|$)"),
)
# The name of a site alone; endings that are words of a language are left to what has a path.
_HOSTS: Final = (
    re.compile(
        rf"{_HOST}(?:com|org|net|info|ml|fr|int|eu|io|bf|sn|ci|gn|mr|dz|ma|tg|bj|uk|ch|ca|ru|cn|edu|"
        r"gov|mil|tv|biz|news|press|africa|online|site|xyz|link|page|blog|ly|gl)(?![\w\-@]|\.\w)",
        re.IGNORECASE,
    ),
)

# Titles that a name follows, French and English; the longer first.
_TITLES: Final = (
    "chef de village|chef du village|chef de fraction|chef de quartier|chef coutumier|"
    "chef traditionnel|chef de tribu|village chief|village head|chief of village|"
    "traditional chief|sous-préfet|sous-prefet|sub-prefect|lieutenant-colonel|lt-colonel|"
    "lt-col|adjudant-chef|sergent-chef|maréchal des logis|grand imam|"
    "el hadji|el hadj|elhadj|alhaji|al-hajj|hadj|"
    "monsieur|madame|mademoiselle|messieurs|docteur|doctor|professeur|professor|maître|"
    "colonel-major|colonel|commandant|commander|capitaine|captain|lieutenant|major|général|"
    "general|brigadier|sergent|sergeant|adjudant|caporal|corporal|soldat|private|maréchal|"
    "gendarme|commissaire|commissioner|inspecteur|inspector|"
    "imam|cheikh|cheick|sheikh|shaykh|marabout|mufti|cadi|qadi|pasteur|pastor|père|abbé|father|"
    "sœur|soeur|sister|frère|brother|évêque|eveque|bishop|archbishop|révérend|reverend|"
    "maire|mayor|préfet|prefet|prefect|gouverneur|governor|ministre|minister|président|president|"
    "député|deputy|sénateur|senator|ambassadeur|ambassador|juge|judge|procureur|prosecutor|"
    "conseiller|councillor|counsellor|directeur|director|instituteur|enseignant|teacher|journaliste|"
    "journalist|infirmier|nurse|émir|emir|amir|chef|chief|leader|porte-parole|spokesman|"
    "spokesperson|"
    "mlle|mme|mmes|mrs|mr|ms|dr|pr|prof|me|mm|col|cdt|cne|capt|cpt|lt|sgt|adj|gén|gen|sen|hon|m"
)
_LETTERS: Final = "A-ZÀ-ÖØ-ÞŒ"
_SMALL: Final = "a-zà-öø-ÿœ"
_WORD: Final = rf"(?:[{_LETTERS}][{_SMALL}{_LETTERS}’'\-]*[{_SMALL}{_LETTERS}]|[{_LETTERS}]\.)"
_PARTICLE: Final = r"(?:ag|ould|ben|bin|ibn|dit|alias|al|el|wallet|walet|de|du|d’|d')"
_NAMES: Final = (
    re.compile(
        rf"(?:(?<![\w’'])|(?<=\b[lLdD][’']))(?i:{_TITLES})\.?\s+"
        rf"(?P<name>{_WORD}(?:\s+(?:{_PARTICLE}\s+)?{_WORD}){{0,4}})(?![{_SMALL}])"
    ),
)
# Words of institutions, nationalities and armies that titles stand before.
_NO_NAMES: Final = {
    *("staff", "assembly", "assembly's", "command", "state", "affairs", "republic", "un", "fama"),
    *("jnim", "aqim", "minusma", "malian", "mali", "french", "dozo", "army", "region", "road"),
    *("camp", "post", "town", "city", "market", "of", "and", "the", "in", "on", "etat", "major"),
}

# Words of places that are no names.
_COMMON: Final = {
    *(
        "about",
        "abord",
        "airport",
        "attack",
        "at",
        "au",
        "aux",
        "avec",
        "base",
        "between",
        "border",
    ),
    *(
        "bord",
        "bridge",
        "camp",
        "centre",
        "center",
        "cercle",
        "checkpoint",
        "chez",
        "cite",
        "commune",
    ),
    *("countryside", "dans", "de", "des", "district", "du", "east", "edge", "en", "entre", "est"),
    *(
        "fleuve",
        "foret",
        "forest",
        "from",
        "frontiere",
        "gold",
        "highway",
        "hotel",
        "in",
        "kilometre",
    ),
    *(
        "km",
        "la",
        "le",
        "les",
        "lac",
        "mairie",
        "marche",
        "market",
        "mine",
        "near",
        "nord",
        "north",
    ),
    *(
        "northern",
        "northeast",
        "northwest",
        "of",
        "office",
        "on",
        "one",
        "ouest",
        "outside",
        "palace",
    ),
    *("plusieurs", "pont", "port", "poste", "post", "pres", "quartier", "region", "restaurant"),
    *("river", "road", "route", "rural", "rurale", "several", "site", "some", "south", "southern"),
    *(
        "sud",
        "sur",
        "the",
        "toll",
        "town",
        "train",
        "un",
        "une",
        "urban",
        "vers",
        "village",
        "ville",
    ),
    *(
        "west",
        "western",
        "zone",
        "eastern",
        "central",
        "mali",
        "malian",
        "army",
        "un",
        "eu",
        "fama",
    ),
    *(
        "jnim",
        "minusma",
        "gendarmerie",
        "police",
        "military",
        "customs",
        "douane",
        "fire",
        "security",
    ),
    *("building", "construction", "farm", "grand", "great", "new", "old", "works"),
    # Countries, and what is wider than one.
    *("sahel", "sahelian", "sahelien", "sahara", "africa", "african", "afrique", "burkina", "faso"),
    *("mauritania", "mauritanian", "mauritanie", "mauritanien", "senegal", "senegalese", "niger"),
    *("guinea", "guinean", "guinee", "ivory", "coast", "ivoire", "cote", "algeria", "algerie"),
}
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")
# A longer name is no name of a place.
_MOST_WORDS: Final = 6


class Spot(NamedTuple):
    """A coordinate read in a text.

    Attributes
    ----------
    latitude, longitude : float
        WGS 84 degrees.
    within : float
        Half of what the last digit written stands for, in degrees.
    """

    latitude: float
    longitude: float
    within: float


class Found(NamedTuple):
    """Something found in a text.

    Attributes
    ----------
    kind : str
        coordinates, phones, emails, names or places.
    start, end : int
        Where it stands.
    text : str
        What it is.
    """

    kind: str
    start: int
    end: int
    text: str


def find_private(
    text: str,
    *,
    kinds: Collection[str],
    places: Collection[str] = (),
    own: Collection[str] = (),
) -> list[Found]:
    """Find what must not leave in a text.

    Parameters
    ----------
    text : str
        Free text, French or English.
    kinds : collection of str
        What to look for: coordinates, phones, emails, names (after titles), links, and hosts (the
        name of a site alone, which is found as one of the links).
    places : collection of str
        Folded names of places to look for as well, as words with a capital.
    own : collection of str
        Folded names that the text is about, to look for in capitals and small letters.

    Returns
    -------
    list of Found
        In their order; none reaches into another. Of what may be two, such as a telephone number
        and the coordinates that go on from it, each has its own part.
    """
    plain = _plain(text)
    spans = [
        (kind, _merged(_spans_of(kind, plain)))
        for kind in ("links", "hosts", "emails", "coordinates", "phones", "names")
        if kind in kinds
    ]
    spans.append(("places", _merged(_place_spans(text, places, own))))
    taken: list[tuple[int, int]] = []
    found: list[Found] = []
    for kind, several in spans:
        # A number that a coordinate parts from its sign or its mark is still found.
        blanked = _blanked(plain, taken)
        more = _spans_of(kind, blanked) if kind in ("phones", "names") and taken else []
        left = [part for span in _merged([*several, *more]) for part in _without(span, taken)]
        named = "links" if kind == "hosts" else kind
        for start, end in left:
            part = _without_blanks(text, start, end)
            if _WORDY.search(text[slice(*part)]):
                found.append(Found(named, *part, text[slice(*part)]))
        taken = _merged([*taken, *left])
    return sorted(found, key=lambda one: one.start)


_JOINTS: Final = "./-"
_WORDY: Final = re.compile(r"[^\W_]")


def _plain(text: str) -> str:
    """Write a text letter for letter in plain figures, letters, blanks and hyphens."""
    if text.isascii():
        return text
    letters = (unicodedata.normalize("NFKC", letter) for letter in text.translate(_HYPHENS))
    return "".join(
        str(unicodedata.decimal(plain)) if plain.isdecimal() else plain if len(plain) == 1 else was
        for plain, was in zip(letters, text, strict=True)
    )


_HYPHENS: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


def _spans_of(kind: str, text: str) -> list[tuple[int, int]]:
    """Find all of a kind."""
    finders = {
        "coordinates": _coordinate_spans,
        "phones": _phone_spans,
        "names": _name_spans,
    }
    if kind in finders:
        return finders[kind](text)
    patterns = {"links": _LINKS, "hosts": _HOSTS, "emails": _EMAILS}[kind]
    return [match.span() for pattern in patterns for match in pattern.finditer(text)]


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Make one of those that reach into one another, in their order."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without(span: tuple[int, int], taken: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give the parts of a span that none of some others has."""
    parts = [span]
    for start, end in taken:
        parts = [
            part
            for low, high in parts
            for part in ((low, min(high, start)), (max(low, end), high))
            if part[0] < part[1]
        ]
    return parts


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Write a sign that is no letter, figure or blank over spans of a text and what joins them."""
    for start, end in spans:
        before, after = text[:start].rstrip(_JOINTS), text[end:].lstrip(_JOINTS)
        text = before + "\0" * (len(text) - len(before) - len(after)) + after
    return text


def redacted(text: str, found: Iterable[Found]) -> str:
    """Replace what was found in a text by a plain mark."""
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], MARK]
        at = one.end
    return "".join([*parts, text[at:]])


def is_link(text: str) -> bool:
    """Tell a text that is nothing but a link."""
    found = find_private(text, kinds=("links",))
    return [one.text for one in found] == [text.strip()]


def is_name(folded: str) -> bool:
    """Tell a folded name of a place from words of any place, and from one of two letters."""
    return len(folded) > 2 and not _COMMON.issuperset(folded.split())


def place_words(*texts: str | None) -> set[str]:
    """Give the folded names in texts about a place: runs of capitalised words, and each of them.

    Parameters
    ----------
    *texts : str or None
        A place in words: ``"Dogofry checkpoint near Diabaly"``.

    Returns
    -------
    set of str
        ``{"dogofry", "diabaly"}``; words of one or two letters and those of every place are none.
    """
    words: set[str] = set()
    for text in filter(None, texts):
        for token in _TOKEN.findall(text):
            folded = fold(token)
            if token[0].isupper():
                words |= {word for word in (folded, *folded.split()) if is_name(word)}
    return words


def read_spots(text: str) -> list[Spot]:
    """Read the coordinates in a text, those of pairs whose both numbers are written.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of Spot
        As decimal degrees, as degrees, minutes and seconds, in UTM and in MGRS, in either order.
    """
    spots = []
    for match in _PAIR.finditer(text):
        spots += _of_pair(match)
    for match in _DMS.finditer(text):
        angles = [_of_angle(part) for part in _ANGLE_PARTS.finditer(match[0])]
        if len(angles) == 2:
            (one, within, side), (two, also, other) = angles
            first = side in ("e", "w", "o") or other in ("n", "s")
            pair = (two, one) if first else (one, two)
            spots.append(Spot(*pair, max(within, also)))
    for match in _PACKED.finditer(text):
        d1, m1, s1, ns, d2, m2, s2, ew = match.groups()
        latitude = (int(d1) + int(m1) / 60 + int(s1 or 0) / 3600) * (-1 if ns == "S" else 1)
        longitude = (int(d2) + int(m2) / 60 + int(s2 or 0) / 3600) * (1 if ew == "E" else -1)
        spots.append(Spot(latitude, longitude, 0.5 / (3600 if s1 and s2 else 60)))
    for match in _UTM.finditer(text):
        east, north = (float(match[name].replace(",", ".")) for name in ("east", "north"))
        spots.append(_from_utm(int(match["zone"]), east, north, 0.5))
    for match in _MGRS.finditer(text):
        spots += _of_mgrs(match)
    return [spot for spot in spots if abs(spot.latitude) <= 90 and abs(spot.longitude) <= 180]


def _coordinate_spans(text: str) -> list[tuple[int, int]]:
    """Find coordinates."""
    spans = [match.span() for match in _PAIR.finditer(text) if _is_pair(match)]
    for pattern in _COORDINATES:
        spans += [match.span() for match in pattern.finditer(text)]
    return [_without_blanks(text, *span) for span in spans]


def _is_pair(match: re.Match[str]) -> bool:
    """Tell whether two numbers are coordinates: by a word, a sign, a side, or their decimals."""
    if any(match[name] for name in ("label", "ns", "ns2", "ew", "ew2", "sign")):
        return True
    decimals = [re.split("[.,]", match[name])[1] for name in ("lat", "lon")]
    signed = any(match[name][0] in "-\u2212\u2013" for name in ("lat", "lon"))
    return min(map(len, decimals)) >= (1 if signed else 2)


def _of_pair(match: re.Match[str]) -> list[Spot]:
    """Read a pair of decimal numbers, in both orders where nothing says which is meant."""
    values, finest = [], 0.0
    for name, sides in (("lat", ("ns", "ns2")), ("lon", ("ew", "ew2"))):
        written = match[name].translate(_MINUS).replace(",", ".")
        side = next((match[one].strip().lower() for one in sides if match[one]), "")
        value = float(written)
        values.append((-abs(value) if side in ("s", "w", "o") else value, side))
        decimals = len(written.split(".")[1].rstrip("0"))
        finest = max(finest, 0.5 * 10.0**-decimals)
    (one, side), (two, other) = values
    if side in ("e", "w", "o") or other in ("n", "s"):
        return [Spot(two, one, finest)]
    both = [Spot(one, two, finest)]
    return both if side or other else [*both, Spot(two, one, finest)]


def _of_angle(match: re.Match[str]) -> tuple[float, float, str]:
    """Read degrees, minutes and seconds: the angle, half its last digit, and the side."""
    side = (match["side"] or match["side2"] or "").lower()
    minutes, seconds = (match[name] and match[name].replace(",", ".") for name in ("m", "s"))
    value = int(match["d"]) + float(minutes) / 60 + float(seconds or 0) / 3600
    last, of = (seconds, 3600) if seconds else (minutes, 60)
    decimals = len(last.partition(".")[2])
    negative = match["sign"] in ("-", "\u2212") or side in ("s", "w", "o")
    return -value if negative else value, 0.5 * 10.0**-decimals / of, side


@cache
def _utm(zone: int) -> Transformer:
    """Give the way from a zone of UTM, north of the equator."""
    return Transformer.from_crs(f"EPSG:{32600 + zone}", "EPSG:4326", always_xy=True)


def _from_utm(zone: int, east: float, north: float, within_m: float) -> Spot:
    """Read a point of UTM."""
    longitude, latitude = _utm(zone).transform(east, north)
    return Spot(float(latitude), float(longitude), within_m / 100_000)


def _of_mgrs(match: re.Match[str]) -> list[Spot]:
    """Read a square of MGRS: all the points of its letters that its band may hold."""
    zone, square = int(match["zone"]), match["square"].upper()
    digits = re.sub(r"\s", "", match["digits"])
    half, step = len(digits) // 2, 10.0 ** (5 - len(digits) // 2)
    columns = ("STUVWXYZ", "ABCDEFGH", "JKLMNPQR")[zone % 3]
    rows = "ABCDEFGHJKLMNPQRSTUV"
    if square[0] not in columns:
        return []
    row = (rows.index(square[1]) - (0 if zone % 2 else 5)) % 20
    # A grid reference names the corner of a square: its middle stands for it.
    east = (columns.index(square[0]) + 1) * 100_000 + int(digits[:half]) * step + step / 2
    north = row * 100_000 + int(digits[half:]) * step + step / 2
    least = {"N": 0.0, "P": 8.0, "Q": 16.0, "R": 24.0}[match["band"].upper()]
    found = [_from_utm(zone, east, north + turn * 2_000_000, step / 2) for turn in (0, 1)]
    return [spot for spot in found if least - 1 <= spot.latitude <= least + 9]


def _phone_spans(text: str) -> list[tuple[int, int]]:
    """Find numbers of telephones; two years are none."""
    return [
        match.span()
        for pattern in _PHONES
        for match in pattern.finditer(text)
        if not _YEARS.fullmatch(match[0])
    ]


def _name_spans(text: str) -> list[tuple[int, int]]:
    """Find names after titles; the title stays."""
    return [
        match.span("name")
        for pattern in _NAMES
        for match in pattern.finditer(text)
        if fold(match["name"]).partition(" ")[0] not in _NO_NAMES
    ]


def _place_spans(text: str, places: Collection[str], own: Collection[str]) -> list[tuple[int, int]]:
    """Find names of places, the longest first: its own in any case, others with a capital."""
    if not places and not own:
        return []
    tokens = [(fold(match[0]), *match.span()) for match in _TOKEN.finditer(text)]

    def is_name(name: str, start: int) -> bool:
        return name in own or (text[start].isupper() and name in places)

    spans, at = [], 0
    while at < len(tokens):
        for count in range(_MOST_WORDS, 0, -1):
            words = tokens[at : at + count]
            name = " ".join(word for word, _, _ in words)
            if len(words) == count and is_name(name, words[0][1]):
                spans.append((words[0][1], words[-1][2]))
                at += count
                break
        else:
            # A name that a hyphen joins to others: "Kassela-Zantiguila".
            folded, start, end = tokens[at]
            if any(is_name(part, start) for part in folded.split()):
                spans.append((start, end))
            at += 1
    return spans


def _without_blanks(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out the blanks at the ends of a span."""
    while start < end and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
