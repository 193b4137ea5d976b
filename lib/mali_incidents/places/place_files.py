"""Files of named places, whatever their columns, as rows of one table."""

import csv
import gzip
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from mali_incidents.errors import LocateError
from mali_incidents.storage import decoded
from mali_incidents.tables import CRS

FIELDS: Final = (
    "place_id",
    "name",
    "other_names",
    "kind",
    "admin1",
    "admin2",
    "admin3",
    "latitude",
    "longitude",
    "extent_km",
    "population",
)
# Headers that mean a field, bare of case, accents and signs; the first that a file has is taken.
_SYNONYMS: Final[dict[str, tuple[str, ...]]] = {
    "place_id": ("placeid", "pcode", "geonameid", "id", "code"),
    "name": (
        "name", "nom", "placename", "place", "toponym", "toponyme", "featurename", "featurenam",
        "locality", "localite", "settlement", "village", "nomlocalite", "nomvillage", "lieu",
    ),
    "other_names": (
        "othernames", "alternatenames", "alternativenames", "altnames", "altname", "aliases",
        "autresnoms", "featureref",
    ),
    "kind": ("kind", "type", "placetype", "featuretype", "fclass", "typelocalite"),
    "admin1": ("admin1", "admin1name", "adm1name", "adm1fr", "adm1en", "adm1", "region"),
    "admin2": ("admin2", "admin2name", "adm2name", "adm2fr", "adm2en", "adm2", "cercle"),
    "admin3": ("admin3", "admin3name", "adm3name", "adm3fr", "adm3en", "adm3", "commune"),
    "latitude": ("latitude", "lat", "y", "ycoord", "latdd", "latwgs84"),
    "longitude": ("longitude", "lon", "long", "lng", "x", "xcoord", "londd", "lonwgs84"),
    "extent_km": ("extentkm", "radiuskm"),
    "population": ("population", "pop", "poptotal"),
}  # fmt: skip
# Words for a kind of place, English and French, bare of accents.
_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "town": ("town", "ville", "city", "cite"),
    "village": ("village",),
    "hamlet": ("hamlet", "hameau"),
    "district of a city": ("districtofacity", "quartier", "neighbourhood", "suburb"),
    "camp": ("camp", "campement"),
    "well": ("well", "puits"),
    "valley": ("valley", "vallee", "wadi", "oued"),
    "forest": ("forest", "foret"),
    "hill": ("hill", "colline", "mountain", "montagne"),
    "lake": ("lake", "lac", "pond", "mare"),
    "airport": ("airport", "aeroport"),
    "mine": ("mine",),
    "border post": ("borderpost", "postefrontiere"),
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words}
# Radii in kilometres. A village's: of 167 points in UCDP's events whose name and cercle the OCHA
# settlements have within 25 km, 87% lie this near to the settlement's point, 94% within 3 km.
_EXTENT_KM: Final = {
    "town": 3.0,
    "village": 1.5,
    "hamlet": 1.0,
    "district of a city": 1.0,
    "camp": 1.0,
    "well": 1.0,
    "valley": 10.0,
    "forest": 10.0,
    "hill": 3.0,
    "lake": 5.0,
    "airport": 3.0,
    "mine": 3.0,
    "border post": 1.0,
}
_OTHER_EXTENT_KM: Final = 1.5
_PEOPLE_A_KM2: Final = 2_000
_LARGEST_TOWN_KM: Final = 15.0
_TOWN_PEOPLE: Final = 10_000
_LARGEST_EXTENT_KM: Final = 200

_OCHA: Final = {
    "place_id": "pcode",
    "name": "featureNam",
    "other_names": "featureRef",
    "admin1": "admin1Name",
    "admin2": "admin2Name",
    "admin3": "admin3Name",
    "latitude": "latitude",
    "longitude": "longitude",
}
# popPlaceCl: 1 the capital, 2 regions' seats, 3 cercles', 4 communes', 5 other places.
_OCHA_KIND: Final = {"1": "town", "2": "town", "3": "town"}
_OCHA_EXTENT_KM: Final = {"1": 13.0, "2": 5.0, "4": 2.0}
_OCHA_SEAT: Final = {"1": "region", "2": "region", "3": "cercle", "4": "commune"}

_GEONAMES: Final = (
    "geonameid",
    "name",
    "asciiname",
    "alternatenames",
    "latitude",
    "longitude",
    "feature class",
    "feature code",
    "country code",
    "cc2",
    "admin1 code",
    "admin2 code",
    "admin3 code",
    "admin4 code",
    "population",
    "elevation",
    "dem",
    "timezone",
    "modification date",
)
# What reports name besides populated places; rivers are lines, and a point says nothing of them.
_GEONAMES_KINDS: Final[dict[str, tuple[str, ...]]] = {
    "district of a city": ("P.PPLX",),
    "town": ("P.PPLC", "P.PPLA", "P.PPLA2"),
    "well": ("H.WLL", "H.WLLS", "H.WLLT", "H.WLLQ", "H.WTRH"),
    "valley": ("H.WAD", "H.WADS", "T.VAL", "T.VALS"),
    "lake": ("H.LK", "H.LKS", "H.LKI", "H.LKSI", "H.PND", "H.PNDS", "H.PNDI", "H.PNDSI"),
    "forest": ("V.FRST", "L.RESF"),
    "hill": ("T.HLL", "T.HLLS", "T.MT", "T.MTS", "T.PK", "T.PKS", "T.MESA"),
    "airport": ("S.AIRP", "S.AIRF", "S.AIRB"),
    "mine": ("S.MN", "S.MNAU", "S.MNFE", "S.MNQR"),
    "camp": ("S.CMP", "S.CMPRF", "L.MILB"),
    "border post": ("S.PSTB",),
}
_GEONAMES_SEAT: Final = {
    "P.PPLC": "region",
    "P.PPLA": "region",
    "P.PPLA2": "cercle",
    "P.PPLA3": "commune",
}
_GEONAMES_KIND: Final = {code: kind for kind, codes in _GEONAMES_KINDS.items() for code in codes}

_TEXTS: Final = (".csv", ".tsv", ".txt")
_LAYERS: Final = (".gpkg", ".geojson", ".json")
_MOST_BYTES: Final = 500_000_000

_FINDING: Final = {
    "row": "int64",
    "name": "str",
    "severity": "str",
    "code": "str",
    "message": "str",
}


class PlaceFile(NamedTuple):
    """A file of places as read.

    Attributes
    ----------
    shape : {"ocha-settlements", "geonames", "table"}
        What the file was taken for.
    rows : int
        How many rows it has, blank lines aside.
    places : pandas.DataFrame
        The rows that could be read: ``row`` (first row 1), :data:`FIELDS` and ``seat``. Nothing is
        checked: a name may be missing, coordinates may be missing or anything.
    findings : pandas.DataFrame
        The rows that are not among them: row, name, severity, code, message.
    """

    shape: str
    rows: int
    places: pd.DataFrame
    findings: pd.DataFrame


def findings_table(findings: Iterable[tuple[Any, str, str, str, str]]) -> pd.DataFrame:
    """Make a table of findings on places: row, name, severity, code, message."""
    return pd.DataFrame(list(findings), columns=list(_FINDING)).astype(_FINDING)


def read_place_file(path: str | Path, *, columns: Mapping[str, str] | None = None) -> PlaceFile:
    """Read a file of named places.

    Parameters
    ----------
    path : str or pathlib.Path
        Delimited text (``,`` ``;`` or tab; .csv, .tsv or .txt, also as .gz or as the one text in a
        .zip), a GeoPackage or GeoJSON of points. The OCHA settlements file and GeoNames' country
        files (19 columns, no header) are known by their shape.
    columns : mapping of str to str, optional
        The file's column for a field of :data:`FIELDS`, where its own name does not say so.

    Returns
    -------
    PlaceFile
        Coordinates in WGS 84 degrees. Of GeoNames populated places are kept, and the features that
        reports name (wells, valleys, lakes, forests, hills, airports, mines, camps, border posts).

    Raises
    ------
    LocateError
        When the file is not there, of another format or damaged, or when it has no name or no
        coordinates.

    Notes
    -----
    Where the file gives none, ``extent_km`` is the usual radius of a kind of place: town 3 km or,
    of known population, that of a disc with 2,000 people a square kilometre, 3 to 15 km; village
    1.5; hamlet, district of a city, camp, well and border post 1; hill, mine and airport 3; lake 5;
    valley and forest 10; anything else 1.5. Of OCHA's settlements the capital has 13 km, the seats
    of regions 5, those of communes 2.
    """
    file = Path(path)
    suffix = Path(file.stem).suffix.lower() if file.suffix.lower() == ".gz" else file.suffix.lower()
    if suffix in _LAYERS and suffix == file.suffix.lower():
        given, broken = _read_layer(file), findings_table([])
    elif suffix in (*_TEXTS, ".zip"):
        given, broken = _read_text(file)
    else:
        raise LocateError(
            f"{file.name} must be a file of places ({', '.join((*_TEXTS, *_LAYERS))}; text also as "
            f".gz or .zip), got {file.suffix or 'no ending'!r}"
        )
    found = _fields(given, columns or {}, file)
    source = pd.DataFrame(
        {
            field: given[found[field]] if field in found else pd.Series("", index=given.index)
            for field in FIELDS
        }
    )
    shape = _shape(list(given.columns))
    if shape == "ocha-settlements":
        source = _as_ocha(source, given)
    elif shape == "geonames":
        source = _as_geonames(source, given)
    other = (source["kind"] == "") & (shape == "geonames")
    features = findings_table(
        (row, name, "note", "other-feature", "is no place that reports name: left out")
        for row, name in source.loc[other, "name"].items()
    )
    places = _typed(source[~other]).reset_index(names="row")
    findings = pd.concat([broken, features], ignore_index=True)
    return PlaceFile(shape, len(places) + len(findings), places, findings)


def _shape(columns: list[str]) -> str:
    """Know a file by its columns."""
    if columns == list(_GEONAMES):
        return "geonames"
    if {*_OCHA.values(), "popPlaceCl"} <= set(columns):
        return "ocha-settlements"
    return "table"


def _fields(given: pd.DataFrame, columns: Mapping[str, str], file: Path) -> dict[str, str]:
    """Find the column of each field: by the mapping, by the file's shape, by its name."""
    wrong = [f"{field!r} is no field" for field in columns if field not in FIELDS]
    wrong += [f"it has no column {column!r}" for column in columns.values() if column not in given]
    headers = {_bare(column): column for column in reversed(given.columns)}
    found = {
        field: headers[next(word for word in words if word in headers)]
        for field, words in _SYNONYMS.items()
        if any(word in headers for word in words)
    }
    found |= {"ocha-settlements": _OCHA}.get(_shape(list(given.columns)), {})
    found |= columns
    wrong += [
        f"no column is its {field}" for field in ("name", "latitude", "longitude")
        if field not in found
    ]  # fmt: skip
    if wrong:
        raise LocateError(
            f"{file.name} must have a name and coordinates: {'; '.join(wrong)}. Its columns are "
            f"{', '.join(map(repr, given.columns))}. Say which is which, as in columns "
            f"name=…,latitude=…,longitude=…; fields are {', '.join(FIELDS)}"
        )
    return found


def _bare(text: str) -> str:
    """Take case, accents, signs and blanks off a header or a word."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[\W_]+", "", "".join(one for one in plain if not unicodedata.combining(one)))


def _typed(source: pd.DataFrame) -> pd.DataFrame:
    """Clean the texts, read the numbers, and fill what follows from the kind."""
    texts = {field: _cleaned(source[field]) for field in FIELDS[:7]}
    ids = texts["place_id"]
    if ids.duplicated().any() or (ids == "").any():
        texts["place_id"] = pd.Series(source.index.astype("str"), index=source.index)
    kinds = texts["kind"].replace("", "place")
    kinds = kinds.map({word: _KIND_OF.get(_bare(word), word) for word in kinds.unique()})
    people = _numbers(source["population"].astype("str").str.replace(r"[\s,]", "", regex=True))
    people = people.where(people.between(1, 1e9)).round()
    extent = _numbers(source["extent_km"])
    extent = extent.where((extent > 0) & (extent <= _LARGEST_EXTENT_KM))
    return pd.DataFrame(
        {
            **texts,
            "name": texts["name"].str.replace(";", ",", regex=False),
            "other_names": _listed(texts["other_names"]),
            "kind": kinds,
            "latitude": _numbers(source["latitude"]),
            "longitude": _numbers(source["longitude"]),
            "extent_km": extent.fillna(_usual_extent_km(kinds, people)),
            "population": people.astype("Int64"),
            "seat": source.get("seat", pd.Series(index=source.index, dtype="str")),
        }
    )


def _usual_extent_km(kinds: pd.Series, people: pd.Series) -> pd.Series:
    """Give the usual radius of each kind of place; of a town, what its people need."""
    usual = kinds.map(_EXTENT_KM).fillna(_OTHER_EXTENT_KM)
    room: pd.Series = (people / (_PEOPLE_A_KM2 * np.pi)) ** 0.5
    room = room.clip(_EXTENT_KM["town"], _LARGEST_TOWN_KM)
    return room.where((kinds == "town") & room.notna(), usual)


def _cleaned(column: pd.Series) -> pd.Series:
    """Compose accents, and put one blank for every run of blanks and of unprintable signs."""
    texts = column.astype("str").fillna("")
    clean = {
        text: " ".join(
            "".join(
                one if one.isprintable() else " " for one in unicodedata.normalize("NFC", text)
            ).split()
        )
        for text in texts.unique()
    }
    return texts.map(clean)


def _listed(column: pd.Series) -> pd.Series:
    """Part other names by semicolons, whatever parted them."""
    commas = ~column.str.contains(";", regex=False)
    parted = column.where(~commas, column.str.replace(r"\s*[,|]\s*", ";", regex=True))
    return parted.str.replace(r"\s*;[\s;]*", ";", regex=True).str.strip("; ")


def _numbers(column: pd.Series) -> pd.Series:
    """Read numbers, also with a decimal comma; missing where there is none."""
    texts = column.astype("str").str.strip().str.replace(",", ".", regex=False)
    numbers: pd.Series = pd.to_numeric(texts, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def _as_ocha(source: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Read what OCHA's class of a populated place says of its kind and size."""
    kinds = given["popPlaceCl"].map(_OCHA_KIND).fillna("village")
    # The district of Bamako is all city.
    quarter = (given["popPlaceCl"] == "5") & (given["admin1Name"] == "Bamako")
    return source.assign(
        kind=kinds.mask(quarter, "district of a city"),
        extent_km=given["popPlaceCl"].map(_OCHA_EXTENT_KM),
        seat=given["popPlaceCl"].map(_OCHA_SEAT),
    )


def _as_geonames(source: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Read GeoNames' features: their kinds, and its own names for its codes of units."""
    codes = given["feature class"] + "." + given["feature code"]
    people = pd.to_numeric(given["population"], errors="coerce")
    settled = given["feature class"] == "P"
    kinds = codes.map(_GEONAMES_KIND)
    kinds = kinds.mask(settled & kinds.isna(), "village")
    kinds = kinds.mask((kinds == "village") & (people >= _TOWN_PEOPLE), "town")
    units = {}
    keys = pd.Series("", index=given.index)
    for depth, level in enumerate(("admin1", "admin2", "admin3"), start=1):
        keys = keys + "/" + given[f"{level} code"]
        known = given["feature code"] == f"ADM{depth}"
        names = dict(zip(keys[known], given.loc[known, "name"], strict=True))
        units[level] = [names.get(key, "") for key in keys]
    return source.assign(kind=kinds.fillna(""), seat=codes.map(_GEONAMES_SEAT), **units)


def _read_text(file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read delimited text; rows with more cells than the header are listed, not read."""
    text = decoded(_unpacked(file))
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = _is_geonames(first)
    delimiter = "\t" if bare else max(",;\t", key=first.count)
    try:
        lines = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=delimiter,
            quoting=csv.QUOTE_NONE if bare else csv.QUOTE_MINIMAL,
        )
        header = list(_GEONAMES) if bare else _said(next(filter(_said, lines), []))
        rows = [(row, line) for row, line in enumerate(lines, start=1) if _said(line)]
    except csv.Error as error:
        raise LocateError(f"{file.name} is not a table of text: {error}") from error
    if not rows:
        raise LocateError(f"{file.name} has no rows: it must have a header and a row a place")
    width = len(header)
    broken = [(row, line) for row, line in rows if _said(line[width:])]
    numbers = {row for row, _ in broken}
    whole = {row: line[:width] for row, line in rows if row not in numbers}
    table = pd.DataFrame(
        [line + [""] * (width - len(line)) for line in whole.values()],
        index=pd.Index(list(whole), dtype="int64"),
        columns=header,
        dtype="str",
    )
    return table.loc[:, ~table.columns.duplicated()], findings_table(
        (row, line[0].strip(), "error", "broken-row",
         f"has {len(line)} cells for {width} columns: is a text with {delimiter!r} not in quotes?")
        for row, line in broken
    )  # fmt: skip


def _said(line: list[str]) -> list[str]:
    """Give the cells of a line, stripped; none where the line is blank."""
    cells = [cell.strip() for cell in line]
    return cells if any(cells) else []


def _is_geonames(line: str) -> bool:
    """Tell GeoNames' 19 columns without a header."""
    cells = line.split("\t")
    return (
        len(cells) == len(_GEONAMES)
        and cells[0].isdigit()
        and re.fullmatch(r"[AHLPRSTUV]?", cells[6]) is not None
    )


def _unpacked(file: Path) -> bytes:
    """Give a text's bytes, out of a .gz or .zip where it is in one."""
    try:
        if file.suffix.lower() == ".gz":
            with gzip.open(file) as handle:
                content = handle.read(_MOST_BYTES + 1)
        elif file.suffix.lower() == ".zip":
            with zipfile.ZipFile(file) as archive, archive.open(_only_text(archive)) as handle:
                content = handle.read(_MOST_BYTES + 1)
        else:
            content = file.read_bytes()
    except FileNotFoundError as error:
        raise LocateError(f"cannot read {file}: there is no such file") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError) as error:
        raise LocateError(f"cannot read {file}: {error}. Is it whole? Fetch it again.") from error
    if len(content) > _MOST_BYTES:
        raise LocateError(f"{file.name} is larger than {_MOST_BYTES // 1_000_000} MB unpacked")
    return content


def _only_text(archive: zipfile.ZipFile) -> str:
    """Name the one text in an archive, a readme aside."""
    names = [
        name
        for name in archive.namelist()
        if name.lower().endswith(_TEXTS) and "readme" not in name.lower()
    ]
    if len(names) != 1:
        raise LocateError(
            f"{archive.filename} must hold one table of text ({', '.join(_TEXTS)}), it holds "
            f"{', '.join(names) or 'none'}: unpack it and add the file that is meant"
        )
    return names[0]


def _read_layer(file: Path) -> pd.DataFrame:
    """Read a layer of points as texts, its points as latitude and longitude."""
    if not file.is_file():
        raise LocateError(f"cannot read {file}: there is no such file")
    try:
        layers = pyogrio.list_layers(file)
        pointed = [name for name, kind in layers if kind is not None and "Point" in kind]
        layer = gpd.read_file(file, layer=[*pointed, *layers[:, 0]][0])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, IndexError) as error:
        raise LocateError(f"cannot read {file.name}: {error}. Is it whole?") from error
    if not isinstance(layer, gpd.GeoDataFrame):
        raise LocateError(f"{file.name} must hold points, it has no geometry")
    shapes = layer.geometry if layer.crs is None else layer.geometry.to_crs(CRS)
    # Some writers make every point a bundle of one.
    single = shapely.get_num_geometries(shapes.to_numpy()) == 1
    points = np.where(single, shapely.get_geometry(shapes.to_numpy(), 0), None)
    degrees = pd.DataFrame({"longitude": shapely.get_x(points), "latitude": shapely.get_y(points)})
    texts = layer.drop(columns=[layer.geometry.name, *degrees], errors="ignore").astype("object")
    table: pd.DataFrame = texts.where(texts.notna(), "").astype("str").reset_index(drop=True)
    table = table.join(degrees.astype("str").fillna(""))
    if table.empty:
        raise LocateError(f"{file.name} has no rows: it must have a row a place")
    table.index = pd.RangeIndex(1, len(table) + 1)
    return table
