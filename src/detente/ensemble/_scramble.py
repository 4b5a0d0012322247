"""Kernel: the random nested scramble of binary digits that `detente.ensemble.sampling` describes. Whole numbers only, so the same on every machine."""

import numpy as np

from detente.games.kernels import entry, inlined

DIGITS = 32


@inlined
def mixed(x):
    """Mix 32 bits into 32 bits, one to one (Wellons' `lowbias32`)."""
    x = np.uint32(x ^ (x >> np.uint32(16)))
    x = np.uint32(x * np.uint32(0x7FEB352D))
    x = np.uint32(x ^ (x >> np.uint32(15)))
    x = np.uint32(x * np.uint32(0x846CA68B))
    return np.uint32(x ^ (x >> np.uint32(16)))


@inlined
def mirrored(x):
    """The 32 bits from the other end."""
    x = np.uint32(((x >> np.uint32(1)) & np.uint32(0x55555555)) | ((x & np.uint32(0x55555555)) << np.uint32(1)))
    x = np.uint32(((x >> np.uint32(2)) & np.uint32(0x33333333)) | ((x & np.uint32(0x33333333)) << np.uint32(2)))
    x = np.uint32(((x >> np.uint32(4)) & np.uint32(0x0F0F0F0F)) | ((x & np.uint32(0x0F0F0F0F)) << np.uint32(4)))
    x = np.uint32(((x >> np.uint32(8)) & np.uint32(0x00FF00FF)) | ((x & np.uint32(0x00FF00FF)) << np.uint32(8)))
    return np.uint32((x >> np.uint32(16)) | (x << np.uint32(16)))


@entry
def scramble(digits, keys, numbers):
    """numbers[k] in (0, 1) of the index digits[k], which is scrambled in place; one key for each digit, and one for those that follow."""
    for place in range(DIGITS):
        bit, key = np.uint32(1 << place), keys[place]
        for k in range(digits.shape[0]):
            digits[k] = np.uint32(digits[k] ^ (mixed(np.uint32((digits[k] & np.uint32(~bit)) ^ key)) & bit))
    key = keys[DIGITS]
    for k in range(digits.shape[0]):
        # No two draws share the 32 leading digits, so the 20 that follow need no nesting: they are a hash of these.
        following = mixed(np.uint32(digits[k] ^ key)) >> np.uint32(12)
        numbers[k] = (float(mirrored(digits[k])) * 2.0**20 + float(following) + 0.5) * 2.0**-52
