"""Promises of a ratio that a plan may be held against."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import example, given, strategies as st

from dsgk.errors import InvalidValueError
from dsgk.tiers import Ratio


shares = st.one_of(
    st.fractions(0, 1, max_denominator=10**6),
    st.integers(0, 100_000).map(lambda n: Fraction(n, 100_000)),
)
sizes = st.integers(0, 10**12)
counts = st.integers(0, 10**6)


def _between(make, numbers):
    return numbers.map(lambda pair: make(*sorted(pair)))


ratios = st.one_of(
    shares.map(Ratio.at_least),
    shares.map(Ratio.at_most),
    shares.map(Ratio.exactly),
    _between(Ratio.between, st.tuples(shares, shares)),
    _between(Ratio.count_between, st.tuples(counts, counts)),
    counts.map(lambda n: Ratio.count_between(n, None)),
    counts.map(lambda n: Ratio.count_between(None, n)),
    st.builds(Ratio.per_officer, st.integers(1, 1000), at_least=st.booleans()),
)


@given(shares, sizes)
def test_at_least_is_the_least_number_that_reaches_the_share(share, size):
    """The floor is met, and nobody is inspected beyond it."""
    quota = Ratio.at_least(share).quota(size)

    assert share * size <= quota < share * size + 1
    assert quota <= size
    assert quota == Ratio.exactly(share).quota(size)


@given(shares, sizes)
def test_at_most_is_the_greatest_number_that_keeps_to_the_share(share, size):
    """The ceiling is kept and used."""
    quota = Ratio.at_most(share).quota(size)

    assert share * size - 1 < quota <= share * size


@given(shares, shares, st.integers(0, 200))
def test_between_is_the_least_number_within_or_an_error(one, other, size):
    """Checked against trying every number."""
    low, high = sorted((one, other))
    admissible = [n for n in range(size + 1) if low * size <= n <= high * size]
    ratio = Ratio.between(low, high)
    if admissible:
        assert admissible[0] == ratio.quota(size)
    else:
        with pytest.raises(InvalidValueError):
            ratio.quota(size)


@given(ratios, st.integers(0, 10**6), st.integers(0, 1000))
def test_a_quota_lies_between_nothing_and_everything(ratio, size, officers):
    """Whatever the ratio, a draw can be made."""
    try:
        quota = ratio.quota(size, officers=officers)
    except InvalidValueError:
        return

    assert 0 <= quota <= size


@given(st.integers(0, 100_000), st.integers(0, 10**6))
def test_no_spelling_of_a_number_changes_the_quota(thousandths, size):
    """Per cent, per mille, decimal and fraction say the same."""
    decimal = Decimal(thousandths).scaleb(-5)
    quotas = {
        Ratio.at_least(share).quota(size)
        for share in (
            Fraction(thousandths, 100_000),
            decimal,
            f"{Decimal(thousandths).scaleb(-3):f}%",
            f"{Decimal(thousandths).scaleb(-2):f}‰",
        )
    }

    assert len(quotas) == 1


@given(ratios)
def test_both_written_forms_read_back(ratio):
    """What is stored or printed is the ratio itself."""
    assert ratio == Ratio.parse(str(ratio))
    assert ratio == Ratio.parse(ratio.chinese)
    assert ratio == eval(repr(ratio), {"Ratio": Ratio})  # noqa: S307


@given(
    st.text("0123456789.%‰:/- 不低于超过以上下至家户一二十百分之年次约", max_size=12)
)
def test_any_text_is_read_or_refused_with_itself(text):
    """No text of a plan can crash the reader, and no reading loses digits."""
    ratio = error = None
    try:
        ratio = Ratio.parse(text)
    except InvalidValueError as refusal:
        error = refusal
    if ratio is None:
        assert (text, "ratio-unreadable") == (error.params["text"], error.code)
    else:
        assert ratio == Ratio.parse(str(ratio))


@given(ratios, st.characters(min_codepoint=0xA0, exclude_categories=["Cs"]))
@example(Ratio.exactly("5%"), "①")
@example(Ratio.exactly("5%"), "非")
def test_a_stray_character_never_changes_a_number(ratio, stray):
    """What the vocabulary does not know is never skipped in silence."""
    try:
        read = Ratio.parse(stray + ratio.chinese)
    except InvalidValueError:
        return

    assert ratio == read
