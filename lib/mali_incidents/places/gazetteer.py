"""Towns, villages and sites with their centres and extents, from every gazetteer in use."""

from collections.abc import Iterable
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from pyproj import Geod

from mali_incidents.errors import LocateError
from mali_incidents.places.added_places import (
    PlaceSource,
    added_folders,
    describe_added,
    read_added,
)
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.names import fold
from mali_incidents.storage import sha256_of, shipped
from mali_incidents.tables import PLACES

_SHIPPED: Final = "shipped"
_GEOD: Final = Geod(ellps="WGS84")
_MOST_SAID: Final = 5
_NEEDED: Final = (
    "place_id",
    "name",
    "other_names",
    "kind",
    "admin1",
    "admin2",
    "latitude",
    "longitude",
    "extent_km",
)


class Gazetteer:
    """Named places.

    Parameters
    ----------
    name : str
        What the gazetteer is called in messages.
    places : pandas.DataFrame
        One row a place, :data:`mali_incidents.tables.PLACES`: place_id, name, other_names (parted
        by ``;``), kind, admin1, admin2, latitude and longitude in WGS 84 degrees, extent_km (the
        radius of the place itself), and what else is known.
    sources : iterable of PlaceSource
        The gazetteers that the places are from.

    Attributes
    ----------
    places : pandas.DataFrame
        The places, all columns of the contract, numbered from 0.
    sources : tuple of PlaceSource
        What was used: name, source, licence, date, sha256, rows, places, found.

    Raises
    ------
    LocateError
        When a column is missing.
    """

    def __init__(
        self, *, name: str, places: pd.DataFrame, sources: Iterable[PlaceSource] = ()
    ) -> None:
        missing = [column for column in _NEEDED if column not in places]
        if missing:
            raise LocateError(f"the gazetteer {name!r} lacks the column(s) {', '.join(missing)}")
        self.name = name
        self.sources = tuple(sources)
        self.places = places.reindex(columns=list(PLACES.columns)).reset_index(drop=True)

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        """Row numbers by folded name; made when a name is first asked for."""
        rows: dict[str, list[int]] = {}
        folded: dict[str, str] = {}
        pairs = zip(self.places["name"], self.places["other_names"], strict=True)
        for number, (name, others) in enumerate(pairs):
            listed = others.split(";") if isinstance(others, str) else []
            for text in dict.fromkeys((name, *listed)):
                if text not in folded:
                    folded[text] = fold(text)
                found = rows.setdefault(folded[text], [])
                if found[-1:] != [number]:
                    found.append(number)
        return rows

    def find(self, name: str) -> pd.DataFrame:
        """Find the places of a name, accents, case, hyphens and apostrophes aside."""
        return self.places.iloc[self._rows.get(fold(name), [])]

    def place(self, name: str) -> pd.Series:
        """Give the one place of a name.

        Parameters
        ----------
        name : str
            A place's name, e.g. ``"Bamako"``.

        Returns
        -------
        pandas.Series
            The place's row; the shipped gazetteer's, where it has one place of that name. Where
            several gazetteers have the same place, so that the largest holds the others, the
            largest.

        Raises
        ------
        LocateError
            When no place, or more than one, has the name.
        """
        found = self.find(name)
        own = found[found["source"] == _SHIPPED]
        if len(own) == 1:
            return own.iloc[0]
        if found.empty:
            raise LocateError(
                f"no place called {name!r} in the gazetteer {self.name!r}: check the spelling, or "
                "give a point as (latitude, longitude)"
            )
        largest = found.sort_values("extent_km", ascending=False, kind="stable").iloc[0]
        if (_km_from(largest, found) <= largest["extent_km"]).all():
            return largest
        units = list(dict.fromkeys(found["admin2"].fillna("an unnamed unit")))
        more = f" and {len(units) - _MOST_SAID} more" if len(units) > _MOST_SAID else ""
        raise LocateError(
            f"{name!r} is more than one place (in {', '.join(units[:_MOST_SAID])}{more}): give a "
            "point as (latitude, longitude)"
        )


def _km_from(place: pd.Series, others: pd.DataFrame) -> np.ndarray:
    """Measure how far places lie from one, in kilometres."""
    count = len(others)
    _, _, metres = _GEOD.inv(
        np.full(count, place["longitude"]),
        np.full(count, place["latitude"]),
        others["longitude"].to_numpy(),
        others["latitude"].to_numpy(),
    )
    kilometres: np.ndarray = metres / 1000
    return kilometres


def read_gazetteer(places: str = "all", *, frame: AdminFrame | None = None) -> Gazetteer:
    """Read the places that are known.

    Parameters
    ----------
    places : {"all", "shipped"}
        The shipped gazetteer and all that the user added, or the shipped one alone.
    frame : AdminFrame, optional
        The units that ``unit_id`` is told by; the shipped ones of 2017 by default.

    Returns
    -------
    Gazetteer
        The shipped places first, then the added ones by their gazetteer's name. Its name is that
        of its sources, joined by ``" + "``.

    Raises
    ------
    LocateError
        When ``places`` is another word, or a gazetteer that was added is damaged.
    """
    if places not in {"all", _SHIPPED}:
        raise LocateError(f"places must be 'all' or 'shipped', got {places!r}")
    folders = added_folders() if places == "all" else []
    stamps = tuple((folder, folder.stat().st_mtime_ns) for folder in folders)
    return _combined(stamps, frame if frame is not None else read_frame())


def list_gazetteers() -> list[PlaceSource]:
    """List the gazetteers that are used: the shipped one, then those added, by name."""
    return [_shipped_source(), *map(describe_added, added_folders())]


@lru_cache(maxsize=4)
def _combined(stamps: tuple[tuple[Path, int], ...], frame: AdminFrame) -> Gazetteer:
    """Read and combine gazetteers; again only when one has changed."""
    folders = [folder for folder, _ in stamps]
    sources = [_shipped_source(), *map(describe_added, folders)]
    tables = [_shipped_places(), *map(read_added, folders)]
    places = pd.concat(tables, ignore_index=True)
    held = frame.units_at(places["longitude"].to_numpy(), places["latitude"].to_numpy())
    name = " + ".join(source.name for source in sources)
    return Gazetteer(
        name=name, places=places.assign(unit_id=pd.array(held, dtype="str")), sources=sources
    )


@lru_cache(maxsize=1)
def _shipped_places() -> pd.DataFrame:
    """Read the places that ship, as the contract has them."""
    table = pd.read_csv(shipped("places", "places.csv")).assign(source=_SHIPPED)
    types = {name: column.dtype.type for name, column in PLACES.columns.items()}
    return table.reindex(columns=list(types)).astype(types)


def _shipped_source() -> PlaceSource:
    """Say what ships."""
    count = len(_shipped_places())
    return PlaceSource(
        name=_SHIPPED,
        source="collected facts, each with its source, and GeoNames",
        licence="facts as cited; GeoNames CC BY 4.0",
        date="2026",
        sha256=sha256_of(shipped("places", "places.csv")),
        rows=count,
        places=count,
        found={},
    )
