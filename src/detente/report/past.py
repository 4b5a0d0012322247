"""What history changes: results and quantities before and after the draws were conditioned on what has happened."""

from __future__ import annotations

from typing import Any

from detente.ensemble import Assessment
from detente.report.names import Called
from detente.report.tables import Cell, Panel, Table, number, part, rows, sourced
from detente.report.wording import percent, years

LEAST_CONTRACTION = 0.02  # of the variance of a quantity: judgement, below it a table is full of noise


def past_panel(assessment: Assessment, called: Called) -> Panel | None:
    """The panel of history; None where the scenario has none."""
    told = assessment.history
    if told is None:
        return None
    kept = "moved to where it is likely" if told["method"] == "sequential" else "weighted by its likelihood"
    text = (
        f"The stated distributions gave what has happened a probability of {percent(told.get('probability', 1.0))}. Draws are {kept}: "
        f"{told['effective_draws']:,.0f} of {assessment.draws:,} count.",
    )
    before, after = told["prior"]["reach"], assessment.result["reach"]
    names = [*reversed(called.levels), *called.aside]
    levels = rows([(called.title(name), part(before[name]["mean"]), part(after[name]["mean"])) for name in names if before[name]["mean"] is not None])
    tables = [_happened(told["items"]), Table("past", f"Reached within {years(assessment.horizon_years)}", ("level", "before, %", "after, %"), "<>>", levels)]
    items = assessment.model.scenario.quantities
    known = {name: each for name, each in told["quantities"].items() if each["contraction"] is not None and each["contraction"] >= LEAST_CONTRACTION}
    narrowed = [
        (Cell(items[name].title, target=f"quantity-{name}"), _spread(each["prior"]), _spread(each["posterior"]), part(each["contraction"]))
        for name, each in sorted(known.items(), key=lambda pair: -pair[1]["contraction"])
    ]
    if narrowed:
        head = ("quantity", "before: median (90 %)", "after: median (90 %)", "variance that went, %")
        tables.append(Table("narrowed", "Quantities that history tells something about", head, "<<<>", rows(narrowed)))
    return Panel("past", "What history changes", "analyst", text, tables=tuple(tables))


def _happened(items: dict[str, Any]) -> Table:
    """What is known to have happened, with its sources, and what the model says of it before and after."""
    cells: list[tuple[Cell | str, ...]] = []
    for item in items.values():
        among = f"of {item['trials']:,}" if "trials" in item else f"in {years(item['exposure'])}"
        known = (Cell(item["title"]), Cell(f"{item['count']:,} {among}", item["count"]), item["known"], sourced(item["source"]))
        if item["conditions"]:
            says = part if "trials" in item else number
            cells.append((*known, says(item["predicted"]["prior"]), says(item["predicted"]["posterior"]), ""))
        else:
            cells.append((*known, "", "", f"does not condition: {item['why']}"))
    head = ("what happened", "how often", "known", "source", "the model, before (% or a year)", "after", "note")
    return Table("happened", "What has happened", head, "<<<<>><", rows(cells))


def _spread(summary: dict[str, float]) -> Cell:
    from detente.report.limits import plainly

    return Cell(f"{plainly(summary['p50'])} ({plainly(summary['p05'])} to {plainly(summary['p95'])})", summary["p50"])
