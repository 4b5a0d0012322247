"""Episodes a year and how long they last, against matrix exponentials and linear systems of SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import linalg, stats

from detente.ladder import Episodes, Ladder, Move, Rung, solve

RUNGS = (Rung("calm"), Rung("one", group="crisis"), Rung("two", group="crisis"), Rung("war"), Rung("terms", aside=True), Rung("end", final=True))


def ladder(rates: dict[tuple[str, str], float | np.ndarray]) -> Ladder:
    names = [name for arrow in rates for name in arrow]
    return Ladder(
        rungs=tuple(rung for rung in RUNGS if rung.name in names), actors=("a",), discount={"a": 0.1}, precision={"a": 1.0},
        moves=tuple(Move(f"{s}_{t}", s, t, rate) for (s, t), rate in rates.items()),
    )


@pytest.fixture(scope="module")
def random() -> tuple[Episodes, np.ndarray]:
    """Forty ladders of six rungs with every arrow that may be, rates over two orders of magnitude; and their generators."""
    rng = np.random.default_rng(3)
    sources = [rung.name for rung in RUNGS if not rung.final]
    arrows = [(s, t.name) for s in sources for t in RUNGS if t.name != s]
    found = Episodes(solve(ladder({arrow: np.exp(rng.uniform(-3, 3, 40)) for arrow in arrows})))
    generators = found.equilibrium.generator()[:, 0]
    generators[:, range(6), range(6)] = -generators.sum(axis=2)
    return found, generators


@pytest.mark.parametrize(("name", "target"), [("one", [1, 2, 3, 5]), ("crisis", [1, 2, 3, 5]), ("war", [3, 5]), ("end", [5]), ("terms", [4])])
def test_episodes_a_year_solve_the_linear_system(random: tuple[Episodes, np.ndarray], name: str, target: list[int]) -> None:
    """The rate out of the first rung times the chance h of touching the target before the return: Q h = 0 between them, 1 on the target, 0 on the first rung."""
    found, generators = random
    between = [state for state in range(1, 6) if state not in target]
    for q, told in zip(generators, found.a_year(name), strict=True):
        inside = q[np.ix_(between, between)] if between else np.zeros((0, 0))
        # Mass that reaches a final rung stays there: it neither touches the target nor returns.
        inside = inside - np.diag([float(not q[s].any()) for s in between])
        h = np.linalg.solve(inside, -q[np.ix_(between, target)].sum(axis=1)) if between else np.zeros(0)
        assert told == pytest.approx(q[0, target].sum() + q[0, between] @ h, rel=1e-12)


def test_durations_are_those_of_the_matrix_exponential(random: tuple[Episodes, np.ndarray]) -> None:
    """P(longer) = e exp(A t) 1 over the rungs on which the episode goes on; quantiles lie within a step of it."""
    found, generators = random
    durations = found.duration("crisis")
    shares = np.linspace(0.05, 0.95, 40)
    told = durations.quantile(shares)
    longer = durations.longer_than(0.7)
    for draw, q in enumerate(generators):
        entered = q[0, 1:3] + q[0, 3] * np.linalg.solve(-q[3:4, 3:4], q[3:4, 1:3])[0] + _by_terms(q)
        start = np.concatenate([entered / entered.sum(), [0.0]])

        def outlasts(t: float, q: np.ndarray = q, start: np.ndarray = start) -> float:
            return float((start @ linalg.expm(q[1:4, 1:4] * t)).sum())

        assert longer[draw] == pytest.approx(outlasts(0.7), abs=1e-3)
        assert outlasts(told[draw]) >= 1 - shares[draw] >= outlasts(told[draw] + durations.shortest)


def _by_terms(q: np.ndarray) -> np.ndarray:
    """What enters the crisis by way of the rung aside, with war on the way: the rest of the flow from the first rung."""
    outside = [3, 4]
    through = np.linalg.solve(-q[np.ix_(outside, outside)], q[np.ix_(outside, [1, 2])])
    return q[0, outside] @ through - q[0, 3] * np.linalg.solve(-q[3:4, 3:4], q[3:4, 1:3])[0]


def test_a_crisis_of_one_phase_lasts_exponentially_and_one_that_settles_in_longer() -> None:
    """Ends at 2 a year: median log 2 / 2. Where it settles into a phase that ends at 0.5, the tail is that of the mixture."""
    one = Episodes(solve(ladder({("calm", "one"): 0.3, ("one", "calm"): 2.0}))).duration("one")
    assert float(one.quantile(0.5)[0]) == pytest.approx(np.log(2) / 2, abs=one.shortest)
    assert float(one.longer_than(1.0)[0]) == pytest.approx(np.exp(-2.0), rel=1e-12)
    two = Episodes(solve(ladder({("calm", "one"): 0.3, ("one", "calm"): 2.0, ("one", "two"): 1.0, ("two", "calm"): 0.5}))).duration("crisis")
    # The sum over the two phases: exp(-3 t) + (exp(-t / 2) - exp(-3 t)) / 2.5.
    assert float(two.longer_than(2.0)[0]) == pytest.approx(np.exp(-6) + (np.exp(-1) - np.exp(-6)) / 2.5, rel=1e-12)


def test_reach_is_that_of_a_poisson_process_where_episodes_are_short() -> None:
    """With a return at once, reach by ten years is 1 - exp(-10 a year)."""
    from detente.ladder import Piece, prospects

    equilibrium = solve(ladder({("calm", "one"): 0.05, ("one", "calm"): 4e4, ("one", "war"): 1e4, ("war", "calm"): 1e4}))
    found = prospects(equilibrium, [Piece(0, 10.0, 0)])
    rate = float(Episodes(equilibrium).a_year("war")[0])
    assert rate == pytest.approx(0.01, rel=1e-12)
    assert float(found.reach[0, found.names.all.index("war"), 0]) == pytest.approx(stats.poisson.sf(0, 10 * rate), rel=1e-4)
