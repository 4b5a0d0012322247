"""The page of an assessment, from a made-up one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from tests.cli.sheets import LEVELS, sheet, summary

from detente.cli.columns import columns, fitted
from detente.cli.page import page, wrap
from detente.cli.sheet import Narrowed, Past, Sheet
from detente.report.wording import TOO_SMALL

TODAY = date(2026, 11, 25)


def text(sheet: Sheet, width: int = 100) -> str:
    return "\n".join(line.text for line in page(sheet, TODAY, width))


def row(sheet: Sheet, name: str) -> str:
    return next(line.text for line in page(sheet, TODAY) if line.text.startswith(name))


@pytest.mark.parametrize(("width", "most"), [(40, 90), (60, 60), (80, 44), (100, 44)])
def test_the_page_fits_on_a_screen(width: int, most: int) -> None:
    """A page with six levels, eight pairs and nine quantities is at most as wide as asked and, on a usual screen, about 40 lines long."""
    lines = page(sheet(), TODAY, width)
    assert [line.text for line in lines if len(line.text) > width] == []
    assert len(lines) <= most


@pytest.mark.parametrize("width", [40, 60])
def test_a_narrow_page_still_has_every_probability_with_its_range(width: int) -> None:
    """What goes first is what can be told from the rest."""
    narrow, wide = (re.sub(r"\s+", " ", text(sheet(), each)) for each in (width, 100))
    for found in re.findall(r"(1 in \d+) (?:[\d.]+) (?:\S+) (\S+–\S+)", wide):
        assert re.search(rf"{found[0]} .*?{re.escape(found[1])}", narrow)


def test_the_question_comes_first() -> None:
    first, second, *_ = text(sheet()).splitlines()
    assert first == "A made-up system"
    assert second == "As seen on 29 January 2021; 5 of its 10 years have passed. 16,384 draws of 74 quantities in 5.1 s."


def test_levels_stand_top_down_and_what_is_aside_below_them() -> None:
    lines = text(sheet()).splitlines()
    found = [
        lines.index(next(line for line in lines if line.startswith(name)))
        for name in ("general", "nuclear use ", "war ", "clash ", "crisis ", "incident ", "aside")
    ]
    assert found == sorted(found)
    assert lines[found[-1] + 1].startswith("  russian terms")


def test_a_row_holds_the_predictive_probability_the_ranges_and_who_goes_on() -> None:
    assert row(sheet(), "war ").split("  ")[0] == "war"
    assert row(sheet(), "war ").split() == ["war", "1", "in", "60", "1.3", "0.72–2.3", "0.18–5.4", "20", "%", "1", "in", "10"]


def test_below_one_in_a_hundred_thousand_no_number_is_printed() -> None:
    made = sheet(reach={**sheet().reach, "general_nuclear_war": summary(9e-6)})
    assert row(made, "general nuclear war").split("  ")[-1] == TOO_SMALL


def test_what_rests_on_mistakes_is_named() -> None:
    """Above one half of error share, and only there."""
    assert "ostly from assumed mistakes" not in text(sheet())
    made = sheet(reach={**sheet().reach, "war": summary(0.018, 0.51), "clash": summary(0.3, 0.5)})
    assert "Mostly from assumed mistakes: war." in text(made).splitlines()


def test_a_condition_that_never_holds_gives_its_reason_instead_of_a_number() -> None:
    empty = {**dict.fromkeys(summary(0.1)), "why": "the condition has probability 0"}
    made = sheet(onward={"war|clash": empty})
    assert row(made, "clash → war").endswith("the condition has probability 0")


def test_mistakes_that_lower_the_risk_are_negative() -> None:
    made = sheet(reach={**sheet().reach, "war": summary(0.018, -0.124)})
    assert "−12 %" in row(made, "war ")


def test_the_strongest_quantities_are_named() -> None:
    lines = text(sheet()).splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith("what moves it most"))
    assert [line.split("  ")[0] for line in lines[first + 1 : first + 7]] == [f"Quantity {n}" for n in range(6)]
    assert "−.60" in lines[first + 1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "baltic-2021, shipped, digest 0123456789ab, seed 1"),
        ({"edits": ("as of 2020-01-01 instead of 2021-01-29",)}, "baltic-2021, edited (1 change), digest"),
        ({"shipped": False}, "baltic-2021, own file, digest"),
        ({"converged": 0.9995}, "Settled: 99.95 % of draws ("),
        ({"folder": None}, "Nothing is kept; --out FOLDER keeps it."),
    ],
)
def test_what_the_figures_belong_to(changes: dict[str, object], told: str) -> None:
    assert told in text(sheet(**changes))


def test_the_limits_of_use_are_on_every_page() -> None:
    assert text(sheet()).replace("\n", " ").count("not intelligence, not warning") == 1


def test_a_page_without_quantities_or_pairs_is_a_page() -> None:
    made = sheet(levels=LEVELS[:1], aside=(), groups={}, onward={}, influence=(), quantities=0, hindsight=0)
    assert "once there is" not in text(made)


def test_a_short_row_runs_on_over_the_columns_that_it_lacks() -> None:
    assert columns([("a", "b", "c"), ("long", "runs on over two"), ("x", "y", "z")], "<>>") == [
        "a     b  c",
        "long  runs on over two",
        "x     y  z",
    ]


@pytest.mark.parametrize("width", range(8, 24))
def test_a_number_is_not_parted_from_what_it_counts(width: int) -> None:
    lines = [line.text for line in wrap("On 1 June 2020 it took 0.46 s, or 5 % of all", width)]
    assert " ".join(lines) == "On 1 June 2020 it took 0.46 s, or 5 % of all"
    assert not any(line.endswith(("1", "0.46", "5")) for line in lines)


WIDE = [
    ("name of a thing", "value", "what it rests on"),
    ("A long name of several words that fills half a line", "3,700", "one fact, another fact, and a third fact with a long name"),
    ("Short", "a row that runs on over the columns that it lacks, and does so for a while"),
    ("  under it", "1", "held\u00a0together\u00a0by\u00a0us  apart"),
    ("alone in its row, whatever the others hold, for as long as it likes to go on",),
]


@pytest.mark.parametrize("width", [40, 50, 60, 80, 100])
def test_a_table_fits_and_loses_no_word(width: int) -> None:
    table = fitted(WIDE, "<><", width)
    assert [line for lines in table for line in lines if len(line) > width] == []
    for row, lines in zip(WIDE, table, strict=True):
        assert sorted(" ".join(lines).split()) == sorted(" ".join(row).split())
    assert any("held together by us" in line for line in table[3])


def test_a_table_that_fits_is_as_its_columns_are() -> None:
    assert fitted(WIDE, "<><", 200) == [[line.replace("\u00a0", " ")] for line in columns(WIDE, "<><")]


def past(**changes: object) -> Past:
    made = Past(
        items=("War in crises: 0 of 18",), left_out=(), probability=0.86, effective=16_071.4, moved=False,
        before={"war": 0.02, "nuclear_use": 0.0021, "crisis": 0.5, "revised_order": 0.21, "war|crisis": 0.2},
        narrowed=(Narrowed("Rate of shots that nobody ordered in a crisis", (0.091, 0.4, 1.76), (0.088, 0.38, 1.6), 0.176),), silent=73,
    )  # fmt: skip
    return replace(made, **changes)


def test_history_stands_before_and_after() -> None:
    """What it changed by at least a twentieth, with the quantity that it narrowed and how much it left open; what it did not change is not listed."""
    made = sheet(past=past())
    lines = text(made).splitlines()
    first = lines.index(next(line for line in lines if line.startswith("what history changes")))
    block = lines[first : first + 8]
    assert block[1].split() == ["war", "2.0", "1.8"] and block[2].split() == ["crisis", "50", "71"]
    assert block[3].split() == ["crisis", "→", "war", "20", "10"]
    assert block[4].endswith("0.4 (0.091–1.8)  0.38 (0.088–1.6)  18 % narrower")
    told = " ".join(block[5:7])
    assert "War in crises: 0 of 18. The priors gave it 86 %. Draws are weighted: 16,071 of 16,384 count. History says nothing about 73 of 74 quantities taken alone." in told
    assert max(len(line.text) for line in page(made, TODAY, 80)) <= 80


def test_history_that_moves_draws_or_does_not_condition_says_so() -> None:
    assert "Draws are moved to where it is likely: 900 of 16,384 count." in text(sheet(past=past(moved=True, effective=900.0))).replace("\n", " ")
    off = text(sheet(past=past(items=(), left_out=("War in crises: 0 of 18 (`conditioning` is off)",))))
    assert "Does not condition: War in crises: 0 of 18 (`conditioning` is off)." in off and "what history changes" not in off
    unmoved = text(sheet(past=past(before={"war": 0.018}, narrowed=())))
    assert "no result by more than 5.0 %" in unmoved
    assert "history" not in text(sheet()).lower()
