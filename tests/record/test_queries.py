"""Questions that make no sense, or ask for what a record never has."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError
from tests.record.small import ARMS, DOCTRINE, FLIGHTS, NATO, NORTH, SHOTS

from detente.record import Query, Record


@pytest.mark.parametrize(("query", "told"), [
    ({"take": "total"}, "give one of them"),
    ({"treaty": "arms", "kind": "poll", "take": "status"}, "give one of them"),
    ({"treaty": "arms", "take": "total"}, "`take: total` does not fit"),
    ({"treaty": "arms", "take": "status", "where": {"side": "nato"}}, "`where` is for facts"),
    ({**NATO, "party": "north"}, "only a treaty has a `party`"),
    ({**NATO, "take": "in_force"}, "`take: in_force` does not fit"),
    ({**NATO, "years": [2010, 2011]}, "`years` is for a mean; write `take: mean`"),
    ({**FLIGHTS, "take": "mean"}, "a mean needs `years`; add `years: [first, last]`"),
    ({**FLIGHTS, "take": "mean", "years": [2011, 2010]}, "the years run backwards; swap them"),
    ({**FLIGHTS, "take": "mean", "years": [0, 2010]}, "greater than or equal to 1"),
    (SHOTS, "`window: {from: ..., until: ...}`"),
    ({**SHOTS, "window": {"from": 2012, "until": 2011}}, "it ends (2011) before it starts (2012)"),
    ({"kind": "deployment", "where": {"hosts": "north"}, "take": "total"}, "'hosts'; did you mean 'host'?"),
    ({"kind": "deployment", "where": {"from": 2010}, "take": "total"}, "not told apart by 'from'; use one of side, host"),
    ({"kind": "deployment", "field": "hight", "take": "total"}, "no figure 'hight'; did you mean 'high'?"),
    ({"kind": "incident", "take": "latest"}, "no figure 'value'; write `take: count`"),
    ({"kind": "doctrine", "where": {"actor": "russia"}, "take": "latest"}, "no figure 'value'; use one of threshold_index"),
    ({"kind": "treaty", "take": "in_force"}, "write `treaty: NAME` in place of `kind`"),
    ({"kind": "treaties", "take": "total"}, "'deployment'"),
])  # fmt: skip
def test_questions_that_make_no_sense_are_refused(query: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(told)):
        Query.model_validate(query)


@pytest.mark.parametrize(("query", "where", "told"), [
    ({"treaty": "arm", "take": "status"}, "treaty", "'arm' is no treaty of the record; did you mean 'arms'?"),
    ({"treaty": "flights", "take": "status"}, "treaty", "'flights' is no treaty of the record; there is arms"),
    ({**ARMS, "party": "eest"}, "party", "'eest' is no party to arms; did you mean 'east'?"),
    ({**NATO, "where": {"side": "nato", "host": ["north", "sooth"]}}, "where.host.1", "'sooth' is no host of any deployment in the record; did you mean 'south'?"),
    ({**FLIGHTS, "where": {"series": "sailings"}, "take": "value"}, "where.series", "there is flights"),
    ({**NATO, "where": {"side": "russia", "host": "north"}}, "where", "no deployment in the record is all of this at once"),
    ({**NATO, "where": {"host": []}}, "where.host", "an empty list matches nothing"),
    ({"kind": "poll", "take": "latest"}, "where", "no poll in the record"),
])  # fmt: skip
def test_questions_about_what_the_record_never_has(record: Record, query: dict[str, Any], where: str, told: str) -> None:
    (problem,) = record.problems(Query.model_validate(query))
    assert problem.where == where and told in str(problem)


@pytest.mark.parametrize("query", [NATO, NORTH, ARMS, {**SHOTS, "window": {"from": 2010, "until": 2012}}, DOCTRINE])
def test_good_questions_have_no_problems(record: Record, query: dict[str, Any]) -> None:
    assert record.problems(Query.model_validate(query)) == []
