"""Seconds are those of the work, not of the compiler."""

from __future__ import annotations

from time import perf_counter, sleep

from numba import njit

from detente.ensemble.stopwatch import stopwatch


def test_compiling_is_left_out() -> None:
    """A step that compiles a function and sleeps takes as long as the sleep; the function compiled inside counts once."""

    @njit
    def inner(x: float) -> float:
        return x * x

    @njit
    def outer(x: float) -> float:
        return inner(x) + inner(x + 1.0)

    began = perf_counter()
    with stopwatch() as watch:
        outer(1.0)
        sleep(0.05)
        watch.lap("first")
        sleep(0.05)
        watch.lap("second")
    whole = perf_counter() - began
    assert list(watch.seconds) == ["first", "second"]
    assert 0.05 <= watch.seconds["second"] < 0.2
    compiling = whole - sum(watch.seconds.values())
    assert compiling > 0.5 * (whole - 0.1) and watch.seconds["first"] >= 0.05
