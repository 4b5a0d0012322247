"""What the schemas promise they enforce: every constraint of every object of a scenario or record file refuses the value just beyond it. (Traps 23 and 24)

constraints.txt lists them, so that one that gets lost is noticed; whoever drops or changes one on purpose drops its line, and
`python tests/scenario/test_schema_constraints.py` prints the lines of today.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from detente.document import parse, validate
from detente.errors import InvalidInput
from detente.record.file import RecordFile
from detente.scenario.schema import Scenario

LISTED = Path(__file__).with_name("constraints.txt")
NO_DATE = "2014-13"


def models() -> dict[str, type[BaseModel]]:
    """Every object that can stand in a file."""
    found: dict[str, type[BaseModel]] = {}

    def meet(kind: Any) -> None:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            name = f"{kind.__module__.split('.')[1]}.{kind.__name__}"
            if name not in found:
                found[name] = kind
                for field in kind.model_fields.values():
                    meet(field.annotation)
        for part in get_args(kind):
            meet(part)

    meet(Scenario)
    meet(RecordFile)
    return found


MODELS = models()


def beyond(schema: Mapping[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    """Each constraint of a value with a value that it alone refuses."""
    if any("pattern" in branch for branch in schema.get("anyOf", ())):
        yield f"{where} is a date", NO_DATE
        return
    for keyword in {"const", "enum"} & schema.keys():
        yield f"{where} {keyword}", "no such word"
    for keyword, step in (("minimum", -1), ("maximum", 1), ("exclusiveMinimum", 0), ("exclusiveMaximum", 0)):
        if keyword in schema:
            yield f"{where} {keyword} {schema[keyword]:g}", schema[keyword] + step
    for keyword, step in (("minItems", -1), ("maxItems", 1), ("minProperties", -1), ("maxProperties", 1)):
        if keyword in schema:
            keys = range(schema[keyword] + step)
            yield f"{where} {keyword} {schema[keyword]}", {f"key_{k}": {} for k in keys} if "Prop" in keyword else ["x" for _ in keys]
    for branch in schema.get("anyOf", ()):
        yield from beyond(branch, where)
    for inner, wrap in (("additionalProperties", lambda value: {"key": value}), ("items", lambda value: [value])):
        if isinstance(schema.get(inner), Mapping):
            yield from ((told, wrap(value)) for told, value in beyond(schema[inner], f"{where}.*"))


@cache
def constraints(name: str) -> dict[str, tuple[str, Any]]:
    """`{constraint: (key, value that breaks it)}`."""
    parts = MODELS[name].model_json_schema(by_alias=True)["properties"]
    return {told: (key, value) for key, part in parts.items() for told, value in beyond(part, key)}


def required(name: str) -> list[str]:
    return sorted(MODELS[name].model_json_schema(by_alias=True).get("required", ()))


def lines() -> list[str]:
    return [f"{name}: {'; '.join([f'requires {key}' for key in required(name)] + sorted(constraints(name)))}" for name in sorted(MODELS)]


def parts(text: list[str]) -> set[tuple[str, str]]:
    return {(name, part) for line in text for name, _, rest in [line.partition(": ")] for part in rest.split("; ")}


def refused_at(name: str, data: Mapping[str, Any]) -> set[Any]:
    """First key of every place at which an object is refused."""
    try:
        MODELS[name].model_validate(data)
    except ValidationError as error:
        return {(*found["loc"], "")[0] for found in error.errors()}
    return set()


@pytest.mark.parametrize("name", MODELS)
def test_every_constraint_refuses_what_lies_beyond_it(name: str) -> None:
    for told, (key, value) in constraints(name).items():
        assert key in refused_at(name, {key: value}), told
    assert refused_at(name, {}) >= set(required(name))


@pytest.mark.parametrize("name", MODELS)
def test_an_object_is_closed_and_a_misspelt_key_is_understood(name: str) -> None:
    """An unknown key is an error, and the nearest known one is offered."""
    assert MODELS[name].model_config["extra"] == "forbid"
    # The keys of a distribution stand flat beside those of its quantity: which are known depends on the family.
    others = "family: fixed\n" if name == "scenario.Quantity" else ""
    for key in (field.alias or name for name, field in MODELS[name].model_fields.items()):
        if len(key) > 4 and key != "distribution":
            wrong = key[:2] + key[3:]
            with pytest.raises(InvalidInput) as refused:
                validate(MODELS[name], parse(f"{others}{wrong}: x\n", "f"))
            assert any(f"{wrong!r}; did you mean {key!r}?" in str(problem) for problem in refused.value.problems), wrong


def test_no_constraint_got_lost() -> None:
    assert sorted(parts(LISTED.read_text(encoding="utf-8").splitlines()) - parts(lines())) == []


if __name__ == "__main__":
    print("\n".join(lines()))
