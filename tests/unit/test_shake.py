"""The one source of chance: its words, and the numbers made of them."""

import json
from collections import Counter
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from vectors import assign_reference as reference

from dsgk.kernels.shake import BLOCK_BYTES, Shake


KEY = "f050b4356fceca7e0bd30cb92bc14db1"
VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "assign-shake.json").read_text("utf-8")
)

BOUNDS = {
    "one": 1,
    "dice": 6,
    "word": 2**64,
    "just above a word": 2**64 + 1,
    "half refused": 2**63 + 1,
    "a third refused": 2**64 // 3 + 2**60,
    "many words": 3**200,
}


def words_of(label, n):
    return list(islice(reference.stream(KEY, label), n))


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["label"])
def test_published_vectors_never_change(case):
    """Vectors are append-only: a changed number would be another format."""
    source = Shake(case["key"], case["label"])

    for call, argument, expected in case["calls"]:
        got = getattr(source, call)(argument)

        assert expected == (got if call == "below" else got.tolist())


def test_words_are_those_of_the_definition_across_blocks():
    """However the stream is cut into calls, word for word it is the same."""
    n = 3 * BLOCK_BYTES // 8
    source = Shake(KEY, "cut")
    sizes = [0, 1, 32, 1, 990, 1, 1500, n - 2525]

    got = [w for size in sizes for w in source.words(size).tolist()]

    assert words_of("cut", n) == got


@pytest.mark.parametrize("first", [1, 32, 33, 34, 1023, 1024, 1025, 5000])
def test_a_first_read_of_any_size_starts_at_the_first_word(first):
    """The short squeeze at the start is a prefix of block 0, not another stream."""
    source = Shake(KEY, "first")

    got = [*source.words(first).tolist(), *source.words(2).tolist()]

    assert words_of("first", first + 2) == got


@pytest.mark.parametrize("n", BOUNDS.values(), ids=BOUNDS.keys())
def test_a_number_below_any_bound_is_that_of_the_definition(n):
    """Exact rejection, also where a bound is wider than a word."""
    source = Shake(KEY, "below")
    words = reference.stream(KEY, "below")

    expected = [reference.below(words, n) for _ in range(300)]
    got = [source.below(n) for _ in range(300)]

    assert expected == got
    assert next(words) == source.words(1)[0]


def test_numbers_below_many_bounds_are_those_of_the_scalar_loop():
    """The vectorised form may be used or not without another outcome."""
    bounds = [n for n in BOUNDS.values() if n < 2**63] * 900
    bounds += [5] * 9000
    one, other = Shake(KEY, "each"), Shake(KEY, "each")

    expected = [one.below(n) for n in bounds]
    got = other.below_each(bounds)

    assert np.int64 == got.dtype
    assert expected == got.tolist()
    assert one.words(1)[0] == other.words(1)[0]


def test_no_bounds_draw_nothing():
    """An empty input is answered, and reads nothing."""
    source = Shake(KEY, "none")

    assert source.below_each([]).tolist() == []
    assert source.permutation(0).tolist() == []
    assert words_of("none", 1) == source.words(1).tolist()


@pytest.mark.parametrize("n", [1, 2, 3, 100, 3000])
def test_a_permutation_is_that_of_the_definition(n):
    """An order is the order of as many words."""
    source = Shake(KEY, "order")
    words = reference.stream(KEY, "order")

    def permutation():
        word = list(islice(words, n))
        return sorted(range(n), key=word.__getitem__)

    expected = [permutation() for _ in range(3)]
    got = [source.permutation(n).tolist() for _ in range(3)]

    assert expected == got


def test_equal_words_are_drawn_again_all_of_them():
    """A tie broken by position would favour whoever stands first."""

    class Tied(Shake):
        given = iter([[7, 5, 7], [9, 8, 1]])

        def words(self, _):
            return np.array(next(self.given), dtype=np.uint64)

    assert Tied(KEY, "ties").permutation(3).tolist() == [2, 1, 0]


@pytest.mark.parametrize(
    ("key", "label"), [("k", "a:1"), ("k", "a"), ("k", "a:"), ("k", ""), ("k", "1")]
)
def test_labels_that_differ_give_streams_that_differ(key, label):
    """Colons and digits at the end of a label are not taken for a block number."""
    others = {"a:1", "a", "a:", "", "1"} - {label}
    mine = set(Shake(key, label).words(4096).tolist())

    assert not any(mine & set(Shake(key, x).words(4096).tolist()) for x in others)


def test_a_key_with_a_colon_is_refused():
    """It could be read as another key with a longer label."""
    with pytest.raises(ValueError, match="'key' must hold no colon"):
        Shake("a:b", "label")


@pytest.mark.parametrize("n", [0, -1])
def test_nothing_can_be_drawn_below_less_than_one(n):
    """A pool without anybody is a fault of the caller."""
    with pytest.raises(ValueError, match="'n' must be at least 1"):
        Shake(KEY, "x").below(n)
    with pytest.raises(ValueError, match="'bounds' must be at least 1"):
        Shake(KEY, "x").below_each([3, n])


def test_the_first_word_too_many_is_refused():
    """Just at the limit, where one answer would be likelier than the others."""
    label, first, second = next(
        (label, first, second)
        for label in map(str, range(99))
        for first, second in [words_of(label, 2)]
        if first > 2**64 * 2 // 3 and first % 2 == 0 and second < first
    )

    # Twice *bound* is the first word, so that it is the first one too many.
    bound = first // 2
    assert second % first == Shake(KEY, label).below(first)
    assert second % bound == Shake(KEY, label).below(bound)
    assert [second % bound] == Shake(KEY, label).below_each([bound]).tolist()


def test_numbers_are_spread_evenly():
    """A gross slip, such as signed words, would show at once."""
    counts = Counter(Shake(KEY, "even").below_each([10] * 100_000).tolist())

    # Standard deviation of one count: sqrt(100,000 * 0.1 * 0.9) = 95.
    assert set(range(10)) == set(counts)
    assert max(abs(c - 10_000) for c in counts.values()) < 4 * 95
