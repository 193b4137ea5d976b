"""What a report pack costs on this machine: seconds, peak memory, size; for what ships and 5,000.

Of the profile public, which looks in every file for what it withholds, and of all records.

Run it from the project's environment: ``python benchmarks/report_pack.py [RUNS]``.
"""

import csv
import datetime as dt
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mali_incidents.storage import shipped

COMMAND = [sys.executable, "-c", "from mali_incidents.cli import main; main()", "report"]
MADE = 5000


def main(runs: int = 5) -> None:
    """Write all packs several times, each in a process of its own, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "pack"
        made = make_records(Path(folder) / "made")
        small = "(target: 25 s or less, under 12 MB)"
        large = "(target: 90 s or less, under 1,500 MB of memory)"
        for what, records, profile, words in (
            ("the shipped records", [], "public", small),
            (f"{MADE:,} made records", [made], "public", large),
            (f"{MADE:,} made records", [made], "internal", large),
        ):
            command = [*COMMAND, *map(str, records), "--out", str(out), "--lang", "fr"]
            command += ["--around", "Bamako", "--profile", profile]
            costs = [_cost(command) for _ in range(runs)]
            seconds, worked, peaks = zip(*costs, strict=True)
            files = [path for path in out.rglob("*") if path.is_file()]
            archive = next(path for path in files if path.suffix == ".zip")
            print(f"{runs} runs of mali-incidents report --profile {profile} on {what} {words}")
            print(f"  median seconds        {statistics.median(seconds):.1f}")
            print(f"  of these processor    {statistics.median(worked):.1f}")
            print(f"  peak memory, MB       {max(peaks) / 1e6:.0f}")
            print(f"  the zip, MB           {archive.stat().st_size / 1e6:.1f}")
            print(f"  folder and zip, MB    {sum(path.stat().st_size for path in files) / 1e6:.1f}")


def make_records(folder: Path) -> Path:
    """Write records told as the shipped ones are, with other ids and days, and their coverage."""
    folder.mkdir()
    with shipped("incidents", "incidents.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    chance = random.Random(5000)
    first = dt.date(2012, 1, 1)
    made = []
    for number in range(MADE):
        day = str(first + dt.timedelta(days=chance.randrange(5100)))
        row = dict(chance.choice(rows))
        row |= {"incident_id": f"made-{number}", "date_start": day, "date_end": day}
        made.append(row)
    with (folder / "incidents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(made)
    shutil.copy(shipped("incidents", "coverage.toml"), folder)
    return folder / "incidents.csv"


def _cost(command: list[str]) -> tuple[float, float, float]:
    """Give the seconds of one run, those of the processor, and its peak memory in bytes."""
    start = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A process between, so that the peak is this run's and not of one before.
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, "
        "stdout=subprocess.DEVNULL); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command], check=True, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    # Linux counts in kibibytes, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return time.perf_counter() - start, worked, int(done.stdout) * unit


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
