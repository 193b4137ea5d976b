"""What is left out of a run for lack of real data is counted in one line, however it is run."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = """
import pytest

@pytest.mark.shared
@pytest.mark.parametrize("number", range(3))
def test_real(shared, number): ...

def test_made(): ...
"""
SETTINGS = """
[pytest]
pythonpath = tests
addopts = --import-mode=importlib --strict-markers
markers =
    shared: reads the project's real data beside the checkout
    browser: opens a written page
"""


def run(checkout: Path, *words: str, ci: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *words],
        cwd=checkout,
        env={name: text for name, text in os.environ.items() if "PYTEST" not in name} | {"CI": ci},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with these tests' settings and no folder of real data beside it."""
    tests = tmp_path / "checkout" / "tests"
    tests.mkdir(parents=True)
    for name in ("conftest.py", "install_browser.py"):
        shutil.copy(HERE / name, tests)
    (tests / "test_some.py").write_text(TESTS)
    (tests / "test_more.py").write_text(TESTS)
    (tests.parent / "pytest.ini").write_text(SETTINGS)
    return tests.parent


@pytest.mark.parametrize("words", [[], ["-n", "2", "--dist", "loadfile"]], ids=["one", "two"])
def test_tests_left_out_are_counted(checkout: Path, words: list[str]) -> None:
    done = run(checkout, *words)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if "left out" in line]
    assert len(lines) == 1
    assert lines[0].startswith("6 tests left out: no real data in ")


def test_nothing_is_left_out_where_all_must_run(checkout: Path) -> None:
    done = run(checkout, ci="true")
    assert done.returncode != 0
    assert "no test may be left out there" in done.stdout + done.stderr


def test_with_real_data_nothing_is_said(checkout: Path) -> None:
    (checkout.parent / "shared").mkdir()
    done = run(checkout, "-n", "2")
    assert done.returncode == 0
    assert "left out" not in done.stdout
