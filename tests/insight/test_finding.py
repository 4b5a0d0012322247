"""Sentences that claim something, found in texts, and files that are no text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from detente.cli import main
from detente.errors import InvalidInput
from detente.insight.claims import load_claims
from detente.insight.finding import draft, find_claims, read_article

TEXT = """\
It rained. Mr. Smith of the U.S. Navy said so. War is highly
likely to follow, and peace is unlikely.

Experts warn of it! The place where it is most likely to begin is here.
"""


def test_sentences_are_found_with_their_lines_and_bands() -> None:
    found = find_claims(TEXT)
    assert [(each.line, [term for term, _ in each.terms], each.attributed, each.compares) for each in found] == [
        (1, [], True, False), (1, ["highly likely", "unlikely"], False, False), (4, [], True, False), (4, [], False, True),
    ]  # fmt: skip
    assert found[0].text == "Mr. Smith of the U.S. Navy said so." and found[1].text == "War is highly likely to follow, and peace is unlikely."
    assert [(band.low, band.high) for _, band in found[1].terms] == [(0.8, 0.9), (0.25, 0.35)]
    assert [term for each in find_claims("It is very likely.", "icd203") for term, _ in each.terms] == ["very likely"]


def test_a_draft_with_a_day_is_a_sound_file_whose_quotes_are_short(tmp_path: Path) -> None:
    long = f'He said: "{"word " * 30}is highly likely {"to go on " * 10}\\ {{[#: é".'
    file = tmp_path / "draft.yaml"
    file.write_text(draft(find_claims(TEXT + long), "a: \"b\" # c", "first-steps", said=date(2026, 1, 1)), encoding="utf-8")
    loaded = load_claims(file).file
    assert len(loaded.claims) == 5 and all(len(claim.text.split()) <= 15 for claim in loaded.claims.values())
    assert "highly likely" in loaded.claims["A05"].text and loaded.title == 'Claims of a: "b" # c (a draft)'
    file.write_text(draft(find_claims(TEXT), "text", "first-steps"), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"'when\?' is not a date"):
        load_claims(file)


@pytest.mark.parametrize(("content", "said"), [
    (b"War is likely.\nBut caf\xe9s are open.", "article.txt:2: it is not UTF-8 text; byte 0xe9 is of another encoding, or none; save it as UTF-8"),
    ("War is likely.".encode("utf-16"), "it is not UTF-8 text; it looks like UTF-16"),
    (b"\x7fELF\x00\x01likely", "it is no text; it holds bytes that no text has; save the article as plain text in UTF-8"),
    (b"likely " * 800_000, "it has 5.6 MB; no article has more than 5; cut out the text that is meant"),
    (b"It rained.", "it claims nothing that could be found"),
])  # fmt: skip
def test_what_is_no_article_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, said: str) -> None:
    file = tmp_path / "article.txt"
    file.write_bytes(content)
    assert main(["find-claims", str(file)]) == 2
    told = capsys.readouterr()
    assert said in told.err and told.out == ""


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.txt", "no such file"), (tmp_path, "it is no file")):
        with pytest.raises(InvalidInput, match=said):
            read_article(path)
