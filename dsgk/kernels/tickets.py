"""
Tickets: the only source of chance in a draw of subjects (`dsgk-draw/1`).

Knows ids, strata and a key, no register and no law, so that anyone can repeat
a draw in any language with SHA-256 and a sort.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt


__all__ = ["canonical_rows"]

_CHUNK = 1 << 13


def canonical_rows(
    ids: Sequence[str],
    codes: npt.NDArray[np.integer],
    names: Sequence[str],
    weights: npt.NDArray[np.int64] | None = None,
) -> Iterator[bytes]:
    r"""
    Write the rows of a frame as its digest reads them.

    Args:
        ids: [n strings] Unique, in any order.
        codes: [(n,) integers in 0..k-1] Stratum of each row, as a position in
            *names*.
        names: [k strings] Names of the strata.
        weights: [(n,) int64, or None] Weight of each row.

    Yields:
        Pieces of the UTF-8 text whose lines are id, TAB, stratum, with weights
        TAB and weight, and LF, sorted by the UTF-8 bytes of the id.

    Examples:
        >>> b"".join(canonical_rows(["S2", "S1"], np.array([0, 1]), ["A", "B"]))
        b'S1\tB\nS2\tA\n'
    """
    # Python compares texts by code point, which is the order of UTF-8 bytes.
    order = sorted(range(len(ids)), key=ids.__getitem__)
    tails = [f"\t{name}\n" if weights is None else f"\t{name}\t" for name in names]
    for start in range(0, len(order), _CHUNK):
        rows = order[start : start + _CHUNK]
        lines = [
            ids[row] + tails[code]
            for row, code in zip(rows, codes[rows].tolist(), strict=True)
        ]
        if weights is not None:
            lines = [
                f"{line}{weight}\n"
                for line, weight in zip(lines, weights[rows].tolist(), strict=True)
            ]
        yield "".join(lines).encode()
