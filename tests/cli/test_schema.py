"""`detente schema`, and what `detente new` makes of a schema that lies beside the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from detente.cli import main


@pytest.mark.parametrize("kind", ["scenario", "record", "policies"])
def test_the_schema_of_a_kind_is_printed(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", kind]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["properties"]["format"]["const"] == f"detente/{kind}/1"


def test_a_file_is_written_and_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--file", "detente.schema.json"]) == 0
    assert main(["schema", "--file", "detente.schema.json"]) == 0
    assert main(["schema"]) == 0
    out, err = capsys.readouterr()
    assert (Path("detente.schema.json").read_text(encoding="utf-8"), err) == (out, "wrote detente.schema.json\n" * 2)


@pytest.mark.parametrize("content", ["format: detente/scenario/1\n", '{"title": "mine"}', "[]"])
def test_nothing_else_is_overwritten(content: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.json").write_text(content)
    assert main(["schema", "--file", "mine.json"]) == 2
    assert capsys.readouterr().err == "mine.json: something else is here; only a schema is overwritten; choose another name\n"
    assert Path("mine.json").read_text() == content


def test_new_names_the_schema_only_where_it_lies_beside(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", "before"]) == 0
    assert main(["schema", "--file", "detente.schema.json"]) == 0
    assert main(["new", "after"]) == 0
    before, after = (Path(f"{name}.yaml").read_text(encoding="utf-8").replace(name, "NAME") for name in ("before", "after"))
    assert after == f"# yaml-language-server: $schema=detente.schema.json\n{before}"
    assert main(["check", "after.yaml"]) == 0
