"""Numbers that no ladder can have are refused, all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detente.errors import InvalidInput
from detente.ladder import CrisisGame, Ladder, Move, Rung, solve

Make = Callable[..., Ladder]


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
