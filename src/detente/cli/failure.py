"""How a failure is told and which exit status it has.

0 done; 1 the model could not answer; 2 wrong input or usage; 3 an optional part is missing; 130 interrupted. Every problem is one line on
standard error, `where: what; why; remedy`; all of them are told at once. A traceback is shown only with `--debug`.
"""

from __future__ import annotations

import errno
import shlex
import sys
import traceback

import click

from detente.cli.session import Session
from detente.cli.words import is_run, place
from detente.errors import DetenteError, InvalidInput, Problem

NO_ANSWER = 1
WRONG_INPUT = 2
INTERRUPTED = 130
REMEDIES = {
    errno.ENOENT: "check the path, or make the folder first",
    errno.ENOTDIR: "check the path",
    errno.ENOSPC: "make room and run again",
    errno.EACCES: "change its permissions and run again",
}


def tell(*problems: Problem) -> None:
    """Print problems on standard error, one a line."""
    for problem in problems:
        print(problem, file=sys.stderr)


def usage_problem(error: click.ClickException) -> Problem:
    """A mistake in the command itself as a problem."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "detente"
    help_ = f"see `{command} --help`"
    if isinstance(error, click.exceptions.NoSuchOption):
        near = " or ".join(map(repr, error.possibilities or ()))
        remedy = f"did you mean {near}?" if near else help_ if context is None or context.parent else "options stand behind the command"
        return Problem(command, f"there is no option {error.option_name!r}", "", remedy)
    if isinstance(error, click.BadParameter) and not isinstance(error, click.MissingParameter) and error.param is not None:
        return Problem(place(error.param, context), error.message.rstrip(".").lower(), "", help_)
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return Problem(command, f"{error.param.human_readable_name} is missing", "", help_)
    message = error.format_message().rstrip(".")
    return Problem(command, message[:1].lower() + message[1:], "", help_)


def report(error: BaseException, *, debug: bool, session: Session) -> int:
    """Tell a failure and return its exit status.

    Parameters
    ----------
    debug : bool
        Show the traceback too.
    session : Session
        What the command has met so far.
    """
    if debug:
        traceback.print_exception(error)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        if session.run is not None and is_run(str(session.run)):
            print(f"interrupted; to go on: detente resume {shlex.quote(str(session.run))}", file=sys.stderr)
        else:
            print(f"interrupted; nothing was kept{' (with --out FOLDER a run can be resumed)' if session.keeps else ''}", file=sys.stderr)
        return INTERRUPTED
    if isinstance(error, InvalidInput):
        tell(*error.problems)
        return error.exit_status
    if isinstance(error, DetenteError):
        print(f"detente: {error}", file=sys.stderr)
        return error.exit_status
    if isinstance(error, click.ClickException):
        tell(usage_problem(error))
        return WRONG_INPUT
    if isinstance(error, OSError):
        told = (error.strerror or str(error)).lower()
        remedy = REMEDIES.get(error.errno or 0, "mend it and run again")
        tell(Problem(str(error.filename or "detente"), told, "the system refused it", remedy))
        return WRONG_INPUT
    if isinstance(error, MemoryError):
        tell(Problem("detente", "there is not enough memory", "", "ask for fewer draws"))
        return NO_ANSWER
    told = f"{type(error).__name__}: {error}".splitlines()[0]
    tell(
        Problem("detente", told, "this is a fault of the program, not of your input", "run it again with --debug and report what it prints")
    )
    return NO_ANSWER
