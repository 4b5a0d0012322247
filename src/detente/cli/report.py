"""`detente report SCENARIO|RUN -o FILE`: a report that one can send."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from detente.cli.options import Task, asked, drawn, listen, path_text, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import OneOf, Place, Source

STANDARDS = ("phia", "icd203", "kent")


@click.command("report", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@click.option("-o", "--out", required=True, type=Place(), metavar="FILE", help="The HTML file to write.")
@setting(
    "--standard", type=OneOf("standard", STANDARDS), metavar="|".join(STANDARDS), default="phia", show_default=True,
    help="What words such as \"unlikely\" mean: the yardstick of the UK's PHIA, US ICD 203, or Kent 1964.",
)  # fmt: skip
@asked
@drawn
@threads
@spoken
@click.pass_obj
def command(
    session: Session,
    source: str,
    out: Path,
    standard: str,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    quiet: bool,
    verbose: int,
    debug: bool,
) -> None:
    """Write a report that one can send: one HTML file with pictures, tables and sources, which opens anywhere and asks for nothing from outside.

    A scenario is assessed first.

    \b
    Example:  detente report baltic-2021 -o report.html
              detente report runs/b21 -o report.html --standard icd203
    """
    listen(verbose, quiet)
    from detente.cli.question import assessed
    from detente.report.bundle import bundle
    from detente.report.place import writable

    # Found out before a minute of work, not after it.
    bundle()
    writable(out)
    found = assessed(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed, threads=threads, quiet=quiet)
    from detente.report import write

    write(found, out, words=standard)
    if not quiet:
        click.echo(f"Written: {path_text(out)} ({out.stat().st_size / 1e3:,.0f} kB)", err=True)
