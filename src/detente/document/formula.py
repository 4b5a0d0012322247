"""Formulas over named quantities, drivers and switches: parsed once, evaluated over draws and segments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.document.arithmetic import Evaluate, compile_tree
from detente.document.grammar import Node, grow, names_of
from detente.document.written import Written


@lru_cache(maxsize=4096)
def _prepared(text: str) -> tuple[Node, Evaluate, float | None, frozenset[str]]:
    node = grow(text)
    evaluate, constant = compile_tree(node)
    return node, evaluate, constant, names_of(node)


class Formula(Written):
    """An arithmetic expression, equal to another of the same text.

    Attributes
    ----------
    text : str
        As written.
    names : frozenset of str
        What it is computed from.
    constant : float or None
        Its number where it has no names.
    tree : Node
        For checks of units.

    Examples
    --------
    >>> formula = Formula.parse("rate * (troops / 4000) ** crowding")
    >>> sorted(formula.names)
    ['crowding', 'rate', 'troops']
    >>> formula.evaluate({"rate": 12.0, "troops": 8000.0, "crowding": 1.0})
    24.0
    """

    __slots__ = ("_evaluate", "constant", "names", "tree")

    noun = "formula"
    form = "a number or a formula"
    shape: ClassVar[dict[str, Any]] = {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "a number or a formula"}

    def __init__(self, text: str, written: str | int | float | None = None) -> None:
        self.text = text
        self.written = text if written is None else written
        self.tree, self._evaluate, self.constant, self.names = _prepared(text)

    def evaluate(self, values: Mapping[str, NDArray[np.float64] | float]) -> NDArray[np.float64] | float:
        """The value of the formula.

        Parameters
        ----------
        values : mapping
            A number or an array for each of `names`, in base units (year, prize, 1); arrays broadcast.

        Returns
        -------
        float or ndarray
            Of the shape that the values broadcast to; not always finite, which the caller checks. Not to be written to:
            the formula `x` gives the array of `x` itself.

        Raises
        ------
        KeyError
            For a name without a value.
        """
        used = {name: np.asarray(values[name], dtype=np.float64) for name in self.names}
        with np.errstate(all="ignore"):
            result = self._evaluate(used)
        return result if isinstance(result, np.ndarray) and result.ndim else float(result)

    def unit(self, units: Mapping[str, str]) -> str:
        """The unit that the formula comes out in.

        Parameters
        ----------
        units : mapping
            The unit of each name, such as `1/year`.

        Returns
        -------
        str
            In base units: `1`, `1/year`, `prize`, `prize/year`.

        Raises
        ------
        InvalidInput
            If the units do not fit together.
        """
        from detente.document.dimensions import unit_of

        return unit_of(self, units)


Expression: TypeAlias = Formula
