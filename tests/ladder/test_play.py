"""How games are played, and the check of a solution from the definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from detente.ensemble.draws import draw
from detente.errors import InvalidInput
from detente.ladder import Choice, CrisisGame, Equilibrium, Ladder, Rung, certify, choices, lay_out, solve, values_of
from detente.scenario.compile import load

DRAWS = 20


@pytest.fixture(scope="module")
def found(make_ladder: Callable[..., Ladder]) -> Equilibrium:
    plan = lay_out(make_ladder(2, DRAWS, levels=6, segments=2))
    return solve(plan, values_of(plan, segments=2))


def at(found: tuple[Choice, ...], game: str, path: tuple[str, ...], mood: str | None) -> Choice:
    return next(choice for choice in found if (choice.game, choice.path, choice.mood) == (game, path, mood))


def probability(choice: Choice, action: str) -> float:
    return next(option.probability for option in choice.actions if option.name == action)


@pytest.mark.parametrize(("seed", "precision"), [(0, 0.5), (1, 3.0), (2, 10.0), (3, 25.0)])
def test_the_definition_agrees_with_the_solver(make_ladder: Callable[..., Ladder], seed: int, precision: float) -> None:
    """Behaviour, values and rates to 1e-8, regret to 1e-10, with moods on both sides and an episode's posterior."""
    plan = lay_out(make_ladder(seed, DRAWS, levels=4 + seed, precision=precision, segments=2))
    answer = solve(plan, values_of(plan, segments=2))
    assert answer.converged.all()
    certificate = certify(answer)
    assert certificate.behaviour.shape == (DRAWS, 2)
    for distance in (certificate.behaviour, certificate.value, certificate.rate):
        assert distance.max() < 1e-8
    np.testing.assert_allclose(certificate.regret, answer.regret, rtol=0, atol=1e-10)


def test_the_definition_agrees_on_the_baltic_ladder() -> None:
    """On 300 draws of baltic-2021 in all its segments."""
    model = load("baltic-2021")
    answer = solve(model.plan, draw(model, 5, 0, 300).values)
    certificate = certify(answer)
    for distance in (certificate.behaviour, certificate.value, certificate.rate):
        assert distance.max() < 1e-8
    np.testing.assert_allclose(certificate.regret, answer.regret, rtol=0, atol=1e-10)


@pytest.mark.parametrize("size", [1e-5, 1e-2])
def test_a_corrupted_answer_is_noticed(found: Equilibrium, size: float) -> None:
    """A value, a log-ratio or a rate of one draw in one segment that is off by `size` shows there and nowhere else."""
    n_values = len(found.plan.ladder.rungs) * len(found.plan.ladder.actors)
    spread = float(np.ptp(found.value[7, 1, :, 0]))
    elsewhere = np.ones((DRAWS, 2), dtype=bool)
    elsewhere[7, 1] = False

    def shifted(name: str, place: int, by: float) -> Equilibrium:
        array = getattr(found, name).copy()
        array[7, 1, place] += by
        return replace(found, **{name: array})

    for name, answer, least in [
        ("value", shifted("unknown", 0, size * spread), 0.05 * size),
        ("behaviour", shifted("unknown", n_values, size), 1e-3 * size),
        ("rate", shifted("rates", 0, size), 1e-4 * size),
    ]:
        distance = getattr(certify(answer), name)
        assert distance[7, 1] > max(least, 1e-9), name
        assert distance[elsewhere].max() < 1e-9, name


def test_some_draws_are_checked_as_all_are(found: Equilibrium) -> None:
    every, some = certify(found), certify(found, [3, 11])
    np.testing.assert_array_equal(some.regret, every.regret[[3, 11]])
    np.testing.assert_array_equal(some.value, every.value[[3, 11]])


def test_choices_are_logit_choices(found: Equilibrium) -> None:
    """Probabilities sum to one and follow weights and expected payoffs at the mover's precision."""
    precision = dict(zip(found.plan.ladder.actors, found.values[4, 1, found.plan.layout.precision], strict=True))
    told = choices(found, 4, 1)
    assert {choice.game for choice in told} == {game.name for game in found.plan.ladder.games}
    for choice in told:
        scores = np.array([option.weight * np.exp(precision[choice.player] * (option.expected - choice.actions[0].expected)) for option in choice.actions])
        shares = [option.probability for option in choice.actions]
        assert sum(shares) == pytest.approx(1.0, abs=1e-12)
        np.testing.assert_allclose(shares, scores / scores.sum(), rtol=0, atol=1e-8)
        for table in choice.beliefs.values():
            assert sum(table.values()) == pytest.approx(1.0, abs=1e-12)
        assert choice.player not in choice.beliefs


def test_beliefs_follow_bayes_rule(found: Equilibrium) -> None:
    """What the guarantor thinks of a challenger who has challenged, and what is known of him on the rung where this leads."""
    told = choices(found, 4, 1)
    hard, soft = (at(told, "opening", (), mood) for mood in ("hard", "soft"))
    came = {choice.mood: choice.reached * probability(choice, "challenge") for choice in (hard, soft)}
    share = came["hard"] / sum(came.values())
    guarantor = at(told, "opening", ("challenge", "resist"), "firm")
    assert guarantor.beliefs["challenger"]["hard"] == pytest.approx(share, rel=1e-12)
    after = at(told, "bargain on challenge_crisis", (), "firm")
    assert after.beliefs["challenger"]["hard"] == pytest.approx(share, rel=1e-12)
    by_chance = at(told, "bargain on chance_crisis", (), "firm")
    stated = found.plan.ladder.games[2].moods["challenger"]["hard"]
    assert by_chance.beliefs["challenger"]["hard"] == pytest.approx(stated[4, 1], rel=1e-12)


def test_where_play_comes_is_told(found: Equilibrium) -> None:
    """Moods of the first mover have their chances; each later point the product of what leads to it."""
    told = choices(found, 0, 0)
    hard, soft = (at(told, "opening", (), mood) for mood in ("hard", "soft"))
    assert hard.reached + soft.reached == pytest.approx(1.0, abs=1e-12)
    challenged = sum(choice.reached * probability(choice, "challenge") for choice in (hard, soft))
    protege = at(told, "opening", ("challenge",), None)
    assert protege.reached == pytest.approx(challenged, rel=1e-12)
    points = [at(told, "opening", ("challenge", "resist"), mood).reached for mood in ("firm", "weak")]
    assert sum(points) == pytest.approx(challenged * probability(protege, "resist"), rel=1e-12)


def test_expected_payoffs_by_hand() -> None:
    """One offer: the receiver's moods pay 0 or -4 for a fight; the proposer expects the average over what they do."""
    ladder = Ladder(
        rungs=(Rung("here"), Rung("deal", final=True), Rung("fight", final=True)), actors=("one", "two"),
        games=(
            CrisisGame(
                "offer", "here", 2.0,
                {"one": {"leave": {"to": "deal"}, "press": {"two": {"yield": {"to": "deal", "payoff": {"one": 1.0, "two": -1.0}},
                                                                    "fight": {"to": "fight", "payoff": {"two": {"hot": 0.0, "cold": -4.0}}}}}}},
                {"two": {"hot": 0.25, "cold": None}},
            ),
        ),
        flow={"fight": {"one": -0.3}}, discount={"one": 0.1, "two": 0.1}, precision={"one": 0.7, "two": 1.5},
    )  # fmt: skip
    told = choices(solve(ladder))
    fights = {mood: 1 / (1 + np.exp(1.5 * (-1.0 - paid))) for mood, paid in (("hot", 0.0), ("cold", -4.0))}
    for mood, share in fights.items():
        assert probability(at(told, "offer", ("press",), mood), "fight") == pytest.approx(share, rel=1e-12)
    fight = 0.25 * fights["hot"] + 0.75 * fights["cold"]
    leave, press = at(told, "offer", (), None).actions
    assert (leave.name, press.name) == ("leave", "press")
    assert leave.expected == pytest.approx(0.0, abs=1e-12)
    assert press.expected == pytest.approx(1 - fight - 3.0 * fight, rel=1e-12)


def test_a_mood_with_one_name_tells_nothing() -> None:
    """A single mood is no secret: the same play as without it."""
    def ladder(amount: object, moods: dict[str, dict[str, float]]) -> Ladder:
        tree = {"one": {"a": {"two": {"c": {"to": "end"}, "d": {"to": "end", "payoff": {"one": amount, "two": 1.0}}}}, "b": {"to": "end"}}}
        return Ladder(
            (Rung("here"), Rung("end", final=True)), ("one", "two"), (), (CrisisGame("game", "here", 1.0, tree, moods),),
            discount={"one": 0.1, "two": 0.1}, precision={"one": 1.0, "two": 1.0},
        )  # fmt: skip

    with_mood, without = (choices(solve(made)) for made in (ladder({"only": 2.0}, {"one": {"only": 1.0}}), ladder(2.0, {})))
    assert [choice.actions for choice in with_mood] == [choice.actions for choice in without]


@pytest.mark.parametrize(("number", "segment", "told"), [(DRAWS, 0, "no draw 20"), (-1, 0, "no draw -1"), (0, 2, "no segment 2")])
def test_what_was_not_solved_is_refused(found: Equilibrium, number: int, segment: int, told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        choices(found, number, segment)
    with pytest.raises(InvalidInput, match="no draw 99"):
        certify(found, [99])
