"""Which regions of 2023 units lie in: told by cercles, never claimed, missing where unknown."""

import pandas as pd
import pytest

from mali_incidents.places.reform import read_reform, regions_since_2023


def units(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """Units by id, level and name."""
    return pd.DataFrame(rows, columns=["unit_id", "level", "name"]).set_index("unit_id")


def test_there_are_twenty_and_eleven_of_them_are_new():
    reform = read_reform()
    assert len(reform.regions) == 20
    assert len(reform.new) == 11
    assert len(reform.old_cercles) == 50
    assert reform.old_cercles["tombouctou"] == ("Tombouctou", "Taoudénit")
    assert list(reform.notes) == ["tombouctou"]


def test_an_old_region_lies_in_all_that_its_cercles_lie_in():
    table = units(
        ("f/2", "region", "Koulikouro"),
        ("f/2/1", "cercle", "KATI"),
        ("f/2/2", "cercle", "Nara"),
        ("f/2/2/1", "commune", "Dilly"),
        ("f/1", "region", "Kayes"),
        ("f/1/1", "cercle", "Kita"),
        ("f/1/2", "cercle", "Yelimane"),
    )
    told = regions_since_2023(table, vintage=2015)
    assert told["f/2"] == ("Koulikoro", "Nara")
    assert told["f/1"] == ("Kayes", "Kita")
    assert told["f/2/2/1"] == ("Nara",)


def test_one_unknown_cercle_leaves_its_region_untold():
    table = units(
        ("f/1", "region", "Kayes"), ("f/1/1", "cercle", "Kita"), ("f/1/2", "cercle", "Kàyez")
    )
    told = regions_since_2023(table, vintage=2015)
    assert (told["f/1"], told["f/1/1"], told["f/1/2"]) == ((), ("Kita",), ())


def test_old_tombouctou_may_be_taoudenit_unless_the_frame_has_it():
    table = units(("f/6", "region", "Tombouctou"), ("f/6/1", "cercle", "Tombouctou"))
    assert regions_since_2023(table, vintage=2015)["f/6"] == ("Tombouctou", "Taoudénit")
    table = pd.concat(
        [table, units(("f/9", "region", "Taoudénit"), ("f/9/1", "cercle", "Araouane"))]
    )
    told = regions_since_2023(table, vintage=2018)
    assert told["f/6"] == ("Tombouctou",)
    assert told["f/9"] == told["f/9/1"] == ("Taoudénit",)


def test_todays_regions_are_themselves_whatever_their_cercles():
    names = ["Kayes", "Nara", "Dioila", "Kita", "Nioro", "San"]
    table = units(
        *((f"f/{name}", "region", name) for name in names), ("f/Kayes/1", "cercle", "Kita")
    )
    told = regions_since_2023(table, vintage=None)
    assert told["f/Dioila"] == ("Dioïla",)
    assert told["f/Kayes/1"] == ("Kayes",)


@pytest.mark.parametrize(
    ("vintage", "expected"), [(2015, ("Mopti",)), (None, ("Mopti",)), (2025, ("Mopti",))]
)
def test_cercles_alone_are_told_by_their_names(vintage, expected):
    table = units(("f/1", "cercle", "Djenné"), ("f/2", "cercle", "Konna"))
    told = regions_since_2023(table, vintage=vintage)
    assert told["f/1"] == expected
    # A cercle since 2023 only; before, a place of that name was none.
    assert told["f/2"] == (("Mopti",) if vintage == 2025 else ())


def test_communes_alone_cannot_be_told():
    assert regions_since_2023(units(("f/1", "commune", "Kati")), vintage=2017) == {"f/1": ()}
