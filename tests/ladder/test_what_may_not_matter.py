"""What may not change the ladder's equilibrium: names, order, units, and actions split in two."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.ladder.settled import assert_settled

from detente.ladder import Equilibrium, Ladder, is_end, solve

DRAWS = 25
Make = Callable[..., Ladder]
Change = Callable[[Any], Any]


def on_ends(tree: Mapping[str, Any], change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Mapping[str, Any]:
    """The tree with every end changed."""
    if is_end(tree):
        return change(tree)
    return {player: {action: on_ends(after, change) for action, after in branches.items()} for player, branches in tree.items()}


def on_payoffs(payoff: Mapping[str, Any], change: Change) -> Mapping[str, Any]:
    return {
        actor: {mood: change(x) for mood, x in amount.items()} if isinstance(amount, Mapping) else change(amount) for actor, amount in payoff.items()
    }


def in_payoffs(ladder: Ladder, change: Change) -> Ladder:
    """The ladder with every flow and payoff changed."""
    return replace(
        ladder,
        flow={rung: on_payoffs(flow, change) for rung, flow in ladder.flow.items()},
        moves=tuple(replace(move, payoff=on_payoffs(move.payoff, change)) for move in ladder.moves),
        games=tuple(
            replace(game, tree=on_ends(game.tree, lambda end: {**end, "payoff": on_payoffs(end.get("payoff", {}), change)})) for game in ladder.games
        ),
    )


def in_rungs(ladder: Ladder, name: Callable[[str], str], order: list[int]) -> Ladder:
    """The ladder with its rungs renamed and put in another order."""

    def end(tree: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**tree, "to": name(tree["to"])} if "to" in tree else tree

    return replace(
        ladder,
        rungs=tuple(replace(ladder.rungs[k], name=name(ladder.rungs[k].name)) for k in order),
        moves=tuple(replace(move, source=name(move.source), target=name(move.target)) for move in ladder.moves),
        games=tuple(replace(game, at=name(game.at), tree=on_ends(game.tree, end)) for game in ladder.games),
        flow={name(rung): flow for rung, flow in ladder.flow.items()},
        start={name(ladder.rungs[0].name): 1.0},
    )


@pytest.fixture(scope="module")
def ladder(make_ladder: Make) -> Ladder:
    return make_ladder(3, DRAWS)


@pytest.fixture(scope="module")
def found(ladder: Ladder) -> Equilibrium:
    answer = solve(ladder)
    assert_settled(answer)
    return answer


def test_an_action_split_into_half_weights_changes_nothing(ladder: Ladder, found: Equilibrium) -> None:
    """With what follows it: `strike` becomes two actions of half its weight everywhere, `support` too, whose choice a rung's moods are read from."""

    def split(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        if is_end(tree):
            return tree
        return {
            player: {
                label: split(after, name)
                for action, after in branches.items()
                for label in ([f"{action} left", f"{action} right"] if action == name else [action])
            }
            for player, branches in tree.items()
        }

    games = []
    for game in ladder.games:
        name = "support" if game.name == "opening" else "strike"
        half = game.weights.get(name, 1.0) / 2
        games.append(replace(game, tree=split(game.tree, name), weights={**game.weights, f"{name} left": half, f"{name} right": half}))
    other = solve(replace(ladder, games=tuple(games)))
    assert_settled(other)
    assert len(other.plan.outcome_names) > len(found.plan.outcome_names)
    np.testing.assert_allclose(other.value, found.value, rtol=0, atol=1e-8)
    np.testing.assert_allclose(other.generator(), found.generator(), rtol=0, atol=1e-8)


def test_names_and_order_of_the_rungs_do_not_matter(ladder: Ladder, found: Equilibrium) -> None:
    order = np.random.default_rng(0).permutation(len(ladder.rungs)).tolist()
    other = solve(in_rungs(ladder, lambda name: f"the {name[::-1]}", order))
    assert_settled(other)
    np.testing.assert_allclose(other.value, found.value[:, :, order], rtol=0, atol=1e-8)
    np.testing.assert_allclose(other.generator(), found.generator()[:, :, order][:, :, :, order], rtol=0, atol=1e-8)


@pytest.mark.parametrize("factor", [1 / 365.25, 12.0])
def test_time_has_no_scale(ladder: Ladder, found: Equilibrium, factor: float) -> None:
    """Rates, tempos, flows and discounts in another unit of time: values stay, rates follow."""
    other = solve(
        replace(
            ladder,
            moves=tuple(replace(move, rate=factor * move.rate) for move in ladder.moves),
            games=tuple(replace(game, tempo=factor * game.tempo) for game in ladder.games),
            flow={rung: {actor: factor * x for actor, x in flow.items()} for rung, flow in ladder.flow.items()},
            discount={actor: factor * x for actor, x in ladder.discount.items()},
        )
    )
    assert_settled(other)
    np.testing.assert_allclose(other.value, found.value, rtol=0, atol=1e-8)
    np.testing.assert_allclose(other.generator() / factor, found.generator(), rtol=0, atol=1e-8)


@pytest.mark.parametrize("constant", [-7.0, 1000.0, 1e6])
def test_a_constant_in_the_payoffs_of_one_actor_changes_no_choice(ladder: Ladder, found: Equilibrium, constant: float) -> None:
    """A flow of constant x discount on every rung raises all its values by the constant."""
    flow = {
        rung.name: {**ladder.flow.get(rung.name, {}), "guarantor": ladder.flow.get(rung.name, {}).get("guarantor", 0.0) + constant * ladder.discount["guarantor"]}
        for rung in ladder.rungs
    }
    other = solve(replace(ladder, flow=flow))
    assert_settled(other)
    np.testing.assert_allclose(other.generator(), found.generator(), rtol=0, atol=1e-7)
    raised = found.value + constant * np.array([actor == "guarantor" for actor in ladder.actors])
    np.testing.assert_allclose(other.value, raised, rtol=0, atol=1e-7)


@pytest.mark.parametrize("factor", [1e-6, 1e-3, 40.0, 1e6])
def test_only_precision_times_payoff_matters(ladder: Ladder, found: Equilibrium, factor: float) -> None:
    """Trap 10: no tolerance has a scale."""
    scaled = in_payoffs(ladder, lambda x: factor * x)
    other = solve(replace(scaled, precision={actor: x / factor for actor, x in ladder.precision.items()}))
    assert_settled(other)
    np.testing.assert_allclose(other.value / factor, found.value, rtol=0, atol=1e-8)
    np.testing.assert_allclose(other.generator(), found.generator(), rtol=0, atol=1e-8)
