"""Whether two runs are equal in everything but the time they took."""

from __future__ import annotations

from typing import Any

from detente.ensemble import Assessment


def without_seconds(assessment: Assessment) -> dict[str, Any]:
    return {key: value for key, value in assessment.result.items() if key != "seconds"}


def same(one: Assessment, other: Assessment) -> bool:
    """Equal in everything but the time they took."""
    data = [each.data.drop_attrs() for each in (one, other)]
    return without_seconds(one) == without_seconds(other) and bool(data[0].identical(data[1]))
