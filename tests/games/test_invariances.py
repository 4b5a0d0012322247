"""What may not change an equilibrium, and two hundred games of any shape against Gambit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from tests.games.build import random_tree
from tests.games.test_quantal_response import by_pygambit, largest_difference

from detente import games
from detente.games import Chance, Decision, Game, Node, Terminal, quantal_response

SEEDS = range(12)
PRECISION = 3.0


def test_two_hundred_games_of_up_to_four_players_agree_with_gambit() -> None:
    """pygambit 17.0.0b2 on trees with chance and imperfect information, at three precisions, to 1e-6."""
    worst = 0.0
    for seed in range(200):
        game, precision = random_tree(seed, players=2 + seed % 3), (0.5, 2.0, 6.0)[seed % 3]
        found = quantal_response(game, precision)
        assert found.converged.all(), seed
        worst = max(worst, largest_difference(found.behaviour, by_pygambit(game, precision)))
    assert worst < 1e-6


def answer(game: Game, precision: object = PRECISION) -> list[list[float]]:
    """Probabilities at the information sets, in order of first appearance."""
    found = quantal_response(game, precision)  # type: ignore[arg-type]
    assert found.converged.all()
    seen = dict.fromkeys(game.players, 0)
    rows = []
    for player, _ in game.infosets:
        name = game.players[player]
        rows.append(list(found.behaviour[name][seen[name]].values()))
        seen[name] += 1
    return rows


def assert_same(first: list[list[float]], second: list[list[float]], tolerance: float = 1e-8) -> None:
    for one, other in zip(first, second, strict=True):
        assert one == pytest.approx(other, abs=tolerance)


def rebuilt(node: Node, **changes: object) -> Node:
    """A tree with other players, other names of actions, or branches in reverse order."""
    if isinstance(node, Terminal):
        return node
    if isinstance(node, Chance):
        branches = [(number, label, rebuilt(child, **changes)) for number, label, child in node.branches]
        return Chance(tuple(reversed(branches) if changes.get("reverse") else branches))
    player = changes["players"][node.player] if "players" in changes else node.player  # type: ignore[index]
    moves = [(f"renamed {label}" if changes.get("rename") else label, rebuilt(child, **changes)) for label, child in node.branches]
    return Decision(player, node.infoset, tuple(reversed(moves) if changes.get("reverse") else moves))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_names_and_numbers_of_players_and_actions_mean_nothing(seed: int) -> None:
    game = random_tree(seed)
    turned = [3, 2, 1, 0]
    other = dataclasses.replace(
        game, players=tuple("wxyz"), root=rebuilt(game.root, players=turned, rename=True), payoffs=game.payoffs[:, ::-1]
    )
    assert_same(answer(game), answer(other))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_branches_means_nothing(seed: int) -> None:
    game = random_tree(seed)
    other = dataclasses.replace(game, root=rebuilt(game.root, reverse=True))
    before = {infoset: row for (_, infoset), row in zip(game.layout[1].infoset_names, answer(game), strict=True)}
    for (_, infoset), row in zip(other.layout[1].infoset_names, answer(other), strict=True):
        assert row[::-1] == pytest.approx(before[infoset], abs=1e-8)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_constant_added_to_a_players_payoffs_means_nothing(seed: int) -> None:
    game = random_tree(seed)
    assert_same(answer(game), answer(dataclasses.replace(game, payoffs=np.add(game.payoffs, [1e3, -7.0, 0.5, 0.0]))))


@pytest.mark.parametrize("factor", [1e-6, 0.3, 1e5])
def test_payoffs_in_another_unit_with_precision_in_its_inverse_mean_the_same(factor: float) -> None:
    for seed in SEEDS:
        game = random_tree(seed)
        assert_same(answer(game), answer(dataclasses.replace(game, payoffs=game.payoffs * factor), PRECISION / factor))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_type_that_is_split_into_two_of_half_the_chance_acts_as_before(seed: int) -> None:
    """Both halves are told apart by nobody, themselves included, and both go on as the whole did."""
    game = random_tree(seed, most_decisions=6)
    doubled = Chance(((len(game.chance), "first half", game.root), (len(game.chance) + 1, "second half", game.root)))
    assert_same(answer(game), answer(dataclasses.replace(game, root=doubled, chance=[*game.chance, 0.5, 0.5])))


def test_a_dominated_action_is_given_up_as_precision_grows_and_the_rest_is_as_without_it() -> None:
    """It costs its player a prize more than his worst end."""
    for seed in SEEDS:
        game = random_tree(seed, players=2, most_decisions=4)
        player, infoset = next((node.player, node.infoset) for node in [first_decision(game.root)])
        outcome = len(game.payoffs)
        worse = np.zeros((1, 2))
        worse[0, player] = game.payoffs[:, player].min() - 1.0
        more = dataclasses.replace(game, root=with_action(game.root, infoset, outcome), payoffs=np.concatenate([game.payoffs, worse]))
        place = [name for _, name in more.layout[1].infoset_names].index(infoset)
        shares = [answer(more, precision)[place][-1] for precision in (0.5, 4.0, 32.0)]
        assert shares[0] > shares[1] > shares[2] and shares[2] < 1e-12
        without = answer(game, 32.0)
        within = [row[:-1] if k == place else row for k, row in enumerate(answer(more, 32.0))]
        assert_same(without, within, 1e-6)


def first_decision(node: Node) -> Decision:
    while not isinstance(node, Decision):
        assert isinstance(node, Chance)
        node = next(child for _, _, child in node.branches if not isinstance(child, Terminal))
    return node


def with_action(node: Node, infoset: object, outcome: int) -> Node:
    if isinstance(node, Terminal):
        return node
    if isinstance(node, Chance):
        return Chance(tuple((number, label, with_action(child, infoset, outcome)) for number, label, child in node.branches))
    branches = tuple((label, with_action(child, infoset, outcome)) for label, child in node.branches)
    return Decision(node.player, node.infoset, (*branches, ("dominated", Terminal(outcome))) if node.infoset == infoset else branches)


@pytest.mark.parametrize(
    "game",
    [
        games.rudimentary_deterrence(defender_hard=0.39), games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2),
        games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.8), games.tripartite_crisis(challenger_determined=0.3, protege_disloyal=0.2),
        games.trust_game(a_seeker=0.8, b_seeker=0.7),
    ],
    ids=lambda game: game.name,
)  # fmt: skip
def test_the_limit_of_growing_precision_is_one_of_the_certified_equilibria(game: Game) -> None:
    """At a precision of 3,000 play lies within 0.02 of one that `equilibria` finds without following any path."""
    near = answer(game, 3000.0)
    distance = min(
        max(abs(p - q) for row, other in zip(near, found.probabilities, strict=True) for p, q in zip(row, other, strict=True)) for found in game.equilibria()
    )
    assert distance < 0.02


def test_a_type_of_no_chance_is_the_limit_of_a_type_of_hardly_any() -> None:
    """Four types of the defender and two of the challenger, some or all of them impossible: every game is solved up to a precision of 1,000. As long as no
    choice is rarer than a type, what the impossible would do is what those of a chance of 1e-9 do."""
    for challenger, *defender in [(0.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.3, 0.0), (0.3, 0.2, 0.0, 0.0), (1.0, 0.0, 0.0, 0.4)]:
        for precision in (5.0, 100.0, 1000.0):
            none, hardly = (
                games.asymmetric_escalation(
                    challenger_hard=min(max(challenger, least), 1.0 - least), **dict(zip(("defender_hh", "defender_hs", "defender_sh"), np.maximum(defender, least), strict=True))
                )
                for least in (0.0, 1e-9)
            )  # fmt: skip
            solved = answer(none, precision)
            if precision == 5.0:
                assert_same(solved, answer(hardly, precision), 1e-6)
