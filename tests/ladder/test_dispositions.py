"""Moods as dispositions, against ladders that are written with one type to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from detente.errors import InvalidInput
from detente.ladder import Ladder, as_dispositions, certify, lay_out, solve, values_of


def typed(tree: Any, moods: Mapping[str, str]) -> Any:
    """The tree as it is for actors of known types."""
    if "payoff" in tree or "to" in tree or not tree:
        payoff = {actor: amount[moods[actor]] if isinstance(amount, Mapping) else amount for actor, amount in tree.get("payoff", {}).items()}
        return {**tree, "payoff": payoff}
    return {player: {action: typed(after, moods) for action, after in branches.items()} for player, branches in tree.items()}


@pytest.mark.parametrize("moods", [("hard", "firm"), ("hard", "weak"), ("soft", "firm"), ("soft", "weak")])
def test_a_disposition_is_a_ladder_of_one_type(make_ladder: Callable[..., Ladder], moods: tuple[str, str]) -> None:
    ladder = make_ladder(7)
    known = dict(zip(("challenger", "guarantor"), moods, strict=True))
    alone = replace(ladder, games=tuple(replace(game, tree=typed(game.tree, known), moods={}) for game in ladder.games))
    # The first mood's chance lies between 0.1 and 0.9 in this ladder.
    numbers = {actor: np.array([0.0 if mood in ("hard", "firm") else 0.999]) for actor, mood in known.items()}
    plan = lay_out(ladder)
    found, expected = solve(*as_dispositions(plan, values_of(plan), numbers)), solve(alone)
    assert found.value == pytest.approx(expected.value, rel=1e-8, abs=1e-9)
    assert found.generator() == pytest.approx(expected.generator(), rel=1e-8, abs=1e-9)


def test_draws_have_their_moods_as_often_as_stated_and_together_in_every_game(make_ladder: Callable[..., Ladder]) -> None:
    ladder = make_ladder(8)
    plan = lay_out(ladder)
    values = np.repeat(values_of(plan), 1000, axis=0)
    here = (np.arange(1000) + 0.5) / 1000
    wide, numbers = as_dispositions(plan, values, {"guarantor": here})
    for game in ladder.games:
        (firm,) = (slot for slot, names in wide.slot_names.items() if f"chance that guarantor is firm ({game.name})" in names)
        assert (numbers[:, 0, firm] == (here < float(game.moods["guarantor"]["firm"]))).all()
    assert certify(solve(wide, np.ascontiguousarray(numbers[::100]))).behaviour.max() < 1e-9


def test_an_actor_without_moods_is_refused(make_ladder: Callable[..., Ladder]) -> None:
    plan = lay_out(make_ladder(9))
    with pytest.raises(InvalidInput, match="'protege' has no moods"):
        as_dispositions(plan, values_of(plan), {"protege": np.array([0.5])})
