"""Logit equilibria of games against other programs, closed forms and the definition."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pygambit
import pytest
from tests.games.build import random_game

from detente.errors import InvalidInput
from detente.games import Chance, Decision, Game, Status, Terminal, dumps, load, quantal_response
from detente.games.certificate import certify

Behaviour = dict[str, list[dict[str, Any]]]


def largest_difference(ours: Behaviour, theirs: Behaviour) -> float:
    """Over every action, which must stand in the same order."""
    assert list(ours) == list(theirs)
    worst = 0.0
    for player, infosets in ours.items():
        assert [list(infoset) for infoset in infosets] == [list(infoset) for infoset in theirs[player]]
        for mine, other in zip(infosets, theirs[player], strict=True):
            worst = max(worst, *(abs(mine[action] - other[action]) for action in mine))
    return worst


def by_pygambit(game: Game, precision: float) -> Behaviour:
    """The same game by Gambit, read from our .efg text."""
    read = pygambit.read_efg(io.BytesIO(dumps(game).encode()))
    (found,) = pygambit.qre.logit_solve_lambda(read, [precision])
    return {player: [dict(actions) for _, actions in found.profile[player]] for player in read.players}


def test_the_twelve_games_of_gambit_at_three_precisions(shared: Path) -> None:
    """pygambit 17.0.0b2 on the principal branch agrees to 1e-6, and every answer passes its certificate."""
    folder = shared / "vectors" / "aqre"
    expected = json.loads((folder / "expected.json").read_text())
    assert len({entry["file"] for entry in expected}) == 12
    assert len(expected) == 36
    for entry in expected:
        found = quantal_response(load(folder / entry["file"]), entry["precision"])
        assert found.converged.all()
        assert largest_difference(found.behaviour, entry["behaviour"]) < 1e-6
        assert found.certificate.residual.max() < 1e-9
        assert found.certificate.belief.max() < 1e-9


@pytest.mark.parametrize("seed", range(6))
def test_random_games_agree_with_gambit(seed: int) -> None:
    game = random_game(seed, kinds=2 + seed % 2, replies=2 + seed % 3)
    for precision in (0.4, 1.5, 6.0):
        found = quantal_response(game, precision)
        assert found.converged.all()
        assert largest_difference(found.behaviour, by_pygambit(game, precision)) < 1e-6


def test_a_single_choice_has_a_closed_form() -> None:
    game = Game("choice", ("one",), Decision(0, "here", (("up", Terminal(0)), ("down", Terminal(1)))), (), [[0.7], [-0.2]])  # type: ignore[arg-type]
    for precision in (0.0, 1.3, 40.0, 500.0):
        found = quantal_response(game, precision, {"down": 2.0})
        assert found.behaviour["one"][0]["down"] == pytest.approx(2 / (2 + np.exp(0.9 * precision)), rel=1e-12)


def test_signals_are_answered_by_bayes() -> None:
    """A sender who does not care reveals nothing: the receiver plays his prior's logit reply. At any precision, by hand."""
    p, lam = 0.3, 2.5

    def receiver(kind: int, signal: str) -> Decision:
        return Decision(1, signal, (("guess good", Terminal(2 * kind)), ("guess bad", Terminal(2 * kind + 1))))

    def sender(kind: int) -> Decision:
        return Decision(0, kind, tuple((signal, receiver(kind, signal)) for signal in ("left", "right")))

    root = Chance(((0, "good", sender(0)), (1, "bad", sender(1))))
    game = Game("guess", ("sender", "receiver"), root, (p, 1 - p), [[0, 1], [0, 0], [0, 0], [0, 1]])  # type: ignore[arg-type]
    found = quantal_response(game, lam)
    for infoset in found.behaviour["receiver"]:
        assert infoset["guess good"] == pytest.approx(1 / (1 + np.exp(lam * (1 - 2 * p))), rel=1e-10)
    np.testing.assert_allclose(found.belief[0, 1:5], [p, 1 - p, p, 1 - p], rtol=1e-10)


def test_draws_are_solved_as_each_would_be_alone() -> None:
    """To the last bit, on one thread and two."""
    game = random_game(3, draws=150)
    precision = np.linspace(0.1, 6.0, 150)
    one, two = quantal_response(game, precision, threads=1), quantal_response(game, precision, threads=2)
    alone = quantal_response(Game(game.title, game.players, game.root, game.chance, game.payoffs[70]), float(precision[70]))
    assert one.converged.all()
    np.testing.assert_array_equal(one.log_behaviour, two.log_behaviour)
    np.testing.assert_array_equal(one.log_behaviour[70], alone.log_behaviour[0])


def test_an_action_split_into_half_weights_changes_nothing() -> None:
    """Bob's first reply appears twice, with what follows it: his choice and the values stay."""
    game = random_game(8)

    def doubled(node: Any) -> Any:
        if isinstance(node, Terminal):
            return node
        if isinstance(node, Chance):
            return Chance(tuple((number, label, doubled(child)) for number, label, child in node.branches))
        branches = tuple((label, doubled(child)) for label, child in node.branches)
        if node.player == 1:
            (label, child), *others = branches
            branches = ((label, child), ("copy", child), *others)
        return Decision(node.player, node.infoset, branches)

    found = quantal_response(game, 2.0)
    other = quantal_response(
        Game("split", game.players, doubled(game.root), game.chance, game.payoffs), 2.0, {"reply 0": 0.5, "copy": 0.5}
    )
    for before, after in zip(found.behaviour["Bob"], other.behaviour["Bob"], strict=True):
        assert after["reply 0"] == pytest.approx(before["reply 0"] / 2, abs=1e-9)
        assert after["copy"] == pytest.approx(before["reply 0"] / 2, abs=1e-9)
    assert other.value["Ann"] == pytest.approx(found.value["Ann"], abs=1e-9)


@pytest.mark.parametrize(("factor", "constant"), [(1e-6, 0.0), (250.0, 0.0), (1e6, 0.0), (1.0, 1e4)])
def test_payoffs_have_no_scale_and_no_zero(factor: float, constant: float) -> None:
    """Trap 10."""
    game = random_game(4)
    other = Game("other", game.players, game.root, game.chance, factor * game.payoffs + constant)
    found, scaled = quantal_response(game, 3.0), quantal_response(other, 3.0 / factor)
    assert scaled.converged.all()
    assert largest_difference(found.behaviour, scaled.behaviour) < 1e-8
    assert scaled.value["Bob"] == pytest.approx(factor * found.value["Bob"] + constant, rel=1e-9)


def test_each_player_may_have_a_precision_of_his_own() -> None:
    """A payoff counted in another unit by one player alone."""
    game = random_game(5)
    other = Game("other", game.players, game.root, game.chance, game.payoffs * np.array([1.0, 8.0]))
    found, scaled = quantal_response(game, {"Ann": 3.0, "Bob": 2.0}), quantal_response(other, {"Ann": 3.0, "Bob": 0.25})
    assert largest_difference(found.behaviour, scaled.behaviour) < 1e-8


def test_values_are_expected_payoffs() -> None:
    """Payoffs of the ends weighted by the products of chances and behaviour on the way there."""
    game = random_game(6)
    found = quantal_response(game, 1.0)
    probability = np.zeros(len(game.payoffs))

    def walk(node: Any, chance: float) -> None:
        if isinstance(node, Terminal):
            probability[node.outcome] += chance
        elif isinstance(node, Chance):
            for number, _, child in node.branches:
                walk(child, chance * game.chance[number])
        else:
            infoset = places[node.player].index(node.infoset)
            for label, child in node.branches:
                walk(child, chance * found.behaviour[game.players[node.player]][infoset][label])

    places: list[list[Any]] = [[], []]

    def meet(node: Any) -> None:
        if not isinstance(node, Terminal):
            if isinstance(node, Decision) and node.infoset not in places[node.player]:
                places[node.player].append(node.infoset)
            for branch in node.branches:
                meet(branch[-1])

    meet(game.root)
    walk(game.root, 1.0)
    for player, name in enumerate(game.players):
        assert found.value[name] == pytest.approx(probability @ game.payoffs[:, player], abs=1e-10)


@pytest.mark.parametrize("size", [1e-6, 1e-3])
def test_the_certificate_notices_a_corrupted_profile(size: float) -> None:
    """One probability of one draw moved by `size`: residual of that draw alone rises to about as much; so does that of a stated belief."""
    game = random_game(7, draws=3)
    found = quantal_response(game, 2.0)
    assert found.certificate.residual.max() < 1e-10
    for action in range(found.log_behaviour.shape[1]):
        corrupted = found.log_behaviour.copy()
        corrupted[1, action] += size
        certificate, _ = certify(game, found.precision, found.log_weight, corrupted, found.belief)
        assert certificate.residual[1] > 0.02 * size
        assert certificate.residual[[0, 2]].max() < 1e-10
    belief = found.belief.copy()
    belief[1, -1] += size
    certificate, _ = certify(game, found.precision, found.log_weight, found.log_behaviour, belief)
    assert certificate.belief[1] > 0.9 * size
    assert certificate.belief[[0, 2]].max() < 1e-10


def test_a_symmetric_game_is_stopped_where_its_branch_bifurcates() -> None:
    """Coordination on one of two equal sides: no side is the principal one, which the status says; the answer is NaN, never a guess."""
    root = Decision(0, "a", tuple((f"a{i}", Decision(1, "b", tuple((f"b{j}", Terminal(2 * i + j)) for j in range(2)))) for i in range(2)))
    game = Game("sides", ("one", "two"), root, (), [[1, 1], [0, 0], [0, 0], [1, 1]])  # type: ignore[arg-type]
    before, after = quantal_response(game, 1.0), quantal_response(game, 30.0)
    assert before.behaviour["one"][0]["a0"] == pytest.approx(0.5, abs=1e-9)
    assert after.status[0] == Status.STOPPED_AT_BIFURCATION
    assert np.isnan(after.behaviour["one"][0]["a0"])
    assert 0.0 < after.reached[0] < 0.2  # at precision 4
    assert after.to_dict()["behaviour"]["one"][0]["a0"] is None


def test_a_draw_without_an_answer_leaves_the_others_alone() -> None:
    """Draws solved beside one whose branch bifurcates: to the last bit what each is by itself."""
    root = Decision(0, "a", tuple((f"a{i}", Decision(1, "b", tuple((f"b{j}", Terminal(2 * i + j)) for j in range(2)))) for i in range(2)))
    favour = np.array([0.0, 0.3, 0.5, 0.0, 0.9] * 5)
    payoffs = np.stack([[[1 + f, 1], [0, 0], [0, 0], [1, 1]] for f in favour])
    found = quantal_response(Game("sides", ("one", "two"), root, (), payoffs), 30.0)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found.converged, favour > 0)
    for draw in (1, 2, 4):
        alone = quantal_response(Game("sides", ("one", "two"), root, (), payoffs[draw]), 30.0)  # type: ignore[arg-type]
        np.testing.assert_array_equal(found.log_behaviour[draw], alone.log_behaviour[0])


def test_members_that_are_never_reached_are_believed_in_equal_parts() -> None:
    """Nature never picks the last two kinds, which Bob cannot tell apart: his reply to them is a guess."""
    def answer(kind: int) -> Decision:
        return Decision(0, "sure" if kind == 0 else "unsure", (("left", Terminal(2 * kind)), ("right", Terminal(2 * kind + 1))))

    root = Chance(tuple((kind, f"kind {kind}", answer(kind)) for kind in range(3)))
    game = Game("guess", ("Bob",), root, (1.0, 0.0, 0.0), [[1], [0], [4], [0], [0], [1]])  # type: ignore[arg-type]
    found = quantal_response(game, 2.0)
    np.testing.assert_array_equal(found.belief[0], [1.0, 0.5, 0.5])
    assert found.behaviour["Bob"][1]["left"] == pytest.approx(1 / (1 + np.exp(-2.0 * (4 - 1) / 2)), rel=1e-12)


@pytest.mark.parametrize(
    ("precision", "weights", "told"),
    [
        (-1.0, {}, "negative or not finite"),
        (float("inf"), {}, "negative or not finite"),
        ({"Ann": 1.0}, {}, "none for 'Bob'"),
        ({"Ann": 1.0, "Bob": 1.0, "Bib": 2.0}, {}, "did you mean 'Bob'?"),
        (np.ones(4), {}, r"draws of \[3, 4\] numbers"),
        (1.0, {"act 0": 0.0}, "weights are positive numbers"),
        (1.0, {"act": 1.0}, "did you mean 'act 1'?|did you mean 'act 0'?"),
    ],
)
def test_questions_without_an_answer_are_refused(precision: Any, weights: dict[str, float], told: str) -> None:
    with pytest.raises(InvalidInput, match=told.replace("?", r"\?")):
        quantal_response(random_game(2, draws=3), precision, weights)
