"""A policy beside the baseline: what becomes of every level, and of what stands aside, on the same draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.page import Line, table, wrap
from detente.cli.sheet import Sheet
from detente.report.wording import LEAST, TOO_SMALL, figure, percent, plain, years

if TYPE_CHECKING:
    from detente.insight import Comparison

HEAD = ("without %", "with %", "change", "90 % of draws", "lower in", "higher in")
SPARE = (6, 1, 2)  # columns that go on a narrow screen, one after the other: higher in, and the two probabilities
READ = (
    "Change in percentage points, each draw with the policy less the same draw without. Lower in: the share of draws in which it is reached less often; of a"
    " level, P(it helps). A lower level may be bought by yielding: read it with what stands aside."
)


def side_by_side(found: Comparison, sheet: Sheet, width: int) -> list[Line]:
    """The lines that stand above the page of the policy."""
    model = found.policy.model
    assert model.applied is not None
    sets = "; ".join(model.edits[len(model.baseline.edits) :])
    rows: list[tuple[str, ...]] = [(f"reached within {years(sheet.horizon_years)}", *HEAD)]
    for name in (*reversed(sheet.levels), *sheet.aside):
        group = next((group for group, members in sheet.groups.items() if name in members), None)
        label = f"  {plain(name.removeprefix(f'{group}_'))}" if group is not None else plain(name) if name in sheet.levels else f"aside: {plain(name)}"
        rows.append((label, *_cells(found, name)))
    return [
        *wrap(f"Policy: {model.applied.title}", width, "title"),
        *wrap(f"Sets {sets}. {model.applied.why}", width),
        Line(""),
        *table(rows, "<>>>>>>", width, SPARE),
        *wrap(READ, width, "note"),
        Line(""),
    ]


def _cells(found: Comparison, name: str) -> tuple[str, ...]:
    if name not in found.changes:
        return ("100", "100", "0")
    each = found.changes[name]
    if max(each.baseline, each.policy) < LEAST:
        return (TOO_SMALL,)
    return (
        figure(each.baseline), figure(each.policy), points(each.change), f"{points(each.low)} to {points(each.high)}", percent(each.lower), percent(each.higher)
    )  # fmt: skip


def points(share: float) -> str:
    """A change in percentage points with its sign.

    Examples
    --------
    >>> points(0.0123), points(-0.00042), points(0.0)
    ('+1.2', '−0.042', '0')
    """
    return ("+" if share > 0 else "−" if share < 0 else "") + figure(abs(share))
