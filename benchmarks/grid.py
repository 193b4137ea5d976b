"""How fast a million points find their commune, and whether every answer is the exact one.

The same points, half of them anywhere and half of them on and beside the communes' borders, go
to the grid and to what users would pick instead. Each works on one core, and its processor time
is counted, so that other work on the machine does not matter. Run it from the project's
environment: ``python benchmarks/grid.py [POLYGONS]``; the shipped communes if no file is given.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from mali_incidents.places.grid import CELL_DEG, UnitGrid, read_grid
from mali_incidents.storage import shipped

HALF = 500_000
RUNS = 5
# Degrees beside a border: on it, a ten-thousandth of a millimetre, 10 cm, and 10 m off.
BESIDE = np.array([0, 1e-9, -1e-9, 1e-6, -1e-6, 1e-4, -1e-4])


def main(file: str | None = None) -> None:
    """Time each way on the same points, in turn, and print points per second."""
    units = (
        gpd.read_file(file)
        if file
        else gpd.read_parquet(shipped("boundaries", "mali-2017", "communes.parquet")).sort_values(
            "unit_id", ignore_index=True
        )
    )
    polygons = units.geometry.to_numpy()
    x, y = some_points(polygons).T
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=units.crs)
    tree = shapely.STRtree(polygons)

    with tempfile.TemporaryDirectory() as folder:
        stored = Path(folder) / "grid.npz"
        build, _ = timed(lambda: UnitGrid.build(polygons))
        read_grid(stored, polygons=polygons)
        load, grid = timed(lambda: read_grid(stored, polygons=polygons))
        size = stored.stat().st_size

    ways: dict[str, Callable[[], object]] = {
        "UnitGrid.find": lambda: grid.find(x, y),
        "sjoin within": lambda: gpd.sjoin(points, units, predicate="within"),
        "sjoin intersects": lambda: gpd.sjoin(points, units, predicate="intersects"),
        "STRtree": lambda: tree.query(points.geometry.to_numpy(), predicate="intersects"),
    }
    seconds = {name: [] for name in ways}
    for _ in range(RUNS):
        for name, way in ways.items():
            seconds[name].append(timed(way)[0])
    medians = {name: statistics.median(times) for name, times in seconds.items()}

    print(f"{len(polygons)} units, {len(x):,} points (half on and beside borders), {RUNS} runs")
    print(
        f"  grid of {CELL_DEG} degrees: built in {build:.2f} s, {size / 1e6:.2f} MB stored, "
        f"loaded in {load:.3f} s"
    )
    for name, median in medians.items():
        print(f"  {name:<17} {len(x) / median / 1e6:6.2f} million points a second")
    fastest = min(medians["sjoin within"], medians["sjoin intersects"])
    print(f"  times the faster sjoin: {fastest / medians['UnitGrid.find']:.1f}   (target: 10)")
    wrong = np.count_nonzero(grid.find(x, y) != exact(tree, points.geometry.to_numpy()))
    print(f"  answers that are not the exact ones: {wrong}   (target: 0)")


def some_points(polygons: np.ndarray) -> np.ndarray:
    """Take points anywhere, at corners, along borders and on the cells' edges, and beside these."""
    chance = np.random.default_rng(2026)
    west, south, east, north = shapely.total_bounds(polygons)
    anywhere = chance.uniform([west, south], [east, north], (HALF, 2))

    rings = shapely.get_rings(shapely.get_parts(polygons))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    first = chance.choice(np.flatnonzero(ring[1:] == ring[:-1]), HALF)
    # A tenth at the corners themselves, the rest anywhere between two.
    along = np.where(chance.random(HALF) < 0.1, 0, chance.random(HALF))[:, None]
    border = corners[first] + along * (corners[first + 1] - corners[first])
    # A tenth where edges of cells cross near the border.
    on_edge = chance.random((HALF, 1)) < 0.1
    origin = np.array([west, south])
    edges = origin + np.round((border - origin) / CELL_DEG) * CELL_DEG
    border = np.where(on_edge, edges, border) + chance.choice(BESIDE, (HALF, 2))
    return chance.permutation(np.vstack([anywhere, border]))


def exact(tree: shapely.STRtree, points: np.ndarray) -> np.ndarray:
    """Give the first polygon that holds each point, -1 for none, as GEOS says."""
    at, held_by = tree.query(points, predicate="intersects")
    found = np.full(len(points), len(tree))
    np.minimum.at(found, at, held_by)
    return np.where(found == len(tree), -1, found)


def timed(way: Callable[[], object]) -> tuple[float, object]:
    """Count the seconds of processor time that a call takes, and give what it returned."""
    start = time.process_time()
    result = way()
    return time.process_time() - start, result


if __name__ == "__main__":
    main(*sys.argv[1:2])
