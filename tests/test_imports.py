"""`import detente` is light, and no module imports itself by way of others."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Container, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import detente

HEAVY = ("numba", "xarray", "scipy.stats", "pint", "numpy", "pyarrow", "pydantic", "rich", "click")


def loaded(code: str) -> set[str]:
    """Which heavy modules a fresh process has after running the code."""
    told = f"{code}\nimport sys\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True, timeout=120)
    return set(ended.stdout.split())


def test_importing_detente_loads_nothing_heavy() -> None:
    """Neither numba, xarray, scipy.stats nor pint, nor anything else that takes a while."""
    assert loaded("import detente; dir(detente); detente.__version__") == set()


def test_what_is_asked_for_is_there() -> None:
    """load, assess, Assessment and games are found on first use."""
    assert "numba" not in loaded("import detente; assert detente.games.__name__ == 'detente.games'")
    code = "import detente, detente.ensemble as e; assert (detente.assess, detente.Assessment) == (e.assess, e.Assessment); assert callable(detente.load)"
    assert loaded(code) >= {"numpy", "pydantic"}
    # What an assessment needs only when its first chunk is there waits until then, and what labels its arrays until somebody asks for them.
    assert not loaded(code) & {"xarray", "pyarrow", "numba"}
    found = loaded("import detente; a = detente.assess('first-steps', draws=64); a.influence(), a.monte_carlo_error, a.status_counts, a.result")
    assert "numba" in found and "xarray" not in found
    assert "xarray" in loaded("import detente; detente.assess('first-steps', draws=64).reach")


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    """As of any module."""
    with pytest.raises(AttributeError, match="asess"):
        detente.asess  # noqa: B018
    assert set(detente.__all__) <= set(dir(detente))


def imported(node: ast.AST, modules: Container[str]) -> Iterator[str]:
    """Which of the modules a file may import when it is loaded or later, but for types alone."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (name.name for name in node.names if name.name in modules)
    elif isinstance(node, ast.ImportFrom):
        assert not node.level and node.module, "imports name the whole way"
        # A name is a module of the package, or what the package itself shows.
        found = (f"{node.module}.{name.name}" for name in node.names)
        yield from (module for name in found if (module := name if name in modules else node.module) in modules)
    for child in ast.iter_child_nodes(node):
        yield from imported(child, modules)


def circle(package: Path) -> list[str]:
    """Modules of a package of which each imports the next and the last the first; empty if there are none."""
    files = {".".join(file.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__"): file for file in package.rglob("*.py")}
    graph = {name: set(imported(ast.parse(file.read_text(encoding="utf-8")), files)) for name, file in files.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_imports_itself_by_way_of_others() -> None:
    """Not even within functions: then each module can be read with what stands below it alone."""
    assert circle(Path(detente.__file__).parent) == []


@pytest.mark.parametrize(("late", "length"), [("from pair.one import here", 3), ("def f():\n    from pair import one", 3), ("if TYPE_CHECKING:\n    from pair import one", 0)])
def test_a_circle_is_found(late: str, length: int, tmp_path: Path) -> None:
    """At the top, within a function, and not where it is for types alone."""
    for name, text in (("__init__", ""), ("one", "import pair.two"), ("two", late)):
        file = tmp_path / "pair" / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert len(circle(tmp_path / "pair")) == length
