"""What an edition may hold: a profile, read from a file that anyone can copy and change."""

import math
import tomllib
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from mali_incidents.errors import ReleaseError
from mali_incidents.storage import NO_TOML, shipped, why_no_toml
from mali_incidents.tables import INCIDENTS, UNIT_LEVELS, VERIFICATIONS

LANGUAGES: Final = ("en", "fr")
INTERNAL: Final = "internal"
"""The profile of what holds all."""

KINDS: Final = ("coordinates", "phones", "emails", "names")
UNITS: Final = UNIT_LEVELS[:3]
_COARSEN: Final = ("none", *UNITS, "grid", "decimals")
# Without these a table is no table of incidents, or says nothing of what is an attack.
_NEEDED: Final = {
    *("incident_id", "sources", "date_start", "date_end", "date_precision"),
    *("event_type", "sub_event_type", "actor_type", "latitude", "longitude"),
}
DROPPABLE: Final = tuple(name for name in INCIDENTS.columns if name not in _NEEDED)
_FINEST_KM, _COARSEST_KM = 0.1, 500.0


@dataclass(frozen=True)
class Profile:
    """What an edition may hold.

    Attributes
    ----------
    name : str
        What it is called.
    title : mapping of str to str
        How the edition is called at the head of what readers see, by language.
    verification : tuple of str
        Which rows it has; one that says nothing counts as unverified.
    embargo_days : int
        Rows that ended so many days or less before the day of the edition are held back.
    aggregate_only : tuple of str
        Datasets whose rows may only be counted.
    coarsen : {"none", "commune", "cercle", "region", "grid", "decimals"}
        What places finer than this become.
    grid_km : float or None
        The side of a cell of the grid, in kilometres.
    decimals : int or None
        To how many decimals of a degree coordinates are rounded.
    place_names : {"keep", "drop"}
        Whether places are named more finely than that.
    redact : tuple of str
        What is removed from free text.
    drop : tuple of str
        Columns left blank.
    source_names, source_links : bool
        Whether sources are named, and linked.
    ids : {"keep", "new"}
        Whether rows keep their ids.
    smallest_count : int
        Counts above 0 and below it are not given.
    working_files : bool
        Whether files that quote the records as they were are written.
    """

    name: str
    title: MappingProxyType[str, str]
    verification: tuple[str, ...]
    embargo_days: int
    aggregate_only: tuple[str, ...]
    coarsen: str
    grid_km: float | None
    decimals: int | None
    place_names: str
    redact: tuple[str, ...]
    drop: tuple[str, ...]
    source_names: bool
    source_links: bool
    ids: str
    smallest_count: int
    working_files: bool

    @property
    def keeps_all(self) -> bool:
        """Whether nothing of a table is left out or changed."""
        return (
            set(self.verification) == set(VERIFICATIONS)
            and not (self.embargo_days or self.aggregate_only or self.redact or self.drop)
            and (self.coarsen, self.place_names, self.ids) == ("none", "keep", "keep")
            and self.source_names
            and self.source_links
        )

    @property
    def series(self) -> str:
        """The name that its editions are kept under, and compared with those before."""
        return INTERNAL if self.keeps_all else self.name


def known_profiles() -> list[str]:
    """List the names of the profiles that ship."""
    return sorted(file.stem for file in shipped("profiles").glob("*.toml"))


def read_profile(name_or_path: str | Path) -> Profile:
    """Read a release profile.

    Parameters
    ----------
    name_or_path : str or pathlib.Path
        ``"internal"``, ``"partner"`` or ``"public"``, which ship, or a TOML file of the same keys.

    Returns
    -------
    Profile

    Raises
    ------
    ReleaseError
        When there is no such profile, or its file says what it must not; all that is wrong at once.
    """
    known = known_profiles()
    named = str(name_or_path) in known
    file = shipped("profiles", f"{name_or_path}.toml") if named else Path(name_or_path)
    try:
        # Editors on Windows put a mark before UTF-8.
        given = tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ReleaseError(
            f"there is no profile {str(name_or_path)!r}: name one of {', '.join(known)}, or the "
            f"path of a TOML file copied from one of them (they stand in {shipped('profiles')})"
        ) from error
    except NO_TOML as error:
        raise _unreadable(file, why_no_toml(error)) from error
    wrong = _wrong(given)
    if wrong:
        raise ReleaseError(
            f"the profile {file} cannot be used: " + "".join(f"\n- {one}" for one in wrong)
        )
    profile = _profile(given)
    if profile.name == INTERNAL and not profile.keeps_all:
        raise ReleaseError(
            f"the profile {file} cannot be used: its name must be another than {INTERNAL!r}, which "
            "is that of editions that hold all, and this one leaves something out"
        )
    return profile


def _unreadable(file: Path, why: str) -> ReleaseError:
    """Say why a profile cannot be read."""
    return ReleaseError(f"cannot read the profile {file}: {why}")


def _profile(given: dict[str, Any]) -> Profile:
    """Make a profile of what a file says."""
    rows, places, text = given["rows"], given["places"], given["text"]
    sources, files = given["sources"], given["files"]
    return Profile(
        name=given["name"],
        title=MappingProxyType({lang: given["title"][lang] for lang in LANGUAGES}),
        verification=tuple(rows["verification"]),
        embargo_days=rows["embargo_days"],
        aggregate_only=tuple(rows["aggregate_only"]),
        coarsen=places["coarsen"],
        grid_km=float(places["grid_km"]) if places["coarsen"] == "grid" else None,
        decimals=places["decimals"] if places["coarsen"] == "decimals" else None,
        place_names=places["names"],
        redact=tuple(text["redact"]),
        drop=tuple(text["drop"]),
        source_names=sources["names"],
        source_links=sources["links"],
        ids=files["ids"],
        smallest_count=files["smallest_count"],
        working_files=files["working"],
    )


def _is_text(value: Any) -> bool:
    """Tell a text of one line with something in it."""
    return isinstance(value, str) and bool(value.strip()) and value.isprintable()


def _is_whole(value: Any, least: int, most: int) -> bool:
    """Tell a whole number within limits; True and False are none."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_km(value: Any) -> bool:
    """Tell a length of a cell."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return known and math.isfinite(value) and _FINEST_KM <= value <= _COARSEST_KM


def _are(value: Any, of: tuple[str, ...] | None) -> bool:
    """Tell a list of texts, each one of some where these are given."""
    if not isinstance(value, list):
        return False
    return all(_is_text(one) and (of is None or one in of) for one in value)


def _listed(of: tuple[str, ...]) -> str:
    return ", ".join(of)


# Every key, what it must be, and the test of it; those of a grid and of decimals are looked at
# where they are asked for.
_KEYS: Final[dict[str, tuple[str, Any]]] = {
    "name": ("a text of one line", _is_text),
    "title.en": ("a text of one line", _is_text),
    "title.fr": ("a text of one line", _is_text),
    "rows.verification": (
        f"a list of at least one of {_listed(VERIFICATIONS)}",
        lambda value: _are(value, VERIFICATIONS) and bool(value),
    ),
    "rows.embargo_days": (
        "a whole number of days from 0 to 36500",
        lambda value: _is_whole(value, 0, 36_500),
    ),
    "rows.aggregate_only": ("a list of datasets, each a text", lambda value: _are(value, None)),
    "places.coarsen": (f"one of {_listed(_COARSEN)}", lambda value: value in _COARSEN),
    "places.names": ("keep or drop", lambda value: value in ("keep", "drop")),
    "text.redact": (f"a list of some of {_listed(KINDS)}", lambda value: _are(value, KINDS)),
    "text.drop": (f"a list of some of {_listed(DROPPABLE)}", lambda value: _are(value, DROPPABLE)),
    "sources.names": ("true or false", lambda value: isinstance(value, bool)),
    "sources.links": ("true or false", lambda value: isinstance(value, bool)),
    "files.ids": ("keep or new", lambda value: value in ("keep", "new")),
    "files.smallest_count": (
        "a whole number from 1 to 1000",
        lambda value: _is_whole(value, 1, 1000),
    ),
    "files.working": ("true or false", lambda value: isinstance(value, bool)),
}
_OPTIONAL: Final[dict[str, tuple[str, Any]]] = {
    "places.grid_km": (f"kilometres from {_FINEST_KM:g} to {_COARSEST_KM:g}", _is_km),
    "places.decimals": ("a whole number from 0 to 4", lambda value: _is_whole(value, 0, 4)),
}
_MISSING: Final = object()


def _at(given: dict[str, Any], key: str) -> Any:
    """Give what stands under a key, "table.key" for one in a table."""
    table, _, name = key.rpartition(".")
    holder = given.get(table, _MISSING) if table else given
    return holder.get(name, _MISSING) if isinstance(holder, dict) else _MISSING


def _wrong(given: dict[str, Any]) -> list[str]:
    """List what is missing, of another kind or unknown, and what does not go together."""
    wrong = []
    for key, (wanted, fits) in _KEYS.items():
        value = _at(given, key)
        if value is _MISSING:
            wrong.append(f"{key} is missing; it must be {wanted}")
        elif not _safely(fits, value):
            wrong.append(f"{key} must be {wanted}, got {value!r}")
    coarsen = _at(given, "places.coarsen")
    for key, (wanted, fits) in _OPTIONAL.items():
        value = _at(given, key)
        asked = key == {"grid": "places.grid_km", "decimals": "places.decimals"}.get(str(coarsen))
        if value is _MISSING and asked:
            wrong.append(f"{key} is missing; with coarsen = {coarsen!r} it must be {wanted}")
        elif value is not _MISSING and not _safely(fits, value):
            wrong.append(f"{key} must be {wanted}, got {value!r}")
    wrong += [
        f"{key} is not known; the keys are {_listed((*_KEYS, *_OPTIONAL))}"
        for key in _names(given)
        if key not in _KEYS and key not in _OPTIONAL
    ]
    return wrong + _clashes(given)


def _safely(fits: Any, value: Any) -> bool:
    """Ask a test that a value of another kind may break."""
    try:
        return bool(fits(value))
    except TypeError:
        return False


def _names(given: dict[str, Any]) -> list[str]:
    """List the keys of a file, those in tables as "table.key"."""
    tables = {key.partition(".")[0] for key in _KEYS if "." in key}
    return [
        name
        for key, value in given.items()
        for name in (
            [f"{key}.{one}" for one in value]
            if key in tables and isinstance(value, dict)
            else []
            if key in tables
            else [key]
        )
    ]


def _clashes(given: dict[str, Any]) -> list[str]:
    """Say what gives away what something else hides."""
    coarsen, names = _at(given, "places.coarsen"), _at(given, "places.names")
    wrong = []
    if names == "keep" and coarsen in (*UNITS, "grid"):
        wrong.append(
            f"places.names = 'keep' would name the places that coarsen = {coarsen!r} hides: use "
            "'drop'"
        )
    redact = _at(given, "text.redact")
    if coarsen in _COARSEN[1:] and isinstance(redact, list) and "coordinates" not in redact:
        wrong.append(
            f"text.redact must name coordinates where coarsen = {coarsen!r} hides them elsewhere"
        )
    if names == "drop" and _at(given, "sources.links") is True:
        wrong.append(
            "sources.links = true would link reports that name the places which names = 'drop' "
            "hides: use false"
        )
    if names == "drop" and _at(given, "files.ids") == "keep":
        wrong.append(
            "files.ids = 'keep' would keep ids that may name the places which names = 'drop' "
            "hides: use 'new'"
        )
    if _at(given, "files.working") is True and (coarsen != "none" or redact):
        wrong.append(
            "files.working = true would write files that quote the records as they were, before "
            "places were coarsened and texts redacted: use false"
        )
    if _at(given, "sources.names") is False and _at(given, "sources.links") is True:
        wrong.append("sources.links = true needs sources.names = true: a link is its source's name")
    return wrong
