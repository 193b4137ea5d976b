"""What a person should look at in a table of incidents that could be read."""

import numpy as np
import pandas as pd

from mali_incidents.places.precision import reported_level
from mali_incidents.tables import FINDINGS

_TOLLS = ["fatalities_low", "fatalities_best", "fatalities_high"]
_PLACES = ["location_text", "admin1", "admin2", "admin3", "latitude"]
_SAME = ["date_start", "location_text", "event_type", "sub_event_type"]


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
        A findings table, by row and column; empty where all is well. Nothing is changed.
    """
    low, best, high = (incidents[name] for name in _TOLLS)
    crossed = [(low > best), (best > high), (low > high)]
    known = incidents[["date_start", "location_text"]].notna().all(axis=1)
    code = incidents["reported_precision"]
    listed = [
        _list_rows(
            incidents[incidents["date_start"] > incidents["date_end"]],
            "date_end",
            ("error", "out-of-order", "expected a day on or after date_start"),
        ),
        _list_rows(
            incidents[pd.concat(crossed, axis=1).fillna(value=False).any(axis=1)],
            "fatalities_best",
            ("error", "out-of-order", "expected fatalities_low <= _best <= _high"),
        ),
        _list_rows(
            incidents[incidents["date_start"].isna() & incidents["date_end"].isna()],
            "date_start",
            ("warning", "no-date", "no date that could be read; the row is in no count by time"),
        ),
        _list_rows(
            incidents[incidents["date_start"].isna() & incidents["date_end"].notna()],
            "date_start",
            ("warning", "no-date", "no first day that could be read; counted by its last day"),
        ),
        _list_rows(
            incidents[incidents[_PLACES].isna().all(axis=1)],
            "location_text",
            ("warning", "no-place", "nothing says where it was; the row cannot be located"),
        ),
        _list_rows(
            incidents[code.notna() & code.map(reported_level, na_action="ignore").isna()],
            "reported_precision",
            (
                "warning",
                "unknown-precision",
                "expected a code such as acled:2 or ucdp:4; coordinates are taken as written",
            ),
        ),
        _list_rows(
            incidents[incidents["event_type"].isna()],
            "event_type",
            ("warning", "no-type", "no event type; the row is counted as no attack"),
        ),
        _list_rows(
            incidents[(incidents["attribution"] == "claimed") & incidents["actor"].isna()],
            "actor",
            ("warning", "claimed-by-nobody", "claimed, but no actor is named"),
        ),
        _list_rows(
            incidents[incidents[_TOLLS].isna().all(axis=1)],
            "fatalities_best",
            ("note", "no-toll", "no deaths stated: unknown, which is not 0"),
        ),
        _list_rows(
            incidents[incidents["sources"].str.len() == 0],
            "sources",
            ("note", "no-source", "no source is named"),
        ),
        _list_rows(
            incidents[incidents.duplicated(_SAME, keep=False) & known],
            "location_text",
            ("note", "perhaps-twice", "same day, place and type as another row: the same event?"),
        ),
        _list_links(incidents),
    ]
    together = pd.concat(listed, ignore_index=True).assign(file=file)
    return sort_findings(together)


def sort_findings(findings: pd.DataFrame) -> pd.DataFrame:
    """Give findings their types and sort them by row, then column; those of no row come first."""
    typed: pd.DataFrame = FINDINGS.validate(findings[list(FINDINGS.columns)].astype("object"))
    return typed.sort_values(
        ["dataset_row", "column"], kind="stable", na_position="first", ignore_index=True
    )


def _list_rows(rows: pd.DataFrame, column: str, finding: tuple[str, str, str]) -> pd.DataFrame:
    """List rows under one finding: severity, code and message."""
    severity, code, message = finding
    listed = rows[["dataset_row", "incident_id"]].astype("object")
    text = [
        "" if missing else str(cell)
        for cell, missing in zip(rows[column], rows[column].isna(), strict=True)
    ]
    return listed.assign(
        column=column,
        value="" if column == "sources" else text,
        severity=severity,
        code=code,
        message=message,
    )


def _list_links(incidents: pd.DataFrame) -> pd.DataFrame:
    """List the sources whose address no page may link."""
    each = incidents[["dataset_row", "incident_id", "sources"]].explode("sources")
    each = each.dropna(subset="sources")
    urls = [source.url or "" for source in each["sources"]]
    odd = [bool(url) and not url.lower().startswith(("http://", "https://")) for url in urls]
    wanted = "expected an address that begins with http:// or https://; shown as text, not linked"
    rows = each[np.array(odd, dtype="bool")]
    listed = _list_rows(rows, "sources", ("warning", "no-web-address", wanted))
    return listed.assign(value=[url[:200] for url, wrong in zip(urls, odd, strict=True) if wrong])
