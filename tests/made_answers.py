"""Answers on a gazetteer of a few towns, made in code."""

from typing import Any

from made_places import made_gazetteer

from mali_incidents.places.answers import Answer
from mali_incidents.places.candidates import NameIndex
from mali_incidents.places.frames import read_frame
from mali_incidents.places.resolve import Asked, resolve

GAO, NIONO = "ML-2017/gao/gao", "ML-2017/segou/niono"
IN_GAO = {"latitude": 16.0, "longitude": 0.1}
IN_NIONO = {"latitude": 14.7, "longitude": -5.8}
GAO_TOWN = {"name": "Gao", "latitude": 16.267, "longitude": -0.05, "kind": "town", "extent_km": 4}
BAMAKO = {"name": "Bamako", "latitude": 12.639, "longitude": -8.003, "kind": "town"}
NIONO_TOWN = {"name": "Niono", "latitude": 14.2526, "longitude": -5.9930, "kind": "town"}
TOWNS = (GAO_TOWN | {"seat": "region"}, BAMAKO | {"seat": "region"}, NIONO_TOWN)
TABAKORO = {"name": "Tabakoro", **IN_GAO}
TWINS = (TABAKORO, {"name": "Tabakoro", **IN_NIONO})


def index_of(*rows: dict[str, Any]) -> NameIndex:
    return NameIndex(made_gazetteer(*TOWNS, *rows), read_frame())


def answers(text: str, *rows: dict[str, Any], **units: str) -> tuple[Answer, ...]:
    """Answer a text with a gazetteer of a few towns and the rows."""
    return resolve(
        Asked(text, tuple((name, level) for level, name in units.items())), index_of(*rows)
    )


def answer(text: str, *rows: dict[str, Any], **units: str) -> Answer:
    return answers(text, *rows, **units)[0]


def notes(found: Answer) -> dict[str, dict[str, Any]]:
    """The reason of an answer and its notes, by code."""
    return dict([found.reason, *found.notes])


def namesakes(number: int) -> list[dict[str, Any]]:
    """Villages of one name, each far from the others."""
    return [
        {"name": "Tabakoro", "latitude": 12.2 + 0.4 * step, "longitude": -6.0}
        for step in range(number)
    ]
