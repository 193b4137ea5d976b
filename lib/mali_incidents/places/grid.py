"""Which unit holds each of very many points, exactly, through a grid of cells.

A cell that no border touches lies wholly in one unit, or in none, and answers at once. In a cell
with a few straight pieces of border, the sides of these answer. Only what is left asks the
polygons, so that every answer is the one that the polygons would give; see :mod:`.cells`.
"""

import contextlib
import hashlib
import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import shapely

from mali_incidents.errors import LocateError, PublishError
from mali_incidents.places.cells import (
    ASK,
    OUTSIDE,
    Cells,
    Window,
    border_pieces,
    classify,
    find_region,
    lay_window,
    lines_along,
)
from mali_incidents.storage import write_bytes

# About 550 m. Four of five cells on a border of Mali's communes, or more, hold one piece of it.
CELL_DEG: Final = 0.005

_CELL_RANGE: Final = (1e-4, 10.0)
_POINTS_AT_ONCE: Final = 1 << 17  # what is worked on fits the processor's cache
_FORMAT: Final = b"mali-incidents grid 1"


class UnitGrid:
    """A grid of cells over some units; made by :meth:`build` or :func:`read_grid`."""

    def __init__(self, polygons: np.ndarray, window: Window, cells: Cells) -> None:
        self._polygons = polygons
        shapely.prepare(polygons)
        self._window = window
        self._cells = cells
        self._lines = lines_along(border_pieces(polygons)[0])
        self._asked_from = np.concatenate([[0], np.cumsum(cells.asked_count, dtype=np.intp)])

        # A cell on a border holds its place among those of its row: small numbers, 2 bytes a cell.
        starts = np.cumsum(cells.run_length, dtype=np.intp) - cells.run_length
        on_border = cells.run_code == ASK
        row = starts[on_border] // window.columns
        self._row_from = np.searchsorted(row, np.arange(window.rows))
        codes = cells.run_code.copy()
        codes[on_border] = ASK - (np.arange(len(row)) - self._row_from[row])
        self._codes = np.repeat(codes, cells.run_length)

    @classmethod
    def build(
        cls, polygons: Sequence[shapely.Geometry] | np.ndarray, *, cell_deg: float = CELL_DEG
    ) -> "UnitGrid":
        """Build the grid of some units.

        Parameters
        ----------
        polygons : sequence of shapely.Geometry
            The units' polygons, valid, longitude first, in the order in which they are preferred
            where several hold a point. Gaps and overlaps are allowed; None holds nothing.
        cell_deg : float
            The size of a cell in degrees, from 0.0001 to 10; larger where there would be more
            than 6000 from one side of the units to the other.

        Returns
        -------
        UnitGrid

        Raises
        ------
        LocateError
            When there can be no grid of such polygons or such cells.
        """
        areas = _as_areas(polygons)
        window = _window_over(areas, cell_deg)
        return cls(areas, window, classify(areas, window))

    def find(self, longitudes: np.ndarray, latitudes: np.ndarray) -> np.ndarray:
        """Find the unit that holds each point.

        Parameters
        ----------
        longitudes, latitudes : array of float, shape (n,)
            Points in degrees, as the polygons.

        Returns
        -------
        numpy.ndarray of int, shape (n,)
            The position of the first polygon that holds the point or has it on its border;
            -1 where there is none, and where a coordinate is missing or infinite.
        """
        longitudes = np.asarray(longitudes, dtype=np.float64)
        latitudes = np.asarray(latitudes, dtype=np.float64)
        found = np.empty(len(longitudes), dtype=np.intp)
        for first in range(0, len(found), _POINTS_AT_ONCE):
            some = slice(first, first + _POINTS_AT_ONCE)
            found[some] = self._find(longitudes[some], latitudes[some])
        return found

    def save(self, path: str | Path) -> Path:
        """Store the grid, without the polygons, for :func:`read_grid`.

        Parameters
        ----------
        path : str or pathlib.Path
            The file to write, ``.npz``.

        Returns
        -------
        pathlib.Path
            ``path``.

        Raises
        ------
        PublishError
            When it cannot be written.
        """
        content = io.BytesIO()
        digest = np.array(_digest(self._polygons, self._window))
        np.savez_compressed(content, digest=digest, **self._cells._asdict())
        return write_bytes(path, content.getvalue())

    def _find(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Find the units of some points."""
        window = self._window
        # Far and missing coordinates go to the outermost cells, which no unit reaches.
        with np.errstate(over="ignore"):
            column = np.fmin(np.fmax((x - window.west) / window.cell, 0), window.columns - 1)
            row = np.fmin(np.fmax((y - window.south) / window.cell, 0), window.rows - 1)
        row = row.astype(np.intp)
        found: np.ndarray = self._codes[row * window.columns + column.astype(np.intp)]
        border = np.flatnonzero(found <= ASK)
        if len(border):
            cell = self._row_from[row[border]] + (ASK - found[border])
            found[border] = self._find_on_border(x[border], y[border], cell)
        return found

    def _find_on_border(self, x: np.ndarray, y: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Find the units of points in cells on a border."""
        region, certain = find_region(self._lines, self._cells.pieces.take(cell, axis=0), x, y)
        found: np.ndarray = self._cells.holders[cell, region]
        ask = np.flatnonzero(~certain | (found == ASK))
        found[ask] = self._ask(x[ask], y[ask], cell[ask])
        return found

    def _ask(self, x: np.ndarray, y: np.ndarray, cell: np.ndarray) -> np.ndarray:
        """Ask the polygons near some points, one after the other, which holds them."""
        found = np.full(len(x), OUTSIDE)
        turn, end = self._asked_from[cell], self._asked_from[cell + 1]
        waiting = np.flatnonzero(turn < end)
        while len(waiting):
            unit = self._cells.asked[turn[waiting]]
            # Points of one polygon together: it stays in the processor's cache.
            order = np.argsort(unit, kind="stable")
            waiting, unit = waiting[order], unit[order]
            holds = shapely.intersects_xy(self._polygons[unit], x[waiting], y[waiting])
            found[waiting[holds]] = unit[holds]
            waiting = waiting[~holds]
            turn[waiting] += 1
            waiting = waiting[turn[waiting] < end[waiting]]
        return found


def read_grid(
    path: str | Path,
    *,
    polygons: Sequence[shapely.Geometry] | np.ndarray,
    cell_deg: float = CELL_DEG,
) -> UnitGrid:
    """Read the stored grid of some units; build and store it where there is none of just these.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the grid is kept, ``.npz``. A file that cannot be read or written costs only time.
    polygons : sequence of shapely.Geometry
        The units' polygons, as for :meth:`UnitGrid.build`.
    cell_deg : float
        The size of a cell in degrees.

    Returns
    -------
    UnitGrid

    Raises
    ------
    LocateError
        When there can be no grid of such polygons or such cells.
    """
    areas = _as_areas(polygons)
    window = _window_over(areas, cell_deg)
    cells = _stored_cells(Path(path), digest=_digest(areas, window))
    if cells:
        return UnitGrid(areas, window, cells)
    grid = UnitGrid(areas, window, classify(areas, window))
    # Where it cannot be kept, it is built again the next time.
    with contextlib.suppress(PublishError):
        grid.save(path)
    return grid


def _stored_cells(path: Path, *, digest: str) -> Cells | None:
    """Read stored cells; None where there are none, or those of other polygons, or damaged ones."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            if stored["digest"] == digest:
                return Cells(**{name: stored[name] for name in Cells._fields})
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        pass
    return None


def _as_areas(polygons: Sequence[shapely.Geometry] | np.ndarray) -> np.ndarray:
    """Give the polygons as an array, and refuse what is no area in degrees."""
    areas = np.array(polygons, dtype=object)
    if not np.isin(shapely.get_type_id(areas), [-1, 3, 6]).all():
        raise LocateError("a grid needs polygons or multipolygons; another kind of geometry came")
    if not (np.abs(shapely.get_coordinates(areas)) <= 360).all():
        raise LocateError(
            "a grid needs polygons in degrees; a coordinate that is missing or beyond 360 came. "
            "Bring the units to EPSG:4326 first."
        )
    return areas


def _window_over(areas: np.ndarray, cell_deg: float) -> Window:
    """Lay the cells over the polygons, and refuse a size at which sides could not be told."""
    smallest, largest = _CELL_RANGE
    if not smallest <= cell_deg <= largest:
        raise LocateError(
            f"a grid needs cells of {smallest} to {largest} degrees, not {cell_deg!r}"
        )
    return lay_window(areas, cell_deg)


def _digest(areas: np.ndarray, window: Window) -> str:
    """Give what tells the grid of some polygons from that of any others."""
    digest = hashlib.sha256(_FORMAT + window.cell.hex().encode())
    for wkb in shapely.to_wkb(areas):
        digest.update(wkb or b"none")
    return digest.hexdigest()
