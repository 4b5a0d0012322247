"""Simulated histories against exact probabilities, NumPy's random numbers and a second simulator written in plain Python."""

from __future__ import annotations

import doctest
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, norm

from detente.ensemble.draws import draw
from detente.errors import InvalidInput
from detente.ladder import Equilibrium, Histories, Ladder, Move, Piece, Rung, lay_out, prospects, simulate, solve, values_of
from detente.ladder import histories as histories_module
from detente.ladder._philox import philox
from detente.scenario.compile import load

SIGMAS = 4.5
UNLIKELY = 2 * norm.sf(SIGMAS)
PIECES = [Piece(0, 0.5, 0), Piece(0, 1.0, 1), Piece(1, 0.2, -1), Piece(1, 2.3, 2)]


@pytest.mark.parametrize(
    ("counter", "key", "expected"),
    [
        ([0] * 4, [0] * 2, ["16554d9eca36314c", "db20fe9d672d0fdc", "d7e772cee186176b", "7e68b68aec7ba23b"]),
        ([2**64 - 1] * 4, [2**64 - 1] * 2, ["87b092c3013fe90b", "438c3c67be8d0224", "9cc7d7c69cd777b6", "a09caebf594f0ba0"]),
        (
            [0x243F6A8885A308D3, 0x13198A2E03707344, 0xA4093822299F31D0, 0x082EFA98EC4E6C89], [0x452821E638D01377, 0xBE5466CF34E90C6C],
            ["a528f45403e61d95", "38c72dbd566e9788", "a5a1610e72fd18b5", "57bd43b5e52b7fe6"],
        ),
    ],
)  # fmt: skip
def test_philox_gives_the_known_answers_of_its_authors(counter: list[int], key: list[int], expected: list[str]) -> None:
    """The lines `philox4x64 10` of kat_vectors in Random123 1.14."""
    assert [f"{word:016x}" for word in philox(*map(np.uint64, (*counter, *key)))] == expected


def small(second: float = 1.0) -> Equilibrium:
    """Five rungs, one of them final, two labels on one way, a start on two rungs, and a second segment with other rates."""

    def rate(number: float) -> NDArray[np.float64]:
        return np.array([[number, number * second]])

    rungs = (Rung("calm"), Rung("incident"), Rung("crisis"), Rung("war"), Rung("end", final=True))
    moves = (
        Move("m0", "calm", "incident", rate(2.0)), Move("m1", "incident", "calm", rate(6.0)), Move("m2", "incident", "crisis", rate(1.5), origin="a"),
        Move("m3", "incident", "crisis", rate(0.5), origin="b", trigger="c"), Move("m4", "crisis", "calm", rate(3.0)), Move("m5", "crisis", "war", rate(1.0)),
        Move("m6", "war", "calm", rate(1.0)), Move("m7", "war", "end", rate(0.4)), Move("m8", "calm", "war", rate(0.0)),
    )  # fmt: skip
    ladder = Ladder(rungs, ("nobody",), moves, discount={"nobody": rate(0.1)}, precision={"nobody": 1.0}, start={"calm": 0.7, "crisis": 0.3})
    plan = lay_out(ladder)
    return solve(plan, values_of(plan, segments=2))


def same(one: Histories, other: Histories) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("began", "offset", "time", "arc"))


def test_every_history_is_what_numpy_and_plain_python_make_of_its_key() -> None:
    """The stream of `numpy.random.Philox(key=[seed, history])`, followed step by step from the generator matrix of each segment."""
    found = small(3.0)
    seed, first = 2**63 + 11, 2**40
    histories = simulate(found, PIECES, 200, seed=seed, first=first)
    plan = found.plan
    for k in range(200):
        stream = np.random.Generator(np.random.Philox(key=np.array([seed, first + k], dtype=np.uint64)))
        rung = int(np.searchsorted(np.cumsum(found.values[0, 0, plan.start]), stream.random(), side="right"))
        steps, now, left = [], 0.0, -np.log1p(-stream.random())
        for segment, until in ((0, 1.5), (1, 4.0)):
            while True:
                arcs = [a for a, arc in enumerate(plan.arcs) if arc.source == rung]
                rates = found.rates[0, segment, arcs]
                if rates.sum() * (until - now) <= left:
                    left, now = left - rates.sum() * (until - now), until
                    break
                now += left / rates.sum()
                arc = arcs[int(np.searchsorted(np.cumsum(rates), stream.random() * rates.sum(), side="right"))]
                steps.append((now, arc))
                rung, left = plan.arcs[arc].target, -np.log1p(-stream.random())
        inside = slice(histories.offset[k], histories.offset[k + 1])
        assert histories.arc[inside].tolist() == [arc for _, arc in steps]
        np.testing.assert_allclose(histories.time[inside], [time for time, _ in steps], rtol=1e-12)
    assert histories.offset[-1] > 1000


def test_the_example_in_the_docstring_holds() -> None:
    assert doctest.testmod(histories_module).failed == 0


def agrees(hits: int, count: int, chance: float) -> bool:
    """Whether a binomial count lies within 4.5 sigma of its expectation, by exact tails."""
    return min(binom.cdf(hits, count, chance), binom.sf(hits - 1, count, chance)) > UNLIKELY / 2


def test_shares_of_histories_agree_with_exact_reach() -> None:
    """Over two segments, at every output time, for every rung; a chance that was wrong by one part in fifty would be noticed."""
    found, count = small(2.0), 200_000
    histories, exact = simulate(found, PIECES, count, seed=7), prospects(found, PIECES)
    times = np.cumsum([piece.years for piece in PIECES])[[0, 1, 3]]
    for place, name in enumerate(exact.names.all):
        for entered, chances in ((histories.reach(name), exact.reach), (histories.touch(name), exact.touch)):
            for output, time in enumerate(times):
                assert agrees(int((entered <= time).sum()), count, float(chances[0, place, output])), (name, time)
    assert not agrees(int((histories.reach("war") <= 4.0).sum()), count, 1.02 * float(exact.reach[0, 3, 2]))


def test_moves_are_as_frequent_as_their_rates() -> None:
    """Each arc is taken rate x expected years on its rung times, and the years on each rung are the exact ones, within 4.5 standard errors."""
    found, count = small(), 100_000
    pieces = [Piece(0, 4.0, 0)]
    histories, years = simulate(found, pieces, count, seed=3), prospects(found, pieces).years[0]
    whose = np.repeat(np.arange(count), np.diff(histories.offset))
    for place, arc in enumerate(found.plan.arcs):
        taken = np.bincount(whose[histories.arc == place], minlength=count)
        assert abs(taken.mean() - found.rates[0, 0, place] * years[arc.source]) <= SIGMAS * taken.std() / np.sqrt(count)
    spent = np.zeros((count, 5))
    for k in range(count):
        inside = slice(histories.offset[k], histories.offset[k + 1])
        rungs = [histories.began[k], *(found.plan.arcs[a].target for a in histories.arc[inside])]
        for rung, (a, b) in zip(rungs, pairwise([0.0, *histories.time[inside], 4.0]), strict=True):
            spent[k, rung] += b - a
    assert (np.abs(spent.mean(axis=0) - years) <= SIGMAS * spent.std(axis=0) / np.sqrt(count)).all()


def test_histories_of_baltic_draws_agree_with_exact_reach() -> None:
    """Six draws over all segments of the calendar, from a seed of their own each."""
    model = load("baltic-2021")
    found = solve(model.plan, draw(model, 4, 0, 6).values)
    pieces, count = model.timeline.pieces, 20_000
    exact = prospects(found, pieces)
    tests = 0
    for k in range(6):
        histories = simulate(found, pieces, count, draw=k, seed=k)
        for place, name in enumerate(exact.names.all):
            for entered, chances in ((histories.reach(name), exact.reach), (histories.touch(name), exact.touch)):
                hits = int(np.isfinite(entered).sum())
                tests += hits > 20
                assert agrees(hits, count, float(chances[k, place, -1])), (k, name)
    assert tests > 60


# Traps 17 and 18
def test_histories_differ_and_each_is_the_same_in_any_company() -> None:
    """On one thread, two or four, in any chunks, and whatever output times cut the calendar; another seed gives others."""
    found = small(2.0)
    whole = simulate(found, PIECES, 3000, seed=5, threads=1)
    assert len(np.unique(whole.time)) == len(whole.time)
    for threads in (2, 4):
        assert same(simulate(found, PIECES, 3000, seed=5, threads=threads), whole)
    assert same(simulate(found, [Piece(0, 1.5, -1), Piece(1, 2.5, 0)], 3000, seed=5), whole)
    for first, count in ((2999, 1), (0, 700), (700, 1301)):
        part = simulate(found, PIECES, count, seed=5, first=first)
        inside = slice(whole.offset[first], whole.offset[first + count])
        assert np.array_equal(part.time, whole.time[inside]) and np.array_equal(part.arc, whole.arc[inside])
        assert np.array_equal(part.began, whole.began[first : first + count])
    assert not np.array_equal(simulate(found, PIECES, 3000, seed=6).began, whole.began)


def test_a_history_is_told_in_words() -> None:
    """Each step begins where the one before ended; where the only way out is final, nothing follows."""
    histories = simulate(small(), PIECES, 500, seed=1)
    ended = 0
    for k in range(len(histories)):
        steps = histories.steps(k)
        places = [histories.plan.ladder.rung_names[histories.began[k]], *(step.target for step in steps)]
        assert [step.source for step in steps] == places[:-1]
        assert [step.years for step in steps] == sorted(step.years for step in steps)
        assert "end" not in places[:-1]
        ended += places[-1] == "end"
        if ended and places[-1] == "end":
            assert histories.touch("end")[k] == steps[-1].years
    assert ended > 5
    assert {(s.origin, s.trigger) for k in range(500) for s in histories.steps(k) if s.target == "crisis"} == {("a", "chance"), ("b", "c")}
    assert histories.steps(-1) == histories.steps(499)


# Trap 5
@pytest.mark.parametrize("pieces", [[], [Piece(0, 0.0, 0)], [Piece(0, 0.0, -1), Piece(1, 0.0, 0)]])
def test_with_no_time_nothing_happens(pieces: list[Piece]) -> None:
    histories = simulate(small(), pieces, 1000)
    assert histories.years == 0 and len(histories.time) == 0 and histories.offset[-1] == 0
    assert 600 < (histories.reach("incident") == np.inf).sum() < 800
    assert len(simulate(small(), PIECES, 0)) == 0


# Trap 5
def test_from_a_final_rung_nothing_happens() -> None:
    """Neither on a final rung nor where all rates are 0 does the simulator wait for a step."""
    ladder = Ladder(
        (Rung("calm"), Rung("stuck"), Rung("end", final=True)), ("nobody",), (Move("a", "calm", "stuck", 1.0), Move("b", "stuck", "end", 0.0)),
        discount={"nobody": 1.0}, precision={"nobody": 1.0}, start={"end": 0.5, "calm": 0.5},
    )  # fmt: skip
    histories = simulate(solve(ladder), [Piece(0, 1e5, 0)], 1000)
    assert np.diff(histories.offset).tolist() == [1 if rung == 0 else 0 for rung in histories.began]
    assert 400 < (histories.began == 2).sum() < 600


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"draw": 1}, "there is no draw 1"),
        ({"pieces": [Piece(2, 1.0, 0)]}, "there is no segment 2"),
        ({"pieces": [Piece(0, -1.0, 0)]}, "it lasts -1 years"),
        ({"pieces": [Piece(0, np.nan, 0)]}, "it lasts nan years"),
        ({"pieces": [Piece(0, np.inf, 0)]}, "it lasts inf years"),
        ({"histories": -1}, "histories: -1 is out of range"),
        ({"seed": 2**64}, "seed: 18446744073709551616 is out of range"),
        ({"first": -3}, "first: -3 is out of range"),
        ({"histories": 10**9}, "1,000,000,000 histories could hold"),
    ],
)
def test_what_cannot_be_simulated_is_refused(options: dict[str, object], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        simulate(small(), **{"pieces": PIECES, "histories": 10, **options})  # type: ignore[arg-type]


def test_a_name_that_is_no_rung_is_refused() -> None:
    with pytest.raises(InvalidInput, match="use one of calm, incident, crisis, war, end"):
        simulate(small(), PIECES, 1).touch("peace")
