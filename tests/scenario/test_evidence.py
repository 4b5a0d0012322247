"""Figures and the ledger of evidence: what does not fit is told at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from detente.errors import InvalidInput
from detente.scenario import load
from detente.scenario.ledger import Entry, entries, shared

SCENARIO = """\
format: detente/scenario/1
title: Ledger
as_of: 2026-01-01
horizon: 10
actors: {one: {title: One, discount: 0.1, precision: 1}}
rungs: {calm: {title: Calm}, crisis: {title: Crisis}, terms: {title: Terms, aside: true}}
moves:
  incident: {from: calm, to: crisis, rate: rate}
  fading: {from: crisis, to: calm, rate: 2}
  yielding: {from: crisis, to: terms, rate: 0.1}
  return: {from: terms, to: calm, rate: 0.1}
quantities:
  rate: {title: Rate, unit: 1/year, family: fixed, value: 1, evidence: judgement, known: 2025, why: Test., built_from: BUILT}
figures:
  asked: FIGURE
"""
WINDOW = "{source: icb, from: 1946, until: 2019}"
CHECK = "{title: Asked, episodes: crisis, count: 1, exposure: 10, known: 2025, role: check, rule: Test., cases: CASES}"
TEST = "{title: Asked, FIGURE, known: 2025, role: test, rule: Test.}"


def write(tmp_path: Path, built: str, figure: str) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(SCENARIO.replace("BUILT", built).replace("FIGURE", figure), encoding="utf-8")
    return file


def problem(tmp_path: Path, built: str, figure: str) -> str:
    """The one problem of the scenario."""
    with pytest.raises(InvalidInput) as caught:
        load(write(tmp_path, built, figure))
    (found,) = caught.value.problems
    return str(found).removeprefix(f"{tmp_path}/")


@pytest.mark.parametrize(
    ("cases", "both"),
    [
        ("{source: icb, from: 2010, until: 2024}", "those of 2010 to 2019"),
        ("{source: icb, named: {turkish_jet: 2015-11-24, rocket: 2022}}", "turkish_jet"),
        ("{source: icb, from: 2019-12-31, until: 2024, of: peak}", "those of 2019 to 2019"),
    ],
)
def test_a_case_that_serves_twice_is_refused(tmp_path: Path, cases: str, both: str) -> None:
    """It is told at the second entry which cases these are."""
    found = problem(tmp_path, WINDOW, CHECK.replace("CASES", cases))
    assert found.startswith("mine.yaml:15:") and f"'asked' (check) and 'rate' (build) rest on the same cases: {both};" in found


@pytest.mark.parametrize(
    ("built", "cases"),
    [
        (WINDOW, "{source: mid, from: 1946, until: 2019}"),
        (WINDOW, "{source: icb, from: 2020, until: 2024}"),
        (WINDOW, "{source: icb, named: {rocket: 2022}}"),
        ("{source: icb, from: 1946, until: 2019, without: asked}", "{source: icb, named: {jet: 2015}}"),
        ("{source: icb, from: 1946, until: 2019, of: duration}", "{source: icb, from: 1946, until: 2019, of: peak}"),
        ("{source: icb, named: {jet: 2015}}", "{source: icb, named: {berlin: 1961}}"),
        ("[]", WINDOW),
    ],
)
def test_cases_that_differ_in_source_time_name_or_what_was_read_off_them_are_apart(tmp_path: Path, built: str, cases: str) -> None:
    assert load(write(tmp_path, built, CHECK.replace("CASES", cases))).scenario.figures["asked"].cases is not None


@pytest.mark.parametrize(
    ("built", "figure", "told"),
    [
        ("{source: icb, from: 1946}", None, "cases are those of a window (`from` and `until`) or those that are `named`; give one of the two"),
        ("{source: icb, from: 1990, until: 1946}", None, "the window ends before it begins"),
        ("{source: icb, from: 1946, until: 2019, without: aksed}", None, "'aksed' is no figure or item of history; did you mean 'asked'?"),
        (None, "episodes: crisis, onward: crisis|calm, value: 1", "one measure is needed, not 2"),
        (None, "value: 1", "one measure is needed, not 0: give one of formula, episodes, onward, duration"),
        (None, "episodes: crisis", "a figure is a `count` or a `value`; give one of the two"),
        (None, "episodes: crisis, count: 1", "a count is counted over years (`exposure`) or among cases (`trials`); give one of the two"),
        (None, "episodes: crisis, count: 1, trials: 3", "episodes come a year: give `exposure` in years instead of `trials`"),
        (None, "onward: terms|crisis, count: 4, trials: 3", "4 of 3 cannot be"),
        (None, "onward: terms|crisis, count: 4, exposure: 3", "`onward` tells of cases: give `trials` instead of `exposure`"),
        (None, "episodes: crises, value: 1", "'crises' is no rung or group; did you mean 'crisis'?"),
        (None, "episodes: calm, value: 1", "'calm' is the first rung"),
        (None, "duration: terms, value: 1", "an episode ends where it comes to 'terms'"),
        (None, "duration: crisis, value: 1, unit: prize", "'prize' is no unit of `duration`; it comes out in year; write `unit: year`"),
        (None, "duration: crisis, count: 1, trials: 3", "a count of durations needs `longer_than`"),
        (None, "onward: crisis, value: 1", "'crisis' is no pair of rungs or groups; write `b|a`: b if a"),
        (None, "onward: war|crisis, value: 1", "'war' is no rung or group"),
        (None, "formula: rte, value: 1", "'rte' in `rte` is no quantity, driver or switch; did you mean 'rate'?"),
        (None, "formula: rate, count: 1, trials: 3", "`rate` comes out as 1/year; a pure number is needed here"),
        (None, "formula: rate, value: 1, unit: 1/yeer", "'yeer' is no unit; did you mean 'year'?"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_or_counted_is_told(tmp_path: Path, built: str | None, figure: str | None, told: str) -> None:
    found = problem(tmp_path, built or "[]", TEST.replace("FIGURE", figure or "episodes: crisis, value: 1"))
    assert told in found and found.startswith("mine.yaml:13:" if built else "mine.yaml:15:")


HISTORY = "{title: Past, onward: terms|crisis, count: 0, known: 2025, rule: Test., cases: CASES}"


def with_history(tmp_path: Path, item: str, built: str = "[]", figure: str = TEST.replace("FIGURE", "episodes: crisis, value: 1")) -> Path:
    file = write(tmp_path, built, figure)
    file.write_text(file.read_text(encoding="utf-8") + f"history:\n  past: {item}\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("item", "told"),
    [
        (HISTORY.replace("CASES", WINDOW), "a count is counted over years (`exposure`) or among cases (`trials`)"),
        (HISTORY.replace("CASES", "{source: icb, named: {a: 1950, b: 1960}}").replace("count: 0", "count: 3"), "3 of 2 cannot be"),
        (HISTORY.replace("CASES", "{source: icb, named: {a: 1950, b: 1960}}").replace("count: 0", "count: 1, trials: 9"), "9 trials are stated and 2 cases named"),
        (HISTORY.replace("CASES", WINDOW).replace("count: 0", "count: 0, trials: 9, weight: 2"), "the weight is 2; 0 says nothing, 1 counts in full"),
        (HISTORY.replace("CASES", WINDOW).replace("count: 0", "count: 0, trials: 9, weight: rate"), "`rate` comes out as 1/year"),
        (HISTORY.replace("CASES", WINDOW).replace("count: 0", "count: 0, trials: 9, when: not off"), "'off' is no switch"),
        (HISTORY.replace("CASES", WINDOW).replace("count: 0", "count: 0, trials: 9, survivorship: {lost: crises}"), "'crises' is no rung or group; did you mean 'crisis'?"),
        (HISTORY.replace("CASES", WINDOW).replace("onward: terms|crisis, count: 0", "episodes: crisis, count: 0, exposure: 9, survivorship: {lost: calm}"), "'calm' does not stand above 'crisis'"),
        (HISTORY.replace("CASES", WINDOW).replace("onward: terms|crisis, count: 0", "formula: rate, count: 0, exposure: 9, survivorship: {lost: crisis}"), "a formula does not tell what happens after"),
        (HISTORY.replace("CASES", WINDOW).replace("onward: terms|crisis", "duration: crisis"), "unknown key 'duration'"),
    ],
)  # fmt: skip
def test_history_that_cannot_condition_is_told(tmp_path: Path, item: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(with_history(tmp_path, item))
    assert told in str(caught.value) and ":17:" in str(caught.value)


def test_what_built_a_prior_does_not_condition_unless_a_weight_says_how_far(tmp_path: Path) -> None:
    """The item of history is refused at its cases; leaving them out of the prior, or a weight, mends it; so does a second item with them."""
    item = HISTORY.replace("CASES", WINDOW).replace("count: 0", "count: 0, trials: 9")
    with pytest.raises(InvalidInput, match=r":17:\d+: 'past' \(condition\) and 'rate' \(build\) rest on the same cases: those of 1946 to 2019; .*or state a `weight`"):
        load(with_history(tmp_path, item, WINDOW))
    for mended, built in ((item.replace("count: 0", "count: 0, weight: 0.5"), WINDOW), (item, WINDOW.replace("}", ", without: past}"))):
        assert load(with_history(tmp_path, mended, built)).scenario.history["past"].among == 9
    with pytest.raises(InvalidInput, match=r"'again' \(condition\) and 'past' \(condition\) rest on the same cases"):
        load(with_history(tmp_path, f"{item}\n  again: {item}"))


def test_a_check_must_tell_its_cases(tmp_path: Path) -> None:
    figure = "{title: Asked, episodes: crisis, value: 1, known: 2025, role: check, rule: Test.}"
    assert "the cases of figure 'asked' are not told; a case has one role" in problem(tmp_path, "[]", figure)


def test_the_shipped_ledger_has_what_baltic_says_it_rests_on() -> None:
    """Disputes are read for their onset by one quantity and for how high they went by the check; were both read for the same, they would clash."""
    scenario = load("baltic-2021").scenario
    ledger = {entry.owner: entry for entry in entries(scenario)}
    disputes, check = ledger["dispute_share"], ledger["war_in_disputes"]
    assert shared(scenario, disputes, check) is None
    assert shared(scenario, Entry(disputes.path, "build", disputes.cases.model_copy(update={"of": None})), check) == "those of 1991 to 2014"
