"""What the main job costs on this machine: seconds, peak memory, and the size of each page.

Run it from the project's environment: ``python benchmarks/main_job.py [RUNS]``.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

COMMAND = [sys.executable, "-c", "from mali_incidents.cli import main; main()", "build"]


def main(runs: int = 5) -> None:
    """Run the job several times, each in a process of its own, and print the figures."""
    with tempfile.TemporaryDirectory() as out:
        seconds = [_seconds([*COMMAND, "--out", out]) for _ in range(runs)]
        # Linux counts in kibibytes, macOS in bytes; the largest of all runs.
        unit = 1 if sys.platform == "darwin" else 1024
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
        print(f"{runs} runs of mali-incidents build on the shipped records")
        print(f"  median seconds   {statistics.median(seconds):.2f}   (target: under 10)")
        print(f"  peak memory, MB  {peak / 1e6:.0f}   (target: under 700)")
        for page in sorted(Path(out).glob("*.html")):
            print(f"  {page.name:<15}  {page.stat().st_size / 1e6:.2f} MB   (target: under 1.5)")


def _seconds(command: list[str]) -> float:
    """Time one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
