"""The logit Markov equilibrium of a ladder, for many draws at once.

Solves, for every draw and calendar segment, the joint fixed point of values and behaviour in `docs/explanation/model.md` (Eibelshaeuser and
Poensgen 2019; agent quantal response: McKelvey and Palfrey 1998), and returns it with a certificate: residual, largest regret and status. A
draw that does not settle is counted, never dropped.

References
----------
Eibelshaeuser and Poensgen (2019), Markov quantal response equilibrium and a homotopy method for computing and selecting Markov perfect
equilibria of dynamic stochastic games, doi 10.2139/ssrn.3314404.
McKelvey and Palfrey (1998), Quantal response equilibria for extensive form games, doi 10.1023/A:1009905800005.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.branch import newton, trace
from detente.ladder.layout import Plan, lay_out, values_of
from detente.ladder.model import Ladder

Floats = NDArray[np.float64]
ACCEPTED_RESIDUAL = 1e-8
ROUNDING = 1e-9
BLOCK = 512


class Status(IntEnum):
    """How the equilibrium of one draw in one segment was found."""

    ANDERSON = 0
    CONTINUATION = 1
    NEWTON = 2
    COPIED = 3
    UNSETTLED = 4

    @property
    def message(self) -> str:
        """A sentence for people."""
        return {
            Status.ANDERSON: "settled by accelerated iteration in stages of precision",
            Status.CONTINUATION: "settled by continuation from precision 0",
            Status.NEWTON: "settled by Newton's method, off the path from precision 0, which could not be followed",
            Status.COPIED: "the same numbers as an earlier segment: its answer stands",
            Status.UNSETTLED: f"no point with residual below {ACCEPTED_RESIDUAL:g} was found",
        }[self]


@dataclass(frozen=True)
class Equilibrium:
    """Equilibria over draws and segments, with their certificate.

    Attributes
    ----------
    plan : Plan
        The question: the ladder and its arrays.
    values : array, draw x segment x slot
        The numbers it was solved for.
    unknown : array, draw x segment x unknown
        Values V[rung, actor] (flattened), then log-ratios of free behaviour.
    rates, best_rates : array, draw x segment x arc
        Transition rates per year in equilibrium, and if every actor took only best replies with values held.
    status : array of Status, draw x segment
    residual : array, draw x segment
        Largest distance from the fixed point, as a share of the actor's range of values or of 1 + |log-ratio|.
    regret : array, draw x segment
        Largest loss against a best reply, as a share of the mover's payoff range: what assumed mistakes cost.
    sweeps : array, draw x segment
    same : array, draw x segment
        The first segment with equal numbers.
    """

    plan: Plan
    values: Floats
    unknown: Floats
    rates: Floats
    best_rates: Floats
    status: NDArray[np.int64]
    residual: Floats
    regret: Floats
    sweeps: NDArray[np.int64]
    same: NDArray[np.int64]

    @property
    def value(self) -> Floats:
        """V: draw x segment x rung x actor, in own prizes."""
        ladder = self.plan.ladder
        n_values = len(ladder.rungs) * len(ladder.actors)
        return self.unknown[:, :, :n_values].reshape(*self.unknown.shape[:2], len(ladder.rungs), len(ladder.actors))

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Which draws settled in every segment."""
        return np.asarray((self.residual <= ACCEPTED_RESIDUAL).all(axis=1))

    def generator(self, *, best_replies: bool = False) -> Floats:
        """Transition rates per year: draw x segment x rung x rung, diagonal 0."""
        return generator_of(self.plan, self.best_rates if best_replies else self.rates)


def generator_of(plan: Plan, rates: Floats) -> Floats:
    """Rates of arcs as a matrix over rungs, diagonal 0."""
    n = len(plan.ladder.rungs)
    generator = np.zeros((*rates.shape[:2], n, n))
    for index, arc in enumerate(plan.arcs):
        generator[:, :, arc.source, arc.target] += rates[:, :, index]
    return generator


def solve(ladder: Ladder | Plan, values: Floats | None = None, *, threads: int | None = None, warm: bool = True) -> Equilibrium:
    """Solve a ladder.

    Parameters
    ----------
    ladder : Ladder or Plan
        A Ladder whose numbers are floats or arrays over draws, or a Plan with `values`.
    values : array, draw x segment x slot, optional
        The evaluated numbers of the plan.
    threads : int, optional
        Threads to use; the answers do not depend on it.
    warm : bool
        Start each segment from the one before.

    Raises
    ------
    InvalidInput
        If a rate is negative, a probability lies outside 0..1, a discount or precision is out of range, or a number is not finite; names
        the first draw.

    Examples
    --------
    >>> from detente.ladder import Ladder, Move, Rung, CrisisGame, solve
    >>> calm_or_war = Ladder(
    ...     rungs=(Rung("calm"), Rung("crisis"), Rung("war", final=True)),
    ...     actors=("challenger",),
    ...     moves=(Move("incident", "calm", "crisis", 0.5), Move("fading", "crisis", "calm", 2.0)),
    ...     games=(CrisisGame("bargain", "crisis", 4.0, {"challenger": {"back_down": {"to": "calm"}, "strike": {"to": "war"}}}),),
    ...     flow={"war": {"challenger": -0.4}}, discount={"challenger": 0.1}, precision={"challenger": 1.0},
    ... )
    >>> bool(solve(calm_or_war).converged.all())
    True
    """
    plan = ladder if isinstance(ladder, Plan) else lay_out(ladder)
    if values is None:
        values = values_of(plan)
    values = np.ascontiguousarray(values, dtype=float)
    check_values(plan, values)
    found = settle(plan, values, np.zeros((*values.shape[:2], plan.n_unknown)), "before" if warm else "zero", threads)
    waiting = found["status"] == Status.UNSETTLED
    while waiting.any():
        # The first segment of every draw, for one that follows may start from it.
        draws = np.flatnonzero(waiting.any(axis=1))
        pairs = np.stack([draws, waiting[draws].argmax(axis=1)], axis=1)
        if warm:
            _go_on(plan, values, found, pairs, threads)
        for method in (trace, newton):
            left = pairs[found["status"][tuple(pairs.T)] == Status.UNSETTLED]
            if len(left):
                answer = method(plan, values, left, threads=threads)
                found["sweeps"][tuple(left.T)] += answer.evaluations
                _take_over(found, left, {name: getattr(answer, name) for name in ("unknown", "rates", "best_rates", "status", "residual", "regret")})
        waiting[tuple(pairs.T)] = False
    for array in found.values():
        array.setflags(write=False)
    return Equilibrium(plan, values, **found)


def _go_on(plan: Plan, values: Floats, found: dict[str, NDArray[Any]], pairs: NDArray[np.int64], threads: int | None) -> None:
    """Start from the segment before where only following its branch settled that."""
    pairs = pairs[pairs[:, 1] > 0]
    draws, before = pairs[:, 0], pairs[:, 1] - 1
    pairs = pairs[found["status"][draws, found["same"][draws, before]] == Status.CONTINUATION]
    if len(pairs):
        at = tuple(pairs.T)
        answer = settle(plan, values[at][:, None], found["unknown"][pairs[:, 0], pairs[:, 1] - 1][:, None], "given", threads)
        found["sweeps"][at] += answer["sweeps"][:, 0]
        settled = np.flatnonzero(answer["status"][:, 0] != Status.UNSETTLED)
        _take_over(found, pairs[settled], {name: answer[name][settled, 0] for name in answer if name not in ("sweeps", "same")})


def _take_over(found: dict[str, NDArray[Any]], pairs: NDArray[np.int64], answers: dict[str, NDArray[Any]]) -> None:
    """Put answers for pairs (draw, segment) in their places; segments that copied one take its answer, but not its status."""
    for pair, (draw, segment) in enumerate(pairs):
        found["status"][draw, segment] = answers["status"][pair]
        shared = found["same"][draw] == segment
        for name in answers.keys() - {"status"}:
            found[name][draw, shared] = answers[name][pair]


def settle(plan: Plan, values: Floats, unknown: Floats, origin: str, threads: int | None) -> dict[str, NDArray[Any]]:
    """Arrays of an `Equilibrium` by accelerated iteration alone.

    Parameters
    ----------
    unknown : array, draw x segment x unknown
        Where to start, if asked; overwritten.
    origin : str
        Where each segment starts: `zero` (precision 0), `before` (the answer of the segment before) or `given`.
    """
    from detente.games.tables import Table
    from detente.games.threads import over_draws
    from detente.ladder import _solve
    from detente.ladder._mixture import make_memory
    from detente.ladder._play import make_bench
    from detente.ladder._sweep import make_work
    from detente.ladder.elimination import plan_elimination

    draws, segments = values.shape[:2]
    n_rungs, n_actors, n_arcs = len(plan.ladder.rungs), len(plan.ladder.actors), len(plan.arcs)
    rates, best_rates = np.zeros((2, draws, segments, n_arcs))
    status, sweeps, same = np.zeros((3, draws, segments), dtype=np.int64)
    residual, regret = np.zeros((2, draws, segments))
    steps = plan_elimination(n_rungs, [(arc.source, arc.target) for arc in plan.arcs])
    start = {"zero": _solve.FROM_ZERO, "before": _solve.FROM_BEFORE, "given": _solve.FROM_GIVEN}[origin]
    over_draws(
        _solve.solve_draws, draws, threads, Table(plan.layout), Table(steps), values, start, unknown, rates, best_rates, status, residual, regret,
        sweeps, same,
        work=lambda: (
            Table(_solve.make_desk()), Table(make_bench(plan.layout, n_rungs, n_actors, values.shape[2], plan.n_unknown)),
            Table(make_memory(plan.n_unknown)), Table(make_work(plan.layout, n_rungs, n_actors)),
        ), block=BLOCK,
    )  # fmt: skip
    return {
        "unknown": unknown, "rates": rates, "best_rates": best_rates, "status": status, "residual": residual, "regret": regret, "sweeps": sweeps,
        "same": same,
    }  # fmt: skip


def check_values(plan: Plan, values: Floats) -> None:
    """Refuse numbers that no ladder can have, with all their problems at once.

    Raises
    ------
    InvalidInput
    """
    layout = plan.layout
    problems: list[Problem] = []
    # NaN where any number of a slot is.
    ends = np.array([values.min(axis=(0, 1), initial=0.5), values.max(axis=(0, 1), initial=0.5)])

    def refuse(slots: NDArray[np.int32], wrong: Callable[[Floats], NDArray[np.bool_]], what: str, remedy: str) -> None:
        for slot in slots[wrong(ends[:, slots]).any(axis=0)]:
            here = values[:, :, slot]
            bad = np.argwhere(wrong(here))
            draw, segment = map(int, bad[0])
            name = plan.slot_names.get(int(slot), ("number",))[0]
            found = float(here[draw, segment])
            problems.append(Problem(f"draw {draw}", f"{name} is {found:g} in {len(bad)} of {here.size} cases", what, remedy))

    every = np.arange(len(plan.numbers), dtype=np.int32)
    refuse(every, lambda x: ~np.isfinite(x), "only finite numbers can be used", "check the formula for a division by 0 or a logarithm of 0")
    if problems:
        raise InvalidInput(problems)
    rates = np.unique(np.concatenate([layout.move_rate, layout.game_tempo])).astype(np.int32)
    refuse(rates, lambda x: x < 0, "a rate cannot be negative", "bound the quantity below by 0 or use max(0, ...)")
    chances = np.unique(np.concatenate([layout.chance_slot[layout.chance_slot >= 0], plan.start])).astype(np.int32)
    refuse(chances, lambda x: (x < 0) | (x > 1), "a probability lies between 0 and 1", "use a beta distribution or clip(..., 0, 1)")
    discounts = np.unique(layout.discount).astype(np.int32)
    refuse(discounts, lambda x: x <= 0, "the future must be discounted", "give a positive rate per year")
    positive = np.unique(layout.weight_slot).astype(np.int32)
    refuse(positive, lambda x: x <= 0, "an action weight must be positive", "drop the action instead of giving it weight 0")
    precisions = np.unique(layout.precision).astype(np.int32)
    refuse(precisions, lambda x: x < 0, "precision cannot be negative", "give a positive number per prize")
    for what, slots, whole in _sums(plan):
        stated = values[:, :, slots]
        total, sound = stated.sum(axis=2), ((stated >= 0) & (stated <= 1)).all(axis=2)
        bad = np.argwhere(sound & ((total > 1 + ROUNDING) | ((total < 1 - ROUNDING) & whole)))
        if len(bad):
            found = f"{what} sum to {float(total[tuple(bad[0])]):.10g} in {len(bad)} of {total.size} cases"
            problems.append(Problem(f"draw {bad[0][0]}", found, "they must sum to 1" if whole else "the rest cannot be negative", "mend them"))
    if problems:
        raise InvalidInput(problems)


def _sums(plan: Plan) -> Iterator[tuple[str, NDArray[np.int32], bool]]:
    """Probabilities that belong together: what they are, their slots, and whether they are the whole (else another takes the rest)."""
    yield "the chances of where the system starts", plan.start, True
    groups = [(player, game.name) for game in plan.ladder.games for player in game.moods]
    for (player, game), begin, size in zip(groups, plan.layout.mood_chance, plan.layout.mood_size, strict=True):
        slots = plan.layout.chance_slot[begin : begin + size]
        yield f"the chances of the moods of {player} ({game})", slots[slots >= 0], bool((slots >= 0).all())
