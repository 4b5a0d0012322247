"""Whole histories of a solved ladder, drawn at random: to play back, to teach, and to check what `prospects` computes exactly.

History h under a seed uses the random numbers `numpy.random.Generator(numpy.random.Philox(key=[seed, h])).random()` and no others (see
`detente.ladder._philox`). So it is the same in any company, on any number of threads and in any chunk; and it uses the same numbers in every draw: two
draws, or a policy and its baseline, differ by what differs between them and not by luck. For independent luck take another seed.

Refused: histories that could hold more than 300 million steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.equilibrium import Equilibrium
from detente.ladder.layout import Plan
from detente.ladder.names import Masks, Names
from detente.ladder.positions import check_solved
from detente.ladder.reach import Piece

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
MOST_STEPS = 3e8
BLOCK = 256


class Step(NamedTuple):
    """One move: years from now, rungs, and the labels of the move."""

    years: float
    source: str
    target: str
    origin: str
    trigger: str


@dataclass(frozen=True)
class Histories:
    """Histories of one draw.

    Attributes
    ----------
    plan : Plan
    years : float
        How long each history is.
    began : array, history
        The rung on which it starts.
    offset : array, history + 1
        The steps of history h are `offset[h]` to `offset[h + 1] - 1` of `time` and `arc`.
    time : array, step
        Years from now.
    arc : array, step
        Position in `plan.arcs`.
    """

    plan: Plan
    years: float
    began: Integers
    offset: Integers
    time: Floats
    arc: Integers

    def __len__(self) -> int:
        return len(self.began)

    def steps(self, history: int) -> tuple[Step, ...]:
        """What happens in a history, in words."""
        names, place = self.plan.ladder.rung_names, range(len(self))[history]
        inside = slice(self.offset[place], self.offset[place + 1])
        arcs = [self.plan.arcs[arc] for arc in self.arc[inside]]
        return tuple(Step(t, names[a.source], names[a.target], a.origin, a.trigger) for t, a in zip(self.time[inside].tolist(), arcs, strict=True))

    def reach(self, name: str) -> Floats:
        """Years until each history stands on the level of a rung or group, or a higher one; infinite where it never does."""
        return self._entered(self._names(name).reach_mask(name))

    def touch(self, name: str) -> Floats:
        """Years until each history stands on a rung or group itself; infinite where it never does."""
        return self._entered(self._names(name).touch_mask(name))

    def _names(self, name: str) -> Names:
        names = Names(self.plan.ladder)
        if name not in names.all:
            raise InvalidInput(Problem(repr(name), "it is no rung or group of the ladder", "", f"use one of {', '.join(names.all)}"))
        return names

    def _entered(self, mask: Masks) -> Floats:
        entered = np.where(mask[self.began], 0.0, np.inf)
        hits = np.flatnonzero(mask[self.plan.layout.arc_target[self.arc]])
        np.minimum.at(entered, np.searchsorted(self.offset, hits, side="right") - 1, self.time[hits])
        return entered


def simulate(
    equilibrium: Equilibrium, pieces: Sequence[Piece], histories: int, *, draw: int = 0, seed: int = 0, first: int = 0, threads: int | None = None
) -> Histories:
    """Draw histories of the chain of one draw from now to the horizon.

    Parameters
    ----------
    equilibrium : Equilibrium
    pieces : sequence of Piece
        From now to the horizon, in order; output times do not matter.
    histories : int
        How many.
    draw : int
        Position in `equilibrium.values`.
    seed : int
        0 to 2^64 - 1.
    first : int
        Number of the first history: 600 histories are 400 and then 200 with `first=400`.
    threads : int, optional
        Threads to use; the histories do not depend on it.

    Raises
    ------
    InvalidInput
        If there is no such draw or segment, a number is out of range, or the histories could be too long to keep.

    Examples
    --------
    >>> from detente.ladder import Ladder, Move, Piece, Rung, simulate, solve
    >>> ladder = Ladder(
    ...     rungs=(Rung("calm"), Rung("war", final=True)), actors=("challenger",), moves=(Move("accident", "calm", "war", 0.1),),
    ...     discount={"challenger": 0.1}, precision={"challenger": 1.0},
    ... )
    >>> found = simulate(solve(ladder), [Piece(segment=0, years=10.0, output=0)], 20_000)
    >>> [(round(step.years, 3), step.source, step.target) for step in found.steps(0)]
    [(2.765, 'calm', 'war')]
    >>> float((found.reach("war") <= 10).mean())     # 1 - exp(-1) is 0.632
    0.63395
    """
    from detente.games.threads import over_draws
    from detente.ladder import _paths

    check_solved(equilibrium, [draw], [piece.segment for piece in pieces])
    plan = equilibrium.plan
    stretches = [(segment, sum(piece.years for piece in group)) for segment, group in groupby(pieces, key=lambda piece: piece.segment)]
    years = np.array([length for _, length in stretches], dtype=float)
    # Arcs of a rung together, in their own order.
    order = np.argsort(plan.layout.arc_source, kind="stable")
    source, target = (array[order].astype(np.int64) for array in (plan.layout.arc_source, plan.layout.arc_target))
    arc_start = np.searchsorted(source, np.arange(len(plan.ladder.rungs) + 1))
    rates = np.ascontiguousarray(equilibrium.rates[draw][[segment for segment, _ in stretches]][:, order])
    fastest = np.max([rates[:, a:b].sum(axis=1) for a, b in pairwise(arc_start)], axis=0)
    _check(pieces, histories, seed, first, float(years @ fastest))
    start = np.ascontiguousarray(equilibrium.values[draw, 0, plan.start])
    began, steps = np.zeros((2, histories), dtype=np.int64)
    offset = np.zeros(histories + 1, dtype=np.int64)
    time, arc = np.zeros(0), np.zeros(0, dtype=np.int64)
    # Once to count the steps, once to keep them.
    for keep in (0, 1):
        over_draws(
            _paths.walk, histories, threads, np.uint64(seed), np.uint64(first), years, rates, arc_start, target, start, keep,
            began, steps, offset, time, arc, work=lambda: (np.zeros(4, dtype=np.uint64),), block=BLOCK,
        )  # fmt: skip
        if not keep:
            np.cumsum(steps, out=offset[1:])
            time, arc = np.zeros(offset[-1]), np.zeros(offset[-1], dtype=np.int64)
    return Histories(plan, float(years.sum()), began, offset, time, order[arc])


def _check(pieces: Sequence[Piece], histories: int, seed: int, first: int, most: float) -> None:
    """`most` bounds the expected number of steps of a history."""
    problems = []
    for name, number in (("histories", histories), ("seed", seed), ("first", first)):
        if not 0 <= number < 2**64:
            problems.append(Problem(name, f"{number} is out of range", "it is counted from 0 in 64 bits", "give a whole number from 0 to 2^64 - 1"))
    problems += [
        Problem(f"piece {place}", f"it lasts {piece.years:g} years", "time runs forward", "give 0 or more")
        for place, piece in enumerate(pieces)
        if not 0 <= piece.years < np.inf
    ]
    if not problems and histories * most > MOST_STEPS:
        what = f"{histories:,} histories could hold {histories * most:.1g} steps"
        problems.append(Problem("histories", what, f"at most {MOST_STEPS:.0g} are kept", "ask for fewer, or for fewer at a time with `first`"))
    if problems:
        raise InvalidInput(problems)
