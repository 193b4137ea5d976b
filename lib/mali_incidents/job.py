"""The main job: the stages chained, nothing else."""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.counts.units import count_by_unit
from mali_incidents.errors import PublishError
from mali_incidents.locating import locate_records, release_records
from mali_incidents.maps.messages import message, read_messages
from mali_incidents.maps.view import named_points
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.review import rows_for_review
from mali_incidents.publish.editions import (
    Edition,
    Since,
    begin_edition,
    changes_said,
    check_apart,
    describe_changes,
)
from mali_incidents.publish.files import flat_table, write_files, write_table
from mali_incidents.publish.gallery import Exhibit, gallery_page
from mali_incidents.publish.handed import given_records
from mali_incidents.publish.leaks import check_leaks
from mali_incidents.publish.manifest import describe_build, describe_release
from mali_incidents.publish.tallies import last_year
from mali_incidents.records.coverage import Coverage
from mali_incidents.release.prepare import Release
from mali_incidents.release.profiles import read_profile
from mali_incidents.release.suppress import suppress_small
from mali_incidents.storage import whole_folder, write_bytes, write_text
from mali_incidents.tables import as_located

if TYPE_CHECKING:
    from mali_incidents.maps.incident_map import IncidentMap


class BuildReport(NamedTuple):
    """What a build read and left.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        The located table of the edition.
    release : Release
        The edition: what was withheld, and what is said of it.
    findings : pandas.DataFrame
        What was wrong in the input.
    review : pandas.DataFrame
        The rows a person should look at.
    files : tuple of pathlib.Path
        Everything written.
    frame, gazetteer : str
        The units and the gazetteers used.
    edition : Edition or None
        What was kept of it.
    since : Since or None
        What changed since the edition before; None where there is none of its profile.
    """

    located: gpd.GeoDataFrame
    release: Release
    findings: pd.DataFrame
    review: pd.DataFrame
    files: tuple[Path, ...]
    frame: str
    gazetteer: str
    edition: Edition | None
    since: Since | None


def build(
    records: str | Path | None = None,
    *,
    out: str | Path = "out",
    lang: str = "en",
    dates: str = "iso",
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
    notebooks: str | Path | None = None,
    profile: str | Path = "internal",
    as_of: dt.date | None = None,
    editions: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> BuildReport:
    """Read records, locate them, and leave maps, tables and a gallery in a folder.

    The files take their places together when all is done: a build that fails or is stopped leaves
    what stood there.

    Parameters
    ----------
    records : str or pathlib.Path, optional
        A file of incident records; the shipped ones by default. A ``coverage.toml`` beside it
        says what it covers.
    out : str or pathlib.Path
        The folder to write into; other files in it are left alone.
    lang : {"en", "fr"}
        The language of maps and reasons.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame : str, optional
        The units to locate in; the shipped ones of 2017 by default.
    places : {"all", "shipped"}
        The gazetteers to look names up in: those added as well, or what ships alone.
    corrections : str or pathlib.Path, optional
        A file of corrections; ``corrections.csv`` beside the records, if there is one, by default.
    notebooks : str or pathlib.Path, optional
        A folder of notebooks to execute as well; they read records, so that an edition without a
        row has none.
    profile : str or pathlib.Path
        What the edition may hold: ``"internal"`` (all, and the files say so), ``"partner"``,
        ``"public"``, or a file as ``read_profile`` reads it. It is applied before anything is
        counted, drawn or written.
    as_of : datetime.date, optional
        The day of the edition; that of the coverage by default, else the last day of the records.
    editions : str or pathlib.Path, optional
        A folder of editions: what is given is kept there as one, and the pages and the manifest say
        what changed since the last one of an earlier day and the same profile.
    progress : callable, optional
        Called with the name of each stage as it begins: read, locate, release, maps, tables,
        notebooks, gallery, leaks.

    Returns
    -------
    BuildReport

    Raises
    ------
    MapError, LocateError
        When there is no such language, frame or gazetteer, a correction cannot be used, or the
        coverage is of another frame; nothing was written.
    ReadError
        When the records, their coverage or an edition that was kept cannot be read.
    ReleaseError
        When the profile cannot be used, or what it withholds stands in a file that was written;
        what stood there before still stands.
    PublishError
        When a notebook fails, a file cannot be written, an edition is to be kept and its day is not
        known, or another one is kept under its name; what stood there before still stands.
    """
    # An unknown language is refused before any work.
    read_messages(lang)
    rules = read_profile(profile)
    begin = progress or (lambda _: None)
    folder = _folder(out)
    check_apart(editions, out=folder, is_replaced=False)
    read = locate_records(
        records,
        dates=dates,
        frame=frame,
        places=places,
        corrections=corrections,
        progress=begin,
    )
    located, coverage, units = read.located, read.coverage, read.frame
    begin("release")
    release = release_records(read, rules, as_of=as_of, lang=lang)
    given = release.located
    since, keep = begin_edition(
        given,
        editions,
        day=as_of,
        coverage=coverage,
        profile=rules.series,
    )
    changes = changes_said(since)
    # What is to be looked at again is told by the records as they were; that of all says so.
    whole = rules.working_files and not rules.keeps_all
    review = rows_for_review(located if whole else given, lang=lang)
    # A manifest says that the folder is whole, and what is in it.
    with whole_folder(folder, last=("manifest.json", "index.html")) as draft:
        begin("maps")
        maps = _maps(release, coverage, lang, units, changes)
        written = _save(maps, draft)
        begin("tables")
        written += write_files(given, draft, lang=lang)
        written += _tables(release, read.findings, review, draft, units=units, lang=lang)
        listed = sorted(path for path in written if path.suffix != ".html")
        executed: list[Path] = []
        if notebooks is not None and len(given):
            begin("notebooks")
            # Imported where it is needed: its libraries take a second to load.
            from mali_incidents.publish.notebooks import run_notebooks  # noqa: PLC0415

            with given_records(release, read.file, coverage, frame=units) as handed:
                pages, papers, made = run_notebooks(
                    notebooks,
                    draft,
                    records=handed.records,
                    dates=dates if rules.keeps_all else "iso",
                    frame=frame,
                    places=places,
                    corrections=read.corrections if rules.keeps_all else handed.corrections,
                    notice=release.notice,
                )
            executed += [*pages, *papers]
            written += [*executed, *made]
        begin("gallery")
        manifest = describe_build(
            given,
            # A file's name, or a checksum of a short one, may tell what was withheld.
            inputs=read.inputs if rules.keeps_all else [],
            findings=read.findings if rules.keeps_all else _found_in(read.findings, release),
            for_review=len(review),
            gazetteers=read.gazetteer.sources,
            coverage=coverage,
            out=draft,
            written=written,
        )
        manifest["release"] = describe_release(release)
        manifest["changes"] = describe_changes(since)
        page = _gallery(
            maps,
            release,
            manifest,
            coverage=coverage,
            notebooks=[path.relative_to(draft).as_posix() for path in executed],
            files=[*(path.relative_to(draft).as_posix() for path in listed), "manifest.json"],
            changes="" if changes is None else changes[lang],
            lang=lang,
        )
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
        written.append(write_text(draft / "manifest.json", text + "\n"))
        written.append(write_text(draft / "index.html", page))
        check = None
        if not rules.keeps_all:
            begin("leaks")
            shown = [spot for drawn in maps.values() for spot in named_points(drawn.view)]
            check = partial(
                check_leaks, original=located, release=release, frame=units, shown=shown
            )
            check(draft)
        # Last, so that what cannot be given leaves no edition.
        edition = keep(check=check)
    files = tuple(folder / path.relative_to(draft) for path in written)
    return BuildReport(
        given,
        release,
        read.findings,
        review,
        files,
        units.name,
        read.gazetteer.name,
        edition,
        since,
    )


def _folder(out: str | Path) -> Path:
    """Give the folder to write into, in full."""
    folder = Path(out).resolve()
    if folder.exists() and not folder.is_dir():
        raise PublishError(f"cannot write into {folder}: it is a file; choose a folder")
    return folder


def _gallery(
    maps: "dict[str, IncidentMap]",
    release: Release,
    manifest: dict[str, Any],
    *,
    coverage: Coverage | None,
    notebooks: list[str],
    files: list[str],
    changes: str,
    lang: str,
) -> str:
    """Write the first page."""
    return gallery_page(
        [
            Exhibit(name, drawn.title, drawn.subtitle, drawn.alt_text, drawn.thumbnail())
            for name, drawn in maps.items()
        ],
        notebooks=notebooks,
        files=files,
        manifest=manifest,
        title=coverage.title[lang] if coverage else message("title.whole", lang),
        lead=coverage.selection[lang] if coverage else "",
        notice=release.notice[lang],
        statement=release.statement[lang],
        changes=changes,
        lang=lang,
    )


def _save(maps: "dict[str, IncidentMap]", folder: Path) -> list[Path]:
    """Write maps and their pictures."""
    written = [folder / name for name in maps]
    for path, drawn in zip(written, maps.values(), strict=True):
        drawn.save(path)
    for name, drawn in maps.items():
        picture = folder / "pictures" / Path(name).with_suffix(".png")
        written.append(write_bytes(picture, drawn.picture()))
    return written


def _tables(
    release: Release,
    findings: pd.DataFrame,
    review: pd.DataFrame,
    folder: Path,
    *,
    units: AdminFrame,
    lang: str,
) -> list[Path]:
    """Write what was found in the records, for those who work on them, and what is only counted."""
    tables = {}
    if release.profile.working_files:
        tables = {"findings.csv": findings, "review.csv": flat_table(review, lang=lang)}
    if len(release.counted):
        tables["counts.csv"] = _counts(release, units)
    return [write_table(table, folder / name) for name, table in tables.items()]


def _found_in(findings: pd.DataFrame, release: Release) -> pd.DataFrame:
    """Give what was found in the rows of an edition: a count of others would be of what is held."""
    return findings[findings["incident_id"].isin([*release.ids])]


def _counts(release: Release, units: AdminFrame) -> pd.DataFrame:
    """Count what is given together with what may only be counted, small counts left out."""
    level: Literal["region", "cercle"] = "cercle" if "cercle" in units.levels else "region"
    both = as_located(pd.concat([release.located, release.counted], ignore_index=True))
    table = count_by_unit(both, level=level, frame=units)
    given = count_by_unit(release.located, level=level, frame=units)
    # Those located nowhere have no id, in both tables.
    given = given.set_index("unit_id").reindex(table["unit_id"]).reset_index()
    regions = table["unit_id"].map(
        lambda unit: next(iter(units.chain(unit)), None) if isinstance(unit, str) else None
    )
    small = suppress_small(
        table.assign(region=regions),
        smallest=release.profile.smallest_count,
        parts=("attacks", "toll_unknown"),
        within="region",
        unknown="toll_unknown",
        published=given,
    )
    # A row that is there only because of what is left out would tell of it.
    untold = small["incidents"].isna() & given["incidents"].isna() & (small["level"] != level)
    return small[~untold].drop(columns=["region", "covered"])


def _maps(
    release: Release,
    coverage: Coverage | None,
    lang: str,
    frame: AdminFrame,
    changes: Mapping[str, str] | None,
) -> "dict[str, IncidentMap]":
    """Draw the three maps by the names of their files."""
    # Imported where it is needed: what only locates need not load what draws.
    from mali_incidents.maps.incident_map import incident_map  # noqa: PLC0415

    draw = partial(
        incident_map,
        release.located,
        coverage=coverage,
        lang=lang,
        frame=frame,
        notice=release.notice,
        note=changes,
    )
    year = last_year(release.located, as_of=release.as_of)
    return {
        "mali.html": draw(),
        "bamako.html": draw(around="Bamako", radius_km=150, opens_with=year),
        "narena.html": draw(around="Narena", radius_km=60, way_to="Bamako"),
    }
