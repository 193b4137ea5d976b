"""The data of a page goes through its format unchanged, in Python and in the viewer's script."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_located import HOSTILE

from mali_incidents.maps.columns import incident_columns, reason_tables
from mali_incidents.maps.payload import (
    pack_line,
    pack_numbers,
    pack_records,
    pack_texts,
    pack_together,
    read_block,
    unpack_table,
    write_block,
)
from mali_incidents.places.reasons import reason_sentence

LOADER = Path(__file__).parents[1] / "js/viewer.cjs"
TEXT = st.text(max_size=6) | st.just(HOSTILE)
CELLS = st.lists(st.none() | TEXT, max_size=12)
NUMBERS = st.lists(st.none() | st.integers(-(10**9), 10**9), max_size=12)
RECORDS = st.lists(st.lists(st.tuples(TEXT, st.none() | TEXT), max_size=3), max_size=8)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
)


def packed(texts: list, numbers: list, degrees: list, records: list) -> dict:
    """A block's data with one column of each kind."""
    pair = pd.DataFrame({"one": texts, "two": texts[::-1]}, dtype="object")
    shared, table = pack_together(pair, name="both")
    columns = {
        "texts": pack_texts(pd.Series(texts, dtype="object")),
        "numbers": pack_numbers(pd.Series(numbers, dtype="Int64")),
        "degrees": pack_numbers(np.array(degrees, dtype="float64"), parts=100_000),
        "records": pack_records(records, fields=2),
        **shared,
    }
    return {"columns": columns, "tables": {"both": table}}


def run_node(source: str, given: object) -> object:
    """Run a script on what it is given as JSON; it prints JSON."""
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs node: no test may be left out there")
        pytest.skip("there is no node on this machine")
    whole = (
        f"const {{ payload }} = require({json.dumps(str(LOADER))})('payload');"
        "const given = JSON.parse(require('fs').readFileSync(0, 'utf-8'));"
        f"(async () => {{ {source} }})().then((out) => console.log(JSON.stringify(out)));"
    )
    ran = subprocess.run(
        [node, "-e", whole], input=json.dumps(given), capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


@given(CELLS, NUMBERS, st.lists(st.floats(-180, 180), max_size=9), RECORDS)
def test_columns_come_back_as_they_were(texts, numbers, degrees, records) -> None:
    data = read_block(write_block(packed(texts, numbers, degrees, records)))
    given_back = unpack_table(data["columns"], tables=data["tables"])
    assert given_back == {
        "texts": texts,
        "one": texts,
        "two": texts[::-1],
        "numbers": numbers,
        "degrees": [round(round(one * 100_000) / 100_000, 5) for one in degrees],
        "records": [[list(record) for record in row] for row in records],
    }


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), min_size=1, max_size=9))
def test_lines_are_steps(points) -> None:
    steps = pack_line(np.array(points), parts=10_000)
    back = np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 10_000
    assert np.abs(back - points).max() <= 0.5 / 10_000 + 1e-12


@given(JSON)
def test_a_block_is_never_markup(data: object) -> None:
    block = write_block({"data": data})
    assert not set(block) & set("<>&\u2028\u2029")
    assert read_block(block) == {"data": data}


def test_a_block_is_compressed_where_that_is_shorter() -> None:
    assert write_block({"a": 1}) == '{"a":1}'
    many = {"a": list(range(1000))}
    assert len(write_block(many)) < len(json.dumps(many, separators=(",", ":")))
    assert write_block(many).startswith('"')
    assert read_block(write_block(many)) == many


def test_numbers_are_steps_where_these_are_shorter() -> None:
    assert pack_numbers(pd.Series([20_000, 20_001, None, 20_003], dtype="Int64")) == {
        "steps": [20_000, 1, None, 2]
    }
    assert pack_numbers(pd.Series([7, 1000, 7], dtype="Int64")) == {"numbers": [7, 1000, 7]}
    assert pack_numbers(pd.Series([12.34567891, np.nan]), parts=100_000) == {
        "numbers": [1_234_568, None],
        "parts": 100_000,
    }


def test_texts_travel_once() -> None:
    column = pd.Series(["a", None, "b", "a"], dtype="str")
    assert pack_texts(column) == {"table": ["a", "b"], "at": {"numbers": [0, -1, 1, 0]}}
    assert pack_texts(column.dropna().head(2)) == {"table": ["a", "b"]}


def test_the_script_gives_the_same_columns(shipped_located: gpd.GeoDataFrame) -> None:
    made = packed(
        ["a", None, HOSTILE, "a"],
        [20_000, None, 20_001, 20_003],
        [12.6392, -8.002901, float("nan"), 0],
        [[("x", None)], [], [(HOSTILE, "y"), ("x", "y")]],
    )
    columns, tables = incident_columns(shipped_located)
    for data in (made, {"columns": columns, "tables": tables}):
        script = (
            "const data = await payload.read(given);"
            "return payload.columns(data.columns, data.tables);"
        )
        written = (write_block(data), write_block({**data, "more": "z" * 10_000}))
        for block in written:
            given_back = run_node(script, block)
            assert given_back == unpack_table(data["columns"], tables=data["tables"])


def test_the_script_gives_lines() -> None:
    line = [(12.5, -3.25), (12.6, -3.25), (-180, 90)]
    steps = pack_line(np.array(line), parts=10_000)
    given_back = run_node("return payload.lines(given, 10000);", [steps, [steps, []]])
    flipped = [[y, x] for x, y in line]
    assert given_back == [flipped, [flipped, []]]


def test_the_script_gives_rows(shipped_located: gpd.GeoDataFrame) -> None:
    located = shipped_located.head(20)
    columns, tables = incident_columns(located)
    given = {"columns": columns, "tables": tables, "reasons": reason_tables(located)}
    script = """
      const columns = payload.columns(given.columns, given.tables);
      columns.another = columns.id;
      const types = [{ key: "Battles", name: "B" }, { key: null, name: "?" }];
      return ["en", "fr"].map((lang) => payload.rows(columns, types, {
        say: (key) => lang + key, reason: (one) => payload.reason(one, given.reasons[lang]),
      }).map((row) => [
        row.index, row.id, row.type && row.type.name, row.subType, row.reason,
        Object.keys(columns).filter((name) => !(name in row) || row[name] === undefined),
      ]));
    """
    kinds = located["event_type"].map({"Battles": "B"}, na_action="ignore")
    for lang, rows in zip(("en", "fr"), run_node(script, given), strict=True):
        assert [row[0] for row in rows] == list(range(20))
        assert [row[5] for row in rows] == [[]] * 20
        assert [row[1] for row in rows] == located["incident_id"].tolist()
        assert [row[2] for row in rows] == [one if one == "B" else None for one in kinds]
        assert [row[3] for row in rows] == [
            f"{lang}subtype.{one}" for one in located["sub_event_type"]
        ]
        assert [row[4] for row in rows] == [
            reason_sentence(reason, lang=lang) for reason in located["reason"]
        ]


def test_every_sentence_is_filled_in_one_pass() -> None:
    words = {
        "sentences": {"a": "{x} in {level}.", "b": "{x}!"},
        "slots": {"a": ["x", "level"], "b": ["x"]},
        "words": {"level": {"region": "région"}},
    }
    reason = [["a", "{level} {x} $& </script>", "region"], ["b", "{y}", None]]
    said = run_node("return payload.reason(given[0], given[1]);", [reason, words])
    assert said == "{level} {x} $& </script> in région. {y}!"


def test_columns_are_what_the_table_says(shipped_located: gpd.GeoDataFrame) -> None:
    columns, tables = incident_columns(shipped_located)
    table = unpack_table(columns, tables=tables)
    assert table["id"] == shipped_located["incident_id"].tolist()
    for name, column in (
        ("event", "event_type"),
        ("subEvent", "sub_event_type"),
        ("dataset", "dataset"),
        ("admin1", "admin1_id"),
        ("admin3", "admin3_id"),
        ("low", "fatalities_low"),
        ("injured", "injured"),
        ("summary", "summary"),
    ):
        values = shipped_located[column].astype("object")
        assert table[name] == values.where(values.notna(), None).tolist()
    assert table["sources"] == [[list(one) for one in row] for row in shipped_located["sources"]]
    days = [(day - pd.Timestamp(0)).days for day in shipped_located["date_start"]]
    assert table["start"] == days
    pinned = shipped_located["level"].isin(["site", "place"])
    points = shipped_located.geometry.y.round(5)
    assert [one for one in table["lat"] if one is not None] == points[pinned].tolist()
    assert [one is None for one in table["lat"]] == (~pinned).tolist()
    missing = points.isna() | pinned
    assert [one is None for one in table["labelLat"]] == missing.tolist()
    chains = zip(table["unit"], table["level"], table["admin2"], strict=True)
    assert all(unit == admin2 for unit, level, admin2 in chains if level == "cercle")
