"""What things of a scenario are called in a report: rungs by their titles, groups and actions by their names as words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from detente.ensemble import Assessment
from detente.ladder import Names
from detente.report.wording import plain

ACRONYMS = {"nato", "osce", "eu", "un", "csto", "us", "uk"}


@dataclass(frozen=True)
class Called:
    """Names of an assessment.

    Attributes
    ----------
    levels : tuple of str
        Without the first, from the bottom up.
    aside : tuple of str
        Groups and rungs that stand aside of the order, a group before its rungs.
    """

    assessment: Assessment

    @cached_property
    def names(self) -> Names:
        return Names(self.assessment.model.plan.ladder)

    @cached_property
    def first(self) -> str:
        return self.names.levels[0]

    @cached_property
    def levels(self) -> tuple[str, ...]:
        return self.names.levels[1:]

    @cached_property
    def aside(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for rung in self.names.labels:
            if self.names.level(rung) is None:
                group = self.group(rung)
                found |= {group: None, rung: None} if group is not None else {rung: None}
        return tuple(found)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Levels from the top down, then what stands aside, groups for their rungs."""
        return (*reversed(self.levels), *(name for name in self.aside if self.group(name) is None))

    def group(self, rung: str) -> str | None:
        """The group that a rung is in."""
        return next((group for group, members in self.names.groups.items() if rung in members), None)

    def members(self, name: str) -> tuple[str, ...]:
        """Rungs of a level or group."""
        return self.names.groups.get(name, (name,))

    def title(self, name: str) -> str:
        """A rung by its title, a group by its name as words."""
        rungs = self.assessment.model.scenario.rungs
        return rungs[name].title if name in rungs else capital(plain(name))

    def who(self, name: str) -> str:
        """An actor by its title up to a parenthesis, another name as a proper name."""
        actors = self.assessment.model.scenario.actors
        return actors[name].title.partition(" (")[0] if name in actors else proper(name)

    def words(self, name: str) -> str:
        """A name of the scenario as words, in which names of actors keep their capitals: `russia_losing_side` is Russia losing side."""
        actors = tuple(self.assessment.model.scenario.actors)
        return " ".join(proper(word) if word in ACRONYMS or word.startswith(actors) else word for word in plain(name).split())

    def pair(self, pair: str) -> tuple[str, str]:
        """Titles of a and b in `b|a`."""
        b, a = pair.split("|")
        return self.title(a), self.title(b)


def proper(name: str) -> str:
    """A name of the record as a proper name: `united_states` is United States, `other_nato_parties` is Other NATO Parties."""
    return " ".join(word.upper() if word in ACRONYMS else capital(word) for word in plain(name).split())


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]
