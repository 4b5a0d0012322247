"""`detente cite SCENARIO|RUN`: what a run rests on, to be cited with it."""

from __future__ import annotations

from datetime import date

import click

from detente.cli.options import Task, asked, drawn, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import OneOf, Source

FORMATS = ("text", "bibtex")


@click.command("cite", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting("--format", "form", type=OneOf("format", FORMATS), metavar="|".join(FORMATS), default="text", show_default=True, help="As a page, or as BibTeX.")
@asked
@drawn
@threads
@spoken
@click.pass_obj
def command(
    session: Session,
    source: str,
    form: str,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    quiet: bool,
) -> None:
    """Print what a run rests on: the facts, sources and data sets that it used with their dates and grades, and the methods that it computed by.

    A scenario is assessed first.

    \b
    Example:  detente cite runs/b21
              detente cite baltic-2021 --draws 1024 --format bibtex > baltic.bib
    """
    from detente.cli.question import assessed
    from detente.exports import bibliography, to_bibtex

    found = bibliography(assessed(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed, threads=threads, quiet=quiet))
    if form == "bibtex":
        click.echo(to_bibtex(found), nl=False)
        return
    from detente.cli.printing import show, width
    from detente.cli.references import told

    show(told(found, width()))
