"""The page that `assess` prints: question, ladder, what follows from what, what moves it, how sure it is, where it is kept.

A page is a function of its `Sheet`: plain lines, each with a role that `printing` colours.

Refused: a number for a chance below 1 in 100,000.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from detente.cli.columns import columns
from detente.cli.doubts import readings_table, searched_text, traced_text
from detente.cli.sheet import Past, Sheet, Summary
from detente.report.wording import (
    FROM_MISTAKES,
    LEAST,
    TOO_SMALL,
    correlation,
    day,
    digits,
    drawn_late,
    figure,
    one_in,
    passed,
    percent,
    plain,
    seconds,
    signed_percent,
    span,
    years,
)  # fmt: skip

WIDTH = 100
MOST_PAIRS = 9
MOST_QUANTITIES = 6
MOST_OUTCOMES = 4
LEAST_TITLE = 36
MOST_CHANGES = 5
LEAST_CHANGE = 0.05
SPARE = (3, 2, 6, 5)  # columns that go on a narrow screen, one after the other: the 50 % range, the median, who goes on up, mistakes
HEAD = ("predictive", "median %", "50 % of draws", "90 % of draws", "mistakes")
LIMITS = "A model of arguments: not intelligence, not warning, not for a live crisis; it blames nobody. Quote no figure without its range and its date."


@dataclass(frozen=True)
class Line:
    """A line of the page and its role: title, head, row, note or "" (running text)."""

    text: str
    role: str = ""


def page(sheet: Sheet, today: date, width: int = WIDTH) -> list[Line]:
    """The lines of the page, at most `width` wide where the names allow it."""
    return [
        *question(sheet, today, width),
        Line(""),
        *ladder(sheet, width),
        *conditionals(sheet, width),
        *mistakes(sheet, width),
        *history(sheet, width),
        *movers(sheet, width),
        *otherwise(sheet, width),
        Line(""),
        *certificate(sheet, width),
    ]


def question(sheet: Sheet, today: date, width: int = WIDTH) -> list[Line]:
    """What was asked, of when, and at what cost."""
    seen = f"As seen on {day(sheet.as_of)}; {passed(sheet.as_of, sheet.horizon_years, today)}."
    cost = f"{sheet.draws:,} draws of {sheet.quantities} quantities in {seconds(sheet.seconds)}."
    late = wrap(drawn_late(sheet.passed), width, "note") if sheet.passed else []
    return [*wrap(sheet.title, width, "title"), *wrap(f"{seen} {cost}", width), *late]


def ladder(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """The levels from the top down, then what stands aside."""
    upward = {a: b for a, b in zip(sheet.levels, sheet.levels[1:], strict=False)}
    rows: list[tuple[str, ...]] = [(f"reached within {years(sheet.horizon_years)}", *HEAD, "go on up")]
    for name in reversed(sheet.levels):
        onward = sheet.onward.get(f"{upward.get(name)}|{name}")
        rows.append(_row(plain(name), sheet.reach[name], "" if onward is None else _chance(onward)))
    for name in sheet.aside:
        group = next((group for group, members in sheet.groups.items() if name in members), None)
        label = f"aside: {plain(name)}" if group is None else f"  {plain(name.removeprefix(f'{group}_'))}"
        rows.append(_row(label, sheet.reach[name], ""))
    return table(rows, "<<>>>>>", width, SPARE)


def conditionals(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """Of histories that enter one level, how many go on to another before they return to the first rung."""
    order = ("", *sheet.levels, *sheet.aside)
    pairs = sorted(
        list(sheet.onward)[-MOST_PAIRS:], key=lambda pair: [order.index(name) if name in order else 0 for name in pair.split("|")[::-1]]
    )
    if not pairs:
        return []
    rows: list[tuple[str, ...]] = [("once there is → it goes on to", *HEAD)]
    for pair in pairs:
        b, a = pair.split("|")
        rows.append(_row(f"{plain(a)} → {plain(b)}", sheet.onward[pair]))
    left = len(sheet.onward) - len(pairs)
    return [Line(""), *table(rows, "<<>>>>", width, SPARE), *([Line(f"{left} more in the result.", "note")] if left else [])]


def mistakes(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """Which results rest chiefly on the assumed size of mistakes."""
    found = [(plain(name), sheet.reach[name]) for name in (*reversed(sheet.levels), *sheet.aside)]
    found += [(" → ".join(map(plain, reversed(pair.split("|")))), summary) for pair, summary in sheet.onward.items()]
    named = [name for name, summary in found if _number(summary, "error_share") > 0.5 and _number(summary, "mean") >= LEAST]
    return wrap(f"{FROM_MISTAKES.capitalize()}: {', '.join(named)}.", width, "note") if named else []


def history(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """What the draws are conditioned on, and results and quantities before and after."""
    past = sheet.past
    if past is None:
        return []
    lines = [Line("")]
    if past.items:
        rows: list[tuple[str, ...]] = [("what history changes", "before %", "after %", "")]
        for name in changed(sheet, past):
            after = _number((sheet.onward if "|" in name else sheet.reach)[name], "mean")
            rows.append((" → ".join(map(plain, reversed(name.split("|")))), figure(past.before[name] or 0.0), figure(after), ""))
        if len(rows) == 1:
            rows.append((f"no result by more than {percent(LEAST_CHANGE)}", "", "", ""))
        for item in past.narrowed:
            told = (spread(item.before), spread(item.after), f"{percent(item.contraction)} narrower")
            room = width - sum(map(len, told)) - 6
            rows.append((shortened(item.title, room if room >= LEAST_TITLE // 2 else width), *told))
        lines += table(rows, "<>><", width, spare=(3,))
        kept = "moved to where it is likely" if past.moved else "weighted"
        history = f"History: {'; '.join(past.items)}. The priors gave it {percent(past.probability)}."
        history += f" Draws are {kept}: {past.effective:,.0f} of {sheet.draws:,} count."
        nothing = f"History says nothing about {past.silent} of {sheet.quantities} quantities taken alone." if past.silent else ""
        lines += wrap(f"{history} {nothing}", width)
    if past.left_out:
        lines += wrap(f"Does not condition: {'; '.join(past.left_out)}.", width)
    return lines


def changed(sheet: Sheet, past: Past) -> list[str]:
    """Levels, what stands aside and pairs that history changes most, in the order of the page."""
    members = {name for group in sheet.groups.values() for name in group}
    shares = {}
    for name in (*reversed(sheet.levels), *(name for name in sheet.aside if name not in members), *sheet.onward):
        before, after = past.before.get(name), _number((sheet.onward if "|" in name else sheet.reach)[name], "mean")
        if before and after >= LEAST:
            shares[name] = abs(after / before - 1)
    most = sorted(shares.values(), reverse=True)[:MOST_CHANGES]
    return [name for name, share in shares.items() if share >= max(LEAST_CHANGE, most[-1])]


def spread(values: tuple[float, float, float]) -> str:
    """Median and central 90 %."""
    low, median, high = (digits(value, 2) for value in values)
    return f"{median} ({low}–{high})"


def movers(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """The quantities with the largest rank correlations."""
    outcomes = [name for name in (*sheet.aside, *sheet.levels) if any(name in item.correlations for item in sheet.influence)]
    outcomes = [name for name in outcomes if _number(sheet.reach[name], "mean") >= LEAST][-MOST_OUTCOMES:]
    if not outcomes:
        return []
    ordered = sorted(sheet.influence, key=lambda item: -max((abs(item.correlations.get(name, 0.0)) for name in outcomes), default=0.0))
    while (room := width - sum(max(len(name), 4) + 2 for name in outcomes) - 11) < LEAST_TITLE and len(outcomes) > 1:
        outcomes.remove(max(outcomes, key=len))
    rows: list[tuple[str, ...]] = [("what moves it most (rank correlation)", "evidence", *map(plain, outcomes))]
    for item in ordered[:MOST_QUANTITIES]:
        rows.append(
            (shortened(item.title, room), item.evidence, *(correlation(item.correlations[name]) if name in item.correlations else "" for name in outcomes))
        )
    return [Line(""), *table(rows, "<<" + ">" * len(outcomes), width)]


def otherwise(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """Levels and what stands aside, as other structures read the scenario."""
    if sheet.readings is None:
        return []
    head, *lines = readings_table(sheet.readings, _whole(sheet), width)
    return [Line(""), Line(head, "head"), *(Line(line, "row") for line in lines)]


def _whole(sheet: Sheet) -> tuple[str, ...]:
    """What stands aside, groups for their rungs, then the levels from the bottom up."""
    members = {name for group in sheet.groups.values() for name in group}
    return (*(name for name in sheet.aside if name not in members), *sheet.levels)


def certificate(sheet: Sheet, width: int = WIDTH) -> list[Line]:
    """How sure the numbers are as numbers, what they belong to and where they are."""
    ways = ", ".join(f"{count:,} {how}" for how, count in sheet.settled.items() if count)
    settled = "all draws" if sheet.converged == 1.0 else f"{figure(sheet.converged)} % of draws"
    traced = f" {traced_text(sheet.traced)}" if sheet.traced is not None else ""
    lines = wrap(f"Settled: {settled} ({ways}).{traced}{sampling_error(sheet)}", width)
    lines += wrap(searched_text(sheet.searched, _whole(sheet)[::-1]), width) if sheet.searched is not None else []
    seen = (
        f"; {sheet.hindsight} of {sheet.quantities} quantities were judged after {day(sheet.as_of)}: hindsight possible"
        if sheet.hindsight
        else ""
    )
    lines += wrap(f"{sheet.scenario}, {state(sheet)}, digest {sheet.digest.removeprefix('sha256:')[:12]}, seed {sheet.seed}{seen}.", width)
    if sheet.imputed is not None:
        choose, imputed = sheet.imputed
        lines += wrap(f"{imputed} of {choose} allies that choose were not polled and are imputed (detente alliance).", width)
    kept = f"Kept in {sheet.folder}; one draw with its reasons: detente explain {sheet.folder} --draw 0"
    lines += wrap(kept if sheet.folder else "Nothing is kept; --out FOLDER keeps it.", width)
    return lines + wrap(LIMITS, width, "note")


def state(sheet: Sheet) -> str:
    """Whether the scenario is the shipped one, and how many options change it."""
    changes = len(sheet.edits)
    edited = f"edited ({changes} change{'' if changes == 1 else 's'})" if changes else ""
    return (edited or "shipped") if sheet.shipped else ", ".join(filter(None, ("own file", edited)))


def sampling_error(sheet: Sheet) -> str:
    """The largest Monte Carlo error among the levels, as a share of the figure."""
    shares = {
        name: sheet.monte_carlo_error[name] / _number(sheet.reach[name], "mean")
        for name in sheet.levels
        if _number(sheet.reach[name], "mean") >= LEAST
    }
    if not shares:
        return ""
    worst = max(shares, key=lambda name: shares[name])
    return f" Monte Carlo error: at most {percent(shares[worst])} of a figure ({plain(worst)})."


def wrap(text: str, width: int, role: str = "") -> list[Line]:
    """Running text as lines; a number is not parted from what stands behind it, nor a day from its month."""
    import re
    from textwrap import wrap as broken

    held = re.sub(r"(?<=\d) (?=(?:s|%)(?!\w)|[A-Z][a-z]+ \d{4})", "\u00a0", text)
    return [Line(line.replace("\u00a0", " "), role) for line in broken(held, width, break_long_words=False, break_on_hyphens=False)]


def shortened(title: str, room: int) -> str:
    """A title that fits."""
    return title if len(title) <= room else title[: room - 1].rstrip() + "…"


def table(rows: Sequence[Sequence[str]], align: str, width: int, spare: Sequence[int] = ()) -> list[Line]:
    """A table whose first row is its head; where it would be too wide, spare columns go, and then names stand on lines of their own."""
    lines, kept = columns(rows, align, widest=width), list(range(len(align)))
    for column in (each for each in spare if each < len(align)):
        if max(map(len, lines)) <= width:
            break
        kept.remove(column)
        lines = columns([[row[each] for each in kept if each < len(row)] for row in rows], "".join(align[each] for each in kept), widest=width)
    if max(map(len, lines)) > width:
        stacked = [part for row in rows for part in ((row[0],), ("", *(row[each] for each in kept[1:] if each < len(row))))]
        lines = columns(stacked, "".join(align[each] for each in kept))
        return [Line(line, "head" if number < 2 else "row") for number, line in enumerate(lines)]
    return [Line(lines[0], "head"), *(Line(line, "row") for line in lines[1:])]


def _row(name: str, summary: Summary, *more: str) -> tuple[str, ...]:
    if summary["mean"] is None:
        return (name, str(summary.get("why", "no value")))
    if 0.0 < _number(summary, "mean") < LEAST:
        return (name, TOO_SMALL)
    low, first, median, third, high = (_number(summary, key) for key in ("p05", "p25", "p50", "p75", "p95"))
    share = summary["error_share"]
    return (
        name,
        _chance(summary),
        figure(median),
        span(first, third),
        span(low, high),
        signed_percent(None if share is None else float(share)),
        *more,
    )


def _chance(summary: Summary) -> str:
    return "–" if summary["mean"] is None else one_in(_number(summary, "mean"))


def _number(summary: Summary, key: str) -> float:
    value = summary[key]
    return float(value) if value is not None else float("nan")
