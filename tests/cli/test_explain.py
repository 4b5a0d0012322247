"""The page of one draw."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from detente.cli import main
from detente.cli.reasons import reasons
from detente.ensemble import Replay, replay
from detente.ladder import choices, to_prism
from detente.scenario import load


@pytest.fixture(scope="module")
def steps() -> Replay:
    return replay("first-steps", 17)


@pytest.fixture(scope="module")
def baltic() -> Replay:
    return replay("baltic-2021", 917)


def told(one: Replay, segment: int = 0) -> list[str]:
    """The block of choices on a wide screen, without its head."""
    lines = [line.text for line in reasons(one, segment, 200)]
    first = next(k for k, line in enumerate(lines) if line.startswith("choices"))
    return lines[first + 1 : lines.index("", first)]


def test_choices_are_told_game_by_game(steps: Replay) -> None:
    """Who, in which mood, after what; how many meetings come here; each action, likeliest first, with what is expected."""
    heading, opening, after, resolute, irresolute = told(steps)
    assert re.fullmatch(r"bargaining on crisis, 6 meetings a year; defender is resolute with \d\d %", heading)
    assert re.fullmatch(r"    challenger +100 %  press \d\d % \(\+\d\.\d\d\)  back down \d\d % \(\+\d\.\d\d\)", opening)
    assert after == "  after press"
    assert resolute.split()[:2] == ["defender,", "resolute"]
    assert irresolute.split()[:2] == ["defender,", "irresolute"]


def test_what_is_told_is_what_was_solved(steps: Replay) -> None:
    """Probabilities and expected payoffs as `detente.ladder.choices` has them."""
    opening = choices(steps.equilibrium)[0]
    for action in opening.actions:
        expected = f"{action.expected:+.2f}".replace("-", "−")
        assert f"{action.name.replace('_', ' ')} {100 * action.probability:.0f} % ({expected})" in told(steps)[1]


def test_every_choice_of_every_game_has_a_line(baltic: Replay) -> None:
    lines = told(baltic)
    points = choices(baltic.equilibrium)
    assert sum(line.startswith("    ") for line in lines) == len(points)
    assert sum(not line.startswith(" ") for line in lines) == len({choice.game for choice in points})
    assert any(line.startswith("crisis bargaining on crisis by challenge, ") for line in lines)
    assert not any("@" in line or "_" in line for line in lines)


def test_large_numbers_are_told_in_full(baltic: Replay) -> None:
    """18,000 troops, not 1.8e+04."""
    lines = [line.text for line in reasons(baltic, 0, 100)]
    assert any(re.fullmatch(r"Russian ground and airborne troops near Estonia and Latvia +18,000  troops", line) for line in lines)
    assert not any(re.search(r"\de\+\d", line) for line in lines)


def test_the_block_is_narrow_enough_to_read(baltic: Replay) -> None:
    assert max(map(len, told(baltic))) <= 120


@pytest.mark.parametrize("width", [40, 60, 80])
def test_the_page_fits_a_narrow_screen_and_loses_no_word(baltic: Replay, width: int) -> None:
    narrow, wide = ([line.text for line in reasons(baltic, 0, each)] for each in (width, 200))
    assert [line for line in narrow if len(line) > width] == []
    assert sorted(" ".join(narrow).split()) == sorted(" ".join(wide).split())


def test_a_contingency_has_its_chance_under_the_policy(tmp_path: Path) -> None:
    """Nothing without the policy; with it certain, for as long as the policy holds in the window."""
    file = tmp_path / "open.yaml"
    file.write_text(
        "format: detente/scenario/1\ntitle: Open\nas_of: 2026-01-01\nhorizon: 9\n"
        "actors: {one: {title: One, discount: 0.1, precision: 1}}\nrungs: {calm: {title: Calm}, war: {title: War}}\n"
        "moves: {breaks_out: {from: calm, to: war, rate: hazard * tension}, ends: {from: war, to: calm, rate: 1}}\n"
        "drivers: {tension: {title: Tension, unit: '1', formula: 1}}\n"
        "quantities: {likely: {title: Likely, unit: '1', family: fixed, value: 0, evidence: judgement, known: 2025, why: Test.},\n"
        "  hazard: {title: Hazard, unit: 1/year, family: fixed, value: 0.1, evidence: judgement, known: 2025, why: Test.}}\n"
        "contingencies: {talks: {title: Talks fail, chance: likely, driver: tension, value: 2, from: 2027-01-01, until: 2032-12-31, why: Test.}}\n"
        "policies: {pressure: {title: Pressure, from: 2030-01-01, until: 2031-12-31, set: {likely: 1}, why: Test.}}\n",
        encoding="utf-8",
    )
    without, under = ([line.text for line in reasons(replay(load(file, policy=policy), 0), 0, 100)] for policy in (None, "pressure"))
    assert [line for line in without if "Talks" in line] == ["Talks fail: it does not happen (chance 0 %)"]
    assert [line for line in under if "Talks" in line] == [
        "Talks fail from 1 January 2027 on: it does not happen (chance 0 %)",
        "Talks fail from 1 January 2030 on: it happens (chance 100 %)",
        "Talks fail from 1 January 2032 on: it does not happen (chance 0 %)",
    ]
    tension = replay(load(file, policy="pressure"), 0).drivers["tension"].tolist()
    assert tension == [1, 1, 2, 1, 1]
    assert under[0] == "Draw 0 of open under the policy pressure as seen on 1 January 2026, seed 1"


def test_choices_are_those_of_the_segment_that_is_asked_for(baltic: Replay) -> None:
    """The stretches of the calendar differ in this draw, so their choices do."""
    assert baltic.equilibrium.same[0, -1] != 0
    assert told(baltic, 0) != told(baltic, len(baltic.model.timeline.starts) - 1)


def test_a_ladder_without_games_has_no_choices(tmp_path: Path) -> None:
    file = tmp_path / "chance.yaml"
    file.write_text(
        "format: detente/scenario/1\ntitle: Chance alone\nas_of: 2026-01-01\nhorizon: 2\n"
        "actors: {one: {title: One, discount: 0.1, precision: 1}}\nrungs: {calm: {title: Calm}, war: {title: War}}\n"
        "moves: {breaks_out: {from: calm, to: war, rate: 0.1}, ends: {from: war, to: calm, rate: 1}}\n",
        encoding="utf-8",
    )
    assert not any(line.text.startswith("choices") for line in reasons(replay(file, 0), 0, 100))


def test_the_chain_is_printed_for_other_programs(baltic: Replay, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the stretch that the day lies in, below a line that says what it is."""
    assert main(["explain", "baltic-2021", "--draw", "917", "--on", "2030-06-01", "--prism"]) == 0
    head, _, chain = capsys.readouterr().out.partition("\n")
    assert head == f"// baltic-2021 as of 2021-01-29, seed 1, draw 917, from {baltic.model.timeline.starts[3]} on, {baltic.model.digest}"
    assert chain == to_prism(baltic.equilibrium, segment=3)
