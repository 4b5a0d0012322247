"""What draws say of a measure, and how it looks over all of them.

    share = sum of w over draws in which something holds / sum of w over draws in which the measure is defined

w is the weight that history gives. Where every conditional question of a measure has the same condition, draws also weigh by its probability as written, as
`given` and `onward` themselves do: if a happened, draws prone to a are likelier. Questions to several assessments are answered draw by draw, on the draws
that all of them have. The 95 % interval of a share is that of Jeffreys on the effective number of draws, which for a scrambled sequence is wide of the mark on
the safe side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from detente.ensemble.statistics import mean, weighted_quantiles
from detente.insight.answer import Answer, Share
from detente.insight.beside import Beside
from detente.insight.measures import Measure
from detente.insight.questions import Question, World, wanted_of
from detente.insight.told import Parts, draw_by_draw, parts_of
from detente.ladder import Wanted

Floats = NDArray[np.float64]
__all__ = ["Answer", "Share", "Weigh", "ask"]

Weigh: TypeAlias = Literal["history", "condition"]


def ask(
    beside: Beside,
    measure: Measure,
    structure: str | None = None,
    readings: Mapping[str, float] | None = None,
    *,
    weigh: Weigh = "condition",
    most: int | None = None,
) -> Answer:
    """Ask the assessment and what stands beside it.

    Parameters
    ----------
    structure : str, optional
        In which all of it is asked.
    readings : mapping, optional
        What other names of the measure stand for: readings of the record.
    weigh : str
        `condition`: draws also weigh by the probability of a condition that all conditional questions share; `history`: by history alone.
    most : int, optional
        So many draws at most of what stands beside.

    Raises
    ------
    InvalidInput
        If what stands beside cannot be assessed.
    """
    asked = [replace(question, world=replace(question.world, structure=structure)) for question in measure.questions]
    here = World(structure=structure)
    worlds = {world: beside.get(world, most, wanted) for world, wanted in ({here: Wanted()} | wanted_of(asked)).items()}
    count = min(told.sizes["draw"] for told in worlds.values())
    history = worlds[here]["weight"].values[:count]
    parts = [parts_of(worlds[question.world], question, count) for question in asked]
    own = frozenset(measure.names - (readings or {}).keys())
    values: dict[str, Any] = {**beside.values(here, own, count), **(readings or {})}
    found = draw_by_draw(measure, parts, values, count)
    weights = history * _condition(measure, asked, parts, count) if weigh == "condition" else history
    defined = np.isfinite(found) & (weights > 0)
    if not defined.any():
        return Answer(found, weights, None, None, None, None, 1.0)
    low, middle, high = weighted_quantiles(found[defined], weights[defined], (0.05, 0.5, 0.95))
    if measure.tests:
        predictive = mean(found[defined], weights[defined])
    else:
        means = [_mean(*each, worlds[question.world]["weight"].values[:count]) for question, each in zip(asked, parts, strict=True)]
        predictive = float(measure.evaluate(means, {name: mean(np.broadcast_to(value, (count,)), history) for name, value in values.items()}))
    undefined = mean((~np.isfinite(found)).astype(float), history)
    return Answer(found, weights, predictive if np.isfinite(predictive) else None, low, middle, high, undefined)


def _condition(measure: Measure, asked: list[Question], parts: list[Parts], count: int) -> Floats:
    """Weight by the probability of the condition that all conditional questions share, where they do, as the scenario at hand tells it."""
    if measure.condition is None:
        return np.ones(count)
    conditional = [(question, bottom) for question, (_, bottom) in zip(asked, parts, strict=True) if bottom is not None]
    return min(conditional, key=lambda pair: pair[0].world.elsewhere)[1]


def _mean(top: Floats, bottom: Floats | None, weights: Floats) -> float:
    if bottom is None:
        return mean(top, weights)
    below = mean(bottom, weights)
    return mean(top, weights) / below if below > 0 else float("nan")
