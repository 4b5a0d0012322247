"""Whatever cannot be read as a file of the right format is one problem, never a traceback."""

import os
from pathlib import Path

import pytest

from detente.document import check_format, parse, read
from detente.errors import InvalidInput


def refusal(source: Path | str) -> str:
    with pytest.raises(InvalidInput) as caught:
        read(source)
    (problem,) = caught.value.problems
    return str(problem)


def test_places_name_the_file_as_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    document = read(path)
    assert document.data == {"a": 1} and document.where(("a",)) == f"{path}:1:4"


def test_a_missing_file(tmp_path: Path) -> None:
    assert refusal(tmp_path / "no.yaml") == f"{tmp_path}/no.yaml: there is no such file; check the path"


def test_a_directory(tmp_path: Path) -> None:
    assert "this is a directory" in refusal(str(tmp_path))


def test_an_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "s.yaml"
    path.write_text("a: 1\n", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert "the file may not be read" in refusal(path)


def test_a_circle_of_links(tmp_path: Path) -> None:
    link = tmp_path / "s.yaml"
    link.symlink_to(link)
    assert "the file cannot be read" in refusal(link)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in refusal(tmp_path / "pipe")


def test_a_name_with_a_null_character() -> None:
    assert "the file cannot be read" in refusal("a\0b")


def test_a_file_above_8_megabytes(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"#" * 8_000_001)
    assert "larger than 8 MB" in refusal(path)


def test_a_binary_file(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes(b"a: 1\nb: \xff\xd8\x00")
    assert refusal(path).startswith(f"{path}:2:4: the file is not UTF-8 text")


def test_a_utf_16_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "s.yaml"
    path.write_bytes("a: 1\n".encode("utf-16"))
    assert "it looks like UTF-16" in refusal(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("- a", "not a mapping"),
        ("title: x", "`format` is missing"),
        ("format: 3", "'3' is no format"),
        ("format: detente/scenario/0", "is no format"),
        ("format: detente/record/1", "this is a record file"),
        ("format: detente/scenaro/1", "did you mean 'scenario'?"),
        ("format: detente/scenario/2", "reads detente/scenario/1 and older"),
        ("title: x\nformat: detente/scenario/1", "f.yaml:2:1: `format` is not the first key"),
    ],
)
def test_another_format_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=r".") as caught:
        check_format(parse(text, "f.yaml"), "scenario", newest=1)
    assert said in str(caught.value)


def test_an_older_format_is_read() -> None:
    check_format(parse("format: detente/scenario/1\n"), "scenario", newest=3)
