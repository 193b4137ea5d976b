"""The one hand that writes files, the way to the data that ships, and why a file is no TOML.

Every save, cache and export goes through :func:`write_beside`: the new file is written beside
the old one and renamed over it, so that a reader (or a crash) sees the whole old file or the
whole new one, never half of either. :func:`whole_folder` does so for files that belong together.
"""

import ctypes
import errno
import glob
import hashlib
import os
import re
import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import platformdirs

from mali_incidents.errors import MaliIncidentsError, PublishError

if sys.platform != "win32":
    import fcntl

_PACKAGE = Path(__file__).parent
# What ends the name of a folder of drafts, as tempfile makes it.
_RANDOM: Final = re.compile("[a-z0-9_]{8}")
# What Linux calls the working folder and a change of places, see renameat2(2).
_HERE: Final = -100
_EXCHANGE: Final = 2
# What reading a TOML file may raise.
NO_TOML: Final = (UnicodeDecodeError, RecursionError, tomllib.TOMLDecodeError, OSError)
# Where a user's own gazetteers and frames are kept, when not where the system keeps such things.
HOME: Final = "MALI_INCIDENTS_HOME"
# A cell that begins so is a formula to a spreadsheet, or would be read back as one made safe.
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r\n]")


def why_no_toml(error: Exception) -> str:
    """Say in words why a file could not be read as TOML.

    Parameters
    ----------
    error : Exception
        One of ``NO_TOML``.

    Returns
    -------
    str
        The reason, and what to do where something can be done.
    """
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8: save it so"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"it is not TOML: {error}"
    return getattr(error, "strerror", None) or str(error)


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
    given = os.environ.get(HOME)
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
        An error of the suite that ``write`` raises is passed on as it is.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # A folder of its own: writers such as GDAL leave side files next to what they write.
        with _drafts(target.parent, name=target.name) as folder:
            draft = folder / target.name
            write(draft)
            os.replace(draft, target)  # noqa: PTH105 -- the atomic call, by its own name
    except MaliIncidentsError:
        raise
    except OSError as error:
        raise _cannot_write(target, error) from error
    return target


def write_folder(
    path: str | Path, write: Callable[[Path], object], *, replace: bool = True
) -> Path:
    """Write a folder under a temporary name beside its place, then move it there.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the folder is to stand. The folder it stands in is made when it is missing.
    write : callable
        Called with the temporary folder; writes all its files there.
    replace : bool
        Whether a folder that stands there, with every file in it, goes away for the new one.

    Returns
    -------
    pathlib.Path
        ``path``. On Linux the new folder changes places with the old one at once; elsewhere for a
        moment there may be none, never half of one.

    Raises
    ------
    PublishError
        When the folder cannot be written, or one stands there that is not to be replaced. What
        stood there before still stands.
    """
    target = Path(path)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _drafts(target.parent, name=target.name) as folder:
            draft = folder / target.name
            draft.mkdir()
            write(draft)
            _take_place(draft, target, replace=replace)
    except MaliIncidentsError:
        raise
    except OSError as error:
        raise _cannot_write(target, error) from error
    return target


def _take_place(draft: Path, target: Path, *, replace: bool) -> None:
    """Move a folder to its place, where another may stand; the other goes to the draft's."""
    try:
        # Takes an empty folder's place, but no other's.
        draft.rename(target)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        if not replace:
            raise PublishError(
                f"{target} stands there already and is not replaced: choose another name"
            ) from error
        if not _exchange(draft, target):
            # Goes away with the temporary folder.
            target.rename(draft.with_name(f"{draft.name}.old"))
            draft.rename(target)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places at once; False where the system cannot."""
    if sys.platform != "linux":
        return False
    swap = getattr(ctypes.CDLL(None), "renameat2", None)
    if swap is None:
        return False
    paths = (os.fsencode(path) for path in (one, other))
    return bool(swap(_HERE, next(paths), _HERE, next(paths), _EXCHANGE) == 0)


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
    with ExitStack() as stack:
        try:
            for folder in (target, *target.parents)[::-1]:
                if not folder.exists():
                    stack.callback(_drop_empty, folder)
            target.mkdir(parents=True, exist_ok=True)
            # Inside the folder itself, so that renaming never crosses to another disk.
            draft = stack.enter_context(_drafts(target, name="building"))
        except OSError as error:
            raise _cannot_write(target, error) from error
        yield draft
        try:
            with _alone_in(target):
                _take_places(draft, target, last=last)
        except OSError as error:
            raise _cannot_write(target, error) from error


def _drop_empty(folder: Path) -> None:
    """Take a folder away, unless something was written into it."""
    with suppress(OSError):
        folder.rmdir()


@contextmanager
def _drafts(folder: Path, *, name: str) -> Iterator[Path]:
    """Give an empty folder to write drafts in, which goes away; sweep up what the killed left."""
    start = f".{name}.draft-"
    _sweep(folder, start)
    while True:
        drafts = Path(tempfile.mkdtemp(dir=folder, prefix=start))
        descriptor = _lock(drafts, wait=True)
        # Another that swept may have taken it for a killed one's before it was locked.
        if drafts.exists():
            break
        _unlock(descriptor)
    try:
        yield drafts
    finally:
        shutil.rmtree(drafts, ignore_errors=True)
        _unlock(descriptor)


def _sweep(folder: Path, start: str) -> None:
    """Take away the drafts of processes that are no more: theirs are locked by nobody."""
    for path in folder.glob(f"{glob.escape(start)}*"):
        ours = _RANDOM.fullmatch(path.name.removeprefix(start))
        descriptor = _lock(path, wait=False) if ours else None
        if descriptor is not None:
            shutil.rmtree(path, ignore_errors=True)
            _unlock(descriptor)


def _lock(folder: Path, *, wait: bool) -> int | None:
    """Lock a folder, where the system can; the lock goes with the process, however that ends."""
    if sys.platform == "win32":
        return None
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        # Another has it, or a disk of the network has no locks.
        os.close(descriptor)
        return None
    return descriptor


def _unlock(descriptor: int | None) -> None:
    """Give up a lock."""
    if descriptor is not None:
        os.close(descriptor)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Let one process at a time do something to a folder, where the system can."""
    descriptor = _lock(folder, wait=True)
    try:
        yield
    finally:
        _unlock(descriptor)


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


def write_part(path: str | Path, pieces: Iterable[bytes], *, origin: str, after: int = 0) -> int:
    """Write a file that comes in pieces under a name of its own beside its place, ``.part``.

    What came before the pieces broke off is kept, so that it can be gone on with.

    Parameters
    ----------
    path : str or pathlib.Path
        Where the whole file is to stand one day.
    pieces : iterable of bytes
        What comes, in order. An error it raises is passed on if it is one of the suite.
    origin : str
        What the pieces are of, for :func:`kept_part`.
    after : int
        How many bytes of the part already kept come before the pieces.

    Returns
    -------
    int
        The bytes in the part now.

    Raises
    ------
    PublishError
        When the folder or the part cannot be written.
    """
    part, note = _part_files(path)
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        with part.open("r+b" if after else "wb") as handle:
            handle.seek(after)
            handle.truncate()
            if not after:
                # Only now that nothing of another origin is left in the part.
                note.write_text(origin, "utf-8")
            for piece in pieces:
                handle.write(piece)
            return handle.tell()
    except MaliIncidentsError:
        raise
    except OSError as error:
        raise _cannot_write(part, error) from error


def kept_part(path: str | Path) -> tuple[int, str]:
    """Give how many bytes are kept of a file that has not come whole, and of what origin."""
    part, note = _part_files(path)
    try:
        return part.stat().st_size, note.read_text("utf-8", "replace")
    except OSError:
        return 0, ""


def take_part(path: str | Path, to: str | Path) -> None:
    """Move the part of a file, now whole, to another name on the same disk."""
    part, note = _part_files(path)
    os.replace(part, to)  # noqa: PTH105 -- the atomic call, by its own name
    note.unlink(missing_ok=True)


def drop_part(path: str | Path) -> None:
    """Forget what is kept of a file that has not come whole."""
    for file in _part_files(path):
        file.unlink(missing_ok=True)


def _part_files(path: str | Path) -> tuple[Path, Path]:
    """Give the names of a file's part and of the note of its origin."""
    target = Path(path)
    return target.with_name(f"{target.name}.part"), target.with_name(f"{target.name}.origin.part")


def _cannot_write(target: Path, error: OSError) -> PublishError:
    """Say what could not be written, and what to do."""
    return PublishError(
        f"cannot write {target}: {error.strerror or error}. "
        "Choose a folder you may write to, with space left, and close the file if it is open."
    )


def defused(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def undefused(text: str) -> str:
    """Take off the apostrophe that :func:`defused` put before a text."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


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
