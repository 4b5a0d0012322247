"""Matrix exponentials with 60 decimals: independent of any floating-point exponential."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
from numpy.typing import NDArray


def first_row(rates: NDArray[np.float64], years: float) -> list[float]:
    """Where a chain is that starts on state 0: scaling, Taylor series and squaring of rates[state, state], whose diagonal does not matter."""
    with localcontext() as context:
        context.prec = 60
        n = len(rates)
        matrix = [[Decimal(float(rates[s, t])) * Decimal(years) * (s != t) for t in range(n)] for s in range(n)]
        for s in range(n):
            matrix[s][s] = -sum(matrix[s], Decimal(0))
        halvings = max(0, int(max(-matrix[s][s] for s in range(n))).bit_length() + 4)
        matrix = [[entry / 2**halvings for entry in row] for row in matrix]

        def times(a: Any, b: Any) -> Any:
            return [[sum((x * y for x, y in zip(row, column, strict=True)), Decimal(0)) for column in zip(*b, strict=True)] for row in a]

        power = whole = [[Decimal(int(s == t)) for t in range(n)] for s in range(n)]
        for term in range(1, 40):
            power = [[entry / term for entry in row] for row in times(power, matrix)]
            whole = [[a + b for a, b in zip(*rows, strict=True)] for rows in zip(whole, power, strict=True)]
        for _ in range(halvings):
            whole = times(whole, whole)
        return [float(entry) for entry in whole[0]]
