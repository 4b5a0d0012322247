"""Crisis games of the literature: closed forms and tables, at several precisions and in the limit."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from detente.games import Decision, Game, Node, Terminal, centipede, quantal_response, unilateral_deterrence


def chain(payoffs: list[tuple[float, float]], moves: list[tuple[str, str]]) -> Game:
    """Two players in turn: the first action of each ends the game with the next payoffs, the second goes on, after the last move to the last payoffs."""

    def node(k: int) -> Node:
        if k == len(moves):
            return Terminal(k)
        stop, on = moves[k]
        return Decision(k % 2, k, ((stop, Terminal(k)), (on, node(k + 1))))

    return Game("chain", ("one", "two"), node(0), (), payoffs)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("precision", "challenges", "resists", "stands_firm"),
    [
        (0.5, 0.514591, 0.646021, 0.531209),
        (1.0, 0.491453, 0.760739, 0.562177),
        (2.0, 0.400387, 0.894034, 0.622459),
        (5.0, 0.193246, 0.984787, 0.777300),
        (20.0, 0.006480, 0.999963, 0.993307),
    ],
)
def test_challenge_resist_stand_firm(precision: float, challenges: float, resists: float, stands_firm: float) -> None:
    """Signorino's logit chain of three decisions: status quo, capitulation, backing down or war (backward recursion)."""
    moves = [("status quo", "challenge"), ("concede", "resist"), ("back down", "stand firm")]
    found = quantal_response(chain([(0, 0), (1, -1), (-0.5, 1), (-0.25, -0.5)], moves), precision).behaviour
    assert found["one"][0]["challenge"] == pytest.approx(challenges, abs=6e-7)
    assert found["two"][0]["resist"] == pytest.approx(resists, abs=6e-7)
    assert found["one"][1]["stand firm"] == pytest.approx(stands_firm, abs=6e-7)


def takes(moves: int, precision: float) -> list[float]:
    """How often the pie is taken at each node of McKelvey and Palfrey's centipede (1992, doi 10.2307/2951567)."""
    found = quantal_response(centipede(moves=moves), precision).behaviour
    return [found[("one", "two")[k % 2]][k // 2]["take"] for k in range(moves)]


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (0.5, [0.373594, 0.375573, 0.385073, 0.689974]),
        (1.0, [0.296257, 0.277980, 0.464884, 0.832018]),
        (2.0, [0.236193, 0.376299, 0.761577, 0.960834]),
        (3.0, [0.271225, 0.601575, 0.905755, 0.991837]),
        (5.0, [0.492704, 0.851436, 0.981847, 0.999665]),
        (10.0, [0.851436, 0.981847, 0.999665, 1.000000]),
        (0.5, [0.249599, 0.247863, 0.236193, 0.376299, 0.761577, 0.960834]),
        (1.0, [0.245783, 0.234574, 0.372846, 0.758751, 0.959412, 0.998341]),
    ],
)
def test_the_centipede(precision: float, expected: list[float]) -> None:
    """Four and six moves, from the recursion of the logit."""
    assert takes(len(expected), precision) == pytest.approx(expected, abs=6e-7)


def test_the_centipede_ends_at_once_in_the_limit() -> None:
    """The first player takes less often, then more often as precision rises, and at last all take always."""
    first = [takes(4, precision)[0] for precision in (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 40.0)]
    lowest = int(np.argmin(first))
    assert first[: lowest + 1] == sorted(first[: lowest + 1], reverse=True)
    assert first[lowest:] == sorted(first[lowest:])
    assert 0 < lowest < 5
    assert takes(6, 200.0) == pytest.approx([1.0] * 6, abs=1e-8)


@pytest.mark.parametrize(
    ("hard_challenger", "hard_defender", "soft_challenges", "soft_resists", "outcomes"),
    [
        pytest.param(0.5, 0.8, 0.0, 0.0, {"SQ": 1.0, "DC": 0.0, "CD": 0.0, "DD": 0.0}, id="certain deterrence"),
        pytest.param(0.5, 0.53, 0.0, 0.0, {"SQ": 0.5, "DC": 0.235, "CD": 0.0, "DD": 0.265}, id="separating"),
        pytest.param(0.3, 0.2, 9 / 49, 0.375, {"SQ": 0.571429, "DC": 0.214286, "CD": 0.064286, "DD": 0.15}, id="bluff"),
        pytest.param(0.8, 0.2, 1.0, 0.0, {"SQ": 0.0, "DC": 0.8, "CD": 0.04, "DD": 0.16}, id="attack"),
    ],
)
def test_the_four_equilibria_of_unilateral_deterrence(
    hard_challenger: float, hard_defender: float, soft_challenges: float, soft_resists: float, outcomes: dict[str, float]
) -> None:
    """At high precision the branch leads to the plausible equilibrium of each region, never to steadfast deterrence; to 5e-3."""
    found = quantal_response(unilateral_deterrence(challenger_hard=hard_challenger, defender_hard=hard_defender), 2000.0)
    assert found.converged.all()
    behaviour = found.behaviour
    first = {kind: behaviour["challenger"][k]["D"] for kind, k in (("hard", 0), ("soft", 2))}
    last = {kind: behaviour["challenger"][k]["D"] for kind, k in (("hard", 1), ("soft", 3))}
    second = {kind: behaviour["defender"][k]["D"] for k, kind in enumerate(("hard", "soft"))}
    assert first["soft"] == pytest.approx(soft_challenges, abs=5e-3)
    assert second["soft"] == pytest.approx(soft_resists, abs=5e-3)
    total = dict.fromkeys(outcomes, 0.0)
    shares = {"hard": (hard_challenger, hard_defender), "soft": (1 - hard_challenger, 1 - hard_defender)}
    for challenger, defender in itertools.product(("hard", "soft"), repeat=2):
        chance, goes, resists, stays = shares[challenger][0] * shares[defender][1], first[challenger], second[defender], last[challenger]
        total["SQ"] += chance * (1 - goes)
        total["DC"] += chance * goes * (1 - resists)
        total["CD"] += chance * goes * resists * (1 - stays)
        total["DD"] += chance * goes * resists * stays
    assert total == pytest.approx(outcomes, abs=5e-3)
