"""The main job, through the command and through the library."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from mali_incidents.errors import PublishError
from mali_incidents.job import build
from mali_incidents.publish.notebooks import run_notebooks

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


def test_two_builds_with_notebooks_are_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = build(out=tmp_path / "one", notebooks=ROOT / "notebooks")
    build(out="two", notebooks=ROOT / "notebooks")
    one, two = files_of(tmp_path / "one"), files_of(tmp_path / "two")
    assert sorted(one) == sorted(two)
    assert [name for name in one if one[name] != two[name]] == []
    assert {
        "index.html", "mali.html", "bamako.html", "narena.html",
        "incidents.csv", "incidents.geojson",
        "incidents.gpkg", "findings.csv", "review.csv", "manifest.json",
        "notebooks/01-look-at-the-records.html", "notebooks/02-the-attack-at-narena.html",
        "notebooks/03-around-bamako.html",
    } <= set(one)  # fmt: skip
    manifest = json.loads(one["manifest.json"])
    assert (
        manifest["rows"]["read"]
        == len(report.located)
        == sum(manifest["rows"]["by_level"].values())
    )
    assert set(manifest["files"]) == set(one) - {"manifest.json", "index.html"} - {
        name for name in one if re.match(r"notebooks/[a-z]", name)
    }
    for name, content in one.items():
        limit = 6_000_000 if name.startswith("notebooks/0") else 1_500_000
        assert len(content) < limit, name


@pytest.mark.browser
def test_executed_notebooks_and_gallery_open_offline(tmp_path: Path, browser) -> None:
    build(out=tmp_path, notebooks=ROOT / "notebooks")
    for path in [tmp_path / "index.html", *sorted((tmp_path / "notebooks").glob("0*.html"))]:
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


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_small_stripped_and_plain(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in code)
    assert all(len(cell.source.splitlines()) <= 8 for cell in code)
    assert not any(re.search(r"^\s*(def|class) ", cell.source, flags=re.MULTILINE) for cell in code)
    opening = notebook.cells[0].source
    assert all(word in opening for word in ("**Goal.**", "**Input.**", "**Output.**"))


def test_a_failing_cell_is_named(tmp_path: Path) -> None:
    write_notebook(tmp_path / "broken.ipynb", "1 / 0")
    with pytest.raises(
        PublishError, match=r"broken\.ipynb stopped at its cell 'only': ZeroDivisionError"
    ):
        run_notebooks(tmp_path, tmp_path / "out")
    with pytest.raises(PublishError, match="no notebook"):
        run_notebooks(tmp_path / "out", tmp_path)
