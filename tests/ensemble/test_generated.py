"""Scenarios and records made at random: who said what, and how well it is known, survives being archived with a run and read again. (Trap 26)"""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.document import dump, parse
from detente.ensemble.archive import archive, restore
from detente.ensemble.run import describe
from detente.scenario import load

STEPS = yaml.safe_load((resources.files("detente.library") / "scenarios" / "first-steps.yaml").read_text(encoding="utf-8"))
texts = st.one_of(st.sampled_from(["NO", "a: b # c", "Ærø – “1:30”", "-", "x\ny", "é" * 40]), st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
dates = st.sampled_from(["2004", "2011-02", "2013-07-31", "2020-02-29"])
grades = {"reliability": st.sampled_from("ABCDEF"), "credibility": st.integers(1, 6), "graded_by": texts}
sources = st.dictionaries(
    st.from_regex(r"\A[a-z]{3,8}\Z"),
    st.fixed_dictionaries({"title": texts, "publisher": texts, "published": dates, **grades}, optional={"address": texts, "copy": dates}),
    min_size=1, max_size=4,
)  # fmt: skip


@st.composite
def records(draw: Any) -> dict[str, Any]:
    """Counts of one series over the years, each with its own source, beside facts that nobody asks for."""
    known = draw(sources)
    facts: dict[str, Any] = {}
    for year in draw(st.lists(st.integers(2005, 2019), min_size=1, max_size=5, unique=True)):
        fact = {
            "kind": "capability", "actor": "one", "measure": "troops", "value": draw(st.one_of(st.floats(0, 1e6), st.integers(0, 10**6))), "unit": "troops",
            "from": str(year), "known": "2021-01-01", "evidence": draw(st.sampled_from(["verified", "secondary"])),
            "source": draw(st.lists(st.sampled_from(sorted(known)), min_size=1, max_size=3, unique=True)), "note": draw(texts),
        }  # fmt: skip
        facts[f"troops_{year}"] = fact
    facts["said"] = {"kind": "statement", "speaker": draw(texts), "text": draw(texts), "from": "2006", "known": "2021", "evidence": "memory"}
    return {"format": "detente/record/1", "title": draw(texts), "coverage": {"from": 2000, "until": "2026-11-22", "why": draw(texts)}, "facts": facts, "sources": known}


quantities = st.dictionaries(
    st.from_regex(r"\Aextra_[a-z]{1,6}\Z"),
    st.builds(
        lambda head, family: {**head, **family},
        st.fixed_dictionaries({
            "title": texts, "unit": st.sampled_from(["1", "1/year", "prize"]), "evidence": st.sampled_from(["measured", "published", "elicited", "judgement"]),
            "known": dates, "why": texts,
        }),
        st.one_of(
            st.fixed_dictionaries({"family": st.just("fixed"), "value": st.floats(-1e9, 1e9)}),
            st.fixed_dictionaries({"family": st.just("beta"), "a": st.floats(0.1, 50), "b": st.floats(0.1, 50)}),
            st.fixed_dictionaries({"family": st.just("lognormal"), "median": st.floats(1e-6, 1e6), "sigma": st.floats(0.01, 3)}),
        ),
    ),
    max_size=4,
)  # fmt: skip


@given(record=records(), extra=quantities)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_provenance_survives_the_archive_of_a_run(record: dict[str, Any], extra: dict[str, Any], tmp_path: Path) -> None:
    """Every source and fact that a driver rests on, every quantity's grade, source, date and reason, in their order, and the digest."""
    # Only judgement may stand without a source of the record.
    cited = next(iter(record["sources"]))
    extra = {name: {**item, **({} if item["evidence"] == "judgement" else {"source": cited})} for name, item in extra.items()}
    (tmp_path / "world.yaml").write_text(dump(record), encoding="utf-8")
    scenario = {
        **STEPS, "as_of": "2022-01-01", "record": str(tmp_path / "world.yaml"),
        "quantities": {**{name: {**item, "known": str(item["known"])} for name, item in STEPS["quantities"].items()}, **extra},
        "drivers": {"troops": {"title": "Troops", "unit": "troops", "read": {"kind": "capability", "where": {"actor": "one", "measure": "troops"}, "take": "value"}}},
    }  # fmt: skip
    (tmp_path / "story.yaml").write_text(dump(scenario), encoding="utf-8")
    model = load(tmp_path / "story.yaml")
    kept = archive(model)
    again = restore(kept, json.loads(json.dumps(describe(model, 1024, 1, 1024))))
    assert again.digest == model.digest and archive(again) == kept
    assert list(again.scenario.quantities.items()) == list(model.scenario.quantities.items())
    for name, item in extra.items():
        found = again.scenario.quantities[name]
        assert (found.title, found.why, found.evidence, str(found.known)) == (item["title"], item["why"], item["evidence"], item["known"])
        assert found.source == ((item["source"],) if "source" in item else ())
    newest = max(int(name[-4:]) for name in record["facts"] if name != "said")
    used = record["facts"][f"troops_{newest}"]
    assert again.record is not None and set(again.record.facts) == {f"troops_{newest}"}
    fact = again.record.facts[f"troops_{newest}"]
    assert (fact.source, fact.evidence, fact.note, str(fact.known)) == (tuple(used["source"]), used["evidence"], used["note"], used["known"])
    assert {name: parse(dump(record["sources"][name])).data for name in used["source"]} == {name: again.record.document.data["sources"][name] for name in used["source"]}
