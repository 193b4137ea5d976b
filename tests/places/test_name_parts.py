"""Names that hold other names, and those that only look so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mali_incidents.places.name_parts import join_names, part_name
from mali_incidents.places.names import fold

PIECES = st.sampled_from(["Toye", "(", ")", "/", " ou ", "II", "2", " ", "Woise", "Hameau", ";"])


@pytest.mark.parametrize(
    ("written", "name", "others"),
    [
        ("Toye (Woise)", "Toye", ("Woise",)),
        ("(Mabrouck) Tichit-Ken", "Tichit-Ken", ("Mabrouck",)),
        ("Grin (Kaba Sirmano", "Grin", ("Kaba Sirmano",)),
        ("Diedieba (+Sankoro)", "Diedieba", ("Sankoro",)),
        ("Bougoudire (Village)", "Bougoudire", ()),
        ("Fokolore (2)", "Fokolore (2)", ()),
        ("(Mabrouck)", "(Mabrouck)", ()),
        ("Sagaba/Dari", "Sagaba", ("Dari",)),
        ("Faradie I / II", "Faradie I / II", ()),
        ("Tanaha/A/Dian", "Tanaha/A/Dian", ()),
        ("Balla ou Delo", "Balla", ("Delo",)),
        ("Kati-Coura ou 7G", "Kati-Coura", ()),
        ("8e Ou Boulgoundje", "8e Ou Boulgoundje", ()),
        ("Ouro Modi", "Ouro Modi", ()),
        ("Kouroubou", "Kouroubou", ()),
    ],
)
def test_a_name_is_parted_where_it_holds_another(
    written: str, name: str, others: tuple[str, ...]
) -> None:
    assert part_name(written) == (name, others)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_a_name_never_parts_to_nothing(written: str) -> None:
    name, others = part_name(written)
    assert bool(fold(name)) == bool(fold(written))
    assert all(fold(other) for other in others)


@given(st.text(), st.lists(st.text(alphabet="aàb- ")))
def test_joined_names_are_other_and_once_each(name: str, others: list[str]) -> None:
    joined = join_names(name, others)
    folded = [fold(one) for one in joined.split(";")] if joined else []
    assert len(set(folded)) == len(folded)
    assert set(folded) == {fold(one) for one in others} - {fold(name), ""}
