"""Kernels that other kernels call are compiled as parts of those, once."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from numba.core.codegen import JITCodeLibrary

from detente.games.kernels import OPTIONS, inner

Numbers = np.ndarray[Any, np.dtype[np.float64]]


@inner
def least(numbers: Numbers, first: int) -> Any:
    found = np.inf
    for k in range(first, numbers.shape[0]):
        found = min(found, numbers[k])
    return found


@inner
def both(numbers: Numbers, first: int) -> Any:
    return least(numbers, 0) + least(numbers, first)


def test_parts_are_optimised_and_coded_with_their_caller_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel that calls a kernel that calls a third, once with a constant, is one text to optimise; the third is one part."""
    optimised: list[str] = []
    optimise = JITCodeLibrary._optimize_final_module

    def noted(library: Any) -> None:
        optimised.append(library.name)
        optimise(library)

    monkeypatch.setattr(JITCodeLibrary, "_optimize_final_module", noted)

    @numba.njit(**OPTIONS)
    def kernel(numbers: Numbers, first: int) -> Any:
        return both(numbers, first) + least(numbers, first)

    assert kernel(np.array([1.0, 5.0, 3.0]), 1) == 1.0 + 3.0 + 3.0
    # Numba makes its own run time once, with whatever is compiled first.
    assert len([name for name in optimised if name != "nrt"]) == 1, optimised
    assert len(least.overloads) == len(both.overloads) == 1


def test_functions_of_others_are_compiled_as_ever() -> None:
    """Outside the parts, what Numba compiles is code that Python can call."""

    @numba.njit
    def twice(x: float) -> float:
        return 2.0 * x

    @numba.njit
    def four_times(x: float) -> float:
        return twice(twice(x))

    assert four_times(1.5) == 6.0 and twice(1.5) == 3.0
