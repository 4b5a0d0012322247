"""Whole histories of a chain of eight rungs over ten years: `detente.ladder.simulate` beside SimPy and plain Python, all keeping every step.

Every program draws an exponential time to the next step and then where it leads, at the same rates. That they simulate the same chain is checked by the
mean number of steps and by the share of histories that come to the top, beside its exact value. Reference: SimPy 4, https://simpy.readthedocs.io.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

import numpy as np
from chains import ARCS, RUNGS, rates_of
from report import Comparison, Report, Row, publish
from timing import core_seconds

from detente.ladder import Ladder, Move, Piece, Rung, prospects, simulate, solve

YEARS = 10.0
HISTORIES, FEW = 200_000, 4_000
Histories = list[list[tuple[float, int]]]  # each a list of (time, rung)


def ways_out(rates: list[float]) -> list[tuple[float, list[int], list[float]]]:
    """For each rung the rate out of it, where it leads, and cumulative rates."""
    ways = []
    for rung in range(RUNGS):
        leaving = [(arc.target, rate) for arc, rate in zip(ARCS, rates, strict=True) if arc.source == rung]
        ways.append((sum(rate for _, rate in leaving), [target for target, _ in leaving], list(accumulate(rate for _, rate in leaving))))
    return ways


def by_python(ways: list[tuple[float, list[int], list[float]]]) -> Histories:
    """A loop without any library."""
    luck = random.Random(1)
    found = []
    for _ in range(FEW):
        now, rung, steps = 0.0, 0, []
        while True:
            leaving, targets, cumulative = ways[rung]
            now += luck.expovariate(leaving)
            if now >= YEARS:
                break
            rung = luck.choices(targets, cum_weights=cumulative)[0]
            steps.append((now, rung))
        found.append(steps)
    return found


def by_simpy(ways: list[tuple[float, list[int], list[float]]]) -> Histories:
    """One process a history, each in an environment of its own, which SimPy runs faster than all in one. ImportError where SimPy is missing."""
    import simpy

    luck = random.Random(1)

    def history(environment: Any, steps: list[tuple[float, int]]) -> Iterator[Any]:
        rung = 0
        while True:
            leaving, targets, cumulative = ways[rung]
            yield environment.timeout(luck.expovariate(leaving))
            rung = luck.choices(targets, cum_weights=cumulative)[0]
            steps.append((environment.now, rung))

    found: Histories = []
    for _ in range(FEW):
        environment = simpy.Environment()
        found.append([])
        environment.process(history(environment, found[-1]))
        environment.run(until=YEARS)
    return found


def summary(name: str, counts: Any, reached: Any) -> str:
    """What a program's histories say, with standard errors."""
    counts, reached = np.asarray(counts, dtype=float), np.asarray(reached, dtype=float)
    spread = [array.std() / len(array) ** 0.5 for array in (counts, reached)]
    return f"{name}: {counts.mean():.3f} ± {spread[0]:.3f} steps, top in {reached.mean():.5f} ± {spread[1]:.5f} of {len(counts):,} histories"


def main() -> None:
    rates = rates_of(1, 1, 4.0)[0, 0].tolist()
    # A step up is likelier here than in the benchmark of reach, so that some histories come to the top.
    rates = [4.0 * rate if arc.target > arc.source else rate for arc, rate in zip(ARCS, rates, strict=True)]
    rungs = tuple(Rung(f"rung {s}") for s in range(RUNGS))
    moves = tuple(Move(f"move {k}", rungs[arc.source].name, rungs[arc.target].name, rate) for k, (arc, rate) in enumerate(zip(ARCS, rates, strict=True)))
    ladder = solve(Ladder(rungs=rungs, actors=("nobody",), moves=moves, discount={"nobody": 1.0}, precision={"nobody": 1.0}))
    pieces = [Piece(0, YEARS, 0)]
    rows = [Row("détente", HISTORIES, core_seconds(lambda: simulate(ladder, pieces, HISTORIES, threads=1)))]
    ours, top = simulate(ladder, pieces, HISTORIES, threads=1), rungs[-1].name
    ahead = prospects(ladder, pieces)
    exact = float(ahead.reach[0, ahead.names.all.index(top), 0])
    notes = [f"exactly {exact:.5f} come to the top", summary("détente", np.diff(ours.offset), ours.reach(top) < np.inf)]
    ways = ways_out(rates)
    for name, peer in [("SimPy", by_simpy), ("plain Python", by_python)]:
        try:
            found = peer(ways)
        except ImportError as error:
            notes.append(f"{name} is not installed ({error})")
            continue
        rows.append(Row(name, FEW, core_seconds(lambda peer=peer: peer(ways))))
        notes.append(summary(name, [len(steps) for steps in found], [any(rung == RUNGS - 1 for _, rung in steps) for steps in found]))
    publish(Report("simulate", [Comparison("Whole histories, eight rungs, ten years", "histories", rows, notes=notes)]))


if __name__ == "__main__":
    main()
