"""Lewis and Schultz, and Fearon's articles of 1994, 1995 and 1997: published and worked numbers, and best replies written down again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import multivariate_normal, norm

from detente import games
from detente.errors import InvalidInput


def lewis_schultz(war: float, target_war: float) -> Any:
    return games.lewis_schultz_signalling(
        challenger_war=war, challenger_backing_down=-1.2, challenger_concession=1, challenger_status_quo=0, target_war=target_war,
        target_backing_down=1, target_concession=0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("war", "target_war", "resists"),
    [
        pytest.param(-1.9, -2.8, (0.2964518, 0.4724232, 0.8740314), id="published, multiple, x = 1"),
        pytest.param(-1.9, -2.9, (0.2511046, 0.5947228, 0.8133217), id="multiple, x = 0"),
        pytest.param(-1.9, -2.85, (0.2707826, 0.5311079, 0.8494134), id="multiple, x = 0.5"),
        pytest.param(-1.8, -2.45, (0.3627047,), id="unique, x = 0"),
        pytest.param(-1.8, -2.4, (0.4990996,), id="unique, x = 0.5"),
        pytest.param(-1.8, -2.35, (0.6653794,), id="unique, x = 1"),
    ],
)
def test_all_equilibria_of_lewis_and_schultz(war: float, target_war: float, resists: tuple[float, ...]) -> None:
    """Parameters of Crisman-Cox and Gibilisco's Monte Carlo (2019); the outer two of the first three are published, the middle one is derived."""
    assert [one.resists for one in lewis_schultz(war, target_war)] == pytest.approx(resists, abs=6e-8)


def test_each_equilibrium_of_lewis_and_schultz_is_a_fixed_point() -> None:
    """By SciPy's bivariate normal; with the probabilities of challenge and of standing firm that were published or worked out."""
    root = np.sqrt(0.5)
    expected = [(0.9617251, 0.3062443), (0.5823847, 0.2680376), (0.1793114, 0.2021976)]
    for one, (challenges, firm) in zip(lewis_schultz(-1.9, -2.8), expected, strict=True):
        assert (one.challenges, one.stands_firm) == pytest.approx((challenges, firm), abs=6e-8)
        cut = -(1 - one.resists) / one.resists
        both = multivariate_normal.cdf([-0.7 * root, -1.9 - cut], mean=[0, 0], cov=[[1, root], [root, 1]], abseps=1e-12, releps=1e-12)
        stands = both / (1 - norm.cdf(cut + 1.9) * norm.cdf(cut + 1.2))
        assert one.resists == pytest.approx(norm.cdf((stands * -2.8 + (1 - stands)) / stands), abs=1e-6)
        assert sum(one.outcomes.values()) == pytest.approx(1.0)


RISKS = [
    (0.5, 0.1, 0.0, 0.4, 0.65, 0.375, 0.55625),
    (0.5, 0.1, 0.2, 0.4, 0.70, 0.0, 0.70),
    (0.5, 0.3, 0.0, 0.4, 0.55, 0.125, 0.50625),
    (0.5, 0.5, 0.0, 0.4, 0.50, 0.0, 0.50),
    (0.6, 0.05, 0.05, 0.35, 0.75, 1 / 3, 0.6833333333),
]


@pytest.mark.parametrize(("win", "cost_a", "low", "high", "demand", "war", "value"), RISKS)
def test_risk_and_return(win: float, cost_a: float, low: float, high: float, demand: float, war: float, value: float) -> None:
    """Fearon (1995) with uniform costs."""
    found = games.risk_return(win=win, cost_a=cost_a, cost_b_low=low, cost_b_high=high)
    assert (found.demand, found.war, found.value) == pytest.approx((demand, war, value))


@settings(max_examples=50, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0, 0.6), st.floats(0, 0.6), st.floats(0.01, 0.6))
def test_no_demand_is_better(win: float, cost_a: float, low: float, width: float) -> None:
    """Than the one that is found, over a grid of demands; within the prize."""
    found = games.risk_return(win=win, cost_a=cost_a, cost_b_low=low, cost_b_high=low + width)
    demands = np.linspace(0, 1, 2001)
    war = np.clip((demands - win - low) / width, 0, 1)
    assert found.value >= ((1 - war) * demands + war * (win - cost_a)).max() - 1e-12
    assert 0 <= found.demand <= 1
    assert found.war == pytest.approx(float(np.clip((found.demand - win - low) / width, 0, 1)), abs=1e-9)


def test_complete_information_makes_no_war() -> None:
    """The whole surplus is demanded."""
    found = games.risk_return(win=0.5, cost_a=0.1, cost_b_low=0.2, cost_b_high=0.2)
    assert (found.demand, found.war) == (pytest.approx(games.bargaining_range(win=0.5, cost_a=0.1, cost_b=0.2).high), 0.0)


@settings(max_examples=50, deadline=None)
@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95), st.floats(0.01, 0.5), st.floats(0.05, 0.95))
def test_preventive_war_pays_exactly_where_it_is_told(win_now: float, win_later: float, cost: float, discount: float) -> None:
    """War now against the whole prize for one period and war then."""
    now = (1 - win_now) / (1 - discount) - cost
    later = 1 + discount * ((1 - win_later) / (1 - discount) - cost)
    found = games.preventive_war(win_now=win_now, win_later=win_later, cost_b=cost, discount=discount)
    assert found.war == (now > later) or abs(now - later) < 1e-9


def test_a_first_strike_may_leave_no_bargain() -> None:
    """Exactly if the advantage is not below the sum of costs."""
    for advantage, exists in ((0.29, True), (0.31, False)):
        found = games.first_strike_bargain(win_first=0.5 + advantage, win_second=0.5, cost_a=0.1, cost_b=0.2)
        assert found.exists is exists


@pytest.mark.parametrize(
    ("cost", "low", "defender_low", "name", "resists", "attacks", "challenges", "bluffs", "war"),
    [
        (0.2, -1, -1, "partial bluff", 0.833333, 0.571429, 0.816667, 0.35, 0.388889),
        (1.0, -2, -1, "partial bluff", 0.5, 0.8, 0.75, 0.15, 0.3),
        (0.5, -1, -3, "all bluff", 0.285714, 0.666667, 1.0, 1 / 3, 0.190476),
    ],
)
def test_backing_down(
    cost: float, low: float, defender_low: float, name: str, resists: float, attacks: float, challenges: float, bluffs: float, war: float
) -> None:
    """Worked numbers for uniform payoffs of war up to 0.5."""
    found = games.backing_down(backing_down_cost=cost, challenger_low=low, challenger_high=0.5, defender_low=defender_low, defender_high=0.5)
    assert found.name == name
    numbers = (found.resists, found.attacks, found.challenges, found.bluffs, found.war)
    assert numbers == pytest.approx((resists, attacks, challenges, bluffs, war), abs=6e-7)


@settings(max_examples=80, deadline=None)
@given(st.floats(0.05, 3), st.floats(-3, 0.3), st.floats(0.05, 2), st.floats(-3, 0.3), st.floats(0.05, 2))
def test_backing_down_is_an_equilibrium(cost: float, low: float, width: float, defender_low: float, defender_width: float) -> None:
    """Everybody does what is best for his payoff of war, on a fine grid of them."""
    if low + width <= -cost + 0.02:
        return
    found = games.backing_down(
        backing_down_cost=cost, challenger_low=low, challenger_high=low + width, defender_low=defender_low, defender_high=defender_low + defender_width
    )
    of_war = low + width * (np.arange(20_001) + 0.5) / 20_001
    worth = (1 - found.resists) + found.resists * np.maximum(of_war, -cost)
    would_attack = of_war > -cost
    gains = (worth > 1e-9) | ((abs(worth) <= 1e-9) & would_attack)
    bluffers_indifferent = abs((1 - found.resists) - found.resists * cost) < 1e-9
    assert found.challenges - found.bluffs == pytest.approx(np.mean(gains & would_attack), abs=2e-4)
    if bluffers_indifferent:
        assert -1e-9 <= found.bluffs <= np.mean(~would_attack) + 2e-4
    else:
        assert found.bluffs == pytest.approx(np.mean(gains & ~would_attack), abs=2e-4)
    assert found.attacks * found.challenges == pytest.approx(found.challenges - found.bluffs)
    defender = defender_low + defender_width * (np.arange(20_001) + 0.5) / 20_001
    assert found.resists == pytest.approx(np.mean(found.attacks * defender + 1 - found.attacks >= 0), abs=2e-4)
    assert found.war == pytest.approx((found.challenges - found.bluffs) * found.resists)


def test_tied_hands_and_sunk_costs() -> None:
    """Worked numbers: thresholds, costs, war and value."""
    found = games.costly_signals(win=0.5, cost=0.3, challenged=0.25)
    sunk, tied = found.sinking_costs, found.tying_hands
    assert (sunk.threshold, sunk.cost, sunk.war, sunk.value) == pytest.approx((0.6, 0.45, 0.1, 0.07))
    assert (tied.threshold, tied.cost, tied.war, tied.value) == pytest.approx((3 / 35, 9 / 35, 8 / 35, 0.3657142857))


@settings(max_examples=50, deadline=None)
@given(st.floats(0.1, 0.9), st.floats(0.05, 0.95), st.floats(0.02, 0.98), st.floats(0.5, 3))
def test_theorems_of_fearon_1997(win: float, share: float, challenged: float, value_high: float) -> None:
    """Tied hands are worth more and risk more war; senders lose nothing by sending and others would gain nothing; values are what integration gives."""
    cost = share * win * value_high
    found = games.costly_signals(win=win, cost=cost, challenged=challenged, value_high=value_high)
    sunk, tied = found.sinking_costs, found.tying_hands
    assert tied.value > sunk.value and tied.war > sunk.war

    def sends_and_fights(value: float, paid: float) -> float:
        return (1 - challenged) * value + challenged * (win * value - cost) - paid

    for signal, paid, yielding in ((sunk, sunk.cost, 0.0), (tied, 0.0, tied.cost)):
        integral = quad(lambda value, paid=paid: sends_and_fights(value, paid) / value_high, signal.threshold, value_high)[0]
        assert signal.value == pytest.approx(integral, abs=1e-9)
        for value in np.linspace(0, value_high, 101):
            sends_and_yields = (1 - challenged) * value - challenged * yielding - paid
            if value >= signal.threshold:
                assert sends_and_fights(value, paid) >= max(0.0, sends_and_yields) - 1e-9
            else:
                assert max(sends_and_yields, sends_and_fights(value, paid)) <= 1e-9


def test_what_the_models_demand_is_told() -> None:
    """Orderings that are sums and products too."""
    with pytest.raises(InvalidInput, match="challenger_high \\+ backing_down_cost > 0"):
        games.backing_down(backing_down_cost=0.2, challenger_low=-2, challenger_high=-1, defender_low=-1, defender_high=0.5)
    with pytest.raises(InvalidInput, match="value_high \\* win > cost"):
        games.costly_signals(win=0.5, cost=0.6, challenged=0.2)
    with pytest.raises(InvalidInput, match="1 > win > 0"):
        games.costly_signals(win=0.0, cost=0.6, challenged=0.2)
