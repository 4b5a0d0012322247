"""What a ladder is: rungs, chance moves, crisis games and stakes, before any number is known.

A ladder is a continuous-time chain of *rungs*. On each rung chance *moves* fire at their rates and *crisis games* come up at their tempo; both
lead to other rungs. Every quantity in it is a *number*: a float, an array over draws (shape `draw` or `draw x segment`), or any hashable key
that the caller evaluates himself, such as a formula.

The structure is checked here once, in words; `detente.ladder.layout` turns it into arrays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from detente.errors import InvalidInput, Problem

Number: TypeAlias = Any  # float | ndarray[draw] | ndarray[draw, segment] | hashable key
Tree: TypeAlias = Mapping[str, Any]

DELIBERATE = "deliberate"
CHANCE = "chance"


@dataclass(frozen=True)
class Rung:
    """A state of the system.

    Parameters
    ----------
    name : str
    group : str, optional
        Rungs of one group are one level of the ladder, such as the crises that differ by origin.
    aside : bool
        Stands beside the order: reaching it is neither higher nor lower than any level.
    final : bool
        Nothing leads out of it.
    episode : str, optional
        Name of the crisis game that alone leads here: games on this rung start from what its first mover revealed by choosing to come.
    kind : str, optional
        Name of the rung without its background regime; the name itself where there is none.
    """

    name: str
    group: str | None = None
    aside: bool = False
    final: bool = False
    episode: str | None = None
    kind: str | None = None

    @property
    def label(self) -> str:
        """Name under which results report this rung."""
        return self.kind or self.name


@dataclass(frozen=True)
class Move:
    """A chance move from `source` to `target` at `rate` per year, with lump payoffs in own prizes."""

    name: str
    source: str
    target: str
    rate: Number
    payoff: Mapping[str, Number] = field(default_factory=dict)
    origin: str = CHANCE
    trigger: str = CHANCE


@dataclass(frozen=True)
class CrisisGame:
    """A game of observed actions that comes up at `tempo` meetings a year on rung `at`.

    Parameters
    ----------
    tree : mapping
        Either `{player: {action: tree, ...}}` or an end `{"to": rung, "payoff": {actor: number | {mood: number}}, "origin": str, "trigger": str}`.
        An end without `to` stays on the rung.
    moods : mapping
        `{player: {mood: probability}}`: private types, redrawn at every meeting; a probability of None takes what the others leave.
    weights : mapping
        `{action: weight}`: action weights of the logit choice, default 1.
    """

    name: str
    at: str
    tempo: Number
    tree: Tree
    moods: Mapping[str, Mapping[str, Number | None]] = field(default_factory=dict)
    weights: Mapping[str, Number] = field(default_factory=dict)

    @property
    def opener(self) -> str:
        """The player who moves first."""
        return next(iter(self.tree))


@dataclass(frozen=True)
class Ladder:
    """Rungs bottom to top, actors, what moves the system and what each actor has at stake.

    Parameters
    ----------
    flow : mapping
        `{rung: {actor: number}}`, prizes per year while on the rung; 0 where not given. A final rung worth F has flow discount * F.
    discount : mapping
        `{actor: number}`, per year.
    precision : mapping
        `{actor: number}`, per prize: lambda of the logit choice.
    start : mapping
        `{rung: probability}`; the first rung where not given.

    Raises
    ------
    InvalidInput
        With every structural problem: unknown names, a rung that nothing leads to, no way out of a rung that is not final, an
        information structure that cannot be computed.
    """

    rungs: tuple[Rung, ...]
    actors: tuple[str, ...]
    moves: tuple[Move, ...] = ()
    games: tuple[CrisisGame, ...] = ()
    flow: Mapping[str, Mapping[str, Number]] = field(default_factory=dict)
    discount: Mapping[str, Number] = field(default_factory=dict)
    precision: Mapping[str, Number] = field(default_factory=dict)
    start: Mapping[str, Number] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problems = list(check(self))
        if problems:
            raise InvalidInput(problems)

    @property
    def rung_names(self) -> tuple[str, ...]:
        return tuple(rung.name for rung in self.rungs)

    def rung(self, name: str) -> int:
        """Index of a rung."""
        return self.rung_names.index(name)


def ends(tree: Tree) -> Iterator[tuple[tuple[str, ...], Tree]]:
    """Every end of a tree with the actions that lead there."""
    if is_end(tree):
        yield (), tree
        return
    for branches in tree.values():
        for action, after in branches.items():
            for path, end in ends(after):
                yield (action, *path), end


def is_end(tree: Tree) -> bool:
    """Whether a tree is an end of the game: it has none but an end's keys."""
    return set(tree) <= {"to", "payoff", "origin", "trigger"}


def check(ladder: Ladder) -> Iterator[Problem]:
    """Structural problems of a ladder, each with a remedy."""
    rungs = set(ladder.rung_names)
    actors = set(ladder.actors)
    if len(rungs) < len(ladder.rungs):
        yield Problem("rungs", "two rungs share a name", "results are reported by name", "rename one")
    for actor in ladder.actors:
        for what, table in (("discount", ladder.discount), ("precision", ladder.precision)):
            if actor not in table:
                yield Problem(f"{what}", f"{actor} has none", "its choices cannot be computed without", f"give {what}[{actor!r}]")
    for move in ladder.moves:
        for end in (move.source, move.target):
            if end not in rungs:
                yield Problem(f"move {move.name}", f"{end!r} is no rung", "", f"use one of {', '.join(sorted(rungs))}")
    by_name = {game.name for game in ladder.games}
    for game in ladder.games:
        where = f"game {game.name}"
        if game.at not in rungs:
            yield Problem(where, f"{game.at!r} is no rung", "", f"use one of {', '.join(sorted(rungs))}")
        yield from _check_tree(game.tree, where, actors, rungs, dict(game.moods))
        for player, moods in game.moods.items():
            if sum(1 for share in moods.values() if share is None) > 1:
                yield Problem(where, f"two moods of {player} have no probability", "only one can take the rest", "state all but one")
    for rung in ladder.rungs:
        if rung.episode is not None and rung.episode not in by_name:
            yield Problem(f"rung {rung.name}", f"episode {rung.episode!r} is no game", "", "name the game that leads here")
    yield from _check_ways(ladder)


def _check_tree(tree: Tree, where: str, actors: set[str], rungs: set[str], moods: Mapping[str, Any]) -> Iterator[Problem]:
    if is_end(tree):
        target = tree.get("to")
        if target is not None and target not in rungs:
            yield Problem(where, f"an end leads to {target!r}, which is no rung", "", f"use one of {', '.join(sorted(rungs))}")
        for actor, amount in tree.get("payoff", {}).items():
            if actor not in actors:
                yield Problem(where, f"a payoff is given to {actor!r}, who is no actor", "", f"use one of {', '.join(sorted(actors))}")
            elif isinstance(amount, Mapping) and set(amount) != set(moods.get(actor, ())):
                yield Problem(where, f"the payoff by mood of {actor} does not list its moods", "", f"give {', '.join(moods.get(actor, ['one amount']))}")
        return
    if len(tree) != 1:
        yield Problem(where, "a node names several players", "one player moves at a node", "nest the second player below an action of the first")
        return
    ((player, branches),) = tree.items()
    if player not in actors:
        yield Problem(where, f"{player!r} moves but is no actor", "", f"use one of {', '.join(sorted(actors))}")
    if len(branches) < 2:
        yield Problem(where, f"{player} has fewer than two actions at a node", "a choice needs two", "drop the node or add an action")
    for after in branches.values():
        yield from _check_tree(after, where, actors, rungs, moods)


def _reached(begins: set[str], arrows: list[tuple[str, str]]) -> set[str]:
    """Every rung to which a way leads from one of `begins`."""
    reached, ahead = set(begins), list(begins)
    while ahead:
        here = ahead.pop()
        for source, target in arrows:
            if source == here and target not in reached:
                reached.add(target)
                ahead.append(target)
    return reached


def _check_ways(ladder: Ladder) -> Iterator[Problem]:
    """Ways in and out of every rung."""
    arrows = [(move.source, move.target) for move in ladder.moves]
    feeders: dict[str, set[str]] = {}
    for game in ladder.games:
        for _, end in ends(game.tree):
            target = end.get("to", game.at)
            arrows.append((game.at, target))
            if target != game.at:
                feeders.setdefault(target, set()).add(game.name)
    begins = set(ladder.start) or {ladder.rungs[0].name}
    entered = {target for source, target in arrows if source != target} | begins
    # Behind a rung that nothing leads to there may be others: it alone is told.
    reached = _reached({rung.name for rung in ladder.rungs if rung.name not in entered} | begins, arrows)
    label = {rung.name: rung.label for rung in ladder.rungs}
    # A change of the background leaves the rung what it is; its opener then counts as one who chose in the new state.
    fed_by_chance = {move.target for move in ladder.moves if label.get(move.target) != label.get(move.source)}
    for rung in ladder.rungs:
        leaves = any(source == rung.name and target != rung.name for source, target in arrows)
        where = f"rung {rung.name}"
        if rung.name not in entered:
            yield Problem(where, "no move or game leads here", "it can never be reached", "add a move to it or remove it")
        elif rung.name not in reached:
            what, why = "nothing leads here from where the system starts", "only rungs that are out of reach themselves lead to it"
            yield Problem(where, what, why, "add a move to it or remove it")
        if not leaves and not rung.final:
            yield Problem(where, "no way leads out", "the system would stay for ever", "add a move or mark it `final: true`")
        if leaves and rung.final:
            yield Problem(where, "a way leads out of a final rung", "final means that nothing follows", "drop `final` or the move")
        if rung.episode is not None and rung.episode in {g.name for g in ladder.games}:
            if feeders.get(rung.name, set()) != {rung.episode} or rung.name in fed_by_chance:
                yield Problem(
                    where, f"something other than game {rung.episode!r} leads here too", "then the opener's posterior is not his choice alone",
                    "lead other ways to a rung of their own in the same group",
                )  # fmt: skip
