"""What a person should look at in a table of incidents that could be read."""

from typing import Any

import pandas as pd

from mali_incidents.tables import FINDINGS


def finding(
    file: str,
    column: str,
    value: str,
    severity: str,
    code: str,
    message: str,
    *,
    at: int | None = None,
) -> dict[str, Any]:
    """Make one finding; ``at`` is the row's position in the table, for the caller to name it."""
    return {
        "file": file,
        "column": column,
        "value": value[:200],
        "severity": severity,
        "code": code,
        "message": message,
        "at": at,
    }


def check_incidents(incidents: pd.DataFrame, *, file: str = "") -> pd.DataFrame:
    """Check a table of incidents for what is missing or does not fit together.

    Parameters
    ----------
    incidents : pandas.DataFrame
        An incident table.
    file : str
        The file it came from, to be named in the findings.

    Returns
    -------
    pandas.DataFrame
        A findings table; empty where all is well. Nothing is changed.
    """
    no_toll = incidents[["fatalities_low", "fatalities_best", "fatalities_high"]].isna().all(axis=1)
    nowhere = (
        incidents[["location_text", "admin1", "admin2", "admin3", "latitude"]].isna().all(axis=1)
    )
    claimed = (incidents["attribution"] == "claimed") & incidents["actor"].isna()
    same = ["date_start", "location_text", "event_type", "sub_event_type"]
    repeated = incidents.duplicated(same, keep=False) & incidents["date_start"].notna()
    rules = (
        (incidents["date_start"].isna(), "date_start", "warning", "no-date", "no date that could be read; the row is in no count by time"),
        (nowhere, "location_text", "warning", "no-place", "nothing says where it was; the row cannot be located"),
        (incidents["event_type"].isna(), "event_type", "warning", "no-type", "no event type; the row is drawn as 'type not stated' and is no attack"),
        (claimed, "actor", "warning", "claimed-by-nobody", "claimed, but no actor is named"),
        (no_toll, "fatalities_best", "note", "no-toll", "no deaths stated: unknown, which is not 0"),
        (incidents["sources"].str.len() == 0, "sources", "note", "no-source", "no source is named"),
        (repeated, "location_text", "note", "perhaps-twice", "same day, place and type as another row: is it the same event?"),
    )  # fmt: skip
    listed = [
        _list_rows(incidents[wrong], column, severity, code, message)
        for wrong, column, severity, code, message in rules
    ]
    links = [
        {"row": row.dataset_row, "id": row.incident_id, "url": source.url}
        for row in incidents[["dataset_row", "incident_id", "sources"]].itertuples(index=False)
        for source in row.sources
        if source.url and not source.url.lower().startswith(("http://", "https://"))
    ]
    listed.append(
        pd.DataFrame(
            {
                "dataset_row": [link["row"] for link in links],
                "incident_id": [link["id"] for link in links],
                "column": "sources",
                "value": [link["url"][:200] for link in links],
                "severity": "warning",
                "code": "no-web-address",
                "message": "expected an address that begins with http:// or https://; shown as text, never as a link",
            }
        )
    )
    together = pd.concat(listed, ignore_index=True).assign(file=file)
    checked: pd.DataFrame = FINDINGS.validate(together[list(FINDINGS.columns)].astype("object"))
    return checked.sort_values("dataset_row", kind="stable", ignore_index=True)


def _list_rows(
    rows: pd.DataFrame, column: str, severity: str, code: str, message: str
) -> pd.DataFrame:
    """List rows under one finding."""
    value = rows[column].astype("str") if column != "sources" else ""
    return pd.DataFrame(
        {
            "dataset_row": rows["dataset_row"],
            "incident_id": rows["incident_id"],
            "column": column,
            "value": value,
            "severity": severity,
            "code": code,
            "message": message,
        }
    )
