"""Find or install the browser that the tests open pages in; `make test` runs this."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Say which browser the tests will use, or what to install."""
    if found := os.environ.get("MALI_BROWSER") or next(
        filter(None, map(shutil.which, NAMES)), None
    ):
        print(f"browser for the tests: {found}")
        return 0
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get") and Path("/etc/debian_version").exists():
        print("installing Debian's chromium for the tests …")
        steps = [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
        if all(
            subprocess.run(step, check=False, stdout=subprocess.DEVNULL).returncode == 0
            for step in steps
        ):
            return 0
    print("installing Playwright's own chromium for the tests …")
    if (
        subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"], check=False
        ).returncode
        == 0
    ):
        return 0
    print(
        "No browser for the tests, and none could be installed. Install Chromium or Chrome, "
        "or name one: MALI_BROWSER=/path/to/chrome make test",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
