"""Run benchmarks, each in a process of its own with one BLAS thread, and write what they find as JSON.

    python benchmarks/run.py                                      # all of them, a few minutes
    python benchmarks/run.py reach storm                          # some
    python benchmarks/run.py --json benchmarks/results.json --page docs/explanation/speed.md

Where only some are run, the others that the JSON holds stay as they are, each with the day, the machine and the versions that it was measured with.
Peers come with `pip install -e ".[bench]"`; one that is missing is named in the results.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from page import renew

HERE = Path(__file__).parent
NAMES = ("equilibrium", "reach", "storm", "simulate", "assess", "load", "insight", "report_page")
PACKAGES = ("detente", "numpy", "numba", "scipy", "pygambit", "stormpy", "simpy", "SALib", "ema-workbench")
ONE_THREAD = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}


def measure(name: str) -> dict[str, Any]:
    """The report of one benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        subprocess.run([sys.executable, HERE / f"{name}.py"], check=True, env={**os.environ, **ONE_THREAD, "BENCHMARK_JSON": str(file)})
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def merged(earlier: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """New results, with those earlier reports that were not made anew; one that was made in other surroundings says in which, as `measured`."""
    around = {key: value for key, value in now.items() if key != "reports"}
    reports = {}
    for report in earlier["reports"]:
        own = report.get("measured", {key: value for key, value in earlier.items() if key != "reports"})
        reports[report["name"]] = {key: value for key, value in report.items() if key != "measured"} | ({} if own == around else {"measured": own})
    reports |= {report["name"]: report for report in now["reports"]}
    return {**around, "reports": sorted(reports.values(), key=lambda report: NAMES.index(report["name"]))}


def surroundings() -> dict[str, Any]:
    """When, on what and with which versions."""
    versions: dict[str, str | None] = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = None
    if versions["detente"] is None:
        from detente import __version__

        versions["detente"] = __version__
    machine = {"processor": processor(), "cores": len(os.sched_getaffinity(0)), "billion_operations": billion_operations()}
    return {"date": date.today().isoformat(), "machine": machine, "versions": versions}


def processor() -> str:
    """What the processor calls itself, and where one name stands for several, which of them it is."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    known = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    if "model name" not in known:
        return platform.machine()
    return f"{known['model name']} (family {known['cpu family']}, model {known['model']})" if {"cpu family", "model"} <= set(known) else known["model name"]


def billion_operations() -> float:
    """Billions of floating-point operations a core-second in NumPy's product of two matrices: what the machine itself is good for."""
    done = subprocess.run([sys.executable, HERE / "timing.py"], check=True, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; all if none is given")
    parser.add_argument("--json", type=Path, help="write the results here")
    parser.add_argument("--page", type=Path, help="renew the tables of this page")
    options = parser.parse_args()
    wrong = set(options.names) - set(NAMES)
    if wrong:
        parser.error(f"no benchmark is called {', '.join(sorted(wrong))}; they are {', '.join(NAMES)}")
    if options.page and options.names and not options.json:
        parser.error("a page shows all benchmarks: give --json too, from which those that are not run are taken")
    results = {**surroundings(), "reports": [measure(name) for name in options.names or NAMES]}
    if options.json:
        if options.json.is_file():
            results = merged(json.loads(options.json.read_text(encoding="utf-8")), results)
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if options.page:
        renew(options.page, results)


if __name__ == "__main__":
    main()
