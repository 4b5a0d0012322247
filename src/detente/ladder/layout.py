"""A ladder as flat arrays: which number feeds which rate, payoff or weight.

Every distinct number of the ladder gets one *slot*; a kernel reads `values[draw, segment, slot]`. Slot 0 holds 0 and slot 1 holds 1. Games are
unfolded over the moods of their players, and transitions that differ in source, target, origin or trigger are kept apart as *arcs*.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Plan:
    """The layout with the names behind its indices. `numbers[slot]` is what the caller must evaluate; 0 and 1 come first."""

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


def lay_out(ladder: Ladder) -> Plan:
    """Turn a checked ladder into arrays.

    Raises
    ------
    InvalidInput
        If a game's information cannot be computed (see `detente.games.tree`).
    """
    slots = _Slots()
    games = tuple(replace(game, moods=telling_moods(game)) for game in ladder.games)
    ladder = replace(ladder, games=games)
    rung = {name: index for index, name in enumerate(ladder.rung_names)}
    arcs: dict[Arc, int] = {}

    def arc(source: int, target: int, origin: str, trigger: str) -> int:
        return -1 if source == target else arcs.setdefault(Arc(source, target, origin, trigger), len(arcs))

    roots: list[Node] = []
    targets: list[int] = []
    payoffs: list[list[int]] = []
    outcome_arcs: list[int] = []
    outcome_names: list[tuple[int, tuple[str, ...], tuple[str, ...]]] = []
    outcome_start, mood_start = [0], [0]
    mood_chance: list[int] = []
    mood_size: list[int] = []
    chance_slot: list[int] = []
    mood_names: list[tuple[int, str, str]] = []  # chance probability -> (game, player, mood)
    for index, game in enumerate(games):
        here = rung[game.at]
        first_chance: dict[str, int] = {}
        for player, moods in game.moods.items():
            first_chance[player] = len(chance_slot)
            mood_chance.append(len(chance_slot))
            mood_size.append(len(moods))
            for mood, share in moods.items():
                chance_slot.append(-1 if share is None else slots(share, f"chance that {player} is {mood} ({game.name})"))
                mood_names.append((index, player, mood))
        mood_start.append(len(mood_chance))

        def unfold(tree: Tree, moods: Mapping[str, str], path: tuple[str, ...], game: CrisisGame = game, index: int = index, here: int = here) -> Node:
            if is_end(tree):
                target = rung[tree.get("to", game.at)]
                payoff = tree.get("payoff", {})
                row = []
                for actor in ladder.actors:
                    amount: Any = payoff.get(actor, 0.0)
                    amount = amount[moods[actor]] if isinstance(amount, Mapping) else amount
                    row.append(slots(amount, f"payoff of {actor} at {game.name}: {' > '.join(path)}"))
                targets.append(target)
                payoffs.append(row)
                outcome_arcs.append(arc(here, target, tree.get("origin", DELIBERATE), tree.get("trigger", DELIBERATE)))
                outcome_names.append((index, tuple(moods.values()), path))
                return Terminal(len(targets) - 1)
            ((player, branches),) = tree.items()
            return Decision(
                ladder.actors.index(player),
                (path, moods.get(player)),
                tuple((action, unfold(after, moods, (*path, action))) for action, after in branches.items()),
            )

        def deal(players: tuple[str, ...], moods: dict[str, str], game: CrisisGame = game, first: Mapping[str, int] = first_chance) -> Node:
            if not players:
                return unfold(game.tree, moods, (), game)
            player, *others = players
            return Chance(
                tuple(
                    (first[player] + k, mood, deal(tuple(others), {**moods, player: mood}, game, first)) for k, mood in enumerate(game.moods[player])
                )
            )

        roots.append(deal(tuple(game.moods), {}))
        outcome_start.append(len(targets))

    forest, atlas = compile_forest(roots, len(chance_slot))
    source, reveals = _posteriors(ladder, mood_chance, mood_size, mood_names, targets, outcome_names)
    order = _order(ladder, mood_start, source)

    outcome_node = np.full(len(targets), -1)
    for node, outcome in enumerate(forest.node_outcome):
        if outcome >= 0:
            outcome_node[outcome] = node
    weight_slot = [
        slots(ladder.games[game].weights.get(action, 1.0), f"weight of {action} ({ladder.games[game].name})")
        for (game, _), actions in zip(atlas.infoset_names, atlas.actions, strict=True)
        for action in actions
    ]
    move_arc = [arc(rung[m.source], rung[m.target], m.origin, m.trigger) for m in ladder.moves]
    columns = _columns(ladder, forest, outcome_start, targets, mood_start, source, order)

    def integers(values: Any, width: int | None = None) -> Integers:
        array = np.asarray(values, dtype=np.int32)
        return array if width is None else array.reshape(-1, width)

    n_actors = len(ladder.actors)
    layout = Layout(
        forest=forest,
        game_order=integers(order),
        game_rung=integers([rung[game.at] for game in ladder.games]),
        game_tempo=integers([slots(game.tempo, f"tempo of {game.name}") for game in ladder.games]),
        outcome_start=integers(outcome_start),
        outcome_target=integers(targets),
        outcome_payoff=integers(payoffs, n_actors),
        outcome_arc=integers(outcome_arcs),
        outcome_node=integers(outcome_node),
        mood_start=integers(mood_start),
        mood_chance=integers(mood_chance),
        mood_size=integers(mood_size),
        mood_source=integers(source),
        chance_slot=integers(chance_slot),
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
        arc_source=integers([a.source for a in arcs]),
        arc_target=integers([a.target for a in arcs]),
        column_start=integers(np.concatenate([[0], np.cumsum([len(column) for column in columns])])),
        column=integers([unknown for column in columns for unknown in column]),
    )
    start = ladder.start or {ladder.rungs[0].name: 1.0}
    start_slots = integers([slots(start.get(name, 0.0), f"start at {name}") for name in ladder.rung_names])
    uses = {slot: tuple(use) for slot, use in slots.uses.items()}
    return Plan(ladder, layout, atlas, tuple(arcs), tuple(slots.numbers), start_slots, tuple(outcome_names), uses)


def _posteriors(
    ladder: Ladder,
    mood_chance: list[int],
    mood_size: list[int],
    mood_names: list[tuple[int, str, str]],
    targets: list[int],
    outcome_names: list[tuple[int, tuple[str, ...], tuple[str, ...]]],
) -> tuple[list[int], list[list[int]]]:
    """For each group of moods the game whose posterior it takes, and for each mood the outcomes that count towards it."""
    by_name = {game.name: index for index, game in enumerate(ladder.games)}
    source = [-1] * len(mood_chance)
    reveals: list[list[int]] = [[] for _ in mood_names]
    for group, first in enumerate(mood_chance):
        index, player, _ = mood_names[first]
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
        for chance in range(first, first + mood_size[group]):
            mood = mood_names[chance][2]
            reveals[chance] = [
                o for o, (game, moods, _) in enumerate(outcome_names) if game == feeder and targets[o] == here and moods[position] == mood
            ]
    return source, reveals


def _order(ladder: Ladder, mood_start: list[int], source: list[int]) -> list[int]:
    """Games in an order in which each comes after the game whose posterior it uses (episodes do not chain)."""
    needs = [{source[k] for k in range(mood_start[g], mood_start[g + 1])} - {-1} for g in range(len(ladder.games))]
    return sorted(range(len(ladder.games)), key=lambda g: (bool(needs[g]), g))


def _columns(
    ladder: Ladder,
    forest: Forest,
    outcome_start: list[int],
    targets: list[int],
    mood_start: list[int],
    source: list[int],
    order: list[int],
) -> list[list[int]]:
    """The unknowns that the play of each game depends on: values where it can lead, its own log-ratios, and those of its source."""
    n_actors, n_values = len(ladder.actors), len(ladder.rungs) * len(ladder.actors)
    columns: list[list[int]] = [[] for _ in ladder.games]
    for game in order:
        own: set[int] = set()
        for rung in {targets[o] for o in range(outcome_start[game], outcome_start[game + 1])}:
            own |= set(range(rung * n_actors, (rung + 1) * n_actors))
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
