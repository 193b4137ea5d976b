"""The offline base map that ships: land, frontiers, waters, towns."""

from functools import cache
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.places.frames import AdminFrame
from mali_incidents.storage import shipped


class Basemap(NamedTuple):
    """What is drawn under the units and the incidents; all in EPSG:4326.

    Attributes
    ----------
    land : geopandas.GeoSeries
        The land in the window round Mali, Mali included.
    frontiers : geopandas.GeoSeries
        Frontier lines between other countries.
    countries : geopandas.GeoDataFrame
        Points to write a country's name at; columns name_en, name_fr.
    lakes, rivers : geopandas.GeoSeries
        Waters.
    towns : pandas.DataFrame
        name, country (ISO 3166-1 alpha-2), latitude, longitude, population, rank (1 is first).
    """

    land: gpd.GeoSeries
    frontiers: gpd.GeoSeries
    countries: gpd.GeoDataFrame
    lakes: gpd.GeoSeries
    rivers: gpd.GeoSeries
    towns: pd.DataFrame


@cache
def read_basemap() -> Basemap:
    """Read the base map that ships."""
    ground = gpd.read_file(shipped("basemap", "land.geojson"))
    of_kind = dict(iter(ground.groupby("kind")))
    # Namibia's code is no missing value, whatever pandas thinks.
    towns = pd.read_csv(shipped("basemap", "towns.csv"), keep_default_na=False, na_values=[""])
    return Basemap(
        land=of_kind["land"].geometry,
        frontiers=of_kind["border"].geometry,
        countries=of_kind["label"],
        lakes=gpd.read_file(shipped("basemap", "lakes.geojson")).geometry,
        rivers=gpd.read_file(shipped("basemap", "rivers.geojson")).geometry,
        towns=towns,
    )


def spelled_as_unit(name: str, *, frame: AdminFrame) -> str:
    """Spell a place's name as a unit of the same name is spelled, so that a map has one spelling.

    Parameters
    ----------
    name : str
        A place's name.
    frame : AdminFrame
        The units named on the map.

    Returns
    -------
    str
        ``name`` itself where no unit has the name, accents, case and hyphens aside.
    """
    spellings = [frame.label(unit) for unit in frame.find(name)]
    return name if name in spellings else next(iter(spellings), name)
