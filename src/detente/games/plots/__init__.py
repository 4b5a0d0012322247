"""Figures of games with matplotlib (extra `plot`): regions of equilibria, choices along the principal branch, and trees."""

from detente.games.plots.branch import plot_branch
from detente.games.plots.regions import plot_regions
from detente.games.plots.style import LINES, STYLE, pyplot, save_figure
from detente.games.plots.tree import plot_tree

__all__ = ["LINES", "STYLE", "plot_branch", "plot_regions", "plot_tree", "pyplot", "save_figure"]
