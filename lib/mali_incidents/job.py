"""The jobs: the stages chained, nothing else."""

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.maps.messages import message, read_messages
from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import read_gazetteer
from mali_incidents.places.locate import locate_incidents
from mali_incidents.places.precision import check_scheme
from mali_incidents.places.review import rows_for_review
from mali_incidents.publish.files import (
    check_ending,
    flat_table,
    write_files,
    write_located,
    write_table,
)
from mali_incidents.publish.gallery import Exhibit, gallery_page
from mali_incidents.publish.manifest import describe_build
from mali_incidents.records.coverage import Coverage, coverage_beside
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped, whole_folder, write_bytes, write_text

if TYPE_CHECKING:
    from mali_incidents.maps.incident_map import IncidentMap


class BuildReport(NamedTuple):
    """What a build read and left.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        The located table.
    findings : pandas.DataFrame
        What was wrong in the input.
    review : pandas.DataFrame
        The rows a person should look at.
    files : tuple of pathlib.Path
        Everything written.
    """

    located: gpd.GeoDataFrame
    findings: pd.DataFrame
    review: pd.DataFrame
    files: tuple[Path, ...]


def build(
    records: str | Path | None = None,
    *,
    out: str | Path = "out",
    lang: str = "en",
    dates: str = "iso",
    notebooks: str | Path | None = None,
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
    notebooks : str or pathlib.Path, optional
        A folder of notebooks to execute as well.
    progress : callable, optional
        Called with the name of each stage as it begins: read, locate, maps, tables, notebooks,
        gallery.

    Returns
    -------
    BuildReport

    Raises
    ------
    MapError
        When there is no such language; nothing was read or written.
    ReadError
        When the records cannot be read.
    PublishError
        When a notebook fails or a file cannot be written; what stood there before still stands.
    """
    # An unknown language is refused before any work.
    read_messages(lang)
    begin = progress or (lambda _: None)
    folder = Path(out).resolve()
    file = Path(records) if records is not None else shipped("incidents", "incidents.csv")
    begin("read")
    incidents, findings = read_incidents(file, dates=dates)
    coverage = coverage_beside(file)
    begin("locate")
    located = locate_incidents(incidents)
    review = rows_for_review(located, lang=lang)
    # A manifest says that the folder is whole, and what is in it.
    with whole_folder(folder, last=("manifest.json", "index.html")) as draft:
        begin("maps")
        maps = _maps(located, coverage, lang)
        written = [draft / name for name in maps]
        for path, drawn in zip(written, maps.values(), strict=True):
            drawn.save(path)
        pictures = {name: drawn.picture() for name, drawn in maps.items()}
        for name, picture in pictures.items():
            file_name = Path(name).with_suffix(".png")
            written.append(write_bytes(draft / "pictures" / file_name, picture))
        begin("tables")
        written += write_files(located, draft, lang=lang)
        written.append(write_table(findings, draft / "findings.csv"))
        written.append(write_table(flat_table(review, lang=lang), draft / "review.csv"))
        if notebooks is not None:
            begin("notebooks")
            # Imported where it is needed: its libraries take a second to load.
            from mali_incidents.publish.notebooks import run_notebooks  # noqa: PLC0415

            written += run_notebooks(notebooks, draft, lang=lang)
        begin("gallery")
        beside = file.with_name("coverage.toml")
        manifest = describe_build(
            located,
            inputs=[file, beside] if coverage else [file],
            findings=findings,
            for_review=len(review),
            gazetteers=[read_gazetteer().name],
            coverage=coverage,
            out=draft,
            written=written,
        )
        page = gallery_page(
            [
                Exhibit(name, drawn.title, drawn.alt_text, pictures[name])
                for name, drawn in maps.items()
            ],
            manifest=manifest,
            title=coverage.title[lang] if coverage else message("title.whole", lang),
            lead=coverage.selection[lang] if coverage else "",
            lang=lang,
        )
        text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
        written.append(write_text(draft / "manifest.json", text + "\n"))
        written.append(write_text(draft / "index.html", page))
    files = tuple(folder / path.relative_to(draft) for path in written)
    return BuildReport(located, findings, review, files)


def _maps(
    located: gpd.GeoDataFrame, coverage: Coverage | None, lang: str
) -> "dict[str, IncidentMap]":
    """Draw the three maps by the names of their files."""
    # Imported where it is needed: what only locates need not load what draws.
    from mali_incidents.maps.incident_map import incident_map  # noqa: PLC0415

    draw = partial(incident_map, located, coverage=coverage, lang=lang)
    return {
        "mali.html": draw(),
        "bamako.html": draw(around="Bamako", radius_km=150),
        "narena.html": draw(around="Narena", radius_km=60, way_to="Bamako"),
    }


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
    places: str | None = None,
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
    frame, places : str, optional
        The units and the gazetteer to use; the usual ones when not said.
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
        When ``out`` has another ending or cannot be written.
    ReadError
        When the records cannot be read.
    """
    # What cannot be done is refused before any work.
    check_ending(out)
    check_scheme(codes)
    read_messages(lang)
    units = read_frame(frame) if frame else read_frame()
    gazetteer = read_gazetteer(places) if places else read_gazetteer()
    incidents, findings = read_incidents(records, dates=dates, columns=columns)
    degrees = ["latitude", "longitude"]
    asked = incidents.assign(latitude=None, longitude=None) if names_only else incidents
    located = locate_incidents(asked, frame=units, gazetteer=gazetteer)
    located[degrees] = incidents[degrees]
    file = write_located(located, out, lang=lang, codes=codes)
    return LocateReport(located, findings, units.name, gazetteer.name, file)
