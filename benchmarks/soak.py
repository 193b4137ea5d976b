"""Kill, starve and race the writing of whole report packs, for as long as asked.

``python benchmarks/soak.py [MINUTES]``: after each fault the pack that stands is checked, every
file by its checksum and the zip against the folder. Ends with 1 at the first that is not whole.
"""

import csv
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

FAULTS = ("killed", "too large", "two at once")


def main(minutes: float = 60) -> int:
    """Do it, and say what was done."""
    chance = random.Random(60)
    end = time.monotonic() + 60 * minutes
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        records = [_records(Path(folder) / f"{name}.csv", name) for name in ("old", "new")]
        out = Path(folder) / "pack"
        start = time.monotonic()
        _start(records[0], out).wait()
        took = time.monotonic() - start
        before = _whole(out)
        while time.monotonic() < end:
            fault = chance.choice(FAULTS)
            _do(fault, records, out, chance=chance, took=took)
            stands = _whole(out)
            counts[f"{fault}: {'another' if stands != before else 'the same'} pack stands"] += 1
            before = stands
        for one in records:
            _start(one, out).wait()
            _whole(out)
        left = [path.name for path in Path(folder).iterdir() if path.name.startswith(".")]
    for what, count in sorted(counts.items()):
        print(f"{count:6}  {what}")
    print(f"{sum(counts.values())} faults in {minutes:g} minutes; left behind: {left or 'nothing'}")
    return int(bool(left))


def _do(fault: str, records: list[Path], out: Path, *, chance: random.Random, took: float) -> None:
    """Let one fault happen to a pack that is being written."""
    one = chance.choice(records)
    if fault == "killed":
        process = _start(one, out)
        time.sleep(chance.uniform(0, 1.2 * took))
        process.kill()
        process.wait()
    elif fault == "too large":
        _start(one, out, most_bytes=chance.choice([1_000, 50_000, 300_000, 600_000])).wait()
    else:
        both = [_start(each, out) for each in records]
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, 2 * took))
            both[0].send_signal(signal.SIGINT)
        for process in both:
            process.wait()


def _start(records: Path, out: Path, *, most_bytes: int | None = None) -> subprocess.Popen[bytes]:
    """Begin to write a pack; no file of it may be larger than asked."""
    limit = ""
    if most_bytes is not None:
        both = (most_bytes, most_bytes)
        limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, {both}); "
    code = f"{limit}from mali_incidents.cli import main; main()"
    words = ["report", str(records), "--out", str(out), "--as-of", "2026-01-31"]
    return subprocess.Popen(
        [sys.executable, "-c", code, *words, "--places", "shipped"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _whole(out: Path) -> str:
    """Check every file of the pack that stands; give the checksum of its manifest."""
    said = dict(
        reversed(line.split("  ", 1)) for line in (out / "SHA256SUMS").read_text().splitlines()
    )
    archive = out / json.loads((out / "manifest.json").read_text("utf-8"))["archive"]
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    if there != {*said, "SHA256SUMS", archive.name}:
        sys.exit(f"not the files that the pack lists: {sorted(there ^ set(said))}")
    with zipfile.ZipFile(archive) as held:
        for name, digest in said.items():
            content = (out / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != digest:
                sys.exit(f"{name} is not as its checksum says")
            if held.read(f"{archive.stem}/{name}") != content:
                sys.exit(f"{name} is another in the zip")
    return said["manifest.json"]


def _records(file: Path, word: str) -> Path:
    """Write a few records that say which pack they are of."""
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["incident_id", "date_start", "location_text", "summary"])
        for number, place in enumerate(("Narena", "Kati", "Bamako", "Sikasso", "Xyzzy") * 4):
            writer.writerow([f"{word}-{number}", "2025-05-11", place, word])
    return file


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:2])))
