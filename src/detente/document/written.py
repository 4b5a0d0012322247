"""What formulas and measures have in common: a text that is read once, equal to another of the same text, and that a file may hold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from detente.document.grammar import FormulaError
from detente.document.schema import CarriedError
from detente.errors import InvalidInput, Problem


class Written(ABC):
    """A text that is read once.

    Attributes
    ----------
    text : str
        As it is read.
    written : str, int or float
        As it stood in a file.
    """

    __slots__ = ("text", "written")

    text: str
    written: str | int | float
    noun: ClassVar[str]
    form: ClassVar[str]
    shape: ClassVar[dict[str, Any]]

    @abstractmethod
    def __init__(self, text: str, written: str | int | float | None = None) -> None:
        """Read a text, as its grammar has it."""

    @classmethod
    def parse(cls, text: str, where: str = "") -> Self:
        """Read a text.

        Parameters
        ----------
        where : str
            Its place, for messages.

        Raises
        ------
        InvalidInput
            With everything in it that is not allowed.
        """
        try:
            return cls._read(text)
        except CarriedError as error:
            raise InvalidInput([replace(problem, where=where or cls.noun) for problem in error.problems]) from None

    @classmethod
    def _read(cls, value: str | int | float) -> Self:
        try:
            return cls(str(value), value)
        except FormulaError as error:
            raise CarriedError(*(Problem("", fault.what, fault.why, fault.remedy) for fault in error.faults)) from None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.text, self.written)

    @classmethod
    def _validate(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise PydanticCustomError(f"{cls.noun}_type", cls.form)
        return cls._read(value)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(lambda item: item.written)
        # Over `any`, so that in a union a word that is meant literally comes first.
        return core_schema.no_info_after_validator_function(cls._validate, core_schema.any_schema(), serialization=written)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return dict(cls.shape)
