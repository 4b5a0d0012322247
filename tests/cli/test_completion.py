"""Completion in a shell, by Click's own interface and in Bash itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

from detente.cli import main
from detente.cli.completion import SHELLS
from detente.cli.program import COMMANDS, program


def completed(*words: str) -> list[str]:
    """What the last word may become."""
    items = ShellComplete(program, {}, "detente", "_DETENTE_COMPLETE").get_completions(list(words[:-1]), words[-1])
    return [item.value for item in items if item.type == "plain"]


def test_commands_are_completed() -> None:
    assert completed("") == list(COMMANDS)
    assert completed("as") == ["assess"]


@pytest.mark.parametrize("name", COMMANDS)
def test_options_are_completed(name: str) -> None:
    """All of a command, long ones included."""
    command = program.get_command(click.Context(program), name)
    assert command is not None
    options = {word for param in command.params if isinstance(param, click.Option) for word in param.opts}
    assert options <= {*completed(name, "--"), *completed(name, "-")}


@pytest.mark.parametrize("command", ["assess", "check", "explain"])
def test_shipped_scenarios_and_files_are_completed(command: str) -> None:
    """A base, which cannot be assessed, is none of them."""
    Path("border.yaml").touch()
    Path("border[1].yaml").touch()
    found = completed(command, "")
    assert {"first-steps", "baltic-2021", "border.yaml"} <= set(found) and "baltic" not in found
    assert completed(command, "fir") == ["first-steps"]
    assert completed(command, "border[") == ["border[1].yaml"]


def test_words_of_an_argument_are_completed() -> None:
    assert completed("schema", "") == ["scenario", "record", "policies", "claims"]
    assert completed("completion", "z") == ["zsh"]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_of_each_shell_is_printed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_DETENTE_COMPLETE" in capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs Bash")
def test_bash_completes(tmp_path: Path) -> None:
    """The printed script, in a shell in which `detente` is on the path."""
    program = tmp_path / "detente"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m detente "$@"\n')
    program.chmod(0o755)
    script = 'eval "$(detente completion bash)"; COMP_WORDS=(detente assess fir); COMP_CWORD=2; _detente_completion detente 2>/dev/null; echo "${COMPREPLY[@]}"'
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, env=environment, cwd=tmp_path, check=True)
    assert done.stdout == "first-steps\n"
