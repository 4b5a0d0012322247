"""An independent check of a solved ladder: distances of behaviour, values and rates from their definition.

Behaviour is that of `detente.ladder.play`, by enumeration of histories; rates and income follow from it here and from nothing that the solver computed, and
V is compared with the solution of the linear system of `docs/explanation/model.md`. So an error in the kernels or their index arrays cannot hide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ladder.equilibrium import Equilibrium
from detente.ladder.layout import Arc
from detente.ladder.model import DELIBERATE
from detente.ladder.play import Played, Solution

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LadderCertificate:
    """Distances of a solution from its definition, each an array over draw x segment.

    Attributes
    ----------
    behaviour : array
        Largest difference of a probability from the logit of expected payoffs.
    value : array
        Largest difference of a value from the solution of the linear system, as a share of the actor's range of values.
    rate : array
        Largest difference of an arc's rate, as a share of all rates out of its rung.
    regret : array
        Largest loss against a best reply, as a share of the mover's payoff range: what assumed mistakes cost, not an error.
    """

    behaviour: Floats
    value: Floats
    rate: Floats
    regret: Floats


def certify(equilibrium: Equilibrium, draws: Sequence[int] | NDArray[np.int64] | None = None) -> LadderCertificate:
    """Check a solution from the definition.

    Parameters
    ----------
    equilibrium : Equilibrium
    draws : sequence of int, optional
        Positions of the draws to check; all where not given. Every segment of them is checked.

    Raises
    ------
    InvalidInput
        If there is no such draw.
    """
    count, segments = equilibrium.values.shape[:2]
    chosen = np.arange(count) if draws is None else np.asarray(draws, dtype=np.int64).reshape(-1)
    solution = Solution.of(equilibrium, np.repeat(chosen, segments), np.tile(np.arange(segments), len(chosen)))
    plays = solution.plays()
    pairs = len(solution.numbers)
    behaviour, regret = np.zeros((2, pairs))
    for played in plays:
        ends = [solution.worth(played.game, end, moods) for moods in played.profiles for _, _, end in played.histories]
        low, high = np.min(ends, axis=0), np.max(ends, axis=0)
        for point in played.points.values():
            p, q = np.exp(point.log_probability), point.quality
            behaviour = np.maximum(behaviour, np.abs(p - np.exp(point.response)).max(axis=1))
            spread = (high - low)[:, solution.actor(point.player)]
            loss = q.max(axis=1) - (p * q).sum(axis=1)
            regret = np.maximum(regret, np.where(spread > 0, loss / np.where(spread > 0, spread, 1.0), 0.0))
    rates, income = rates_of(solution, plays)
    shape = (len(chosen), segments)
    value, rate = value_gap(solution, rates, income), rate_gap(solution, rates, equilibrium.rates[solution.draws, solution.segments])
    return LadderCertificate(*(array.reshape(shape) for array in (behaviour, value, rate, regret)))


def rates_of(solution: Solution, plays: Sequence[Played]) -> tuple[dict[Arc, Floats], Floats]:
    """Rates of all arcs, and income while on each rung: pair x rung x actor."""
    ladder = solution.plan.ladder
    rates: dict[Arc, Floats] = {}
    income = np.zeros_like(solution.value)
    for rung, flow in ladder.flow.items():
        income[:, ladder.rung(rung)] += solution.payoff(flow, {})

    def add(source: str, target: str, origin: str, trigger: str, rate: Floats, paid: Floats) -> None:
        arc = Arc(ladder.rung(source), ladder.rung(target), origin, trigger)
        income[:, arc.source] += rate[:, None] * paid
        if arc.source != arc.target:
            rates[arc] = rates.get(arc, np.zeros(len(solution.numbers))) + rate

    for move in ladder.moves:
        add(move.source, move.target, move.origin, move.trigger, solution(move.rate), solution.payoff(move.payoff, {}))
    for played in plays:
        game = played.game
        for moods, end, chance in played.arrivals():
            origin, trigger = end.get("origin", DELIBERATE), end.get("trigger", DELIBERATE)
            add(game.at, end.get("to", game.at), origin, trigger, solution(game.tempo) * chance, solution.payoff(end.get("payoff", {}), moods))
    return rates, income


def value_gap(solution: Solution, rates: Mapping[Arc, Floats], income: Floats) -> Floats:
    """Largest distance of V from the solution of the linear system, as a share of the actor's range of values."""
    n = solution.value.shape[1]
    matrix = np.zeros((len(solution.numbers), n, n))
    for arc, rate in rates.items():
        matrix[:, arc.source, arc.target] -= rate
        matrix[:, arc.source, arc.source] += rate
    worst = np.zeros(len(solution.numbers))
    for name in solution.plan.ladder.actors:
        i = solution.actor(name)
        solved = np.linalg.solve(matrix + solution(solution.plan.ladder.discount[name])[:, None, None] * np.eye(n), income[:, :, i, None])[..., 0]
        spread = np.ptp(solution.value[:, :, i], axis=1)
        spread = np.where(spread > 0, spread, np.maximum(np.abs(solution.value[:, :, i]).max(axis=1), 1e-300))
        worst = np.maximum(worst, np.abs(solved - solution.value[:, :, i]).max(axis=1) / spread)
    return worst


def rate_gap(solution: Solution, rates: Mapping[Arc, Floats], stated: Floats) -> Floats:
    """Largest distance of an arc's rate from what was stated, as a share of all rates out of its rung."""
    out = np.zeros(solution.value.shape[:2])
    for arc, rate in rates.items():
        out[:, arc.source] += rate
    worst = np.zeros(len(solution.numbers))
    for arc in {*rates, *solution.plan.arcs}:
        ours = rates.get(arc, np.zeros(len(solution.numbers)))
        theirs = stated[:, solution.plan.arcs.index(arc)] if arc in solution.plan.arcs else np.zeros(len(solution.numbers))
        worst = np.maximum(worst, np.abs(ours - theirs) / np.where(out[:, arc.source] > 0, out[:, arc.source], 1.0))
    return worst
