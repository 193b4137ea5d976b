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
            UNIT | {"reason": Reason("unit", {"name": "Kati", "level": "cercle", "unit": "Kati"})},
            False,
        ),
    ],
)
def test_what_is_coarser_than_its_text_is_listed(row: dict, listed: bool) -> None:
    assert len(rows_for_review(located_table([row]))) == listed


@pytest.mark.parametrize(("code", "listed"), [("not-read", True), ("rest-not-read", False)])
def test_notes_that_a_person_can_settle_are_listed(code: str, listed: bool) -> None:
    values = {"name": "Kati", "level": "cercle", "unit": "Kati", "notes": [(code, {"text": "<b>"})]}
    located = located_table([UNIT | {"reason": Reason("unit", values)}])
    review = rows_for_review(located, lang="fr")
    assert review["review_why"].str.contains("« <b> »").sum() == listed
    assert "review_why" not in located
