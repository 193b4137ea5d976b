"""Profiles: those that ship, one copied and changed, and all that is wrong at once."""

from pathlib import Path

import pytest

from mali_incidents.errors import ReleaseError
from mali_incidents.release.profiles import known_profiles, read_profile
from mali_incidents.storage import shipped

PUBLIC = shipped("profiles", "public.toml").read_text("utf-8")


def changed(tmp_path: Path, *pairs: tuple[str, str]) -> Path:
    """The public profile with words replaced."""
    text = PUBLIC
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "mine.toml"
    path.write_text(text, "utf-8")
    return path


def test_three_ship_and_only_internal_keeps_all() -> None:
    assert known_profiles() == ["internal", "partner", "public"]
    keeps = {name: read_profile(name).keeps_all for name in known_profiles()}
    assert keeps == {"internal": True, "partner": False, "public": False}
    assert "INTERNAL" in read_profile("internal").title["en"]
    assert read_profile("internal").aggregate_only == ()
    for name in ("partner", "public"):
        assert read_profile(name).aggregate_only == ("ACLED",)


def test_a_copy_can_be_changed(tmp_path: Path) -> None:
    path = changed(tmp_path, ('coarsen = "commune"', 'coarsen = "grid"\ngrid_km = 20'))
    mine = read_profile(path)
    assert (mine.coarsen, mine.grid_km, mine.decimals) == ("grid", 20.0, None)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_profile(path) == mine


def test_what_leaves_something_out_does_not_go_by_the_name_of_what_holds_all(
    tmp_path: Path,
) -> None:
    assert [read_profile(name).series for name in known_profiles()] == known_profiles()
    whole = tmp_path / "whole.toml"
    whole.write_text(shipped("profiles", "internal.toml").read_text("utf-8"), "utf-8")
    assert read_profile(whole) == read_profile("internal")
    text = whole.read_text("utf-8")
    whole.write_text(text.replace('name = "internal"', 'name = "ours"'), "utf-8")
    assert read_profile(whole).series == "internal"
    # Its editions would be compared with those that hold all.
    whole.write_text(text.replace("embargo_days = 0", "embargo_days = 14"), "utf-8")
    with pytest.raises(ReleaseError, match="name must be another than 'internal'"):
        read_profile(whole)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    path = changed(
        tmp_path,
        ("embargo_days = 14", "embargo_days = true"),
        ('"disputed"]', '"sure"]'),
        ('names = "drop"', 'names = "perhaps"'),
        ("smallest_count = 3", "largest_count = 3"),
        ('"dataset_id", ', '"geometry", '),
        ('coarsen = "commune"', 'coarsen = "grid"'),
    )
    with pytest.raises(ReleaseError) as refused:
        read_profile(path)
    for said in (
        "rows.embargo_days must be a whole number of days from 0 to 36500, got True",
        "rows.verification must be a list",
        "places.names must be keep or drop, got 'perhaps'",
        "files.smallest_count is missing",
        "files.largest_count is not known",
        "text.drop must be a list",
        "places.grid_km is missing; with coarsen = 'grid'",
    ):
        assert said in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('names = "drop"', 'names = "keep"', "would name the places"),
        ("links = false", "links = true", "reports that name the places"),
        ('ids = "new"', 'ids = "keep"', "ids that may name the places"),
        ("working = false", "working = true", "quote the records"),
        ('redact = ["coordinates", ', "redact = [", "must name coordinates"),
        ("names = true", "names = false\n", ""),
    ],
)
def test_what_gives_away_what_something_else_hides_is_refused(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = changed(tmp_path, (old, new))
    if not said:
        assert not read_profile(path).source_names
        return
    with pytest.raises(ReleaseError, match=said):
        read_profile(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name = ", "it is not TOML"),
        (b"\xff\xfe\x00", "it is not UTF-8"),
        (b"", "name is missing"),
        (b"rows = 3\nplaces = []", "rows.verification is missing"),
        (b"a = " + b"[" * 5000, "nested too deeply|not TOML"),
    ],
)
def test_what_is_no_profile_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    with pytest.raises(ReleaseError, match=said):
        read_profile(path)


def test_one_that_is_not_there_is_said_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match=r"no profile 'pubic'.*internal, partner, public"):
        read_profile("pubic")
    with pytest.raises(ReleaseError, match="cannot read the profile"):
        read_profile(tmp_path)
