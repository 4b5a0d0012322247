"""`detente games`: the catalogue of classic crisis games."""

from __future__ import annotations

import click

from detente.cli.options import Task, spoken


@click.command("games", cls=Task)
@spoken
def command(quiet: bool) -> None:
    """List the classic crisis games that `detente.games` makes by name: players, who is uncertain, and title.

    \b
    Example:  detente games
    """
    from detente.cli.columns import fitted
    from detente.cli.printing import width
    from detente.games import catalogue

    rows = [(entry.name, ", ".join(entry.players), entry.information, entry.title) for entry in catalogue()]
    for lines in fitted([("name", "players", "information", "title"), *rows], "<<<<", width()):
        for line in lines:
            click.echo(line)
