"""One chunk of an ensemble: draw, evaluate, solve, look ahead; the results as arrays over draws with named axes.

A chunk is a function of (model, seed, first draw, number of draws), or of given draws: neither the threads nor the draws beside it change a bit.

Refused: a result that is not a finite number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.draws import Draws, draw, draw_scores
from detente.ensemble.likelihood import history_of, pairs_of, pairs_of_history, predict
from detente.ensemble.measures import Measures
from detente.ensemble.solving import solve_drawn
from detente.ensemble.stopwatch import stopwatch
from detente.errors import InvalidInput, ModelError
from detente.ladder import Equilibrium, Outlook, Prospects, Wanted, outlook, prospects
from detente.scenario.compile import Model
from detente.scenario.numbers import in_file

Floats = NDArray[np.float64]

# Every array of a run with the names of its axes after `draw`; the order is that of the stored columns and of the digest.
AXES: Mapping[str, tuple[str, ...]] = {
    "quantities": ("quantity",),
    "chances": ("contingency",),
    "status": ("segment",),
    "residual": ("segment",),
    "regret": ("segment",),
    "reach": ("rung", "year"),
    "touch": ("rung", "year"),
    "best_reach": ("rung",),
    "best_touch": ("rung",),
    "years": ("rung",),
    "onward_joint": ("pair",),
    "onward_given": ("pair",),
    "best_onward_joint": ("pair",),
    "best_onward_given": ("pair",),
    "given_joint": ("pair",),
    "given_given": ("pair",),
    "best_given_joint": ("pair",),
    "best_given_given": ("pair",),
    "next_joint": ("next_pair",),
    "next_given": ("next_pair",),
    "pathways": ("level", "origin", "trigger"),
    "predicted": ("history",),
    "relevance": ("history",),
}


@dataclass(frozen=True)
class Chunk:
    """Results of some draws.

    Attributes
    ----------
    first : int
        Number of the first draw.
    arrays : mapping
        `{name: draw x AXES[name]}`, float64 and contiguous; of `AXES` in its order, those that were asked for.
    coordinates : mapping
        `{axis: labels}`, plain data.
    seconds : mapping
        Wall time of the steps `draw`, `solve` and `prospects`, without compiling.
    """

    first: int
    arrays: Mapping[str, Floats]
    coordinates: Mapping[str, list[Any]]
    seconds: Mapping[str, float]

    @property
    def count(self) -> int:
        return len(self.arrays["reach"])

    @property
    def told(self) -> Wanted | None:
        """What was asked for; None where that was everything."""
        if set(self.arrays) == set(AXES):
            return None
        return Wanted(*(tuple(self.coordinates[axis]) for axis in ("rung", "pair", "next_pair", "level")))


def compute(model: Model, seed: int, first: int, count: int, threads: int | None = None, scores: Floats | None = None, wanted: Wanted | None = None) -> Chunk:
    """Assess draws `first` to `first + count - 1`.

    Parameters
    ----------
    scores : array, draw x quantity and contingency, optional
        Normal scores of all draws, instead of those that follow from the seed.
    wanted : Wanted, optional
        What is told, with what history needs; neither years nor anything of best replies then. Everything where not given.

    Raises
    ------
    InvalidInput
        If a number of the ladder is out of range in one of the draws.
    ModelError
        If a result is not finite.
    """
    with stopwatch() as watch:
        drawn = _drawn(model, seed, first, count, threads, scores)
        watch.lap("draw")
        with _numbered(model, first):
            equilibrium = solve_drawn(model, drawn, threads)
        watch.lap("solve")
        ahead = _ahead(model, equilibrium, wanted, threads)
        with _numbered(model, first):
            # History happened without the policy, so it is told by the model without it.
            told = Measures(model, drawn, equilibrium, ahead)
            if model.policy is not None and history_of(model):
                told = _measures(model.baseline, seed, first, count, threads, scores)
            predicted, relevance = predict(model, told)
        watch.lap("prospects")
    results: dict[str, Any] = {
        **vars(ahead),
        "quantities": drawn.quantities,
        "chances": drawn.chances,
        "predicted": predicted,
        "relevance": relevance,
        "status": equilibrium.status,
        "residual": equilibrium.residual,
        "regret": equilibrium.regret,
    }
    if isinstance(ahead, Prospects):
        results["years"] = by_name(ahead, ahead.years)
    arrays = {name: np.ascontiguousarray(results[name], dtype=float) for name in AXES if name in results}
    _refuse_infinite(arrays, first)
    return Chunk(first, arrays, coordinates(model, ahead), watch.seconds)


def _ahead(model: Model, equilibrium: Equilibrium, wanted: Wanted | None, threads: int | None) -> Outlook:
    """What is asked for, and what history needs."""
    pieces, pairs = model.timeline.pieces, pairs_of(model)
    if wanted is None:
        return prospects(equilibrium, pieces, pairs, threads=threads)
    wanted = replace(wanted, pairs={*wanted.pairs, *pairs_of_history(model)})
    return outlook(equilibrium, pieces, pairs, wanted, threads=threads)


def _drawn(model: Model, seed: int, first: int, count: int, threads: int | None, scores: Floats | None) -> Draws:
    return draw(model, seed, first, count, threads) if scores is None else draw_scores(model, scores, first, count, threads)


def _measures(model: Model, seed: int, first: int, count: int, threads: int | None, scores: Floats | None) -> Measures:
    """What some draws say, without anything else about them."""
    drawn = _drawn(model, seed, first, count, threads, scores)
    equilibrium = solve_drawn(model, drawn, threads)
    return Measures(model, drawn, equilibrium, _ahead(model, equilibrium, Wanted(), threads))


def by_name(ahead: Prospects, over_labels: Floats) -> Floats:
    """Extend an array over rungs to rungs and groups: a group has the sum of its rungs."""
    names = ahead.names
    position = {label: index for index, label in enumerate(names.labels)}
    sums = [over_labels[:, [position[label] for label in members]].sum(axis=1, keepdims=True) for members in names.groups.values()]
    return np.concatenate([over_labels, *sums], axis=1)


def coordinates(model: Model, ahead: Outlook) -> dict[str, list[Any]]:
    """Labels of every axis. A year is the calendar year that ends at the output time, which `until` names."""
    outputs = model.timeline.outputs
    return {
        "quantity": list(model.scenario.quantities),
        "contingency": list(model.chance_names),
        "history": list(history_of(model)),
        "segment": [day.isoformat() for day in model.timeline.starts],
        "rung": list(ahead.told),
        "kind": ["group" if name in ahead.names.groups else "rung" for name in ahead.told],
        "year": [calendar_year(day) for day in outputs],
        "until": [day.isoformat() for day in outputs],
        "pair": list(ahead.pairs),
        "next_pair": list(ahead.next_pairs),
        "level": list(ahead.levels),
        "origin": list(ahead.origins),
        "trigger": list(ahead.triggers),
    }


def calendar_year(until: date) -> int:
    """The calendar year whose part of the horizon ends on the eve of `until`."""
    return (until - timedelta(days=1)).year


@contextmanager
def _numbered(model: Model, first: int) -> Iterator[None]:
    """Problems at their place in the file. The ladder counts draws from the start of the chunk; people count them from the start of the run."""
    try:
        yield
    except InvalidInput as error:
        told = []
        for problem in error.problems:
            word, _, number = problem.where.partition(" ")
            is_draw = word == "draw" and number.isdigit()
            told.append(replace(problem, where=f"draw {first + int(number)}") if is_draw else problem)
        raise InvalidInput(in_file(model, told)) from None


def _refuse_infinite(arrays: Mapping[str, Floats], first: int) -> None:
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            wrong = int(np.argwhere(~np.isfinite(array))[0][0])
            raise ModelError(f"{name} of draw {first + wrong} is not a finite number; look at the draw with `detente explain SCENARIO --draw {first + wrong}`")
