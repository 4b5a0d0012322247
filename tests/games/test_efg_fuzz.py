"""The reader of .efg against ten thousand broken files, and against text of any kind."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.games.build import random_tree

from detente import games
from detente.errors import InvalidInput
from detente.games import Game, dumps, loads

FILES = 10_000
TOKENS = ["{", "}", '"', "p", "c", "t", "EFG", "2", "R", "0", "-1", "1/0", "1e999", "nan", "9" * 40, "1/3", "0.5", '"x"', ",", "\\", "\0", "é", "\n", "{ }"]


def drop_letters(text: str, luck: random.Random) -> str:
    start = luck.randrange(len(text))
    return text[:start] + text[start + luck.randint(1, 12) :]


def change_letter(text: str, luck: random.Random) -> str:
    place = luck.randrange(len(text))
    return text[:place] + chr(luck.choice([luck.randrange(32, 127), luck.randrange(0x110000 - 0x1000)])) + text[place + 1 :]


def cut(text: str, luck: random.Random) -> str:
    return text[: luck.randrange(len(text))]


def put_token(text: str, luck: random.Random) -> str:
    place = luck.randrange(len(text))
    return f"{text[:place]} {luck.choice(TOKENS)} {text[place:]}"


def drop_word(text: str, luck: random.Random) -> str:
    words = text.split(" ")
    del words[luck.randrange(len(words))]
    return " ".join(words)


def double_line(text: str, luck: random.Random) -> str:
    lines = text.split("\n")
    place = luck.randrange(len(lines))
    return "\n".join([*lines[: place + 1], lines[place], *lines[place + 1 :]])


def swap_lines(text: str, luck: random.Random) -> str:
    lines = text.split("\n")
    a, b = luck.randrange(len(lines)), luck.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def change_number(text: str, luck: random.Random) -> str:
    numbers = list(re.finditer(r"-?\d+(\.\d+)?", text))
    if not numbers:
        return text
    one = luck.choice(numbers)
    return text[: one.start()] + luck.choice(["0", "1", "2", "-3", "7", "1e300", "1e400", "1/7", "0.2", "99999"]) + text[one.end() :]


CHANGES: list[Callable[[str, random.Random], str]] = [
    drop_letters, change_letter, cut, put_token, drop_word, double_line, swap_lines, change_number,
]  # fmt: skip


def read(text: str) -> str:
    """`game`, or `refused`; anything else is a failure."""
    try:
        found = loads(text, "mine.efg")
    except InvalidInput as error:
        assert error.problems
        for problem in error.problems:
            assert re.match(r"mine\.efg(:\d+){1,2}$", problem.where), problem
            assert problem.what and len(str(problem)) < 2_000
        return "refused"
    assert isinstance(found, Game)
    return "game"


def test_ten_thousand_mutated_files_are_read_or_refused_with_their_line() -> None:
    whole = [dumps(random_tree(seed, players=2 + seed % 3, most_decisions=6)) for seed in range(12)]
    whole += [
        dumps(games.unilateral_deterrence(challenger_hard=0.3, defender_hard=0.2)), dumps(games.inspection_game()), dumps(games.chance_threat(risk=0.3, undeterrable=0.1)),
    ]  # fmt: skip
    counts: Counter[str] = Counter()
    for number in range(FILES):
        luck = random.Random(number)
        text = whole[number % len(whole)]
        for _ in range(luck.randint(1, 3)):
            text = luck.choice(CHANGES)(text, luck) or " "
        try:
            counts[read(text)] += 1
        except Exception as error:
            pytest.fail(f"file {number}: {type(error).__name__}: {error}\n{text[:2_000]}")
    # Slips in names leave a game; most others do not.
    assert counts["game"] > FILES // 20 and counts["refused"] > FILES // 2, counts


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300), st.booleans())
def test_text_of_any_kind_is_read_or_refused(text: str, headed: bool) -> None:
    read(f'EFG 2 R "" {{ "Ann" }}\n{text}' if headed else text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_what_is_written_is_written_again_alike(seed: int, players: int) -> None:
    once = dumps(random_tree(seed, players=players, most_decisions=6))
    twice = dumps(loads(once))  # the first time, a chance may change in its last bit so that they sum to one
    assert dumps(loads(twice)) == twice
