"""The figure of a game's tree (extra `plot`): the places and marks of its `Sheet` with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.games import sheet as marks
from detente.games.plots.style import STYLE, pyplot
from detente.games.tree import Chance, Terminal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from detente.games.sheet import Sheet

PIXELS, POINTS = 96.0, 0.75  # of the tree's places: pixels an inch, points a pixel


def plot_tree(sheet: Sheet, ax: Axes | None = None) -> Figure:
    """Draw the tree of a game: the picture that is SVG elsewhere, with the same places.

    Parameters
    ----------
    sheet : Sheet
    ax : matplotlib Axes, optional
        The tree fills it as far as its proportions allow, letters in proportion; else a figure of its own.

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.
    """
    plt = pyplot()
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    codes = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3, Path.CURVE3]}
    width, height = sheet.size
    letters, small = marks.SIZE * POINTS, marks.SMALL * POINTS
    with plt.rc_context(STYLE):
        if ax is None:
            ax = plt.figure(figsize=(width / PIXELS, height / PIXELS)).add_axes((0.0, 0.0, 1.0, 1.0))
        figure: Any = ax.figure
        figure.draw_without_rendering()  # a layout gives axes their size when drawn
        box = ax.get_window_extent()
        scale = min(box.width / width, box.height / height) * PIXELS / figure.dpi
        letters, small = letters * scale, small * scale
        ax.set_axis_off()
        ax.set(xlim=(0.0, width), ylim=(height, 0.0), aspect="equal")
        ax.text(marks.MARGIN, marks.MARGIN + 14, sheet.game.title or "Game", fontsize=letters * 1.2, weight="bold")
        for x, colour, text in sheet.legend():
            ax.text(x, marks.MARGIN + 38, text, fontsize=small, color=colour)
        for join in sheet.joins:
            way = sheet.dash(join)
            path = Path([place for _, places in way for place in places], [code for letter, _ in way for code in codes[letter]])
            ax.add_patch(PathPatch(path, fill=False, edgecolor=sheet.colour(join.upper), linewidth=1.2 * scale, linestyle=(0, (4, 3))))
        for spot in sheet.spots:
            x, y, colour = sheet.x(spot), sheet.y(spot), sheet.colour(spot)
            if spot.parent:
                ax.plot(*zip(*sheet.branch(spot), strict=True), color=marks.INK, linewidth=0.8 * scale, solid_joinstyle="round")
                ax.text(sheet.columns[spot.level] - marks.PAD / 2, y - 5, spot.action, fontsize=letters, ha="right")
            if isinstance(spot.node, Terminal):
                ax.plot(x, y, "o", color=marks.INK, markersize=2.5 * scale)
                shown = ", ".join(sheet.numbers(spot.node)) + (f"   {spot.node.label}" if spot.node.label else "")
                ax.text(x + marks.PAD, y, shown, fontsize=letters, va="center_baseline")
            else:
                fill = "white" if isinstance(spot.node, Chance) else colour
                ax.plot(x, y, "o", markersize=6 * scale, markeredgewidth=scale, markeredgecolor=colour, markerfacecolor=fill, zorder=3)
                ax.text(x - marks.RADIUS - 3, y + 14, sheet.mover(spot), fontsize=small, color=colour, ha="right")
        return figure  # type: ignore[no-any-return]
