"""In which order the values of rungs are solved for, and which entries of the matrix are ever not 0.

States are taken away from the top of the ladder down: few ways lead up and most lead home, so that little fills in. Every entry is a place in a flat
matrix, row times n plus column.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from detente.games.tree import Integers


class Elimination(NamedTuple):
    """Steps of diag(discount + out) - generator = U L, U with a unit diagonal, then of its two substitutions."""

    filled: Integers  # entries off the diagonal that are not 0 in the end
    pair_start: Integers  # state taken away -> first pair, in falling order of states
    pair_entry: Integers  # entry in the row of a state below and the column of the state taken away
    step_start: Integers  # pair -> first step
    step_entry: Integers  # entry that changes ...
    step_factor: Integers  # ... by the pair's ratio times this entry
    right_start: Integers  # row -> first entry right of the diagonal
    right_column: Integers
    left_start: Integers  # row -> first entry left of the diagonal
    left_column: Integers


def plan_elimination(n: int, arcs: Sequence[tuple[int, int]]) -> Elimination:
    """Steps for n rungs between which arcs (source, target) lead."""
    filled = np.zeros((n, n), dtype=bool)
    for source, target in arcs:
        filled[source, target] = True
    pairs: list[list[tuple[int, list[tuple[int, int]]]]] = []
    for k in range(n - 1, -1, -1):
        own = []
        for s in np.flatnonzero(filled[:k, k]):
            below = np.flatnonzero(filled[k, :k])
            filled[s, below] = True
            own.append((int(s) * n + k, [(int(s) * n + int(t), k * n + int(t)) for t in below]))
        pairs.append(own)
    every = [pair for own in pairs for pair in own]
    np.fill_diagonal(filled, False)
    right = [np.flatnonzero(filled[s, s + 1 :]) + s + 1 for s in range(n)]
    left = [np.flatnonzero(filled[s, :s]) for s in range(n)]
    return Elimination(
        filled=_integers(np.flatnonzero(filled)),
        pair_start=_starts(pairs),
        pair_entry=_integers([entry for entry, _ in every]),
        step_start=_starts([steps for _, steps in every]),
        step_entry=_integers([entry for _, steps in every for entry, _ in steps]),
        step_factor=_integers([factor for _, steps in every for _, factor in steps]),
        right_start=_starts(right),
        right_column=_integers(np.concatenate(right)),
        left_start=_starts(left),
        left_column=_integers(np.concatenate(left)),
    )


def _integers(values: Sequence[int] | np.ndarray) -> Integers:
    return np.asarray(values, dtype=np.int32)


def _starts(lists: Sequence[Sequence[object] | np.ndarray]) -> Integers:
    return _integers(np.concatenate([[0], np.cumsum([len(entries) for entries in lists])]))
