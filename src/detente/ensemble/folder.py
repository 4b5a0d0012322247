"""The run folder: everything that a run was asked, everything that it found, in files that can be read without détente.

    scenario.yaml   the scenario as merged             facts.json      the facts it used, resolved
    manifest.json   digests, seed, options, chunks     chunks/*.parquet   one column for each number of a draw
    result.json     last: its presence means complete  posterior/*.parquet   the same of draws that history moved, if any
    log.txt         what happened

Every file appears whole or not at all (written beside, fsynced, renamed), the manifest names a chunk only after the chunk is on disk, and each
chunk with its SHA-256: a run killed at any moment goes on from its last finished chunk. One process at a time works in a folder: `log.txt` is
locked while it does.

Refused: a folder in use, one that holds something else, one made with other options, one whose files were changed.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from detente.document import Document, check_format
from detente.document.places import Place
from detente.ensemble import columns
from detente.ensemble.chunk import Chunk
from detente.ensemble.lock import lock
from detente.errors import InvalidInput, ModelError, Problem

NEWEST = 1
FORMAT = f"detente/run/{NEWEST}"
MANIFEST, RESULT, SCENARIO, FACTS, LOG = "manifest.json", "result.json", "scenario.yaml", "facts.json", "log.txt"
CHUNKS, POSTERIOR, SAMPLE = "chunks", "posterior", "sample"
# What a manifest says of the question.
QUESTION = ("version", "scenario", "title", "as_of", "horizon_years", "draws", "seed", "switches", "edits", "hindsight", "chunk", "digest", "chunks")
_BESIDE = ".part"
logger = logging.getLogger("detente")


def refuse(path: Path, what: str, why: str, remedy: str) -> InvalidInput:
    return InvalidInput(Problem(str(path), what, why, remedy))


def is_run(path: Path) -> bool:
    """Whether a path is a run folder, finished or not."""
    return (path / MANIFEST).is_file()


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a run folder.

    Raises
    ------
    InvalidInput
        If there is none, or it was made by a newer version or is damaged.
    """
    try:
        found = is_run(path)
    except PermissionError:
        raise refuse(path, "the folder may not be read", "permission denied", "change its permissions") from None
    if not found:
        what = "there is no such folder" if not path.exists() else f"there is no {MANIFEST} here"
        raise refuse(path, what, "a run is a folder that `detente assess --out FOLDER` made", "check the path")
    manifest = read_json(path / MANIFEST)
    check_format(Document(manifest, str(path / MANIFEST), Place(str(path / MANIFEST), 1, 1)), "run", NEWEST)
    missing = [key for key in QUESTION if key not in manifest]
    if missing:
        raise refuse(path / MANIFEST, f"{', '.join(missing)} missing", "the run cannot be continued without", "make the run again in another folder")
    return manifest


def about_of(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What a manifest says of the question, without what has been found so far."""
    return {key: value for key, value in manifest.items() if key not in (CHUNKS, POSTERIOR, SAMPLE)}


def read_json(file: Path) -> dict[str, Any]:
    """A JSON file that a run wrote.

    Raises
    ------
    InvalidInput
        If it is missing, unreadable or damaged.
    """
    remedy = f"`detente resume {file.parent}` writes it again" if file.name == RESULT else "put back a copy of it, or make the run again"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise refuse(file, "the file cannot be read", told(error), remedy) from None
    except ValueError:
        data = None
    if not isinstance(data, dict):
        raise refuse(file, "the file is damaged", "it was cut short or edited", remedy)
    return data


def told(error: OSError) -> str:
    """What the system says, as a part of a sentence."""
    return (error.strerror or str(error)).lower()


def unwritten(path: Path, run: Path, error: OSError) -> ModelError:
    """What is said where a file of a run could not be written, with the way on."""
    first = "make room" if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT) else "make it possible to write there"
    return ModelError(f"{path}: {told(error)}; {first}, then " + (f"`detente resume {shlex.quote(str(run))}`" if is_run(run) else "run it again"))


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it appears whole or not at all, and survives a crash of the machine."""
    beside = path.with_name(path.name + _BESIDE)
    try:
        path.parent.mkdir(exist_ok=True)
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        # On a full disk what was begun would stand in the way.
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        descriptor = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def to_json(data: Any) -> str:
    """JSON as people read it; a number that is not finite is an error."""
    return json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


class RunFolder:
    """A run folder that this process holds; made by `hold`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.manifest: dict[str, Any] = {}
        self.discarded = False

    def finished(self, part: str = CHUNKS) -> dict[int, Mapping[str, Any]]:
        """Entries of the finished chunks of a part by their first draw."""
        return {entry["first"]: entry for entry in self.manifest.get(part, [])}

    def begin(self, about: Mapping[str, Any], scenario: str, facts: str) -> None:
        """Write the question; once the manifest is there, the run can be resumed."""
        self.manifest = {**about, "chunks": []}
        try:
            (self.path / CHUNKS).mkdir(exist_ok=True)
            write_whole(self.path / SCENARIO, scenario.encode())
            write_whole(self.path / FACTS, facts.encode())
            self._save_manifest()
        except OSError as error:
            raise unwritten(self.path, self.path, error) from None

    def store(self, chunk: Chunk, part: str = CHUNKS) -> None:
        """Keep a finished chunk of draws of the prior, or of those that history moved.

        Raises
        ------
        ModelError
            If the disk is full or fails.
        """
        content = columns.write(chunk)
        name = f"{part}/{chunk.first // self.manifest['chunk']:05d}.parquet"
        digest = hashlib.sha256(content).hexdigest()
        entry = {"file": name, "first": chunk.first, "count": chunk.count, "sha256": digest, "seconds": dict(chunk.seconds)}
        try:
            (self.path / part).mkdir(exist_ok=True)
            write_whole(self.path / name, content)
            entries = [*(old for old in self.manifest.get(part, []) if old["first"] != chunk.first), entry]
            self.manifest[part] = sorted(entries, key=lambda each: int(each["first"]))
            self._save_manifest()
        except OSError as error:
            raise unwritten(self.path / name, self.path, error) from None

    def note(self, sample: Mapping[str, Any]) -> None:
        """Write down how draws were moved to where history is likely."""
        self.manifest[SAMPLE] = dict(sample)
        try:
            self._save_manifest()
        except OSError as error:
            raise unwritten(self.path / MANIFEST, self.path, error) from None

    def finish(self, result: Mapping[str, Any]) -> None:
        """Write the result: the run is complete."""
        try:
            write_whole(self.path / RESULT, to_json(result).encode())
        except OSError as error:
            raise unwritten(self.path / RESULT, self.path, error) from None

    def discard(self) -> None:
        """Remove what a run that cannot be answered has written."""
        parts = [self.path / part for part in (CHUNKS, POSTERIOR)]
        for file in [*(file for part in parts for file in part.glob("*")), *(self.path / name for name in (RESULT, MANIFEST, SCENARIO, FACTS))]:
            file.unlink(missing_ok=True)
        for part in parts:
            if part.is_dir():
                part.rmdir()
        self.discarded = True

    def _save_manifest(self) -> None:
        write_whole(self.path / MANIFEST, to_json(self.manifest).encode())


def read_chunk(path: Path, entry: Mapping[str, Any]) -> Chunk | None:
    """A stored chunk, or None where its file is missing or is not the one that was written."""
    file = path / entry["file"]
    content = file.read_bytes() if file.is_file() else b""
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        return None
    stored = columns.read(content)
    return Chunk(stored.first, stored.arrays, stored.coordinates, entry["seconds"])


@contextmanager
def hold(path: Path) -> Iterator[RunFolder]:
    """Hold a folder for a run: made if it is not there, locked, its log open.

    Raises
    ------
    InvalidInput
        If another process works in it, or it is no run folder and not empty, or cannot be written.
    """
    try:
        _refuse_foreign(path)
        found = path.exists()
        path.mkdir(parents=True, exist_ok=True)
        log = (path / LOG).open("a", encoding="utf-8")
    except OSError as error:
        raise refuse(path, "the folder cannot be written", told(error), "change its permissions, or give another folder") from None
    folder = RunFolder(path)
    try:
        with _closing(log):
            if not lock(log):
                raise refuse(path, "another process is working in this folder", "two would overwrite each other", "wait for it, or give another folder")
            if is_run(path):
                folder.manifest = read_manifest(path)
            for leftover in [*path.glob(f"*{_BESIDE}"), *path.glob(f"*/*{_BESIDE}")]:
                leftover.unlink()
            with _logged(log):
                yield folder
    finally:
        if folder.discarded:
            (path / LOG).unlink(missing_ok=True)
            if not found:
                path.rmdir()


@contextmanager
def _closing(log: IO[str]) -> Iterator[None]:
    """Close the log, whatever of it the disk had room for."""
    try:
        yield
    finally:
        with suppress(OSError):
            log.close()


class _Log(logging.StreamHandler[IO[str]]):
    """A log on a disk that may be full: a line that finds no room is not worth more words than the run's own failure."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        pass


@contextmanager
def _logged(log: IO[str]) -> Iterator[None]:
    """Copy what the library logs to the run's own log."""
    handler = _Log(log)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(min(level or logging.INFO, logging.INFO))
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def _refuse_foreign(path: Path) -> None:
    """Only an empty folder, a run, or what a run leaves that was killed before its manifest was written."""
    if path.exists() and not path.is_dir():
        raise refuse(path, "this is a file", "a run is a folder", "give a folder that does not exist yet")
    if not path.is_dir() or is_run(path):
        return
    own = {RESULT, SCENARIO, FACTS, LOG, CHUNKS, POSTERIOR}
    foreign = sorted(entry.name for entry in path.iterdir() if entry.name.removesuffix(_BESIDE) not in own | {MANIFEST})
    if foreign:
        what = f"the folder is not empty and holds no run: {', '.join(foreign[:3])}{', ...' if len(foreign) > 3 else ''}"
        raise refuse(path, what, "nothing of yours is overwritten", "give a folder that does not exist yet")


def differences(manifest: Mapping[str, Any], about: Mapping[str, Any]) -> list[str]:
    """How a stored run differs from one that is asked for, in words."""
    found = []
    for key in ("version", "scenario", "as_of", "horizon_years", "draws", "seed", "switches", "policy", "structure", "chunk"):
        if manifest.get(key) != about.get(key):
            found.append(f"{key.replace('_', ' ')} {_shown(manifest.get(key))}, not {_shown(about.get(key))}")
    if not found and manifest.get("digest") != about["digest"]:
        found.append("the scenario or its facts as they were then")
    return found


def _shown(value: Any) -> str:
    return re.sub(r"[{}'\"]", "", "" if value is None else str(value)) or "none"
