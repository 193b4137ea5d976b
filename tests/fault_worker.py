"""Writes with the one hand that writes, in a process of its own that a test may kill.

``python fault_worker.py HOW FOLDER [WORD …]`` writes one file, one folder and one folder's files,
each of many, all saying the same word: of a generation. It says "ready" when it begins.
"""

import os
import resource
import signal
import sys
from itertools import count
from pathlib import Path

from mali_incidents.errors import PublishError
from mali_incidents.storage import whole_folder, write_bytes, write_folder

NAMES = ("a.bin", "b.bin", "below/c.bin", "manifest.json")
LAST = ("manifest.json",)
# More than one block of a disk and one buffer of a pipe.
SIZE = 150_000
# What the system tells before it does something to a file.
EVENTS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "ctypes.call_function"}


def content(word: str) -> bytes:
    """What every file of a generation holds."""
    return (word.encode() + b"\n") * (SIZE // (len(word) + 1))


def fill(folder: Path, word: str) -> None:
    """Write the files of a generation."""
    for name in NAMES:
        write_bytes(folder / name, content(word))


def write_all(out: Path, word: str) -> None:
    """Write a generation in each of the three ways."""
    write_bytes(out / "file.bin", content(word))
    write_folder(out / "folder", lambda draft: fill(draft, word))
    with whole_folder(out / "files", last=LAST) as draft:
        fill(draft, word)


def main(how: str, folder: str, *words: str) -> None:
    """Write as asked."""
    out = Path(folder)
    print("ready", flush=True)
    match how:
        case "once":
            write_all(out, words[0])
        case "for ever":
            for number in count():
                write_all(out, f"{words[0]}-{number}")
        case "many times":
            for number in range(int(words[1])):
                write_all(out, f"{words[0]}-{number}")
        case "killed before":
            _die_before(int(words[1]))
            write_all(out, words[0])
        case "too large":
            resource.setrlimit(resource.RLIMIT_FSIZE, (SIZE // 2, SIZE // 2))
            _refused(out, words[0])
        case "not allowed":
            if os.geteuid() == 0:
                os.seteuid(65534)
            _refused(out, words[0])


def _die_before(number: int) -> None:
    """Die before the system does the given number of things to files."""
    left = [number]

    def hook(event: str, _: object) -> None:
        if event in EVENTS:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _refused(out: Path, word: str) -> None:
    """Say why each of the three ways is refused."""

    def files() -> None:
        with whole_folder(out / "files", last=LAST) as draft:
            fill(draft, word)

    for write in (
        lambda: write_bytes(out / "file.bin", content(word)),
        lambda: write_folder(out / "folder", lambda draft: fill(draft, word)),
        files,
    ):
        try:
            write()
            print("written", flush=True)
        except PublishError as error:
            print(error, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
