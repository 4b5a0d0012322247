"""Perfect Bayesian equilibria of one profile of supports, as zeros of a system found by damped Newton steps (Levenberg-Marquardt) from many starts.

Unknown are the probabilities of the actions in mixed supports but the first of each, and log-sizes theta of the trembles by which actions outside the supports
are taken, as far as the beliefs where play never comes depend on them: mu(x) proportional to the product of probabilities and exp(theta) on the way to x.
The system says that supported actions are equally good, and, as max(0, violation), that no other is better and that probabilities are not negative.
Derivatives are by complex steps; all starts are taken together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.games._supports import Allowed, Plan, reached

Floats = NDArray[np.float64]
Complex = NDArray[Any]
# In shares of the payoff range.
ZERO = 1e-11
STEPS = 80
STEP = 1e-40
# Judgement: least share of the squared violation that a step must take off.
GAIN = 1e-3
# The log-size of a tremble of order k starts at -TREMBLE k: orders then differ by more than any payoff ratio that a float of beliefs can tell.
TREMBLE = 25.0
# Probabilities below are those of another support.
LEAST = 1e-8


@dataclass(frozen=True)
class Root:
    """A zero: behaviour, weights of the members of every information set, and whether it stands alone."""

    behaviour: tuple[Floats, ...]
    belief: tuple[Floats, ...]
    isolated: bool


class System:
    """The equations of one profile of supports."""

    def __init__(self, plan: Plan, support: Allowed) -> None:
        self.plan, self.support = plan, support
        come = reached(plan, support)
        self.met = [any(come[node] for node in members) for members in plan.members]
        self.mixed = [plan.first[i] + action for i, actions in enumerate(support) for action in actions[1:]]
        played = {plan.first[i] + action for i, actions in enumerate(support) for action in actions}
        unmade = [[frozenset(e for e in path if e < plan.n_actions and e not in played) for path in paths] for paths in plan.differing]
        # Members that take one more unmade move than another are not believed.
        self.believed = [
            np.array([met or not any(other < moves for other in behind) for moves in behind]) for met, behind in zip(self.met, unmade, strict=True)
        ]
        doubted: set[int] = set()
        for met, behind, believed in zip(self.met, unmade, self.believed, strict=True):
            kinds = {moves for moves, held in zip(behind, believed, strict=True) if held}
            doubted |= set().union(*kinds) if not met and len(kinds) > 1 else set()
        self.trembles = sorted(doubted)
        self.unplayed = [e for e in range(plan.n_actions) if e not in played]
        self.unknowns = len(self.mixed) + len(self.trembles)
        self.equations = len(self.mixed)

    def edges(self, z: Complex) -> tuple[Complex, Complex]:
        """Probabilities of edges, and what they weigh in beliefs where play never comes; edge x start."""
        plan = self.plan
        p = np.zeros((plan.n_actions + len(plan.chance), z.shape[1]), dtype=z.dtype)
        p[plan.n_actions :] = plan.chance[:, None]
        p[self.mixed] = z[: len(self.mixed)]
        for i, actions in enumerate(self.support):
            rest = [plan.first[i] + action for action in actions[1:]]
            p[plan.first[i] + actions[0]] = 1.0 - p[rest].sum(axis=0)
        weight = p.copy()
        # What nature never does is a tremble of a higher order than a player's.
        weight[plan.n_actions :] = np.where(plan.chance > 0, plan.chance, np.exp(-4 * TREMBLE))[:, None]
        # Unmade moves that no belief hangs on weigh the same at all believed members.
        weight[self.unplayed] = 1.0
        weight[self.trembles] = np.exp(z[len(self.mixed) :])
        return p, weight

    def beliefs(self, p: Complex, weight: Complex) -> list[Complex]:
        """Information set -> member x start."""
        found = []
        for i, paths in enumerate(self.plan.differing):
            source = p if self.met[i] else weight
            share = np.array([source[list(path)].prod(axis=0) for path in paths]) * self.believed[i][:, None]
            found.append(share / share.sum(axis=0))
        return found

    def __call__(self, z: Complex) -> Complex:
        """Equations, then violations; equation x start."""
        plan = self.plan
        p, weight = self.edges(z)
        value: list[Any] = [plan.payoff[node][:, None] for node in range(len(plan.parent))]
        for node in range(len(plan.parent) - 1, -1, -1):
            children = plan.children[node]
            if children:
                value[node] = sum(p[plan.edge[child]] * value[child] for child in children)
        equal, above = [], []
        for i, mu in enumerate(self.beliefs(p, weight)):
            player, actions = plan.players[i], self.support[i]
            quality = [
                sum(mu[m] * value[plan.children[node][a]][player] for m, node in enumerate(plan.members[i])) for a in range(plan.sizes[i])
            ]
            equal += [quality[a] - quality[actions[0]] for a in actions[1:]]
            above += [quality[a] - quality[actions[0]] for a in range(plan.sizes[i]) if a not in actions]
            if len(actions) > 1:
                above += [-p[plan.first[i] + a] for a in actions]
        rows = [np.broadcast_to(row, z.shape[1]) for row in (*equal, *above)]
        answer = np.array(rows, dtype=z.dtype) if rows else np.zeros((0, z.shape[1]), dtype=z.dtype)
        answer[len(equal) :] *= answer[len(equal) :].real > 0
        return answer

    def slopes(self, z: Floats) -> tuple[Floats, Floats]:
        """Values (start x equation) and derivatives (start x equation x unknown)."""
        n, starts = z.shape
        moved = np.repeat(z[:, None, :], n, axis=1).astype(complex)
        moved[np.arange(n), np.arange(n)] += 1j * STEP
        answer = self(moved.reshape(n, n * starts)).reshape(-1, n, starts)
        return answer[:, 0].real.T, answer.imag.transpose(2, 0, 1) / STEP


def starts(system: System, random: np.random.Generator) -> Floats:
    """Unknowns to begin with, unknown x start."""
    width = 4 if system.unknowns == 0 else 8 + 6 * system.unknowns
    mixed = random.uniform(0.02, 0.98, (len(system.mixed), width))
    orders = random.integers(1, 4, (len(system.trembles), width))
    # The first starts doubt everything alike.
    orders[:, : width // 4] = 1
    return np.concatenate([mixed, -TREMBLE * orders + random.normal(0.0, 2.0, orders.shape)])


def roots(plan: Plan, support: Allowed, random: np.random.Generator) -> list[Root]:
    """The zeros that were found, each with other behaviour than the ones before; one alone of a continuum."""
    system = System(plan, support)
    z = starts(system, random)
    with np.errstate(all="ignore"):
        residual = system(z)
        if not system.mixed:
            # Beliefs alone are open. What no start moves, none will; and one that serves is enough.
            stuck = (np.ptp(residual, axis=1) == 0) & (residual[:, 0] > ZERO)
            served = abs(residual).max(axis=0, initial=0.0) <= ZERO
            if stuck.any():
                return []
            if served.any():
                z = z[:, served][:, :1]
        if system.unknowns:
            z = _descend(system, z)
        residual = system(z)
    good = np.isfinite(residual).all(axis=0) & (abs(residual).max(axis=0, initial=0.0) <= ZERO)
    found: list[Root] = []
    for k in np.flatnonzero(good):
        p, weight = system.edges(z[:, k : k + 1])
        behaviour = tuple(p[first : first + size, 0] for first, size in zip(plan.first, plan.sizes, strict=True))
        if min((p[e, 0] for i, actions in enumerate(support) for e in (plan.first[i] + a for a in actions)), default=1.0) < LEAST:
            continue
        if any(_close(behaviour, other.behaviour) for other in found):
            continue
        isolated = _isolated(system, z[:, k : k + 1])
        if not isolated and any(not other.isolated for other in found):
            continue
        found.append(Root(behaviour, tuple(mu[:, 0] for mu in system.beliefs(p, weight)), isolated))
    return found


def _close(one: tuple[Floats, ...], other: tuple[Floats, ...]) -> bool:
    return max(float(abs(a - b).max()) for a, b in zip(one, other, strict=True)) < 1e-6


def _isolated(system: System, z: Floats) -> bool:
    """Whether no direction of behaviour leaves the equations as they are."""
    if not system.mixed:
        return True
    slopes = system.slopes(z)[1][0, : system.equations]
    _, sizes, directions = np.linalg.svd(slopes)
    idle = directions[int((sizes > 1e-9).sum()) :, : len(system.mixed)]
    return bool(abs(idle).max(initial=0.0) < 1e-7)


def _descend(system: System, z: Floats) -> Floats:
    """Levenberg-Marquardt on every column; a column rests when its residual is zero or its damping beyond hope."""
    z = z.copy()
    damping = np.full(z.shape[1], 1e-3)
    residual, slopes = system.slopes(z)
    for _ in range(STEPS):
        size = abs(residual).max(axis=1) + 0.0 * slopes.sum(axis=(1, 2))
        # A sum that is not finite marks a start that overflowed.
        busy = np.flatnonzero((size > ZERO * 1e-3) & (damping < 1e8) & np.isfinite(size))
        if not len(busy):
            break
        r, jacobian = residual[busy], slopes[busy]
        square = jacobian.transpose(0, 2, 1) @ jacobian
        largest = np.einsum("kii->ki", square).max(axis=1)
        square += (damping[busy] * (1.0 + largest))[:, None, None] * np.eye(len(z))
        move = np.linalg.solve(square, jacobian.transpose(0, 2, 1) @ r[:, :, None])[:, :, 0].T
        trial = z[:, busy] - move
        new, new_slopes = system.slopes(trial)
        before, after = (r**2).sum(axis=1), (new**2).sum(axis=1)
        better = after < before
        # A step that is accepted and gains nothing stands at a least violation that is none: the start rests.
        damping[busy[better & (after > (1.0 - GAIN) * before)]] = np.inf
        damping[busy] *= np.where(better, 0.1, 8.0)
        damping = np.maximum(damping, 1e-13)
        kept = busy[better]
        z[:, kept], residual[kept], slopes[kept] = trial[:, better], new[better], new_slopes[better]
    return z
