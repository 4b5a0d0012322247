"""Two independent blocks of draws of a scenario, and its outcomes for any block that is mixed from them.

The blocks hold normal scores, one column for each quantity and then for each contingency: those of the run's seed s, and of the seed -1 - s, which no run
uses. Draw k of a column depends on the seed, its name and k alone, so that a mixed block is a block of draws again. Draws mix the scores of quantities that
correlate (`detente.scenario.correlations`), y = L z; whoever hands over correlated scores y has them unmixed first, z = L^-1 y. History weighs no draw here:
weights would tie quantities together.

Each block is evaluated once, however often and for how many outcomes it is asked for.

Refused: an outcome whose condition cannot be in some draws, and numbers of the ladder that are out of range.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente.ensemble.chunk import Chunk, compute
from detente.ensemble.draws import BLOCK, scores_of
from detente.ensemble.labels import frozen, labelled
from detente.ensemble.result import settled
from detente.errors import InvalidInput, Problem
from detente.insight.evidence import log_odds
from detente.insight.outcomes import Outcome
from detente.scenario import Model

Floats = NDArray[np.float64]
JUDGEMENT, CHANCE = "judgement", "chance"
_CHUNK = 8 * BLOCK


class Blocks:
    """Two blocks of draws.

    Parameters
    ----------
    model : Model
    draws : int
        Of each block.
    seed : int
        Of the first block.
    outcomes : sequence of Outcome
    threads : int, optional
    progress : callable, optional
        Called with the number of blocks that are evaluated.

    Attributes
    ----------
    names : tuple of str
        Of the columns.
    one, other : array, draw x column
        Independent normal scores.
    evaluations, unsettled : int
        Draws that were evaluated so far, and those of them that found no equilibrium.
    """

    def __init__(
        self, model: Model, draws: int, seed: int, outcomes: Sequence[Outcome], threads: int | None = None, progress: Callable[[int], None] | None = None
    ) -> None:
        self.model, self.seed, self.outcomes, self.threads = model, seed, tuple(outcomes), threads
        self.names = (*model.scenario.quantities, *model.chance_names)
        self.one, self.other = (scores_of(model, each, draws) for each in (seed, -1 - seed))
        self.evaluations = self.unsettled = 0
        self._progress = progress or (lambda done: None)
        self._known: dict[bytes, dict[Outcome, Floats]] = {}

    @property
    def grades(self) -> dict[str, str]:
        """What each column rests on; whatever is drawn by chance has the grade `chance`."""
        return {name: item.evidence for name, item in self.model.scenario.quantities.items()} | dict.fromkeys(self.model.chance_names, CHANCE)

    @property
    def correlation(self) -> Floats | None:
        """Of the normal scores that draws have; None where none correlate."""
        if not self.model.correlated:
            return None
        matrix = np.eye(len(self.names))
        for group in self.model.correlated:
            places = [self.names.index(name) for name in group.names]
            matrix[np.ix_(places, places)] = group.mixing @ group.mixing.T
        return matrix

    def probability(self, outcome: Outcome) -> Callable[[Floats], Floats]:
        """The outcome of independent scores."""
        return lambda scores: self._evaluated(scores)[outcome]

    def log_odds(self, outcome: Outcome) -> Callable[[Floats], Floats]:
        """Log-odds of the outcome, of independent scores."""
        return lambda scores: log_odds(self._evaluated(scores)[outcome])[0]

    def correlated_log_odds(self, outcome: Outcome) -> Callable[[Floats], Floats]:
        """Log-odds of the outcome, of scores that correlate as those of draws do."""
        return lambda scores: self.log_odds(outcome)(self._unmixed(scores))

    def _unmixed(self, scores: Floats) -> Floats:
        from scipy.linalg import solve_triangular

        found = scores.copy()
        for group in self.model.correlated:
            places = [self.names.index(name) for name in group.names]
            found[:, places] = solve_triangular(group.mixing, scores[:, places].T, lower=True).T
        return found

    def _evaluated(self, scores: Floats) -> dict[Outcome, Floats]:
        # Unmixing leaves rounding errors, by which the same block must not be evaluated twice.
        key = blake2b((np.round(scores, 9) + 0.0).tobytes(), digest_size=16).digest()
        if key not in self._known:
            chunks = [self._chunk(scores, first) for first in range(0, len(scores), _CHUNK)]
            self._known[key] = {
                outcome: _told(outcome, np.concatenate([outcome.of(self.model, _laid_out(chunk)) for chunk in chunks])) for outcome in self.outcomes
            }
            self.evaluations += len(scores)
            self.unsettled += sum(int((~settled(chunk.arrays)).sum()) for chunk in chunks)
            self._progress(len(self._known))
        return self._known[key]

    def _chunk(self, scores: Floats, first: int) -> Chunk:
        return compute(self.model, self.seed, first, min(_CHUNK, len(scores) - first), self.threads, scores=scores)


def _laid_out(chunk: Chunk) -> xr.Dataset:
    """Its draws, none weighed by history."""
    return labelled(frozen(chunk.arrays), chunk.coordinates, {})


def _told(outcome: Outcome, values: Floats) -> Floats:
    missing = int(np.isnan(values).sum())
    if missing:
        what = f"{outcome} is not there in {missing:,} of {len(values):,} draws"
        raise InvalidInput(Problem("outcomes", what, "its condition cannot be in them, and blocks pair draws", "leave it out, or ask for no blocks (0)"))
    return values


def with_wider_judgements(model: Model) -> Model:
    """The model with every judgement twice as wide, and nothing else."""
    quantities = {
        name: item.model_copy(update={"distribution": item.distribution.doubled()}) if item.evidence == JUDGEMENT else item
        for name, item in model.scenario.quantities.items()
    }
    return replace(model, scenario=model.scenario.model_copy(update={"quantities": quantities}))
