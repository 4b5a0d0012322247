"""Logit agent quantal response equilibrium of an extensive-form game, on the principal branch.

At every information set I of player j, with Q_j(I, a) the expected payoff of action a under Bayes beliefs,

    sigma(a | I) = w_a exp(lambda_j Q_j(I, a)) / sum_b w_b exp(lambda_j Q_j(I, b)).

Of several solutions the one returned lies on the path that leads from the weights alone at precision 0 along t (lambda_1, ..., lambda_n) to its first arrival
at t = 1, folds followed. As precision grows it tends to a sequential equilibrium. A path that meets a bifurcation is stopped there and says so.

References
----------
McKelvey and Palfrey (1998), Quantal response equilibria for extensive form games, doi 10.1023/A:1009905800005.
Turocy (2010), Computing sequential equilibria using agent quantal response equilibria, doi 10.1007/s00199-009-0443-3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.games.certificate import Certificate, certify
from detente.games.tree import Forest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from detente.games.equilibria import Equilibrium
    from detente.games.game import Game

Floats = NDArray[np.float64]
Precision = float | Sequence[float] | Floats | Mapping[str, "float | Sequence[float] | Floats"]
RESIDUAL_TOLERANCE = 1e-11


class Status(IntEnum):
    """How the walk along the principal branch ended, for one draw."""

    CONVERGED = 0
    STOPPED_AT_BIFURCATION = 1
    STEP_LIMIT = 2
    NOT_FINITE = 3
    STALLED = 4

    @property
    def message(self) -> str:
        """A sentence for people."""
        return _MESSAGES[self]


_MESSAGES = {
    Status.CONVERGED: "arrived at the full precision on the principal branch",
    Status.STOPPED_AT_BIFURCATION: "the principal branch bifurcates before the full precision, as in symmetric games: perturb a payoff to choose a side",
    Status.STEP_LIMIT: "too many steps along the branch",
    Status.NOT_FINITE: "a number overflowed: use payoffs or precisions of smaller size",
    Status.STALLED: "no step along the branch was short enough to be followed safely",
}


@dataclass(frozen=True, eq=False)
class QuantalResponse:
    """An equilibrium for every draw, with the question and a certificate.

    Attributes
    ----------
    game : Game
    precision : array, (draw or 1) x player
        Unit: 1 / payoff.
    log_weight : array, action
        Actions of all information sets in order of first appearance.
    log_behaviour : array, draw x action
        Log-probabilities; NaN in draws that did not converge.
    belief : array, draw x member
    status : array of Status values, draw
    reached : array, draw
        How far along the ray the walk came, 1 when it converged.
    evaluations, folds : array, draw
        Jacobians evaluated and folds passed.
    """

    game: Game
    precision: Floats
    log_weight: Floats
    log_behaviour: Floats
    belief: Floats
    status: NDArray[np.int64]
    reached: Floats
    evaluations: NDArray[np.int64]
    folds: NDArray[np.int64]
    one: bool  # asked without a draw axis

    @property
    def converged(self) -> NDArray[np.bool_]:
        """Which draws have an answer."""
        return np.asarray(self.status == Status.CONVERGED)

    @cached_property
    def _certified(self) -> tuple[Certificate, Floats]:
        return certify(self.game, self.precision, self.log_weight, self.log_behaviour, self.belief)

    @property
    def certificate(self) -> Certificate:
        """Residual, regret and belief consistency, recomputed from the definition (see `detente.games.certificate`)."""
        return self._certified[0]

    @property
    def value(self) -> dict[str, Any]:
        """Expected payoff of each player: a float, or an array over draws."""
        return {name: self._shaped(self._certified[1][:, player]) for player, name in enumerate(self.game.players)}

    @property
    def behaviour(self) -> dict[str, list[dict[str, Any]]]:
        """For each player the information sets in order of first appearance: probability of each action, a float or an array over draws."""
        answer: dict[str, list[dict[str, Any]]] = {name: [] for name in self.game.players}
        first = 0
        for player, actions in self.game.infosets:
            columns = np.exp(self.log_behaviour[:, first : first + len(actions)])
            answer[self.game.players[player]].append({action: self._shaped(columns[:, k]) for k, action in enumerate(actions)})
            first += len(actions)
        return answer

    def _shaped(self, column: NDArray[Any]) -> Any:
        return column[0].item() if self.one else column

    def plot(self, limits: Sequence[Equilibrium] = ()) -> Figure:
        """Draw choices against precision, of one game at several precisions (extra `plot`).

        Of `limits`, such as `game.equilibria()`, the one that choices tend to is marked (see `detente.games.plots`).
        """
        from detente.games.plots import plot_branch

        return plot_branch(self, limits)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: precision, behaviour, certificate. Numbers are null in draws that did not converge; `status` says why."""
        precision: Any = self._plain(self.precision[:, 0])
        if (self.precision != self.precision[:, :1]).any():
            precision = {name: self._plain(self.precision[:, player]) for player, name in enumerate(self.game.players)}
        certificate = self.certificate
        return {
            "precision": precision,
            "behaviour": {
                player: [{action: self._plain(p) for action, p in infoset.items()} for infoset in infosets]
                for player, infosets in self.behaviour.items()
            },
            "certificate": {
                "status": [Status(status).name.lower() for status in self.status][0 if self.one else slice(None)],
                "residual": self._plain(certificate.residual),
                "regret": self._plain(certificate.regret),
                "belief": self._plain(certificate.belief),
            },
        }

    def to_json(self) -> str:
        """`to_dict` as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False)

    def _plain(self, numbers: Any) -> Any:
        listed = [number if np.isfinite(number) else None for number in np.atleast_1d(numbers).tolist()]
        return listed[0] if self.one or (len(listed) == 1 and np.ndim(numbers) == 0) else listed


def quantal_response(
    game: Game, precision: Precision, weights: Mapping[str, float] | None = None, *, threads: int | None = None
) -> QuantalResponse:
    """Solve a game.

    Parameters
    ----------
    game : Game
        Its payoffs may carry a draw axis: every draw is solved.
    precision : float, array over draws, or mapping of player to either
        lambda, unit 1 / payoff: 0 is choice by the weights alone, infinity is best reply.
    weights : mapping of action to float, optional
        Action weights w, default 1, wherever the action is on offer. Halving the weight of an action that is split in two changes nothing.
    threads : int, optional
        Threads to use; the answer does not depend on it.

    Returns
    -------
    QuantalResponse
        A draw whose branch could not be followed to the end has a status that says so, and NaN for behaviour.

    Raises
    ------
    InvalidInput
        If a precision is negative or not finite, draws do not match, or a weight is not positive or names no action.

    Examples
    --------
    >>> from detente.games import loads, quantal_response
    >>> game = loads('EFG 2 R "" { "Ann" } p "" 1 1 "" { "stay" "go" } 0 t "" 1 "" { 0 } t "" 2 "" { 1 }')
    >>> round(quantal_response(game, precision=2.0).behaviour["Ann"][0]["go"], 6)
    0.880797
    """
    rays, given = _precisions(game, precision)
    log_weight = _log_weights(game, weights or {})
    draws = max(given or 1, game.draws or 1)

    from detente.games import _arclength
    from detente.games.tables import Table
    from detente.games.threads import BLOCK, over_draws, thread_count

    forest, atlas = game.layout
    payoffs = game.payoffs if game.payoffs.ndim == 3 else game.payoffs[None]
    # NumPy is ten times faster at this where draws lie side by side.
    outcomes = np.ascontiguousarray(payoffs.transpose(1, 2, 0))
    low, high = outcomes.min(axis=0).T, outcomes.max(axis=0).T
    centred = np.ascontiguousarray(payoffs - 0.5 * (low + high)[:, None])
    # The length of the ray in units of the widest payoff range: neither payoffs nor precision have a scale of their own.
    end = np.ascontiguousarray(np.broadcast_to((rays * (high - low)).max(axis=1), draws))
    log_behaviour = np.zeros((draws, atlas.n_actions))
    belief = np.zeros((draws, len(forest.member_node)))
    status, evaluations, folds = (np.zeros(draws, dtype=np.int64) for _ in range(3))
    reached = np.zeros(draws)
    over_draws(
        _arclength.trace_draws, draws, threads, Table(forest), centred, rays, np.where(end > 0, end, 1.0), _start(forest, log_weight, atlas.n_unknown),
        RESIDUAL_TOLERANCE, log_behaviour, belief, status, reached, evaluations, folds,
        work=lambda: (
            Table(_arclength.make_desk()), Table(_arclength.make_bench(forest, game.chance, log_weight, len(game.players), atlas.n_unknown)),
            _arclength.make_walks(draws, atlas.n_unknown),
        ),
        # The last lanes of a block wait for the longest walk.
        block=min(4 * BLOCK, max(BLOCK, draws // (4 * thread_count(threads)))),
    )  # fmt: skip
    log_behaviour[status != Status.CONVERGED] = np.nan
    for array in (rays, log_weight, log_behaviour, belief, status, reached, evaluations, folds):
        array.setflags(write=False)
    one = game.draws is None and given is None
    return QuantalResponse(game, rays, log_weight, log_behaviour, belief, status, reached, evaluations, folds, one)


def _start(forest: Forest, log_weight: Floats, n_unknown: int) -> Floats:
    """Log-ratios at precision 0: those of the weights."""
    start = np.zeros(n_unknown)
    for first, size, unknown in zip(forest.infoset_action, forest.infoset_size, forest.unknown_start, strict=True):
        if unknown >= 0:
            start[unknown : unknown + size - 1] = log_weight[first + 1 : first + size] - log_weight[first]
    return start


def _precisions(game: Game, precision: Precision) -> tuple[Floats, int | None]:
    """Precisions as (draw or 1) x player, and the length of their draw axis (None without one)."""
    problems: list[Problem] = []
    stated: Mapping[str, Any] = precision if isinstance(precision, Mapping) else dict.fromkeys(game.players, precision)
    for name in stated:
        if name not in game.players:
            problems.append(Problem("precision", f"no player {name!r}", f"the players are {', '.join(game.players)}", _remedy(str(name), game.players)))
    columns: list[Floats] = []
    for name in game.players:
        if name not in stated:
            problems.append(Problem("precision", f"none for {name!r}", "every player's is needed", "give one number, or one per player"))
            continue
        try:
            column = np.array(stated[name], dtype=np.float64)
        except (TypeError, ValueError):
            problems.append(Problem(f"precision of {name}", "not a number", "lambda is a number, unit 1 / payoff", "give a number or one per draw"))
            continue
        if column.ndim > 1 or column.size == 0:
            problems.append(Problem(f"precision of {name}", f"shape {column.shape}", "one number per draw is read", "give a flat sequence"))
        elif not np.isfinite(column).all() or (column < 0).any():
            problems.append(Problem(f"precision of {name}", "negative or not finite", "lambda runs from 0, and infinity has no branch", "give a number from 0"))
        columns.append(column)
    lengths = {len(column) for column in columns if column.ndim == 1} | ({game.draws} if game.draws else set())
    if len(lengths) > 1:
        problems.append(Problem("precision", f"draws of {sorted(lengths)} numbers", "draws are matched one to one", "give all the same number of draws"))
    if problems:
        raise InvalidInput(problems)
    given = next((len(column) for column in columns if column.ndim == 1), None)
    rays = np.stack([np.broadcast_to(column, given or 1) for column in columns], axis=1)
    return np.ascontiguousarray(rays), given


def _log_weights(game: Game, weights: Mapping[str, float]) -> Floats:
    labels = [action for _, actions in game.infosets for action in actions]
    problems: list[Problem] = []
    for action, weight in weights.items():
        if action not in labels:
            problems.append(Problem("weights", f"no action {action!r}", "a weight belongs to an action of the tree", _remedy(str(action), labels)))
        elif not isinstance(weight, (int, float, np.number)) or not (np.isfinite(weight) and weight > 0):
            problems.append(Problem(f"weight of {action}", f"{weight!r}", "weights are positive numbers", "remove the action from the tree to forbid it"))
    if problems:
        raise InvalidInput(problems)
    return np.asarray(np.log([float(weights.get(label, 1.0)) for label in labels]))


def _remedy(name: str, candidates: Sequence[str]) -> str:
    near = get_close_matches(name, candidates, 1)
    return f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(map(repr, list(dict.fromkeys(candidates))[:8]))}"
