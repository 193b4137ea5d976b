"""Texts as XML can hold them."""

import re
from typing import Final

# What XML 1.0 has no place for, not even as a reference.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BLANKS: Final = re.compile("[ \t\r\n\f\v\x85\u2028\u2029]+")


def xml_text(text: str) -> str:
    """Put U+FFFD for each character that XML cannot hold; nothing is escaped."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def own_line(text: str) -> str:
    """Give a text as one line that XML can hold and that turns none of the words beside it.

    Signs that change the direction of writing till further notice (U+202A to U+202E, U+2066 to
    U+2069) would turn what follows them, of other texts too; U+FFFD stands for each. Blanks that
    break a line become one.
    """
    straight = _TURNS.sub("\N{REPLACEMENT CHARACTER}", xml_text(text))
    return _BLANKS.sub(" ", straight)
