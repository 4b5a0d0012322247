"""Derivatives of the equilibrium map beside differences of the map itself."""

from __future__ import annotations

import numpy as np
import pytest

from detente.ensemble.draws import draw
from detente.games.kernels import entry
from detente.games.tables import Table
from detente.ladder import solve
from detente.ladder._jacobian import jacobian, make_tangent_work
from detente.ladder._sweep import load, make_work, sweep
from detente.scenario.compile import load as load_scenario


@entry
def differentiate(plan, numbers, x, precision, work, tangent, image, slope):  # type: ignore[no-untyped-def]
    """The map's image and its slopes along every unknown and along t, at t = 1."""
    load(plan, numbers, work)
    sweep(plan, numbers, x, precision, work, image)
    jacobian(plan, x, precision, precision, work, tangent, slope)


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_slopes_are_those_of_central_differences(share: float) -> None:
    model = load_scenario("baltic-2021")
    found = solve(model.plan, draw(model, 3, 0, 1).values)
    plan, numbers, x = Table(model.plan.layout), found.values[0, 0], found.unknown[0, 0].copy()
    n, (n_rungs, n_actors) = len(x), found.value.shape[2:]
    work, tangent = Table(make_work(model.plan.layout, n_rungs, n_actors)), Table(make_tangent_work(model.plan.layout, n_rungs, n_actors, n))
    precision = share * numbers[model.plan.layout.precision]

    def at(x: np.ndarray, precision: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        image, slope = np.zeros(n), np.zeros((n, n + 1))
        differentiate(plan, numbers, x, precision, work, tangent, image, slope)
        return image, slope

    slope = at(x, precision)[1]
    # Five points: the error is of the fourth order.
    for column in range(n + 1):
        step = 1e-4 * (max(abs(x[column]), 1.0) if column < n else 1.0)

        def moved(times: int, column: int = column, step: float = step) -> np.ndarray:
            there = x.copy()
            if column < n:
                there[column] += times * step
            return at(there, precision if column < n else (1 + times * step) * precision)[0]

        rise = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
        np.testing.assert_allclose(slope[:, column], rise, rtol=1e-5, atol=1e-6 * max(1.0, np.abs(rise).max()))
