"""The reference names everything that exists, and nothing in the docs asks the reader's browser for more."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from detente.cli.program import COMMANDS, program
from detente.scenario import evidence, schema
from detente.scenario.distributions import FAMILIES
from detente.scenario.policies import PolicyFile

DOCS = Path(__file__).parents[2] / "docs"
PARTS = {
    "Top level": schema.Scenario,
    "actors": schema.Actor,
    "quantities": schema.Quantity,
    "correlations": schema.Correlation,
    "drivers": schema.Driver,
    "contingencies": schema.Contingency,
    "policies": schema.Policy,
    "A file of policies": PolicyFile,
    "rungs": schema.RungItem,
    "moves": schema.MoveItem,
    "games": schema.GameItem,
    "switches": schema.Switch,
    "regimes": schema.Regime,
    "history": evidence.HistoryItem,
    "figures": evidence.Figure,
    "cases": evidence.Cases,
}


def section(page: str, title: str) -> str:
    text = (DOCS / "reference" / page).read_text(encoding="utf-8")
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {title!r}"
    return found[1]


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


@pytest.mark.parametrize(("title", "model"), PARTS.items(), ids=str)
def test_the_scenario_reference_has_every_key_and_no_other(title: str, model: type[BaseModel]) -> None:
    """The first column of each table lists the keys of that part of the schema."""
    first_column = " ".join(re.findall(r"^\| (`[^|]*) \|", section("scenario.md", title), re.MULTILINE))
    named = set(re.findall(r"`([a-z_]+)`", first_column)) - {"family"}
    assert named | ({"title", "unit"} if title == "drivers" else set()) == keys_of(model)


def test_every_family_is_in_the_reference() -> None:
    text = (DOCS / "reference" / "distributions.md").read_text(encoding="utf-8")
    assert {family for family in FAMILIES if f"| `{family}` |" not in text} == set()


def test_every_command_and_option_is_in_the_reference() -> None:
    text = (DOCS / "reference" / "commands.md").read_text(encoding="utf-8")
    context = click.Context(program)
    for name in COMMANDS:
        assert f"| `{name}" in text
        command = program.get_command(context, name)
        assert command is not None
        for parameter in command.params:
            for option in parameter.opts:
                assert not option.startswith("--") or option in ("--verbose", "--help") or f"`{option}" in text, f"{name} {option}"


def test_every_example_in_the_help_is_a_command_that_exists() -> None:
    context = click.Context(program)
    for name in COMMANDS:
        command = program.get_command(context, name)
        assert command is not None and command.help is not None
        examples = re.findall(r"detente ([a-z]+)", command.help.partition("Example:")[2])
        assert examples and set(examples) <= set(COMMANDS)


def test_the_picture_makes_no_outside_request() -> None:
    for picture in (DOCS / "images").glob("*.svg"):
        text = re.sub(r"<!--.*?-->", "", picture.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"@import|@font-face|url\((?!#)|href=|<script|<image", text)
