"""The ladder's equilibrium against other programs, closed forms and what may not matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from detente.errors import InvalidInput
from detente.ladder import CrisisGame, Equilibrium, Ladder, Move, Rung, Status, choices, is_end, lay_out, solve, values_of

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


def assert_settled(found: Equilibrium) -> None:
    assert found.converged.all()
    assert not np.isin(found.status, [Status.UNSETTLED]).any()


@pytest.fixture(scope="module")
def ladder(make_ladder: Make) -> Ladder:
    return make_ladder(3, DRAWS)


@pytest.fixture(scope="module")
def found(ladder: Ladder) -> Equilibrium:
    answer = solve(ladder)
    assert_settled(answer)
    return answer


def vectors(shared: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((shared / "vectors" / "markov_qre.json").read_text())
    assert len(found) == 45
    return found


def definition(vector: dict[str, Any], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values after one round of logit choices against `value`, in NumPy from the vector's own fields."""
    generator, income = np.array(vector["rates"]), np.array(vector["flow"])
    for rung, mover in enumerate(vector["mover"]):
        if mover is not None:
            targets, lump = vector["targets"][rung], np.array(vector["lump"][rung])
            score = vector["precision"] * (lump[:, mover] + value[targets, mover])
            chosen = np.exp(score - score.max())
            chosen *= vector["tempo"] / chosen.sum()
            generator[rung, targets] += chosen
            income[rung] += chosen @ lump
    np.fill_diagonal(generator, 0.0)
    return np.asarray(np.linalg.solve(np.diag(vector["discount"] + generator.sum(axis=1)) - generator, income))


def test_the_forty_five_ladders_of_another_solver(shared: Path, make_vector_ladder: Make) -> None:
    """A homotopy solver of stochastic games, through uniformisation, gives the same choices to 1e-6, and values to 1e-6 of their range.

    The file gives values to less than that absolutely: five of its ladders miss their own equations by 1.6e-6 to 5.4e-6, ours none by 1e-8.
    """
    misses = 0
    for vector in vectors(shared):
        answer = solve(make_vector_ladder(vector))
        assert_settled(answer)
        value, stated = answer.value[0, 0], np.array(vector["value"])
        assert np.abs(definition(vector, value) - value).max() < 1e-8
        miss = np.abs(definition(vector, stated) - stated).max()
        misses += int(miss > 1e-6)
        assert (np.abs(value - stated) / np.ptp(stated, axis=0)).max() < 1e-6
        assert np.abs(value - stated).max() < 1e-6 + 2 * miss
        stated_choices = [choice for choice in vector["choice"] if choice is not None]
        for found, stated_choice in zip(choices(answer), stated_choices, strict=True):
            np.testing.assert_allclose([action.probability for action in found.actions], stated_choice, rtol=0, atol=1e-6)
    assert misses == 5


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


def test_a_single_choice_has_a_closed_form() -> None:
    """Two ends worth 2 and -1 with lumps: logit by mood, and the value of waiting for the choice at tempo 3 under discount 0.2."""
    ladder = Ladder(
        rungs=(Rung("here"), Rung("good", final=True), Rung("bad", final=True)),
        actors=("one", "other"),
        games=(
            CrisisGame(
                "choice", "here", 3.0,
                {"one": {"up": {"to": "good", "payoff": {"one": {"bold": 0.5, "shy": -4.0}}}, "down": {"to": "bad", "payoff": {"other": 0.7}}}},
                {"one": {"bold": 0.3, "shy": None}}, {"down": 2.0},
            ),
        ),
        flow={"here": {"one": 0.1}, "good": {"one": 0.4, "other": -0.2}, "bad": {"one": -0.2}},
        discount={"one": 0.2, "other": 0.1}, precision={"one": 1.3, "other": 5.0},
    )  # fmt: skip
    up = {mood: 1 / (1 + 2.0 * np.exp(1.3 * (-1.0 - (2.0 + lump)))) for mood, lump in (("bold", 0.5), ("shy", -4.0))}
    bold, shy = 0.3 * up["bold"], 0.7 * up["shy"]
    answer = solve(ladder)
    assert_settled(answer)
    assert answer.generator()[0, 0, 0, 1] == pytest.approx(3.0 * (bold + shy), rel=1e-12)
    assert answer.generator()[0, 0, 0, 2] == pytest.approx(3.0 * (1 - bold - shy), rel=1e-12)
    one = (0.1 + 3.0 * (bold * 2.5 + shy * -2.0 + (1 - bold - shy) * -1.0)) / (0.2 + 3.0)
    other = 3.0 * ((bold + shy) * -2.0 + (1 - bold - shy) * 0.7) / (0.1 + 3.0)
    np.testing.assert_allclose(answer.value[0, 0, 0], [one, other], rtol=1e-12)
    np.testing.assert_allclose(answer.value[0, 0, 1:], [[2.0, -2.0], [-1.0, 0.0]], rtol=1e-12)


def test_with_best_replies_only_the_better_action_is_taken() -> None:
    """`best_rates` of the same choice: all of the tempo to the better end."""
    ladder = Ladder(
        rungs=(Rung("here"), Rung("good", final=True), Rung("bad", final=True)), actors=("one",),
        games=(CrisisGame("choice", "here", 3.0, {"one": {"up": {"to": "good"}, "down": {"to": "bad"}}}),),
        flow={"good": {"one": 0.4}}, discount={"one": 0.2}, precision={"one": 0.1},
    )  # fmt: skip
    np.testing.assert_array_equal(solve(ladder).generator(best_replies=True)[0, 0, 0], [0.0, 3.0, 0.0])


def test_without_precision_choices_follow_the_weights(make_ladder: Make) -> None:
    ladder = make_ladder(5)
    answer = solve(replace(ladder, precision=dict.fromkeys(ladder.actors, 0.0)))
    opening = ladder.games[0]
    resists = 1 / (1 + opening.weights["yield"])
    crisis = ladder.rung("challenge_crisis")
    assert answer.generator()[0, 0, 0, crisis] == pytest.approx(opening.tempo * 0.5 * resists * 0.5, rel=1e-12)


def test_answers_do_not_depend_on_threads_or_on_the_draws_beside(make_ladder: Make) -> None:
    """To the last bit: one thread, two, and one draw alone."""
    ladder = make_ladder(11, 150, segments=2)
    plan = lay_out(ladder)
    values = values_of(plan, segments=2)
    one, two, alone = solve(plan, values, threads=1), solve(plan, values, threads=2), solve(plan, values[100:101], threads=1)
    for name in ("unknown", "rates", "best_rates", "status", "residual", "regret", "sweeps", "same"):
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
        np.testing.assert_array_equal(getattr(one, name)[100:101], getattr(alone, name))


def test_a_segment_with_the_numbers_of_an_earlier_one_takes_its_answer(make_ladder: Make) -> None:
    plan = lay_out(make_ladder(4, 10, segments=3))
    values = values_of(plan, segments=3)
    values[:, 2] = values[:, 0]
    answer = solve(plan, values)
    assert (answer.status[:, 2] == Status.COPIED).all()
    assert (answer.same == [0, 1, 0]).all()
    np.testing.assert_array_equal(answer.unknown[:, 2], answer.unknown[:, 0])
    np.testing.assert_array_equal(answer.rates[:, 2], answer.rates[:, 0])


def test_starting_from_the_segment_before_changes_no_answer(make_ladder: Make) -> None:
    plan = lay_out(make_ladder(4, 40, segments=3))
    values = values_of(plan, segments=3)
    warm, cold = solve(plan, values), solve(plan, values, warm=False)
    assert_settled(warm)
    assert_settled(cold)
    np.testing.assert_allclose(warm.value, cold.value, rtol=0, atol=1e-7)


def test_answers_cannot_be_written_over(found: Equilibrium) -> None:
    with pytest.raises(ValueError, match="read-only"):
        found.unknown[0, 0, 0] = 1.0


def changed(ladder: Ladder, what: str, number: Any) -> Ladder:
    """The ladder with one number replaced."""
    opening = ladder.games[0]
    games = {
        "tempo": replace(opening, tempo=number),
        "mood": replace(opening, moods={**opening.moods, "guarantor": {"firm": number, "weak": None}}),
        "weight": replace(opening, weights={"yield": number}),
    }
    if what in games:
        return replace(ladder, games=(games[what], *ladder.games[1:]))
    if what == "rate":
        return replace(ladder, moves=(replace(ladder.moves[0], rate=number), *ladder.moves[1:]))
    if what == "flow":
        return replace(ladder, flow={**ladder.flow, "end": {"protege": number}})
    if what == "start":
        return replace(ladder, start={"calm": number})
    return replace(ladder, **{what: {**getattr(ladder, what), "protege": number}})


@pytest.mark.parametrize(
    ("what", "number", "told"),
    [
        ("rate", -0.1, "rate of accident is -0.1 in 1 of 3 cases"),
        ("tempo", -1.0, "tempo of opening is -1 in 1 of 3 cases"),
        ("mood", 1.2, "chance that guarantor is firm (opening) is 1.2"),
        ("mood", -0.2, "a probability lies between 0 and 1"),
        ("weight", 0.0, "an action weight must be positive"),
        ("discount", 0.0, "the future must be discounted"),
        ("precision", -1.0, "precision cannot be negative"),
        ("flow", np.inf, "only finite numbers can be used"),
        ("rate", np.nan, "only finite numbers can be used"),
        ("start", 0.5, "the chances of where the system starts sum to 0.5 in 1 of 3 cases; they must sum to 1"),
    ],
)
def test_numbers_that_no_ladder_can_have_are_refused(make_ladder: Make, what: str, number: float, told: str) -> None:
    """The message names the number, what is wrong with it, and the first draw where it is so. (Trap 6: nothing is normalised in silence.)"""
    good = 1.0 if what == "start" else 0.5
    bad = changed(make_ladder(6), what, np.array([good, number, good]))
    with pytest.raises(InvalidInput) as refused:
        solve(bad)
    assert told in str(refused.value)
    assert [problem.where for problem in refused.value.problems] == ["draw 1"]
    solve(changed(make_ladder(6), what, np.array([good, good, good])))


@pytest.mark.parametrize(
    ("moods", "told"),
    [
        ({"hard": 0.7, "soft": np.array([0.3, 0.6, 0.6])}, "draw 1: the chances of the moods of one (choice) sum to 1.3 in 2 of 3 cases; they must sum to 1"),
        ({"hard": np.array([0.4, 0.4, 0.3]), "soft": 0.6}, "draw 2: the chances of the moods of one (choice) sum to 0.9 in 1 of 3 cases; they must sum to 1"),
        ({"hard": np.array([0.2, 0.5, 0.2]), "middling": 0.6, "soft": None}, "draw 1: the chances of the moods of one (choice) sum to 1.1 in 1 of 3 cases; the rest cannot"),
    ],
)
def test_moods_that_do_not_sum_to_one_are_refused(moods: dict[str, Any], told: str) -> None:
    """Trap 6: a game would be played more or less often than its tempo says."""
    tree = {"one": {"up": {"to": "end", "payoff": {"one": {mood: float(k) for k, mood in enumerate(moods)}}}, "down": {"to": "end"}}}
    rungs = (Rung("here"), Rung("end", final=True))
    with pytest.raises(InvalidInput) as refused:
        solve(Ladder(rungs, ("one",), (), (CrisisGame("choice", "here", 1.0, tree, {"one": moods}),), discount={"one": 0.1}, precision={"one": 1.0}))
    assert told in str(refused.value)
    assert len(refused.value.problems) == 1


def test_all_problems_are_told_at_once(make_ladder: Make) -> None:
    bad = changed(changed(changed(make_ladder(6), "rate", -1.0), "discount", 0.0), "weight", -2.0)
    with pytest.raises(InvalidInput) as refused:
        solve(bad)
    assert len(refused.value.problems) == 3


def test_arrays_over_different_draws_are_refused(make_ladder: Make) -> None:
    ladder = changed(make_ladder(6, 5), "rate", np.ones(4))
    with pytest.raises(ValueError, match=r"\[4, 5\]"):
        solve(ladder)


def test_a_move_without_a_way_to_its_rung_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no move or game leads here"):
        Ladder((Rung("calm"), Rung("war")), ("one",), (Move("ends", "war", "calm", 1.0),), discount={"one": 0.1}, precision={"one": 1.0})
