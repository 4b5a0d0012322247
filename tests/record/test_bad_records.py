"""Records that are refused, with every problem at its place, and records that only look wrong."""

from __future__ import annotations

import pytest
from tests.record.small import ENDS, HEAD, IN_FORCE, ally, fact, make, poll, promise, treaty

from detente.errors import InvalidInput
from detente.record import Record


@pytest.mark.parametrize(("facts", "place", "told"), [
    (fact(hots="1"), "22:5", "unknown key 'hots'"),
    (fact(kind="deploiment"), "13:11", "'deploiment' is not known here; it is one of actor"),
    (fact(evidence="verifed"), "21:15", "did you mean 'verified'?"),
    (fact(value='"5"'), "17:12", "write 5 without quotes"),
    (fact(unit="trops"), "18:11", "did you mean 'troops'?"),
    (fact(**{"from": "2010-02-30"}), "19:11", "February 2010 has 28 days"),
    (fact(source="report_2017"), "20:13", "'report_2017' is no source of this record; did you mean 'report_201"),
    (fact(source="", evidence="verified"), "20:15", "a verified fact has no source; name one, or grade it memory"),
    (fact(evidence="derived"), "21:15", "a derived fact has no formula"),
    (fact(until="2009"), "22:12", "it ends (2009) before it starts (2010); swap the dates"),
    (fact(known="2012-02", source="report_2012"), "22:12", "it is known on 2012-02, but its source appeared on 2012-03"),
    (fact(source="undated"), "12:3", "nothing says when it became known; its source has no date of publication; add `known: date`"),
    (fact(**{"from": "1999"}), "19:11", "outside the coverage of the record (2000-01-01 to 2020-12-31)"),
    (fact(**{"from": "2021"}), "19:11", "outside the coverage of the record"),
    (fact(beside="nobody"), "22:13", "'nobody' is no fact"),
    (fact(beside="it"), "22:13", "drop one `beside`"),
    (fact() + "  again:" + fact(value="6", source="report_2012")[5:], "22:3", "'again' and 'it' are figures of the same thing at one time; conflicting figures"),
    (fact() + "  again:" + fact(until="2011", source="report_2012")[5:], "22:3", "add `beside: it`"),
    (fact() + "  again:" + fact(value="6")[5:], "22:3", "figures of the same thing at one time, both from acts; one source gives one figure; keep one"),
    (fact() + "  again:" + fact(value="6", beside="it")[5:], "32:13", "'again' and 'it' rest on the same source, acts; keep the figure that it gives"),
    (poll("value: 100.5"), "12:55", "100.5 is no share of those asked; in the unit percent it lies between 0 and 100; mend it, or the unit"),
    (poll("value: 38, unit: '1'"), "12:55", "38 is no share of those asked; in the unit 1 it lies between 0 and 1"),
    (poll("value: 38, against: -1"), "12:68", "-1 is no share of those asked"),
    (poll("value: 60, against: 42"), "12:68", "60 for and 42 against are more than all who were asked; mend one of the two"),
    (ally("west: 2009"), "12:68", "'west' joins on 2009, before there was anything to join (2010); mend one of the dates"),
    (ally("west: 2010") + ally("west: 2014", "again", joins="union"), "13:82", "'west' joins union on 2014, but it had joined on 2010; keep one of the two"),
    (ally("west: 2010") + ally("east: 2014", "again", joins="onion"), "13:47", "'onion' is no actor; did you mean 'union'?"),
    (ally("west: 2012") + fact(side="union"), "20:11",
        "this deployment of union begins on 2010, but 'west' joined on 2012; an ally is one from its accession on; mend one of the dates"),
    (ally("west: 2012") + fact(side="union", host="north", owner="[east, west]"), "20:11", "but 'west' joined on 2012"),
    (ally("west: 2012") + promise("by: [union], to: [west]"), "13:62", "this commitment of union begins on 2010, but 'west' joined on 2012"),
    (ally("west: 2012") + promise("by: [west], to: [union]"), "13:62", "this commitment of union begins on 2010, but 'west' joined on 2012"),
    (fact(until="2011") + "  later:" + fact(**{"from": "2012"}, beside="it")[5:], "33:13", "'it' is of another time"),
    (fact() + "  other:" + fact(host="east", beside="it")[5:], "32:13", "'it' is about something else"),
    ("  it: {kind: incident_count, series: flight, value: 1, unit: 1/year, from: 2010, evidence: memory}\n", "12:38", "did you mean 'flights'?"),
    ("  it: {kind: incident_count, series: flights, unit: 1/year, from: 2010, evidence: memory}\n", "12:7", "a figure is one `value` or `yearly"),
    ("  it: {kind: capability, actor: a, measure: m, unit: 1, yearly: {2010: 1}, from: 2010, evidence: memory}\n", "12:54", "not text"),
    ("  it: {kind: capability, actor: a, measure: m, unit: '1', yearly: {2010: 1}, from: 2010, evidence: memory}\n", "12:7", "remove `from` and `until`"),
    ("  it: {kind: capability, actor: a, measure: m, unit: '1', yearly: {10000: 1}, evidence: memory}\n", "12:68", "10000 is out of range"),
    ("  it: {kind: capability, actor: a, measure: m, unit: '1', yearly: {1990: 1}, evidence: memory}\n", "12:67", "outside the coverage"),
    (treaty(), "17:12", "here stands nothing, not a list"),
    (treaty(parties="[]") + "      - " + IN_FORCE + "\n", "14:14", "it needs at least 1"),
    (treaty(IN_FORCE, "{date: 2006, event: withdrawn, by: eest, evidence: memory}"), "19:44", "'eest' is no party; did you mean 'east'?"),
    (treaty("{date: 2004, event: withdrawn, evidence: memory}", IN_FORCE), "18:29", "withdrawn on 2004, but it never was in force before"),
    (treaty("{date: 2004, event: extended, evidence: memory}"), "18:29", "extended on 2004, but it never was in force before"),
    (treaty(ENDS, "{date: 2011-02-05, event: extended, evidence: memory}"), "19:35",
        "extended on 2011-02-05, but it had expired on 2011-02-05; what has ended can only be made anew; mend one of the dates, or let it enter"),
    (treaty(IN_FORCE, "{date: 2010, event: expired, evidence: memory}", "{date: 2011, event: extended, evidence: memory}"), "20:29", "had expired on 2010"),
    (treaty(IN_FORCE, "{date: 2010, event: withdrawn, evidence: memory}", "{date: 2011, event: extended, evidence: memory}"), "20:29", "had been left on 2010"),
    (treaty(ENDS, "{date: 2012, event: suspended, evidence: memory}"), "19:29", "suspended on 2012, but it had expired on 2011-02-05"),
    (treaty(IN_FORCE, "{date: 2005, event: withdrawn, by: east, evidence: memory}"), "19:29",
        "withdrawn and in_force on one day, 2005; it cannot be both; give each its own day, or drop one"),
    (treaty(IN_FORCE, "{date: 2006, event: suspended, expires: 2008, evidence: memory}"), "19:49", "suspended has no end"),
    (treaty("{date: 2005, event: in_force, evidence: verified}"), "18:49", "a verified event has no source"),
    (treaty("{date: 2005, event: in_fource, evidence: memory}"), "18:29", "did you mean 'in_force'?"),
])  # fmt: skip
def test_a_bad_record_is_told_at_its_place(facts: str, place: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make(facts)
    (problem,) = caught.value.problems
    assert problem.where == f"r.yaml:{place}"
    assert told in str(problem)
    assert problem.remedy


def test_all_problems_come_at_once_in_the_order_of_the_file() -> None:
    """Two that single facts have, then (in a file whose facts are well formed) four that they have together."""
    with pytest.raises(InvalidInput) as caught:
        make(fact(value="five", evidence="verifed"))
    assert [problem.where for problem in caught.value.problems] == ["r.yaml:17:12", "r.yaml:21:15"]
    four = fact(unit="trops", source="report_2013", beside="nobody", **{"from": "2021"})
    with pytest.raises(InvalidInput) as caught:
        make(four)
    assert [problem.where.split(":")[1] for problem in caught.value.problems] == ["18", "19", "20", "22"]


@pytest.mark.parametrize(("head", "place", "told"), [
    (HEAD.replace("{from: 2000, until: 2020", "{from: 2020, until: 2000"), "3:31", "it ends (2000) before it starts (2020)"),
    (HEAD.replace("unit: 1/year", "unit: 1/yeer"), "5:35", "did you mean 'year'?"),
    (HEAD.replace("reliability: F", "reliability: G"), "10:96", "'G' is not known here"),
    (HEAD.replace("credibility: 6", "credibility: 7"), "10:112", "it must be at most 6"),
    (HEAD.replace("  undated:", "  acts:"), "10:3", "the key 'acts' is given twice"),
    (HEAD.replace("record/1", "record/2"), "1:9", "is newer"),
    (HEAD.replace("title: A border and two treaties\n", ""), "1:1", "`title` is missing"),
])  # fmt: skip
def test_a_bad_frame_is_told_at_its_place(head: str, place: str, told: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        make(fact(), head)
    assert [problem.where for problem in caught.value.problems] == [f"r.yaml:{place}"]
    assert told in str(caught.value)


@pytest.mark.parametrize("facts", [
    ally("west: 2010-06") + fact(side="union"),
    ally("west: 2012") + fact(side="union", value="0"),
    ally("west: 2012") + fact(side="west"),
    treaty(ENDS, "{date: 2011, event: extended, evidence: memory}"),
    treaty(ENDS, "{date: 2012, event: in_force, evidence: memory}", "{date: 2013, event: extended, evidence: memory}"),
    treaty(IN_FORCE, "{date: 2006, event: withdrawn, by: east, evidence: memory}", "{date: 2006, event: extended, by: north, evidence: memory}"),
    treaty("{date: 2005, event: signed, evidence: memory}", IN_FORCE),
    poll("value: 47, against: 54"),
])  # fmt: skip
def test_what_may_be_so_is_accepted(facts: str) -> None:
    """Some day of a month or year fits; nothing stood yet; a treaty entered into force anew; shares were rounded."""
    make(facts)


def test_a_record_that_is_no_file() -> None:
    with pytest.raises(InvalidInput, match="there is no such file; check the path"):
        Record.load("nowhere")
