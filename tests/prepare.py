"""Fetch what the tests can use but pip does not bring: Chromium, for the tests in a real browser.

Says what it skips and why. Always exits 0: the tests that need a browser say so themselves.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys

PATIENCE_SECONDS = 300


def main() -> None:
    if importlib.util.find_spec("playwright") is None:
        print("prepare: playwright is not installed; no browser is fetched")
        return
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        print(f"prepare: no Chromium after {PATIENCE_SECONDS} seconds; browser tests are skipped")
        return
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1]
        print(f"prepare: Chromium could not be fetched, browser tests are skipped: {reason}")
    else:
        print("prepare: Chromium is ready")


if __name__ == "__main__":
    main()
