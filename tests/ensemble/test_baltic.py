"""The shipped scenario that reads the record, end to end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from detente.ensemble import Assessment, assess, replay, resume
from detente.ensemble.archive import archive, restore
from detente.ensemble.run import describe
from detente.errors import InvalidInput
from detente.scenario import load


@pytest.fixture(scope="module")
def baltic() -> Assessment:
    return assess("baltic-2021", draws=2048, chunk=2048, threads=2)


def test_the_model_made_again_from_a_run_is_the_model() -> None:
    """Scenario as merged and facts resolved: the same digest, calendar, readings, numbers and facts behind them, without the library's record."""
    model = load("baltic-2021")
    kept = archive(model)
    again = restore(kept, describe(model, 1024, 1, 1024))
    assert again.digest == model.digest and again.timeline == model.timeline and again.plan.numbers == model.plan.numbers
    assert model.timeline.facts and again.record is not None and set(again.record.facts) == model.facts
    assert "extends" not in kept.scenario and archive(again) == kept


def test_it_settles_and_is_the_same_however_it_is_run(baltic: Assessment, tmp_path: Path) -> None:
    """One thread or two, one chunk or many, cut short and resumed, kept and loaded: one digest."""

    def stop(done: int, of: int, what: str) -> None:
        if done == 1024 and what == "assessing":
            raise KeyboardInterrupt

    assert baltic.converged >= 0.999
    with pytest.raises(KeyboardInterrupt):
        assess("baltic-2021", draws=2048, chunk=1024, threads=1, out=tmp_path / "run", progress=stop)
    resumed = resume(tmp_path / "run", threads=1)
    assert resumed.result_digest == baltic.result_digest
    assert Assessment.load(tmp_path / "run").data.drop_attrs().identical(baltic.data.drop_attrs())


def test_a_draw_of_it_has_the_bits_of_the_run(baltic: Assessment) -> None:
    """Also where a draw was settled by continuation."""
    hard = np.flatnonzero((baltic.data["status"].values == 2).any(axis=1))
    for number in (0, 917, *hard[:2]):
        again = replay(baltic, int(number))
        assert again.prospects.reach[0].tobytes() == np.ascontiguousarray(baltic.reach.values[number]).tobytes()


def test_facts_of_a_run_are_those_known_on_the_day(baltic: Assessment) -> None:
    """Nothing in the folder was known after 29 January 2021, and each reading names its facts; beside them stand what the alliance rests on."""
    facts = json.loads(baltic.archive.facts)
    assert facts["starts"][0] == "2021-01-29" and facts["end"] == "2031-01-29"
    read = {name for readings in facts["readings"].values() for reading in readings for name in reading["facts"]}
    beside = set(facts["record"]["facts"]) - read
    assert read <= set(facts["record"]["facts"]) and {facts["record"]["facts"][name]["kind"] for name in beside} == {"poll", "actor"}
    assert facts["readings"]["allied_troops"][0]["value"] == 3700.0
    assert baltic.hindsight  # judgements made since are flagged, not hidden


def test_edited_facts_of_a_run_are_refused(baltic: Assessment, tmp_path: Path) -> None:
    """The digest covers the facts and their sources."""
    baltic.save(tmp_path / "run")
    file = tmp_path / "run" / "facts.json"
    facts = json.loads(file.read_text(encoding="utf-8"))
    name = facts["readings"]["allied_troops"][0]["facts"][0]
    facts["record"]["facts"][name]["value"] += 1
    file.write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(InvalidInput, match="not those that this run was made from"):
        replay(tmp_path / "run", 0)
