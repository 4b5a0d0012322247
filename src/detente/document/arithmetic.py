"""A formula's tree to nested functions over NumPy arrays, built once.

Division by zero, overflow and invalid arguments give infinity or not-a-number without a warning; the caller checks that
results are finite. Not-a-number passes through comparisons, `and`, `or`, `not` and the condition of `where` instead of
counting as true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.document.grammar import Fault, FormulaError, Node
from detente.document.names import shorten

Array = NDArray[np.float64] | np.float64
Evaluate = Callable[[Mapping[str, Any]], Any]
Step = tuple[Callable[..., Any], Evaluate]


def logistic(x: Any) -> Any:
    """`1 / (1 + exp(-x))`, exact in both tails: the exponential is only ever taken of a number below 0."""
    small = np.exp(-np.abs(x))
    return np.where(np.less(x, 0), small, 1.0) / (1.0 + small)


def _keep_nan(result: Any, *arguments: Any) -> Any:
    """`result` as 1 and 0, but not-a-number where an argument is."""
    unknown: Any = np.isnan(arguments[0])
    for argument in arguments[1:]:
        unknown = unknown | np.isnan(argument)
    number = np.asarray(result, dtype=np.float64)
    return np.where(unknown, np.nan, number) if np.any(unknown) else number


def _compare(ufunc: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: _keep_nan(ufunc(a, b), a, b)


def _all(*parts: Any) -> Any:
    return _keep_nan(np.logical_and.reduce(np.broadcast_arrays(*parts)), *parts)


def _any(*parts: Any) -> Any:
    return _keep_nan(np.logical_or.reduce(np.broadcast_arrays(*parts)), *parts)


def _where(condition: Any, a: Any, b: Any) -> Any:
    return _keep_nan(np.where(condition, a, b), condition) if np.any(np.isnan(condition)) else np.where(condition, a, b)


def _least(*parts: Any) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = np.minimum(result, part)
    return result


def _greatest(*parts: Any) -> Any:
    result = parts[0]
    for part in parts[1:]:
        result = np.maximum(result, part)
    return result


_OPERATIONS: dict[tuple[str, int], Callable[..., Any]] = {
    ("-", 1): np.negative,
    ("not", 1): lambda a: _keep_nan(np.logical_not(a), a),
    ("exp", 1): np.exp,
    ("log", 1): np.log,
    ("sqrt", 1): np.sqrt,
    ("abs", 1): np.abs,
    ("logistic", 1): logistic,
    ("+", 2): np.add,
    ("-", 2): np.subtract,
    ("*", 2): np.multiply,
    ("/", 2): np.divide,
    ("**", 2): np.power,
    ("<", 2): _compare(np.less),
    ("<=", 2): _compare(np.less_equal),
    (">", 2): _compare(np.greater),
    (">=", 2): _compare(np.greater_equal),
    ("==", 2): _compare(np.equal),
    ("!=", 2): _compare(np.not_equal),
    ("clip", 3): lambda x, low, high: np.minimum(np.maximum(x, low), high),
    ("where", 3): _where,
}
_OF_MANY: dict[str, Callable[..., Any]] = {"and": _all, "or": _any, "min": _least, "max": _greatest}


def _unary(operation: Callable[..., Any], a: Evaluate) -> Evaluate:
    return lambda values: operation(a(values))


def _chain(first: Evaluate, steps: list[Step]) -> Evaluate:
    """Apply the steps one after the other: a sum of a thousand terms is long, not deep."""

    def evaluate(values: Mapping[str, Any]) -> Any:
        result = first(values)
        for operation, right in steps:
            result = operation(result, right(values))
        return result

    return evaluate


def _many(operation: Callable[..., Any], parts: tuple[Evaluate, ...]) -> Evaluate:
    return lambda values: operation(*(part(values) for part in parts))


def _value(name: str) -> Evaluate:
    return lambda values: values[name]


def _always(number: np.float64) -> Evaluate:
    return lambda values: number


def compile_tree(node: Node) -> tuple[Evaluate, float | None]:
    """The function that evaluates a tree, and its number where it has no names.

    Raises
    ------
    FormulaError
        If a part without names is not finite, as `1 / 0` and `9**9**9`.
    """
    with np.errstate(all="ignore"):
        return _compile(node)


def _compile(node: Node) -> tuple[Evaluate, float | None]:
    # The left spine of a long sum is walked in a loop: it may be longer than the stack is deep.
    spine = [node]
    while spine[-1].arguments and len(spine[-1].arguments) == 2 and spine[-1].kind in "+-*/**":
        spine.append(spine[-1].arguments[0])
    first, constant = _leaf(spine[-1])
    steps: list[Step] = []
    for link in reversed(spine[:-1]):
        right, right_constant = _compile(link.arguments[1])
        both = None
        if link.kind == "/" and right_constant == 0:
            raise FormulaError([Fault(f"`{shorten(link.text, 40)}` divides by 0", "", "divide by something else")])
        operation = _OPERATIONS[link.kind, 2]
        if constant is not None and right_constant is not None:
            both = _finite(link, operation(np.float64(constant), np.float64(right_constant)))
        if both is not None:
            first = _always(np.float64(both))
        else:
            steps.append((operation, right))
        constant = both
    return _chain(first, steps) if steps else first, constant


def _leaf(node: Node) -> tuple[Evaluate, float | None]:
    if node.kind == "number":
        return _always(np.float64(node.value)), float(node.value)
    if node.kind == "name":
        return _value(str(node.value)), None
    compiled = [_compile(argument) for argument in node.arguments]
    parts = tuple(evaluate for evaluate, _ in compiled)
    operation = _OF_MANY.get(node.kind) or _OPERATIONS[node.kind, len(parts)]
    numbers = [constant for _, constant in compiled if constant is not None]
    if len(numbers) == len(compiled):
        number = _finite(node, operation(*map(np.float64, numbers)))
        return _always(np.float64(number)), number
    return (_unary(operation, parts[0]) if len(parts) == 1 else _many(operation, parts)), None


def _finite(node: Node, value: Any) -> float:
    number = float(value)
    if not np.isfinite(number):
        why = "no number of a model is without bounds"
        raise FormulaError([Fault(f"`{shorten(node.text, 40)}` is not a finite number", why, "correct it")])
    return number
