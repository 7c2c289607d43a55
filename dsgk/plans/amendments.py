"""
Amendments (动态调整): a plan changes only upwards, with a number and a reason.

What "upwards" means is settled here, exactly and for every size of register.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidValueError, shown
from dsgk.fields import Coded, check_day
from dsgk.identifiers import check_id
from dsgk.plans.arguments import several, whole, wrong_type
from dsgk.plans.entries import PlanEntry, as_batches
from dsgk.plans.frequencies import Frequency
from dsgk.plans.times import Batch
from dsgk.sources import article, cites
from dsgk.tiers import Bound, Measure, Ratio


__all__ = ["Amendment", "AmendmentReason", "Raise", "amended", "is_raised"]

_ART_16 = str(article(16))


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

    Raises:
        InvalidTypeError: The two are not both ratios or both frequencies.

    Cites:
        District Opinion, Art. 16 (适当提高抽查比例和频次).

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
    raise wrong_type(new, "new", "two ratios, or two frequencies")


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
@attrs.frozen(kw_only=True)
class Raise:
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
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: Nothing is raised.

    Cites:
        District Opinion, Art. 16.
    """

    entry: str
    ratio: Ratio | None = None
    frequency: Frequency | None = None
    batches: tuple[Batch, ...] = attrs.field(default=(), converter=as_batches)

    def __attrs_post_init__(self) -> None:
        """Refuse what raises nothing."""
        check_id(self.entry, name="entry")
        if not isinstance(self.ratio, Ratio | None):
            raise wrong_type(self.ratio, "ratio", "Ratio.parse('5%')")
        if not isinstance(self.frequency, Frequency | None):
            raise wrong_type(self.frequency, "frequency", "Frequency.parse('2次/年')")
        if self.ratio is None and self.frequency is None:
            msg = (
                f"'ratio' or 'frequency' must be raised (got neither for "
                f"{self.entry!r}). Leave the entry out of the amendment."
            )
            raise InvalidValueError(
                msg,
                code="raise-nothing",
                params={"entry": self.entry},
                provision=_ART_16,
            )


def _raises(raises: Raise | Iterable[Raise]) -> tuple[Raise, ...]:
    given = (raises,) if isinstance(raises, Raise) else raises
    listed = several(given, "raises", "[Raise(entry='3', ratio=…)]")
    for one in listed:
        if not isinstance(one, Raise):
            raise wrong_type(one, "raises", "Raise(entry='3', ratio=…)")
    return listed


def _reason(value: object) -> AmendmentReason:
    return AmendmentReason.read(value, name="reason")


@cites(article(16))
@attrs.frozen(kw_only=True)
class Amendment:
    """
    One amendment of a plan (计划调整).

    A raised ratio is drawn with the next batch of the entry, or where none is
    to come, in the next round (`prepare_round`), while a batch of it runs. A
    raise after the last day of all of them is never drawn, unless it names
    another batch: `check_plan` finds it.

    Attributes:
        number: [int >= 1] Counts the amendments of the plan.
        on: The day on which it takes effect.
        reason: The ground of Art. 16; its code or Chinese text will do.
        grounds: What was found, for the public; not empty.
        raises: One or more, of different entries.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: The number is below 1, *reason* is none of the two,
            *grounds* is empty, or nothing or one entry twice is raised.

    Cites:
        District Opinion, Art. 16 (有普遍性问题或存在突发性风险的，可以动态调整).

    Examples:
        >>> amendment = Amendment(
        ...     number=1, on=dt.date(2026, 5, 6),
        ...     reason=AmendmentReason.GENERAL_PROBLEM, grounds="抽查中普遍未公示价格",
        ...     raises=[Raise(entry="3", ratio=Ratio.exactly("5%"))],
        ... )
        >>> amendment.reason.label
        '普遍性问题'
    """

    number: int
    on: dt.date
    reason: AmendmentReason = attrs.field(converter=_reason)
    grounds: str
    raises: tuple[Raise, ...] = attrs.field(converter=_raises)

    def __attrs_post_init__(self) -> None:
        """Refuse what is no amendment."""
        number = whole(self.number, "number", "1 for the first amendment")
        object.__setattr__(self, "number", number)
        if not isinstance(self.grounds, str):
            raise wrong_type(self.grounds, "grounds", "what was found")
        object.__setattr__(self, "on", check_day(self.on, name="on"))
        if self.number < 1:
            msg = f"'number' must count from 1 on (got {shown(self.number)}). Write 1."
            raise self._refused(msg, code="amendment-number")
        if not self.grounds.strip():
            msg = (
                f"'grounds' must say what was found (got {self.grounds!r}). "
                "Write it for the public."
            )
            raise self._refused(msg, code="amendment-grounds")
        if not self.raises:
            msg = "'raises' must raise an entry (got none). Do without the amendment."
            raise self._refused(msg, code="amendment-empty")
        entries = [one.entry for one in self.raises]
        for entry in entries:
            if entries.count(entry) > 1:
                msg = (
                    f"'raises' must raise each entry once (got {entry!r} "
                    f"{entries.count(entry)} times). Join them."
                )
                raise self._refused(msg, code="amendment-twice")

    def _refused(self, msg: str, *, code: str) -> InvalidValueError:
        params = {"number": self.number}
        return InvalidValueError(msg, code=code, params=params, provision=_ART_16)


@cites(article(16))
def amended(
    entries: tuple[PlanEntry, ...], amendment: Amendment, /
) -> tuple[PlanEntry, ...]:
    """
    The entries of a plan after one amendment.

    Args:
        entries: Before it.
        amendment: What it raises.

    Returns:
        The entries in the same order.

    Raises:
        InvalidInput: An entry is not in the plan, a figure is not raised, or
            batches are changed that have begun, or put off: all at once.

    Cites:
        District Opinion, Art. 16.
    """
    known: Mapping[str, int] = {entry.id: k for k, entry in enumerate(entries)}
    result = list(entries)
    faults: list[Fault] = []
    for row, one in enumerate(amendment.raises):
        if one.entry not in known:
            msg = (
                f"'entry' must be in the plan (got {one.entry!r}). An amendment "
                "raises what is planned; what is not is inspected as a lead."
            )
            faults.append(_fault("amendment-unknown", msg, row, one))
            continue
        entry = entries[known[one.entry]]
        found = _faults(entry, one, amendment.on, row)
        faults += found
        if not found:
            result[known[one.entry]] = attrs.evolve(
                entry,
                ratio=one.ratio or entry.ratio,
                frequency=one.frequency or entry.frequency,
                batches=one.batches or entry.batches,
            )
    if faults:
        what = f"amendment {amendment.number}"
        raise InvalidInput.of(what, faults)
    return tuple(result)


def _fault(code: str, message: str, row: int, one: Raise, **params: object) -> Fault:
    return Fault.told(
        code,
        message,
        row=row,
        column="raises",
        params={"entry": one.entry, **params},
        provision=_ART_16,
    )


def _faults(entry: PlanEntry, one: Raise, on: dt.date, row: int) -> list[Fault]:
    faults = []
    pairs: tuple[tuple[str, Ratio | Frequency | None, Ratio | Frequency | None], ...]
    pairs = (
        ("ratio", entry.ratio, one.ratio),
        ("frequency", entry.frequency, one.frequency),
    )
    for name, old, new in pairs:
        if old is not None and new is not None and not is_raised(old, new):
            msg = (
                f"{name!r} must be raised, and nothing in it lowered (got {new}, the "
                f"plan says {old}). Leave it as it is, or write more."
            )
            faults.append(
                _fault("amendment-lowers", msg, row, one, old=str(old), new=str(new))
            )
    if one.batches and not faults:
        faults += _batch_faults(entry, one, on, row)
    return faults


def _batch_faults(entry: PlanEntry, one: Raise, on: dt.date, row: int) -> list[Fault]:
    """What is wrong with the batches that an amendment names anew."""
    ratio = one.ratio or entry.ratio
    begun = [(b.first, b.last) for b in entry.batches if b.first < on]
    stays = [(b.first, b.last) for b in one.batches if b.first < on]
    if begun != stays:
        msg = (
            f"'batches' must keep those that began before {on} and add none there "
            f"(got {len(stays)} of {len(begun)}, or other days). Write the days of "
            "the plan for them."
        )
        return [_fault("amendment-begun", msg, row, one, on=on)]
    if ratio.measure is not entry.ratio.measure:
        msg = (
            f"'batches' must stay where the ratio is counted in another way (got "
            f"{ratio}, the plan says {entry.ratio}). Amend them in a second step."
        )
        return [_fault("amendment-measure", msg, row, one)]
    for batch in entry.batches:
        before = entry.ratio.target * _due(entry.batches, batch.last)
        after = ratio.target * _due(one.batches, batch.last)
        if after < before:
            msg = (
                f"'batches' must not put off what was planned (got {after} by "
                f"{batch.last}, the plan says {before}). Give earlier batches more."
            )
            return [_fault("amendment-later", msg, row, one, on=batch.last)]
    return []


def _due(batches: Iterable[Batch], day: dt.date) -> Fraction:
    """Part of the year that is due by a day."""
    return sum((b.part for b in batches if b.last <= day), Fraction(0))
