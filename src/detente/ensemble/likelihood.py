"""How likely what has happened is in each draw, by the model's own exact predictions.

Of an item that counts k among n cases, or k over T years, draw d says x_d, and

    log L_d = log C(n, k) + k log x_d + (n - k) log(1 - x_d)           among cases
    log L_d = k log(x_d T) - x_d T - log k!                            over years

**Survivorship.** Read given that history did not come to the rung s from which nobody would be left to ask, x becomes

    (x - P(s | a)) / (1 - P(s | a))          of what goes on from a            x - episodes a year that reach s          of episodes

**Weight.** An item counts to the power w of its weight: L^w (power prior, Ibrahim and Chen 2000, doi 10.1214/ss/1009212673). Where w is a quantity, L^w is
divided by C(w), its mean over draws at that w, so that the likelihood speaks of everything but the weight itself (normalised power prior, Duan, Ye and
Smith 2006, doi 10.1002/env.752): a likelihood below 1 would otherwise draw every weight to 0.

Items are independent given the draw: log L is their sum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import special

from detente.ensemble.measures import Measures
from detente.errors import InvalidInput, ModelError, Problem
from detente.scenario.build import active
from detente.scenario.compile import Model
from detente.scenario.evidence import HistoryItem

Floats = NDArray[np.float64]
NODES = np.linspace(0.0, 1.0, 129)


def history_of(model: Model) -> dict[str, HistoryItem]:
    """Items that condition: switched on, and known on the as-of date."""
    items = model.scenario.history.items()
    return {name: item for name, item in items if item.known.day <= model.as_of and active(item.when, model.switches)}


def lost_rung(model: Model, item: HistoryItem) -> str | None:
    """The rung from which nobody would be left to ask, if history is read so."""
    stated = item.survivorship
    return stated.lost if stated is not None and active(stated.when, model.switches) else None


def pairs_of(model: Model) -> tuple[str, ...]:
    """Pairs that the scenario lists, then those that history needs."""
    return tuple(dict.fromkeys((*model.scenario.pairs, *pairs_of_history(model))))


def pairs_of_history(model: Model) -> tuple[str, ...]:
    """Pairs that history needs."""
    needed: list[str] = []
    for item in history_of(model).values():
        if item.onward is not None:
            lost = lost_rung(model, item)
            needed += [item.onward, *([f"{lost}|{item.onward.split('|')[1]}"] if lost is not None else [])]
    return tuple(dict.fromkeys(needed))


def predict(model: Model, measures: Measures) -> tuple[Floats, Floats]:
    """What each draw says of each item (a chance, or a number a year), and the weight that it gives to it: two arrays, draw x item.

    Raises
    ------
    InvalidInput
        If a weight or a chance lies outside 0 to 1, or a number a year is negative.
    """
    items = history_of(model)
    count = len(measures.drawn.quantities)
    predicted, weights = np.empty((count, len(items))), np.ones((count, len(items)))
    for column, (name, item) in enumerate(items.items()):
        predicted[:, column] = _surviving(measures, item, lost_rung(model, item))
        if item.weight is not None:
            weights[:, column] = measures.formula(item.weight)
        most = 1.0 if item.among is not None else np.inf
        for what, values, high in (("what is predicted of", predicted[:, column], most), ("the weight of", weights[:, column], 1.0)):
            # What follows from the ladder may exceed 1 by a rounding error.
            wrong = np.flatnonzero(~((values >= 0) & (values <= high + 1e-9)))
            if len(wrong):
                told = f"{what} {name!r} is {values[wrong[0]]:g}"
                why, remedy = ("it cannot be negative", "0 or more") if high == np.inf else ("it lies from 0 to 1", "within that")
                raise InvalidInput(Problem(f"draw {wrong[0]}", told, why, f"write a formula that stays {remedy} in every draw"))
    return predicted, weights


def _surviving(measures: Measures, item: HistoryItem, lost: str | None) -> Floats:
    said = measures.of(item)
    if lost is None:
        return said
    if item.episodes is not None:
        return np.maximum(said - measures.episodes.a_year(lost), 0.0)
    gone = measures.onward(f"{lost}|{str(item.onward).split('|')[1]}")
    return np.divide(np.maximum(said - gone, 0.0), 1.0 - gone, out=np.zeros_like(said), where=gone < 1.0)


def log_likelihood(item: HistoryItem, said: Floats) -> Floats:
    """log P(what was counted | what each draw says)."""
    k, n = item.count, item.among
    if n is not None:
        ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
        # A chance may exceed 1 by a rounding error.
        chance = np.minimum(said, 1.0)
        return np.asarray(ways + special.xlogy(k, chance) + special.xlog1py(n - k, -chance))
    expected = said * (item.exposure or 0.0)
    return np.asarray(special.xlogy(k, expected) - expected - special.gammaln(k + 1))


@dataclass(frozen=True)
class Likelihood:
    """The likelihood of history, calibrated on draws from the prior.

    Attributes
    ----------
    items : mapping of name to HistoryItem
    predicted, weights : array, draw x item
        Of draws from the prior, as `predict` gives them.
    """

    items: Mapping[str, HistoryItem]
    predicted: Floats
    weights: Floats

    @cached_property
    def each(self) -> Floats:
        """log L of every item, each by itself and in full: draw x item."""
        return self._each(self.predicted)

    def total(self, predicted: Floats, weights: Floats) -> Floats:
        """log L of all items over draws, from the prior or not."""
        total, each = np.zeros(len(predicted)), self._each(predicted)
        for column, item in enumerate(self.items.values()):
            weight = weights[:, column]
            total += _power(weight, each[:, column])
            if item.weight is not None and item.weight.constant is None:
                total -= np.interp(weight, NODES, self._normalisers[column])
        return total

    def _each(self, predicted: Floats) -> Floats:
        columns = [log_likelihood(item, np.ascontiguousarray(predicted[:, column])) for column, item in enumerate(self.items.values())]
        return np.stack(columns, axis=1) if columns else np.zeros((len(predicted), 0))

    @cached_property
    def _normalisers(self) -> list[Floats]:
        """log of the mean of L^w over draws of the prior: for each item, at the nodes of w."""
        powers = (_power(NODES[:, None], self.each[:, column]) for column in range(len(self.items)))
        return [np.asarray(special.logsumexp(each, axis=1)) - np.log(len(self.each)) for each in powers]


def _power(weight: Floats, each: Floats) -> Floats:
    """log of L^w; L^0 is 1 even where L is 0."""
    return np.multiply(weight, each, out=np.zeros(np.broadcast_shapes(weight.shape, each.shape)), where=weight > 0)


def weights_of(log_likelihoods: Floats) -> Floats | None:
    """Weights of draws, with mean 1; None where all draws weigh the same.

    Raises
    ------
    ModelError
        If history is impossible in every draw.
    """
    most = log_likelihoods.max(initial=-np.inf)
    if not np.isfinite(most):
        raise ModelError("what `history` says has happened is impossible in every draw; widen the quantities that forbid it, or mend the item")
    if (log_likelihoods == most).all():
        return None
    weights = np.exp(log_likelihoods - most)
    return np.asarray(weights / np.mean(weights))


def effective_draws(weights: Floats | None, count: int) -> float:
    """As many equal draws would tell as much: (Σ w)² / Σ w² (Kish 1965)."""
    return float(count) if weights is None else float(np.sum(weights)) ** 2 / float(np.sum(weights**2))
