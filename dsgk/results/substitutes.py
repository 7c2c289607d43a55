"""Substitutes from the reserves of a draw (替补)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from types import MappingProxyType

import attrs
import numpy as np

from dsgk.draws import Draw
from dsgk.draws.selection import StratumDraw
from dsgk.fields import check_day, check_mapping, check_type
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.results.codes import ResultCode
from dsgk.rounds import EntryRound
from dsgk.sources import article, cites


__all__ = ["Substitutes", "draw_substitutes"]

_REPLACEABLE = frozenset(code.code for code in ResultCode if code.may_be_replaced)


@attrs.frozen(kw_only=True)
class Substitutes:
    """
    Who stands in for whom.

    Attributes:
        rows: Checks of the substitutes, to be added by ``ledger.extend``;
            `replaces` names the subject, whose row keeps its result as the
            reason.
        unfilled: Pairs of plan entry and subject for which the stratum has no
            reserve left.
    """

    rows: tuple[LedgerRow, ...]
    unfilled: tuple[tuple[str, str], ...]


@cites(article(3), article(15), article(20))
def draw_substitutes(
    ledger: Ledger,
    draws: Mapping[str, Draw],
    /,
    *,
    on: dt.date,
    due: dt.date | None = None,
    parts: Mapping[str, EntryRound] = MappingProxyType({}),
) -> Substitutes:
    """
    Take the next reserves where drawn subjects could not be inspected.

    A subject is replaced if every check of its plan entry is completed and
    every one has a result that allows it: not to be reached, closed, struck
    off, moved out, or without the activity.  Who refused is not replaced.
    Reserves come in the order of their tickets, so nobody chooses them; the
    draw itself, its cut and everybody's chance stay as they were.

    Args:
        ledger: The ledger.
        draws: [plan entry -> draw] The draws in which the subjects stand,
            such as ``record.draws``; subjects of other draws of an entry are
            left alone.
        on: Day on which the substitutes are taken.
        due: Last day for their checks; by default that of those whom they
            replace, or *on* if that is over.
        parts: [plan entry -> EntryRound] What the entries draw, such as
            ``round.parts``. An entry with territories needs its part: a
            substitute may be where other departments are in charge.

    Returns:
        The checks of the substitutes, and the subjects for which there is no
        reserve. A substitute is checked as the one replaced was to be; in an
        entry with territories by the departments of its own area. Depends on
        no order.

    Raises:
        InvalidTypeError: *ledger* is none, *draws* are no draws, *parts* no
            parts, or a day is none.
        InvalidValueError: A draw was read from a record that does not list
            enough reserves; or a part is of another register.

    Cites:
        District Opinion, Art. 3 (随机抽取检查对象), 15 (完成年度抽查计划) and 20
        (监管地域).
    """
    check_type(ledger, Ledger, name="ledger")
    _check_values(draws, Draw, name="draws", instead="record.draws")
    _check_values(parts, EntryRound, name="parts", instead="round.parts")
    day = check_day(on, name="on")
    last = None if due is None else check_day(due, name="due")
    known = ledger.as_of(day)
    checks: dict[_Place, list[LedgerRow]] = {}
    wanted = known.matches(origin={Origin.RANDOM}, entry=set(draws))
    for k in np.flatnonzero(wanted).tolist():
        row = known[k]
        place = (str(row.entry), str(row.stratum), row.subject_id)
        checks.setdefault(place, []).append(row)
    before = {
        (entry, subject): row.replaces
        for (entry, _, subject), rows in checks.items()
        for row in rows
        if row.replaces is not None
    }
    replaced = {(entry, subject) for (entry, _), subject in before.items()}
    waiting: dict[tuple[str, str], list[tuple[dt.date, str]]] = {}
    for (entry, stratum, subject), rows in checks.items():
        layer = draws[entry].strata.get(stratum)
        root = subject
        while (entry, root) in before:
            root = before[entry, root]
        if layer is None or root not in layer.selected or (entry, subject) in replaced:
            continue
        completed = [r.completed_on for r in rows if r.completed_on and _failed(r)]
        if len(completed) == len(rows):
            waiting.setdefault((entry, stratum), []).append((max(completed), subject))
    added: list[LedgerRow] = []
    unfilled: list[tuple[str, str]] = []
    there = {(entry, subject) for entry, _, subject in checks}
    for (entry, stratum), failed in sorted(waiting.items()):
        taken = {subject for of, subject in there if of == entry}
        free = _free_reserves(draws[entry].strata[stratum], taken, len(failed))
        for (_, subject), stand_in in zip_longest(sorted(failed), free):
            if stand_in is None:
                unfilled.append((entry, subject))
                continue
            rows = sorted(checks[entry, stratum, subject], key=_order)
            added += [
                attrs.evolve(
                    row,
                    task_id=f"{row.task_id}/{stand_in}",
                    subject_id=stand_in,
                    item=item,
                    department=department,
                    replaces=subject,
                    drawn_on=day,
                    due=last or max(day, row.due or day),
                    results=(),
                    exemption=None,
                    completed_on=None,
                    entered_on=None,
                    published_on=None,
                )
                for row, item, department in _checks_at(
                    stand_in, parts.get(entry), rows
                )
            ]
    return Substitutes(rows=tuple(added), unfilled=tuple(unfilled))


_Place = tuple[str, str, str]


def _check_values(value: object, kind: type, *, name: str, instead: str) -> None:
    for entry, one in check_mapping(value, name=name, instead=instead).items():
        check_type(one, kind, name=f"{name}[{entry!r}]")


def _checks_at(
    stand_in: str, part: EntryRound | None, rows: list[LedgerRow]
) -> Iterator[tuple[LedgerRow, str, str]]:
    """Which item which department checks at a substitute, and the row it follows."""
    if part is None or not part.entry.territories:
        yield from ((row, row.item, row.department) for row in rows)
        return
    for item, department in part.checks_at([stand_in])[stand_in]:
        alike = [row for row in rows if row.item == item] or rows
        own = [row for row in alike if row.department == department]
        yield (own or alike)[0], item, department


def _failed(row: LedgerRow) -> bool:
    return not _REPLACEABLE.isdisjoint(row.results)


def _order(row: LedgerRow) -> tuple[str, str, str]:
    return row.department, row.item, row.task_id


def _free_reserves(layer: StratumDraw, taken: set[str], wanted: int) -> list[str]:
    """The next reserves that the entry does not have yet, as far as there are."""
    spare = layer.published_reserves
    room = layer.size - layer.quota
    while True:
        free = [subject for subject in spare if subject not in taken]
        if len(free) >= wanted or len(spare) >= room:
            return free[:wanted]
        spare = layer.reserves(min(room, len(spare) + wanted - len(free)))
