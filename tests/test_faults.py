"""Disk full, killed, not allowed, two at once: the old files stand whole or the new ones do."""

import errno
import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import pytest
from fault_worker import LAST, NAMES, content, write_all

from mali_incidents import storage
from mali_incidents.errors import PublishError
from mali_incidents.storage import whole_folder, write_beside, write_folder

WORKER = [sys.executable, str(Path(__file__).with_name("fault_worker.py"))]
KILLS = 100
# Longer than a worker needs for a generation.
LONGEST = 0.08

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the worker needs Unix")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with an older generation, and a file of somebody else's."""
    write_all(tmp_path / "out", "old")
    (tmp_path / "out" / "files" / "mine.txt").write_text("mine")
    return tmp_path / "out"


def worker(*words: object) -> subprocess.Popen[str]:
    """Start a worker, and give it when it begins to write."""
    process = subprocess.Popen(
        [*WORKER, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n", process.stderr.read()
    return process


def rest(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a worker says after its first line; communicate would lose what was read with it."""
    return process.stdout.read(), process.stderr.read()


def generation(path: Path) -> str:
    """The word that a whole file says; a half one fails."""
    found = path.read_bytes()
    word = found[:60].split(b"\n")[0].decode()
    assert found == content(word), path
    return word


def generation_in(folder: Path) -> str:
    """The word that all files of a folder say; a mixture fails."""
    words = {generation(folder / name) for name in NAMES}
    assert len(words) == 1, words
    return words.pop()


def check(out: Path) -> set[str]:
    """Look at all three after a fault; give the generations that stand."""
    stand = {generation(out / "file.bin")}
    if sys.platform == "linux" or (out / "folder").exists():
        stand.add(generation_in(out / "folder"))
    # Files among others are told to be whole by the one that comes last.
    if (out / "files" / LAST[0]).exists():
        stand.add(generation_in(out / "files"))
    assert (out / "files" / "mine.txt").read_text() == "mine"
    return stand


def drafts(out: Path) -> list[str]:
    return [path.name for path in out.rglob("*.draft-*")]


def test_killed_before_each_step_the_old_stands_or_the_new(out: Path) -> None:
    seen: set[str] = set()
    for number in range(1000):
        with worker("killed before", out, f"new-{number}", number) as process:
            process.wait()
        seen |= check(out)
        if process.returncode == 0:
            break
    assert process.returncode == 0
    assert number > 40
    assert check(out) == {f"new-{number}"}
    assert len(seen) > 3
    assert drafts(out) == []


def test_killed_at_random_moments_the_old_stands_or_the_new(out: Path) -> None:
    chance = random.Random(2026)
    stood: set[str] = set()
    for number in range(KILLS):
        with worker("for ever", out, f"run{number}") as process:
            time.sleep(chance.uniform(0, LONGEST))
            process.kill()
        stood |= check(out)
    # Some were killed early and some late.
    assert len(stood) > 3
    write_all(out, "last")
    assert check(out) == {"last"}
    assert drafts(out) == []


def test_two_at_once_leave_one_of_them_whole(out: Path) -> None:
    workers = [worker("many times", out, name, 25) for name in ("left", "right")]
    looked = 0
    while any(process.poll() is None for process in workers):
        generation(out / "file.bin")
        looked += _look_into(out / "folder")
    for process in workers:
        with process:
            assert rest(process) == ("", "")
        assert process.returncode == 0
    assert looked
    assert check(out) <= {f"{name}-{number}" for name in ("left", "right") for number in range(25)}
    assert generation_in(out / "files")
    assert drafts(out) == []


def _look_into(folder: Path) -> bool:
    """Look at a folder while it may be replaced: what was opened is one generation, or gone."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        # Only where folders cannot change places.
        assert sys.platform != "linux"
        return False
    words = set()
    try:
        for name in NAMES:
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=opened), "rb") as file:
                words.add(file.read()[:60].split(b"\n")[0])
    except FileNotFoundError:
        return False
    finally:
        os.close(opened)
    assert len(words) == 1
    return True


def test_a_file_too_large_for_the_disk_leaves_the_old(out: Path) -> None:
    with worker("too large", out, "new") as process:
        said, wrong = rest(process)
    assert (process.returncode, wrong) == (0, "")
    assert said.count("cannot write") == len(said.splitlines()) == 3
    assert "File too large" in said
    assert check(out) == {"old"}
    assert drafts(out) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk here that is always full")
def test_a_full_disk_leaves_the_old(out: Path) -> None:
    def full(_: Path) -> None:
        Path("/dev/full").write_bytes(b"x")

    with pytest.raises(PublishError, match="No space left"):
        write_beside(out / "file.bin", full)
    with pytest.raises(PublishError, match="No space left"):
        write_folder(out / "folder", full)
    with pytest.raises(OSError, match="No space left"), whole_folder(out / "files", last=LAST):
        full(out)
    assert check(out) == {"old"}
    assert drafts(out) == []


@pytest.mark.parametrize("call", ["rename", "mkdir"])
def test_a_disk_that_is_full_when_names_change_leaves_the_old(
    out: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object, **__: object) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "rename":
        monkeypatch.setattr(storage.os, "replace", full)
        monkeypatch.setattr(storage.Path, "rename", full)
    else:
        monkeypatch.setattr(storage.tempfile, "mkdtemp", full)
    for name in ("file.bin", "folder"):
        write = write_beside if name == "file.bin" else write_folder
        with pytest.raises(PublishError, match="No space left"):
            write(out / name, lambda draft: draft.is_dir() or draft.touch())
    monkeypatch.undo()
    assert check(out) == {"old"}
    assert drafts(out) == []


def test_what_is_not_allowed_leaves_the_old(out: Path) -> None:
    for folder in (out, out / "files", out / "folder"):
        folder.chmod(0o555)
    try:
        with worker("not allowed", out, "new") as process:
            said, wrong = rest(process)
    finally:
        for folder in (out, out / "files", out / "folder"):
            folder.chmod(0o755)
    assert (process.returncode, wrong) == (0, "")
    assert said.count("Permission denied") == len(said.splitlines()) == 3
    assert check(out) == {"old"}
    assert drafts(out) == []


def test_only_the_drafts_of_the_killed_are_swept_up(out: Path) -> None:
    mine = [".file.bin.draft-mine", ".file.bin.draft-notRandom", ".other.draft-abcdefgh"]
    for name in [*mine, ".file.bin.draft-abcd_123"]:
        (out / name).mkdir()
        (out / name / "x").write_text("x")
    held = storage._lock(out / ".file.bin.draft-abcd_123", wait=True)
    write_beside(out / "file.bin", lambda draft: draft.write_bytes(content("new")))
    assert sorted(drafts(out)) == sorted([*mine, ".file.bin.draft-abcd_123"])
    storage._unlock(held)
    write_beside(out / "file.bin", lambda draft: draft.write_bytes(content("new")))
    assert sorted(drafts(out)) == sorted(mine)
