"""Editions: what a table said on a day, kept for ever, and what changed since.

An edition is a folder among others: ``incidents.parquet`` (GeoParquet, the whole located table) and
``manifest.json``. It is moved to its place whole and never changed; what has no manifest, or a name
that begins with a dot, is none.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from mali_incidents.counts.changes import CHANGES, compare_located
from mali_incidents.errors import PublishError, ReadError
from mali_incidents.maps.messages import LANGUAGES, message, number_words, read_messages
from mali_incidents.maps.row_words import day_words
from mali_incidents.publish.manifest import describe_rows, versions
from mali_incidents.records.coverage import Coverage
from mali_incidents.records.sources import as_source
from mali_incidents.release.profiles import INTERNAL
from mali_incidents.storage import sha256_of, write_folder, write_text
from mali_incidents.tables import Candidate, Reason, as_located, why_not_located

_NO_FOLDER: Final = "{} is a file, and editions are kept in a folder: choose one, or a new name"
_SNAPSHOT: Final = "incidents.parquet"
_MANIFEST: Final = "manifest.json"
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_LETTERS: Final = re.compile("[A-Za-z0-9_]+")
_DAYS: Final = ("period_start", "period_end", "as_of")
# Columns of lists and records, kept as JSON.
_NESTED: Final = ("sources", "candidates", "reason")


class Edition(NamedTuple):
    """An edition that was kept.

    Attributes
    ----------
    name : str
        Its name, which is its folder's.
    as_of : datetime.date
        The day that its records were closed.
    rows : int
        How many incidents it has.
    sha256 : str
        Of its snapshot.
    coverage : Coverage or None
        What its records claim to cover.
    profile : str
        The release profile that says what it may hold; internal where it holds all.
    folder : pathlib.Path
        Where it is kept.
    """

    name: str
    as_of: dt.date
    rows: int
    sha256: str
    coverage: Coverage | None
    profile: str
    folder: Path


class Since(NamedTuple):
    """What changed since the edition before.

    Attributes
    ----------
    before : Edition
        That edition.
    sentences : mapping of str to (str, str)
        By language, the two sentences of :func:`comparison_sentences`.
    """

    before: Edition
    sentences: Mapping[str, tuple[str, str]]


class Comparison(NamedTuple):
    """What differs between two editions.

    Attributes
    ----------
    before, after : Edition
        The two.
    table : geopandas.GeoDataFrame
        What :func:`mali_incidents.counts.changes.compare_located` gives.
    same : int
        How many incidents are in both and differ in nothing that is compared.
    """

    before: Edition
    after: Edition
    table: gpd.GeoDataFrame
    same: int


def keep_edition(
    located: gpd.GeoDataFrame,
    folder: str | Path,
    *,
    as_of: dt.date,
    name: str | None = None,
    coverage: Coverage | None = None,
    profile: str = INTERNAL,
    check: Callable[[Path], object] | None = None,
) -> Edition:
    """Keep a located table as an edition.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    folder : str or pathlib.Path
        The folder of editions; made when missing.
    as_of : datetime.date
        The day that the records were closed: no clock is read.
    name : str, optional
        What to call it: letters, digits, hyphens, underscores; by default the day and, where that
        is not internal, the profile: ``2026-01-31``, ``2026-01-31-public``.
    coverage : Coverage, optional
        What the records claim to cover.
    profile : str
        The name of the release profile that the table was made with. Editions of different
        profiles are not compared.
    check : callable, optional
        Called with the folder of its files before it takes its place: what it raises leaves no
        edition.

    Returns
    -------
    Edition
        The one kept; one of that name, day and profile from which the table differs in nothing
        that is compared, such as its language, is left as it is.

    Raises
    ------
    PublishError
        When the table was not located, the name is none, an edition of that name holds something
        else, or it cannot be written. Whatever was kept before still stands.
    """
    if wrong := why_not_located(located):
        raise PublishError(wrong)
    called = name if name is not None else _name(as_of, profile)
    if not _NAME.fullmatch(called):
        raise PublishError(
            "an edition's name must be letters, digits, hyphens and underscores, at most 64, got "
            f"{called!r}"
        )
    if Path(folder).is_file():
        raise PublishError(_NO_FOLDER.format(folder))
    target = Path(folder) / called
    described = {
        "edition": called,
        "as_of": as_of.isoformat(),
        "profile": profile,
        "rows": describe_rows(located),
        "frame": sorted(set(located["frame"])),
        "coverage": None if coverage is None else _as_json(coverage),
        "versions": versions(),
    }
    kept: list[str] = []

    def write(draft: Path) -> None:
        _write_edition(located, described, kept.append, draft)
        if check is not None:
            check(draft)

    try:
        write_folder(target, write, replace=False)
    except PublishError:
        if not (target / _MANIFEST).is_file():
            raise
        edition = _edition(target)
        same = [edition.sha256] == kept or compare_located(read_edition(edition), located).empty
        if same and (edition.as_of, edition.profile) == (as_of, profile):
            return edition
        raise PublishError(
            f"an edition {called} of {edition.rows} incidents is kept already in {folder}, and it "
            "is not this one: editions are never changed. Give another day or another name."
        ) from None
    return _edition(target)


def read_editions(folder: str | Path) -> list[Edition]:
    """List the editions in a folder.

    Parameters
    ----------
    folder : str or pathlib.Path
        The folder of editions.

    Returns
    -------
    list of Edition
        The oldest first, by day and then by name; none where there is no such folder.

    Raises
    ------
    ReadError
        When a manifest is not one; all of them at once. When the folder is a file.
    """
    root = Path(folder)
    if root.is_file():
        raise ReadError(_NO_FOLDER.format(root))
    there = sorted(root.iterdir()) if root.is_dir() else []
    found = [
        path for path in there if not path.name.startswith(".") and (path / _MANIFEST).is_file()
    ]
    editions, wrong = [], []
    for path in found:
        try:
            editions.append(_edition(path))
        except ReadError as error:
            wrong.append(str(error))
    if wrong:
        raise ReadError("; ".join(wrong))
    return sorted(editions, key=lambda edition: (edition.as_of, edition.name))


def read_edition(edition: Edition) -> gpd.GeoDataFrame:
    """Read the located table that an edition keeps.

    Parameters
    ----------
    edition : Edition
        What :func:`read_editions` or :func:`keep_edition` gives.

    Returns
    -------
    geopandas.GeoDataFrame
        The located table, as it was kept.

    Raises
    ------
    ReadError
        When its file is missing, damaged or not the one that was kept.
    """
    file = edition.folder / _SNAPSHOT
    try:
        whole = sha256_of(file) == edition.sha256
        table = gpd.read_parquet(file) if whole else None
    except (OSError, ValueError, pa.ArrowException) as error:
        raise ReadError(f"cannot read the edition {edition.name}: {error}") from error
    if table is None:
        raise ReadError(
            f"the edition {edition.name} is not as it was kept: {file} has another checksum than "
            f"its {_MANIFEST} says. Take it from a copy."
        )
    readers: dict[str, Callable[[Any], Any]] = {
        "sources": lambda cell: [source for source in map(as_source, cell) if source],
        "candidates": lambda cell: [Candidate(*values) for values in cell],
        "reason": lambda cell: Reason(*cell),
    }
    for name, read in readers.items():
        cells = [read(json.loads(cell)) for cell in table[name]]
        table[name] = pd.Series(cells, index=table.index, dtype="object")
    return as_located(table)


def find_editions(folder: str | Path, names: Iterable[str]) -> list[Edition]:
    """Find editions by their names.

    Parameters
    ----------
    folder : str or pathlib.Path
        The folder of editions.
    names : iterable of str
        Their names.

    Returns
    -------
    list of Edition
        In the order asked for.

    Raises
    ------
    ReadError
        When there is none of a name; it lists those there are.
    """
    kept = {edition.name: edition for edition in read_editions(folder)}
    wanted = list(names)
    if unknown := [name for name in wanted if name not in kept]:
        there = ", ".join(kept) or "none"
        raise ReadError(f"no edition {', '.join(unknown)} in {folder}; there are: {there}")
    return [kept[name] for name in wanted]


def closing_day(given: dt.date | None, *, coverage: Coverage | None) -> dt.date:
    """Give the day that records were closed: the one given, or the coverage's.

    Parameters
    ----------
    given : datetime.date or None
        What a person says.
    coverage : Coverage or None
        What the records claim to cover.

    Returns
    -------
    datetime.date

    Raises
    ------
    PublishError
        When neither says so; today's date would make two runs differ.
    """
    if given is not None:
        return given
    if coverage is None:
        raise PublishError(
            "which day were these records closed? Give it, e.g. --as-of 2026-01-31, or put a "
            "coverage.toml with as_of beside them: no clock is read"
        )
    return coverage.as_of


def compare_editions(before: Edition, after: Edition) -> Comparison:
    """Compare two editions.

    Parameters
    ----------
    before, after : Edition
        The older and the newer.

    Returns
    -------
    Comparison
        ``changes_layer`` draws its table over a map, :func:`comparison_sentences` says it.

    Raises
    ------
    ReadError
        When an edition cannot be read.
    PublishError
        When they are of different profiles, or the second is older than the first.

    Notes
    -----
    Where a profile gives incidents new ids, of their day and unit, one that came between others of
    one day and unit takes the id of the next: it is told as changed, and the last as added.
    """
    if before.profile != after.profile:
        raise PublishError(
            f"the edition {before.name} is of the profile {before.profile}, {after.name} of "
            f"{after.profile}, and what a profile leaves out or makes coarser would be told as "
            "changes: compare two of one profile"
        )
    if after.as_of < before.as_of:
        raise PublishError(
            f"the edition {before.name} is newer than {after.name}: name the older one first"
        )
    table = compare_located(*map(read_edition, (before, after)))
    return Comparison(before, after, table, _same(before, table))


def changes_since(
    located: gpd.GeoDataFrame,
    folder: str | Path,
    *,
    as_of: dt.date,
    profile: str = INTERNAL,
) -> Since | None:
    """Say what changed since the last edition before a day.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        The located table of a new edition.
    folder : str or pathlib.Path
        The folder of editions.
    as_of : datetime.date
        The day of the new edition.
    profile : str
        The name of the release profile it was made with.

    Returns
    -------
    Since or None
        Of the editions of this profile, the last whose day is before; None where there is none, so
        that the same edition, made again, says the same.

    Raises
    ------
    ReadError
        When an edition cannot be read.
    """
    there = [
        edition
        for edition in read_editions(folder)
        if edition.profile == profile and edition.as_of < as_of
    ]
    if not there:
        return None
    before = there[-1]
    table = compare_located(read_edition(before), located)
    same = _same(before, table)
    said = {lang: _sentences(before, table, same, lang=lang) for lang in LANGUAGES}
    return Since(before, said)


def check_apart(folder: str | Path | None, *, out: str | Path, is_replaced: bool) -> None:
    """Refuse a folder of editions that what is written beside them would harm.

    Parameters
    ----------
    folder : str, pathlib.Path or None
        The folder of editions; None where none is to be kept.
    out : str or pathlib.Path
        The folder that is written.
    is_replaced : bool
        Whether that folder is replaced whole, with all that stands in it.

    Raises
    ------
    PublishError
        When editions would go with what is replaced, or what is written would stand among them and
        be taken for one.
    """
    if folder is None:
        return
    kept, written = Path(folder).resolve(), Path(out).resolve()
    if is_replaced and kept.is_relative_to(written):
        raise PublishError(
            f"{written} is replaced whole, and the editions in {kept} would go with what stands "
            "there: keep them in another folder"
        )
    if kept != written and written.is_relative_to(kept):
        raise PublishError(
            f"what is written to {written} would stand among the editions in {kept} and be taken "
            "for one: keep them in a folder of their own"
        )


def begin_edition(
    located: gpd.GeoDataFrame,
    folder: str | Path | None,
    *,
    day: dt.date | None,
    coverage: Coverage | None,
    profile: str,
) -> tuple[Since | None, Callable[..., Edition | None]]:
    """Say what changed since the last edition, and give what keeps the new one when all is well.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        The located table of the new edition.
    folder : str, pathlib.Path or None
        The folder of editions; None where none is to be kept.
    day : datetime.date or None
        The day that its records were closed; the coverage's by default.
    coverage : Coverage or None
        What the records claim to cover.
    profile : str
        The name of the release profile it was made with.

    Returns
    -------
    (Since or None, callable)
        What :func:`changes_since` says, and a function that keeps the edition; it takes ``check``
        as :func:`keep_edition` does, and gives the edition, or None where none is to be kept.

    Raises
    ------
    ReadError
        When an edition cannot be read.
    PublishError
        When the day is not known.
    """
    if folder is None:
        return None, lambda check: None  # noqa: ARG005 -- nothing to keep
    closed = closing_day(day, coverage=coverage)
    since = changes_since(located, folder, as_of=closed, profile=profile)
    keep = partial(keep_edition, located, folder, as_of=closed, coverage=coverage, profile=profile)
    return since, keep


def changes_said(since: Since | None) -> dict[str, str] | None:
    """Give by language what changed since the edition before, as one text."""
    if since is None:
        return None
    return {lang: " ".join(said) for lang, said in since.sentences.items()}


def describe_changes(since: Since | None) -> dict[str, Any] | None:
    """Describe what changed since the edition before, ready for JSON."""
    return None if since is None else {"since": since.before.name, "said": changes_said(since)}


def _same(before: Edition, table: gpd.GeoDataFrame) -> int:
    """Count the incidents of an edition that are as they were."""
    return before.rows - int(table["change"].isin(["changed", "withdrawn"]).sum())


def comparison_sentences(comparison: Comparison, *, lang: str = "en") -> tuple[str, str]:
    """Say what differs between two editions in two sentences.

    Parameters
    ----------
    comparison : Comparison
        What :func:`compare_editions` gives.
    lang : {"en", "fr"}
        The language.

    Returns
    -------
    (str, str)
        How many were added, changed and withdrawn since the older; how many of the changed moved
        and how far, and how many are the same.

    Raises
    ------
    MapError
        When there is no such language.
    """
    read_messages(lang)
    before, _, table, same = comparison
    return _sentences(before, table, same, lang=lang)


def _sentences(
    before: Edition, table: gpd.GeoDataFrame, same: int, *, lang: str
) -> tuple[str, str]:
    """Say what differs from an edition, and what does not."""
    say = partial(message, lang=lang)
    counts = table["change"].value_counts().reindex(CHANGES, fill_value=0)
    said = ", ".join(say(f"edition.{change}", n=int(counts[change])) for change in CHANGES)
    day = day_words(before.as_of, lang=lang)
    if before.name != _name(before.as_of, before.profile):
        day = f"{day} ({before.name})"
    first = say("edition.since", day=day, counts=said if len(table) else say("edition.nothing"))
    rest = say("edition.same", n=same)
    moved = table["moved_m"].dropna()
    # Ids given anew are of a day and a unit: one that was corrected has another.
    if before.profile != INTERNAL and counts["added"] and counts["withdrawn"]:
        return first, say("edition.renumbered", same=rest)
    if moved.empty:
        return first, say("edition.none_moved", same=rest)
    low, high = (_distance(metres, lang) for metres in (moved.min(), moved.max()))
    far = high if low == high else say("edition.range", low=low, high=high)
    key = "edition.moved" if not table["between_areas"].any() else "edition.moved_areas"
    areas = int(table["between_areas"].sum())
    return first, say(key, n=len(moved), far=far, areas=areas, same=rest)


def changes_table(comparison: Comparison) -> pd.DataFrame:
    """Give what differs between two editions as plain values, for a file.

    Parameters
    ----------
    comparison : Comparison
        What :func:`compare_editions` gives.

    Returns
    -------
    pandas.DataFrame
        Columns incident_id, change, columns, moved_m (metres, rounded), between_areas,
        level_before and level_after, a row an incident that differs.
    """
    table = pd.DataFrame(comparison.table).drop(columns=["geometry", "point_before", "point_after"])
    table["moved_m"] = table["moved_m"].round()
    return table


def _name(day: dt.date, profile: str) -> str:
    """Name an edition by its day, and by its profile where that is not all."""
    slug = "" if profile == INTERNAL else "-".join(["", *_LETTERS.findall(profile)])
    return f"{day.isoformat()}{slug}"[:64]


def _distance(metres: float, lang: str) -> str:
    """Write a distance: metres below a kilometre, then kilometres."""
    if metres < 1000:
        return message("distance.m", lang, m=round(metres))
    km = metres / 1000
    return message("ring.km", lang, km=number_words(max(km, 1), lang=lang))


def _write_edition(
    located: gpd.GeoDataFrame,
    described: dict[str, Any],
    tell: Callable[[str], object],
    draft: Path,
) -> None:
    """Write an edition's files and tell the checksum of its snapshot."""
    table = located.reset_index(drop=True)
    for name in _NESTED:
        cells = [json.dumps(cell, ensure_ascii=False, default=str) for cell in table[name]]
        table[name] = pd.Series(cells, dtype="str")
    snapshot = draft / _SNAPSHOT
    table.to_parquet(snapshot, index=False, compression="zstd")
    digest = sha256_of(snapshot)
    tell(digest)
    files = {_SNAPSHOT: {"bytes": snapshot.stat().st_size, "sha256": digest}}
    text = json.dumps({**described, "files": files}, ensure_ascii=False, indent=2, sort_keys=True)
    write_text(draft / _MANIFEST, text + "\n")


def _edition(folder: Path) -> Edition:
    """Read an edition's manifest."""
    file = folder / _MANIFEST
    try:
        said = json.loads(file.read_text("utf-8"))
        return Edition(
            name=folder.name,
            as_of=dt.date.fromisoformat(said["as_of"]),
            rows=int(said["rows"]["read"]),
            sha256=str(said["files"][_SNAPSHOT]["sha256"]),
            coverage=None if said["coverage"] is None else _as_coverage(said["coverage"]),
            profile=str(said.get("profile", INTERNAL)),
            folder=folder,
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(
            f"cannot read the edition {folder.name}: {file} is no manifest of one ({error!r}). "
            "Take it from a copy, or move its folder elsewhere."
        ) from error


def _as_json(coverage: Coverage) -> dict[str, Any]:
    """Give a coverage as JSON can hold it."""
    days = {name: getattr(coverage, name).isoformat() for name in _DAYS}
    return {**coverage._asdict(), "units": list(coverage.units), **days}


def _as_coverage(said: dict[str, Any]) -> Coverage:
    """Read a coverage that :func:`_as_json` gave."""
    days = {name: dt.date.fromisoformat(said[name]) for name in _DAYS}
    return Coverage(**{**said, "units": tuple(said["units"]), **days})
