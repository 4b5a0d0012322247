"""What each draw says of a measure: a formula, episodes a year, how many go on, how long episodes last.

A measure belongs to a figure or to an item of history. Formulas (unless a figure names another day), episodes and durations are told on the as-of date;
`onward` over the horizon. Formulas are
evaluated in whole blocks, as those of the ladder are, so that no number depends on the chunk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detente.document import Formula
from detente.ensemble.draws import BLOCK, Draws
from detente.ladder import Episodes, Equilibrium, Outlook
from detente.scenario.compile import Model
from detente.scenario.evaluate import named_values, over_draws
from detente.scenario.evidence import Figure, Measured
from detente.scenario.terms import Values
from detente.scenario.timeline import on_day

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Measures:
    """What some draws say.

    Parameters
    ----------
    model : Model
    drawn : Draws
    equilibrium : Equilibrium
    prospects : Outlook
        With every pair that is asked for.
    """

    model: Model
    drawn: Draws
    equilibrium: Equilibrium
    prospects: Outlook

    @cached_property
    def episodes(self) -> Episodes:
        return Episodes(self.equilibrium)

    def _values(self, model: Model) -> list[Values]:
        """What formulas are evaluated on, block by block, the last one filled up with its last draw."""
        count = len(self.drawn.quantities)
        columns = [np.pad(drawn, ((0, -count % BLOCK), (0, 0)), mode="edge").T for drawn in (self.drawn.quantities, self.drawn.chances)]
        blocks = []
        for first in range(0, count, BLOCK):
            quantities, chances = (array[:, first : first + BLOCK] for array in columns)
            drawn = dict(zip(model.scenario.quantities, quantities, strict=True))
            blocks.append(named_values(model, drawn, dict(zip(model.chance_names, chances, strict=True))))
        return blocks

    def of(self, item: Measured) -> Floats:
        """A measure over draws, in base units; where what it is conditional on cannot be, 0. Of durations, the median."""
        if item.formula is not None:
            return self.formula(item.formula, item.on.day if isinstance(item, Figure) and item.on is not None else None)
        if item.episodes is not None:
            return self.episodes.a_year(item.episodes)
        if item.onward is not None:
            return self.onward(item.onward)
        assert isinstance(item, Figure) and item.duration is not None
        durations = self.episodes.duration(item.duration)
        return durations.quantile(0.5) if item.longer_than is None else durations.longer_than(item.longer_than)

    def formula(self, formula: Formula, on: date | None = None) -> Floats:
        """A formula on the as-of date, over draws, in base units; on another day with drivers as they stood then, known as on the as-of date."""
        values = self._now if on is None else self._values(self._model_on(on))
        return np.concatenate([over_draws(formula, block, BLOCK) for block in values])[: len(self.drawn.quantities)]

    @cached_property
    def _now(self) -> list[Values]:
        return self._values(self.model)

    def _model_on(self, day: date) -> Model:
        return replace(self.model, timeline=on_day(self.model.scenario, self.model.record, day, self.model.as_of))

    def onward(self, pair: str) -> Floats:
        """`onward` of a pair over draws, 0 where its condition cannot be."""
        index = self.prospects.pairs.index(pair)
        joint, given = self.prospects.onward_joint[:, index], self.prospects.onward_given[:, index]
        return np.divide(joint, given, out=np.zeros_like(joint), where=given > 0)
