"""How frames and numbers of a round are made of plans and registers."""

import datetime as dt
import operator
import types
from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.fields import check_day, whole_number
from dsgk.frames import Frame
from dsgk.inspectors import InspectorRegister
from dsgk.joint import Window
from dsgk.kernels.allocation import allocate, share_up
from dsgk.ledger import Ledger, Origin
from dsgk.plans import Batch, Mode, ModeReason, Plan, PlanEntry
from dsgk.plans.arguments import check_year, several, wrong_type
from dsgk.plans.numbers import check_registers, lead_officers, officers_of
from dsgk.plans.times import month_end
from dsgk.rounds.values import EntryRound, Round
from dsgk.sources import article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Base, Measure, TierPolicy, TierRule


__all__ = ["prepare_round", "quarter_window"]

_ART_12 = str(article(12))
_ART_15 = str(article(15))
_ART_20 = str(article(20))
_ROUND = "round"
_WHOLE = "全部"
_NO_DRAW = frozenset({ModeReason.APPROVAL, ModeReason.CASE_LEAD})


def quarter_window(year: int, quarter: int, /) -> Window:
    """
    The days of a quarter.

    Args:
        year: [int] The year.
        quarter: [1..4] The quarter.

    Raises:
        InvalidTypeError: *year* is no whole number.
        InvalidValueError: There is no such quarter, or year.

    Examples:
        >>> print(quarter_window(2026, 2))
        2026-04-01 to 2026-06-30
    """
    number = whole_number(quarter)
    if number not in {1, 2, 3, 4}:
        msg = (
            f"'quarter' must be 1, 2, 3 or 4 (got {shown(quarter)}). Write 2 for April."
        )
        raise InvalidValueError(msg, code="round-quarter", params={"quarter": quarter})
    of_year = check_year(year)
    first = dt.date(of_year, 3 * number - 2, 1)
    return Window(first, month_end(of_year, 3 * number))


@cites(article(13), article(15), article(16), article(19), article(20))
def prepare_round(
    plan: Plan | Iterable[Plan],
    registers: SubjectRegister | Mapping[str, SubjectRegister],
    /,
    *,
    on: dt.date,
    quarter: int | None = None,
    window: Window | None = None,
    tiers: Mapping[str, TierPolicy] = types.MappingProxyType({}),
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
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: Not exactly one of *quarter* and *window* is given,
            or the plans are of several years.
        InvalidInput: Two entries of the plans have one id, a policy is of no
            entry, a register, the ledger or the officers of a ratio are
            missing, a batch lies outside the year, or an entry cannot be
            parted into tiers: all faults at once, with the entry.

    Cites:
        District Opinion, Art. 13, 15, 16, 19 and 20.

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
    plans = _plans(plan)
    _check_types(registers, tiers, ledger, inspectors)
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
        officers=None if inspectors is None else officers_of(inspectors),
        whitelist=several(whitelist, "whitelist", "{'S1'}"),
    )
    parts = {}
    without = []
    faults: list[Fault] = []
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
        except InvalidInput as error:
            faults += [
                attrs.evolve(f, column=f"{name}: {f.column}" if f.column else name)
                for f in error.faults
            ]
        except (InvalidValueError, InvalidTypeError) as error:
            faults.append(error.fault.at(column=name))
        else:
            settled = (
                not any(part.quotas.values())
                if is_late
                else entry.takes_all and part.drawn_before and not len(part.frame)
            )
            if not settled or part.shortfalls:
                parts[name] = part
    if faults:
        raise InvalidInput.of(_ROUND, faults)
    return Round(window=days, on=day, parts=parts, without_subjects=tuple(without))


def _plans(plan: Plan | Iterable[Plan]) -> tuple[Plan, ...]:
    given = (plan,) if isinstance(plan, Plan) else plan
    plans = several(given, "plan", "Plan(…)")
    for one in plans:
        if not isinstance(one, Plan):
            msg = f"'plan' must be a Plan or several (got {shown(one)}). Write Plan(…)."
            raise InvalidTypeError(msg, code="round-plan")
    return plans


def _check_types(
    registers: object, tiers: object, ledger: object, inspectors: object
) -> None:
    """Refuse what is none of the things that a round is made of."""
    check_registers(registers, inspectors, tiers, name="registers")
    if not isinstance(ledger, Ledger | None):
        raise wrong_type(ledger, "ledger", "Ledger.from_table(table)")


def _window(
    plans: tuple[Plan, ...], quarter: int | None, window: Window | None
) -> Window:
    years = sorted({one.year for one in plans})
    if len(years) != 1 or (quarter is None) is (window is None):
        msg = (
            "'prepare_round' must be given plans of one year, and a quarter or a "
            f"window (got years {years}, quarter {shown(quarter)}, window "
            f"{shown(window)}). Write quarter=2."
        )
        raise InvalidValueError(
            msg, code="round-window", params={"years": years, "quarter": quarter}
        )
    if quarter is not None:
        return quarter_window(years[0], quarter)
    if not isinstance(window, Window):
        msg = f"'window' must be a Window (got {shown(window)}). Write Window(…)."
        raise InvalidTypeError(msg, code="round-window")
    return window


def _entries(
    plans: tuple[Plan, ...], day: dt.date, tiers: Mapping[str, TierPolicy]
) -> dict[str, PlanEntry]:
    """The entries of all plans on a day, by id."""
    entries: dict[str, PlanEntry] = {}
    faults = []
    for one in plans:
        for entry in one.on(day).current:
            if entry.id in entries:
                msg = (
                    f"'id' must be unique among the plans (got {entry.id!r} in two). "
                    "Number the entries of all plans that are drawn together."
                )
                faults.append(Fault.told("entry-twice", msg, params={"id": entry.id}))
            entries[entry.id] = entry
    for name in sorted(tiers.keys() - entries.keys()):
        msg = f"'tiers' must be of entries of the plans (got {name!r}). Drop it."
        faults.append(Fault.told("plan-entry-unknown", msg, params={"id": name}))
    if faults:
        raise InvalidInput.of(_ROUND, faults)
    return entries


@attrs.frozen(kw_only=True, eq=False)
class _Maker:
    """Makes the part of each entry out of what all of them share."""

    registers: SubjectRegister | Mapping[str, SubjectRegister]
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
        frame, drawn_before = _without(planned.frame, before)
        _check_reached(entry, register, frame)
        names = [rule.name for rule in policy.rules]
        registered = [planned.registered.get(name, 0) for name in names]
        done = _by_tier(register, policy, before)
        sizes = frame.sizes
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
            frame=frame,
            numbers={name: numbers[name] for name in frame.names},
            drawn_before=drawn_before,
            shortfalls=shortfalls,
            is_drawn=is_drawn,
            frame_plan=planned,
            register=register,
        )

    def _check_year(self, entry: PlanEntry) -> None:
        """Refuse batches outside the year: who was drawn in it could not be told."""
        for batch in entry.batches:
            if {batch.first.year, batch.last.year} != {self.year}:
                msg = (
                    f"'batches' must be in {self.year} (got {batch}). End them with "
                    "the year, or put them into the plan of the other year."
                )
                raise InvalidValueError(
                    msg,
                    code="window-outside-year",
                    params={"id": entry.id, "first": batch.first, "last": batch.last},
                    provision=_ART_12,
                )

    def _register(self, entry: PlanEntry) -> SubjectRegister:
        if isinstance(self.registers, SubjectRegister):
            return self.registers
        try:
            return self.registers[entry.lead]
        except KeyError:
            msg = (
                f"'registers' must have one of {entry.lead!r} (got none). "
                "Give the register of its subjects."
            )
            raise InvalidValueError(
                msg, code="register-missing", params={"department": entry.lead}
            ) from None

    def _before(self, entry: PlanEntry, *, is_first: bool) -> dict[str, str | None]:
        """
        Who was drawn by an entry before in this year, with the tier.

        The tier is None for substitutes: they leave the base, and do not
        count, since those whom they replace do.
        """
        if self.ledger is None:
            if is_first:
                return {}
            msg = (
                f"'ledger' must be given for {entry.id!r}, whose first batch was drawn "
                "before (got None). Give the ledger of what was drawn."
            )
            raise InvalidValueError(
                msg, code="ledger-missing", params={"id": entry.id}, provision=_ART_15
            )
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


def _check_reached(entry: PlanEntry, register: SubjectRegister, frame: Frame) -> None:
    """Refuse subjects that nobody would check: drawn, they would be lost."""
    checking = {item.department for item in entry.items}
    if not checking <= entry.territories.keys() - {entry.lead}:
        return  # the lead checks too, or somebody does everywhere
    areas = {area for name in checking if name for area in entry.territories[name]}
    reached = set(register.where(area=areas).ids)
    number = sum(subject_id not in reached for subject_id in frame.ids)
    if number:
        msg = (
            f"'territories' must reach every subject of the frame (got {number} whom "
            f"nobody would check in {entry.id!r}). Name the areas in 'subjects', or "
            "an item of the lead."
        )
        raise InvalidValueError(
            msg,
            code="round-unreached",
            params={"id": entry.id, "subjects": number},
            provision=_ART_20,
        )


def _without(frame: Frame, ids: Collection[str]) -> tuple[Frame, tuple[str, ...]]:
    """The frame without those drawn before, and who of it was."""
    if not ids:
        return frame, ()
    gone = np.fromiter((i in ids for i in frame.ids), dtype=bool, count=len(frame))
    kept = np.flatnonzero(~gone)
    left = Frame.from_codes(
        [frame.ids[row] for row in kept.tolist()], frame.codes[kept], frame.names
    )
    return left, tuple(frame.ids[row] for row in np.flatnonzero(gone).tolist())


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
