"""One finding while a file is read, before its row has an id."""

from typing import NamedTuple


class Found(NamedTuple):
    """One finding; ``at`` is the row's position in the table, None for the whole file."""

    column: str
    value: str
    severity: str
    code: str
    message: str
    at: int | None = None


Findings = list[Found]
