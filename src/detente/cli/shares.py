"""The page of `detente sensitivity`: what to find out first, then for each outcome the shares of its variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.columns import fitted
from detente.cli.page import Line, wrap
from detente.insight.estimates import NOT_TOLD
from detente.insight.questions import PAIRED
from detente.report.wording import day, figure, plain, years

if TYPE_CHECKING:
    from collections.abc import Mapping

    from detente.insight.choices import Choice
    from detente.insight.estimates import Estimate
    from detente.insight.moved import Moved, Sensitivity

MOST_AGENDA, MOST_INDICES, MOST_WORTH = 12, 8, 3


def shares(found: Sensitivity, width: int) -> list[Line]:
    """The lines of the page."""
    a = found.assessment
    lines = wrap(a.title, width, "title")
    asked = f"As seen on {day(a.as_of)}, over {years(a.horizon_years)}. Shares are of the variance of log-odds; in brackets 95 % intervals."
    lines += wrap(f"{asked} {NOT_TOLD}: not distinguishable from 0 at this number of draws.", width)
    lines += [Line(""), *_agenda(found, width)]
    for moved in found.moved.values():
        lines += [Line(""), *_outcome(found, moved, width)]
    return [*lines, Line(""), *_cost(found, width)]


def _agenda(found: Sensitivity, width: int) -> list[Line]:
    first = found.agenda[:MOST_AGENDA]
    history = ", weighted by history" if a_history(found) else ""
    why = f"What would go of the variance, on average, if the quantity were known. From the {found.assessment.draws:,} draws of the run{history}."
    if any(moved.outcome.measure.condition is not None for moved in found.moved.values()):
        why += " Of what is conditional they also count by how likely the condition is in them, as in the figures of the run."
    lines = [*wrap("What to find out first (% of each outcome)", width, "title"), *wrap(why, width)]
    rows = [("", *(_short(moved) for moved in found.moved.values()))]
    for place, name in enumerate(first, 1):
        rows.append((f"{place:2} {found.title(name)} ({found.grade(name)})", *(moved.alone[name].short for moved in found.moved.values())))
    lines += _table(rows, "<" + ">" * len(found.moved), width)
    left = len(next(iter(found.moved.values())).alone) - len(first)
    more = len(found.agenda) - len(first)
    lines += wrap(f"{left} others: " + (f"{more} with less, the rest" if more else "all") + f" {NOT_TOLD}.", width) if left else []
    return lines


def _outcome(found: Sensitivity, moved: Moved, width: int) -> list[Line]:
    lines = wrap(f"{moved.outcome}: {_words(moved)}", width, "title")
    if moved.sobol is not None:
        rows: list[tuple[str, ...]] = [("% of the variance", "alone", "in all", "rests on")]
        totals = moved.sobol.total
        order = sorted(totals, key=lambda name: -totals[name].value)
        # All others stand last, whatever they bring, so that nobody takes them for one quantity.
        rest = [name for name in order if found.is_rest(name)]
        for name in [*[name for name in order if name not in rest][:MOST_INDICES], *rest]:
            rows.append((found.title(name), moved.sobol.first[name].short, totals[name].short, found.grade(name)))
        lines += _table(rows, "<>><", width)
        hidden = len(order) - len(rest) - MOST_INDICES
        more = f" {hidden} more have indices of their own, all of them smaller in all (`--json`)." if hidden > 0 else ""
        lines += wrap(f"What no quantity does alone (%): {moved.sobol.rest.short}.{more}", width)
    if moved.shapley is not None:
        effects = sorted(moved.shapley.effects.items(), key=lambda pair: -pair[1].value)[:MOST_INDICES]
        fair = ", ".join(f"{found.title(name)} {share.short}" for name, share in effects)
        lines += wrap(f"Fair shares of each, as some correlate (Shapley, %): {fair}.", width)
    lines += [*wrap(_evidence(moved, found), width), *wrap(_ignorance(moved), width)]
    if (choice := found.choices.get(str(moved.outcome))) is not None:
        lines += wrap(_choice(choice, found), width)
    if moved.left_out or moved.moved:
        left = f"Of the run {moved.left_out:,} draws left out, in which its condition cannot be"
        lines += wrap(f"{left}; {moved.moved:,} moved to 1e-12 from 0 or 1.", width)
    return lines


def _words(moved: Moved) -> str:
    """An outcome in words."""
    measure = moved.outcome.measure
    if not measure.is_question:
        return "how likely it is"
    (question,) = measure.questions
    when = f" by {question.year}" if question.year is not None else f" by {plain(question.origin)} episodes" if question.origin is not None else ""
    if question.kind in PAIRED:
        after, before = question.what.split("|")
        return f"how often {plain(before)} goes on to {plain(after)}"
    return f"how likely {plain(question.what)} is{when}"


def _short(moved: Moved) -> str:
    """An outcome as the head of a column."""
    measure = moved.outcome.measure
    usual = measure.is_question and measure.text == f"{measure.questions[0].kind}({measure.questions[0].what})"
    if usual and measure.questions[0].kind in ("reach", "onward"):
        return plain(measure.questions[0].what).replace("|", " if ")
    return measure.text


def _evidence(moved: Moved, found: Sensitivity) -> str:
    def said(effects: Mapping[str, Estimate]) -> str:
        return ", ".join(f"{name} {share.short}" for name, share in sorted(effects.items(), key=lambda pair: -pair[1].value))

    if moved.evidence is None:
        return f"By what quantities rest on, alone (%): {said(moved.graded)}."
    twin = f"with every judgement twice as wide: {said(moved.doubled.effects)}" if moved.doubled is not None else found.no_twin
    return f"By what quantities rest on (%; evidence is what was measured or published): {said(moved.evidence.effects)}; {twin}."


def _choice(choice: Choice, found: Sensitivity) -> str:
    options = ", ".join(f"{plain(name)} {100 * mean:.3g} %" for name, mean in zip(choice.options, choice.probabilities, strict=True))
    each, everything = choice.information.each, choice.information.everything
    known = "; ".join(f"{found.title(name)} {points(each[name].value)} (to {points(each[name].high)})" for name in choice.worth[:MOST_WORTH])
    worth = f"knowing {known}" if known else "no single quantity is told to change the choice"
    said = f"Choosing by this alone among {options}: {plain(choice.best)} as things are known. Avoided by knowing everything first: {points(everything.value)}"
    return f"{said} percentage points; {worth}. What policies cost, or do elsewhere, is not counted."


def points(share: float) -> str:
    """Percentage points to two digits.

    Examples
    --------
    >>> points(0.00048), points(0.0)
    ('0.048', '0')
    """
    return figure(share) if share > 0 else "0"


def _ignorance(moved: Moved) -> str:
    return f"Whether it happens: {moved.split.epistemic.verdict} of it is not known; the rest is left to chance even if all quantities were known."


def _cost(found: Sensitivity, width: int) -> list[Line]:
    alone = "What to find out first needed no new evaluations"
    if not found.block:
        return wrap(f"{alone}, and nothing else here did: indices of quantities together with others need `--block`.", width, "note")
    said = (
        f"{alone}. The indices, the shares by what quantities rest on{_chance(found)} needed {found.evaluations:,}: two blocks of {found.block:,} draws, mixed."
    )
    said += " They are under the priors: history weighs no draw there." if a_history(found) else ""
    if any(found.is_rest(name) for name in found.groups):
        said += " Quantities without indices of their own, chosen by what they do alone, are told as one."
    if found.unsettled:
        said += f" {found.unsettled:,} of these draws found no equilibrium."
    return wrap(said, width, "note")


def _chance(found: Sensitivity) -> str:
    return " and the split into what is not known and chance" if found.assessment.model.chance_names else ""


def a_history(found: Sensitivity) -> bool:
    """Whether history weighs the draws."""
    return found.assessment.history is not None


def _table(rows: list[tuple[str, ...]], align: str, width: int) -> list[Line]:
    return [Line(line, "head" if number == 0 else "row") for number, lines in enumerate(fitted(rows, align, width)) for line in lines]
