"""Kernel: where mass that enters a set of states leaves it, whatever the time it takes.

Transient states are taken away one by one (state reduction): state k passes its mass m_k on, and every remaining transient state i that led to k leads
on instead,

    m_j += m_k q_kj / q_k,    q_ij += q_ik q_kj / q_k,    q_k = sum of q_kj over j other than k.

Only non-negative numbers are added, so that small probabilities keep their relative accuracy.

Reference: Grassmann, Taksar and Heyman (1985), Regenerative analysis and steady state distributions for Markov chains, doi 10.1287/opre.33.5.1107.
"""

import numpy as np
from numpy.typing import NDArray

from detente.games.kernels import entry, inner

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@entry
def leave(
    first: int, last: int, arc_source: Ints, arc_target: Ints, rates: Floats, taken: Floats, entry_start: Ints, entry_sink: Ints, entry_state: Ints,
    transient: Floats, mass: Floats, q: Floats, at: Floats,
) -> None:  # fmt: skip
    """Follow what entered each set in each segment, under the rates of that segment.

    rates[draw, segment, arc]; taken[draw, segment, sink]; the entries of problem p are entry_start[p]:entry_start[p + 1]; transient[p, state] is 1
    where mass moves on; mass[draw, p, state] out. Mass that enters at a state that is not transient takes one step first: "before return" means
    after leaving. Mass that can go nowhere stays where it is. q[state, state] and at[state] are work space.
    """
    n_segments = rates.shape[1]
    n_problems, n = transient.shape
    for draw in range(first, last):
        mass[draw, :, :] = 0.0
        for segment in range(n_segments):
            for p in range(n_problems):
                entered = 0.0
                for k in range(entry_start[p], entry_start[p + 1]):
                    entered += taken[draw, segment, entry_sink[k]]
                if not entered > 0.0:
                    continue
                at[:] = 0.0
                q[:, :] = 0.0
                for a in range(arc_source.shape[0]):
                    q[arc_source[a], arc_target[a]] += rates[draw, segment, a]
                for k in range(entry_start[p], entry_start[p + 1]):
                    s, held = entry_state[k], taken[draw, segment, entry_sink[k]]
                    if transient[p, s] == 1.0:
                        at[s] += held
                    elif held > 0.0 and not pass_on(q, at, s, held, n):
                        mass[draw, p, s] += held
                for k in range(n):
                    if transient[p, k] == 1.0:
                        out = 0.0
                        for j in range(n):
                            if j != k:
                                out += q[k, j]
                        if not out > 0.0:
                            mass[draw, p, k] += at[k]
                            at[k] = 0.0
                            continue
                        for i in range(k + 1, n):
                            if transient[p, i] == 1.0 and q[i, k] > 0.0:
                                share = q[i, k] / out
                                q[i, k] = 0.0
                                for j in range(n):
                                    if j != i and j != k:
                                        q[i, j] += share * q[k, j]
                        held = at[k]
                        at[k] = 0.0
                        if held > 0.0:
                            pass_on(q, at, k, held, n)
                for s in range(n):
                    mass[draw, p, s] += at[s]


@inner
def pass_on(q: Floats, at: Floats, k: int, held: float, n: int) -> bool:
    """Spread `held` over where state k leads; false if nowhere."""
    out = 0.0
    for j in range(n):
        if j != k:
            out += q[k, j]
    if not out > 0.0:
        return False
    for j in range(n):
        if j != k:
            at[j] += held * q[k, j] / out
    return True
