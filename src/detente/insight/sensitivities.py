"""What moves the results of an assessment: shares of the variance of its outcomes, each as log-odds, by quantity and by what they rest on.

From the draws of the run, weighted as in its own figures (by history, and of a conditional outcome by how likely its condition is), without evaluating
anything anew:

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
from dataclasses import replace
from datetime import date
from operator import index
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.ensemble import Assessment
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.insight.beside import assessed
from detente.insight.blocks import Blocks, with_wider_judgements
from detente.insight.choices import choose
from detente.insight.estimates import Estimate
from detente.insight.evidence import Split, by_grade, evidence_alone, evidence_share, log_odds, split
from detente.insight.given_data import first_order, shares_of
from detente.insight.measures import Measure
from detente.insight.moved import REST, Moved, Sensitivity
from detente.insight.outcomes import Outcome, read_outcomes
from detente.insight.own_policies import with_own
from detente.insight.samples import Sample
from detente.insight.shapley import Shapley, shapley
from detente.insight.sobol import sobol
from detente.scenario import Model

__all__ = ["Moved", "Sensitivity", "sensitivity"]

Floats = NDArray[np.float64]
USUAL = ("reach(crisis)", "reach(war)", "reach(nuclear_use)", "onward(nuclear_use|war)")
BLOCK, TOP = 1_024, 24  # judgement: for baltic-2021 35,000 evaluations, half a minute on two cores, and intervals of a few points


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
        Measures that are probabilities, such as `reach(war)`, `onward(nuclear_use|war)` or `reach(clash, accidental)`. By default reach of crisis, war and
        nuclear use and how often war goes on to nuclear use, or reach of every level where the scenario has none of these.
    policies : sequence of str, optional
        Of the scenario, `FILE.yaml` for those of a file, or `FILE.yaml:NAME`: what would knowing a quantity be worth to whoever chooses among these and none?
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
    options: dict[str, Any] = {"draws": draws, "seed": seed, "as_of": as_of, "horizon_years": horizon_years, "switches": switches}
    options |= {"threads": threads, "progress": progress}
    source, named = with_own(source, policies, whole_run=True, **options)
    if not isinstance(source, Assessment):
        source = assessed(source, **options)
    asked = _asked(source, outcomes)
    samples: dict[bytes, Sample] = {}
    found = {str(outcome): _from_draws(source, outcome, samples) for outcome in asked}
    choices = {str(outcome): choice for outcome, choice in choose(source, named or (), asked, threads, progress).items()} if named else {}
    told = _with_blocks(source, found, block, top, resamples, threads, progress) if block else Sensitivity(source, found, {}, 0)
    return replace(told, choices=choices)


def _count(name: str, value: int, least: int) -> list[Problem]:
    try:
        wrong = index(value) < least
    except TypeError:
        return [Problem(name, f"{value!r} is no whole number", "", "give an int")]
    return [Problem(name, f"{value} is out of range", f"it runs from {least} on", f"give at least {least}")] if wrong else []


def _asked(assessment: Assessment, outcomes: Sequence[str] | None) -> list[Outcome]:
    """The outcomes that are asked for; of the usual ones those that there are and that vary."""
    if outcomes is not None:
        if not outcomes:
            raise InvalidInput(Problem("outcomes", "none is named", "there is nothing to explain", "name one, such as `reach(war)`"))
        return read_outcomes(outcomes, assessment)
    data = assessment.data
    there = {f"reach({name})" for name in data["rung"].values} | {f"onward({name})" for name in data["pair"].values}
    usual = [name for name in USUAL if name in there] or [f"reach({name})" for name in data["level"].values]
    told = [outcome for name in usual if _varies((outcome := Outcome(Measure(name))).of(assessment.model, data))]
    if not told:
        raise InvalidInput(Problem("outcomes", "no level varies over the draws", "there is no variance to share out", "name an outcome that varies"))
    return told


def _varies(values: Floats) -> bool:
    there = values[~np.isnan(values)]
    return len(there) > 1 and bool(there.min() < there.max())


def _from_draws(assessment: Assessment, outcome: Outcome, samples: dict[bytes, Sample]) -> Moved:
    """What the draws of the run tell. Outcomes of the same draws, weighing the same, share a sample, which sorts its quantities once."""
    data = assessment.data
    values, weights = outcome.of(assessment.model, data), outcome.weights(data)
    there = ~np.isnan(values) & (weights > 0)
    chances = [str(name) for name in data["contingency"].values]
    key = np.where(there, weights, 0.0).tobytes()
    if key not in samples:
        columns = np.concatenate([data["quantities"].values, data["chances"].values], axis=1)
        samples[key] = Sample(columns[there], [*(str(name) for name in data["quantity"].values), *chances], weights[there])
    sample = samples[key]
    told, moved = log_odds(values[there])
    grades = {name: item.evidence for name, item in assessment.model.scenario.quantities.items()} | dict.fromkeys(chances, "chance")
    shares = shares_of(sample, told)
    alone, graded = first_order(sample, told, shares=shares), evidence_alone(sample, told, grades, shares)
    return Moved(outcome, int((~there).sum()), moved, alone, graded, split(sample, values[there]))


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
