"""What tests share: the folder of vectors and data that is not part of the project."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """$DETENTE_SHARED, else `shared` beside the checkout; without either the test is skipped, visibly."""
    stated = os.environ.get("DETENTE_SHARED")
    folder = Path(stated) if stated else Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        if stated:
            pytest.fail(f"DETENTE_SHARED names {folder}, which is no folder")
        pytest.skip("the folder of shared vectors and data is not here; set DETENTE_SHARED")
    return folder


# The program is loaded and has run before it gives up the rights of root: Python itself may lie where only root may read.
_AS_NOBODY = """\
import contextlib, io, os, sys
from detente.cli import main
with contextlib.redirect_stdout(io.StringIO()):
    assert main({first!r}) == 0
os.chdir({folder!r})
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
sys.exit(main({words!r}))
"""


@dataclass(frozen=True)
class Nobody:
    """Runs the program as a user whom permissions bind, in a folder of his own."""

    folder: Path

    def run(self, *words: str, first: tuple[str, ...] = ("check", "first-steps")) -> subprocess.CompletedProcess[str]:
        """`detente WORDS`; `first` is run before with all rights, so that everything it needs is loaded."""
        code = _AS_NOBODY.format(first=list(first), folder=str(self.folder), words=list(words))
        return subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=300)


@pytest.fixture
def nobody() -> Iterator[Nobody]:
    """A user without special rights: whoever runs the tests, or nobody where that is root."""
    if sys.platform == "win32":
        pytest.skip("needs the permissions of POSIX")
    # Folders of pytest are closed to others.
    folder = Path(tempfile.mkdtemp(prefix="detente-"))
    folder.chmod(0o777)
    yield Nobody(folder)
    shutil.rmtree(folder)
