"""Every answer of a grid is the one that the polygons give, on borders and beside them."""

import itertools
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, reject
from hypothesis import strategies as st

from mali_incidents.errors import LocateError
from mali_incidents.places import grid as grid_module
from mali_incidents.places.frames import read_frame
from mali_incidents.places.grid import UnitGrid, read_grid

BESIDE = np.array([0.0, 1e-9, -1e-9])


def exact(polygons: list[shapely.Geometry] | np.ndarray, points: np.ndarray) -> np.ndarray:
    """The first polygon that holds each point, asked of GEOS without any grid."""
    found = np.full(len(points), -1)
    at, held_by = shapely.STRtree(polygons).query(shapely.points(points), predicate="intersects")
    for point, polygon in sorted(zip(at, held_by, strict=True), reverse=True):
        found[point] = polygon
    return found


def hugging(polygons: list[shapely.Geometry] | np.ndarray, *, cell_deg: float) -> np.ndarray:
    """Corners, middles of pieces and places on the cells' borders, and a nanodegree beside them."""
    corners = shapely.get_coordinates(polygons)
    if not len(corners):
        return np.zeros((0, 2))
    middles = (corners[1:] + corners[:-1]) / 2
    # Where the lines between the cells lie, as laid over the polygons.
    extents = zip(corners.min(axis=0), corners.max(axis=0), strict=True)
    lines = [np.arange(low, high + cell_deg, cell_deg)[:12] for low, high in extents]
    crossings = np.array(list(itertools.product(*lines)))
    beside = np.array(list(itertools.product(BESIDE, BESIDE)))
    places = np.vstack([corners, middles, crossings])
    return (places[:, None] + beside).reshape(-1, 2)


def assert_exact(polygons: list[shapely.Geometry] | np.ndarray, *, cell_deg: float) -> None:
    points = hugging(polygons, cell_deg=cell_deg)
    found = UnitGrid.build(polygons, cell_deg=cell_deg).find(*points.T)
    np.testing.assert_array_equal(found, exact(polygons, points))


SIZES = st.sampled_from([0.07, 0.25, 0.3, 1.0, 3.0])
# No finer than any survey: below 1e-300 degrees GEOS contradicts itself.
PLACES = st.integers(-6, 6) | st.floats(-6, 6).map(lambda place: round(place, 14))


@st.composite
def coverages(draw: st.DrawFn) -> list[shapely.Geometry]:
    """Triangles between some points, merged at random: units that share their borders."""
    corners = draw(st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=9, unique=True))
    try:
        triangles = shapely.get_parts(shapely.delaunay_triangles(shapely.MultiPoint(corners)))
        owners = np.array(draw(st.lists(st.integers(0, 3), min_size=20, max_size=20)))
        merged = owners[: len(triangles)]
        units = [shapely.coverage_union_all(triangles[merged == owner]) for owner in range(4)]
    except shapely.GEOSException:  # corners nearly in a line
        reject()
    return [unit for unit in units if unit.geom_type in {"Polygon", "MultiPolygon"}]


@given(coverages(), SIZES)
def test_a_coverage_is_answered_as_by_its_polygons(
    polygons: list[shapely.Geometry], cell_deg: float
) -> None:
    assert_exact(polygons, cell_deg=cell_deg)


def valid_area(corners: list[tuple[float, float]]) -> shapely.Geometry:
    return shapely.buffer(shapely.Polygon(corners), 0)


@given(
    st.lists(
        st.lists(st.tuples(PLACES, PLACES), min_size=3, max_size=7).map(valid_area), max_size=5
    ),
    SIZES,
)
def test_gaps_and_overlaps_are_answered_so_too(
    polygons: list[shapely.Geometry], cell_deg: float
) -> None:
    assert_exact(polygons, cell_deg=cell_deg)


@pytest.mark.parametrize("cell_deg", [0.0703125, 0.1, 1 / 3, 10])
def test_holes_islands_and_slivers(cell_deg: float) -> None:
    square = shapely.box(0, 0, 3, 3)
    assert_exact(
        [
            None,
            shapely.Polygon(),
            shapely.difference(square, shapely.box(1, 1, 2, 2)),
            shapely.MultiPolygon([shapely.box(1.25, 1.25, 1.5, 1.5), shapely.box(4, 0, 5, 1)]),
            square,
            shapely.Polygon([(3, 0), (3 + 1e-10, 1.5), (3, 3)]),
            shapely.Polygon([(8, 0), (8, 0), (9, 1), (9, 1), (8, 1)]),
        ],
        cell_deg=cell_deg,
    )


def test_a_point_on_a_border_goes_to_the_unit_that_comes_first() -> None:
    west, east = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)
    for polygons in ([west, east], [east, west], [west, west]):
        assert UnitGrid.build(polygons).find([1.0, 1.0], [0.3, 1.0]).tolist() == [0, 0]


def test_what_is_no_place_lies_in_no_unit() -> None:
    nowhere = np.array([np.nan, np.inf, -np.inf, 1.7e308, -1.7e308, 181])
    grid = UnitGrid.build([shapely.box(0, 0, 1, 1)])
    middle = np.full(len(nowhere), 0.5)
    for x, y in [(nowhere, middle), (middle, nowhere), (nowhere, nowhere)]:
        assert (grid.find(x, y) == -1).all()
    assert grid.find([], []).tolist() == []
    assert UnitGrid.build([]).find([0.0], [0.0]).tolist() == [-1]


def test_points_are_found_in_as_many_goes_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_module, "_POINTS_AT_ONCE", 7)
    polygons = [shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]
    points = hugging(polygons, cell_deg=0.5)
    np.testing.assert_array_equal(
        UnitGrid.build(polygons, cell_deg=0.5).find(*points.T), exact(polygons, points)
    )


def test_the_communes_are_answered_as_by_their_polygons() -> None:
    frame = read_frame()
    communes = frame.units[frame.units["level"] == "commune"].sort_index()
    polygons = communes.geometry.to_numpy()
    chance = np.random.default_rng(3)
    west, south, east, north = communes.total_bounds
    anywhere = chance.uniform([west, south], [east, north], (20_000, 2))
    beside = chance.permutation(hugging(polygons, cell_deg=0.005))[:40_000]
    grid = UnitGrid.build(polygons)
    for points in (anywhere, beside):
        np.testing.assert_array_equal(grid.find(*points.T), exact(polygons, points))
    some = beside[:500]
    ids = [None if unit < 0 else communes.index[unit] for unit in grid.find(*some.T)]
    assert ids == frame.units_at(*some.T)


@pytest.mark.shared
def test_communes_that_do_not_meet_are_answered_too(shared: Path) -> None:
    file = shared / "data" / "cod-ab-mli-2015" / "mli_admbnda_adm3_gov_ocha.zip"
    polygons = gpd.read_file(f"/vsizip/{file}").geometry.to_numpy()
    chance = np.random.default_rng(4)
    points = chance.permutation(hugging(polygons, cell_deg=0.005))[:40_000]
    np.testing.assert_array_equal(UnitGrid.build(polygons).find(*points.T), exact(polygons, points))


def test_a_stored_grid_answers_as_the_one_that_was_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    polygons = [shapely.box(0, 0, 1, 1), shapely.Polygon([(1, 0), (2, 0.3), (1, 1)])]
    points = hugging(polygons, cell_deg=0.01)
    file = tmp_path / "frame" / "grid.npz"
    built = read_grid(file, polygons=polygons, cell_deg=0.01)

    def refuse(*_: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(grid_module, "classify", refuse)
    read = read_grid(file, polygons=polygons, cell_deg=0.01)
    np.testing.assert_array_equal(read.find(*points.T), built.find(*points.T))
    assert [path.name for path in file.parent.iterdir()] == ["grid.npz"]


def test_a_grid_of_other_units_or_cells_is_not_used(tmp_path: Path) -> None:
    here, there = shapely.box(0, 0, 1, 1), shapely.box(1, 1, 2, 2)
    file = tmp_path / "grid.npz"
    for polygons, cell_deg, answers in [
        ([here, there], 0.1, [0, 1]),
        ([there, here], 0.1, [1, 0]),
        ([None, there, here], 0.1, [2, 1]),
        ([there, None, here], 0.1, [2, 0]),
        ([there, here], 0.2, [1, 0]),
    ]:
        before = file.read_bytes() if file.exists() else b""
        found = read_grid(file, polygons=polygons, cell_deg=cell_deg).find([0.5, 1.5], [0.5, 1.5])
        assert found.tolist() == answers
        assert file.read_bytes() != before


@pytest.mark.parametrize("damage", [b"", b"no archive", b"PK\x03\x04"])
def test_a_damaged_grid_is_built_again(tmp_path: Path, damage: bytes) -> None:
    polygons = [shapely.box(0, 0, 1, 1)]
    file = read_grid_file(tmp_path, polygons)
    whole = file.read_bytes()
    for content in (damage, whole[:-30], whole[:200] + bytes(60) + whole[260:]):
        file.write_bytes(content)
        assert read_grid(file, polygons=polygons).find([0.5], [0.5]).tolist() == [0]
        assert file.read_bytes() == whole


def read_grid_file(folder: Path, polygons: list[shapely.Geometry]) -> Path:
    read_grid(folder / "grid.npz", polygons=polygons)
    return folder / "grid.npz"


def test_a_grid_that_cannot_be_kept_still_answers(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    grid = read_grid(tmp_path / "taken" / "grid.npz", polygons=[shapely.box(0, 0, 1, 1)])
    assert grid.find([0.5], [0.5]).tolist() == [0]


def test_what_is_no_area_in_degrees_is_refused() -> None:
    square = shapely.box(0, 0, 1, 1)
    with pytest.raises(LocateError, match="another kind of geometry"):
        UnitGrid.build([square, shapely.Point(0, 0)])
    with pytest.raises(LocateError, match="EPSG:4326"):
        UnitGrid.build([shapely.box(200_000, 1_000_000, 300_000, 1_100_000)])
    with np.errstate(invalid="ignore"):
        unknown = shapely.Polygon([(0, 0), (np.nan, 1), (1, 1)])
    with pytest.raises(LocateError, match="EPSG:4326"):
        UnitGrid.build([unknown])
    for cell_deg in (0, -1, 1e-5, 11, np.nan):
        with pytest.raises(LocateError, match=r"cells of 0\.0001 to 10\.0 degrees"):
            UnitGrid.build([square], cell_deg=cell_deg)


def test_large_units_get_larger_cells() -> None:
    world = [shapely.box(-180, -90, 0, 90), shapely.box(0, -90, 180, 90)]
    grid = UnitGrid.build(world, cell_deg=0.0001)
    assert grid.find([-1e-9, 0, 1e-9, 181], [0, 0, 0, 0]).tolist() == [0, 0, 1, -1]
