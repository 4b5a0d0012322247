"""YAML text becomes the data that the core schema of YAML 1.2 says, and every fault of it a problem at its place."""

import pytest

from detente.document import parse
from detente.errors import InvalidInput


def problems(text: str) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        parse(text, "f.yaml")
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"), ("yes", "yes"), ("on", "on"), ("1:30", "1:30"), ("010", 10), ("0o7", 7), ("0x1F", 31), ("1_000", "1_000"),
        ("1e3", 1000.0), ("-.5", -0.5), ("+12", 12), ("1.", 1.0), ("2014-03", "2014-03"), ("2014-03-01", "2014-03-01"), ("2014", 2014),
        ("true", True), ("FALSE", False), ("tRue", "tRue"), ("~", None), ("null", None), ("", None), ("nan", "nan"), ("=", "="),
        ("'12'", "12"), ('"null"', "null"), (".", "."), ("-", [None]), ("1.2.3", "1.2.3"), ("log(2) / half_life", "log(2) / half_life"),
    ],
)  # fmt: skip
def test_plain_values_follow_the_core_schema_of_yaml_1_2(written: str, meant: object) -> None:
    value = parse(f"a:\n  {written}").data["a"]
    assert value == meant and type(value) is type(meant)


def test_keys_may_be_numbers() -> None:
    assert parse("{0.05: 1, 0.5: 2, 3: x}").data == {0.05: 1, 0.5: 2, 3: "x"}


def test_nothing_and_a_comment_are_no_data() -> None:
    assert parse("").data is None and parse("# later\n").data is None


def test_a_byte_order_mark_is_skipped() -> None:
    assert parse("\ufeffa: 1").data == {"a": 1}


def test_every_key_and_value_knows_its_place() -> None:
    document = parse("a:\n  - b: 1\n    c: [2, {d: 3}]\n0.05: x\n", "f.yaml")
    assert document.where() == "f.yaml:1:1"
    assert document.where(("a", 0, "b")) == "f.yaml:2:8"
    assert document.where(("a", 0, "b"), key=True) == "f.yaml:2:5"
    assert document.where(("a", 0, "c", 1, "d")) == "f.yaml:3:16"
    assert document.where((0.05,), key=True) == document.where(("0.05",), key=True) == "f.yaml:4:1"


def test_something_absent_is_placed_at_the_key_of_the_nearest_part_around_it() -> None:
    document = parse("a:\n  b:\n    c: 1\n", "f.yaml")
    assert document.where(("a", "b", "x", "y")) == "f.yaml:2:3"
    assert document.where(("x",)) == "f.yaml:1:1"


def test_an_alias_gives_equal_data_that_is_not_shared() -> None:
    document = parse("a: &x {b: [1]}\nc: *x\n", "f.yaml")
    assert document.data["c"] == {"b": [1]} and document.data["c"] is not document.data["a"]
    assert document.where(("c", "b", 0)) == "f.yaml:1:12"


def test_a_duplicate_key_is_refused_with_both_places() -> None:
    assert problems("a: 1\nb: {c: 1, c: 2}\na: 2\n") == [
        "f.yaml:2:11: the key 'c' is given twice; it stands at f.yaml:2:5 too; remove one",
        "f.yaml:3:1: the key 'a' is given twice; it stands at f.yaml:1:1 too; remove one",
    ]


def test_one_and_one_point_nought_are_the_same_key() -> None:
    assert "given twice" in problems("{1: a, 1.0: b}")[0]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a: .nan", "1:4", ".nan is not a finite number"),
        ("a: -.INF", "1:4", "-.INF is not a finite number"),
        ("a: 1e999", "1:4", "beyond the range"),
        ("a: " + "9" * 5000, "1:4", "more than 1000 digits"),
        ("a:\n\tb: 1", "2:1", "a tab"),
        ("a: 1\n--- \nb: 1", "2:1", "a second document"),
        ("a: b: c", "1:5", "a `: ` where no key can stand"),
        ("a: 'x", "1:", "a quote that is not closed"),
        ("a: [1, 2", "1:", "a `[` that is not closed"),
        ("a: {b: 1", "1:", "a `{` that is not closed"),
        ("a: @x", "1:4", "a character that cannot begin a value"),
        ("- a\nb: 1", "2:1", "does not fit the list"),
        ("a: !!python/object/apply:os.system ['true']", "1:4", "the tag"),
        ("a: !!int '3'", "1:4", "the tag"),
        ("%YAML 1.1\n---\na: NO", "1:1", "older YAML"),
        ("x: {a: 1}\ny:\n  <<: {b: 1}", "3:3", "a merge key"),
        ("a: *x", "1:4", "names nothing"),
        ("a: &x [1, *x]", "1:11", "inside what it names"),
        ("a: &x 1\nb: &x 2", "2:4", "set twice"),
        ("true: 1", "1:1", "a key is true"),
        ("~: 1", "1:1", "a key is empty"),
        ("? [a]\n: 1", "1:3", "a key is a list"),
        ("a: x\x00y", "1:5", "U+0000"),
        ("a: 1\nb: \x1b[0m", "2:4", "U+001B"),
    ],
)
def test_faults_are_reported_at_their_place(text: str, place: str, what: str) -> None:
    found = problems(text)
    assert len(found) == 1 and what in found[0]
    if place.endswith(":"):
        assert found[0].startswith("f.yaml:")
    else:
        assert found[0].startswith(f"f.yaml:{place}: ")


def test_all_faults_of_values_are_reported_at_once() -> None:
    assert len(problems("a: .nan\na: 1\nb: !x 2\nc: *d\n")) == 4


def test_a_yaml_bomb_is_refused_before_it_unfolds() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    assert "aliases unfold to more than 100,000 values" in problems("\n".join(lines))[0]


def test_a_bomb_of_long_texts_is_refused() -> None:
    text = f"a: &a {'x' * 1_000_000}\nb: [{', '.join(['*a'] * 2000)}]"
    assert "aliases unfold" in problems(text)[0]


@pytest.mark.parametrize("depth", [41, 500, 100_000])
@pytest.mark.parametrize("opening", ["[", "{a: "])
def test_deep_nesting_is_refused(depth: int, opening: str) -> None:
    assert "more than 40 levels" in problems(opening * depth)[0]


def test_aliases_cannot_nest_deeper_than_the_limit() -> None:
    lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 60)]
    assert "levels once aliases unfold" in problems("\n".join(lines))[0]


def test_forty_levels_are_read() -> None:
    assert parse("[" * 40 + "]" * 40).data is not None


def test_text_beyond_8_million_characters_is_refused() -> None:
    assert "more than 8,000,000 characters" in problems("a" * 8_000_001)[0]
