"""Rows of a ledger in groups, counted, and the sizes of tiers."""

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidValueError, shown
from dsgk.fields import Coded, check_mapping, whole_number
from dsgk.ledger import Ledger
from dsgk.tables import Days


__all__ = [
    "GROUPS",
    "MOST",
    "Groups",
    "Tier",
    "by_quarter",
    "check_by",
    "distinct",
    "grouped",
    "in_order",
    "quarters",
    "share",
    "sizes_of_tiers",
]

Tier = str | None
"""Name of a tier; None for what was drawn without one."""

MOST = 2**53
"""Counts stay below it: beyond, other programs read one as another."""

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
    check_by(by, GROUPS)
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


def check_by(by: object, known: Collection[str], /) -> None:
    """
    Refuse to group by what is no group.

    Raises:
        InvalidValueError: It is none of the known ones.
    """
    if not isinstance(by, str) or by not in known:
        msg = (
            f"'by' must be one of {', '.join(map(repr, known))} (got {shown(by)}). "
            "Group the columns of the ledger yourself by anything else."
        )
        raise InvalidValueError(msg, code="group-unknown", params={"by": by})


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


def in_order(tiers: Collection[Tier], /) -> list[Tier]:
    """Tiers by their names, the one without a name last."""
    return sorted(tiers, key=lambda tier: (tier is None, tier or ""))


def sizes_of_tiers(
    sizes: object, drawn: dict[Tier, int], /, *, name: str, doing: str
) -> tuple[dict[Tier, int], list[Fault]]:
    """
    Read how many subjects each tier has.

    Args:
        sizes: [tier -> int >= 0] The argument.
        drawn: How many subjects of each tier the ledger shows.
        name: What the faults call the argument.
        doing: What happened to those, such as ``"drawn"``.

    Returns:
        The sizes, to be used only if there is no fault; and every fault: a
        tier that is no text, a size that is no whole number, a tier of the
        ledger without a size, or with less than was drawn.

    Raises:
        InvalidTypeError: *sizes* is no mapping.
    """
    read: dict[Tier, int] = {}
    faults = []
    given = check_mapping(sizes, name=name, instead="{'A': 180, 'D': 20}")
    for tier, size in given.items():
        number = whole_number(size)
        if not isinstance(tier, Tier):
            msg = (
                f"{name!r} must name tiers by text (got {shown(tier)}). Write the "
                "names of the ledger's tiers, None for what has none."
            )
            faults.append(Fault.told("size-tier", msg, column="sizes"))
        elif number is None or not 0 <= number < MOST:
            msg = (
                f"{name!r} must have whole numbers of 0 or more and below 2**53 (got "
                f"{shown(size)} for {tier!r}). Count the subjects of the tier."
            )
            params: dict[str, Any] = {"tier": tier, "size": shown(size)}
            faults.append(Fault.told("size-number", msg, column="sizes", params=params))
            read[tier] = MOST  # told already
        else:
            read[tier] = number
    for tier, count in drawn.items():
        if read.get(tier, -1) < count:
            msg = (
                f"{name!r} must have every tier of the ledger and its subjects (got "
                f"{read.get(tier)!r} for {tier!r}, of which {count} were {doing}). "
                "Give the sizes of its frame."
            )
            params = {"tier": tier, "drawn": count, "size": read.get(tier)}
            faults.append(Fault.told("tier-size", msg, column="sizes", params=params))
    return read, faults
