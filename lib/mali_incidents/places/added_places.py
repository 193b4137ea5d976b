"""The gazetteers that a user added: checked when they come in, kept whole, and listed."""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd
import pyarrow as pa

from mali_incidents.errors import LocateError
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.place_check import check_places
from mali_incidents.places.place_files import PlaceFile, read_place_file
from mali_incidents.storage import sha256_of, user_folder, write_folder, write_text
from mali_incidents.tables import PLACES

if TYPE_CHECKING:
    from mali_incidents.remote import Shown

GEONAMES_URL: Final = "https://download.geonames.org/export/dump/ML.zip"

# Words that say which gazetteers to use, and so cannot name one.
_TAKEN: Final = ("all", "shipped")
# Whose a file of known shape is, and on what terms.
_OWNERS: Final = {
    "ocha-settlements": ("OCHA and DNCT, settlements of Mali, 2015", "CC BY-IGO"),
    "geonames": ("GeoNames, www.geonames.org", "CC BY 4.0"),
}
_ABOUT: Final = "gazetteer.json"
_PLACES: Final = "places.parquet"


class PlaceSource(NamedTuple):
    """A gazetteer that is used.

    Attributes
    ----------
    name : str
        What it is called here.
    source : str
        Whose it is.
    licence : str
        On what terms.
    date : str
        The day it was added, ``YYYY-MM-DD``; of the shipped one, its vintage.
    sha256 : str
        Of the file that came in.
    rows : int
        The rows of that file.
    places : int
        How many of them were kept.
    found : dict of str to int
        What the check found: how many rows a code.
    """

    name: str
    source: str
    licence: str
    date: str
    sha256: str
    rows: int
    places: int
    found: dict[str, int]

    @property
    def mended(self) -> int:
        """How many places had their coordinates mended."""
        return sum(count for code, count in self.found.items() if code.endswith("-mended"))

    @property
    def flagged(self) -> int:
        """How many places are kept but to be trusted less."""
        return self.found.get("outside-its-commune", 0)


class AddedPlaces(NamedTuple):
    """What was added.

    Attributes
    ----------
    source : PlaceSource
        What is kept of it.
    folder : pathlib.Path
        Where it is kept; the gazetteer is used until this folder is deleted.
    findings : pandas.DataFrame
        What the check found: row (first row 1), name, severity, code, message.
    """

    source: PlaceSource
    folder: Path
    findings: pd.DataFrame


def add_places(
    path: str | Path,
    *,
    name: str | None = None,
    columns: Mapping[str, str] | None = None,
    source: str | None = None,
    licence: str | None = None,
    replace: bool = False,
    frame: AdminFrame | None = None,
) -> AddedPlaces:
    """Check a file of places and keep it among the gazetteers that are used.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; see :func:`~mali_incidents.places.place_files.read_place_file`.
    name : str, optional
        What to call it; by default what its shape or the file's name says.
    columns : mapping of str to str, optional
        The file's column for a field, where its own name does not say so.
    source, licence : str, optional
        Whose it is and on what terms; known for OCHA's and GeoNames' files.
    replace : bool
        Whether it may take the place of one of its name.
    frame : AdminFrame, optional
        The units to check it against; the shipped ones of 2017 by default.

    Returns
    -------
    AddedPlaces

    Raises
    ------
    LocateError
        When the file cannot be read, no row of it can be used, or the name cannot be taken.
    PublishError
        When it cannot be kept; what was kept before still is.
    """
    file = Path(path)
    read = read_place_file(file, columns=columns)
    called = name or (_slug(file) if read.shape == "table" else read.shape)
    if not replace and (user_folder("places", called) / _ABOUT).exists():
        raise LocateError(
            f"there is a gazetteer {called!r} already: replace it (--replace) or give this one "
            "another name (--name)"
        )
    return _keep(read, file, name=called, source=source, licence=licence, frame=frame)


def fetch_geonames(
    *,
    url: str = GEONAMES_URL,
    progress: "Shown | None" = None,
    frame: AdminFrame | None = None,
) -> AddedPlaces:
    """Fetch GeoNames' places of Mali and keep them; those fetched before are replaced.

    Parameters
    ----------
    url : str
        Where the file is; GeoNames' daily export by default.
    progress : callable, optional
        As :func:`mali_incidents.remote.fetch` takes it.
    frame : AdminFrame, optional
        The units to check them against; the shipped ones of 2017 by default.

    Returns
    -------
    AddedPlaces

    Raises
    ------
    RemoteError
        When it cannot be fetched; the message says what to download by hand.
    LocateError
        When what came is not GeoNames' file.
    """
    # Imported where it is needed: nothing else asks the network.
    from mali_incidents.remote import fetch  # noqa: PLC0415

    by_hand = f"Download {url} with a browser, then run: mali-incidents places add ML.zip --replace"
    file = fetch(url, to=user_folder("downloads", "ML.zip"), progress=progress, by_hand=by_hand)
    read = read_place_file(file)
    if read.shape != "geonames":
        raise LocateError(f"{url} must give GeoNames' table of 19 columns. {by_hand}")
    return _keep(read, file, name="geonames", source=None, licence=None, frame=frame)


def added_folders() -> list[Path]:
    """List the folders of the gazetteers that were added, by name."""
    return sorted(file.parent for file in user_folder("places").glob(f"*/{_ABOUT}"))


def describe_added(folder: Path) -> PlaceSource:
    """Say what a gazetteer that was added is, without reading its places.

    Raises
    ------
    LocateError
        When it is damaged.
    """
    try:
        return PlaceSource(**json.loads((folder / _ABOUT).read_text("utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise _damaged(folder, error) from error


def read_added(folder: Path) -> pd.DataFrame:
    """Read the places of a gazetteer that was added: those of :data:`mali_incidents.tables.PLACES`.

    Raises
    ------
    LocateError
        When it is damaged.
    """
    try:
        return pd.read_parquet(folder / _PLACES)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(folder, error) from error


def _damaged(folder: Path, error: Exception) -> LocateError:
    """Say what to do about a gazetteer that cannot be read."""
    return LocateError(
        f"the gazetteer in {folder} cannot be read ({error}): add its file again with --replace, "
        "or delete the folder"
    )


def _slug(file: Path) -> str:
    """Make a name of a file's name."""
    plain = unicodedata.normalize("NFKD", file.name.split(".")[0].lower())
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())
    return "-".join(words)[:60] or "places"


def _keep(
    read: PlaceFile,
    file: Path,
    *,
    name: str,
    source: str | None,
    licence: str | None,
    frame: AdminFrame | None,
) -> AddedPlaces:
    """Check what was read and keep it."""
    if name in _TAKEN or not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,60}", name):
        raise LocateError(
            f"a gazetteer's name must be of small letters, digits and hyphens, and not "
            f"{' or '.join(_TAKEN)}, got {name!r}"
        )
    checked = check_places(read.places, frame=frame if frame is not None else read_frame())
    findings = pd.concat([read.findings, checked.findings]).sort_values("row", ignore_index=True)
    counts = findings["code"].value_counts()
    if checked.places.empty:
        said = ", ".join(f"{code} {count}" for code, count in counts.items())
        raise LocateError(f"none of the {read.rows} rows of {file.name} can be used: {said}")
    owner, terms = _OWNERS.get(read.shape, (file.name, "not stated"))
    kept = PlaceSource(
        name=name,
        source=source or owner,
        licence=licence or terms,
        date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        sha256=sha256_of(file),
        rows=read.rows,
        places=len(checked.places),
        found={str(code): int(count) for code, count in counts.sort_index().items()},
    )
    places = _as_places(checked.places, name)

    def write(draft: Path) -> None:
        places.to_parquet(draft / _PLACES, index=False)
        about = json.dumps(kept._asdict(), ensure_ascii=False, indent=2)
        write_text(draft / _ABOUT, about + "\n")

    return AddedPlaces(kept, write_folder(user_folder("places", name), write), findings)


def _as_places(checked: pd.DataFrame, name: str) -> pd.DataFrame:
    """Give checked places the columns and types of the contract."""
    texts = ["other_names", "admin1", "admin2", "admin3"]
    table = checked.assign(
        place_id=f"{name}:" + checked["place_id"],
        source=name,
        # Told when they are read, by the frame that is then in use.
        unit_id=None,
        **{text: checked[text].replace("", None) for text in texts},
    )
    places: pd.DataFrame = PLACES.validate(table[list(PLACES.columns)], lazy=True)
    return places
