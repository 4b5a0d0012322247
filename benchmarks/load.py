"""How long a user waits: loading a scenario, `import detente`, `detente --help`, and the whole assessment of baltic-2021 by the command.

Best of five, but for whole assessments: the best of two with kernels from the cache, and one run with an empty cache, as on a new machine.
"""

from __future__ import annotations

import tempfile
import time

from report import Figure, Report, publish
from timing import REPEATS, core_seconds, run_python

from detente.scenario import load

DRAWS = 16_384
COMMAND = ("-m", "detente", "assess", "baltic-2021", "--draws", str(DRAWS), "--quiet")


def loading() -> Figure:
    """Load and compile, modules imported."""
    core = core_seconds(lambda: load("baltic-2021"))
    walls = []
    for _ in range(REPEATS):
        before = time.perf_counter()
        load("baltic-2021")
        walls.append(time.perf_counter() - before)
    return figure("Load and compile baltic-2021, modules imported", (min(walls), core), 0.3)


def best(arguments: tuple[str, ...], repeats: int = REPEATS, environment: dict[str, str] | None = None) -> tuple[float, float]:
    """Wall and processor seconds of the best of some runs, each in a process of its own."""
    return min(run_python(*arguments, environment=environment) for _ in range(repeats))


def figure(title: str, seconds: tuple[float, float], limit: float | None = None) -> Figure:
    """Wall seconds, with those of a core beside."""
    return Figure(title, seconds[0], "s", limit, note=f"{seconds[1]:.3g} s of a core")


def main() -> None:
    warm = best(COMMAND, 2)
    with tempfile.TemporaryDirectory() as cache:
        cold = best(COMMAND, 1, {"NUMBA_CACHE_DIR": cache})
    figures = [
        loading(),
        figure("python -c 'import detente'", best(("-c", "import detente"))),
        figure("detente --help", best(("-m", "detente", "--help")), 0.3),
        figure(f"detente assess baltic-2021, {DRAWS:,} draws", warm, 10.0),
        figure("the same on a new machine, where kernels are compiled first", cold, 60.0),
        Figure("compiling kernels, once a machine", cold[1] - warm[1], "s of a core"),
    ]
    publish(Report("load", figures=figures))


if __name__ == "__main__":
    main()
