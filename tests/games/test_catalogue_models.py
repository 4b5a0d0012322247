"""Threats, resolve, trust, alliances, stability, inspection, arms races and the centipede: worked numbers, and what follows from best replies or arithmetic."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.games.judge import Judge, assert_equilibrium
from tests.games.test_catalogue_deterrence import open_unit, payoffs

from detente import games
from detente.errors import InvalidInput

size = st.floats(0.05, 5)


def test_usable_threats() -> None:
    """Worked numbers, and the share of undeterrable adversaries at which none is left."""
    found = games.usable_threats(undeterrable=0.5)
    assert (found.effective, found.acceptable, found.undeterrable) == pytest.approx((0.2, 0.25, 5 / 9))
    assert games.usable_threats(undeterrable=0.55).exist and not games.usable_threats(undeterrable=0.56).exist


@settings(max_examples=60, deadline=None)
@given(open_unit, open_unit, size, size, size, size)
def test_a_usable_threat_is_made_and_obeyed(risk: float, undeterrable: float, gain: float, disaster: float, loss: float, worse: float) -> None:
    """In the game, exactly where the risk is both effective and acceptable."""
    worth = {"gain": gain, "disaster_adversary": disaster, "loss": loss, "disaster_threatener": loss + worse}
    usable = games.usable_threats(undeterrable=undeterrable, **worth)
    assume(min(abs(risk - usable.effective), abs(risk - usable.acceptable)) > 1e-9)
    game = games.chance_threat(risk=risk, undeterrable=undeterrable, **worth)
    (found,) = game.closed_form()
    assert_equilibrium(game, found)
    assert (found.name == "threat, compliance") == (usable.effective <= risk <= usable.acceptable)


def test_critical_risk_makes_indifferent() -> None:
    """A lottery of disaster at the critical risk is worth submission."""
    risk = games.critical_risk(prevail=3, submit=1, disaster=-17)
    assert risk * -17 + (1 - risk) * 3 == pytest.approx(1)
    assert games.critical_risk(prevail=1, submit=0, disaster=-9) == pytest.approx(0.1)


def test_contest_of_resolve() -> None:
    """Worked numbers; nobody does better on a grid of other risks against an opponent who follows the equilibrium."""
    contest = games.contest_of_resolve(highest_cost=4)
    assert [contest.quits(cost) for cost in (1, 2, 4)] == pytest.approx([0.5276334, 0.2211992, 0.0], abs=6e-8)
    assert contest.disaster == pytest.approx(0.1661946597, abs=1e-9)
    assert contest.still_in(contest.quits(1.3)) == pytest.approx(1.3)
    others = np.array([contest.quits(cost) for cost in 4 * (np.arange(20_000) + 0.5) / 20_000])
    risks = np.linspace(0, 0.999, 1000)
    for cost in (0.5, 1.0, 3.0):
        worth = [np.where(others < risk, 1 - others - others * cost, -risk * cost).mean() for risk in risks]
        assert risks[int(np.argmax(worth))] == pytest.approx(contest.quits(cost), abs=5e-3)


def test_power_and_risk() -> None:
    """Worked numbers: resolve that favours the defender makes a limited fight, resolve that favours the challenger none."""
    limited = games.power_and_risk(challenger_cost=4, defender_cost=1)
    assert not limited.defender_quits
    assert (limited.power[0], limited.value) == pytest.approx(((np.sqrt(76) - 8) / 6, 0.0606726), abs=6e-8)
    quits = games.power_and_risk(challenger_cost=1, defender_cost=4)
    assert quits.defender_quits and (quits.power[0], quits.value, quits.risk) == pytest.approx((0.3691024, 1.0, 0.0), abs=6e-8)
    linear = games.power_and_risk(challenger_cost=2, defender_cost=1, risk_scale=0.3, risk_curve=1, highest_power=0.7)
    assert (linear.power[0], linear.value) == pytest.approx((2 / 3, 2 / 15))


@settings(max_examples=80, deadline=None)
@given(size, size, st.floats(0.05, 1), st.floats(1, 4), st.floats(0.1, 1))
def test_no_other_power_is_better(challenger: float, defender: float, scale: float, curve: float, highest: float) -> None:
    """On a grid, by the rules of who is willing."""
    found = games.power_and_risk(challenger_cost=challenger, defender_cost=defender, risk_scale=scale, risk_curve=curve, highest_power=highest)
    power = np.linspace(0, highest, 1001)
    risk = scale * power**curve
    fight = (1 - risk) * power - risk * challenger
    one, other = fight >= 0, (1 - risk) * (1 - power) - risk * defender >= 0
    worth = np.select([one & other, one & ~other, ~one & other], [fight, 1.0, 0.0], float(challenger < defender))
    assert found.value >= worth.max() - 1e-12
    if found.defender_quits:
        inside = (power > found.power[0] + 1e-9) & (power < found.power[1] - 1e-9)
        assert (worth[inside] == 1).all()


def test_trust_game_turns_at_the_least_trust() -> None:
    """3/7 at these payoffs, for both."""
    for a, b, names in ((0.43, 0.43, ["mutual restraint", "mixed restraint", "both arm"]), (0.42, 0.9, ["both arm"])):
        assert [one.name for one in games.trust_game(a_seeker=a, b_seeker=b).closed_form()] == names


@settings(max_examples=60, deadline=None)
@given(open_unit, open_unit, payoffs("trust_game"))
def test_every_class_of_the_trust_game_is_an_equilibrium(a: float, b: float, worth: dict[str, float]) -> None:
    """At any payoffs."""
    game = games.trust_game(a_seeker=a, b_seeker=b, **worth)
    for one in game.closed_form():
        assert_equilibrium(game, one, 1e-11)


def test_spiral() -> None:
    """Worked numbers: below the least trust of 3/7 after the third arming; no news if all arm."""
    trust = [games.spiral(trust=0.8, seeker_arms=0.5, observations=n) for n in range(5)]
    assert trust == pytest.approx([0.8, 2 / 3, 0.5, 1 / 3, 0.2])
    assert games.spiral(trust=0.8, seeker_arms=1.0, observations=7) == pytest.approx(0.8)
    with pytest.raises(InvalidInput, match="whole number"):
        games.spiral(trust=0.8, seeker_arms=0.5, observations=1.5)  # type: ignore[arg-type]


def test_reassurance_separates_within_its_range_only() -> None:
    """The seeker gains by a gesture and the expansionist does not."""
    gains, costs = {"seeker": 0.7, "expansionist": 0.9}, {"seeker": 1.0, "expansionist": 2.5}
    found = games.reassurance(seeker_gain=0.7, expansionist_gain=0.9, seeker_cost=1.0, expansionist_cost=2.5)
    assert found.exists
    for gesture in (0.2, 0.35, 0.37, 0.5, 0.69, 0.71):
        separates = gains["seeker"] >= costs["seeker"] * gesture and gains["expansionist"] <= costs["expansionist"] * gesture
        assert separates == (found.low <= gesture <= found.high)
    assert not games.reassurance(seeker_gain=0.3, expansionist_gain=0.9, seeker_cost=1.0, expansionist_cost=2.5).exists


def test_unreliable_alliances_are_attacked_and_seen() -> None:
    """Smith's selection: reliabilities uniform in the world, alliances attacked where the attacker gains."""
    at = {"win_alone": 0.3, "win_helped": 0.6, "target_value": 1.0, "target_cost": 0.35, "attacker_cost": 0.5, "ally_value": 0.0}
    rows = [games.alliance_reliability(**at, reneging_cost=share, ally_cost_high=1.0) for share in np.linspace(0.0005, 0.9995, 1000)]
    assert (rows[0].resists_from, rows[0].attacked_to, rows[0].observed) == pytest.approx((1 / 6, 2 / 3, 1 / 3))
    for row in rows:
        wins = 0.3 + 0.3 * row.reliability
        resists = wins * 1.0 - 0.35 >= 0
        assert row.attacked == (1 - wins - 0.5 >= 0 if resists else True)
    assert np.mean([row.reliability for row in rows if row.attacked]) == pytest.approx(rows[0].observed, abs=1e-3)
    assert np.mean([row.reliability for row in rows]) == pytest.approx(0.5)


@pytest.mark.parametrize(("support", "demand", "war"), [(0.0, 0.6, 0.25), (0.5, 0.705, 0.325), (1.0, 0.81, 0.4)])
def test_commitment_raises_demands_and_the_risk_of_war(support: float, demand: float, war: float) -> None:
    """Worked numbers; without a share of the cost war becomes no likelier."""
    numbers = {"win": 0.5, "added_win": 0.15, "cost_protege": 0.2, "opponent_cost_high": 0.4}
    found = games.commitment(support=support, cost_share=0.6, **numbers)
    assert (found.demand, found.war) == pytest.approx((demand, war))
    assert games.commitment(support=support, cost_share=0.0, **numbers).war == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("own_first", "enemy_first", "own_struck", "enemy_struck", "factor", "index"),
    [(0.7, 0.8, 0.8, 0.7, 0.885634, 0.784348), (0.2, 0.9, 0.9, 0.2, 0.321863 / 1.134300, 0.080517), (0.85, 0.85, 0.85, 0.85, 1.0, 1.0)],
)
def test_strike_stability(own_first: float, enemy_first: float, own_struck: float, enemy_struck: float, factor: float, index: float) -> None:
    """Worked numbers for two equal sides."""
    found = games.strike_stability(
        a_damage_a_first=own_first, b_damage_a_first=enemy_first, a_damage_b_first=own_struck, b_damage_b_first=enemy_struck
    )
    assert (found.a_factor, found.b_factor, found.index) == pytest.approx((factor, factor, index), abs=1e-6)


def test_strike_stability_tells_costs_of_nothing() -> None:
    """A side that is unharmed while its enemy is destroyed has no cost to compare with."""
    with pytest.raises(InvalidInput, match="a_damage_b_first \\+ 1 > b_damage_b_first"):
        games.strike_stability(a_damage_a_first=0.5, b_damage_a_first=0.5, a_damage_b_first=0.0, b_damage_b_first=1.0)


@settings(max_examples=40, deadline=None)
@given(size, size, size, size)
def test_inspection_is_an_equilibrium(sanction: float, gain: float, cost: float, above: float) -> None:
    """Both are indifferent."""
    game = games.inspection_game(sanction=sanction, gain=gain, cost=cost, loss=cost + above)
    (found,) = game.closed_form()
    assert_equilibrium(game, found)
    judge = Judge(game, found.strategies)
    assert judge.outcomes["caught"] + judge.outcomes["undetected"] == pytest.approx(cost / (cost + above))


@lru_cache(None)
def recursion(n: int, m: int, k: int) -> tuple[Fraction, Fraction | None]:
    """Value and inspection of von Stengel's recursion, one stage after the other, in exact fractions."""
    if k == 0:
        return Fraction(0), None
    if m == 0:
        return Fraction(min(n, k)), Fraction(0)
    if m == n:
        return Fraction(0), None
    caught, uncaught = Fraction(-1), 1 + recursion(n - 1, m, k - 1)[0]
    seen, quiet = recursion(n - 1, m - 1, k)[0], recursion(n - 1, m, min(k, n - 1))[0]
    inspects = (uncaught - quiet) / (uncaught - quiet + seen - caught)
    return inspects * seen + (1 - inspects) * quiet, inspects


def test_recursive_inspection_solves_its_recursion() -> None:
    """For all games of up to nine periods, exactly; with entries of the table."""
    for n in range(1, 10):
        for m in range(n + 1):
            for k in range(n + 1):
                found = games.recursive_inspection(periods=n, inspections=m, violations=k)
                value, inspects = recursion(n, m, k)
                assert found.value == value, (n, m, k)
                assert inspects is None or found.inspects == inspects, (n, m, k)
    table = {(4, 2): Fraction(3, 11), (5, 4): Fraction(1, 31), (6, 4): Fraction(5, 57), (7, 2): Fraction(15, 29), (7, 5): Fraction(1, 20)}
    assert {(n, m): games.recursive_inspection(periods=n, inspections=m).value for n, m in table} == table
    assert games.recursive_inspection(periods=6, inspections=2, violations=3).value == Fraction(19, 22)


def test_the_inspector_need_not_know_how_many_violations_are_meant() -> None:
    """Published (von Stengel 2016): the probability of inspection is the same."""
    assert {games.recursive_inspection(periods=5, inspections=2, violations=k).inspects for k in (1, 2, 3)} == {Fraction(5, 16)}


def test_arms_races() -> None:
    """Worked numbers of a stable and an unstable race, and one without rest, in which both grow by 1 a year."""
    stable = games.arms_race(reaction_x=0.5, reaction_y=0.5, fatigue_x=1, fatigue_y=1, grievance_x=1, grievance_y=2)
    assert stable.stable and stable.rest == pytest.approx((8 / 3, 10 / 3)) and stable.rates == pytest.approx((-0.5, -1.5))
    assert stable.at(1) == pytest.approx((0.92145141, 1.43936463)) and stable.at(10) == pytest.approx((2.64645293, 3.31311939))
    runaway = games.arms_race(reaction_x=2, reaction_y=2, fatigue_x=1, fatigue_y=1, grievance_x=1, grievance_y=1)
    assert not runaway.stable and runaway.rest == pytest.approx((-1, -1)) and runaway.rates == pytest.approx((1, -3))
    assert runaway.at(1) == pytest.approx((np.e - 1, np.e - 1))
    even = games.arms_race(reaction_x=1, reaction_y=1, fatigue_x=1, fatigue_y=1, grievance_x=1, grievance_y=1)
    assert even.rest is None and even.at(3) == pytest.approx((3, 3))


def test_centipede() -> None:
    """The pies of the experiment with six moves; taking at once is the equilibrium."""
    game = games.centipede(moves=6)
    pies = [(0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2), (6.4, 1.6), (3.2, 12.8), (25.6, 6.4)]
    assert game.payoffs == pytest.approx(np.array(pies))
    assert_equilibrium(game, *game.closed_form())
    with pytest.raises(InvalidInput, match="whole number"):
        games.centipede(moves=2.5)  # type: ignore[arg-type]
