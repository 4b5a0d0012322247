"""Formulas over named quantities, drivers and switches: parsed once, evaluated over draws and segments."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from detente.document.arithmetic import Evaluate, compile_tree
from detente.document.grammar import FormulaError, Node, grow, names_of
from detente.document.schema import CarriedError
from detente.errors import InvalidInput, Problem


@lru_cache(maxsize=4096)
def _prepared(text: str) -> tuple[Node, Evaluate, float | None, frozenset[str]]:
    node = grow(text)
    evaluate, constant = compile_tree(node)
    return node, evaluate, constant, names_of(node)


class Formula:
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

    __slots__ = ("_evaluate", "constant", "names", "text", "tree", "written")

    def __init__(self, text: str, written: str | int | float | None = None) -> None:
        self.text = text
        self.written = text if written is None else written
        self.tree, self._evaluate, self.constant, self.names = _prepared(text)

    @classmethod
    def parse(cls, text: str, where: str = "formula") -> Formula:
        """Read a formula.

        Parameters
        ----------
        where : str
            Its place, for messages.

        Raises
        ------
        InvalidInput
            With everything in the text that is not allowed in a formula.
        """
        try:
            return cls(text)
        except FormulaError as error:
            raise InvalidInput(
                [Problem(where or "formula", fault.what, fault.why, fault.remedy) for fault in error.faults]
            ) from None

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

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return Formula, (self.text, self.written)

    @classmethod
    def _validate(cls, value: object) -> Formula:
        if isinstance(value, cls):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise PydanticCustomError("formula_type", "a number or a formula")
        try:
            return cls(str(value), value)
        except FormulaError as error:
            raise CarriedError(*(Problem("", fault.what, fault.why, fault.remedy) for fault in error.faults)) from None

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda formula: formula.written)
        # Over `any`, so that in a union a word that is meant literally comes first.
        return core_schema.no_info_after_validator_function(
            cls._validate, core_schema.any_schema(), serialization=written
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [{"type": "number"}, {"type": "string"}], "description": "a number or a formula"}


Expression: TypeAlias = Formula
