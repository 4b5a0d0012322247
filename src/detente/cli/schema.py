"""`detente schema [KIND]`: JSON Schema of the file formats, for editors."""

from __future__ import annotations

import json
from pathlib import Path

import click

from detente.cli.options import Task, setting, spoken
from detente.cli.words import OneOf, Place
from detente.errors import InvalidInput, Problem

USUAL = "detente.schema.json"
"""The name under which `detente new` looks for a schema beside the file that it writes."""


@click.command("schema", cls=Task)
@click.argument("kind", metavar="[KIND]", required=False, type=OneOf("kind of file", ("scenario", "record", "policies", "claims")))
@setting("--file", type=Place(), metavar="FILE", help=f"Write it there instead of printing it; `{USUAL}` is the usual name.")
@spoken
def command(kind: str | None, file: Path | None, quiet: bool) -> None:
    """Print the JSON Schema of the files that détente reads, by which an editor completes keys, tells what they mean and marks slips of form.

    KIND is scenario, record, policies or claims; without it all of them, told apart by their first line.

    \b
    Example:  detente schema --file detente.schema.json
              detente new border        (its first line names the schema beside it)
    """
    from detente.exports import json_schema

    text = json.dumps(json_schema(kind), indent=1, ensure_ascii=False) + "\n"
    if file is None:
        click.echo(text, nl=False)
        return
    if file.exists() and not is_schema(file):
        raise InvalidInput(Problem(str(file), "something else is here", "only a schema is overwritten", "choose another name"))
    file.write_text(text, encoding="utf-8", newline="\n")
    if not quiet:
        click.echo(f"wrote {file}", err=True)


def is_schema(file: Path) -> bool:
    """Whether a file is a schema that this command wrote."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and str(data.get("title", "")).startswith("détente ")
