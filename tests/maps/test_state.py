"""The filters of a page, run in node, beside pandas on the same rows."""

import json
import os
import random
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

NODE = shutil.which("node")
if NODE is None and os.environ.get("CI") != "true":
    pytest.skip("node is not installed", allow_module_level=True)

LOADER = Path(__file__).parents[1] / "js/viewer.cjs"
FACETS = {
    "types": ["event"],
    "subTypes": ["subEvent"],
    "actors": ["actor"],
    "attribution": ["attribution"],
    "verification": ["verification"],
    "units": ["admin1", "admin2", "admin3"],
    "levels": ["level"],
}
LISTS: dict[str, list[Any]] = {facet: [] for facet in FACETS}
EVERYTHING: dict[str, Any] = {
    **LISTS,
    "from": None,
    "to": None,
    "deathsMin": None,
    "deathsMax": None,
    "withinKm": None,
    "text": "",
    "shade": "",
    "rings": "",
    "sign": "",
}
# Names that mean something to JavaScript, an address or a search.
ACTORS = [None, "__proto__", "constructor", "a, b & c=d", "-", "--", "L'Été % +", "Œuvre ‘x’"]
# Marks, and signs that take no room.
UNSEEN = {"Mn", "Mc", "Me", "Cf"}
WORDS = [
    "été", "é\u200bt\u00adé", "KAYES", "Ka\ufeffyes", "n'tillit", "N’Tillit", "oeuvre", "x k",
    "made-1", "%", "nowhere at all",
]  # fmt: skip
SUMMARIES = [None, "Un Été à Kayes", "Ka\u00adyes", "At N’Tillit, Œuvre", "x\nk"]


def made_rows(count: int, *, chance: random.Random) -> list[dict[str, Any]]:
    """Rows with every kind of gap: no date, an interval, no toll, no unit, no type."""
    rows = []
    for number in range(count):
        start = chance.choice([None, *range(19000, 19400, 3)])
        low = chance.choice([None, 0, 1, 5])
        best = chance.choice([None, low, (low or 0) + 2])
        depth = chance.randrange(4)
        path = [f"ML/{chance.randrange(3)}", str(chance.randrange(2)), str(chance.randrange(2))]
        units = ["/".join(path[: end + 1]) if end < depth else None for end in range(3)]
        rows.append(
            {
                "id": f"made-{number}",
                "start": start,
                "end": None if start is None else start + chance.choice([0, 0, 1, 30, 200]),
                "event": chance.choice(["Battles", "Protests", "Riots", None]),
                "subEvent": chance.choice(["Armed clash", "Attack", None]),
                "actor": chance.choice(ACTORS),
                "attribution": chance.choice(["claimed", "suspected", None]),
                "verification": chance.choice(["confirmed", "reported", None]),
                **dict(zip(("admin1", "admin2", "admin3"), units, strict=True)),
                "level": chance.choice(["place", "site", "commune", "cercle", "country", "none"]),
                "low": low,
                "best": best,
                "high": chance.choice([None, (best or low or 0) + 3]),
                "nearest": chance.choice([None, 0.0, 12.5, 80.0, 300.0]),
                "summary": chance.choice(SUMMARIES),
                "reported": chance.choice([None, "Kayes", "100 % x"]),
                "placed": chance.choice([None, "N'Tillit, Gao"]),
                "target": chance.choice([None, "a mine"]),
            }
        )
    return rows


def made_patch(rows: list[dict[str, Any]], *, chance: random.Random) -> dict[str, Any]:
    """One change of one filter."""
    kind = chance.choice([*FACETS, "time", "time", "deaths", "km", "text", "reset"])
    if kind in FACETS:
        column = chance.choice(FACETS[kind])
        values = sorted({row[column] or "" for row in rows})
        return {kind: chance.sample(values, chance.randrange(min(4, len(values)) + 1))}
    ends = sorted(chance.sample(range(18950, 19650), 2))
    deaths = sorted(chance.sample(range(9), 2))
    return {
        "time": {"from": chance.choice([None, ends[0]]), "to": chance.choice([None, ends[1]])},
        "deaths": {
            "deathsMin": chance.choice([None, deaths[0]]),
            "deathsMax": chance.choice([None, deaths[1]]),
        },
        "km": {"withinKm": chance.choice([None, 0, 12.5, 100])},
        "text": {"text": chance.choice(["", *WORDS])},
        "reset": dict(EVERYTHING),
    }[kind]


def folded(text: str) -> str:
    """A text as the search sees it."""
    seen = (one for one in unicodedata.normalize("NFKD", text))
    plain = "".join(one for one in seen if unicodedata.category(one) not in UNSEEN)
    return re.sub("[’ʼ]", "'", plain.lower().replace("œ", "oe"))


def choices(table: pd.DataFrame, facet: str) -> pd.DataFrame:
    """What each row offers to a filter; what is not stated is a choice of its own."""
    first, *finer = FACETS[facet]
    return pd.concat([table[first].fillna(""), *(table[name] for name in finer)], axis=1)


def masks(table: pd.DataFrame, state: dict[str, Any]) -> dict[str, pd.Series]:
    """For each filter which rows pass it, as pandas sees it."""
    passed = {}
    for facet in FACETS:
        named = choices(table, facet).isin(state[facet]).any(axis=1)
        passed[facet] = named if state[facet] else table["id"].notna()
    passed["time"] = table["id"].notna()
    if state["from"] is not None or state["to"] is not None:
        first, last = table["start"], table["end"]
        low = -1e9 if state["from"] is None else state["from"]
        high = 1e9 if state["to"] is None else state["to"]
        passed["time"] = (last >= low) & (first <= high)
    deaths = table["best"].fillna(table["high"]).fillna(table["low"])
    for key, compare in (("deathsMin", deaths.ge), ("deathsMax", deaths.le)):
        passed[key] = table["id"].notna() if state[key] is None else compare(state[key])
    near = state["withinKm"]
    passed["km"] = table["id"].notna() if near is None else table["nearest"] <= near
    words = folded(state["text"]).split()
    passed["text"] = table["folded"].map(lambda text: all(word in text for word in words))
    return passed


def counted(table: pd.DataFrame, facet: str, kept: pd.Series) -> dict[str, int]:
    """The count of each choice among rows kept."""
    columns = choices(table, facet)
    every = pd.concat([columns[name] for name in columns]).dropna().unique()
    found = pd.concat([columns.loc[kept, name] for name in columns]).value_counts()
    return {choice: int(found.get(choice, 0)) for choice in every}


def expected_totals(shown: pd.DataFrame) -> dict[str, int]:
    """The totals of what is shown."""
    unknown = shown[["low", "best", "high"]].isna().all(axis=1)
    low = shown["low"].fillna(0)
    best = shown["best"].fillna(low)
    return {
        "n": len(shown),
        "coarse": int(shown["level"].isin(["cercle", "region", "country"]).sum()),
        "unlocated": int((shown["level"] == "none").sum()),
        "undated": int(shown["start"].isna().sum()),
        "low": int(low.sum()),
        "best": int(best.sum()),
        "high": int(shown["high"].fillna(best).sum()),
        "unknown": int(unknown.sum()),
    }


def run_node(rows: list[dict[str, Any]], sequences: list[list[dict[str, Any]]]) -> Any:
    """Let the viewer's own code go through sequences of changes."""
    assert NODE, "CI needs node: the viewer's filters are tested in it"
    script = Path(__file__).with_name("choose.js")
    given = json.dumps({"rows": rows, "sequences": sequences})
    ran = subprocess.run(
        [NODE, str(script)], input=given, capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout)


def test_random_filters_leave_and_count_what_pandas_does() -> None:
    chance = random.Random(4)
    rows = made_rows(250, chance=chance)
    sequences: list[list[dict[str, Any]]] = [
        [
            {"undo": True} if chance.random() < 0.15 else {"patch": made_patch(rows, chance=chance)}
            for _ in range(chance.randrange(1, 6))
        ]
        for _ in range(200)
    ]
    table = pd.DataFrame(rows)
    numbers = ["start", "end", "low", "best", "high", "nearest"]
    table[numbers] = table[numbers].astype("float64")
    searched = ["summary", "reported", "placed", "actor", "target", "id"]
    table["folded"] = table[searched].fillna("").agg("\n".join, axis=1).map(folded)
    answers = run_node(rows, sequences)
    assert len(answers) == 200
    for steps, told in zip(sequences, answers, strict=True):
        past, state = [], dict(EVERYTHING)
        for step, answer in zip(steps, told, strict=True):
            if "undo" in step:
                state = past.pop() if past else state
            elif (after := {**state, **step["patch"]}) != state:
                past.append(state)
                state = after
            assert answer["state"] == state
            assert answer["back"]
            passed = pd.DataFrame(masks(table, state))
            shown = table[passed.all(axis=1)]
            assert answer["shown"] == list(shown.index)
            assert answer["untimed"] == list(table[passed.drop(columns="time").all(axis=1)].index)
            assert answer["totals"] == expected_totals(shown)
            for facet in FACETS:
                kept = passed.drop(columns=facet).all(axis=1)
                assert dict(answer["counts"][facet]) == counted(table, facet, kept)


def test_changes_of_one_gesture_are_undone_together() -> None:
    steps = [
        {"patch": {"text": "k"}, "gesture": "text"},
        {"patch": {"text": "kay"}, "gesture": "text"},
        {"patch": {"text": "kay"}, "gesture": "text"},
        {"patch": {"types": ["Riots"]}},
        {"undo": True},
        {"undo": True},
        {"undo": True},
    ]
    (answers,) = run_node([], [steps])
    assert [(one["state"]["text"], one["state"]["types"]) for one in answers] == [
        ("k", []), ("kay", []), ("kay", []), ("kay", ["Riots"]), ("kay", []), ("", []), ("", []),
    ]  # fmt: skip


def from_address(address: str) -> dict[str, Any]:
    """The state that an address tells."""
    assert NODE
    script = (
        "const [, loader, address] = process.argv;"
        "const viewer = require(loader)('state', 'address');"
        "process.stdout.write(JSON.stringify(viewer.fromAddress(address)))"
    )
    ran = subprocess.run(
        [NODE, "-e", script, str(LOADER), address],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    state: dict[str, Any] = json.loads(ran.stdout)
    return state


def test_ends_in_the_wrong_order_are_turned_round() -> None:
    read = from_address("t=2024-02-01..2024-01-01&deaths=10..2")
    assert read == EVERYTHING | {"from": 19723, "to": 19754, "deathsMin": 2, "deathsMax": 10}


@pytest.mark.parametrize(
    ("address", "part", "value"),
    [
        ("t=2024-01-01..", "from", 19723),
        ("t=..2024-01-01", "to", 19723),
        ("t=yesterday..", "from", None),
        ("t=2024-01-01", "from", None),
        ("t=2024-13-41..", "from", None),
        ("type=Battles,Mob+violence", "types", ["Battles", "Mob violence"]),
        ("type=%E0%A4%A", "types", []),
        ("sub=-", "subTypes", [""]),
        ("in=ML-2017/east", "units", ["ML-2017/east"]),
        ("deaths=..10", "deathsMax", 10),
        ("deaths=-1..x", "deathsMin", None),
        ("deaths=10..", "deathsMin", 10),
        ("deaths=99999999999..", "deathsMin", None),
        ("km=12.5", "withinKm", 12.5),
        ("km=Infinity", "withinKm", None),
        ("q=N%E2%80%99Tillit", "text", "N’Tillit"),
        ("__proto__=1&toString=2&=3&&", "text", ""),
    ],
)  # fmt: skip
def test_an_address_is_read_as_far_as_it_makes_sense(address: str, part: str, value: Any) -> None:
    assert {**EVERYTHING, part: value} == from_address(address)
