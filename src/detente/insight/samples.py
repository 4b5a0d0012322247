"""Draws of quantities with their weights: what every measure of insight that works on plain draws starts from.

Refused, all at once: arrays of other shapes than the names and draws ask for, fewer than two draws that count, numbers that are not finite, weights below 0,
and a name twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.document.names import instead
from detente.errors import InvalidInput, Problem

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, init=False)
class Sample:
    """Draws.

    Attributes
    ----------
    inputs : array, draw x quantity
    names : tuple of str
        Of the quantities.
    weights : array over draws
        By history; all 1 without one.
    prior : array over draws
        Under the priors. All 1, unless draws were moved away from them.

    Raises
    ------
    InvalidInput
        For what the module refuses.

    Examples
    --------
    >>> import numpy as np
    >>> Sample(np.random.default_rng(1).random((8, 2)), ["resolve", "hazard"]).effective
    8.0
    """

    inputs: Floats
    names: tuple[str, ...]
    weights: Floats
    prior: Floats
    _cut: dict[tuple[int, int], NDArray[np.int64]] = field(compare=False, repr=False)

    def __init__(self, inputs: ArrayLike, names: Sequence[str], weights: ArrayLike | None = None, prior: ArrayLike | None = None) -> None:
        x = np.asarray(inputs, dtype=float)
        given = {"weights": weights, "prior": prior}
        arrays = {name: np.ones(len(x)) if values is None else np.asarray(values, dtype=float) for name, values in given.items()}
        problems = [*_of_inputs(x, names), *(problem for name, values in arrays.items() for problem in _of_weights(x, name, values))]
        if problems:
            raise InvalidInput(problems)
        value: object
        for name, value in {"inputs": x, "names": tuple(names), **arrays, "_cut": {}}.items():
            object.__setattr__(self, name, value)

    @property
    def effective(self) -> float:
        """Effective number of draws."""
        return effective(self.weights)

    def column(self, name: str, where: str = "name") -> int:
        """Place of a quantity.

        Raises
        ------
        InvalidInput
            If there is none of this name.
        """
        if name in self.names:
            return self.names.index(name)
        raise InvalidInput(Problem(where, f"there is no quantity {name!r}", "", instead(name, self.names, f"use one of {', '.join(self.names[:8])}")))

    def bins(self, column: int, count: int) -> NDArray[np.int64]:
        """Cut the draws into at most `count` bins of equal weight along a quantity; equal values share a bin."""
        # The same cut serves every outcome, and sorting is what it costs.
        if (column, count) not in self._cut:
            self._cut[column, count] = self._bins(column, count)
        return self._cut[column, count]

    def _bins(self, column: int, count: int) -> NDArray[np.int64]:
        order = np.argsort(self.inputs[:, column], kind="stable")
        ordered = self.inputs[order, column]
        starts = np.concatenate([[True], ordered[1:] != ordered[:-1]])
        below = np.concatenate([[0.0], np.cumsum(self.weights[order])])
        bounds = below[np.append(np.flatnonzero(starts), len(ordered))]
        middles = (bounds[:-1] + bounds[1:]) / (2 * below[-1])
        found = np.empty(len(order), dtype=np.int64)
        found[order] = np.minimum((middles * count).astype(np.int64), count - 1)[np.cumsum(starts) - 1]
        return found

    def outcome(self, values: ArrayLike, what: str = "outcome", dimensions: int = 1) -> Floats:
        """Numbers that belong to the draws, one each, or a row each where `dimensions` is 2.

        Raises
        ------
        InvalidInput
            If they are not as many, or not finite.
        """
        found = np.asarray(values, dtype=float)
        if found.ndim != dimensions or len(found) != len(self.inputs):
            raise InvalidInput(
                Problem(what, f"its shape is {found.shape}, of {len(self.inputs)} draws", "draws of two runs cannot be paired", "take both from one run")
            )
        if not np.isfinite(found).all():
            raise InvalidInput(Problem(what, "some of its numbers are not finite", "", "leave out draws without an answer, and say how many"))
        return found

    def hits(self, values: ArrayLike) -> Bools:
        """The draws in which something holds.

        Raises
        ------
        InvalidInput
            If they are not as many, or neither true nor false.
        """
        if np.asarray(values).dtype != np.bool_:
            raise InvalidInput(Problem("hits", "they are neither true nor false", "an outcome holds in a draw or does not", "compare it with a number"))
        return np.asarray(self.outcome(values, "hits"), dtype=np.bool_)


def effective(weights: Floats) -> float:
    """Effective number of weighted draws (Kish 1965): the square of their sum over the sum of squares."""
    squares = float(np.sum(weights**2))
    return float(np.sum(weights)) ** 2 / squares if squares > 0 else 0.0


def _of_inputs(x: Floats, names: Sequence[str]) -> Iterator[Problem]:
    if x.ndim != 2 or x.shape[1] != len(names):
        yield Problem("inputs", f"their shape is {x.shape}, and {len(names)} names are given", "they are draw x quantity", "give a name to each column")
    elif len(x) < 2:
        yield Problem("inputs", f"there are {len(x)} draws", "fewer than two tell nothing of how an outcome varies", "draw more")
    if not np.isfinite(x).all():
        yield Problem("inputs", "some numbers are not finite", "they have no order, or no mean", "leave out those draws, and say how many")
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem("names", f"{name!r} stands here {count} times", "", "give each quantity its own")


def _of_weights(x: Floats, what: str, weights: Floats) -> Iterator[Problem]:
    if weights.shape != (len(x),):
        yield Problem(what, f"their shape is {weights.shape}", f"there are {len(x)} draws", "give one to each draw")
    elif not (np.isfinite(weights).all() and (weights >= 0).all()) or (len(x) > 1 and (weights > 0).sum() < 2):
        yield Problem(what, "some are below 0 or not finite, or all but one are 0", "a weight says how much a draw counts", "give numbers of 0 or more")
