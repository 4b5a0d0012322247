"""Pictures of boxes with matplotlib (extra `plot`): what a box asks of each quantity, and the draws inside and outside.

Above, a line for each quantity that the box limits, from the lowest draw to the highest, evenly by draws and not by values: the bar is what the box allows, so
that a short bar asks much. Below, the draws over the two quantities of which it asks most, or over the one and the outcome itself; of at most `MOST` draws,
evenly taken.

Refused: a discovery without a box.
"""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InvalidInput, Problem
from detente.games.plots import LINES, STYLE, pyplot

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from detente.insight.discovery import Discovery, Limit

MOST = 2_000
BLUE, ORANGE = LINES[0], LINES[1]


def plot_box(found: Discovery) -> Figure:
    """Draw the last box of a discovery.

    Raises
    ------
    MissingExtra
        Without matplotlib.
    InvalidInput
        For what the module refuses.
    """
    plt = pyplot()
    if not found.regions:
        raise InvalidInput(Problem("plot", f"there is no box to draw: {found.why}", "", "leave it out, or ask for less"))
    limits, box = found.regions[-1].limits, found.regions[-1].box
    with plt.rc_context(STYLE):
        figure, (above, below) = plt.subplots(2, 1, figsize=(6.8, 4.3 + 0.45 * len(limits)), height_ratios=(0.5 * len(limits) + 0.3, 3.4), layout="constrained")
        _bars(above, found, limits)
        _draws(below, found, limits)
        held = f"holds in {100 * box.density:.2g} % of the draws of the box, which are {100 * box.coverage:.2g} % of those in which it holds"
        figure.suptitle(f"{fill(found.assessment.title, 84)}\n{fill(f'{found.where} {held}', 84)}", fontsize=9.5, x=0.02, ha="left")
        figure.legend(*below.get_legend_handles_labels(), loc="outside lower center", ncols=3, frameon=False, markerscale=2)
    plt.close(figure)
    return figure  # type: ignore[no-any-return]


def _bars(ax: Any, found: Discovery, limits: tuple[Limit, ...]) -> None:
    for place, limit in enumerate(reversed(limits)):
        values = np.sort(found.assessment.data["quantities"].sel(quantity=limit.quantity).values)
        low, high = np.searchsorted(values, limit.low, side="left") / len(values), np.searchsorted(values, limit.high, side="right") / len(values)
        ax.plot([0, 100], [place, place], color="#bbbbbb", lw=1, zorder=1)
        ax.plot([100 * low, 100 * high], [place, place], color=BLUE, lw=7, solid_capstyle="butt", zorder=2)
        middle = 50 * (low + high)
        ax.annotate(limit.words, (min(max(middle, 12), 88), place), (0, 6), textcoords="offset points", ha="center", fontsize=8)
    ax.set_yticks(range(len(limits)), [fill(limit.title, 34) for limit in reversed(limits)])
    ax.set_ylim(-0.5, len(limits) - 0.3)
    ax.set_xlim(0, 100)
    ax.set_xlabel("per cent of draws that lie below")
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0)


def _draws(ax: Any, found: Discovery, limits: tuple[Limit, ...]) -> None:
    rows = np.flatnonzero(~np.isnan(found.holds))
    rows = rows[:: max(1, -(-len(rows) // MOST))]
    holds = found.holds == 1.0
    first = limits[0]
    x, x_ends = _column(found, first, rows)
    y_ends = (-np.inf, np.inf)
    is_log = {"x": _is_log(found, first), "y": True}
    if len(limits) > 1:
        y, y_ends = _column(found, limits[1], rows)
        is_log["y"] = _is_log(found, limits[1])
        ax.set_ylabel(_label(limits[1]))
    elif found.compared is not None and found.where.compared is not None:
        y = found.compared[rows]
        ax.axhline(found.where.compared.number, color="#444444", lw=0.8, ls="--")
        ax.set_ylabel(fill(str(found.where.compared.measure), 44))
    else:
        # Several comparisons have no common axis: draws in which they hold stand above the others, spread so that they can be told apart.
        y = holds[rows] + 0.6 * ((np.arange(len(rows)) % 97) / 97 - 0.5)
        is_log["y"] = False
        ax.set_yticks([0, 1], ["does not hold", "holds"])
    for chosen, colour, size, label in ((~holds, "#9a9a9a", 3, "does not hold"), (holds, ORANGE, 7, "holds")):
        ax.scatter(x[chosen[rows]], y[chosen[rows]], s=size, color=colour, lw=0, label=label, alpha=0.8)
    for axis, numbers in (("x", x), ("y", y)):
        if is_log[axis] and (numbers > 0).all() and numbers.max() > 30 * numbers.min():
            getattr(ax, f"set_{axis}scale")("log")
    ax.autoscale_view()
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    ends = [float(np.clip(end, low, high)) for end, low, high in zip((*x_ends, *y_ends), (left, left, bottom, bottom), (right, right, top, top), strict=True)]
    ax.fill_between(ends[:2], ends[2], ends[3], facecolor=BLUE, alpha=0.12, edgecolor=BLUE, lw=1, label="the box", zorder=0)
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_xlabel(_label(first))


def _column(found: Discovery, limit: Limit, rows: Any) -> tuple[Any, tuple[float, float]]:
    return found.assessment.data["quantities"].sel(quantity=limit.quantity).values[rows], (limit.low, limit.high)


def _is_log(found: Discovery, limit: Limit) -> bool:
    return found.assessment.model.scenario.quantities[limit.quantity].distribution.scale == "log"


def _label(limit: Limit) -> str:
    return fill(f"{limit.title} ({limit.unit})" if limit.unit else limit.title, 44)
