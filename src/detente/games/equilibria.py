"""Perfect Bayesian equilibria of a small game: all that are found, each certified.

A profile with beliefs is one if what is played at every information set is a best reply under the beliefs there, and if beliefs follow Bayes' rule wherever
play comes, and elsewhere as far as trembles allow it. Supports are enumerated (`_supports`), each is solved from many starts (`_indifference`), and
`best_reply`, which shares nothing with the solver, judges every answer: what it does not certify is not returned. It also says whether the equilibrium is
sequential (Kreps and Wilson 1982), and which beliefs support it where play never comes.

A mixed equilibrium can be missed, because its equations are solved from a finite number of starts. A continuum of equilibria with the same supports is
represented by one of them, marked as not isolated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from detente.errors import InvalidInput, Problem
from detente.games._indifference import roots
from detente.games._supports import Allowed, Plan, count, make_plan, remaining, supports
from detente.games.best_reply import Verdict, judge
from detente.games.supporting_beliefs import Range, SupportingBeliefs
from detente.games.tree import label_members

if TYPE_CHECKING:
    from detente.games.game import Game

# Judgement: what takes at most some minutes.
MOST_INFOSETS = 12
MOST_SUPPORTS = 100_000
MOST_NODES = 2_000
# Regret as a share of the payoff range, and distance of beliefs from Bayes' rule.
CERTIFIED = 1e-8
# Beliefs below are those of trembles of a higher order.
NEVER_BELIEVED = 1e-9
SEED = 1

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Belief:
    """Beliefs at one information set of several members.

    Attributes
    ----------
    player : str
    position : int
        Among the player's information sets, in order of first appearance.
    members : tuple of str
        The way to each member, in the order of the tree.
    probability : tuple of float
    reached : bool
        Whether play comes there; if not, `probability` is a witness.
    supporting : SupportingBeliefs or None
        Where play never comes: all beliefs that make what is played there a best reply.
    """

    player: str
    position: int
    members: tuple[str, ...]
    probability: tuple[float, ...]
    reached: bool
    supporting: SupportingBeliefs | None

    @property
    def interval(self) -> Range | None:
        """Where play never comes and there are two members: the supporting beliefs in the first."""
        return self.supporting.ranges[0] if self.supporting is not None and len(self.members) == 2 else None


@dataclass(frozen=True, eq=False, repr=False)
class Equilibrium:
    """A certified equilibrium.

    Attributes
    ----------
    game : Game
    probabilities : tuple over information sets of tuple over actions
    weights : tuple over information sets of tuple over members
        Beliefs.
    isolated : bool
        False: one of a continuum with the same supports.
    verdict : Verdict
        What the independent judge found.
    """

    game: Game
    probabilities: tuple[tuple[float, ...], ...]
    weights: tuple[tuple[float, ...], ...]
    isolated: bool
    verdict: Verdict

    def __repr__(self) -> str:
        concept = "sequential" if self.sequential else "perfect Bayesian"
        moves = "; ".join(
            f"{player} {', '.join(' '.join(f'{action} {share:.4g}' for action, share in place.items() if share > 0) for place in places)}"
            for player, places in self.behaviour.items()
        )
        return f"<Equilibrium of {self.game.title!r}, {concept}{'' if self.isolated else ', one of a continuum'}: {moves}; regret {self.regret:.1g}>"

    @property
    def behaviour(self) -> dict[str, list[dict[str, float]]]:
        """For each player the information sets in order of first appearance: probability of each action."""
        answer: dict[str, list[dict[str, float]]] = {name: [] for name in self.game.players}
        for (player, actions), probabilities in zip(self.game.infosets, self.probabilities, strict=True):
            answer[self.game.players[player]].append(dict(zip(actions, probabilities, strict=True)))
        return answer

    @property
    def value(self) -> dict[str, float]:
        """Expected payoff of each player."""
        return dict(zip(self.game.players, self.verdict.value, strict=True))

    @property
    def regret(self) -> float:
        """Largest regret at any information set, as a share of the mover's payoff range."""
        return max(self.verdict.regret)

    @property
    def sequential(self) -> bool:
        """Whether it is shown to be a sequential equilibrium; if not, it is a perfect Bayesian one."""
        return self.verdict.sequential

    @cached_property
    def beliefs(self) -> tuple[Belief, ...]:
        """Beliefs wherever an information set has several members."""
        found, seen = [], [0] * len(self.game.players)
        for i, ((player, _), members) in enumerate(zip(self.game.infosets, label_members(self.game.root), strict=True)):
            if len(members) > 1:
                reached, supporting = self.verdict.reach[i] > 0, self.verdict.supporting[i]
                found.append(Belief(self.game.players[player], seen[player], members, self.weights[i], reached, supporting))
            seen[player] += 1
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: behaviour, beliefs, value, certificate."""
        return {
            "behaviour": self.behaviour,
            "beliefs": [
                {
                    "player": belief.player, "position": belief.position, "members": list(belief.members), "probability": list(belief.probability),
                    "reached": belief.reached, "interval": list(belief.interval) if belief.interval else None,
                    "ranges": [list(each) for each in belief.supporting.ranges] if belief.supporting else None,
                }
                for belief in self.beliefs
            ],
            "value": self.value,
            "certificate": {
                "concept": "sequential" if self.sequential else "perfect Bayesian",
                "isolated": self.isolated,
                "regret": self.regret,
                "bayes": max(self.verdict.bayes),
            },
        }  # fmt: skip


class Search(NamedTuple):
    """What `equilibria` has before it."""

    plan: Plan
    allowed: Allowed
    supports: int
    size: str  # in words


def search_of(game: Game) -> Search:
    """The actions that are left when dominated ones are removed, and how many profiles of supports they make; refuses what `equilibria` refuses."""
    if game.draws is not None:
        raise InvalidInput(Problem("payoffs", f"{game.draws} draws", "equilibria are sought for one game", "give Game(..., payoffs=game.payoffs[draw])"))
    profiles = prod(len(actions) for _, actions in game.infosets)
    nodes = len(game.layout[0].node_parent)
    size = f"this game has {len(game.infosets)} information sets, {nodes:,} nodes and {profiles:,} pure profiles"
    if len(game.infosets) > MOST_INFOSETS or nodes > MOST_NODES:
        limit = f"equilibria are sought with at most {MOST_INFOSETS} information sets and {MOST_NODES:,} nodes"
        raise InvalidInput(Problem("game", size, limit, "solve it by quantal_response instead"))
    plan = make_plan(game)
    allowed = remaining(plan)
    left = count(allowed)
    size = f"{size}; {left:,} profiles of supports are left when dominated actions are removed"
    if left > MOST_SUPPORTS:
        raise InvalidInput(Problem("game", size, f"at most {MOST_SUPPORTS:,} are searched", "solve it by quantal_response instead"))
    return Search(plan, allowed, left, size)


def equilibria(game: Game, *, progress: Progress | None = None) -> tuple[Equilibrium, ...]:
    """Find the perfect Bayesian equilibria of a small game.

    Parameters
    ----------
    game : Game
        Without a draw axis.
    progress : callable, optional
        `progress(done, 0, "seeking")`: profiles of supports that have been tried; how many there will be is not known before.

    Returns
    -------
    tuple of Equilibrium
        Every one that was found and certified: regret and distance from Bayes' rule at most 1e-8.

    Raises
    ------
    InvalidInput
        Before any work starts, if the payoffs have a draw axis, the game has more than 12 information sets or 2,000 nodes, or more than 100,000 profiles of
        supports are left when dominated actions have been removed.

    Examples
    --------
    >>> from detente.games import equilibria, loads
    >>> game = loads('EFG 2 R "" { "Ann" } p "" 1 1 "" { "stay" "go" } 0 t "" 1 "" { 0 } t "" 2 "" { 1/3 }')
    >>> [found.behaviour["Ann"][0]["go"] for found in equilibria(game)]
    [1.0]
    """
    plan, allowed, *_ = search_of(game)
    random = np.random.default_rng(SEED)
    found: list[Equilibrium] = []
    for done, support in enumerate(supports(plan, allowed)):
        if progress is not None:
            progress(done, 0, "seeking")
        for root in roots(plan, support, random):
            probabilities = tuple(_exact(each, support[i]) for i, each in enumerate(root.behaviour))
            weights = tuple(_believed(each) for each in root.belief)
            verdict = judge(game, probabilities, weights)
            if max(verdict.regret) <= CERTIFIED and max(verdict.bayes) <= CERTIFIED:
                found.append(Equilibrium(game, probabilities, weights, root.isolated, verdict))
    return tuple(found)


def _exact(probabilities: Any, support: tuple[int, ...]) -> tuple[float, ...]:
    """Probabilities with zeros outside the support."""
    return tuple(float(p) if a in support else 0.0 for a, p in enumerate(probabilities))


def _believed(belief: Any) -> tuple[float, ...]:
    """Beliefs in which trembles of a higher order weigh nothing."""
    kept = np.where(belief < NEVER_BELIEVED, 0.0, belief)
    return tuple((kept / kept.sum()).tolist())
