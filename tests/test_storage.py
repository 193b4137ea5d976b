"""The one hand that writes: whole files, whole folders, or what stood there before."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from mali_incidents import storage
from mali_incidents.errors import PublishError
from mali_incidents.storage import whole_folder, write_folder, write_text

LAST = ("manifest.json",)


def stands(folder: Path) -> dict[str, str]:
    """Every file below a folder and what it says."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def replace_all(out: Path, then: Callable[[], object]) -> None:
    """Fill a folder anew, and do something before it takes its place."""
    with whole_folder(out, last=LAST) as draft:
        fill(draft, "new")
        then()


def throw(error: BaseException) -> NoReturn:
    raise error


def fill(folder: Path, word: str) -> None:
    for name in ("a.html", "b.html", "below/c.html", "manifest.json"):
        write_text(folder / name, word)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder with what an older build and somebody else left in it."""
    fill(tmp_path / "out", "old")
    write_text(tmp_path / "out" / "mine.txt", "mine")
    return tmp_path / "out"


def test_a_folder_is_replaced_when_all_is_done(out: Path) -> None:
    before = stands(out)
    with whole_folder(out, last=LAST) as draft:
        fill(draft, "new")
        assert {name: text for name, text in stands(out).items() if text != "new"} == before
    assert stands(out) == dict.fromkeys(before, "new") | {"mine.txt": "mine"}


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_stood_there_still_stands_after_an_error(
    out: Path, error: type[BaseException]
) -> None:
    before = stands(out)
    with pytest.raises(error):
        replace_all(out, lambda: throw(error()))
    assert stands(out) == before


def test_a_folder_that_was_not_there_is_not_left_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"):
        replace_all(tmp_path / "below" / "out", lambda: throw(ValueError("no")))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_half_replaced_does_not_pass_for_whole(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, left = storage.os.replace, [2]

    def fails_later(source: Path, target: Path) -> None:
        if left[0] == 0:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        replace(source, target)

    with pytest.raises(PublishError, match="No space left"):
        replace_all(out, lambda: monkeypatch.setattr(storage.os, "replace", fails_later))
    assert set(stands(out).values()) == {"old", "new", "mine"}
    assert "manifest.json" not in stands(out)


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(PublishError, match="cannot write"):
        replace_all(tmp_path / "out", lambda: None)
    assert stands(tmp_path) == {"out": "mine"}


@pytest.mark.parametrize("at_once", [True, False])
def test_a_folder_takes_the_place_of_another(
    out: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    if not at_once:
        monkeypatch.setattr(storage, "_exchange", lambda *_: False)
    write_folder(out, lambda draft: fill(draft, "new"))
    assert set(stands(out).values()) == {"new"}
    assert "mine.txt" not in stands(out)
    assert [path.name for path in out.parent.iterdir()] == ["out"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets folders change places")
def test_on_linux_there_is_always_a_folder(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    exchange = storage._exchange

    def watched(draft: Path, target: Path) -> bool:
        seen.append(set(stands(target).values()))
        done = exchange(draft, target)
        seen.append(set(stands(target).values()))
        return done

    monkeypatch.setattr(storage, "_exchange", watched)
    write_folder(out, lambda draft: fill(draft, "new"))
    assert seen == [{"old", "mine"}, {"new"}]


def test_a_folder_that_is_not_to_be_replaced_stands(out: Path, tmp_path: Path) -> None:
    before = stands(out)
    with pytest.raises(PublishError, match="is not replaced: choose another name"):
        write_folder(out, lambda draft: fill(draft, "new"), replace=False)
    assert stands(out) == before
    write_folder(tmp_path / "other", lambda draft: fill(draft, "new"), replace=False)
    assert set(stands(tmp_path / "other").values()) == {"new"}
