"""What it would be worth to know a quantity before choosing among policies, or none: `information` on the draws of a run, assessed again under each policy.

What counts is the probability of one outcome, the less the better, and nothing else: neither what a policy costs nor what it does to other outcomes. A policy
that is best in every draw makes knowing worth nothing, which is an answer too. Of a conditional outcome the cases count that there would be without a policy:
draws weigh by how likely its condition is as things are, under every option alike.

Refused: policies that the scenario does not have, runs that are under a policy already, and draws in which the outcome is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from detente.ensemble import Assessment, assess
from detente.ensemble.run import make_model
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.insight.information import Information, value_of_information
from detente.insight.outcomes import Outcome
from detente.insight.samples import Sample
from detente.scenario import Model

NONE = "no policy"


@dataclass(frozen=True)
class Choice:
    """A choice among policies by one outcome.

    Attributes
    ----------
    options : tuple of str
        `no policy`, then the policies.
    probabilities : tuple of float
        Mean of the outcome over draws, by weight, for each option.
    information : Information
        What knowing is worth, in probability of the outcome avoided.
    """

    options: tuple[str, ...]
    probabilities: tuple[float, ...]
    information: Information

    @property
    def best(self) -> str:
        """The option that is best as things are known."""
        return self.options[self.information.best]

    @property
    def worth(self) -> tuple[str, ...]:
        """Quantities that are worth knowing, of most worth first."""
        each = self.information.each
        return tuple(sorted((name for name in each if each[name].is_distinct), key=lambda name: -each[name].value))


def choose(
    assessment: Assessment, policies: Sequence[str], outcomes: Sequence[Outcome], threads: int | None = None, progress: Progress | None = None
) -> dict[Outcome, Choice]:
    """What knowing is worth to whoever chooses among these policies, for each outcome.

    Raises
    ------
    InvalidInput
        For what the module refuses.
    """
    if assessment.model.policy is not None:
        raise InvalidInput(Problem("policies", f"the run is under policy {assessment.model.policy!r}", "a choice begins without one", "name a run without"))
    options = [assessment]
    for model in _under(assessment, dict.fromkeys(policies)):
        options.append(assess(model, draws=assessment.draws, seed=assessment.seed, threads=threads, progress=progress))
    names = [str(name) for name in assessment.data["quantity"].values]
    found = {}
    for outcome in outcomes:
        weights = outcome.weights(assessment.data)
        sample = Sample(assessment.data["quantities"].values, names, weights)
        harm = np.stack([outcome.of(option.model, option.data) for option in options], axis=1)
        if np.isnan(harm).any():
            what = f"{outcome} is not there in {int(np.isnan(harm).any(axis=1).sum()):,} draws"
            raise InvalidInput(Problem("outcomes", what, "a choice counts every draw", "choose by another outcome"))
        means = tuple(float(mean) for mean in weights @ harm / weights.sum())
        found[outcome] = Choice((NONE, *dict.fromkeys(policies)), means, value_of_information(sample, -harm))
    return found


def _under(assessment: Assessment, policies: Iterable[str]) -> list[Model]:
    """The scenario under each policy."""
    models, problems = [], []
    for name in policies:
        try:
            models.append(make_model(assessment.model, None, None, None, name))
        except InvalidInput as error:
            problems += [replace(each, where="policies") if each.where == "--policy" else each for each in error.problems]
    if problems:
        raise InvalidInput(problems)
    return models
