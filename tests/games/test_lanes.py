"""Functions of sixteen numbers at once against NumPy's."""

import numpy as np

from detente.games._elementary import NEVER, exponential, logarithm
from detente.games._lanes import LANES, load, store
from detente.games.kernels import entry


@entry
def both(x: np.ndarray, exponentials: np.ndarray, logarithms: np.ndarray) -> None:
    for i in range(x.shape[0] // 16):
        store(exponentials, i, exponential(load(x, i)))
        store(logarithms, i, logarithm(load(x, i)))


def results(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    padded = np.resize(x, -(-len(x) // LANES) * LANES)
    found = np.zeros((2, len(padded)))
    both(padded, *found)
    return found[0, : len(x)], found[1, : len(x)]


def test_exponentials_are_right_to_two_units_in_the_last_place() -> None:
    x = np.concatenate([np.linspace(-699.9, 699.9, 100_001), np.geomspace(1e-300, 1.0, 1000), -np.geomspace(1e-300, 1.0, 1000), [0.0]])
    found, _ = results(x)
    np.testing.assert_allclose(found, np.exp(x), rtol=2 * np.finfo(float).eps, atol=0)
    assert found[-1] == 1.0


def test_logarithms_are_right_to_two_units_in_the_last_place() -> None:
    x = np.concatenate([np.geomspace(1e-307, 1e307, 100_001), 1.0 + np.linspace(-0.5, 0.5, 10_001), [1.0]])
    _, found = results(x)
    np.testing.assert_allclose(found, np.log(x), rtol=3 * np.finfo(float).eps, atol=0)
    assert found[-1] == 0.0


def test_what_cannot_be_is_zero_or_never_and_nonsense_is_passed_on() -> None:
    exponentials, logarithms = results(np.array([-701.0, -1e30, -np.inf, 0.0, np.nan]))
    assert (exponentials[:3] == 0.0).all()
    assert logarithms[3] == NEVER
    assert np.isnan(exponentials[4])
