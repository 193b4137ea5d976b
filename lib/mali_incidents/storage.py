"""The one hand that writes files, and the way to the data that ships.

Every save, cache and export goes through :func:`write_beside`: the new file is written beside
the old one and renamed over it, so that a reader (or a crash) sees the whole old file or the
whole new one, never half of either. :func:`whole_folder` does so for files that belong together.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
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
        raise _unwritable(target, error) from error
    return target


def _unwritable(target: Path, error: OSError) -> PublishError:
    """Say why something cannot be written, and what to do."""
    return PublishError(
        f"cannot write {target}: {error.strerror or error}. "
        "Choose a folder you may write to, with space left, and close the file if it is open."
    )


@contextmanager
def whole_folder(path: str | Path, *, last: tuple[str, ...]) -> Iterator[Path]:
    """Give an empty folder to fill; when all is done, its files take their places in another.

    Nothing that stood there is touched before. Then the files of ``last`` are taken away, the new
    files put in their places, those of ``last`` at the end: a folder that has them is whole, even
    after a crash.

    Parameters
    ----------
    path : str or pathlib.Path
        The folder that the files are for; made when missing. Other files in it are left alone.
    last : tuple of str
        Names of files that say the folder is whole.

    Yields
    ------
    pathlib.Path
        The folder to fill.

    Raises
    ------
    PublishError
        When the folder or a file in it cannot be written.
    """
    target = Path(path)
    made = not target.exists()
    try:
        target.mkdir(parents=True, exist_ok=True)
        # Inside the folder itself, so that renaming never crosses to another disk.
        draft = Path(tempfile.mkdtemp(dir=target, prefix=".building-"))
    except OSError as error:
        raise _unwritable(target, error) from error
    try:
        yield draft
        try:
            _take_places(draft, target, last=last)
        except OSError as error:
            raise _unwritable(target, error) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if made:
            with suppress(OSError):  # it holds what was written
                target.rmdir()


def _take_places(draft: Path, target: Path, *, last: tuple[str, ...]) -> None:
    """Move every file of a draft to its place."""
    names = [file.relative_to(draft) for file in sorted(draft.rglob("*")) if file.is_file()]
    at_the_end = [Path(name) for name in last]
    for name in at_the_end:
        (target / name).unlink(missing_ok=True)
    for name in sorted(names, key=lambda name: name in at_the_end):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        os.replace(draft / name, target / name)  # noqa: PTH105 -- the atomic call, by its own name


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
