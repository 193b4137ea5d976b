"""The words of maps and figures, one JSON file a language."""

import json
from functools import cache
from importlib import resources
from numbers import Integral
from typing import Final

from mali_incidents.errors import MapError
from mali_incidents.places.reasons import with_french_blanks

LANGUAGES: Final = ("en", "fr")

_PYTHON_ONLY: Final = (
    "codebook.",
    "credits",
    "data.",
    "edition.",
    "figure.",
    "gallery.",
    "kml.",
    "noscript",
    "report.",
)


@cache
def read_messages(lang: str) -> dict[str, str]:
    """Read the messages of a language.

    Parameters
    ----------
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    dict of str to str
        Texts by key; ``{name}`` stands for a value, and a key ending in ``.one`` or ``.other``
        is one of the plural forms of the key before it.

    Raises
    ------
    MapError
        When there is no such language.
    """
    if lang not in LANGUAGES:
        raise MapError(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    folder = resources.files("mali_incidents.maps") / "viewer" / "messages"
    words: dict[str, str] = json.loads((folder / f"{lang}.json").read_text("utf-8"))
    if lang == "fr":
        return {key: with_french_blanks(text) for key, text in words.items()}
    return words


def viewer_messages(lang: str) -> dict[str, str]:
    """Read the messages of a language that a page carries: not those only Python says."""
    return {
        key: text for key, text in read_messages(lang).items() if not key.startswith(_PYTHON_ONLY)
    }


def set_name(name: str) -> str:
    """Set a name of the data as it is printed, with the apostrophe of print (N’Tillit)."""
    return name.replace("'", "’")


def number_words(number: float, *, lang: str) -> str:
    """Write a whole number with its thousands apart, in the language's way."""
    return f"{number:,.0f}".replace(",", "," if lang == "en" else "\N{NARROW NO-BREAK SPACE}")


def message(key: str, lang: str, **values: object) -> str:
    """Say a message in a language.

    Parameters
    ----------
    key : str
        The message's key; of a plural message the part before ``.one`` and ``.other``.
    lang : {"en", "fr"}
        The language.
    **values : object
        What fills the ``{name}`` places, whole numbers with their thousands apart; ``n`` chooses
        the plural form.

    Returns
    -------
    str
        Plain text, never markup.
    """
    words = read_messages(lang)
    if key not in words:
        # French says "0 incident": everything below two is singular (CLDR plural rules).
        count = float(str(values["n"]))
        single = abs(count) < 2 if lang == "fr" else count == 1
        key = f"{key}.{'one' if single else 'other'}"
    text = words[key]
    for name, value in values.items():
        # As the page does; a year is given as text.
        said = number_words(int(value), lang=lang) if isinstance(value, Integral) else str(value)
        text = text.replace("{" + name + "}", said)
    return text
