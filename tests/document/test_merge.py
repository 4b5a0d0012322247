"""`extends`: items replace items of the same name whole, null removes, and places stay with the text."""

import pytest

from detente.document import merge, parse
from detente.errors import InvalidInput

BASE = parse("format: f\nrungs:\n  a: {t: 1, u: 2}\n  b: {t: 1}\n  c: {t: 1}\npairs: [x]\nhorizon: 10\n", "base.yaml")


def test_items_are_joined_by_name_and_replaced_whole_in_their_rank() -> None:
    merged = merge(BASE, parse("rungs:\n  d: {t: 4}\n  b: {u: 9}\nextends: base\n", "over.yaml"))
    assert merged.data["rungs"] == {"a": {"t": 1, "u": 2}, "b": {"u": 9}, "c": {"t": 1}, "d": {"t": 4}}
    assert list(merged.data["rungs"]) == ["a", "b", "c", "d"]
    assert merged.name == "over.yaml" and merged.data["extends"] == "base"


def test_null_removes_an_item_or_a_section() -> None:
    merged = merge(BASE, parse("rungs: {b: null}\npairs: null\n"))
    assert list(merged.data["rungs"]) == ["a", "c"] and "pairs" not in merged.data


def test_lists_and_single_values_are_replaced() -> None:
    merged = merge(BASE, parse("pairs: [y, z]\nhorizon: 5\n"))
    assert merged.data["pairs"] == ["y", "z"] and merged.data["horizon"] == 5


def test_every_part_keeps_the_place_at_which_it_was_written() -> None:
    merged = merge(BASE, parse("rungs:\n  b:\n    u: 9\n  d: {}\nnew: {k: 1}\n", "over.yaml"))
    assert merged.where(("rungs", "a", "u")) == "base.yaml:3:16"
    assert merged.where(("rungs", "b", "u")) == "over.yaml:3:8"
    assert merged.where(("rungs", "d"), key=True) == "over.yaml:4:3"
    assert merged.where(("new", "k")) == "over.yaml:5:10"
    assert merged.where(("as_of",)) == "over.yaml:1:1"
    assert merged.where(("rungs", "b", "t")) == "over.yaml:2:3"


def test_merging_leaves_both_documents_alone() -> None:
    over = parse("rungs: {a: null, b: {t: 2}}\n")
    before = repr((BASE.data, over.data, BASE.place, over.place))
    merge(BASE, over)
    assert repr((BASE.data, over.data, BASE.place, over.place)) == before


def test_merging_an_empty_mapping_changes_nothing() -> None:
    assert merge(BASE, parse("{}")).data == BASE.data


def test_removing_what_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidInput) as caught:
        merge(BASE, parse("rungs: {bb: null}\npair: null\nnew: {k: null}\n", "over.yaml"))
    assert [str(problem).split("; ")[::2] for problem in caught.value.problems] == [
        ["over.yaml:1:9: null removes 'bb', which the extended file has not", "did you mean 'b'?"],
        ["over.yaml:2:1: null removes 'pair', which the extended file has not", "did you mean 'pairs'?"],
        ["over.yaml:3:7: null removes 'k', which the extended file has not", "remove the line"],
    ]


def test_only_mappings_are_merged() -> None:
    with pytest.raises(InvalidInput, match="not a mapping"):
        merge(BASE, parse("- a"))
