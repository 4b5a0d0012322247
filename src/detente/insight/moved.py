"""What `detente sensitivity` found: of each outcome what moves it, and of all together what would be worth knowing. Frozen, and as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from detente.ensemble import Assessment
from detente.insight._html import table
from detente.insight.choices import Choice
from detente.insight.estimates import LEAST, Estimate
from detente.insight.evidence import Split
from detente.insight.outcomes import Outcome
from detente.insight.shapley import Shapley
from detente.insight.sobol import Sobol

REST = "the other"


@dataclass(frozen=True)
class Moved:
    """What moves one outcome.

    Attributes
    ----------
    outcome : Outcome
    left_out, moved : int
        Draws of the run in which it is not there, and in which it was too near to 0 or 1 to have log-odds and was moved to 1e-12 from it.
    alone : mapping of quantity or contingency to Estimate
        First-order shares from the draws of the run.
    graded : mapping of grade to Estimate
        The same summed by grade; `together` is what is left.
    split : Split
        Ignorance and chance, of whether it happens.
    sobol : Sobol or None
        First-order and total indices; None without blocks.
    shapley : Shapley or None
        Effects of quantities of which some correlate; None where none do.
    evidence, doubled : Shapley or None
        Effects of grades, and with every judgement twice as wide.
    """

    outcome: Outcome
    left_out: int
    moved: int
    alone: Mapping[str, Estimate]
    graded: Mapping[str, Estimate]
    split: Split
    sobol: Sobol | None = None
    shapley: Shapley | None = None
    evidence: Shapley | None = None
    doubled: Shapley | None = None


@dataclass(frozen=True, repr=False)
class Sensitivity:
    """What moves the outcomes of an assessment.

    Attributes
    ----------
    assessment : Assessment
    moved : mapping of outcome to Moved
    groups : mapping of name to quantities
        Those whose indices are told; the last is all others, if there are any.
    block : int
        Draws of each block; 0 without blocks.
    evaluations, unsettled : int
        Draws evaluated beside those of the run, and those of them that found no equilibrium.
    no_twin : str
        Why there is no twin with judgements twice as wide; empty where there is one.
    choices : mapping of outcome to Choice
        Among the policies that were named; empty without.
    """

    assessment: Assessment
    moved: Mapping[str, Moved]
    groups: Mapping[str, Sequence[str]]
    block: int
    evaluations: int = 0
    unsettled: int = 0
    no_twin: str = ""
    choices: Mapping[str, Choice] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Sensitivity of {', '.join(self.moved)} in {self.assessment.about['scenario']}: {self.evaluations:,} evaluations>"

    @property
    def agenda(self) -> tuple[str, ...]:
        """Quantities in the order in which they would be worth knowing, of those that are told from 0 for some outcome."""
        shares = [each.alone for each in self.moved.values()]
        telling = [name for name in shares[0] if any(each[name].is_distinct and each[name].high >= LEAST for each in shares)]
        return tuple(sorted(telling, key=lambda name: -sum(max(each[name].value, 0.0) for each in shares)))

    def title(self, name: str) -> str:
        """Of a quantity or contingency, or of those that stand together."""
        scenario = self.assessment.model.scenario
        if self.is_rest(name):
            return f"{name}, together"
        if len(self.groups.get(name, ())) > 1:
            return " with ".join(self.title(member) for member in self.groups[name])
        items: Mapping[str, Any] = {**scenario.quantities, **scenario.contingencies}
        return str(items[name].title) if name in items else name

    def is_rest(self, name: str) -> bool:
        """Whether it stands for all quantities without indices of their own."""
        return name.startswith(REST)

    def grade(self, name: str) -> str:
        """What a quantity rests on; `chance` for a contingency, empty for those that stand together."""
        quantities = self.assessment.model.scenario.quantities
        members = self.groups.get(name, (name,))
        return "" if len(members) > 1 else quantities[members[0]].evidence if members[0] in quantities else "chance"

    def plain(self) -> dict[str, Any]:
        """As plain data, for `sensitivity --json`."""
        a = self.assessment
        head = {"scenario": a.about["scenario"], "as_of": a.as_of.isoformat(), "horizon_years": a.horizon_years, "draws": a.draws, "seed": a.seed}
        head |= {"digest": a.digest, "result_digest": a.result_digest, "scale": "log-odds", "block": self.block, "evaluations": self.evaluations}
        head |= {"unsettled": self.unsettled, "no_twin": self.no_twin, "groups": {name: list(members) for name, members in self.groups.items()}}
        agenda = [{"quantity": name, "title": self.title(name), "evidence": self.grade(name)} for name in self.agenda]
        head |= {"choices": {name: _choice(each) for name, each in self.choices.items()}} if self.choices else {}
        return {**head, "agenda": agenda, "outcomes": {name: _plain(each) for name, each in self.moved.items()}}

    def _repr_html_(self) -> str:
        agenda = [[self.title(name), self.grade(name), *(each.alone[name].verdict for each in self.moved.values())] for name in self.agenda]
        parts = [table(f"{self.assessment.title}: what to find out first", ["quantity", "rests on", *self.moved], agenda)]
        for name, each in self.moved.items():
            if each.sobol is not None:
                rows = [[self.title(one), each.sobol.first[one].verdict, each.sobol.total[one].verdict] for one in in_order(each.sobol)]
                parts.append(table(f"{name}: shares of variance", ["quantity", "alone", "in all"], rows))
        return "".join(parts)


def in_order(found: Sobol) -> list[str]:
    """Quantities and groups by total index, the largest first."""
    return sorted(found.total, key=lambda name: -found.total[name].value)


def _plain(each: Moved) -> dict[str, Any]:
    def told(found: Mapping[str, Estimate] | None) -> dict[str, Any] | None:
        return None if found is None else {name: _estimate(one) for name, one in found.items()}

    indices = None if each.sobol is None else {
        "first": told(each.sobol.first), "total": told(each.sobol.total), "rest": _estimate(each.sobol.rest), "variance": each.sobol.variance,
    }  # fmt: skip
    effects = {name: told(None if found is None else found.effects) for name, found in
               (("shapley", each.shapley), ("evidence", each.evidence), ("evidence_doubled", each.doubled))}  # fmt: skip
    return {
        "left_out": each.left_out, "moved": each.moved, "alone": told(each.alone), "alone_by_grade": told(each.graded),
        "epistemic": _estimate(each.split.epistemic), "aleatory": _estimate(each.split.aleatory), "sobol": indices, **effects,
    }  # fmt: skip


def _choice(each: Choice) -> dict[str, Any]:
    def worth(found: Estimate) -> dict[str, float]:
        return {"value": found.value, "low": found.low, "high": found.high}

    options = dict(zip(each.options, each.probabilities, strict=True))
    return {
        "options": options, "best": each.best, "knowing_everything": worth(each.information.everything),
        "knowing": {name: worth(each.information.each[name]) for name in each.worth},
    }  # fmt: skip


def _estimate(found: Estimate) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "verdict": found.verdict}
