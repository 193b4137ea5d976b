"""What a map of many incidents costs, beside folium's own MarkerCluster on the same records.

Seconds to write the page, its bytes, how long Chromium takes from opening it to showing the
incidents, what a step of a filter takes, and the longest frame of panning and zooming. The records
are made from a seed: places in the shipped units, summaries of about 120 characters whose words
come as often as in the shipped ones, a link of about 90. Run it from the
project's environment: ``python benchmarks/viewer.py [INCIDENTS ...]``; 20 000 and 100 000 if none
is given. folium draws the fewest of them, with four short lines each.
"""

import gc
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from folium.plugins import MarkerCluster
from playwright.sync_api import Browser, sync_playwright

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped
from mali_incidents.tables import CRS, LOCATED, SUB_EVENT_TYPES, Reason, Source

SEED = 2012
COUNTS = (20_000, 100_000)
RUNS = 3
# Of a hundred incidents so many are known to a point, a commune, a cercle, a region, the country,
# and so many are told by a distance.
KNOWN = {"place": 62, "commune": 14, "cercle": 12, "region": 5, "country": 1, "told": 6}
DEPTHS = {"region": 1, "cercle": 2, "commune": 3}
HOSTS = ("maliweb.net", "studiotamani.org", "rfi.fr/fr/afrique", "reliefweb.int/report/mali")
# The panel stands there in the same step as the incidents; two frames later they are painted.
WATCH = """new MutationObserver((changes, watch) => {
  if (!document.querySelector(".mi-panel")) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => (window.shownAt = performance.now())));
}).observe(document, { subtree: true, attributes: true, childList: true });"""
SHOWN = """() => new Promise((done) => {
  const look = () => (window.shownAt ? done(window.shownAt) : setTimeout(look, 20));
  look();
})"""

# What a step of a filter, here a window of five years moved on, takes until it is painted.
STEPS = """async () => {
  const data = window[Object.keys(window).find((name) => window[name]?.store?.change)];
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = done;
    port2.postMessage(0);
  }));
  const times = [];
  for (let step = 0; step < 15; step += 1) {
    await new Promise((done) => setTimeout(done, 120));
    const begun = performance.now();
    data.store.change({ from: 15400 + 60 * step, to: 17200 + 60 * step }, "drag");
    await painted();
    times.push(performance.now() - begun);
  }
  data.store.change({ from: null, to: null });
  return times.sort((one, other) => one - other)[7];
}"""
# The longest frame while the map is panned, and while it is zoomed, in several goes.
FRAMES = """async (zooms) => {
  const layer = window[Object.keys(window).find((name) => name.startsWith("incident_layer_"))];
  const map = layer._map;
  let longest = 0;
  for (let go = 0; go < 6; go += 1) {
    const way = go % 2 ? -1 : 1;
    if (zooms) map.setZoom(map.getZoom() + way * (1 + (go >> 1)), { animate: true });
    else map.panBy([way * 500, way * 200], { animate: true, duration: 0.4 });
    const end = performance.now() + 900;
    let last = performance.now();
    while (last < end) {
      await new Promise(requestAnimationFrame);
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
  }
  return longest;
}"""
# The most milliseconds wanted of each, at 20 000 and at 100 000 incidents.
LIMITS = {20_000: 60, 100_000: 150}
FRAME_LIMIT = 200


def main(*counts: int) -> None:
    """Make the records, write and open each page, and print the figures."""
    frame = read_frame()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_chromium(), args=["--no-sandbox"])
        for count in counts or COUNTS:
            located = made_incidents(count, frame=frame)
            summaries, links = located["summary"].str.len().mean(), _links(located).str.len().mean()
            print(
                f"{count} incidents: summaries of {summaries:.0f} characters, links of {links:.0f}"
            )
            path = Path(folder) / f"map-{count}.html"
            _report("incident_map", lambda of=located, to=path: incident_map(of).save(to), path)
            _report_opening(chromium, path)
            _report_moving(chromium, path, count)
            if count == min(counts or COUNTS):
                path = Path(folder) / "folium.html"
                _report("MarkerCluster", lambda of=located, to=path: _with_folium(of, to), path)
        chromium.close()


def made_incidents(count: int, *, frame: AdminFrame) -> gpd.GeoDataFrame:
    """Make located incidents from the seed: the same for the same count."""
    random = np.random.default_rng(SEED)
    kinds = list(SUB_EVENT_TYPES)
    events = random.choice(kinds, count, p=[0.34, 0.18, 0.3, 0.06, 0.04, 0.08])
    days = np.datetime64("2012-01-01") + np.sort(random.integers(0, 5200, count))
    deaths = random.geometric(0.3, count) - 1
    spread = random.integers(0, 4, count)
    table = pd.DataFrame(
        {
            "incident_id": [f"MLI-{number:06d}" for number in range(count)],
            "date_start": days,
            "date_end": days + random.choice([0, 0, 0, 1], count),
            "date_precision": random.choice(["day", "days", "month"], count, p=[0.85, 0.1, 0.05]),
            "event_type": events,
            "sub_event_type": [random.choice(SUB_EVENT_TYPES[kind]) for kind in events],
            "target": random.choice(["civilians", "the army", "self-defence group", None], count),
            "actor": random.choice(["JNIM", "ISSP", "unknown gunmen", "FAMa", "Dozo"], count),
            "attribution": random.choice(["claimed", "suspected", "unclaimed"], count),
            "verification": random.choice(["confirmed", "reported", "unverified"], count),
            "fatalities_low": deaths,
            "fatalities_best": deaths + spread // 2,
            "fatalities_high": deaths + spread,
            "injured": pd.array(random.integers(0, 9, count)).astype("Int64"),
            "abducted": pd.Series(pd.NA, index=range(count), dtype="Int64"),
            "dataset": "made",
            "dataset_row": np.arange(1, count + 1),
            "frame": frame.name,
        }
    )
    table["summary"] = _summaries(count, random)
    table["sources"] = _sources(days, random)
    table = pd.concat([table, _places(count, frame, random)], axis=1)
    table["candidates"] = [[] for _ in range(count)]
    table = table.reindex(columns=list(LOCATED.columns))
    return LOCATED.validate(gpd.GeoDataFrame(table, geometry="geometry", crs=CRS))


def _summaries(count: int, random: np.random.Generator) -> list[str]:
    """Make sentences of about 120 characters, each word as frequent as in the shipped ones."""
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    words = np.array(" ".join(incidents["summary"].dropna()).split(), dtype=object)
    chosen = random.choice(words, (count, 24))
    return [re.sub(r"\s\S*$", ".", " ".join(row)[:124]) for row in chosen]


def _sources(days: np.ndarray, random: np.random.Generator) -> list[list[Source]]:
    """Make one source each, with an address of about 90 characters."""
    words = np.array(
        "attaque mali village armee civils morts jnim convoi centre nord otages marche route "
        "camp blindes frontiere bilan ecole drone enlevement terroristes patrouille".split()
    )
    hosts = random.choice(np.array(HOSTS), len(days))
    slugs = random.choice(words, (len(days), 6))
    numbers = random.integers(10**6, 10**7, len(days))
    return [
        [
            Source(
                host.partition(".")[0], f"https://{host}/{day}-{'-'.join(slug)}-{number}", str(day)
            )
        ]
        for host, day, slug, number in zip(hosts, days, slugs, numbers, strict=True)
    ]


def _places(count: int, frame: AdminFrame, random: np.random.Generator) -> pd.DataFrame:
    """Put incidents into the units: one in three at a place where there were others."""
    kinds = random.choice(list(KNOWN), count, p=np.array(list(KNOWN.values())) / 100)
    communes = frame.units.index[frame.units["level"] == "commune"]
    spots = 1 + count // 3
    holders = random.choice(communes, spots)
    shapes = {unit: frame.polygon(unit) for unit in frame.units.index}
    inside = np.array([shapely.point_on_surface(shapes[unit]) for unit in holders])
    shift = random.normal(0, 0.04, (spots, 2))
    points = shapely.points(shapely.get_coordinates(inside) + shift)
    discs = shapely.buffer(points, 0.02, quad_segs=8)
    told = shapely.buffer(points, 0.2, quad_segs=16)
    at = random.integers(0, spots, count)
    return pd.DataFrame(
        [_place(kinds[i], at[i], holders, points, discs, told, shapes, frame) for i in range(count)]
    )


def _place(
    kind: str,
    at: int,
    holders: np.ndarray,
    points: np.ndarray,
    discs: np.ndarray,
    told: np.ndarray,
    shapes: dict[str, Any],
    frame: AdminFrame,
) -> dict[str, Any]:
    """Make what the locating of one incident gives."""
    chain = frame.chain_levels(holders[at])
    depth = DEPTHS.get(kind, 0 if kind == "country" else 3)
    known = {level: unit for level, unit in chain.items() if DEPTHS[level] <= depth}
    names = {level: frame.label(unit) for level, unit in known.items()}
    held = ", ".join(reversed(names.values()))
    values = {"name": f"place {at}", "place": f"Place {at}", "unit": held, "text": f"near {at}"}
    row = {f"admin{DEPTHS[level]}_id": unit for level, unit in known.items()}
    row |= {f"admin{DEPTHS[level]}_name": name for level, name in names.items()}
    row |= {"location_text": f"Place {at}, {held}", "uncertainty_m": 2500.0}
    if kind == "place":
        reason = Reason("place", values)
        return row | {
            "level": "place", "method": "place", "geometry": points[at], "footprint": discs[at],
            "reason": reason,
        }  # fmt: skip
    if kind == "told":
        return row | {
            "level": "cercle", "method": "near", "geometry": points[at], "footprint": told[at],
            "reason": Reason("near", values), "uncertainty_m": 22_000.0,
        }  # fmt: skip
    unit = known.get(kind, "ML")
    shape = shapes[unit]
    return row | {
        "level": kind, "method": "unit", "geometry": shapely.point_on_surface(shape),
        "footprint": shape, "uncertainty_m": 60_000.0,
        "reason": Reason("unit", {"name": kind, "level": kind, "unit": held or "Mali"}),
    }  # fmt: skip


def _with_folium(located: gpd.GeoDataFrame, path: Path) -> None:
    """Draw the same records as a user of folium would: a pin each, with four short lines."""
    drawn = folium.Map(location=(14, -5), zoom_start=6)
    cluster = MarkerCluster().add_to(drawn)
    lines = located[["incident_id", "event_type", "date_start", "fatalities_best"]]
    for point, row in zip(located.geometry, lines.itertuples(index=False), strict=True):
        popup = "<br>".join(str(value) for value in row)
        folium.Marker((point.y, point.x), popup=popup).add_to(cluster)
    drawn.save(path)


def _links(located: gpd.GeoDataFrame) -> pd.Series:
    """Give the addresses."""
    return pd.Series([sources[0].url for sources in located["sources"]])


def _report(name: str, write: Callable[[], object], path: Path) -> None:
    """Time the writing of a page, and print it with the page's size."""
    seconds = []
    for _ in range(RUNS if name == "incident_map" else 1):
        gc.collect()
        start = time.perf_counter()
        write()
        seconds.append(time.perf_counter() - start)
    print(
        f"  {name:<14} written in {statistics.median(seconds):6.2f} s, "
        f"{path.stat().st_size / 1e6:6.2f} MB"
    )


def _report_opening(chromium: Browser, path: Path) -> None:
    """Time the opening of a page, the network off, and print it."""
    seconds = []
    for _ in range(RUNS):
        context = chromium.new_context(viewport={"width": 1400, "height": 900}, offline=True)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(path.as_uri(), wait_until="commit")
        seconds.append(page.evaluate(SHOWN) / 1000)
        context.close()
    print(f"  {'Chromium':<14} shows it after {statistics.median(seconds):.2f} s")


def _report_moving(chromium: Browser, path: Path, count: int) -> None:
    """Time a step of a filter, and the longest frame of panning and zooming, and print them."""
    said = {"": "as it opens", "#m1.shade=cercle.deaths": "with cercles shaded"}
    for hash_part, how in said.items():
        context = chromium.new_context(viewport={"width": 1400, "height": 900}, offline=True)
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(path.as_uri() + hash_part, wait_until="commit")
        page.evaluate(SHOWN)
        step, pan, zoom = page.evaluate(STEPS), *(page.evaluate(FRAMES, one) for one in (0, 1))
        context.close()
        limit = LIMITS.get(count, LIMITS[max(LIMITS)])
        print(
            f"  {how:<19} filter step {step:.0f} ms (wanted {limit}), longest frame of panning "
            f"{pan:.0f} ms, of zooming {zoom:.0f} ms (wanted {FRAME_LIMIT})"
        )


def _chromium() -> str | None:
    """Find a Chromium on the machine; None leaves the choice to Playwright."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("MALI_BROWSER") or next(filter(None, map(shutil.which, names)), None)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
