"""What the README and the docs show is run: Python blocks, and console blocks of `detente` commands.

Blocks of one file share a namespace and a temporary working folder and run in order. A console block is marked
"console exit=2" when its commands are meant to exit with that status. Blocks under other labels (bash, yaml, text)
are not run; a block without a label is an error.
"""

from __future__ import annotations

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
    joined = block.text.replace("\\\n", " ")
    commands = [line[2:] for line in joined.splitlines() if line.startswith("$ ")]
    assert commands, f"{page.name}:{block.line}: a console block without a command"
    for command in commands:
        name, *arguments = shlex.split(command, comments=True)
        assert name == "detente", f"{page.name}:{block.line}: {name} is not run here; put it in a bash block"
        done = subprocess.run([*PROGRAM, *arguments], capture_output=True, text=True, timeout=300)
        assert done.returncode == int(expected[1] or 0), (
            f"{page.name}:{block.line}: {command}\nexit {done.returncode}\n{done.stdout}{done.stderr}"
        )


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


def test_blocks_are_found_with_label_line_and_text() -> None:
    """The reader of pages sees indented, longer and unlabelled fences for what they are."""
    page = "a\n```python\nx = 1\n```\n\n- item\n\n  ````console exit=2\n  $ detente\n  ```\n  ````\n```\nbare\n```\n"
    assert blocks(page) == [
        Block("python", 2, "x = 1\n"),
        Block("console exit=2", 8, "$ detente\n```\n"),
        Block("", 12, "bare\n"),
    ]
