"""The answer to a question that is stated by words: a run that was kept, or a scenario that is assessed now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from detente.cli.options import question
from detente.cli.progress import Bar
from detente.cli.words import is_run

if TYPE_CHECKING:
    from detente.ensemble import Assessment


def assessed(
    source: str,
    *,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    quiet: bool,
) -> Assessment:
    """Read a finished run, or assess a scenario with these options.

    Raises
    ------
    InvalidInput
        If the options of a question are given for a run, which has its own.
    """
    from detente.ensemble import Assessment, assess

    asked_for = question(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed)
    if is_run(source):
        return Assessment.load(source)
    with Bar(not quiet) as bar:
        return assess(source, threads=threads, progress=bar, **asked_for)
