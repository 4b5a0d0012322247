"""Kernel: equilibria of many draws and segments by Anderson acceleration in stages of precision.

Each draw is settled on its own, so the answers do not depend on threads or on how draws are cut into chunks. A segment whose numbers equal those of an
earlier one is copied; one that differs starts from the one before it and falls back to the stages from precision 0. What does not settle here is left
with its residual for `detente.ladder._trace`.
"""

from detente.games.kernels import entry
from detente.ladder._anderson import anderson
from detente.ladder._answer import record
from detente.ladder._sweep import begin, load

STAGES = 4
STAGE_TOLERANCE = 1e-1
FINAL_TOLERANCE = 1e-11
ACCEPTED = 1e-8
SETTLED, COPIED, UNSETTLED = 0, 3, 4


@entry
def solve_draws(first, last, plan, values, warm, x, rates, best_rates, status, residual, regret, sweeps, same, work, memory):
    """Solve the draws first:last of values[draw, segment, slot].

    Out: x, rates, best_rates[draw, segment, ...], and by draw and segment the status, residual, largest regret, number of sweeps and the segment whose
    answer is shared.
    """
    n_segments, n_slots = values.shape[1], values.shape[2]
    n_actors, n_unknown = work.precision.shape[0], x.shape[2]
    for draw in range(first, last):
        for segment in range(n_segments):
            numbers = values[draw, segment]
            here = x[draw, segment]
            twin = segment
            for earlier in range(segment):
                equal = True
                for k in range(n_slots):
                    if values[draw, earlier, k] != numbers[k]:
                        equal = False
                        break
                if equal:
                    twin = earlier
                    break
            same[draw, segment] = twin
            if twin != segment:
                for k in range(n_unknown):
                    here[k] = x[draw, twin, k]
                for k in range(rates.shape[2]):
                    rates[draw, segment, k] = rates[draw, twin, k]
                    best_rates[draw, segment, k] = best_rates[draw, twin, k]
                status[draw, segment] = COPIED
                residual[draw, segment] = residual[draw, twin]
                regret[draw, segment] = regret[draw, twin]
                continue
            load(plan, numbers, work)
            start = 1
            if warm and segment > 0 and residual[draw, segment - 1] <= ACCEPTED:
                start = 0
                for k in range(n_unknown):
                    here[k] = x[draw, segment - 1, k]
            total = 0
            # Stage 0 is the full precision at once, from the answer of the segment before.
            for stage in range(start, STAGES + 1):
                if stage == 1:
                    begin(plan, numbers, here, work, memory.image)
                share = stage / STAGES if stage > 0 else 1.0
                for i in range(n_actors):
                    work.precision[i] = share * numbers[plan.precision[i]]
                tolerance = FINAL_TOLERANCE if share == 1.0 else STAGE_TOLERANCE
                size, count = anderson(plan, numbers, here, work.precision, tolerance, work, memory)
                total += count
                if stage == 0 and size <= ACCEPTED:
                    break
            size, loss = record(
                plan, numbers, here, work.precision, work, memory.image, memory.scale, memory.residual, rates[draw, segment], best_rates[draw, segment]
            )
            status[draw, segment] = SETTLED if size <= ACCEPTED else UNSETTLED
            residual[draw, segment] = size
            regret[draw, segment] = loss
            sweeps[draw, segment] = total
