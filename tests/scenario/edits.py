"""Small edits of the file that `detente new` writes, or of that file with a record, drivers and a background.

In an edit « marks the place at which a problem must be told, and » another place that it names; neither is written to the file.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from detente.errors import InvalidInput
from detente.scenario import load

Edits = tuple[tuple[str, str], ...]
NEW = (resources.files("detente.cli") / "template.yaml").read_text(encoding="utf-8").replace("NAME", "border")
FACTS = """\
format: detente/record/1
title: Facts about the border
coverage: {from: 2010, until: 2026}
series:
  flights: {title: Flights along the border, unit: 1/year, covers: {from: 2015, until: 2025}}
sources:
  gazette: {title: Gazette, publisher: State, published: {absent: not applicable}, reliability: B, credibility: 2, graded_by: judgement}
  survey: {title: Survey, publisher: Institute, published: 2020-05-04, reliability: C, credibility: 2, graded_by: judgement}
facts:
  garrison: {kind: deployment, side: nato, host: district, force: ground, value: 900, unit: troops, from: 2020, known: 2020-06, source: survey, evidence: verified}
  flights: {kind: incident_count, series: flights, yearly: {2019: 10, 2020: 12}, unit: 1/year, source: gazette, evidence: verified}
  pact: {kind: treaty, parties: [challenger, defender], source: gazette, evidence: verified, events: [{date: 2014-03, event: in_force, source: gazette, evidence: verified}]}
"""
RUNGS = "rungs: "
READS = """\
record: facts.yaml

drivers:
  garrison: {title: Troops in the district, unit: troops, read: {kind: deployment, where: {side: nato, host: [district]}, take: total}}
  flights: {title: Flights, unit: 1/year, read: {kind: incident_count, where: {series: flights}, take: mean, years: [2019, 2020]}}
  pact: {title: The pact is in force, unit: "1", read: {treaty: pact, take: in_force, party: defender}}
  density: {title: Troops against 900, unit: "1", formula: garrison / 900}

contingencies:
  pact_ends: {title: The pact ends, chance: 0.5, driver: pact, value: 0, from: 2028, why: Talks have begun.}

switches:
  sabres: {title: Rattling of sabres, default: true}

regimes:
  harvest: {title: Harvest, states: {good: Good, bad: Bad}, start: {good: 1}, moves: {fails: {from: good, to: bad, rate: 0.1}, returns: {from: bad, to: good, rate: 1}}}

rungs: """
# Beginnings of lines of the template that several edits need whole, because a shorter text stands twice.
DISCOUNT = "discount: log(2) / half_life, precision: precision}\n  defender"
FLOW = "flow: -war_cost}\n    defender:   {"
SPREAD = 'median: 0.3, sigma: 0.5,\n    evidence: judgement, known: 2026-01, why: "A crisis'
COST = "median: 4, sigma: 0.6,\n    evidence: judgement"
WAR_ENDS = "  war_ends:     {from: war, to: calm, rate: 2}\n"
TEMPO = "    tempo: 6 "
MOODY = ("fight: {to: war}", "fight: {to: war, payoff: {defender: {firm: 0, soft: -1}}}")


def edited(text: str, edits: Edits) -> str:
    """The text after the edits, with its marks."""
    for old, new in edits:
        assert text.count(old) == 1, f"{text.count(old)} times in the file: {old}"
        text = text.replace(old, new)
    return text


def places(before: str, *edits: tuple[str, str], file: str = "border.yaml") -> tuple[str, list[str], str]:
    """The text after the edits without their marks, the place `border.yaml:line:column` of each «, and that of »."""
    found: dict[str, list[str]] = {"«": [], "»": []}
    line, column, text = 1, 1, []
    for sign in edited(before, edits):
        if sign in found:
            found[sign].append(f"{file}:{line}:{column}")
            continue
        text.append(sign)
        line, column = (line + 1, 1) if sign == "\n" else (line, column + 1)
    return "".join(text), found["«"], "".join(found["»"])


def lines(marks: list[str], says: list[str], other: str = "") -> list[str]:
    """What is to be said: a line for each place. OTHER is the place of »."""
    return [f"{mark}: {said}".replace("OTHER", other) for mark, said in zip(marks, says, strict=True)]


def told(folder: Path, text: str, facts: str | None = None) -> list[str]:
    """What loading the text says, without the folder; beside it lies `facts.yaml` where facts are given."""
    if facts is not None:
        (folder / "facts.yaml").write_text(facts, encoding="utf-8")
    (folder / "border.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load(folder / "border.yaml")
    return [str(problem).replace(f"{folder}/", "") for problem in caught.value.problems]


def case(name: str, *edits: tuple[str, str], says: str | list[str]) -> Any:
    return pytest.param(edits, [says] if isinstance(says, str) else says, id=name)


WITH_FACTS = edited(NEW, ((RUNGS, READS),))
