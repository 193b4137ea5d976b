"""The contract between the stages: columns, types, units and allowed values of every table.

A stage takes one of these tables and returns a new one. Each schema checks a table and, with
``coerce``, gives it the column types written here. A ``description`` is what the codebook and
the documentation say of the column.
"""

from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from mali_incidents.errors import LocateError

# Degrees on the WGS 84 ellipsoid; geometry is longitude first, as everywhere in GeoPandas.
CRS: Final = "EPSG:4326"

# ACLED's taxonomy: the sub-event types of each event type (ACLED Codebook, 2023).
SUB_EVENT_TYPES: Final[dict[str, tuple[str, ...]]] = {
    "Battles": (
        "Armed clash",
        "Government regains territory",
        "Non-state actor overtakes territory",
    ),
    "Explosions/Remote violence": (
        "Air/drone strike",
        "Chemical weapon",
        "Grenade",
        "Remote explosive/landmine/IED",
        "Shelling/artillery/missile attack",
        "Suicide bomb",
    ),
    "Violence against civilians": (
        "Abduction/forced disappearance",
        "Attack",
        "Sexual violence",
    ),
    "Protests": (
        "Excessive force against protesters",
        "Peaceful protest",
        "Protest with intervention",
    ),
    "Riots": ("Mob violence", "Violent demonstration"),
    "Strategic developments": (
        "Agreement",
        "Arrests",
        "Change to group/activity",
        "Disrupted weapons use",
        "Headquarters or base established",
        "Looting/property destruction",
        "Non-violent transfer of territory",
        "Other",
    ),
}
EVENT_TYPES: Final = tuple(SUB_EVENT_TYPES)

# ACLED's kinds of actor, and one of our own for crime without a political aim, which ACLED leaves
# out and our press records do not.
ACTOR_TYPES: Final = (
    "State forces",
    "Rebel group",
    "Political militia",
    "Identity militia",
    "Rioters",
    "Protesters",
    "Civilians",
    "External/Other forces",
    "Criminal group",
)
ATTRIBUTIONS: Final = ("claimed", "suspected", "unclaimed", "disputed")
DATE_PRECISIONS: Final = ("day", "days", "week", "month", "year")
VERIFICATIONS: Final = ("confirmed", "reported", "disputed", "unverified")

# From the finest to the coarsest: how finely a place is known.
LEVELS: Final = ("site", "place", "commune", "cercle", "region", "country", "none")
UNIT_LEVELS: Final = ("commune", "cercle", "region", "country")
POINT_LEVELS: Final = ("site", "place")
METHODS: Final = (
    "coordinates",
    "place",
    "unit",
    "offset",
    "near",
    "between",
    "part",
    "correction",
    "none",
)
# Methods whose answer is an area of its own, and not a unit's or a place's.
AREA_METHODS: Final = ("offset", "near", "between", "part")
SEVERITIES: Final = ("error", "warning", "note")


class Source(NamedTuple):
    """A report an incident is known from.

    Attributes
    ----------
    name : str
        The outlet or document, as a reader would cite it.
    url : str or None
        Its address; None when it has none.
    published : str or None
        The day it appeared, ``YYYY-MM-DD``; None unless known.
    """

    name: str
    url: str | None = None
    published: str | None = None


class Candidate(NamedTuple):
    """A place or unit that a record may mean.

    Attributes
    ----------
    name : str
        Its name in the gazetteer or frame.
    unit : str
        The units that hold it, finest first: ``"Kangaba, Koulikoro"``.
    distance_km : float or None
        How far it lies from the best candidate, in kilometres; None for the best itself.
    score : float
        How well it fits, 0 to 1.
    latitude, longitude : float or None
        Its point, WGS 84 degrees.
    unit_id : str or None
        Its id in the frame, where it is itself a unit.
    """

    name: str
    unit: str
    distance_km: float | None
    score: float
    latitude: float | None = None
    longitude: float | None = None
    unit_id: str | None = None


class Reason(NamedTuple):
    """Why a record was located as it was: a code, and the values its sentence needs.

    Attributes
    ----------
    code : str
        One of the codes that ``places.reasons.reason_sentence`` renders.
    values : dict of str to object
        Names, distances in kilometres and the like.
    """

    code: str
    values: dict[str, Any]


def _text(
    description: str, *, of: tuple[str, ...] | None = None, required: bool = False
) -> pa.Column:
    """Describe a column of text, missing allowed unless the record is nothing without it."""
    checks = None if of is None else pa.Check.isin(of)
    return pa.Column("str", checks, nullable=not required, description=description)


def _day(description: str) -> pa.Column:
    """Describe a column of days."""
    return pa.Column("datetime64[ns]", nullable=True, description=description)


def _count(description: str) -> pa.Column:
    """Describe a column of people counted; unknown is <NA>, never 0."""
    return pa.Column("Int64", pa.Check.ge(0), nullable=True, description=description)


def _degrees(description: str, limit: float) -> pa.Column:
    """Describe a column of degrees on WGS 84."""
    return pa.Column(
        "float64", pa.Check.in_range(-limit, limit), nullable=True, description=description
    )


def _in_order(low: str, high: str) -> pa.Check:
    """Check that one column never exceeds another where both are known."""
    return pa.Check(
        lambda table: ~(table[low] > table[high]).fillna(value=False),
        name=f"{low} <= {high}",
        error=f"{low} is greater than {high}",
    )


def _sub_type_belongs(table: pd.DataFrame) -> pd.Series:
    """Tell for each row whether its sub-event type is one of its event type's."""
    known = table["sub_event_type"].notna() & table["event_type"].notna()
    pairs = zip(table["event_type"], table["sub_event_type"], strict=True)
    fits = [sub in SUB_EVENT_TYPES.get(kind, ()) for kind, sub in pairs]
    return pd.Series(fits, index=table.index) | ~known


INCIDENTS: Final = pa.DataFrameSchema(
    {
        "incident_id": pa.Column(
            "str", unique=True, description="Stable for ever; a foreign id is kept in dataset_id"
        ),
        "episode_id": _text("Links the events of one attack (a shop first, a mine next)"),
        "date_start": _day("First day of the event, or of the interval it lies in"),
        "date_end": _day("Last day; equal to date_start for one known day"),
        "date_precision": _text(
            "day: the dates are known, a later date_end means it lasted; otherwise the event lies "
            "somewhere in the interval (UCDP date_prec 1-5)",
            of=DATE_PRECISIONS,
        ),
        "event_type": _text("ACLED event type", of=EVENT_TYPES),
        "sub_event_type": _text(
            "ACLED sub-event type",
            of=tuple(sub for subs in SUB_EVENT_TYPES.values() for sub in subs),
        ),
        "target": _text("Who or what was attacked"),
        "actor": _text("Who did it, as reported"),
        "actor_type": _text("ACLED's kind of actor, or Criminal group", of=ACTOR_TYPES),
        "attribution": _text("Who says it was them", of=ATTRIBUTIONS),
        "fatalities_low": _count("Fewest deaths reported"),
        "fatalities_best": _count("The figure best supported"),
        "fatalities_high": _count("Most deaths reported"),
        "injured": _count("People injured"),
        "abducted": _count("People abducted; the missing and the besieged are not"),
        "sources": pa.Column(
            "object",
            pa.Check(lambda cell: isinstance(cell, list), element_wise=True),
            description="List of Source; in a flat file source_1_name, source_1_url, "
            "source_1_published, source_2_name …",
        ),
        "summary": _text("One sentence in the recorder's own words"),
        "location_text": _text("The place as reported, never changed"),
        "admin1": _text("The region as reported, never changed"),
        "admin2": _text("The cercle as reported, never changed"),
        "admin3": _text("The commune as reported, never changed"),
        "latitude": _degrees("As reported, WGS 84 degrees, never changed", 90),
        "longitude": _degrees("As reported, WGS 84 degrees, never changed", 180),
        "reported_precision": _text("The source's own code, e.g. acled:2, ucdp:4"),
        "verification": _text("How far the report is borne out", of=VERIFICATIONS),
        "dataset": _text("The dataset the row came from"),
        "dataset_id": _text("The row's id there"),
        "dataset_row": pa.Column(
            "Int64", nullable=True, description="The row's number in the file read, first row 1"
        ),
    },
    checks=[
        _in_order("date_start", "date_end"),
        _in_order("fatalities_low", "fatalities_best"),
        _in_order("fatalities_best", "fatalities_high"),
        _in_order("fatalities_low", "fatalities_high"),
        pa.Check(_sub_type_belongs, error="sub_event_type is not one of its event_type's"),
    ],
    coerce=True,
    name="incidents",
)
"""One row an event; what every reader returns."""

# How many values a message names.
_FEW: Final = 3

# A file of records without these is not a file of incidents.
REQUIRED_IN_FILES: Final = ("incident_id", "date_start", "location_text")

_LOCATED_COLUMNS: Final = {
    "geometry": pa.Column(
        "geometry",
        nullable=True,
        description="A representative point (longitude, latitude); a point on a map or in an "
        "export only for level site and place",
    ),
    "footprint": pa.Column(
        "geometry", nullable=True, description="All the places the record may mean, an area"
    ),
    "uncertainty_m": pa.Column(
        "float64",
        pa.Check.gt(0),
        nullable=True,
        description="Radius in metres of a circle round geometry that holds the footprint "
        "(Darwin Core coordinateUncertaintyInMeters)",
    ),
    "level": _text("How finely the place is known", of=LEVELS, required=True),
    "method": _text("How it was found", of=METHODS, required=True),
    "score": pa.Column(
        "float64", pa.Check.in_range(0, 1), nullable=True, description="How good the match is, 0-1"
    ),
    "margin": pa.Column(
        "float64",
        pa.Check.in_range(0, 1),
        nullable=True,
        description="How far ahead of the runner-up; score and margin both decide refusal",
    ),
    "admin1_name": _text(
        "The region that holds the place, or was named; blank below what is known"
    ),
    "admin1_id": _text("Its id in the frame"),
    "admin2_name": _text("The cercle"),
    "admin2_id": _text("Its id in the frame"),
    "admin3_name": _text("The commune"),
    "admin3_id": _text("Its id in the frame"),
    "region_2023": _text("The region since the reform of 2023, where it can be told"),
    "frame": _text("Which vintage of units, e.g. mali-2017", required=True),
    "candidates": pa.Column("object", description="List of Candidate, best first"),
    "reason": pa.Column("object", description="Reason: a code and its values"),
}

# Only a table that went through a release has them.
_RELEASE_COLUMNS: Final = {
    "data_generalizations": pa.Column(
        "str",
        nullable=True,
        required=False,
        description="What was made coarser for this edition (Darwin Core dataGeneralizations)",
    ),
    "information_withheld": pa.Column(
        "str",
        nullable=True,
        required=False,
        description="What there is besides and was left out (Darwin Core informationWithheld)",
    ),
}

LOCATED: Final = INCIDENTS.add_columns({**_LOCATED_COLUMNS, **_RELEASE_COLUMNS})
"""The incident table and where each incident was; a GeoDataFrame in EPSG:4326.

``data_generalizations`` and ``information_withheld`` are there once it was released.
"""

FINDINGS: Final = pa.DataFrameSchema(
    {
        "file": _text("The file's name"),
        "dataset_row": pa.Column(
            "Int64", nullable=True, description="The row's number, first row 1"
        ),
        "incident_id": _text("The incident, where the row has an id"),
        "column": _text("The column as the file calls it"),
        "value": _text("What stood there"),
        "severity": _text("How bad it is", of=SEVERITIES, required=True),
        "code": _text("What kind of finding, for sorting", required=True),
        "message": _text("What was expected, and what to do", required=True),
    },
    coerce=True,
    name="findings",
)
"""What was wrong in the input, one row a finding."""

SOURCES: Final = pa.DataFrameSchema(
    {
        "incident_id": _text("The incident", required=True),
        "name": _text("The outlet or document", required=True),
        "url": _text("Its address"),
        "published": _text("The day it appeared, YYYY-MM-DD, where known"),
        "claim_date": _text("What that report says of the date, where reports disagree"),
        "claim_fatalities": _text("What it says of the deaths, where reports disagree"),
        "claim_place": _text("What it says of the place, where reports disagree"),
        "note": _text("Anything else a reader should know of that report"),
    },
    coerce=True,
    name="sources",
)
"""One row a report: who said what, where reports disagree."""


# What a gazetteer's check may have found wrong with a place that was kept.
PLACE_PROBLEMS: Final = ("sign-mended", "swap-mended", "outside-its-commune")

PLACES: Final = pa.DataFrameSchema(
    {
        "place_id": pa.Column("str", unique=True, description="Unique over all gazetteers used"),
        "name": _text("The place's name", required=True),
        "other_names": _text("Its other names and spellings, parted by semicolons"),
        "kind": _text(
            "town, village, hamlet, district of a city, camp, well, valley, forest, hill, lake, "
            "airport, mine, border post, place; else the source's own word",
            required=True,
        ),
        "admin1": _text("The region it is filed under, as the source writes it"),
        "admin2": _text("The cercle it is filed under"),
        "admin3": _text("The commune it is filed under"),
        "latitude": pa.Column(
            "float64", pa.Check.in_range(-90, 90), description="WGS 84 degrees, mended if need be"
        ),
        "longitude": pa.Column(
            "float64", pa.Check.in_range(-180, 180), description="WGS 84 degrees, mended if need be"
        ),
        "extent_km": pa.Column(
            "float64", pa.Check.gt(0), description="The radius of the place itself, kilometres"
        ),
        "population": _count("People living there, where known"),
        "seat": _text("The level of the unit it is the seat of, where told", of=UNIT_LEVELS[:3]),
        "source": _text("The gazetteer it came from", required=True),
        "unit_id": _text("The finest unit of the frame in use that holds it"),
        "problem": _text("What the check found wrong with it", of=PLACE_PROBLEMS),
        "given_latitude": _degrees("What the source gives, where it was mended", 90),
        "given_longitude": _degrees("What the source gives, where it was mended", 180),
        "off_km": pa.Column(
            "float64",
            pa.Check.ge(0),
            nullable=True,
            description="How far it lies outside the finest unit it is filed under, kilometres; 0 "
            "inside; missing where it is filed under none that is known",
        ),
    },
    ordered=True,
    coerce=True,
    name="places",
)
"""One row a named place: what a gazetteer holds."""


def is_attack(incidents: pd.DataFrame) -> pd.Series:
    """Tell which incidents are attacks: political violence by a non-state armed group.

    Parameters
    ----------
    incidents : pandas.DataFrame
        An incident table.

    Returns
    -------
    pandas.Series of bool
        True for battles, explosions and violence against civilians, and for looting and property
        destruction, by a rebel group or political militia. Coups, protests, army strikes, clashes
        between villagers and plain crime are incidents too, but not attacks.
    """
    violent = incidents["event_type"].isin(
        ["Battles", "Explosions/Remote violence", "Violence against civilians"]
    )
    destructive = incidents["sub_event_type"] == "Looting/property destruction"
    armed_group = incidents["actor_type"].isin(["Rebel group", "Political militia"])
    return (violent | destructive) & armed_group


def as_located(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """Give a table of located incidents its types, geometry and CRS, and check it.

    Parameters
    ----------
    table : pandas.DataFrame
        Every column of the located table; ``geometry`` and ``footprint`` hold shapely geometries
        in EPSG:4326, longitude first, or None.

    Returns
    -------
    geopandas.GeoDataFrame
        A new table with ``geometry`` active and ``footprint`` beside it, both in EPSG:4326.

    Raises
    ------
    LocateError
        When a column is missing or holds what it must not; all that is wrong at once.
    """
    located = gpd.GeoDataFrame(table.copy(), geometry="geometry", crs=CRS)
    located["footprint"] = gpd.GeoSeries(located["footprint"], crs=CRS)
    try:
        checked: gpd.GeoDataFrame = LOCATED.validate(located, lazy=True)
    except pa.errors.SchemaErrors as error:
        kinds = error.failure_cases.groupby("check", sort=False)
        wrong = "; ".join(_in_words(str(check), cases) for check, cases in kinds)
        raise LocateError(f"the table cannot be located as it is: {wrong}") from None
    return checked


def _in_words(check: str, cases: pd.DataFrame) -> str:
    """Say what one check of a table found wrong, with the first few values."""
    column = cases["column"].iloc[0]
    of_rows = cases["schema_context"].iloc[0] == "DataFrameSchema"
    if of_rows and check != "column_in_dataframe":
        cases = cases[cases["column"] == "incident_id"]
    values = list(dict.fromkeys(map(str, cases["failure_case"])))
    more = [f"and {len(values) - _FEW} more"] if len(values) > _FEW else []
    few = " ".join([", ".join(values[:_FEW]), *more])
    match check:
        case "column_in_dataframe":
            return f"it lacks the column {few}"
        case "field_uniqueness":
            said = "give each file's ids a prefix before putting tables together"
            return f"more than one row has the {column} {few}: {said}"
    return f"{check}: {few}" if of_rows else f"{column}: {check}, got {few}"


def why_not_located(table: pd.DataFrame) -> str | None:
    """Say by its columns why a table is no located table, or give None where it is one."""
    missing = [name for name in _LOCATED_COLUMNS if name not in table]
    if not missing:
        return None
    return (
        "this needs a located table, as locate_incidents gives it; the one given lacks the "
        f"column(s) {', '.join(missing)}"
    )
