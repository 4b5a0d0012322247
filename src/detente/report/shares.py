"""What matters, quantities seen together: Sobol indices with intervals, and how much rests on evidence, beside the twin with judgements twice as wide.

Every share is that of `detente.insight.sensitivity` from two blocks of new draws under the priors, of the variance of log-odds.
"""

from __future__ import annotations

import re
from typing import Any

from detente.insight.estimates import Estimate
from detente.insight.moved import Moved, Sensitivity, in_order
from detente.report.names import Called, capital
from detente.report.tables import Cell, Panel, Table, rows

MOST = 12  # quantities in the picture and the table, beside all others together
GRADES = {"evidence": "measured or published"}


def shares_panel(found: Sensitivity | None, called: Called) -> Panel | None:
    """The panel of indices; None where no blocks were drawn."""
    if found is None or not found.block:
        return None
    told = {outcome_title(called, name): moved for name, moved in found.moved.items()}
    text = [
        "Which share of the variance of each outcome comes from a quantity alone, and which in all, together with others? If all others together bring "
        f"little, nothing was overlooked. Two blocks of {found.block:,} draws under the stated distributions, mixed: {found.evaluations:,} evaluations"
        + (", in which history weighs no draw." if found.assessment.history is not None else "."),
        "A share that rests on evidence is only as good as the widths that were stated: a judgement that is stated too narrowly makes evidence look strong. "
        "So the same is told with every judgement twice as wide.",
        *([f"There is no such twin: {found.no_twin}."] if found.no_twin else []),
    ]
    data = {"outcomes": [{"title": title, "bars": _bars(found, moved), "rests": _rests(moved)} for title, moved in told.items()]}
    caption = (
        "Share of the variance of the log-odds of the chosen outcome, in per cent: in all (bar, with its 95 % interval) and alone (mark); below, the shares by "
        "what quantities rest on."
    )
    return Panel("shares", "What matters together", "analyst", tuple(text), caption, data, (_indices(found, told), _evidence(told)))


def outcome_title(called: Called, name: str) -> str:
    """An outcome by the titles of what it speaks of; a measure that is more than one question as it was asked."""
    found = re.fullmatch(r"(reach|onward)\(([\w|]+)\)", name)
    if found is None:
        return name
    if found[1] == "reach":
        return called.title(found[2])
    a, b = called.pair(found[2])
    return f"{a} goes on to {b}"


def _indices(found: Sensitivity, told: dict[str, Moved]) -> Table:
    cells: list[tuple[Cell | str, ...]] = []
    for title, moved in told.items():
        assert moved.sobol is not None  # there are blocks
        for name in _shown(found, moved):
            cells.append((title, _title(found, name), found.grade(name), estimated(moved.sobol.first[name]), estimated(moved.sobol.total[name])))
        cells.append((title, "no quantity alone", "", estimated(moved.sobol.rest), Cell("")))
    head = ("outcome", "quantity", "evidence", "alone, %", "in all, %")
    return Table("sobol", "Shares of variance: first-order and total indices, with 95 % intervals", head, "<<<>>", rows(cells), searched=True)


def _evidence(told: dict[str, Moved]) -> Table:
    cells: list[tuple[Cell | str, ...]] = []
    for title, moved in told.items():
        assert moved.evidence is not None
        for grade, share in sorted(moved.evidence.effects.items(), key=lambda pair: -pair[1].value):
            wider = Cell("") if moved.doubled is None else estimated(moved.doubled.effects[grade])
            cells.append((title, GRADES.get(grade, grade), estimated(share), wider))
    head = ("outcome", "rests on", "share, %", "with judgements twice as wide, %")
    return Table("rests", "Shares of variance by what quantities rest on, with 95 % intervals", head, "<<>>", rows(cells))


def estimated(share: Estimate) -> Cell:
    """A share with its interval; one that is not told from 0 keeps its number in full."""
    return Cell(share.short, share.value)


def _title(found: Sensitivity, name: str) -> Cell:
    members = found.groups.get(name, (name,))
    title = capital(found.title(name))
    known = found.assessment.model.scenario.quantities
    return Cell(title, target=f"quantity-{members[0]}") if len(members) == 1 and members[0] in known else Cell(title)


def _shown(found: Sensitivity, moved: Moved) -> list[str]:
    """Quantities by what they bring in all; all others stand last, whatever they bring, so that nobody takes them for one quantity."""
    assert moved.sobol is not None
    order = in_order(moved.sobol)
    rest = [name for name in order if found.is_rest(name)]
    return [*[name for name in order if name not in rest][:MOST], *rest]


def _bars(found: Sensitivity, moved: Moved) -> list[dict[str, Any]]:
    assert moved.sobol is not None
    first, total = moved.sobol.first, moved.sobol.total
    return [
        {
            "title": capital(found.title(name)), "rest": found.is_rest(name), "alone": _within(first[name].value), "all": _within(total[name].value),
            "low": _within(total[name].low), "high": _within(total[name].high), "text": total[name].short,
        }
        for name in _shown(found, moved)
    ]  # fmt: skip


def _rests(moved: Moved) -> list[dict[str, Any]]:
    told = [("as stated", moved.evidence), ("judgements twice as wide", moved.doubled)]
    return [{"title": title, "parts": [_part(grade, share) for grade, share in each.effects.items()]} for title, each in told if each is not None]


def _part(grade: str, share: Estimate) -> dict[str, Any]:
    return {"title": GRADES.get(grade, grade), "share": _within(share.value), "text": share.short}


def _within(share: float) -> float:
    """A share as it is drawn: by chance an estimate may lie below 0 or above 1."""
    return min(max(share, 0.0), 1.0)
