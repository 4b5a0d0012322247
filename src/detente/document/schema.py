"""Validate a document against a pydantic model: every error becomes a problem in our words, at its place in the file.

Numbers in quotes, and truth values where a number is needed, are problems too, although pydantic would convert them:
wrong input is never repaired in silence.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from detente.document.document import Document
from detente.document.names import nearest
from detente.document.shape import Trail, follow, form_of, valid_keys
from detente.document.words import describe, expected, show, wrong_type
from detente.errors import InvalidInput, Problem

Model = TypeVar("Model", bound=BaseModel)
Path = tuple[Any, ...]
_KIND_UNKNOWN = frozenset({"union_tag_invalid", "union_tag_not_found"})


class CarriedError(ValueError):
    """Raised in a validator to hand its own problems through pydantic; their places are filled in here.

    Parameters
    ----------
    problems : tuple of Problem
        `where` is the dotted path inside the part that is validated, with a colon behind it where its key is meant; empty for the part itself.
    """

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join("; ".join(part for part in (problem.what, problem.why, problem.remedy) if part) for problem in problems))


def validate(model: type[Model], document: Document, at: Path = ()) -> Model:
    """Build a model from a document.

    Parameters
    ----------
    model : type
        A pydantic model that forbids extra keys.
    document : Document
    at : tuple
        Path of the part to validate; the whole document where empty.

    Raises
    ------
    InvalidInput
        With every problem, in the order of the file.
    """
    data = document.data
    for part in at:
        data = data[part]
    if not isinstance(data, Mapping):
        what = f"here stands {show(data)}, not a mapping"
        why = "the keys of the format stand at this level"
        raise InvalidInput(Problem(document.where(at), what, why, "write key: value"))
    try:
        instance = model.model_validate(data)
    except ValidationError as error:
        problems = _problems(model, error, document, data, at)
    else:
        problems = list(converted(instance, data, document, at))
    if problems:
        raise InvalidInput(sorted(dict.fromkeys(problems), key=_order))
    return instance


def _order(problem: Problem) -> tuple[str, int, int]:
    file, line, column = problem.where.rsplit(":", 2)
    return file, int(line), int(column)


def _entry(data: Any, part: Any) -> tuple[bool, Any]:
    """Whether `data` has the entry `part`, and the entry."""
    if isinstance(data, Mapping):
        if part in data:
            return True, data[part]
        # pydantic names a number among keys by its text.
        for key, value in data.items():
            if not isinstance(key, str) and str(key) == str(part):
                return True, value
    if isinstance(data, list | tuple) and isinstance(part, int) and part < len(data):
        return True, data[part]
    return False, None


def _placed(data: Any, keys: list[int | str]) -> tuple[Path, Any]:
    """The longest part of `keys` that is in the file, and what stands around its end.

    Keys that are absent on the way are skipped: they name parts that a model spreads flat over the mapping above.
    """
    path: Path = ()
    around = data
    for part in keys:
        found, entry = _entry(data, part)
        if found:
            path, around, data = (*path, part), data, entry
    return path, around


def _problems(
    model: type[BaseModel], raised: ValidationError, document: Document, data: Any, at: Path
) -> list[Problem]:
    errors = raised.errors(include_url=False)
    trails = [follow(model, error["loc"]) for error in errors]
    placed = [_placed(data, trail.keys)[0] for trail in trails]
    misspelt = {(placed[number][:-1], _meant(model, errors[number], data)) for number, error in enumerate(errors) if error["type"] == "extra_forbidden"}
    # Which keys a mapping may have is not known before its kind is.
    unclear = {placed[number] for number, error in enumerate(errors) if error["type"] in _KIND_UNKNOWN}
    # A formula that a comma cut in two is told where it begins, not at what is left of it.
    cut = {placed[number][:-1] for number, error in enumerate(errors) if isinstance(error.get("ctx", {}).get("error"), CarriedError)}
    groups: dict[Path, list[int]] = defaultdict(list)
    for number in _of_best_choices(errors, trails):
        # pydantic counts only the sound items of a list.
        if errors[number]["type"] == "too_short" and any(trail.keys[: len(trails[number].keys)] == trails[number].keys for trail in trails[:number]):
            continue
        if errors[number]["type"] == "missing" and (placed[number], trails[number].keys[-1]) in misspelt:
            continue
        if errors[number]["type"] == "extra_forbidden":
            around, rest = placed[number][:-1], str(placed[number][-1])
            if around in unclear or (around in cut and errors[number]["input"] is None and ")" in rest):
                continue
        groups[placed[number]].append(number)
    problems: list[Problem] = []
    strangers: dict[Path, int] = {}
    for path, numbers in groups.items():
        kinds = [expected(errors[number]) for number in numbers]
        plain = [number for number, kind in zip(numbers, kinds, strict=True) if kind is None]
        # Where some member of a union took the type and found fault with the value, only its faults are of use.
        if not plain:
            words = wrong_type([kind for kind in kinds if kind is not None], errors[numbers[0]]["input"], form_of(model, errors[numbers[0]]["loc"]))
            key = errors[numbers[0]]["loc"][-1:] == ("[key]",)
            problems.append(Problem(document.where((*at, *path), key), *words))
        for number in plain:
            for problem in _one(model, errors[number], trails[number], document, data, at):
                if not (problem.what.startswith("unknown key ") and problem.remedy == "remove it"):
                    problems.append(problem)
                elif path[:-1] not in strangers:
                    strangers[path[:-1]] = len(problems)
                    problems.append(problem)
                else:
                    # An item of another kind has many keys that are not known: they are told in one line, at the first.
                    first = problems[strangers[path[:-1]]]
                    what = f"{first.what.replace('key ', 'keys ', 1)}, {problem.what.removeprefix('unknown key ')}"
                    problems[strangers[path[:-1]]] = replace(first, what=what, remedy="remove them")
    return problems


def _one(
    model: type[BaseModel], error: Any, trail: Trail, document: Document, data: Any, at: Path
) -> Iterator[Problem]:
    kind = error["type"]
    path, around = _placed(data, trail.keys)
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, CarriedError):
        for problem in cause.problems:
            inside, key = problem.where.removesuffix(":"), problem.where.endswith(":")
            place = document.where((*at, *path, *(inside.split(".") if inside else ())), key)
            yield Problem(place, problem.what, problem.why, problem.remedy)
        return
    name = trail.keys[-1] if trail.keys else ""
    if kind == "union_tag_invalid":
        path, _ = _placed(data, [*path, str(error["ctx"]["discriminator"]).strip("'")])
    keys = _keys_beside(model, error, around) if kind == "extra_forbidden" else []
    at_key = kind in ("missing", "extra_forbidden", "invalid_key", "union_tag_not_found") or error["loc"][-1:] == ("[key]",)
    yield Problem(document.where((*at, *path), at_key), *describe(error, name, keys))


def _keys_beside(model: type[BaseModel], error: Any, around: Any) -> list[str]:
    """Keys that could stand in the place of one that is not known."""
    # The key's own type is unknown: what may stand beside it is known one level up.
    return valid_keys(follow(model, error["loc"][:-1]).models, around if isinstance(around, Mapping) else {})


def _meant(model: type[BaseModel], error: Any, data: Any) -> str | None:
    """The key that a key which is not known most likely stands for."""
    keys = follow(model, error["loc"]).keys
    return nearest(str(keys[-1]), _keys_beside(model, error, _placed(data, keys)[1]))


def _of_best_choices(errors: list[Any], trails: list[Trail]) -> list[int]:
    """Numbers of the errors that belong to the member of each union that came nearest to fit."""
    rivals: dict[tuple[Path, int], dict[Any, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, trail in enumerate(trails):
        for order, (depth, label) in enumerate(trail.choices):
            rivals[(*trail.keys[:depth],), order][label].append(number)
    dropped: set[int] = set()
    for (path, _), by_label in rivals.items():
        # A member that refuses the type at once is no rival to one that looked inside.
        deep = {
            label: sum(_misfit(errors[number]) for number in numbers)
            for label, numbers in by_label.items()
            if any(len(trails[number].keys) > len(path) for number in numbers)
        }
        if deep:
            best = min(deep, key=lambda label: deep[label])
            dropped |= {number for label, numbers in by_label.items() if label != best for number in numbers}
    return [number for number in range(len(errors)) if number not in dropped]


def _misfit(error: Any) -> int:
    """How much an error speaks against a member of a union: a wrong kind or unknown key more than a bad value."""
    return {"literal_error": 4, "extra_forbidden": 3, "missing": 2}.get(error["type"], 1)


def converted(value: Any, data: Any, document: Document, path: Path = ()) -> Iterator[Problem]:
    """Problems for numbers and truth values that pydantic made out of something else."""
    if isinstance(value, BaseModel):
        for attribute, info in type(value).model_fields.items():
            name = info.alias or attribute
            found, entry = _entry(data, name)
            inner = getattr(value, attribute)
            if found or isinstance(inner, BaseModel):
                yield from converted(inner, entry if found else data, document, (*path, name) if found else path)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            found, entry = _entry(data, name)
            if found:
                yield from converted(inner, entry, document, (*path, name))
    elif isinstance(value, list | tuple):
        if isinstance(data, list | tuple) and len(data) == len(value):
            for number, (inner, entry) in enumerate(zip(value, data, strict=True)):
                yield from converted(inner, entry, document, (*path, number))
    elif isinstance(value, bool) != isinstance(data, bool) and isinstance(data, bool | int | float | str):
        if isinstance(value, bool | int | float):
            kind = "true or false" if isinstance(value, bool) else "a number"
            yield Problem(document.where(path), *wrong_type([kind], data))
    elif isinstance(value, int | float) and isinstance(data, str):
        kind = "a whole number" if isinstance(value, int) else "a number"
        yield Problem(document.where(path), *wrong_type([kind], data))
