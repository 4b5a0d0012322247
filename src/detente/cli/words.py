"""The words that options and arguments accept, and what completes them in a shell.

A wrong word is noted, not raised, so that all of them are told at once before the command begins.
"""

from __future__ import annotations

import glob
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from detente.cli.session import Session
from detente.errors import InvalidInput, Problem

# Judgement: a larger number is a slip of the hand. Draws have numbers far beyond (`detente.ensemble.sampling.NUMBERED_DRAWS`).
MOST_DRAWS = 100_000_000
MOST_YEARS = 100.0
MANIFEST = "manifest.json"

if TYPE_CHECKING:
    _Type = click.ParamType[Any]
else:
    _Type = click.ParamType


class Word(_Type, ABC):
    """A word of the command line; subclasses say how it is read."""

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value of a word.

        Raises
        ------
        ValueError
            With `what`, `why` and `remedy`.
        """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return self.read(value.strip())
        except ValueError as error:
            problem = Problem(place(param, ctx) if param is not None else self.name, *map(str, error.args))
            if ctx is None or not isinstance(ctx.obj, Session):
                raise InvalidInput(problem) from None
            ctx.obj.problems.append(problem)
            return None


def place(param: click.Parameter, ctx: click.Context | None) -> str:
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


class Amount(Word):
    """A number from 0."""

    name = "number"

    def __init__(self, what: str) -> None:
        self.what = what

    def read(self, text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            raise ValueError(f"{text!r} is no {self.what}", "", "give a number such as 5 or 0.5") from None
        if not 0 <= number < float("inf"):
            raise ValueError(f"{text} is no {self.what}", "it runs from 0, and infinity is not reached", "give a finite number from 0")
        return number


class Position(Word):
    """A switch and where it stands: `NAME=on` or `NAME=off`."""

    name = "name=on|off"

    def read(self, text: str) -> tuple[str, bool]:
        name, equals, state = text.partition("=")
        if not equals or not name.strip() or state.strip() not in ("on", "off"):
            raise ValueError(f"{text!r} sets no switch", "", "write NAME=on or NAME=off")
        return name.strip(), state.strip() == "on"


class Place(Word):
    """A path; an empty one is refused, for it would mean the folder one is in."""

    name = "path"

    def __init__(self, kind: str = "file") -> None:
        self.kind = kind

    def read(self, text: str) -> Path:
        if not text:
            raise ValueError("it names nothing", "", f"give the path of a {self.kind}")
        return Path(text)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="dir" if self.kind == "folder" else "file")]


class Run(Place):
    """A folder made by `assess --out`."""

    name = "run"

    def __init__(self) -> None:
        super().__init__("folder")

    def read(self, text: str) -> Path:
        path = super().read(text)
        if path.is_file():
            raise ValueError(f"{text} is a file", "a run is a folder that `detente assess --out FOLDER` made", "check the path")
        return path


class Source(Word):
    """A scenario, by shipped name or file; or a run too, where `runs` says so."""

    name = "scenario"

    def __init__(self, *, runs: bool = False) -> None:
        self.runs = runs

    def read(self, text: str) -> str:
        if not text:
            raise ValueError("it names nothing", "", "give a shipped name (`detente list`) or a .yaml file")
        if shipped().get(text) is False:
            whole = ", ".join(name for name, complete in shipped().items() if complete)
            raise ValueError(f"{text!r} is a base that other scenarios extend", "it has no as-of date of its own", f"give one of {whole}")
        if not self.runs and is_run(text):
            raise ValueError(f"{text} is a run", "a scenario is needed", f"give {Path(text) / 'scenario.yaml'}; `detente resume {text}` shows the run")
        return text

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Shipped names that can be assessed, .yaml files, and whatever the shell itself finds."""
        names = [name for name, complete in shipped().items() if complete]
        files = sorted(map(str, Path().glob(f"{glob.escape(incomplete)}*.yaml"))) if not Path(incomplete).is_absolute() else []
        # The shell's own completion comes first: in Bash it drops what stands before it.
        return [CompletionItem(incomplete, type="file"), *(CompletionItem(name) for name in (*names, *files) if name.startswith(incomplete))]


@cache
def shipped() -> dict[str, bool]:
    """Shipped scenarios, and whether each has an as-of date; found without reading YAML, for that takes a while."""
    files = sorted((resources.files("detente.library") / "scenarios").iterdir(), key=lambda entry: entry.name)
    return {entry.name.removesuffix(".yaml"): "\nas_of:" in entry.read_text(encoding="utf-8") for entry in files if entry.name.endswith(".yaml")}


def is_run(word: str) -> bool:
    """Whether a word names a run folder."""
    return (Path(word) / MANIFEST).is_file()
