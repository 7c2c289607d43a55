"""
Tier policies: which subjects are drawn at which ratio, and who is left out.

A policy is a list of rules: a subject belongs to the tier of the first rule that
matches it.  Every registered subject must match one; a rule that can never match
first is rejected when the policy is made.
"""

import datetime as dt
import functools
import operator
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Self, cast, overload

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars import Period, Unit
from dsgk.errors import DsgkError, Fault, Faults, FrozenDict, invalid
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Natural,
    Positive,
    Stored,
    Value as Held,
    check_day,
    check_type,
    declared,
    listed,
    read_member,
    several,
    some,
    take,
    trusted,
    value,
)
from dsgk.frames import Frame, frame_of_checked
from dsgk.identifiers import check_id
from dsgk.kernels.tickets import by_bytes
from dsgk.kernels.workdays import add_months
from dsgk.sources import CAPS_2024_54, Provision, article, cites
from dsgk.subjects import Accepted, Selection, Status, SubjectRegister, Value, select
from dsgk.tables import (
    Days,
    StoredColumns,
    column_of,
    known_columns,
    read_column,
    read_ids,
    require,
)
from dsgk.tiers._ratios import Ratio


__all__ = [
    "LEFT",
    "Base",
    "Exclusion",
    "ExclusionReason",
    "Exclusions",
    "FramePlan",
    "TierPolicy",
    "TierRule",
    "covering",
]

_LONGEST_REST = {Unit.DAY: 36_525, Unit.MONTH: 1_200, Unit.YEAR: 100}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_MOST_TOLD = 1000
_POLICY = "tier policy"
_REGISTER = "register of subjects"


class Base(Coded):
    """What a ratio is a share of (抽查基数)."""

    ELIGIBLE = ("eligible", "可抽取的对象")
    REGISTERED = ("registered", "在册的对象")


# -- who is left out ---------------------------------------------------------


class ExclusionReason(Coded):
    """
    Why a subject of the register cannot be drawn (不列入抽查范围的原因).

    If several reasons apply, they are told in the order of the members.
    """

    STRUCK_OFF = ("struck-off", "已注销")
    REVOKED = ("revoked", "已吊销")
    ANNULLED = ("annulled", "已撤销")
    MOVED_OUT = ("moved-out", "已迁出")
    WHITELISTED = ("whitelist", "白名单")
    INSIDE_REST = ("inside-rest", "未满检查间隔")
    YEARLY_CAP = ("yearly-cap", "已达年度检查次数上限")
    DRAWN_BEFORE = ("drawn-before", "本年已抽取")

    @property
    def provision(self) -> Provision:
        """The provision that the exclusion is based on."""
        return _PROVISIONS[self]

    @property
    def bit(self) -> int:
        """The number that stands for the reason in a column."""
        return 1 << _REASONS.index(self)


_REASONS = tuple(ExclusionReason)
_PROVISIONS = {
    **dict.fromkeys(_REASONS, article(24)),  # those who left the register
    ExclusionReason.WHITELISTED: article(13),
    ExclusionReason.INSIDE_REST: article(13),
    ExclusionReason.YEARLY_CAP: CAPS_2024_54,
    ExclusionReason.DRAWN_BEFORE: article(15),
}
_REASONS_OF = [
    tuple(reason for reason in _REASONS if bits & reason.bit)
    for bits in range(1 << len(_REASONS))
]

LEFT = {
    status: ExclusionReason[status.name]
    for status in Status
    if not status.is_registered
}
"""The reason for each status of subjects that left the register."""


_SOME_REASONS = some(tuple[ExclusionReason, ...])


@value("dsgk-exclusion/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Exclusion(Stored):
    """
    One subject that cannot be drawn.

    Attributes:
        id: The subject.
        tier: Its tier; None if it left the register.
        reasons: All reasons that apply, in the order of `ExclusionReason`.
    """

    id: Id
    tier: Id | None
    reasons: Annotated[tuple[ExclusionReason, ...], _SOME_REASONS]

    @property
    def reason(self) -> ExclusionReason:
        """The first reason."""
        return self.reasons[0]

    @property
    def provision(self) -> Provision:
        """The provision that the first reason is based on."""
        return self.reason.provision


def _bits(cell: object, /, *, name: str) -> int:
    return sum(reason.bit for reason in {*take(cell, _SOME_REASONS, name=name)})


@attrs.frozen(eq=False, repr=False, init=False)
class Exclusions(StoredColumns, Sequence[Exclusion]):
    """
    The subjects that cannot be drawn, in the order of the register.

    A sequence that makes each `Exclusion` on demand.

    Args:
        exclusions: One for each subject.

    Attributes:
        ids: [n strings] The subjects.

    Raises:
        InvalidTypeError: *exclusions* are not several.
        InvalidInput: One is no exclusion, or a subject comes twice.
    """

    FORMAT: ClassVar[str] = "dsgk-exclusions/1"

    ids: tuple[str, ...]
    _bits: npt.NDArray[np.uint8]
    _codes: npt.NDArray[np.int32]
    _names: tuple[str, ...]

    def __init__(self, exclusions: Iterable[Exclusion] = ()) -> None:
        rows = several(exclusions, Exclusion, name="exclusions")
        ids, faults = read_ids([row.id for row in rows], name="id")
        faults.raise_any("exclusions")
        names = tuple(dict.fromkeys(row.tier for row in rows if row.tier is not None))
        code: dict[str | None, int] = {name: k for k, name in enumerate(names)}
        bits = [_bits(row.reasons, name="reasons") for row in rows]
        codes = [code.get(row.tier, -1) for row in rows]
        self.__attrs_init__(
            ids, np.array(bits, np.uint8), np.array(codes, np.int32), names
        )

    @classmethod
    def of_checked(
        cls,
        ids: tuple[str, ...],
        bits: npt.NDArray[np.uint8],
        codes: npt.NDArray[np.int32],
        names: tuple[str, ...],
    ) -> Self:
        """
        Make it of columns that were checked before, as a register's are.

        Args:
            ids: [n strings] The subjects.
            bits: [n, uint8] Their reasons, each reason one bit.
            codes: [n, int32] Position of the tier, -1 for none.
            names: Names of the tiers.
        """
        made = cls.__new__(cls)
        made.__attrs_init__(ids, bits, codes, names)
        return made

    def __attrs_post_init__(self) -> None:
        """Make the columns read-only."""
        self._bits.flags.writeable = False
        self._codes.flags.writeable = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the columns, and make them read-only again."""
        return self.of_checked, (self.ids, self._bits, self._codes, self._names)

    def __len__(self) -> int:
        """Number of subjects."""
        return len(self.ids)

    @overload
    def __getitem__(self, row: int, /) -> Exclusion: ...

    @overload
    def __getitem__(self, row: slice, /) -> "Exclusions": ...

    def __getitem__(self, row: int | slice, /) -> "Exclusion | Exclusions":
        """One exclusion, or a slice of them."""
        if isinstance(row, slice):
            return self.of_checked(
                self.ids[row], self._bits[row], self._codes[row], self._names
            )
        k = operator.index(row)
        code, reasons = int(self._codes[k]), _REASONS_OF[self._bits[k]]
        tier = None if code < 0 else self._names[code]
        return trusted(Exclusion, id=self.ids[k], tier=tier, reasons=reasons)

    def adding(self, ids: Sequence[str], reason: ExclusionReason, /) -> "Exclusions":
        """Add subjects without a tier that are left out for one reason."""
        more, faults = read_ids(column_of(ids, name="ids"), name="ids")
        faults.raise_any("exclusions")
        bit = _bits((reason,), name="reason")
        bits = np.full(len(more), bit, dtype=np.uint8)
        codes = np.full(len(more), -1, dtype=np.int32)
        return self.of_checked(
            (*self.ids, *more),
            np.concatenate([self._bits, bits]),
            np.concatenate([self._codes, codes]),
            self._names,
        )

    def __eq__(self, other: object) -> bool:
        """Whether both leave out the same subjects, in the same order."""
        if not isinstance(other, Exclusions):
            return NotImplemented
        return (
            self.ids == other.ids
            and np.array_equal(self._bits, other._bits)
            and self._tiers() == other._tiers()
        )

    def __hash__(self) -> int:
        """Equal exclusions have equal hashes."""
        return hash((self.ids, self._bits.tobytes()))

    def __repr__(self) -> str:
        """Numbers instead of rows."""
        told = {reason.code: count for reason, count in self.counts.items()}
        return f"<Exclusions of {len(self)} subjects, {told}>"

    @property
    def counts(self) -> dict[ExclusionReason, int]:
        """Number of subjects by their first reason."""
        numbers = np.bincount(self._bits, minlength=len(_REASONS_OF)).tolist()
        counts = dict.fromkeys(_REASONS, 0)
        for bits, number in enumerate(numbers):
            if number:
                counts[_REASONS_OF[bits][0]] += number
        return {reason: count for reason, count in counts.items() if count}

    def _tiers(self) -> list[str | None]:
        names = [*self._names, None]  # code -1 is the last
        return [names[code] for code in self._codes.tolist()]

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns: id, tier, first reason, its provision, all reasons.

        Returns:
            By name, [n cells] texts; ``reasons`` holds tuples of codes.
        """
        # Many rows share few sets of reasons.
        distinct, rows = np.unique(self._bits, return_inverse=True)
        reasons = [_REASONS_OF[bits] for bits in distinct.tolist()]
        told = {
            "reason": [r[0].code for r in reasons],
            "provision": [str(r[0].provision) for r in reasons],
            "reasons": [tuple(reason.code for reason in r) for r in reasons],
        }
        places = rows.tolist()
        return {
            "id": list(self.ids),
            "tier": self._tiers(),
            **{
                name: list(map(cells.__getitem__, places))
                for name, cells in told.items()
            },
        }

    def plain_columns(self) -> dict[str, list[Any]]:
        """Subjects, tiers and codes of all reasons."""
        columns = self.to_columns()
        reasons = list(map(list, columns["reasons"]))
        return {"id": columns["id"], "tier": columns["tier"], "reasons": reasons}

    @classmethod
    def of_plain_columns(cls, columns: Mapping[str, list[Any]], /) -> Self:
        """Read the columns of a document."""
        names = {name: name for name in ("id", "tier", "reasons")}
        given = known_columns(columns, names, what="exclusions")
        ids, faults = read_ids(given["id"], name="id")
        tiers, found = read_column(given["tier"], check_id, name="tier")
        faults += found
        cells = [tuple(c) if isinstance(c, list) else c for c in given["reasons"]]
        bits, found = read_column(cells, _bits, name="reasons")
        require(bits, found, name="reasons")
        faults += found
        faults.raise_any("exclusions")
        numbers = np.array([*bits.categories, 0], dtype=np.uint8)[bits.codes]
        return cls.of_checked(ids, numbers, tiers.codes, tiers.categories)


# -- rules -------------------------------------------------------------------


class _Rest(Held):
    """A rest: a period of days, months or years, up to a century."""

    def convert(self, given: Any, /) -> Period:  # noqa: ANN401
        if not isinstance(given, Mapping):
            check_type(given, Period, name="value", instead="Period(24, Unit.MONTH)")
        period: Period = super().convert(given)
        if period.n > _LONGEST_REST.get(period.unit, 0):
            raise invalid("tier-rest", name="value", rest=str(period))
        return period


class _Share(Held):
    """A ratio, or its text."""

    def convert(self, given: Any, /) -> Ratio:  # noqa: ANN401
        if isinstance(given, str):
            return Ratio.parse(given)
        check_type(given, Ratio, name="value", instead="Ratio.at_least('3%')")
        return cast("Ratio", given)


def _when(
    given: Mapping[str, Collection[Value | Status | None]] | None,
) -> Mapping[str, frozenset[Value | Status | None]]:
    return FrozenDict(select({} if given is None else given))


@cites(article(13), CAPS_2024_54)
@value("dsgk-tier-rule/1")
@attrs.frozen(field_transformer=declared)
class TierRule(Stored):
    """
    One tier: who belongs to it, how many are drawn, how often at most (分级).

    Attributes:
        name: Name of the tier and of its stratum in the frame.
        ratio: How many are drawn; a text is read by `Ratio.parse`.
        when: Accepted values by field, as for `select`. A rule without it
            matches every subject.
        rest: Least time between two inspections of one subject, in days,
            months or years, at most a century. A rest of 24 months after 10
            March 2024 ends on 10 March 2026: the subject may be drawn that day.
        yearly_cap: [>= 1] Most visits to one subject in a year, by all
            departments together. For none, use the whitelist.

    Examples:
        >>> rule = TierRule(
        ...     "A",
        ...     ratio="不超过1%",
        ...     when={"credit": {"A"}},
        ...     rest=Period(24, Unit.MONTH),
        ...     yearly_cap=1,
        ... )
        >>> rule.when
        {'credit': frozenset({'A'})}
    """

    name: Id
    ratio: Annotated[Ratio, _Share(Ratio)] = attrs.field(kw_only=True)
    when: Accepted = attrs.field(default=None, kw_only=True, converter=_when)
    rest: Annotated[Period, _Rest(Period)] | None = attrs.field(
        default=None, kw_only=True
    )
    yearly_cap: Positive | None = attrs.field(default=None, kw_only=True)


@value("dsgk-frame-plan/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class FramePlan(Stored):
    """
    Who can be drawn, how many to draw, and who is left out and why.

    Every subject of the register is either in the frame or in the exclusions.

    Attributes:
        on: The day.
        base: What the ratios are shares of.
        frame: The eligible subjects; their tiers are its strata.
        quotas: By tier of the frame, how many to draw.
        exclusions: The subjects that cannot be drawn, with reasons.
        registered: By tier, the number of registered subjects.
        empty_tiers: Tiers without a registered subject.
        shortfalls: By tier, how many eligible subjects are missing to meet the
            ratio; empty unless the base is `Base.REGISTERED`.
        whitelist_unknown: Ids of the whitelist that the register lacks.
        fields_lacking: Fields that a rest or a cap needs and the register
            lacks, so that it has kept nobody out.
    """

    on: dt.date
    base: Base
    frame: Frame
    quotas: Mapping[Id, Natural]
    exclusions: Exclusions
    registered: Mapping[Id, Natural]
    empty_tiers: tuple[Id, ...]
    shortfalls: Mapping[Id, Natural]
    whitelist_unknown: tuple[Id, ...]
    fields_lacking: tuple[Label, ...]

    @functools.cached_property
    def ordered(
        self,
    ) -> tuple[tuple[str, ...], npt.NDArray[np.int32], npt.NDArray[np.bytes_] | None]:
        """
        All ids, first those of the frame, and their order by `by_bytes`.

        Raises:
            InvalidInput: Subjects are both in the frame and left out.
        """
        twice = sorted(set(self.exclusions.ids).intersection(self.frame.ids))
        if twice:
            raise invalid("roll-twice", column="exclusions", ids=twice)
        ids = (*self.frame.ids, *self.exclusions.ids)
        return ids, *by_bytes(ids)


def _rules(given: Iterable[TierRule]) -> tuple[TierRule, ...]:
    rules = several(given, TierRule, name="rules")
    if not rules:
        raise invalid("list-empty", name="value", got=(), type="TierRule")
    return rules


@cites(article(13))
@value("dsgk-tier-policy/1")
@attrs.frozen(field_transformer=declared)
class TierPolicy(Stored):
    """
    Differentiated supervision: rules of which the first match wins (差异化监管).

    Raises:
        InvalidInput: There is no rule, two have one name, or earlier rules leave
            nothing for a later one: all faults at once.

    Examples:
        >>> policy = TierPolicy([
        ...     TierRule("D", ratio="100%", when={"credit": {"D"}}),
        ...     TierRule("其他", ratio="不低于3%", yearly_cap=1),
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
        """Reject rules that repeat a name or can never match first."""
        faults = Faults()
        first: dict[str, int] = {}
        selections = [rule.when for rule in self.rules]
        for k, rule in enumerate(self.rules):
            before = first.setdefault(rule.name, k)
            if before != k:
                faults.add("tier-twice", row=k, tier=rule.name, first=before)
            found = _covering(selections[:k], rule.when)
            if found is not None:
                names = [self.rules[j].name for j in found]
                faults.add("tier-dead", row=k, tier=rule.name, covered_by=names)
        faults.raise_any(_POLICY)

    def classify(self, register: SubjectRegister, /) -> npt.NDArray[np.int32]:
        """
        Find the rule of every subject, those that left included.

        Returns:
            [n, int32] Position in *rules* of the first that matches, -1 if none
            does.

        Raises:
            InvalidInput: Rules name fields that the register lacks.
        """
        instead = "SubjectRegister.from_table(table)"
        check_type(register, SubjectRegister, name="register", instead=instead)
        faults = Faults()
        known = [*register.classes]
        for k, rule in enumerate(self.rules):
            for field in rule.when:
                if field not in register.classes:
                    faults.add("unknown-field", row=k, column=field, known=known)
        faults.raise_any(_POLICY)
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
        Divide a register into those who can be drawn, by tier, and the others.

        Registered subjects are active or dormant; eligible ones are also not on
        the whitelist, not inside the rest of their tier and not at its yearly
        cap.  A cap goes before a ratio: if the ratio asks for more than are
        eligible, as it may under `Base.REGISTERED`, all of them are drawn and
        `FramePlan.shortfalls` says how many are missing.

        Args:
            register: The subjects as they stand on the day (see
                `SubjectRegister.apply`).
            on: The day for which rests are counted.
            base: What the ratios are shares of. Batches that must add up to a
                year's ratio need `Base.REGISTERED`.
            whitelist: Ids of subjects that are not inspected; those that the
                register lacks are reported, not rejected.
            officers: [int >= 0] Officers, for ratios that are counted by them.

        Raises:
            InvalidInput: Rules name fields that the register lacks; registered
                subjects match no rule; an inspection lies after *on*; a ratio
                admits no whole number in a tier; ids of the whitelist are
                faulty.
        """
        day = check_day(on, name="on")
        base = read_member(Base, base, name="base")
        on_whitelist = _whitelisted(whitelist)
        codes = self.classify(register)
        status = register.classes["status"]
        left = [LEFT[s].bit if s in LEFT else 0 for s in status.categories]
        bits = np.array([*left, 0], dtype=np.uint8)[status.codes]
        registered = bits == 0
        codes[~registered] = -1
        faults = _later_faults(register, day)
        faults += self._unmatched_faults(register, registered & (codes < 0))
        faults.raise_any(_REGISTER)
        known: set[str] = set()
        if on_whitelist:
            rows = np.fromiter(map(on_whitelist.__contains__, register.ids), dtype=bool)
            known.update(register.ids[row] for row in np.flatnonzero(rows).tolist())
            bits[rows] |= ExclusionReason.WHITELISTED.bit
        self._add_visits(bits, register, codes, day)
        return self._planned(
            register,
            codes,
            bits,
            day=day,
            base=base,
            officers=officers,
            unknown=on_whitelist - known,
        )

    def _add_visits(
        self,
        bits: npt.NDArray[np.uint8],
        register: SubjectRegister,
        codes: npt.NDArray[np.int32],
        day: dt.date,
    ) -> None:
        """Mark subjects inside the rest or at the cap of their tiers."""
        for k, rule in enumerate(self.rules):
            tier = codes == k
            if rule.rest is not None:
                free_on = _after(register.last_inspected_on, rule.rest)
                inside = tier & (np.datetime64(day, "D") < free_on)
                bits[inside] |= ExclusionReason.INSIDE_REST.bit
            if rule.yearly_cap is not None:
                full = tier & (register.visits_this_year >= rule.yearly_cap)
                bits[full] |= ExclusionReason.YEARLY_CAP.bit

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
            frame=frame_of_checked(
                tuple(map(take, inside.tolist())), codes[inside], names
            ),
            quotas={name: min(want, n) for name, want, n, _ in rows if n},
            exclusions=Exclusions.of_checked(
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
        faults = Faults()
        for rule, size in zip(self.rules, sizes, strict=True):
            try:
                wanted.append(rule.ratio.quota(size, officers=officers) if size else 0)
            except DsgkError as error:
                faults.extend([attrs.evolve(error.fault, column=rule.name)])
        faults.raise_any(_POLICY)
        return wanted

    def _unmatched_faults(
        self, register: SubjectRegister, unmatched: npt.NDArray[np.bool_]
    ) -> Faults:
        """A fault for each combination of values that no rule matches."""
        faults = Faults()
        rows = np.flatnonzero(unmatched)
        if not len(rows):
            return faults
        fields = list(dict.fromkeys(f for rule in self.rules for f in rule.when))
        columns = [register.classes[field] for field in fields]
        table = np.stack([column.codes[rows] for column in columns], axis=1)
        _, first, at = np.unique(table, axis=0, return_index=True, return_inverse=True)
        at = at.reshape(-1)  # a column in NumPy 2.0
        order = np.argsort(at, kind="stable")
        groups = np.split(rows[order], np.cumsum(np.bincount(at))[:-1])
        members = {int(rows[row]): groups[k] for k, row in enumerate(first)}

        def fault(row: int) -> Fault:
            cells = [column.cell(row) for column in columns]
            plain = [getattr(cell, "value", cell) for cell in cells]
            values = dict(zip(fields, plain, strict=True))
            when = ", ".join(f"{f!r}: {{{cell!r}}}" for f, cell in values.items())
            told = members[row][:_MOST_TOLD].tolist()
            return Fault.of(
                "tier-unmatched",
                row=row,
                count=len(members[row]),
                when=f"{{{when}}}",
                first=register.ids[row],
                values=values,
                rows=told,
                ids=[register.ids[k] for k in told],
            )

        faults.add_rows(sorted(members), fault)
        return faults


def _after(last: Days, rest: Period) -> Days:
    """The days on which rests end."""
    if rest.unit is Unit.DAY:
        free: Days = last + np.timedelta64(rest.n, "D")
        return free
    return add_months(last, rest.n * _MONTHS[rest.unit])


def _later_faults(register: SubjectRegister, day: dt.date) -> Faults:
    last = register.last_inspected_on
    faults = Faults()
    faults.add_rows(
        np.flatnonzero(last > np.datetime64(day, "D")),
        "inspected-later",
        column="last_inspected_on",
        on=day,
        got=lambda row: str(last[row]),
        id=register.ids.__getitem__,
    )
    return faults


def _whitelisted(ids: Iterable[str]) -> frozenset[str]:
    texts = listed(ids, str, name="whitelist")
    faults = Faults()
    for row, text in enumerate(texts):
        with faults.catch("whitelist", row=row):
            check_id(text, name="whitelist")
    faults.raise_any("whitelist")
    return frozenset(texts)


# -- rules that leave nothing for another ------------------------------------
# A rule accepts a box: a set of values in each field that it names, and everything
# in the others.  The boxes of earlier rules are subtracted from that of a later
# one; if nothing is left, it can never match first.

_Atom = tuple[type, Any]
_Box = dict[str, frozenset[_Atom]]

_OTHER: _Atom = (object, None)  # stands for every value that no rule names


def _typed(values: Iterable[Any]) -> frozenset[_Atom]:
    return frozenset((type(value), value) for value in values)  # 1 is not True


_CLOSED = {"on_promise": _typed({True, False, None}), "status": _typed(Status)}


def covering(
    earlier: Sequence[Selection], later: Selection, /
) -> tuple[int, ...] | None:
    """
    Find earlier rules that match every subject that a later rule could match.

    Texts can be anything, so only the values of `on_promise` and `status` can
    all be named.

    Returns:
        Positions in *earlier*, none of which can be left out; None if some
        subject matches *later* and no earlier rule.

    Raises:
        InvalidTypeError, InvalidInput: As `select`.

    Examples:
        >>> a, b = {"credit": frozenset("AB")}, {"credit": frozenset("CD")}
        >>> covering([a, b], {"credit": frozenset("BC")})
        (0, 1)
        >>> covering([a, b], {}) is None
        True
    """
    rules = listed(earlier, dict, name="earlier")
    return _covering(
        [select(rule, name=f"earlier[{k}]") for k, rule in enumerate(rules)],
        select(later, name="later"),
    )


def _covering(earlier: Sequence[Selection], later: Selection) -> tuple[int, ...] | None:
    boxes = [{f: _typed(values) for f, values in rule.items()} for rule in earlier]
    target = {f: _typed(values) for f, values in later.items()}
    whole: _Box = {}
    for field in {f for box in (*boxes, target) for f in box}:
        named = [box[field] for box in (*boxes, target) if field in box]
        whole[field] = _CLOSED.get(field) or frozenset({_OTHER}).union(*named)
    target = {**whole, **target}
    kept = list(range(len(boxes)))
    if _leaves_some(target, boxes):
        return None
    for k in range(len(boxes)):
        fewer = [j for j in kept if j != k]
        if not _leaves_some(target, [boxes[j] for j in fewer]):
            kept = fewer
    return tuple(kept)


def _leaves_some(box: _Box, rules: Sequence[Mapping[str, frozenset[_Atom]]]) -> bool:
    """Whether a part of *box* is outside all *rules*."""
    for k, rule in enumerate(rules):
        if all(box[field] & values for field, values in rule.items()):
            inside = box  # gets smaller, so that no part is looked at twice
            for field, values in rule.items():
                outside = inside[field] - values
                if outside and _leaves_some({**inside, field: outside}, rules[k + 1 :]):
                    return True
                inside = {**inside, field: inside[field] & values}
            return False
    return True
