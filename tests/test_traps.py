"""The table in README.md of faults and the tests that keep them out."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
ROW = re.compile(r"^\| (\d+) \|.*$", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_every_trap_is_kept_out_by_a_test_that_exists() -> None:
    rows = {int(row[1]): TEST.findall(row[0]) for row in ROW.finditer((HERE / "README.md").read_text(encoding="utf-8"))}
    assert rows.keys() >= {*range(1, 8), 9, 10, *range(17, 27)}
    for trap, tests in rows.items():
        assert tests, trap
        for file, name in tests:
            assert re.search(rf"def {name}\(", (HERE / file).read_text(encoding="utf-8")), f"{file} has no {name}"
