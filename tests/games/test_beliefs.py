"""Beliefs where play never comes: pure perfect Bayesian equilibria are those of Gambit's agent-form equilibria that some belief supports, and no others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pygambit
import pytest
from scipy.optimize import linprog
from tests.games.build import random_tree
from tests.games.test_equilibria import Profile, by_gambit, flat, in_gambit, signalling

from detente.errors import InvalidInput
from detente.games import Chance, Decision, Equilibrium, Game, Node, Terminal, equilibria
from detente.games.best_reply import judge

Member = tuple[float, tuple[tuple[int, int], ...], Decision]


def laid_out(game: Game) -> tuple[dict[object, int], list[list[Member]]]:
    """For every information set its members: chance of nature's moves on the way, (information set, action) of the players', and the node."""
    index: dict[object, int] = {}
    sets: list[list[Member]] = []

    def walk(node: Node, chance: float, moves: tuple[tuple[int, int], ...]) -> None:
        if isinstance(node, Chance):
            for k, _, child in node.branches:
                walk(child, chance * float(game.chance[k]), moves)
        elif isinstance(node, Decision):
            here = index.setdefault(node.infoset, len(index))
            if here == len(sets):
                sets.append([])
            sets[here].append((chance, moves, node))
            for action, (_, child) in enumerate(node.branches):
                walk(child, chance, (*moves, (here, action)))

    walk(game.root, 1.0, ())
    return index, sets


def supportable(game: Game, profile: Profile) -> bool:
    """Whether at every information set what is played is a best reply under some credible belief there: one linear programme each.

    A member behind all the unmade moves of another, and more, is not credible; where all credible members lie behind the same ones, Bayes' rule tells the belief.
    """
    index, sets = laid_out(game)
    by_player = [i for player in range(len(game.players)) for i, (mover, _) in enumerate(game.infosets) if mover == player]
    played, at = {}, 0
    for i in by_player:
        size = len(game.infosets[i][1])
        played[i], at = profile[at : at + size].index(1), at + size

    def worth(node: Node) -> np.ndarray:
        if isinstance(node, Terminal):
            return np.asarray(game.payoffs[node.outcome])
        if isinstance(node, Chance):
            return np.sum([game.chance[k] * worth(child) for k, _, child in node.branches], axis=0)
        return worth(node.branches[played[index[node.infoset]]][1])

    for i, members in enumerate(sets):
        player = members[0][2].player
        gain = np.array([[worth(child)[player] for _, child in node.branches] for _, _, node in members])
        gain -= gain[:, [played[i]]]
        unmade = [frozenset(move for move in moves if played[move[0]] != move[1]) for _, moves, _ in members]
        credible = [m for m, mine in enumerate(unmade) if not any(other < mine for other in unmade)]
        if len({unmade[m] for m in credible}) == 1:
            bayes = np.array([members[m][0] for m in credible])
            if (bayes / bayes.sum() @ gain[credible]).max() > 1e-9:
                return False
        elif linprog(np.zeros(len(credible)), A_ub=gain[credible].T, b_ub=np.full(gain.shape[1], 1e-9), A_eq=np.ones((1, len(credible))), b_eq=[1.0]).status:
            return False
    return True


def pure_ones(found: Sequence[Equilibrium]) -> list[Equilibrium]:
    return [each for each in found if set(flat(each)) <= {0.0, 1.0}]


def pure(profiles: Sequence[Profile]) -> set[Profile]:
    return {profile for profile in profiles if set(profile) <= {0.0, 1.0}}


def agree(seeds: range, most_decisions: int = 6) -> None:
    kept = dropped = 0
    for seed in seeds:
        game = random_tree(seed, players=2 + seed % 3, most_decisions=most_decisions)
        theirs = in_gambit(game)
        nash = by_gambit(theirs, pygambit.nash.enumpure_agent_solve(theirs).equilibria)
        expected = {profile for profile in nash if supportable(game, profile)}
        assert pure([flat(each) for each in equilibria(game)]) == expected, seed
        kept, dropped = kept + len(expected), dropped + len(nash) - len(expected)
    assert kept >= len(seeds) // 2 and dropped > len(seeds)


def test_pure_equilibria_of_trees_of_any_shape_are_those_of_gambit_that_some_belief_supports() -> None:
    agree(range(60))


@pytest.mark.slow
def test_so_are_those_of_hundreds_of_trees_and_of_larger_ones() -> None:
    agree(range(60, 200))
    agree(range(12), most_decisions=9)


def test_two_who_see_the_same_surprise_draw_the_same_conclusion() -> None:
    """A sender of two kinds, and two receivers who reply at once: both hear the message alone, so that one belief about her kind has to support both replies."""
    apart = 0
    for seed in (*range(5), 10, 45, 47):
        random = np.random.default_rng(seed)
        payoffs = random.uniform(-9, 9, (16, 3)).round(3)
        # The sender would rather stay with her first message whatever she is.
        payoffs[:, 0] -= 30.0 * (np.arange(16) // 4 % 2)

        def third(first: int, message: int) -> Node:
            return Decision(2, ("third", message), tuple((f"c{k}", Terminal(first + k)) for k in range(2)))

        def second(first: int, message: int) -> Node:
            return Decision(1, ("second", message), tuple((f"b{k}", third(first + 2 * k, message)) for k in range(2)))

        def sender(kind: int) -> Node:
            return Decision(0, ("sender", kind), tuple((f"m{m}", second(8 * kind + 4 * m, m)) for m in range(2)))

        root = Chance(tuple((k, f"kind {k}", sender(k)) for k in range(2)))
        game = Game("two receivers", ("sender", "second", "third"), root, [0.4, 0.6], payoffs)  # type: ignore[arg-type]
        theirs = in_gambit(game)
        alone = {profile for profile in by_gambit(theirs, pygambit.nash.enumpure_agent_solve(theirs).equilibria) if supportable(game, profile)}
        found = pure([flat(each) for each in equilibria(game)])
        together = set()
        for profile in alone:
            b, c = profile[6:8].index(1), profile[10:12].index(1)  # what is replied to the message that nobody sends
            share = np.linspace(0, 1, 4001)[:, None]
            table = payoffs.reshape(2, 2, 2, 2, 3)[:, 1]  # kind x second x third x player
            of_second = share * (table[0, 1 - b, c, 1] - table[0, b, c, 1]) + (1 - share) * (table[1, 1 - b, c, 1] - table[1, b, c, 1])
            of_third = share * (table[0, b, 1 - c, 2] - table[0, b, c, 2]) + (1 - share) * (table[1, b, 1 - c, 2] - table[1, b, c, 2])
            if ((of_second <= 0) & (of_third <= 0)).any():
                together.add(profile)
        assert found == together, seed
        apart += len(alone) - len(together)
    assert apart > 0


def answers(found: Equilibrium) -> str:
    """The reply to the message that nobody sends."""
    return next(reply for reply, share in found.behaviour["receiver"][1].items() if share == 1)


def test_the_beliefs_of_three_kinds_that_support_a_reply() -> None:
    """Fighting an unheard message pays 2, 1 and -1 against the three kinds: it is supported where 2a + b >= c, so for c up to 2/3; yielding elsewhere, so for a up
    to 1/3, b up to 1/2 and c from 1/2."""
    sender, receiver = [[[1, 1], [-1, 0]]] * 3, [[[0, 0], [2, 0]], [[0, 0], [1, 0]], [[0, 0], [-1, 0]]]
    found = equilibria(signalling({"a": 0.3, "b": 0.3, "c": 0.4}, sender, receiver))
    ranges = {"fight": [(0, 1), (0, 1), (0, 2 / 3)], "not": [(0, 1 / 3), (0, 1 / 2), (1 / 2, 1)]}
    for each in pure_ones(found):
        (unheard,) = [belief for belief in each.beliefs if not belief.reached]
        reply = answers(each)
        assert unheard.supporting is not None and unheard.interval is None
        assert np.array(unheard.supporting.ranges) == pytest.approx(np.array(ranges[reply]), abs=1e-9)
        assert unheard.supporting.hold((0.0, 0.55, 0.45)) == (reply == "fight")
        assert unheard.supporting.hold((0.2, 0.0, 0.8)) == (reply == "not")
        assert not unheard.supporting.hold((0.2, 0.0, 0.7))
        with pytest.raises(InvalidInput, match="there are 3 members"):
            unheard.supporting.hold((0.5, 0.5))
    assert {answers(each) for each in pure_ones(found)} == {"fight", "not"}


def test_a_belief_is_supporting_if_and_only_if_the_judge_finds_no_regret_under_it() -> None:
    """A sender who would rather not send her second message, and beliefs of its receiver at random."""
    held = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        sender = random.uniform(-9, 9, (3, 2, 3))
        sender[:, 1] -= 20.0
        game = signalling({"a": 0.3, "b": 0.3, "c": 0.4}, sender, random.uniform(-9, 9, (3, 2, 3)), ("r0", "r1", "r2"))
        for each in pure_ones(equilibria(game)):
            (unheard,) = [belief for belief in each.beliefs if not belief.reached]
            here = [i for i, weights in enumerate(each.weights) if len(weights) > 1][1]
            for mu in random.dirichlet([0.7] * 3, 20):
                weights = [tuple(mu) if i == here else weight for i, weight in enumerate(each.weights)]
                held.append(unheard.supporting.hold(mu))
                assert held[-1] == (judge(game, each.probabilities, weights).regret[here] <= 1e-9)
    assert 100 < sum(held) < len(held) - 100
