"""Compile numerical kernels with Numba, and keep what was compiled.

`entry` is for kernels that Python calls: they release the interpreter's lock and are kept on disk, in $NUMBA_CACHE_DIR, else the user's cache folder, else,
with a warning, a temporary one. `inner` is for kernels that other kernels call and that are compiled as parts of those (`_linking`), `inlined` for those
whose text is copied into their callers, as pays for short ones and for those with one caller. None of them allocates: work space comes from Python, so that
references to the many arrays of a game need not be counted, which makes up much of the time of compiling and some of that of running.

Numba looks for changes in a kernel's own file only. The folder's name therefore carries a digest of every file of kernels, so that no kernel can be
run that was compiled together with an older version of another.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numba

from detente.games._linking import as_part

OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False, "no_cfunc_wrapper": True}


def entry(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel that Python calls, on its first call or from the cache."""
    held = numba.config.CACHE_DIR
    # Numba reads the setting when a function is decorated; other people's functions keep theirs.
    numba.config.CACHE_DIR = cache_folder()
    try:
        return numba.njit(cache=True, nogil=True, **OPTIONS)(function)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = held


def inner(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a kernel that only other kernels call."""
    return as_part(numba.njit(no_cpython_wrapper=True, **OPTIONS)(function))


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """A kernel whose text is copied into the kernels that call it."""
    return numba.njit(no_cpython_wrapper=True, inline="always", **OPTIONS)(function)  # type: ignore[no-any-return]


@cache
def cache_folder() -> str:
    """The folder of compiled kernels, one for each version of their text. Made here; a temporary one where that fails."""
    name = f"{_version()}-{_digest()}"
    for root in _roots():
        folder = root / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return str(folder)
        except OSError:
            continue
    temporary = tempfile.mkdtemp(prefix="detente-kernels-")
    logging.getLogger("detente").warning(
        "no cache folder can be written to (tried %s): kernels are compiled again in every run; set NUMBA_CACHE_DIR", ", ".join(map(str, _roots()))
    )
    return temporary


def _roots() -> tuple[Path, ...]:
    stated = os.environ.get("NUMBA_CACHE_DIR")
    if stated:
        return (Path(stated) / "detente",)
    user = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return ((Path(user) if user else Path.home() / ".cache") / "detente",)
    except RuntimeError:  # no home
        return ()


def _version() -> str:
    try:
        return version("detente")
    except PackageNotFoundError:
        return "source"


def _kernel_files() -> Iterator[Path]:
    package = Path(__file__).parents[1]
    for folder in ("games", "ladder", "alliance"):
        yield from sorted((package / folder).glob("_[!_]*.py"))
    yield from (Path(__file__), Path(__file__).with_name("tables.py"))


def _digest() -> str:
    digest = hashlib.sha256()
    for file in _kernel_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
