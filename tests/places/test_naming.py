"""What a name means: one place or unit, or all that it may be."""

import shapely
from made_answers import TWINS, answer, namesakes, notes


def test_a_unit_spelt_otherwise_is_not_taken_for_its_namesakes() -> None:
    villages = [{**one, "name": "Kona"} for one in namesakes(3)]
    found = answer("Kona", *villages)
    assert (found.level, found.reason[0]) == ("none", "ambiguous")
    assert "ML-2017/mopti/mopti/konna" in {one.unit_id for one in found.candidates}
    assert answer("Kona").unit == "ML-2017/mopti/mopti/konna"


def test_an_exonym_is_spelt_as_well_as_the_name() -> None:
    twin = {"name": "Djeni", "latitude": 13.2, "longitude": -8.0}
    town = {"name": "Djenné", "latitude": 13.906, "longitude": -4.555, "seat": "cercle"}
    assert answer("Jenne", town, twin).point == shapely.Point(-4.555, 13.906)


def test_a_name_that_is_ruled_out_is_no_unit_unless_told_so() -> None:
    assert answer("Sahel").level == "none"
    assert answer("commune de Sahel").unit == "ML-2017/kayes/kayes/sahel"


def test_that_it_is_somewhere_in_the_country_is_no_answer() -> None:
    found = answer("Tabakoro", *TWINS)
    assert found.footprint is None
    assert found.unit is None
    assert len(found.candidates) == 2


def test_a_unit_named_is_worth_more_than_the_exact_name_beside_it() -> None:
    inside = {"name": "Ogossagou-Dogon", "latitude": 14.0, "longitude": -3.45}
    beside = {"name": "Ogossagou", "latitude": 14.28, "longitude": -3.45}
    found = answer("Ogossagou (cercle de Bankass)", inside, beside)
    assert found.point == shapely.Point(-3.45, 14.0)


def test_only_what_lies_in_the_unit_told_after_a_name_is_listed() -> None:
    third = {"name": "Tabakoro", "latitude": 13.2, "longitude": -4.6}
    found = answer("Tabakoro, Ségou", *TWINS, third)
    said = notes(found)["ambiguous"]["candidates"]
    assert found.unit == "ML-2017/segou"
    assert "Gao" not in said


def test_two_of_a_name_in_one_commune_are_counted() -> None:
    two = [{"name": "Tabakoro", "latitude": 16.2 + step, "longitude": 0.1} for step in (0.0, 0.06)]
    assert notes(answer("Tabakoro", *two))["ambiguous"]["candidates"].startswith("2 × Tabakoro")
