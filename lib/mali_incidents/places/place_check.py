"""What is wrong with places that come in: mended where only one thing can be meant, else said."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod, Transformer

from mali_incidents.places.filed_units import find_filed_units
from mali_incidents.places.frames import AdminFrame
from mali_incidents.places.name_parts import join_names, part_name
from mali_incidents.places.names import fold
from mali_incidents.places.place_files import findings_table
from mali_incidents.tables import CRS

LEFT_OUT: Final = frozenset(
    {"broken-row", "other-feature", "no-name", "no-coordinates", "outside-mali", "double"}
)
"""Codes of findings on rows that are not kept; every other row is."""

# Two drawings of one border lie up to some kilometres apart: of the OCHA settlements outside their
# commune half lie within 2 km of it, seven in ten within this. An answer this far off still counts
# as good; what lies further out has another's coordinates or another's commune.
_FAR_KM: Final = 5
_GEOD: Final = Geod(ellps="WGS84")
# Distances measured so are half a percent off at most, anywhere in Mali.
_FLAT: Final = "+proj=aeqd +lat_0=17 +lon_0=-4 +datum=WGS84"
_POINT: Final = ["latitude", "longitude"]
_GIVEN: Final = ["given_latitude", "given_longitude"]

Place = Mapping[Any, Any]
Finding = tuple[int, str, str, str, str]


class CheckedPlaces(NamedTuple):
    """Places that were checked.

    Attributes
    ----------
    places : pandas.DataFrame
        The rows kept, in their order: those of the file with ``problem``, ``given_latitude``,
        ``given_longitude`` and ``off_km``.
    findings : pandas.DataFrame
        What was found: row, name, severity (error: left out, warning: mended or to be trusted
        less, note), code, message. A row is kept, or listed under a code of :data:`LEFT_OUT`.
    """

    places: pd.DataFrame
    findings: pd.DataFrame


def check_places(filed: pd.DataFrame, *, frame: AdminFrame) -> CheckedPlaces:
    """Check places, and mend what has one explanation.

    Parameters
    ----------
    filed : pandas.DataFrame
        Places as :func:`~mali_incidents.places.place_files.read_place_file` gives them.
    frame : AdminFrame
        The units to check them against.

    Returns
    -------
    CheckedPlaces
        Left out are rows without a name or coordinates, outside Mali, and doubles: a place of the
        same name, filed under the same units, no further away than its extent. A name with another
        in brackets, after a slash or after "ou" is parted into name and other names.

    Notes
    -----
    Coordinates are mended only where they lie outside the region that the place is filed under, and
    its commune (its cercle, where the frame does not know the commune) holds the point of exactly
    one of: the longitude with the other sign, or both swapped. The region, not the cercle, must be
    missed: near a border drawn twice the sign of a small longitude may seem wrong and be right.
    What was given is kept beside.

    A place more than 5 km outside the finest unit it is filed under is kept with the problem
    ``outside-its-commune``: its point or its unit is wrong, and nothing tells which.
    """
    findings: list[Finding] = []
    table = _with_name_and_point(filed, findings)
    table = _with_names_parted(table, findings)
    homes = _homes(table, frame)
    units = find_filed_units(table, at=homes, frame=frame)
    table = _mended(table, homes, units, frame, findings)
    homes = _homes(table, frame)
    table = _in_mali(table, homes, findings)
    keys = _keys(table)
    table = _single(table, keys, findings)
    table = _measured(table, homes[table.index], units[table.index], frame, findings)
    _note_neighbours(table, keys[table.index], findings)
    listed = findings_table(findings).sort_values(["row", "code"], ignore_index=True)
    return CheckedPlaces(table.reset_index(drop=True), listed)


def _finding(place: Place, severity: str, code: str, message: str) -> Finding:
    """Write a finding on a place."""
    return int(place["row"]), str(place["name"]), severity, code, message


def _homes(table: pd.DataFrame, frame: AdminFrame) -> pd.Series:
    """Tell the finest unit that holds each place; None outside the country."""
    held = frame.units_at(table["longitude"].to_numpy(), table["latitude"].to_numpy())
    return pd.Series(held, index=table.index, dtype="object")


def _folded(names: pd.Series) -> pd.Series:
    """Fold names, each spelling once."""
    return names.map({name: fold(name) for name in names.unique()})


def _with_name_and_point(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Leave out what has no name or no point on the globe."""
    nameless = _folded(table["name"]) == ""
    on_globe = table["latitude"].between(-90, 90) & table["longitude"].between(-180, 180)
    for wrong, code, what in (
        (nameless, "no-name", "name"),
        (~nameless & ~on_globe, "no-coordinates", "latitude and longitude in degrees"),
    ):
        findings += [
            _finding(place, "error", code, f"has no {what}: left out")
            for place in table[wrong].to_dict("records")
        ]
    return table[~nameless & on_globe]


def _with_names_parted(table: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Part names that hold another name; drop other names that only repeat the name."""
    # As objects: a cell of a column of text is set in the time that the whole column takes.
    names, others = table["name"].astype("object"), table["other_names"].astype("object")
    others[others == names] = ""
    parted = names.str.contains(r"[(/]|\bou\b", case=False)
    for number in names.index[parted | (others != "")]:
        name, more = part_name(names[number])
        whole = [] if name == names[number] else [names[number]]
        others[number] = join_names(name, [*more, *whole, *others[number].split(";")])
        if whole:
            said = f"read from {whole[0]!r}" + (f"; also {', '.join(more)}" if more else "")
            place = {"row": table.at[number, "row"], "name": name}
            findings.append(_finding(place, "note", "name-parted", said))
        names[number] = name
    return table.assign(name=names.astype("str"), other_names=others.astype("str"))


def _mended(
    table: pd.DataFrame,
    homes: pd.Series,
    units: pd.Series,
    frame: AdminFrame,
    findings: list[Finding],
) -> pd.DataFrame:
    """Mend the coordinates that can only mean one point."""
    table = table.assign(problem=None, given_latitude=np.nan, given_longitude=np.nan)
    chains = {unit: frame.chain(unit) for unit in units.dropna().unique()}
    regions = units.map({unit: chain[0] for unit, chain in chains.items()})
    # A region alone says too little of where its places are.
    fine = units.isin([unit for unit, chain in chains.items() if len(chain) > 1])
    strayed = table[fine & ~_inside(regions, homes, frame)]
    ways = {
        "sign-mended": strayed.assign(longitude=-strayed["longitude"]),
        "swap-mended": strayed.assign(latitude=strayed["longitude"], longitude=strayed["latitude"]),
    }
    fits = pd.DataFrame(
        {code: _inside(units[way.index], _homes(way, frame), frame) for code, way in ways.items()}
    )
    for number in strayed.index[fits.sum(axis=1) == 1]:
        code = str(fits.loc[number].idxmax())
        given, mended = strayed.loc[number], ways[code].loc[number]
        table.loc[number, _POINT] = mended[_POINT]
        table.loc[number, _GIVEN] = given[_POINT].to_numpy()
        table.loc[number, "problem"] = code
        said = (
            f"given at {_point(given)}, outside {frame.label(regions[number])}, where it is filed; "
            f"{_point(mended)} lies in {frame.label(units[number])} and is used"
        )
        findings.append(_finding(given, "warning", code, said))
    return table


def _inside(units: pd.Series, homes: pd.Series, frame: AdminFrame) -> pd.Series:
    """Tell whether each unit holds the home beside it; yes where no unit is known."""
    held = [
        not isinstance(unit, str) or (isinstance(home, str) and frame.holds(unit, home))
        for unit, home in zip(units, homes, strict=True)
    ]
    return pd.Series(held, index=units.index, dtype="bool")


def _point(place: Place) -> str:
    """Write a point as latitude and longitude."""
    return f"{place['latitude']:.4f}, {place['longitude']:.4f}"


def _in_mali(table: pd.DataFrame, homes: pd.Series, findings: list[Finding]) -> pd.DataFrame:
    """Leave out what lies outside the country."""
    findings += [
        _finding(place, "error", "outside-mali", f"lies at {_point(place)}, outside Mali: left out")
        for place in table[homes.isna()].to_dict("records")
    ]
    return table[homes.notna()]


def _single(table: pd.DataFrame, keys: pd.Series, findings: list[Finding]) -> pd.DataFrame:
    """Leave out places that are there twice: same name, same units, within their extent.

    The larger stays, then the first. A mended place stays in any case, so that what was given
    stays beside it.
    """
    others = table["other_names"].astype("object")
    doubles = []
    for group in _groups(table, keys):
        stay: list[Place] = []
        for place in sorted(group, key=lambda one: (_is_mended(one), -one["extent_km"])):
            near = [one for one in stay if _km(one, place) <= one["extent_km"]]
            if _is_mended(place) or not near:
                stay.append(place)
                continue
            same, number = near[0], place["number"]
            doubles.append(number)
            known = [*others[same["number"]].split(";"), *others[number].split(";")]
            others[same["number"]] = join_names(same["name"], known)
            said = f"the same place as row {same['row']}, {_km(same, place):.1f} km away: left out"
            findings.append(_finding(place, "note", "double", said))
    return table.assign(other_names=others.astype("str")).drop(index=doubles)


def _is_mended(place: Place) -> bool:
    """Tell whether a place's coordinates were mended."""
    return isinstance(place["problem"], str)


def _groups(table: pd.DataFrame, keys: pd.Series) -> list[list[Place]]:
    """Group the places that have a key in common; ``number`` is their index."""
    several = table[keys.duplicated(keep=False)]
    groups: dict[Any, list[Place]] = {}
    places = several.reset_index(names="number").to_dict("records")
    for key, place in zip(keys[several.index], places, strict=True):
        groups.setdefault(key, []).append(place)
    return list(groups.values())


def _keys(table: pd.DataFrame) -> pd.Series:
    """Give what places of one name, filed under the same units, have in common."""
    parts = (_folded(table["name"]), *(table[f"admin{depth}"] for depth in (1, 2, 3)))
    return pd.Series(list(zip(*parts, strict=True)), index=table.index, dtype="object")


def _km(one: Place, other: Place) -> float:
    """Measure the way between two places."""
    ends = (one["longitude"], one["latitude"], other["longitude"], other["latitude"])
    return float(_GEOD.inv(*ends)[2]) / 1000


def _measured(
    table: pd.DataFrame,
    homes: pd.Series,
    units: pd.Series,
    frame: AdminFrame,
    findings: list[Finding],
) -> pd.DataFrame:
    """Measure how far places lie outside the units they are filed under, and flag the far ones."""
    table = table.assign(off_km=np.where(units.isna(), np.nan, 0.0))
    out = table.index[~_inside(units, homes, frame)]
    table.loc[out, "off_km"] = _km_from(table.loc[out], units[out], frame)
    far = table["off_km"] > _FAR_KM
    for number, place in zip(out, table.loc[out].to_dict("records"), strict=True):
        label = frame.label(units[number])
        said = f"lies {place['off_km']:.1f} km outside {label}, where it is filed: "
        findings.append(
            _finding(place, "warning", "outside-its-commune", said + "to be trusted less")
            if far[number]
            else _finding(place, "note", "beside-its-commune", said + "as far as borders differ")
        )
    return table.assign(problem=table["problem"].mask(far, "outside-its-commune"))


def _km_from(table: pd.DataFrame, units: pd.Series, frame: AdminFrame) -> np.ndarray:
    """Measure how far each place lies from the unit beside it."""
    flat = Transformer.from_crs(CRS, _FLAT, always_xy=True)
    ids, numbers = np.unique(units.to_numpy(dtype="str"), return_inverse=True)
    areas = np.array([frame.polygon(one) for one in ids], dtype="object")
    points = np.array(shapely.points(table[["longitude", "latitude"]].to_numpy()))
    flat_points, flat_areas = (
        shapely.transform(shapes, lambda xy: np.column_stack(flat.transform(*xy.T)))
        for shapes in (points, areas)
    )
    metres: np.ndarray = shapely.distance(flat_points, flat_areas[numbers])
    return metres / 1000


def _note_neighbours(table: pd.DataFrame, keys: pd.Series, findings: list[Finding]) -> None:
    """Note places of one name in one commune, and different names at one point."""
    metres = table[_POINT].round(5)
    points = pd.Series(list(metres.itertuples(index=False, name=None)), index=table.index)
    for common, code, said in (
        (keys[table["admin3"] != ""], "two-of-a-name", "have one name and one commune: all kept"),
        (points, "shares-its-point", "lie at the very same point: one may be elsewhere"),
    ):
        for group in _groups(table.loc[common.index], common):
            rows = ", ".join(str(place["row"]) for place in group)
            findings += [_finding(place, "note", code, f"rows {rows} {said}") for place in group]
