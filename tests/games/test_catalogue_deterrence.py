"""Rudimentary, unilateral and mutual deterrence: worked numbers, and a judge who knows the trees alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.games.judge import assert_equilibrium, outcomes

from detente import games
from detente.errors import InvalidInput

open_unit = st.floats(0.02, 0.98)


def ordered(text: str, numbers: list[float]) -> dict[str, float]:
    """Payoffs for an ordering, largest first, at least 0.05 apart."""
    names = text.split(" > ")
    return {name: number + 0.05 * place for place, (name, number) in enumerate(zip(reversed(names), sorted(numbers), strict=True))}


def payoffs(name: str) -> st.SearchStrategy[dict[str, float]]:
    """Payoffs of a game of the catalogue that fulfil its orderings."""
    (entry,) = games.catalogue(name=name)
    chains = [text for text in entry.orderings if text.count(">") > 1]
    return st.tuples(*(st.lists(st.floats(-2, 2), min_size=text.count(">") + 1, max_size=text.count(">") + 1) for text in chains)).map(
        lambda lists: {key: value for text, numbers in zip(chains, lists, strict=True) for key, value in ordered(text, numbers).items()}
    )


@pytest.mark.parametrize(
    ("defender_hard", "name", "expected"), [(0.39, "attack", {"SQ": 0, "DC": 0.61, "DD": 0.39}), (0.41, "deterrence", {"SQ": 1, "DC": 0, "DD": 0})]
)
def test_rudimentary_deterrence_turns_at_its_threshold(defender_hard: float, name: str, expected: dict[str, float]) -> None:
    """0.4 at these payoffs."""
    game = games.rudimentary_deterrence(defender_hard=defender_hard)
    (found,) = game.closed_form()
    assert found.name == name
    assert outcomes(game, found) == pytest.approx(expected)
    assert_equilibrium(game, found)


UNILATERAL = [
    pytest.param(0.5, 0.8, "certain deterrence", 0.0, 0.0, {"SQ": 1.0, "DC": 0.0, "CD": 0.0, "DD": 0.0}, id="certain deterrence"),
    pytest.param(0.5, 0.53, "separating", 0.0, 0.0, {"SQ": 0.5, "DC": 0.235, "CD": 0.0, "DD": 0.265}, id="separating"),
    pytest.param(0.3, 0.2, "bluff", 9 / 49, 0.375, {"SQ": 0.571429, "DC": 0.214286, "CD": 0.064286, "DD": 0.15}, id="bluff"),
    pytest.param(0.8, 0.2, "attack", 1.0, 0.0, {"SQ": 0.0, "DC": 0.8, "CD": 0.04, "DD": 0.16}, id="attack"),
]


@pytest.mark.parametrize(("challenger", "defender", "name", "soft_challenges", "soft_resists", "expected"), UNILATERAL)
def test_unilateral_deterrence(
    challenger: float, defender: float, name: str, soft_challenges: float, soft_resists: float, expected: dict[str, float]
) -> None:
    """Each region has its equilibrium, and steadfast deterrence stands beside it."""
    game = games.unilateral_deterrence(challenger_hard=challenger, defender_hard=defender)
    found, steadfast = game.closed_form()
    assert (found.name, steadfast.name, steadfast.plausible) == (name, "steadfast deterrence", False)
    assert found.strategies["soft challenger, node 1"]["D"] == pytest.approx(soft_challenges)
    assert found.strategies["soft defender, node 2"]["D"] == pytest.approx(soft_resists)
    assert outcomes(game, found) == pytest.approx(expected, abs=6e-7)


@settings(max_examples=60, deadline=None)
@given(open_unit, open_unit, payoffs("unilateral_deterrence"))
def test_every_class_of_unilateral_deterrence_is_an_equilibrium(challenger: float, defender: float, worth: dict[str, float]) -> None:
    """At any payoffs; the plausible ones part the square of credibilities, and meet at its borders."""
    worth |= {"defender_sq": worth["defender_dd_hard"] + 1.0}
    game = games.unilateral_deterrence(challenger_hard=challenger, defender_hard=defender, **worth)
    found = game.closed_form()
    gain = worth["challenger_dc"] - worth["challenger_sq"]
    borders = [gain / (worth["challenger_dc"] - worth[end]) - defender for end in ("challenger_dd_hard", "challenger_cd")]
    borders.append((worth["defender_cd"] - worth["defender_dc"]) / (worth["defender_cd"] - worth["defender_dd_soft"]) - challenger)
    assert sum(one.plausible for one in found) == 1 or min(map(abs, borders)) < 1e-9
    for one in found:
        assert_equilibrium(game, one)


MUTUAL = [
    (0.8, 0.8, {"deterrence": (1, 0, 0, 0), "mixed deterrence": (0.36, 0.08, 0.08, 0.48), "separating": (0.04, 0.16, 0.16, 0.64)}),
    (0.6, 0.6, {"separating": (0.16, 0.24, 0.24, 0.36)}),
    (0.4, 0.4, {"bluff": (0.183673, 0.244898, 0.244898, 0.326531), "A attacks": None, "B attacks": None}),
    (0.8, 0.4, {"A attacks": None}),
    (0.75, 0.9, {"deterrence": (1, 0, 0, 0), "mixed deterrence": None, "separating": None}),
]


@pytest.mark.parametrize(("a", "b", "expected"), MUTUAL)
def test_mutual_deterrence(a: float, b: float, expected: dict[str, tuple[float, ...] | None]) -> None:
    """All classes that exist, and how often each outcome."""
    game = games.mutual_deterrence(a_hard=a, b_hard=b)
    found = {one.name: one for one in game.closed_form()}
    assert list(found) == list(expected)
    for name, shares in expected.items():
        if shares is not None:
            assert outcomes(game, found[name]) == pytest.approx(dict(zip(("SQ", "DC", "CD", "DD"), shares, strict=True)), abs=6e-7)
    if (a, b) == (0.75, 0.9):
        mixed = found["mixed deterrence"].strategies
        assert (mixed["hard A, first"]["D"], mixed["hard B, first"]["D"]) == pytest.approx((1 / 3, 7 / 9))


@settings(max_examples=60, deadline=None)
@given(open_unit, open_unit, payoffs("mutual_deterrence"))
def test_every_class_of_mutual_deterrence_is_an_equilibrium(a: float, b: float, worth: dict[str, float]) -> None:
    """At any payoffs, and there is always one."""
    game = games.mutual_deterrence(a_hard=a, b_hard=b, **worth)
    assert game.closed_form()
    for one in game.closed_form():
        assert_equilibrium(game, one, 1e-11)


def test_perfect_credibility_of_both_is_not_enough() -> None:
    """Surely hard players may both stay or both strike."""
    assert [one.name for one in games.mutual_deterrence(a_hard=1.0, b_hard=1.0).closed_form()] == ["deterrence", "mixed deterrence", "separating"]


def test_payoffs_may_be_arrays_over_draws() -> None:
    """Each draw is the game with its own number."""
    game = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2, challenger_sq=np.array([0.6, 0.7]))
    one = games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2, challenger_sq=0.7)
    assert game.draws == 2
    assert np.array_equal(game.payoffs[1], one.payoffs)
    with pytest.raises(InvalidInput, match="arrays over draws"):
        game.closed_form()


def test_all_that_is_wrong_is_told_at_once() -> None:
    """First numbers that are none, then every ordering that is violated, with the draw."""
    with pytest.raises(InvalidInput) as caught:
        games.unilateral_deterrence(challenger_hard=1.2, defender_hard=float("nan"), challenger_dc="0.9", challenger_cd=None)  # type: ignore[arg-type]
    assert {problem.where for problem in caught.value.problems} == {"challenger_hard", "defender_hard", "challenger_dc", "challenger_cd"}
    with pytest.raises(InvalidInput) as caught:
        games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2, challenger_sq=np.array([0.6, 1.5]), defender_dc=0.5)
    assert {(problem.where, problem.what) for problem in caught.value.problems} == {
        ("challenger_dc > challenger_sq", "1 and 1.5 in draw 1"),
        ("defender_dd_hard > defender_dc", "0.4 and 0.5"),
    }


@pytest.mark.parametrize(("a", "b", "name"), [(0.75, 0.9, "separating"), (0.8, 0.4, "A attacks")])
def test_which_class_of_mutual_deterrence_the_branch_leads_to(a: float, b: float, name: str) -> None:
    """As Gambit's tracer found: where A and B differ."""
    game = games.mutual_deterrence(a_hard=a, b_hard=b)
    (found,) = (one for one in game.closed_form() if one.name == name)
    limit = games.quantal_response(game, 3000.0).behaviour
    order = [str(infoset) for player in (0, 1) for (mover, _), (_, infoset) in zip(game.infosets, game.layout[1].infoset_names, strict=True) if mover == player]
    for infoset, actions in zip(order, [*limit["A"], *limit["B"]], strict=True):
        if infoset.endswith("first") and (infoset, "D") not in found.ranges:
            assert actions["D"] == pytest.approx(found.strategies[infoset]["D"], abs=5e-3), infoset
