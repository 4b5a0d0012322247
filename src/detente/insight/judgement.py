"""What was found of claims: of each reading, of each claim, of all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.insight._html import table
from detente.insight.answers import Answer, Share
from detente.insight.beside import Beside
from detente.insight.claims import Claim, Claims
from detente.insight.structures import AS_WRITTEN
from detente.insight.verdicts import Verdict
from detente.record import Record

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Told:
    """What was found for one reading of a claim.

    Attributes
    ----------
    answer : Answer
        As written.
    holds : array of bool over draws
        As written.
    shares : mapping of structure to Share
        `as_written` first; empty where the measure is not defined.
    band : str
        Where the predictive value stands: `below`, `in`, `gap` or `above` the word's band; `up`, `down` or `negligible` of a direction; `holds` or `fails`.
    record : mapping
        Readings of the record by name; None where the record has none.
    silent : tuple of str
        Structures in which the measure is not defined in any draw.
    """

    answer: Answer
    holds: Bools
    shares: Mapping[str, Share]
    band: str | None
    record: Mapping[str, float | None]
    silent: tuple[str, ...] = ()

    @property
    def share(self) -> Share | None:
        """As written."""
        return self.shares.get(AS_WRITTEN)


@dataclass(frozen=True, eq=False)
class Judged:
    """A claim and what was found.

    Attributes
    ----------
    name : str
    claim : Claim
    verdict : Verdict or None
        None where it cannot be given; `reason` says why.
    told : mapping of reading to Told
    reason : str
    """

    name: str
    claim: Claim
    verdict: Verdict | None
    told: Mapping[str, Told]
    reason: str

    @property
    def headline(self) -> str | None:
        """The reading whose numbers stand for the claim: the first."""
        return next(iter(self.told), None)

    def plain(self) -> dict[str, Any]:
        """As plain data: one of the list of `claims --json`."""
        told = self.told[self.headline] if self.headline is not None else None
        answer = told.answer if told is not None else None
        ranges = {} if answer is None or self.claim.by_record else {"p05": answer.p05, "p50": answer.p50, "p95": answer.p95}
        shares = told.shares if told is not None and not self.claim.by_record else {}
        return {
            "id": self.name,
            "kind": self.claim.kind,
            "verdict": self.verdict,
            "reading": self.headline,
            "measure": self.claim.readings[self.headline].measure.text if self.headline is not None else None,
            "predictive": answer.predictive if answer is not None else None,
            **{key: ranges.get(key) for key in ("p05", "p50", "p95")},
            "band": told.band if told is not None else None,
            "share": shares[AS_WRITTEN].value if shares else None,
            "share_by_model": {name: share.value for name, share in shares.items()} if shares else None,
            "reason": self.reason,
        }


@dataclass(frozen=True, eq=False, repr=False)
class Judgement:
    """Claims and what was found of each.

    Attributes
    ----------
    claims : Claims
    beside : Beside
        The assessment, and what was assessed beside it.
    record : Record or None
    judged : tuple of Judged
    """

    claims: Claims
    beside: Beside
    record: Record | None
    judged: tuple[Judged, ...]

    def __repr__(self) -> str:
        return f"<Judgement of {len(self.judged)} claims by {self.beside.assessment.about['scenario']}>"

    def __getitem__(self, name: str) -> Judged:
        return next(each for each in self.judged if each.name == name)

    def plain(self) -> list[dict[str, Any]]:
        """As plain data, for `claims --json`."""
        return [each.plain() for each in self.judged]

    def _repr_html_(self) -> str:
        rows = [[each.name, each.claim.kind, each.verdict or "no verdict", each.claim.text] for each in self.judged]
        return table(f"{self.claims.file.title}: verdicts under this model", ["", "kind", "verdict", "claim"], rows)
