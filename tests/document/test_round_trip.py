"""What is written reads back equal, here and in a reader of YAML 1.1, and equal data have one canonical form."""

import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from detente.document import canonical, digest, dump, parse

TRICKY = [
    "NO", "yes", "on", "1:30", "0o7", "1e3", "~", "null", "=", "", " ", "a: b", "- a", "#x", "x #y", "a\nb", "a\nb\n", "\na", "a\n\n", "a\n  b",
    "  a\nb", "a \nb", "a\tb", "a\r\nb", "2014-03-01", "2014", "010", "0x1F", "1_000", ".nan", "<<", "---", "...", "*a", "&a", "!a", "%a", "@a", "`a",
    '"', "'", "\\", "{", "[a]", "a]", "a,b", "|", ">", "?", "? a", ":", "-", "- ", "é", "\u2028", "\x85", "\ufeff", "😀", "\x00", "\x7f", "a" * 2000, "e", "y",
    "+1", "1.", ".5", ".", "Null", "TRUE", "a:", "12e03", "190:20:30", "log(2) / half_life", "a\n#b", "a\n\tb",
]  # fmt: skip

texts = st.one_of(st.sampled_from(TRICKY), st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
numbers = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(texts, numbers, st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.one_of(texts, st.integers()), inner, max_size=4)),
    max_leaves=20,
)


def same(a: Any, b: Any) -> bool:
    """Equal in value, type and order, and in the sign of zero."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(type(x) is type(y) for x, y in zip(a, b, strict=True)) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return bool(a == b) and (not isinstance(a, float) or math.copysign(1, a) == math.copysign(1, b))


@given(values)
@example({"a": ["x", {"b": "c\nd"}], "e": {}})
@example([[["a"], []], {"b": [1.5]}])
def test_written_data_read_back_equal(data: Any) -> None:
    assert same(parse(dump(data)).data, data)


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_text_stays_text_for_old_and_new_readers(text: str) -> None:
    written = dump({"k": text, "list": [text], "below": {"k": text}})
    expected = {"k": text, "list": [text], "below": {"k": text}}
    assert parse(written).data == expected
    assert yaml.safe_load(written) == expected


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_are_exact_for_old_readers_too(number: float) -> None:
    assert same(yaml.safe_load(dump({"x": number})), {"x": number})


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_not_written(number: float) -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        dump({"x": number})
    with pytest.raises(ValueError, match="no canonical form"):
        canonical([number])


def test_what_is_no_plain_data_is_not_written() -> None:
    for write in (dump, canonical):
        with pytest.raises(TypeError, match="no plain data"):
            write({"x": object()})
        with pytest.raises(TypeError, match="no key"):
            write({None: 1})


@given(values)
def test_the_canonical_form_survives_writing_and_reading(data: Any) -> None:
    try:
        before = canonical(data)
    except ValueError as error:
        assert "two keys" in str(error)
    else:
        assert canonical(parse(dump(data)).data) == before


def test_order_of_keys_and_the_form_of_numbers_do_not_change_the_digest() -> None:
    assert digest({"a": 1, "b": [2.0, 0.5]}) == digest({"b": [2, 0.50], "a": 1.0})
    assert digest(-0.0) == digest(0) == digest(0.0) and digest(1e22) == digest(10**22)


def test_different_data_have_different_digests() -> None:
    different: list[Any] = [None, "", 0, False, [], {}, "0", "null", 1, True, [0], [[]], {"a": None}, 0.1, 0.1 + 2**-55, ["a", "b"], ["ab"]]
    assert len({digest(data) for data in different}) == len(different)


def test_the_digest_is_sha_256_of_the_canonical_form() -> None:
    assert canonical({}) == b"{}"
    assert digest({}) == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_two_keys_of_one_text_have_no_canonical_form() -> None:
    with pytest.raises(ValueError, match="two keys"):
        canonical({1: "a", "1": "b"})
