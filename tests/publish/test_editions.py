"""Editions: kept whole, never changed, compared in words."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from made_located import COVERAGE, HOSTILE, disc, located_table
from made_secret import FRAME, gazetteer, secret_table
from shapely import Point

from mali_incidents.errors import MapError, PublishError, ReadError
from mali_incidents.publish.editions import (
    changes_since,
    changes_table,
    closing_day,
    compare_editions,
    comparison_sentences,
    find_editions,
    keep_edition,
    read_edition,
    read_editions,
)
from mali_incidents.release.prepare import prepare_release
from mali_incidents.tables import Candidate, Reason, Source

DAY = dt.date(2026, 1, 31)
LATER = dt.date(2026, 2, 28)


def place(number: int, **values: object) -> dict:
    """A row known to a place."""
    at = Point(-8 + number / 10, 12.6)
    return {
        "incident_id": f"i{number}",
        "footprint": disc(at.x, at.y, 900),
        "geometry": at,
        "sources": [Source("A [report]", "https://example.org/a", None)],
        "candidates": [Candidate("Narena", "Kangaba", None, 0.9, 12.2, -8.6, None)],
        "reason": Reason("place", {"name": HOSTILE, "notes": [("not-found", {"name": "x"})]}),
        **values,
    }


def test_an_edition_is_the_table_that_was_kept(
    shipped_located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    made = located_table([place(1), {"incident_id": "nowhere", "reason": Reason("none", {})}])
    for number, table in enumerate([shipped_located, made, made.head(0)]):
        kept = keep_edition(table, tmp_path, as_of=DAY, name=f"e{number}", coverage=COVERAGE)
        again = read_edition(kept)
        flat = ["reason"]
        pd.testing.assert_frame_equal(
            pd.DataFrame(again.drop(columns=flat)), pd.DataFrame(table.drop(columns=flat))
        )
        # A pair becomes a list in JSON, which says the same.
        for one, other in zip(again["reason"], table["reason"], strict=True):
            assert json.loads(json.dumps(one)) == json.loads(json.dumps(other))
        assert again.crs == "EPSG:4326"
    assert [edition.coverage for edition in read_editions(tmp_path)] == [COVERAGE] * 3
    assert [edition.rows for edition in read_editions(tmp_path)] == [len(shipped_located), 2, 0]


def test_the_same_table_and_day_give_the_same_bytes(
    shipped_located: gpd.GeoDataFrame, tmp_path: Path
) -> None:
    one, two = (keep_edition(shipped_located, tmp_path / n, as_of=DAY) for n in "ab")
    assert one.name == "2026-01-31"
    for name in ("incidents.parquet", "manifest.json"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()


def test_an_edition_is_never_changed(tmp_path: Path) -> None:
    first = keep_edition(located_table([place(1)]), tmp_path, as_of=DAY)
    before = (first.folder / "manifest.json").read_bytes()
    assert keep_edition(located_table([place(1)]), tmp_path, as_of=DAY) == first
    with pytest.raises(PublishError, match=r"2026-01-31 of 1 incidents is kept already.*another"):
        keep_edition(located_table([place(2)]), tmp_path, as_of=DAY)
    assert (first.folder / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["2026-01-31"]


def test_of_two_builds_at_once_one_is_kept_and_one_refused(tmp_path: Path) -> None:
    tables = [located_table([place(number)]) for number in range(8)]

    def keep(table: gpd.GeoDataFrame) -> str:
        try:
            return keep_edition(table, tmp_path, as_of=DAY).sha256
        except PublishError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(keep, tables))
    (kept,) = read_editions(tmp_path)
    assert said.count(kept.sha256) == 1
    assert sum("kept already" in one for one in said) == len(tables) - 1
    assert len(read_edition(kept)) == 1


def test_what_is_half_or_foreign_is_no_edition(tmp_path: Path) -> None:
    keep_edition(located_table([place(1)]), tmp_path, as_of=LATER)
    keep_edition(located_table([place(1)]), tmp_path, as_of=DAY, name="zz")
    (tmp_path / ".2026-03-01.abc" / "2026-03-01").mkdir(parents=True)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes.txt").write_text("mine")
    assert [edition.name for edition in read_editions(tmp_path)] == ["zz", "2026-02-28"]
    assert read_editions(tmp_path / "none") == []
    for name in ("broken", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("[]" if name == "other" else "{")
    with pytest.raises(ReadError, match=r"edition broken.*; cannot read the edition other"):
        read_editions(tmp_path)


def test_a_snapshot_that_is_not_as_it_was_kept_is_refused(tmp_path: Path) -> None:
    kept = keep_edition(located_table([place(1)]), tmp_path, as_of=DAY)
    file = kept.folder / "incidents.parquet"
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(ReadError, match="is not as it was kept"):
        read_edition(kept)
    file.unlink()
    with pytest.raises(ReadError, match="cannot read the edition 2026-01-31"):
        read_edition(kept)


@pytest.mark.parametrize("name", ["", "../up", "a b", ".hidden", "x" * 65, "a/b", "-x"])
def test_a_name_that_is_no_folders_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublishError, match="name must be letters"):
        keep_edition(located_table([]), tmp_path / "in", as_of=DAY, name=name)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_located_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="located table"):
        keep_edition(located_table([]).drop(columns="level"), tmp_path, as_of=DAY)
    keep_edition(located_table([]), tmp_path, as_of=DAY, name="a")
    with pytest.raises(ReadError, match=r"no edition b, c in .*; there are: a"):
        find_editions(tmp_path, ["a", "b", "c"])


def test_the_day_is_given_or_the_coverages_and_never_the_clocks() -> None:
    assert closing_day(DAY, coverage=COVERAGE) == DAY
    assert closing_day(None, coverage=COVERAGE) == COVERAGE.as_of
    with pytest.raises(PublishError, match="no clock is read"):
        closing_day(None, coverage=None)


def compared(tmp_path: Path, before: list[dict], after: list[dict], **first: str):
    older = keep_edition(located_table(before), tmp_path, as_of=DAY, **first)
    newer = keep_edition(located_table(after), tmp_path, as_of=LATER)
    return compare_editions(older, newer)


def test_what_changed_is_said_in_two_sentences(tmp_path: Path) -> None:
    moved = {"geometry": Point(-7.8, 13), "footprint": disc(-7.8, 13, 900)}
    comparison = compared(
        tmp_path,
        [place(number) for number in range(6)],
        [place(0), place(1, summary="x"), place(2, **moved), *map(place, (3, 7, 8, 9))],
    )
    assert comparison.same == 2
    assert len(changes_table(comparison)) == 7
    assert comparison_sentences(comparison) == (
        "Since the edition of 31 January 2026: 3 added, 2 changed, 2 withdrawn.",
        "1 was moved, by 44 km; 2 are as they were.",
    )
    french = " ".join(comparison_sentences(comparison, lang="fr")).replace("\u00a0", " ")
    assert french == (
        "Depuis l’édition du 31 janvier 2026 : 3 ajoutés, 2 modifiés, 2 retirés. "
        "1 a été déplacé, de 44 km ; 2 sont inchangés."
    )
    with pytest.raises(MapError, match="lang must be"):
        comparison_sentences(comparison, lang="de")


def test_editions_of_one_profile_are_compared_with_the_last_of_an_earlier_day(
    tmp_path: Path,
) -> None:
    def keep(rows: int, day: dt.date, **given: str) -> None:
        table = located_table([place(number) for number in range(rows)])
        keep_edition(table, tmp_path, as_of=day, **given)

    def said(rows: int, day: dt.date, profile: str = "internal") -> str | None:
        table = located_table([place(number) for number in range(rows)])
        since = changes_since(table, tmp_path, as_of=day, profile=profile)
        return None if since is None else since.sentences["en"][0]

    assert said(3, LATER) is None
    keep(1, DAY - dt.timedelta(days=1))
    keep(2, DAY)
    keep(4, DAY, profile="for all, of 2026!")
    keep(9, LATER)
    assert [edition.name for edition in read_editions(tmp_path)] == [
        *("2026-01-30", "2026-01-31", "2026-01-31-for-all-of-2026", "2026-02-28"),
    ]
    assert said(3, LATER) == (
        "Since the edition of 31 January 2026: 1 added, 0 changed, 0 withdrawn."
    )
    assert said(3, LATER, "for all, of 2026!") == (
        "Since the edition of 31 January 2026: 0 added, 0 changed, 1 withdrawn."
    )
    assert said(3, LATER, "public") is None
    assert said(1, DAY).endswith("30 January 2026: nothing added, changed or withdrawn.")


def test_an_edition_in_another_language_is_the_same_edition(tmp_path: Path) -> None:
    given = {"as_of": DAY, "frame": FRAME, "gazetteer": gazetteer()}
    tables = {
        lang: prepare_release(secret_table(), "public", lang=lang, **given).located
        for lang in ("en", "fr")
    }
    assert tables["en"]["data_generalizations"][0] != tables["fr"]["data_generalizations"][0]
    kept = [keep_edition(table, tmp_path, as_of=DAY, profile="public") for table in tables.values()]
    assert kept[0] == kept[1]
    later = changes_since(tables["fr"], tmp_path, as_of=LATER, profile="public")
    assert later.sentences["en"][0].endswith("nothing added, changed or withdrawn.")


def test_editions_of_two_profiles_are_not_compared(tmp_path: Path) -> None:
    one = keep_edition(located_table([place(1)]), tmp_path, as_of=DAY)
    two = keep_edition(located_table([place(1)]), tmp_path, as_of=LATER, profile="public")
    assert (one.profile, two.profile, two.name) == ("internal", "public", "2026-02-28-public")
    with pytest.raises(PublishError, match=r"2026-01-31 is of the profile internal.*of public"):
        compare_editions(one, two)
    with pytest.raises(PublishError, match="it is not this one"):
        keep_edition(located_table([place(1)]), tmp_path, as_of=DAY, name=one.name, profile="x")


def test_an_edition_kept_before_there_were_profiles_holds_all(tmp_path: Path) -> None:
    kept = keep_edition(located_table([place(1)]), tmp_path, as_of=DAY)
    file = kept.folder / "manifest.json"
    said = json.loads(file.read_text("utf-8"))
    assert said.pop("profile") == "internal"
    file.write_text(json.dumps(said), "utf-8")
    assert read_editions(tmp_path) == [kept]


def test_an_edition_that_a_check_refuses_is_not_kept(tmp_path: Path) -> None:
    def refuse(draft: Path) -> None:
        names = sorted(path.name for path in draft.iterdir())
        raise ReadError(f"no: {names}")

    with pytest.raises(ReadError, match=r"no: \['incidents.parquet', 'manifest.json'\]"):
        keep_edition(located_table([place(1)]), tmp_path, as_of=DAY, check=refuse)
    assert list(tmp_path.iterdir()) == []


def test_nothing_changed_and_names_are_said(tmp_path: Path) -> None:
    comparison = compared(tmp_path, [place(1)], [place(1)], name="first")
    assert comparison_sentences(comparison) == (
        "Since the edition of 31 January 2026 (first): nothing added, changed or withdrawn.",
        "None was moved; 1 is as it was.",
    )


def test_moves_between_areas_are_said_to_be_such(tmp_path: Path) -> None:
    area = {"level": "cercle", "method": "unit", "geometry": Point(-7, 13)}
    near = {"geometry": Point(-7.8, 12.605)}
    comparison = compared(tmp_path, [place(1), place(2)], [place(1, **area), place(2, **near)])
    assert comparison_sentences(comparison)[1] == (
        "2 were moved, by 553 m to 107 km (for 1 between the middles of areas); 0 are as they were."
    )
