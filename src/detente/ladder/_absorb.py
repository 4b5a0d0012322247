"""Kernel: where mass that enters a set of states leaves it, whatever the time it takes; sixteen draws at once.

Transient states are taken away one by one (state reduction): state k passes its mass m_k on, and every remaining transient state i that led to k leads
on instead,

    m_j += m_k q_kj / q_k,    q_ij += q_ik q_kj / q_k,    q_k = sum of q_kj over j other than k.

Only non-negative numbers are added, so that small probabilities keep their relative accuracy.

Reference: Grassmann, Taksar and Heyman (1985), Regenerative analysis and steady state distributions for Markov chains, doi 10.1287/opre.33.5.1107.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.games._lanes import LANES, add, aligned, divide, load, muladd, multiply, splat, store, where_less
from detente.games.kernels import entry, inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Problems(NamedTuple):
    """Where mass enters and where it moves on; the entries of problem p are entry_start[p]:entry_start[p + 1]."""

    entry_start: Any
    entry_sink: Any
    entry_state: Any
    transient: Any  # problem x state: 1 where mass moves on
    arc_source: Any
    arc_target: Any


class Work(NamedTuple):
    """Scratch for sixteen draws; flat arrays of lanes unless said."""

    rates: Floats  # state x state
    linked: Any  # state x state: 1 where some arc leads
    q: Floats  # state x state: as states are taken away
    known: Any  # state x state: 1 where q may be above 0
    at: Floats  # state
    left: Floats  # state: where the mass of one problem is in the end
    held: Floats  # 1


def make_work(n: int) -> Work:
    """Work space of one thread."""
    return Work(
        aligned(n * n), np.zeros(n * n, np.int64), aligned(n * n), np.zeros(n * n, np.int64), aligned(n), aligned(n), aligned(1)
    )


@entry
def leave(first: int, last: int, problems: Problems, rates: Floats, taken: Floats, mass: Floats, work: Work) -> None:
    """Follow what entered each set in each segment, under the rates of that segment.

    rates[draw, segment, arc]; taken[draw, segment, sink]; mass[draw, problem, state] out. Mass that enters at a state that is not transient takes one
    step first: "before return" means after leaving. Mass that can go nowhere stays where it is.
    """
    n_segments = rates.shape[1]
    n_problems, n = problems.transient.shape
    for k in range(n * n):
        work.linked[k] = 0
    for a in range(problems.arc_source.shape[0]):
        work.linked[problems.arc_source[a] * n + problems.arc_target[a]] = 1
    for opening in range(first, last, LANES):
        lanes = min(LANES, last - opening)
        for segment in range(n_segments):
            for k in range(work.rates.shape[0]):
                work.rates[k] = 0.0
            for lane in range(lanes):
                for a in range(problems.arc_source.shape[0]):
                    work.rates[(problems.arc_source[a] * n + problems.arc_target[a]) * LANES + lane] += rates[opening + lane, segment, a]
            for p in range(n_problems):
                if not enter(problems, p, taken, segment, opening, lanes, n, work):
                    continue
                take_away(problems, p, n, work)
                for lane in range(lanes):
                    for s in range(n):
                        mass[opening + lane, p, s] += work.left[s * LANES + lane] + work.at[s * LANES + lane]


@inner
def enter(problems: Problems, p: int, taken: Floats, segment: int, opening: int, lanes: int, n: int, work: Work) -> bool:
    """Put the mass that entered in a segment where it begins; false if there is none."""
    zero, entered = splat(0.0), 0.0
    for s in range(n):
        store(work.at, s, zero)
        store(work.left, s, zero)
    for k in range(n * n):
        work.known[k] = work.linked[k]
        if work.linked[k] == 1:
            store(work.q, k, load(work.rates, k))
    store(work.held, 0, zero)
    for k in range(problems.entry_start[p], problems.entry_start[p + 1]):
        s = problems.entry_state[k]
        for lane in range(lanes):
            work.held[lane] = taken[opening + lane, segment, problems.entry_sink[k]]
            entered += work.held[lane]
        if problems.transient[p, s] == 1:
            store(work.at, s, add(load(work.at, s), load(work.held, 0)))
        else:
            pass_on(s, load(work.held, 0), n, work)
    return entered > 0.0


@inner
def pass_on(k: int, held: Any, n: int, work: Work) -> None:
    """Spread what is held at state k over where it leads; where it leads nowhere it is left."""
    zero, out = splat(0.0), splat(0.0)
    for j in range(n):
        if j != k and work.known[k * n + j] == 1:
            out = add(out, load(work.q, k * n + j))
    share = where_less(zero, out, divide(held, out), zero)
    store(work.left, k, add(load(work.left, k), where_less(zero, out, zero, held)))
    for j in range(n):
        if j != k and work.known[k * n + j] == 1:
            store(work.at, j, muladd(share, load(work.q, k * n + j), load(work.at, j)))


@inner
def take_away(problems: Problems, p: int, n: int, work: Work) -> None:
    """Take the transient states away one by one, with the mass at them."""
    zero = splat(0.0)
    for k in range(n):
        if problems.transient[p, k] == 0:
            continue
        out = zero
        for j in range(n):
            if j != k and work.known[k * n + j] == 1:
                out = add(out, load(work.q, k * n + j))
        inverse = where_less(zero, out, divide(splat(1.0), out), zero)
        for i in range(k + 1, n):
            if problems.transient[p, i] == 1 and work.known[i * n + k] == 1:
                share = multiply(load(work.q, i * n + k), inverse)
                store(work.q, i * n + k, where_less(zero, out, zero, load(work.q, i * n + k)))
                for j in range(n):
                    if j != i and j != k and work.known[k * n + j] == 1:
                        held = load(work.q, i * n + j) if work.known[i * n + j] == 1 else zero
                        store(work.q, i * n + j, muladd(share, load(work.q, k * n + j), held))
                        work.known[i * n + j] = 1
        held = load(work.at, k)
        store(work.at, k, zero)
        pass_on(k, held, n, work)
