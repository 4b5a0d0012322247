"""Whether a report can be written where it is wanted, found out before there is one.

Refused: a folder, a file or folder that may not be written, and a folder that does not exist.
"""

from __future__ import annotations

import os
from pathlib import Path

from detente.errors import InvalidInput, Problem


def writable(path: Path) -> None:
    """Check that a file can be written.

    Raises
    ------
    InvalidInput
    """
    where, folder = str(path), path.parent
    if path.is_dir():
        raise InvalidInput(Problem(where, "it is a folder", "a report is one file", f"name a file, such as {path / 'report.html'}"))
    if not folder.is_dir():
        raise InvalidInput(Problem(where, f"there is no folder {folder}", "", "make it first, or write elsewhere"))
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise InvalidInput(Problem(where, "it cannot be written", "its permissions forbid it", "write elsewhere"))
