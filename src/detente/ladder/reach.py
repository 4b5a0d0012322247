"""What a solved ladder implies: how likely each rung is to be reached by when, what follows from it, and on which pathway. Exact, never simulated.

- `reach(x)`: share of histories that touch x's level or a higher one by a date; `touch(x)`: x itself.
- `onward(b|a)` = P(b before return to the first rung | a entered): where a is first entered within the horizon, followed under the rates of that
  segment for as long as it takes.
- `given(b|a)` = P(first a < first b <= T) / P(first a <= T).
- `next(b|a)` = P(what comes first after a is b | a entered).
- pathways: origin (the label of the move that left the first rung) by trigger (the label of the step into the level); they sum to the reach.

In `onward` and `given`, b means "b or higher" when b lies above a, and b itself otherwise. Conditionals come as a joint probability and that of the
condition per draw, so that over draws they can be weighted by the probability of a: if a happened, draws prone to a are likelier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.equilibrium import Equilibrium
from detente.ladder.layout import Plan
from detente.ladder.names import Names, next_pairs, pair_names
from detente.ladder.questions import UNDER_WAY, Question, entering, first_then, lay_out_questions, pathways, ways_out, whereabouts

Floats = NDArray[np.float64]
LARGEST_CHAIN = 500
BLOCK = 512
# Draws times segments from which on it pays to write sums out: that takes a millisecond each where machine code was kept. Judgement, by timing.
MANY = 2048


@dataclass(frozen=True)
class Piece:
    """A stretch of time inside one calendar segment.

    Attributes
    ----------
    segment : int
    years : float
    output : int
        Index of the output time at its end, or -1.
    """

    segment: int
    years: float
    output: int


@dataclass(frozen=True)
class Prospects:
    """Answers over draws.

    Attributes
    ----------
    names : Names
        `names.all` (rungs, then groups) is the axis `name`.
    pairs, next_pairs : tuple of str
        `b|a`.
    reach, touch : array, draw x name x output
        Probability by each output time.
    best_reach, best_touch : array, draw x name
        At the horizon, if every actor took only best replies, values held.
    onward_joint, onward_given, given_joint, given_given : array, draw x pair
        Probability of a and then b, and of a; `best_` under best replies.
    next_joint, next_given : array, draw x next_pair
    years : array, draw x rung
        Expected years on each rung (`names.labels`) until the horizon.
    pathways : array, draw x level x origin x trigger
        Levels above the first; sums over the last two axes to the reach of the level at the horizon.
    """

    names: Names
    pairs: tuple[str, ...]
    next_pairs: tuple[str, ...]
    origins: tuple[str, ...]
    triggers: tuple[str, ...]
    reach: Floats
    touch: Floats
    best_reach: Floats
    best_touch: Floats
    onward_joint: Floats
    onward_given: Floats
    best_onward_joint: Floats
    best_onward_given: Floats
    given_joint: Floats
    given_given: Floats
    best_given_joint: Floats
    best_given_given: Floats
    next_joint: Floats
    next_given: Floats
    years: Floats
    pathways: Floats


@dataclass(frozen=True)
class _Answers:
    """What the kernel gives: entered[draw, question, output], taken[draw, segment, sink], years[draw, state]."""

    entered: Floats
    taken: Floats
    years: Floats
    sink_start: NDArray[np.int64]


def first_passage(
    rates: Floats, start: Floats, pieces: Sequence[Piece], questions: Sequence[Question], *, threads: int | None = None, method: str = "either"
) -> _Answers:
    """Answer questions for many chains.

    Parameters
    ----------
    rates : array, draw x segment x arc
        Per year.
    start : array, draw x state
    pieces : sequence of Piece
        In order of time.
    method : str
        `either` lets each draw choose; `sum`, `leap` or `square` force one (for tests).

    Raises
    ------
    InvalidInput
        If a question has more than 500 rows and sinks.
    """
    from detente.games._lanes import LANES, aligned
    from detente.games.tables import Table
    from detente.games.threads import over_draws
    from detente.ladder._chains import make_work
    from detente.ladder._jumps import SUMMING
    from detente.ladder._leaps import LEAPING
    from detente.ladder._squaring import SQUARING
    from detente.ladder._transient import EITHER, ask, measure_pace
    from detente.ladder._written_out import BACKWARD, FORWARD, write_sums

    asked = lay_out_questions(questions)
    draws, n_segments, _ = rates.shape
    columns = np.diff(asked.row_start) + np.diff(asked.sink_start)
    if columns.max(initial=0) > LARGEST_CHAIN:
        raise InvalidInput(
            Problem("ladder", f"a question about it has {columns.max()} states", f"at most {LARGEST_CHAIN} are computed", "use fewer rungs or regimes")
        )
    n_outputs = 1 + max((piece.output for piece in pieces), default=-1)
    ordered = [[piece for piece in pieces if piece.segment == segment] for segment in range(n_segments)]
    flat = [piece for own in ordered for piece in own]
    piece_start = np.concatenate([[0], np.cumsum([len(own) for own in ordered])]).astype(np.int64)
    years = np.array([piece.years for piece in flat])
    outputs = np.array([piece.output for piece in flat], dtype=np.int64)
    directions = {FORWARD if any(piece.output >= 0 for piece in own[:-1]) else BACKWARD for own in ordered}
    sums = write_sums(asked, directions) if draws * n_segments >= MANY else []
    rates = np.ascontiguousarray(rates)
    pace = np.zeros(draws)
    over_draws(
        measure_pace, draws, threads, *ways_out(asked), rates, pace, work=lambda: (np.zeros(LANES, dtype=np.int64), aligned(1)), block=BLOCK
    )  # fmt: skip
    # Neighbours with like rates choose like methods; the answers do not depend on the order, so sixteenths of a power of two are near enough.
    order = np.argsort((16.0 * np.log2(pace + 1e-6)).astype(np.int16), kind="stable")
    longest = float(years.max(initial=0.0))
    # The finest span stored is 1 or less, however slow the chain.
    n_levels = int(np.ceil(np.log2(4.0 * max(float(pace.max(initial=0.0)), 1.0) * max(longest, 1.0)))) + 3
    entered = np.zeros((draws, len(questions), n_outputs))
    taken = np.zeros((draws, n_segments, int(asked.sink_start[-1])))
    spent = np.zeros((draws, max(int(np.diff(asked.row_start).max(initial=1)), 1)))
    forced = {"either": EITHER, "sum": SUMMING, "leap": LEAPING, "square": SQUARING}[method]
    over_draws(
        ask, draws, threads, Table(asked), order, rates, np.ascontiguousarray(start), piece_start, years, outputs,
        forced, entered, taken, spent,
        work=lambda: (Table(make_work(asked, n_segments, rates.shape[2], start.shape[1], n_levels, n_outputs)),), block=BLOCK,
    )  # fmt: skip
    del sums  # they were needed until here
    return _Answers(entered, np.maximum(taken, 0.0, out=taken), spent, asked.sink_start)


def prospects(equilibrium: Equilibrium, pieces: Sequence[Piece], pairs: Sequence[str] = (), *, threads: int | None = None) -> Prospects:
    """Everything that the chain of a solved ladder implies.

    Parameters
    ----------
    equilibrium : Equilibrium
    pieces : sequence of Piece
        From now to the horizon, in order; the last output is the horizon.
    pairs : sequence of str
        `b|a`, beside those of adjacent levels.

    Examples
    --------
    >>> from detente.ladder import CrisisGame, Ladder, Move, Piece, Rung, prospects, solve
    >>> ladder = Ladder(
    ...     rungs=(Rung("calm"), Rung("war", final=True)), actors=("challenger",), moves=(Move("accident", "calm", "war", 0.1),),
    ...     discount={"challenger": 0.1}, precision={"challenger": 1.0},
    ... )
    >>> found = prospects(solve(ladder), [Piece(segment=0, years=10.0, output=0)])
    >>> round(float(found.reach[0, found.names.all.index("war"), 0]), 6)     # 1 - exp(-1)
    0.632121
    """
    plan = equilibrium.plan
    names = Names(plan.ladder)
    listed = pair_names(names, pairs)
    start = np.ascontiguousarray(equilibrium.values[:, 0][:, plan.start])
    horizon = [Piece(piece.segment, piece.years, -1) for piece in pieces]
    horizon[-1] = Piece(horizon[-1].segment, horizon[-1].years, 0)

    sets = _Sets(plan, names, listed)
    levels = names.levels[1:]
    origins, triggers = _labels(plan, names)
    base = names.base_mask()
    paths = [pathways(plan.arcs, base, names.reach_mask(level), origins, triggers) for level in levels]
    # Only what is touched or passed is told by year; all else is asked at the horizon, which costs less.
    yearly, ordered = sets.questions[: sets.n_entered], sets.questions[sets.n_entered :]
    whole = _joined(horizon)
    found = first_passage(equilibrium.rates, start, pieces, yearly, threads=threads)
    after_all = first_passage(equilibrium.rates, start, whole, [*ordered, *paths, whereabouts(plan.arcs, len(plan.ladder.rungs))], threads=threads)
    best = first_passage(equilibrium.best_rates, start, whole, sets.questions, threads=threads)

    through = after_all.taken.sum(axis=1)
    table = np.stack(
        [
            through[:, after_all.sink_start[len(ordered) + k] :][:, : len(origins) * len(triggers)].reshape(-1, len(origins), len(triggers))
            for k in range(len(levels))
        ],
        axis=1,
    )  # fmt: skip
    spent = np.zeros((len(start), len(names.labels)))
    for state, rung in enumerate(plan.ladder.rungs):
        spent[:, names.labels.index(rung.label)] += after_all.years[:, state]

    following = next_pairs(plan.ladder, names, plan.layout.arc_source, plan.layout.arc_target)
    onward, entered, after, left = sets.follow(equilibrium.rates, found, following, threads)
    best_onward, best_entered, _, _ = sets.follow(equilibrium.best_rates, best, (), threads)
    return Prospects(
        names, listed, following, origins, triggers,
        reach=found.entered[:, sets.reach], touch=found.entered[:, sets.touch],
        best_reach=best.entered[:, sets.reach, 0], best_touch=best.entered[:, sets.touch, 0],
        onward_joint=onward, onward_given=entered, best_onward_joint=best_onward, best_onward_given=best_entered,
        given_joint=after_all.entered[:, : len(ordered), 0], given_given=found.entered[:, sets.condition, -1],
        best_given_joint=best.entered[:, sets.then, 0], best_given_given=best.entered[:, sets.condition, 0],
        next_joint=after, next_given=left, years=spent, pathways=table,
    )  # fmt: skip


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces without outputs merged with what follows in the same segment."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].segment == piece.segment and merged[-1].output < 0:
            piece = Piece(piece.segment, merged.pop().years + piece.years, piece.output)
        merged.append(piece)
    return merged


def _labels(plan: Plan, names: Names) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Origins of arcs that leave the first rung, and triggers of all arcs; `under way` where the start is not the first rung alone."""
    base = names.base_mask()
    origins = dict.fromkeys(arc.origin for arc in plan.arcs if base[arc.source] and not base[arc.target])
    triggers = dict.fromkeys(arc.trigger for arc in plan.arcs)
    starts = plan.ladder.start or {plan.ladder.rungs[0].name: 1.0}
    if any(not base[plan.ladder.rung(name)] for name in starts):
        origins[UNDER_WAY] = triggers[UNDER_WAY] = None
    return tuple(origins), tuple(triggers)


class _Sets:
    """The sets of states whose first passage is asked for, each asked once, and which answer serves which name or pair."""

    def __init__(self, plan: Plan, names: Names, pairs: tuple[str, ...]) -> None:
        self.plan, self.names, self.pairs = plan, names, pairs
        self.questions: list[Question] = []
        self.masks: dict[bytes, int] = {}
        self.touch = [self._ask(names.touch_mask(name)) for name in names.all]
        self.reach = [self._ask(names.reach_mask(name)) for name in names.all]
        self.condition = [self._ask(names.touch_mask(pair.split("|")[1])) for pair in pairs]
        self.n_entered = len(self.questions)
        self.then = []
        for pair in pairs:
            self.then.append(len(self.questions))
            self.questions.append(first_then(plan.arcs, names.touch_mask(pair.split("|")[1]), names.goal_mask(pair)))

    def _ask(self, mask: NDArray[np.bool_]) -> int:
        if mask.tobytes() not in self.masks:
            self.masks[mask.tobytes()] = len(self.questions)
            self.questions.append(entering(self.plan.arcs, mask))
        return self.masks[mask.tobytes()]

    def follow(self, rates: Floats, found: _Answers, following: tuple[str, ...], threads: int | None) -> tuple[Floats, Floats, Floats, Floats]:
        """Joint and given probabilities of `pairs` (onward) and of `following` (next)."""
        from detente.games.threads import over_draws
        from detente.ladder import _absorb

        names, n = self.names, len(self.plan.ladder.rungs)
        sources = tuple(dict.fromkeys(pair.split("|")[1] for pair in following))
        entry_start = [0]
        entry_sink: list[int] = []
        entry_state: list[int] = []
        transient: list[NDArray[np.bool_]] = []
        base = names.base_mask()
        for source, moving in [
            *((pair.split("|")[1], ~(names.goal_mask(pair) | base)) for pair in self.pairs),
            *((source, names.touch_mask(source)) for source in sources),
        ]:
            states = np.flatnonzero(names.touch_mask(source)).tolist()
            first = int(found.sink_start[self._ask(names.touch_mask(source))])
            entry_sink += range(first, first + len(states))
            entry_state += states
            entry_start.append(len(entry_state))
            transient.append(moving)
        draws = rates.shape[0]
        mass = np.zeros((draws, len(transient), n))

        def integers(values: Any) -> NDArray[np.int64]:
            return np.asarray(values, dtype=np.int64)

        problems = _absorb.Problems(
            integers(entry_start), integers(entry_sink), integers(entry_state), integers(transient).reshape(-1, n),
            integers(self.plan.layout.arc_source), integers(self.plan.layout.arc_target),
        )  # fmt: skip
        over_draws(
            _absorb.leave, draws, threads, problems, np.ascontiguousarray(rates), found.taken, mass, work=lambda: (_absorb.make_work(n),), block=BLOCK
        )
        entered = np.stack(
            [found.taken[:, :, integers(entry_sink[a:b])].sum(axis=(1, 2)) for a, b in pairwise(entry_start)] or [np.zeros(draws)], axis=1
        )
        n_pairs = len(self.pairs)
        joint = [mass[:, k, names.goal_mask(pair)].sum(axis=1) for k, pair in enumerate(self.pairs)]
        after = [mass[:, n_pairs + sources.index(pair.split("|")[1]), names.touch_mask(pair.split("|")[0])].sum(axis=1) for pair in following]
        left = [entered[:, n_pairs + sources.index(pair.split("|")[1])] for pair in following]
        return _columns(joint, draws), entered[:, :n_pairs], _columns(after, draws), _columns(left, draws)


def _columns(columns: list[Floats], draws: int) -> Floats:
    return np.stack(columns, axis=1) if columns else np.zeros((draws, 0))
