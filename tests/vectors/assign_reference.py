"""
Independent reference of `dsgk-assign/1`, of the standard library alone.

Written from the definitions, in the plainest way, and slow: it is what the
kernels are held against, and what a reader in another language may follow.
"""

import hashlib
from itertools import count


def stream(key, label):
    """Words of the stream, one after another."""
    for b in count():
        block = hashlib.shake_256(f"{key}:{label}:{b}".encode()).digest(8192)
        for at in range(0, 8192, 8):
            yield int.from_bytes(block[at : at + 8], "big")


def below(words, n):
    """Draw one of 0, 1, …, n-1."""
    w = 0
    while 2 ** (64 * w) < n:
        w += 1
    while True:
        x = 0
        for _ in range(w):
            x = x * 2**64 + next(words)
        if x < 2 ** (64 * w) // n * n:
            return x % n


def permutation(words, n):
    """Draw an order of 0, 1, …, n-1."""
    while True:
        drawn = [next(words) for _ in range(n)]
        if len(set(drawn)) == n:
            return sorted(range(n), key=drawn.__getitem__)
