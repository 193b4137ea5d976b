"""Gazetteers are checked when they come in, kept whole, and described."""

import datetime as dt
import functools
import http.server
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_places import GEONAMES, MENAKA, NARENA, write_csv

from mali_incidents.errors import LocateError, PublishError, RemoteError
from mali_incidents.places.added_places import (
    add_places,
    added_folders,
    describe_added,
    fetch_geonames,
    read_added,
)
from mali_incidents.storage import sha256_of
from mali_incidents.tables import PLACES


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user who has added nothing yet."""
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder that this machine serves, and its address."""
    folder = tmp_path / "site"
    folder.mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            """Keep the tests' output clean."""

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_what_is_added_is_kept_with_where_it_came_from(tmp_path: Path, home: Path) -> None:
    file = write_csv(tmp_path / "Mes lieux (2).csv", [NARENA, MENAKA, {**NARENA, "name": ""}])
    added = add_places(file, source="A survey", licence="ODbL")
    assert added.folder == home / "places" / "mes-lieux-2"
    assert added.source._replace(date="") == (
        "mes-lieux-2", "A survey", "ODbL", "", sha256_of(file), 3, 2,
        {"no-name": 1, "sign-mended": 1},
    )  # fmt: skip
    assert dt.date.fromisoformat(added.source.date)
    assert (added.source.mended, added.source.flagged) == (1, 0)
    assert added.findings[["row", "code"]].values.tolist() == [[2, "sign-mended"], [3, "no-name"]]
    [kept] = added_folders()
    assert describe_added(kept) == added.source
    places = PLACES.validate(read_added(kept))
    assert places["place_id"].tolist() == ["mes-lieux-2:1", "mes-lieux-2:2"]
    assert places["other_names"].isna().all()
    assert kept == added.folder
    names = sorted(path.name for path in kept.iterdir())
    assert names == ["gazetteer.json", "places.parquet"]


def test_whose_a_known_file_is_need_not_be_said(tmp_path: Path) -> None:
    file = tmp_path / "ML.txt"
    file.write_text(GEONAMES, "utf-8")
    source = add_places(file).source
    assert (source.name, source.licence) == ("geonames", "CC BY 4.0")
    assert "GeoNames" in source.source
    assert (source.rows, source.places, source.found["other-feature"]) == (7, 4, 3)
    table = add_places(write_csv(tmp_path / "mine.csv", [NARENA])).source
    assert (table.source, table.licence) == ("mine.csv", "not stated")


@pytest.mark.parametrize(
    ("file", "name"), [("Données_Été 2020.CSV", "donnees-ete-2020"), ("村.csv", "places")]
)
def test_a_name_is_made_of_the_files(tmp_path: Path, file: str, name: str) -> None:
    assert add_places(write_csv(tmp_path / file, [NARENA])).source.name == name


def test_a_gazetteer_is_replaced_only_when_that_is_said(tmp_path: Path) -> None:
    file = write_csv(tmp_path / "mine.csv", [NARENA])
    add_places(file)
    other = write_csv(tmp_path / "other.csv", [MENAKA])
    with pytest.raises(LocateError, match=r"'mine' already.*--replace.*--name"):
        add_places(other, name="mine")
    assert read_added(added_folders()[0])["name"].tolist() == ["Narena"]
    add_places(other, name="mine", replace=True)
    assert read_added(added_folders()[0])["name"].tolist() == ["Menaka"]
    assert len(added_folders()) == 1


@pytest.mark.parametrize("name", ["all", "shipped", "../mine", "a/b", "Mine", ".hidden", "x" * 62])
def test_a_name_that_would_be_a_path_or_a_choice_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(LocateError, match="name must be of small letters"):
        add_places(write_csv(tmp_path / "mine.csv", [NARENA]), name=name)
    with pytest.raises(LocateError, match="got 'shipped'"):
        add_places(write_csv(tmp_path / "Shipped.csv", [NARENA]))
    assert added_folders() == []


def test_a_file_of_which_nothing_can_be_used_is_not_kept(tmp_path: Path) -> None:
    rows = [{**NARENA, "name": ""}, {**NARENA, "latitude": "1352000"}]
    file = write_csv(tmp_path / "mine.csv", rows)
    with pytest.raises(LocateError, match=r"none of the 2 rows of mine\.csv") as refused:
        add_places(file)
    assert "no-coordinates 1" in str(refused.value)
    assert "no-name 1" in str(refused.value)
    assert added_folders() == []


def test_a_damaged_gazetteer_says_what_to_do(tmp_path: Path) -> None:
    folder = add_places(write_csv(tmp_path / "mine.csv", [NARENA])).folder
    for name, read in (("places.parquet", read_added), ("gazetteer.json", describe_added)):
        (folder / name).write_bytes((folder / name).read_bytes()[:60])
        with pytest.raises(LocateError, match=r"add its file again with --replace, or delete"):
            read(folder)
    (folder / "gazetteer.json").write_text('{"name": "mine"}')
    with pytest.raises(LocateError, match="cannot be read"):
        describe_added(folder)


def test_a_folder_that_cannot_be_written_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "file"))
    with pytest.raises(PublishError, match="cannot write"):
        add_places(write_csv(tmp_path / "mine.csv", [NARENA]))


def test_geonames_is_fetched_and_fetched_again(site: tuple[Path, str]) -> None:
    folder, address = site
    for lines in (GEONAMES, "\n".join(GEONAMES.splitlines()[:3])):
        with zipfile.ZipFile(folder / "ML.zip", "w") as archive:
            archive.writestr("ML.txt", lines)
        added = fetch_geonames(url=f"{address}/ML.zip")
        assert added.source.rows == len(lines.splitlines())
        assert added.source.sha256 == sha256_of(folder / "ML.zip")
    assert (added.source.name, added.source.licence) == ("geonames", "CC BY 4.0")
    assert read_added(added_folders()[0])["name"].tolist() == ["Narena"]


def test_what_cannot_be_fetched_says_what_to_do_by_hand(site: tuple[Path, str]) -> None:
    _, address = site
    with pytest.raises(RemoteError) as refused:
        fetch_geonames(url=f"{address}/ML.zip")
    assert f"{address}/ML.zip" in str(refused.value)
    assert "mali-incidents places add ML.zip" in str(refused.value)


@pytest.mark.parametrize("content", ["<html>Please sign in</html>", None])
def test_a_wrong_file_is_refused_and_what_was_kept_stays(
    site: tuple[Path, str], content: str | None
) -> None:
    folder, address = site
    with zipfile.ZipFile(folder / "ML.zip", "w") as archive:
        archive.writestr("ML.txt", GEONAMES)
    kept = fetch_geonames(url=f"{address}/ML.zip").source
    if content is None:
        with zipfile.ZipFile(folder / "ML.zip", "w") as archive:
            archive.writestr("ML.txt", "name,lat,lon\nNarena,12.23,-8.62")
    else:
        (folder / "ML.zip").write_text(content)
    with pytest.raises(LocateError, match=r"must give GeoNames' table|Is it whole"):
        fetch_geonames(url=f"{address}/ML.zip")
    assert describe_added(added_folders()[0]) == kept
