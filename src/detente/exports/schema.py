"""JSON Schema (draft 2020-12) of the file formats, for editors: completion, what a key means, and slips of form while one types.

It is made from the models that read the files, with the words of `detente.exports.keys`. It knows form alone; whether names, units and rules fit together
is told by `detente check`. What the models say in Python stands here in the schema's own terms:

- the keys of a distribution stand flat in a quantity, so a quantity is one closed object for each family;
- a list of one may be written as its only entry;
- a tree of a game is a player's move or an end, all the way down;
- a file that extends another needs none of its keys, and may remove an item by `null`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from detente.exports.keys import described, meaning, summary
from detente.insight.claims import KIND as CLAIMS
from detente.insight.claims import NEWEST as NEWEST_CLAIMS
from detente.insight.claims import ClaimsFile
from detente.record.file import KIND as RECORD
from detente.record.file import NEWEST as NEWEST_RECORD
from detente.record.file import RecordFile
from detente.scenario.distributions import Distribution
from detente.scenario.files import KIND as SCENARIO
from detente.scenario.files import NEWEST as NEWEST_SCENARIO
from detente.scenario.policies import KIND as POLICIES
from detente.scenario.policies import NEWEST as NEWEST_POLICIES
from detente.scenario.policies import PolicyFile
from detente.scenario.rungs import GameItem
from detente.scenario.schema import Scenario

Json = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
KINDS: Mapping[str, tuple[type[BaseModel], str]] = {
    SCENARIO: (Scenario, f"detente/{SCENARIO}/{NEWEST_SCENARIO}"),
    RECORD: (RecordFile, f"detente/{RECORD}/{NEWEST_RECORD}"),
    POLICIES: (PolicyFile, f"detente/{POLICIES}/{NEWEST_POLICIES}"),
    CLAIMS: (ClaimsFile, f"detente/{CLAIMS}/{NEWEST_CLAIMS}"),
}
"""The model of each kind of file, and what its `format:` says."""

FORMULA = [{"type": "number"}, {"type": "string"}]
TEXT: Json = {"type": "string"}
AMOUNT: Json = {"anyOf": FORMULA, "description": "a number or a formula, in prizes"}
END: Json = {
    "type": "object",
    "description": "An end of a game: where it leads and what is paid at once. `{}` is an end at which nothing changes.",
    "properties": {
        "to": TEXT,
        "payoff": {"type": "object", "additionalProperties": {"anyOf": [AMOUNT, {"type": "object", "additionalProperties": AMOUNT}]}},
        "origin": TEXT,
        "trigger": TEXT,
    },
    "additionalProperties": False,
}
CHOICE: Json = {
    "type": "object",
    "description": "A player's move: `player: {action: what follows}`, with two actions or more.",
    "minProperties": 1,
    "maxProperties": 1,
    "additionalProperties": {"type": "object", "minProperties": 2, "additionalProperties": {"$ref": "#/$defs/Node"}},
}
FORK: Json = {
    "type": "object",
    "description": "A part that hangs on a switch, and what stands there without it.",
    "properties": {
        "when": {"type": "string", "description": "a switch, or `not switch`"},
        "then": {"$ref": "#/$defs/Node"},
        "otherwise": {"$ref": "#/$defs/Node"},
    },
    "required": ["when", "then", "otherwise"],
    "additionalProperties": False,
}
NODE: Json = {
    "if": {"anyOf": [{"maxProperties": 0}, *({"required": [key]} for key in END["properties"])]},
    "then": {"$ref": "#/$defs/End"},
    "else": {"if": {"required": ["when"]}, "then": {"$ref": "#/$defs/Fork"}, "else": {"$ref": "#/$defs/Choice"}},
}


def json_schema(kind: str | None = None) -> Json:
    """The schema of one kind of file, or of all, told apart by `format`.

    Parameters
    ----------
    kind : str, optional
        One of `KINDS`.

    Raises
    ------
    KeyError
        For another word.

    Examples
    --------
    >>> json_schema("record")["title"]
    'détente record'
    """
    wanted = {name: KINDS[name] for name in ([kind] if kind is not None else KINDS)}
    modes: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model, _ in wanted.values()]
    references, made = models_json_schema(modes, schema_generator=_Generator)
    definitions: Json = made["$defs"]
    roots = {name: references[model, "validation"]["$ref"].rpartition("/")[2] for name, (model, _) in wanted.items()}
    for name, (_, form) in wanted.items():
        definitions[roots[name]]["properties"]["format"] |= {"const": form}
    if "Quantity" in definitions:
        definitions["Quantity"] = _flat(definitions["Quantity"], definitions)
    if SCENARIO in wanted:
        definitions |= {"End": {**END, "properties": _described(END["properties"], meaning("scenario", "End"))}, "Choice": CHOICE, "Fork": FORK, "Node": NODE}
        definitions[roots[SCENARIO]] = _extending(definitions[roots[SCENARIO]])
    head = {"$schema": DIALECT, "title": f"détente {kind or 'files'}"}
    if kind is not None:
        return {**definitions.pop(roots[kind]), **head, "$defs": definitions}
    return {**head, "anyOf": [{"$ref": f"#/$defs/{root}"} for root in roots.values()], "$defs": definitions}


class _Generator(GenerateJsonSchema):
    """Models as they stand in a file: without titles of fields, with the words of `keys`."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> Json:
        made, model = super().model_schema(schema), schema["cls"]
        made["properties"] = _described(made["properties"], described(model))
        made["title"] = model.__name__.removesuffix("Item").removesuffix("File")
        if text := summary(model):
            made["description"] = text
        if model is GameItem:
            made["properties"]["tree"] |= {"$ref": "#/$defs/Choice"}
            del made["properties"]["tree"]["type"], made["properties"]["tree"]["additionalProperties"]
            made["properties"]["ends"]["additionalProperties"] = {"$ref": "#/$defs/End"}
        return made

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Json:
        """What may be left out is left out, not written as null."""
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Json:
        """Only defaults that say something."""
        made = super().default_schema(schema)
        return made if made.get("default") else {key: value for key, value in made.items() if key != "default"}

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> Json:
        """Before a list stands a validator that makes a list of its only entry, and before nothing else that changes the form."""
        made = super().function_before_schema(schema)
        return {"anyOf": [made["items"], made]} if made.get("type") == "array" else made


def _described(properties: Json, words: Mapping[str, str]) -> Json:
    """Properties with what each means; a formula says that it is one."""
    told = {}
    for key, form in properties.items():
        formula = " (a number or a formula)" if form.get("anyOf") == FORMULA else ""
        told[key] = {"description": words[key] + formula, **{name: value for name, value in form.items() if name != "description"}}
    return told


def _flat(quantity: Json, definitions: Json) -> Json:
    """A quantity as one closed object for each family, and one with the distribution in a mapping of its own."""
    own = quantity["properties"]
    beside = {key: form for key, form in own.items() if key != "distribution"}
    needed = [key for key in quantity["required"] if key != "distribution"]
    branches = []
    for model in get_args(get_args(Distribution)[0]):
        family = definitions[model.__name__]
        keys = {"family": family["properties"]["family"], **{key: form for key, form in family["properties"].items() if key not in own}}
        branches.append({**family, "properties": {**beside, **keys}, "required": [*needed, "family", *family.get("required", [])]})
    return {"description": quantity["description"], "anyOf": [*branches, {key: value for key, value in quantity.items() if key != "description"}]}


def _extending(scenario: Json) -> Json:
    """A file with `as_of` that extends no other needs everything; one that extends another may remove items by null."""
    sections = {key: form for key, form in scenario["properties"].items() if "additionalProperties" in form}
    removable = {key: {**form, "additionalProperties": {"anyOf": [form["additionalProperties"], {"type": "null"}]}} for key, form in sections.items()}
    alone = {"required": ["as_of"], "not": {"required": ["extends"]}}
    whole = {
        "required": [key for key in scenario["required"] if key != "format"],
        "properties": {key: {"additionalProperties": {"not": {"type": "null"}}} for key in sections},
    }
    return {**scenario, "properties": {**scenario["properties"], **removable}, "required": ["format"], "if": alone, "then": whole}
