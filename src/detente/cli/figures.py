"""`detente check SCENARIO --figures`: counted figures beside what the model would have counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from detente.cli.columns import fitted
from detente.cli.page import Line, shortened, wrap
from detente.report.wording import day, digits, figure, years

if TYPE_CHECKING:
    from detente.ensemble.figures import Row
    from detente.scenario.compile import Model

PARTS = {
    "test": ("tests", "counted", "we would count"),
    "check": ("checks: what was neither built on nor conditioned on", "counted", "we would count"),
    "condition": ("what draws are conditioned on, before that", "counted", "we would count"),
    "build": ("what priors are built on", "counted", "we would count"),
    "beside": ("beside: what others say, never fitted", "they say", "we say"),
}
TITLE = 46


def told(model: Model, rows: Sequence[Row], draws: int, width: int) -> Iterator[Line]:
    """The lines of the page."""
    yield from wrap(f"{model.name} and figures known on {day(model.as_of)}", width, "title")
    yield from wrap(
        f"Predictive distribution over {draws:,} draws: the central 90 % of what would be counted over the same years or cases, sampling error "
        "included. The percentile is the share of it below the figure. Checks are told by draws as history weights them, all else by the priors.",
        width,
    )
    for role, head in PARTS.items():
        chosen = [row for row in rows if row.role == role]
        if chosen:
            yield Line("")
            yield from table(chosen, head, width)
    yield Line("")
    for row in rows:
        same = f" It rests on the same cases as {', '.join(row.built_on_the_same)}." if row.built_on_the_same else ""
        source = f" [{', '.join((*row.item.source, f'known {row.item.known}'))}]"
        yield from wrap(f"{row.item.title}: {row.item.rule}{same}{source}", width, "note")
    later = [item.title for item in model.scenario.figures.values() if item.known.day > model.as_of]
    if later:
        yield Line("")
        yield from wrap(f"Known only later, and so not shown: {'; '.join(later)}.", width, "note")


def table(rows: Sequence[Row], head: tuple[str, str, str], width: int) -> Iterator[Line]:
    """Figures of one role."""
    cells: list[tuple[str, ...]] = [(head[0], head[1], f"{head[2]}, 90 %", "percentile", "")]
    for row in rows:
        verdict = {True: "pass", False: "FAIL", None: ""}[row.passes]
        cells.append((shortened(row.item.title, TITLE), counted(row), interval(row), figure(row.percentile), verdict))
    first, *others = fitted(cells, "<>>><", width)
    yield from (Line(line, "head") for line in first)
    yield from (Line(line, "row") for lines in others for line in lines)


def counted(row: Row) -> str:
    """A figure as it was counted or stated."""
    item = row.item
    if item.count is not None:
        return f"{item.count:,} of {item.among:,}" if item.among is not None else f"{item.count:,} in {years(item.exposure or 0.0)}"
    from detente.ensemble.figures import unit_of, value_of

    return f"{digits(value_of(item), 3)} {unit(unit_of(item))}".strip()


def interval(row: Row) -> str:
    """The central 90 %."""
    if row.item.count is not None:
        return f"{row.low:,.0f}–{row.high:,.0f}"
    return f"{digits(row.low, 2)}–{digits(row.high, 2)}"


def unit(text: str) -> str:
    """A unit in words, after a number.

    Examples
    --------
    >>> unit("1"), unit("day"), unit("percent/year"), unit("1/year")
    ('', 'days', '% a year', 'a year')
    """
    if text == "1" or text.isalpha():
        return "" if text == "1" else {"percent": "%"}.get(text, f"{text}s")
    return text.replace("percent", "%").replace("1/year", "a year").replace("/year", " a year")
