"""What the rows of a ledger cannot say: gaps, days out of order, doubles."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault
from dsgk.ledger.values import DAYS, REQUIRED, Origin
from dsgk.sources import article
from dsgk.tables import Categorical, Days


__all__ = ["joint_codes", "row_faults"]

_Mask = npt.NDArray[np.bool_]
_PLAN = str(article(15))
_LEAD = str(article(16))
_PUBLIC = str(article(26))


class _View(NamedTuple):
    """The columns under short names, for the rules below."""

    classes: Mapping[str, Categorical[Any]]
    days: Mapping[str, Days]

    def has(self, name: str) -> _Mask:
        """Rows in which a cell is not empty."""
        if name in self.days:
            return ~np.isnat(self.days[name])
        return self.classes[name].codes >= 0

    def of(self, origin: Origin) -> _Mask:
        """Rows of an origin."""
        column = self.classes["origin"]
        wanted = [*(value is origin for value in column.categories), False]
        return np.array(wanted)[column.codes]

    def cell(self, name: str, row: int) -> object:
        """What a message shows of a cell."""
        if name in self.days:
            return self.days[name][row].item()
        cell = self.classes[name].cell(row)
        return cell.code if isinstance(cell, Origin) else cell


class _Rule(NamedTuple):
    """One thing that a row must not say by itself."""

    code: str
    column: str
    shown: tuple[str, ...]
    text: str
    provision: str | None
    broken: Callable[[_View], _Mask]


def _before(view: _View, later: str, earlier: str) -> _Mask:
    return view.days[later] < view.days[earlier]  # False where one is NaT


_RULES = (
    _Rule(
        "due-missing",
        "due",
        ("origin",),
        "'due' must be given for what is no lead (got none, origin {0!r}). Write the "
        "last day of the window of the check.",
        _PLAN,
        lambda v: ~v.has("due") & ~v.of(Origin.LEAD),
    ),
    _Rule(
        "entry-missing",
        "entry",
        ("subject_id", "origin"),
        "'entry' must be given for a random check (got none for {0!r}). Write the id "
        "of the plan entry; a check without one is a lead or a campaign.",
        _PLAN,
        lambda v: ~v.has("entry") & v.of(Origin.RANDOM),
    ),
    _Rule(
        "lead-planned",
        "entry",
        ("entry", "stratum"),
        "'entry' and 'stratum' must be empty for a lead, which is outside plan and "
        "draw (got {0!r} and {1!r}). Name the lead in 'basis'.",
        _LEAD,
        lambda v: v.of(Origin.LEAD) & (v.has("entry") | v.has("stratum")),
    ),
    _Rule(
        "due-before-draw",
        "due",
        ("due", "drawn_on"),
        "'due' must not be before 'drawn_on' (got {0}, drawn on {1}). Exchange the "
        "days if they were mixed up.",
        None,
        lambda v: _before(v, "due", "drawn_on"),
    ),
    _Rule(
        "completed-before-draw",
        "completed_on",
        ("completed_on", "drawn_on"),
        "'completed_on' must not be before 'drawn_on' (got {0}, drawn on {1}). "
        "Correct the day; a check made before the draw is not of this draw.",
        None,
        lambda v: _before(v, "completed_on", "drawn_on"),
    ),
    _Rule(
        "results-early",
        "results",
        ("results", "completed_on"),
        "'results' must be empty until the check is completed (got {0!r}). "
        "Give 'completed_on'.",
        _PUBLIC,
        lambda v: v.has("results") & ~v.has("completed_on"),
    ),
    _Rule(
        "entered-before-completed",
        "entered_on",
        ("entered_on", "completed_on"),
        "'entered_on' must not be before 'completed_on' (got {0}, completed {1}). "
        "Correct the day, or give 'completed_on'.",
        _PUBLIC,
        lambda v: (
            _before(v, "entered_on", "completed_on")
            | (v.has("entered_on") & ~v.has("completed_on"))
        ),
    ),
    _Rule(
        "entered-nothing",
        "entered_on",
        ("entered_on",),
        "'entered_on' must be empty until there are results (got {0}). Give 'results'.",
        _PUBLIC,
        lambda v: v.has("entered_on") & ~v.has("results"),
    ),
    _Rule(
        "published-before-entered",
        "published_on",
        ("published_on", "entered_on"),
        "'published_on' must not be before 'entered_on' (got {0}, entered {1}). "
        "Correct the day; where a platform publishes what is entered, give the same "
        "day for both.",
        _PUBLIC,
        lambda v: (
            _before(v, "published_on", "entered_on")
            | (v.has("published_on") & ~v.has("entered_on"))
        ),
    ),
    _Rule(
        "published-exempt",
        "exemption",
        ("exemption", "published_on"),
        "'exemption' must be empty where the result is public (got {0!r}, published "
        "{1}). Take the result down, or drop the exemption.",
        _PUBLIC,
        lambda v: v.has("exemption") & v.has("published_on"),
    ),
    _Rule(
        "replaces-undrawn",
        "replaces",
        ("replaces", "origin"),
        "'replaces' must be empty where nobody was drawn (got {0!r}, origin {1!r}). "
        "Substitutes come from the reserves of a draw.",
        None,
        lambda v: v.has("replaces") & ~v.of(Origin.RANDOM),
    ),
    _Rule(
        "replaces-itself",
        "replaces",
        ("replaces",),
        "'replaces' must be another subject (got {0!r} for itself). Write the id of "
        "the subject that could not be inspected.",
        None,
        lambda v: _same(v.classes["replaces"], v.classes["subject_id"]),
    ),
)


def _same(one: Categorical[Any], other: Categorical[Any]) -> _Mask:
    """Rows in which two columns have the same cell, which is not empty."""
    place = {value: code for code, value in enumerate(other.categories)}
    translated = [*(place.get(value, -2) for value in one.categories), -2]
    same: _Mask = np.array(translated)[one.codes] == other.codes
    return same


def row_faults(
    classes: Mapping[str, Categorical[Any]],
    days: Mapping[str, Days],
    called: Mapping[str, str],
    told: set[tuple[int | None, str | None]],
) -> list[Fault]:
    """
    Everything that is wrong with rows whose cells have been read.

    Args:
        classes: All columns that are no days.
        days: All columns of days.
        called: What the table calls each column.
        told: Places of cells that could not be read, as pairs of row and
            column: they count as empty, and are not told again.

    Returns:
        Faults in no order.
    """
    view = _View(classes, days)
    faults = []
    unread = {name for name in called if (None, called[name]) in told}
    for name in REQUIRED:
        for row in np.flatnonzero(~view.has(name)).tolist():
            if name in unread or (row, called[name]) in told:
                continue
            msg = (
                f"{called[name]!r} must be given in every row (got none). Fill the "
                "cell, or leave the row out."
            )
            faults.append(Fault.told("cell-empty", msg, row=row, column=called[name]))
    for rule in _RULES:
        used = {rule.column, *rule.shown}
        if used & unread:
            continue
        for row in np.flatnonzero(rule.broken(view)).tolist():
            if any((row, called[name]) in told for name in used):
                continue
            cells = [view.cell(name, row) for name in rule.shown]
            faults.append(
                Fault.told(
                    rule.code,
                    rule.text.format(*cells),
                    row=row,
                    column=called[rule.column],
                    params=dict(zip(rule.shown, cells, strict=True)),
                    provision=rule.provision,
                )
            )
    if not told:
        faults += _double_faults(view, called)
    return faults


def joint_codes(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """
    One code per row for the cells of several columns together.

    Args:
        columns: [n ints >= -1, or days] One or more.

    Returns:
        [n] Equal where all columns are, from 0 on without gaps.
    """
    _, codes = np.unique(columns[0], return_inverse=True)
    for column in columns[1:]:
        values, ranks = np.unique(column, return_inverse=True)
        # Both factors are at most n, so the product fits for any table.
        _, codes = np.unique(
            codes.astype(np.int64) * len(values) + ranks, return_inverse=True
        )
    joint: npt.NDArray[np.int64] = codes.astype(np.int64)
    return joint


def _repeats(
    rows: npt.NDArray[np.intp], *columns: npt.NDArray[Any]
) -> list[tuple[int, int]]:
    """Pairs of (row, earlier row) with the same cells, among the *rows*."""
    if not len(rows):
        return []
    codes = joint_codes(*(column[rows] for column in columns))
    _, first = np.unique(codes, return_index=True)
    earlier = first[codes]
    again = np.flatnonzero(earlier != np.arange(len(rows)))
    return list(zip(rows[again].tolist(), rows[earlier[again]].tolist(), strict=True))


def _double_faults(view: _View, called: Mapping[str, str]) -> list[Fault]:
    """The same check twice, in a task or a draw; tasks of two subjects."""
    codes = {name: column.codes for name, column in view.classes.items()}
    every = np.arange(len(codes["task_id"]))
    random = np.flatnonzero(view.of(Origin.RANDOM))
    stand_ins = np.flatnonzero(view.has("replaces"))
    drawn = [codes[n] for n in ("entry", "item", "department")]
    day = view.days[DAYS[0]]
    faults = []
    doubled = _repeats(
        every, *(codes[n] for n in ("task_id", "item", "department", "entry"))
    )
    for row, first in doubled:
        msg = (
            f"a check must stand in the ledger once (got {view.cell('item', row)!r} of "
            f"{view.cell('department', row)!r} in the task "
            f"{view.cell('task_id', row)!r} here and in row {first}). "
            "Keep one of the rows."
        )
        faults.append(_fault("check-doubled", msg, row, first, called["task_id"]))
    known = {row for row, _ in doubled}
    for row, first in _repeats(random, codes["subject_id"], *drawn, day):
        if row not in known:
            msg = (
                "a subject must be drawn once in a draw (got "
                f"{view.cell('subject_id', row)!r} for {view.cell('item', row)!r} in "
                f"{view.cell('entry', row)!r} on {view.cell('drawn_on', row)} here and "
                f"in row {first}). Keep one of the rows."
            )
            faults.append(_fault("drawn-twice", msg, row, first, called["subject_id"]))
    for row, first in _repeats(stand_ins, codes["replaces"], *drawn, codes["basis"]):
        msg = (
            f"a subject must be replaced once (got {view.cell('replaces', row)!r} for "
            f"{view.cell('item', row)!r} in {view.cell('entry', row)!r} here and in "
            f"row {first}). Keep one substitute."
        )
        faults.append(_fault("replaced-twice", msg, row, first, called["replaces"]))
    _, opening, tasks = np.unique(
        codes["task_id"], return_index=True, return_inverse=True
    )
    firsts = opening[tasks] if len(every) else every
    wrong = codes["subject_id"] != codes["subject_id"][firsts]
    for row in np.flatnonzero(wrong).tolist():
        first = int(firsts[row])
        msg = (
            f"a task must be of one subject (got {view.cell('subject_id', row)!r} in "
            f"the task {view.cell('task_id', row)!r}, which is of "
            f"{view.cell('subject_id', first)!r} in row {first}). "
            "Give each visit a task id of its own."
        )
        faults.append(_fault("task-subjects", msg, row, first, called["task_id"]))
    return faults


def _fault(code: str, msg: str, row: int, first: int, column: str) -> Fault:
    return Fault.told(code, msg, row=row, column=column, params={"first": first})
