"""The places that ship: where they are, what they are called, where that is known from."""

import unicodedata
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from mali_incidents.places.names import fold
from mali_incidents.storage import shipped
from mali_incidents.tables import CRS

COLUMNS = [
    "place_id",
    "name",
    "other_names",
    "kind",
    "admin1",
    "admin2",
    "latitude",
    "longitude",
    "extent_km",
    "population",
    "source_name",
    "source_url",
    "source_note",
]
KINDS = {"town", "village", "border post", "mine", "airport", "district of a city"}


@pytest.fixture(scope="module")
def places() -> pd.DataFrame:
    table = pd.read_csv(shipped("places", "places.csv"), keep_default_na=False)
    return table.assign(population=pd.to_numeric(table["population"]).astype("Int64"))


@pytest.fixture(scope="module")
def placed(places: pd.DataFrame) -> gpd.GeoDataFrame:
    """Every place beside the cercle and the region whose polygon holds it."""
    folder = shipped("boundaries", "mali-2017")
    cercles = gpd.read_parquet(folder / "cercles.parquet")
    regions = gpd.read_parquet(folder / "regions.parquet").set_index("unit_id")["name"]
    cercles = cercles.assign(cercle=cercles["name"], region=cercles["parent_id"].map(regions))
    points = gpd.GeoDataFrame(
        places, geometry=gpd.points_from_xy(places["longitude"], places["latitude"]), crs=CRS
    )
    return points.sjoin(
        cercles[["cercle", "region", "geometry"]], how="left", predicate="intersects"
    )


def test_the_table_has_its_columns_and_they_are_filled(places: pd.DataFrame) -> None:
    assert list(places.columns) == COLUMNS
    needed = ["place_id", "name", "kind", "admin1", "admin2", "source_name"]
    assert not (places[needed] == "").any().any()
    assert set(places["kind"]) == KINDS
    assert places["extent_km"].between(0.5, 15).all()
    assert (places["population"].dropna() > 0).all()


def test_ids_are_unique_slugs_in_order(places: pd.DataFrame) -> None:
    ids = places["place_id"]
    assert ids.is_unique
    assert ids.is_monotonic_increasing
    assert ids.str.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*").all()


def test_a_name_stands_once_in_a_cercle(places: pd.DataFrame) -> None:
    assert not places.duplicated(["name", "admin2"]).any()


def test_other_names_are_clean_lists(places: pd.DataFrame) -> None:
    for name, others in zip(places["name"], places["other_names"], strict=True):
        listed = others.split(";") if others else []
        assert all(other == other.strip() != "" for other in listed), name
        assert len({name, *listed}) == len(listed) + 1, name


def test_text_holds_no_markup_and_no_control_characters(places: pd.DataFrame) -> None:
    for column in places.select_dtypes(include="str"):
        for text in places[column]:
            assert not set(text) & set("<>`${}"), text
            assert all(unicodedata.category(letter)[0] != "C" for letter in text), text
            assert text == unicodedata.normalize("NFC", text.strip())
            assert not text.startswith(("=", "+", "-", "@"))


def test_addresses_are_web_addresses(places: pd.DataFrame) -> None:
    given = places.loc[places["source_url"] != "", "source_url"]
    assert len(given) > 100
    assert given.str.fullmatch(r"https?://[^\s\"'\\]*('[^\s\"'\\]*)?").all()


def test_bamako_is_where_rings_and_distances_start(places: pd.DataFrame) -> None:
    bamako = places.set_index("place_id").loc["bamako"]
    assert (bamako["latitude"], bamako["longitude"]) == (12.6392, -8.0029)
    assert bamako["extent_km"] == 13


def test_every_cercle_has_its_seat(places: pd.DataFrame) -> None:
    cercles = set(gpd.read_parquet(shipped("boundaries", "mali-2017", "cercles.parquet"))["name"])
    seats = {
        row.admin2
        for row in places.itertuples()
        if row.admin2 in (row.name, *row.other_names.split(";"))
    }
    assert seats == cercles == set(places["admin2"])


def test_every_place_lies_in_its_cercle(placed: gpd.GeoDataFrame) -> None:
    assert placed["place_id"].is_unique
    assert placed["cercle"].notna().all(), "a place lies outside Mali"
    assert placed.loc[placed["cercle"] != placed["admin2"], "place_id"].tolist() == []
    assert (placed["region"] == placed["admin1"]).all()


def test_tessit_lies_east_of_greenwich(places: pd.DataFrame) -> None:
    row = places.set_index("place_id").loc["tessit"]
    # GeoNames' longitude has lost its sign; the seat of the commune is in the commune.
    assert (row["latitude"], row["longitude"]) == (15.21667, 0.3)


@pytest.mark.shared
def test_every_collected_place_is_there(places: pd.DataFrame, shared: Path) -> None:
    facts = pd.read_csv(shared / "facts" / "places.csv", keep_default_na=False)
    pairs = facts.merge(places, on=["name", "admin1", "admin2", "kind"], suffixes=("_fact", ""))
    assert len(pairs) == len(facts)
    assert (pairs["source_url"] == pairs["source_url_fact"]).all()
    mended = pairs[
        (pairs["latitude"] != pairs["latitude_fact"])
        | (pairs["longitude"] != pairs["longitude_fact"])
        | (pairs["extent_km"] != pairs["extent_km_fact"])
    ]
    assert set(mended["place_id"]) == {
        "abeibara",
        "dialakorodji",
        "fakola",
        "kouremale",
        "mine-de-fekola",
        "sangarebougou",
        "sebekoro",
    }
    assert (mended["source_note"] != "").all()


@pytest.mark.shared
def test_no_place_lies_far_from_the_settlement_of_its_name(
    places: pd.DataFrame, shared: Path
) -> None:
    file = shared / "data" / "cod-places-mli-2015" / "settlements.csv.gz"
    listed = pd.read_csv(file, keep_default_na=False).dropna(subset=["latitude", "longitude"])
    keys = zip(map(fold, listed["featureNam"]), map(fold, listed["admin2Name"]), strict=True)
    settlements = listed.groupby(pd.Index(keys, tupleize_cols=False))
    far, compared = [], 0
    for place in places.itertuples():
        names = {fold(name) for name in (place.name, *place.other_names.split(";"))}
        found = [
            row for name in names for row in settlements.indices.get((name, fold(place.admin2)), [])
        ]
        if found:
            compared += 1
            theirs = listed.iloc[found][["longitude", "latitude"]].to_numpy().T
            ours = np.full(len(found), place.longitude), np.full(len(found), place.latitude)
            if Geod(ellps="WGS84").inv(*ours, *theirs)[2].min() > 10_000:
                far.append(place.place_id)
    assert compared > 110
    # 33 km apart, both in its commune of Salam: nothing else listed tells which is right.
    assert far == ["araouane"]
