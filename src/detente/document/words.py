"""Our words for what pydantic finds: what is wrong, why, and what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from detente.document.names import instead, nearest, shorten

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "mapping_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dataclass_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "date_type": "a date",
    "absence_type": "{absent: not observed}",
    "formula_type": "a number or a formula",
    "none_required": "nothing",
}
_REMEDY = {
    "a date": "write YYYY, YYYY-MM or YYYY-MM-DD",
    "a list": "write [item, item]",
    "a mapping": "write key: value",
    "true or false": "write true or false",
}
_BOUND = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
    "multiple_of": ("a multiple of", "multiple_of"),
}


def show(value: object) -> str:
    """A value as the writer of the file sees it."""
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    return f"the text {shorten(value)!r}" if isinstance(value, str) else f"the number {shorten(value)}"


def expected(error: Mapping[str, Any]) -> str | None:
    """What should stand there, if the error is that something of another type does."""
    if error["type"] in ("literal_error", "enum"):
        return str(error["ctx"]["expected"]).replace(" or ", ", ")
    return _EXPECTED.get(error["type"])


def wrong_type(kinds: list[str], value: object, form: str = "key: value") -> tuple[str, str, str]:
    """What, why and remedy where a value is of none of the types `kinds`; `form` is what a mapping here looks like."""
    words = list(dict.fromkeys(kinds))
    if all(word.startswith("'") for word in words):
        return wrong_choice([choice.strip("'") for word in words for choice in word.split(", ")], value)
    why, remedy = "", next((_REMEDY[word] for word in words if word in _REMEDY), f"write {' or '.join(words)}")
    digits = _digits(value) if isinstance(value, str) and "number" in words[0] else None
    if digits is not None:
        why, remedy = "text is not read as a number", f"write {shorten(digits)}{' without quotes' if digits == value else ''}"
    elif words == ["text"] and isinstance(value, bool | int | float):
        why, remedy = "YAML reads true and false as truth values" if isinstance(value, bool) else "", "put it in quotes"
    elif words == ["a mapping"]:
        remedy = f"write {form}"
    elif words == ["a list"] and isinstance(value, str | int | float) and not isinstance(value, bool):
        remedy = f"write [{shorten(value)}]"
    elif words == ["text"] and isinstance(value, list | tuple):
        remedy = f"write {value[0]}" if len(value) == 1 and isinstance(value[0], str) else "name one"
    return f"here stands {show(value)}, not {' or '.join(words)}", why, remedy


def _digits(text: str) -> str | None:
    """The number that a text means: `1_200`, `1 200` and `1,200` are 1200, and `1,5` is 1.5."""
    digits = re.sub(r"(?<=\d)[_ ](?=\d)|(?<=\d),(?=\d{3}(?!\d))", "", text.strip()).replace(",", ".")
    return digits if re.fullmatch(r"[-+]?\d+\.?\d*", digits) else None


def wrong_choice(choices: list[str], value: object) -> tuple[str, str, str]:
    """What, why and remedy where a value is none of `choices`."""
    what = f"{shorten(value)!r} is not known here" if isinstance(value, str) else f"here stands {show(value)}"
    remedy = "choose one"
    return what, f"it is one of {shorten(', '.join(choices), 300)}", instead(value, choices, remedy) if isinstance(value, str) else remedy


def describe(error: Mapping[str, Any], name: object, keys: list[str]) -> tuple[str, str, str]:
    """What, why and remedy of one error.

    Parameters
    ----------
    error : mapping
        As pydantic gives it.
    name : str or int
        The last key of its place.
    keys : list of str
        Keys that the mapping around it may have and has not.
    """
    kind, context, value = error["type"], error.get("ctx", {}), error.get("input")
    if kind == "extra_forbidden":
        close = nearest(str(name), keys)
        if value is None and re.search(r"[\s()]", str(name)):
            return f"{shorten(name)!r} stands where a key is needed", "inside {...} a comma ends a value", "put the text with the comma in quotes"
        known = f"known here: {shorten(', '.join(keys), 300)}" if keys else "no further key is known here"
        what = f"unknown key {shorten(name)!r}"
        return (what, "", f"did you mean {close!r}?") if close else (what, known, "remove it")
    if kind == "invalid_key":
        remedy = "write 0.5, not 0,5; put text with a comma in quotes"
        return f"the number {shorten(name)} stands where a key is needed", "inside {...} a comma ends a value", remedy
    if kind == "missing" and isinstance(name, int):
        return f"item {name + 1} of the list is missing", "", "add it"
    if kind == "missing":
        return f"`{name}` is missing", "it has no default", f"add `{name}: ...`"
    if kind == "union_tag_not_found":
        key = str(context["discriminator"]).strip("'")
        return f"`{key}` is missing", "it says what kind of item this is", f"add `{key}: ...`"
    if kind == "union_tag_invalid":
        choices = [choice.strip("' ") for choice in str(context["expected_tags"]).split(",")]
        return wrong_choice(choices, context["tag"])
    if kind in ("finite_number", "nan"):
        return f"here stands {show(value)}", "a number must be finite", "give a finite number"
    if kind in _BOUND:
        word, key = _BOUND[kind]
        return f"{shorten(value)} is out of range", f"it must be {word} {context[key]:g}", "give a number in the range"
    if kind in ("too_short", "too_long"):
        bound = context.get("min_length", context.get("max_length"))
        word, remedy = ("at least", "add more") if kind == "too_short" else ("at most", "remove some")
        found = context["actual_length"] if context["actual_length"] is not None else len(value or ())
        return f"`{name}` has {found} item{'' if found == 1 else 's'}", f"it needs {word} {bound}", remedy
    if kind == "string_pattern_mismatch":
        return f"{shorten(value)!r} is not of the right form", f"it must match {context['pattern']}", "write it in this form"
    if kind in ("value_error", "assertion_error"):
        what, _, remedy = str(context.get("error", error["msg"])).partition("; ")
        return what, "", remedy
    wanted = expected(error)
    return wrong_type([wanted], value) if wanted else (str(error["msg"]), f"here stands {show(value)}", "")
