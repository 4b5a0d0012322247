"""`detente find-claims ARTICLE`: the sentences that claim something, as a draft of a file of claims."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from detente.cli.options import Task, setting, spoken
from detente.cli.words import Day, OneOf, Place

SCALES = ("phia", "icd203", "kent")


@click.command("find-claims", cls=Task)
@click.argument("article", metavar="ARTICLE", type=Place())
@setting("--standard", "scale", type=OneOf("standard", SCALES), default="phia", show_default=True, help="Of the words: phia, icd203 or kent.")
@setting("--scenario", default="baltic-2021", show_default=True, metavar="SCENARIO", help="What the claims are about.")
@setting("--said", type=Day(), metavar="DATE", help="The day on which it was published; to be filled in otherwise.")
@spoken
def command(article: Path, scale: str, scenario: str, said: date | None, quiet: bool) -> None:
    """Find the sentences of ARTICLE, a text in UTF-8, that have a word of estimative probability or say what others say, and print a draft of a file of claims.

    \b
    Example:  detente find-claims article.txt > draft.yaml
    """
    from detente.insight.finding import draft, find_claims, read_article

    found = find_claims(read_article(article), scale)
    click.echo(draft(found, article.name, scenario, scale, said), nl=False)
    if not quiet:
        words = sum(bool(each.terms) for each in found)
        click.echo(f"{len(found)} sentences, {words} of them with a word of the standard", err=True)
