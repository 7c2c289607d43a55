"""
From plan to draw in one step: a round draws all entries of a window together.

One announcement and one key for all of them (统一抽取), so that overlapping
registers draw the same subjects as far as can be, and the checks of several
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
    """Ids of a register; those of a document are checked."""

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

    Every subject of the entry in the register is in the frame, in the
    exclusions, or drawn before; and exactly once.  What asks for the record of
    the round's draws rejects one of other frames or quotas by `InvalidInput`.

    Attributes:
        entry: The entry, after the amendments up to the day.
        batches: The batches that are drawn, in order; several where several
            begin in the round, or where one draw of all fixes their order.
        numbers: By tier of the frame, how many each batch gets, in draw order.
        drawn_before: Who was drawn by the entry before in this year, or stood
            in as a substitute, and could be drawn otherwise: they have left
            the base.
        shortfalls: By tier, how many the plan asks for beyond those who can
            be drawn, or can still be inspected in time.
        is_drawn: Whether subjects are drawn at random; if not, all of the
            frame are inspected.
        frame_plan: The register as its tiers part it, those drawn before
            still in its frame.
        reached: By department with a territory, the subjects of the entry in
            it.
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
        """Who can be drawn; tiers are its strata."""
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
        """By tier of the frame, how many are drawn."""
        return {tier: sum(numbers) for tier, numbers in self.numbers.items()}

    @property
    def exclusions(self) -> Exclusions:
        """Who cannot be drawn, with reasons."""
        return self.frame_plan.exclusions

    @property
    def draw_plan(self) -> FramePlan:
        """
        What is announced: everybody of the entry who is registered, and quotas.

        Who was drawn before in the year is left out for that reason.
        """
        before = ExclusionReason.DRAWN_BEFORE
        return attrs.evolve(
            self.frame_plan,
            frame=self.frame,
            quotas=self.quotas,
            exclusions=self.exclusions.adding(self.drawn_before, before),
        )

    def selected(self, record: DrawRecord, /) -> dict[str, tuple[str, ...]]:
        """Who is inspected, by tier, in draw order; by id where nobody is drawn."""
        self._verify(record)
        return self._selected(record)

    def _verify(self, record: DrawRecord) -> None:
        """Reject the record of another round."""
        _check_draws({self.entry.id: self}, record, [self.entry.id] * self.is_drawn)

    def _selected(self, record: DrawRecord) -> dict[str, tuple[str, ...]]:
        """The same by a record that is known to be right."""
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
        Give everybody who is inspected a batch, in the order of the draw.

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
        Which departments take part at subjects: all, or those of the territory.

        Raises:
            InvalidInput: Ids are none of the subjects of the entry.
        """
        ids = listed(subjects, str, name="subjects")
        faults = Faults()
        for row, subject_id in enumerate(ids):
            if not isinstance(subject_id, str) or subject_id not in self._subjects:
                faults.add(
                    "subject-unknown",
                    row=row,
                    column="subjects",
                    got=subject_id,
                    entry=self.entry.id,
                )
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
        """Every subject of the entry in the register, drawn before or not."""
        return frozenset((*self.frame_plan.frame.ids, *self.exclusions.ids))

    def checks_at(
        self, subjects: Collection[str], /
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """
        Which item which department checks at subjects, as pairs of both.

        Each department that takes part checks each item of the entry, or
        those that are its own; where the list has one name for several
        objects, once.

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

    What asks for the record of its draws rejects one of other frames or quotas
    by `InvalidInput`.

    Attributes:
        window: The days in which their batches begin.
        on: The day for which registers, rests and amendments were read.
        parts: What each entry draws, by its id; entries of which no batch
            begins in the window are not in it.
        without_subjects: Entries of the window for which nobody is drawn from
            a register: checks in approval, case leads.
    """

    window: Window
    on: dt.date
    parts: Mapping[Id, EntryRound]
    without_subjects: tuple[PlanEntry, ...]

    def __repr__(self) -> str:
        """Numbers of the entries, not the thousands who can be drawn."""
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
        The first working days of the window, in which its draws are made.

        Args:
            calendar: Working days.
            workdays: [int >= 1] How many; five by the city's rule of 2025.

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

        Arguments and errors are those of `announce`; it is one announcement,
        and so one key, for all draws, of which there must be one.
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
        Say of one subject why it was drawn, or why not (抽取说明).

        Args:
            subject_id: The subject, registered or not.
            record: The record of the round's draws, once they are made.

        Returns:
            For each draw of the round stratum or reasons, chance, ticket, cut and
            result; it prints as a table in Chinese.
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
        The checks at all drawn subjects, ready for `merge_checks`.

        Each department of an entry checks each of its items, or those that
        are its own; the lead initiates; a department that is not organised by
        district checks in its territory alone. Where two entries ask for the
        same check, it is made once.

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
        """The visits at all drawn subjects: one visit for many checks."""
        return merge_checks(self.checks(record))

    @cites(article(15))
    def ledger(
        self, record: DrawRecord, /, *, drawn_on: dt.date, prefix: str = "T"
    ) -> Ledger:
        """
        The rows of the ledger for everything that the round drew (检查台账).

        A visit is one task, a check without a visit another; a check that two
        entries ask for has a row for each of them.

        Args:
            record: The record of the round's draws.
            drawn_on: Day of the draw.
            prefix: What the ids of the tasks begin with, behind which they
                are counted; of one round, so that no two rounds share them.

        Raises:
            InvalidInput: A batch was over before it was drawn.
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
    """Reject draws that are not those of the round."""
    check_type(record, DrawRecord, name="record", instead="conduct(…)")
    faults = Faults()
    for name in names:
        part = parts.get(name)
        if part is None or not record.is_of(name, part.draw_plan):
            faults.add("round-record", column=name)
    faults.raise_any("record")


def _once(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Each check once; that of a lead that initiates, if there is one."""
    found: dict[tuple[Any, ...], Check] = {}
    for check in checks:
        place = _place(check)
        if check.initiates or place not in found:
            found[place] = check
    return tuple(found.values())


def _place(check: Check) -> tuple[Any, ...]:
    """What makes two checks one."""
    return (
        check.subject_id,
        check.item,
        check.department,
        check.window.first,
        check.window.last,
        check.method,
    )


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

    A batch belongs to the round in which it begins.  The year's number of an
    entry is what its ratio says of the registered subjects (`Base.REGISTERED`);
    after a batch the part of the year up to it is reached, those who were
    drawn before counted, and who was drawn before leaves the base.  So the
    batches of a year add up to the year's number, also when the register or
    the ratio changes in between.

    Where a policy of tiers is given for an entry, its ratios, rests and caps
    apply to each tier; but an entry whose own ratio counts subjects (60-70家,
    1:5) keeps that total, which is divided among the tiers in proportion to
    their registered subjects.  An entry at 100 % is drawn once, with its first
    batch, and the order of the draw is the order of its batches; later rounds
    draw those who have joined the register since, if there are any.

    An amendment may raise a ratio when the last batch of the entry has begun,
    so that no draw is to come.  Then every later round draws what is missing
    for the year, as long as a batch runs, into the one that ends last; once
    all are over, `EntryRound.shortfalls` says what is missing.  Whoever does
    not want to wait prepares the window of that batch once more, with the
    ledger: the answer is the same.

    Args:
        plan: One plan, or all plans whose entries are drawn together.
        registers: The register, or one for each lead department, as it stands
            on the day.
        on: The day for which rests and amendments are read; the draws come
            after it.
        quarter: [1..4] The quarter of the plan's year; or else
        window: The days in which the batches begin.
        tiers: [id of an entry -> policy] Differentiated supervision; entries
            without a policy have one tier, 全部.
        ledger: What was drawn before, without draws that this one supersedes;
            needed by entries whose first batch has been drawn.
        inspectors: Needed by ratios that are counted by officers (1:5), of
            whom the lead must have some.
        whitelist: Ids that are left in peace.

    Returns:
        Frames, quotas, exclusions, ready to be announced.

    Raises:
        InvalidValueError: Not exactly one of *quarter* and *window* is given,
            or the plans are of several years.
        InvalidInput: Two entries of the plans have one id, a policy is of no
            entry, a register, the ledger or the officers of a ratio are
            missing, a batch lies outside the year, or an entry cannot be
            parted into tiers: all faults at once, with the entry.

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
    years = sorted({one.year for one in plans})
    if len(years) == 1 and window is None and quarter is not None:
        return quarter_window(years[0], quarter)
    if len(years) != 1 or window is None or quarter is not None:
        raise invalid("round-window", years=years, quarter=quarter, window=str(window))
    check_type(window, Window, name="window")
    return window


def _entries(
    plans: tuple[Plan, ...], day: dt.date, tiers: Mapping[str, TierPolicy]
) -> dict[str, PlanEntry]:
    """The entries of all plans on a day, by id."""
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
    """Makes the part of each entry out of what all of them share."""

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
        """Whether an entry has draws, and all of them began before the window."""
        begun = [b.first < self.window.first for b in entry.batches]
        return entry.mode is not Mode.INSPECTORS_ONLY and begun != [] and all(begun)

    def part(
        self, entry: PlanEntry, batches: tuple[Batch, ...], tiers: TierPolicy | None
    ) -> EntryRound:
        """What an entry draws."""
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
            there = [0] * len(names)  # nobody can be inspected in it any more
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
        """Reject batches outside the year: who was drawn in it could not be told."""
        for batch in entry.batches:
            if {batch.first.year, batch.last.year} != {self.year}:
                raise invalid(
                    "window-outside-year",
                    year=self.year,
                    first=batch.first,
                    last=batch.last,
                )

    def _register(self, entry: PlanEntry) -> SubjectRegister:
        if isinstance(self.registers, SubjectRegister):
            return self.registers
        register = self.registers.get(entry.lead)
        if register is None:
            raise invalid("register-missing", department=entry.lead)
        return register

    def _before(self, entry: PlanEntry, *, is_first: bool) -> dict[str, str | None]:
        """
        Who was drawn by an entry before in this year, with the tier.

        The tier is None for substitutes: they leave the base, and do not
        count, since those whom they replace do.
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
    """Reject subjects that nobody would check: drawn, they would be lost."""
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
    """How many were drawn before, by the tier in which they are now, or were."""
    place = {rule.name: k for k, rule in enumerate(policy.rules)}
    tiers = {i: place.get(tier, -1) for i, tier in before.items() if tier is not None}
    if tiers:
        codes = policy.classify(register)
        for row, subject_id in enumerate(register.ids):
            if subject_id in tiers and codes[row] >= 0:
                tiers[subject_id] = int(codes[row])
    numbers = [0] * len(policy.rules)
    for code in tiers.values():
        if code >= 0:  # a tier of another policy, of somebody who is gone
            numbers[code] += 1
    return numbers


def _divided(
    total: int, registered: list[int], done: list[int], there: list[int]
) -> list[int]:
    """A total divided among tiers, in each no more than there can be."""
    most = [min(n, d + t) for n, d, t in zip(registered, done, there, strict=True)]
    within = min(total, sum(most))
    year = allocate(within, registered, at_most=most).tolist()
    lacking = [n - m for n, m in zip(registered, most, strict=True)]
    missing = allocate(total - within, lacking).tolist()
    return [y + m for y, m in zip(year, missing, strict=True)]


def _numbers(
    year: int, reached: list[Fraction], drawn: int, there: int
) -> tuple[tuple[int, ...], int]:
    """How many each batch draws, and how many are missing for the last."""
    numbers = []
    for part in reached:
        number = min(max(0, share_up(part, year) - drawn), there)
        numbers.append(number)
        drawn += number
        there -= number
    return tuple(numbers), max(0, share_up(reached[-1], year) - drawn)
