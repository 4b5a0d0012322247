"""The check of a game's arguments: finite numbers, probabilities, whole numbers, and orderings.

An ordering is text such as "challenger_dc > challenger_sq > 0" over names, numbers, sums and products. It must hold in every draw.
"""

from __future__ import annotations

import inspect
import operator
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem

Side = tuple[str, NDArray[np.float64]]
RELATIONS = {">": operator.gt, ">=": operator.ge}


def checked(
    bound: inspect.BoundArguments, probabilities: Sequence[str], whole: Sequence[str], orderings: Sequence[str], *, draws: bool
) -> dict[str, Any]:
    """The arguments with their defaults, as numbers, or arrays where `draws` are allowed.

    Raises
    ------
    InvalidInput
        With every problem; orderings are looked at only once all are numbers.
    """
    bound.apply_defaults()
    arguments: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, given in bound.arguments.items():
        number = _numbers(given)
        if number is None:
            problems.append(Problem(name, f"{given!r} is not a number", "it is computed with", "give a number"))
            continue
        per_draw = draws and name not in probabilities and name not in whole
        if number.ndim > per_draw:
            problems.append(Problem(name, f"shape {number.shape}", "one number is read" + ", or one per draw" * per_draw, "give a number"))
        elif not np.isfinite(number).all():
            problems.append(Problem(name, "not finite", "no choice can be computed from infinity or NaN", "give a finite number"))
        elif name in probabilities and not 0 <= number <= 1:
            problems.append(Problem(name, f"{number:g} is no probability", "probabilities lie between 0 and 1", "give a number from 0 to 1"))
        elif name in whole and number != np.floor(number):
            problems.append(Problem(name, f"{number:g} is no whole number", "it counts", "give a whole number"))
        arguments[name] = number if number.ndim else number.item()
    lengths = {np.size(value) for value in arguments.values() if np.ndim(value) == 1}
    if len(lengths) > 1:
        problems.append(Problem("draws", f"arrays of {sorted(lengths)} numbers", "draws are matched one to one", "give all the same number of draws"))
    if not problems:
        problems.extend(_violations(arguments, orderings))
    if problems:
        raise InvalidInput(problems)
    return arguments


def _numbers(given: Any) -> NDArray[np.float64] | None:
    """The argument as an array; None if it is not made of numbers."""
    # NumPy would read text as a number, and None as NaN.
    if given is None or isinstance(given, str):
        return None
    try:
        return np.array(given, dtype=np.float64)
    except (TypeError, ValueError):
        return None


def allowed(arguments: Mapping[str, Any], orderings: Sequence[str]) -> NDArray[np.bool_]:
    """Where all orderings hold, for arguments that broadcast against each other."""
    holds = np.ones(np.broadcast_shapes(*map(np.shape, arguments.values())), dtype=bool)
    for ordering in orderings:
        for high, relation, low in _pairs(arguments, ordering):
            holds &= RELATIONS[relation](high[1], low[1])
    return holds


def _pairs(arguments: Mapping[str, Any], ordering: str) -> Iterator[tuple[Side, str, Side]]:
    """Neighbours in an ordering: text and value of the higher, the relation, text and value of the lower."""
    parts = re.split(r" (>=|>) ", ordering)
    # Sides are our own text in the decorators: names, numbers, sums and products.
    sides = [(side, np.asarray(eval(side, {"__builtins__": {}}, dict(arguments)))) for side in parts[::2]]
    yield from zip(sides, parts[1::2], sides[1:], strict=False)


def _violations(arguments: Mapping[str, Any], orderings: Sequence[str]) -> Iterator[Problem]:
    """One problem for each neighbouring pair of an ordering that stands the wrong way round."""
    for ordering in orderings:
        for (left, high), relation, (right, low) in _pairs(arguments, ordering):
            held = RELATIONS[relation](high, low)
            if not held.all():
                place = int(np.argmin(held))
                shown = [number if number.ndim == 0 else number[place] for number in (high, low)]
                draw = f" in draw {place}" if held.ndim else ""
                yield Problem(f"{left} {relation} {right}", f"{shown[0]:g} and {shown[1]:g}{draw}", f"the game demands {ordering}", "mend one of them")
