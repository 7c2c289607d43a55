"""Strategies for announcements and records of draws."""

import datetime as dt
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.draws import (
    Announcement,
    Digits,
    DrawRecord,
    Entropy,
    Hex,
    Numbers,
    Order,
    Seal,
    announce,
    conduct,
)
from dsgk.frames import Frame
from dsgk.testing._columns import frames_with_quotas
from dsgk.testing._texts import HEX, check_sizes, check_strategy, ids, keys, prose


_Drawn = tuple[Frame, dict[str, int]]
_MAX_ROWS = 12
_MAX_DRAWS = 3
_SHARED_IDS = [f"S{n}" for n in range(_MAX_ROWS)]


_PROSE = prose()
_NAMES = ids(max_size=12)
_DIGESTS = st.text(HEX, min_size=64, max_size=64)
_DAYS = st.dates(dt.date(2019, 1, 1), dt.date(2099, 12, 31))
_BALLS = Numbers("红球", count=6, least=1, most=33)
_BLUE = Numbers("蓝球", count=1, least=1, most=16, order=Order.AS_DRAWN)
_FORMS: tuple[tuple[Numbers | Digits | Hex, ...], ...] = (
    (Digits("号码", 8),),
    (_BALLS, _BLUE),
    (Hex("信标", 64),),
    (
        Numbers("排列", count=7, least=0, most=9, order=Order.AS_DRAWN),
        Digits("指数", 6),
    ),
)


class AnnouncedCase(NamedTuple):
    """
    An announcement with everything that `conduct` takes.

    Attributes:
        announcement: The announcement.
        frames: [draw -> frame] The frames.
        roll_key: The key of the rolls.
        values: The values of the fact.
        secret: The sealed secret, if the draw is sealed.
    """

    announcement: Announcement
    frames: dict[str, Frame]
    roll_key: str
    values: list[object]
    secret: str | None


class ConductedCase(NamedTuple):
    """
    A record with everything that `verify_record` takes.

    Attributes:
        record: The record.
        frames: [draw -> frame] The frames.
        roll_key: The key of the rolls.
    """

    record: DrawRecord
    frames: dict[str, Frame]
    roll_key: str


@st.composite
def _facts(draw: st.DrawFn) -> tuple[Entropy, list[object]]:
    form = draw(st.sampled_from(_FORMS))
    values: list[object] = []
    for group in form:
        if isinstance(group, Numbers):
            numbers = st.integers(group.least, group.most)
            is_set = group.order is Order.ASCENDING
            size = group.count
            values.append(
                draw(st.lists(numbers, min_size=size, max_size=size, unique=is_set))
            )
        else:
            is_hex = isinstance(group, Hex)
            size = group.hex if isinstance(group, Hex) else group.digits
            letters = f"{HEX}ABCDEF" if is_hex else HEX[:10]
            values.append(draw(st.text(letters, min_size=size, max_size=size)))
    return Entropy(draw(_PROSE), draw(_DAYS), form), values


def facts() -> SearchStrategy[tuple[Entropy, list[object]]]:
    """
    Public facts (公开随机数), each with its values.

    Numbers of lotteries, digits, beacons.  Shrinks to eight digits.
    """
    return _facts()


@st.composite
def _announced_draws(
    draw: st.DrawFn, draws: SearchStrategy[dict[str, _Drawn]]
) -> AnnouncedCase:
    drawn = draw(draws)
    entropy, values = draw(_facts())
    secret = draw(st.none() | _DIGESTS)
    open_by = entropy.on + dt.timedelta(draw(st.integers(0, 400)))
    number = draw(st.sampled_from([1, 1, 2, 9]))
    roll_key = draw(keys())
    first = announce(
        title=draw(_PROSE),
        issuer=draw(_PROSE),
        announced_on=entropy.on - dt.timedelta(draw(st.integers(1, 99))),
        entropy=entropy,
        draws=drawn,
        roll_key=roll_key,
        seal=None if secret is None else Seal.of(secret, open_by=open_by),
    )
    document = first.to_dict()
    if number > 1:
        document |= {"number": number, "previous": draw(_DIGESTS)}
        if draw(st.booleans()):
            before = {"digest": draw(_DIGESTS), "reason": draw(_PROSE)}
            document["supersedes"] = {**before, "entropy": None, "secret": None}
    announcement = Announcement.from_dict(document)
    frames = {name: frame for name, (frame, _) in drawn.items()}
    return AnnouncedCase(announcement, frames, roll_key, values, secret)


def announced_draws(
    *,
    min_size: int = 1,
    max_size: int = _MAX_DRAWS,
    draws: SearchStrategy[_Drawn] | None = None,
) -> SearchStrategy[AnnouncedCase]:
    """
    Announcements (抽取公告) with everything that `conduct` takes.

    Among them are sealed draws, redraws that supersede an announcement, and
    draws of departments whose lists overlap.

    Args:
        min_size: [int >= 1] Least number of draws in an announcement.
        max_size: [int >= *min_size*] Greatest number.
        draws: Frames with their quotas; by default `frames_with_quotas` with
            at most twelve rows.
    """
    check_sizes(min_size, max_size, least=1)
    if draws is None:
        shared = st.sampled_from(_SHARED_IDS)
        overlapping = frames_with_quotas(max_size=_MAX_ROWS, ids=shared)
        options = [overlapping, overlapping | frames_with_quotas(max_size=_MAX_ROWS)]
    else:
        check_strategy(draws, "draws")
        options = [draws]
    named = [
        st.dictionaries(_NAMES, some, min_size=min_size, max_size=max_size)
        for some in options
    ]
    return _announced_draws(st.one_of(named))


@st.composite
def _conducted_draws(
    draw: st.DrawFn, announced: SearchStrategy[AnnouncedCase]
) -> ConductedCase:
    case = draw(announced)
    record = conduct(
        case.announcement,
        case.frames,
        roll_key=case.roll_key,
        entropy=case.values,
        secret=case.secret,
    )
    return ConductedCase(record, case.frames, case.roll_key)


def conducted_draws(
    *,
    min_size: int = 1,
    max_size: int = _MAX_DRAWS,
    draws: SearchStrategy[_Drawn] | None = None,
) -> SearchStrategy[ConductedCase]:
    """
    Records of draws (抽取记录) with everything that `verify_record` takes.

    Takes the options of `announced_draws`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.verify import verify_record
        >>> @given(conducted_draws())
        ... def test_an_honest_record_is_right(case):
        ...     record, frames, roll_key = case
        ...     assert verify_record(record.to_dict(), frames, roll_key=roll_key) == ()
        >>> test_an_honest_record_is_right()
    """
    announced = announced_draws(min_size=min_size, max_size=max_size, draws=draws)
    return _conducted_draws(announced)
