"""Sixteen linear systems at once against NumPy's."""

import numpy as np
import pytest

from detente.games._bordered import factor, find_correction, look_onward, make_bordered
from detente.games._lanes import LANES
from detente.games.kernels import entry
from detente.games.tables import Table

Floats = np.ndarray


@entry
def work_out(system: object, residual: Floats, n: int) -> None:
    factor(system, n + 1)
    look_onward(system, n)
    find_correction(system, residual, n)


def by_lane(flat: Floats, *shape: int) -> Floats:
    """Lane x shape, of a flat array of lanes."""
    return np.moveaxis(flat.reshape(*shape, LANES), -1, 0)


@pytest.mark.parametrize("n", [1, 4, 13])
def test_corrections_and_tangents_are_numpys_whatever_rows_change_places(n: int) -> None:
    """Some lanes hold random matrices, some permutations of rows, whose every pivot lies elsewhere, one a singular one."""
    random = np.random.default_rng(n)
    matrices = random.normal(size=(LANES, n + 1, n + 1))
    for lane in range(0, LANES, 2):
        matrices[lane] = np.eye(n + 1)[random.permutation(n + 1)] * random.choice([-2.0, 0.5], n + 1)
    matrices[5, :, 0] = 0.0
    residual, tangent = random.normal(size=(2, LANES, n + 1))
    system = make_bordered(n)
    system.jacobian[:] = np.moveaxis(matrices, 0, -1).ravel()
    system.tangent[:] = tangent.T.ravel()
    system.wanted[:] = 1.0
    work_out(Table(system), np.ascontiguousarray(residual[:, :n].T).ravel(), n)
    np.testing.assert_array_equal(system.sign, np.sign(np.where(np.arange(LANES) == 5, 0.0, np.linalg.det(matrices))))
    for lane in set(range(LANES)) - {5}:
        onward = np.linalg.solve(matrices[lane], np.eye(n + 1)[n])
        np.testing.assert_allclose(by_lane(system.onward, n + 1)[lane], onward, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose([system.length[lane], system.along[lane]], [onward @ onward, onward @ tangent[lane]], rtol=1e-9, atol=1e-10)
        correction = np.linalg.solve(matrices[lane], [*residual[lane, :n], 0.0])
        np.testing.assert_allclose(by_lane(system.correction, n + 1)[lane], correction, rtol=1e-9, atol=1e-10)
        np.testing.assert_allclose(system.size[lane], correction @ correction, rtol=1e-9)


def test_lanes_that_want_no_factors_keep_theirs() -> None:
    n, random = 3, np.random.default_rng(1)
    old, new = random.normal(size=(2, LANES, n + 1, n + 1))
    residual = random.normal(size=(LANES, n))
    system = make_bordered(n)
    kept = np.arange(LANES) % 3 == 0
    for matrices, wanted in ((old, np.ones(LANES)), (new, np.where(kept, 0.0, 1.0))):
        system.jacobian[:] = np.moveaxis(matrices, 0, -1).ravel()
        system.wanted[:] = wanted
        work_out(Table(system), np.ascontiguousarray(residual.T).ravel(), n)
    for lane in range(LANES):
        expected = np.linalg.solve((old if kept[lane] else new)[lane], [*residual[lane], 0.0])
        np.testing.assert_allclose(by_lane(system.correction, n + 1)[lane], expected, rtol=1e-9, atol=1e-10)
