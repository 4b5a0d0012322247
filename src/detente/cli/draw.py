"""`detente draw FILE`: a picture of the game in an .efg file."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.options import Task, spoken
from detente.cli.words import Place


@click.command("draw", cls=Task)
@click.argument("file", metavar="FILE", type=Place())
@spoken
def command(file: Path, quiet: bool) -> None:
    """Print the tree of the game in FILE (Gambit's .efg) as an SVG picture, with players, actions, chances, payoffs, and information sets as dashed joins.

    \b
    Example:  detente draw mine.efg > tree.svg
    """
    from detente.games import load

    # SVG is UTF-8, whatever the terminal speaks.
    click.echo(load(file).draw().svg.encode(), nl=False)
