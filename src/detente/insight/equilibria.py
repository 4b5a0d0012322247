"""Other equilibria of the same draws, as structures of claims: what becomes of a share if in every draw that has several the one against the claim were
taken, or the one for it.

The scenario takes the equilibrium on the principal branch, and nothing in the data says that governments are there. Some draws are searched for others from
random starting points (`detente.ladder.all_equilibria`). With f the share of these in which another equilibrium turns what a reading asserts,

    share against = share as written - f(held, and fails in another)         share for = share as written + f(failed, and holds in another)

each with the interval of f added, so that few searched draws are told as few. It is a search: it can show that there are several, never that there are none.
Told of readings that ask the scenario at hand alone; of two worlds beside each other it is not said which equilibria belong together.

Refused: nothing; None is told of readings that ask other worlds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente.ensemble import Assessment
from detente.ensemble.chunk import AXES
from detente.ensemble.doubts import drawn_again
from detente.ensemble.likelihood import pairs_of
from detente.ensemble.solving import solve_drawn
from detente.insight.answer import Answer, Share
from detente.insight.boxes import jeffreys_of
from detente.insight.measures import Measure
from detente.insight.samples import effective
from detente.insight.told import draw_by_draw, named, parts_of
from detente.ladder import all_equilibria, outlook

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
NAME = "equilibria"
AGAINST, FOR = "equilibria_against", "equilibria_for"
TITLES = {AGAINST: "Of several equilibria, the one against it", FOR: "Of several equilibria, the one for it"}
SEARCHED, STARTS = 64, 16  # judgement
_TOLD = (
    "reach", "touch", "pathways", "onward_joint", "onward_given", "given_joint", "given_given", "next_joint", "next_given",
)  # fmt: skip


class Equilibria:
    """All equilibria that were found for the first draws of an assessment.

    Parameters
    ----------
    assessment : Assessment
    draws : int, optional
        How many are searched.
    threads : int, optional

    Attributes
    ----------
    draws : int
    several : int
        Draws in which more than one was found.
    """

    def __init__(self, assessment: Assessment, draws: int = SEARCHED, threads: int | None = None) -> None:
        model = assessment.model
        self.assessment, self.draws = assessment, min(draws, assessment.draws)
        solved = solve_drawn(model, drawn_again(assessment, np.arange(self.draws)), threads)
        found = all_equilibria(solved, starts=STARTS, threads=threads)
        ahead = outlook(found.equilibrium, model.timeline.pieces, pairs_of(model), threads=threads)
        self.several = int((found.count > 1).any(axis=1).sum())
        self._draw = found.draw
        self._first = np.searchsorted(found.draw, np.arange(self.draws))
        kept = {name: (("draw", *AXES[name]), assessment.data[name].values[found.draw]) for name in ("quantities", "chances")}
        told = {name: (("draw", *AXES[name]), np.asarray(getattr(ahead, name), dtype=float)) for name in _TOLD}
        labels = {axis: assessment.data[axis].values for axes in (AXES[name] for name in (*kept, *told)) for axis in axes}
        self._data = xr.Dataset({**kept, **told}, labels)

    def shares(
        self, measure: Measure, readings: Mapping[str, float], answer: Answer, holds: Callable[[Answer], Bools], share: Share
    ) -> dict[str, Share] | None:
        """Shares with the equilibrium against a reading and the one for it; None where it asks other worlds, or is defined in none of the draws.

        Parameters
        ----------
        readings : mapping
            What other names of the measure stand for.
        answer : Answer
            As written, over all draws.
        holds : callable
            In which draws what is asserted holds.
        share : Share
            As written.
        """
        if not measure.questions or measure.elsewhere is not None:
            return None
        rows = self._data.sizes["draw"]
        values = {**named(self.assessment.model, self._data, measure.names - readings.keys()), **readings}
        found = draw_by_draw(measure, [parts_of(self._data, question) for question in measure.questions], values, rows)
        weights = np.where(answer.defined, answer.weights, 0.0)[: self.draws]
        if weights.sum() <= 0:
            return None
        told = holds(Answer(found, np.ones(rows), None, None, None, None, 0.0))
        taken = told[self._first]
        least, most = np.logical_and.reduceat(told, self._first), np.logical_or.reduceat(told, self._first)
        lost, won = (_share(turned, weights) for turned in (taken & ~least, ~taken & most))
        return {
            AGAINST: Share(_within(share.value - lost.value), _within(share.low - lost.high), _within(share.high - lost.low)),
            FOR: Share(_within(share.value + won.value), _within(share.low + won.low), _within(share.high + won.high)),
        }


def _share(holds: Bools, weights: Floats) -> Share:
    value = float(weights[holds].sum() / weights.sum())
    low, high = jeffreys_of(value, effective(weights))
    return Share(value, low, high)


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
