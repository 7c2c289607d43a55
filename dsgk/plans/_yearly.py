"""The annual plan: entries, who made it, and its amendments (年度抽查计划)."""

import datetime as dt
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Self

import attrs

from dsgk.errors import DsgkError, Fault, Faults, InvalidInput, invalid
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
        convener: The department that leads and convenes it; one of the
            members.
        members: All member departments, each once, by name.

    Raises:
        InvalidValueError: The convener is no member.

    Examples:
        >>> Conference(convener="市场监管局", members={"公安局", "市场监管局"}).members
        ('公安局', '市场监管局')
    """

    convener: Label
    members: tuple[Label, ...] = attrs.field(converter=_members)

    def __attrs_post_init__(self) -> None:
        """Reject a convener from outside."""
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
    The annual plan of a department, or of the district (年度抽查计划).

    A plan with a conference is the district's joint plan. Amendments never
    replace what was adopted: `entries` stays, `current` is what applies.
    `to_dict` is the form to store and to publish.

    Attributes:
        year: [1..9999] The year that it is for.
        issuer: Who makes it: a department, or the district government or its
            joint conference.
        conference: The joint conference of a joint plan; None for the plan of
            a department.
        adopted_on: Day on which it was adopted; None for a draft.
        entries: As adopted, of different ids.
        amendments: In the order of their numbers, 1, 2, …

    Raises:
        InvalidInput: Two entries have one id; amendments are not numbered in
            order, or go back in time or before the plan, or lower a figure:
            all faults at once.
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
        Read a plan from a table that can be read whole.

        Arguments are those of `read_plan`, for tables that cannot.

        Raises:
            InvalidInput: Columns are missing or unequal, or rows cannot be
                read: all of them, with rows and reasons.
        """
        lead = issuer if conference is None else None
        read = read_rows(
            table, year=year, names=names, lead=lead, selections=selections
        )
        if read.faults:
            raise InvalidInput.of("plan", read.faults)
        return cls(
            year=year,
            issuer=issuer,
            entries=read.entries,
            conference=conference,
            adopted_on=adopted_on,
        )

    def __attrs_post_init__(self) -> None:
        """Reject entries and amendments that do not go together."""
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
                faults.add(
                    "amendment-order",
                    row=row,
                    column="amendments",
                    number=amendment.number,
                    on=amendment.on,
                    before=before,
                    expected=row + 1,
                )
            before = amendment.on
        faults.raise_any("plan")
        self.current  # noqa: B018  (rejects what an amendment may not do)

    @property
    def is_joint(self) -> bool:
        """Whether it is the district's joint plan."""
        return self.conference is not None

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department that an entry names, by name."""
        return tuple(sorted({d for entry in self.entries for d in entry.departments}))

    @property
    def current(self) -> tuple[PlanEntry, ...]:
        """The entries after all its amendments, in their order."""
        entries = self.entries
        for amendment in self.amendments:
            entries = amended(entries, amendment)
        return entries

    @cites(article(16))
    def on(self, day: dt.date, /) -> Self:
        """The plan as it applied on a day: without the amendments that came later."""
        last = check_day(day, name="day")
        return attrs.evolve(
            self, amendments=[a for a in self.amendments if a.on <= last]
        )

    @cites(article(16))
    def amend(self, amendment: Amendment, /) -> Self:
        """
        The plan with one more amendment; what was adopted stays (动态调整).

        Raises:
            InvalidInput: It is not numbered one higher than the last or dated
                in order, names an entry that the plan lacks, raises nothing
                or lowers a figure, or puts batches off.
        """
        return attrs.evolve(self, amendments=(*self.amendments, amendment))

    def entry(self, id: str, /) -> PlanEntry:  # noqa: A002  (the field of an entry)
        """
        The entry of an id, after all amendments.

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
        How far the plan has come on a day: done, due, late (计划执行进度).

        Counted are subjects, each once in every figure, from the random
        checks of the ledger that are due in the plan's year; case leads and
        campaigns are apart. Ids of entries must be unique among the plans
        that share a ledger.

        Args:
            ledger: All checks.
            on: The day; what happened later is left out, amendments too.
            subjects: The register, or one for each lead department, with
                *inspectors* and *tiers* as for `prepare_round`: so that it is
                known in which batches nobody is to be drawn, since of one
                subject in two batches the second has none. Where it is not
                known, a batch without a check counts as not drawn.
            inspectors: For ratios that are counted by officers.
            tiers: [id of an entry -> policy] Differentiated supervision.

        Raises:
            InvalidValueError: The register lacks a field of an entry, or of
                its tiers.
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
    A plan as far as it could be read, and the rest.

    Every row of the table is an entry or has a fault, and none is both.

    Attributes:
        plan: The plan of what could be read.
        rows: [for each entry, int >= 0] The row that it stands in.
        faults: Everything that kept the other rows from being read, by row.
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

    A cell with 同上 says what stands above it. The ratio is read from its
    column, or where that is empty from the number of subjects (抽查数量); the
    period is divided into the batches that the frequency asks for. Items are
    parted by semicolons, departments by 、 or commas; the first lead leads.
    Nothing is guessed: a row with a cell that is not understood is no entry.

    Args:
        table: Anything with ``table[name]``.
        year: The year, for periods without one.
        issuer: Who makes the plan; in the plan of a department also the lead
            of rows that name none.
        names: [field -> column] What the table calls a field, where it is not
            the usual name: number 序号, task 抽查任务, item 抽查事项, object
            检查对象, ratio 抽查比例, count 抽查数量, frequency 抽查频次, period
            检查时间, focus 检查重点, methods 检查方式, lead 牵头部门, cooperating
            配合部门, level 检查层级, proposed_for 提议依据, note 备注. Columns
            that you name must be there, and that of the items; the others may
            be absent.
        selections: [words -> accepted values by field] Which subjects the
            words of the plan mean, such as ``{"各类企业": {}}`` for all. Words
            that are not in it are taken as a kind of the register.
        conference: The joint conference of a joint plan.
        adopted_on: Day on which it was adopted.

    Returns:
        The plan of the rows that could be read, and why the others could not.
        Entries have the number of their row as id, or its position from 1 on;
        a number that comes again has the position behind it.

    Raises:
        InvalidValueError: *names* names no field.
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
    plan = Plan(
        year=year,
        issuer=issuer,
        entries=read.entries,
        conference=conference,
        adopted_on=adopted_on,
    )
    return PlanReading(plan=plan, rows=read.rows, faults=read.faults)
