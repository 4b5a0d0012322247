"""The page of `detente compare`: policies side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.cli.columns import fitted
from detente.cli.page import LIMITS, Line, wrap
from detente.cli.policy import points
from detente.insight.alternatives import NOTHING
from detente.insight.structures import AS_WRITTEN
from detente.report.wording import correlation, day, figure, percent, plain, years

if TYPE_CHECKING:
    from detente.insight.alternatives import Alternatives
    from detente.insight.signs import Effect

FEW = 3  # up to so many are told in full
READ = (
    "Change of the probability in percentage points, and in brackets P(it helps): the share of draws in which it is lower. What lowers a level may be bought by"
    " yielding: read no column without that of the revised order."
)
OTHERWISE = (
    "Change as before, with half of its 95 % Monte Carlo interval, and in brackets P(it helps), in every structure of the scenario. A sign holds where it is"
    " the same in all of them; a change within its interval has none."
)
RULES = (
    "In the Pareto set no other policy is at most as high on all of these and lower on one. The rules weigh none of them against another; regret is what the"
    " best option of a draw would have spared. Differences below the Monte Carlo error decide nothing."
)


def alternatives(found: Alternatives, width: int) -> list[Line]:
    """The lines of the page."""
    a = found.beside.assessment
    asked = f"{a.about['scenario']}{'; ' + '; '.join(a.edits) if a.edits else ''}, as seen on {day(a.as_of)}, over {years(a.horizon_years)}"
    lines = [*wrap(a.title, width, "title"), *wrap(f"{asked}: {len(found.effects)} policies on the same {found.draws:,} draws.", width), Line("")]
    lines += _overview(found, width)
    if len(found.effects) <= FEW:
        for name in found.effects:
            lines += _in_full(found, name, width)
            lines += _in_structures(found, name, width)
    elif found.structures:
        lines += _signs(found, width)
    lines += [Line(""), *wrap(f"No other beats (Pareto set): {', '.join(map(plain, found.pareto))}.", width)]
    rows = [("What each rule would take", *map(plain, found.aims))]
    rows += [(rule, *(plain(each[aim]) for aim in found.aims)) for rule, each in found.robust.items()]
    return [*lines, Line(""), *_table(rows, "<" * len(rows[0]), width), Line(""), *wrap(RULES, width, "note"), *wrap(LIMITS, width, "note")]


def _overview(found: Alternatives, width: int) -> list[Line]:
    first = next(iter(found.effects.values()))
    rows: list[tuple[str, ...]] = [("", *map(plain, found.aims)), (f"{NOTHING}, %", *(figure(first[aim].change.baseline) for aim in found.aims))]
    for name, effects in found.effects.items():
        rows.append((plain(name), *(f"{points(effects[aim].change.change)} ({percent(effects[aim].change.lower)})" for aim in found.aims)))
    return [*_table(rows, "<" + ">" * len(found.aims), width), *wrap(READ, width, "note")]


def _in_full(found: Alternatives, name: str, width: int) -> list[Line]:
    scenario = found.beside.assessment.model.scenario
    policy = scenario.policies[name]
    sets = "; ".join(f"{target} = {formula.text}" for target, formula in policy.set.items())
    source = f" Sources: {', '.join(policy.source)}." if policy.source else ""
    lines = [Line(""), *wrap(f"{plain(name)}: {policy.title}", width, "title"), *wrap(f"Sets {sets}. {policy.why}{source}", width)]
    rows: list[tuple[str, ...]] = [("", "without %", "with %", "change", "90 % of draws", "helps in", "harms in")]
    # A rung of a level is reached when the level is; those that stand aside each tell something.
    inside = {rung for members in scenario.groups.values() for rung in members if not scenario.rungs[rung].aside}
    for rung, effect in found.effects[name].items():
        if rung in inside:
            continue
        change = effect.change
        ranges = f"{points(change.low)} to {points(change.high)}"
        cells = (figure(change.baseline), figure(change.policy), points(change.change), ranges, percent(change.lower), percent(change.higher))
        rows.append((plain(rung), *cells))
    lines += _table(rows, "<>>>>>>", width)
    for aim in found.aims:
        regret = found.regrets[name][aim]
        deciders = "; ".join(f"{scenario.quantities[quantity].title} ({correlation(rho)})" for quantity, rho in found.signs[name][aim][:2])
        told = f" What decides the sign: {deciders}." if deciders else " It changes nothing in any draw."
        lines += wrap(f"{plain(aim)}: mean regret {figure(regret.mean)} points, 95 % of draws below {figure(regret.p95)}.{told}", width)
    return lines


def _in_structures(found: Alternatives, name: str, width: int) -> list[Line]:
    """What a policy changes as each structure reads the scenario, and whether its signs hold."""
    if name not in found.structures:
        return []
    titles = {structure: item.title for structure, item in found.beside.assessment.model.scenario.structures.items()}
    rows: list[tuple[str, ...]] = [(f"{plain(name)}, read otherwise", *map(plain, found.aims))]
    for structure, effects in {AS_WRITTEN: found.effects[name], **found.structures[name]}.items():
        rows.append((titles.get(structure, "As written"), *map(_with_margin, (effects[aim] for aim in found.aims))))
    said = [sign.says(plain(aim)) for aim in found.aims if (sign := found.signs_in_structures(name, aim)) is not None]
    lines = [Line(""), *_table(rows, "<" + ">" * len(found.aims), width), *wrap(OTHERWISE, width, "note")]
    return [*lines, *(line for each in said for line in wrap(f"{each[0].upper()}{each[1:]}.", width))]


def _with_margin(effect: Effect) -> str:
    return f"{points(effect.change.change)} ±{figure(effect.margin)} ({percent(effect.change.lower)})"


def _signs(found: Alternatives, width: int) -> list[Line]:
    """In which structures each policy has the sign that it has as written: of many policies that alone."""
    words = {True: "holds", False: "does not", None: "open"}
    rows: list[tuple[str, ...]] = [("Its sign in all structures", *map(plain, found.aims))]
    for name in found.structures:
        signs = [found.signs_in_structures(name, aim) for aim in found.aims]
        rows.append((plain(name), *(words[sign.holds] for sign in signs if sign is not None)))
    count = 1 + len(found.beside.structures)
    note = (
        f"Whether the change has the same sign as written and in every structure, {count} in all; open where it lies within its Monte Carlo interval in some."
    )
    return [Line(""), *_table(rows, "<" + ">" * len(found.aims), width), *wrap(note, width, "note")]


def _table(rows: list[tuple[str, ...]], align: str, width: int) -> list[Line]:
    return [Line(line, "head" if place == 0 else "row") for place, each in enumerate(fitted(rows, align, width)) for line in each]
