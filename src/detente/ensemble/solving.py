"""Equilibria of drawn numbers, as the scenario or one of its structures reads them."""

from __future__ import annotations

from detente.ensemble.draws import Draws
from detente.ladder import Equilibrium, as_dispositions, solve, solve_ahead
from detente.scenario.compile import Model


def solve_drawn(model: Model, drawn: Draws, threads: int | None = None) -> Equilibrium:
    """Solve the ladder for some draws.

    Raises
    ------
    InvalidInput
        If a number of the ladder is out of range in one of the draws.
    """
    plan, values, reading = model.plan, drawn.values, model.reading
    if reading.disposition:
        # Contingencies come first, streams of the alliance last.
        first = len(model.scenario.contingencies)
        picks = drawn.chances[:, first : first + len(reading.disposition)]
        # Where a switch takes out all that tells an actor's moods apart, nothing is left to be a disposition.
        moody = {player for game in plan.ladder.games for player in game.moods}
        uniforms = {actor: pick for actor, pick in zip(reading.disposition, picks.T, strict=True) if actor in moody}
        plan, values = as_dispositions(plan, values, uniforms)
    if reading.foresight == "next":
        return solve_ahead(plan, values, lengths=model.timeline.lengths, threads=threads)
    return solve(plan, values, threads=threads)
