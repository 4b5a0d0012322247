"""Names that results of a ladder are told by: rungs, groups, levels, and pairs `b|a` of them.

A group is one level; levels run in the order in which rungs are listed, and a rung may stand aside of it. Of every name and pair this tells the states that it
means (what is computed for them: `detente.ladder.outlook`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.ladder.model import Ladder

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]


@dataclass(frozen=True)
class Names:
    """Rungs, groups and levels of a ladder.

    Attributes
    ----------
    labels : tuple of str
        Rungs bottom to top, without their background.
    groups : mapping of group to labels
    """

    ladder: Ladder

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rung.label for rung in self.ladder.rungs))

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        groups: dict[str, dict[str, None]] = {}
        for rung in self.ladder.rungs:
            if rung.group:
                groups.setdefault(rung.group, {})[rung.label] = None
        return {group: tuple(members) for group, members in groups.items()}

    @cached_property
    def all(self) -> tuple[str, ...]:
        """Rungs, then groups."""
        return (*self.labels, *self.groups)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Groups and ungrouped rungs bottom to top, without those aside."""
        return tuple(dict.fromkeys(rung.group or rung.label for rung in self.ladder.rungs if not rung.aside))

    def level(self, name: str) -> int | None:
        """Position in the order, None aside."""
        for rung in self.ladder.rungs:
            if name in (rung.label, rung.group):
                return None if rung.aside else self.levels.index(rung.group or rung.label)
        raise KeyError(name)

    def touch_mask(self, name: str) -> Masks:
        """The states that are `name` itself."""
        return np.array([name in (rung.label, rung.group) for rung in self.ladder.rungs])

    def reach_mask(self, name: str) -> Masks:
        """The states at the level of `name` or higher; `name` itself where it stands aside."""
        level = self.level(name)
        if level is None:
            return self.touch_mask(name)
        return np.array([not rung.aside and self.levels.index(rung.group or rung.label) >= level for rung in self.ladder.rungs])

    def goal_mask(self, pair: str) -> Masks:
        """What b means in `b|a`."""
        b, a = pair.split("|")
        above, below = self.level(b), self.level(a)
        return self.reach_mask(b) if above is not None and (below is None or above > below) else self.touch_mask(b)

    def adjacent_pairs(self) -> tuple[str, ...]:
        """`b|a` for each level b and the one below it, leaving out the first."""
        return tuple(f"{b}|{a}" for a, b in zip(self.levels[1:], self.levels[2:], strict=False))

    def base_mask(self) -> Masks:
        """The states on the first rung: return there ends an episode."""
        return np.array([rung.label == self.ladder.rungs[0].label for rung in self.ladder.rungs])


def pair_names(names: Names, listed: Sequence[str] = ()) -> tuple[str, ...]:
    """Adjacent levels, then the pairs that a scenario lists."""
    return tuple(dict.fromkeys((*names.adjacent_pairs(), *listed)))


def next_pairs(ladder: Ladder, names: Names, sources: NDArray[np.int32], targets: NDArray[np.int32]) -> tuple[str, ...]:
    """Every pair `b|a` of labels and groups between which an arc leads, a and b not overlapping."""
    pairs: dict[str, None] = {}
    arrows = sorted({(int(s), int(t)) for s, t in zip(sources, targets, strict=True)})
    for s, t in arrows:
        a, b = ladder.rungs[s], ladder.rungs[t]
        if a.label == b.label:
            continue
        for source in (a.label, a.group):
            for target in (b.label, b.group):
                if source and target and not (names.touch_mask(source) & names.touch_mask(target)).any():
                    pairs[f"{target}|{source}"] = None
    return tuple(pairs)
