"""Figures of games with matplotlib (extra `plot`): regions of equilibria, choices along the principal branch, and trees.

Kinds are told apart by colour, by hatching and by their names, so that a figure reads in grey and to eyes that do not see all colours. The palette is that
of Okabe and Ito (2008), paled.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InvalidInput, MissingExtra, Problem
from detente.games import drawing
from detente.games.game import Game, label_members
from detente.games.quantal_response import QuantalResponse
from detente.games.tree import Chance, Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from detente.games.classic.regions import Regions
    from detente.games.drawing import Sheet

FILLS = ("#cfe6f5", "#f7dcb4", "#c8e6d5", "#f3cbb8", "#ead0e2", "#fbf6bd", "#c3d3ea", "#dddddd")
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
HATCHES = ("", "///", "\\\\\\", "...", "xxx", "---", "|||", "++")
STYLE = {
    "font.family": "sans-serif", "font.size": 9.0, "axes.linewidth": 0.8, "axes.labelsize": 9.5, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5, "hatch.linewidth": 0.35, "svg.fonttype": "none", "savefig.bbox": "tight",
}  # fmt: skip
PIXELS, POINTS = 96.0, 0.75  # of the tree's places: pixels an inch, points a pixel
ROOM = 0.085  # of the picture's width: less room than that around a name, and it goes to the key


def _pyplot() -> Any:
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise MissingExtra('figures need matplotlib: pip install "detente[plot]"') from None
    return plt


def plot_regions(found: Regions, ax: Axes | None = None) -> Figure:
    """Draw which equilibria exist where; plausible classes give the names.

    Parameters
    ----------
    found : Regions
    ax : matplotlib Axes, optional
        Else a figure of its own, with a caption.

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.
    """
    plt = _pyplot()
    from matplotlib.patches import Patch

    with plt.rc_context(STYLE):
        own = ax is None
        if ax is None:
            _, ax = plt.subplots(figsize=(5.2, 4.9), layout="constrained")
        edges = [_edges(values) for values in (found.x_values, found.y_values)]
        names = [_named([name for name in kind if name not in found.implausible] or kind) for kind in found.classes]
        keys: list[Any] = []
        for place, name in enumerate(dict.fromkeys(names)):
            inside = np.isin(found.cells, [kind for kind, other in enumerate(names) if other == name])
            fill, hatch = FILLS[place % len(FILLS)], HATCHES[place % len(HATCHES)]
            ax.pcolor(*edges, np.ma.masked_where(~inside, inside), cmap=_one_colour(fill), edgecolors="none", linewidth=0, rasterized=True)
            padded = np.pad(inside.astype(float), 1)
            middles = [np.concatenate([[edge[0]], values, [edge[-1]]]) for edge, values in zip(edges, (found.x_values, found.y_values), strict=True)]
            ax.contourf(*middles, padded, levels=[0.5, 1.5], colors="none", hatches=[hatch])
            ax.contour(*middles, padded, levels=[0.5], colors="#333333", linewidths=0.8)
            spot, room = _roomiest(inside)
            if room > ROOM:
                at = found.x_values[spot[1]], found.y_values[spot[0]]
                ax.text(*at, name, ha="center", va="center", bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5})
            else:
                keys.append(Patch(facecolor=fill, edgecolor="#333333", hatch=hatch, linewidth=0.6, label=name.replace("\n", " ")))
        if (found.cells < 0).any():
            keys.append(Patch(facecolor="white", edgecolor="#333333", linewidth=0.6, label="orderings of the game do not hold"))
        ax.set_xlim(edges[0][0], edges[0][-1])
        ax.set_ylim(edges[1][0], edges[1][-1])
        ax.set_xlabel(_axis(found, found.x))
        ax.set_ylabel(_axis(found, found.y))
        if keys:
            ax.legend(handles=keys, loc="lower center", bbox_to_anchor=(0.5, 1.01), ncols=min(len(keys), 2), frameon=False)
        figure: Any = ax.figure
        if own:
            figure.supxlabel(textwrap.fill(_caption(found), 92), fontsize=7.5, x=0.02, ha="left", color="#333333")
        return figure  # type: ignore[no-any-return]


def plot_branch(answer: QuantalResponse) -> Figure:
    """Draw how choices change with precision, one panel for each information set.

    Parameters
    ----------
    answer : QuantalResponse
        Of one game at several precisions, such as `game.quantal_response(np.geomspace(0.1, 100, 60))`.

    Raises
    ------
    InvalidInput
        If payoffs differ over draws, or there is a single precision.
    MissingExtra
        If matplotlib is not installed.
    """
    game = answer.game
    if game.draws is not None or len(answer.precision) < 2:
        raise InvalidInput(
            Problem("precision", "no path", "a figure shows one game at several precisions", "ask for precisions such as numpy.geomspace(0.1, 100, 60)")
        )
    plt = _pyplot()
    with plt.rc_context(STYLE):
        order = np.argsort(answer.precision[:, 0])
        precision, arrived = answer.precision[order, 0], answer.converged[order]
        columns = min(3, len(game.infosets))
        rows = -(-len(game.infosets) // columns)
        size = (2.6 * columns + 0.4, 2.1 * rows + 0.9)
        figure, panels = plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False, layout="constrained")
        first = 0
        for panel, (_, actions), title in zip(panels.flat, game.infosets, _titles(game), strict=False):
            for k, action in enumerate(actions):
                chosen = np.exp(answer.log_behaviour[order, first + k])
                panel.plot(precision, chosen, color=LINES[k % len(LINES)], linestyle=("-", "--", ":", "-.")[k % 4], label=action)
            if not arrived.all():
                panel.plot(precision[~arrived], np.zeros((~arrived).sum()), "x", color="#b3402a", ms=4, clip_on=False)
            panel.set_title(title, fontsize=8.5, loc="left")
            panel.legend(frameon=False, loc="best", handlelength=1.6)
            panel.set_ylim(-0.02, 1.02)
            panel.spines[["top", "right"]].set_visible(False)
            first += len(actions)
        for panel in list(panels.flat)[len(game.infosets) :]:
            panel.set_visible(False)
        if (precision > 0).all():
            panels[0, 0].set_xscale("log")
        figure.supxlabel("precision λ (1 / payoff)", fontsize=9.5)
        figure.supylabel("probability of an action", fontsize=9.5)
        lost = f"; × {int((~arrived).sum())} precisions without an answer" if not arrived.all() else ""
        figure.suptitle(f"{game.title or 'Game'}: logit equilibria on the principal branch{lost}", fontsize=10, x=0.02, ha="left")
        return figure  # type: ignore[no-any-return]


def plot_tree(sheet: Sheet) -> Figure:
    """Draw the tree of a game: the picture that is SVG elsewhere, with the same places.

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.
    """
    plt = _pyplot()
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    codes = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3, Path.CURVE3]}
    width, height = sheet.size
    letters, small = drawing.SIZE * POINTS, drawing.SMALL * POINTS
    with plt.rc_context(STYLE):
        figure = plt.figure(figsize=(width / PIXELS, height / PIXELS))
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        ax.set_axis_off()
        ax.set(xlim=(0.0, width), ylim=(height, 0.0))
        ax.text(drawing.MARGIN, drawing.MARGIN + 14, sheet.game.title or "Game", fontsize=letters + 2, weight="bold")
        for x, colour, text in sheet.legend():
            ax.text(x, drawing.MARGIN + 38, text, fontsize=small, color=colour)
        for join in sheet.joins:
            way = sheet.dash(join)
            path = Path([place for _, places in way for place in places], [code for letter, _ in way for code in codes[letter]])
            ax.add_patch(PathPatch(path, fill=False, edgecolor=sheet.colour(join.upper), linewidth=1.2, linestyle=(0, (4, 3))))
        for spot in sheet.spots:
            x, y, colour = sheet.x(spot), sheet.y(spot), sheet.colour(spot)
            if spot.parent:
                ax.plot(*zip(*sheet.branch(spot), strict=True), color=drawing.INK, linewidth=0.8, solid_joinstyle="round")
                ax.text(sheet.columns[spot.level] - drawing.PAD / 2, y - 5, spot.action, fontsize=letters, ha="right")
            if isinstance(spot.node, Terminal):
                ax.plot(x, y, "o", color=drawing.INK, markersize=2.5)
                shown = ", ".join(sheet.numbers(spot.node)) + (f"   {spot.node.label}" if spot.node.label else "")
                ax.text(x + drawing.PAD, y, shown, fontsize=letters, va="center_baseline")
            else:
                fill = "white" if isinstance(spot.node, Chance) else colour
                ax.plot(x, y, "o", markersize=6, markeredgecolor=colour, markerfacecolor=fill, zorder=3)
                ax.text(x - drawing.RADIUS - 3, y + 14, sheet.mover(spot), fontsize=small, color=colour, ha="right")
        return figure  # type: ignore[no-any-return]


def _named(kind: Sequence[str]) -> str:
    """The classes of a region, a line each."""
    return " +\n".join(kind) or "none in\nclosed form"


def _titles(game: Game) -> list[str]:
    """The name of each information set where it is text, else who moves and after what."""
    titles = []
    for (player, _), (_, name), members in zip(game.infosets, game.layout[1].infoset_names, label_members(game), strict=True):
        after = members[0] + (" or ..." if len(members) > 1 else "")
        titles.append(name if isinstance(name, str) else "\n".join(textwrap.wrap(f"{game.players[player]}" + (f", after {after}" if after else ""), 32)[:2]))
    return titles


def _edges(values: Any) -> Any:
    half = (values[1] - values[0]) / 2
    return np.concatenate([values - half, [values[-1] + half]])


def _one_colour(colour: str) -> Any:
    from matplotlib.colors import ListedColormap

    return ListedColormap([colour])


def _roomiest(inside: Any) -> tuple[Any, float]:
    """The cell farthest from the border of a region, and how far, as a share of the picture's width."""
    from scipy.ndimage import distance_transform_edt

    distance = distance_transform_edt(np.pad(inside, 1))[1:-1, 1:-1]
    spot = np.unravel_index(int(distance.argmax()), distance.shape)
    return spot, float(distance[spot]) / len(inside)


def _axis(found: Regions, name: str) -> str:
    kind = "probability" if name in found.game.entry.probabilities else "payoff"
    return f"{name.replace('_', ' ')} ({kind})"


def _caption(found: Regions) -> str:
    entry = found.game.entry
    others = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in found.game.arguments.items() if name not in (found.x, found.y))
    there = f" Not shown, for it rests on implausible beliefs: {', '.join(found.implausible)}." if found.implausible else ""
    return f"{entry.title}: classes of perfect Bayesian equilibria.{there} With {others}. {found.certificate}. {entry.citation}; {entry.provenance}."
