"""The sound part of a document whose items are not all well formed: one mistake should not hide the others.

Items that do not validate are left out and top-level values that do not are replaced by stand-ins; what remains can still be checked for whether it
fits together. A problem that may only come from something left out is then not to be told: a reader should not chase what he has not done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from detente.document.document import Document
from detente.document.schema import converted
from detente.errors import Problem

Model = TypeVar("Model", bound=BaseModel)
_QUOTED = re.compile(r"'([^']*)'")
# What is left out in one round may bring to light what validation had not come to.
_ROUNDS = 3


@dataclass(frozen=True)
class Salvaged(Generic[Model]):
    """What is sound in a document.

    Attributes
    ----------
    model : pydantic model
    left_out : frozenset of str
        Names of the items that were left out.
    lost : frozenset of str
        Keys of the top level that were left out whole.
    problems : tuple of Problem
        Of the sound part itself.
    """

    model: Model
    left_out: frozenset[str]
    lost: frozenset[str]
    problems: tuple[Problem, ...]

    def own(self, problems: Iterable[Problem]) -> list[Problem]:
        """Those problems that do not speak of anything left out."""
        return [problem for problem in problems if not self.left_out.intersection(_QUOTED.findall(problem.what))]


def salvage(model: type[Model], document: Document, stand_ins: Mapping[str, Any]) -> Salvaged[Model] | None:
    """Build a model from the sound part of a document that does not validate; None where nothing is left.

    Parameters
    ----------
    stand_ins : mapping
        Values of the top level that must be there.
    """
    data = dict(document.data)
    left_out: set[str] = set()
    lost: set[str] = set()
    for _ in range(_ROUNDS):
        try:
            sound = model.model_validate({**{key: value for key, value in stand_ins.items() if key not in data}, **data})
        except ValidationError as error:
            for found in error.errors(include_url=False, include_input=False):
                _leave_out(data, found["loc"], stand_ins, left_out, lost)
        else:
            return Salvaged(sound, frozenset(left_out), frozenset(lost), tuple(converted(sound, data, document)))
    return None


def _leave_out(data: dict[str, Any], place: tuple[int | str, ...], stand_ins: Mapping[str, Any], left_out: set[str], lost: set[str]) -> None:
    section = str(place[0]) if place else ""
    items = data.get(section)
    if section in stand_ins:
        data[section] = stand_ins[section]
    elif isinstance(items, dict) and len(place) > 1:
        left_out.add(str(place[1]))
        # An item may have several faults, and pydantic names a number among keys by its text.
        data[section] = {key: item for key, item in items.items() if str(key) != str(place[1])}
    else:
        lost.add(section)
        data.pop(section, None)
