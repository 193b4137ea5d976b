"""Texts as XML can hold them."""

import re
from typing import Final

# What XML 1.0 has no place for, not even as a reference.
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Put U+FFFD for each character that XML cannot hold; nothing is escaped."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
