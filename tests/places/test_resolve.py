"""From words to an answer on small gazetteers: right, or refused with what is known."""

import pytest
import shapely
from made_answers import (
    GAO,
    IN_GAO,
    IN_NIONO,
    NIONO,
    TABAKORO,
    TWINS,
    answer,
    answers,
    namesakes,
    notes,
)

from mali_incidents.places.answers import columns_of
from mali_incidents.places.frames import COUNTRY, read_frame


def test_scores_are_rounded_to_what_can_be_read() -> None:
    columns = columns_of(answer("Gao")._replace(margin=0.050000000000000044), read_frame())
    assert columns["margin"] == 0.05
    assert columns_of(answer("Xyzzy"), read_frame())["score"] is None


def test_a_region_of_2023_is_told_by_its_own_units() -> None:
    found = answer("Bougouni region")
    said = str(found.reason[1]["unit"])
    assert said == "Bougouni, Sikasso; Kolondiéba, Sikasso; Yanfolila, Sikasso"
    columns = columns_of(found, read_frame())
    assert (columns["admin1_name"], columns["region_2023"]) == ("Sikasso", "Bougouni")


def test_an_area_round_a_small_unit_is_known_to_what_holds_both() -> None:
    # The area goes round Bamako and holds it: no corner of it lies in Bamako.
    found = answer("south-east of Bamako")
    assert (found.level, found.unit) == ("country", COUNTRY)
    assert found.footprint is not None
    assert shapely.covers(found.footprint, found.point)


@pytest.mark.parametrize(
    "text",
    [
        "Tabakoro",
        "village of Tabakoro",
        "Tabakoro, Gao",
        "Tabakoro, cercle de Gao, région de Gao",
        "Gao region, Gao cercle, Tabakoro",
        "Tabakoro (Gao)",
        "at Tabakoro in the region of Gao",
        "the army camp, Tabakoro",
    ],
)
def test_a_place_is_found_with_its_units_in_any_order(text: str) -> None:
    found = answer(text, TABAKORO)
    assert (found.level, found.method, found.reason[0]) == ("place", "place", "place")
    assert found.point == shapely.Point(0.1, 16.0)
    assert (found.unit or "").startswith(GAO)


def test_of_two_places_none_is_chosen_and_the_smallest_unit_of_both_is_the_answer() -> None:
    found = answer("Tabakoro", *TWINS)
    assert (found.level, found.method, found.reason[0]) == ("none", "none", "ambiguous")
    assert [one.name for one in found.candidates] == ["Tabakoro", "Tabakoro"]
    assert found.candidates[0].distance_km is None
    assert found.candidates[1].distance_km == pytest.approx(646, abs=10)
    assert {one.latitude for one in found.candidates} == {16.0, 14.7}
    assert "Tabakoro (Diabaly, Niono" in notes(found)["ambiguous"]["candidates"]
    both_in_gao = {**TABAKORO, "latitude": 16.6}
    shared = answer("Tabakoro", TABAKORO, both_in_gao)
    assert (shared.level, shared.unit) == ("cercle", GAO)
    named = answer("Tabakoro", TABAKORO, both_in_gao, region="Gao")
    assert named.unit == GAO


def test_a_unit_that_is_named_tells_the_twins_apart() -> None:
    for text in ("Tabakoro, Niono", "Tabakoro, cercle de Niono", "Tabakoro (Ségou region)"):
        assert answer(text, *TWINS).point == shapely.Point(-5.8, 14.7), text
    assert answer("Tabakoro", *TWINS, cercle="Niono").point == shapely.Point(-5.8, 14.7)


def test_what_is_told_beside_tells_the_twins_apart() -> None:
    for text in ("Tabakoro, 50 km from Niono", "Tabakoro, near Niono"):
        found = answer(text, *TWINS)
        assert found.point == shapely.Point(-5.8, 14.7), text


def test_a_seat_is_meant_rather_than_a_hamlet_of_its_name() -> None:
    seat = {"name": "Tabakoro", **IN_NIONO, "seat": "cercle"}
    assert answer("Tabakoro", TABAKORO, seat).point == shapely.Point(-5.8, 14.7)


def test_a_misspelt_name_is_taken_in_a_cercle_and_not_in_a_region() -> None:
    place = {"name": "Kourmabougou", **IN_NIONO}
    taken = answer("Kourmadougou", place, region="Ségou", cercle="Niono")
    assert (taken.level, taken.reason[0]) == ("place", "spelt-nearly")
    refused = answer("Kourmadougou", place, region="Ségou")
    assert (refused.level, refused.method, refused.unit) == ("region", "unit", "ML-2017/segou")
    assert refused.reason[0] == "inside"
    assert answer("Kourmadougou", place).level == "none"


def test_a_place_that_the_text_puts_elsewhere_is_not_taken() -> None:
    found = answer("Tabakoro, near Niono", TABAKORO)
    assert found.method == "near"
    assert shapely.covers(found.footprint, shapely.Point(-5.993, 14.2526))
    found = answer("Tabakoro", TABAKORO, cercle="Niono")
    assert (found.level, found.unit) == ("cercle", NIONO)
    assert notes(found)["elsewhere"]["name"] == "Tabakoro"


def test_an_unknown_place_is_known_by_how_it_lies_to_a_known_one() -> None:
    found = answer("Xyzzy, 30 km south of Gao")
    assert found.method == "offset"
    assert notes(found)["not-found"] == {"name": "Xyzzy"}
    assert found.point is not None
    assert found.point.y < 16.1
    near = answer("Xyzzy, near Gao")
    assert near.method == "near"
    assert near.radius_m is not None
    known = answer("near Gao").radius_m
    assert known is not None
    assert near.radius_m > known, "a reader is told the nearest town he may know"


def test_an_unknown_place_is_known_by_the_unit_that_holds_it() -> None:
    found = answer("Xyzzy, cercle de Niono, région de Ségou")
    assert (found.level, found.method, found.unit) == ("cercle", "unit", NIONO)
    assert found.reason == ("inside", {"name": "Xyzzy", "unit": "Niono, Ségou"})
    assert answer("Xyzzy", region="Ségou", cercle="Niono").unit == NIONO


def test_nothing_known_is_a_refusal_that_names_what_was_not_found() -> None:
    for text in ("Xyzzy", "30 km south of Xyzzy", "between Xyzzy and Foobar"):
        found = answer(text)
        assert (found.level, found.method, found.point) == ("none", "none", None)
        assert "Xyzzy" in str(found.notes)
    assert answer("").level == "none"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Narena commune, about 100 km south-west of Bamako", "agrees"),
        ("Narena commune, about 100 km north-east of Bamako", "clash"),
        ("Narena commune, 30 km from Gao", "clash"),
        ("Narena commune, near Bamako", "clash-near"),
    ],
)
def test_a_commune_told_first_is_the_answer_and_the_rest_only_checks_it(
    text: str, code: str
) -> None:
    found = answer(text)
    assert (found.level, found.unit) == ("commune", "ML-2017/koulikoro/kangaba/narena")
    assert code in notes(found)
    if code == "agrees":
        assert notes(found)[code]["nearest"] == 62
        assert notes(found)[code]["farthest"] == 101


def test_what_cannot_be_read_is_said() -> None:
    assert notes(answer("Tabakoro, on the road to Gossi", TABAKORO))["not-read"] == {
        "text": "on the road to Gossi"
    }
    assert notes(answer("Tabakoro, 30 km from Xyzzy", TABAKORO))["not-read"] == {
        "text": "30 km from Xyzzy"
    }
    assert notes(answer("Tabakoro, Foobar, Gao, Mali", TABAKORO))["not-read"] == {"text": "Foobar"}
    assert notes(answer("Tabakoro", TABAKORO, region="Atlantis"))["units-unknown"] == {
        "text": "Atlantis"
    }


@pytest.mark.parametrize(
    ("text", "units", "code"),
    [
        ("Nara region", ["nara"], "region-2023"),
        ("région de Dioïla", ["dioila"], "region-2023"),
        ("Bougouni region", ["bougouni", "kolondieba", "yanfolila"], "region-2023"),
        ("cercle de Sadiola", ["bafoulabe", "kayes", "kenieba", "yelimane"], "cercle-2023"),
    ],
)
def test_units_of_2023_are_the_cercles_of_before_that_hold_them(
    text: str, units: list[str], code: str
) -> None:
    found = answer(text)
    assert found.method == ("part" if len(units) > 1 else "unit")
    assert code in notes(found)
    frame = read_frame()
    ids = [one for one in frame.units.index if one.split("/")[-1] in units and one.count("/") == 2]
    assert len(ids) == len(units)
    together = shapely.union_all([frame.polygon(one) for one in ids])
    assert shapely.area(shapely.symmetric_difference(found.footprint, together)) < 1e-9


def test_a_region_of_2023_narrows_what_a_record_may_mean() -> None:
    assert answer("Tabakoro", TABAKORO, region="Nara").unit == "ML-2017/koulikoro/nara"
    in_nara = {"name": "Tabakoro", "latitude": 15.0, "longitude": -7.5}
    found = answer("Tabakoro", TABAKORO, in_nara, region="Nara")
    assert found.point == shapely.Point(-7.5, 15.0)
    assert "region-2023" in notes(found)


def test_several_places_are_all_returned_the_first_as_the_main_one() -> None:
    wolosso = {"name": "Wolosso", **IN_NIONO}
    for text in ("Tabakoro and Wolosso", "Tabakoro; Wolosso", "Tabakoro, Wolosso et Xyzzy"):
        found = answers(text, TABAKORO, wolosso)
        assert [one.point for one in found] == [
            shapely.Point(0.1, 16.0),
            shapely.Point(-5.8, 14.7),
        ], text
    (lost,) = [answers("Tabakoro and Xyzzy", TABAKORO)]
    assert len(lost) == 1
    assert notes(lost[0])["not-found"] == {"name": "Xyzzy"}


def test_places_listed_after_an_unknown_one_are_only_near_it() -> None:
    found = answers("Xyzzy, Tabakoro and Wolosso", TABAKORO, {"name": "Wolosso", **IN_NIONO})
    assert [one.method for one in found] == ["near", "near"]
    assert found[0].point == shapely.Point(0.1, 16.0)
    assert notes(found[0])["not-found"] == {"name": "Xyzzy"}


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("30 km south of Gao", "offset"),
        ("north of Gao", "offset"),
        ("20 km from Gao", "offset"),
        ("near Gao", "near"),
        ("outskirts of Gao", "near"),
        ("Gao (near)", "near"),
        ("between Gao and Tabakoro", "between"),
        ("axe Gao-Tabakoro", "between"),
        ("on the Gao–Tabakoro road", "between"),
        ("northern Mali", "part"),
        ("south of Ménaka region", "part"),
        ("nord de la région de Gao", "part"),
        ("near the border with Niger", "part"),
    ],
)
def test_each_relation_is_an_area_with_its_point_in_it_and_its_radius_round_it(
    text: str, method: str
) -> None:
    found = answer(text, TABAKORO)
    assert found.method == method
    assert found.score is not None
    assert 0 < found.score < 1
    assert shapely.dwithin(found.point, found.footprint, 1e-9)
    assert shapely.covers(read_frame().polygon(COUNTRY).buffer(1e-6), found.footprint)


def test_an_area_is_clipped_to_the_units_named_or_said_to_lie_outside() -> None:
    inside = answer("near Gao", region="Gao")
    assert shapely.covers(read_frame().polygon("ML-2017/gao").buffer(1e-6), inside.footprint)
    outside = answer("near Gao", region="Kayes")
    assert (outside.level, outside.unit) == ("region", "ML-2017/kayes")
    assert notes(outside).keys() & {"clash-unit", "not-read"}


def test_a_country_is_no_answer_to_a_place_in_it() -> None:
    assert answer("Mali").level == "country"
    assert answer("Tabakoro, Mali", TABAKORO).level == "place"
    assert answer("Xyzzy, Mali").level in {"country", "none"}


KORO_AND_BANKASS = ["ML-2017/mopti/bankass", "ML-2017/mopti/koro"]


@pytest.mark.parametrize(
    ("text", "units", "shared"),
    [
        ("Gao and Kidal regions", ["ML-2017/gao", "ML-2017/kidal"], COUNTRY),
        ("régions de Gao et de Kidal", ["ML-2017/gao", "ML-2017/kidal"], COUNTRY),
        ("région de Gao et région de Kidal", ["ML-2017/gao", "ML-2017/kidal"], COUNTRY),
        ("Gao region, Kidal region", ["ML-2017/gao", "ML-2017/kidal"], COUNTRY),
        ("cercles de Koro et Bankass", KORO_AND_BANKASS, "ML-2017/mopti"),
        ("Koro and Bankass cercles", KORO_AND_BANKASS, "ML-2017/mopti"),
        ("Ménaka and Gao regions", ["ML-2017/gao"], "ML-2017/gao"),
        ("Gao and Ménaka regions", ["ML-2017/gao"], "ML-2017/gao"),
    ],
)
def test_several_units_named_together_are_all_meant(
    text: str, units: list[str], shared: str
) -> None:
    found = answer(text)
    frame = read_frame()
    assert found.unit == shared
    assert found.footprint is not None
    every = shapely.union_all([frame.polygon(unit) for unit in units])
    assert shapely.area(shapely.symmetric_difference(found.footprint, every)) < 1e-6
    assert not {"units-unknown", "elsewhere", "not-read"} & set(notes(found))
    assert found.reason[1]["name"] == text


def test_a_place_in_one_of_several_units_is_found() -> None:
    assert answer("Tabakoro, in the regions of Gao and Kidal", TABAKORO).unit == f"{GAO}/gabero"


def test_the_reason_names_what_narrowed_and_not_what_came_last() -> None:
    found = answer("cercle de Gourma Rharous, commune de Gossi")
    assert found.reason[1]["name"] == "commune de Gossi"
    assert answer("région de Gao, cercle de Xyzw").reason[1]["name"] == "région de Gao"


def test_a_part_of_a_unit_is_known_to_lie_in_it() -> None:
    assert answer("sud-ouest du cercle de Niono").unit == NIONO
    assert answer("south of Ménaka region").unit == "ML-2017/gao/menaka"


def test_a_distance_after_a_place_is_never_dropped() -> None:
    found = answer("Gao, 20 km N")
    assert found.method == "offset"
    assert found.point is not None
    assert found.point.y > 16.35


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Gao, Niger", "Niger"),
        ("Niono (Mauritania)", "Mauritania"),
        ("Gao in Senegal", "Senegal"),
        ("Niono, Côte d'Ivoire", "Côte d'Ivoire"),
        ("Niono, Guinée", "Guinée"),
    ],
)
def test_a_place_said_to_be_abroad_is_not_found_in_mali(text: str, country: str) -> None:
    found = answer(text)
    assert found.level == "none"
    assert notes(found)["abroad"]["country"] == country


def test_beside_a_border_is_not_abroad() -> None:
    found = answer("Gao, near the border with Niger")
    assert (found.method, found.unit) == ("part", "ML-2017/gao")


def test_a_bridge_that_is_not_known_is_near_what_it_is_called_after() -> None:
    assert answer("pont de Tabakoro", TABAKORO).method == "near"
    bridge = {"name": "Pont de Tabakoro", **IN_GAO, "kind": "bridge"}
    assert answer("pont de Tabakoro", bridge, cercle="Gao").method == "place"


@pytest.mark.parametrize(("seat", "outweighed"), [("commune", 2), ("cercle", 6)])
def test_a_seat_outweighs_a_few_namesakes_and_no_more(seat: str, outweighed: int) -> None:
    town = TABAKORO | {"seat": seat}
    assert answer("Tabakoro", town, *namesakes(outweighed)).level == "place"
    found = answer("Tabakoro", town, *namesakes(outweighed + 1))
    assert found.level not in {"place", "site"}
    assert "ambiguous" in notes(found)


def test_of_many_namesakes_some_are_named_and_all_are_held() -> None:
    found = answer("Tabakoro", TABAKORO | {"seat": "commune"}, *namesakes(5), *namesakes(14)[5:])
    assert len(found.candidates) == 10
    assert "; + 5" in notes(found)["ambiguous"]["candidates"]
    assert found.level == "none"


def test_an_exact_place_does_not_hide_a_unit_of_its_name_elsewhere() -> None:
    # Bamba is a commune in Bourem and one in Koro, of which only the first has its seat listed.
    town = {"name": "Bamba", "latitude": 17.03, "longitude": -1.4, "seat": "commune"}
    found = answer("Bamba", town)
    assert found.level == "none"
    assert {one.unit_id for one in found.candidates} == {None, "ML-2017/mopti/koro/bamba"}
    assert answer("Bamba", town, region="Gao").level == "place"


# --- Several places and relations ----------------------------------------------------------------


def test_the_first_of_several_places_is_the_main_one() -> None:
    places = answers("Tabakoro, Gao et Niono", {**TABAKORO, "latitude": 15.8})
    assert [one.reason[1]["name"] for one in places] == ["Tabakoro", "Gao", "Niono"]
    offsets = answers("30 km north of Gao; 20 km south of Niono")
    assert [one.reason[1]["place"] for one in offsets] == ["Gao", "Niono"]
    assert answer("Gao; near the border with Algeria").method == "place"


def test_several_units_in_several_statements_are_all_answered() -> None:
    units = [one.unit for one in answers("région de Gao; région de Mopti")]
    assert units == ["ML-2017/gao", "ML-2017/mopti"]


def test_a_region_that_holds_the_place_is_no_second_place() -> None:
    assert len(answers("Gao; Gao region")) == 1


def test_what_is_not_found_in_any_statement_is_said() -> None:
    found = answer("Xyzzy; Gao")
    assert found.reason[1]["name"] == "Gao"
    assert notes(found)["not-found"] == {"name": "Xyzzy"}


def test_a_second_relation_cuts_the_first() -> None:
    road = answer("between Gao and Niono")
    town = {"name": "Hombori", "latitude": 15.28, "longitude": -1.7, "seat": "commune"}
    found = answer("between Gao and Niono, near Hombori", town)
    assert found.radius_m is not None
    assert road.radius_m is not None
    assert found.radius_m < road.radius_m / 4
    assert "also-told" in notes(found)


def test_a_second_relation_that_does_not_fit_is_said() -> None:
    found = answer("near Gao, 30 km from Niono")
    assert found.reason[0] == "near"
    assert notes(found)["clash-near"]["text"] == "30 km from Niono"


def test_mali_beside_a_name_says_nothing() -> None:
    assert answer("Mali, Gao") == answer("Gao")
    assert answer("Mali").level == "country"


def test_a_country_before_a_name_is_where_it_is_said_to_be() -> None:
    assert answer("Niger, Gao").reason == ("abroad", {"name": "Gao", "country": "Niger"})


@pytest.mark.parametrize(
    "text", ["Gao-Niono", "RN 16, Gao-Niono", "axe Gao Niono", "de Gao à Niono"]
)
def test_two_towns_joined_are_the_way_between_them(text: str) -> None:
    found = answer(text)
    assert found.reason[0] == "between"
    assert {found.reason[1]["first"], found.reason[1]["second"]} == {"Gao", "Niono"}


def test_a_hyphen_may_be_the_name_s_own() -> None:
    assert answer("Gao-Niono", {"name": "Gao-Niono", **IN_GAO}, cercle="Gao").method == "place"


def test_a_mine_that_is_not_known_is_near_what_it_is_called_after() -> None:
    assert answer("Tabakoro gold mine", TABAKORO).method == "near"


def test_a_region_near_a_border_is_meant_where_its_town_lies_far_from_it() -> None:
    for text in ("Gao near the border of Niger", "Gao region near the Nigerien border"):
        found = answer(text)
        assert (found.method, found.unit) == ("part", "ML-2017/gao"), text


def test_a_small_area_is_counted_where_nearly_all_of_it_lies() -> None:
    near = answer("near Gao")
    assert near.level == "place"
    assert near.unit in {"ML-2017/gao", GAO}
    assert answer("Gao").unit == "ML-2017/gao/gao/gao"
    assert answer("outskirts of Tabakoro", TABAKORO).unit != "ML-2017/gao/gao/gao"


def test_a_direction_without_a_place_is_said_not_to_be_used() -> None:
    found = answer("3.5.2 km north of Gao")
    assert found.level == "none"
    assert notes(found)["not-read"] == {"text": "north of Gao"}


def test_coordinates_in_words_are_named_and_not_used() -> None:
    assert notes(answer("Gao (16.27, -0.04)"))["not-read"] == {"text": "16.27, -0.04"}
    assert answer("16.2717, -0.0447").level == "none"


def test_an_area_by_its_name_is_the_units_that_hold_it() -> None:
    found = answer("zone des trois frontières")
    assert found.reason[0] == "named-area"
    assert "ML-2017/gao/ansongo" in found.units


def test_a_town_well_known_is_meant_though_the_rest_does_not_fit() -> None:
    town = {"name": "Ménaka", "latitude": 15.918, "longitude": 2.402, "seat": "cercle"}
    other = {"name": "Andéramboukane", "latitude": 15.426, "longitude": 3.023, "seat": "commune"}
    found = answer("near Ménaka, 30 km north of Andéramboukane", town, other)
    assert found.point == shapely.Point(2.402, 15.918)
    assert "clash-near" in notes(found)


# --- What readers of reports missed --------------------------------------------------------------


def test_dans_la_region_de_is_the_region_where_one_is_called_so() -> None:
    assert answer("dans la région de Gao").unit == "ML-2017/gao"
    assert answer("dans la région de Tabakoro", TABAKORO).method == "near"
    found = answer("entre Gao et Niono, dans la région de Ségou")
    assert "clash-near" not in notes(found)


@pytest.mark.parametrize("text", ["Gao, Ansongo, Tabakoro", "Mali, Gao, Ansongo, Tabakoro"])
def test_from_coarse_to_fine_the_last_is_the_place(text: str) -> None:
    inside = {"name": "Tabakoro", "latitude": 15.6, "longitude": 0.5}
    found = answer(text, inside, {"name": "Tabakoro", **IN_NIONO})
    assert found.point == shapely.Point(0.5, 15.6)


def test_a_place_in_brackets_after_the_unit_that_holds_it() -> None:
    assert answer("Gao (Tabakoro)", *TWINS).point == shapely.Point(0.1, 16.0)


def test_a_name_followed_by_what_holds_it_is_not_turned_round() -> None:
    town = {"name": "Ségou", "latitude": 13.43, "longitude": -6.26, "seat": "region"}
    hamlet = {"name": "Ségou", "latitude": 14.4, "longitude": -5.9}
    assert answer("Niono, Ségou", town, hamlet).reason[1]["name"] == "Niono"


def test_names_after_a_relation_are_further_places_where_they_do_not_hold_it() -> None:
    near, other = answers("near Gao, Niono")
    assert (near.reason[0], other.reason[1]["name"]) == ("near", "Niono")
    assert len(answers("near Gao, Niono and Bamako")) == 3
    assert notes(answer("near Gao, Foobarxyz"))["not-read"] == {"text": "Foobarxyz"}


def test_a_first_place_that_clashes_with_a_distance_is_still_the_first() -> None:
    first, other = answers("Gao, 90 km from Niono; Bamako")
    assert (first.reason[1]["name"], other.reason[1]["name"]) == ("Gao", "Bamako")
    assert "clash" in notes(first)


def test_a_border_of_three_countries_is_not_abroad() -> None:
    found = answer("Gao, 60 km from the tri-border area of Mali, Niger and Burkina Faso")
    assert found.reason[1]["name"] == "Gao"
    assert answer("between Gao and Ayorou (Niger)").reason[0] != "abroad"


def test_a_unit_word_alone_names_nothing() -> None:
    assert answer("commune").level == "none"


def test_a_unit_told_after_a_name_that_lies_far_away_is_said() -> None:
    assert notes(answer("Niono, Gao"))["not-read"] == {"text": "Gao"}


def test_relations_that_cannot_be_checked_or_do_not_fit_are_said() -> None:
    assert notes(answer("Gao, near Zzyqx"))["not-read"] == {"text": "near Zzyqx"}
    assert notes(answer("Gao, south of Niono"))["clash-near"] == {"text": "south of Niono"}
    assert "clash-near" not in notes(answer("Gao, in northern Mali"))


def test_where_a_distance_clashes_the_direction_is_said() -> None:
    assert notes(answer("Gao, 100 km west of Niono"))["clash"]["heading"] == "e"


def test_a_town_taken_for_its_unit_is_named() -> None:
    found = answer("Gao, near the border with Niger")
    assert notes(found)["unit"]["name"] == "Gao"
