"""The reference is what the program makes of itself and names everything; nothing in the docs asks the reader's browser for more."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from detente.cli.program import COMMANDS, program
from detente.document.shape import is_model
from detente.exports.schema import KINDS
from detente.record.facts import FactBase
from detente.record.source import Window
from detente.scenario.distributions import FAMILIES
from detente.scenario.family import Family

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_reference", DOCS / "generate_reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_those_that_the_program_makes() -> None:
    done = subprocess.run([sys.executable, DOCS / "generate_reference.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_page_with_another_table_is_noticed(generator: ModuleType) -> None:
    """A word changed by hand, or a row left out."""
    pages = {"scenario.md": (DOCS / "reference" / "scenario.md").read_text(encoding="utf-8")}
    for changed in (pages["scenario.md"].replace("events a year", "events a month"), re.sub(r"\| `tempo`.*\n", "", pages["scenario.md"])):
        assert changed != pages["scenario.md"]
        assert generator.filled("scenario.md", {"scenario.md": changed}) != changed


def test_every_model_of_a_file_has_its_table(generator: ModuleType) -> None:
    """Or stands in that of what it is part of: windows, families and kinds of facts."""
    todo: list[Any] = [model for model, _ in KINDS.values()]
    found: set[type[BaseModel]] = set()
    while todo:
        kind = todo.pop()
        if is_model(kind) and kind not in found:
            found.add(kind)
            todo += [info.annotation for info in kind.model_fields.values()]
        todo += get_args(kind)
    pages = {file.name: file.read_text(encoding="utf-8") for file in (DOCS / "reference").glob("*.md")}
    missing = {model for model in found - set(generator.places(pages)) if not issubclass(model, (FactBase, Family, Window))}
    assert len(found) > 30 and missing == set()


@pytest.mark.parametrize("page", sorted(DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_no_heading_stands_twice_on_a_page(page: Path) -> None:
    """Links to it would be links to the first, and mostly it is a part that was put in twice."""
    prose = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^(#+ .*)$", prose, flags=re.MULTILINE)
    assert headings and len(headings) == len(set(headings))
    assert sum(heading.startswith("# ") for heading in headings) == 1


def test_every_family_has_its_row_of_draws() -> None:
    text = (DOCS / "reference" / "distributions.md").read_text(encoding="utf-8").partition("## Draws")[2]
    assert {family for family in FAMILIES if f"| `{family}` |" not in text} == set()


def test_every_example_in_the_help_is_a_command_that_exists() -> None:
    context = click.Context(program)
    for name in COMMANDS:
        command = program.get_command(context, name)
        assert command is not None and command.help is not None
        examples = re.findall(r"detente ([a-z-]+)", command.help.partition("Example:")[2])
        assert examples and set(examples) <= set(COMMANDS)


def test_the_picture_makes_no_outside_request() -> None:
    for picture in (DOCS / "images").glob("*.svg"):
        text = re.sub(r"<!--.*?-->", "", picture.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"@import|@font-face|url\((?!#)|href=|<script|<image", text)
