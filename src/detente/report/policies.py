"""Policies side by side: what each changes of every level and of what stands aside, on the same draws.

What lowers a level may raise what stands aside, a peace at the price of the other side's terms: the picture never shows one without the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.insight import Change, Comparison
from detente.report.names import Called
from detente.report.tables import Cell, Panel, Table, part, rows
from detente.report.wording import LEAST, TOO_SMALL, figure, one_in, percent, years


def policies_panel(compared: Sequence[Comparison], called: Called) -> Panel | None:
    """The panel of policies; None where none was asked for."""
    if not compared:
        return None
    shown = [name for name in called.outcomes if all(name in each.changes for each in compared)]
    shown = [name for name in shown if max(max(each.changes[name].baseline, each.changes[name].policy) for each in compared) >= LEAST]
    data = {"least": LEAST, "levels": [_facet(compared, called, name) for name in shown if name in called.levels]}
    data["aside"] = [_facet(compared, called, name) for name in shown if name not in called.levels]
    head = ("policy", "level", "without, %", "with, %", "change, points", "90 % of draws, points", "lower in, % of draws", "higher in, % of draws")
    cells: list[tuple[Cell | str, ...]] = []
    for each in compared:
        title = _what(each)[0]
        for name in called.outcomes:
            if name in each.changes:
                cells.append((title, called.title(name), *_cells(each.changes[name])))
    text = (
        f"Each policy is the scenario with one thing changed, on the same draws: every difference is the policy's own. Reached within "
        f"{years(compared[0].policy.horizon_years)}. A lower level may be bought by yielding, so read it with what stands aside.",
        *(f"{_what(each)[0]}: {_what(each)[1]}" for each in compared),
    )
    caption = "Predictive probability without (hollow) and with the policy (full), in per cent on a logarithmic scale, and in how many draws it is lower."
    table = Table("policies", "Policies: change in percentage points, each draw with the policy less the same draw without", head, "<<>>>>>>", rows(cells))
    return Panel("policies", "Policies side by side", "analyst", text, caption, data if data["levels"] or data["aside"] else None, (table,))


def _what(each: Comparison) -> tuple[str, str]:
    """A policy's title, and what it sets and why."""
    model = each.policy.model
    assert model.applied is not None
    return model.applied.title, f"sets {'; '.join(model.edits[len(model.baseline.edits) :])}. {model.applied.why}"


def _facet(compared: Sequence[Comparison], called: Called, name: str) -> dict[str, Any]:
    """A level as the picture needs it."""
    return {
        "title": called.title(name),
        "rows": [
            {
                "title": _what(each)[0], "before": found.baseline, "after": found.policy, "lower": percent(found.lower),
                "told": f"{percent(found.baseline)} → {percent(found.policy)}", "chance": one_in(found.policy),
            }
            for each in compared for found in (each.changes[name],)
        ],
    }  # fmt: skip


def _cells(found: Change) -> tuple[Cell, ...]:
    if max(found.baseline, found.policy) < LEAST:
        return (Cell(TOO_SMALL), *[Cell("")] * 5)
    spread = Cell(f"{points(found.low)} to {points(found.high)}")
    return part(found.baseline), part(found.policy), Cell(points(found.change), found.change), spread, part(found.lower), part(found.higher)


def points(share: float) -> str:
    """A change in percentage points with its sign."""
    return ("+" if share > 0 else "−" if share < 0 else "") + figure(abs(share))
