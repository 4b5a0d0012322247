"""Factors: what the reasons that somebody gives are worth."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

import detente
from detente.cli import main
from detente.document import dump
from detente.errors import InvalidInput
from detente.insight import weigh_factors
from detente.scenario import load, locate, read_merged

FACTORS = {
    "calm": {"title": "Incidents are many", "multiply": {"incident_rate": 0.25}, "why": "A quarter of them would be left."},
    "cheap": {"title": "War is cheap", "multiply": {"war_cost": 3, "incident_rate": 0.5}, "why": "It would cost three times as much."},
    "luck": {"title": "Bad luck", "why": "There is no luck in the model."},
}


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    data = copy.deepcopy(dict(read_merged(locate("first-steps")).data)) | {"factors": FACTORS}
    file = tmp_path / "reasons.yaml"
    file.write_text(dump(data), encoding="utf-8")
    return str(file)


def test_of_two_factors_all_but_the_one_is_the_other_alone(scenario: str) -> None:
    found = weigh_factors(scenario, draws=64)
    for rung in found.rungs:
        assert found.without["calm"][rung].reading == found.alone["cheap"][rung].reading
        assert found.without["cheap"][rung].reading == found.alone["calm"][rung].reading
        assert {one[rung].beside for one in found.without.values()} == {found.whole[rung]}
        assert {one[rung].beside for one in found.alone.values()} == {found.none[rung]}
    assert found.missing == {"luck": "There is no luck in the model."}


def test_a_factor_taken_out_is_the_scenario_with_other_numbers(scenario: str, tmp_path: Path) -> None:
    """Both factors together quarter and halve the rate of incidents: an eighth of its median, on the same draws."""
    data = copy.deepcopy(dict(load(scenario).document.data))
    assert (data["quantities"]["incident_rate"]["median"], data["quantities"]["war_cost"]["median"]) == (0.3, 4)
    data["quantities"]["incident_rate"]["median"] = 0.3 / 8
    data["quantities"]["war_cost"]["median"] = 12
    file = tmp_path / "changed.yaml"
    file.write_text(dump(data), encoding="utf-8")
    changed = detente.assess(str(file), draws=64)
    found = weigh_factors(scenario, draws=64)
    for rung in found.rungs:
        assert found.none[rung] == pytest.approx(changed.result["reach"][rung]["mean"], rel=1e-9)
        assert found.whole[rung] == detente.assess(scenario, draws=64).result["reach"][rung]["mean"]


def test_the_interval_of_a_ratio_holds_it_and_shrinks_with_draws(scenario: str) -> None:
    few, many = (weigh_factors(scenario, draws=draws).without["calm"]["war"] for draws in (64, 1024))
    for one in (few, many):
        assert one.ratio is not None and one.low < one.ratio < one.high
    assert many.high - many.low < 0.5 * (few.high - few.low)


def test_names_that_are_not_declared_are_told(scenario: str) -> None:
    text = Path(scenario).read_text(encoding="utf-8")
    Path(scenario).write_text(text.replace("war_cost: 3", "war_costs: 3"), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"'war_costs' is no quantity; did you mean 'war_cost'\?"):
        weigh_factors(scenario, draws=16)
    with pytest.raises(InvalidInput, match="the scenario has no factors"):
        weigh_factors("first-steps", draws=16)


def test_the_command_prints_both_tables_and_what_is_missing(scenario: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["factors", scenario, "--draws", "32", "--quiet"]) == 0
    page = capsys.readouterr().out
    for words in ("All but it, beside the scenario as written", "It alone, beside none of them", "calm Incidents are many", "luck, Bad luck: not in the model."):
        assert words in page
    assert main(["factors", scenario, "--draws", "32", "--quiet", "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["factors"]["luck"]["without"] is None
    assert set(told["factors"]["calm"]["without"]["war"]) == {"probability", "ratio", "p05", "p95"}


def test_every_thesis_and_path_of_the_baltic_scenario_is_a_factor_or_says_why_not() -> None:
    factors = load("baltic-2021").scenario.factors
    assert list(factors) == [*(f"T{n}" for n in range(1, 9)), *(f"P{n}" for n in range(1, 5))]
    assert [name for name, item in factors.items() if not item.in_model] == ["T4"]
