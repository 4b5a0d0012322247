"""Kernel: the order of draws by each quantity, by counting digits of eight bits from the lowest (radix sort); equal values keep the order of draws.

The bits of a float, with all of them flipped where it is negative and the highest one where it is not, are in the order of the numbers.
"""

from typing import Any

import numpy as np

from detente.games.kernels import entry
from detente.games.threads import over_draws

DIGITS, BITS = 8, 8


@entry
def _order(first: int, last: int, bits: Any, orders: Any, keys: Any, places: Any, counts: Any) -> None:
    n = bits.shape[0]
    sign = np.uint64(1 << 63)
    size = 1 << BITS
    mask = np.uint64(size - 1)
    for j in range(first, last):
        counts[:] = 0
        for i in range(n):
            key = bits[i, j]
            key = ~key if key & sign else key | sign
            keys[0, i] = key
            places[0, i] = i
            for digit in range(DIGITS):
                counts[digit, (key >> np.uint64(BITS * digit)) & mask] += 1
        here = 0
        for digit in range(DIGITS):
            shift = np.uint64(BITS * digit)
            if counts[digit, (keys[here, 0] >> shift) & mask] == n:
                continue
            total = 0
            for value in range(size):
                count = counts[digit, value]
                counts[digit, value] = total
                total += count
            there = 1 - here
            for i in range(n):
                value = (keys[here, i] >> shift) & mask
                place = counts[digit, value]
                counts[digit, value] = place + 1
                keys[there, place] = keys[here, i]
                places[there, place] = places[here, i]
            here = there
        for i in range(n):
            orders[j, i] = places[here, i]


def order_draws(inputs: Any, threads: int | None = None) -> Any:
    """Draws in rising order of each column: `column x draw`."""
    n, columns = inputs.shape
    orders = np.empty((columns, n), dtype=np.int32)

    def work() -> tuple[Any, ...]:
        return np.empty((2, n), np.uint64), np.empty((2, n), np.int32), np.empty((DIGITS, 1 << BITS), np.int64)

    over_draws(_order, columns, threads, inputs.view(np.uint64), orders, work=work, block=1)
    return orders
