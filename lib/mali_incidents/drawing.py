"""The job that draws: a file of records becomes a figure, small maps or an atlas."""

import re
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.errors import MapError
from mali_incidents.locating import locate_records
from mali_incidents.maps.atlas import write_atlas
from mali_incidents.maps.figure import incident_figure
from mali_incidents.maps.figure_files import write_figure, wrong_with_file
from mali_incidents.maps.messages import read_messages
from mali_incidents.maps.multiples import incident_multiples

_BY: Final = (None, "month", "year", "event_type", "cercle")
_POINT: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")


class DrawReport(NamedTuple):
    """What drawing a file read, used and left.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        The located table.
    findings : pandas.DataFrame
        What was wrong in the input.
    frame, gazetteer : str
        The names of the units and the places that were used.
    files : tuple of pathlib.Path
        The files written.
    """

    located: gpd.GeoDataFrame
    findings: pd.DataFrame
    frame: str
    gazetteer: str
    files: tuple[Path, ...]


def draw_file(
    records: str | Path | None = None,
    *,
    out: str | Path,
    by: str | None = None,
    between: tuple[str, str] | None = None,
    around: str | None = None,
    radius_km: float = 150,
    way_to: str | None = None,
    title: str | None = None,
    page: str | None = None,
    dpi: float = 200,
    filters: str | None = None,
    notice: str | None = None,
    lang: str = "en",
    dates: str = "iso",
    frame: str | None = None,
    places: str = "all",
    corrections: str | Path | None = None,
) -> DrawReport:
    """Read the records of a file, locate them and draw them on paper.

    Parameters
    ----------
    records : str or pathlib.Path, optional
        A file of incident records; the shipped ones by default. A ``coverage.toml`` beside it
        says what it covers.
    out : str or pathlib.Path
        The file to write: ``.pdf``, ``.svg`` or ``.png``.
    by : {"month", "year", "event_type", "cercle"}, optional
        Small maps by month, year or type, or an atlas by cercle; one map by default.
    between : (first, last), optional
        The first and last month or year of the small maps.
    around : str, optional
        A place, or ``"latitude, longitude"`` in degrees; the whole country by default.
    radius_km : float
        How far round it the map reaches, in kilometres.
    way_to : str, optional
        A place to draw the way to.
    title, filters, notice : str, optional
        The title; what was chosen of the records, in words; a line at the top.
    page : {"a4", "a4-portrait", "slide"}, optional
        The page; A4 by default.
    dpi : float
        Dots per inch of a PNG.
    lang : {"en", "fr"}
        The language.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame, places, corrections
        As :func:`mali_incidents.job.build` takes them.

    Returns
    -------
    DrawReport

    Raises
    ------
    MapError, LocateError
        When something asked for is not one, or does not go together; nothing was written.
    ReadError
        When the records or their coverage cannot be read.
    PublishError
        When a file cannot be written; what stood there before still stands.
    """
    # What cannot be done is refused before any work.
    read_messages(lang)
    wrong = wrong_with_file(out, dpi=dpi)
    wrong += _wrong_with(by, out=out, between=between, around=around, way_to=way_to, page=page)
    if wrong:
        raise MapError("; ".join(wrong))
    read = locate_records(records, dates=dates, frame=frame, places=places, corrections=corrections)
    located = read.located
    band = None if notice is None else {lang: notice}
    common: dict[str, Any] = {"title": title, "coverage": read.coverage, "lang": lang}
    common |= {"frame": read.frame, "filters": filters, "notice": band}
    if by == "cercle":
        files: tuple[Path, ...] = (write_atlas(located, out, **common),)
    else:
        common |= {"around": _spot(around), "radius_km": radius_km, "gazetteer": read.gazetteer}
        common |= {"page": page or "a4"}
        if by is None:
            figure = incident_figure(located, way_to=way_to, **common)
            files = write_figure(figure, out, dpi=dpi)
        else:
            pages = incident_multiples(located, by=by, between=between, **common)  # type: ignore[arg-type]
            files = write_figure(pages, out, dpi=dpi)
    return DrawReport(located, read.findings, read.frame.name, read.gazetteer.name, files)


def _wrong_with(
    by: str | None,
    *,
    out: str | Path,
    between: tuple[str, str] | None,
    around: str | None,
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
                "an atlas by cercle has pages of A4 and a map a cercle: leave out the rest"
            )
    if between is not None and by not in {"month", "year"}:
        wrong.append("a first and last period are for maps by month or year")
    if way_to is not None and by is not None:
        wrong.append("the way to a place is drawn on one map, not on maps by anything")
    return wrong


def _spot(around: str | None) -> str | tuple[float, float] | None:
    """Read a place, or a point in degrees."""
    point = _POINT.fullmatch(around) if around is not None else None
    return (float(point[1]), float(point[2])) if point else around
