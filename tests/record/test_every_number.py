"""Every number of every shipped record: who says it, how well it is known, when it held, and that this lies in what the record covers."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.document import first_day, last_day, read

RECORDS = sorted((Path(detente.__file__).parent / "library" / "records").glob("*.yaml"))
GRADES = {"verified", "secondary", "derived", "memory"}
ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


@dataclass(frozen=True)
class Act:
    """A fact, or one event of a treaty, as written in the file."""

    name: str
    data: dict[str, Any]

    @property
    def sources(self) -> list[str]:
        cited = self.data.get("source") or []
        return [cited] if isinstance(cited, str) else list(cited)

    @property
    def numbers(self) -> list[Any]:
        """What is stated in figures; an absence is none."""
        found = [self.data.get(key) for key in ("value", "high", "against", "threshold_index", "peak")]
        found += [*(self.data.get("yearly") or {}).values(), *(self.data.get("planned") or {}).values()]
        return [each for each in found if isinstance(each, int | float) and not isinstance(each, bool)]

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day that it is about, as far as it says."""
        years = self.data.get("yearly")
        first = self.data.get("date") or self.data.get("from") or (min(years) if years else self.data.get("known"))
        if first is None:
            return None
        last = self.data.get("until") or (max(years) if years else None)
        return first_day(str(first)), last_day(str(last)) if last is not None else first_day(str(first))


def acts(data: dict[str, Any]) -> Iterator[Act]:
    for name, fact in data["facts"].items():
        yield Act(name, {key: value for key, value in fact.items() if key != "events"})
        for event in fact.get("events", []):
            yield Act(f"{name}, {event['event']} on {event['date']}", event)


@pytest.fixture(params=RECORDS, ids=lambda path: path.stem)
def record(request: pytest.FixtureRequest) -> dict[str, Any]:
    data: dict[str, Any] = read(request.param).data
    return data


def test_there_are_numbers_to_walk(record: dict[str, Any]) -> None:
    assert sum(len(act.numbers) for act in acts(record)) > 600


def test_every_number_and_every_event_is_graded_and_has_a_source_or_is_from_memory(record: dict[str, Any]) -> None:
    assert [act.name for act in acts(record) if act.data["evidence"] not in GRADES] == []
    assert [act.name for act in acts(record) if not act.sources and act.data["evidence"] != "memory"] == []
    assert {source for act in acts(record) for source in act.sources} <= set(record["sources"])


def test_whatever_is_derived_says_how(record: dict[str, Any]) -> None:
    derived = [act for act in acts(record) if act.data["evidence"] == "derived"]
    assert derived and [act.name for act in derived if not act.data.get("formula" if "kind" in act.data else "note")] == []


def test_every_number_has_a_date(record: dict[str, Any]) -> None:
    dated = {"date", "from", "yearly"}
    bare = [act for act in acts(record) if act.numbers and not dated & set(act.data)]
    # Of an undated plan it is known when it was read.
    assert [act.name for act in bare if act.data["kind"] != "statement" or "known" not in act.data] == []


def test_every_number_and_every_event_lies_in_the_coverage(record: dict[str, Any]) -> None:
    first, last = first_day(str(record["coverage"]["from"])), last_day(str(record["coverage"]["until"]))
    days = {act.name: act.days for act in acts(record)}
    assert [name for name, span in days.items() if span is not None and not first <= span[0] <= span[1] <= last] == []


def test_every_count_lies_in_what_its_series_counts(record: dict[str, Any]) -> None:
    counted = [act for act in acts(record) if act.data.get("kind") == "incident_count"]
    outside = []
    for act in counted:
        covers, days = record["series"][act.data["series"]]["covers"], act.days
        assert days is not None
        if not first_day(str(covers["from"])) <= days[0] <= days[1] <= last_day(str(covers["until"])):
            outside.append(act.name)
    assert counted and outside == []


def test_formulas_of_plain_arithmetic_come_out_at_the_value(record: dict[str, Any]) -> None:
    computed = {
        act.name: (value, act.data["value"]) for act in acts(record)
        if "formula" in act.data and (value := arithmetic(act.data["formula"])) is not None
    }  # fmt: skip
    assert {name: pair for name, pair in computed.items() if pair[0] != pytest.approx(pair[1], rel=1e-12)} == {}
    assert len(computed) >= 7


def arithmetic(formula: str) -> float | None:
    """What comes before a colon, if it is arithmetic with numbers; words between them (`1,770 deployed + 1,938 in reserve`) do not count."""
    text = re.sub(r"[a-z ]|(?<=\d),(?=\d{3})", "", formula.partition(":")[0])
    try:
        tree = ast.parse(text, mode="eval").body
    except SyntaxError:
        return None
    return evaluate(tree) if isinstance(tree, ast.BinOp) else None


def evaluate(node: ast.expr) -> float:
    if isinstance(node, ast.BinOp):
        return float(ARITHMETIC[type(node.op)](evaluate(node.left), evaluate(node.right)))
    assert isinstance(node, ast.Constant) and isinstance(node.value, int | float)
    return node.value
