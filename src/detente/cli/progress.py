"""A progress bar on standard error for anything that takes longer than a second; nothing where standard error is no terminal."""

from __future__ import annotations

import sys
from threading import Lock, Timer
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress

PATIENCE = 1.0
WORDS = {
    "compiling": "compiling (only the first time)",
    "assessing": "draws",
    "beside": "assessing structures, policies and other days beside it",
    "conditioning": "moving draws to where history is likely",
    "searching": "looking for further equilibria",
    "seeking": "profiles of supports tried",
    "mixing": "mixed blocks of draws",
    "tracing": "solving a sample again",
}


class Bar:
    """Called with (done, of, what); shows itself when a second has passed.

    Parameters
    ----------
    wanted : bool
        Whether a bar may be shown at all.
    """

    def __init__(self, wanted: bool) -> None:
        self.wanted = wanted and sys.stderr.isatty()
        self.progress: Progress | None = None
        self.latest = (0, 0, "")
        self.lock = Lock()
        self.timer = Timer(PATIENCE, self._show)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        if self.wanted:
            self.timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.timer.cancel()
        with self.lock:
            self.wanted = False
            if self.progress is not None:
                self.progress.stop()

    def __call__(self, done: int, of: int, what: str) -> None:
        with self.lock:
            self.latest = (done, of, what)
            self._update()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        with self.lock:
            if not self.wanted:
                return
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
            self.progress.add_task("", total=None)
            self._update()
            self.progress.start()

    def _update(self) -> None:
        if self.progress is not None:
            done, of, what = self.latest
            self.progress.update(self.progress.task_ids[0], completed=done, total=of or None, description=WORDS.get(what, what))
