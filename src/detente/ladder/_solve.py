"""Kernel: equilibria of many draws and segments by Anderson acceleration in stages of precision; sixteen at once.

A lane takes a draw, settles its segments one after the other, and takes the next draw. Lanes do not feel each other, so the answers depend neither on
threads nor on how draws are cut into chunks. A segment whose numbers equal those of an earlier one is copied; one that differs starts from the one
before it, if asked, and falls back to the stages from precision 0. Where every start is given there are neither copies nor stages. What does not settle
here is left with its residual for `detente.ladder._trace`.
"""

from typing import Any, NamedTuple

import numpy as np

from detente.games._lanes import LANES
from detente.games.kernels import entry, inner
from detente.ladder._answer import hand_over, read_off
from detente.ladder._mixture import MIX, STAY, TAKE, advance, forget, measure, mix, remember
from detente.ladder._play import sweep, take

# Of four, a larger step in precision, twice as many answers of baltic-2021 lie on another branch than the one that continuation follows.
STAGES = 8
STAGE_TOLERANCE = 1e-1
FINAL_TOLERANCE = 1e-11
ACCEPTED = 1e-8
SWEEPS = 150
SETTLED, COPIED, UNSETTLED = 0, 3, 4
# Stages 1..STAGES raise precision to its full share; before them come two sweeps without any, or one stage from the answer of the segment before.
BEGIN, WARM = -1, 0
# Where segments start: all from precision 0, from the segment before, or from the x that is given.
FROM_ZERO, FROM_BEFORE, FROM_GIVEN = 0, 1, 2


class Desk(NamedTuple):
    """What each lane works on."""

    draw: Any  # -1: nothing
    segment: Any
    stage: Any
    count: Any  # sweeps in this stage
    total: Any  # sweeps in all stages


def make_desk() -> Desk:
    """Work space of one thread."""
    return Desk(*(np.full(LANES, -1, np.int64) for _ in Desk._fields))


@inner
def open_stage(plan, numbers, lane, stage, desk, bench, memory):
    """Begin a stage of a lane at its precision; x stays."""
    n_rungs, n_actors = plan.flow.shape
    desk.stage[lane] = stage
    desk.count[lane] = 0
    share = 0.0 if stage == BEGIN else 1.0 if stage == WARM else stage / STAGES
    for i in range(n_actors):
        bench.precision[i * LANES + lane] = share * numbers[plan.precision[i]]
    for s in range(n_rungs):
        for i in range(n_actors):
            memory.metric[(s * n_actors + i) * LANES + lane] = bench.precision[i * LANES + lane] ** 2
    for k in range(n_rungs * n_actors, bench.x.shape[0] // LANES):
        memory.metric[k * LANES + lane] = 1.0
    forget(memory, lane)


@inner
def open_segment(plan, values, origin, lane, x, residual, same, desk, bench, memory):
    """Bring the next segment of the lane's draw that is not a copy; false if there is none."""
    draw = desk.draw[lane]
    n_segments, n_slots = values.shape[1], values.shape[2]
    n_unknown = x.shape[2]
    for segment in range(desk.segment[lane] + 1, n_segments):
        twin = segment
        for earlier in range(segment if origin != FROM_GIVEN else 0):
            equal = True
            for k in range(n_slots):
                if values[draw, earlier, k] != values[draw, segment, k]:
                    equal = False
                    break
            if equal:
                twin = earlier
                break
        same[draw, segment] = twin
        if twin != segment:
            residual[draw, segment] = residual[draw, twin]
            for k in range(n_unknown):
                x[draw, segment, k] = x[draw, twin, k]
            continue
        desk.segment[lane] = segment
        desk.total[lane] = 0
        take(plan, values[draw, segment], lane, bench)
        source = segment if origin == FROM_GIVEN else segment - 1
        follows = origin == FROM_GIVEN or (origin == FROM_BEFORE and segment > 0 and residual[draw, segment - 1] <= ACCEPTED)
        for k in range(n_unknown):
            bench.x[k * LANES + lane] = x[draw, source, k] if follows else 0.0
        open_stage(plan, values[draw, segment], lane, WARM if follows else BEGIN, desk, bench, memory)
        return True
    return False


@inner
def next_stage(plan, numbers, origin, lane, size, desk, bench, memory):
    """Go on to the next stage; false if this was the last."""
    stage = desk.stage[lane]
    if stage == STAGES or (stage == WARM and (size <= ACCEPTED or origin == FROM_GIVEN)):
        return False
    if stage == WARM:
        for k in range(bench.x.shape[0] // LANES):
            bench.x[k * LANES + lane] = 0.0
    open_stage(plan, numbers, lane, BEGIN if stage == WARM else 1 if stage == BEGIN else stage + 1, desk, bench, memory)
    return True


@inner
def settle_all(first, last, plan, steps, values, origin, x, rates, best_rates, residual, regret, sweeps, same, desk, bench, memory, work):
    """Fill all but the status of the draws first:last, for segments that are no copies."""
    waiting, busy = first, 0
    for lane in range(LANES):
        desk.draw[lane] = -1
        memory.move[lane] = STAY
    for lane in range(LANES):
        if waiting < last:
            desk.draw[lane], desk.segment[lane] = waiting, -1
            waiting += 1
            busy += open_segment(plan, values, origin, lane, x, residual, same, desk, bench, memory)
    while busy > 0:
        sweep(plan, steps, bench)
        measure(bench, memory, plan.flow.shape[0], plan.flow.shape[1])
        for lane in range(LANES):
            draw, segment = desk.draw[lane], desk.segment[lane]
            memory.move[lane] = STAY
            if draw < 0:
                continue
            desk.count[lane] += 1
            if desk.stage[lane] == BEGIN:
                # Behaviour does not hang on values here, nor values on anything else: two sweeps are enough.
                memory.move[lane] = TAKE
                if desk.count[lane] == 2:
                    for k in range(x.shape[2]):
                        bench.x[k * LANES + lane] = bench.image[k * LANES + lane]
                    memory.move[lane] = STAY
                    next_stage(plan, values[draw, segment], origin, lane, 0.0, desk, bench, memory)
                continue
            desk.total[lane] += 1
            size = memory.worst[lane] if np.isfinite(memory.sum[lane]) else np.inf
            tolerance = FINAL_TOLERANCE if desk.stage[lane] == STAGES or desk.stage[lane] == WARM else STAGE_TOLERANCE
            if size > tolerance and size < np.inf and desk.count[lane] < SWEEPS:
                memory.move[lane] = MIX
                if desk.count[lane] > 1:
                    remember(memory, lane)
            elif not next_stage(plan, values[draw, segment], origin, lane, size, desk, bench, memory):
                for k in range(x.shape[2]):
                    x[draw, segment, k] = bench.x[k * LANES + lane]
                residual[draw, segment] = size
                # The play in the lane is still that of the last sweep, at this x.
                hand_over(plan, values[draw, segment], lane, bench, work)
                regret[draw, segment] = read_off(plan, values[draw, segment], work, rates[draw, segment], best_rates[draw, segment])
                sweeps[draw, segment] = desk.total[lane]
                while not open_segment(plan, values, origin, lane, x, residual, same, desk, bench, memory):
                    if waiting == last:
                        desk.draw[lane] = -1
                        busy -= 1
                        break
                    desk.draw[lane], desk.segment[lane] = waiting, -1
                    waiting += 1
        mix(bench, memory)
        advance(bench, memory)


@entry
def solve_draws(first, last, plan, steps, values, origin, x, rates, best_rates, status, residual, regret, sweeps, same, desk, bench, memory, work):
    """Solve the draws first:last of values[draw, segment, slot].

    Out: x, rates, best_rates[draw, segment, ...], and by draw and segment the status, residual, largest regret, number of sweeps and the segment whose
    answer is shared.
    """
    settle_all(first, last, plan, steps, values, origin, x, rates, best_rates, residual, regret, sweeps, same, desk, bench, memory, work)
    for draw in range(first, last):
        for segment in range(values.shape[1]):
            twin = same[draw, segment]
            if twin == segment:
                status[draw, segment] = SETTLED if residual[draw, segment] <= ACCEPTED else UNSETTLED
                continue
            for k in range(rates.shape[2]):
                rates[draw, segment, k] = rates[draw, twin, k]
                best_rates[draw, segment, k] = best_rates[draw, twin, k]
            status[draw, segment] = COPIED
            residual[draw, segment] = residual[draw, twin]
            regret[draw, segment] = regret[draw, twin]
