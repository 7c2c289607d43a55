"""
The frame: who can be drawn, in which stratum, with what weight (抽样框).

It holds columns, not objects, so a million rows take a second and little more
memory than their ids.
"""

import functools
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Faults, invalid
from dsgk.fields import whole_cell
from dsgk.identifiers import id_faults, plain
from dsgk.kernels.tickets import MAX_WEIGHT, canonical_rows
from dsgk.tables import (
    SetOfRows,
    array_of,
    column_of,
    known_columns,
    length_faults,
    read_id_column,
    require,
)


__all__ = ["Frame"]


@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class Frame(SetOfRows):
    """
    The rows that can be drawn, each in one stratum (抽样框).

    A frame is a set: the order of its rows has no meaning, and two frames are
    equal when their digests are.  It may be empty: then nobody can be drawn,
    and its digest is that of the empty text.

    Args:
        ids: [n strings] Unique, valid by `check_id`. This and the others may
            be a list, a tuple, an array or a column of pandas, polars or Arrow.
        strata: [n strings] The stratum of each row, also valid by `check_id`.
        weights: [n ints, 1 <= weight < 2**53, or None] Relative chance of
            each row in its stratum, for draws with unequal chances. No floats:
            two programs may print one differently.

    Attributes:
        ids: [n strings] As given.
        codes: [(n,) int32] Stratum of each row, as a position in *names*.
        names: [k strings] The strata that occur, sorted by UTF-8 bytes.
        weights: [(n,) int64, or None] Weight of each row.

    Raises:
        InvalidInput: Faulty ids, names or weights, or columns of unequal
            length: all faults at once, with their rows.

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
            column_of(strata, name="strata"), name="stratum", words=False
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
            ids: [n strings] As for the class.
            codes: [(n,) integers in 0..k-1] Position of each row's stratum.
            names: [k strings] Distinct, in any order; unused ones are dropped.
            weights: [n ints, or None] As for the class.

        Raises:
            InvalidInput: As for the class; a code without a name; a name given
                twice.

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
        faults = id_faults(texts, name="names", words=False)
        wrong = np.flatnonzero((given < 0) | (given >= len(texts)))
        last, got = len(texts) - 1, lambda row: int(given[row])
        faults.add_rows(wrong, "stratum-code", column="codes", got=got, last=last)
        return frame_of_checked(*_checked(ids, given, texts, weights, faults))

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Make the arrays read-only again, which a pickle forgets."""
        vars(self).update(state)
        self.codes.flags.writeable = False
        if self.weights is not None:
            self.weights.flags.writeable = False

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.ids)

    def __repr__(self) -> str:
        """Sizes instead of rows."""
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
        SHA-256 of the rows, in lower-case hex (摘要).

        Anyone who has the rows as a file can compute it with
        ``LC_ALL=C sort frame.tsv | sha256sum``.
        """
        state = hashlib.sha256()
        for piece in canonical_rows(self.ids, self.codes, self.names, self.weights):
            state.update(piece)
        return state.hexdigest()

    @property
    def canonical(self) -> bytes:
        r"""
        The text that is hashed into the digest; publish it as ``frame.tsv``.

        Examples:
            >>> Frame(["S2", "S1"], ["B", "A"], weights=[5, 3]).canonical
            b'S1\tA\t3\nS2\tB\t5\n'
        """
        return b"".join(canonical_rows(self.ids, self.codes, self.names, self.weights))

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Give the rows as columns, in the order given.

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
    """Make a frame of columns that have been checked; see `Frame.from_codes`."""
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
    """The fields of a frame, or an error with every fault of its columns."""
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
    """Turn a column of any table into a list."""
    column = column_of(values, name=name)
    return column if isinstance(column, list) else column.tolist()


def _plain(texts: Sequence[str]) -> Sequence[str]:
    """The bare texts of members of an enum of texts."""
    return texts if set(map(type, texts)) <= {str} else [*map(plain, texts)]


def _weights(weights: Iterable[int]) -> tuple[npt.NDArray[np.int64], Faults]:
    """The weights as an array of their own, and their faults."""
    values = _listed(weights, "weights")
    if not set(map(type, values)) <= {int}:
        values = [v if (n := whole_cell(v)) is None else n for v in values]
    faults = Faults()
    if set(map(type, values)) <= {int} and (
        not values or 1 <= min(values) <= max(values) <= MAX_WEIGHT
    ):
        return np.array(values, dtype=np.int64), faults

    broken: dict[str, list[int]] = {"count-type": [], "weight-range": []}
    for row, value in enumerate(values):
        if type(value) is not int:
            broken["count-type"].append(row)
        elif not 1 <= value <= MAX_WEIGHT:
            broken["weight-range"].append(row)
    for code, rows in broken.items():
        faults.add_rows(rows, code, column="weight", got=values.__getitem__)
    return np.zeros(len(values), dtype=np.int64), faults
