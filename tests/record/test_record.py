"""A small record, asked as of several days; and records that are refused, with every problem at its place."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from detente.document import Absence, dump, parse
from detente.errors import InvalidInput
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


def make(facts: str = FACTS, head: str = HEAD) -> Record:
    return Record.parse(parse(head + facts, "r.yaml"))


@pytest.fixture(scope="module")
def record() -> Record:
    return make()


def ask(record: Record, query: dict[str, Any], at: date, known: date | None = None) -> Reading:
    return record.read(Query.model_validate(query), at=at, known=known or at)


class TestFiguresOfADay:
    def test_the_value_that_holds_on_the_day(self, record: Record) -> None:
        assert ask(record, NORTH, date(2012, 1, 1)) == Reading(800.0, "troops", ("north_2010",))

    def test_a_later_fact_of_the_same_subject_replaces_from_its_first_day(self, record: Record) -> None:
        assert ask(record, NORTH, date(2013, 4, 30), LATE).value == 800
        assert ask(record, NORTH, date(2013, 5, 1), LATE).value == 1000

    def test_a_fact_counts_from_the_day_on_which_its_source_appeared(self, record: Record) -> None:
        """The 1,000 of 2013 were printed on 15 June 2016."""
        assert ask(record, NORTH, DAY, date(2016, 6, 14)) == Reading(800.0, "troops", ("north_2010",))
        assert ask(record, NORTH, DAY, date(2016, 6, 15)).value == 1000

    def test_a_contradicting_figure_is_a_rival_and_is_never_averaged_in(self, record: Record) -> None:
        assert ask(record, NORTH, DAY, LATE).rivals == ("north_2013_other",)
        assert ask(record, NORTH, DAY, LATE).value == 1000
        assert ask(record, NORTH, DAY, date(2016, 6, 14)).rivals == ()

    def test_a_total_adds_what_holds_until_its_last_possible_day(self, record: Record) -> None:
        assert ask(record, NATO, date(2015, 8, 31)) == Reading(1100.0, "troops", ("north_2010", "south_2011"))
        assert ask(record, NATO, date(2015, 9, 1)) == Reading(800.0, "troops", ("north_2010",))

    def test_an_absent_figure_makes_the_total_absent_and_a_stated_zero_is_zero(self, record: Record) -> None:
        east = {**NATO, "where": {"side": "russia"}}
        assert ask(record, east, date(2011, 1, 1)) == Reading(Absence.NOT_OBSERVED, "troops", ("east_2010",))
        assert ask(record, east, date(2012, 1, 1)) == Reading(0.0, "troops", ("east_2012",))

    def test_no_fact_is_an_absence(self, record: Record) -> None:
        assert ask(record, NATO, date(2009, 12, 31)) == Reading(Absence.NOT_OBSERVED)

    @pytest.mark.parametrize("query", [NATO, {**NORTH, "take": "latest"}, ARMS, {**SHOTS, "window": {"from": 2010, "until": 2011}}])
    def test_before_the_coverage_nothing_is_known_and_that_is_no_zero(self, record: Record, query: dict[str, Any]) -> None:
        assert ask(record, query, date(1999, 12, 31), LATE).value is Absence.OUTSIDE_COVERAGE

    def test_a_side_is_any_word(self) -> None:
        record = Record.parse(parse(HEAD + FACTS.replace("side: nato", "side: coast"), "record.yaml"))
        assert record.read(Query.model_validate({**NATO, "where": {"side": "coast"}}), at=DAY, known=LATE).value == 1000
        assert [problem.where for problem in record.problems(Query.model_validate(NATO))] == ["where.side"]

    def test_a_list_means_any_of_them(self, record: Record) -> None:
        assert ask(record, {**NATO, "where": {"host": ["south", "east"]}}, date(2012, 6, 1)).value == 300

    def test_the_latest_is_the_newest_that_was_known(self, record: Record) -> None:
        assert ask(record, DOCTRINE, date(2013, 12, 31)).value == 1
        assert ask(record, DOCTRINE, date(2014, 1, 1)) == Reading(1.5, "1", ("doctrine_2014",))
        assert ask(record, DOCTRINE, date(2014, 1, 1), date(2013, 12, 31)).value == 1

    def test_several_figures_where_one_is_asked_for_are_an_error(self, record: Record) -> None:
        with pytest.raises(InvalidInput, match="2 facts: north_2010, south_2011"):
            ask(record, {**NATO, "take": "value"}, date(2012, 1, 1))


class TestYearsAndCounts:
    def test_the_mean_over_years(self, record: Record) -> None:
        assert ask(record, {**FLIGHTS, "take": "mean", "years": [2010, 2012]}, DAY) == Reading(30.0, "1/year", ("flights",), ("flights_2011_other",))

    def test_a_rival_of_another_year_is_none(self, record: Record) -> None:
        assert ask(record, {**FLIGHTS, "take": "mean", "years": [2012, 2012]}, DAY) == Reading(60.0, "1/year", ("flights",))

    @pytest.mark.parametrize(("years", "absence"), [
        ([2009, 2010], Absence.OUTSIDE_COVERAGE), ([2014, 2015], Absence.OUTSIDE_COVERAGE), ([2012, 2014], Absence.NOT_OBSERVED),
    ])  # fmt: skip
    def test_a_year_that_is_not_covered_or_not_there_makes_no_mean(self, record: Record, years: list[int], absence: Absence) -> None:
        assert ask(record, {**FLIGHTS, "take": "mean", "years": years}, DAY) == Reading(absence)

    def test_a_year_is_known_when_it_is_over_or_printed(self, record: Record) -> None:
        """Acts without a date of publication are known on their own first day: a yearly figure on 1 January of its year."""
        query = {**FLIGHTS, "take": "mean", "years": [2012, 2012]}
        assert ask(record, query, DAY, date(2011, 12, 31)).value is Absence.NOT_OBSERVED
        assert ask(record, query, DAY, date(2012, 1, 1)).value == 60

    def test_yearly_figures_hold_for_their_year(self, record: Record) -> None:
        query = {**FLIGHTS, "take": "value"}
        assert ask(record, query, date(2011, 12, 31), LATE).value == 20
        assert ask(record, query, date(2013, 1, 1), LATE).value is Absence.NOT_OBSERVED

    def test_a_count_in_a_window_of_what_was_known(self, record: Record) -> None:
        query = {**SHOTS, "window": {"from": 2010, "until": "2012-02"}}
        assert ask(record, query, DAY) == Reading(2.0, "1", ("shots_2010", "shots_2012"))
        assert ask(record, query, DAY, date(2012, 2, 29)) == Reading(1.0, "1", ("shots_2010",))

    def test_nothing_in_a_covered_window_is_zero(self, record: Record) -> None:
        assert ask(record, {**SHOTS, "window": {"from": 2005, "until": 2009}}, DAY) == Reading(0.0)

    @pytest.mark.parametrize(("window", "absence"), [
        ((1999, 2010), Absence.OUTSIDE_COVERAGE), ((2010, 2021), Absence.OUTSIDE_COVERAGE), ((2010, 2016), Absence.NOT_OBSERVED),
    ])  # fmt: skip
    def test_a_window_beyond_the_coverage_or_not_yet_over_has_no_count(self, record: Record, window: tuple[int, int], absence: Absence) -> None:
        assert ask(record, {**SHOTS, "window": {"from": window[0], "until": window[1]}}, DAY).value is absence


class TestTreaty:
    @pytest.mark.parametrize(("day", "north", "east"), [
        (date(2003, 12, 31), "not signed", "not signed"),
        (date(2004, 12, 31), "signed", "signed"),
        (date(2005, 1, 1), "in_force", "in_force"),
        (date(2009, 6, 1), "in_force", "suspended"),
        (date(2010, 6, 1), "in_force", "in_force"),
        (date(2018, 2, 28), "in_force", "in_force"),
        (date(2018, 3, 1), "in_force", "withdrawn"),
        (date(2020, 1, 1), "expired", "withdrawn"),
    ])  # fmt: skip
    def test_status_by_party(self, record: Record, day: date, north: str, east: str) -> None:
        found = {party: ask(record, {"treaty": "arms", "take": "status", "party": party}, day).value for party in ("north", "east")}
        assert found == {"north": north, "east": east}
        assert ask(record, ARMS, day).value == float(north == east == "in_force"), "without a party it must bind all"

    def test_a_known_end_ends_it_unless_the_extension_was_known(self, record: Record) -> None:
        assert ask(record, ARMS, date(2014, 12, 31), date(2014, 12, 19)).value == 1
        assert ask(record, ARMS, date(2015, 1, 1), date(2014, 12, 19)).value == 0
        assert ask(record, ARMS, date(2015, 1, 1), date(2014, 12, 20)).value == 1

    def test_resuming_keeps_the_end_that_was_known(self, record: Record) -> None:
        assert ask(record, {**ARMS, "party": "east"}, date(2015, 1, 1), date(2011, 1, 1)).value == 0

    def test_changes_ahead_are_those_known_by_then(self, record: Record) -> None:
        def changes(known: date, party: str = "north") -> set[date]:
            return record.changes(Query.model_validate({**ARMS, "party": party}), known, date(2030, 1, 1), known=known)

        assert changes(date(2011, 1, 1)) == {date(2015, 1, 1)}
        assert changes(date(2016, 1, 1), "east") == {date(2020, 1, 1)}
        assert changes(date(2017, 9, 1), "east") == {date(2018, 3, 1)}, "a withdrawal announced ahead"


def test_changes_of_a_total_are_its_facts_beginnings_and_ends(record: Record) -> None:
    query = Query.model_validate(NATO)
    assert record.changes(query, date(2009, 1, 1), LATE, known=LATE) == {date(2010, 1, 1), date(2011, 1, 1), date(2013, 5, 1), date(2015, 9, 1)}
    assert record.changes(query, date(2011, 1, 1), LATE, known=DAY) == {date(2015, 9, 1)}, "the end was stated, the 1,000 not yet printed"


class TestDigest:
    def edited(self, old: str, new: str) -> Record:
        assert (HEAD + FACTS).count(old) == 1
        text = (HEAD + FACTS).replace(old, new)
        return Record.parse(parse(text, "r.yaml"))

    def test_it_moves_with_the_facts_used_and_their_sources_alone(self, record: Record) -> None:
        used = ["north_2010", "shots_2012"]
        before = record.digest_of(used)
        assert self.edited("value: 300", "value: 301").digest_of(used) == before
        assert self.edited("published: 2016-06-15", "published: 2016-06-16").digest_of(used) == before
        assert self.edited("value: 800", "value: 801").digest_of(used) != before
        assert self.edited("published: 2012-03", "published: 2012-02").digest_of(used) != before
        assert self.edited("value: 300", "value: 301").digest != record.digest

    def test_neither_order_nor_repetition_matters(self, record: Record) -> None:
        assert record.digest_of(["north_2010", "arms"]) == record.digest_of(iter(["arms", "north_2010", "arms"]))

    def test_resolved_facts_come_as_written_with_the_sources_they_cite(self, record: Record) -> None:
        found = record.resolve(iter(["arms", "shots_2012"]))
        assert list(found["facts"]) == ["shots_2012", "arms"] and list(found["sources"]) == ["acts", "report_2012"]
        assert found["facts"]["shots_2012"]["from"] == "2012-02"

    def test_an_accession_comes_with_its_alliance(self) -> None:
        record = Record.parse(parse(HEAD + ally("west: 2010") + ally("east: 2014", "later", joins="union"), "r.yaml"))
        assert list(record.resolve(["later"])["facts"]) == ["union", "later"]
        assert list(record.resolve(["union"])["facts"]) == ["union"]

    def test_a_name_that_is_no_fact_is_an_error(self, record: Record) -> None:
        with pytest.raises(KeyError, match="nowhere"):
            record.digest_of(["nowhere"])


def test_what_is_dumped_loads_equal(record: Record) -> None:
    again = Record.parse(parse(dump(record.document.data), "again.yaml"))
    assert again.file == record.file and list(again.facts) == list(record.facts) and again.digest == record.digest


def test_facts_of_a_kind_with_given_values_known_on_a_day(record: Record) -> None:
    assert list(record.facts_of("incident", actors="east")) == ["shots_2010", "shots_2012", "collision_2013"]
    assert list(record.facts_of("incident", known=date(2011, 1, 1), type=["shots", "collision"])) == ["shots_2010"]


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


def fact(**changes: str) -> str:
    """A deployment on line 12, whose keys stand on lines 13 and on."""
    keys = {"kind": "deployment", "side": "nato", "host": "west", "force": "ground", "value": "5", "unit": "troops", "from": "2010",
            "source": "acts", "evidence": "verified"} | changes  # fmt: skip
    return "  it:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items() if value)


def treaty(*events: str, **changes: str) -> str:
    """A treaty on line 12; its first event stands on line 18."""
    keys = {"kind": "treaty", "parties": "[north, east]", "source": "acts", "evidence": "verified"} | changes
    return "  it:\n" + "".join(f"    {key}: {value}\n" for key, value in keys.items()) + "    events:\n" + "".join(f"      - {event}\n" for event in events)


IN_FORCE = "{date: 2005, event: in_force, evidence: memory}"
ENDS = "{date: 2005, event: in_force, expires: 2011-02-05, evidence: memory}"


def poll(figures: str) -> str:
    """A poll on line 12; its first figure stands in column 55."""
    return f"  it: {{kind: poll, country: west, question: q, {figures}, wave: w, pollster: p, from: 2010, evidence: memory}}\n"


def ally(members: str, name: str = "union", joins: str = "") -> str:
    """An alliance, or a round of accessions to one, on one line."""
    more = f"joins: {joins}, " if joins else ""
    return f"  {name}: {{kind: actor, type: alliance, {more}from: 2010, members: {{{members}}}, evidence: memory}}\n"


def promise(whose: str) -> str:
    return f"  promise: {{kind: commitment, {whose}, from: 2010, text: t, obliges: o, discretion: d, evidence: memory}}\n"


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
