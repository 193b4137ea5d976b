"""The report pack: map, figures, Word document, data, manifest and checksums, as folder and zip."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import geopandas as gpd

from mali_incidents.errors import PublishError
from mali_incidents.maps.figure import Drawing, cut_out, draw_figure, figure_png
from mali_incidents.maps.figure_files import write_figure
from mali_incidents.maps.incident_map import IncidentMap, incident_map
from mali_incidents.maps.messages import message, read_messages
from mali_incidents.maps.paper import Paper, paper_of
from mali_incidents.maps.summary import summarize
from mali_incidents.maps.view import View
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.publish.archives import zip_archive
from mali_incidents.publish.brief import Facts, Plate, write_brief
from mali_incidents.publish.document import start_document
from mali_incidents.publish.editions import (
    Edition,
    Since,
    begin_edition,
    changes_said,
    check_apart,
    describe_changes,
)
from mali_incidents.publish.files import write_annex
from mali_incidents.publish.manifest import (
    describe_coverage,
    describe_files,
    describe_rows,
    versions,
)
from mali_incidents.records.coverage import Coverage
from mali_incidents.release.profiles import INTERNAL
from mali_incidents.storage import sha256_of, write_folder, write_text
from mali_incidents.tables import why_not_located

MANIFEST: Final = "manifest.json"
SUMS: Final = "SHA256SUMS"
_KIND: Final = "mali-incidents report"
# For print, for a designer, for a slide or a mail.
_FIGURES: Final = (".pdf", ".svg", ".png")
# Sharp on paper at the document's width.
_PICTURE_PX: Final = (2100, 1500)


class Check(Protocol):
    """What looks through the files of a folder before it takes its place."""

    def __call__(self, draft: Path, /, views: Sequence[View]) -> object:
        """Raise where something stands in a file that must not."""


class Report(NamedTuple):
    """What a report left.

    Attributes
    ----------
    folder : pathlib.Path
        The pack.
    files : tuple of pathlib.Path
        Everything in it.
    archive : pathlib.Path
        The same as one zip, in the folder.
    edition : Edition or None
        What was kept of it.
    since : Since or None
        What changed since the edition before; None where there is none of its profile.
    """

    folder: Path
    files: tuple[Path, ...]
    archive: Path
    edition: Edition | None
    since: Since | None


def write_report(
    located: gpd.GeoDataFrame,
    out: str | Path,
    *,
    lang: str = "en",
    title: str | None = None,
    coverage: Coverage | None = None,
    around: str | tuple[float, float] | None = None,
    radius_km: float = 150,
    as_of: dt.date | None = None,
    notice: Mapping[str, str] | None = None,
    statement: Mapping[str, str] | None = None,
    template: str | Path | None = None,
    frame: AdminFrame | None = None,
    gazetteer: Gazetteer | None = None,
    inputs: Iterable[str | Path] = (),
    release: Mapping[str, Any] | None = None,
    editions: str | Path | None = None,
    profile: str = INTERNAL,
    check: Check | None = None,
    progress: Callable[[str], None] | None = None,
) -> Report:
    """Write a report pack: everything that is handed over, in one folder and one zip.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table; of what may leave the house, where that is not all.
    out : str or pathlib.Path
        The folder, which is replaced whole. One that holds anything but a pack is refused.
    lang : {"en", "fr"}
        The language of all of it.
    title : str, optional
        The title; that of the coverage, or of a map of the whole, by default.
    coverage : Coverage, optional
        What the records claim to cover.
    around : str or (latitude, longitude), optional
        A place for a second map, with what lies within distances of it.
    radius_km : float
        How far that map reaches, in kilometres.
    as_of : datetime.date, optional
        The day the records were closed; the coverage's by default. No clock is read.
    notice : mapping of str to str, optional
        By language, the line on the face of every file: "internal", or of what profile it is. The
        data say it in data_generalizations on each row and in their codebook; the checksums alone
        say nothing, which those who check them would take for one.
    statement : mapping of str to str, optional
        By language, what was left out or made coarser.
    template : str or pathlib.Path, optional
        A house's own DOCX, for its page, header, footer and styles.
    frame : AdminFrame, optional
        The units the records were located in; the shipped ones by default.
    gazetteer : Gazetteer, optional
        Where ``around`` is looked up; the shipped one by default.
    inputs : iterable of str or pathlib.Path
        The files the table was made from, for their checksums in the manifest.
    release : mapping, optional
        What the manifest says of the edition.
    editions : str or pathlib.Path, optional
        A folder of editions: the table is kept there as one, and document, pages and manifest say
        what changed since the last one of an earlier day and the same profile.
    profile : str
        The name of the release profile that the table was made with.
    check : callable, optional
        Called with the pack's draft and the views of its maps before the pack takes its place:
        what it raises leaves what stood there. An edition to be kept is given to it as well.
    progress : callable, optional
        Called with the name of each step as it begins: map, figures, data, document, archive, and
        leaks where there is a check.

    Returns
    -------
    Report

    Raises
    ------
    MapError, LocateError
        When the table was not located, there is no such language or place, or the units do not
        agree.
    PublishError
        When the template is no Word document, the folder holds something else, a file cannot be
        written, an edition is to be kept in the pack or round it, its day is not known, or another
        one is kept under its name. What stood there before still stands.
    ReadError
        When an edition that was kept cannot be read.

    Notes
    -----
    The same table, versions and arguments give the same bytes, of every file and of the zip.
    """
    if wrong := why_not_located(located):
        raise PublishError(wrong)
    folder = check_report(out, lang=lang, template=template, editions=editions)
    begin = progress or (lambda _: None)
    units = frame if frame is not None else read_frame()
    day = as_of if as_of is not None or coverage is None else coverage.as_of
    # What an author wrote is in one language; the map speaks both.
    titles = title if title is not None or coverage is None else coverage.title
    if title is None:
        title = coverage.title[lang] if coverage else message("title.whole", lang)
    since, keep = begin_edition(located, editions, day=day, coverage=coverage, profile=profile)
    changes = changes_said(since)
    begin("map")
    draw = partial(
        incident_map,
        located,
        coverage=coverage,
        lang=lang,
        frame=units,
        gazetteer=gazetteer,
        notice=notice,
        note=changes,
    )
    maps = {"map": draw(title=titles)}
    if around is not None:
        maps["around"] = draw(around=around, radius_km=radius_km)
    views = [drawn.view for drawn in maps.values()]
    names = _names(lang, around=around is not None)
    facts = Facts(
        located=located,
        title=title,
        lang=lang,
        frame=units,
        coverage=coverage,
        as_of=day,
        notice=None if notice is None else notice[lang],
        statement=None if statement is None else statement[lang],
        changes=None if changes is None else changes[lang],
        files=[(name, message(f"report.about.{kind}", lang)) for kind, name in names["listed"]],
    )
    described = {
        "kind": _KIND,
        "title": title,
        "lang": lang,
        "as_of": None if day is None else day.isoformat(),
        "notice": notice and dict(notice),
        "statement": statement and dict(statement),
        "release": release and dict(release),
        "changes": describe_changes(since),
        "inputs": {Path(file).name: sha256_of(file) for file in inputs},
        "versions": versions(),
        "rows": describe_rows(located),
        "frame": sorted(set(located["frame"])),
        "coverage": describe_coverage(coverage),
    }

    kept: list[Edition | None] = []

    def write(draft: Path) -> None:
        for kind, drawn in maps.items():
            drawn.save(draft / names[kind])
        begin("figures")
        plates = {kind: _plate(drawn, facts) for kind, drawn in maps.items()}
        for kind, drawn in maps.items():
            page = _draw(drawn, facts, paper_of("a4"), notice=facts.notice).figure
            for ending in _FIGURES:
                write_figure(page, draft / f"{names[f'figure_{kind}']}{ending}")
        begin("data")
        write_annex(located, draft / names["data"], lang=lang, notice=facts.notice)
        begin("document")
        write_brief(
            draft / names["document"],
            facts,
            whole=plates["map"],
            around=plates.get("around"),
            template=template,
        )
        begin("archive")
        _close(draft, described, stem=_stem(day), notice=facts.notice)
        if check is not None:
            begin("leaks")
            check(draft, views)
        # Last, so that a pack that cannot be handed over leaves no edition.
        kept.append(keep(check=None if check is None else partial(check, views=views)))

    write_folder(folder, write)
    files = tuple(sorted(path for path in folder.rglob("*") if path.is_file()))
    return Report(folder, files, folder / f"{_stem(day)}.zip", kept[-1], since)


def check_report(
    out: str | Path,
    *,
    lang: str = "en",
    template: str | Path | None = None,
    editions: str | Path | None = None,
) -> Path:
    """Refuse a language, a template or a folder that a report cannot be written with.

    Parameters
    ----------
    out : str or pathlib.Path
        The folder.
    lang : {"en", "fr"}
        The language.
    template : str or pathlib.Path, optional
        A house's own DOCX.
    editions : str or pathlib.Path, optional
        A folder of editions.

    Returns
    -------
    pathlib.Path
        The folder, in full.

    Raises
    ------
    MapError
        When there is no such language.
    PublishError
        When the template is no Word document, the folder holds anything but a pack, or editions
        are to be kept in it or round it.
    """
    read_messages(lang)
    start_document(lang=lang, template=template)
    folder = Path(out).resolve()
    check_apart(editions, out=folder, is_replaced=True)
    _check_folder(folder)
    return folder


def _plate(drawn: IncidentMap, facts: Facts) -> Plate:
    """Draw a map alone, sharp enough for paper; its legend is the document's."""
    width, height = _PICTURE_PX
    drawing = _draw(drawn, facts, paper_of(None, width_px=width, height_px=height))
    png = cut_out(figure_png(drawing.figure), drawing.window)
    summary = summarize(facts.located, view=drawn.view)
    return Plate(png, drawn.alt_text, drawn.view, summary, facts.coverage is not None)


def _draw(drawn: IncidentMap, facts: Facts, paper: Paper, *, notice: str | None = None) -> Drawing:
    """Draw what a map frames on paper."""
    return draw_figure(
        facts.located,
        view=drawn.view,
        summary=summarize(facts.located, view=drawn.view),
        title=drawn.title,
        coverage=facts.coverage,
        lang=facts.lang,
        frame=facts.frame,
        paper=paper,
        notice=notice,
    )


def _names(lang: str, *, around: bool) -> dict[str, Any]:
    """Name the files of a pack, and list what a reader should know of."""
    say = partial(message, lang=lang)
    names: dict[str, Any] = {
        "document": say("report.name.document"),
        "map": say("report.name.map"),
        "around": say("report.name.around"),
        "figure_map": say("report.name.figure"),
        "figure_around": say("report.name.figure_around"),
        "data": say("report.name.data"),
    }
    figures = Path(names["figure_map"]).parent.as_posix()
    maps = [("map", names["map"])] + ([("map", names["around"])] if around else [])
    names["listed"] = [
        *maps,
        ("figures", f"{figures}/"),
        ("data", f"{names['data']}/"),
        ("manifest", MANIFEST),
        ("sums", SUMS),
    ]
    return names


def _stem(day: dt.date | None) -> str:
    """Name a pack by its day."""
    return "mali-incidents" if day is None else f"mali-incidents-{day.isoformat()}"


def _close(draft: Path, described: Mapping[str, Any], *, stem: str, notice: str | None) -> None:
    """Write the manifest, the checksums and the zip of all."""
    written = [path for path in draft.rglob("*") if path.is_file()]
    manifest = {**described, "files": describe_files(written, out=draft), "archive": f"{stem}.zip"}
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    written.append(write_text(draft / MANIFEST, text + "\n"))
    named = {path.relative_to(draft).as_posix(): path for path in sorted(written)}
    lines = (f"{sha256_of(path)}  {name}\n" for name, path in named.items())
    named[SUMS] = write_text(draft / SUMS, "".join(lines))
    packed = {f"{stem}/{name}": path for name, path in named.items()}
    zip_archive(packed, draft / f"{stem}.zip", comment=notice or "")


def _check_folder(folder: Path) -> None:
    """Refuse to replace a folder that holds anything but a pack."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise PublishError(f"cannot write into {folder}: it is a file; choose a folder")
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    foreign = sorted(there - _listed_files(folder))
    if foreign:
        few = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if foreign[3:] else "")
        raise PublishError(
            f"{folder} holds what is of no report ({few}), and a report replaces its folder "
            "whole: choose another folder, or a new one"
        )


def _listed_files(folder: Path) -> set[str]:
    """Name the files that a pack's manifest says it has; none where there is no such manifest."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        if manifest["kind"] != _KIND:
            return set()
        return {*manifest["files"], manifest["archive"], MANIFEST, SUMS}
    except (OSError, ValueError, KeyError, TypeError):
        return set()
