"""
Amendments (动态调整): a plan is only ever raised, with a number and a reason.

What "raised" means is decided here, exactly and for every size of register.
"""

import datetime as dt
import functools
from collections.abc import Iterable, Iterator
from fractions import Fraction

import attrs

from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import Coded, Id, Positive, Stored, Text, declared, kind_of, value
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

    A ratio is raised if it never draws fewer than before, *whatever* the number
    of subjects and officers, if its upper limit (at most, between) does not
    fall, and if one of the two rises.  From 不低于3% to 5% is a raise, and so is
    1户 to 5%, which draws at least one of however few.  From 不超过5% to 不低于3%
    is none: of a hundred subjects it draws 3 instead of 5.  Nor is 3% to 10户,
    which depends on the size.  Frequencies are compared by the draws of a year:
    neither the least nor the most may fall, and one of them must rise.

    Args:
        old: What the plan says.
        new: What it would say; of the same class.

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
    raise invalid("argument-type", name=name, type=kind.__name__, got=got)


_MOSTS = frozenset({Bound.AT_MOST, Bound.BETWEEN})


def _never_fewer(one: Ratio, other: Ratio) -> bool:
    """Whether *one* never draws fewer than *other*, of any number of subjects."""
    here, there = one.target, other.target
    if there == 0 or (one.measure is Measure.SHARE and here == 1):
        return True
    if one.measure is other.measure:
        # Ratios round up, except "at most": of one subject 不超过50% draws none,
        # and 10% draws it.
        rounds_down = one.measure is Measure.SHARE and one.bound is Bound.AT_MOST
        other_too = other.bound is Bound.AT_MOST
        return here >= there and (not rounds_down or other_too)
    # A share rounds up, so it reaches a count of c for every size of register if
    # it leaves out less than one of c subjects.
    return (
        one.measure is Measure.SHARE
        and one.bound is not Bound.AT_MOST
        and other.measure is Measure.COUNT
        and here > 1 - 1 / there
    )


def _keeps_most(old: Ratio, new: Ratio) -> bool:
    """Whether the upper limit of *old* does not fall."""
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
        ratio: The raised ratio, None to keep the old one.
        frequency: The raised frequency, None to keep the old one.
        batches: All batches of the entry, if the raise needs new ones; empty to
            keep the old ones. Batches that have begun keep their days, and at
            no time may less be due than before. A ratio that is raised after
            the last batch needs another one.
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

    A raised ratio is drawn with the next batch of the entry; or if there is none,
    in the next round (`prepare_round`) during a batch.  A raise after the last
    day of all batches is never drawn unless it names another batch, which
    `check_plan` tells.

    Attributes:
        number: Counts the amendments of the plan from 1.
        on: The day on which it takes effect.
        reason: The ground of Art. 16.
        grounds: What was found, for the public; not blank.
        raises: One or more, of different entries.

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
        """Reject missing grounds, no raise, or two raises of one entry."""
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
    """The entries of a plan after one amendment, in the same order."""
    place = {entry.id: k for k, entry in enumerate(entries)}
    result = list(entries)
    faults = Faults()
    for row, one in enumerate(amendment.raises):
        if one.entry not in place:
            code, got = "amendment-unknown", one.entry
            faults.add(code, row=row, column="raises", name="entry", got=got)
            continue
        entry = entries[place[one.entry]]
        faults += (f.at(row=row) for f in _raise_faults(entry, one, amendment.on))
        if not faults:
            result[place[one.entry]] = attrs.evolve(
                entry,
                ratio=one.ratio or entry.ratio,
                frequency=one.frequency or entry.frequency,
                batches=one.batches or entry.batches,
            )
    faults.raise_any(f"amendment {amendment.number}")
    return tuple(result)


def _raise_faults(entry: PlanEntry, one: Raise, on: dt.date) -> Iterator[Fault]:
    """Tell what a raise lowers or puts off."""
    tell = functools.partial(Fault.of, column="raises", entry=entry.id)
    is_lowered = False
    for name in ("ratio", "frequency"):
        old, new = getattr(entry, name), getattr(one, name)
        if old is not None and new is not None and not is_raised(old, new):
            is_lowered = True
            yield tell("amendment-lowers", name=name, old=str(old), new=str(new))
    if not one.batches or is_lowered:
        return
    tell = functools.partial(tell, name="batches")
    ratio = one.ratio or entry.ratio
    begun = [(b.first, b.last) for b in entry.batches if b.first < on]
    stays = [(b.first, b.last) for b in one.batches if b.first < on]
    if begun != stays:
        yield tell("amendment-begun", on=on, stays=len(stays), begun=len(begun))
        return
    if ratio.measure is not entry.ratio.measure:
        yield tell("amendment-measure", new=str(ratio), old=str(entry.ratio))
        return
    for batch in entry.batches:
        before = entry.ratio.target * _due(entry.batches, batch.last)
        after = ratio.target * _due(one.batches, batch.last)
        if after < before:
            yield tell("amendment-later", on=batch.last, new=after, old=before)
            return


def _due(batches: Iterable[Batch], day: dt.date) -> Fraction:
    """The part of the year's number that is due by a day."""
    return sum((b.part for b in batches if b.last <= day), Fraction(0))
