"""Actors who foresee the next segment, against closed forms and identities."""

import numpy as np
import pytest

from detente.errors import InvalidInput
from detente.ladder import CrisisGame, Ladder, Move, Rung, certify, choices, solve, solve_ahead


def one_rung(flows: list[float]) -> Ladder:
    return Ladder(rungs=(Rung("peace", final=True),), actors=("one",), flow={"peace": {"one": np.array([flows])}}, discount={"one": 0.1}, precision={"one": 1.0})


def arming(odds: list[float], precision: float = 8.0) -> Ladder:
    """A challenger who may strike: it wins the prize with the odds of the segment, at a cost of 0.3."""
    return Ladder(
        rungs=(Rung("peace"), Rung("won", final=True), Rung("lost", final=True)),
        actors=("challenger",),
        moves=(Move("fading", "peace", "lost", 0.02),),
        games=(
            CrisisGame(
                "attack", "peace", 4.0,
                {"challenger": {"wait": {"to": "peace"}, "strike": {"to": "won", "payoff": {"challenger": np.array([odds]) - 1.3}}}},
            ),
        ),
        flow={"peace": {"challenger": 0.03}, "won": {"challenger": 0.1}}, discount={"challenger": 0.1}, precision={"challenger": precision},
    )  # fmt: skip


def test_values_are_those_of_an_exponential_change_of_regime() -> None:
    flows, lengths, rho = [1.0, -2.0, 0.5], [2.0, 3.0, 5.0], 0.1
    last = flows[2] / rho
    middle = (flows[1] + last / lengths[1]) / (rho + 1 / lengths[1])
    first = (flows[0] + middle / lengths[0]) / (rho + 1 / lengths[0])
    assert solve_ahead(one_rung(flows), lengths=lengths).value[0, :, 0, 0] == pytest.approx([first, middle, last], rel=1e-12)


def test_segments_that_are_alike_are_solved_as_if_they_lasted() -> None:
    ladder = arming([0.6, 0.6])
    ahead, without = solve_ahead(ladder, lengths=[1.0, 9.0]), solve(ladder)
    assert ahead.value == pytest.approx(without.value, abs=1e-9)
    assert ahead.rates == pytest.approx(without.rates, abs=1e-9)


def test_a_very_long_segment_is_solved_as_if_it_lasted_and_a_very_short_one_has_the_values_of_the_next() -> None:
    ladder = arming([0.9, 0.2])
    without = solve(ladder).value[0]
    assert solve_ahead(ladder, lengths=[1e9, 1.0]).value[0, 0] == pytest.approx(without[0], abs=1e-6)
    assert solve_ahead(ladder, lengths=[1e-9, 1.0]).value[0, 0] == pytest.approx(without[1], abs=1e-6)


def test_a_challenger_strikes_before_the_brigades_arrive() -> None:
    """Odds fall from 0.9 to 0.2: one who knows it strikes more often now than one who thinks that they stay, and the same afterwards."""

    def strikes(equilibrium) -> np.ndarray:
        return np.array([equilibrium.rates[0, segment, [arc.target == 1 for arc in equilibrium.plan.arcs]].sum() for segment in range(2)])

    ladder = arming([0.9, 0.2])
    now, later = strikes(solve_ahead(ladder, lengths=[1.0, 9.0])) / strikes(solve(ladder))
    assert now > 1.02
    assert later == pytest.approx(1.0, abs=1e-9)


def test_the_solution_is_certified_from_the_definition() -> None:
    found = solve_ahead(arming([0.9, 0.2]), lengths=[1.0, 9.0])
    certificate = certify(found)
    assert found.converged.all()
    for gap in (certificate.behaviour, certificate.value, certificate.rate):
        assert gap.max() < 1e-9
    assert choices(found)


@pytest.mark.parametrize("lengths", [[1.0], [0.0, 1.0], [-1.0, 1.0], [float("inf"), 1.0]])
def test_lengths_that_do_not_fit_are_refused(lengths: list[float]) -> None:
    values = solve(arming([0.9, 0.2])).values
    with pytest.raises(InvalidInput, match="lengths"):
        solve_ahead(arming([0.9, 0.2]), values, lengths=lengths)
