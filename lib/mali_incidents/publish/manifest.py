"""What a build was made from and what it left, with no clock in it."""

import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import geopandas as gpd
import pandas as pd

from mali_incidents.places.added_places import PlaceSource
from mali_incidents.records.coverage import Coverage
from mali_incidents.release.prepare import Release
from mali_incidents.storage import sha256_of
from mali_incidents.tables import LEVELS, SEVERITIES, is_attack

# The packages that decide what a file's bytes are.
_PACKAGES: Final = (
    "mali-incidents",
    "folium",
    "geopandas",
    "matplotlib",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pyogrio",
    "pyproj",
    "python-docx",
    "shapely",
    "XStatic-Leaflet",
)


def describe_build(
    located: gpd.GeoDataFrame,
    *,
    inputs: Iterable[Path],
    findings: pd.DataFrame,
    for_review: int,
    gazetteers: Iterable[PlaceSource],
    coverage: Coverage | None,
    out: Path,
    written: Iterable[Path],
) -> dict[str, Any]:
    """Describe a build.

    Parameters
    ----------
    located : geopandas.GeoDataFrame
        The located table.
    inputs : iterable of pathlib.Path
        The files that were read.
    findings : pandas.DataFrame
        What was wrong in them.
    for_review : int
        How many rows a person should look at.
    gazetteers : iterable of PlaceSource
        The gazetteers that were used.
    coverage : Coverage or None
        What the records cover.
    out : pathlib.Path
        The folder written into; files are named below it.
    written : iterable of pathlib.Path
        The files written so far.

    Returns
    -------
    dict
        Ready for JSON: the same for the same input and versions.
    """
    return {
        "inputs": {file.name: sha256_of(file) for file in inputs},
        "versions": versions(),
        "rows": {
            **describe_rows(located),
            "for_review": for_review,
            "findings": _counts(findings["severity"], SEVERITIES),
        },
        "frame": sorted(set(located["frame"])),
        "gazetteers": {
            source.name: {
                "source": source.source,
                "licence": source.licence,
                "date": source.date,
                "sha256": source.sha256,
                "places": source.places,
            }
            for source in gazetteers
        },
        "coverage": describe_coverage(coverage),
        "files": describe_files(written, out=out),
    }


def versions() -> dict[str, str]:
    """Give the versions of Python and of the packages that decide what a file's bytes are."""
    return {
        "python": platform.python_version(),
        **{name: metadata.version(name) for name in _PACKAGES},
    }


def describe_rows(located: gpd.GeoDataFrame) -> dict[str, Any]:
    """Count the rows of a located table, the attacks among them, and how finely they are known."""
    return {
        "read": len(located),
        "attacks": int(is_attack(located).sum()),
        "by_level": _counts(located["level"], LEVELS),
    }


def describe_coverage(coverage: Coverage | None) -> dict[str, Any] | None:
    """Describe what records cover, ready for JSON; None where it is not stated."""
    if coverage is None:
        return None
    return {
        "name": coverage.name,
        "units": list(coverage.units),
        "period": [str(coverage.period_start), str(coverage.period_end)],
        "as_of": str(coverage.as_of),
        "census": coverage.census,
    }


def describe_files(written: Iterable[Path], *, out: Path) -> dict[str, dict[str, Any]]:
    """Give the size and the SHA-256 of files, by their paths below a folder."""
    return {
        file.relative_to(out).as_posix(): {"bytes": file.stat().st_size, "sha256": sha256_of(file)}
        for file in sorted(written)
    }


def describe_release(release: Release) -> dict[str, Any]:
    """Describe an edition: what it may hold, what was done, and nothing that it withholds.

    Parameters
    ----------
    release : Release
        The edition.

    Returns
    -------
    dict
        Ready for JSON: profile, as_of, rows given and withheld by reason, what was removed from
        texts by kind, notice and statement by language.
    """
    return {
        "profile": release.profile.name,
        "as_of": release.as_of.isoformat(),
        "given": len(release.located),
        "withheld": _counts(release.withheld["why"], sorted(set(release.withheld["why"]))),
        "removed_from_texts": _counts(
            release.redactions["code"], sorted(set(release.redactions["code"]))
        ),
        "notice": dict(release.notice),
        "statement": dict(release.statement),
    }


def _counts(column: pd.Series, values: Iterable[str]) -> dict[str, int]:
    """Count each of the values that occurs."""
    found = column.value_counts()
    return {value: int(found[value]) for value in values if value in found}
