"""Published numbers against ours (see `tests.published.registry`)."""

from __future__ import annotations

import dataclasses

import pytest
from tests.published.registry import Replication, replications

ALL = list(replications())


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_a_published_number_is_reproduced_or_it_is_said_why_not(one: Replication) -> None:
    assert one.status == "reproduced" or one.why, f"{one.quantity}: published {one.published}, ours {one.ours():.10g}"


def test_names_are_unique_and_most_are_reproduced() -> None:
    assert len({one.name for one in ALL}) == len(ALL)
    assert [one.name for one in ALL if one.status != "reproduced"] == ["signalling-middle"]


def test_a_wrong_number_is_not_reproduced() -> None:
    """Statuses can fail."""
    one = ALL[0]
    assert dataclasses.replace(one, published="1.8457").status == "not reproduced"
    assert dataclasses.replace(one, published="1.8457", tolerance=1e-3).status == "within tolerance"
