"""The schema that editors use: it fits the files that we ship, knows every key, and marks slips of form."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from detente.document import read
from detente.document.shape import is_model
from detente.exports import json_schema
from detente.exports.keys import described, entry, table
from detente.exports.schema import END, KINDS
from detente.scenario.trees import END as ENDS

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "detente" / "library"
FILES = [*sorted(LIBRARY.rglob("*.yaml")), ROOT / "src" / "detente" / "cli" / "template.yaml", *sorted((ROOT / "tests" / "wrong" / "sound").glob("*.yaml"))]
VALIDATORS = {form: Draft202012Validator(json_schema(kind)) for kind, (_, form) in KINDS.items()}
SCENARIO, RECORD, *_ = VALIDATORS.values()


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that may stand in it."""
    todo, seen = [model], set()
    while todo:
        kind = todo.pop()
        if is_model(kind) and kind not in seen:
            seen.add(kind)
            todo += [info.annotation for info in kind.model_fields.values()]
            yield kind
        todo += get_args(kind)


MODELS = sorted({model for root, _ in KINDS.values() for model in models(root)}, key=lambda model: (model.__module__, model.__name__))


@pytest.mark.parametrize("kind", [None, *KINDS])
def test_it_is_a_schema(kind: str | None) -> None:
    """By the meta-schema of its draft."""
    Draft202012Validator.check_schema(json_schema(kind))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_we_ship_fits(file: Path) -> None:
    """Under the schema of its kind, and under that of all kinds."""
    data = read(file).data
    for validator in (VALIDATORS[data["format"]], Draft202012Validator(json_schema())):
        assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: f"{model.__module__.split('.')[1]}.{model.__name__}")
def test_every_key_has_one_meaning(model: type[BaseModel]) -> None:
    """It is said by the model or by the table, and not by both."""
    assert [key for key, words in described(model).items() if not words] == [], "say in src/detente/exports/keys.yaml what they mean"
    assert [name for name, info in model.model_fields.items() if info.description and entry(model, info.alias or name)] == []


def test_the_table_has_no_key_that_there_is_not() -> None:
    bases = {base for model in MODELS for base in model.__mro__ if issubclass(base, BaseModel)}
    known = {(base.__module__.split(".")[1], base.__name__): {info.alias or name for name, info in base.model_fields.items()} for base in bases}
    known["scenario", "End"] = set(ENDS)
    assert set(END["properties"]) == set(ENDS)
    for package, parts in table().items():
        for model, keys in parts.items():
            assert set(keys) <= known.get((package, model), set()), f"{package}.{model}"


@pytest.mark.parametrize(
    ("file", "path", "value"),
    [
        ("scenarios/first-steps", ("titel",), "x"),
        ("scenarios/first-steps", ("format",), "detente/scenario/99"),
        ("scenarios/first-steps", ("horizon",), 0),
        ("scenarios/first-steps", ("as_of",), "1 January 2026"),
        ("scenarios/first-steps", ("rungs", "war"), None),
        ("scenarios/first-steps", ("rungs", "war", "asid"), True),
        ("scenarios/first-steps", ("moves", "incident", "rate"), ["incident_rate"]),
        ("scenarios/first-steps", ("quantities", "war_cost", "family"), "log-normal"),
        ("scenarios/first-steps", ("quantities", "war_cost", "sd"), 1),
        ("scenarios/first-steps", ("quantities", "war_cost", "evidence"), "guess"),
        ("scenarios/first-steps", ("games", "bargaining", "tree", "challenger", "back_down", "payof"), {}),
        ("scenarios/first-steps", ("games", "bargaining", "tree", "challenger", "press"), "war"),
        ("scenarios/first-steps", ("games", "bargaining", "tree", "defender"), {"a": {}, "b": {}}),
        ("scenarios/baltic-2021", ("as_of",), 2021.5),
        ("records/baltic", ("facts", "new_start", "kind"), "agreement"),
        ("records/baltic", ("facts", "new_start", "value"), 1550),
        ("records/baltic", ("facts", "new_start", "events", 0, "event"), "sign"),
        ("records/baltic", ("sources", "S20", "reliability"), "G"),
        ("records/baltic", ("sources", "S20", "credibility"), 7),
    ],
)
def test_a_slip_of_form_is_marked(file: str, path: tuple[Any, ...], value: Any) -> None:
    """An unknown key, a word that is none of those allowed, a value of another form."""
    data = deepcopy(read(LIBRARY / f"{file}.yaml").data)
    part = data
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    for validator in (RECORD if file.startswith("records") else SCENARIO, Draft202012Validator(json_schema())):
        assert not validator.is_valid(data)


@pytest.mark.parametrize("key", ["title", "horizon", "actors", "rungs"])
def test_what_is_needed_is_asked_for_except_where_another_file_may_have_it(key: str) -> None:
    """A scenario by itself needs everything; one that extends another needs nothing but its format, and may remove items."""
    data = {name: value for name, value in read(LIBRARY / "scenarios" / "first-steps.yaml").data.items() if name != key}
    assert not SCENARIO.is_valid(data)
    assert SCENARIO.is_valid({**data, "extends": "first-steps", "moves": {"incident": None}})
    assert not SCENARIO.is_valid({**data, key: read(LIBRARY / "scenarios" / "first-steps.yaml").data[key], "moves": {"incident": None}})


def test_a_file_of_policies_fits() -> None:
    """Its quantities have their families flat beside the other keys, as those of a scenario."""
    boats = {"title": "Boats", "unit": "ships", "family": "uniform", "low": 1, "high": 3, "evidence": "judgement", "known": 2026, "why": "A guess."}
    policy = {"title": "More boats", "set": {"boats": "boats + more"}, "from": "2027-01", "why": "They ask for them."}
    file = {"format": "detente/policies/1", "title": "Boats", "base": "strait.yaml", "digest": f"sha256:{0:064x}", "quantities": {"more": boats}, "policies": {"more": policy}}
    everything = Draft202012Validator(json_schema())
    for validator in (VALIDATORS["detente/policies/1"], everything):
        assert validator.is_valid(file)
        for wrong in ({"digest": "abc"}, {"policies": {}}, {"policies": {"more": {**policy, "sett": {}}}}, {"quantities": {"more": {**boats, "sigma": 1}}}):
            assert not validator.is_valid({**file, **wrong})
