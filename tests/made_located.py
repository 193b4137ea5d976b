"""Located tables made in code, and units to locate them in."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from pyproj import Geod
from shapely import Polygon, box

from mali_incidents.places.frames import AdminFrame, Origin
from mali_incidents.records.coverage import Coverage
from mali_incidents.tables import CRS, LOCATED, Reason, as_located

FRAME = "mali-2017"
HOSTILE = "</script><img src=x onerror=alert(1)> ${1} `'\" \u202e$x^2$ \\frac{a} =1+1"


def disc(longitude: float, latitude: float, radius_m: float) -> Polygon:
    """A geodesic circle of 64 corners."""
    corners = range(0, 360, 6)
    geod = Geod(ellps="WGS84")
    xs, ys, _ = geod.fwd([longitude] * 60, [latitude] * 60, list(corners), [radius_m] * 60)
    return Polygon(zip(xs, ys, strict=True))


def located_table(rows: Iterable[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """A valid located table from the few values that matter; text defaults to hostile text."""
    filled = [_filled(number, row) for number, row in enumerate(rows)]
    return as_located(pd.DataFrame(filled, columns=list(LOCATED.columns), dtype="object"))


def _filled(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    """One row with everything a schema asks."""
    day = pd.Timestamp(row.get("date_start", "2025-05-11"))
    found = row.get("footprint") is not None
    return {
        "incident_id": f"made-{number}",
        "date_start": day,
        "date_end": row.get("date_start", day),
        "date_precision": "day",
        "event_type": "Battles",
        "sub_event_type": "Armed clash",
        "actor": HOSTILE,
        "actor_type": "Rebel group",
        "sources": [],
        "summary": HOSTILE,
        "location_text": HOSTILE,
        "level": "place" if found else "none",
        "method": "place" if found else "none",
        "uncertainty_m": 1000.0 if found else None,
        "geometry": row["footprint"].representative_point() if found else None,
        "frame": FRAME,
        "candidates": [],
        "reason": Reason("made", {}),
        **row,
    }


def small_frame() -> AdminFrame:
    """Two regions of two cercles of two communes each, a region one degree wide.

    They lie between 10 and 8 degrees west, 12 and 14 north; Bamako's meridian is their east edge.
    """
    rows = []
    for i, region in enumerate(("west", "east")):
        for j, cercle in enumerate(("south", "north")):
            for k, commune in enumerate(("field", "town")):
                left, bottom = -10 + i + k / 2, 12 + j
                unit_id = f"ML-2017/{region}/{cercle}/{commune}"
                rows.append(
                    (unit_id, "commune", commune, box(left, bottom, left + 0.5, bottom + 1))
                )
            left, bottom = -10 + i, 12 + j
            shape = box(left, bottom, left + 1, bottom + 1)
            rows.append((f"ML-2017/{region}/{cercle}", "cercle", cercle, shape))
        rows.append((f"ML-2017/{region}", "region", region, box(-10 + i, 12, -9 + i, 14)))
    units = gpd.GeoDataFrame(rows, columns=["unit_id", "level", "name", "geometry"], crs=CRS)
    units["region_2023"] = None
    simplified = units.loc[units["level"] == "commune", ["unit_id", "geometry"]]
    origin = Origin(source="geoBoundaries", licence="CC BY 4.0", vintage=2017)
    return AdminFrame(name=FRAME, units=units, simplified=simplified, origin=origin)


def in_unit(frame: AdminFrame, unit_id: str) -> dict[str, Any]:
    """The values of a row known only to a unit."""
    area = frame.polygon(unit_id)
    values = {"level": frame.level(unit_id), "method": "unit", "footprint": area}
    for depth, part in enumerate(frame.chain(unit_id), start=1):
        values |= {f"admin{depth}_id": part, f"admin{depth}_name": frame.label(part)}
    return values


COVERAGE = Coverage(
    name="made",
    frame=FRAME,
    units=("ML-2017/east", "ML-2017/west/north"),
    period_start=dt.date(2023, 1, 1),
    period_end=dt.date(2025, 3, 15),
    as_of=dt.date(2025, 3, 15),
    census=False,
    selection={"en": "A made selection.", "fr": "Une sélection inventée."},
    title={"en": "Made", "fr": "Fait"},
)
