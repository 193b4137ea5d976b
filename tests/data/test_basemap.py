"""The base map that ships: land, rivers, lakes and towns round Mali."""

import json
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from mali_incidents.storage import shipped

LAYERS = ("land", "rivers", "lakes")
LAND_WINDOW = shapely.box(-30, 0, 22, 38)
MAP_WINDOW = shapely.box(-17.6, 6, 8.5, 28)
NEIGHBOURS = {"BF", "CI", "DZ", "GN", "MR", "NE", "SN"}


def read_features(layer: str) -> list[dict[str, Any]]:
    text = shipped("basemap", f"{layer}.geojson").read_text(encoding="utf-8")
    collection = json.loads(text)
    assert collection["type"] == "FeatureCollection"
    return collection["features"]


def shape_of(feature: dict[str, Any]) -> BaseGeometry:
    return shapely.geometry.shape(feature["geometry"])


def only(layer: str, **properties: object) -> BaseGeometry:
    """The one shape in a layer that has these properties."""
    shapes = [
        shape_of(feature)
        for feature in read_features(layer)
        if properties.items() <= feature["properties"].items()
    ]
    assert len(shapes) == 1
    return shapes[0]


@pytest.fixture(scope="module")
def mali() -> BaseGeometry:
    return gpd.read_parquet(shipped("boundaries", "mali-2017", "regions.parquet")).union_all()


@pytest.fixture(scope="module")
def towns() -> pd.DataFrame:
    table = pd.read_csv(shipped("basemap", "towns.csv"), keep_default_na=False)
    return table.assign(population=pd.to_numeric(table["population"]).astype("Int64"))


@pytest.mark.parametrize("layer", LAYERS)
def test_shapes_are_valid_and_in_the_window(layer: str) -> None:
    shapes = [shape_of(feature) for feature in read_features(layer)]
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    assert shapely.covers(LAND_WINDOW if layer == "land" else MAP_WINDOW, shapes).all()


@pytest.mark.parametrize("layer", LAYERS)
def test_coordinates_have_four_decimals(layer: str) -> None:
    shapes = [shape_of(feature) for feature in read_features(layer)]
    coordinates = shapely.get_coordinates(shapes)
    assert (coordinates == coordinates.round(4)).all()


def test_the_files_are_small() -> None:
    sizes = {path.name: path.stat().st_size for path in shipped("basemap").iterdir()}
    assert max(sizes[f"{layer}.geojson"] for layer in LAYERS) < 150_000
    assert sum(sizes.values()) < 400_000


def test_mali_lies_on_land(mali: BaseGeometry) -> None:
    land = only("land", kind="land")
    assert land.covers(mali.buffer(0.1))


def test_borders_reach_mali_and_stop_below_it(mali: BaseGeometry) -> None:
    borders = only("land", kind="border", disputed=False)
    outside = shapely.get_parts(shapely.line_merge(borders - mali))
    near = shapely.distance(mali, outside)
    assert (near < 1e-9).sum() == len(NEIGHBOURS)
    assert not ((near >= 1e-9) & (near < 0.5)).any(), "a border ends just short of Mali"
    assert mali.boundary.buffer(0.3).covers(borders & mali)


def test_labels_name_the_neighbours_beside_mali(mali: BaseGeometry) -> None:
    labels = [
        feature for feature in read_features("land") if feature["properties"]["kind"] == "label"
    ]
    points = [shape_of(feature) for feature in labels]
    assert shapely.covers(MAP_WINDOW, points).all()
    assert (shapely.distance(mali, points) > 0.5).all()
    properties = [feature["properties"] for feature in labels]
    assert {label["iso_a2"] for label in properties if label["neighbour"]} == NEIGHBOURS
    names = {label["iso_a2"]: (label["name_en"], label["name_fr"]) for label in properties}
    assert names["SN"] == ("Senegal", "Sénégal")
    assert names["DZ"] == ("Algeria", "Algérie")
    assert "ML" not in names
    assert all(english and french for english, french in names.values())


def test_rivers_are_permanent_ones() -> None:
    features = read_features("rivers")
    assert {feature["properties"]["level"] for feature in features} == {1, 2, 3, 4}
    assert {feature["geometry"]["type"] for feature in features} == {"LineString"}


def test_lakes_and_wide_rivers_are_told_apart() -> None:
    features = read_features("lakes")
    assert {feature["properties"]["kind"] for feature in features} == {"lake", "river"}
    debo = shapely.Point(-4.1, 15.3)
    assert any(shape_of(feature).covers(debo) for feature in features), (
        "Lac Débo is not where it should be"
    )


@pytest.mark.parametrize(
    ("place", "longitude", "latitude"),
    [
        ("Bamako", -8.0029, 12.6392),
        ("Kangaba", -8.4167, 11.9333),
        ("Ségou", -6.2667, 13.45),
        ("Gao", -0.05, 16.2667),
        ("Kayes", -11.4333, 14.45),
        ("Mopti", -4.199, 14.4976),
    ],
)
def test_towns_on_a_river_have_water_beside_them(
    place: str, longitude: float, latitude: float
) -> None:
    town = shapely.Point(longitude, latitude)
    water = [shape_of(feature) for layer in ("rivers", "lakes") for feature in read_features(layer)]
    assert shapely.distance(town, water).min() < 0.03, place


def test_the_licence_of_the_rivers_is_beside_them() -> None:
    licence = shipped("basemap", "LICENCE-rivers.txt").read_text(encoding="utf-8")
    for words in ("Wessel", "Smith", "WDBII", "LESSER GENERAL PUBLIC LICENSE", "Version 3"):
        assert words in licence


def test_towns_have_their_columns(towns: pd.DataFrame) -> None:
    assert list(towns.columns) == [
        "name",
        "country",
        "latitude",
        "longitude",
        "population",
        "rank",
        "geonameid",
        "place_id",
    ]
    assert set(towns["rank"]) == {1, 2, 3}
    points = shapely.points(towns[["longitude", "latitude"]].to_numpy())
    assert shapely.covers(MAP_WINDOW, points).all()
    assert towns["country"].str.fullmatch("[A-Z]{2}").all()
    assert not towns["name"].str.contains(r"[<>`${}\x00-\x1f]").any()


def test_towns_rank_bamako_then_the_regional_capitals(towns: pd.DataFrame) -> None:
    malian = towns[towns["country"] == "ML"]
    assert malian.loc[malian["rank"] == 1, "name"].tolist() == ["Bamako"]
    regions = gpd.read_parquet(shipped("boundaries", "mali-2017", "regions.parquet"))["name"]
    assert set(malian.loc[malian["rank"] <= 2, "name"]) == set(regions)


def test_malian_towns_agree_with_the_places(towns: pd.DataFrame) -> None:
    malian = towns[towns["country"] == "ML"].set_index("place_id")
    assert malian.index.is_unique
    places = pd.read_csv(shipped("places", "places.csv")).set_index("place_id")
    same = ["name", "latitude", "longitude"]
    pd.testing.assert_frame_equal(malian[same], places.loc[malian.index, same])


def test_all_seats_of_cercles_are_towns_of_the_map(towns: pd.DataFrame) -> None:
    cercles = gpd.read_parquet(shipped("boundaries", "mali-2017", "cercles.parquet"))
    malian = towns[towns["country"] == "ML"]
    renamed = {"Nioro": "Nioro du Sahel"}
    assert set(cercles["name"].replace(renamed)) <= set(malian["name"])
    assert len(malian) >= 70
