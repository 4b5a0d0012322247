"""Where scenarios and records lie: shipped ones by name, others by path; a scenario with everything that it extends."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

from detente.document import Document, check_format, instead, merge, nearest, read
from detente.errors import InvalidInput, Problem
from detente.record import Record

KIND, NEWEST = "scenario", 1


def shipped(kind: str = "scenarios") -> tuple[str, ...]:
    """Names of the scenarios (or `records`) that come with the package."""
    folder = resources.files("detente.library") / kind
    return tuple(sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml")))


def can_be_assessed(name: str) -> bool:
    """Whether a shipped scenario has an as-of date of its own; one without is a base that others extend."""
    return "\nas_of:" in (resources.files("detente.library") / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")


def locate(name: str, beside: Path | None = None, *, to_extend: bool = False) -> Path:
    """The file of a shipped name or of a path.

    Parameters
    ----------
    beside : Path, optional
        Folder in which a relative path is looked for.
    to_extend : bool
        Whether a base will do.

    Raises
    ------
    InvalidInput
        With the nearest shipped name that will do.
    """
    if name.endswith((".yaml", ".yml")) or "/" in name:
        path = Path(name)
        return path if path.is_absolute() or beside is None else beside / path
    if name in shipped():
        return Path(str(resources.files("detente.library") / "scenarios" / f"{name}.yaml"))
    if Path(name).exists():
        return Path(name)
    offered = [each for each in shipped() if to_extend or can_be_assessed(each)]
    remedy = instead(name, offered, f"give a .yaml path or one of {', '.join(offered)}")
    raise InvalidInput(Problem(name, f"there is no scenario {name!r}", "it is neither a shipped name nor a .yaml file", remedy))


def _near(name: str, path: Path) -> str:
    """The file beside a missing one that was most likely meant; empty where there is none."""
    close = nearest(path.stem, (file.stem for file in path.parent.glob("*.yaml"))) if path.parent.is_dir() else None
    return f"did you mean {name.removesuffix(path.name)}{close}.yaml?" if close else ""


def read_merged(path: Path, chain: tuple[Path, ...] = ()) -> Document:
    """Read a scenario file with everything that it extends.

    Raises
    ------
    InvalidInput
    """
    document = read(path)
    check_format(document, KIND, NEWEST)
    base = document.data.get("extends")
    if base is None:
        return document
    if not isinstance(base, str):
        raise InvalidInput(Problem(document.where(("extends",)), "`extends` is not a name", "", "name a shipped scenario or a .yaml file"))
    resolved = path.resolve()
    if resolved in chain:
        raise InvalidInput(Problem(document.where(("extends",)), f"{path.name} extends itself", "", "break the circle"))
    try:
        below = locate(base, path.parent, to_extend=True)
    except InvalidInput as error:
        raise InvalidInput([Problem(document.where(("extends",)), p.what, p.why, p.remedy) for p in error.problems]) from None
    if not below.is_file():
        what = f"{base!r} is a directory" if below.is_dir() else f"there is no file {base!r}"
        raise InvalidInput(Problem(document.where(("extends",)), what, f"it is looked for as {below}", _near(base, below) or "mend the path"))
    merged = merge(read_merged(below, (*chain, resolved)), document)
    # What it extends is in it now: the merged document stands alone.
    return replace(merged, data={key: value for key, value in merged.data.items() if key != "extends"})


def read_record(document: Document) -> Record | None:
    """The record that a merged scenario names: a shipped one, or a file beside the one that names it. None where it names none.

    Raises
    ------
    InvalidInput
    """
    name = document.data.get("record")
    if name is None:
        return None
    if not isinstance(name, str):
        raise InvalidInput(Problem(document.where(("record",)), "`record` is not a name", "", "name a shipped record or a .yaml file"))
    if name in shipped("records"):
        return Record.load(name)
    path = Path(document.place.find(("record",)).file).parent / name
    if not path.is_file():
        offered = shipped("records")
        remedy = instead(name, offered, _near(name, path) or f"give a .yaml path or one of {', '.join(offered)}")
        what = f"{name!r} is a directory" if path.is_dir() else f"there is no record {name!r}"
        raise InvalidInput(Problem(document.where(("record",)), what, f"it is looked for as {path}", remedy))
    return Record.load(path)
