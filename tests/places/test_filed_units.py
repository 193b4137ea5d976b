"""Units that places are filed under, however a file spells them."""

import numpy as np
import pandas as pd
import pytest

from mali_incidents.places.filed_units import find_filed_units
from mali_incidents.places.frames import read_frame

NARENA = "ML-2017/koulikoro/kangaba/narena"


def found(*paths: tuple[str, str, str], at: list[str | None] | None = None) -> list[str | None]:
    """The units of places filed so."""
    filed = pd.DataFrame(list(paths), columns=["admin1", "admin2", "admin3"], dtype="str")
    return list(find_filed_units(filed, at=at or [None] * len(paths), frame=read_frame()))


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        (("Koulikoro", "Kangaba", "Narena"), NARENA),
        (("Koulikouro", "Kangaba", "Narena"), NARENA),
        (("", "", "Narena"), NARENA),
        (("Koulikoro", "", "narena"), NARENA),
        (("Koulikoro Region", "Cercle de Kangaba", ""), "ML-2017/koulikoro/kangaba"),
        (("Kayes", "Kita", "Kita Commune"), "ML-2017/kayes/kita/kita"),
        (("Sikasso", "Yorosso", "Kiffosso1"), "ML-2017/sikasso/yorosso/kiffosso-1"),
        (
            ("Sikasso", "Sikasso", "Missirikoro Sokouran"),
            "ML-2017/sikasso/sikasso/sokourani-missirikoro",
        ),
        (("Koulikoro", "Kangaba", "Nowhere"), "ML-2017/koulikoro/kangaba"),
        # A region of 2023 is none of 2017; what it holds is found by itself.
        (("Dioïla", "Dioïla", ""), "ML-2017/koulikoro/dioila"),
        (("Nowhere", "Nowhere", "Nowhere"), None),
        (("", "", ""), None),
        # Three communes are called so; none is guessed.
        (("", "", "Benkadi"), None),
    ],
)
def test_a_unit_is_found_within_those_above_it(
    path: tuple[str, str, str], unit: str | None
) -> None:
    assert found(path) == [unit]


def test_a_unit_of_another_name_is_where_most_of_its_places_lie() -> None:
    syen = "ML-2017/sikasso/yanfolila/syen-toula"
    path = ("Sikasso", "Yanfolila", "Chantoula")
    assert found(*[path] * 3, at=[syen, syen, None]) == [syen] * 3
    cercle = "ML-2017/sikasso/yanfolila"
    assert found(*[path] * 2, at=[syen, syen]) == [cercle] * 2
    assert found(*[path] * 4, at=[syen, syen, NARENA, NARENA]) == [cercle] * 4


def test_a_commune_taken_by_its_own_name_is_not_another_misspelt() -> None:
    own = ("Segou", "Baroueli", "Baroueli")
    other = ("Segou", "Baroueli", "Baraouela")
    assert found(own, other)[0] == "ML-2017/segou/baroueli/baroueli"
    assert found(own, other)[1] == "ML-2017/segou/baroueli"
    assert found(other) == ["ML-2017/segou/baroueli/baroueli"]


def test_every_unit_finds_itself() -> None:
    frame = read_frame()
    communes = frame.units.index[frame.units["level"] == "commune"]
    paths = [tuple(frame.label(unit) for unit in frame.chain(one)) for one in communes]
    assert found(*paths) == list(communes)
    points = [frame.circle(one).centre for one in communes[:50]]
    assert frame.units_at(
        np.array([point.x for point in points]), np.array([point.y for point in points])
    ) == list(communes[:50])
