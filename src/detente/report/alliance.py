"""Who would show up: whether an alliance commits enough by each clock, with its leader and without, what each group brings, and how each member helps.

The numbers are those of `detente alliance RUN --draws 1024`. How often promises were kept in war stands beside, and judges nothing.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from detente.document import Absence
from detente.ensemble import Assessment
from detente.errors import InvalidInput
from detente.insight.beside import with_whole_record
from detente.insight.promises import RELIABILITY, Promises, who_shows_up
from detente.record.facts import Poll
from detente.report.names import Called
from detente.report.tables import Cell, Panel, Table, between, part, rows
from detente.report.wording import amount, day, percent, span

TITLE = "Who would show up"
DRAWS = 1_024  # judgement: a chance is then told to about a point, in the time that the rest of a report takes
WITH_ARTICLE = ("Netherlands", "United Kingdom", "United States")


def promised(assessment: Assessment, *, draws: int = DRAWS, threads: int | None = None) -> Promises | str | None:
    """How the alliance of a run's scenario responds, over the first draws of the run; why there is no answer, or None without an alliance.

    A run of a shipped scenario that has changed since has only the facts that it kept.
    """
    if assessment.model.scenario.alliance is None:
        return None
    try:
        return who_shows_up(with_whole_record(assessment.model), draws=min(draws, assessment.draws), seed=assessment.seed, threads=threads)
    except InvalidInput as error:
        return error.problems[0].what


def alliance_panel(found: Promises | str | None, called: Called) -> Panel | None:
    """The panel of the alliance; None where the scenario has none, and a sentence where there is no answer."""
    if found is None or isinstance(found, str):
        return None if found is None else Panel("alliance", TITLE, "analyst", (f"There is no answer: {found}.",))
    return _panel(found, called)


def _the(called: Called, name: str) -> str:
    """A member within a sentence."""
    told = called.who(name)
    return f"the {told}" if told in WITH_ARTICLE else told


def _panel(found: Promises, called: Called) -> Panel:
    """The panel of an answer."""
    alliance, item = found.portfolio.alliance, found.portfolio.item
    order = ", then ".join(item.groups[group].title for group in alliance.groups)
    attacked = ", ".join(_the(called, name) for name in item.attacked)
    text = [
        f"{item.title}, if {attacked} were attacked, as known on {day(found.model.as_of)}. {len(alliance.allies)} members decide in this order: {order}. "
        f"Percentages are means over {found.draws:,} draws, without the weights of history; weights, thresholds and effects are mostly judgements.",
    ]
    if not found.switched_on:
        text.append("In this assessment the switch of this part of the model is off: nothing else in the report follows from what is told here.")
    agreed = f"Chance that no member blocks a decision of the alliance: {percent(float(found.consensus.sum(axis=1).mean()))}."
    leads = f"Chance that {_the(called, alliance.leader)} sends forces: {percent(float(found.chance[:, 0].mean()))}. " if alliance.leader else ""
    text.append(leads + agreed)
    asked = len(alliance.allies) - len(found.portfolio.imputed) - len(item.attacked)
    if found.portfolio.imputed:
        names = ", ".join(_the(called, name) for name in found.portfolio.imputed)
        text.append(f"Polls are known for {asked} of those who choose; the other {len(found.portfolio.imputed)} are imputed from their region: {names}.")
    moved = percent(float(found.rounding.max()))
    text.append(f"What each brings is counted in units of 1/256 of the whole, which moves what is committed by at most {moved} of it.")
    if found.apart:
        text.append(f"In {found.apart:,} draws two ways of integrating what members have in common differ by more than 1e-10.")
    data = _drawn(found, called)
    leader = f"; ▲ if {_the(called, alliance.leader)} sends forces, ▼ if not" if alliance.leader else ""
    caption = (
        "Chance in per cent that enough is committed by each date: the dot is the mean, the thick line holds 50 and the thin one 90 % of draws (in "
        f"brackets){leader}. Share of what all could bring that each group is expected to bring, in per cent; the upright line is what is enough (median). "
        "Chance in per cent of each level of help, by member; an asterisk marks support that was imputed."
    )
    tables = (_enough(found, called, data), _groups(found), _members(found, data), _beside())
    return Panel("alliance", TITLE, "analyst", tuple(text), caption, data, tables)


def _drawn(found: Promises, called: Called) -> dict[str, Any]:
    """What the figure is drawn from; shares are between 0 and 1."""
    alliance, item = found.portfolio.alliance, found.portfolio.item
    quantiles = np.quantile(found.enough, (0.05, 0.25, 0.75, 0.95), axis=0)
    clocks = []
    for k, clock in enumerate(alliance.clocks):
        p05, p25, p75, p95 = (float(each) for each in quantiles[:, k])
        mean = float(found.enough[:, k].mean())
        joins, stays = (None if alliance.leader is None or math.isnan(row[k]) else float(row[k]) for row in found.enough_given)
        clocks.append({
            "title": item.clocks[clock].title, "mean": mean, "p05": p05, "p25": p25, "p75": p75, "p95": p95, "joins": joins, "stays": stays,
            "told": percent(mean), "range": span(p05, p95), "threshold": float(np.median(found.threshold[:, k])),
            "whether": "" if joins is None or stays is None else f"with {_the(called, str(alliance.leader))} {percent(joins)}, without {percent(stays)}",
        })  # fmt: skip
    groups = [
        {"title": item.groups[group].title, "shares": shares, "told": [percent(share) for share in shares]}
        for group, shares in zip(alliance.groups, found.expected.mean(axis=0).T.tolist(), strict=True)
    ]
    # Rounded, since a host that fights for certain does so but for the last digits.
    members = [
        {"title": called.who(ally.name), "imputed": ally.name in found.portfolio.imputed, "shares": shares, "told": percent(shares[-1])}
        for ally, shares in zip(alliance.allies, found.levels.round(9).tolist(), strict=True)
    ]
    return {"clocks": clocks, "groups": groups, "levels": [item.levels[level].title for level in alliance.levels], "members": members}


def _enough(found: Promises, called: Called, data: dict[str, Any]) -> Table:
    alliance, clocks = found.portfolio.alliance, data["clocks"]
    cells: list[tuple[Cell | str, ...]] = [
        ("Enough is committed", *(part(clock["mean"]) for clock in clocks)),
        ("50 % of draws", *(between(clock["p25"], clock["p75"]) for clock in clocks)),
        ("90 % of draws", *(between(clock["p05"], clock["p95"]) for clock in clocks)),
    ]
    if alliance.leader is not None:
        who = _the(called, alliance.leader)
        cells += [(f"if {who} sends forces", *(part(clock["joins"]) for clock in clocks)), (f"if {who} does not", *(part(clock["stays"]) for clock in clocks))]
    for word, of in (("by consensus", found.council), ("as a coalition", found.coalition)):
        cells.append((word, *(part(float(of[:, :, k].sum(axis=1).mean())) for k in range(len(clocks)))))
    cells.append(("Enough is, of the whole (median)", *(part(clock["threshold"]) for clock in clocks)))
    return Table("alliance", "Is it enough, %", ("", *(clock["title"] for clock in clocks)), "<" + ">" * len(clocks), rows(cells))


def _groups(found: Promises) -> Table:
    alliance, item = found.portfolio.alliance, found.portfolio.item
    expected, losses = found.expected.mean(axis=0), found.contributions.mean(axis=0)
    clocks = range(len(alliance.clocks))
    cells: list[tuple[Cell | str, ...]] = [
        (item.groups[group].title, *(part(float(expected[k, place])) for k in clocks), *(_loss(float(losses[k, place])) for k in clocks))
        for place, group in enumerate(alliance.groups)
    ]
    titles = [item.clocks[clock].title for clock in alliance.clocks]
    head = ("group", *(f"brings: {title}, % of the whole" for title in titles), *(f"adds: {title}, points" for title in titles))
    title = "What a group brings, and what it adds: the chance of enough that would be lost if its forces counted for nothing"
    return Table("groups", title, head, "<" + ">" * (len(head) - 1), rows(cells))


def _loss(value: float) -> Cell:
    """A difference of chances in points; rounding may leave a trace below 0."""
    told = part(abs(value)).text
    return Cell(f"−{told}" if value < 0 and told != "0" else told, value)


def _members(found: Promises, data: dict[str, Any]) -> Table:
    alliance, portfolio = found.portfolio.alliance, found.portfolio
    cells: list[tuple[Cell | str, ...]] = []
    for ally, drawn in zip(alliance.allies, data["members"], strict=True):
        known = "attacked itself" if ally.certain else "imputed from its region" if drawn["imputed"] else _asked(portfolio.polls[ally.name][1])
        cells.append((str(drawn["title"]), portfolio.item.groups[ally.group].title, *(part(share) for share in drawn["shares"]), known))
    head = ("member", "group", *(f"{level}, %" for level in data["levels"]), "its public's support")
    return Table("members", "How each member helps", head, "<<" + ">" * len(data["levels"]) + "<", rows(cells), searched=True)


def _asked(poll: Poll) -> str:
    """What a public said when it was asked."""
    value = poll.value.value if isinstance(poll.value, Absence) else amount(poll.value, 3)
    return f"asked: {value} {'%' if poll.unit == 'percent' else poll.unit} in favour ({poll.wave})"


def _beside() -> Table:
    title = "Beside, never pass or fail: how often promises were kept in war, by rules that differ; a promise that deters is not called upon"
    return Table("kept", title, ("kept", "of what"), "<<", rows(RELIABILITY))
