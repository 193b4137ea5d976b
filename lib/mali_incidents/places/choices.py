"""What a person types to say where a place is: a candidate, a point, or a unit."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from mali_incidents.errors import LocateError
from mali_incidents.places.answers import address
from mali_incidents.places.corrections import FURTHEST_KM, USUAL_KM
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.names import UNIT_WORDS, fold, read_name
from mali_incidents.tables import Candidate

_NUMBER: Final = r"[+-]?\d+(?:\.\d+)?"
_CANDIDATE: Final = re.compile(rf"(\d{{1,9}})(?:\s*[,;\s]\s*({_NUMBER})\s*km)?")
_POINT: Final = re.compile(
    rf"({_NUMBER})\s*[,;\s]\s*({_NUMBER})(?:\s*[,;\s]\s*({_NUMBER})\s*(?:km)?)?"
)
_SENTENCES: Final = {
    "nothing": {
        "en": "{said!r} is no answer: neither a number of the list, nor a point, nor a unit of "
        "{frame}",
        "fr": "{said!r} n’est pas une réponse : ni un numéro de la liste, ni un point, ni une "
        "unité de {frame}",
    },
    "number": {
        "en": "{said!r} is no answer: the list has numbers from 1 to {most}",
        "fr": "{said!r} n’est pas une réponse : la liste va de 1 à {most}",
    },
    "radius": {
        "en": "the radius must be above 0 and up to {most:g} km, got {radius:g}",
        "fr": "le rayon doit dépasser 0 et ne pas dépasser {most:g} km, reçu {radius:g}",
    },
    "outside": {
        "en": "latitude {latitude:g}, longitude {longitude:g} lies outside {frame}",
        "fr": "latitude {latitude:g}, longitude {longitude:g} est hors de {frame}",
    },
    "swapped": {
        "en": "latitude {latitude:g}, longitude {longitude:g} lies outside {frame}; the other way "
        "round it would lie inside: latitude comes first",
        "fr": "latitude {latitude:g}, longitude {longitude:g} est hors de {frame} ; dans l’autre "
        "ordre il serait dedans : la latitude vient en premier",
    },
    "several": {
        "en": "{said!r} names several units; type the id of one, or add the unit that holds it:",
        "fr": "{said!r} désigne plusieurs unités ; tapez l’identifiant de l’une, ou ajoutez "
        "l’unité qui la contient :",
    },
}


class Choice(NamedTuple):
    """Where a person says a place is.

    Attributes
    ----------
    name : str
        What the place is called; "" where only a point is told.
    unit_id : str
        The unit it is; "" for a point.
    latitude, longitude : float or None
        Its point, WGS 84 degrees; None for a unit.
    radius_km : float
        How far from the point it may lie.
    """

    name: str
    unit_id: str
    latitude: float | None
    longitude: float | None
    radius_km: float


def read_choice(
    said: str, *, candidates: Sequence[Candidate], frame: AdminFrame, lang: str = "en"
) -> Choice:
    """Read what a person types.

    Parameters
    ----------
    said : str
        A candidate's number (``"2"``; ``"2, 5 km"`` gives a place a radius); a point as latitude,
        longitude and perhaps its radius in km (``"12.2, -8.6, 5"``; with semicolons, decimals may
        have a comma); a unit's id; or its name, perhaps with its type and what holds it
        (``"cercle de Kati"``, ``"Benkadi, Kangaba"``).
    candidates : sequence of Candidate
        The list that was shown.
    frame : AdminFrame
        The units.
    lang : {"en", "fr"}
        The language of a refusal.

    Returns
    -------
    Choice

    Raises
    ------
    LocateError
        When it is none of these, its point lies outside the units, its radius is none, or several
        units have the name, which are listed.
    """
    words = " ".join(said.replace("\N{MINUS SIGN}", "-").split())
    numbers = words.replace(",", ".") if ";" in words else words
    if words in frame.units.index:
        return Choice(frame.label(words), words, None, None, USUAL_KM)
    if found := _CANDIDATE.fullmatch(numbers):
        number, radius = int(found[1]), _radius(found[2], lang)
        if not 1 <= number <= len(candidates):
            code = "number" if candidates else "nothing"
            raise _refusal(code, lang, said=said, most=len(candidates), frame=frame.name)
        chosen = candidates[number - 1]
        if chosen.unit_id:
            return Choice(chosen.name, chosen.unit_id, None, None, USUAL_KM)
        return Choice(chosen.name, "", chosen.latitude, chosen.longitude, radius)
    if found := _POINT.fullmatch(numbers):
        latitude, longitude = float(found[1]), float(found[2])
        turned = np.array([longitude, latitude])
        home, swapped = frame.units_at(turned, turned[::-1])
        if home is None:
            code = "outside" if swapped is None else "swapped"
            values = {"latitude": latitude, "longitude": longitude}
            raise _refusal(code, lang, frame=frame.name, **values)
        return Choice("", "", latitude, longitude, _radius(found[3], lang))
    units = _units_named(words, frame)
    if not units:
        raise _refusal("nothing", lang, said=said, frame=frame.name)
    if len(units) > 1:
        listed = "".join(f"\n  {unit}  ({address(unit, frame)})" for unit in units)
        raise LocateError(str(_refusal("several", lang, said=said)) + listed)
    return Choice(frame.label(units[0]), units[0], None, None, USUAL_KM)


def _units_named(words: str, frame: AdminFrame) -> list[str]:
    """Find the units of a name, perhaps with its type before it and what holds it after it."""
    first, *holders = (read_name(part) for part in words.split(","))
    level = first.level if first.level in UNIT_WORDS else None
    named = frame.find(first.name, level=level)
    return [
        unit
        for unit in named
        if all(
            any(fold(frame.label(one)) == holder.name for one in frame.chain(unit))
            for holder in holders
        )
    ]


def _radius(written: str | None, lang: str) -> float:
    """Read a radius in km; the usual one where none is written."""
    radius = USUAL_KM if written is None else float(written)
    if not 0 < radius <= FURTHEST_KM:
        raise _refusal("radius", lang, radius=radius, most=FURTHEST_KM)
    return radius


def _refusal(code: str, lang: str, **values: object) -> LocateError:
    """Say why what was typed is no answer."""
    return LocateError(_SENTENCES[code][lang].format(**values))
