"""Tickets, order, certainty, partial draws: the kernel of the draw."""

import hashlib
import pickle
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from drawing import VECTOR_NAMES, VECTORS
from vectors import reference

from dsgk.kernels.tickets import (
    MAX_WEIGHT,
    PartialDraw,
    canonical_rows,
    certainty,
    first_words,
    lowest,
    rank_of,
    ticket_of,
    tickets,
)


KEY = "f050b4356fceca7e0bd30cb92bc14db1"


class Weak:
    """A hash of three bits in the place of SHA-256, so that tickets tie."""

    def __init__(self, data=b""):
        self.state = hashlib.sha256(data)

    def copy(self):
        other = Weak()
        other.state = self.state.copy()
        return other

    def update(self, data):
        self.state.update(data)

    def digest(self):
        strong = self.state.digest()
        return bytes([strong[0] & 3] * 8 + [strong[1] & 1] * 24)

    def hexdigest(self):
        return self.digest().hex()


@pytest.fixture
def weak_hash(monkeypatch):
    """Make the kernel and the reference draw by a hash that ties."""
    monkeypatch.setattr("dsgk.kernels.tickets.hashlib", SimpleNamespace(sha256=Weak))
    monkeypatch.setattr(
        reference, "sha256", lambda text: Weak(text.encode()).hexdigest()
    )


class TestTickets:
    @pytest.mark.parametrize("vector", VECTORS, ids=VECTOR_NAMES)
    def test_are_those_of_the_vectors(self, vector):
        """They never change: a published draw can be repeated for ever."""
        ids = [row[0] for draw in vector["draws"].values() for row in draw["rows"]]
        expected = [reference.sha256(f"{vector['key']}:{text}") for text in ids]
        words = tickets(ids, vector["key"])

        assert expected == [
            "".join(f"{word:016x}" for word in row) for row in words.tolist()
        ]
        assert expected == [ticket_of(text, vector["key"]) for text in ids]
        assert (words.dtype, words.shape) == (np.uint64, (len(ids), 4))

    def test_of_many_pieces_stand_at_their_rows(self):
        """Hashing in pieces leaves no trace."""
        ids = [f"S{i}" for i in range(20_000)]
        words = tickets(ids, KEY)

        assert words[[0, 8191, 8192, 19_999]].tolist() == [
            tickets([ids[i]], KEY)[0].tolist() for i in (0, 8191, 8192, 19_999)
        ]
        assert (words[:, 0] == first_words(ids, KEY)).all()

    def test_of_no_ids_are_an_empty_array(self):
        """A frame may have no rows."""
        assert tickets([], KEY).shape == (0, 4)
        assert first_words([], KEY).shape == (0,)


class TestRank:
    def test_uses_53_bits_of_the_ticket(self):
        """The 54th bit would make the first division inexact."""
        assert rank_of("0" * 13 + "8" + "0" * 50, 1) == 1.0
        assert rank_of("0" * 13 + "7" + "f" * 50, 1) == 0.0
        assert rank_of("f" * 64, 1) == float(MAX_WEIGHT)
        assert rank_of("f" * 64, MAX_WEIGHT) == 1.0

    def test_is_rounded_once(self):
        """One correctly rounded division, nearest to the exact quotient."""
        ticket = "d615c0a0be58b181" + "0" * 48
        exact = Fraction(int(ticket[:16], 16) >> 11, 3)
        rank = rank_of(ticket, 3)

        assert abs(Fraction(rank) - exact) <= min(
            abs(Fraction(float(np.nextafter(rank, to))) - exact) for to in (0, np.inf)
        )

    @pytest.mark.parametrize("weight", [1, 3, 7, 10**6, MAX_WEIGHT])
    def test_is_the_one_that_rows_are_ordered_by(self, weight):
        """The cut is compared with ranks that the array code made."""
        ids = [f"S{i}" for i in range(100)]
        weights = np.full(100, weight)
        order = lowest(
            100, np.arange(100), first_words(ids, KEY), ids, KEY, weights=weights
        )
        ranks = [rank_of(ticket_of(ids[i], KEY), weight) for i in order.tolist()]

        assert ranks == sorted(ranks)


class TestLowest:
    @pytest.mark.usefixtures("weak_hash")
    @pytest.mark.parametrize("count", [0, 1, 2, 17, 39, 40, 99])
    @pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
    def test_orders_ties_as_the_format_says(self, count, weighted):
        """By rank, then ticket, then the bytes of the id, also at the boundary."""
        ids = [f"{c}{i}" for i in range(10) for c in "S设\U0001f600\ufa0e"]
        weights = np.array([1 + i % 2 for i in range(40)]) if weighted else None
        rows = np.arange(40)[::-1]
        given = [
            [text, "A", *([] if weights is None else [int(weights[i])])]
            for i, text in enumerate(ids)
        ]

        def order(row):
            ticket = reference.sha256(f"{KEY}:{row[0]}")
            rank = (int(ticket, 16) >> 203) / row[2] if weighted else 0.0
            return rank, ticket, row[0].encode()

        expected = [row[0] for row in sorted(given, key=order)][:count]
        first = first_words(ids, KEY)
        got = lowest(count, rows, first, ids, KEY, weights=weights)

        assert len(set(first.tolist())) < 5
        assert expected == [ids[i] for i in got.tolist()]

    def test_chooses_among_the_rows_that_it_is_given(self):
        """Other strata of the same columns have no influence."""
        ids = ["S1", "S2", "S3", "S4", "S5", "S6"]
        first = first_words(ids, KEY)

        assert lowest(2, np.array([3, 2, 0]), first, ids, KEY).tolist() == [3, 2]
        assert lowest(2, np.array([], dtype=np.intp), first, ids, KEY).tolist() == []


class TestCertainty:
    @pytest.mark.parametrize(
        ("weights", "quota", "expected"),
        [
            ([], 0, (None, 0, 0)),
            ([5], 0, (None, 0, 5)),
            ([5], 1, (5, 0, 0)),
            ([1, 1, 1, 1], 2, (None, 2, 4)),
            ([10, 5, 5, 10], 3, (10, 1, 10)),  # 3*10 >= 30, then 1*5 < 10
            ([9, 6, 5, 10], 3, (10, 2, 20)),  # 3*10 >= 30 exactly
            ([9, 6, 5, 9], 3, (None, 3, 29)),  # 3*9 < 29
            ([1, 2, 4, 8], 4, (1, 0, 0)),
        ],
    )
    def test_follows_the_rule_of_the_format(self, weights, quota, expected):
        """A row is certain as soon as quota times weight reaches the total."""
        assert expected == certainty(np.array(weights, dtype=np.int64), quota)

    def test_is_exact_where_floats_and_64_bits_are_not(self):
        """A million weights of 53 bits sum to 73 bits."""
        weights = np.full(2**20, MAX_WEIGHT)

        assert certainty(weights, 2**19) == (None, 2**19, 2**20 * MAX_WEIGHT)
        assert certainty(weights, 2**20) == (MAX_WEIGHT, 0, 0)
        # one unit decides, of a total that no float holds
        total = 3 * MAX_WEIGHT
        three = np.array([MAX_WEIGHT])
        assert certainty(three, 3, total) == (MAX_WEIGHT, 2, 2 * MAX_WEIGHT)
        assert certainty(three, 3, total + 1) == (None, 3, total + 1)

    def test_leaves_the_weights_as_they_are(self):
        """They belong to the frame."""
        weights = np.array([3, 1, 2])
        certainty(weights, 2)

        assert weights.tolist() == [3, 1, 2]


class TestCanonicalRows:
    def test_are_what_the_reference_hashes(self):
        """Lines sorted by the bytes of the ids, with and without weights."""
        rows = [["b", "A", 3], ["\U00020000", "B", MAX_WEIGHT], ["\ufa0e", "A", 1]]
        ids = [row[0] for row in rows]
        codes, names = np.array([0, 1, 0]), ["A", "B"]
        plain = b"".join(canonical_rows(ids, codes, names))
        heavy = b"".join(
            canonical_rows(ids, codes, names, np.array([3, MAX_WEIGHT, 1]))
        )

        rows.sort(key=lambda row: row[0].encode())
        lines = ["\t".join(map(str, row)) + "\n" for row in rows]
        assert "".join(lines).encode() == heavy
        assert (
            b"".join(line.rpartition(b"\t")[0] + b"\n" for line in heavy.splitlines())
            == plain
        )


def partial(rows, quotas, *, reserves=0, key=KEY):
    ids, strata, *weights = zip(*rows, strict=True) if rows else ((), ())
    return PartialDraw.of(ids, strata, quotas, key, *weights, reserves=reserves)


ROWS = [(f"S{i}", "AB"[i % 2]) for i in range(20)]
QUOTAS = {"B": 3, "A": 2}
HEAVY = [(f"S{i}", "A", 1 + i * i) for i in range(20)]


class TestPartialDraw:
    @pytest.mark.parametrize("vector", VECTORS, ids=VECTOR_NAMES)
    @pytest.mark.parametrize("pieces", [1, 3])
    def test_merged_gives_the_draw_of_the_vectors(self, vector, pieces):
        """In however many pieces the frame is kept."""
        for name, given in vector["draws"].items():
            outcome, quotas = vector["drawn"][name], given["quotas"]
            rows = given["rows"]
            if not rows:
                continue
            merged, *others = [
                PartialDraw.of(
                    [row[0] for row in rows[at::pieces]],
                    [row[1] for row in rows[at::pieces]],
                    quotas,
                    vector["key"],
                    [row[2] for row in rows[at::pieces]] if len(rows[0]) > 2 else None,
                    reserves=4,
                )
                for at in range(pieces)
            ]
            for other in others:
                merged = merged.merge(other)

            assert merged.result() == {
                stratum: tuple(o["selected"]) for stratum, o in outcome.items()
            }
            for stratum, spare in merged.reserves().items():
                listed = tuple(outcome[stratum]["reserves"])
                assert spare[: len(listed)] == listed[:4]
            assert list(merged.result()) == sorted(quotas)

    def test_keeps_no_more_rows_than_can_be_drawn(self):
        """Pieces of millions travel as their quotas."""
        plain = partial(ROWS, QUOTAS, reserves=1)
        heavy = partial(HEAVY, {"A": 4})

        assert {name: len(rows) for name, rows in plain.rows.items()} == {
            "A": 3, "B": 4
        }  # fmt: skip
        assert len(heavy.rows["A"]) <= 8
        assert len(heavy.merge(partial([("T", "A", 1)], {"A": 4})).rows["A"]) <= 8

    @pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
    def test_takes_columns_and_numbers_of_numpy(self, weighted):
        """Small integers of NumPy wrap round, large totals do not fit into them."""
        ids = [f"S{i}" for i in range(1500)]
        weights = [MAX_WEIGHT - i for i in range(1500)] if weighted else None
        expected = PartialDraw.of(
            ids, ["A"] * 1500, {"A": 250}, KEY, weights, reserves=9
        )
        given = PartialDraw.of(
            np.array(ids),
            np.array(["A"] * 1500),
            {"A": np.uint8(250)},
            KEY,
            weights,
            reserves=np.uint8(9),
        )

        assert expected == given
        assert expected.result() == given.result()
        assert expected.reserves() == given.reserves()
        assert len(given.reserves()["A"]) == 9
        assert {str} == set(map(type, given.result()["A"]))

    def test_of_a_piece_without_rows_changes_nothing(self):
        """Engines have empty partitions."""
        whole = partial(ROWS, QUOTAS)
        none = partial([], QUOTAS)

        assert whole.merge(none).result() == whole.result()
        assert none.result() == {"A": (), "B": ()}
        assert none.reserves() == {"A": (), "B": ()}

    def test_counts_a_repeated_piece_once(self):
        """A retried task would otherwise make every row half as heavy."""
        one, other = partial(HEAVY[:10], {"A": 4}), partial(HEAVY[10:], {"A": 4})
        merged = one.merge(other)

        assert merged.merge(one) == merged
        assert merged.sizes == {"A": 20}
        assert merged.result() == partial(HEAVY, {"A": 4}).result()
        assert partial(ROWS, QUOTAS).sizes == {}

    def test_keeps_a_heavy_row_of_a_high_rank(self):
        """It is certain, although others come before it by rank."""
        rows = [["S1", "A", 3], ["S2", "A", 1], ["S3", "A", 1], ["S4", "A", 1]]
        high = 0
        for number in range(200):
            key = f"{number:032x}"
            expected = reference.draw_stratum(rows, 2, key)["selected"]
            one, *others = (partial([row], {"A": 2}, key=key) for row in rows)
            for other in others:
                one = one.merge(other)

            assert one.result() == {"A": tuple(expected)}
            assert partial(rows, {"A": 2}, key=key).result() == one.result()
            heavy, *light = (
                rank_of(ticket_of(text, key), weight) for text, _, weight in rows
            )
            high += sum(rank < heavy for rank in light) >= 2

        assert high  # or the test would show nothing

    def test_travels_between_processes(self):
        """Engines pickle what they merge."""
        draw = partial(HEAVY, {"A": 4})

        assert draw == pickle.loads(pickle.dumps(draw))  # noqa: S301

    @pytest.mark.parametrize(
        "other",
        [
            partial(ROWS, QUOTAS, key="0" * 32),
            partial(ROWS, {"A": 2, "B": 4}),
            partial(ROWS, {**QUOTAS, "C": 0}),
            partial(ROWS, QUOTAS, reserves=1),
            partial([(*row, 1) for row in ROWS], QUOTAS),
        ],
        ids=["key", "quotas", "strata", "spare", "weighted"],
    )
    def test_of_another_draw_is_refused(self, other):
        """Merging two draws would give neither."""
        with pytest.raises(ValueError, match="must be the same in both"):
            partial(ROWS, QUOTAS).merge(other)

    @pytest.mark.parametrize(
        ("row", "message"),
        [
            (("S19", "B", 362), r"'S19' must have one stratum \(got 'A' and 'B'\)"),
            (("S19", "A", 361), r"'S19' must have one weight \(got 361 and 362\)"),
            (("S19", "A", 362), "must be in one piece"),
        ],
        ids=["stratum", "weight", "overlap"],
    )
    def test_of_a_frame_that_contradicts_itself_is_refused(self, row, message):
        """A firm in two strata would have two chances."""
        quotas = {"A": 4, "B": 1}

        with pytest.raises(ValueError, match=message):
            partial(HEAVY, quotas).merge(partial([row], quotas))

    def test_overlaps_without_harm_where_no_total_is_needed(self):
        """Without weights a row that comes twice is one row."""
        one, other = partial(ROWS[:15], QUOTAS), partial(ROWS[5:], QUOTAS)

        assert one.merge(other).result() == partial(ROWS, QUOTAS).result()

    @pytest.mark.parametrize(
        ("change", "error", "message"),
        [
            ({"key": KEY.upper()}, ValueError, "32 lower-case hex"),
            ({"key": KEY + "0"}, ValueError, "32 lower-case hex"),
            ({"quotas": {"A": 1}}, ValueError, r"got none for \['B'\]"),
            ({"quotas": {"A": 1, "B": -1}}, ValueError, "'B' must have at least 0"),
            ({"quotas": {"A": 1, "B": 1.0}}, TypeError, "'B' must have an int"),
            ({"quotas": {"A": 1, "B": True}}, TypeError, "'B' must have an int"),
            ({"reserves": -1}, ValueError, "'reserves' must have at least 0"),
            ({"ids": ["S1", "S1"]}, ValueError, "got 'S1' twice"),
            ({"ids": ["S1"]}, ValueError, r"one length \(got \[1, 2\]\)"),
            ({"weights": [1]}, ValueError, r"one length \(got \[2, 2, 1\]\)"),
            ({"weights": [1, 0]}, ValueError, "below 2"),
            ({"weights": [1, 2**53]}, ValueError, "below 2"),
            ({"weights": [1, 1.5]}, TypeError, "must be integers"),
        ],
    )
    def test_refuses_what_would_corrupt_the_draw(self, change, error, message):
        """The kernel checks nothing else: the frame has been checked."""
        good = {"ids": ["S1", "S2"], "strata": ["A", "B"], "quotas": {"A": 1, "B": 1}}

        with pytest.raises(error, match=message):
            PartialDraw.of(**{**good, "key": KEY, **change})

    def test_a_stratum_may_be_called_anything(self):
        """Also like an argument."""
        with pytest.raises(ValueError, match="at least 0"):
            partial([("S1", "reserves")], {"reserves": -1}, reserves=3)
