"""`result.json`: what a run found, with the uncertainty over draws, and the digest that equal runs share.

Every rung and group has `reach` and `touch` at the horizon; every pair `b|a` has `onward`, `given` or `next`. The mean is the predictive
probability (for a conditional the ratio of means), the quantiles are over draws, `top5_share` is the share of the mean that comes from the top
5 % of draws, `error_share` the part that is gone when every actor takes only best replies. What cannot be told is null with a `why`, never NaN.

The digest covers every number of the result but `seconds`, and every array over draws, hashed in blocks of 1,024 draws: it depends neither on
threads nor on chunks.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.document import canonical
from detente.ensemble.chunk import AXES
from detente.ensemble.draws import BLOCK
from detente.ensemble.statistics import Summary, mean, summarise
from detente.games.threads import over_items
from detente.ladder.equilibrium import ACCEPTED_RESIDUAL

Floats = NDArray[np.float64]
NEVER_GIVEN = "no error share: under best replies only, the condition has probability 0"
NO_SHARE = "no error share: it is told for what can be reached, not for a single step"
VARYING = ("seconds", "result_digest")
# What is summed up, and the axis that it runs over.
SUMMED = {"reach": "rung", "touch": "rung", "onward": "pair", "given": "pair", "next": "next_pair"}


def summaries(
    arrays: Mapping[str, Floats], coordinates: Mapping[str, list[Any]], weights: Floats | None = None, threads: int | None = None
) -> dict[str, dict[str, Summary]]:
    """Summaries of `reach touch onward given next`, by name or pair; weights where history gives them."""
    asked = {measure: coordinates[axis] for measure, axis in SUMMED.items()}
    items = [(measure, index) for measure, names in asked.items() for index in range(len(names))]
    # Most of it is sorting.
    told = iter(over_items(lambda item: _summary(arrays, *item, weights), items, threads))
    return {measure: {name: next(told) for name in names} for measure, names in asked.items()}


def _summary(arrays: Mapping[str, Floats], measure: str, index: int, weights: Floats | None) -> Summary:
    if measure in ("reach", "touch"):
        under_best = mean(column(arrays[f"best_{measure}"], index), weights)
        return summarise(np.ascontiguousarray(arrays[measure][:, index, -1]), best=under_best, weights=weights)
    joint, given = (column(arrays[f"{measure}_{part}"], index) for part in ("joint", "given"))
    if measure == "next":
        return summarise(joint, given, no_best=NO_SHARE, weights=weights)
    best = ratio(column(arrays[f"best_{measure}_joint"], index), column(arrays[f"best_{measure}_given"], index), weights)
    return summarise(joint, given, best=best, no_best=NEVER_GIVEN, weights=weights)


def column(array: Floats, index: int) -> Floats:
    """One column, contiguous, so that its sum does not depend on its neighbours."""
    return np.ascontiguousarray(array[:, index])


def ratio(joint: Floats, given: Floats, weights: Floats | None) -> float | None:
    """Ratio of means; None where the condition has probability 0 in every draw."""
    condition = mean(given, weights)
    return mean(joint, weights) / condition if condition > 0.0 else None


def settled(arrays: Mapping[str, Floats]) -> NDArray[np.bool_]:
    """Which draws settled in every segment."""
    return np.asarray((arrays["residual"] <= ACCEPTED_RESIDUAL).all(axis=1))


def make_result(
    about: Mapping[str, Any],
    arrays: Mapping[str, Floats],
    coordinates: Mapping[str, list[Any]],
    seconds: float,
    weights: Floats | None = None,
    history: Mapping[str, Any] | None = None,
    threads: int | None = None,
) -> dict[str, Any]:
    """The content of `result.json`.

    Parameters
    ----------
    about : mapping
        `format version scenario as_of horizon_years draws seed digest` of the run, and `passed` where a contingency is drawn though its day has passed.
    weights : array over draws, optional
        Weights that history gives.
    history : mapping, optional
        What history said, where the scenario has any.
    """
    result = {key: about[key] for key in ("format", "version", "scenario", "as_of", "horizon_years", "draws", "seed")}
    result |= {"seconds": seconds, "converged": float(np.mean(settled(arrays))), "digest": about["digest"], "result_digest": ""}
    result |= summaries(arrays, coordinates, weights, threads)
    result |= {"history": history} if history is not None else {}
    result |= {"passed": about["passed"]} if "passed" in about else {}
    return result | {"result_digest": result_digest(result, arrays, coordinates, threads)}


def result_digest(
    result: Mapping[str, Any], arrays: Mapping[str, Floats], coordinates: Mapping[str, list[Any]], threads: int | None = None
) -> str:
    """`sha256:` and the digest of a result and of the arrays that it sums up."""
    total = hashlib.sha256(canonical({key: value for key, value in result.items() if key not in VARYING}))
    total.update(canonical({"axes": AXES, "coordinates": coordinates}))

    def digest(first: int) -> bytes:
        block = hashlib.sha256()
        for name in AXES:
            block.update(np.ascontiguousarray(arrays[name][first : first + BLOCK], dtype="<f8").data)
        return block.digest()

    for found in over_items(digest, range(0, len(arrays["reach"]), BLOCK), threads):
        total.update(found)
    return f"sha256:{total.hexdigest()}"
