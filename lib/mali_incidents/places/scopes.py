"""Which units a record or text leaves possible: what it names narrows the country."""

from collections.abc import Iterable
from typing import Final

from mali_incidents.places.answers import Note
from mali_incidents.places.candidates import NameIndex, Scope
from mali_incidents.places.frames import COUNTRY
from mali_incidents.places.names import ReadName, fold, read_name
from mali_incidents.places.reform import read_reform

WHOLE_COUNTRY: Final = Scope((COUNTRY,), (COUNTRY,))


def narrowed(
    scope: Scope, named: Iterable[tuple[str, str]], index: NameIndex
) -> tuple[Scope, list[Note]]:
    """Narrow a scope to the units named in it.

    Parameters
    ----------
    scope : Scope
        What is left possible so far.
    named : iterable of (str, str)
        Names and their levels, e.g. ``("Koulikoro", "region")``.
    index : NameIndex
        The names of units.

    Returns
    -------
    scope : Scope
        What is left.
    notes : list of (str, dict)
        Units that are not known or do not fit, and regions of 2023.
    """
    notes: list[Note] = []
    frame = index.frame
    order = ("region", "cercle", "commune")
    for text, level in sorted(named, key=lambda pair: order.index(pair[1])):
        read = read_name(text)
        fits = index.units_called(
            ReadName(fold(text), level, feature=False), level=level, within=scope
        )
        fits = fits or index.units_called(read, level=level, within=scope)
        if not fits:
            fits = _of_2023(read.name, level, scope, index)
            if fits:
                held = ", ".join(frame.label(unit) for unit in fits)
                notes.append((f"{level}-2023", {"name": text, "units": held}))
        if not fits:
            notes.append(("units-unknown", {"text": text}))
            continue
        regions = dict.fromkeys(frame.chain(unit)[0] for unit in fits if unit != COUNTRY)
        scope = Scope(tuple(fits), tuple(regions) or (COUNTRY,))
    return scope, notes


def _of_2023(name: str, level: str, scope: Scope, index: NameIndex) -> list[str]:
    """Give the cercles of a region of 2023, or those of the region of a cercle of 2023."""
    frame = index.frame
    if level == "region":
        held = frame.region_2023_holds(name)
    elif level == "cercle":
        region = read_reform().new_cercles.get(fold(name), ("",))[0]
        held = frame.region_2023_holds(region) if region else []
    else:
        held = []
    return [unit for unit in held if any(frame.holds(one, unit) for one in scope.units)] or [
        one for one in scope.units if any(frame.holds(unit, one) for unit in held)
    ]
