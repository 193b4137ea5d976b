"""Places are mended where only one thing can be meant; every row is kept or listed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_places import MENAKA, NARENA, write_csv

from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.place_check import LEFT_OUT, CheckedPlaces, check_places
from mali_incidents.places.place_files import read_place_file

UNFILED = {**NARENA, "admin1": "", "admin2": "", "admin3": ""}


def check(tmp_path: Path, *rows: dict[str, str]) -> CheckedPlaces:
    """Check places as a file brings them in."""
    read = read_place_file(write_csv(tmp_path / "a.csv", rows))
    return check_places(read.places, frame=read_frame())


def codes(checked: CheckedPlaces) -> list[list[object]]:
    """The rows and codes of the findings."""
    return checked.findings[["row", "code"]].values.tolist()


def test_a_place_in_its_commune_is_as_it_was(tmp_path: Path) -> None:
    checked = check(tmp_path, NARENA)
    place = checked.places.iloc[0]
    assert codes(checked) == []
    assert (place["latitude"], place["longitude"], place["off_km"]) == (12.23, -8.62, 0)
    assert checked.places[["problem", "given_latitude", "given_longitude"]].isna().all(axis=None)


def test_a_lost_sign_is_mended_and_what_was_given_is_kept(tmp_path: Path) -> None:
    checked = check(tmp_path, MENAKA)
    place = checked.places.iloc[0]
    assert (place["latitude"], place["longitude"]) == (15.913, 2.4023)
    assert (place["given_latitude"], place["given_longitude"]) == (15.913, -2.4023)
    assert (place["problem"], place["off_km"]) == ("sign-mended", 0)
    assert codes(checked) == [[1, "sign-mended"]]
    assert checked.findings.at[0, "message"] == (
        "given at 15.9130, -2.4023, outside Gao, where it is filed; 15.9130, 2.4023 lies in Ménaka "
        "and is used"
    )


def test_swapped_coordinates_are_mended(tmp_path: Path) -> None:
    row = {**NARENA, "latitude": NARENA["longitude"], "longitude": NARENA["latitude"]}
    place = check(tmp_path, row).places.iloc[0]
    assert (place["latitude"], place["longitude"]) == (12.23, -8.62)
    assert (place["given_latitude"], place["given_longitude"]) == (-8.62, 12.23)
    assert place["problem"] == "swap-mended"


def test_a_commune_that_is_not_known_leaves_its_cercle_to_mend_by(tmp_path: Path) -> None:
    place = check(tmp_path, {**MENAKA, "admin3": "Nowhere"}).places.iloc[0]
    assert (place["longitude"], place["problem"]) == (2.4023, "sign-mended")


@pytest.mark.parametrize(
    "wrong",
    [
        {"admin2": "", "admin3": ""},
        {"admin1": "", "admin2": "", "admin3": ""},
        {"admin3": "Tidermène"},
        {"longitude": "-3.5"},
    ],
)
def test_what_could_mean_something_else_is_not_mended(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    row = {**MENAKA, **wrong}
    checked = check(tmp_path, row)
    assert checked.places["longitude"].tolist() == [float(row["longitude"])]
    assert checked.places["given_longitude"].isna().all()
    assert "sign-mended" not in set(checked.findings["code"])


def test_a_frame_without_communes_mends_by_its_cercles(tmp_path: Path) -> None:
    shipped = read_frame()
    coarse = shipped.units[shipped.units["level"].isin(["region", "cercle"])].reset_index()
    frame = AdminFrame(name="coarse", units=coarse, simplified=shipped.simplified)
    read = read_place_file(write_csv(tmp_path / "a.csv", [MENAKA, NARENA]))
    places = check_places(read.places, frame=frame).places
    assert places["longitude"].tolist() == [2.4023, -8.62]
    assert places["problem"].fillna("").tolist() == ["sign-mended", ""]
    assert places["off_km"].tolist() == [0, 0]


def test_near_a_border_drawn_twice_no_sign_is_mended(tmp_path: Path) -> None:
    row = {
        "name": "Tessit", "latitude": "15.222439", "longitude": "-0.292627",
        "admin1": "Gao", "admin2": "Ansongo", "admin3": "Tessit",
    }  # fmt: skip
    place = check(tmp_path, row).places.iloc[0]
    assert (place["longitude"], place["problem"]) == (-0.292627, "outside-its-commune")
    assert place["off_km"] == pytest.approx(10.1, abs=0.1)


def test_a_place_far_outside_its_commune_is_flagged_with_the_distance(tmp_path: Path) -> None:
    frame = read_frame()
    _, south, _, _ = frame.polygon("ML-2017/koulikoro/kangaba/narena").bounds
    near, far = str(south - 0.02), str(south - 0.2)
    rows = [{**NARENA, "name": one, "latitude": one} for one in (near, far)]
    rows = [{**row, "name": name} for row, name in zip(rows, ("Near", "Far"), strict=True)]
    checked = check(tmp_path, *rows)
    assert codes(checked) == [[1, "beside-its-commune"], [2, "outside-its-commune"]]
    assert checked.places["problem"].fillna("").tolist() == ["", "outside-its-commune"]
    assert 0 < checked.places.at[0, "off_km"] <= 5 < checked.places.at[1, "off_km"] < 40
    km = checked.places.at[1, "off_km"]
    assert f"lies {km:.1f} km outside Narena" in checked.findings.at[1, "message"]


def test_a_place_filed_under_nothing_is_taken_as_it_is(tmp_path: Path) -> None:
    checked = check(tmp_path, UNFILED)
    assert codes(checked) == []
    assert checked.places["off_km"].isna().all()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "no-name"),
        ({"name": "?!"}, "no-name"),
        ({"latitude": ""}, "no-coordinates"),
        ({"longitude": "west"}, "no-coordinates"),
        ({"longitude": "625000", "latitude": "1352000"}, "no-coordinates"),
        ({"latitude": "0", "longitude": "0"}, "outside-mali"),
        ({"latitude": "12.37", "longitude": "-1.52"}, "outside-mali"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_listed(
    tmp_path: Path, wrong: dict[str, str], code: str
) -> None:
    checked = check(tmp_path, NARENA, {**UNFILED, **wrong})
    assert checked.places["name"].tolist() == ["Narena"]
    assert codes(checked) == [[2, code]]
    assert checked.findings["severity"].tolist() == ["error"]


def test_doubles_are_one_place_with_the_names_of_both(tmp_path: Path) -> None:
    village = {**NARENA, "name": "Toye (Woise)", "kind": "village"}
    town = {**NARENA, "name": "Toyé", "kind": "town", "latitude": "12.235"}
    checked = check(tmp_path, village, town)
    place = checked.places.iloc[0]
    assert len(checked.places) == 1
    assert (place["name"], place["latitude"]) == ("Toyé", 12.235)
    assert place["other_names"] == "Woise;Toye (Woise)"
    assert codes(checked) == [[1, "double"], [1, "name-parted"]]
    assert "the same place as row 2, 0.6 km away" in checked.findings.at[0, "message"]


def test_places_of_a_name_further_apart_or_filed_elsewhere_are_two(tmp_path: Path) -> None:
    apart = check(tmp_path, NARENA, {**NARENA, "latitude": "12.26"})
    assert len(apart.places) == 2
    assert codes(apart) == [[1, "two-of-a-name"], [2, "two-of-a-name"]]
    assert apart.places["problem"].isna().all()
    nowhere = check(tmp_path, UNFILED, {**UNFILED, "latitude": "12.26"})
    assert codes(nowhere) == []
    elsewhere = check(tmp_path, NARENA, {**NARENA, "admin3": "Kaniogo"})
    assert len(elsewhere.places) == 2


def test_a_mended_place_stays_beside_its_double(tmp_path: Path) -> None:
    checked = check(tmp_path, MENAKA, {**MENAKA, "longitude": "2.4017", "kind": "town"})
    assert len(checked.places) == 2
    assert checked.places["given_longitude"].fillna(0).tolist() == [-2.4023, 0]


def test_different_names_at_one_point_are_said(tmp_path: Path) -> None:
    checked = check(tmp_path, NARENA, {**NARENA, "name": "Kenieba"})
    assert len(checked.places) == 2
    assert codes(checked) == [[1, "shares-its-point"], [2, "shares-its-point"]]


def test_other_names_that_repeat_the_name_are_none(tmp_path: Path) -> None:
    row = {**NARENA, "other_names": "Naréna; Narenna ;narenna"}
    assert check(tmp_path, row).places["other_names"].tolist() == ["Narenna"]


def test_a_file_of_nothing_usable_has_only_findings(tmp_path: Path) -> None:
    checked = check(tmp_path, {**NARENA, "name": ""})
    assert checked.places.empty
    assert codes(checked) == [[1, "no-name"]]


DEGREES = st.one_of(
    st.floats(-20, 30, allow_nan=False),
    st.sampled_from([12.23, -8.62, 8.62, 15.913, 2.4023, -2.4023, 0.0, 91.0, -200.0, float("nan")]),
)
NAMES = st.sampled_from(["Narena", "Naréna", "Ménaka", "Kita (Gare)", "", "II", "A/B", "x ou y"])
UNITS = st.sampled_from(
    [("Koulikoro", "Kangaba", "Narena"), ("Gao", "Menaka", "Menaka"), ("Gao", "", ""),
     ("", "", "Narena"), ("", "", ""), ("Nowhere", "x", "y")]
)  # fmt: skip
PLACES = st.lists(st.tuples(NAMES, UNITS, DEGREES, DEGREES), max_size=12)


@settings(max_examples=60)
@given(PLACES)
def test_every_row_is_kept_or_listed(rows: list[tuple[str, tuple[str, ...], float, float]]) -> None:
    filed = pd.DataFrame(
        [(name, *units, latitude, longitude) for name, units, latitude, longitude in rows],
        columns=["name", "admin1", "admin2", "admin3", "latitude", "longitude"],
    ).astype({"latitude": "float64", "longitude": "float64"})
    filed = filed.astype(dict.fromkeys(["name", "admin1", "admin2", "admin3"], "str"))
    filed = filed.assign(row=np.arange(1, len(filed) + 1), other_names="", extent_km=1.5)
    before = filed.copy()
    places, findings = check_places(filed, frame=read_frame())
    pd.testing.assert_frame_equal(filed, before)
    gone = findings.loc[findings["code"].isin(LEFT_OUT), "row"]
    assert gone.is_unique
    assert sorted([*places["row"], *gone]) == filed["row"].tolist()
    assert places["row"].is_monotonic_increasing
    homes = read_frame().units_at(places["longitude"].to_numpy(), places["latitude"].to_numpy())
    assert None not in homes
    mended = places[places["given_longitude"].notna()]
    assert mended["problem"].isin(["sign-mended", "swap-mended"]).all()
    assert (mended["off_km"] == 0).all()
    kept = filed.set_index("row").loc[places["row"]].reset_index()
    same = places["given_longitude"].isna()
    pd.testing.assert_series_equal(places["longitude"][same], kept["longitude"][same])


@pytest.mark.shared
def test_the_settlements_of_ocha(shared: Path) -> None:
    read = read_place_file(shared / "data" / "cod-places-mli-2015" / "settlements.csv.gz")
    assert (read.shape, read.rows) == ("ocha-settlements", 18_769)
    places, findings = check_places(read.places, frame=read_frame())
    assert findings["code"].value_counts().to_dict() == {
        "beside-its-commune": 1_300,
        "double": 655,
        "outside-its-commune": 504,
        "shares-its-point": 365,
        "two-of-a-name": 212,
        "name-parted": 157,
        "outside-mali": 7,
        "sign-mended": 4,
    }
    assert len(places) == 18_769 - 655 - 7
    mended = places[places["problem"] == "sign-mended"].set_index("name")
    assert sorted(mended.index) == ["Akabar", "Anderamboukane", "Menaka", "Tambankort"]
    assert mended.at["Menaka", "longitude"] == pytest.approx(2.4023, abs=1e-4)
    assert mended.at["Menaka", "given_longitude"] == -mended.at["Menaka", "longitude"]
    # About one place in ten lies outside the commune it is filed under.
    assert (places["off_km"] > 0).mean() == pytest.approx(0.1, abs=0.005)
    assert places["off_km"].notna().all()
