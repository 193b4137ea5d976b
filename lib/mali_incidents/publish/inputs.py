"""What a job is given, passed on to the notebooks that it executes."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

from mali_incidents.places.corrections import Correction, Key, corrections_for, read_corrections
from mali_incidents.places.frames import AdminFrame, read_frame
from mali_incidents.storage import shipped

_RECORDS: Final = "MALI_RECORDS"
_DATES: Final = "MALI_DATES"
_FRAME: Final = "MALI_FRAME"
_CORRECTIONS: Final = "MALI_CORRECTIONS"
_OUT: Final = "MALI_OUT"
_NOTICE: Final = "MALI_NOTICE"


class JobInputs(NamedTuple):
    """What a job was given.

    Attributes
    ----------
    records : pathlib.Path
        The file of records.
    dates : {"iso", "day-first"}
        How the records write dates.
    frame : AdminFrame
        The units to locate in.
    corrections : dict
        What a person found, as ``read_corrections`` gives it; empty where there is none.
    out : pathlib.Path
        The folder the job writes into; a notebook writes below ``notebooks`` in it.
    notice : dict of str to str, or None
        The line, by language, that maps of the job's edition have on their face.
    """

    records: Path
    dates: str
    frame: AdminFrame
    corrections: dict[Key, Correction]
    out: Path
    notice: dict[str, str] | None


def job_inputs() -> JobInputs:
    """Give a notebook what the job that executes it was given.

    Returns
    -------
    JobInputs
        From the environment variables ``MALI_RECORDS``, ``MALI_DATES``, ``MALI_FRAME``,
        ``MALI_CORRECTIONS``, ``MALI_OUT`` and ``MALI_NOTICE``. Where one is blank or missing, as in
        JupyterLab: the records that ship, ``"iso"``, the units of 2017, ``corrections.csv`` beside
        the records if there is one, ``../out``, and no notice.

    Raises
    ------
    LocateError
        When there is no such frame, or the corrections cannot be read.
    """
    given = {name: os.environ.get(name, "") for name in (_RECORDS, _DATES, _FRAME, _CORRECTIONS)}
    records = Path(given[_RECORDS] or shipped("incidents", "incidents.csv"))
    frame = read_frame(given[_FRAME]) if given[_FRAME] else read_frame()
    corrected = corrections_for(records, given[_CORRECTIONS] or None)
    return JobInputs(
        records=records,
        dates=given[_DATES] or "iso",
        frame=frame,
        corrections=read_corrections(corrected, frame=frame) if corrected else {},
        out=Path(os.environ.get(_OUT) or "../out"),
        notice=json.loads(os.environ.get(_NOTICE) or "null"),
    )


def inputs_as_environment(
    out: Path,
    *,
    records: str | Path | None,
    dates: str,
    frame: str | None,
    corrections: str | Path | None,
    notice: Mapping[str, str] | None,
) -> dict[str, str]:
    """Write what a job was given as the variables that :func:`job_inputs` reads."""
    # A kernel works in its notebook's folder; a blank keeps out what the user's shell may hold.
    return {
        _OUT: str(out.resolve()),
        _DATES: dates,
        _FRAME: frame or "",
        _NOTICE: "" if notice is None else json.dumps(dict(notice)),
        _RECORDS: "" if records is None else str(Path(records).resolve()),
        _CORRECTIONS: "" if corrections is None else str(Path(corrections).resolve()),
    }
