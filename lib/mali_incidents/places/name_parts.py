"""Names that hold other names: in brackets, after a slash, after "ou"."""

import re
from typing import Final

from mali_incidents.places.names import fold

# Words in brackets that say what a place is, or where in it, and do not name it.
_NO_NAMES: Final = frozenset(
    {"village", "villag", "hameau", "hameaux", "et hameaux", "amont", "aval", "ile", "quartier"}
)
_NUMERAL: Final = re.compile(r"[ivx\d\s]+")


def part_name(name: str) -> tuple[str, tuple[str, ...]]:
    """Part a name from the other names in it.

    Parameters
    ----------
    name : str
        A name as a gazetteer writes it: ``"Santia (Ankoum Bongo)"``, ``"Sagaba/Dari"``,
        ``"Balla ou Delo"``.

    Returns
    -------
    name : str
        The first name. A number in brackets ("Fokolore (2)") or after a slash tells places apart
        and stays.
    others : tuple of str
        The other names; words such as "Hameau" are none.
    """
    brackets = re.findall(r"\(([^()]*)\)?", name)
    bare = " ".join(re.sub(r"\([^()]*\)?", " ", name).split())
    if not fold(bare) or any(_NUMERAL.fullmatch(fold(bracket)) for bracket in brackets):
        brackets, bare = [], name
    parts = re.split(r"\s*/\s*|\s+ou\s+", bare, flags=re.IGNORECASE)
    if not _is_name(parts[0]) or ("/" in bare and not all(map(_is_name, parts))):
        parts = [bare]
    inside = [bracket.strip(" +") for bracket in brackets]
    return parts[0], tuple(one for one in (*parts[1:], *inside) if _is_name(one))


def join_names(name: str, others: list[str]) -> str:
    """Join a place's other names by semicolons.

    Parameters
    ----------
    name : str
        The place's name.
    others : list of str
        Other names.

    Returns
    -------
    str
        The first of each spelling; those that fold to the name or to nothing are left out.
    """
    kept = {fold(name): "", "": ""}
    for other in others:
        kept.setdefault(fold(other), other)
    return ";".join(filter(None, kept.values()))


def _is_name(text: str) -> bool:
    """Tell what can be a place's name by itself: three letters, not only a number or a type."""
    folded = fold(text)
    letters = sum(one.isalpha() for one in folded)
    return letters >= 3 and folded not in _NO_NAMES and not _NUMERAL.fullmatch(folded)
