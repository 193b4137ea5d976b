"""Located tables made in code, and units to locate them in."""

from collections.abc import Iterable, Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from mali_incidents.tables import LOCATED, Reason, as_located
from pyproj import Geod
from shapely import Polygon

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
