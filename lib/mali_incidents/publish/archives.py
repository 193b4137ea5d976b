"""Zip archives with no clock in them: the same files give the same bytes."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

# The first day a zip can tell.
_NO_CLOCK: Final = (1980, 1, 1, 0, 0, 0)
# Read by all, written by the owner, a plain file: as Unix keeps it in the upper two bytes.
_MODE: Final = 0o100644 << 16
# When a document says it was changed, in the part that every Office file has.
_MODIFIED: Final = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
_PROPERTIES: Final = "docProps/core.xml"
OFFICE_DAY: Final = "2000-01-01T00:00:00Z"
"""What an Office file says of the day it was made, unless a day is given."""


def zip_archive(
    files: Mapping[str, bytes] | Mapping[str, Path], path: Path, *, comment: str = ""
) -> None:
    """Write a zip of files in the order given, each with the same date and rights.

    Parameters
    ----------
    files : mapping of str to bytes or pathlib.Path
        What stands under each name.
    path : pathlib.Path
        The draft to write.
    comment : str
        What is said of the archive, which has room for 65,535 bytes.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment.encode()
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _NO_CLOCK)
            entry.compress_type = zipfile.ZIP_DEFLATED
            # What the system is would stand in the bytes else.
            entry.create_system, entry.external_attr = 3, _MODE
            data = content if isinstance(content, bytes) else content.read_bytes()
            archive.writestr(entry, data)


def office_file(saved: io.BytesIO, path: Path, *, day: str = OFFICE_DAY) -> None:
    """Write an Office file again without the clock of the library that saved it.

    Parameters
    ----------
    saved : io.BytesIO
        A DOCX or XLSX.
    path : pathlib.Path
        The draft to write.
    day : str
        What it says of when it was made and changed, ``YYYY-MM-DDThh:mm:ssZ``.
    """
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[_PROPERTIES] = _MODIFIED.sub(rb"\g<1>" + day.encode(), parts[_PROPERTIES])
    zip_archive(parts, path)
