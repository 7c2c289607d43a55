"""Feedback: what the registers should learn from results (结果运用)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import Coded, check_day, check_type, listed, several, whole_number
from dsgk.identifiers import check_label
from dsgk.items import Method
from dsgk.ledger import Ledger, Origin
from dsgk.results.codes import ResultCode, result_codes
from dsgk.sources import article, cites
from dsgk.subjects import Change, SubjectRegister
from dsgk.subjects.values import attribute_name, read_field


__all__ = [
    "Consequence",
    "Fact",
    "Feedback",
    "FeedbackRule",
    "Proposal",
    "inspection_changes",
    "propose",
]

_PROPOSABLE = {"risk", "credit"}


class Consequence(Coded):
    """What results feed into (结果运用方式)."""

    CREDIT = ("credit-class", "信用风险分类", "信用风险分类调整")
    BLACKLIST = ("blacklist", "“黑名单”管理", "黑名单", "列入黑名单")
    JOINT = (
        "joint-measures",
        "跨部门联合奖惩",
        "联合奖惩",
        "联合惩戒",
        "联合激励",
    )


@attrs.frozen(order=True)
class Fact:
    """
    One thing that was found at one subject, however often it was entered.

    Attributes:
        subject_id: The subject.
        code: Code of the result.
        task_id: The task in which it was found.
        item: The item; empty for what concerns the subject as a whole, such as
            that it could not be reached, which all departments of a visit
            find together.
    """

    subject_id: str
    code: str
    task_id: str
    item: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what would be no fact that a ledger has, and never count."""
        for field in ("subject_id", "code", "task_id", "item"):
            text: object = getattr(self, field)
            if not isinstance(text, str):
                msg = (
                    f"{field!r} must be text (got {shown(text)} of type "
                    f"{type(text).__name__!r}). Write what the fact had."
                )
                raise InvalidTypeError(msg, code="fact-type", params={"name": field})


def _consequence(value: object) -> Consequence:
    return Consequence.read(value, name="consequence")


def _when(value: Collection[ResultCode | str]) -> frozenset[ResultCode]:
    return result_codes(value, name="when")


def _moves(value: Mapping[object, object]) -> tuple[tuple[Any, Any], ...]:
    given: object = value
    if not isinstance(given, Mapping) or not given:
        msg = (
            f"'moves' must map each value to the next (got {shown(value)}). Write "
            "{'A': 'B', 'B': 'C'}, with None for subjects whose value is not known."
        )
        raise InvalidTypeError(msg, code="rule-moves")
    return tuple(given.items())


@cites(article(27))
@attrs.frozen(kw_only=True)
class FeedbackRule:
    """
    Which results lead to which change of a register (结果运用规则).

    Attributes:
        name: For the reason that the change carries.
        consequence: What it feeds into.
        when: The results that count.
        field: The field that changes: `credit`, `risk`, or a further
            attribute such as ``"黑名单"``.
        moves: From each value to the next; subjects with another value are
            left alone. None stands for a value that is not known.
        times: [int >= 1] How many facts it takes.

    Raises:
        InvalidTypeError, InvalidValueError: A value is none of its field.

    Cites:
        District Opinion, Art. 27 (“黑名单”管理机制、信用风险分类机制和跨部门联合
        奖惩机制).

    Examples:
        >>> rule = FeedbackRule(
        ...     name="不配合检查", consequence="信用风险分类",
        ...     when={"不配合检查情节严重"}, field="credit",
        ...     moves={"A": "C", "B": "C", "C": "D"},
        ... )
        >>> sorted(code.code for code in rule.when)
        ['not-cooperating']
    """

    name: str
    consequence: Consequence = attrs.field(converter=_consequence)
    when: frozenset[ResultCode] = attrs.field(converter=_when)
    field: str
    moves: tuple[tuple[Any, Any], ...] = attrs.field(converter=_moves)
    times: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse fields that no result can change, and values that are none."""
        check_label(self.name, name="name")
        field: object = self.field
        if not isinstance(field, str) or field not in _PROPOSABLE:
            attribute_name(self.field)
        times = whole_number(self.times)
        if times is None:
            msg = f"'times' must be an int (got {shown(self.times)}). Write 1."
            raise InvalidTypeError(msg, code="rule-times")
        if times < 1:
            msg = f"'times' must be at least 1 (got {shown(times)}). Write 1."
            raise InvalidValueError(msg, code="rule-times")
        object.__setattr__(self, "times", times)
        moves = tuple(
            (read_field(self.field, old), read_field(self.field, new))
            for old, new in self.moves
        )
        for old, new in moves:
            if new is None or (type(old), old) == (type(new), new):
                msg = (
                    f"'moves' must lead to another value (got {old!r} to {new!r}). "
                    "Leave out the values that stay."
                )
                raise InvalidValueError(
                    msg, code="rule-moves", params={"from": old, "to": new}
                )
        object.__setattr__(self, "moves", moves)


@cites(article(27))
@attrs.frozen(kw_only=True)
class Proposal:
    """
    A change that somebody may decide on (建议).

    The library never applies it: the host decides, and gives `change` to
    ``register.apply``.

    Attributes:
        consequence: What it feeds into.
        change: The change of the register, with its reason.
        old: The value before.
        rule: Name of the rule.
        facts: The facts that cause it, all of them used up by it.

    Cites:
        District Opinion, Art. 27.
    """

    consequence: Consequence
    change: Change
    old: Any
    rule: str
    facts: tuple[Fact, ...]


@attrs.frozen(kw_only=True)
class Feedback:
    """
    What a ledger says to a register.

    Attributes:
        proposals: By subject and field.
        used: Every fact that counts in one of them; give it back as *used*
            the next time, so that no fact counts twice.
        unregistered: Subjects with facts that no register has, such as
            unlicensed traders.
    """

    proposals: tuple[Proposal, ...]
    used: frozenset[Fact]
    unregistered: tuple[str, ...]


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
    Propose what results should change in the register (结果运用).

    Rules are read from the top.  For one field of one subject the first rule
    wins that has enough facts and a move from the present value, and the facts
    of the other rules of that field are used up with it: one round changes a
    field once, and no fact counts in two rounds.

    Args:
        ledger: The ledger; checks of leads count, they find facts too.
        register: The register to be kept current.
        rules: The rules of the host.
        on: Day up to which results count; the day of the changes.
        used: Facts of earlier rounds.

    Returns:
        The proposals, which are not applied, and the facts they use up.

    Raises:
        InvalidTypeError: *on* is no date, or another argument is of another
            type.
        InvalidInput: Something is no rule, or in *used* no fact.

    Cites:
        District Opinion, Art. 27.
    """
    day = check_day(on, name="on")
    check_type(ledger, Ledger, name="ledger")
    check_type(register, SubjectRegister, name="register")
    given = listed(rules, FeedbackRule, name="rules")
    faults = [
        Fault.told(
            "rule-type",
            f"must be a FeedbackRule (got {shown(rule)}). Write FeedbackRule(…).",
            row=k,
        )
        for k, rule in enumerate(given)
        if not isinstance(rule, FeedbackRule)
    ]
    if faults:
        what = "list of rules"
        raise InvalidInput.of(what, faults)
    facts = _facts(ledger.as_of(day)) - frozenset(several(used, Fact, name="used"))
    counting = {code.code for rule in given for code in rule.when}
    by_subject: dict[str, list[Fact]] = {}
    for fact in sorted(facts):
        if fact.code in counting:
            by_subject.setdefault(fact.subject_id, []).append(fact)
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


def _facts(ledger: Ledger) -> frozenset[Fact]:
    subjects, tasks, items, results = (
        ledger.classes[name] for name in ("subject_id", "task_id", "item", "results")
    )
    known = {code.code: code for code in ResultCode}
    facts = set()
    for row in np.flatnonzero(results.codes >= 0).tolist():
        for text in results.cell(row) or ():
            code = known.get(text)
            whole = code is not None and code.concerns_subject
            facts.add(
                Fact(
                    subject_id=str(subjects.cell(row)),
                    code=text,
                    task_id=str(tasks.cell(row)),
                    item="" if whole else str(items.cell(row)),
                )
            )
    return frozenset(facts)


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
            change = Change(
                subject_id=subject_id,
                field=rule.field,
                value=after,
                on=on,
                reason=f"{rule.consequence.label}：{rule.name}（{words}）",
            )
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
    What the register should know of inspections that were made.

    The last inspection starts the rest of a subject, the visits of the year
    count towards its cap.  Checks of leads are outside both; checks in writing
    and online inspect without a visit; a subject that could not be inspected
    was not, though it was visited.

    A number of visits that the register has already, such as that of another
    level, stands where the register knows of an inspection in the year of
    *on*.  Elsewhere it is one of an earlier year and ends with that year: the
    visits are those of the ledger alone.  So the first call in a year sets
    every number back; make it before the first draw.

    Args:
        ledger: The ledger of at least the whole year of *on*.
        register: The register to be kept current, with the days of the last
            inspections: they say of which year its numbers of visits are.
        on: Day up to which checks count; the day of the changes.

    Returns:
        Changes of `last_inspected_on` and `visits_this_year` where they
        differ, by subject, for ``register.apply``.

    Raises:
        InvalidTypeError: An argument is of another type.

    Cites:
        District Opinion, Art. 24 (动态更新和维护) and 27.
    """
    day = check_day(on, name="on")
    check_type(ledger, Ledger, name="ledger")
    check_type(register, SubjectRegister, name="register")
    known = ledger.as_of(day)
    known = known.take(
        ~known.matches(origin={Origin.LEAD}) & ~np.isnat(known.days["completed_on"])
    )
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
    carried = (register.visits_this_year > 0) & ~(
        register.last_inspected_on >= new_year
    )
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


def _change(subject_id: str, field: str, value: object, on: dt.date) -> Change:
    return Change(
        subject_id=subject_id, field=field, value=value, on=on, reason="检查台账"
    )
