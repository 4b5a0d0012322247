"""Other equilibria as structures of claims, in a scenario whose equilibria are known in closed form (see tests/ladder/test_branch.py)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.ladder.test_branch import FADING, FIRST, TEMPO, equilibria

from detente.cli import main
from detente.insight import judge_claims

# Two who strike lest they be struck. At a precision of 1.02 to 1.05 fear feeds on itself: there are three equilibria, and the branch leads to the calmest.
SCENARIO = f"""\
format: detente/scenario/1
title: Rivals
as_of: 2026-01-01
horizon: 10
actors: {{a: {{title: A, discount: 0.1, precision: precision}}, b: {{title: B, discount: 0.1, precision: precision}}}}
rungs: {{crisis: {{title: Crisis}}, war: {{title: War, final: true}}, peace: {{title: Peace, final: true, aside: true}}}}
moves: {{fades: {{from: crisis, to: peace, rate: {FADING}}}}}
games:
  a_chooses: {{at: crisis, tempo: {TEMPO}, weights: {{strike: {FIRST / (1 - FIRST)}}}, tree: {{a: {{wait: {{to: crisis}}, strike: {{to: war, payoff: {{a: -1, b: -9}}}}}}}}}}
  b_chooses: {{at: crisis, tempo: {TEMPO}, weights: {{strike: {FIRST / (1 - FIRST)}}}, tree: {{b: {{wait: {{to: crisis}}, strike: {{to: war, payoff: {{b: -1, a: -9}}}}}}}}}}
quantities:
  precision: {{title: Precision, unit: 1/prize, family: uniform, low: LOW, high: HIGH, evidence: judgement, known: 2025, why: Test.}}
"""
CLAIMS = """\
format: detente/claims/1
title: What was said
scenarios: [rivals]
speakers: {writer: {title: A writer, reliability: F, credibility: 6, graded_by: us, why: Test.}}
claims:
"""


def asked(folder: Path, low: float, high: float, *asserts: str, structures: str = "") -> tuple[str, Path]:
    scenario, file = folder / "rivals.yaml", folder / "claims.yaml"
    scenario.write_text(SCENARIO.replace("LOW", f"{low}").replace("HIGH", f"{high}"), encoding="utf-8")
    head = "    text: a sentence\n    speaker: writer\n    said: 2026-01-15\n    kind: forecast\n    why: Test.\n"
    body = "".join(f"  C{k}:\n{head}    readings: {{strict: {{measure: reach(war), asserts: {each}, why: Test.}}}}\n" for k, each in enumerate(asserts))
    file.write_text(CLAIMS.replace("speakers:", f"{structures}speakers:") + body, encoding="utf-8")
    return str(scenario), file


def war(precision: float, which: int) -> float:
    """Of strikes at the share of the calmest (0) or wildest (-1) equilibrium; ten years are all of it."""
    strike = sorted(equilibria(precision)[0])[which]
    return 2 * TEMPO * strike / (2 * TEMPO * strike + FADING)


def test_shares_reach_from_the_equilibrium_against_a_claim_to_the_one_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line between the calmest and the wildest war: as written none is above it, in another equilibrium all are; and the other way round."""
    line = (max(war(p, 0) for p in (1.02, 1.05)) + min(war(p, -1) for p in (1.02, 1.05))) / 2
    assert max(war(p, 0) for p in (1.02, 1.05)) < line - 0.02 < line + 0.02 < min(war(p, -1) for p in (1.02, 1.05))
    scenario, file = asked(tmp_path, 1.02, 1.05, f"{{above: {line:.4f}}}", f"{{below: {line:.4f}}}", "{above: 0.001}")
    found = judge_claims(scenario, file, draws=256)
    told = [[share.value for share in found[name].told["strict"].shares.values()] for name in ("C0", "C1", "C2")]
    assert list(found["C0"].told["strict"].shares) == ["as_written", "equilibria_against", "equilibria_for"]
    # It is a search from random points, which may miss one of them in a draw or two of 64.
    assert told[0] == [0.0, 0.0, pytest.approx(1.0, abs=0.05)] and told[1] == [1.0, pytest.approx(0.0, abs=0.05), 1.0] and told[2] == [1.0, 1.0, 1.0]
    assert [found[name].verdict for name in ("C0", "C1", "C2")] == ["depends on the model", "depends on the model", "supported"]
    assert main(["claims", scenario, "--file", str(file), "--show", "C0", "--draws", "256", "--quiet"]) == 0
    assert "Of several equilibria, the one for it" in capsys.readouterr().out


def test_where_there_is_one_equilibrium_shares_stay_and_the_search_is_told_as_few_draws(tmp_path: Path) -> None:
    scenario, file = asked(tmp_path, 0.5, 0.9, "{above: 0.9}")
    shares = judge_claims(scenario, file, draws=256)["C0"].told["strict"].shares
    assert {name: share.value for name, share in shares.items()} == {"as_written": 0.0, "equilibria_against": 0.0, "equilibria_for": 0.0}
    # None of 64 draws: Jeffreys' interval ends near 3.8 %, beside that of the 256.
    assert shares["equilibria_for"].high == pytest.approx(shares["as_written"].high + 0.0383, abs=0.001)


def test_a_file_says_whether_they_are_sought(tmp_path: Path) -> None:
    scenario, file = asked(tmp_path, 1.02, 1.05, "{above: 0.9}", structures="structures: []\n")
    assert list(judge_claims(scenario, file, draws=64)["C0"].told["strict"].shares) == ["as_written"]
    scenario, file = asked(tmp_path, 1.02, 1.05, "{above: 0.9}", structures="structures: [equilibria]\n")
    assert len(judge_claims(scenario, file, draws=64)["C0"].told["strict"].shares) == 3


def test_measures_of_several_worlds_say_nothing_of_equilibria(tmp_path: Path) -> None:
    scenario, file = asked(tmp_path, 1.02, 1.05, "{direction: up}")
    file.write_text(file.read_text(encoding="utf-8").replace("measure: reach(war)", "measure: reach(war) / reach(war) as of 2026-01-01"), encoding="utf-8")
    found = judge_claims(scenario, file, draws=64)["C0"].told["strict"]
    assert list(found.shares) == ["as_written"] and np.nanmax(found.answer.values) == 1.0
