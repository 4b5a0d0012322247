"""What moves the results of an assessment: shares of the variance of its outcomes, each as log-odds, by quantity and by what they rest on.

From the draws of the run, weighted by history, without evaluating anything anew:

- the first-order share of each quantity (`given_data`), and from it the order in which they would be worth knowing: the share is the part of the variance that
  would go, on average, if the quantity were known. Every outcome counts the same in this order;
- what knowing a quantity would be worth before choosing among policies that are named (`choices`); the draws are assessed again under each of these;
- which part of whether something happens is not known, and which is left to chance (`evidence.split`), where draws hold no chance of their own.

From two blocks of new draws (`blocks`), under the priors, since history ties quantities together:

- first-order and total indices (`sobol`) of the `top` quantities that bring most to any outcome in the draws of the run, and of all others as one: if their
  total is small, nothing was overlooked by looking at first-order shares. Quantities that correlate stand together;
- Shapley effects of each of them (`shapley`), where some correlate;
- the evidence share (`evidence`), and its twin in which every judgement is twice as wide;
- the split into what is not known and what is chance, where draws hold contingencies: these are drawn again.

Refused: what the parts refuse; a run that has fewer than two draws; an outcome that is the same in every draw.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from operator import index
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble import Assessment, assess
from detente.ensemble.folder import is_run
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.insight._html import table
from detente.insight.blocks import Blocks, with_wider_judgements
from detente.insight.choices import Choice, choose
from detente.insight.estimates import LEAST, Estimate
from detente.insight.evidence import Split, by_grade, evidence_alone, evidence_share, log_odds, split
from detente.insight.given_data import first_order
from detente.insight.outcomes import Outcome, arrays_of, read_outcome
from detente.insight.samples import Sample
from detente.insight.shapley import Shapley, shapley
from detente.insight.sobol import Sobol, sobol
from detente.scenario import Model

Floats = NDArray[np.float64]
USUAL = ("reach(crisis)", "reach(war)", "reach(nuclear_use)", "onward(nuclear_use|war)")
REST = "the other"
BLOCK, TOP = 1_024, 24  # judgement: for baltic-2021 35,000 evaluations, half a minute on two cores, and intervals of a few points


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


def sensitivity(
    source: str | Path | Model | Assessment,
    outcomes: Sequence[str] | None = None,
    *,
    as_of: date | str | None = None,
    draws: int = 16_384,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    policies: Sequence[str] = (),
    block: int = BLOCK,
    top: int = TOP,
    resamples: int = 1000,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """What moves the results of a run or scenario.

    Parameters
    ----------
    source : str, Path, Model or Assessment
        A run folder or an assessment; a scenario is assessed first, with the options of `detente.assess`.
    outcomes : sequence of str, optional
        Such as `reach(war)` or `onward(nuclear_use|war)`. By default reach of crisis, war and nuclear use and how often war goes on to nuclear use, or reach of
        every level where the scenario has none of these.
    policies : sequence of str, optional
        Of the scenario: what would knowing a quantity be worth to whoever chooses among these and none?
    block : int, optional
        Draws of each of the two blocks; 0: only what the draws of the run tell.
    top : int, optional
        Quantities that get indices of their own.
    resamples : int, optional
        Of the bootstrap.

    Raises
    ------
    InvalidInput, ModelError
        As `detente.assess`, and for what the module refuses.

    Examples
    --------
    >>> from detente.insight import sensitivity
    >>> found = sensitivity("first-steps", ["reach(war)"], draws=1024, block=512)
    >>> found.agenda[0], found.moved["reach(war)"].sobol.total["war_cost"].is_distinct
    ('war_cost', True)
    """
    problems = [*_count("block", block, 0), *_count("top", top, 1), *_count("resamples", resamples, 1)]
    problems += [Problem("block", f"{block} draws are too few", "intervals want a few hundred at least", "give 0 or from 64 on")] if 0 < block < 64 else []
    if problems:
        raise InvalidInput(problems)
    if not isinstance(source, Assessment):
        source = assessed(source, as_of=as_of, draws=draws, seed=seed, horizon_years=horizon_years, switches=switches, threads=threads, progress=progress)
    asked = _asked(source, outcomes)
    found = {str(outcome): _from_draws(source, outcome) for outcome in asked}
    choices = {str(outcome): choice for outcome, choice in choose(source, policies, asked, threads, progress).items()} if policies else {}
    told = _with_blocks(source, found, block, top, resamples, threads, progress) if block else Sensitivity(source, found, {}, 0)
    return replace(told, choices=choices)


def assessed(source: str | Path | Model, **options: Any) -> Assessment:
    """A run that is kept, or a scenario that is assessed now."""
    return Assessment.load(source) if isinstance(source, str | Path) and is_run(Path(source)) else assess(source, **options)


def _count(name: str, value: int, least: int) -> list[Problem]:
    try:
        wrong = index(value) < least
    except TypeError:
        return [Problem(name, f"{value!r} is no whole number", "", "give an int")]
    return [Problem(name, f"{value} is out of range", f"it runs from {least} on", f"give at least {least}")] if wrong else []


def _asked(assessment: Assessment, outcomes: Sequence[str] | None) -> list[Outcome]:
    """The outcomes that are asked for; of the usual ones those that there are and that vary."""
    arrays, labels = arrays_of(assessment)
    if outcomes is not None:
        if not outcomes:
            raise InvalidInput(Problem("outcomes", "none is named", "there is nothing to explain", "name one, such as `reach(war)`"))
        read: list[Outcome] = []
        problems: list[Problem] = []
        for text in outcomes:
            try:
                read.append(read_outcome(text, labels, "outcomes"))
            except InvalidInput as error:
                problems += error.problems
        if problems:
            raise InvalidInput(problems)
        return list(dict.fromkeys(read))
    there = {str(each): each for axis, measure in (("rung", "reach"), ("pair", "onward")) for each in (Outcome(measure, name) for name in labels[axis])}
    usual = [there[name] for name in USUAL if name in there] or [there[f"reach({name})"] for name in labels["level"]]
    told = [outcome for outcome in usual if _varies(outcome.of(arrays, labels))]
    if not told:
        raise InvalidInput(Problem("outcomes", "no level varies over the draws", "there is no variance to share out", "name an outcome that varies"))
    return told


def _varies(values: Floats) -> bool:
    there = values[~np.isnan(values)]
    return len(there) > 1 and bool(there.min() < there.max())


def _from_draws(assessment: Assessment, outcome: Outcome) -> Moved:
    """What the draws of the run tell."""
    arrays, labels = arrays_of(assessment)
    values = outcome.of(arrays, labels)
    there = ~np.isnan(values)
    weights = assessment.data["weight"].values
    columns = np.concatenate([assessment.data["quantities"].values, assessment.data["chances"].values], axis=1)
    names = [*labels["quantity"], *labels["contingency"]]
    sample = Sample(columns[there], names, weights[there])
    told, moved = log_odds(values[there])
    grades = {name: item.evidence for name, item in assessment.model.scenario.quantities.items()} | dict.fromkeys(labels["contingency"], "chance")
    # Whether it happens, if its condition does, is asked of draws as often as these meet it.
    met = Sample(columns[there], names, weights[there] * outcome.condition(arrays, labels)[there])
    return Moved(outcome, int((~there).sum()), moved, first_order(sample, told), evidence_alone(sample, told, grades), split(met, values[there]))


def _with_blocks(
    assessment: Assessment, found: dict[str, Moved], block: int, top: int, resamples: int, threads: int | None, progress: Progress | None
) -> Sensitivity:
    model, outcomes = assessment.model, [each.outcome for each in found.values()]
    report = progress or (lambda done, of, what: None)
    parts = _parts(model, [each.alone for each in found.values()], top)
    steps = 0
    grades = len(by_grade(Blocks(model, 1, 0, ()).grades))
    whole = len(parts) + 2 + 2 * grades + bool(model.chance_names) + (len(parts) if model.correlated else 0)

    def done(_: int) -> None:
        nonlocal steps
        steps += 1
        report(min(steps, whole), whole, "mixing")

    report(0, whole, "compiling")
    blocks = Blocks(model, block, assessment.seed, outcomes, threads, done)
    options: dict[str, Any] = {"resamples": resamples, "seed": 1}
    told, why = {}, ""
    for name, each in found.items():
        changes: dict[str, Any] = {"sobol": sobol(blocks.one, blocks.other, blocks.names, blocks.log_odds(each.outcome), groups=parts, **options)}
        if model.correlated:
            outcome, alone = blocks.correlated_log_odds(each.outcome), _parts(model, [one.alone for one in found.values()], top, apart=True)
            changes["shapley"] = shapley(blocks.one, blocks.other, blocks.names, outcome, groups=alone, correlation=blocks.correlation, **options)
        changes["evidence"] = _evidence(blocks, each.outcome, options)
        if model.chance_names:
            changes["split"] = _split(blocks, each.outcome)
        told[name] = changes
    wider = Blocks(with_wider_judgements(model), block, assessment.seed, outcomes, threads, done)
    try:
        for name, each in found.items():
            told[name]["doubled"] = _evidence(wider, each.outcome, options)
    except InvalidInput as error:
        why = f"with judgements twice as wide the scenario cannot be told: {error.problems[0].what}"
    both = {kind: getattr(blocks, kind) + getattr(wider, kind) for kind in ("evaluations", "unsettled")}
    moved = {name: Moved(**{**vars(each), **told[name], **({"doubled": None} if why else {})}) for name, each in found.items()}
    return Sensitivity(assessment, moved, parts, block, no_twin=why, **both)


def _evidence(blocks: Blocks, outcome: Outcome, options: Mapping[str, Any]) -> Shapley:
    return evidence_share(blocks.one, blocks.other, blocks.grades, blocks.correlated_log_odds(outcome), correlation=blocks.correlation, **options)


def _split(blocks: Blocks, outcome: Outcome) -> Split:
    """With the contingencies drawn again."""
    again = blocks.one.copy()
    chances = len(blocks.model.chance_names)
    again[:, -chances:] = blocks.other[:, -chances:]
    probability = blocks.probability(outcome)
    return split(Sample(blocks.one, blocks.names), probability(blocks.one), probability(again))


def _parts(model: Model, shares: Sequence[Mapping[str, Estimate]], top: int, apart: bool = False) -> dict[str, list[str]]:
    """The quantities that bring most to any outcome, and all others as one; those that correlate stand together, unless `apart`."""
    together = [] if apart else [list(group.names) for group in model.correlated]
    tied = {name for members in together for name in members}
    units = {", ".join(members): members for members in together} | {name: [name] for name in shares[0] if name not in tied}
    worth = {unit: max(share[member].value for share in shares for member in members) for unit, members in units.items()}
    chosen = sorted(units, key=lambda unit: -worth[unit])[: top if len(units) > top + 1 else None]
    rest = [member for unit, members in units.items() if unit not in chosen for member in members]
    return {unit: units[unit] for unit in chosen} | ({f"{REST} {len(rest)}": rest} if rest else {})


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
