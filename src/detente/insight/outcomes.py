"""Measures that are a probability in every draw, as outcomes: what `detente sensitivity` shares out the variance of, and what choices are made by.

In a draw in which its condition cannot be an outcome is not there (NaN). Draws weigh by what history makes them count and, where the outcome is conditional,
by how likely its condition is in them: then the mean over draws is the ratio of means that a run prints, and what is told of the spread is told of that figure.

Refused: what `detente.insight.measures` refuses, measures that compare, that ask another world, or that lie outside 0 to 1 in some draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from detente.document.names import shorten
from detente.ensemble import Assessment
from detente.errors import InvalidInput, Problem
from detente.insight.measures import Measure
from detente.insight.questions import PAIRED, Known
from detente.insight.told import draw_by_draw, named, parts_of
from detente.scenario import Model

Floats = NDArray[np.float64]
ROUNDING = 1e-9


@dataclass(frozen=True)
class Outcome:
    """A probability that every draw has.

    Attributes
    ----------
    measure : Measure
    """

    measure: Measure

    def __str__(self) -> str:
        return self.measure.text

    def of(self, model: Model, data: xr.Dataset) -> Floats:
        """Over draws; NaN where its condition cannot be."""
        parts = [parts_of(data, question) for question in self.measure.questions]
        values = draw_by_draw(self.measure, parts, named(model, data, self.measure.names), data.sizes["draw"])
        # What is certain may come out above 1 by rounding, and what is impossible below 0; neither has log-odds then.
        return np.where((values > 1.0) & (values < 1.0 + ROUNDING), 1.0, np.where((values < 0.0) & (values > -ROUNDING), 0.0, values))

    def weights(self, data: xr.Dataset) -> Floats:
        """Weights of draws: by history, and by the probability of the condition that all its conditional questions share."""
        weights: Floats = data["weight"].values
        if self.measure.condition is None:
            return weights
        question = next(question for question in self.measure.questions if question.kind in PAIRED)
        _, given = parts_of(data, question)
        assert given is not None
        return weights * given


def read_outcomes(texts: Sequence[str], assessment: Assessment, where: str = "outcomes") -> list[Outcome]:
    """Outcomes from their names.

    Raises
    ------
    InvalidInput
        For what the module refuses, all at once.
    """
    known, problems = Known.of(assessment), list[Problem]()
    found: list[Outcome] = []
    for text in texts:
        try:
            measure = Measure.parse(text, where)
        except InvalidInput as error:
            problems += error.problems
            continue
        wrong = [*measure.problems(known, where)] or _no_outcome(measure, assessment, where)
        problems += wrong
        if not wrong:
            found.append(Outcome(measure))
    if problems:
        raise InvalidInput(problems)
    return list(dict.fromkeys(found))


def _no_outcome(measure: Measure, assessment: Assessment, where: str) -> list[Problem]:
    """Why a measure that can be asked is no outcome."""
    text = shorten(measure.text, 60)
    if measure.tests:
        return [Problem(where, f"`{text}` compares", "it holds in a draw or does not, and has no log-odds", "ask `detente discover` where it holds")]
    if (question := measure.elsewhere) is not None:
        why = "what moves a result is told of one world"
        return [Problem(where, f"`{shorten(question.text, 60)}` is asked of another world", why, "leave it out, or name a run of that world")]
    values = Outcome(measure).of(assessment.model, assessment.data)
    outside = int(((values < 0) | (values > 1)).sum())
    if outside:
        why = "variance is shared out in log-odds"
        return [Problem(where, f"`{text}` lies outside 0 to 1 in {outside:,} draws", why, "ask for a probability, such as `reach(war)`")]
    return []
