"""The annual plan: entries, who made it, and its amendments (年度抽查计划)."""

import datetime as dt
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Self

import attrs

from dsgk.errors import DsgkError, Fault, Faults, invalid
from dsgk.fields import (
    Label,
    Stored,
    Whole,
    check_day,
    check_type,
    declared,
    kind_of,
    labels,
    value,
)
from dsgk.inspectors import InspectorRegister
from dsgk.ledger import Ledger
from dsgk.plans._amendments import Amendment, amended
from dsgk.plans._entries import PlanEntry
from dsgk.plans._numbers import (
    NO_TIERS,
    UNPLANNABLE,
    Registers,
    check_registers,
    officers_of,
    planned_numbers,
)
from dsgk.plans._progress import Progress, progress_of
from dsgk.plans._reading import Selections, read_rows
from dsgk.sources import article, cites
from dsgk.tables import Table
from dsgk.tiers import TierPolicy


__all__ = ["Conference", "Plan", "PlanReading", "read_plan"]

_NO_NAMES: Mapping[str, str] = types.MappingProxyType({})
_NO_SELECTIONS: Selections = types.MappingProxyType({})
_Year = Annotated[int, Whole(least=dt.MINYEAR, most=dt.MAXYEAR)]


def _members(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(labels(given)))


@cites(article(8), article(9))
@value("dsgk-conference/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Conference(Stored):
    """
    The joint conference of departments that makes the joint plan (联席会议).

    Attributes:
        convener: The member that leads and convenes it.
        members: All member departments, sorted by name.

    Examples:
        >>> Conference(convener="市场监管局", members={"公安局", "市场监管局"}).members
        ('公安局', '市场监管局')
    """

    convener: Label
    members: tuple[Label, ...] = attrs.field(converter=_members)

    def __attrs_post_init__(self) -> None:
        """Reject a convener that is no member."""
        if self.convener not in self.members:
            raise invalid("conference-convener", column="convener", got=self.convener)


_ENTRIES = kind_of(tuple[PlanEntry, ...])
_AMENDMENTS = kind_of(tuple[Amendment, ...])


def _entries(given: Iterable[PlanEntry]) -> tuple[PlanEntry, ...]:
    return tuple(_ENTRIES.convert(given))


def _amendments(given: Iterable[Amendment]) -> tuple[Amendment, ...]:
    return tuple(_AMENDMENTS.convert(given))


@cites(article(7), article(11), article(12), article(14), article(16))
@value("dsgk-plan/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Plan(Stored):
    """
    The annual plan of a department or of the district (年度抽查计划).

    The district's joint plan has a conference. Amendments do not change what was
    adopted: `entries` stays as it is, `current` is what applies.

    Attributes:
        year: [1..9999] The year of the plan.
        issuer: Who makes it: a department, the district government or its joint
            conference.
        conference: The joint conference; None for the plan of a department.
        adopted_on: Day on which it was adopted; None for a draft.
        entries: As adopted; their ids differ.
        amendments: In the order of their numbers, 1, 2, …

    Raises:
        InvalidInput: Two entries have one id; amendments are not in the order of
            numbers and days, come before the plan, or lower a figure: all
            faults at once.
    """

    year: _Year
    issuer: Label
    conference: Conference | None = None
    adopted_on: dt.date | None = None
    entries: tuple[PlanEntry, ...] = attrs.field(converter=_entries)
    amendments: tuple[Amendment, ...] = attrs.field(default=(), converter=_amendments)

    @classmethod
    @cites(article(11), article(12))
    def from_table(
        cls,
        table: Table,
        /,
        *,
        year: int,
        issuer: str,
        names: Mapping[str, str] = _NO_NAMES,
        selections: Selections = _NO_SELECTIONS,
        conference: Conference | None = None,
        adopted_on: dt.date | None = None,
    ) -> Self:
        """
        Read a plan as `read_plan` does, and reject a table with faulty rows.

        Raises:
            InvalidInput: Columns are missing or unequal, or rows cannot be
                read: all faults at once, with their rows.
        """
        lead = issuer if conference is None else None
        read = read_rows(
            table, year=year, names=names, lead=lead, selections=selections
        )
        Faults(read.faults).raise_any("plan")
        given: Any = {"conference": conference, "adopted_on": adopted_on}
        return cls(year=year, issuer=issuer, entries=read.entries, **given)

    def __attrs_post_init__(self) -> None:
        """Reject repeated ids and amendments out of order."""
        faults = Faults()
        first: dict[str, int] = {}
        for row, entry in enumerate(self.entries):
            other = first.setdefault(entry.id, row)
            if other != row:
                faults.add("entry-twice", row=row, name="id", got=entry.id, first=other)
        before = self.adopted_on
        for row, amendment in enumerate(self.amendments):
            early = before is not None and amendment.on < before
            if early or amendment.number != row + 1:
                told: Any = {"number": amendment.number, "on": amendment.on}
                told |= {"column": "amendments", "before": before}
                faults.add("amendment-order", row=row, expected=row + 1, **told)
            before = amendment.on
        faults.raise_any("plan")
        self.current  # noqa: B018  (rejects what an amendment may not do)

    @property
    def is_joint(self) -> bool:
        """Whether it is the district's joint plan."""
        return self.conference is not None

    @property
    def departments(self) -> tuple[str, ...]:
        """All departments of the entries, sorted by name."""
        return tuple(sorted({d for entry in self.entries for d in entry.departments}))

    @property
    def current(self) -> tuple[PlanEntry, ...]:
        """The entries after all amendments."""
        entries = self.entries
        for amendment in self.amendments:
            entries = amended(entries, amendment)
        return entries

    @cites(article(16))
    def on(self, day: dt.date, /) -> Self:
        """The plan as it applied on a day, without later amendments."""
        last = check_day(day, name="day")
        return attrs.evolve(
            self, amendments=[a for a in self.amendments if a.on <= last]
        )

    @cites(article(16))
    def amend(self, amendment: Amendment, /) -> Self:
        """
        The plan with one more amendment (动态调整).

        Raises:
            InvalidInput: Its number or day is out of order, it names an entry
                that the plan lacks, lowers a figure, or puts batches off.
        """
        return attrs.evolve(self, amendments=(*self.amendments, amendment))

    def entry(self, id: str, /) -> PlanEntry:  # noqa: A002  (the field of an entry)
        """
        The entry with an id, after all amendments.

        Raises:
            InvalidValueError: The plan has no such entry.
        """
        given: object = id  # an array is equal to nothing and everything
        for entry in self.current:
            if isinstance(given, str) and entry.id == given:
                return entry
        known = [entry.id for entry in self.entries]
        raise invalid("plan-entry-unknown", name="id", got=id, known=known)

    @cites(article(15))
    def progress(
        self,
        ledger: Ledger,
        /,
        *,
        on: dt.date,
        subjects: Registers | None = None,
        inspectors: InspectorRegister | None = None,
        tiers: Mapping[str, TierPolicy] = NO_TIERS,
    ) -> Progress:
        """
        What of the plan is done, due and late on a day (计划执行进度).

        Each figure counts subjects, once each, with random checks that are due
        in the plan's year; case leads and campaigns are left out. Plans that share a
        ledger must not share ids of entries.

        Args:
            ledger: All checks.
            on: The day; checks and amendments after it are left out.
            subjects: The register, or one for each lead department. With it and
                with *inspectors* and *tiers*, as for `prepare_round`, batches
                that draw nobody are known; without, every batch without a check
                counts as not drawn.
            inspectors: For ratios that are counted by officers.
            tiers: [id of an entry -> policy] Differentiated supervision.

        Raises:
            InvalidValueError: The register lacks a field of an entry or of its
                tiers.
        """
        check_type(ledger, Ledger, name="ledger")
        check_registers(subjects, inspectors, tiers)
        officers = officers_of(inspectors)

        def number(entry: PlanEntry) -> int | None:
            policy = tiers.get(entry.id)
            try:
                return planned_numbers(entry, subjects, officers, policy).quota
            except DsgkError as error:
                if error.code not in UNPLANNABLE:
                    raise
                return None

        return progress_of(
            self.on(on).current, ledger, year=self.year, on=on, number=number
        )


@attrs.frozen(kw_only=True)
class PlanReading:
    """
    What could be read of a plan, and the faults of the rest.

    Every row of the table is either an entry or has a fault.

    Attributes:
        plan: The plan of the entries that could be read.
        rows: [for each entry, int >= 0] Its row.
        faults: All faults of the other rows, by row.
    """

    plan: Plan
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


@cites(article(11), article(12))
def read_plan(
    table: Table,
    /,
    *,
    year: int,
    issuer: str,
    names: Mapping[str, str] = _NO_NAMES,
    selections: Selections = _NO_SELECTIONS,
    conference: Conference | None = None,
    adopted_on: dt.date | None = None,
) -> PlanReading:
    """
    Read a printed plan row by row (读取年度抽查计划表).

    同上 repeats the cell above; a dash or 无 is an empty cell.  If the ratio is
    empty, the number of subjects (抽查数量) is read; a ratio may have its count and
    frequency in its cell (``3%;2次/年``, ``10%(20户)``).  The period is divided into
    the batches that the frequency asks for; several periods, and batches with their
    ends, are the batches themselves.  Items are separated by semicolons, departments
    by any mark; of several leads the first leads.  Numbers are read from every
    container: 1.0 and 1 under 抽查比例 are all, 5 under 抽查比例(%) is 5 %, and a bare
    1 under 抽查比例/数量 is a fault.  Nothing is guessed: a row with a cell that is
    not understood is no entry.

    Args:
        table: Anything with ``table[name]``.
        year: The year, for periods without one.
        issuer: Who makes the plan; for a department also the default lead.
        names: [field -> column] Columns without their usual name: number 序号,
            task 抽查任务, item 抽查事项, object 检查对象, ratio 抽查比例, count
            抽查数量, frequency 抽查频次, period 检查时间, focus 检查重点, methods
            检查方式, lead 牵头部门, cooperating 配合部门, level 检查层级,
            proposed_for 提议依据, note 备注. Columns that you name must be
            there, and that of the items; others may be absent.
        selections: [words -> accepted values by field] Which subjects the
            plan's words mean, such as ``{"各类企业": {}}`` for all. Other words
            are taken as a kind of the register.
        conference: The joint conference of a joint plan.
        adopted_on: Day on which it was adopted.

    Returns:
        The plan of the rows that could be read, and the faults of the others.
        An entry's id is the number of its row, or the position from 1; if that
        number comes twice, both.

    Raises:
        InvalidInput: Columns are missing or unequal.

    Examples:
        >>> reading = read_plan(
        ...     {
        ...         "抽查事项": ["宾馆卫生检查", "宾馆消防检查", "其他检查"],
        ...         "抽查比例": ["5%", "同上", "根据实际情况确定"],
        ...         "检查时间": ["3月—6月", "同上", "全年"],
        ...     },
        ...     year=2026, issuer="市场监管局",
        ... )
        >>> [(entry.id, str(entry.ratio)) for entry in reading.plan.entries]
        [('1', '5%'), ('2', '5%')]
        >>> [(fault.row, fault.params["reason"]) for fault in reading.faults]
        [(2, 'no-number')]
    """
    lead = issuer if conference is None else None
    read = read_rows(table, year=year, names=names, lead=lead, selections=selections)
    given: Any = {"conference": conference, "adopted_on": adopted_on}
    plan = Plan(year=year, issuer=issuer, entries=read.entries, **given)
    return PlanReading(plan=plan, rows=read.rows, faults=read.faults)
