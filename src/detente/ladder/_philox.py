"""Kernel: Philox4x64-10, random numbers from a counter.

A bijection of 256 bits under a key of 128 bits: ten rounds of

    (x0, x1, x2, x3) -> (high(M1 x2) ^ x1 ^ k0, low(M1 x2), high(M0 x0) ^ x3 ^ k1, low(M0 x0)),    k0 += W0, k1 += W1,

high and low being the halves of a product. Number n of a stream is reached at once, without the n before it. The streams are those of NumPy:
`numpy.random.Generator(numpy.random.Philox(key=[a, b])).random()` gives the numbers of `uniform` under the key (a, b).

Reference: Salmon, Moraes, Dror and Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, doi 10.1145/2063384.2063405.
"""

import numpy as np

from detente.games.kernels import entry, inlined

M0, M1 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
W0, W1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
HALF, LOW = np.uint64(32), np.uint64(0xFFFFFFFF)
ZERO, ONE, FOUR, ELEVEN = np.uint64(0), np.uint64(1), np.uint64(4), np.uint64(11)


@inlined
def high(a, b):
    """The upper 64 bits of a product of 64-bit numbers."""
    low_a, high_a, low_b, high_b = a & LOW, a >> HALF, b & LOW, b >> HALF
    middle = high_a * low_b + ((low_a * low_b) >> HALF)
    other = low_a * high_b + (middle & LOW)
    return high_a * high_b + (middle >> HALF) + (other >> HALF)


@entry
def philox(x0, x1, x2, x3, k0, k1):
    """256 random bits as four numbers of 64; all arguments are of type uint64."""
    for turn in range(10):
        if turn > 0:
            k0 += W0
            k1 += W1
        x0, x1, x2, x3 = high(M1, x2) ^ x1 ^ k0, M1 * x2, high(M0, x0) ^ x3 ^ k1, M0 * x0
    return x0, x1, x2, x3


@inlined
def uniform(place, k0, k1, held):
    """Number `place` of the stream of a key, in 0 <= u < 1, each a multiple of 2^-53. Places are asked for in order from 0; held[4] keeps a block."""
    if place % FOUR == ZERO:
        # NumPy counts before it draws, so its first block is that of counter 1.
        x0, x1, x2, x3 = philox(place // FOUR + ONE, ZERO, ZERO, ZERO, k0, k1)
        held[0], held[1], held[2], held[3] = x0, x1, x2, x3
    return np.float64(held[place % FOUR] >> ELEVEN) * 2.0**-53
