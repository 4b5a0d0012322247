"""Who shows up, by brute force from the definition: every combination of every ally's choice, one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
from scipy.special import expit

from detente.alliance import Alliance
from detente.alliance._grid import GRID, units

SCALE = np.pi / np.sqrt(3)


def brute(alliance: Alliance, logit, cuts, follow, loading, threshold, coalition, z, worth=None):
    """Answers given the factor: {enough: [clock], council: [clock], consensus, join, levels: [ally, level], distribution: [clock, unit]}."""
    n, top, clocks = len(alliance.allies), len(alliance.levels) - 1, len(alliance.clocks)
    spread = np.sqrt(1 - loading**2)
    worth = units(alliance) if worth is None else worth
    deciding = [g for g in alliance.groups if any(a.group == g and not a.certain for a in alliance.allies)]
    picked = np.array(list(product(*[[top] if ally.certain else range(top + 1) for ally in alliance.allies])))
    chance, signals = np.ones(len(picked)), []
    for group in deciding:
        members = [i for i, ally in enumerate(alliance.allies) if ally.group == group and not ally.certain]
        signal = np.mean(signals, axis=0) if signals else np.zeros(len(picked))
        for i in members:
            x = (logit[i] + (follow * signal)[:, None] + SCALE * loading * z - np.array([-np.inf, *cuts, np.inf])) / spread
            each = -np.diff(expit(x), axis=1)
            chance *= each[np.arange(len(picked)), picked[:, i]]
        signals.append(np.where(picked[:, members] == top, 1.0, -1.0).mean(axis=1))
    committed = worth[np.arange(n), picked].sum(axis=1)
    agreed = picked.min(axis=1) >= alliance.levels.index(alliance.consensus)
    enough = committed >= np.where(agreed, 1, 1 / coalition)[:, None] * np.asarray(threshold) * GRID - 1e-9
    joined = picked[:, alliance.names.index(alliance.leader)] == top if alliance.leader is not None else np.ones(len(picked), bool)
    return {
        "enough": chance @ enough, "council": chance @ (enough & agreed[:, None]), "consensus": chance @ agreed, "join": chance @ joined,
        "levels": np.stack([chance @ (picked == level) for level in range(top + 1)], axis=1),
        "distribution": np.stack([np.bincount(committed[:, clock], chance, GRID + 1) for clock in range(clocks)]),
    }


def answers(response, draw=0):
    """The same answers of a response."""
    return {
        "enough": response.enough[draw], "council": response.council[draw].sum(axis=0), "consensus": response.consensus[draw].sum(), "join": response.chance[draw, 0],
        "levels": response.levels[draw], "distribution": response.distribution[draw],
    }


def simulate(alliance: Alliance, logit, cuts, follow, loading, threshold, coalition, count, seed):
    """Latent readiness drawn for every ally: (enough [clock], levels [ally, level]), each as history x ..."""
    rng = np.random.default_rng(seed)
    top = len(alliance.levels) - 1
    z = rng.standard_normal(count)
    level = np.full((count, len(alliance.allies)), top)
    signals = []
    for group in alliance.groups:
        members = [i for i, ally in enumerate(alliance.allies) if ally.group == group and not ally.certain]
        if not members:
            continue
        signal = np.mean(signals, axis=0) if signals else np.zeros(count)
        ready = np.asarray(logit)[members] + follow * signal[:, None] + SCALE * loading * z[:, None] + np.sqrt(1 - loading**2) * rng.logistic(size=(count, len(members)))
        level[:, members] = np.searchsorted(cuts, ready.reshape(-1)).reshape(ready.shape)
        signals.append(np.where(level[:, members] == top, 1.0, -1.0).mean(axis=1))
    committed = units(alliance)[np.arange(len(alliance.allies)), level].sum(axis=1)
    agreed = (level >= alliance.levels.index(alliance.consensus)).all(axis=1)
    return committed >= np.where(agreed, 1, 1 / coalition)[:, None] * np.asarray(threshold) * GRID - 1e-9, level
