"""Other equilibria of the same numbers, sought from many starting points.

The answer that `solve` wants is on the principal branch, but a ladder may have more than one equilibrium, and nothing in the data says which one
governments are in. Here the solver starts again from random values and behaviour, and what it finds is told apart. That is a search: it can show that
there are several, never that there is only one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.agreement import AGREEMENT, distance, jeffreys
from detente.ladder.equilibrium import ACCEPTED_RESIDUAL, Equilibrium, settle
from detente.ladder.layout import Plan
from detente.ladder.positions import check_solved

Floats = NDArray[np.float64]
MOST = 64
GROWTH = 1.5
BATCH = 256


@dataclass(frozen=True)
class Alternatives:
    """Every combination, over segments, of the equilibria found for some draws.

    Attributes
    ----------
    equilibrium : Equilibrium
        One row for each combination; for each draw the answer of `solve` comes first.
    draw : array, row
        The draw behind each row, as a position in the equilibrium that was asked about.
    count : array, draw x segment
        Equilibria found, among the draws that were asked for.
    cut : int
        Draws with more than 64 combinations, of which the first 64 are kept.
    """

    equilibrium: Equilibrium
    draw: NDArray[np.int64]
    count: NDArray[np.int64]
    cut: int

    @property
    def share(self) -> float:
        """Share of the draws with several equilibria in some segment."""
        return float((self.count > 1).any(axis=1).mean())

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Jeffreys interval of that share over all draws."""
        return jeffreys(int((self.count > 1).any(axis=1).sum()), len(self.count), level)


def all_equilibria(
    equilibrium: Equilibrium, draws: Sequence[int] | NDArray[np.int64] | None = None, *, starts: int = 16, seed: int = 0, threads: int | None = None
) -> Alternatives:
    """Look for further equilibria of solved draws.

    Parameters
    ----------
    equilibrium : Equilibrium
    draws : sequence of int, optional
        Positions of the draws; all where not given. Segments that share an answer are searched once.
    starts : int
        Random starting points for each draw and segment. Values are drawn within one and a half times the range of what the actor can come to, log-ratios
        within that range times his precision.
    seed : int
        Of the starting points.

    Raises
    ------
    InvalidInput
        If `starts` is less than 1, or there is no such draw.
    """
    if starts < 1:
        raise InvalidInput(Problem("starts", f"{starts} is no number of starting points", "a search has at least one", "give 1 or more"))
    chosen = np.arange(len(equilibrium.values)) if draws is None else np.asarray(draws, dtype=np.int64).reshape(-1)
    check_solved(equilibrium, chosen, ())
    twins = equilibrium.same[chosen]
    found: dict[tuple[int, int], list[_Answer]] = {}
    pairs = [(int(row), int(segment)) for row, segment in np.argwhere(twins == np.arange(twins.shape[1]))]
    for first in range(0, len(pairs), BATCH):
        batch = pairs[first : first + BATCH]
        found |= dict(zip(batch, _search(equilibrium, [(int(chosen[row]), segment) for row, segment in batch], starts, seed, threads), strict=True))
    return _combine(equilibrium, chosen, twins, found)


class _Answer(NamedTuple):
    """One equilibrium of one draw in one segment."""

    unknown: Floats
    rates: Floats
    best_rates: Floats
    status: int
    residual: float
    regret: float
    sweeps: int


def _search(equilibrium: Equilibrium, pairs: Sequence[tuple[int, int]], starts: int, seed: int, threads: int | None) -> list[list[_Answer]]:
    """The equilibria found for each (draw, segment), that of `solve` first."""
    plan = equilibrium.plan
    at = np.array(pairs)
    known = equilibrium.unknown[at[:, 0], at[:, 1]]
    numbers = equilibrium.values[at[:, 0], at[:, 1]]
    begin = np.stack([_starting_points(plan, numbers[k], known[k], np.random.default_rng([seed, *pair]), starts) for k, pair in enumerate(pairs)])
    tried = settle(
        plan, np.ascontiguousarray(np.repeat(numbers, starts, axis=0)[:, None]), np.ascontiguousarray(begin.reshape(-1, 1, plan.n_unknown)), "given", threads
    )
    answers = []
    for k, (draw, segment) in enumerate(pairs):
        own = [_Answer(*(getattr(equilibrium, name)[draw, segment] for name in _Answer._fields))]
        for row in range(k * starts, (k + 1) * starts):
            here = tried["unknown"][row]
            apart = distance(plan, np.stack([answer.unknown for answer in own]), here)
            if tried["residual"][row, 0] <= ACCEPTED_RESIDUAL and apart.min() > AGREEMENT:
                own.append(_Answer(*(tried[name][row, 0] for name in _Answer._fields)))
        answers.append(own)
    return answers


def _starting_points(plan: Plan, numbers: Floats, known: Floats, random: np.random.Generator, starts: int) -> Floats:
    """Random unknowns around an equilibrium: start x unknown."""
    layout, n_actors = plan.layout, len(plan.ladder.actors)
    values = known[: layout.flow.size].reshape(-1, n_actors)
    worth = np.concatenate([values, numbers[layout.outcome_payoff] + values[layout.outcome_target]])
    middle, reach = (worth.max(axis=0) + worth.min(axis=0)) / 2, GROWTH * np.ptp(worth, axis=0)
    points = np.empty((starts, plan.n_unknown))
    points[:, : layout.flow.size] = (middle + reach * random.uniform(-0.5, 0.5, (starts, *values.shape))).reshape(starts, -1)
    for infoset, first in enumerate(layout.forest.unknown_start):
        if first >= 0:
            player, place = layout.forest.infoset_player[infoset], layout.flow.size + first
            odds = numbers[layout.precision[player]] * reach[player]
            points[:, place : place + layout.forest.infoset_size[infoset] - 1] = odds * random.uniform(
                -1.0, 1.0, (starts, layout.forest.infoset_size[infoset] - 1)
            )
    return points


def _combine(
    equilibrium: Equilibrium, chosen: NDArray[np.int64], twins: NDArray[np.int64], found: dict[tuple[int, int], list[_Answer]]
) -> Alternatives:
    """Every choice of one equilibrium for each segment; segments that share an answer share the choice."""
    segments = range(twins.shape[1])
    rows: list[tuple[int, list[_Answer]]] = []
    cut = 0
    for row in range(len(chosen)):
        own = [segment for segment in segments if twins[row, segment] == segment]
        choices = list(islice(product(*(found[row, segment] for segment in own)), MOST + 1))
        cut += len(choices) > MOST
        for choice in choices[:MOST]:
            picked = dict(zip(own, choice, strict=True))
            rows.append((row, [picked[int(twins[row, segment])] for segment in segments]))
    place = np.array([row for row, _ in rows])
    draw = chosen[place]
    arrays = {name: np.array([[getattr(answer, name) for answer in answers] for _, answers in rows]) for name in _Answer._fields}
    joined = Equilibrium(equilibrium.plan, equilibrium.values[draw], same=twins[place], **arrays)
    count = np.array([[len(found[row, int(twins[row, segment])]) for segment in segments] for row in range(len(chosen))]).reshape(twins.shape)
    return Alternatives(joined, draw, count, cut)
