"""What can be asked of a game and of its answers, for games from every source."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.games.build import random_game

from detente.games import Game, dumps, equilibria, load, loads, quantal_response, unilateral_deterrence

SOURCES: dict[str, Callable[[], Game]] = {
    "catalogue": lambda: unilateral_deterrence(challenger_hard=0.5, defender_hard=0.53),
    "tree": lambda: random_game(0, replies=2),
    "text": lambda: loads(dumps(random_game(1, replies=2))),
}


@pytest.fixture(params=SOURCES, scope="module")
def game(request: pytest.FixtureRequest) -> Game:
    return SOURCES[request.param]()


@pytest.mark.parametrize("precision", [2.0, [0.5, 2.0]], ids=["one", "many"])
def test_the_method_is_the_function(game: Game, precision: Any) -> None:
    method, function = game.quantal_response(precision, threads=1), quantal_response(game, precision)
    np.testing.assert_array_equal(method.log_behaviour, function.log_behaviour)
    assert method.to_dict() == function.to_dict()


def test_a_saved_game_has_the_same_answers(game: Game, tmp_path: Path) -> None:
    game.save(tmp_path / "mine.efg")
    again = load(tmp_path / "mine.efg")
    np.testing.assert_allclose(again.quantal_response(2.0).log_behaviour, game.quantal_response(2.0).log_behaviour, rtol=0, atol=1e-12)
    assert [each.isolated for each in again.equilibria()] == [each.isolated for each in game.equilibria()]


@pytest.mark.parametrize("form", ["one", "many", "equilibrium"])
@pytest.mark.parametrize("accessor", ["behaviour", "value", "to_dict"])
def test_every_answer_has_every_accessor(game: Game, form: str, accessor: str) -> None:
    """Players in their order; plain data is JSON; probabilities sum to one, and payoffs lie within those of the game."""
    answers: list[Any] = {"one": [game.quantal_response(2.0)], "many": [game.quantal_response([0.5, 2.0])], "equilibrium": game.equilibria()}[form]
    assert answers
    for answer in answers:
        if accessor == "to_dict":
            data = json.loads(json.dumps(answer.to_dict(), allow_nan=False))
            assert list(data["behaviour"]) == list(game.players)
            continue
        found = getattr(answer, accessor)
        assert tuple(found) == game.players
        for player, name in enumerate(game.players):
            if accessor == "behaviour":
                assert len(found[name]) == sum(mover == player for mover, _ in game.infosets)
                np.testing.assert_allclose([sum(actions.values()) for actions in found[name]], 1.0, atol=1e-12)
            else:
                assert np.all((game.payoffs[:, player].min() <= found[name]) & (found[name] <= game.payoffs[:, player].max()))


def test_as_precision_grows_the_branch_leads_to_an_equilibrium(game: Game) -> None:
    """The limit of logit equilibria is sequential (McKelvey and Palfrey 1998), so it must be among those that are found."""
    limit = game.quantal_response(3000.0)
    assert limit.converged.all()
    distances = []
    for each in equilibria(game):
        pairs = [
            abs(actions[name] - other[name])
            for player in game.players for actions, other in zip(each.behaviour[player], limit.behaviour[player], strict=True) for name in actions
        ]  # fmt: skip
        distances.append(max(pairs))
    assert min(distances) < 5e-3
