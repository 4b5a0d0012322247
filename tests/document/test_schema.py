"""Every error of a model becomes a problem in our words at its place, all at once."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, model_validator

from detente.document import Absence, Expression, FirstDay, Formula, nearest, parse, validate
from detente.errors import InvalidInput


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Normal(Closed):
    family: Literal["normal"]
    mean: float
    sd: float = Field(gt=0)


class Beta(Closed):
    family: Literal["beta"]
    a: float
    b: float


class Quantity(Closed):
    """With a distribution whose keys stand flat beside its own."""

    title: str
    distribution: Annotated[Normal | Beta, Field(discriminator="family")]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, data: Any) -> Any:
        inner = {key: value for key, value in data.items() if key in ("family", "mean", "sd", "a", "b")}
        return {**{key: value for key, value in data.items() if key not in inner}, "distribution": inner}


class ByTreaty(Closed):
    treaty: str
    take: Literal["in_force"]


class ByKind(Closed):
    kind: Literal["deployment", "poll"]
    take: Literal["total", "latest"]
    years: tuple[int, int] | None = None


class Model(Closed):
    title: str = ""
    count: int = 0
    share: float = Field(default=0, ge=0, le=1, allow_inf_nan=False)
    on: bool = False
    since: FirstDay | None = Field(default=None, alias="from")
    value: float | Absence = 0
    grade: Literal["official", "judgement"] = "official"
    names: tuple[str, ...] = ()
    rate: Expression = Formula.parse("1")
    moods: dict[str, dict[str, Expression | Literal["rest"]]] = {}
    quantities: dict[str, Quantity] = {}
    read: ByTreaty | ByKind | None = None
    curve: dict[float, float] = {}
    pair: list[int] = Field(default=[], max_length=2)


def check(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        validate(Model, parse(text, "f"))
    return [str(problem) for problem in caught.value.problems]


def test_sound_input_gives_the_model() -> None:
    text = "from: 2014\nvalue: {absent: not observed}\nmoods: {r: {hard: p, soft: rest}}\nrate: 2 * p\nread: {treaty: inf, take: in_force}\n"
    model = validate(Model, parse(text + "quantities: {q: {title: t, family: beta, a: 1, b: 2}}\ncurve: {0.05: 1, 1: 2}\n"))
    assert model.value is Absence.NOT_OBSERVED and isinstance(model.read, ByTreaty)
    assert model.moods["r"] == {"hard": Formula.parse("p"), "soft": "rest"}
    assert isinstance(model.quantities["q"].distribution, Beta) and model.curve == {0.05: 1.0, 1.0: 2.0}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("titel: x", "f:1:1: unknown key 'titel'; did you mean 'title'?"),
        ("quantities: {q: {title: t}}", "f:1:14: `family` is missing; it says what kind of item this is; add `family: ...`"),
        ("title: 2014", "f:1:8: here stands the number 2014, not text; put it in quotes"),
        ("title: true", "f:1:8: here stands true, not text; YAML reads true and false as truth values; put it in quotes"),
        ("title:", "f:1:7: here stands nothing, not text; write text"),
        ("count: 1.5", "f:1:8: here stands the number 1.5, not a whole number; write a whole number"),
        ("count: 18_000", "f:1:8: here stands the text '18_000', not a whole number; text is not read as a number; write 18000"),
        ("share: x", "f:1:8: here stands the text 'x', not a number; write a number"),
        ("share: 2", "f:1:8: 2 is out of range; it must be at most 1; give a number in the range"),
        ("share: -1", "f:1:8: -1 is out of range; it must be at least 0; give a number in the range"),
        ("share: '0.5'", "f:1:8: here stands the text '0.5', not a number; text is not read as a number; write 0.5 without quotes"),
        ("share: true", "f:1:8: here stands true, not a number; write a number"),
        ("on: yes", "f:1:5: here stands the text 'yes', not true or false; write true or false"),
        ("on: 1", "f:1:5: here stands the number 1, not true or false; write true or false"),
        ("from: 2007-13-14", "f:1:7: 2007-13-14 is not a date: there is no month 13; give 01 to 12"),
        ("from: 2021-02-30", "f:1:7: 2021-02-30 is not a date: February 2021 has 28 days; give a day that exists"),
        ("from: [2014]", "f:1:7: here stands a list, not a date; write YYYY, YYYY-MM or YYYY-MM-DD"),
        ("value: x", "f:1:8: here stands the text 'x', not a number or {absent: not observed}; write a number or {absent: not observed}"),
        ("value: {absent: not obserfed}", "f:1:8: 'not obserfed' is no kind of absence; did you mean 'not observed'?"),
        ("grade: judgment", "f:1:8: 'judgment' is not known here; it is one of official, judgement; did you mean 'judgement'?"),
        ("names: x", "f:1:8: here stands the text 'x', not a list; write [x]"),
        ("names: [a, 3]", "f:1:12: here stands the number 3, not text; put it in quotes"),
        ("rate: a.b", "f:1:7: a dot in a name: `a.b`; names have no parts; use a declared name without a dot"),
        ("rate: true", "f:1:7: here stands true, not a number or a formula; write a number or a formula"),
        ("moods: {r: {hard: [1]}}", "f:1:19: here stands a list, not a number or a formula or 'rest'; write a number or a formula or 'rest'"),
        ("moods: {1: {hard: 1}}", "f:1:9: here stands the number 1, not text; put it in quotes"),
        ("moods: [1]", "f:1:8: here stands a list, not a mapping; write key: value"),
        ("read: {kind: pol, take: total}", "f:1:14: 'pol' is not known here; it is one of deployment, poll; did you mean 'poll'?"),
        ("read: {kind: poll, take: mean}", "f:1:26: 'mean' is not known here; it is one of total, latest; choose one"),
        ("read: {treaty: inf}", "f:1:1: `take` is missing; it has no default; add `take: ...`"),
        ("read: {kind: poll, take: total, years: [1]}", "f:1:33: item 2 of the list is missing; add it"),
        ("read: 3", "f:1:7: here stands the number 3, not a mapping; write {treaty: ..., take: ...}"),
        ("curve: {0.05: x}", "f:1:15: here stands the text 'x', not a number; write a number"),
        ("pair: [1, 2, 3]", "f:1:7: `pair` has 3 items; it needs at most 2; remove some"),
        ("- a", "f:1:1: here stands a list, not a mapping; the keys of the format stand at this level; write key: value"),
    ],
)
def test_one_error_is_one_problem(text: str, problem: str) -> None:
    assert check(text) == [problem]


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ("{title: t, family: normal, mean: 1, sd: 0}", "f:1:57: 0 is out of range; it must be above 0; give a number in the range"),
        ("{title: t, family: normal, mean: 1}", "f:1:14: `sd` is missing; it has no default; add `sd: ...`"),
        ("{title: t, family: nrmal, men: 1}", "f:1:36: 'nrmal' is not known here; it is one of normal, beta; did you mean 'normal'?"),
        ("{family: normal, mean: 1, sd: 1}", "f:1:14: `title` is missing; it has no default; add `title: ...`"),
        ("{title: t, family: normal, mean: 1, sd: '1'}", "f:1:57: here stands the text '1', not a number; text is not read as a number; write 1 without quotes"),
    ],
)  # fmt: skip
def test_keys_that_stand_flat_are_placed_where_they_stand(item: str, problem: str) -> None:
    assert check(f"quantities: {{q: {item}}}") == [problem]


def test_a_misspelt_key_is_not_told_as_missing_too() -> None:
    assert check("quantities:\n  q: {title: t, family: normal, maen: 1, sd: 1}") == ["f:2:33: unknown key 'maen'; did you mean 'mean'?"]


def test_keys_of_another_family_are_told_with_those_of_the_one_named() -> None:
    assert check("quantities:\n  q: {title: t, family: beta, a: 1, mean: 1}") == [
        "f:2:3: `b` is missing; it has no default; add `b: ...`", "f:2:37: unknown key 'mean'; known here: b; remove it",
    ]  # fmt: skip


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    said = check("title: 3\ncuont: 1\nshare: 7\nfrom: 2021-02-30\nrate: 2 +\nnames: [1, 2]\n")
    assert [problem.split(": ")[0] for problem in said] == ["f:1:8", "f:2:1", "f:3:8", "f:4:7", "f:5:7", "f:6:9", "f:6:12"]


def test_a_part_of_a_document_is_validated_at_its_place() -> None:
    document = parse("a:\n  - {title: t, family: beta, a: 1}\n", "f")
    with pytest.raises(InvalidInput, match="f:2:5: `b` is missing"):
        validate(Quantity, document, at=("a", 0))


def test_formulas_are_dumped_as_they_were_written() -> None:
    model = validate(Model, parse("rate: 2 *  p\nmoods: {r: {a: 0.5, b: 1, c: rest}}\nfrom: 2014-03\n"))
    dumped = model.model_dump(by_alias=True, exclude_unset=True)
    assert dumped == {"rate": "2 *  p", "moods": {"r": {"a": 0.5, "b": 1, "c": "rest"}}, "from": "2014-03"}


def test_a_formula_is_a_number_or_text_in_the_json_schema() -> None:
    assert Model.model_json_schema()["properties"]["rate"]["anyOf"] == [{"type": "number"}, {"type": "string"}]


def test_the_nearest_name() -> None:
    names = ["incident_rate", "nuclear", "poll"]
    assert nearest("nuclar", names) == "nuclear" and nearest("Incident-Rate", names) == "incident_rate"
    assert nearest("zzz", names) is None and nearest("x" * 10**6, names) is None and nearest("a", []) is None
