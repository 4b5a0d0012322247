"""What if: predictive probabilities as functions of the few quantities that matter most, on a grid that the report can answer from by itself.

The quantities are those whose rank correlation with some level is the largest, of those that correlate with no other. Each stands at five normal
scores from the 5th to the 95th hundredth of its distribution, every combination is assessed with everything else as in the first draws of the run, and log-odds
are interpolated by the polynomial through them (Chebyshev-Lobatto nodes).
How far that is from the model is measured at points drawn at random within the grid, and told.

Draws are those of the stated distributions, without the weights that history gives. Refused: a scenario that has no such quantity.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from detente.ensemble import Assessment
from detente.ensemble.chunk import compute
from detente.ensemble.draws import scores_of
from detente.ensemble.sampling import uniforms
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.report.names import Called
from detente.report.wording import LEAST

Floats = NDArray[np.float64]
SCORES = tuple(float(score) for score in ndtri(0.95) * np.cos(np.pi * np.arange(5)[::-1] / 4))
AXES, DRAWS, CHECKED = 3, 64, 40
BATCH = 8_192


@dataclass(frozen=True)
class Response:
    """Probabilities on a grid.

    Attributes
    ----------
    quantities : tuple of str
        One for each axis.
    levels : tuple of str
    grid : array, one axis for each quantity, then level
        Predictive probability.
    error : mapping of level to float
        The largest distance of the interpolated probability from the model's, as a share of the latter, over the points that were checked.
    checked : int
        At how many points.
    draws : int
        For each point.
    """

    quantities: tuple[str, ...]
    levels: tuple[str, ...]
    grid: Floats
    error: dict[str, float]
    checked: int
    draws: int


def respond(assessment: Assessment, *, threads: int | None = None, progress: Progress | None = None) -> Response:
    """Assess every combination.

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
    names = list(model.scenario.quantities)
    columns = [names.index(name) for name in chosen]
    count = min(DRAWS, assessment.draws)
    base = scores_of(model, assessment.seed, count)
    places = [str(name) for name in assessment.data["rung"].values]
    told = [places.index(level) for level in levels]
    within = np.stack([uniforms(f"report {name}", assessment.seed, 0, CHECKED) for name in chosen], axis=1)
    within = SCORES[0] + within * (SCORES[-1] - SCORES[0])
    points = np.array([*product(SCORES, repeat=len(chosen)), *within])
    found = np.empty((len(points), len(levels)))
    size = max(1, BATCH // count)
    report = progress or (lambda done, of, what: None)
    for first in range(0, len(points), size):
        here = points[first : first + size]
        scores = np.tile(base, (len(here), 1))
        scores[:, columns] = np.repeat(here, count, axis=0)
        reach = compute(model, assessment.seed, 0, len(scores), threads, scores=scores).arrays["reach"][:, told, -1]
        found[first : first + size] = reach.reshape(len(here), count, -1).mean(axis=1)
        report(min(first + size, len(points)), len(points), "mixing")
    corners = len(points) - CHECKED
    grid = found[:corners].reshape(*[len(SCORES)] * len(chosen), len(levels))
    guessed = np.stack([interpolate(grid, point) for point in within])
    # Where the model cannot tell a chance from none there is nothing to be far from.
    apart = np.where(found[corners:] >= LEAST, np.abs(guessed / np.maximum(found[corners:], LEAST) - 1.0), 0.0)
    error = dict(zip(levels, map(float, apart.max(axis=0)), strict=True))
    return Response(chosen, levels, grid, error, CHECKED, count)


def interpolate(grid: Floats, point: Floats) -> Floats:
    """Probabilities at a point of scores, by log-odds: the polynomial through the nodes of each axis."""
    found = np.log(np.clip(grid, 1e-300, 1 - 1e-16)) - np.log1p(-np.clip(grid, 1e-300, 1 - 1e-16))
    for score in point:
        weights = [np.prod([(score - other) / (node - other) for other in SCORES if other != node]) for node in SCORES]
        found = np.tensordot(np.array(weights), found, axes=1)
    return np.asarray(1.0 / (1.0 + np.exp(-found)))
