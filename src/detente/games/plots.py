"""Figures of games with matplotlib (extra `plot`): regions of equilibria, choices along the principal branch, and trees.

Kinds are told apart by colour, by hatching and by their names, so that a figure reads in grey and to eyes that do not see all colours. The palette is that
of Okabe and Ito (2008), paled.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InvalidInput, MissingExtra, Problem
from detente.games import drawing
from detente.games.classic.regions import HAIR
from detente.games.game import Game, label_members
from detente.games.quantal_response import QuantalResponse
from detente.games.tree import Chance, Terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from detente.games.classic.regions import Regions
    from detente.games.drawing import Sheet
    from detente.games.equilibria import Equilibrium

FILLS = ("#cfe6f5", "#f7dcb4", "#c8e6d5", "#f3cbb8", "#ead0e2", "#fbf6bd", "#c3d3ea", "#dddddd")
LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
HATCHES = ("", "//", "\\\\", "--", "||", "xx", "++", "..")
STYLE = {
    "font.family": "sans-serif", "font.size": 9.0, "axes.linewidth": 0.8, "axes.labelsize": 9.5, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5, "hatch.linewidth": 0.35,
}  # fmt: skip
TICK = 1  # matplotlib's TICKRIGHT: a dash that starts at the place and goes right
PIXELS, POINTS = 96.0, 0.75  # of the tree's places: pixels an inch, points a pixel


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
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    with plt.rc_context(STYLE):
        own = ax is None
        if ax is None:
            _, ax = plt.subplots(figsize=(5.2, 4.9), layout="constrained")
        names = [_named([name for name in kind if name not in found.implausible] or kind) for kind in found.classes]
        places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        painted = np.array([*(places[name] for name in names), -1])[found.cells]
        (left, right), (bottom, top) = edges = [_edges(values, hair) for values, hair in zip((found.x_values, found.y_values), HAIR, strict=True)]
        ax.set(xlim=(left, right), ylim=(bottom, top), xlabel=_axis(found, found.x), ylabel=_axis(found, found.y))
        _mark_thresholds(found, ax)
        fills = [FILLS[place % len(FILLS)] for place in places.values()]
        corners = [np.linspace(*edge, len(values) + 1) for edge, values in zip(edges, (found.x_values, found.y_values), strict=True)]
        shown = np.ma.masked_less(painted, 0)
        ax.pcolormesh(*corners, shown, cmap=ListedColormap(fills), vmin=-0.5, vmax=len(fills) - 0.5, rasterized=True)
        keys: dict[str, Any] = {}
        for name, place in places.items():
            inside = painted == place
            hatch = HATCHES[(place + place // len(FILLS)) % len(HATCHES)]  # a colour that comes again has another hatching
            # The ends of the axes belong to the cells beside them, so that hatches reach the frame and no border runs along it.
            padded = np.pad(inside.astype(float), 1, mode="edge")
            middles = [np.concatenate([[low], values, [high]]) for (low, high), values in zip(edges, (found.x_values, found.y_values), strict=True)]
            ax.contourf(*middles, padded, levels=[0.5, 1.5], colors="none", hatches=[hatch])
            if not inside.all():
                ax.contour(*middles, padded, levels=[0.5], colors="#333333", linewidths=0.8)
            keys[name] = Patch(facecolor=fills[place], edgecolor="#333333", hatch=hatch, linewidth=0.6, label=textwrap.fill(name.replace("\n", " "), 80))
        _write_names(found, ax, {name: painted == place for name, place in places.items()}, keys, bool((painted < 0).any()), own)
        figure: Any = ax.figure
        if own:
            figure.supxlabel(textwrap.fill(_caption(found), 92), fontsize=7.5, x=0.02, ha="left", color="#333333")
        return figure  # type: ignore[no-any-return]


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure and close it. The same figure gives the same bytes."""
    plt = _pyplot()
    with plt.rc_context({"svg.hashsalt": "detente"}):
        figure.savefig(path, dpi=200, metadata={".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower()))
    plt.close(figure)


def plot_branch(answer: QuantalResponse, limits: Sequence[Equilibrium] = ()) -> Figure:
    """Draw how choices change with precision, one panel for each information set.

    Parameters
    ----------
    answer : QuantalResponse
        Of one game at several precisions, such as `game.quantal_response(np.geomspace(0.1, 100, 60))`; they may differ between players.
    limits : sequence of Equilibrium, optional
        Such as `game.equilibria()`: the one nearest to the choices at the highest precision is marked by ticks at the right.

    Raises
    ------
    InvalidInput
        If payoffs differ over draws, precision does not change, or `limits` are of another game.
    MissingExtra
        If matplotlib is not installed.
    """
    game = answer.game
    changing = [player for player in range(len(game.players)) if np.ptp(answer.precision[:, player]) > 0]
    if game.draws is not None or not changing:
        raise InvalidInput(
            Problem("precision", "no path", "a figure shows one game at several precisions", "ask for precisions such as numpy.geomspace(0.1, 100, 60)")
        )
    if any(limit.game.infosets != game.infosets for limit in limits):
        raise InvalidInput(Problem("limits", "an equilibrium of another game", "its choices are marked on this game's", "give game.equilibria()"))
    plt = _pyplot()
    with plt.rc_context(STYLE):
        order = np.argsort(answer.precision[:, changing[0]], kind="stable")
        precision, arrived, chosen = answer.precision[order, changing[0]], answer.converged[order], np.exp(answer.log_behaviour[order])
        limit, note = _nearest(limits, precision[arrived], chosen[arrived])
        columns = min(3, len(game.infosets))
        rows = -(-len(game.infosets) // columns)
        size = (max(2.6 * columns + 0.4, 4.2), 2.1 * rows + 1.1)
        figure, panels = plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False, layout="constrained")
        first = 0
        for panel, (_, actions), title in zip(panels.flat, game.infosets, _titles(game), strict=False):
            for k, action in enumerate(actions):
                colour = LINES[k % len(LINES)]
                panel.plot(precision, chosen[:, first + k], color=colour, linestyle=("-", "--", ":", "-.")[k % 4], label=action)
                if limit is not None:
                    panel.plot(1.0, limit[first + k], marker=TICK, color=colour, ms=6, mew=1.8, clip_on=False, transform=panel.get_yaxis_transform())
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
        panels[0, 0].set_xlim(precision[0], precision[-1])
        figure.supxlabel(_whose(answer, changing), fontsize=9.5)
        figure.supylabel("probability of an action", fontsize=9.5)
        lost = f"\n× {int((~arrived).sum())} precisions without an answer" if not arrived.all() else ""
        title = f"{game.title or 'Game'}: logit equilibria on the principal branch"
        figure.suptitle("\n".join(textwrap.wrap(title, int(14 * size[0]))) + lost + note, fontsize=9.5, x=0.02, ha="left")
        return figure  # type: ignore[no-any-return]


def _nearest(limits: Sequence[Equilibrium], precision: Any, chosen: Any) -> tuple[Any, str]:
    """The choices of the equilibrium nearest to those at the highest precision, and a line that says how near; None without one."""
    if not limits or not len(chosen):
        return None, ""
    candidates = [np.concatenate(limit.probabilities) for limit in limits]
    distances = [float(np.abs(candidate - chosen[-1]).max()) for candidate in candidates]
    best = int(np.argmin(distances))
    return candidates[best], f"\nticks: nearest of {len(limits)} equilibria, within {distances[best]:.2g} at precision {precision[-1]:.4g}"


def _whose(answer: QuantalResponse, changing: list[int]) -> str:
    """The label of the axis: whose precision it is, and what the others have meanwhile."""
    players, precision = answer.game.players, answer.precision
    if (precision == precision[:, :1]).all():
        return "precision λ (1 / payoff)"
    shown = precision[:, changing[0]]
    others = []
    for player, name in enumerate(players):
        rest = precision[:, player]
        if player not in changing:
            others.append(f"{name} {rest[0]:g}")
        elif player != changing[0]:
            ratio = rest[np.argmax(shown)] / shown.max()
            others.append(f"{name} {ratio:.4g} times that" if np.allclose(rest, ratio * shown) else f"{name} along with it")
    return f"precision λ of {players[changing[0]]} (1 / payoff); {', '.join(others)}"


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
    plt = _pyplot()
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    codes = {"M": [Path.MOVETO], "L": [Path.LINETO], "Q": [Path.CURVE3, Path.CURVE3]}
    width, height = sheet.size
    letters, small = drawing.SIZE * POINTS, drawing.SMALL * POINTS
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
        ax.text(drawing.MARGIN, drawing.MARGIN + 14, sheet.game.title or "Game", fontsize=letters * 1.2, weight="bold")
        for x, colour, text in sheet.legend():
            ax.text(x, drawing.MARGIN + 38, text, fontsize=small, color=colour)
        for join in sheet.joins:
            way = sheet.dash(join)
            path = Path([place for _, places in way for place in places], [code for letter, _ in way for code in codes[letter]])
            ax.add_patch(PathPatch(path, fill=False, edgecolor=sheet.colour(join.upper), linewidth=1.2 * scale, linestyle=(0, (4, 3))))
        for spot in sheet.spots:
            x, y, colour = sheet.x(spot), sheet.y(spot), sheet.colour(spot)
            if spot.parent:
                ax.plot(*zip(*sheet.branch(spot), strict=True), color=drawing.INK, linewidth=0.8 * scale, solid_joinstyle="round")
                ax.text(sheet.columns[spot.level] - drawing.PAD / 2, y - 5, spot.action, fontsize=letters, ha="right")
            if isinstance(spot.node, Terminal):
                ax.plot(x, y, "o", color=drawing.INK, markersize=2.5 * scale)
                shown = ", ".join(sheet.numbers(spot.node)) + (f"   {spot.node.label}" if spot.node.label else "")
                ax.text(x + drawing.PAD, y, shown, fontsize=letters, va="center_baseline")
            else:
                fill = "white" if isinstance(spot.node, Chance) else colour
                ax.plot(x, y, "o", markersize=6 * scale, markeredgewidth=scale, markeredgecolor=colour, markerfacecolor=fill, zorder=3)
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


def _edges(values: Any, hair: float) -> tuple[float, float]:
    """Where the first cell begins and the last one ends."""
    cell = values[1] - values[0]
    return float(values[0] - (0.5 + hair) * cell), float(values[-1] + (0.5 - hair) * cell)


def _write_names(found: Regions, ax: Axes, places: Mapping[str, Any], keys: Mapping[str, Any], forbidden: bool, own: bool) -> None:
    """Names stand in their regions where they fit, else in a key above, for which a figure of its own grows; others may then no longer fit."""
    from matplotlib.patches import Patch

    blank = [Patch(facecolor="white", edgecolor="#333333", linewidth=0.6, label="orderings of the game do not hold")] if forbidden else []
    fitting = list(places)
    above = 1.07 if found.thresholds[found.x] else 1.01
    while True:
        handles = [key for name, key in keys.items() if name not in fitting] + blank
        if handles:
            columns = 1 if any(len(handle.get_label()) > 36 for handle in handles) else 2
            ax.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, above), ncols=columns, frameon=False)
        figure: Any = ax.figure
        if own:
            lines = sum(handle.get_label().count("\n") + 1 for handle in handles)
            figure.set_size_inches(5.2, 4.9 + 0.2 * max(0, lines - 5))
        figure.draw_without_rendering()  # texts have a size only when axes have theirs
        texts = {name: _write(found, ax, places[name], name) for name in fitting}
        if all(texts.values()):
            return
        for text in filter(None, texts.values()):
            text.remove()
        fitting = [name for name, text in texts.items() if text]


def _mark_thresholds(found: Regions, ax: Axes) -> None:
    """The symbols of thresholds at the upper and the right side."""
    for name in (found.x, found.y):
        if marks := found.thresholds[name]:
            axis = ax.secondary_xaxis("top") if name == found.x else ax.secondary_yaxis("right")
            axis.set_ticks(list(marks.values()), labels=[_symbol(mark) for mark in marks])


def _symbol(name: str) -> str:
    """c_t and a1 with their indices below, r* with its star above, tau as a letter."""
    letter, index = re.fullmatch(r"(tau|[a-z]+?)_?([a-zA-Z]?\d*\*?)", name).groups()  # type: ignore[union-attr]
    return f"${letter.replace('tau', chr(92) + 'tau')}{'^*' if index == '*' else f'_{{{index}}}' if index else ''}$"


def _write(found: Regions, ax: Axes, inside: Any, name: str) -> Any:
    """The text of a name where it fits into its region; None if it fits nowhere."""
    from scipy.ndimage import binary_erosion

    text = ax.text(
        0.5, 0.5, name, transform=ax.transAxes, ha="center", va="center", bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.2}
    )
    box, frame = text.get_window_extent(), ax.get_window_extent()
    rows, columns = inside.shape
    # Some room on either side of the letters.
    wide, high = int(columns * (box.width / frame.width + 0.03)) + 1, int(rows * (box.height / frame.height + 0.03)) + 1
    along = binary_erosion(inside, np.ones((1, wide), dtype=bool))
    spots = np.argwhere(binary_erosion(along, np.ones((high, 1), dtype=bool)))
    if not len(spots):
        text.remove()
        return None
    row, column = spots[np.abs(spots - spots.mean(axis=0)).sum(axis=1).argmin()]
    text.set(x=found.x_values[column], y=found.y_values[row], transform=ax.transData)
    return text


def _axis(found: Regions, name: str) -> str:
    kind = "probability" if name in found.game.entry.probabilities else "payoff"
    return f"{name.replace('_', ' ')} ({kind})"


def _caption(found: Regions) -> str:
    entry = found.game.entry
    is_ = "\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}"
    others = ", ".join(f"{name}{is_}{value:g}" for name, value in found.game.arguments.items() if name not in (found.x, found.y))
    marks = ", ".join(f"{_symbol(mark)}{is_}{value:.4g}" for name in (found.x, found.y) for mark, value in found.thresholds[name].items())
    marked = f" {marks}." if marks else ""
    there = f" Not shown, for it rests on implausible beliefs: {', '.join(found.implausible)}." if found.implausible else ""
    told = f"{entry.title}: classes of perfect Bayesian equilibria.{marked}{there} With {others}. {found.certificate.capitalize()}."
    return f"{told} {entry.citation}; {entry.provenance}."
