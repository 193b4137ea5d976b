"""A located table made ready to leave: rows, columns, places, texts, and what is said of it."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import geopandas as gpd
import pandas as pd

from mali_incidents.errors import ReleaseError
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.places.gazetteer import Gazetteer, read_gazetteer
from mali_incidents.places.names import fold, read_name, spelling_key
from mali_incidents.places.phrases import read_phrases
from mali_incidents.places.spellings import read_aliases
from mali_incidents.records.coverage import Coverage
from mali_incidents.release.coarsen import coarsened
from mali_incidents.release.profiles import LANGUAGES, UNITS, Profile, read_profile
from mali_incidents.release.texts import (
    MARK,
    Found,
    find_private,
    is_link,
    is_name,
    place_words,
    redacted,
)
from mali_incidents.release.words import (
    generalizations,
    notice_of,
    say,
    statement_of,
    withheld_words,
)
from mali_incidents.tables import FINDINGS, Candidate, Reason, Source, as_located, why_not_located

# Texts that people write as they like.
FREE_TEXTS: Final = (
    *("target", "actor", "summary", "location_text", "admin1", "admin2", "admin3"),
    *("episode_id", "dataset"),
)
# Whose row it is elsewhere, and how.
_CODES: Final = ("dataset_id", "reported_precision")
# What a record itself says of its place.
_TOLD: Final = ("location_text", "admin1", "admin2", "admin3")
# Why a row is not given, the first that holds.
_WHY: Final = ("terms", "embargo", "undated", "verification")
# What is left of a name without the words for what it is ("old well") is a name where it is long.
_LONG: Final = 5
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Release:
    """An edition: what may leave, and what is said of it.

    Attributes
    ----------
    located : geopandas.GeoDataFrame
        A located table of the rows that are given, with data_generalizations and
        information_withheld.
    counted : geopandas.GeoDataFrame
        A located table of the rows that may only be counted, coarsened alike; they must never be
        drawn or written as rows.
    withheld : pandas.DataFrame
        The rows not given: incident_id and why (terms, embargo, undated, verification). For the
        house alone. ``located`` and it together have every row.
    redactions : pandas.DataFrame
        A findings table: what was found in which row and column and removed. For the house alone.
    statement : mapping of str to str
        What was coarsened, withheld and removed, in plain sentences, by language.
    notice : mapping of str to str
        One line for the head of maps and reports, by language.
    profile : Profile
        What the edition may hold.
    as_of : datetime.date
        The day of the edition.
    ids : mapping of str to str
        The id of each row given, by the one it had. For the house alone.
    """

    located: gpd.GeoDataFrame
    counted: gpd.GeoDataFrame
    withheld: pd.DataFrame
    redactions: pd.DataFrame
    statement: Mapping[str, str]
    notice: Mapping[str, str]
    profile: Profile
    as_of: dt.date
    ids: Mapping[str, str]


def newest_day(located: pd.DataFrame, coverage: Coverage | None) -> dt.date:
    """Give the day of an edition where none is named: the coverage's, else the records' last.

    Parameters
    ----------
    located : pandas.DataFrame
        An incident table.
    coverage : Coverage or None
        What it covers. Its day comes first: one date typed wrong, far in the future, would lift an
        embargo.

    Returns
    -------
    datetime.date
        1970-01-01 where there is neither; never the clock's.
    """
    if coverage is not None:
        return coverage.as_of
    last = located["date_end"].fillna(located["date_start"]).max()
    return dt.date(1970, 1, 1) if pd.isna(last) else last.date()


def prepare_release(
    located: gpd.GeoDataFrame,
    profile: Profile | str | Path,
    *,
    as_of: dt.date | None = None,
    frame: AdminFrame | None = None,
    coverage: Coverage | None = None,
    gazetteer: Gazetteer | None = None,
    lang: str = "en",
) -> Release:
    """Make an edition of a located table, before anything is counted, drawn or written.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        A located table.
    profile : Profile, str or pathlib.Path
        What the edition may hold, or what :func:`read_profile` reads it from: the name of one that
        ships (internal, partner, public) or a TOML file like theirs.
    as_of : datetime.date, optional
        The day of the edition, which an embargo is counted from; that of the coverage by default,
        else the last day of the records.
    frame : AdminFrame, optional
        The units the table was located in; the shipped ones by default.
    coverage : Coverage, optional
        What the records cover.
    gazetteer : Gazetteer, optional
        The places whose names are looked for in texts; those that ship and those added by default.
    lang : {"en", "fr"}
        The language of what stands on each row.

    Returns
    -------
    Release
        Rows in = rows given + rows withheld. Releasing its table again with the same profile and
        day changes nothing.

    Raises
    ------
    ReleaseError
        When the table was not located, or in other units, or there is no such language or profile.
    """
    if not isinstance(profile, Profile):
        profile = read_profile(profile)
    if wrong := why_not_located(located):
        raise ReleaseError(wrong)
    units = frame if frame is not None else read_frame()
    _check(located, lang=lang, frame=units)
    day = as_of if as_of is not None else newest_day(located, coverage)
    why = _why_withheld(located, profile, day)
    placed = _place(located, profile, units)
    kept, counted = placed[why.isna()], placed[why == "terms"]
    findings: list[dict[str, Any]] = []
    if not profile.keeps_all:
        kept, counted = _columns(kept, profile), _columns(counted, profile)
        names: dict[Any, _Named] = {}
        if profile.place_names == "drop":
            known = gazetteer if gazetteer is not None else read_gazetteer(frame=units)
            names = _Names(units, known, profile.coarsen).of_all(located, placed)
        kept = _texts(kept, profile, names=names, findings=findings)
    new = _ids(kept, profile)
    ids = dict(zip(kept["incident_id"], new, strict=True))
    kept = _renamed(kept, new, profile)
    kept = kept.assign(
        data_generalizations=_said(generalizations(profile, lang), kept, "data_generalizations"),
        information_withheld=_said(withheld_words(profile, lang), kept, "information_withheld"),
    )
    held = located.loc[why.notna(), "incident_id"]
    withheld = pd.DataFrame({"incident_id": held, "why": why[why.notna()]}).reset_index(drop=True)
    redactions = FINDINGS.validate(pd.DataFrame(findings, columns=list(FINDINGS.columns)))
    by_kind = redactions["code"].value_counts()
    said = {
        "read": len(located),
        "given": len(kept),
        "as_of": day.isoformat(),
    }
    counts = {code: int((why == code).sum()) for code in _WHY if (why == code).any()}
    found = {str(kind): int(by_kind[kind]) for kind in sorted(by_kind.index)}
    return Release(
        located=as_located(kept),
        counted=as_located(counted),
        withheld=withheld,
        redactions=redactions,
        statement=MappingProxyType(
            {
                one: statement_of(profile, one, **said, why=counts, found=found)  # type: ignore[arg-type]
                for one in LANGUAGES
            }
        ),
        notice=MappingProxyType({one: notice_of(profile, one, **said) for one in LANGUAGES}),  # type: ignore[arg-type]
        profile=profile,
        as_of=day,
        ids=MappingProxyType(ids),
    )


def _check(located: gpd.GeoDataFrame, *, lang: str, frame: AdminFrame) -> None:
    """Refuse a language that is none, and units of another vintage."""
    wrong = []
    if lang not in LANGUAGES:
        wrong.append(f"lang must be one of {', '.join(LANGUAGES)}, got {lang!r}")
    others = sorted(set(located["frame"].dropna()) - {frame.name})
    if others:
        wrong.append(f"the table was located in {', '.join(others)}, not in {frame.name}")
    if located["incident_id"].duplicated().any() or not located.index.is_unique:
        wrong.append("every row must have an incident_id and an index of its own")
    if wrong:
        raise ReleaseError("; ".join(wrong))


def _why_withheld(located: pd.DataFrame, profile: Profile, as_of: dt.date) -> pd.Series:
    """Say of each row why it is not given; missing where it is."""
    why = pd.Series(pd.NA, index=located.index, dtype="str")
    checked = located["verification"].fillna("unverified")
    why = why.mask(~checked.isin(profile.verification), "verification")
    if profile.embargo_days:
        last = located["date_end"].fillna(located["date_start"])
        why = why.mask(last.isna(), "undated")
        # A day as many days back as the embargo is long is the first that is free.
        free = pd.Timestamp(as_of) - pd.Timedelta(days=profile.embargo_days)
        why = why.mask(last > free, "embargo")
    # What no other rule holds back may be counted.
    return why.mask(why.isna() & _is_of(located, profile.aggregate_only), "terms")


def _is_of(located: pd.DataFrame, datasets: tuple[str, ...]) -> pd.Series:
    """Tell the rows of some datasets, whatever version their name goes on with."""
    words = {fold(name) for name in datasets}
    told = zip(
        located["dataset"].astype("object"),
        located["reported_precision"].astype("object"),
        located["incident_id"].astype("object"),
        strict=True,
    )
    # The codes and ids that our readers write are prefixed with the dataset.
    hits = [
        any(
            f" {word} " in f" {fold(str(cell))} "
            for cell in (
                dataset,
                str(code).partition(":")[0],
                str(one).partition("-")[0],
            )
            for word in words
        )
        for dataset, code, one in told
    ]
    return pd.Series(hits, index=located.index, dtype=bool)


def _place(located: gpd.GeoDataFrame, profile: Profile, frame: AdminFrame) -> pd.DataFrame:
    """Give a table with its places as coarse as the profile asks."""
    table = pd.DataFrame(located.copy())
    if profile.coarsen == "none" and profile.place_names == "keep":
        return table
    if profile.coarsen == "none":
        nothing = [Reason("none", {"notes": []})] * len(table)
        return table.assign(
            candidates=pd.Series([[] for _ in nothing], index=table.index, dtype="object"),
            reason=pd.Series(nothing, index=table.index, dtype="object"),
            score=None,
            margin=None,
        )
    reasons, candidates = table["reason"], table["candidates"]
    places = coarsened(located, profile=profile, frame=frame)
    for name in places.columns:
        table[name] = places[name]
    for name in ("latitude", "longitude"):
        table[name] = float("nan")
    if profile.place_names == "keep":
        # The words may stay, the coordinates of candidates may not.
        table["reason"] = reasons
        table["candidates"] = [
            [one._replace(latitude=None, longitude=None, distance_km=None) for one in cell]
            for cell in candidates
        ]
    return table


def _columns(table: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Leave columns blank, and sources out."""
    blank: dict[str, Any] = dict.fromkeys(profile.drop)
    if profile.place_names == "drop":
        blank["location_text"] = None
        for depth in (1, 2, 3):
            told, known = table[f"admin{depth}"], table[f"admin{depth}_name"]
            # What the record writes may be finer, or more than a name.
            same = [
                isinstance(one, str) and isinstance(two, str) and fold(one) == fold(two)
                for one, two in zip(told.astype("object"), known.astype("object"), strict=True)
            ]
            blank[f"admin{depth}"] = told.where(pd.Series(same, index=table.index))
    sources = [
        [
            source if profile.source_links else source._replace(url=None)
            for source in cell
            # A source without a name goes by its address.
            if profile.source_names and (profile.source_links or not is_link(source.name))
        ]
        for cell in table["sources"]
    ]
    return table.assign(**blank, sources=pd.Series(sources, index=table.index, dtype="object"))


@lru_cache(maxsize=4)
def _known_names(frame: AdminFrame, gazetteer: Gazetteer, coarsen: str) -> frozenset[str]:
    """Give the folded names of places that are no names of units as coarse as allowed."""
    places = gazetteer.places
    names = {fold(str(name)) for name in places["name"].dropna()}
    for others in places["other_names"].dropna():
        names |= {fold(one) for one in str(others).split(";")}
    allowed = UNITS[UNITS.index(coarsen) :] if coarsen in UNITS else ()
    coarse = set()
    for name, others, level in frame.units[["name", "other_names", "level"]].itertuples(
        index=False
    ):
        several = [name, *(others.split(";") if isinstance(others, str) else [])]
        folded = {fold(one) for one in several}
        if level in (*allowed, "country"):
            coarse |= folded
        else:
            names |= folded
    return frozenset(name for name in names - coarse if len(name) > 2)


def _texts(
    table: pd.DataFrame,
    profile: Profile,
    *,
    names: Mapping[Any, "_Named"],
    findings: list[dict[str, Any]],
) -> pd.DataFrame:
    """Remove from the texts that stay what must not leave, and note it."""
    dropped = {*profile.drop}
    if profile.place_names == "drop":
        # What of the units may stay is seen to by their names.
        dropped |= {*_TOLD}
    if profile.ids == "new":
        # They get the ids of rows later.
        dropped.add("episode_id")
    changed: dict[str, list[Any]] = {
        name: [] for name in (*FREE_TEXTS, *_CODES, "sources", "reason", "candidates")
    }
    for at, row in zip(table.index, table.to_dict("records"), strict=True):
        cleaner = _Cleaner(row, profile, names.get(at, _NO_NAMES), findings)
        for name in FREE_TEXTS:
            changed[name].append(row[name] if name in dropped else cleaner.cleaned(row[name], name))
        for name in _CODES:
            changed[name].append(cleaner.code(row[name], name))
        changed["sources"].append(cleaner.sources(row["sources"]))
        changed["reason"].append(
            Reason(row["reason"].code, cleaner.values(row["reason"].values))
            if profile.place_names == "keep"
            else row["reason"]
        )
        changed["candidates"].append(
            [
                Candidate(
                    cleaner.cleaned(one.name, "candidates"),
                    cleaner.cleaned(one.unit, "candidates"),
                    *one[2:],
                )
                for one in row["candidates"]
            ]
        )
    columns = {
        name: pd.Series(cells, index=table.index, dtype="object") for name, cells in changed.items()
    }
    return table.assign(**columns)


class _Named(NamedTuple):
    """Folded names of places to look for in the texts of a row.

    Attributes
    ----------
    places : frozenset of str
        As words with a capital.
    own : frozenset of str
        In any case: those of the record's place, and of the others of its episode.
    """

    places: frozenset[str]
    own: frozenset[str]


_NO_NAMES: Final = _Named(frozenset(), frozenset())


class _Names:
    """The names of places that an edition may not give."""

    def __init__(self, frame: AdminFrame, gazetteer: Gazetteer, coarsen: str) -> None:
        coarsest = frame.units.loc[frame.units["level"] == frame.levels[0], "name"]
        self._regions = {fold(str(name)) for name in coarsest}
        self._units = {fold(str(name)) for name in frame.units["name"]}
        self._known = _known_names(frame, gazetteer, coarsen)
        self._gazetteer = gazetteer
        self._also: dict[str, set[str]] = {}

    def of_all(self, told: pd.DataFrame, given: pd.DataFrame) -> dict[Any, _Named]:
        """Give the names to look for in each row, by its index; of a place and as it is given."""
        rows = zip(told.to_dict("records"), given.to_dict("records"), strict=True)
        found = [self._of(*row) for row in rows]
        # Those of one attack name one another's places.
        words_of: dict[Any, set[str]] = {}
        own_of: dict[Any, set[str]] = {}
        for episode, (words, own, _) in zip(told["episode_id"], found, strict=True):
            if isinstance(episode, str):
                words_of.setdefault(episode, set()).update(words)
                own_of.setdefault(episode, set()).update(own)
        named = {}
        for at, episode, (words, own, allowed) in zip(
            told.index, told["episode_id"], found, strict=True
        ):
            also = frozenset(own | (own_of.get(episode, set()) - allowed))
            more = words | (words_of.get(episode, set()) - allowed)
            named[at] = _Named(self._known | more | also, also)
        return named

    def _of(
        self, told: Mapping[Any, Any], given: Mapping[Any, Any]
    ) -> tuple[set[str], set[str], set[str]]:
        """Give the words that a record has for its place, the names of it, and those of its units.

        Of the first two none is of the units that are given: a commune may have its village's name.
        """
        texts = [told[name] for name in _TOLD if isinstance(told[name], str)]
        reason: Reason = told["reason"]
        noted = [(reason.code, reason.values), *reason.values.get("notes", [])]
        said = [value for _, values in noted for value in values.values() if isinstance(value, str)]
        words = place_words(*texts, *said, *(one.name for one in told["candidates"]))
        units = [given[f"admin{depth}_name"] for depth in (1, 2, 3)] + [given["region_2023"]]
        allowed = {fold(one) for one in units if isinstance(one, str)}
        allowed |= {part for one in allowed for part in one.split()} | self._regions
        own = {fold(one) for _, values in noted if isinstance(one := values.get("place"), str)}
        written = [one for _, values in noted if isinstance(one := values.get("name"), str)]
        for text in (*texts, *written):
            own |= self._named_in(text, allowed)
        for name in [*own]:
            own |= {part for part in name.split() if part in self._known}
            own |= self._others(name)
        own = {name for name in own - allowed if is_name(name)}
        return words - allowed, own, allowed

    def _named_in(self, text: str, allowed: set[str]) -> set[str]:
        """Give the names that a text on a place has, without the words for what they are of.

        What is named after a place that may be named keeps them: "Kati camp" is no "Kati".
        """
        names = set()
        for clause in (clause for said in read_phrases(text) for clause in said):
            # Of a border there is the code of a country.
            for name in clause.names if clause.relation != "border" else ():
                read = read_name(name)
                bare = read.name
                is_one = len(bare) >= _LONG or bare in self._known or bare in self._units
                of_one = read.feature and bare in allowed
                names.add(bare if is_one and not of_one else fold(name))
        return names

    def _others(self, name: str) -> set[str]:
        """Give the other names of what has a name, in gazetteers and as reports write it."""
        if name not in self._also:
            listed = self._gazetteer.find(name)[["name", "other_names"]].to_numpy().ravel()
            texts = [one for cell in listed if isinstance(cell, str) for one in cell.split(";")]
            texts += [one.name for one in read_aliases().get(spelling_key(name), ())]
            self._also[name] = set(map(fold, texts))
        return self._also[name]


class _Cleaner:
    """Removes from the texts of one row what must not leave, and notes it."""

    def __init__(
        self,
        row: Mapping[Any, Any],
        profile: Profile,
        names: "_Named",
        findings: list[dict[str, Any]],
    ) -> None:
        self._row = row
        self._kinds = (*profile.redact, *(() if profile.source_links else ("links", "hosts")))
        self._places, self._own = names.places, names.own
        self._findings = findings

    def cleaned(self, value: Any, column: str, *, but: tuple[str, ...] = ()) -> Any:
        """Give a text without what was found in it, of all kinds but some."""
        kinds = [kind for kind in self._kinds if kind not in but]
        return self._without(value, column, kinds=kinds, places=self._places, own=self._own)

    def code(self, value: Any, column: str) -> Any:
        """Give a code without links; its figures are no telephone number."""
        return self._without(value, column, kinds=[one for one in self._kinds if one == "links"])

    def _without(self, value: Any, column: str, **sought: Any) -> Any:
        """Give a text without what is sought, and note it."""
        if not isinstance(value, str) or not value:
            return value
        found = find_private(value, **sought)
        for one in found:
            self._note(one, column)
        return redacted(value, found) if found else value

    def sources(self, cell: list[Source]) -> list[Source]:
        """Give sources without what was found in them; an address with something in it goes."""
        given = []
        for source in cell:
            url, published = source.url, source.published
            kinds = [kind for kind in self._kinds if kind in ("coordinates", "emails")]
            for one in find_private(url, kinds=kinds) if url else []:
                self._note(one, "sources")
                url = None
            if published is not None and not _DAY.fullmatch(published):
                published = self.cleaned(published, "sources")
            name = source.name
            if name == source.url:
                name = url or redacted(name, find_private(name, kinds=kinds))
            else:
                # An outlet may go by the name of its site.
                name = self.cleaned(name, "sources", but=("hosts",))
            given.append(Source(name, url, published))
        return given

    def values(self, value: Any) -> Any:
        """Give the values of a reason without what was found in them."""
        if isinstance(value, str):
            return self.cleaned(value, "reason")
        if isinstance(value, dict):
            return {key: self._value(key, one) for key, one in value.items()}
        if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
            return (value[0], self.values(value[1]))
        if isinstance(value, list | tuple):
            return type(value)(self.values(one) for one in value)
        return value

    def _value(self, key: str, value: Any) -> Any:
        """Give a value of a reason; who placed a text by hand is a person's name."""
        if key == "who" and "names" in self._kinds and value not in ("?", MARK):
            self._note(Found("names", 0, len(str(value)), str(value)), "reason")
            return MARK
        return self.values(value)

    def _note(self, one: Found, column: str) -> None:
        """Note what was found."""
        self._findings.append(
            {
                "file": None,
                "dataset_row": self._row["dataset_row"],
                "incident_id": self._row["incident_id"],
                "column": column,
                "value": one.text,
                "severity": "note",
                "code": one.kind,
                "message": "must not leave in this edition; a mark stands in its place",
            }
        )


def _ids(table: pd.DataFrame, profile: Profile) -> list[str]:
    """Give the ids of the rows given.

    New ones are made only of what is given, the day and the unit, and a number in the order of the
    table. A hash of the old id would be found by hashing the ids that villages and days may make.
    """
    if profile.ids == "keep":
        told = [str(one) for one in table["incident_id"]]
        if profile.source_links:
            return told
        found = [find_private(one, kinds=("links",)) for one in told]
        return [
            f"{redacted(one, links)}-{number}" if links else one
            for number, (one, links) in enumerate(zip(told, found, strict=True), start=1)
        ]
    numbers: dict[str, int] = {}
    made = []
    days = table["date_start"].dt.strftime("%Y-%m-%d").fillna("undated")
    units = table[["admin3_id", "admin2_id", "admin1_id"]].astype("object")
    for day, held in zip(days, units.itertuples(index=False, name=None), strict=True):
        unit = next((one for one in held if isinstance(one, str)), "ML/mali")
        stem = f"{day}-{'.'.join(unit.split('/')[1:])}"
        numbers[stem] = numbers.get(stem, 0) + 1
        made.append(f"{stem}-{numbers[stem]}")
    return made


def _renamed(table: pd.DataFrame, new: list[str], profile: Profile) -> pd.DataFrame:
    """Give rows their ids, and episodes that of their first row."""
    if profile.ids == "keep":
        return table.assign(incident_id=new)
    episodes: dict[str, str] = {}
    told = table["episode_id"].astype("object")
    for episode, one in zip(told, new, strict=True):
        if isinstance(episode, str):
            episodes.setdefault(episode, one)
    return table.assign(
        incident_id=new,
        episode_id=told.map(lambda one: episodes.get(one) if isinstance(one, str) else None),
    )


def _said(text: str | None, table: pd.DataFrame, column: str) -> pd.Series:
    """Give what stands on each row: what an earlier edition said is still so."""
    if column not in table:
        return pd.Series(text, index=table.index, dtype="str")
    internal = {say("internal", lang) for lang in LANGUAGES}
    given = []
    for before in table[column].astype("object"):
        parts = [before] if isinstance(before, str) and before not in internal else []
        if text is not None and not any(text in part or text in internal for part in parts):
            parts.append(text)
        given.append(" ".join(parts) or None)
    return pd.Series(given, index=table.index, dtype="str")
