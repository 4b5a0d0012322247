"""Evaluate a compiled scenario's numbers for many draws: quantities to drivers to the slots of the ladder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.document import Formula
from detente.scenario.build import indicators
from detente.scenario.terms import Term, Values
from detente.scenario.timeline import driver_values, under_policy

if TYPE_CHECKING:
    from detente.scenario.compile import Model


def evaluate(model: Model, quantities: Mapping[str, NDArray[np.float64]], chances: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
    """Numbers of the ladder: draw x segment x slot, in base units (year, prize, 1).

    Parameters
    ----------
    quantities : mapping
        `{name: one value per draw}` in the quantity's own unit.
    chances : mapping
        `{contingency: one uniform number per draw}`.

    Raises
    ------
    detente.InvalidInput
        From the ladder, when a number is not finite or out of range.
    """
    draws = max((len(drawn) for drawn in (*quantities.values(), *chances.values())), default=1)
    values = named_values(model, quantities, chances)
    states = indicators(model.scenario)
    result = np.empty((draws, len(model.timeline.starts), len(model.plan.numbers)))
    for slot, number in enumerate(model.plan.numbers):
        result[:, :, slot] = number.evaluate(values, states) if isinstance(number, Term) else number
    return result


def named_values(model: Model, quantities: Mapping[str, NDArray[np.float64]], chances: Mapping[str, NDArray[np.float64]]) -> Values:
    """Every name that a formula may use over draws and segments, in base units; parameters as those of `evaluate`."""
    line, factors, policy = model.timeline, model.factors, model.applied
    values: Values = {name: np.asarray(drawn)[:, None] * factors[name] for name, drawn in quantities.items()}
    values |= {name: np.full((1, 1), float(on)) for name, on in model.switches.items()}
    values |= {name: under_policy(policy, name, values[name], line, values, factors[name]) for name in quantities}
    return values | driver_values(model.scenario, line, model.driver_order, values, dict(chances), factors, policy)


def over_draws(formula: Formula, values: Values, draws: int) -> NDArray[np.float64]:
    """A formula on the as-of date, over draws, in base units."""
    first = np.atleast_2d(np.asarray(formula.evaluate(values), dtype=float))[:, 0]
    return np.ascontiguousarray(np.broadcast_to(first, (draws,)))
