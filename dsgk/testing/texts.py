"""Strategies for ids, labels, keys and the texts of announcements."""

import functools
from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.identifiers import MAX_ID_LENGTH, check_id, check_label, invisible
from dsgk.testing.arguments import check_sizes, check_strategy


__all__ = [
    "credit_codes",
    "entropies",
    "id_lists",
    "ids",
    "ids_or",
    "keys",
    "labels",
    "prose",
]

_VISIBLE = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))

# Texts that sort differently by bytes, by UTF-16 units and by collation; the
# characters that SQL, shells and spreadsheets give a meaning; and, of four
# bytes in UTF-8, the rare characters of real names.
_ALPHABET = "01AaB9é-_.'\"%\\$ 店乙\ufa0e\ufb29\U00020000\U0001f600"
# So few that two texts often differ in one character or in its case, or one
# begins another.
_NEAR = "01aA乙\ufa0e\U00020000"

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_LENGTH = 18

_LABELS = ("药店", "餐饮", "加油站", "有限责任公司（国有独资）", "食品、特种设备")


def _accepted(check: Callable[[str], str]) -> Callable[[str], bool]:
    def is_accepted(text: str) -> bool:
        try:
            check(text)
        except ValueError:
            return False
        return True

    return is_accepted


_is_id = _accepted(check_id)
_is_label = _accepted(check_label)


def ids(*, min_size: int = 1, max_size: int = MAX_ID_LENGTH) -> SearchStrategy[str]:
    r"""
    Ids that `check_id` accepts (标识).

    Short ones that differ in one character; texts that sort differently by
    bytes and by UTF-16 units, or have a meaning in SQL and shells; unified
    social credit codes; any other valid text, characters of four bytes among
    them.  Shrinks to ``"0"``.

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
    """Return the strategy that was given for ids, or `ids` if none was."""
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
    Unified social credit codes with right check characters (统一社会信用代码).

    `check_credit_code` accepts them.  Shrinks to eighteen zeros.
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
    usual = [
        label
        for label in _LABELS
        if min_size <= len(label) and (max_size is None or len(label) <= max_size)
    ]
    return st.one_of(
        text(f"{_ALPHABET}，（）").filter(_is_label),
        *([st.sampled_from(usual)] if usual else []),
        text(_VISIBLE).filter(_is_label),
    )


def keys() -> SearchStrategy[str]:
    """Keys of draws, 32 lower-case hex characters; shrinks to zeros (抽取密钥)."""
    return st.text("0123456789abcdef", min_size=32, max_size=32)


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
    Public facts as their source prints them: what completes a key (公开随机数).

    Numbers of a lottery and other texts.  Shrinks to ``"0"``.
    """
    others = st.text(_VISIBLE, min_size=1).filter(lambda text: text == text.strip())
    return others | _lottery()
