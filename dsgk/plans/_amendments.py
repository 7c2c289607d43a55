"""
Amendments (动态调整): a plan changes only upwards, with a number and a reason.

What "upwards" means is settled here, exactly and for every size of register.
"""

import datetime as dt
from collections.abc import Iterable
from fractions import Fraction

import attrs

from dsgk.errors import Faults, invalid
from dsgk.fields import (
    Coded,
    Id,
    Positive,
    Stored,
    Text,
    declared,
    kind_of,
    value,
)
from dsgk.plans._entries import PlanEntry, as_batches
from dsgk.plans._times import Batch, Frequency
from dsgk.sources import article, cites
from dsgk.tiers import Bound, Measure, Ratio


__all__ = ["Amendment", "AmendmentReason", "Raise", "amended", "is_raised"]


class AmendmentReason(Coded):
    """Why a plan is amended (动态调整的理由)."""

    GENERAL_PROBLEM = ("general-problem", "普遍性问题")
    SUDDEN_RISK = ("sudden-risk", "突发性风险")


@cites(article(16))
def is_raised(old: Ratio | Frequency, new: Ratio | Frequency, /) -> bool:
    """
    Whether a ratio or a frequency is raised and nothing in it lowered (提高).

    A ratio is raised if, *whatever* the number of subjects and officers, it
    draws no fewer than before, if a most that it names (at most, between) does
    not fall, and if one of the two goes up. So 不低于3% to 5% is a raise, and so
    is 1户 to 5% (one in however few); 不超过5% to 不低于3% is none, since of a
    hundred subjects it draws 3 instead of 5, and 3% to 10户 is none, since
    that depends on the size. A frequency is compared by the draws of a year:
    the least may not fall, nor the most, and one of them must go up.

    Args:
        old: What the plan says.
        new: What it would say; of the same class.

    Returns:
        False for what is lowered, and for what stays the same.

    Examples:
        >>> is_raised(Ratio.at_least("3%"), Ratio.exactly("5%"))
        True
        >>> is_raised(Ratio.at_most("5%"), Ratio.at_least("3%"))
        False
        >>> is_raised(Frequency.parse("2次/年"), Frequency.parse("每月"))
        True
    """
    if isinstance(old, Ratio) and isinstance(new, Ratio):
        more = not _never_fewer(old, new)
        higher = old.bound in _MOSTS and (new.high is None or new.high != old.high)
        return _never_fewer(new, old) and _keeps_most(old, new) and (more or higher)
    if isinstance(old, Frequency) and isinstance(new, Frequency):
        (low, high), (least, most) = old.yearly, new.yearly
        capped = old.bound in _MOSTS
        kept = not capped or most is None or (high is not None and most >= high)
        return least >= low and kept and (least > low or (capped and most != high))
    known = isinstance(old, (Ratio, Frequency))
    name, got, kind = ("new", new, type(old)) if known else ("old", old, Ratio)
    raise invalid(
        "argument-type",
        name=name,
        type=kind.__name__,
        got=got,
        got_type=type(got).__name__,
    )


_MOSTS = frozenset({Bound.AT_MOST, Bound.BETWEEN})


def _never_fewer(one: Ratio, other: Ratio) -> bool:
    """Whether *one* draws no fewer than *other*, of any number of subjects."""
    here, there = one.target, other.target
    if there == 0 or (one.measure is Measure.SHARE and here == 1):
        return True
    if one.measure is other.measure:
        # Part of a subject counts as one, except under "at most": of one
        # subject, 不超过50% draws none and 10% draws it.
        rounds_down = one.measure is Measure.SHARE and one.bound is Bound.AT_MOST
        other_too = other.bound is Bound.AT_MOST
        return here >= there and (not rounds_down or other_too)
    # Of n subjects a share draws its part rounded up, so it reaches a count of
    # c for every n if it leaves out less than one of c.
    return (
        one.measure is Measure.SHARE
        and one.bound is not Bound.AT_MOST
        and other.measure is Measure.COUNT
        and here > 1 - 1 / there
    )


def _keeps_most(old: Ratio, new: Ratio) -> bool:
    """Whether the most that *old* names does not fall."""
    if old.bound not in _MOSTS or new.high is None or old.high is None:
        return True
    if old.measure is new.measure:
        return new.high >= old.high
    return new.high == 1  # everybody


@cites(article(16))
@value("dsgk-raise/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Raise(Stored):
    """
    What an amendment raises in one entry (提高抽查比例和频次).

    Attributes:
        entry: Id of the entry.
        ratio: The raised ratio; None leaves it as it is.
        frequency: The raised frequency; None leaves it as it is.
        batches: All batches of the entry anew, where the raise needs other
            ones; empty leaves them. Batches that have begun keep their days,
            and by every day at least as much is due as before. A ratio that
            is raised after the last day of all of them needs one more.

    Raises:
        InvalidValueError: Nothing is raised.
    """

    entry: Id
    ratio: Ratio | None = None
    frequency: Frequency | None = None
    batches: tuple[Batch, ...] = attrs.field(default=(), converter=as_batches)

    def __attrs_post_init__(self) -> None:
        """Reject what raises nothing."""
        if self.ratio is None and self.frequency is None:
            raise invalid("raise-nothing", column="ratio", entry=self.entry)


_RAISES = kind_of(tuple[Raise, ...])


def _raises(given: Raise | Iterable[Raise]) -> tuple[Raise, ...]:
    return tuple(_RAISES.convert((given,) if isinstance(given, Raise) else given))


@cites(article(16))
@value("dsgk-amendment/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Amendment(Stored):
    """
    One amendment of a plan (计划调整).

    A raised ratio is drawn with the next batch of the entry, or where none is
    to come, in the next round (`prepare_round`), while a batch of it runs. A
    raise after the last day of all of them is never drawn, unless it names
    another batch: `check_plan` finds it.

    Attributes:
        number: Counts the amendments of the plan, from 1 on.
        on: The day on which it takes effect.
        reason: The ground of Art. 16.
        grounds: What was found, for the public; not empty.
        raises: One or more, of different entries.

    Raises:
        InvalidValueError: *grounds* is empty, or nothing, or one entry twice,
            is raised.

    Examples:
        >>> amendment = Amendment(
        ...     number=1, on=dt.date(2026, 5, 6),
        ...     reason=AmendmentReason.GENERAL_PROBLEM, grounds="抽查中普遍未公示价格",
        ...     raises=[Raise(entry="3", ratio=Ratio.exactly("5%"))],
        ... )
        >>> amendment.reason.label
        '普遍性问题'
    """

    number: Positive
    on: dt.date
    reason: AmendmentReason
    grounds: Text
    raises: tuple[Raise, ...] = attrs.field(converter=_raises)

    def __attrs_post_init__(self) -> None:
        """Reject an amendment without grounds, for nothing, or for one thing twice."""
        faults = Faults()
        if not self.grounds.strip():
            faults.add("amendment-grounds", column="grounds", got=self.grounds)
        if not self.raises:
            faults.add("amendment-empty", column="raises")
        entries = [one.entry for one in self.raises]
        for entry in dict.fromkeys(entries):
            if (count := entries.count(entry)) > 1:
                faults.add("amendment-twice", column="raises", got=entry, count=count)
        faults.raise_any()


@cites(article(16))
def amended(
    entries: tuple[PlanEntry, ...], amendment: Amendment, /
) -> tuple[PlanEntry, ...]:
    """
    The entries of a plan after one amendment, in the same order.

    Raises:
        InvalidInput: An entry is not in the plan, a figure is not raised, or
            batches are changed that have begun, or put off: all at once.
    """
    place = {entry.id: k for k, entry in enumerate(entries)}
    result = list(entries)
    faults = Faults()
    for row, one in enumerate(amendment.raises):
        if one.entry not in place:
            faults.add(
                "amendment-unknown",
                row=row,
                column="raises",
                name="entry",
                got=one.entry,
            )
            continue
        entry = entries[place[one.entry]]
        _check_raise(faults, row, entry, one, amendment.on)
        if not faults:
            result[place[one.entry]] = attrs.evolve(
                entry,
                ratio=one.ratio or entry.ratio,
                frequency=one.frequency or entry.frequency,
                batches=one.batches or entry.batches,
            )
    faults.raise_any(f"amendment {amendment.number}")
    return tuple(result)


def _check_raise(
    faults: Faults, row: int, entry: PlanEntry, one: Raise, on: dt.date
) -> None:
    """Tell what is lowered or put off."""
    is_lowered = False
    for name in ("ratio", "frequency"):
        old, new = getattr(entry, name), getattr(one, name)
        if old is not None and new is not None and not is_raised(old, new):
            is_lowered = True
            faults.add(
                "amendment-lowers",
                row=row,
                column="raises",
                name=name,
                entry=entry.id,
                old=str(old),
                new=str(new),
            )
    if one.batches and not is_lowered:
        _check_batches(faults, row, entry, one, on)


def _check_batches(
    faults: Faults, row: int, entry: PlanEntry, one: Raise, on: dt.date
) -> None:
    """Tell what is wrong with the batches that a raise names anew."""

    def tell(code: str, **params: object) -> None:
        """Tell one fault."""
        faults.add(
            code, row=row, column="raises", name="batches", entry=entry.id, **params
        )

    ratio = one.ratio or entry.ratio
    begun = [(b.first, b.last) for b in entry.batches if b.first < on]
    stays = [(b.first, b.last) for b in one.batches if b.first < on]
    if begun != stays:
        tell("amendment-begun", on=on, stays=len(stays), begun=len(begun))
        return
    if ratio.measure is not entry.ratio.measure:
        tell("amendment-measure", new=str(ratio), old=str(entry.ratio))
        return
    for batch in entry.batches:
        before = entry.ratio.target * _due(entry.batches, batch.last)
        after = ratio.target * _due(one.batches, batch.last)
        if after < before:
            tell("amendment-later", on=batch.last, new=after, old=before)
            return


def _due(batches: Iterable[Batch], day: dt.date) -> Fraction:
    """Part of the year that is due by a day."""
    return sum((b.part for b in batches if b.last <= day), Fraction(0))
