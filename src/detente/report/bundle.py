"""The script and the style sheet of the figures, which are built when the package is installed.

Refused: a report without them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from detente.errors import MissingExtra

FILES = ("report.js", "report.css")


@dataclass(frozen=True)
class Bundle:
    """Text of the script and of the style sheet."""

    script: str
    style: str


def bundle() -> Bundle:
    """Read what the package was built with.

    Raises
    ------
    MissingExtra
        If it was built without the figures (`DETENTE_WEB=skip`), or is used from its source without being installed.
    """
    folder = resources.files("detente.report") / "static"
    if not all((folder / name).is_file() for name in FILES):
        raise MissingExtra(
            "the figures of the report were not built: install the package again without DETENTE_WEB=skip "
            '(in a copy of the repository: python3 -m pip install ".[all]")'
        )
    return Bundle(*((folder / name).read_text(encoding="utf-8") for name in FILES))
