"""Write the tables of docs/reference: keys from the models that read the files, commands and options from the program, methods from their one table.

    python docs/generate_reference.py            # write them anew
    python docs/generate_reference.py --check    # exit 1 if a page shows others

A page holds prose and places. A place is what stands between `<!-- KIND NAME -->` and `<!-- end -->`: `keys PACKAGE.MODEL`, `kinds`, `families`, `units`,
`commands`, `options`, `methods`, `games`, `orderings`, `replications`. What a key means stands in src/detente/exports/keys.yaml and in the models.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
import click
from pydantic import BaseModel, BeforeValidator
from pydantic.fields import FieldInfo

from detente.cli.program import COMMANDS, program
from detente.document import Absence, Formula, PartialDate
from detente.document.shape import is_model
from detente.document.units import COUNTS
from detente.exports.keys import described, meaning, summary
from detente.exports.methods import methods
from detente.games import catalogue
from detente.insight.measures import Measure
from detente.record.facts import KINDS, FactBase, Year
from detente.scenario.distributions import Distribution

FOLDER = Path(__file__).parent / "reference"
PLACE = re.compile(r"<!-- (keys|families|units|commands|options|methods|kinds|games|orderings|replications)(?: ([\w.]+))? -->\n.*?<!-- end -->", re.DOTALL)
MODULES = (
    "scenario.schema", "scenario.quantities", "scenario.inputs", "scenario.rungs", "scenario.members", "scenario.evidence", "scenario.policies",
    "insight.claims", "record.facts", "record.file", "record.source", "record.query",
)  # fmt: skip
BOUNDS = {annotated_types.Gt: "above {}", annotated_types.Ge: "at least {}", annotated_types.Lt: "below {}", annotated_types.Le: "at most {}"}
WORDS: dict[Any, str] = {
    str: "text", bool: "`true` or `false`", int: "whole number", float: "number", Formula: "formula", Absence: "`{absent: ...}`",
    Measure: "[measure](claims.md#measures)", Any: "anything",
}  # fmt: skip
FAMILY = "a [family](distributions.md) of distributions"
COMMON = ("quiet", "verbose", "debug")


def model_of(name: str) -> type[BaseModel]:
    """The model that a place names, such as `scenario.Quantity`."""
    package, _, model = name.partition(".")
    for module in MODULES:
        found = getattr(import_module(f"detente.{module}"), model, None)
        if module.startswith(package) and is_model(found):
            return found
    raise KeyError(f"no model {name!r} in {', '.join(MODULES)}")


def slug(heading: str) -> str:
    return re.sub(r"[^\w]+", "-", heading.lower()).strip("-")


def places(pages: Mapping[str, str]) -> dict[type[BaseModel], str]:
    """Where each model has its table: page and heading."""
    found = {}
    for name, text in pages.items():
        heading = ""
        for line in text.splitlines():
            if line.startswith("#"):
                heading = slug(line.lstrip("# "))
            elif (place := re.fullmatch(r"<!-- keys ([\w.]+) -->", line)) and place[1] != "scenario.End":
                found[model_of(place[1])] = f"{name}#{heading}"
    return found


class Forms:
    """How the form of a key is told, with links to where the keys of its parts stand."""

    def __init__(self, where: Mapping[type[BaseModel], str], page: str) -> None:
        self.where, self.page = where, page

    def __call__(self, info: FieldInfo) -> str:
        if info.discriminator == "family":
            return FAMILY
        bounds = [BOUNDS[type(each)].format(getattr(each, type(each).__name__.lower())) for each in info.metadata if type(each) in BOUNDS]
        return " ".join([self.form(info.annotation, info.metadata), ", ".join(bounds)]).strip()

    def form(self, kind: Any, metadata: Any = ()) -> str:
        """The form of a type."""
        origin, inner = get_origin(kind), get_args(kind)
        if origin is tuple and any(isinstance(each, BeforeValidator) for each in metadata):
            # Before a list stands a validator that makes a list of its only entry.
            return "name, or list of names" if inner[0] is str else f"{self.form(inner[0])}, or a list of them"
        if origin is Annotated:
            return self.form(inner[0], inner[1:])
        if origin in (Union, types.UnionType) and {bool, int, float, str} <= set(inner):
            return "value, or list of values"
        if origin in (Union, types.UnionType):
            return " or ".join(dict.fromkeys(self.form(each) for each in inner if each is not types.NoneType))
        if origin is Literal:
            return ", ".join(f"`{word}`" for word in inner)
        if origin is tuple:
            return f"list of {self.form(inner[0])}" if inner[-1] is Ellipsis else f"`[{', '.join('...' for _ in inner)}]`, each {self.form(inner[0])}"
        if origin is dict:
            return f"{'year' if inner[0] == Year else 'name'}: {self.form(inner[1])}"
        if is_model(kind):
            return self.link(kind)
        if isinstance(kind, type) and issubclass(kind, PartialDate):
            return "date"
        return WORDS[kind]

    def link(self, model: type[BaseModel]) -> str:
        if issubclass(model, FactBase):
            return "[fact](#kinds)"
        if model not in self.where:
            return f"`{{{', '.join(described(model))}}}`"
        page, _, heading = self.where[model].partition("#")
        return f"[{heading.replace('-', ' ')}]({'' if page == self.page else page}#{heading})"


def table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    """A table of Markdown."""
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)]


def keys(model: type[BaseModel], forms: Forms) -> list[str]:
    """The keys of a model: form, whether it is needed, and what it holds. Of a kind of facts those that not every fact has."""
    common = FactBase.model_fields if issubclass(model, FactBase) and model is not FactBase else {}

    def rows() -> Iterator[tuple[str, ...]]:
        words = described(model)
        for name, info in model.model_fields.items():
            key = info.alias or name
            if name in common:
                continue
            shown = "`family` and its keys" if info.discriminator == "family" else f"`{key}`"
            default = "" if info.is_required() or info.default in (None, "", (), {}, False) else f"; `{info.default}` where not given"
            yield shown, f"**{forms(info)}**" if info.is_required() else forms(info), words[key] + default

    return table(("key", "form (bold: needed)", "what it holds"), rows())


def end() -> list[str]:
    """The keys of an end of a game."""
    kinds = {"to": "text", "payoff": "name: formula, or name: `{mood: formula}`"}
    return table(("key", "form", "what it holds"), ((f"`{key}`", kinds.get(key, "text"), words) for key, words in meaning("scenario", "End").items()))


def families() -> list[str]:
    """Distributions with their keys."""

    def rows() -> Iterator[tuple[str, ...]]:
        for model in get_args(get_args(Distribution)[0]):
            words = described(model)
            told = [
                f"`{key}`: {words[key]}" + ("" if info.is_required() else f" ({info.default:g} where not given)")
                for key, info in model.model_fields.items() if key != "family"
            ]
            yield f"`{model.model_fields['family'].default}`", summary(model).removesuffix("."), "; ".join(told)

    return table(("`family`", "what it is", "keys"), rows())


def commands() -> list[str]:
    """One line for each command."""
    context = click.Context(program, info_name="detente")

    def rows() -> Iterator[tuple[str, ...]]:
        for name in COMMANDS:
            command = program.get_command(context, name)
            assert command is not None
            arguments = [str(each.make_metavar(context)) for each in command.params if isinstance(each, click.Argument)]
            yield f"[`{' '.join([name, *arguments])}`](#{name})", paragraphs(command)[0]

    return table(("command", "what it does"), rows())


def paragraphs(command: click.Command) -> list[str]:
    """The help of a command without its example."""
    text = (command.help or "").partition("\b")[0].partition("\f")[0]
    return [" ".join(part.split()) for part in text.split("\n\n") if part.strip()]


def options() -> list[str]:
    """Every command with what it says of itself, its examples and its options."""
    context, lines = click.Context(program, info_name="detente"), list[str]()
    for name in COMMANDS:
        command = program.get_command(context, name)
        assert command is not None and command.help is not None
        examples = [line.removeprefix("Example:").strip() for line in command.help.partition("\b")[2].strip().splitlines()]
        lines += [f"### {name}", "", *(line for part in paragraphs(command) for line in (part, "")), "```bash", *examples, "```", ""]
        own = [each for each in command.params if isinstance(each, click.Option) and each.name not in COMMON]
        lines += [*table(("option", "what it does", "variable"), (option(each) for each in own)), ""] if own else []
    common = [each for each in command.params if isinstance(each, click.Option) and each.name in COMMON]
    return [*lines, "### Options of every command", "", *table(("option", "what it does", "variable"), (option(each) for each in common))]


def option(param: click.Option) -> tuple[str, ...]:
    """One option: its words, what it does, and its variable."""
    words = ", ".join(sorted(param.opts, key=len))
    metavar = f" {param.metavar}" if param.metavar else ""
    default = f"  [default: {param.default}]" if param.show_default else ""
    return f"`{words}{metavar}`", (param.help or "") + default, f"`{param.envvar}`"


def works() -> list[str]:
    """The methods, and who wrote of them."""

    def rows() -> Iterator[tuple[str, ...]]:
        for method in methods():
            made = method.entry
            doi = f" [doi {made['doi']}](https://doi.org/{made['doi']})" if "doi" in made else ""
            where = ", ".join(filter(None, (made.get("in"), made.get("volume"), made.get("publisher"))))
            yield method.use, f"{made['author'].replace(' and ', '; ')} ({made['year']}). {made['title']}. {where}.{doi}", f"`{method.key}`"

    return table(("what it does here", "work", "key"), rows())


def games() -> list[str]:
    """The catalogue of classic games."""
    head = ("name", "what it is", "players", "information", "closed form", "source", "what is published, what is ours")

    def rows() -> Iterator[tuple[str, ...]]:
        for entry in catalogue():
            closed = "all numbers" if entry.form == "model" else "equilibria"
            yield f"`{entry.name}`", entry.title, ", ".join(entry.players), entry.information, closed, entry.citation, entry.provenance

    return table(head, rows())


def orderings() -> list[str]:
    """What the arguments of each game must fulfil."""
    return table(("name", "demanded"), ((f"`{entry.name}`", "; ".join(f"`{each}`" for each in entry.orderings)) for entry in catalogue()))


def replicated() -> list[str]:
    """Published numbers beside ours, computed now."""
    sys.path.insert(0, str(FOLDER.parents[1]))
    try:
        from tests.published.registry import replications
    finally:
        sys.path.pop(0)

    def rows() -> Iterator[tuple[str, ...]]:
        for one in replications():
            shown = f"{one.ours():.{len(one.published.partition('.')[2]) + 2}f}"
            yield one.source, one.quantity, one.published, shown, one.status + (f": {one.why}" if one.why else "")

    return table(("published in", "quantity", "published", "ours", "status"), rows())


def kinds(forms: Forms) -> list[str]:
    """The kinds of facts with their own keys."""
    return [line for name, model in KINDS.items() for line in (f"### {name}", "", *keys(model, forms), "")][:-1]


def filled(name: str, pages: Mapping[str, str]) -> str:
    """A page with its tables."""
    forms = Forms(places(pages), name)

    def write(place: re.Match[str]) -> str:
        kind, what = place[1], place[2]
        if kind == "keys":
            lines = end() if what == "scenario.End" else keys(model_of(what), forms)
        else:
            made = {
                "families": families, "commands": commands, "options": options, "methods": works, "kinds": lambda: kinds(forms),
                "games": games, "orderings": orderings, "replications": replicated,
            }  # fmt: skip
            lines = made[kind]() if kind in made else [", ".join(f"`{each}`" for each in COUNTS) + "."]
        return "\n".join([place[0].partition("\n")[0], "", *lines, "", "<!-- end -->"])

    return PLACE.sub(write, pages[name])


def main(check: bool) -> int:
    pages = {file.name: file.read_text(encoding="utf-8") for file in sorted(FOLDER.glob("*.md"))}
    stale = [name for name in pages if filled(name, pages) != pages[name]]
    for name in stale:
        if check:
            print(f"docs/reference/{name}: its tables are not those of the program; run python docs/generate_reference.py", file=sys.stderr)
        else:
            (FOLDER / name).write_text(filled(name, pages), encoding="utf-8", newline="\n")
    return int(check and bool(stale))


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
