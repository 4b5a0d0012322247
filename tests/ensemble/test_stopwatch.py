"""Seconds are those of the work, not of the compiler."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest
from numba import njit
from numba.core import event

from detente.ensemble import stopwatch as module
from detente.ensemble.stopwatch import COMPILING, stopwatch

Clock = Callable[[float], None]


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time passes when it is told to."""
    now = [0.0]
    monkeypatch.setattr(module, "perf_counter", lambda: now[0])

    def pass_by(seconds: float) -> None:
        now[0] += seconds

    return pass_by


def test_compiling_is_left_out(wait: Clock) -> None:
    """A function compiled inside another counts once, and only in the step in which it was compiled."""
    with stopwatch() as watch:
        wait(1.0)
        with event.trigger_event(COMPILING):
            wait(8.0)
            with event.trigger_event(COMPILING):
                wait(16.0)
            wait(32.0)
        wait(2.0)
        watch.lap("first")
        wait(4.0)
        watch.lap("second")
    assert watch.seconds == {"first": 3.0, "second": 4.0}


def test_numba_tells_when_it_compiles(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a clock that moves on when it is read, it is read when the outer function's compilation begins and ends, and not for the inner one's."""

    @njit
    def inner(x: float) -> float:
        return x * x

    @njit
    def outer(x: float) -> float:
        return inner(x) + inner(x + 1.0)

    ticks = count()
    monkeypatch.setattr(module, "perf_counter", lambda: float(next(ticks)))
    with stopwatch() as watch:
        assert outer(1.0) == 5.0
        watch.lap("first")
        assert outer(2.0) == 13.0
        watch.lap("second")
    # Read at 0 as the watch begins, at 1 and 2 around the compilation, at 3 and 4 as the steps end.
    assert watch.seconds == {"first": 3.0 - 1.0, "second": 1.0}
