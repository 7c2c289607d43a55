"""
Tickets: the only source of chance in a draw of subjects (`dsgk-draw/2`).

A draw needs only ids, strata and a key, so anyone can repeat it in any language
with SHA-256 and a sort.  Sections named below are those of the format,
``docs/reference/draw-format.md``.
"""

import dataclasses
import hashlib
import operator
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from dsgk.kernels.rationals import told


__all__ = [
    "MAX_WEIGHT",
    "PartialDraw",
    "by_bytes",
    "canonical_rows",
    "certainty",
    "first_words",
    "lowest",
    "rank_of",
    "ticket_of",
    "tickets",
]

MAX_WEIGHT = 2**53 - 1
"""The largest weight: up to here, binary64 holds every whole number exactly."""

_CHUNK = 1 << 13  # a piece that stays in the cache
_KEY = re.compile(r"[0-9a-f]{32}")
_RANK_SHIFT = np.uint64(64 - 53)
_LOW_BITS = 26
_LONGEST_PACKED = 32


def _digests(ids: Sequence[str], key: str) -> Iterator[tuple[int, bytes]]:
    """Yield (first row, tickets of the rows of a chunk, joined)."""
    # Copying a state that has read the key saves a quarter of the time.
    copy = hashlib.sha256(f"{key}:".encode()).copy
    for start in range(0, len(ids), _CHUNK):
        piece = []
        for text in ids[start : start + _CHUNK]:
            state = copy()
            state.update(text.encode())
            piece.append(state.digest())
        yield start, b"".join(piece)


def tickets(ids: Sequence[str], key: str) -> npt.NDArray[np.uint64]:
    """
    Give every id its ticket (签号): SHA-256 of key, colon and id (section 4).

    Args:
        ids: [n strings] In any order.
        key: [32 hex characters] The key of the draw.

    Returns:
        [(n, 4) uint64] The 32 bytes of each ticket as four big-endian words,
        which sort as the tickets do.  A ticket depends only on its id and the
        key.

    Examples:
        >>> words = tickets(["S1"], "f050b4356fceca7e0bd30cb92bc14db1")
        >>> "".join(f"{word:016x}" for word in words[0].tolist())
        'd615c0a0be58b181d3539b1c26b797c0f607a88b70bda75b55ed69c18fcbf742'
    """
    return _words(ids, key, 4)


def _words(ids: Sequence[str], key: str, kept: int) -> npt.NDArray[np.uint64]:
    """The first words of every ticket, as many as are kept."""
    words = np.empty((len(ids), kept), dtype=np.uint64)
    for start, digests in _digests(ids, key):
        rows = np.frombuffer(digests, dtype=">u8").reshape(-1, 4)
        words[start : start + len(rows)] = rows[:, :kept]
    return words


def first_words(ids: Sequence[str], key: str) -> npt.NDArray[np.uint64]:
    """
    First 64 bits of every ticket, the first column of `tickets`: a quarter of the
    memory, and nearly always enough to sort by.
    """
    return _words(ids, key, 1)[:, 0]


def ticket_of(text: str, key: str) -> str:
    """
    Give one id its ticket, as 64 hex characters.

    In a shell: ``printf '%s:%s' "$KEY" "$ID" | sha256sum``.

    Examples:
        >>> ticket_of("S6", "f050b4356fceca7e0bd30cb92bc14db1")
        '0aa16dfc80c34e532206f5a10d0fe4c3bd762b19c3344d9ef062f303cb05b8e1'
    """
    return hashlib.sha256(f"{key}:{text}".encode()).hexdigest()


def rank_of(ticket: str, weight: int) -> float:
    """
    Rank of one row in a stratum with weights (section 5).

    Returns:
        [0 <= float < 2**53] The first 53 bits of the ticket over the weight,
        rounded once.

    Examples:
        >>> rank_of("8" + 63 * "0", 2**52)
        1.0
    """
    return (int(ticket[:16], 16) >> int(_RANK_SHIFT)) / weight


def lowest(
    count: int,
    rows: npt.NDArray[np.intp],
    first: npt.NDArray[np.uint64],
    ids: Sequence[str],
    key: str,
    *,
    weights: npt.NDArray[np.int64] | None = None,
) -> npt.NDArray[np.intp]:
    """
    Sort rows as they are drawn, and keep the first of them (section 5).

    Args:
        count: [int >= 0] How many to keep; all, if there are fewer.
        rows: [(m,) positions, 0..n-1] The rows to draw from, in any order.
        first: [(n,) uint64] As made by `first_words`.
        ids: [n strings] Unique.
        key: [32 hex characters] The key of the draw.
        weights: [(n,) int64 >= 1, or None] With weights, rows are sorted by
            rank instead of ticket.

    Returns:
        [(min(count, m),) positions] Lowest ticket or rank first; equal ranks
        by ticket, equal tickets by the UTF-8 bytes of the id.
    """
    words = first[rows]
    values: npt.NDArray[Any] = words
    if weights is not None:
        values = (words >> _RANK_SHIFT).astype(np.float64) / weights[rows]
    if 0 < count < len(rows):
        last = np.partition(values, count - 1)[count - 1]
        kept = np.flatnonzero(values <= last)  # with all that tie with the last
        rows, words, values = rows[kept], words[kept], values[kept]
    order = np.lexsort((words, values))
    rows, words, values = rows[order], words[order], values[order]
    same = (words[1:] == words[:-1]) & (values[1:] == values[:-1])
    if same.any():  # 64 bits do not decide, which takes centuries with SHA-256
        place = dict(zip(rows.tolist(), values.tolist(), strict=True))
        rows = np.array(
            sorted(place, key=lambda i: (place[i], ticket_of(ids[i], key), ids[i])),
            dtype=np.intp,
        )
    return rows[:count]


def _total(weights: npt.NDArray[np.int64]) -> int:
    """Exact sum: that of a million weights of 53 bits has 73."""
    high = int((weights >> _LOW_BITS).sum()) << _LOW_BITS
    return high + int((weights & ((1 << _LOW_BITS) - 1)).sum())


def certainty(
    weights: npt.NDArray[np.int64], quota: int, total: int | None = None
) -> tuple[int | None, int, int]:
    """
    Find the rows that are so heavy that they are certain to be drawn (section 5).

    A row is certain if *quota* times its weight reaches the total.  Certain rows
    reduce quota and total, which may make more rows certain.

    Args:
        weights: [(n,) int64, 1 <= weight < 2**53] Weights of a stratum, or at
            least of its *quota* heaviest rows.
        quota: [int >= 0] How many rows are drawn.
        total: [int, or None] Weight of the whole stratum, if *weights* is only
            a part of it.

    Returns:
        The least weight that makes a row certain, or None; how many rows remain
        to be drawn; the total weight of the rows that they are drawn from.

    Examples:
        >>> certainty(np.array([1, 1, 1, 4, 9]), 3)
        (4, 1, 3)
        >>> certainty(np.array([1, 1, 1, 1]), 3)
        (None, 3, 4)
    """
    ordered = np.sort(weights)
    end = len(ordered)
    rest = _total(ordered) if total is None else total
    least = None
    while quota > 0 and end:
        needed = -(-rest // quota)  # quota * weight >= rest, in whole numbers
        if int(ordered[end - 1]) < needed:
            break
        start = int(np.searchsorted(ordered[:end], needed))
        least = int(ordered[start])
        quota -= end - start
        rest -= _total(ordered[start:end])
        end = start
    return least, quota, rest


def canonical_rows(
    ids: Sequence[str],
    codes: npt.NDArray[np.integer],
    names: Sequence[str],
    weights: npt.NDArray[np.int64] | None = None,
) -> Iterator[bytes]:
    r"""
    Write the rows of a frame as they are hashed into its digest.

    Args:
        ids: [n strings] Unique and without control characters, in any order.
        codes: [(n,) integers in 0..k-1] Stratum of each row, as a position in
            *names*.
        names: [k strings] Names of the strata.
        weights: [(n,) int64, or None] Weight of each row.

    Yields:
        Pieces of a UTF-8 text, sorted by the UTF-8 bytes of the ids.  Its lines
        are id, TAB, stratum, with weights also TAB and weight, and LF.

    Examples:
        >>> b"".join(canonical_rows(["S2", "S1"], np.array([0, 1]), ["A", "B"]))
        b'S1\tB\nS2\tA\n'
    """
    ends = [f"\t{name}\n" if weights is None else f"\t{name}\t" for name in names]
    lines = list(map(operator.add, ids, map(ends.__getitem__, codes.tolist())))
    if weights is not None:
        lines = [
            f"{line}{n}\n" for line, n in zip(lines, weights.tolist(), strict=True)
        ]
    # Python compares texts by code point, which is the order of their UTF-8 bytes.
    # TAB comes before all characters of a valid id, so lines sort as their ids do,
    # in half the time of sorting rows by id.
    lines.sort()
    for start in range(0, len(lines), _CHUNK):
        yield "".join(lines[start : start + _CHUNK]).encode()


def by_bytes(
    ids: Sequence[str],
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bytes_] | None]:
    """
    Sort rows by the UTF-8 bytes of their ids, which is by code points.

    Args:
        ids: [n strings] Unique, without control characters.

    Returns:
        [(n,) int32, 0..n-1] Positions in sorted order; and the sorted ids as one
        array, if they are short ASCII texts.

    Examples:
        >>> by_bytes(["\U00020000", "\ufa0e", "S10", "S1"])[0].tolist()
        [3, 2, 1, 0]
        >>> by_bytes(["S10", "S1"])[1].tolist()
        [b'S1', b'S10']
    """
    longest = max(map(len, ids), default=0)
    if 0 < longest <= _LONGEST_PACKED and "".join(ids).isascii():
        # NumPy sorts short texts of a fixed width in half of Python's time, and
        # they can then be read without jumps in memory.
        packed = np.array(ids, dtype=f"S{longest}")
        order = np.argsort(packed)
        return order.astype(np.int32), packed[order]
    ordered = sorted(range(len(ids)), key=ids.__getitem__)
    return np.array(ordered, dtype=np.int32), None


_Row = tuple[float, str, str, int, str]  # rank, ticket, id, weight, piece


@dataclasses.dataclass(frozen=True, repr=False)
class PartialDraw:
    """
    A draw from some rows of a frame, to be merged with others (分片抽取).

    For engines that keep a frame in pieces (section 8).  Each piece keeps the
    rows that can still be drawn, and merging keeps the lowest of both.  Merging
    is associative, commutative and idempotent: order, grouping and repeated
    pieces do not matter.

    With weights, whether a row is certain depends on the *whole* stratum.  So a
    partial draw keeps the total weight of every piece by the piece's digest, and
    a repeated piece counts once.  Rows that two different pieces share would
    count twice: this is rejected if it shows, and `sizes` tells how many rows
    were counted.  Without weights overlapping pieces do no harm.

    Attributes:
        key: [32 lower-case hex characters] The key of the draw.
        quotas: [name -> int >= 0] Quotas of the whole frame.
        spare: [int >= 0] How many reserves are kept in each stratum.
        weighted: Whether the rows have weights.
        rows: [name -> rows] The rows that can still be drawn, lowest first.
        pieces: [digest -> name -> (rows, total weight)] Pieces counted, only
            with weights.

    Examples:
        >>> key = "f050b4356fceca7e0bd30cb92bc14db1"
        >>> one = PartialDraw.of(["S1", "S2"], ["A", "A"], {"A": 2, "B": 1}, key)
        >>> other = PartialDraw.of(["S4", "S6"], ["A", "B"], {"A": 2, "B": 1}, key)
        >>> one.merge(other).result()
        {'A': ('S2', 'S4'), 'B': ('S6',)}
        >>> one.merge(other) == other.merge(one).merge(one)
        True
    """

    key: str
    quotas: Mapping[str, int]
    spare: int
    weighted: bool
    rows: Mapping[str, tuple[_Row, ...]]
    pieces: Mapping[str, Mapping[str, tuple[int, int]]]

    @classmethod
    def of(
        cls,
        ids: Iterable[str],
        strata: Iterable[str],
        quotas: Mapping[str, int],
        key: str,
        weights: npt.ArrayLike | None = None,
        *,
        reserves: int = 0,
    ) -> Self:
        """
        Draw from one piece of a frame.

        Args:
            ids: [n strings] Unique in the piece, and checked by the frame.
            strata: [n strings] Stratum of each row.
            quotas: [name -> int >= 0] Quotas of all strata of the whole frame.
            key: [32 lower-case hex characters] The key of the draw.
            weights: [(n,) integers, 1 <= weight < 2**53, or None] Weight of
                each row.
            reserves: [int >= 0] How many reserves to keep in each stratum.

        Raises:
            ValueError: A key of another form, a stratum without a quota, a
                repeated id, columns of unequal length, or a number out of
                range.
        """
        rows, names = _texts(ids), _texts(strata)
        numbers = None if weights is None else np.asarray(weights)
        _refuse_numbers(key, [*quotas.items(), ("reserves", reserves)], numbers)
        # NumPy's integers, which may have 8 bits, are too small for the sums.
        quotas = {name: int(quota) for name, quota in quotas.items()}
        reserves = int(reserves)
        _refuse_columns(rows, names, quotas, numbers)
        order = sorted(set(names))
        position = {name: code for code, name in enumerate(order)}
        codes = np.array([position[name] for name in names], dtype=np.int32)
        piece = ""
        if numbers is not None:
            numbers = numbers.astype(np.int64)
            state = hashlib.sha256()
            for text in canonical_rows(rows, codes, order, numbers):
                state.update(text)
            piece = state.hexdigest()
        first = first_words(rows, key)
        kept: dict[str, tuple[_Row, ...]] = {}
        counted: dict[str, tuple[int, int]] = {}
        for name, code in position.items():
            here = np.flatnonzero(codes == code)
            count = quotas[name] + reserves
            chosen = lowest(count, here, first, rows, key, weights=numbers)
            if numbers is not None:
                counted[name] = len(here), _total(numbers[here])
                heavy = np.lexsort((first[here], -numbers[here]))[: quotas[name]]
                chosen = np.union1d(chosen, here[heavy])
            kept[name] = tuple(
                sorted(_row(rows[i], key, numbers, i, piece) for i in chosen.tolist())
            )
        pieces = {} if numbers is None else {piece: counted}
        return cls(key, quotas, reserves, numbers is not None, kept, pieces)

    def merge(self, other: "PartialDraw", /) -> "PartialDraw":
        """
        Draw from the rows of both.

        Raises:
            ValueError: The two belong to different draws, an id is in two
                strata or has two weights, or, with weights, two pieces overlap.
        """
        for name in ("key", "quotas", "spare", "weighted"):
            mine, its = getattr(self, name), getattr(other, name)
            if mine != its:
                msg = (
                    f"{name!r} must be the same in both partial draws (got {mine!r} "
                    f"and {its!r}). Make all pieces with the same arguments."
                )
                raise ValueError(msg)
        merged: dict[str, tuple[_Row, ...]] = {}
        seen: dict[str, tuple[str, _Row]] = {}
        for name in sorted({*self.rows, *other.rows}):
            rows = {*self.rows.get(name, ()), *other.rows.get(name, ())}
            for row in rows:
                _refuse_conflict(seen.setdefault(row[2], (name, row)), (name, row))
            quota = self.quotas[name]
            low = sorted(rows)
            chosen = set(low[: quota + self.spare])
            if self.weighted:
                heavy = sorted(rows, key=lambda row: (-row[3], row[1], row[2]))
                chosen.update(heavy[:quota])
            merged[name] = tuple(row for row in low if row in chosen)
        pieces = {**self.pieces, **other.pieces}
        return PartialDraw(
            self.key, self.quotas, self.spare, self.weighted, merged, pieces
        )

    def result(self) -> dict[str, tuple[str, ...]]:
        """
        Give the ids drawn from the rows merged so far, by stratum in draw order.

        A stratum with fewer rows than its quota gives all of them.
        """
        return {name: self._order(name)[0] for name in sorted(self.quotas)}

    def reserves(self) -> dict[str, tuple[str, ...]]:
        """Give the reserves that were kept, by stratum in draw order (替补)."""
        return {name: self._order(name)[1] for name in sorted(self.quotas)}

    @property
    def sizes(self) -> dict[str, int]:
        """
        Number of rows counted in each stratum, only with weights.

        If it is larger than announced, pieces overlap; if smaller, some are
        missing.
        """
        sizes: Counter[str] = Counter()
        for counted in self.pieces.values():
            sizes.update({name: rows for name, (rows, _) in counted.items()})
        return dict(sorted(sizes.items()))

    def _order(self, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        rows = self.rows.get(name, ())
        quota = self.quotas[name]
        certain: list[_Row] = []
        if self.weighted:
            total = sum(
                counted.get(name, (0, 0))[1] for counted in self.pieces.values()
            )
            weights = np.array([row[3] for row in rows], dtype=np.int64)
            least, quota, _ = certainty(weights, quota, total)
            if least is not None:
                certain = sorted(
                    (r for r in rows if r[3] >= least), key=lambda r: r[1:]
                )
                rows = tuple(row for row in rows if row[3] < least)
        drawn = [*certain, *rows[:quota]]
        spare = rows[quota : quota + self.spare]
        return tuple(row[2] for row in drawn), tuple(row[2] for row in spare)


def _texts(values: Iterable[str]) -> list[str]:
    """Turn a column into a list of Python's texts."""
    tolist = getattr(values, "tolist", None)
    return list(values) if tolist is None else list(tolist())


def _row(
    text: str, key: str, weights: npt.NDArray[np.int64] | None, at: int, piece: str
) -> _Row:
    ticket = ticket_of(text, key)
    if weights is None:
        return 0.0, ticket, text, 0, piece
    weight = int(weights[at])
    return rank_of(ticket, weight), ticket, text, weight, piece


def _refuse_numbers(
    key: str, counts: Iterable[tuple[str, int]], weights: npt.NDArray[Any] | None
) -> None:
    if not _KEY.fullmatch(key):
        msg = (
            f"'key' must be 32 lower-case hex characters (got {key!r}). "
            "Take it from the announcement and the entropy."
        )
        raise ValueError(msg)
    for name, count in counts:
        if isinstance(count, bool) or not isinstance(count, (int, np.integer)):
            msg = (
                f"{name!r} must have an int (got {told(count)}). Write a whole number."
            )
            raise TypeError(msg)
        if count < 0:
            msg = f"{name!r} must have at least 0 (got {count}). Write 0 to draw none."
            raise ValueError(msg)
    if weights is None or not weights.size:
        return
    if weights.dtype.kind not in "iu":
        msg = (
            f"'weights' must be integers (got {weights.dtype}). Count in whole "
            "units, such as employees or yuan."
        )
        raise TypeError(msg)
    if not 1 <= int(weights.min()) <= int(weights.max()) <= MAX_WEIGHT:
        msg = (
            f"'weights' must be at least 1 and below 2**53 (got {weights.min()} to "
            f"{weights.max()}). Count in larger units."
        )
        raise ValueError(msg)


def _refuse_columns(
    ids: Sequence[str],
    strata: Sequence[str],
    quotas: Mapping[str, int],
    weights: npt.NDArray[Any] | None,
) -> None:
    lengths = [len(ids), len(strata), *([] if weights is None else [len(weights)])]
    if len(set(lengths)) > 1:
        msg = (
            f"columns of a piece must have one length (got {lengths}). "
            "Give each row one value in each column."
        )
        raise ValueError(msg)
    unknown = sorted(set(strata) - set(quotas))
    if unknown:
        msg = (
            f"'quotas' must have every stratum (got none for {unknown}). "
            "Give the quotas of the whole frame, 0 where none is drawn."
        )
        raise ValueError(msg)
    if len(set(ids)) < len(ids):
        twice, _ = Counter(ids).most_common(1)[0]
        msg = (
            f"'ids' must be unique in a piece (got {twice!r} twice). "
            "Keep one of the rows."
        )
        raise ValueError(msg)


def _refuse_conflict(one: tuple[str, _Row], other: tuple[str, _Row]) -> None:
    if one == other:
        return
    (stratum, row), (other_stratum, other_row) = one, other
    if stratum != other_stratum:
        rule = f"have one stratum (got {stratum!r} and {other_stratum!r})"
    elif row[3] != other_row[3]:
        low, high = sorted((row[3], other_row[3]))
        rule = f"have one weight (got {low} and {high})"
    else:
        rule = "be in one piece (got it in two, with weights)"
    msg = f"{row[2]!r} must {rule}. Keep one row of it in the whole frame."
    raise ValueError(msg)
