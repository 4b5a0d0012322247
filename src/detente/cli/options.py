"""Options that the commands share. `DETENTE_NAME` in the environment sets the default of `--name`."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from detente.cli.session import Session
from detente.cli.words import MOST_DRAWS, Count, Day, Position, Years, is_run
from detente.errors import InvalidInput, Problem

Function = TypeVar("Function", bound=Callable[..., Any])

DRAWS = 16_384


class Task(click.Command):
    """A command that begins only when all its words were understood, and tells problems with what it was given by the names of its options."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def invoke(self, ctx: click.Context) -> Any:
        if isinstance(ctx.obj, Session) and ctx.obj.problems:
            raise InvalidInput(ctx.obj.problems)
        if ctx.params.get("quiet") and ctx.params.get("verbose"):
            typed = {name for name in ("quiet", "verbose") if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
            if len(typed) == 2:
                raise InvalidInput(Problem("--quiet", "it stands beside --verbose", "one says less, the other more", "drop one"))
            # What is typed counts more than the environment.
            ctx.params |= {"quiet": False} if typed == {"verbose"} else {"verbose": 0}
        listen(ctx.params.pop("verbose"), ctx.params["quiet"])
        try:
            return super().invoke(ctx)
        except InvalidInput as error:
            names = {param.name: max(param.opts, key=len) for param in self.params if isinstance(param, click.Option)} | {"horizon_years": "--horizon"}
            given = set(map(str, ctx.params.values()))
            # A file may bear the name of an option.
            told = [replace(each, where=names[each.where]) if each.where in names and each.where not in given else each for each in error.problems]
            raise InvalidInput(told) from error.__cause__


def setting(*names: str, **attributes: Any) -> Callable[[Function], Function]:
    """An option whose default may come from the environment."""
    long = next(name for name in names if name.startswith("--"))
    return click.option(*names, envvar=f"DETENTE_{long[2:].replace('-', '_').upper()}", **attributes)


def _apply(function: Function, options: tuple[Callable[[Function], Function], ...]) -> Function:
    for option in reversed(options):
        function = option(function)
    return function


def asked(function: Function) -> Function:
    """Options that change the question: what was known, how far ahead, which parts of the model are on."""
    return _apply(
        function,
        (
            setting(
                "--as-of", type=Day(), metavar="DATE", help="Use only what was known on that day (YYYY-MM-DD).  [default: the scenario's]"
            ),
            setting("--horizon", type=Years(), metavar="YEARS", help="Years to look ahead.  [default: the scenario's]"),
            setting(
                "--switch",
                type=Position(),
                multiple=True,
                metavar="NAME=on|off",
                help="Turn a part of the model on or off; may be repeated.",
            ),
        ),
    )


def sampled(default: int, told: str, least: int = 1) -> Callable[[Function], Function]:
    """Options that change how a question is computed: draws, of which `told` says what they are, and their seed."""
    draws = setting("--draws", type=Count("number of draws", least, MOST_DRAWS), metavar="N", help=f"{told}  [default: {default}]")
    seed = setting("--seed", type=Count("seed", 0, 2**63 - 1), metavar="N", help="Seed of the draws.  [default: 1]")
    return lambda function: _apply(function, (draws, seed))


def drawn(function: Function) -> Function:
    """Draws of a scenario and their seed."""
    return sampled(DRAWS, "Draws; 1e6 is accepted.")(function)


def threads(function: Function) -> Function:
    """How many threads to use: it changes the time, never the result."""
    told = "Threads to use; results do not depend on it.  [default: all]"
    return setting("--threads", type=Count("number of threads", 1, 4096), metavar="N", help=told)(function)


def spoken(function: Function) -> Function:
    """Options on what is told."""
    return _apply(
        function,
        (
            setting("--quiet", is_flag=True, help="No progress, no remarks."),
            click.option("-v", "--verbose", count=True, envvar="DETENTE_VERBOSE", help="Say what is done; -vv says more."),
            setting("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error."),
        ),
    )


class _StandardError(logging.Handler):
    """The log on whatever standard error is now: a progress bar replaces it while it is shown."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"detente: {record.getMessage()}", file=sys.stderr)


def is_typed(name: str) -> bool:
    """Whether an option of the running command stands on the command line; one from the environment is a default."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def refuse_for_run(*names: str) -> None:
    """Refuse options of a question for a run, which has its own.

    Raises
    ------
    InvalidInput
    """
    given = [f"--{name.replace('_', '-')}" for name in names if is_typed(name)]
    if given:
        raise InvalidInput([Problem(option, "a run has its own", "it was made with it", "leave it out, or name the scenario") for option in given])


def question(
    source: str, *, as_of: date | None, horizon: float | None, switch: tuple[tuple[str, bool], ...], draws: int | None, seed: int | None,
    default: int = DRAWS, of_run: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Options as the library takes them; a run has its own, but for the number of its first draws where `of_run`.

    Raises
    ------
    InvalidInput
        If options of a question are given for a run, or a switch is set both on and off.
    """
    count = {"draws": draws if draws is not None else default}
    if is_run(source):
        refuse_for_run("as_of", "horizon", "switch", *(() if of_run else ("draws",)), "seed")
        return count if of_run else {}
    return {**count, "as_of": as_of, "horizon_years": horizon, "switches": positions(switch), "seed": seed if seed is not None else 1}


def listen(verbose: int, quiet: bool) -> None:
    """Send the log to standard error: warnings, with `-v` what is done, with `-vv` everything; with `--quiet` errors alone."""
    logger = logging.getLogger("detente")
    level = logging.ERROR if quiet else {0: logging.WARNING, 1: logging.INFO}.get(verbose, logging.DEBUG)
    handler = next((each for each in logger.handlers if isinstance(each, _StandardError)), None) or _StandardError()
    # The level stands on the handler: a run folder keeps its own log, whatever is said here.
    handler.setLevel(level)
    logger.setLevel(level)
    logger.addHandler(handler)


def positions(pairs: tuple[tuple[str, bool], ...]) -> dict[str, bool]:
    """Switch positions as a mapping.

    Raises
    ------
    InvalidInput
        If a switch is set both on and off.
    """
    table: dict[str, bool] = {}
    for name, on in pairs:
        if table.setdefault(name, on) != on:
            raise InvalidInput(Problem("--switch", f"{name!r} is set on and off", "it cannot be both", "give it once"))
    return table


def path_text(path: Path) -> str:
    """A path as one word of a command line."""
    import shlex

    return shlex.quote(str(path))
