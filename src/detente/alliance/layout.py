"""The order of decision as arrays: whose choices are enumerated, and whose are convolved.

Those who decide last see all others and are seen by nobody: given what they saw and the common factor they choose independently, so their capability is a
convolution. Everybody before them (and the leader, wherever it stands) is enumerated. What an ally sees is, over the groups before its own,

    signal = mean over groups of the mean over their members of (+1 if it sends forces, else -1),

0 for those who decide first; allies that are certain tell nothing and do not count. Many histories give those who decide last one and the same signal:
they are convolved once for each signal, not for each history.

Refused: more combinations of choices than can be enumerated.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from detente.alliance._grid import units
from detente.alliance.model import Alliance
from detente.errors import InvalidInput, Problem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
MOST_LEAVES = 20_000


class Layout(NamedTuple):
    """What the kernels read.

    Attributes
    ----------
    sizes : array
        Allies, levels, clocks, least level of consensus.
    slot_ally, slot_signal : array, slot
        One slot for each signal that an enumerated ally may see.
    class_signal : array, class
        What those who decide last see.
    class_start : array, class x (leader sends forces, does not)
        Leaves are sorted by both.
    class_slot_start, class_slot : array
        Slots that lead to a signal.
    class_choice, choice_slot, choice_low, choice_high : array
        Choices that lead to a signal: of a slot a range of levels that deliver the same, low to high - 1.
    leaf_choice : array, leaf x enumerated ally
        A leaf is one combination of choices, each told by its place among those of its class.
    leaf_units : array, leaf x clock
    follower : array, follower
        Allies who decide last, the smallest first.
    part_start : array, follower x clock
    part_level, part_units : array, part
        Level from which on an ally delivers so many units.
    base : array, clock
        Units of allies that are certain.
    """

    sizes: Ints
    slot_ally: Ints
    slot_signal: Floats
    class_signal: Floats
    class_start: Ints
    class_slot_start: Ints
    class_slot: Ints
    class_choice: Ints
    choice_slot: Ints
    choice_low: Ints
    choice_high: Ints
    leaf_choice: Ints
    leaf_units: Ints
    follower: Ints
    part_start: Ints
    part_level: Ints
    part_units: Ints
    base: Ints


@lru_cache(maxsize=16)
def lay_out(alliance: Alliance, without: str | None = None) -> Layout:
    """Arrays for an alliance; the capability of group `without` counts for nothing, though its choices are seen.

    Raises
    ------
    InvalidInput
        If those who decide before the last group could choose in more than 20,000 ways.
    """
    worth = units(alliance)
    if without is not None:
        worth[alliance.member_of == alliance.groups.index(without)] = 0
    free = [index for index, ally in enumerate(alliance.allies) if not ally.certain]
    order = sorted({int(alliance.member_of[index]) for index in free})
    leader = alliance.names.index(alliance.leader) if alliance.leader is not None else -1
    named = [index for index in free if alliance.member_of[index] != order[-1] or index == leader]
    following = sorted((index for index in free if index not in named), key=lambda index: (worth[index, -1].sum(), index))
    choices = [_ranges(worth[index], split_last=True) for index in named]
    leaves = int(np.prod([len(one) for one in choices], dtype=float))
    if leaves > MOST_LEAVES:
        what = f"those who decide before the last group can choose in {leaves} ways"
        raise InvalidInput(Problem("groups", what, f"at most {MOST_LEAVES} are enumerated", "let more allies decide in the last group"))

    slots: dict[tuple[int, float], int] = {}
    rows = []
    for picked in product(*choices):
        sends = {index: low == len(alliance.levels) - 1 for index, (low, _) in zip(named, picked, strict=True)}
        seen = [_signal(alliance, sends, order, int(alliance.member_of[index])) for index in named]
        last = _signal(alliance, sends, order, order[-1]) if order else 0.0
        choice = [(slots.setdefault(key, len(slots)), *levels) for key, levels in zip(zip(named, seen, strict=True), picked, strict=True)]
        brought = sum((worth[index, low] for index, (low, _) in zip(named, picked, strict=True)), np.zeros(len(alliance.clocks), dtype=np.int64))
        rows.append((last, int(leader in sends and not sends[leader]), choice, brought))
    rows.sort(key=lambda row: row[:2])
    signals, keys = sorted({row[0] for row in rows}), [row[:2] for row in rows]
    choices_of = {one: sorted({choice for row in rows if row[0] == one for choice in row[2]}) for one in signals}
    slots_of = [sorted({slot for slot, _, _ in one}) for one in choices_of.values()]
    listed = [choice for one in choices_of.values() for choice in one]
    parts = [_ranges(worth[index, :, clock, None], split_last=False) for index in following for clock in range(len(alliance.clocks))]
    flat = [low for one in parts for low, _ in one]
    clock_of = [place for place, one in enumerate(parts) for _ in one]
    sure = np.array([ally.certain for ally in alliance.allies])
    return Layout(
        sizes=_ints([len(alliance.allies), len(alliance.levels), len(alliance.clocks), alliance.levels.index(alliance.consensus)]),
        slot_ally=_ints([ally for ally, _ in slots]),
        slot_signal=np.array([signal for _, signal in slots]),
        class_signal=np.array(signals),
        class_start=_ints([*(bisect_left(keys, (one, out)) for one in signals for out in range(2)), len(rows)]),
        class_slot_start=_ints(np.cumsum([0, *map(len, slots_of)])),
        class_slot=_ints([slot for one in slots_of for slot in one]),
        class_choice=_ints(np.cumsum([0, *map(len, choices_of.values())])),
        choice_slot=_ints([slot for slot, _, _ in listed]),
        choice_low=_ints([low for _, low, _ in listed]),
        choice_high=_ints([high for _, _, high in listed]),
        leaf_choice=_table([[choices_of[row[0]].index(choice) for choice in row[2]] for row in rows]),
        leaf_units=_ints([row[3] for row in rows]),
        follower=_ints(following),
        part_start=_ints(np.concatenate([[0], np.cumsum([len(one) for one in parts])])),
        part_level=_ints(flat),
        part_units=_ints(
            [worth[following[place // len(alliance.clocks)], low, place % len(alliance.clocks)] for low, place in zip(flat, clock_of, strict=True)]
        ),
        base=_ints(worth[sure, -1].sum(axis=0)),
    )


def _signal(alliance: Alliance, sends: dict[int, bool], order: list[int], group: int) -> float:
    """What an ally of a group has seen; rounded, so that equal signals are one."""
    before = [[1.0 if sent else -1.0 for index, sent in sends.items() if alliance.member_of[index] == one] for one in order if one < group]
    return round(float(np.mean([np.mean(one) for one in before])), 12) if before else 0.0


def _ranges(delivered: Ints, split_last: bool) -> list[tuple[int, int]]:
    """Ranges of levels (low, high) that deliver the same on every clock; the last level on its own if it is to be told apart."""
    levels = len(delivered)
    lows = [0, *(level for level in range(1, levels) if (delivered[level] != delivered[level - 1]).any() or (split_last and level == levels - 1))]
    return list(zip(lows, [*lows[1:], levels], strict=True))


def _ints(values: object) -> Ints:
    return np.asarray(values, dtype=np.int64)


def _table(rows: list[list[int]]) -> Ints:
    return np.array(rows, dtype=np.int64).reshape(len(rows), -1)
