"""What follows from results: substitutes, and proposed changes of the register."""

import datetime as dt
import operator
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import zip_longest
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np

from dsgk.draws import Draw
from dsgk.errors import (
    invalid,
    shown,
)
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Positive,
    Stored,
    Text,
    check_day,
    check_mapping,
    check_type,
    declared,
    of_type,
    several,
    some,
    value,
)
from dsgk.items import Method
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.results._findings import ResultCode
from dsgk.rounds import EntryRound
from dsgk.sources import article, cites
from dsgk.subjects import Change, SubjectRegister, attribute_name, read_field


_PROPOSABLE = {"risk", "credit"}

# -- substitutes -------------------------------------------------------------

_REPLACEABLE = frozenset(code.code for code in ResultCode if code.may_be_replaced)
_Place = tuple[str, str, str]


@value("dsgk-substitutes/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Substitutes(Stored):
    """
    Who stands in for whom (替补).

    Attributes:
        rows: Checks of the substitutes, for ``ledger.extend``. `replaces`
            names the subject, whose own row keeps the reason as its result.
        unfilled: Pairs of plan entry and subject for which the stratum has no
            reserve left.
    """

    rows: tuple[LedgerRow, ...]
    unfilled: tuple[tuple[Id, Id], ...]


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

    A subject is replaced if all its checks of a plan entry are completed and
    each result allows it: unreachable, closed, struck off, moved out, or no
    such activity.  A subject that refuses is not replaced.  Reserves come in
    the order of their tickets, so nobody chooses them; the draw, its cut and
    all chances stay as they were.

    Args:
        ledger: The ledger.
        draws: [plan entry -> draw] The draws of the subjects, such as
            ``record.draws``; subjects of other draws are left alone.
        on: Day on which the substitutes are taken.
        due: Last day for their checks; by default that of the subject
            replaced, or *on* if that is over.
        parts: [plan entry -> EntryRound] What the entries draw, such as
            ``round.parts``. Needed for entries with territories, where other
            departments may be in charge of the substitute.

    Returns:
        The checks of the substitutes, and the subjects without a reserve. A
        substitute gets the checks of the subject replaced; in an entry with
        territories they are made by the departments of its own area. The
        order of the ledger does not matter.

    Raises:
        InvalidValueError: A draw was read from a record that does not list
            enough reserves, or a part belongs to another register.
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
    waiting = _waiting(checks, draws)
    added: list[LedgerRow] = []
    unfilled: list[tuple[str, str]] = []
    there = {(entry, subject) for entry, _, subject in checks}
    for (entry, stratum), failed in sorted(waiting.items()):
        taken = {subject for of, subject in there if of == entry}
        free = _free_reserves(draws[entry], stratum, taken, len(failed))
        for (_, subject), stand_in in zip_longest(sorted(failed), free):
            if stand_in is None:
                unfilled.append((entry, subject))
                continue
            rows = sorted(checks[entry, stratum, subject], key=_ORDER)
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


def _waiting(
    checks: Mapping[_Place, list[LedgerRow]], draws: Mapping[str, Draw]
) -> dict[tuple[str, str], list[tuple[dt.date, str]]]:
    """Whom to replace by entry and tier, with the day of the last completed check."""
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
        completed = [
            row.completed_on
            for row in rows
            if row.completed_on and not _REPLACEABLE.isdisjoint(row.results)
        ]
        if len(completed) == len(rows):
            waiting.setdefault((entry, stratum), []).append((max(completed), subject))
    return waiting


def _check_values(given: object, kind: type, *, name: str, instead: str) -> None:
    for entry, one in check_mapping(given, name=name, instead=instead).items():
        check_type(one, kind, name=f"{name}[{shown(entry)}]")


def _checks_at(
    stand_in: str, part: EntryRound | None, rows: list[LedgerRow]
) -> Iterator[tuple[LedgerRow, str, str]]:
    """The checks at a substitute: the row to copy, the item and the department."""
    if part is None or not part.entry.territories:
        yield from ((row, row.item, row.department) for row in rows)
        return
    for item, department in part.checks_at([stand_in])[stand_in]:
        alike = [row for row in rows if row.item == item] or rows
        own = [row for row in alike if row.department == department]
        yield (own or alike)[0], item, department


_ORDER = operator.attrgetter("department", "item", "task_id")


def _free_reserves(draw: Draw, stratum: str, taken: set[str], wanted: int) -> list[str]:
    """The next reserves that the entry has not used, as many as there are."""
    layer = draw.strata[stratum]
    spare = layer.published_reserves
    room = layer.size - layer.quota
    while True:
        free = [subject for subject in spare if subject not in taken]
        if len(free) >= wanted or len(spare) >= room:
            return free[:wanted]
        spare = layer.reserves(min(room, len(spare) + wanted - len(free)))


# -- proposed changes of the register ----------------------------------------


class Consequence(Coded):
    """What results are used for (结果运用方式)."""

    CREDIT = ("credit-class", "信用风险分类", "信用风险分类调整")
    BLACKLIST = ("blacklist", "“黑名单”管理", "黑名单", "列入黑名单")
    JOINT = ("joint-measures", "跨部门联合奖惩", "联合奖惩", "联合惩戒", "联合激励")


@value("dsgk-fact/1")
@attrs.frozen(order=True, field_transformer=declared)
class Fact(Stored):
    """
    One result at one subject, however often it was entered.

    Attributes:
        subject_id: The subject.
        code: Code of the result.
        task_id: The task in which it was found.
        item: The item; empty if the result is the same for all departments of
            a visit, such as an unreachable subject.
    """

    subject_id: Text
    code: Text
    task_id: Text
    item: Text = ""


def _consequence(given: Consequence | str) -> Consequence:
    return Consequence.read(given)


_CODES = some(frozenset[ResultCode])


def _when(given: Collection[ResultCode | str]) -> frozenset[ResultCode]:
    codes: frozenset[ResultCode] = _CODES.convert(given)
    return codes


_MOVES = some(tuple[tuple[Any, Any], ...])


def _moves(
    given: Mapping[Any, Any] | Iterable[tuple[Any, Any]],
) -> tuple[tuple[Any, Any], ...]:
    pairs = tuple(given.items()) if isinstance(given, Mapping) else given
    moves: tuple[tuple[Any, Any], ...] = _MOVES.convert(pairs)
    return moves


@cites(article(27))
@value("dsgk-feedback-rule/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class FeedbackRule(Stored):
    """
    Which results lead to which change of a register (结果运用规则).

    Art. 27: “黑名单”管理机制、信用风险分类机制和跨部门联合奖惩机制.

    Attributes:
        name: Stands in the reason of the change.
        consequence: What the results are used for.
        when: The results that count, one or more.
        field: The field that changes: `credit`, `risk`, or another attribute
            such as ``"黑名单"``.
        moves: [old value -> new value] Subjects with another value are left
            alone. None stands for an unknown value.
        times: How many facts it takes.

    Examples:
        >>> rule = FeedbackRule(
        ...     name="不配合检查", consequence="信用风险分类",
        ...     when={"不配合检查情节严重"}, field="credit",
        ...     moves={"A": "C", "B": "C", "C": "D"},
        ... )
        >>> sorted(code.code for code in rule.when)
        ['not-cooperating']
    """

    name: Label
    consequence: Consequence = attrs.field(converter=_consequence)
    when: frozenset[ResultCode] = attrs.field(converter=_when)
    field: Label
    moves: tuple[tuple[Any, Any], ...] = attrs.field(converter=_moves)
    times: Positive = 1

    def __attrs_post_init__(self) -> None:
        """Reject fields that no result can change, and values that they cannot have."""
        if self.field not in _PROPOSABLE:
            attribute_name(self.field)
        moves = {}
        for given_old, given_new in self.moves:
            old, new = (read_field(self.field, v) for v in (given_old, given_new))
            key = (type(old).__name__, old)  # True is not 1
            if new is None or key == (type(new).__name__, new) or key in moves:
                raise invalid("rule-moves", column="moves", old=old, new=new)
            moves[key] = (old, new)
        ordered = tuple(sorted(moves.values(), key=repr))  # a set: no order counts
        object.__setattr__(self, "moves", ordered)


@cites(article(27))
@value("dsgk-proposal/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Proposal(Stored):
    """
    A change of the register that people decide on (建议).

    The library never applies it: the host decides, and gives `change` to
    ``register.apply``.

    Attributes:
        consequence: What the results are used for.
        change: The change of the register, with its reason.
        old: The value before.
        rule: Name of the rule.
        facts: The facts that cause it; they count no second time.
    """

    consequence: Consequence
    change: Change
    old: Any
    rule: Label
    facts: tuple[Fact, ...]


@value("dsgk-feedback/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Feedback(Stored):
    """
    All proposals that follow from a ledger.

    Attributes:
        proposals: By subject and field.
        used: Every fact that counts in one of them; pass it as *used* the
            next time, so that no fact counts twice.
        unregistered: Subjects with facts that are not in the register, such
            as unlicensed traders.
    """

    proposals: tuple[Proposal, ...]
    used: frozenset[Fact]
    unregistered: tuple[Id, ...]


@cites(article(27))
def propose(
    ledger: Ledger,
    register: SubjectRegister,
    rules: Iterable[FeedbackRule],
    /,
    *,
    on: dt.date,
    used: Collection[Fact] = (),
) -> Feedback:
    """
    Propose changes of the register that follow from results (结果运用).

    For each field of a subject the first rule wins that has enough facts and
    a move from the present value.  The facts of all rules for that field are
    then used: a field changes once in a round, and no fact counts in two.

    Args:
        ledger: The ledger; checks of case leads count too.
        register: The register to be kept current.
        rules: The rules of the host, the first one first.
        on: Day up to which results count; the day of the changes.
        used: Facts of earlier rounds.

    Returns:
        The proposals, which are not applied, and the facts they use.
    """
    day = check_day(on, name="on")
    check_type(ledger, Ledger, name="ledger")
    check_type(register, SubjectRegister, name="register")
    right, faults = of_type(rules, FeedbackRule, name="rules")
    faults.raise_any("list of rules")
    given = [*right.values()]
    by_subject: dict[str, list[Fact]] = {}
    counting = frozenset(code.code for rule in given for code in rule.when)
    before = {attrs.astuple(fact) for fact in several(used, Fact, name="used")}
    for cells in sorted(_facts(ledger.as_of(day), counting) - before):
        by_subject.setdefault(cells[0], []).append(Fact(*cells))
    rows = {text: row for row, text in enumerate(register.ids) if text in by_subject}
    proposals = []
    for subject_id, own in by_subject.items():
        if subject_id not in rows:
            continue
        subject = register[rows[subject_id]]
        known = dict(subject.attributes)
        for field in dict.fromkeys(rule.field for rule in given):
            old = getattr(subject, field) if field in _PROPOSABLE else known.get(field)
            of_field = [rule for rule in given if rule.field == field]
            proposal = _proposal(subject_id, old, own, of_field, day)
            if proposal is not None:
                proposals.append(proposal)
    return Feedback(
        proposals=tuple(proposals),
        used=frozenset(fact for proposal in proposals for fact in proposal.facts),
        unregistered=tuple(text for text in by_subject if text not in rows),
    )


def _facts(ledger: Ledger, counting: frozenset[str]) -> set[tuple[Any, ...]]:
    """Fields of the facts of a ledger whose codes count."""
    subjects, tasks, items, results = (
        ledger.classes[name] for name in ("subject_id", "task_id", "item", "results")
    )
    whole = {code.code for code in ResultCode if code.prevents_inspection}
    codes = [sorted(counting & {*value}) for value in results.categories]
    facts = set()
    for row in np.flatnonzero(results.codes >= 0).tolist():
        for code in codes[results.codes[row]]:
            item = "" if code in whole else items.cell(row)
            facts.add((subjects.cell(row), code, tasks.cell(row), item))
    return facts


def _proposal(
    subject_id: str,
    old: object,
    facts: list[Fact],
    rules: list[FeedbackRule],
    on: dt.date,
) -> Proposal | None:
    """The change of one field of one subject by the first rule that applies."""
    for rule in rules:
        own = [fact for fact in facts if fact.code in {c.code for c in rule.when}]
        for before, after in rule.moves:
            if len(own) < rule.times or (type(before), before) != (type(old), old):
                continue
            codes = {code.code for other in rules for code in other.when}
            causes = tuple(fact for fact in facts if fact.code in codes)
            words = "、".join(
                dict.fromkeys(ResultCode.read(fact.code).label for fact in causes)
            )
            reason = f"{rule.consequence.label}：{rule.name}（{words}）"
            change = _change(subject_id, rule.field, after, on, reason)
            return Proposal(
                consequence=rule.consequence,
                change=change,
                old=old,
                rule=rule.name,
                facts=causes,
            )
    return None


@cites(article(24), article(27))
def inspection_changes(
    ledger: Ledger, register: SubjectRegister, /, *, on: dt.date
) -> tuple[Change, ...]:
    """
    Update rest and cap in the register after inspections.

    The last inspection starts the rest of a subject; the visits of the year
    count towards its cap.  Case leads count for neither.  Checks in writing
    and online are inspections without a visit; a visit at which the subject
    could not be inspected is no inspection.

    If the register knows of an inspection in the year of *on*, its number of
    visits is kept as a least number, since another level may have counted
    more.  Otherwise that number is from an earlier year and only the ledger
    counts.  So the first call in a year resets every number: make it before
    the first draw.

    Args:
        ledger: The ledger of at least the whole year of *on*.
        register: The register to be kept current; its last inspections say
            from which year its numbers of visits are.
        on: Day up to which checks count; the day of the changes.

    Returns:
        Changes of `last_inspected_on` and `visits_this_year`, by subject, for
        ``register.apply``.
    """
    day = check_day(on, name="on")
    check_type(ledger, Ledger, name="ledger")
    check_type(register, SubjectRegister, name="register")
    known = ledger.as_of(day)
    of_leads = known.matches(origin={Origin.CASE_LEAD})
    known = known.take(~of_leads & ~np.isnat(known.days["completed_on"]))
    failed = {code.code for code in ResultCode if code.prevents_inspection}
    on_site = known.matches(method={Method.ON_SITE})
    last: dict[str, dt.date] = {}
    visits: dict[str, set[str]] = {}
    for row in range(len(known)):
        check = known[row]
        completed = check.completed_on or day
        if failed.isdisjoint(check.results):
            latest = last.get(check.subject_id, completed)
            last[check.subject_id] = max(latest, completed)
        if on_site[row] and completed.year == day.year:
            visits.setdefault(check.subject_id, set()).add(check.task_id)
    new_year = np.datetime64(dt.date(day.year, 1, 1), "D")
    this_year = register.last_inspected_on >= new_year
    carried = (register.visits_this_year > 0) & ~this_year
    concerned = {*last, *visits}.__contains__
    rows = np.flatnonzero(carried | np.array([*map(concerned, register.ids)], bool))
    changes = []
    for row in rows.tolist():
        subject = register[row]
        inspected = last.get(subject.id)
        if inspected and (subject.last_inspected_on or dt.date.min) < inspected:
            changes.append(_change(subject.id, "last_inspected_on", inspected, day))
        count = len(visits.get(subject.id, ()))
        before = subject.visits_this_year
        if count > before or (carried[row] and count < before):
            changes.append(_change(subject.id, "visits_this_year", count, day))
    return tuple(sorted(changes, key=lambda change: (change.subject_id, change.field)))


def _change(
    subject_id: str, field: str, new: object, on: dt.date, reason: str = "检查台账"
) -> Change:
    return Change(subject_id=subject_id, field=field, value=new, on=on, reason=reason)
