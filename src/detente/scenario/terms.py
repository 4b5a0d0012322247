"""Numbers of a compiled scenario: formulas, bound to the background state in which they hold.

A ladder shares one slot among equal numbers, so a `Term` is hashable and equal to another of the same text.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.document import Formula

Values = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Term:
    """A formula, times a second one where the first is a capital value to be loaded as a flow.

    Parameters
    ----------
    state : str, optional
        Background state whose indicator is 1 in the formula.
    """

    formula: Formula
    times: Formula | None = None
    state: str | None = None

    def evaluate(self, values: Values, indicators: frozenset[str]) -> NDArray[np.float64]:
        """The number over draws and segments; `indicators` are the names of background states."""
        if self.state is not None:
            values = {**values, **{name: np.asarray(float(name == self.state)) for name in indicators}}
        result = self.formula.evaluate(values)
        return np.asarray(result if self.times is None else result * self.times.evaluate(values), dtype=float)


def number(formula: Formula, *, times: Formula | None = None, state: str | None = None, indicators: frozenset[str] = frozenset()) -> Term | float:
    """The shortest form of a number: a float for a constant, a term without state where the state does not matter."""
    if times is None and formula.constant is not None:
        return float(formula.constant)
    if times is not None and formula.constant == 0:
        return 0.0
    names = formula.names | (times.names if times is not None else frozenset())
    return Term(formula, times, state if names & indicators else None)
