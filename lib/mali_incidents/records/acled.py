"""ACLED's events, as its export tool and its API write them.

How its columns fill the incident table (ACLED Codebook):

- Event and sub-event types are ACLED's own and stay as they are. Actor 1 is the actor and actor 2
  the target; of battles ACLED does not claim that the first began.
- Deaths are one figure, taken as the best. Low and high are missing: ACLED gives no range. Its 0
  also stands where no deaths were reported.
- A date known to the week lies within three days of the day written, which is its middle; one
  known to the month lies in that month.
- ``notes`` is the summary, in ACLED's words.

ACLED's terms let its rows be used, not passed on: a file or page that holds them is for yourself
and whoever has access to ACLED too.
"""

import datetime as dt
import re
from typing import Final

from mali_incidents.places.precision import DATE_PRECISION_OF_CODE
from mali_incidents.records.fields import UnreadableError, is_blank, read_date
from mali_incidents.records.mapping import Dataset, decode, prefixed, split_list
from mali_incidents.records.rows import Row
from mali_incidents.tables import ACTOR_TYPES

# In a tuple of our own: those of the standard library follow the locale.
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_DAY: Final = re.compile(r"(\d{1,2}) ([a-z]+) (\d{4})", flags=re.IGNORECASE)
# ACLED numbers its kinds of actor from 1 in older exports, and names them in newer ones.
_ACTOR_TYPES: Final = {str(number): kind for number, kind in enumerate(ACTOR_TYPES[:8], start=1)}
_HALF_A_WEEK: Final = dt.timedelta(days=3)
_COLUMNS: Final = {
    "incident_id": "event_id_cnty",
    "date_start": "event_date",
    "date_end": "event_date",
    "date_precision": "time_precision",
    "event_type": "event_type",
    "sub_event_type": "sub_event_type",
    "target": "actor2",
    "actor": "actor1",
    "actor_type": "inter1",
    "fatalities_best": "fatalities",
    "sources": "source",
    "summary": "notes",
    "location_text": "location",
    "admin1": "admin1",
    "admin2": "admin2",
    "admin3": "admin3",
    "latitude": "latitude",
    "longitude": "longitude",
    "reported_precision": "geo_precision",
    "dataset_id": "event_id_cnty",
}


def _derive(row: Row) -> Row:
    """Give the cells of an event that are not copied as they are."""
    precision = decode(row.get("time_precision"), DATE_PRECISION_OF_CODE["acled"])
    start, end = _interval(row.get("event_date"), precision)
    return {
        "incident_id": prefixed("acled-", row.get("event_id_cnty")),
        "date_start": start,
        "date_end": end,
        "date_precision": precision,
        "actor_type": decode(row.get("inter1"), _ACTOR_TYPES),
        "sources": [{"name": name} for name in split_list(row.get("source")) if not is_blank(name)],
        "reported_precision": prefixed("acled:", row.get("geo_precision")),
    }


def _interval(cell: str | None, precision: str | None) -> tuple[str | None, str | None]:
    """Give the first and the last day that a date may mean, the last only where it is another."""
    written = _as_iso(cell)
    try:
        day = read_date(written or "", day_first=False).value
    except UnreadableError:
        return cell, None
    if precision == "month":
        return f"{day.start:%Y-%m}", None
    if precision == "week" and day.precision == "day":
        first, last = day.start - _HALF_A_WEEK, day.start + _HALF_A_WEEK
        return f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}"
    return written, None


def _as_iso(cell: str | None) -> str | None:
    """Write "01 January 2025" as 2025-01-01; leave anything else as it is."""
    match = _DAY.fullmatch((cell or "").strip())
    if match is None or (month := match[2].casefold()) not in _MONTHS:
        return cell
    return f"{match[3]}-{_MONTHS.index(month) + 1:02}-{match[1]:0>2}"


ACLED: Final = Dataset(
    "ACLED",
    frozenset({"event_id_cnty", "event_date", "event_type", "time_precision", "geo_precision"}),
    _COLUMNS,
    _derive,
)
"""ACLED's export."""
