"""Threads: how many there are, and in which order they finish, changes no bit. (Trap 18)"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np
import pytest

from detente.games import threads as games_threads
from detente.ladder import Ladder, Piece, lay_out, prospects, simulate, solve, values_of


class Shuffled:
    """An executor that runs what it was given in random order, when the first result is wanted."""

    def __init__(self, _: int) -> None:
        self.waiting: list[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]]] = []

    def __enter__(self) -> Shuffled:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def submit(self, call: Callable[..., Any], *arguments: Any) -> Future[Any]:
        executor = self

        class Waiting(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                executor.run()
                return super().result(timeout)

        future = Waiting()
        self.waiting.append((future, call, arguments))
        return future

    def run(self) -> None:
        order = np.random.default_rng(len(self.waiting)).permutation(len(self.waiting))
        waiting, self.waiting = self.waiting, []
        for future, call, arguments in [waiting[k] for k in order]:
            future.set_result(call(*arguments))


def everything(ladder: Ladder, threads: int) -> list[np.ndarray[Any, Any]]:
    plan = lay_out(ladder)
    found = solve(plan, values_of(plan, segments=2), threads=threads)
    ahead = prospects(found, [Piece(0, 1.0, 0), Piece(1, 4.0, 1)], threads=threads)
    played = simulate(found, [Piece(0, 1.0, 0), Piece(1, 4.0, 1)], 3000, threads=threads)
    return [found.unknown, found.rates, found.best_rates, ahead.reach, ahead.years, ahead.onward_joint, ahead.pathways, played.time, played.arc]


def test_neither_the_number_of_threads_nor_their_order_changes_a_bit(make_ladder: Callable[..., Ladder], monkeypatch: pytest.MonkeyPatch) -> None:
    """1,100 draws on one thread, two and four, and with blocks that finish in any order."""
    ladder = make_ladder(7, 1100, levels=4, precision=1.0, segments=2)
    alone = everything(ladder, 1)
    for threads in (2, 4):
        assert all(np.array_equal(a, b) for a, b in zip(alone, everything(ladder, threads), strict=True))
    monkeypatch.setattr(games_threads, "ThreadPoolExecutor", Shuffled)
    assert all(np.array_equal(a, b) for a, b in zip(alone, everything(ladder, 3), strict=True))
