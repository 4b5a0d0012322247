"""Asymmetric escalation and the tripartite crisis have no equilibria but those of the classes that are named, as far as two other ways of finding some tell."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.games.build import random_crisis, random_escalation
from tests.games.judge import Judge, outcomes

from detente.games import Chance, Decision, Game, Node, quantal_response
from detente.games.classic.entry import ClassicGame


def unequalled(node: Node) -> Node:
    """The tree with actions whose names tell their information sets, so that each can have a weight."""
    if isinstance(node, Chance):
        return Chance(tuple((number, label, unequalled(child)) for number, label, child in node.branches))
    if isinstance(node, Decision):
        return Decision(node.player, node.infoset, tuple((f"{node.infoset}: {action}", unequalled(child)) for action, child in node.branches))
    return node


def limits(many: list[ClassicGame], weights: int, random: np.random.Generator) -> list[tuple[ClassicGame, dict[str, float]]]:
    """How often play comes to each end where quantal response from random weights comes to best replies, in games with the same chances."""
    first = many[0]
    assert isinstance(first.root, Chance)
    tree = Game(first.title, first.players, unequalled(first.root), first.chance, np.stack([game.payoffs for game in many]))
    found = []
    for _ in range(weights):
        own = {action: float(np.exp(random.normal(0, 2.5))) for _, actions in tree.infosets for action in actions}
        answer = quantal_response(tree, 1e6, own, threads=1)
        for game, logs in zip(many, answer.log_behaviour, strict=True):
            if np.isfinite(logs).all():
                played = iter(np.exp(logs))
                names = [str(infoset) for _, infoset in game.layout[1].infoset_names]
                profile = {name: {action: next(played) for action in actions} for name, (_, actions) in zip(names, game.infosets, strict=True)}
                found.append((game, dict(Judge(game, profile).outcomes)))
    return found


@cache
def classes(game: ClassicGame) -> list[tuple[str, dict[str, float]]]:
    """How often play comes to each end in each class."""
    return [(form.name, outcomes(game, form)) for form in game.closed_form()]


def nearest(game: ClassicGame, ends: dict[str, float]) -> tuple[float, str]:
    """The class whose play comes to the ends most nearly as often, and how nearly."""
    return min((max(abs(share - own.get(label, 0.0)) for label, share in ends.items()), name) for name, own in classes(game))


ESCALATING = {
    "certain deterrence", "limited-response deterrence", "other deterrence", "bluff I", "attack", "constrained limited response", "hybrid limited response",
    "constrained limited response, SH mixes", "hybrid limited response, SH mixes", "hybrid limited response, SH escalates",
}  # fmt: skip
CRISIS = {
    "concession", "commitment, all demand", "commitment, determined demand", "commitment, doubtful resistance", "commitment that deters", "worthless demand",
    "straddle", "mixed resistance", "mixed resistance, determined demand", "mixed resistance, hesitant bluff",
}  # fmt: skip


def test_quantal_responses_of_asymmetric_escalation_tend_to_classes() -> None:
    """Whichever weights they start from; most classes are come to."""
    random, names = np.random.default_rng(4), set()
    for _ in range(20):
        hard, kinds = random.uniform(0.02, 0.98), random.dirichlet(np.ones(4))
        for game, ends in limits([random_escalation(random, hard, kinds) for _ in range(6)], 4, random):
            distance, name = nearest(game, ends)
            assert distance < 0.03, (name, ends, game.arguments)
            names.add(name)
    assert names >= ESCALATING, ESCALATING - names


def test_quantal_responses_of_the_tripartite_crisis_tend_to_classes() -> None:
    random, names = np.random.default_rng(2), set()
    for _ in range(12):
        types = random.uniform(0.02, 0.98, 2)
        for game, ends in limits([random_crisis(random, *types) for _ in range(16)], 4, random):
            distance, name = nearest(game, ends)
            assert distance < 0.03, (name, ends, game.arguments)
            names.add(name)
    assert names >= CRISIS, CRISIS - names


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(4, 10))])
def test_every_equilibrium_of_the_tripartite_crisis_is_of_a_class(seed: int) -> None:
    """`equilibria` tries all supports, and finds every class that is stated and no equilibrium of another."""
    random = np.random.default_rng(seed)
    game = random_crisis(random, *random.uniform(0.02, 0.98, 2))
    found = [game.class_of(one) for one in game.equilibria()]
    assert None not in found
    assert {one.name for one in found if one is not None} == {form.name for form in game.closed_form()}
