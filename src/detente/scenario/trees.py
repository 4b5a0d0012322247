"""The trees of crisis games: who moves, what he may do, where it ends and what is paid there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from detente.document import Formula
from detente.errors import InvalidInput, Problem
from detente.ladder import is_end
from detente.scenario.build import HERE, switch_of
from detente.scenario.checking import PRIZE, Checking, Path
from detente.scenario.forms import form_of
from detente.scenario.rungs import GameItem

END = ("to", "payoff", "origin", "trigger")


def check_trees(checking: Checking) -> Iterator[Problem]:
    """Players, actions, rungs and payoffs that are not declared, and nodes that are none."""
    for name, game in checking.scenario.games.items():
        path: Path = ("games", name, "tree")
        if game.tree is None:
            yield from _form(checking, ("games", name), game)
            continue
        if any(is_end(begins) for begins in _beginnings(game.tree)):
            why, remedy = "its tree is an end", "begin with `player: {action: ..., action: ...}`"
            if "when" in game.tree:
                why, remedy = "there is a position of the switch in which its tree is an end", "let the whole game hang on it: put `when` beside `tree`"
            yield checking.problem(path, "nobody chooses in this game", why, remedy, key=True)
            continue
        actions: set[str] = set()
        yield from _node(checking, path, game.tree, game, actions)
        for action in game.weights:
            if action not in actions:
                yield checking.unknown(("games", name, "weights", action), action, "action of this game", actions, key=True)


def _beginnings(tree: Any) -> Iterator[Mapping[str, Any]]:
    """What a tree begins with, whatever its switches say."""
    if not isinstance(tree, Mapping | None):
        return
    if tree is not None and "when" in tree:
        for key in tree.keys() & {"then", "otherwise"}:
            yield from _beginnings(tree[key])
    else:
        yield tree or {}


def _node(checking: Checking, path: Path, tree: Any, game: GameItem, actions: set[str]) -> Iterator[Problem]:
    tree = {} if tree is None else tree
    if not isinstance(tree, Mapping):
        remedy = f"write {{to: {tree}}}" if tree in list(checking.scenario.rungs) else "write `player: {action: ...}` or an end `{to: rung, payoff: {...}}`"
        yield checking.problem(path, "a node of the tree is not a mapping", "it is one player's move, or an end", remedy)
    elif "when" in tree:
        yield from _fork(checking, path, tree, game, actions)
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


def _fork(checking: Checking, path: Path, tree: Mapping[str, Any], game: GameItem, actions: set[str]) -> Iterator[Problem]:
    """A part of a tree that hangs on a switch, and what stands there without it."""
    if set(tree) != {"when", "then", "otherwise"}:
        what = f"a part that hangs on a switch has the keys {', '.join(map(str, tree))}"
        yield checking.problem(path, what, "", "write `when: SWITCH`, `then:` the part, and `otherwise:` what stands there without it", key=True)
        return
    switch = switch_of(str(tree["when"]))
    if switch not in checking.scenario.switches:
        yield checking.unknown((*path, "when"), switch, "switch", checking.scenario.switches)
    for key in ("then", "otherwise"):
        yield from _node(checking, (*path, key), tree[key], game, actions)


def _form(checking: Checking, path: Path, game: GameItem) -> Iterator[Problem]:
    """Players, moods and ends of a game whose form comes from elsewhere."""
    assert game.form is not None
    if game.form.file is not None:
        return  # What is wrong with the file is told where it is read.
    try:
        form = form_of(game)
    except InvalidInput as error:
        yield from (checking.problem((*path, "form"), problem.what, problem.why, problem.remedy) for problem in error.problems)
        return
    for what, given, wanted in (("player", game.players, form.players), ("end", game.ends, form.ends)):
        for name in given:
            if name not in wanted:
                yield checking.unknown((*path, f"{what}s", name), name, f"{what} of this form", wanted, key=True)
        if missing := [name for name in wanted if name not in given]:
            why = f"the form has the {what}s {', '.join(wanted)}"
            yield checking.problem((*path, f"{what}s"), f"nothing is said of {', '.join(missing)}", why, "add them", key=True)
    played = list(game.players.values())
    for place, (player, actor) in enumerate(game.players.items()):
        kinds, moods = form.types.get(player, ()), game.moods.get(actor, {})
        if actor not in checking.scenario.actors:
            yield checking.unknown((*path, "players", player), actor, "actor", checking.scenario.actors)
        elif played.count(actor) > 1:
            if actor in played[:place]:
                why, remedy = "a player knows his own mood alone", "give each part an actor of its own"
                yield checking.problem((*path, "players", player), f"{actor} plays two parts", why, remedy)
        elif player in form.players and set(kinds) != set(moods):
            why = f"in this form {player} has the types {', '.join(kinds)}" if kinds else f"in this form {player} has no private types"
            what = f"the moods of {actor} are {', '.join(moods) or 'not declared'}"
            told = (*path, "moods", actor) if moods else (*path, "moods")
            yield checking.problem(told, what, why, "name each of them, with its probability or `rest`" if kinds else "drop them", key=True)
    for label, end in game.ends.items():
        yield from _leaf(checking, (*path, "ends", label), end or {}, game)
    for action in game.weights:
        if action not in (known := set(_actions(form.tree))):
            yield checking.unknown((*path, "weights", action), action, "action of this game", known, key=True)


def _leaf(checking: Checking, path: Path, end: Mapping[str, Any], game: GameItem) -> Iterator[Problem]:
    if is_end(end):
        yield from _end(checking, path, end, game)
    else:
        yield from (checking.unknown((*path, key), str(key), "key of an end", END, key=True) for key in end if key not in END)


def _actions(tree: Any) -> Iterator[str]:
    if not isinstance(tree, str):
        for branches in tree.values():
            for action, after in branches.items():
                yield action
                yield from _actions(after)


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
