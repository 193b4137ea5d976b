"""LOCATE on the shipped units and places: right, or honest about what is not known."""

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import read_gazetteer
from mali_incidents.places.locate import locate_incidents
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.places.review import rows_for_review
from mali_incidents.tables import INCIDENTS

ASKED = ("location_text", "admin1", "admin2", "admin3", "latitude", "longitude")


def incidents(*rows: dict) -> pd.DataFrame:
    """An incident table of which only the place matters."""
    table = [
        dict.fromkeys(INCIDENTS.columns) | {"incident_id": f"made-{number}", "sources": []} | row
        for number, row in enumerate(rows)
    ]
    return INCIDENTS.validate(pd.DataFrame(table, columns=list(INCIDENTS.columns), dtype="object"))


def locate(**row: object) -> pd.Series:
    """Locate one record."""
    return locate_incidents(incidents(row)).iloc[0]


def test_narena_is_its_commune() -> None:
    row = locate(
        location_text="Narena commune, Kangaba cercle, about 100 km south-west of Bamako",
        admin1="Koulikoro",
        admin2="Kangaba",
    )
    assert (row["level"], row["method"]) == ("commune", "unit")
    assert row["admin3_id"] == "ML-2017/koulikoro/kangaba/narena"
    assert (row["admin2_name"], row["admin1_name"]) == ("Kangaba", "Koulikoro")
    assert row["footprint"].equals(read_frame().polygon("ML-2017/koulikoro/kangaba/narena"))
    assert 15_000 < row["uncertainty_m"] < 25_000
    assert "Narena" in reason_sentence(row["reason"])
    assert "Narena" in reason_sentence(row["reason"], lang="fr")
    assert "“about 100 km south-west of Bamako” agrees" in reason_sentence(row["reason"])


@pytest.mark.parametrize(
    ("text", "admins", "level", "unit"),
    [
        ("cercle de Kangaba", {}, "cercle", "ML-2017/koulikoro/kangaba"),
        ("Kangaba circle", {}, "cercle", "ML-2017/koulikoro/kangaba"),
        ("Région de Koulikoro", {}, "region", "ML-2017/koulikoro"),
        ("commune rurale de Narena", {}, "commune", "ML-2017/koulikoro/kangaba/narena"),
        ("NARÉNA commune", {}, "commune", "ML-2017/koulikoro/kangaba/narena"),
        ("Somewhere odd, Niono cercle", {"admin1": "Segou"}, "cercle", "ML-2017/segou/niono"),
        ("Between Dogofri and Nampala", {"admin2": "Niono"}, "cercle", "ML-2017/segou/niono"),
        (
            "Near Siby, about 40 km from Bamako",
            {"admin2": "Kati"},
            "place",
            "ML-2017/koulikoro/kati/siby",
        ),
        ("Boubacar Sada Sy camp, Koulikoro", {}, "region", "ML-2017/koulikoro"),
        ("Radisson Blu hotel, Bamako", {"admin1": "Bamako"}, "place", "ML-2017/bamako"),
        ("Kati camp", {"admin2": "Kati"}, "place", "ML-2017/koulikoro/kati/kati"),
        ("Commune IV, Bamako", {}, "commune", "ML-2017/bamako/bamako/commune-iv"),
        ("District de Bamako", {}, "region", "ML-2017/bamako"),
        ("Hippodrome district, Bamako", {}, "place", "ML-2017/bamako"),
        ("Bougouni region", {}, "region", "ML-2017/sikasso"),
        ("Mali", {}, "country", None),
        ("Nowhere that anybody knows", {}, "none", None),
    ],
)
def test_answers(text: str, admins: dict, level: str, unit: str | None) -> None:
    row = locate(location_text=text, **admins)
    finest = next(
        (row[f"admin{depth}_id"] for depth in (3, 2, 1) if pd.notna(row[f"admin{depth}_id"])), None
    )
    assert (row["level"], finest) == (level, unit)


def test_an_ambiguous_name_is_not_guessed() -> None:
    everywhere = locate(location_text="Benkadi")
    assert everywhere["level"] in {"region", "country"}
    assert everywhere["margin"] == 0
    assert len(everywhere["candidates"]) > 2
    assert "Benkadi" in reason_sentence(everywhere["reason"])
    assert locate(location_text="Benkadi", admin2="Kangaba")["admin3_name"] == "Benkadi"


def test_a_place_elsewhere_than_reported_is_not_taken() -> None:
    row = locate(location_text="Diéma", admin1="Sikasso", admin2="Kadiolo")
    assert row["admin2_name"] == "Kadiolo"
    assert row["level"] == "cercle"
    assert "Diéma" in reason_sentence(row["reason"])


def test_a_region_of_2023_is_the_cercles_it_holds() -> None:
    row = locate(location_text="Diéma town", admin1="Nioro")
    assert (row["level"], row["admin2_name"], row["region_2023"]) == ("place", "Diéma", "Nioro")
    assert "2023" in reason_sentence(row["reason"])


@pytest.mark.parametrize(
    ("latitude", "longitude", "code"),
    [
        (-8.63, 12.23, "swapped"),
        (48.85, 2.35, "outside"),
        (0.0, 0.0, "outside"),
        (13.0, -8.0, "rounded"),
    ],
)
def test_coordinates_that_cannot_be_right_are_said_and_not_used(
    latitude: float, longitude: float, code: str
) -> None:
    row = locate(location_text="Kati camp", admin2="Kati", latitude=latitude, longitude=longitude)
    assert row["method"] == "place"
    assert code in {note for note, _ in row["reason"].values["notes"]}
    assert (
        len(
            rows_for_review(
                locate_incidents(incidents({"latitude": latitude, "longitude": longitude}))
            )
        )
        == 1
    )


def test_good_coordinates_are_a_site_in_its_units() -> None:
    row = locate(latitude=12.6352, longitude=-8.0308, admin1="Bamako")
    assert (row["level"], row["method"], row["admin1_name"]) == ("site", "coordinates", "Bamako")
    assert row["uncertainty_m"] == 250
    vague = locate(latitude=12.6, longitude=-8.1)
    assert vague["uncertainty_m"] > 10_000


def test_coordinates_outside_the_unit_named_go_to_review() -> None:
    located = locate_incidents(
        incidents({"latitude": 12.6352, "longitude": -8.0308, "admin1": "Kayes"})
    )
    assert rows_for_review(located)["review_why"].str.contains("Kayes").all()


def test_a_point_on_a_border_gets_one_unit() -> None:
    frame = read_frame()
    border = shapely.get_coordinates(frame.polygon("ML-2017/koulikoro/kangaba/narena"))[:50]
    once = frame.units_at(*border.T)
    assert all(once)
    assert once == frame.units_at(*border.T)


def test_every_place_of_the_gazetteer_answers_by_its_name() -> None:
    places = read_gazetteer().places
    rows = [
        {"location_text": name, "admin2": admin2}
        for name, admin2 in zip(places["name"], places["admin2"], strict=True)
    ]
    located = locate_incidents(incidents(*rows))
    lost = located.loc[located["level"] == "none", "location_text"]
    assert lost.tolist() == []


texts = st.one_of(
    st.none(),
    st.text(max_size=40),
    st.lists(
        st.sampled_from(
            [
                "Kati",
                "Bamako",
                "cercle",
                "de",
                ",",
                "near",
                "Ségou",
                "region",
                "camp",
                "\u202e",
                "=",
            ]
        )
    ).map(" ".join),
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "location_text": texts,
                "admin1": texts,
                "admin2": texts,
                "latitude": st.one_of(st.none(), st.floats(-90, 90)),
                "longitude": st.one_of(st.none(), st.floats(-180, 180)),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_laws(rows: list[dict]) -> None:
    table = incidents(*rows)
    before = table.copy()
    located = locate_incidents(table)
    pd.testing.assert_frame_equal(table, before)
    assert located["incident_id"].tolist() == table["incident_id"].tolist()
    geod = Geod(ellps="WGS84")
    for row in located.itertuples():
        assert reason_sentence(row.reason, lang="fr")
        if row.level == "none":
            assert row.geometry is None
            continue
        assert shapely.dwithin(row.geometry, row.footprint, 1e-9)
        corners = shapely.get_coordinates(row.footprint)
        _, _, metres = geod.inv(
            [row.geometry.x] * len(corners), [row.geometry.y] * len(corners), *corners.T
        )
        assert max(metres) <= row.uncertainty_m + 0.01
