"""Questions about a ladder, each put as a chain of its own whose sinks are what is asked for.

- entering a set: states of the set are sinks, one each;
- first a, then b: the states before a was entered, then those after; b is the sink of the second phase, and entering b first is lost;
- pathways into a set: every state is told apart by the origin of the episode (the label of the arc that left the first rung), and there is one
  sink for each origin and trigger (the label of the arc into the set);
- years on each rung: the whole ladder, nothing is a sink.

A row from which no sink can be reached is merged into one sink that nobody reads (`lost`), so that it costs nothing. Kernels answer all questions of
a ladder in one pass (`detente.ladder._transient`).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from detente.ladder.layout import Arc
from detente.ladder.names import Masks

if TYPE_CHECKING:
    from detente.ladder._chains import Questions

LOST = ("lost",)
UNDER_WAY = "under way"


@dataclass(frozen=True, eq=False)
class Question:
    """A chain before it is laid out; equal to itself alone.

    Attributes
    ----------
    arcs : tuple of Arc
        Of the ladder.
    edges : mapping
        `{row: {row or sink: arcs}}`; rows and sinks are any hashable names. What leaves a row is what leaves one state of the ladder.
    sinks : tuple
        What is asked for, in the order in which answers come.
    seeds : mapping
        `{state: row or sink}` in which its share of the start stands.
    timed : bool
        Whether the years spent on each row are asked for.
    """

    arcs: tuple[Arc, ...]
    edges: Mapping[Hashable, Mapping[Hashable, tuple[int, ...]]]
    sinks: tuple[Hashable, ...]
    seeds: Mapping[int, Hashable]
    timed: bool = False


def entering(arcs: Sequence[Arc], target: Masks) -> Question:
    """First passage into the states of `target`; sink s is its state s."""
    edges: dict[Hashable, dict[Hashable, tuple[int, ...]]] = {("at", s): {} for s in range(len(target)) if not target[s]}
    for index, arc in enumerate(arcs):
        if not target[arc.source]:
            _join(edges, ("at", arc.source), _state(arc.target, target), index)
    sinks = tuple(("in", s) for s in np.flatnonzero(target).tolist())
    return Question(tuple(arcs), edges, sinks, {s: _state(s, target) for s in range(len(target))})


def first_then(arcs: Sequence[Arc], first: Masks, then: Masks) -> Question:
    """Entering `first`, and `then` strictly after it; one sink."""
    edges: dict[Hashable, dict[Hashable, tuple[int, ...]]] = {}
    done = ("then",)

    def before(state: int) -> Hashable:
        return LOST if then[state] else ("after", state) if first[state] else ("before", state)

    for index, arc in enumerate(arcs):
        if not then[arc.source]:
            _join(edges, ("after", arc.source), done if then[arc.target] else ("after", arc.target), index)
            if not first[arc.source]:
                _join(edges, ("before", arc.source), before(arc.target), index)
    return Question(tuple(arcs), edges, (done,), {s: before(s) for s in range(len(first))})


def pathways(arcs: Sequence[Arc], base: Masks, target: Masks, origins: Sequence[str], triggers: Sequence[str]) -> Question:
    """Entering `target`, by origin of the episode and trigger of the last step; sinks run over origins, then triggers."""
    edges: dict[Hashable, dict[Hashable, tuple[int, ...]]] = {}

    def onward(arc: Arc, origin: str) -> Hashable:
        return ("in", origin, arc.trigger) if target[arc.target] else place(arc.target, origin)

    def place(state: int, origin: str) -> Hashable:
        return ("base", state) if base[state] else (origin, state)

    for index, arc in enumerate(arcs):
        if target[arc.source]:
            continue
        if base[arc.source]:
            _join(edges, ("base", arc.source), onward(arc, arc.origin), index)
        else:
            for origin in origins:
                _join(edges, (origin, arc.source), onward(arc, origin), index)
    sinks = tuple(("in", origin, trigger) for origin in origins for trigger in triggers)
    seeds = {s: ("in", UNDER_WAY, UNDER_WAY) if target[s] else place(s, UNDER_WAY) for s in range(len(base))}
    return Question(tuple(arcs), edges, sinks, seeds)


def whereabouts(arcs: Sequence[Arc], n_states: int) -> Question:
    """The years spent on every state."""
    edges: dict[Hashable, dict[Hashable, tuple[int, ...]]] = {s: {} for s in range(n_states)}
    for index, arc in enumerate(arcs):
        _join(edges, arc.source, arc.target, index)
    return Question(tuple(arcs), edges, (), {s: s for s in range(n_states)}, timed=True)


def _state(state: int, target: Masks) -> Hashable:
    return ("in", state) if target[state] else ("at", state)


def _join(edges: dict[Hashable, dict[Hashable, tuple[int, ...]]], row: Hashable, column: Hashable, arc: int) -> None:
    if row != column:
        columns = edges.setdefault(row, {})
        columns[column] = (*columns.get(column, ()), arc)


@dataclass
class _Flat:
    """Growing lists behind `Questions`."""

    row_start: list[int] = field(default_factory=lambda: [0])
    sink_start: list[int] = field(default_factory=lambda: [0])
    lossy: list[int] = field(default_factory=list)
    edge_start: list[int] = field(default_factory=lambda: [0])
    edge_column: list[int] = field(default_factory=list)
    arc_start: list[int] = field(default_factory=lambda: [0])
    arc: list[int] = field(default_factory=list)
    seed_start: list[int] = field(default_factory=lambda: [0])
    seed_state: list[int] = field(default_factory=list)
    seed_column: list[int] = field(default_factory=list)
    timed: list[int] = field(default_factory=list)
    class_first: list[int] = field(default_factory=list)
    fullness: list[float] = field(default_factory=list)
    written_out: list[list[int]] = field(default_factory=list)


@lru_cache(maxsize=64)
def lay_out_questions(questions: tuple[Question, ...]) -> Questions:
    """Flat arrays for the kernel, kept: every chunk of a run asks the same. Every chain has its own sinks, then `lost` where something is."""
    from detente.ladder._chains import Questions

    flat = _Flat()
    for question in questions:
        within = _within(question)
        rows = [row for row in _useful(question) if row in within]
        # Years are told by row, in the order of the states.
        rows, first, fullness = (rows, [0] * len(rows), 1.0) if question.timed else _in_order(rows, question.edges)
        flat.class_first += first
        flat.fullness.append(fullness)
        columns: dict[Hashable, int] = {name: index for index, name in enumerate([*rows, *question.sinks, LOST])}
        for row in rows:
            merged: dict[int, tuple[int, ...]] = {}
            for column, arcs in question.edges[row].items():
                place = columns.get(column, columns[LOST])
                merged[place] = (*merged.get(place, ()), *arcs)
            for place, arcs in merged.items():
                flat.edge_column.append(place)
                flat.arc += arcs
                flat.arc_start.append(len(flat.arc))
            flat.edge_start.append(len(flat.edge_column))
        for state, name in question.seeds.items():
            flat.seed_state.append(state)
            flat.seed_column.append(columns.get(name, columns[LOST]))
        flat.seed_start.append(len(flat.seed_state))
        flat.row_start.append(flat.row_start[-1] + len(rows))
        lossy = columns[LOST] in flat.edge_column[flat.edge_start[flat.row_start[-2]] :] + flat.seed_column[flat.seed_start[-2] :]
        flat.lossy.append(int(lossy))
        flat.sink_start.append(flat.sink_start[-1] + len(question.sinks) + lossy)
        flat.timed.append(int(question.timed))
    flat.written_out = [[0, 0] for _ in questions]
    arrays: dict[str, Any] = {
        name: np.asarray(values, dtype=np.float64 if name == "fullness" else np.int64) for name, values in vars(flat).items()
    }
    return Questions(**arrays)


class Steps(NamedTuple):
    """A ladder as flat arrays."""

    edge_start: Any  # state -> first edge
    edge_column: Any  # edge -> state that it leads to
    arc_start: Any  # edge -> first arc
    arc: Any


@lru_cache(maxsize=64)
def lay_out_steps(arcs: tuple[Arc, ...]) -> Steps:
    """All arcs of a ladder, by the states between which they lead."""
    between: dict[tuple[int, int], list[int]] = {}
    for index, arc in enumerate(arcs):
        between.setdefault((arc.source, arc.target), []).append(index)
    edges = sorted(edge for edge in between if edge[0] != edge[1])
    n_states = 1 + max((max(arc.source, arc.target) for arc in arcs), default=0)
    edge_start = np.searchsorted([source for source, _ in edges], np.arange(n_states + 1))
    arc_start = np.cumsum([0, *(len(between[edge]) for edge in edges)])
    columns, own = [target for _, target in edges], [arc for edge in edges for arc in between[edge]]
    return Steps(edge_start, np.array(columns, dtype=np.int64), arc_start, np.array(own, dtype=np.int64))


def _in_order(
    rows: list[Hashable], edges: Mapping[Hashable, Mapping[Hashable, tuple[int, ...]]]
) -> tuple[list[Hashable], list[int], float]:
    """Rows such that no edge leads to an earlier class of rows that lead to each other, so that powers of P are block triangular.

    Returns the rows, the first row of each one's class, and the share of the products of a full matrix that is left.
    """
    place = {row: index for index, row in enumerate(rows)}
    leads = np.eye(len(rows), dtype=bool)
    for row in rows:
        for column in edges[row]:
            if column in place:
                leads[place[row], place[column]] = True
    for _ in range(len(rows).bit_length()):
        leads = leads @ leads
    mutual = leads & leads.T
    rank = sorted(range(len(rows)), key=lambda row: (-int(leads[row].sum()), int(mutual[row].argmax()), row))
    first = [int(own.argmax()) for own in mutual[np.ix_(rank, rank)]]
    triples = float((leads.sum(axis=0) * leads.sum(axis=1)).sum()) / max(len(rows), 1) ** 3
    return [rows[index] for index in rank], first, triples


def _useful(question: Question) -> list[Hashable]:
    """Rows from which a sink can be reached; all of them where years are asked for."""
    if question.timed:
        return list(question.edges)
    wanted: set[Hashable] = set(question.sinks)
    grown = True
    while grown:
        found = {row for row, columns in question.edges.items() if row not in wanted and any(column in wanted for column in columns)}
        grown = bool(found)
        wanted |= found
    return [row for row in question.edges if row in wanted]


def _within(question: Question) -> set[Hashable]:
    """Rows and sinks at which mass can ever stand."""
    seen: set[Hashable] = set(question.seeds.values())
    waiting = list(seen)
    while waiting:
        for column in question.edges.get(waiting.pop(), ()):
            if column not in seen:
                seen.add(column)
                waiting.append(column)
    return seen
