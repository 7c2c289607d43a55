"""What a round draws: frames and numbers by entry, then checks and ledger rows."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from dsgk.calendars import WorkCalendar
from dsgk.draws import AnnouncedDraw, Announcement, DrawRecord, announce
from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.frames import Frame
from dsgk.items import Method
from dsgk.joint import Check, MergedChecks, Window, merge_checks
from dsgk.ledger import Ledger, LedgerRow
from dsgk.plans import Batch, PlanEntry
from dsgk.plans.arguments import several, whole, wrong_type
from dsgk.sources import article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Exclusions, FramePlan


__all__ = ["EntryRound", "Round"]

_METHODS = (Method.ON_SITE, Method.WRITTEN, Method.ONLINE)


@attrs.frozen(kw_only=True, eq=False)
class EntryRound:
    """
    What one entry draws in a round.

    Every subject of the entry in the register is in the frame, in the
    exclusions, or drawn before; and exactly once.

    Attributes:
        entry: The entry, after the amendments up to the day.
        batches: The batches that are drawn, in order; several where several
            begin in the round, or where one draw of all fixes their order.
        frame: Who can be drawn; tiers are its strata.
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
    """

    entry: PlanEntry
    batches: tuple[Batch, ...]
    frame: Frame
    numbers: dict[str, tuple[int, ...]]
    drawn_before: tuple[str, ...]
    shortfalls: dict[str, int]
    is_drawn: bool
    frame_plan: FramePlan = attrs.field(repr=False)
    _register: SubjectRegister = attrs.field(repr=False)

    @property
    def quotas(self) -> dict[str, int]:
        """By tier of the frame, how many are drawn."""
        return {tier: sum(numbers) for tier, numbers in self.numbers.items()}

    @property
    def exclusions(self) -> Exclusions:
        """Who cannot be drawn, with reasons."""
        return self.frame_plan.exclusions

    def selected(self, record: DrawRecord, /) -> dict[str, tuple[str, ...]]:
        """
        Who is inspected, by tier, in draw order; by id where nobody is drawn.

        Args:
            record: The record of the round's draws.

        Raises:
            InvalidTypeError: *record* is none.
            InvalidInput: It is of another frame or other quotas.
        """
        announced = _announced(record)
        if self.is_drawn:
            _check_draws({self.entry.id: self}, announced, [self.entry.id])
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

        Args:
            record: The record of the round's draws.

        Yields:
            Subject, tier, batch.

        Raises:
            InvalidTypeError, InvalidInput: As `selected`.
        """
        for tier, ids in self.selected(record).items():
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

        Args:
            subjects: Ids of the register.

        Raises:
            InvalidTypeError: *subjects* are not several ids.
            InvalidValueError: An id is none of the subjects of the entry.
        """
        entry = self.entry
        listed: tuple[Any, ...] = several(subjects, "subjects", "['S1']")
        for subject_id in listed:
            if not isinstance(subject_id, str) or subject_id not in self._register:
                msg = (
                    f"'subjects' must be of the register (got {shown(subject_id)} for "
                    f"{entry.id!r}). Take them from `selected`."
                )
                raise InvalidValueError(
                    msg, code="subject-unknown", params={"id": subject_id}
                )
        if not entry.territories:
            return dict.fromkeys(listed, entry.departments)
        rows = {name: k for k, name in enumerate(self._register.ids)}
        inside = {
            name: self._register.matches({"area": areas})
            for name, areas in entry.territories.items()
        }
        return {
            subject_id: tuple(
                name
                for name in entry.departments
                if name not in inside or inside[name][rows[subject_id]]
            )
            for subject_id in listed
        }

    def checks_at(
        self, subjects: Collection[str], /
    ) -> dict[str, tuple[tuple[str, str], ...]]:
        """
        Which item which department checks at subjects, as pairs of both.

        Each department that takes part checks each item of the entry, or
        those that are its own; where the list has one name for several
        objects, once.

        Args:
            subjects: Ids of the register.

        Raises:
            InvalidTypeError, InvalidValueError: As `departments_at`.
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
@attrs.frozen(kw_only=True, eq=False)
class Round:
    """
    All draws of a window, prepared together (统一抽取).

    Attributes:
        window: The days in which their batches begin.
        on: The day for which registers, rests and amendments were read.
        parts: What each entry draws, by its id; entries of which no batch
            begins in the window are not in it.
        without_subjects: Entries of the window for which nobody is drawn from
            a register: checks in approval, leads.

    Cites:
        District Opinion, Art. 3, 15, 17, 19 (多部门检查对象名单有重合的，实施联合检查)
        and 20.
    """

    window: Window
    on: dt.date
    parts: dict[str, EntryRound]
    without_subjects: tuple[PlanEntry, ...]

    @property
    def frames(self) -> dict[str, Frame]:
        """Frames of the draws, by entry, as `conduct` takes them."""
        return {name: p.frame for name, p in self.parts.items() if p.is_drawn}

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

        Raises:
            InvalidTypeError: An argument has the wrong type.
            InvalidValueError: *workdays* is below 1, or the calendar does not
                know the days.

        Examples:
            >>> spring = Window(dt.date(2026, 4, 1), dt.date(2026, 6, 30))
            >>> empty = Round(
            ...     window=spring, on=dt.date(2026, 3, 25),
            ...     parts={}, without_subjects=(),
            ... )
            >>> print(empty.draw_days(WorkCalendar.china()))
            2026-04-01 to 2026-04-08
        """
        if not isinstance(calendar, WorkCalendar):
            raise wrong_type(calendar, "calendar", "WorkCalendar.china()")
        number = whole(workdays, "workdays", "5")
        if number < 1:
            msg = f"'workdays' must be 1 or more (got {shown(number)}). Write 5."
            raise InvalidValueError(
                msg, code="round-workdays", params={"workdays": number}
            )
        first = calendar.roll(self.window.first)
        return Window(first, calendar.add_workdays(first, number - 1))

    @cites(article(3))
    def announce(
        self,
        *,
        title: str,
        issuer: str,
        announced_on: dt.date,
        entropy_source: str,
        supersedes: Announcement | Mapping[str, str] | None = None,
        reason: str | None = None,
    ) -> Announcement:
        """
        Announce all draws of the round together (发布抽取公告).

        Args:
            title: Title of the announcement.
            issuer: Who draws.
            announced_on: Day of publication.
            entropy_source: Which public, future fact completes the key.
            supersedes: For a redraw what it replaces, as for `announce`.
            reason: Why it is drawn again.

        Returns:
            One announcement, and so one key, for all draws.

        Raises:
            InvalidInput: As `announce`; also if the round draws nothing.

        Cites:
            District Opinion, Art. 3.
        """
        return announce(
            title=title,
            issuer=issuer,
            announced_on=announced_on,
            entropy_source=entropy_source,
            draws={name: (self.frames[name], q) for name, q in self.quotas.items()},
            supersedes=supersedes,
            reason=reason,
        )

    @cites(article(19), article(20))
    def checks(self, record: DrawRecord, /) -> tuple[Check, ...]:
        """
        The checks at all drawn subjects, ready for `merge_checks`.

        Each department of an entry checks each of its items, or those that
        are its own; the lead initiates; a department that is not organised by
        district checks in its territory alone. Where two entries ask for the
        same check, it is made once.

        Args:
            record: The record of the round's draws.

        Returns:
            By entry, tier, draw order, item and department.

        Raises:
            InvalidInput: The record is of other frames or quotas.

        Cites:
            District Opinion, Art. 19 and 20 (按照职责分工和监管地域).
        """
        checks: dict[tuple[Any, ...], Check] = {}
        for _, _, check in self._checks(record):
            place = _place(check)
            if check.initiates or place not in checks:
                checks[place] = check
        return tuple(checks.values())

    def _checks(self, record: DrawRecord) -> Iterator[tuple[str, str, Check]]:
        """Every check of every entry, with entry and tier."""
        self._verify(record)
        for name, part in self.parts.items():
            entry = part.entry
            method = next((m for m in _METHODS if m in entry.methods), Method.ON_SITE)
            rows = list(part.parted(record))
            checks = part.checks_at([row[0] for row in rows])
            for subject_id, tier, batch in rows:
                window = Window(batch.first, batch.last)
                for item, department in checks[subject_id]:
                    check = Check(
                        subject_id=subject_id,
                        item=item,
                        department=department,
                        window=window,
                        method=method,
                        initiates=department == entry.lead,
                    )
                    yield name, tier, check

    def _verify(self, record: DrawRecord) -> None:
        """Refuse the record of another round."""
        announced = _announced(record)
        drawn = {name: part for name, part in self.parts.items() if part.is_drawn}
        _check_draws(drawn, announced, sorted({*announced, *drawn}))

    @cites(article(19))
    def merge(self, record: DrawRecord, /) -> MergedChecks:
        """
        The visits at all drawn subjects: one visit for many checks.

        Args:
            record: The record of the round's draws.

        Raises:
            InvalidInput: The record is of other frames or quotas.

        Cites:
            District Opinion, Art. 19.
        """
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
            InvalidTypeError: *drawn_on* is no date, or *prefix* no text.
            InvalidInput: The record is of other frames or quotas, or a batch
                was over before it was drawn.

        Cites:
            District Opinion, Art. 15.
        """
        if not isinstance(prefix, str):
            raise wrong_type(prefix, "prefix", "'2026Q2-'")
        merged = self.merge(record)
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
            for entry, tier, check in self._checks(record)
        )


def _announced(record: object) -> dict[str, AnnouncedDraw]:
    """The announced draws of a record, by name."""
    if not isinstance(record, DrawRecord):
        msg = f"'record' must be a DrawRecord (got {shown(record)}). Write conduct(…)."
        raise InvalidTypeError(msg, code="round-record")
    return {draw.name: draw for draw in record.announcement.draws}


def _check_draws(
    parts: Mapping[str, EntryRound],
    announced: Mapping[str, AnnouncedDraw],
    names: Iterable[str],
) -> None:
    """Refuse draws that are not those of the round."""
    faults = []
    for name in names:
        part, draw = parts.get(name), announced.get(name)
        if (
            part is None
            or draw is None
            or draw.frame_digest != part.frame.digest
            or draw.quotas != part.quotas
        ):
            msg = (
                f"a record must be of the draws of the round (got another draw of "
                f"{name!r}, or none). Give the round that was announced."
            )
            faults.append(Fault.told("round-record", msg, column=name))
    if faults:
        what = "record"
        raise InvalidInput.of(what, faults)


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
