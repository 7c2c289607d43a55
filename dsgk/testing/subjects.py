"""Strategies for subjects, registers of them, and selections from registers."""

import datetime as dt
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from dsgk.errors import DsgkError
from dsgk.fields import is_empty
from dsgk.kernels.workdays import add_months
from dsgk.subjects import FIELDS, Status, Subject, SubjectRegister, attribute_name
from dsgk.testing.arguments import (
    check_interval,
    check_sizes,
    check_strategy,
    check_type,
    named,
)
from dsgk.testing.lists import lists_of
from dsgk.testing.texts import ids_or


__all__ = [
    "ON",
    "Fields",
    "cells_of",
    "selections",
    "subject_columns",
    "subject_registers",
    "subjects",
]

Fields = Mapping[str, SearchStrategy[Any] | None]
"""Cells by field, None for a field that is left out."""

ON = dt.date(2026, 3, 25)
"""The day by which registers are made, unless another is given."""

_VISITS = ("last_inspected_on", "visits_this_year")
_YEARS_BACK = 5
_RESTS = (12, 24)


def _some(*usual: object) -> SearchStrategy[Any]:
    """Not known, the usual values, and rare ones of four bytes and with commas."""
    return st.sampled_from([None, *usual, "其他（含、个体）", "\U00020bb7"])


def _inspected(on: dt.date) -> SearchStrategy[dt.date | None]:
    """Days up to *on*, often those around which a rest ends."""
    today = np.array([on], "datetime64[D]")
    ago = [add_months(today, -months)[0].item() for months in _RESTS]
    near = [day + dt.timedelta(k) for day in ago for k in (0, 0, 0, 1, -1)]
    return st.one_of(
        st.none(),
        st.sampled_from(near),
        st.sampled_from([on, dt.date(on.year, 1, 1), *near]),
        st.dates(on - dt.timedelta(366 * _YEARS_BACK), on),
    )


def cells_of(fields: Fields | None, on: dt.date) -> dict[str, SearchStrategy[Any]]:
    """
    Return the cells of every field, the usual ones replaced by those given.

    Raises:
        InvalidArgument: *fields* is no mapping of names of fields to
            strategies or None; *on* is no date.
    """
    check_type(dt.date, on, "on")
    cells = {
        "kind": _some("药店", "餐饮", "加油站"),
        "area": _some("上仓镇", "下营镇"),
        "risk": _some("低", "中", "高"),
        "credit": _some("A", "B", "C", "D"),
        "on_promise": st.none() | st.booleans(),
        "status": st.sampled_from(
            [Status.ACTIVE.value] * 3 * len(Status)
            + [status.value for status in Status]
        ),
        "last_inspected_on": _inspected(on),
        "visits_this_year": st.sampled_from([0, 0, 0, 0, 0, 1, 2, 3, 9]),
        "food": st.none() | st.booleans(),
        "employees": st.none() | st.sampled_from([0, 1, 9, 10, 300]),
    }
    if fields is None:
        return cells
    check_type(Mapping, fields, "fields")
    for name, strategy in fields.items():
        if name not in FIELDS:
            try:
                attribute_name(name)
            except DsgkError as error:
                msg = f"Invalid fields={fields!r}: {error}"
                raise InvalidArgument(msg) from error
        if strategy is None:
            cells.pop(name, None)
        else:
            check_strategy(strategy, f"fields[{name!r}]")
            cells[name] = strategy
    return cells


@st.composite
def _columns(
    draw: st.DrawFn, table: SearchStrategy[list[tuple[Any, ...]]], names: list[str]
) -> dict[str, list[Any]]:
    rows = draw(table)
    return {name: [row[k] for row in rows] for k, name in enumerate(names)}


def subject_columns(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    ids: SearchStrategy[str] | None = None,
    fields: Fields | None = None,
    on: dt.date = ON,
) -> SearchStrategy[dict[str, list[Any]]]:
    """
    Columns of a register, by field: what `SubjectRegister.from_columns` takes.

    Rename the columns, and they are a table of a host.  Cells are plain
    values, empty ones None.

    Args:
        min_size: [int >= 0] Least number of subjects.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        ids: The ids; by default `ids`.
        fields: Cells by field, in place of the usual ones or, under the name
            of an attribute, beside them; None leaves a field out.  By default
            there are all fields of a `Subject` and the attributes ``food``
            and ``employees``.
        on: The day as of which the register is: the last inspections are not
            after it.

    Raises:
        InvalidArgument: Sizes are no ints, out of range, or cross; *ids* or a
            value of *fields* is no strategy; a field cannot be called that;
            *on* is no date.
    """
    check_sizes(min_size, max_size)
    cells = cells_of(fields, on)
    # Rows, not columns, so that a failing example loses a whole subject.
    rows = lists_of(
        st.tuples(ids_or(ids, "ids"), *cells.values()),
        min_size=min_size,
        max_size=max_size,
        unique_by=itemgetter(0),
    )
    return _columns(rows, ["id", *cells])


_register_of = named("SubjectRegister.from_columns", SubjectRegister.from_columns)


@st.composite
def _registers(
    draw: st.DrawFn, columns: SearchStrategy[dict[str, list[Any]]]
) -> SubjectRegister:
    cells = {name: st.just(column) for name, column in draw(columns).items()}
    return draw(st.builds(_register_of, **cells))


def subject_registers(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    ids: SearchStrategy[str] | None = None,
    fields: Fields | None = None,
    on: dt.date = ON,
) -> SearchStrategy[SubjectRegister]:
    """
    Registers of subjects (检查对象名录库), the empty one among them.

    Args:
        min_size: As for `subject_columns`, and so are the others.
        max_size: As for `subject_columns`.
        ids: As for `subject_columns`.
        fields: As for `subject_columns`.
        on: As for `subject_columns`.

    Raises:
        InvalidArgument: As for `subject_columns`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.testing import ON, tier_policies
        >>> @given(subject_registers(), tier_policies())
        ... def test_nobody_is_lost(register, policy):
        ...     plan = policy.frame(register, on=ON)
        ...     assert len(plan.frame) + len(plan.exclusions) == len(register)
        >>> test_nobody_is_lost()
    """
    return _registers(
        subject_columns(
            min_size=min_size, max_size=max_size, ids=ids, fields=fields, on=on
        )
    )


@st.composite
def _subjects(
    draw: st.DrawFn, ids: SearchStrategy[str], cells: dict[str, SearchStrategy[Any]]
) -> Subject:
    values = {name: draw(cell) for name, cell in cells.items()}
    known = {name: values.pop(name) for name in FIELDS if name in values}
    return Subject(id=draw(ids), attributes=values, **known)


def subjects(
    *,
    ids: SearchStrategy[str] | None = None,
    fields: Fields | None = None,
    on: dt.date = ON,
) -> SearchStrategy[Subject]:
    """
    Single subjects (检查对象).

    Args:
        ids: As for `subject_columns`.
        fields: As for `subject_columns`.
        on: As for `subject_columns`.

    Raises:
        InvalidArgument: As for `subject_columns`.
    """
    return _subjects(ids_or(ids, "ids"), cells_of(fields, on))


def _known(cell: object) -> object:
    return None if is_empty(cell) else cell


def selections(
    *, min_size: int = 0, max_size: int = 3, fields: Fields | None = None
) -> SearchStrategy[dict[str, set[Any]]]:
    """
    Selections: accepted values by field, as `SubjectRegister.where` takes them.

    The values are those that the cells of the field can have, so that they
    meet some subjects of registers that are made with the same *fields*.

    Args:
        min_size: [int >= 0] Least number of fields; with none everybody is
            selected.
        max_size: [int >= *min_size*] Greatest number.
        fields: As for `subject_columns`; days and visits, by which nobody
            can be selected, are passed over.

    Raises:
        InvalidArgument: As for `subject_columns`, or *fields* leaves fewer
            than *min_size*.
    """
    check_sizes(min_size, max_size)
    cells = {
        name: st.sets(cell.map(_known), min_size=1)
        for name, cell in cells_of(fields, ON).items()
        if name not in _VISITS
    }
    check_interval(min_size, len(cells), "min_size", "the number of fields")
    chosen = st.lists(
        st.sampled_from(list(cells)), unique=True, min_size=min_size, max_size=max_size
    )
    return _selections(chosen, cells)


@st.composite
def _selections(
    draw: st.DrawFn,
    chosen: SearchStrategy[list[str]],
    cells: dict[str, SearchStrategy[set[Any]]],
) -> dict[str, set[Any]]:
    return {name: draw(cells[name]) for name in draw(chosen)}
