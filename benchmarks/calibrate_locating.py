"""What each choice of the thresholds of ``places/candidates.py`` would answer well and badly.

On UCDP's rows (see ``ucdp_rows.py``) with OCHA's settlements added: one threshold is moved, the
others stay as they are in the code; those chosen there are marked. Run it from the project's
environment: ``python benchmarks/calibrate_locating.py``; it takes some minutes.
"""

import pandas as pd
from ucdp_rows import SETTINGS, judge, read_rows, settlements_added

from mali_incidents.places.answers import columns_of
from mali_incidents.places.candidates import CALIBRATED, NameIndex
from mali_incidents.places.frames import read_frame
from mali_incidents.places.gazetteer import read_gazetteer
from mali_incidents.places.resolve import Asked, resolve

CURVES = {
    "least_score": [0.80, 0.84, 0.86, 0.88, 0.90, 0.92, 0.96],
    "least_margin": [0.0, 0.015, 0.025, 0.035, 0.045, 0.06, 0.10],
    "a_doubling": [0.0, 0.3, 0.45, 0.6, 0.75, 1.0],
    "unlisted": [0.0, 0.015, 0.03, 0.045, 0.06],
}


def main() -> None:
    """Print a curve for each threshold: good and wrong answers in both settings."""
    with settlements_added():
        gazetteer, frame = read_gazetteer(), read_frame()
        told = [read_rows(setting) for setting in SETTINGS]
        for name, choices in CURVES.items():
            print(f"\n{name:<14}" + "".join(f"{setting!s:>42}" for setting in SETTINGS))
            print(" " * 14 + "       a place      good     wrong    inside" * len(SETTINGS))
            for choice in choices:
                index = NameIndex(
                    gazetteer, frame, thresholds=CALIBRATED._replace(**{name: choice})
                )
                shares = [judge(_answers(asked, index), truth) for asked, truth in told]
                chosen = "  <- chosen" if choice == getattr(CALIBRATED, name) else ""
                print(f"  {choice:<12}" + "".join(map(_shares, shares)) + chosen)


def _answers(asked: pd.DataFrame, index: NameIndex) -> pd.DataFrame:
    """Locate the rows by their words, each distinct one once."""
    known: dict[Asked, dict[str, object]] = {}
    rows = []
    for text, *names in asked[["location_text", "admin1", "admin2"]].itertuples(index=False):
        named = zip(names, ("region", "cercle"), strict=True)
        units = tuple((name, level) for name, level in named if isinstance(name, str))
        question = Asked(text if isinstance(text, str) else "", units)
        if question not in known:
            known[question] = columns_of(resolve(question, index)[0], index.frame)
        rows.append(known[question])
    return pd.DataFrame(rows)


def _shares(judged: pd.DataFrame) -> str:
    """Give the shares of all rows, and of those answered the share with the truth inside."""
    inside = judged.loc[judged["answered"], "inside"].mean()
    shares = [*judged[["as_place", "good", "wrong"]].mean(), inside]
    return "    " + "".join(f"{share:10.1%}" for share in shares)


if __name__ == "__main__":
    main()
