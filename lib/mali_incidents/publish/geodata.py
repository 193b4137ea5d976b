"""The formats of geographic software: GeoJSON, GeoPackage, GeoParquet."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from mali_incidents.publish.shapes import distinct, drawn
from mali_incidents.tables import POINT_LEVELS, UNIT_LEVELS

# What GDAL writes as "last changed"; a file's content must not depend on the day it is written.
_NO_CLOCK: Final = "2000-01-01T00:00:00.000Z"


def write_geojson(located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path) -> None:
    """Write a FeatureCollection, a feature a line: the point where known, else the footprint."""
    shapes, of_row = drawn(located)
    # RFC 7946 wants exterior rings counter-clockwise.
    texts = shapely.to_geojson(shapely.orient_polygons(shapes))
    plain = flat.astype("object").where(flat.notna(), None)
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        start = '{"type":"FeatureCollection","features":[\n'
        for cells, number in zip(plain.itertuples(index=False, name=None), of_row, strict=True):
            row = dict(zip(plain.columns, cells, strict=True))
            file.write(
                f'{start}{{"type":"Feature","id":{_json(row["incident_id"])},'
                f'"geometry":{texts[number] or "null"},"properties":{_json(row)}}}'
            )
            start = ",\n"
        # A table without rows is a collection without features.
        file.write(f"{'' if len(plain) else start}\n]}}\n")


def write_parquet(located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path) -> None:
    """Write one GeoParquet table."""
    shapes, of_row = drawn(located)
    table = gpd.GeoDataFrame(flat, geometry=shapes[of_row], crs=located.crs)
    table.to_parquet(draft, index=False)


def write_gpkg(located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path) -> None:
    """Write the layers points, areas and incidents."""
    pinned = located["level"].isin(POINT_LEVELS)
    shaded = located["level"].isin(UNIT_LEVELS)
    points = gpd.GeoDataFrame(flat[pinned], geometry=located.geometry[pinned], crs=located.crs)
    shapes, of_row = distinct(located["footprint"][shaded])
    multi = np.array([_as_multi(shape) for shape in shapes], dtype="object")[of_row]
    areas = gpd.GeoDataFrame(flat[shaded], geometry=multi, crs=located.crs)
    with _fixed_date():
        points.to_file(
            draft, layer="points", driver="GPKG", engine="pyogrio", geometry_type="Point"
        )
        areas.to_file(
            draft, layer="areas", driver="GPKG", engine="pyogrio", geometry_type="MultiPolygon"
        )
        pyogrio.write_dataframe(flat, draft, layer="incidents", driver="GPKG")


def _json(value: Any) -> str:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _as_multi(shape: shapely.Polygon | shapely.MultiPolygon) -> shapely.MultiPolygon:
    """Give a polygon as one of a multi-polygon, so that a layer has one type."""
    return shape if isinstance(shape, shapely.MultiPolygon) else shapely.MultiPolygon([shape])


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Keep GDAL from writing today's date."""
    before = os.environ.get("OGR_CURRENT_DATE")
    os.environ["OGR_CURRENT_DATE"] = _NO_CLOCK
    try:
        yield
    finally:
        if before is None:
            del os.environ["OGR_CURRENT_DATE"]
        else:
            os.environ["OGR_CURRENT_DATE"] = before
