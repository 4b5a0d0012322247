"""Reach against matrix exponentials, closed forms and identities."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.special import gammainc

from detente.ladder import CrisisGame, Ladder, Move, Piece, Prospects, Rung, prospects, solve
from detente.ladder.layout import Arc
from detente.ladder.questions import entering, first_then, pathways, whereabouts
from detente.ladder.reach import first_passage

Floats = NDArray[np.float64]
STATES, DRAWS = 9, 13
PIECES = [Piece(0, 0.3, 0), Piece(0, 1.0, 1), Piece(1, 0.25, -1), Piece(1, 1.0, 2), Piece(1, 2.0, 3)]
START = np.eye(STATES)[[0] * DRAWS]


def random_arcs(seed: int) -> list[Arc]:
    rng = np.random.default_rng(seed)
    arcs = []
    for source in range(STATES - 1):
        for target in rng.choice([t for t in range(STATES) if t != source], 3, replace=False):
            arcs.append(Arc(source, int(target), "ab"[rng.integers(2)], "uvw"[rng.integers(3)]))
    return arcs


ARCS = random_arcs(7)
RATES = np.random.default_rng(8).lognormal(0.0, 2.0, (DRAWS, 2, len(ARCS)))
RATES[:, :, 3] = 0.0  # an arc that is switched off
RATES[3:5] *= 1e-3
RATES[5:7] *= 30.0


def generator(draw: int, segment: int) -> Floats:
    matrix = np.zeros((STATES, STATES))
    for index, arc in enumerate(ARCS):
        matrix[arc.source, arc.target] += RATES[draw, segment, index]
    np.fill_diagonal(matrix, -matrix.sum(axis=1))
    return matrix


def mask(*states: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(STATES), states)


@pytest.mark.parametrize("method", ["either", "sum", "square"])
def test_first_passage_equals_the_matrix_exponential_of_the_stopped_chain(method: str) -> None:
    """Whichever kernel is used, SciPy's expm agrees to 1e-10 for every set, draw and date."""
    targets = [mask(3), mask(4, 5), mask(8), mask(2, 7, 8)]
    found = first_passage(RATES, START, PIECES, [entering(ARCS, target) for target in targets], method=method)
    for draw in range(DRAWS):
        for k, target in enumerate(targets):
            here = START[draw]
            for piece in PIECES:
                stopped = generator(draw, piece.segment)
                stopped[target] = 0.0
                here = here @ expm(stopped * piece.years)
                if piece.output >= 0:
                    assert found.entered[draw, k, piece.output] == pytest.approx(here[target].sum(), rel=1e-10)


def test_the_years_spent_are_the_integral_of_the_transient_distribution() -> None:
    """Van Loan's block exponential gives the integral; the years add up to the horizon."""
    for method in ("sum", "square"):
        years = first_passage(RATES, START, PIECES, [whereabouts(ARCS, STATES)], method=method).years
        assert years.sum(axis=1) == pytest.approx(4.55, rel=1e-12)
        for draw in range(DRAWS):
            here, total = START[draw], np.zeros(STATES)
            for piece in PIECES:
                block = np.block([[generator(draw, piece.segment), np.eye(STATES)], [np.zeros((STATES, 2 * STATES))]])
                step = expm(block * piece.years)
                total += here @ step[:STATES, STATES:]
                here = here @ step[:STATES, :STATES]
            assert years[draw] == pytest.approx(total, rel=1e-8, abs=1e-10)


def test_first_a_then_b_equals_the_exponential_of_the_doubled_chain() -> None:
    """The joint probability comes from a chain that remembers whether a was entered, written out here by hand."""
    first, then = mask(3), mask(4, 5)
    found = first_passage(RATES, START, PIECES, [first_then(ARCS, first, then)])
    done, lost = 2 * STATES, 2 * STATES + 1
    for draw in range(DRAWS):
        here = np.eye(2 * STATES + 2)[0]
        for piece in PIECES:
            plain = generator(draw, piece.segment)
            doubled = np.zeros((2 * STATES + 2,) * 2)
            for s, t in np.argwhere(plain > 0):
                if then[s]:
                    continue
                doubled[STATES + s, done if then[t] else STATES + t] += plain[s, t]
                if not first[s]:
                    doubled[s, lost if then[t] else STATES + t if first[t] else t] += plain[s, t]
            np.fill_diagonal(doubled, -doubled.sum(axis=1))
            here = here @ expm(doubled * piece.years)
        assert found.entered[draw, 0, -1] == pytest.approx(here[done], rel=1e-10)


def test_pathways_add_up_to_the_reach_that_is_computed_without_them() -> None:
    """Two chains of different size agree: one with the origin remembered, one without."""
    target = mask(2, 7, 8)
    base = mask(0)
    origins, triggers = ("a", "b"), ("u", "v", "w")
    found = first_passage(RATES, START, PIECES, [entering(ARCS, target), pathways(ARCS, base, target, origins, triggers)])
    assert found.entered[:, 1] == pytest.approx(found.entered[:, 0], rel=1e-12)
    table = found.taken[:, :, found.sink_start[1] :][:, :, : len(origins) * len(triggers)].sum(axis=1)
    assert table.sum(axis=1) == pytest.approx(found.entered[:, 0, -1], rel=1e-12)
    assert (table > 0).all(axis=0).sum() >= 4


def test_all_methods_agree_to_the_last_digits_where_rates_of_days_meet_decades() -> None:
    """A thousand times faster: the sum takes many parts, squaring takes levels."""
    questions = [entering(ARCS, mask(8)), first_then(ARCS, mask(3), mask(4)), whereabouts(ARCS, STATES)]
    pieces = [Piece(0, 0.5, 0), Piece(0, 9.5, 1), Piece(1, 20.0, 2)]
    slow, *others = (first_passage(RATES[:8] * 50.0, START[:8], pieces, questions, method=method) for method in ("sum", "square"))
    for fast in others:
        assert fast.entered == pytest.approx(slow.entered, rel=1e-11)
        assert fast.years == pytest.approx(slow.years, rel=1e-9)


@pytest.mark.parametrize("method", ["sum", "square"])
def test_small_probabilities_keep_their_digits(method: str) -> None:
    """k steps at one rate are an Erlang distribution; at 1e-12 and 1e-30 ten digits are right."""
    arcs = [Arc(s, s + 1, "a", "u") for s in range(8)]
    rates = np.array([[[0.1] * 8], [[0.002] * 8]])
    start = np.eye(9)[[0, 0]]
    found = first_passage(rates, start, [Piece(0, 1.0, 0), Piece(0, 9.0, 1)], [entering(arcs, np.arange(9) == 8)], method=method)
    exact = np.array([[gammainc(8, 0.1), gammainc(8, 1.0)], [gammainc(8, 0.002), gammainc(8, 0.02)]])
    assert exact[1, 0] < 1e-25 and 1e-13 < exact[0, 0] < 1e-11
    assert found.entered[:, 0] == pytest.approx(exact, rel=1e-10)


def test_a_draw_does_not_feel_its_neighbours_threads_or_chunks() -> None:
    """Each draw alone, in any company and on any number of threads, gives the same bits."""
    rates = np.tile(RATES, (12, 1, 1)) * np.random.default_rng(1).lognormal(0.0, 1.0, (12 * DRAWS, 1, 1))
    start = np.tile(START, (12, 1))
    questions = [entering(ARCS, mask(8)), entering(ARCS, mask(2)), whereabouts(ARCS, STATES)]
    whole = first_passage(rates, start, PIECES, questions, threads=2)
    for part in (slice(5, 6), slice(40, 99)):
        alone = first_passage(rates[part], start[part], PIECES, questions, threads=1)
        assert np.array_equal(alone.entered, whole.entered[part])
        assert np.array_equal(alone.years, whole.years[part])
        assert np.array_equal(alone.taken, whole.taken[part])


def test_a_draw_does_not_feel_whether_its_neighbours_choose_anew_in_every_segment() -> None:
    """Six like segments: some draws square, some stand still for a year; each alone gives the same bits, and the sum the same numbers."""
    rng = np.random.default_rng(4)
    rates = rng.lognormal(0.0, 1.0, (96, 6, len(ARCS))) * rng.choice([1e-2, 1.0, 20.0, 3000.0], (96, 1, 1), p=[0.3, 0.4, 0.2, 0.1])
    rates *= rng.random((96, 6, 1)) < 0.9
    rates[32:] = np.maximum(rates[32:], 1e-9)
    start = np.eye(STATES)[np.zeros(96, dtype=int)]
    pieces = [Piece(segment, 1.0, segment) for segment in range(6)]
    questions = [entering(ARCS, mask(8)), entering(ARCS, mask(2, 3)), first_then(ARCS, mask(3), mask(4))]
    whole = first_passage(rates, start, pieces, questions, threads=1)
    assert whole.entered == pytest.approx(first_passage(rates, start, pieces, questions, method="sum").entered, rel=1e-10)
    for draw in range(0, 96, 3):
        alone = first_passage(rates[draw : draw + 1], start[:1], pieces, questions, threads=1)
        assert np.array_equal(alone.entered[0], whole.entered[draw])
        assert np.array_equal(alone.taken[0], whole.taken[draw])


def chance_ladder(rates: dict[tuple[str, str], float]) -> Ladder:
    """The chain of risk.md 5.1: states peace, incident, crisis, war, nuclear; no choices."""
    names = ("peace", "incident", "crisis", "war", "nuclear")
    moves = tuple(Move(f"{a}_{b}", a, b, rate, origin="accidental", trigger="inadvertent") for (a, b), rate in rates.items())
    rungs = tuple(Rung(name, final=name == "nuclear") for name in names)
    return Ladder(rungs, ("nobody",), moves, discount={"nobody": 0.1}, precision={"nobody": 1.0})


FIXTURE = {
    ("peace", "incident"): 5.0, ("incident", "peace"): 49.0, ("incident", "crisis"): 1.0, ("crisis", "peace"): 3.5, ("crisis", "war"): 0.5,
    ("war", "peace"): 0.8, ("war", "nuclear"): 0.2,
}  # fmt: skip


def read(found: Prospects, name: str, output: int = -1) -> float:
    return float(found.reach[0, found.names.all.index(name), output])


def test_the_fixture_of_the_risk_sheet() -> None:
    """Reaching the final rung by 1, 10 and 50 years, computed elsewhere: .00051488, .01909408, .101863406."""
    found = prospects(solve(chance_ladder(FIXTURE)), [Piece(0, 1.0, 0), Piece(0, 9.0, 1), Piece(0, 40.0, 2)])
    expected = [0.00051488, 0.01909408, 0.101863406]
    assert [read(found, "nuclear", k) for k in range(3)] == pytest.approx(expected, abs=5e-9)


def test_conditionals_of_a_chain_without_choice_are_ratios_of_its_rates() -> None:
    """From war one goes to peace at .8 and to nuclear use at .2; from crisis to war at .5 of 4."""
    found = prospects(solve(chance_ladder(FIXTURE)), [Piece(0, 10.0, 0)], pairs=["nuclear|incident"])
    onward = dict(zip(found.pairs, found.onward_joint[0] / found.onward_given[0], strict=True))
    assert onward["nuclear|war"] == pytest.approx(0.2, rel=1e-12)
    assert onward["war|crisis"] == pytest.approx(0.125, rel=1e-12)
    assert onward["nuclear|incident"] == pytest.approx(0.02 * 0.125 * 0.2, rel=1e-12)
    following = dict(zip(found.next_pairs, found.next_joint[0] / found.next_given[0], strict=True))
    assert following["peace|war"] == pytest.approx(0.8, rel=1e-12)
    assert following["crisis|incident"] == pytest.approx(0.02, rel=1e-12)
    assert found.onward_given[0, found.pairs.index("war|crisis")] == pytest.approx(found.touch[0, found.names.all.index("crisis"), -1], rel=1e-12)


def typed_ladder(order: tuple[str, ...] = ("calm", "crisis_a", "crisis_b", "war", "terms"), pace: float = 1.0, shift: float = 0.0) -> Ladder:
    """A ladder with a game, a group and a rung aside."""
    rungs = {
        "calm": Rung("calm"), "crisis_a": Rung("crisis_a", "crisis"), "crisis_b": Rung("crisis_b", "crisis"), "war": Rung("war"),
        "terms": Rung("terms", aside=True),
    }  # fmt: skip
    bargain = {
        "c": {"retreat": {"to": "calm", "payoff": {"c": -0.3}}, "press": {"d": {"yield": {"to": "terms"}, "fight": {"to": "war", "trigger": "deliberate"}}}}
    }
    return Ladder(
        tuple(rungs[name] for name in order),
        ("c", "d"),
        (
            Move("accident", "calm", "crisis_a", 0.4 * pace, origin="accidental", trigger="accidental"),
            Move("plot", "calm", "crisis_b", 0.2 * pace, origin="deliberate", trigger="deliberate"),
            Move("settle", "crisis_a", "crisis_b", 1.0 * pace),
            Move("fade", "crisis_b", "calm", 1.0 * pace),
            Move("end", "war", "calm", 2.0 * pace),
            Move("erode", "terms", "calm", 0.1 * pace),
        ),
        (CrisisGame("bargain_a", "crisis_a", 6.0 * pace, bargain), CrisisGame("bargain_b", "crisis_b", 2.0 * pace, bargain)),
        flow={name: {a: pace * (x + 0.1 * shift) for a, x in pay.items()} for name, pay in STAKES.items()},
        discount={"c": 0.1 * pace, "d": 0.1 * pace},
        precision={"c": 3.0, "d": 2.0},
        start={"calm": 1.0},
    )


STAKES = {
    "calm": {"c": 0.0, "d": 0.0}, "crisis_a": {"c": 0.0, "d": 0.0}, "crisis_b": {"c": 0.0, "d": 0.0}, "war": {"c": -3.0, "d": -3.0},
    "terms": {"c": 0.1, "d": -0.1},
}  # fmt: skip


def test_relabelling_scaling_time_and_adding_a_constant_change_nothing() -> None:
    """The order in which rungs of one level are listed, the unit of time and a constant in every payoff have no meaning."""
    plain = prospects(solve(typed_ladder()), [Piece(0, 10.0, 0)])
    for other, years in [
        (typed_ladder(("calm", "terms", "crisis_b", "crisis_a", "war")), 10.0),
        (typed_ladder(pace=12.0), 10.0 / 12.0),
        (typed_ladder(shift=5.0), 10.0),
    ]:
        found = prospects(solve(other), [Piece(0, years, 0)])
        for name in plain.names.all:
            assert read(found, name) == pytest.approx(read(plain, name), rel=1e-8), name
    assert read(plain, "crisis") > read(plain, "war") > 0.0
    assert read(plain, "crisis_a") == read(plain, "crisis")


def test_pathways_and_years_of_a_solved_ladder_add_up() -> None:
    """Origins and triggers split the reach of every level; time on the rungs adds up to the horizon."""
    found = prospects(solve(typed_ladder()), [Piece(0, 4.0, 0), Piece(0, 6.0, 1)])
    assert set(found.origins) == {"accidental", "deliberate"}
    for k, level in enumerate(found.names.levels[1:]):
        assert found.pathways[0, k].sum() == pytest.approx(read(found, level), rel=1e-12)
    assert found.years.sum() == pytest.approx(10.0, rel=1e-12)


def test_with_very_sharp_choice_best_replies_and_choice_agree() -> None:
    """Where no mistakes are left the error share vanishes."""
    ladder = typed_ladder()
    sharp = Ladder(**{**vars(ladder), "precision": {"c": 400.0, "d": 400.0}})
    found = prospects(solve(sharp), [Piece(0, 10.0, 0)])
    war = found.names.all.index("war")
    assert found.best_reach[0, war] == pytest.approx(found.reach[0, war, -1], abs=1e-6)
