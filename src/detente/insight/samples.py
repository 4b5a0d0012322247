"""Draws of quantities with their weights: what every measure of insight that works on plain draws starts from.

Refused, all at once: arrays of other shapes than the names and draws ask for, numbers that are not finite, weights below 0 or all 0, and a name twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.document.names import nearest
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

    def __init__(self, inputs: ArrayLike, names: Sequence[str], weights: ArrayLike | None = None, prior: ArrayLike | None = None) -> None:
        x = np.asarray(inputs, dtype=float)
        given = {"weights": weights, "prior": prior}
        arrays = {name: np.ones(len(x)) if values is None else np.asarray(values, dtype=float) for name, values in given.items()}
        problems = [*_of_inputs(x, names), *(problem for name, values in arrays.items() for problem in _of_weights(x, name, values))]
        if problems:
            raise InvalidInput(problems)
        for name, value in {"inputs": x, "names": tuple(names), **arrays}.items():
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
        close = nearest(name, self.names)
        remedy = f"did you mean {close!r}?" if close else f"use one of {', '.join(self.names[:8])}"
        raise InvalidInput(Problem(where, f"there is no quantity {name!r}", "", remedy))

    def outcome(self, values: ArrayLike, what: str = "outcome") -> Floats:
        """Numbers that belong to the draws, one each or a row each.

        Raises
        ------
        InvalidInput
            If they are not as many, or not finite.
        """
        found = np.asarray(values, dtype=float)
        if len(found) != len(self.inputs):
            raise InvalidInput(Problem(what, f"it has {len(found)} draws, the quantities have {len(self.inputs)}", "draws of two runs cannot be paired",
                                       "take both from one run"))  # fmt: skip
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
    elif len(x) == 0:
        yield Problem("inputs", "there are no draws", "", "draw some")
    if not np.isfinite(x).all():
        yield Problem("inputs", "some numbers are not finite", "they have no order, or no mean", "leave out those draws, and say how many")
    for name, count in Counter(names).items():
        if count > 1:
            yield Problem("names", f"{name!r} stands here {count} times", "", "give each quantity its own")


def _of_weights(x: Floats, what: str, weights: Floats) -> Iterator[Problem]:
    if weights.shape != (len(x),):
        yield Problem(what, f"their shape is {weights.shape}", f"there are {len(x)} draws", "give one to each draw")
    elif not (np.isfinite(weights).all() and (weights >= 0).all() and (weights > 0).any()):
        yield Problem(what, "some are below 0 or not finite, or all are 0", "a weight says how much a draw counts", "give numbers of 0 or more")
