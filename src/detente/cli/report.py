"""`detente report SCENARIO|RUN -o FILE`: a report that one can send."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from detente.cli.options import Task, asked, drawn, path_text, setting, spoken, threads
from detente.cli.session import Session
from detente.cli.words import OneOf, Place, Source
from detente.errors import InvalidInput, Problem

STANDARDS = ("phia", "icd203", "kent")


@click.command("report", cls=Task)
@click.argument("source", metavar="SCENARIO|RUN", type=Source(runs=True))
@setting("-o", "--out", type=Place(), metavar="FILE", help="The HTML file to write.")
@setting("--pdf", type=Place(), metavar="FILE", help="Print the brief to this PDF file, by a Chromium, Chrome or Edge that is installed.")
@setting("--policy", "policies", multiple=True, metavar="NAME", help="Show a policy of the scenario beside it; may be repeated.")
@setting("--claims", is_flag=True, help="Judge the published claims about the scenario that come with the package, and add the verdicts.")
@setting("--sensitivity", is_flag=True, help="Add shares of variance: what quantities do together, and how much rests on evidence; some 35,000 draws more.")
@setting("--sliders", is_flag=True, help="Add sliders for the quantities that matter most; some 60,000 draws more.")
@setting("--map", "borders", type=click.Path(path_type=Path), metavar="FILE.geojson", help="Put forces on this map instead of the shipped one.")
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
    out: Path | None,
    pdf: Path | None,
    policies: tuple[str, ...],
    claims: bool,
    sensitivity: bool,
    sliders: bool,
    borders: Path | None,
    standard: str,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    draws: int | None,
    seed: int | None,
    threads: int | None,
    quiet: bool,
) -> None:
    """Write a report that one can send: one HTML file with pictures, tables and sources, which opens anywhere and asks for nothing from outside.

    A scenario is assessed first.

    \b
    Example:  detente report baltic-2021 -o report.html
              detente report runs/b21 -o report.html --standard icd203
              detente report runs/b21 --pdf brief.pdf
              detente report baltic-2026 -o report.html --policy brigades --policy accommodate
              detente report runs/b21 -o report.html --map region.geojson
    """
    from detente.cli.progress import Bar
    from detente.cli.question import assessed
    from detente.insight import compare, judge_claims
    from detente.insight import sensitivity as share_out
    from detente.report.borders import own_borders
    from detente.report.browser import browser, print_pdf
    from detente.report.bundle import bundle
    from detente.report.place import writable

    # Found out before a minute of work, not after it.
    bundle()
    if out is None and pdf is None:
        raise InvalidInput(Problem("--out", "no file is named", "a report is written to one", "give -o FILE.html, --pdf FILE.pdf, or both"))
    if pdf is not None:
        browser()
    for path in filter(None, (out, pdf)):
        writable(path)
    drawn_on = own_borders(borders) if borders is not None else None
    found = assessed(source, as_of=as_of, horizon=horizon, switch=switch, draws=draws, seed=seed, threads=threads, quiet=quiet)
    from detente.report import payload, promised, respond, to_html

    with Bar(not quiet) as bar:
        beside = [compare(found.model, name, draws=found.draws, seed=found.seed, threads=threads, progress=bar) for name in dict.fromkeys(policies)]
        moved = share_out(found, threads=threads, progress=bar) if sensitivity else None
        response = respond(found, threads=threads, progress=bar) if sliders else None
        judged = judge_claims(found, threads=threads, progress=bar) if claims else None
        promises = promised(found, threads=threads)
    page = to_html(payload(
        found, words=standard, compared=beside, response=response, judged=judged, moved=moved, promises=promises, borders=drawn_on,
    ))  # fmt: skip
    if out is not None:
        out.write_text(page, encoding="utf-8")
    if pdf is not None:
        print_pdf(page, pdf)
    if not quiet:
        for path in filter(None, (out, pdf)):
            click.echo(f"Written: {path_text(path)} ({path.stat().st_size / 1e3:,.0f} kB)", err=True)
