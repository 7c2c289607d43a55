"""Strategies for ids, labels, keys and the texts of announcements."""

import datetime as dt
import functools
import operator
from collections.abc import Callable, Collection, Hashable
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from dsgk.errors import DsgkError
from dsgk.fields import read_id
from dsgk.identifiers import MAX_ID_LENGTH, check_label, invisible, is_nothing


_VISIBLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

# Characters that sort differently by bytes, by UTF-16 units and by collation;
# those with a meaning in SQL, shells and spreadsheets; and rare characters of
# real names, which take four bytes in UTF-8.
_ALPHABET = "01AaB9é-_.'\"%\\$ 店乙\ufa0e\ufb29\U00020000\U0001f600"
# So few that two texts often differ in one character or its case, or one starts
# with the other.
_NEAR = "01aA乙\ufa0e\U00020000"

HEX = "0123456789abcdef"
_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_LENGTH = 18

_LABELS = ("药店", "餐饮", "加油站", "有限责任公司（国有独资）", "食品、特种设备")


def accepts(check: Callable[[Any], object]) -> Callable[[Any], bool]:
    """Whether a function takes a value without an error, as a filter."""

    def is_accepted(given: object) -> bool:
        try:
            check(given)
        except DsgkError:
            return False
        return True

    return is_accepted


_is_id = accepts(read_id)
_checked = accepts(check_label)


def _is_label(text: str) -> bool:
    return not is_nothing(text) and _checked(text)


def ids(*, min_size: int = 1, max_size: int = MAX_ID_LENGTH) -> SearchStrategy[str]:
    r"""
    Ids that `check_id` accepts (标识), none that says that there is none.

    Short ones that differ in one character; texts that sort differently by
    bytes and by UTF-16 units or have a meaning in SQL and shells; unified
    social credit codes; any other valid text.  Shrinks to ``"0"``.

    Args:
        min_size: [1 <= int <= 128] Least number of code points.
        max_size: [*min_size* <= int <= 128] Greatest number.
    """
    check_sizes(min_size, max_size, least=1, most=MAX_ID_LENGTH)
    options = [
        st.text(_NEAR, min_size=min_size, max_size=min(max_size, min_size + 2)),
        st.text(_NEAR, min_size=min_size, max_size=min_size),
        st.text(_ALPHABET, min_size=min_size, max_size=max_size).filter(_is_id),
        st.text(_VISIBLE, min_size=min_size, max_size=max_size).filter(_is_id),
    ]
    if min_size <= _CODE_LENGTH <= max_size:
        options.append(credit_codes())
    return st.one_of(options)


def id_lists(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    elements: SearchStrategy[str] | None = None,
) -> SearchStrategy[list[str]]:
    """
    Lists of different ids, such as the ids of a register.

    Args:
        min_size: [int >= 0] Least number of ids.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        elements: The ids; by default `ids`.
    """
    check_sizes(min_size, max_size)
    return st.lists(
        ids_or(elements, "elements"), min_size=min_size, max_size=max_size, unique=True
    )


def ids_or(given: SearchStrategy[str] | None, name: str) -> SearchStrategy[str]:
    """Return the given strategy for ids; by default `ids`."""
    if given is None:
        return ids()
    check_strategy(given, name)
    return given


_CODE_BODY = st.tuples(
    st.text(_CODE_ALPHABET, min_size=2, max_size=2),
    st.sampled_from(["000000", "120119", "110000", "440300"]),
    st.text(_CODE_ALPHABET, min_size=9, max_size=9),
).map("".join)


@st.composite
def _credit_codes(draw: st.DrawFn) -> str:
    body = draw(_CODE_BODY)
    values = map(_CODE_ALPHABET.index, body)
    total = sum(value * 3**power for power, value in enumerate(values))
    return body + _CODE_ALPHABET[-total % len(_CODE_ALPHABET)]


def credit_codes() -> SearchStrategy[str]:
    """
    Valid unified social credit codes (统一社会信用代码).

    Shrinks to eighteen zeros.
    """
    return _credit_codes()


def labels(*, min_size: int = 1, max_size: int | None = None) -> SearchStrategy[str]:
    """
    Labels that `check_label` accepts: kinds, areas, departments (分类标签).

    Shrinks to ``"0"``.

    Args:
        min_size: [int >= 1] Least number of code points.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
    """
    check_sizes(min_size, max_size, least=1)
    text = functools.partial(st.text, min_size=min_size, max_size=max_size)
    usual = [x for x in _LABELS if min_size <= len(x) <= (max_size or len(x))]
    return st.one_of(
        text(f"{_ALPHABET}，（）").filter(_is_label),
        *([st.sampled_from(usual)] if usual else []),
        text(_VISIBLE).filter(_is_label),
    )


def keys() -> SearchStrategy[str]:
    """Keys of draws, 32 lower-case hex characters; shrinks to zeros (抽取密钥)."""
    return st.text(HEX, min_size=32, max_size=32)


def prose() -> SearchStrategy[str]:
    """Any text that an announcement can have as its title; shrinks to ``"0"``."""
    return st.text(_VISIBLE, min_size=1).filter(
        lambda text: text == text.strip() and invisible(text) is None
    )


@st.composite
def _lottery(draw: st.DrawFn) -> str:
    red = draw(st.lists(st.integers(1, 33), min_size=6, max_size=6, unique=True))
    numbers = "-".join(f"{number:02}" for number in sorted(red))
    return f"{numbers}+{draw(st.integers(1, 16)):02}"


def entropies() -> SearchStrategy[str]:
    """
    Public facts as their source prints them (公开随机数).

    Numbers of a lottery and other texts.  Shrinks to ``"0"``.
    """
    others = st.text(_VISIBLE, min_size=1).filter(lambda text: text == text.strip())
    return others | _lottery()


_T = TypeVar("_T")
_U = TypeVar("_U")

_LOOKALIKES: dict[type, type] = {int: bool, dt.date: dt.datetime}


def check_type(kind: type, value: object, name: str) -> None:
    """Reject a value of another type; a bool is no int, a datetime no date."""
    lookalike = _LOOKALIKES.get(kind)
    if not isinstance(value, kind) or (lookalike and isinstance(value, lookalike)):
        msg = (
            f"Expected {kind.__name__} but got {name}={value!r} "
            f"(type={type(value).__name__})"
        )
        raise InvalidArgument(msg)


def check_int(value: int, name: str, *, least: int, most: int | None = None) -> None:
    """Reject anything but an int in range."""
    check_type(int, value, name)
    if value < least:
        msg = f"Invalid {name}={value!r} < {least}"
        raise InvalidArgument(msg)
    if most is not None and value > most:
        msg = f"Invalid {name}={value!r} > {most}"
        raise InvalidArgument(msg)


def check_sizes(
    min_size: int, max_size: int | None, *, least: int = 0, most: int | None = None
) -> None:
    """Reject sizes that are out of range or cross; None stands for any size."""
    check_int(min_size, "min_size", least=least, most=most)
    if max_size is not None:
        check_int(max_size, "max_size", least=least, most=most)
        check_interval(min_size, max_size, "min_size", "max_size")


def check_interval(low: Any, high: Any, low_name: str, high_name: str) -> None:  # noqa: ANN401
    """Reject bounds that cross."""
    if high < low:
        msg = f"Cannot have {high_name}={high!r} < {low_name}={low!r}"
        raise InvalidArgument(msg)


def check_strategy(value: object, name: str) -> None:
    """Reject anything but a strategy."""
    if not isinstance(value, SearchStrategy):
        several = isinstance(value, Collection) and not isinstance(value, str)
        instead = f"st.sampled_from({value!r})" if several else f"st.just({value!r})"
        msg = (
            f"Expected a SearchStrategy but got {name}={value!r} "
            f"(type={type(value).__name__}). Write {instead} instead."
        )
        raise InvalidArgument(msg)


def check_members(values: Collection[_T], name: str, kind: type[_T]) -> tuple[_T, ...]:
    """
    Return one or more distinct values of one type to sample from.

    A set is sorted by repr, so that every run makes the same examples.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Collection):
        msg = (
            f"Expected a collection of {kind.__name__} but got {name}={values!r} "
            f"(type={type(values).__name__})"
        )
        raise InvalidArgument(msg)
    if not values:
        msg = f"Cannot sample from {name}={values!r}, which has no member"
        raise InvalidArgument(msg)
    for member in values:
        check_type(kind, member, f"a member of {name}")
    if isinstance(values, (set, frozenset)):
        return tuple(sorted(values, key=repr))
    return tuple(dict.fromkeys(values))


def check_pool(
    values: Collection[str], name: str, check: Callable[..., str]
) -> tuple[str, ...]:
    """Return texts to sample from; *check* accepts them all."""
    members = check_members(values, name, str)
    for member in members:
        try:
            check(member, name=name)
        except DsgkError as error:
            raise InvalidArgument(str(error)) from error
    return members


def named(name: str, function: Callable[..., _T], /) -> Callable[..., _T]:
    """
    Name a function as its calls should be printed in a failing example.

    Hypothesis prints a class method without its class.
    """

    def call(*args: Any, **kwargs: Any) -> _T:  # noqa: ANN401
        return function(*args, **kwargs)

    call.__name__ = name
    return call


_KEPT = st.sampled_from([False, *[True] * 15])


@st.composite
def _maybe(draw: st.DrawFn, elements: SearchStrategy[_T]) -> _T | None:
    return draw(elements) if draw(_KEPT) else None


@st.composite
def _lists(
    draw: st.DrawFn,
    least: SearchStrategy[list[_T]],
    more: SearchStrategy[list[_T | None]],
    unique_by: Callable[[_T], Hashable] | None,
) -> list[_T]:
    values = [*draw(least)]  # Hypothesis remembers how it made its own
    key_of = unique_by or (lambda _: object())
    seen = set(map(key_of, values))
    for value in draw(more):
        if value is not None and (key := key_of(value)) not in seen:
            seen.add(key)
            values.append(value)
    return values


def lists_of(
    elements: SearchStrategy[_T],
    /,
    *,
    min_size: int,
    max_size: int | None,
    unique_by: Callable[[_T], Hashable] | None = None,
) -> SearchStrategy[list[_T]]:
    """
    `hypothesis.strategies.lists` for values that take many choices.

    Hypothesis shrinks a list by deleting up to five choices at a time, too few
    for a subject with its ten cells.  Here one choice for each element says
    whether it is kept.

    Args:
        elements: The values.
        min_size: [int >= 0] Least number of them.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        unique_by: Key by which they differ; None if they need not.
    """
    return _lists(
        st.lists(elements, min_size=min_size, max_size=min_size, unique_by=unique_by),
        st.lists(
            _maybe(elements), max_size=None if max_size is None else max_size - min_size
        ),
        unique_by,
    )


@st.composite
def derived(
    draw: st.DrawFn, given: SearchStrategy[_T], derive: Callable[[_T], _U]
) -> _U:
    """
    Give what follows from a value.

    Unlike a map it leaves the value out of failing examples.
    """
    return derive(draw(given))


def first_of(both: SearchStrategy[tuple[_T, *tuple[Any, ...]]]) -> SearchStrategy[_T]:
    """Give the first of the values that belong together."""
    return derived(both, operator.itemgetter(0))
