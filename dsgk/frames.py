"""
The frame: who can be drawn, in which stratum, with what weight (抽样框).

Columns, not objects: a frame of a million rows is made in a second and holds
little more than its ids.
"""

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, Faults, invalid
from dsgk.identifiers import id_faults, plain
from dsgk.kernels.tickets import MAX_WEIGHT, canonical_rows
from dsgk.tables import (
    StoredColumns,
    array_of,
    column_of,
    known_columns,
    length_faults,
    read_id_column,
    require,
)


__all__ = ["Frame"]


@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class Frame(StoredColumns):
    """
    The rows that can be drawn, each in one stratum (抽样框).

    A frame is a set: the order of its rows has no meaning, and two frames are
    equal when their digests are.  A frame without rows is a frame: it says
    that nobody could be drawn, its digest is that of the empty text, and its
    draw is empty.

    Args:
        ids: [n strings] Unique, valid by `check_id`; a list, a tuple, an array
            or a column of pandas, polars or Arrow, as the others.
        strata: [n strings] The name of each row's stratum; valid by
            `check_id` as well.
        weights: [n ints, 1 <= weight < 2**53, or None] Relative chance of
            each row in its stratum, for draws with unequal chances; floats
            are refused, because two programs may print one differently.

    Attributes:
        ids: [n strings] As given.
        codes: [(n,) int32] Stratum of each row, as a position in *names*.
        names: [k strings] The strata that occur, by their UTF-8 bytes.
        weights: [(n,) int64, or None] Weight of each row.

    Raises:
        InvalidInput: Faulty ids, names or weights, or columns of unequal
            length: all faults at once, with their rows.
        InvalidTypeError: A column is not a column.

    Examples:
        >>> frame = Frame(["S2", "S1", "S3"], ["A", "A", "B"])
        >>> frame.sizes
        {'A': 2, 'B': 1}
        >>> frame == Frame(["S1", "S2", "S3"], ["A", "A", "B"])
        True
    """

    FORMAT: ClassVar[str] = "dsgk-frame/1"

    ids: tuple[str, ...]
    codes: npt.NDArray[np.int32]
    names: tuple[str, ...]
    weights: npt.NDArray[np.int64] | None

    def __init__(
        self,
        ids: Iterable[str],
        strata: Iterable[str],
        weights: Iterable[int] | None = None,
    ) -> None:
        column, faults = read_id_column(
            column_of(strata, name="strata"), name="stratum"
        )
        require(column, faults, name="stratum")
        column.codes.flags.writeable = False
        self.__attrs_init__(
            *_checked(ids, column.codes, column.categories, weights, faults)
        )

    @classmethod
    def from_codes(
        cls,
        ids: Iterable[str],
        codes: npt.ArrayLike,
        names: Sequence[str],
        weights: Iterable[int] | None = None,
    ) -> "Frame":
        """
        Make a frame whose strata are given as positions in a list of names.

        Args:
            ids: [n strings] Unique, valid by `check_id`.
            codes: [(n,) integers in 0..k-1] Position of each row's stratum.
            names: [k strings] Distinct, in any order; those that do not occur
                are left out of the frame.
            weights: [n ints, 1 <= weight < 2**53, or None] As in the class.

        Raises:
            InvalidInput: As in the class, a code without a name, or a name
                that comes twice.
            InvalidTypeError: *codes* are not integers.

        Examples:
            >>> Frame.from_codes(["S1", "S2"], [1, 1], ["B", "A"]).names
            ('A',)
        """
        texts = _listed(names, "names")
        given = array_of(codes)
        if given.size == 0:
            given = given.astype(np.int32)
        if given.ndim != 1 or given.dtype.kind not in "iu":
            raise invalid(
                "frame-codes", name="codes", got=str(given.dtype), dimensions=given.ndim
            )
        faults = id_faults(texts, name="names")
        faults.add_rows(
            np.flatnonzero((given < 0) | (given >= len(texts))),
            lambda row: Fault.of(
                "stratum-code",
                row=row,
                column="codes",
                got=int(given[row]),
                last=len(texts) - 1,
            ),
            column="codes",
        )
        return frame_of_checked(*_checked(ids, given, texts, weights, faults))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Come out of a pickle read-only again, which NumPy's arrays do not."""
        vars(self).update(state)
        self.codes.flags.writeable = False
        if self.weights is not None:
            self.weights.flags.writeable = False

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.ids)

    def __eq__(self, other: object) -> bool:
        """Whether both are the same set of rows."""
        if not isinstance(other, Frame):
            return NotImplemented
        return self is other or (
            len(self) == len(other) and self.digest == other.digest
        )

    def __hash__(self) -> int:
        """Equal frames have equal hashes."""
        return hash(self.digest)

    def __repr__(self) -> str:
        """Sizes instead of rows, of which there may be millions."""
        kind = "" if self.weights is None else ", weighted"
        return f"<Frame of {len(self)} rows{kind}, sizes {self.sizes}>"

    @property
    def sizes(self) -> dict[str, int]:
        """Number of rows of each stratum, by name."""
        counts = np.bincount(self.codes, minlength=len(self.names))
        return dict(zip(self.names, counts.tolist(), strict=True))

    @functools.cached_property
    def digest(self) -> str:
        """
        SHA-256 of the rows, 64 lower-case hex characters (摘要).

        Anyone who has the rows as a file gets it by
        ``LC_ALL=C sort frame.tsv | sha256sum``.
        """
        state = hashlib.sha256()
        for piece in canonical_rows(self.ids, self.codes, self.names, self.weights):
            state.update(piece)
        return state.hexdigest()

    @property
    def canonical(self) -> bytes:
        r"""
        The text that the digest is of; publish it as ``frame.tsv``.

        Examples:
            >>> Frame(["S2", "S1"], ["B", "A"], weights=[5, 3]).canonical
            b'S1\tA\t3\nS2\tB\t5\n'
        """
        return b"".join(canonical_rows(self.ids, self.codes, self.names, self.weights))

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Give the rows back as columns, in the order in which they came.

        Examples:
            >>> Frame(["S2", "S1"], ["B", "A"]).to_columns()
            {'id': ['S2', 'S1'], 'stratum': ['B', 'A']}
        """
        columns: dict[str, list[Any]] = {
            "id": list(self.ids),
            "stratum": [self.names[code] for code in self.codes.tolist()],
        }
        if self.weights is not None:
            columns["weight"] = self.weights.tolist()
        return columns

    plain_columns = to_columns

    @classmethod
    def of_plain_columns(cls, columns: Mapping[str, list[Any]], /) -> Self:
        """Read the columns of a document."""
        names = {"ids": "id", "strata": "stratum", "weights": "weight"}
        return cls(**known_columns(columns, names, optional=["weights"], what="frame"))


def frame_of_checked(
    ids: tuple[str, ...],
    codes: npt.NDArray[np.integer],
    names: Sequence[str],
    weights: npt.NDArray[np.int64] | None = None,
) -> Frame:
    """
    Make a frame of columns that were checked before, as a register's are.

    Args:
        ids: [n strings] As in `Frame.from_codes`, as are the others.
        codes: [(n,) integers in 0..k-1] Position of each row's stratum.
        names: [k strings] Distinct, in any order.
        weights: [(n,) int64, or None] Weight of each row.
    """
    counts = np.bincount(codes.astype(np.int64), minlength=len(names))
    kept = np.flatnonzero(counts).tolist()
    kept.sort(key=names.__getitem__)
    position = np.zeros(len(names), dtype=np.int32)
    position[kept] = np.arange(len(kept))
    own = position[codes]
    own.flags.writeable = False
    frame = Frame.__new__(Frame)
    frame.__attrs_init__(ids, own, tuple(names[code] for code in kept), weights)
    return frame


def _checked(
    ids: Iterable[str],
    codes: npt.NDArray[Any],
    names: Sequence[str],
    weights: Iterable[int] | None,
    faults: Faults,
) -> tuple[
    tuple[str, ...],
    npt.NDArray[np.int32],
    tuple[str, ...],
    npt.NDArray[np.int64] | None,
]:
    """Return the fields of a frame, or raise every fault of its columns."""
    rows = ids if isinstance(ids, tuple) else tuple(_listed(ids, "ids"))
    found = id_faults(rows)
    found += faults
    columns: dict[str, Any] = {"id": rows, "stratum": codes}
    numbers = None
    if weights is not None:
        numbers, wrong = _weights(weights)
        found += wrong
        columns["weight"] = numbers
        numbers.flags.writeable = False
    found += length_faults(columns)
    found.raise_any("frame")
    return tuple(_plain(rows)), codes, tuple(_plain(names)), numbers


def _listed(values: Iterable[Any], name: str) -> list[Any]:
    """Make a list of a column of any table."""
    column = column_of(values, name=name)
    return column if isinstance(column, list) else column.tolist()


def _plain(texts: Sequence[str]) -> Sequence[str]:
    """Texts alone: members of an enum of texts print by their names."""
    return texts if set(map(type, texts)) <= {str} else [*map(plain, texts)]


def _weights(weights: Iterable[int]) -> tuple[npt.NDArray[np.int64], Faults]:
    """Return the weights as a column of their own, and what is wrong with them."""
    values = _listed(weights, "weights")
    if not set(map(type, values)) <= {int}:
        values = [int(v) if isinstance(v, np.integer) else v for v in values]
    faults = Faults()
    if set(map(type, values)) <= {int} and (
        not values or 1 <= min(values) <= max(values) <= MAX_WEIGHT
    ):
        return np.array(values, dtype=np.int64), faults

    def strange(row: int) -> Fault:
        got, kind = values[row], type(values[row]).__name__
        return Fault.of("count-type", row=row, column="weight", got=got, got_type=kind)

    def outside(row: int) -> Fault:
        return Fault.of("weight-range", row=row, column="weight", got=values[row])

    wrong = [row for row, value in enumerate(values) if type(value) is not int]
    faults.add_rows(wrong, strange, column="weight")
    unread = faults.rows("weight")
    beyond = [
        row
        for row, value in enumerate(values)
        if row not in unread and not 1 <= value <= MAX_WEIGHT
    ]
    faults.add_rows(beyond, outside, column="weight")
    return np.zeros(len(values), dtype=np.int64), faults
