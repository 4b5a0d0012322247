"""The figure of regions of equilibria (extra `plot`): kinds told apart by colour, by hatching and by their names.

So it reads in grey and to eyes that do not see all colours. The fills are the palette of Okabe and Ito (2008), paled.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.games.plots.style import STYLE, pyplot

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from detente.games.classic.regions import Regions

FILLS = ("#cfe6f5", "#f7dcb4", "#c8e6d5", "#f3cbb8", "#ead0e2", "#fbf6bd", "#c3d3ea", "#dddddd")
HATCHES = ("", "//", "\\\\", "--", "||", "xx", "++", "..")


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
    plt = pyplot()
    from matplotlib.colors import ListedColormap
    from matplotlib.patches import Patch

    with plt.rc_context(STYLE):
        own = ax is None
        if ax is None:
            _, ax = plt.subplots(figsize=(5.2, 4.9), layout="constrained")
        names = [_named([name for name in kind if name not in found.implausible] or kind) for kind in found.classes]
        places = {name: place for place, name in enumerate(dict.fromkeys(names))}
        painted = np.array([*(places[name] for name in names), -1])[found.cells]
        (left, right), (bottom, top) = edges = found.edges
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


def _named(kind: Sequence[str]) -> str:
    """The classes of a region, a line each."""
    return " +\n".join(kind) or "none in\nclosed form"


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
