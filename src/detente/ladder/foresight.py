"""Equilibria of actors who foresee the next calendar segment.

Without foresight a segment is solved as if it lasted. With it, a segment of L years adds the rate 1 / L to the same rung of the next segment,

    (rho_i + 1 / L + out) V_i(s) = f_i(s) + V_i'(s) / L + ...,

where V' are the values of the next segment, which is solved first; the last one is solved as if it lasted. That is the ladder's own equation with a
flow of f_i(s) + V_i'(s) / L and a discount of rho_i + 1 / L, so nothing else changes: only these numbers are given places of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.equilibrium import Equilibrium, solve
from detente.ladder.layout import Plan, lay_out, lay_out_anew, values_of
from detente.ladder.model import Ladder

Floats = NDArray[np.float64]
OVER_SEGMENTS = ("unknown", "rates", "best_rates", "status", "residual", "regret", "sweeps")


def solve_ahead(ladder: Ladder | Plan, values: Floats | None = None, *, lengths: Sequence[float], threads: int | None = None) -> Equilibrium:
    """Solve a ladder whose actors foresee the next segment.

    Parameters
    ----------
    ladder, values, threads
        As for `solve`.
    lengths : sequence of float, segment
        Years that each segment lasts; that of the last one is not used.

    Raises
    ------
    InvalidInput
        If there is not one positive length for each segment, and as for `solve`.

    Examples
    --------
    One actor on one rung for good: a flow of 1 prize a year for two years, then none, at a discount of 10 % a year.

    >>> import numpy as np
    >>> from detente.ladder import Ladder, Rung, solve_ahead
    >>> ladder = Ladder(
    ...     rungs=(Rung("peace", final=True),), actors=("one",), flow={"peace": {"one": np.array([[1.0, 0.0]])}}, discount={"one": 0.1},
    ...     precision={"one": 1.0},
    ... )
    >>> solve_ahead(ladder, lengths=[2.0, 8.0]).value[0, :, 0, 0].round(4).tolist()     # (1 + 0 / 2) / (0.1 + 1 / 2), then 0
    [1.6667, 0.0]
    """
    plan = ladder if isinstance(ladder, Plan) else lay_out(ladder)
    values = values_of(plan) if values is None else np.ascontiguousarray(values, dtype=float)
    draws, segments = values.shape[:2]
    if len(lengths) != segments or not all(0 < length < float("inf") for length in lengths[:-1]):
        what = f"the lengths {', '.join(f'{length:g}' for length in lengths)} do not fit {segments} segments"
        raise InvalidInput(Problem("lengths", what, "each segment before the last ends after some years", "give one positive number of years for each"))
    ladder = plan.ladder
    ahead = {rung.name: {actor: ("with what follows", rung.name, actor) for actor in ladder.actors} for rung in ladder.rungs}
    own, source = lay_out_anew(plan, replace(ladder, flow=ahead, discount={actor: ("with what follows", actor) for actor in ladder.actors}))
    wide = values[:, :, source]
    flow, discount = own.layout.flow.reshape(-1), own.layout.discount
    wide[:, :, flow], wide[:, :, discount] = values[:, :, plan.layout.flow.reshape(-1)], values[:, :, plan.layout.discount]
    solved: list[Equilibrium] = []
    for segment in range(segments - 1, -1, -1):
        numbers = np.ascontiguousarray(wide[:, segment : segment + 1])
        if solved:
            numbers[:, 0, flow] += solved[0].value[:, 0].reshape(draws, -1) / lengths[segment]
            numbers[:, 0, discount] += 1.0 / lengths[segment]
        solved.insert(0, solve(own, numbers, threads=threads))
    joined = {name: np.concatenate([getattr(one, name) for one in solved], axis=1) for name in ("values", *OVER_SEGMENTS)}
    for array in joined.values():
        array.setflags(write=False)
    return Equilibrium(plan=own, same=np.tile(np.arange(segments), (draws, 1)), **joined)
