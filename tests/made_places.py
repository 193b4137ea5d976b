"""Files of places as they come, built in code."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.tables import PLACES

# Where the shipped units have these communes: Narena (Kangaba, Koulikoro), Ménaka and
# Andéramboukane (Ménaka, Gao), Tessit (Ansongo, Gao), Kita (Kita, Kayes).
NARENA = {
    "name": "Narena", "latitude": "12.23", "longitude": "-8.62",
    "admin1": "Koulikoro", "admin2": "Kangaba", "admin3": "Narena",
}  # fmt: skip
MENAKA = {
    "name": "Menaka", "latitude": "15.913", "longitude": "-2.4023",
    "admin1": "Gao", "admin2": "Menaka", "admin3": "Menaka",
}  # fmt: skip


def write_csv(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    *,
    delimiter: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """Write rows as delimited text under the headers of all."""
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, headers, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def geonames_line(
    number: int,
    name: str,
    code: str,
    *,
    latitude: float = 12.23,
    longitude: float = -8.62,
    alternatives: str = "",
    admin: tuple[str, ...] = (),
    population: int = 0,
) -> str:
    """Write one line of a country file of GeoNames; ``code`` is as ``"P.PPL"``."""
    kind, _, feature = code.partition(".")
    units = [*admin, "", "", "", ""][:4]
    cells = [
        str(number), name, name, alternatives, str(latitude), str(longitude), kind, feature, "ML",
        "", *units, str(population), "", "350", "Africa/Bamako", "2020-01-01",
    ]  # fmt: skip
    return "\t".join(cells)


GEONAMES = "\n".join(
    [
        geonames_line(1, "Koulikoro Region", "A.ADM1", admin=("07",)),
        geonames_line(2, "Cercle de Kangaba", "A.ADM2", admin=("07", "22")),
        geonames_line(3, "Narena", "P.PPL", alternatives="Naréna,نارينا", admin=("07", "22")),
        geonames_line(4, 'Puits "Bir', "H.WLL", latitude=18.5, longitude=-2.0),
        geonames_line(5, "Kati", "P.PPL", latitude=12.75, longitude=-8.07, population=66_895),
        geonames_line(6, "Niger", "H.STM", latitude=12.6, longitude=-8.0),
        geonames_line(7, "Forêt du Baoulé", "V.FRST", latitude=13.5, longitude=-9.0),
    ]
)


def made_gazetteer(*rows: Mapping[str, Any]) -> Gazetteer:
    """A gazetteer of villages from what matters of each: name, latitude and longitude."""
    usual = {"kind": "village", "extent_km": 1.5, "source": "made"}
    filled = [
        {"place_id": f"made:{number}", **usual, **row} for number, row in enumerate(rows, start=1)
    ]
    table = pd.DataFrame(filled, columns=list(PLACES.columns), dtype="object")
    return Gazetteer(name="made", places=PLACES.validate(table))
