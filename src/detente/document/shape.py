"""Follow the place of a validation error through the types of a model.

pydantic names a place by keys of the data mixed with labels for the member of a union that it tried. Only the types
tell which is which; they also tell which keys a mapping may have.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

Loc = tuple[int | str, ...]


@dataclass(slots=True)
class Trail:
    """A place split into what is data and what is choice.

    Attributes
    ----------
    keys : list
        The parts that are keys of the data.
    choices : list
        `(number of keys before it, label)` for every union member on the way.
    models : list
        Models that the mapping at the end may be.
    """

    keys: list[int | str] = field(default_factory=list)
    choices: list[tuple[int, int | str]] = field(default_factory=list)
    models: list[type[BaseModel]] = field(default_factory=list)


def _bare(kind: Any) -> Any:
    """A type without annotations and without None."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif members := _members(kind):
            some = [member for member in members if member is not types.NoneType]
            if len(some) != 1:
                return kind
            kind = some[0]
        else:
            return kind


def _members(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, types.UnionType) else ()


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """The fields of a model by the key that stands in the file."""
    for name, info in model.model_fields.items():
        yield info.alias or name, info


def _member(kind: Any, label: int | str) -> Any:
    """The member of a union that a label means, or None."""
    for member in map(_bare, _members(kind)):
        if _members(member):
            found = _member(member, label)
            if found is not None:
                return found
        elif is_model(member):
            tags = {tag for _, info in fields(member) for tag in _literals(info.annotation)}
            if label == member.__name__ or label in tags:
                return member
        elif str(label).startswith(getattr(get_origin(member) or member, "__name__", "?")):
            return member
    return None


def _literals(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def _inside(kind: Any, part: int | str) -> Any:
    """The type of the entry `part` of a container, or None."""
    origin, inner = get_origin(kind) or kind, get_args(kind)
    if is_model(kind):
        return next((info.annotation for name, info in fields(kind) if part in (name, info.alias)), None)
    if not isinstance(origin, type) or not inner:
        return None
    if issubclass(origin, Mapping):
        return inner[-1]
    if issubclass(origin, tuple) and isinstance(part, int) and Ellipsis not in inner:
        return inner[part] if part < len(inner) else None
    return inner[0] if issubclass(origin, Sequence | Set) else None


def follow(model: type[BaseModel], loc: Loc) -> Trail:
    """Split the place of an error into keys and choices."""
    trail = Trail()
    kind: Any = model
    for part in loc:
        kind = _bare(kind)
        if _members(kind):
            trail.choices.append((len(trail.keys), part))
            kind = _member(kind, part)
        elif part != "[key]":
            trail.keys.append(part)
            kind = _inside(kind, part)
    kind = _bare(kind)
    trail.models = [member for member in map(_bare, _members(kind) or (kind,)) if is_model(member)]
    return trail


def _is_named(model: type[BaseModel], present: Mapping[Any, Any]) -> bool:
    """Whether a mapping says, by a key of one fixed value, that it is of this model."""
    return any(present.get(name) in _literals(info.annotation) for name, info in fields(model) if isinstance(present.get(name), str))


def form_of(model: type[BaseModel], loc: Loc) -> str:
    """What a mapping at a place looks like: `{title: ..., rate: ...}` with the keys that it must have, or `NAME: {...} for each`."""
    for place, words in ((loc, ""), ((*loc, ""), "NAME: ")):
        keys = _needed(follow(model, place).models)
        if keys:
            return f"{words}{{{', '.join(f'{key}: ...' for key in keys)}}}{' for each' if words else ''}"
    return "key: value"


def _needed(models: list[type[BaseModel]]) -> list[str]:
    """Keys that a mapping of a model must have; none where there is a choice of models. A part that is spread flat has its label in their place."""
    found = []
    for name, info in fields(models[0]) if len(models) == 1 else ():
        spread = [member for member in map(_bare, _members(_bare(info.annotation))) if is_model(member)]
        labels = [key for key, inner in fields(spread[0]) if _literals(inner.annotation)] if len(spread) > 1 else []
        if info.is_required():
            found.append(labels[0] if labels else name)
    return found


def valid_keys(models: list[type[BaseModel]], present: Mapping[Any, Any]) -> list[str]:
    """Keys that a mapping of one of `models` may have and has not.

    A part that models spread flat over the mapping (`distribution`) gives the keys of its members: of the one that the mapping names, if it names one.
    """
    found: list[str] = []
    for model in models:
        for name, info in fields(model):
            inner = _bare(info.annotation)
            spread = [member for member in map(_bare, _members(inner)) if is_model(member)]
            if name not in present and len(spread) > 1 and len(spread) == len(_members(inner)):
                named = [member for member in spread if _is_named(member, present)]
                found += valid_keys(named, present) if named else [name, *valid_keys(spread, present)]
            elif name not in present:
                found.append(name)
    return list(dict.fromkeys(found))
