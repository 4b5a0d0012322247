"""What the keys of the file formats mean, in words for editors and for the reference.

A model's own `Field(description=...)` counts first; all else stands in `keys.yaml`, by package, model and key.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from inspect import cleandoc

from pydantic import BaseModel

from detente.document import parse


@cache
def table() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The content of `keys.yaml`: package, model, key."""
    text = (resources.files("detente.exports") / "keys.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Mapping[str, str]]] = parse(text, "keys.yaml").data
    return found


def described(model: type[BaseModel]) -> dict[str, str]:
    """Every key of a model as it stands in a file, with its meaning; empty where nothing says it."""
    found = {}
    for name, info in model.model_fields.items():
        key = info.alias or name
        words = (entry(base, key) for base in model.__mro__ if issubclass(base, BaseModel))
        found[key] = info.description or next(filter(None, words), "")
    return found


def entry(model: type[BaseModel], key: str) -> str:
    """What the table says of a key at this very model."""
    return meaning(model.__module__.split(".")[1], model.__name__).get(key, "")


def meaning(package: str, model: str) -> Mapping[str, str]:
    """What the table says of the keys of a model."""
    return table().get(package, {}).get(model, {})


def summary(model: type[BaseModel]) -> str:
    """The first paragraph of a model's own docstring as one line; empty where it has none."""
    return " ".join(cleandoc(vars(model).get("__doc__") or "").partition("\n\n")[0].split())
