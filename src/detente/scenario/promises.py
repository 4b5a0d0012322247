"""Whether the alliance of a scenario fits its record and itself, and whether drivers ask it what it can answer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from detente.errors import InvalidInput, Problem
from detente.record.facts import Poll
from detente.scenario.checking import Checking


def check_alliance(c: Checking) -> Iterator[Problem]:
    """Names of members, groups, regions, clocks, levels, questions and sources, and tables of unequal length."""
    item = c.scenario.alliance
    for name, driver in c.scenario.drivers.items():
        if driver.response is None:
            continue
        if item is None:
            yield c.problem(("drivers", name, "response"), "the scenario has no alliance that could respond", "", "add `alliance:`, or drop it", key=True)
        elif driver.response.clock is not None and driver.response.clock not in item.clocks:
            yield c.unknown(("drivers", name, "response", "clock"), driver.response.clock, "clock of the alliance", item.clocks)
    allies = c.scenario.allies
    if item is None:
        if allies:
            yield c.problem(("allies",), "the scenario has no alliance that they could belong to", "", "add `alliance:`, or drop them", key=True)
        return
    if item.when is not None and item.when not in c.scenario.switches:
        yield c.unknown(("alliance", "when"), item.when, "switch", c.scenario.switches)
    for index, attacked in enumerate(item.attacked):
        if attacked not in allies:
            yield c.unknown(("alliance", "attacked", index), attacked, "ally", allies)
    if item.leader is not None and item.leader not in allies:
        yield c.unknown(("alliance", "leader"), item.leader, "ally", allies)
    if item.consensus not in item.levels:
        yield c.unknown(("alliance", "consensus"), item.consensus, "level of help", item.levels)
    for member, each in allies.items():
        if each.group not in item.groups:
            yield c.unknown(("allies", member, "group"), each.group, "group of the alliance", item.groups)
        if each.region not in item.regions:
            yield c.unknown(("allies", member, "region"), each.region, "region of the alliance", item.regions)
    yield from _tables(c)
    if c.record is not None:
        yield from _of_record(c)
    elif not c.unread:
        yield c.problem(("alliance", "of"), "the scenario names no record", "members and polls are read off one", "add `record: NAME`", key=True)


def _tables(c: Checking) -> Iterator[Problem]:
    """Shares by clock: one for each, from 0 to 1, and of levels rising from nothing."""
    item = c.scenario.alliance
    assert item is not None
    rows = [(("groups", name, "arrives"), group.arrives) for name, group in item.groups.items()]
    rows += [(("levels", name, "delivers"), level.delivers) for name, level in item.levels.items()]
    sound = True
    for path, row in rows:
        if len(row) != len(item.clocks) or not all(0 <= share <= 1 for share in row):
            sound = False
            what = f"{list(row)} is not {len(item.clocks)} shares from 0 to 1"
            yield c.problem(("alliance", *path), what, "it says what comes by each clock", f"give one for each of {', '.join(item.clocks)}")
    names = list(item.levels)
    for name, level in item.levels.items():
        if (level.cut is None) != (name == names[0]):
            what = "the least level has a cut" if name == names[0] else f"level {name!r} has no cut"
            yield c.problem(("alliance", "levels", name), what, "a cut parts a level from the one below", "give one to every level but the first", key=True)
    if sound and any(item.levels[names[0]].delivers):
        yield c.problem(("alliance", "levels", names[0], "delivers"), "the least level delivers something", "doing nothing brings nothing", "let it be 0")
    for low, high in pairwise(names) if sound else ():
        if any(more < less for less, more in zip(item.levels[low].delivers, item.levels[high].delivers, strict=True)):
            yield c.problem(("alliance", "levels", high, "delivers"), f"{high} delivers less than {low}", "levels rise", "mend one of the two")


def _of_record(c: Checking) -> Iterator[Problem]:
    """Members that the record knows by the as-of date and the scenario does not describe; questions that no poll asks; sources."""
    item, record = c.scenario.alliance, c.record
    assert item is not None and record is not None
    day = c.scenario.as_of.day
    try:
        members = record.members(item.of, at=day, known=day)
    except InvalidInput as error:
        yield from (c.problem(("alliance", "of"), problem.what, problem.why, problem.remedy) for problem in error.problems)
        return
    for left in sorted(members.keys() - c.scenario.allies.keys()):
        what = f"{left!r} belongs to {item.of} and is not described"
        yield c.problem(("alliance", "of"), what, "nobody may be left out in silence", "add it to `allies`, with group, region and weight", key=True)
    questions = {fact.question for fact in record.facts.values() if isinstance(fact, Poll)}
    for question in item.polls.questions:
        if question not in questions:
            yield c.unknown(("alliance", "polls", "questions", question), question, "question of a poll in the record", questions, key=True)
    for source in item.source:
        if source not in record.sources:
            yield c.unknown(("alliance", "source"), source, "source of the record", record.sources)
