"""What a typed table is checked for."""

import pandas as pd
import pytest

from mali_incidents.records.check import check_incidents
from mali_incidents.tables import FINDINGS, INCIDENTS, Source


def table(**changes: object) -> pd.DataFrame:
    cells = {
        "incident_id": "i1",
        "date_start": pd.Timestamp("2025-05-11"),
        "date_end": pd.Timestamp("2025-05-11"),
        "event_type": "Battles",
        "fatalities_best": 1,
        "location_text": "Narena",
        "sources": [Source("A paper", "https://example.org")],
        "dataset_row": 1,
    }
    return pd.DataFrame([dict.fromkeys(INCIDENTS.columns) | cells | changes]).astype(
        {name: column.dtype.type for name, column in INCIDENTS.columns.items() if name != "sources"}
    )


def test_nothing_is_found_where_all_is_well() -> None:
    findings = check_incidents(table())
    assert findings.empty
    assert list(findings.columns) == list(FINDINGS.columns)


@pytest.mark.parametrize(
    ("changes", "code", "severity"),
    [
        ({"date_end": pd.Timestamp("2025-05-01")}, "out-of-order", "error"),
        ({"fatalities_low": 5}, "out-of-order", "error"),
        ({"fatalities_high": 0}, "out-of-order", "error"),
        ({"date_start": None}, "no-date", "warning"),
        ({"location_text": None}, "no-place", "warning"),
        ({"event_type": None}, "no-type", "warning"),
        ({"attribution": "claimed"}, "claimed-by-nobody", "warning"),
        ({"fatalities_best": None}, "no-toll", "note"),
        ({"sources": []}, "no-source", "note"),
        ({"sources": [Source("x", "javascript:alert(1)")]}, "no-web-address", "warning"),
    ],
)
def test_each_rule(changes: dict[str, object], code: str, severity: str) -> None:
    findings = check_incidents(table(**changes), file="f.csv")
    assert findings[
        ["file", "dataset_row", "incident_id", "severity", "code"]
    ].to_numpy().tolist() == [["f.csv", 1, "i1", severity, code]]


def test_the_same_day_place_and_type_twice() -> None:
    twice = pd.concat([table(), table(incident_id="i2", dataset_row=2)], ignore_index=True)
    before = twice.copy(deep=True)
    assert check_incidents(twice)["code"].tolist() == ["perhaps-twice"] * 2
    pd.testing.assert_frame_equal(twice, before)
