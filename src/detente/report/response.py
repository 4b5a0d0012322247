"""What if: predictive probabilities as functions of the few quantities that matter most, which the report can answer by itself.

The quantities are those whose rank correlation with some level is the largest, of those that correlate with no other. Let x in [-1, 1] be the normal score of
each, from the 5th to the 95th hundredth of its distribution. Log-odds of a level are

    logit p(x) = shift + Σ_j c_j Π_a T_(e_ja)(x_a)

with Chebyshev polynomials T up to degree 6, by least squares over what the model says at the points of a coarse grid and of a fine line along each axis
(Chebyshev-Lobatto nodes), everything else as in the first draws of the run. Points at which the model cannot tell p from 0 count less, by the root of p.
Single draws jump from one equilibrium to another, so that a curve needs many draws, and one through every point would follow the jumps.

History weighs the draws at each point by how likely it is there, as it does those of the run. The shift makes the mean of p over the draws of the run within
the range the run's own: few draws tell how p changes, all of them how large it is.

How far that is from the model is measured, before the shift, at points drawn at random, and told. Refused: a scenario that has no such quantity.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr, ndtri

from detente.ensemble import Assessment
from detente.ensemble.chunk import compute
from detente.ensemble.draws import scores_of
from detente.ensemble.likelihood import Likelihood, history_of
from detente.ensemble.sampling import uniforms
from detente.ensemble.statistics import monte_carlo_error
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.report.names import Called
from detente.report.wording import LEAST

Floats = NDArray[np.float64]
REACH = float(ndtri(0.95))  # the normal score at x = 1
AXES, DRAWS, CHECKED = 3, 384, 24
COARSE, FINE = 5, 9  # nodes of the grid on each axis, and of each line
DEGREE = 6
BATCH = 8_192
FLOOR = 1e-15  # where nothing happens log-odds have an end, far below what the model can tell


@dataclass(frozen=True)
class Response:
    """Probabilities as functions of a few quantities.

    Attributes
    ----------
    quantities : tuple of str
        One for each axis.
    levels : tuple of str
    degrees : array, term x quantity
        Of the Chebyshev polynomials.
    coefficients : array, term x level
        Of log-odds; the first term is the constant and holds the shift.
    shift : array over levels
        What was added to the constant so that the mean is the run's.
    error : mapping of level to float
        The largest distance from the model's probability before the shift, as a share of the latter, over the points that were checked.
    noise : mapping of level to float
        The largest standard error of the model's probability at these points, as a share of it, since not all draws were used.
    asked, checked : int
        At how many points the model was asked for the fit, and for the error.
    draws : int
        For each point.
    """

    quantities: tuple[str, ...]
    levels: tuple[str, ...]
    degrees: NDArray[np.int64]
    coefficients: Floats
    shift: Floats
    error: dict[str, float]
    noise: dict[str, float]
    asked: int
    checked: int
    draws: int

    def at(self, points: Floats) -> Floats:
        """Probabilities, point x level, at points x, point x quantity."""
        return np.asarray(expit(terms(points, self.degrees) @ self.coefficients))


def respond(assessment: Assessment, *, threads: int | None = None, progress: Progress | None = None) -> Response:
    """Ask the model, and fit what it says.

    Raises
    ------
    InvalidInput
        If no quantity moves any level by itself.
    """
    called, model = Called(assessment), assessment.model
    tied = {name for group in model.correlated for name in group.names}
    levels = tuple(name for name in called.outcomes if LEAST <= (assessment.result["reach"][name]["mean"] or 0.0) < 1.0)
    moving = [name for name, told in assessment.influence() if name not in tied and any(level in told for level in levels)]
    if not moving or not levels:
        raise InvalidInput(Problem("--sliders", "no quantity moves any level by itself", "there is nothing to slide", "leave it out"))
    chosen = tuple(moving[:AXES])
    points = design(len(chosen))
    drawn = np.stack([uniforms(f"report {name}", assessment.seed, 0, CHECKED) for name in chosen], axis=1)
    every = np.concatenate([points, 2.0 * drawn - 1.0])
    count = min(DRAWS, assessment.draws)
    found, noise = _ask(assessment, chosen, levels, every, count, threads, progress)
    degrees = degrees_of(len(chosen))
    told = logit(np.clip(found, FLOOR, 1.0 - FLOOR))
    telling = np.sqrt(np.clip(found[: len(points)] / LEAST, LEAST, 1.0))
    coefficients = np.stack([_fit(terms(points, degrees), told[: len(points), k], telling[:, k]) for k in range(len(levels))], axis=1)
    checked, fitted = found[len(points) :], expit(terms(every[len(points) :], degrees) @ coefficients)
    # Where the model cannot tell a chance from none there is nothing to be far from.
    tellable = checked >= LEAST
    apart = np.where(tellable, np.abs(fitted / np.maximum(checked, LEAST) - 1.0), 0.0)
    spread = np.where(tellable, noise[len(points) :] / np.maximum(checked, LEAST), 0.0)
    shift = _shift(assessment, chosen, levels, degrees, coefficients)
    coefficients[0] += shift
    error, largest = ({level: float(each[:, k].max()) for k, level in enumerate(levels)} for each in (apart, spread))
    return Response(chosen, levels, degrees, coefficients, shift, error, largest, len(points), CHECKED, count)


def design(axes: int) -> Floats:
    """Points at which the model is asked: a coarse grid, and a fine line along each axis through the middle."""
    points = [*product(_nodes(COARSE), repeat=axes)]
    points += [tuple(x if k == axis else 0.0 for k in range(axes)) for axis in range(axes) for x in _nodes(FINE)]
    return np.array(list(dict.fromkeys(points)))


def _nodes(count: int) -> list[float]:
    """Chebyshev-Lobatto nodes, the middle at 0 exactly."""
    return [float(x) for x in np.sin(np.pi * np.linspace(-0.5, 0.5, count))]


def degrees_of(axes: int) -> NDArray[np.int64]:
    """Degrees of every term, the constant first."""
    found = [each for each in product(range(DEGREE + 1), repeat=axes) if sum(each) <= DEGREE and (max(each) < COARSE or np.count_nonzero(each) == 1)]
    return np.array(sorted(found, key=sum))


def terms(points: Floats, degrees: NDArray[np.int64]) -> Floats:
    """Products of Chebyshev polynomials: point x term."""
    each = chebvander(points, int(degrees.max()))
    return np.asarray(np.prod([each[:, axis, degrees[:, axis]] for axis in range(points.shape[1])], axis=0))


def _fit(basis: Floats, values: Floats, weights: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(weights[:, None] * basis, weights * values, rcond=None)[0])


def _ask(
    assessment: Assessment, chosen: tuple[str, ...], levels: tuple[str, ...], points: Floats, count: int, threads: int | None, progress: Progress | None
) -> tuple[Floats, Floats]:
    """What the model says at each point, and its standard error: point x level."""
    model, report = assessment.model, progress or (lambda done, of, what: None)
    names = list(model.scenario.quantities)
    columns = [names.index(name) for name in chosen]
    places = [str(name) for name in assessment.data["rung"].values]
    told = [places.index(level) for level in levels]
    base, likelihood = scores_of(model, assessment.seed, count), _likelihood(assessment)
    found, noise = np.empty((2, len(points), len(levels)))
    size = max(1, BATCH // count)
    for first in range(0, len(points), size):
        here = points[first : first + size]
        scores = np.tile(base, (len(here), 1))
        scores[:, columns] = np.repeat(REACH * here, count, axis=0)
        arrays = compute(model, assessment.seed, 0, len(scores), threads, scores=scores).arrays
        reach = arrays["reach"][:, told, -1].reshape(len(here), count, -1)
        likely = likelihood.total(arrays["predicted"], arrays["relevance"]).reshape(len(here), count)
        for k, (values, logs) in enumerate(zip(reach, likely, strict=True), first):
            weights = np.exp(logs - logs.max())
            found[k] = weights @ values / weights.sum()
            noise[k] = [monte_carlo_error(np.ascontiguousarray(column), weights=weights) for column in values.T]
        report(min(first + size, len(points)), len(points), "mixing")
    return found, noise


def _likelihood(assessment: Assessment) -> Likelihood:
    """Of history, calibrated on the draws of the run from before history moved or weighted them."""
    prior = assessment.data if assessment.prior is None else assessment.prior
    return Likelihood(history_of(assessment.model), prior["predicted"].values, prior["relevance"].values)


def _shift(assessment: Assessment, chosen: tuple[str, ...], levels: tuple[str, ...], degrees: NDArray[np.int64], coefficients: Floats) -> Floats:
    """What must be added to log-odds so that their probabilities have the mean of the run, over its draws within the range."""
    points = positions(assessment, chosen)
    inside = (np.abs(points) <= 1.0).all(axis=1)
    weights = assessment.data["weight"].values[inside]
    places = [str(name) for name in assessment.data["rung"].values]
    fitted = terms(points[inside], degrees) @ coefficients
    shift = np.zeros(len(levels))
    if weights.sum() == 0.0:
        return shift
    for k, level in enumerate(levels):
        goal = float(weights @ assessment.reach.values[inside, places.index(level), -1] / weights.sum())
        if FLOOR < goal < 1.0 - FLOOR:
            # Far enough for log-odds between those of the floor, whatever the curve.
            shift[k] = brentq(lambda add, k=k, goal=goal: float(weights @ expit(fitted[:, k] + add) / weights.sum()) - goal, -100.0, 100.0)
    return shift


def positions(assessment: Assessment, chosen: tuple[str, ...]) -> Floats:
    """x of some quantities in each draw of the run: draw x quantity."""
    model, columns = assessment.model, []
    for name in chosen:
        grid = np.linspace(-1.0, 1.0, 513)
        values = model.reading.multiply.get(name, 1.0) * np.asarray(model.scenario.quantities[name].distribution.quantile(ndtr(REACH * grid)), dtype=float)
        drawn = assessment.data["quantities"].sel(quantity=name).values
        columns.append(np.interp(drawn, values, grid, left=-np.inf, right=np.inf))
    return np.stack(columns, axis=1)

