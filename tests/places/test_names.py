"""Names: the spellings that are one, the keys of a name, and the words that say what it is."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.places.names import (
    UNIT_WORDS,
    consonants,
    fold,
    keys_of,
    read_name,
    says_no_name,
    spelling_key,
)


@pytest.mark.parametrize(
    "spellings",
    [
        "Ménaka MENAKA menaka Me\u0301naka",
        "N'Tillit N’Tillit NTillit",
        "Ké-Macina KéMacina Ke_Macina",
        "Sévaré Sevarre Sévarré",
        "Tin-Zaouatène Ti-n-Zaouatene Tinzawatene Tinzaouaten",
        "In-Tellit I-n-Tellit Intellit",
        "Kidal Quidal Cidal",
        "Dioïla Djoila Joila",
        "Djenné Jenne Dienné",
        "Guiré Giré",
        "Ouatagouna Watagouna Uataguna",
        "Yélimané Ielimane",
        "Tessalit Thessalit",
        "Hombori Homborie Omborie",
        "Niafunké Niafounke Niafounqué",
        "Nampala Nanpala",
        "Andéramboukane Anderamboukan",
    ],
    ids=lambda spellings: spellings.split()[0],
)
def test_the_spellings_of_a_name_have_one_key(spellings: str) -> None:
    keys = {spelling_key(spelling) for spelling in spellings.split()}
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mondoro", "Nioro"),
        ("Farabougou", "Bougouni"),
        ("Tessit", "Tessalit"),
        ("Niono", "Nioro"),
        ("Nara", "Narena"),
        ("Kita", "Kati"),
        ("Kona", "Koro"),
        ("Gao", "Goa"),
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert spelling_key(one) != spelling_key(other)


def test_folding_keeps_letters_and_digits_and_parts_words_by_one_blank() -> None:
    assert fold("  Ménaka-Nord (2)\t") == "menaka nord 2"
    assert fold("Ménaka-Nord") == fold("menaka nord")
    assert fold("’’—") == ""


def test_the_bones_of_a_key_are_its_first_letter_and_its_consonants() -> None:
    assert consonants("ielimane") == "ilmn"
    assert consonants("") == ""


@given(st.text(max_size=40))
def test_keys_are_plain_and_the_same_however_a_text_is_written(text: str) -> None:
    key = spelling_key(text)
    assert re.fullmatch(r"[^\W_]*", key)
    assert spelling_key(text.replace(" ", "-")) == key
    assert fold(fold(text)) == fold(text)
    assert key == spelling_key(fold(text))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Gao", ("gao",)),
        ("Mondoro-Habé", ("mondoroab", "mondoro")),
        ("Balla ou Delo", ("balaudelo", "bala", "delo")),
        ("Santia (Ankoum Bongo)", ("santiankumbongo", "santia", "ankumbongo")),
        ("Sagaba/Dari", ("sagabadari", "sagaba", "dari")),
        ("Peulh", ("peul",)),
        ("()", ()),
    ],
)
def test_a_name_is_found_by_its_parts_its_own_key_first(name: str, keys: tuple[str, ...]) -> None:
    assert keys_of(name) == keys


@pytest.mark.parametrize(
    ("segment", "name", "level"),
    [
        ("région de Gao", "gao", "region"),
        ("Gao region", "gao", "region"),
        ("District de Bamako", "bamako", "region"),
        ("Bamako district", "bamako", "region"),
        ("cercle de Kangaba", "kangaba", "cercle"),
        ("circle of Kangaba", "kangaba", "cercle"),
        ("Kangaba circle", "kangaba", "cercle"),
        ("commune rurale de Narena", "narena", "commune"),
        ("commune urbaine de Kati", "kati", "commune"),
        ("Narena rural commune", "narena", "commune"),
        ("municipality of Gabero", "gabero", "commune"),
        ("rural municipality of Gabero", "gabero", "commune"),
        ("arrondissement de Boni", "boni", "commune"),
        ("village de Boni", "boni", "place"),
        ("village de culture de Boni", "boni", "place"),
        ("Boni village", "boni", "place"),
        ("ville de Gao", "gao", "place"),
        ("Gao town", "gao", "place"),
        ("Gao city centre", "gao", "place"),
        ("quartier Hippodrome", "hippodrome", "quarter"),
        ("Hippodrome district", "hippodrome", "quarter"),
        ("forêt classée du Baoulé", "baoule", "forest"),
        ("Wagadou forest", "wagadou", "forest"),
        ("valley of Tilemsi", "tilemsi", "relief"),
        ("vallée du Serpent", "serpent", "relief"),
        ("well of Inekar", "inekar", "well"),
        ("puits d'Inekar", "inekar", "well"),
        ("lac Débo", "debo", "water"),
        ("pont de Markala", "markala", "structure"),
        ("Sadiola gold mine", "sadiola", "works"),
        ("mine d'or de Syama", "syama", "works"),
        ("Gao", "gao", None),
        ("cercle", "cercle", None),
    ],
)
def test_a_type_word_says_the_level(segment: str, name: str, level: str | None) -> None:
    read = read_name(segment)
    assert (read.name, read.level) == (name, level)


def test_the_words_for_units_are_the_levels_of_the_frame() -> None:
    assert UNIT_WORDS == ("region", "cercle", "commune")


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ("Kati camp", "kati"),
        ("camp militaire de Kati", "kati"),
        ("Sévaré airport", "sevare"),
        ("poste de Boulkessi", "boulkessi"),
        ("MINUSMA camp in Kidal", "kidal"),
        ("camp de la MINUSMA à Kidal", "kidal"),
        ("aéroport de Gao", "gao"),
        ("foire hebdomadaire de Dioura", "dioura"),
        ("Boni village", "boni"),
    ],
)
def test_what_stands_in_a_town_means_the_town(segment: str, name: str) -> None:
    read = read_name(segment)
    assert (read.name, read.feature) == (name, True)
    assert not read_name(name).feature


@pytest.mark.parametrize(
    ("segment", "nothing"),
    [
        ("the army camp", True),
        ("French troops", True),
        ("a village", True),
        ("12", True),
        ("", True),
        ("Gao", False),
        ("military post of Gao", False),
    ],
)
def test_words_for_what_stands_anywhere_name_nothing(segment: str, nothing: bool) -> None:
    assert says_no_name(segment) == nothing


@pytest.mark.parametrize(
    "text",
    ["école de Konna", "Konna school", "site de déplacés de Konna", "health centre in Konna"],
)
def test_what_stands_in_a_town_is_named_after_it(text: str) -> None:
    read = read_name(text)
    assert (read.name, read.feature) == ("konna", True)
