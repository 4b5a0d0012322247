"""The page that `solve` prints: who does what where, what it is worth to them, and the certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from detente.cli.columns import fitted
from detente.cli.page import Line, wrap
from detente.games import Belief, Equilibrium, Game, QuantalResponse
from detente.games.tree import label_members

MOST_MEMBERS = 3


def told(game: Game, response: QuantalResponse | None, found: Sequence[Equilibrium] | None, width: int) -> Iterator[Line]:
    """The lines of the page.

    Parameters
    ----------
    game : Game
    response : QuantalResponse or None
        None where it was not asked for; likewise `found`.
    found : sequence of Equilibrium or None
    width : int
    """
    yield from wrap(game.title or "Game", width, "title")
    sets = len(game.infosets)
    yield from wrap(f"{', '.join(game.players)}; {sets} information set{'s' * (sets != 1)}", width)
    if response is not None:
        yield from (Line(""), *wrap(f"quantal response at precision {_number(response.precision[0, 0])}", width, "head"))
        yield from _response(game, response, width)
    if found is not None:
        yield from (Line(""), *wrap(f"perfect Bayesian equilibria: {len(found)}", width, "head"))
        for number, each in enumerate(found, 1):
            yield from (Line(""), *_equilibrium(game, number, each, width))


def _response(game: Game, response: QuantalResponse, width: int) -> Iterator[Line]:
    if not response.converged.all():
        return
    yield from _play(game, response.behaviour, width)
    yield from _worth(response.value, width)
    certificate = response.certificate
    residual, regret = _number(float(certificate.residual[0])), _number(float(certificate.regret[0]))
    yield from wrap(f"certificate: residual {residual}; what mistakes cost at most: {regret} of the payoff range", width, "note")


def _equilibrium(game: Game, number: int, found: Equilibrium, width: int) -> Iterator[Line]:
    concept = "sequential" if found.sequential else "perfect Bayesian"
    yield from wrap(f"{number}. {concept}{'' if found.isolated else ', one of a continuum with the same supports'}", width)
    yield from _play(game, found.behaviour, width)
    for belief in found.beliefs:
        if not belief.reached:
            yield from wrap(f"where play never comes, {_doubt(belief)}", width)
    yield from _worth(found.value, width)
    yield from wrap(f"certificate: regret {_number(found.regret)} of the payoff range, Bayes' rule to {_number(max(found.verdict.bayes))}", width, "note")


def _play(game: Game, behaviour: Mapping[str, Sequence[Mapping[str, float]]], width: int) -> Iterator[Line]:
    """One row for each information set: player, probabilities, where it lies."""
    rows, seen = [], dict.fromkeys(game.players, 0)
    for (player, _), members in zip(game.infosets, label_members(game.root), strict=True):
        name = game.players[player]
        actions = behaviour[name][seen[name]]
        seen[name] += 1
        shown = "  ".join(f"{action} {_number(p)}" for action, p in actions.items())
        rows.append((f"{name} {seen[name]}", shown, _places(members)))
    for lines in fitted(rows, "<<<", width):
        yield from (Line(line, "row") for line in lines)


def _places(members: Sequence[str]) -> str:
    """Where an information set lies: the ways to its first members."""
    if members == ("",):
        return "at the start"
    more = f" or {len(members) - MOST_MEMBERS} more" if len(members) > MOST_MEMBERS else ""
    return f"after {' or '.join(members[:MOST_MEMBERS])}{more}"


def _doubt(belief: Belief) -> str:
    who = f"{belief.player} {belief.position + 1} believes"
    assert belief.supporting is not None
    if belief.interval is None:
        named = zip(belief.members, belief.probability, belief.supporting.ranges, strict=True)
        return f"{who}, for one, {'; '.join(f'{member}: {_number(p)} ({_number(low)} to {_number(high)})' for member, p, (low, high) in named)}"
    low, high = belief.interval
    if high - low < 1e-9:
        return f"{who} {belief.members[0]}: {_number(low)}"
    return f"{who} {belief.members[0]}: anything from {_number(low)} to {_number(high)}"


def _worth(value: Mapping[str, float], width: int) -> Iterator[Line]:
    yield from wrap(f"expected payoffs: {', '.join(f'{name} {_number(worth)}' for name, worth in value.items())}", width)


def _number(value: float) -> str:
    return f"{value + 0.0:.4g}"
