"""
Tier policies: which subjects are drawn at which ratio, and who is left out.

A policy is a list of rules, read from the top: a subject belongs to the tier
of the first rule that matches it.  Every registered subject must match one,
and a rule that could never be reached is refused when the policy is made.
"""

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars import Period, Unit
from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import check_day, whole_number
from dsgk.frames import Frame
from dsgk.identifiers import check_id
from dsgk.kernels.workdays import add_months
from dsgk.sources import CAPS_2024_54, article, cites
from dsgk.subjects.registers import SubjectRegister
from dsgk.subjects.values import Status, Value, select
from dsgk.tables import Days
from dsgk.tiers.covering import covering
from dsgk.tiers.exclusions import LEFT, ExclusionReason, Exclusions, bit_of
from dsgk.tiers.ratios import Ratio


__all__ = ["Base", "FramePlan", "TierPolicy", "TierRule"]

_LONGEST_REST = {Unit.DAY: 36_525, Unit.MONTH: 1_200, Unit.YEAR: 100}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}


class Base(enum.Enum):
    """What a ratio is a share of (抽查基数)."""

    ELIGIBLE = "eligible"
    REGISTERED = "registered"


def _when(
    given: Mapping[str, Collection[Value | Status | None]] | None,
) -> dict[str, frozenset[Value | Status | None]]:
    return select({} if given is None else given)


@cites(article(13), CAPS_2024_54)
@attrs.frozen
class TierRule:
    """
    One tier: who belongs to it, how many are drawn, how often at most (分级).

    Attributes:
        name: Name of the tier and of its stratum in the frame; valid by
            `check_id`.
        ratio: How many are drawn.
        when: Accepted values by field: `credit`, `risk`, `on_promise`,
            `kind`, `area`, `status` or a further attribute, each a set; None
            in a set stands for subjects whose value is not known. A rule
            without it matches every subject.
        rest: Least time between two inspections of one subject, in days,
            months or years, at most a century. The first day on which it may
            be drawn again is the day as long after the last inspection:
            with 24 months after 10 March 2024 it is 10 March 2026.
        yearly_cap: [int >= 1] Most visits to one subject in a year, of all
            departments together.

    Raises:
        InvalidTypeError, InvalidValueError: A value has another type or is
            out of range.
        InvalidInput: *when* names an empty set, a single value, or no field.

    Cites:
        District Opinion, Art. 13 (根据风险等级、信用水平和是否采用承诺制审批等要素),
        State Council Office 2024/54.

    Examples:
        >>> rule = TierRule(
        ...     "A",
        ...     ratio=Ratio.at_most("1%"),
        ...     when={"credit": {"A"}},
        ...     rest=Period(24, Unit.MONTH),
        ...     yearly_cap=1,
        ... )
        >>> rule.when
        {'credit': frozenset({'A'})}
    """

    name: str = attrs.field()
    ratio: Ratio = attrs.field(kw_only=True)
    when: dict[str, frozenset[Value | Status | None]] = attrs.field(
        default=None, kw_only=True, converter=_when, hash=False
    )
    rest: Period | None = attrs.field(default=None, kw_only=True)
    yearly_cap: int | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no tier."""
        object.__setattr__(self, "name", check_id(self.name, name="tier"))
        if not isinstance(self.ratio, Ratio):
            msg = (
                f"'ratio' must be a Ratio (got {self.ratio!r}). "
                "Write Ratio.at_least('3%'), or Ratio.parse('不低于3%')."
            )
            raise InvalidTypeError(msg, code="tier-ratio")
        self._check_rest()
        self._check_cap()

    def _check_rest(self) -> None:
        if self.rest is None:
            return
        if not isinstance(self.rest, Period):
            msg = (
                f"'rest' must be a Period (got {self.rest!r}). "
                "Write Period(24, Unit.MONTH)."
            )
            raise InvalidTypeError(msg, code="tier-rest")
        longest = _LONGEST_REST.get(self.rest.unit, 0)
        if self.rest.n > longest:
            msg = (
                "'rest' must be counted in days, months or years, up to a century "
                f"(got {self.rest}). Write Period(24, Unit.MONTH)."
            )
            raise InvalidValueError(
                msg, code="tier-rest", params={"rest": str(self.rest)}
            )

    def _check_cap(self) -> None:
        if self.yearly_cap is None:
            return
        cap = whole_number(self.yearly_cap)
        if cap is None:
            msg = f"'yearly_cap' must be an int (got {self.yearly_cap!r}). Write 1."
            raise InvalidTypeError(msg, code="tier-cap")
        object.__setattr__(self, "yearly_cap", cap)
        if cap < 1:
            msg = (
                f"'yearly_cap' must be at least 1 (got {cap}). "
                "Put subjects that are not visited at all on the whitelist."
            )
            raise InvalidValueError(msg, code="tier-cap", params={"yearly_cap": cap})


@attrs.frozen(kw_only=True, eq=False)
class FramePlan:
    """
    Who can be drawn and how many are to be, and who is left out and why.

    Every subject of the register is in the frame or in the exclusions, and
    exactly once.

    Attributes:
        on: The day.
        base: What the ratios are shares of.
        frame: The eligible subjects; their tiers are its strata.
        quotas: By tier, how many to draw; the tiers of the frame alone.
        exclusions: The subjects that cannot be drawn, with reasons.
        registered: By tier, the number of registered subjects, eligible or
            not.
        empty_tiers: Tiers to which no registered subject belongs.
        shortfalls: By tier, how many subjects the ratio asks for beyond those
            that are eligible; empty unless the base is `Base.REGISTERED`.
        whitelist_unknown: Ids of the whitelist that the register lacks.
        fields_lacking: Fields that a rest or a cap looks at and the register
            lacks, so that it kept nobody out.
    """

    on: dt.date
    base: Base
    frame: Frame
    quotas: dict[str, int]
    exclusions: Exclusions
    registered: dict[str, int]
    empty_tiers: tuple[str, ...]
    shortfalls: dict[str, int]
    whitelist_unknown: tuple[str, ...]
    fields_lacking: tuple[str, ...]


def _rules(rules: Iterable[TierRule]) -> tuple[TierRule, ...]:
    return tuple(rules)


@cites(article(13))
@attrs.frozen
class TierPolicy:
    """
    Differentiated supervision: rules from the top, the first match wins (差异化监管).

    Attributes:
        rules: One or more, of different names, each of which some subject
            could reach.

    Raises:
        InvalidInput: There is no rule, a rule is none, two have one name, or
            earlier rules leave nothing for a later one: all faults at once.

    Cites:
        District Opinion, Art. 13 (对检查对象采取差异化分类监管措施).

    Examples:
        >>> policy = TierPolicy([
        ...     TierRule("D", ratio=Ratio.exactly("100%"), when={"credit": {"D"}}),
        ...     TierRule("其他", ratio=Ratio.at_least("3%"), yearly_cap=1),
        ... ])
        >>> register = SubjectRegister.from_columns(
        ...     id=["S1", "S2", "S3"], credit=["D", "A", None],
        ...     visits_this_year=[0, 0, 1],
        ... )
        >>> plan = policy.frame(register, on=dt.date(2025, 3, 1))
        >>> plan.quotas, plan.frame.sizes
        ({'D': 1, '其他': 1}, {'D': 1, '其他': 1})
        >>> [(e.id, e.reason.code, str(e.provision)) for e in plan.exclusions]
        [('S3', 'yearly-cap', 'State Council Office 2024/54')]
    """

    rules: tuple[TierRule, ...] = attrs.field(converter=_rules)

    def __attrs_post_init__(self) -> None:
        """Refuse rules that contradict or cover each other."""
        rules: tuple[object, ...] = self.rules
        strangers = [
            Fault.told(
                "tier-rule",
                f"must be a TierRule (got {shown(rule)}). Write TierRule('A', "
                "ratio=Ratio.at_least('3%')).",
                row=k,
            )
            for k, rule in enumerate(rules)
            if not isinstance(rule, TierRule)
        ]
        if not rules:
            msg = "must have at least one rule. Write TierRule('全部', ratio=…)."
            strangers = [Fault.told("tier-none", msg)]
        faults = strangers or [*self._repeats(), *self._dead()]
        if faults:
            faults.sort(key=lambda fault: fault.row or 0)
            what = "tier policy"
            raise InvalidInput.of(what, faults)

    def _repeats(self) -> list[Fault]:
        first: dict[str, int] = {}
        faults = []
        for k, rule in enumerate(self.rules):
            before = first.setdefault(rule.name, k)
            if before != k:
                msg = (
                    f"must have a name of its own (got {rule.name!r} again, as in "
                    f"row {before}). Rename it, or join the two."
                )
                params = {"name": rule.name, "first": before}
                faults.append(Fault.told("tier-twice", msg, row=k, params=params))
        return faults

    def _dead(self) -> list[Fault]:
        faults = []
        selections = [rule.when for rule in self.rules]
        for k, rule in enumerate(self.rules):
            found = covering(selections[:k], rule.when)
            if found is None:
                continue
            names = [self.rules[j].name for j in found]
            listed = ", ".join(map(repr, names))
            msg = (
                f"{rule.name!r} can never match: {listed} before it match every "
                "subject that it could. Move it up, or drop it."
            )
            params = {"name": rule.name, "covered_by": names}
            faults.append(
                Fault.told(
                    "tier-dead",
                    msg,
                    row=k,
                    params=params,
                    provision=str(article(13)),
                )
            )
        return faults

    def classify(self, register: SubjectRegister, /) -> npt.NDArray[np.int32]:
        """
        Find the rule of every subject.

        Args:
            register: The subjects, those that left included.

        Returns:
            [n, int32] Position in *rules* of the first rule that matches, -1
            where none does.

        Raises:
            InvalidTypeError: *register* is no register.
            InvalidInput: Rules name fields that the register lacks.
        """
        if not isinstance(register, SubjectRegister):
            msg = (
                f"'register' must be a SubjectRegister (got {shown(register)}). Write "
                "SubjectRegister.from_table(table)."
            )
            raise InvalidTypeError(msg, code="register-type")
        faults = [
            Fault.told(
                "unknown-field",
                f"{field!r} must be a field of the register (there are "
                f"{', '.join(map(repr, register.classes))}). Give its column when "
                "the register is made.",
                row=k,
                column=field,
                params={"field": field},
            )
            for k, rule in enumerate(self.rules)
            for field in rule.when
            if field not in register.classes
        ]
        if faults:
            what = "tier policy"
            raise InvalidInput.of(what, faults)
        codes = np.full(len(register), -1, dtype=np.int32)
        for k in reversed(range(len(self.rules))):
            codes[register.matches(self.rules[k].when)] = k
        return codes

    @cites(article(13), article(24), CAPS_2024_54)
    def frame(
        self,
        register: SubjectRegister,
        /,
        *,
        on: dt.date,
        base: Base = Base.ELIGIBLE,
        whitelist: Iterable[str] = (),
        officers: int | None = None,
    ) -> FramePlan:
        """
        Part a register into those who can be drawn, by tier, and the others.

        Registered are the subjects that are active or dormant. Of these, the
        eligible are neither on the whitelist nor inside the rest of their
        tier nor at its yearly cap. A cap binds more strongly than a ratio: if
        the ratio of a tier asks for more than are eligible, which can happen
        under `Base.REGISTERED`, all of them are to be drawn and
        `FramePlan.shortfalls` says how many are missing.

        Args:
            register: The subjects, as they stand on the day (see
                `SubjectRegister.apply`).
            on: The day for which rests are counted.
            base: What the ratios are shares of: the eligible subjects of a
                tier, or all registered ones. Batches that are to add up to a
                year's ratio need the latter.
            whitelist: Ids of subjects that are left in peace; those that the
                register lacks are reported, not refused.
            officers: [int >= 0] Officers, where a ratio is counted by them.

        Returns:
            Frame, quotas, exclusions, and what else should be known.

        Raises:
            InvalidTypeError: *register*, *on*, *base* or *whitelist* has
                another type.
            InvalidInput: Rules name fields that the register lacks; registered
                subjects match no rule; an inspection lies after *on*; a ratio
                admits no whole number in a tier; ids of the whitelist are
                faulty.

        Cites:
            District Opinion, Art. 13 and 24, State Council Office 2024/54.
        """
        day = check_day(on, name="on")
        if not isinstance(base, Base):
            msg = f"'base' must be a Base (got {base!r}). Write Base.ELIGIBLE."
            raise InvalidTypeError(msg, code="tier-base")
        listed = _whitelisted(whitelist)
        codes = self.classify(register)
        status = register.classes["status"]
        left = [bit_of(LEFT.get(value)) for value in status.categories]
        bits = np.array([*left, 0], dtype=np.uint8)[status.codes]
        registered = bits == 0
        codes[~registered] = -1
        faults = [
            *_future_faults(register, day),
            *self._unmatched_faults(register, registered & (codes < 0)),
        ]
        if faults:
            what = "register of subjects"
            raise InvalidInput.of(what, faults)
        known: set[str] = set()
        if listed:
            on_list = np.fromiter(map(listed.__contains__, register.ids), dtype=bool)
            known.update(register.ids[row] for row in np.flatnonzero(on_list).tolist())
            bits[on_list] |= bit_of(ExclusionReason.WHITELISTED)
        self._add_visits(bits, register, codes, day)
        return self._planned(
            register,
            codes,
            bits,
            day=day,
            base=base,
            officers=officers,
            unknown=listed - known,
        )

    def _add_visits(
        self,
        bits: npt.NDArray[np.uint8],
        register: SubjectRegister,
        codes: npt.NDArray[np.int32],
        day: dt.date,
    ) -> None:
        """Mark who is inside the rest or at the cap of its tier."""
        for k, rule in enumerate(self.rules):
            tier = codes == k
            if rule.rest is not None:
                free_on = _after(register.last_inspected_on, rule.rest)
                inside = tier & (np.datetime64(day, "D") < free_on)
                bits[inside] |= bit_of(ExclusionReason.INSIDE_REST)
            if rule.yearly_cap is not None:
                full = tier & (register.visits_this_year >= rule.yearly_cap)
                bits[full] |= bit_of(ExclusionReason.YEARLY_CAP)

    def _planned(
        self,
        register: SubjectRegister,
        codes: npt.NDArray[np.int32],
        bits: npt.NDArray[np.uint8],
        *,
        day: dt.date,
        base: Base,
        officers: int | None,
        unknown: Collection[str],
    ) -> FramePlan:
        names = tuple(rule.name for rule in self.rules)
        inside, outside = np.flatnonzero(bits == 0), np.flatnonzero(bits)
        eligible = np.bincount(codes[inside], minlength=len(names)).tolist()
        registered = np.bincount(codes[codes >= 0], minlength=len(names)).tolist()
        wanted = self._wanted(
            registered if base is Base.REGISTERED else eligible, officers
        )
        rows = list(zip(names, wanted, eligible, registered, strict=True))
        take = register.ids.__getitem__
        lacking = {
            "last_inspected_on": any(rule.rest is not None for rule in self.rules),
            "visits_this_year": any(rule.yearly_cap is not None for rule in self.rules),
        }
        return FramePlan(
            on=day,
            base=base,
            frame=Frame.from_codes(
                tuple(map(take, inside.tolist())), codes[inside], names
            ),
            quotas={name: min(want, n) for name, want, n, _ in rows if n},
            exclusions=Exclusions(
                tuple(map(take, outside.tolist())), bits[outside], codes[outside], names
            ),
            registered={name: n for name, _, _, n in rows if n},
            empty_tiers=tuple(name for name, _, _, n in rows if not n),
            shortfalls={name: want - n for name, want, n, _ in rows if want > n},
            whitelist_unknown=tuple(sorted(unknown)),
            fields_lacking=tuple(
                field
                for field, needed in lacking.items()
                if needed and field not in register.fields
            ),
        )

    def _wanted(self, sizes: list[int], officers: int | None) -> list[int]:
        """How many subjects each ratio asks for."""
        wanted = []
        faults = []
        for rule, size in zip(self.rules, sizes, strict=True):
            try:
                wanted.append(rule.ratio.quota(size, officers=officers) if size else 0)
            except (InvalidTypeError, InvalidValueError) as error:
                faults.append(error.fault.at(column=rule.name))
        if faults:
            what = "tier policy"
            raise InvalidInput.of(what, faults)
        return wanted

    def _unmatched_faults(
        self, register: SubjectRegister, unmatched: npt.NDArray[np.bool_]
    ) -> list[Fault]:
        """One fault for each combination of values that no rule matches."""
        rows = np.flatnonzero(unmatched)
        if not len(rows):
            return []
        fields = list(dict.fromkeys(f for rule in self.rules for f in rule.when))
        columns = [register.classes[field] for field in fields]
        table = np.stack([column.codes[rows] for column in columns], axis=1)
        _, first, at = np.unique(table, axis=0, return_index=True, return_inverse=True)
        at = at.reshape(-1)  # NumPy 2.0 gives it the shape of a column
        order = np.argsort(at, kind="stable")
        groups = np.split(rows[order], np.cumsum(np.bincount(at))[:-1])
        faults = []
        for k in np.argsort(first).tolist():
            members = groups[k].tolist()
            cells = [column.cell(members[0]) for column in columns]
            values = {
                field: getattr(cell, "value", cell)
                for field, cell in zip(fields, cells, strict=True)
            }
            when = ", ".join(f"{f!r}: {{{cell!r}}}" for f, cell in values.items())
            ids = [register.ids[row] for row in members]
            msg = (
                f"every registered subject must match a rule (got {len(ids)} with "
                f"{{{when}}}, the first of which is {ids[0]!r}). Add a rule with "
                f"when={{{when}}}, or a last rule without 'when'."
            )
            faults.append(
                Fault.told(
                    "tier-unmatched",
                    msg,
                    row=members[0],
                    params={"values": values, "rows": members, "ids": ids},
                    provision=str(article(13)),
                )
            )
        return faults


def _after(last: Days, rest: Period) -> Days:
    """The first days on which subjects may be inspected again."""
    if rest.unit is Unit.DAY:
        free: Days = last + np.timedelta64(rest.n, "D")
        return free
    return add_months(last, rest.n * _MONTHS[rest.unit])


def _future_faults(register: SubjectRegister, day: dt.date) -> list[Fault]:
    last = register.last_inspected_on
    return [
        Fault.told(
            "inspected-later",
            f"'last_inspected_on' must not be after {day} (got {last[row]!s} for "
            f"{register.ids[row]!r}). Correct the day, or give a later 'on'.",
            row=row,
            column="last_inspected_on",
            params={"id": register.ids[row], "day": str(last[row]), "on": str(day)},
        )
        for row in np.flatnonzero(last > np.datetime64(day, "D")).tolist()
    ]


def _whitelisted(ids: Iterable[str]) -> frozenset[str]:
    if isinstance(ids, (str, bytes)) or not isinstance(ids, Iterable):
        msg = (
            f"'whitelist' must be a collection of ids (got {ids!r}). Write {{'S1', …}}."
        )
        raise InvalidTypeError(msg, code="whitelist-type")
    listed = list(ids)
    faults = []
    for row, text in enumerate(listed):
        try:
            check_id(text, name="whitelist")
        except (InvalidTypeError, InvalidValueError) as error:
            faults.append(error.fault.at(row=row, column="whitelist"))
    if faults:
        what = "whitelist"
        raise InvalidInput.of(what, faults)
    return frozenset(listed)
