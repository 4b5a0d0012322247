"""Games of the catalogue and of .efg files as forms of crisis games: who moves when, with which private types.

A form is a tree without numbers. What an end is worth comes from the scenario: it leads to a rung, whose value the equilibrium finds, and may cost a lump on
the way. So the payoffs and chances of the catalogue or the file are not used. What fits on a rung is a game of observed actions whose chance moves, if any,
stand at the root and draw each player's private type; it is at most `LONGEST_PATH` moves long. Everything else is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

from detente.document import Document, instead
from detente.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from detente.games import Game
    from detente.games.tree import Node
    from detente.scenario.rungs import GameItem

WHY = "on a rung everybody sees every action, and only moods are private"
LONGEST_PATH = 100  # moves: judgement


@dataclass(frozen=True)
class Form:
    """A tree without numbers.

    Attributes
    ----------
    players : tuple of str
        Those who move.
    tree : mapping
        `{player: {action: tree}}`, or the name of an end.
    types : mapping of player to tuple of str
        Private types, of those who have some.
    ends : tuple of str
        The label of the end, or the actions that lead there joined by dots where it has none.
    """

    players: tuple[str, ...]
    tree: Any
    types: Mapping[str, tuple[str, ...]]
    ends: tuple[str, ...]


def read_files(document: Document) -> tuple[Document, list[Problem]]:
    """Put the text of .efg files in place of their names, so that the document stands alone and its digest covers them.

    A file that cannot be read or holds no game is told with its line; its name stays where it is.
    """
    from detente.games import load

    games, problems = document.data.get("games"), list[Problem]()
    if not isinstance(games, Mapping):
        return document, problems
    changed: dict[str, Any] = {}
    for name, game in games.items():
        form = game.get("form") if isinstance(game, Mapping) else None
        file = form.get("file") if isinstance(form, Mapping) else None
        if form != {"file": file} or not isinstance(file, str):
            continue
        place = ("games", name, "form", "file")
        path = Path(document.place.find(place).file).parent / file
        if not path.is_file():
            what = f"{file!r} is a directory" if path.is_dir() else f"there is no file {file!r}"
            problems.append(Problem(document.where(place), what, f"it is looked for as {path}", "give the path of an .efg file"))
            continue
        try:
            load(path)
        except InvalidInput as error:
            problems += error.problems
        else:
            changed[name] = {**game, "form": {"efg": path.read_text(encoding="utf-8-sig")}}
    return replace(document, data={**document.data, "games": {**games, **changed}}) if changed else document, problems


def form_of(item: GameItem) -> Form:
    """The form that a game names.

    Raises
    ------
    InvalidInput
        If there is no such game, or it does not fit on a rung.
    """
    assert item.form is not None
    return _catalogued(item.form.catalogue) if item.form.catalogue is not None else _written(item.form.efg or "")


def tree_of(item: GameItem) -> Mapping[str, Any]:
    """The tree of a game with actors and ends: its own, or that of its form filled in."""
    return item.tree if item.tree is not None else _filled(form_of(item).tree, item)


def _filled(tree: Any, item: GameItem) -> dict[str, Any]:
    if isinstance(tree, str):
        return dict(item.ends[tree] or {})
    return {item.players[player]: {action: _filled(after, item) for action, after in branches.items()} for player, branches in tree.items()}


@cache
def _catalogued(name: str) -> Form:
    from detente import games

    entries = {entry.name: entry for entry in games.catalogue(form="game")}
    if name not in entries:
        raise InvalidInput(Problem("form", f"{name!r} is no game of the catalogue", "", instead(name, entries, f"use one of {', '.join(entries)}")))
    entry = entries[name]
    # Its numbers are not used, but it cannot be made without; types of equal chance all appear.
    return _stripped(entry.make(**dict.fromkeys(entry.probabilities, 1 / (1 + len(entry.probabilities)))))


@cache
def _written(text: str) -> Form:
    from detente.games import loads

    try:
        game = loads(text, "text")
    except InvalidInput as error:
        raise InvalidInput([replace(problem, what=f"{problem.where}: {problem.what}") for problem in error.problems]) from None
    return _stripped(game)


def _stripped(game: Game) -> Form:
    """The form of a game.

    Raises
    ------
    InvalidInput
        If it does not fit on a rung.
    """
    walk = _Walk(game)
    profiles = walk.profiles(game.root, ())
    tree = walk.down([node for _, node in profiles], ())
    types: dict[str, tuple[str, ...]] = {}
    for player, classes in walk.knows.items():
        kinds = sorted(set(classes), key=classes.index)
        if len(kinds) > 1:
            drawn = [[labels for (labels, _), other in zip(profiles, classes, strict=True) if other == kind] for kind in kinds]
            types[player] = tuple(_kind(player, labels, k) for k, labels in enumerate(drawn))
    if prod(map(len, types.values())) != len(profiles):
        raise _unfit("some chance at the root draws what no mover is told, or what two are told", "give each player a type of his own")
    return Form(tuple(walk.knows), tree, types, tuple(dict.fromkeys(walk.ends)))


def _kind(player: str, drawn: list[tuple[str, ...]], place: int) -> str:
    """The name of a type: what chance calls it, less the player's own name."""
    common = [label for label in drawn[0] if label and all(label in labels for labels in drawn)]
    own = [label.removesuffix(f" {player}").removeprefix(f"{player} ") for label in common]
    return next((short for label, short in zip(common, own, strict=True) if short != label), own[0] if len(own) == 1 else f"type_{place + 1}")


def _unfit(what: str, remedy: str) -> InvalidInput:
    return InvalidInput(Problem("form", what, WHY, remedy))


def _short(path: tuple[str, ...]) -> None:
    if len(path) > LONGEST_PATH:
        raise InvalidInput(Problem("form", f"a path of more than {LONGEST_PATH} moves", "a game on a rung is one meeting", "give a shorter game"))


@dataclass
class _Walk:
    """Goes down the trees of all draws of types at once."""

    game: Game
    knows: dict[str, list[int]] = field(default_factory=dict)  # player: which draws of types he can tell apart
    ends: list[str] = field(default_factory=list)
    seen: set[Any] = field(default_factory=set)

    def profiles(self, node: Node, labels: tuple[str, ...]) -> list[tuple[tuple[str, ...], Node]]:
        """The draws of types, and what is played after each."""
        from detente.games import Chance

        if not isinstance(node, Chance):
            return [(labels, node)]
        _short(labels)
        return [found for _, label, child in node.branches for found in self.profiles(child, (*labels, label))]

    def down(self, nodes: Sequence[Any], history: tuple[str, ...]) -> Any:
        from detente.games import Chance, Decision, Terminal

        _short(history)
        first = nodes[0]
        if any(isinstance(node, Chance) for node in nodes):
            raise _unfit(f"chance moves after {', '.join(history)}", "write that part as a chance move of the ladder")
        if any(type(node) is not type(first) for node in nodes):
            raise _unfit("what can be done hangs on a type", "let every type have the same actions")
        if isinstance(first, Terminal):
            labels = {node.label for node in nodes}
            self.ends.append(labels.pop() if len(labels) == 1 and first.label else ".".join(history))
            return self.ends[-1]
        assert isinstance(first, Decision)
        actions = [label for label, _ in first.branches]
        if any(node.player != first.player or [label for label, _ in node.branches] != actions for node in nodes):
            raise _unfit("what can be done hangs on a type", "let every type have the same actions")
        player, infosets = self.game.players[first.player], [node.infoset for node in nodes]
        if self.seen & set(infosets):
            raise _unfit(f"{player} cannot tell two histories apart", "use a game of observed actions")
        self.seen |= set(infosets)
        classes = [infosets.index(infoset) for infoset in infosets]
        if self.knows.setdefault(player, classes) != classes:
            raise _unfit(f"what {player} knows of types changes on the way", "let him know his own type and no more")
        return {player: {action: self.down([node.branches[k][1] for node in nodes], (*history, action)) for k, action in enumerate(actions)}}
