"""What a file of records claims to cover; outside it there is no data, which is not zero."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any, Final, NamedTuple

from mali_incidents.errors import LocateError, ReadError
from mali_incidents.places.frames import read_frame
from mali_incidents.storage import NO_TOML, why_no_toml

_LANGUAGES: Final = ("en", "fr")


class Coverage(NamedTuple):
    """The units and the period that a file of records claims to cover.

    Attributes
    ----------
    name : str
        A short name of the collection.
    frame : str
        The frame that ``units`` are ids of.
    units : tuple of str
        Ids of the units covered: regions, cercles, communes, or ``"ML"`` for the whole country.
    period_start, period_end : datetime.date
        First and last day covered.
    as_of : datetime.date
        The day the collection was closed.
    census : bool
        Whether it claims to hold every incident there was.
    selection : dict of str to str
        How the rows were chosen, by language ("en", "fr").
    title : dict of str to str
        The collection's title, by language.
    """

    name: str
    frame: str
    units: tuple[str, ...]
    period_start: dt.date
    period_end: dt.date
    as_of: dt.date
    census: bool
    selection: dict[str, str]
    title: dict[str, str]


def read_coverage(path: str | Path) -> Coverage:
    """Read a coverage file.

    Parameters
    ----------
    path : str or pathlib.Path
        A TOML file; its keys are the attributes of :class:`Coverage`.

    Returns
    -------
    Coverage

    Raises
    ------
    ReadError
        When it cannot be read, keys are missing or of another kind, or it names a frame or units
        that there are not; all at once.
    """
    file = Path(path)
    try:
        # Editors on Windows put a mark before UTF-8.
        given = tomllib.loads(file.read_text("utf-8-sig"))
    except NO_TOML as error:
        raise _unreadable(path, why_no_toml(error)) from error
    wrong = _wrong(given)
    if wrong:
        raise ReadError(f"the coverage file {file.name} is not complete: {'; '.join(wrong)}")
    values = {key: given[key] for key in Coverage._fields}
    return Coverage(**values | {"units": tuple(given["units"])})


def _unreadable(path: str | Path, why: str) -> ReadError:
    """Say why a coverage file cannot be read."""
    return ReadError(f"cannot read the coverage file {path}: {why}")


def coverage_beside(path: str | Path) -> Coverage | None:
    """Read the ``coverage.toml`` beside a file of records, or give None where there is none."""
    beside = Path(path).parent / "coverage.toml"
    return read_coverage(beside) if beside.exists() else None


def _wrong(given: dict[str, Any]) -> list[str]:
    """List what is missing or of another kind."""
    wrong = [
        f"{key} must be {wanted}, got {given.get(key)!r}"
        for key, (kind, wanted) in _KINDS.items()
        if not isinstance(given.get(key), kind) or isinstance(given.get(key), dt.datetime)
    ]
    units = given.get("units")
    if isinstance(units, list) and not (units and all(isinstance(unit, str) for unit in units)):
        wrong.append(f"units must name at least one unit, each a text, got {units!r}")
    for key in ("selection", "title"):
        texts = given.get(key)
        if isinstance(texts, dict):
            wrong += [
                f"{key} must have a text in {lang!r}"
                for lang in _LANGUAGES
                if not isinstance(texts.get(lang), str)
            ]
    if not wrong:
        wrong += _unknown_units(given["frame"], given["units"])
    if not wrong and given["period_start"] > given["period_end"]:
        wrong.append("period_start is after period_end")
    return wrong


def _unknown_units(name: str, units: list[str]) -> list[str]:
    """Say which units a frame does not have, with the ids that their names may mean."""
    try:
        frame = read_frame(name)
    except LocateError as error:
        return [str(error)]
    unknown = [unit for unit in units if unit not in frame.units.index]
    if not unknown:
        return []
    meant = {unit: " or ".join(frame.find(unit)[:3]) for unit in unknown}
    listed = [f"{unit!r} (perhaps {ids})" if ids else repr(unit) for unit, ids in meant.items()]
    wanted = f"units must be ids of {name}'s regions, cercles or communes, or 'ML'"
    return [f"{wanted}; it does not have {', '.join(listed)}"]


_KINDS: Final[dict[str, tuple[type, str]]] = {
    "name": (str, "a text"),
    "frame": (str, 'a frame\'s name, e.g. "mali-2017"'),
    "units": (list, "a list of unit ids"),
    "period_start": (dt.date, "a date, e.g. 2012-01-01"),
    "period_end": (dt.date, "a date, e.g. 2026-01-31"),
    "as_of": (dt.date, "a date, e.g. 2026-01-31"),
    "census": (bool, "true or false"),
    "selection": (dict, "a table with a text in en and in fr"),
    "title": (dict, "a table with a text in en and in fr"),
}
