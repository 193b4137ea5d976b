"""What the README says can be done is done as it is written there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from mali_incidents.maps.incident_map import incident_map
from mali_incidents.storage import write_bytes

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
BIN = Path(sys.executable).parent
COMMANDS = re.findall(
    r"^    \.venv/bin/(mali-incidents .*?)(?: +#.*)?$", README, flags=re.MULTILINE
)


def test_the_five_lines_leave_the_map(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
    assert len([line for line in code.splitlines() if line and not line.startswith("import")]) == 5
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Narena" in (tmp_path / "narena.html").read_text("utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_run_as_written(shipped_located, tmp_path: Path, command: str) -> None:
    row = {"incident_id": "a", "date_start": "11/05/2025", "location_text": "Narena"}
    pd.DataFrame([row]).to_excel(tmp_path / "my-records.xlsx", index=False)
    row = {"incident_id": "a", "date_start": "2025-05-11", "where_description": "Narena town"}
    pd.DataFrame([row]).to_csv(tmp_path / "ged_mali.csv", index=False)
    program, *words = shlex.split(command)
    if words[0] == "embed":
        saved = incident_map(shipped_located, around="Bamako")
        saved.save(tmp_path / "publish" / "bamako.html")
        write_bytes(tmp_path / "publish" / "pictures" / "bamako.png", saved.picture())
    if {"add", "fetch"} & set(words):
        # What they need is not here, a network or a file of others: they have tests of their own.
        words = [*words[:2], "--help"]
    done = subprocess.run(
        [BIN / program, *words],
        cwd=tmp_path, input="", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout


def test_what_it_points_at_is_there() -> None:
    assert len(COMMANDS) == 14
    linked = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in linked if not (ROOT / link).exists()] == []
    notebooks = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("notebooks/*.ipynb")}
    assert notebooks == {link for link in linked if link.endswith(".ipynb")}
    assert (ROOT / "docs" / "narena.png").stat().st_size < 300_000
