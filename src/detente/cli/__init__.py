"""The command line: `detente COMMAND`. Results go to standard output, everything else to standard error."""

from detente.cli.program import main

__all__ = ["main"]
