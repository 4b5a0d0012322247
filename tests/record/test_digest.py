"""Facts of a record by name: their digest, the sources that come with them, and the record written again."""

from __future__ import annotations

from datetime import date

import pytest
from tests.record.small import FACTS, HEAD, ally

from detente.document import dump, parse
from detente.record import Record


def edited(old: str, new: str) -> Record:
    assert (HEAD + FACTS).count(old) == 1
    text = (HEAD + FACTS).replace(old, new)
    return Record.parse(parse(text, "r.yaml"))


def test_it_moves_with_the_facts_used_and_their_sources_alone(record: Record) -> None:
    used = ["north_2010", "shots_2012"]
    before = record.digest_of(used)
    assert edited("value: 300", "value: 301").digest_of(used) == before
    assert edited("published: 2016-06-15", "published: 2016-06-16").digest_of(used) == before
    assert edited("value: 800", "value: 801").digest_of(used) != before
    assert edited("published: 2012-03", "published: 2012-02").digest_of(used) != before
    assert edited("value: 300", "value: 301").digest != record.digest


def test_neither_order_nor_repetition_matters(record: Record) -> None:
    assert record.digest_of(["north_2010", "arms"]) == record.digest_of(iter(["arms", "north_2010", "arms"]))


def test_resolved_facts_come_as_written_with_the_sources_they_cite(record: Record) -> None:
    found = record.resolve(iter(["arms", "shots_2012"]))
    assert list(found["facts"]) == ["shots_2012", "arms"] and list(found["sources"]) == ["acts", "report_2012"]
    assert found["facts"]["shots_2012"]["from"] == "2012-02"


def test_an_accession_comes_with_its_alliance() -> None:
    record = Record.parse(parse(HEAD + ally("west: 2010") + ally("east: 2014", "later", joins="union"), "r.yaml"))
    assert list(record.resolve(["later"])["facts"]) == ["union", "later"]
    assert list(record.resolve(["union"])["facts"]) == ["union"]


def test_a_name_that_is_no_fact_is_an_error(record: Record) -> None:
    with pytest.raises(KeyError, match="nowhere"):
        record.digest_of(["nowhere"])


def test_what_is_dumped_loads_equal(record: Record) -> None:
    again = Record.parse(parse(dump(record.document.data), "again.yaml"))
    assert again.file == record.file and list(again.facts) == list(record.facts) and again.digest == record.digest


def test_facts_of_a_kind_with_given_values_known_on_a_day(record: Record) -> None:
    assert list(record.facts_of("incident", actors="east")) == ["shots_2010", "shots_2012", "collision_2013"]
    assert list(record.facts_of("incident", known=date(2011, 1, 1), type=["shots", "collision"])) == ["shots_2010"]
