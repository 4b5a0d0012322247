"""What the README and the docs show is run: Python blocks, and console blocks of `detente` commands.

Blocks of one file share a namespace and a temporary working folder and run in order. A console block is marked
"console exit=2" when its commands are meant to exit with that status. The lines below a command are what it prints: each must
be a line of its output, in that order, and without gaps except where a line is "...". A block yaml title="NAME" is saved under
that name: its sections and items take the place of those that the file has, or are added. Blocks under other labels (bash, yaml, text) are not run; a
block without a label is an error.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [page for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))] if page.exists()]
PROGRAM = [sys.executable, "-c", "import sys; from detente.cli import main; sys.argv[0] = 'detente'; sys.exit(main())"]
FENCE = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,})(?P<label>.*)$")


@dataclass(frozen=True)
class Block:
    label: str
    line: int
    text: str


def blocks(markdown: str) -> list[Block]:
    found: list[Block] = []
    lines = iter(enumerate(markdown.splitlines(), start=1))
    for number, line in lines:
        opening = FENCE.match(line)
        if opening is None:
            continue
        inside = []
        for _, inner in lines:
            if inner.strip() == opening["fence"]:
                break
            inside.append(inner.removeprefix(opening["indent"]))
        found.append(Block(opening["label"].strip(), number, "\n".join(inside) + "\n"))
    return found


def run_console(block: Block, page: Path) -> None:
    expected = re.fullmatch(r"console(?: exit=(\d+))?", block.label)
    assert expected, f"{page.name}:{block.line}: unknown mark in {block.label!r}"
    commands: list[tuple[str, list[str]]] = []
    for line in block.text.replace("\\\n", " ").splitlines():
        if line.startswith("$ "):
            commands.append((line[2:], []))
        else:
            assert commands, f"{page.name}:{block.line}: a console block must begin with a command"
            commands[-1][1].append(line)
    assert commands, f"{page.name}:{block.line}: a console block without a command"
    for command, shown in commands:
        name, *arguments = shlex.split(command, comments=True)
        assert name == "detente", f"{page.name}:{block.line}: {name} is not run here; put it in a bash block"
        environment = {**os.environ, "COLUMNS": "100", "PYTHONUTF8": "1"}
        done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=300, env=environment)
        assert done.returncode == int(expected[1] or 0), (
            f"{page.name}:{block.line}: {command}\nexit {done.returncode}\n{done.stdout}{done.stderr}"
        )
        printed = (done.stdout + done.stderr).splitlines()
        assert matches(shown, printed), f"{page.name}:{block.line}: {command} prints\n" + "\n".join(printed)


def save(block: Block) -> None:
    """Put the sections and items of a block into the file that it names, in the place of those of the same name, or last."""
    name = re.fullmatch(r'yaml title="([\w.-]+)"', block.label)
    assert name, f"line {block.line}: unknown mark in {block.label!r}"
    file = Path(name[1])
    sections: dict[str, dict[str, str]] = {}
    for text in (file.read_text(encoding="utf-8") if file.exists() else "", block.text):
        for section in re.split(r"^(?=\w+:)", text, flags=re.MULTILINE)[1:]:
            head, *items = re.split(r"^(?=  \w+:)", section, flags=re.MULTILINE)
            known = sections.setdefault(head.partition(":")[0], {})
            known |= {part.partition(":")[0]: f"{part.rstrip()}\n" for part in (head, *items)}
    file.write_text("".join(("\n" if len(parts) > 1 else "") + "".join(parts.values()) for parts in sections.values()), encoding="utf-8")


def matches(shown: list[str], printed: list[str]) -> bool:
    """Whether lines on a page are lines of an output; "..." stands for any number of lines, and the end may be left out."""
    place, anywhere = 0, False
    for line in shown:
        if line.strip() == "...":
            anywhere = True
            continue
        here = printed[place:] if anywhere else printed[place : place + 1]
        if line.rstrip() not in here:
            return False
        place, anywhere = place + here.index(line.rstrip()) + 1, False
    return True


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_page_runs_as_written(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Python block and every `detente` command on the page works, in the order in which a reader meets them."""
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page.read_text(encoding="utf-8")):
        assert block.label, f"{page.name}:{block.line}: a code block without a label"
        if block.label == "python":
            # The blank lines make a traceback show the line of the page.
            exec(compile("\n" * block.line + block.text, str(page), "exec"), namespace)
        elif block.label.split()[0] == "console":
            run_console(block, page)
        elif block.label.startswith("yaml title="):
            save(block)


def test_blocks_are_found_with_label_line_and_text() -> None:
    """The reader of pages sees indented, longer and unlabelled fences for what they are."""
    page = "a\n```python\nx = 1\n```\n\n- item\n\n  ````console exit=2\n  $ detente\n  ```\n  ````\n```\nbare\n```\n"
    assert blocks(page) == [
        Block("python", 2, "x = 1\n"),
        Block("console exit=2", 8, "$ detente\n```\n"),
        Block("", 12, "bare\n"),
    ]


def test_a_block_with_the_name_of_a_file_changes_what_it_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Items and sections take the place of those of the same name; new ones come last."""
    monkeypatch.chdir(tmp_path)
    save(Block('yaml title="a.yaml"', 1, "one: 1   # why\n\ntwo:\n  a: 1\n  b:\n    c: 2\n"))
    save(Block('yaml title="a.yaml"', 1, "two:\n  a: 3\n  d: 4\none: 5\nlast: [6]\n"))
    assert Path("a.yaml").read_text() == "one: 5\n\ntwo:\n  a: 3\n  b:\n    c: 2\n  d: 4\nlast: [6]\n"


def test_shown_output_is_the_output() -> None:
    """A line that is not printed, or printed elsewhere, is noticed."""
    printed = ["a", "b", "c", "d"]
    assert (
        matches([], printed)
        and matches(["a", "b"], printed)
        and matches(["...", "c", "d"], printed)
        and matches(["a", "...", "d"], printed)
    )
    assert (
        not matches(["b"], printed)
        and not matches(["a", "c"], printed)
        and not matches(["...", "c", "b"], printed)
        and not matches(["e"], printed)
    )
