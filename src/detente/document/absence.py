"""Typed absence: why there is no number. It is never zero.

In a file: `{absent: not observed}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from detente.document.names import instead, shorten


class Absence(Enum):
    """Why there is no value.

    Attributes
    ----------
    NOT_OBSERVED
        It has a value that nobody we could read has recorded.
    NOT_APPLICABLE
        There is nothing to record.
    OUTSIDE_COVERAGE
        It lies beyond what the record covers.
    """

    NOT_OBSERVED = "not observed"
    NOT_APPLICABLE = "not applicable"
    OUTSIDE_COVERAGE = "outside coverage"

    def __str__(self) -> str:
        return self.value

    @classmethod
    def _validate(cls, value: object) -> Absence:
        if isinstance(value, cls):
            return value
        if not isinstance(value, Mapping):
            raise PydanticCustomError("absence_type", "{{absent: not observed}}")
        if set(value) != {"absent"}:
            raise ValueError("an absence has the one key `absent`; write {absent: not observed}")
        word = value["absent"]
        known = [kind.value for kind in cls]
        if word not in known:
            remedy = instead(str(word), known, f"use one of {', '.join(known)}")
            raise ValueError(f"{shorten(word)!r} is no kind of absence; {remedy}")
        return cls(word)

    def _written(self) -> dict[str, str]:
        return {"absent": self.value}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(cls._written)
        return core_schema.no_info_after_validator_function(
            cls._validate, core_schema.any_schema(), serialization=written
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        kinds = [kind.value for kind in cls]
        return {
            "type": "object",
            "properties": {"absent": {"enum": kinds}},
            "required": ["absent"],
            "additionalProperties": False,
        }
