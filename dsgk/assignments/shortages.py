"""Why no legal staffing exists, in numbers and in words."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments.bench import Bar, Bench
from dsgk.assignments.tasks import PastVisit, Seat, kind_of
from dsgk.errors import DsgkError
from dsgk.inspectors.people import Recusal
from dsgk.kernels.flows import Shortfall, Staffing
from dsgk.sources import article, cites


__all__ = ["Shortage", "UnstaffableError", "explain"]

_SHOWN = 5
_SHORTAGES_SHOWN = 20


@attrs.frozen(kw_only=True)
class Shortage:
    """
    Seats that compete for too few inspectors (人员缺口).

    Without any one of its seats one less would be missing, so none of them
    could be left out of the explanation; and what is missing here is missing
    whatever is done elsewhere.

    Attributes:
        wanted: The seats, as pairs of the id of a task and a seat of it, by
            task; of a batch, its first task.
        inspectors: Ids of all to whom one of the seats is open; where preset
            teams are drawn, ids of the teams that fit one of the tasks.
        capacity: [int >= 0] How many of them these inspectors can take: each
            as many as their own capacity, and one in each task.
        recusals: Recusals without which one more place could be filled. Each
            pair of task and inspector counts by itself, with everything that
            stands against it in *recusals*, *past_visits* and *home_areas*.
        past_visits: Visits without which, since the same officer does not go
            again, one more place could be filled; likewise.
        home_areas: Pairs of inspector and area, without whose ties one more
            place could be filled; likewise.
        of_teams: Whether preset teams are drawn, one for each task.

    Examples:
        >>> print(Shortage(
        ...     wanted=(("T1", Seat(department="消防")),),
        ...     inspectors=("XF1",),
        ...     capacity=1,
        ... ))
        2 seats for '消防' in 1 task ('T1') are open to 1 inspector ('XF1'), who can take 1 of them: 1 is missing.
    """  # noqa: E501

    wanted: tuple[tuple[str, Seat], ...]
    inspectors: tuple[str, ...]
    capacity: int
    recusals: tuple[Recusal, ...] = ()
    past_visits: tuple[PastVisit, ...] = ()
    home_areas: tuple[tuple[str, str], ...] = ()
    of_teams: bool = False

    @property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the tasks, in order."""
        return tuple(dict.fromkeys(task_id for task_id, _ in self.wanted))

    @property
    def departments(self) -> tuple[str, ...]:
        """Departments for whose people the seats are."""
        return tuple(sorted({d for _, seat in self.wanted for d in seat.departments}))

    @property
    def skills(self) -> tuple[str, ...]:
        """Skills that one of the seats asks for."""
        return tuple(sorted({s for _, seat in self.wanted for s in seat.skills}))

    @property
    def seats(self) -> int:
        """How many places there are: the counts of the seats, or the tasks."""
        if self.of_teams:
            return len(self.tasks)
        return sum(seat.count for _, seat in self.wanted)

    @property
    def missing(self) -> int:
        """How many of the places nobody can take: *seats* less *capacity*."""
        return self.seats - self.capacity

    @property
    def params(self) -> dict[str, Any]:
        """Everything as plain values, for a host that writes its own sentence."""
        return {
            "tasks": self.tasks,
            "departments": self.departments,
            "skills": self.skills,
            "inspectors": self.inspectors,
            "seats": self.seats,
            "capacity": self.capacity,
            "missing": self.missing,
            "recusals": [(r.inspector_id, r.subject_id) for r in self.recusals],
            "past_visits": [
                (v.inspector_id, v.subject_id, v.on.isoformat())
                for v in self.past_visits
            ],
            "home_areas": list(self.home_areas),
            "of_teams": self.of_teams,
        }

    def __str__(self) -> str:
        """One or two sentences for those who have to solve it."""
        seats, missing = self.seats, self.missing
        plural = seats > 1
        who, what = "inspector", "seat"
        if self.of_teams:
            who = what = "team"
        skilled = f" with {_some(self.skills)}" if self.skills else ""
        if self.inspectors:
            together = "together " if len(self.inspectors) > 1 else ""
            open_to = (
                f"open to {_counted(self.inspectors, who)}, who "
                f"{together}can take {self.capacity or 'none'} of them"
            )
        else:
            open_to = "open to nobody"
        text = (
            f"{seats} {what}{'s' if plural else ''} for "
            f"{_some(self.departments)}{skilled} in {_counted(self.tasks, 'task')} "
            f"{'are' if plural else 'is'} {open_to}: {missing} "
            f"{'are' if missing > 1 else 'is'} missing."
        )
        if bars := self._bars():
            shown = " or if ".join(bars[:_SHOWN])
            more = f", or by {len(bars) - _SHOWN} more" if len(bars) > _SHOWN else ""
            text += f" One more could be filled if {shown}{more}."
        return text

    def _bars(self) -> list[str]:
        """Who would have to be let go where, and why they are not."""
        reasons: dict[tuple[str, str], list[str]] = {}
        for r in self.recusals:
            reasons.setdefault((r.subject_id, r.inspector_id), []).append(
                f"recused for {r.reason.value}, {r.origin.value}"
            )
        for v in self.past_visits:
            reasons.setdefault((v.subject_id, v.inspector_id), []).append(
                f"was there last time, on {v.on}"
            )
        for inspector_id, area in self.home_areas:
            reasons.setdefault((area, inspector_id), []).append("has ties with it")
        return [
            f"{inspector_id!r} went to {subject_id!r} ({'; '.join(why)})"
            for (subject_id, inspector_id), why in sorted(reasons.items())
        ]


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(map(repr, names[:_SHOWN]))
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _counted(names: tuple[str, ...], noun: str) -> str:
    plural = "s" if len(names) > 1 else ""
    return f"{len(names)} {noun}{plural} ({_some(names)})"


class UnstaffableError(DsgkError, ValueError):
    """
    No legal staffing exists.

    Attributes:
        shortages: Independent of each other: they have no seat and no scarce
            inspector in common, and what is missing in them adds up to what
            is missing at least in all.
    """

    code = "unstaffable"

    def __init__(
        self,
        message: str = "",
        *,
        shortages: Iterable[Shortage] = (),
        code: str | None = None,
        params: Mapping[str, object] | None = None,
        provision: str | None = None,
    ) -> None:
        super().__init__(message, code=code, params=params, provision=provision)
        self.shortages = tuple(shortages)

    @classmethod
    def of(cls, shortages: Iterable[Shortage]) -> "UnstaffableError":
        """Say all *shortages* in one error."""
        shortages = tuple(shortages)
        missing = sum(shortage.missing for shortage in shortages)
        seats = "seats" if missing > 1 else "seat"
        lines = [
            f"no legal staffing exists: at least {missing} {seats} would stay empty",
            *(f"  {shortage}" for shortage in shortages[:_SHORTAGES_SHOWN]),
        ]
        if len(shortages) > _SHORTAGES_SHOWN:
            more = len(shortages) - _SHORTAGES_SHOWN
            lines.append(f"  … and {more} more, see `.shortages` of this error")
        lines.append(
            "Raise capacities or add inspectors; where numbers do not suffice, "
            f"{article(4)} lets subjects alone be drawn."
        )
        return cls(
            "\n".join(lines),
            shortages=shortages,
            params={
                "missing": missing,
                "shortages": [shortage.params for shortage in shortages],
            },
        )


@cites(article(4))
def explain(bench: Bench, staffing: Staffing) -> UnstaffableError:
    """
    Return the error that explains why places of *staffing* stayed empty.

    Cites:
        District Opinion, Art. 4: where the number of inspectors does not
        allow both draws, subjects alone may be drawn.
    """
    row_of = np.repeat(np.arange(len(bench.unit)), bench.seats)
    decisive: dict[int, set[int]] = {}
    for place, one in staffing.decisive_bars(bench.at_home).tolist():
        decisive.setdefault(int(row_of[place]), set()).add(one)
    return UnstaffableError.of(
        _shortage(bench, row_of, shortfall, decisive)
        for shortfall in staffing.shortfalls()
    )


def _shortage(
    bench: Bench,
    row_of: npt.NDArray[np.intp],
    shortfall: Shortfall,
    decisive: Mapping[int, Collection[int]],
) -> Shortage:
    rows = np.unique(row_of[shortfall.seats]).tolist()
    wanted = []
    pairs = set()
    home_areas = set()
    for row in rows:
        unit, pool = int(bench.unit[row]), int(bench.pool[row])
        task = bench.units[unit][0]
        kinds = {kind for kind, _ in bench.requests[pool]}
        places = bench.patterns[task.id].places
        seats = [task.seats[n] for n in dict.fromkeys(places)]
        wanted += [(task.id, seat) for seat in seats if kind_of(seat) in kinds]
        for one in decisive.get(row, ()):
            pairs.add((unit, one))
            if task.area is not None and one in bench.at_home[pool]:
                home_areas |= {
                    (person.id, task.area)
                    for person in bench.people_of(one)
                    if task.area in person.home_areas
                }
    bars = [bench.bars.get(unit, {}).get(one, Bar()) for unit, one in sorted(pairs)]
    return Shortage(
        wanted=tuple(wanted),
        inspectors=tuple(bench.drawn[n].id for n in shortfall.officers.tolist()),
        capacity=len(shortfall.seats) - shortfall.missing,
        recusals=tuple(dict.fromkeys(r for bar in bars for r in bar.recusals)),
        past_visits=tuple(dict.fromkeys(v for bar in bars for v in bar.past_visits)),
        home_areas=tuple(sorted(home_areas)),
        of_teams=bench.of_teams,
    )
