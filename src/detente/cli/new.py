"""`detente new NAME`: a small scenario to start from, which runs as it is."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import click

from detente.cli.options import Task, spoken
from detente.cli.schema import USUAL, is_schema
from detente.errors import InvalidInput, Problem

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")


@click.command("new", cls=Task)
@click.argument("name", metavar="NAME")
@spoken
def command(name: str, quiet: bool) -> None:
    """Write ./NAME.yaml: a small scenario with comments, which runs as it is. If the schema lies beside it (`detente schema`), its first line tells editors.

    \b
    Example:  detente new border
              detente assess border.yaml
    """
    path = target(name)
    text = (resources.files("detente.cli") / "template.yaml").read_text(encoding="utf-8").replace("NAME", name)
    if is_schema(Path(USUAL)):
        text = f"# yaml-language-server: $schema={USUAL}\n{text}"
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise InvalidInput(
            Problem(str(path), "the file exists", "nothing is overwritten", "choose another name, or move the file away")
        ) from None
    if not quiet:
        click.echo(f"wrote {path}; now: detente assess {path}", err=True)


def target(name: str) -> Path:
    """The file that a name stands for.

    Raises
    ------
    InvalidInput
        If the name is no plain name, or is that of a shipped scenario.
    """
    if not _NAME.fullmatch(name):
        what, why = f"{name!r} cannot name a scenario", "a name is letters, digits, - and _; the file is written here, as NAME.yaml"
        raise InvalidInput(Problem("NAME", what, why, "give a plain name such as border"))
    if (resources.files("detente.library") / "scenarios" / f"{name}.yaml").is_file():
        raise InvalidInput(
            Problem("NAME", f"{name!r} is a shipped scenario", "two scenarios of one name would be confused", "choose another name")
        )
    return Path(f"{name}.yaml")
