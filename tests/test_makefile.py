"""The Makefile with a Python that only says what it was asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# A Python that makes environments of programs which note their words, one a line.
PYTHON = """#!/bin/sh
case "$1 $2" in
"-c "*) test ! -e "{home}/old";;
"--version "*) echo Python 3.9.2;;
"-m venv")
  for folder; do :; done
  mkdir -p "$folder/bin"
  cp "{home}/noter" "$folder/bin/mali-incidents"
  cp "{home}/noter" "$folder/bin/jupyter"
  if [ -e "{home}/fails" ]; then printf '#!/bin/sh\\nexit 1\\n' > "$folder/bin/python"
  else cp "{home}/noter" "$folder/bin/python"; fi
  chmod +x "$folder/bin/"*
  test ! -e "{home}/fails";;
esac
"""
NOTER = """#!/bin/sh
{{ echo "${{0##*/}}"; for word; do echo "  $word"; done; }} >> "{home}/notes"
"""


class Checkout:
    """A folder with the Makefile, and a Python beside it that is none."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "checkout"
        self.folder.mkdir()
        for name in ("Makefile", "requirements.txt", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder)
        for name, text in (("python", PYTHON), ("noter", NOTER)):
            (home / name).write_text(text.format(home=home))
            (home / name).chmod(0o755)

    def make(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run make, whatever make runs the tests."""
        inherited = {"OUT", "PYTHON"}
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in inherited and not name.startswith(("MAKE", "MFLAGS"))
        }
        return subprocess.run(
            ["make", f"PYTHON={self.home / 'python'}", *words],
            cwd=self.folder,
            env=kept,
            capture_output=True,
            text=True,
            check=False,
        )

    def notes(self) -> str:
        """What the programs of the environment were asked for."""
        return (self.home / "notes").read_text()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_a_name_with_a_blank_is_one_folder(checkout: Checkout) -> None:
    assert checkout.make("maps", "OUT=my maps").returncode == 0
    assert "  --out\n  my maps\n" in checkout.notes()
    for name in ("my maps", "my", "maps"):
        (checkout.folder / name).mkdir()
    assert checkout.make("clean", "OUT=my maps").returncode == 0
    left = {path.name for path in checkout.folder.iterdir()}
    assert left == {"Makefile", "requirements.txt", "pyproject.toml", "my", "maps"}


def test_an_environment_that_was_not_made_whole_is_made_again(checkout: Checkout) -> None:
    (checkout.home / "fails").touch()
    assert checkout.make("maps").returncode != 0
    (checkout.home / "fails").unlink()
    assert checkout.make("maps").returncode == 0
    assert "mali-incidents\n  build\n" in checkout.notes()


def test_an_environment_that_was_removed_is_filled_again(checkout: Checkout) -> None:
    assert checkout.make("maps").returncode == 0
    once = checkout.notes().count("  install\n")
    assert checkout.make("maps").returncode == 0
    assert checkout.notes().count("  install\n") == once
    shutil.rmtree(checkout.folder / ".venv")
    assert checkout.make("maps").returncode == 0
    assert checkout.notes().count("  install\n") == 2 * once


def test_an_environment_that_works_is_kept(checkout: Checkout) -> None:
    assert checkout.make("maps").returncode == 0
    shutil.rmtree(checkout.folder / ".make")
    (checkout.folder / ".venv" / ".made").unlink()
    (checkout.home / "fails").touch()
    assert checkout.make("maps").returncode == 0


def test_no_python_and_an_old_one_are_said(checkout: Checkout) -> None:
    done = checkout.make("maps", "PYTHON=/nonexistent/python")
    assert done.returncode != 0
    assert "There is no /nonexistent/python" in done.stdout
    assert "PYTHON=/path/to" in done.stdout
    assert "not found" not in done.stdout
    (checkout.home / "old").touch()
    done = checkout.make("maps")
    assert "Python 3.11 or newer is needed" in done.stdout
    assert "is Python 3.9.2" in done.stdout


def test_the_notebooks_open_for_root_too(checkout: Checkout) -> None:
    assert checkout.make("lab").returncode == 0
    assert ("--allow-root" in checkout.notes()) == (os.geteuid() == 0)
