"""The smaller jobs: locate a file or a few words, and list what a person should settle."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.errors import LocateError, PublishError, ReleaseError
from mali_incidents.maps.messages import LANGUAGES, read_messages
from mali_incidents.maps.view import View, named_points
from mali_incidents.places.corrections import (
    Key,
    corrections_beside,
    corrections_for,
    key_of,
    read_corrections,
)
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.places.locate import locate_incidents, where
from mali_incidents.places.precision import check_scheme
from mali_incidents.places.review import rows_for_review
from mali_incidents.publish.editions import (
    Comparison,
    closing_day,
    comparison_sentences,
    read_edition,
)
from mali_incidents.publish.files import check_ending, write_located
from mali_incidents.publish.leaks import check_leaks
from mali_incidents.publish.manifest import describe_release
from mali_incidents.records.coverage import Coverage, coverage_beside
from mali_incidents.records.read import read_incidents
from mali_incidents.release.prepare import Release, prepare_release
from mali_incidents.release.profiles import INTERNAL, Profile, read_profile
from mali_incidents.storage import shipped
from mali_incidents.tables import INCIDENTS, Candidate, as_located

if TYPE_CHECKING:
    from mali_incidents.publish.report import Report

# A map of one answer reaches so many of its radii, and never less than so far.
_ROOM: Final = 1.6
_NEAREST_KM: Final = 15.0


class LocateReport(NamedTuple):
    """What locating a file read, used and left.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        The located table.
    findings : pandas.DataFrame
        What was wrong in the input.
    frame, gazetteer : str
        The names of the units and the places that were used.
    file : pathlib.Path
        The file written.
    """

    located: gpd.GeoDataFrame
    findings: pd.DataFrame
    frame: str
    gazetteer: str
    file: Path


def locate_file(
    records: str | Path,
    *,
    out: str | Path,
    columns: Mapping[str, str | None] | None = None,
    names_only: bool = False,
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
    codes: str | None = None,
    lang: str = "en",
    dates: str = "iso",
) -> LocateReport:
    """Locate the records of a file and write them with where, how sure, and why.

    Parameters
    ----------
    records : str or pathlib.Path
        A file that :func:`read_incidents` reads.
    out : str or pathlib.Path
        The file to write: ``.csv``, ``.geojson``, ``.gpkg`` or ``.parquet``.
    columns : mapping of str to str or None, optional
        Which column of the file to read for which of the incident table; None leaves one out.
    names_only : bool
        Whether to locate by names only; the file's coordinates stay in the output.
    frame : str, optional
        The units to locate in; the shipped ones of 2017 by default.
    places : {"all", "shipped"}
        The gazetteers to look names up in.
    corrections : str or pathlib.Path, optional
        A file of corrections; ``corrections.csv`` beside the records, if there is one, by default.
    codes : {"ucdp", "acled"}, optional
        Whose precision codes to add.
    lang : {"en", "fr"}
        The language of the reasons.
    dates : {"iso", "day-first"}
        How the records write dates.

    Returns
    -------
    LocateReport

    Raises
    ------
    MapError, LocateError
        When there is no such language, frame, gazetteer or scheme of codes.
    PublishError
        When ``out`` has another ending, is one of the files read, or cannot be written.
    ReadError
        When the records cannot be read.
    """
    # What cannot be done is refused before any work.
    check_ending(out)
    check_scheme(codes)
    read_messages(lang)
    units = read_frame(frame) if frame else read_frame()
    gazetteer = read_gazetteer(places, frame=units)
    corrected = corrections_for(records, corrections)
    if Path(out).resolve() in {Path(read).resolve() for read in (records, corrected or records)}:
        raise PublishError(f"cannot write {out}: it is read from; choose another name")
    known = read_corrections(corrected, frame=units) if corrected else {}
    incidents, findings = read_incidents(records, dates=dates, columns=columns)
    degrees = ["latitude", "longitude"]
    asked = incidents.assign(latitude=None, longitude=None) if names_only else incidents
    located = locate_incidents(asked, frame=units, gazetteer=gazetteer, corrections=known)
    located[degrees] = incidents[degrees]
    file = write_located(located, out, lang=lang, codes=codes)
    return LocateReport(located, findings, units.name, gazetteer.name, file)


class LocatedRecords(NamedTuple):
    """A file of records, located, and what was read and used for it.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        The located table.
    findings : pandas.DataFrame
        What was wrong in the input.
    coverage : Coverage or None
        What the records claim to cover, where a ``coverage.toml`` beside them says so.
    frame : AdminFrame
        The units they were located in.
    gazetteer : Gazetteer
        The places that were used.
    corrections : pathlib.Path or None
        The file of corrections that was applied.
    file : pathlib.Path
        The file of records.
    inputs : tuple of pathlib.Path
        All the files that were read.
    """

    located: gpd.GeoDataFrame
    findings: pd.DataFrame
    coverage: Coverage | None
    frame: AdminFrame
    gazetteer: Gazetteer
    corrections: Path | None
    file: Path
    inputs: tuple[Path, ...]


def locate_records(
    records: str | Path | None = None,
    *,
    dates: str = "iso",
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> LocatedRecords:
    """Read a file of records with all that stands beside it, and locate them.

    Parameters
    ----------
    records : str or pathlib.Path, optional
        A file of incident records; the shipped ones by default.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame : str, optional
        The units to locate in; the shipped ones of 2017 by default.
    places : {"all", "shipped"}
        The gazetteers to look names up in.
    corrections : str or pathlib.Path, optional
        A file of corrections; ``corrections.csv`` beside the records, if there is one, by default.
    progress : callable, optional
        Called with the name of each step as it begins: read, locate.

    Returns
    -------
    LocatedRecords

    Raises
    ------
    LocateError
        When there is no such frame or gazetteer, a correction cannot be used, or the coverage is
        of another frame.
    ReadError
        When the records or their coverage cannot be read.
    """
    file = Path(records) if records is not None else shipped("incidents", "incidents.csv")
    units = read_frame(frame) if frame else read_frame()
    gazetteer = read_gazetteer(places, frame=units)
    corrected = corrections_for(file, corrections)
    known = read_corrections(corrected, frame=units) if corrected else {}
    coverage = coverage_beside(file)
    _check_coverage(coverage, records=file, frame=units)
    begin = progress or (lambda _: None)
    begin("read")
    incidents, findings = read_incidents(file, dates=dates)
    begin("locate")
    located = locate_incidents(incidents, frame=units, gazetteer=gazetteer, corrections=known)
    beside = [file.with_name("coverage.toml")] if coverage else []
    applied = Path(corrected) if corrected else None
    inputs = (file, *beside, *filter(None, [applied]))
    return LocatedRecords(located, findings, coverage, units, gazetteer, applied, file, inputs)


def release_records(
    read: LocatedRecords, profile: Profile, *, as_of: dt.date | None, lang: str
) -> Release:
    """Make an edition of the records that :func:`locate_records` gave, with what located them.

    Parameters
    ----------
    read : LocatedRecords
        The records and what was used to locate them.
    profile, as_of, lang
        As :func:`mali_incidents.release.prepare.prepare_release` takes them.

    Returns
    -------
    Release

    Raises
    ------
    ReleaseError
        As there; and when the profile has an embargo and nobody said what day it is counted from.
    """
    if profile.embargo_days and as_of is None and read.coverage is None:
        raise ReleaseError(
            f"the profile {profile.name} holds back what is less than {profile.embargo_days} days "
            "old, and nothing says what day that is counted from: one date typed wrong in the "
            "records would lift it. Give the day of the edition, e.g. --as-of 2026-01-31, or put a "
            "coverage.toml with as_of beside the records"
        )
    return prepare_release(
        read.located,
        profile,
        as_of=as_of,
        frame=read.frame,
        coverage=read.coverage,
        gazetteer=read.gazetteer,
        lang=lang,
    )


def _check_coverage(coverage: Coverage | None, *, records: Path, frame: AdminFrame) -> None:
    """Refuse a coverage that names other units than those the records are located in."""
    if coverage is not None and coverage.frame != frame.name:
        raise LocateError(
            f"the coverage.toml beside {records} names units of {coverage.frame}, and the records "
            f"are to be located in those of {frame.name}: name its units there, or use the frame "
            f"{coverage.frame}"
        )


def locate_words(
    text: str,
    *,
    units: Mapping[str, str | None],
    frame: str | None = None,
    places: str = "all",
    lang: str = "en",
    map_file: str | Path | None = None,
) -> gpd.GeoDataFrame:
    """Locate what a report says of a place, and draw it if asked.

    Parameters
    ----------
    text : str
        A place in words.
    units : mapping of str to str or None
        ``admin1``, ``admin2`` and ``admin3``, where they are known.
    frame : str, optional
        The units to locate in; the shipped ones of 2017 by default.
    places : {"all", "shipped"}
        The gazetteers to look names up in.
    lang : {"en", "fr"}
        The language of the map.
    map_file : str or pathlib.Path, optional
        An HTML file to draw the answer into.

    Returns
    -------
    geopandas.GeoDataFrame
        What :func:`mali_incidents.places.locate.where` gives.

    Raises
    ------
    MapError, LocateError
        When there is no such language, frame or gazetteer.
    PublishError
        When the map is not to be an HTML file, or cannot be written.
    """
    read_messages(lang)
    if map_file is not None and Path(map_file).suffix.lower() not in {".html", ".htm"}:
        raise PublishError(
            f"the map is written as a page for a browser: its file must end in .html, "
            f"got {str(map_file)!r}"
        )
    known = read_frame(frame) if frame else read_frame()
    gazetteer = read_gazetteer(places, frame=known)
    found = where(text, **units, frame=known, gazetteer=gazetteer)
    if map_file is not None:
        # Imported where it is needed: its libraries take a second to load.
        from mali_incidents.maps.incident_map import incident_map  # noqa: PLC0415

        ids = [f"answer-{number}" for number in range(1, len(found) + 1)]
        rows = pd.DataFrame({"incident_id": ids, "sources": [[] for _ in ids], **units})
        rows = rows.reindex(columns=list(INCIDENTS.columns)).assign(location_text=text)
        rows = INCIDENTS.validate(rows.astype("object"))
        table = pd.concat([rows, found.drop(columns="location_text")], axis=1)
        main = found.iloc[0]
        framing: dict[str, Any] = {}
        if main.geometry is not None:
            # The ring that holds all that may be meant, and room round it.
            km = ceil(main["uncertainty_m"] / 100) / 10
            framing = {"around": (main.geometry.y, main.geometry.x), "rings_km": (km,)}
            framing["radius_km"] = max(ceil(_ROOM * km), _NEAREST_KM)
        drawn = incident_map(as_located(table), frame=known, title=text, lang=lang, **framing)
        drawn.save(map_file)
    return found


class OpenQuestion(NamedTuple):
    """A place of a file of records that a person should settle.

    Attributes
    ----------
    key : tuple of str
        The text and the units as the records write them.
    text : str
        The place, as a reader would write it.
    rows : int
        How many records name it so.
    why : str
        What is open.
    candidates : tuple of Candidate
        What it may mean, best first.
    """

    key: Key
    text: str
    rows: int
    why: str
    candidates: tuple[Candidate, ...]

    @property
    def can_be_kept(self) -> bool:
        """Whether an answer can be kept: corrections are known by the words they are for."""
        return any(key_of(*self.key))


def open_questions(
    records: str | Path,
    *,
    corrections: str | Path | None = None,
    frame: str | None = None,
    places: str = "all",
    lang: str = "en",
    dates: str = "iso",
) -> list[OpenQuestion]:
    """List the places of a file of records that a person should settle.

    Parameters
    ----------
    records : str or pathlib.Path
        A file of records.
    corrections : str or pathlib.Path, optional
        A file of corrections, perhaps one still to be made; ``corrections.csv`` beside the records
        by default. What it settles is not open.
    frame : str, optional
        The units to locate in.
    places : {"all", "shipped"}
        The gazetteers to look names up in.
    lang : {"en", "fr"}
        The language of what is open.
    dates : {"iso", "day-first"}
        How the records write dates.

    Returns
    -------
    list of OpenQuestion
        Each distinct place once, in the order of the records; texts that one correction would
        settle are one.

    Raises
    ------
    MapError, LocateError
        When there is no such language, frame or gazetteer, or a correction cannot be used.
    ReadError
        When the records cannot be read.
    """
    read_messages(lang)
    units = read_frame(frame) if frame else read_frame()
    file = Path(corrections) if corrections is not None else corrections_beside(records)
    located = locate_incidents(
        read_incidents(records, dates=dates)[0],
        frame=units,
        gazetteer=read_gazetteer(places, frame=units),
        corrections=read_corrections(file, frame=units) if file.exists() else {},
    )
    columns = ["location_text", "admin1", "admin2", "admin3"]
    review = rows_for_review(located, lang=lang)
    review = review.fillna(dict.fromkeys(columns, ""))
    keys = [key_of(*row) for row in review[columns].itertuples(index=False, name=None)]
    questions = []
    for _, rows in review.groupby(pd.Index(keys, tupleize_cols=False), sort=False):
        first = rows.iloc[0]
        text, admin1, admin2, admin3 = (str(first[column]) for column in columns)
        said = ", ".join(dict.fromkeys(filter(None, (text, admin3, admin2, admin1))))
        key = (text, admin1, admin2, admin3)
        questions.append(
            OpenQuestion(key, said, len(rows), first["review_why"], tuple(first["candidates"]))
        )
    return questions


def draw_changes(comparison: Comparison, file: str | Path, *, lang: str = "en") -> None:
    """Draw what changed between two editions over the map of the newer one.

    Parameters
    ----------
    comparison : Comparison
        What ``compare_editions`` gives.
    file : str or pathlib.Path
        The HTML file to write.
    lang : {"en", "fr"}
        The language of the map.

    Raises
    ------
    ReadError
        When the newer edition cannot be read.
    PublishError
        When the file cannot be written.
    """
    # Imported where it is needed: what only locates need not load what draws.
    from mali_incidents.maps.changes import changes_layer  # noqa: PLC0415
    from mali_incidents.maps.incident_map import incident_map  # noqa: PLC0415

    located = read_edition(comparison.after)
    frames = sorted(set(located["frame"]))
    frame = read_frame(frames[0]) if frames else read_frame()
    titles = {
        one: comparison_sentences(comparison, lang=one)[0].removesuffix(".") for one in LANGUAGES
    }
    edition = comparison.after
    notice = None
    # What may not be passed on says so.
    if edition.profile == INTERNAL:
        notice = prepare_release(
            located, INTERNAL, as_of=edition.as_of, frame=frame, coverage=edition.coverage
        ).notice
    drawn = incident_map(
        located,
        title=titles,
        coverage=edition.coverage,
        lang=lang,
        notice=notice,
        frame=frame,
    )
    layer = changes_layer(comparison.table, since=comparison.before.as_of, lang=lang)
    layer.add_to(drawn)
    drawn.save(file)


class ReportReport(NamedTuple):
    """What a report read and left.

    Attributes
    ----------
    read : LocatedRecords
        The records and what was used to locate them.
    release : Release
        What of it was given.
    report : Report
        The pack.
    """

    read: LocatedRecords
    release: Release
    report: "Report"


def report_records(
    records: str | Path | None = None,
    *,
    out: str | Path,
    profile: str | Path = "internal",
    lang: str = "en",
    title: str | None = None,
    around: str | None = None,
    radius_km: float = 150,
    as_of: dt.date | None = None,
    template: str | Path | None = None,
    editions: str | Path | None = None,
    dates: str = "iso",
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> ReportReport:
    """Read records, locate them, and write a report pack.

    Parameters
    ----------
    records : str or pathlib.Path, optional
        A file of incident records; the shipped ones by default. A ``coverage.toml`` beside it
        says what it covers.
    out : str or pathlib.Path
        The folder of the pack, which is replaced whole.
    profile : str or pathlib.Path
        What may leave the house: internal, partner, public, or a TOML file like theirs.
    lang : {"en", "fr"}
        The language of all of it.
    title : str, optional
        The title; the coverage's by default.
    around : str, optional
        A place for a second map, with what lies within distances of it.
    radius_km : float
        How far that map reaches, in kilometres.
    as_of : datetime.date, optional
        The day of the edition; the coverage's, or the newest of the records, by default.
    template : str or pathlib.Path, optional
        A house's own DOCX.
    editions : str or pathlib.Path, optional
        A folder of editions: what is given is kept there as one, and the pack says what changed
        since the last one of an earlier day and the same profile.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame : str, optional
        The units to locate in; the shipped ones of 2017 by default.
    places : {"all", "shipped"}
        The gazetteers to look names up in.
    corrections : str or pathlib.Path, optional
        A file of corrections; ``corrections.csv`` beside the records, if there is one, by default.
    progress : callable, optional
        Called with the name of each step as it begins: read, locate, release, then those of
        ``write_report``.

    Returns
    -------
    ReportReport

    Raises
    ------
    MapError, LocateError
        When there is no such language, frame, gazetteer or place, or the units do not agree.
    ReadError
        When the records or their coverage cannot be read.
    ReleaseError
        When the profile cannot be used, or what it withholds stands in a file of the pack; what
        stood there before still stands.
    PublishError
        When the pack cannot be written, or an edition not kept; what stood there before still
        stands.
    """
    # Imported where it is needed: what only locates need not load what draws.
    from mali_incidents.publish.report import check_report, write_report  # noqa: PLC0415

    # What cannot be done is refused before any work.
    check_report(out, lang=lang, template=template, editions=editions)
    rules = read_profile(profile)
    begin = progress or (lambda _: None)
    read = locate_records(
        records,
        dates=dates,
        frame=frame,
        places=places,
        corrections=corrections,
        progress=begin,
    )
    if editions is not None:
        closing_day(as_of, coverage=read.coverage)
    begin("release")
    release = release_records(read, rules, as_of=as_of, lang=lang)

    def check(draft: Path, views: Sequence[View]) -> None:
        check_leaks(
            draft,
            original=read.located,
            release=release,
            frame=read.frame,
            shown=[point for view in views for point in named_points(view)],
        )

    report = write_report(
        release.located,
        out,
        lang=lang,
        title=title,
        coverage=read.coverage,
        around=around,
        radius_km=radius_km,
        as_of=release.as_of,
        notice=release.notice,
        statement=release.statement,
        template=template,
        frame=read.frame,
        gazetteer=read.gazetteer,
        # A file's name, or a checksum of a short one, may tell what was withheld.
        inputs=read.inputs if rules.keeps_all else (),
        release=describe_release(release),
        editions=editions,
        profile=rules.series,
        check=None if rules.keeps_all else check,
        progress=progress,
    )
    return ReportReport(read, release, report)
