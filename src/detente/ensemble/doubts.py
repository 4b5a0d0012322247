"""How far a finished assessment hangs on which equilibrium it took: a sample solved again on the principal branch, and other equilibria sought.

Both look at some of the draws only, for each costs many solutions; what they say of all draws carries an interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.assessment import Assessment
from detente.ensemble.draws import Draws
from detente.ensemble.solving import solve_drawn
from detente.ensemble.statistics import mean
from detente.ladder import CrossCheck, all_equilibria, cross_check, prospects
from detente.scenario.evaluate import evaluate

RETRACED = 0.01
SEARCHED = 512


@dataclass(frozen=True)
class Several:
    """What a search for further equilibria found.

    Attributes
    ----------
    draws, starts : int
        Draws that were searched, and starting points for each draw and segment.
    share : float
        Of the draws in which several equilibria were found.
    interval : (float, float)
        Jeffreys interval of that share over all draws, 95 %.
    cut : int
        Draws with more combinations over segments than were kept.
    reach : mapping
        `{rung or group: (taken, least, most)}`: the predictive probability at the horizon over the draws that were searched, with the equilibrium that
        the assessment takes, and with that of the least and of the greatest probability in every draw.
    """

    draws: int
    starts: int
    share: float
    interval: tuple[float, float]
    cut: int
    reach: Mapping[str, tuple[float, float, float]]


def retrace(assessment: Assessment, share: float = RETRACED, *, seed: int = 0, threads: int | None = None) -> CrossCheck:
    """Follow the principal branch in segments of a random share of the draws, as many as draws, and compare with what was found."""
    count = max(1, round(share * assessment.draws))
    numbers = np.sort(np.random.default_rng(seed).permutation(assessment.draws)[:count])
    return cross_check(solve_drawn(assessment.model, drawn_again(assessment, numbers), threads), count, seed, threads=threads)


def several(assessment: Assessment, draws: int = SEARCHED, *, starts: int = 16, seed: int = 0, threads: int | None = None) -> Several:
    """Look for further equilibria of the first draws, and what would follow from them.

    Under `foresight: next` each segment is searched with what follows it held as the assessment took it.

    Raises
    ------
    InvalidInput
        If `starts` is less than 1.
    """
    count = min(draws, assessment.draws)
    drawn = drawn_again(assessment, np.arange(count))
    found = all_equilibria(solve_drawn(assessment.model, drawn, threads), starts=starts, seed=seed, threads=threads)
    reach = prospects(found.equilibrium, assessment.model.timeline.pieces, threads=threads).reach[:, :, -1]
    first = np.searchsorted(found.draw, np.arange(count))
    weights = assessment.arrays["weight"][:count]
    told = {}
    for index, name in enumerate(assessment.coordinates["rung"]):
        values = np.ascontiguousarray(reach[:, index])
        each = (values[first], np.minimum.reduceat(values, first), np.maximum.reduceat(values, first))
        taken, least, most = (mean(probability, weights) for probability in each)
        told[name] = (taken, least, most)
    return Several(count, starts, found.share, found.interval(), found.cut, told)


def drawn_again(assessment: Assessment, numbers: NDArray[np.int64]) -> Draws:
    """Some draws of a run, from what it kept of them."""
    arrays, model = assessment.arrays, assessment.model
    quantities, chances = arrays["quantities"][numbers], arrays["chances"][numbers]
    values = evaluate(model, dict(zip(model.scenario.quantities, quantities.T, strict=True)), dict(zip(model.chance_names, chances.T, strict=True)))
    return Draws(quantities, chances, np.ascontiguousarray(np.broadcast_to(values, (len(numbers), *values.shape[1:]))))
