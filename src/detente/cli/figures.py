"""`detente check SCENARIO --figures`: counted figures beside what the model would have counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from detente.cli.columns import columns
from detente.cli.page import Line, wrap
from detente.cli.wording import day, figure, years

if TYPE_CHECKING:
    from detente.ensemble.figures import Row
    from detente.scenario.compile import Model

PARTS = {
    "test": ("tests", "counted", "we would count"),
    "check": ("checks: what was neither built on nor conditioned on", "counted", "we would count"),
    "condition": ("what the draws are conditioned on", "counted", "we would count"),
    "build": ("what priors are built on", "counted", "we would count"),
    "beside": ("beside: what others say, never fitted", "they say", "we say"),
}
TITLE = 46


def told(model: Model, rows: Sequence[Row], draws: int, width: int) -> Iterator[Line]:
    """The lines of the page."""
    yield Line(f"{model.name} and figures known on {day(model.as_of)}", "title")
    yield from wrap(
        f"Predictive distribution over {draws:,} draws: the central 90 % of what would be counted over the same years or cases, sampling error "
        "included. The percentile is the share of it below the figure.",
        width,
    )
    for role, head in PARTS.items():
        chosen = [row for row in rows if row.figure.role == role]
        if chosen:
            yield Line("")
            yield from table(chosen, head)
    yield Line("")
    for row in rows:
        same = f" It rests on the same cases as {', '.join(row.built_on_the_same)}." if row.built_on_the_same else ""
        source = f" [{', '.join((*row.figure.source, f'known {row.figure.known}'))}]"
        yield from wrap(f"{row.figure.title}: {row.figure.rule}{same}{source}", width, "note")
    later = [item.title for item in model.scenario.figures.values() if item.known.day > model.as_of]
    if later:
        yield Line("")
        yield from wrap(f"Known only later, and so not shown: {'; '.join(later)}.", width, "note")


def table(rows: Sequence[Row], head: tuple[str, str, str]) -> Iterator[Line]:
    """Figures of one role."""
    cells: list[tuple[str, ...]] = [(head[0], head[1], f"{head[2]}, 90 %", "percentile", "")]
    for row in rows:
        title = row.figure.title if len(row.figure.title) <= TITLE else row.figure.title[: TITLE - 1].rstrip() + "…"
        verdict = {True: "pass", False: "FAIL", None: ""}[row.passes]
        cells.append((title, counted(row), interval(row), figure(row.percentile), verdict))
    first, *lines = columns(cells, "<>>><")
    yield Line(first, "head")
    for line in lines:
        yield Line(line, "row")


def counted(row: Row) -> str:
    """A figure as it was counted or stated."""
    item = row.figure
    if item.count is not None:
        return f"{item.count:,} of {item.trials:,}" if item.trials is not None else f"{item.count:,} in {years(item.exposure or 0.0)}"
    return f"{digits(item.value or 0.0, 3)} {unit(item.natural_unit)}".strip()


def interval(row: Row) -> str:
    """The central 90 %."""
    if row.figure.count is not None:
        return f"{row.low:,.0f}–{row.high:,.0f}"
    return f"{digits(row.low, 2)}–{digits(row.high, 2)}"


def digits(value: float, count: int) -> str:
    """A number to so many digits, without an exponent.

    Examples
    --------
    >>> digits(141.3, 2), digits(0.000078, 2), digits(0.38, 3)
    ('140', '0.000078', '0.38')
    """
    return f"{Decimal(f'{value:.{count}g}'):f}"


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
