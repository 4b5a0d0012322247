"""The page of `detente discover`: how often something holds, and the boxes in which it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.columns import fitted
from detente.cli.page import Line, wrap
from detente.report.wording import day, one_in, percent, plain, span, years

if TYPE_CHECKING:
    from detente.insight.discovery import Discovery, Region

READ = (
    "Boxes are found on one half of the draws and measured on the other; ranges are 95 %, for sampling alone. By luck: the chance that a limit helps as much by"
    " luck (quasi-p). A box says what would suffice, not what would have to be: where two quantities can stand in for each other, another does nearly as well."
)


def beliefs(found: Discovery, width: int) -> list[Line]:
    """The lines of the page."""
    a = found.assessment
    lines = [*wrap(a.title, width, "title"), *wrap(f"As seen on {day(a.as_of)}, over {years(a.horizon_years)}: where {found.where}", width), Line("")]
    lines += wrap(f"It holds in {percent(found.share)} of {a.draws:,} draws{_weighed(found)}.", width) if found.hits else []
    if found.missing:
        lines += wrap(f"In {found.missing:,} draws it is not defined, for its condition cannot be; they are left out.", width)
    densest = 0.0
    for region in found.regions:
        # What asks more without holding more often tells nothing.
        if not region.box.density <= densest:
            lines += [Line(""), *_region(region, found, width)]
            densest = region.box.density
    if found.why:
        lines += [*([Line("")] if found.regions else []), *wrap(f"{found.why[0].upper()}{found.why[1:]}.", width, "title")]
    return [*lines, Line(""), *wrap(READ, width, "note")] if found.regions else lines


def _weighed(found: Discovery) -> str:
    """How draws count, and what the share would be if they counted otherwise."""
    history = "history" if found.assessment.history is not None else ""
    condition = f"how likely {plain(found.where.condition)} is in them" if found.where.condition is not None else ""
    by = [each for each in (history, condition if found.weigh == "condition" else "") if each]
    told = f", weighted by {' and by '.join(by)}" if by else ", each of which counts the same" if condition else ""
    if found.other_share is None:
        return told
    if found.weigh == "condition":
        return f"{told}; in {percent(found.other_share)} if that has no say"
    return f"{told}; in {percent(found.other_share)} if draws also count by {condition} (`--weigh condition`)"


def _region(region: Region, found: Discovery, width: int) -> list[Line]:
    box = region.box
    count = f"{len(region.limits)} limit{'s' if len(region.limits) > 1 else ''}"
    if box.draws == 0:
        lines = wrap(f"{count}, which no draw of the other half meets", width, "title")
    else:
        believe = "What one would have to believe: " if region.holds(found.threshold) else ""
        lines = wrap(f"{believe}{count} that the priors give {percent(box.probability)}", width, "title")
        held = f"It holds in {percent(box.density)} ({span(*box.density_interval)}) of these draws."
        lines += wrap(f"{held} They are {percent(box.coverage)} ({span(*box.coverage_interval)}) of those in which it holds.", width)
    rows = [("", "", "draws", "by luck")]
    rows += [(limit.title, limit.words, one_in(limit.share), "<0.001" if limit.quasi_p < 0.001 else f"{limit.quasi_p:.2g}") for limit in region.limits]
    return [*lines, *(Line(line, "head" if place == 0 else "row") for place, each in enumerate(fitted(rows, "<<<>", width)) for line in each)]
