"""Find or install LibreOffice, in which the tests open the report; `make test` runs this."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Say which LibreOffice the tests will use, or what to install; only CI must have one."""
    if found := shutil.which("soffice"):
        print(f"LibreOffice for the tests: {found}")
        return 0
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and shutil.which("apt-get") and Path("/etc/debian_version").exists():
        print("installing Debian's LibreOffice for the tests …")
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        steps = [["apt-get", "update", "-qq"], [*install, "libreoffice-writer-nogui"]]
        if all(
            subprocess.run(step, check=False, stdout=subprocess.DEVNULL).returncode == 0
            for step in steps
        ):
            return 0
    print("no LibreOffice here: the report is not opened in it (install libreoffice-writer)")
    return 1 if os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
