"""Sequential Monte Carlo: draws that move to where history is likely, where weighting draws of the prior would leave too few of them.

The likelihood is let in by degrees, L^t with t from 0 to 1 (tempering; Del Moral, Doucet and Jasra 2006, doi 10.1111/j.1467-9868.2006.00553.x). At each
degree draws are

1. weighted by L^(t' - t), t' being the largest that leaves half of them effective (found by bisection: Jasra et al. 2011, doi
   10.1111/j.1467-9469.2010.00723.x),
2. resampled (systematically: Kitagawa 1996, doi 10.1080/10618600.1996.10474692),
3. moved, so that copies part: in normal scores z of the quantities and contingencies, s being the spread of each among the draws (at most 1, the prior's)

       z' = sqrt(1 - b²) z + b ξ,   b = c s,   ξ ~ N(0, 1)        accepted with chance min(1, (L(z') / L(z))^t')

The move leaves the prior as it is (preconditioned Crank-Nicolson: Cotter et al. 2013, doi 10.1214/13-STS421), so that its acceptance hangs on the
likelihood alone, however many quantities there are: one of which history says nothing is drawn anew. c follows the share accepted, towards 0.3, and moves are
repeated until their estimated correlation with the start, the product of 1 - accepted (1 - sqrt(1 - c²)), is below 1/4, or 20 times (these numbers are
judgement).

Every random number is a function of the seed, the degree and the move: threads and chunks change nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.likelihood import effective_draws

Floats = NDArray[np.float64]

LEAST_EFFECTIVE = 0.1
KEPT = 0.5
ACCEPTED = 0.3
CORRELATION = 0.25
MOST_MOVES = 20
SMALLEST_STEP = 0.02


@dataclass(frozen=True)
class Sample:
    """Equally weighted draws given history.

    Attributes
    ----------
    scores : array, draw x dimension
    distinct : int
        How many of them differ.
    degrees : tuple of float
        The temperatures t that were gone through.
    moves : int
        How often every draw was tried elsewhere.
    """

    scores: Floats
    distinct: int
    degrees: tuple[float, ...]
    moves: int


def sample(scores: Floats, log_likelihoods: Floats, evaluate: Callable[[Floats], Floats], seed: int, told: Callable[[float], None] = lambda t: None) -> Sample:
    """Move draws of the prior to the posterior.

    Parameters
    ----------
    scores : array, draw x dimension
        Normal scores of draws from the prior.
    log_likelihoods : array over draws
        Of history in each of them.
    evaluate : callable
        Log-likelihoods of draws with other scores.
    told : callable
        Called with each temperature that is done.
    """
    here, likely = scores, log_likelihoods
    degree, step, moves = 0.0, 1.0, 0
    degrees = []
    while degree < 1.0:
        rise = next_degree(likely, degree) - degree
        degree += rise
        degrees.append(degree)
        random = _random(seed, len(degrees), 0)
        chosen = systematic(_weights(rise * likely), random.random())
        here, likely = here[chosen], likely[chosen]
        spread = np.minimum(here.std(axis=0), 1.0)
        correlation = 1.0
        for move in range(1, MOST_MOVES + 1):
            random = _random(seed, len(degrees), move)
            there = np.sqrt(1 - (step * spread) ** 2) * here + step * spread * random.standard_normal(here.shape)
            as_likely = evaluate(there)
            with np.errstate(over="ignore", invalid="ignore"):
                accept = random.random(len(here)) < np.exp(degree * (as_likely - likely))
            here, likely = np.where(accept[:, None], there, here), np.where(accept, as_likely, likely)
            share = float(np.mean(accept))
            correlation *= 1 - share * (1 - np.sqrt(1 - step**2))
            step = float(np.clip(step * np.exp(2 * (share - ACCEPTED)), SMALLEST_STEP, 1.0))
            moves += 1
            if correlation <= CORRELATION:
                break
        told(degree)
    return Sample(here, len(np.unique(here, axis=0)), tuple(degrees), moves)


def next_degree(log_likelihoods: Floats, degree: float) -> float:
    """The largest temperature up to 1 at which half of the draws stay effective."""

    def enough(to: float) -> bool:
        return effective_draws(_weights((to - degree) * log_likelihoods), len(log_likelihoods)) >= KEPT * len(log_likelihoods)

    if enough(1.0):
        return 1.0
    low, high = degree, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if enough(middle) else (low, middle)
    return high


def systematic(weights: Floats, offset: float) -> NDArray[np.intp]:
    """Indices of draws, each about as often as its weight asks: equally spaced points, from `offset` in 0 to 1, on the cumulative weights."""
    count = len(weights)
    cumulative = np.cumsum(weights)
    points = (np.arange(count) + offset) / count * cumulative[-1]
    return np.asarray(np.minimum(np.searchsorted(cumulative, points, side="right"), np.flatnonzero(weights)[-1]))


def _weights(log_weights: Floats) -> Floats:
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nan_to_num(np.exp(log_weights - log_weights.max()), nan=0.0))


def _random(seed: int, degree: int, move: int) -> np.random.Generator:
    """Random numbers of one move."""
    key = hashlib.sha256(f"{seed}\0sequential\0{degree}\0{move}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(key[:16], dtype="<u8")))
