"""Verdicts on a claim, always under this model: what shares of draws, told under several readings and structures, amount to.

    supported              every share is at least 0.9
    not supported          every share is at most 0.1
    depends on the model   structures disagree: under one reading some shares are high, middling or low where others are not
    depends                none of these: it hangs on numbers that nobody knows, or on how the claim is read
    borderline             a 95 % interval crosses an edge, so that more draws could make it another of these

Readings of the record alone hold or do not: `supported by the record` where all hold, `contradicted by the record` where none does, `depends` where they
part. Never "true" or "false". Nothing here knows who said it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Literal

from detente.insight.answers import Share

Verdict = Literal[
    "supported", "not supported", "depends on the model", "depends", "borderline",
    "supported by the record", "contradicted by the record",
    "unfalsifiable", "opinion", "intent",
]  # fmt: skip
HIGH, LOW = 0.9, 0.1  # edges of the verdicts: judgement


def verdict(shares: Sequence[Mapping[str, Share]]) -> Verdict:
    """The verdict on a claim.

    Parameters
    ----------
    shares : sequence of mapping of structure to Share
        One mapping for each reading.

    Examples
    --------
    >>> strict = {"as written": Share(0.02, 0.01, 0.03), "lasting_resolve": Share(0.04, 0.02, 0.07)}
    >>> verdict([strict])
    'not supported'
    >>> verdict([strict, {"as written": Share(0.95, 0.93, 0.97)}])
    'depends'
    >>> verdict([{"as written": Share(0.09, 0.07, 0.12)}])
    'borderline'
    """
    possible = [[_classes(share) for share in reading.values()] for reading in shares]
    found: set[Verdict] = set()
    # One reading makes structures disagree as soon as one of its shares may be of another class than the others.
    if any(len(each) > 1 and len(set().union(*each)) > 1 for each in possible):
        found.add("depends on the model")
    common = [set.intersection(*each) for each in possible]
    for classes in product(*common):
        found.add("supported" if set(classes) == {"high"} else "not supported" if set(classes) == {"low"} else "depends")
    return found.pop() if len(found) == 1 else "borderline"


def record_verdict(holds: Iterable[bool]) -> Verdict:
    """The verdict of the record.

    Examples
    --------
    >>> record_verdict([True, True]), record_verdict([True, False])
    ('supported by the record', 'depends')
    """
    told = set(holds)
    return "depends" if len(told) > 1 else "supported by the record" if told == {True} else "contradicted by the record"


def is_clear(share: Share) -> bool:
    """Whether its interval lies on one side of every edge, so that more draws would hardly change what follows from it.

    Examples
    --------
    >>> is_clear(Share(0.02, 0.01, 0.04)), is_clear(Share(0.09, 0.07, 0.12))
    (True, False)
    """
    return len(_classes(share)) == 1


def _classes(share: Share) -> set[str]:
    """The classes that a share may be of, given its interval."""
    found = {_class(share.value), _class(share.low), _class(share.high)}
    return found | ({"middling"} if found == {"high", "low"} else set())


def _class(value: float) -> str:
    return "high" if value >= HIGH else "low" if value <= LOW else "middling"
