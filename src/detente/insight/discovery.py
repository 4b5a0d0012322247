"""In which draws of an assessment something holds: the simplest boxes of its quantities, in words that need no knowledge of the model.

What holds or does not is a measure that compares (`detente.insight.measures`): `onward(nuclear_use|clash) > 0.5`, `reach(war) < reach(war) under brigades`,
`reach(war) > 0.05 and p_resolute < 0.5`. In a draw in which it is not defined it neither holds nor fails, and the draw is left out.

Boxes are searched on the first half of the draws (`believe`) and measured on the second: what a search finds looks too good on the draws that it was found on.
A draw counts with the weight that history gives it. Whether the condition of `onward(b|a)` is likely in it has no say, unless `weigh` is `condition`: then the
draws count as those in which a happened would, as they do in the figures of a run and in the shares of claims. The share of draws is told both ways. The
probability of a box is told under the priors too; draws that history moved are beside those that they were before. Contingencies are chance, not something to
believe, and limit no box.

Where fewer than `LEAST_HITS` draws hold, no box is told, but how near the draws come.

Refused: what `detente.insight.measures` refuses, measures that do not compare, and runs of fewer than 400 draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detente.document.names import shorten
from detente.ensemble import Assessment
from detente.ensemble.work import Progress
from detente.errors import InvalidInput, Problem
from detente.insight._html import table
from detente.insight.answers import Weigh, ask
from detente.insight.believe import what_to_believe
from detente.insight.beside import Beside, assessed, beside_of
from detente.insight.boxes import Box, inside, quasi_p
from detente.insight.boxes import measure as measured
from detente.insight.measures import Measure
from detente.insight.samples import Bools, Sample
from detente.scenario import Model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
LEAST_HITS = 100  # a judgement
LEAST_DRAWS = 400  # a judgement: of 200 for the search, a box keeps 50


@dataclass(frozen=True)
class Limit:
    """What a box asks of one quantity.

    Attributes
    ----------
    quantity, title, unit : str
        The unit is empty where the quantity is a pure number.
    low, high : float
        Both belong to the box; infinite where it is open.
    share : float
        Share of draws that meet it, by weight.
    quasi_p : float
        Chance that it helps as much by luck alone.
    """

    quantity: str
    title: str
    unit: str
    low: float
    high: float
    share: float
    quasi_p: float

    @property
    def words(self) -> str:
        """The limits in words, with the unit."""
        low, high = f"{self.low:.3g}", f"{self.high:.3g}"
        told = f"from {low} to {high}" if np.isfinite([self.low, self.high]).all() else f"at least {low}" if np.isfinite(self.low) else f"at most {high}"
        return f"{told} {self.unit}".rstrip()

    def __str__(self) -> str:
        return f"{self.title}: {self.words}"


@dataclass(frozen=True)
class Region:
    """A box and what it asks.

    Attributes
    ----------
    limits : tuple of Limit
    box : Box
        What it holds of the draws on which it was not searched for.
    """

    limits: tuple[Limit, ...]
    box: Box

    def holds(self, threshold: float) -> bool:
        """Whether it holds in such a share of the draws of the box, as far as these can tell: a box is chosen that hardly does, and so measures lie about."""
        return self.box.draws > 0 and self.box.density_interval[1] >= threshold


@dataclass(frozen=True, eq=False, repr=False)
class Discovery:
    """Where something holds.

    Attributes
    ----------
    assessment : Assessment
    where : Measure
    weigh : str
        `history`, or `condition`: how draws count.
    threshold : float
        Density that was asked for.
    share : float
        Share of draws in which it holds, by weight.
    other_share : float or None
        The same with draws that count the other way; None where it has no condition that all its questions share.
    hits, missing : int
        Draws in which it holds, and in which it is not defined.
    closest : float or None
        Where it is one comparison with a number: what is compared, in the draw that comes nearest to it or goes furthest beyond it.
    compared : array over draws or None
        What is compared, where it is one comparison with a number.
    holds : array over draws
        1 or 0; NaN where it is not defined.
    regions : tuple of Region
        With one quantity, with two, ..., until one is dense enough.
    why : str
        Why there is no box, or none that holds as often as asked for; empty if the last one does.
    """

    assessment: Assessment
    where: Measure
    weigh: Weigh
    threshold: float
    share: float
    other_share: float | None
    hits: int
    missing: int
    closest: float | None
    compared: Floats | None
    holds: Floats
    regions: tuple[Region, ...]
    why: str = ""

    def __repr__(self) -> str:
        return f"<Discovery of {self.where} in {self.assessment.about['scenario']}: {self.hits:,} of {self.assessment.draws:,} draws>"

    def plot(self) -> Figure:
        """Draw the last box: its limits among all draws, and the outcome over the two quantities that it limits most.

        Raises
        ------
        MissingExtra
            Without matplotlib.
        InvalidInput
            If there is no box.
        """
        from detente.insight.plots import plot_box

        return plot_box(self)

    def plain(self) -> dict[str, Any]:
        """As plain data, for `discover --json`."""
        a = self.assessment
        head = {"scenario": a.about["scenario"], "as_of": a.as_of.isoformat(), "horizon_years": a.horizon_years, "draws": a.draws, "seed": a.seed}
        head |= {"digest": a.digest, "result_digest": a.result_digest, "where": self.where.text, "weigh": self.weigh, "threshold": self.threshold}
        head |= {"share": self.share, "other_share": self.other_share, "hits": self.hits, "missing": self.missing, "closest": self.closest, "why": self.why}
        return {**head, "regions": [_plain(region) for region in self.regions]}

    def _repr_html_(self) -> str:
        rows = [
            ["; ".join(map(str, region.limits)), *(f"{100 * share:.3g} %" for share in (region.box.coverage, region.box.density, region.box.probability))]
            for region in self.regions
        ]
        return table(f"{self.where}: {self.why or 'where it holds'}", ["box", "coverage", "density", "probability"], rows)


def discover(
    source: str | Path | Model | Assessment,
    where: str,
    *,
    weigh: Weigh = "history",
    threshold: float = 0.8,
    as_of: date | str | None = None,
    draws: int = 16_384,
    seed: int = 1,
    horizon_years: float | None = None,
    switches: Mapping[str, bool] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Discovery:
    """In which part of the ranges of its quantities something holds.

    Parameters
    ----------
    source : str, Path, Model or Assessment
        A run folder or an assessment; a scenario is assessed first, with the options of `detente.assess`.
    where : str
        A measure that compares: `onward(nuclear_use|clash) > 0.5`. What it asks of another policy, day or scenario is assessed on the same draws.
    weigh : str, optional
        How draws count: by `history` alone, or by `condition`: also by how likely the condition of its conditional questions is in them.
    threshold : float, optional
        Share of the draws of a box in which it must hold; 0.8 is judgement.

    Raises
    ------
    InvalidInput, ModelError
        As `detente.assess`, and for what the module refuses.

    Examples
    --------
    >>> from detente.insight import discover
    >>> found = discover("first-steps", "onward(war|crisis) > 0.1", draws=4096)
    >>> sorted(limit.quantity for limit in found.regions[0].limits)
    ['war_cost']
    """
    if not 0 < threshold <= 1:
        raise InvalidInput(Problem("threshold", f"{threshold:g} is out of range", "it is a share of draws", "give one above 0 and up to 1"))
    measure = Measure.parse(where, "where")
    folder = beside_of(source)
    if not isinstance(source, Assessment):
        source = assessed(source, as_of=as_of, draws=draws, seed=seed, horizon_years=horizon_years, switches=switches, threads=threads, progress=progress)
    beside = Beside(source, folder=folder, draws=source.draws, threads=threads, progress=progress)
    _check(measure, beside, weigh)
    answer = ask(beside, measure, weigh=weigh)
    there = answer.defined & (answer.weights > 0)
    if not there.any():
        raise InvalidInput(Problem("where", f"`{measure}` is not defined in any draw", "its condition cannot be", "ask for something else"))
    compared = measure.compared
    values = ask(beside, compared.measure).values if compared is not None else None
    names = [str(name) for name in source.data["quantity"].values]
    sample = Sample(source.data["quantities"].values[there], names, answer.weights[there])
    holds = answer.values[there] == 1.0
    share = answer.share(answer.values == 1.0)
    other = ask(beside, measure, weigh="condition" if weigh == "history" else "history") if measure.condition is not None else None
    other_share = other.share(other.values == 1.0) if other is not None else None
    found = Discovery(
        source, measure, weigh, threshold, share.value if share is not None else 0.0, other_share.value if other_share is not None else None,
        int(holds.sum()), int((~there).sum()),
        float((np.max if compared.asks_for_more else np.min)(values[there])) if compared is not None and values is not None else None,
        values, answer.values, (),
    )  # fmt: skip
    if found.hits < LEAST_HITS:
        return replace(found, why=_nowhere(found))
    half = len(holds) // 2
    searched, kept = _part(sample, slice(half)), _part(sample, slice(half, None))
    belief = what_to_believe(searched, holds[:half], threshold=threshold, least_hits=1, threads=threads)
    regions = tuple(_region(source, box, kept, holds[half:]) for box in belief.boxes)
    why = belief.why
    if not why and not regions[-1].holds(threshold):
        held = f"{100 * regions[-1].box.density:.2g} % of the draws on which it was not searched for"
        why = f"in the last box it holds in {held}, less than the {100 * threshold:g} % asked for"
    return replace(found, regions=regions, why=why)


def _check(measure: Measure, beside: Beside, weigh: Weigh) -> None:
    """Refuse what cannot hold or fail in a draw, and too few draws."""
    problems = list(measure.problems(beside.known, "where"))
    if not problems and not measure.holds_or_not:
        what = f"`{shorten(measure.text, 60)}` is no comparison"
        problems.append(Problem("where", what, "it holds in a draw or does not", "write `onward(nuclear_use|clash) > 0.5`, with one of > >= < <="))
    compared = measure.compared
    if not problems and compared is not None and compared.measure.is_question and not 0 <= compared.number <= 1:
        what = f"{compared.number:g} is no probability"
        problems.append(Problem("where", what, f"{compared.measure} lies from 0 to 1", "give a share: 0.05 for 5 %"))
    if not problems and weigh == "condition" and measure.condition is None:
        why = "draws can weigh by one condition alone"
        problems.append(Problem("weigh", f"`{shorten(measure.text, 60)}` has no condition that all its questions share", why, "leave it out"))
    draws = beside.assessment.draws
    if not problems and draws < LEAST_DRAWS:
        problems.append(Problem("draws", f"there are {draws} draws", "a box of so few tells nothing", f"give at least {LEAST_DRAWS}"))
    if problems:
        raise InvalidInput(problems)


def _nowhere(found: Discovery) -> str:
    told = "nowhere within the stated ranges"
    if found.hits:
        told = f"nearly {told}: in {found.hits} of {found.assessment.draws:,} draws, too few to describe ({LEAST_HITS} are needed)"
    if found.closest is None:
        return told
    return f"{told}; the {'furthest' if found.hits else 'closest draw'} reaches {found.closest:.3g}"


def _part(sample: Sample, rows: slice) -> Sample:
    return Sample(sample.inputs[rows], sample.names, sample.weights[rows], sample.prior[rows])


def _region(assessment: Assessment, box: Box, kept: Sample, holds: Bools) -> Region:
    found = measured(box.limits, kept, holds)
    if assessment.prior is not None:
        before = Sample(assessment.prior["quantities"].values, kept.names)
        found = replace(found, probability=float(inside(box.limits, before).mean()))
    luck = quasi_p(found, kept, holds) if found.draws else dict.fromkeys(box.limits, 1.0)
    quantities = assessment.model.scenario.quantities

    def told(name: str) -> Limit:
        item, (low, high) = quantities[name], box.limits[name]
        return Limit(name, item.title, "" if item.unit == "1" else item.unit, low, high, measured({name: (low, high)}, kept, holds).mass, luck[name])

    return Region(tuple(sorted(map(told, box.limits), key=lambda limit: limit.share)), found)


def _plain(region: Region) -> dict[str, Any]:
    def ends(limit: Limit) -> dict[str, float | None]:
        return {end: value if np.isfinite(value) else None for end, value in (("low", limit.low), ("high", limit.high))}

    box = region.box
    limits = {
        limit.quantity: {"title": limit.title, "unit": limit.unit or "1", **ends(limit), "share": limit.share, "quasi_p": limit.quasi_p}
        for limit in region.limits
    }
    told = {name: getattr(box, name) for name in ("draws", "hits", "coverage", "density", "mass", "probability")}
    told = {name: None if value != value else value for name, value in told.items()}
    return {"limits": limits, **told, "coverage_interval": box.coverage_interval if told["coverage"] is not None else None,
            "density_interval": box.density_interval if told["density"] is not None else None}  # fmt: skip
