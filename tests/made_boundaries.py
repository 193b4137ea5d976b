"""Boundaries made in code, with the field names that their publishers use."""

import zipfile
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
from shapely import box

CRS: Final = "EPSG:4326"
# Two regions of before 2023, of two cercles of two communes each, between 10 and 8 degrees west.
REGIONS: Final = {"ML02": "Koulikoro", "ML01": "Kayes"}
CERCLES: Final = {"ML0201": "Kati", "ML0202": "Nara", "ML0101": "Kayes", "ML0102": "Kita"}
GENERATIONS: Final = ("2015", "2020", "2025")


def boundaries(depth: int, *, fields: str = "2015") -> gpd.GeoDataFrame:
    """The units of a level: 1 regions, 2 cercles, 3 communes."""
    rows: list[dict[str, Any]] = []
    for i, (region, region_name) in enumerate(REGIONS.items()):
        names = {1: region_name}
        codes = {1: region}
        rows.append({**_row(names, codes, fields), "geometry": box(-10 + i, 12, -9 + i, 14)})
        for j, code in enumerate(one for one in CERCLES if one.startswith(region)):
            names[2], codes[2] = CERCLES[code], code
            shape = box(-10 + i, 12 + j, -9 + i, 13 + j)
            rows.append({**_row(names, codes, fields), "geometry": shape})
            for k in range(2):
                names[3], codes[3] = f"Commune {i}{j}{k}", f"{code}0{k + 1}"
                left = -10 + i + k / 2
                shape = box(left, 12 + j, left + 0.5, 13 + j)
                rows.append({**_row(names, codes, fields), "geometry": shape})
            del names[3], codes[3]
        del names[2], codes[2]
    finest = [row for row in rows if row.pop("depth") == depth]
    return gpd.GeoDataFrame(finest, crs=CRS)


def _row(names: dict[int, str], codes: dict[int, str], fields: str) -> dict[str, Any]:
    """The fields of one unit."""
    depth = max(names)
    row: dict[str, Any] = {"depth": depth}
    if fields == "geoboundaries":
        return row | {
            "shapeName": names[depth],
            "shapeISO": "",
            "shapeID": f"92416918B{int(codes[depth][2:]):010d}",
            "shapeGroup": "MLI",
            "shapeType": f"ADM{depth}",
        }
    for n, name in names.items():
        if fields == "2015":
            row |= {f"admin{n}Name": name, f"admin{n}Pcod": codes[n]}
        elif fields == "2020":
            row |= {f"ADM{n}_EN": f"{name} (en)", f"ADM{n}_FR": name, f"ADM{n}_PCODE": codes[n]}
        else:
            row |= {f"adm{n}_name": f"{name} (en)", f"adm{n}_name1": name}
            row |= {f"adm{n}_pcode": codes[n]}
    if fields == "2015":
        return row | {f"admin{depth}AltN": None, "date": "2013-05-31", "validOn": "2015-04-08"}
    if fields == "2020":
        return row | {"ADM0_FR": "Mali", "ADM0_PCODE": "ML", "validOn": "2020-11-26"}
    return row | {"lang": "en", "lang1": "fr", "valid_on": "2025-09-04", "version": "v03"}


def today() -> dict[int, gpd.GeoDataFrame]:
    """Some regions and cercles since 2023, as the COD-AB of 2025 writes them: no communes."""
    names = ("Koulikoro", "Nara", "Dioïla", "Kita", "Nioro", "Taoudénit", "Bougouni")
    levels: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
    for i, name in enumerate(names):
        region = {"adm1_name": name.upper(), "adm1_name1": name, "adm1_pcode": f"ML{i:02d}"}
        common = {"lang": "en", "lang1": "fr", "valid_on": "2025-09-04", "version": "v03"}
        levels[1].append(region | common | {"geometry": box(-10 + i, 12, -9 + i, 14)})
        for j in range(2):
            cercle = {
                "adm2_name": f"{name} {j}",
                "adm2_name1": None,
                "adm2_pcode": f"ML{i:02d}0{j}",
            }
            shape = box(-10 + i, 12 + j, -9 + i, 13 + j)
            levels[2].append(region | cercle | common | {"geometry": shape})
    return {depth: gpd.GeoDataFrame(rows, crs=CRS) for depth, rows in levels.items()}


def write_shapefile_zip(units: gpd.GeoDataFrame, file: Path) -> Path:
    """Write units as a shapefile packed into a zip, as OCHA does."""
    folder = file.parent / f"{file.stem}-unpacked"
    folder.mkdir(parents=True)
    units.to_file(folder / f"{file.stem}.shp", encoding="utf-8")
    return pack(folder, file)


def pack(folder: Path, file: Path) -> Path:
    """Pack the files of a folder into a zip."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in sorted(folder.iterdir()):
            archive.write(one, one.name)
    return file


def write_geojson(levels: dict[int, gpd.GeoDataFrame], folder: Path, *, stem: str) -> Path:
    """Write a GeoJSON file a level into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for depth, units in levels.items():
        units.to_file(folder / f"{stem}{depth}.geojson", driver="GeoJSON")
    return folder
