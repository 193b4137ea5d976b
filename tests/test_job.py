"""The main job, through the command and through the library."""

import datetime as dt
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from made_boundaries import boundaries

from mali_incidents import job
from mali_incidents.counts.totals import totals_by
from mali_incidents.errors import LocateError, PublishError, ReleaseError
from mali_incidents.job import BuildReport, build
from mali_incidents.maps.payload import read_block
from mali_incidents.places.added_frames import add_frame
from mali_incidents.places.corrections import Correction, add_correction
from mali_incidents.publish.notebooks import run_notebooks
from mali_incidents.storage import shipped, user_folder

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
COMMAND = [str(Path(sys.executable).parent / "mali-incidents")]


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False
    )


def write_notebook(path: Path, code: str) -> None:
    """A notebook of one cell of code, called 'only'."""
    cell = nbformat.v4.new_code_cell(code)
    cell.id = "only"
    path.parent.mkdir(exist_ok=True)
    cells = [nbformat.v4.new_markdown_cell("# A notebook"), cell]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="session")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[BuildReport, Path, Path]:
    """Two builds of the shipped records with the notebooks, by the library and by the command."""
    folder = tmp_path_factory.mktemp("built")
    words = ["build", "--out", "two", "--notebooks", str(ROOT / "notebooks")]
    with subprocess.Popen([*COMMAND, *words], cwd=folder, stdout=subprocess.DEVNULL) as command:
        report = build(out=folder / "one", notebooks=ROOT / "notebooks")
        assert command.wait() == 0
    return report, folder / "one", folder / "two"


@pytest.fixture(scope="session")
def built(twice) -> tuple[BuildReport, Path]:
    """One of the two, and its folder."""
    return twice[:2]


def test_two_builds_with_notebooks_are_the_same_bytes(twice) -> None:
    one, two = map(files_of, twice[1:])
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []


def test_a_build_leaves_all_that_it_lists(built) -> None:
    report, folder = built
    files = files_of(folder)
    assert {
        "index.html", "mali.html", "bamako.html", "narena.html",
        "incidents.csv", "incidents.geojson",
        "incidents.gpkg", "findings.csv", "review.csv", "manifest.json",
        "notebooks/mali.html", "notebooks/bamako.html", "notebooks/narena.html",
        "notebooks/review.html",
        *(f"notebooks/{one.stem}.{kind}" for one in NOTEBOOKS for kind in ("html", "docx", "pdf")),
    } <= set(files)  # fmt: skip
    manifest = json.loads(files["manifest.json"])
    assert (
        manifest["rows"]["read"]
        == len(report.located)
        == sum(manifest["rows"]["by_level"].values())
    )
    assert set(manifest["files"]) == set(files) - {"manifest.json", "index.html"}
    assert {path.relative_to(folder).as_posix() for path in report.files} == set(files)
    for name, content in files.items():
        limit = 6_000_000 if name.startswith("notebooks/0") or name.endswith(".zip") else 1_500_000
        assert len(content) < limit, name


@pytest.mark.browser
def test_executed_notebooks_and_gallery_open_offline(built, browser) -> None:
    _, folder = built
    for path in [folder / "index.html", *sorted((folder / "notebooks").glob("0*.html"))]:
        context = browser.new_context(offline=True)
        page = context.new_page()
        asked: list[str] = []
        said: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda entry, said=said: said.append(f"{entry.type}: {entry.text}"))
        page.on("pageerror", lambda error, said=said: said.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        assert [url for url in asked if not url.startswith(("file:", "data:", "about:"))] == []
        assert [text for text in said if not text.startswith("warning")] == []
        assert page.get_attribute("html", "lang") == "en"
        context.close()


def test_what_the_notebooks_say_is_what_the_library_counts(built) -> None:
    report, folder = built
    pages = [folder / "notebooks" / f"{path.stem}.html" for path in NOTEBOOKS]
    records, narena, bamako, locating, _ = (page.read_text("utf-8") for page in pages)
    totals = totals_by(report.located, report.located["event_type"])
    for kind, row in totals.iterrows():
        assert [kind, *map(str, row)] in rows_of(bamako)
    # The same report may say different things of the two events.
    said = [row for row in rows_of(narena) if "AP via Daily8" in row]
    assert [row[0] for row in said] == ["MLI-2025-05-11-narena-1", "MLI-2025-05-11-narena-2"]
    assert re.search(r"Bamako is \d+ km from Narena", narena)
    assert "0.25" in {cell for row in rows_of(records) for cell in row}
    calibration = pd.read_csv(shipped("places", "calibration.csv"), dtype="str")
    assert calibration["rows"].tolist() == [
        row[1] for row in rows_of(locating) if row and "where_" in row[-1]
    ]


def rows_of(page: str) -> list[list[str]]:
    """The rows of a page's tables, as texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, flags=re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL) for row in rows]


def test_notebooks_of_others_find_what_the_job_was_given(tmp_path: Path) -> None:
    cell = (
        "import os, mali_incidents as mi\n"
        "job = mi.job_inputs()\n"
        "incidents, _ = mi.read_incidents(job.records, dates=job.dates)\n"
        "print(len(incidents), incidents['date_start'][0].day, job.frame.name, job.corrections)\n"
        "print(job.records == mi.job_inputs().records.resolve(), os.environ['MALI_RECORDS'])"
    )
    write_notebook(tmp_path / "notebooks" / "mine.ipynb", cell)
    records = tmp_path / "mine.csv"
    records.write_text("incident_id,date_start,location_text\na,11/05/2025,Narena\n", "utf-8")
    out = tmp_path / "out"
    build(records, out=out, dates="day-first", notebooks=tmp_path / "notebooks", lang="fr")
    page = (out / "notebooks" / "mine.html").read_text("utf-8")
    assert "1 11 mali-2017 {}" in page
    assert f"True {records}" in page
    assert '<html lang="en"' in page
    assert all("mi.job_inputs()" in path.read_text("utf-8") for path in NOTEBOOKS)


def data_of(page: Path) -> dict[str, Any]:
    """What a page carries as data."""
    block = page.read_text("utf-8").split('type="application/json"')[1]
    return read_block(block.split(">", 1)[1].split("</script>")[0])


@pytest.mark.parametrize("places", ["all", "shipped"])
def test_maps_of_notebooks_show_what_the_job_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: str
) -> None:
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    for name in ("RECORDS", "FRAME", "CORRECTIONS"):
        monkeypatch.setenv(f"MALI_{name}", "left from something else")
    boundaries(3).to_file(tmp_path / "adm3.geojson", driver="GeoJSON")
    add_frame(tmp_path / "adm3.geojson", name="mine")
    monkeypatch.chdir(tmp_path)
    records = Path("mine.csv")
    records.write_text("incident_id,date_start,location_text\na,01/02/2025,Xyzzy\n", "utf-8")
    found = Correction("Xyzzy", "", 12.3, -8.5, 2.0, "me", "2025-01-02", "")
    add_correction("settled.csv", ("Xyzzy", "", "", ""), found)
    report = build(
        records,
        dates="day-first",
        frame="mine",
        places=places,
        corrections="settled.csv",
        notebooks=ROOT / "notebooks",
    )
    assert report.located["method"].tolist() == ["correction"]
    for name in ("mali.html", "bamako.html", "narena.html"):
        drawn, shown = map(data_of, (Path("out", name), Path("out", "notebooks", name)))
        assert "Xyzzy" in json.dumps(shown)
        # Only the job's map of Bamako opens on the last twelve months.
        assert {**shown, "start": None} == {**drawn, "start": None}


def test_what_was_added_does_not_reach_the_notebooks_of_what_ships(tmp_path: Path) -> None:
    told = []
    for places in ("shipped", "all"):
        cell = "import mali_incidents.storage as s; print('at', s.user_folder(), '.')"
        write_notebook(tmp_path / "notebooks" / "a.ipynb", cell)
        out = tmp_path / places
        run_notebooks(tmp_path / "notebooks", out, places=places)
        page = (out / "notebooks" / "a.html").read_text("utf-8")
        told.append(str(user_folder()) in page)
    assert told == [False, True]


def test_a_coverage_of_another_frame_is_refused_before_any_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MALI_INCIDENTS_HOME", str(tmp_path / "home"))
    boundaries(3).to_file(tmp_path / "adm3.geojson", driver="GeoJSON")
    add_frame(tmp_path / "adm3.geojson", name="mine")
    begun: list[str] = []
    with pytest.raises(LocateError, match=r"names units of mali-2017.*those of mine"):
        build(out=tmp_path / "out", frame="mine", progress=begun.append)
    assert begun == []
    assert not (tmp_path / "out").exists()


def test_a_build_that_fails_leaves_the_old_one_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out"
    records = tmp_path / "records.csv"
    records.write_text("incident_id,date_start,location_text\na,2025,Narena\n")
    build(records, out=out)
    before = files_of(out)
    write_notebook(tmp_path / "nb" / "broken.ipynb", "1 / 0")
    with pytest.raises(PublishError, match="ZeroDivisionError"):
        build(out=out, notebooks=tmp_path / "nb")
    assert files_of(out) == before
    with pytest.raises(PublishError):
        build(records, out=tmp_path / "other", notebooks=tmp_path / "nb")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("stage", ["maps", "notebooks"])
def test_stopping_a_build_is_said_and_leaves_what_stood_there(tmp_path: Path, stage: str) -> None:
    reached = tmp_path / "reached"
    slow = f"import pathlib, time; pathlib.Path({str(reached)!r}).touch(); time.sleep(600)"
    write_notebook(tmp_path / "nb" / "slow.ipynb", slow)
    words = ["build", "--out", str(tmp_path / "out"), "--notebooks", str(tmp_path / "nb")]
    process = subprocess.Popen(
        [*COMMAND, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    if stage == "maps":
        while "maps" not in process.stdout.readline():
            pass
    else:
        while not reached.exists() and process.poll() is None:
            time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert said == "mali-incidents: stopped; what stood there before still stands\n"
    assert process.returncode == 130
    assert not (tmp_path / "out").exists()


def test_the_command_says_what_it_did(tmp_path: Path) -> None:
    done = run("build", "--out", tmp_path, "--lang", "fr")
    assert done.returncode == 0, done.stderr
    assert "144 rows read" in done.stdout
    assert re.search(r"located: .*cercle \d+", done.stdout)
    assert str(tmp_path / "narena.html") in done.stdout
    assert '<html lang="fr">' in (tmp_path / "narena.html").read_text("utf-8")


def test_a_broken_file_gives_findings_not_a_traceback(tmp_path: Path) -> None:
    records = tmp_path / "mine [red].csv"
    records.write_text(
        "incident_id;date_start;location_text;latitude;longitude;event_type;fatalities_low\n"
        "a;12/05/2025;Narena commune;;;battles;three\n"
        "a;;</script><b>;91;x;=1;-5\n",
        "utf-8",
    )
    done = run("build", records, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "2 rows read" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    findings = (tmp_path / "out" / "findings.csv").read_text("utf-8-sig")
    assert "day-first" in findings
    assert "three" in findings


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("empty.csv", b"", "is empty"),
        ("image.png", b"\x89PNG", "must be a file of records"),
        ("no-columns.csv", b"a,b\n1,2\n", "incident_id, date_start, location_text"),
        ("broken.xlsx", b"not a workbook", "not a workbook"),
        ("broken.json", b"{", "not JSON"),
    ],
)
def test_no_file_of_records_is_one_clear_message(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("build", tmp_path / name, "--out", tmp_path / "out")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_out_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = run("build", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert (tmp_path / "out").read_text() == "mine"
    missing = run("build", tmp_path / "missing.csv", "--out", tmp_path / "other")
    assert missing.returncode == 2
    assert "missing.csv" in missing.stderr


def test_a_public_build_holds_nothing_that_it_withholds_and_says_so(tmp_path: Path) -> None:
    done = run("build", "--profile", "public", "--as-of", "2026-01-31", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert "Public edition. As of 31 January 2026; 142 of 144 incidents." in done.stdout
    files = files_of(tmp_path / "out")
    assert not {"findings.csv", "review.csv"} & set(files)
    manifest = json.loads(files["manifest.json"])
    assert manifest["release"]["profile"] == "public"
    assert manifest["release"]["withheld"] == {"embargo": 1, "verification": 1}
    assert manifest["rows"]["read"] == manifest["release"]["given"] == 142
    for lang in ("en", "fr"):
        assert manifest["release"]["statement"][lang]
    page = files["index.html"].decode()
    assert "Public edition" in page
    assert "144; 142 of them are given" in page
    assert "Places are given no finer than their commune." in page
    assert b"MLI-2012-09-08-dogofry" not in files["incidents.csv"]


def test_the_map_of_bamako_opens_with_the_twelve_months_before_the_editions_day(built) -> None:
    _, folder = built
    opens = data_of(folder / "bamako.html")["start"]
    days = [str(pd.Timestamp(opens[name], unit="D").date()) for name in ("from", "to")]
    assert days == ["2025-02-01", "2026-01-31"]


def test_an_internal_build_says_internal_on_its_face(built) -> None:
    report, folder = built
    assert "INTERNAL" in (folder / "index.html").read_text("utf-8")
    assert "Internal: not for passing on" in (folder / "incidents.csv").read_text("utf-8")
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["release"]["notice"] == dict(report.release.notice)


def test_a_build_is_kept_as_an_edition_and_says_what_changed(tmp_path: Path) -> None:
    records, kept = tmp_path / "records.csv", tmp_path / "editions"
    rows = [
        f"{name},2025-05-11,{place},reported\n"
        for name, place in (("a", "Narena"), ("b", "Kati"), ("c", "Bamako"))
    ]
    head = "incident_id,date_start,location_text,verification\n"
    for day, count in (("2026-01-31", 2), ("2026-02-28", 3)):
        records.write_text(head + "".join(rows[:count]), "utf-8")
        report = build(
            records,
            out=tmp_path / "out",
            as_of=pd.Timestamp(day).date(),
            editions=kept,
            profile="public",
        )
        assert report.edition.name == f"{day}-public"
    assert sorted(path.name for path in kept.iterdir()) == [
        "2026-01-31-public",
        "2026-02-28-public",
    ]
    said = " ".join(report.since.sentences["en"])
    assert said.startswith("Since the edition of 31 January 2026: 1 added, 0 changed, 0 withdrawn.")
    assert said in (tmp_path / "out" / "index.html").read_text("utf-8")
    for name in ("mali.html", "bamako.html", "narena.html"):
        assert data_of(tmp_path / "out" / name)["captions"]["en"]["note"] == said
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["changes"] == {
        "since": "2026-01-31-public",
        "said": {"en": said, "fr": " ".join(report.since.sentences["fr"])},
    }


def test_a_build_does_not_stand_among_the_editions(tmp_path: Path) -> None:
    begun: list[str] = []
    with pytest.raises(PublishError, match="would stand among the editions"):
        build(out=tmp_path / "out", editions=tmp_path, progress=begun.append)
    assert begun == []
    assert not any(tmp_path.iterdir())


def test_an_edition_in_which_something_leaks_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leak(files: Any, **_: Any) -> None:
        if any(path.name == "incidents.parquet" for path in Path(files).iterdir()):
            raise ReleaseError("it leaks")

    monkeypatch.setattr(job, "check_leaks", leak)
    with pytest.raises(ReleaseError, match="it leaks"):
        build(out=tmp_path / "out", editions=tmp_path / "editions", profile="public")
    assert sorted(path.name for path in tmp_path.iterdir()) in ([], ["editions"])
    assert not any((tmp_path / "editions").glob("*"))


def test_a_leak_fails_the_build_and_the_old_files_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    build(out=out, profile="public")
    before = files_of(out)
    written = job.write_files

    def leaking(located: Any, folder: Path, *, lang: str) -> list[Path]:
        (folder / "notes.txt").write_text("MLI-2012-09-08-dogofry", "utf-8")
        return written(located, folder, lang=lang)

    monkeypatch.setattr(job, "write_files", leaking)
    with pytest.raises(
        ReleaseError, match=r"nothing was put in place.*\n- notes\.txt: it has the id"
    ):
        build(out=out, profile="public")
    assert files_of(out) == before


def test_a_dataset_that_may_only_be_counted_is_counted(tmp_path: Path) -> None:
    columns = "incident_id,date_start,location_text,admin2,verification,dataset,event_type\n"
    rows = [
        f"{name}-{n},2025-01-0{n + 1},Narena,Kangaba,reported,{name},Battles"
        for name, many in (("press", 4), ("ACLED", 3))
        for n in range(many)
    ]
    (tmp_path / "records.csv").write_text(columns + "\n".join(rows), "utf-8")
    report = build(tmp_path / "records.csv", out=tmp_path / "out", profile="partner")
    assert len(report.located) == 4
    counts = pd.read_csv(tmp_path / "out" / "counts.csv")
    assert counts["incidents"].sum() == 7
    for name, content in files_of(tmp_path / "out").items():
        assert b"ACLED-1" not in content, name


def test_one_counted_incident_beside_many_published_cannot_be_told(tmp_path: Path) -> None:
    columns = "incident_id,date_start,admin1,admin2,location_text,verification,dataset,event_type\n"
    many = {
        ("press", "Koulikoro", "Kangaba"): 9,
        ("ACLED", "Koulikoro", "Kangaba"): 1,
        ("press", "Koulikoro", "Nara"): 4,
        ("ACLED", "Segou", "Niono"): 6,
        ("press", "Segou", "Macina"): 5,
    }
    rows = [
        f"{dataset}-{cercle}-{n},2024-01-01,{region},{cercle},,reported,{dataset},"
        for (dataset, region, cercle), times in many.items()
        for n in range(times)
    ]
    (tmp_path / "records.csv").write_text(columns + "\n".join(rows), "utf-8")
    profile = shipped("profiles", "public.toml").read_text("utf-8")
    (tmp_path / "mine.toml").write_text(profile, "utf-8")
    report = build(
        tmp_path / "records.csv", out=tmp_path / "out", profile=tmp_path / "mine.toml",
        as_of=dt.date(2025, 1, 1),
    )  # fmt: skip
    assert len(report.release.counted) == 7
    counts = pd.read_csv(tmp_path / "out" / "counts.csv").set_index("name")["incidents"]
    published = pd.read_csv(tmp_path / "out" / "incidents.csv")["admin2_name"].value_counts()
    left = (counts - published.reindex(counts.index).fillna(0)).dropna()
    assert pd.isna(counts["Kangaba"])
    assert not left.between(1, 2).any()
    # Seven were withheld, as the edition says: what is left out leaves each a range.
    assert 7 - left.sum() - counts[["Kangaba", "Nara", "Niono"]].isna().sum() + 1 >= 3


def test_an_edition_without_a_row_is_built_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "records.csv").write_text(
        "incident_id,date_start,admin2,location_text,verification,dataset\n"
        "a-1,2024-01-01,Kangaba,Narena,unverified,press\n"
        "ACLED-2,2024-01-01,,region de Kayes,reported,ACLED\n",
        "utf-8",
    )
    out = tmp_path / "out"
    report = build(
        tmp_path / "records.csv", out=out, profile="public", notebooks=ROOT / "notebooks",
        as_of=dt.date(2025, 1, 1),
    )  # fmt: skip
    assert report.located.empty
    words = "no incident is given: the 2 read are all withheld"
    for name in ("index.html", "mali.html", "bamako.html", "narena.html", "manifest.json"):
        assert words in (out / name).read_text("utf-8"), name
    assert "maps and tables have none" in (out / "index.html").read_text("utf-8")
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["rows"]["findings"] == {}
    assert manifest["release"]["given"] == 0
    # One incident that may be counted is no count to be given.
    counts = pd.read_csv(out / "counts.csv")
    assert counts["incidents"].isna().all()
    assert set(counts["level"]) == {"cercle"}


def test_a_profile_that_is_none_is_refused_before_any_work(tmp_path: Path) -> None:
    done = run("build", "--profile", "pubic", "--out", tmp_path / "out")
    assert done.returncode == 2
    assert "there is no profile 'pubic'" in done.stderr
    assert not (tmp_path / "out").exists()
