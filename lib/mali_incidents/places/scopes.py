"""Which units a record or text leaves possible: what it names narrows the country."""

from collections.abc import Collection, Iterable
from typing import Final

from mali_incidents.places.answers import Note
from mali_incidents.places.candidates import NameIndex, Scope
from mali_incidents.places.frames import COUNTRY
from mali_incidents.places.names import ReadName, fold, read_name
from mali_incidents.places.reform import read_reform

WHOLE_COUNTRY: Final = Scope((COUNTRY,), (COUNTRY,))


def narrowed(
    scope: Scope,
    named: Iterable[tuple[str, str]],
    index: NameIndex,
    *,
    joined: Collection[str] = (),
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
    joined : collection of str, optional
        The names that are joined by "and" to another of their level: each of them may be meant.

    Returns
    -------
    scope : Scope
        What is left: of several units of a level that cannot hold each other, all of them.
    notes : list of (str, dict)
        Units that are not known or do not fit, and regions of 2023.
    """
    notes: list[Note] = []
    order = ("region", "cercle", "commune")
    whole, last = scope, ""
    for text, level in sorted(named, key=lambda pair: order.index(pair[1])):
        if level != last:
            whole, last = scope, level
        beside = scope != whole and text in joined
        fits, said = _fitting(text, level, whole if beside else scope, index)
        if not fits and scope != whole:
            # "X region, Y region"
            beside = True
            fits, said = _fitting(text, level, whole, index)
        notes += said
        if not fits:
            notes.append(("units-unknown", {"text": text}))
            continue
        scope = _scope_of([*scope.units, *fits] if beside else fits, index)
    return scope, notes


def _scope_of(units: Iterable[str], index: NameIndex) -> Scope:
    """Take units, and the regions that hold them, as what is left possible."""
    kept = tuple(dict.fromkeys(units))
    regions = dict.fromkeys(index.frame.chain(unit)[0] for unit in kept if unit != COUNTRY)
    return Scope(kept, tuple(regions) or (COUNTRY,))


def _fitting(text: str, level: str, scope: Scope, index: NameIndex) -> tuple[list[str], list[Note]]:
    """Find the units of a name in a scope; one of 2023 with a note of what it is here."""
    read = read_name(text)
    for name in (ReadName(fold(text), level, feature=False), read):
        if fits := index.units_called(name, level=level, within=scope):
            return fits, []
    fits = _of_2023(read.name, level, scope, index)
    held = ", ".join(index.frame.label(unit) for unit in fits)
    return fits, [(f"{level}-2023", {"name": text, "units": held})] if fits else []


def _of_2023(name: str, level: str, scope: Scope, index: NameIndex) -> list[str]:
    """Give the cercles of a region of 2023, or those of the region of a cercle of 2023."""
    frame = index.frame
    if level == "region":
        # "Nioro du Sahel": a region also goes by the other names of the cercle it is called after.
        seat = ReadName(name, "cercle", feature=False)
        called = map(frame.label, index.units_called(seat, level="cercle", within=WHOLE_COUNTRY))
        every = map(frame.region_2023_holds, (name, *called))
        held = next(filter(None, every), [])
    elif level == "cercle":
        region = read_reform().new_cercles.get(fold(name), ("",))[0]
        held = frame.region_2023_holds(region) if region else []
    else:
        held = []
    return [unit for unit in held if any(frame.holds(one, unit) for one in scope.units)] or [
        one for one in scope.units if any(frame.holds(unit, one) for unit in held)
    ]
