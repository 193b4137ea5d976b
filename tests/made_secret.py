"""Records with much that must not leave, made in code; no name, number or address is a person's."""

from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from made_located import disc, in_unit, located_table, small_frame

from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.tables import PLACES, Candidate, Reason, Source

FRAME = small_frame()
FIELD = "ML-2017/west/south/field"
# In the middle of that commune, and of another near its border.
SPOT = (-9.762345, 12.487654)
EDGE = (-9.501234, 12.612345)
VILLAGE = "Farakoberila"
SUMMARY = (
    f"Gunmen entered {VILLAGE} (12.4877, -9.7623); the chef de village Zanga Testovic, tel. "
    "+223 99 88 77 66, wrote to zanga@example.org."
)


def gazetteer() -> Gazetteer:
    """One village."""
    row = {
        "place_id": "made-1", "name": VILLAGE, "kind": "village", "latitude": SPOT[1],
        "longitude": SPOT[0], "extent_km": 1.0, "source": "made",
    }  # fmt: skip
    table = pd.DataFrame([row], columns=list(PLACES.columns), dtype="object")
    types = {name: column.dtype.type for name, column in PLACES.columns.items()}
    return Gazetteer(name="made", places=table.astype(types))


def place(
    spot: tuple[float, float], unit: str, *, radius_m: float = 900.0, **other: Any
) -> dict[str, Any]:
    """The values of a row known to a place."""
    return {
        **in_unit(FRAME, unit),
        "level": "place",
        "method": "place",
        "geometry": shapely.Point(spot),
        "footprint": disc(*spot, radius_m),
        "uncertainty_m": radius_m * 1.01,
        "latitude": spot[1],
        "longitude": spot[0],
        "summary": SUMMARY,
        "location_text": f"{VILLAGE} market, by the old mill",
        "actor": "an armed group",
        "target": "a market",
        "verification": "confirmed",
        "dataset": "press",
        "candidates": [Candidate(VILLAGE, "field, south, west", None, 0.9, spot[1], spot[0])],
        "reason": Reason(
            "place", {"name": VILLAGE, "place": VILLAGE, "unit": "field, south, west", "notes": []}
        ),
        "sources": [
            Source("A paper", f"https://paper.example/{VILLAGE.lower()}-raid", "2025-01-02")
        ],
        **other,
    }


def secret_table() -> gpd.GeoDataFrame:
    """Eight rows: at a place, at its edge, known to units, nowhere, too new, undated, ACLED's."""
    rows = [
        place(SPOT, FIELD, incident_id="MLI-farakoberila-1", episode_id="raid-of-farakoberila"),
        place(SPOT, FIELD, incident_id="MLI-farakoberila-2", episode_id="raid-of-farakoberila"),
        place(EDGE, FIELD, incident_id="MLI-edge-3", radius_m=3000.0),
        {**in_unit(FRAME, FIELD), "verification": "reported", "incident_id": "MLI-field-4",
         "summary": "Nothing private.", "actor": None, "location_text": "field",
         "reason": Reason("unit", {"name": "field", "unit": "field", "level": "commune"})},
        {"verification": "reported", "incident_id": "MLI-nowhere-5", "summary": "Nothing private.",
         "actor": None, "location_text": "the old well", "reason": Reason("none", {"notes": []})},
        place(SPOT, FIELD, incident_id="MLI-tooNew-6", date_start=pd.Timestamp("2025-06-20"),
              summary="Withheld words about the caravan of salt."),
        place(SPOT, FIELD, incident_id="MLI-undated-7", date_start=pd.NaT),
        place(SPOT, FIELD, incident_id="acled-MLI4711", dataset="ACLED 2025",
              summary="Words of theirs about a caravan."),
        place(SPOT, FIELD, incident_id="MLI-rumour-9", verification=None),
    ]  # fmt: skip
    return located_table(rows)
