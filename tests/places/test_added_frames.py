"""Frames that a user adds and fetches: kept whole, found by name, refused with what to do."""

import http.server
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_boundaries import boundaries, pack, today, write_geojson, write_shapefile_zip
from made_located import HOSTILE

from mali_incidents import cli
from mali_incidents.errors import LocateError, PublishError, RemoteError
from mali_incidents.places import added_frames
from mali_incidents.places.added_frames import add_frame, fetch_cod_ab, fetch_geoboundaries
from mali_incidents.places.frames import known_frames, list_frames, read_frame
from mali_incidents.storage import sha256_of, user_folder, write_folder


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for what a user adds, empty for every test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(folder))
    return folder


@pytest.fixture
def communes(tmp_path: Path) -> Path:
    """The units of 2015, packed."""
    return write_shapefile_zip(boundaries(3), tmp_path / "adm3.zip")


def test_what_was_added_is_read_by_its_name(communes, home):
    added = add_frame(communes, licence="CC BY-IGO")
    frame = read_frame("cod-ab-2015")
    assert frame is added.frame
    assert frame.levels == ("region", "cercle", "commune")
    assert frame.credit == "OCHA COD-AB, 2015 (CC BY-IGO)"
    assert frame.find_pcode("ML020201") == ["cod-ab-2015/ML02/ML0202/ML020201"]
    assert frame.units_at(np.array([-9.75]), np.array([13.5])) == frame.find_pcode("ML020201")
    assert frame.regions_2023(["cod-ab-2015/ML02"]) == "Koulikoro; Nara"
    assert known_frames() == ["mali-2017", "cod-ab-2015"]
    listed = list_frames().set_index("name")
    assert listed.loc["mali-2017", ["region", "cercle", "commune"]].tolist() == [9, 50, 701]
    assert listed.loc["cod-ab-2015", ["region", "cercle", "commune"]].tolist() == [2, 4, 8]
    assert listed.loc["cod-ab-2015", "credit"] == frame.credit
    about = json.loads((home / "frames" / "cod-ab-2015" / "frame.json").read_text("utf-8"))
    assert about["read"] == [{"file": "adm3.zip", "sha256": sha256_of(communes)}]
    assert [check["code"] for check in about["checks"]] == ["made", "made"]


def test_a_frame_without_communes_has_its_own_regions_of_2023(tmp_path):
    frame = add_frame(write_geojson(today(), tmp_path / "now", stem="mli_admin")).frame
    assert frame.levels == ("region", "cercle")
    assert frame.regions_2023(frame.find("Taoudénit 1", level="cercle")) == "Taoudénit"
    assert frame.caveats == ()
    assert frame.units_at(np.array([-9.5]), np.array([13.5])) == ["cod-ab-2025/ML00/ML0001"]


def test_a_name_that_is_taken_is_replaced_only_when_asked(communes, tmp_path):
    add_frame(communes)
    with pytest.raises(LocateError, match=r"a frame 'cod-ab-2015' already: .* --replace"):
        add_frame(communes)
    smaller = write_shapefile_zip(boundaries(2), tmp_path / "adm2.zip")
    frame = add_frame(smaller, name="cod-ab-2015", replace=True).frame
    assert frame.levels == read_frame("cod-ab-2015").levels == ("region", "cercle")
    folder = user_folder("frames")
    assert [one.name for one in folder.iterdir()] == ["cod-ab-2015"]
    assert not (folder / "cod-ab-2015" / "communes.parquet").exists()


@pytest.mark.parametrize("name", ["", "../up", "a b", "a/b", "-a", "mali--2017", "ML_2017", "é"])
def test_a_name_of_other_signs_is_refused_before_anything_is_read(tmp_path, name):
    with pytest.raises(LocateError, match="letters and digits, parted by hyphens"):
        add_frame(tmp_path / "nothing", name=name)
    with pytest.raises(LocateError, match="there is no frame"):
        read_frame(name)


def test_what_ships_is_not_replaced(communes):
    with pytest.raises(LocateError, match="ships and stays as it is"):
        add_frame(communes, name="mali-2017", replace=True)


def test_files_that_are_damaged_say_what_to_do(communes):
    folder = add_frame(communes).folder
    (folder / "cercles.parquet").write_bytes(b"PAR1")
    about = folder / "frame.json"
    about.write_text(about.read_text("utf-8"), "utf-8")  # as a new one
    with pytest.raises(LocateError, match=r"are damaged .* add it again with --replace"):
        read_frame("cod-ab-2015")
    about.write_text("{}", "utf-8")
    with pytest.raises(LocateError, match=r"damaged \(frame.json lacks added, levels"):
        list_frames()
    about.write_text("{", "utf-8")
    with pytest.raises(LocateError, match="damaged"):
        read_frame("cod-ab-2015")
    assert add_frame(communes, replace=True).frame.levels == ("region", "cercle", "commune")


def test_a_folder_that_cannot_be_written_leaves_the_old_one(tmp_path):
    folder = write_folder(tmp_path / "kept", lambda draft: (draft / "a").write_text("old"))

    def fail(draft: Path) -> None:
        (draft / "a").write_text("new")
        raise OSError("no space left")

    with pytest.raises(PublishError, match="no space left"):
        write_folder(folder, fail)
    assert [one.name for one in tmp_path.iterdir()] == ["kept"]
    assert (folder / "a").read_text() == "old"


# Fetching, from a server on this machine


class Server(http.server.ThreadingHTTPServer):
    """Answers what it was given by path, and counts what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, bytes] = {}
        self.url = f"http://127.0.0.1:{self.server_port}"

    def answer(self, path: str, content: Any) -> None:
        self.answers[path] = content if isinstance(content, bytes) else json.dumps(content).encode()


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        content = self.server.answers.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


PACKAGE = "/api/3/action/package_show?id=cod-ab-mli"


def hdx(server: Server, *resources: dict[str, Any]) -> dict[str, Any]:
    """What HDX answers of a dataset, as its API documents it."""
    return {
        "help": f"{server.url}/api/3/action/help_show?name=package_show",
        "success": True,
        "result": {
            "name": "cod-ab-mli",
            "title": "Mali - Subnational Administrative Boundaries",
            "dataset_source": "Institut Géographique du Mali",
            "license_title": "Creative Commons Attribution for Intergovernmental Organisations",
            "resources": list(resources),
        },
    }


def resource(server: Server, name: str, form: str) -> dict[str, Any]:
    """One of a dataset's files."""
    url = f"{server.url}/dataset/x/resource/y/download/{name}"
    return {"name": name, "format": form, "download_url": url, "url": url, "hash": ""}


def test_the_cod_of_today_is_fetched_from_hdx(server, tmp_path):
    packed = pack(write_geojson(today(), tmp_path / "in", stem="mli_admin"), tmp_path / "a.zip")
    name = "mli_admin_boundaries.geojson.zip"
    server.answer(
        PACKAGE,
        hdx(
            server,
            resource(server, "mli_admin_boundaries.xlsx", "XLSX"),
            resource(server, "mli_admin_boundaries.shp.zip", "SHP"),
            resource(server, name, "GeoJSON"),
        ),
    )
    server.answer(f"/dataset/x/resource/y/download/{name}", packed.read_bytes())
    added = fetch_cod_ab(base_url=server.url)
    assert added.frame is read_frame("cod-ab-2025")
    assert added.frame.levels == ("region", "cercle")
    assert added.frame.credit == (
        "OCHA COD-AB, Institut Géographique du Mali, 2025 "
        "(Creative Commons Attribution for Intergovernmental Organisations)"
    )
    assert len(added.checks) == 0


def test_a_shapefile_is_fetched_where_there_is_no_geojson(server, communes):
    name = "mli_admbnda.zip"
    server.answer(PACKAGE, hdx(server, resource(server, name, "Zipped Shapefiles")))
    server.answer(f"/dataset/x/resource/y/download/{name}", communes.read_bytes())
    assert fetch_cod_ab(base_url=server.url, name="old").frame.levels[-1] == "commune"


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        [],
        {},
        {"result": []},
        {"result": {"resources": [None, {"url": 1}]}},
        {"result": {"resources": [{"url": "https://a/b.xlsx", "format": "GeoJSON"}]}},
    ],
)
def test_an_answer_that_is_none_says_what_to_download_by_hand(server, answer):
    server.answer(PACKAGE, answer)
    with pytest.raises(RemoteError, match=r"frames add FILE\.zip"):
        fetch_cod_ab(base_url=server.url)
    assert known_frames() == ["mali-2017"]


def test_no_network_says_what_to_download_by_hand():
    with pytest.raises(RemoteError, match=r"data\.humdata\.org/dataset/cod-ab-mli .*frames add"):
        fetch_cod_ab(base_url="http://127.0.0.1:1")
    with pytest.raises(RemoteError, match=r"www\.geoboundaries\.org .*frames add FOLDER"):
        fetch_geoboundaries(base_url="http://127.0.0.1:1")


def geoboundaries(server: Server, depth: int, **changed: Any) -> None:
    """Let a server answer as geoBoundaries' API documents it."""
    file = f"/releaseData/gbOpen/MLI/ADM{depth}/geoBoundaries-MLI-ADM{depth}.geojson"
    units = boundaries(depth, fields="geoboundaries")
    server.answer(
        f"/api/current/gbOpen/MLI/ADM{depth}/",
        {
            "boundaryID": f"MLI-ADM{depth}-1",
            "boundaryName": "Mali",
            "boundaryISO": "MLI",
            "boundaryYearRepresented": "2017",
            "boundaryType": f"ADM{depth}",
            "boundarySource": "OCHA ROWCA, DNCT",
            "boundaryLicense": "Creative Commons Attribution 4.0",
            "admUnitCount": str(len(units)),
            "gjDownloadURL": server.url + file,
            "simplifiedGeometryGeoJSON": server.url + file,
        }
        | changed,
    )
    server.answer(file, units.to_json().encode())


def test_geoboundaries_are_fetched_and_nested_by_place(server):
    for depth in (1, 2, 3):
        geoboundaries(server, depth)
    added = fetch_geoboundaries(base_url=server.url)
    assert added.frame is read_frame("geoboundaries-2017")
    assert added.frame.levels == ("region", "cercle", "commune")
    assert added.frame.credit == (
        "geoBoundaries gbOpen, OCHA ROWCA, DNCT, 2017 (Creative Commons Attribution 4.0)"
    )
    assert set(added.checks["code"]) == {"by-place"}
    nara = added.frame.find("Nara")
    assert added.frame.regions_2023(nara) == "Nara"


def test_what_geoboundaries_says_is_held_against_what_it_sends(server):
    geoboundaries(server, 1, boundaryYearRepresented="2016 to 2021", boundarySource=HOSTILE)
    geoboundaries(server, 2)
    geoboundaries(server, 3, admUnitCount="701", boundarySource=HOSTILE)
    added = fetch_geoboundaries(base_url=server.url)
    said = added.checks.set_index("code")["message"]
    assert said["count"] == "geoBoundaries says 701 communes, its file has 8"
    assert said["vintage"].endswith("regions 2021, cercles 2017, communes 2017")
    assert added.frame.credit.isprintable()


@pytest.mark.parametrize("source", ["cod-ab", "geoboundaries"])
def test_the_command_fetches_or_says_what_to_do(source, server, communes, monkeypatch, capsys):
    name = f"fetch_{source.replace('-', '_')}"
    here = partial(getattr(added_frames, name), base_url=server.url)
    monkeypatch.setattr(added_frames, name, here)
    monkeypatch.setattr("sys.argv", ["mali-incidents", "frames", "fetch", source])
    with pytest.raises(SystemExit, match="2"):
        cli.main()
    said = capsys.readouterr().err
    assert "the server answered 404" in said
    assert "mali-incidents frames add F" in said
    for depth in (1, 2, 3):
        geoboundaries(server, depth)
    server.answer(PACKAGE, hdx(server, resource(server, "mli.shp.zip", "SHP")))
    server.answer("/dataset/x/resource/y/download/mli.shp.zip", communes.read_bytes())
    with pytest.raises(SystemExit, match="0"):
        cli.main()
    assert f"use it with --frame {known_frames()[-1]}" in capsys.readouterr().out


def test_a_level_that_is_not_there_is_refused_and_nothing_kept(server):
    geoboundaries(server, 1)
    with pytest.raises(RemoteError, match="frames add FOLDER"):
        fetch_geoboundaries(base_url=server.url)
    geoboundaries(server, 2, gjDownloadURL=None)
    with pytest.raises(RemoteError, match="names no GeoJSON to download"):
        fetch_geoboundaries(base_url=server.url)
    assert known_frames() == ["mali-2017"]


def test_a_taken_name_is_refused_before_anything_is_fetched(communes):
    add_frame(communes, name="mine")
    for fetch in (fetch_cod_ab, fetch_geoboundaries):
        with pytest.raises(LocateError, match="--replace"):
            fetch(name="mine", base_url="http://127.0.0.1:1")


@pytest.mark.shared
def test_the_real_dataset_of_2015_is_added_whole(shared):
    added = add_frame(shared / "data" / "cod-ab-mli-2015")
    counts = added.frame.units["level"].value_counts()
    assert (counts["region"], counts["cercle"], counts["commune"]) == (9, 50, 701)
    # Every cercle is told by its name, and so every region; the country is in all.
    assert added.frame.units["region_2023"].isna().sum() == 1
    assert added.frame.caveats
    assert set(added.checks["severity"]) == {"note"}
