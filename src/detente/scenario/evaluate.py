"""Evaluate a compiled scenario's numbers for many draws: quantities to drivers to the slots of the ladder.

A contingency sets its driver over a window (both days included) in the draws in which it happens; a policy comes last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from detente.alliance import Response
from detente.document import Formula
from detente.record import Reading
from detente.scenario.alliance import Portfolio, answer, inputs, respond_to
from detente.scenario.build import indicators
from detente.scenario.inputs import Contingency, Policy
from detente.scenario.schema import Scenario
from detente.scenario.terms import Term, Values
from detente.scenario.timeline import Timeline

if TYPE_CHECKING:
    from detente.scenario.compile import Model

ALL, NONE = slice(None), slice(0)


def evaluate(
    model: Model, quantities: Mapping[str, NDArray[np.float64]], chances: Mapping[str, NDArray[np.float64]], wanted: slice = ALL
) -> NDArray[np.float64]:
    """Numbers of the ladder: draw x segment x slot, in base units (year, prize, 1).

    Parameters
    ----------
    quantities : mapping
        `{name: one value per draw}` in the quantity's own unit.
    chances : mapping
        `{contingency: one uniform number per draw}`.
    wanted : slice, optional
        Draws that are asked for. The others may be told wrongly: the alliance, which is costly, is not asked how it responds in them.

    Raises
    ------
    detente.InvalidInput
        From the ladder, when a number is not finite or out of range.
    """
    draws = max((len(drawn) for drawn in (*quantities.values(), *chances.values())), default=1)
    values = named_values(model, quantities, chances, wanted)
    states = indicators(model.scenario)
    result = np.empty((draws, len(model.timeline.starts), len(model.plan.numbers)))
    for slot, number in enumerate(model.plan.numbers):
        result[:, :, slot] = number.evaluate(values, states) if isinstance(number, Term) else number
    return result


def named_values(
    model: Model, quantities: Mapping[str, NDArray[np.float64]], chances: Mapping[str, NDArray[np.float64]], wanted: slice = ALL
) -> Values:
    """Every name that a formula may use over draws and segments, in base units; parameters as those of `evaluate`."""
    line, factors, policy = model.timeline, model.factors, model.applied
    values: Values = {name: np.asarray(drawn)[:, None] * factors[name] for name, drawn in quantities.items()}
    values |= {name: np.full((1, 1), float(on)) for name, on in model.switches.items()}
    values |= {name: _under_policy(policy, name, values[name], line, values, factors[name]) for name in quantities}
    return values | _driver_values(model.scenario, line, model.driver_order, values, dict(chances), factors, policy, model.portfolio, wanted)


def over_draws(formula: Formula, values: Values, draws: int) -> NDArray[np.float64]:
    """A formula on the as-of date, over draws, in base units."""
    first = np.atleast_2d(np.asarray(formula.evaluate(values), dtype=float))[:, 0]
    return np.ascontiguousarray(np.broadcast_to(first, (draws,)))


def _under_policy(policy: Policy | None, name: str, array: NDArray[np.float64], line: Timeline, known: Values, factor: float) -> NDArray[np.float64]:
    """A quantity or driver over draws and segments, with what a policy makes of it while it holds; as it was where it sets it not."""
    if policy is None or name not in policy.set:
        return array
    inside = np.array([[policy.holds(start) for start in line.starts]])
    return np.where(inside, _evaluate(policy.set[name], {**known, name: array}, factor), array)


def _driver_values(
    scenario: Scenario,
    line: Timeline,
    order: tuple[str, ...],
    values: Values,
    chances: Values,
    factors: Mapping[str, float],
    policy: Policy | None = None,
    asked: Portfolio | None = None,
    wanted: slice = ALL,
) -> Values:
    """Drivers over draws and segments.

    Parameters
    ----------
    order : tuple of str
        Drivers in an order in which each comes after those it is computed from.
    values : mapping
        Quantities and switches, shapes that broadcast to draw x segment, in base units.
    chances : mapping
        `{contingency: uniform number per draw}`.
    factors : mapping
        `{driver: factor to base units}`.
    policy : Policy, optional
        It comes last: what it sets is set whatever else happens.
    asked : Portfolio, optional
        The alliance, where it is asked how it responds.
    wanted : slice, optional
        The draws in which it is.
    """
    known: Values = dict(values)
    responses: list[Response] = []
    for name in order:
        driver = scenario.drivers[name]
        if driver.formula is not None:
            array = np.atleast_2d(_evaluate(driver.formula, known, factors[name]))
        elif driver.response is not None:
            if asked is None or wanted == NONE:
                assert driver.otherwise is not None
                array = np.atleast_2d(_evaluate(driver.otherwise, known, factors[name]))
            else:
                # All of its drivers come after what the alliance's own formulas need.
                draws = max((len(np.atleast_1d(drawn)) for drawn in chances.values()), default=1)
                responses = responses or _responses(asked, _clocks(scenario), known, chances, len(line.starts), draws, wanted)
                array = np.full((draws, len(line.starts)), 0.5)
                taken = {key: answer(asked, one, driver.response.take, driver.response.clock) for key, one in {id(one): one for one in responses}.items()}
                array[wanted] = np.stack([taken[id(response)] for response in responses], axis=1)
        else:
            array = _read(line.readings[name], driver.otherwise, known, factors[name])
        for contingency, item in scenario.contingencies.items():
            if item.driver == name:
                array = _override(array, item, line, known, chances[contingency], factors[name])
        known[name] = _under_policy(policy, name, array, line, known, factors[name])
    return {name: known[name] for name in order}


def _clocks(scenario: Scenario) -> set[str]:
    """Clocks on which some driver asks whether enough is committed; the costly question, so that no other clock is asked. One where none is."""
    asked = [driver.response for driver in scenario.drivers.values() if driver.response is not None]
    clocks = {response.clock for response in asked if response.take == "enough" and response.clock is not None}
    return clocks or set(list(scenario.alliance.clocks if scenario.alliance is not None else ())[:1])


def _responses(
    asked: Portfolio, clocks: set[str], known: Values, chances: Mapping[str, NDArray[np.float64]], segments: int, draws: int, wanted: slice
) -> list[Response]:
    """The alliance's response on each segment in the draws that are asked for; segments with the same numbers are answered once."""
    found: dict[bytes, Response] = {}
    shared: dict[object, NDArray[np.float64]] = {}
    keys = []
    for segment in range(segments):
        numbers = {name: array[wanted] for name, array in inputs(asked, known, chances, draws, segment, shared)}
        keys.append(b"".join(np.ascontiguousarray(array).tobytes() for array in numbers.values()))
        if keys[-1] not in found:
            found[keys[-1]] = respond_to(asked, numbers, clocks=clocks)
        # Where nothing has more columns, all segments that are left are like this one.
        if segment + 1 >= max(array.shape[-1] if array.ndim == 2 else 1 for array in shared.values()):
            break
    return [found[key] for key in [*keys, *keys[-1:] * (segments - len(keys))]]


def _read(readings: tuple[Reading, ...], otherwise: Formula | None, known: Values, factor: float) -> NDArray[np.float64]:
    """What was read on each segment, and where nothing was what stands in for it."""
    absent = np.array([[not isinstance(reading.value, float) for reading in readings]])
    array = np.array([[reading.value if isinstance(reading.value, float) else np.nan for reading in readings]]) * factor
    return np.where(absent, np.atleast_2d(_evaluate(otherwise, known, factor)), array) if otherwise is not None and absent.any() else array


def _evaluate(formula: Formula, known: Values, factor: float) -> NDArray[np.float64]:
    """A formula in base units; a mere number is in the unit that is expected of it."""
    value = np.asarray(formula.evaluate(known), dtype=np.float64)
    return value if formula.constant is None else value * factor


def _override(
    array: NDArray[np.float64], item: Contingency, line: Timeline, known: Values, uniform: NDArray[np.float64], factor: float
) -> NDArray[np.float64]:
    """Set a driver in the segments of a window, in the draws in which the contingency happens."""
    inside = np.array([[item.from_.day <= start and (item.until is None or start <= item.until.day) for start in line.starts]])
    chance = np.asarray(item.chance.evaluate(known), dtype=np.float64)
    happens = uniform[:, None] < (chance if chance.ndim == 2 else chance.reshape(-1, 1))
    return np.where(happens & inside, _evaluate(item.value, known, factor), array)
