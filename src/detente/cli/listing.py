"""`detente list`: the scenarios and records that come with the package."""

from __future__ import annotations

import click

from detente.cli.columns import fitted
from detente.cli.options import Task, spoken


@click.command("list", cls=Task)
@spoken
def command(quiet: bool) -> None:
    """List the scenarios and records that come with the package.

    A scenario can be assessed by its name; one that is a base for others cannot, it has no as-of date.

    \b
    Example:  detente list
    """
    from importlib import resources

    from detente.cli.printing import width
    from detente.document import parse

    rows = []
    for kind in ("scenarios", "records"):
        for entry in sorted((resources.files("detente.library") / kind).iterdir(), key=lambda item: item.name):
            if entry.name.endswith(".yaml"):
                data = parse(entry.read_text(encoding="utf-8"), entry.name).data
                what = "record" if kind == "records" else "scenario" if "as_of" in data else "base"
                rows.append((what, entry.name.removesuffix(".yaml"), " ".join(str(data["title"]).split())))
    for lines in fitted(rows, "<<<", width()):
        for line in lines:
            click.echo(line)
