import json

import pandas as pd
import pytest
from made_located import HOSTILE

from mali_incidents import build
from mali_incidents.errors import PublishError, ReadError

FILES = {
    "index.html",
    "mali.html",
    "bamako.html",
    "narena.html",
    "incidents.csv",
    "incidents.geojson",
    "incidents.gpkg",
    "findings.csv",
    "review.csv",
    "manifest.json",
}


@pytest.fixture
def hostile(tmp_path):
    """A file of records with hostile text, and a date and a toll that cannot be read."""
    rows = pd.DataFrame(
        {
            "incident_id": [HOSTILE, "two"],
            "date_start": ["2025-05-11", "yesterday"],
            "location_text": ["Bamako", HOSTILE],
            "event_type": ["Battles", "Battles"],
            "fatalities_best": ["3", "many"],
            "summary": [HOSTILE, HOSTILE],
        }
    )
    path = tmp_path / "records.csv"
    rows.to_csv(path, index=False)
    return path


def test_two_builds_are_the_same_bytes(hostile, tmp_path):
    for name in ("a", "b"):
        build(hostile, out=tmp_path / name)
    assert {path.name for path in (tmp_path / "a").iterdir()} == FILES
    for name in FILES:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name


def test_broken_values_are_findings_and_every_row_survives(hostile, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("left alone")
    stages = []
    report = build(hostile, out=tmp_path / "out", progress=stages.append)
    assert stages == ["read", "locate", "maps", "tables", "gallery"]
    assert len(report.located) == 2
    assert {"yesterday", "many"} <= set(report.findings["value"])
    assert (tmp_path / "out" / "mine.txt").read_text() == "left alone"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["rows"]["read"] == 2
    assert str(tmp_path) not in json.dumps(manifest)
    assert "<img src=x" not in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_what_cannot_be_read_or_written_is_refused(hostile, tmp_path):
    with pytest.raises(ReadError):
        build(tmp_path / "none.csv", out=tmp_path / "out")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(PublishError, match="cannot write"):
        build(hostile, out=tmp_path / "file")
