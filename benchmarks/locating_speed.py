"""What locating costs: 1,000 distinct texts, import and load, memory, and the slowest of 10,000.

The texts are UCDP's (see ``ucdp_rows.py``), the gazetteer the shipped one with OCHA's settlements.
Each run is a process of its own on one core, and its processor time is counted, so that other work
on the machine does not matter. Run it from the project's environment:
``python benchmarks/locating_speed.py [RUNS]``.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

TEXTS, PHRASES = 1_000, 10_000
FORMS = (
    "{} km south of {}", "entre {} et {}", "{}, cercle de {}, région de {}", "{} ({} region)",
    "à une trentaine de kilomètres au nord de {}", "near {}, {}", "on the {}-{} road",
    "south of {} region", "axe {}-{}", "{}; {}; {}", "{}",
)  # fmt: skip


def main(runs: int = 5) -> None:
    """Run each measure several times in a process of its own, and print the medians."""
    # Imported here: the import is one of the costs that are counted.
    from ucdp_rows import settlements_added  # noqa: PLC0415

    with settlements_added():
        texts = [_measure("texts") for _ in range(runs)]
        phrases = [_measure("phrases", str(seed)) for seed in range(3)]
    for name, title, target in (
        ("load", "import and load, s", "under 2"),
        ("texts", f"{TEXTS:,} distinct texts, s", "3 or less"),
        ("memory", "peak memory, MB", "under 600"),
    ):
        print(f"{title:<34} {statistics.median(run[name] for run in texts):7.2f}   ({target})")
    # Each run has another order: what is slow in one only is a collection of garbage, or the
    # machine's doing.
    each = sorted(map(statistics.median, zip(*phrases, strict=True)))
    for title, seconds, target in (
        (f"slowest of {PHRASES:,} phrases, ms", each[-1], "   (under 50)"),
        ("the median one, ms", statistics.median(each), ""),
        ("the slowest call of all runs, ms", max(map(max, phrases)), ""),
    ):
        print(f"{title:<34} {1000 * seconds:7.1f}{target}")


def _measure(*what: str) -> Any:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, *what]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def time_texts() -> dict[str, float]:
    """Count the seconds for import and load, then for the texts, and the memory."""
    load = _seconds(_load)
    asked = _some_texts()
    from mali_incidents.places.locate import locate_incidents  # noqa: PLC0415

    texts = _seconds(lambda: locate_incidents(asked))
    unit = 1 if sys.platform == "darwin" else 1024
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return {"load": load, "texts": texts, "memory": memory}


def time_phrases(seed: str) -> list[float]:
    """Count the seconds for each of many phrases, asked in an order of its own."""
    _load()
    from mali_incidents.places.locate import where  # noqa: PLC0415

    phrases = _some_phrases()
    seconds = [0.0] * PHRASES
    for number in random.Random(seed).sample(range(PHRASES), PHRASES):
        seconds[number] = _seconds(lambda text=phrases[number]: where(text))
    return seconds


def _load() -> None:
    """Import, read and index what ships and what was added."""
    from mali_incidents.places.locate import where  # noqa: PLC0415

    where("Bamako")


def _some_texts():
    """Give rows with distinct texts, of both settings."""
    import pandas as pd  # noqa: PLC0415
    from ucdp_rows import SETTINGS, read_rows  # noqa: PLC0415

    every = pd.concat([read_rows(setting, worst_prec=7)[0] for setting in SETTINGS])
    distinct = every.dropna(subset="location_text").drop_duplicates("location_text")
    some = distinct.sample(TEXTS, random_state=2026).reset_index(drop=True)
    return some.assign(incident_id=[f"text-{number}" for number in range(TEXTS)])


def _some_phrases() -> list[str]:
    """Make phrases of names and forms, with letters changed, lost, doubled, and any Unicode."""
    import numpy as np  # noqa: PLC0415

    from mali_incidents.places.gazetteer import read_gazetteer  # noqa: PLC0415

    chance = np.random.default_rng(2026)
    names = read_gazetteer().places["name"].to_numpy(dtype=object)
    phrases = []
    for number in range(PHRASES):
        form = FORMS[number % len(FORMS)]
        told = [str(one) for one in chance.choice(names, form.count("{}"))]
        if "km" in form:
            told[0] = str(chance.integers(1, 300))
        phrase = list(form.format(*told))
        for at in chance.integers(0, len(phrase), chance.integers(0, 4)):
            anything = chr(int(chance.choice([chance.integers(32, 0xD800), ord("e"), ord("-")])))
            phrase[at] = str(chance.choice([anything, "", phrase[at] * 2]))
        phrases.append("".join(phrase))
    return phrases


def _seconds(work: Callable[[], object]) -> float:
    """Count the seconds of processor time that a call takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    measures = {"texts": time_texts, "phrases": time_phrases}
    if sys.argv[1:2] and sys.argv[1] in measures:
        print(json.dumps(measures[sys.argv[1]](*sys.argv[2:])))
    else:
        main(*map(int, sys.argv[1:2]))
