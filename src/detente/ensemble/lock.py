"""A lock on an open file, held until the file is closed or its process ends in any way.

The operating system releases it, so a run that was killed leaves no lock behind.
"""

from __future__ import annotations

import sys
from typing import IO

# Far beyond the end of any log: on Windows the locked bytes cannot be read by others.
_FAR = 2**31 - 16

if sys.platform == "win32":
    import msvcrt

    def lock(stream: IO[str]) -> bool:
        """Take the lock; False where another holder has it."""
        stream.seek(_FAR)
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def lock(stream: IO[str]) -> bool:
        """Take the lock; False where another holder has it."""
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
