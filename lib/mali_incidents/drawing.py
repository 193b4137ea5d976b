"""The job that draws: a file of records becomes a figure, small maps or an atlas."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from mali_incidents.errors import MapError
from mali_incidents.locating import LocatedRecords, locate_records, release_records
from mali_incidents.maps.atlas import write_atlas
from mali_incidents.maps.figure import asked_view, incident_figure
from mali_incidents.maps.figure_files import write_figure, wrong_with_file
from mali_incidents.maps.messages import read_messages
from mali_incidents.maps.multiples import incident_multiples, wrong_with_between
from mali_incidents.maps.paper import PAGES
from mali_incidents.maps.view import named_points
from mali_incidents.publish.leaks import check_leaks
from mali_incidents.release.prepare import Release
from mali_incidents.release.profiles import read_profile
from mali_incidents.storage import whole_folder

_BY: Final = (None, "month", "year", "event_type", "cercle")
_RADIUS_KM: Final = 150
_POINT: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")


class DrawReport(NamedTuple):
    """What drawing a file read and left.

    Attributes
    ----------
    read : LocatedRecords
        The records and what was used to locate them.
    release : Release
        What of it was given.
    files : tuple of pathlib.Path
        The files written.
    """

    read: LocatedRecords
    release: Release
    files: tuple[Path, ...]


def draw_file(
    records: str | Path | None = None,
    *,
    out: str | Path,
    profile: str | Path = "internal",
    by: str | None = None,
    between: tuple[str, str] | None = None,
    around: str | None = None,
    radius_km: float = _RADIUS_KM,
    way_to: str | None = None,
    title: str | None = None,
    page: str | None = None,
    dpi: float = 200,
    filters: str | None = None,
    lang: str = "en",
    as_of: dt.date | None = None,
    dates: str = "iso",
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
    progress: Callable[[str], None] | None = None,
) -> DrawReport:
    """Read the records of a file, locate them, make an edition of them and draw it on paper.

    Parameters
    ----------
    records : str or pathlib.Path, optional
        A file of incident records; the shipped ones by default. A ``coverage.toml`` beside it
        says what it covers.
    out : str or pathlib.Path
        The file to write: ``.pdf``, ``.svg`` or ``.png``.
    profile : str or pathlib.Path
        What may leave the house: internal, partner, public, or a TOML file like theirs. It is
        applied before anything is drawn, and its notice stands at the top of every page.
    by : {"month", "year", "event_type", "cercle"}, optional
        Small maps by month, year or type, or an atlas by cercle; one map by default.
    between : (first, last), optional
        The first and last month (``"2025-01"``) or year (``"2025"``) of the small maps.
    around : str, optional
        A place, or ``"latitude, longitude"`` in degrees; the whole country by default.
    radius_km : float
        How far round it the map reaches, in kilometres.
    way_to : str, optional
        A place to draw the way to.
    title, filters : str, optional
        The title; what was chosen of the records, in words.
    page : {"a4", "a4-portrait", "slide"}, optional
        The page; A4 by default.
    dpi : float
        Dots per inch of a PNG.
    lang : {"en", "fr"}
        The language.
    as_of : datetime.date, optional
        The day of the edition; the coverage's, or the newest of the records, by default.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame, places, corrections
        As :func:`mali_incidents.job.build` takes them.
    progress : callable, optional
        Called with the name of each step as it begins: read, release, draw, and leaks where
        anything is withheld.

    Returns
    -------
    DrawReport

    Raises
    ------
    MapError, LocateError
        When something asked for is not one, or does not go together; nothing was written.
    ReadError
        When the records or their coverage cannot be read.
    ReleaseError
        When the profile cannot be used, or what it withholds stands in a file that was drawn; what
        stood there before still stands.
    PublishError
        When a file cannot be written; what stood there before still stands.
    """
    # What cannot be done is refused before any work.
    read_messages(lang)
    rules = read_profile(profile)
    wrong = wrong_with_file(out, dpi=dpi)
    wrong += _wrong_with(
        by, out=out, between=between, around=around, radius_km=radius_km, way_to=way_to, page=page
    )
    if wrong:
        raise MapError("; ".join(wrong))
    begin = progress or (lambda _: None)
    target = Path(out)
    # A folder that cannot be written into is refused before any work, too.
    with whole_folder(target.parent, last=()) as draft:
        begin("read")
        read = locate_records(
            records, dates=dates, frame=frame, places=places, corrections=corrections
        )
        begin("release")
        release = release_records(read, rules, as_of=as_of, lang=lang)
        begin("draw")
        spot = _spot(around)
        view, _ = asked_view(
            release.located,
            around=spot,
            radius_km=radius_km,
            rings_km=None,
            way_to=way_to,
            coverage=read.coverage,
            lang=lang,
            frame=read.frame,
            gazetteer=read.gazetteer,
        )
        common: dict[str, Any] = {"title": title, "coverage": read.coverage, "lang": lang}
        common |= {"frame": read.frame, "filters": filters, "notice": release.notice}
        place = draft / target.name
        if by == "cercle":
            files: tuple[Path, ...] = (write_atlas(release.located, place, **common),)
        else:
            common |= {"around": spot, "radius_km": radius_km, "gazetteer": read.gazetteer}
            common |= {"page": page or "a4"}
            drawn: Any = (
                incident_figure(release.located, way_to=way_to, **common)
                if by is None
                else incident_multiples(release.located, by=by, between=between, **common)  # type: ignore[arg-type]
            )
            files = write_figure(drawn, place, dpi=dpi)
        if not rules.keeps_all:
            begin("leaks")
            check_leaks(
                draft,
                original=read.located,
                release=release,
                frame=read.frame,
                shown=named_points(view),
            )
    return DrawReport(read, release, tuple(target.with_name(one.name) for one in files))


def _wrong_with(
    by: str | None,
    *,
    out: str | Path,
    between: tuple[str, str] | None,
    around: str | None,
    radius_km: float,
    way_to: str | None,
    page: str | None,
) -> list[str]:
    """Say what does not go together, all at once."""
    wrong: list[str] = []
    if by not in _BY:
        named = ", ".join(one for one in _BY if one)
        wrong.append(f"by must be one of {named}, got {by!r}")
    if by == "cercle":
        if Path(out).suffix.lower() != ".pdf":
            wrong.append(f"an atlas by cercle is written as .pdf, got {Path(out).name!r}")
        if around is not None or page not in {None, "a4-portrait"}:
            wrong.append(
                "an atlas by cercle has upright pages of A4 and a map of each cercle: leave out "
                "around and page"
            )
    if between is not None:
        wrong += wrong_with_between(between, by=by)
    if page is not None and page not in PAGES:
        wrong.append(f"page must be one of {', '.join(PAGES)}, got {page!r}")
    if way_to is not None and by is not None:
        wrong.append("the way to a place is drawn on one map, not on maps by anything")
    elif way_to is not None and around is None:
        wrong.append(f"the way to {way_to!r} needs a start: give around as well")
    if radius_km != _RADIUS_KM and around is None:
        wrong.append("a radius is how far a map reaches round a place: give around as well")
    return wrong


def _spot(around: str | None) -> str | tuple[float, float] | None:
    """Read a place, or a point in degrees."""
    point = _POINT.fullmatch(around) if around is not None else None
    return (float(point[1]), float(point[2])) if point else around
