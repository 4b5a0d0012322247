"""Who shows up: against brute force, closed forms, quadrature by others, and simulation."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm, poisson_binom

from detente.alliance import Alliance, Ally, Status, contributions, respond, willingness
from detente.alliance._grid import GRID, rounding_error, shares, units
from detente.errors import InvalidInput

from .judge import SCALE, answers, brute, simulate

CLOCKS = ("day 3", "day 30", "day 180")
FIVE = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0.0, 0.1, 0.3), (1, 1, 1))
TWO = {"delivered": ((0, 0, 0), (1, 1, 1)), "levels": ("nothing", "forces"), "consensus": "forces"}


def alliance_of(sizes, seed=1, certain=(), **options):
    """Allies with random capability on three clocks; group sizes in order of decision."""
    rng = np.random.default_rng(seed)
    groups = tuple(f"group {k}" for k in range(len(sizes)))
    of = [group for group, size in zip(groups, sizes, strict=True) for _ in range(size)]
    allies = tuple(Ally(f"ally {k}", group, tuple(rng.lognormal(0, 1.2, 3) * [k == 0 or rng.random() < 0.6, 1, 1]), k in certain) for k, group in enumerate(of))
    return Alliance(allies=allies, groups=groups, clocks=CLOCKS, **{"delivered": FIVE, "leader": f"ally {sizes[0]}", **options})


def numbers(alliance, seed=2, **given):
    rng = np.random.default_rng(seed)
    cuts = np.sort(rng.normal(-1, 1.5, len(alliance.levels) - 1))
    return {"logit": rng.normal(0.3, 1, len(alliance.allies)), "cuts": cuts, "follow": 0.8, "loading": 0.5, "threshold": np.array([0.2, 0.45, 0.6]), "coalition": 0.8, **given}


def ask(alliance, given, **options):
    own = {name: given[name][None] for name in ("logit", "cuts", "threshold")}
    return respond(alliance, own.pop("logit"), **own, **{name: given[name] for name in ("follow", "loading", "coalition")}, distribution=True, **options)


def quadrature(alliance, given, nodes=160):
    """Brute force at the nodes of Gauss and Hermite, a rule other than ours."""
    z, weight = np.polynomial.hermite_e.hermegauss(nodes)
    kept = weight > 1e-17 * weight.sum()
    found = [brute(alliance, **given, z=one) for one in z[kept]]
    return {name: sum(w * one[name] for w, one in zip(weight[kept] / weight.sum(), found, strict=True)) for name in found[0]}


CASES = {
    "12 allies with two levels": (alliance_of((2, 1, 3, 6), certain=(0, 1), **TWO), {}),
    "7 allies with five levels": (alliance_of((1, 1, 2, 3), certain=(0,)), {}),
    "hosts that may stay out": (alliance_of((2, 1, 3), seed=3), {}),
    "the leader decides last": (alliance_of((2, 3), leader="ally 4"), {}),
    "one group": (alliance_of((5,), leader=None), {}),
    "no leader named": (alliance_of((1, 2, 3), leader=None), {}),
    "one ally": (alliance_of((1,), leader="ally 0"), {}),
    "everybody is certain but one": (alliance_of((3, 1), certain=(0, 1, 2)), {}),
    "others are followed by doing the opposite": (alliance_of((1, 1, 2, 2), seed=5), {"follow": -1.5}),
    "any ally can block with less than sanctions": (alliance_of((1, 1, 2, 2), seed=6, consensus="sanctions"), {}),
    "nobody can block": (alliance_of((1, 1, 2, 2), seed=6, consensus="nothing"), {}),
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_without_a_common_factor_every_answer_is_that_of_brute_force(case):
    alliance, changes = CASES[case]
    given = numbers(alliance, **changes, loading=0.0)
    ours, theirs = answers(ask(alliance, given)), brute(alliance, **given, z=0.0)
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], atol=1e-12, err_msg=name)


@pytest.mark.parametrize("case", ["hosts that may stay out", "the leader decides last", "one group", "others are followed by doing the opposite"])
def test_the_factor_is_integrated_out_as_by_gauss_and_hermite(case):
    alliance, changes = CASES[case]
    alliance = Alliance(alliance.allies, alliance.groups, CLOCKS, leader=alliance.leader, **TWO)
    given = numbers(alliance, **changes, loading=0.6)
    response = ask(alliance, given)
    ours, theirs = answers(response), quadrature(alliance, given)
    assert response.status[0] == Status.AGREED and 0 < response.disagreement[0] <= 1e-10
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], atol=1e-10, err_msg=name)


@pytest.mark.parametrize("follow", [0.3, -2.0, 12.0], ids=["near each other", "the other way round", "far from each other"])
def test_signals_that_move_readiness_little_or_much_are_integrated_out_alike(follow):
    alliance = alliance_of((1, 1, 2, 2), seed=5, **TWO)
    given = numbers(alliance, loading=0.2, follow=follow)
    ours, theirs = answers(ask(alliance, given)), quadrature(alliance, given)
    for name in theirs:
        np.testing.assert_allclose(ours[name], theirs[name], atol=1e-11, err_msg=name)


@pytest.mark.parametrize("loading", [0.5, 0.9, 0.99])
def test_forty_like_allies_all_help_with_the_probability_that_adaptive_quadrature_finds(loading):
    allies = tuple(Ally(f"ally {k}", "all", (1.0,)) for k in range(40))
    alliance = Alliance(allies, ("all",), ("day 30",), ((0.0,), (1.0,)), levels=("nothing", "forces"), consensus="forces")
    response = respond(alliance, [[0.7] * 40], cuts=[[0.2]], loading=loading, threshold=[[1.0]])
    spread = np.sqrt(1 - loading**2)
    there = quad(lambda z: expit((0.5 + SCALE * loading * z) / spread) ** 40 * norm.pdf(z), -9, 9, epsabs=1e-13, limit=400)[0]
    assert response.consensus[0].sum() == pytest.approx(there, abs=1e-11)


@pytest.mark.parametrize("loading", [0.2, 0.7, 0.94, 0.9949, 0.9951, 0.999, 0.99999])
def test_one_ally_helps_with_the_probability_that_adaptive_quadrature_finds(loading):
    alliance = alliance_of((1,), leader="ally 0", **TWO)
    response = respond(alliance, [[0.7]], cuts=[[0.2]], loading=loading, threshold=[[1.0, 1.0, 1.0]])
    spread, turn = np.sqrt(1 - loading**2), -0.5 / SCALE / loading
    width = 40 * spread / loading
    points = [-9, *(one for one in (turn - width, turn - width / 8, turn, turn + width / 8, turn + width) if -9 < one < 9), 9]
    there = [quad(lambda z: expit((0.5 + SCALE * loading * z) / spread) * norm.pdf(z), a, b, epsabs=1e-13, limit=400)[0] for a, b in pairwise(points)]
    assert response.chance[0, 0] == pytest.approx(sum(there), abs=1e-10)
    assert response.status[0] == Status.AGREED


def test_independent_allies_of_one_size_are_poisson_binomial():
    allies = tuple(Ally(f"ally {k}", "all", (1.0,)) for k in range(16))
    alliance = Alliance(allies, ("all",), ("day 30",), ((0.0,), (1.0,)), levels=("nothing", "forces"), consensus="nothing")
    logit = np.random.default_rng(4).normal(0, 1.5, 16)
    found = respond(alliance, logit[None], cuts=[[0.0]], threshold=[[0.5]], distribution=True)
    counts = found.distribution[0, 0, :: GRID // 16]
    np.testing.assert_allclose(counts, poisson_binom(expit(logit)).pmf(np.arange(17)), atol=1e-13)
    assert found.enough[0, 0] == pytest.approx(poisson_binom(expit(logit)).sf(7), abs=1e-13)
    assert found.status[0] == Status.EXACT


def test_under_one_factor_alone_the_readier_ally_always_helps_where_the_less_ready_does():
    logit = np.array([-1.0, 0.2, 1.3, 0.9])
    allies = tuple(Ally(f"ally {k}", "all", (1.0,)) for k in range(4))
    alliance = Alliance(allies, ("all",), ("day 30",), ((0.0,), (1.0,)), levels=("nothing", "forces"), consensus="nothing")
    found = respond(alliance, logit[None], cuts=[[0.0]], loading=1.0, threshold=[[0.5]], distribution=True)
    helping = np.sort(norm.cdf(logit / SCALE))[::-1]
    np.testing.assert_allclose(found.distribution[0, 0, ::64], -np.diff([1.0, *helping, 0.0]), atol=1e-12)
    assert found.enough[0, 0] == pytest.approx(helping[1], abs=1e-12)
    assert found.status[0] == Status.EXACT and found.disagreement[0] == 0


def test_a_loading_that_nears_1_comes_to_the_closed_form():
    alliance = alliance_of((1, 1, 2, 3), certain=(0,))
    limit = ask(alliance, numbers(alliance, loading=1.0))
    away = []
    for gap in (1e-4, 1e-6, 1e-8):
        near = ask(alliance, numbers(alliance, loading=1 - gap))
        assert near.status[0] == Status.AGREED
        away.append(np.abs(near.levels - limit.levels).max())
    # The variance of readiness stays what it is, so that only what is left of the logistic noise in higher moments shows.
    assert 1e-5 < away[0] < 1e-3 and away[1] < 1e-11 and away[2] < 1e-11


@pytest.mark.parametrize("loading", [0.95, 0.9948, 0.9952, 0.998])
def test_a_factor_that_decides_nearly_alone_is_integrated_out_as_by_a_fine_sum(loading):
    alliance = alliance_of((1, 1, 2), leader="ally 1", **TWO)
    given = numbers(alliance, loading=loading)
    z = np.arange(-8, 8, 0.02)
    there = [brute(alliance, **given, z=one) for one in z]
    found = ask(alliance, given)
    assert found.status[0] == Status.AGREED
    for name, ours in answers(found).items():
        theirs = sum(0.02 * norm.pdf(place) * one[name] for place, one in zip(z, there, strict=True))
        np.testing.assert_allclose(ours, theirs, atol=1e-10, err_msg=name)


def test_thirty_allies_answer_as_simulation_does_within_its_error():
    alliance = alliance_of((3, 1, 3, 23), seed=9, certain=(0, 1, 2), leader="ally 3")
    given = numbers(alliance, cuts=np.array([-4.0, -2.5, -1.0, 0.0]))
    found = ask(alliance, given)
    count = 200_000
    enough, level = simulate(alliance, **given, count=count, seed=3)
    for ours, theirs in ((found.enough[0], enough.mean(axis=0)), *((found.levels[0, :, k], (level == k).mean(axis=0)) for k in range(5))):
        error = np.sqrt(np.maximum(ours * (1 - ours), 1e-4) / count)
        assert (np.abs(ours - theirs) < 5 * error).all()
    leads = level[:, 3] == 4
    for out, there in enumerate((enough[leads], enough[~leads])):
        ours = found.enough_given[0, out]
        assert (np.abs(ours - there.mean(axis=0)) < 5 * np.sqrt(np.maximum(ours * (1 - ours), 1e-4) / len(there))).all()


def test_nothing_is_always_enough_of_nothing_and_never_more_than_everything():
    alliance = alliance_of((1, 1, 2, 3))
    nothing = ask(alliance, numbers(alliance, threshold=np.zeros(3)))
    more = ask(alliance, numbers(alliance, threshold=np.full(3, 1.001)))
    np.testing.assert_allclose(nothing.enough, 1.0, atol=1e-12)
    assert (more.enough == 0).all()


def test_readier_allies_never_commit_less():
    alliance = alliance_of((1, 1, 2, 3), seed=8)
    base = numbers(alliance, coalition=1.0)
    before = ask(alliance, base)
    for ally in range(7):
        logit = base["logit"].copy()
        logit[ally] += 0.7
        after = ask(alliance, {**base, "logit": logit})
        assert (after.enough >= before.enough - 1e-12).all() and (after.expected.sum(axis=2) >= before.expected.sum(axis=2) - 1e-12).all()
        assert after.enough.sum() > before.enough.sum()


def test_without_follow_the_order_of_decision_does_not_matter():
    forward = alliance_of((1, 2, 3), leader="ally 0")
    given = numbers(forward, follow=0.0)
    backward = Alliance(forward.allies, forward.groups[::-1], CLOCKS, FIVE, leader="ally 0")
    one, other = answers(ask(forward, given)), answers(ask(backward, given))
    for name in one:
        np.testing.assert_allclose(one[name], other[name], atol=1e-11, err_msg=name)


def test_a_group_without_capability_is_seen_but_counts_for_nothing():
    alliance = alliance_of((1, 1, 2, 3), certain=(0,))
    given = numbers(alliance)
    whole, less = ask(alliance, given), ask(alliance, given, without="group 2")
    np.testing.assert_allclose(less.levels, whole.levels, atol=1e-12)
    worth = units(alliance)
    worth[alliance.member_of == 2] = 0
    mean = np.einsum("al,alc->c", whole.levels[0], worth)
    np.testing.assert_allclose(less.distribution[0] @ np.arange(GRID + 1), mean, atol=1e-8)
    assert (less.enough <= whole.enough + 1e-12).all()


def test_the_expectation_is_that_of_the_distribution_but_for_what_rounding_moves():
    alliance = alliance_of((1, 1, 2, 20), seed=11)
    found = ask(alliance, numbers(alliance))
    on_grid = found.distribution[0] @ np.arange(GRID + 1) / GRID
    assert (np.abs(on_grid - found.expected[0].sum(axis=1)) <= found.rounding).all()
    np.testing.assert_allclose(found.distribution.sum(axis=2), 1, atol=1e-12)
    np.testing.assert_allclose(found.levels.sum(axis=2), 1, atol=1e-12)


def test_shares_are_rounded_to_256_units_in_all_with_a_bound_that_holds():
    alliance = alliance_of((1, 1, 2, 20), seed=11)
    worth, exact, bound = units(alliance), shares(alliance), rounding_error(alliance)
    assert (worth[:, -1].sum(axis=0) == GRID).all()
    assert (np.abs(worth[:, -1] - exact[:, -1] * GRID) < 1).all()
    rng = np.random.default_rng(1)
    for level in rng.integers(0, 5, (500, 24)):
        picked = np.arange(24), level
        assert (np.abs(worth[picked].sum(axis=0) / GRID - exact[picked].sum(axis=0)) <= bound + 1e-12).all()


def test_answers_do_not_depend_on_threads_or_neighbours():
    alliance = alliance_of((1, 1, 2, 8))
    rng = np.random.default_rng(5)
    logit, loading = rng.normal(0, 1, (70, 12)), rng.beta(2, 2, 70)
    loading[3], loading[4] = 0.998, 1.0
    rest = {"cuts": [[-3.0, -2.0, -1.0, 0.0]], "follow": 0.5, "threshold": [[0.3, 0.4, 0.5]]}
    one, four = (respond(alliance, logit, loading=loading, **rest, threads=threads) for threads in (1, 4))
    alone = respond(alliance, logit[40:41], loading=loading[40], **rest)
    assert (one.levels_with == four.levels_with).all() and (one.council == four.council).all()
    assert (alone.levels_with[0] == one.levels_with[40]).all()


def test_everything_wrong_with_the_numbers_is_told_at_once():
    alliance = alliance_of((1, 2))
    with pytest.raises(InvalidInput) as caught:
        respond(alliance, [[0.0, 0.0]], cuts=[[0.0, -1.0, 2.0, 3.0]], loading=1.2, coalition=[0.5, 0.0], follow=[0.0, 1.0, 2.0], threshold=[[0.5, np.nan, 0.5]])
    told = {problem.where for problem in caught.value.problems}
    assert told == {"logit", "cuts", "loading", "coalition", "draws", "threshold"}


def test_everything_wrong_with_an_alliance_is_told_at_once():
    with pytest.raises(InvalidInput) as caught:
        Alliance(
            (Ally("a", "first", (1.0,)), Ally("a", "second", (-1.0,)), Ally("b", "first", (1.0, 2.0))), ("first", "third"), ("day 3",), ((0.0,), (2.0,)),
            levels=("nothing", "forces"), leader="c", consensus="words",
        )  # fmt: skip
    told = [problem.where for problem in caught.value.problems]
    assert told == ["ally", "a", "groups", "leader", "consensus", "a", "b", "delivered"]


def test_too_many_early_choices_are_refused():
    with pytest.raises(InvalidInput, match="at most 20000 are enumerated"):
        ask(alliance := alliance_of((15, 1)), numbers(alliance))


def test_what_a_group_adds_is_what_is_missing_where_its_capability_is_taken_away():
    alliance = alliance_of((1, 1, 2, 3), certain=(0,))
    given = numbers(alliance, loading=0.0)
    own = {name: given[name][None] for name in ("cuts", "threshold")} | {"follow": 0.8, "coalition": 0.8}
    found = contributions(alliance, given["logit"][None], **own)
    worth = units(alliance)
    for group in range(4):
        theirs = brute(alliance, **given, z=0.0)["enough"] - brute(alliance, **given, z=0.0, worth=np.where((alliance.member_of == group)[:, None, None], 0, worth))["enough"]
        np.testing.assert_allclose(found[0, :, group], theirs, atol=1e-12)


def test_support_counts_by_its_log_odds_and_not_at_all_where_the_slope_is_0():
    found = willingness([[0.5, 0.8], [0.2, 0.8]], base=[0.1, 0.2], slope=[2.0, 0.0], wording=0.3, exposure=-1.0, exposed=[0, 1], forward=0.5, troops=[1, 0], doubt=0.25)
    np.testing.assert_allclose(found, [[0.1 + 0.6 + 0.5 - 0.25, 0.1 + 2 * (np.log(4) + 0.3) - 1 - 0.25], [0.2 + 0.5 - 0.25, 0.2 - 1 - 0.25]], atol=1e-12)
    with pytest.raises(InvalidInput, match="no log-odds"):
        willingness([[1.0]])
