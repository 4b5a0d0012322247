"""Options that the commands share, and the words that they accept. `DETENTE_NAME` in the environment sets the default of `--name`.

A wrong word is noted, not raised, so that all of them are told at once before the command begins.
"""

from __future__ import annotations

import glob
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from detente.errors import InvalidInput, Problem

Function = TypeVar("Function", bound=Callable[..., Any])

DRAWS = 16_384
MOST_DRAWS = 100_000_000
MOST_YEARS = 100.0


@dataclass
class Session:
    """What lives as long as the command: problems with its words, and the folder in which an interrupted run could go on."""

    problems: list[Problem] = field(default_factory=list)
    run: Path | None = None


class Task(click.Command):
    """A command that begins only when all its words were understood."""

    def invoke(self, ctx: click.Context) -> Any:
        if isinstance(ctx.obj, Session) and ctx.obj.problems:
            raise InvalidInput(ctx.obj.problems)
        return super().invoke(ctx)


if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType


class Word(_Type):
    """A word of the command line; subclasses say how it is read."""

    def read(self, text: str) -> Any:
        """The value of a word.

        Raises
        ------
        ValueError
            With `what`, `why` and `remedy`.
        """
        raise NotImplementedError

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip())
        except ValueError as error:
            problem = Problem(_place(param, ctx) if param is not None else self.name, *map(str, error.args))
            if ctx is None or not isinstance(ctx.obj, Session):
                raise InvalidInput(problem) from None
            ctx.obj.problems.append(problem)
            return None


def _place(param: click.Parameter, ctx: click.Context | None) -> str:
    """Where a word stands: an option, an argument, or a variable of the environment."""
    if ctx is not None and param.name and ctx.get_parameter_source(param.name) is ParameterSource.ENVIRONMENT:
        return str(param.envvar)
    return param.human_readable_name.strip("[]") if isinstance(param, click.Argument) else max(param.opts, key=len)


class OneOf(Word):
    """One of some words."""

    def __init__(self, what: str, words: Sequence[str]) -> None:
        self.what, self.words, self.name = what, tuple(words), "|".join(words)

    def read(self, text: str) -> str:
        if text in self.words:
            return text
        near = get_close_matches(text, self.words, n=1)
        raise ValueError(f"there is no {self.what} {text!r}", "", f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(self.words)}")

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]


class Day(Word):
    """A date: YYYY-MM-DD, or a month or year, which stands for its first day."""

    name = "date"

    def read(self, text: str) -> date:
        from detente.document import first_day

        try:
            return first_day(text)
        except ValueError as error:
            what, _, remedy = str(error).partition("; ")
            raise ValueError(what, "", remedy or "give a day that exists, such as 2021-01-29") from None


class Count(Word):
    """A whole number from `least` to `most`; `1e6` is accepted."""

    name = "number"

    def __init__(self, what: str, least: int, most: int) -> None:
        self.what, self.least, self.most = what, least, most

    def read(self, text: str) -> int:
        try:
            number = float(text) if "e" in text.lower() else int(text)
        except ValueError:
            raise ValueError(f"{text!r} is no {self.what}", "", f"give a whole number such as {max(self.least, 1)} or 1e4") from None
        if number != number or number in (float("inf"), float("-inf")) or number != int(number):
            raise ValueError(f"{text!r} is no {self.what}", "it is not whole", "give a whole number")
        if not self.least <= number <= self.most:
            raise ValueError(f"{text} is no {self.what}", f"it lies outside {self.least:,} to {self.most:,}", "give one that lies within")
        return int(number)


class Years(Word):
    """A span of years."""

    name = "years"

    def read(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"{text!r} is no number of years", "", "give a number such as 10 or 2.5") from None
        if not 0 < number <= MOST_YEARS:
            raise ValueError(
                f"{text} is no number of years", f"a horizon is above 0 and at most {MOST_YEARS:g} years", "give one that lies within"
            )
        return number


class Position(Word):
    """A switch and where it stands: `NAME=on` or `NAME=off`."""

    name = "name=on|off"

    def read(self, text: str) -> tuple[str, bool]:
        name, equals, state = text.partition("=")
        if not equals or not name.strip() or state.strip() not in ("on", "off"):
            raise ValueError(f"{text!r} sets no switch", "", "write NAME=on or NAME=off")
        return name.strip(), state.strip() == "on"


def scenarios(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Completions of SCENARIO: shipped names that can be assessed, .yaml files, and whatever the shell itself finds."""
    shipped = sorted((resources.files("detente.library") / "scenarios").iterdir(), key=lambda entry: entry.name)
    names = [entry.name.removesuffix(".yaml") for entry in shipped if "\nas_of:" in entry.read_text(encoding="utf-8")]
    files = sorted(map(str, Path().glob(f"{glob.escape(incomplete)}*.yaml"))) if not Path(incomplete).is_absolute() else []
    # The shell's own completion comes first: in Bash it drops what stands before it.
    return [CompletionItem(incomplete, type="file"), *(CompletionItem(name) for name in (*names, *files) if name.startswith(incomplete))]


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


def drawn(function: Function) -> Function:
    """Options that change how the question is computed."""
    return _apply(
        function,
        (
            setting(
                "--draws", type=Count("number of draws", 1, MOST_DRAWS), metavar="N", help=f"Draws; 1e6 is accepted.  [default: {DRAWS}]"
            ),
            setting("--seed", type=Count("seed", 0, 2**63 - 1), metavar="N", help="Seed of the draws.  [default: 1]"),
        ),
    )


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
            setting("--debug", is_flag=True, help="Show the traceback of an error."),
        ),
    )


class _StandardError(logging.Handler):
    """The log on whatever standard error is now: a progress bar replaces it while it is shown."""

    def emit(self, record: logging.LogRecord) -> None:
        print(f"detente: {record.getMessage()}", file=sys.stderr)


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
