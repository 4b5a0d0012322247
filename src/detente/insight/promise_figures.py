"""A figure of who would show up (extra `plot`): how likely at least so much is committed by each clock, and what each group is expected to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from detente.games.plots import pyplot
from detente.insight.promises import Promises

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Told apart by dash and shade too, so that the figure reads in grey. The palette is that of Okabe and Ito (2008).
LINES = (("#0072b2", "-"), ("#d55e00", "--"), ("#009e73", ":"), ("#cc79a7", "-."))
FILLS = ("#dddddd", "#0072b2", "#e69f00", "#56b4e9", "#009e73", "#cc79a7")


def plot_promises(found: Promises) -> Figure:
    """Draw what an alliance commits.

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.
    """
    alliance, item = found.portfolio.alliance, found.portfolio.item
    figure: Figure = pyplot().Figure(figsize=(9, 3.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    for k, clock in enumerate(alliance.clocks):
        colour, dash = LINES[k % len(LINES)]
        above = found.distribution[k, ::-1].cumsum()[::-1]
        left.step(np.linspace(0, 1, len(above)), above, where="pre", color=colour, linestyle=dash, label=item.clocks[clock].title)
        left.plot(min(float(np.median(found.threshold[:, k])), 1.0), 0.0, marker="^", color=colour, clip_on=False, markersize=7)
    left.set(xlim=(0, 1), ylim=(0, 1), xlabel="share of what all could bring (triangle: enough, median)", ylabel="chance of at least so much")
    left.legend(frameon=False, loc="upper center", ncols=2, bbox_to_anchor=(0.5, -0.2))
    means = found.expected.mean(axis=0)
    base = np.zeros(len(alliance.clocks))
    for place, group in enumerate(alliance.groups):
        right.barh(range(len(alliance.clocks)), means[:, place], left=base, color=FILLS[place % len(FILLS)], edgecolor="white", label=item.groups[group].title)
        base += means[:, place]
    right.set_yticks(range(len(alliance.clocks)), [item.clocks[clock].title for clock in alliance.clocks])
    right.invert_yaxis()
    right.set(xlim=(0, 1), xlabel="expected share of what all could bring")
    right.legend(frameon=False, loc="upper center", ncols=2, bbox_to_anchor=(0.5, -0.2))
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{item.title}: {found.model.name} as known on {found.model.as_of}, {found.draws:,} draws", fontsize=10)
    return figure
