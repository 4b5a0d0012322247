"""`detente completion SHELL`: the script that completes commands, options and scenarios in a shell."""

from __future__ import annotations

import click

from detente.cli.options import Task, spoken
from detente.cli.words import OneOf

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_DETENTE_COMPLETE"
"""What the script sets when it asks for completions."""


@click.command("completion", cls=Task)
@click.argument("shell", metavar="SHELL", type=OneOf("shell", SHELLS))
@spoken
@click.pass_context
def command(ctx: click.Context, shell: str, quiet: bool) -> None:
    """Print the script by which SHELL (bash, zsh or fish) completes commands, options and names of scenarios.

    \b
    Example:  eval "$(detente completion bash)"         in ~/.bashrc
              eval "$(detente completion zsh)"          in ~/.zshrc, after compinit
              detente completion fish > ~/.config/fish/completions/detente.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None  # click knows all of SHELLS
    click.echo(found(ctx.find_root().command, {}, "detente", VARIABLE).source())
