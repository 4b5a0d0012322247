"""Figures: predictive distributions against closed forms, what is shown when, and the shipped ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from detente.cli import main
from detente.document import Formula
from detente.ensemble.draws import draw
from detente.ensemble.figures import Row, figures
from detente.ensemble.measures import Measures
from detente.ensemble.solving import solve_drawn
from detente.scenario import load

Shown = Callable[..., dict[str, Row]]
QUIET = """\
format: detente/scenario/1
title: Incidents that nobody chooses
as_of: 2026-01-01
horizon: 10
actors: {one: {title: One, discount: 0.1, precision: 1}}
rungs:
  calm: {title: Calm}
  crisis: {title: Crisis}
  war: {title: War}
moves:
  incident: {from: calm, to: crisis, rate: incident_rate}
  fading: {from: crisis, to: calm, rate: pace * (1 - war_share)}
  blows: {from: crisis, to: war, rate: pace * war_share}
  peace: {from: war, to: calm, rate: 1}
quantities:
  incident_rate: {title: Incidents, unit: 1/year, family: gamma, shape: 3, rate: 2, evidence: judgement, known: 2025, why: Test.}
  pace: {title: Pace, unit: 1/year, family: fixed, value: 2, evidence: judgement, known: 2025, why: Test.}
  war_share: {title: Share of crises that become war, unit: "1", family: beta, a: 2, b: 6, evidence: judgement, known: 2025, why: Test.}
"""


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    """Rows of a scenario with these figures."""

    def rows(text: str, draws: int = 16_384) -> dict[str, Row]:
        file = tmp_path / "quiet.yaml"
        file.write_text(QUIET + "figures:\n" + text, encoding="utf-8")
        return {row.name: row for row in figures(load(file), draws=draws)}

    return rows


def test_counts_over_years_are_negative_binomial(shown: Shown) -> None:
    """A gamma rate (3, 2) watched for 5 years: 3 successes with chance 2 / 7; a percentile is that of the distribution, half of the count itself."""
    rows = shown(
        "  rate: {title: R, formula: incident_rate, count: 4, exposure: 5, known: 2025, role: test, rule: Test.}\n"
        "  episodes: {title: E, episodes: crisis, count: 21, exposure: 5, known: 2025, role: test, rule: Test.}\n"
    )
    law = stats.nbinom(3, 2 / 7)
    for row, count, passes in ((rows["rate"], 4, True), (rows["episodes"], 21, False)):
        assert (row.low, row.high) == (law.ppf(0.05), law.ppf(0.95))
        assert row.percentile == pytest.approx(law.cdf(count - 1) + law.pmf(count) / 2, abs=1e-4)
        assert row.mean == pytest.approx(1.5, rel=1e-3) and row.passes is passes


def test_counts_of_cases_are_beta_binomial(shown: Shown) -> None:
    """A share Beta(2, 6) asked 20 times, by formula and by the ladder: of crises, war follows in just that share."""
    text = "title: T, count: 3, trials: 20, known: 2025, role: check, cases: {source: any, from: 2000, until: 2001}, rule: Test.}\n"
    rows = shown(f"  formula: {{formula: war_share, {text}" + f"  onward: {{onward: war|crisis, {text}")
    law = stats.betabinom(20, 2, 6)
    for row in rows.values():
        assert (row.low, row.high) == (law.ppf(0.05), law.ppf(0.95))
        assert row.percentile == pytest.approx(law.cdf(2) + law.pmf(3) / 2, abs=1e-4)
        assert row.passes


def test_medians_of_durations_scatter_as_order_statistics_do(shown: Shown) -> None:
    """The median of 9 times that are exponential at rate r is -log(1 - B) / r with B ~ Beta(5, 5); without a sample it is the median alone."""
    text = "duration: war, value: 300, unit: day, known: 2025, role: test, rule: Test."
    rows = shown(f"  few: {{title: Nine, sample: 9, {text}}}\n  all: {{title: Median, {text}}}\n")
    law = stats.beta(5, 5)
    ends = [float(-np.log1p(-law.ppf(share)) * 365.25) for share in (0.05, 0.95)]
    assert [rows["few"].low, rows["few"].high] == pytest.approx(ends, rel=2e-3)
    assert rows["few"].percentile == pytest.approx(law.cdf(-np.expm1(-300 / 365.25)), abs=1e-3)
    assert rows["all"].low == rows["all"].high == pytest.approx(np.log(2) * 365.25, abs=0.2) and rows["all"].passes is False


def test_only_what_was_known_is_shown_and_only_tests_and_checks_are_judged(shown: Shown) -> None:
    rows = shown(
        "  now: {title: N, episodes: war, value: 3, unit: percent/year, known: 2026-01-01, role: beside, rule: Test.}\n"
        "  later: {title: L, episodes: war, value: 3, unit: percent/year, known: 2026-01-02, role: beside, rule: Test.}\n", 1024
    )  # fmt: skip
    assert list(rows) == ["now"] and rows["now"].passes is None
    assert rows["now"].mean == pytest.approx(100 * 1.5 * 0.25, rel=0.05)


@pytest.mark.parametrize(("name", "as_of"), [("baltic-2021", date(2021, 1, 29)), ("baltic-2021", date(2026, 11, 22)), ("baltic-2026", date(2026, 11, 25))])
def test_the_shipped_scenarios_pass_every_counted_figure(name: str, as_of: date) -> None:
    """Of every test and check the figure lies in the central 90 % of what the scenario would have counted."""
    rows = figures(load(name, as_of=as_of), threads=2)
    judged = [row for row in rows if row.passes is not None]
    assert {row.name: (row.low, row.high) for row in judged if not row.passes} == {}
    assert {row.name for row in judged} >= {"scrambles", "dangerous", "crises", "lethal_exchanges", "crisis_duration", "war_in_disputes"}
    assert ("encounters_counted" in {row.name for row in judged}) == (as_of.year == 2026)
    found = {row.name: row for row in rows}
    assert found["dangerous"].built_on_the_same == ("dangerous_share",)
    assert found["direct_crises"].role == "condition" and not found["direct_crises"].built_on_the_same and found["direct_crises"].passes is None


def test_the_table_and_its_json_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "baltic-2021", "--figures", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    found = data["figures"]["crises"]
    assert found["counted"] == {"count": 3, "exposure": 29.0, "unit": "1/year"} and found["passes"] is True and "samotsvety" in data["known_later"]
    assert main(["check", "baltic-2021", "--figures", "--quiet"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("NATO-Russia crises "))
    assert line.split()[2:] == ["3", "in", "29", "years", f"{found['predicted']['low']:.0f}–{found['predicted']['high']:.0f}", f"{100 * found['percentile']:.0f}", "pass"]


def test_a_check_is_put_to_draws_as_history_weights_them(shown: Shown) -> None:
    """After 0 wars in 20 crises the share is Beta(2, 26): the check is told by it, a test and the history itself by Beta(2, 6)."""
    text = "onward: war|crisis, known: 2025, rule: Test., cases: {source: SOURCE, from: 2000, until: 2001}"
    rows = shown(
        f"  test: {{title: T, role: test, count: 4, trials: 10, {text.replace('SOURCE', 'one')}}}\n"
        f"  check: {{title: C, role: check, count: 4, trials: 10, {text.replace('SOURCE', 'two')}}}\n"
        f"history:\n  past: {{title: P, count: 0, trials: 20, {text.replace('SOURCE', 'three')}}}\n"
    )
    for row, law, count in ((rows["test"], stats.betabinom(10, 2, 6), 4), (rows["check"], stats.betabinom(10, 2, 26), 4), (rows["past"], stats.betabinom(20, 2, 6), 0)):
        assert row.percentile == pytest.approx(law.cdf(count) - law.pmf(count) / 2, abs=2e-3)
    assert (rows["test"].passes, rows["check"].passes, rows["past"].role) == (True, False, "condition")


@pytest.mark.parametrize(("words", "told"), [(["first-steps", "--figures"], "first-steps: it states no figures"), (["first-steps", "--json"], "--json: a check has no JSON")])
def test_without_figures_there_is_no_table(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *words]) == 2
    assert capsys.readouterr().err.startswith(told)


def test_a_figure_can_be_told_on_the_day_on_which_it_was_counted() -> None:
    """The network of treaties as it stood at nine year-ends (research/facts.md 6.4), read off one scenario of 2021."""
    model = load("baltic-2021")
    drawn = draw(model, 1, 0, 2)
    measures = Measures(model, drawn, solve_drawn(model, drawn, 1), None)  # type: ignore[arg-type]
    formula = Formula.parse("network_index")
    told = {year: measures.formula(formula, date(year, 12, 31)).tolist() for year in (2001, 2002, 2007, 2018, 2019, 2020)}
    assert told == {2001: [5, 5], 2002: [5, 5], 2007: [4, 4], 2018: [4, 4], 2019: [3, 3], 2020: [2, 2]}
    assert (measures.formula(formula) == 2).all()


@pytest.mark.parametrize("year", [2011, 2012, 2013, 2014, 2015, 2016, 2017])
def test_seven_of_eight_yearly_counts_of_scrambles_are_reproduced(year: int) -> None:
    """facts.md 9.1: 37, 44, 47, 140, 160, 110, 130."""
    (row,) = (row for row in yearly() if row.name == f"scrambles_{year}")
    assert row.passes and row.item.count == {2011: 37, 2012: 44, 2013: 47, 2014: 140, 2015: 160, 2016: 110, 2017: 130}[year]


def test_the_four_scrambles_of_2010_are_not() -> None:
    """An order of magnitude below the year after: the scenario has no cause for it, and says so."""
    (row,) = (row for row in yearly() if row.name == "scrambles_2010")
    assert row.role == "beside" and row.low > 4


@cache
def yearly() -> tuple[Row, ...]:
    return figures(load("baltic-2021"), draws=1024)
