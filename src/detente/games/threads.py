"""Run a kernel over blocks of draws, or whatever releases the interpreter's lock over items, on several threads.

The kernels release the interpreter's lock and write only the rows of their own draws, so results do not depend on the number of threads. Plain
threads are used instead of Numba's own, whose default layer aborts the process when two Python threads launch kernels at once.
"""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

BLOCK = 64
Item = TypeVar("Item")
Found = TypeVar("Found")


def thread_count(threads: int | None = None) -> int:
    """Threads to use: the argument, else DETENTE_THREADS, else every core that this process may use."""
    if threads is not None:
        return max(1, threads)
    stated = os.environ.get("DETENTE_THREADS")
    if stated:
        return max(1, int(stated))
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def over_items(function: Callable[[Item], Found], items: Iterable[Item], threads: int | None = None) -> list[Found]:
    """What a function finds for each item, in their order; each item is one thread's."""
    with ThreadPoolExecutor(thread_count(threads)) as pool:
        return list(pool.map(function, items))


def no_work() -> tuple[Any, ...]:
    """For kernels that need no work space."""
    return ()


def over_draws(
    kernel: Callable[..., Any], n_draws: int, threads: int | None, *arguments: Any, work: Callable[[], tuple[Any, ...]] = no_work, block: int = BLOCK
) -> None:
    """Call `kernel(first, last, *arguments, *work())` on blocks that cover 0..n_draws, of `block` draws at most, or so many less that every thread has one.

    Blocks that run at the same time never share a work space.
    """
    from detente.games._lanes import LANES

    # Kernels take so many draws at once.
    share = -(-n_draws // (thread_count(threads) * LANES)) * LANES
    block = min(block, max(share, LANES))
    blocks = [(first, min(first + block, n_draws)) for first in range(0, n_draws, block)]
    spaces: list[tuple[Any, ...]] = []

    def run(block: tuple[int, int]) -> None:
        try:
            space = spaces.pop()
        except IndexError:
            space = work()
        kernel(*block, *arguments, *space)
        spaces.append(space)

    count = min(thread_count(threads), len(blocks))
    if count <= 1:
        for one in blocks:
            run(one)
        return
    with ThreadPoolExecutor(count) as pool:
        for finished in [pool.submit(run, one) for one in blocks]:
            finished.result()
