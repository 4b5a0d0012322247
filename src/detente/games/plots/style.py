"""What figures with matplotlib (extra `plot`) share: that it is there, the style, the colours of lines, how a figure is written to a file.

The colours are those of Okabe and Ito (2008), which eyes that do not see all colours can tell apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from detente.errors import MissingExtra

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

LINES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00", "#000000")
STYLE = {
    "font.family": "sans-serif", "font.size": 9.0, "axes.linewidth": 0.8, "axes.labelsize": 9.5, "xtick.labelsize": 8.5, "ytick.labelsize": 8.5,
    "legend.fontsize": 8.5, "hatch.linewidth": 0.35,
}  # fmt: skip


def pyplot() -> Any:
    """matplotlib.pyplot.

    Raises
    ------
    MissingExtra
        If matplotlib is not installed.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise MissingExtra('figures need matplotlib: pip install "detente[plot]"') from None
    return plt


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure and close it. The same figure gives the same bytes."""
    plt = pyplot()
    with plt.rc_context({"svg.hashsalt": "detente"}):
        figure.savefig(path, dpi=200, metadata={".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix.lower()))
    plt.close(figure)
