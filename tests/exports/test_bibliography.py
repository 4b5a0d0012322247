"""What a run cites: every source once, nothing that was not known, methods that it used; and BibTeX that others can read."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import detente
from detente.cli import main
from detente.cli.references import told
from detente.ensemble import Assessment
from detente.exports import bibliography, to_bibtex
from detente.exports.bibtex import key_of
from detente.exports.methods import methods, used
from detente.scenario import load

SRC = Path(__file__).parents[2] / "src" / "detente"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "b21"
    detente.assess("baltic-2021", draws=64, out=folder)
    return folder


def entries_of(text: str) -> dict[str, tuple[str, Mapping[str, str]]]:
    """A strict reader: entries `@kind{key, name = {value}, ...}` with balanced braces, no sign of TeX outside an escape, each key and field once."""
    found: dict[str, tuple[str, Mapping[str, str]]] = {}
    rest = text
    while rest := rest.lstrip():
        head = re.match(r"@([a-z]+)\{([A-Za-z0-9_:.+-]+),\s*", rest)
        assert head, rest[:80]
        rest = rest[head.end() :]
        fields: dict[str, str] = {}
        while not rest.startswith("}"):
            field = re.match(r"([a-z]+) = \{", rest)
            assert field and field[1] not in fields, rest[:80]
            depth, end = 1, field.end()
            while depth:
                escaped = rest[end] == "\\"
                depth += 0 if escaped else {"{": 1, "}": -1}.get(rest[end], 0)
                end += 2 if escaped else 1
            fields[field[1]] = rest[field.end() : end - 1]
            if field[1] not in ("url", "doi"):
                assert not re.search(r"(?<!\\)[&%$#_~^]", fields[field[1]]), fields[field[1]]
            comma = re.match(r",\s*", rest[end:])
            assert comma, rest[end : end + 40]
            rest = rest[end + comma.end() :]
        assert head[2] not in found, head[2]
        found[head[2]] = (head[1], fields)
        rest = rest[1:]
    return found


def sources(part: Any) -> set[str]:
    """Whatever stands under a key `source` in plain data."""
    if isinstance(part, dict):
        own = part.get("source", [])
        return {*([own] if isinstance(own, str) else own), *(name for value in part.values() for name in sources(value))}
    return {name for value in part for name in sources(value)} if isinstance(part, list) else set()


def test_every_source_of_the_run_is_cited_once(run: Path) -> None:
    """Those that its files name as text, but for events of treaties that had not happened."""
    facts = json.loads((run / "facts.json").read_text(encoding="utf-8"))["record"]["facts"]
    scenario = yaml.safe_load((run / "scenario.yaml").read_text(encoding="utf-8"))
    used = sources([scenario.get(section) for section in ("quantities", "correlations", "contingencies", "history")])
    for fact in facts.values():
        used |= sources({**fact, "events": [event for event in fact.get("events", []) if str(event["date"]) <= "2021-01-29"]})
    cited = [item.name for item in bibliography(Assessment.load(run)).sources]
    assert len(cited) == len(set(cited)) and set(cited) == used
    assert "S56" in sources(facts) and "S56" not in cited  # on the end of a treaty, in 2026


def test_a_treaty_is_known_since_its_first_act(run: Path) -> None:
    """New START was signed in 2010, the INF Treaty in 1987."""
    known = {used.name: used.known.year for used in bibliography(Assessment.load(run)).facts}
    assert (known["new_start"], known["inf"]) == (2010, 1987)


def test_a_kept_run_cites_what_it_cited_when_it_was_made(run: Path) -> None:
    """The folder holds every source with its title, and needs no library."""
    kept, fresh = bibliography(Assessment.load(run)), bibliography(detente.assess("baltic-2021", draws=64))
    assert to_bibtex(kept) == to_bibtex(fresh)
    assert {item.name for item in kept.sources if item.cases} >= {"S113", "S114"}


def test_bibtex_can_be_read_and_its_keys_are_stable(run: Path) -> None:
    """All entries with what their kind needs; another as-of date renames nothing."""
    found = bibliography(Assessment.load(run))
    entries = entries_of(to_bibtex(found))
    assert len(entries) == 2 + len(found.sources) + len(found.methods)
    assert entries["baltic:S20"][1]["url"] == "https://www.rand.org/pubs/research_reports/RR2964.html"
    assert entries["baltic:S20"][1]["year"] == "2019"
    for kind, fields in entries.values():
        needed = {"article": {"author", "title", "journal", "year"}, "book": {"author", "title", "publisher", "year"}}.get(kind, {"title"})
        assert needed <= set(fields)
    earlier = entries_of(to_bibtex(bibliography(detente.assess("baltic-2021", draws=16, as_of="2019-06-01"))))
    assert {key for key in earlier if entries.get(key, (0, {}))[1].get("url") != earlier[key][1].get("url") and key in entries} == set()


def test_a_source_that_no_record_describes_is_named(tmp_path: Path) -> None:
    """A scenario without a record may still say which cases its history consists of."""
    file = tmp_path / "border.yaml"
    cases = "cases: {source: archive, from: 1950, until: 2020}"
    item = f"{{title: No war, onward: war|crisis, count: 0, trials: 9, {cases}, known: 2021, rule: By hand.}}"
    file.write_text(f"format: detente/scenario/1\ntitle: A border\nextends: first-steps\nhistory:\n  no_war: {item}\n")
    found = bibliography(detente.assess(file, draws=256))
    assert [(item.name, item.source, item.cases, dict(item.serves)) for item in found.sources] == [("archive", None, True, {"history": ("no_war",)})]
    assert "kish-1965" in {method.key for method in found.methods}
    assert entries_of(to_bibtex(found))["border:archive"][1]["note"] == r"Not described by a record; history: no\_war"
    assert any(line.text.startswith("archive  The scenario has no record") for line in told(found, 80))


def test_the_policy_of_a_run_is_cited_and_no_other() -> None:
    """Three sources say what the brigades would bring."""
    model = detente.load("baltic-2026", policy="brigades_in_place")
    cited = {item.name: item.serves.get("policies") for item in bibliography(detente.assess(model, draws=16)).sources}
    assert {name for name, policies in cited.items() if policies} == set(model.scenario.policies["brigades_in_place"].source)
    assert {policies for policies in cited.values() if policies} == {("brigades_in_place",)}


@pytest.mark.parametrize("name", ["Le Monde, 2020", "a{b}", "é", "a b", "a-b", "%", "50 %"])
def test_a_key_is_one_that_bibtex_reads_and_no_other_name_has(name: str) -> None:
    others = ["Le Monde; 2020", "a(b)", "è", "a:b", "a_b", "#", "50 #"]
    assert re.fullmatch(r"[A-Za-z0-9_:.+-]+", key_of("record", name))
    assert key_of("record", name) not in {key_of("record", other) for other in others}


def test_signs_of_tex_are_escaped(run: Path) -> None:
    entries = entries_of(to_bibtex(bibliography(Assessment.load(run))))
    assert entries["grassmann-1977"][1]["journal"] == r"Computers \& Operations Research"


def test_methods_are_those_that_were_used() -> None:
    """A small scenario settles without continuation, states no quantiles and has no history."""
    keys = {method.key for method in bibliography(detente.assess("first-steps", draws=64)).methods}
    assert {"anderson-1965", "mckelvey-palfrey-1998", "grassmann-1977", "grassmann-taksar-heyman-1985", "owen-1995"} <= keys
    assert not {"allgower-georg-1990", "keelin-2016", "kish-1965", "kitagawa-1996", "turocy-2010"} & keys


def test_every_condition_of_the_table_can_be_met_and_every_work_that_the_code_names_is_in_it() -> None:
    assert {method.when for method in methods()} == set(used(detente.assess("first-steps", draws=16)))
    # Games by themselves cite their own; no assessment uses them.
    files = [file for file in SRC.rglob("*.py") if "classic" not in file.parts and file.name not in ("best_reply.py", "equilibria.py")]
    named = {doi.rstrip(".,;:)") for file in files for doi in re.findall(r"\b10\.\d{4,}/[^\s\"'`]+", file.read_text(encoding="utf-8"))}
    assert named <= {method.entry.get("doi") for method in methods()}


def test_the_page_names_every_source_with_its_grade(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", str(run)]) == 0
    page = capsys.readouterr().out
    found = bibliography(Assessment.load(run))
    for item in found.sources:
        assert len(re.findall(rf"^{item.name}  ", page, re.M)) == 1
        assert f"Grade {item.source.reliability}{item.source.credibility} ({item.source.graded_by})" in page
    for fact in found.facts:
        assert len(re.findall(rf"^{fact.name}  ", page, re.M)) == 1
    grades = Counter(item.evidence for item in load("baltic-2021").scenario.quantities.values())
    assert f"Quantities by evidence: {grades['judgement']} judgement, {grades['measured']} measured, {grades['published']} published." in page


def test_a_run_refuses_the_options_of_a_question_and_overlooks_defaults(run: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["cite", str(run), "--draws", "5", "--as-of", "2020"]) == 2
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == ["--as-of", "--draws"]
    monkeypatch.setenv("DETENTE_DRAWS", "5")
    assert main(["cite", str(run), "--format", "bibtex"]) == 0
    assert "64 draws" in entries_of(capsys.readouterr().out)["detente:baltic-2021"][1]["note"]
