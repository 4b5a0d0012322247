"""Published claims: the verdict first, then the quote, who said it and when, and what one would have to believe for it to hold.

The grade of a speaker moves no verdict. A claim without a verdict says why.
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.insight.estimative import standard
from detente.insight.judgement import Judged, Judgement
from detente.insight.needs import what_it_needs
from detente.report.names import capital
from detente.report.tables import Cell, Panel, Table, part, rows
from detente.report.wording import day, percent, plain

MEANING = (
    "Verdicts are under this model, never “true” or “false”: supported where a claim holds in at least 90 % of the draws in every reading and structure, not "
    "supported where it holds in at most 10 % in all; depends on the model where structures disagree, depends otherwise; borderline where more draws could "
    "tell. Facts are judged by the record alone."
)


def claims_panel(found: Judgement | None, threads: int | None = None) -> Panel | None:
    """The panel of claims; None where none were judged."""
    if found is None:
        return None
    file = found.claims.file
    counted: dict[str, int] = {}
    for each in found.judged:
        counted[each.verdict or "no verdict"] = counted.get(each.verdict or "no verdict", 0) + 1
    text = (
        f"{file.title}. Of {len(found.judged)} claims: {'; '.join(f'{count} {name}' for name, count in counted.items())}.",
        MEANING,
        f"Speakers named no standard for their words; they are read by {standard(file.standard).title}.",
    )
    head = ("verdict", "holds in, % of draws", "claim", "who, when", "kind", "why this verdict", "what it would need")
    cells = [tuple(_cells(found, each, threads)) for each in found.judged]
    table = Table("claims", "Claims", head, "<><<<<<", rows(cells), tuple(f"claim-{each.name}" for each in found.judged), searched=True)
    return Panel("claims", "Published claims", "analyst", text, tables=(table,))


def _cells(found: Judgement, each: Judged, threads: int | None) -> Iterator[Cell | str]:
    claim = each.claim
    told = each.told[each.headline] if each.headline is not None else None
    yield each.verdict or "no verdict"
    yield part(told.share.value) if told is not None and told.share is not None and not claim.by_record else Cell("")
    yield f"{each.name}: “{claim.text}”"
    yield f"{found.claims.file.speakers[claim.speaker].title}, {day(claim.said.day)}"
    yield capital(plain(claim.kind))
    yield each.reason
    yield _needs(found, each, threads)


def _needs(found: Judgement, each: Judged, threads: int | None) -> str:
    """What one would have to believe for the first reading to hold, in a sentence."""
    if each.headline is None or each.claim.by_record or not each.told[each.headline].shares:
        return ""
    told = each.told[each.headline]
    needs = what_it_needs(found.beside, told, each.claim.readings[each.headline].asserts, found.claims.band(each.name, each.headline), threads)
    if not needs.needs:
        return capital(needs.why)
    best = max(needs.needs, key=lambda need: need.box.density)
    return f"{capital(best.words)}. The priors give that {percent(best.box.probability)}; it then holds in {percent(best.box.density)} of draws."
