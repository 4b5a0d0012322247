"""The language of measures: arithmetic on the arrays of an assessment, undefined where a condition cannot be, and every mistake told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.ensemble import Assessment, assess
from detente.errors import InvalidInput
from detente.insight import compare
from detente.insight.answers import ask
from detente.insight.beside import Beside
from detente.insight.measures import Measure
from detente.insight.questions import World
from detente.ladder import Wanted

# War comes at a rate that is 0 in half of the draws; the truce only from war.
SCENARIO = """\
format: detente/scenario/1
title: Blows
as_of: 2026-01-01
horizon: 10
actors: {one: {title: One, discount: 0.1, precision: 1}}
rungs: {calm: {title: Calm}, quarrel: {title: Quarrel}, war: {title: War}, ruin: {title: Ruin, final: true}}
switches: {louder: {title: Louder, default: false}}
moves:
  words: {from: calm, to: quarrel, rate: pace * hazard * (hazard > 0.1) * tension * (1 + louder)}
  blows: {from: quarrel, to: war, rate: 1}
  calming: {from: quarrel, to: calm, rate: 1}
  peace: {from: war, to: calm, rate: 2}
  ruins: {from: war, to: ruin, rate: drift}
drivers: {tension: {title: Tension, unit: "1", formula: 1}}
quantities:
  hazard: {title: Hazard, unit: "1", family: uniform, low: 0, high: 0.2, evidence: judgement, known: 2025, why: Test.}
  pace: {title: Pace, unit: 1/year, family: fixed, value: 1, evidence: judgement, known: 2025, why: Test.}
  drift: {title: Drift, unit: 1/year, family: uniform, low: 0, high: 2, evidence: judgement, known: 2025, why: Test.}
policies:
  restraint: {title: Restraint, set: {tension: 0.5}, why: Test.}
structures:
  louder: {title: Louder, switches: {louder: true}, why: Test.}
"""


@pytest.fixture(scope="module")
def blows(tmp_path_factory: pytest.TempPathFactory) -> Beside:
    file = tmp_path_factory.mktemp("blows") / "blows.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return Beside(assess(file, draws=512), draws=256)


def told(blows: Beside, text: str, structure: str | None = None) -> np.ndarray:
    return ask(blows, Measure.parse(text), structure).values


def reach(a: Assessment, name: str, year: int = -1) -> np.ndarray:
    return a.reach.sel(rung=name).values[:, year]


def test_a_measure_is_arithmetic_on_what_each_draw_says(blows: Beside) -> None:
    a = blows.assessment
    np.testing.assert_array_equal(told(blows, "reach(war)"), reach(a, "war"))
    np.testing.assert_array_equal(told(blows, "reach(war) - reach(war) by 2030"), reach(a, "war") - a.reach.sel(rung="war", year=2030).values)
    np.testing.assert_array_equal(told(blows, "touch(war) * 2 + hazard"), a.touch.sel(rung="war").values[:, -1] * 2 + a.data["quantities"].values[:, 0])
    np.testing.assert_allclose(told(blows, "onward(ruin|war)"), a.onward.sel(pair="ruin|war").values, rtol=0, atol=0)


def test_a_conditional_is_not_defined_where_its_condition_cannot_be(blows: Beside) -> None:
    found = ask(blows, Measure.parse("onward(war|quarrel)"))
    never = blows.assessment.data["quantities"].values[:, 0] <= 0.1
    np.testing.assert_array_equal(np.isnan(found.values), never)
    assert found.undefined == never.mean() > 0.4
    # Where it is defined, one quarrel in two comes to blows: rate 1 against 1.
    assert np.allclose(found.values[~never], 0.5) and found.share(found.values > 0.4).value == pytest.approx(1.0)
    assert ask(blows, Measure.parse("reach(war) / reach(war)")).undefined == never.mean()


def test_a_measure_that_is_defined_nowhere_has_no_figures(blows: Beside) -> None:
    found = ask(blows, Measure.parse("1 / (reach(war) - reach(war))"))
    assert (found.predictive, found.p50, found.undefined) == (None, None, 1.0) and found.share(found.defined) is None


def test_predictive_value_and_ranges_are_those_of_the_result(blows: Beside) -> None:
    for kind, name in (("reach", "war"), ("touch", "ruin"), ("onward", "ruin|war"), ("given", "ruin|war"), ("next", "war|quarrel")):
        found, summary = ask(blows, Measure.parse(f"{kind}({name})")), blows.assessment.result[kind][name]
        assert found.predictive == pytest.approx(summary["mean"], rel=1e-12)
        assert (found.p05, found.p50, found.p95) == pytest.approx(tuple(summary[key] for key in ("p05", "p50", "p95")), rel=1e-12)


def test_paths_by_origin_add_up_to_the_level(blows: Beside) -> None:
    origins = [str(name) for name in blows.assessment.data["origin"].values]
    total = told(blows, " + ".join(f"reach(war, {name})" for name in origins if name != "under way"))
    np.testing.assert_allclose(total, reach(blows.assessment, "war"), atol=1e-12)


def test_what_stands_beside_is_what_a_comparison_finds(blows: Beside, tmp_path: Path) -> None:
    file = tmp_path / "blows.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    other = compare(str(file), "restraint", draws=256)
    np.testing.assert_array_equal(told(blows, "reach(war) under restraint"), reach(other.policy, "war"))
    np.testing.assert_array_equal(told(blows, "reach(war)", "louder"), reach(assess(file, structure="louder", draws=256), "war"))
    # Half the tension is half the rate, and twice as loud twice.
    assert np.array_equal(told(blows, "reach(war) under restraint", "louder"), reach(blows.assessment, "war")[:128])


def test_a_measure_that_compares_has_the_share_of_draws_for_its_value(blows: Beside) -> None:
    found = ask(blows, Measure.parse("reach(war) > 0.2 and drift < 1"))
    a = blows.assessment
    assert found.predictive == ((reach(a, "war") > 0.2) & (a.data["quantities"].sel(quantity="drift").values < 1)).mean()


def test_what_is_kept_in_a_folder_is_read_from_there(blows: Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(policy="restraint", structure="louder")
    first = Beside(blows.assessment, folder=tmp_path, draws=32).get(world)
    assert sorted(file.name.rpartition("+")[0] for file in tmp_path.iterdir()) == ["-+-+louder+-", "-+-+louder+restraint"]
    monkeypatch.setattr("detente.insight.beside.compute", None)
    again = Beside(blows.assessment, folder=tmp_path, draws=32).get(world)
    assert again.equals(first)
    with pytest.raises(TypeError):
        Beside(assess("first-steps", draws=32), folder=tmp_path, draws=32).get(World(scenario="first-steps"))


def test_a_world_tells_what_is_asked_of_it_and_no_number_hangs_on_that(blows: Beside, tmp_path: Path) -> None:
    """Asked bit by bit, kept between, at once, or for everything: the same bits, and nothing is told that nobody wanted."""
    world, a = World(policy="restraint", structure="louder"), blows.assessment
    everything = Beside(a, draws=64).get(world)
    few, more = Wanted(names={"war"}), Wanted(names={"quarrel"}, pairs={"war|quarrel"})
    other = Beside(a, folder=tmp_path, draws=64)
    assert other.get(world, 16, few)["rung"].values.tolist() == ["war"]
    assert "best_reach" not in other.get(world, None, few) and "best_reach" in everything
    for beside in (other, Beside(a, folder=tmp_path, draws=64), Beside(a, draws=64, asked={World(policy="restraint"): few})):
        for most, wanted in ((16, more), (None, few), (16, few), (None, more)):
            found = beside.get(world, most, wanted)
            for name in (str(name) for name in found.data_vars):
                there = everything[name].sel({axis: found[axis] for axis in found[name].dims})
                np.testing.assert_array_equal(found[name].values, there.values)
            assert set(wanted.names) <= set(found["rung"].values) and set(wanted.pairs) <= set(found["pair"].values)
    assert other.get(world).equals(everything)


def test_under_a_policy_history_weighs_draws_as_without_it() -> None:
    """As an assessment under the policy, which is conditioned by the model without."""
    beside = Beside(assess("baltic-2021", draws=64), draws=64)
    for world, options in ((World(policy="brigades"), {"policy": "brigades"}), (World(structure="surer_choice"), {"structure": "surer_choice"})):
        other = assess("baltic-2021", draws=64, **options)
        for name in ("reach", "weight", "onward_joint", "pathways"):
            np.testing.assert_array_equal(beside.get(world)[name].values, other.data[name].values)


@pytest.mark.parametrize(("text", "said"), [
    ("", "the measure is empty; give a number or a measure"),
    ("reach(a b)", "`reach(a b)` is no question; write reach(RUNG), or reach(RUNG, ORIGIN)"),
    ("onward(war)", "`onward(war)` is no question; write onward(b|a): b if a"),
    ("onward(ruin|war) by 2030", "`onward` is told to the horizon alone; leave out `by`"),
    ("reach(war) by 2030-reach(war)", "'2030-reach' is no year; results are told to the end of calendar years; write `by 2026`, with blanks around a minus behind it"),
    ("reach(war) as of spring", "'spring' is no day; write it as 2018-06-01"),
    ("reach(war) by 2030 by 2031", "`by` stands twice in `reach(war) by 2030 by 2031`; keep one"),
    ("reech(war)", "no function `reech`; only the functions of measures can be called; did you mean 'reach'?"),
    ("a.b + reach(war)", "a dot in a name: `a.b`; names have no parts; use a declared name without a dot"),
    ("__import__('os')", "`'` has no meaning in a measure; remove the text in quotes: measures are arithmetic over names"),
])  # fmt: skip
def test_a_measure_that_cannot_be_read_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Measure.parse(text)
    assert f"measure: {said}" in str(refused.value).splitlines()


@pytest.mark.parametrize(("text", "said"), [
    ("reach(wars)", "'wars' is no rung or group; did you mean 'war'?"),
    ("onward(ruin|calm)", "`onward(ruin|calm)` is not told; the assessment tells war|quarrel, ruin|war"),
    ("reach(war) by 2050", "2050 lies outside the assessment; it tells 2026 to 2035; give one of these years, or look further ahead with --horizon"),
    ("reach(war) under restrain", "'restrain' is no policy of the scenario; did you mean 'restraint'?"),
    ("reach(war) in baltic-202", "'baltic-202' is no shipped scenario; did you mean"),
    ("reach(war, accident)", "'accident' is no origin of episodes"),
    ("war", "'war' in `war` is no quantity, driver or reading of the record; write reach(war)"),
    ("hazzard", "'hazzard' in `hazzard` is no quantity, driver or reading of the record; did you mean 'hazard'?"),
    ("reach(war) + drift", "drift"),
])  # fmt: skip
def test_what_a_scenario_does_not_have_is_told(blows: Beside, text: str, said: str) -> None:
    found = "\n".join(map(str, Measure.parse(text).problems(blows.known, "here")))
    assert said in found
