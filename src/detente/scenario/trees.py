"""The trees of crisis games: who moves, what he may do, where it ends and what is paid there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.document import Formula
from detente.errors import InvalidInput, Problem
from detente.ladder import is_end
from detente.scenario.build import HERE
from detente.scenario.checking import PRIZE, Checking, Path
from detente.scenario.schema import GameItem

END = ("to", "payoff", "origin", "trigger")


def check_trees(checking: Checking) -> Iterator[Problem]:
    """Players, actions, rungs and payoffs that are not declared, and nodes that are none."""
    for name, game in checking.scenario.games.items():
        path: Path = ("games", name, "tree")
        if is_end(game.tree):
            yield checking.problem(path, "nobody chooses in this game", "its tree is an end", "begin with `player: {action: ..., action: ...}`", key=True)
            continue
        actions: set[str] = set()
        yield from _node(checking, path, game.tree, game, actions)
        for action in game.weights:
            if action not in actions:
                yield checking.unknown(("games", name, "weights", action), action, "action of this game", actions, key=True)


def _node(checking: Checking, path: Path, tree: Any, game: GameItem, actions: set[str]) -> Iterator[Problem]:
    tree = {} if tree is None else tree
    if not isinstance(tree, Mapping):
        remedy = f"write {{to: {tree}}}" if tree in checking.scenario.rungs else "write `player: {action: ...}` or an end `{to: rung, payoff: {...}}`"
        yield checking.problem(path, "a node of the tree is not a mapping", "it is one player's move, or an end", remedy)
    elif is_end(tree):
        yield from _end(checking, path, tree, game)
    elif len(tree) != 1:
        yield from _no_node(checking, path, tree)
    else:
        ((player, branches),) = tree.items()
        if player not in checking.scenario.actors:
            known = {*checking.scenario.actors, *END}
            yield checking.unknown((*path, player), str(player), "actor (or key of an end)", known, key=True)
        elif not isinstance(branches, Mapping) or len(branches) < 2:
            what = f"{player} has fewer than two actions here"
            yield checking.problem((*path, player), what, "a choice needs two", "add an action or drop the node", key=True)
        else:
            for action, after in branches.items():
                actions.add(str(action))
                yield from _node(checking, (*path, player, action), after, game, actions)


def _no_node(checking: Checking, path: Path, tree: Mapping[str, Any]) -> Iterator[Problem]:
    """What is wrong with a node of several keys that is no end."""
    players = [key for key in tree if key in checking.scenario.actors]
    if not players and any(key in END for key in tree):
        for key in tree:
            if key not in END:
                yield checking.unknown((*path, key), str(key), "key of an end", END, key=True)
        return
    remedy = "nest the second player below an action of the first" if not any(key in END for key in tree) else "say at the ends what follows"
    what, why = f"a node has the keys {', '.join(map(str, tree))}", f"a node is one player's move, or an end with {', '.join(END)}"
    yield checking.problem(path, what, why, remedy, key=True)


def _end(checking: Checking, path: Path, end: Mapping[str, Any], game: GameItem) -> Iterator[Problem]:
    scenario = checking.scenario
    target = end.get("to", HERE)
    if target != HERE and (not isinstance(target, str) or target not in scenario.rungs):
        yield checking.unknown((*path, "to"), str(target), "rung", {*scenario.rungs, HERE})
    for label in ("origin", "trigger"):
        if label in end and not isinstance(end[label], str):
            yield checking.problem((*path, label), f"`{label}` is no word", "pathways are told apart by it", "write a word such as deliberate")
    payoff = end.get("payoff", {})
    if not isinstance(payoff, Mapping):
        yield checking.problem((*path, "payoff"), "payoff is not a mapping", "", "write {actor: amount}")
        return
    for actor, amount in payoff.items():
        place = (*path, "payoff", actor)
        if actor not in scenario.actors:
            yield checking.unknown(place, str(actor), "actor", scenario.actors, key=True)
        elif isinstance(amount, Mapping):
            moods = game.moods.get(actor, {})
            # A player who is misspelt in `moods` is told there.
            if set(amount) != set(moods) and (moods or game.moods.keys() <= scenario.actors.keys()):
                what = f"the amounts by mood are for {', '.join(map(str, amount)) or 'none'}"
                why = f"the moods of {actor} in this game are {', '.join(moods) or 'not declared'}"
                yield checking.problem(place, what, why, "give one amount for each mood")
            for mood, text in amount.items():
                yield from _amount(checking, (*place, mood), text)
        else:
            yield from _amount(checking, place, amount)


def _amount(checking: Checking, path: Path, text: Any) -> Iterator[Problem]:
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        yield checking.problem(path, "here stands no amount", "", "write a number or a formula in prize")
        return
    try:
        formula = Formula.parse(str(text), checking.document.where(path))
    except InvalidInput as error:
        yield from error.problems
    else:
        yield from checking.formula(path, formula, PRIZE)
