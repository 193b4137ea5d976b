"""Towns, villages and sites with their centres and extents."""

from functools import cache
from typing import Final

import pandas as pd

from mali_incidents.errors import LocateError
from mali_incidents.places.names import fold
from mali_incidents.storage import shipped

_COLUMNS: Final = (
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
        What the gazetteer is called in manifests.
    places : pandas.DataFrame
        One row a place: place_id, name, other_names (parted by ``;``), kind, admin1, admin2,
        latitude and longitude in WGS 84 degrees, extent_km (the radius of the place itself).

    Raises
    ------
    LocateError
        When a column is missing.
    """

    def __init__(self, *, name: str, places: pd.DataFrame) -> None:
        missing = [column for column in _COLUMNS if column not in places]
        if missing:
            raise LocateError(f"the gazetteer {name!r} lacks the column(s) {', '.join(missing)}")
        self.name = name
        self.places = places.reset_index(drop=True)
        self._rows: dict[str, list[int]] = {}
        for number, row in enumerate(self.places[["name", "other_names"]].itertuples(index=False)):
            others = row.other_names.split(";") if isinstance(row.other_names, str) else []
            for key in dict.fromkeys(fold(text) for text in (str(row.name), *others)):
                self._rows.setdefault(key, []).append(number)

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
            The place's row.

        Raises
        ------
        LocateError
            When no place, or more than one, has the name.
        """
        found = self.find(name)
        if len(found) == 1:
            return found.iloc[0]
        if found.empty:
            raise LocateError(
                f"no place called {name!r} in the gazetteer {self.name!r}: check the spelling, or "
                "give a point as (latitude, longitude)"
            )
        where = "; ".join(f"{row.name} in {row.admin2}" for row in found.itertuples(index=False))
        raise LocateError(
            f"{name!r} is more than one place ({where}): give a point as (latitude, longitude)"
        )


@cache
def read_gazetteer() -> Gazetteer:
    """Read the gazetteer that ships."""
    return Gazetteer(name="shipped", places=pd.read_csv(shipped("places", "places.csv")))
