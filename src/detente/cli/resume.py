"""`detente resume RUN`: go on with a run that was cut short."""

from __future__ import annotations

from pathlib import Path

import click

from detente.cli.options import Task, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import Run


@click.command("resume", cls=Task)
@click.argument("run", metavar="RUN", type=Run())
@threads
@setting("--json", "as_json", is_flag=True, help="Print result.json instead of the page.")
@spoken
@click.pass_obj
def command(session: Session, run: Path, threads: int | None, as_json: bool, quiet: bool) -> None:
    """Go on with a run from its last finished chunk; the result is the one that it would have had. A finished run is shown.

    \b
    Example:  detente resume runs/b21
    """
    from detente.cli.output import deliver
    from detente.cli.progress import Bar
    from detente.ensemble import resume

    session.run, session.keeps = run, True
    with Bar(not quiet) as bar:
        assessment = resume(run, threads=threads, progress=bar)
    deliver(assessment, as_json=as_json, folder=run, quiet=quiet)
