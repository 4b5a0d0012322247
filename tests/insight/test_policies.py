"""Policies beside the baseline: closed forms, the same change written another way, and files bound to their base."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.cli import main
from detente.document import dump, read
from detente.ensemble import Assessment, assess, replay, resume
from detente.errors import InvalidInput
from detente.insight import compare, read_otherwise
from detente.scenario import load, locate

# War comes from calm alone, at a rate that is uniform from 0 to 0.2 a year; the truce is an aside that is reached from war.
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
drivers:
  tension: {title: Tension, unit: "1", formula: 1}
quantities:
  hazard: {title: Hazard, unit: 1/year, family: uniform, low: 0, high: 0.2, evidence: judgement, known: 2025, why: Test.}
  drift: {title: Drift, unit: 1/year, family: fixed, value: 0.05, evidence: judgement, known: 2025, why: Test.}
policies:
  restraint: {title: Restraint, set: {tension: 0.5}, why: Test.}
  late: {title: Late restraint, from: 2031-01-01, set: {tension: 0.5}, why: Test.}
  idle: {title: What is so anyway, set: {tension: tension, hazard: hazard}, why: Test.}
  halved: {title: Half the hazard, from: 2028-01-01, until: 2029-12-31, set: {hazard: hazard / 2}, why: Test.}
"""
WITHOUT_YIELDING = SCENARIO.replace("fixed, value: 0.05", "fixed, value: 0")
HISTORY = """\
history:
  quiet: {title: A quiet century, episodes: war, count: 0, exposure: %d, known: 2025, rule: Test., cases: {source: us, from: 1926, until: 2025}}
"""


@pytest.fixture
def blows(tmp_path: Path) -> Path:
    file = tmp_path / "blows.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


def war(assessment: Assessment) -> np.ndarray:
    return assessment.reach.sel(rung="war").values


def test_the_change_is_that_of_the_closed_form(blows: Path) -> None:
    """Of a hazard h alone, P(war by T) is 1 - exp(-h T), and half the tension makes it 1 - exp(-h T / 2)."""
    blows.write_text(WITHOUT_YIELDING, encoding="utf-8")
    found = compare(blows, "restraint", draws=4096)
    h = found.baseline.data["quantities"].values[:, 0]
    np.testing.assert_allclose(war(found.policy)[:, -1] - war(found.baseline)[:, -1], np.exp(-10 * h) - np.exp(-5 * h), atol=1e-9)
    change = found.changes["war"]
    # The mean of exp(-a h) over h uniform on 0 to 0.2 is (1 - exp(-0.2 a)) / (0.2 a); the change is 0 at h = 0 and deepest, -1/4, where exp(-5 h) = 1/2.
    means = [(1 - np.exp(-0.2 * a)) / (0.2 * a) for a in (10, 5)]
    assert change.baseline == pytest.approx(1 - means[0], abs=1e-4) and change.policy == pytest.approx(1 - means[1], abs=1e-4)
    assert change.low == pytest.approx(-0.25, abs=1e-3) and change.change == change.policy - change.baseline
    assert (change.lower, change.higher) == (1, 0)


def test_a_policy_is_the_scenario_with_its_number_from_the_start(blows: Path) -> None:
    """To the last bit: `tension` set to 0.5, and the file that says 0.5. What stands aside is told too, and is likelier."""
    found = compare(blows, "restraint", draws=1024)
    blows.write_text(SCENARIO.replace("formula: 1}", "formula: 0.5}"), encoding="utf-8")
    other = assess(blows, draws=1024)
    assert found.policy.reach.equals(other.reach)
    assert found.changes["war"].lower == 1 and found.changes["terms"].higher == 1
    assert found.changes["terms"].policy == other.result["reach"]["terms"]["mean"]


def test_a_policy_that_begins_later_is_a_contingency_that_is_certain(blows: Path) -> None:
    """To the last bit, and until its first day nothing differs."""
    found = compare(blows, "late", draws=1024)
    contingency = "contingencies:\n  late: {title: L, chance: 1, driver: tension, value: 0.5, from: 2031-01-01, why: Test.}\n"
    blows.write_text(SCENARIO + contingency, encoding="utf-8")
    assert found.policy.reach.equals(assess(blows, draws=1024).reach)
    years = found.policy.reach["year"].values
    np.testing.assert_array_equal(war(found.policy)[:, years <= 2030], war(found.baseline)[:, years <= 2030])
    assert (war(found.policy)[:, years > 2030] < war(found.baseline)[:, years > 2030]).all()


def test_what_changes_nothing_changes_nothing(blows: Path) -> None:
    found = compare(blows, "idle", draws=1024)
    assert {(each.change, each.low, each.high, each.lower, each.higher) for each in found.changes.values()} == {(0, 0, 0, 0, 0)}


def test_structures_are_read_under_the_policy_of_what_they_stand_beside(blows: Path) -> None:
    with blows.open("a", encoding="utf-8") as file:
        file.write("structures:\n  doubled: {title: Twice the hazard, why: Test., multiply: {hazard: 2}}\n")
    under = assess(blows, draws=64, policy="restraint")
    np.testing.assert_allclose(war(read_otherwise(under)["doubled"]), war(assess(blows, draws=64, structure="doubled", policy="restraint")), rtol=0)


def test_a_quantity_is_set_within_its_window_alone(blows: Path) -> None:
    """Ten years at h, two of them at h / 2, are nine years at h."""
    blows.write_text(WITHOUT_YIELDING, encoding="utf-8")
    found = compare(blows, "halved", draws=1024)
    h = found.policy.data["quantities"].values[:, 0]
    np.testing.assert_allclose(war(found.policy)[:, -1], 1 - np.exp(-9 * h), atol=1e-9)
    assert replay(found.policy, 3).quantities["hazard"] == h[3]


@pytest.mark.parametrize("exposure", [5, 2000])
def test_history_is_told_by_the_model_without_the_policy(blows: Path, exposure: int) -> None:
    """Weights, or the draws that are moved where they collapse, are those of the baseline."""
    blows.write_text(SCENARIO + HISTORY % exposure, encoding="utf-8")
    found = compare(blows, "restraint", draws=1024)
    for name in ("quantities", "weight", "predicted"):
        np.testing.assert_array_equal(found.policy.data[name].values, found.baseline.data[name].values)
    assert found.baseline.history and found.baseline.history["method"] == ("sequential" if exposure == 2000 else "weights")
    plain = assess(blows, draws=1024)
    assert found.changes["war"].baseline == pytest.approx(plain.result["reach"]["war"]["mean"], rel=1e-12)


def test_a_run_under_a_policy_is_kept_with_it(blows: Path, tmp_path: Path) -> None:
    """Read, resumed and replayed it is the same; another policy is another run."""
    found = compare(blows, "late", draws=1024, out=tmp_path / "run")
    again = Assessment.load(tmp_path / "run")
    assert again.model.policy == "late" and again.edits == ("tension = 0.5 from 2031-01-01",)
    assert again.result_digest == resume(tmp_path / "run").result_digest == found.policy.result_digest
    assert replay(tmp_path / "run", 5).drivers["tension"].tolist() == [1.0, 0.5]
    with pytest.raises(InvalidInput, match="policy late, not restraint"):
        compare(blows, "restraint", draws=1024, out=tmp_path / "run")


# ---- files ----


def bound(folder: Path, base: str = "first-steps", **changes: Any) -> Path:
    data = {
        "format": "detente/policies/1", "title": "Two ways", "base": base, "digest": changes["digest"] if "digest" in changes else load("first-steps").digest,
        "quantities": {"extra": {"title": "Extra", "unit": "1", "family": "uniform", "low": 0.5, "high": 1, "evidence": "judgement", "known": "2026-01", "why": "Test."}},
        "policies": {"firm": {"title": "Firm", "set": {"p_resolute": "p_resolute ** extra"}, "why": "Test."}},
    }  # fmt: skip
    file = folder / "ways.yaml"
    file.write_text(dump({key: value for key, value in {**data, **changes}.items() if value is not None}), encoding="utf-8")
    return file


def refused(file: Path | str, scenario: str | Path = "first-steps") -> list[str]:
    with pytest.raises(InvalidInput) as error:
        load(scenario, policy=str(file))
    return [str(problem) for problem in error.value.problems]


def test_a_file_is_laid_over_its_base_and_moves_no_draw(tmp_path: Path) -> None:
    file = bound(tmp_path)
    found, plain = compare("first-steps", str(file), draws=1024), assess("first-steps", draws=1024)
    assert found.baseline.reach.equals(plain.reach)
    assert found.policy.model.policy == "firm" and found.changes["war"].change != 0
    assert load("first-steps", policy=f"{file}:firm").digest == found.policy.model.digest != plain.digest


def test_a_base_that_has_changed_is_refused_with_the_way_on(tmp_path: Path) -> None:
    """At the digest, with the new one; written there, the file is read again."""
    base = tmp_path / "own.yaml"
    base.write_text(locate("first-steps").read_text(encoding="utf-8"), encoding="utf-8")
    file = bound(tmp_path, base="own.yaml", digest=load(base).digest)
    load(base, policy=str(file))
    base.write_text(base.read_text(encoding="utf-8").replace("a: 6, b: 2", "a: 5, b: 2"), encoding="utf-8")
    (told,) = refused(file, base)
    assert told.startswith(f"{file}:4:9: ") and "'own.yaml' has changed" in told and "p_resolute" in told
    file.write_text(file.read_text(encoding="utf-8").replace(read(file).data["digest"], load(base).digest), encoding="utf-8")
    assert load(base).digest in told
    load(base, policy=str(file))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"base": "baltic-2021"}, "its policies are for 'baltic-2021', not for 'first-steps'"),
        ({"base": "first-step"}, "ways.yaml:3:7: there is no scenario 'first-step'"),
        ({"digest": None}, "`digest` is missing"),
        ({"format": "detente/policies/2"}, "is newer"),
        ({"format": "detente/scenario/1"}, "this is a scenario file; a policies file is needed"),
        ({"quantities": {"p_resolute": {"title": "E", "unit": "1", "family": "fixed", "value": 1, "evidence": "judgement", "known": "2026", "why": "T."}}}, "'p_resolute' is there already"),
        ({"policies": {"a": {"title": "A", "set": {"p_resolut": 1}, "why": "T."}}}, "did you mean 'p_resolute'?"),
        ({"policies": {key: {"title": "A", "set": {"p_resolute": 1}, "why": "T."} for key in "ab"}}, "has 2 policies; one can be compared at a time; give"),
        ({"policies": {"a": {"title": "A", "from": "2090-01-01", "set": {"p_resolute": 1}, "why": "T."}}}, "does not hold on any day"),
    ],
    ids=str,
)  # fmt: skip
def test_a_wrong_file_is_refused(changes: dict[str, Any], told: str, tmp_path: Path) -> None:
    assert told in "\n".join(refused(bound(tmp_path, **changes)))


@pytest.mark.parametrize(
    ("policy", "told"), [("brigade_in_place", "did you mean 'brigades_in_place'?"), ("ways.yaml", "ways.yaml: there is no such file"), ("x.yaml:a", "x.yaml: there is no such file")]
)
def test_a_policy_that_there_is_not_is_refused(policy: str, told: str) -> None:
    assert told in refused(policy, "baltic-2026")[0]


# ---- on the command line ----


def test_the_page_tells_levels_with_what_stands_aside_and_is_labelled_edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = bound(tmp_path)
    assert main(["assess", "first-steps", "--policy", str(file), "--draws", "1024", "--quiet"]) == 0
    out = capsys.readouterr().out
    top = out.split("\n\n")[1]
    assert out.startswith("Policy: Firm\nSets p_resolute = p_resolute ** extra from ")
    assert [line.split("  ")[0] for line in top.splitlines()[1:4]] == ["war", "crisis", "aside: challengers terms"]
    assert "first-steps, edited (1 change), digest" in out


def test_the_json_has_the_comparison(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["assess", "baltic-2026", "--policy", "half_withdrawn", "--draws", "256", "--json", "--quiet"]) == 0
    data = json.loads(capsys.readouterr().out)
    told = data["policy"]["reach"]
    assert data["policy"]["name"] == "half_withdrawn" and data["policy"]["sets"] == ["allied_troops = allied_troops / 2 from 2028-01-01"]
    assert {"war", "nuclear_use", "revised_order", "revised_order_russian_terms"} <= set(told)
    for name, each in told.items():
        assert each["policy"] == data["reach"][name]["mean"]
        assert each["lower"] + each["higher"] <= 1 + 1e-12
