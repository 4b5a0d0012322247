"""Policies side by side: the same numbers as one by one, identities of regret, and orders that can be checked by hand."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from detente.cli import main
from detente.ensemble import assess
from detente.errors import InvalidInput
from detente.insight import compare, weigh_policies
from detente.insight.alternatives import NOTHING, pareto
from detente.insight.policies import Change
from detente.insight.signs import Effect, Signs
from detente.scenario import load

# War comes from calm at a rate of hazard times tension, terms at drift over tension: what lowers one raises the other.
SCENARIO = """\
format: detente/scenario/1
title: Blows
as_of: 2026-01-01
horizon: 10
actors: {one: {title: One, discount: 0.1, precision: 1}}
rungs:
  calm: {title: Calm}
  war: {title: War}
  terms: {title: The other side's terms, aside: true}
moves:
  blows: {from: calm, to: war, rate: hazard * tension}
  peace: {from: war, to: calm, rate: 1}
  yielding: {from: calm, to: terms, rate: drift / tension}
  erosion: {from: terms, to: calm, rate: 1}
drivers: {tension: {title: Tension, unit: "1", formula: 1}}
quantities:
  hazard: {title: Hazard, unit: 1/year, family: uniform, low: 0, high: 0.2, evidence: judgement, known: 2025, why: Test.}
  drift: {title: Drift, unit: 1/year, family: fixed, value: 0.05, evidence: judgement, known: 2025, why: Test.}
  effect: {title: Effect of watching, unit: "1", family: uniform, low: -0.2, high: 0.2, evidence: judgement, known: 2025, why: Test.}
policies:
  restraint: {title: Restraint, set: {tension: 0.5}, why: Test.}
  alarm: {title: Alarm, set: {tension: 2}, why: Test.}
  watching: {title: Watching, set: {hazard: hazard * exp(effect)}, why: Test.}
  waste: {title: More of everything, set: {hazard: 2 * hazard, drift: 2 * drift}, why: Test.}
"""


@pytest.fixture
def blows(tmp_path: Path) -> Path:
    file = tmp_path / "blows.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def test_each_effect_is_that_of_a_comparison_of_its_own(blows: Path) -> None:
    found = weigh_policies(blows, draws=256)
    for name in found.effects:
        alone = compare(blows, name, draws=256)
        assert {rung: effect.change for rung, effect in found.effects[name].items()} == dict(alone.changes)


def test_regret_is_what_the_best_of_each_draw_would_have_spared(blows: Path) -> None:
    found = weigh_policies(blows, ["restraint", "alarm"], draws=256)
    reach = {NOTHING: assess(blows, draws=256)} | {name: assess(blows, draws=256, policy=name) for name in ("restraint", "alarm")}
    values = np.array([a.reach.sel(rung="war").values[:, -1] for a in reach.values()])
    for place, name in enumerate(reach):
        regret = values[place] - values.min(axis=0)
        assert found.regrets[name]["war"].mean == pytest.approx(regret.mean(), rel=1e-12)
        assert found.regrets[name]["war"].p95 == pytest.approx(np.quantile(regret, 0.95, method="inverted_cdf"), rel=1e-12)
    # Half the tension is the best against war in every draw, twice the tension against the terms: every rule says so.
    assert found.regrets["restraint"]["war"].mean == found.regrets["alarm"]["terms"].mean == 0.0
    assert {each["war"] for each in found.robust.values()} == {"restraint"} and {each["terms"] for each in found.robust.values()} == {"alarm"}


def test_what_is_worse_everywhere_is_beaten_and_what_conflicts_is_not(blows: Path) -> None:
    found = weigh_policies(blows, draws=256)
    assert "waste" not in found.pareto and {"restraint", "alarm"} <= set(found.pareto)
    rng = np.random.default_rng(1)
    means = {str(number): tuple(rng.integers(0, 4, 3).astype(float)) for number in range(40)}
    beaten = {b for (a, x), (b, y) in itertools.permutations(means.items(), 2) if all(p <= q for p, q in zip(x, y, strict=True)) and x != y}
    assert set(pareto(means)) == set(means) - beaten


def test_the_quantity_that_decides_the_sign_is_named(blows: Path) -> None:
    found = weigh_policies(blows, ["watching"], draws=512)
    quantity, rho = found.signs["watching"]["war"][0]
    assert quantity == "effect" and rho > 0.9
    # The sign of the effect is that of the quantity, so it helps in every other draw.
    assert found.effects["watching"]["war"].change.lower == pytest.approx(0.5, abs=0.01)


def test_a_run_gives_what_its_scenario_gives_and_keeps_it(blows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = tmp_path / "run"
    assess(blows, draws=256, out=run)
    plain = [weigh_policies(source, ["waste"], draws=128).plain() for source in (run, blows)]
    assert [file.name.rpartition("+")[0] for file in (run / "beside").iterdir()] == ["-+-+-+waste"]
    assert plain[0] == plain[1]
    assert main(["compare", str(run), "--policy", "waste", "--draws", "128", "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(json.dumps(plain[0]))


def test_what_there_is_not_is_refused(blows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(blows), "--policy", "restrain", "--policy", "peace", "--draws", "32"]) == 2
    told = capsys.readouterr().err
    assert "--policy: 'restrain' is no policy of blows; did you mean 'restraint'?" in told and "'peace' is no policy of blows" in told
    with pytest.raises(InvalidInput, match="'wars' is no level or rung aside of blows; did you mean 'war'"):
        weigh_policies(blows, aims=["wars"], draws=32)
    with pytest.raises(InvalidInput, match="the scenario has no policies"):
        weigh_policies("first-steps", draws=32)


def test_the_page_tells_a_level_never_without_what_stands_aside(blows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", str(blows), "--policy", "restraint", "--draws", "256", "--quiet"]) == 0
    text = capsys.readouterr().out
    assert "Restraint" in text and "What decides the sign: Hazard" in text
    assert main(["compare", str(blows), "--policy", "restraint", "--aim", "war", "--draws", "256", "--quiet"]) == 0
    for page in (text, capsys.readouterr().out):
        head = next(line for line in page.splitlines() if "war" in line and "terms" in line)
        assert head.split() == ["war", "terms"]


MIRRORED = SCENARIO.replace("rate: hazard * tension}", "rate: hazard * (mirror / tension + (1 - mirror) * tension) * (1 + louder)}") + """\
switches: {mirror: {title: Mirror, default: false}, louder: {title: Louder, default: false}}
structures:
  mirrored: {title: Tension calms, switches: {mirror: true}, why: Test.}
  louder: {title: Twice as loud, switches: {louder: true}, why: Test.}
"""


@pytest.fixture
def mirrored(tmp_path: Path) -> Path:
    file = tmp_path / "mirrored.yaml"
    file.write_text(MIRRORED, encoding="utf-8")
    return file


def test_an_effect_in_a_structure_is_that_of_assessments_in_it(mirrored: Path) -> None:
    found = weigh_policies(mirrored, ["restraint", "watching"], structures=True, draws=256)
    assert list(found.structures["watching"]) == ["mirrored", "louder"]
    for policy, structure, rung in itertools.product(found.effects, ("mirrored", "louder"), ("war", "terms")):
        without, with_it = (assess(mirrored, structure=structure, draws=128, policy=name).reach.sel(rung=rung).values[:, -1] for name in (None, policy))
        change = found.structures[policy][structure][rung].change
        assert (change.baseline, change.policy) == pytest.approx((without.mean(), with_it.mean()), rel=1e-12)
        assert change.lower == (with_it < without - 1e-12).mean() and change.higher == (with_it > without + 1e-12).mean()


def test_a_sign_holds_where_every_structure_has_it(mirrored: Path) -> None:
    """Restraint halves the rate of war as written and doubles it in the mirror; terms feel no mirror, and nothing that is done to the hazard."""
    found = weigh_policies(mirrored, ["restraint", "watching", "waste"], structures=True, draws=512)
    war, terms = (found.signs_in_structures("restraint", rung) for rung in ("war", "terms"))
    assert war is not None and dict(war.by_structure) == {"as_written": "lower", "mirrored": "higher", "louder": "lower"} and war.holds is False
    assert terms is not None and set(terms.by_structure.values()) == {"higher"} and terms.holds is True
    # What watching does has either sign with the same chance: its mean is next to nothing.
    watching = found.signs_in_structures("watching", "war")
    assert watching is not None and "open" in watching.by_structure.values() and watching.holds is None
    assert weigh_policies(mirrored, ["waste"], draws=64).signs_in_structures("waste", "war") is None


def test_a_sign_is_told_where_the_interval_of_its_mean_lies_on_one_side() -> None:
    def effect(change: float, error: float, lower: float = 0.5) -> Effect:
        return Effect(Change(0.5, 0.5 + change, change, change, lower, lower), error)

    told = [effect(*each).sign for each in ((-0.2, 0.1), (-0.19, 0.1), (0.2, 0.1), (0.0, 0.0, 0.0), (0.0, 0.1))]
    assert told == ["lower", "open", "higher", "nothing", "open"]
    assert Signs({"as_written": "lower", "other": "nothing"}).holds is False and Signs({"as_written": "open", "other": "open"}).holds is None
    assert Signs({"as_written": "lower", "other": "higher", "third": "open"}).holds is False


def test_pages_and_plain_data_tell_whether_signs_hold(mirrored: Path, blows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["compare", str(mirrored), "--structures", "--draws", "256", "--quiet"]
    assert main([*call, "--policy", "restraint"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Tension calms" in text and "War is lower as written and in louder, higher in mirrored: the sign does not hold." in text
    assert "Terms is higher as written and in all 2 structures: the sign holds." in text
    assert main(call) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["restraint", "does", "not", "holds"] in rows and ["waste", "holds", "holds"] in rows
    assert main([*call, "--policy", "restraint", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["policies"]["restraint"]
    assert told["sign_holds"]["war"]["by_structure"]["mirrored"] == "higher" and told["sign_holds"]["war"]["holds"] is False
    assert set(told["structures"]["mirrored"]["war"]) == set(told["effects"]["war"])
    assert main(["compare", str(blows), "--structures", "--draws", "32", "--quiet"]) == 2
    assert "the scenario has no structures" in capsys.readouterr().err


def bound(scenario: Path, **changes: str) -> Path:
    """A file of two policies, of which one needs a quantity of its own."""
    text = f"""\
format: detente/policies/1
title: Two ways
base: {scenario.name}
digest: {load(scenario).digest}
quantities:
  doubt: {{title: Doubt, unit: "1", family: uniform, low: -0.1, high: 0.1, evidence: judgement, known: 2025, why: Test.}}
policies:
  halved: {{title: Half the hazard, set: {{hazard: hazard / 2}}, why: Test.}}
  doubted: {{title: Who knows, set: {{hazard: hazard * (1 + doubt)}}, why: Test.}}
"""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    file = scenario.parent / "ways.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_policies_of_a_file_stand_beside_those_of_the_scenario(blows: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On the same draws, as one by one; what decides the sign may be a quantity of the file."""
    file = bound(blows)
    found = weigh_policies(blows, [str(file), "restraint"], draws=256)
    assert list(found.effects) == ["halved", "doubted", "restraint"]
    assert found.effects["halved"]["war"].change == compare(blows, f"{file}:halved", draws=256).changes["war"]
    assert found.effects["restraint"]["war"].change == weigh_policies(blows, ["restraint"], draws=256).effects["restraint"]["war"].change
    assert found.signs["doubted"]["war"][0][0] == "doubt"
    assert main(["compare", str(blows), "--policy", f"{file}:doubted", "--draws", "64", "--quiet"]) == 0
    assert "doubted: Who knows" in capsys.readouterr().out
    assert main(["sensitivity", str(blows), "--choose", f"{file}:halved", "--draws", "128", "--block", "0", "--outcome", "reach(war)", "--quiet"]) == 0
    assert "halved as things are known" in " ".join(capsys.readouterr().out.split())


def test_a_wrong_file_of_policies_is_one_clear_report(blows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def told(policy: str, source: str | Path = blows, command: str = "compare", option: str = "--policy") -> str:
        assert main([command, str(source), option, policy, "--draws", "64", "--quiet"][: None if source == blows else 4]) == 2
        return capsys.readouterr().err

    file = bound(blows)
    assert "--policy: 'halfed' is no policy of" in told(f"{file}:halfed") and "did you mean 'halved'?" in told(f"{file}:halfed")
    assert "none.yaml: there is no such file" in told("none.yaml")
    assert "--choose: 'halfed' is no policy of" in told(f"{file}:halfed", command="sensitivity", option="--choose")
    bound(blows, hazard="hazzard")
    assert "ways.yaml:8:" in (said := told(str(file))) and "'hazzard' is no driver or quantity; did you mean 'hazard'?" in said
    bound(blows, **{load(blows).digest: "sha256:" + "0" * 64})
    assert "ways.yaml:4:9: 'blows.yaml' has changed since these policies were written" in told(str(file))
    bound(blows, **{"  halved": "  restraint"})
    assert "ways.yaml:8:3: 'restraint' is there already; the base has it; rename it" in told(str(file))
    bound(blows)
    assess(blows, draws=64, out=tmp_path / "run")
    assert "name the scenario's file in place of the run" in told(str(file), tmp_path / "run")


def test_a_run_of_a_shipped_scenario_takes_a_file_too(tmp_path: Path) -> None:
    run, file = tmp_path / "run", tmp_path / "ways.yaml"
    a = assess("first-steps", draws=128, out=run)
    policies = "policies: {dear: {title: War is dear, set: {war_cost: 2 * war_cost}, why: Test.}}"
    file.write_text(f"format: detente/policies/1\ntitle: One\nbase: first-steps\ndigest: {a.digest}\n{policies}\n", encoding="utf-8")
    told = [weigh_policies(source, [str(file)], draws=64).effects["dear"]["war"].change for source in (run, "first-steps")]
    assert told[0] == told[1] and told[0].change < 0
