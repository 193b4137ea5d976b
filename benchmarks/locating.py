"""How well places are located, beside what users would pick instead.

On UCDP's rows of ``where_prec`` 1 and 2 (see ``ucdp_rows.py``), told by their words only, with
OCHA's settlements added. Run it from the project's environment: ``python benchmarks/locating.py``.
For the answers of hdx-python-country, name the Python of another environment that has it:

    python -m venv /tmp/hdx && /tmp/hdx/bin/pip install hdx-python-country==4.2.5
    python benchmarks/locating.py --hdx /tmp/hdx/bin/python

``--save data/places/calibration.csv`` writes the calibration that the fourth notebook shows.
"""

import argparse
import json
import subprocess
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rapidfuzz import fuzz, process
from ucdp_rows import GOOD_KM, SETTINGS, WRONG_KM, judge, off_by_km, read_rows, settlements_added

from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import read_gazetteer
from mali_incidents.places.locate import locate_incidents, where
from mali_incidents.places.names import fold, read_name
from mali_incidents.tables import INCIDENTS

# From this likeness on plain fuzzy matching takes a name, as is usual.
FUZZY_CUT = 80
BINS = [0.88, 0.92, 0.96, 0.98, 1.0]
MONDORO = (14.6728, -1.9514)
ASKED = ["location_text", "admin1", "admin2"]
EXAMPLES = ("Mondoro", "Farabougou", "Indelimane", "100 km south-west of Bamako")


def main(hdx: str | None, save: str | None) -> None:
    """Print the table, the calibration and the five examples."""
    frame = read_frame()
    curves = []
    with settlements_added():
        for setting in SETTINGS:
            asked, truth = read_rows(setting)
            located = locate_incidents(asked, frame=frame)
            print(f"\n{setting}: {len(asked)} rows, {len(asked.drop_duplicates(ASKED))} distinct")
            judged = judge(located, truth)
            _print_answers(located, judged)
            curves.append(_calibration(located, judged).assign(told=str(setting)))
            print(curves[-1].drop(columns="told").to_string(index=False))
            _print_others(_others(asked, frame, hdx), truth, judged)
        _print_examples(hdx, "the settlements added")
    _print_examples(None, "what ships only", places="shipped")
    if save is not None:
        pd.concat(curves).to_csv(save, index=False)


def _print_answers(located: gpd.GeoDataFrame, judged: pd.DataFrame) -> None:
    """Print what was answered, by level."""
    levels = located["level"].astype(str)
    table = judged.groupby(levels)["inside"].agg(["size", "mean"])
    print("  answered as   rows   truth in footprint or radius")
    for level in ("site", "place", "commune", "cercle", "region", "country", "none"):
        if level in table.index:
            size, inside = table.loc[level]
            print(f"  {level:<12} {size:>5.0f}   {inside if level != 'none' else np.nan:6.1%}")
    refused = 1 - judged["as_place"].mean()
    inside = judged.loc[judged["answered"], "inside"].mean()
    print(f"  no place answered, only a unit or an area: {refused:.1%} of all rows")
    print(f"  good (a place, within {GOOD_KM:g} km): {judged['good'].mean():.1%}")
    print(f"  wrong (a place, over {WRONG_KM:g} km off): {judged['wrong'].mean():.1%}")
    print(f"  truth in footprint or radius, of all answered: {inside:.1%}   (target: 90%)")


def _calibration(located: gpd.GeoDataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    """Say how often answers with a place of the gazetteer are good, by their score."""
    named = ((located["method"] == "place") & judged["as_place"]).to_numpy()
    bins = pd.cut(located.loc[named, "score"].astype(float), BINS, include_lowest=True)
    groups = judged[named].groupby(bins, observed=False)
    table = groups[["good", "wrong"]].mean().round(3)
    table.insert(0, "score", [f"{low:.2f}-{high:.2f}" for low, high in pairwise(BINS)])
    table.insert(1, "rows", groups.size())
    return table


def _others(
    asked: pd.DataFrame, frame: AdminFrame, hdx: str | None
) -> dict[str, list[tuple[float, float] | None]]:
    """Ask the other ways for the first name of each text; they get the same units and places."""
    places = read_gazetteer().places
    homes = frame.units_at(places["longitude"].to_numpy(), places["latitude"].to_numpy())
    points = list(places[["longitude", "latitude"]].itertuples(index=False, name=None))
    folded = [fold(name) for name in places["name"]]
    names = [_first_name(text) for text in asked["location_text"]]
    units = [
        _unit(frame, *row) for row in asked[["admin1", "admin2"]].itertuples(index=False, name=None)
    ]
    held = {
        unit: [row for row, home in enumerate(homes) if home and frame.holds(unit, home)]
        for unit in set(units)
    }
    exact: list[tuple[float, float] | None] = []
    fuzzy: list[tuple[float, float] | None] = []
    for name, unit in zip(names, units, strict=True):
        rows = held[unit]
        called = [row for row in rows if folded[row] == name]
        exact.append(points[called[0]] if called else None)
        found = process.extractOne(
            name, [folded[row] for row in rows], scorer=fuzz.ratio, score_cutoff=FUZZY_CUT
        )
        fuzzy.append(points[rows[found[2]]] if found else None)
    answers = {"exact, accents folded": exact, "rapidfuzz ratio of 80": fuzzy}
    if hdx is not None:
        told = [
            {"Location": "MLI", "Admin Level": 3, "P-Code": f"P{row}", "Name": places["name"][row]}
            | {"Parent P-Code": unit}
            for unit, rows in held.items()
            for row in rows
        ]
        codes = _ask_hdx(hdx, 3, told, list(zip(names, units, strict=True)))
        answers["hdx-python-country"] = [code and points[int(code[1:])] for code in codes]
    return answers


def _first_name(text: object) -> str:
    """Give the first name in a text without its type words, folded."""
    return read_name(text.replace("(", ",").split(",")[0]).name if isinstance(text, str) else ""


def _unit(frame: AdminFrame, region: object, cercle: object) -> str:
    """Find the cercle, or else the region, or else the country."""
    for name, level in ((cercle, "cercle"), (region, "region")):
        found = frame.find(read_name(name).name, level=level) if isinstance(name, str) else []
        if found:
            return found[0]
    return "ML"


def _print_others(
    answers: dict[str, list[tuple[float, float] | None]], truth: pd.DataFrame, judged: pd.DataFrame
) -> None:
    """Print how good the others' points are; all they answer is a point."""
    shares = {"mali-incidents": judged[["as_place", "good", "wrong"]].mean().tolist()}
    for way, points in answers.items():
        x, y = np.array([point or (np.nan, np.nan) for point in points]).T
        off_km = off_by_km(x, y, truth)
        found = [~np.isnan(off_km), off_km <= GOOD_KM, off_km > WRONG_KM]
        shares[way] = [float(np.mean(rows)) for rows in found]
    print("  on the same rows        a place     good    wrong")
    for way, row in shares.items():
        print(f"  {way:<22} " + "  ".join(f"{share:7.1%}" for share in row))


def _ask_hdx(
    python: str, level: int, rows: list[dict], asked: list[tuple[str, str | None]]
) -> list[str | None]:
    """Ask hdx-python-country, in its own environment."""
    done = subprocess.run(
        [python, Path(__file__).with_name("hdx_answers.py")],
        input=json.dumps({"level": level, "rows": rows, "asked": asked}),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def _print_examples(hdx: str | None, with_what: str, *, places: str = "all") -> None:
    """Print what others get wrong."""
    print(f"\nWith {with_what}:")
    frame, gazetteer = read_frame(), read_gazetteer(places)
    theirs: list[str | None] = [None] * len(EXAMPLES)
    if hdx is not None:
        cercles = frame.units[frame.units["level"] == "cercle"]
        rows = [
            {"Location": "MLI", "Admin Level": 2, "P-Code": unit, "Name": name}
            for unit, name in cercles["name"].items()
        ]
        codes = _ask_hdx(hdx, 2, rows, [(text, None) for text in EXAMPLES])
        theirs = [frame.label(_as_id(code, frame)) if code else "nothing" for code in codes]
    for text, other in zip(EXAMPLES, theirs, strict=True):
        found = where(text, gazetteer=gazetteer).iloc[0]
        print(f"  {text}: {_said(found)}" + (f"; hdx-python-country: {other}" if other else ""))
    latitude, longitude = MONDORO
    table = _one_point(latitude, longitude)
    found = locate_incidents(table, gazetteer=gazetteer).iloc[0]
    print(f"  {latitude}, {longitude} (Mondoro): {_said(found)}; reverse_geocoder: Burkina Faso")


def _as_id(code: str, frame: AdminFrame) -> str:
    """Give the id of a unit whose id came back in capitals."""
    return next(unit for unit in frame.units.index if unit.upper() == code)


def _one_point(latitude: float, longitude: float) -> pd.DataFrame:
    """Make a record that has coordinates only."""
    told = {"incident_id": ["mondoro"], "sources": [[]]}
    told |= {"latitude": [latitude], "longitude": [longitude]}
    rows = pd.DataFrame(told).reindex(columns=list(INCIDENTS.columns))
    return INCIDENTS.validate(rows.astype("object"))


def _said(found: pd.Series) -> str:
    """Say an answer in a line."""
    names = [found[f"admin{depth}_name"] for depth in (3, 2, 1)]
    held = ", ".join(dict.fromkeys(name for name in names if isinstance(name, str)))
    if found["geometry"] is None or shapely.is_missing(found["geometry"]):
        return f"{found['level']} ({found['method']}) {held}"
    point = found["geometry"]
    return (
        f"{found['level']} ({found['method']}) at {point.y:.3f}, {point.x:.3f}"
        f" within {found['uncertainty_m'] / 1000:.1f} km, {held}"
    )


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--hdx", metavar="PYTHON", help="of an environment that has it")
    options.add_argument("--save", metavar="FILE", help="where to write the calibration")
    main(**vars(options.parse_args()))
