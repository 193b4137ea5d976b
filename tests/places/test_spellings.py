"""The rulings on spellings that ship: each says something, and none undoes another."""

import pandas as pd
import pytest

from mali_incidents.places.frames import COUNTRY, read_frame
from mali_incidents.places.names import fold, spelling_key
from mali_incidents.places.spellings import read_aliases, read_never
from mali_incidents.storage import shipped


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(shipped("places", name), keep_default_na=False)


@pytest.mark.parametrize(
    ("alias", "name"),
    [("Timbuktu", "Tombouctou"), ("Meneka", "Ménaka"), ("Nioro du Sahel", "Nioro")],
)
def test_other_names_are_found_by_the_name_proper(alias: str, name: str) -> None:
    assert alias in {one.name for one in read_aliases()[spelling_key(name)]}


def test_an_alias_is_another_spelling_and_its_level_is_one() -> None:
    aliases = table("aliases.csv")
    spelt = aliases[["alias", "name"]].map(fold)
    assert not (spelt["alias"] == spelt["name"]).any()
    assert set(aliases["level"]) <= {"", "region", "cercle", "commune"}
    assert aliases["note"].all()
    assert not aliases.duplicated(["alias", "level"]).any()


def test_a_ruling_holds_in_both_directions_and_says_why() -> None:
    never = read_never()
    assert (spelling_key("Mondoro"), spelling_key("Nioro")) in never
    assert all(never[other, written] == within for (written, other), within in never.items())
    rulings = table("never.csv")
    assert rulings["why"].all()
    known = {"", COUNTRY, *read_frame().units.index}
    assert set(rulings["within"]) <= known


def test_no_ruling_is_against_an_alias() -> None:
    meant = {
        (spelling_key(alias.name), key)
        for key, aliases in read_aliases().items()
        for alias in aliases
    }
    assert not meant & set(read_never())
