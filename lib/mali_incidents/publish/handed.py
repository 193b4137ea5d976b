"""The records of an edition as files, for notebooks, which read and locate what they are given."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from mali_incidents.places.answers import address
from mali_incidents.places.corrections import COLUMNS, Correction
from mali_incidents.places.frames import COUNTRY, AdminFrame
from mali_incidents.places.names import fold
from mali_incidents.publish.files import flat_table, write_table
from mali_incidents.records.coverage import Coverage
from mali_incidents.release.prepare import Release
from mali_incidents.release.words import places_words
from mali_incidents.tables import INCIDENTS, POINT_LEVELS


class Handed(NamedTuple):
    """What notebooks are given.

    Attributes
    ----------
    records : pathlib.Path
        The file of records.
    corrections : pathlib.Path or None
        Where each of its places is, as the edition has it; None for those of the records' own.
    """

    records: Path
    corrections: Path | None


@contextmanager
def given_records(
    release: Release, file: Path, coverage: Coverage | None, *, frame: AdminFrame
) -> Iterator[Handed]:
    """Give notebooks the records of an edition: the file itself where nothing is withheld.

    Parameters
    ----------
    release : Release
        The edition.
    file : pathlib.Path
        The records that it was made of.
    coverage : Coverage or None
        What they cover, in the file beside them.
    frame : AdminFrame
        The units they were located in.

    Yields
    ------
    Handed
        Files in a folder of their own, gone afterwards. Each place stands under a name of its own,
        and the corrections say where that is, so that locating them gives the edition's places.
    """
    if release.profile.keeps_all:
        yield Handed(file, None)
        return
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder, "records.csv")
        located = release.located
        table = flat_table(located)
        kept = [name for name in table.columns if name in INCIDENTS.columns]
        sources = [name for name in table.columns if name.startswith("source_")]
        table = table[[*kept, *sources]].drop(columns=["latitude", "longitude", "dataset_row"])
        answers: dict[str, Correction] = {}
        texts = []
        for row in located.to_dict("records"):
            label, correction = _place(row, release, frame)
            told = row["location_text"]
            if correction is not None:
                # The record's own words where they stay and mean one place.
                if isinstance(told, str) and answers.get(fold(told), correction) == correction:
                    label = told
                answers[fold(label)] = correction
            texts.append((label or told) if correction is not None else told)
        table["location_text"] = texts
        table[["admin1", "admin2", "admin3"]] = None
        write_table(table, records)
        if coverage is not None:
            shutil.copyfile(file.with_name("coverage.toml"), Path(folder, "coverage.toml"))
        rows = [{"text": text, **one._asdict()} for text, one in answers.items()]
        corrections = write_table(
            pd.DataFrame(rows).reindex(columns=list(COLUMNS)), Path(folder, "corrections.csv")
        )
        yield Handed(records, corrections if rows else None)


def _place(
    row: dict[str, Any], release: Release, frame: AdminFrame
) -> tuple[str, Correction | None]:
    """Name a place as the edition has it, and say where it is."""
    level, point = row["level"], row["geometry"]
    if level == "none" or point is None:
        return "", None
    held = (row["admin3_id"], row["admin2_id"], row["admin1_id"])
    unit = next((one for one in held if isinstance(one, str)), COUNTRY)
    told = {"who": release.profile.name, "when": release.as_of.isoformat()}
    told["why"] = places_words(release.profile, "en")
    name = address(unit, frame)
    (home,) = frame.units_at(np.array([point.x]), np.array([point.y]))
    if level not in POINT_LEVELS or home is None:
        # A correction to a point is drawn as one; an area is at least known to its unit.
        return f"{name} ({level})", Correction(name, unit, None, None, 1.0, **told)
    radius = round(float(row["uncertainty_m"]) / 1000, 3)
    side = "E" if point.x >= 0 else "W"
    text = f"{name}: {radius:g} km round {point.y:.4f} N {abs(point.x):.4f} {side}"
    return text, Correction(name, "", point.y, point.x, radius, **told)
