"""Who is drawn from a frame: order, cut, chances, reserves, weights, quotas."""

import copy
import pickle
from fractions import Fraction

import numpy as np
import pytest
from drawing import FRAME, KEY, NAME, QUOTAS, ROLL_KEY, VALUES, example
from vectors import reference

from dsgk.draws import DrawRecord, Frame, conduct, draw_subjects
from dsgk.errors import InvalidInput, InvalidTypeError, InvalidValueError


def faults_of(function, /, *args, **kwargs):
    with pytest.raises(InvalidInput) as caught:
        function(*args, **kwargs)
    for fault in caught.value.faults:
        assert fault.message in str(caught.value)
    return [(fault.code, fault.column) for fault in caught.value.faults]


class TestDraw:
    def test_lists_strata_by_name_and_each_in_draw_order(self):
        """The order that is read out and published."""
        draw = draw_subjects(FRAME, {"B": 2, "A": 2}, key=KEY)

        assert draw.selected == ("S2", "S4", "S6", "S5")
        assert list(draw.strata) == ["A", "B"]
        assert draw.to_columns() == {
            "id": ["S2", "S4", "S6", "S5"],
            "stratum": ["A", "A", "B", "B"],
            "ticket": [reference.sha256(f"{KEY}:S{i}") for i in (2, 4, 6, 5)],
        }

    def test_states_size_quota_chance_and_cut(self):
        """What a subject may hold against the organiser."""
        stratum = draw_subjects(FRAME, {"A": 3, "B": 0}, key=KEY).strata["A"]
        none = draw_subjects(FRAME, {"A": 3, "B": 0}, key=KEY).strata["B"]

        assert (stratum.name, stratum.size, stratum.quota) == ("A", 4, 3)
        assert stratum.chance == Fraction(3, 4)
        assert not stratum.weighted
        assert (none.cut, none.selected, none.chance) == (None, (), 0)
        assert none.reserves(1) == ("S6",)

    def test_of_a_frame_without_rows_is_empty(self):
        """An item for which nobody is eligible is no error."""
        draw = draw_subjects(Frame([], []), {}, key=KEY)

        assert (draw.selected, draw.strata) == ((), {})

    def test_reserves_are_as_many_as_asked_and_there(self):
        """Replacements come in the order of the draw, from the frame or a record."""
        draw = draw_subjects(FRAME, {"A": 1, "B": 0}, key=KEY)
        stratum = draw.strata["A"]

        assert stratum.selected == ("S2",)
        assert stratum.published_reserves == ("S4",)
        assert [stratum.reserves(k) for k in (0, 1, 2, 99)] == [
            (), ("S4",), ("S4", "S3"), ("S4", "S3", "S1")
        ]  # fmt: skip
        for count in (-1, 1.5, True, "1"):
            with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
                stratum.reserves(count)
            assert caught.value.code in {"count-range", "count-type", "count-form"}

    def test_reserves_of_a_record_end_where_it_ends(self):
        """What was not published cannot be known without the frame."""
        announcement = example(draws={NAME: (FRAME, {"A": 1, "B": 1})})
        record = conduct(announcement, {NAME: FRAME}, roll_key=ROLL_KEY, entropy=VALUES)
        stored = DrawRecord.from_dict(record.to_dict()).draws[NAME].strata
        drawn = record.draws[NAME].strata

        assert stored["A"].reserves(1) == drawn["A"].reserves(1)
        assert len(stored["B"].reserves(99)) == 1  # there is no other
        with pytest.raises(InvalidValueError, match="draw_subjects") as caught:
            stored["A"].reserves(2)
        assert caught.value.code == "reserves-unpublished"

    def test_of_many_strata_parts_the_rows_rightly(self):
        """More strata than a short integer counts."""
        n = 2**15 + 1
        ids = [f"S{i:05}" for i in range(n)]
        frame = Frame(ids, ids)
        draw = draw_subjects(frame, dict.fromkeys(ids, 1), key=KEY)

        assert draw.selected == tuple(ids)

    @pytest.mark.parametrize(
        "copied",
        [copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))],  # noqa: S301
        ids=["copy", "pickle"],
    )
    def test_survives_copying(self, copied):
        """Draws travel to other processes and keep their reserves."""
        draw = draw_subjects(FRAME, {"A": 1, "B": 1}, key=KEY)
        other = copied(draw)

        assert draw == other
        assert hash(draw) == hash(other)
        assert draw.strata["A"].reserves(3) == other.strata["A"].reserves(3)
        assert draw != draw_subjects(FRAME, {"A": 1, "B": 0}, key=KEY)


class TestWeights:
    FRAME = Frame(["S1", "S2", "S3", "S4", "S5"], ["A"] * 5, [1, 2, 3, 1000, 4])

    def test_state_the_chance_that_is_aimed_at(self):
        """Sequential Poisson sampling comes close to it and claims no more."""
        stratum = draw_subjects(self.FRAME, {"A": 3}, key=KEY).strata["A"]

        assert stratum.weighted
        assert (stratum.certain, stratum.certain_from) == (1, 1000)
        assert stratum.selected[0] == "S4"
        assert stratum.chance_per_weight == Fraction(2, 10)
        assert [stratum.target_chance(w) for w in (1, 4, 1000, 5000)] == [
            Fraction(1, 5), Fraction(4, 5), 1, 1
        ]  # fmt: skip
        assert sum(map(stratum.target_chance, self.FRAME.weights.tolist())) == 3

    def test_refuse_to_name_one_chance_for_all(self):
        """Nor the chance of a weight that no row can have."""
        stratum = draw_subjects(self.FRAME, {"A": 3}, key=KEY).strata["A"]
        everyone = draw_subjects(self.FRAME, {"A": 5}, key=KEY).strata["A"]
        plain = draw_subjects(FRAME, QUOTAS, key=KEY).strata["A"]

        for function, code in [
            (lambda: stratum.chance, "chance-unequal"),
            (lambda: stratum.target_chance(5), "weight-unknown"),
            (lambda: stratum.target_chance(0), "count-range"),
            (lambda: stratum.target_chance(2**53), "count-most"),
            (lambda: stratum.target_chance(1.5), "count-form"),
            (lambda: stratum.target_chance("1"), "count-type"),
            (lambda: plain.target_chance(1), "chance-equal"),
        ]:
            with pytest.raises((InvalidValueError, InvalidTypeError)) as caught:
                function()
            assert code == caught.value.code
        assert (everyone.certain_from, everyone.chance_per_weight) == (1, None)
        assert everyone.target_chance(1) == 1
        assert everyone.cut is None

    def test_can_take_a_place_back_when_the_quota_is_raised(self):
        """
        With weights a raised quota does not only add, and the format says so.

        Two rows become certain at once, and one that was drawn before gives
        way.
        """
        frame = Frame(["S1", "S2", "S3", "S4"], ["A"] * 4, [5, 5, 1, 1])
        key = f"{0x54:032x}"

        assert draw_subjects(frame, {"A": 2}, key=key).selected == ("S4", "S3")
        assert draw_subjects(frame, {"A": 3}, key=key).selected == ("S1", "S2", "S4")

    def test_have_reserves_in_order_of_rank(self):
        """Beyond those listed they are drawn again from the frame."""
        stratum = draw_subjects(self.FRAME, {"A": 2}, key=KEY).strata["A"]
        rows = [
            ["S1", "A", 1],
            ["S2", "A", 2],
            ["S3", "A", 3],
            ["S4", "A", 1000],
            ["S5", "A", 4],
        ]
        expected = reference.draw_stratum(rows, 2, KEY)

        assert tuple(expected["selected"]) == stratum.selected
        assert tuple(expected["reserves"]) == stratum.reserves(2)
        assert expected["cut"] == stratum.cut
        assert stratum.reserves(3)[:2] == stratum.reserves(2)


class TestQuotas:
    def test_faults_are_told_all_at_once(self):
        """With the key, in one error."""
        frame = Frame(["1", "2", "3", "4", "5"], ["A", "B", "C", "D", "E"])
        quotas = {"A": 10**5000, "B": -1, "C": 1.0, "D": True, "F": 0}

        with pytest.raises(InvalidInput) as caught:
            draw_subjects(frame, quotas, key="K")
        assert [(f.code, f.column) for f in caught.value.faults] == [
            ("quota-range", "quotas['A']"),
            ("quota-range", "quotas['B']"),
            ("quota-type", "quotas['C']"),
            ("quota-type", "quotas['D']"),
            ("quota-missing", "quotas['E']"),
            ("quota-extra", "quotas['F']"),
            ("text-form", "key"),
        ]

    def test_may_be_numbers_of_numpy(self):
        """They come from an allocation as an array."""
        quotas = dict(zip("AB", np.array([2, 1], dtype=np.uint8), strict=True))
        draw = draw_subjects(FRAME, quotas, key=KEY)

        assert draw == draw_subjects(FRAME, QUOTAS, key=KEY)
        assert type(draw.strata["A"].quota) is int

    @pytest.mark.parametrize(
        "key",
        ["", KEY.upper(), KEY[1:], KEY + "0", KEY + "\n", "g" * 32, b"0" * 32, None],
    )
    def test_come_with_a_key_of_one_form(self, key):
        """A key of another form was not made by an announcement."""
        assert faults_of(draw_subjects, FRAME, QUOTAS, key=key) == [
            ("text-form", "key")
        ]

    @pytest.mark.parametrize("args", [(FRAME, [2, 1]), (["S1"], {"A": 1})])
    def test_and_frame_have_their_types(self, args):
        """A frame and a mapping, nothing that looks like them."""
        with pytest.raises(InvalidTypeError, match="Write") as caught:
            draw_subjects(*args, key=KEY)
        assert caught.value.code in {"argument-mapping", "argument-type"}
