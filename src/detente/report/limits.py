"""What the numbers rest on and what they may not be used for: printed in every report."""

from __future__ import annotations

from detente.ensemble import Assessment
from detente.report.tables import Cell, Panel, Table, rows, sourced
from detente.report.wording import day, digits

LIMITS = (
    "This is a model of arguments: not intelligence, not warning, not for a live crisis; it blames nobody.",
    "Quote no figure without its range and its date. A range tells what the stated distributions leave open; whether these are right it does not tell.",
    "Probabilities are those of the model as it is written. What no rung, move or game of it stands for has no part in them.",
    "Stakes are stated in each actor's own prize; payoffs of different actors are never compared, and nobody's losses are counted.",
)


def assumptions_panel(assessment: Assessment) -> Panel:
    """Every quantity with its distribution, grade and reason."""
    quantities = assessment.model.scenario.quantities
    values = assessment.data["quantities"]
    found: list[tuple[Cell | str, ...]] = []
    for k, (name, item) in enumerate(quantities.items()):
        low, median, high = (float(each) for each in quantiles(assessment, values.values[:, k]))
        told = Cell(f"{plainly(median)} ({plainly(low)} to {plainly(high)})", median)
        hindsight = "yes" if name in assessment.hindsight else ""
        found.append((Cell(item.title), told, Cell("" if item.unit == "1" else item.unit), item.evidence, sourced(item.source), item.why, hindsight))
    grades: dict[str, int] = {}
    for item in quantities.values():
        grades[item.evidence] = grades.get(item.evidence, 0) + 1
    counted = ", ".join(f"{count} {grade}" for grade, count in sorted(grades.items(), key=lambda pair: -pair[1]))
    text = [f"{len(quantities)} quantities are not known exactly: by grade of evidence, {counted}." if quantities else "Every number is stated exactly."]
    if assessment.hindsight:
        text.append(
            f"{len(assessment.hindsight)} of them were judged after {day(assessment.as_of)}, the day asked about; they are marked: hindsight is possible."
        )
    head = ("quantity", "median (90 % of draws)", "unit", "evidence", "source", "why", "hindsight")
    table = Table("quantities", "Quantities", head, "<<<<<<<", rows(found), tuple(f"quantity-{name}" for name in quantities), searched=True)
    return Panel("assumptions", "Assumptions", "analyst", tuple(text), tables=(table,) if found else ())


def quantiles(assessment: Assessment, values: object) -> tuple[float, ...]:
    """5 %, 50 % and 95 % of draws, with their weights."""
    from detente.ensemble.statistics import weighted_quantiles

    return tuple(weighted_quantiles(values, assessment.data["weight"].values, (0.05, 0.5, 0.95)))  # type: ignore[arg-type]


def plainly(value: float) -> str:
    """A number to two digits."""
    return digits(value, 2).replace("-", "−")


def limits_panel() -> Panel:
    """What the report is not for."""
    return Panel("limits", "Limits of use", "brief", LIMITS)
