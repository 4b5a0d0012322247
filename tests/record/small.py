"""A small invented record for tests, questions to it, and facts of every kind that may be wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from detente.document import parse
from detente.record import Query, Reading, Record

HEAD = """\
format: detente/record/1
title: A border and two treaties
coverage: {from: 2000, until: 2020, why: Invented.}
series:
  flights: {title: Flights, unit: 1/year, covers: {from: 2010, until: 2014}}
sources:
  acts: {title: Acts, publisher: State, published: {absent: not applicable}, reliability: A, credibility: 1, graded_by: judgement}
  report_2012: {title: Report, publisher: Institute, published: 2012-03, reliability: B, credibility: 2, graded_by: judgement}
  report_2016: {title: Report, publisher: Institute, published: 2016-06-15, reliability: B, credibility: 2, graded_by: judgement}
  undated: {title: Leaflet, publisher: Nobody, published: {absent: not observed}, reliability: F, credibility: 6, graded_by: judgement}
facts:
"""
FACTS = """\
  north_2010: {kind: deployment, side: nato, host: north, force: ground, value: 800, unit: troops, from: 2010, source: acts, evidence: verified}
  north_2013: {kind: deployment, side: nato, host: north, force: ground, value: 1000, unit: troops, from: 2013-05, source: report_2016, evidence: verified}
  south_2011: {kind: deployment, side: nato, host: south, force: ground, value: 300, unit: troops, from: 2011, until: 2015-08, source: acts, evidence: verified}
  east_2010: {kind: deployment, side: russia, host: east, force: ground, value: {absent: not observed}, unit: troops, from: 2010, source: acts, evidence: verified}
  east_2012: {kind: deployment, side: russia, host: east, force: ground, value: 0, unit: troops, from: 2012, source: acts, evidence: verified}
  north_2013_other:
    {kind: deployment, side: nato, host: north, force: ground, value: 1400, unit: troops, from: 2013-05, source: [report_2016, undated], evidence: verified, beside: north_2013}
  flights: {kind: incident_count, series: flights, yearly: {2010: 10, 2011: 20, 2012: 60, 2014: 90}, unit: 1/year, source: acts, evidence: verified}
  flights_2011_other: {kind: incident_count, series: flights, value: 25, from: 2011, until: 2011, unit: 1/year, source: [acts, undated], evidence: verified, beside: flights}
  doctrine_2010: {kind: doctrine, actor: russia, text: Old, threshold_index: 1, from: 2010, source: acts, evidence: verified}
  doctrine_2014: {kind: doctrine, actor: russia, text: New, threshold_index: 1.5, from: 2014, source: acts, evidence: verified}
  shots_2010: {kind: incident, actors: [north, east], type: shots, from: 2010-07-01, source: acts, evidence: verified}
  shots_2012: {kind: incident, actors: [south, east], type: shots, from: 2012-02, source: report_2012, evidence: verified}
  collision_2013: {kind: incident, actors: [north, east], type: collision, from: 2013, source: acts, evidence: verified}
  arms:
    kind: treaty
    parties: [north, east]
    source: acts
    evidence: verified
    events:
      - {date: 2004-01-01, event: signed, source: acts, evidence: verified}
      - {date: 2005-01-01, event: in_force, expires: 2015-01-01, source: acts, evidence: verified}
      - {date: 2009-06-01, event: suspended, by: east, source: acts, evidence: verified}
      - {date: 2010-06-01, event: resumed, by: east, source: acts, evidence: verified}
      - {date: 2014-12-20, event: extended, expires: 2020-01-01, source: acts, evidence: verified}
      - {date: 2018-03-01, event: withdrawn, by: east, known: 2017-09-01, source: acts, evidence: verified}
"""
DAY = date(2016, 1, 1)
LATE = date(2020, 12, 31)
NATO = {"kind": "deployment", "where": {"side": "nato"}, "take": "total"}
NORTH = {"kind": "deployment", "where": {"host": "north"}, "take": "value"}
FLIGHTS = {"kind": "incident_count", "where": {"series": "flights"}}
SHOTS = {"kind": "incident", "where": {"type": "shots"}, "take": "count"}
ARMS = {"treaty": "arms", "take": "in_force"}
DOCTRINE = {"kind": "doctrine", "where": {"actor": "russia"}, "take": "latest", "field": "threshold_index"}
IN_FORCE = "{date: 2005, event: in_force, evidence: memory}"
ENDS = "{date: 2005, event: in_force, expires: 2011-02-05, evidence: memory}"


def make(facts: str = FACTS, head: str = HEAD) -> Record:
    return Record.parse(parse(head + facts, "r.yaml"))


def ask(record: Record, query: dict[str, Any], at: date, known: date | None = None) -> Reading:
    return record.read(Query.model_validate(query), at=at, known=known or at)


def fact(**changes: str) -> str:
    """A deployment on line 12, whose keys stand on lines 13 and on."""
    keys = {"kind": "deployment", "side": "nato", "host": "west", "force": "ground", "value": "5", "unit": "troops", "from": "2010",
            "source": "acts", "evidence": "verified"} | changes  # fmt: skip
    return "  it:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items() if value)


def treaty(*events: str, **changes: str) -> str:
    """A treaty on line 12; its first event stands on line 18."""
    keys = {"kind": "treaty", "parties": "[north, east]", "source": "acts", "evidence": "verified"} | changes
    return "  it:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items()) + "    events:\n" + "".join(f"      - {event}\n" for event in events)


def poll(figures: str) -> str:
    """A poll on line 12; its first figure stands in column 55."""
    return f"  it: {{kind: poll, country: west, question: q, {figures}, wave: w, pollster: p, from: 2010, evidence: memory}}\n"


def ally(members: str, name: str = "union", joins: str = "") -> str:
    """An alliance, or a round of accessions to one, on one line."""
    more = f"joins: {joins}, " if joins else ""
    return f"  {name}: {{kind: actor, type: alliance, {more}from: 2010, members: {{{members}}}, evidence: memory}}\n"


def promise(whose: str) -> str:
    return f"  promise: {{kind: commitment, {whose}, from: 2010, text: t, obliges: o, discretion: d, evidence: memory}}\n"
