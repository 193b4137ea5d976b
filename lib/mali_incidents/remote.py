"""The one module that talks to the network: files and answers, whole or not at all.

A transfer that breaks off is kept beside its place and gone on with by the next call, if the
server can and the file there is still the same (RFC 9110, sections 13.1.5 and 14.2).
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pooch
import requests
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from mali_incidents.errors import RemoteError
from mali_incidents.storage import (
    drop_part,
    kept_part,
    sha256_of,
    take_part,
    write_beside,
    write_part,
)

TIMEOUT_S: Final = 30.0

_PIECE: Final = 1 << 14
_OK: Final = 200
_PARTIAL: Final = 206
_NOT_THAT_RANGE: Final = 416

Shown = Callable[[int, int | None], object]
"""What is told of a transfer as it goes on: bytes done, and bytes in all if the server says."""


def fetch(
    url: str,
    *,
    to: str | Path,
    by_hand: str,
    sha256: str | None = None,
    progress: Shown | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Path:
    """Fetch a file over HTTP.

    Parameters
    ----------
    url : str
        An http or https address.
    to : str or pathlib.Path
        Where the file is to stand. What broke off earlier is kept beside it (``.part``).
    by_hand : str
        What a user can do instead, as a sentence: what to download, where to put it, and which
        command to run then. It ends the message of every error.
    sha256 : str, optional
        The SHA-256 that the file must have, 64 hexadecimal digits. A file already at ``to`` that
        has it is not fetched again.
    progress : callable, optional
        Called with the bytes done and the bytes in all (None if unknown), first before any came.
    timeout_s : float
        How many seconds to wait for a connection, and for the next bytes.

    Returns
    -------
    pathlib.Path
        ``to``, whole and checked.

    Raises
    ------
    RemoteError
        When the file did not come, not whole, or not the one expected; what stood at ``to``
        before still stands.
    PublishError
        When it cannot be written there.
    """
    target = Path(to)
    if sha256 and target.is_file() and sha256_of(target) == sha256.lower():
        return target

    def download(_url: str, draft: str, _pooch: object) -> None:
        _transfer(url, target, by_hand=by_hand, progress=progress, timeout_s=timeout_s)
        take_part(target, draft)

    def retrieve(draft: Path) -> None:
        try:
            pooch.retrieve(
                url, known_hash=sha256, fname=draft.name, path=draft.parent, downloader=download
            )
        except ValueError as error:
            what = f"what came is not the file expected, whose sha256 is {sha256}"
            raise _refusal(url, what, by_hand) from error

    pooch.get_logger().setLevel("WARNING")  # the command says itself what it does
    return write_beside(target, retrieve)


def fetch_json(url: str, *, by_hand: str, timeout_s: float = TIMEOUT_S) -> Any:
    """Fetch an answer in JSON over HTTP.

    Parameters
    ----------
    url : str
        An http or https address.
    by_hand : str
        What a user can do instead, as a sentence; it ends the message of every error.
    timeout_s : float
        How many seconds to wait for a connection, and for the next bytes.

    Returns
    -------
    object
        What the JSON says; nothing about it is checked.

    Raises
    ------
    RemoteError
        When no answer came, or none in JSON.
    """
    with _ask(url, headers={}, by_hand=by_hand, timeout_s=timeout_s) as answer:
        _check_status(answer, _OK, url=url, by_hand=by_hand)
        try:
            return answer.json()
        except requests.JSONDecodeError as error:
            raise _refusal(url, "the answer is not JSON", by_hand) from error


@contextmanager
def progress_bar(what: str, *, console: Console | None = None) -> Iterator[Shown]:
    """Show a bar while something is fetched; nothing where no person is looking.

    Parameters
    ----------
    what : str
        What is fetched, in front of the bar.
    console : rich.console.Console, optional
        Where to show it; the standard error if none.

    Yields
    ------
    callable
        To be given to :func:`fetch` as ``progress``.
    """
    console = console or Console(stderr=True)
    columns = (TextColumn(escape(what)), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _transfer(
    url: str, target: Path, *, by_hand: str, progress: Shown | None, timeout_s: float
) -> None:
    """Bring the part of a file to its end: from where it broke off, or from the start."""
    after, same = _kept(url, target)
    # Of a compressed answer neither the size nor a range would be that of the file.
    headers = {"Accept-Encoding": "identity"}
    if after:
        headers |= {"Range": f"bytes={after}-", "If-Range": same}
    with _ask(url, headers=headers, by_hand=by_hand, timeout_s=timeout_s) as answer:
        wrong_range = not answer.headers.get("Content-Range", "").startswith(f"bytes {after}-")
        if after and answer.status_code in {_PARTIAL, _NOT_THAT_RANGE} and wrong_range:
            drop_part(target)
            _transfer(url, target, by_hand=by_hand, progress=progress, timeout_s=timeout_s)
            return
        _check_status(answer, _PARTIAL if after else _OK, _OK, url=url, by_hand=by_hand)
        if answer.status_code == _OK:  # the file has changed, or the server sends no ranges
            after, same = 0, _validator(answer)
        total = _total(answer)

        def pieces() -> Iterator[bytes]:
            done = after
            if progress:
                progress(done, total)
            try:
                for piece in answer.iter_content(_PIECE):
                    done += len(piece)
                    yield piece
                    if progress:
                        progress(done, total)
            except requests.RequestException as error:
                what = f"{_what_happened(error, timeout_s)} after {_bytes(done, total)}"
                raise _refusal(url, what, by_hand, kept=bool(same)) from error

        done = write_part(target, pieces(), origin=f"{url}\n{same}", after=after)
    if total is not None and done != total:
        drop_part(target)
        raise _refusal(url, f"{_bytes(done, total)} came", by_hand)


def _kept(url: str, target: Path) -> tuple[int, str]:
    """Give how many bytes of just this file are kept, and what tells if it is still the same."""
    size, origin = kept_part(target)
    kept_url, _, same = origin.partition("\n")
    return (size, same) if same and kept_url == url else (0, "")


def _validator(answer: requests.Response) -> str:
    """Give what tells later if a file is still the same; nothing where nothing is sure to."""
    etag = answer.headers.get("ETag", "")
    same = etag if etag.startswith('"') else answer.headers.get("Last-Modified", "")
    return same if same.isprintable() and not _compressed(answer) else ""


def _total(answer: requests.Response) -> int | None:
    """Give the size of the whole file in bytes, where the server says."""
    if _compressed(answer):
        return None
    if answer.status_code == _PARTIAL:
        said = answer.headers["Content-Range"].rpartition("/")[2]
    else:
        said = answer.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() else None


def _compressed(answer: requests.Response) -> bool:
    """Tell whether what is sent is not the file as it is."""
    return answer.headers.get("Content-Encoding", "identity") != "identity"


@contextmanager
def _ask(
    url: str, *, headers: dict[str, str], by_hand: str, timeout_s: float
) -> Iterator[requests.Response]:
    """Ask a server and give its answer, the body still to come."""
    _check_address(url, by_hand)
    headers = {"User-Agent": f"mali-incidents/{metadata.version('mali-incidents')}", **headers}
    try:
        with requests.get(url, headers=headers, stream=True, timeout=timeout_s) as answer:
            yield answer
    except requests.RequestException as error:
        raise _refusal(url, _what_happened(error, timeout_s), by_hand) from error


def _check_address(url: str, by_hand: str) -> None:
    """Refuse what is no web address."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and url.isprintable()
    except ValueError:
        usable = False
    if not usable:
        raise _refusal(url, "only http and https addresses can be fetched", by_hand)


def _check_status(answer: requests.Response, *wanted: int, url: str, by_hand: str) -> None:
    """Refuse an answer that is not the thing asked for."""
    if answer.status_code not in wanted:
        what = f"the server answered {answer.status_code} {answer.reason}"
        raise _refusal(url, what, by_hand)


def _what_happened(error: BaseException, timeout_s: float) -> str:
    """Say in words why nothing, or nothing more, came."""
    causes = [error]
    while cause := causes[-1].__cause__ or causes[-1].__context__:
        causes.append(cause)

    def is_any(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if is_any(TimeoutError, requests.Timeout):
        return f"nothing came for {timeout_s:g} seconds"
    if is_any(socket.gaierror):
        return "the server's name could not be looked up; there may be no network"
    if is_any(requests.TooManyRedirects):
        return "the server redirects without end"
    if is_any(requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL):
        return "the server redirects to what is no web address"
    if is_any(requests.exceptions.SSLError):
        return "the connection could not be made secure"
    if is_any(requests.ConnectionError):
        return "the server could not be reached; there may be no network"
    return "the connection broke off"


def _bytes(done: int, total: int | None) -> str:
    """Say how much came."""
    return f"{done:,} bytes" if total is None else f"{done:,} of {total:,} bytes"


def _refusal(url: str, what: str, by_hand: str, *, kept: bool = False) -> RemoteError:
    """Say what was asked, what happened, and what to do."""
    again = "What came is kept: the same command goes on from there. " if kept else ""
    return RemoteError(f"cannot fetch {url}: {what}. {again}{by_hand}")
