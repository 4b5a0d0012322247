"""Sobol indices: which share of an outcome's variance each quantity brings alone, and which with all that it does together with others.

From two independent blocks of draws A and B, and for each quantity i (or group of them) the block A_i, which is A but for i, taken from B (Saltelli et al.
2010):

    first order   S_i = mean( f(B) (f(A_i) - f(A)) ) / V          variance that would go if i were known, on average
    total         T_i = mean( (f(A) - f(A_i))^2 ) / (2 V)         variance that would stay if all but i were known (Jansen 1999)

with f less its mean over all blocks, and V its variance over A and B. Intervals are from the bootstrap over draws. The blocks are evaluated here, so that no
outcome can be paired with another sample. In a scenario, A are the draws of one seed and B those of another: draw k of each quantity depends on the seed,
its name and k alone, and so A_i is A with the name i read under the other seed. B wants a seed that no run uses, such as the negative of A's.

Not for quantities that correlate, unless they stand in one group: the shares of dependent quantities do not add up (`detente.insight.shapley`). Nor for draws
that history weights (`detente.insight.given_data`).

Refused: blocks of different shape, groups that share a quantity or leave one out, and an outcome that never varies.

References: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), doi 10.1016/j.cpc.2009.09.018; Jansen (1999), doi 10.1016/S0010-4655(98)00154-4.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.errors import InvalidInput, Problem
from detente.insight.bootstrap import resampled_means
from detente.insight.estimates import Estimate, percentile
from detente.insight.samples import Sample

Floats = NDArray[np.float64]
Outcome = Callable[[Floats], ArrayLike]
Groups = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Sobol:
    """Shares of variance.

    Attributes
    ----------
    first, total : mapping of quantity or group to Estimate
    interaction : mapping of quantity or group to Estimate
        Total less first order: what it does only together with others.
    rest : Estimate
        What no quantity does alone: 1 less all of first order.
    variance : float
        Of the outcome.
    evaluations : int
        How often the outcome was evaluated.
    """

    first: Mapping[str, Estimate]
    total: Mapping[str, Estimate]
    interaction: Mapping[str, Estimate]
    rest: Estimate
    variance: float
    evaluations: int


def sobol(
    one: ArrayLike, other: ArrayLike, names: Sequence[str], outcome: Outcome, *, groups: Groups | None = None, resamples: int = 1000, seed: int = 1
) -> Sobol:
    """Estimate first-order and total indices.

    Parameters
    ----------
    one, other : array, draw x quantity
        The blocks A and B, independent of each other.
    names : sequence of str
        Of the quantities.
    outcome : callable
        Takes an array draw x quantity, returns a number for each draw.
    groups : mapping of name to names, optional
        Indices are of these; of each quantity if not given.
    resamples, seed : int, optional
        Of the bootstrap.

    Raises
    ------
    InvalidInput
        For what the module refuses.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = sobol(rng.random((1024, 2)), rng.random((1024, 2)), ["hazard", "noise"], lambda x: x[:, 0])
    >>> found.total["noise"].verdict
    'not distinguishable from 0 at 1,024 draws'
    """
    a, b, parts = blocks(one, other, names, groups)
    results = [evaluated(outcome, a), evaluated(outcome, b)]
    for columns in parts.values():
        mixed = a.copy()
        mixed[:, columns] = b[:, columns]
        results.append(evaluated(outcome, mixed))
    centre = float(np.mean(results))
    f_a, f_b, *f_mixed = (values - centre for values in results)
    check_varies(np.concatenate([f_a, f_b]), centre)
    terms = [f_a + f_b, f_a**2 + f_b**2, *(f_b * (f - f_a) for f in f_mixed), *((f_a - f) ** 2 / 2 for f in f_mixed)]
    means = resampled_means(np.stack(terms, axis=1), resamples, seed)
    variance = means[:, 1] / 2 - (means[:, 0] / 2) ** 2
    first, total = np.split(means[:, 2:] / variance[:, None], 2, axis=1)

    def told(shares: Floats) -> dict[str, Estimate]:
        return {name: percentile(float(share[0]), share[1:], len(a)) for name, share in zip(parts, shares.T, strict=True)}

    rest = 1 - first.sum(axis=1)
    return Sobol(
        told(first), told(total), told(total - first), percentile(float(rest[0]), rest[1:], len(a)), float(variance[0]), evaluations=len(a) * len(results)
    )


def blocks(one: ArrayLike, other: ArrayLike, names: Sequence[str], groups: Groups | None) -> tuple[Floats, Floats, dict[str, list[int]]]:
    """Two blocks as arrays, and the columns of each group.

    Raises
    ------
    InvalidInput
        If they differ in shape, a group names what is not there, or groups share a quantity or leave one out.
    """
    sample, twin = Sample(one, names), Sample(other, names)
    problems = []
    if sample.inputs.shape != twin.inputs.shape:
        what = f"the blocks are {sample.inputs.shape} and {twin.inputs.shape}"
        problems.append(Problem("other", what, "they are draws of the same quantities, as many of each", "draw both alike"))
    parts = {name: [name] for name in names} if groups is None else {name: list(members) for name, members in groups.items()}
    listed = [member for members in parts.values() for member in members]
    if sorted(listed) != sorted(names):
        missing, twice = sorted(set(names) - set(listed)), sorted({name for name in listed if listed.count(name) > 1})
        unknown = sorted(set(listed) - set(names))
        what = "; ".join(f"{word} {', '.join(found)}" for word, found in (("they leave out", missing), ("twice", twice), ("unknown", unknown)) if found)
        problems.append(Problem("groups", what, "each quantity belongs to one group, so that shares add up", "list each quantity once"))
    if problems:
        raise InvalidInput(problems)
    return sample.inputs, twin.inputs, {name: [sample.names.index(member) for member in members] for name, members in parts.items()}


def evaluated(outcome: Outcome, inputs: Floats) -> Floats:
    """The outcome of each draw.

    Raises
    ------
    InvalidInput
        If there are more or fewer of them than draws, or some are not finite.
    """
    found = np.asarray(outcome(inputs), dtype=float)
    if found.shape != (len(inputs),):
        raise InvalidInput(Problem("outcome", f"its shape is {found.shape}", f"there are {len(inputs)} draws", "return one number for each draw"))
    if not np.isfinite(found).all():
        raise InvalidInput(Problem("outcome", "some of its numbers are not finite", "they have no variance", "see `detente.insight.evidence.log_odds`"))
    return found


def check_varies(values: Floats, centre: float = 0.0) -> None:
    """Refuse an outcome that is the same in every draw.

    Raises
    ------
    InvalidInput
        If it is.
    """
    # What is left of a constant outcome is a rounding error.
    if np.ptp(values) <= 1e-12 * max(abs(centre), float(np.abs(values).max())):
        raise InvalidInput(Problem("outcome", "it is the same in every draw", "there is no variance to share out", "ask about something that varies"))
