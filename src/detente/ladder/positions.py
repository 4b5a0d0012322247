"""Positions of draws and segments in a solution: those that are not there are refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from detente.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from detente.ladder.equilibrium import Equilibrium


def check_solved(equilibrium: Equilibrium, draws: Iterable[int], segments: Iterable[int]) -> None:
    """Refuse positions of draws and segments that were not solved.

    Raises
    ------
    InvalidInput
    """
    for name, asked, count in zip(("draw", "segment"), (draws, segments), equilibrium.values.shape, strict=False):
        wrong = [int(place) for place in asked if not 0 <= place < count]
        if wrong:
            raise InvalidInput(Problem(name, f"there is no {name} {wrong[0]}", f"{count} were solved, counted from 0", f"give 0 to {count - 1}"))
