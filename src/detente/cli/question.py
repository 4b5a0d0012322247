"""The answer to a question that is stated by words: a run that was kept, or a scenario that is assessed now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from detente.cli.options import DRAWS, positions, refuse_for_run
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

    if is_run(source):
        refuse_for_run("as_of", "horizon", "switch", "draws", "seed")
        return Assessment.load(source)
    with Bar(not quiet) as bar:
        return assess(
            source,
            as_of=as_of,
            draws=draws if draws is not None else DRAWS,
            seed=seed if seed is not None else 1,
            horizon_years=horizon,
            switches=positions(switch),
            threads=threads,
            progress=bar,
        )
