"""What is said of wrong files is as it was read and found good; see regenerate.py."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.wrong.regenerate import HERE, transcript, wrong_files

# Words of the libraries underneath, which mean nothing to whoever wrote the file.
FOREIGN = re.compile(r"[Pp]ydantic|should be|Input|validat|NoneType|\b(dict|str|int|float|tuple)\b|Error\b|Traceback|\bNone\b|<[a-z]")


@pytest.mark.parametrize("file", wrong_files(), ids=lambda file: str(file.relative_to(HERE).with_suffix("")))
def test_transcript(file: Path) -> None:
    status, out, err = transcript(file)
    assert (status, out) == (2, "")
    assert err == file.with_suffix(".txt").read_text(encoding="utf-8")


def test_every_line_has_a_place_and_a_remedy_and_no_foreign_word() -> None:
    assert len(wrong_files()) >= 30
    for file in wrong_files():
        lines = file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        assert lines and len(set(lines)) == len(lines), file
        for line in lines:
            found = re.fullmatch(r"([\w/-]+\.(?:yaml|efg)):(\d+):(\d+): (.+)", line)
            assert found, line
            length = [len(text) for text in (file.parent / found[1]).read_text(encoding="utf-8", errors="replace").split("\n")]
            assert int(found[2]) <= len(length) and int(found[3]) <= length[int(found[2]) - 1] + 1, line
            # What is wrong, perhaps why, and last what to do.
            assert "; " in found[4] and not FOREIGN.search(re.sub(r"`[^`]*`|'[^']*'", "", found[4])), line


def test_the_files_that_others_read_are_sound() -> None:
    for file in sorted((HERE / "sound").glob("*.yaml")):
        assert transcript(file)[0] == 0, file
