"""Files come whole and checked or not at all, from a real server that also misbehaves."""

import hashlib
import io
import re
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from rich.console import Console

from mali_incidents.errors import PublishError, RemoteError
from mali_incidents.remote import fetch, fetch_json, progress_bar
from mali_incidents.storage import drop_part, kept_part

FILE = bytes(number % 251 for number in range(100_000))
OTHER = bytes(number % 241 for number in range(90_000))
SHA256 = hashlib.sha256(FILE).hexdigest()
BY_HAND = "Download it by hand to places/ML.txt, then run: mali-incidents places add ML.txt."


@dataclass
class Server:
    """What the server does, and what it was asked and sent."""

    address: str
    content: bytes = FILE
    etag: str = '"first"'
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    ranges: bool = True
    says_length: bool = True
    breaks_after: int | None = None
    stalls_after: int | None = None
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    go_on: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    """Answers as the server at hand is told to."""

    server: "LoopbackServer"

    def do_GET(self) -> None:
        does = self.server.does
        does.asked.append((self.path, self.headers["Range"]))
        content, status, headers = does.content, does.status, dict(does.headers)
        if does.etag:
            headers["ETag"] = does.etag
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if does.ranges and asked and self.headers["If-Range"] == does.etag:
            start = int(asked[1])
            content = content[start:]
            status, sent = (206, f"{start}-{len(FILE) - 1}") if content else (416, "*")
            headers.setdefault("Content-Range", f"bytes {sent}/{len(FILE)}")
        if does.says_length:
            headers["Content-Length"] = str(len(content))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if does.stalls_after is None or does.stalls_after >= 0:
            self.end_headers()
        self._send(content, does)

    def _send(self, content: bytes, does: Server) -> None:
        """Send what is to come, up to where it breaks off or stalls."""
        end = does.breaks_after if does.stalls_after is None else max(does.stalls_after, 0)
        some = content[:end]
        self.wfile.write(some)
        does.sent.append(len(some))
        if does.stalls_after is not None:
            does.go_on.wait(10)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class LoopbackServer(ThreadingHTTPServer):
    """A server on this machine whose clients may hang up."""

    does: Server

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Server]:
    """Start a server for as long as it is used."""
    with LoopbackServer(("127.0.0.1", 0), Handler) as loopback:
        loopback.does = Server(f"http://127.0.0.1:{loopback.server_port}")
        thread = threading.Thread(target=loopback.serve_forever, args=(0.01,))
        thread.start()
        yield loopback.does
        loopback.does.go_on.set()
        loopback.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refused(server: Server, to: Path, *, path: str = "/ML.txt", **options: object) -> str:
    """The message of a fetch that fails; it names what was asked and what to do by hand."""
    with pytest.raises(RemoteError) as caught:
        fetch(f"{server.address}{path}", to=to, by_hand=BY_HAND, **options)
    message = str(caught.value)
    assert message.startswith(f"cannot fetch {server.address}{path}: ")
    assert message.endswith(BY_HAND)
    return message


def break_off(server: Server, to: Path) -> int:
    """Let a transfer break off; the bytes kept of it."""
    server.breaks_after = 50_000
    message = refused(server, to)
    assert re.search(r"broke off after [\d,]+ of 100,000 bytes\. What came is kept", message)
    server.breaks_after = None
    kept, _ = kept_part(to)
    assert 0 < kept <= 50_000
    assert not to.exists()
    return kept


def test_a_file_comes_whole_and_checked(
    server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[tuple[int, int | None]] = []
    to = tmp_path / "places" / "ML.txt"
    path = fetch(
        f"{server.address}/ML.txt",
        to=to,
        by_hand=BY_HAND,
        sha256=SHA256.upper(),
        progress=lambda done, total: told.append((done, total)),
    )
    assert path == to
    assert path.read_bytes() == FILE
    assert told[0] == (0, len(FILE))
    assert told[-1] == (len(FILE), len(FILE))
    assert told == sorted(told)
    assert left_in(to.parent) == ["ML.txt"]
    assert capfd.readouterr() == ("", "")


def test_a_file_known_to_be_there_is_not_asked_for_again(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    to.write_bytes(FILE)
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND, sha256=SHA256)
    assert server.asked == []
    server.content = OTHER
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND)
    assert to.read_bytes() == OTHER


def test_what_broke_off_is_gone_on_with(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    kept = break_off(server, to)
    told: list[int] = []
    fetch(
        f"{server.address}/ML.txt",
        to=to,
        by_hand=BY_HAND,
        sha256=SHA256,
        progress=lambda done, total: told.append(done),
    )
    assert to.read_bytes() == FILE
    assert server.asked == [("/ML.txt", None), ("/ML.txt", f"bytes={kept}-")]
    assert server.sent == [50_000, len(FILE) - kept]
    assert (told[0], told[-1]) == (kept, len(FILE))
    assert left_in(tmp_path) == ["ML.txt"]


def test_it_may_break_off_more_than_once(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    first = break_off(server, to)
    server.breaks_after = 20_000
    refused(server, to)
    server.breaks_after = None
    second, _ = kept_part(to)
    assert second > first
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND, sha256=SHA256)
    assert server.sent[-1] == len(FILE) - second


@pytest.mark.parametrize(
    "change",
    [
        {"ranges": False},
        {"content": OTHER, "etag": '"second"'},
        {"headers": {"Content-Range": "bytes 7-99999/100000"}},
    ],
    ids=["no ranges", "another file", "the wrong range"],
)
def test_it_starts_anew_where_it_cannot_go_on(
    server: Server, tmp_path: Path, change: dict[str, object]
) -> None:
    to = tmp_path / "ML.txt"
    kept = break_off(server, to)
    for name, value in change.items():
        setattr(server, name, value)
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND)
    assert to.read_bytes() == server.content
    assert server.asked[1] == ("/ML.txt", f"bytes={kept}-")
    assert server.sent[-1] == len(server.content)
    assert left_in(tmp_path) == ["ML.txt"]


def test_it_starts_anew_when_all_was_there_but_not_put_in_place(
    server: Server, tmp_path: Path
) -> None:
    to = tmp_path / "ML.txt"
    break_off(server, to)
    (tmp_path / "ML.txt.part").write_bytes(FILE)
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND, sha256=SHA256)
    assert [asked for _, asked in server.asked] == [None, f"bytes={len(FILE)}-", None]


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_it_starts_anew_when_nothing_tells_if_the_file_is_still_the_same(
    server: Server, tmp_path: Path, etag: str
) -> None:
    to = tmp_path / "ML.txt"
    server.etag = etag
    server.breaks_after = 50_000
    assert "is kept" not in refused(server, to)
    server.breaks_after = None
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND)
    assert [asked for _, asked in server.asked] == [None, None]


def test_it_starts_anew_for_another_address(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    break_off(server, to)
    fetch(f"{server.address}/newer.txt", to=to, by_hand=BY_HAND)
    assert server.asked[-1] == ("/newer.txt", None)


def test_a_server_that_says_nothing_is_given_up(server: Server, tmp_path: Path) -> None:
    server.stalls_after = -1
    message = refused(server, tmp_path / "ML.txt", timeout_s=0.2)
    assert "nothing came for 0.2 seconds. " in message
    assert left_in(tmp_path) == []


def test_a_transfer_that_stalls_is_given_up_and_kept(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    server.stalls_after = 50_000
    message = refused(server, to, timeout_s=0.2)
    assert re.search(r"nothing came for 0\.2 seconds after [\d,]+ of 100,000 bytes", message)
    assert "What came is kept: the same command goes on from there." in message
    server.stalls_after = None
    fetch(f"{server.address}/ML.txt", to=to, by_hand=BY_HAND, sha256=SHA256)
    assert server.asked[1][1] is not None


@pytest.mark.parametrize(
    ("status", "said"), [(404, "404 Not Found"), (500, "500 Internal"), (204, "204 No Content")]
)
def test_an_answer_that_is_no_file_is_refused(
    server: Server, tmp_path: Path, status: int, said: str
) -> None:
    to = tmp_path / "ML.txt"
    to.write_bytes(OTHER)
    server.status = status
    assert f"the server answered {said}" in refused(server, to)
    assert to.read_bytes() == OTHER
    assert left_in(tmp_path) == ["ML.txt"]


def test_a_server_in_trouble_does_not_cost_what_is_kept(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    kept = break_off(server, to)
    server.status, server.ranges = 503, False
    assert "503 Service Unavailable" in refused(server, to)
    assert kept_part(to)[0] == kept


def test_another_file_than_the_one_expected_is_refused(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    to.write_bytes(b"of last year")
    server.content = OTHER
    message = refused(server, to, sha256=SHA256)
    assert f"what came is not the file expected, whose sha256 is {SHA256}" in message
    assert to.read_bytes() == b"of last year"
    assert left_in(tmp_path) == ["ML.txt"]


def test_a_file_of_another_size_than_said_is_refused(server: Server, tmp_path: Path) -> None:
    to = tmp_path / "ML.txt"
    kept = break_off(server, to)
    server.headers = {"Content-Range": f"bytes {kept}-199999/200000"}
    assert "100,000 of 200,000 bytes came" in refused(server, to)
    assert left_in(tmp_path) == []


def test_redirects_are_followed_to_web_addresses_only(server: Server, tmp_path: Path) -> None:
    server.status, server.headers = 302, {"Location": "file:///etc/hostname"}
    assert "to what is no web address" in refused(server, tmp_path / "ML.txt")
    server.headers = {"Location": "/again"}
    assert "redirects without end" in refused(server, tmp_path / "ML.txt")
    with serving() as other:
        server.headers = {"Location": f"{other.address}/there.txt"}
        to = fetch(f"{server.address}/ML.txt", to=tmp_path / "ML.txt", by_hand=BY_HAND)
    assert to.read_bytes() == FILE


def test_a_file_of_unknown_size_comes_too(server: Server, tmp_path: Path) -> None:
    server.says_length = False
    told: list[tuple[int, int | None]] = []
    to = fetch(
        f"{server.address}/ML.txt",
        to=tmp_path / "ML.txt",
        by_hand=BY_HAND,
        progress=lambda done, total: told.append((done, total)),
    )
    assert to.read_bytes() == FILE
    assert told[-1] == (len(FILE), None)


def test_a_file_sent_compressed_all_the_same_is_unpacked(server: Server, tmp_path: Path) -> None:
    server.content, server.headers = zlib.compress(FILE), {"Content-Encoding": "deflate"}
    to = fetch(f"{server.address}/ML.txt", to=tmp_path / "ML.txt", by_hand=BY_HAND, sha256=SHA256)
    assert to.read_bytes() == FILE
    server.breaks_after = len(server.content) // 2
    assert "is kept" not in refused(server, tmp_path / "again.txt")


def test_no_network_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    closed = Server(f"http://127.0.0.1:{port}")
    assert "could not be reached; there may be no network" in refused(closed, tmp_path / "ML.txt")

    def unknown(*_: object, **__: object) -> None:
        raise requests.ConnectionError from socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(requests, "get", unknown)
    assert "could not be looked up" in refused(closed, tmp_path / "ML.txt")

    def unsafe(*_: object, **__: object) -> None:
        raise requests.exceptions.SSLError

    monkeypatch.setattr(requests, "get", unsafe)
    assert "could not be made secure" in refused(closed, tmp_path / "ML.txt")
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ML.txt",
        "ftp://127.0.0.1/ML.txt",
        "file:///etc/hostname",
        "http://",
        "http://[",
        "http:///x",
    ],
)
def test_what_is_no_web_address_is_refused(tmp_path: Path, url: str) -> None:
    with pytest.raises(RemoteError, match="only http and https addresses") as caught:
        fetch(url, to=tmp_path / "ML.txt", by_hand=BY_HAND)
    assert str(caught.value).endswith(BY_HAND)
    with pytest.raises(RemoteError, match="only http and https addresses"):
        fetch_json(url, by_hand=BY_HAND)


def test_a_folder_that_cannot_be_written_is_said(server: Server, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(PublishError, match="cannot write"):
        fetch(f"{server.address}/ML.txt", to=tmp_path / "taken" / "ML.txt", by_hand=BY_HAND)
    (tmp_path / "ML.txt.part").mkdir()
    with pytest.raises(PublishError, match=r"cannot write .*ML\.txt\.part"):
        fetch(f"{server.address}/ML.txt", to=tmp_path / "ML.txt", by_hand=BY_HAND)


def test_an_answer_in_json_is_read(server: Server) -> None:
    server.content = '{"simplifiedGeometryGeoJSON": "Ségou"}'.encode()
    answer = fetch_json(f"{server.address}/api", by_hand=BY_HAND)
    assert answer == {"simplifiedGeometryGeoJSON": "Ségou"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"content": b"<html>"}, "the answer is not JSON"),
        ({"status": 404}, "the server answered 404 Not Found"),
        ({"content": b"[" * 500, "breaks_after": 10}, "the connection broke off"),
        ({"stalls_after": 10}, "nothing came for 0.2 seconds"),
    ],
)
def test_an_answer_that_is_not_json_is_refused(
    server: Server, change: dict[str, object], said: str
) -> None:
    for name, value in change.items():
        setattr(server, name, value)
    with pytest.raises(RemoteError, match=re.escape(said)) as caught:
        fetch_json(f"{server.address}/api", by_hand=BY_HAND, timeout_s=0.2)
    assert str(caught.value).endswith(BY_HAND)


def test_a_bar_is_shown_to_people_only() -> None:
    for looked_at in (True, False):
        shown = io.StringIO()
        console = Console(file=shown, force_terminal=looked_at, width=80)
        with progress_bar("[b]ML.txt[/b]", console=console) as progress:
            progress(0, None)
            progress(50, 100)
        assert ("[b]ML.txt[/b]" in shown.getvalue()) is looked_at


def test_what_is_kept_can_be_forgotten(server: Server, tmp_path: Path) -> None:
    break_off(server, tmp_path / "ML.txt")
    drop_part(tmp_path / "ML.txt")
    assert left_in(tmp_path) == []
    assert kept_part(tmp_path / "ML.txt") == (0, "")
