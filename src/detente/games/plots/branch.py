"""The figure of choices along the principal branch (extra `plot`): a panel for each information set, actions told apart by colour and by dashes."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.errors import InvalidInput, Problem
from detente.games.plots.style import LINES, STYLE, pyplot
from detente.games.tree import label_members

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.figure import Figure

    from detente.games.equilibria import Equilibrium
    from detente.games.game import Game
    from detente.games.quantal_response import QuantalResponse

TICK = 1  # matplotlib's TICKRIGHT: a dash that starts at the place and goes right


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
    plt = pyplot()
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


def _titles(game: Game) -> list[str]:
    """The name of each information set where it is text, else who moves and after what."""
    titles = []
    for (player, _), (_, name), members in zip(game.infosets, game.layout[1].infoset_names, label_members(game.root), strict=True):
        after = members[0] + (" or ..." if len(members) > 1 else "")
        titles.append(name if isinstance(name, str) else "\n".join(textwrap.wrap(f"{game.players[player]}" + (f", after {after}" if after else ""), 32)[:2]))
    return titles
