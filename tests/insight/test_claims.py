"""Files of claims: whatever is wrong with one is told at once, and nothing but what is claimed decides a verdict."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from detente.cli import main
from detente.ensemble import assess
from detente.errors import InvalidInput
from detente.insight import judge_claims
from detente.insight.beside import Beside
from detente.insight.claims import load_claims, shipped_for
from detente.insight.judging import judge
from detente.insight.needs import what_it_needs
from detente.insight.record_readings import read_record, whole_record
from detente.record import Record
from detente.scenario import load

from .chances import written

HEAD = """\
format: detente/claims/1
title: What was said
scenarios: [first-steps]
speakers: {writer: {title: A writer, reliability: F, credibility: 6, graded_by: us, why: Test.}}
claims:
"""
CLAIM = """\
  %s:
    text: a sentence
    speaker: writer
    said: 2026-01-15
    kind: forecast
    why: Test.
    readings:
      strict: {measure: "%s", asserts: %s, why: Test.}
"""


def claims(folder: Path, *rows: tuple[str, str, str], head: str = HEAD) -> Path:
    file = folder / "mine.yaml"
    file.write_text(head + "".join(CLAIM % row for row in rows), encoding="utf-8")
    return file


def told(error: InvalidInput) -> list[str]:
    return [str(problem).rsplit("/", 1)[-1] for problem in error.problems]


def test_everything_that_is_wrong_with_a_file_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    file = claims(tmp_path, ("A", "reach(wars)", "{above: 0}"), ("B", "reach(war) under none", "{above: 0}"), ("C", "reach(war) + nobody", "{above: 0}"))
    with pytest.raises(InvalidInput) as refused:
        judge_claims("first-steps", file, draws=32)
    assert told(refused.value) == [
        "mine.yaml:13:25: 'wars' is no rung or group; did you mean 'war'?",
        "mine.yaml:21:25: 'none' is no policy of the scenario; it has none",
        "mine.yaml:29:25: 'nobody' in `reach(war) + nobody` is no quantity, driver or reading of the record; use reach, touch, onward, given, next, or a name of the scenario",
    ]


@pytest.mark.parametrize(("body", "said"), [
    (CLAIM % ("A", "reach(war)", "{word: very likely}"), "'very likely' is no term of the PHIA yardstick (UK)"),
    (CLAIM % ("A", "reach(war)", "{word: very likely}"), "it is a term of ICD 203 (US): write a term of the PHIA yardstick (UK), or `standard: icd203`"),
    (CLAIM % ("A", "reach(war)", "{word: likley}"), "write 'likely'"),
    (CLAIM % ("A", "reach(war)", "{word: likely, above: 0.5}"), "an assertion is a `word`, a `direction`, or numbers; give one of these"),
    (CLAIM % ("A", "reach(war)", "{above: 0.5, degree: sharply}"), "`degree` and `least` belong to a direction"),
    (CLAIM % ("A", "reach(war", "{above: 0.5}"), "a bracket is not closed"),
    ((CLAIM % ("A", "reach(war)", "{above: 0.5}")).replace("a sentence", "word " * 16), "the quote has 16 words; at most 15 are quoted; shorten it with ..."),
    ((CLAIM % ("A", "reach(war)", "{above: 0.5}")).replace("speaker: writer", "speaker: wirter"), "'wirter' is no speaker of this file; did you mean 'writer'?"),
    ((CLAIM % ("A", "reach(war)", "{above: 0.5}")).replace("why: Test.\n    readings", "why: Test.\n    untestable: opinion\n    readings"), "give one of them"),
    ((CLAIM % ("A", "reach(war)", "{above: 0.5}")).partition("    readings")[0], "a claim has `readings`, or `untestable`, or `missing`; a claim is tested, or it is said why it is not"),
    ((CLAIM % ("A", "reach(war)", "{above: 0.5}")).replace("measure:", "mesure:"), "did you mean 'measure'?"),
])  # fmt: skip
def test_a_file_that_is_unsound_is_refused(tmp_path: Path, body: str, said: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HEAD + body, encoding="utf-8")
    with pytest.raises(InvalidInput) as refused:
        load_claims(file)
    assert said in str(refused.value) and "mine.yaml:" in str(refused.value)


def test_claims_about_something_else_are_refused(tmp_path: Path) -> None:
    right, row = load("first-steps").digest, ("A", "reach(war)", "{above: 0}")
    bound = HEAD.replace("claims:", f"digest: {right}\nclaims:")
    assert judge_claims("first-steps", claims(tmp_path, row, head=bound), draws=32)["A"].verdict is not None
    for wrong, what in (
        (bound.replace(right, "sha256:" + "0" * 64), "mine.yaml:5:9: 'first-steps' is not the one that these claims were written for"),
        (HEAD.replace("[first-steps]", "[baltic-2021]"), "mine.yaml:3:12: its claims are about baltic-2021, not about 'first-steps'"),
    ):
        with pytest.raises(InvalidInput) as refused:
            judge_claims("first-steps", claims(tmp_path, row, head=wrong), draws=32)
        assert what in str(refused.value)
    with pytest.raises(InvalidInput, match="no claims about 'first-steps' come with the package; give a file of claims with --file"):
        judge_claims("first-steps", draws=32)


def test_the_grade_of_a_speaker_moves_no_verdict() -> None:
    shipped = load_claims(shipped_for("baltic-2021"))
    other = replace(shipped, file=shipped.file.model_copy(update={
        "speakers": {name: each.model_copy(update={"reliability": "A", "credibility": 1}) for name, each in shipped.file.speakers.items()}
    }))  # fmt: skip
    beside, names = Beside(assess("baltic-2021", draws=64), draws=64), ("C09", "C20", "C28", "C17")
    beside.get = lambda world, most=None, wanted=None: beside.assessment.data      # one structure tells as much as six
    record = whole_record(shipped, beside.assessment)
    first, second = ([each.plain() for each in judge(file, beside, record, names)] for file in (shipped, other))
    assert first == second and {each["verdict"] for each in first} >= {"contradicted by the record", "depends", "unfalsifiable"}


def test_the_record_is_read_as_the_facts_stand_in_it() -> None:
    shipped = load_claims(shipped_for("baltic-2021"))
    a = assess("baltic-2021", draws=32)
    record = whole_record(shipped, a)
    found = {f"{name}.{key}": read_record(each, record, a.as_of) for name, claim in shipped.file.claims.items() for key, each in claim.record.items()}
    # By hand, from facts.md 5.2, 5.4, 6.1, 8.1, 8.4 and 10.4.
    assert found["C04.left_inf"] == 2019 and found["C04.left_open_skies"] == 2020
    assert (found["C09.allied"], found["C09.russian"]) == (3700, 18000) and found["C16.bombs"] == 100
    assert (found["C23.latvia"], found["C23.any_ally"], found["C26.wars"], found["C14.joined"]) == (32, 38, 0, 2004)
    assert 1949.6 < found["C15.in_force"] < found["C15.first_test"] < 1949.7
    assert None not in found.values()


def test_whatever_rests_on_memory_alone_says_so() -> None:
    """A verdict of the record that no source was opened for must tell whoever reads it."""
    shipped, record = load_claims(shipped_for("baltic-2021")), Record.load("baltic")
    remembered = {
        name: claim for name, claim in shipped.file.claims.items()
        if any(ask.fact is not None and record.facts[ask.fact].evidence == "memory" for ask in claim.record.values())
    }  # fmt: skip
    assert {"C06", "C15", "C25"} <= set(remembered)
    assert [name for name, claim in remembered.items() if "memory" not in claim.why] == []


def test_without_a_verdict_the_reason_names_the_structure_that_has_none(tmp_path: Path) -> None:
    text = Path(written(tmp_path)).read_text(encoding="utf-8").replace("{from: calm, to: crisis, rate: 1e-6 *", "{from: calm, to: crisis, rate: (1 - still) * 1e-6 *")
    more = "switches: {still: {title: Still, default: false}}\nstructures: {stillness: {title: Nothing happens, switches: {still: true}, why: Test.}}\n"
    (tmp_path / "chances.yaml").write_text(text + more, encoding="utf-8")
    file = claims(tmp_path, ("A", "onward(war|crisis)", "{above: 0.5}"), head=HEAD.replace("[first-steps]", "[chances]"))
    found = judge_claims(str(tmp_path / "chances.yaml"), file, draws=64)["A"]
    assert found.verdict is None and found.told["strict"].silent == ("stillness",)
    assert found.reason.startswith("No verdict: what it is about cannot happen in any draw as stillness reads the scenario.")


def test_what_a_claim_needs_is_the_box_that_was_planted(tmp_path: Path) -> None:
    file = claims(tmp_path, ("A", "where(p_resolute < 0.6, 0.9, 0.1)", "{word: highly likely}"), ("B", "reach(war)", "{word: almost certain}"))
    found = judge_claims("first-steps", file, draws=2048)
    needs = what_it_needs(found.beside, found["A"].told["strict"], found["A"].claim.readings["strict"].asserts, found.claims.band("A", "strict"))
    best = needs.needs[-1]
    assert [(limit.quantity, limit.high == pytest.approx(0.6, abs=0.03)) for limit in best.limits] == [("p_resolute", True)] and best.box.density >= 0.8
    quantities = found.beside.assessment.data["quantities"]
    assert best.box.probability == pytest.approx((quantities.sel(quantity="p_resolute") < 0.6).values.mean(), rel=0.25)
    told = found["B"].told["strict"]
    nowhere = what_it_needs(found.beside, told, found["B"].claim.readings["strict"].asserts, found.claims.band("B", "strict"))
    assert nowhere.why == f"nowhere within the stated ranges; the closest draw reaches {np.max(told.answer.values):.3g}" and nowhere.needs == ()


def test_boxes_count_draws_as_shares_do(tmp_path: Path) -> None:
    """Crises are proportional to `one`, lognormal with sigma 0.8: it lies above 1.5 in Phi(0.8 - log(1.5) / 0.8) of the draws of a crisis, of all in fewer."""
    scenario = written(tmp_path)
    head = HEAD.replace("[first-steps]", "[chances]")
    file = claims(tmp_path, ("A", "where(one > 1.5, 0.9, 0.1) + 0 * onward(war|crisis)", "{word: highly likely}"), head=head)
    found = judge_claims(scenario, file, draws=4096)
    told, claim = found["A"].told["strict"], found["A"].claim
    best = what_it_needs(found.beside, told, claim.readings["strict"].asserts, found.claims.band("A", "strict")).needs[-1]
    assert told.share.value == pytest.approx(stats.norm.cdf(0.8 - np.log(1.5) / 0.8), abs=0.03)
    (limit,) = best.limits
    beyond = np.log(limit.low) / 0.8
    assert limit.quantity == "one" and 1 < limit.low < 1.6
    assert best.box.mass == pytest.approx(stats.norm.cdf(0.8 - beyond), abs=0.04)
    assert best.box.probability == limit.share == pytest.approx(stats.norm.sf(beyond), abs=0.02)


def test_a_file_that_does_not_fit_is_refused_before_all_draws_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr("detente.insight.judging.assess", lambda model, **options: drawn.append(options["draws"]) or assess(model, **options))
    with pytest.raises(InvalidInput, match="'wars' is no rung or group"):
        judge_claims("first-steps", claims(tmp_path, ("A", "reach(wars)", "{above: 0}")), draws=4096)
    assert drawn == [1]


def test_the_page_of_a_claim_has_the_verdict_before_the_quote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = claims(tmp_path, ("A", "onward(war|crisis)", "{word: highly likely}"), ("B", "reach(war) / reach(war)", "{direction: up, degree: sharply}"))
    assert main(["claims", "first-steps", "--file", str(file), "--draws", "256", "--show", "A", "--quiet"]) == 0
    text = capsys.readouterr().out
    assert text.index("A: not supported") < text.index("“a sentence”") and "asserts at least 80 %" in text and "nowhere within the stated ranges" in text
    assert main(["claims", "first-steps", "--file", str(file), "--draws", "256", "--json", "--quiet"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert first["band"] == "below" and second["band"] == "negligible" and second["predictive"] == 1.0
    assert main(["claims", "first-steps", "--file", str(file), "--show", "C", "--draws", "256", "--quiet"]) == 2
    assert "--show: 'C' is no claim of mine.yaml" in capsys.readouterr().err
