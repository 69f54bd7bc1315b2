"""Numbers spread over 64 bits."""

import numpy as np

GOLDEN = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2^64


def scrambled(codes: np.ndarray) -> np.ndarray:
    """Mix small integers into 64 bits, one to one.

    Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators" (OOPSLA 2014), the mixer.
    """
    bits = codes.astype(np.int64).view(np.uint64) + np.uint64(GOLDEN)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits = (bits ^ (bits >> np.uint64(shift))) * np.uint64(factor)
    return bits ^ (bits >> np.uint64(31))
