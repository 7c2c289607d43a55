"""Strategies for announcements and records of draws."""

import datetime as dt

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.draws import Announcement, DrawRecord, announce, conduct
from dsgk.frames import Frame
from dsgk.testing.arguments import check_sizes, check_strategy
from dsgk.testing.frames import frames_with_quotas
from dsgk.testing.lists import first_of
from dsgk.testing.texts import entropies, prose


__all__ = ["announced_draws", "announcements", "conducted_draws", "draw_records"]

_Drawn = tuple[Frame, dict[str, int]]
_MAX_ROWS = 12
_MAX_DRAWS = 3
_SHARED_IDS = [f"S{n}" for n in range(_MAX_ROWS)]


_PROSE = prose()
_BEFORE = st.none() | st.fixed_dictionaries(
    {
        "digest": st.text("0123456789abcdef", min_size=64, max_size=64),
        "reason": _PROSE,
    }
)
_DAYS = st.dates(dt.date(2019, 1, 1))


@st.composite
def _announced_draws(
    draw: st.DrawFn, draws: SearchStrategy[dict[str, _Drawn]]
) -> tuple[Announcement, dict[str, Frame]]:
    drawn = draw(draws)
    announcement = announce(
        title=draw(_PROSE),
        issuer=draw(_PROSE),
        announced_on=draw(_DAYS),
        entropy_source=draw(_PROSE),
        draws=drawn,
        supersedes=draw(_BEFORE),
    )
    return announcement, {name: frame for name, (frame, _) in drawn.items()}


def announced_draws(
    *,
    min_size: int = 1,
    max_size: int = _MAX_DRAWS,
    draws: SearchStrategy[_Drawn] | None = None,
) -> SearchStrategy[tuple[Announcement, dict[str, Frame]]]:
    """
    Announcements (抽取公告), each with the frames that it announces, by name.

    What `conduct` takes.  Redraws that supersede an announcement are among
    them, and draws of departments whose lists overlap.

    Args:
        min_size: [int >= 1] Least number of draws that one announces.
        max_size: [int >= *min_size*] Greatest number.
        draws: Frames with their quotas; by default `frames_with_quotas` of
            twelve rows at most.

    Raises:
        InvalidArgument: Sizes are no ints, out of range, or cross; *draws* is
            no strategy.
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
        st.dictionaries(_PROSE, some, min_size=min_size, max_size=max_size)
        for some in options
    ]
    return _announced_draws(st.one_of(named))


def announcements(
    *,
    min_size: int = 1,
    max_size: int = _MAX_DRAWS,
    draws: SearchStrategy[_Drawn] | None = None,
) -> SearchStrategy[Announcement]:
    """
    Announcements alone (抽取公告); see `announced_draws`.

    Args:
        min_size: As for `announced_draws`.
        max_size: As for `announced_draws`.
        draws: As for `announced_draws`.

    Raises:
        InvalidArgument: As for `announced_draws`.
    """
    both = announced_draws(min_size=min_size, max_size=max_size, draws=draws)
    return first_of(both)


@st.composite
def _conducted_draws(
    draw: st.DrawFn,
    announced: SearchStrategy[tuple[Announcement, dict[str, Frame]]],
    entropy: SearchStrategy[str],
) -> tuple[DrawRecord, dict[str, Frame]]:
    announcement, frames = draw(announced)
    return conduct(announcement, frames, entropy=draw(entropy)), frames


def conducted_draws(
    *,
    min_size: int = 1,
    max_size: int = _MAX_DRAWS,
    draws: SearchStrategy[_Drawn] | None = None,
) -> SearchStrategy[tuple[DrawRecord, dict[str, Frame]]]:
    """
    Records of draws (抽取记录), each with its frames: what `verify_record` takes.

    Args:
        min_size: As for `announced_draws`.
        max_size: As for `announced_draws`.
        draws: As for `announced_draws`.

    Raises:
        InvalidArgument: As for `announced_draws`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.verify import verify_record
        >>> @given(conducted_draws())
        ... def test_an_honest_record_is_right(case):
        ...     record, frames = case
        ...     assert verify_record(record.to_dict(), frames) == ()
        >>> test_an_honest_record_is_right()
    """
    return _conducted_draws(
        announced_draws(min_size=min_size, max_size=max_size, draws=draws),
        entropies(),
    )


def draw_records(
    *,
    min_size: int = 1,
    max_size: int = _MAX_DRAWS,
    draws: SearchStrategy[_Drawn] | None = None,
) -> SearchStrategy[DrawRecord]:
    """
    Records of draws alone (抽取记录); see `conducted_draws`.

    Args:
        min_size: As for `announced_draws`.
        max_size: As for `announced_draws`.
        draws: As for `announced_draws`.

    Raises:
        InvalidArgument: As for `announced_draws`.
    """
    both = conducted_draws(min_size=min_size, max_size=max_size, draws=draws)
    return first_of(both)
