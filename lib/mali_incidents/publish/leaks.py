"""Whether what an edition withholds stands in any file written for it.

Looked for are the coordinates, finer than the profile allows, of every place that was coarsened or
left out; the texts that were left blank, dropped or redacted; and the ids of rows that are not
given. What is public anyway is no leak: the units' borders and names, the towns of the base map.
Not found is what no text or number says: pixels, letters drawn as outlines, a number alone.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import permutations
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from mali_incidents.errors import ReleaseError
from mali_incidents.maps.basemap import read_basemap
from mali_incidents.maps.messages import LANGUAGES, read_messages
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.names import fold, read_name
from mali_incidents.publish.contents import (
    Contents,
    UnreadableFileError,
    checksum,
    iterate_files,
    read_contents,
)
from mali_incidents.release.prepare import FREE_TEXTS, Release
from mali_incidents.release.texts import Spot, read_spots
from mali_incidents.tables import FINDINGS, POINT_LEVELS, UNIT_LEVELS

_FEW: Final = 5
# Texts no longer than this are kept to be known again in the next file.
_SHORT: Final = 2000
# A degree's decimals that are no finer than the units, about 111 and 11 km.
_DECIMALS_OF: Final = {"region": 0, "cercle": 0, "commune": 1, "none": 1}
_KM_A_DEGREE: Final = 111.32
_MOST_DECIMALS: Final = 7
# What a float of 32 bits loses of a degree.
_LEAST: Final = 2e-6
# How far apart two numbers of a text may stand and still be one place.
_APART: Final = 6
# So many decimals a number of a text must have to be taken for a coordinate where nothing says so.
_LOOSE: Final = 3
_SCALES: Final = (1e4, 1e5, 1e6, 1e7)
_TOKEN: Final = re.compile(r"[^\W_]+")
_FLOATS: Final = re.compile(r"(?<![\w.])-?\d{1,3}\.\d{3,17}(?![\w.]*\w)")
_WHOLES: Final = re.compile(r"(?<![\w.])-?\d{5,10}(?![\w.])")
# A name of one word is only looked for where it is long enough to be no word of ours.
_LONG: Final = 5
# Several, such as "Point A", are together no words of a program.
_LONG_TOGETHER: Final = 8


class _Secrets(NamedTuple):
    """What must not stand in any file.

    Attributes
    ----------
    words : _Words
        Texts.
    cells : dict of str to str
        Ids too short to be looked for in texts, and which row's they are.
    spots : numpy.ndarray
        Latitudes and longitudes, of shape (n, 2).
    owners : list of str
        Whose they are.
    named : numpy.ndarray
        Latitudes and longitudes that maps write beside a name: towns, centres.
    decimals : int
        To how many decimals they may be known.
    """

    words: "_Words"
    cells: dict[str, str]
    spots: np.ndarray
    owners: list[str]
    named: np.ndarray
    decimals: int


class _Clean(NamedTuple):
    """What was looked through and is clean: the checksums of files, and texts that recur in others.

    A text that is clean is so in every file, and a file inside another one.
    """

    files: set[bytes]
    texts: set[str]


def check_leaks(
    files: str | Path | Iterable[str | Path],
    *,
    original: gpd.GeoDataFrame,
    release: Release,
    frame: AdminFrame | None = None,
    shown: Sequence[tuple[float, float]] = (),
) -> int:
    """Refuse files in which something stands that an edition withholds.

    Parameters
    ----------
    files, original, release, frame, shown
        As for :func:`find_leaks`.

    Returns
    -------
    int
        How many files were read.

    Raises
    ------
    ReleaseError
        When something withheld stands in a file, or a file cannot be read; names the files and what
        stands in them.
    """
    paths = _paths(files)
    found = find_leaks(paths, original=original, release=release, frame=frame, shown=shown)
    if len(found):
        said = [
            f"\n- {row.file}: {row.message}" for row in found.head(_FEW).itertuples(index=False)
        ]
        more = [f"\n- and {len(found) - _FEW} more"] if len(found) > _FEW else []
        raise ReleaseError(
            f"nothing was put in place: what the profile {release.profile.name!r} withholds stands "
            f"in what was written, or could not be looked for:{''.join([*said, *more])}"
        )
    return len(paths)


def find_leaks(
    files: str | Path | Iterable[str | Path],
    *,
    original: gpd.GeoDataFrame,
    release: Release,
    frame: AdminFrame | None = None,
    shown: Sequence[tuple[float, float]] = (),
) -> pd.DataFrame:
    """Look in files for what an edition withholds.

    Parameters
    ----------
    files : path or iterable of paths
        A folder, with all below it, or files: HTML with the data it carries, JSON, GeoJSON,
        notebooks, CSV, XLSX, DOCX, PDF, GeoPackage, KML, GeoParquet, SVG, pictures, archives of
        these, text.
    original : geopandas.GeoDataFrame
        The located table that the edition was made of.
    release : Release
        The edition.
    frame : AdminFrame, optional
        The units it was located in; the shipped ones by default.
    shown : sequence of (latitude, longitude)
        Points that the files show on purpose, such as the centres of maps.

    Returns
    -------
    pandas.DataFrame
        A findings table, a row a file and thing found in it: code coordinate, value, id or
        unreadable. A file that cannot be read is a finding too.
    """
    units = frame if frame is not None else read_frame()
    secrets = _secrets(original, release, units, shown)
    clean = _Clean(set(), set())
    findings: list[dict[str, Any]] = []
    # Archives last: what they hold often stands beside them, and is read once.
    for path in sorted(_paths(files), key=lambda path: path.suffix.lower() == ".zip"):
        try:
            contents = read_contents(path, known=clean.files)
        except (UnreadableFileError, OSError) as error:
            findings.append(_finding(path, None, "", "unreadable", f"cannot be read: {error}"))
            continue
        texts = [text for text in dict.fromkeys(contents.texts) if text not in clean.texts]
        hits = [
            *_words_in(texts, contents.cells, secrets),
            *_spots_in(texts, contents, secrets, release, units),
        ]
        findings += [_finding(path, *hit) for hit in dict.fromkeys(hits)]
        if not hits:
            clean.files.add(checksum(path.name, path.read_bytes()))
            clean.texts.update(text for text in texts if len(text) <= _SHORT)
    return FINDINGS.validate(pd.DataFrame(findings, columns=list(FINDINGS.columns)))


def _paths(files: str | Path | Iterable[str | Path]) -> list[Path]:
    """Give every file, also those below folders."""
    targets = [files] if isinstance(files, str | Path) else list(files)
    return [file for target in targets for file in iterate_files(Path(target))]


def _finding(path: Path, owner: str | None, value: str, code: str, message: str) -> dict[str, Any]:
    """Make a finding."""
    return {
        "file": path.name,
        "dataset_row": None,
        "incident_id": owner,
        "column": None,
        "value": value,
        "severity": "error",
        "code": code,
        "message": message,
    }


class _Words:
    """Texts to look for, as runs of folded words, found in one pass over a text."""

    def __init__(self, wanted: Iterable[tuple[str, str, str]]) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], tuple[str, str, str]]] = {}
        for text, owner, code in wanted:
            words = tuple(fold(text).split())
            if words:
                self._by_first.setdefault(words[0], {}).setdefault(words, (text, owner, code))

    def without(self, texts: Iterable[str]) -> "_Words":
        """Give those that stand in none of some texts."""
        known = {text for one in texts for text, _, _ in self.found_in(one, any_case=True)}
        left = (one for runs in self._by_first.values() for one in runs.values())
        return _Words(one for one in left if one[0] not in known)

    def found_in(self, text: str, *, any_case: bool = False) -> list[tuple[str, str, str]]:
        """Give those that stand in a text; a name of one word with its capital only."""
        if not self._by_first or not text:
            return []
        tokens = _TOKEN.findall(text)
        words = [word for token in tokens for word in _folded(token)]
        found = []
        for at, word in enumerate(words):
            runs = self._by_first.get(word)
            if runs is None:
                continue
            for run, one in runs.items():
                if tuple(words[at : at + len(run)]) == run and (
                    len(run) > 1 or any_case or one[2] == "id" or _with_capital(one[0], text)
                ):
                    found.append(one)
        return found


@lru_cache(maxsize=200_000)
def _folded(token: str) -> tuple[str, ...]:
    """Fold a word."""
    return tuple(fold(token).split())


def _with_capital(name: str, text: str) -> bool:
    """Tell whether a name stands in a text as a name: as it is written, or in an address."""
    if name in text or name.upper() in text or name.isdigit():
        return True
    return re.search(rf"[-_/]{re.escape(fold(name))}(?:[-_/.]|$)", text) is not None


def _secrets(
    original: gpd.GeoDataFrame,
    release: Release,
    frame: AdminFrame,
    shown: Sequence[tuple[float, float]],
) -> _Secrets:
    """Gather what must not stand in any file."""
    given = release.located.set_index("incident_id", drop=False)
    texts: list[tuple[str, str, str]] = []
    cells: dict[str, str] = {}
    spots: list[tuple[float, float]] = []
    owners: list[str] = []
    kept_ids = {*given["incident_id"]}
    released = given.to_dict("index")
    for row in pd.DataFrame(original).to_dict("records"):
        owner = str(row["incident_id"])
        after = released.get(release.ids.get(owner, ""))
        for one in (owner, row["dataset_id"] if after is None or _gone(row, after) else None):
            if isinstance(one, str) and one and one not in kept_ids:
                # A short number may be any other number of a file.
                if len(fold(one).split()) > 1 or len(one) >= (9 if one.isdigit() else _LONG):
                    texts.append((one, owner, "id"))
                else:
                    cells[one] = owner
        texts += [(text, owner, "value") for text in _lost_texts(row, after)]
        if after is None or release.profile.coarsen != "none":
            points = _points_of(row)
            spots += points
            owners += [owner] * len(points)
    texts += [
        (str(value), str(owner), "value")
        for value, owner, code in release.redactions[["value", "incident_id", "code"]].itertuples(
            index=False
        )
        if code != "places"
    ]
    texts += [
        (written, owner, code)
        for value, owner, code in texts
        if (digits := re.sub(r"\D", "", value))
        and len(digits) >= 8
        and not re.search(r"[a-z]", value, re.IGNORECASE)
        for written in (digits, digits[-8:], " ".join(re.findall("..", digits[-8:])))
    ]
    units = {fold(str(name)) for name in frame.units["name"]}
    words = _Words(one for one in texts if _is_telling(one[0]) and not _names_a_unit(one[0], units))
    words = words.without(_public_texts(frame)).without(_given_texts(release))
    first = dict(zip(reversed(spots), reversed(owners), strict=True))
    towns = read_basemap().towns[["latitude", "longitude"]].to_numpy(float)
    return _Secrets(
        words=words,
        cells=cells,
        spots=np.array(list(first), dtype=float).reshape(-1, 2),
        owners=list(first.values()),
        named=np.array([*towns, *shown], dtype=float).reshape(-1, 2),
        decimals=_allowed_decimals(release),
    )


def _gone(row: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Tell a row whose id elsewhere was left out."""
    return bool(after["dataset_id"] != row["dataset_id"])


def _names_a_unit(text: str, units: set[str]) -> bool:
    """Tell a unit's name with the word for it, which pages write too: "cercle de Kangaba"."""
    read = read_name(text)
    return read.level in UNIT_LEVELS and not read.feature and read.name in units


def _is_telling(text: str) -> bool:
    """Tell a text that is no common word: several words, or one long name."""
    words = fold(text).split()
    least = _LONG if len(words) == 1 else _LONG_TOGETHER
    return sum(map(len, words)) >= least


def _lost_texts(row: dict[Any, Any], after: dict[Any, Any] | None) -> list[str]:
    """Give the texts of a row that its edition does not have."""
    lost = []
    for name in FREE_TEXTS:
        if name == "dataset":
            continue
        text = row[name]
        if isinstance(text, str) and (after is None or after[name] != text):
            lost.append(text)
    before = [part for source in row["sources"] for part in source[:2] if part]
    left = [] if after is None else [part for source in after["sources"] for part in source]
    lost += [part for part in before if part not in left]
    if after is None or after["reason"] != row["reason"]:
        for _, values in [
            (row["reason"].code, row["reason"].values),
            *row["reason"].values.get("notes", []),
        ]:
            lost += [
                str(values[key])
                for key in ("name", "place", "text", "first", "second", "who", "why")
                if isinstance(values.get(key), str)
            ]
    names = [] if after is None else [one.name for one in after["candidates"]]
    lost += [one.name for one in row["candidates"] if one.name not in names]
    # One word that is not a name of a place says nothing.
    proper = {str(one) for one in lost if str(one)[:1].isupper() or "@" in str(one)}
    return [one for one in lost if len(fold(one).split()) > 1 or one in proper]


def _points_of(row: dict[Any, Any]) -> list[tuple[float, float]]:
    """Give the points that a row knows a place by, latitude first."""
    points = []
    if row["latitude"] == row["latitude"] and row["longitude"] == row["longitude"]:
        points.append((float(row["latitude"]), float(row["longitude"])))
    point = row["geometry"]
    if point is not None and row["level"] in POINT_LEVELS:
        points.append((point.y, point.x))
    points += [
        (one.latitude, one.longitude)
        for one in row["candidates"]
        if one.latitude is not None and one.longitude is not None and one.unit_id is None
    ]
    for name in ("summary", "location_text", "target"):
        if isinstance(row[name], str):
            points += [spot[:2] for spot in read_spots(row[name])]
    return points


def _allowed_decimals(release: Release) -> int:
    """Give to how many decimals of a degree a place may be known."""
    profile = release.profile
    if profile.decimals is not None:
        return profile.decimals
    if profile.grid_km is not None:
        return max(0, int(np.floor(np.log10(_KM_A_DEGREE / profile.grid_km))))
    return _DECIMALS_OF[profile.coarsen]


@lru_cache(maxsize=4)
def _public_texts(frame: AdminFrame) -> tuple[str, ...]:
    """Give what files say without any record: names of units and towns, the words of maps."""
    basemap = read_basemap()
    names = [*frame.units["name"], *frame.units["other_names"].dropna(), *basemap.towns["name"]]
    names += [*basemap.countries["name_en"], *basemap.countries["name_fr"]]
    texts = [text for lang in LANGUAGES for text in read_messages(lang).values()]
    regions = frame.units["region_2023"].dropna().unique()
    return tuple(map(str, [*names, *regions, *texts]))


def _given_texts(release: Release) -> list[str]:
    """Give the texts of an edition."""
    table = pd.DataFrame(release.located)
    texts = [
        str(one) for lang in LANGUAGES for one in (release.statement[lang], release.notice[lang])
    ]
    for name in table.columns:
        if name not in ("geometry", "footprint", "sources", "reason", "candidates"):
            texts += [cell for cell in table[name].unique() if isinstance(cell, str)]
    for cell in table["sources"]:
        texts += [part for source in cell for part in source if part]
    for reason in table["reason"]:
        texts += _values_in(reason.values)
    texts += [one.name for cell in table["candidates"] for one in cell]
    return list(dict.fromkeys(texts))


def _values_in(value: Any) -> list[str]:
    """Give the texts in the values of a reason."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [text for one in value for text in _values_in(one)]
    return []


def _words_in(
    texts: Iterable[str], cells: Iterable[tuple[str, str]], secrets: _Secrets
) -> list[tuple[str, str, str, str]]:
    """Find texts and ids."""
    found = []
    for text in texts:
        for value, owner, code in secrets.words.found_in(text):
            what = "the id of a row that is not given" if code == "id" else "a withheld value"
            found.append((owner, value, code, f"it has {what}: {value!r}"))
    for name, cell in cells:
        if cell in secrets.cells:
            owner = secrets.cells[cell]
            found.append(
                (owner, cell, "id", f"{name} has the id of a row that is not given: {cell!r}")
            )
    return found


def _spots_in(
    texts: Iterable[str],
    contents: Contents,
    secrets: _Secrets,
    release: Release,
    frame: AdminFrame,
) -> list[tuple[str, str, str, str]]:
    """Find coordinates finer than allowed."""
    if not len(secrets.spots):
        return []
    least = secrets.decimals + 1
    search = _Search(secrets.spots)
    hits: list[tuple[int, float, float]] = []
    if contents.points:
        # Rows of one unit have one outline.
        outlines = {points.tobytes(): points for points in contents.points}
        hits += search.pairs(np.vstack([*outlines.values()]), least)
    for table in contents.tables:
        there = _in_table(table, search, least)
        if {*table.columns} <= _LABEL:
            there = [hit for hit in there if not _is_named(hit, secrets.named)]
        hits += there
    hits += _in_lists(contents.numbers, search, least)
    hits += _in_texts(texts, search, least)
    hits = list(dict.fromkeys(hits))
    public = _is_public(hits, release, frame) if hits else []
    return [
        (
            secrets.owners[at],
            f"{latitude:.7g}, {longitude:.7g}",
            "coordinate",
            _said_of(latitude, longitude, secrets.decimals),
        )
        for (at, latitude, longitude), known in zip(hits, public, strict=True)
        if not known
    ]


# What a map writes of a town or a centre, beside its name.
_LABEL: Final = {"lat", "lon", "rank", "zoom", "km"}


def _is_named(hit: tuple[int, float, float], named: np.ndarray) -> bool:
    """Tell a coordinate that a map writes beside a name."""
    return (
        bool((np.abs(named - np.array(hit[1:])).max(axis=1) < 1e-4).any()) if len(named) else False
    )


def _said_of(latitude: float, longitude: float, decimals: int) -> str:
    """Say that a coordinate is finer than it may be."""
    finest = f"{decimals} decimal{'' if decimals == 1 else 's'} of a degree"
    return f"it has a withheld coordinate, finer than {finest}: {latitude:.7g}, {longitude:.7g}"


class _Search:
    """Finds which numbers are secret coordinates, rounded or cut anywhere."""

    def __init__(self, spots: np.ndarray) -> None:
        self.spots = spots
        self._tree = shapely.STRtree([shapely.Point(one) for one in spots[:, ::-1]])
        self.low, self.high = spots.min(axis=0) - 0.5, spots.max(axis=0) + 0.5
        self.sides = [np.sort(spots[:, axis]) for axis in (0, 1)]

    def pairs(self, pairs: np.ndarray, least: int) -> list[tuple[int, float, float]]:
        """Find secrets among pairs of numbers in either order, with so many decimals or more."""
        hits: list[tuple[int, float, float]] = []
        pairs = pairs[np.isfinite(pairs).all(axis=1)] if len(pairs) else pairs
        for order in ((0, 1), (1, 0)):
            values = pairs[:, list(order)] if len(pairs) else np.empty((0, 2))
            near = ((values >= self.low) & (values <= self.high)).all(axis=1)
            values = np.unique(values[near], axis=0)
            if len(values):
                hits += self._matched(values, least)
        return hits

    def _matched(self, values: np.ndarray, least: int) -> list[tuple[int, float, float]]:
        """Find secrets among latitudes and longitudes."""
        decimals = decimals_of(values)
        values = values[(decimals >= least).all(axis=1)]
        steps = 10.0 ** -decimals[(decimals >= least).all(axis=1)]
        if not len(values):
            return []
        reach = np.maximum(steps, _LEAST)
        boxes = shapely.box(
            values[:, 1] - reach[:, 1],
            values[:, 0] - reach[:, 0],
            values[:, 1] + reach[:, 1],
            values[:, 0] + reach[:, 0],
        )
        at, which = self._tree.query(boxes)
        off = self.spots[which] - values[at]
        tiny = 1e-9
        rounded = np.abs(off) <= np.maximum(steps[at] / 2, _LEAST) + tiny
        # Cut off, towards zero.
        cut = (np.abs(off) < steps[at] + tiny) & (off * np.sign(self.spots[which]) >= -tiny)
        fits = rounded.all(axis=1) | cut.all(axis=1)
        return [
            (int(one), float(values[i, 0]), float(values[i, 1]))
            for i, one in zip(at[fits], which[fits], strict=True)
        ]

    def has_side(self, values: np.ndarray, axis: int) -> bool:
        """Tell whether any number may be one side of a secret."""
        near = values[(values >= self.low[axis]) & (values <= self.high[axis])]
        if not len(near):
            return False
        side = self.sides[axis]
        at = np.clip(np.searchsorted(side, near), 1, len(side) - 1) if len(side) > 1 else None
        if at is None:
            distance = np.abs(near - side[0])
        else:
            distance = np.minimum(np.abs(near - side[at]), np.abs(near - side[at - 1]))
        return bool((distance <= 0.1).any())

    def sided(self, cells: pd.DataFrame, axis: int, *, reach: float) -> pd.DataFrame:
        """Give the cells near one side of a secret, a row a cell and secret."""
        values = cells["value"].to_numpy(float)
        near = cells[(values >= self.low[axis]) & (values <= self.high[axis])]
        order = np.argsort(self.spots[:, axis], kind="stable")
        side = self.spots[order, axis]
        first = np.searchsorted(side, near["value"] - reach, side="left")
        last = np.searchsorted(side, near["value"] + reach, side="right")
        rows = near.loc[near.index.repeat(last - first)].copy()
        # One after the other from the first secret that is near.
        within = np.arange(len(rows)) - np.repeat(
            np.cumsum(last - first) - (last - first), last - first
        )
        rows["secret"] = order[np.repeat(first, last - first) + within]
        found: pd.DataFrame = rows
        return found

    def read(self, spots: Iterable[Spot], least: int) -> list[tuple[int, float, float]]:
        """Find secrets at coordinates that were read in texts, if these are finer than allowed."""
        # A tenth less than half of the last decimal allowed.
        fine = {spot for spot in spots if spot.within <= 0.45 * 10.0 ** -(least - 1)}
        if not fine:
            return []
        latitudes, longitudes, within = np.array(sorted(fine)).T
        # Cut off instead of rounded.
        reach = 2 * within + 1e-9
        boxes = shapely.box(
            longitudes - reach, latitudes - reach, longitudes + reach, latitudes + reach
        )
        at, which = self._tree.query(boxes)
        return [
            (int(one), float(latitudes[i]), float(longitudes[i]))
            for i, one in zip(at, which, strict=True)
        ]


def decimals_of(values: np.ndarray) -> np.ndarray:
    """Give how many decimals numbers have, at most seven; those of short floats are noise.

    Parameters
    ----------
    values : numpy.ndarray
        Numbers.

    Returns
    -------
    numpy.ndarray of int
        Of the same shape.
    """
    decimals = np.full(values.shape, _MOST_DECIMALS)
    for count in range(_MOST_DECIMALS - 1, -1, -1):
        scaled = values * 10.0**count
        decimals[np.abs(scaled - np.rint(scaled)) < 1e-7 * 10.0**count] = count
    return decimals


def _in_table(table: pd.DataFrame, search: _Search, least: int) -> list[tuple[int, float, float]]:
    """Find secrets in the rows of a table: two of its numbers, as degrees or parts of degrees."""
    columns = []
    for name in range(table.shape[1]):
        cells = table.iloc[:, name]
        values = pd.to_numeric(cells.map(_plain_number), errors="coerce").to_numpy(float)
        if np.isfinite(values).any():
            columns.append(values)
    return _among(columns, search, least)


def _plain_number(cell: Any) -> Any:
    """Give a cell for reading as a number: a decimal comma is a point."""
    if isinstance(cell, str):
        return cell.strip().lstrip("'").replace(",", ".") if len(cell) < 40 else None
    return cell if isinstance(cell, int | float) and not isinstance(cell, bool) else None


def _among(
    columns: list[np.ndarray], search: _Search, least: int
) -> list[tuple[int, float, float]]:
    """Find secrets among columns of equal length, those of whole numbers scaled as well."""
    hits: list[tuple[int, float, float]] = []
    variants: list[list[np.ndarray]] = [_variants(values) for values in columns]
    sides = [
        [
            [one for one in several if search.has_side(one[np.isfinite(one)], axis)]
            for several in variants
        ]
        for axis in (0, 1)
    ]
    for one, two in permutations(range(len(columns)), 2):
        for latitudes in sides[0][one]:
            for longitudes in sides[1][two]:
                hits += search.pairs(np.column_stack([latitudes, longitudes]), least)
    return hits


def _variants(values: np.ndarray) -> list[np.ndarray]:
    """Give what numbers may stand for: themselves, parts of degrees, steps from one to the next."""
    known = values[np.isfinite(values)]
    if not len(known):
        return []
    if not (known == np.rint(known)).all() or np.abs(known).max() < 180:
        given = [values]
        if not (known == np.rint(known)).all() and len(values) > 1:
            given.append(_summed(values))
        return given
    sums = _summed(values)
    return [
        one / scale
        for scale in _SCALES
        for one in ((values, sums) if len(values) > 1 else (values,))
    ]


def _summed(values: np.ndarray) -> np.ndarray:
    """Add up steps, over the missing ones."""
    sums = np.cumsum(np.nan_to_num(values))
    sums[~np.isfinite(values)] = np.nan
    return sums


def _in_lists(
    lists: list[np.ndarray], search: _Search, least: int
) -> list[tuple[int, float, float]]:
    """Find secrets in lists of numbers: one after the other, or in two lists of one length."""
    fine = max(least, _LOOSE)
    degrees, parts, long = [], [], []
    for values in {one.tobytes(): one for one in lists if len(one) > 1}.values():
        known = values[np.isfinite(values)]
        turned = np.column_stack([values[:-1], values[1:]])
        if (known == np.rint(known)).all():
            parts.append(turned)
            if len(values) > 3:
                even = np.nan_to_num(values[: len(values) // 2 * 2].reshape(-1, 2))
                parts.append(np.cumsum(even, axis=0))
        else:
            degrees.append(turned)
        if len(values) > 3:
            long.append(values)
    hits = search.pairs(np.vstack(degrees), least) if degrees else []
    for scale in _SCALES if parts else ():
        hits += search.pairs(np.vstack(parts) / scale, fine)
    return hits + _across(long, search, fine)


def _across(lists: list[np.ndarray], search: _Search, least: int) -> list[tuple[int, float, float]]:
    """Find secrets whose two sides stand at one position of two lists of one length."""
    cells = [
        (values, len(values))
        for one in {values.tobytes(): values for values in lists}.values()
        for values in _variants(one)
    ]
    if not cells:
        return []
    flat = pd.DataFrame(
        {
            "value": np.concatenate([values for values, _ in cells]),
            "length": np.repeat([length for _, length in cells], [len(v) for v, _ in cells]),
            "position": np.concatenate([np.arange(length) for _, length in cells]),
        }
    )
    sides = [search.sided(flat, axis, reach=10.0**-least) for axis in (0, 1)]
    met = sides[0].merge(sides[1], on=["length", "position", "secret"])
    return search.pairs(met[["value_x", "value_y"]].to_numpy(float), least)


def _in_texts(texts: Iterable[str], search: _Search, least: int) -> list[tuple[int, float, float]]:
    """Find secrets in texts: coordinates as people write them, and numbers that stand together."""
    spots: set[Spot] = set()
    degrees, parts = [np.empty((0, 2))], [np.empty((0, 2))]
    for text in texts:
        if len(text) < 4 or not _DIGIT.search(text):
            continue
        spots.update(read_spots(text))
        for pattern, pairs in ((_FLOATS, degrees), (_WHOLES, parts)):
            numbers = np.array([float(one) for one in pattern.findall(text)])
            pairs += [
                np.column_stack([numbers[:-apart], numbers[apart:]])
                for apart in range(1, min(_APART + 1, len(numbers)))
            ]
    fine = max(least, _LOOSE)
    # West is also written without a sign.
    unsigned = _Search(np.concatenate([search.spots, np.abs(search.spots)]))
    found = unsigned.pairs(np.vstack(degrees), fine)
    hits = search.read(spots, least)
    hits += [(at % len(search.spots), one, two) for at, one, two in found]
    for scale in _SCALES:
        hits += search.pairs(np.vstack(parts) / scale, fine)
    return hits


_DIGIT: Final = re.compile(r"\d")


@lru_cache(maxsize=2)
def _public_corners(frame: AdminFrame) -> np.ndarray:
    """Give the corners of what every map and file draws: units and the base map."""
    basemap = read_basemap()
    shapes = [
        *frame.units.geometry,
        *frame.simplified.geometry,
        *basemap.land,
        *basemap.frontiers,
        *basemap.lakes,
        *basemap.rivers,
        *shapely.point_on_surface(frame.units.geometry.to_numpy()),
    ]
    return np.unique(shapely.get_coordinates(shapes), axis=0)[:, ::-1]


def _is_public(
    hits: list[tuple[int, float, float]], release: Release, frame: AdminFrame
) -> list[bool]:
    """Tell the coordinates that are corners of public outlines, or that the edition gives."""
    given = release.located[["geometry", "footprint"]].to_numpy().ravel()
    shapes = [*dict.fromkeys(one for one in given if one is not None)]
    released = np.unique(shapely.get_coordinates(shapes), axis=0)[:, ::-1]
    known = (
        np.vstack([_public_corners(frame), released]) if len(released) else _public_corners(frame)
    )
    answers = []
    for _, latitude, longitude in hits:
        spot = np.array([latitude, longitude])
        off = np.abs(known - spot).max(axis=1)
        near = known[off <= 5.1e-4]
        if (off < _LEAST).any():
            # The same in a float of 32 bits, as an index of a GeoPackage has it.
            answers.append(True)
            continue
        answers.append(
            any(
                (np.abs(np.round(near, digits) - spot) < 1e-9).all(axis=1).any()
                for digits in (3, 4, 5, 6, 15)
            )
            if len(near)
            else False
        )
    return answers
