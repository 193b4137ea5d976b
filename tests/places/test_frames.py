"""Units and places by name and by point, and refusals that say what to do."""

import numpy as np
import pandas as pd
import pytest

from mali_incidents.errors import LocateError
from mali_incidents.places.frames import COUNTRY, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer

NARENA = "ML-2017/koulikoro/kangaba/narena"


def test_units_are_nested() -> None:
    frame = read_frame()
    assert frame.units["level"].value_counts().to_dict() == {
        "commune": 701,
        "cercle": 50,
        "region": 9,
        "country": 1,
    }
    assert frame.chain(NARENA) == ["ML-2017/koulikoro", "ML-2017/koulikoro/kangaba", NARENA]
    assert frame.common([NARENA, "ML-2017/koulikoro/kati"]) == "ML-2017/koulikoro"
    assert frame.common([NARENA, "ML-2017/kayes"]) == COUNTRY


def test_a_point_outside_is_in_no_unit() -> None:
    inside, outside = read_frame().communes_at(np.array([-8.62, 2.35]), np.array([12.23, 48.85]))
    assert (inside, outside) == (NARENA, None)


def test_an_unknown_frame_is_refused() -> None:
    with pytest.raises(LocateError, match=r"no frame 'mali-1960'; known are: mali-2017"):
        read_frame("mali-1960")


def test_a_place_is_one_or_refused() -> None:
    assert read_gazetteer().place("BAMAKO")["name"] == "Bamako"
    with pytest.raises(LocateError, match="no place called"):
        read_gazetteer().place("<img onerror>")
    places = read_gazetteer().places
    twice = Gazetteer(name="twice", places=pd.concat([places, places.assign(latitude=12)]))
    with pytest.raises(LocateError, match="more than one place"):
        twice.place("Kati")
    with pytest.raises(LocateError, match=r"lacks the column\(s\) name, extent_km"):
        Gazetteer(name="bare", places=places.drop(columns=["name", "extent_km"]))
