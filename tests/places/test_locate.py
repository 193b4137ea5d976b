"""LOCATE on the shipped units and places: right, or honest about what is not known."""

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from mali_incidents.errors import LocateError
from mali_incidents.places.corrections import Correction, key_of
from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import read_gazetteer
from mali_incidents.places.locate import locate_incidents, where
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.places.review import rows_for_review
from mali_incidents.tables import INCIDENTS, LOCATED, POINT_LEVELS

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
            "ML-2017/koulikoro/kati",
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
    assert everywhere["level"] == "none"
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


# In Bamako; the records name Kangaba, in the region of Koulikoro.
CODED = {"latitude": 12.6352, "longitude": -8.0308, "admin1": "Koulikoro", "admin2": "Kangaba"}


@pytest.mark.parametrize(
    ("code", "level", "unit"),
    [
        ("ucdp:3", "cercle", "ML-2017/koulikoro/kangaba"),
        ("ucdp:4", "region", "ML-2017/koulikoro"),
        ("ucdp:6", "country", None),
        ("ucdp:7", "none", None),
        ("acled:3", "region", "ML-2017/koulikoro"),
    ],
)
def test_coordinates_that_stand_for_an_area_are_no_pin(
    code: str, level: str, unit: str | None
) -> None:
    row = locate(**CODED, reported_precision=code)
    finest = row["admin2_id"] if pd.notna(row["admin2_id"]) else row["admin1_id"]
    assert row["level"] == level
    assert level not in POINT_LEVELS
    assert (finest if pd.notna(finest) else None) == unit
    assert pd.isna(row["admin3_id"])
    if level == "none":
        assert row["geometry"] is None
    else:
        assert row["method"] == "unit"
        assert row["reason"].code == "coded"


def test_a_coded_row_keeps_what_is_said_of_its_units() -> None:
    row = locate(**(CODED | {"admin2": "Xyzcercle"}), reported_precision="ucdp:4")
    assert row["reason"].code == "coded"
    assert ("units-unknown", {"text": "Xyzcercle"}) in row["reason"].values["notes"]


def test_coordinates_of_a_line_or_a_loose_area_leave_the_answer_to_the_names() -> None:
    row = locate(**CODED, reported_precision="ucdp:5", location_text="between Kangaba and Narena")
    assert (row["level"], row["method"]) == ("place", "between")
    assert "stand-in" in {code for code, _ in row["reason"].values["notes"]}
    assert shapely.covers(row["footprint"], row["geometry"])
    assert locate(**CODED, reported_precision="ucdp:5")["admin2_name"] == "Kangaba"


def test_without_units_named_the_unit_is_that_of_the_coordinates() -> None:
    bare = {"latitude": 12.6352, "longitude": -8.0308}
    assert locate(**bare, reported_precision="ucdp:4")["admin1_name"] == "Bamako"
    assert locate(**bare, reported_precision="acled:3")["level"] == "region"


@pytest.mark.parametrize(
    ("code", "radius_m"),
    [
        ("ucdp:1", 3_000),
        ("ucdp:2", 25_000),
        ("acled:1", 3_000),
        ("acled:2", 25_000),
        (None, 250),
        ("odd", 250),
    ],
)
def test_a_code_of_a_point_widens_its_radius(code: str | None, radius_m: float) -> None:
    row = locate(latitude=12.6352, longitude=-8.0308, reported_precision=code)
    assert row["method"] == "coordinates"
    assert row["level"] == ("site" if radius_m == 250 else "place")
    assert row["uncertainty_m"] == radius_m


NARENA = "ML-2017/koulikoro/kangaba/narena"


def test_a_correction_goes_before_coordinates_and_names() -> None:
    said = {"who": "A. B.", "when": "2025-01-02", "why": "the mayor said so"}
    point = Correction("Boni", "", 15.07, -2.22, 2.5, **said)
    unit = Correction("Narena", NARENA, None, None, 3.0, **said)
    corrections = {
        key_of("Kati", "Mopti", None, None): point,
        key_of("Xyzzy", None, None, None): unit,
    }
    located = locate_incidents(
        incidents(
            {"location_text": "KATI", "admin1": "Mopti", "latitude": 12.63, "longitude": -8.03},
            {"location_text": "Xyzzy"},
            {"location_text": "Kati"},
        ),
        corrections=corrections,
    )
    first, second, third = (located.iloc[number] for number in range(3))
    assert (first["method"], first["level"], first["uncertainty_m"]) == (
        "correction",
        "place",
        2500,
    )
    assert first["geometry"] == shapely.Point(-2.22, 15.07)
    assert first["admin1_name"] == "Mopti"
    for lang in ("en", "fr"):
        sentence = reason_sentence(first["reason"], lang=lang)
        assert all(word in sentence for word in ("A. B.", "2025-01-02", "the mayor said so"))
    assert (second["method"], second["level"], second["admin3_id"]) == (
        "correction",
        "commune",
        NARENA,
    )
    assert third["method"] == "place"
    assert rows_for_review(located).empty


@pytest.mark.parametrize(
    ("correction", "said"),
    [
        (Correction("X", "ML-2017/nowhere", None, None, 3.0, "", "", ""), "ML-2017/nowhere"),
        (Correction("X", "", 48.85, 2.35, 3.0, "", "", ""), "outside the units"),
    ],
)
def test_a_correction_that_is_not_in_the_units_is_refused(
    correction: Correction, said: str
) -> None:
    with pytest.raises(LocateError, match=said):
        locate_incidents(
            incidents({"location_text": "Xyzzy"}),
            corrections={key_of("Xyzzy", None, None, None): correction},
        )


def test_a_stated_offset_that_does_not_fit_sends_the_row_to_review() -> None:
    located = locate_incidents(
        incidents(
            {"location_text": "Narena commune, about 100 km south-west of Bamako"},
            {"location_text": "Narena commune, about 100 km north-east of Bamako"},
        )
    )
    assert located["admin3_id"].tolist() == [NARENA, NARENA]
    review = rows_for_review(located)
    assert review["location_text"].str.contains("north-east").tolist() == [True]
    assert (
        "does not agree: it lies 62 to 101 km south-west of Bamako" in review["review_why"].iloc[0]
    )


def test_where_gives_every_place_of_a_text_the_first_as_the_main_one() -> None:
    found = where("Kati, Gao and Xyzzy")
    assert found["admin2_name"].tolist() == ["Kati", "Gao"]
    assert found["location_text"].tolist() == ["Kati, Gao and Xyzzy"] * 2
    assert "Xyzzy" in reason_sentence(found["reason"].iloc[0])
    row = locate(location_text="Kati, Gao and Xyzzy")
    assert row["admin2_name"] == "Kati"
    assert "also names Gao" in reason_sentence(row["reason"])
    assert where("Benkadi", admin2="Kangaba")["admin3_name"].tolist() == ["Benkadi"]
    assert where("")["level"].tolist() == ["none"]


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


WORDS = (
    "Kati Bamako Ségou Gao Narena Niono Xyzzy Benkadi Ménaka cercle région region commune de of la "
    "the near près between entre and et 30 85-100 trentaine km kilomètres miles about nord south "
    "SE border Mauritania northern outskirts camp road axe from to Mali , ( ) ; - – / = \u202e"
).split(" ")
texts = st.one_of(
    st.none(), st.text(max_size=40), st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
)
CODES = [f"ucdp:{code}" for code in range(1, 8)] + [f"acled:{code}" for code in range(1, 4)]


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "location_text": texts,
                "admin1": texts,
                "admin2": texts,
                "latitude": st.one_of(st.none(), st.floats(-90, 90), st.floats(10, 25)),
                "longitude": st.one_of(st.none(), st.floats(-180, 180), st.floats(-12, 4)),
                "reported_precision": st.sampled_from([None, "odd", *CODES]),
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
    pd.testing.assert_frame_equal(located, locate_incidents(table))
    LOCATED.validate(located)
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
