"""Dates known to the day, the month or the year, kept as they were written.

`YYYY`, `YYYY-MM` or `YYYY-MM-DD` stands for its first possible day where something begins or becomes known, for its
last where something ends. Impossible dates are refused, nothing is rounded.
"""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date
from typing import Any, ClassVar, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def _parts(text: str) -> tuple[int, int | None, int | None]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD")
    year, month, day = (None if part is None else int(part) for part in match.groups())
    if not year:
        raise ValueError(f"{text} is not a date: there is no year 0000; give one from 0001 on")
    if month is not None and not 1 <= month <= 12:
        raise ValueError(f"{text} is not a date: there is no month {match[2]}; give 01 to 12")
    if month is not None and day is not None and not 1 <= day <= monthrange(year, month)[1]:
        raise ValueError(f"{text} is not a date: {month_name[month]} {year} has {monthrange(year, month)[1]} days; give a day that exists")
    return year, month, day


def first_day(text: str) -> date:
    """The first day that a date may mean.

    Raises
    ------
    ValueError
        If there is no such date.

    Examples
    --------
    >>> first_day("2014-03")
    datetime.date(2014, 3, 1)
    """
    year, month, day = _parts(text)
    return date(year, month or 1, day or 1)


def last_day(text: str) -> date:
    """The last day that a date may mean.

    Raises
    ------
    ValueError
        If there is no such date.

    Examples
    --------
    >>> last_day("2016-02")
    datetime.date(2016, 2, 29)
    """
    year, month, day = _parts(text)
    month = month or 12
    return date(year, month, day or monthrange(year, month)[1])


class PartialDate:
    """A date as written; `day` is the day that it counts as. Compared by that day.

    Attributes
    ----------
    text : str
    day : datetime.date
    """

    __slots__ = ("day", "text")
    _reading: ClassVar[Any] = staticmethod(first_day)

    def __init__(self, text: str) -> None:
        self.text = text
        self.day: date = self._reading(text)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"

    def __str__(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, PartialDate) and other.text == self.text

    def __hash__(self) -> int:
        return hash((type(self), self.text))

    @classmethod
    def _validate(cls, value: object) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, PartialDate):
            return cls(value.text)
        if isinstance(value, date):
            return cls(value.isoformat()[:10])
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return cls(str(value))
        raise PydanticCustomError("date_type", "a date")

    def _written(self) -> str | int:
        return int(self.text) if self.text.isdigit() else self.text

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        written = core_schema.plain_serializer_function_ser_schema(cls._written)
        # Over `any`, so that in a union a more exact type comes first.
        return core_schema.no_info_after_validator_function(
            cls._validate, core_schema.any_schema(), serialization=written
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        pattern = f"^{_DATE.pattern}$"
        return {"anyOf": [{"type": "string", "pattern": pattern}, {"type": "integer", "minimum": 1, "maximum": 9999}]}


class FirstDay(PartialDate):
    """A date that counts as its first possible day: `2014-03` is 1 March 2014."""

    __slots__ = ()


class LastDay(PartialDate):
    """A date that counts as its last possible day: `2014-03` is 31 March 2014."""

    __slots__ = ()
    _reading: ClassVar[Any] = staticmethod(last_day)
