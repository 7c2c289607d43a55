"""The annual plan: entries, who made it, and its amendments (年度抽查计划)."""

import datetime as dt
import types
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Self

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidValueError, shown
from dsgk.fields import check_day, read_day
from dsgk.identifiers import check_label
from dsgk.inspectors import InspectorRegister
from dsgk.ledger import Ledger
from dsgk.plans.amendments import Amendment, amended
from dsgk.plans.arguments import check_year, several, wrong_type
from dsgk.plans.documents import FORMAT, Reader, amendment_dict, entry_dict, iso
from dsgk.plans.entries import PlanEntry
from dsgk.plans.numbers import (
    UNPLANNABLE,
    check_registers,
    officers_of,
    planned_numbers,
)
from dsgk.plans.progress import Progress, progress_of
from dsgk.plans.rows import read_rows
from dsgk.sources import article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tables import Table
from dsgk.tiers import TierPolicy


__all__ = ["Conference", "Plan"]

_WHAT = "plan"
_ART_16 = str(article(16))


def _members(members: Iterable[str]) -> tuple[str, ...]:
    listed = several(members, "members", "('市场监管局', '公安局')")
    return tuple(sorted({check_label(name, name="members") for name in listed}))


@cites(article(8), article(9))
@attrs.frozen(kw_only=True)
class Conference:
    """
    The joint conference of departments that makes the joint plan (联席会议).

    Attributes:
        convener: The department that leads and convenes it; one of the
            members.
        members: All member departments, each once, by name.

    Raises:
        InvalidTypeError, InvalidValueError: A name is no valid label.
        InvalidValueError: The convener is no member.

    Cites:
        District Opinion, Art. 8 (建立联席会议制度) and 9 (区市场监管局…牵头组织区级联席
        会议).

    Examples:
        >>> Conference(convener="市场监管局", members={"公安局", "市场监管局"}).members
        ('公安局', '市场监管局')
    """

    convener: str
    members: tuple[str, ...] = attrs.field(converter=_members)

    def __attrs_post_init__(self) -> None:
        """Refuse a convener from outside."""
        check_label(self.convener, name="convener")
        if self.convener not in self.members:
            msg = (
                f"'convener' must be one of the members (got {self.convener!r}). "
                "Add it to the members."
            )
            raise InvalidValueError(
                msg,
                code="conference-convener",
                params={"convener": self.convener},
                provision=str(article(9)),
            )


def _entries(entries: Iterable[PlanEntry]) -> tuple[PlanEntry, ...]:
    listed = several(entries, "entries", "[PlanEntry(…), …]")
    for entry in listed:
        if not isinstance(entry, PlanEntry):
            raise wrong_type(entry, "entries", "[PlanEntry(…), …]")
    return listed


def _amendments(amendments: Iterable[Amendment]) -> tuple[Amendment, ...]:
    listed = several(amendments, "amendments", "[Amendment(…), …]")
    for amendment in listed:
        if not isinstance(amendment, Amendment):
            raise wrong_type(amendment, "amendments", "[Amendment(…), …]")
    return listed


@cites(article(7), article(11), article(12), article(14), article(16))
@attrs.frozen(kw_only=True)
class Plan:
    """
    The annual plan of a department, or of the district (年度抽查计划).

    A plan with a conference is the district's joint plan. Amendments never
    replace what was adopted: `entries` stays, `current` is what applies.

    Attributes:
        year: [int, 1..9999] The year that it is for.
        issuer: Who makes it: a department, or the district government or its
            joint conference.
        entries: As adopted, of different ids.
        conference: The joint conference of a joint plan; None for the plan of
            a department.
        adopted_on: Day on which it was adopted; None for a draft.
        amendments: In the order of their numbers, 1, 2, …

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: The year is out of range, or *issuer* no label.
        InvalidInput: Two entries have one id; amendments are not numbered in
            order, or go back in time or before the plan, or lower a figure:
            all faults at once.

    Cites:
        District Opinion, Art. 7, 11 (制定本部门年度抽查计划、本辖区年度抽查计划), 12,
        14 (区联席会议…制定本区部门联合“双随机、一公开”年度抽查计划) and 16.
    """

    year: int
    issuer: str
    entries: tuple[PlanEntry, ...] = attrs.field(converter=_entries)
    conference: Conference | None = None
    adopted_on: dt.date | None = None
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
        names: Mapping[str, str] = types.MappingProxyType({}),
        selections: Mapping[
            str, Mapping[str, Collection[Any]]
        ] = types.MappingProxyType({}),
        conference: Conference | None = None,
        adopted_on: dt.date | None = None,
    ) -> Self:
        """
        Read a plan from a table that can be read whole; else use `read_plan`.

        Args:
            table: Anything with ``table[name]``, as for `read_plan`.
            year: [int] The year.
            issuer: Who makes it; in the plan of a department also the lead of
                rows that name none.
            names: As for `read_plan`.
            selections: As for `read_plan`.
            conference: The joint conference of a joint plan.
            adopted_on: Day on which it was adopted.

        Raises:
            InvalidTypeError: *table* has no columns by name, or an argument
                has the wrong type.
            InvalidInput: Columns are missing or unequal, or rows cannot be
                read: all of them, with rows and reasons.

        Cites:
            District Opinion, Art. 11 and 12.
        """
        read = read_rows(
            table,
            year=year,
            names=names,
            lead=issuer if conference is None else None,
            selections=selections,
            what=_WHAT,
        )
        if read.faults:
            raise InvalidInput.of(_WHAT, read.faults)
        return cls(
            year=year,
            issuer=issuer,
            entries=read.entries,
            conference=conference,
            adopted_on=adopted_on,
        )

    def __attrs_post_init__(self) -> None:
        """Refuse what is no plan."""
        object.__setattr__(self, "year", check_year(self.year))
        check_label(self.issuer, name="issuer")
        if not isinstance(self.conference, Conference | None):
            instead = "Conference(convener=…, members=…)"
            raise wrong_type(self.conference, "conference", instead)
        if self.adopted_on is not None:
            day = check_day(self.adopted_on, name="adopted_on")
            object.__setattr__(self, "adopted_on", day)
        faults = [*self._repeats(), *self._order()]
        if faults:
            raise InvalidInput.of(_WHAT, faults)
        self.current  # noqa: B018  (refuses what an amendment may not do)

    def _repeats(self) -> list[Fault]:
        first: dict[str, int] = {}
        faults = []
        for row, entry in enumerate(self.entries):
            other = first.setdefault(entry.id, row)
            if other != row:
                msg = (
                    f"'id' must be unique in the plan (got {entry.id!r} here and in "
                    f"row {other}). Number the entries."
                )
                params = {"id": entry.id, "first": other}
                faults.append(Fault.told("entry-twice", msg, row=row, params=params))
        return faults

    def _order(self) -> list[Fault]:
        faults = []
        before = self.adopted_on
        for row, amendment in enumerate(self.amendments):
            early = before is not None and amendment.on < before
            if early or amendment.number != row + 1:
                msg = (
                    f"'amendments' must be numbered and dated in order (got number "
                    f"{shown(amendment.number)} of {amendment.on} after {before}). "
                    f"Write number {row + 1}, and the day on which it took effect."
                )
                faults.append(
                    Fault.told(
                        "amendment-order",
                        msg,
                        row=row,
                        column="amendments",
                        params={"number": amendment.number, "on": amendment.on},
                        provision=_ART_16,
                    )
                )
            before = amendment.on
        return faults

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
        """
        The plan as it applied on a day: without the amendments that came later.

        Raises:
            InvalidTypeError: *day* is no date.

        Cites:
            District Opinion, Art. 16.
        """
        last = check_day(day, name="day")
        return attrs.evolve(
            self, amendments=[a for a in self.amendments if a.on <= last]
        )

    @cites(article(16))
    def amend(self, amendment: Amendment, /) -> Self:
        """
        The plan with one more amendment; what was adopted stays (动态调整).

        Args:
            amendment: Numbered one higher than the last.

        Raises:
            InvalidTypeError: *amendment* is none.
            InvalidInput: It is not numbered or dated in order, names an entry
                that the plan lacks, raises nothing or lowers a figure, or
                puts batches off.

        Cites:
            District Opinion, Art. 16 (适当提高抽查比例和频次).
        """
        return attrs.evolve(self, amendments=(*self.amendments, amendment))

    def entry(self, id: str, /) -> PlanEntry:  # noqa: A002  (the field of an entry)
        """
        The entry of an id, after all amendments.

        Raises:
            InvalidValueError: The plan has no such entry.
        """
        given: object = id
        for entry in self.current:
            if isinstance(given, str) and entry.id == given:
                return entry
        msg = (
            f"'id' must be of an entry of the plan (got {shown(id)}). There are "
            f"{', '.join(repr(entry.id) for entry in self.entries)}."
        )
        raise InvalidValueError(msg, code="plan-entry-unknown", params={"id": id})

    @cites(article(15))
    def progress(
        self,
        ledger: Ledger,
        /,
        *,
        on: dt.date,
        subjects: SubjectRegister | Mapping[str, SubjectRegister] | None = None,
        inspectors: InspectorRegister | None = None,
        tiers: Mapping[str, TierPolicy] = types.MappingProxyType({}),
    ) -> Progress:
        """
        How far the plan has come on a day: done, due, late (计划执行进度).

        Counted are subjects, each once in every figure, from the random
        checks of the ledger that are due in the plan's year; leads and
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
            InvalidTypeError: An argument has the wrong type.
            InvalidValueError: The register lacks a field of an entry, or of
                its tiers.

        Cites:
            District Opinion, Art. 15.
        """
        if not isinstance(ledger, Ledger):
            raise wrong_type(ledger, "ledger", "Ledger.from_table(table)")
        check_registers({} if subjects is None else subjects, inspectors, tiers)
        officers = None if inspectors is None else officers_of(inspectors)

        def number(entry: PlanEntry) -> int | None:
            policy = tiers.get(entry.id)
            try:
                return planned_numbers(entry, subjects, officers, policy).quota
            except InvalidValueError as error:
                if error.code not in UNPLANNABLE:
                    raise
                return None

        return progress_of(
            self.on(on).current, ledger, year=self.year, on=on, number=number
        )

    # -- documents -------------------------------------------------------

    @cites(article(12))
    def to_dict(self) -> dict[str, Any]:
        """
        Give the plan as plain JSON values, to store and to publish.

        Cites:
            District Opinion, Art. 12 (年度抽查计划向社会公开).
        """
        return {
            "format": FORMAT,
            "year": self.year,
            "issuer": self.issuer,
            "conference": self.conference
            and {
                "convener": self.conference.convener,
                "members": list(self.conference.members),
            },
            "adopted_on": iso(self.adopted_on),
            "entries": [entry_dict(entry) for entry in self.entries],
            "amendments": [amendment_dict(one) for one in self.amendments],
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidInput: Another format, unknown or missing keys, values that
                no plan can have: all at once, with their paths.
        """
        reader = Reader(_WHAT)
        keys = reader.mapping(document, "", _KEYS)
        reader.finish()
        got = document["format"]
        if keys is None or not isinstance(got, str) or got != FORMAT:
            msg = f"must be {FORMAT!r} (got {shown(got)})."
            reader.keep(msg, code="format-unknown", path="format", got=got)
            reader.finish()
        entries = [
            reader.entry(cell, place)
            for cell, place in reader.each(document["entries"], "entries")
        ]
        amendments = [
            reader.amendment(cell, place)
            for cell, place in reader.each(document["amendments"], "amendments")
        ]
        conference = None
        if document["conference"] is not None:
            named = reader.mapping(document["conference"], "conference", _CONFERENCE)
            if named is not None:
                conference = reader.made("conference", _conference, named)
        adopted_on = reader.optional("adopted_on", _day, document["adopted_on"])
        reader.finish()
        return cls(
            year=document["year"],
            issuer=document["issuer"],
            entries=[entry for entry in entries if entry is not None],
            conference=conference,
            adopted_on=adopted_on,
            amendments=[one for one in amendments if one is not None],
        )


def _day(cell: object) -> dt.date:
    return read_day(cell, name="adopted_on")


def _conference(named: Mapping[str, Any]) -> Conference:
    return Conference(**named)


_CONFERENCE = ("convener", "members")
_KEYS = (
    "format",
    "year",
    "issuer",
    "conference",
    "adopted_on",
    "entries",
    "amendments",
)
