"""
What is simulated: programmes of draws, movement between classes, turnover.

Everything that is law keeps its lawful value: a `TierPolicy` with its exact
ratios, rests and caps.  Chances of moving or closing are estimates of how the
world goes, so they may be floats.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Self

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.fields import check_type, several
from dsgk.identifiers import check_label
from dsgk.simulate.arguments import (
    Chance,
    check_chance,
    check_count,
    check_flag,
)
from dsgk.sources import article, cites
from dsgk.subjects.values import Status, Value, select
from dsgk.tiers import Base, Ratio, TierPolicy
from dsgk.tiers.ratios import Measure


__all__ = ["Movement", "Programme", "Scenario", "Turnover", "ratio_grid"]

_TIMES = (1, 2, 3, 4, 6, 12)
_ROUNDING = 1e-9  # by which floats that add up to 1 may miss it


def _within(
    given: Mapping[str, Collection[Value | Status | None]] | None,
) -> dict[str, frozenset[Value | Status | None]]:
    return select({} if given is None else given, name="within")


@cites(article(13), article(15))
@attrs.frozen
class Programme:
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
        officers: [int >= 0, or None] Officers, needed where a ratio is
            counted by them.

    Raises:
        InvalidTypeError, InvalidValueError: A value has another type or is
            out of range, or *officers* are needed.
        InvalidInput: *within* names an empty set, a single value, or no field.

    Cites:
        District Opinion, Art. 13 (合理确定抽查比例和频次) and 15.

    Examples:
        >>> from dsgk.tiers import TierRule
        >>> policy = TierPolicy([TierRule("全部", ratio=Ratio.exactly("3%"))])
        >>> Programme("消防", policy, times=4).times
        4
    """

    name: str
    policy: TierPolicy
    times: int = attrs.field(default=1, kw_only=True)
    base: Base = attrs.field(default=Base.ELIGIBLE, kw_only=True)
    within: dict[str, frozenset[Value | Status | None]] = attrs.field(
        default=None, kw_only=True, converter=_within, hash=False
    )
    officers: int | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be drawn by."""
        check_label(self.name, name="programme")
        if not isinstance(self.policy, TierPolicy):
            msg = (
                f"'policy' must be a TierPolicy (got {self.policy!r}). "
                "Write TierPolicy([TierRule(…), …])."
            )
            raise InvalidTypeError(msg, code="programme-policy")
        if not isinstance(self.base, Base):
            msg = f"'base' must be a Base (got {self.base!r}). Write Base.ELIGIBLE."
            raise InvalidTypeError(msg, code="tier-base")
        if check_count(self.times, "times", least=1) not in _TIMES:
            msg = (
                f"'times' must divide the months of a year (got {self.times}). "
                f"Write one of {', '.join(map(str, _TIMES))}."
            )
            raise InvalidValueError(
                msg, code="programme-times", params={"times": self.times}
            )
        by_officers = [
            rule.name
            for rule in self.policy.rules
            if rule.ratio.measure is Measure.PER_OFFICER
        ]
        if self.officers is not None:
            check_count(self.officers, "officers", least=0)
        elif by_officers:
            msg = (
                f"'officers' must be given for the ratio of {by_officers[0]!r}, which "
                f"is counted by them (got None). Write Programme({self.name!r}, "
                "policy, officers=8)."
            )
            raise InvalidValueError(
                msg, code="programme-officers", params={"tiers": by_officers}
            )


def _moves(
    given: Mapping[Value | None, Mapping[Value | None, Chance]],
) -> dict[Value | None, dict[Value | None, float]]:
    untrusted: object = given
    if not isinstance(untrusted, Mapping) or not all(
        isinstance(row, Mapping) for row in untrusted.values()
    ):
        msg = (
            f"'moves' must map each class to chances (got {given!r}). "
            "Write {'C': {'B': 0.1, 'D': 0.05}}."
        )
        raise InvalidTypeError(msg, code="moves-type")
    faults = []
    moves: dict[Value | None, dict[Value | None, float]] = {}
    for one, row in given.items():
        moves[one] = {}
        for other, chance in row.items():
            try:
                moves[one][other] = float(check_chance(chance, f"{one} to {other}"))
            except (InvalidTypeError, InvalidValueError) as error:
                faults.append(error.fault.at(column=str(one)))
        total = sum(moves[one].values())
        wrong = abs(total - 1) > _ROUNDING if one in row else total > 1 + _ROUNDING
        if wrong and not faults:
            msg = (
                "chances must add up to 1 if staying is among them, and to 1 at most "
                f"if it is not (got {total:g} from {one!r}). Leave out staying: it is "
                "what remains."
            )
            params = {"class": one, "total": total}
            faults.append(
                Fault.told("moves-total", msg, column=str(one), params=params)
            )
        moves[one].pop(one, None)
    if faults:
        what = "movement"
        raise InvalidInput.of(what, faults)
    return moves


@attrs.frozen
class Movement:
    """
    How subjects move from class to class at the end of a year.

    Attributes:
        field: The field of the register that holds the class, such as
            ``"credit"``.
        moves: [class -> class -> 0 to 1] Chance to be in the other class the
            year after. What is not named stays; None stands for subjects
            whose class is not known.

    Raises:
        InvalidTypeError: *moves* is no mapping, *field* is no text.
        InvalidInput: A chance is out of range, or a class has more than 1 in
            all: all faults at once.

    Examples:
        >>> movement = Movement("credit", {"C": {"D": 0.2, "B": 0.1}, "D": {"C": 0.5}})
        >>> movement.stay("C"), movement.stay("A")
        (0.7, 1.0)
    """

    field: str
    moves: dict[Value | None, dict[Value | None, float]] = attrs.field(
        converter=_moves, hash=False
    )

    def __attrs_post_init__(self) -> None:
        """Refuse a field without a name."""
        check_label(self.field, name="field")

    def stay(self, label: Value | None, /) -> float:
        """Chance to be in the same class the year after."""
        return max(0.0, 1.0 - sum(self.moves.get(label, {}).values()))

    @property
    def classes(self) -> tuple[Value | None, ...]:
        """Classes that are named, each once, in the order in which they are."""
        named = [label for one, row in self.moves.items() for label in (one, *row)]
        return tuple(dict.fromkeys(named))


@attrs.frozen(kw_only=True)
class Turnover:
    """
    Closures and new firms.

    Attributes:
        closing: [0 to 1] Share of the subjects that leave the register at the
            end of a year.
        opening: [int >= 0] Subjects that join at the start of each year after
            the first. Each is like one of the subjects of the start, taken at
            random, and was never inspected.

    Raises:
        InvalidTypeError, InvalidValueError: A value has another type or is
            out of range.
    """

    closing: Chance = 0
    opening: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse what is no share and no number."""
        check_chance(self.closing, "closing")
        check_count(self.opening, "opening", least=0)


def _coordinated(given: object) -> bool:
    return check_flag(given, "coordinated")


def _merged(given: object) -> bool:
    return check_flag(given, "merged")


def _programmes(given: Iterable[Programme] | Programme) -> tuple[Programme, ...]:
    # One that is none is refused with its row, like one of several.
    return tuple(given) if isinstance(given, Iterable) else (given,)


_EXAMPLES = {
    Movement: "Movement('credit', {'C': {'D': 0.1}})",
    Turnover: "Turnover(closing=0.05)",
}


@attrs.frozen
class Scenario:
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
        InvalidInput: There is no programme, one is none, or two have one name.
        InvalidTypeError: One of the others is of another kind.

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
    coordinated: bool = attrs.field(default=True, kw_only=True, converter=_coordinated)
    merged: bool = attrs.field(default=True, kw_only=True, converter=_merged)

    def __attrs_post_init__(self) -> None:
        """Refuse what cannot be told apart, and what is of another kind."""
        for name, kind in (("movement", Movement), ("turnover", Turnover)):
            value = getattr(self, name)
            if value is not None:
                check_type(value, kind, name=name, instead=_EXAMPLES[kind])
        faults = []
        names: dict[str, int] = {}
        programmes: tuple[object, ...] = self.programmes
        for row, programme in enumerate(programmes):
            if not isinstance(programme, Programme):
                msg = f"must be a Programme (got {programme!r})."
                faults.append(Fault.told("programme", msg, row=row))
            elif names.setdefault(programme.name, row) != row:
                msg = (
                    f"must have a name of its own (got {programme.name!r} again). "
                    "Rename it."
                )
                params = {"name": programme.name}
                faults.append(
                    Fault.told("programme-twice", msg, row=row, params=params)
                )
        if not programmes:
            msg = "must have at least one programme. Write Programme('…', policy)."
            faults.append(Fault.told("programme-none", msg))
        if faults:
            what = "scenario"
            raise InvalidInput.of(what, faults)

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
            InvalidTypeError: *ratio* is no `Ratio`.
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
            msg = (
                f"'tier' must be a tier of the scenario (got {tier!r}"
                + (f" in {programme!r}" if programme is not None else "")
                + f"). There are {', '.join(map(repr, dict.fromkeys(there)))}."
            )
            raise InvalidValueError(
                msg, code="tier-unknown", params={"tier": tier, "programme": programme}
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
        InvalidTypeError: *scenario* is no scenario, *ratios* no column of
            ratios.
        InvalidValueError: As `Scenario.with_ratio`.
    """
    check_type(scenario, Scenario, name="scenario")
    return {
        str(ratio): scenario.with_ratio(tier, ratio, programme=programme)
        for ratio in several(ratios, Ratio, name="ratios")
    }
