"""
What is simulated: programmes of draws, movement between classes, turnover.

Everything that is law keeps its lawful value: a `TierPolicy` with its exact
ratios, rests and caps.  Chances of moving or closing are estimates of how the
world goes, so they may be floats.
"""

import contextlib
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, Self

import attrs

from dsgk.errors import DsgkError, Faults, FrozenDict, invalid
from dsgk.fields import (
    Kind,
    Label,
    Natural,
    Stored,
    check_mapping,
    check_type,
    declared,
    several,
    value,
)
from dsgk.simulate.arguments import Chance, Share, check_chance
from dsgk.sources import article, cites
from dsgk.subjects import Accepted, Selection, Status, Value, select
from dsgk.tiers import Base, Measure, Ratio, TierPolicy


__all__ = ["Movement", "Programme", "Scenario", "Turnover", "ratio_grid"]

_TIMES = (1, 2, 3, 4, 6, 12)
_MOVES = "{'C': {'B': 0.1, 'D': 0.05}}"
_ROUNDING = 1e-9  # by which floats that add up to 1 may miss it


def _within(
    given: Mapping[str, Collection[Value | Status | None]] | None,
) -> Selection:
    return FrozenDict(select({} if given is None else given, name="within"))


@cites(article(13), article(15))
@value("dsgk-programme/1")
@attrs.frozen(field_transformer=declared)
class Programme(Stored):
    """
    What one department draws, year after year.

    Attributes:
        name: Name of the department or of the entry of its plan.
        policy: Tiers with their ratios, rests and yearly caps.
        times: [1, 2, 3, 4, 6 or 12] Draws in a year, at equal distances of
            months. Together they make the year's ratio, and none draws a
            subject that an earlier one of the year has drawn.
        base: What the ratios are shares of.
        within: Accepted values by field, for a department whose list is a
            part of the register; the whole register without it.
        officers: Officers, needed where a ratio is counted by them.

    Raises:
        InvalidValueError: *times* divides no year, or *officers* are needed.

    Examples:
        >>> from dsgk.tiers import TierRule
        >>> policy = TierPolicy([TierRule("全部", ratio=Ratio.exactly("3%"))])
        >>> Programme("消防", policy, times=4).times
        4
    """

    name: Label
    policy: TierPolicy
    times: Natural = attrs.field(default=1, kw_only=True)
    base: Base = attrs.field(default=Base.ELIGIBLE, kw_only=True)
    within: Accepted = attrs.field(default=None, kw_only=True, converter=_within)
    officers: Natural | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check what can be drawn by."""
        faults = Faults()
        if self.times not in _TIMES:
            faults.add("programme-times", column="times", got=self.times, known=_TIMES)
        by_officers = [
            rule.name
            for rule in self.policy.rules
            if rule.ratio.measure is Measure.PER_OFFICER
        ]
        if by_officers and self.officers is None:
            faults.add(
                "programme-officers",
                column="officers",
                tiers=by_officers,
                programme=self.name,
            )
        faults.raise_any()


def _moves(
    given: Mapping[Value | None, Mapping[Value | None, Chance]] | list[Any],
) -> Mapping[Value | None, Mapping[Value | None, float]]:
    if isinstance(given, list):  # of a document
        with contextlib.suppress(TypeError, ValueError):
            given = {one: dict(row) for one, row in given}
    given = check_mapping(given, name="moves", instead=_MOVES)
    for row in given.values():
        check_mapping(row, name="moves", instead=_MOVES)
    faults = Faults()
    moves: dict[Value | None, dict[Value | None, float]] = {}
    for one, row in given.items():
        moves[one] = {}
        for other, chance in row.items():
            try:
                moves[one][other] = float(check_chance(chance, f"{one} to {other}"))
            except DsgkError as error:
                faults += [error.fault.at(column=f"{one} to {other}")]
        total = sum(moves[one].values())
        wrong = abs(total - 1) > _ROUNDING if one in row else total > 1 + _ROUNDING
        if wrong and not faults:
            faults.add("moves-total", column=str(one), got=round(total, 12))
        moves[one].pop(one, None)
    faults.raise_any("movement")
    return FrozenDict((one, FrozenDict(row)) for one, row in moves.items())


class _Moves(Kind):
    """Chances by class and class, stored as pairs, since a class may be None."""

    def plain(self, held: Any, /) -> list[Any]:  # noqa: ANN401
        """Give pairs of a class and a list: pairs of another class and chance."""
        return [[one, [*map(list, row.items())]] for one, row in held.items()]

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the pairs."""
        return {"type": "array", "items": {"type": "array"}}


@value("dsgk-movement/1")
@attrs.frozen(field_transformer=declared)
class Movement(Stored):
    """
    How subjects move from class to class at the end of a year.

    Attributes:
        field: The field of the register that holds the class, such as
            ``"credit"``.
        moves: [class -> class -> 0 to 1] Chance to be in the other class the
            year after. What is not named stays; None stands for subjects
            whose class is not known.

    Raises:
        InvalidInput: A chance is out of range, or a class has more than 1 in
            all: all faults at once.

    Examples:
        >>> movement = Movement("credit", {"C": {"D": 0.2, "B": 0.1}, "D": {"C": 0.5}})
        >>> movement.stay("C"), movement.stay("A")
        (0.7, 1.0)
    """

    field: Label
    moves: Annotated[Mapping[Value | None, Mapping[Value | None, float]], _Moves()] = (
        attrs.field(converter=_moves)
    )

    def stay(self, label: Value | None, /) -> float:
        """Chance to be in the same class the year after."""
        return max(0.0, 1.0 - sum(self.moves.get(label, {}).values()))

    @property
    def classes(self) -> tuple[Value | None, ...]:
        """Classes that are named, each once, in the order in which they are."""
        named = [label for one, row in self.moves.items() for label in (one, *row)]
        return tuple(dict.fromkeys(named))


@value("dsgk-turnover/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Turnover(Stored):
    """
    Closures and new firms.

    Attributes:
        closing: [0 to 1] Share of the subjects that leave the register at the
            end of a year.
        opening: Subjects that join at the start of each year after
            the first. Each is like one of the subjects of the start, taken at
            random, and was never inspected.
    """

    closing: Share = 0
    opening: Natural = 0


def _programmes(given: Iterable[Programme] | Programme) -> tuple[Programme, ...]:
    alone = isinstance(given, Programme)
    return several([given] if alone else given, Programme, name="programmes")


@value("dsgk-scenario/1")
@attrs.frozen(field_transformer=declared)
class Scenario(Stored):
    """
    One way in which the years may go.

    Attributes:
        programmes: One or more, of different names.
        movement: How subjects move between classes; nobody does without it.
        turnover: Closures and new firms; none without it.
        coordinated: Whether draws of one day share their key, so that
            programmes draw the same subjects as far as they can.
        merged: Whether checks of one day at one subject are one visit.

    Raises:
        InvalidInput: There is no programme, or two have one name.

    Examples:
        >>> from dsgk.tiers import TierRule
        >>> policy = TierPolicy([TierRule("全部", ratio=Ratio.exactly("3%"))])
        >>> scenario = Scenario(Programme("消防", policy))
        >>> more = scenario.with_ratio("全部", Ratio.exactly("5%"))
        >>> more.programmes[0].policy.rules[0].ratio
        Ratio.exactly('5%')
    """

    programmes: tuple[Programme, ...] = attrs.field(converter=_programmes)
    movement: Movement | None = attrs.field(default=None, kw_only=True)
    turnover: Turnover | None = attrs.field(default=None, kw_only=True)
    coordinated: bool = attrs.field(default=True, kw_only=True)
    merged: bool = attrs.field(default=True, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Check that programmes can be told apart."""
        faults = Faults()
        names: dict[str, int] = {}
        for row, programme in enumerate(self.programmes):
            if names.setdefault(programme.name, row) != row:
                faults.add("programme-twice", row=row, got=programme.name)
        if not self.programmes:
            faults.add("programme-none", column="programmes")
        faults.raise_any("scenario")

    def with_ratio(
        self, tier: str, ratio: Ratio, /, *, programme: str | None = None
    ) -> Self:
        """
        Return the same with another ratio for one tier.

        Args:
            tier: Name of the tier.
            ratio: Its ratio.
            programme: In which programme; in all that have the tier, without
                it.

        Raises:
            InvalidValueError: No programme, or not the one that is named, has
                the tier.
        """
        changed = [
            attrs.evolve(
                one,
                policy=TierPolicy(
                    attrs.evolve(rule, ratio=ratio) if rule.name == tier else rule
                    for rule in one.policy.rules
                ),
            )
            if programme in (None, one.name)
            and any(rule.name == tier for rule in one.policy.rules)
            else one
            for one in self.programmes
        ]
        if all(map(lambda a, b: a is b, changed, self.programmes)):
            there = [r.name for one in self.programmes for r in one.policy.rules]
            raise invalid(
                "tier-unknown",
                name="tier",
                got=tier,
                programme=programme,
                known=[*dict.fromkeys(there)],
            )
        return attrs.evolve(self, programmes=changed)


def ratio_grid(
    scenario: Scenario,
    tier: str,
    ratios: Iterable[Ratio],
    /,
    *,
    programme: str | None = None,
) -> dict[str, Scenario]:
    """
    Make one scenario for each of several ratios of one tier.

    Args:
        scenario: What all of them have in common.
        tier: Name of the tier.
        ratios: Ratios to try.
        programme: In which programme; in all that have the tier, without it.

    Returns:
        By the text of the ratio, in the order given; for `what_if`.

    Raises:
        InvalidValueError: As `Scenario.with_ratio`.
    """
    check_type(scenario, Scenario, name="scenario")
    return {
        str(ratio): scenario.with_ratio(tier, ratio, programme=programme)
        for ratio in several(ratios, Ratio, name="ratios")
    }
