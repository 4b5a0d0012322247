"""A progress bar on standard error for anything that takes longer than a second; nothing where standard error is no terminal."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE = 1.0


class Bar:
    """Called with (done, of, what); shows itself once a second has passed.

    Parameters
    ----------
    shown : bool
        Whether a bar may be shown at all.
    """

    def __init__(self, shown: bool) -> None:
        self.shown = shown and sys.stderr.isatty()
        self.since = monotonic()
        self.progress: Progress | None = None
        self.task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.progress is not None:
            self.progress.stop()

    def __call__(self, done: int, of: int, what: str) -> None:
        if not self.shown:
            return
        if self.progress is None:
            # What is said before the first draw (compiling) takes long, so it does not wait for the second to pass.
            if done and monotonic() - self.since < PATIENCE:
                return
            self._start()
        if self.progress is not None and self.task is not None:
            self.progress.update(self.task, completed=done, total=of, description=what)

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self.progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.progress.add_task("", total=None)
        self.progress.start()
