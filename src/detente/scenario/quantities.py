"""Quantities as a file states them: what must be estimated, how sure anybody is, and which go together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from pydantic import Field, model_validator

from detente.document import FirstDay
from detente.record.source import Item, Names
from detente.scenario.distributions import FAMILIES, Distribution
from detente.scenario.evidence import Built

Evidence: TypeAlias = Literal["measured", "published", "elicited", "judgement"]


class Quantity(Item):
    """Something that must be estimated: a distribution with a unit, a grade and a reason."""

    title: str
    unit: str
    distribution: Distribution = Field(description="family and its parameters, written flat beside the other keys")
    evidence: Evidence
    source: Names = ()
    built_from: Built = Field(default=(), description="past cases that it rests on")
    known: FirstDay
    why: str = Field(description="one sentence that a critic can attack")
    stream: str | None = Field(default=None, description="name of its random stream, where two names collide")

    @model_validator(mode="before")
    @classmethod
    def _gather_distribution(cls, data: Any) -> Any:
        """Move the keys of the distribution below `distribution`."""
        if not isinstance(data, Mapping) or "distribution" in data:
            return data
        own = set(cls.model_fields) - {"distribution"}
        keys = FAMILIES.get(str(data.get("family", "")), frozenset()) | {"family"}
        inner = {key: value for key, value in data.items() if key in keys and key not in own}
        return {**{key: value for key, value in data.items() if key not in inner}, "distribution": inner}


class Correlation(Item):
    """How the ranks of two quantities go together."""

    between: tuple[str, str] = Field(description="two quantities")
    rank: float = Field(gt=-1, lt=1, description="Spearman's rank correlation")
    evidence: Evidence
    source: Names = ()
    why: str = Field(description="one sentence that a critic can attack")
