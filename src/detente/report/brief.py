"""The brief: a page of sentences, each made from one result and saying no more than it.

A probability is told to two digits with the range of nine draws in ten, and as a word only where it lies within a band of the stated standard: in a gap between
bands there is no word. That most of a result is assumed mistakes is said where the error share is above one half.
"""

from __future__ import annotations

from detente.ensemble import Assessment
from detente.insight.estimative import DEFAULT, Standard, standard
from detente.report.names import Called
from detente.report.tables import Panel
from detente.report.wording import FROM_MISTAKES, LEAST, day, figure, one_in, percent, years

MOST_MOVERS = 3
LEAST_CORRELATION = 0.1


def brief_panel(assessment: Assessment, called: Called, words: str = DEFAULT) -> Panel:
    """The panel of the brief.

    Raises
    ------
    InvalidInput
        For an unknown standard.
    """
    scale = standard(words)
    text = [
        f"What follows was known on {day(assessment.as_of)} and looks {years(assessment.horizon_years)} ahead. Each probability is the mean over "
        f"{assessment.draws:,} draws of what is not known exactly; the range holds nine draws in ten.",
        *(sentence(assessment, called, name, scale) for name in called.outcomes),
        *onward(assessment, called),
        *movers(assessment, called),
        f"Words are those of {scale.title}; where it has no word for a probability, none is used. {scale.note}",
    ]
    return Panel("brief", "In brief", "brief", tuple(text))


def sentence(assessment: Assessment, called: Called, name: str, scale: Standard) -> str:
    """What the result says of a level or of what stands aside."""
    summary, title = assessment.result["reach"][name], called.title(name)
    if summary["mean"] is None:
        return f"{title}: no value ({summary.get('why', 'it cannot be told')})."
    mean = summary["mean"]
    if 0.0 < mean < LEAST:
        return f"{title}: less than the model can tell."
    if mean in (0.0, 1.0) and summary["p05"] == summary["p95"] == mean:
        return f"{title}: {'always' if mean else 'never'} reached, in every draw."
    word = word_for(mean, scale)
    told = f"{title}: {percent(mean)} ({one_in(mean)}{f', “{word}”' if word else ''}), with a range of {figure(summary['p05'])} to {percent(summary['p95'])}."
    share = summary["error_share"]
    return told + (f" It is {FROM_MISTAKES}." if share is not None and share > 0.5 else "")


def word_for(p: float, scale: Standard) -> str:
    """The word of the one band that a probability lies in; none on an edge that two share, or outside all."""
    place = scale.place(min(max(p, 0.0), 1.0))
    return place.bands[0].terms[0] if place.position == "in" and len(place.bands) == 1 else ""


def onward(assessment: Assessment, called: Called) -> list[str]:
    """How many episodes go on from each level to the next, in one sentence."""
    found = []
    for below, above in zip(called.levels, called.levels[1:], strict=False):
        summary = assessment.result["onward"].get(f"{above}|{below}")
        if summary is not None and summary["mean"] is not None and summary["mean"] >= LEAST:
            spread = f"{figure(summary['p05'])} to {percent(summary['p95'])}"
            found.append(f"from {called.title(below)} to {called.title(above)} {percent(summary['mean'])} ({spread})")
    return [f"Of episodes that enter a level, the share that goes on before all return to {called.title(called.first)}: {'; '.join(found)}."] if found else []


def movers(assessment: Assessment, called: Called) -> list[str]:
    """What goes most with the highest level that the model can tell."""
    tellable = [name for name in called.levels if (assessment.result["reach"][name]["mean"] or 0.0) >= LEAST]
    quantities = assessment.model.scenario.quantities
    for name in reversed(tellable):
        found = sorted(
            ((quantity, told[name]) for quantity, told in assessment.influence() if name in told and abs(told[name]) >= LEAST_CORRELATION),
            key=lambda pair: -abs(pair[1]),
        )  # fmt: skip
        if found:
            listed = "; ".join(f"{quantities[quantity].title} ({'up' if rho > 0 else 'down'})" for quantity, rho in found[:MOST_MOVERS])
            told = f"What goes most with “{called.title(name)}” over draws, and whether more of it goes with a higher chance: {listed}."
            return [f"{told} That is correlation, not cause."]
    return []
