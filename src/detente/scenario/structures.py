"""Structures and factors: other readings of the same scenario, whose results are shown beside its own.

What is in doubt is not only how large a quantity is, but how the parts hang together: whether governments look ahead, whether resolve is a lasting trait or
a mood, how precisely they choose. A structure changes one such thing and nothing else, on the same draws. A factor is a reason that somebody gives for what
the scenario finds; it is read as what the model is without it, so that several can be taken out together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from detente.errors import Problem
from detente.scenario.checking import Checking
from detente.scenario.schema import Factor, Scenario, Structure

AS_WRITTEN = Structure(title="As written", why="")


def disposition_stream(actor: str) -> str:
    """Name of the stream that picks an actor's disposition; no quantity can be called so, for a name has no space."""
    return f"disposition {actor}"


def without(scenario: Scenario, names: Iterable[str]) -> Structure:
    """The reading from which some factors are taken out together: factors on one quantity multiply."""
    gone = [scenario.factors[name] for name in names]
    multiply: dict[str, float] = {}
    for item in gone:
        for quantity, factor in item.multiply.items():
            multiply[quantity] = multiply.get(quantity, 1.0) * factor
    disposition = tuple(dict.fromkeys(actor for item in gone for actor in item.disposition))
    switches = {switch: position for item in gone for switch, position in item.switches.items()}
    return Structure(title="Without " + ", ".join(names), why="factors taken out", disposition=disposition, multiply=multiply, switches=switches)


def check_structures(c: Checking) -> Iterator[Problem]:
    """Names that are not declared, factors that are none, and structures that change nothing."""
    scenario = c.scenario
    moody = {player for game in scenario.games.values() for player in game.moods}
    both = [("structures", name, item) for name, item in scenario.structures.items()], [("factors", name, item) for name, item in scenario.factors.items()]
    for section, name, item in chain[tuple[str, str, Structure | Factor]](*both):
        path = (section, name)
        for actor in item.disposition:
            if actor not in scenario.actors:
                yield c.unknown((*path, "disposition"), actor, "actor", scenario.actors)
            elif actor not in moody:
                yield c.problem((*path, "disposition"), f"{actor!r} has no moods", "there is nothing to make a disposition of", "drop it")
        for quantity, factor in item.multiply.items():
            if quantity not in scenario.quantities:
                yield c.unknown((*path, "multiply", quantity), quantity, "quantity", scenario.quantities, key=True)
            elif not 0 < factor < float("inf"):
                yield c.problem((*path, "multiply", quantity), f"the factor is {factor:g}", "a factor is above 0", "give 2 to double, 0.5 to halve")
        for switch in item.switches:
            if switch not in scenario.switches:
                yield c.unknown((*path, "switches", switch), switch, "switch", scenario.switches, key=True)
        if isinstance(item, Structure) and item == AS_WRITTEN.model_copy(update={"title": item.title, "why": item.why}):
            why, remedy = "a structure differs from the scenario", "set foresight, disposition, multiply or switches"
            yield c.problem(path, f"{name!r} changes nothing", why, remedy, key=True)
