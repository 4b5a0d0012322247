"""Kernel: follow a curve r(y, t) = 0 from t = 0 to its first arrival at t = end, by pseudo-arclength, through folds in t.

The caller owns the equations. It calls `begin`, then loops: evaluate at `path.trial` (y, then t) what `advance` asks for, call `advance` again, until the
answer is a status. So one kernel serves every model without passing functions, which Numba could not cache::

    begin(path, start, end, 1.0)
    request = EVALUATE
    while request < 0:
        ...  # fill path.residual[n], and for EVALUATE path.jacobian[n, n + 1] (last column: derivative along t)
        request = advance(path, tolerance)

`advance` solves the linear system of a walk and lets `decide` go on. A caller that solves those of many walks at once (`_bordered`) calls `decide` itself.

Each step predicts by the tangent and the bend of the curve. There the Jacobian, bordered with the plane normal to the tangent, is factored once: it gives
the correction, the next tangent, and further corrections from residuals alone. A step is taken only if the corrections are small and shrink fast, the
tangent turns little and det [J; tangent] keeps its sign: a change of sign means another branch, or a bifurcation on this one, where the walk stops.
The unknowns and t should be measured in units in which a change of 1 matters, as log-odds are.

Reference: Allgower and Georg (1990), Numerical continuation methods, chapters 2, 6 and 8, doi 10.1007/978-3-642-61257-2.
"""

from typing import NamedTuple

import numpy as np

from detente.games._factors import factor, find_correction, largest, look_onward
from detente.games.kernels import inner

EVALUATE = -1  # wants the residual and the Jacobian
MEASURE = -2  # wants the residual only
CONVERGED = 0
STOPPED_AT_BIFURCATION = 1
STEP_LIMIT = 2
NOT_FINITE = 3
STALLED = 4

EVALUATION_LIMIT = 4000
FIRST_STEP = 0.5
SMALLEST_STEP = 1e-9
GROWTH = 3.0
AIMED_CORRECTION = 0.2
CORRECTABLE = 0.8
CONTRACTION = 0.2
ACCEPTED_CORRECTION = 0.02
ACCEPTED_SHARE = 0.02  # of the step
AIMED_TURN = 0.5  # angle between the tangents before and after a step
MOST_TURN = 0.15  # 1 - its cosine
EXACT = 1e-9
POLISH_LIMIT = 30

# The places of path.whole and path.real.
PHASE, EVALUATIONS, STEPS, FOLDS, TRIES, FAILURE = range(6)
STEP, SIGN, LAST_CORRECTION, PREDICTION, COSINE, END, CARE = range(7)
START, FOLLOW, LAND, POLISH = range(4)


class Walk(NamedTuple):
    """The state of one walk. Vectors of length n + 1 hold the unknowns, then t."""

    here: np.ndarray
    tangent: np.ndarray
    bend: np.ndarray  # change of the tangent per unit of arclength
    trial: np.ndarray  # where the caller evaluates; the answer at the end
    correction: np.ndarray  # to be subtracted from the trial
    onward: np.ndarray  # tangent at the trial
    whole: np.ndarray
    real: np.ndarray


class Path(NamedTuple):
    """A walk with its linear system."""

    here: np.ndarray
    tangent: np.ndarray
    bend: np.ndarray
    trial: np.ndarray
    correction: np.ndarray
    onward: np.ndarray
    whole: np.ndarray
    real: np.ndarray
    residual: np.ndarray
    jacobian: np.ndarray
    factors: np.ndarray
    pivot: np.ndarray


def make_walk(n: int) -> Walk:
    """Work space for n unknowns."""
    return Walk(*np.zeros((6, n + 1)), np.zeros(6, np.int64), np.zeros(7))


def make_path(n: int) -> Path:
    """Work space for n unknowns."""
    return Path(*make_walk(n), np.zeros(n), np.zeros((n, n + 1)), np.zeros((n + 1, n + 1)), np.zeros(n + 1, np.int64))


@inner
def begin(path, start, end, care):
    """Put the walk at y = start (which solves the equations), t = 0. `care` 1 is usual; 10 takes each step with ten times finer tolerances."""
    n = start.shape[0]
    for k in range(n):
        path.trial[k] = start[k]
    path.trial[n] = 0.0
    path.bend[:] = 0.0
    path.whole[:] = 0
    path.real[STEP] = FIRST_STEP / care
    path.real[END] = end
    path.real[CARE] = care


@inner
def correct(path):
    """Subtract the correction from the trial."""
    for k in range(path.trial.shape[0]):
        path.trial[k] -= path.correction[k]


@inner
def predict(path):
    """Set the next trial: one step along the curve, or at the end if the step would pass it."""
    n = path.trial.shape[0] - 1
    step = path.real[STEP]
    left, rise, bend = path.real[END] - path.here[n], path.tangent[n], path.bend[n]
    path.whole[PHASE] = FOLLOW
    if step * (rise + 0.5 * step * bend) >= left:
        path.whole[PHASE] = LAND
        step = 2.0 * left / (rise + np.sqrt(max(0.0, rise * rise + 2.0 * bend * left)))
        path.real[STEP] = step
    for k in range(n + 1):
        path.trial[k] = path.here[k] + step * (path.tangent[k] + 0.5 * step * path.bend[k])
    if path.whole[PHASE] == LAND:
        path.trial[n] = path.real[END]
    path.whole[TRIES] = 0
    return EVALUATE


@inner
def fitting(path, size):
    """The factor on the step that would have made the first correction as large as aimed at: it grows with the cube of the step."""
    return np.cbrt(AIMED_CORRECTION * min(1.0, path.real[STEP]) / (size * path.real[CARE])) if size > 0.0 else GROWTH


@inner
def shorten(path, size):
    """Try again from the last point with a shorter step; give up with the status in whole[FAILURE] when there is none."""
    path.real[STEP] *= min(0.5, max(0.1, fitting(path, size)))
    return predict(path) if path.real[STEP] > SMALLEST_STEP else path.whole[FAILURE]


@inner
def take(path):
    """Move to the trial and choose the next step by how well this one was predicted and how far the curve turned."""
    n = path.trial.shape[0] - 1
    if path.onward[n] * path.tangent[n] < 0.0:
        path.whole[FOLDS] += 1
    path.whole[STEPS] += 1
    square = 0.0
    for k in range(n + 1):
        square += (path.trial[k] - path.here[k]) ** 2
    length = np.sqrt(square)
    for k in range(n + 1):
        path.here[k] = path.trial[k]
        path.bend[k] = (path.onward[k] - path.tangent[k]) / length
        path.tangent[k] = path.onward[k]
    growth = min(GROWTH, fitting(path, path.real[PREDICTION]))
    turn = np.sqrt(max(0.0, 2.0 * (1.0 - path.real[COSINE]))) * path.real[CARE]
    if turn * growth > AIMED_TURN:
        growth = AIMED_TURN / turn
    path.real[STEP] *= max(0.3, growth)
    return predict(path)


@inner
def wants_factors(path):
    """Whether the last request was to evaluate the Jacobian."""
    return path.whole[TRIES] <= 0


@inner
def advance(path, tolerance):
    """Take in what was evaluated at `path.trial`; return what to evaluate next, or a status (see the module)."""
    sign, cosine = 0.0, np.nan
    if wants_factors(path):
        sign = factor(path, path.whole[PHASE] == FOLLOW)
        cosine = look_onward(path)
    size = find_correction(path)
    return decide(path, largest(path.residual) <= tolerance, sign, cosine, size)


@inner
def decide(path, exact, sign, cosine, size):
    """Go on, from `path.correction` of length `size`; where there are new factors, from the sign of their determinant, `path.onward` and its `cosine` too.

    `exact` says whether residuals are within the tolerance. Returns what to evaluate next, or a status.
    """
    n = path.trial.shape[0] - 1
    whole, real = path.whole, path.real
    phase = whole[PHASE]
    whole[FAILURE] = STALLED
    if phase == POLISH:
        return polish(path, exact, sign, size)
    care = real[CARE]
    if whole[TRIES] == 0:
        whole[EVALUATIONS] += 1
        if whole[EVALUATIONS] > EVALUATION_LIMIT:
            return STEP_LIMIT
        if phase == START:
            real[SIGN] = sign
            if sign == 0.0 or not np.isfinite(cosine):
                return NOT_FINITE
            correct(path)
            for k in range(n + 1):
                path.here[k] = path.trial[k]
                path.tangent[k] = path.onward[k]
            return predict(path)
        if sign == 0.0:
            whole[FAILURE] = STOPPED_AT_BIFURCATION
            return shorten(path, CORRECTABLE)
        real[COSINE] = cosine
        real[PREDICTION] = size
        if not (np.isfinite(size) and np.isfinite(cosine)):
            whole[FAILURE] = NOT_FINITE
            return shorten(path, np.inf)
        if sign != real[SIGN]:
            whole[FAILURE] = STOPPED_AT_BIFURCATION
            return shorten(path, size)
        if size * care > CORRECTABLE or cosine < 1.0 - MOST_TURN / care:
            return shorten(path, size)
    elif not size <= CONTRACTION * real[LAST_CORRECTION] or whole[TRIES] > 3:
        return shorten(path, real[PREDICTION])
    correct(path)
    real[LAST_CORRECTION] = size
    whole[TRIES] += 1
    if size * care > min(ACCEPTED_CORRECTION, ACCEPTED_SHARE * real[STEP]):
        return MEASURE
    if phase == LAND:
        whole[PHASE] = POLISH
        whole[TRIES] = 1
        return MEASURE
    if path.trial[n] < real[END]:
        return take(path)
    # The correction carried the trial past the end: land where the chord from the last point meets it.
    share = (real[END] - path.here[n]) / (path.trial[n] - path.here[n])
    for k in range(n):
        path.trial[k] = path.here[k] + share * (path.trial[k] - path.here[k])
    path.trial[n] = real[END]
    real[STEP] *= share
    whole[PHASE] = LAND
    whole[TRIES] = 0
    return EVALUATE


@inner
def polish(path, exact, sign, size):
    """Newton's method at t = end, with old factors for as long as they do: TRIES counts the corrections, negative when new factors were asked for."""
    whole, real = path.whole, path.real
    fresh = whole[TRIES] < 0
    if fresh:
        whole[TRIES] = -whole[TRIES]
        whole[EVALUATIONS] += 1
        if sign != real[SIGN]:
            return shorten(path, CORRECTABLE)
    # At high precision rounding alone leaves a residual, while the point itself is exact to the last digits.
    if exact or real[LAST_CORRECTION] <= EXACT:
        return CONVERGED
    if whole[TRIES] > POLISH_LIMIT:
        return STALLED
    slow = not size <= 0.05 * real[LAST_CORRECTION]
    if fresh and not size <= 0.5 * real[LAST_CORRECTION]:
        return shorten(path, CORRECTABLE)
    correct(path)
    real[LAST_CORRECTION] = size
    whole[TRIES] += 1
    if slow and size > EXACT:
        whole[TRIES] = -whole[TRIES]
        return EVALUATE
    return MEASURE
