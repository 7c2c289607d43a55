"""The column form of merging: windows in, visit numbers out."""

import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import example, given, strategies as st

from dsgk.kernels import windows
from dsgk.kernels.windows import pierce


MARCH_1, MARCH_2 = "2026-03-01", "2026-03-02"


def days(*texts):
    return np.array(texts, dtype="datetime64[D]")


rows = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 9), st.integers(0, 5)).map(
        lambda row: (row[0], row[1], row[1] + row[2])
    ),
    max_size=14,
)


def columns(rows):
    return tuple(np.array(rows, np.int64).reshape(-1, 3).T)


def by_hand(rows):
    """The stated rule, one row at a time."""
    visit_of = {}
    number = 0
    for subject in sorted({row[0] for row in rows}):
        left = [i for i, row in enumerate(rows) if row[0] == subject]
        while left:
            day = min(rows[i][2] for i in left)
            for i in left:
                if rows[i][1] <= day:
                    visit_of[i] = number
            left = [i for i in left if rows[i][1] > day]
            number += 1
    return [visit_of[i] for i in range(len(rows))]


class TestPierce:
    @given(rows)
    @example([(0, 0, 9), (0, 1, 1), (0, 3, 3), (0, 3, 4)])  # one window, two visits
    @example([(0, 0, 0), (1, 0, 0)])  # the end of one subject is not the next one's
    def test_follows_the_stated_rule(self, rows):
        """A window belongs to the earliest visit that meets it."""
        assert by_hand(rows) == pierce(*columns(rows)).tolist()

    @given(rows)
    def test_needs_as_few_visits_as_any_choice_of_days(self, rows):
        """No set of fewer days meets every window: tried out."""
        visits = pierce(*columns(rows)).tolist()
        for subject in {row[0] for row in rows}:
            own = [row[1:] for row in rows if row[0] == subject]
            made = len(
                {v for v, row in zip(visits, rows, strict=True) if row[0] == subject}
            )
            fewer = itertools.combinations(sorted({last for _, last in own}), made - 1)

            assert not any(
                all(any(first <= day <= last for day in chosen) for first, last in own)
                for chosen in fewer
            )

    @given(rows)
    def test_windows_of_one_visit_have_a_day_in_common(self, rows):
        """Otherwise the visit could not be made."""
        visits = pierce(*columns(rows)).tolist()
        for visit in set(visits):
            mine = [row for v, row in zip(visits, rows, strict=True) if v == visit]

            assert max(row[1] for row in mine) <= min(row[2] for row in mine)
            assert len({row[0] for row in mine}) == 1

    @given(rows, st.data())
    def test_the_order_of_the_rows_has_no_influence(self, rows, data):
        """Nobody gains by sorting the table."""
        order = data.draw(st.permutations(range(len(rows))))
        shuffled = pierce(*columns([rows[i] for i in order])).tolist()
        visits = pierce(*columns(rows)).tolist()

        assert [visits[i] for i in order] == shuffled

    @given(rows)
    def test_days_and_ordinals_give_the_same(self, rows):
        """Dates are counted in days from 1970, before which there is no fault."""
        codes, first, last = columns(rows)
        start = np.datetime64("1969-12-28")

        assert (
            pierce(codes, first, last).tolist()
            == pierce(codes, start + first, start + last).tolist()
        )

    @pytest.mark.parametrize("unit", ["h", "s", "us", "ns"])
    def test_days_may_be_written_as_midnights(self, unit):
        """As pandas and Arrow keep them, whatever the unit."""
        first = days(MARCH_1, MARCH_2, MARCH_2)
        last = days(MARCH_1, MARCH_2, "2026-03-05")
        visits = pierce([0, 0, 0], first.astype(f"M8[{unit}]"), last)

        assert pierce([0, 0, 0], first, last).tolist() == visits.tolist()
        assert visits.tolist() == [0, 1, 1]

    @given(rows)
    def test_codes_and_days_may_be_any_integers(self, rows):
        """Keys of a database are not small, and must not overflow in silence."""
        codes, first, last = columns(rows)
        spread = np.array([-(2**62), -1, 5, 2**62])

        assert (
            pierce(codes, first, last).tolist()
            == pierce(spread[codes] if rows else codes, first, last).tolist()
            == pierce(
                spread[codes] if rows else codes, first * 10**9, last * 10**9
            ).tolist()
        )

    @pytest.mark.parametrize(
        ("subjects", "rounds"), [(1, 18), (1 << 16, 1)], ids=["one", "many"]
    )
    def test_rounds_grow_with_the_logarithm_of_the_visits_to_one_subject(
        self, monkeypatch, subjects, rounds
    ):
        """65,536 windows apart from each other must not take 65,536 rounds."""
        calls = []
        flatnonzero = np.flatnonzero
        monkeypatch.setattr(
            windows.np, "flatnonzero", lambda a: calls.append(1) or flatnonzero(a)
        )
        n = 1 << 16
        first = np.arange(n)[::-1] * 2
        visits = pierce(first % (2 * subjects), first, first + 1)

        assert visits.tolist() == list(range(n))[::-1]
        assert len(calls) <= rounds

    def test_leaves_its_input_alone(self):
        codes, first, last = np.array([1, 0]), np.array([3, 3]), np.array([4, 4])
        pierce(codes, first, last)

        assert [
            codes.tolist(),
            first.tolist(),
            last.tolist(),
        ] == [[1, 0], [3, 3], [4, 4]]

    def test_of_no_rows_is_no_visits(self):
        visits = pierce([], [], [])

        assert (0, np.int64) == (len(visits), visits.dtype)

    def test_a_window_of_one_day_is_met_on_it(self):
        """Both days of a window belong to it."""
        visits = pierce(
            [0, 0, 0],
            days(MARCH_1, MARCH_1, MARCH_2),
            days(MARCH_1, "2026-03-05", "2026-03-05"),
        )

        assert visits.tolist() == [0, 0, 1]

    @pytest.mark.parametrize(
        ("columns", "error", "match"),
        [
            pytest.param(
                ([0], [3], [2]), ValueError, r"got 3 to 2 in row 0", id="crossed"
            ),
            pytest.param(
                ([0, 0], days(MARCH_1, MARCH_2), days(MARCH_1, MARCH_1)),
                ValueError,
                r"got 2026-03-02 to 2026-03-01 in row 1",
                id="crossed-days",
            ),
            pytest.param(
                ([0, 1], [1], [2]),
                ValueError,
                r"one length \(got \[\(2,\), \(1,\)",
                id="length",
            ),
            pytest.param(([[0]], [[1]], [[2]]), ValueError, "one dimension", id="2d"),
            pytest.param(
                ([0], days("NaT"), days(MARCH_2)),
                ValueError,
                "'first'.* NaT in row 0",
                id="first-is-nat",
            ),
            pytest.param(
                ([0, 0], days(MARCH_2, MARCH_2), days(MARCH_2, "NaT")),
                ValueError,
                "'last'.* NaT in row 1",
                id="last-is-nat",
            ),
            pytest.param(([0], days(MARCH_2), [2]), TypeError, "one kind", id="mixed"),
            pytest.param(
                ([0], [1.0], [2.0]),
                TypeError,
                r"'first' must be integers \(got an array of float64\)",
                id="float",
            ),
            pytest.param((["S1"], [1], [2]), TypeError, "'subject_codes'", id="ids"),
            pytest.param(
                ([0], [1], np.array([2], np.uint64)), TypeError, "'last'", id="unsigned"
            ),
            pytest.param(
                ([0], [None], [dt.date(2026, 3, 1)]), TypeError, "object", id="object"
            ),
            pytest.param(
                (
                    [0, 0],
                    days(MARCH_1, MARCH_1),
                    np.array([MARCH_1, "2026-03-02T08"], "M8[h]"),
                ),
                ValueError,
                r"'last'.*got 2026-03-02T08 in row 1",
                id="hours",
            ),
            pytest.param(
                ([0], np.array(["2026-03"], "M8[M]"), np.array(["2026-04"], "M8[M]")),
                TypeError,
                r"'first' must be days \(got datetime64\[M\]\)",
                id="months",
            ),
        ],
    )
    def test_refuses_what_would_corrupt_the_answer(self, columns, error, match):
        """A float day may have been rounded, an hour or a month is not a day."""
        with pytest.raises(error, match=match):
            pierce(*columns)
