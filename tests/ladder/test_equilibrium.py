"""The ladder's equilibrium against another program, closed forms, and itself in other company."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.ladder.settled import assert_settled

from detente.ladder import CrisisGame, Ladder, Rung, Status, choices, lay_out, solve, values_of

Make = Callable[..., Ladder]


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


def test_answers_cannot_be_written_over(make_ladder: Make) -> None:
    with pytest.raises(ValueError, match="read-only"):
        solve(make_ladder(3)).unknown[0, 0, 0] = 1.0
