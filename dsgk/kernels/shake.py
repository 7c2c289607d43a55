"""
The one source of chance of `dsgk-assign/2`: SHAKE-256, key and label.

Normative, so that another language can repeat every number:

- *Stream.*  Block *b* (0, 1, 2, …) of the stream of *key* and *label* is the
  first 8,192 bytes of SHAKE-256 of the UTF-8 text ``key:label:b``, *b* in
  decimal digits.  The stream is block 0, block 1, and so on, without end.  A
  key holds no colon, so no two pairs of key and label share a text.
- *Words.*  Every 8 bytes are one word, an unsigned big-endian integer.  Words
  are used in order, each once; nothing else reads the stream.
- *Below n.*  Let *w* be the least number of words with ``2**(64*w) >= n``.
  Read *w* words as one big-endian integer *x*; while
  ``x >= 2**(64*w) // n * n``, read *w* new words instead.  The answer is
  ``x % n``.  Below 1 reads no word.
- *Permutation of n.*  Read *n* words; while two of them are equal, read *n*
  new words instead.  The answer is the positions 0, 1, …, n-1 in the order of
  their words, least first.

Every answer is exactly uniform when the words are, and the words depend on
nothing but key and label: not on a platform, a version or an earlier call
with another label.
"""

import hashlib

import numpy as np
import numpy.typing as npt


__all__ = ["BLOCK_BYTES", "WORD_BITS", "Shake"]

BLOCK_BYTES = 8192
WORD_BITS = 64

_WORD_BYTES = 8
# A stream that is asked for a few numbers only need not squeeze a whole
# block; what is squeezed first is a prefix of block 0 all the same.
_PREFIX_BYTES = 264
# After a refused word all later ones move up by one, so a window of words is
# judged at a time: short enough that a rare restart costs nothing.
_WINDOW = 4096


class Shake:
    """
    Uniform integers from a key and a label.

    Args:
        key: Any text without a colon, such as the 32 hex characters of a draw.
        label: Any text; says what the numbers are for.

    Raises:
        ValueError: *key* holds a colon, or a text has no UTF-8 form.

    Examples:
        >>> source = Shake("f050b4356fceca7e0bd30cb92bc14db1", "lead")
        >>> source.below(6), source.below(2**80)
        (0, 539787837324531612428187)
        >>> source.permutation(5).tolist()
        [4, 2, 3, 1, 0]
    """

    __slots__ = ("_at", "_buffer", "_next_block", "_prefix")

    def __init__(self, key: str, label: str) -> None:
        if ":" in key:
            msg = (
                f"'key' must hold no colon (got {key!r}). Put it into 'label' instead."
            )
            raise ValueError(msg)
        self._prefix = hashlib.shake_256(f"{key}:{label}:".encode())
        self._buffer = b""
        self._at = 0
        self._next_block = 0

    def words(self, n: int, /) -> npt.NDArray[np.uint64]:
        """
        Read the next words of the stream.

        Args:
            n: [int >= 0] How many.

        Returns:
            [(n,) uint64] Each uniform below ``2**64``.

        Examples:
            >>> Shake("k", "words").words(2).tolist()
            [17341254280515864431, 3893475839449463334]
        """
        size = n * _WORD_BYTES
        if self._at + size > len(self._buffer):
            self._squeeze(size)
        read = np.frombuffer(self._buffer, ">u8", n, self._at)
        self._at += size
        return read.astype(np.uint64)

    def below(self, n: int, /) -> int:
        """
        Draw one of ``0, 1, …, n-1``, each with chance ``1/n`` exactly.

        Args:
            n: [int >= 1] Of any size, also beyond ``2**64``.

        Raises:
            ValueError: *n* is less than 1.

        Examples:
            >>> Shake("k", "dice").below(6)
            3
        """
        if n <= 1:
            if n == 1:
                return 0
            msg = f"'n' must be at least 1 (got {n}). There is nothing to draw from."
            raise ValueError(msg)
        size = _WORD_BYTES * -(-(n - 1).bit_length() // WORD_BITS)
        limit = (1 << 8 * size) // n * n
        while True:
            end = self._at + size
            if end > len(self._buffer):
                self._squeeze(size)
                end = self._at + size
            x = int.from_bytes(self._buffer[self._at : end], "big")
            self._at = end
            if x < limit:
                return x % n

    def below_each(self, bounds: npt.ArrayLike, /) -> npt.NDArray[np.int64]:
        """
        Draw one number below each bound, as `below` would one after another.

        Args:
            bounds: [(n,) integers, 1 <= bound < 2**63] Need not be equal.

        Returns:
            [(n,) int64] ``[below(b) for b in bounds]``, and the stream stands
            where that loop would leave it.

        Raises:
            ValueError: A bound is less than 1.

        Examples:
            >>> Shake("k", "dice").below_each([6, 1, 6]).tolist()
            [3, 0, 3]
        """
        bound = np.asarray(bounds, dtype=np.int64)
        if bound.size and bound.min() < 1:
            msg = (
                f"'bounds' must be at least 1 (got {int(bound.min())}). "
                "There is nothing to draw from."
            )
            raise ValueError(msg)
        drawn = np.zeros(len(bound), dtype=np.int64)
        reading = np.flatnonzero(bound > 1)
        modulus = bound[reading].astype(np.uint64)
        # A word is refused from 2**64 - 2**64 % n on, that is above ~(2**64 % n).
        last_accepted = ~(-modulus % modulus)
        done = 0
        while done < len(reading):
            stop = min(done + _WINDOW, len(reading))
            word = self.words(stop - done)
            refused = np.flatnonzero(word > last_accepted[done:stop])
            if refused.size:
                first = int(refused[0])
                self._at -= (stop - done - first - 1) * _WORD_BYTES
                stop = done + first
                word = word[:first]
            drawn[reading[done:stop]] = word % modulus[done:stop]
            done = stop
        return drawn

    def permutation(self, n: int, /) -> npt.NDArray[np.intp]:
        """
        Draw an order of ``0, 1, …, n-1``, each with chance ``1/n!`` exactly.

        Args:
            n: [int >= 0] How many.

        Returns:
            [(n,) intp] A permutation.

        Examples:
            >>> Shake("k", "order").permutation(4).tolist()
            [3, 2, 0, 1]
        """
        while True:
            word = self.words(n)
            order = np.argsort(word, kind="stable")
            word = word[order]
            if not (word[1:] == word[:-1]).any():
                return order

    def _squeeze(self, size: int) -> None:
        """Have *size* bytes from the present place on in the buffer."""
        if not self._next_block:
            if self._at + size <= _PREFIX_BYTES:
                self._buffer = self._block(0, _PREFIX_BYTES)
                return
            self._buffer = self._block(0, BLOCK_BYTES)
            self._next_block = 1
        missing = self._at + size - len(self._buffer)
        if missing > 0:
            first = self._next_block
            self._next_block += -(-missing // BLOCK_BYTES)
            rest = self._buffer[self._at :]
            blocks = [
                self._block(b, BLOCK_BYTES) for b in range(first, self._next_block)
            ]
            self._buffer = b"".join([rest, *blocks])
            self._at = 0

    def _block(self, number: int, size: int) -> bytes:
        state = self._prefix.copy()
        state.update(str(number).encode())
        return state.digest(size)
