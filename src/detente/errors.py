"""Errors that a user meets, and the problems that they carry.

Every error of the library derives from `DetenteError`. Wrong input is one `InvalidInput` that holds every `Problem` found, each with a
place, what is wrong, why it matters and what to do. The exit statuses of the command line hang on these classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with the input.

    Parameters
    ----------
    where : str
        `file:line:column`, or the argument's name when there is no file.
    what : str
        What is wrong, in one clause.
    why : str
        Why it is not accepted.
    remedy : str
        What to do about it.
    """

    where: str
    what: str
    why: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: " + "; ".join(part for part in (self.what, self.why, self.remedy) if part)


class DetenteError(Exception):
    """Base of every error that the library raises on purpose."""

    exit_status = 1


class InvalidInput(DetenteError):
    """Raised when input is wrong: it holds all the problems found, never only the first."""

    exit_status = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ModelError(DetenteError):
    """Raised when the input is sound but the model could not answer, with what to do about it."""


class MissingExtra(DetenteError):
    """Raised when an optional part is not installed; names the extra that brings it."""

    exit_status = 3
