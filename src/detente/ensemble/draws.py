"""Values of every quantity for a run of draws, and the ladder's numbers that follow from them.

Draw k of a quantity is `quantile(u_k)` of its distribution, u_k being uniform number k of its stream (see `sampling`), mixed with those of the quantities
that it correlates with, if any; draw k of a contingency is uniform number k of the stream "contingency NAME". Everything is evaluated in aligned blocks
of 1,024 draws, whole even where only a part is asked for, so that each number is computed by the same machine instructions whatever the chunk: replaying
one draw gives its bits.

Refused: two names that would share one stream, and numbers that no ladder can have.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from detente.ensemble.sampling import collisions, uniforms
from detente.errors import InvalidInput, Problem
from detente.games.threads import thread_count
from detente.ladder.equilibrium import check_values
from detente.scenario.compile import Model
from detente.scenario.evaluate import evaluate
from detente.scenario.family import Family
from detente.scenario.numbers import in_file

Floats = NDArray[np.float64]
BLOCK = 1024


@dataclass(frozen=True)
class Draws:
    """What was drawn, and the numbers of the ladder that follow.

    Attributes
    ----------
    quantities : array, draw x quantity
        In each quantity's own unit, in the order of the scenario.
    chances : array, draw x contingency
        Uniform numbers: a contingency happens where its number lies below its chance.
    values : array, draw x segment x slot
        Numbers of the plan in base units.
    """

    quantities: Floats
    chances: Floats
    values: Floats


def contingency_stream(name: str) -> str:
    """Name of a contingency's stream; no quantity can be called so, for a name has no space."""
    return f"contingency {name}"


def check_streams(model: Model) -> None:
    """Refuse a scenario in which two names would share their draws.

    Raises
    ------
    InvalidInput
        With every such pair; `stream:` gives one of them draws of its own.
    """
    streams: dict[str, str | None] = {name: item.stream for name, item in model.scenario.quantities.items()}
    streams |= dict.fromkeys(_chance_streams(model).values())
    problems = []
    for one, other in collisions(streams):
        # A contingency's stream is its own: where two collide, a quantity has asked for the other's.
        name = other if streams.get(other) is not None else one
        where = model.document.where(("quantities", name, "stream") if streams.get(name) is not None else ("quantities", name))
        partner = one if name == other else other
        what = f"{name!r} and {partner!r} share the stream {streams[name] or name!r}"
        problems.append(Problem(where, what, "their draws would be equal, so they could not vary apart", "give it another `stream:`"))
    if problems:
        raise InvalidInput(problems)


def _chance_streams(model: Model) -> dict[str, str]:
    """Stream of every uniform number that a draw has beside its quantities."""
    return {name: contingency_stream(name) if name in model.scenario.contingencies else name for name in model.chance_names}


def check_numbers(model: Model, drawn: Draws) -> None:
    """Refuse draws in which a number of the ladder is out of range.

    Raises
    ------
    InvalidInput
        With every such number at the formula in the file that gave it.
    """
    try:
        check_values(model.plan, drawn.values)
    except InvalidInput as error:
        raise InvalidInput(in_file(model, error.problems)) from None


def draw(model: Model, seed: int, first: int, count: int, threads: int | None = None) -> Draws:
    """Draw every quantity and evaluate the ladder's numbers.

    Parameters
    ----------
    first, count : int
        Draws `first` to `first + count - 1`; any cut into chunks gives the same numbers.
    threads : int, optional
        NumPy and SciPy let others run while they compute.
    """
    begin, size = _blocks(first, count)
    # Uniform numbers are whole-number arithmetic, exact in blocks of any size: what is costly is the number of calls.
    quantities = {name: uniforms(name, seed, begin, size, item.stream) for name, item in model.scenario.quantities.items()}
    chances = {name: uniforms(stream, seed, begin, size) for name, stream in _chance_streams(model).items()}
    return _joined(model, quantities, chances, slice(first - begin, first - begin + count), threads)


def scores_of(model: Model, seed: int, count: int) -> Floats:
    """Normal scores of the first draws, one column for each quantity, then for each contingency."""
    streams = [(name, item.stream) for name, item in model.scenario.quantities.items()]
    streams += [(stream, None) for stream in _chance_streams(model).values()]
    return np.stack([special.ndtri(uniforms(name, seed, 0, count, stream)) for name, stream in streams], axis=1)


def draw_scores(model: Model, scores: Floats, first: int, count: int, threads: int | None = None) -> Draws:
    """Draws `first` to `first + count - 1` of those that have these normal scores."""
    begin, size = _blocks(first, count)
    columns = np.full((scores.shape[1], size), 0.5)
    inside = scores[begin : begin + size].T
    columns[:, : inside.shape[1]] = _shares(inside)
    split = len(model.scenario.quantities)
    quantities = dict(zip(model.scenario.quantities, columns[:split], strict=True))
    chances = dict(zip(model.chance_names, columns[split:], strict=True))
    return _joined(model, quantities, chances, slice(first - begin, first - begin + count), threads)


def draw_again(model: Model, quantities: Floats, chances: Floats, number: int) -> Draws:
    """One draw of which it is known what was drawn, as it was evaluated in its block."""
    drawn = {name: np.full(BLOCK, value) for name, value in zip(model.scenario.quantities, quantities, strict=True)}
    happens = {name: np.full(BLOCK, value) for name, value in zip(model.chance_names, chances, strict=True)}
    lane = slice(number % BLOCK, number % BLOCK + 1)
    values = np.broadcast_to(evaluate(model, drawn, happens, lane), (BLOCK, len(model.timeline.starts), len(model.plan.numbers)))
    return Draws(_columns(drawn)[lane], _columns(happens)[lane], np.ascontiguousarray(values[lane]))


def _blocks(first: int, count: int) -> tuple[int, int]:
    """First draw and number of draws of the whole blocks that hold these."""
    begin = first - first % BLOCK
    return begin, -(-(first + count - begin) // BLOCK) * BLOCK


def _joined(model: Model, quantities: dict[str, Floats], chances: dict[str, Floats], inside: slice, threads: int | None) -> Draws:
    """Blocks of uniform numbers evaluated one by one, and of them the draws that are asked for."""
    size = -(-inside.stop // BLOCK) * BLOCK

    def block(k: int) -> Draws:
        wanted = slice(max(inside.start - k, 0), min(inside.stop - k, BLOCK))
        numbers, happens = ({name: u[k : k + BLOCK] for name, u in drawn.items()} for drawn in (quantities, chances))
        return _block(model, numbers, happens, wanted)

    if size == BLOCK:
        blocks = [block(0)]
    else:
        with ThreadPoolExecutor(thread_count(threads)) as pool:
            blocks = list(pool.map(block, range(0, size, BLOCK)))

    def joined(parts: list[Floats]) -> Floats:
        return np.ascontiguousarray((parts[0] if len(parts) == 1 else np.concatenate(parts))[inside])

    return Draws(*(joined([getattr(block, name) for block in blocks]) for name in ("quantities", "chances", "values")))


def _block(model: Model, numbers: dict[str, Floats], chances: dict[str, Floats], wanted: slice) -> Draws:
    """One block from its uniform numbers, of which some draws are wanted."""
    numbers = numbers | correlated(model, numbers)
    quantities = {name: _quantile(item.distribution, numbers[name].tobytes()) for name, item in model.scenario.quantities.items()}
    quantities |= {name: factor * quantities[name] for name, factor in model.reading.multiply.items()}
    values = evaluate(model, quantities, chances, wanted)
    # Without anything to draw there is one evaluation, the same for every draw.
    values = np.broadcast_to(values, (BLOCK, *values.shape[1:]))
    return Draws(_columns(quantities), _columns(chances), values)


@lru_cache(maxsize=1024)
def _quantile(distribution: Family, numbers: bytes) -> Floats:
    """A block of a quantity from its uniform numbers, kept: what stands beside an assessment asks for the same again and again."""
    drawn = np.asarray(distribution.quantile(np.frombuffer(numbers)), dtype=float)
    drawn.setflags(write=False)
    return drawn


def correlated(model: Model, numbers: dict[str, Floats]) -> dict[str, Floats]:
    """Uniform numbers of the quantities whose normal scores are mixed with those of others (see `detente.scenario.correlations`)."""
    mixed = {}
    for group in model.correlated:
        scores = [special.ndtri(numbers[name]) for name in group.names]
        for place, row in enumerate(group.mixing):
            # Of whoever stands first, or correlates with nobody before, the numbers stay to the last bit.
            if row[:place].any():
                score = np.zeros(BLOCK)
                for weight, each in zip(row[: place + 1], scores, strict=False):
                    score += weight * each
                mixed[group.names[place]] = _shares(score)
    return mixed


def _shares(scores: Floats) -> Floats:
    """Uniform numbers within the open interval (0, 1)."""
    return np.asarray(np.clip(special.ndtr(scores), 2.0**-53, 1 - 2.0**-53))


def _columns(drawn: dict[str, Floats]) -> Floats:
    return np.stack(list(drawn.values()), axis=1) if drawn else np.empty((BLOCK, 0))
