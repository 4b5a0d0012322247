"""What `detente check NAME.yaml` says of each wrong file here stands in NAME.txt beside it, and what `detente claims first-steps --file NAME.yaml` says of those
in `claims/`. To write the texts anew, from any folder:

    python tests/wrong/regenerate.py

Read every line that changes as somebody who wrote the file and knows no Python: is the place right, the reason plain, the remedy something
that one can do, and nothing told twice? `sound/` holds the files that some of them extend or read.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path

from detente.cli import main

HERE = Path(__file__).parent


def wrong_files() -> list[Path]:
    """The wrong files, in order."""
    return [*sorted(HERE.glob("*.yaml")), *sorted((HERE / "claims").glob("*.yaml"))]


def transcript(file: Path) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of the command that reads a file, as seen from its folder."""
    command = ["claims", "first-steps", "--draws", "1024", "--quiet", "--file"] if file.parent.name == "claims" else ["check"]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(file.parent), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main([*command, file.name])
    return status, out.getvalue(), err.getvalue()


if __name__ == "__main__":
    for each in wrong_files():
        text = each.with_suffix(".txt")
        before = text.read_text(encoding="utf-8") if text.exists() else ""
        after = transcript(each)[2]
        text.write_text(after, encoding="utf-8")
        if after != before:
            print(f"changed: {text.relative_to(HERE)}")
