"""Kernel: the linear system of one walk (`detente.games._continuation`), as `_bordered` solves those of sixteen.

The Jacobian [n, n + 1] is bordered below with a row that makes it square: the tangent of the curve, or the axis of t where t is fixed. It is factored once,
with rows exchanged for the largest pivot, and serves the correction of the point and the next tangent. `path` is the caller's work space.
"""

from typing import Any

import numpy as np

from detente.games.kernels import inner


@inner
def factor(path: Any, along_curve: bool) -> float:
    """LU factors of the Jacobian bordered with the tangent, else with the axis of t. Returns the determinant's sign, 0 where singular."""
    a, pivot, n = path.factors, path.pivot, path.residual.shape[0]
    for r in range(n):
        for c in range(n + 1):
            a[r, c] = path.jacobian[r, c]
    for c in range(n):
        a[n, c] = path.tangent[c] if along_curve else 0.0
    a[n, n] = path.tangent[n] if along_curve else 1.0
    sign = 1.0
    for k in range(n + 1):
        best, height = k, abs(a[k, k])
        for r in range(k + 1, n + 1):
            if abs(a[r, k]) > height:
                best, height = r, abs(a[r, k])
        pivot[k] = best
        if not height > 0.0:
            return 0.0
        if best != k:
            sign = -sign
            for c in range(n + 1):
                a[k, c], a[best, c] = a[best, c], a[k, c]
        if a[k, k] < 0.0:
            sign = -sign
        # What is right of the pivot, counted from 0: of other places the compiler does not know that none is below 0, and computes one at a time.
        above, inverse = a[k, k + 1 :], 1.0 / a[k, k]
        for r in range(k + 1, n + 1):
            if a[r, k] != 0.0:
                ratio = a[r, k] * inverse
                a[r, k] = ratio
                row = a[r, k + 1 :]
                for c in range(n - k):
                    row[c] -= ratio * above[c]
    return sign


@inner
def solve(path: Any, b: Any) -> Any:
    """Replace b by the solution of the factored system. Returns its length."""
    a, n = path.factors, b.shape[0]
    for k in range(n):
        best = path.pivot[k]
        b[k], b[best] = b[best], b[k]
    for k in range(n):
        b[k] -= scalar_product(a[k, :k], b[:k])
    square = 0.0
    for k in range(n - 1, -1, -1):
        b[k] = (b[k] - scalar_product(a[k, k + 1 :], b[k + 1 :])) / a[k, k]
        square += b[k] * b[k]
    return np.sqrt(square)


@inner
def scalar_product(a: Any, b: Any) -> float:
    """In four sums: each addition waits for the one before it in its own sum only."""
    p = q = r = s = 0.0
    whole = a.shape[0] // 4 * 4
    for k in range(0, whole, 4):
        p += a[k] * b[k]
        q += a[k + 1] * b[k + 1]
        r += a[k + 2] * b[k + 2]
        s += a[k + 3] * b[k + 3]
    for k in range(whole, a.shape[0]):
        p += a[k] * b[k]
    return (p + q) + (r + s)


@inner
def find_correction(path: Any) -> Any:
    """The Newton correction for the residual at the trial. Returns its length."""
    n = path.residual.shape[0]
    for k in range(n):
        path.correction[k] = path.residual[k]
    path.correction[n] = 0.0
    return solve(path, path.correction)


@inner
def look_onward(path: Any) -> float:
    """The unit tangent at the trial from the factors there. Returns the cosine of its angle to the last one, NaN where there is none."""
    n = path.residual.shape[0]
    for k in range(n):
        path.onward[k] = 0.0
    path.onward[n] = 1.0
    length = solve(path, path.onward)
    along = 0.0
    for k in range(n + 1):
        path.onward[k] /= length
        along += path.onward[k] * path.tangent[k]
    return along


@inner
def largest(residual: Any) -> float:
    """The largest residual in size; NaN if one is."""
    most = 0.0
    for k in range(residual.shape[0]):
        if not abs(residual[k]) <= most:
            most = abs(residual[k])
            if np.isnan(most):
                break
    return most
