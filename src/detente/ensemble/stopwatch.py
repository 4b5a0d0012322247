"""Wall time of the steps of a chunk, without the time that went into compiling kernels.

Most kernels are compiled before the first draw, but one that only hard draws need is compiled when the first of them comes up. Numba tells when
it compiles; the outermost spells are summed, whichever thread they fall in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from time import perf_counter
from typing import Any

COMPILING = "numba:compile"


class Stopwatch:
    """Call `lap(step)` at the end of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.compiling = 0.0
        self._began = perf_counter()
        self._lock = Lock()
        self._depth = 0
        self._since = 0.0

    def lap(self, step: str) -> None:
        """End a step."""
        now = perf_counter()
        self.seconds[step] = max(0.0, now - self._began - self.compiling)
        self._began, self.compiling = now, 0.0

    def notice(self, event: Any) -> None:
        """Take note of the start or end of a compilation."""
        with self._lock:
            if event.is_start:
                if self._depth == 0:
                    self._since = perf_counter()
                self._depth += 1
            else:
                self._depth -= 1
                if self._depth == 0:
                    self.compiling += perf_counter() - self._since


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """A stopwatch that listens to the compiler."""
    from numba.core import event

    class Listener(event.Listener):
        def on_start(self, event: Any) -> None:
            watch.notice(event)

        def on_end(self, event: Any) -> None:
            watch.notice(event)

    watch, listener = Stopwatch(), Listener()
    event.register(COMPILING, listener)  # type: ignore[no-untyped-call]
    try:
        yield watch
    finally:
        event.unregister(COMPILING, listener)  # type: ignore[no-untyped-call]
