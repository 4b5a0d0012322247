"""Verdicts of the shipped claims, derived again by a script that knows nothing of détente."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest

from detente.cli import main
from detente.ensemble import assess
from detente.insight.claims import shipped_for

HERE = Path(__file__).parent
VOCABULARY = {
    "supported", "not supported", "depends on the model", "depends", "borderline", "supported by the record", "contradicted by the record", "unfalsifiable",
    "opinion", "intent",
}  # fmt: skip
KEYS = ["id", "kind", "verdict", "reading", "measure", "predictive", "p05", "p50", "p95", "band", "share", "share_by_model", "reason"]


@pytest.mark.slow
def test_the_verdicts_of_the_33_claims_follow_from_the_draws_that_are_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("rederive_verdicts", HERE / "rederive_verdicts.py")
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    run, claims = tmp_path / "run", tmp_path / "claims.yaml"
    # Other equilibria are searched for, not kept: they have a test of their own.
    claims.write_text(re.sub(r",\s+equilibria\]", "]", shipped_for("baltic-2021").read_text(encoding="utf-8")), encoding="utf-8")
    assess("baltic-2021", draws=96, out=run)
    # So few that some structures are asked once and some twice.
    monkeypatch.setattr("detente.insight.judging.FEW", 32)
    oracle.FEW, oracle.BESIDE = 32, 64
    assert main(["claims", str(run), "--file", str(claims), "--beside", "64", "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in told] == [f"C{number:02}" for number in range(1, 34)]
    assert all(list(each) == KEYS and (each["verdict"] in VOCABULARY or "No verdict" in each["reason"]) for each in told)
    by_name = {each["id"]: each for each in told}
    derived = oracle.rederive(run, claims)
    assert set(derived) == {each["id"] for each in told if each["share"] is not None} >= {"C03", "C08", "C11", "C12", "C17", "C30"}
    for name, (verdict, shares) in derived.items():
        assert by_name[name]["verdict"] == verdict, name
        assert list(by_name[name]["share_by_model"].values()) == pytest.approx(list(shares.values()), abs=1e-12), name
        assert by_name[name]["share"] == by_name[name]["share_by_model"]["as_written"]
    # What the record judges was read by hand in shared/research/facts.md, section 2.
    assert {name for name, each in by_name.items() if each["verdict"] == "contradicted by the record"} == {"C09", "C33"}
    assert {name for name, each in by_name.items() if each["kind"] == "fact" and each["verdict"] == "depends"} == {"C15", "C20"}
