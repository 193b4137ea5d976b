"""The cells of a grid over units: which lie wholly in one, and what lies where in the others.

The border of the units is taken as the straight pieces between its corners. A cell that no piece
touches is held by one unit, or by none. In a cell with a few pieces, the lines along them part it
into regions that no piece crosses, so that each has one holder too. On which side of a line a
point lies is told in double precision where that is certain (the error bound of Shewchuk,
Adaptive Precision Floating-Point Arithmetic, 1997); where it is not, the polygons are to be asked.
"""

from typing import Final, NamedTuple

import numpy as np
import shapely

OUTSIDE: Final = -1
ASK: Final = -2

_MOST_CELLS: Final = 6000  # from west to east, and from south to north
# Cells are taken this much wider on every side, in cells, so that rounding leaves no border out.
_MARGIN: Final = 1e-6
# How far from a piece a point is taken to see what lies there, in cells.
_BESIDE: Final = 1e-3
_PIECES: Final = 3
# |error| of a side <= (3 + 16u)u (|left| + |right|), u = 2**-53; the rest is for underflow.
_SIDE_ERROR: Final = 3.3306690738754716e-16
_UNDERFLOW: Final = 1e-290


class Window(NamedTuple):
    """Where the cells lie: the south-west corner and a cell's size in degrees, and how many."""

    west: float
    south: float
    cell: float
    columns: int
    rows: int


class Cells(NamedTuple):
    """What is stored of a grid; cells are numbered along rows from the south-west.

    ``run_code`` is, for runs of ``run_length`` cells, their unit, OUTSIDE, or ASK for a cell on
    a border. The rest has one row a cell on a border, in the order of the cells: ``pieces``, up
    to three pieces of border in it (counted from 1; 0 for none, and where there are more);
    ``holders``, what holds each region between the lines along them (ASK where that is not
    known); and how many of the units in ``asked``, in their order, are to be asked.
    """

    run_length: np.ndarray
    run_code: np.ndarray
    pieces: np.ndarray
    holders: np.ndarray
    asked_count: np.ndarray
    asked: np.ndarray


class _Touched(NamedTuple):
    """Which cells each piece of border touches, one row a pair.

    ``middle`` is the middle of the piece's part in the cell, and ``way`` the piece from its first
    end to its second, both in cells and of shape (2, n), x first.
    """

    cell: np.ndarray
    piece: np.ndarray
    middle: np.ndarray
    way: np.ndarray


def lay_window(areas: np.ndarray, cell_deg: float) -> Window:
    """Lay the cells over the polygons, two more on every side."""
    corners = shapely.get_coordinates(areas)
    low, high = (corners.min(axis=0), corners.max(axis=0)) if len(corners) else np.zeros((2, 2))
    cell = max(float(cell_deg), float((high - low).max()) / _MOST_CELLS)
    columns, rows = np.ceil((high - low) / cell).astype(int) + 4
    west, south = low - 2 * cell
    return Window(float(west), float(south), cell, int(columns), int(rows))


def border_pieces(areas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take the polygons' borders apart into straight pieces.

    Returns
    -------
    pieces : numpy.ndarray of float, shape (n, 4)
        Longitude and latitude of both ends.
    unit : numpy.ndarray of int, shape (n,)
        The polygon that each is of.
    """
    parts, unit = shapely.get_parts(areas, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    follows = ring[1:] == ring[:-1]
    return np.hstack([corners[:-1], corners[1:]])[follows], unit[part[ring[1:][follows]]]


def lines_along(pieces: np.ndarray) -> np.ndarray:
    """Give the lines along pieces: a point, and the way to the other end; from 1, 0 is none."""
    lines = np.vstack([np.zeros((1, 4)), pieces])
    lines[:, 2:] -= lines[:, :2]
    return lines


def _side(lines: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Tell if points lie to the left of lines, each of its own, and if that is certain."""
    left = lines[:, 2] * (y - lines[:, 1])
    right = lines[:, 3] * (x - lines[:, 0])
    side = left - right
    return side > 0, np.abs(side) > _SIDE_ERROR * (np.abs(left) + np.abs(right)) + _UNDERFLOW


def find_region(
    lines: np.ndarray, numbers: np.ndarray, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Tell between which lines points lie, and whether that is certain.

    Parameters
    ----------
    lines : numpy.ndarray of float, shape (pieces + 1, 4)
        As from :func:`lines_along`.
    numbers : numpy.ndarray of int, shape (n, 3)
        The lines to look at for each point, 0 after the last. Beside none, nothing is certain.
    x, y : numpy.ndarray of float, shape (n,)

    Returns
    -------
    region : numpy.ndarray of int, shape (n,)
        A bit a line, set on its left.
    certain : numpy.ndarray of bool, shape (n,)
    """
    # `take` is three times as fast as square brackets for whole rows.
    left, certain = _side(lines.take(numbers[:, 0], axis=0), x, y)
    region = left.astype(np.intp)
    for turn in range(1, _PIECES):
        more = np.flatnonzero(numbers[:, turn])
        left, sure = _side(lines.take(numbers[more, turn], axis=0), x[more], y[more])
        region[more] |= left << turn
        certain[more] &= sure
    return region, certain


def classify(areas: np.ndarray, window: Window) -> Cells:
    """Tell for each cell what holds it, or its parts, and what is to be asked in it."""
    shapely.prepare(areas)
    tree = shapely.STRtree(areas)
    pieces, unit = border_pieces(areas)
    touched = _touched(pieces, window)
    border, at = np.unique(touched.cell, return_inverse=True)
    alike = _first_alike(pieces)[touched.piece]
    numbers = _numbers(*_distinct(at, alike, below=len(pieces)), count=len(border))

    # The lines along its pieces part a cell into regions that no piece crosses: each has one
    # holder, and any point in it tells which.
    place, x, y = _samples(at, touched, border, numbers, window)
    sample, holder = _holders(tree, x, y)
    region, certain = find_region(lines_along(pieces), numbers[place], x, y)
    holders = np.full((len(border), 2**_PIECES), ASK)
    first = _first(sample, holder, count=len(x))
    holders[place[certain], region[certain]] = first[certain]

    # To be asked: whose border is in the cell, and who holds all of it.
    asked_in, asked = _distinct(
        np.append(at, place[sample]), np.append(unit[touched.piece], holder), below=len(areas)
    )

    # Between two cells on a border, what holds the middle of one cell holds them all.
    starts = np.union1d(np.arange(window.rows) * window.columns, [border, border + 1])
    inner = ~np.isin(starts, border, assume_unique=True)
    x, y = _degrees(window, *_corner(window, starts[inner]) + 0.5)
    run_code = np.full(len(starts), ASK)
    run_code[inner] = _first(*_holders(tree, x, y), count=len(x))

    small = np.int16 if len(areas) < 2**15 else np.int32
    return Cells(
        run_length=np.diff(starts, append=window.rows * window.columns).astype(np.int32),
        run_code=run_code.astype(small),
        pieces=numbers.astype(np.int32),
        holders=holders.astype(small),
        asked_count=np.bincount(asked_in, minlength=len(border)).astype(np.int32),
        asked=asked.astype(small),
    )


def _first_alike(pieces: np.ndarray) -> np.ndarray:
    """Give for each piece the first that has the same two ends: neighbours share their border."""
    swap = (pieces[:, 0] > pieces[:, 2]) | (
        (pieces[:, 0] == pieces[:, 2]) & (pieces[:, 1] > pieces[:, 3])
    )
    eastward = np.where(swap[:, None], pieces[:, [2, 3, 0, 1]], pieces)
    _, first, alike = np.unique(eastward, axis=0, return_index=True, return_inverse=True)
    return first[alike]


def _distinct(
    first: np.ndarray, second: np.ndarray, *, below: int
) -> tuple[np.ndarray, np.ndarray]:
    """Give the distinct pairs of two numbers, the second below a limit, in order."""
    return np.divmod(np.unique(first * below + second), max(below, 1))


def _numbers(cell: np.ndarray, piece: np.ndarray, *, count: int) -> np.ndarray:
    """Give each cell's pieces, counted from 1 and filled up with 0; none if there are too many."""
    pieces = np.bincount(cell, minlength=count)
    turn = np.arange(len(cell)) - (np.cumsum(pieces) - pieces)[cell]
    few = pieces[cell] <= _PIECES
    numbers = np.zeros((count, _PIECES), dtype=np.intp)
    numbers[cell[few], turn[few]] = piece[few] + 1
    return numbers


def _touched(pieces: np.ndarray, window: Window) -> _Touched:
    """List the cells that each piece of border touches."""
    ends = (pieces - [window.west, window.south] * 2) / window.cell
    start, way = ends[:, :2].T, (ends[:, 2:] - ends[:, :2]).T
    piece, row = _ranges(np.minimum(ends[:, 1], ends[:, 3]), np.maximum(ends[:, 1], ends[:, 3]))
    enters, leaves = _part_within(start[1, piece], way[1, piece], row)
    x = start[0, piece] + way[0, piece] * [enters, leaves]
    of, column = _ranges(x.min(axis=0), x.max(axis=0))
    piece, row = piece[of], row[of]
    across = _part_within(start[0, piece], way[0, piece], column)
    middle = (np.maximum(enters[of], across[0]) + np.minimum(leaves[of], across[1])) / 2
    return _Touched(
        row * window.columns + column,
        piece,
        start[:, piece] + middle * way[:, piece],
        way[:, piece],
    )


def _ranges(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List the whole numbers from each low to its high, a margin wider, and of which pair."""
    first = np.floor(low - _MARGIN).astype(np.intp)
    count = np.floor(high + _MARGIN).astype(np.intp) - first + 1
    of = np.repeat(np.arange(len(count)), count)
    return of, np.arange(len(of)) + np.repeat(first - (np.cumsum(count) - count), count)


def _part_within(start: np.ndarray, way: np.ndarray, band: np.ndarray) -> np.ndarray:
    """Give the parts of a way, 0 to 1, at which it enters and leaves a band of cells."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        parts = ([band - _MARGIN, band + 1 + _MARGIN] - start) / way
    # A way along the band is in it from its start to its end.
    parts = np.where(way == 0, [[0], [1]], np.clip(parts, 0, 1))
    return np.sort(parts, axis=0)


def _samples(
    at: np.ndarray, touched: _Touched, border: np.ndarray, numbers: np.ndarray, window: Window
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Take points in the cells on a border: beside every piece, and the corners if there are more.

    Returns
    -------
    place : numpy.ndarray of int
        The cell of each point, as its place in ``border``.
    x, y : numpy.ndarray of float
        Degrees.
    """
    normal = touched.way[::-1] / np.maximum(np.hypot(*touched.way), np.finfo(float).tiny)
    beside = np.array([[-_BESIDE], [_BESIDE]]) * normal
    corner = _corner(window, touched.cell)
    several = np.flatnonzero(numbers[:, 1:].any(axis=1) | (numbers[:, 0] == 0))
    corners = _corner(window, border[several])
    points = [
        np.clip(touched.middle + beside, corner, corner + 1),
        np.clip(touched.middle - beside, corner, corner + 1),
        *(corners + np.array([[x], [y]]) for x in (0, 1) for y in (0, 1)),
    ]
    place = np.concatenate([at, at, *[several] * 4])
    return place, *_degrees(window, *np.concatenate(points, axis=1))


def _corner(window: Window, cell: np.ndarray) -> np.ndarray:
    """Give the south-west corners of cells, in cells from the window's: shape (2, n)."""
    row, column = np.divmod(cell, window.columns)
    return np.array([column, row])


def _degrees(window: Window, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Turn what is counted in cells into degrees."""
    return window.west + window.cell * x, window.south + window.cell * y


def _holders(tree: shapely.STRtree, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """List which of some points lie in or on the border of a polygon, and in which."""
    points, polygons = tree.query(shapely.points(x, y))
    holds = shapely.intersects_xy(tree.geometries[polygons], x[points], y[points])
    return points[holds], polygons[holds]


def _first(points: np.ndarray, polygons: np.ndarray, *, count: int) -> np.ndarray:
    """Give each point's first polygon, OUTSIDE where it has none."""
    none = np.iinfo(np.intp).max
    first = np.full(count, none)
    np.minimum.at(first, points, polygons)
    return np.where(first == none, OUTSIDE, first)
