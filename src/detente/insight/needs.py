"""What one would have to believe for a reading of a claim to hold: the simplest boxes of quantities, in words, and what the priors give them.

    "the claim would need A at least 0.4, and B at most 0.1, which we give 3 %"

Boxes are searched on the first half of the draws and measured on the second. Where the reading holds in fewer than a hundred draws no box is told, but how
near the closest draw comes.

Reference: Bryant and Lempert (2010), doi 10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detente.insight.believe import what_to_believe
from detente.insight.beside import Beside
from detente.insight.boxes import Box, measure
from detente.insight.claims import Assertion
from detente.insight.discovery import LEAST_HITS, Limit
from detente.insight.estimative import Band
from detente.insight.judgement import Told
from detente.insight.samples import Sample

THRESHOLD = 0.8  # share of the draws of a box in which the reading holds: judgement


@dataclass(frozen=True)
class Need:
    """A box, and what it asks of each quantity.

    Attributes
    ----------
    limits : tuple of Limit
        The narrowest first.
    box : Box
        What it holds of the draws on which it was not searched for.
    """

    limits: tuple[Limit, ...]
    box: Box

    @property
    def words(self) -> str:
        """The box in words."""
        return "; ".join(f"{limit.title} {limit.words}" for limit in self.limits)


@dataclass(frozen=True)
class Needs:
    """What a reading would need.

    Attributes
    ----------
    needs : tuple of Need
        With one quantity, with two, ...; empty where nothing is needed or nothing suffices.
    why : str
        Why there is none, or none in which it holds often enough.
    """

    needs: tuple[Need, ...]
    why: str = ""


def what_it_needs(beside: Beside, told: Told, asserts: Assertion, band: Band | None, threads: int | None = None) -> Needs:
    """What one would have to believe for a reading to hold, in the scenario as written.

    Parameters
    ----------
    told : Told
        What was found for the reading.
    asserts, band
        What is asserted, for the closest draw.
    """
    there = told.answer.defined & (told.answer.weights > 0)
    holds, values, weights = told.holds[there], told.answer.values[there], told.answer.weights[there]
    count = int(holds.sum())
    if count < LEAST_HITS:
        falls = (band is not None and band.asserts == "at most") or asserts.direction == "down" or asserts.at_most is not None or asserts.below is not None
        closest = float(values.min() if falls else values.max()) if len(values) else float("nan")
        where = "nowhere within the stated ranges" if count == 0 else f"in {count} of {len(values):,} draws, nearly nowhere within the stated ranges"
        return Needs((), f"{where}; the closest draw reaches {closest:.3g}")
    model = beside.assessment.model
    inputs = beside.assessment.data["quantities"].values[: len(there)][there]
    varied = [index for index in range(inputs.shape[1]) if np.ptp(inputs[:, index]) > 0]
    names = [str(name) for name in beside.assessment.data["quantity"].values]
    sample = Sample(inputs[:, varied], [names[index] for index in varied], weights)
    half = len(holds) // 2
    belief = what_to_believe(
        Sample(sample.inputs[:half], sample.names, weights[:half]), holds[:half], threshold=THRESHOLD, least_hits=LEAST_HITS // 4, threads=threads
    )
    rest = Sample(sample.inputs[half:], sample.names, weights[half:], np.ones(len(weights) - half))

    def of(box: Box) -> Need:
        found = measure(box.limits, rest, holds[half:])
        limits = []
        for name, (low, high) in box.limits.items():
            item = model.scenario.quantities[name]
            share = measure({name: (low, high)}, rest, holds[half:]).probability
            limits.append(Limit(name, item.title, "" if item.unit == "1" else item.unit, low, high, share, float("nan")))
        return Need(tuple(sorted(limits, key=lambda limit: limit.share)), found)

    return Needs(tuple(map(of, belief.boxes)), belief.why)
