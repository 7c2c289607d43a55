"""How the columns of a register are made, changed and taken apart."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.subjects.values import CLASSES, FIELDS, Status, Subject
from dsgk.tables import Categorical


__all__ = ["freeze", "in_order", "patched", "subject_of"]


def freeze(
    classes: Mapping[str, Categorical[Any]], *arrays: npt.NDArray[Any] | None
) -> None:
    """Let nobody write into the columns of a register."""
    for array in (*(column.codes for column in classes.values()), *arrays):
        if array is not None:
            array.flags.writeable = False


def in_order(
    classes: Mapping[str, Categorical[Any]], n: int
) -> dict[str, Categorical[Any]]:
    """Fields in their order, then attributes by name; every status filled in."""
    given = classes.get("status") or Categorical(np.full(n, -1, dtype=np.int32), ())
    known = list(dict.fromkeys([*given.categories, Status.ACTIVE]))
    active = known.index(Status.ACTIVE)
    codes = np.where(given.codes < 0, active, given.codes).astype(np.int32)
    status = Categorical.of(codes, known)
    full = {**classes, "status": status}
    attributes = sorted(name for name in classes if name not in FIELDS)
    return {f: full[f] for f in (*CLASSES, *attributes) if f in full}


def patched(
    column: Categorical[Any] | None, n: int, cells: Mapping[int, Any]
) -> Categorical[Any]:
    """A column of *n* rows with some cells replaced."""
    codes = np.full(n, -1, dtype=np.int32)
    positions: dict[tuple[type, Any], int] = {}
    if column is not None:
        codes[: len(column)] = column.codes
        positions = {(type(v), v): k for k, v in enumerate(column.categories)}
    for row, value in cells.items():
        key = (type(value), value)
        codes[row] = -1 if value is None else positions.setdefault(key, len(positions))
    return Categorical.of(codes, [value for _, value in positions])


def subject_of(
    subject_id: str, cells: Mapping[str, Any], last: dt.date | None, visits: int
) -> Subject:
    """The subject that stands in a row."""
    fields = {name: cell for name, cell in cells.items() if name in FIELDS}
    others = [pair for pair in cells.items() if pair[0] not in FIELDS]
    return Subject(
        id=subject_id,
        last_inspected_on=last,
        visits_this_year=visits,
        attributes=others,
        **fields,
    )
