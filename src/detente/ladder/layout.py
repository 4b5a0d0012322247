"""A ladder as flat arrays: which number feeds which rate, payoff or weight.

Every distinct number of the ladder gets one *slot*; a kernel reads `values[draw, segment, slot]`. Slot 0 holds 0 and slot 1 holds 1. Games are
unfolded over the moods of their players, and transitions that differ in source, target, origin or trigger are kept apart as *arcs*.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.games.tree import Atlas, Chance, Decision, Forest, Integers, Node, Terminal, compile_forest
from detente.ladder.model import DELIBERATE, CrisisGame, Ladder, Number, Tree, ends, is_end


class Layout(NamedTuple):
    """Index arrays for the kernels. `-1` means none."""

    forest: Forest
    game_order: Integers  # games whose priors hang on another game come after it
    game_rung: Integers
    game_tempo: Integers  # slot
    outcome_start: Integers  # game -> first outcome
    outcome_target: Integers  # rung
    outcome_payoff: Integers  # outcome x actor -> slot
    outcome_arc: Integers
    outcome_node: Integers
    mood_start: Integers  # game -> first group of moods
    mood_chance: Integers  # group -> first chance probability
    mood_size: Integers
    mood_source: Integers  # group -> game whose posterior it is, -1 for the stated prior
    chance_slot: Integers  # -1: what the others of its group leave
    posterior_start: Integers  # chance probability -> first outcome that reveals it
    posterior_outcome: Integers
    weight_slot: Integers  # action
    move_source: Integers
    move_target: Integers
    move_rate: Integers
    move_payoff: Integers  # move x actor -> slot
    move_arc: Integers
    flow: Integers  # rung x actor -> slot
    discount: Integers
    precision: Integers
    arc_source: Integers
    arc_target: Integers
    column_start: Integers  # game -> first of the unknowns that it depends on
    column: Integers  # rung * n_actors + actor for values, then the log-ratios


@dataclass(frozen=True)
class Arc:
    """A transition between two rungs with the labels that pathways are told by."""

    source: int
    target: int
    origin: str
    trigger: str


@dataclass(frozen=True, eq=False)
class Plan:
    """The layout with the names behind its indices; equal to itself alone. `numbers[slot]` is what the caller must evaluate; 0 and 1 come first."""

    ladder: Ladder
    layout: Layout
    atlas: Atlas
    arcs: tuple[Arc, ...]
    numbers: tuple[Number, ...]
    start: Integers  # rung -> slot
    outcome_names: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...]  # (game, moods, actions)
    slot_names: Mapping[int, tuple[str, ...]]  # what each number is used for

    @property
    def n_unknown(self) -> int:
        """Values of every rung and actor, and free log-ratios."""
        return len(self.ladder.rungs) * len(self.ladder.actors) + self.atlas.n_unknown


class _Slots:
    """Numbers to slots; equal keys share one."""

    def __init__(self) -> None:
        self.numbers: list[Number] = [0.0, 1.0]
        self.index: dict[Hashable, int] = {0.0: 0, 1.0: 1}
        self.uses: dict[int, list[str]] = {}

    def __call__(self, number: Number, use: str) -> int:
        key = key_of(number)
        if key not in self.index:
            self.index[key] = len(self.numbers)
            self.numbers.append(number)
        slot = self.index[key]
        self.uses.setdefault(slot, []).append(use)
        return slot


def key_of(number: Number) -> Hashable:
    """What tells a number of a ladder from the others."""
    return ("array", id(number)) if isinstance(number, np.ndarray) else number


def lay_out_anew(plan: Plan, ladder: Ladder) -> tuple[Plan, NDArray[np.int64]]:
    """The plan of a ladder some of whose numbers are other ones, and for each of its numbers the slot in `plan`: -1 where there is none."""
    anew = lay_out(ladder)
    slots = {key_of(number): slot for slot, number in enumerate(plan.numbers)}
    return anew, np.array([slots.get(key_of(number), -1) for number in anew.numbers])


@dataclass
class _Unfolding:
    """Games unfolded over the moods of their players: growing lists behind a layout."""

    ladder: Ladder
    slots: _Slots
    rung: Mapping[str, int]
    arcs: dict[Arc, int] = field(default_factory=dict)
    roots: list[Node] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)  # outcome -> rung
    payoffs: list[list[int]] = field(default_factory=list)  # outcome -> actor -> slot
    outcome_arcs: list[int] = field(default_factory=list)
    outcome_names: list[tuple[int, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)
    outcome_start: list[int] = field(default_factory=lambda: [0])
    mood_start: list[int] = field(default_factory=lambda: [0])
    mood_chance: list[int] = field(default_factory=list)
    mood_size: list[int] = field(default_factory=list)
    chance_slot: list[int] = field(default_factory=list)
    mood_names: list[tuple[int, str, str]] = field(default_factory=list)  # chance probability -> (game, player, mood)

    def arc(self, source: int, target: int, origin: str, trigger: str) -> int:
        return -1 if source == target else self.arcs.setdefault(Arc(source, target, origin, trigger), len(self.arcs))

    def add(self, index: int) -> None:
        """Lay a game out behind those before it."""
        game, first = self.ladder.games[index], dict[str, int]()
        for player, moods in game.moods.items():
            first[player] = len(self.chance_slot)
            self.mood_chance.append(len(self.chance_slot))
            self.mood_size.append(len(moods))
            for mood, share in moods.items():
                self.chance_slot.append(-1 if share is None else self.slots(share, f"chance that {player} is {mood} ({game.name})"))
                self.mood_names.append((index, player, mood))
        self.mood_start.append(len(self.mood_chance))
        self.roots.append(self.deal(index, first, tuple(game.moods), {}))
        self.outcome_start.append(len(self.targets))

    def deal(self, index: int, first: Mapping[str, int], players: tuple[str, ...], moods: Mapping[str, str]) -> Node:
        """Nature draws the moods of these players, one after the other, before the first move."""
        game = self.ladder.games[index]
        if not players:
            return self.unfold(index, game.tree, moods, ())
        player, *others = players
        return Chance(
            tuple((first[player] + k, mood, self.deal(index, first, tuple(others), {**moods, player: mood})) for k, mood in enumerate(game.moods[player]))
        )

    def unfold(self, index: int, tree: Tree, moods: Mapping[str, str], path: tuple[str, ...]) -> Node:
        """A game's tree as its players see it in these moods."""
        if is_end(tree):
            return self.end(index, tree, moods, path)
        ((player, branches),) = tree.items()
        return Decision(
            self.ladder.actors.index(player),
            (path, moods.get(player)),
            tuple((action, self.unfold(index, after, moods, (*path, action))) for action, after in branches.items()),
        )

    def end(self, index: int, end: Tree, moods: Mapping[str, str], path: tuple[str, ...]) -> Terminal:
        game = self.ladder.games[index]
        here, target, payoff = self.rung[game.at], self.rung[end.get("to", game.at)], end.get("payoff", {})
        row = []
        for actor in self.ladder.actors:
            amount: Any = payoff.get(actor, 0.0)
            amount = amount[moods[actor]] if isinstance(amount, Mapping) else amount
            row.append(self.slots(amount, f"payoff of {actor} at {game.name}: {' > '.join(path)}"))
        self.targets.append(target)
        self.payoffs.append(row)
        self.outcome_arcs.append(self.arc(here, target, end.get("origin", DELIBERATE), end.get("trigger", DELIBERATE)))
        self.outcome_names.append((index, tuple(moods.values()), path))
        return Terminal(len(self.targets) - 1)


def lay_out(ladder: Ladder) -> Plan:
    """Turn a checked ladder into arrays.

    Raises
    ------
    InvalidInput
        If a game's information cannot be computed (see `detente.games.tree`).
    """
    slots = _Slots()
    ladder = replace(ladder, games=tuple(replace(game, moods=telling_moods(game)) for game in ladder.games))
    rung = {name: index for index, name in enumerate(ladder.rung_names)}
    unfolded = _Unfolding(ladder, slots, rung)
    for index in range(len(ladder.games)):
        unfolded.add(index)
    forest, atlas = compile_forest(unfolded.roots, len(unfolded.chance_slot))
    source, reveals = _posteriors(unfolded)
    order = _order(ladder, unfolded.mood_start, source)
    outcome_node = np.full(len(unfolded.targets), -1)
    for node, outcome in enumerate(forest.node_outcome):
        if outcome >= 0:
            outcome_node[outcome] = node
    weight_slot = [
        slots(ladder.games[game].weights.get(action, 1.0), f"weight of {action} ({ladder.games[game].name})")
        for (game, _), actions in zip(atlas.infoset_names, atlas.actions, strict=True)
        for action in actions
    ]
    move_arc = [unfolded.arc(rung[m.source], rung[m.target], m.origin, m.trigger) for m in ladder.moves]
    columns = _columns(unfolded, forest, source, order)

    def integers(values: Any, width: int | None = None) -> Integers:
        array = np.asarray(values, dtype=np.int32)
        return array if width is None else array.reshape(-1, width)

    n_actors = len(ladder.actors)
    layout = Layout(
        forest=forest,
        game_order=integers(order),
        game_rung=integers([rung[game.at] for game in ladder.games]),
        game_tempo=integers([slots(game.tempo, f"tempo of {game.name}") for game in ladder.games]),
        outcome_start=integers(unfolded.outcome_start),
        outcome_target=integers(unfolded.targets),
        outcome_payoff=integers(unfolded.payoffs, n_actors),
        outcome_arc=integers(unfolded.outcome_arcs),
        outcome_node=integers(outcome_node),
        mood_start=integers(unfolded.mood_start),
        mood_chance=integers(unfolded.mood_chance),
        mood_size=integers(unfolded.mood_size),
        mood_source=integers(source),
        chance_slot=integers(unfolded.chance_slot),
        posterior_start=integers(np.concatenate([[0], np.cumsum([len(outcomes) for outcomes in reveals])])),
        posterior_outcome=integers([outcome for outcomes in reveals for outcome in outcomes]),
        weight_slot=integers(weight_slot),
        move_source=integers([rung[m.source] for m in ladder.moves]),
        move_target=integers([rung[m.target] for m in ladder.moves]),
        move_rate=integers([slots(m.rate, f"rate of {m.name}") for m in ladder.moves]),
        move_payoff=integers([[slots(m.payoff.get(a, 0.0), f"payoff of {a} at {m.name}") for a in ladder.actors] for m in ladder.moves], n_actors),
        move_arc=integers(move_arc),
        flow=integers([[slots(ladder.flow.get(r.name, {}).get(a, 0.0), f"stake of {a} on {r.name}") for a in ladder.actors] for r in ladder.rungs], n_actors),
        discount=integers([slots(ladder.discount[a], f"discount of {a}") for a in ladder.actors]),
        precision=integers([slots(ladder.precision[a], f"precision of {a}") for a in ladder.actors]),
        arc_source=integers([a.source for a in unfolded.arcs]),
        arc_target=integers([a.target for a in unfolded.arcs]),
        column_start=integers(np.concatenate([[0], np.cumsum([len(column) for column in columns])])),
        column=integers([unknown for column in columns for unknown in column]),
    )
    start = ladder.start or {ladder.rungs[0].name: 1.0}
    start_slots = integers([slots(start.get(name, 0.0), f"start at {name}") for name in ladder.rung_names])
    uses = {slot: tuple(use) for slot, use in slots.uses.items()}
    return Plan(ladder, layout, atlas, tuple(unfolded.arcs), tuple(slots.numbers), start_slots, tuple(unfolded.outcome_names), uses)


def _posteriors(unfolded: _Unfolding) -> tuple[list[int], list[list[int]]]:
    """For each group of moods the game whose posterior it takes, and for each mood the outcomes that count towards it."""
    ladder = unfolded.ladder
    by_name = {game.name: index for index, game in enumerate(ladder.games)}
    source = [-1] * len(unfolded.mood_chance)
    reveals: list[list[int]] = [[] for _ in unfolded.mood_names]
    for group, first in enumerate(unfolded.mood_chance):
        index, player, _ = unfolded.mood_names[first]
        here = ladder.rung(ladder.games[index].at)
        episode = ladder.rungs[here].episode
        if episode is None:
            continue
        feeder = by_name[episode]
        opener = ladder.games[feeder].opener
        if player != opener or player not in ladder.games[feeder].moods:
            continue
        source[group] = feeder
        position = list(ladder.games[feeder].moods).index(player)
        for chance in range(first, first + unfolded.mood_size[group]):
            mood = unfolded.mood_names[chance][2]
            reveals[chance] = [
                o
                for o, (game, moods, _) in enumerate(unfolded.outcome_names)
                if game == feeder and unfolded.targets[o] == here and moods[position] == mood
            ]
    return source, reveals


def _order(ladder: Ladder, mood_start: list[int], source: list[int]) -> list[int]:
    """Games in an order in which each comes after the game whose posterior it uses (episodes do not chain)."""
    needs = [{source[k] for k in range(mood_start[g], mood_start[g + 1])} - {-1} for g in range(len(ladder.games))]
    return sorted(range(len(ladder.games)), key=lambda g: (bool(needs[g]), g))


def _columns(unfolded: _Unfolding, forest: Forest, source: list[int], order: list[int]) -> list[list[int]]:
    """The unknowns that the play of each game depends on: values where it leads of those who chose on the way, its own log-ratios, its source's."""
    ladder, mood_start = unfolded.ladder, unfolded.mood_start
    n_actors, n_values = len(ladder.actors), len(ladder.rungs) * len(ladder.actors)
    columns: list[list[int]] = [[] for _ in ladder.games]
    for game in order:
        own: set[int] = set()
        for node in range(forest.node_start[game], forest.node_start[game + 1]):
            if forest.node_outcome[node] >= 0:
                first = unfolded.targets[forest.node_outcome[node]] * n_actors
                own |= {first + int(actor) for actor in forest.wanted[forest.wanted_start[node] : forest.wanted_start[node + 1]]}
        for infoset in range(forest.infoset_start[game], forest.infoset_start[game + 1]):
            if forest.unknown_start[infoset] >= 0:
                first = n_values + int(forest.unknown_start[infoset])
                own |= set(range(first, first + int(forest.infoset_size[infoset]) - 1))
        for group in range(mood_start[game], mood_start[game + 1]):
            if source[group] >= 0:
                own |= set(columns[source[group]])
        columns[game] = sorted(own)
    return columns


def telling_moods(game: CrisisGame) -> dict[str, Mapping[str, Number | None]]:
    """The moods that change some payoff of the game: the others cannot change behaviour and are not unfolded."""
    told = {actor for _, end in ends(game.tree) for actor, amount in end.get("payoff", {}).items() if isinstance(amount, Mapping)}
    return {player: moods for player, moods in game.moods.items() if player in told}


def values_of(plan: Plan, draws: int | None = None, segments: int | None = None) -> NDArray[np.float64]:
    """Fill `values[draw, segment, slot]` from numbers that are floats, arrays over draws, or arrays over draws and segments.

    Raises
    ------
    ValueError
        If the arrays disagree on the number of draws or segments.
    """
    arrays = [number for number in plan.numbers if isinstance(number, np.ndarray) and number.ndim >= 1]
    counts = []
    for axis, name, asked in ((0, "draws", draws), (1, "segments", segments)):
        # A single one stands for all.
        lengths = ({array.shape[axis] for array in arrays if array.ndim > axis} | ({asked} if asked is not None else set())) - {1}
        if len(lengths) > 1:
            raise ValueError(f"arrays over {name} have different lengths: {sorted(lengths)}")
        counts.append(lengths.pop() if lengths else 1)
    values = np.empty((*counts, len(plan.numbers)))
    for slot, number in enumerate(plan.numbers):
        array = np.asarray(number, dtype=float)
        values[:, :, slot] = array[:, None] if array.ndim == 1 else array
    return values
