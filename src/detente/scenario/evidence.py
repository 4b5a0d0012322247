"""Past cases in a scenario file: figures that were counted beside what the model says, and history that draws are conditioned on.

Both name a *measure*, which each draw predicts: a formula, episodes a year that reach a rung, how many go on from one rung to another, how long an
episode lasts. Both say what was found, when it became known, and on which *cases* it rests, so that no case serves twice
(`detente.scenario.ledger`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from detente.document import Expression, FirstDay, LastDay
from detente.record.source import Item, Names

Role: TypeAlias = Literal["test", "beside", "build", "check"]
Aspect: TypeAlias = Literal["onset", "peak", "duration", "ending"]
MEASURES = ("formula", "episodes", "onward", "duration")


class Cases(Item):
    """Past cases of one source: those of a window of time, or those named, each with the date on which it began."""

    source: str
    from_: FirstDay | None = Field(default=None, alias="from")
    until: LastDay | None = None
    named: dict[str, FirstDay] = Field(default={}, description="each with the date on which it began")
    without: Names = Field(default=(), description="figures or history items whose cases are left out")
    of: Aspect | None = Field(default=None, description="what alone was read off them; everything where not given")

    @model_validator(mode="after")
    def _one_way(self) -> Cases:
        window = (self.from_ is not None) + (self.until is not None)
        if window == 1 or bool(window) == bool(self.named):
            raise ValueError("cases are those of a window (`from` and `until`) or those that are `named`; give one of the two")
        if self.from_ is not None and self.until is not None and self.until.day < self.from_.day:
            raise ValueError("the window ends before it begins")
        return self


class Measured(Item):
    """Something that each draw predicts and that was observed."""

    title: str
    formula: Expression | None = None
    episodes: str | None = Field(default=None, description="a rung or group: episodes a year that reach it")
    onward: str | None = Field(default=None, description="`b|a`: of episodes in which a is entered, the share that goes on to b")
    count: int | None = Field(default=None, ge=0)
    exposure: float | None = Field(default=None, gt=0, allow_inf_nan=False, description="years")
    trials: int | None = Field(default=None, ge=1, description="cases; as many as are named, where not given")
    known: FirstDay
    source: Names = ()
    rule: str = Field(description="how it was counted, in one sentence")
    cases: Cases | None = None

    @property
    def among(self) -> int | None:
        """Of how many cases the count is; None where it is one over years."""
        return self.trials or (len(self.cases.named) if self.cases is not None and self.exposure is None else None) or None

    @property
    def measure(self) -> str:
        """Which of `MEASURES` is stated."""
        return next(name for name in MEASURES if getattr(self, name, None) is not None)

    @model_validator(mode="after")
    def _counted_by_one_measure(self) -> Measured:
        stated = [name for name in MEASURES if getattr(self, name, None) is not None]
        if len(stated) != 1:
            known = [name for name in MEASURES if name in type(self).model_fields]
            raise ValueError(f"one measure is needed, not {len(stated)}: give one of {', '.join(known)}")
        if self.count is not None and (self.exposure is None) == (self.among is None):
            raise ValueError("a count is counted over years (`exposure`) or among cases (`trials`); give one of the two")
        if self.count is not None and self.among is not None and self.count > self.among:
            raise ValueError(f"{self.count} of {self.among} cannot be: there are fewer trials than were counted")
        if self.trials is not None and self.cases is not None and len(self.cases.named) not in (0, self.trials):
            raise ValueError(f"{self.trials} trials are stated and {len(self.cases.named)} cases named; leave `trials` out, or mend the list")
        if self.measure == "episodes" and self.among is not None and self.count is not None:
            raise ValueError("episodes come a year: give `exposure` in years instead of `trials`")
        if self.measure in ("onward", "duration") and self.exposure is not None:
            raise ValueError(f"`{self.measure}` tells of cases: give `trials` instead of `exposure`")
        return self


class Figure(Measured):
    """A figure that was counted or published, to stand beside what the model says."""

    duration: str | None = Field(default=None, description="a rung or group: how long an episode lasts once it was entered, in years")
    longer_than: float | None = Field(default=None, gt=0, description="years; then the measure is the share of episodes that last longer")
    value: float | None = Field(default=None, allow_inf_nan=False)
    unit: str | None = None
    range: tuple[float, float] | None = Field(default=None, description="as published")
    sample: int | None = Field(default=None, ge=1, description="how many cases a median of durations was taken of")
    role: Role
    on: FirstDay | None = Field(default=None, description="day on which the drivers of its formula are read, as they are known on the as-of date")

    @model_validator(mode="after")
    def _one_figure(self) -> Figure:
        if (self.count is None) == (self.value is None):
            raise ValueError("a figure is a `count` or a `value`; give one of the two")
        if self.count is None and (self.exposure is not None or self.trials is not None):
            raise ValueError("`exposure` and `trials` belong to a `count`; a `value` has a `unit`")
        if self.value is None and (self.unit is not None or self.range is not None):
            raise ValueError("`unit` and `range` belong to a `value`; a count has none")
        if self.on is not None and self.formula is None:
            raise ValueError("`on` is the day on which a formula is evaluated; other measures are told on the as-of date")
        if self.longer_than is not None and self.duration is None:
            raise ValueError("`longer_than` belongs to `duration`")
        if self.count is not None and self.duration is not None and self.longer_than is None:
            raise ValueError("a count of durations needs `longer_than`; a median is a `value`")
        if self.sample is not None and (self.duration is None or self.value is None or self.longer_than is not None):
            raise ValueError("`sample` belongs to a median of durations: `duration` and `value`")
        if self.range is not None and self.range[0] > self.range[1]:
            raise ValueError("the range ends below its beginning; swap the two")
        return self

    @property
    def usual_unit(self) -> str:
        """The unit in which its measure comes out; that of a formula is what the figure says."""
        return {"episodes": "1/year", "duration": "year" if self.longer_than is None else "1"}.get(self.measure, "1")

    @property
    def natural_unit(self) -> str:
        """The unit in which its value is told."""
        return self.unit or self.usual_unit


class Survivorship(Item):
    """History is read given that somebody is left to ask: it did not come to the rung or group `lost`."""

    lost: str
    when: str | None = None


class HistoryItem(Measured):
    """Something that has or has not happened, by whose likelihood draws are weighted."""

    count: int = Field(ge=0)
    cases: Cases
    weight: Expression | None = Field(default=None, description="0 to 1: how far it bears on today")
    survivorship: Survivorship | None = None
    when: str | None = None


def one_or_many(value: Any) -> Any:
    """A single mapping stands for a list of one."""
    return (value,) if isinstance(value, dict) else value


Built: TypeAlias = Annotated[tuple[Cases, ...], BeforeValidator(one_or_many)]
