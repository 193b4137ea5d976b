"""How large a map's file will be, and what of its data makes it so."""

from typing import Any, Final

from mali_incidents.maps.payload import block_length

# What mail servers take, and a phone opens without a long wait.
LARGE_MB: Final = 20
# The columns of a page by what they are to its author; the others are codes, numbers and units.
_PARTS: Final = {
    "summaries": ("summary",),
    "sources": ("sources",),
    "names of places, targets and actors": ("reported", "placed", "target", "actor"),
    "reasons of the locating": ("reason",),
}


class LargeMapWarning(UserWarning):
    """A map's file will be too large for many uses."""


def large_parts(data: dict[str, Any]) -> dict[str, int]:
    """Tell what of a page's data takes how much room.

    Parameters
    ----------
    data : dict
        What :func:`mali_incidents.maps.layers.page_data` gives.

    Returns
    -------
    dict of str to int
        Bytes of the page by what they say, the largest first; about, as all is compressed at once.
    """
    columns = dict(data["incidents"]["columns"])
    parts = {
        said: block_length({name: columns.pop(name) for name in names})
        for said, names in _PARTS.items()
    }
    parts["outlines of areas told in words"] = block_length(data["incidents"]["outlines"])
    parts["dates, counts, types and units"] = block_length(columns)
    ground = {name: part for name, part in data.items() if name != "incidents"}
    parts["borders, waters and words"] = block_length(ground)
    return dict(sorted(parts.items(), key=lambda item: -item[1]))


def large_map_words(size: int, *, parts: dict[str, int]) -> str:
    """Say that a map's file is large, of what, and what to do.

    Parameters
    ----------
    size : int
        The bytes of the file.
    parts : dict of str to int
        What takes how many of them.

    Returns
    -------
    str
        One sentence.
    """
    most = [f"{said} {taken / 1e6:.1f} MB" for said, taken in list(parts.items())[:3]]
    return (
        f"this map's file will have about {size / 1e6:.0f} MB ({', '.join(most)}), more than the "
        f"{LARGE_MB} MB that mail takes and a phone opens well: draw fewer incidents, or leave a "
        "column out, e.g. located.assign(summary=None)"
    )
