"""Who shows up: thirty allies with five levels on three clocks, exactly, beside NumPy that draws every ally's readiness ten thousand times.

NumPy's answers carry a Monte Carlo error; ours agree to 1e-10 between two rules. Run it alone: python benchmarks/alliance.py
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from report import Comparison, Figure, Report, Row, publish
from timing import core_seconds

from detente.alliance import Alliance, Ally, respond
from detente.alliance._grid import GRID, units

Floats = NDArray[np.float64]
DRAWS, FEW, HISTORIES = 16_384, 16, 10_000
SIZES = (("hosts", 3), ("leader", 1), ("framework", 3), ("others", 23))
CLOCKS = ("day 3", "day 30", "day 180")


def alliance() -> Alliance:
    """Sizes like those of NATO: one large ally, three middling, many small."""
    rng = np.random.default_rng(1)
    weights = [0.6, 0.7, 1.1, 734.0, 57.0, 49.0, 22.0, *rng.lognormal(1, 1.3, 23)]
    arrives = {"hosts": (0.6, 0.9, 1.0), "leader": (0.001, 0.02, 0.15), "framework": (0.006, 0.04, 0.25), "others": (0.001, 0.02, 0.2)}
    of = [group for group, count in SIZES for _ in range(count)]
    allies = tuple(Ally(f"ally {k}", group, tuple(weights[k] * share for share in arrives[group]), group == "hosts") for k, group in enumerate(of))
    delivered = ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0.05, 0.15), (1, 1, 1))
    return Alliance(allies, tuple(group for group, _ in SIZES), CLOCKS, delivered, leader="ally 3")


def numbers(draws: int) -> tuple[Floats, dict[str, Floats]]:
    """Log-odds and the rest, for many draws."""
    rng = np.random.default_rng(2)
    cuts = np.sort(rng.normal(-2, 1, (draws, 4)), axis=1)
    rest = {"follow": rng.normal(1, 0.6, draws), "loading": rng.beta(5, 5, draws), "threshold": rng.uniform(0.2, 0.9, (draws, 3))}
    return rng.normal(0.3, 1, (draws, 30)), {"cuts": cuts, **rest, "coalition": rng.beta(8, 2, draws)}


def simulated(whole: Alliance, logit: Floats, given: dict[str, Floats], draw: int) -> Floats:
    """P(enough) on each clock of one draw, from histories."""
    rng = np.random.default_rng(draw)
    z = np.pi / np.sqrt(3) * given["loading"][draw] * rng.standard_normal(HISTORIES)
    level, signals = np.full((HISTORIES, 30), 4), list[Floats]()
    for members in (slice(3, 4), slice(4, 7), slice(7, 30)):
        seen = np.mean(signals, axis=0) if signals else np.zeros(HISTORIES)
        own = np.sqrt(1 - given["loading"][draw] ** 2) * rng.logistic(size=(HISTORIES, members.stop - members.start))
        ready = logit[draw, members] + (given["follow"][draw] * seen + z)[:, None] + own
        level[:, members] = np.searchsorted(given["cuts"][draw], ready)
        signals.append(np.where(level[:, members] == 4, 1.0, -1.0).mean(axis=1))
    committed = units(whole)[np.arange(30), level].sum(axis=1)
    share = np.where(level.min(axis=1) > 0, 1.0, given["coalition"][draw])
    return np.asarray((committed * share[:, None] >= given["threshold"][draw] * GRID).mean(axis=0))


def beside_simulation(whole: Alliance) -> Comparison:
    """A draw each."""
    logit, given = numbers(FEW * 16)
    ours = core_seconds(lambda: respond(whole, logit, **given, threads=1))
    exact = respond(whole, logit, **given)
    theirs = core_seconds(lambda: [simulated(whole, logit, given, draw) for draw in range(FEW)], repeats=1)
    off = max(float(np.abs(simulated(whole, logit, given, draw) - exact.enough[draw]).max()) for draw in range(FEW))
    rows = [Row("détente, exact", len(logit), ours), Row(f"NumPy, {HISTORIES:,} histories", FEW, theirs)]
    return Comparison(
        "Who shows up: 30 allies, five levels, three clocks",
        "draws",
        rows,
        notes=[f"largest difference {off:.4f}, largest disagreement of ours {exact.disagreement.max():.0e}"],
    )


def main() -> None:
    whole = alliance()
    logit, given = numbers(DRAWS)
    comparison = beside_simulation(whole)
    before = time.perf_counter()
    respond(whole, logit, **given)
    publish(Report("alliance", [comparison], [Figure(f"{DRAWS:,} draws, all cores, wall", time.perf_counter() - before, "s", 2.0)]))


if __name__ == "__main__":
    main()
