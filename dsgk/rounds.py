"""
From plan to draw in one step: a round draws all entries of a window together.

All of them share one announcement and one key (统一抽取), so that overlapping
registers draw the same subjects as far as possible, and the checks of several
departments at one subject become one visit.
"""

import datetime as dt
import functools
import operator
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import compress
from typing import Annotated, Any

import attrs
import numpy as np

from dsgk.calendars import WorkCalendar
from dsgk.draws import (
    Announcement,
    DrawRecord,
    Entropy,
    Explanations,
    Seal,
    Supersession,
    announce,
    explain,
)
from dsgk.errors import DsgkError, Faults, invalid
from dsgk.fields import (
    Id,
    Kind,
    Label,
    Natural,
    Stored,
    check_count,
    check_day,
    check_type,
    declared,
    faults_of,
    kind_of,
    listed,
    several,
    trusted,
    value,
)
from dsgk.frames import Frame, frame_of_checked
from dsgk.inspectors import InspectorRegister
from dsgk.items import Method
from dsgk.joint import Check, MergedChecks, Window, merge_checks
from dsgk.kernels.allocation import allocate, share_up
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import (
    NO_TIERS,
    Batch,
    Mode,
    ModeReason,
    Plan,
    PlanEntry,
    Registers,
    check_registers,
    check_year,
    lead_officers,
    month_end,
    officers_of,
)
from dsgk.sources import article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tiers import (
    Base,
    ExclusionReason,
    Exclusions,
    FramePlan,
    Measure,
    TierPolicy,
    TierRule,
)


__all__ = ["EntryRound", "Round", "prepare_round", "quarter_window"]

_METHODS = (Method.ON_SITE, Method.WRITTEN, Method.ONLINE)
_WHOLE = "全部"
_NO_DRAW = frozenset({ModeReason.APPROVAL, ModeReason.CASE_LEAD})


# -- what a round draws ------------------------------------------------------


@attrs.frozen
class _Ids(Kind):
    """Ids of a register; ids from a document are checked."""

    kind: type[tuple[str, ...]] | type[frozenset[str]]

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        if type(given) is self.kind:
            return given
        return self.kind(_LISTED.convert(given))

    def plain(self, held: Any, /) -> list[str]:  # noqa: ANN401
        return sorted(held) if self.kind is frozenset else list(held)

    def schema(self) -> dict[str, Any]:
        return _LISTED.schema()


_LISTED = kind_of(tuple[Id, ...])
_Row = Annotated[tuple[str, ...], _Ids(tuple)]
_Set = Annotated[frozenset[str], _Ids(frozenset)]


@value("dsgk-entry-round/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class EntryRound(Stored):
    """
    What one entry draws in a round.

    Every subject of the entry in the register is exactly once in the frame, in
    the exclusions, or drawn before.  Methods that take the record of the
    round's draws reject one with other frames or quotas by `InvalidInput`.

    Attributes:
        entry: The entry, with the amendments up to the day.
        batches: The batches drawn, in order: all that begin in the round, or
            all of the year if one draw fixes their order.
        numbers: [tier -> numbers] How many subjects each batch gets, in draw
            order.
        drawn_before: Subjects that the entry drew earlier in the year, or that
            were substitutes; they are no longer drawn.
        shortfalls: [tier -> number] How many the plan demands beyond those who
            can be drawn and inspected in time.
        is_drawn: Whether subjects are drawn at random; if not, the whole frame
            is inspected.
        frame_plan: The register divided into tiers, with those drawn before.
        reached: [department with a territory -> subjects] Those of the entry
            in its territory.
    """

    entry: PlanEntry
    batches: tuple[Batch, ...]
    numbers: Mapping[Id, tuple[Natural, ...]]
    drawn_before: _Row = attrs.field(repr=False)
    shortfalls: Mapping[Id, Natural]
    is_drawn: bool
    frame_plan: FramePlan = attrs.field(repr=False)
    reached: Mapping[Label, _Set] = attrs.field(repr=False)

    @functools.cached_property
    def frame(self) -> Frame:
        """Who can be drawn; its strata are the tiers."""
        frame, gone = self.frame_plan.frame, frozenset(self.drawn_before)
        if not gone:
            return frame
        kept = [
            row for row, subject_id in enumerate(frame.ids) if subject_id not in gone
        ]
        ids = tuple(frame.ids[row] for row in kept)
        return frame_of_checked(ids, frame.codes[kept], frame.names)

    @property
    def quotas(self) -> dict[str, int]:
        """[tier -> number] How many are drawn."""
        return {tier: sum(numbers) for tier, numbers in self.numbers.items()}

    @property
    def exclusions(self) -> Exclusions:
        """Who cannot be drawn, with reasons."""
        return self.frame_plan.exclusions

    @property
    def draw_plan(self) -> FramePlan:
        """
        What is announced: all registered subjects of the entry, and quotas.

        Subjects drawn earlier in the year are excluded for that reason.
        """
        before = ExclusionReason.DRAWN_BEFORE
        return attrs.evolve(
            self.frame_plan,
            frame=self.frame,
            quotas=self.quotas,
            exclusions=self.exclusions.adding(self.drawn_before, before),
        )

    def selected(self, record: DrawRecord, /) -> dict[str, tuple[str, ...]]:
        """[tier -> ids] Who is inspected, in draw order; by id if nobody is drawn."""
        self._verify(record)
        return self._selected(record)

    def _verify(self, record: DrawRecord) -> None:
        """Reject the record of another round."""
        _check_draws({self.entry.id: self}, record, [self.entry.id] * self.is_drawn)

    def _selected(self, record: DrawRecord) -> dict[str, tuple[str, ...]]:
        """The same, without checking the record."""
        if self.is_drawn:
            strata = record.draws[self.entry.id].strata
            return {tier: stratum.selected for tier, stratum in strata.items()}
        names = self.frame.names
        ids: dict[str, list[str]] = {name: [] for name in names}
        rows = zip(self.frame.ids, self.frame.codes.tolist(), strict=True)
        for subject_id, code in sorted(rows):
            ids[names[code]].append(subject_id)
        return {name: tuple(listed) for name, listed in ids.items()}

    def parted(self, record: DrawRecord, /) -> Iterator[tuple[str, str, Batch]]:
        """
        Assign everybody who is inspected to a batch, in draw order.

        Yields:
            Subject, tier, batch.
        """
        self._verify(record)
        yield from self._parted(record)

    def _parted(self, record: DrawRecord) -> Iterator[tuple[str, str, Batch]]:
        for tier, ids in self._selected(record).items():
            batches = [
                batch
                for batch, number in zip(self.batches, self.numbers[tier], strict=True)
                for _ in range(number)
            ]
            for subject_id, batch in zip(ids, batches, strict=True):
                yield subject_id, tier, batch

    def departments_at(
        self, subjects: Collection[str], /
    ) -> dict[str, tuple[str, ...]]:
        """
        Departments at each subject: those without a territory, or with it inside.

        Raises:
            InvalidInput: Ids are not subjects of the entry.
        """
        ids = listed(subjects, str, name="subjects")
        faults = Faults()
        for row, subject_id in enumerate(ids):
            if not isinstance(subject_id, str) or subject_id not in self._subjects:
                told = {"got": subject_id, "entry": self.entry.id}
                faults.add("subject-unknown", row=row, column="subjects", **told)
        faults.raise_any()
        departments = self.entry.departments
        if not self.reached:
            return dict.fromkeys(ids, departments)
        return {
            subject_id: tuple(
                name
                for name in departments
                if name not in self.reached or subject_id in self.reached[name]
            )
            for subject_id in ids
        }

    @functools.cached_property
    def _subjects(self) -> frozenset[str]:
        """Every registered subject of the entry."""
        return frozenset((*self.frame_plan.frame.ids, *self.exclusions.ids))

    def checks_at(
        self, subjects: Collection[str], /
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """
        The checks at each subject, as pairs of item and department.

        Each department that takes part checks every item of the entry that is
        not another department's.  An item name that the list has for several
        objects counts once.

        Raises:
            InvalidInput: As `departments_at`.
        """
        known: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
        checks = {}
        for subject_id, departments in self.departments_at(subjects).items():
            if departments not in known:
                known[departments] = tuple(
                    dict.fromkeys(
                        (item.name, department)
                        for item in self.entry.items
                        for department in departments
                        if item.department in {None, department}
                    )
                )
            checks[subject_id] = known[departments]
        return checks


@cites(article(3), article(15), article(17), article(19), article(20))
@value("dsgk-round/1")
@attrs.frozen(kw_only=True, repr=False, field_transformer=declared)
class Round(Stored):
    """
    All draws of a window, prepared together (统一抽取).

    Methods that take the record of its draws reject one with other frames or
    quotas by `InvalidInput`.

    Attributes:
        window: The days on which the batches begin.
        on: The day for which registers, rests and amendments were read.
        parts: [id of an entry -> part] What each entry draws; only entries
            with a batch that begins in the window.
        without_subjects: Entries of the window that draw nobody from a
            register: checks in approval, case leads.
    """

    window: Window
    on: dt.date
    parts: Mapping[Id, EntryRound]
    without_subjects: tuple[PlanEntry, ...]

    def __repr__(self) -> str:
        """Numbers by entry instead of thousands of ids."""
        drawn = {name: sum(quotas.values()) for name, quotas in self.quotas.items()}
        return f"<Round of {self.window}, draws by entry {drawn}>"

    @property
    def frames(self) -> dict[str, Frame]:
        """Frames of the draws, by entry."""
        return {name: p.frame for name, p in self.parts.items() if p.is_drawn}

    @property
    def draw_plans(self) -> dict[str, FramePlan]:
        """Frames, quotas and exclusions by entry, as `conduct` takes them."""
        return {name: p.draw_plan for name, p in self.parts.items() if p.is_drawn}

    @property
    def quotas(self) -> dict[str, dict[str, int]]:
        """Quotas of the draws, by entry and tier."""
        return {name: p.quotas for name, p in self.parts.items() if p.is_drawn}

    @property
    def exclusions(self) -> dict[str, Exclusions]:
        """Who cannot be drawn, by entry."""
        return {name: part.exclusions for name, part in self.parts.items()}

    def draw_days(self, calendar: WorkCalendar, /, *, workdays: int = 5) -> Window:
        """
        The first working days of the window, on which the draws are made.

        Args:
            calendar: Working days.
            workdays: [int >= 1] How many; five in the city's rule of 2025.

        Examples:
            >>> spring = Window(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
            >>> empty = Round(
            ...     window=spring, on=dt.date(2026, 3, 25),
            ...     parts={}, without_subjects=(),
            ... )
            >>> print(empty.draw_days(WorkCalendar.china()))
            2026-04-01 to 2026-04-08
        """
        check_type(calendar, WorkCalendar, name="calendar")
        number = check_count(workdays, name="workdays", least=1)
        first = calendar.roll(self.window.first)
        return Window(first, calendar.add_workdays(first, number - 1))

    @cites(article(3))
    def announce(
        self,
        *,
        title: str,
        issuer: str,
        announced_on: dt.date,
        entropy: Entropy,
        roll_key: str,
        seal: Seal | None = None,
        previous: Announcement | None = None,
        supersedes: Supersession | Mapping[str, Any] | None = None,
    ) -> Announcement:
        """
        Announce all draws of the round together (发布抽取公告).

        Arguments and errors are those of `announce`. All draws, at least one,
        share the announcement and so the key.
        """
        return announce(
            title=title,
            issuer=issuer,
            announced_on=announced_on,
            entropy=entropy,
            draws=self.draw_plans,
            roll_key=roll_key,
            seal=seal,
            previous=previous,
            supersedes=supersedes,
        )

    def explain(
        self, subject_id: str, /, record: DrawRecord | None = None
    ) -> Explanations:
        """
        Explain why one subject was drawn or not (抽取说明).

        Args:
            subject_id: The subject, registered or not.
            record: The record of the round's draws, once they are made.

        Returns:
            Stratum or reasons, chance, ticket, cut and result, for each draw;
            printed as a Chinese table.
        """
        if record is not None:
            self._verify(record)
        drawn = {} if record is None else record.draws
        told = tuple(
            explain(subject_id, plan, name=name, draw=drawn.get(name))
            for name, plan in self.draw_plans.items()
        )
        return Explanations(id=subject_id, draws=told)

    @cites(article(19), article(20))
    def checks(self, record: DrawRecord, /) -> tuple[Check, ...]:
        """
        The checks at all drawn subjects, for `merge_checks`.

        See `EntryRound.checks_at`; the lead initiates.  A check that two
        entries need is made once.

        Returns:
            By entry, tier, draw order, item and department.
        """
        return _once(check for _, _, check in self._checks(record))

    def _checks(self, record: DrawRecord) -> Iterator[tuple[str, str, Check]]:
        """Every check of every entry, with entry and tier."""
        self._verify(record)
        for name, part in self.parts.items():
            entry = part.entry
            method = next((m for m in _METHODS if m in entry.methods), Method.ON_SITE)
            rows = list(part._parted(record))  # noqa: SLF001
            checks = part.checks_at([row[0] for row in rows])
            windows = {id(one): Window(one.first, one.last) for one in part.batches}
            for subject_id, tier, batch in rows:
                for item, department in checks[subject_id]:
                    check = trusted(
                        Check,
                        subject_id=subject_id,
                        item=item,
                        department=department,
                        window=windows[id(batch)],
                        method=method,
                        initiates=department == entry.lead,
                    )
                    yield name, tier, check

    def _verify(self, record: DrawRecord) -> None:
        """Reject the record of another round."""
        check_type(record, DrawRecord, name="record", instead="conduct(…)")
        drawn = {name: part for name, part in self.parts.items() if part.is_drawn}
        _check_draws(drawn, record, sorted({*record.draws, *drawn}))

    @cites(article(19))
    def merge(self, record: DrawRecord, /) -> MergedChecks:
        """Merge the checks at all drawn subjects into visits."""
        return merge_checks(self.checks(record))

    @cites(article(15))
    def ledger(
        self, record: DrawRecord, /, *, drawn_on: dt.date, prefix: str = "T"
    ) -> Ledger:
        """
        The rows of the ledger for everything that the round drew (检查台账).

        Each visit is a task, and so is each check without a visit.  A check
        that two entries need has a row for each of them.

        Args:
            record: The record of the round's draws.
            drawn_on: Day of the draw.
            prefix: Start of the ids of the tasks, followed by a number;
                different for each round.

        Raises:
            InvalidInput: A batch ended before it was drawn.
        """
        check_type(prefix, str, name="prefix", instead="'2026Q2-'")
        rows = [*self._checks(record)]
        merged = merge_checks(_once(check for _, _, check in rows))
        groups = [visit.checks for visit in merged.visits]
        groups += [(check,) for check in merged.remote]
        task = {
            _place(check): f"{prefix}{number:05}"
            for number, group in enumerate(groups, 1)
            for check in group
        }
        basis = record.announcement.digest
        return Ledger.of(
            LedgerRow(
                task_id=task[_place(check)],
                subject_id=check.subject_id,
                item=check.item,
                department=check.department,
                entry=entry,
                basis=basis,
                stratum=tier,
                method=check.method,
                drawn_on=drawn_on,
                due=check.window.last,
            )
            for entry, tier, check in rows
        )


def _check_draws(
    parts: Mapping[str, EntryRound], record: DrawRecord, names: Iterable[str]
) -> None:
    """Reject a record whose draws are not those of the round."""
    check_type(record, DrawRecord, name="record", instead="conduct(…)")
    faults = Faults()
    for name in names:
        part = parts.get(name)
        if part is None or not record.is_of(name, part.draw_plan):
            faults.add("round-record", column=name)
    faults.raise_any("record")


def _once(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Each check once; the one of an initiating lead, if there is one."""
    found: dict[tuple[Any, ...], Check] = {}
    for check in checks:
        place = _place(check)
        if check.initiates or place not in found:
            found[place] = check
    return tuple(found.values())


def _place(check: Check) -> tuple[Any, ...]:
    """Two checks with the same place are one."""
    days = (check.window.first, check.window.last)
    return check.subject_id, check.item, check.department, *days, check.method


# -- how a round is prepared --------------------------------------------------


def quarter_window(year: int, quarter: int, /) -> Window:
    """
    The days of a quarter, 1 to 4, of a year.

    Examples:
        >>> print(quarter_window(2026, 2))
        2026-04-01 to 2026-06-30
    """
    number = check_count(quarter, name="quarter", least=1, most=4)
    of_year = check_year(year)
    first = dt.date(of_year, 3 * number - 2, 1)
    return Window(first, month_end(of_year, 3 * number))


@cites(article(13), article(15), article(16), article(19), article(20))
def prepare_round(
    plan: Plan | Iterable[Plan],
    registers: Registers,
    /,
    *,
    on: dt.date,
    quarter: int | None = None,
    window: Window | None = None,
    tiers: Mapping[str, TierPolicy] = NO_TIERS,
    ledger: Ledger | None = None,
    inspectors: InspectorRegister | None = None,
    whitelist: Iterable[str] = (),
) -> Round:
    """
    Prepare the draws of all batches that begin in a window (统一抽取的准备).

    A batch belongs to the round in which it begins.  The number of an entry
    for the year is its ratio of the registered subjects (`Base.REGISTERED`).
    After each batch, as many subjects have been drawn as the parts of the year
    so far demand; subjects drawn before count, and are not drawn again.  So the
    batches add up to the number for the year, even if the register or the ratio
    changes in between.

    A policy of tiers sets ratios, rests and caps of each tier.  But an entry
    whose own ratio counts subjects (60-70家, 1:5) keeps that total, divided among
    the tiers in proportion to their registered subjects.  An entry at 100 % is
    drawn once, with its first batch, and the order of the draw is that of its
    batches; later rounds draw subjects that have joined the register since.

    An amendment may raise a ratio after the last batch of the entry has begun.
    Then every later round adds what is missing to the batch that ends last, as
    long as one runs; afterwards `EntryRound.shortfalls` says what is missing.
    To draw at once, prepare the window of that batch again, with the ledger:
    the result is the same.

    Args:
        plan: One plan, or all plans whose entries are drawn together.
        registers: The register, or one for each lead department, on that day.
        on: The day for which rests and amendments are read; the draws come
            later.
        quarter: [1..4] The quarter of the plan's year; alternatively
        window: The days on which the batches begin.
        tiers: [id of an entry -> policy] Differentiated supervision; other
            entries have one tier, 全部.
        ledger: What was drawn before, without draws that this one supersedes;
            needed if the first batch of an entry has been drawn.
        inspectors: Needed for ratios per officer (1:5); the lead must have
            officers.
        whitelist: Ids that are not inspected.

    Returns:
        Frames, quotas and exclusions, ready to be announced.

    Raises:
        InvalidValueError: Not exactly one of *quarter* and *window* is given,
            or the plans have different years.
        InvalidInput: Two entries have the same id, a policy belongs to no
            entry, a register, the ledger or officers are missing, a batch lies
            outside the year, or a subject has no tier; all faults at once, with
            the entry.

    Examples:
        >>> from dsgk.tiers import Ratio
        >>> plan = Plan(year=2026, issuer="市场监管局", entries=[
        ...     PlanEntry(
        ...         id="1", items=["药品零售监督检查"], subjects={"kind": {"药店"}},
        ...         ratio=Ratio.exactly("50%"), lead="市场监管局",
        ...         batches=Batch(dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
        ...     )
        ... ])
        >>> register = SubjectRegister.from_columns(
        ...     id=["S1", "S2", "S3"], kind=["药店", "药店", "饭店"]
        ... )
        >>> spring = prepare_round(plan, register, quarter=2, on=dt.date(2026, 3, 25))
        >>> spring.frames["1"].ids, spring.quotas
        (('S1', 'S2'), {'1': {'全部': 1}})
    """
    plans = several((plan,) if isinstance(plan, Plan) else plan, Plan, name="plan")
    if not isinstance(registers, Mapping):
        check_type(registers, SubjectRegister, name="registers")
    check_registers(registers, inspectors, tiers, name="registers")
    if ledger is not None:
        check_type(ledger, Ledger, name="ledger")
    day = check_day(on, name="on")
    days = _window(plans, quarter, window)
    entries = _entries(plans, day, tiers)
    raised = {
        one.entry
        for made in plans
        for amendment in made.on(day).amendments
        for one in amendment.raises
        if one.ratio is not None
    }
    maker = _Maker(
        registers=registers,
        on=day,
        window=days,
        year=plans[0].year,
        ledger=None if ledger is None else ledger.as_of(day),
        officers=officers_of(inspectors),
        whitelist=listed(whitelist, str, name="whitelist"),
    )
    parts = {}
    without = []
    faults = Faults()
    for name, entry in entries.items():
        batches = maker.batches(entry)
        is_late = not batches and name in raised and maker.has_begun(entry)
        if is_late:
            batches = (max(entry.batches, key=operator.attrgetter("last", "first")),)
        if not batches:
            continue
        if entry.mode_reason in _NO_DRAW:
            without.append(entry)
            continue
        try:
            part = maker.part(entry, batches, tiers.get(name))
        except DsgkError as error:
            faults += [
                attrs.evolve(f, column=f"{name}: {f.column}" if f.column else name)
                for f in faults_of(error)
            ]
        else:
            settled = (
                not any(part.quotas.values())
                if is_late
                else entry.takes_all and part.drawn_before and not len(part.frame)
            )
            if not settled or part.shortfalls:
                parts[name] = part
    faults.raise_any("round")
    return Round(window=days, on=day, parts=parts, without_subjects=tuple(without))


def _window(
    plans: tuple[Plan, ...], quarter: int | None, window: Window | None
) -> Window:
    if window is not None:
        check_type(window, Window, name="window")
    years = sorted({one.year for one in plans})
    if len(years) == 1 and window is None and quarter is not None:
        return quarter_window(years[0], quarter)
    if len(years) != 1 or window is None or quarter is not None:
        raise invalid("round-window", years=years, quarter=quarter, window=str(window))
    return window


def _entries(
    plans: tuple[Plan, ...], day: dt.date, tiers: Mapping[str, TierPolicy]
) -> dict[str, PlanEntry]:
    """[id -> entry] The entries of all plans on a day."""
    entries: dict[str, PlanEntry] = {}
    faults = Faults()
    for one in plans:
        for entry in one.on(day).current:
            if entry.id in entries:
                faults.add("entry-twice", name="id", got=entry.id)
            entries[entry.id] = entry
    for name in sorted(tiers.keys() - entries.keys()):
        faults.add("plan-entry-unknown", name="tiers", got=name, known=[*entries])
    faults.raise_any("round")
    return entries


@attrs.frozen(kw_only=True, eq=False)
class _Maker:
    """Makes the part of each entry; holds what they share."""

    registers: Registers
    on: dt.date
    window: Window
    year: int
    ledger: Ledger | None
    officers: Mapping[str, int] | None
    whitelist: tuple[str, ...]

    def batches(self, entry: PlanEntry) -> tuple[Batch, ...]:
        """The batches of an entry that are drawn in the window."""
        window = self.window
        begun = [b for b in entry.batches if window.first <= b.first <= window.last]
        if begun and entry.takes_all:
            return tuple(b for b in entry.batches if b.first >= begun[0].first)
        return tuple(begun)

    def has_begun(self, entry: PlanEntry) -> bool:
        """Whether an entry has batches and all began before the window."""
        begun = [b.first < self.window.first for b in entry.batches]
        return entry.mode is not Mode.INSPECTORS_ONLY and begun != [] and all(begun)

    def part(
        self, entry: PlanEntry, batches: tuple[Batch, ...], tiers: TierPolicy | None
    ) -> EntryRound:
        """Prepare what an entry draws."""
        self._check_year(entry)
        register = self._register(entry).where(**entry.selection)
        policy = tiers or TierPolicy([TierRule(_WHOLE, ratio=entry.ratio)])
        ratios = [entry.ratio, *(rule.ratio for rule in policy.rules)]
        officers = lead_officers(entry, ratios, self.officers)
        planned = policy.frame(
            register,
            on=self.on,
            base=Base.REGISTERED,
            whitelist=self.whitelist,
            officers=officers,
        )
        is_late = batches[0].first < self.window.first
        is_first = batches[0] == entry.batches[0] and not is_late
        before = self._before(entry, is_first=is_first)
        ids, codes = planned.frame.ids, planned.frame.codes
        left = np.ones(len(ids), dtype=bool)
        if before:
            left[:] = np.fromiter((i not in before for i in ids), bool, len(ids))
        counts = np.bincount(codes[left], minlength=len(planned.frame.names))
        sizes = dict(zip(planned.frame.names, counts.tolist(), strict=True))
        covered = {
            name: frozenset(compress(register.ids, inside.tolist()))
            for name, areas in entry.territories.items()
            for inside in [register.matches({"area": areas})]
        }
        _check_reached(entry, covered, compress(ids, left.tolist()))
        names = [rule.name for rule in policy.rules]
        registered = [planned.registered.get(name, 0) for name in names]
        done = _by_tier(register, policy, before)
        there = [sizes.get(name, 0) for name in names]
        if is_late and batches[0].last < max(self.on, self.window.first):
            there = [0] * len(names)  # the batch is over
        is_drawn = entry.mode is not Mode.INSPECTORS_ONLY
        if not is_drawn:
            year = [n + k for n, k in zip(done, there, strict=True)]
        elif entry.ratio.measure is Measure.SHARE:
            year = [
                rule.ratio.quota(size, officers=officers) if size else 0
                for rule, size in zip(policy.rules, registered, strict=True)
            ]
        else:
            total = entry.ratio.quota(sum(registered), officers=officers)
            year = _divided(total, registered, done, there)
        reached = [
            sum((b.part for b in entry.batches if b.first <= day), Fraction(0))
            for day in (max(batch.first, self.window.first) for batch in batches)
        ]
        numbers, shortfalls = {}, {}
        for name, wanted, drawn, n in zip(names, year, done, there, strict=True):
            numbers[name], missing = _numbers(wanted, reached, drawn, n)
            if missing:
                shortfalls[name] = missing
        return EntryRound(
            entry=entry,
            batches=batches,
            numbers={name: numbers[name] for name, size in sizes.items() if size},
            drawn_before=tuple(compress(ids, (~left).tolist())),
            shortfalls=shortfalls,
            is_drawn=is_drawn,
            frame_plan=planned,
            reached=covered,
        )

    def _check_year(self, entry: PlanEntry) -> None:
        """Reject batches outside the year, whose draws would count in another one."""
        for batch in entry.batches:
            if {batch.first.year, batch.last.year} != {self.year}:
                days = {"first": batch.first, "last": batch.last}
                raise invalid("window-outside-year", year=self.year, **days)

    def _register(self, entry: PlanEntry) -> SubjectRegister:
        if isinstance(self.registers, SubjectRegister):
            return self.registers
        register = self.registers.get(entry.lead)
        if register is None:
            raise invalid("register-missing", department=entry.lead)
        return register

    def _before(self, entry: PlanEntry, *, is_first: bool) -> dict[str, str | None]:
        """
        [id -> tier] Subjects that an entry drew earlier in the year.

        The tier of substitutes is None: they are not drawn again, and do not
        count, since the subjects that they replace do.
        """
        if self.ledger is None:
            if is_first:
                return {}
            raise invalid("ledger-missing", id=entry.id)
        rows = self.ledger.where(origin={Origin.RANDOM}, entry={entry.id})
        years = rows.days["due"].astype("datetime64[Y]").astype(int) + 1970
        rows = rows.take(years == self.year)
        before: dict[str, str | None] = {}
        names = ("subject_id", "stratum", "replaces")
        columns: list[list[Any]] = [rows.classes[name].cells() for name in names]
        for subject_id, tier, replaced in zip(*columns, strict=True):
            if replaced is None:
                before[subject_id] = tier or _WHOLE
            else:
                before.setdefault(subject_id, None)
        return before


def _check_reached(
    entry: PlanEntry, reached: Mapping[str, frozenset[str]], ids: Iterable[str]
) -> None:
    """Reject subjects that no department would check if they were drawn."""
    checking = {item.department for item in entry.items}
    if not checking <= reached.keys() - {entry.lead}:
        return  # the lead checks too, or somebody does everywhere
    there = frozenset[str]().union(*(reached[name] for name in checking if name))
    number = sum(subject_id not in there for subject_id in ids)
    if number:
        raise invalid("round-unreached", subjects=number, id=entry.id)


def _by_tier(
    register: SubjectRegister, policy: TierPolicy, before: Mapping[str, str | None]
) -> list[int]:
    """How many were drawn before, by their tier now, or else then."""
    place = {rule.name: k for k, rule in enumerate(policy.rules)}
    tiers = {i: place.get(tier, -1) for i, tier in before.items() if tier is not None}
    if tiers:
        codes = policy.classify(register)
        for row, subject_id in enumerate(register.ids):
            if subject_id in tiers and codes[row] >= 0:
                tiers[subject_id] = int(codes[row])
    numbers = [0] * len(policy.rules)
    for code in tiers.values():
        if code >= 0:  # else a tier of another policy, and the subject is gone
            numbers[code] += 1
    return numbers


def _divided(
    total: int, registered: list[int], done: list[int], there: list[int]
) -> list[int]:
    """Divide a total among tiers, as far as each has subjects."""
    most = [min(n, d + t) for n, d, t in zip(registered, done, there, strict=True)]
    within = min(total, sum(most))
    year = allocate(within, registered, at_most=most).tolist()
    lacking = [n - m for n, m in zip(registered, most, strict=True)]
    missing = allocate(total - within, lacking).tolist()
    return [y + m for y, m in zip(year, missing, strict=True)]


def _numbers(
    year: int, reached: list[Fraction], drawn: int, there: int
) -> tuple[tuple[int, ...], int]:
    """How many each batch draws, and how many are missing after the last."""
    numbers = []
    for part in reached:
        number = min(max(0, share_up(part, year) - drawn), there)
        numbers.append(number)
        drawn += number
        there -= number
    return tuple(numbers), max(0, share_up(reached[-1], year) - drawn)
