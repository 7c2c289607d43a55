"""Rows of a ledger in groups, counted."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.errors import InvalidValueError
from dsgk.ledger import Ledger
from dsgk.tables import Coded, Days


__all__ = ["GROUPS", "Groups", "by_quarter", "distinct", "grouped", "quarters", "share"]

GROUPS = ("department", "entry", "item", "stratum", "quarter")
"""What figures can be told by: columns of the ledger, or the quarter of `due`."""


class Groups(NamedTuple):
    """
    Which group each row is in.

    Attributes:
        by: What the groups are of; name of the first column of a table.
        names: [k] Names of the groups, sorted; None for rows without one.
        codes: [n ints, 0..k-1] Group of each row.
    """

    by: str
    names: list[Any]
    codes: npt.NDArray[np.int64]

    def tally(self, rows: npt.NDArray[np.bool_]) -> list[int]:
        """How many of some rows are in each group."""
        counts: list[int] = np.bincount(
            self.codes[rows], minlength=len(self.names)
        ).tolist()
        return counts


def grouped(ledger: Ledger, by: str, /) -> Groups:
    """
    Group the rows of a ledger.

    Args:
        ledger: The ledger.
        by: One of `GROUPS`.

    Raises:
        InvalidValueError: *by* is none of them.
    """
    if by not in GROUPS:
        msg = f"'by' must be one of {', '.join(map(repr, GROUPS))} (got {by!r})."
        raise InvalidValueError(msg, code="group-unknown", params={"by": by})
    if by == "quarter":
        return by_quarter(quarters(ledger.days["due"]))
    column = ledger.classes[by]
    names: list[Any] = [
        name.label if isinstance(name, Coded) else name for name in column.categories
    ]
    codes = column.codes.astype(np.int64)
    if (codes < 0).any():
        codes = np.where(codes < 0, len(names), codes)
        names.append(None)
    return Groups(by, names, codes)


def quarters(days: Days, /) -> npt.NDArray[np.int64]:
    """[n] Quarters of days since 1970, such as 4 for the first of 1971."""
    return days.astype("datetime64[M]").astype(np.int64) // 3


def by_quarter(numbers: npt.NDArray[np.int64], /) -> Groups:
    """Group rows by the number of their quarter."""
    known, codes = np.unique(numbers, return_inverse=True)
    names = [f"{1970 + quarter // 4}Q{quarter % 4 + 1}" for quarter in known.tolist()]
    return Groups("quarter", names, codes.astype(np.int64))


def distinct(*columns: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """
    Which rows are the first with their cells.

    Args:
        columns: [n ints or days] One or more.

    Returns:
        [n, bool] True once for each combination that occurs.
    """
    first = np.zeros(len(columns[0]), dtype=bool)
    if len(first):
        order = np.lexsort(columns[::-1])
        new = np.zeros(len(first), dtype=bool)
        new[0] = True
        for column in columns:
            ordered = column[order]
            new[1:] |= ordered[1:] != ordered[:-1]
        first[order[new]] = True  # the sort is stable
    return first


def share(part: int, whole: int, /) -> float | None:
    """A share that was observed; None where there is nothing to share."""
    return part / whole if whole else None
