"""Located incidents as files that other tools read: tables, workbooks, layers."""

import io
import json
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from mali_incidents.errors import PublishError
from mali_incidents.places.precision import precision_codes
from mali_incidents.places.reasons import reason_sentence
from mali_incidents.publish.codebook import codebook_text
from mali_incidents.publish.geodata import write_geojson, write_gpkg, write_parquet
from mali_incidents.publish.kml import write_kml
from mali_incidents.publish.workbook import write_workbook
from mali_incidents.records.sources import sources_to_columns
from mali_incidents.storage import defused, write_beside, write_bytes, write_text
from mali_incidents.tables import POINT_LEVELS, why_not_located

FORMATS: Final = ("csv", "xlsx", "geojson", "gpkg", "kml", "parquet")
"""The formats there are, by their endings."""

# Ends text for many programs, and files of their formats.
_NUL: Final = {0: "\N{REPLACEMENT CHARACTER}"}


def write_files(
    located: gpd.GeoDataFrame,
    out: str | Path,
    *,
    lang: str = "en",
    formats: Iterable[str] = ("csv", "geojson", "gpkg"),
) -> list[Path]:
    """Write located incidents as incidents.csv, incidents.geojson and incidents.gpkg.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    out : str or pathlib.Path
        The folder to write into; made when missing.
    lang : {"en", "fr"}
        The language of the reasons.
    formats : iterable of str
        Which of :data:`FORMATS` to write.

    Returns
    -------
    list of pathlib.Path
        The files written.

    Raises
    ------
    PublishError
        When there is no such format, the table was not located, or a file cannot be written; what
        stood there before still stands.

    Notes
    -----
    In the CSV ``located_latitude`` and ``located_longitude`` are blank for areas, ``candidates``
    is JSON and ``reason`` a sentence. The GeoJSON (RFC 7946) has the point for site and place,
    else the footprint. The GeoPackage has the layers points, areas and incidents (all rows, no
    geometry). XLSX and KML are in the language too, the KML in its names of placemarks. The same
    table gives the same bytes.
    """
    _check_located(located)
    flat = flat_table(located, lang=lang)
    return _write_all(located, flat, Path(out), lang=lang, formats=formats)


def write_annex(
    located: gpd.GeoDataFrame, out: str | Path, *, lang: str = "en", notice: str | None = None
) -> list[Path]:
    """Write located incidents in every format there is, with a codebook beside.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    out : str or pathlib.Path
        The folder to write into; made when missing.
    lang : {"en", "fr"}
        The language of the codebook, the reasons and the names of placemarks.
    notice : str, optional
        A line at the head of the codebook: "internal", or of what profile the data are.

    Returns
    -------
    list of pathlib.Path
        The files written: incidents.csv and its like, and codebook.md.

    Raises
    ------
    PublishError
        When the table was not located, or a file cannot be written; what stood there before still
        stands.
    """
    _check_located(located)
    flat = flat_table(located, lang=lang)
    written = _write_all(located, flat, Path(out), lang=lang, formats=FORMATS)
    page = codebook_text(list(flat.columns), lang=lang, notice=notice)
    return [*written, write_text(Path(out) / "codebook.md", page)]


def write_located(
    located: gpd.GeoDataFrame, path: str | Path, *, lang: str = "en", codes: str | None = None
) -> Path:
    """Write located incidents as one file, in the format that its ending names.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    path : str or pathlib.Path
        Where the file is to stand; it ends in one of :data:`FORMATS`.
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
    return _write(located, flat, file, lang=lang)


def check_ending(path: str | Path) -> None:
    """Refuse a path whose ending names no format, before any work is done for it."""
    ending = Path(path).suffix
    if ending.lower().removeprefix(".") not in FORMATS:
        wanted = ", ".join(f".{name}" for name in FORMATS)
        raise PublishError(f"the file to write must end in one of {wanted}, got {str(path)!r}")


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


def _write_all(
    located: gpd.GeoDataFrame,
    flat: pd.DataFrame,
    out: Path,
    *,
    lang: str,
    formats: Iterable[str],
) -> list[Path]:
    """Write incidents.csv and its like; an unknown format is refused before any is written."""
    files = [out / f"incidents.{name}" for name in formats]
    for file in files:
        check_ending(file)
    return [_write(located, flat, file, lang=lang) for file in files]


def _write(located: gpd.GeoDataFrame, flat: pd.DataFrame, file: Path, *, lang: str) -> Path:
    """Write a file in the format that its ending names."""
    ending = file.suffix.lower().removeprefix(".")
    if ending == "csv":
        return write_table(flat, file)
    writers: dict[str, Callable[[Path], None]] = {
        "xlsx": partial(write_workbook, flat, lang=lang),
        "geojson": partial(write_geojson, located, flat),
        "gpkg": partial(write_gpkg, located, flat),
        "kml": partial(write_kml, located, flat, lang=lang),
        "parquet": partial(write_parquet, located, flat),
    }
    return write_beside(file, writers[ending])
