"""The shipped places and those a user added, as one gazetteer."""

from pathlib import Path

import pandas as pd
import pytest
from made_places import MENAKA, NARENA, write_csv

from mali_incidents.errors import LocateError
from mali_incidents.places.added_places import add_places
from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import Gazetteer, list_gazetteers, read_gazetteer
from mali_incidents.tables import PLACES


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has added nothing yet."""
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def add(tmp_path: Path, *rows: dict[str, str], name: str = "mine") -> None:
    """Add places under a name, over those added before."""
    add_places(write_csv(tmp_path / f"{name}.csv", rows), name=name, replace=True)


def test_what_ships_has_every_column_of_the_contract() -> None:
    gazetteer = read_gazetteer()
    assert gazetteer.name == "shipped"
    assert [source.name for source in gazetteer.sources] == ["shipped"]
    checked = PLACES.validate(gazetteer.places)
    pd.testing.assert_frame_equal(checked, gazetteer.places)
    assert set(gazetteer.places["source"]) == {"shipped"}
    assert gazetteer.places["unit_id"].notna().all()


def test_what_was_added_is_used_unless_only_the_shipped_is_asked_for(tmp_path: Path) -> None:
    shipped = len(read_gazetteer().places)
    add(tmp_path, {**NARENA, "name": "Djelibani"})
    both = read_gazetteer()
    assert both.name == "shipped + mine"
    assert [source.name for source in both.sources] == ["shipped", "mine"]
    assert len(both.places) == shipped + 1
    found = both.find("DJÉLIBANI").iloc[0]
    assert (found["source"], found["place_id"]) == ("mine", "mine:1")
    assert found["unit_id"] == "ML-2017/koulikoro/kangaba/narena"
    alone = read_gazetteer("shipped")
    assert (alone.name, len(alone.places)) == ("shipped", shipped)
    assert alone.find("Djelibani").empty
    PLACES.validate(both.places)


def test_another_word_is_refused() -> None:
    with pytest.raises(LocateError, match="places must be 'all' or 'shipped', got 'ocha'"):
        read_gazetteer("ocha")


def test_what_is_added_again_is_read_again(tmp_path: Path) -> None:
    add(tmp_path, {**NARENA, "name": "Djelibani"})
    assert read_gazetteer() is read_gazetteer()
    assert len(read_gazetteer().find("Djelibani")) == 1
    add(tmp_path, {**NARENA, "name": "Figuira"})
    assert read_gazetteer().find("Djelibani").empty
    assert len(read_gazetteer().find("Figuira")) == 1


def test_the_shipped_place_of_a_name_wins(tmp_path: Path) -> None:
    add(tmp_path, {**NARENA, "other_names": "Bamako"}, {**MENAKA, "name": "Djelibani"})
    gazetteer = read_gazetteer()
    assert len(gazetteer.find("Bamako")) == 2
    assert gazetteer.place("Bamako")["source"] == "shipped"
    assert gazetteer.place("Djelibani")["source"] == "mine"
    add(tmp_path, {**NARENA, "name": "Djelibani"}, name="yours")
    with pytest.raises(LocateError, match=r"more than one place \(in Menaka, Kangaba\)"):
        read_gazetteer().place("Djelibani")


def test_a_place_in_several_gazetteers_is_one(tmp_path: Path) -> None:
    town = {**NARENA, "name": "Djelibani", "kind": "town"}
    add(tmp_path, {**NARENA, "name": "Djelibani", "latitude": "12.24"}, name="village")
    add(tmp_path, town, name="town")
    place = read_gazetteer().place("Djelibani")
    assert (place["source"], place["kind"]) == ("town", "town")


def test_of_many_places_of_a_name_the_first_are_said() -> None:
    places = pd.concat([read_gazetteer().places.iloc[:9].assign(name="Madina", other_names=None)])
    places["admin2"] = [f"Unit {number}" for number in range(9)]
    gazetteer = Gazetteer(name="many", places=places.assign(source="many"))
    with pytest.raises(LocateError, match=r"Unit 4 and 4 more\)"):
        gazetteer.place("Madina")


def test_the_mended_is_found_with_what_was_given(tmp_path: Path) -> None:
    add(tmp_path, MENAKA)
    own = read_gazetteer().find("Ménaka")
    assert (own["longitude"].round(1) == 2.4).all()
    assert own["given_longitude"].dropna().tolist() == [-2.4023]
    assert [source.mended for source in read_gazetteer().sources] == [0, 1]


def test_a_name_is_found_once_however_often_a_place_has_it() -> None:
    places = read_gazetteer().places.iloc[:1].assign(name="Kaï", other_names="Kai;KAÏ")
    assert len(Gazetteer(name="one", places=places).find("kai")) == 1


def test_units_are_those_of_the_frame_in_use() -> None:
    frame = read_frame()
    gazetteer = read_gazetteer(frame=frame)
    held = frame.units_at(
        gazetteer.places["longitude"].to_numpy(), gazetteer.places["latitude"].to_numpy()
    )
    assert gazetteer.places["unit_id"].tolist() == held


def test_all_that_is_used_is_listed(tmp_path: Path) -> None:
    add(tmp_path, NARENA, name="zebra")
    add(tmp_path, NARENA, name="aardvark")
    listed = list_gazetteers()
    assert [source.name for source in listed] == ["shipped", "aardvark", "zebra"]
    assert listed == list(read_gazetteer().sources)


@pytest.mark.shared
def test_the_settlements_of_ocha_are_used(shared: Path) -> None:
    add_places(shared / "data" / "cod-places-mli-2015" / "settlements.csv.gz")
    gazetteer = read_gazetteer()
    assert len(gazetteer.places) == 155 + 18_107
    assert [source.name for source in gazetteer.sources] == ["shipped", "ocha-settlements"]
    menaka = gazetteer.find("Ménaka")
    assert (menaka["longitude"].round(1) == 2.4).all()
    assert gazetteer.place("Ménaka")["source"] == "shipped"
    assert gazetteer.places["place_id"].is_unique
    assert gazetteer.places["unit_id"].notna().all()
