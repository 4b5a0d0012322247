"""`detente check FILE`: every problem of a scenario or record at once, or a short summary of what was found sound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from detente.cli.options import Task, asked, is_typed, positions, setting, spoken
from detente.cli.words import Source
from detente.errors import InvalidInput, Problem
from detente.report.wording import day, drawn_late, years

if TYPE_CHECKING:
    from detente.cli.page import Line
    from detente.record import Record
    from detente.scenario.alliance import Portfolio
    from detente.scenario.compile import Model

TRIED = 1024


@click.command("check", cls=Task)
@click.argument("file", metavar="SCENARIO", type=Source())
@asked
@setting("--figures", is_flag=True, help="Show counted figures beside what the scenario says of the same, instead of the summary.")
@setting("--json", "as_json", is_flag=True, help="With --figures: print them as JSON.")
@spoken
def command(
    file: str,
    as_of: date | None,
    horizon: float | None,
    switch: tuple[tuple[str, bool], ...],
    figures: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Check a scenario (or a record): every problem at once, as `file:line:column: what; why; remedy`, and exit status 2.

    A sound one is summed up: rungs, games, quantities by evidence, facts, and what the drivers are on the as-of date. Its numbers are tried
    on 1,024 draws.

    \b
    Example:  detente check baltic-2021
              detente check baltic-2021 --figures
    """
    from detente.cli.printing import show

    if as_json and not figures and is_typed("as_json"):
        raise InvalidInput(Problem("--json", "a check has no JSON of its own", "", "give --figures as well, or read the exit status"))
    if figures:
        show_figures(file, as_of, horizon, positions(switch), as_json=as_json, notes=not quiet)
        return
    lines = list(sound_record(file) if is_record(file) else sound_scenario(file, as_of, horizon, positions(switch)))
    if not quiet:
        show(lines)


def is_record(file: str) -> bool:
    """Whether a path holds a record; anything that is no readable record is taken for a scenario."""
    from pathlib import Path

    from detente.document import read

    if not Path(file).is_file():
        return False
    try:
        data = read(Path(file)).data
    except InvalidInput:
        return False
    return isinstance(data, dict) and str(data.get("format", "")).startswith("detente/record/")


def show_figures(file: str, as_of: date | None, horizon: float | None, switches: dict[str, bool], *, as_json: bool, notes: bool) -> None:
    """Print counted figures beside those of a scenario.

    Raises
    ------
    InvalidInput
        If the file is no sound scenario, or states no figures.
    """
    import json

    from detente.cli.figures import told
    from detente.cli.printing import show, width
    from detente.ensemble.figures import as_data, figures
    from detente.scenario.compile import load

    model = load(file, as_of=as_of, horizon_years=horizon, switches=switches)
    if not model.scenario.figures:
        raise InvalidInput(Problem(file, "it states no figures", "", "add a section `figures`, or drop --figures"))
    rows = figures(model, draws=TRIED)
    if as_json:
        print(json.dumps(as_data(model, rows, TRIED), indent=1, ensure_ascii=False, allow_nan=False))
    else:
        show(line for line in told(model, rows, TRIED, width()) if notes or line.role != "note")


def sound_scenario(file: str, as_of: date | None, horizon: float | None, switches: dict[str, bool]) -> Iterator[Line]:
    """Load a scenario, try its numbers, and say what it holds.

    Raises
    ------
    InvalidInput
    """
    from detente.cli.page import Line, wrap
    from detente.cli.printing import width
    from detente.ensemble.draws import check_numbers, check_streams, draw
    from detente.scenario.compile import load

    model = load(file, as_of=as_of, horizon_years=horizon, switches=switches)
    check_streams(model)
    check_numbers(model, draw(model, seed=1, first=0, count=TRIED))
    yield from wrap(f"{model.name} is sound: {model.scenario.title}", width(), "title")
    yield from wrap(f"As of {day(model.as_of)}, {years(model.horizon_years)}; its numbers were in range in {TRIED:,} draws.", width())
    if model.passed:
        yield from wrap(drawn_late([(item.title, item.from_.day) for item in model.passed.values()]), width(), "note")
    yield Line("")
    yield from table(list(contents(model)))
    if model.timeline.readings or model.scenario.drivers:
        yield Line("")
        yield from drivers(model)
    if model.portfolio is not None:
        yield Line("")
        yield from wrap(members(model.portfolio), width())


def contents(model: Model) -> Iterator[tuple[str, str]]:
    """What a scenario holds, counted."""
    scenario, ladder = model.scenario, model.plan.ladder
    yield "rungs", f"{len(scenario.rungs)} ({', '.join(group_text(model))})"
    yield "chance moves", f"{len(ladder.moves)}"
    yield "games", ", ".join(scenario.games) or "none"
    grades = Counter(item.evidence for item in scenario.quantities.values())
    yield "quantities", f"{len(scenario.quantities)}" + (f" ({counted(grades)})" if grades else "")
    if scenario.history:
        counts = {name: f"of {item.among}" if item.among is not None else f"in {years(item.exposure or 0.0)}" for name, item in scenario.history.items()}
        yield "history", "; ".join(f"{item.title}: {item.count} {counts[name]}" for name, item in scenario.history.items())
    if scenario.figures:
        yield "figures", f"{len(scenario.figures)} ({counted(Counter(item.role for item in scenario.figures.values()))})"
    if scenario.correlations:
        yield "correlations", f"{len(scenario.correlations)} ({counted(Counter(item.evidence for item in scenario.correlations.values()))})"
    if scenario.policies:
        yield "policies", ", ".join(scenario.policies)
    if model.record is not None:
        yield "facts read", f"{len(model.facts)} of {len(model.record.facts)} in the record {scenario.record}"
    if scenario.switches:
        yield "switches", ", ".join(f"{name}={'on' if on else 'off'}" for name, on in model.switches.items())
    if len(model.timeline.starts) > 1:
        yield "something known changes on", ", ".join(str(start) for start in model.timeline.starts[1:])
    yield "digest", model.digest


def group_text(model: Model) -> Iterator[str]:
    """Levels bottom to top, each group with its number of rungs; what stands aside comes last."""
    seen: Counter[str] = Counter()
    aside = set()
    for name, item in model.scenario.rungs.items():
        level = next((group for group, members in model.scenario.groups.items() if name in members), name)
        seen[level] += 1
        if item.aside:
            aside.add(level)
    for level in sorted(seen, key=lambda name: name in aside):
        yield ("aside " if level in aside else "") + level + (f" {seen[level]}" if seen[level] > 1 else "")


def drivers(model: Model) -> Iterator[Line]:
    """Drivers that are read off the record, on the as-of date, with what they were read from."""
    from detente.cli.columns import fitted
    from detente.cli.page import Line
    from detente.cli.printing import width

    rows: list[tuple[str, ...]] = [("drivers read off the record", "value", "unit", "facts")]
    for name, readings in model.timeline.readings.items():
        reading = readings[0]
        unit = model.scenario.drivers[name].unit
        facts = ", ".join(reading.facts[:3]) + (f" and {len(reading.facts) - 3} more" if len(reading.facts) > 3 else "")
        if not isinstance(reading.value, float):
            facts = f"otherwise {model.scenario.drivers[name].otherwise}"
        rows.append(
            (name, f"{reading.value:,.10g}" if isinstance(reading.value, float) else str(reading.value), "" if unit == "1" else unit, facts)
        )
    if len(rows) > 1:
        head, *others = fitted(rows, "<><<", width())
        yield from (Line(line, "head") for line in head)
        yield from (Line(line) for lines in others for line in lines)


def members(portfolio: Portfolio) -> str:
    """Who belongs to the alliance on the as-of date, and whose public nobody asked."""
    members, imputed = portfolio.alliance.allies, portfolio.imputed
    asked = len(portfolio.choosing) - len(imputed)
    told = f"alliance: {len(members)} members of {portfolio.item.of}; polls are known of {asked} that choose whether to help"
    return f"{told}; support is imputed from the region of the {len(imputed)} others: {', '.join(imputed)}" if imputed else told


def sound_record(file: str) -> Iterator[Line]:
    """Load a record and say what it holds.

    Raises
    ------
    InvalidInput
    """
    from detente.cli.page import Line, wrap
    from detente.cli.printing import width
    from detente.record import Record

    record: Record = Record.load(file)
    yield from wrap(f"{file} is sound: {record.title}", width(), "title")
    yield Line("")
    kinds = Counter(fact.kind for fact in record.facts.values())
    grades = Counter(fact.evidence for fact in record.facts.values())
    yield from table(
        [("sources", f"{len(record.sources)}"), ("facts", f"{len(record.facts)} ({counted(kinds)})"), ("evidence", counted(grades))]
    )


def counted(counts: Counter[Any]) -> str:
    """`3 measured, 2 judgement`, most first."""
    return ", ".join(f"{count} {name}" for name, count in counts.most_common())


def table(rows: list[tuple[str, str]]) -> Iterator[Line]:
    """Names and what they hold, in lines no wider than the screen."""
    from detente.cli.columns import fitted
    from detente.cli.page import Line
    from detente.cli.printing import width

    for lines in fitted(rows, "<<", width()):
        yield from map(Line, lines)
