"""Fetch what the tests can use but pip does not bring: Chromium, for the tests in a real browser.

That of Playwright; where it cannot be fetched, one that is installed, or Debian's own where we may install it. Says what it skips and why. Always exits 0: the
tests that need a browser say so themselves.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys

PATIENCE_SECONDS = 300
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> None:
    if importlib.util.find_spec("playwright") is None:
        print("prepare: playwright is not installed; no browser is fetched")
        return
    told = run(sys.executable, "-m", "playwright", "install", "chromium")
    if told is None:
        print("prepare: Chromium is ready")
    elif found := next(filter(None, map(shutil.which, BROWSERS)), None):
        print(f"prepare: tests use {found}")
    elif shutil.which("apt-get") and os.geteuid() == 0:
        again = run("apt-get", "update", "-q") or run("apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium")
        print("prepare: Chromium is ready, from Debian" if again is None else f"prepare: Chromium could not be fetched, browser tests are skipped: {again}")
    else:
        print(f"prepare: Chromium could not be fetched, browser tests are skipped: {told}")


def run(*command: str) -> str | None:
    """Run a command; returns why it failed, if it did."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return f"no answer after {PATIENCE_SECONDS} seconds"
    return (done.stderr.strip() or done.stdout.strip() or "no reason given").splitlines()[-1] if done.returncode else None


if __name__ == "__main__":
    main()
