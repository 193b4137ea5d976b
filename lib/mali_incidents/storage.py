"""The one hand that writes files, and the way to the data that ships.

Every save, cache and export goes through :func:`write_beside`: the new file is written beside
the old one and renamed over it, so that a reader (or a crash) sees the whole old file or the
whole new one, never half of either.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import platformdirs

from mali_incidents.errors import PublishError

_PACKAGE = Path(__file__).parent
# Where a user's own gazetteers and frames are kept, when not where the system keeps such things.
_HOME: Final = "MALI_INCIDENTS_HOME"


def shipped(*parts: str) -> Path:
    """Give the path of a file or folder that ships with the suite.

    Parameters
    ----------
    *parts : str
        The path below ``data/``, e.g. ``"boundaries", "mali-2017"``.

    Returns
    -------
    pathlib.Path
        In an installed wheel below the package, in a checkout below the repository.
    """
    inside = _PACKAGE / "data"
    root = inside if inside.is_dir() else _PACKAGE.parents[1] / "data"
    return root.joinpath(*parts)


def user_folder(*parts: str) -> Path:
    """Give the path of a file or folder among what the user added: gazetteers and frames.

    Parameters
    ----------
    *parts : str
        The path below the user's data folder, e.g. ``"places"``.

    Returns
    -------
    pathlib.Path
        Below the folder that the environment variable ``MALI_INCIDENTS_HOME`` names, else below
        the system's own place for a program's data. Nothing is made.
    """
    given = os.environ.get(_HOME)
    root = Path(given) if given else platformdirs.user_data_path("mali-incidents", appauthor=False)
    return root.joinpath(*parts)


def write_beside(path: str | Path, write: Callable[[Path], object]) -> Path:
    """Write a file under a temporary name beside its place, then rename it there.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the file is to stand. Its folder is made when it is missing.
    write : callable
        Called with the temporary path (same suffix, same folder); writes the whole file there.

    Returns
    -------
    pathlib.Path
        ``path``.

    Raises
    ------
    PublishError
        When the folder or the file cannot be written. What stood there before still stands.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A folder of its own: writers such as GDAL leave side files next to what they write.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
            draft = Path(folder) / target.name
            write(draft)
            os.replace(draft, target)  # noqa: PTH105 -- the atomic call, by its own name
    except OSError as error:
        raise PublishError(
            f"cannot write {target}: {error.strerror or error}. "
            "Choose a folder you may write to, with space left, and close the file if it is open."
        ) from error
    return target


def write_folder(path: str | Path, write: Callable[[Path], object]) -> Path:
    """Write a folder under a temporary name beside its place, then move it there.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the folder is to stand. The folder it stands in is made when it is missing.
    write : callable
        Called with the temporary folder; writes all its files there.

    Returns
    -------
    pathlib.Path
        ``path``. A folder that stood there before is gone, with every file in it; for a moment
        there may be none, never half of one.

    Raises
    ------
    PublishError
        When the folder cannot be written. What stood there before still stands.
    """
    target = Path(path)

    def swap(draft: Path) -> None:
        draft.mkdir()
        write(draft)
        if target.is_dir():
            # Goes away with the temporary folder.
            target.rename(draft.with_name(f"{draft.name}.old"))

    return write_beside(target, swap)


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Write bytes as a whole file or not at all; see :func:`write_beside`."""
    return write_beside(path, lambda draft: draft.write_bytes(content))


def write_text(path: str | Path, content: str) -> Path:
    """Write text as UTF-8, line ends as they are, as a whole file or not at all."""
    return write_bytes(path, content.encode("utf-8"))


def sha256_of(path: str | Path) -> str:
    """Give the SHA-256 of a file's bytes as 64 hexadecimal digits."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def decoded(content: bytes) -> str:
    """Decode a file's text: UTF-8, UTF-16 where marked, else Windows-1252 as spreadsheets write."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
