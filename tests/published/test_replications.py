"""Published numbers against ours (see `tests.published.registry`)."""

from __future__ import annotations

import csv
import dataclasses
from pathlib import Path

import pytest
from tests.published.registry import HONOURED, Replication, replications

ALL = list(replications())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_published_number_is_reproduced_or_it_is_said_why_not(one: Replication) -> None:
    assert one.status == "reproduced" or one.why, f"{one.quantity}: published {one.published}, ours {one.ours():.10g}"


def test_names_are_unique_and_most_are_reproduced() -> None:
    assert len({one.name for one in ALL}) == len(ALL)
    assert [one.name for one in ALL if one.status != "reproduced"] == ["signalling-middle", "power-resolve"]


def test_a_wrong_number_is_not_reproduced() -> None:
    """Statuses can fail."""
    one = ALL[0]
    assert dataclasses.replace(one, published="1.8457").status == "not reproduced"
    assert dataclasses.replace(one, published="1.8457", tolerance=1e-3).status == "within tolerance"


def test_promises_are_those_of_the_data(shared: Path) -> None:
    """Counted again: honoured of honoured or violated, by the authors' primary coding."""
    with (shared / "data" / "alliance_reliability" / "berkemeier_fuhrmann_2018.csv").open(encoding="utf-8") as file:
        called = [row for row in csv.DictReader(file) if "1" in (row["honorLLM"], row["violateLLM"])]
    kinds = {
        "all promises": called, "until 1944": [row for row in called if row["sample"] == "1"], "since 1945": [row for row in called if row["sample"] == "0"],
        **{what: [row for row in called if row[kind] == "1"]
           for what, kind in (("to defend", "defense"), ("not to attack", "nonagg"), ("to attack together", "offense"), ("to stay neutral", "neutral"))},
    }  # fmt: skip
    assert {what: (sum(row["honorLLM"] == "1" for row in rows), len(rows)) for what, rows in kinds.items()} == HONOURED
