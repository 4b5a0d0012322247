"""When chains first come to sets of their states: questions to the rates of many draws, answered exactly, never simulated.

What is asked of a ladder, and under which names, stands in `detente.ladder.outlook`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.errors import InvalidInput, Problem
from detente.ladder.questions import Question, lay_out_questions, lay_out_steps

Floats = NDArray[np.float64]
LARGEST_CHAIN = 500
BLOCK = 512
# Draws times segments from which on it pays to write sums out: that takes a millisecond each where machine code was kept. Judgement, by timing.
MANY = 2048


@dataclass(frozen=True)
class Piece:
    """A stretch of time inside one calendar segment.

    Attributes
    ----------
    segment : int
    years : float
    output : int
        Index of the output time at its end, or -1.
    """

    segment: int
    years: float
    output: int


@dataclass(frozen=True)
class Answers:
    """What the kernel gives: entered[draw, question, output], taken[draw, segment, sink], years[draw, state]."""

    entered: Floats
    taken: Floats
    years: Floats
    sink_start: NDArray[np.int64]


def first_passage(
    rates: Floats, start: Floats, pieces: Sequence[Piece], questions: Sequence[Question], *, threads: int | None = None, method: str = "either"
) -> Answers:
    """Answer questions for many chains.

    Parameters
    ----------
    rates : array, draw x segment x arc
        Per year.
    start : array, draw x state
    pieces : sequence of Piece
        In order of time.
    method : str
        `either` lets each draw choose; `sum` or `square` force one (for tests).

    Raises
    ------
    InvalidInput
        If a question has more than 500 rows and sinks.
    """
    from detente.games.tables import Table
    from detente.games.threads import over_draws
    from detente.ladder._chains import make_work
    from detente.ladder._jumps import SUMMING
    from detente.ladder._pace import find_paces, make_bound
    from detente.ladder._squaring import SQUARING
    from detente.ladder._transient import EITHER, ask
    from detente.ladder._written_out import BACKWARD, FORWARD, write_sums

    draws, n_segments, _ = rates.shape
    n_outputs = 1 + max((piece.output for piece in pieces), default=-1)
    if not questions:
        return Answers(np.zeros((draws, 0, n_outputs)), np.zeros((draws, n_segments, 0)), np.zeros((draws, 0)), np.zeros(1, dtype=np.int64))
    asked = lay_out_questions(tuple(questions))
    columns = np.diff(asked.row_start) + np.diff(asked.sink_start)
    if columns.max(initial=0) > LARGEST_CHAIN:
        raise InvalidInput(
            Problem("ladder", f"a question about it has {columns.max()} states", f"at most {LARGEST_CHAIN} are computed", "use fewer rungs or regimes")
        )
    ordered = [[piece for piece in pieces if piece.segment == segment] for segment in range(n_segments)]
    flat = [piece for own in ordered for piece in own]
    piece_start = np.concatenate([[0], np.cumsum([len(own) for own in ordered])]).astype(np.int64)
    years = np.array([piece.years for piece in flat])
    lengths = np.array([sum(piece.years for piece in own) for own in ordered])
    outputs = np.array([piece.output for piece in flat], dtype=np.int64)
    directions = {FORWARD if any(piece.output >= 0 for piece in own[:-1]) else BACKWARD for own in ordered}
    asked, sums = write_sums(asked, directions) if draws * n_segments >= MANY else (asked, [])
    rates, start = np.ascontiguousarray(rates), np.ascontiguousarray(start)
    steps = lay_out_steps(questions[0].arcs)
    slow, fast = np.zeros((2, draws, n_segments))
    over_draws(find_paces, draws, threads, Table(steps), rates, lengths, slow, fast, work=lambda: (Table(make_bound(steps)),), block=BLOCK)
    pace = (slow * fast / np.maximum(slow + fast, 1e-300)).max(axis=1, initial=0.0)

    def work(n_levels: int) -> tuple[Any, ...]:
        return (Table(make_work(asked, n_segments, rates.shape[2], start.shape[1], n_levels, len(flat), n_outputs)),)

    # Neighbours with like rates choose like methods; the answers do not depend on the order, so sixteenths of a power of two are near enough. What takes
    # longest comes first, so that no thread is left alone with it at the end.
    order = np.argsort((-16.0 * np.log2(pace + 1e-6)).astype(np.int16), kind="stable")
    longest = float(years.max(initial=0.0))
    # The finest span stored is 1 or less, however slow the chain.
    n_levels = int(np.ceil(np.log2(4.0 * max(float(fast.max(initial=0.0)), 1.0) * max(longest, 1.0)))) + 3
    entered = np.zeros((draws, len(questions), n_outputs))
    taken = np.zeros((draws, n_segments, int(asked.sink_start[-1])))
    spent = np.zeros((draws, max(int(np.diff(asked.row_start).max(initial=1)), 1)))
    forced = {"either": EITHER, "sum": SUMMING, "square": SQUARING}[method]
    over_draws(
        ask, draws, threads, Table(asked), order, rates, slow, fast, start, piece_start, years, outputs, forced, entered, taken, spent,
        work=lambda: work(n_levels), block=BLOCK,
    )  # fmt: skip
    del sums  # they were needed until here
    return Answers(entered, np.maximum(taken, 0.0, out=taken), spent, asked.sink_start)
