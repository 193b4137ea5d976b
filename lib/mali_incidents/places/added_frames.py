"""Frames that a user adds: from files, or fetched from those who publish them."""

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

import pandas as pd

from mali_incidents.errors import LocateError, RemoteError
from mali_incidents.places.frame_checks import Check, checks_table
from mali_incidents.places.frame_files import FrameFiles, read_frame_files
from mali_incidents.places.frame_layers import clean, files_of
from mali_incidents.places.frames import (
    ABOUT,
    FRAME_LEVELS,
    MAP_FILE,
    SHIPPED,
    AdminFrame,
    known_frames,
    level_file,
    read_frame,
)
from mali_incidents.remote import Shown, fetch, fetch_json
from mali_incidents.storage import sha256_of, user_folder, write_folder, write_text

HDX: Final = "https://data.humdata.org"
GEOBOUNDARIES: Final = "https://www.geoboundaries.org"
_DATASET: Final = "cod-ab-mli"
_NAME: Final = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


class AddedFrame(NamedTuple):
    """A frame that was added.

    Attributes
    ----------
    frame : AdminFrame
        The frame, as :func:`mali_incidents.places.frames.read_frame` gives it from now on.
    checks : pandas.DataFrame
        What was found in its files: level, unit, severity (error, warning, note), code, message.
    folder : pathlib.Path
        Where it is kept.
    """

    frame: AdminFrame
    checks: pd.DataFrame
    folder: Path


def add_frame(
    path: str | Path,
    *,
    name: str | None = None,
    source: str | None = None,
    licence: str | None = None,
    vintage: int | None = None,
    replace: bool = False,
) -> AddedFrame:
    """Add a frame of administrative units from files.

    Parameters
    ----------
    path : str or pathlib.Path
        A shapefile, GeoJSON or GeoPackage file, a zip of them, or a folder of any of these, with
        the field names of OCHA's COD-AB or of geoBoundaries; a layer a level.
    name : str, optional
        What to call it: letters, digits and hyphens; by default after who publishes it and the
        vintage, e.g. ``"cod-ab-2015"``.
    source, licence : str, optional
        Who made it, by default who publishes it; and its terms.
    vintage : int, optional
        The year the units are of; by default what the files say.
    replace : bool
        Whether a frame of that name is to be replaced.

    Returns
    -------
    AddedFrame

    Raises
    ------
    LocateError
        When the name is none or is taken, or the files cannot be made into a frame; everything
        that stands against them at once.
    PublishError
        When it cannot be kept. What stood there before still stands.
    """
    _check_name(name, replace=replace)
    files = read_frame_files(path, name=name, vintage=vintage)
    return _keep(files, Path(path), source=source, licence=licence, replace=replace)


def fetch_cod_ab(
    *,
    name: str | None = None,
    replace: bool = False,
    base_url: str = HDX,
    progress: Shown | None = None,
) -> AddedFrame:
    """Fetch OCHA's current Common Operational Dataset of Mali's units from HDX, and add it.

    Parameters
    ----------
    name : str, optional
        What to call it; by default after its vintage, e.g. ``"cod-ab-2025"``.
    replace : bool
        Whether a frame of that name is to be replaced.
    base_url : str
        Where HDX answers.
    progress : callable, optional
        As :func:`mali_incidents.remote.fetch` takes it.

    Returns
    -------
    AddedFrame

    Raises
    ------
    RemoteError
        When it cannot be fetched; the message says what to download by hand.
    LocateError
        As :func:`add_frame`.
    """
    _check_name(name, replace=replace)
    by_hand = (
        f"Download its zip of GeoJSON files or shapefiles from {HDX}/dataset/{_DATASET} and run: "
        "mali-incidents frames add FILE.zip"
    )
    url = f"{base_url}/api/3/action/package_show?id={_DATASET}"
    package: Any = _ask(url, by_hand=by_hand).get("result")
    package = package if isinstance(package, dict) else {}
    zipped = _zip_in(package.get("resources"))
    if zipped is None:
        raise RemoteError(f"{url} names no zip of GeoJSON files or shapefiles. {by_hand}")
    file = user_folder("downloads", "cod-ab", zipped.name)
    fetch(zipped.url, to=file, progress=progress, by_hand=by_hand)
    files = read_frame_files(file, name=name)
    made_by = clean(package.get("dataset_source") or "")
    return _keep(
        files,
        file,
        source=", ".join(filter(None, (files.publisher, made_by))),
        licence=clean(package.get("license_title") or "") or None,
        replace=replace,
    )


def fetch_geoboundaries(
    *,
    name: str | None = None,
    replace: bool = False,
    base_url: str = GEOBOUNDARIES,
    progress: Shown | None = None,
) -> AddedFrame:
    """Fetch Mali's regions, cercles and communes from geoBoundaries (gbOpen), and add them.

    Parameters
    ----------
    name : str, optional
        What to call them; by default after the year of the communes, e.g.
        ``"geoboundaries-2017"``.
    replace : bool
        Whether a frame of that name is to be replaced.
    base_url : str
        Where geoBoundaries answers.
    progress : callable, optional
        As :func:`mali_incidents.remote.fetch` takes it.

    Returns
    -------
    AddedFrame
        Each unit nested in the one that most of it lies in: geoBoundaries does not say.

    Raises
    ------
    RemoteError
        When it cannot be fetched; the message says what to download by hand.
    LocateError
        As :func:`add_frame`.
    """
    _check_name(name, replace=replace)
    by_hand = (
        f"Download the GeoJSON files of MLI ADM1, ADM2 and ADM3 from {GEOBOUNDARIES} into one "
        "folder and run: mali-incidents frames add FOLDER --vintage YEAR"
    )
    folder = user_folder("downloads", "geoboundaries")
    answers: dict[str, dict[str, Any]] = {}
    for depth, level in enumerate(FRAME_LEVELS, start=1):
        url = f"{base_url}/api/current/gbOpen/MLI/ADM{depth}/"
        answers[level] = _ask(url, by_hand=by_hand)
        download = answers[level].get("gjDownloadURL")
        if not isinstance(download, str):
            raise RemoteError(f"{url} names no GeoJSON to download. {by_hand}")
        file = folder / f"geoBoundaries-MLI-ADM{depth}.geojson"
        fetch(download, to=file, progress=progress, by_hand=by_hand)
    years = {level: _year(answer) for level, answer in answers.items()}
    files = read_frame_files(folder, name=name, vintage=years[FRAME_LEVELS[-1]])
    finest = answers[FRAME_LEVELS[-1]]
    return _keep(
        files._replace(checks=pd.concat([files.checks, _claims(files, answers, years)])),
        folder,
        source=f"geoBoundaries gbOpen, {clean(finest.get('boundarySource') or '?')}",
        licence=clean(finest.get("boundaryLicense") or "") or None,
        replace=replace,
    )


def _check_name(name: str | None, *, replace: bool) -> None:
    """Refuse a name that cannot be one, and one that is taken."""
    if name is None:
        return
    if not _NAME.fullmatch(name):
        raise LocateError(
            f"a frame's name must be letters and digits, parted by hyphens, got {name!r}; try "
            "cod-ab-2025"
        )
    if name in SHIPPED:
        raise LocateError(f"the frame {name!r} ships and stays as it is: give another with --name")
    if name in known_frames() and not replace:
        raise LocateError(
            f"there is a frame {name!r} already: give another name with --name, or replace it "
            "with --replace"
        )


def _keep(
    files: FrameFiles, path: Path, *, source: str | None, licence: str | None, replace: bool
) -> AddedFrame:
    """Keep the units read from files as a frame of the user's."""
    _check_name(files.name, replace=replace)
    counts = files.units["level"].value_counts()
    about = {
        "name": files.name,
        "levels": {level: int(counts[level]) for level in FRAME_LEVELS if level in counts},
        "source": source or files.publisher,
        "licence": licence,
        "vintage": files.vintage,
        "added": dt.date.today().isoformat(),
        # The name alone: where the user keeps files is nobody's business.
        "read": [
            {"file": file.relative_to(path.parent).as_posix(), "sha256": sha256_of(file)}
            for file in files_of(path)
        ],
        "checks": files.checks.to_dict("records"),
    }

    def write(folder: Path) -> None:
        for level, rows in files.units.groupby("level"):
            rows.to_parquet(folder / level_file(str(level)), index=False, compression="zstd")
        files.simplified.to_parquet(folder / MAP_FILE, index=False, compression="zstd")
        text = json.dumps(about, ensure_ascii=False, indent=2)
        write_text(folder / ABOUT, text + "\n")

    folder = write_folder(user_folder("frames", files.name), write)
    return AddedFrame(read_frame(files.name), files.checks, folder)


def _ask(url: str, *, by_hand: str) -> dict[str, Any]:
    """Ask for an answer in JSON, which is an object."""
    answer = fetch_json(url, by_hand=by_hand)
    if not isinstance(answer, dict):
        raise RemoteError(f"{url} did not answer as its publisher says it does. {by_hand}")
    return answer


class _Zip(NamedTuple):
    """A zip of boundaries to download."""

    url: str
    name: str


def _zip_in(resources: object) -> _Zip | None:
    """Choose the zip of a dataset's boundaries: of GeoJSON first, whose names are never cut."""
    listed = resources if isinstance(resources, list) else []
    for wanted in ("geojson", "shp"):
        for one in listed:
            url = one.get("download_url") or one.get("url") if isinstance(one, dict) else None
            if not isinstance(url, str):
                continue
            name = re.sub(r"[^\w.-]+", "-", unquote(urlsplit(url).path).rpartition("/")[2])
            said = f"{one.get('format', '')} {one.get('name', '')} {name}".casefold()
            if name.casefold().endswith(".zip") and wanted in said.replace("shapefile", "shp"):
                return _Zip(url, name)
    return None


def _year(answer: dict[str, Any]) -> int | None:
    """Read the year that a layer of geoBoundaries is of; of a range the last."""
    years = re.findall(r"\b(?:19|20)\d\d\b", str(answer.get("boundaryYearRepresented", "")))
    return int(years[-1]) if years else None


def _claims(
    files: FrameFiles, answers: dict[str, dict[str, Any]], years: dict[str, int | None]
) -> pd.DataFrame:
    """Hold what was fetched against what geoBoundaries says of it."""
    counts = files.units["level"].value_counts()
    found = []
    for level, answer in answers.items():
        claimed = str(answer.get("admUnitCount", ""))
        if claimed.isdecimal() and int(claimed) != counts.get(level, 0):
            message = f"geoBoundaries says {claimed} {level}s, its file has {counts.get(level, 0)}"
            found.append(Check(level, "", "warning", "count", message))
    if len(set(years.values())) > 1:
        said = ", ".join(f"{level}s {year or '?'}" for level, year in years.items())
        message = f"the levels are of different years: {said}"
        found.append(Check("", "", "warning", "vintage", message))
    return checks_table(found)
