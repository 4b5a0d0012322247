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

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ladder.equilibrium import Equilibrium
from detente.ladder.layout import Plan
from detente.ladder.names import Names, next_pairs, pair_names
from detente.ladder.questions import UNDER_WAY, Question, entering, first_then, pathways, whereabouts
from detente.ladder.reach import BLOCK, Answers, Piece, first_passage

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Wanted:
    """What is asked for, where that is not everything; what else there is costs nothing then, and not a bit of an answer hangs on it.

    Attributes
    ----------
    names : collection of str
        Rungs and groups whose `reach` and `touch` are told.
    pairs, next_pairs : collection of str
        `b|a`, of `onward` and `given`, and of `next`.
    levels : collection of str
        Whose pathways are told.
    """

    names: Collection[str] = ()
    pairs: Collection[str] = ()
    next_pairs: Collection[str] = ()
    levels: Collection[str] = ()


@dataclass(frozen=True)
class Outlook:
    """Answers over draws under the behaviour that was found.

    Attributes
    ----------
    names : Names
    told : tuple of str
        The axis `name`: of `names.all` (rungs, then groups) those that are asked for.
    pairs, next_pairs : tuple of str
        `b|a`.
    levels : tuple of str
        Of those above the first.
    reach, touch : array, draw x name x output
        Probability by each output time.
    onward_joint, onward_given, given_joint, given_given : array, draw x pair
        Probability of a and then b, and of a.
    next_joint, next_given : array, draw x next_pair
    pathways : array, draw x level x origin x trigger
        Sums over the last two axes to the reach of the level at the horizon.
    """

    names: Names
    told: tuple[str, ...]
    pairs: tuple[str, ...]
    next_pairs: tuple[str, ...]
    levels: tuple[str, ...]
    origins: tuple[str, ...]
    triggers: tuple[str, ...]
    reach: Floats
    touch: Floats
    onward_joint: Floats
    onward_given: Floats
    given_joint: Floats
    given_given: Floats
    next_joint: Floats
    next_given: Floats
    pathways: Floats


@dataclass(frozen=True)
class Prospects(Outlook):
    """Everything that there is to tell.

    Attributes
    ----------
    best_reach, best_touch : array, draw x name
        At the horizon, if every actor took only best replies, values held.
    best_onward_joint, best_onward_given, best_given_joint, best_given_given : array, draw x pair
        Under best replies.
    years : array, draw x rung
        Expected years on each rung (`names.labels`) until the horizon.
    """

    best_reach: Floats
    best_touch: Floats
    best_onward_joint: Floats
    best_onward_given: Floats
    best_given_joint: Floats
    best_given_given: Floats
    years: Floats


def outlook(
    equilibrium: Equilibrium, pieces: Sequence[Piece], pairs: Sequence[str] = (), wanted: Wanted | None = None, *, threads: int | None = None
) -> Outlook:
    """What the chain of a solved ladder implies, without best replies and years.

    Parameters
    ----------
    equilibrium, pieces, pairs
        As for `prospects`.
    wanted : Wanted, optional
        What is asked for; all of it where not given.
    """
    return _ahead(equilibrium, pieces, _Sets(equilibrium.plan, pairs, wanted), [], threads)[0]


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
    sets = _all_sets(plan, tuple(pairs))
    start, whole = _start(equilibrium), _to_the_end(pieces)
    best = first_passage(equilibrium.best_rates, start, whole, sets.questions, threads=threads)
    onward, entered, _, _ = sets.follow(equilibrium.best_rates, best, (), threads)
    ahead, stays = _ahead(equilibrium, pieces, sets, [sets.stay], threads)
    labels = sets.names.labels
    spent = np.zeros((len(start), len(labels)))
    for state, rung in enumerate(plan.ladder.rungs):
        spent[:, labels.index(rung.label)] += stays[:, state]
    return Prospects(
        **vars(ahead),
        best_reach=best.entered[:, sets.reach, 0], best_touch=best.entered[:, sets.touch, 0],
        best_onward_joint=onward, best_onward_given=entered,
        best_given_joint=best.entered[:, sets.then, 0], best_given_given=best.entered[:, sets.condition, 0],
        years=spent,
    )  # fmt: skip


def _ahead(equilibrium: Equilibrium, pieces: Sequence[Piece], sets: _Sets, timed: list[Question], threads: int | None) -> tuple[Outlook, Floats]:
    """The outlook, and the years of a question that is asked besides."""
    start, origins, triggers, paths = _start(equilibrium), sets.origins, sets.triggers, sets.paths
    # Only what is touched or passed is told by year; all else is asked at the horizon, which costs less.
    yearly, ordered = sets.questions[: sets.n_entered], sets.questions[sets.n_entered :]
    found = first_passage(equilibrium.rates, start, pieces, yearly, threads=threads)
    after_all = first_passage(equilibrium.rates, start, _to_the_end(pieces), [*ordered, *paths, *timed], threads=threads)
    table = np.zeros((len(start), len(paths), len(origins), len(triggers)))
    for k in range(len(paths)):
        first = int(after_all.sink_start[len(ordered) + k])
        table[:, k] = after_all.taken[:, :, first : first + table[0, k].size].sum(axis=1).reshape(-1, len(origins), len(triggers))
    onward, entered, after, left = sets.follow(equilibrium.rates, found, sets.following, threads)
    ahead = Outlook(
        sets.names, sets.told, sets.pairs, sets.following, sets.levels, origins, triggers,
        reach=found.entered[:, sets.reach], touch=found.entered[:, sets.touch],
        onward_joint=onward, onward_given=entered,
        given_joint=after_all.entered[:, : len(ordered), 0], given_given=found.entered[:, sets.condition, -1],
        next_joint=after, next_given=left, pathways=table,
    )  # fmt: skip
    return ahead, after_all.years


def _start(equilibrium: Equilibrium) -> Floats:
    return np.ascontiguousarray(equilibrium.values[:, 0][:, equilibrium.plan.start])


def _to_the_end(pieces: Sequence[Piece]) -> list[Piece]:
    """The same time with one output, at its end."""
    *others, last = pieces
    return _joined([*(Piece(piece.segment, piece.years, -1) for piece in others), Piece(last.segment, last.years, 0)])


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

    def __init__(self, plan: Plan, listed: Sequence[str], wanted: Wanted | None) -> None:
        self.plan, self.names = plan, Names(plan.ladder)
        names = self.names

        def chosen(kind: str, there: Callable[[], Sequence[str]]) -> tuple[str, ...]:
            asked = getattr(wanted, kind) if wanted is not None else None
            return tuple(there()) if asked is None else tuple(name for name in there() if name in asked) if asked else ()

        self.told = chosen("names", lambda: names.all)
        self.pairs = chosen("pairs", lambda: pair_names(names, listed))
        self.levels = chosen("levels", lambda: names.levels[1:])
        self.following = chosen("next_pairs", lambda: next_pairs(plan.ladder, names, plan.layout.arc_source, plan.layout.arc_target))
        self.origins, self.triggers = _labels(plan, names)
        self.paths = [pathways(plan.arcs, names.base_mask(), names.reach_mask(level), self.origins, self.triggers) for level in self.levels]
        self.stay = whereabouts(plan.arcs, len(plan.ladder.rungs))
        self.questions: list[Question] = []
        self.masks: dict[bytes, int] = {}
        self.touch = [self._ask(names.touch_mask(name)) for name in self.told]
        self.reach = [self._ask(names.reach_mask(name)) for name in self.told]
        self.condition = [self._ask(names.touch_mask(pair.split("|")[1])) for pair in self.pairs]
        for pair in self.following:
            self._ask(names.touch_mask(pair.split("|")[1]))
        self.n_entered = len(self.questions)
        self.then = []
        for pair in self.pairs:
            self.then.append(len(self.questions))
            self.questions.append(first_then(plan.arcs, names.touch_mask(pair.split("|")[1]), names.goal_mask(pair)))

    def _ask(self, mask: NDArray[np.bool_]) -> int:
        if mask.tobytes() not in self.masks:
            self.masks[mask.tobytes()] = len(self.questions)
            self.questions.append(entering(self.plan.arcs, mask))
        return self.masks[mask.tobytes()]

    def follow(self, rates: Floats, found: Answers, following: tuple[str, ...], threads: int | None) -> tuple[Floats, Floats, Floats, Floats]:
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
        over_draws(_absorb.leave, draws, threads, problems, np.ascontiguousarray(rates), found.taken, mass, work=lambda: (_absorb.make_work(n),), block=BLOCK)
        taken = found.taken.sum(axis=1)
        entered = _columns([taken[:, entry_sink[a] : entry_sink[b - 1] + 1].sum(axis=1) for a, b in pairwise(entry_start)], draws)
        n_pairs = len(self.pairs)
        places = [n_pairs + sources.index(pair.split("|")[1]) for pair in following]
        joint = [mass[:, k, names.goal_mask(pair)].sum(axis=1) for k, pair in enumerate(self.pairs)]
        after = [mass[:, k, names.touch_mask(pair.split("|")[0])].sum(axis=1) for k, pair in zip(places, following, strict=True)]
        return _columns(joint, draws), entered[:, :n_pairs], _columns(after, draws), entered[:, places]


@lru_cache(maxsize=8)
def _all_sets(plan: Plan, listed: tuple[str, ...]) -> _Sets:
    """What everything is made of, once for all chunks of a run."""
    return _Sets(plan, listed, None)


def _columns(columns: list[Floats], draws: int) -> Floats:
    return np.stack(columns, axis=1) if columns else np.zeros((draws, 0))
