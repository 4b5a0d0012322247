"""The program `detente`: its commands, and what happens when one fails.

Click parses the words; this module runs the command, tells every failure in one form and turns it into an exit status.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import click
from click.shell_completion import shell_complete

from detente.cli.completion import VARIABLE
from detente.cli.failure import report
from detente.cli.options import setting
from detente.cli.session import Session
from detente.errors import InvalidInput, Problem

COMMANDS = {
    "alliance": "alliance",
    "assess": "assess",
    "check": "check",
    "cite": "cite",
    "claims": "claims",
    "compare": "compare",
    "completion": "completion",
    "discover": "discover",
    "draw": "draw",
    "explain": "explain",
    "factors": "factors",
    "find-claims": "find_claims",
    "games": "games",
    "list": "listing",
    "new": "new",
    "record": "record",
    "report": "report",
    "resume": "resume",
    "schema": "schema",
    "sensitivity": "sensitivity",
    "solve": "solve",
}


class Program(click.Group):
    """The group of commands; each lives in a module of its own and is imported when it is needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"detente.cli.{COMMANDS[cmd_name]}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, (*COMMANDS, "--help", "--version"), n=1)
            remedy = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(COMMANDS)}"
            raise InvalidInput(Problem(ctx.command_path, f"there is no command {name!r}", "", remedy))
        return super().resolve_command(ctx, args)


def show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from detente import __version__

        click.echo(f"detente {__version__}")
        ctx.exit()


WORDS = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(cls=Program, context_settings=WORDS, no_args_is_help=False, invoke_without_command=True)
@setting("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error; it may stand behind the command too.")
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=show_version, help="Show the version.")
@click.pass_context
def program(ctx: click.Context) -> None:
    """The international security system as a computational model: how an incident could climb to a crisis, a war and nuclear use, with what uncertainty, and
    why.

    SCENARIO is a shipped name (see `detente list`) or a .yaml file. RUN is a folder made by `assess --out`. Every option can be set by an
    environment variable: DETENTE_DRAWS=1024 is the default of --draws.

    \b
    Example:  detente assess baltic-2021 --draws 4096 --out runs/b21
              detente explain runs/b21 --draw 917

    Exit status: 0 done, 1 the model could not answer, 2 wrong input or usage, 3 an optional part is missing, 130 interrupted.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help(), err=True)
        ctx.exit(2)


def run(arguments: Sequence[str], session: Session) -> int:
    """Run a command and return its exit status; failures are raised."""
    try:
        with program.make_context("detente", list(arguments), obj=session) as context:
            status = program.invoke(context)
    except click.exceptions.Exit as leaving:
        status = leaving.exit_code
    sys.stdout.flush()
    return status if isinstance(status, int) else 0


def open_streams() -> None:
    """Let a stream that is closed be the null device: what is written there is not wanted, and no file that is opened later may take its place."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Words after the program's name; those of the process where not given.

    Returns
    -------
    int
        The exit status.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    session = Session()
    open_streams()
    if asked := os.environ.get(VARIABLE):
        return shell_complete(program, {}, "detente", VARIABLE, asked)
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a sign shows `?` rather than failing on a finished result.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        return run(words, session)
    except BrokenPipeError:
        # The reader has seen enough. The stream is closed on a null device, or the interpreter would complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:
        return report(
            error,
            debug="--debug" in words or os.environ.get("DETENTE_DEBUG", "").lower() in ("1", "true", "yes", "on"),
            session=session,
        )
