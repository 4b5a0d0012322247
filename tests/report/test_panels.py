"""Panels of the Baltic scenario against the record and the comparison that they tell of."""

from __future__ import annotations

import re
from datetime import date, timedelta

import numpy as np
import pytest

from detente.ensemble import Assessment, assess
from detente.insight import Comparison, Sensitivity, judge_claims, sensitivity
from detente.record import Query
from detente.report import payload
from detente.scenario.timeline import year_of


@pytest.fixture(scope="module")
def panels(baltic: Assessment, compared: Comparison) -> dict[str, dict]:  # type: ignore[type-arg]
    return {panel["name"]: panel for panel in payload(baltic, compared=[compared])["panels"]}


def test_every_treaty_binds_in_the_picture_on_the_days_on_which_the_record_says_so(baltic: Assessment, panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    """Asked of the record day by day, as known on the as-of date."""
    record = baltic.model.record
    assert record is not None
    lines = panels["treaties"]["figure"]["lines"]
    days = [date(1960, 7, 1) + timedelta(days=97 * k) for k in range(260)]
    asked = 0
    for name, treaty in record.treaties.items():
        if name not in baltic.model.timeline.facts:
            continue
        own = [line for line in lines if line["title"] == treaty.title[:1].upper() + treaty.title[1:]]
        for day in (day for day in days if day < baltic.model.timeline.end):
            shown = [any(a <= year_of(day) < b and word in ("in force", "provisional") for a, b, word in line["spans"]) for line in own]
            assert all(shown) == bool(record.read(Query(treaty=name, take="in_force"), at=day, known=baltic.as_of).value), (name, day)
            asked += 1
    assert asked > 1000


def test_what_the_model_reads_is_in_the_table_of_drivers(baltic: Assessment, panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    (table,) = panels["forces"]["tables"]
    told = {row[0]["text"]: row[2:] for row in table["rows"]}
    for name, readings in baltic.model.timeline.readings.items():
        *values, rests = told[baltic.model.scenario.drivers[name].title]
        assert [cell["value"] for cell in values] == [reading.value for reading in readings]
        assert [target for _, target in rests["links"]] == [f"fact-{fact}" for fact in dict.fromkeys(fact for reading in readings for fact in reading.facts)]


def test_what_is_open_and_what_is_drawn_late_are_told_apart(panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    """Two years on, one contingency is open still and the day of the other has passed."""
    assert sum(line.startswith("Open on that day: ") for line in panels["forces"]["text"]) == 2
    later = payload(assess("baltic-2021", as_of=date(2023, 6, 1), draws=16))["panels"]
    (text,) = [panel["text"] for panel in later if panel["name"] == "forces"]
    assert text[1] == "Open on that day: The party in the White House changes."
    assert text[2].startswith("Drawn though its day has passed: New START is extended for five years (5 February 2021).") and len(text) == 3


def test_what_happened_is_told_with_its_source_and_what_the_model_says_of_it(baltic: Assessment, panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    (table,) = [table for table in panels["past"]["tables"] if table["name"] == "happened"]
    assert baltic.history is not None
    for row, item in zip(table["rows"], baltic.history["items"].values(), strict=True):
        assert row[0]["text"] == item["title"] and row[1]["value"] == item["count"]
        assert [target for _, target in row[3]["links"]] == [f"source-{name}" for name in item["source"]]
        if item["conditions"]:
            assert [cell["value"] for cell in row[4:6]] == [item["predicted"]["prior"], item["predicted"]["posterior"]]
        else:
            assert item["why"] in row[6]["text"]


def test_a_policy_is_told_by_the_numbers_of_its_comparison(compared: Comparison, panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    rows = panels["policies"]["tables"][0]["rows"]
    change = compared.changes["revised_order"]
    (row,) = [row for row in rows if row[1]["text"] == "Revised order"]
    assert [cell["value"] for cell in row[2:5]] == [change.baseline, change.policy, change.change]
    assert change.policy > change.baseline and row[4]["text"].startswith("+")
    assert [facet["title"] for facet in panels["policies"]["figure"]["aside"]] == ["Revised order"]


def test_years_end_where_the_ladder_does(baltic: Assessment, panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    for line in panels["when"]["figure"]["lines"]:
        assert line["mean"][-1] == pytest.approx(baltic.result["reach"][line["name"]]["mean"], rel=1e-12)
        assert (np.diff(line["mean"]) >= -1e-15).all()


def test_correlations_are_the_assessments(baltic: Assessment, panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    told = dict(baltic.influence())
    titles = {item.title: name for name, item in baltic.model.scenario.quantities.items()}
    for outcome in panels["movers"]["figure"]["outcomes"]:
        sizes = [abs(bar["rho"]) for bar in outcome["bars"]]
        assert sizes == sorted(sizes, reverse=True) and sizes[0] == max(abs(found[outcome["name"]]) for found in told.values() if outcome["name"] in found)
        assert all(bar["rho"] == told[titles[bar["title"]]][outcome["name"]] for bar in outcome["bars"])


def test_every_source_that_is_named_is_in_the_list_of_sources(panels: dict[str, dict]) -> None:  # type: ignore[type-arg]
    listed = {anchor for table in panels["record"]["tables"] for anchor in table["anchors"]}
    places = listed | {anchor for panel in panels.values() for table in panel["tables"] for anchor in table["anchors"]}
    wanted = {
        target
        for panel in panels.values() for table in panel["tables"] for row in table["rows"] for cell in row for _, target in cell["links"]
    }  # fmt: skip
    assert len(wanted) > 20 and wanted <= places
    assert {target for target in wanted if target.startswith("source-")} <= listed


@pytest.fixture(scope="module")
def shared(small: Assessment) -> Sensitivity:
    return sensitivity(small, block=128)


def test_shares_of_variance_are_those_of_the_sensitivity_with_their_intervals(small: Assessment, shared: Sensitivity) -> None:
    (panel,) = [panel for panel in payload(small, moved=shared)["panels"] if panel["name"] == "shares"]
    indices, rests = panel["tables"]
    rows = {(row[0]["text"], row[1]["text"]): row[3:] for row in indices["rows"]}
    moved = shared.moved["reach(war)"]
    for name, total in moved.sobol.total.items():
        alone, whole = rows["War", shared.title(name)[:1].upper() + shared.title(name)[1:]]
        assert (alone["value"], whole["value"]) == (moved.sobol.first[name].value, total.value)
        if total.is_distinct and total.high >= 0.001:
            value, low, high = map(float, re.match(r"([\d.]+) \(([\d.]+)–([\d.]+)\)", whole["text"]).groups())
            assert (value, low, high) == pytest.approx((100 * total.value, 100 * total.low, min(100 * total.high, 100.0)), rel=0.05, abs=0.5)
        else:
            assert whole["text"] in ("≈ 0", "<0.1")
    assert sum(row[2]["value"] for row in rests["rows"] if row[0]["text"] == "War") == pytest.approx(1.0, abs=1e-6)
    (outcome,) = [each for each in panel["figure"]["outcomes"] if each["title"] == "War"]
    assert [bar["text"] for bar in outcome["bars"]] == [row[4]["text"] for row in indices["rows"] if row[0]["text"] == "War" and row[4]["text"]]


def test_without_new_draws_the_report_says_how_to_get_shares_of_variance(small: Assessment, shared: Sensitivity) -> None:
    panels = {panel["name"]: panel for panel in payload(small)["panels"]}
    assert "shares" not in panels and any("--sensitivity" in text for text in panels["movers"]["text"])
    told = {panel["name"]: panel for panel in payload(small, moved=shared)["panels"]}
    assert not any("--sensitivity" in text for text in told["movers"]["text"])


@pytest.mark.slow
def test_a_claim_has_its_verdict_before_the_quote_and_the_share_of_the_judgement(baltic: Assessment) -> None:
    found = judge_claims(baltic, names=("C04", "C08"), beside=64)
    (panel,) = [panel for panel in payload(baltic, judged=found)["panels"] if panel["name"] == "claims"]
    for row, name in zip(panel["tables"][0]["rows"], ("C04", "C08"), strict=True):
        judged = found[name]
        assert row[0]["text"] == judged.verdict and judged.claim.text in row[2]["text"]
        plain = judged.plain()
        assert row[1]["value"] == (None if judged.claim.by_record else plain["share"])
