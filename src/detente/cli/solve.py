"""`detente solve FILE`: equilibria of the game in an .efg file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from detente.cli.options import Task, setting, spoken
from detente.cli.words import Amount, Place
from detente.errors import InvalidInput, ModelError, Problem

# Judgement: what takes about a second to search.
MANY_SUPPORTS = 500


@click.command("solve", cls=Task)
@click.argument("file", metavar="FILE", type=Place())
@setting("--precision", type=Amount("precision"), metavar="N", help="Quantal response at this precision, unit 1 / payoff; 0 is choice at random.")
@setting("--equilibria", is_flag=True, help="Perfect Bayesian equilibria, each certified, of a game of up to 12 information sets.")
@setting("--json", "as_json", is_flag=True, help="Print JSON instead of the page.")
@spoken
def command(file: Path, precision: float | None, equilibria: bool, as_json: bool, quiet: bool) -> None:
    """Solve the game in FILE (Gambit's .efg): the logit agent quantal response equilibrium on the principal branch, or the perfect Bayesian equilibria.

    Information sets stand in order of first appearance in the file, for each player. Every answer carries a certificate that is computed from the definition.

    \b
    Example:  detente solve mine.efg --precision 5
              detente solve mine.efg --equilibria
              detente solve mine.efg --precision 5 --json
    """
    if precision is None and not equilibria:
        raise InvalidInput(Problem("--precision", "it is missing", "quantal response needs one", "give a number such as 5, or ask for --equilibria"))
    from detente import games
    from detente.cli.progress import Bar
    from detente.games.equilibria import search_of

    game = games.load(file)
    search = search_of(game) if equilibria else None
    if search and not quiet and search.supports >= MANY_SUPPORTS:
        click.echo(search.size, err=True)
    with Bar(not quiet) as bar:
        # One game takes over a second only where the solver is compiled first.
        bar(0, 0, "compiling")
        response = game.quantal_response(precision) if precision is not None else None
        found = games.equilibria(game, progress=bar) if equilibria else None
    if as_json:
        data: dict[str, Any] = response.to_dict() if response else {}
        if found is not None:
            data["equilibria"] = [each.to_dict() for each in found]
        click.echo(json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1))
    else:
        from detente.cli.printing import show, width
        from detente.cli.solution import told

        show(told(game, response, found, width()))
    if response and not response.converged.all():
        raise ModelError(f"{file}: {games.Status(response.status[0]).message}")
