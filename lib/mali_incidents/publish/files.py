"""Located incidents as tables that other tools read: CSV, GeoJSON, GeoPackage, GeoParquet."""

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from mali_incidents.errors import PublishError
from mali_incidents.places.precision import precision_codes
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.records.sources import sources_to_columns
from mali_incidents.storage import defused, write_beside, write_bytes
from mali_incidents.tables import POINT_LEVELS, UNIT_LEVELS, why_not_located

# Ends text for many programs, and files of their formats.
_NUL: Final = {0: "\N{REPLACEMENT CHARACTER}"}
# What GDAL writes as "last changed"; a file's content must not depend on the day it is written.
_NO_CLOCK: Final = "2000-01-01T00:00:00.000Z"


def write_files(located: gpd.GeoDataFrame, out: str | Path, *, lang: str = "en") -> list[Path]:
    """Write located incidents as incidents.csv, incidents.geojson and incidents.gpkg.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    out : str or pathlib.Path
        The folder to write into; made when missing.
    lang : {"en", "fr"}
        The language of the reasons.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    PublishError
        When the table was not located, or a file cannot be written; what stood there before still
        stands.

    Notes
    -----
    In the CSV ``located_latitude`` and ``located_longitude`` are blank for areas, ``candidates``
    is JSON and ``reason`` a sentence. The GeoJSON (RFC 7946) has the point for site and place,
    else the footprint. The GeoPackage has the layers points, areas and incidents (all rows, no
    geometry). The same table gives the same bytes.
    """
    _check_located(located)
    names = ("incidents.csv", "incidents.geojson", "incidents.gpkg")
    flat = flat_table(located, lang=lang)
    return [_WRITERS[Path(name).suffix](located, flat, Path(out) / name) for name in names]


def write_located(
    located: gpd.GeoDataFrame, path: str | Path, *, lang: str = "en", codes: str | None = None
) -> Path:
    """Write located incidents as one file, in the format that its ending names.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    path : str or pathlib.Path
        Where the file is to stand: ``.csv``, ``.geojson``, ``.gpkg`` or ``.parquet``.
    lang : {"en", "fr"}
        The language of the reasons.
    codes : {"ucdp", "acled"}, optional
        Adds how finely place and date are known in that dataset's codes, by its names of columns.

    Returns
    -------
    pathlib.Path
        ``path``. Every row is in the file, as :func:`write_files` writes it; the GeoParquet has
        the point for site and place, else the footprint.

    Raises
    ------
    LocateError
        When there are no such codes.
    PublishError
        When the ending is another, the table was not located, or the file cannot be written; what
        stood there before still stands.
    """
    file = Path(path)
    check_ending(file)
    _check_located(located)
    flat = flat_table(located, lang=lang)
    if codes is not None:
        flat = pd.concat([flat, precision_codes(located, scheme=codes)], axis=1)
    return _WRITERS[file.suffix.lower()](located, flat, file)


def check_ending(path: str | Path) -> None:
    """Refuse a path whose ending names no format, before any work is done for it."""
    ending = Path(path).suffix
    if ending.lower() not in _WRITERS:
        raise PublishError(
            f"the file to write must end in one of {', '.join(_WRITERS)}, got {str(path)!r}"
        )


def _check_located(table: pd.DataFrame) -> None:
    """Refuse a table that was not located."""
    if wrong := why_not_located(table):
        raise PublishError(wrong)


def flat_table(located: gpd.GeoDataFrame, *, lang: str = "en") -> pd.DataFrame:
    """Flatten a located table to columns of plain values, as the files carry it.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table, or the rows of it for review.
    lang : {"en", "fr"}
        The language of the reasons.

    Returns
    -------
    pandas.DataFrame
        Every row; no geometry, sources in numbered columns. Where a text holds the character NUL,
        which would end it in other programs, U+FFFD stands.
    """
    table = pd.DataFrame(located.drop(columns=["geometry", "footprint", "sources"]))
    pinned = located["level"].isin(POINT_LEVELS)
    points = located.geometry.where(pinned)
    place = list(table.columns).index("uncertainty_m")
    table.insert(place, "located_latitude", points.y.round(5))
    table.insert(place + 1, "located_longitude", points.x.round(5))
    for day in ("date_start", "date_end"):
        table[day] = table[day].dt.strftime("%Y-%m-%d")
    table["uncertainty_m"] = table["uncertainty_m"].round()
    table["candidates"] = [
        json.dumps(list(map(list, cell)), ensure_ascii=False) for cell in table["candidates"]
    ]
    table["reason"] = [reason_sentence(reason, lang=lang) for reason in table["reason"]]
    table = pd.concat([table, sources_to_columns(located["sources"])], axis=1)
    return _map_texts(table, lambda text: text.translate(_NUL) if "\0" in text else text)


def describe_answers(found: gpd.GeoDataFrame, *, lang: str = "en") -> list[dict[str, Any]]:
    """Describe located places in plain values, for printing or JSON.

    Parameters
    ----------
    found : geopandas.GeoDataFrame
        What ``where`` gives: a row a place.
    lang : {"en", "fr"}
        The language of the reasons.

    Returns
    -------
    list of dict
        level, method, latitude, longitude (WGS 84 degrees; those of the representative point, also
        of an area), radius_km, region, cercle, commune, region_2023, frame, score, margin, reason
        and candidates; None where not known.
    """
    described = []
    for row in found.to_dict("records"):
        point = row["geometry"]
        radius = row["uncertainty_m"]
        described.append(
            {
                "level": row["level"],
                "method": row["method"],
                "latitude": None if point is None else round(point.y, 5),
                "longitude": None if point is None else round(point.x, 5),
                "radius_km": None if radius is None else round(radius / 1000, 1),
                "region": row["admin1_name"],
                "cercle": row["admin2_name"],
                "commune": row["admin3_name"],
                "region_2023": row["region_2023"],
                "frame": row["frame"],
                "score": row["score"],
                "margin": row["margin"],
                "reason": reason_sentence(row["reason"], lang=lang),
                "candidates": [candidate._asdict() for candidate in row["candidates"]],
            }
        )
    return described


def write_table(table: pd.DataFrame, path: str | Path) -> Path:
    """Write a table as CSV that a spreadsheet can open safely.

    Parameters
    ----------
    table : pandas.DataFrame
        Plain values.
    path : str or pathlib.Path
        Where the file is to stand.

    Returns
    -------
    pathlib.Path
        ``path``. UTF-8 with its mark, so that spreadsheets read accents; a text that would be a
        formula has an apostrophe before it, which ``read_incidents`` takes off again.
    """
    safe = _map_texts(table, lambda text: defused(text.translate(_NUL)))
    text = io.StringIO()
    # Line ends as RFC 4180 has them: only then does the writer quote a text with a bare CR.
    safe.to_csv(text, index=False, lineterminator="\r\n")
    return write_bytes(path, text.getvalue().encode("utf-8-sig"))


def _map_texts(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Change every text of a table."""
    changed = table.copy()
    for name, kind in table.dtypes.items():
        if kind.kind in "OT":
            cells = [change(cell) if isinstance(cell, str) else cell for cell in table[name]]
            changed[name] = pd.Series(cells, index=table.index, dtype=kind)
    return changed


def _write_geojson(located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path) -> None:
    """Write a FeatureCollection, a feature a line: the point where known, else the footprint."""
    shapes, of_row = _drawn(located)
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
        # An edition may have no row at all.
        file.write("\n]}\n" if len(plain) else f"{start}]}}\n")


def _json(value: Any) -> str:
    """Write a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def _drawn(located: gpd.GeoDataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Give what rows are drawn as, to about a metre, and which of it each row has."""
    pinned = located["level"].isin(POINT_LEVELS)
    shapes, of_row = _distinct(located.geometry.where(pinned, located["footprint"]))
    return shapely.set_precision(shapes, 1e-5), of_row


def _distinct(shapes: gpd.GeoSeries) -> tuple[np.ndarray, np.ndarray]:
    """Give the distinct shapes and which of them each row has: rows of one unit share its own."""
    ids = [id(shape) for shape in np.asarray(shapes)]
    _, first, of_row = np.unique(ids, return_index=True, return_inverse=True)
    return np.asarray(shapes)[first], of_row


def _write_parquet(located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path) -> None:
    """Write one GeoParquet table."""
    shapes, of_row = _drawn(located)
    table = gpd.GeoDataFrame(flat, geometry=shapes[of_row], crs=located.crs)
    table.to_parquet(draft, index=False)


def _write_gpkg(located: gpd.GeoDataFrame, flat: pd.DataFrame, draft: Path) -> None:
    """Write the layers points, areas and incidents."""
    pinned = located["level"].isin(POINT_LEVELS)
    shaded = located["level"].isin(UNIT_LEVELS)
    points = gpd.GeoDataFrame(flat[pinned], geometry=located.geometry[pinned], crs=located.crs)
    shapes, of_row = _distinct(located["footprint"][shaded])
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


_WRITERS: Final[dict[str, Callable[[gpd.GeoDataFrame, pd.DataFrame, Path], Path]]] = {
    ".csv": lambda _, flat, file: write_table(flat, file),
    ".geojson": lambda located, flat, file: write_beside(
        file, partial(_write_geojson, located, flat)
    ),
    ".gpkg": lambda located, flat, file: write_beside(file, partial(_write_gpkg, located, flat)),
    ".parquet": lambda located, flat, file: write_beside(
        file, partial(_write_parquet, located, flat)
    ),
}
