"""What matters: how the quantities go with each outcome over the draws of the run, and which share of its variance each brings alone.

Rank correlations are the assessment's own; first-order shares of variance, on log-odds, are those of `detente.insight.sensitivity` from the draws of the run.
Neither needs a further draw, and neither is a cause. Indices that see quantities together need new draws (`detente.report.shares`).
"""

from __future__ import annotations

from detente.ensemble import Assessment
from detente.errors import DetenteError
from detente.insight.moved import Sensitivity
from detente.insight.sensitivities import sensitivity
from detente.report.names import Called
from detente.report.shares import outcome_title
from detente.report.tables import Cell, Panel, Table, rows
from detente.report.wording import LEAST, correlation

MOST = 14
WITHOUT = (
    "What quantities do together with others, and how much rests on evidence, is not in this report: it needs some 35,000 draws more, "
    "which the option “--sensitivity” of “detente report” makes."
)


def movers_panel(assessment: Assessment, called: Called, known: Sensitivity | None = None) -> Panel | None:
    """The panel of what matters; None where no quantity varies, or no outcome."""
    reach = assessment.result["reach"]
    outcomes = [name for name in called.outcomes if (reach[name]["mean"] or 0.0) >= LEAST]
    found = [(name, told) for name, told in assessment.influence() if any(outcome in told for outcome in outcomes)]
    outcomes = [name for name in outcomes if any(name in told for _, told in found)]
    if not outcomes:
        return None
    items = assessment.model.scenario.quantities
    data = {
        "outcomes": [
            {
                "name": outcome,
                "title": called.title(outcome),
                "bars": [
                    {"title": items[name].title, "evidence": items[name].evidence, "rho": told[outcome], "text": correlation(told[outcome])}
                    for name, told in sorted(found, key=lambda pair: -abs(pair[1].get(outcome, 0.0)))[:MOST] if outcome in told
                ],
            }
            for outcome in outcomes
        ]
    }  # fmt: skip
    head = ("quantity", "evidence", *(f"with “{called.title(outcome)}”" for outcome in outcomes))
    cells = [
        (
            Cell(items[name].title, target=f"quantity-{name}"),
            items[name].evidence,
            *(Cell(correlation(told[outcome]), told[outcome]) if outcome in told else Cell("") for outcome in outcomes),
        )
        for name, told in found
    ]
    correlations = Table("movers", "Rank correlations over draws", head, "<<" + ">" * len(outcomes), rows(cells), searched=True)
    text = (
        "Over the draws, how does each quantity go with each outcome? A bar to the right: where more of it is drawn, the outcome is likelier. "
        "Correlation over draws is not cause, and it rests on the stated distributions: a quantity that is known better moves less.",
        *(() if known is not None and known.block else (WITHOUT,)),
    )
    caption = "Spearman's rank correlation of the quantities that go most with the chosen outcome, from −1 to 1, over draws weighted as history tells."
    return Panel("movers", "What matters", "analyst", text, caption, data, (correlations, *_shares(assessment, called, known)))


def _shares(assessment: Assessment, called: Called, known: Sensitivity | None) -> tuple[Table, ...]:
    """First-order shares of variance, where the draws tell them."""
    try:
        found = known if known is not None else sensitivity(assessment, block=0)
    except DetenteError:
        # Too few draws, or nothing that varies: the correlations stand alone.
        return ()
    agenda = rows([(found.title(name), found.grade(name), *(each.alone[name].verdict for each in found.moved.values())) for name in found.agenda])
    grades = sorted({grade for each in found.moved.values() for grade in each.graded})
    graded = rows([(grade, *(each.graded[grade].verdict if grade in each.graded else "" for each in found.moved.values())) for grade in grades])
    head = tuple(outcome_title(called, name) for name in found.moved)
    title = "Share of the variance of each outcome (log-odds) that a quantity brings alone; 95 % interval"
    tables = (
        Table("shares", f"{title}; in the order in which they are worth knowing", ("quantity", "evidence", *head), "<<" + "<" * len(head), agenda),
        Table("grades", f"{title.replace('a quantity brings', 'quantities of a grade bring')}", ("grade", *head), "<" + "<" * len(head), graded),
    )
    return tuple(table for table in tables if table.rows)

