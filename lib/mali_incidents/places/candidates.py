"""What a name may mean: places and units, ranked by spelling, units named and what is told beside.

The score says how well a candidate fits, the margin how far it is ahead of the next one somewhere
else. Both decide whether there is an answer at all; ``benchmarks/calibrate_locating.py`` prints
what each choice of the thresholds costs.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod
from rapidfuzz import fuzz, process
from rapidfuzz.distance import JaroWinkler

from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.gazetteer import Gazetteer
from mali_incidents.places.names import ReadName, consonants, fold, keys_of, spelling_key
from mali_incidents.places.spellings import read_aliases, read_named_areas, read_never


class Thresholds(NamedTuple):
    """How good a name must fit to be an answer, as ``benchmarks/calibrate_locating.py`` has it.

    Attributes
    ----------
    least_score : float
        The score that an answer needs, 0 to 1.
    least_margin : float
        How far ahead of the best candidate elsewhere it must be, 0 to 1.
    a_doubling : float
        The more names there are to choose from, the more are alike by chance: a difference in
        spelling counts once in a cercle, and so much more for each doubling of the communes in
        scope.
    unlisted : float
        A common name has more bearers than any gazetteer lists: so much less for each doubling of
        those listed, times the doubt of the scope.
    """

    least_score: float = 0.88
    least_margin: float = 0.035
    a_doubling: float = 0.6
    unlisted: float = 0.03


CALIBRATED: Final = Thresholds()
# From this score on a name is spelt as in the gazetteer.
EXACT: Final = 0.96

# Candidates nearer than this are one place written twice.
_SAME_PLACE_KM: Final = 5.0
# Places near a border are filed on the wrong side of it: so far outside is nearly inside, yet
# less than to be called not quite so inside.
_BORDER_KM: Final = 8.0
_INSIDE, _BESIDE, _SAME_REGION, _ELSEWHERE = 1.0, 0.9, 0.85, 0.7
# What a spelling is worth: the whole key, its beginning, its consonants.
_WHOLE, _BEGINNING, _CONSONANTS = 0.5, 0.25, 0.25
# A key of a part of the name is a little less than a key of the whole.
_PART_OF_NAME: Final = 0.03
# Of two names of one key the one spelt like the text is meant: "Konna", not "Kona".
_SPELT_OTHERWISE: Final = 0.02
# Below this share of letters in common a name is not looked at further.
_WORTH_A_LOOK: Final = 0.6
# Shares that are equal differ by less.
_ROUNDING: Final = 1e-6
# So many are kept, and all that the name may well mean, so that what holds them all is known.
_SHOWN: Final = 10
_LOOKED_AT: Final = 200
_REMEMBERED: Final = 50_000
# How far the points of gazetteers lie apart for nine in ten places; the shipped extents hold it.
_GAZETTEER_KM: Final = 2.5
SHIPPED: Final = "shipped"
_STRAYED: Final = "outside-its-commune"
_TRUSTED_LESS: Final = 0.02
# Reports mean the town unless they say the hamlet.
_SEATS: Final = {"region": 0.05, "cercle": 0.05, "commune": 0.04}
# So much farther ahead must a place be for each namesake that fits as well: the seat of a commune
# outweighs two, that of a cercle six.
_A_NAMESAKE: Final = 0.0025
_AS_WELL: Final = 0.01
# What ships was chosen because reports name it.
_REPORTED: Final = 0.04
# What it is worth to lie where the text says, and what it costs not to.
_FITS, _FITS_NOT = 0.05, 0.8
_COMMUNES_OF_A_CERCLE: Final = 20
_COMMUNES: Final = 701
_CALLED_AFTER: Final = 0.75
_KINDS: Final = {
    "forest": {"forest", "nature reserve"},
    "relief": {"hill", "mountain", "valley", "dune", "plain"},
    "water": {"lake", "pond", "wadi", "river", "valley"},
    "structure": {"bridge", "crossroads"},
    "works": {"mine"},
}
_GEOD: Final = Geod(ellps="WGS84")


class Scope(NamedTuple):
    """The units that a text or record names as holding the place.

    Attributes
    ----------
    units : tuple of str
        Ids of units, any of which may hold it; the country where none is named.
    regions : tuple of str
        Ids of the regions that hold those.
    """

    units: tuple[str, ...]
    regions: tuple[str, ...]


class Spot(NamedTuple):
    """A place a candidate is told beside: its point, and how far away that may be, in km.

    ``must`` where the text says so ("near X", "30 km from X"); else it only helps to choose.
    """

    longitude: float
    latitude: float
    nearest_km: float
    farthest_km: float
    must: bool


class Rival(NamedTuple):
    """A place or unit that a name may mean.

    Attributes
    ----------
    name : str
        Its name in the gazetteer or frame.
    unit : str or None
        The finest unit that holds it, or itself; None outside the frame.
    longitude, latitude : float
        Its point, WGS 84 degrees.
    score : float
        How well it fits, 0 to 1.
    is_unit : bool
        Whether it is the unit itself.
    """

    name: str
    unit: str | None
    longitude: float
    latitude: float
    score: float
    is_unit: bool = False


class Ranked(NamedTuple):
    """Candidates for a name, the best first, one a place.

    Attributes
    ----------
    rows : tuple of int
        Their rows in the gazetteer.
    scores : tuple of float
        How well each fits, 0 to 1.
    margin : float
        How far the first is ahead of the second, 0 to 1.
    likely : tuple of float
        How well each fits by spelling and units alone, whatever doubt there is, 0 to 1.
    certain : bool
        Whether the first is good enough, and far enough ahead.
    """

    rows: tuple[int, ...]
    scores: tuple[float, ...]
    margin: float
    likely: tuple[float, ...] = ()
    certain: bool = False


class _Scoped(NamedTuple):
    """How well each place fits a scope, and how much a difference in spelling counts there."""

    fits: np.ndarray
    doubt: float


class NameIndex:
    """Every name of a gazetteer and a frame, ready to be compared with what reports write.

    Parameters
    ----------
    gazetteer : Gazetteer
        The places.
    frame : AdminFrame
        The units.
    thresholds : Thresholds
        How good a name must fit to be an answer.

    Attributes
    ----------
    places : pandas.DataFrame
        The gazetteer's table.
    homes : numpy.ndarray of object, shape (n,)
        The finest unit that holds each place, None outside the frame.
    """

    def __init__(
        self, gazetteer: Gazetteer, frame: AdminFrame, *, thresholds: Thresholds = CALIBRATED
    ) -> None:
        self.thresholds = thresholds
        self.places = gazetteer.places
        self.frame = frame
        self.longitudes = self.places["longitude"].to_numpy(dtype=float)
        self.latitudes = self.places["latitude"].to_numpy(dtype=float)
        self.homes = np.array(frame.units_at(self.longitudes, self.latitudes), dtype=object)
        # Asked for a row at a time, of which an array makes several times the work.
        self._spots = list(zip(self.longitudes.tolist(), self.latitudes.tolist(), strict=True))
        self._names = list(map(str, self.places["name"].tolist()))
        self._kinds = self.places["kind"].to_numpy(dtype=object)
        seats = self._seats()
        self._worth = np.array([_SEATS.get(seat or "", 0.0) for seat in seats])
        shipped = (self.places["source"] == SHIPPED).to_numpy()
        self._worth = np.maximum(self._worth, np.where(shipped, _REPORTED, 0.0))
        # Filed elsewhere than it lies, a place is trusted less, and its radius holds the gap.
        strayed = (self.places["problem"] == _STRAYED).to_numpy()
        self._worth -= np.where(strayed, _TRUSTED_LESS, 0.0)
        gap = np.where(strayed, self.places["off_km"].fillna(0.0), 0.0)
        off = np.where(self.places["source"] == SHIPPED, 0.0, _GAZETTEER_KM)
        self._extents_km = self.places["extent_km"].to_numpy(dtype=float)
        self._radii_km = self._extents_km + gap + off
        rows, keys, parts, spelt = self._read_names(seats)
        self._rows = np.array(rows, dtype=int)
        self._keys = keys
        self._parts = np.array(parts, dtype=float)
        self._spelt = np.array(spelt, dtype=object)
        # Names that are many are compared once.
        self._number_of, self._distinct = pd.factorize(np.array(keys, dtype=object))
        self._common = np.log2(self._count_namesakes())
        self._bones = np.array([consonants(key) for key in self._distinct], dtype=object)
        self._lengths = np.array([len(key) for key in self._distinct])
        self._letters = _count_letters(self._distinct)
        # Texts name the same places and units again.
        self._compared = lru_cache(maxsize=4096)(self._compare)
        self._alike_units = lru_cache(maxsize=4096)(self._find_alike)
        self._suited: dict[str | None, np.ndarray] = {}
        self._home_codes, homes = pd.factorize(self.homes)
        self._homes = homes.astype(str)
        finest = frame.units.index[frame.units["level"] == frame.levels[-1]]
        self._finest = finest.to_numpy(dtype=str)
        self._points = shapely.STRtree(np.asarray(shapely.points(self.longitudes, self.latitudes)))
        self._scopes: dict[Scope, _Scoped] = {}
        self._ranked: dict[tuple[ReadName, Scope, tuple[Spot, ...]], Ranked] = {}
        self._units = _units_by_key(frame)
        self._unit_keys = list(self._units)
        self._areas = read_named_areas()

    def name(self, row: int) -> str:
        """Give the name of a place."""
        return self._names[row]

    def extent_km(self, row: int) -> float:
        """Give the radius of a place itself in kilometres."""
        return float(self._extents_km[row])

    def radius_km(self, row: int) -> float:
        """Give the radius of a place in kilometres, with what its gazetteer may be off."""
        return float(self._radii_km[row])

    def _count_namesakes(self) -> np.ndarray:
        """Count the places that bear each name: one place written twice is one."""
        squares = pd.DataFrame(
            {
                "name": self._number_of,
                "east": self.longitudes[self._rows].round(1),
                "north": self.latitudes[self._rows].round(1),
            }
        )
        apart = squares.drop_duplicates().groupby("name").size()
        return apart.to_numpy()[self._number_of]

    def _read_names(
        self, seats: list[str | None]
    ) -> tuple[list[int], list[str], list[float], list[frozenset[str]]]:
        """List the keys of all names: the place's row, the key, what that costs, its spellings."""
        rows: list[int] = []
        keys: list[str] = []
        parts: list[float] = []
        spelt: list[frozenset[str]] = []
        aliases = read_aliases()
        names = zip(self._names, self.places["other_names"].tolist(), strict=True)
        for row, (name, others) in enumerate(names):
            listed = others.split(";") if isinstance(others, str) else []
            also = aliases.get(spelling_key(name), ())
            listed += [alias.name for alias in also if not alias.level]
            if seats[row] == "commune" and self.homes[row] is not None:
                # A commune is called after its seat, though perhaps in another spelling.
                called = self.frame.label(self.homes[row])
                if compare_keys(spelling_key(name), spelling_key(called)) >= _CALLED_AFTER:
                    listed.append(called)
            found: dict[str, float] = {}
            letters: dict[str, set[str]] = {}
            for text in (name, *listed):
                for number, key in enumerate(keys_of(text)):
                    part = _PART_OF_NAME if number else 0.0
                    if part < found.get(key, 1.0):
                        found[key], letters[key] = part, set()
                    if part == found[key]:
                        letters[key].add(_squeezed(text))
            rows += [row] * len(found)
            keys += found
            parts += found.values()
            spelt += map(frozenset, letters.values())
        return rows, keys, parts, spelt

    def _seats(self) -> list[str | None]:
        """Give the level of the unit that each place is the seat of, by its name where not told."""
        told = self.places["seat"].astype("object").where(self.places["seat"].notna(), None)
        seats: list[str | None] = told.tolist()
        for row in np.flatnonzero(self.places["source"] == SHIPPED).tolist():
            key = spelling_key(self._names[row])
            chain = self.frame.chain(self.homes[row]) if self.homes[row] else []
            own = [unit for unit in chain if spelling_key(self.frame.label(unit)) == key]
            seats[row] = self.frame.level(own[0]) if own else seats[row]
        return seats

    def units_called(self, read: ReadName, *, level: str | None, within: Scope) -> list[str]:
        """Find the units of a name that lie in a scope, or hold it.

        Parameters
        ----------
        read : ReadName
            The name.
        level : {"region", "cercle", "commune"} or None
            Only units of this level; any by default.
        within : Scope
            Where to look.

        Returns
        -------
        list of str
            Unit ids, sorted; by the exact key, else by the one spelling near enough.
        """
        key = spelling_key(read.name)
        found = self._units.get(key, [])
        fits = self._units_fitting(found, level=level, within=within)
        if fits or level is None or len(key) < _LEAST_LETTERS:
            return fits
        alike = [
            unit
            for other in self._alike_units(key)
            for unit in self._units_fitting(self._units[other], level=level, within=within)
        ]
        return alike if len(set(alike)) == 1 else []

    def _find_alike(self, key: str) -> list[str]:
        """Find the keys of units that are spelt nearly as a key."""
        near = process.extract(key, self._unit_keys, scorer=fuzz.ratio, score_cutoff=80, limit=10)
        return [
            other
            for other, _, _ in near
            if compare_keys(key, other) >= self.thresholds.least_score
            and (key, other) not in read_never()
        ]

    def _units_fitting(
        self, units: Iterable[str], *, level: str | None, within: Scope
    ) -> list[str]:
        """Keep the units of a level that lie in a scope; one that holds it is narrowed to it."""
        of_level = [unit for unit in units if level in {None, self.frame.level(unit)}]
        holds = self.frame.holds
        inside = [unit for unit in of_level if any(holds(one, unit) for one in within.units)]
        holding = [one for one in within.units if any(holds(unit, one) for unit in of_level)]
        return sorted(dict.fromkeys(inside or holding))

    def is_called(self, unit: str, read: ReadName, row: int | None = None) -> bool:
        """Tell whether a unit goes by a name as written, or by one of a place's names."""
        keys = {spelling_key(read.name)}
        if row is not None:
            keys |= {self._keys[number] for number in np.flatnonzero(self._rows == row)}
        return any(unit in self._units.get(key, ()) for key in keys)

    def listed(self, ranked: Ranked) -> tuple[Rival, ...]:
        """Give the candidates that were ranked."""
        return tuple(
            Rival(
                self._names[row], self.homes[row], self.longitudes[row], self.latitudes[row], score
            )
            for row, score in zip(ranked.rows, ranked.scores, strict=True)
        )

    def rivals(self, ranked: Ranked, *, least: float | None = None) -> tuple[Rival, ...]:
        """Give the candidates that the name may well mean, though none for certain."""
        pairs = zip(self.listed(ranked), ranked.likely, strict=True)
        needed = self.thresholds.least_score if least is None else least
        return tuple(one for one, likely in pairs if likely >= needed)

    def unit_rival(self, unit: str) -> Rival:
        """Give a unit as what a name may mean."""
        centre = self.frame.circle(unit).centre
        return Rival(self.frame.label(unit), unit, centre.x, centre.y, _INSIDE, is_unit=True)

    def area_called(self, read: ReadName, *, within: Scope) -> tuple[str, ...]:
        """Find the units that hold an area of a name, as far as they lie in a scope."""
        key = spelling_key(read.name)
        if key not in self._areas:
            return ()
        level, names = self._areas[key]
        held = [unit for name in names for unit in self.frame.find(name, level=level)]
        holds = self.frame.holds
        inside = [unit for unit in held if any(holds(one, unit) for one in within.units)]
        holding = [one for one in within.units if any(holds(unit, one) for unit in held)]
        return tuple(sorted(dict.fromkeys(inside or holding)))

    def finest_called(self, read: ReadName, *, within: Scope) -> list[str]:
        """Find the finest units of a name in a scope: of Koulikoro the commune, not the region."""
        units = self.units_called(read, level=None, within=within)
        # A unit that holds the scope was narrowed to it, and is not called so itself.
        key = spelling_key(read.name)
        ruled_out = read_never().get((key, key)) == ""
        called = [unit for unit in units if unit != COUNTRY and self.is_called(unit, read)]
        units = [] if ruled_out else called
        holds = self.frame.holds
        return [
            unit
            for unit in units
            if not any(other != unit and holds(unit, other) for other in units)
        ]

    def rank(self, read: ReadName, *, within: Scope, beside: tuple[Spot, ...] = ()) -> Ranked:
        """Rank the places that a name may mean.

        Parameters
        ----------
        read : ReadName
            The name.
        within : Scope
            The units that are said to hold it.
        beside : tuple of Spot
            Places told beside it.

        Returns
        -------
        Ranked
            The best first, then those spelt most alike: ten, and all that the name may well mean.
            Places within 5 km of a better one are that one.
        """
        asked = (read, within, beside)
        if asked not in self._ranked:
            if len(self._ranked) > _REMEMBERED:
                self._ranked.clear()
            self._ranked[asked] = self._rank(*asked)
        return self._ranked[asked]

    def _rank(self, read: ReadName, within: Scope, beside: tuple[Spot, ...]) -> Ranked:
        """Rank the places that a name may mean, once."""
        key = spelling_key(read.name)
        if not key:
            return Ranked((), (), 0.0)
        numbers, alike = self._compared(key, _squeezed(read.name))
        rows = self._rows[numbers]
        usable = self._suiting(read.level)[rows]
        numbers, rows, alike = numbers[usable], rows[usable], alike[usable]
        if not len(rows):
            return Ranked((), (), 0.0)
        scoped, worth = self._scoped(within), self._worth[rows]
        fits = scoped.fits[rows]
        told, strayed = self._context(rows, beside)
        fits_told = np.where(strayed, _FITS_NOT, 1.0)
        scores = (1 - (1 - alike) * scoped.doubt) * fits * fits_told
        unlisted = self._common[numbers] * (scoped.doubt - 1) * self.thresholds.unlisted
        scores -= np.where((worth > 0) | told, 0.0, unlisted)
        order_by = scores + worth + _FITS * told
        likely = alike * fits * fits_told
        return self._one_a_place(rows, np.maximum(scores, 0.0), order_by, likely)

    def _compare(self, key: str, letters: str) -> tuple[np.ndarray, np.ndarray]:
        """Compare a key with every key: the numbers of those worth a look, and how alike."""
        # Keys alike in order have as many letters in common in any order, which is told ten times
        # as soon; letters beyond ASCII are taken to be in common.
        shared = np.zeros(len(self._distinct), dtype=np.int32)
        for letter, count in Counter(key).items():
            shared += np.minimum(self._letters[ord(letter)], count) if letter.isascii() else count
        near = np.flatnonzero(2 * shared >= _WORTH_A_LOOK * (self._lengths + len(key)) - _ROUNDING)
        whole = process.cdist(
            [key],
            self._distinct[near],
            scorer=fuzz.ratio,
            score_cutoff=100 * _WORTH_A_LOOK,
            dtype=np.float32,
        )[0]
        near, whole = near[whole > 0], whole[whole > 0]
        beginning = process.cdist(
            [key], self._distinct[near], scorer=JaroWinkler.normalized_similarity
        )[0]
        consonant = process.cdist([consonants(key)], self._bones[near], scorer=fuzz.ratio)[0] / 100
        alike = np.zeros(len(self._distinct), dtype=np.float32)
        alike[near] = _WHOLE * whole / 100 + _BEGINNING * beginning + _CONSONANTS * consonant
        each = alike[self._number_of]
        numbers = np.flatnonzero(each)
        if never := {other: within for (one, other), within in read_never().items() if one == key}:
            kept = [not self.is_ruled_out(number, never) for number in numbers.tolist()]
            numbers = numbers[kept]
        same_key = self._distinct[self._number_of[numbers]] == key
        spelt = self._spelt[numbers]
        otherwise = [same and letters not in one for same, one in zip(same_key, spelt, strict=True)]
        part = self._parts[numbers]
        cost = np.where(part == 0, _SPELT_OTHERWISE * np.array(otherwise, dtype=bool), part)
        return numbers, each[numbers] - cost

    def is_ruled_out(self, number: int, never: dict[str, str]) -> bool:
        """Tell whether a name must never be taken for one of those listed."""
        within = never.get(self._keys[number])
        if within is None:
            return False
        home = self.homes[self._rows[number]]
        return not within or (home is not None and self.frame.holds(within, home))

    def is_known(self, row: int) -> bool:
        """Tell whether a place is one that reports tell others by: a seat of a unit, or a town."""
        return bool(self._worth[row] > 0) or self._kinds[row] == "town"

    def _suiting(self, level: str | None) -> np.ndarray:
        """Tell which places a type word allows; kept, as there are few such words."""
        if level not in self._suited:
            suits = [self._suits(level, kind) for kind in self._kinds]
            self._suited[level] = np.array(suits, dtype=bool)
        return self._suited[level]

    @staticmethod
    def _suits(level: str | None, kind: object) -> bool:
        """Tell whether a type word allows a kind of place: no forest is the village of its name."""
        if level in _KINDS:
            return kind in _KINDS[level]
        return kind not in {"forest", "hill", "mountain", "valley"} or level is None

    def _scoped(self, within: Scope) -> "_Scoped":
        """Say what a scope does to every place; kept, as records name the same units again."""
        if within not in self._scopes:
            self._scopes[within] = _Scoped(self._fit_of(within), self._doubt_of(within))
        return self._scopes[within]

    def _doubt_of(self, within: Scope) -> float:
        """Say how much a difference in spelling counts in a scope."""
        held = int(_held(within.units, self._finest).sum())
        communes = max(held, 1) / len(self._finest) * _COMMUNES
        doublings = max(0.0, float(np.log2(communes / _COMMUNES_OF_A_CERCLE)))
        return 1 + self.thresholds.a_doubling * doublings

    def _fit_of(self, within: Scope) -> np.ndarray:
        """Say for every place how well it fits a scope."""
        if within.units == (COUNTRY,):
            return np.ones(len(self.homes))
        same_region = np.where(_held(within.regions, self._homes), _SAME_REGION, _ELSEWHERE)
        worth = np.where(_held(within.units, self._homes), _INSIDE, same_region)
        # The last answers for the places outside the frame.
        fits = np.array([*worth, _ELSEWHERE])[self._home_codes]
        area = shapely.union_all([self.frame.polygon(unit) for unit in within.units])
        # A degree of latitude is over 100 km, in Mali one of longitude too: it never misses.
        close = self._points.query(area, predicate="dwithin", distance=_BORDER_KM / 100)
        close = close[fits[close] < _INSIDE]
        if len(close):
            lines = shapely.shortest_line(self._points.geometries[close], area)
            ends = shapely.get_coordinates(lines).reshape(-1, 4)
            _, _, metres = _GEOD.inv(*ends.T)
            fits[close[metres <= 1000 * _BORDER_KM]] = _BESIDE
        return fits

    def _context(self, rows: np.ndarray, beside: tuple[Spot, ...]) -> tuple[np.ndarray, np.ndarray]:
        """Tell which candidates lie where the text says, and which lie where they must not."""
        told = np.zeros(len(rows), dtype=bool)
        required, met = False, np.zeros(len(rows), dtype=bool)
        for spot in beside:
            _, _, metres = _GEOD.inv(
                np.full(len(rows), spot.longitude),
                np.full(len(rows), spot.latitude),
                self.longitudes[rows],
                self.latitudes[rows],
            )
            fits = (metres >= 1000 * spot.nearest_km) & (metres <= 1000 * spot.farthest_km)
            told |= fits
            required |= spot.must
            met |= fits & spot.must
        return told, ~met & required

    def _is_same_place(self, row: int, other: int) -> bool:
        """Tell whether two rows are so near each other that they are one place written twice."""
        if row == other:
            return True
        (east, north), (other_east, other_north) = self._spots[row], self._spots[other]
        # In Mali no degree is shorter than 100 km.
        near = _SAME_PLACE_KM / 100
        if abs(east - other_east) > near or abs(north - other_north) > near:
            return False
        metres = _GEOD.inv(east, north, other_east, other_north)[2]
        return bool(metres <= _SAME_PLACE_KM * 1000)

    def _one_a_place(
        self, rows: np.ndarray, scores: np.ndarray, order_by: np.ndarray, likely: np.ndarray
    ) -> Ranked:
        """Keep the best of the candidates that are one place, and say how far the first leads."""
        kept: list[int] = []
        # A rival's spelling is no more doubtful than it is.
        as_rival = order_by - scores + likely
        first = int(np.argmax(order_by))
        best_first = [first, *np.argsort(-as_rival, kind="stable")[: _LOOKED_AT - 1].tolist()]
        row_of = rows.tolist()
        for number in best_first:
            if len(kept) >= _SHOWN and as_rival[number] < self.thresholds.least_score:
                break
            row = row_of[number]
            if not any(self._is_same_place(row, row_of[other]) for other in kept):
                kept.append(number)
        # Nor is the first one's beside a namesake: both are spelt as the text, or neither.
        leads = [
            (as_rival if likely[other] == likely[kept[0]] else order_by)[kept[0]] - as_rival[other]
            for other in kept[1:]
        ]
        lead = min(leads, default=order_by[kept[0]])
        best, margin = float(min(scores[kept[0]], 1.0)), float(np.clip(lead, 0.0, 1.0))
        needed = self.thresholds
        # The more others fit as well by all but being a seat, the less a seat is sure to be meant.
        fits = as_rival - self._worth[rows]
        namesakes = sum(fits[other] >= fits[kept[0]] - _AS_WELL for other in kept[1:])
        least_margin = needed.least_margin + _A_NAMESAKE * namesakes
        return Ranked(
            tuple(int(rows[number]) for number in kept),
            tuple(float(min(scores[number], 1.0)) for number in kept),
            margin,
            tuple(float(likely[number]) for number in kept),
            certain=best >= needed.least_score and margin >= least_margin,
        )


_LEAST_LETTERS: Final = 5


def _units_by_key(frame: AdminFrame) -> dict[str, list[str]]:
    """List units by the keys of their names and aliases."""
    aliases = read_aliases()
    units: dict[str, list[str]] = {}
    for unit, name in frame.units["name"].items():
        known = aliases.get(spelling_key(name), ())
        also = [alias.name for alias in known if alias.level in {"", frame.level(unit)}]
        for key in dict.fromkeys(key for text in (name, *also) for key in keys_of(text)):
            units.setdefault(key, []).append(str(unit))
    return units


def _held(units: tuple[str, ...], ids: np.ndarray) -> np.ndarray:
    """Tell which of some ids are those of units that one of a few units is or holds."""
    held = np.full(len(ids), COUNTRY in units)
    for unit in units:
        held |= (ids == unit) | np.strings.startswith(ids, f"{unit}/")
    return held


def _count_letters(keys: np.ndarray) -> np.ndarray:
    """Count each letter of ASCII, a row a letter, in each of some keys, a column a key."""
    written = np.frombuffer("\n".join(keys).encode("ascii", "replace"), dtype=np.uint8)
    counts = np.zeros((128, len(keys)), dtype=np.int32)
    np.add.at(counts, (written, np.cumsum(written == ord("\n"))), 1)
    return counts


def _squeezed(name: str) -> str:
    """Fold a name without its blanks."""
    return fold(name).replace(" ", "")


def compare_keys(key: str, other: str) -> float:
    """Say how alike two keys are, 0 to 1."""
    return (
        _WHOLE * fuzz.ratio(key, other) / 100
        + _BEGINNING * float(JaroWinkler.normalized_similarity(key, other))
        + _CONSONANTS * fuzz.ratio(consonants(key), consonants(other)) / 100
    )
