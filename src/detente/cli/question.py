"""The answer to a question that is stated by words: a run that was kept, or a scenario that is assessed now."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from detente.cli.options import DRAWS, positions
from detente.cli.progress import Bar
from detente.errors import InvalidInput, Problem

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


def is_run(source: str) -> bool:
    """Whether a word names a run folder."""
    return (Path(source) / "manifest.json").is_file()


def refuse_for_run(*names: str) -> None:
    """Refuse options that a run has of its own; those that come from the environment are defaults and do not count.

    Raises
    ------
    InvalidInput
    """
    given = [name for name in names if is_typed(name)]
    if given:
        raise InvalidInput(
            [Problem(f"--{name.replace('_', '-')}", "a run has its own", "it was made with it", "leave it out, or name the scenario") for name in given]
        )


def is_typed(name: str) -> bool:
    """Whether an option of the running command stands on the command line."""
    context: Any = click.get_current_context()
    return bool(context.get_parameter_source(name) is ParameterSource.COMMANDLINE)
