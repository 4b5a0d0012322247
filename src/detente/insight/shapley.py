"""Shapley effects: shares of an outcome's variance that add up to 1, for quantities that correlate too.

With v(J) = Var E[f | the quantities in J], the effect of i is what it adds to v, averaged over the orders in which quantities could become known (Owen 2014;
Song, Nelson and Staum 2016). For each draw an order is taken at random, and with x^(k) = a draw that shares the first k of that order with x and has the
rest anew, given those,

    effect of the k-th in the order = mean( (f(x^(k)) - f(x^(k-1))) (f(x) - (f(x^(k)) + f(x^(k-1))) / 2) ) / variance

(Goda 2021, for independent quantities; it holds as it stands wherever x and x^(k) can change places, given what they share). Every draw gives all effects;
they sum to (f(x) - f(x^(0)))^2 / 2, whose mean is the variance. Correlated quantities have normal scores of correlation R (a Gaussian copula): in the order
of a draw, with L L' = R permuted to that order, scores are L z, and x^(k) has the first k of one z and the others of a second. Intervals are from the
bootstrap over draws.

Refused: what `detente.insight.sobol` refuses, and a matrix R that is none of correlations.

References: Owen (2014), doi 10.1137/130936233; Song, Nelson and Staum (2016), doi 10.1137/15M1048070; Goda (2021), doi 10.1016/j.ress.2021.107702.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem
from detente.insight.bootstrap import resampled_means
from detente.insight.estimates import Estimate, percentile
from detente.insight.sobol import Groups, Outcome, blocks, check_varies, evaluated

Floats = NDArray[np.float64]
_ROWS = 512  # draws whose matrices are held at once


@dataclass(frozen=True)
class Shapley:
    """Effects.

    Attributes
    ----------
    effects : mapping of quantity or group to Estimate
        They sum to 1.
    variance : float
        Of the outcome.
    evaluations : int
        How often the outcome was evaluated.
    """

    effects: Mapping[str, Estimate]
    variance: float
    evaluations: int


def shapley(
    one: ArrayLike,
    other: ArrayLike,
    names: Sequence[str],
    outcome: Outcome,
    *,
    correlation: ArrayLike | None = None,
    groups: Groups | None = None,
    resamples: int = 1000,
    seed: int = 1,
) -> Shapley:
    """Estimate Shapley effects.

    Parameters
    ----------
    one, other : array, draw x quantity
        Two blocks of draws, independent of each other and each with independent columns; normal scores, if there is a correlation.
    names : sequence of str
        Of the quantities.
    outcome : callable
        Takes an array draw x quantity, returns a number for each draw. With a correlation it takes correlated normal scores.
    correlation : array, quantity x quantity, optional
        Of normal scores.
    groups : mapping of name to names, optional
        Effects are of these; of each quantity if not given.
    resamples, seed : int, optional
        Of the bootstrap; the seed gives the orders too.

    Raises
    ------
    InvalidInput
        For what the module refuses.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = shapley(rng.normal(size=(2048, 2)), rng.normal(size=(2048, 2)), ["a", "b"], lambda x: x[:, 0], correlation=[[1, 0.8], [0.8, 1]])
    >>> round(sum(effect.value for effect in found.effects.values()), 12), found.effects["b"].is_distinct
    (1.0, True)
    """
    z, anew, parts = blocks(one, other, names, groups)
    matrix = None if correlation is None else _checked(np.asarray(correlation, dtype=float), len(names))
    count, size = len(parts), len(z)
    rng = np.random.default_rng(seed)
    orders = np.argsort(rng.random((size, count)), axis=1)
    steps = (_step(z, anew, list(parts.values()), orders, known, matrix) for known in range(count + 1))
    values = np.stack([evaluated(outcome, inputs) for inputs in steps], axis=1)
    check_varies(values)
    gains = (values[:, 1:] - values[:, :-1]) * (values[:, -1:] - (values[:, 1:] + values[:, :-1]) / 2)
    terms = np.empty((size, count))
    np.put_along_axis(terms, orders, gains, axis=1)
    means = resampled_means(terms, resamples, seed)
    shares = means / means.sum(axis=1, keepdims=True)
    effects = {name: percentile(float(share[0]), share[1:], size) for name, share in zip(parts, shares.T, strict=True)}
    return Shapley(effects, float(means[0].sum()), evaluations=values.size)


def _step(z: Floats, anew: Floats, parts: list[list[int]], orders: NDArray[np.int64], known: int, matrix: Floats | None) -> Floats:
    """For each draw the first `known` groups of its order as in one block, the rest anew given these."""
    place = np.argsort(orders, axis=1)
    group = np.empty(z.shape[1], dtype=np.int64)
    for index, columns in enumerate(parts):
        group[columns] = index
    rank = place[:, group]
    mixed = np.where(rank < known, z, anew)
    if matrix is None:
        return mixed
    sequence = np.argsort(rank, axis=1, kind="stable")
    found = np.empty(z.shape)
    for first in range(0, len(z), _ROWS):
        rows = slice(first, first + _ROWS)
        turn = sequence[rows]
        lower = np.linalg.cholesky(matrix[turn[:, :, None], turn[:, None, :]])
        scores = np.einsum("nij,nj->ni", lower, np.take_along_axis(mixed[rows], turn, axis=1))
        np.put_along_axis(found[rows], turn, scores, axis=1)
    return found


def _checked(matrix: Floats, count: int) -> Floats:
    shaped = matrix.shape == (count, count) and bool(np.isfinite(matrix).all())
    if not shaped or not np.allclose(matrix, matrix.T, atol=1e-12) or not np.allclose(np.diag(matrix), 1.0) or np.linalg.eigvalsh(matrix)[0] < 1e-8:
        raise InvalidInput(
            Problem("correlation", "it is no matrix of correlations of the quantities", "it is symmetric, positive definite and 1 on the diagonal",
                    "see `detente.scenario.correlations`")
        )  # fmt: skip
    return matrix
