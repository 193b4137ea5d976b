"""UCDP's Georeferenced Event Dataset (GED), as the yearly file and as the website exports it.

How its columns fill the incident table (UCDP GED Codebook):

- An event of state-based (1) or non-state violence (2) is a battle, one of one-sided violence (3)
  is violence against civilians. By which means, UCDP does not say, so no sub-event type is given,
  and some of these are what ACLED would call explosions or remote violence.
- Who attacked is only told of one-sided violence: side A is the actor, side B the target. Of the
  others both sides are named as the actor and no target is, since their order says nothing. The
  kind of actor is only known of a government.
- ``where_coordinates``, the place that the coordinates are of, is the text to locate; the reports'
  own words are in ``where_description``, and a mapping can choose them.
- Sources go by their office and date. The oldest rows have one text for all of them.
- The three estimates of deaths are taken as they are: 0 is UCDP's 0. In some rows high lies below
  best or low above it; best is UCDP's own sum, so it stands and the other is left missing.
"""

import re
from typing import Final

from mali_incidents.places.precision import DATE_PRECISION_OF_CODE
from mali_incidents.records.fields import is_blank
from mali_incidents.records.mapping import Dataset, decode, prefixed, split_list
from mali_incidents.records.rows import Row

_EVENT_TYPES: Final = {"1": "Battles", "2": "Battles", "3": "Violence against civilians"}
# The website's export writes 03/22/2022 00:00:00 for the 22nd of March.
_EXPORT_DAY: Final = re.compile(r"(0?[1-9]|1[0-2])/(\d{1,2})/(\d{4}) \d.*")
_COLUMNS: Final = {
    "incident_id": "id",
    "date_start": "date_start",
    "date_end": "date_end",
    "date_precision": "date_prec",
    "event_type": "type_of_violence",
    "target": "side_b",
    "actor": "side_a",
    "actor_type": "side_a",
    "sources": "source_article",
    "location_text": "where_coordinates",
    "admin1": "adm_1",
    "admin2": "adm_2",
    "latitude": "latitude",
    "longitude": "longitude",
    "reported_precision": "where_prec",
    "dataset_id": "id",
}


def _derive(row: Row) -> Row:
    """Give the cells of an event that are not copied as they are."""
    actors = [side for side in (row.get("side_a"), row.get("side_b")) if side]
    one_sided = decode(row.get("type_of_violence"), _EVENT_TYPES) == _EVENT_TYPES["3"]
    by_government = one_sided and str(row.get("side_a")).startswith("Government of ")
    return {
        "incident_id": prefixed("ucdp-", row.get("id")),
        "date_start": _as_iso(row.get("date_start")),
        "date_end": _as_iso(row.get("date_end")),
        "date_precision": decode(row.get("date_prec"), DATE_PRECISION_OF_CODE["ucdp"]),
        "event_type": decode(row.get("type_of_violence"), _EVENT_TYPES),
        "target": row.get("side_b") if one_sided else None,
        "actor": row.get("side_a") if one_sided else " - ".join(actors),
        "actor_type": "State forces" if by_government else None,
        "sources": _sources(row),
        "reported_precision": prefixed("ucdp:", row.get("where_prec")),
    }


def _as_iso(cell: str | None) -> str | None:
    """Write the export's month/day/year as year-month-day; leave anything else as it is."""
    match = _EXPORT_DAY.fullmatch(cell or "")
    return f"{match[3]}-{match[1]:0>2}-{match[2]:0>2}" if match else cell


def _sources(row: Row) -> list[dict[str, str]]:
    """List the offices with their dates, or the one text where none is named."""
    names, days = split_list(row.get("source_office")), split_list(row.get("source_date"))
    if not names:
        names = [row.get("source_article") or ""]
    if len(days) != len(names):
        days = [""] * len(names)
    pairs = zip(names, days, strict=True)
    return [{"name": name, "published": day} for name, day in pairs if not is_blank(name)]


def _version(file: str) -> str | None:
    """Read the version from the publisher's name of the file, e.g. GEDEvent_v25_1.csv."""
    match = re.match(r"GEDEvent_v(\d+(?:_\d+)+)", file, flags=re.IGNORECASE)
    return match[1].replace("_", ".") if match else None


def _ged(deaths: str) -> Dataset:
    """Describe GED by how it calls the estimates of deaths: best, or best_est."""
    tolls = {f"fatalities_{each}": deaths.format(each) for each in ("low", "best", "high")}
    marks = {"type_of_violence", "date_prec", "where_prec", "where_coordinates", *tolls.values()}
    return Dataset("UCDP GED", frozenset(marks), _COLUMNS | tolls, _derive, _version)


UCDP_GED: Final = _ged("{}")
"""The yearly and the monthly file."""

UCDP_GED_EXPORT: Final = _ged("{}_est")
"""A country as the website exports it: other names, and dates as in the United States."""
