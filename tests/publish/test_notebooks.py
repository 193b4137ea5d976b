import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from pytest_socket import socket_allow_hosts

from mali_incidents.errors import PublishError
from mali_incidents.publish.notebooks import run_notebooks

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


def test_there_are_five():
    assert [path.stem[:2] for path in NOTEBOOKS] == ["01", "02", "03", "04", "05"]


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


def test_two_runs_give_the_same_bytes_and_list_what_was_made(loopback, tmp_path):
    source = (
        "import os, pandas as pd\nfrom pathlib import Path\n"
        "Path(os.environ['MALI_OUT'], 'notebooks', 'made.txt').write_text('made')\n"
        "pd.DataFrame({'a': [1]}).style.hide(axis='index')"
    )
    cells = [new_markdown_cell("# Styled", id="goal"), new_code_cell(source, id="styled")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "styled.ipynb")
    pages = []
    for name in ("a", "b"):
        folder = tmp_path / name / "notebooks"
        folder.mkdir(parents=True)
        (folder / "older.txt").write_text("left alone")
        done = run_notebooks(tmp_path, tmp_path / name)
        assert done.made == (folder / "made.txt",)
        pages += done.pages
    assert "T_table0" in pages[0].read_text("utf-8")
    assert pages[0].read_bytes() == pages[1].read_bytes()
