"""Make data/SHA256SUMS: the sha256 of every file that ships, as ``sha256sum --check`` reads it.

For maintainers, from the repository's root, after any change below data/::

    .venv/bin/python data/build/checksums.py

The table in data/README.md says where each of these files comes from. That page and the list itself
are left out: a sum beside the text that a person edits would only ever say that it was edited.
"""

from pathlib import Path
from typing import Final

from mali_incidents.storage import sha256_of, write_text

DATA: Final = Path(__file__).parents[1]
LIST: Final = DATA / "SHA256SUMS"
LEFT_OUT: Final = {"README.md", LIST.name}


def summed_files() -> list[str]:
    """List the files to sum by their path below data/, in byte order."""
    files = (path.relative_to(DATA) for path in DATA.rglob("*") if path.is_file())
    kept = (path.as_posix() for path in files if "__pycache__" not in path.parts)
    return sorted(set(kept) - LEFT_OUT)


def make_checksums() -> str:
    """Write one line a file: its sha256, two spaces, its path."""
    return "".join(f"{sha256_of(DATA / name)}  {name}\n" for name in summed_files())


def main() -> None:
    """Write the list and say how many files are in it."""
    write_text(LIST, make_checksums())
    print(f"{LIST}: {len(summed_files())} files")


if __name__ == "__main__":
    main()
