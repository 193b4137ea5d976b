import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pytest_socket import socket_allow_hosts

from mali_incidents.counts.totals import totals_by
from mali_incidents.errors import PublishError
from mali_incidents.publish.notebooks import run_notebooks
from mali_incidents.records.read import read_incidents
from mali_incidents.storage import shipped

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


@pytest.fixture
def loopback(socket_enabled):
    """Let a kernel be spoken to on this machine."""
    socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)


# Kernels of one test after another leave sockets and loops for the collector to close.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def test_there_are_four():
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_are_stripped_and_small(path):
    content = nbformat.read(path, as_version=4)
    nbformat.validate(content)
    for word in ("Goal", "Input", "Output"):
        assert f"\n- **{word}.** " in content.cells[0].source
    for cell in content.cells:
        assert not cell.id.isdigit()
        assert len(cell.source.splitlines()) <= 8
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert not re.search(r"^\s*def ", cell.source, flags=re.MULTILINE)


def test_every_notebook_runs_and_leaves_its_map(loopback, tmp_path):
    pages = run_notebooks(NOTEBOOKS[0].parent, tmp_path)
    assert [page.stem for page in pages] == [path.stem for path in NOTEBOOKS]
    for page in pages:
        text = page.read_text("utf-8")
        assert len(text.encode()) < 6_000_000
        assert not re.search(r"<(?:script|link)[^>]*(?:src|href)=\"https?:", text)
    maps = {path.name for path in (tmp_path / "notebooks").glob("[a-z]*.html")}
    assert maps == {"mali.html", "narena.html", "bamako.html", "review.html"}
    assert [path.name for path in tmp_path.iterdir()] == ["notebooks"]
    _check_what_they_say(*(page.read_text("utf-8") for page in pages))


def _check_what_they_say(records, narena, bamako, locating):
    incidents, _ = read_incidents(shipped("incidents", "incidents.csv"))
    totals = totals_by(incidents, incidents["event_type"])
    for kind, row in totals.iterrows():
        assert [kind, *map(str, row)] in _rows(bamako)
    # The same report may say different things of the two events.
    said = [row for row in _rows(narena) if "AP via Daily8" in row]
    assert [row[0] for row in said] == ["MLI-2025-05-11-narena-1", "MLI-2025-05-11-narena-2"]
    assert re.search(r"Bamako is \d+ km from Narena", narena)
    assert "0.25" in {cell for row in _rows(records) for cell in row}
    calibration = pd.read_csv(shipped("places", "calibration.csv"), dtype="str")
    assert calibration["rows"].tolist() == [
        row[1] for row in _rows(locating) if "where_" in row[-1]
    ]


def _rows(page):
    """The rows of a page's tables, as texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, flags=re.DOTALL)
    return [re.findall(r"<td[^>]*>(.*?)</td>", row, flags=re.DOTALL) for row in rows]


def test_a_failing_cell_is_named(loopback, tmp_path):
    cells = [new_markdown_cell("# A title"), new_code_cell("1 / 0", id="divide")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "bad.ipynb")
    with pytest.raises(PublishError, match=r"bad\.ipynb stopped at its cell 'divide'"):
        run_notebooks(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_is_no_notebook_is_refused(tmp_path):
    with pytest.raises(PublishError, match="no notebook"):
        run_notebooks(tmp_path, tmp_path)
    (tmp_path / "broken.ipynb").write_text("{")
    with pytest.raises(PublishError, match=r"broken\.ipynb is not a notebook"):
        run_notebooks(tmp_path, tmp_path)


def test_two_runs_give_the_same_bytes(loopback, tmp_path):
    source = "import pandas as pd\npd.DataFrame({'a': [1]}).style.hide(axis='index')"
    cells = [new_markdown_cell("# Styled", id="goal"), new_code_cell(source, id="styled")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "styled.ipynb")
    one, other = (run_notebooks(tmp_path, tmp_path / name)[0] for name in ("a", "b"))
    assert "T_table0" in one.read_text("utf-8")
    assert one.read_bytes() == other.read_bytes()
