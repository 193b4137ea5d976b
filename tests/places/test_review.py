"""The review list holds what a person can settle, and says why."""

import pytest
from made_located import located_table
from shapely import Point, box

from mali_incidents.places.review import rows_for_review
from mali_incidents.tables import Reason

UNIT = {"geometry": Point(-8, 12), "footprint": box(-8.1, 11.9, -7.9, 12.1), "level": "cercle"}


@pytest.mark.parametrize(
    ("row", "listed"),
    [
        ({"level": "none", "reason": Reason("none", {})}, True),
        (UNIT | {"reason": Reason("admins", {"unit": "Kati"})}, True),
        (UNIT | {"reason": Reason("inside", {"name": "<b>", "unit": "Kati"})}, True),
        (
            UNIT
            | {"level": "place", "method": "place"}
            | {"reason": Reason("spelt-nearly", {"name": "<b>", "place": "B", "unit": "Kati"})},
            True,
        ),
        (
            UNIT | {"reason": Reason("unit", {"name": "Kati", "level": "cercle", "unit": "Kati"})},
            False,
        ),
    ],
)
def test_what_is_coarser_than_its_text_is_listed(row: dict, listed: bool) -> None:
    assert len(rows_for_review(located_table([row]))) == listed


AGREES = {"text": "<b>", "place": "Gao", "nearest": 1, "farthest": 2}


@pytest.mark.parametrize(
    ("note", "listed"),
    [
        (("not-read", {"text": "<b>"}), True),
        (("units-unknown", {"text": "<b>"}), True),
        (("not-found", {"name": "<b>"}), True),
        (("elsewhere", {"name": "<b>", "unit": "Gao"}), True),
        (("ambiguous", {"name": "<b>", "candidates": "Gao; Kati"}), True),
        (("clash", AGREES), True),
        (("clash-near", {"text": "<b>"}), True),
        (("clash-unit", {"text": "<b>", "unit": "Gao"}), True),
        (("agrees", AGREES), False),
        (("also-named", {"name": "<b>"}), True),
        (("region-2023", {"name": "<b>", "units": "Nioro"}), False),
    ],
)
def test_notes_that_a_person_can_settle_are_listed(note: tuple[str, dict], listed: bool) -> None:
    values = {"name": "Kati", "level": "cercle", "unit": "Kati", "notes": [note]}
    located = located_table([UNIT | {"reason": Reason("unit", values)}])
    review = rows_for_review(located, lang="fr")
    assert review["review_why"].str.contains("<b>").sum() == listed
    assert "review_why" not in located
