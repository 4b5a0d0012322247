"""What lives as long as a command."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from detente.errors import Problem


@dataclass
class Session:
    """What a command has met so far.

    Attributes
    ----------
    problems : list of Problem
        With its words; told all at once before it begins.
    run : Path, optional
        The folder in which it could go on if it is interrupted.
    keeps : bool
        Whether it could keep what it computes, in such a folder.
    """

    problems: list[Problem] = field(default_factory=list)
    run: Path | None = None
    keeps: bool = False
